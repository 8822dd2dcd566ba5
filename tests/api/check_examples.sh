#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of README.md, samples/README.md and of the man pages do what is written there. Blocks that begin with ```console
# are run, in order, in a scratch directory for each document where samples/ and build/ are those of this tree:
#
#     ```console
#     $ build/morgue-search -a demo --count treaty
#     6
#     ```
#
# In a man page a block stands between `.Bd -literal` and `.Ed`, with the comment `.\" console` right before it; the
# programs are called by their names alone. Blocks with `.\" console, silent` are not in the page: all their lines are
# comments, which prepare the archive that the page's examples ask.
#
# What follows a command up to the next one, or the end of the block, is its expected output, standard
# error included. A line of three dots stands for any number of lines, three dots inside a line for any
# text. A command goes on in the next line after a backslash. Commands that begin with make, sudo, apt,
# git or cd are not run. Other blocks (```sh and so on) are not looked at.
set -u
BUILD=${BUILD:-build}
LC_ALL=C.UTF-8
TERM=dumb
export LC_ALL TERM
unset MORGUE_ARCHIVE MORGUE_MODEL NO_COLOR CLICOLOR CLICOLOR_FORCE COLUMNS
root=$(pwd)
build=$(cd "$BUILD" && pwd) || exit 1
PATH=$build:$PATH
export PATH
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-examples.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
# Standing queries are the user's.
XDG_DATA_HOME=$tmp/data
export XDG_DATA_HOME
failed=0
run=0

# A document with its examples as ```console blocks, line for line.
plain() {
    case $1 in
    *.md) cat "$1" ;;
    *)
        awk '
            /^\.\\" console, silent$/ { print "```console"; silent = 1; next }
            silent && /^\.\\" / { print substr($0, 5); next }
            silent { print "```"; silent = 0; next }
            /^\.\\" console$/ { waiting = 1; print ""; next }
            waiting && /^\.Bd / { print "```console"; waiting = 0; inside = 1; next }
            inside && /^\.Ed/ { print "```"; inside = 0; next }
            inside {
                gsub(/\\&/, ""); gsub(/\\\(aq/, "\047"); gsub(/\\\(dq/, "\""); gsub(/\\-/, "-"); gsub(/\\\(ga/, "`")
                gsub(/\\e/, "\\")
                print
                next
            }
            { print "" }' "$1"
        ;;
    esac
}

# One file for each command of the document on standard input, and one for its output: 1.command, 1.expected,
# 2.command ... in directory $1.
split_examples() {
    awk -v dir="$1" '
    function finish() { if (n) { close(dir "/" n ".command"); close(dir "/" n ".expected") } }
    !inside && /^ *```console *$/ { inside = 1; indent = index($0, "`") - 1; command = 0; next }
    !inside { next }
    { line = substr($0, indent + 1) }
    line ~ /^```/ { inside = 0; command = 0; finish(); next }
    going_on { print line >>(dir "/" n ".command"); going_on = line ~ /\\$/; next }
    line ~ /^\$ / {
        finish(); n++; command = 1
        print substr(line, 3) >(dir "/" n ".command")
        printf "" >(dir "/" n ".expected")
        print NR >(dir "/" n ".line")
        close(dir "/" n ".line")
        going_on = line ~ /\\$/
        next
    }
    command { print line >>(dir "/" n ".expected") }
    '
}

# Does the output in file $2 look as file $1 says?
agrees() {
    awk -v expected="$1" '
        function fits(pattern, text,    parts, count, i, at) {
            count = split(pattern, parts, /\.\.\./)
            if (count < 2)
                return pattern == text
            if (substr(text, 1, length(parts[1])) != parts[1])
                return 0
            text = substr(text, length(parts[1]) + 1)
            for (i = 2; i < count; i++) {
                if (!(at = index(text, parts[i])))
                    return 0
                text = substr(text, at + length(parts[i]))
            }
            return length(text) >= length(parts[count]) && substr(text, length(text) - length(parts[count]) + 1) == parts[count]
        }
        # Lines e.. of what is expected against lines o.. of the output.
        function match_from(e, o,    k) {
            if (e > wanted_count)
                return o > got_count
            if (wanted[e] == "...") {
                for (k = o; k <= got_count + 1; k++)
                    if (match_from(e + 1, k))
                        return 1
                return 0
            }
            return o <= got_count && fits(wanted[e], got[o]) && match_from(e + 1, o + 1)
        }
        { sub(/[ \t]+$/, ""); got[++got_count] = $0 }
        END {
            while ((getline line <expected) > 0) {
                sub(/[ \t]+$/, "", line)
                wanted[++wanted_count] = line
            }
            while (wanted_count && wanted[wanted_count] == "")
                wanted_count--
            while (got_count && got[got_count] == "")
                got_count--
            exit !match_from(1, 1)
        }' "$2"
}

# Runs the examples of document $1.
check_document() {
    examples=$tmp/$2/examples
    mkdir -p "$examples" "$tmp/$2/scratch"
    plain "$1" | split_examples "$examples"
    ln -s "$root/samples" "$root/tests" "$root/include" "$tmp/$2/scratch/"
    ln -s "$build" "$tmp/$2/scratch/build"
    cd "$tmp/$2/scratch" || exit 2
    n=1
    while [ -f "$examples/$n.command" ]; do
        command=$(cat "$examples/$n.command")
        case $command in
        make* | sudo* | apt* | git* | 'cd '*) ;;
        *)
            run=$((run + 1))
            status=0
            timeout 60 sh -c "$command" </dev/null >"$tmp/output" 2>&1 || status=$?
            if [ "$status" -ge 124 ] || ! agrees "$examples/$n.expected" "$tmp/output"; then
                failed=$((failed + 1))
                echo "$1:$(cat "$examples/$n.line"): \$ $command"
                echo "exit status $status; document (<) and output (>):"
                diff "$examples/$n.expected" "$tmp/output"
            fi
            ;;
        esac
        n=$((n + 1))
    done
    cd "$root" || exit 2
    [ "$n" -gt 1 ] || { failed=$((failed + 1)); echo "$1 has no example to run"; }
}

documents=0
for document in README.md samples/README.md indexer/*.[1-9] searcher/*.[1-9] include/*.[1-9]; do
    [ -f "$document" ] || continue
    documents=$((documents + 1))
    check_document "$document" "$documents"
done
echo "$run commands of README and man pages, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures of what morgue-search shows on a terminal: screens.md and screens/*.svg below the directory that is given,
# or samples/. Run by `make golden`; tests/api/check_screens.sh compares.
set -eu
out=${1:-samples}
bin=$(cd "${BUILD:-build}" && pwd)
LC_ALL=C.UTF-8
TERM=dumb
export LC_ALL TERM
unset NO_COLOR CLICOLOR CLICOLOR_FORCE
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-screens.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
PATH=$bin:$PATH
demo=$tmp/demo
page=$out/screens.md
mkdir -p "$out/screens"

# The broken line of wire.jsonl is told.
morgue-index -q -a "$demo" samples/articles/html samples/articles/text samples/articles/notices.json \
    samples/articles/wire.jsonl samples/articles/wire-2.jsonl.gz 2>/dev/null || [ $? -eq 2 ]

# $1: columns; $2: a command for the shell, in which the archive is called demo.
capture() {
    (cd "$tmp" && COLUMNS=$1 sh -c "$2" 2>&1)
}

# Lines with colours on standard input, as a picture of a dark terminal of $1 columns.
picture() {
    awk -v columns="$1" '
        function text(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); return s }
        {
            line = ""
            open = 0
            n = split($0, part, /\033\[/)
            line = text(part[1])
            for (i = 2; i <= n; i++) {
                at = index(part[i], "m")
                style = substr(part[i], 1, at - 1)
                gsub(/;/, "-", style)
                if (open)
                    line = line "</tspan>"
                open = style != "0"
                if (open)
                    line = line "<tspan class=\"s" style "\">"
                line = line text(substr(part[i], at + 1))
            }
            lines[++count] = line (open ? "</tspan>" : "")
        }
        END {
            width = columns * 8.43 + 32
            printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n", width, count * 18 + 30
            print "<style>text{font:14px ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre;fill:#d8d8d8}"
            print ".s1{font-weight:bold;fill:#fff}.s2{fill:#8a8a8a}.s1-31{font-weight:bold;fill:#ff6b68}.s31{fill:#ff6b68}"
            print ".s36,.s4-36{fill:#4fc1d4}.s33,.s4-33{fill:#d9b13b}.s32,.s4-32{fill:#7bc275}.s35,.s4-35{fill:#d08ad6}"
            print ".s34,.s4-34{fill:#6ca5f2}.s4-36,.s4-33,.s4-32,.s4-35,.s4-34{text-decoration:underline}</style>"
            print "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1b1d21\"/>"
            for (i = 1; i <= count; i++)
                printf "<text x=\"16\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", i * 18 + 10, lines[i]
            print "</svg>"
        }'
}

# $1: a name for files; $2: a heading; $3: the command.
screen() {
    printf '\n## %s\n' "$2"
    for columns in 80 120; do
        printf '\n%s columns:\n\n```text\n$ %s\n' "$columns" "$3"
        capture "$columns" "$3"
        printf '```\n\n'
        {
            printf '\033[2m$\033[0m %s\n' "$3"
            CLICOLOR_FORCE=1 capture "$columns" "$3"
        } | picture "$columns" >"$out/screens/$1-$columns.svg"
        printf '![%s, %s columns, with colours](screens/%s-%s.svg)\n' "$2" "$columns" "$1" "$columns"
    done
}

{
    cat <<'END'
# Screens

What `morgue-search` shows of the articles in this folder, on terminals of 80 and of 120 columns, without colours and with
those that a dark terminal may give them. `make golden` writes this page and its pictures; the tests compare them.
END
    screen search 'A first search' "morgue-search -a demo -n 3 'cable treaty'"
    screen facets 'Facets' "morgue-search -a demo --facet=person,source --top=5 cable"
    screen timeline 'A timeline' "morgue-search -a demo --timeline=month 'cable date:2017..2018'"
    screen names 'Names' "morgue-search -a demo --related=stoltenberg --with-timeline --top=5"
    screen show 'One article' "morgue-search -a demo --show=nw-20170301-sanctions sanctions"
    screen interactive 'One question after another' \
        "printf '%s\\n' 'cable treaty' '/facet person' '+person 2' undo | morgue-search -a demo -n 1 -i"
} >"$page"

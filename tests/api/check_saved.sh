#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Standing queries: kept, asked, told what is new once, forgotten; and what is wrong is said.
set -u
BUILD=${BUILD:-build}
build=$(cd "$BUILD" && pwd) || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-saved.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
XDG_DATA_HOME=$tmp/data
export XDG_DATA_HOME
cd "$tmp" || exit 2
failed=0
run=0

article() {
    printf '{"id":"%s","text":"%s"}\n' "$1" "$2" >"news/$1.jsonl"
    "$build/morgue-index" -q --no-entities -a archive news || exit 2
}

# $1: exit status; $2: standard output with standard error; the rest: arguments.
expect() {
    wanted_status=$1
    wanted=$2
    shift 2
    run=$((run + 1))
    got=$("$build/morgue-search" "$@" 2>&1)
    status=$?
    if [ "$status" -ne "$wanted_status" ] || [ "$got" != "$wanted" ]; then
        failed=$((failed + 1))
        echo "morgue-search $*"
        echo "exit status $status, not $wanted_status; output:"
        echo "$got"
    fi
}

mkdir news
article one 'The first ferry.'
expect 1 'morgue-search: no query was saved; --save NAME QUERY does' --alerts
expect 0 '' -a archive --save boats 'ferry OR boat'
expect 0 '' -a archive --save any --any 'ferry bridge'
expect 0 'boats: ferry OR boat
any: ferry bridge' --list-saved
expect 0 'boats	ferry OR boat
any	ferry bridge' --list-saved --format=tsv
expect 1 '' --alerts
expect 0 'one' --saved boats --format=ids
expect 0 '1' --saved any --count
article two 'A second boat.'
expect 0 'two' --alerts --peek --format=ids
expect 0 'two' --alerts --format=ids
expect 1 '' --alerts --format=ids
article two 'A second boat, and a bridge.'
article three 'Nothing to see.'
expect 0 'two
two' --alerts --format=ids
expect 1 '{"format":"morgue-alerts","version":1,"alerts":[]}' --alerts --format=json
expect 0 '' -a archive --save boats 'nothing'
expect 0 'any: ferry bridge
boats: nothing' --list-saved
expect 0 '' --forget any
expect 2 'morgue-search: no saved query is called any' --forget any
expect 2 'morgue-search: no saved query is called any; --list-saved has them all' --saved any
expect 2 "morgue-search: --saved asks the archives that were saved: -a does not go with it
Try 'morgue-search --help'." --saved boats -a archive
expect 2 "morgue-search: --peek goes with --alerts only
Try 'morgue-search --help'." -a archive --peek x
expect 2 "morgue-search: no query given
Try 'morgue-search --help'." -a archive --save boats
article four 'Nothing new.'
expect 0 'four' --alerts --format=ids
# A query that cannot be asked is told, and the others are asked all the same.
"$build/morgue-index" -q --no-entities -a other news || exit 2
expect 0 '' -a other --save gone ferry
rm -r other
expect 2 "morgue-search: there is no archive at $tmp/other
morgue-search: saved query gone: not asked" --alerts
echo '{"version":2}' >data/morgue/saved
expect 2 "morgue-search: $tmp/data/morgue/saved is no file of saved queries, or is damaged" --alerts
echo "$run commands about standing queries, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Indexes samples/articles into a fresh archive and asks it a few questions. Run by `make demo`.
set -eu
bin=${BUILD:-build}
archive=$(mktemp -d "${TMPDIR:-/tmp}/morgue-demo.XXXXXX")/archive
trap 'rm -rf "$(dirname "$archive")"' EXIT

run() {
    echo
    printf '$'
    for word; do
        case $word in
        "$archive") word=ARCHIVE ;;
        *[!A-Za-z0-9_./:=-]*) word="'$word'" ;;
        esac
        printf ' %s' "$word"
    done
    echo
    status=0
    "$@" || status=$?
    return 0
}

run "$bin/morgue-index" -a "$archive" samples/articles/html samples/articles/text samples/articles/notices.json \
    samples/articles/wire.jsonl samples/articles/wire-2.jsonl.gz
echo '(One line of wire.jsonl is broken on purpose.)'
run "$bin/morgue-index" -a "$archive" --field title=headline --field text=body samples/articles/letters.json
run "$bin/morgue-search" -a "$archive" -n 3 'cable treaty'
run "$bin/morgue-search" -a "$archive" -n 3 '"legal guarantees"'
run "$bin/morgue-search" -a "$archive" -n 3 'person:stoltenberg'
run "$bin/morgue-search" -a "$archive" -n 2 'org:nato date:2017-02..2017-03 -rumour'
run "$bin/morgue-search" -a "$archive" --format=jsonl -n 1 'place:kiev'
run "$bin/morgue-search" -a "$archive" --count 'U.S. OR U.N.'
run "$bin/morgue-index" -a "$archive" --stats

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Indexes samples/articles into a fresh archive and asks it a few questions. Run by `make demo`.
set -eu
bin=${BUILD:-build}
archive=$(mktemp -d "${TMPDIR:-/tmp}/morgue-demo.XXXXXX")/archive
trap 'rm -rf "$(dirname "$archive")"' EXIT
# Everything in one go.
MORGUE_PAGER=
export MORGUE_PAGER

say() {
    printf '# %s\n' "$*"
}

run() {
    printf '$'
    for word; do
        case $word in
        "$archive") word=ARCHIVE ;;
        *[!A-Za-z0-9_./:=-]*) word="'$word'" ;;
        esac
        printf ' %s' "$word"
    done
    echo
    "$@" || true
    echo
}

ask() {
    run "$bin/morgue-search" -a "$archive" "$@"
}

say 'An archive of some invented articles. One line of wire.jsonl is broken on purpose.'
run "$bin/morgue-index" -a "$archive" samples/articles/html samples/articles/text samples/articles/notices.json \
    samples/articles/wire.jsonl samples/articles/wire-2.jsonl.gz
say 'Fields that have other names'
run "$bin/morgue-index" -a "$archive" --field title=headline --field text=body samples/articles/letters.json

say 'Words: the best articles first'
ask -n 2 'cable treaty'
say 'A phrase'
ask '"legal guarantees"'
say 'A person, by whatever name; misspelt'
ask -n 2 'person:stotenberg'
say 'Names near each other; in order, with a choice of words'
ask 'person:putin NEAR/10 org:nato'
ask -n 1 '(fine OR sanction*) BEFORE/12 anchor'
say 'Any name of a kind inside a phrase'
ask '"told reporters in <place>"'
say 'A time, and what is not wanted'
ask -n 2 'org:nato date:2017-02..2017-03 -rumour'
say 'Where articles come from, and when they were published'
ask --facet source --timeline cable
say 'Whom and what they are about'
ask --names --top 5 cable
say 'Who somebody is'
ask --related stoltenberg --top 5
say 'One article, with its names'
ask --show nw-20170301-sanctions
say 'For programs'
ask --format=jsonl -n 1 'place:kiev'
ask --count 'U.S. OR U.N.'
run "$bin/morgue-index" -a "$archive" --stats

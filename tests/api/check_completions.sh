#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in shells: it knows the options that --help has, and completes what is typed.
set -u
BUILD=${BUILD:-build}
search=$BUILD/morgue-search
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-completions.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
failed=0
checked=0

# $1: what is looked at; $2: what is expected; $3: what there is.
same() {
    checked=$((checked + 1))
    [ "$2" = "$3" ] && return
    echo "FAIL: $1"
    printf '  expected %s\n  found    %s\n' "$2" "$3"
    failed=$((failed + 1))
}

options=$("$search" --help | grep -o -e '--[a-z][a-z-]*' | LC_ALL=C sort -u | tr '\n' ' ')
zsh_options=$(grep -o -e '--[a-z][a-z-]*' searcher/_morgue-search | LC_ALL=C sort -u | tr '\n' ' ')
same 'the options in searcher/_morgue-search are those of --help' "$options" "$zsh_options"

# $1: the line, the cursor at its end.
complete_in_bash() {
    bash --norc -c '
        . searcher/morgue-search.bash
        read -r -a COMP_WORDS <<<"$1"
        [[ $1 == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _morgue_search
        echo "${COMPREPLY[*]}"' bash "$1" 2>&1
}

if command -v bash >/dev/null 2>&1; then
    "$BUILD/morgue-index" -q -a "$tmp/archive" samples/articles/text >/dev/null 2>&1
    same 'bash completes an option' '--format --format-version' "$(complete_in_bash "$search --form")"
    same 'bash completes a format' 'json jsonl' "$(complete_in_bash "$search --format js")"
    same 'bash completes an order' 'newest' "$(complete_in_bash "$search --sort n")"
    same 'bash completes nothing that is a number' '' "$(complete_in_bash "$search -n 1")"
    export XDG_DATA_HOME=$tmp
    "$search" -a "$tmp/archive" --save boats nato && "$search" -a "$tmp/archive" --save bridges nato
    same 'bash completes a saved query' 'boats bridges' "$(complete_in_bash "$search --saved b")"
    same 'bash completes a saved query to forget' 'bridges' "$(complete_in_bash "$search --forget br")"
    same 'bash completes a word of a query to save' 'stoltenberg' \
        "$(complete_in_bash "$search -a $tmp/archive --save s stoltenb")"
    same 'bash completes a word of the archive' 'stoltenberg' "$(complete_in_bash "$search -a $tmp/archive -n 3 nato stoltenb")"
else
    echo 'skip: bash is not here'
fi

echo "$checked completions, $failed failed"
[ "$failed" -eq 0 ]

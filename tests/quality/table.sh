#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How good names, ties, dates and the resolution of names are, in one table; `make quality` calls it. The articles in
# tests/quality/names are always there; below NAMES_DATA, if it is set: ner/dev/*.tsv.gz, judged texts (entity_eval.c);
# seed/ukraine-talks.txt (seed.sh); news/reuters-*.jsonl.gz, whose names are misspelled and asked for (resolve_eval.c).
set -eu
bin=${BUILD:-build}
NAMES_DATA=${NAMES_DATA:-none}
work=$(mktemp -d "${TMPDIR:-/tmp}/morgue-quality.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

row='%-44s %9s %9s %9s\n'
printf "$row" '' precision recall F1
"$bin/names-eval" | awk -v row="$row" '
    $NF ~ /^[0-9]+$/ && NF >= 7 {
        name = $1
        for (i = 2; i <= NF - 6; i++)
            name = name " " $i
        printf row, "own articles: " name, $(NF - 5), $(NF - 4), $(NF - 3)
    }'

for file in "$NAMES_DATA"/ner/dev/*.tsv.gz; do
    if [ ! -f "$file" ]; then
        echo 'skip: no judged texts (NAMES_DATA/ner/dev/*.tsv.gz)'
        break
    fi
    "$bin/entity-eval" "$file" | awk -v row="$row" -v set="$(basename "$file" .tsv.gz)" '
        NR == 1 && match($0, /[0-9.]+ M tokens\/s for tagging/) { speed = substr($0, RSTART, RLENGTH) }
        $2 == "P" {
            name = $1 == "untyped" ? "spans untyped" : $1 == "overlap" ? "spans untyped, overlapping" : "spans exact, " $1
            printf row, set ": " name, $3, $5, $7
        }
        $1 " " $2 == "last words" { printf row, set ": last words", "", $4, "" }
        END { printf "%-44s %s\n", set ": speed", speed }'
done

news=$(ls "$NAMES_DATA"/news/reuters-*.jsonl.gz 2>/dev/null | head -n 1)
if [ -n "$news" ]; then
    "$bin/morgue-index" -q -a "$work/archive" "$news"
    printf '%-44s %9s %9s\n' '' first 'in five'
    "$bin/resolve-eval" "$work/archive" | awk '
        /^(words by|words, each|whole)/ { kind = $0; sub(/:.*/, "", kind) }
        $1 == "all" { printf "%-44s %9s %9s\n", "one edit: " kind, $3, $5 }
        /^aliases/ { of = $(NF - 2) " of " $NF; print "aliases of the built-in table: " of }'
else
    echo 'skip: no news whose names could be misspelled (NAMES_DATA/news/reuters-*.jsonl.gz)'
fi

sh "$(dirname "$0")/seed.sh"

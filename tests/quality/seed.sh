#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The article that names were made for, NAMES_DATA/seed/ukraine-talks.txt: everybody and everything in it must be found,
# with all mentions, ages and dates, and by the names that it does not use.
set -eu
bin=${BUILD:-build}
article=${NAMES_DATA:-none}/seed/ukraine-talks.txt
if [ ! -f "$article" ]; then
    echo "skip: the article about the talks on Ukraine is not there (NAMES_DATA/seed/ukraine-talks.txt)"
    exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/morgue-seed.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
count=0
failed=0
cp "$article" "$work/talks.txt"
"$bin/morgue-index" -q -a "$work/archive" "$work/talks.txt"
id=$("$bin/morgue-search" -a "$work/archive" --format ids NATO)
"$bin/morgue-search" -a "$work/archive" --no-pager --color never --width 0 --show "$id" |
    sed -n '/^people /,$p' | sed 's/^\(people\|organisations\|places\|events\|dates\) */ /; s/  */ /g; s/^ //' >"$work/names"

# $1: what it is, then a command that must succeed.
must() {
    what=$1
    shift
    count=$((count + 1))
    if ! "$@"; then
        echo "FAIL: $what"
        failed=$((failed + 1))
    fi
}

named() { grep -qx "$1" "$work/names"; }
finds() { "$bin/morgue-search" -a "$work/archive" --format ids "$1" >"$work/ids" 2>/dev/null && [ -s "$work/ids" ]; }

# Name, mentions, and what is said of people.
while IFS= read -r line; do
    must "shown: $line" named "$line"
done <<'END'
Vladimir Putin 25 69, Russian President
Joe Biden 6 President
Volodymyr Zelensky 4 43, President
Jens Stoltenberg [23] 62, Secretary-General
Dmitry Peskov 1 Kremlin Spokesman
Sergei Rybakov 3 Deputy Foreign Minister
Karen Donfried 1 U.S. Asst. Sec. of State
Viktor Yanukovych 3
Vitali Klitschko 1 .*
Ronald Reagan 1 President
NATO 2[0-9]
CIA 3
Kremlin [34]
Ukraine 22
United States 8
Russia [4-9]
Crimea [4-6]
Kyiv 3
Sevastopol 1
Baltic states 1
Lithuania 1
Latvia 1
Estonia 1
Norway 1
Moscow 2
Washington 1
INF Treaty [34]
END
for date in 2014-03-01 2014-02-22 2004-03-29 1991-08-24 1987-12-08 2008; do
    must "dates: $date" grep -qE "(^|[ ,])$date(,|$)" "$work/names"
done
for query in person:putin person:stotenberg person:rybakov person:gobachev place:kyiv place:kiev place:crimea \
    'place:"baltic states"' org:nato 'org:"North Atlantic Treaty Organization"' org:cia name:inf \
    when:2014-03-01 when:1991-08-24 when:2008 \
    '"<person> told <place>"' 'person:putin NEAR/8 place:ukraine'; do
    must "finds: $query" finds "$query"
done
echo "$count checks of the article about the talks on Ukraine, $failed failed"
[ "$failed" -eq 0 ]

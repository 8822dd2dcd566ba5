#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The man pages have every option that --help has, and no other; every member of the JSON that is printed; and
# they are set without a warning, in 80 columns. (check_examples.sh runs their examples.)
set -u
BUILD=${BUILD:-build}
LC_ALL=C.UTF-8
export LC_ALL
unset MORGUE_ARCHIVE
index=$BUILD/morgue-index
search=$BUILD/morgue-search
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-manual.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
XDG_DATA_HOME=$tmp/data
export XDG_DATA_HOME
failed=0
checked=0

# $1: what must hold; $2 and $3: files that are to be the same.
same() {
    checked=$((checked + 1))
    diff "$2" "$3" >"$tmp/diff" && return
    echo "FAIL: $1"
    cat "$tmp/diff"
    failed=$((failed + 1))
}

# ---- Section 3 --------------------------------------------------------------------------------------------

# Made from morgue.h, a page for each function; all of them say something.
awk_pages=$tmp/man3
mkdir "$awk_pages"
awk -v dir="$awk_pages" -v date='March 1, 2014' -f include/manual.awk include/morgue.h || { echo 'FAIL: manual.awk'; failed=$((failed + 1)); }
: >"$tmp/nothing"
touch "$awk_pages/undescribed"
same 'functions of morgue.h have a comment' "$tmp/nothing" "$awk_pages/undescribed"
grep -v '^ *#' include/morgue.h | tr '\n' ' ' | grep -o 'MORGUE_API [^;(]*(' | grep -o '[a-z_0-9]* *($' | tr -d ' (' | sort -u >"$tmp/functions"
grep -l -e '^\.so ' "$awk_pages"/*.3 | sed 's|.*/||; s|\.3$||' | sort -u >"$tmp/pages"
same 'each function of morgue.h (<) has a page (>)' "$tmp/functions" "$tmp/pages"
if command -v mandoc >/dev/null 2>&1; then
    grep -L -e '^\.so ' "$awk_pages"/*.3 | xargs mandoc -T lint -W warning >"$tmp/lint" 2>&1
    same 'section 3 has no warnings of mandoc' "$tmp/nothing" "$tmp/lint"
fi

# ---- Options ----------------------------------------------------------------------------------------------

# -x and --long.
options_of_help() {
    "$1" --help | grep -o -e '^ *-[a-zA-Z0-9],' -e '--[a-z][a-z-]*' | tr -d ' ,' | sort -u
}

options_of_page() {
    grep '^\.It Fl ' "$1" | grep -o -e 'Fl -*[a-zA-Z0-9][a-z-]*' | sed 's/Fl /-/' | sort -u
}

# $1: program; $2: page.
check_options() {
    name=$(basename "$1")
    options_of_help "$1" >"$tmp/help"
    options_of_page "$2" >"$tmp/page"
    same "the options in $2 (>) are those of $name --help (<)" "$tmp/help" "$tmp/page"
}

# ---- Members of JSON --------------------------------------------------------------------------------------

# Every kind of answer, so that every member is printed once.
print_json() {
    "$index" -q -a "$tmp/a" samples/articles/wire.jsonl samples/articles/wire-2.jsonl.gz samples/articles/html 2>/dev/null
    "$index" -q -a "$tmp/b" samples/articles/notices.json
    "$search" -a "$tmp/a" -a "$tmp/b" --format=json --matches --with-names --group --explain --cursor --facet=org --names \
        --timeline -n 10 'cable OR sanctions'
    "$search" -a "$tmp/a" --format=json --similar nw-20170228-draft
    "$search" -a "$tmp/a" --format=json --show nw-20170228-draft
    "$search" -a "$tmp/a" --format=json --related putin --with-timeline
    "$search" -a "$tmp/a" --format=json --names-export
    "$search" -a "$tmp/a" --format=json --complete ca
    "$search" -a "$tmp/a" --format=jsonl --facet=lang --names --timeline cable
    "$search" -a "$tmp/a" --save everything cable
    "$search" --format=json --list-saved
    echo '{"id":"late","text":"A cable.","captured":"2017-01-09"}' | "$index" -q -a "$tmp/a" --input=jsonl -
    "$search" --format=json --alerts
}

members_of_page() {
    sed -n 's/^\.It Cm //p' "$1" | tr -d ' ' | tr ',' '\n'
    grep -o '\\(dq[a-z_]*\\(dq:' "$1" | sed 's/\\(dq\([a-z_]*\).*/\1/'
}

check_members() {
    print_json 2>/dev/null | grep -o '"[a-z_]*":' | tr -d '":' | sort -u >"$tmp/printed"
    members_of_page searcher/morgue-json.5 | sort -u >"$tmp/page"
    same 'the members in morgue-json.5 (>) are those that are printed (<)' "$tmp/printed" "$tmp/page"
}

# ---- How they look ----------------------------------------------------------------------------------------

check_page() {
    if command -v mandoc >/dev/null 2>&1; then
        mandoc -T lint -W warning "$1" >"$tmp/warnings" 2>&1
        same "$1 has no warnings of mandoc" /dev/null "$tmp/warnings"
        mandoc -T utf8 "$1" | sed 's/.\x08//g' | awk -v page="$1" '{ gsub(/[\200-\277]/, "") } length > 80' >"$tmp/wide"
        same "$1 fits into 80 columns" /dev/null "$tmp/wide"
    fi
    if command -v groff >/dev/null 2>&1; then
        groff -ww -K utf8 -mdoc -Tutf8 "$1" 2>"$tmp/warnings" >/dev/null
        same "$1 has no warnings of groff" /dev/null "$tmp/warnings"
    fi
}

check_options "$index" indexer/morgue-index.1
check_options "$search" searcher/morgue-search.1
check_members
for page in indexer/*.[1-9] searcher/*.[1-9]; do
    check_page "$page"
done
command -v mandoc >/dev/null 2>&1 || echo 'skip: mandoc is not here'
command -v groff >/dev/null 2>&1 || echo 'skip: groff is not here'
echo "$checked things about the man pages, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# samples/search.py, which knows libmorgue only by its binary interface, finds what samples/search finds.
set -u
BUILD=${BUILD:-build}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-python.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
skip() {
    echo "skip: $1"
    echo '0 searches from Python, 0 failed'
    exit 0
}
python3 -c 'import ctypes' 2>/dev/null || skip 'there is no python3'
nm -D --undefined-only "$BUILD/libmorgue.so" | grep -q -e '__[a-z]*san_' -e __gcov && skip 'the library is built with a sanitizer, or for coverage'

MORGUE_LIBRARY=$(cd "$BUILD" && pwd)/libmorgue.so
export MORGUE_LIBRARY
checked=0
failed=0
# $1: a query, $2: how many it must find at least.
compare() {
    checked=$((checked + 1))
    python3 samples/search.py "$tmp/archive" "$1" >"$tmp/python" 2>"$tmp/errors"
    "$BUILD/samples/search" "$tmp/archive" "$1" 2>/dev/null | grep -v '^    ' >"$tmp/c"
    cut -c 12- "$tmp/python" | diff "$tmp/c" - >"$tmp/diff" && [ "$(wc -l <"$tmp/c")" -ge "$2" ] && return
    failed=$((failed + 1))
    echo "FAIL: $1"
    cat "$tmp/diff" "$tmp/errors"
}
"$BUILD/morgue-index" -q -a "$tmp/archive" samples/articles/text samples/articles/html samples/articles/notices.json || exit 1
compare 'cable treaty' 2
compare '"legal guarantees"' 1
compare 'person:putin' 1
compare 'nowhereatall' 0
checked=$((checked + 1))
python3 samples/search.py "$tmp/archive" '(' >"$tmp/out" 2>&1
if [ $? -ne 1 ] || ! grep -q 'parenthesis' "$tmp/out"; then
    failed=$((failed + 1))
    echo 'FAIL: a query that cannot be read'
    cat "$tmp/out"
fi
echo "$checked searches from Python, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# samples/screens.md and its pictures are what morgue-search shows; `make demo` finds something with every question.
set -u
BUILD=${BUILD:-build}
export BUILD
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-samples.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
failed=0
checked=0

fail() {
    failed=$((failed + 1))
    echo "FAIL: $*"
}

sh samples/screens.sh "$tmp" || fail 'samples/screens.sh'
for file in samples/screens.md samples/screens/*; do
    checked=$((checked + 1))
    diff -u "$file" "$tmp/${file#samples/}" || fail "$file is not what is shown; make golden writes it"
done

checked=$((checked + 1))
sh samples/demo.sh >"$tmp/demo" 2>&1 || fail 'samples/demo.sh'
answers=$(grep -c -e '^[0-9]* of [0-9]* article' -e '^[0-9]* articles$' "$tmp/demo")
if [ "$answers" -lt 9 ] || grep -e 'nothing found' -e '^morgue-search:' "$tmp/demo"; then
    fail "questions of samples/demo.sh without an answer ($answers have one)"
fi
echo "$checked captures, $failed failed"
[ "$failed" -eq 0 ]

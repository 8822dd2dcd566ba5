#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The binary interface of libmorgue against its committed baseline, tests/compat/morgue.abi: every declaration of
# morgue.h without its comments, one a line, and the size of every struct. Any difference fails; `make abi` takes it over
# (check_abi.sh --rewrite). What only adds lines keeps the SONAME; where a line goes or changes, SONUMBER in the
# Makefile has to go up with it, unless the rules at the head of morgue.h allow it.
set -u
CC=${CC:-gcc}
header=include/morgue.h
baseline=tests/compat/morgue.abi
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-abi.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT

# Declarations end with a semicolon outside of braces.
declarations() {
    sed -n 's/^#define \(MORGUE_[A-Z_]*\) \([^{].*\)$/define \1 \2/p' $header | sed 's| */\*.*||' | grep -v -e MORGUE_API -e MORGUE_VERSION
    tr '\n' '\001' <$header | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/||g' | tr '\001' '\n' | grep -v -e '^ *#' -e '^extern "C"' |
        tr -s ' \t\n' '   ' | awk '
            BEGIN { RS = "\001" }
            {
                depth = 0
                for (i = 1; i <= length($0); i++) {
                    c = substr($0, i, 1)
                    depth += (c == "{") - (c == "}")
                    if (depth < 0) { depth = 0; continue } # of extern "C"
                    line = line c
                    if (c == ";" && depth == 0) { sub(/^ */, "", line); print line; line = "" }
                }
            }' | sed 's/MORGUE_API //; s/ \{1,\}/ /g'
}

sizes() {
    {
        echo '#include <stdio.h>'
        echo '#include "morgue.h"'
        echo 'int main(void) {'
        sed -n 's/^typedef struct \(morgue_[a-z_]*\) {$/printf("size \1 %zu\\n", sizeof(\1));/p' $header
        echo 'return 0; }'
    } >"$tmp/sizes.c"
    $CC -std=c11 -Iinclude -o "$tmp/sizes" "$tmp/sizes.c" && "$tmp/sizes"
}

{
    sed -n 's/^SONUMBER := /soname libmorgue.so./p' Makefile
    declarations
    case $(uname -m) in
    x86_64 | aarch64) sizes ;;
    *) grep '^size ' $baseline ;; # which are of machines like these
    esac
} >"$tmp/now"

if [ "${1:-}" = --rewrite ]; then
    mkdir -p "${baseline%/*}"
    cp "$tmp/now" $baseline
    exit
fi

count=$(wc -l <"$tmp/now")
if [ "$count" -lt 100 ]; then
    echo "FAIL: only $count declarations were found in $header"
    echo "$count declarations of the binary interface, 1 failed"
    exit 1
fi
if diff "$baseline" "$tmp/now" >"$tmp/diff"; then
    echo "$count declarations of the binary interface, 0 failed"
    exit 0
fi
cat "$tmp/diff"
if grep -q '^<' "$tmp/diff"; then
    echo 'FAIL: declarations went or changed. If programs that are linked already still run, then `make abi`; else raise SONUMBER too.'
else
    echo 'FAIL: declarations were added. `make abi` takes them over; review the difference.'
fi
echo "$count declarations of the binary interface, 1 failed"
exit 1

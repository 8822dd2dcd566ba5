#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the test programs given as arguments, then what else there is to test: fuzz corpora, scripts in
# tests/api, command lines in tests/golden. One line each while all is well; the whole output of what
# failed. `make check-fast` calls it, with BUILD, CC and CXX in the environment.
set -u
BUILD=${BUILD:-build}
CC=${CC:-gcc}
CXX=${CXX:-g++}
LIMIT=${MORGUE_TEST_SECONDS:-600} # each
export BUILD CC CXX
# What tests print must not depend on who runs them.
LC_ALL=C.UTF-8
export LC_ALL
unset MORGUE_ARCHIVE NO_COLOR COLUMNS
# libxapian 1.4's own check deletes an object by the wrong type, which AddressSanitizer would end us for.
ASAN_OPTIONS=new_delete_type_mismatch=0:${ASAN_OPTIONS:-}
export ASAN_OPTIONS

output=$(mktemp "${TMPDIR:-/tmp}/morgue-run.XXXXXX") || exit 2
trap 'rm -f "$output"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0

now() {
    date +%s%N
}

# How many ran and how many failed, from Check's lines ("91%: Checks: 12, Failures: 0, Errors: 1") and from
# those of our scripts ("226 command lines, 0 failed").
count_checks() {
    sed -n -e 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p' \
        -e 's/^\([0-9]*\) [A-Za-z. ,]*, \([0-9]*\) failed$/\1 \2 0/p' "$output" |
        awk '{ ran += $1; bad += $2 + $3 } END { print ran + 0, bad + 0 }'
}

# $1: name; the rest: a command.
run() {
    name=$1
    shift
    start=$(now)
    status=0
    timeout -k 10 "$LIMIT" "$@" </dev/null >"$output" 2>&1 || status=$?
    seconds=$(awk -v ns=$(($(now) - start)) 'BEGIN { printf "%.1f", ns / 1e9 }')
    set -- $(count_checks)
    checks=$1
    bad=$2
    # A program without Check's summary counts as one check.
    if [ "$checks" -eq 0 ]; then
        checks=1
        [ "$status" -eq 0 ] || bad=1
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    if [ "$status" -eq 0 ] && [ "$bad" -eq 0 ]; then
        echo "ok $name $checks checks $seconds s"
        grep '^skip:' "$output" | sed 's/^/   /'
    else
        [ "$bad" -gt "$checks" ] && bad=$checks
        echo "FAILED $name after $seconds s (exit status $status$([ "$status" -eq 124 ] && echo ', out of time'))"
        sed 's/^/   /' "$output"
    fi
    passed=$((passed + checks - bad))
    failed=$((failed + bad))
}

for program; do
    run "$(basename "$program")" "$program"
done

for program in "$BUILD"/tests/fuzz_*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    name=$(basename "$program")
    corpus=tests/fuzz/corpus/${name#fuzz_}
    if [ ! -d "$corpus" ]; then
        echo "   skip: $name has no corpus ($corpus)"
        continue
    fi
    run "$name" "$program" "$corpus"
done

for script in tests/golden/run.sh tests/api/*.sh; do
    [ -f "$script" ] || continue
    name=$(basename "$script" .sh)
    [ "$name" = run ] && name=golden
    run "$name" sh "$script"
done

run names-eval "$BUILD/names-eval" --floors tests/quality/names/floors tests/quality/names
run seed sh tests/quality/seed.sh

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian packages can be made, hold every file of an installation once, install and run in an empty place, and go again
# without a trace.
set -u
BUILD=${BUILD:-build}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-check-deb.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
skip() {
    echo "skip: $1"
    echo '0 facts about Debian packages, 0 failed'
    exit 0
}
command -v dpkg-shlibdeps >/dev/null || skip 'there is no dpkg-dev'
nm -D --undefined-only "$BUILD/libmorgue.so" | grep -q -e '__[a-z]*san_' -e __gcov && skip 'the library is built with a sanitizer, or for coverage'
failed=0
checked=0
try() {
    what=$1
    shift
    checked=$((checked + 1))
    "$@" >"$tmp/out" 2>&1 && return
    echo "FAIL: $what"
    cat "$tmp/out"
    failed=$((failed + 1))
}

try 'make deb' sh samples/debian.sh "$tmp/debs" 0.1.0
set -- "$tmp"/debs/*.deb
checked=$((checked + 1))
[ $# -eq 6 ] || { echo "FAIL: $# packages"; failed=$((failed + 1)); }
try 'the same packages again' sh -c "sh samples/debian.sh '$tmp/again' 0.1.0 && diff -r '$tmp/debs' '$tmp/again'"
for deb; do
    for field in Package Version Maintainer Description Installed-Size Architecture; do
        checked=$((checked + 1))
        [ -n "$(dpkg-deb -f "$deb" $field)" ] || { echo "FAIL: $deb: no $field"; failed=$((failed + 1)); }
    done
done
for deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -v -e '/$' -e '/doc/'
done | sort >"$tmp/files"
try 'no file is in two packages' sh -c "! uniq -d '$tmp/files' | grep ."
for file in bin/morgue-index bin/morgue-search include/morgue.h share/morgue/names.model man/man1/morgue-search.1.gz man/man3/morgue_search.3.gz; do
    try "$file is packaged" grep -q -e "/$file\$" "$tmp/files"
done
try 'the programs need libxapian' sh -c "dpkg-deb -f '$tmp'/debs/morgue_*.deb Depends | grep -q libxapian"
try 'the library tells whom it is needed by' sh -c "dpkg-deb -I '$tmp'/debs/libmorgue0_*.deb shlibs | grep -q '^libmorgue 0 libmorgue0'"

if [ "$(id -u)" = 0 ]; then
    root=$tmp/root
    mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info"
    : >"$root/var/lib/dpkg/status"
    into="dpkg --root=$root --force-depends --force-architecture --log=$tmp/log"
    try 'they install' $into -i "$@"
    try 'the installed programs run' sh -c "printf 'Lights out in Orrvik\n\nMayor Ragnhild Lindholm said so.\n' >'$tmp/a.txt' &&
        '$root/usr/bin/morgue-index' -q -a '$tmp/archive' '$tmp/a.txt' && '$root/usr/bin/morgue-search' -a '$tmp/archive' person:lindholm | grep -q Orrvik"
    try 'they go again' $into -P morgue libmorgue-dev libxapian-c-dev libmorgue0 libxapian-c0 morgue-model
    try 'nothing is left' sh -c "! find '$root' ! -type d | grep -v '^$root/var/lib/dpkg/'"
else
    echo 'skip: installing them takes root'
fi
echo "$checked facts about Debian packages, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make install` into a scratch place, then what a stranger does there: programs built with pkg-config's flags
# alone, shared and static, C and C++, that index and search; the installed programs; and `make uninstall`, after which
# nothing is left.
set -u
BUILD=${BUILD:-build}
CC=${CC:-gcc}
CXX=${CXX:-g++}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue install.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
if nm -D --undefined-only "$BUILD/libmorgue.so" | grep -q -e '__[a-z]*san_' -e __gcov; then
    echo 'skip: the library is built with a sanitizer, or for coverage'
    echo '0 steps of an installation, 0 failed'
    exit 0
fi
failed=0
checked=0

# $1: what it is for; the rest: a command.
try() {
    what=$1
    shift
    checked=$((checked + 1))
    "$@" >"$tmp/out" 2>&1 && return
    echo "FAIL: $what"
    cat "$tmp/out"
    failed=$((failed + 1))
}
# The output of the last command has this line.
says() {
    checked=$((checked + 1))
    grep -q -e "$1" "$tmp/out" && return
    echo "FAIL: no '$1' in"
    cat "$tmp/out"
    failed=$((failed + 1))
}
quietly_make() {
    env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory BUILD="$BUILD" "$@"
}
files() {
    find "$1" ! -type d 2>/dev/null | LC_ALL=C sort
}

# ---- With DESTDIR, as packages are made: nothing names the place, spaces do not matter --------------------

stage="$tmp/a stage"
try 'install with DESTDIR' quietly_make install DESTDIR="$stage" PREFIX=/usr LIBDIR=/usr/lib/somewhere
for file in bin/morgue-index bin/morgue-search include/morgue.h include/xapian_c.h lib/somewhere/libmorgue.so \
    lib/somewhere/libmorgue.a lib/somewhere/libxapian-c.so lib/somewhere/pkgconfig/morgue.pc lib/somewhere/pkgconfig/xapian-c.pc \
    share/man/man1/morgue-search.1 share/man/man1/morgue-index.1 share/man/man3/morgue.3 share/man/man3/morgue_search.3 share/man/man5/morgue-json.5 share/man/man7/morgue-query.7 \
    share/morgue/names.model share/bash-completion/completions/morgue-search share/doc/morgue/LICENSE; do
    try "$file is installed" test -e "$stage/usr/$file"
done
checked=$((checked + 1))
grep -rl -e "$tmp" "$stage/usr/lib/somewhere/pkgconfig" && { echo 'FAIL: a file names the stage'; failed=$((failed + 1)); }
try 'uninstall with DESTDIR' quietly_make uninstall DESTDIR="$stage" PREFIX=/usr LIBDIR=/usr/lib/somewhere
checked=$((checked + 1))
[ -z "$(files "$stage")" ] || { echo 'FAIL: left behind:'; files "$stage"; failed=$((failed + 1)); }

relative=$(basename "$tmp")-stage
try 'install with a relative DESTDIR' quietly_make install DESTDIR="$relative" PREFIX=/usr
try 'uninstall with a relative DESTDIR' quietly_make uninstall DESTDIR="$relative" PREFIX=/usr
checked=$((checked + 1))
[ -z "$(files "$relative")" ] || { echo 'FAIL: left behind:'; files "$relative"; failed=$((failed + 1)); }
rm -rf "$relative"

# ---- With a prefix of one's own: programs outside the tree ---------------------------------------------------

place=$(mktemp -d "${TMPDIR:-/tmp}/morgue-prefix.XXXXXX") || exit 2
trap 'rm -rf "$tmp" "$place"' EXIT
mkdir "$place/bin"
echo mine >"$place/bin/mine"
files "$place" >"$tmp/before"
try 'install with PREFIX' quietly_make install PREFIX="$place"
PKG_CONFIG_PATH=$place/lib/pkgconfig
export PKG_CONFIG_PATH

cp samples/search.c "$tmp/app.c"
cat >"$tmp/index.cc" <<'END'
#include <morgue.h>
#include <cstdio>
int main(int, char **argv)
{
    morgue_indexer *indexer;
    morgue_error err;
    morgue_article article = {};
    article.id = "1";
    article.title = "Lights out in Orrvik";
    article.text = "The harbour lights of Orrvik stay off until Monday.";
    if (morgue_indexer_open(&indexer, argv[1], nullptr, &err) || morgue_indexer_add(indexer, &article, &err) ||
        morgue_indexer_commit(indexer, &err))
        return std::puts(err.message), 1;
    morgue_indexer_close(indexer);
    return 0;
}
END
cd "$tmp" || exit 2
# Flags are words, so they are not quoted.
# shellcheck disable=SC2046
{
    try 'a C program, shared' $CC app.c -o shared $(pkg-config --cflags --libs morgue)
    try 'a C++ program, shared' $CXX -std=c++17 index.cc -o index $(pkg-config --cflags --libs morgue)
    try 'a C program, static' $CC app.c -o static $(pkg-config --cflags --static --libs morgue | sed 's/-lmorgue/-l:libmorgue.a/')
    try 'a program with the binding alone' $CC -o binding "$OLDPWD/samples/xapian_c_demo.c" $(pkg-config --cflags --libs xapian-c)
    try 'a program with both' $CC app.c -o both $(pkg-config --cflags --libs morgue xapian-c)
}
LD_LIBRARY_PATH=$place/lib
export LD_LIBRARY_PATH
try 'the C++ program indexes' ./index archive
try 'the shared program searches' ./shared archive '"harbour lights"'
says 'Lights out in Orrvik'
try 'the program with both searches' ./both archive orrvik
says 'Lights out in Orrvik'
# Failures of libxapian are caught inside the library, also when its own types are hidden.
mkdir broken broken/catalogue
echo no >broken/catalogue/iamglass
checked=$((checked + 1))
./shared broken word >out 2>&1
[ $? -eq 2 ] || { echo 'FAIL: a broken archive'; cat out; failed=$((failed + 1)); }
unset LD_LIBRARY_PATH
try 'the static program searches' ./static archive harbour
says 'Lights out in Orrvik'
checked=$((checked + 1))
readelf -d static | grep -q 'NEEDED.*libmorgue' && { echo 'FAIL: the static program needs libmorgue.so'; failed=$((failed + 1)); }

try 'the installed morgue-search' "$place/bin/morgue-search" -a archive orrvik
says 'Lights out in Orrvik'
printf 'Mayor Ragnhild Lindholm of Orrvik said on Monday that the lights of the harbour would stay off.\n' >article.txt
checked=$((checked + 1))
"$place/bin/morgue-index" -a archive article.txt >out 2>&1
# It says so when no names model is found.
if [ $? -ne 0 ] || grep -q 'names model' out; then
    echo 'FAIL: the installed morgue-index'
    cat out
    failed=$((failed + 1))
fi
cd "$OLDPWD" || exit 2

try 'uninstall with PREFIX' quietly_make uninstall PREFIX="$place"
files "$place" >"$tmp/after"
try 'what was there before is there again, and nothing else' diff "$tmp/before" "$tmp/after"

echo "$checked steps of an installation, $failed failed"
[ "$failed" -eq 0 ]

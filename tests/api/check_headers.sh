#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Headers stand alone, the shared library exports what they declare and nothing else, and the tree's rules
# about who may include whom hold.
set -u
BUILD=${BUILD:-build}
CC=${CC:-gcc}
CXX=${CXX:-g++}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-api.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
failed=0
checked=0

fail() {
    echo "FAIL: $*"
    failed=$((failed + 1))
}

# Runs a command; $1 says what it is for.
try() {
    what=$1
    shift
    checked=$((checked + 1))
    "$@" >"$tmp/out" 2>&1 || { fail "$what"; cat "$tmp/out"; }
}

# No line may be printed by the command; $1 says what it would mean.
none() {
    what=$1
    shift
    checked=$((checked + 1))
    "$@" >"$tmp/out" 2>/dev/null
    [ ! -s "$tmp/out" ] || { fail "$what"; cat "$tmp/out"; }
}

sources=$(find include indexer searcher tests samples -name '*.[ch]' -o -name '*.cc' | LC_ALL=C sort)

# ---- Public headers, as C and as C++, alone and twice -------------------------------------------

for header in include/*.h; do
    name=$(basename "$header")
    printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$name" "$name" >"$tmp/alone.c"
    cp "$tmp/alone.c" "$tmp/alone.cc"
    try "$header alone as C11" $CC -std=c11 -Wall -Wextra -Werror -pedantic -Iinclude -fsyntax-only "$tmp/alone.c"
    try "$header alone as C++17" $CXX -std=c++17 -Wall -Wextra -Werror -pedantic -Iinclude -fsyntax-only "$tmp/alone.cc"
done

# Linked from C++, the names are those of C.
printf '#include "morgue.h"\n#include "xapian_c.h"\n#include <cstdio>\nint main() { std::puts(morgue_version()); return xapian_version() == nullptr; }\n' \
    >"$tmp/link.cc"
if [ -f "$BUILD/libmorgue.so" ]; then
    # A library built with a sanitizer wants the sanitizer's runtime, which only its own programs have.
    if nm -D --undefined-only "$BUILD/libmorgue.so" | grep -q '__[a-z]*san_'; then
        echo 'skip: linking from C++, the library is built with a sanitizer'
    else
        try 'a C++ program links' $CXX -std=c++17 -Iinclude -o "$tmp/link" "$tmp/link.cc" "$BUILD/libmorgue.so" \
            "$BUILD/libxapian-c.so" -Wl,-rpath,"$(cd "$BUILD" && pwd)"
        [ ! -x "$tmp/link" ] || try 'a C++ program runs' "$tmp/link"
    fi
fi

# ---- Internal headers -----------------------------------------------------------------------------

packages='xapian-core zlib libxml-2.0 libutf8proc libcjson libdeflate libzstd libarchive uchardet gmime-3.0 libbrotlidec'
flags=$(pkg-config --cflags $packages 2>/dev/null)
for header in $(find indexer searcher -name '*.h' | LC_ALL=C sort); do
    printf '#include "%s"\ntypedef int not_empty;\n' "$header" >"$tmp/alone.c"
    try "$header alone" $CC -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -I. -Iinclude -Iindexer -Isearcher $flags -fsyntax-only \
        "$tmp/alone.c"
done

# ---- Exported symbols -------------------------------------------------------------------------------

# Functions declared with the mark $1 in the header $2: the name before the first bracket after the mark.
declared() {
    grep -v '^ *#' "$2" | tr '\n' ' ' | grep -o "$1 [^;(]*(" | grep -o '[a-z_0-9]* *($' | tr -d ' (' | LC_ALL=C sort -u
}

# The library $1 shows what the header $3 declares with the mark $2, and nothing else.
shows() {
    library=$BUILD/$1.so
    [ -f "$library" ] || { fail "there is no $library"; return; }
    declared "$2" "include/$3" >"$tmp/declared"
    nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $NF); print $NF }' |
        grep -v -e '^__[a-z]*san' -e '^__asan' -e '^__odr' -e '^__gcov' -e '^mangle_path$' -e '^__start___sancov' -e '^__stop___sancov' |
        LC_ALL=C sort -u >"$tmp/exported"
    checked=$((checked + 1))
    [ "$(wc -l <"$tmp/declared")" -gt 50 ] || fail "only $(wc -l <"$tmp/declared") declarations found in $3"
    none "declared in $3, but not exported" sh -c "LC_ALL=C comm -23 '$tmp/declared' '$tmp/exported'"
    none "exported by $1, but not declared" sh -c "LC_ALL=C comm -13 '$tmp/declared' '$tmp/exported'"
    checked=$((checked + 1))
    readelf -d "$library" | grep -q "SONAME.*\[$1\.so\.[0-9]*\]" || fail "$library has no SONAME"
}
shows libmorgue MORGUE_API morgue.h
shows libxapian-c XAPIAN_C_API xapian_c.h
# To be linked into any program, an archive may define only names that begin as ours do, besides what C++ makes.
none 'libmorgue.a defines other names' \
    sh -c "nm -g --defined-only '$BUILD/libmorgue.a' 2>/dev/null | awk 'NF == 3 && \$2 !~ /[VWu]/ { print \$3 }' | grep -v -e '^morgue_' -e '^mrg_' -e '^xapian_' -e '^_Z' -e '^__[a-z]*san' -e '^__asan' -e '^__odr' -e '^__gcov'"

# ---- Who includes whom -------------------------------------------------------------------------------

# The programs know the public header and what is between them and it; not the library's inside. And the
# library does not know them.
program_files=$(ls indexer/main.c searcher/main.c indexer/cli/*.[ch] searcher/options*.[ch] searcher/output*.[ch] \
    searcher/interactive*.[ch] searcher/saved*.[ch])
program_headers='\(cli/[a-z_]*\|options[a-z_]*\|output[a-z_]*\|interactive\|saved\)\.h'
none 'the programs include more than morgue.h and their own headers' \
    sh -c "grep -H '^#include \"' $(echo $program_files) | grep -v -e '\"morgue\.h\"' -e '\"$program_headers\"'"
library_files=$(find indexer searcher -name '*.[ch]' -o -name '*.cc' | grep -v -F "$program_files")
none 'the library includes what belongs to the programs' \
    sh -c "grep -H '^#include \"$program_headers\"' $(echo $library_files)"

searcher_headers=$(ls searcher/*.h | sed 's|.*/||')
indexer_files=$(find indexer -name '*.[ch]' -o -name '*.cc')
for header in $searcher_headers; do
    # A name may be there on both sides; the one beside the file comes first.
    none "a file under indexer/ includes searcher/$header" \
        sh -c "grep -l '^#include \"\\(.*searcher/\\)\\{0,1\\}$header\"' $(echo $indexer_files) | while read -r f; do [ -f \"\$(dirname \$f)/$header\" ] || [ -f indexer/$header ] || echo \$f; done"
done
none 'indexer/core includes what is not core' \
    sh -c "grep -H '^#include \"' indexer/core/*.[ch] | grep -v -e '\"core/[a-z_]*.h\"' -e '\"morgue.h\"'"
none 'a file but xapian_c.cc includes <xapian.h>' \
    sh -c "grep -l '^# *include *[<\"]xapian' $(echo $sources) | xargs grep -lE '^# *include *[<\"]xapian(\\.h|/)' | grep -v '^indexer/xapian-c/xapian_c.cc\$'"
none 'xapian_c.h or its implementation knows of morgue' grep -inE 'morgue|mrg_' include/xapian_c.h indexer/xapian-c/xapian_c.cc

# ---- Licence -------------------------------------------------------------------------------------------

for file in $sources $(find tests samples -name '*.sh') Makefile; do
    checked=$((checked + 1))
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || fail "$file has no SPDX line"
done

echo "$checked rules of headers, symbols and includes, $failed failed"
[ "$failed" -eq 0 ]

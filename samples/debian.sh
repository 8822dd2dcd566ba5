#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debian.sh OUTPUT VERSION: Debian packages of what is built in $BUILD, into the directory OUTPUT; `make deb` runs it. The
# programs and the libraries are installed below it with `make install`, shared out to packages as Debian's policy wants
# it, and closed with dpkg-deb. Needs dpkg-dev.
#
#   morgue                          the programs, their manual pages and completions
#   morgue-model                    the names model, for programs and library
#   libmorgue0, libmorgue-dev       the library, and what is needed to build with it
#   libxapian-c0, libxapian-c-dev   likewise for the binding
set -eu
BUILD=${BUILD:-build}
mkdir -p "$1"
out=$(cd "$1" && pwd)
version=$2
maintainer=${DEBFULLNAME:-$(id -un)}
maintainer="$maintainer <${DEBEMAIL:-$(id -un)@localhost}>"
arch=$(dpkg --print-architecture)
libdir=usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
work=$(mktemp -d "${TMPDIR:-/tmp}/morgue-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
# The same sources give the same packages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date -r include/morgue.h +%s)}
export SOURCE_DATE_EPOCH
umask 022

env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s BUILD="$BUILD" install DESTDIR="$work/all" PREFIX=/usr LIBDIR="/$libdir"
all=$work/all
rm -rf "$all/usr/share/doc"
find "$all" -name '*.so.*.*' -type f -exec chmod 644 {} + -exec strip --strip-unneeded {} +
find "$all/usr/bin" -type f -exec strip {} +
find "$all" -name '*.a' -exec strip --strip-debug --enable-deterministic-archives {} +
find "$all/usr/share/man" -type f -exec gzip -9n {} +

# $1: a package; the rest: what goes into it, below the root.
take() {
    package=$1
    shift
    for path; do
        for file in "$all"/$path; do
            to=$work/$package/$(dirname "${file#"$all"/}")
            mkdir -p "$to"
            mv "$file" "$to/"
        done
    done
}
take morgue-model usr/share/morgue
take libmorgue0 "$libdir/libmorgue.so.*"
take libxapian-c0 "$libdir/libxapian-c.so.*"
take libxapian-c-dev usr/include/xapian_c.h "$libdir/libxapian-c.*" "$libdir/pkgconfig/xapian-c.pc"
take libmorgue-dev usr/include "$libdir"
[ ! -d "$all/usr/share/man/man3" ] || take libmorgue-dev usr/share/man/man3
take morgue usr/bin usr/share
[ -z "$(find "$all" ! -type d)" ] || { echo "no package takes $(find "$all" ! -type d)" >&2; exit 1; }

# Libraries that the programs and libraries of a package need, as packages.
needs() {
    mkdir -p "$work/shlibs/debian"
    echo 'Source: morgue' >"$work/shlibs/debian/control"
    find "$work/$1" -type f -exec sh -c 'for f; do head -c 4 "$f" | grep -q ELF && echo "$f"; done; true' sh {} + >"$work/elf"
    [ ! -s "$work/elf" ] || (cd "$work/shlibs" && xargs dpkg-shlibdeps -O <"$work/elf" | sed -n 's/^shlibs:Depends=//p')
}
# $1: package, $2: section, $3: what it needs besides libraries, $4: one line, $5: more lines.
close_package() {
    root=$work/$1
    docs=$root/usr/share/doc/$1
    mkdir -p "$root/DEBIAN" "$docs"
    {
        printf 'Morgue, full-text search for news archives.\n\nLicence: GPL-2.0-or-later; on Debian, see /usr/share/common-licenses/GPL-2.\n'
        [ "$1" != morgue-model ] || { echo; cat indexer/entity/names.model.LICENSE; }
    } >"$docs/copyright"
    printf 'morgue (%s) unstable; urgency=low\n\n  * Built from its sources.\n\n -- %s  %s\n' "$version" "$maintainer" \
        "$(date -R -u -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$docs/changelog.gz"
    libraries=$(needs "$1")
    {
        printf 'Package: %s\nSource: morgue\nVersion: %s\nMaintainer: %s\nSection: %s\nPriority: optional\n' "$1" "$version" "$maintainer" "$2"
        case $1 in *-model) echo 'Architecture: all'; echo 'Multi-Arch: foreign' ;; *) echo "Architecture: $arch" ;; esac
        case $1 in lib*) echo 'Multi-Arch: same' ;; esac
        depends=$3${3:+${libraries:+, }}$libraries
        [ -z "$depends" ] || echo "Depends: $depends"
        printf 'Installed-Size: %s\nDescription: %s\n%s\n' "$(du -sk "$root/usr" | cut -f 1)" "$4" "$5"
    } >"$root/DEBIAN/control"
    case $1 in
    lib*[0-9])
        echo "${1%[0-9]} ${1##*[a-z]} $1 (>= ${version%%-*})" >"$root/DEBIAN/shlibs"
        echo 'activate-noawait ldconfig' >"$root/DEBIAN/triggers"
        ;;
    esac
    (cd "$root" && find usr -type f -exec md5sum {} +) >"$root/DEBIAN/md5sums"
    find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --build --root-owner-group "$root" "$out/$1_${version}_$(sed -n 's/^Architecture: //p' "$root/DEBIAN/control").deb" >/dev/null
}
long=' Morgue indexes news archives (text, HTML, WARC, NewsML, mail, feeds and more) and answers ranked
 queries for words, phrases and names against them.'
close_package morgue-model science '' 'full-text search for news archives: names model' "$long
 .
 This package has the model by which people, organisations and places are found in English articles."
close_package morgue text "morgue-model (= $version)" 'full-text search for news archives' "$long"
close_package libmorgue0 libs "morgue-model (= $version)" 'full-text search for news archives: library' "$long
 .
 This package has the shared library."
close_package libxapian-c0 libs '' 'C binding of libxapian' ' Databases, documents, queries and matching of libxapian for programs in C.'
close_package libmorgue-dev libdevel "libmorgue0 (= $version)" 'full-text search for news archives: development files' "$long
 .
 This package has the header, the static library and what pkg-config wants."
close_package libxapian-c-dev libdevel "libxapian-c0 (= $version)" 'C binding of libxapian: development files' ' Databases, documents, queries and matching of libxapian for programs in C.
 .
 This package has the header, the static library and what pkg-config wants.'
ls "$out"

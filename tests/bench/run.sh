#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Speed and size, side by side with the peers in one run. Needs news as JSONL (id, date, title, text) and
# phrases, one a line: DATA and PHRASES, by default those of ../shared/data. The peers' harnesses are
# taken from PEERS (../shared/peers) and built where their packages are present. WORK keeps the indexes.
set -eu
bin=${BUILD:-build}
shared=${SHARED:-../shared}
DATA=${DATA:-$(ls "$shared"/data/news/reuters-dev-*.jsonl.gz 2>/dev/null || true)}
PHRASES=${PHRASES:-$shared/data/queries/reuters-phrases.txt}
PEERS=${PEERS:-$shared/peers}
[ -n "$DATA" ] || { echo 'skip: there is no news to measure with; set DATA=file.jsonl.gz'; exit 0; }
WORK=${WORK:-$(mktemp -d "${TMPDIR:-/tmp}/morgue-bench.XXXXXX")}
mkdir -p "$WORK"
echo "work folder: $WORK"

timed() { # name, command...: seconds and peak memory of a whole process
    name=$1; shift
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -f "$name: %e s wall, %U s user, %S s system, %M KiB peak" "$@"
    else
        start=$(date +%s.%N); "$@"
        echo "$name: $(echo "$(date +%s.%N) - $start" | bc) s wall"
    fi
}

rm -rf "$WORK/full" "$WORK/words"
# shellcheck disable=SC2086
timed 'morgue-index, all' "$bin/morgue-index" -q -a "$WORK/full" --jobs 2 $DATA
# shellcheck disable=SC2086
timed 'morgue-index, --no-entities' "$bin/morgue-index" -q -a "$WORK/words" --jobs 2 --no-entities $DATA
"$bin/morgue-index" -a "$WORK/full" --stats
du -sb "$WORK/full" "$WORK/full"/*

if [ -d "$PEERS" ] && command -v javac >/dev/null && [ -f /usr/share/java/lucene-core-8.7.0.jar ]; then
    peers=$WORK/peers
    mkdir -p "$peers"
    cp "$PEERS"/* "$peers/" && chmod -R u+w "$peers"
    cp=/usr/share/java/lucene-core-8.7.0.jar:/usr/share/java/lucene-analyzers-common-8.7.0.jar
    javac -cp "$cp" -d "$peers" "$peers"/LuceneIndex.java "$peers"/LuceneSearch.java
    # shellcheck disable=SC2086
    [ -f "$WORK/news.tsv" ] || python3 "$peers/to_tsv.py" $DATA >"$WORK/news.tsv"
    rm -rf "$WORK/lucene" "$WORK/lucene-stored"
    timed 'lucene, text not stored' java -Xmx4g -cp "$cp:$peers" LuceneIndex "$WORK/lucene" 0 <"$WORK/news.tsv"
    timed 'lucene, text stored' java -Xmx4g -cp "$cp:$peers" LuceneIndex "$WORK/lucene-stored" 1 <"$WORK/news.tsv"
    du -sb "$WORK/lucene" "$WORK/lucene-stored"
else
    echo 'skip: Lucene is not here (packages liblucene8-java default-jdk-headless, folder PEERS)'
    peers=
fi

for mode in phrase and or; do
    "$bin/bench/bench_search" "$WORK/full" "$PHRASES" $mode 10 8
    [ -z "$peers" ] || java -Xmx2g -cp "$cp:$peers" LuceneSearch "$WORK/lucene" "$PHRASES" $mode 10 8
done
for mode in slop near before wildcard leading fuzzy slot entity; do
    "$bin/bench/bench_search" "$WORK/full" "$PHRASES" $mode 10 8
done
"$bin/bench/bench_overview" "$WORK/full"
"$bin/bench/bench_postings" 2>/dev/null || true

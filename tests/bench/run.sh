#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Speed and size, side by side with the peers, in one run: prints a Markdown table at the end, which is also
# $WORK/table.md. Needs news as JSONL (id, date, title, text) and phrases, one a line: DATA and PHRASES, by default
# those of ../shared/data. The peers' harnesses are taken from PEERS (../shared/peers) and built where their packages
# are present. WORK keeps the indexes. REPEATS is how often what takes seconds is run (the median counts); LARGE=1
# adds an archive eight times as large, made by recombining the sentences of the news.
set -eu
bin=${BUILD:-build}
shared=${SHARED:-../shared}
DATA=${DATA:-$(ls "$shared"/data/news/reuters-dev-*.jsonl.gz 2>/dev/null || true)}
PHRASES=${PHRASES:-$shared/data/queries/reuters-phrases.txt}
PEERS=${PEERS:-$shared/peers}
REPEATS=${REPEATS:-3}
[ -n "$DATA" ] || { echo 'skip: there is no news to measure with; set DATA=file.jsonl.gz'; exit 0; }
WORK=${WORK:-$(mktemp -d "${TMPDIR:-/tmp}/morgue-bench.XXXXXX")}
mkdir -p "$WORK"
runs=$WORK/runs.tsv       # name, wall seconds, CPU seconds, MB of peak memory
sizes=$WORK/sizes.tsv     # name, bytes
queries=$WORK/queries.txt # lines of the search harnesses, behind the name of what was searched
: >"$runs"; : >"$sizes"; : >"$queries"
echo "work folder: $WORK" >&2

say() { echo "$*" >&2; }
runs_of() { # times, name, command...
    "$bin/bench/bench_run" "$@" 2>>"$WORK/log" | tee -a "$runs" >&2
}
size_of() { # name, files or folders...
    name=$1; shift
    printf '%s\t%s\n' "$name" "$(du -sbc "$@" | tail -n 1 | cut -f 1)" | tee -a "$sizes" >&2
}
fresh() { # name, archive, options and sources...: the archive made anew, each time
    name=$1 archive=$2; shift 2
    runs_of "$REPEATS" "$name" sh -c 'rm -rf "$1" && exec "$0" -q -a "$@"' "$bin/morgue-index" "$archive" "$@"
}
asked() { # what is searched, class, queries, top
    "$bin/bench/bench_search" "$1" "$3" "$2" "$4" 8 | sed "s|^|$(basename "$1") |" | tee -a "$queries" >&2
}
asked_lucene() {
    [ -z "$lucene" ] || java -Xmx2g -cp "$lucene" LuceneSearch "$WORK/lucene" "$3" "$1" "$2" 8 |
        sed "s|^lucene $1|lucene $4|; s|^|full |" | tee -a "$queries" >&2
}

# ---- What is there to compare with ---------------------------------------------------------------
lucene='' fts5='' xapian=''
mkdir -p "$WORK/peers"
if [ -d "$PEERS" ] && command -v python3 >/dev/null; then
    cp "$PEERS"/* "$WORK/peers/" 2>>"$WORK/log" || true
    chmod -R u+w "$WORK/peers"
    # shellcheck disable=SC2086
    [ -s "$WORK/news.tsv" ] || python3 "$WORK/peers/to_tsv.py" $DATA >"$WORK/news.tsv"
    jars=/usr/share/java/lucene-core-8.7.0.jar:/usr/share/java/lucene-analyzers-common-8.7.0.jar
    if command -v javac >/dev/null && [ -f "${jars%%:*}" ]; then
        javac -cp "$jars" -d "$WORK/peers" "$WORK"/peers/LuceneIndex.java "$WORK"/peers/LuceneSearch.java
        lucene=$jars:$WORK/peers
    fi
    fts5=$(python3 -c 'import sqlite3; sqlite3.connect(":memory:").execute("create virtual table t using fts5(x)"); print("yes")' \
        2>>"$WORK/log" || true)
    if g++ -O2 -o "$WORK/peers/xapian_index" "$WORK/peers/xapian_index.cc" -lxapian 2>>"$WORK/log" &&
        g++ -O2 -o "$WORK/peers/xapian_search" "$WORK/peers/xapian_search.cc" -lxapian 2>>"$WORK/log"; then
        xapian=yes
    fi
fi
[ -n "$lucene" ] || say 'skip: Lucene is not here (packages liblucene8-java default-jdk-headless python3, folder PEERS)'
[ -n "$fts5" ] || say 'skip: SQLite FTS5 is not here (package python3, folder PEERS)'
[ -n "$xapian" ] || say 'skip: the harness around libxapian is not here (folder PEERS)'

# ---- Indexing ------------------------------------------------------------------------------------
# shellcheck disable=SC2086
zcat -f $DATA | tee "$WORK/news.jsonl" | wc -c >"$WORK/bytes"
articles=$(wc -l <"$WORK/news.jsonl")
# shellcheck disable=SC2086
{
    fresh 'words, text not stored, 1 job' "$WORK/bare" --jobs 1 --no-entities --no-text $DATA
    fresh 'words, 1 job' "$WORK/words" --jobs 1 --no-entities $DATA
    fresh 'words, 2 jobs' "$WORK/words" --jobs 2 --no-entities $DATA
    fresh 'all, 2 jobs' "$WORK/full" --jobs 2 $DATA
}
for archive in bare words full; do
    "$bin/morgue-index" -a "$WORK/$archive" --stats | sed -n "s/^\([a-z ]*\) (bytes) *\([0-9,]*\)\$/$archive \1 \2/p" | tr -d , |
        awk '{ n = $NF; $NF = ""; sub(/ $/, ""); print $0 "\t" n }' | tee -a "$sizes" >&2
    size_of "$archive" "$WORK/$archive"
done
if [ -n "$lucene" ]; then
    runs_of "$REPEATS" 'lucene' java -Xmx4g -cp "$lucene" LuceneIndex "$WORK/lucene" 0 <"$WORK/news.tsv"
    runs_of "$REPEATS" 'lucene, stored' java -Xmx4g -cp "$lucene" LuceneIndex "$WORK/lucene-stored" 1 <"$WORK/news.tsv"
    size_of lucene "$WORK/lucene"
    size_of 'lucene, stored' "$WORK/lucene-stored"
fi
if [ -n "$fts5" ]; then
    runs_of 1 'fts5' sh -c 'rm -f "$1" && exec python3 "$0" index "$1"' "$WORK/peers/fts5.py" "$WORK/fts5.db" <"$WORK/news.tsv"
    size_of fts5 "$WORK/fts5.db"
fi
# It indexes some 1 MB a second: enough for its matcher to be measured, kept from run to run.
[ -z "$xapian" ] || [ -d "$WORK/xapian" ] || "$WORK/peers/xapian_index" "$WORK/xapian" 0 <"$WORK/news.tsv" >>"$WORK/log" 2>&1

# ---- Small changes, and making small segments one ------------------------------------------------
rm -rf "$WORK/changed"
cp -r "$WORK/full" "$WORK/changed"
tail -n 100 "$WORK/news.jsonl" | sed 's/"text": *"/&Changed. /' >"$WORK/hundred.jsonl"
runs_of 1 '100 articles changed' "$bin/morgue-index" -q -a "$WORK/changed" "$WORK/hundred.jsonl"
runs_of 1 'compact' "$bin/morgue-index" -q -a "$WORK/changed" --compact

# ---- Queries -------------------------------------------------------------------------------------
# Phrases of common words: the 200 most frequent sequences of two to four words in the first 5,000 articles.
head -n 5000 "$WORK/news.jsonl" | tr 'A-Z' 'a-z' | tr -cs 'a-z\n' ' ' | awk '
    { for (i = 1; i < NF; i++) { p = $i; for (n = 1; n < 4 && i + n <= NF; n++) { p = p " " $(i + n); seen[p]++ } } }
    END { for (p in seen) print seen[p] "\t" p }' | sort -k 1,1nr -k 2 | awk -F '\t' 'length($2) > 4 { print $2 }' |
    head -n 200 >"$WORK/common.txt"
sed 's/.*/"&"/' "$WORK/common.txt" >"$WORK/common-quoted.txt"
# Queries for names: every 250th person, organisation and place of the archive.
"$bin/morgue-search" -a "$WORK/full" --names-export | awk -F '\t' '$2 != "event" && NR % 250 == 0 { print $2 ":\"" $3 "\"" }' |
    head -n 400 >"$WORK/names.txt"
for top in 10 100 1000; do
    for mode in and or phrase; do
        asked "$WORK/full" $mode "$PHRASES" $top
        asked_lucene $mode $top "$PHRASES" $mode
        [ -z "$xapian" ] || [ $mode = phrase ] || "$WORK/peers/xapian_search" "$WORK/xapian" "$PHRASES" $mode $top 8 |
            sed "s|^|full |" | tee -a "$queries" >&2
    done
    asked "$WORK/full" common "$WORK/common-quoted.txt" $top
    asked_lucene phrase $top "$WORK/common.txt" common
    asked "$WORK/full" prefix "$PHRASES" $top
    asked "$WORK/full" name "$WORK/names.txt" $top
done
for mode in and or phrase prefix; do
    asked "$WORK/full" $mode "$PHRASES" count
done
asked "$WORK/full" common "$WORK/common-quoted.txt" count
asked "$WORK/full" name "$WORK/names.txt" count
word=$(head -n 1 "$PHRASES" | cut -d ' ' -f 1)
runs_of 50 'morgue-search, one word' "$bin/morgue-search" -a "$WORK/full" "$word"
"$bin/bench/bench_overview" "$WORK/full" >&2
"$bin/bench/bench_response" "$WORK/full" >&2

# ---- How it grows --------------------------------------------------------------------------------
parts='8 4 2'
for part in $parts; do
    head -n $((articles / part)) "$WORK/news.jsonl" | gzip -1 >"$WORK/part$part.jsonl.gz"
    fresh "1/$part" "$WORK/part$part" --jobs 2 "$WORK/part$part.jsonl.gz"
    size_of "part$part" "$WORK/part$part"
    for mode in and or phrase; do asked "$WORK/part$part" $mode "$PHRASES" 10; done
done
if [ "${LARGE:-0}" = 1 ] && command -v python3 >/dev/null; then
    [ -s "$WORK/large.jsonl.gz" ] || python3 "${0%/*}/recombine.py" 8 <"$WORK/news.jsonl" | gzip -1 >"$WORK/large.jsonl.gz"
    REPEATS=1 fresh 'x 8' "$WORK/large" --jobs 2 "$WORK/large.jsonl.gz"
    size_of large "$WORK/large"
    for mode in and or phrase; do asked "$WORK/large" $mode "$PHRASES" 10; done
fi

awk -v articles="$articles" -f "${0%/*}/table.awk" "$WORK/bytes" "$runs" "$sizes" "$queries" | tee "$WORK/table.md"

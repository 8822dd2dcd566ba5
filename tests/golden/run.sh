#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Command lines over samples/: the answers to samples/queries.tsv, and the whole output of some thirty
# commands against tests/golden/*.expected. With --rewrite those are written anew, for review.
set -u
BUILD=${BUILD:-build}
# Of the queries for names, which measure how well names are found, at least so many must agree.
NAMES_FLOOR=25

golden=$(dirname "$0")
index=$BUILD/morgue-index
search=$BUILD/morgue-search
rewrite=0
[ "${1:-}" = --rewrite ] && rewrite=1

LC_ALL=C.UTF-8
TERM=dumb
export LC_ALL TERM
unset MORGUE_ARCHIVE NO_COLOR COLUMNS
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-golden.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
archive=$tmp/archive
failed=0
checks=0

fail() {
    echo "FAIL: $*"
    failed=$((failed + 1))
}

# ---- The archive, as samples/README.md makes it -------------------------------------------------

build_archive() {
    "$index" -a "$archive" samples/articles/html samples/articles/text samples/articles/notices.json \
        samples/articles/wire.jsonl samples/articles/wire-2.jsonl.gz >"$tmp/out" 2>"$tmp/err"
    status=$?
    checks=$((checks + 1))
    [ "$status" -eq 2 ] || { fail "the first morgue-index: exit status $status, not 2"; cat "$tmp/err"; }
    [ -s "$tmp/out" ] && { fail 'the first morgue-index prints to standard output'; cat "$tmp/out"; }
    [ "$(grep -c 'wire.jsonl:7' "$tmp/err")" -eq 1 ] || { fail 'the broken line wire.jsonl:7 is not told once'; cat "$tmp/err"; }
    "$index" -a "$archive" --field title=headline --field text=body samples/articles/letters.json >"$tmp/out" 2>"$tmp/err"
    status=$?
    checks=$((checks + 1))
    [ "$status" -eq 0 ] || { fail "the second morgue-index: exit status $status"; cat "$tmp/err"; }
    count=$("$index" -a "$archive" --stats --format=json | sed 's/.*"articles":\([0-9]*\).*/\1/')
    checks=$((checks + 1))
    [ "$count" = 48 ] || fail "the archive holds $count articles, not 48"
}

# ---- samples/queries.tsv -------------------------------------------------------------------------

# Sorted, with commas between.
ids_of() {
    tr ',' '\n' | sed '/^$/d' | LC_ALL=C sort | paste -s -d, -
}

check_queries() {
    names=0
    names_right=0
    : >"$tmp/names"
    while IFS= read -r line; do
        case $line in
        '# Names.'*) names=1 ;;
        '#'* | '') ;;
        *)
            query=${line%%	*}
            expected=$(printf '%s' "${line#*	}" | ids_of)
            "$search" -a "$archive" -n 1000 --format=ids -- "$query" >"$tmp/out" 2>"$tmp/err"
            status=$?
            found=$(ids_of <"$tmp/out")
            wanted_status=$([ -n "$found" ] && echo 0 || echo 1)
            if [ "$names" -eq 1 ]; then
                names=1
                total=$((${total:-0} + 1))
                if [ "$found" = "$expected" ]; then names_right=$((names_right + 1)); else
                    printf '   %s\n     expected %s\n     found    %s\n' "$query" "$expected" "$found" >>"$tmp/names"
                fi
                continue
            fi
            checks=$((checks + 1))
            if [ "$found" != "$expected" ] || [ "$status" -ne "$wanted_status" ]; then
                fail "$query (exit status $status)"
                printf '  expected %s\n  found    %s\n' "$expected" "$found"
                cat "$tmp/err"
            fi
            ;;
        esac
    done <samples/queries.tsv
    echo "names: $names_right of ${total:-0} queries agree, at least $NAMES_FLOOR are wanted"
    [ "$names_right" -ge "$NAMES_FLOOR" ] || fail 'too few of the queries for names agree'
    # Shown when something failed, or on its own: sh tests/golden/run.sh
    cat "$tmp/names"
}

# ---- Whole outputs --------------------------------------------------------------------------------

# $1: name; $2: what is looked at; the rest: a command. Paths and times that differ between runs are replaced.
expect() {
    name=$1
    shift
    {
        printf '$'
        for word; do
            case $word in
            *[!A-Za-z0-9_./:=,@+-]* | '') printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
            esac
        done
        echo
        "$@" </dev/null >"$tmp/out" 2>"$tmp/err"
        status=$?
        tr '\000' '\n' <"$tmp/out"
        [ -s "$tmp/err" ] && { echo '-- standard error'; cat "$tmp/err"; }
        echo "-- exit status $status"
    } | sed -e "s|$tmp|TMP|g" -e "s|$BUILD/morgue|build/morgue|g" -e 's/ in [0-9.]* s$/ in N s/' \
        -e 's/\("[a-z_]*_bytes":\)[0-9]*/\1N/g' -e 's/^\([a-z ]*(bytes) *\).*/\1N/' >"$tmp/got"
    checks=$((checks + 1))
    if [ "$rewrite" -eq 1 ]; then
        cp "$tmp/got" "$golden/$name.expected"
    elif [ ! -f "$golden/$name.expected" ]; then
        fail "there is no $golden/$name.expected; make golden writes it"
    elif ! diff -u "$golden/$name.expected" "$tmp/got"; then
        fail "$name: the output is not what is expected"
    fi
}

s() {
    name=$1
    shift
    expect "$name" "$search" -a "$archive" "$@"
}

i() {
    name=$1
    shift
    expect "$name" "$index" "$@"
}

check_outputs() {
    # For people.
    s text --color=never --width 80 -n 3 'cable treaty'
    s text-color --color=always --width 80 -n 2 '"legal guarantees" OR umbrella'
    s text-narrow --color=never --width 32 -n 2 wimmer
    s text-unwrapped --color=never --width 0 -n 1 '"Baltic Grid Council" divers'
    s text-person --color=never --width 80 -n 2 person:putin org:nato
    s text-script --color=never --width 80 '海底电缆 OR "해저 케이블"'
    s text-page --color=never --width 80 -n 2 --offset 4 --sort oldest cable
    s text-newest --color=never --width 80 -n 3 --sort newest 'nato OR kyiv'
    s text-any --color=never --width 80 -n 4 --any walrus trout clocks
    s text-nothing --color=never --width 80 'sausage lighthouse'
    s text-explain --color=never --width 80 --explain -n 1 'Kremlin-backed -title:cable (source:nordwire OR after:2017-02)'
    s text-explain-names --color=never --width 80 --explain -n 1 person:lindhom place:kiev
    s text-near --color=always --width 80 -n 2 '(orrvik BEFORE/9 kalnsala) NEAR/20 cabl*'
    s text-slots --color=always --width 80 -n 2 '"<person> said"~4 kremlin'
    s text-explain-language --color=never --width 80 --explain -n 1 '(sanction* NEAR/9 (sevmor OR org:nato))^2 (stotenberg~ OR "legal wom?n"~3 OR "in <place>") -when:2018'
    s show --color=never --width 72 --show cp-20170227-rumour
    s show-color --color=always --width 72 --show samples/articles/text/skarby-cake.txt 'cake OR nato'
    s show-nothing --show no-such-article
    s show-links --color=always --hyperlinks=always --width 72 --show cp-20170227-rumour treaty
    s text-past --color=never --width 80 --offset 90 cable
    s text-links --color=never --hyperlinks=always --width 40 -n 1 'title:umbrellas OR title:"draft treaty"'
    s text-versions --color=never --width 80 -n 3 sanctions
    s text-no-group --color=never --width 80 -n 3 --no-group sanctions
    # Overviews.
    s facet --color=never --width 80 --facet person,source,lang --top 4 cable
    s facet-narrow --color=never --width 40 --facet place -n 1 cable
    s facet-color --color=always --width 60 --facet org --top 2 cable
    expect facet-plain env LC_ALL=C "$search" -a "$archive" --color=never --width 60 --facet month --top 0 cable
    s facet-json --format=json --facet person,year --top 2 cable
    s facet-jsonl --format=jsonl --facet lang cable
    s facet-csv --format=csv --facet org,month --top 3 cable
    s facet-nothing --color=never --facet org zebra
    s timeline --color=never --width 60 --timeline cable
    s timeline-day --color=never --width 60 --timeline=day 'cable date:2017-01..2017-03'
    s timeline-json --format=json --timeline=year cable
    s timeline-tsv --format=tsv --timeline=month 'cable date:2017'
    s names --color=never --width 60 --names --top 5 cable
    s names-type --color=never --width 60 --names=org,place --top 3 cable
    s names-json --format=json --names --top 2 cable
    s names-tsv --format=tsv --names --top 2 cable
    s related --color=never --width 72 --related stoltenberg --with-timeline --top 4
    s related-type --color=never --width 72 --related org:nato --top 3 cable
    s related-json --format=json --related stoltenberg --with-timeline --top 1
    s related-nobody --color=never --related zebra
    s names-export --names-export
    s names-export-jsonl --names-export --format=jsonl
    s similar --color=never --width 72 -n 2 --similar nw-20170301-sanctions
    s similar-nothing --similar no-such-article
    s complete --complete 'cab'
    s complete-json --format=json -n 3 --complete 'cable person:st'
    s suggestion --color=never 'cabel treatty'
    s suggestion-json --format=json 'cabel treatty'
    s recency --color=never --width 72 -n 2 --recency 30 cable
    # One question after another.
    expect interactive sh -c "printf '%s\n' cable '/facet person' '+person 1' undo next prev '+-lang:en' undo timeline names \
        2 '/similar 1' '/related nato' '/sort newest' '/explain' '(' 99 /nothing '/facet colour' '/timeline week' + help | \
        $search -a $archive --color=never --width 60 -n 2 -i"
    expect interactive-query sh -c "printf '%s\n' 1 quit cable | $search -a $archive --color=never --width 60 -n 1 -i umbrella"
    expect interactive-mean sh -c "printf '%s\n' 'cabel treatty' /mean undo zebra /mean | \
        $search -a $archive --color=never --width 60 -n 1 -i"
    expect interactive-pages sh -c "printf '%s\n' 'title:cables OR title:cable' next next next prev 'facet year' next | \
        $search -a $archive --color=never --width 60 -n 3 -i"
    expect interactive-nothing sh -c "printf '%s\n' undo next /explain 5 | $search -a $archive --color=never --width 60 -n 1 -i"
    # For programs.
    s json --format=json -n 2 'treaty before:2018'
    s json-explain --format=json --explain -n 1 'person:hrytsenko U.S.'
    s json-nothing --format=json zebra
    s json-show --format=json --show letter-2008-112
    s jsonl --format=jsonl -n 3 'bank OR ferry'
    s tsv --format=tsv -n 5 cable
    s csv --format=csv -n 3 '"Little Marrow"'
    s ids --format=ids -n 100 date:2017-03
    s json-all --format=json --format-version=1 -n 1 --matches --with-names --group --exact sanctions
    s csv-fields --format=csv --fields=id,lang,author,archive,snippet -n 2 'cable treaty'
    s tsv-text --format=tsv --fields rank,text -n 1 marrow
    s ids-group --format=ids --group -n 10 sanctions
    s ids-null --format=ids -0 -n 3 author:'"Gail Drummond"'
    s count --count 'U.S. OR U.N.'
    s count-nothing --count zebra
    # Queries that cannot be read.
    s error-quote --width 80 'nato "red line'
    s error-brackets --width 80 '(((('
    s error-field --width 80 'nato colour:red'
    s error-empty --width 80 ''
    s error-no-word --width 80 'cable && nato'
    s error-wildcard --width 80 'nato * cable'
    s error-fuzzy --width 80 'nato un~'
    s error-near --width 80 'putin NEAR/10 -biden'
    s error-near-group --width 80 'cable NEAR (red line)'
    s error-near-small --width 80 'putin near/10 biden'
    s error-slop --width 80 '"red line" ~3'
    s error-slot --width 80 '<person> met <person>'
    s error-slot-name --width 80 '"<company> bought <org>"'
    s error-weight --width 80 'cable peace^'
    s error-field-name --width 80 'nato headline:cable'
    s error-when --width 80 'when:1995s'
    s error-date --width 80 'date:2017-13'
    s error-operator --width 80 'cable OR'
    s error-long --width 40 'the sea cable between Orrvik and Kalnsala was cut by an anchor (in the winter of 2017'
    # Command lines.
    expect search-help "$search" --help
    expect search-help-query "$search" --help-query
    expect search-no-archive "$search" -a "$tmp/none" cable
    expect search-no-query "$search" -a "$archive"
    s search-late-option cable -n 3
    s search-bad-format --format=xml cable
    s search-bad-version --format=json --format-version=2 cable
    s search-bad-field --format=tsv --fields=id,size cable
    s search-lone-fields --fields=id cable
    s search-lone-matches --matches cable
    s search-lone-null -0 cable
    s search-group-twice --group --no-group cable
    s search-bad-facet --facet=person,colour cable
    s search-facet-twice --facet=org,org cable
    s search-bad-timeline --timeline=week cable
    s search-bad-names --names=people cable
    s search-lone-top --top 3 cable
    s search-lone-with-timeline --with-timeline cable
    s search-count-facet --count --facet=org cable
    s search-ids-facet --format=ids --facet=org cable
    s search-two-rows --format=tsv --facet=org --names cable
    s search-two-actions --show x --similar y
    s search-overview-show --timeline --show x
    s search-query-similar --similar x cable
    s search-recency-newest --recency 5 --sort newest cable
    s search-bad-cursor --since yesterday cable
    s search-cursor-show --cursor --show x
    s search-bad-width --width 99999 cable
    s search-bad-limit -n many cable
    s search-no-value --show
    s search-no-option --frobnicate cable
    s search-hyphen -cable
    s search-count-show --count --show cp-20170227-rumour
    i index-help --help
    i index-inputs --list-inputs
    i index-check -a "$archive" --check
    i index-stats -a "$archive" --stats
    i index-no-archive -a "$tmp/none" --check
    i index-no-source -a "$archive"
    i index-missing-source -a "$archive" samples/no-such-file
    i index-unchanged -a "$archive" samples/articles/notices.json
    i index-bad-size -a "$archive" --memory lots samples/articles/notices.json
    i index-no-text-names -a "$tmp/bare" --no-text samples/articles/wire.jsonl
    i index-no-text -a "$tmp/bare" -q --no-entities --no-text samples/articles/wire.jsonl
    expect no-text "$search" -a "$tmp/bare" '"severed Orrvik cable"'
    expect no-text-json "$search" -a "$tmp/bare" --format=json '"severed Orrvik cable"'
    expect no-text-show "$search" -a "$tmp/bare" --show nw-20170301-sanctions
    expect no-text-similar "$search" -a "$tmp/bare" --similar nw-20170301-sanctions -n 2
    i no-text-check -a "$tmp/bare" --check
    # Last, because it changes the archive. An export that was not edited changes nothing; one that was merges.
    "$search" -a "$archive" --names-export >"$tmp/names.tsv"
    i names-install -a "$archive" --names "$tmp/names.tsv"
    expect names-export-again sh -c "\"\$@\" | diff \"\$0\" -" "$tmp/names.tsv" "$search" -a "$archive" --names-export
    sed -e '/^p:lindhom\t/d' -e 's/^\(p:lindholm\t.*\)$/\1|Lindhom/' -e 's/^l:oslo\tplace/l:oslo\t-/' \
        "$tmp/names.tsv" >"$tmp/edited.tsv"
    printf 'bad\trow\n' >>"$tmp/edited.tsv"
    i names-install-edited -a "$archive" --names "$tmp/edited.tsv"
    s names-edited --format=tsv --explain -n 2 person:lindhom
    i names-forget -a "$archive" --names ''
    i index-delete -a "$archive" --delete letter-2008-112 --delete no-such-article
    i index-delete-query -a "$archive" --delete-query lang:de --delete-query 'title:('
    s deleted --count 'lang:de OR id:letter-2008-112'
    i index-compact -a "$archive" --compact --check --stats --format=json
}

# A case that is gone leaves no file behind.
check_strays() {
    for file in "$golden"/*.expected; do
        name=$(basename "$file" .expected)
        grep -q "^ *\(s\|i\|expect\) $name " "$0" || fail "$file belongs to no case"
    done
}

build_archive
[ "$rewrite" -eq 1 ] || check_queries
check_outputs
check_strays
echo "$checks command lines, $failed failed"
[ "$failed" -eq 0 ]

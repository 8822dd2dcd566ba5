# SPDX-License-Identifier: GPL-2.0-or-later
# The Markdown tables of run.sh. Files: the bytes of the news; name, wall, CPU, peak; name, bytes; lines of the search
# harnesses behind the name of the archive.

BEGIN { FS = "\t" }
FNR == 1 { file++ }
file == 1 { megabytes = $1 / 1e6 }
file == 2 { wall[$1] = $2; cpu[$1] = $3; peak[$1] = $4 }
file == 3 { bytes[$1] = $2 }
# "full morgue and top10: n=400 hits=3914 mean 228us p50 146 p90 535 p99 1176 max 2208"
file == 4 {
    split($0, w, " ")
    key = w[1] " " w[2] " " w[3] " " substr(w[4], 4)
    sub(/:$/, "", key)
    for (i = 5; i in w; i++) {
        if (w[i] == "p50") median[key] = w[i + 1]
        if (w[i] == "p99") slowest[key] = w[i + 1]
    }
    delete w
}

function row(a, b, c, d, e) { printf "| %s | %s | %s | %s | %s |\n", a, b, c, d, e }
function times(peer, own) { return peer && own ? sprintf("%.1f x", peer / own) : "" }
function cpu_times(peer, own) { return peer in cpu && own in cpu ? times(cpu[peer], cpu[own]) " of CPU" : "" }
function in_brackets(label, text) { return text ? " (" label " " text ")" : "" }
function speed(name) { return name in wall ? sprintf("%.1f s, %.1f s CPU, %.1f MB per CPU s", wall[name], cpu[name], megabytes / cpu[name]) : "" }
function size(n) { return n ? sprintf("%.1f MB", n / 1e6) : "" }
function micros(key) { return key in median ? sprintf("%s, %s", median[key], slowest[key]) : "" }
function faster(mine, peer) { return peer in median ? times(median[peer], median[mine]) ", " times(slowest[peer], slowest[mine]) : "" }

function queries(name, class, top,    mine, lucene, xapian) {
    mine = "full morgue " class " " top
    lucene = "full lucene " class " " top
    xapian = "full xapian " class " " top
    if (mine in median)
        row(name, micros(mine), micros(lucene), micros(xapian), faster(mine, lucene))
}
function grown(name, archive, run) {
    if (run in wall)
        printf "| %s | %.1f s | %.0f MB | %s | %s | %s | %s |\n", name, wall[run], peak[run], size(bytes[archive]),
            micros(archive " morgue and 10"), micros(archive " morgue or 10"), micros(archive " morgue phrase 10")
}

END {
    printf "%d articles, %.0f MB of JSON\n\n", articles, megabytes
    row("", "Morgue", "Lucene", "FTS5", "Lucene / Morgue")
    row("---", "---", "---", "---", "---")
    row("words, text not stored, 1 job", speed("words, text not stored, 1 job"), speed("lucene"), speed("fts5"), cpu_times("lucene", "words, text not stored, 1 job") in_brackets("FTS5", cpu_times("fts5", "words, text not stored, 1 job")))
    row("words and stored text, 1 job", speed("words, 1 job"), speed("lucene, stored"), "", cpu_times("lucene, stored", "words, 1 job"))
    row("words and stored text, 2 jobs", speed("words, 2 jobs"), speed("lucene, stored"), "", times(wall["lucene, stored"], wall["words, 2 jobs"]))
    row("words, names and stored text, 2 jobs", speed("all, 2 jobs"), speed("lucene, stored"), "", times(wall["lucene, stored"], wall["all, 2 jobs"]))
    row("peak memory", sprintf("%.0f MB, with names %.0f MB", peak["words, 2 jobs"], peak["all, 2 jobs"]), "", "", "")
    row("index of words, without text", size(bytes["words index"]), size(bytes["lucene"]), size(bytes["fts5"]), "")
    row("all, text not stored, without names", size(bytes["bare"]), size(bytes["lucene"]), size(bytes["fts5"]), "")
    row("all, text stored, without names", size(bytes["words"]), size(bytes["lucene, stored"]), "", "")
    row("all, text stored, with names", size(bytes["full"]), "", "", "")
    row("100 articles changed", sprintf("%.2f s", wall["100 articles changed"]), "", "", "")
    row("two segments made one", sprintf("%.1f s", wall["compact"]), "", "", "")
    row("morgue-search, one word", sprintf("%.1f ms, %.1f ms CPU", 1000 * wall["morgue-search, one word"], 1000 * cpu["morgue-search, one word"]), "", "", "")
    printf "\nMedian and 99th percentile in microseconds:\n\n"
    row("", "Morgue", "Lucene", "Xapian", "Lucene / Morgue")
    row("---", "---", "---", "---", "---")
    split("10 100 1000 count", tops, " ")
    for (i = 1; i <= 4; i++) {
        what = tops[i] == "count" ? "ten and the exact count" : "top " tops[i]
        queries("all words, " what, "and", tops[i])
        queries("any words, " what, "or", tops[i])
        queries("phrases, " what, "phrase", tops[i])
        queries("phrases of common words, " what, "common", tops[i])
        queries("prefixes, " what, "prefix", tops[i])
        queries("names, " what, "name", tops[i])
    }
    printf "\nAs the archive grows (all, 2 jobs; queries: median and 99th percentile in microseconds, top 10):\n\n"
    print "| | indexing | peak memory | bytes | all words | any words | phrases |\n|---|---|---|---|---|---|---|"
    grown("1/8", "part8", "1/8")
    grown("1/4", "part4", "1/4")
    grown("1/2", "part2", "1/2")
    grown("1", "full", "all, 2 jobs")
    grown("8, recombined", "large", "x 8")
}

# SPDX-License-Identifier: GPL-2.0-or-later
# morgue(3) and a page for each part of morgue.h, into directory DIR, so that the header stays the one place where the
# library is described: awk -v dir=DIR -v date=DATE -f manual.awk morgue.h. Each function has a page by its name that leads
# to the page of its part; those without a comment are listed in DIR/undescribed. The parts' titles are the header's; what their pages are called is in `page`.

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/^[.']/, "\\\\\\&&", text)
    return text
}
# Paragraphs are asked for where one may be needed, and made when something follows.
function out(text) {
    if (text == ".Pp") {
        paragraph = 1
        return
    }
    if (paragraph && text !~ /^\.(Bd|Sh)/ && after != ".Sh")
        print ".Pp" >file
    paragraph = 0
    after = substr(text, 1, 3)
    print text >file
}
function begin(name, what) {
    file = dir "/" name ".3"
    out(".\\\" Made from morgue.h; do not edit.")
    out(".Dd " date)
    out(".Dt " toupper(name) " 3")
    out(".Os")
    out(".Sh NAME")
    out(".Nm " name)
    out(".Nd " what)
}
function finish() {
    if (!file)
        return
    out(".Sh SEE ALSO\n.Xr morgue-index 1 ,\n.Xr morgue-search 1 ,")
    for (i = 1; i <= part_count; i++)
        order[i] = parts[i]
    for (i = 2; i <= part_count; i++)
        for (k = i; k > 1 && order[k - 1] > order[k]; k--) {
            swap = order[k]
            order[k] = order[k - 1]
            order[k - 1] = swap
        }
    for (i = 1; i <= part_count; i++)
        if (order[i] != current)
            out(".Xr " order[i] " 3 ,")
    out(".Xr morgue-query 7")
    close(file)
    file = ""
}
# Each sentence begins a line.
function sentences(text) {
    while (match(text, /[.?!] +[^a-z0-9 ]/)) {
        out(escape(substr(text, 1, RSTART)))
        text = substr(text, RSTART + 1)
        sub(/^ */, "", text)
    }
    out(escape(text))
}
# A comment, which may hold several paragraphs.
function prose(text,    lines, n, i) {
    sub(/^ *\/\* */, "", text)
    sub(/ *\*\/ *$/, "", text)
    n = split(text, lines, "\n")
    for (i = 1; i <= n; i++) {
        sub(/^ *\*? ?/, "", lines[i])
        if (lines[i] ~ /^ *$/)
            out(".Pp")
        else if (lines[i] ~ /^ *- /) {
            out(".Pp")
            sentences(substr(lines[i], index(lines[i], "-") + 2))
        } else {
            sub(/^ */, "", lines[i])
            sentences(lines[i])
        }
    }
}
function code(text,    lines, n, i) {
    n = split(text, lines, "\n")
    out(".Bd -literal")
    for (i = 1; i <= n; i++) {
        if (sub(/^MORGUE_API /, "", lines[i]))
            shift = 11
        else if (lines[i] !~ /^           /)
            shift = 0
        else if (shift)
            lines[i] = substr(lines[i], shift + 1)
        if (lines[i] != "")
            out(escape(lines[i]))
    }
    out(".Ed")
}
# A declaration with the comment before it.
function item(    name) {
    if (pending_code == "")
        return
    code(pending_code)
    if (pending_text != "")
        prose(pending_text)
    while (match(pending_code, /MORGUE_API [^;(]*\(/)) {
        name = substr(pending_code, RSTART, RLENGTH - 1)
        sub(/.*[ *]/, "", name)
        if (pending_text == "")
            print name >(dir "/undescribed")
        if (name != current) {
            print ".so man3/" current ".3" >(dir "/" name ".3")
            close(dir "/" name ".3")
        }
        pending_code = substr(pending_code, RSTART + RLENGTH)
    }
    pending_code = pending_text = ""
}
function start_part(title,    name) {
    item()
    finish()
    if (!(title in page)) {
        print "manual.awk: the part \"" title "\" has no page" >"/dev/stderr"
        failed = 1
        exit 1
    }
    current = page[title]
    begin(current, what[title])
    out(".Sh SYNOPSIS\n.In morgue.h")
    out(".Pp")
    out("Link with\n.Ql pkg-config --libs morgue .")
    out(".Sh DESCRIPTION")
}
function part(title, name, line) {
    page[title] = name
    what[title] = line
    parts[++part_count] = name
}

BEGIN {
    part("", "morgue", "full-text search for news archives")
    part("Errors", "morgue_errors", "how functions of libmorgue fail")
    part("Articles in", "morgue_indexing", "put articles into an archive")
    part("The archive as a whole", "morgue_archives", "how large an archive is, and whether it is sound")
    part("Searching", "morgue_searching", "ask archives, and read what was found")
    part("Names", "morgue_naming", "the names that archives know")
    part("Overviews: what all matching articles have, not just those of the page", "morgue_overviews", "facets and names of all that match")
    part("Help while typing", "morgue_completing", "ways to go on typing a query")
    part("Sessions: searching from an event loop", "morgue_sessions", "searching from an event loop")
    start_part("")
    introducing = 1
}
/^#ifdef __cplusplus/ { skipping = 1 }
skipping { skipping = !/^#endif/; next }
/^\/\* SPDX/ || /^#(if|else|endif|include|define MORGUE_(API|H|VERSION))/ { next }
/^\/\* ---- / {
    title = $0
    sub(/^\/\* ---- /, "", title)
    open_title = title !~ /\*\/ *$/
    sub(/ *-+ *(\*\/)? *$/, "", title)
    start_part(title)
    if (open_title) {
        in_comment = introducing = 1
        comment = "/*"
    }
    next
}
in_comment { comment = comment "\n" $0; if (/\*\/ *$/) { in_comment = 0; pending_text = comment; if (introducing) { prose(pending_text); pending_text = "" } introducing = 0 } next }
depth == 0 && /^(\/\*)/ {
    item()
    comment = $0
    if (/\*\/ *$/)
        pending_text = comment
    else
        in_comment = 1
    next
}
/^ *$/ { if (depth == 0) item(); next }
{
    line = $0
    depth += gsub(/\{/, "{", line) - gsub(/\}/, "}", line)
    pending_code = pending_code (pending_code == "" ? "" : "\n") $0
}
END {
    if (failed)
        exit 1
    item()
    finish()
}

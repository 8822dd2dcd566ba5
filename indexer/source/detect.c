/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of input this is, from its first bytes; the name is asked only where they leave it open. */
#include <string.h>
#include <strings.h>

#include "source/charset.h"
#include "source/csv.h"
#include "source/json_scan.h"
#include "source/reader.h"

enum { PEEK_BYTES = 64 << 10, TAG_SEARCH_BYTES = 4096, FEED_SEARCH_BYTES = 1024, FIELD_NAME_BYTES = 64 };

/* What is certainly no text, for a message that says more than "not text". */
static const struct magic {
    const char *bytes;
    size_t len;
    const char *cause;
} magics[] = {
    { "%PDF-", 5, "a PDF document, not text; skipped" },
    { "7z\xbc\xaf", 4, "a 7z archive, which is not read; skipped" },
    { "\x89PNG", 4, "an image, not text; skipped" },
    { "\xff\xd8\xff", 3, "an image, not text; skipped" },
    { "GIF8", 4, "an image, not text; skipped" },
    { "\x7f"
      "ELF",
      4, "a program, not text; skipped" },
};

/* What holds files: those of archive.c. */
static const struct {
    const char *bytes;
    size_t len, at;
} containers[] = {
    { "ustar", 5, 257 },
    { "PK\x03\x04", 4, 0 },
    { "PK\x05\x06", 4, 0 }, /* an empty one */
    { "BZh", 3, 0 },
    { "\xfd" "7zXZ", 5, 0 },
    { "\x28\xb5\x2f\xfd", 4, 0 },
    { "\x1f\x8b", 2, 0 }, /* gzip inside gzip */
};

typedef struct peeked {
    const unsigned char *p;
    size_t len;
    int whole; /* there is no more than this */
    const char *const *fields; /* mappings, "text=body" */
} peeked;

static size_t skip_space(const peeked *k, size_t at)
{
    while (at < k->len && strchr(" \t\r\n\f\v", k->p[at]) && k->p[at])
        at++;
    return at;
}

/* "news.JSONL.gz" ends in ".jsonl". */
static int name_ends(const char *path, const char *ending)
{
    size_t len = strlen(path), n = strlen(ending);
    if (len > 3 && strcasecmp(path + len - 3, ".gz") == 0)
        len -= 3;
    return len >= n && strncasecmp(path + len - n, ending, n) == 0;
}

static int named_jsonl(const char *path)
{
    return name_ends(path, ".jsonl") || name_ends(path, ".ndjson") || name_ends(path, ".jsonlines");
}

static int named_html(const char *path)
{
    return name_ends(path, ".html") || name_ends(path, ".htm") || name_ends(path, ".xhtml");
}

/* Text has no NULs and hardly any control characters. */
static int is_binary(const peeked *k)
{
    size_t bad = 0;
    for (size_t i = 0; i < k->len; i++) {
        unsigned char c = k->p[i];
        if (c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\b' && c != 27 && c != 26)
            bad += c ? 1 : 8;
    }
    return bad * 50 > k->len;
}

/* ---- JSON ---- */

/* Opens an object or an array of objects, and is not merely text in brackets. */
static int opens_json(const peeked *k, size_t at)
{
    unsigned char c = k->p[at];
    size_t next = skip_space(k, at + 1);
    if (next == k->len)
        return k->whole ? 0 : c == '{';
    if (c == '{')
        return k->p[next] == '"' || k->p[next] == '}';
    return k->p[next] == '{' || k->p[next] == ']';
}

/* In a first line that is broken the next one still begins an object at once. */
static int next_line_opens_object(const peeked *k, size_t at)
{
    const unsigned char *newline = at < k->len ? memchr(k->p + at, '\n', k->len - at) : NULL;
    return newline && newline + 2 < k->p + k->len && newline[1] == '{' && newline[2] == '"';
}

/* An object: the first of many lines, or a document? */
static const mrg_reader_kind *judge_object(const peeked *k, size_t at, const char *path)
{
    if (memmem(k->p, k->len < FEED_SEARCH_BYTES ? k->len : FEED_SEARCH_BYTES, "jsonfeed.org/version/", 21))
        return &mrg_reader_json_feed;
    mrg_json_scan scan = { .watch = 1 };
    mrg_json_found found;
    size_t end = at + mrg_json_scan_bytes(&scan, k->p + at, k->len - at, &found);
    if (found == MRG_JSON_LIST && !scan.newline)
        return named_jsonl(path) && memchr(k->p + end, '\n', k->len - end) ? &mrg_reader_jsonl : &mrg_reader_json;
    if (scan.newline)
        return next_line_opens_object(k, at) ? &mrg_reader_jsonl : &mrg_reader_json;
    if (found == MRG_JSON_MORE)
        return name_ends(path, ".json") || k->whole ? &mrg_reader_json : &mrg_reader_jsonl;
    while (end < k->len && (k->p[end] == ' ' || k->p[end] == '\t' || k->p[end] == '\r'))
        end++;
    if (named_jsonl(path))
        return &mrg_reader_jsonl;
    if (skip_space(k, end) == k->len && k->whole) /* the only one */
        return &mrg_reader_json;
    return end == k->len || k->p[end] == '\n' ? &mrg_reader_jsonl : &mrg_reader_json;
}

static int has_object_line(const peeked *k)
{
    if (k->len > 1 && k->p[0] == '{' && k->p[1] == '"')
        return 1;
    for (size_t at = 0; at < k->len;) {
        if (next_line_opens_object(k, at))
            return 1;
        const unsigned char *newline = memchr(k->p + at, '\n', k->len - at);
        at = newline ? (size_t)(newline - k->p) + 1 : k->len;
    }
    return 0;
}

/* ---- HTML ---- */

/* The name of a tag at p ("html", "!doctype"), in lower case, without a prefix. */
static size_t tag_name(const peeked *k, size_t at, char out[16])
{
    size_t n = 0;
    for (at++; at < k->len && n < 15; at++) {
        unsigned char c = k->p[at];
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        if (c == ':' && n) {
            n = 0;
            continue;
        }
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '!' || c == '?'))
            break;
        out[n++] = (char)c;
    }
    out[n] = 0;
    return n;
}

static int is_html_tag(const char *name)
{
    static const char *const tags[] = { "html",  "head",    "body", "title",   "meta", "link", "script", "style", "div",
                                        "table", "article", "main", "section", "p",    "h1",   "h2",     "span",  "a",
                                        "br",    "center",  "font", "header",  "nav",  "base", "b",      "img" };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(name, tags[i]) == 0)
            return 1;
    return 0;
}

static int has_html_root(const peeked *k)
{
    size_t limit = k->len < TAG_SEARCH_BYTES ? k->len : TAG_SEARCH_BYTES;
    char name[16];
    for (size_t i = 0; i < limit; i++) {
        if (k->p[i] != '<')
            continue;
        tag_name(k, i, name);
        if (strcmp(name, "html") == 0 || strcmp(name, "body") == 0)
            return 1;
        if (strcmp(name, "!doctype") == 0 && i + 14 <= k->len &&
            strncasecmp((const char *)k->p + i + 10, "html", 4) == 0)
            return 1;
    }
    return 0;
}

/* The first element's name, past declarations and comments; 0 if it is not among the bytes. */
static size_t root_name(const peeked *k, size_t at, char out[16])
{
    while (at < k->len && k->p[at] == '<') {
        size_t n = tag_name(k, at, out), left = k->len - at;
        if (out[0] != '!' && out[0] != '?')
            return n;
        int comment = left > 4 && memcmp(k->p + at, "<!--", 4) == 0;
        const char *stop = comment ? "-->" : ">";
        const unsigned char *end = memmem(k->p + at, left, stop, strlen(stop));
        if (end && !comment && memchr(k->p + at, '[', (size_t)(end - k->p) - at)) { /* declarations inside */
            stop = "]>";
            end = memmem(k->p + at, left, stop, strlen(stop));
        }
        if (!end)
            break;
        at = skip_space(k, (size_t)(end - k->p) + strlen(stop));
    }
    out[0] = 0;
    return 0;
}

/* The reader of XML with this root element; NULL if there is none. */
static const mrg_reader_kind *find_vocabulary(const char *root)
{
    static const struct {
        const char *root;
        const mrg_reader_kind *kind;
    } vocabularies[] = {
        { "rss", &mrg_reader_feed },          { "feed", &mrg_reader_feed },
        { "rdf", &mrg_reader_feed },          { "channel", &mrg_reader_feed },
        { "entry", &mrg_reader_feed },        { "newsitem", &mrg_reader_newsml },
        { "newsmessage", &mrg_reader_newsml }, { "newsml", &mrg_reader_newsml },
        { "reuters", &mrg_reader_sgml },      { "lewis", &mrg_reader_sgml },
        { "doc", &mrg_reader_sgml },          { "nitf", &mrg_reader_newsml },
        { "contentset", &mrg_reader_newsml },
        { "packageitem", &mrg_reader_newsml },
        { "conceptitem", &mrg_reader_newsml }, { "knowledgeitem", &mrg_reader_newsml },
        { "planningitem", &mrg_reader_newsml }, { "catalogitem", &mrg_reader_newsml },
    };
    for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++)
        if (strcmp(root, vocabularies[i].root) == 0)
            return vocabularies[i].kind;
    return NULL;
}

static int has_closing_tag(const peeked *k, const char *root)
{
    size_t n = strlen(root), left = k->len;
    const unsigned char *p = k->p;
    while ((p = memmem(p, left, "</", 2)) != NULL) {
        p += 2;
        left = k->len - (size_t)(p - k->p);
        if (left >= n && strncasecmp((const char *)p, root, n) == 0)
            return 1;
    }
    return 0;
}

/* Begins with a tag: HTML, or XML of a kind that is not read, or text after all. */
static const mrg_reader_kind *judge_tag(const peeked *k, size_t at, const char *path, const char **cause)
{
    char first[16], root[16];
    tag_name(k, at, first);
    size_t n = root_name(k, at, root);
    if (is_html_tag(root))
        return &mrg_reader_html;
    const mrg_reader_kind *vocabulary = find_vocabulary(root);
    if (vocabulary)
        return vocabulary;
    if ((n && (strcmp(first, "?xml") == 0 || (!has_html_root(k) && has_closing_tag(k, root))))) {
        *cause = "XML of a kind that is not read; skipped";
        return NULL;
    }
    return has_html_root(k) || (named_html(path) && n) ? &mrg_reader_html : &mrg_reader_text;
}

/* ---- mail ---- */

/* The field's name of a line "Name: value", in lower case; 0 if it is no such line. */
static size_t field_name(const peeked *k, size_t at, size_t end, char out[FIELD_NAME_BYTES])
{
    size_t n = 0;
    for (; at < end && k->p[at] != ':' && n + 1 < FIELD_NAME_BYTES; at++) {
        unsigned char c = k->p[at];
        if (c <= ' ' || c >= 0x7f)
            return 0;
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    out[n] = 0;
    return at < end && k->p[at] == ':' ? n : 0;
}

static int is_mail_field(const char *name)
{
    static const char *const names[] = { "from", "date", "subject", "message-id", "received", "return-path", "to",
                                         "mime-version", "delivered-to", "x-mailer", "reply-to" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

/* A header of fields, three of them such as only mail has, with nothing else between; or an mbox's first line
   before that. "From: the harbour" and "Date: Tuesday" over a text are not enough. */
static int is_mail(const peeked *k)
{
    unsigned known = 0;
    size_t at = 0;
    for (int lines = 0; at < k->len && lines < 100; lines++) {
        const unsigned char *newline = memchr(k->p + at, '\n', k->len - at);
        size_t end = newline ? (size_t)(newline - k->p) : k->len;
        int folded = k->p[at] == ' ' || k->p[at] == '\t';
        char name[FIELD_NAME_BYTES];
        if (end == at || (end == at + 1 && k->p[at] == '\r'))
            break;
        int mbox_line = lines == 0 && end - at > 5 && memcmp(k->p + at, "From ", 5) == 0;
        size_t n = mbox_line || (folded && lines) ? 1 : field_name(k, at, end, name);
        if (!n && end - at < 200)
            return 0;
        if (!mbox_line && !folded && n)
            known += is_mail_field(name) != 0;
        at = end + 1;
    }
    return known >= 3;
}

/* ---- all together ---- */

static const char *find_magic(const peeked *k)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (k->len >= magics[i].len && memcmp(k->p, magics[i].bytes, magics[i].len) == 0)
            return magics[i].cause;
    return NULL;
}

static int is_container(const peeked *k)
{
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (k->len >= containers[i].at + containers[i].len &&
            memcmp(k->p + containers[i].at, containers[i].bytes, containers[i].len) == 0)
            return 1;
    return 0;
}

static const mrg_reader_kind *judge(const peeked *k, const char *path, const char **cause)
{
    if (is_container(k))
        return &mrg_reader_archive;
    if (k->len > 5 && memcmp(k->p, "WARC/", 5) == 0)
        return &mrg_reader_warc;
    if (k->len > 11 && memcmp(k->p, "filedesc://", 11) == 0)
        return &mrg_reader_arc;
    size_t at = skip_space(k, 0);
    int object = k->p[at] == '{', bracket = k->p[at] == '[';
    if ((object || bracket) && opens_json(k, at))
        return object ? judge_object(k, at, path) : &mrg_reader_json;
    if (k->p[at] == '<') {
        const mrg_reader_kind *kind = judge_tag(k, at, path, cause);
        if (kind != &mrg_reader_text)
            return kind;
    }
    if (named_jsonl(path) && has_object_line(k))
        return &mrg_reader_jsonl;
    if (is_mail(k))
        return &mrg_reader_mail;
    if (mrg_csv_detect(k->p + at, k->len - at, k->fields))
        return &mrg_reader_csv;
    *cause = find_magic(k);
    if (!*cause && is_binary(k))
        *cause = "not text; skipped";
    if (*cause)
        return NULL;
    return named_html(path) || has_html_root(k) ? &mrg_reader_html : &mrg_reader_text;
}

morgue_status mrg_detect_kind(mrg_input *in, const mrg_reader_kind **out, const char **cause, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    *out = NULL;
    *cause = NULL;
    morgue_status status = mrg_stream_fill(s, PEEK_BYTES, err);
    if (status)
        return status;
    size_t bom = mrg_bom_bytes(s->data + s->begin, s->end - s->begin);
    peeked k = { s->data + s->begin + bom, s->end - s->begin - bom, s->ended, in->options->fields };
    while (!s->ended && k.len < (1 << 20) && skip_space(&k, 0) == k.len) { /* a long white beginning */
        status = mrg_stream_fill(s, bom + k.len + 1, err);
        if (status)
            return status;
        k = (peeked){ s->data + s->begin + bom, s->end - s->begin - bom, s->ended, in->options->fields };
    }
    if (skip_space(&k, 0) == k.len)
        *cause = s->cut ? "" : k.whole ? "empty; skipped" : "a mebibyte of white space; skipped";
    else
        *out = judge(&k, in->path, cause);
    return MORGUE_OK;
}

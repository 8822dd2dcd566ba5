/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collections in SGML as research exchanges them: Reuters-21578 (<REUTERS NEWID="1">), TREC (<DOC><DOCNO>) and
 * WikiExtractor (<doc id="1" title="...">). Tags
 * are found as such, since there is no more grammar in these files than that; one article is held at a time.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "source/charset.h"
#include "source/html.h"
#include "source/reader.h"
#include "text/tokenize.h"

typedef struct sgml {
    mrg_input *in;
    mrg_buffer id, title, text, date, url, author, source, subject, utf8;
    uint64_t number;
} sgml;

/* A stretch of the article's bytes. */
typedef struct piece {
    const char *p;
    size_t len;
} piece;

static const char *find(const char *p, size_t len, const char *tag)
{
    size_t n = strlen(tag);
    for (const char *end = p + len; p + n <= end; p++) {
        p = memchr(p, tag[0], (size_t)(end - p));
        if (!p || p + n > end)
            return NULL;
        if (strncasecmp(p, tag, n) == 0)
            return p;
    }
    return NULL;
}

/* What stands in the first element of this name from `from` on; len 0 if there is none. */
static piece element(piece whole, const char *name, const char *from)
{
    char tag[24];
    piece none = { NULL, 0 };
    const char *end = whole.p + whole.len, *p = from;
    int n = snprintf(tag, sizeof tag, "<%s", name);
    for (;;) {
        p = find(p, (size_t)(end - p), tag);
        if (!p)
            return none;
        p += n;
        if (p < end && (*p == '>' || *p == ' ' || *p == '\n' || *p == '\t'))
            break;
    }
    const char *close = memchr(p, '>', (size_t)(end - p));
    if (!close)
        return none;
    snprintf(tag, sizeof tag, "</%s", name);
    const char *stop = find(close, (size_t)(end - close), tag);
    return (piece){ close + 1, stop ? (size_t)(stop - close) - 1 : (size_t)(end - close) - 1 };
}

/* The text of the first of these elements that is there. */
static morgue_status take(mrg_buffer *out, piece whole, const char *const *names, int all, morgue_error *err)
{
    mrg_buffer_clear(out);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; names[i] && !out->len && !status; i++) {
        piece found = element(whole, names[i], whole.p);
        while (found.p && !status) {
            if (out->len)
                mrg_buffer_append_str(out, "\n\n");
            status = mrg_html_fragment_text(out, found.p, found.len, err);
            found = all ? element(whole, names[i], found.p + found.len) : (piece){ NULL, 0 };
        }
    }
    return status;
}

/* WikiExtractor's articles have no elements: what stands behind the opening tag is the text. */
static morgue_status take_bare(mrg_buffer *out, piece whole, morgue_error *err)
{
    const char *close = memchr(whole.p, '>', whole.len);
    if (out->len || !close || memchr(close, '<', whole.len - (size_t)(close - whole.p)))
        return MORGUE_OK;
    return mrg_html_fragment_text(out, close + 1, whole.len - (size_t)(close - whole.p) - 1, err);
}

/* <TOPICS><D>grain</D><D>wheat</D></TOPICS> */
static void take_topics(mrg_buffer *out, piece whole)
{
    piece topics = element(whole, "TOPICS", whole.p);
    mrg_buffer_clear(out);
    for (piece d = { topics.p, 0 }; topics.p;) {
        d = element(topics, "D", d.p + d.len);
        if (!d.p)
            return;
        mrg_add_subject(out, d.p, d.len);
    }
}

/* NEWID="1" in the tag that opens the article. */
static void take_attribute(mrg_buffer *out, piece whole, const char *name)
{
    const char *close = memchr(whole.p, '>', whole.len);
    const char *at = close ? find(whole.p, (size_t)(close - whole.p), name) : NULL;
    if (!at || out->len)
        return;
    at += strlen(name);
    size_t n = *at == '"' ? strcspn(++at, "\">") : strcspn(at, "> \t\r\n");
    mrg_buffer_append(out, at, n);
}

static morgue_status read_article(sgml *g, piece whole, morgue_error *err)
{
    static const char *const ids[] = { "DOCNO", "DOCID", NULL };
    static const char *const titles[] = { "TITLE", "HEADLINE", "HL", "HEAD", "TI", "TTL", NULL };
    static const char *const dates[] = { "DATE", "DATE_TIME", "DATETIME", "PUBDATE", "DATE1", "DD", NULL };
    static const char *const authors[] = { "AUTHOR", "BYLINE", "AU", NULL };
    static const char *const sources[] = { "SOURCE", "PUB", "SO", NULL };
    static const char *const texts[] = { "BODY", "TEXT", "LP", NULL };
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, g->in->path, '#', g->number);
    morgue_status status = take(&g->id, whole, ids, 0, err);
    take_attribute(&g->id, whole, " NEWID=");
    take_attribute(&g->id, whole, " id=");
    if (!status)
        status = take(&g->title, whole, titles, 0, err);
    if (!status)
        status = take(&g->date, whole, dates, 0, err);
    if (!status)
        status = take(&g->author, whole, authors, 0, err);
    if (!status)
        status = take(&g->source, whole, sources, 0, err);
    if (!status)
        status = take(&g->text, whole, texts, 1, err);
    take_topics(&g->subject, whole);
    mrg_buffer_clear(&g->url);
    take_attribute(&g->title, whole, " title=");
    take_attribute(&g->url, whole, " url=");
    if (!status)
        status = take_bare(&g->text, whole, err);
    if (status)
        return status;
    mrg_buffer *all[] = { &g->id, &g->title, &g->text, &g->date, &g->url, &g->author, &g->source, &g->subject };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!mrg_buffer_cstr(all[i]))
            return mrg_fail_nomem(err);
    const morgue_article article = {
        .id = (const char *)g->id.data,
        .title = (const char *)g->title.data,
        .text = (const char *)g->text.data,
        .text_len = g->text.len,
        .date = (const char *)g->date.data,
        .url = (const char *)g->url.data,
        .author = (const char *)g->author.data,
        .source = (const char *)g->source.data,
        .subject = (const char *)g->subject.data,
    };
    return mrg_deliver(g->in, &article, place, place, err);
}

/* The next article's tag; which of the two it is. NULL if there is none among the bytes. */
static const char *find_open(const char *p, size_t len, const char **close)
{
    const char *reuters = find(p, len, "<REUTERS"), *doc = NULL;
    for (const char *at = p; (at = find(at, len - (size_t)(at - p), "<DOC")) != NULL; at++)
        if (at + 4 < p + len && (at[4] == '>' || at[4] == ' ')) {
            doc = at;
            break;
        }
    int is_reuters = reuters && (!doc || reuters < doc);
    *close = is_reuters ? "</REUTERS>" : "</DOC>";
    return is_reuters ? reuters : doc;
}

static void tell(sgml *g, const char *message)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, g->in->path, '#', g->number);
    mrg_tell_place(g->in, place, message);
}

static morgue_status take_article(sgml *g, size_t len, morgue_error *err)
{
    const mrg_stream *s = &g->in->stream;
    mrg_buffer_clear(&g->utf8);
    mrg_buffer_clear(&g->in->scratch);
    mrg_to_utf8(&g->utf8, s->data + s->begin, len, g->in->charset);
    mrg_clean_utf8(&g->in->scratch, (const char *)g->utf8.data, g->utf8.len);
    const char *text = mrg_buffer_cstr(&g->in->scratch);
    if (g->utf8.failed || !text)
        return mrg_fail_nomem(err);
    return read_article(g, (piece){ text, g->in->scratch.len }, err);
}

/* One article from the stream; *more is 0 at the end. */
static morgue_status next_article(sgml *g, int *more, morgue_error *err)
{
    enum { STEP = 64 << 10 };
    mrg_stream *s = &g->in->stream;
    const char *close = NULL, *stop = NULL;
    *more = 0;
    for (;;) { /* to the tag that opens it */
        const char *p = (const char *)s->data + s->begin;
        size_t have = s->end - s->begin;
        const char *open = find_open(p, have, &close);
        if (open) {
            mrg_stream_skip(s, (size_t)(open - p));
            break;
        }
        mrg_stream_skip(s, have > 16 ? have - 16 : 0); /* the tag may be cut in two */
        if (s->ended)
            return MORGUE_OK;
        morgue_status status = mrg_stream_fill(s, 16 + STEP, err);
        if (status)
            return status;
    }
    g->number++;
    *more = 1;
    size_t looked = 0;
    for (;;) {
        const char *p = (const char *)s->data + s->begin;
        size_t have = s->end - s->begin;
        stop = find(p + looked, have - looked, close);
        if (stop || s->ended || have > g->in->options->max_article_bytes)
            break;
        looked = have > 16 ? have - 16 : 0;
        morgue_status status = mrg_stream_fill(s, have + STEP, err);
        if (status)
            return status;
    }
    if (!stop) {
        tell(g, s->ended ? "no end of the article; skipped" : "longer than an article may be; skipped");
        mrg_stream_skip(s, 5);
        return MORGUE_OK;
    }
    size_t len = (size_t)(stop - ((const char *)s->data + s->begin));
    morgue_status status = take_article(g, len, err);
    mrg_stream_skip(s, len);
    return status;
}

static morgue_status read_sgml(mrg_input *in, morgue_error *err)
{
    sgml g = { .in = in };
    morgue_status status = MORGUE_OK;
    int more = 1;
    while (more && !status)
        status = next_article(&g, &more, err);
    mrg_buffer *all[] = { &g.id, &g.title, &g.text, &g.date, &g.url, &g.author, &g.source, &g.subject, &g.utf8 };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mrg_buffer_dispose(all[i]);
    if (!status && !g.number)
        mrg_tell(in, "no article in it; skipped");
    return status;
}

const mrg_reader_kind mrg_reader_sgml = { "sgml", read_sgml, 0 };

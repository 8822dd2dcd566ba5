/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Web archives: WARC 1.0 and 1.1 (ISO 28500) and ARC, plain or gzipped by record or as a whole. Of each record
 * that holds a page or a text (response, resource, conversion) the content becomes an input of its own, with its
 * address, media type, charset and time of capture known; of a revisit the time is. What is no article by its nature (requests, metadata, redirects,
 * pictures) is passed over without a word; what is broken costs a line and that record alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/alloc.h"
#include "source/http.h"
#include "source/reader.h"

enum { URL_BYTES = 4096, TYPE_BYTES = 128, LINE_BYTES = 16 << 10 };

typedef struct record {
    mrg_input *in;
    uint64_t number;     /* from 1 */
    uint64_t left;       /* bytes of the content not yet read */
    char type[TYPE_BYTES], url[URL_BYTES], media[TYPE_BYTES], charset[MRG_CHARSET_BYTES], date[TYPE_BYTES];
    unsigned char *room; /* of a body */
    morgue_status status; /* of the stream below */
    morgue_error *err;
} record;

static void tell_record(const record *r, const char *message)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, r->in->path, ':', r->number);
    mrg_tell_place(r->in, place, message);
}

/* ---- the content of a record as bytes ---- */

static size_t read_content(void *ctx, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    record *r = ctx;
    mrg_stream *s = &r->in->stream;
    if (!r->left || r->status)
        return 0;
    r->status = mrg_stream_fill(s, 1, r->err);
    size_t n = s->end - s->begin;
    if (r->status || !n) {
        snprintf(problem, MRG_PROBLEM_BYTES, "the record is cut short");
        r->left = 0;
        return 0;
    }
    n = n < room ? n : room;
    n = n < r->left ? n : (size_t)r->left;
    memcpy(to, s->data + s->begin, n);
    mrg_stream_skip(s, n);
    r->left -= n;
    return n;
}

static morgue_status skip_content(record *r, morgue_error *err)
{
    mrg_stream *s = &r->in->stream;
    while (r->left && !r->status) {
        morgue_status status = mrg_stream_fill(s, 1, err);
        size_t n = s->end - s->begin;
        if (status || !n)
            return status;
        n = n < r->left ? n : (size_t)r->left;
        mrg_stream_skip(s, n);
        r->left -= n;
    }
    return r->status;
}

/* ---- what a record holds ---- */

/* Kinds of content that may be articles, and the reader that is certain from the type alone. */
static int is_readable(const char *media, const char **kind)
{
    *kind = NULL;
    if (strcmp(media, "text/html") == 0 || strcmp(media, "application/xhtml+xml") == 0)
        *kind = "html";
    return *kind || !*media || strcmp(media, "text/plain") == 0 || strcmp(media, "text/xml") == 0 ||
           strcmp(media, "application/xml") == 0 || strcmp(media, "application/rss+xml") == 0 ||
           strcmp(media, "application/atom+xml") == 0 || strcmp(media, "application/feed+json") == 0;
}

static morgue_status read_page(record *r, mrg_byte_source bytes, morgue_error *err)
{
    char name[32];
    const char *kind;
    if (!is_readable(r->media, &kind))
        return MORGUE_OK;
    snprintf(name, sizeof name, "%" PRIu64, r->number);
    const mrg_nested nested = {
        .name = name,
        .bytes = bytes,
        .kind = kind,
        .charset = r->charset[0] ? r->charset : NULL,
        .given = { .url = r->url[0] ? r->url : NULL, .captured = r->date[0] ? r->date : NULL },
        .quiet = 1,
    };
    return mrg_read_nested(r->in, &nested, err);
}

/* "HTTP/1.1 200 OK" */
static int is_success(const unsigned char *head, size_t len)
{
    const unsigned char *space = memchr(head, ' ', len < 16 ? len : 16);
    return space && space + 1 < head + len && space[1] == '2';
}

static morgue_status read_body(record *r, const mrg_headers *headers, morgue_error *err)
{
    mrg_http_coding coding;
    mrg_http_body body = { .from = { read_content, r },
                           .room = r->room,
                           .packed = r->room + MRG_HTTP_ROOM_BYTES };
    char value[TYPE_BYTES];
    mrg_headers_get(headers, "Content-Type", value, sizeof value);
    mrg_media_type(value, r->media, sizeof r->media, r->charset);
    if (mrg_http_body_begin(&body, headers, &coding))
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    if (coding == MRG_CODING_OTHER)
        tell_record(r, "in a content encoding that is not read; skipped");
    else
        status = read_page(r, mrg_http_body_bytes(&body), err);
    mrg_http_body_dispose(&body);
    return status;
}

/* A whole HTTP response. The header fields are copied, since the window moves on. */
static morgue_status read_response(record *r, morgue_error *err)
{
    mrg_stream *s = &r->in->stream;
    size_t wanted = r->left < MRG_HEADER_BYTES ? (size_t)r->left : MRG_HEADER_BYTES;
    morgue_status status = mrg_stream_fill(s, wanted, err);
    if (status)
        return status;
    size_t have = s->end - s->begin < wanted ? s->end - s->begin : wanted;
    const unsigned char *head = s->data + s->begin;
    if (have < 5 || memcmp(head, "HTTP/", 5) != 0)
        return read_page(r, (mrg_byte_source){ read_content, r }, err);
    size_t len = mrg_headers_end(head, have);
    if (!len) {
        tell_record(r, "the header of the HTTP response has no end; skipped");
        return MORGUE_OK;
    }
    if (!is_success(head, len))
        return MORGUE_OK;
    mrg_headers headers = { mrg_strndup((const char *)head, len), len };
    if (!headers.text)
        return mrg_fail_nomem(err);
    mrg_stream_skip(s, len);
    r->left -= len;
    status = read_body(r, &headers, err);
    mrg_free(headers.text);
    return status;
}

/* The page was as it had been before: only that it was visited is news. */
static morgue_status read_revisit(record *r, morgue_error *err)
{
    const mrg_source_handler *handler = r->in->handler;
    return handler->captured && r->url[0] && r->date[0] ? handler->captured(handler->ctx, r->url, NULL, r->date, err)
                                                        : MORGUE_OK;
}

static morgue_status read_record(record *r, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    int is_page = strcmp(r->type, "response") == 0 || strcmp(r->type, "resource") == 0;
    if (strncmp(r->url, "dns:", 4) == 0 || strncmp(r->url, "filedesc:", 9) == 0)
        is_page = 0;
    if (strcmp(r->type, "revisit") == 0)
        status = read_revisit(r, err);
    else if (is_page && strcmp(r->media, "application/http") == 0)
        status = read_response(r, err);
    else if (is_page || strcmp(r->type, "conversion") == 0)
        status = read_page(r, (mrg_byte_source){ read_content, r }, err);
    if (!status)
        status = r->status;
    return status ? status : skip_content(r, err);
}

/* ---- WARC ---- */

static int begins_record(const mrg_line *line)
{
    return line->len > 6 && memcmp(line->text, "WARC/", 5) == 0 && line->text[5] >= '0' && line->text[5] <= '9';
}

/* The next line that begins a record. What stands before it and is not empty is told once. */
static morgue_status find_record(record *r, int *found, morgue_error *err)
{
    mrg_line line;
    int rubbish = 0;
    *found = 0;
    for (;;) {
        morgue_status status = mrg_stream_line(&r->in->stream, LINE_BYTES, &line, err);
        if (status || !line.text)
            return status;
        if (begins_record(&line))
            break;
        if ((line.len || line.too_long) && !rubbish++)
            tell_record(r, "no record begins here; skipped to the next one");
    }
    *found = 1;
    return MORGUE_OK;
}

/* wget wrote the address in angle brackets. */
static void take_url(record *r, const char *value)
{
    size_t len = strlen(value);
    if (len > 2 && value[0] == '<' && value[len - 1] == '>') {
        value++;
        len -= 2;
    }
    snprintf(r->url, sizeof r->url, "%.*s", (int)len, value);
}

/* The fields of a WARC record. 0 if they are no such thing; that was told. */
static int read_fields(record *r, size_t len)
{
    mrg_stream *s = &r->in->stream;
    const mrg_headers headers = { (char *)s->data + s->begin, len };
    char value[URL_BYTES];
    mrg_headers_get(&headers, "WARC-Type", r->type, sizeof r->type);
    mrg_headers_get(&headers, "WARC-Target-URI", value, sizeof value);
    take_url(r, value);
    mrg_headers_get(&headers, "WARC-Date", r->date, sizeof r->date);
    mrg_headers_get(&headers, "Content-Type", value, sizeof value);
    mrg_media_type(value, r->media, sizeof r->media, r->charset);
    char *end;
    if (!mrg_headers_get(&headers, "Content-Length", value, sizeof value) || value[0] < '0' || value[0] > '9' ||
        (r->left = strtoull(value, &end, 10), *end) || r->left > INT64_MAX) {
        r->left = 0;
        tell_record(r, "a record without a valid Content-Length; skipped");
        return 0;
    }
    return 1;
}

static morgue_status next_warc(record *r, int *more, morgue_error *err)
{
    mrg_stream *s = &r->in->stream;
    morgue_status status = find_record(r, more, err);
    if (status || !*more)
        return status;
    status = mrg_stream_fill(s, MRG_HEADER_BYTES, err);
    if (status)
        return status;
    size_t have = s->end - s->begin < MRG_HEADER_BYTES ? s->end - s->begin : MRG_HEADER_BYTES;
    size_t len = mrg_headers_end(s->data + s->begin, have);
    if (!len)
        tell_record(r, "a record's header has no end; skipped");
    if (!len || !read_fields(r, len))
        return MORGUE_OK;
    mrg_stream_skip(s, len);
    return read_record(r, err);
}

/* ---- ARC ---- */

/* "20140216012908", or fewer digits */
static void take_arc_date(record *r, const char *digits)
{
    if (strlen(digits) == 14)
        snprintf(r->date, sizeof r->date, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", digits, digits + 4, digits + 6, digits + 8,
                 digits + 10, digits + 12);
    else
        snprintf(r->date, sizeof r->date, "%.8s", digits);
}

/* "http://www.example.com/ 93.184.216.119 20140216012908 text/html 1591": the address may hold spaces, and
   version 2 has more fields between the type and the length. */
static int read_arc_line(record *r, const mrg_line *line)
{
    char text[URL_BYTES], *fields[3];
    if (line->len >= sizeof text)
        return 0;
    memcpy(text, line->text, line->len);
    text[line->len] = 0;
    char *last = strrchr(text, ' ');
    if (!last || !last[1] || strspn(last + 1, "0123456789") != strlen(last + 1))
        return 0;
    r->left = strtoull(last + 1, NULL, 10);
    *last = 0;
    for (int i = 2; i >= 0; i--) { /* type, date, address of the server */
        fields[i] = strrchr(text, ' ');
        if (!fields[i])
            return 0;
        *fields[i]++ = 0;
    }
    if (strspn(fields[1], "0123456789") != strlen(fields[1]) || strlen(fields[1]) < 8 || !strchr(text, ':'))
        return 0;
    snprintf(r->url, sizeof r->url, "%s", text);
    take_arc_date(r, fields[1]);
    strcpy(r->type, "response");
    strcpy(r->media, "application/http");
    return r->left <= INT64_MAX;
}

static morgue_status next_arc(record *r, int *more, morgue_error *err)
{
    mrg_line line;
    int rubbish = 0;
    for (;;) {
        morgue_status status = mrg_stream_line(&r->in->stream, LINE_BYTES, &line, err);
        *more = line.text != NULL;
        if (status || !line.text)
            return status;
        if (line.len && read_arc_line(r, &line))
            return read_record(r, err);
        if ((line.len || line.too_long) && !rubbish++)
            tell_record(r, "no record begins here; skipped to the next one");
    }
}

/* ---- the readers ---- */

static morgue_status read_all(mrg_input *in, morgue_status (*next)(record *, int *, morgue_error *), morgue_error *err)
{
    record *r = mrg_calloc(1, sizeof *r);
    unsigned char *room = mrg_malloc(2 * MRG_HTTP_ROOM_BYTES);
    morgue_status status = r && room ? MORGUE_OK : mrg_fail_nomem(err);
    int more = 1;
    uint64_t damage = in->stream.damage_count;
    if (!status)
        mrg_stream_resync(&in->stream);
    for (uint64_t number = 1; more && !status; number++) {
        memset(r, 0, sizeof *r);
        r->in = in;
        r->number = number;
        r->room = room;
        r->err = err;
        status = next(r, &more, err);
        if (!status && in->stream.damage_count != damage)
            tell_record(r, "gzip data is damaged; went on at the next record");
        damage = in->stream.damage_count;
    }
    mrg_free(r);
    mrg_free(room);
    return status;
}

static morgue_status read_warc(mrg_input *in, morgue_error *err)
{
    return read_all(in, next_warc, err);
}

static morgue_status read_arc(mrg_input *in, morgue_error *err)
{
    return read_all(in, next_arc, err);
}

const mrg_reader_kind mrg_reader_warc = { "warc", read_warc, 0 };
const mrg_reader_kind mrg_reader_arc = { "arc", read_arc, 0 };

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON, two ways: a line each (jsonl), where a broken line costs only itself; or as one document (json):
 * an array of articles, {"articles": [...]}, or articles one after another. A document is taken apart as
 * it streams by; never more than one article of it is held.
 */
#include <string.h>

#include "source/json_article.h"
#include "source/json_scan.h"

/* ---- lines ---- */

static int is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r\n", text[i]) || !text[i])
            return 0;
    return 1;
}

static morgue_status take_line(mrg_input *in, mrg_line *line, uint64_t number, mrg_buffer *id, morgue_error *err)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, in->path, ':', number);
    if (line->too_long) {
        char size[MRG_SIZE_TEXT_BYTES], message[64 + MRG_SIZE_TEXT_BYTES] = "line longer than ";
        mrg_format_size(size, in->options->max_article_bytes);
        strcat(strcat(message, size), "; skipped");
        mrg_tell_place(in, place, message);
        return MORGUE_OK;
    }
    if (is_blank(line->text, line->len))
        return MORGUE_OK;
    mrg_buffer_clear(id);
    mrg_buffer_printf(id, "%s:%llu", in->id, (unsigned long long)number);
    const char *fallback_id = mrg_buffer_cstr(id);
    if (!fallback_id)
        return mrg_fail_nomem(err);
    return mrg_json_deliver(in, line->text, line->len, fallback_id, place, err);
}

static void skip_mark(mrg_stream *s)
{
    if (s->end - s->begin >= 3 && memcmp(s->data + s->begin, "\xef\xbb\xbf", 3) == 0)
        mrg_stream_skip(s, 3);
}

static morgue_status read_lines(mrg_input *in, morgue_error *err)
{
    mrg_buffer id = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    uint64_t number = 0;
    skip_mark(&in->stream);
    while (!status) {
        mrg_line line;
        status = mrg_stream_line(&in->stream, in->options->max_article_bytes, &line, err);
        if (status || !line.text)
            break;
        status = take_line(in, &line, ++number, &id, err);
    }
    mrg_buffer_dispose(&id);
    return status;
}

/* ---- documents ---- */

typedef struct document {
    mrg_input *in;
    mrg_stream *s;
    mrg_buffer id;
    uint64_t count; /* articles so far, broken ones too */
    uint64_t stray; /* values that are no objects */
    int in_list;
} document;

/* The next byte that is no white space, left unread; -1 at the end. */
static morgue_status next_byte(mrg_stream *s, int *c, morgue_error *err)
{
    *c = -1;
    for (;;) {
        while (s->begin < s->end && s->data[s->begin] && strchr(" \t\r\n", s->data[s->begin]))
            s->begin++;
        if (s->begin < s->end)
            *c = s->data[s->begin];
        if (s->begin < s->end || s->ended)
            return MORGUE_OK;
        morgue_status status = mrg_stream_fill(s, 1, err);
        if (status)
            return status;
    }
}

/* How a value came out of the stream. */
typedef struct slice {
    size_t len;           /* at the stream's begin, not yet skipped; 0: passed over */
    mrg_json_found found; /* MORE: the stream ended inside it */
    int too_long;
} slice;

/* Holds the value that begins here, unless it is too long or not wanted. */
static morgue_status read_value(document *d, mrg_json_scan *scan, int keep, slice *out, morgue_error *err)
{
    mrg_stream *s = d->s;
    *out = (slice){ .found = MRG_JSON_MORE };
    for (;;) {
        size_t have = s->end - s->begin;
        if (have > out->len)
            out->len += mrg_json_scan_bytes(scan, s->data + s->begin + out->len, have - out->len, &out->found);
        out->too_long |= keep && out->len > d->in->options->max_article_bytes;
        if (!keep || out->too_long) {
            mrg_stream_skip(s, out->len);
            out->len = 0;
        }
        if (out->found != MRG_JSON_MORE || (s->ended && out->len == s->end - s->begin))
            return MORGUE_OK;
        morgue_status status = mrg_stream_fill(s, out->len + 1, err);
        if (status)
            return status;
    }
}

static morgue_status deliver_value(document *d, const slice *value, morgue_error *err)
{
    char place[MRG_PLACE_BYTES];
    const char *id = d->in->id;
    uint64_t number = ++d->count;
    int numbered = d->in_list || number > 1;
    mrg_format_place(place, d->in->path, numbered ? '#' : 0, number);
    if (value->too_long) {
        char size[MRG_SIZE_TEXT_BYTES], message[64 + MRG_SIZE_TEXT_BYTES] = "longer than ";
        mrg_format_size(size, d->in->options->max_article_bytes);
        strcat(strcat(message, size), "; skipped");
        mrg_tell_place(d->in, place, message);
        return MORGUE_OK;
    }
    if (value->found == MRG_JSON_MORE) {
        if (!d->s->cut)
            mrg_tell_place(d->in, place, "broken JSON: ends inside an article; skipped");
        return MORGUE_OK;
    }
    if (numbered) {
        mrg_buffer_clear(&d->id);
        mrg_buffer_printf(&d->id, "%s#%llu", id, (unsigned long long)number);
        id = mrg_buffer_cstr(&d->id);
        if (!id)
            return mrg_fail_nomem(err);
    }
    return mrg_json_deliver(d->in, (char *)d->s->data + d->s->begin, value->len, id, place, err);
}

static morgue_status take_object(document *d, int watch, morgue_error *err)
{
    mrg_json_scan scan = { .watch = watch };
    slice value;
    morgue_status status = read_value(d, &scan, 1, &value, err);
    if (status)
        return status;
    if (value.found == MRG_JSON_LIST && !value.too_long) {
        mrg_stream_skip(d->s, value.len);
        d->in_list = 1;
        return MORGUE_OK;
    }
    if (value.found == MRG_JSON_LIST) { /* too much before the list: pass over all of it */
        slice rest;
        scan.watch = 0;
        status = read_value(d, &scan, 0, &rest, err);
        value.found = rest.found;
    }
    if (!status)
        status = deliver_value(d, &value, err);
    mrg_stream_skip(d->s, value.len);
    return status;
}

static morgue_status pass_stray(document *d, morgue_error *err)
{
    mrg_json_scan scan = { 0 };
    slice value;
    morgue_status status = read_value(d, &scan, 0, &value, err);
    d->stray++;
    return status;
}

/* One step at the outside or in the list of articles. Brackets of the document's frame are passed
   wherever they stand: what matters are the objects. */
static morgue_status take_next(document *d, int c, morgue_error *err)
{
    if (c == '{')
        return take_object(d, !d->in_list && d->count == 0, err);
    if (c == '[' && !d->in_list) {
        d->in_list = 1;
        mrg_stream_skip(d->s, 1);
        return MORGUE_OK;
    }
    if (c == ',' || c == ']' || c == '}') {
        mrg_stream_skip(d->s, 1);
        return MORGUE_OK;
    }
    return pass_stray(d, err);
}

/* After the list of {"articles": [...], ...} come members that are nobody's article. */
static morgue_status read_items(document *d, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    int wrapped = 0, c = 0;
    while (!status) {
        status = next_byte(d->s, &c, err);
        if (status || c < 0)
            break;
        int was_list = d->in_list, opens = c == '{';
        if (d->in_list && c == ']') {
            mrg_stream_skip(d->s, 1);
            break;
        }
        status = take_next(d, c, err);
        wrapped |= !was_list && d->in_list && opens;
    }
    if (!status && c < 0 && d->in_list && !d->s->cut)
        mrg_tell(d->in, "broken JSON: the list of articles does not end");
    if (!status && wrapped && c == ']') {
        mrg_json_scan scan = { .depth = 1 };
        slice rest;
        status = read_value(d, &scan, 0, &rest, err);
    }
    return status;
}

static morgue_status read_document(mrg_input *in, morgue_error *err)
{
    document d = { .in = in, .s = &in->stream };
    int c;
    skip_mark(d.s);
    morgue_status status = read_items(&d, err);
    if (!status)
        status = next_byte(d.s, &c, err);
    if (!status && c >= 0)
        mrg_tell(in, "more follows the list of articles; skipped");
    if (!status && d.stray)
        mrg_tell(in, "%llu JSON values that are no articles; skipped", (unsigned long long)d.stray);
    mrg_buffer_dispose(&d.id);
    return status;
}

const mrg_reader_kind mrg_reader_jsonl = { "jsonl", read_lines, 0 };
const mrg_reader_kind mrg_reader_json = { "json", read_document, 0 };

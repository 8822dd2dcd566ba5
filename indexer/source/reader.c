/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "source/charset.h"
#include "text/tokenize.h"

enum { SHOWN_PATH_BYTES = 240 };

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* ---- what is told ---- */

/* The end of a path says more than its beginning. */
static const char *shorten(const char *path, const char **dots)
{
    size_t len = strlen(path);
    *dots = "";
    if (len <= SHOWN_PATH_BYTES)
        return path;
    const char *from = path + len - SHOWN_PATH_BYTES;
    while ((*from & 0xc0) == 0x80)
        from++;
    *dots = "...";
    return from;
}

void mrg_format_place(char out[MRG_PLACE_BYTES], const char *path, char separator, uint64_t number)
{
    const char *dots;
    const char *shown = shorten(path, &dots);
    if (separator)
        snprintf(out, MRG_PLACE_BYTES, "%s%s%c%" PRIu64, dots, shown, separator, number);
    else
        snprintf(out, MRG_PLACE_BYTES, "%s%s", dots, shown);
}

void mrg_tell_place(mrg_input *in, const char *place, const char *message)
{
    morgue_error line;
    mrg_fail(&line, MORGUE_ERR_CORRUPT, "%s: %s", place, message); /* makes it one tidy line */
    in->handler->skipped(in->handler->ctx, line.message);
}

void mrg_tell(mrg_input *in, const char *format, ...)
{
    char message[256], place[MRG_PLACE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    mrg_format_place(place, in->path, 0, 0);
    mrg_tell_place(in, place, message);
}

/* ---- articles ---- */

/* Non-zero if white space has to be changed for a field to be one line without spare spaces. */
static int is_untidy(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (is_space(s[i]) && (s[i] != ' ' || i == 0 || i + 1 == len || s[i + 1] == ' '))
            return 1;
    return 0;
}

/* Runs of white space to one space, none at the ends, in place. */
static void squeeze(mrg_buffer *b)
{
    size_t out = 0;
    for (size_t i = 0; i < b->len; i++) {
        if (!is_space((char)b->data[i]))
            b->data[out++] = b->data[i];
        else if (out && b->data[out - 1] != ' ')
            b->data[out++] = ' ';
    }
    while (out && b->data[out - 1] == ' ')
        out--;
    b->len = out;
}

/* Lends the field as it is when it is tidy, which is the common case. NULL if there is nothing in it. */
static const char *tidy_field(mrg_buffer *room, const char *field)
{
    if (!field || !*field)
        return NULL;
    size_t len = strlen(field);
    if (mrg_is_clean_utf8(field, len) && !is_untidy(field, len))
        return field;
    mrg_buffer_clear(room);
    mrg_clean_utf8(room, field, len);
    squeeze(room);
    const char *tidy = mrg_buffer_cstr(room);
    return tidy && *tidy ? tidy : NULL;
}

/* "en-US" is "en"; what is no tag stays as it is. */
static const char *tidy_lang(mrg_buffer *room, const char *field)
{
    const char *lang = tidy_field(room, field);
    size_t n = 0;
    while (lang && ((lang[n] >= 'a' && lang[n] <= 'z') || (lang[n] >= 'A' && lang[n] <= 'Z')))
        n++;
    if (n < 2 || n > 3 || (lang[n] && lang[n] != '-' && lang[n] != '_'))
        return lang;
    char tag[4] = { 0 };
    for (size_t i = 0; i < n; i++)
        tag[i] = (char)(lang[i] | 0x20);
    mrg_buffer_clear(room);
    mrg_buffer_append(room, tag, n);
    return mrg_buffer_cstr(room);
}

/* Paths stay as they are, but for names that are no text: inside a container they may hold anything. */
static const char *tidy_path(mrg_buffer *room, const char *path)
{
    int is_text = mrg_is_clean_utf8(path, strlen(path));
    for (const char *p = path; *p && is_text; p++)
        is_text = (unsigned char)*p >= ' ' && *p != 127;
    const char *tidy = is_text ? path : tidy_field(room, path);
    return tidy || room->failed ? tidy : "unnamed";
}

static const char *tidy_date(mrg_buffer *room, const char *field)
{
    mrg_date date;
    char text[MRG_DATE_TEXT_BYTES];
    if (!field || !mrg_date_parse(&date, field, strlen(field)))
        return NULL;
    mrg_date_format(&date, text);
    mrg_buffer_clear(room);
    mrg_buffer_append_str(room, text);
    return mrg_buffer_cstr(room);
}

static void tidy_text(mrg_buffer *room, morgue_article *article)
{
    if (article->text && !mrg_is_clean_utf8(article->text, article->text_len)) {
        mrg_buffer_clear(room);
        mrg_clean_utf8(room, article->text, article->text_len);
        article->text = mrg_buffer_cstr(room);
        article->text_len = room->len;
    }
    while (article->text && article->text_len && is_space(article->text[0])) {
        article->text++;
        article->text_len--;
    }
    while (article->text && article->text_len && is_space(article->text[article->text_len - 1]))
        article->text_len--;
}

void mrg_add_subject(mrg_buffer *out, const char *subject, size_t len)
{
    enum { LONGEST_SUBJECTS = 4096 };
    const char *known = mrg_buffer_cstr(out);
    while (len && is_space(*subject)) {
        subject++;
        len--;
    }
    while (len && (is_space(subject[len - 1]) || subject[len - 1] == ';'))
        len--;
    if (!len || !known || out->len + len > LONGEST_SUBJECTS)
        return;
    for (const char *at = known; *at; at += strspn(at, "; ")) {
        size_t n = strcspn(at, ";");
        if (n == len && strncasecmp(at, subject, len) == 0)
            return;
        at += n;
    }
    if (out->len)
        mrg_buffer_append_str(out, "; ");
    for (size_t i = 0; i < len; i++)
        mrg_buffer_append_byte(out, subject[i] == ';' ? ',' : (unsigned char)subject[i]);
}

/* What the article does not say itself, for as far out as it is known. */
static void add_given(const mrg_input *in, morgue_article *a)
{
    for (; in; in = in->outer) {
        const morgue_article *given = &in->given;
        a->title = a->title && *a->title ? a->title : given->title;
        a->date = a->date && *a->date ? a->date : given->date;
        a->url = a->url && *a->url ? a->url : given->url;
        a->source = a->source && *a->source ? a->source : given->source;
        a->author = a->author && *a->author ? a->author : given->author;
        a->lang = a->lang && *a->lang ? a->lang : given->lang;
        a->subject = a->subject && *a->subject ? a->subject : given->subject;
        a->captured = a->captured && *a->captured ? a->captured : given->captured;
    }
}

static int tidy_article(mrg_input *in, morgue_article *a)
{
    mrg_buffer *room = in->fields;
    add_given(in, a);
    a->id = tidy_field(&room[0], a->id);
    a->title = tidy_field(&room[1], a->title);
    tidy_text(&room[2], a);
    a->date = tidy_date(&room[3], a->date);
    a->url = tidy_field(&room[4], a->url);
    a->source = tidy_field(&room[5], a->source);
    a->author = tidy_field(&room[6], a->author);
    a->lang = tidy_lang(&room[7], a->lang);
    a->subject = tidy_field(&room[8], a->subject);
    a->captured = tidy_date(&room[9], a->captured);
    int failed = 0;
    for (size_t i = 0; i < MRG_INPUT_FIELDS; i++) {
        failed |= room[i].failed;
        mrg_buffer_clear(&room[i]);
    }
    return !failed;
}

/* Where a crawler found what is being read; NULL if none did. */
static const char *capture_address(const mrg_input *in)
{
    while (in && !in->given.captured)
        in = in->outer;
    return in ? in->given.url : NULL;
}

morgue_status mrg_deliver(mrg_input *in, const morgue_article *article, const char *fallback_id, const char *place,
                          morgue_error *err)
{
    morgue_article tidy = *article;
    if (article->text && article->text_len > in->options->max_article_bytes) {
        char size[MRG_SIZE_TEXT_BYTES], message[96];
        mrg_format_size(size, in->options->max_article_bytes);
        snprintf(message, sizeof message, "text longer than %s; skipped", size);
        mrg_tell_place(in, place, message);
        return MORGUE_OK;
    }
    if (!tidy_article(in, &tidy))
        return mrg_fail_nomem(err);
    if (!tidy.text_len) {
        mrg_tell_place(in, place, "empty text; skipped");
        return MORGUE_OK;
    }
    if (!tidy.id)
        tidy.id = tidy.url ? tidy.url : tidy_path(&in->fields[0], fallback_id);
    if (!tidy.id)
        return mrg_fail_nomem(err);
    morgue_status status = in->handler->article(in->handler->ctx, &tidy, place, err);
    const char *address = capture_address(in);
    if (!status && address && tidy.captured && in->handler->captured)
        status = in->handler->captured(in->handler->ctx, address, tidy.id, tidy.captured, err);
    if (!status && in->handler->took)
        in->handler->took(in->handler->ctx, in->kind, mrg_input_root(in)->stream.read_bytes);
    return status;
}

/* ---- whole sources ---- */

morgue_status mrg_read_whole(mrg_input *in, uint64_t max_bytes, int *usable, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    *usable = 0;
    morgue_status status = mrg_stream_fill(s, (size_t)max_bytes + 1, err);
    if (status)
        return status;
    if (s->end - s->begin > max_bytes) {
        char size[MRG_SIZE_TEXT_BYTES];
        mrg_format_size(size, max_bytes);
        mrg_tell(in, "longer than %s; skipped", size);
        return MORGUE_OK;
    }
    *usable = !s->cut;
    return MORGUE_OK;
}

void mrg_input_dispose(mrg_input *in)
{
    if (in->inner)
        mrg_input_dispose(in->inner);
    mrg_free(in->inner);
    mrg_stream_dispose(&in->stream);
    mrg_buffer_dispose(&in->path_text);
    mrg_buffer_dispose(&in->scratch);
    for (size_t i = 0; i < MRG_INPUT_FIELDS; i++)
        mrg_buffer_dispose(&in->fields[i]);
    memset(in, 0, sizeof *in);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables: comma or semicolon separated values as RFC 4180 has them (fields in quotation marks may hold
 * separators, line ends and doubled marks), and tab separated ones, where a quotation mark is only a character. The
 * first line names the columns. A record that is wrong costs itself; after a quotation that does not end, reading
 * goes on in the next line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/alloc.h"
#include "source/csv.h"

enum { MAX_COLUMNS = 1024, CSV_FIELDS = 9, NO_COLUMN = -1, NAME_BYTES = 64 };

static const char *const field_names[CSV_FIELDS] = { "id", "title", "text", "date", "url", "source", "author", "lang", "subject" };
enum { ID, TITLE, TEXT, DATE, URL, SOURCE, AUTHOR, LANG, SUBJECT };

typedef struct table {
    mrg_input *in;
    char separator;
    mrg_buffer cells;          /* of a record, each with a NUL behind it */
    size_t begins[MAX_COLUMNS];
    size_t count;              /* columns in the record */
    size_t columns;            /* in the header */
    int of_field[CSV_FIELDS];
    uint64_t line;             /* where the record begins, from 1 */
} table;

/* ---- records ---- */

/* How far a record reaches. */
typedef enum reach { REACH_END, REACH_MORE, REACH_TOO_LONG } reach;

/* The end of the record at the stream's begin, line end included; quotation marks count but in tab separated lines. */
static reach find_end(const table *t, uint64_t longest, size_t *len, size_t *lines)
{
    const mrg_stream *s = &t->in->stream;
    int quoted = 0;
    *lines = 0;
    for (size_t at = s->begin; at < s->end; at++) {
        unsigned char c = s->data[at];
        if (c == '"' && t->separator != '\t')
            quoted = !quoted;
        *lines += c == '\n';
        if (c == '\n' && !quoted) {
            *len = at + 1 - s->begin;
            return REACH_END;
        }
    }
    *len = s->end - s->begin;
    if (*len > longest)
        return REACH_TOO_LONG;
    return s->ended ? (quoted ? REACH_TOO_LONG : REACH_END) : REACH_MORE;
}

static void begin_cell(table *t)
{
    if (t->count < MAX_COLUMNS)
        t->begins[t->count] = t->cells.len;
    t->count++;
}

static void split(table *t, const unsigned char *p, size_t len)
{
    int quoted = 0, at_start = 1;
    while (len && (p[len - 1] == '\n' || p[len - 1] == '\r'))
        len--;
    mrg_buffer_clear(&t->cells);
    t->count = 0;
    begin_cell(t);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = p[i];
        if (quoted && c == '"' && i + 1 < len && p[i + 1] == '"') {
            mrg_buffer_append_byte(&t->cells, '"');
            i++;
        } else if (c == '"' && t->separator != '\t' && (quoted || at_start)) {
            quoted = !quoted;
            at_start = 0;
        } else if (c == (unsigned char)t->separator && !quoted) {
            mrg_buffer_append_byte(&t->cells, 0);
            begin_cell(t);
            at_start = 1;
        } else {
            mrg_buffer_append_byte(&t->cells, c ? c : ' ');
            at_start = 0;
        }
    }
    mrg_buffer_append_byte(&t->cells, 0);
}

static void tell(table *t, const char *message)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, t->in->path, ':', t->line);
    mrg_tell_place(t->in, place, message);
}

/* The next record that can be taken apart; *more is 0 at the end. */
static morgue_status next_record(table *t, int *more, size_t *lines, morgue_error *err)
{
    mrg_stream *s = &t->in->stream;
    size_t len;
    *more = 0;
    for (;;) {
        reach r = find_end(t, t->in->options->max_article_bytes, &len, lines);
        if (r == REACH_MORE) {
            morgue_status status = mrg_stream_fill(s, len + 1, err);
            if (status)
                return status;
            continue;
        }
        if (!len)
            return MORGUE_OK;
        if (r == REACH_END) {
            split(t, s->data + s->begin, len);
            mrg_stream_skip(s, len);
            *more = 1;
            return t->cells.failed ? mrg_fail_nomem(err) : MORGUE_OK;
        }
        tell(t, "a quotation does not end, or the record is longer than an article may be; skipped");
        mrg_line line;
        morgue_status status = mrg_stream_line(s, t->in->options->max_article_bytes, &line, err);
        if (status || !line.text)
            return status;
        t->line++;
    }
}

/* ---- columns ---- */

static const char *cell(const table *t, size_t column)
{
    return (const char *)t->cells.data + t->begins[column];
}

static int find_column(const table *t, const char *name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcasecmp(cell(t, i), name) == 0)
            return (int)i;
    return NO_COLUMN;
}

/* The mapped names in their order, then our own. */
static void match_columns(table *t)
{
    t->columns = t->count;
    for (size_t field = 0; field < CSV_FIELDS; field++) {
        size_t len = strlen(field_names[field]);
        t->of_field[field] = NO_COLUMN;
        for (const char *const *m = t->in->options->fields; m && *m && t->of_field[field] == NO_COLUMN; m++)
            if (strncmp(*m, field_names[field], len) == 0 && (*m)[len] == '=')
                t->of_field[field] = find_column(t, *m + len + 1);
        if (t->of_field[field] == NO_COLUMN)
            t->of_field[field] = find_column(t, field_names[field]);
    }
}

static const char *value(const table *t, size_t field)
{
    int column = t->of_field[field];
    return column == NO_COLUMN ? NULL : cell(t, (size_t)column);
}

static morgue_status deliver(table *t, mrg_buffer *id, morgue_error *err)
{
    char place[MRG_PLACE_BYTES], message[96];
    mrg_format_place(place, t->in->path, ':', t->line);
    if (t->count == 1 && !*cell(t, 0)) /* an empty line */
        return MORGUE_OK;
    if (t->count != t->columns) {
        snprintf(message, sizeof message, "%zu columns where the header has %zu; skipped", t->count, t->columns);
        tell(t, message);
        return MORGUE_OK;
    }
    mrg_buffer_clear(id);
    mrg_buffer_printf(id, "%s:%" PRIu64, t->in->id, t->line);
    if (!mrg_buffer_cstr(id))
        return mrg_fail_nomem(err);
    const char *text = value(t, TEXT);
    const morgue_article article = {
        .id = value(t, ID),
        .title = value(t, TITLE),
        .text = text,
        .text_len = strlen(text),
        .date = value(t, DATE),
        .url = value(t, URL),
        .source = value(t, SOURCE),
        .author = value(t, AUTHOR),
        .lang = value(t, LANG),
        .subject = value(t, SUBJECT),
    };
    return mrg_deliver(t->in, &article, mrg_buffer_cstr(id), place, err);
}

/* ---- the reader ---- */

/* The separator that the first line has most of; a tab before the others. */
static char find_separator(const unsigned char *bytes, size_t len)
{
    size_t commas = 0, semicolons = 0;
    for (size_t i = 0; i < len && bytes[i] != '\n'; i++) {
        if (bytes[i] == '\t')
            return '\t';
        commas += bytes[i] == ',';
        semicolons += bytes[i] == ';';
    }
    return semicolons > commas ? ';' : ',';
}

int mrg_csv_detect(const unsigned char *bytes, size_t len, const char *const *fields)
{
    char separator = find_separator(bytes, len), name[NAME_BYTES];
    size_t n = 0, known = 0, columns = 1;
    for (size_t i = 0; i <= len; i++) {
        int ends = i == len || bytes[i] == '\n' || bytes[i] == '\r';
        if (!ends && bytes[i] != (unsigned char)separator) {
            if (bytes[i] != '"' && n + 1 < sizeof name)
                name[n++] = (char)bytes[i];
            continue;
        }
        name[n] = 0;
        int found = 0;
        for (size_t k = 0; k < CSV_FIELDS; k++)
            found |= strcasecmp(name, field_names[k]) == 0;
        for (const char *const *m = fields; m && *m; m++)
            found |= strchr(*m, '=') && strcasecmp(name, strchr(*m, '=') + 1) == 0;
        known += (size_t)found;
        n = 0;
        if (ends)
            break;
        columns++;
    }
    return columns >= 2 && known >= 2 && known * 4 >= columns;
}

static morgue_status read_records(table *t, morgue_error *err)
{
    mrg_buffer id = MRG_BUFFER_INIT;
    size_t lines;
    int more = 1;
    morgue_status status = MORGUE_OK;
    while (!status) {
        status = next_record(t, &more, &lines, err);
        if (status || !more)
            break;
        status = deliver(t, &id, err);
        t->line += lines ? lines : 1;
    }
    mrg_buffer_dispose(&id);
    return status;
}

static morgue_status read_csv(mrg_input *in, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    size_t lines;
    int more;
    table *t = mrg_calloc(1, sizeof *t);
    if (!t)
        return mrg_fail_nomem(err);
    t->in = in;
    t->line = 1;
    if (s->end - s->begin >= 3 && memcmp(s->data + s->begin, "\xef\xbb\xbf", 3) == 0)
        mrg_stream_skip(s, 3);
    t->separator = find_separator(s->data + s->begin, s->end - s->begin);
    morgue_status status = next_record(t, &more, &lines, err);
    if (!status && more) {
        t->line += lines ? lines : 1;
        if (t->count > MAX_COLUMNS) {
            mrg_tell(in, "more than %d columns; skipped", MAX_COLUMNS);
        } else {
            match_columns(t);
            if (t->of_field[TEXT] == NO_COLUMN)
                mrg_tell(in, "no column \"text\" in the first line (see --field); skipped");
            else
                status = read_records(t, err);
        }
    }
    mrg_buffer_dispose(&t->cells);
    mrg_free(t);
    return status;
}

const mrg_reader_kind mrg_reader_csv = { "csv", read_csv, 0 };

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cursor.h"

#include <string.h>

#include "core/zip.h"

static const char cursor_version[] = "m1";

/* ---- Writing ------------------------------------------------------------------------------------------- */

static void append_archive(mrg_buffer *out, const mrg_snapshot *s)
{
    mrg_buffer_append_byte(out, '-');
    for (size_t i = 0; i < sizeof s->id; i++)
        mrg_buffer_printf(out, "%02x", s->id[i]);
    mrg_buffer_printf(out, ".%x", (unsigned)s->last_docid);
}

static uint32_t checksum(const char *text, size_t len)
{
    return mrg_crc32(0, (const unsigned char *)text, len);
}

void mrg_cursor_format(mrg_buffer *out, const mrg_view *view)
{
    size_t start = out->len;
    mrg_buffer_append_str(out, cursor_version);
    for (size_t i = 0; i < view->snapshot_count; i++)
        append_archive(out, view->snapshots[i]);
    if (!out->failed)
        mrg_buffer_printf(out, "-%08x", (unsigned)checksum((const char *)out->data + start, out->len - start));
}

/* ---- Reading ------------------------------------------------------------------------------------------- */

typedef struct archive_entry {
    unsigned char id[MRG_ARCHIVE_ID_BYTES];
    uint32_t docid;
} archive_entry;

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads up to `max` digits; how many there were. */
static size_t read_hex(const char *p, const char *end, size_t max, uint32_t *out)
{
    size_t n = 0;
    *out = 0;
    for (; n < max && p + n < end && hex_digit(p[n]) >= 0; n++)
        *out = *out << 4 | (uint32_t)hex_digit(p[n]);
    return n;
}

/* "-id.docid" at *p, and moves behind it. */
static int read_entry(const char **p, const char *end, archive_entry *out)
{
    const char *at = *p;
    uint32_t byte;
    if (at == end || *at++ != '-')
        return 0;
    for (size_t i = 0; i < sizeof out->id; i++, at += 2) {
        if (read_hex(at, end, 2, &byte) != 2)
            return 0;
        out->id[i] = (unsigned char)byte;
    }
    if (at == end || *at++ != '.')
        return 0;
    size_t digits = read_hex(at, end, 8, &out->docid);
    *p = at + digits;
    return digits > 0;
}

static morgue_status no_cursor(morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_INVALID, "this is not a cursor that a searcher has given");
}

/* The whole must read well, also the archives that are not asked about; gives where its entries begin. */
static morgue_status check_form(const char *cursor, const char **entries, const char **end, morgue_error *err)
{
    size_t len = strlen(cursor), head = sizeof cursor_version - 1, tail = 9;
    uint32_t given;
    archive_entry entry;
    if (len < head + tail || memcmp(cursor, cursor_version, head))
        return no_cursor(err);
    *entries = cursor + head;
    *end = cursor + len - tail;
    if (**end != '-' || read_hex(*end + 1, cursor + len, 8, &given) != 8 || given != checksum(cursor, len - tail))
        return no_cursor(err);
    const char *p = *entries;
    while (p < *end) {
        if (!read_entry(&p, *end, &entry))
            return no_cursor(err);
    }
    return MORGUE_OK;
}

static int is_blank(const unsigned char id[MRG_ARCHIVE_ID_BYTES])
{
    for (size_t i = 0; i < MRG_ARCHIVE_ID_BYTES; i++) {
        if (id[i])
            return 0;
    }
    return 1;
}

/* An archive gets its id with its first commit. A cursor from before that has no id for it, but everything in
   it came since. */
static int find_entry(const mrg_snapshot *s, const char *p, const char *end, uint32_t *docid)
{
    archive_entry entry;
    int found = 0;
    while (p < end && read_entry(&p, end, &entry)) {
        if (!memcmp(entry.id, s->id, sizeof entry.id)) {
            *docid = entry.docid;
            return 1;
        }
        if (is_blank(entry.id) && entry.docid == 0) {
            *docid = 0;
            found = 1;
        }
    }
    return found;
}

morgue_status mrg_cursor_parse(uint32_t *since, const mrg_view *view, const char *cursor, morgue_error *err)
{
    const char *entries = NULL, *end = NULL;
    morgue_status status = check_form(cursor, &entries, &end, err);
    for (size_t i = 0; i < view->snapshot_count && !status; i++) {
        const mrg_snapshot *s = view->snapshots[i];
        if (!find_entry(s, entries, end, &since[i]))
            status = mrg_fail(err, MORGUE_ERR_INVALID,
                              "the cursor knows nothing of %s: it is from other archives, or this one was made anew",
                              s->path);
        else if (since[i] > s->last_docid)
            status = mrg_fail(err, MORGUE_ERR_INVALID, "%s holds less than it did when the cursor was made", s->path);
    }
    return status;
}

int mrg_cursor_has_more(const uint32_t *since, const mrg_view *view)
{
    for (size_t i = 0; i < view->snapshot_count; i++) {
        if (since[i] < view->snapshots[i]->last_docid)
            return 1;
    }
    return 0;
}

/* ---- Public --------------------------------------------------------------------------------------------- */

const char *morgue_searcher_cursor(morgue_searcher *searcher, morgue_error *err)
{
    mrg_error_clear(err);
    mrg_buffer_clear(&searcher->cursor);
    mrg_cursor_format(&searcher->cursor, searcher->view);
    const char *text = mrg_buffer_cstr(&searcher->cursor);
    if (!text)
        mrg_fail_nomem(err);
    return text;
}

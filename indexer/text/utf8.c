/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole strings: folded, or made valid. */
#include <string.h>

#include "core/bytes.h"
#include "text/chars.h"
#include "text/tokenize.h"

/* ---- Folding ---- */

/* A short i taken apart, as in tokenize.c. */
static void append_breve(mrg_buffer *out, size_t start)
{
    if (out->len - start >= 2 && !memcmp(out->data + out->len - 2, "\xd0\xb8", 2))
        out->data[out->len - 1] = 0xb9;
}

/* Returns the bytes read, 0 when memory ran out. */
static size_t append_folded(mrg_buffer *out, const unsigned char *p, const unsigned char *end, const mrg_char *c)
{
    mrg_cell cell;
    if (c->class != MRG_CHAR_NGRAM) {
        mrg_buffer_append(out, c->fold, c->fold_len);
        return c->bytes;
    }
    if (mrg_cell_read(&cell, p, end))
        return 0;
    mrg_buffer_append(out, cell.fold, cell.fold_len);
    return cell.bytes;
}

void mrg_fold(mrg_buffer *out, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text, *end = len ? p + len : p;
    size_t start = out->len, n;
    int space = 0;
    for (; p < end; p += n) {
        mrg_char c;
        if (mrg_char_read(&c, p, end)) {
            out->failed = 1;
            return;
        }
        n = c.bytes;
        if (c.codepoint <= ' ' || c.flags & MRG_CHAR_SPACE) {
            space = out->len > start;
        } else if (c.codepoint == 0x306) {
            append_breve(out, start);
        } else if (c.fold_len) {
            if (space)
                mrg_buffer_append_byte(out, ' ');
            space = 0;
            n = append_folded(out, p, end, &c);
        }
        if (!n)
            out->failed = 1;
        if (out->failed)
            return;
    }
}

/* ---- Cleaning ---- */

#define EACH(byte) (0x0101010101010101u * (byte))

/* A byte that has to go: a control character other than tab and newline. */
static int is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
}

/* How far [p, end) is clean. */
static size_t clean_run(const unsigned char *p, const unsigned char *end)
{
    const unsigned char *start = p;
    while (p < end) {
        while (end - p >= 8) {
            uint64_t v = mrg_load_u64(p);
            /* No byte above 0x7e or below 0x20: newlines and tabs go the slow way. */
            if ((v | (v + EACH(1u)) | ((v - EACH(0x20u)) & ~v)) & EACH(0x80u))
                break;
            p += 8;
        }
        if (p == end)
            break;
        if (*p < 0x80) {
            if (is_control(*p))
                break;
            p++;
            continue;
        }
        uint32_t c;
        size_t n = mrg_decode_char(p, end, &c);
        if (c == 0xfffd && !(n == 3 && !memcmp(p, "\xef\xbf\xbd", 3)))
            break;
        p += n;
    }
    return (size_t)(p - start);
}

int mrg_is_clean_utf8(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    return !len || clean_run(p, p + len) == len;
}

void mrg_clean_utf8(mrg_buffer *out, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text, *end = len ? p + len : p;
    while (p < end) {
        size_t n = clean_run(p, end);
        mrg_buffer_append(out, p, n);
        p += n;
        if (p == end)
            break;
        if (*p == '\r') {
            mrg_buffer_append_byte(out, '\n');
            p += end - p > 1 && p[1] == '\n' ? 2 : 1;
        } else if (*p < 0x80) {
            mrg_buffer_append_byte(out, ' ');
            p++;
        } else {
            uint32_t c;
            p += mrg_decode_char(p, end, &c);
            mrg_buffer_append_str(out, "\xef\xbf\xbd");
        }
    }
}

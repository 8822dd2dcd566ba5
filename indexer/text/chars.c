/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of characters, and the cells of scripts without spaces. */
#include "text/chars.h"

#include <string.h>
#include <utf8proc.h>

#include "core/alloc.h"

_Atomic(mrg_char_page *) mrg_char_pages[MRG_CHAR_PAGES];

enum { CELL_CHARS = 12 };

static int has_space_category(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return (c >= '\t' && c <= '\r') || c == 0x85 || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/* Returns how many bytes were added to `folds`. */
static size_t describe_char(mrg_char_info *info, uint32_t c, unsigned char *folds, size_t used)
{
    unsigned char self[4];
    mrg_char_class class = mrg_char_classify(c);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    unsigned flags = class == MRG_CHAR_NGRAM ? mrg_char_group(c) : 0;
    if (category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT)
        flags |= MRG_CHAR_UPPER;
    if (has_space_category(c))
        flags |= MRG_CHAR_SPACE;
    size_t self_len = (size_t)utf8proc_encode_char((utf8proc_int32_t)c, self);
    size_t len = mrg_char_fold(c, class, folds + used + 1);
    if (!len && (class == MRG_CHAR_LETTER || class == MRG_CHAR_DIGIT))
        class = MRG_CHAR_IGNORE; /* nothing of it is a letter */
    /* U+FFFD stands for bytes that are not its own. */
    int is_self = len == self_len && c != 0xfffd && !memcmp(self, folds + used + 1, len);
    folds[used] = (unsigned char)len;
    info->class = (uint8_t)class;
    info->flags = (uint8_t)(flags | (is_self ? MRG_CHAR_SELF : 0u));
    info->fold = (uint16_t)(len && !is_self ? used : 0);
    return info->fold ? len + 1 : 0;
}

const mrg_char_page *mrg_char_page_make(uint32_t number)
{
    enum { ALL_FOLDS = 1 + 256 * (MRG_FOLD_MAX + 1) };
    size_t used = 1; /* so that no fold is at 0 */
    mrg_char_page *page = mrg_malloc(sizeof *page + ALL_FOLDS);
    if (!page)
        return NULL;
    for (uint32_t i = 0; i < 256; i++)
        used += describe_char(&page->info[i], number << 8 | i, page->folds, used);
    mrg_char_page *smaller = mrg_realloc(page, sizeof *page + used), *expected = NULL;
    if (smaller)
        page = smaller;
    if (!atomic_compare_exchange_strong(&mrg_char_pages[number], &expected, page)) {
        mrg_free(page); /* another thread was first */
        page = expected;
    }
    return page;
}

/* ---- Cells ---- */

static size_t encode_all(unsigned char *out, const utf8proc_int32_t *chars, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char one[4];
        size_t n = (size_t)utf8proc_encode_char(chars[i], one);
        if (len + n > MRG_CELL_MAX)
            break;
        memcpy(out + len, one, n);
        len += n;
    }
    return len;
}

/* The fold of a first character and its marks, put together where Unicode has one character for them. */
static void compose_cell(mrg_cell *cell)
{
    utf8proc_int32_t chars[MRG_CELL_MAX];
    utf8proc_ssize_t count = 0, before;
    for (size_t at = 0; at < cell->fold_len;) {
        uint32_t c;
        at += mrg_decode_char(cell->fold + at, cell->fold + cell->fold_len, &c);
        chars[count++] = (utf8proc_int32_t)c;
    }
    do {
        before = count;
        count = utf8proc_normalize_utf32(chars, before, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    } while (count > 0 && count < before);
    if (count > 0)
        cell->fold_len = encode_all(cell->fold, chars, (size_t)count);
}

int mrg_cell_read(mrg_cell *cell, const unsigned char *p, const unsigned char *end)
{
    mrg_char c;
    const unsigned char *start = p;
    size_t count = 1;
    if (mrg_char_read(&c, p, end))
        return -1;
    p += c.bytes;
    cell->group = c.flags & MRG_CHAR_GROUP;
    cell->fold_len = c.fold_len;
    if (c.fold_len)
        memcpy(cell->fold, c.fold, c.fold_len);
    cell->bytes = c.bytes;
    for (;; p += c.bytes) {
        if (mrg_char_read(&c, p, end))
            return -1;
        if (c.class != MRG_CHAR_MARK && c.class != MRG_CHAR_IGNORE)
            break;
        if (c.class == MRG_CHAR_IGNORE)
            continue;
        cell->bytes = (size_t)(p - start) + c.bytes;
        if (c.fold_len && count < CELL_CHARS && cell->fold_len + c.fold_len <= MRG_CELL_MAX) {
            memcpy(cell->fold + cell->fold_len, c.fold, c.fold_len);
            cell->fold_len += c.fold_len;
            count++;
        }
    }
    if (count > 1)
        compose_cell(cell);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Characters: UTF-8 decoding, what part a character plays in a word, and what it folds to. Which of them
 * make a word is left to tokenize.c.
 */
#ifndef MRG_CHARS_H
#define MRG_CHARS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef enum mrg_char_class {
    MRG_CHAR_BREAK = 0, /* between words */
    MRG_CHAR_LETTER,
    MRG_CHAR_DIGIT,
    MRG_CHAR_MARK,       /* belongs to the character before; accents fold to nothing */
    MRG_CHAR_IGNORE,     /* soft hyphen, zero width: as if it were not there */
    MRG_CHAR_APOSTROPHE, /* ' and its relatives */
    MRG_CHAR_NGRAM       /* of a script without spaces */
} mrg_char_class;

enum {
    MRG_CHAR_UPPER = 1,
    MRG_CHAR_SELF = 2, /* folds to itself */
    MRG_CHAR_SPACE = 4,
    MRG_CHAR_GROUP = 0xe0, /* of NGRAM: characters of different groups make no pair */

    MRG_FOLD_MAX = 60,       /* bytes one character folds to, at most */
    MRG_CELL_MAX = 64,       /* bytes of one character of a script without spaces, with its marks */
    MRG_CHAR_PAGES = 0x1100, /* of 256 characters */
    MRG_CODEPOINT_END = 0x110000
};

typedef struct mrg_char_info {
    uint8_t class, flags;
    uint16_t fold; /* offset in `folds`: a length byte, then that many bytes. 0: nothing, or SELF */
} mrg_char_info;

typedef struct mrg_char_page {
    mrg_char_info info[256];
    unsigned char folds[];
} mrg_char_page;

/* One character of a text and what is known of it. */
typedef struct mrg_char {
    uint32_t codepoint;
    uint8_t class, flags;
    uint8_t bytes; /* in the text; 0 at its end */
    uint8_t fold_len;
    const unsigned char *fold; /* for a letter never empty; lent for as long as the text */
} mrg_char;

/* Pages are made when the first of their characters is met, and kept for good. Any thread. */
extern _Atomic(mrg_char_page *) mrg_char_pages[MRG_CHAR_PAGES];

/* NULL when memory ran out. `number` is below MRG_CHAR_PAGES. */
const mrg_char_page *mrg_char_page_make(uint32_t number);

/* ---- For the making of pages (folds.c) ---- */

mrg_char_class mrg_char_classify(uint32_t codepoint);
/* Of an NGRAM character, as in its flags. */
unsigned mrg_char_group(uint32_t codepoint);
/* Writes what a character folds to, in at most MRG_FOLD_MAX bytes; returns how many. */
size_t mrg_char_fold(uint32_t codepoint, mrg_char_class class, unsigned char *out);

/* ---- Reading ---- */

/* Reads one character of [p, end), p < end. Invalid bytes give U+FFFD, one byte at a time for those that
   begin nothing, else the longest part that could have been a character (as Unicode recommends). */
static inline size_t mrg_decode_char(const unsigned char *p, const unsigned char *end, uint32_t *codepoint)
{
    unsigned c = *p;
    size_t left = (size_t)(end - p);
    *codepoint = 0xfffd;
    if (c < 0x80) {
        *codepoint = c;
        return 1;
    }
    if (c < 0xc2 || c > 0xf4)
        return 1;
    if (left < 2 || (p[1] & 0xc0) != 0x80)
        return 1;
    if (c < 0xe0) {
        *codepoint = (c & 0x1f) << 6 | (p[1] & 0x3fu);
        return 2;
    }
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) ||
        (c == 0xf4 && p[1] > 0x8f))
        return 1;
    if (left < 3 || (p[2] & 0xc0) != 0x80)
        return 2;
    if (c < 0xf0) {
        *codepoint = (c & 0x0f) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
        return 3;
    }
    if (left < 4 || (p[3] & 0xc0) != 0x80)
        return 3;
    *codepoint = (c & 0x07) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
    return 4;
}

static inline const mrg_char_page *mrg_char_page_of(uint32_t codepoint)
{
    const mrg_char_page *page = atomic_load_explicit(&mrg_char_pages[codepoint >> 8], memory_order_acquire);
    return page ? page : mrg_char_page_make(codepoint >> 8);
}

/* The character at p, or a BREAK of no bytes at the end. Returns -1 when memory ran out; then it is that
   BREAK as well. */
static inline int mrg_char_read(mrg_char *c, const unsigned char *p, const unsigned char *end)
{
    *c = (mrg_char){ .class = MRG_CHAR_BREAK };
    if (p >= end)
        return 0;
    uint32_t codepoint;
    size_t bytes = mrg_decode_char(p, end, &codepoint);
    const mrg_char_page *page = mrg_char_page_of(codepoint);
    if (!page)
        return -1;
    mrg_char_info info = page->info[codepoint & 0xff];
    c->codepoint = codepoint;
    c->class = info.class;
    c->flags = info.flags;
    c->bytes = (uint8_t)bytes;
    if (info.flags & MRG_CHAR_SELF) {
        c->fold = p;
        c->fold_len = c->bytes;
    } else if (info.fold) {
        c->fold = page->folds + info.fold + 1;
        c->fold_len = page->folds[info.fold];
    }
    return 0;
}

/* A character of a script without spaces, which is at p, with the marks that follow it: kana with their
   voicing, Hangul put together from jamo, Thai with its vowel signs. */
typedef struct mrg_cell {
    unsigned char fold[MRG_CELL_MAX];
    size_t fold_len;
    size_t bytes; /* in the text */
    unsigned group;
} mrg_cell;

/* Returns -1 when memory ran out. */
int mrg_cell_read(mrg_cell *cell, const unsigned char *p, const unsigned char *end);

#endif

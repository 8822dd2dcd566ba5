/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts without spaces: each two neighbouring characters are a word, with a position of its own, and a
 * character that stands alone is one. A character has its marks with it: vowel signs, voicing, the vowels
 * and finals of Hangul taken apart. Iteration marks and the prolonged sound mark are characters. Han and
 * kana are one script here, since Japanese mixes them within words; Hangul and Han make no pair, nor do
 * any others.
 */
#include <string.h>

#include "text/lexer.h"

static void emit_cells(mrg_lexer *x, const unsigned char *at, const mrg_cell *first, const unsigned char *second_at,
                       const mrg_cell *second)
{
    unsigned char *term = mrg_lexer_room(x);
    if (!term)
        return;
    const unsigned char *end = second ? second_at + second->bytes : at + first->bytes;
    size_t len = first->fold_len;
    memcpy(term, first->fold, len);
    if (second) {
        memcpy(term + len, second->fold, second->fold_len);
        len += second->fold_len;
    }
    mrg_word_form word = { term, len, MRG_TOKEN_NGRAM, 0 };
    mrg_lexer_emit(x, at, end, &word, end);
}

void mrg_read_ngrams(mrg_lexer *x)
{
    mrg_cell cells[2];
    const unsigned char *at = x->at;
    int lone = 1;
    if (mrg_cell_read(&cells[0], at, x->end)) {
        x->failed = 1;
        return;
    }
    for (unsigned i = 0; !x->failed; i ^= 1) {
        const mrg_cell *first = &cells[i];
        mrg_cell *second = &cells[i ^ 1];
        const unsigned char *next = at + first->bytes;
        mrg_char c = mrg_lexer_skip(x, &next);
        int pair = c.class == MRG_CHAR_NGRAM && (c.flags & MRG_CHAR_GROUP) == first->group;
        if (x->failed || (pair && mrg_cell_read(second, next, x->end))) {
            x->failed = 1;
            return;
        }
        if (pair || lone)
            emit_cells(x, at, first, next, pair ? second : NULL);
        if (!pair)
            return;
        lone = 0;
        at = next;
    }
}

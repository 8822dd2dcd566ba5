/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk from word to word. What a word is: word.c, acronym.c, ngram.c; where sentences begin: sentence.c. */
#include "text/tokenize.h"

#include <string.h>

#include "core/alloc.h"
#include "text/lexer.h"

unsigned char *mrg_lexer_grow(mrg_lexer *x)
{
    mrg_buffer *terms = &x->tokens->terms;
    unsigned char *room = terms->len < UINT32_MAX - MRG_LEXER_ROOM ? mrg_buffer_room(terms, MRG_LEXER_ROOM) : NULL;
    if (!room)
        x->failed = 1;
    return room;
}

void mrg_lexer_emit(mrg_lexer *x, const unsigned char *begin, const unsigned char *end, const mrg_word_form *word,
                    const unsigned char *next)
{
    mrg_tokens *t = x->tokens;
    x->at = next;
    if (x->failed ||
        (t->count == t->capacity && mrg_reserve((void **)&t->items, &t->capacity, t->count + 1, sizeof *t->items))) {
        x->failed = 1;
        return;
    }
    uint32_t flags = word->flags;
    /* Most words follow one space, and not an acronym. */
    if (!x->word_end || begin - x->word_end != 1 || *x->word_end != ' ' || x->word_end[-1] == '.')
        flags |= mrg_gap_flags(x, begin, word);
    t->items[t->count++] = (mrg_token){ (uint32_t)t->terms.len,      (uint32_t)word->len,       x->position++,
                                        (uint32_t)(begin - x->text), (uint32_t)(end - x->text), flags };
    t->terms.len += word->len;
    x->word_end = next;
}

morgue_status mrg_tokenize(mrg_tokens *tokens, const char *text, size_t begin, size_t end, uint32_t gap,
                           morgue_error *err)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (begin == end) /* perhaps of no text */
        return MORGUE_OK;
    mrg_lexer x = { .tokens = tokens, .text = bytes, .begin = bytes + begin, .end = bytes + end, .at = bytes + begin };
    x.position = (tokens->count ? tokens->items[tokens->count - 1].position + 1 : 0) + gap;
    while (x.at < x.end && !x.failed) {
        unsigned char c = *x.at;
        if (c < 0x80 && !mrg_is_ascii_letter(c) && !mrg_is_ascii_digit(c)) {
            x.at++;
            continue;
        }
        mrg_char first = { .class = MRG_CHAR_LETTER };
        if (c >= 0x80)
            first = mrg_lexer_look(&x, x.at);
        if (first.class == MRG_CHAR_LETTER || first.class == MRG_CHAR_DIGIT)
            mrg_read_word(&x);
        else if (first.class == MRG_CHAR_NGRAM)
            mrg_read_ngrams(&x);
        else
            x.at += first.bytes;
    }
    return x.failed ? mrg_fail_nomem(err) : MORGUE_OK;
}

void mrg_tokens_dispose(mrg_tokens *tokens)
{
    mrg_free(tokens->items);
    mrg_buffer_dispose(&tokens->terms);
    memset(tokens, 0, sizeof *tokens);
}

void mrg_tokens_clear(mrg_tokens *tokens)
{
    tokens->count = 0;
    mrg_buffer_clear(&tokens->terms);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of words share: the place in the text, and the tokens so far. */
#ifndef MRG_LEXER_H
#define MRG_LEXER_H

#include "text/chars.h"
#include "text/tokenize.h"

typedef struct mrg_lexer {
    mrg_tokens *tokens;
    const unsigned char *text;        /* offsets count from here */
    const unsigned char *begin, *end; /* the range to read; nothing outside is looked at */
    const unsigned char *at;
    const unsigned char *word_end; /* of the last word, with its possessive; NULL before the first */
    uint32_t position;             /* of the next word */
    int failed;                    /* memory ran out */
} mrg_lexer;

enum { MRG_LEXER_ROOM = MRG_TERM_MAX_BYTES + MRG_CELL_MAX };

/* Room for MRG_LEXER_ROOM bytes behind the terms that are there, or NULL and `failed`. */
unsigned char *mrg_lexer_grow(mrg_lexer *x);

static inline unsigned char *mrg_lexer_room(mrg_lexer *x)
{
    mrg_buffer *terms = &x->tokens->terms;
    if (!terms->failed && terms->capacity - terms->len >= MRG_LEXER_ROOM && terms->len < UINT32_MAX - MRG_LEXER_ROOM)
        return terms->data + terms->len;
    return mrg_lexer_grow(x);
}

/* A word that has been read. */
typedef struct mrg_word_form {
    const unsigned char *term; /* in the room */
    size_t len;
    uint32_t flags; /* those that do not depend on what came before */
    int is_small;   /* begins with a small letter */
} mrg_word_form;

/* A token. Reading goes on at `next`. */
void mrg_lexer_emit(mrg_lexer *x, const unsigned char *begin, const unsigned char *end, const mrg_word_form *word,
                    const unsigned char *next);

/* The character at p; at the end and after a failure a BREAK of no bytes. */
static inline mrg_char mrg_lexer_look(mrg_lexer *x, const unsigned char *p)
{
    mrg_char c;
    if (mrg_char_read(&c, p, x->end))
        x->failed = 1;
    return c;
}

/* The same behind any characters that are to be ignored; *p moves to it. */
static inline mrg_char mrg_lexer_skip(mrg_lexer *x, const unsigned char **p)
{
    mrg_char c = mrg_lexer_look(x, *p);
    while (c.class == MRG_CHAR_IGNORE) {
        *p += c.bytes;
        c = mrg_lexer_look(x, *p);
    }
    return c;
}

static inline int mrg_is_ascii_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static inline int mrg_is_ascii_letter(unsigned char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static inline int mrg_is_alnum(const mrg_char *c)
{
    return c->class == MRG_CHAR_LETTER || c->class == MRG_CHAR_DIGIT;
}

/* MRG_TOKEN_SENTENCE and MRG_TOKEN_HYPHEN, from what lies between the last word and this one (sentence.c). */
uint32_t mrg_gap_flags(const mrg_lexer *x, const unsigned char *begin, const mrg_word_form *word);

/* A letter or a digit is at x->at: the word it begins (word.c). */
void mrg_read_word(mrg_lexer *x);

/* Single letters with dots between, from `begin` (acronym.c). Returns 0, and does nothing, if there are
   not two. */
int mrg_read_acronym(mrg_lexer *x, const unsigned char *begin);

/* A run in a script without spaces, from x->at (ngram.c). */
void mrg_read_ngrams(mrg_lexer *x);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes -> terms. The same code runs over articles and over queries, so that both meet on the same
 * terms. Stemming is left to stem.h; what the terms are used for, to the callers.
 */
#ifndef MRG_TOKENIZE_H
#define MRG_TOKENIZE_H

#include "core/buffer.h"
#include "core/error.h"

enum {
    MRG_TERM_MAX_BYTES = 200, /* longer terms are cut at a character boundary */

    /* What a token looked like before it was folded, for finding names. */
    MRG_TOKEN_CAPITAL = 1 << 0,    /* begins with an upper case letter */
    MRG_TOKEN_ALL_CAPS = 1 << 1,   /* two or more letters, all upper case */
    MRG_TOKEN_DIGIT = 1 << 2,      /* holds a digit */
    MRG_TOKEN_ACRONYM = 1 << 3,    /* letters with dots: U.S.; `end` is behind the last dot */
    MRG_TOKEN_POSSESSIVE = 1 << 4, /* 's or s' was taken off; `end` is before it */
    MRG_TOKEN_NGRAM = 1 << 5,      /* overlapping bigram of a script without spaces */
    MRG_TOKEN_SENTENCE = 1 << 6,   /* first token of a sentence or paragraph */
    MRG_TOKEN_HYPHEN = 1 << 7,     /* joined to the token before by a hyphen, nothing else */
    MRG_TOKEN_APOSTROPHE = 1 << 8  /* holds an inner apostrophe: o'brien */
};

typedef struct mrg_token {
    uint32_t term_off, term_len; /* the folded term, in mrg_tokens.terms */
    uint32_t position;           /* counts words; phrases are consecutive positions */
    uint32_t begin, end;         /* the word as written, bytes of the text */
    uint32_t flags;
} mrg_token;

/* Zero-initialise, reuse for many texts, dispose at the end. */
typedef struct mrg_tokens {
    mrg_token *items;
    size_t count, capacity;
    mrg_buffer terms;
} mrg_tokens;

void mrg_tokens_dispose(mrg_tokens *tokens);
void mrg_tokens_clear(mrg_tokens *tokens); /* keeps the memory */

static inline const char *mrg_token_term(const mrg_tokens *tokens, const mrg_token *token)
{
    return (const char *)tokens->terms.data + token->term_off;
}

/*
 * Appends the tokens of text[begin, end) to `tokens`; the offsets in them count from text[0]. Positions
 * go on from the last token's, plus 1, plus `gap`; the first ever is 0 plus `gap`. Any bytes will do:
 * invalid UTF-8 counts as U+FFFD and separates words. Texts are below 4 GiB. Only NOMEM can fail; then
 * `tokens` is still sound and holds what came before. Nothing outside [begin, end) is looked at.
 *
 * A term that is tokenized gives itself, alone; so do the bytes of its token in the text. Positions are
 * consecutive within a call. Time is linear in the text, whatever it holds.
 */
morgue_status mrg_tokenize(mrg_tokens *tokens, const char *text, size_t begin, size_t end, uint32_t gap,
                           morgue_error *err);

/* Folds a string as tokens are folded (case, diacritics, compatibility forms, apostrophes), runs of white
   space to one space, ends trimmed; punctuation stays; appended to `out`. For names, sources and authors.
   Folding twice changes nothing more. */
void mrg_fold(mrg_buffer *out, const char *text, size_t len);

/* Appends text as valid UTF-8: each maximal invalid sequence becomes U+FFFD, NUL and other C0 control
   characters but tab and newline, and DEL, a space; CR LF and CR become LF. */
void mrg_clean_utf8(mrg_buffer *out, const char *text, size_t len);

/* Non-zero if mrg_clean_utf8 would change nothing; fast. */
int mrg_is_clean_utf8(const char *text, size_t len);

#endif

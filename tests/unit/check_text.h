/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of text share: texts to words one can read, and what must hold of any words. */
#ifndef TESTS_CHECK_TEXT_H
#define TESTS_CHECK_TEXT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/tokenize.h"

enum { WORDS_SIZE = 4096 };

/* The terms of a text, or what they are in the text, with a bar between them; lent until the next call. */
static inline const char *list_words(const char *text, int as_written)
{
    static char out[WORDS_SIZE];
    mrg_tokens t = { 0 };
    size_t len = 0;
    ck_assert_int_eq(mrg_tokenize(&t, text, 0, strlen(text), 0, NULL), MORGUE_OK);
    for (size_t i = 0; i < t.count; i++) {
        const mrg_token *k = &t.items[i];
        const char *word = as_written ? text + k->begin : mrg_token_term(&t, k);
        size_t word_len = as_written ? k->end - k->begin : k->term_len;
        ck_assert_uint_lt(len + word_len + 2, sizeof out);
        if (i)
            out[len++] = '|';
        memcpy(out + len, word, word_len);
        len += word_len;
    }
    out[len] = 0;
    mrg_tokens_dispose(&t);
    return out;
}

static inline const char *terms(const char *text)
{
    return list_words(text, 0);
}

static inline const char *surfaces(const char *text)
{
    return list_words(text, 1);
}

static inline uint32_t flags_of(const char *text, size_t index)
{
    mrg_tokens t = { 0 };
    ck_assert_int_eq(mrg_tokenize(&t, text, 0, strlen(text), 0, NULL), MORGUE_OK);
    ck_assert_msg(index < t.count, "\"%s\" has no word %zu", text, index);
    uint32_t flags = t.items[index].flags;
    mrg_tokens_dispose(&t);
    return flags;
}

static inline const char *fold(const char *text)
{
    static char out[WORDS_SIZE];
    mrg_buffer b = MRG_BUFFER_INIT;
    mrg_fold(&b, text, strlen(text));
    ck_assert_uint_lt(b.len, sizeof out);
    if (b.len)
        memcpy(out, b.data, b.len);
    out[b.len] = 0;
    mrg_buffer_dispose(&b);
    return out;
}

/* ck_assert leaves a mark each time, which takes longer than reading a word. */
#define REQUIRE(holds)                                                                                                 \
    do {                                                                                                               \
        if (!(holds))                                                                                                  \
            ck_abort_msg("line %d: %s does not hold", __LINE__, #holds);                                               \
    } while (0)

static inline void gives_itself(mrg_tokens *again, const char *text, size_t len, const char *term, size_t term_len)
{
    mrg_tokens_clear(again);
    REQUIRE(mrg_tokenize(again, text, 0, len, 0, NULL) == MORGUE_OK);
    if (again->count != 1 || again->items[0].term_len != term_len ||
        memcmp(mrg_token_term(again, again->items), term, term_len) != 0)
        ck_abort_msg("\"%.*s\" gives %zu words, not the one \"%.*s\"", (int)len, text, again->count, (int)term_len,
                     term);
}

/* What must hold of the words of any bytes. */
static inline size_t check_words(mrg_tokens *t, mrg_tokens *again, const char *text, size_t len)
{
    mrg_tokens_clear(t);
    REQUIRE(mrg_tokenize(t, text, 0, len, 0, NULL) == MORGUE_OK);
    for (size_t i = 0; i < t->count; i++) {
        const mrg_token *k = &t->items[i];
        const char *term = mrg_token_term(t, k);
        REQUIRE(k->begin < k->end && k->end <= len);
        REQUIRE(k->term_len > 0 && k->term_len <= MRG_TERM_MAX_BYTES);
        REQUIRE(k->position == i && (i == 0 || k->begin > k[-1].begin));
        REQUIRE(i == 0 || k->flags & k[-1].flags & MRG_TOKEN_NGRAM || k->begin >= k[-1].end);
        REQUIRE(mrg_is_clean_utf8(term, k->term_len));
        gives_itself(again, term, k->term_len, term, k->term_len);
        gives_itself(again, text + k->begin, k->end - k->begin, term, k->term_len);
    }
    return t->count;
}

#endif

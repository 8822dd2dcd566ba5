/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/subject.h"

#include <string.h>

/* Terms are shorter than Xapian's 245 bytes. */
enum { LONGEST_KEY = 240 };

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *mrg_subject_next(const char **at, size_t *len)
{
    while (is_blank(**at) || **at == ';')
        ++*at;
    if (!**at)
        return NULL;
    const char *begin = *at;
    *at += strcspn(*at, ";");
    *len = (size_t)(*at - begin);
    while (is_blank(begin[*len - 1]))
        --*len;
    return begin;
}

morgue_status mrg_subject_key(mrg_buffer *key, mrg_tokens *tokens, const char *subject, size_t len, morgue_error *err)
{
    mrg_buffer_clear(key);
    mrg_tokens_clear(tokens);
    morgue_status status = mrg_tokenize(tokens, subject, 0, len, 0, err);
    for (size_t i = 0; i < tokens->count && !status; i++) {
        const mrg_token *t = &tokens->items[i];
        if (key->len + 1 + t->term_len > LONGEST_KEY)
            break;
        if (key->len)
            mrg_buffer_append_byte(key, ' ');
        mrg_buffer_append(key, mrg_token_term(tokens, t), t->term_len);
    }
    return !status && key->failed ? mrg_fail_nomem(err) : status;
}

static int has_word(const char *key, size_t len, const char *word, size_t word_len)
{
    for (size_t at = 0; at < len;) {
        const char *space = memchr(key + at, ' ', len - at);
        size_t n = space ? (size_t)(space - key) - at : len - at;
        if (n == word_len && memcmp(key + at, word, n) == 0)
            return 1;
        at += n + 1;
    }
    return 0;
}

int mrg_subject_has_words(const char *key, size_t len, const char *words, size_t words_len)
{
    for (size_t at = 0; at < words_len;) {
        const char *space = memchr(words + at, ' ', words_len - at);
        size_t n = space ? (size_t)(space - words) - at : words_len - at;
        if (!has_word(key, len, words + at, n))
            return 0;
        at += n + 1;
    }
    return 1;
}

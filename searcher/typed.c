/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What somebody is typing, as a query that says what was meant so far: the text up to a place, and an end. */
#include <string.h>

#include "morgue.h"
#include "parse.h"

/* What there is room for is written; the length counts on. */
typedef struct typed_out {
    char *text;
    size_t size, len;
} typed_out;

static void put(typed_out *out, const char *text, size_t len)
{
    if (out->len < out->size)
        memcpy(out->text + out->len, text, len < out->size - out->len ? len : out->size - out->len);
    out->len += len;
}

/* Parentheses that are open, a quotation mark that is: its place, else `len`. */
static size_t open_quote(const char *text, size_t len, size_t *depth)
{
    size_t quote = len;
    int32_t c;
    *depth = 0;
    for (size_t pos = 0, n; (n = mrg_char_peek(text, len, pos, &c)) > 0; pos += n) {
        if (mrg_char_is_quote(c))
            quote = quote == len ? pos : len;
        else if (quote == len && c == '(')
            ++*depth;
        else if (quote == len && c == ')' && *depth)
            --*depth;
    }
    return quote;
}

static int ends_with_space(const char *text, size_t len)
{
    unsigned char last = (unsigned char)text[len - 1];
    return last < 0x80 && mrg_char_is_space(last);
}

static size_t without_spaces(const char *text, size_t len)
{
    while (len && ends_with_space(text, len))
        len--;
    return len;
}

static size_t last_word(const char *text, size_t len)
{
    while (len && !ends_with_space(text, len) && text[len - 1] != '(')
        len--;
    return len;
}

static int is_operator(const char *word, size_t len)
{
    return mrg_is_exactly(word, len, "AND") || mrg_is_exactly(word, len, "OR") || mrg_is_exactly(word, len, "NOT") ||
           mrg_is_exactly(word, len, "NEAR") || mrg_is_exactly(word, len, "BEFORE") || mrg_is_exactly(word, len, "-") ||
           (len >= 5 && !memcmp(word, "NEAR/", 5)) || (len >= 7 && !memcmp(word, "BEFORE/", 7));
}

/* Where a word begins that may go on: letters and digits up to the end, not behind a sign. `len` if there is none. */
static size_t begun_word(const char *text, size_t len)
{
    size_t begin = 0;
    int32_t c;
    for (size_t pos = 0, n; (n = mrg_char_peek(text, len, pos, &c)) > 0; pos += n)
        if (mrg_char_is_space(c) || c == '(')
            begin = pos + n;
    for (size_t pos = begin, n; (n = mrg_char_peek(text, len, pos, &c)) > 0; pos += n)
        if (!mrg_char_is_word(c))
            return len;
    return is_operator(text + begin, len - begin) ? len : begin;
}

/* Leaves out what waits for more: operators, fields without a value, parentheses with nothing in them. */
static size_t without_beginnings(const char *text, size_t len, size_t *depth)
{
    for (;;) {
        len = without_spaces(text, len);
        size_t word = last_word(text, len);
        if (len && text[len - 1] == '(') {
            len--;
            *depth -= *depth > 0;
        } else if (len && (text[len - 1] == ':' || is_operator(text + word, len - word))) {
            len = word;
        } else {
            return len;
        }
    }
}

size_t morgue_query_typed(const char *text, char *out, size_t size)
{
    typed_out to = { out, size, 0 };
    size_t depth, len = strlen(text), quote = open_quote(text, len, &depth);
    size_t word = quote < len ? len : begun_word(text, len);
    if (quote < len && mrg_has_word(text + quote, len - quote)) {
        put(&to, text, len);
        put(&to, "\"", 1);
    } else if (word < len) {
        put(&to, text, word);
        put(&to, "(", 1);
        put(&to, text + word, len - word);
        put(&to, " OR ", 4);
        put(&to, text + word, len - word);
        put(&to, "*)", 2);
    } else {
        put(&to, text, without_beginnings(text, quote, &depth));
    }
    for (; depth > 0; depth--)
        put(&to, ")", 1);
    if (size)
        out[to.len < size ? to.len : 0] = '\0';
    return to.len;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys: a type's letter, a colon, the folded name. Articles and queries meet on them, so both make them
 * here: from the alias table's canonical name if it has one, else from the name's folded words.
 */
#include <string.h>

#include "core/buffer.h"
#include "entity/article.h"

static const struct {
    const char *name;
    char letter;
} types[MRG_ENTITY_TYPES] = { { "person", 'p' }, { "org", 'o' }, { "place", 'l' }, { "event", 'e' } };

enum { DATE_LETTER = 'd' };

const char *mrg_entity_type_name(mrg_entity_type type)
{
    if (type == MRG_ENTITY_DATE)
        return "date";
    return type < MRG_ENTITY_TYPES ? types[type].name : "any";
}

char mrg_entity_letter(mrg_entity_type type)
{
    if (type == MRG_ENTITY_DATE)
        return DATE_LETTER;
    return type < MRG_ENTITY_TYPES ? types[type].letter : '?';
}

mrg_entity_type mrg_entity_type_of(char letter)
{
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++) {
        if (types[t].letter == letter)
            return (mrg_entity_type)t;
    }
    if (letter == DATE_LETTER)
        return MRG_ENTITY_DATE;
    return MRG_ENTITY_TYPES;
}

/* ---- Names ---- */

size_t mrg_strip_legal_form(const char *name, size_t len)
{
    for (;;) {
        size_t at = len;
        while (at && name[at - 1] != ' ')
            at--;
        if (at < 2 || !(mrg_word_flags(name + at, len - at) & MRG_WORD_LEGAL_FORM))
            return len;
        len = at - 1;
    }
}

/* "u.s. navy" -> "us navy": dots that end a single letter go, those of "amazon.com" and "3.5" stay. */
static void append_without_dots(mrg_buffer *out, const char *name, size_t len)
{
    size_t word = 0; /* letters since the last dot or space */
    if (!memchr(name, '.', len)) {
        mrg_buffer_append(out, name, len);
        return;
    }
    for (size_t i = 0; i < len; i++) {
        int digit = name[i] >= '0' && name[i] <= '9';
        if (name[i] == '.' && word == 1)
            word = 0;
        else if (name[i] == ' ' || name[i] == '.')
            word = name[i] == ' ' ? 0 : 9;
        else if (((unsigned char)name[i] & 0xc0) != 0x80)
            word += digit ? 9 : 1;
        if (name[i] != '.' || word)
            mrg_buffer_append_byte(out, (unsigned char)name[i]);
    }
}

static size_t cut_at_character(const unsigned char *name, size_t len, size_t most)
{
    if (len <= most)
        return len;
    len = most;
    while (len && (name[len] & 0xc0) == 0x80)
        len--;
    while (len && name[len - 1] == ' ')
        len--;
    return len;
}

void mrg_append_key_name(mrg_buffer *out, mrg_entity_type type, const char *name, size_t len)
{
    size_t begin = out->len;
    if (type == MRG_ENTITY_ORG)
        len = mrg_strip_legal_form(name, len);
    append_without_dots(out, name, len);
    if (!out->failed && out->len > begin)
        out->len = begin + cut_at_character(out->data + begin, out->len - begin, MRG_KEY_MAX - 2);
}

static const mrg_known *of_type(const mrg_known *known, mrg_entity_type type)
{
    if (!known || !known->canonical || (type != MRG_ENTITY_TYPES && known->type != (int)type))
        return NULL;
    return known;
}

const mrg_known *mrg_resolve_name(mrg_entity_type type, const char *name, size_t len, mrg_buffer *scratch)
{
    const mrg_known *known = of_type(mrg_known_find(name, len), type);
    if (known)
        return known;
    mrg_buffer_clear(scratch);
    append_without_dots(scratch, name, len);
    if (scratch->failed)
        return NULL;
    const char *plain = (const char *)scratch->data;
    size_t plain_len = scratch->len;
    known = plain_len ? of_type(mrg_known_find(plain, plain_len), type) : NULL;
    if (known || (type != MRG_ENTITY_ORG && type != MRG_ENTITY_TYPES))
        return known;
    len = mrg_strip_legal_form(name, len);
    known = of_type(mrg_known_find(name, len), MRG_ENTITY_ORG);
    return known;
}

/* ---- Words ---- */

static int has_word(const char *name, size_t name_len, const char *word, size_t len)
{
    const char *end = name + name_len;
    for (const char *at = name; at < end;) {
        const char *space = memchr(at, ' ', (size_t)(end - at));
        size_t n = (size_t)((space ? space : end) - at);
        if (n == len && !memcmp(at, word, n))
            return 1;
        at += n + 1;
    }
    return 0;
}

int mrg_words_include(const char *name, size_t name_len, const char *words, size_t len)
{
    const char *end = words + len;
    for (const char *at = words; at < end;) {
        const char *space = memchr(at, ' ', (size_t)(end - at));
        size_t n = (size_t)((space ? space : end) - at);
        if (!has_word(name, name_len, at, n))
            return 0;
        at += n + 1;
    }
    return 1;
}

/* ---- Queries ---- */

/* "the", and before a person's name titles, are no part of it. */
static size_t skip_words(const mrg_tokens *tokens, mrg_entity_type type)
{
    size_t i = 0;
    while (i + 1 < tokens->count) {
        const mrg_token *t = &tokens->items[i];
        uint32_t word = mrg_word_flags(mrg_token_term(tokens, t), t->term_len);
        int article = t->term_len == 3 && !memcmp(mrg_token_term(tokens, t), "the", 3);
        int title = type == MRG_ENTITY_PERSON && word & MRG_WORD_TITLE && !(word & MRG_WORD_FIRST_NAME);
        if (!article && !title)
            break;
        i++;
    }
    return i;
}

/* "US" as typed is the country, "us" is not. */
static uint32_t query_word(const mrg_tokens *tokens, size_t i)
{
    const mrg_token *t = &tokens->items[i];
    uint32_t word = mrg_word_flags(mrg_token_term(tokens, t), t->term_len);
    int states = t->flags & MRG_TOKEN_ALL_CAPS && t->term_len == 2 && !memcmp(mrg_token_term(tokens, t), "us", 2);
    return states ? WORD_STATES : word;
}

static void append_words(const mrg_tokens *tokens, size_t from, mrg_buffer *out)
{
    for (size_t i = from; i < tokens->count; i++) {
        uint32_t word[1] = { query_word(tokens, i) };
        mrg_tokens one = { &tokens->items[i], 1, 1, tokens->terms };
        if (i > from)
            mrg_buffer_append_byte(out, ' ');
        mrg_append_lookup(&one, word, 0, 1, out);
    }
}

static const mrg_known *resolve_words(const mrg_tokens *tokens, size_t from, mrg_entity_type type, mrg_buffer *name,
                                      mrg_buffer *scratch)
{
    mrg_buffer_clear(name);
    append_words(tokens, from, name);
    return name->failed || !name->len ? NULL : mrg_resolve_name(type, (const char *)name->data, name->len, scratch);
}

static int append_key(mrg_buffer *key, mrg_entity_type *type, const mrg_tokens *tokens, mrg_buffer *name,
                      mrg_buffer *scratch)
{
    const mrg_known *known = resolve_words(tokens, 0, *type, name, scratch);
    size_t from = known ? 0 : skip_words(tokens, *type);
    if (from)
        known = resolve_words(tokens, from, *type, name, scratch);
    if (known)
        *type = (mrg_entity_type)known->type;
    if (*type < MRG_ENTITY_TYPES) {
        mrg_buffer_append_byte(key, (unsigned char)mrg_entity_letter(*type));
        mrg_buffer_append_byte(key, ':');
    }
    if (known)
        mrg_buffer_append_str(key, known->key);
    else if (!name->failed && name->len)
        mrg_append_key_name(key, *type, (const char *)name->data, name->len);
    return known != NULL;
}

int mrg_entity_key(mrg_buffer *key, mrg_entity_type *type, const char *name, size_t len)
{
    mrg_tokens tokens = { 0 };
    mrg_buffer lookup = MRG_BUFFER_INIT, scratch = MRG_BUFFER_INIT;
    int known = 0;
    if (mrg_tokenize(&tokens, name, 0, len, 0, NULL))
        key->failed = 1;
    else
        known = append_key(key, type, &tokens, &lookup, &scratch);
    if (lookup.failed || scratch.failed)
        key->failed = 1;
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&lookup);
    mrg_buffer_dispose(&scratch);
    return known;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking up in a user's list. */
#include "entity/authority.h"

#include <string.h>

#include "core/alloc.h"
#include "entity/authority_impl.h"

void mrg_authority_free(mrg_authority *a)
{
    if (!a)
        return;
    mrg_free(a->rows);
    mrg_free(a->names);
    mrg_free(a->name_slots);
    mrg_free(a->keys);
    mrg_free(a->key_rows);
    mrg_free(a->key_slots);
    mrg_free(a->firsts);
    mrg_free(a->order);
    mrg_arena_dispose(&a->arena);
    mrg_free(a);
}

size_t mrg_authority_row_count(const mrg_authority *a)
{
    return a ? a->row_count : 0;
}

size_t mrg_authority_skipped(const mrg_authority *a)
{
    return a->skipped;
}

const mrg_authority_row *mrg_authority_row_at(const mrg_authority *a, size_t i)
{
    return a->order[i];
}

int mrg_authority_has_row(const mrg_authority *a, const mrg_authority_row *row)
{
    return a && row >= a->rows && row < a->rows + a->row_count;
}

size_t mrg_authority_name_count(const mrg_authority *a)
{
    return a->name_count;
}

const mrg_authority_name *mrg_authority_name_at(const mrg_authority *a, size_t i)
{
    return &a->names[i];
}

const mrg_authority_row *mrg_authority_row_of(const mrg_authority *a, const mrg_authority_name *name)
{
    return &a->rows[name->row];
}

const mrg_authority_row *mrg_authority_of_key(const mrg_authority *a, const char *key, size_t len)
{
    if (!a || !a->key_slot_count)
        return NULL;
    size_t mask = a->key_slot_count - 1;
    for (size_t i = mrg_short_hash(key, len) & mask; a->key_slots[i]; i = (i + 1) & mask) {
        const char *other = a->keys[a->key_slots[i] - 1];
        if (!strncmp(other, key, len) && !other[len])
            return &a->rows[a->key_rows[a->key_slots[i] - 1]];
    }
    return NULL;
}

static const mrg_authority_name *find_hashed(const mrg_authority *a, uint64_t hash, const char *words, size_t len)
{
    if (!a->name_slot_count)
        return NULL;
    size_t mask = a->name_slot_count - 1;
    for (size_t i = hash & mask; a->name_slots[i]; i = (i + 1) & mask) {
        const mrg_authority_name *name = &a->names[a->name_slots[i] - 1];
        if (name->hash == hash && name->len == len && !memcmp(name->words, words, len))
            return name;
    }
    return NULL;
}

const mrg_authority_name *mrg_authority_find(const mrg_authority *a, const char *words, size_t len)
{
    uint64_t hash = 0;
    if (!a)
        return NULL;
    for (size_t at = 0; at < len;) {
        const char *space = memchr(words + at, ' ', len - at);
        size_t n = space ? (size_t)(space - words) - at : len - at;
        hash = mrg_authority_hash(hash, words + at, n);
        at += n + 1;
    }
    return find_hashed(a, hash, words, len);
}

int mrg_authority_is_not(const mrg_authority_row *row, const char *words, size_t len)
{
    for (uint32_t i = 0; i < row->not_count; i++)
        if (strlen(row->not_words[i]) == len && !memcmp(row->not_words[i], words, len))
            return 1;
    return 0;
}

/* ---- In a text ------------------------------------------------------------------------------------------ */

/* Whether two tokens may belong to one name: spaces, hyphens, the dot of an initial, an apostrophe, "&". */
static int may_join(const char *text, const mrg_token *a, const mrg_token *b)
{
    enum { MOST = 4 };
    int lines = 0;
    if (b->flags & MRG_TOKEN_SENTENCE || b->begin < a->end || b->begin - a->end > MOST)
        return 0;
    for (uint32_t i = a->end; i < b->begin; i++) {
        char c = text[i];
        if (c == '.' && a->end - a->begin > 3)
            return 0;
        lines += c == '\n';
        if (!memchr(" \t\r\n-.&'", c, 9) || lines > 1)
            return 0;
    }
    return 1;
}

static int fits(const mrg_authority_name *name, const mrg_tokens *tokens, size_t at)
{
    const mrg_token *t = &tokens->items[at];
    if (name->flags & NAME_TIED)
        return 0;
    if (name->flags & NAME_CAPITALS)
        return (t->flags & (MRG_TOKEN_ALL_CAPS | MRG_TOKEN_ACRONYM)) != 0;
    if (name->flags & NAME_SMALL)
        return 1;
    for (uint32_t i = 0; i < name->token_count; i++)
        if (t[i].flags & MRG_TOKEN_CAPITAL)
            return 1;
    return 0;
}

static const mrg_authority_first *find_first(const mrg_authority *a, uint64_t hash)
{
    size_t mask = a->first_slot_count - 1;
    for (size_t i = hash & mask; a->firsts[i].hash; i = (i + 1) & mask)
        if (a->firsts[i].hash == hash)
            return &a->firsts[i];
    return NULL;
}

uint32_t mrg_authority_match(const mrg_authority *a, const char *text, const mrg_tokens *tokens, size_t at,
                             const mrg_authority_row **row)
{
    char words[(MRG_TERM_MAX_BYTES + 1) * 4];
    uint64_t hash = 0;
    size_t len = 0;
    uint32_t longest = 0;
    if (!a->first_slot_count)
        return 0;
    const mrg_authority_first *first = NULL;
    for (uint32_t n = 1; n <= MRG_MENTION_MAX_TOKENS && at + n <= tokens->count; n++) {
        const mrg_token *t = &tokens->items[at + n - 1];
        if (n > 1 && !may_join(text, t - 1, t))
            break;
        hash = mrg_authority_hash(hash, mrg_token_term(tokens, t), t->term_len);
        if (n == 1 && !(first = find_first(a, hash)))
            return 0;
        if (first->lengths >> n == 0 || len + t->term_len + 1 > sizeof words)
            break;
        if (n > 1)
            words[len++] = ' ';
        memcpy(words + len, mrg_token_term(tokens, t), t->term_len);
        len += t->term_len;
        const mrg_authority_name *name = first->lengths >> n & 1 ? find_hashed(a, hash, words, len) : NULL;
        if (name && fits(name, tokens, at)) {
            longest = n;
            *row = &a->rows[name->row];
        }
    }
    return longest;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking up in a user's list. */
#include "entity/authority.h"

#include <string.h>

#include "core/alloc.h"
#include "core/error.h"
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
    mrg_free(a->words);
    mrg_free(a->uses);
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

/* ---- By words ------------------------------------------------------------------------------------------- */

static size_t count_words(const mrg_authority *a)
{
    size_t count = 0;
    for (size_t i = 0; i < a->name_count; i++)
        count += a->names[i].token_count;
    return count;
}

static mrg_authority_word *find_word(const mrg_authority *a, uint64_t hash)
{
    size_t mask = a->word_slot_count - 1, i = hash & mask;
    while (a->words[i].hash && a->words[i].hash != hash)
        i = (i + 1) & mask;
    return &a->words[i];
}

/* The length of the word at `at`, and its hash. */
static size_t read_word(const char *words, size_t len, size_t at, uint64_t *hash)
{
    const char *space = memchr(words + at, ' ', len - at);
    size_t n = space ? (size_t)(space - words) - at : len - at;
    *hash = mrg_authority_hash(0, words + at, n);
    return n;
}

morgue_status mrg_authority_index_words(mrg_authority *a, morgue_error *err)
{
    size_t count = count_words(a), slots = MRG_AUTHORITY_SLOTS, used = 0;
    while (slots < count * 2)
        slots *= 2;
    a->words = mrg_calloc(slots, sizeof *a->words);
    a->uses = mrg_calloc(count ? count : 1, sizeof *a->uses);
    if (!a->words || !a->uses)
        return mrg_fail_nomem(err);
    a->word_slot_count = slots;
    for (size_t i = a->name_count; i-- > 0;) { /* backwards, so that chains go forwards */
        const mrg_authority_name *name = &a->names[i];
        uint64_t hash;
        for (size_t at = 0; at < name->len && used < count;) {
            at += read_word(name->words, name->len, at, &hash) + 1;
            mrg_authority_word *word = find_word(a, hash);
            a->uses[used++] = (mrg_authority_use){ (uint32_t)i, word->use };
            *word = (mrg_authority_word){ hash, (uint32_t)used, word->count + 1 };
        }
    }
    return MORGUE_OK;
}

/* The first use of the rarest word; 0 if there is none. */
static uint32_t first_use(const mrg_authority *a, const char *words, size_t len)
{
    const mrg_authority_word *rarest = NULL;
    uint64_t hash;
    for (size_t at = 0; at < len;) {
        at += read_word(words, len, at, &hash) + 1;
        const mrg_authority_word *word = find_word(a, hash);
        if (!rarest || word->count < rarest->count)
            rarest = word;
    }
    return rarest ? rarest->use : 0;
}

const mrg_authority_name *mrg_authority_next_with(const mrg_authority *a, const char *words, size_t len, uint32_t *at)
{
    uint32_t use = *at ? a->uses[*at - 1].next : first_use(a, words, len);
    for (; use; use = a->uses[use - 1].next) {
        const mrg_authority_name *name = &a->names[a->uses[use - 1].name];
        if (!mrg_words_include(name->words, name->len, words, len))
            continue;
        *at = use;
        return name;
    }
    return NULL;
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
    if (name->flags & NAME_BEGINS)
        return (t->flags & MRG_TOKEN_CAPITAL) != 0;
    if (name->flags & NAME_SMALL)
        return 1;
    for (uint32_t i = 0; i < name->token_count; i++)
        if (t[i].flags & MRG_TOKEN_CAPITAL)
            return 1;
    return 0;
}

/* Of the names with the same words, the one that is meant in a text: the only canonical name, else the only alias.
   NULL if that is for the article to say. */
static const mrg_authority_name *meant(const mrg_authority *a, const mrg_authority_name *name)
{
    const mrg_authority_name *alias = NULL, *canonical = NULL;
    size_t aliases = 0, canonicals = 0;
    for (; name; name = name->next ? &a->names[name->next - 1] : NULL) {
        int is_canonical = name == &a->names[a->rows[name->row].first_name];
        *(is_canonical ? &canonical : &alias) = name;
        canonicals += (size_t)is_canonical;
        aliases += (size_t)!is_canonical;
    }
    return canonicals == 1 ? canonical : canonicals || aliases > 1 ? NULL : alias;
}

static const mrg_authority_first *find_first(const mrg_authority *a, uint64_t hash)
{
    size_t mask = a->first_slot_count - 1;
    for (size_t i = hash & mask; a->firsts[i].hash; i = (i + 1) & mask)
        if (a->firsts[i].hash == hash)
            return &a->firsts[i];
    return NULL;
}

/* Whether a name may begin with the token, judged by its capital. */
static int may_begin(const mrg_authority *a, const mrg_token *t, uint64_t hash)
{
    return t->flags & MRG_TOKEN_CAPITAL || a->small_firsts[hash >> 6 & 63] >> (hash & 63) & 1;
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
        if (n == 1 && (!may_begin(a, t, hash) || !(first = find_first(a, hash))))
            return 0;
        if (first->lengths >> n == 0 || len + t->term_len + 1 > sizeof words)
            break;
        if (n > 1)
            words[len++] = ' ';
        memcpy(words + len, mrg_token_term(tokens, t), t->term_len);
        len += t->term_len;
        const mrg_authority_name *name = first->lengths >> n & 1 ? find_hashed(a, hash, words, len) : NULL;
        if (name && (name = meant(a, name)) && fits(name, tokens, at)) {
            longest = n;
            *row = &a->rows[name->row];
        }
    }
    return longest;
}

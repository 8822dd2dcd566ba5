/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/stem.h"

#include <string.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/bytes.h"
#include "text/tokenize.h"
#include "xapian_c.h"

enum {
    FIRST_SLOTS = 1 << 12,
    MAX_SLOTS = 1 << 20, /* 24 MiB */
    MAX_ARENA = 8 << 20,
    KEY_BYTES = 16,
    MAX_WORD = 64 /* bytes */
};

/* A word and its stem, one after the other. */
struct entry {
    uint32_t word_len, stem_len;
    char bytes[];
};

/* The bytes of a word of up to KEY_BYTES, so that most look-ups compare two numbers; of longer ones a hash
   and LONG_WORD, which is no text. */
struct key {
    uint64_t low, high;
};

#define LONG_WORD UINT64_MAX

struct slot {
    struct key key;
    struct entry *entry; /* NULL: free */
};

struct mrg_stemmer {
    xapian_stem *stem;  /* NULL: no stemmer for this language */
    struct slot *slots; /* open addressing, at most half full */
    size_t slot_count, count;
    mrg_arena arena;
};

/* libxapian takes the codes too, but also names such as "none" that are no language of an article. */
static size_t primary_subtag(char out[4], const char *lang)
{
    size_t n = 0;
    for (; lang[n] && lang[n] != '-' && lang[n] != '_'; n++) {
        char c = lang[n] >= 'A' && lang[n] <= 'Z' ? (char)(lang[n] + 32) : lang[n];
        if (n == 3 || c < 'a' || c > 'z')
            return 0;
        out[n] = c;
    }
    out[n] = 0;
    return n;
}

int mrg_stemmer_known(const char *lang)
{
    char code[4];
    xapian_stem *stem = NULL;
    int known = primary_subtag(code, lang) && xapian_stem_create(&stem, code, NULL) == XAPIAN_C_OK;
    xapian_stem_free(stem);
    return known;
}

morgue_status mrg_stemmer_create(mrg_stemmer **out, const char *lang, morgue_error *err)
{
    char code[4];
    xapian_error cause = XAPIAN_ERROR_INIT;
    *out = NULL;
    mrg_stemmer *s = mrg_calloc(1, sizeof *s);
    if (!s)
        return mrg_fail_nomem(err);
    if (primary_subtag(code, lang) && xapian_stem_create(&s->stem, code, &cause) == XAPIAN_C_NOMEM) {
        mrg_stemmer_free(s);
        return mrg_fail_nomem(err);
    }
    *out = s;
    return MORGUE_OK;
}

void mrg_stemmer_free(mrg_stemmer *s)
{
    if (!s)
        return;
    xapian_stem_free(s->stem);
    mrg_free(s->slots);
    mrg_arena_dispose(&s->arena);
    mrg_free(s);
}

/* ---- Keys ---- */

static struct key make_key(const char *term, size_t len)
{
    if (len <= 8)
        return (struct key){ mrg_load_up_to_8(term, len), 0 };
    if (len <= KEY_BYTES)
        return (struct key){ mrg_load_u64(term), mrg_load_up_to_8(term + 8, len - 8) };
    return (struct key){ mrg_hash_bytes(term, len, 0), LONG_WORD };
}

static size_t hash_key(const struct key *key)
{
    return (size_t)mrg_hash_mix(key->low ^ 0xa0761d6478bd642fu, key->high ^ 0xe7037ed1a0b428dbu);
}

/* Numbers, acronyms and AT&T are what they are; longer words than any language has, too. */
static int is_stemmable(const char *term, size_t len)
{
    if (len > MAX_WORD)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if ((term[i] >= '0' && term[i] <= '9') || term[i] == '.' || term[i] == '&')
            return 0;
    }
    return 1;
}

/* No byte of the word is below 0x40: so there is no digit, no dot, no ampersand. Zeros behind the word do
   not count. */
static int has_only_letters(const struct key *key, size_t len)
{
    const uint64_t top = 0x8080808080808080u;
    uint64_t low = ~(key->low | key->low << 1) & top, high = ~(key->high | key->high << 1) & top;
    if (len < 8)
        return !(low & (((uint64_t)1 << 8 * len) - 1));
    if (len < KEY_BYTES)
        high &= ((uint64_t)1 << 8 * (len - 8)) - 1;
    return len <= KEY_BYTES && !(low | high);
}

/* ---- The cache ---- */

static int grow(mrg_stemmer *s)
{
    size_t count = s->slot_count ? s->slot_count * 2 : FIRST_SLOTS;
    struct slot *slots = mrg_calloc(count, sizeof *slots);
    if (!slots)
        return -1;
    for (size_t i = 0; i < s->slot_count; i++) {
        if (!s->slots[i].entry)
            continue;
        size_t at = hash_key(&s->slots[i].key) & (count - 1);
        while (slots[at].entry)
            at = (at + 1) & (count - 1);
        slots[at] = s->slots[i];
    }
    mrg_free(s->slots);
    s->slots = slots;
    s->slot_count = count;
    return 0;
}

static struct entry *make_entry(mrg_stemmer *s, const char *term, size_t len)
{
    char stem[2 * MRG_TERM_MAX_BYTES];
    size_t stem_len = 0;
    if (xapian_stem_apply(stem, sizeof stem, &stem_len, s->stem, term, len, NULL) || stem_len == 0 ||
        stem_len > MRG_TERM_MAX_BYTES) {
        memcpy(stem, term, len);
        stem_len = len;
    }
    struct entry *e = mrg_arena_alloc(&s->arena, sizeof *e + len + stem_len);
    if (!e)
        return NULL;
    e->word_len = (uint32_t)len;
    e->stem_len = (uint32_t)stem_len;
    memcpy(e->bytes, term, len);
    memcpy(e->bytes + len, stem, stem_len);
    return e;
}

static void clear_cache(mrg_stemmer *s)
{
    mrg_arena_clear(&s->arena);
    memset(s->slots, 0, s->slot_count * sizeof *s->slots);
    s->count = 0;
}

/* A word that the cache does not have. */
static const struct entry *add_entry(mrg_stemmer *s, const struct key *key, const char *term, size_t len)
{
    int crowded = s->count * 2 >= s->slot_count;
    if (s->arena.total_bytes > MAX_ARENA || (crowded && s->slot_count == MAX_SLOTS))
        clear_cache(s);
    else if (crowded && grow(s))
        return NULL;
    struct entry *e = make_entry(s, term, len);
    if (!e)
        return NULL;
    size_t at = hash_key(key) & (s->slot_count - 1);
    while (s->slots[at].entry)
        at = (at + 1) & (s->slot_count - 1);
    s->slots[at] = (struct slot){ *key, e };
    s->count++;
    return e;
}

static const struct entry *find_entry(const mrg_stemmer *s, const struct key *key, const char *term, size_t len)
{
    size_t mask = s->slot_count - 1;
    if (!s->slots)
        return NULL;
    for (size_t at = hash_key(key) & mask; s->slots[at].entry; at = (at + 1) & mask) {
        const struct slot *slot = &s->slots[at];
        if (slot->key.low == key->low && slot->key.high == key->high && slot->entry->word_len == len &&
            (len <= KEY_BYTES || !memcmp(slot->entry->bytes, term, len)))
            return slot->entry;
    }
    return NULL;
}

const char *mrg_stem(mrg_stemmer *s, const char *term, size_t len, size_t *stem_len)
{
    *stem_len = len;
    if (!s->stem)
        return term;
    struct key key = make_key(term, len);
    if (!has_only_letters(&key, len) && !is_stemmable(term, len))
        return term;
    const struct entry *e = find_entry(s, &key, term, len);
    if (!e && !(e = add_entry(s, &key, term, len)))
        return NULL;
    *stem_len = e->stem_len;
    return e->bytes + len;
}

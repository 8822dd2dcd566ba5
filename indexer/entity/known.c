/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/known.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "entity/hash.h"

enum { MAX_NAMES = 8192, SLOTS = 16384, POOL_BYTES = 160 << 10, MAX_SPELLINGS = 256, SPELLING_SLOTS = 512 };

typedef struct spelling {
    const char *from, *to; /* `to` is NUL-terminated */
    size_t from_len;
} spelling;

static mrg_known names[MAX_NAMES];
static size_t name_count;
static uint16_t slots[SLOTS]; /* index into names, from 1 */
static char pool[POOL_BYTES];
static size_t pool_used;
static spelling spellings[MAX_SPELLINGS];
static size_t spelling_count;
static uint16_t spelling_slots[SPELLING_SLOTS];
static pthread_once_t built = PTHREAD_ONCE_INIT;

/* ---- Building ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* "U.S.", "J.P.": two letters or more, a dot after each. */
static int is_dotted(const char *word, size_t len)
{
    if (len < 4 || len % 2)
        return 0;
    for (size_t i = 0; i < len; i += 2) {
        if (!is_letter(word[i]) || word[i + 1] != '.')
            return 0;
    }
    return 1;
}

static void put(char c)
{
    assert(pool_used < POOL_BYTES);
    pool[pool_used++] = c;
}

/* A word of a row as the tokenizer would fold it; with `dots` for lookup form, else for key form. */
static void put_word(const char *word, size_t len, int dots)
{
    int dotted = is_dotted(word, len);
    if (len > 2 && word[len - 1] == 's' && word[len - 2] == '\'')
        len -= 2;
    else if (len > 1 && word[len - 1] == '\'')
        len--;
    for (size_t i = 0; i < len; i++) {
        if (word[i] != '.' || (dotted && dots))
            put(lower(word[i]));
    }
}

/* A row's name in lookup form or key form, in the pool. The rows are ASCII. */
static const char *put_name(const char *name, size_t len, int dots)
{
    const char *form = pool + pool_used;
    size_t i = 0;
    while (i < len) {
        size_t n = 0;
        while (i + n < len && name[i + n] != ' ' && name[i + n] != '-')
            n++;
        if (n && !(n == 1 && name[i] == '&')) {
            if (pool + pool_used > form)
                put(' ');
            put_word(name + i, n, dots);
        }
        i += n + 1;
    }
    put(0);
    return form;
}

static size_t slot_of(const char *name, size_t len)
{
    return mrg_short_hash(name, len) & (SLOTS - 1);
}

/* Flags of a name that is one word: a few letters could be anything unless in capitals. */
static unsigned flags_of(const char *raw, size_t raw_len, const mrg_known *known)
{
    unsigned flags = 0;
    if (known->word_count > 1)
        return 0;
    if (raw_len > 2 && raw[raw_len - 1] == 's' && raw[raw_len - 2] == '\'')
        flags |= MRG_KNOWN_POSSESSIVE;
    if (known->type == MRG_ENTITY_PERSON)
        flags |= MRG_KNOWN_SURNAME;
    else if (known->len <= 3 && strcmp(known->name, "fed"))
        flags |= MRG_KNOWN_CAPS;
    return flags;
}

/* The row of that name, which may be an older one. */
static mrg_known *add_name(mrg_entity_type type, const char *raw, size_t raw_len, int *is_new)
{
    size_t before = pool_used;
    const char *name = put_name(raw, raw_len, 1);
    size_t len = pool_used - before - 1;
    size_t slot = slot_of(name, len);
    for (; slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        mrg_known *old = &names[slots[slot] - 1];
        if (old->len == len && !memcmp(old->name, name, len)) {
            pool_used = before; /* the first row that has a name keeps it */
            *is_new = 0;
            return old;
        }
    }
    assert(name_count < MAX_NAMES && name_count < SLOTS / 2);
    mrg_known *known = &names[name_count++];
    slots[slot] = (uint16_t)name_count;
    known->type = (uint8_t)type;
    known->name = name;
    known->len = (uint16_t)len;
    known->word_count = 1;
    for (size_t i = 0; i < len; i++)
        known->word_count = (uint8_t)(known->word_count + (name[i] == ' '));
    known->flags = (uint8_t)flags_of(raw, raw_len, known);
    *is_new = 1;
    return known;
}

static void add_alias_row(const char *row)
{
    mrg_entity_type type = mrg_entity_type_of(*row++);
    size_t canonical_len = strcspn(row, "|");
    const char *key = put_name(row, canonical_len, 0);
    const char *p = row;
    int is_new;
    while (1) {
        size_t len = strcspn(p, "|");
        mrg_known *known = add_name(type, p, len, &is_new);
        if (is_new) {
            known->canonical = row;
            known->canonical_len = (uint16_t)canonical_len;
            known->key = key;
        }
        if (!p[len])
            return;
        p += len + 1;
    }
}

static void add_list(mrg_entity_type type, const char *const *lines, unsigned flags)
{
    int is_new;
    for (; *lines; lines++) {
        const char *p = *lines;
        while (*p) {
            size_t len = strcspn(p, ";");
            mrg_known *known = add_name(type, p, len, &is_new);
            known->flags |= (uint8_t)flags;
            p += len + (p[len] == ';');
        }
    }
}

static void add_spellings(const char *row)
{
    const char *to = strchr(row, '>') + 1;
    for (const char *p = row; p < to;) {
        size_t len = strcspn(p, " >");
        assert(spelling_count < MAX_SPELLINGS);
        spelling *s = &spellings[spelling_count++];
        s->from = p;
        s->from_len = len;
        s->to = to;
        size_t slot = mrg_short_hash(p, len) & (SPELLING_SLOTS - 1);
        while (spelling_slots[slot])
            slot = (slot + 1) & (SPELLING_SLOTS - 1);
        spelling_slots[slot] = (uint16_t)spelling_count;
        p += len + 1;
    }
}

static void build(void)
{
    for (const char *const *row = mrg_alias_rows; *row; row++)
        add_alias_row(*row);
    add_list(MRG_ENTITY_ORG, mrg_known_orgs, 0);
    add_list(MRG_ENTITY_EVENT, mrg_known_events, 0);
    add_list(MRG_ENTITY_PLACE, mrg_known_countries, MRG_KNOWN_COUNTRY);
    add_list(MRG_ENTITY_PLACE, mrg_known_places, 0);
    for (const char *const *row = mrg_name_spellings; *row; row++)
        add_spellings(*row);
}

/* ---- Looking up ---- */

const mrg_known *mrg_known_find(const char *name, size_t len)
{
    pthread_once(&built, build);
    for (size_t slot = slot_of(name, len); slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        const mrg_known *known = &names[slots[slot] - 1];
        if (known->len == len && !memcmp(known->name, name, len))
            return known;
    }
    return NULL;
}

int mrg_known_is_country(const mrg_known *known)
{
    const mrg_known *canonical = known->key ? mrg_known_find(known->key, strlen(known->key)) : NULL;
    return ((canonical ? canonical : known)->flags & MRG_KNOWN_COUNTRY) != 0;
}

/* Whether `name` has the word. */
static int has_word(const char *name, size_t len, const char *word, size_t word_len)
{
    for (size_t at = 0; at + word_len <= len; at++) {
        if ((at == 0 || name[at - 1] == ' ') && (at + word_len == len || name[at + word_len] == ' ') &&
            !memcmp(name + at, word, word_len))
            return 1;
    }
    return 0;
}

static int shares_word(const mrg_known *known, const char *name, size_t len)
{
    for (const char *p = known->name; *p;) {
        size_t n = strcspn(p, " ");
        if (n >= 4 && has_word(name, len, p, n))
            return 1;
        p += n + (p[n] == ' ');
    }
    return 0;
}

int mrg_known_resembles(const mrg_known *known, const char *name, size_t len)
{
    const mrg_known *first = known, *last = known; /* the names of a row are neighbours */
    while (first > names && first[-1].canonical == known->canonical)
        first--;
    while (last + 1 < names + name_count && last[1].canonical == known->canonical)
        last++;
    for (const mrg_known *k = first; k <= last; k++) {
        if (shares_word(k, name, len))
            return 1;
    }
    return 0;
}

const char *mrg_known_spelling(const char *term, size_t len)
{
    pthread_once(&built, build);
    size_t slot = mrg_short_hash(term, len) & (SPELLING_SLOTS - 1);
    for (; spelling_slots[slot]; slot = (slot + 1) & (SPELLING_SLOTS - 1)) {
        const spelling *s = &spellings[spelling_slots[slot] - 1];
        if (s->from_len == len && !memcmp(s->from, term, len))
            return s->to;
    }
    return NULL;
}

void mrg_known_each_word(void (*first)(const char *word, size_t len, int long_name),
                         void (*respelled)(const char *word, size_t len))
{
    pthread_once(&built, build);
    for (size_t i = 0; i < name_count; i++)
        first(names[i].name, strcspn(names[i].name, " "), names[i].word_count > 1);
    for (size_t i = 0; i < spelling_count; i++)
        respelled(spellings[i].from, spellings[i].from_len);
}

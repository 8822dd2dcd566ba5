/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of an authority, shared by the file that reads lists and the one that looks up. */
#ifndef MRG_AUTHORITY_IMPL_H
#define MRG_AUTHORITY_IMPL_H

#include "core/arena.h"
#include "core/bytes.h"
#include "entity/authority.h"
#include "entity/hash.h"

enum {
    NAME_CAPITALS = 1, /* stands in a text only in capitals */
    NAME_SMALL = 2,    /* may be written small */
    NAME_TIED = 4,     /* is left to the article */
    NAME_BEGINS = 8,   /* with a capital, and so it has to in a text */
    NAME_REPEATED = 16 /* it is in the chain of another row's */
};

/* Of the words that names begin with. */
typedef struct mrg_authority_first {
    uint64_t hash;    /* of the word; 0: free */
    uint32_t lengths; /* bit n: a name of n words begins with it */
} mrg_authority_first;

/* Of the words of all names: a chain of uses. */
typedef struct mrg_authority_word {
    uint64_t hash;       /* of the word; 0: free */
    uint32_t use, count; /* index + 1 of the first use; how many there are */
} mrg_authority_word;

typedef struct mrg_authority_use {
    uint32_t name, next; /* index; index + 1 of the next use, 0: none */
} mrg_authority_use;

struct mrg_authority {
    mrg_authority_row *rows;
    size_t row_count, row_capacity, skipped;
    mrg_authority_name *names;
    size_t name_count, name_capacity;
    uint32_t *name_slots; /* index + 1 into names */
    size_t name_slot_count;
    const char **keys; /* with key_rows: which row has which key */
    uint32_t *key_rows;
    size_t key_count, key_capacity, key_row_capacity;
    uint32_t *key_slots; /* index + 1 into keys */
    size_t key_slot_count;
    mrg_authority_first *firsts;
    size_t first_count, first_slot_count;
    uint64_t small_firsts[64]; /* bits of the hashes of those that are written small: most words of a text are too */
    const mrg_authority_row **order; /* by key */
    mrg_authority_word *words;       /* NULL until mrg_authority_index_words */
    size_t word_slot_count;
    mrg_authority_use *uses;
    mrg_arena arena;
};

/* Hashes grow word by word, so that a text is hashed once for all lengths. Never 0. */
static inline uint64_t mrg_authority_hash(uint64_t before, const char *word, size_t len)
{
    uint64_t h = mrg_hash_mix(before ^ mrg_short_hash(word, len), 0xa0761d6478bd642fu);
    return h ? h : 1;
}

enum { MRG_AUTHORITY_SLOTS = 1 << 10 }; /* of a table, at least; a power of two */

/* All return -1 when memory has run out. The name at `index` is the last one, and no other has its words. */
int mrg_authority_add_name(mrg_authority *a, uint32_t index);
int mrg_authority_add_key(mrg_authority *a, const char *key, uint32_t row);
int mrg_authority_add_first(mrg_authority *a, uint64_t hash, uint32_t token_count);

#endif

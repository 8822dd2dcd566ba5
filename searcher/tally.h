/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting articles by key (names, months, sources), and picking the few keys that come first. */
#ifndef MRG_TALLY_H
#define MRG_TALLY_H

#include "core/arena.h"
#include "core/bitset.h"
#include "core/error.h"

typedef struct mrg_tally_entry {
    const char *key; /* NUL-terminated */
    size_t key_len;
    uint64_t hash;
    uint64_t count;
    size_t archive;  /* of the first article that was counted, as is docid; where `seen` counts */
    uint32_t docid;
    mrg_bitset seen; /* of a key that several terms stand for: the articles of `archive` that were counted */
    uint64_t everywhere; /* for who ranks, as is weight */
    double weight;
} mrg_tally_entry;

/* Zero-initialise, then dispose. */
typedef struct mrg_tally {
    mrg_tally_entry *entries;
    size_t count, capacity;
    uint32_t *table; /* open hash table of indexes into entries, plus 1 */
    size_t table_size, last; /* last: of the entry asked for last */
    mrg_arena arena;
} mrg_tally;
void mrg_tally_dispose(mrg_tally *tally);

/* The entry of a key, a new one with the count 0 if there is none; lent until the next call. */
morgue_status mrg_tally_at(mrg_tally *tally, const void *key, size_t len, mrg_tally_entry **out, morgue_error *err);

/* Counts `count` articles that were not counted for this entry, the first of them being `docid` of `archive`. */
void mrg_tally_add(mrg_tally_entry *entry, size_t archive, uint32_t docid, uint64_t count);

/* Counts an article unless it was counted by this function already. Archives come one after the other. */
morgue_status mrg_tally_add_once(mrg_tally_entry *entry, size_t archive, uint32_t docid, morgue_error *err);

/* ---- The first few ------------------------------------------------------------------------------------ */

/* At most `max` entries (0: any number), kept as a heap whose root is the last in `order`, which compares
   pointers to entries as qsort's does. Zero-initialise with max and order, then dispose. */
typedef struct mrg_best {
    size_t max;
    int (*order)(const void *a, const void *b);
    mrg_tally_entry **items;
    size_t count, capacity;
} mrg_best;
void mrg_best_dispose(mrg_best *best);
morgue_status mrg_best_offer(mrg_best *best, mrg_tally_entry *entry, morgue_error *err);
/* Puts the items in order; the heap is over then. */
void mrg_best_sort(mrg_best *best);
/* The entry that the next better one drives out; NULL while there is room. */
static inline const mrg_tally_entry *mrg_best_last(const mrg_best *best)
{
    return best->max && best->count == best->max ? best->items[0] : NULL;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of small integers (docids), one bit each. Zero-initialise, then dispose. */
#ifndef MRG_BITSET_H
#define MRG_BITSET_H

#include <stddef.h>
#include <stdint.h>

typedef struct mrg_bitset {
    uint64_t *words;
    size_t word_count;
    uint64_t count; /* members */
} mrg_bitset;

#define MRG_BITSET_INIT { 0 }

static inline int mrg_bitset_has(const mrg_bitset *set, uint32_t i)
{
    size_t word = i >> 6;
    return word < set->word_count && (set->words[word] >> (i & 63) & 1);
}

/* 0, or -1 when memory ran out. */
int mrg_bitset_add(mrg_bitset *set, uint32_t i);
void mrg_bitset_remove(mrg_bitset *set, uint32_t i);
int mrg_bitset_copy(mrg_bitset *out, const mrg_bitset *set);
/* Members in [first, last]. */
uint64_t mrg_bitset_count_range(const mrg_bitset *set, uint32_t first, uint32_t last);
void mrg_bitset_dispose(mrg_bitset *set);

#endif

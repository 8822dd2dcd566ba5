/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bitset.h"

#include <string.h>

#include "core/alloc.h"

int mrg_bitset_add(mrg_bitset *set, uint32_t i)
{
    size_t word = i >> 6;
    if (word >= set->word_count) {
        size_t capacity = set->word_count;
        if (mrg_reserve((void **)&set->words, &capacity, word + 1, sizeof *set->words))
            return -1;
        memset(set->words + set->word_count, 0, (capacity - set->word_count) * sizeof *set->words);
        set->word_count = capacity;
    }
    uint64_t bit = (uint64_t)1 << (i & 63);
    set->count += !(set->words[word] & bit);
    set->words[word] |= bit;
    return 0;
}

void mrg_bitset_remove(mrg_bitset *set, uint32_t i)
{
    if (!mrg_bitset_has(set, i))
        return;
    set->words[i >> 6] &= ~((uint64_t)1 << (i & 63));
    set->count--;
}

int mrg_bitset_copy(mrg_bitset *out, const mrg_bitset *set)
{
    uint64_t *words = NULL;
    if (set->word_count) {
        words = mrg_reallocarray(NULL, set->word_count, sizeof *words);
        if (!words)
            return -1;
        memcpy(words, set->words, set->word_count * sizeof *words);
    }
    mrg_bitset_dispose(out);
    out->words = words;
    out->word_count = set->word_count;
    out->count = set->count;
    return 0;
}

uint64_t mrg_bitset_count_range(const mrg_bitset *set, uint32_t first, uint32_t last)
{
    uint64_t count = 0;
    size_t last_word = last >> 6;
    for (size_t word = first >> 6; word < set->word_count && word <= last_word; word++) {
        uint64_t bits = set->words[word];
        if (word == first >> 6)
            bits &= ~(uint64_t)0 << (first & 63);
        if (word == last_word)
            bits &= ~(uint64_t)0 >> (63 - (last & 63));
        count += (uint64_t)__builtin_popcountll(bits);
    }
    return count;
}

void mrg_bitset_dispose(mrg_bitset *set)
{
    mrg_free(set->words);
    memset(set, 0, sizeof *set);
}

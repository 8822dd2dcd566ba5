/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pair terms: lists of where one frequent word stands right behind another, so that a phrase of both need not compare
 * the positions of two long lists (Williams, Zobel and Bahle, "Fast phrase querying with combined indexes", 2004).
 *
 * Which pairs get a list is for each segment's writer to choose: those of whose phrase the list saves most, for a
 * share of the index's bytes. What a phrase costs grows with how many articles have the rarer word, and falls the more
 * of them have the pair, since then ten good answers are found soon. A pair without a list may occur nevertheless.
 */
#ifndef MRG_PAIRS_H
#define MRG_PAIRS_H

#include "store/segment.h"

enum {
    MRG_PAIR_WORD_SHARE = 16, /* both words stand in more than one article of so many, */
    MRG_PAIR_WORD_MIN_DOCS = MRG_POSTING_BLOCK, /* and in more than so many */
    MRG_PAIR_WORDS = 512,     /* and are among so many most frequent ones */
    MRG_PAIR_DEFAULT_PERCENT = 3, /* bytes of all lists of pairs, of those of all other lists */
    MRG_PAIR_MAX_PERCENT = 50
};

/* Metadata of the catalogue: the percentage that the archive's writers keep to, a byte; without it the default. */
#define MRG_META_PAIRS "morgue-pairs"

/* Whether a word is frequent enough for pairs, of a segment with so many articles. */
static inline int mrg_pairs_may_have(uint32_t word_docs, uint32_t segment_docs)
{
    return word_docs > MRG_PAIR_WORD_MIN_DOCS && (uint64_t)word_docs * MRG_PAIR_WORD_SHARE > segment_docs;
}

/* Appends the key of a pair; returns its length, or 0 if there is no such key. */
size_t mrg_pair_key(unsigned char key[MRG_KEY_MAX_BYTES], const void *first, size_t first_len, const void *second,
                    size_t second_len);

/* The words of a segment being written. Zero-initialise, dispose. */
typedef struct mrg_pair_word {
    unsigned char *key; /* as in the dictionary */
    size_t key_len;
    mrg_term_info info;
} mrg_pair_word;

typedef struct mrg_pairs {
    mrg_pair_word *words;
    size_t count, capacity;
} mrg_pairs;

void mrg_pairs_dispose(mrg_pairs *pairs);
/* Takes note of a word whose list was written. */
morgue_status mrg_pairs_note(mrg_pairs *pairs, const void *key, size_t len, const mrg_term_info *info,
                             morgue_error *err);
/* Chooses pairs and writes their lists, of about `budget` bytes together, to `writer`; `segment` reads the lists that
   it has written so far. How many threads is no matter for what comes out. */
morgue_status mrg_pairs_write(mrg_pairs *pairs, const mrg_segment *segment, mrg_segment_writer *writer, uint64_t budget,
                              unsigned threads, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sketches of texts, to find versions of one article (reposts, updates, edited copies) without comparing all with
 * all. Resemblance is the share of shingles, runs of words, that two texts have in common (Broder 1997, "On the
 * resemblance and containment of documents").
 *
 *   keys  the smallest hashes of runs of four words. Texts that resemble each other are likely to share some of
 *         them; texts that have but a sentence in common, one or two. They are kept on disk and looked up.
 *   bins  by one permutation hashing (Li, Owen and Zhang 2012): runs of three words fall into bins, of each of
 *         which the smallest hash counts. The share of bins that agree estimates the resemblance.
 */
#ifndef MRG_SKETCH_H
#define MRG_SKETCH_H

#include "text/tokenize.h"

enum { MRG_SKETCH_KEYS = 8, MRG_SKETCH_BINS = 64, MRG_SKETCH_LEAST_WORDS = 12 };

typedef struct mrg_sketch {
    uint32_t keys[MRG_SKETCH_KEYS]; /* ascending, different; 0 where there are no more */
    uint16_t bins[MRG_SKETCH_BINS]; /* 0: empty */
} mrg_sketch;

/* Of the tokens from `first` on. Texts of fewer than MRG_SKETCH_LEAST_WORDS words have no keys. */
void mrg_sketch_make(mrg_sketch *out, const mrg_tokens *tokens, size_t first);

/* About the share of runs of three words that both have, 0 to 1. */
double mrg_sketch_resemblance(const mrg_sketch *a, const mrg_sketch *b);

#endif

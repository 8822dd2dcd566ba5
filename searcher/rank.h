/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranking: what a word, a phrase or a name in an article is worth. All constants are here.
 *
 * BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009):
 *
 *     weight = idf * (k1 + 1) * tf / (tf + k1 * (1 - b + b * words / mean words))
 *     idf    = ln(1 + (N - df + 0.5) / (df + 0.5)),  which is above 0 also for a word of every article
 *
 * N, df and the mean are of all opened archives together, deleted articles that still take space
 * included. A word asked for twice counts twice. A word's stem has the df and the tf of all its forms.
 *  - Title: occurrences in the title count among the words of the article, and add a share of the same
 *    weight, computed over the title alone.
 *  - Phrase: tf is the number of places where the whole phrase stands; idf is the sum over its words,
 *    as if they were independent, so that a phrase weighs what its words would at the same places.
 *  - Names: Xapian's own BM25 over wdf (weighted mentions), all entities that a name resolved to being
 *    one pseudo term. It has the same factor k1 + 1 and nearly the same idf, so the two scales agree.
 */
#ifndef MRG_RANK_H
#define MRG_RANK_H

#include <stdint.h>

#include "morgue.h"
#include "store/segment.h"

typedef struct mrg_rank_params {
    double k1, b;
    double title_boost; /* share of a word's weight that its title occurrences add; 0: none */
    double common;      /* with `any`: factor for function words ("of", "the") beside other words */
    double entity_k1, entity_b;
} mrg_rank_params;

extern const mrg_rank_params mrg_rank_defaults;

/* For tuning and tests: searches from now on use these. Not part of the public interface. */
void mrg_searcher_set_rank(morgue_searcher *searcher, const mrg_rank_params *params);

typedef struct mrg_rank {
    mrg_rank_params params;
    double doc_count, mean_words, mean_title_words;
} mrg_rank;

/* Means of an empty archive are taken as 1. */
void mrg_rank_init(mrg_rank *out, const mrg_rank_params *params, uint64_t doc_count, uint64_t word_count,
                   uint64_t title_word_count);

double mrg_rank_idf(const mrg_rank *rank, uint64_t doc_count);

/* The saturation of BM25 with what does not depend on the article worked out: with weight = idf *
   (k1 + 1), a posting scores weight * tf / (tf + base + slope * words). */
typedef struct mrg_rank_curve {
    double base, slope;
} mrg_rank_curve;

mrg_rank_curve mrg_rank_body_curve(const mrg_rank *rank);
mrg_rank_curve mrg_rank_title_curve(const mrg_rank *rank);

static inline double mrg_rank_score(mrg_rank_curve curve, double weight, uint32_t tf, uint32_t words)
{
    return weight * (double)tf / ((double)tf + curve.base + curve.slope * (double)words);
}

/* Keeps what scores at least `least`, above 0, and perhaps a little more: weight * tf >= least * (tf + base + slope *
   words) is base + slope * words <= (weight / least - 1) * tf. */
static inline mrg_posting_filter mrg_rank_filter(mrg_rank_curve curve, double weight, double least)
{
    double limit = (weight - least) / least * (1 + 1e-5) + 1e-7;
    return (mrg_posting_filter){ (float)curve.base, (float)curve.slope, limit < 1e30 ? (float)limit : 1e30f };
}

/* Non-zero for English function words, which say little about what is sought. `term` is folded. */
int mrg_rank_is_common(const char *term, size_t len);

#endif

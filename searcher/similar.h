/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an article is about, as a query for others like it: its most telling words and names.
 *
 * Each word of the article is scored as if the article were a hit for it (rank.h: how often it stands here
 * and in the title, against how many articles have it), names likewise by their mentions. The best of them,
 * each weighing in proportion to its score here, are searched for as any-of-them. So an article that was
 * asked about would be its own best hit.
 */
#ifndef MRG_SIMILAR_H
#define MRG_SIMILAR_H

#include "plan.h"
#include "store/record.h"

enum {
    MRG_SIMILAR_WORDS = 25,
    MRG_SIMILAR_NAMES = 8,
    MRG_SIMILAR_TOKENS = 20000, /* of a longer article, its beginning has to do */
    MRG_SIMILAR_LOOKED_UP = 400 /* stems, those that stand here most often */
};

typedef struct mrg_telling_word {
    const char *stem, *word; /* `word` is the form that came first, folded */
    size_t stem_len, word_len;
    uint32_t tf, title_tf, first; /* `first`: its place among the tokens */
    double share;                 /* of idf * (k1 + 1), what it scores here */
    double score;
} mrg_telling_word;

typedef struct mrg_telling_name {
    const char *key, *name;
    mrg_entity_type type;
    uint32_t tf, term; /* `term`: in the table of terms */
    uint64_t article_count;
    double share, score;
} mrg_telling_name;

/* Everything in the arena; best first. */
typedef struct mrg_telling {
    mrg_telling_word *words;
    mrg_telling_name *names;
    size_t word_count, name_count;
} mrg_telling;

/* Looks up what it weighs in `terms`. Words and names of no other article are left out. */
morgue_status mrg_telling_find(mrg_telling *out, mrg_arena *arena, const mrg_record *record, mrg_stemmer *stemmer,
                               const mrg_rank *rank, mrg_match_terms *terms, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trained tagger: which words of an article are names of persons, organisations and places. A linear
 * model of the first order over labels (first, inner, last and only word of a name of each type, or none),
 * decoded with Viterbi's algorithm. What the rules found is among its features, so that it decides where
 * they go wrong and they carry it where it has seen too little. Words that cannot be in a name (written
 * small, away from capitals) are skipped.
 */
#ifndef MRG_TAGGER_H
#define MRG_TAGGER_H

#include "entity/article.h"
#include "entity/features.h"
#include "entity/model.h"

/* A distinct word and what it adds to the labels of the words around it. */
typedef struct mrg_tag_word {
    uint64_t key; /* of the word as written */
    uint32_t lower, lexicon, word_flags;
    uint8_t shape;
    uint8_t ready; /* bits of the offsets that are summed: most words are rare, and few offsets are asked for */
    int16_t sums[MRG_OFFSETS][MRG_ROW];
} mrg_tag_word;

typedef struct mrg_tagged {
    uint32_t first, count; /* tokens */
    int type;              /* 0 person, 1 organisation, 2 place */
    int score[3];          /* what the model gives for each type, in MRG_TAG_UNIT parts */
    int club;              /* called after a city, maybe, but none */
} mrg_tagged;

enum { MRG_TAG_UNIT = 64 }; /* weights are natural logarithms of odds, times this */

enum { MRG_OUTSIDE = 7, MRG_LANES = 8 };

/* One thread's. Words are kept from article to article. */
typedef struct mrg_tagger {
    const mrg_model *model;
    int32_t outside[MRG_OUTSIDE][MRG_LANES]; /* prices of labels that begin a name or are none, behind those that end
                                                one or are none */
    const mrg_finder *article; /* what was read last */
    mrg_tag_token *items; /* alive tokens, their neighbours, and what lies between sentences */
    uint64_t *keys;       /* of each item's word */
    size_t item_count, item_capacity, key_capacity;
    struct mrg_tag_mark *marks; /* of each token */
    size_t mark_capacity;
    mrg_tag_word *words; /* [0]: between sentences */
    size_t word_count, word_capacity;
    mrg_table word_table;
    int32_t *scores; /* MRG_ROW for each item */
    uint8_t *back;   /* MRG_ROW for each item, where its label came from */
    size_t score_capacity, back_capacity;
    mrg_tagged *tagged;
    size_t tagged_count, tagged_capacity;
    int failed; /* memory ran out */
} mrg_tagger;

/* The model is lent and must outlive the tagger. */
morgue_status mrg_tagger_create(mrg_tagger **out, const mrg_model *model, morgue_error *err);
void mrg_tagger_free(mrg_tagger *tagger);

/* Fills t->items from an article whose names the rules have found and tied. */
void mrg_tagger_read(mrg_tagger *t, mrg_finder *f);
/* What the word of token i looks like; its strings are lent by the article. */
mrg_word_look mrg_tagger_look(const mrg_tagger *t, const mrg_finder *f, size_t i);
/* MRG_GAZ_* bits of the tokens as one name. */
uint32_t mrg_tagger_listed(const mrg_tagger *t, const mrg_finder *f, size_t first, size_t count);
/* Whether token i, after that, may be in a name. */
int mrg_tagger_is_alive(const mrg_tagger *t, size_t i);
/* SPAN_TITLED and the like of the rules' span with exactly these tokens; 0 if there is none. */
uint32_t mrg_tagger_rule_flags(const mrg_tagger *t, size_t first, size_t count);
/* Sums the weights that a word, that of token i (UINT32_MAX: between sentences), adds at an offset. */
void mrg_tagger_sum(const mrg_tagger *t, size_t i, int offset, mrg_tag_word *word);
/* Fills t->tagged from t->items, while the article is still there. */
void mrg_tagger_decode(mrg_tagger *t);
/* Makes names of t->tagged (trim.c). May set f->failed. */
void mrg_trim_tagged(mrg_finder *f, mrg_tagger *t);
/* A name in place of the parts of it that t->tagged has; its type as these and its head say if it is negative. */
void mrg_put_tagged(mrg_finder *f, mrg_tagger *t, size_t first, size_t last, int type);
/* Makes clubs of what plays in lines of scores (scores.c). May set f->failed. */
void mrg_mark_scores(mrg_finder *f, mrg_tagger *t);
/* Whether the article is in another language than English. Keeps of t->tagged what is a name in any (foreign.c). */
mrg_foreign mrg_foreign_of(mrg_finder *f);
void mrg_trim_foreign(mrg_finder *f, mrg_tagger *t);
/* Adds to t->tagged the names that brackets define (define.c). May set f->failed. */
void mrg_define_tagged(mrg_finder *f, mrg_tagger *t);

/* Which label may follow which; nothing precedes the first or follows the last but label 0. */
int mrg_label_follows(int from, int to);

#endif

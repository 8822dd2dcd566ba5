/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judged texts as the learner sees them: sequences of words that may be in a name, each with its features
 * and its label. The texts go through the finder's own stages, so that the model meets in training what it
 * will meet later.
 */
#ifndef MRG_CORPUS_H
#define MRG_CORPUS_H

#include "entity/tagger.h"
#include "train/judged.h"

enum { MRG_TOKEN_FEATURES = MRG_DIRECT_FEATURES + MRG_PAIR_FEATURES };

/* A distinct word: the numbers of its features for each offset. */
typedef struct mrg_corpus_word {
    uint64_t key;
    uint32_t begin[MRG_OFFSETS + 1]; /* in mrg_corpus.word_features */
} mrg_corpus_word;

typedef struct mrg_corpus_token {
    uint32_t words[MRG_OFFSETS];
    uint8_t label;
    uint8_t first; /* of a sequence */
    float weight;
} mrg_corpus_token;

typedef struct mrg_corpus {
    mrg_corpus_word *words;
    size_t word_count, word_capacity;
    mrg_table word_table;
    uint64_t *word_features; /* keys, and after mrg_corpus_number() numbers, or MRG_NO_FEATURE */
    size_t word_feature_count, word_feature_capacity;
    mrg_corpus_token *tokens;
    size_t token_count, token_capacity;
    uint64_t *token_features; /* MRG_TOKEN_FEATURES of each token, in the same way */
    size_t token_feature_capacity;
    uint64_t *keys; /* of each number */
    size_t feature_count;
    /* what the texts go through */
    mrg_finder *finder;
    mrg_tokens pieces;
    uint8_t *labels;
    size_t label_capacity;
    float weight; /* of what is read next */
    size_t document_count, piece_count, lost_count; /* spans that no sequence can hold */
} mrg_corpus;

#define MRG_NO_FEATURE UINT64_MAX

/* The model needs no weights, only its lists. */
morgue_status mrg_corpus_create(mrg_corpus **out, const mrg_model *lists, morgue_error *err);
void mrg_corpus_free(mrg_corpus *corpus);
morgue_status mrg_corpus_add(mrg_corpus *corpus, const char *path, float weight, morgue_error *err);
/* Gives numbers to features that occur at least `least` times, and forgets the others. */
morgue_status mrg_corpus_number(mrg_corpus *corpus, uint32_t least, morgue_error *err);

/* Forgets the features whose `keep` is 0, and numbers the others anew. */
void mrg_corpus_drop(mrg_corpus *corpus, const unsigned char *keep, uint32_t *numbers);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tagger's model sees. Three kinds of features, by what they cost: those that a distinct word
 * determines (they are summed once a word and offset), those of small domains (found by number in an
 * array), and pairs (looked up by hash). The trainer and the tagger enumerate them here, so that both see
 * the same. Keys are part of the model's format: to change them is to change MRG_MODEL_VERSION.
 */
#ifndef MRG_FEATURES_H
#define MRG_FEATURES_H

#include <stddef.h>
#include <stdint.h>

enum {
    MRG_WINDOW = 2, /* words on either side */
    MRG_OFFSETS = 2 * MRG_WINDOW + 1,
    MRG_WORD_FEATURES_MAX = 64
};

typedef enum mrg_shape {
    MRG_SHAPE_NONE, /* between sentences */
    MRG_SHAPE_SMALL,
    MRG_SHAPE_CAPITAL,
    MRG_SHAPE_CAPITALS,
    MRG_SHAPE_INITIAL,
    MRG_SHAPE_ACRONYM,
    MRG_SHAPE_MIXED, /* "McDonald", "iPhone" */
    MRG_SHAPE_NUMBER,
    MRG_SHAPE_DIGITS, /* "G-7", "3M" */
    MRG_SHAPE_OTHER,
    MRG_SHAPE_LOUD, /* capital in a headline or a text in capitals */
    MRG_SHAPES
} mrg_shape;

/* A distinct word as written. */
typedef struct mrg_word_look {
    const char *surface, *term; /* surface NULL: what lies between sentences */
    size_t surface_len, term_len;
    uint32_t token_flags; /* MRG_TOKEN_CAPITAL and the like that the word itself determines */
    uint32_t word_flags;  /* MRG_WORD_* */
    uint32_t lexicon;     /* model.h */
} mrg_word_look;

uint64_t mrg_feature_hash(const char *bytes, size_t len);
mrg_shape mrg_word_shape(const mrg_word_look *word);

/* The keys of a word's features for the word `offset` (-2 to 2) away from it; returns how many. */
size_t mrg_word_features(const mrg_word_look *word, int offset, uint64_t keys[MRG_WORD_FEATURES_MAX]);

/* ---- A token in its place ---- */

enum {
    MRG_TAG_GAPS = 16,
    MRG_TAG_RULES = 17,   /* 0: none; from 1 on 4 places of each of 4 types, as in mrg_label() */
    MRG_TAG_EVIDENCE = 48,
    MRG_TAG_COUNTS = 12,
    MRG_TAG_ARTICLE = 16,
    MRG_TAG_NAMES = 5 * 32, /* 0: none, then place in a listed name, times 32, and MRG_GAZ_* bits */
    MRG_TAG_DISTANCE = 4
};

typedef struct mrg_tag_token {
    uint32_t token;       /* UINT32_MAX between sentences */
    uint32_t word;        /* the tagger's number for the word; 0 between sentences */
    uint32_t lower;       /* hash of the folded word */
    uint32_t first, last; /* hashes of the first and last word of the stretch it is in */
    uint16_t middle;      /* cluster */
    uint8_t alive;        /* may be in a name */
    uint8_t shape;
    uint8_t gap;      /* what stands before it */
    uint8_t rule;     /* what the rules say it is */
    uint8_t evidence; /* how sure they are */
    uint8_t counts;   /* how the article writes the word elsewhere */
    uint8_t article;  /* what else the article says of the word */
    uint8_t name;     /* in a listed name */
    uint8_t start;    /* the place explains a capital */
    uint8_t to_first, to_last; /* words to the stretch's ends, at most 3 */
} mrg_tag_token;

enum { MRG_DIRECT_FEATURES = 17, MRG_PAIR_FEATURES = 17 };

/* The number of rows that features of small domains need; a row's key in the model. */
extern const uint32_t mrg_direct_sizes[MRG_DIRECT_FEATURES];
enum { MRG_DIRECT_ROWS = 26481 };
uint64_t mrg_direct_key(uint32_t row);

/* The token at t, with MRG_WINDOW more on either side. */
void mrg_direct_features(const mrg_tag_token *t, uint32_t rows[MRG_DIRECT_FEATURES]);
void mrg_pair_features(const mrg_tag_token *t, uint64_t keys[MRG_PAIR_FEATURES]);

#endif

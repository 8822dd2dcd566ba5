/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trained model of names: one file, mapped, read-only, shared by all threads. It holds the weights of
 * features, a lexicon (word clusters, what lists say of single words), names of several words, and what
 * label may follow which at what price. What the features are is features.h's; how they are used, tagger.h's.
 *
 * The file, all numbers little-endian:
 *
 *   0   8 bytes "MRGNAMES"        8   u32 MRG_MODEL_VERSION     12  u32 crc32 of everything behind byte 16
 *   16  u64 length of the file    24  tables: FEATURES, WORDS, NAMES, each u32 offset, length, bucket bits, 0
 *   72  i16 MRG_LABELS * MRG_LABELS: the price of a label (column) behind another (row)
 *
 * A table: u32 begin[2^bits + 1], where each bucket begins among the bytes of entries, and the entries. A key
 * belongs to the bucket of its highest bits. An entry begins with the lowest 16 bits of its key; a feature
 * goes on with a u16 mask of labels and an i8 for each label in it, a word with a u32, a name with a u8.
 */
#ifndef MRG_MODEL_H
#define MRG_MODEL_H

#include "core/buffer.h"
#include "core/error.h"

enum {
    MRG_MODEL_VERSION = 1,
    MRG_MODEL_MIN_BITS = 1, /* of a table's buckets */
    MRG_MODEL_MAX_BITS = 24,
    /* O, and for person, organisation, place each: first word, inner word, last word, only word. */
    MRG_LABELS = 13,
    MRG_ROW = 16 /* labels, and room for vector instructions */
};

typedef enum mrg_label_place { MRG_LABEL_FIRST, MRG_LABEL_INNER, MRG_LABEL_LAST, MRG_LABEL_ONLY } mrg_label_place;

static inline int mrg_label(int type, mrg_label_place place)
{
    return 1 + type * 4 + (int)place;
}

/* What the lexicon knows of a word: three clusters, coarse to fine, and MRG_GAZ_* bits. */
enum { MRG_GAZ_CITY = 1, MRG_GAZ_REGION = 2, MRG_GAZ_FIRST_NAME = 4, MRG_GAZ_SURNAME = 8, MRG_GAZ_ORG = 16 };
#define MRG_LEXICON_FINE(x) ((x) & 0x3ffu)
#define MRG_LEXICON_MIDDLE(x) ((x) >> 10 & 0xffu)
#define MRG_LEXICON_COARSE(x) ((x) >> 18 & 0x3fu)
#define MRG_LEXICON_GAZ(x) ((x) >> 24 & 0x1fu)
#define MRG_LEXICON_CLUSTERED 0x80000000u /* the clusters count */

typedef struct mrg_model mrg_model;

/* CORRUPT with one line for what is no model, or none of this version. */
morgue_status mrg_model_open(mrg_model **out, const char *path, morgue_error *err);
/* The same of bytes in memory, which must outlive it; `name` is for messages. */
morgue_status mrg_model_open_bytes(mrg_model **out, const void *bytes, size_t len, const char *name, morgue_error *err);
void mrg_model_free(mrg_model *model);

/* Opens the model that is found: at `path` if not NULL, else where $MORGUE_MODEL says; then failing is an
   error. Else the first that is there: beside the program or library (share/morgue, and as it is built),
   and where it was to be installed. *out is NULL if there is none, and if the path is "". */
morgue_status mrg_model_find(mrg_model **out, const char *path, morgue_error *err);

/* Adds a feature's weights to `sums`; 0 if the model does not have it. */
int mrg_model_add(const mrg_model *model, uint64_t key, int16_t sums[MRG_ROW]);
/* The same for many at once, in three steps, between which there may be other work while memory is waited for.
   Overwrites keys. First, what will be asked for; then those of them that the model may have are moved to the front
   (returns how many); last, these are summed (returns how many it has). */
void mrg_model_expect(const mrg_model *model, uint64_t *keys, size_t count);
size_t mrg_model_sift(const mrg_model *model, uint64_t *keys, size_t count);
size_t mrg_model_add_all(const mrg_model *model, const uint64_t *keys, size_t count, int16_t sums[MRG_ROW]);
/* The weights of the features of small domains (features.h), by number: MRG_ROW each. */
const int8_t *mrg_model_direct(const mrg_model *model);
const int16_t *mrg_model_transitions(const mrg_model *model); /* MRG_LABELS * MRG_LABELS, as in the file */
uint32_t mrg_model_word(const mrg_model *model, uint64_t hash); /* 0: unknown */
uint32_t mrg_model_name(const mrg_model *model, uint64_t hash); /* MRG_GAZ_* bits */

/* ---- Writing ---- */

typedef struct mrg_model_entry {
    uint64_t key;
    uint32_t value;            /* of a word or a name */
    int8_t weights[MRG_LABELS]; /* of a feature */
} mrg_model_entry;

/* Appends a model file to `out`. The arrays are sorted by key on the way; of equal keys the first counts. */
void mrg_model_write(mrg_buffer *out, mrg_model_entry *features, size_t feature_count, mrg_model_entry *words,
                     size_t word_count, mrg_model_entry *names, size_t name_count,
                     const int16_t transitions[MRG_LABELS * MRG_LABELS]);

#endif

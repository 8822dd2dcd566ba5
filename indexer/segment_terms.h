/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A range of the terms of several runs, which ascend by docid, -> a part of a segment. */
#ifndef MRG_SEGMENT_TERMS_H
#define MRG_SEGMENT_TERMS_H

#include "run.h"
#include "store/segment_part.h"

/* What one run has of a term. */
typedef struct mrg_term_piece {
    uint32_t run;
    const mrg_run_term *term;
} mrg_term_piece;

/* The pieces of the words of a part, for the stems that are made of them; those of word i end at ends[i]. */
typedef struct mrg_term_pieces {
    mrg_term_piece *items;
    size_t count, capacity;
    size_t *ends;
    size_t end_count, end_capacity;
} mrg_term_pieces;

void mrg_term_pieces_dispose(mrg_term_pieces *pieces);

/* A stem and one of the words that have it. */
typedef struct mrg_variant {
    const char *stem;
    uint32_t stem_len;
    int is_word; /* the stem is the word itself, wherever it occurs */
    const mrg_term_piece *begin, *end;
} mrg_variant;

/* Whether two are of one stem. */
int mrg_variant_same(const mrg_variant *a, const mrg_variant *b);

/* Merges terms; belongs to one thread. The runs are lent. */
typedef struct mrg_term_merger mrg_term_merger;
morgue_status mrg_term_merger_create(mrg_term_merger **out, mrg_run *const *runs, size_t run_count, morgue_error *err);
void mrg_term_merger_free(mrg_term_merger *m);

/* Appends the terms [begins[i], ends[i]) of each run i to `part`, and with `pieces` what they are made of. */
morgue_status mrg_term_merger_words(mrg_term_merger *m, const size_t *begins, const size_t *ends,
                                    mrg_segment_part *part, mrg_term_pieces *pieces, morgue_error *err);

/* Appends the lists of stems, each the sum of its words' lists. `variants` are in the order of their stems, with all
   of each stem. */
morgue_status mrg_term_merger_stems(mrg_term_merger *m, int field, const mrg_variant *variants, size_t count,
                                    mrg_segment_part *part, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Occurrences in one article, and the algebra of match.h over lists of them. Knows nothing of where
 * they come from: postings when matching (spans.c), the words of a text when marking (snippet_spans.c).
 */
#ifndef MRG_PLACES_H
#define MRG_PLACES_H

#include <stddef.h>
#include <stdint.h>

typedef struct mrg_place {
    uint32_t first, last; /* positions, both inclusive */
    uint32_t gaps;        /* positions between its parts, while more parts may follow; else 0 */
} mrg_place;

/* Ascending by first, then last, no two the same in both. Zero-initialise, reuse, dispose. */
typedef struct mrg_places {
    mrg_place *items;
    size_t count, capacity;
    int is_cut; /* a bound bit when it was made: there may be more */
} mrg_places;

void mrg_places_dispose(mrg_places *list);

/* These give 0, or -1 when memory ran out; the list is then of no use but to be disposed of. */

/* At the end, in no order yet. */
int mrg_places_add(mrg_places *list, uint32_t first, uint32_t last);
/* Brings what was added into order. */
void mrg_places_sort(mrg_places *list);

/* Sets `out` to what is in `a` or in `b`, with the smaller gaps; at most `max`. */
int mrg_places_merge(mrg_places *out, const mrg_places *a, const mrg_places *b, size_t max);

/* Sets `out` to each of `left` continued by each of `right` that begins after it, while the gaps come to
   at most `distance`; of the same stretch the one with the smallest gaps, or `is_last` with any: no more parts
   follow, and it is to be closed. At most `max`, those that begin first, and after a number of steps in proportion
   to that (some milliseconds for MRG_SPANS_MAX) none. */
int mrg_places_extend(mrg_places *out, const mrg_places *left, const mrg_places *right, uint32_t distance, int is_last,
                      size_t max);

/* The whole is done: gaps inside it are no longer of interest. */
void mrg_places_close(mrg_places *list);

/* Goes back from wanted places of `whole`, which was made with mrg_places_extend, to those of `left` and `right` by
   which they came to be. Wanted is what is not 0; unless it `is_last`, it is 1 more than the gaps that there may be
   in it if the rest is to follow, and so for `left`. */
void mrg_places_trace(const mrg_places *whole, const uint32_t *wanted, const mrg_places *left, uint32_t *left_wanted,
                      const mrg_places *right, uint32_t *right_wanted, uint32_t distance, int is_last);

#endif

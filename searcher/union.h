/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several lists of a segment as one; private to the matcher. A few lists are walked side by side. Many are
 * read a window of docids at a time (as in Lucene's BooleanScorer): all postings of one list in the window,
 * then those of the next, so that no step costs more for there being a thousand.
 */
#ifndef MRG_UNION_H
#define MRG_UNION_H

#include "match_iter.h"
#include "places.h"

typedef struct mrg_window mrg_window;

struct mrg_union {
    uint32_t docid;  /* the candidate; 0 before the first, MRG_DOCID_END past the last */
    uint32_t count;
    uint32_t cost;   /* postings in all, as far as a number goes */
    uint32_t max_tf; /* no sum of frequencies is above this */
    mrg_postings **lists;
    uint32_t *heads; /* their docids */
    mrg_window *window; /* of many lists; else NULL */
    mrg_iter *it;    /* whose it is: its segment, run and scratch */
};

typedef enum mrg_union_use {
    MRG_UNION_COUNTS, /* mrg_union_tf will be asked for */
    MRG_UNION_PLACES  /* mrg_union_places will be */
} mrg_union_use;

/* Makes one of those terms that are in the segment; *out is NULL if none is. Memory is the arena's. */
morgue_status mrg_union_build(mrg_union **out, mrg_iter *it, mrg_arena *arena, size_t segment_index,
                              const uint32_t *terms, size_t term_count, mrg_union_use use, morgue_error *err);

morgue_status mrg_union_seek_far(mrg_union *u, uint32_t target, morgue_error *err);

static inline morgue_status mrg_union_seek(mrg_union *u, uint32_t target, morgue_error *err)
{
    if (u->docid >= target && u->docid)
        return MORGUE_OK;
    if (u->count == 1) {
        morgue_status status = mrg_list_seek(u->lists[0], target, err);
        u->docid = u->lists[0]->docid;
        return status;
    }
    return mrg_union_seek_far(u, target, err);
}

/* At the candidate: the sum of frequencies; in windows of places, which do not count, a bound for it. */
morgue_status mrg_union_tf(mrg_union *u, uint32_t *tf, morgue_error *err);
/* At the candidate: what stands where. `out` is replaced. */
morgue_status mrg_union_places(mrg_union *u, mrg_places *out, morgue_error *err);

#endif

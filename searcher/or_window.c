/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any of some frequent words, a window of docids at a time (as in Lucene's BooleanScorer): what each list adds to each
 * article of the window is summed up, roughly, and only articles that come near what is needed are looked at
 * again. The lists are walked a second time for this, by walks of their own.
 */
#include <string.h>

#include "match_iter.h"

enum { WINDOW_DOCS = 512 };

struct mrg_or_window {
    uint32_t first, end;      /* the docids that were summed up; end 0: none yet */
    uint32_t from;            /* the lists of it->order that were, from here on; the others add next to nothing */
    uint32_t count;           /* of lists: those of it->order, then those of their titles */
    mrg_postings **lists;     /* NULL: no such title */
    mrg_posting_curve *curves;
    float sums[WINDOW_DOCS];
};

static mrg_posting_curve curve_of(mrg_rank_curve curve, double weight)
{
    return (mrg_posting_curve){ (float)weight, (float)curve.base, (float)curve.slope };
}

static morgue_status add_list(mrg_or_window *w, uint32_t at, const mrg_iter *it, const mrg_postings *from,
                              mrg_posting_curve curve, morgue_error *err)
{
    if (!from)
        return MORGUE_OK;
    w->lists[at] = mrg_arena_alloc(it->arena, sizeof *w->lists[at]);
    w->curves[at] = curve;
    return w->lists[at] ? mrg_postings_init(w->lists[at], it->segment, &from->info, err) : mrg_fail_nomem(err);
}

static morgue_status create(mrg_iter *it, morgue_error *err)
{
    uint32_t n = it->child_count;
    morgue_status status = MORGUE_OK;
    mrg_or_window *w = mrg_arena_alloc(it->arena, sizeof *w);
    if (!w)
        return mrg_fail_nomem(err);
    w->first = w->end = 0;
    w->count = 2 * n;
    w->lists = mrg_arena_alloc(it->arena, w->count * sizeof *w->lists);
    w->curves = mrg_arena_alloc(it->arena, w->count * sizeof *w->curves);
    if (!w->lists || !w->curves)
        return mrg_fail_nomem(err);
    memset(w->lists, 0, w->count * sizeof *w->lists);
    for (uint32_t i = 0; i < n && !status; i++) {
        const mrg_iter *child = it->order[i];
        status = add_list(w, i, it, child->postings, curve_of(child->curve, child->weight), err);
        if (!status)
            status = add_list(w, n + i, it, child->title_postings, curve_of(it->run->title, child->title_weight), err);
    }
    it->window = w;
    return status;
}

static uint32_t end_of(const mrg_iter *it)
{
    const mrg_segment_summary *info = mrg_segment_info(it->segment);
    return info->first_docid + info->doc_count;
}

static morgue_status sum_up(mrg_iter *it, uint32_t first, double min_weight, morgue_error *err)
{
    mrg_or_window *w = it->window;
    uint32_t end = end_of(it), n = it->child_count;
    morgue_status status = MORGUE_OK;
    w->first = first;
    w->end = end - first > WINDOW_DOCS ? first + WINDOW_DOCS : end;
    w->from = 0;
    while (w->from < it->essential && it->sums[w->from + 1] < min_weight / 16)
        w->from++;
    memset(w->sums, 0, sizeof w->sums);
    for (uint32_t i = 0; i < w->count && !status; i++) {
        if (w->lists[i] && i % n >= w->from)
            status = mrg_postings_add_weights(w->lists[i], &w->curves[i], first, w->end, w->sums, err);
    }
    return status;
}

morgue_status mrg_or_window_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    uint32_t end = end_of(it), first = mrg_segment_info(it->segment)->first_docid;
    morgue_status status = it->window ? MORGUE_OK : create(it, err);
    target = target < first ? first : target;
    while (!status && target < end) {
        mrg_or_window *w = it->window;
        if (target >= w->end || target < w->first) {
            status = mrg_match_run_check(it->run, err);
            if (!status)
                status = sum_up(it, target, min_weight, err);
            if (status)
                return status;
        }
        /* More than what sums of that many rounded numbers are off by. */
        float least = (float)((min_weight - it->sums[w->from]) * (1 - 2e-5));
        for (; target < w->end; target++) {
            if (w->sums[target - w->first] >= least) {
                it->docid = target;
                return MORGUE_OK;
            }
        }
    }
    it->docid = MRG_DOCID_END;
    return status;
}

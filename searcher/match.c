/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "match_iter.h"

struct mrg_match_walk {
    mrg_match_run *run;
    const mrg_match_node *root;
    const mrg_bitset *deleted; /* NULL: none */
    size_t next, end; /* segments still to come */
    mrg_iter *it;     /* over the segment before `next`; NULL: nothing there, or none begun */
    mrg_arena arena;
    mrg_match_scratch scratch;
};

morgue_status mrg_match_run_check(const mrg_match_run *run, morgue_error *err)
{
    if (run->cancels && atomic_load_explicit(run->cancels, memory_order_relaxed) != run->cancels_seen)
        return mrg_fail(err, MORGUE_ERR_CANCELLED, "the search was cancelled");
    if (run->deadline_ns) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec > run->deadline_ns)
            return mrg_fail(err, MORGUE_ERR_CANCELLED, "the search took longer than it was given");
    }
    return MORGUE_OK;
}

/* ---- A walk over segments ------------------------------------------------------------------------- */

morgue_status mrg_match_walk_open(mrg_match_walk **out, mrg_match_run *run, const mrg_match_node *root, size_t first,
                                  size_t count, const mrg_bitset *deleted, morgue_error *err)
{
    mrg_match_walk *walk = mrg_calloc(1, sizeof *walk);
    *out = walk;
    if (!walk)
        return mrg_fail_nomem(err);
    walk->run = run;
    walk->root = root;
    walk->next = first;
    walk->end = first + count;
    walk->deleted = deleted && deleted->count ? deleted : NULL;
    return MORGUE_OK;
}

void mrg_match_walk_close(mrg_match_walk *walk)
{
    if (!walk)
        return;
    mrg_arena_dispose(&walk->arena);
    mrg_match_scratch_dispose(&walk->scratch);
    mrg_free(walk);
}

/* Goes on to the next segment that reaches `target` and could hold a match. */
static morgue_status next_segment(mrg_match_walk *walk, uint32_t target, double min_weight, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    walk->it = NULL;
    while (!walk->it && walk->next < walk->end && !status) {
        size_t index = walk->next++;
        const mrg_segment_summary *info = mrg_segment_info(walk->run->terms->segments[index]);
        if (target > info->first_docid && target - info->first_docid >= info->doc_count)
            continue;
        mrg_arena_clear(&walk->arena);
        status = mrg_iter_build(&walk->it, walk->run, &walk->scratch, &walk->arena, walk->root, index, err);
        if (!status && walk->it && min_weight > 0 && mrg_below(walk->it->bound, min_weight))
            walk->it = NULL;
    }
    return status;
}

static morgue_status tick(mrg_match_walk *walk, morgue_error *err)
{
    if ((++walk->scratch.tick & 255) != 0)
        return MORGUE_OK;
    return mrg_match_run_check(walk->run, err);
}

static morgue_status settle(mrg_match_walk *walk, uint32_t candidate, double min_weight, int *matches,
                            morgue_error *err)
{
    *matches = 0;
    morgue_status status = tick(walk, err);
    if (status || (walk->deleted && mrg_bitset_has(walk->deleted, candidate)))
        return status;
    return mrg_iter_confirm(walk->it, min_weight, matches, err);
}

morgue_status mrg_match_walk_seek(mrg_match_walk *walk, uint32_t target, double min_weight, uint32_t *docid,
                                  double *weight, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    *docid = MRG_DOCID_END;
    *weight = 0;
    while (target != MRG_DOCID_END && !status) {
        int matches = 0;
        if (!walk->it)
            status = next_segment(walk, target, min_weight, err);
        if (status || !walk->it)
            break;
        status = walk->it->type == MRG_MATCH_PHRASE ? mrg_phrase_find(walk->it, target, min_weight, err)
                                                    : mrg_iter_seek(walk->it, target, min_weight, err);
        uint32_t candidate = walk->it->docid;
        if (!status && candidate == MRG_DOCID_END) {
            walk->it = NULL;
            continue;
        }
        if (!status)
            status = settle(walk, candidate, min_weight, &matches, err);
        if (!status && matches) {
            *docid = candidate;
            *weight = walk->it->score;
            return MORGUE_OK;
        }
        target = candidate + 1;
    }
    return status;
}

morgue_status mrg_match_walk_check(mrg_match_walk *walk, uint32_t target, double min_weight, uint32_t *docid,
                                   double *weight, morgue_error *err)
{
    int matches = 0;
    *docid = 0;
    *weight = 0;
    for (;;) {
        morgue_status status = MORGUE_OK;
        if (!walk->it)
            status = next_segment(walk, target, min_weight, err);
        if (status || !walk->it)
            return status;
        status = mrg_iter_seek(walk->it, target, min_weight, err);
        if (status)
            return status;
        if (walk->it->docid != MRG_DOCID_END)
            break;
        walk->it = NULL;
    }
    if (walk->it->docid != target)
        return MORGUE_OK;
    morgue_status status = settle(walk, target, min_weight, &matches, err);
    if (!status && matches) {
        *docid = target;
        *weight = walk->it->score;
    }
    return status;
}

/* ---- Bounds --------------------------------------------------------------------------------------- */

static void term_bounds(const mrg_match_run *run, const mrg_match_node *node, uint32_t term, size_t first, size_t count,
                        double deleted_count, mrg_match_bounds *out)
{
    const mrg_match_term *t = &run->terms->items[term];
    double df = 0;
    uint32_t max_tf = 0;
    for (size_t i = first; t->doc_count && i < first + count; i++) {
        df += t->infos[i].doc_count;
        if (t->infos[i].doc_count && t->infos[i].max_tf > max_tf)
            max_tf = t->infos[i].max_tf;
    }
    out->est = out->max = df;
    out->min = df > deleted_count ? df - deleted_count : 0;
    out->weight = mrg_rank_score(node->title ? run->title : run->body, node->weight, max_tf ? max_tf : 1, 0);
    if (node->title_term != MRG_NO_TERM)
        out->weight += node->title_weight;
}

static void phrase_bounds(const mrg_match_run *run, const mrg_match_node *node, size_t first, size_t count,
                          double doc_count, mrg_match_bounds *out)
{
    double chance = 0.5;
    for (size_t i = 0; i < node->term_count; i++) {
        mrg_match_bounds one;
        term_bounds(run, node, node->terms[i], first, count, 0, &one);
        out->max = i == 0 || one.max < out->max ? one.max : out->max;
        out->weight = i == 0 || one.weight < out->weight ? one.weight : out->weight;
        chance *= one.est / doc_count;
    }
    out->min = 0;
    out->est = chance * doc_count;
}

/* Of the words of an ANY node, as one. */
static void any_bounds(const mrg_match_run *run, const mrg_match_node *node, size_t first, size_t count,
                       double deleted_count, double n, mrg_match_bounds *out)
{
    double without = 1;
    for (size_t i = 0; i < node->term_count; i++) {
        mrg_match_bounds one;
        term_bounds(run, node, node->terms[i], first, count, deleted_count, &one);
        out->min = fmax(out->min, one.min);
        out->max += one.max;
        without *= 1 - fmin(one.est / n, 1);
    }
    out->est = n * (1 - without);
    out->weight = node->weight; /* any number of times */
}

/* All but the weight. */
static void span_bounds(const mrg_match_run *run, const mrg_span_node *node, size_t first, size_t count, double n,
                        mrg_match_bounds *out)
{
    const mrg_match_node words = { .terms = node->terms, .term_count = node->term_count, .title_term = MRG_NO_TERM };
    if (node->type == MRG_SPAN_TERMS)
        any_bounds(run, &words, first, count, n, n, out);
    for (size_t i = 0; i < node->child_count; i++) {
        mrg_match_bounds child = { 0 };
        span_bounds(run, node->children[i], first, count, n, &child);
        int any = node->type == MRG_SPAN_OR;
        out->max = i == 0 ? child.max : any ? out->max + child.max : fmin(out->max, child.max);
        out->est = i == 0 ? child.est : any ? out->est + child.est : out->est * child.est / n;
    }
    out->min = 0;
}

static void add_child(const mrg_match_node *node, size_t i, const mrg_match_bounds *child, double n,
                      mrg_match_bounds *out)
{
    if (i == 0) {
        *out = *child;
        return;
    }
    switch (node->type) {
    case MRG_MATCH_AND:
        out->min = out->min + child->min - n;
        out->max = fmin(out->max, child->max);
        out->est *= child->est / n;
        out->weight += child->weight;
        break;
    case MRG_MATCH_OR:
        out->min = fmax(out->min, child->min);
        out->max = out->max + child->max;
        out->est += child->est - out->est * child->est / n;
        out->weight += child->weight;
        break;
    default:
        out->min -= child->max;
        out->est *= 1 - fmin(child->est / n, 1);
        break;
    }
    out->min = fmax(out->min, 0);
    out->max = fmin(out->max, n);
}

void mrg_match_bounds_of(const mrg_match_run *run, const mrg_match_node *node, size_t first, size_t count,
                         double doc_count, double deleted_count, mrg_match_bounds *out)
{
    double n = fmax(doc_count, 1);
    memset(out, 0, sizeof *out);
    if (node->type == MRG_MATCH_TERM)
        term_bounds(run, node, node->terms[0], first, count, deleted_count, out);
    else if (node->type == MRG_MATCH_PHRASE)
        phrase_bounds(run, node, first, count, n, out);
    else if (node->type == MRG_MATCH_ANY)
        any_bounds(run, node, first, count, deleted_count, n, out);
    else if (node->type == MRG_MATCH_SPANS)
        span_bounds(run, node->spans, first, count, n, out);
    for (size_t i = 0; i < node->child_count; i++) {
        mrg_match_bounds child;
        mrg_match_bounds_of(run, node->children[i], first, count, doc_count, deleted_count, &child);
        add_child(node, i, &child, n, out);
    }
    if (node->type == MRG_MATCH_SPANS)
        out->weight = node->weight;
    out->max = fmin(out->max, doc_count);
    out->min = fmin(out->min, out->max);
    out->est = fmin(fmax(out->est, out->min), out->max);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Positional expressions in one text: all occurrences from the leaves up, as the matcher finds them, and then
 * from the top down again, which places of the leaves they came of.
 */
#include <string.h>

#include "core/alloc.h"
#include "snippet_lookup.h"

/* A node in this text. */
typedef struct found {
    const mrg_unit_span *node;
    mrg_places all;        /* its occurrences; of TERMS lent from the lookup */
    uint32_t *wanted; /* not 0, one an occurrence: it is part of the whole */
    struct found *children;
    mrg_places *steps;     /* ORDERED: steps[i] is what the children up to i + 1 come to */
} found;

static morgue_status find_all(found *f, const mrg_unit_span *node, mrg_lookup *l, morgue_error *err);

static void dispose(found *f)
{
    for (size_t i = 0; f->children && i < f->node->child_count; i++)
        dispose(&f->children[i]);
    for (size_t i = 0; f->steps && i + 1 < f->node->child_count; i++)
        mrg_places_dispose(&f->steps[i]);
    if (f->node && f->node->type != MRG_SPAN_TERMS)
        mrg_places_dispose(&f->all);
    mrg_free(f->wanted);
    mrg_free(f->children);
    mrg_free(f->steps);
}

/* ---- Up ------------------------------------------------------------------------------------------------- */

static int copy_places(mrg_places *out, const mrg_places *list)
{
    static const mrg_places none = { 0 };
    return mrg_places_merge(out, list, &none, MRG_SPANS_MAX);
}

static int find_ordered(found *f)
{
    size_t count = f->node->child_count;
    const mrg_places *last = &f->children[0].all;
    f->steps = mrg_calloc(count, sizeof *f->steps);
    if (!f->steps)
        return -1;
    for (size_t i = 1; i < count; i++) {
        if (mrg_places_extend(&f->steps[i - 1], last, &f->children[i].all, f->node->distance,
                              i + 1 == f->node->child_count, MRG_SPANS_MAX))
            return -1;
        last = &f->steps[i - 1];
    }
    return copy_places(&f->all, last);
}

static int find_near(found *f)
{
    mrg_places after = { 0 }, before = { 0 };
    const mrg_places *a = &f->children[0].all, *b = &f->children[1].all;
    int failed = mrg_places_extend(&after, a, b, f->node->distance, 1, MRG_SPANS_MAX) ||
                 mrg_places_extend(&before, b, a, f->node->distance, 1, MRG_SPANS_MAX) ||
                 mrg_places_merge(&f->all, &after, &before, MRG_SPANS_MAX);
    mrg_places_dispose(&after);
    mrg_places_dispose(&before);
    return failed ? -1 : 0;
}

static int find_any(found *f)
{
    int failed = 0;
    for (size_t i = 0; i < f->node->child_count && !failed; i++) {
        mrg_places both = { 0 };
        failed = mrg_places_merge(&both, &f->all, &f->children[i].all, MRG_SPANS_MAX);
        mrg_places_dispose(&f->all);
        f->all = both;
    }
    return failed ? -1 : 0;
}

static morgue_status find_group(found *f, mrg_lookup *l, morgue_error *err)
{
    int failed;
    f->children = mrg_calloc(f->node->child_count, sizeof *f->children);
    if (!f->children)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < f->node->child_count; i++) {
        morgue_status status = find_all(&f->children[i], f->node->children[i], l, err);
        if (status)
            return status;
    }
    if (f->node->type == MRG_SPAN_ORDERED)
        failed = find_ordered(f);
    else
        failed = f->node->type == MRG_SPAN_NEAR ? find_near(f) : find_any(f);
    mrg_places_close(&f->all);
    return failed ? mrg_fail_nomem(err) : MORGUE_OK;
}

static morgue_status find_all(found *f, const mrg_unit_span *node, mrg_lookup *l, morgue_error *err)
{
    f->node = node;
    if (node->type == MRG_SPAN_TERMS) {
        mrg_places_sort(&l->leaves[node->leaf]);
        f->all = l->leaves[node->leaf];
    } else {
        morgue_status status = find_group(f, l, err);
        if (status)
            return status;
    }
    f->wanted = mrg_calloc(f->all.count, sizeof *f->wanted);
    return f->wanted ? MORGUE_OK : mrg_fail_nomem(err);
}

/* ---- Down ------------------------------------------------------------------------------------------------- */

static morgue_status trace(found *f, mrg_marks *marks, size_t unit, morgue_error *err);

/* What is wanted of each step, from the last one, which is the whole, back to the first. */
static morgue_status trace_ordered(found *f, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    uint32_t *wanted = f->wanted;
    for (size_t i = f->node->child_count - 1; i > 0 && !status; i--) {
        const mrg_places *left = i > 1 ? &f->steps[i - 2] : &f->children[0].all;
        uint32_t *left_wanted = i > 1 ? mrg_calloc(left->count, sizeof *left_wanted) : f->children[0].wanted;
        if (left_wanted)
            mrg_places_trace(&f->steps[i - 1], wanted, left, left_wanted, &f->children[i].all, f->children[i].wanted,
                             f->node->distance, i + 1 == f->node->child_count);
        else
            status = mrg_fail_nomem(err);
        if (wanted != f->wanted)
            mrg_free(wanted);
        wanted = left_wanted;
    }
    if (f->node->child_count == 1)
        memcpy(f->children[0].wanted, f->wanted, f->all.count * sizeof *f->wanted);
    return status;
}

static void trace_any(found *f)
{
    for (size_t i = 0; i < f->node->child_count; i++) {
        found *child = &f->children[i];
        for (size_t k = 0, at = 0; k < child->all.count; k++) {
            const mrg_place *p = &child->all.items[k];
            while (at < f->all.count && (f->all.items[at].first < p->first ||
                                         (f->all.items[at].first == p->first && f->all.items[at].last < p->last)))
                at++;
            child->wanted[k] = at < f->all.count && f->wanted[at] && f->all.items[at].first == p->first &&
                               f->all.items[at].last == p->last;
        }
    }
}

/* The token at a position. Within title and body they are consecutive. */
static const mrg_token *token_at(const mrg_marks *marks, uint32_t position)
{
    const mrg_token *items = marks->tokens.items;
    size_t begin = 0, count = marks->body_token;
    if (marks->body_token < marks->tokens.count && position >= items[marks->body_token].position) {
        begin = marks->body_token;
        count = marks->tokens.count - begin;
    }
    size_t at = position - items[begin].position;
    return &items[begin + (at < count ? at : count - 1)];
}

static morgue_status mark_places(found *f, mrg_marks *marks, size_t unit, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < f->all.count && !status; i++) {
        const mrg_place *p = &f->all.items[i];
        if (f->wanted[i])
            status = mrg_marks_add(marks, token_at(marks, p->first)->begin, token_at(marks, p->last)->end, unit, 0,
                                   err);
    }
    return status;
}

static morgue_status trace(found *f, mrg_marks *marks, size_t unit, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (f->node->type == MRG_SPAN_TERMS)
        return mark_places(f, marks, unit, err);
    if (f->node->type == MRG_SPAN_ORDERED) {
        status = trace_ordered(f, err);
    } else if (f->node->type == MRG_SPAN_OR) {
        trace_any(f);
    } else {
        found *a = &f->children[0], *b = &f->children[1];
        mrg_places_trace(&f->all, f->wanted, &a->all, a->wanted, &b->all, b->wanted, f->node->distance, 1);
        mrg_places_trace(&f->all, f->wanted, &b->all, b->wanted, &a->all, a->wanted, f->node->distance, 1);
    }
    for (size_t i = 0; i < f->node->child_count && !status; i++)
        status = trace(&f->children[i], marks, unit, err);
    return status;
}

/* The occurrences that hold no other one: of the same beginning the shortest, and none that ends with or
   behind one that begins later. */
static morgue_status mark_wholes(found *f, mrg_marks *marks, size_t unit, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    uint32_t end = UINT32_MAX;
    for (size_t i = f->all.count; i > 0 && !status; i--) {
        const mrg_place *p = &f->all.items[i - 1];
        if (p->last >= end || (i > 1 && p[-1].first == p->first))
            continue;
        end = p->last;
        status = mrg_marks_add(marks, token_at(marks, p->first)->begin, token_at(marks, p->last)->end, unit, 1, err);
    }
    return status;
}

morgue_status mrg_marks_add_spans(mrg_marks *marks, const mrg_unit *unit, size_t index, morgue_error *err)
{
    found root = { 0 };
    morgue_status status = find_all(&root, unit->spans, marks->lookup, err);
    if (!status && root.all.count) {
        memset(root.wanted, 1, root.all.count * sizeof *root.wanted);
        status = trace(&root, marks, index, err);
        if (!status)
            status = mark_wholes(&root, marks, index, err);
    }
    dispose(&root);
    return status;
}

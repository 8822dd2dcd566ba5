/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Positional expressions over one segment. Candidates are articles that have what all operands need, the
 * rarest first; places are read for these alone, and only if as many as there could be would make the
 * article heavy enough.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "union.h"

/* Places of a node that are made before it is known that this is not enough. */
enum { FIRST_TRY = 1024 };

struct mrg_span_iter {
    mrg_span_type type;
    uint32_t docid, cost, distance;
    int words;       /* TERMS: places of one position; ORDERED, NEAR, OR: all below are, at fixed lengths */
    int apart;       /* ORDERED, NEAR of two TERMS of words, which have no term in common */
    mrg_union *lists; /* TERMS */
    mrg_span_iter **children;
    uint32_t child_count;
    mrg_span_iter **order; /* ORDERED, NEAR: TERMS and OR below, also those of ORDERED and NEAR below; cheapest first */
    uint32_t order_count;
};

/* ---- Making ---------------------------------------------------------------------------------------------- */

typedef struct builder {
    mrg_iter *it;
    mrg_arena *arena;
    size_t index;
    size_t depth, deepest;
    morgue_error *err;
} builder;

static morgue_status build(builder *b, const mrg_span_node *node, mrg_span_iter **out);

static void *arena_zero(mrg_arena *arena, size_t count, size_t size)
{
    void *p = count > SIZE_MAX / size ? NULL : mrg_arena_alloc(arena, count * size);
    if (p)
        memset(p, 0, count * size);
    return p;
}

static morgue_status build_terms(builder *b, const mrg_span_node *node, mrg_span_iter *s, int *possible)
{
    const mrg_match_term *items = b->it->run->terms->items;
    morgue_status status = mrg_union_build(&s->lists, b->it, b->arena, b->index, node->terms, node->term_count,
                                           MRG_UNION_PLACES, b->err);
    *possible = !status && s->lists;
    s->words = 1;
    for (size_t i = 0; i < node->term_count; i++)
        s->words &= !mrg_field_has_lengths(items[node->terms[i]].key[0]);
    s->cost = *possible ? s->lists->cost : 0;
    return status;
}

static int compare_cost(const void *a, const void *b)
{
    const mrg_span_iter *x = *(mrg_span_iter *const *)a, *y = *(mrg_span_iter *const *)b;
    return (x->cost > y->cost) - (x->cost < y->cost);
}

/* What must be at a candidate. */
static morgue_status collect_order(builder *b, mrg_span_iter *s)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->child_count; i++)
        n += s->children[i]->order ? s->children[i]->order_count : 1;
    s->order = arena_zero(b->arena, n, sizeof *s->order);
    if (!s->order)
        return mrg_fail_nomem(b->err);
    for (uint32_t i = 0; i < s->child_count; i++) {
        mrg_span_iter *child = s->children[i];
        uint32_t count = child->order ? child->order_count : 1;
        memcpy(s->order + s->order_count, child->order ? child->order : &child, count * sizeof *s->order);
        s->order_count += count;
    }
    qsort(s->order, s->order_count, sizeof *s->order, compare_cost);
    s->cost = s->order[0]->cost;
    return MORGUE_OK;
}

static int share_a_term(const mrg_span_node *a, const mrg_span_node *b)
{
    for (size_t i = 0; i < a->term_count; i++) {
        for (size_t k = 0; k < b->term_count; k++) {
            if (a->terms[i] == b->terms[k])
                return 1;
        }
    }
    return 0;
}

/* Two lists of few words each, which can be counted without making their pairs. */
static int are_apart(const mrg_span_node *node, const mrg_span_iter *s)
{
    enum { MANY = 64 };
    return s->child_count == 2 && s->children[0]->lists && s->children[1]->lists && s->children[0]->words &&
           s->children[1]->words && node->children[0]->term_count <= MANY && node->children[1]->term_count <= MANY &&
           !share_a_term(node->children[0], node->children[1]);
}

static morgue_status build_group(builder *b, const mrg_span_node *node, mrg_span_iter *s, int *possible)
{
    uint64_t cost = 0;
    s->children = arena_zero(b->arena, node->child_count, sizeof *s->children);
    if (!s->children)
        return mrg_fail_nomem(b->err);
    s->words = node->type == MRG_SPAN_ORDERED && node->distance == 0;
    for (size_t i = 0; i < node->child_count; i++) {
        mrg_span_iter *child = NULL;
        morgue_status status = build(b, node->children[i], &child);
        if (status)
            return status;
        if (!child && node->type != MRG_SPAN_OR)
            return MORGUE_OK;
        if (!child)
            continue;
        s->children[s->child_count++] = child;
        s->words &= child->words;
        cost += child->cost;
    }
    *possible = s->child_count > 0;
    if (!*possible)
        return MORGUE_OK;
    s->cost = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
    if (node->type == MRG_SPAN_OR)
        return MORGUE_OK;
    s->apart = are_apart(node, s);
    return collect_order(b, s);
}

static morgue_status build(builder *b, const mrg_span_node *node, mrg_span_iter **out)
{
    int possible = 0;
    mrg_span_iter *s = arena_zero(b->arena, 1, sizeof *s);
    if (!s)
        return mrg_fail_nomem(b->err);
    s->type = node->type;
    s->distance = node->distance;
    b->depth++;
    b->deepest = b->depth > b->deepest ? b->depth : b->deepest;
    morgue_status status = node->type == MRG_SPAN_TERMS ? build_terms(b, node, s, &possible)
                                                        : build_group(b, node, s, &possible);
    b->depth--;
    *out = !status && possible ? s : NULL;
    return status;
}

/* How often the whole could occur where its TERMS occur as often as `tf_of` says: a stretch is known by
   its two ends, and where lengths are fixed by one end and the gaps. */
typedef morgue_status (*terms_tf)(mrg_span_iter *s, uint32_t *tf, morgue_error *err);

static uint64_t at_most(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static morgue_status occurrence_bound(mrg_span_iter *s, terms_tf tf_of, uint64_t *out, morgue_error *err)
{
    uint64_t first = 0, last = 0, sum = 0;
    uint32_t tf = 0;
    morgue_status status = MORGUE_OK;
    if (s->type == MRG_SPAN_TERMS) {
        status = tf_of(s, &tf, err);
        *out = tf;
        return status;
    }
    int fixed = 1;
    for (uint32_t i = 0; i < s->child_count && !status; i++) {
        mrg_span_iter *child = s->children[i];
        fixed &= child->words;
        if (s->type == MRG_SPAN_OR || i == 0 || i + 1 == s->child_count)
            status = occurrence_bound(child, tf_of, &last, err);
        first = i == 0 ? last : first;
        sum = at_most(sum + last, UINT32_MAX);
    }
    if (s->type == MRG_SPAN_OR) {
        *out = sum;
        return status;
    }
    /* So that no product leaves 64 bits: a group gives no more than this anyway. */
    uint64_t least = at_most(at_most(first, last), MRG_SPANS_MAX);
    uint64_t reach = (s->type == MRG_SPAN_NEAR ? 2 : 1) * ((uint64_t)s->distance + 1);
    *out = s->child_count == 1 ? first : at_most(first * last, MRG_SPANS_MAX);
    if (fixed && s->child_count > 1)
        *out = at_most(*out, least * reach);
    return status;
}

static morgue_status largest_tf(mrg_span_iter *s, uint32_t *tf, morgue_error *err)
{
    (void)err;
    *tf = s->lists->max_tf;
    return MORGUE_OK;
}

morgue_status mrg_spans_build(mrg_iter *it, mrg_arena *arena, const mrg_span_node *node, size_t segment_index,
                              morgue_error *err)
{
    builder b = { it, arena, segment_index, 0, 0, err };
    mrg_match_scratch *scratch = it->scratch;
    mrg_span_iter *s = NULL;
    uint64_t bound = 0;
    morgue_status status = build(&b, node, &s);
    if (status || !s)
        return status;
    size_t lists = b.deepest + 3; /* each level uses its own and the three behind it */
    if (mrg_reserve((void **)&scratch->lists, &scratch->list_capacity, lists, sizeof *scratch->lists))
        return mrg_fail_nomem(err);
    for (; scratch->list_count < lists; scratch->list_count++)
        scratch->lists[scratch->list_count] = (mrg_places){ 0 };
    status = occurrence_bound(s, largest_tf, &bound, err);
    it->spans = s;
    it->cost = s->cost;
    bound = at_most(bound ? bound : 1, MRG_SPANS_COUNTED);
    it->bound = mrg_rank_score(it->curve, it->weight, (uint32_t)bound, 0);
    return status;
}

/* ---- Candidates ------------------------------------------------------------------------------------------ */

static morgue_status look_around(mrg_iter *it, morgue_error *err)
{
    return (++it->scratch->tick & 511) == 0 ? mrg_match_run_check(it->run, err) : MORGUE_OK;
}

static morgue_status seek(mrg_iter *it, mrg_span_iter *s, uint32_t target, morgue_error *err);

static morgue_status seek_all(mrg_iter *it, mrg_span_iter *s, uint32_t target, morgue_error *err)
{
    mrg_span_iter *lead = s->order[0];
    morgue_status status = MORGUE_OK;
    while (target != MRG_DOCID_END && !status) {
        status = seek(it, lead, target, err);
        target = lead->docid;
        if (target == MRG_DOCID_END)
            break;
        for (uint32_t i = 1; i < s->order_count && target == lead->docid && !status; i++) {
            status = seek(it, s->order[i], target, err);
            target = s->order[i]->docid;
        }
        if (!status && target == lead->docid)
            break;
        if (!status)
            status = look_around(it, err);
    }
    s->docid = target;
    return status;
}

static morgue_status seek(mrg_iter *it, mrg_span_iter *s, uint32_t target, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (s->docid >= target && s->docid)
        return MORGUE_OK;
    if (s->lists) {
        status = mrg_union_seek(s->lists, target, err);
        s->docid = s->lists->docid;
        return status;
    }
    if (s->order)
        return seek_all(it, s, target, err);
    s->docid = MRG_DOCID_END;
    for (uint32_t i = 0; i < s->child_count && !status; i++) {
        status = seek(it, s->children[i], target, err);
        s->docid = s->children[i]->docid < s->docid ? s->children[i]->docid : s->docid;
    }
    return status;
}

morgue_status mrg_spans_seek(mrg_iter *it, uint32_t target, morgue_error *err)
{
    morgue_status status = seek(it, it->spans, target, err);
    it->docid = it->spans->docid;
    return status;
}

/* ---- Occurrences ------------------------------------------------------------------------------------------- */

/* Of one article. What a bound leaves is some of what there is, whatever is made of it. */
typedef struct evaluation {
    mrg_iter *it;
    uint32_t docid;
    size_t max; /* places of one node */
    int is_cut; /* there were more */
    morgue_error *err;
} evaluation;

static morgue_status evaluate(evaluation *e, mrg_span_iter *s, mrg_places *out);

static void swap_lists(mrg_places *a, mrg_places *b)
{
    mrg_places list = *a;
    *a = *b;
    *b = list;
}

static morgue_status extend(evaluation *e, mrg_places *out, const mrg_places *left, const mrg_places *right,
                            uint32_t distance, int is_last)
{
    if (mrg_places_extend(out, left, right, distance, is_last, e->max))
        return mrg_fail_nomem(e->err);
    e->is_cut |= out->is_cut;
    /* What takes long is seen by its result, or by how much went in. */
    if (out->count + left->count > 4096)
        return mrg_match_run_check(e->it->run, e->err);
    return look_around(e->it, e->err);
}

static morgue_status merge(evaluation *e, mrg_places *out, const mrg_places *a, const mrg_places *b)
{
    if (mrg_places_merge(out, a, b, e->max))
        return mrg_fail_nomem(e->err);
    e->is_cut |= out->is_cut;
    return MORGUE_OK;
}

static morgue_status evaluate_ordered(evaluation *e, mrg_span_iter *s, mrg_places *out)
{
    morgue_status status = evaluate(e, s->children[0], out);
    for (uint32_t i = 1; i < s->child_count && out->count && !status; i++) {
        status = evaluate(e, s->children[i], out + 1);
        if (!status)
            status = extend(e, out + 2, out, out + 1, s->distance, i + 1 == s->child_count);
        swap_lists(out, out + 2);
    }
    mrg_places_close(out);
    return status;
}

static morgue_status evaluate_near(evaluation *e, mrg_span_iter *s, mrg_places *out)
{
    morgue_status status = evaluate(e, s->children[0], out);
    if (!status)
        status = evaluate(e, s->children[1], out + 1);
    if (!status)
        status = extend(e, out + 2, out, out + 1, s->distance, 1);
    if (!status)
        status = extend(e, out + 3, out + 1, out, s->distance, 1);
    if (!status)
        status = merge(e, out, out + 2, out + 3);
    mrg_places_close(out);
    return status;
}

static morgue_status evaluate_or(evaluation *e, mrg_span_iter *s, mrg_places *out)
{
    morgue_status status = MORGUE_OK;
    out->count = 0;
    for (uint32_t i = 0; i < s->child_count && !status; i++) {
        if (s->children[i]->docid != e->docid)
            continue;
        status = evaluate(e, s->children[i], out + 1);
        if (!status)
            status = merge(e, out + 2, out, out + 1);
        swap_lists(out, out + 2);
    }
    return status;
}

/* Sets out[0]; out[1] to out[3] and what is behind them are at its disposal. */
static morgue_status evaluate(evaluation *e, mrg_span_iter *s, mrg_places *out)
{
    switch (s->type) {
    case MRG_SPAN_TERMS:
        return mrg_union_places(s->lists, out, e->err);
    case MRG_SPAN_ORDERED:
        return evaluate_ordered(e, s, out);
    case MRG_SPAN_NEAR:
        return evaluate_near(e, s, out);
    default:
        return evaluate_or(e, s, out);
    }
}

/* How many of `right` are within the distance behind each of `left`: single positions, never the same. */
static uint64_t count_behind(const mrg_places *left, const mrg_places *right, uint32_t distance)
{
    uint64_t count = 0;
    size_t low = 0, high = 0;
    for (size_t i = 0; i < left->count; i++) {
        uint32_t position = left->items[i].first;
        while (low < right->count && right->items[low].first <= position)
            low++;
        while (high < right->count && (uint64_t)right->items[high].first <= (uint64_t)position + distance + 1)
            high++;
        count += high - low;
    }
    return count;
}

static morgue_status count_apart(evaluation *e, mrg_span_iter *s, uint64_t *count)
{
    mrg_places *lists = e->it->scratch->lists;
    morgue_status status = mrg_union_places(s->children[0]->lists, &lists[0], e->err);
    if (!status)
        status = mrg_union_places(s->children[1]->lists, &lists[1], e->err);
    if (status)
        return status;
    *count = count_behind(&lists[0], &lists[1], s->distance);
    if (s->type == MRG_SPAN_NEAR)
        *count += count_behind(&lists[1], &lists[0], s->distance);
    *count = at_most(*count, MRG_SPANS_COUNTED);
    return MORGUE_OK;
}

/* Where the terms stand, which under an OR may be elsewhere: too much is still a bound. */
static morgue_status tf_here(mrg_span_iter *s, uint32_t *tf, morgue_error *err)
{
    *tf = 0;
    return s->lists->docid && s->lists->docid != MRG_DOCID_END ? mrg_union_tf(s->lists, tf, err) : MORGUE_OK;
}

/* As many as count. Few places of each node mostly come to that many, where there are so many at all. */
static morgue_status count_occurrences(mrg_iter *it, uint64_t *count, morgue_error *err)
{
    mrg_places *out = it->scratch->lists;
    evaluation e = { .it = it, .docid = it->docid, .max = FIRST_TRY, .err = err };
    if (it->spans->apart)
        return count_apart(&e, it->spans, count);
    morgue_status status = evaluate(&e, it->spans, out);
    if (!status && e.is_cut && out->count < MRG_SPANS_COUNTED) {
        e.max = MRG_SPANS_MAX;
        status = evaluate(&e, it->spans, out);
    }
    *count = at_most(out->count, MRG_SPANS_COUNTED);
    return status;
}

morgue_status mrg_spans_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    uint32_t words = mrg_iter_words(it, it->docid);
    uint64_t count = 0;
    morgue_status status = MORGUE_OK;
    *matches = 0;
    if (min_weight > 0) {
        status = occurrence_bound(it->spans, tf_here, &count, err);
        if (status || !mrg_iter_heavy_enough(it, (uint32_t)at_most(count, MRG_SPANS_COUNTED), words, min_weight))
            return status;
    }
    status = count_occurrences(it, &count, err);
    if (status || !mrg_iter_heavy_enough(it, (uint32_t)count, words, min_weight))
        return status;
    *matches = 1;
    it->score = mrg_rank_score(it->curve, it->weight, (uint32_t)count, words);
    return MORGUE_OK;
}

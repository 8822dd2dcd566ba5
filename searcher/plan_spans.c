/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns, fuzzy words, phrases of more than words, NEAR and BEFORE -> leaves of the match tree, which look for one
   of several terms (MRG_MATCH_ANY) or at positions (MRG_MATCH_SPANS). */
#include <string.h>

#include "core/alloc.h"
#include "plan.h"

/* Where something stands, and what it weighs. Without `spans` it cannot be anywhere. */
typedef struct place {
    mrg_span_node *spans;
    double weight;
} place;

typedef struct places {
    place *items;
    size_t count, capacity;
} places;

static morgue_status place_node(mrg_planner *p, const mrg_node *node, place *out);

static mrg_span_node *new_span(mrg_planner *p, mrg_span_type type)
{
    mrg_span_node *span = mrg_arena_alloc(&p->plan->arena, sizeof *span);
    if (!span) {
        mrg_fail_nomem(p->err);
        return NULL;
    }
    memset(span, 0, sizeof *span);
    span->type = type;
    return span;
}

/* ---- One place ---- */

static double weight_of_any(const mrg_planner *p, const uint32_t *terms, size_t count)
{
    const mrg_plan *plan = p->plan;
    uint64_t doc_count = plan->terms.items[terms[0]].doc_count;
    if (count > 1)
        doc_count = mrg_match_any_doc_count(&plan->terms, terms, count, (uint64_t)plan->rank.doc_count);
    return p->boost * mrg_rank_idf(&plan->rank, doc_count) * (plan->rank.params.k1 + 1);
}

static morgue_status place_terms(mrg_planner *p, const mrg_expansion *words, place *out)
{
    *out = (place){ NULL, 0 };
    if (!words->count)
        return MORGUE_OK;
    out->spans = new_span(p, MRG_SPAN_TERMS);
    if (!out->spans)
        return MORGUE_ERR_NOMEM;
    out->spans->terms = words->terms;
    out->spans->term_count = words->count;
    out->weight = weight_of_any(p, words->terms, words->count);
    return MORGUE_OK;
}

/* ---- Several in a row ---- */

static morgue_status add_place(mrg_planner *p, places *list, place item)
{
    if (list->count >= MRG_MATCH_MAX_PHRASE)
        return mrg_fail(p->err, MORGUE_ERR_LIMIT, "a phrase may have at most %d words", (int)MRG_MATCH_MAX_PHRASE);
    if (mrg_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return mrg_fail_nomem(p->err);
    list->items[list->count++] = item;
    return MORGUE_OK;
}

static morgue_status tokenize(mrg_planner *p, const mrg_node *node)
{
    if (node->type != MRG_NODE_PATTERN)
        return mrg_plan_tokenize(p, node);
    mrg_tokens_clear(&p->tokens);
    return mrg_pattern_tokenize(&p->tokens, node->text, node->text_len, p->err);
}

/* The terms of a word, pattern or fuzzy word, each a place of its own; exact, unless `stem` and there is just one.
   The title counts where the phrase around says so, which is `in`. */
static morgue_status add_words(mrg_planner *p, const mrg_node *node, const mrg_node *in, int stem, places *list)
{
    morgue_status status = tokenize(p, node);
    for (size_t i = 0; i < p->tokens.count && !status; i++) {
        mrg_plan_spelling spelling = node->type == MRG_NODE_FUZZY   ? MRG_SPELLING_FUZZY
                                     : stem && p->tokens.count == 1 ? MRG_SPELLING_STEM
                                                                    : MRG_SPELLING_EXACT;
        const mrg_expansion *words;
        place item = { NULL, 0 };
        status = mrg_plan_words(p, node, in->text_field, &p->tokens.items[i], spelling, &words);
        if (!status)
            status = place_terms(p, words, &item);
        if (!status)
            status = add_place(p, list, item);
    }
    return status;
}

static morgue_status add_element(mrg_planner *p, const mrg_node *node, const mrg_node *phrase, places *list)
{
    const mrg_expansion *words;
    place item;
    if (node->type != MRG_NODE_SLOT)
        return add_words(p, node, phrase, 0, list);
    morgue_status status = mrg_plan_slot(p, node, &words);
    if (!status)
        status = place_terms(p, words, &item);
    return status ? status : add_place(p, list, item);
}

/* One after another. If one of them is nowhere, so is the whole. */
static morgue_status join_row(mrg_planner *p, const places *list, uint32_t distance, place *out)
{
    *out = (place){ NULL, 0 };
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].spans)
            return MORGUE_OK;
    }
    if (list->count == 1) {
        *out = list->items[0];
        return MORGUE_OK;
    }
    mrg_span_node *row = new_span(p, MRG_SPAN_ORDERED);
    if (!row)
        return MORGUE_ERR_NOMEM;
    row->distance = distance;
    row->children = mrg_arena_alloc(&p->plan->arena, list->count * sizeof *row->children);
    if (!row->children)
        return mrg_fail_nomem(p->err);
    for (size_t i = 0; i < list->count; i++) {
        row->children[row->child_count++] = list->items[i].spans;
        out->weight += list->items[i].weight;
    }
    out->spans = row;
    return MORGUE_OK;
}

static morgue_status place_row(mrg_planner *p, const mrg_node *node, place *out)
{
    places list = { 0 };
    morgue_status status = MORGUE_OK;
    if (node->child_count == 0)
        status = add_words(p, node, node, node->type == MRG_NODE_WORDS, &list);
    for (size_t i = 0; i < node->child_count && !status; i++)
        status = add_element(p, node->children[i], node, &list);
    if (!status)
        status = join_row(p, &list, node->slop, out);
    mrg_free(list.items);
    return status;
}

/* ---- NEAR, BEFORE, OR ---- */

static morgue_status place_pair(mrg_planner *p, const mrg_node *node, place *out)
{
    place pair[2];
    *out = (place){ NULL, 0 };
    morgue_status status = place_node(p, node->children[0], &pair[0]);
    if (!status)
        status = place_node(p, node->children[1], &pair[1]);
    if (status || !pair[0].spans || !pair[1].spans)
        return status;
    mrg_span_node *span = new_span(p, node->type == MRG_NODE_NEAR ? MRG_SPAN_NEAR : MRG_SPAN_ORDERED);
    if (!span)
        return MORGUE_ERR_NOMEM;
    span->distance = node->distance;
    span->children = mrg_arena_alloc(&p->plan->arena, 2 * sizeof *span->children);
    if (!span->children)
        return mrg_fail_nomem(p->err);
    span->children[0] = pair[0].spans;
    span->children[1] = pair[1].spans;
    span->child_count = 2;
    *out = (place){ span, pair[0].weight + pair[1].weight };
    return MORGUE_OK;
}

/* Weighs what its commonest part does, for the whole is at least as common. */
static morgue_status place_or(mrg_planner *p, const mrg_node *node, place *out)
{
    morgue_status status = MORGUE_OK;
    mrg_span_node *span = new_span(p, MRG_SPAN_OR);
    *out = (place){ NULL, 0 };
    if (!span)
        return MORGUE_ERR_NOMEM;
    span->children = mrg_arena_alloc(&p->plan->arena, node->child_count * sizeof *span->children);
    if (!span->children)
        return mrg_fail_nomem(p->err);
    for (size_t i = 0; i < node->child_count && !status; i++) {
        place part;
        status = place_node(p, node->children[i], &part);
        if (status || !part.spans)
            continue;
        if (!span->child_count || part.weight < out->weight)
            out->weight = part.weight;
        span->children[span->child_count++] = part.spans;
    }
    out->spans = span->child_count > 1 ? span : span->child_count ? span->children[0] : NULL;
    return status;
}

static morgue_status place_node(mrg_planner *p, const mrg_node *node, place *out)
{
    const mrg_expansion *words = NULL;
    morgue_status status;
    switch (node->type) {
    case MRG_NODE_NEAR:
    case MRG_NODE_BEFORE:
        return place_pair(p, node, out);
    case MRG_NODE_OR:
        return place_or(p, node, out);
    case MRG_NODE_ENTITY:
        status = mrg_plan_mentions(p, node, &words);
        break;
    case MRG_NODE_WHEN:
        status = mrg_plan_dates(p, node, &words);
        break;
    default:
        return place_row(p, node, out);
    }
    return status ? status : place_terms(p, words, out);
}

/* ---- Leaves ---- */

/* No text has this term. */
static morgue_status plan_nothing(mrg_planner *p, mrg_match_node *leaf)
{
    leaf->type = MRG_MATCH_TERM;
    leaf->terms = mrg_arena_alloc(&p->plan->arena, sizeof *leaf->terms);
    leaf->term_count = 1;
    if (!leaf->terms)
        return mrg_fail_nomem(p->err);
    return mrg_match_terms_add(&p->plan->terms, MRG_FIELD_WORD, 0, "*", 1, &leaf->terms[0], p->err);
}

static morgue_status mark(mrg_planner *p, const mrg_node *node, const mrg_match_node *leaf)
{
    mrg_unit *unit = leaf->type == MRG_MATCH_ANY
                         ? mrg_marker_add_set(p->marker, &p->plan->terms, leaf->terms, leaf->term_count)
                         : mrg_marker_add_spans(p->marker, &p->plan->terms, leaf->spans);
    if (!unit)
        return mrg_fail_nomem(p->err);
    unit->title_only = node->text_field == MRG_FIELD_TITLE;
    return MORGUE_OK;
}

static morgue_status plan_leaf(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    place where = { NULL, 0 };
    mrg_match_node *leaf = mrg_plan_match_group(p, MRG_MATCH_SPANS, 0);
    if (!leaf)
        return mrg_fail_nomem(p->err);
    *out = leaf;
    morgue_status status = place_node(p, node, &where);
    if (status)
        return status;
    if (!where.spans)
        return plan_nothing(p, leaf);
    leaf->title = node->text_field == MRG_FIELD_TITLE;
    leaf->weight = where.weight;
    leaf->spans = where.spans;
    if (where.spans->type == MRG_SPAN_TERMS) {
        leaf->type = MRG_MATCH_ANY;
        leaf->terms = where.spans->terms;
        leaf->term_count = where.spans->term_count;
        leaf->spans = NULL;
    }
    return p->excluded ? MORGUE_OK : mark(p, node, leaf);
}

morgue_status mrg_plan_spans(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    morgue_status status = plan_leaf(p, node, out);
    if (status == MORGUE_ERR_LIMIT && p->err)
        p->err->column = node->column;
    return status;
}

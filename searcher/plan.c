/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan.h"

#include <string.h>

#include "core/alloc.h"
#include "recency.h"

static morgue_status plan_node(mrg_planner *p, const mrg_node *node, xapian_query **out);

void mrg_plan_dispose(mrg_plan *plan)
{
    xapian_query_free(plan->query); /* before what its leaves refer to */
    mrg_match_terms_dispose(&plan->terms);
    mrg_free(plan->notes);
    mrg_arena_dispose(&plan->arena);
    memset(plan, 0, sizeof *plan);
}

morgue_status mrg_plan_note_add(mrg_planner *p, mrg_plan_note note)
{
    mrg_plan *plan = p->plan;
    if (mrg_reserve((void **)&plan->notes, &plan->note_capacity, plan->note_count + 1, sizeof *plan->notes))
        return mrg_fail_nomem(p->err);
    plan->notes[plan->note_count++] = note;
    return MORGUE_OK;
}

/* ---- Lists of queries -------------------------------------------------------------------------------- */

static morgue_status fail_building(morgue_error *err, const xapian_error *cause)
{
    return mrg_fail_xapian(err, cause, "cannot build the query");
}

void mrg_queries_dispose(mrg_queries *list)
{
    for (size_t i = 0; i < list->count; i++)
        xapian_query_free(list->items[i]);
    mrg_free(list->items);
    memset(list, 0, sizeof *list);
}

morgue_status mrg_queries_add(mrg_queries *list, xapian_query *take_query, morgue_error *err)
{
    if (mrg_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items)) {
        xapian_query_free(take_query);
        return mrg_fail_nomem(err);
    }
    list->items[list->count++] = take_query;
    return MORGUE_OK;
}

morgue_status mrg_queries_combine(mrg_queries *list, xapian_op op, xapian_query **out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    morgue_status status = MORGUE_OK;
    *out = NULL;
    if (list->count == 1) {
        *out = list->items[0];
        list->count = 0;
    } else if (list->count == 0 ? xapian_query_match_nothing(out, &cause)
                                : xapian_query_combine(out, op, (const xapian_query *const *)list->items,
                                                       list->count, 0, &cause)) {
        status = fail_building(err, &cause);
    }
    mrg_queries_dispose(list);
    return status;
}

morgue_status mrg_queries_term(mrg_queries *list, const char *prefix, const char *text, size_t len, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_query *query = NULL;
    mrg_buffer term = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    mrg_buffer_append_str(&term, prefix);
    mrg_buffer_append(&term, text, len);
    if (term.failed)
        status = mrg_fail_nomem(err);
    else if (term.len > XAPIAN_MAX_TERM_LEN ? xapian_query_match_nothing(&query, &cause)
                                            : xapian_query_term(&query, (const char *)term.data, term.len, 1, 0,
                                                                &cause))
        status = fail_building(err, &cause);
    else
        status = mrg_queries_add(list, query, err);
    mrg_buffer_dispose(&term);
    return status;
}

/* Replaces *query by what matches the same and weighs so many times what it did. */
static morgue_status scale(xapian_query **query, double factor, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_query *scaled = NULL;
    if (factor == 1)
        return MORGUE_OK;
    int failed = xapian_query_scale(&scaled, *query, factor, &cause) != XAPIAN_C_OK;
    xapian_query_free(*query);
    *query = scaled;
    return failed ? fail_building(err, &cause) : MORGUE_OK;
}

static morgue_status weigh_nothing(xapian_query **query, morgue_error *err)
{
    return scale(query, 0, err);
}

static morgue_status everything(xapian_query **out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    if (xapian_query_match_all(out, &cause))
        return fail_building(err, &cause);
    return weigh_nothing(out, err);
}

/* *left becomes "left op right"; takes `right`. */
static morgue_status join(xapian_query **left, xapian_op op, xapian_query *take_right, morgue_error *err)
{
    mrg_queries pair = { 0 };
    morgue_status status = mrg_queries_add(&pair, *left, err);
    *left = NULL;
    if (status)
        xapian_query_free(take_right);
    else
        status = mrg_queries_add(&pair, take_right, err);
    if (!status)
        status = mrg_queries_combine(&pair, op, left, err);
    mrg_queries_dispose(&pair);
    return status;
}

/* ---- Groups ------------------------------------------------------------------------------------------- */

/* What a group consists of. */
typedef struct group_parts {
    mrg_match_node *asked, *excluded; /* text */
    mrg_queries weighing, filters, without;
} group_parts;

static int only_filters(const mrg_node *node)
{
    return node->type == MRG_NODE_FIELD || node->type == MRG_NODE_DATE;
}

static morgue_status sort_child(mrg_planner *p, group_parts *parts, const mrg_node *node)
{
    int excluded = node->type == MRG_NODE_NOT, any = p->any;
    const mrg_node *child = excluded ? node->children[0] : node;
    morgue_status status;
    p->excluded += excluded;
    if (excluded)
        p->any = 0;
    if (mrg_plan_is_text(child)) {
        mrg_match_node *group = excluded ? parts->excluded : parts->asked;
        status = mrg_plan_text(p, child, &group->children[group->child_count]);
        group->child_count += status == MORGUE_OK;
    } else {
        xapian_query *query = NULL;
        p->any = 0;
        status = plan_node(p, child, &query);
        mrg_queries *list = excluded ? &parts->without : only_filters(child) ? &parts->filters : &parts->weighing;
        if (!status)
            status = mrg_queries_add(list, query, p->err);
    }
    p->any = any;
    p->excluded -= excluded;
    return status;
}

static morgue_status add_leaf(mrg_planner *p, mrg_match_node *root, mrg_queries *list)
{
    xapian_query *query = NULL;
    morgue_status status = mrg_match_query(&query, &p->plan->run, root, p->err);
    p->plan->leaf_count++;
    return status ? status : mrg_queries_add(list, query, p->err);
}

/* The words asked for, and those not wanted, as one leaf; if only the latter, they exclude. */
static morgue_status add_text(mrg_planner *p, group_parts *parts)
{
    mrg_match_node *asked = NULL, *excluded = NULL;
    morgue_status status = MORGUE_OK;
    if (parts->excluded->child_count)
        status = mrg_plan_tidy(p, parts->excluded, &excluded);
    if (!status && parts->asked->child_count)
        status = mrg_plan_tidy(p, parts->asked, &asked);
    if (status || (!asked && !excluded))
        return status;
    if (!asked)
        return add_leaf(p, excluded, &parts->without);
    if (excluded) {
        mrg_match_node *not = mrg_plan_match_group(p, MRG_MATCH_NOT, 2);
        if (!not)
            return mrg_fail_nomem(p->err);
        not->children[0] = asked;
        not->children[1] = excluded;
        not->child_count = 2;
        asked = not;
    }
    return add_leaf(p, asked, &parts->weighing);
}

static morgue_status combine_parts(mrg_planner *p, group_parts *parts, xapian_query **out)
{
    morgue_status status = MORGUE_OK;
    xapian_query *filter = NULL, *without = NULL;
    int weighs = parts->weighing.count > 0, filters = parts->filters.count > 0, excludes = parts->without.count > 0;
    if (weighs)
        status = mrg_queries_combine(&parts->weighing, XAPIAN_OP_AND, out, p->err);
    if (!status && filters) {
        status = mrg_queries_combine(&parts->filters, XAPIAN_OP_AND, &filter, p->err);
        if (!status && weighs)
            status = join(out, XAPIAN_OP_FILTER, filter, p->err);
        else
            *out = status ? NULL : filter;
    }
    if (!status && !weighs && !filters)
        status = everything(out, p->err);
    if (!status && excludes) {
        status = mrg_queries_combine(&parts->without, XAPIAN_OP_OR, &without, p->err);
        if (!status)
            status = join(out, XAPIAN_OP_AND_NOT, without, p->err);
    }
    return status;
}

static morgue_status plan_all_of(mrg_planner *p, mrg_node *const *children, size_t child_count, xapian_query **out)
{
    group_parts parts = { 0 };
    morgue_status status = MORGUE_OK;
    parts.asked = mrg_plan_match_group(p, p->any ? MRG_MATCH_OR : MRG_MATCH_AND, child_count);
    parts.excluded = mrg_plan_match_group(p, MRG_MATCH_OR, child_count);
    if (!parts.asked || !parts.excluded)
        return mrg_fail_nomem(p->err);
    for (size_t i = 0; i < child_count && !status; i++)
        status = sort_child(p, &parts, children[i]);
    if (!status)
        status = add_text(p, &parts);
    if (!status)
        status = combine_parts(p, &parts, out);
    mrg_queries_dispose(&parts.weighing);
    mrg_queries_dispose(&parts.filters);
    mrg_queries_dispose(&parts.without);
    return status;
}

static morgue_status plan_any_of(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    mrg_match_node *text = mrg_plan_match_group(p, MRG_MATCH_OR, node->child_count), *tidy = NULL;
    morgue_status status = text ? MORGUE_OK : mrg_fail_nomem(p->err);
    for (size_t i = 0; i < node->child_count && !status; i++) {
        const mrg_node *child = node->children[i];
        xapian_query *query = NULL;
        if (mrg_plan_is_text(child)) {
            status = mrg_plan_text(p, child, &text->children[text->child_count]);
            text->child_count += status == MORGUE_OK;
            continue;
        }
        status = plan_node(p, child, &query);
        if (!status)
            status = mrg_queries_add(&list, query, p->err);
    }
    if (!status && text->child_count) {
        status = mrg_plan_tidy(p, text, &tidy);
        if (!status)
            status = add_leaf(p, tidy, &list);
    }
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_OR, out, p->err);
    mrg_queries_dispose(&list);
    return status;
}

static morgue_status plan_name(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    morgue_status status = mrg_plan_entity(p, node, out);
    if (!status)
        status = scale(out, p->boost, p->err);
    /* In this order: Xapian 1.4 tells a source that is scaled what the scaled weight must be. */
    if (!status && p->plan->run.recency && !p->excluded)
        status = mrg_recency_apply(out, &p->plan->run, &p->plan->arena, p->view, p->options->rank, p->err);
    return status;
}

/* A date that the text speaks of is asked for as a name is: not one of the words, but matched as they are. */
static morgue_status plan_when(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_queries list = { 0 };
    mrg_match_node *leaf;
    morgue_status status = mrg_plan_spans(p, node, &leaf);
    if (!status)
        status = add_leaf(p, leaf, &list);
    if (!status)
        status = mrg_queries_combine(&list, XAPIAN_OP_AND, out, p->err);
    mrg_queries_dispose(&list);
    return status;
}

static morgue_status plan_filter(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    morgue_status status = node->type == MRG_NODE_FIELD ? mrg_plan_field(p, node, out) : mrg_plan_date(p, node, out);
    return status ? status : weigh_nothing(out, p->err);
}

static morgue_status plan_inside(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    switch (node->type) {
    case MRG_NODE_ENTITY:
        return plan_name(p, node, out);
    case MRG_NODE_WHEN:
        return plan_when(p, node, out);
    case MRG_NODE_OR:
        return plan_any_of(p, node, out);
    default:
        return plan_all_of(p, node->children, node->child_count, out);
    }
}

static morgue_status plan_node(mrg_planner *p, const mrg_node *node, xapian_query **out)
{
    mrg_node *self = NULL;
    double boost = p->boost;
    if (only_filters(node))
        return plan_filter(p, node, out);
    if (node->type != MRG_NODE_NOT && (node->type >= MRG_NODE_GROUP || !mrg_plan_is_text(node))) {
        p->boost *= node->boost;
        morgue_status status = plan_inside(p, node, out);
        p->boost = boost;
        return status;
    }
    memcpy(&self, &node, sizeof self); /* text alone, or a NOT */
    return plan_all_of(p, &self, 1, out);
}

/* ---- The whole -------------------------------------------------------------------------------------------- */

/* With `any`, function words count for little if there are others. */
static morgue_status look_for_weighty(mrg_planner *p, const mrg_node *root)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < root->child_count && !status && !p->has_weighty; i++) {
        const mrg_node *child = root->children[i];
        if (child->type != MRG_NODE_WORDS) {
            p->has_weighty |= child->type != MRG_NODE_NOT && mrg_plan_is_text(child);
            continue;
        }
        status = mrg_plan_tokenize(p, child);
        for (size_t k = 0; !status && k < p->tokens.count; k++) {
            const mrg_token *t = &p->tokens.items[k];
            p->has_weighty |= !mrg_rank_is_common(mrg_token_term(&p->tokens, t), t->term_len);
        }
    }
    return status;
}

void mrg_plan_begin(mrg_plan *plan, const mrg_view *view, const mrg_rank_params *rank)
{
    mrg_rank_init(&plan->rank, rank, view->doc_count, view->word_count, view->title_word_count);
    mrg_match_terms_init(&plan->terms, &plan->arena, view->segments, view->segment_count);
    plan->run.snapshots = view->snapshots;
    plan->run.snapshot_count = view->snapshot_count;
    plan->run.terms = &plan->terms;
    plan->run.body = mrg_rank_body_curve(&plan->rank);
    plan->run.title = mrg_rank_title_curve(&plan->rank);
}

morgue_status mrg_plan_make(mrg_plan *out, const mrg_view *view, const mrg_query *query,
                            const mrg_plan_options *options,
                            mrg_marker *marker, morgue_error *err)
{
    mrg_planner p = { .boost = 1, .plan = out, .view = view, .options = options, .marker = marker, .err = err };
    morgue_status status = MORGUE_OK;
    mrg_plan_begin(out, view, options->rank);
    p.any = options->any && query->root->type == MRG_NODE_GROUP;
    if (p.any)
        status = look_for_weighty(&p, query->root);
    if (options->any && query->root->type == MRG_NODE_WORDS)
        p.any = p.has_weighty = 1;
    if (!status)
        status = plan_node(&p, query->root, &out->query);
    mrg_tokens_dispose(&p.tokens);
    return status;
}

morgue_status mrg_plan_add_gate(mrg_plan *plan, morgue_error *err)
{
    xapian_query *gate = NULL;
    morgue_status status = plan->leaf_count && !plan->run.since ? MORGUE_OK : mrg_match_query(&gate, &plan->run, NULL, err);
    return gate ? join(&plan->query, XAPIAN_OP_FILTER, gate, err) : status;
}

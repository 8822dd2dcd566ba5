/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/alloc.h"
#include "plan.h"

/* ---- Which part of a tree is text ------------------------------------------------------------------- */

static int is_text_or_not(const mrg_node *node)
{
    return node->type == MRG_NODE_NOT ? mrg_plan_is_text(node->children[0]) : mrg_plan_is_text(node);
}

/* A group must ask for something: one of NOTs alone needs "every article", which only the catalogue knows. */
int mrg_plan_is_text(const mrg_node *node)
{
    int asks = 0;
    switch (node->type) {
    case MRG_NODE_WORDS:
    case MRG_NODE_PATTERN:
    case MRG_NODE_FUZZY:
    case MRG_NODE_PHRASE:
    case MRG_NODE_NEAR:
    case MRG_NODE_BEFORE:
        return 1;
    case MRG_NODE_OR:
        for (size_t i = 0; i < node->child_count; i++) {
            if (!mrg_plan_is_text(node->children[i]))
                return 0;
        }
        return 1;
    case MRG_NODE_GROUP:
    case MRG_NODE_AND:
        for (size_t i = 0; i < node->child_count; i++) {
            if (!is_text_or_not(node->children[i]))
                return 0;
            asks |= node->children[i]->type != MRG_NODE_NOT;
        }
        return asks;
    default:
        return 0;
    }
}

/* ---- Words and phrases --------------------------------------------------------------------------------- */

morgue_status mrg_plan_tokenize(mrg_planner *p, const mrg_node *node)
{
    mrg_tokens_clear(&p->tokens);
    morgue_status status = mrg_tokenize(&p->tokens, node->text, 0, node->text_len, 0, p->err);
    if (!status && !p->tokens.count) {
        status = mrg_fail(p->err, MORGUE_ERR_INVALID, "there is no word in \"%.60s\"", node->text);
        if (p->err)
            p->err->column = node->column;
    }
    return status;
}

static void *plan_zero(mrg_planner *p, size_t count, size_t size)
{
    void *memory = mrg_arena_alloc(&p->plan->arena, (count ? count : 1) * size);
    if (memory)
        memset(memory, 0, (count ? count : 1) * size);
    return memory;
}

mrg_match_node *mrg_plan_match_group(mrg_planner *p, mrg_match_type type, size_t child_count)
{
    mrg_match_node *node = plan_zero(p, 1, sizeof *node);
    if (!node)
        return NULL;
    node->type = type;
    node->title_term = MRG_NO_TERM;
    node->children = plan_zero(p, child_count, sizeof *node->children);
    return node->children ? node : NULL;
}

static mrg_match_node *new_leaf(mrg_planner *p, const mrg_node *node, size_t term_count)
{
    mrg_match_node *leaf = mrg_plan_match_group(p, term_count > 1 ? MRG_MATCH_PHRASE : MRG_MATCH_TERM, 0);
    if (!leaf)
        return NULL;
    leaf->title = node->text_field == MRG_FIELD_TITLE;
    leaf->terms = plan_zero(p, term_count, sizeof *leaf->terms);
    leaf->offsets = plan_zero(p, term_count, sizeof *leaf->offsets);
    leaf->term_count = term_count;
    return leaf->terms && leaf->offsets ? leaf : NULL;
}

static double weight_of(const mrg_planner *p, uint32_t term)
{
    const mrg_plan *plan = p->plan;
    return p->boost * mrg_rank_idf(&plan->rank, plan->terms.items[term].doc_count) * (plan->rank.params.k1 + 1);
}

static morgue_status too_large(mrg_planner *p, const mrg_node *node, morgue_status status)
{
    if (status == MORGUE_ERR_LIMIT && p->err)
        p->err->column = node->column;
    return status;
}

/* The same word in the title, which adds to its weight. */
static morgue_status add_title_term(mrg_planner *p, mrg_match_node *leaf, int field, int fallback, const char *text,
                                    size_t len)
{
    double boost = p->plan->rank.params.title_boost;
    if (leaf->title || boost <= 0 || p->excluded)
        return MORGUE_OK;
    leaf->title_weight = boost * leaf->weight;
    return mrg_match_terms_add(&p->plan->terms, field, fallback, text, len, &leaf->title_term, p->err);
}

static mrg_unit *new_unit(mrg_planner *p, const mrg_node *node, mrg_unit_type type, size_t term_count)
{
    mrg_unit *unit = mrg_marker_add(p->marker, type, term_count);
    if (unit)
        unit->title_only = node->text_field == MRG_FIELD_TITLE;
    return unit;
}

static const char *stem_of(mrg_planner *p, const char *word, size_t len, size_t *stem_len)
{
    const char *stem = mrg_stem(p->options->stemmer, word, len, stem_len);
    return stem ? mrg_arena_strndup(&p->plan->arena, stem, *stem_len) : NULL;
}

static morgue_status plan_stem(mrg_planner *p, const mrg_node *node, const mrg_token *token, mrg_match_node **out)
{
    size_t len;
    const char *word = mrg_token_term(&p->tokens, token);
    int common = p->any && p->has_weighty && mrg_rank_is_common(word, token->term_len);
    const char *stem = stem_of(p, word, token->term_len, &len);
    mrg_match_node *leaf = new_leaf(p, node, 1);
    if (!stem || !leaf)
        return mrg_fail_nomem(p->err);
    int field = leaf->title ? MRG_FIELD_TITLE_STEM : MRG_FIELD_STEM;
    int stand_in = leaf->title ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD;
    morgue_status status = mrg_match_terms_add(&p->plan->terms, field, stand_in, stem, len, &leaf->terms[0], p->err);
    if (status)
        return too_large(p, node, status);
    leaf->weight = weight_of(p, leaf->terms[0]) * (common ? p->plan->rank.params.common : 1);
    status = add_title_term(p, leaf, MRG_FIELD_TITLE_STEM, MRG_FIELD_TITLE_WORD, stem, len);
    if (!status && !p->excluded) {
        mrg_unit *unit = new_unit(p, node, MRG_UNIT_STEM, 1);
        if (!unit || mrg_unit_set(p->marker, unit, 0, stem, len, 0))
            return mrg_fail_nomem(p->err);
        unit->common = common;
    }
    *out = leaf;
    return status;
}

static morgue_status mark_exact(mrg_planner *p, const mrg_node *node)
{
    mrg_unit *unit = new_unit(p, node, MRG_UNIT_WORDS, p->tokens.count);
    for (size_t i = 0; unit && i < p->tokens.count; i++) {
        const mrg_token *t = &p->tokens.items[i];
        if (mrg_unit_set(p->marker, unit, i, mrg_token_term(&p->tokens, t), t->term_len,
                         t->position - p->tokens.items[0].position))
            unit = NULL;
    }
    return unit ? MORGUE_OK : mrg_fail_nomem(p->err);
}

static morgue_status plan_exact(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    const mrg_token *tokens = p->tokens.items;
    size_t count = p->tokens.count;
    morgue_status status = MORGUE_OK;
    if (count > MRG_MATCH_MAX_PHRASE) {
        mrg_fail(p->err, MORGUE_ERR_LIMIT, "a phrase may have at most %d words", (int)MRG_MATCH_MAX_PHRASE);
        return too_large(p, node, MORGUE_ERR_LIMIT);
    }
    mrg_match_node *leaf = new_leaf(p, node, count);
    if (!leaf)
        return mrg_fail_nomem(p->err);
    for (size_t i = 0; i < count && !status; i++) {
        leaf->offsets[i] = tokens[i].position - tokens[0].position;
        status = mrg_match_terms_add(&p->plan->terms, leaf->title ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD, 0,
                                     mrg_token_term(&p->tokens, &tokens[i]), tokens[i].term_len, &leaf->terms[i],
    p->err);
        leaf->weight += status ? 0 : weight_of(p, leaf->terms[i]);
    }
    if (!status && count == 1)
        status = add_title_term(p, leaf, MRG_FIELD_TITLE_WORD, 0, mrg_token_term(&p->tokens, tokens), tokens->term_len);
    if (!status && !p->excluded)
        status = mark_exact(p, node);
    *out = leaf;
    return too_large(p, node, status);
}

/* With `any`: each of several terms on its own. */
static morgue_status plan_each(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    morgue_status status = MORGUE_OK;
    mrg_match_node *group = mrg_plan_match_group(p, MRG_MATCH_OR, p->tokens.count);
    if (!group)
        return mrg_fail_nomem(p->err);
    for (size_t i = 0; i < p->tokens.count && !status; i++)
        status = plan_stem(p, node, &p->tokens.items[i], &group->children[group->child_count++]);
    return status ? status : mrg_plan_tidy(p, group, out);
}

/* Words, and phrases of nothing but words. */
static int is_plain(const mrg_node *node)
{
    return node->type == MRG_NODE_WORDS || (node->type == MRG_NODE_PHRASE && !node->child_count && !node->slop);
}

static morgue_status plan_leaf(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    if (!is_plain(node))
        return mrg_plan_spans(p, node, out);
    morgue_status status = mrg_plan_tokenize(p, node);
    if (status)
        return status;
    if (node->type == MRG_NODE_PHRASE)
        status = plan_exact(p, node, out);
    else if (p->tokens.count == 1)
        status = plan_stem(p, node, &p->tokens.items[0], out);
    else
        status = p->any ? plan_each(p, node, out) : plan_exact(p, node, out);
    if (status)
        return status;
    return mrg_plan_note_add(p, (mrg_plan_note){ .node = node, .match = *out });
}

/* ---- Groups --------------------------------------------------------------------------------------------- */

static size_t tidy_count(const mrg_match_node *node)
{
    size_t n = 0;
    for (size_t i = 0; i < node->child_count; i++)
        n += node->children[i]->type == node->type ? node->children[i]->child_count : 1;
    return n;
}

static int same_word(const mrg_match_node *a, const mrg_match_node *b)
{
    return a->type == MRG_MATCH_TERM && b->type == MRG_MATCH_TERM && a->terms[0] == b->terms[0] &&
           a->title_term == b->title_term;
}

/* `last` has, by term, the place where it was seen last plus 1. */
static morgue_status tidy_child(mrg_planner *p, mrg_match_node *node, mrg_match_node *child, uint32_t *last)
{
    if (child->type == MRG_MATCH_TERM) {
        uint32_t *seen = &last[child->terms[0]];
        if (*seen && same_word(node->children[*seen - 1], child)) {
            mrg_match_node *merged = plan_zero(p, 1, sizeof *merged);
            if (!merged)
                return mrg_fail_nomem(p->err);
            /* A copy, because the notes for explain refer to the one asked for. */
            *merged = *node->children[*seen - 1];
            merged->weight += child->weight;
            merged->title_weight += child->title_weight;
            node->children[*seen - 1] = merged;
            return MORGUE_OK;
        }
        *seen = (uint32_t)node->child_count + 1;
    }
    node->children[node->child_count++] = child;
    return MORGUE_OK;
}

morgue_status mrg_plan_tidy(mrg_planner *p, mrg_match_node *node, mrg_match_node **out)
{
    morgue_status status = MORGUE_OK;
    mrg_match_node *tidy = mrg_plan_match_group(p, node->type, tidy_count(node));
    uint32_t *last = mrg_calloc(p->plan->terms.count, sizeof *last);
    if (!tidy || !last) {
        mrg_free(last);
        return mrg_fail_nomem(p->err);
    }
    for (size_t i = 0; i < node->child_count && !status; i++) {
        mrg_match_node *child = node->children[i];
        if (child->type != node->type) {
            status = tidy_child(p, tidy, child, last);
            continue;
        }
        for (size_t k = 0; k < child->child_count && !status; k++)
            status = tidy_child(p, tidy, child->children[k], last);
    }
    mrg_free(last);
    *out = tidy->child_count == 1 ? tidy->children[0] : tidy;
    return status;
}

static morgue_status plan_group(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    morgue_status status = MORGUE_OK;
    mrg_match_node *asked = mrg_plan_match_group(p, MRG_MATCH_AND, node->child_count);
    mrg_match_node *not = mrg_plan_match_group(p, MRG_MATCH_NOT, node->child_count + 1);
    if (!asked || !not)
        return mrg_fail_nomem(p->err);
    if (node->type == MRG_NODE_OR || p->any)
        asked->type = MRG_MATCH_OR;
    not->child_count = 1;
    for (size_t i = 0; i < node->child_count && !status; i++) {
        const mrg_node *child = node->children[i];
        int excluded = child->type == MRG_NODE_NOT;
        mrg_match_node *planned = NULL;
        p->excluded += excluded;
        status = mrg_plan_text(p, excluded ? child->children[0] : child, &planned);
        p->excluded -= excluded;
        if (excluded)
            not->children[not->child_count++] = planned;
        else
            asked->children[asked->child_count++] = planned;
    }
    if (!status)
        status = mrg_plan_tidy(p, asked, &not->children[0]);
    *out = not->child_count > 1 ? not : not->children[0];
    return status;
}

morgue_status mrg_plan_text(mrg_planner *p, const mrg_node *node, mrg_match_node **out)
{
    int any = p->any, leaf = node->type < MRG_NODE_GROUP;
    double boost = p->boost;
    morgue_status status;
    /* `any` is for the words of the root group; what is in brackets means what it says. */
    if (!leaf)
        p->any = 0;
    p->boost *= node->boost;
    status = leaf ? plan_leaf(p, node, out) : plan_group(p, node, out);
    p->boost = boost;
    p->any = any;
    return status;
}

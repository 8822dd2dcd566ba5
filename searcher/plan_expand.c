/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one place of a query may be: the words that a pattern, a misspelt word or a stem stands for, the mentions of
   names, types and dates. */
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "parse.h"
#include "plan.h"

static mrg_expander expander_of(mrg_planner *p, size_t max)
{
    return (mrg_expander){ .terms = &p->plan->terms, .run = &p->plan->run, .max = max };
}

static int word_field(mrg_text_field field)
{
    return field == MRG_FIELD_TITLE ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD;
}

static morgue_status note(mrg_planner *p, const mrg_node *node, const char *asked, size_t len,
                          const mrg_expansion *words)
{
    const char *copy = mrg_arena_strndup(&p->plan->arena, asked, len);
    if (!copy)
        return mrg_fail_nomem(p->err);
    return mrg_plan_note_add(p, (mrg_plan_note){ .node = node, .asked = copy, .words = words });
}

static mrg_expansion *new_expansion(mrg_planner *p)
{
    mrg_expansion *e = mrg_arena_alloc(&p->plan->arena, sizeof *e);
    if (e)
        memset(e, 0, sizeof *e);
    return e;
}

/* Adds one term, whether an article has it or not. */
static morgue_status add_term(mrg_planner *p, int field, const char *text, size_t len, mrg_expansion *out)
{
    uint32_t *grown = mrg_arena_alloc(&p->plan->arena, (out->count + 1) * sizeof *grown);
    if (!grown)
        return mrg_fail_nomem(p->err);
    if (out->count)
        memcpy(grown, out->terms, out->count * sizeof *grown);
    out->terms = grown;
    morgue_status status = mrg_match_terms_add(&p->plan->terms, field, 0, text, len, &grown[out->count], p->err);
    out->count += !status;
    out->total += !status;
    return status;
}

/* ---- Words ---- */

morgue_status mrg_plan_words(mrg_planner *p, const mrg_node *node, mrg_text_field field, const mrg_token *token,
                             mrg_plan_spelling spelling, const mrg_expansion **words)
{
    const char *term = mrg_token_term(&p->tokens, token);
    size_t len = token->term_len, stem_len;
    mrg_expander with = expander_of(p, MRG_PLAN_MAX_WORDS);
    mrg_expansion *out = new_expansion(p);
    morgue_status status;
    if (!out)
        return mrg_fail_nomem(p->err);
    *words = out;
    if (spelling == MRG_SPELLING_FUZZY) {
        status = mrg_expand_fuzzy(out, &with, word_field(field), term, len, node->edits, p->err);
    } else if (spelling == MRG_SPELLING_STEM) {
        const char *stem = mrg_stem(p->options->stemmer, term, len, &stem_len);
        stem = stem ? mrg_arena_strndup(&p->plan->arena, stem, stem_len) : NULL;
        status = stem ? mrg_expand_stem(out, &with, word_field(field), p->options->stemmer, stem, stem_len, p->err)
                      : mrg_fail_nomem(p->err);
    } else if (mrg_is_pattern(term, len)) {
        status = mrg_expand_pattern(out, &with, word_field(field), term, len, p->err);
    } else {
        status = add_term(p, word_field(field), term, len, out);
    }
    return status ? status : note(p, node, term, len, out);
}

/* ---- Names and types ---- */

morgue_status mrg_plan_mentions(mrg_planner *p, const mrg_node *node, const mrg_expansion **words)
{
    const mrg_resolved *resolved;
    mrg_expansion *out = new_expansion(p);
    if (!out)
        return mrg_fail_nomem(p->err);
    *words = out;
    morgue_status status = mrg_plan_resolve(p, node, &resolved);
    for (size_t i = 0; !status && i < resolved->count; i++)
        status = add_term(p, MRG_FIELD_ENTITY, resolved->items[i].key, strlen(resolved->items[i].key), out);
    return status;
}

static morgue_status expand_dates(mrg_planner *p, const char *prefix, mrg_expansion *out);

morgue_status mrg_plan_slot(mrg_planner *p, const mrg_node *node, const mrg_expansion **words)
{
    static const mrg_entity_type names[] = { MRG_ENTITY_PERSON, MRG_ENTITY_ORG, MRG_ENTITY_PLACE, MRG_ENTITY_EVENT };
    mrg_expansion *out = new_expansion(p);
    morgue_status status = MORGUE_OK;
    if (!out)
        return mrg_fail_nomem(p->err);
    *words = out;
    if (node->entity_type == MRG_ENTITY_DATE)
        status = expand_dates(p, "d:", out);
    for (size_t i = 0; i < sizeof names / sizeof *names && !status; i++) {
        char letter = mrg_entity_letter(names[i]);
        if (node->entity_type == names[i] || node->entity_type == MRG_ENTITY_TYPES)
            status = add_term(p, MRG_FIELD_ENTITY_TYPE, &letter, 1, out);
    }
    return status ? status : note(p, node, node->text, node->text_len, out);
}

/* ---- Dates that texts speak of ---- */

/* Adds the dates whose keys begin so. */
static morgue_status expand_dates(mrg_planner *p, const char *prefix, mrg_expansion *out)
{
    mrg_expansion more = { 0 };
    size_t room = MRG_PLAN_MAX_DATES - out->count;
    mrg_expander with = expander_of(p, room ? room : 1);
    morgue_status status = mrg_expand_prefix(&more, &with, MRG_FIELD_ENTITY, prefix, strlen(prefix), p->err);
    if (status || !more.count)
        return status;
    out->total += more.total;
    if (!room)
        return MORGUE_OK;
    uint32_t *joined = mrg_arena_alloc(&p->plan->arena, (out->count + more.count) * sizeof *joined);
    if (!joined)
        return mrg_fail_nomem(p->err);
    if (out->count)
        memcpy(joined, out->terms, out->count * sizeof *joined);
    memcpy(joined + out->count, more.terms, more.count * sizeof *joined);
    out->terms = joined;
    out->count += more.count;
    return MORGUE_OK;
}

/* Stretches of time by the beginning of their keys: all, millennia, centuries, decades, years, months, days. */
typedef enum depth { ALL_TIME, DECADES = 3, YEARS, MONTHS, DAYS } depth;

typedef struct stretch {
    depth depth;
    uint32_t first, last; /* days */
    char key[16];         /* "d:199", "d:1991-08" */
} stretch;

static stretch child_of(const stretch *s, uint32_t i)
{
    static const uint32_t units[] = { 0, 10000000, 1000000, 100000, 10000 };
    stretch c = { .depth = s->depth + 1 };
    if (s->depth < YEARS) {
        c.first = s->first + i * units[c.depth];
        c.last = c.first + units[c.depth] - 10000 + 1130; /* from January 1 to December 31 */
        snprintf(c.key, sizeof c.key, "%.5s%c", s->key, (int)('0' + i % 10));
    } else if (s->depth == YEARS) {
        c.first = s->first + i * 100;
        c.last = c.first - 1 + mrg_last_day_of_month(c.first / 10000, i + 1);
        snprintf(c.key, sizeof c.key, "%.6s-%02u", s->key, (unsigned)(i + 1) % 100);
    } else {
        c.first = c.last = s->first + i;
        snprintf(c.key, sizeof c.key, "%.9s-%02u", s->key, (unsigned)(i + 1) % 100);
    }
    return c;
}

/* A date is inside the range if all of it is: keys of what lies partly in it are passed over. */
static morgue_status cover(mrg_planner *p, const mrg_node *node, const stretch *s, mrg_expansion *out)
{
    uint32_t from = node->from, to = node->to ? node->to : 99991231;
    morgue_status status = MORGUE_OK;
    if (s->last < from || s->first > to)
        return MORGUE_OK;
    if (s->first >= from && s->last <= to)
        return expand_dates(p, s->key, out);
    uint32_t children = s->depth < YEARS ? 10 : s->depth == YEARS ? 12 : s->last - s->first + 1;
    for (uint32_t i = 0; i < children && s->depth < DAYS && !status; i++) {
        stretch child = child_of(s, i);
        status = cover(p, node, &child, out);
    }
    return status;
}

morgue_status mrg_plan_dates(mrg_planner *p, const mrg_node *node, const mrg_expansion **words)
{
    const stretch all = { ALL_TIME, 101, 99991231, "d:" };
    mrg_expansion *out = new_expansion(p);
    if (!out)
        return mrg_fail_nomem(p->err);
    *words = out;
    morgue_status status = cover(p, node, &all, out);
    return status ? status : note(p, node, "", 0, out);
}

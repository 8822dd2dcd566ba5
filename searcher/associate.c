/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that a set of articles is about: those it has more of than chance would give it.
 *
 * How surprising a name is, is its log-likelihood ratio (Dunning, Accurate Methods for the Statistics of Surprise and
 * Coincidence, 1993): how much more likely the four counts (articles in the set and outside, with the name and
 * without) are if the name depends on the set than if it does not. Of the measures tried on news (ten queries,
 * judged by eye, so no more than an impression) its order was the most useful: pointwise mutual information times
 * count, the weights of query expansion (Bo1, Robertson and Sparck Jones) and log odds put what is everywhere,
 * "United States" or "New York", among the first; pointwise mutual information alone, also when discounted for
 * small counts, brings up names of two or three articles and reporters' bylines.
 *
 * Not told is a name that is in one article only (unless the set has no more), one that the set has less of than its
 * share, one that the query itself asks for, and one whose ratio is below LEAST_SURPRISE. That bound cuts off the
 * tail and no more: chance alone takes a few names in a hundred past it, many are compared, and for counts as
 * small as these the ratio follows chi-squared only roughly.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "overview.h"

#define LEAST_SURPRISE 3.84 /* 5 in 100 values of chi-squared with one degree of freedom are above this */
enum { LEAST_ARTICLES = 2 };

typedef struct names_call {
    unsigned types; /* bits */
    size_t max;
    mrg_tokens words;    /* of the query */
    mrg_buffer keys;     /* of names that the query asks for, each with a NUL */
} names_call;

/* ---- Surprise ---------------------------------------------------------------------------------------------- */

static double x_log_x(double x)
{
    return x > 0 ? x * log(x) : 0;
}

/* Of `count` articles among `n`, where there are `everywhere` among `all`. Grows with count, and falls as
   `everywhere` grows, as long as the set has more than its share. */
static double surprise(uint64_t count, uint64_t n, uint64_t everywhere, uint64_t all)
{
    double with_in = (double)count, with = (double)everywhere, in = (double)n, total = (double)all;
    if (with_in * total <= in * with)
        return 0;
    double cells = x_log_x(with_in) + x_log_x(in - with_in) + x_log_x(with - with_in) +
                   x_log_x(total - in - with + with_in);
    double margins = x_log_x(in) + x_log_x(total - in) + x_log_x(with) + x_log_x(total - with);
    return 2 * (cells - margins + x_log_x(total));
}

static int by_surprise(const void *a, const void *b)
{
    const mrg_tally_entry *x = *(mrg_tally_entry *const *)a, *y = *(mrg_tally_entry *const *)b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return strcmp(x->key, y->key);
}

static int by_count(const void *a, const void *b)
{
    const mrg_tally_entry *x = *(mrg_tally_entry *const *)a, *y = *(mrg_tally_entry *const *)b;
    return x->count > y->count ? -1 : x->count < y->count;
}

/* ---- What the query itself asks for -------------------------------------------------------------------- */

/* The key, and the one as which the user's list has it shown. */
static morgue_status add_key(names_call *call, const mrg_view *view, const char *key, size_t len, morgue_error *err)
{
    const mrg_authority_row *row;
    morgue_status status = mrg_resolve_row(&row, view->snapshots, view->snapshot_count, key, len, err);
    mrg_buffer_append(&call->keys, key, len);
    mrg_buffer_append_byte(&call->keys, 0);
    if (!status && row)
        mrg_buffer_append(&call->keys, row->key, strlen(row->key) + 1);
    return status;
}

/* The words, and what name the alias table knows under them ("ECB"). */
static morgue_status add_words(names_call *call, const mrg_view *view, const mrg_node *node, morgue_error *err)
{
    mrg_entity_type type = MRG_ENTITY_TYPES;
    mrg_buffer key = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    if (mrg_entity_key(&key, &type, node->text, node->text_len) && !key.failed)
        status = add_key(call, view, (const char *)key.data, key.len, err);
    if (key.failed)
        status = mrg_fail_nomem(err);
    mrg_buffer_dispose(&key);
    return status ? status : mrg_tokenize(&call->words, node->text, 0, node->text_len, 0, err);
}

static morgue_status add_node(names_call *call, const mrg_view *view, const mrg_node *node, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (node->type == MRG_NODE_NOT)
        return MORGUE_OK;
    if (node->text && (node->type == MRG_NODE_WORDS || node->type == MRG_NODE_PHRASE))
        status = add_words(call, view, node, err);
    for (size_t i = 0; i < node->child_count && !status; i++)
        status = add_node(call, view, node->children[i], err);
    return status;
}

static morgue_status read_question(names_call *call, const morgue_results *results, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    mrg_buffer_clear(&call->keys);
    mrg_tokens_clear(&call->words);
    if (results->query.root)
        status = add_node(call, results->view, results->query.root, err);
    for (size_t i = 0; i < results->plan.note_count; i++) {
        const mrg_resolved *resolved = results->plan.notes[i].resolved;
        for (size_t k = 0; resolved && k < resolved->count && !status; k++)
            status = add_key(call, results->view, resolved->items[k].key, strlen(resolved->items[k].key), err);
    }
    return call->keys.failed ? mrg_fail_nomem(err) : status;
}

static int has_word(const mrg_tokens *words, const char *term, size_t len)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->items[i].term_len == len && !memcmp(mrg_token_term(words, &words->items[i]), term, len))
            return 1;
    }
    return 0;
}

/* Whether the query names it, or has all the words of its key. */
static morgue_status is_asked(const names_call *call, const mrg_tally_entry *entry, mrg_tokens *scratch, int *asked,
                              morgue_error *err)
{
    const char *key = (const char *)call->keys.data, *end = key + call->keys.len;
    *asked = 0;
    for (; key < end && !*asked; key += strlen(key) + 1)
        *asked = !strcmp(key, entry->key);
    if (*asked || !call->words.count)
        return MORGUE_OK;
    mrg_tokens_clear(scratch);
    morgue_status status = mrg_tokenize(scratch, entry->key, entry->key_len > 2 ? 2 : 0, entry->key_len, 0, err);
    *asked = scratch->count > 0;
    for (size_t i = 0; i < scratch->count && *asked; i++)
        *asked = has_word(&call->words, mrg_token_term(scratch, &scratch->items[i]), scratch->items[i].term_len);
    return status;
}

/* ---- Choosing -------------------------------------------------------------------------------------------------- */

static morgue_status count_term(uint64_t *count, const mrg_view *view, const char *key, size_t len, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_doccount found = 0;
    mrg_buffer term = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    mrg_buffer_append_str(&term, MRG_PREFIX_ENTITY);
    mrg_buffer_append(&term, key, len);
    if (term.failed)
        status = mrg_fail_nomem(err);
    else if (xapian_database_termfreq(&found, view->database, (const char *)term.data, term.len, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot count a name");
    *count = found;
    mrg_buffer_dispose(&term);
    return status;
}

static morgue_status weigh(const mrg_overview *o, mrg_tally_entry *entry, morgue_error *err)
{
    const mrg_view *view = o->results->view;
    const mrg_authority_row *row;
    uint64_t everywhere = 0;
    morgue_status status =
        mrg_resolve_row(&row, view->snapshots, view->snapshot_count, entry->key, entry->key_len, err);
    if (!status)
        status = row ? mrg_resolve_everywhere(&everywhere, view->snapshots, view->snapshot_count, row, err)
                     : count_term(&everywhere, view, entry->key, entry->key_len, err);
    if (status)
        return status;
    entry->everywhere = everywhere > entry->count ? everywhere : entry->count;
    entry->weight = surprise(entry->count, o->match_count, entry->everywhere, view->article_count);
    return MORGUE_OK;
}

/* The candidates come by falling count: none of those that are left can be more surprising than the next would
   be if it occurred nowhere else. */
static morgue_status choose(mrg_overview *o, const names_call *call, const mrg_best *candidates, mrg_best *best,
                            morgue_error *err)
{
    mrg_tokens scratch = { 0 };
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < candidates->count && !status; i++) {
        mrg_tally_entry *entry = candidates->items[i];
        int asked;
        double most = surprise(entry->count, o->match_count, entry->count, o->results->view->article_count);
        if (most < LEAST_SURPRISE || (mrg_best_last(best) && most < mrg_best_last(best)->weight))
            break;
        status = mrg_overview_tick(o, err);
        if (!status)
            status = weigh(o, entry, err);
        if (status || entry->weight < LEAST_SURPRISE)
            continue;
        status = is_asked(call, entry, &scratch, &asked, err);
        if (!status && !asked)
            status = mrg_best_offer(best, entry, err);
    }
    mrg_tokens_dispose(&scratch);
    return status;
}

static morgue_status give(mrg_overview *o, const mrg_best *best, morgue_error *err)
{
    mrg_given *given = &o->names;
    morgue_status status = MORGUE_OK;
    given->count = 0;
    mrg_arena_clear(&given->arena);
    morgue_associate *items = mrg_arena_alloc(&given->arena, (best->count + 1) * sizeof *items);
    if (!items)
        return mrg_fail_nomem(err);
    given->items = items;
    for (size_t i = 0; i < best->count && !status; i++) {
        const mrg_tally_entry *entry = best->items[i];
        items[i] = (morgue_associate){ .type = mrg_entity_type_name(mrg_entity_type_of(entry->key[0])),
                                       .key = mrg_arena_strndup(&given->arena, entry->key, entry->key_len),
                                       .count = entry->count,
                                       .everywhere = entry->everywhere,
                                       .surprise = entry->weight };
        status = items[i].key ? mrg_overview_tick(o, err) : mrg_fail_nomem(err);
        if (!status)
            status = mrg_overview_name(o, entry->key, entry->key_len, &given->arena, &items[i].name, err);
    }
    given->count = status ? 0 : best->count;
    return status;
}

static morgue_status count_and_give(mrg_overview *o, void *ctx, morgue_error *err)
{
    names_call *call = ctx;
    mrg_tally tally = { 0 };
    mrg_best candidates = { .order = by_count }, best = { .max = call->max, .order = by_surprise };
    uint64_t least = o->match_count < LEAST_ARTICLES ? 1 : LEAST_ARTICLES;
    morgue_status status = read_question(call, o->results, err);
    if (!status)
        status = mrg_overview_count_names(o, call->types, &tally, err);
    for (size_t i = 0; i < tally.count && !status; i++) {
        if (tally.entries[i].count >= least)
            status = mrg_best_offer(&candidates, &tally.entries[i], err);
    }
    mrg_best_sort(&candidates);
    if (!status)
        status = choose(o, call, &candidates, &best, err);
    mrg_best_sort(&best);
    if (!status)
        status = give(o, &best, err);
    mrg_best_dispose(&candidates);
    mrg_best_dispose(&best);
    mrg_tally_dispose(&tally);
    return status;
}

/* ---- The call -------------------------------------------------------------------------------------------------- */

static morgue_status parse_types(unsigned *types, const char *text, morgue_error *err)
{
    *types = text ? 0 : (1u << MRG_ENTITY_TYPES) - 1;
    for (const char *p = text; p; p = strchr(p, ',')) {
        p += *p == ',' && p != text;
        size_t len = strcspn(p, ",");
        int type = 0;
        while (type < (int)MRG_ENTITY_TYPES) {
            const char *name = mrg_entity_type_name((mrg_entity_type)type);
            if (strlen(name) == len && !memcmp(name, p, len))
                break;
            type++;
        }
        if (type == (int)MRG_ENTITY_TYPES)
            return mrg_fail(err, MORGUE_ERR_INVALID, "\"%.*s\" is no type of names: person, org, place or event",
                            (int)(len < 40 ? len : 40), p);
        *types |= 1u << type;
    }
    return MORGUE_OK;
}

morgue_status morgue_results_names(morgue_results *results, const char *types, size_t max,
                                   const morgue_associate **names, size_t *name_count, morgue_error *err)
{
    names_call call = { .max = max };
    mrg_error_clear(err);
    *names = NULL;
    *name_count = 0;
    morgue_status status = parse_types(&call.types, types, err);
    if (!status)
        status = mrg_overview_run(results, count_and_give, &call, err);
    if (!status) {
        *names = results->overview->names.items;
        *name_count = results->overview->names.count;
    }
    mrg_tokens_dispose(&call.words);
    mrg_buffer_dispose(&call.keys);
    return status;
}

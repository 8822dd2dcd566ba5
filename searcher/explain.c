/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search tells about itself: notes for whoever asked, and the long explanation. */
#include <string.h>

#include "recency.h"
#include "results.h"

enum { MAX_NAMES_IN_NOTE = 5, MAX_NAMES_EXPLAINED = 20, MAX_TERMS_EXPLAINED = 32, MAX_WORDS_EXPLAINED = 8 };

static const char *type_word(mrg_entity_type type)
{
    return type == MRG_ENTITY_TYPES ? "name" : mrg_entity_type_name(type);
}

static void append_asked(mrg_buffer *out, const mrg_node *node)
{
    mrg_buffer_append_str(out, type_word(node->entity_type));
    mrg_buffer_append_str(out, node->quoted ? ":\"" : ":");
    mrg_buffer_append(out, node->text, node->text_len);
    if (node->quoted)
        mrg_buffer_append_byte(out, '"');
}

/* Whether an entity's name is what was asked for, letter case aside. */
static int is_asked_name(const mrg_node *node, const char *name)
{
    mrg_buffer a = MRG_BUFFER_INIT, b = MRG_BUFFER_INIT;
    mrg_fold(&a, node->text, node->text_len);
    mrg_fold(&b, name, strlen(name));
    int same = !a.failed && !b.failed && a.len == b.len && !memcmp(a.data, b.data, a.len);
    mrg_buffer_dispose(&a);
    mrg_buffer_dispose(&b);
    return same;
}

/* Names [first, first + count) in a row. */
static void list_names(mrg_buffer *out, const mrg_node *node, const mrg_resolved *resolved, size_t first, size_t count,
                       int with_asked)
{
    size_t shown = 0, more = 0;
    for (size_t i = first; i < first + count; i++) {
        const mrg_resolved_name *name = &resolved->items[i];
        if (name->part || (!with_asked && is_asked_name(node, name->name)))
            continue;
        if (shown == MAX_NAMES_IN_NOTE) {
            more++;
            continue;
        }
        mrg_buffer_append_str(out, shown++ ? ", " : " ");
        if (resolved->other_type) {
            mrg_buffer_append_str(out, mrg_entity_type_name(name->type));
            mrg_buffer_append_str(out, " ");
        }
        mrg_resolve_format(name, out);
    }
    if (!first)
        more += resolved->total - resolved->count;
    if (more) {
        mrg_buffer_append_str(out, " and ");
        mrg_format_count(out, more);
        mrg_buffer_append_str(out, " more");
    }
}

/* Several names, none of which stands out. */
static int is_ambiguous(const mrg_resolved *resolved, size_t count)
{
    uint64_t sum = 0;
    size_t entities = 0;
    for (size_t i = 0; i < count; i++) {
        sum += resolved->items[i].part ? 0 : resolved->items[i].article_count;
        entities += !resolved->items[i].part;
    }
    return entities > 1 && resolved->items[0].article_count * 3 < sum * 2;
}

static void append_matched(mrg_buffer *out, const mrg_node *node, const mrg_resolved *resolved, size_t count, int also)
{
    append_asked(out, node);
    if (is_ambiguous(resolved, count)) {
        mrg_buffer_append_str(out, " may be several: did you mean one of");
        list_names(out, node, resolved, 0, count, 1);
        mrg_buffer_append_str(out, "?");
    } else {
        mrg_buffer_append_str(out, also ? " also matched:" : " matched:");
        list_names(out, node, resolved, 0, count, 0);
    }
}

/* Nothing is noted when the name means just what it says. */
static void write_note(mrg_buffer *out, const mrg_node *node, const mrg_resolved *resolved)
{
    size_t others = 0, entities = 0, count = resolved->count - resolved->misspelt;
    for (size_t i = 0; i < count; i++) {
        entities += !resolved->items[i].part;
        others += !resolved->items[i].part && !is_asked_name(node, resolved->items[i].name);
    }
    if (!count) {
        mrg_buffer_printf(out, "no %s named \"%s\"", type_word(node->entity_type), node->text);
    } else if (resolved->corrected) {
        append_asked(out, node);
        mrg_buffer_append_str(out, resolved->by_sound ? ": no such name; searched for what sounds like it:"
                                                      : ": no such name; searched for");
        list_names(out, node, resolved, 0, count, 1);
    } else if (resolved->other_type) {
        mrg_buffer_printf(out, "no %s named \"%s\"; searched for:", type_word(node->entity_type), node->text);
        list_names(out, node, resolved, 0, count, 1);
    } else if (others) {
        append_matched(out, node, resolved, count, others < entities);
    }
    if (resolved->total > resolved->count)
        mrg_buffer_printf(out, "; only the %d most frequent are searched for", (int)MRG_RESOLVE_MAX);
    if (resolved->misspelt) {
        if (out->len)
            mrg_buffer_append_str(out, "; also:");
        else {
            append_asked(out, node);
            mrg_buffer_append_str(out, ", also:");
        }
        list_names(out, node, resolved, count, resolved->misspelt, 1);
    }
}

/* ---- What words and dates stand for ------------------------------------------------------------------------ */

static const char *unit_word(const mrg_plan_note *note)
{
    int dates = note->node->type == MRG_NODE_WHEN || note->node->type == MRG_NODE_SLOT;
    if (note->words->total == 1)
        return dates ? "date" : "word";
    return dates ? "dates" : "words";
}

/* What stands for several words, as it was asked for. */
static void append_expanded(mrg_buffer *out, const mrg_plan_note *note)
{
    if (note->node->type == MRG_NODE_WHEN)
        mrg_query_format_node(note->node, out);
    else if (note->node->type == MRG_NODE_FUZZY)
        mrg_buffer_printf(out, "%s~%u", note->asked, note->node->edits);
    else
        mrg_buffer_append_str(out, note->asked);
}

/* Something is noted when not all that fits could be searched for. */
static void write_bound_note(mrg_buffer *out, const mrg_plan_note *note)
{
    if (note->words->total <= note->words->count)
        return;
    append_expanded(out, note);
    mrg_buffer_append_str(out, " stands for ");
    mrg_format_count(out, note->words->total);
    mrg_buffer_printf(out, " %s; only the ", unit_word(note));
    mrg_format_count(out, note->words->count);
    mrg_buffer_append_str(out, " most frequent were searched");
}

morgue_status mrg_explain_names(morgue_results *results, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < results->plan.note_count && !status; i++) {
        const mrg_plan_note *note = &results->plan.notes[i];
        mrg_buffer text = MRG_BUFFER_INIT;
        if (note->resolved)
            write_note(&text, note->node, note->resolved);
        else if (note->words)
            write_bound_note(&text, note);
        if (text.len || text.failed)
            status = mrg_results_add_note(results, &text, err);
        mrg_buffer_dispose(&text);
    }
    return status;
}

/* ---- The long form ------------------------------------------------------------------------------------------ */

static void append_term(mrg_buffer *out, const mrg_plan *plan, uint32_t index)
{
    const mrg_match_term *term = &plan->terms.items[index];
    size_t skipped = term->key[0] == MRG_FIELD_ENTITY ? 3 : 1; /* "d:" of dates */
    mrg_buffer_append(out, term->key + skipped, term->key_len - skipped);
    mrg_buffer_append_str(out, " (");
    mrg_format_count(out, term->doc_count);
    mrg_buffer_append_str(out, ")");
}

static void append_terms(mrg_buffer *out, const mrg_plan *plan, const mrg_match_node *node)
{
    for (size_t i = 0; i < node->term_count && i < MAX_TERMS_EXPLAINED; i++) {
        mrg_buffer_append_str(out, " ");
        append_term(out, plan, node->terms[i]);
    }
    if (node->term_count > MAX_TERMS_EXPLAINED)
        mrg_buffer_append_str(out, " ...");
    for (size_t i = 0; i < node->child_count; i++)
        append_terms(out, plan, node->children[i]);
}

static void append_text_note(mrg_buffer *out, const mrg_plan *plan, const mrg_plan_note *note)
{
    int phrase = note->match->type == MRG_MATCH_PHRASE || note->node->type == MRG_NODE_PHRASE;
    mrg_buffer_append_str(out, phrase ? "phrase" : "word");
    mrg_buffer_append_str(out, note->node->text_field == MRG_FIELD_TITLE ? " in title \"" : " \"");
    mrg_buffer_append(out, note->node->text, note->node->text_len);
    mrg_buffer_append_str(out, phrase ? "\": the terms" : "\": the stem");
    append_terms(out, plan, note->match);
    mrg_buffer_append_str(out, "\n");
}

static int is_just_itself(const mrg_plan *plan, const mrg_plan_note *note)
{
    const mrg_match_term *term = &plan->terms.items[note->words->count ? note->words->terms[0] : 0];
    size_t len = strlen(note->asked);
    return note->words->total == 1 && note->words->count == 1 && term->key_len == len + 1 &&
           !memcmp(term->key + 1, note->asked, len);
}

static void append_slot_note(mrg_buffer *out, const mrg_plan *plan, const mrg_plan_note *note)
{
    mrg_buffer_append_str(out, note->asked);
    for (size_t i = 0; i < note->words->count; i++) {
        const mrg_match_term *term = &plan->terms.items[note->words->terms[i]];
        mrg_buffer_printf(out, "%s %s (", i ? "," : ":", type_word(mrg_entity_type_of((char)term->key[1])));
        mrg_format_count(out, term->doc_count);
        mrg_buffer_append_str(out, ")");
    }
    mrg_buffer_append_str(out, "\n");
}

static void append_words_note(mrg_buffer *out, const mrg_plan *plan, const mrg_plan_note *note)
{
    const mrg_expansion *words = note->words;
    if (note->node->type == MRG_NODE_SLOT && note->node->entity_type != MRG_ENTITY_DATE) {
        append_slot_note(out, plan, note);
        return;
    }
    int itself = is_just_itself(plan, note);
    if (note->node->type != MRG_NODE_WHEN && note->node->type != MRG_NODE_SLOT)
        mrg_buffer_append_str(out, mrg_is_pattern(note->asked, strlen(note->asked)) ? "pattern "
                                   : note->node->type == MRG_NODE_FUZZY             ? "like "
                                                                                    : "word ");
    if (itself)
        append_term(out, plan, words->terms[0]);
    else
        append_expanded(out, note);
    if (!itself) {
        mrg_buffer_append_str(out, ": ");
        mrg_format_count(out, words->total);
        mrg_buffer_printf(out, " %s%s", unit_word(note), words->count ? ": " : "");
    }
    for (size_t i = 0; i < words->count && i < MAX_WORDS_EXPLAINED && !itself; i++) {
        mrg_buffer_append_str(out, i ? ", " : "");
        append_term(out, plan, words->terms[i]);
    }
    mrg_buffer_append_str(out, words->total > MAX_WORDS_EXPLAINED ? ", ...\n" : "\n");
}

static void append_name_note(mrg_buffer *out, const mrg_plan_note *note)
{
    append_asked(out, note->node);
    mrg_buffer_append_str(out, note->resolved->count ? ":" : ": nobody and nothing");
    for (size_t i = 0; i < note->resolved->count && i < MAX_NAMES_EXPLAINED; i++) {
        const mrg_resolved_name *name = &note->resolved->items[i];
        mrg_buffer_append_str(out, i ? ", " : " ");
        mrg_resolve_format(name, out);
        mrg_buffer_printf(out, " [%s]", name->key);
    }
    if (note->resolved->total > MAX_NAMES_EXPLAINED)
        mrg_buffer_append_str(out, " ...");
    mrg_buffer_append_str(out, "\n");
}

static void append_counts(mrg_buffer *out, const morgue_results *results)
{
    mrg_buffer_append_str(out, "articles: ");
    mrg_format_count(out, results->at_least);
    if (results->at_least != results->at_most) {
        mrg_buffer_append_str(out, " to ");
        mrg_format_count(out, results->at_most);
    }
    mrg_buffer_append_str(out, " of ");
    mrg_format_count(out, results->view->article_count);
    mrg_buffer_append_str(out, "\n");
}

static void explain(morgue_results *results)
{
    mrg_buffer *out = &results->explain;
    xapian_buffer described = XAPIAN_BUFFER_INIT;
    if (results->plan.query) {
        mrg_buffer_append_str(out, "query: ");
        mrg_query_format(&results->query, out);
        mrg_buffer_append_str(out, "\n");
    }
    for (size_t i = 0; i < results->plan.note_count; i++) {
        if (results->plan.notes[i].resolved)
            append_name_note(out, &results->plan.notes[i]);
        else if (results->plan.notes[i].words)
            append_words_note(out, &results->plan, &results->plan.notes[i]);
        else if (results->plan.notes[i].match)
            append_text_note(out, &results->plan, &results->plan.notes[i]);
    }
    if (results->plan.query && !xapian_query_describe(&described, results->plan.query, NULL)) {
        mrg_buffer_append_str(out, "search: ");
        mrg_buffer_append(out, described.data, described.len);
        mrg_buffer_append_str(out, "\n");
    }
    xapian_buffer_dispose(&described);
    if (results->plan.run.recency)
        mrg_recency_describe(results->plan.run.recency, out);
    append_counts(out, results);
}

const char *morgue_results_explain(const morgue_results *lent)
{
    /* Results are const to callers; what is worked out late is kept in them all the same. */
    morgue_results *results;
    memcpy(&results, &lent, sizeof results);
    if (!results->explained) {
        results->explained = 1;
        explain(results);
    }
    const char *text = mrg_buffer_cstr(&results->explain);
    return text ? text : "";
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tree -> search. What is text alone (words, phrases, and any and/or/not among them) becomes one leaf of
 * the Xapian query, our posting source; fields, dates and names become Xapian terms beside it.
 *
 *  - A group side by side asks for all; with `any`, what is text in the root group is joined by OR, while
 *    fields, dates, names and NOTs stay required.
 *  - A free word is its stem; with `any`, a word of several terms ("Kremlin-backed") counts as these words,
 *    else as the phrase of them. A phrase is exactly its terms at consecutive positions.
 *  - A pattern or fuzzy word alone is one pseudo word over the words that it stands for; so is when: over dates. What
 *    has several places (NEAR, BEFORE, phrases with slop, patterns, fuzzy words or slots) weighs the sum of what
 *    its places weigh, as a phrase does; of an OR, what the commonest part weighs. Free words in NEAR and BEFORE are
 *    all their inflections that are in the archive.
 *  - Weights multiply what words, phrases and names below them weigh.
 *  - source:, author:, lang:, id: and dates only filter. A name is one pseudo term over all entities it
 *    may mean (OP_SYNONYM), so a rare alias does not outweigh the common one.
 *  - url: is the article with this id, else all with this address, which takes a look at every article.
 *  - source: and author: match when all their words are among the field's words.
 *  - A date range matches what is known: an article of "2014" is in ranges that hold the whole year.
 */
#ifndef MRG_PLAN_H
#define MRG_PLAN_H

#include "expand.h"
#include "match.h"
#include "query.h"
#include "resolve.h"
#include "searcher.h"
#include "snippet.h"

typedef struct mrg_plan_options {
    int any;
    mrg_stemmer *stemmer;
    const mrg_rank_params *rank;
} mrg_plan_options;

enum {
    MRG_PLAN_MAX_WORDS = 1000, /* that one pattern, fuzzy word or stem stands for */
    MRG_PLAN_MAX_DATES = 16384  /* that a when: or <date> stands for */
};

/* For explain: what a word or phrase (or name) of the query became. Just one of the last three is there. */
typedef struct mrg_plan_note {
    const mrg_node *node;
    const mrg_match_node *match; /* words and phrases */
    const mrg_resolved *resolved; /* names */
    const mrg_expansion *words;   /* what stands at one place of a positional leaf, or for a pattern */
    const char *asked;            /* with `words`: the term, pattern or slot that they stand for */
} mrg_plan_note;

/* Not to be moved once made: the query refers to `run`. Zero-initialise, then dispose. Of `run`, the caller sets
   before planning what cancels it, since, and recency. */
typedef struct mrg_plan {
    xapian_query *query;
    mrg_match_run run;
    mrg_match_terms terms;
    mrg_rank rank;
    size_t leaf_count; /* of text; without one, nothing in the query looks at the cancel flag */
    mrg_plan_note *notes;
    size_t note_count, note_capacity;
    mrg_arena arena;
} mrg_plan;
void mrg_plan_dispose(mrg_plan *plan);

/* INVALID with err->column for a word without terms; LIMIT for a query too large. `view` and `query` are
   lent for the life of the plan. Adds what is to be marked to `marker`. */
morgue_status mrg_plan_make(mrg_plan *out, const mrg_view *view, const mrg_query *query,
                            const mrg_plan_options *options,
                            mrg_marker *marker, morgue_error *err);

/* Makes a query without text leaves cancellable, and any query keep to what came after run.since; it takes some
   nanoseconds an article. */
morgue_status mrg_plan_add_gate(mrg_plan *plan, morgue_error *err);

/* ---- Among plan*.c ---------------------------------------------------------------------------------- */

typedef struct mrg_planner {
    mrg_plan *plan;
    const mrg_view *view;
    const mrg_plan_options *options;
    mrg_marker *marker;
    mrg_tokens tokens;   /* scratch */
    double boost;        /* product of the weights around */
    int excluded;        /* how many NOTs are around; what is excluded is not marked */
    int any;             /* planning text of the root group with `any` */
    int has_weighty;     /* with `any`: there are words besides function words */
    morgue_error *err;
} mrg_planner;

/* What every plan begins with: terms, rank, and what they are for the run. */
void mrg_plan_begin(mrg_plan *plan, const mrg_view *view, const mrg_rank_params *rank);

/* plan_text.c */
int mrg_plan_is_text(const mrg_node *node);
morgue_status mrg_plan_text(mrg_planner *p, const mrg_node *node, mrg_match_node **out);
mrg_match_node *mrg_plan_match_group(mrg_planner *p, mrg_match_type type, size_t child_count);
/* Simplifies: nested groups of the same type become one, the same word twice one of double weight. */
morgue_status mrg_plan_tidy(mrg_planner *p, mrg_match_node *node, mrg_match_node **out);
/* Tokenizes a node's text; INVALID with its column if there is no term in it. */
morgue_status mrg_plan_tokenize(mrg_planner *p, const mrg_node *node);

/* plan_spans.c: whatever has places, as one leaf; LIMIT with the node's column. */
morgue_status mrg_plan_spans(mrg_planner *p, const mrg_node *node, mrg_match_node **out);

/* plan_expand.c: what may stand at one place. Noted for explain; count is 0 if nothing can. */
typedef enum mrg_plan_spelling {
    MRG_SPELLING_EXACT, /* or with wildcards */
    MRG_SPELLING_STEM,
    MRG_SPELLING_FUZZY
} mrg_plan_spelling;
morgue_status mrg_plan_words(mrg_planner *p, const mrg_node *node, mrg_text_field field, const mrg_token *token,
                             mrg_plan_spelling spelling, const mrg_expansion **words);
morgue_status mrg_plan_mentions(mrg_planner *p, const mrg_node *node, const mrg_expansion **words);
morgue_status mrg_plan_slot(mrg_planner *p, const mrg_node *node, const mrg_expansion **words);
morgue_status mrg_plan_dates(mrg_planner *p, const mrg_node *node, const mrg_expansion **words);

/* plan_meta.c */
morgue_status mrg_plan_url(mrg_planner *p, const mrg_node *node, xapian_query **out);
morgue_status mrg_plan_subject(mrg_planner *p, const mrg_node *node, xapian_query **out);
/* What a name may mean; noted. */
morgue_status mrg_plan_resolve(mrg_planner *p, const mrg_node *node, const mrg_resolved **out);
morgue_status mrg_plan_field(mrg_planner *p, const mrg_node *node, xapian_query **out);
morgue_status mrg_plan_date(mrg_planner *p, const mrg_node *node, xapian_query **out);
morgue_status mrg_plan_entity(mrg_planner *p, const mrg_node *node, xapian_query **out);

/* A list of queries on the way to being combined; owned. */
typedef struct mrg_queries {
    xapian_query **items;
    size_t count, capacity;
} mrg_queries;
void mrg_queries_dispose(mrg_queries *list);
/* Takes `query` over, also on failure. */
morgue_status mrg_queries_add(mrg_queries *list, xapian_query *take_query, morgue_error *err);
/* All of them combined; the only one itself; nothing at all for an empty list. Empties the list. */
morgue_status mrg_queries_combine(mrg_queries *list, xapian_op op, xapian_query **out, morgue_error *err);
morgue_status mrg_queries_term(mrg_queries *list, const char *prefix, const char *text, size_t len, morgue_error *err);

morgue_status mrg_plan_note_add(mrg_planner *p, mrg_plan_note note);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search gives: hits with their fields, whose texts are read when they are asked for. */
#ifndef MRG_RESULTS_H
#define MRG_RESULTS_H

#include "plan.h"
#include "query.h"
#include "searcher.h"
#include "snippet.h"

struct morgue_hit {
    morgue_results *results;
    size_t shard;       /* which archive */
    uint32_t docid;     /* within it */
    double score;
    mrg_fields fields;  /* read with the search: a newer commit may take them away */
    char *text;         /* body, once it was asked for */
    size_t text_len;
    mrg_buffer snippet;
    size_t snippet_chars; /* that it was made for; 0: it was not */
    mrg_spans snippet_spans, match_spans;
    morgue_entity *entities;
    size_t entity_count;
    morgue_mention *mentions; /* those in the title, then those in the text */
    size_t title_mention_count, mention_count;
    morgue_date *dates;
    size_t date_count;
    morgue_mention *date_mentions; /* likewise */
    size_t title_date_count, date_mention_count;
    int names_read;           /* all of these */
    int versions_read;
    size_t version_count;     /* other versions in the archive */
    const char *first_date;   /* of all versions; NULL: none is dated */
    const char *captured_first, *captured_last; /* NULL: not read */
    mrg_arena arena;    /* of the entities */
};

/* Makes the plan of a search from what was asked: sets results->plan, ->query and ->marker. */
typedef morgue_status mrg_plan_maker(morgue_results *results, const char *asked, const morgue_search_options *options,
                                     morgue_error *err);

/* That of a search: `asked` is a query's text. */
mrg_plan_maker mrg_plan_query;

/* What was asked, so that it can be asked again. The strings are owned. */
typedef struct mrg_question {
    mrg_plan_maker *make; /* NULL: nothing was; the hits were found in another way */
    const char *asked;
    morgue_search_options options;
} mrg_question;

struct morgue_results {
    morgue_searcher *searcher;
    mrg_view *view;
    mrg_question question;
    mrg_query query;
    mrg_plan plan;        /* for explain; refers to `query` and `view` */
    mrg_marker marker;
    morgue_hit *hits;
    size_t hit_count;
    uint64_t at_least, at_most;
    char **notes;
    size_t note_count, note_capacity;
    size_t *groups;       /* by hit; NULL: not asked for yet */
    mrg_buffer explain;
    int explained;
    mrg_buffer suggestion; /* empty: there is none */
    int suggested;
    struct mrg_overview *overview; /* NULL: not asked for yet */
    const morgue_hit *current; /* whose record and marks are at hand */
    mrg_text_cache cache;
    mrg_record record;
    mrg_marks marks;
};

/* Retains the view. */
morgue_status mrg_results_create(morgue_results **out, morgue_searcher *searcher, morgue_error *err);

/* Room for the hits, to be counted in hit_count; once. */
morgue_status mrg_results_reserve(morgue_results *results, size_t hit_count, morgue_error *err);
/* The article of a docid as the next hit, with its fields. */
morgue_status mrg_results_take_hit(morgue_results *results, size_t shard, uint32_t docid, morgue_error *err);
morgue_status mrg_results_take_hits(morgue_results *results, const xapian_mset *mset, morgue_error *err);
/* Keeps what was asked. */
morgue_status mrg_results_keep_question(morgue_results *results, mrg_plan_maker *make, const char *asked,
                                        const morgue_search_options *options, morgue_error *err);
morgue_status mrg_results_add_note(morgue_results *results, mrg_buffer *take_text, morgue_error *err);

/* Hits are const to callers; what is read late is kept in them all the same. */
morgue_hit *mrg_hit_writable(const morgue_hit *hit);
/* The article as it is stored; lent until the next hit's is asked for. */
morgue_status mrg_hit_record(morgue_hit *hit, const mrg_record **record, morgue_error *err);

void mrg_hit_free_names(morgue_hit *hit);

/* A search with the plan that `make` makes; the rest is as with morgue_search. */
morgue_status mrg_search_run(morgue_searcher *searcher, mrg_plan_maker *make, const char *asked,
                             const morgue_search_options *options, morgue_results **out, morgue_error *err);

/* The time of CLOCK_MONOTONIC at which so many milliseconds are over; 0 for 0. */
int64_t mrg_deadline_after(unsigned timeout_ms);

/* Notes about what names of the query were taken for, and about bounds that bit; explain.c. */
morgue_status mrg_explain_names(morgue_results *results, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One search: parse, plan, match, take the hits. */
#include <string.h>
#include <time.h>

#include "cursor.h"
#include "recency.h"
#include "results.h"

enum { SHORT_PAGE = 1000 }; /* hits */

/* What may stop a search, also over a second try. */
typedef struct run_limits {
    unsigned cancels_seen;
    int64_t deadline_ns;
} run_limits;

int64_t mrg_deadline_after(unsigned timeout_ms)
{
    struct timespec now;
    if (!timeout_ms)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + (int64_t)timeout_ms * 1000000;
}

/* An article without a date comes last in either order; of the same date, the heavier one first. */
static xapian_status set_order(xapian_enquire *enquire, morgue_sort sort, xapian_error *cause)
{
    static const char last[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    const xapian_sort_key oldest = { MRG_VALUE_DATE, false, last, sizeof last - 1 };
    xapian_status got = xapian_enquire_set_docid_order(enquire, XAPIAN_DOCID_ASCENDING, cause);
    if (got || sort == MORGUE_SORT_RELEVANCE)
        return got;
    if (sort == MORGUE_SORT_NEWEST)
        return xapian_enquire_set_sort(enquire, XAPIAN_SORT_VALUE_THEN_RELEVANCE, MRG_VALUE_DATE, true, cause);
    return xapian_enquire_set_sort_keys(enquire, XAPIAN_SORT_VALUE_THEN_RELEVANCE, &oldest, 1, cause);
}

static xapian_status prepare(xapian_enquire **enquire, const morgue_results *results,
                             const morgue_search_options *options,
                             xapian_error *cause)
{
    xapian_weighting weighting = XAPIAN_WEIGHTING_INIT;
    weighting.k1 = results->searcher->rank.entity_k1;
    weighting.b = results->searcher->rank.entity_b;
    xapian_status got = xapian_enquire_create(enquire, results->view->database, cause);
    if (!got)
        got = xapian_enquire_set_query(*enquire, results->plan.query, 0, cause);
    if (!got)
        got = xapian_enquire_set_weighting(*enquire, &weighting, cause);
    return got ? got : set_order(*enquire, options->sort, cause);
}

static xapian_doccount at_most(size_t wanted, uint64_t limit)
{
    return wanted < limit ? (xapian_doccount)wanted : (xapian_doccount)limit;
}

static xapian_match_options window_of(const morgue_results *results, const morgue_search_options *options)
{
    xapian_match_options match = XAPIAN_MATCH_OPTIONS_INIT;
    uint64_t all = results->view->article_count < UINT32_MAX / 2 ? results->view->article_count : UINT32_MAX / 2;
    size_t limit = options->limit == MORGUE_NO_HITS ? 0 : options->limit ? options->limit : 10;
    match.first = at_most(options->offset, all);
    match.max = at_most(limit, all - match.first);
    match.check_at_least = options->exact_count ? (xapian_doccount)all : at_most(options->count_up_to, all);
    return match;
}

static morgue_status match(morgue_results *results, const morgue_search_options *options, int *overtaken,
                           morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    xapian_mset_counts counts = { 0 };
    morgue_status status = MORGUE_OK;
    xapian_match_options window = window_of(results, options);
    xapian_status got = prepare(&enquire, results, options, &cause);
    if (!got)
        got = xapian_enquire_get_mset(&mset, enquire, &window, &cause);
    if (!got)
        got = xapian_mset_count(&counts, mset, &cause);
    if (got == XAPIAN_C_CALLBACK && results->plan.run.failure.status) {
        status = results->plan.run.failure.status;
        if (err)
            *err = results->plan.run.failure;
    } else if (got) {
        *overtaken = got == XAPIAN_C_MODIFIED;
        status = mrg_fail_xapian(err, &cause, "the search failed");
    } else {
        results->at_least = counts.lower;
        results->at_most = counts.upper;
        status = mrg_results_take_hits(results, mset, err);
    }
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    return status;
}

morgue_status mrg_plan_query(morgue_results *results, const char *query, const morgue_search_options *asked,
                             morgue_error *err)
{
    morgue_searcher *searcher = results->searcher;
    const char *lang = asked->lang;
    mrg_plan_options options = { .any = asked->any, .rank = &searcher->rank };
    morgue_status status = mrg_query_parse(&results->query, query, err);
    if (!status)
        status = mrg_stemmer_set_get(&searcher->stemmers, lang ? lang : results->view->snapshots[0]->manifest.lang,
                                  &options.stemmer, err);
    if (!status)
        status = mrg_plan_make(&results->plan, results->view, &results->query, &options, &results->marker, err);
    return status ? status : mrg_explain_names(results, err);
}

/* What is searched for must have come after the cursor. *more: whether anything has. */
static morgue_status keep_to_new(morgue_results *results, const char *cursor, int *more, morgue_error *err)
{
    const mrg_view *view = results->view;
    uint32_t *since = mrg_arena_alloc(&results->plan.arena, view->snapshot_count * sizeof *since);
    if (!since)
        return mrg_fail_nomem(err);
    morgue_status status = mrg_cursor_parse(since, view, cursor, err);
    results->plan.run.since = since;
    *more = !status && mrg_cursor_has_more(since, view);
    return status;
}

static morgue_status count_age(morgue_results *results, unsigned half_life_days, morgue_error *err)
{
    mrg_recency *recency = mrg_arena_alloc(&results->plan.arena, sizeof *recency);
    if (!recency)
        return mrg_fail_nomem(err);
    recency->half_life_days = half_life_days;
    results->plan.run.recency = recency;
    return mrg_calendar_get(results->view, &recency->calendar, err);
}

/* What is to hold for the run, before the plan is made. */
static morgue_status set_up(morgue_results *results, const morgue_search_options *options, const run_limits *limits,
                            int *more, morgue_error *err)
{
    mrg_match_run *run = &results->plan.run;
    morgue_status status = MORGUE_OK;
    run->cancels = &results->searcher->cancels;
    run->cancels_seen = limits->cancels_seen;
    run->deadline_ns = limits->deadline_ns;
    if (options->since)
        status = keep_to_new(results, options->since, more, err);
    if (!status && options->recency_days && options->sort == MORGUE_SORT_RELEVANCE)
        status = count_age(results, options->recency_days, err);
    return status;
}

/* A query of filters alone is over soon after a short page is full, unless all must be looked at. */
static int wants_gate(const morgue_search_options *o)
{
    size_t limit = o->limit == MORGUE_NO_HITS ? 0 : o->limit;
    return o->sort || o->timeout_ms || o->since || o->exact_count || o->count_up_to > SHORT_PAGE ||
           limit > SHORT_PAGE || o->offset > SHORT_PAGE;
}

static morgue_status search_once(morgue_searcher *searcher, mrg_plan_maker *make, const char *asked,
                                 const morgue_search_options *options, const run_limits *limits, morgue_results **out,
                                 int *overtaken, morgue_error *err)
{
    int more = 1;
    morgue_status status = mrg_results_create(out, searcher, err);
    if (!status)
        status = mrg_results_keep_question(*out, make, asked, options, err);
    if (!status)
        status = set_up(*out, options, limits, &more, err);
    if (!status)
        status = make(*out, asked, options, err);
    if (!status)
        status = mrg_match_run_check(&(*out)->plan.run, err);
    if (!status && wants_gate(options))
        status = mrg_plan_add_gate(&(*out)->plan, err);
    if (!status && more)
        status = match(*out, options, overtaken, err);
    if (!status)
        status = mrg_match_run_check(&(*out)->plan.run, err);
    if (status) {
        morgue_results_free(*out);
        *out = NULL;
    }
    return status;
}

int mrg_searcher_try_again(morgue_searcher *searcher, morgue_status status, int overtaken)
{
    int changed = 0;
    if (status != MORGUE_ERR_INTERNAL && status != MORGUE_ERR_CORRUPT && !overtaken)
        return 0;
    if (!overtaken && (mrg_searcher_changed(searcher, &changed, NULL) || !changed))
        return 0;
    return mrg_searcher_reopen(searcher, NULL) == MORGUE_OK;
}

morgue_status mrg_search_run(morgue_searcher *searcher, mrg_plan_maker *make, const char *asked,
                             const morgue_search_options *options, morgue_results **out, morgue_error *err)
{
    static const morgue_search_options defaults = MORGUE_SEARCH_OPTIONS_INIT;
    const morgue_search_options *o = options ? options : &defaults;
    run_limits limits = { mrg_searcher_cancels(searcher), mrg_deadline_after(o->timeout_ms) };
    int overtaken = 0;
    morgue_status status = search_once(searcher, make, asked, o, &limits, out, &overtaken, err);
    for (int i = 0; i < MRG_TRIES_AGAIN && status && mrg_searcher_try_again(searcher, status, overtaken); i++) {
        mrg_error_clear(err);
        overtaken = 0;
        status = search_once(searcher, make, asked, o, &limits, out, &overtaken, err);
    }
    return status;
}

morgue_status morgue_search(morgue_searcher *searcher, const char *query, const morgue_search_options *options,
                            morgue_results **out, morgue_error *err)
{
    mrg_error_clear(err);
    *out = NULL;
    if (!query)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no query");
    return mrg_search_run(searcher, mrg_plan_query, query, options, out, err);
}

/* ---- One article by its id -------------------------------------------------------------------------- */

morgue_status mrg_view_find(const mrg_view *view, const char *id, size_t *archive, uint32_t *docid, morgue_error *err)
{
    for (size_t i = 0; i < view->snapshot_count; i++) {
        morgue_status status = mrg_catalogue_find(view->snapshots[i]->catalogue, id, docid, err);
        *archive = i;
        if (status || *docid)
            return status;
    }
    return mrg_fail(err, MORGUE_ERR_NOT_FOUND, "there is no article with the id %s", id);
}

static morgue_status find_id(morgue_results *results, const char *id, morgue_error *err)
{
    size_t archive;
    uint32_t docid;
    morgue_status status = mrg_view_find(results->view, id, &archive, &docid, err);
    if (status)
        return status;
    results->at_least = results->at_most = 1;
    return mrg_results_take_hit(results, archive, docid, err);
}

static morgue_status fetch_once(morgue_searcher *searcher, const char *id, const char *query, morgue_results **out,
                                morgue_error *err)
{
    static const morgue_search_options defaults = MORGUE_SEARCH_OPTIONS_INIT;
    morgue_status status = mrg_results_create(out, searcher, err);
    if (!status)
        status = mrg_results_reserve(*out, 1, err);
    if (!status && query)
        status = mrg_plan_query(*out, query, &defaults, err);
    if (!status)
        status = find_id(*out, id, err);
    if (status) {
        morgue_results_free(*out);
        *out = NULL;
    }
    return status;
}

morgue_status morgue_fetch(morgue_searcher *searcher, const char *id, const char *query, morgue_results **out,
                           morgue_error *err)
{
    mrg_error_clear(err);
    *out = NULL;
    if (!id)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no id");
    morgue_status status = fetch_once(searcher, id, query, out, err);
    for (int i = 0; i < MRG_TRIES_AGAIN && status && mrg_searcher_try_again(searcher, status, 0); i++) {
        mrg_error_clear(err);
        status = fetch_once(searcher, id, query, out, err);
    }
    return status;
}

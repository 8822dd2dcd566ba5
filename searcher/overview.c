/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "overview.h"

#include <string.h>

#include "core/alloc.h"

enum { TRIES = 4 }; /* at newer commits */

static void forget_matches(mrg_overview *o)
{
    for (size_t i = 0; i < o->archive_count; i++)
        mrg_bitset_dispose(&o->matches[i]);
    mrg_free(o->matches);
    o->matches = NULL;
    o->archive_count = 0;
    o->match_count = 0;
}

void mrg_overview_free(mrg_overview *o)
{
    if (!o)
        return;
    forget_matches(o);
    for (size_t i = 0; i < MRG_FACETS; i++)
        mrg_arena_dispose(&o->facets[i].arena);
    mrg_arena_dispose(&o->names.arena);
    morgue_results_free(o->renewed);
    mrg_free(o);
}

morgue_status mrg_overview_tick(mrg_overview *o, morgue_error *err)
{
    if ((++o->tick & 255) != 0)
        return MORGUE_OK;
    return mrg_match_run_check(&o->results->plan.run, err);
}

/* ---- The matching articles --------------------------------------------------------------------------- */

typedef struct collector {
    mrg_overview *overview;
    size_t archive;
    morgue_error failure;
} collector;

static morgue_status add_match(mrg_overview *o, size_t archive, uint32_t docid, morgue_error *err)
{
    if (mrg_bitset_add(&o->matches[archive], docid))
        return mrg_fail_nomem(err);
    return mrg_overview_tick(o, err);
}

/* Xapian's matcher asks this of each article that matches. Keeping no hits, it needs no memory for them. */
static xapian_status see(bool *accepted, void *ctx, const xapian_document *doc, xapian_error *err)
{
    collector *c = ctx;
    xapian_docid docid;
    xapian_status got = xapian_document_docid(&docid, doc, err);
    if (got)
        return got;
    *accepted = true;
    return add_match(c->overview, c->archive, docid, &c->failure) ? XAPIAN_C_CALLBACK : XAPIAN_C_OK;
}

/* Archive by archive: a decider is not told which of several databases a document is of. */
static xapian_status match_archive(collector *c, const xapian_query *query, xapian_error *cause)
{
    const xapian_decider decider = { see, c };
    xapian_match_options options = XAPIAN_MATCH_OPTIONS_INIT;
    xapian_weighting weighting = XAPIAN_WEIGHTING_INIT;
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    options.max = 0;
    options.check_at_least = UINT32_MAX / 2;
    options.decider = &decider;
    weighting.scheme = XAPIAN_SCHEME_BOOL;
    xapian_status got =
        xapian_enquire_create(&enquire, c->overview->results->view->snapshots[c->archive]->catalogue, cause);
    if (!got)
        got = xapian_enquire_set_query(enquire, query, 0, cause);
    if (!got)
        got = xapian_enquire_set_weighting(enquire, &weighting, cause);
    if (!got)
        got = xapian_enquire_get_mset(&mset, enquire, &options, cause);
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    return got;
}

static xapian_status match_archives(collector *c, xapian_error *cause)
{
    mrg_match_run *run = &c->overview->results->plan.run;
    xapian_query *query = NULL;
    xapian_status got = xapian_query_scale(&query, c->overview->results->plan.query, 0, cause);
    for (c->archive = 0; c->archive < c->overview->archive_count && !got; c->archive++) {
        run->alone = c->archive + 1;
        got = match_archive(c, query, cause);
    }
    run->alone = 0;
    xapian_query_free(query);
    return got;
}

static morgue_status run_query(mrg_overview *o, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    collector c = { .overview = o };
    mrg_match_run *run = &o->results->plan.run;
    mrg_error_clear(&run->failure);
    xapian_status got = match_archives(&c, &cause);
    const morgue_error *failure = c.failure.status ? &c.failure : &run->failure;
    if (got == XAPIAN_C_CALLBACK && failure->status) {
        if (err)
            *err = *failure;
        return failure->status;
    }
    return got ? mrg_fail_xapian(err, &cause, "the search failed") : MORGUE_OK;
}

/* Results that no question led to are their own matches. */
static morgue_status collect(mrg_overview *o, morgue_error *err)
{
    const morgue_results *results = o->results;
    morgue_status status = MORGUE_OK;
    size_t n = results->view->snapshot_count;
    o->matches = mrg_calloc(n, sizeof *o->matches);
    if (!o->matches)
        return mrg_fail_nomem(err);
    o->archive_count = n;
    if (results->question.make)
        status = run_query(o, err);
    for (size_t i = 0; !results->question.make && i < results->hit_count && !status; i++)
        status = add_match(o, results->hits[i].shard, results->hits[i].docid, err);
    for (size_t i = 0; i < n; i++)
        o->match_count += o->matches[i].count;
    if (status)
        forget_matches(o);
    return status;
}

/* ---- Newer commits --------------------------------------------------------------------------------------- */

/* Puts the question to the newest commit. *renewed is 0 on failure, and when there is none newer, or no question. */
static morgue_status renew(mrg_overview *o, morgue_results *asked, int *renewed, morgue_error *err)
{
    morgue_search_options options = asked->question.options;
    morgue_results *results;
    *renewed = 0;
    options.limit = MORGUE_NO_HITS;
    options.exact_count = 0;
    options.count_up_to = options.offset = 0;
    if (!asked->question.make)
        return MORGUE_OK;
    morgue_status status = morgue_searcher_refresh(asked->searcher, err);
    if (status || asked->searcher->view == o->results->view)
        return status;
    status = mrg_search_run(asked->searcher, asked->question.make, asked->question.asked, &options, &results, err);
    if (status)
        return status;
    forget_matches(o);
    morgue_results_free(o->renewed);
    o->results = o->renewed = results;
    *renewed = 1;
    return MORGUE_OK;
}

static morgue_status try_once(mrg_overview *o, mrg_overview_work work, void *ctx, morgue_error *err)
{
    morgue_status status = mrg_match_run_check(&o->results->plan.run, err);
    if (!status && !o->matches)
        status = collect(o, err);
    return status ? status : work(o, ctx, err);
}

morgue_status mrg_overview_run(morgue_results *results, mrg_overview_work work, void *ctx, morgue_error *err)
{
    int64_t deadline_ns = mrg_deadline_after(results->question.options.timeout_ms);
    unsigned cancels_seen = mrg_searcher_cancels(results->searcher);
    morgue_status status = MORGUE_OK;
    int again = 1;
    if (!results->overview && !(results->overview = mrg_calloc(1, sizeof *results->overview)))
        return mrg_fail_nomem(err);
    mrg_overview *o = results->overview;
    o->results = o->renewed ? o->renewed : results;
    for (int i = 0; i < TRIES && again; i++) {
        mrg_match_run *run = &o->results->plan.run;
        run->cancels = &results->searcher->cancels;
        run->cancels_seen = cancels_seen;
        run->deadline_ns = deadline_ns;
        mrg_error_clear(err);
        status = try_once(o, work, ctx, err);
        again = status == MORGUE_ERR_INTERNAL || status == MORGUE_ERR_CORRUPT;
        /* What failed is told, not that it failed again, but for a cancel in between. */
        morgue_error cause;
        if (again && renew(o, results, &again, &cause) == MORGUE_ERR_CANCELLED)
            status = mrg_fail(err, MORGUE_ERR_CANCELLED, "%s", cause.message);
    }
    return status;
}

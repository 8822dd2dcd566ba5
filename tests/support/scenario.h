/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program does with an archive, from opening to closing, with something failing on the way: the
 * fault tests run it with the Nth allocation, write or sync made to fail.
 */
#ifndef TESTS_SUPPORT_SCENARIO_H
#define TESTS_SUPPORT_SCENARIO_H

#include "plan.h"

enum { SCENARIO_FAILURES = 32 };

typedef struct scenario {
    uint64_t seed;
    unsigned begun;     /* the commit that the archive is at */
    unsigned steps;     /* to add to it */
    unsigned committed; /* the last commit that succeeded */
    unsigned attempted; /* the last one that was tried */
    unsigned failures;
    struct {
        morgue_status status;
        char told[200];
    } first[SCENARIO_FAILURES]; /* the first ones */
} scenario;

/* Notes a failure; statuses and messages must be clean. Returns `status`. */
static inline morgue_status scenario_note(scenario *s, morgue_status status, const morgue_error *err, const char *what)
{
    if (!status)
        return status;
    test_clean_failure(status, err, what);
    if (s->failures < SCENARIO_FAILURES) {
        s->first[s->failures].status = status;
        snprintf(s->first[s->failures].told, sizeof s->first[0].told, "%s: %.160s", what, err->message);
    }
    s->failures++;
    return status;
}

/* Nothing but `expected` was ever the failure. */
static inline void scenario_failures_are(const scenario *s, morgue_status expected, const char *unit, long n)
{
    for (unsigned i = 0; i < s->failures && i < SCENARIO_FAILURES; i++)
        ck_assert_msg(s->first[i].status == expected, "%s %ld: a failure was called %d (%s): %s", unit, n,
                      (int)s->first[i].status, morgue_status_text(s->first[i].status), s->first[i].told);
}

/* Goes on after a failure as a careless program might: every call must stay harmless. */
static inline void scenario_write(scenario *s, const char *archive)
{
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 2, .lock_timeout_ms = 5000 };
    morgue_indexer *indexer;
    plan_state state = plan_state_at(s->seed, s->begun);
    s->committed = s->attempted = s->begun;
    if (scenario_note(s, morgue_indexer_open(&indexer, archive, &options, &err), &err, "morgue_indexer_open")) {
        ck_assert_ptr_null(indexer);
        return;
    }
    for (unsigned i = 0; i < s->steps; i++) {
        unsigned k = s->attempted + 1;
        if (s->attempted == s->committed)
            s->attempted = k;
        if (!scenario_note(s, plan_run_step(indexer, s->seed, k, &state, &err), &err, "a step"))
            s->committed = k;
        else
            scenario_note(s, morgue_indexer_commit(indexer, &err), &err, "morgue_indexer_commit after a failure");
    }
    morgue_indexer_close(indexer);
}

static inline void scenario_read_hit(scenario *s, const morgue_hit *hit)
{
    morgue_error err = { 0 };
    const char *text;
    const morgue_entity *entities;
    const morgue_mention *mentions;
    const morgue_date *dates;
    const morgue_span *spans;
    morgue_snippet snippet;
    size_t n;
    ck_assert_ptr_nonnull(morgue_hit_id(hit));
    ck_assert_ptr_nonnull(morgue_hit_title(hit));
    ck_assert_ptr_nonnull(morgue_hit_date(hit));
    scenario_note(s, morgue_hit_text(hit, &text, &n, &err), &err, "morgue_hit_text");
    scenario_note(s, morgue_hit_snippet(hit, 0, &snippet, &err), &err, "morgue_hit_snippet");
    scenario_note(s, morgue_hit_matches(hit, 0, &spans, &n, &err), &err, "morgue_hit_matches");
    scenario_note(s, morgue_hit_entities(hit, &entities, &n, &err), &err, "morgue_hit_entities");
    scenario_note(s, morgue_hit_mentions(hit, 0, &mentions, &n, &err), &err, "morgue_hit_mentions");
    scenario_note(s, morgue_hit_dates(hit, &dates, &n, &err), &err, "morgue_hit_dates");
}

static inline void scenario_overview(scenario *s, morgue_results *results)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON, MORGUE_FACET_SOURCE, MORGUE_FACET_MONTH };
    morgue_error err = { 0 };
    const morgue_facet_value *values;
    const morgue_associate *names;
    size_t n;
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++)
        scenario_note(s, morgue_results_facet(results, facets[i], 2, &values, &n, NULL, &err), &err,
                      "morgue_results_facet");
    scenario_note(s, morgue_results_names(results, NULL, 3, &names, &n, &err), &err, "morgue_results_names");
}

static inline void scenario_read(scenario *s, const char *archive)
{
    static const char *const queries[] = { "everyarticle treaty", "\"vladimir putin\" -senate",
                                           "(harbour OR council) number3 NOT title:nothing",
                                           "person:putin date:2017-03 source:plan",
                                           "kremlin-backed OR title:\"scripted news\"",
                                           "(harb* NEAR/5 (council~ OR person:putin)) \"<person> treat*\"~9^2 -when:1990s",
                                           "url:nothing OR (\"<date>\" BEFORE \"<name>\")" };
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    morgue_results *results;
    if (scenario_note(s, morgue_searcher_open(&searcher, &archive, 1, &err), &err, "morgue_searcher_open")) {
        ck_assert_ptr_null(searcher);
        return;
    }
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        morgue_search_options options = { .limit = 3, .exact_count = i % 2, .any = i == 0, .recency_days = i > 2 };
        if (scenario_note(s, morgue_search(searcher, queries[i], &options, &results, &err), &err, "morgue_search"))
            ck_assert_ptr_null(results);
        for (size_t h = 0; results && h < morgue_results_size(results) && h < 2; h++)
            scenario_read_hit(s, morgue_results_hit(results, h));
        if (results)
            scenario_overview(s, results);
        if (results) {
            const size_t *groups;
            ck_assert_ptr_nonnull(morgue_results_explain(results));
            scenario_note(s, morgue_results_group(results, &groups, &err), &err, "morgue_results_group");
        }
        morgue_results_free(results);
    }
    static const char *const typed[] = { "trea", "source:", "vlad", "person:p" };
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        morgue_completions *completions;
        if (scenario_note(s, morgue_complete(searcher, typed[i], 0, &completions, &err), &err, "morgue_complete"))
            ck_assert_ptr_null(completions);
        morgue_completions_free(completions);
    }
    if (!scenario_note(s, morgue_search(searcher, "evryarticle number3", NULL, &results, &err), &err, "morgue_search")) {
        if (!morgue_results_suggestion(results, &err) && err.status)
            scenario_note(s, err.status, &err, "morgue_results_suggestion");
    }
    morgue_results_free(results);
    const char *cursor = morgue_searcher_cursor(searcher, &err);
    if (!cursor)
        scenario_note(s, err.status, &err, "morgue_searcher_cursor");
    morgue_search_options since = { .since = cursor };
    scenario_note(s, morgue_search(searcher, "everyarticle", &since, &results, &err), &err, "morgue_search since");
    morgue_results_free(results);
    scenario_note(s, morgue_searcher_refresh(searcher, &err), &err, "morgue_searcher_refresh");
    morgue_searcher_close(searcher);
}

/* An archive at commit `commits`, to be copied for each trial. */
static inline void scenario_make_base(const char *archive, uint64_t seed, unsigned commits)
{
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
    morgue_indexer *indexer;
    plan_state state = { { 0 } };
    test_ok(morgue_indexer_open(&indexer, archive, &options, &err));
    for (unsigned k = 1; k <= commits; k++)
        test_ok(plan_run_step(indexer, seed, k, &state, &err));
    morgue_indexer_close(indexer);
    ck_assert_uint_eq(plan_verify(archive, seed, commits, commits), commits);
}

#endif

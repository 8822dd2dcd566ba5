/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scripted life of a small archive: commit k of seed s always does the same, so that whoever knows s
 * and k knows what the archive holds. Used by the fault tests.
 */
#ifndef TESTS_SUPPORT_PLAN_H
#define TESTS_SUPPORT_PLAN_H

#include "testing.h"

enum { PLAN_IDS = 24, PLAN_TEXT = 4096, PLAN_OPERATIONS = 8 };

/* What an archive holds: for each id the commit that wrote it last, 0 if it is not there. */
typedef struct plan_state {
    unsigned version[PLAN_IDS];
} plan_state;

typedef struct plan_step {
    struct {
        unsigned id;
        int is_delete;
    } operations[PLAN_OPERATIONS];
    unsigned count;
    int compact; /* ends in a compaction instead of a commit */
} plan_step;

/* The first operation of a step always writes, so no two commits are alike. */
static inline plan_step plan_make_step(uint64_t seed, unsigned k, const plan_state *before)
{
    plan_step step = { .compact = k % 11 == 0 };
    plan_state now = *before;
    uint64_t state = seed * 1000003u + k;
    step.count = 1 + test_below(&state, PLAN_OPERATIONS);
    for (unsigned i = 0; i < step.count; i++) {
        unsigned id = test_below(&state, PLAN_IDS);
        /* Only what is there, and was not written by this step, is deleted. */
        int is_delete = i > 0 && test_below(&state, 3) == 0 && now.version[id] && now.version[id] != k;
        step.operations[i].id = id;
        step.operations[i].is_delete = is_delete;
        now.version[id] = is_delete ? 0 : k;
    }
    return step;
}

static inline void plan_advance(plan_state *state, const plan_step *step, unsigned k)
{
    for (unsigned i = 0; i < step->count; i++)
        state->version[step->operations[i].id] = step->operations[i].is_delete ? 0 : k;
}

static inline plan_state plan_state_at(uint64_t seed, unsigned k)
{
    plan_state state = { { 0 } };
    for (unsigned i = 1; i <= k; i++) {
        plan_step step = plan_make_step(seed, i, &state);
        plan_advance(&state, &step, i);
    }
    return state;
}

/* ---- Articles -------------------------------------------------------------------------------- */

static inline int plan_has_merkel(unsigned id, unsigned version)
{
    return (id + version) % 2 == 0;
}

/* Writes the id, and the text of that version: some fixed words, some that only this version has. */
static inline void plan_article(char id_text[16], char text[PLAN_TEXT], unsigned id, unsigned version)
{
    static const char *const filler[] = { "harbour", "council", "strike",  "winter", "ferry",   "treaty",
                                          "market",  "bridge",  "railway", "senate", "opening", "dispute" };
    uint64_t state = (uint64_t)id << 32 | version;
    snprintf(id_text, 16, "plan/%02u", id);
    size_t n = (size_t)snprintf(text, PLAN_TEXT,
                                "Everyarticle begins alike. This is version%u of number%u, "
                                "and President Vladimir Putin visited Oslo.\n\n",
                                version, id);
    if (plan_has_merkel(id, version))
        n += (size_t)snprintf(text + n, PLAN_TEXT - n, "Chancellor Angela Merkel said on Monday that she agreed.\n\n");
    for (unsigned words = 20 + test_below(&state, 200); words > 0; words--)
        n += (size_t)snprintf(text + n, PLAN_TEXT - n, "%s%s", filler[test_below(&state, 12)], words > 1 ? " " : ".");
}

static inline morgue_status plan_apply(morgue_indexer *indexer, const plan_step *step, unsigned k, morgue_error *err)
{
    char id[16], text[PLAN_TEXT];
    morgue_status status = MORGUE_OK;
    for (unsigned i = 0; i < step->count && !status; i++) {
        plan_article(id, text, step->operations[i].id, k);
        morgue_article article = {
            .id = id, .title = "Scripted news", .text = text, .date = "2017-03-01", .source = "Plan"
        };
        status = step->operations[i].is_delete ? morgue_indexer_delete(indexer, id, err)
                                               : morgue_indexer_add(indexer, &article, err);
    }
    return status;
}

/* Applies and commits step k. */
static inline morgue_status plan_run_step(morgue_indexer *indexer, uint64_t seed, unsigned k, plan_state *state,
                                          morgue_error *err)
{
    plan_step step = plan_make_step(seed, k, state);
    morgue_status status = plan_apply(indexer, &step, k, err);
    if (!status)
        status = step.compact ? morgue_indexer_compact(indexer, err) : morgue_indexer_commit(indexer, err);
    if (!status)
        plan_advance(state, &step, k);
    return status;
}

/* ---- Verifying ------------------------------------------------------------------------------- */

static inline void plan_ids_of(morgue_searcher *searcher, const char *query, int present[PLAN_IDS])
{
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_search_options options = { .limit = 1000, .exact_count = 1 };
    uint64_t least, most;
    memset(present, 0, PLAN_IDS * sizeof *present);
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    morgue_results_count(results, &least, &most);
    ck_assert_msg(least == most && least == morgue_results_size(results), "%s: %llu to %llu counted, %zu hits", query,
                  (unsigned long long)least, (unsigned long long)most, morgue_results_size(results));
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        unsigned id;
        ck_assert_int_eq(sscanf(morgue_hit_id(morgue_results_hit(results, i)), "plan/%u", &id), 1);
        ck_assert_msg(id < PLAN_IDS && !present[id], "%s: the id %u twice, or unknown", query, id);
        present[id] = 1;
    }
    morgue_results_free(results);
}

static inline int plan_is_state(const plan_state *state, const int present[PLAN_IDS])
{
    for (unsigned id = 0; id < PLAN_IDS; id++)
        if ((state->version[id] != 0) != (present[id] != 0))
            return 0;
    return 1;
}

static inline void plan_check_names(morgue_searcher *searcher, const plan_state *state)
{
    int putin[PLAN_IDS], merkel[PLAN_IDS];
    plan_ids_of(searcher, "person:\"Vladimir Putin\"", putin);
    plan_ids_of(searcher, "person:\"Angela Merkel\"", merkel);
    for (unsigned id = 0; id < PLAN_IDS; id++) {
        unsigned version = state->version[id];
        ck_assert_msg(putin[id] == (version != 0), "person:\"Vladimir Putin\" %s id %u", putin[id] ? "finds" : "misses",
                      id);
        ck_assert_msg(merkel[id] == (version && plan_has_merkel(id, version)), "person:\"Angela Merkel\" %s id %u",
                      merkel[id] ? "finds" : "misses", id);
    }
}

static inline void plan_check_texts(morgue_searcher *searcher, const plan_state *state)
{
    char id_text[16], expected[PLAN_TEXT];
    morgue_error err = { 0 };
    for (unsigned id = 0; id < PLAN_IDS; id++) {
        morgue_results *results;
        const char *text;
        size_t len;
        plan_article(id_text, expected, id, state->version[id]);
        morgue_status status = morgue_fetch(searcher, id_text, NULL, &results, &err);
        if (!state->version[id]) {
            ck_assert_int_eq(status, MORGUE_ERR_NOT_FOUND);
            continue;
        }
        test_ok_at(status, &err, "morgue_fetch", __LINE__);
        test_ok(morgue_hit_text(morgue_results_hit(results, 0), &text, &len, &err));
        ck_assert_msg(len == strlen(expected) && memcmp(text, expected, len) == 0, "the text of %s is not version %u",
                      id_text, state->version[id]);
        morgue_results_free(results);
    }
}

/* The archive is sound and holds exactly what one of the commits `least` to `most` made. Returns which. */
static inline unsigned plan_verify(const char *archive, uint64_t seed, unsigned least, unsigned most)
{
    int present[PLAN_IDS], found[PLAN_IDS];
    char query[32];
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    morgue_stats stats;
    test_archive_is_sound(archive);
    test_ok(morgue_archive_stats(archive, &stats, &err));
    ck_assert_msg(stats.commit_number >= least && stats.commit_number <= most,
                  "the archive is at commit %llu, not between %u and %u", (unsigned long long)stats.commit_number,
                  least, most);
    unsigned k = (unsigned)stats.commit_number;
    plan_state state = plan_state_at(seed, k);
    test_ok(morgue_searcher_open(&searcher, &archive, 1, &err));
    plan_ids_of(searcher, "everyarticle", present);
    ck_assert_msg(plan_is_state(&state, present), "commit %u does not hold its articles", k);
    if (k) {
        snprintf(query, sizeof query, "version%u", k);
        plan_ids_of(searcher, query, found);
        for (unsigned id = 0; id < PLAN_IDS; id++)
            ck_assert_int_eq(found[id], state.version[id] == k);
    }
    plan_check_texts(searcher, &state);
    if (plan_is_state(&(plan_state){ { 0 } }, present) == 0)
        plan_check_names(searcher, &state);
    morgue_searcher_close(searcher);
    return k;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Nth allocation fails, for N over everything that opening, adding, committing, checking and
 * searching allocate: each call gives a clean status, and the archive opens afterwards, at a commit.
 */
#include "../support/scenario.h"
#include "core/alloc.h"

enum { BASE_COMMITS = 3 };

static char scratch[TEST_PATH], base[TEST_PATH], trial_path[TEST_PATH];
static uint64_t seed;

static void make_scratch(void)
{
    test_make_scratch(scratch);
    seed = test_seed();
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

static void make_base(void)
{
    test_path(base, scratch, "base");
    test_path(trial_path, scratch, "trial");
    test_remove_tree(base);
    scenario_make_base(base, seed, BASE_COMMITS);
}

/* Each N at first, then in steps that grow: a twentieth of what was passed. */
static long next_step(long n)
{
    return n < 40 ? n + 1 : n + 1 + n / 20;
}

/* Memory that ran out is told as such. */
static void statuses_are_nomem(const scenario *s, long n)
{
    scenario_failures_are(s, MORGUE_ERR_NOMEM, "allocation", n);
}

START_TEST(writer_without_memory_leaves_a_commit)
{
    unsigned trials = 0, clean = 0;
    make_base();
    /* Threads take their turns as they like, so a few runs in a row without a failure are the end. */
    for (long n = 1; clean < 3; n = next_step(n), trials++) {
        scenario s = { .seed = seed, .begun = BASE_COMMITS, .steps = 2 };
        test_remove_tree(trial_path);
        test_copy_tree(base, trial_path);
        mrg_alloc_fail_at(n);
        scenario_write(&s, trial_path);
        mrg_alloc_fail_at(0);
        statuses_are_nomem(&s, n);
        unsigned at = plan_verify(trial_path, seed, s.committed, s.attempted);
        if (!s.failures)
            ck_assert_uint_eq(at, BASE_COMMITS + 2);
        clean = s.failures ? 0 : clean + 1;
        ck_assert_uint_lt(trials, 1000);
    }
    printf("writing: %u trials\n", trials);
}
END_TEST

START_TEST(writer_goes_on_after_memory_came_back)
{
    make_base();
    for (long n = 7; n < 2000; n *= 3) {
        scenario s = { .seed = seed, .begun = BASE_COMMITS, .steps = 1 };
        test_remove_tree(trial_path);
        test_copy_tree(base, trial_path);
        mrg_alloc_fail_at(n);
        scenario_write(&s, trial_path);
        mrg_alloc_fail_at(0);
        scenario again = { .seed = seed, .begun = plan_verify(trial_path, seed, s.committed, s.attempted), .steps = 2 };
        scenario_write(&again, trial_path);
        ck_assert_uint_eq(again.failures, 0);
        ck_assert_uint_eq(plan_verify(trial_path, seed, again.committed, again.committed), again.begun + 2);
    }
}
END_TEST

START_TEST(reader_without_memory_says_so)
{
    unsigned trials = 0, clean = 0;
    make_base();
    for (long n = 1; clean < 3; n = next_step(n), trials++) {
        scenario s = { .seed = seed };
        mrg_alloc_fail_at(n);
        scenario_read(&s, base);
        mrg_alloc_fail_at(0);
        statuses_are_nomem(&s, n);
        clean = s.failures ? 0 : clean + 1;
        ck_assert_uint_lt(trials, 1000);
    }
    test_archive_is_sound(base);
    printf("reading: %u trials\n", trials);
}
END_TEST

START_TEST(check_without_memory_says_so)
{
    unsigned clean = 0;
    make_base();
    for (long n = 1; clean < 3; n = next_step(n)) {
        scenario s = { .seed = seed };
        morgue_error err = { 0 };
        morgue_stats stats;
        mrg_alloc_fail_at(n);
        scenario_note(&s, morgue_archive_check(base, NULL, NULL, &err), &err, "morgue_archive_check");
        scenario_note(&s, morgue_archive_stats(base, &stats, &err), &err, "morgue_archive_stats");
        mrg_alloc_fail_at(0);
        statuses_are_nomem(&s, n);
        clean = s.failures ? 0 : clean + 1;
        ck_assert_int_lt(n, 1000000);
    }
    test_archive_is_sound(base);
}
END_TEST

START_TEST(delete_by_query_without_memory_deletes_all_or_none)
{
    unsigned clean = 0;
    make_base();
    plan_state state = plan_state_at(seed, BASE_COMMITS);
    for (long n = 1; clean < 2; n = n < 10 ? n + 1 : n + 1 + n / 8) {
        int present[PLAN_IDS], any = 0;
        morgue_error err = { 0 };
        morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
        morgue_indexer *indexer;
        morgue_searcher *searcher;
        const char *archive = trial_path;
        scenario s = { .seed = seed };
        test_remove_tree(trial_path);
        test_copy_tree(base, trial_path);
        mrg_alloc_fail_at(n);
        scenario_note(&s, morgue_indexer_open(&indexer, trial_path, &options, &err), &err, "open");
        if (indexer) {
            scenario_note(&s, morgue_indexer_delete_query(indexer, "everyarticle", NULL, &err), &err, "delete_query");
            if (!s.failures)
                scenario_note(&s, morgue_indexer_commit(indexer, &err), &err, "commit");
        }
        morgue_indexer_close(indexer);
        mrg_alloc_fail_at(0);
        statuses_are_nomem(&s, n);
        test_archive_is_sound(trial_path);
        test_ok(morgue_searcher_open(&searcher, &archive, 1, &err));
        plan_ids_of(searcher, "everyarticle", present);
        morgue_searcher_close(searcher);
        for (unsigned id = 0; id < PLAN_IDS; id++)
            any |= present[id];
        ck_assert_msg(!any || plan_is_state(&state, present), "allocation %ld: some were deleted", n);
        ck_assert_msg(s.failures || !any, "allocation %ld: nothing failed, and nothing was deleted", n);
        clean = s.failures ? 0 : clean + 1;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc");
    TCase *tcase = tcase_create("alloc");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, writer_without_memory_leaves_a_commit);
    tcase_add_test(tcase, writer_goes_on_after_memory_came_back);
    tcase_add_test(tcase, reader_without_memory_says_so);
    tcase_add_test(tcase, check_without_memory_says_so);
    tcase_add_test(tcase, delete_by_query_without_memory_deletes_all_or_none);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Nth write or fsync fails, or files may not grow any further, as on a full disk: each call gives a
 * clean status, and the archive is at a commit.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../support/scenario.h"
#include "core/file.h"

/* Seven segments, so that the steps make the eighth, which merges them; step 11 compacts. */
enum { BASE_COMMITS = 7, STEPS = 5 };

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

START_TEST(failed_write_or_sync_leaves_a_commit)
{
    unsigned clean = 0, trials = 0;
    make_base();
    for (long n = 1; clean < 2; n += n < 12 ? 1 : 3, trials++) {
        scenario s = { .seed = seed, .begun = BASE_COMMITS, .steps = STEPS };
        test_remove_tree(trial_path);
        test_copy_tree(base, trial_path);
        mrg_file_fail_at(n);
        scenario_write(&s, trial_path);
        mrg_file_fail_at(0);
        scenario_failures_are(&s, MORGUE_ERR_IO, "write", n);
        plan_verify(trial_path, seed, s.committed, s.attempted);
        clean = s.failures ? 0 : clean + 1;
        ck_assert_int_lt(n, 10000);
    }
    printf("%u trials\n", trials);
}
END_TEST

START_TEST(writer_goes_on_after_a_failed_write)
{
    make_base();
    for (long n = 1; n < 20; n += 4) {
        scenario s = { .seed = seed, .begun = BASE_COMMITS, .steps = 3 };
        test_remove_tree(trial_path);
        test_copy_tree(base, trial_path);
        mrg_file_fail_at(n);
        scenario_write(&s, trial_path);
        mrg_file_fail_at(0);
        scenario again = { .seed = seed, .begun = plan_verify(trial_path, seed, s.committed, s.attempted), .steps = 2 };
        scenario_write(&again, trial_path);
        ck_assert_uint_eq(again.failures, 0);
        ck_assert_uint_eq(plan_verify(trial_path, seed, again.committed, again.committed), again.begun + 2);
    }
}
END_TEST

/* ---- A full disk ---- */

/* In a child, because the limit can be lowered only: files may not grow past `limit` bytes. */
static void run_limited(rlim_t limit, int report)
{
    scenario s = { .seed = seed, .begun = BASE_COMMITS, .steps = STEPS };
    struct rlimit file_size;
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 2, .lock_timeout_ms = 5000 };
    morgue_indexer *indexer;
    plan_state state = plan_state_at(seed, BASE_COMMITS);
    signal(SIGXFSZ, SIG_IGN);
    if (getrlimit(RLIMIT_FSIZE, &file_size))
        _exit(5);
    file_size.rlim_cur = limit;
    if (setrlimit(RLIMIT_FSIZE, &file_size))
        _exit(5);
    s.committed = s.attempted = s.begun;
    morgue_status status = morgue_indexer_open(&indexer, trial_path, &options, &err);
    for (unsigned i = 0; i < STEPS && !status; i++) {
        s.attempted++;
        status = plan_run_step(indexer, seed, s.attempted, &state, &err);
        if (!status)
            s.committed = s.attempted;
    }
    if (status && (err.status != status || !err.message[0]))
        _exit(6);
    morgue_indexer_close(indexer);
    s.failures = status != MORGUE_OK;
    s.first[0].status = status;
    snprintf(s.first[0].told, sizeof s.first[0].told, "%.160s", err.message);
    _exit(write(report, &s, sizeof s) == (ssize_t)sizeof s ? 0 : 7);
}

static scenario run_in_child(rlim_t limit)
{
    scenario s;
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        alarm(60);
        run_limited(limit, ends[1]);
    }
    close(ends[1]);
    ssize_t n = read(ends[0], &s, sizeof s);
    close(ends[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0 && n == (ssize_t)sizeof s,
                  "files of at most %lu bytes: the writer ended with %x", (unsigned long)limit, (unsigned)status);
    return s;
}

START_TEST(full_disk_leaves_a_commit)
{
    unsigned trials = 0, failures = 0;
    scenario s;
    make_base();
    rlim_t limit = 0;
    do {
        test_remove_tree(trial_path);
        test_copy_tree(base, trial_path);
        s = run_in_child(limit);
        scenario_failures_are(&s, MORGUE_ERR_IO, "files no larger than", (long)limit);
        plan_verify(trial_path, seed, s.committed, s.attempted);
        failures += s.failures != 0;
        trials++;
        limit = limit < 256 ? limit + 100 : limit < 8192 ? limit * 2 : limit + 4096;
        ck_assert_uint_lt(limit, 4 << 20);
    } while (s.failures);
    ck_assert_uint_gt(failures, 4);
    printf("%u trials, the last with files of at most %lu bytes\n", trials, (unsigned long)limit);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("io");
    TCase *tcase = tcase_create("io");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, failed_write_or_sync_leaves_a_commit);
    tcase_add_test(tcase, writer_goes_on_after_a_failed_write);
    tcase_add_test(tcase, full_disk_leaves_a_commit);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

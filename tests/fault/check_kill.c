/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A writer killed at any moment leaves the archive at a commit: the last one it reported, or the one it
 * was about to report. The next writer goes on from there.
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "../support/plan.h"

enum { KILLS = 120, SLOWEST_CHILD_MS = 20000 };

static char scratch[TEST_PATH], archive[TEST_PATH];

static void make_scratch(void)
{
    test_make_scratch(scratch);
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

/* ---- The child ---- */

static void run_writer(uint64_t seed, unsigned next, int acknowledge)
{
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 2, .lock_timeout_ms = 5000 };
    morgue_indexer *indexer;
    plan_state state = plan_state_at(seed, next - 1);
    morgue_status status = morgue_indexer_open(&indexer, archive, &options, &err);
    for (unsigned k = next; !status; k++) {
        status = plan_run_step(indexer, seed, k, &state, &err);
        if (!status && write(acknowledge, &k, sizeof k) != (ssize_t)sizeof k)
            _exit(4);
    }
    fprintf(stderr, "the writer failed: %d %s\n", (int)status, err.message);
    _exit(3);
}

/* ---- The parent ---- */

typedef struct writer {
    pid_t pid;
    int acknowledged; /* where the numbers of its commits come from */
    unsigned last;    /* commit that it reported, or began with */
} writer;

static writer start_writer(uint64_t seed, unsigned committed)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    fflush(NULL);
    writer w = { .pid = fork(), .last = committed };
    ck_assert_int_ge(w.pid, 0);
    if (w.pid == 0) {
        close(ends[0]);
        run_writer(seed, committed + 1, ends[1]);
    }
    close(ends[1]);
    w.acknowledged = ends[0];
    return w;
}

/* Reads one report; 0 if none comes in time, or ever. */
static int read_report(writer *w, int timeout_ms)
{
    struct pollfd ready = { .fd = w->acknowledged, .events = POLLIN };
    unsigned k;
    if (poll(&ready, 1, timeout_ms) <= 0 || read(w->acknowledged, &k, sizeof k) != (ssize_t)sizeof k)
        return 0;
    ck_assert_uint_eq(k, w->last + 1);
    w->last = k;
    return 1;
}

static void kill_writer(writer *w)
{
    int status;
    ck_assert_int_eq(kill(w->pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(w->pid, &status, 0), w->pid);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the writer ended by itself: %x",
                  (unsigned)status);
    while (read_report(w, 0))
        ;
    close(w->acknowledged);
}

static void sleep_us(unsigned us)
{
    struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000 };
    nanosleep(&t, NULL);
}

/* How long a commit takes here and now, and the opening of the archive before it. */
static unsigned measure(uint64_t seed, unsigned *committed, unsigned *opening_us)
{
    enum { COMMITS = 12 };
    double start = test_now();
    writer w = start_writer(seed, *committed);
    ck_assert_msg(read_report(&w, SLOWEST_CHILD_MS), "no commit within %d ms", SLOWEST_CHILD_MS);
    double first = test_now();
    for (int i = 0; i < COMMITS; i++)
        ck_assert(read_report(&w, SLOWEST_CHILD_MS));
    double each = (test_now() - first) / COMMITS;
    kill_writer(&w);
    *opening_us = (unsigned)((first - start) * 1e6);
    *committed = plan_verify(archive, seed, w.last, w.last + 1);
    return (unsigned)(each * 1e6);
}

START_TEST(killed_writer_leaves_a_commit)
{
    uint64_t seed = test_seed(), random = seed;
    unsigned committed = 0, opening_us, between = 0;
    test_path(archive, scratch, "killed");
    unsigned commit_us = measure(seed, &committed, &opening_us);
    for (int trial = 0; trial < KILLS; trial++) {
        unsigned begun = committed;
        writer w = start_writer(seed, committed);
        if (trial % 3 == 0) { /* while it opens, cleans up, and takes the first articles */
            sleep_us(test_below(&random, opening_us + 1));
        } else { /* anywhere in a commit */
            for (unsigned reports = 1 + test_below(&random, 3); reports > 0; reports--)
                ck_assert_msg(read_report(&w, SLOWEST_CHILD_MS), "trial %d: no commit within %d ms", trial,
                              SLOWEST_CHILD_MS);
            sleep_us(test_below(&random, commit_us + commit_us / 4 + 1));
        }
        kill_writer(&w);
        committed = plan_verify(archive, seed, w.last, w.last + 1);
        ck_assert_uint_ge(committed, begun);
        between += committed != w.last;
    }
    printf("%u commits, a commit takes %u us, opening %u us; %u kills fell between commit and report\n", committed,
           commit_us, opening_us, between);
}
END_TEST

START_TEST(writer_killed_at_birth_leaves_a_place_for_the_next)
{
    uint64_t seed = test_seed() + 1, random = seed;
    for (int trial = 0; trial < 12; trial++) {
        char name[32];
        snprintf(name, sizeof name, "birth-%d", trial);
        test_path(archive, scratch, name);
        writer w = start_writer(seed, 0);
        sleep_us(test_below(&random, 12000));
        kill_writer(&w);
        morgue_error err = { 0 };
        morgue_status status = morgue_archive_check(archive, NULL, NULL, &err);
        if (w.last == 0 && status == MORGUE_ERR_NOT_FOUND) {
            ck_assert(err.message[0] != 0); /* not made yet, and says so */
        } else {
            plan_verify(archive, seed, w.last, w.last + 1);
        }
        unsigned begun = 0;
        morgue_stats stats;
        if (morgue_archive_stats(archive, &stats, &err) == MORGUE_OK)
            begun = (unsigned)stats.commit_number;
        w = start_writer(seed, begun);
        ck_assert_msg(read_report(&w, SLOWEST_CHILD_MS), "trial %d: the next writer does not get to a commit", trial);
        kill_writer(&w);
        plan_verify(archive, seed, w.last, w.last + 1);
        test_remove_tree(archive);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kill");
    TCase *tcase = tcase_create("kill");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, killed_writer_leaves_a_commit);
    tcase_add_test(tcase, writer_killed_at_birth_leaves_a_place_for_the_next);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One writer that commits all the time, and readers that open, refresh and search beside it: every
 * answer is that of one commit. And: only one writer at a time.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "../support/testing.h"

enum { READERS = 4, SECONDS = 5, LINE = 600, TWIN_TEXT = 2000 };

static char scratch[TEST_PATH], archive[TEST_PATH];

static void make_scratch(void)
{
    test_make_scratch(scratch);
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

/* ---- A writer: each commit adds a pair of articles and rewrites the twins ---- */

typedef struct stage {
    atomic_uint commits; /* that the writer reported */
    atomic_int stop;
    atomic_ulong answers;
    pthread_mutex_t lock;
    char failure[LINE]; /* the first one; Check's own assertions are not for threads */
} stage;

/* Ends the run with the first failure told. */
static void tell(stage *s, const char *what, const morgue_error *err, unsigned a, unsigned b)
{
    pthread_mutex_lock(&s->lock);
    if (!s->failure[0])
        snprintf(s->failure, sizeof s->failure, "%s (%u, %u): %d %s", what, a, b, err ? (int)err->status : 0,
                 err ? err->message : "");
    pthread_mutex_unlock(&s->lock);
    atomic_store(&s->stop, 1);
}

static morgue_status add(morgue_indexer *indexer, const char *id, unsigned commit, morgue_error *err)
{
    char text[TWIN_TEXT];
    size_t n =
        (size_t)snprintf(text, sizeof text, "%s of commit%u. ", strncmp(id, "pair", 4) ? "Twin" : "Pairwise", commit);
    for (int i = 0; i < 60; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "word%u ", (commit * 7 + (unsigned)i * 13) % 300);
    morgue_article article = { .id = id, .title = "Two by two", .text = text, .date = "2020-02-20" };
    return morgue_indexer_add(indexer, &article, err);
}

static morgue_status write_commit(morgue_indexer *indexer, unsigned commit, morgue_error *err)
{
    char a[32], b[32];
    snprintf(a, sizeof a, "pair-%u-a", commit);
    snprintf(b, sizeof b, "pair-%u-b", commit);
    morgue_status status = add(indexer, a, commit, err);
    if (!status)
        status = add(indexer, "twin-a", commit, err);
    if (!status)
        status = add(indexer, b, commit, err);
    if (!status)
        status = add(indexer, "twin-b", commit, err);
    if (status)
        return status;
    return commit % 25 == 0 ? morgue_indexer_compact(indexer, err) : morgue_indexer_commit(indexer, err);
}

static void *run_writer(void *ctx)
{
    stage *s = ctx;
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
    morgue_indexer *indexer = NULL;
    unsigned commit = atomic_load(&s->commits);
    while (!atomic_load(&s->stop)) {
        /* Now and then another writer. */
        if (!indexer && morgue_indexer_open(&indexer, archive, &options, &err)) {
            tell(s, "the writer cannot open", &err, commit, 0);
            break;
        }
        commit++;
        if (write_commit(indexer, commit, &err)) {
            tell(s, "the writer failed", &err, commit, 0);
            break;
        }
        atomic_store(&s->commits, commit);
        if (commit % 10 == 0) {
            morgue_indexer_close(indexer);
            indexer = NULL;
        }
    }
    morgue_indexer_close(indexer);
    return NULL;
}

/* ---- Readers ---- */

/* The twins come from the same commit, and that one not before `least`. */
static void look_at_twins(stage *s, morgue_searcher *searcher, unsigned least, unsigned *seen)
{
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_search_options options = { .limit = 10, .exact_count = 1 };
    unsigned commits[2] = { 0, 0 };
    if (morgue_search(searcher, "twin", &options, &results, &err)) {
        tell(s, "a search failed", &err, least, 0);
        return;
    }
    if (morgue_results_size(results) != 2)
        tell(s, "not two twins", NULL, least, (unsigned)morgue_results_size(results));
    for (size_t i = 0; i < morgue_results_size(results) && i < 2; i++) {
        const char *text;
        size_t len;
        char start[64] = "";
        if (morgue_hit_text(morgue_results_hit(results, i), &text, &len, &err)) {
            tell(s, "a text cannot be read", &err, least, (unsigned)i);
            break;
        }
        snprintf(start, sizeof start, "%.*s", len < 60 ? (int)len : 60, text);
        if (sscanf(start, "Twin of commit%u", &commits[i]) != 1)
            tell(s, "a twin has another text", NULL, least, (unsigned)i);
    }
    morgue_results_free(results);
    if (commits[0] != commits[1])
        tell(s, "the twins are of two commits", NULL, commits[0], commits[1]);
    if (commits[0] < least)
        tell(s, "a commit that was reported is not seen", NULL, commits[0], least);
    *seen = commits[0];
}

/* As many pairs as commits, both or none of each. */
static void look_at_pairs(stage *s, morgue_searcher *searcher, unsigned commit)
{
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_search_options options = { .limit = MORGUE_NO_HITS, .exact_count = 1 };
    uint64_t count = 0;
    char query[80];
    if (morgue_search(searcher, "pairwise", &options, &results, &err)) {
        tell(s, "a search failed", &err, commit, 0);
        return;
    }
    morgue_results_count(results, &count, NULL);
    morgue_results_free(results);
    if (count < 2 * (uint64_t)commit || count % 2)
        tell(s, "half a pair", NULL, commit, (unsigned)count);
    snprintf(query, sizeof query, "\"pairwise of commit%u\" OR \"twin of commit%u\"", commit, commit);
    options.limit = 10;
    if (morgue_search(searcher, query, &options, &results, &err)) {
        tell(s, "a search failed", &err, commit, 0);
        return;
    }
    /* A refresh by the searcher itself may have brought newer twins; the pair stays. */
    size_t size = morgue_results_size(results);
    if (size != 4 && size != 2)
        tell(s, "a commit in part", NULL, commit, (unsigned)size);
    morgue_results_free(results);
}

static void *run_reader(void *ctx)
{
    stage *s = ctx;
    const char *path = archive;
    morgue_searcher *searcher = NULL;
    unsigned long rounds = 0;
    unsigned seen = 0, last = 0;
    while (!atomic_load(&s->stop)) {
        morgue_error err = { 0 };
        unsigned least = atomic_load(&s->commits);
        if (rounds % 16 == 0) {
            morgue_searcher_close(searcher);
            if (morgue_searcher_open(&searcher, &path, 1, &err)) {
                tell(s, "a reader cannot open", &err, least, 0);
                break;
            }
        } else if (rounds % 4 == 3) {
            least = last; /* not refreshed: what it saw is the least */
        } else if (morgue_searcher_refresh(searcher, &err)) {
            tell(s, "a reader cannot refresh", &err, least, 0);
            break;
        }
        look_at_twins(s, searcher, least > last ? least : last, &seen);
        look_at_pairs(s, searcher, seen);
        last = seen;
        rounds++;
        atomic_fetch_add(&s->answers, 3);
    }
    morgue_searcher_close(searcher);
    return NULL;
}

START_TEST(readers_see_whole_commits)
{
    stage s = { .lock = PTHREAD_MUTEX_INITIALIZER };
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    pthread_t writer, readers[READERS];
    struct timespec pause = { 0, 20000000 };
    test_path(archive, scratch, "concurrent");
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    test_ok(write_commit(indexer, 1, &err));
    morgue_indexer_close(indexer);
    atomic_store(&s.commits, 1);
    ck_assert_int_eq(pthread_create(&writer, NULL, run_writer, &s), 0);
    for (int i = 0; i < READERS; i++)
        ck_assert_int_eq(pthread_create(&readers[i], NULL, run_reader, &s), 0);
    for (double end = test_now() + SECONDS; test_now() < end && !atomic_load(&s.stop);)
        nanosleep(&pause, NULL);
    atomic_store(&s.stop, 1);
    pthread_join(writer, NULL);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    printf("%u commits, %lu answers\n", atomic_load(&s.commits), atomic_load(&s.answers));
    ck_assert_msg(!s.failure[0], "%s", s.failure);
    ck_assert_uint_gt(atomic_load(&s.commits), 3);
    ck_assert_uint_gt(atomic_load(&s.answers), 20);
    test_archive_is_sound(archive);
}
END_TEST

/* ---- Results that outlive commits ---- */

START_TEST(results_stay_readable_while_the_archive_moves_on)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    morgue_searcher *searcher;
    morgue_results *results;
    const char *path = archive, *text;
    size_t len;
    test_path(archive, scratch, "moving");
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    test_ok(write_commit(indexer, 1, &err));
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    test_ok(morgue_search(searcher, "twin", NULL, &results, &err));
    ck_assert_uint_eq(morgue_results_size(results), 2);
    for (unsigned commit = 2; commit <= 30; commit++)
        test_ok(write_commit(indexer, commit, &err)); /* one of them compacts */
    test_ok(morgue_searcher_refresh(searcher, &err));
    /* The text is in a segment that the results hold open; it is still that of commit 1. */
    for (size_t i = 0; i < 2; i++) {
        morgue_status status = morgue_hit_text(morgue_results_hit(results, i), &text, &len, &err);
        test_ok_at(status, &err, "morgue_hit_text", __LINE__);
        ck_assert_msg(len > 17 && strncmp(text, "Twin of commit1. ", 17) == 0, "the text is %.*s", 20, text);
    }
    morgue_results_free(results);
    test_ok(morgue_search(searcher, "\"twin of commit30\"", NULL, &results, &err));
    ck_assert_uint_eq(morgue_results_size(results), 2);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
    morgue_indexer_close(indexer);
    test_archive_is_sound(archive);
}
END_TEST

START_TEST(searcher_overtaken_by_commits_still_answers)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    morgue_searcher *searcher;
    morgue_results *results;
    const char *path = archive;
    test_path(archive, scratch, "overtaken");
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    test_ok(write_commit(indexer, 1, &err));
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    for (unsigned commit = 2; commit <= 30; commit++) {
        test_ok(write_commit(indexer, commit, &err));
        if (commit % 5)
            continue;
        /* Never refreshed: old or new, but whole. */
        morgue_search_options options = { .limit = 100, .exact_count = 1 };
        test_ok(morgue_search(searcher, "pairwise", &options, &results, &err));
        size_t size = morgue_results_size(results);
        ck_assert_msg(size % 2 == 0 && size >= 2 && size <= 2 * commit, "%zu hits at commit %u", size, commit);
        for (size_t i = 0; i < size; i++)
            ck_assert_int_eq(strncmp(morgue_hit_id(morgue_results_hit(results, i)), "pair-", 5), 0);
        morgue_results_free(results);
    }
    morgue_searcher_close(searcher);
    morgue_indexer_close(indexer);
    test_archive_is_sound(archive);
}
END_TEST

/* ---- Two writers ---- */

START_TEST(second_writer_is_locked_out)
{
    morgue_error err = { 0 };
    morgue_indexer *first, *second;
    test_path(archive, scratch, "locked");
    test_ok(morgue_indexer_open(&first, archive, NULL, &err));
    test_ok(write_commit(first, 1, &err));
    ck_assert_int_eq(morgue_indexer_open(&second, archive, NULL, &err), MORGUE_ERR_LOCKED);
    test_clean_failure(MORGUE_ERR_LOCKED, &err, "the second writer");
    ck_assert_ptr_null(second);
    /* The attempt disturbs nothing. */
    test_ok(write_commit(first, 2, &err));
    morgue_indexer_close(first);
    test_ok(morgue_indexer_open(&second, archive, NULL, &err));
    test_ok(write_commit(second, 3, &err));
    morgue_indexer_close(second);
    test_archive_is_sound(archive);
}
END_TEST

static void *close_soon(void *ctx)
{
    struct timespec pause = { 0, 400000000 };
    nanosleep(&pause, NULL);
    morgue_indexer_close(ctx);
    return NULL;
}

START_TEST(second_writer_waits_as_long_as_it_may)
{
    morgue_error err = { 0 };
    morgue_index_options brief = { .lock_timeout_ms = 200 }, patient = { .lock_timeout_ms = 20000 };
    morgue_indexer *first, *second;
    pthread_t closer;
    test_path(archive, scratch, "waiting");
    test_ok(morgue_indexer_open(&first, archive, NULL, &err));
    test_ok(write_commit(first, 1, &err));
    double start = test_now();
    ck_assert_int_eq(morgue_indexer_open(&second, archive, &brief, &err), MORGUE_ERR_LOCKED);
    double waited = test_now() - start;
    ck_assert_msg(waited >= 0.19 && waited < 10, "waited %.3f s instead of 0.2", waited);
    ck_assert_int_eq(pthread_create(&closer, NULL, close_soon, first), 0);
    test_ok(morgue_indexer_open(&second, archive, &patient, &err));
    pthread_join(closer, NULL);
    test_ok(write_commit(second, 2, &err));
    morgue_indexer_close(second);
    test_archive_is_sound(archive);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("concurrent");
    TCase *tcase = tcase_create("concurrent");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, readers_see_whole_commits);
    tcase_add_test(tcase, results_stay_readable_while_the_archive_moves_on);
    tcase_add_test(tcase, searcher_overtaken_by_commits_still_answers);
    tcase_add_test(tcase, second_writer_is_locked_out);
    tcase_add_test(tcase, second_writer_waits_as_long_as_it_may);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

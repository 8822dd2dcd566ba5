/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cursors: what came since is all that came since, and a cursor that does not fit is told so. */
#include "../support/testing.h"

static char root[TEST_PATH];

static void setup(void)
{
    test_make_scratch(root);
}

static void teardown(void)
{
    test_remove_tree(root);
}

/* Articles a<from> to a<to - 1>, of generation `version`. */
static void add(const char *archive, int from, int to, int version)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    for (int i = from; i < to; i++) {
        char id[16], text[64];
        snprintf(id, sizeof id, "a%d", i);
        snprintf(text, sizeof text, "Every red word of version%d in number%d.", version, i);
        morgue_article article = { .id = id, .text = text, .source = i % 2 ? "Reuters" : "AFP", .date = "2014-03-01" };
        test_ok(morgue_indexer_add(indexer, &article, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static void compact(const char *archive)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    test_ok(morgue_indexer_compact(indexer, &err));
    morgue_indexer_close(indexer);
}

static void delete(const char *archive, const char *id)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    test_ok(morgue_indexer_delete(indexer, id, &err));
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static morgue_searcher *open_two(const char *first, const char *second)
{
    const char *paths[] = { first, second };
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, paths, second ? 2 : 1, &err));
    return searcher;
}

/* To be freed. */
static char *cursor_of(const char *first, const char *second)
{
    morgue_error err = { 0 };
    morgue_searcher *searcher = open_two(first, second);
    const char *cursor = morgue_searcher_cursor(searcher, &err);
    ck_assert_ptr_nonnull(cursor);
    char *copy = strdup(cursor);
    morgue_searcher_close(searcher);
    return copy;
}

static uint64_t count_since(morgue_searcher *searcher, const char *query, const char *cursor, morgue_sort sort)
{
    morgue_search_options options = { .exact_count = 1, .since = cursor, .limit = 100, .sort = sort };
    morgue_error err = { 0 };
    morgue_results *results;
    uint64_t low, high;
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    morgue_results_count(results, &low, &high);
    ck_assert_uint_eq(low, high);
    ck_assert_uint_eq(low, morgue_results_size(results));
    morgue_results_free(results);
    return low;
}

/* By words, by a field, by nothing but an exclusion, in any order. */
static void expect_new(morgue_searcher *searcher, const char *cursor, uint64_t all, uint64_t of_reuters)
{
    for (int sort = MORGUE_SORT_RELEVANCE; sort <= MORGUE_SORT_OLDEST; sort++) {
        ck_assert_uint_eq(count_since(searcher, "red", cursor, (morgue_sort)sort), all);
        ck_assert_uint_eq(count_since(searcher, "source:reuters", cursor, (morgue_sort)sort), of_reuters);
        ck_assert_uint_eq(count_since(searcher, "red source:reuters", cursor, (morgue_sort)sort), of_reuters);
        ck_assert_uint_eq(count_since(searcher, "-source:reuters", cursor, (morgue_sort)sort), all - of_reuters);
        ck_assert_uint_eq(count_since(searcher, "-nowhere", cursor, (morgue_sort)sort), all);
        ck_assert_uint_eq(count_since(searcher, "nowhere OR source:reuters", cursor, (morgue_sort)sort), of_reuters);
    }
}

static void expect_one(const char *archive, const char *cursor, uint64_t all, uint64_t of_reuters)
{
    morgue_searcher *searcher = open_two(archive, NULL);
    expect_new(searcher, cursor, all, of_reuters);
    morgue_searcher_close(searcher);
}

START_TEST(what_came_and_what_changed_is_new)
{
    char archive[TEST_PATH];
    test_path(archive, root, "new");
    add(archive, 0, 10, 1);
    char *cursor = cursor_of(archive, NULL);
    expect_one(archive, cursor, 0, 0);
    add(archive, 10, 13, 1);
    expect_one(archive, cursor, 3, 1);
    add(archive, 2, 4, 2); /* these were there, and change */
    expect_one(archive, cursor, 5, 2);
    add(archive, 4, 8, 1); /* these do not */
    expect_one(archive, cursor, 5, 2);
    compact(archive);
    expect_one(archive, cursor, 5, 2);
    free(cursor);
}
END_TEST

START_TEST(deleted_articles_at_the_end_do_not_bring_old_docids_back)
{
    char archive[TEST_PATH];
    test_path(archive, root, "deleted");
    add(archive, 0, 6, 1);
    char *cursor = cursor_of(archive, NULL);
    delete(archive, "a5");
    compact(archive);
    expect_one(archive, cursor, 0, 0);
    add(archive, 20, 22, 1);
    expect_one(archive, cursor, 2, 1);
    free(cursor);
}
END_TEST

START_TEST(an_empty_archive_has_a_cursor_too)
{
    char archive[TEST_PATH];
    test_path(archive, root, "empty");
    add(archive, 0, 0, 1);
    char *cursor = cursor_of(archive, NULL);
    expect_one(archive, cursor, 0, 0);
    add(archive, 0, 4, 1);
    expect_one(archive, cursor, 4, 2);
    free(cursor);
}
END_TEST

START_TEST(archives_keep_their_own_place_in_any_order)
{
    char first[TEST_PATH], second[TEST_PATH];
    test_path(first, root, "one");
    test_path(second, root, "two");
    add(first, 0, 3, 1);
    add(second, 100, 150, 1);
    char *cursor = cursor_of(first, second);
    add(first, 3, 7, 1);
    morgue_searcher *searcher = open_two(second, first);
    expect_new(searcher, cursor, 4, 2);
    morgue_searcher_close(searcher);
    add(second, 150, 151, 1);
    searcher = open_two(first, second);
    expect_new(searcher, cursor, 5, 2);
    morgue_searcher_close(searcher);
    expect_one(first, cursor, 4, 2);
    expect_one(second, cursor, 1, 0);
    free(cursor);
}
END_TEST

static void expect_invalid(morgue_searcher *searcher, const char *cursor, const char *said)
{
    morgue_search_options options = { .since = cursor };
    morgue_error err = { 0 };
    morgue_results *results;
    ck_assert_int_eq(morgue_search(searcher, "red", &options, &results, &err), MORGUE_ERR_INVALID);
    ck_assert_ptr_null(results);
    ck_assert_msg(strstr(err.message, said) != NULL, "%s: %s", cursor, err.message);
}

START_TEST(a_cursor_of_another_archive_is_told_apart)
{
    char archive[TEST_PATH], other[TEST_PATH], copy[TEST_PATH];
    test_path(archive, root, "known");
    test_path(other, root, "unknown");
    test_path(copy, root, "copy");
    add(archive, 0, 3, 1);
    add(other, 0, 3, 1);
    test_copy_tree(archive, copy);
    char *cursor = cursor_of(archive, NULL);
    morgue_searcher *searcher = open_two(other, NULL);
    expect_invalid(searcher, cursor, "made anew");
    morgue_searcher_close(searcher);
    searcher = open_two(archive, other);
    expect_invalid(searcher, cursor, "unknown");
    morgue_searcher_close(searcher);
    free(cursor);
    add(archive, 3, 4, 1);
    cursor = cursor_of(archive, NULL);
    searcher = open_two(copy, NULL); /* as it was before */
    expect_invalid(searcher, cursor, "holds less");
    morgue_searcher_close(searcher);
    test_remove_tree(archive);
    add(archive, 0, 30, 1);
    searcher = open_two(archive, NULL);
    expect_invalid(searcher, cursor, "made anew");
    morgue_searcher_close(searcher);
    free(cursor);
}
END_TEST

START_TEST(hostile_cursors_are_refused)
{
    static const char *const bad[] = { "", "m", "m1", "m1-", "m1-00000000", "m2-0000000000000000.0-00000000",
                                       "m1-0000000000000000.0-00000000", "x", "\xff\xff", "m1--", "m1-0.0-0" };
    char archive[TEST_PATH];
    test_path(archive, root, "hostile");
    add(archive, 0, 3, 1);
    char *cursor = cursor_of(archive, NULL);
    size_t len = strlen(cursor);
    morgue_searcher *searcher = open_two(archive, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_invalid(searcher, bad[i], "not a cursor");
    for (size_t i = 0; i < len; i++) {
        char broken[200];
        ck_assert_uint_lt(len, sizeof broken);
        memcpy(broken, cursor, len + 1);
        broken[i] = broken[i] == '1' ? '2' : '1';
        expect_invalid(searcher, broken, "not a cursor");
        broken[i] = 0;
        expect_invalid(searcher, broken, "not a cursor");
    }
    morgue_searcher_close(searcher);
    free(cursor);
}
END_TEST

/* Random steps: at each of them, what is new since any earlier cursor, with what was there and is still as it
   was, is all there is. */
START_TEST(since_and_before_are_all)
{
    enum { STEPS = 24, IDS = 40 };
    char archive[TEST_PATH], *cursors[STEPS];
    int step_of[IDS]; /* when each was last written; 0: not there */
    uint64_t state = test_seed();
    test_path(archive, root, "property");
    add(archive, 0, 0, 0);
    memset(step_of, 0, sizeof step_of);
    cursors[0] = cursor_of(archive, NULL);
    for (int step = 1; step < STEPS; step++) {
        unsigned what = test_below(&state, 8), from = test_below(&state, IDS), count = test_below(&state, 5);
        if (what == 0) {
            compact(archive);
        } else if (what == 1 && step_of[from]) {
            char id[16];
            snprintf(id, sizeof id, "a%u", from);
            delete(archive, id);
            step_of[from] = 0;
        } else {
            unsigned to = from + count < IDS ? from + count : IDS;
            add(archive, (int)from, (int)to, step);
            for (unsigned i = from; i < to; i++)
                step_of[i] = step;
        }
        cursors[step] = cursor_of(archive, NULL);
        morgue_searcher *searcher = open_two(archive, NULL);
        for (int then = 0; then <= step; then++) {
            uint64_t all = 0, reuters = 0;
            for (int i = 0; i < IDS; i++) {
                all += step_of[i] > then;
                reuters += step_of[i] > then && i % 2;
            }
            expect_new(searcher, cursors[then], all, reuters);
        }
        morgue_searcher_close(searcher);
    }
    test_archive_is_sound(archive);
    for (int i = 0; i < STEPS; i++)
        free(cursors[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cursor");
    TCase *tcase = tcase_create("cursor");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_came_and_what_changed_is_new);
    tcase_add_test(tcase, deleted_articles_at_the_end_do_not_bring_old_docids_back);
    tcase_add_test(tcase, an_empty_archive_has_a_cursor_too);
    tcase_add_test(tcase, archives_keep_their_own_place_in_any_order);
    tcase_add_test(tcase, a_cursor_of_another_archive_is_told_apart);
    tcase_add_test(tcase, hostile_cursors_are_refused);
    tcase_add_test(tcase, since_and_before_are_all);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

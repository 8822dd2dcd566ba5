/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of pairs in an archive: what is found is the same with and without, and the archive keeps how many it has. */
#include "../support/testing.h"
#include "store/snapshot.h"

enum { ARTICLES = 900, WORDS_EACH = 60, PHRASES = 300 };

static const char *const common[] = { "the", "of",   "and", "to",  "in",       "a",
                                      "said", "bank", "on",  "for", "minister", "by" };
static uint64_t state;
static char folder[TEST_PATH];

/* Low ones are frequent. */
static const char *random_word(void)
{
    unsigned r = test_below(&state, 1000);
    return common[r * r / 1000 * (sizeof common / sizeof *common) / 1000];
}

static void add_articles(const char *path, int pair_percent, unsigned first, unsigned count, int compact)
{
    morgue_index_options options = { .jobs = 1, .no_entities = 1, .resemblance = -1, .pair_percent = pair_percent };
    morgue_indexer *indexer;
    morgue_error err;
    test_ok(morgue_indexer_open(&indexer, path, &options, &err));
    state = 11 + first;
    for (unsigned i = first; i < first + count; i++) {
        char id[16], text[WORDS_EACH * 12] = "";
        snprintf(id, sizeof id, "a%u", i);
        for (int k = 0; k < WORDS_EACH; k++) {
            strcat(text, random_word());
            strcat(text, test_below(&state, 30) ? " " : ", ");
        }
        morgue_article article = { .id = id, .title = "The bank of the minister", .text = text };
        test_ok(morgue_indexer_add(indexer, &article, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    if (compact)
        test_ok(morgue_indexer_compact(indexer, &err));
    morgue_indexer_close(indexer);
}

static void delete_some(const char *path)
{
    morgue_indexer *indexer;
    morgue_error err;
    test_ok(morgue_indexer_open(&indexer, path, NULL, &err));
    for (unsigned i = 0; i < ARTICLES; i += 7) {
        char id[16];
        snprintf(id, sizeof id, "a%u", i);
        test_ok(morgue_indexer_delete(indexer, id, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

/* Of all segments; *percent is what the archive keeps. */
static unsigned count_pairs(const char *path, unsigned *percent)
{
    mrg_snapshot *snapshot;
    morgue_error err;
    unsigned n = 0;
    test_ok(mrg_snapshot_open(&snapshot, path, &err));
    *percent = snapshot->pair_percent;
    for (size_t i = 0; i < snapshot->manifest.segment_count; i++) {
        mrg_term_cursor cursor;
        int done;
        test_ok(mrg_term_cursor_init(&cursor, snapshot->segments[i], "z", 1, &done, &err));
        for (; !done; n++)
            test_ok(mrg_term_cursor_next(&cursor, &done, &err));
    }
    mrg_snapshot_close(snapshot);
    return n;
}

static void expect_same(morgue_searcher *with, morgue_searcher *without, const char *query, size_t limit)
{
    morgue_search_options options = { .limit = limit, .exact_count = 1 };
    morgue_results *a, *b;
    uint64_t counts[2];
    morgue_error err;
    test_ok(morgue_search(with, query, &options, &a, &err));
    test_ok(morgue_search(without, query, &options, &b, &err));
    ck_assert_uint_eq(morgue_results_size(a), morgue_results_size(b));
    morgue_results_count(a, &counts[0], NULL);
    morgue_results_count(b, &counts[1], NULL);
    ck_assert_uint_eq(counts[0], counts[1]);
    for (size_t i = 0; i < morgue_results_size(a); i++) {
        const morgue_hit *x = morgue_results_hit(a, i), *y = morgue_results_hit(b, i);
        ck_assert_msg(!strcmp(morgue_hit_id(x), morgue_hit_id(y)), "hit %zu of %s: %s, not %s", i, query,
                      morgue_hit_id(x), morgue_hit_id(y));
        ck_assert(!(morgue_hit_score(x) < morgue_hit_score(y)) && !(morgue_hit_score(x) > morgue_hit_score(y)));
    }
    morgue_results_free(a);
    morgue_results_free(b);
}

static void compare_phrases(const char *with_path, const char *without_path)
{
    morgue_searcher *with, *without;
    morgue_error err;
    test_ok(morgue_searcher_open(&with, &with_path, 1, &err));
    test_ok(morgue_searcher_open(&without, &without_path, 1, &err));
    for (int i = 0; i < PHRASES; i++) {
        char query[128] = "\"";
        for (unsigned k = 0, count = 2 + test_below(&state, 3); k < count; k++) {
            strcat(query, random_word());
            strcat(query, k + 1 < count ? " " : "\"");
        }
        if (test_below(&state, 4) == 0)
            strcat(query, test_below(&state, 2) ? " OR minister" : " -by");
        expect_same(with, without, query, test_below(&state, 2) ? 10 : 500);
    }
    morgue_searcher_close(with);
    morgue_searcher_close(without);
}

START_TEST(pairs_change_no_answer_and_are_kept)
{
    char with[TEST_PATH], without[TEST_PATH];
    unsigned percent;
    test_path(with, folder, "with");
    test_path(without, folder, "without");
    add_articles(with, 20, 0, ARTICLES, 0);
    add_articles(without, -1, 0, ARTICLES, 0);
    ck_assert_uint_gt(count_pairs(with, &percent), 10);
    ck_assert_uint_eq(percent, 20);
    ck_assert_uint_eq(count_pairs(without, &percent), 0);
    ck_assert_uint_eq(percent, 0);
    compare_phrases(with, without);
    delete_some(with);
    delete_some(without);
    compare_phrases(with, without);
    add_articles(with, 0, ARTICLES, 50, 1); /* as the archive has it */
    add_articles(without, 0, ARTICLES, 50, 1);
    ck_assert_uint_gt(count_pairs(with, &percent), 10);
    ck_assert_uint_eq(percent, 20);
    ck_assert_uint_eq(count_pairs(without, &percent), 0);
    compare_phrases(with, without);
    test_archive_is_sound(with);
}
END_TEST

START_TEST(another_percentage_makes_the_lists_anew)
{
    char path[TEST_PATH];
    unsigned percent, some;
    test_path(path, folder, "other");
    add_articles(path, 40, 0, ARTICLES, 0);
    some = count_pairs(path, &percent);
    add_articles(path, -1, 0, 0, 1);
    ck_assert_uint_eq(count_pairs(path, &percent), 0);
    ck_assert_uint_eq(percent, 0);
    add_articles(path, 40, 0, 0, 1);
    ck_assert_uint_eq(count_pairs(path, &percent), some);
    ck_assert_uint_eq(percent, 40);
    add_articles(path, 5, 0, 0, 1);
    ck_assert_uint_lt(count_pairs(path, &percent), some);
}
END_TEST

START_TEST(too_much_is_refused)
{
    char path[TEST_PATH];
    morgue_index_options options = { .pair_percent = 51 };
    morgue_indexer *indexer;
    morgue_error err;
    test_path(path, folder, "refused");
    ck_assert_int_eq(morgue_indexer_open(&indexer, path, &options, &err), MORGUE_ERR_INVALID);
    ck_assert_str_eq(err.message, "lists of pairs may take 50 percent at most, not 51");
}
END_TEST

static void setup(void)
{
    test_make_scratch(folder);
}

static void teardown(void)
{
    test_remove_tree(folder);
}

int main(void)
{
    Suite *suite = suite_create("pairs");
    TCase *tests = tcase_create("archives");
    tcase_set_timeout(tests, 60);
    tcase_add_unchecked_fixture(tests, setup, teardown);
    tcase_add_test(tests, pairs_change_no_answer_and_are_kept);
    tcase_add_test(tests, another_percentage_makes_the_lists_anew);
    tcase_add_test(tests, too_much_is_refused);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

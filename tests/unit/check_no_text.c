/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives without the articles' texts: what is found, what there is to show, and that both kinds live together. */
#include "../support/testing.h"

static char scratch[TEST_PATH], archive[TEST_PATH];
static morgue_error err;

static void setup(void)
{
    test_make_scratch(scratch);
    test_path(archive, scratch, "archive");
}

static void teardown(void)
{
    test_ok(morgue_archive_check(archive, NULL, NULL, &err));
    test_remove_tree(scratch);
}

static morgue_indexer *open_indexer(int no_text)
{
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1, .no_entities = no_text, .no_text = no_text };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, archive, &options, &err));
    return indexer;
}

static void add(int no_text, const char *id, const char *title, const char *text)
{
    morgue_indexer *indexer = open_indexer(no_text);
    const morgue_article article = { .id = id, .title = title, .text = text };
    test_ok(morgue_indexer_add(indexer, &article, &err));
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static void compact(void)
{
    morgue_indexer *indexer = open_indexer(0);
    test_ok(morgue_indexer_compact(indexer, &err));
    morgue_indexer_close(indexer);
}

static uint64_t text_bytes(void)
{
    morgue_stats stats;
    test_ok(morgue_archive_stats(archive, &stats, &err));
    return stats.segment_text_bytes;
}

/* The one hit of a query has this id, text and number of matches in its title, and a snippet if it has text. */
static void expect_hit(const char *query, const char *id, const char *text, size_t title_matches)
{
    const char *path = archive, *got;
    const morgue_search_options options = { .limit = 10 };
    const morgue_entity *entities;
    const morgue_span *spans;
    morgue_searcher *searcher;
    morgue_results *results;
    morgue_snippet snippet;
    size_t len, count;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    ck_assert_uint_eq(morgue_results_size(results), 1);
    const morgue_hit *hit = morgue_results_hit(results, 0);
    ck_assert_str_eq(morgue_hit_id(hit), id);
    test_ok(morgue_hit_text(hit, &got, &len, &err));
    ck_assert_str_eq(got, text);
    test_ok(morgue_hit_snippet(hit, 0, &snippet, &err));
    ck_assert_int_eq(snippet.text_len > 0, *text != 0);
    test_ok(morgue_hit_matches(hit, 1, &spans, &count, &err));
    ck_assert_uint_eq(count, title_matches);
    test_ok(morgue_hit_matches(hit, 0, &spans, &count, &err));
    ck_assert(*text || count == 0);
    test_ok(morgue_hit_entities(hit, &entities, &count, &err));
    ck_assert(*text || count == 0);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}

#define BRIDGE "The old bridge was closed by the harbour board on Monday."
#define FERRY "Jens Stoltenberg took the night ferry to the islands."

static void expect_both(void)
{
    expect_hit("\"harbour board\"", "a", "", 0);
    expect_hit("bridge NEAR/5 closed", "a", "", 0);
    expect_hit("repairs", "a", "", 1);
    expect_hit("\"monday\"", "a", "", 0);
    expect_hit("marmalade", "c", "", 0);
    expect_hit("\"night ferry\"", "b", FERRY, 0);
    expect_hit("person:stoltenberg", "b", FERRY, 0);
}

START_TEST(articles_without_text_are_found_beside_those_with_it)
{
    add(1, "a", "Repairs ahead", BRIDGE);
    add(0, "b", "At sea", FERRY);
    add(1, "c", NULL, "Marmalade is dear.");
    expect_both();
    compact();
    expect_both();
}
END_TEST

START_TEST(texts_come_and_go_with_new_versions)
{
    add(0, "a", "At sea", FERRY);
    add(1, "a", "At sea", "The night ferry was late.");
    expect_hit("\"night ferry\"", "a", "", 0);
    add(0, "a", "At sea", FERRY);
    expect_hit("person:stoltenberg", "a", FERRY, 0);
    add(1, "a", "At sea", "The night ferry was late.");
    compact();
    expect_hit("late", "a", "", 0);
}
END_TEST

START_TEST(no_byte_of_text_is_stored)
{
    char text[20000];
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof text - 1; i++) { /* nothing that compresses well */
        random = random * 1664525 + 1013904223;
        text[i] = i % 7 ? (char)('a' + (random >> 16) % 26) : ' ';
    }
    text[sizeof text - 1] = 0;
    add(1, "a", "Letters", text);
    ck_assert_uint_lt(text_bytes(), 100);
    add(0, "b", "Letters", text);
    ck_assert_uint_gt(text_bytes(), 1000);
}
END_TEST

START_TEST(similar_articles_go_by_the_title)
{
    const char *path = archive;
    morgue_searcher *searcher;
    morgue_results *results;
    add(1, "a", "Bridge repairs", "One.");
    add(1, "b", "Bridge repairs again", "Two.");
    add(1, "c", NULL, "Three.");
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    test_ok(morgue_similar(searcher, "a", NULL, &results, &err));
    ck_assert_uint_eq(morgue_results_size(results), 1);
    ck_assert_str_eq(morgue_hit_id(morgue_results_hit(results, 0)), "b");
    morgue_results_free(results);
    test_ok(morgue_similar(searcher, "c", NULL, &results, &err));
    ck_assert_uint_eq(morgue_results_size(results), 0);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(names_need_texts)
{
    const morgue_index_options options = { .no_text = 1 };
    morgue_indexer *indexer;
    ck_assert_int_eq(morgue_indexer_open(&indexer, archive, &options, &err), MORGUE_ERR_INVALID);
    ck_assert_ptr_null(indexer);
    add(1, "a", "Title", "Text."); /* so that there is an archive to check */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("no_text");
    TCase *tc = tcase_create("archives");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, articles_without_text_are_found_beside_those_with_it);
    tcase_add_test(tc, texts_come_and_go_with_new_versions);
    tcase_add_test(tc, no_byte_of_text_is_stored);
    tcase_add_test(tc, similar_articles_go_by_the_title);
    tcase_add_test(tc, names_need_texts);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* More like this. */
#include "../support/testing.h"

static char root[TEST_PATH], archive[TEST_PATH], second[TEST_PATH];

static const morgue_article articles[] = {
    { .id = "treaty",
      .title = "Arms treaty talks stall",
      .date = "2014-03-01",
      .text =
          "Vladimir Putin told Barack Obama that the missile treaty was finished. Inspectors left the missile silos "
          "in Novosibirsk. The treaty talks stalled over the silos and the inspectors." },
    { .id = "copy",
      .title = "Arms treaty talks stall",
      .date = "2014-03-02",
      .text =
          "Vladimir Putin told Barack Obama that the missile treaty was finished. Inspectors left the missile silos "
          "in Novosibirsk, it was said. The treaty talks stalled over the silos and the inspectors." },
    { .id = "related",
      .title = "Inspectors wait",
      .date = "2010-01-01",
      .text =
          "The inspectors of the missile treaty waited. Nobody opened the silos, and the talks went on in Vienna." },
    { .id = "person", .title = "A visit", .text = "Vladimir Putin visited a school and a bakery and a dairy." },
    { .id = "bread",
      .title = "Bread prices",
      .text = "The bakery raised the price of bread. Flour was dear, flour and yeast." },
    { .id = "bakery",
      .title = "Flour",
      .text = "Flour, yeast and bread: the bakery said that flour was scarce in Leeds." },
    { .id = "weather", .title = "Storm", .text = "Rain and wind all day on the northern coast and its harbours." },
    { .id = "empty", .title = "And", .text = "It was that which they were about to be." },
    { .id = "alone", .title = "Zyzzyva", .text = "Xylophagous zyzzyvas." },
};

static void setup(void)
{
    static const morgue_article more[] = {
        { .id = "elsewhere",
          .title = "Missile silos",
          .text = "The silos of the missile treaty stood open to inspectors." },
        { .id = "bread", .title = "Bread prices", .text = "The bakery raised the price of bread. Flour was dear." },
    };
    test_make_scratch(root);
    test_path(archive, root, "first");
    test_path(second, root, "second");
    test_make_archive(archive, articles, sizeof articles / sizeof *articles);
    test_make_archive(second, more, sizeof more / sizeof *more);
}

static void teardown(void)
{
    test_remove_tree(root);
}

static morgue_searcher *open_archives(size_t count)
{
    const char *paths[] = { archive, second };
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, paths, count, &err));
    return searcher;
}

static void expect_similar(morgue_searcher *searcher, const char *id, const morgue_search_options *options,
                           const char *expected)
{
    char ids[256] = "";
    morgue_error err = { 0 };
    morgue_results *results;
    test_ok(morgue_similar(searcher, id, options, &results, &err));
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        size_t len = strlen(ids);
        snprintf(ids + len, sizeof ids - len, "%s%s", i ? " " : "", morgue_hit_id(morgue_results_hit(results, i)));
    }
    ck_assert_str_eq(ids, expected);
    morgue_results_free(results);
}

START_TEST(the_closest_come_first_and_the_article_not_at_all)
{
    morgue_searcher *searcher = open_archives(1);
    expect_similar(searcher, "treaty", NULL, "copy related person");
    expect_similar(searcher, "bread", NULL, "bakery person");
    expect_similar(searcher, "weather", NULL, "");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(other_archives_count_and_the_same_id_there_is_left_out)
{
    morgue_searcher *searcher = open_archives(2);
    expect_similar(searcher, "bread", NULL, "bakery person");
    morgue_search_options two = { .limit = 2, .offset = 1 };
    expect_similar(searcher, "treaty", &two, "elsewhere related");
    expect_similar(searcher, "elsewhere", &two, "treaty copy");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(an_article_that_tells_nothing_has_none_like_it)
{
    morgue_searcher *searcher = open_archives(1);
    morgue_error err = { 0 };
    morgue_results *results;
    expect_similar(searcher, "empty", NULL, "");
    expect_similar(searcher, "alone", NULL, "");
    test_ok(morgue_similar(searcher, "alone", NULL, &results, &err));
    ck_assert_ptr_nonnull(morgue_results_explain(results));
    morgue_results_free(results);
    ck_assert_int_eq(morgue_similar(searcher, "nobody", NULL, &results, &err), MORGUE_ERR_NOT_FOUND);
    ck_assert_ptr_null(results);
    ck_assert_ptr_nonnull(strstr(err.message, "nobody"));
    ck_assert_int_eq(morgue_similar(searcher, NULL, NULL, &results, &err), MORGUE_ERR_INVALID);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(what_tells_is_explained_and_marked)
{
    morgue_searcher *searcher = open_archives(1);
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_snippet snippet;
    test_ok(morgue_similar(searcher, "treaty", NULL, &results, &err));
    const char *explained = morgue_results_explain(results);
    ck_assert_msg(strstr(explained, "silos") && strstr(explained, "treaty"), "%s", explained);
    ck_assert_msg(strstr(explained, "person:\"Vladimir Putin\""), "%s", explained);
    ck_assert_msg(!strstr(explained, "\"that\"") && !strstr(explained, "\"was\""), "%s", explained);
    ck_assert_ptr_null(morgue_results_note(results, 0));
    test_ok(morgue_hit_snippet(morgue_results_hit(results, 0), 0, &snippet, &err));
    ck_assert_uint_gt(snippet.match_count, 3);
    test_ok(morgue_hit_snippet(morgue_results_hit(results, 2), 0, &snippet, &err));
    ck_assert_uint_eq(snippet.match_count, 1);
    ck_assert_uint_eq(snippet.matches[0].end - snippet.matches[0].begin, strlen("Vladimir Putin"));
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(options_hold_as_in_a_search)
{
    morgue_searcher *searcher = open_archives(1);
    morgue_error err = { 0 };
    morgue_search_options options = { .sort = MORGUE_SORT_OLDEST, .exact_count = 1 };
    morgue_results *results;
    uint64_t low, high;
    expect_similar(searcher, "treaty", &options, "related copy person");
    test_ok(morgue_similar(searcher, "treaty", &options, &results, &err));
    morgue_results_count(results, &low, &high);
    ck_assert(low == 3 && high == 3);
    morgue_results_free(results);
    options = (morgue_search_options){ .since = morgue_searcher_cursor(searcher, &err) };
    expect_similar(searcher, "treaty", &options, "");
    options = (morgue_search_options){ .recency_days = 1 };
    expect_similar(searcher, "related", NULL, "treaty copy");
    expect_similar(searcher, "related", &options, "copy treaty");
    morgue_searcher_close(searcher);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("similar");
    TCase *tcase = tcase_create("similar");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_closest_come_first_and_the_article_not_at_all);
    tcase_add_test(tcase, other_archives_count_and_the_same_id_there_is_left_out);
    tcase_add_test(tcase, an_article_that_tells_nothing_has_none_like_it);
    tcase_add_test(tcase, what_tells_is_explained_and_marked);
    tcase_add_test(tcase, options_hold_as_in_a_search);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

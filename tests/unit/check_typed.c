/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries of what somebody is typing. */
#include "../support/testing.h"

static const char *const begun[][2] = {
    { "", "" },
    { "mer", "(mer OR mer*)" },
    { "merkel ", "merkel" },
    { "merkel sar", "merkel (sar OR sar*)" },
    { "Čáp", "(Čáp OR Čáp*)" },
    { "a OR", "a" },
    { "a OR (", "a" },
    { "a OR (b", "a OR ((b OR b*))" },
    { "a NEAR/3", "a" },
    { "a AND NOT", "a" },
    { "a -", "a" },
    { "a -b", "a -b" },
    { "person:", "" },
    { "a person:", "a" },
    { "person:put", "person:put" },
    { "\"", "" },
    { "oil \"", "oil" },
    { "oil OR \" ", "oil" },
    { "\"oil pri", "\"oil pri\"" },
    { "\"oil price\"", "\"oil price\"" },
    { "(\"oil (", "(\"oil (\")" },
    { "((", "" },
    { "(a) b)", "(a) b)" },
    { "san*", "san*" },
    { "U.S.", "U.S." },
    { "\xff", "\xff" },
};

static char out[256], root[TEST_PATH], archive[TEST_PATH];

static void setup(void)
{
    static const morgue_article article = { .id = "1", .text = "Talks." };
    test_make_scratch(root);
    test_path(archive, root, "archive");
    test_make_archive(archive, &article, 1);
}

static void teardown(void)
{
    test_remove_tree(root);
}

START_TEST(what_is_begun_is_completed)
{
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        ck_assert_uint_eq(morgue_query_typed(begun[i][0], out, sizeof out), strlen(begun[i][1]));
        ck_assert_msg(!strcmp(out, begun[i][1]), "%s gives %s", begun[i][0], out);
    }
}
END_TEST

START_TEST(nothing_is_written_past_the_end)
{
    memset(out, 'x', sizeof out);
    ck_assert_uint_eq(morgue_query_typed("merkel", out, 8), strlen("(merkel OR merkel*)"));
    ck_assert_str_eq(out, "");
    ck_assert_int_eq(out[8], 'x');
    ck_assert_uint_eq(morgue_query_typed("merkel", NULL, 0), strlen("(merkel OR merkel*)"));
}
END_TEST

/* Whatever the query language has, cut off anywhere: what comes of it is empty, or no error for being unfinished. */
START_TEST(every_beginning_of_a_query_is_one)
{
    static const char *const queries[] = {
        "(talks NEAR/3 geneva) BEFORE/20 collapsed",
        "person:\"Vladimir Putin\" OR (org:nato -\"red line\")",
        "nato BEFORE/5 \"more troops\" AND NOT (a OR b)",
        "\"legal guarantees\" source:reuters lang:en",
    };
    const char *path = archive;
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        for (size_t len = 1; len <= strlen(queries[i]); len++) {
            char typed[128];
            morgue_results *results;
            snprintf(typed, sizeof typed, "%.*s", (int)len, queries[i]);
            if (!morgue_query_typed(typed, out, sizeof out))
                continue;
            ck_assert_msg(morgue_search(searcher, out, NULL, &results, &err) == MORGUE_OK, "%s gives %s: %s", typed,
                          out, err.message);
            morgue_results_free(results);
        }
    }
    morgue_searcher_close(searcher);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("typed");
    TCase *tcase = tcase_create("typed");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_is_begun_is_completed);
    tcase_add_test(tcase, nothing_is_written_past_the_end);
    tcase_add_test(tcase, every_beginning_of_a_query_is_one);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

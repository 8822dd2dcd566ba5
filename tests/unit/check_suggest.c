/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean". */
#include "../support/testing.h"

static char root[TEST_PATH], archive[TEST_PATH];

static void setup(void)
{
    static const char *const texts[] = {
        "The federal government discussed the missile treaty with the president.",
        "The government resigned. The president accepted at once.",
        "A strange treaty: the harbour and the fishermen of the harbour.",
        "The harbor of Boston, and the price of fish. The form was filled in.",
        "Farm prices and the price of fish. The farm and its fields.",
        "The farm of the president, visited by the government.",
        "NATO officials met Jens Stoltenberg in Brussels, NATO said. Jens Stoltenberg was not available.",
    };
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_make_scratch(root);
    test_path(archive, root, "archive");
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    for (int i = 0; i < 460; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        morgue_article article = { .id = id, .text = texts[i < 450 ? i % 6 : 6] };
        article.title = i == 3 ? "Prsident" : i == 4 ? "Harbor news" : NULL;
        article.source = "Harbor Gazette";
        article.author = i % 2 ? "Ann Miller" : "Tom Meyer";
        test_ok(morgue_indexer_add(indexer, &article, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static void teardown(void)
{
    test_remove_tree(root);
}

/* NULL: none. */
static void expect(morgue_searcher *searcher, const char *query, int any, const char *expected)
{
    morgue_search_options options = { .any = any };
    morgue_error err = { 0 };
    morgue_results *results;
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    for (int again = 0; again < 2; again++) {
        const char *got = morgue_results_suggestion(results, &err);
        ck_assert_int_eq(err.status, MORGUE_OK);
        if (!expected)
            ck_assert_msg(!got, "%s: %s", query, got);
        else
            ck_assert_msg(got && !strcmp(got, expected), "%s: %s, not %s", query, got ? got : "nothing", expected);
    }
    morgue_results_free(results);
}

static morgue_searcher *open_archive(void)
{
    const char *path = archive;
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    return searcher;
}

START_TEST(misspelt_words_alone_are_replaced)
{
    morgue_searcher *searcher = open_archive();
    expect(searcher, "goverment", 0, "government");
    expect(searcher, "Goverment treaty", 0, "Government treaty");
    expect(searcher, "govrenment", 0, "government");
    expect(searcher, "gvernmnt", 0, NULL); /* two edits in a word of eight letters */
    expect(searcher, "govermment", 0, "government");
    expect(searcher, "guvernmant", 0, "government");
    expect(searcher, "(missle AND tretay) OR title:x -source:nobody", 0,
           "(missile AND treaty) OR title:x -source:nobody");
    expect(searcher, "\"federal goverment\" NEAR/9 treaty", 0, "\"federal government\" NEAR/9 treaty");
    expect(searcher, "h\xc3\xa4rbor goverment^2 OR presidnet", 0, "h\xc3\xa4rbor government^2 OR president");
    expect(searcher, "goverment treaty", 1, "government treaty");
    expect(searcher, "\"hte government\"", 0, "\"the government\"");
    expect(searcher, "\"feder* goverment\"", 0, "\"feder* government\"");
    expect(searcher, "title:harbur", 0, "title:harbor");
    expect(searcher, "title:goverment", 0, NULL);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(the_word_that_fits_the_others_is_chosen)
{
    morgue_searcher *searcher = open_archive();
    expect(searcher, "ferm prices", 0, "farm prices"); /* not term, form or firm */
    expect(searcher, "\"ferm\" filled", 0, "\"form\" filled");
    expect(searcher, "harbur boston", 0, "harbor boston");
    expect(searcher, "harbur fishermen", 0, "harbour fishermen");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(names_sources_and_authors_too)
{
    morgue_searcher *searcher = open_archive();
    expect(searcher, "org:gato", 0, "org:nato");
    expect(searcher, "person:\"Jens Stotenbreg\" NEAR/9 brussels", 0, NULL); /* the name is found as it is */
    expect(searcher, "org:\"xyzzy nato\"", 0, NULL);
    expect(searcher, "source:gazete", 0, "source:gazette");
    expect(searcher, "Goverment source:\"Harbor Gazete\" author:\"ann milelr\"", 0,
           "Government source:\"Harbor Gazette\" author:\"ann miller\"");
    expect(searcher, "author:mlir", 0, NULL);
    expect(searcher, "source:source source:gazete", 0, NULL); /* the first is no misspelling */
    expect(searcher, "id:goverment", 0, NULL);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(little_is_suggested_where_much_is_found)
{
    morgue_searcher *searcher = open_archive();
    morgue_search_options options = { .limit = 1 };
    morgue_error err = { 0 };
    morgue_results *results;
    expect(searcher, "harbor OR tretay", 0, "harbor OR treaty"); /* 75 of them and 225 */
    expect(searcher, "government OR tretay", 0, NULL);
    /* A page of one article says nothing of how many there are. */
    test_ok(morgue_search(searcher, "harbour OR government", &options, &results, &err));
    ck_assert_ptr_null(morgue_results_suggestion(results, &err));
    morgue_results_free(results);
    test_ok(morgue_search(searcher, "goverment -treaty", &options, &results, &err));
    ck_assert_str_eq(morgue_results_suggestion(results, &err), "government -treaty");
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(a_long_query_is_no_matter)
{
    morgue_searcher *searcher = open_archive();
    char query[4000] = "goverment";
    while (strlen(query) < sizeof query - 20)
        strcat(query, " 12 goverment");
    expect(searcher, query, 0, NULL); /* three words are replaced, no more */
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(what_is_right_stays)
{
    morgue_searcher *searcher = open_archive();
    expect(searcher, "government", 0, NULL);
    expect(searcher, "governments presidents", 0, NULL);
    expect(searcher, "boston government", 0, NULL);
    expect(searcher, "zzyzx", 0, NULL);
    expect(searcher, "-goverment president", 0, NULL);
    expect(searcher, "xq 1234567 U.S.", 0, NULL);
    expect(searcher, "goverment~ presiden*", 0, NULL);
    expect(searcher, "source:goverment", 0, NULL);
    expect(searcher, "presidnt farmm nowhereatall", 0, NULL); /* it would still find nothing */
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(a_rare_word_may_be_wrong_too)
{
    morgue_searcher *searcher = open_archive();
    expect(searcher, "prsident", 0, "president"); /* one article has it, 225 the other */
    expect(searcher, "boston", 0, NULL);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(other_results_have_no_suggestion)
{
    morgue_searcher *searcher = open_archive();
    morgue_error err = { 0 };
    morgue_results *results;
    test_ok(morgue_similar(searcher, "2", NULL, &results, &err));
    ck_assert_ptr_null(morgue_results_suggestion(results, &err));
    morgue_results_free(results);
    test_ok(morgue_fetch(searcher, "2", "goverment", &results, &err));
    ck_assert_ptr_null(morgue_results_suggestion(results, &err));
    ck_assert_int_eq(err.status, MORGUE_OK);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("suggest");
    TCase *tcase = tcase_create("suggest");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, misspelt_words_alone_are_replaced);
    tcase_add_test(tcase, the_word_that_fits_the_others_is_chosen);
    tcase_add_test(tcase, names_sources_and_authors_too);
    tcase_add_test(tcase, little_is_suggested_where_much_is_found);
    tcase_add_test(tcase, a_long_query_is_no_matter);
    tcase_add_test(tcase, what_is_right_stays);
    tcase_add_test(tcase, a_rare_word_may_be_wrong_too);
    tcase_add_test(tcase, other_results_have_no_suggestion);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

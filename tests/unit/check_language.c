/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the constructs of the query language find in articles made for them, what is told about them, and what is
   marked. That all of them together find what they should is ../property/check_language_property.c. */
#include "../support/testing.h"

enum { MANY_WORDS = 3000 }; /* of two patterns, more than one may stand for */

static char scratch[TEST_PATH], archive[TEST_PATH];
static morgue_searcher *searcher;

static const morgue_article articles[] = {
    { .id = "talks", .url = "https://a.example/talks", .title = "Talks on sanctions",
      .text = "Vladimir Putin met Angela Merkel in Kyiv. Later talks about legal and binding guarantees collapsed. "
              "Sanctions were discussed as talks ended." },
    { .id = "https://a.example/echo", .title = "An echo",
      .text = "The guarantees were legal, said Jens Stotenberg. He spoke of August 24, 1991 and of the 1990s." },
    { .id = "women", .url = "https://a.example/same", .title = "Women of the sea",
      .text = "A woman, many women, one womn. On March 1, 2014 the sanctioned ship was sold to New Yorker City." },
    { .id = "men", .url = "https://a.example/same", .title = "Peace",
      .text = "War and peace, peace and war. In 2014 there was a talking clock." },
    { .id = "war", .title = "War", .text = "War and peace, war and war. Nothing else was said here at all." },
};

static void make_many_words(morgue_indexer *indexer)
{
    morgue_error err = { 0 };
    char *text = malloc(MANY_WORDS * 12), *end = text;
    ck_assert_ptr_nonnull(text);
    for (int i = 0; i < MANY_WORDS; i++)
        end += sprintf(end, "%s%dqz ", i % 2 ? "aq" : "bq", i);
    morgue_article article = { .id = "many", .title = "Many", .text = text };
    test_ok(morgue_indexer_add(indexer, &article, &err));
    free(text);
}

static void setup(void)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_make_scratch(scratch);
    test_path(archive, scratch, "archive");
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        test_ok(morgue_indexer_add(indexer, &articles[i], &err));
    make_many_words(indexer);
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
    const char *paths[] = { archive };
    test_ok(morgue_searcher_open(&searcher, paths, 1, &err));
}

static void teardown(void)
{
    morgue_searcher_close(searcher);
    test_remove_tree(scratch);
}

static morgue_results *search(const char *query)
{
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_status status = morgue_search(searcher, query, NULL, &results, &err);
    ck_assert_msg(status == MORGUE_OK, "%s: column %d: %s", query, err.column, err.message);
    return results;
}

/* The ids in the order of the hits, with a space between. */
static void expect(const char *query, const char *ids)
{
    char got[400] = "";
    morgue_results *results = search(query);
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        strcat(got, i ? " " : "");
        strcat(got, morgue_hit_id(morgue_results_hit(results, i)));
    }
    ck_assert_msg(strcmp(got, ids) == 0, "%s found \"%s\", not \"%s\"", query, got, ids);
    morgue_results_free(results);
}

static void expect_explained(const char *query, const char *part)
{
    morgue_results *results = search(query);
    const char *explained = morgue_results_explain(results);
    ck_assert_msg(strstr(explained, part) != NULL, "%s: \"%s\" is not in\n%s", query, part, explained);
    morgue_results_free(results);
}

static void expect_note(const char *query, const char *note)
{
    morgue_results *results = search(query);
    const char *got = morgue_results_note(results, 0);
    ck_assert_msg(note ? got && strcmp(got, note) == 0 : !got, "%s: the note is \"%s\"", query, got ? got : "");
    morgue_results_free(results);
}

/* What is marked in the text of the first hit, in brackets with a space between. */
static void expect_marks(const char *query, const char *marks)
{
    morgue_error err = { 0 };
    morgue_results *results = search(query);
    const morgue_hit *hit = morgue_results_hit(results, 0);
    const morgue_span *spans;
    const char *text;
    size_t count, len, n = 0;
    char got[500] = "";
    ck_assert_msg(hit != NULL, "%s finds nothing", query);
    test_ok(morgue_hit_text(hit, &text, &len, &err));
    test_ok(morgue_hit_matches(hit, 0, &spans, &count, &err));
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s[%.*s]", i ? " " : "", (int)(spans[i].end - spans[i].begin),
                              text + spans[i].begin);
    ck_assert_msg(strcmp(got, marks) == 0, "%s marked %s, not %s", query, got, marks);
    morgue_results_free(results);
}

/* ---- What is found ---- */

START_TEST(slop_counts_the_words_between)
{
    expect("\"legal guarantees\"~2", "talks");
    expect("\"legal guarantees\"~1", "");
    expect("\"guarantees legal\"~1", "https://a.example/echo");
    expect("\"later about guarantees\"~4", "talks");
    expect("\"later about guarantees\"~3", "");
    expect("title:\"women sea\"~2", "women");
    expect("title:\"women sea\"~1", "");
    expect("\"sanctions vladimir\"~16", "talks");
    expect("\"sanctions vladimir\"~15", "");
}
END_TEST

START_TEST(near_takes_inflections_and_quotation_marks_do_not)
{
    expect("guarantee NEAR/2 legal", "https://a.example/echo talks");
    expect("\"guarantee\" NEAR/2 legal", "");
    expect("guarantee BEFORE/2 legal", "https://a.example/echo");
    expect("legal NEAR/1 guarantees", "https://a.example/echo");
    expect("talk BEFORE/9 end", "talks");
    expect("(sanction NEAR/3 discuss) BEFORE/1 talk", "talks");
    expect("(talks OR clock) NEAR/0 (talking OR \"about legal\")", "men talks");
}
END_TEST

START_TEST(names_and_dates_have_places)
{
    expect("\"<person> met <person>\"", "talks");
    expect("\"<person> met <place>\"", "");
    expect("\"<person> met <name>\"", "talks");
    expect("person:putin BEFORE/1 person:merkel", "talks");
    expect("person:putin BEFORE/0 person:merkel", "");
    expect("person:putin NEAR/4 place:kyiv", "talks");
    expect("person:putin NEAR/3 place:kyiv", "");
    expect("\"in <place>\"", "talks");
    expect("\"on <date>\"", "women");
    expect("\"sold to <date>\"", "");
    expect("when:1991-08-24", "https://a.example/echo");
    expect("when:2014-03", "women");
    expect("when:2014 -when:2014-03", "men");
    expect("when:1990s", "https://a.example/echo");
    expect("when:1992..1999", "");
    expect("when:2014 NEAR/3 ship", "women");
}
END_TEST

START_TEST(patterns_and_slips_stand_for_words)
{
    expect("wom?n", "women");
    expect("\"many wom?n one\"", "women");
    expect("\"new yor* city\"", "women");
    expect("title:wom* -title:sanct*", "women");
    expect("stoltenberg~", "https://a.example/echo");
    expect("\"jens stoltenberg~\"", "https://a.example/echo");
    expect("*tenberg NEAR/3 jens", "https://a.example/echo");
    expect("zzz*", "");
    expect("zzz* OR wom?n", "women");
    expect("zzz* NEAR/3 woman", "");
    expect("(zzz* OR many) NEAR/3 woman", "women");
}
END_TEST

START_TEST(addresses_are_found_exactly)
{
    expect("url:https://a.example/talks", "talks");
    expect("url:https://a.example/talk", "");
    expect("url:https://a.example/echo", "https://a.example/echo");
    expect("url:https://a.example/same", "women men");
    expect("peace -url:https://a.example/same", "war");
    expect("url:\"https://a.example/same\" war", "men");
}
END_TEST

START_TEST(weights_change_the_order)
{
    expect("\"peace and\" OR \"war and war\"", "war men");
    expect("\"peace and\"^9 OR \"war and war\"", "men war");
    expect("(peac* NEAR/3 peace)^9 OR \"war and war\"", "men war");
    expect("peac* NEAR/3 peace OR \"war and war\"^9", "war men");
    expect("person:putin OR person:stotenberg^9", "https://a.example/echo talks");
    expect("person:putin^9 OR person:stotenberg", "talks https://a.example/echo");
    expect("(person:putin (talks OR war))^9 OR (person:stotenberg AND (guarantees OR war))^0.1",
           "talks https://a.example/echo");
    expect("when:1991^0.01 OR when:2014-03^9", "women https://a.example/echo");
}
END_TEST

/* ---- What is told ---- */

START_TEST(the_explanation_lists_what_things_stand_for)
{
    expect_explained("wom?n talk NEAR said", "query: wom?n (talk NEAR/10 said)\n");
    expect_explained("wom?n", "pattern wom?n: 2 words: woman (1), women (1)\n");
    expect_explained("womm~", "like womm~1: 1 word: womn (1)\n");
    expect_explained("talk NEAR legal", "word talk: 2 words: talking (1), talks (1)\nword legal (2)\n");
    expect_explained("\"zzz* legal\"", "pattern zzz*: 0 words\nword legal (2)\n");
    expect_explained("\"<person> said\"", "<person>: person (2)\n");
    expect_explained("when:1991..1999", "when:1991..1999: 1 date: 1991-08-24 (1)\n");
    expect_explained("person:putin NEAR ship", "[p:vladimir putin]\n");
}
END_TEST

START_TEST(a_bound_that_bites_is_told)
{
    expect_note("wom*", NULL);
    expect_note("aq*", "aq* stands for 1,500 words; only the 1,000 most frequent were searched");
    expect_note("\"aq*qz bq*\"", "aq*qz stands for 1,500 words; only the 1,000 most frequent were searched");
}
END_TEST

START_TEST(what_takes_part_is_marked)
{
    expect_marks("wom?n", "[woman] [women]");
    expect_marks("\"legal guarantees\"~2", "[legal] [guarantees]");
    expect_marks("talk NEAR/1 legal", "[talks] [legal]");
    expect_marks("\"<person> met\"", "[Vladimir Putin] [met]");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language");
    TCase *found = tcase_create("found"), *told = tcase_create("told");
    tcase_add_checked_fixture(found, setup, teardown);
    tcase_add_test(found, slop_counts_the_words_between);
    tcase_add_test(found, near_takes_inflections_and_quotation_marks_do_not);
    tcase_add_test(found, names_and_dates_have_places);
    tcase_add_test(found, patterns_and_slips_stand_for_words);
    tcase_add_test(found, addresses_are_found_exactly);
    tcase_add_test(found, weights_change_the_order);
    tcase_add_checked_fixture(told, setup, teardown);
    tcase_add_test(told, the_explanation_lists_what_things_stand_for);
    tcase_add_test(told, a_bound_that_bites_is_told);
    tcase_add_test(told, what_takes_part_is_marked);
    suite_add_tcase(suite, found);
    suite_add_tcase(suite, told);
    return test_run_suite(suite);
}

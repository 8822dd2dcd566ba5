/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion: what fits at the end of a query, and against a naive count of all words. */
#include "../support/testing.h"

enum { WORDS = 600, ARTICLES = 300, WORD_BYTES = 12 };

static char root[TEST_PATH], archive[TEST_PATH], second[TEST_PATH], random_archive[TEST_PATH];
static char words[WORDS][WORD_BYTES];
static unsigned article_counts[WORDS];
static uint64_t state;

static const morgue_article articles[] = {
    { .id = "1",
      .title = "Sanctions and summits",
      .date = "2014-03-01",
      .source = "Reuters",
      .author = "Jane Roe",
      .lang = "en",
      .text = "Vladimir Putin spoke of sanctions. The sanctions stand. Naïve sanity prevailed; the Kremlin-backed "
              "sanctum." },
    { .id = "2",
      .title = "More",
      .date = "2014-02-11",
      .source = "Associated Press",
      .author = "John Roe",
      .lang = "en",
      .text = "Sanctions, sand and sanity. Persons of interest. The others and their theories." },
    { .id = "3",
      .title = "Sand",
      .date = "2013",
      .source = "Reuters",
      .author = "Ann Other",
      .lang = "de",
      .text = "Sanctions and sandstone." },
};

static void make_random_words(void)
{
    for (size_t i = 0; i < WORDS; i++) {
        size_t len = 3 + test_below(&state, WORD_BYTES - 4);
        for (size_t k = 0; k < len; k++)
            words[i][k] = (char)('a' + test_below(&state, k ? 4 : 3));
        words[i][len] = 0;
        for (size_t k = 0; k < i; k++) {
            if (!strcmp(words[k], words[i])) {
                i--;
                break;
            }
        }
    }
}

/* In several segments. */
static void make_random_archive(void)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, random_archive, NULL, &err));
    for (int i = 0; i < ARTICLES; i++) {
        char id[16], text[60 * WORD_BYTES] = "";
        int has[WORDS] = { 0 };
        for (int k = 0; k < 40; k++) {
            unsigned w = test_below(&state, 1 + test_below(&state, WORDS));
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", words[w]);
            has[w] = 1;
        }
        for (size_t w = 0; w < WORDS; w++)
            article_counts[w] += (unsigned)has[w];
        snprintf(id, sizeof id, "%d", i);
        morgue_article article = { .id = id, .text = text };
        test_ok(morgue_indexer_add(indexer, &article, &err));
        if (i % 101 == 100)
            test_ok(morgue_indexer_commit(indexer, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static void setup(void)
{
    static const morgue_article more[] = {
        { .id = "4", .text = "Sandstone, sanity, sanity.", .source = "Reuters", .date = "2015-01-01T00:00:00Z" },
    };
    test_make_scratch(root);
    state = test_seed();
    test_path(archive, root, "first");
    test_path(second, root, "second");
    test_path(random_archive, root, "random");
    test_make_archive(archive, articles, sizeof articles / sizeof *articles);
    test_make_archive(second, more, 1);
    make_random_words();
    make_random_archive();
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

/* `expected`: from where, then each completion with its count if it has one, separated by spaces. */
static void expect(morgue_searcher *searcher, const char *text, size_t max, const char *expected)
{
    char got[2000];
    morgue_error err = { 0 };
    morgue_completions *list;
    test_ok(morgue_complete(searcher, text, max, &list, &err));
    size_t len = (size_t)snprintf(got, sizeof got, "%zu", morgue_completions_from(list));
    for (size_t i = 0; i < morgue_completions_size(list); i++) {
        const morgue_completion *c = morgue_completions_at(list, i);
        len += (size_t)snprintf(got + len, sizeof got - len, " %s", c->text);
        if (c->count)
            len += (size_t)snprintf(got + len, sizeof got - len, "=%d", (int)c->count);
    }
    ck_assert_ptr_null(morgue_completions_at(list, morgue_completions_size(list)));
    morgue_completions_free(list);
    ck_assert_msg(!strcmp(got, expected), "\"%s\": %s, not %s", text, got, expected);
}

START_TEST(words_come_by_how_many_articles_have_them)
{
    morgue_searcher *searcher = open_archives(1);
    expect(searcher, "san", 0, "0 sanctions=3 sand=2 sanity=2 sanctum=1 sandstone=1");
    expect(searcher, "san", 2, "0 sanctions=3 sand=2");
    expect(searcher, "putin SAN", 0, "6 sanctions=3 sand=2 sanity=2 sanctum=1 sandstone=1");
    expect(searcher, "Sänd", 0, "0 sand=2 sandstone=1");
    expect(searcher, "(putin OR -sandst", 0, "11 sandstone=1");
    expect(searcher, "kremlin-ba", 0, "8 backed=1");
    expect(searcher, "title:s", 0, "6 sanctions=1 sand=1 summits=1");
    expect(searcher, "nowhere", 0, "0");
    expect(searcher, "sand.", 0, "0");
    expect(searcher, "sanctum", 0, "0 sanctum=1");
    morgue_searcher_close(searcher);
    searcher = open_archives(2);
    expect(searcher, "san", 3, "0 sanctions=3 sanity=3 sand=2");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(function_words_come_in_phrases_alone)
{
    morgue_searcher *searcher = open_archives(1);
    expect(searcher, "the", 0, "0 theories=1");
    expect(searcher, "\"interest the", 0, "10 the=2 their=1 theories=1");
    expect(searcher, "\xe2\x80\x9cinterest the", 0, "12 the=2 their=1 theories=1");
    expect(searcher, "\"of interest\" the", 0, "14 theories=1");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(fields_and_operators)
{
    morgue_searcher *searcher = open_archives(1);
    expect(searcher, "pers", 0, "0 person: persons=1");
    expect(searcher, "-pl", 0, "1 place:");
    expect(searcher, "x PERS", 0, "2 person: persons=1");
    expect(searcher, "putin AN", 0, "6 AND");
    expect(searcher, "putin an", 0, "6");
    expect(searcher, "putin O", 0, "6 OR org: others=1");
    expect(searcher, "", 3, "0 person: org: place:");
    expect(searcher, "putin (", 2, "7 person: org:");
    expect(searcher, "oil NE", 0, "4 NEAR");
    expect(searcher, "\"<", 0, "1 <person> <org> <place> <event> <name> <date>");
    expect(searcher, "x \"said <p", 0, "8 <person> <place>");
    expect(searcher, "\"<person> sanct", 0, "10 sanctions=3 sanctum=1");
    expect(searcher, "wh", 0, "0 when:");
    expect(searcher, "nofield:x", 0, "9");
    expect(searcher, "https://a.example/sa", 0, "20");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(values_of_fields)
{
    morgue_searcher *searcher = open_archives(2);
    expect(searcher, "source:", 0, "7 reuters=3 associated=1 press=1");
    expect(searcher, "red source:PR", 0, "11 press=1");
    expect(searcher, "author:\"jane r", 0, "13 roe=2");
    expect(searcher, "-Author:o", 0, "8 other=1");
    expect(searcher, "lang:", 0, "5 en=3 de=1");
    expect(searcher, "source:nobody", 0, "7");
    expect(searcher, "source:.", 0, "8");
    expect(searcher, "date:", 0, "5 2013=1 2014=2 2015=1");
    expect(searcher, "date:2014-", 0, "5 2014-02=1 2014-03=1");
    expect(searcher, "after:2014-03-", 0, "6 2014-03-01=1");
    expect(searcher, "date:2013..201", 0, "11 2013=1 2014=2 2015=1");
    expect(searcher, "date:x", 0, "5");
    expect(searcher, "date:2014-03-01-", 0, "5");
    expect(searcher, "id:1", 0, "4");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(names_by_any_of_their_words)
{
    static const morgue_article list[] = {
        { .id = "1", .text = "Vladimir Putin met Angela Merkel. Mr. Putin said that Angela Merkel had agreed." },
        { .id = "2", .text = "President Vladimir Putin spoke. NATO replied to Vladimir Putin." },
        { .id = "3",
          .text = "Vladimir Lenin wrote about Berlin. In 1917 Vladimir Lenin came back, and NATO was not there." },
    };
    char path[TEST_PATH];
    const char *const paths[] = { path };
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    test_path(path, root, "names");
    test_make_archive(path, list, 3);
    test_ok(morgue_searcher_open(&searcher, paths, 1, &err));
    expect(searcher, "person:pu", 0, "0 person:\"Vladimir Putin\"=2");
    expect(searcher, "x -person:vladimir", 0, "3 person:\"Vladimir Putin\"=2 person:\"Vladimir Lenin\"=1");
    expect(searcher, "name:\"vladimir l", 0, "0 name:\"Vladimir Lenin\"=1");
    expect(searcher, "person:v", 0, "0 person:\"Vladimir Putin\"=2 person:\"Vladimir Lenin\"=1");
    expect(searcher, "org:n", 0, "0 org:\"NATO\"=2");
    expect(searcher, "place:putin", 0, "0");
    expect(searcher, "when:", 0, "5 1917=1");
    expect(searcher, "when:191", 0, "5 1917=1");
    expect(searcher, "when:1917-", 0, "5");
    expect(searcher, "person:", 0, "7");
    expect(searcher, "name:.", 0, "6");
    expect(searcher, "vlad", 0, "0 vladimir=3 person:\"Vladimir Putin\"=2 person:\"Vladimir Lenin\"=1");
    expect(searcher, "Vlad", 0, "0 person:\"Vladimir Putin\"=2 person:\"Vladimir Lenin\"=1 vladimir=3");
    expect(searcher, "vlad", 2, "0 vladimir=3 person:\"Vladimir Putin\"=2");
    expect(searcher, "vlad", 1, "0 vladimir=3");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(whatever_is_typed_is_no_error)
{
    static const char alphabet[] = "ab:\"()-.* \xe2\x80\x9c\x9d\xff"
                                   "date:person:OR";
    morgue_searcher *searcher = open_archives(1);
    morgue_error err = { 0 };
    morgue_completions *list;
    for (int i = 0; i < 5000; i++) {
        char text[24];
        size_t len = test_below(&state, sizeof text);
        for (size_t k = 0; k < len; k++)
            text[k] = alphabet[test_below(&state, sizeof alphabet - 1)];
        text[len] = 0;
        test_ok(morgue_complete(searcher, text, 0, &list, &err));
        ck_assert_uint_le(morgue_completions_from(list), len);
        ck_assert_uint_le(morgue_completions_size(list), 10);
        morgue_completions_free(list);
    }
    ck_assert_int_eq(morgue_complete(searcher, NULL, 0, &list, &err), MORGUE_ERR_INVALID);
    morgue_searcher_close(searcher);
}
END_TEST

static int by_count(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    if (article_counts[x] != article_counts[y])
        return article_counts[x] > article_counts[y] ? -1 : 1;
    return strcmp(words[x], words[y]);
}

START_TEST(words_are_what_a_naive_count_gives)
{
    const char *path = random_archive;
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    for (int trial = 0; trial < 300; trial++) {
        size_t fit[WORDS], count = 0, from = test_below(&state, WORDS), len = 1 + test_below(&state, 4);
        char prefix[8];
        morgue_completions *list;
        snprintf(prefix, sizeof prefix, "%.*s", (int)len, words[from]);
        for (size_t w = 0; w < WORDS; w++) {
            if (article_counts[w] && !strncmp(words[w], prefix, strlen(prefix)))
                fit[count++] = w;
        }
        qsort(fit, count, sizeof *fit, by_count);
        test_ok(morgue_complete(searcher, prefix, 20, &list, &err));
        size_t next = 0;
        for (size_t i = 0; i < morgue_completions_size(list); i++) {
            const morgue_completion *c = morgue_completions_at(list, i);
            if (!strcmp(c->kind, "field"))
                continue;
            ck_assert_uint_lt(next, count);
            ck_assert_str_eq(c->text, words[fit[next]]);
            ck_assert_uint_eq(c->count, article_counts[fit[next]]);
            next++;
        }
        ck_assert(next == count || morgue_completions_size(list) == 20);
        morgue_completions_free(list);
    }
    morgue_searcher_close(searcher);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("complete");
    TCase *tcase = tcase_create("complete");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, words_come_by_how_many_articles_have_them);
    tcase_add_test(tcase, function_words_come_in_phrases_alone);
    tcase_add_test(tcase, fields_and_operators);
    tcase_add_test(tcase, values_of_fields);
    tcase_add_test(tcase, names_by_any_of_their_words);
    tcase_add_test(tcase, whatever_is_typed_is_no_error);
    tcase_add_test(tcase, words_are_what_a_naive_count_gives);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

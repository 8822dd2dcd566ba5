/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subjects, versions by number, and times of capture: from the article to the answer. */
#include "../support/testing.h"
#include "store/capture.h"
#include "store/subject.h"

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

static morgue_indexer *open_indexer(void)
{
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1, .no_entities = 1 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, archive, &options, &err));
    return indexer;
}

static void finish(morgue_indexer *indexer)
{
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static morgue_searcher *open_archive(void)
{
    const char *path = archive;
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    return searcher;
}

/* Ids of what a query finds, oldest first. */
static const char *find(morgue_searcher *searcher, const char *query)
{
    static char ids[200];
    const morgue_search_options options = { .limit = 50, .sort = MORGUE_SORT_OLDEST };
    morgue_results *results;
    size_t n = 0;
    ids[0] = 0;
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    for (size_t i = 0; i < morgue_results_size(results); i++)
        n += (size_t)snprintf(ids + n, sizeof ids - n, "%s%s", i ? " " : "", morgue_hit_id(morgue_results_hit(results, i)));
    morgue_results_free(results);
    return ids;
}

/* ---- Subjects ---- */

static void make_subjects(void)
{
    static const struct {
        const char *id, *subject;
    } articles[] = {
        { "a", "Sport; Motor sport ;; Sport" }, { "b", "Motor Sport" },         { "c", "Économie; Tax" },
        { "d", NULL },                          { "e", "Tax, economie and us" }, { "f", " ; " },
    };
    morgue_indexer *indexer = open_indexer();
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        char date[16];
        snprintf(date, sizeof date, "2014-03-%02zu", i + 1);
        const morgue_article article = { .id = articles[i].id, .text = "A ferry.", .date = date,
                                         .subject = articles[i].subject };
        test_ok(morgue_indexer_add(indexer, &article, &err));
    }
    finish(indexer);
}

START_TEST(subjects_are_found_whole_before_they_are_found_by_words)
{
    make_subjects();
    morgue_searcher *searcher = open_archive();
    ck_assert_str_eq(find(searcher, "ferry subject:sport"), "a");
    ck_assert_str_eq(find(searcher, "subject:\"motor SPORT\""), "a b");
    ck_assert_str_eq(find(searcher, "subject:motor"), "a b");
    ck_assert_str_eq(find(searcher, "subject:economie"), "c");
    ck_assert_str_eq(find(searcher, "subject:\"us tax\""), "e");
    ck_assert_str_eq(find(searcher, "subject:motors"), "");
    ck_assert_str_eq(find(searcher, "ferry -subject:tax"), "a b d e f");
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(subjects_are_a_facet)
{
    make_subjects();
    morgue_searcher *searcher = open_archive();
    morgue_results *results;
    const morgue_facet_value *values;
    size_t count, total;
    char line[300] = "";
    test_ok(morgue_search(searcher, "ferry", NULL, &results, &err));
    test_ok(morgue_results_facet(results, MORGUE_FACET_SUBJECT, 3, &values, &count, &total, &err));
    for (size_t i = 0, n = 0; i < count; i++) {
        n += (size_t)snprintf(line + n, sizeof line - n, "%s=%llu ", values[i].value, (unsigned long long)values[i].count);
        ck_assert_str_eq(values[i].value, values[i].key);
    }
    ck_assert_str_eq(line, "Motor sport=2 \xc3\x89""conomie=1 Sport=1 ");
    ck_assert_uint_eq(total, 5);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(hits_have_their_subjects)
{
    make_subjects();
    morgue_searcher *searcher = open_archive();
    morgue_results *results;
    test_ok(morgue_fetch(searcher, "c", NULL, &results, &err));
    ck_assert_str_eq(morgue_hit_subject(morgue_results_hit(results, 0)), "\xc3\x89""conomie; Tax");
    morgue_results_free(results);
    test_ok(morgue_fetch(searcher, "d", NULL, &results, &err));
    ck_assert_str_eq(morgue_hit_subject(morgue_results_hit(results, 0)), "");
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(a_new_subject_is_a_change)
{
    morgue_article article = { .id = "a", .text = "A ferry." };
    morgue_progress progress;
    morgue_indexer *indexer = open_indexer();
    test_ok(morgue_indexer_add(indexer, &article, &err));
    article.subject = "Sport";
    test_ok(morgue_indexer_add(indexer, &article, &err));
    test_ok(morgue_indexer_add(indexer, &article, &err));
    morgue_indexer_progress(indexer, &progress);
    ck_assert_uint_eq(progress.replaced_count, 1);
    ck_assert_uint_eq(progress.unchanged_count, 1);
    finish(indexer);
    morgue_searcher *searcher = open_archive();
    ck_assert_str_eq(find(searcher, "subject:sport"), "a");
    morgue_searcher_close(searcher);
}
END_TEST

/* ---- Versions by number ---- */

static void add_version(morgue_indexer *indexer, uint32_t version, const char *text)
{
    const morgue_article article = { .id = "a", .text = text, .version = version };
    test_ok(morgue_indexer_add(indexer, &article, &err));
}

static void expect_text(const char *word)
{
    morgue_searcher *searcher = open_archive();
    ck_assert_str_eq(find(searcher, word), "a");
    ck_assert_uint_eq(morgue_searcher_article_count(searcher), 1);
    morgue_searcher_close(searcher);
}

START_TEST(a_lower_version_does_not_replace_a_higher_one)
{
    morgue_indexer *indexer = open_indexer();
    add_version(indexer, 2, "Second.");
    add_version(indexer, 1, "First."); /* not yet committed */
    finish(indexer);
    expect_text("second");
    indexer = open_indexer();
    add_version(indexer, 1, "First.");
    finish(indexer);
    expect_text("second");
    indexer = open_indexer();
    add_version(indexer, 2, "Mended.");
    finish(indexer);
    expect_text("mended");
    indexer = open_indexer();
    add_version(indexer, 10, "Tenth.");
    add_version(indexer, 0, "Nobody counts.");
    finish(indexer);
    expect_text("nobody");
}
END_TEST

/* ---- Captures ---- */

static void expect_captured(const char *id, const char *first, const char *last)
{
    const char *got_first, *got_last;
    morgue_searcher *searcher = open_archive();
    morgue_results *results;
    test_ok(morgue_fetch(searcher, id, NULL, &results, &err));
    for (int again = 0; again < 2; again++) {
        test_ok(morgue_hit_captured(morgue_results_hit(results, 0), &got_first, &got_last, &err));
        ck_assert_str_eq(got_first, first);
        ck_assert_str_eq(got_last, last);
    }
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}

START_TEST(the_first_and_the_last_capture_are_kept)
{
    morgue_article article = { .id = "a", .text = "A ferry.", .captured = "2014-03-01T10:00:00Z" };
    morgue_indexer *indexer = open_indexer();
    test_ok(morgue_indexer_add(indexer, &article, &err));
    article.captured = "2012-01-01";
    test_ok(morgue_indexer_add(indexer, &article, &err)); /* unchanged */
    finish(indexer);
    expect_captured("a", "2012-01-01T00:00:00Z", "2014-03-01T10:00:00Z");
    indexer = open_indexer();
    article.text = "Two ferries.";
    article.captured = "2013-01-01";
    test_ok(morgue_indexer_add(indexer, &article, &err));
    finish(indexer);
    expect_captured("a", "2012-01-01T00:00:00Z", "2014-03-01T10:00:00Z");
    indexer = open_indexer();
    article.captured = "2020-02-02";
    test_ok(morgue_indexer_add(indexer, &article, &err)); /* nothing else is new */
    article.id = "b";
    article.captured = "soon";
    test_ok(morgue_indexer_add(indexer, &article, &err));
    finish(indexer);
    expect_captured("a", "2012-01-01T00:00:00Z", "2020-02-02T00:00:00Z");
    expect_captured("b", "", "");
}
END_TEST

static size_t add_record(char *warc, size_t room, const char *type, const char *url, const char *date, const char *body)
{
    return (size_t)snprintf(warc, room,
                            "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\n"
                            "Content-Type: text/html\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n",
                            type, url, date, strlen(body), body);
}

#define PAGE "<p>The bridge is open again, the town's council said on Tuesday, and buses will cross it from Friday on.</p>"
#define CANONICAL "<link rel=canonical href='http://a.example/real'>" PAGE

static void index_records(const char *name, const char *records, size_t len)
{
    char path[TEST_PATH];
    test_path(path, scratch, name);
    ck_assert_int_eq(test_write_file(path, records, len), 0);
    morgue_indexer *indexer = open_indexer();
    test_ok(morgue_indexer_add_source(indexer, path, &err));
    finish(indexer);
}

START_TEST(revisits_count_as_captures)
{
    static char warc[8192];
    size_t n = 0;
    /* A revisit may come before what it is of, and know it by an address that is not its id. */
    n += add_record(warc + n, sizeof warc - n, "revisit", "http://a.example/2?x", "2011-01-01T00:00:00Z", "");
    n += add_record(warc + n, sizeof warc - n, "resource", "http://a.example/1", "2014-03-01T00:00:00Z", PAGE);
    n += add_record(warc + n, sizeof warc - n, "resource", "http://a.example/2?x", "2014-03-02T00:00:00Z", CANONICAL);
    n += add_record(warc + n, sizeof warc - n, "revisit", "http://a.example/1", "2015-03-01T00:00:00Z", "");
    index_records("a.warc", warc, n);
    expect_captured("http://a.example/1", "2014-03-01T00:00:00Z", "2015-03-01T00:00:00Z");
    expect_captured("http://a.example/real", "2011-01-01T00:00:00Z", "2014-03-02T00:00:00Z");
    n = add_record(warc, sizeof warc, "revisit", "http://a.example/2?x", "2016-01-01T00:00:00Z", "");
    n += add_record(warc + n, sizeof warc - n, "revisit", "http://a.example/never", "2016-01-01T00:00:00Z", "");
    index_records("b.warc", warc, n);
    expect_captured("http://a.example/real", "2011-01-01T00:00:00Z", "2016-01-01T00:00:00Z");
}
END_TEST

START_TEST(damaged_captures_are_refused)
{
    const mrg_capture all[] = { { .first = -5, .last = 1 << 30 }, { .is_alias = 1, .name = { { 1, 2 } } } };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_capture back;
    for (size_t i = 0; i < 2; i++) {
        mrg_buffer_clear(&bytes);
        mrg_capture_encode(&all[i], &bytes);
        test_ok(mrg_capture_decode(&back, bytes.data, bytes.len, &err));
        ck_assert_int_eq(back.is_alias, all[i].is_alias);
        ck_assert_int_eq(back.first, all[i].first);
        ck_assert_int_eq(back.last, all[i].last);
        for (size_t cut = 0; cut < bytes.len; cut++)
            ck_assert_int_eq(mrg_capture_decode(&back, bytes.data, cut, &err), MORGUE_ERR_CORRUPT);
        mrg_buffer_append_byte(&bytes, 0);
        ck_assert_int_eq(mrg_capture_decode(&back, bytes.data, bytes.len, &err), MORGUE_ERR_CORRUPT);
    }
    const mrg_capture late = { .first = 0, .last = INT64_MAX };
    mrg_buffer_clear(&bytes);
    mrg_capture_encode(&late, &bytes);
    ck_assert_int_eq(mrg_capture_decode(&back, bytes.data, bytes.len, &err), MORGUE_ERR_CORRUPT);
    mrg_buffer_dispose(&bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("subject");
    TCase *tc = tcase_create("archives");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, subjects_are_found_whole_before_they_are_found_by_words);
    tcase_add_test(tc, subjects_are_a_facet);
    tcase_add_test(tc, hits_have_their_subjects);
    tcase_add_test(tc, a_new_subject_is_a_change);
    tcase_add_test(tc, a_lower_version_does_not_replace_a_higher_one);
    tcase_add_test(tc, the_first_and_the_last_capture_are_kept);
    tcase_add_test(tc, revisits_count_as_captures);
    suite_add_tcase(suite, tc);
    TCase *bytes = tcase_create("bytes");
    tcase_add_test(bytes, damaged_captures_are_refused);
    suite_add_tcase(suite, bytes);
    return test_run_suite(suite);
}

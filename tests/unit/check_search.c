/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching small archives through the public interface. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "morgue.h"

static char root[] = "/tmp/check_search_XXXXXX";
static char first_path[64], second_path[64], empty_path[64];

static const morgue_article first_articles[] = {
    { .id = "talks",
      .title = "Talks on Ukraine resume",
      .text = "Vladimir Putin met Joe Biden in Geneva. The red line of the talks was drawn.\n\n"
              "Kremlin-backed forces stayed where they were. Putin spoke again on Monday.",
      .date = "2014-03-01",
      .url = "https://a.example/talks",
      .source = "Reuters",
      .author = "Jane Roe" },
    { .id = "line",
      .title = "A line in red",
      .text = "The line was red, and red again. Nobody crossed the line. It was said of course at once.",
      .date = "2014-02-11",
      .source = "Associated Press" },
    { .id = "year",
      .title = "The year in sport",
      .text = "Skating and skaters, races and racing.",
      .date = "2013",
      .source = "Reuters" },
    { .id = "month", .title = "A month of snow", .text = "Snow fell on the red roofs.", .date = "2014-01" },
    { .id = "undated", .title = "Undated red notes", .text = "Notes without a date, had had twice.", .lang = "en" },
    { .id = "letters", .title = "", .text = "A letter about letters. A red pencil wrote the lettering." },
};

static const morgue_article second_articles[] = {
    { .id = "other",
      .title = "Another archive",
      .text = "The red line is here as well. Red line, red line.",
      .date = "2020-05-05T10:00:00Z",
      .source = "AFP" },
    { .id = "plain", .title = "Plain", .text = "Nothing in it is red, but talks are mentioned.", .date = "2012-12-31" },
};

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(root));
    snprintf(first_path, sizeof first_path, "%s/first", root);
    snprintf(second_path, sizeof second_path, "%s/second", root);
    snprintf(empty_path, sizeof empty_path, "%s/empty", root);
    test_make_archive(first_path, first_articles, sizeof first_articles / sizeof *first_articles);
    test_make_archive(second_path, second_articles, sizeof second_articles / sizeof *second_articles);
    test_make_archive(empty_path, NULL, 0);
}

static void teardown(void)
{
    char command[80];
    snprintf(command, sizeof command, "rm -rf %s", root);
    ck_assert_int_eq(system(command), 0);
    memcpy(root + sizeof root - 7, "XXXXXX", 6);
}

static morgue_searcher *open_first(void)
{
    const char *paths[] = { first_path };
    morgue_searcher *s;
    ck_assert_int_eq(morgue_searcher_open(&s, paths, 1, NULL), 0);
    return s;
}

static morgue_searcher *open_both(void)
{
    const char *paths[] = { first_path, second_path };
    morgue_searcher *s;
    ck_assert_int_eq(morgue_searcher_open(&s, paths, 2, NULL), 0);
    return s;
}

static morgue_results *search(morgue_searcher *s, const char *query, const morgue_search_options *options)
{
    morgue_results *r;
    morgue_error err;
    ck_assert_msg(!morgue_search(s, query, options, &r, &err), "%s: %s", query, err.message);
    return r;
}

/* The ids of the hits, in order, with a space between. */
static void ids_of(const morgue_results *r, char *out, size_t size)
{
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < morgue_results_size(r); i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "", morgue_hit_id(morgue_results_hit(r, i)));
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The same with the ids sorted, and the exact count checked. */
static void expect(morgue_searcher *s, const char *query, int any, const char *sorted)
{
    morgue_search_options o = MORGUE_SEARCH_OPTIONS_INIT;
    o.exact_count = 1;
    o.any = any;
    o.limit = 100;
    morgue_results *r = search(s, query, &o);
    const char *ids[100];
    char joined[1000] = "";
    size_t n = morgue_results_size(r);
    uint64_t low, high;
    for (size_t i = 0; i < n; i++)
        ids[i] = morgue_hit_id(morgue_results_hit(r, i));
    if (n)
        qsort(ids, n, sizeof *ids, compare_ids);
    for (size_t i = 0; i < n; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "", ids[i]);
    ck_assert_msg(!strcmp(joined, sorted), "%s: %s, not %s\n%s", query, joined, sorted, morgue_results_explain(r));
    morgue_results_count(r, &low, &high);
    ck_assert_uint_eq(low, n);
    ck_assert_uint_eq(high, n);
    morgue_results_free(r);
}

START_TEST(words_match_their_inflections)
{
    morgue_searcher *s = open_first();
    expect(s, "talk", 0, "talks");
    expect(s, "RACE skater", 0, "year");
    expect(s, "lettered", 0, "letters");
    expect(s, "red", 0, "letters line month talks undated");
    expect(s, "red line", 0, "line talks");
    expect(s, "zebra", 0, "");
    expect(s, "red zebra", 0, "");
    morgue_searcher_close(s);
}
END_TEST

START_TEST(phrases_are_exact)
{
    morgue_searcher *s = open_first();
    expect(s, "\"red line\"", 0, "talks");
    expect(s, "\"line was red\"", 0, "line");
    expect(s, "\"talk\"", 0, "");
    expect(s, "\"had had\"", 0, "undated");
    expect(s, "\"had had had\"", 0, "");
    expect(s, "Kremlin-backed", 0, "talks");
    expect(s, "backed-Kremlin", 0, "");
    expect(s, "\"resume Vladimir\"", 0, ""); /* title and body do not touch */
    morgue_searcher_close(s);
}
END_TEST

START_TEST(operators_combine)
{
    morgue_searcher *s = open_first();
    expect(s, "red -line", 0, "letters month undated");
    expect(s, "snow OR skating", 0, "month year");
    expect(s, "(snow OR talks) AND red", 0, "month talks");
    expect(s, "red -(line OR snow)", 0, "letters undated");
    expect(s, "NOT red", 0, "year");
    expect(s, "-red -skating", 0, "");
    expect(s, "snow OR -red", 0, "month year");
    expect(s, "NOT (NOT snow)", 0, "month");
    expect(s, "red NOT source:reuters", 0, "letters line month undated");
    expect(s, "snow OR source:reuters", 0, "month talks year");
    morgue_searcher_close(s);
}
END_TEST

START_TEST(any_ranks_by_any_of_the_words)
{
    morgue_searcher *s = open_first();
    expect(s, "snow skating", 1, "month year");
    expect(s, "the snow", 1, "letters line month talks year");
    expect(s, "snow skating source:reuters", 1, "year");
    expect(s, "snow red -line", 1, "letters month undated");
    morgue_searcher_close(s);
}
END_TEST

START_TEST(fields_filter)
{
    morgue_searcher *s = open_first();
    expect(s, "title:red", 0, "line undated");
    expect(s, "title:talk", 0, "talks");
    expect(s, "title:\"line in\"", 0, "line");
    expect(s, "title:\"red line\"", 0, "");
    expect(s, "source:reuters", 0, "talks year");
    expect(s, "source:\"associated press\"", 0, "line");
    expect(s, "red author:roe", 0, "talks");
    expect(s, "id:letters", 0, "letters");
    expect(s, "id:nothing", 0, "");
    expect(s, "lang:en red -line", 0, "letters month undated");
    expect(s, "lang:de", 0, "");
    morgue_searcher_close(s);
}
END_TEST

START_TEST(dates_match_what_is_known)
{
    morgue_searcher *s = open_first();
    expect(s, "date:2014", 0, "line month talks");
    expect(s, "date:2014-03-01", 0, "talks");
    expect(s, "date:2014-02", 0, "line");
    expect(s, "date:2014-02..2014-03", 0, "line talks");
    expect(s, "date:2014-01-02..2014-03", 0, "line talks"); /* the article of January may be of the 1st */
    expect(s, "date:2013", 0, "year");
    expect(s, "date:2013-05..2014-01", 0, "month");
    expect(s, "before:2014", 0, "year");
    expect(s, "after:2013", 0, "line month talks");
    expect(s, "after:2014-02-11", 0, "talks");
    expect(s, "date:1900..1950", 0, "");
    expect(s, "red -date:2014", 0, "letters undated");
    morgue_searcher_close(s);
}
END_TEST

START_TEST(faults_name_their_column)
{
    morgue_searcher *s = open_first();
    morgue_results *r;
    morgue_error err;
    ck_assert_int_eq(morgue_search(s, "red (line", NULL, &r, &err), MORGUE_ERR_INVALID);
    ck_assert_ptr_null(r);
    ck_assert_int_gt(err.column, 0);
    ck_assert_int_eq(morgue_search(s, "", NULL, &r, &err), MORGUE_ERR_INVALID);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(hits_have_fields_and_text)
{
    morgue_searcher *s = open_first();
    morgue_results *r = search(s, "\"red line\"", NULL);
    const morgue_hit *hit = morgue_results_hit(r, 0);
    const char *text;
    size_t len;
    ck_assert_uint_eq(morgue_results_size(r), 1);
    ck_assert_str_eq(morgue_hit_title(hit), "Talks on Ukraine resume");
    ck_assert_str_eq(morgue_hit_date(hit), "2014-03-01");
    ck_assert_str_eq(morgue_hit_url(hit), "https://a.example/talks");
    ck_assert_str_eq(morgue_hit_source(hit), "Reuters");
    ck_assert_str_eq(morgue_hit_author(hit), "Jane Roe");
    ck_assert_str_eq(morgue_hit_lang(hit), "en");
    ck_assert_str_eq(morgue_hit_archive(hit), first_path);
    ck_assert_double_gt(morgue_hit_score(hit), 0);
    ck_assert_int_eq(morgue_hit_text(hit, &text, &len, NULL), 0);
    ck_assert_uint_eq(len, strlen(first_articles[0].text));
    ck_assert_str_eq(text, first_articles[0].text);
    ck_assert_ptr_null(morgue_results_hit(r, 1));
    ck_assert_ptr_nonnull(strstr(morgue_results_explain(r), "red"));
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

static void expect_marks(const morgue_hit *hit, int in_title, const char *whole, const char *const *marked,
                         size_t count)
{
    const morgue_span *spans;
    size_t n;
    ck_assert_int_eq(morgue_hit_matches(hit, in_title, &spans, &n, NULL), 0);
    ck_assert_uint_eq(n, count);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(spans[i].end - spans[i].begin, strlen(marked[i]));
        ck_assert(!memcmp(whole + spans[i].begin, marked[i], strlen(marked[i])));
    }
}

START_TEST(matches_are_marked)
{
    const char *const phrase[] = { "red line" }, *const stems[] = { "letter", "letters", "lettering" };
    const char *const title[] = { "Talks" };
    morgue_searcher *s = open_first();
    morgue_results *r = search(s, "\"red line\" title:talk -zebra", NULL);
    const morgue_hit *hit = morgue_results_hit(r, 0);
    morgue_snippet snippet;
    expect_marks(hit, 0, first_articles[0].text, phrase, 1);
    expect_marks(hit, 1, first_articles[0].title, title, 1);
    ck_assert_int_eq(morgue_hit_snippet(hit, 60, &snippet, NULL), 0);
    ck_assert_uint_eq(snippet.match_count, 1);
    ck_assert(!strncmp(snippet.text + snippet.matches[0].begin, "red line", 8));
    ck_assert_ptr_null(strchr(snippet.text, '\n'));
    morgue_results_free(r);
    r = search(s, "lettered", NULL);
    expect_marks(morgue_results_hit(r, 0), 0, first_articles[5].text, stems, 3);
    morgue_results_free(r);
    r = search(s, "source:reuters date:2014", NULL);
    ck_assert_int_eq(morgue_hit_snippet(morgue_results_hit(r, 0), 0, &snippet, NULL), 0);
    ck_assert_uint_eq(snippet.match_count, 0);
    ck_assert(!strncmp(snippet.text, "Vladimir Putin met", 18));
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(names_are_found_by_their_words)
{
    morgue_searcher *s = open_first();
    morgue_results *r;
    const morgue_entity *entities;
    size_t n;
    expect(s, "person:putin", 0, "talks");
    expect(s, "person:\"vladimir putin\" \"red line\"", 0, "talks");
    expect(s, "name:putin -talks", 0, "");
    expect(s, "org:\"Vladimir Putin\"", 0, "talks"); /* no such organisation: other types, with a note */
    r = search(s, "org:\"Vladimir Putin\"", NULL);
    ck_assert_ptr_nonnull(morgue_results_note(r, 0));
    ck_assert_int_eq(morgue_hit_entities(morgue_results_hit(r, 0), &entities, &n, NULL), 0);
    ck_assert_uint_gt(n, 0);
    morgue_results_free(r);
    r = search(s, "person:Nobodyatall", NULL);
    ck_assert_uint_eq(morgue_results_size(r), 0);
    ck_assert_ptr_nonnull(morgue_results_note(r, 0));
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(sorting_puts_undated_last)
{
    morgue_searcher *s = open_first();
    morgue_search_options o = MORGUE_SEARCH_OPTIONS_INIT;
    char ids[200];
    o.sort = MORGUE_SORT_NEWEST;
    morgue_results *r = search(s, "red -letters", &o);
    ids_of(r, ids, sizeof ids);
    ck_assert_str_eq(ids, "talks line month undated");
    morgue_results_free(r);
    o.sort = MORGUE_SORT_OLDEST;
    r = search(s, "red -letters", &o);
    ids_of(r, ids, sizeof ids);
    ck_assert_str_eq(ids, "month line talks undated");
    morgue_results_free(r);
    r = search(s, "date:2014 OR source:reuters", &o);
    ids_of(r, ids, sizeof ids);
    ck_assert_str_eq(ids, "year month line talks");
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(pages_fit_together)
{
    morgue_searcher *s = open_both();
    morgue_search_options o = MORGUE_SEARCH_OPTIONS_INIT;
    char all[400], paged[400] = "", one[100];
    morgue_results *r = search(s, "red", NULL);
    ids_of(r, all, sizeof all);
    size_t n = morgue_results_size(r);
    ck_assert_uint_eq(n, 7);
    morgue_results_free(r);
    o.limit = 1;
    for (o.offset = 0; o.offset < n + 1; o.offset++) {
        r = search(s, "red", &o);
        ids_of(r, one, sizeof one);
        snprintf(paged + strlen(paged), sizeof paged - strlen(paged), "%s%s", paged[0] && one[0] ? " " : "", one);
        morgue_results_free(r);
    }
    ck_assert_str_eq(paged, all);
    o.limit = MORGUE_NO_HITS;
    o.offset = 0;
    o.exact_count = 1;
    r = search(s, "red", &o);
    uint64_t low;
    morgue_results_count(r, &low, NULL);
    ck_assert_uint_eq(low, n);
    ck_assert_uint_eq(morgue_results_size(r), 0);
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(archives_are_searched_as_one)
{
    const char *paths[] = { second_path, empty_path, first_path };
    morgue_searcher *s = open_both();
    morgue_results *r;
    expect(s, "\"red line\"", 0, "other talks");
    expect(s, "talks", 0, "plain talks");
    expect(s, "red source:afp", 0, "other");
    expect(s, "red -line date:2012..2020", 0, "month plain");
    ck_assert_uint_eq(morgue_searcher_article_count(s), 8);
    ck_assert_int_eq(morgue_fetch(s, "other", "red", &r, NULL), 0);
    ck_assert_str_eq(morgue_hit_archive(morgue_results_hit(r, 0)), second_path);
    morgue_results_free(r);
    ck_assert_int_eq(morgue_fetch(s, "nowhere", NULL, &r, NULL), MORGUE_ERR_NOT_FOUND);
    morgue_searcher_close(s);
    ck_assert_int_eq(morgue_searcher_open(&s, paths, 3, NULL), 0);
    expect(s, "\"red line\"", 0, "other talks");
    expect(s, "NOT red", 0, "year");
    morgue_searcher_close(s);
}
END_TEST

START_TEST(a_search_sees_a_commit_after_refresh)
{
    morgue_searcher *s = open_first();
    morgue_indexer *indexer;
    morgue_article changed = first_articles[1];
    morgue_results *before = search(s, "crossed", NULL);
    changed.text = "Now it says something green.";
    for (int i = 0; i < 3; i++) {
        char text[64];
        snprintf(text, sizeof text, "Commit number %d, something green.", i);
        changed.text = text;
        ck_assert_int_eq(morgue_indexer_open(&indexer, first_path, NULL, NULL), 0);
        ck_assert_int_eq(morgue_indexer_add(indexer, &changed, NULL), 0);
        ck_assert_int_eq(morgue_indexer_commit(indexer, NULL), 0);
        morgue_indexer_close(indexer);
    }
    /* Overtaken by several commits: it either still answers as before, or has moved on by itself. */
    morgue_results *r = search(s, "red", NULL);
    morgue_results_free(r);
    ck_assert_int_eq(morgue_searcher_refresh(s, NULL), 0);
    expect(s, "green", 0, "line");
    expect(s, "crossed", 0, "");
    expect(s, "\"something green\" title:red", 0, "line");
    const char *text;
    size_t len;
    ck_assert_int_eq(morgue_hit_text(morgue_results_hit(before, 0), &text, &len, NULL), 0);
    ck_assert_ptr_nonnull(strstr(text, "Nobody crossed"));
    morgue_results_free(before);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(long_queries_stay_bounded)
{
    morgue_searcher *s = open_first();
    size_t size = 100000;
    char *query = malloc(size + 3);
    morgue_results *r = NULL;
    morgue_error err;
    for (int quoted = 0; quoted < 2; quoted++) {
        size_t len = 0;
        if (quoted)
            query[len++] = '"';
        for (unsigned i = 0; len + 16 < size; i++)
            len += (size_t)snprintf(query + len, 16, "w%x ", i);
        snprintf(query + len, 3, quoted ? "\"" : "x");
        morgue_status status = morgue_search(s, query, NULL, &r, &err);
        ck_assert(status == MORGUE_OK || status == MORGUE_ERR_LIMIT || status == MORGUE_ERR_INVALID);
        morgue_results_free(r);
    }
    free(query);
    morgue_searcher_close(s);
}
END_TEST

/* Whatever allocation fails, a search either works or says NOMEM; under a sanitizer nothing leaks. */
START_TEST(failing_allocations_are_told)
{
    morgue_searcher *s = open_both();
    static const char *const queries[] = { "\"red line\" -snow OR title:talk (letters NOT \"had had\")",
                                           "person:putin source:reuters date:2014-01-02..2020 Kremlin-backed -org:x" };
    for (size_t q = 0; q < 2; q++) {
        for (long n = 1, done = 0; !done; n++) {
            morgue_results *r = NULL;
            morgue_snippet snippet;
            mrg_alloc_fail_at(n);
            morgue_status status = morgue_search(s, queries[q], NULL, &r, NULL);
            done = status == MORGUE_OK && n > 3000;
            ck_assert_msg(status == MORGUE_OK || status == MORGUE_ERR_NOMEM, "%ld: %d", n, status);
            for (size_t i = 0; r && i < morgue_results_size(r); i++) {
                morgue_status got = morgue_hit_snippet(morgue_results_hit(r, i), 0, &snippet, NULL);
                ck_assert_msg(got == MORGUE_OK || got == MORGUE_ERR_NOMEM, "%ld: %d", n, got);
            }
            morgue_results_free(r);
            mrg_alloc_fail_at(0);
        }
    }
    expect(s, "\"red line\"", 0, "other talks");
    morgue_searcher_close(s);
}
END_TEST

/* ---- Damage -------------------------------------------------------------------------------- */

static void write_file(const char *path, const unsigned char *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
    ck_assert_int_eq(fclose(f), 0);
}

/* Opens, searches and reads what it finds; every status but these two would be a lie. */
static void try_damaged(size_t at)
{
    static const char *const queries[] = { "red line", "\"red line\"", "talk OR letter OR snow", "title:red -snow" };
    const char *paths[] = { first_path };
    morgue_searcher *s;
    morgue_status status = morgue_searcher_open(&s, paths, 1, NULL);
    ck_assert_msg(status == MORGUE_OK || status == MORGUE_ERR_CORRUPT || status == MORGUE_ERR_VERSION, "byte %zu: %d",
                  at, status);
    for (size_t i = 0; !status && i < sizeof queries / sizeof *queries; i++) {
        morgue_results *r;
        morgue_snippet snippet;
        morgue_error err;
        morgue_status got = morgue_search(s, queries[i], NULL, &r, &err);
        ck_assert_msg(got == MORGUE_OK || got == MORGUE_ERR_CORRUPT, "byte %zu: %d %s", at, got, err.message);
        for (size_t k = 0; r && k < morgue_results_size(r); k++) {
            got = morgue_hit_snippet(morgue_results_hit(r, k), 0, &snippet, &err);
            ck_assert_msg(got == MORGUE_OK || got == MORGUE_ERR_CORRUPT || got == MORGUE_ERR_NOT_FOUND,
                          "byte %zu: %d %s", at, got, err.message);
        }
        morgue_results_free(r);
    }
    if (!status)
        morgue_searcher_close(s);
}

START_TEST(damaged_bytes_never_crash)
{
    static unsigned char whole[1 << 20], damaged[1 << 20];
    char path[100];
    snprintf(path, sizeof path, "%s/segments/00000001.seg", first_path);
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t len = fread(whole, 1, sizeof whole, f);
    fclose(f);
    ck_assert_uint_gt(len, 0);
    for (size_t at = 0; at < len; at++) {
        memcpy(damaged, whole, len);
        damaged[at] ^= (unsigned char)(1u << (at % 8));
        write_file(path, damaged, len);
        try_damaged(at);
    }
    write_file(path, whole, len);
    try_damaged(len);
}
END_TEST

/* ---- Threads -------------------------------------------------------------------------------- */

static void *search_in_thread(void *unused)
{
    morgue_searcher *s = open_both();
    for (int i = 0; i < 30; i++) {
        expect(s, "\"red line\"", 0, "other talks");
        expect(s, "red -line source:reuters", 0, "");
        expect(s, "person:putin talk", 0, "talks");
    }
    morgue_searcher_close(s);
    return unused;
}

START_TEST(threads_search_the_same_archive)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, search_in_thread, NULL), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}
END_TEST

static void *cancel_in_thread(void *ctx)
{
    for (int i = 0; i < 200; i++) {
        morgue_searcher_cancel(ctx);
        usleep(100);
    }
    return NULL;
}

START_TEST(cancelling_stops_a_search_and_not_the_next)
{
    morgue_searcher *s = open_first();
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_in_thread, s), 0);
    for (int i = 0; i < 500; i++) {
        morgue_results *r;
        morgue_status status = morgue_search(s, "red OR line OR talks", NULL, &r, NULL);
        ck_assert(status == MORGUE_OK || status == MORGUE_ERR_CANCELLED);
        morgue_results_free(r);
    }
    pthread_join(thread, NULL);
    expect(s, "snow", 0, "month");
    morgue_searcher_close(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search");
    TCase *tests = tcase_create("archives");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, words_match_their_inflections);
    tcase_add_test(tests, phrases_are_exact);
    tcase_add_test(tests, operators_combine);
    tcase_add_test(tests, any_ranks_by_any_of_the_words);
    tcase_add_test(tests, fields_filter);
    tcase_add_test(tests, dates_match_what_is_known);
    tcase_add_test(tests, faults_name_their_column);
    tcase_add_test(tests, hits_have_fields_and_text);
    tcase_add_test(tests, matches_are_marked);
    tcase_add_test(tests, names_are_found_by_their_words);
    tcase_add_test(tests, sorting_puts_undated_last);
    tcase_add_test(tests, pages_fit_together);
    tcase_add_test(tests, archives_are_searched_as_one);
    tcase_add_test(tests, a_search_sees_a_commit_after_refresh);
    tcase_add_test(tests, long_queries_stay_bounded);
    tcase_add_test(tests, failing_allocations_are_told);
    tcase_add_test(tests, damaged_bytes_never_crash);
    tcase_add_test(tests, threads_search_the_same_archive);
    tcase_add_test(tests, cancelling_stops_a_search_and_not_the_next);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

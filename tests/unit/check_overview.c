/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Overviews at the edges: what results they belong to, newer commits, cancelling, and the counting itself. That the
   counts are right is for the property test. */
#include <pthread.h>
#include <stdatomic.h>

#include "../support/testing.h"
#include "tally.h"

static char scratch[TEST_PATH], archive[TEST_PATH];

static void setup(void)
{
    test_make_scratch(scratch);
    test_path(archive, scratch, "archive");
}

static void teardown(void)
{
    test_remove_tree(scratch);
}

/* ---- An archive ------------------------------------------------------------------------------------------------ */

static morgue_indexer *open_indexer(void)
{
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
    morgue_indexer *indexer;
    morgue_error err;
    test_ok(morgue_indexer_open(&indexer, archive, &options, &err));
    return indexer;
}

static void add(morgue_indexer *indexer, const char *id, const char *text, const char *date, const char *source)
{
    morgue_article article = { .id = id, .title = "A title", .text = text, .date = date, .source = source };
    morgue_error err;
    test_ok(morgue_indexer_add(indexer, &article, &err));
}

static void commit(morgue_indexer *indexer)
{
    morgue_error err;
    test_ok(morgue_indexer_commit(indexer, &err));
}

static void make_archive(void)
{
    morgue_indexer *indexer = open_indexer();
    add(indexer, "a", "Pipelines: Vladimir Putin met Angela Merkel.", "2014-03-01", "Reuters");
    add(indexer, "b", "Pipelines: Vladimir Putin spoke.", "2014-04", "reuters");
    add(indexer, "c", "Pipelines: Angela Merkel spoke. Vladimir Putin did not.", "2013", NULL);
    add(indexer, "d", "Nothing of this: Barack Obama spoke.", NULL, "AFP");
    for (int i = 0; i < 6; i++) {
        char id[32];
        snprintf(id, sizeof id, "e%d", i);
        add(indexer, id, "The ferries sail again.", "2012-05-06", "AFP");
    }
    commit(indexer);
    morgue_indexer_close(indexer);
}

static morgue_searcher *open_archive(void)
{
    const char *path = archive;
    morgue_searcher *searcher;
    morgue_error err;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    return searcher;
}

static morgue_results *search(morgue_searcher *searcher, const char *query)
{
    morgue_results *results;
    morgue_error err;
    test_ok(morgue_search(searcher, query, NULL, &results, &err));
    return results;
}

/* The values of a facet as "value=count value=count". */
static const char *facet(morgue_results *results, morgue_facet which, size_t max)
{
    static char text[400];
    const morgue_facet_value *values;
    size_t count, n = 0;
    morgue_error err;
    test_ok(morgue_results_facet(results, which, max, &values, &count, NULL, &err));
    text[0] = 0;
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s=%llu", i ? " " : "", values[i].value,
                              (unsigned long long)values[i].count);
    return text;
}

static const char *associates(morgue_results *results, const char *types)
{
    static char text[400];
    const morgue_associate *names;
    size_t count, n = 0;
    morgue_error err;
    test_ok(morgue_results_names(results, types, 0, &names, &count, &err));
    text[0] = 0;
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s=%llu/%llu", i ? " " : "", names[i].name,
                              (unsigned long long)names[i].count, (unsigned long long)names[i].everywhere);
    return text;
}

START_TEST(facets_count_all_matches)
{
    make_archive();
    morgue_searcher *searcher = open_archive();
    morgue_results *results = search(searcher, "pipelines");
    ck_assert_str_eq(facet(results, MORGUE_FACET_PERSON, 0), "Vladimir Putin=3 Angela Merkel=2");
    ck_assert_str_eq(facet(results, MORGUE_FACET_PERSON, 1), "Vladimir Putin=3");
    ck_assert_str_eq(facet(results, MORGUE_FACET_SOURCE, 0), "Reuters=2 =1");
    ck_assert_str_eq(facet(results, MORGUE_FACET_YEAR, 0), "2013=1 2014=2");
    ck_assert_str_eq(facet(results, MORGUE_FACET_MONTH, 0), "=1 2014-03=1 2014-04=1");
    ck_assert_str_eq(facet(results, MORGUE_FACET_DAY, 0), "=2 2014-03-01=1");
    ck_assert_str_eq(facet(results, MORGUE_FACET_LANG, 0), "en=3");
    ck_assert_str_eq(facet(results, MORGUE_FACET_EVENT, 0), "");
    morgue_results_free(results);
    results = search(searcher, "zeppelin");
    ck_assert_str_eq(facet(results, MORGUE_FACET_YEAR, 0), "");
    ck_assert_str_eq(associates(results, NULL), "");
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(names_leave_out_what_was_asked_for)
{
    make_archive();
    morgue_searcher *searcher = open_archive();
    static const struct {
        const char *query, *types, *names;
    } cases[] = {
        { "pipelines", NULL, "Vladimir Putin=3/3 Angela Merkel=2/2" },
        { "pipelines", "org,place", "" },
        { "pipelines", "org,person", "Vladimir Putin=3/3 Angela Merkel=2/2" },
        { "person:putin", NULL, "Angela Merkel=2/2" },
        { "name:\"Angela Merkel\"", NULL, "Vladimir Putin=2/3" },
        { "vladimir putin", NULL, "Angela Merkel=2/2" },
        { "putin", NULL, "Angela Merkel=2/2" }, /* the alias table knows whom that means */
        { "vladimir pipelines", NULL, "Vladimir Putin=3/3 Angela Merkel=2/2" },
        { "pipelines -\"barack obama\"", NULL, "Vladimir Putin=3/3 Angela Merkel=2/2" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        morgue_results *results = search(searcher, cases[i].query);
        const char *names = associates(results, cases[i].types);
        ck_assert_msg(!strcmp(names, cases[i].names), "%s: %s, not %s", cases[i].query, names, cases[i].names);
        morgue_results_free(results);
    }
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(what_is_no_facet_is_told)
{
    static const char *const wrong[] = { "", "people", "person,", ",person", "person, org", "persona" };
    const morgue_facet_value *values = (const morgue_facet_value *)"";
    const morgue_associate *names;
    size_t count = 1, total = 1;
    morgue_error err;
    make_archive();
    morgue_searcher *searcher = open_archive();
    morgue_results *results = search(searcher, "pipelines");
    ck_assert_int_eq(morgue_results_facet(results, (morgue_facet)77, 0, &values, &count, &total, &err), MORGUE_ERR_INVALID);
    ck_assert(!values && !count && !total);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(morgue_results_names(results, wrong[i], 0, &names, &count, &err) == MORGUE_ERR_INVALID, "%s", wrong[i]);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(a_fetched_article_is_its_own_overview)
{
    morgue_results *results;
    morgue_error err;
    make_archive();
    morgue_searcher *searcher = open_archive();
    test_ok(morgue_fetch(searcher, "a", "ferries", &results, &err));
    ck_assert_str_eq(facet(results, MORGUE_FACET_PERSON, 0), "Angela Merkel=1 Vladimir Putin=1");
    ck_assert_str_eq(facet(results, MORGUE_FACET_DAY, 0), "2014-03-01=1");
    ck_assert_str_eq(associates(results, NULL), ""); /* two of ten, and three: no surprise */
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(similar_articles_have_overviews)
{
    morgue_results *results;
    const morgue_facet_value *values;
    size_t count, total = 0;
    uint64_t at_least, at_most;
    morgue_search_options options = { .exact_count = 1, .limit = 1 };
    morgue_error err;
    make_archive();
    morgue_searcher *searcher = open_archive();
    test_ok(morgue_similar(searcher, "a", &options, &results, &err));
    morgue_results_count(results, &at_least, &at_most);
    ck_assert(at_least > 0 && at_least == at_most);
    test_ok(morgue_results_facet(results, MORGUE_FACET_LANG, 0, &values, &count, NULL, &err));
    for (size_t i = 0; i < count; i++)
        total += values[i].count;
    ck_assert_uint_eq(total, at_most);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

START_TEST(facets_keep_to_what_came_since)
{
    char cursor[200];
    morgue_results *results;
    morgue_error err;
    make_archive();
    morgue_searcher *searcher = open_archive();
    snprintf(cursor, sizeof cursor, "%s", morgue_searcher_cursor(searcher, &err));
    morgue_search_options options = { .since = cursor, .recency_days = 30 };
    test_ok(morgue_search(searcher, "pipelines", &options, &results, &err));
    ck_assert_str_eq(facet(results, MORGUE_FACET_YEAR, 0), "");
    morgue_results_free(results);
    morgue_indexer *indexer = open_indexer();
    add(indexer, "late", "Pipelines: Vladimir Putin sang.", "2017-01-02", "AFP");
    commit(indexer);
    morgue_indexer_close(indexer);
    test_ok(morgue_searcher_refresh(searcher, &err));
    test_ok(morgue_search(searcher, "pipelines", &options, &results, &err));
    ck_assert_str_eq(facet(results, MORGUE_FACET_YEAR, 0), "2017=1");
    ck_assert_str_eq(facet(results, MORGUE_FACET_PERSON, 0), "Vladimir Putin=1");
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

/* ---- Newer commits -------------------------------------------------------------------------------------------- */

/* Enough commits, with enough in them, that Xapian overwrites the tables that the results refer to. */
static void overtake(void)
{
    morgue_indexer *indexer = open_indexer();
    char text[200];
    morgue_error err;
    test_ok(morgue_indexer_delete(indexer, "a", &err));
    for (int k = 0; k < 6; k++) {
        for (int i = 0; i < 40; i++) {
            char id[48];
            snprintf(id, sizeof id, "new%d.%d", k, i);
            snprintf(text, sizeof text, "Ships%d and Donald Tusk, harbour number%d.", i, k);
            add(indexer, id, text, "2015-01-01", "Other");
        }
        add(indexer, "b", k % 2 ? "Pipelines: Vladimir Putin slept." : "Pipelines: Donald Tusk spoke.", "2016", "Later");
        commit(indexer);
    }
    morgue_indexer_close(indexer);
}

START_TEST(hits_stay_what_they_were_found_as)
{
    make_archive();
    morgue_searcher *searcher = open_archive();
    morgue_results *results = search(searcher, "pipelines");
    ck_assert_uint_eq(morgue_results_size(results), 3);
    overtake();
    int seen = 0;
    for (size_t i = 0; i < 3; i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        const char *id = morgue_hit_id(hit);
        ck_assert_str_eq(morgue_hit_title(hit), "A title");
        ck_assert_str_eq(morgue_hit_date(hit), id[0] == 'a' ? "2014-03-01" : id[0] == 'b' ? "2014-04" : "2013");
        ck_assert_str_eq(morgue_hit_source(hit), id[0] == 'a' ? "Reuters" : id[0] == 'b' ? "reuters" : "");
        seen |= 1 << (id[0] - 'a');
    }
    ck_assert_int_eq(seen, 7);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

/* The old commit's counts, or those of the newest, but no mixture and no failure. */
START_TEST(overviews_survive_newer_commits)
{
    make_archive();
    morgue_searcher *searcher = open_archive();
    morgue_results *early = search(searcher, "pipelines"), *late = search(searcher, "pipelines");
    ck_assert_str_eq(facet(early, MORGUE_FACET_YEAR, 0), "2013=1 2014=2");
    overtake();
    for (int i = 0; i < 2; i++) {
        morgue_results *results = i ? late : early;
        const char *years = facet(results, MORGUE_FACET_YEAR, 0);
        ck_assert_msg(!strcmp(years, "2013=1 2014=2") || !strcmp(years, "2013=1 2016=1"), "%s", years);
        const char *people = facet(results, MORGUE_FACET_PERSON, 0);
        ck_assert_msg(!strcmp(people, "Vladimir Putin=3 Angela Merkel=2") ||
                          !strcmp(people, "Vladimir Putin=2 Angela Merkel=1"), "%s", people);
        const char *sources = facet(results, MORGUE_FACET_SOURCE, 0);
        ck_assert_msg(!strcmp(sources, "Reuters=2 =1") || !strcmp(sources, "=1 Later=1"), "%s", sources);
        ck_assert_uint_eq(morgue_results_size(results), 3);
    }
    morgue_results_free(early);
    morgue_results_free(late);
    morgue_searcher_close(searcher);
}
END_TEST

/* ---- Cancelling ------------------------------------------------------------------------------------------------- */

typedef struct canceller {
    morgue_searcher *searcher;
    atomic_int stop;
} canceller;

static void *cancel_on_and_on(void *ctx)
{
    canceller *c = ctx;
    while (!atomic_load(&c->stop))
        morgue_searcher_cancel(c->searcher);
    return NULL;
}

START_TEST(overviews_are_cancelled)
{
    const morgue_facet_value *values;
    size_t count;
    pthread_t thread;
    morgue_error err;
    morgue_status status = MORGUE_OK;
    make_archive();
    canceller c = { .searcher = open_archive() };
    morgue_results *results = search(c.searcher, "pipelines");
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_on_and_on, &c), 0);
    for (long i = 0; i < 10000000 && !status; i++)
        status = morgue_results_facet(results, MORGUE_FACET_PERSON, 0, &values, &count, NULL, &err);
    atomic_store(&c.stop, 1);
    pthread_join(thread, NULL);
    ck_assert_int_eq(status, MORGUE_ERR_CANCELLED);
    ck_assert_str_eq(facet(results, MORGUE_FACET_PERSON, 0), "Vladimir Putin=3 Angela Merkel=2");
    morgue_results_free(results);
    morgue_searcher_close(c.searcher);
}
END_TEST

/* ---- Counting ------------------------------------------------------------------------------------------------------ */

static int by_count(const void *a, const void *b)
{
    const mrg_tally_entry *x = *(mrg_tally_entry *const *)a, *y = *(mrg_tally_entry *const *)b;
    return x->count > y->count ? -1 : x->count < y->count;
}

START_TEST(tally_counts_by_key)
{
    mrg_tally tally = { 0 };
    mrg_tally_entry *entry;
    uint64_t counts[700] = { 0 }, state = 5;
    char key[16];
    for (unsigned i = 0; i < 5000; i++) {
        unsigned k = test_below(&state, 700), n = 1 + test_below(&state, 3);
        snprintf(key, sizeof key, "key%u", k);
        ck_assert_int_eq(mrg_tally_at(&tally, key, strlen(key), &entry, NULL), 0);
        if (!counts[k])
            ck_assert_uint_eq(entry->count, 0);
        mrg_tally_add(entry, k % 2, k + 1, n);
        counts[k] += n;
    }
    for (unsigned k = 0; k < 700; k++) {
        snprintf(key, sizeof key, "key%u", k);
        ck_assert_int_eq(mrg_tally_at(&tally, key, strlen(key), &entry, NULL), 0);
        ck_assert_uint_eq(entry->count, counts[k]);
        if (counts[k])
            ck_assert(entry->archive == k % 2 && entry->docid == k + 1);
    }
    ck_assert_uint_eq(tally.count, 700);
    mrg_tally_dispose(&tally);
}
END_TEST

/* What several terms stand for counts an article once. */
START_TEST(tally_counts_shared_keys_once_an_article)
{
    mrg_tally tally = { 0 };
    mrg_tally_entry *entry;
    static const uint32_t docids[] = { 7, 9, 200, 7, 9, 201 };
    ck_assert_int_eq(mrg_tally_at(&tally, "k", 1, &entry, NULL), 0);
    for (size_t a = 0; a < 3; a++)
        for (size_t i = 0; i < sizeof docids / sizeof *docids; i++)
            ck_assert_int_eq(mrg_tally_add_once(entry, a, docids[i], NULL), 0);
    ck_assert_uint_eq(entry->count, 12);
    mrg_tally_dispose(&tally);
}
END_TEST

START_TEST(the_best_are_kept_in_order)
{
    uint64_t state = 3;
    for (size_t max = 0; max < 40; max += 3) {
        enum { N = 30 };
        mrg_tally_entry entries[N] = { { 0 } }, *all[N];
        mrg_best best = { .max = max, .order = by_count };
        for (size_t i = 0; i < N; i++) {
            entries[i].count = test_below(&state, 20);
            all[i] = &entries[i];
            ck_assert_int_eq(mrg_best_offer(&best, &entries[i], NULL), 0);
        }
        qsort(all, N, sizeof *all, by_count);
        ck_assert_uint_eq(best.count, max && max < N ? max : N);
        if (mrg_best_last(&best))
            ck_assert_uint_eq(mrg_best_last(&best)->count, all[max - 1]->count);
        mrg_best_sort(&best);
        for (size_t i = 0; i < best.count; i++)
            ck_assert_uint_eq(best.items[i]->count, all[i]->count);
        mrg_best_dispose(&best);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overview");
    TCase *tcase = tcase_create("overview");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, facets_count_all_matches);
    tcase_add_test(tcase, names_leave_out_what_was_asked_for);
    tcase_add_test(tcase, what_is_no_facet_is_told);
    tcase_add_test(tcase, a_fetched_article_is_its_own_overview);
    tcase_add_test(tcase, similar_articles_have_overviews);
    tcase_add_test(tcase, facets_keep_to_what_came_since);
    tcase_add_test(tcase, hits_stay_what_they_were_found_as);
    tcase_add_test(tcase, overviews_survive_newer_commits);
    tcase_add_test(tcase, overviews_are_cancelled);
    tcase_add_test(tcase, tally_counts_by_key);
    tcase_add_test(tcase, tally_counts_shared_keys_once_an_article);
    tcase_add_test(tcase, the_best_are_kept_in_order);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

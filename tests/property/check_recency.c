/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recency: over random archives, a search with it gives what one gets by multiplying every score by
 * 0.5^(age / half-life) and sorting again, to the last hit and page by page.
 */
#include "../support/testing.h"

#include <math.h>

enum { ARTICLES = 900, ARCHIVES = 2 };

static char root[TEST_PATH], paths[ARCHIVES][TEST_PATH];

static const char *const words[] = { "oil", "talks", "treaty", "harbour", "price", "red", "council", "storm" };
static const char *const names[] = { "Vladimir Putin", "Angela Merkel", "Joe Biden", "Barack Obama" };

/* Ascending with noise, as archives grow; some undated, some known only by year. */
static void random_date(uint64_t *state, int i, char out[32])
{
    unsigned kind = test_below(state, 12);
    int day = i / 2 + (int)test_below(state, 200);
    if (kind == 0)
        out[0] = 0;
    else if (kind == 1)
        snprintf(out, 32, "%d", 2012 + day / 365);
    else
        snprintf(out, 32, "%04d-%02d-%02dT%02d:00:00Z", 2012 + day / 365, day % 365 / 31 + 1, day % 28 + 1, day % 24);
}

static void random_text(uint64_t *state, char *out, size_t size)
{
    size_t len = 0, count = 5 + test_below(state, 60);
    for (size_t i = 0; i < count; i++) {
        if (test_below(state, 12) == 0)
            len += (size_t)snprintf(out + len, size - len, "said %s. ", names[test_below(state, 4)]);
        else
            len += (size_t)snprintf(out + len, size - len, "%s ",
                                    words[test_below(state, 1 + test_below(state, sizeof words / sizeof *words))]);
    }
}

static void make_archive(const char *path, int which, uint64_t *state)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, path, NULL, &err));
    for (int i = 0; i < ARTICLES; i++) {
        char id[32], date[32], text[4096];
        snprintf(id, sizeof id, "%d-%d", which, i);
        random_date(state, i, date);
        random_text(state, text, sizeof text);
        morgue_article article = { .id = id, .text = text, .date = *date ? date : NULL,
                                   .source = i % 3 ? "Reuters" : "AFP", .title = words[i % 7] };
        test_ok(morgue_indexer_add(indexer, &article, &err));
        if (test_below(state, 200) == 0)
            test_ok(morgue_indexer_commit(indexer, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    test_ok(morgue_indexer_delete(indexer, which ? "1-7" : "0-7", &err));
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

static void setup(void)
{
    uint64_t state;
    test_make_scratch(root);
    state = test_seed();
    for (int i = 0; i < ARCHIVES; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%d", i);
        test_path(paths[i], root, name);
        make_archive(paths[i], i, &state);
    }
}

static void teardown(void)
{
    test_remove_tree(root);
}

/* Days since 1970 by counting them, or -1 for no date. */
static long naive_day(const char *date)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int y = 0, m = 1, d = 1;
    if (sscanf(date, "%d-%d-%d", &y, &m, &d) < 1)
        return -1;
    long days = 0;
    for (int year = 1970; year < y; year++)
        days += 365 + (year % 4 == 0);
    return days + before[m - 1] + (m > 2 && y % 4 == 0) + d - 1;
}

typedef struct ranked {
    char id[32];
    long day;
    double score;
    size_t rank; /* without ages; what decides between equals does not change */
} ranked;

typedef struct ranking {
    ranked items[ARCHIVES * ARTICLES];
    size_t count;
} ranking;

static void read_ranking(ranking *out, morgue_searcher *searcher, const char *query, morgue_search_options options)
{
    morgue_error err = { 0 };
    morgue_results *results;
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        ranked *r = &out->items[out->count];
        snprintf(r->id, sizeof r->id, "%s", morgue_hit_id(hit));
        r->day = naive_day(morgue_hit_date(hit));
        r->score = morgue_hit_score(hit);
        r->rank = out->count++;
    }
    morgue_results_free(results);
}

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return strcmp(x->id, y->id);
}

static const ranked *find(const ranking *in, const char *id)
{
    for (size_t i = 0; i < in->count; i++) {
        if (!strcmp(in->items[i].id, id))
            return &in->items[i];
    }
    ck_abort_msg("%s is not expected", id);
}

/* Scores agree, and hits descend by the scores that were expected; equals may stand either way. */
static void compare(const ranking *expected, const ranking *got, const char *query, double half)
{
    ck_assert_uint_le(got->count, expected->count);
    for (size_t i = 0; i < got->count; i++) {
        double want = expected->items[i].score, own = find(expected, got->items[i].id)->score;
        ck_assert_msg(fabs(got->items[i].score - want) <= 1e-9 * fabs(want), "%s, %.0f days: hit %zu scores %.12g, not %.12g",
                      query, half, i, got->items[i].score, want);
        ck_assert_msg(fabs(got->items[i].score - own) <= 1e-9 * fabs(own), "%s, %.0f days: %s scores %.12g, not %.12g",
                      query, half, got->items[i].id, got->items[i].score, own);
    }
}

static void check_query(morgue_searcher *searcher, const char *query, int any, unsigned half, long newest, long oldest)
{
    ranking *plain = calloc(1, sizeof *plain), *all = calloc(1, sizeof *all), *paged = calloc(1, sizeof *paged);
    morgue_search_options options = { .limit = ARCHIVES * ARTICLES, .any = any };
    ck_assert(plain && all && paged);
    read_ranking(plain, searcher, query, options);
    ck_assert_uint_gt(plain->count, 0);
    for (size_t i = 0; i < plain->count; i++) {
        long day = plain->items[i].day < 0 ? oldest : plain->items[i].day;
        plain->items[i].score *= pow(0.5, (double)(newest - day) / half);
    }
    qsort(plain->items, plain->count, sizeof *plain->items, by_score);
    options.recency_days = half;
    read_ranking(all, searcher, query, options);
    ck_assert_uint_eq(all->count, plain->count);
    compare(plain, all, query, half);
    /* Small pages let the matcher prune; together they are the whole. */
    options.limit = 7;
    for (; options.offset < 42; options.offset += 7)
        read_ranking(paged, searcher, query, options);
    ck_assert_uint_eq(paged->count, plain->count < 42 ? plain->count : 42);
    compare(plain, paged, query, half);
    for (size_t i = 0; i < paged->count; i++)
        ck_assert_str_eq(paged->items[i].id, all->items[i].id);
    free(plain);
    free(all);
    free(paged);
}

static void find_ends(morgue_searcher *searcher, long *newest, long *oldest)
{
    ranking *all = calloc(1, sizeof *all);
    morgue_search_options options = { .limit = ARCHIVES * ARTICLES };
    ck_assert_ptr_nonnull(all);
    read_ranking(all, searcher, "-nowhere", options);
    *newest = -1;
    *oldest = 1000000;
    for (size_t i = 0; i < all->count; i++) {
        long day = all->items[i].day;
        *newest = day > *newest ? day : *newest;
        *oldest = day >= 0 && day < *oldest ? day : *oldest;
    }
    free(all);
}

START_TEST(recency_is_the_score_times_the_factor)
{
    static const char *const queries[] = {
        "oil", "storm", "red council", "\"oil talks\"", "title:price", "oil OR storm", "oil -storm",
        "person:putin", "person:\"angela merkel\" oil", "(person:biden OR storm) source:reuters",
        "name:putin OR name:obama", "storm -person:putin", "oil date:2012", "person:putin NOT source:afp",
        "person:putin^3 OR oil^0.5", "(person:putin storm)^2", "person:putin NEAR/5 oil", "sto*", "\"<person> red\"",
    };
    static const unsigned halves[] = { 1, 30, 400 };
    const char *both[] = { paths[0], paths[1] };
    for (size_t count = 1; count <= ARCHIVES; count++) {
        morgue_error err = { 0 };
        morgue_searcher *searcher;
        long newest, oldest;
        test_ok(morgue_searcher_open(&searcher, both, count, &err));
        find_ends(searcher, &newest, &oldest);
        for (size_t q = 0; q < sizeof queries / sizeof *queries; q++)
            for (size_t h = 0; h < sizeof halves / sizeof *halves; h++)
                check_query(searcher, queries[q], 0, halves[h], newest, oldest);
        check_query(searcher, "oil storm council", 1, 60, newest, oldest);
        morgue_searcher_close(searcher);
    }
}
END_TEST

START_TEST(recency_explains_itself_and_leaves_other_orders_alone)
{
    const char *path = paths[0];
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    morgue_results *results, *newest;
    morgue_search_options options = { .recency_days = 30 };
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    test_ok(morgue_search(searcher, "oil person:putin", &options, &results, &err));
    ck_assert_ptr_nonnull(strstr(morgue_results_explain(results), "age: an article counts half after 30 days"));
    morgue_results_free(results);
    options.sort = MORGUE_SORT_NEWEST;
    test_ok(morgue_search(searcher, "oil", &options, &results, &err));
    options.recency_days = 0;
    test_ok(morgue_search(searcher, "oil", &options, &newest, &err));
    ck_assert_uint_gt(morgue_results_size(newest), 5);
    for (size_t i = 0; i < morgue_results_size(newest); i++)
        ck_assert_str_eq(morgue_hit_id(morgue_results_hit(results, i)), morgue_hit_id(morgue_results_hit(newest, i)));
    morgue_results_free(results);
    morgue_results_free(newest);
    morgue_searcher_close(searcher);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("recency");
    TCase *tcase = tcase_create("recency");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, recency_is_the_score_times_the_factor);
    tcase_add_test(tcase, recency_explains_itself_and_leaves_other_orders_alone);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

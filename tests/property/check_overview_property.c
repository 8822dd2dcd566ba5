/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facets and names of a query are what a scan of every matching article counts: over random articles in two
 * archives with deleted and replaced ones among them, and over news where DATA=news.jsonl.gz says where there
 * is some.
 */
#include <ctype.h>
#include <math.h>

#include "../support/testing.h"
#include "results.h"

enum { ARTICLES = 500, QUERIES = 50, NEWS = 5000, TEXT = 2000, KEY = 256 };

static char scratch[TEST_PATH], archives[2][TEST_PATH];
static const char *const paths[] = { archives[0], archives[1] };
static uint64_t state; /* of the random numbers */

static void make_scratch(void)
{
    test_make_scratch(scratch);
    test_path(archives[0], scratch, "one");
    test_path(archives[1], scratch, "two");
    state = test_seed();
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

/* ---- Random articles ------------------------------------------------------------------------------------ */

static const char *const names[] = { "Vladimir Putin", "Angela Merkel",  "Barack Obama", "Jens Stoltenberg", "NATO",
                                     "Gazprom",        "European Union", "Kyiv",         "Kiev",             "Norway",
                                     "Berlin",         "Donald Tusk",    "China",        "Yulia Tymoshenko" };
static const char *const sources[] = { NULL, "Reuters", "The Morning Post", "Post The morning", "REUTERS", "Ædda Blað" };
static const char *const authors[] = { NULL, "By Ann Lee", "By  Ann LEE", "Lee By Ann", "Bo Ek", "--", "By Ann Lee and Bo Ek" };
static const char *const dates[] = { NULL, "2013", "2014-02", "2014-03", "2014-03-01", "2014-03-01T18:15:00Z", "2014-03-02",
                                     "2015-12-31" };
static const char *const langs[] = { NULL, "en", "de", "nb" };
static const char *const subjects[] = { NULL, "Sport", "sport; Tax", "Motor sport;tax;Tax", "Tax and us", "; ;" };
static const char *const words[] = { "gas", "talks", "treaty", "winter", "pipeline", "sanctions", "summit", "price" };

#define ANY(array) array[test_below(&state, sizeof array / sizeof *array)]

/* The first names are common and the last ones rare. */
static const char *any_name(void)
{
    unsigned r = test_below(&state, 100);
    return names[r * r * (sizeof names / sizeof *names) / 10000];
}

static void random_text(char out[TEXT])
{
    size_t n = 0;
    out[0] = 0;
    for (unsigned i = 1 + test_below(&state, 4); i > 0; i--)
        n += (size_t)snprintf(out + n, TEXT - n, "The %s and the %s were seen by %s in %s.\n\n", ANY(words), ANY(words),
                              any_name(), any_name());
}

static void add_random(morgue_indexer *indexer, unsigned number)
{
    char id[16], text[TEXT], title[64];
    morgue_error err;
    snprintf(id, sizeof id, "a%u", number);
    snprintf(title, sizeof title, "%s and a %s", any_name(), ANY(words));
    random_text(text);
    morgue_article article = { .id = id, .title = title, .text = text, .date = ANY(dates), .source = ANY(sources),
                               .author = ANY(authors), .lang = ANY(langs), .subject = ANY(subjects) };
    test_ok(morgue_indexer_add(indexer, &article, &err));
}

/* Some commits, the later ones of which replace and delete. */
static void make_archive(const char *path, unsigned first, unsigned count)
{
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
    morgue_indexer *indexer;
    morgue_error err;
    test_ok(morgue_indexer_open(&indexer, path, &options, &err));
    for (unsigned i = 0; i < count; i++) {
        add_random(indexer, first + i);
        if (i % 97 == 96)
            test_ok(morgue_indexer_commit(indexer, &err));
    }
    for (unsigned i = 0; i < count; i += 9)
        add_random(indexer, first + i);
    test_ok(morgue_indexer_commit(indexer, &err));
    for (unsigned i = 4; i < count; i += 11) {
        char id[16];
        snprintf(id, sizeof id, "a%u", first + i);
        test_ok(morgue_indexer_delete(indexer, id, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
    test_archive_is_sound(path);
}

static void random_operand(char *out, size_t size)
{
    switch (test_below(&state, 9)) {
    case 0:
        snprintf(out, size, "%s:\"%s\"", test_below(&state, 2) ? "name" : "person", any_name());
        break;
    case 1:
        snprintf(out, size, "%s", test_below(&state, 2) ? "source:reuters" : test_below(&state, 2) ? "source:post" : "subject:sport");
        break;
    case 2:
        snprintf(out, size, "date:%s", test_below(&state, 2) ? "2014" : "2014-03..2015");
        break;
    case 3:
        snprintf(out, size, "\"the %s\"", ANY(words));
        break;
    case 4:
        snprintf(out, size, "author:%s lang:%s", test_below(&state, 2) ? "ann" : "ek", test_below(&state, 2) ? "en" : "de");
        break;
    case 5:
        snprintf(out, size, "id:a%u", test_below(&state, ARTICLES));
        break;
    default:
        snprintf(out, size, "%s", ANY(words));
        break;
    }
}

static void random_query(char *out, size_t size)
{
    static const char *const joins[] = { " ", " OR ", " AND ", " -", " NOT " };
    char a[100], b[100], c[100];
    random_operand(a, sizeof a);
    random_operand(b, sizeof b);
    random_operand(c, sizeof c);
    unsigned kind = test_below(&state, 5);
    if (kind == 0)
        snprintf(out, size, "%s", a);
    else if (kind == 1)
        snprintf(out, size, "NOT (%s)", a);
    else if (kind == 2)
        snprintf(out, size, "(%s) OR (%s)", a, b);
    else
        snprintf(out, size, "(%s)%s(%s%s(%s))", a, ANY(joins), b, ANY(joins), c);
}

/* ---- The scan ------------------------------------------------------------------------------------------------- */

typedef struct naive_value {
    char key[KEY];
    uint64_t count, everywhere;
    size_t last; /* the article that was counted last, from 1 */
} naive_value;

typedef struct naive {
    naive_value *values;
    size_t count, capacity;
} naive;

static naive_value *naive_at(naive *n, const char *key)
{
    for (size_t i = 0; i < n->count; i++)
        if (!strcmp(n->values[i].key, key))
            return &n->values[i];
    if (n->count == n->capacity) {
        n->capacity = n->capacity ? 2 * n->capacity : 64;
        n->values = realloc(n->values, n->capacity * sizeof *n->values);
        ck_assert_ptr_nonnull(n->values);
    }
    memset(&n->values[n->count], 0, sizeof *n->values);
    snprintf(n->values[n->count].key, KEY, "%s", key);
    return &n->values[n->count++];
}

static void naive_add(naive *n, const char *key, size_t article)
{
    naive_value *value = naive_at(n, key);
    if (value->last != article)
        value->count++;
    value->last = article;
}

static void naive_free(naive *n)
{
    free(n->values);
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The words of a value in small letters, each once, in the order of bytes. */
static void word_set(char *out, const char *value)
{
    char copy[KEY], *list[40], *rest = NULL;
    size_t n = 0, len = 0;
    snprintf(copy, sizeof copy, "%s", value);
    for (char *p = copy; *p; p++)
        *p = (unsigned char)*p < 128 && !isalnum((unsigned char)*p) ? ' ' : (char)tolower((unsigned char)*p);
    for (char *w = strtok_r(copy, " ", &rest); w && n < 40; w = strtok_r(NULL, " ", &rest))
        list[n++] = w;
    qsort(list, n, sizeof *list, compare_words);
    out[0] = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(list[i], list[i - 1]))
            len += (size_t)snprintf(out + len, KEY - len, "%s%s", len ? " " : "", list[i]);
}

static void scan_names(naive *n, const morgue_hit *hit, const char *letters, size_t article)
{
    const mrg_record *record;
    mrg_record_walk walk;
    mrg_record_mention m;
    morgue_error err;
    test_ok(mrg_hit_record(mrg_hit_writable(hit), &record, &err));
    mrg_record_walk_init(&walk, record);
    while (mrg_record_walk_next(&walk, &m)) {
        char key[KEY];
        if (!m.is_first || !memchr(letters, m.entity.key[0], strlen(letters)))
            continue;
        snprintf(key, sizeof key, "%.*s", (int)m.entity.key_len, m.entity.key);
        naive_add(n, key, article);
    }
}

/* ASCII, as all the subjects here are. */
static void lower(char *s)
{
    for (; *s; s++)
        *s = (char)(*s >= 'A' && *s <= 'Z' ? *s + 32 : *s);
}

/* Each counts once for an article. */
static void scan_subjects(naive *n, const char *all, size_t article)
{
    while (*all) {
        char key[KEY];
        size_t len = strcspn(all, ";"), blank = strspn(all, " ;");
        if (!blank) {
            snprintf(key, sizeof key, "%.*s", (int)len, all);
            lower(key);
            naive_add(n, key, article);
        }
        all += blank ? blank : len;
    }
}

static void scan_hit(naive *n, const morgue_hit *hit, morgue_facet facet, size_t article)
{
    char key[KEY];
    const char letters[] = { facet <= MORGUE_FACET_EVENT ? "pole"[facet - MORGUE_FACET_PERSON] : 0, 0 };
    size_t len = facet == MORGUE_FACET_YEAR ? 4 : facet == MORGUE_FACET_MONTH ? 7 : 10;
    const char *date = morgue_hit_date(hit);
    if (facet <= MORGUE_FACET_EVENT) {
        scan_names(n, hit, letters, article);
        return;
    }
    if (facet == MORGUE_FACET_SUBJECT) {
        scan_subjects(n, morgue_hit_subject(hit), article);
        return;
    }
    if (facet == MORGUE_FACET_SOURCE)
        word_set(key, morgue_hit_source(hit));
    else if (facet == MORGUE_FACET_AUTHOR)
        word_set(key, morgue_hit_author(hit));
    else if (facet == MORGUE_FACET_LANG)
        snprintf(key, sizeof key, "%s", morgue_hit_lang(hit));
    else
        snprintf(key, sizeof key, "%.*s", strlen(date) >= len ? (int)len : 0, date);
    naive_add(n, key, article);
}

/* ---- Comparing ---------------------------------------------------------------------------------------------- */

static morgue_results *search_all(morgue_searcher *searcher, const char *query)
{
    morgue_search_options options = { .limit = (size_t)morgue_searcher_article_count(searcher), .exact_count = 1 };
    morgue_results *results;
    morgue_error err;
    morgue_status status = morgue_search(searcher, query, &options, &results, &err);
    ck_assert_msg(!status, "%s: %s", query, err.message);
    return results;
}

static void keep_value(char *out, morgue_facet facet, const morgue_facet_value *value)
{
    if (facet == MORGUE_FACET_SOURCE || facet == MORGUE_FACET_AUTHOR)
        word_set(out, value->value);
    else
        snprintf(out, KEY, "%s", value->key);
    if (facet == MORGUE_FACET_SUBJECT)
        lower(out);
}

static void order_holds(morgue_facet facet, const morgue_facet_value *a, const morgue_facet_value *b)
{
    if (facet >= MORGUE_FACET_YEAR)
        ck_assert_msg(strcmp(a->value, b->value) < 0, "%s before %s", a->value, b->value);
    else
        ck_assert_msg(a->count > b->count || (a->count == b->count && (facet == MORGUE_FACET_SOURCE ||
                                              facet == MORGUE_FACET_AUTHOR || facet == MORGUE_FACET_SUBJECT || strcmp(a->key, b->key) < 0)),
                      "%s (%llu) before %s (%llu)", a->key, (unsigned long long)a->count, b->key,
                      (unsigned long long)b->count);
}

static void facet_equals_scan(morgue_results *all, morgue_results *results, morgue_facet facet, const char *query)
{
    naive n = { 0 };
    const morgue_facet_value *values;
    size_t count, total;
    char key[KEY], third[KEY] = "";
    morgue_error err;
    for (size_t i = 0; i < morgue_results_size(all); i++)
        scan_hit(&n, morgue_results_hit(all, i), facet, i + 1);
    test_ok(morgue_results_facet(results, facet, 0, &values, &count, &total, &err));
    ck_assert_msg(count == n.count && total == n.count, "%s: %zu values of facet %d, not %zu", query, count, (int)facet,
                  n.count);
    for (size_t i = 0; i < count; i++) {
        keep_value(key, facet, &values[i]);
        naive_value *expected = naive_at(&n, key);
        ck_assert_msg(expected->count == values[i].count, "%s: \"%s\" %llu times, not %llu", query, values[i].value,
                      (unsigned long long)values[i].count, (unsigned long long)expected->count);
        if (i)
            order_holds(facet, &values[i - 1], &values[i]);
        if (i == 2)
            snprintf(third, sizeof third, "%s", values[i].key);
    }
    test_ok(morgue_results_facet(results, facet, 3, &values, &count, &total, &err));
    ck_assert_uint_eq(total, n.count);
    ck_assert_uint_eq(count, n.count < 3 ? n.count : 3);
    if (count == 3)
        ck_assert_str_eq(values[2].key, third);
    naive_free(&n);
}

/* The sum over the four cells of observed * ln(observed / expected), twice. */
static double log_likelihood(double with_in, double in, double with, double all)
{
    double observed[] = { with_in, in - with_in, with - with_in, all - in - with + with_in };
    double expected[] = { in * with / all, in * (all - with) / all, (all - in) * with / all,
                          (all - in) * (all - with) / all };
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += observed[i] > 0 ? observed[i] * log(observed[i] / expected[i]) : 0;
    return with_in * all > in * with ? 2 * sum : 0;
}

/* Whether the query may have asked for it: it asks for a name, or has the last word of the key. */
static int may_be_asked(const char *query, const char *key)
{
    const char *last = strrchr(key, ' ');
    return strstr(query, "name:") || strstr(query, "person:") || strstr(query, "org:") || strstr(query, "place:") ||
           strcasestr(query, last ? last + 1 : key + 2);
}

static void names_equal_scan(morgue_results *all, morgue_results *results, const naive *everywhere, const char *query)
{
    naive n = { 0 };
    const morgue_associate *found;
    size_t count, total = morgue_searcher_article_count(all->searcher), in = morgue_results_size(all), first_count;
    char first[KEY] = "";
    morgue_error err;
    for (size_t i = 0; i < in; i++)
        scan_names(&n, morgue_results_hit(all, i), "pole", i + 1);
    test_ok(morgue_results_names(results, NULL, 0, &found, &count, &err));
    for (size_t i = 0; i < count; i++) {
        naive_value *here = naive_at(&n, found[i].key);
        naive whole = *everywhere;
        here->everywhere = naive_at(&whole, found[i].key)->count;
        ck_assert_msg(found[i].count == here->count && found[i].everywhere == here->everywhere,
                      "%s: %s %llu of %llu, not %llu of %llu", query, found[i].key, (unsigned long long)found[i].count,
                      (unsigned long long)found[i].everywhere, (unsigned long long)here->count,
                      (unsigned long long)here->everywhere);
        double expected = log_likelihood((double)here->count, (double)in, (double)here->everywhere, (double)total);
        ck_assert_double_eq_tol(found[i].surprise, expected, 1e-6 * (1 + expected));
        ck_assert(i == 0 || found[i - 1].surprise >= found[i].surprise);
        ck_assert(found[i].key[0] == found[i].type[0] || !strcmp(found[i].type, "place"));
        here->last = 0; /* told */
    }
    for (size_t i = 0; i < n.count; i++) {
        naive whole = *everywhere;
        const naive_value *v = &n.values[i];
        double expected = log_likelihood((double)v->count, (double)in, (double)naive_at(&whole, v->key)->count, (double)total);
        ck_assert_msg(!v->last || expected < 3.85 || (v->count < 2 && in > 1) || may_be_asked(query, v->key),
                      "%s: %s is left out", query, v->key);
    }
    if (count)
        snprintf(first, sizeof first, "%s", found[0].key);
    test_ok(morgue_results_names(results, NULL, 1, &found, &first_count, &err));
    ck_assert_uint_eq(first_count, count > 0);
    if (count)
        ck_assert_str_eq(found[0].key, first);
    naive_free(&n);
}

static void overviews_equal_scan(morgue_searcher *searcher, const char *query, const naive *everywhere)
{
    morgue_search_options options = { .limit = 3, .sort = MORGUE_SORT_NEWEST };
    morgue_results *all = search_all(searcher, query), *results;
    morgue_error err;
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    for (int facet = MORGUE_FACET_PERSON; facet <= MORGUE_FACET_DAY; facet++)
        facet_equals_scan(all, results, (morgue_facet)facet, query);
    names_equal_scan(all, results, everywhere, query);
    morgue_results_free(results);
    morgue_results_free(all);
}

/* All names of the archives. */
static naive scan_archives(morgue_searcher *searcher)
{
    naive n = { 0 };
    morgue_results *all = search_all(searcher, "NOT id:none");
    ck_assert_uint_eq(morgue_results_size(all), morgue_searcher_article_count(searcher));
    for (size_t i = 0; i < morgue_results_size(all); i++)
        scan_names(&n, morgue_results_hit(all, i), "pole", i + 1);
    morgue_results_free(all);
    return n;
}

START_TEST(overviews_of_random_archives_equal_a_scan)
{
    morgue_searcher *searcher;
    morgue_error err;
    unsigned found = 0;
    make_archive(archives[0], 0, ARTICLES * 3 / 5);
    make_archive(archives[1], ARTICLES * 3 / 5, ARTICLES * 2 / 5);
    test_ok(morgue_searcher_open(&searcher, paths, 2, &err));
    naive everywhere = scan_archives(searcher);
    ck_assert_uint_gt(everywhere.count, 8);
    for (unsigned i = 0; i < QUERIES; i++) {
        char query[400];
        random_query(query, sizeof query);
        overviews_equal_scan(searcher, query, &everywhere);
        morgue_results *results = search_all(searcher, query);
        found += morgue_results_size(results) > 0;
        morgue_results_free(results);
    }
    ck_assert_uint_gt(found, QUERIES / 2);
    naive_free(&everywhere);
    morgue_searcher_close(searcher);
}
END_TEST

/* ---- News ------------------------------------------------------------------------------------------------------- */

static int stop_at_enough(void *ctx, const morgue_progress *progress)
{
    (void)ctx;
    return progress->article_count >= NEWS;
}

START_TEST(overviews_of_news_equal_a_scan)
{
    static const char *const queries[] = {
        "government", "oil", "ukraine", "\"interest rates\"", "euro crisis", "apple", "person:obama", "place:china",
        "org:\"federal reserve\"", "date:2012", "date:2010-03..2011-02", "before:2009", "market -stocks", "NOT percent",
        "oil OR gas", "person:merkel OR place:greece", "place:china -market", "author:\"jonathan stempel\"", "lang:en",
        "the NOT government", "\"the company\" date:2011", "bank AND person:obama", "(oil OR gas) -place:iran",
        "nuclear", "hurricane", "football", "name:\"Goldman Sachs\"", "title:profit", "title:\"wall street\"", "war",
        "shares fell", "\"said on Monday\"", "chief executive", "place:london OR place:paris", "after:2013", "crisis",
        "NOT place:\"united states\"", "vote election", "strike", "airline", "\"hedge fund\"", "drug trial",
        "court ruling", "tax -cut", "iran sanctions", "christmas", "iphone", "wheat", "tobacco", "zeppelin"
    };
    const char *data = getenv("DATA");
    morgue_index_options options = { .progress = stop_at_enough };
    morgue_indexer *indexer;
    morgue_searcher *searcher;
    morgue_error err;
    if (!data || !*data) {
        printf("skip: no news to count; set DATA=news.jsonl.gz\n");
        return;
    }
    test_ok(morgue_indexer_open(&indexer, archives[0], &options, &err));
    morgue_status status = morgue_indexer_add_source(indexer, data, &err);
    ck_assert_msg(!status || status == MORGUE_ERR_CANCELLED, "%s", err.message);
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
    test_ok(morgue_searcher_open(&searcher, paths, 1, &err));
    printf("%llu articles\n", (unsigned long long)morgue_searcher_article_count(searcher));
    naive everywhere = scan_archives(searcher);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        overviews_equal_scan(searcher, queries[i], &everywhere);
    naive_free(&everywhere);
    morgue_searcher_close(searcher);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overview property");
    TCase *tcase = tcase_create("overview property");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, overviews_of_random_archives_equal_a_scan);
    tcase_add_test(tcase, overviews_of_news_equal_a_scan);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hits tell beyond their fields: where names stand, and which hits are versions of one article. The
   oracle of versions compares all runs of four words, as they are written. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/testing.h"
#include "morgue.h"

static char root[] = "/tmp/check_hits_XXXXXX";
static char path[80];

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(root));
    snprintf(path, sizeof path, "%s/archive", root);
}

static void teardown(void)
{
    char command[80];
    snprintf(command, sizeof command, "rm -rf %s", root);
    ck_assert_int_eq(system(command), 0);
    memcpy(root + sizeof root - 7, "XXXXXX", 6);
}

/* Versions are not looked for while indexing, so that they are found by the texts of the hits. */
static void index_articles(const morgue_article *articles, size_t count)
{
    morgue_index_options options = { .resemblance = -1 };
    morgue_indexer *indexer;
    morgue_error err;
    ck_assert_msg(!morgue_indexer_open(&indexer, path, &options, &err), "%s", err.message);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(!morgue_indexer_add(indexer, &articles[i], &err), "%s", err.message);
    ck_assert_msg(!morgue_indexer_commit(indexer, &err), "%s", err.message);
    morgue_indexer_close(indexer);
}

static morgue_searcher *open_archive(void)
{
    const char *paths[] = { path };
    morgue_searcher *s;
    ck_assert_int_eq(morgue_searcher_open(&s, paths, 1, NULL), 0);
    return s;
}

static morgue_results *search(morgue_searcher *s, const char *query, size_t limit)
{
    morgue_search_options options = { .limit = limit, .sort = MORGUE_SORT_OLDEST };
    morgue_results *r;
    morgue_error err;
    ck_assert_msg(!morgue_search(s, query, &options, &r, &err), "%s", err.message);
    return r;
}

/* ---- Mentions ---- */

static void expect_mention(const morgue_hit *hit, int in_title, const char *in, const char *words, const char *name)
{
    const morgue_mention *mentions;
    const morgue_entity *entities;
    size_t count, entity_count;
    ck_assert_int_eq(morgue_hit_mentions(hit, in_title, &mentions, &count, NULL), 0);
    ck_assert_int_eq(morgue_hit_entities(hit, &entities, &entity_count, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        const morgue_mention *m = &mentions[i];
        ck_assert(m->span.begin <= m->span.end && m->span.end <= strlen(in) && m->entity < entity_count);
        ck_assert(i == 0 || m->span.begin >= mentions[i - 1].span.end);
        if (m->span.end - m->span.begin == strlen(words) && !strncmp(in + m->span.begin, words, strlen(words)) &&
            !strcmp(entities[m->entity].name, name))
            return;
    }
    ck_abort_msg("no mention \"%s\" of %s", words, name);
}

START_TEST(mentions_say_where_names_stand)
{
    static const morgue_article article = { .id = "a",
                                            .title = "Putin meets Biden in Geneva",
                                            .text = "Vladimir Putin met Joe Biden in Geneva, Switzerland.\n\n"
                                                    "Mr Putin left early. Biden stayed, and Putin called him." };
    index_articles(&article, 1);
    morgue_searcher *s = open_archive();
    morgue_results *r = search(s, "geneva", 1);
    const morgue_hit *hit = morgue_results_hit(r, 0);
    const morgue_entity *entities;
    const morgue_mention *mentions;
    size_t count, in_title, in_text;
    unsigned told = 0;
    expect_mention(hit, 1, article.title, "Putin", "Vladimir Putin");
    expect_mention(hit, 1, article.title, "Biden", "Joe Biden");
    expect_mention(hit, 0, article.text, "Vladimir Putin", "Vladimir Putin");
    expect_mention(hit, 0, article.text, "Geneva", "Geneva");
    expect_mention(hit, 0, article.text, "Biden", "Joe Biden");
    ck_assert_int_eq(morgue_hit_mentions(hit, 1, &mentions, &in_title, NULL), 0);
    ck_assert_int_eq(morgue_hit_mentions(hit, 0, &mentions, &in_text, NULL), 0);
    ck_assert_int_eq(morgue_hit_entities(hit, &entities, &count, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        ck_assert(i == 0 || entities[i].mention_count <= entities[i - 1].mention_count);
        told += entities[i].mention_count;
    }
    ck_assert_uint_eq(told, in_title + in_text);
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(people_have_ages_and_roles)
{
    static const morgue_article article = { .id = "a",
                                            .text =
                                                "Kremlin\nspokesman Dmitry Peskov, 54, met the 69-year-old Vladimir "
                                                "Putin in Geneva. Peskov, a former diplomat, left early." };
    index_articles(&article, 1);
    morgue_searcher *s = open_archive();
    morgue_results *r = search(s, "geneva", 1);
    const morgue_entity *e;
    size_t count, seen = 0;
    ck_assert_int_eq(morgue_hit_entities(morgue_results_hit(r, 0), &e, &count, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(e[i].name, "Dmitry Peskov"))
            ck_assert(++seen && e[i].age == 54 && !strcmp(e[i].role, "Kremlin spokesman"));
        else if (!strcmp(e[i].name, "Vladimir Putin"))
            ck_assert(++seen && e[i].age == 69 && !*e[i].role);
        else
            ck_assert(e[i].age == 0 && !*e[i].role);
    }
    ck_assert_uint_eq(seen, 2);
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

START_TEST(dates_are_apart_from_names)
{
    static const morgue_article article = {
        .id = "a",
        .title = "Putin in Geneva on Tuesday",
        .date = "2014-03-06",
        .text = "Vladimir Putin came on March 4, 2014. In 2008 he came. He had come in May. "
                "Since 2008 he had not."
    };
    static const struct {
        const char *value, *words;
        int in_title;
    } expected[] = { { "2014-03-04", "Tuesday", 1 },
                     { "2014-03-04", "March 4, 2014", 0 },
                     { "2008", "2008", 0 },
                     { "2013-05", "May", 0 },
                     { "2008", "2008", 0 } };
    index_articles(&article, 1);
    morgue_searcher *s = open_archive();
    morgue_results *r = search(s, "geneva", 1);
    const morgue_hit *hit = morgue_results_hit(r, 0);
    const morgue_entity *entities;
    const morgue_date *dates;
    const morgue_mention *mentions;
    size_t count, date_count, at = 0;
    ck_assert_int_eq(morgue_hit_dates(hit, &dates, &date_count, NULL), 0);
    ck_assert_uint_eq(date_count, 3);
    ck_assert(!strcmp(dates[0].value, "2008") && dates[0].mention_count == 2);
    ck_assert(!strcmp(dates[1].value, "2013-05") && dates[1].mention_count == 1);
    ck_assert(!strcmp(dates[2].value, "2014-03-04") && dates[2].mention_count == 2);
    for (int in_title = 1; in_title >= 0; in_title--) {
        const char *in = in_title ? article.title : article.text;
        ck_assert_int_eq(morgue_hit_date_mentions(hit, in_title, &mentions, &count, NULL), 0);
        for (size_t i = 0; i < count; i++, at++) {
            ck_assert(at < 5 && expected[at].in_title == in_title);
            ck_assert_str_eq(dates[mentions[i].entity].value, expected[at].value);
            ck_assert_uint_eq(mentions[i].span.end - mentions[i].span.begin, strlen(expected[at].words));
            ck_assert(!strncmp(in + mentions[i].span.begin, expected[at].words, strlen(expected[at].words)));
        }
    }
    ck_assert_uint_eq(at, 5);
    ck_assert_int_eq(morgue_hit_entities(hit, &entities, &count, NULL), 0);
    for (size_t i = 0; i < count; i++)
        ck_assert_str_ne(entities[i].type, "date");
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

/* ---- Versions ---- */

enum { ARTICLES = 60, WORDS = 1500, RUN = 4 };

static unsigned state;

static unsigned draw(unsigned below)
{
    state = state * 1103515245u + 12345u;
    return (state >> 16) % below;
}

typedef struct made {
    unsigned words[WORDS];
    size_t count;
    char id[16], date[16], *text;
} made;

static void write_text(made *m)
{
    size_t len = 0;
    m->text = malloc(m->count * 8 + 1);
    for (size_t i = 0; i < m->count; i++)
        len += (size_t)sprintf(m->text + len, "w%u ", m->words[i]);
}

/* New ones, and changed copies of earlier ones. */
static void make(made *all, size_t i)
{
    made *m = &all[i];
    if (i == 0 || draw(3) == 0) {
        m->count = draw(8) ? 20 + draw(WORDS - 20) : draw(6);
        for (size_t k = 0; k < m->count; k++)
            m->words[k] = draw(500);
    } else {
        const made *from = &all[draw((unsigned)i)];
        unsigned changes = draw(30);
        memcpy(m->words, from->words, sizeof m->words);
        m->count = from->count;
        for (unsigned c = 0; c < changes && m->count; c++)
            m->words[draw((unsigned)m->count)] = draw(500);
        if (m->count > 30 && draw(3) == 0)
            m->count -= draw((unsigned)m->count / 3);
    }
    snprintf(m->id, sizeof m->id, "a%zu", i);
    snprintf(m->date, sizeof m->date, "%04zu", 1900 + i);
    write_text(m);
}

static int same_run(const unsigned *a, const unsigned *b, size_t words)
{
    return memcmp(a, b, words * sizeof *a) == 0;
}

/* How many distinct runs of `a` there are, and how many of those are in `b`. */
static size_t count_runs(const made *a, const made *b, size_t words, size_t *shared)
{
    size_t distinct = 0;
    *shared = 0;
    for (size_t i = 0; i + words <= a->count; i++) {
        size_t k = 0;
        while (k < i && !same_run(a->words + k, a->words + i, words))
            k++;
        if (k < i)
            continue;
        distinct++;
        for (k = 0; k + words <= b->count; k++) {
            if (same_run(a->words + i, b->words + k, words)) {
                ++*shared;
                break;
            }
        }
    }
    return distinct;
}

/* The resemblance; -1 if there is nothing to compare. */
static double resemblance(const made *a, const made *b)
{
    size_t shared, other;
    if (a->count < RUN || b->count < RUN)
        return a->count && a->count == b->count && same_run(a->words, b->words, a->count) ? 1 : -1;
    size_t of_a = count_runs(a, b, RUN, &shared), of_b = count_runs(b, a, RUN, &other);
    ck_assert_uint_eq(shared, other);
    return (double)shared / (double)(of_a + of_b - shared);
}

START_TEST(versions_are_those_that_resemble_each_other)
{
    made *all = calloc(ARTICLES, sizeof *all);
    morgue_article articles[ARTICLES];
    size_t joined = 0, count = 0;
    state = (unsigned)_i + 1;
    for (size_t i = 0; i < ARTICLES; i++) {
        make(all, i);
        if (!all[i].count)
            continue;
        articles[count++] = (morgue_article){ .id = all[i].id, .text = all[i].text, .date = all[i].date };
    }
    index_articles(articles, count);
    morgue_searcher *s = open_archive();
    morgue_results *r = search(s, "date:1900..", ARTICLES);
    const size_t *group_of;
    ck_assert_uint_eq(morgue_results_size(r), count);
    ck_assert_int_eq(morgue_results_group(r, &group_of, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        const made *m = &all[atoi(morgue_hit_id(morgue_results_hit(r, i)) + 1)];
        ck_assert(group_of[i] <= i && group_of[group_of[i]] == group_of[i]);
        joined += group_of[i] != i;
        for (size_t k = 0; k < i; k++) {
            if (group_of[k] != k)
                continue;
            const made *of = &all[atoi(morgue_hit_id(morgue_results_hit(r, k)) + 1)];
            double alike = resemblance(of, m);
            if (group_of[i] == k)
                ck_assert_msg(alike > 0.72, "%zu and %zu: %g", i, k, alike);
            else if (group_of[i] > k || group_of[i] == i)
                ck_assert_msg(alike < 0.88, "%zu and %zu: %g", i, k, alike);
            /* Texts that fit into a sketch are compared exactly. */
            if (m->count <= 500 && of->count <= 500 && group_of[i] >= k)
                ck_assert_msg((alike >= 0.8) == (group_of[i] == k), "%zu and %zu: %g", i, k, alike);
        }
    }
    ck_assert_uint_gt(joined, 3);
    morgue_results_free(r);
    morgue_searcher_close(s);
    for (size_t i = 0; i < ARTICLES; i++)
        free(all[i].text);
    free(all);
}
END_TEST

START_TEST(no_hits_have_no_groups)
{
    static const morgue_article articles[] = { { .id = "a", .text = "...", .date = "1999" },
                                               { .id = "b", .text = "...", .date = "1999" } };
    const size_t *group_of;
    index_articles(articles, 2);
    morgue_searcher *s = open_archive();
    morgue_results *r = search(s, "nothing", 10);
    ck_assert_int_eq(morgue_results_group(r, &group_of, NULL), 0);
    ck_assert_ptr_nonnull(group_of);
    morgue_results_free(r);
    /* Texts without words are nobody's version. */
    r = search(s, "date:1999", 10);
    ck_assert_int_eq(morgue_results_group(r, &group_of, NULL), 0);
    ck_assert(morgue_results_size(r) == 2 && group_of[0] == 0 && group_of[1] == 1);
    morgue_results_free(r);
    morgue_searcher_close(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search_hits");
    TCase *tcase = tcase_create("hits");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, mentions_say_where_names_stand);
    tcase_add_test(tcase, people_have_ages_and_roles);
    tcase_add_test(tcase, dates_are_apart_from_names);
    tcase_add_loop_test(tcase, versions_are_those_that_resemble_each_other, 0, 4);
    tcase_add_test(tcase, no_hits_have_no_groups);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_assist ARCHIVE QUERIES: microseconds for what helps whoever is searching, through the public library, in
 * one process, warm: more like this, relevance with age, nothing new since a cursor, spelling,
 * completion. One query a line, plain words, as for bench_search.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "morgue.h"

enum { MAX_QUERIES = 200, ROUNDS = 5 };

static morgue_searcher *searcher;
static char *queries[MAX_QUERIES];
static size_t query_count;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void die(const char *what, const morgue_error *err)
{
    fprintf(stderr, "bench_assist: %s: %s\n", what, err->message);
    exit(2);
}

static void read_queries(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[1000];
    if (!file) {
        perror(path);
        exit(2);
    }
    while (query_count < MAX_QUERIES && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (*line)
            queries[query_count++] = strdup(line);
    }
    fclose(file);
}

/* What is measured: one call for a query; how much it gave. */
typedef size_t bench_call(const char *query);

static void measure(const char *name, bench_call *call)
{
    double best[MAX_QUERIES], sum = 0;
    size_t given = 0;
    for (size_t i = 0; i < query_count; i++)
        best[i] = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < query_count; i++) {
            double start = now_us();
            size_t n = call(queries[i]);
            double took = now_us() - start;
            given += round == 0 ? n : 0;
            best[i] = round && took < best[i] ? took : best[i];
        }
    }
    qsort(best, query_count, sizeof *best, by_size);
    for (size_t i = 0; i < query_count; i++)
        sum += best[i];
    printf("%s: n=%zu given=%zu mean %.0fus p50 %.0f p90 %.0f max %.0f\n", name, query_count, given,
           sum / (double)query_count, best[query_count / 2], best[query_count * 9 / 10], best[query_count - 1]);
}

static size_t search_with(const char *query, const morgue_search_options *options)
{
    morgue_error err = { 0 };
    morgue_results *results;
    if (morgue_search(searcher, query, options, &results, &err))
        die(query, &err);
    size_t n = morgue_results_size(results);
    morgue_results_free(results);
    return n;
}

static size_t plain(const char *query)
{
    morgue_search_options options = { .any = 1 };
    return search_with(query, &options);
}

static size_t with_age(const char *query)
{
    morgue_search_options options = { .any = 1, .recency_days = 30 };
    return search_with(query, &options);
}

static size_t name_with_age(const char *query)
{
    char text[1100];
    snprintf(text, sizeof text, "place:china OR org:reuters OR (%s)", query);
    morgue_search_options options = { .recency_days = 30 };
    return search_with(text, &options);
}

static size_t nothing_new(const char *query)
{
    morgue_error err = { 0 };
    morgue_search_options options = { .any = 1, .since = morgue_searcher_cursor(searcher, &err) };
    return search_with(query, &options);
}

/* With a letter left out of the longest word. */
static size_t suggest(const char *query)
{
    char text[1000];
    size_t best = 0, best_len = 0;
    morgue_error err = { 0 };
    morgue_results *results;
    for (size_t i = 0, len; query[i]; i += len + (query[i + len] == ' ')) {
        len = strcspn(query + i, " ");
        if (len > best_len) {
            best = i;
            best_len = len;
        }
    }
    best += best_len / 2;
    snprintf(text, sizeof text, "%.*s%s", (int)best, query, query + best + 1);
    if (morgue_search(searcher, text, NULL, &results, &err))
        die(text, &err);
    size_t n = morgue_results_suggestion(results, &err) != NULL;
    morgue_results_free(results);
    return n;
}

/* The first hits of the queries stand for any articles. */
static void ask_for_articles(void)
{
    for (size_t i = 0; i < query_count; i++) {
        morgue_error err = { 0 };
        morgue_search_options options = { .any = 1, .limit = 1 };
        morgue_results *results;
        if (morgue_search(searcher, queries[i], &options, &results, &err))
            die(queries[i], &err);
        if (morgue_results_size(results)) {
            free(queries[i]);
            queries[i] = strdup(morgue_hit_id(morgue_results_hit(results, 0)));
        } else {
            queries[i--] = queries[--query_count];
        }
        morgue_results_free(results);
    }
}

static size_t similar(const char *id)
{
    morgue_error err = { 0 };
    morgue_results *results;
    if (morgue_similar(searcher, id, NULL, &results, &err))
        die(id, &err);
    size_t n = morgue_results_size(results);
    morgue_results_free(results);
    return n;
}

static size_t complete(const char *text)
{
    morgue_error err = { 0 };
    morgue_completions *list;
    if (morgue_complete(searcher, text, 0, &list, &err))
        die(text, &err);
    size_t n = morgue_completions_size(list);
    morgue_completions_free(list);
    return n;
}

/* The first letters of the queries, each beginning once. */
static void complete_letters(size_t letters)
{
    char *whole[MAX_QUERIES];
    size_t whole_count = query_count;
    memcpy(whole, queries, sizeof whole);
    query_count = 0;
    for (size_t i = 0; i < whole_count; i++) {
        char begin[16];
        size_t k = 0;
        snprintf(begin, sizeof begin, "%.*s", (int)letters, whole[i]);
        while (k < query_count && strcmp(queries[k], begin))
            k++;
        if (k == query_count)
            queries[query_count++] = strdup(begin);
    }
    char name[40];
    snprintf(name, sizeof name, "completion, %zu letters", letters);
    measure(name, complete);
    for (size_t i = 0; i < query_count; i++)
        free(queries[i]);
    memcpy(queries, whole, sizeof whole);
    query_count = whole_count;
}

static size_t complete_person(const char *text)
{
    char typed[32];
    snprintf(typed, sizeof typed, "person:%s", text);
    return complete(typed);
}

static void complete_persons(size_t letters)
{
    static char *const names[] = { "putin", "bush", "merkel", "clinton", "smith", "jones", "maria", "john", "rice", "king" };
    size_t whole_count = query_count;
    char *whole[MAX_QUERIES], name[40];
    memcpy(whole, queries, sizeof whole);
    for (query_count = 0; query_count < sizeof names / sizeof *names; query_count++) {
        queries[query_count] = strdup(names[query_count]);
        if (letters < strlen(names[query_count]))
            queries[query_count][letters] = 0;
    }
    snprintf(name, sizeof name, "completion, person: and %zu letters", letters);
    measure(name, complete_person);
    for (size_t i = 0; i < query_count; i++)
        free(queries[i]);
    memcpy(queries, whole, sizeof whole);
    query_count = whole_count;
}

int main(int argc, char **argv)
{
    morgue_error err = { 0 };
    if (argc != 3) {
        fprintf(stderr, "usage: bench_assist ARCHIVE QUERIES\n");
        return 2;
    }
    const char *path = argv[1];
    read_queries(argv[2]);
    if (!query_count || morgue_searcher_open(&searcher, &path, 1, &err)) {
        fprintf(stderr, "bench_assist: %s\n", query_count ? err.message : "no queries");
        return 2;
    }
    measure("any of the words", plain);
    double start = now_us();
    with_age(queries[0]);
    printf("first search with age: %.0fus\n", now_us() - start);
    measure("any of the words, with age", with_age);
    measure("names and words, with age", name_with_age);
    measure("nothing new", nothing_new);
    measure("suggestion, with its search", suggest);
    complete_letters(1);
    complete_letters(2);
    complete_letters(3);
    complete_letters(5);
    complete_persons(1);
    complete_persons(2);
    complete_persons(3);
    complete_persons(5);
    ask_for_articles();
    measure("similar", similar);
    for (size_t i = 0; i < query_count; i++)
        free(queries[i]);
    morgue_searcher_close(searcher);
    return 0;
}

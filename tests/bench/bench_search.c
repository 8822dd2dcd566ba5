/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_search ARCHIVE QUERIES CLASS [TOP [REPEATS]]: microseconds a query, through the public library, in
 * one process. One query a line, plain words, of which a class makes queries. Each query counts with the
 * best of its runs, after two rounds that do not count, as the peers' harnesses do it.
 *
 * Of "central bank rates":
 *   and, or   central bank rates          phrase    "central bank rates"       slop      "central bank rates"~3
 *   near      central NEAR/10 bank NEAR/10 rates    before    central BEFORE/10 bank BEFORE/10 rates
 *   wildcard  cen* bank rates             leading   *ral bank rates            fuzzy     central~ bank rates
 *   slot      "<person> central"~5        entity    "<person>" NEAR/10 central    prefix    cen*
 *   raw       the line as it is; any other name too, which is then what the results are called
 * TOP is a number of hits, or "count": ten hits and the exact number of all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "morgue.h"

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Writes the words of a line with something between them. */
static void join(FILE *out, const char *line, const char *between)
{
    for (; *line; line++) {
        if (*line == ' ')
            fputs(between, out);
        else
            putc(*line, out);
    }
}

static char *make_query(const char *line, const char *mode)
{
    char *query = NULL;
    size_t size = 0;
    int first = (int)strcspn(line, " ");
    const char *rest = line + first;
    FILE *out = open_memstream(&query, &size);
    if (!strcmp(mode, "phrase") || !strcmp(mode, "slop"))
        fprintf(out, "\"%s\"%s", line, strcmp(mode, "slop") ? "" : "~3");
    else if (!strcmp(mode, "near") || !strcmp(mode, "before"))
        join(out, line, strcmp(mode, "near") ? " BEFORE/10 " : " NEAR/10 ");
    else if (!strcmp(mode, "wildcard") && first >= 3)
        fprintf(out, "%.*s*%s", 3, line, rest);
    else if (!strcmp(mode, "prefix") && first >= 3)
        fprintf(out, "%.3s*", line);
    else if (!strcmp(mode, "leading") && first >= 3)
        fprintf(out, "*%.*s%s", 3, line + first - 3, rest);
    else if (!strcmp(mode, "fuzzy"))
        fprintf(out, "%.*s%s%s", first, line, first > 2 ? "~" : "", rest);
    else if (!strcmp(mode, "slot"))
        fprintf(out, "\"<person> %.*s\"~5", first, line);
    else if (!strcmp(mode, "entity"))
        fprintf(out, "\"<person>\" NEAR/10 %.*s", first, line);
    else
        fputs(line, out);
    fclose(out);
    return query;
}

static size_t read_queries(const char *path, const char *mode, char ***out)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0, count = 0, capacity = 0;
    ssize_t len;
    if (!file) {
        perror(path);
        exit(2);
    }
    while ((len = getline(&line, &size, file)) > 0) {
        if (line[len - 1] == '\n')
            line[--len] = 0;
        if (!len)
            continue;
        if (count == capacity) {
            capacity = capacity ? 2 * capacity : 256;
            *out = realloc(*out, capacity * sizeof **out);
        }
        char *query = make_query(line, mode);
        (*out)[count++] = query;
    }
    free(line);
    fclose(file);
    return count;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bench_search ARCHIVE QUERIES CLASS [TOP [REPEATS]]; classes are in the source\n");
        return 2;
    }
    const char *mode = argv[3];
    int exact = argc > 4 && !strcmp(argv[4], "count");
    morgue_search_options options = { .limit = argc > 4 && !exact ? (size_t)atoi(argv[4]) : 10,
                                      .exact_count = exact,
                                      .any = !strcmp(mode, "or") };
    int repeats = argc > 5 ? atoi(argv[5]) : 8;
    char **queries = NULL;
    size_t count = read_queries(argv[2], mode, &queries), hits = 0;
    double *best = malloc((count + 1) * sizeof *best), sum = 0;
    const char *paths[] = { argv[1] };
    morgue_searcher *searcher;
    morgue_error err = { 0 };
    if (!count || morgue_searcher_open(&searcher, paths, 1, &err)) {
        fprintf(stderr, "bench_search: %s\n", count ? err.message : "no queries");
        return 2;
    }
    for (size_t i = 0; i < count; i++)
        best[i] = 1e18;
    for (int round = 0; round < repeats + 2; round++) {
        for (size_t i = 0; i < count; i++) {
            morgue_results *results;
            double start = now_us();
            if (morgue_search(searcher, queries[i], &options, &results, &err)) {
                fprintf(stderr, "bench_search: %s: %s\n", queries[i], err.message);
                return 2;
            }
            double took = now_us() - start;
            if (round >= 2 && took < best[i])
                best[i] = took;
            if (round == 2)
                hits += morgue_results_size(results);
            morgue_results_free(results);
        }
    }
    qsort(best, count, sizeof *best, by_size);
    for (size_t i = 0; i < count; i++)
        sum += best[i];
    printf("morgue %s top%s: n=%zu hits=%zu mean %.0fus p50 %.0f p90 %.0f p99 %.0f max %.0f\n", mode,
           argc > 4 ? argv[4] : "10", count, hits, sum / (double)count, best[count / 2], best[count * 9 / 10], best[count * 99 / 100],
           best[count - 1]);
    morgue_searcher_close(searcher);
    return 0;
}

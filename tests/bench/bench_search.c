/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_search ARCHIVE QUERIES and|or|phrase [TOP [REPEATS]]: microseconds a query, through the public
 * library, in one process. One query a line, plain words. Each query counts with the best of its runs,
 * after two rounds that do not count, as the peers' harnesses do it.
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
        char *query = malloc((size_t)len + 3);
        sprintf(query, strcmp(mode, "phrase") ? "%s" : "\"%s\"", line);
        (*out)[count++] = query;
    }
    free(line);
    fclose(file);
    return count;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bench_search ARCHIVE QUERIES and|or|phrase [TOP [REPEATS]]\n");
        return 2;
    }
    const char *mode = argv[3];
    morgue_search_options options = { .limit = argc > 4 ? (size_t)atoi(argv[4]) : 10, .any = !strcmp(mode, "or") };
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
    printf("morgue %s top%zu: n=%zu hits=%zu mean %.0fus p50 %.0f p90 %.0f p99 %.0f max %.0f\n", mode, options.limit,
           count, hits, sum / (double)count, best[count / 2], best[count * 9 / 10], best[count * 99 / 100],
           best[count - 1]);
    morgue_searcher_close(searcher);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_overview ARCHIVE [REPEATS]: milliseconds that facets, a timeline and names take, for a query that matches about
 * 20,000 articles, one of 1,000 and one of 10, each over results of its own: the first overview runs the query
 * to the end. The words are found in the archive: of some common ones, those whose counts come nearest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "morgue.h"

static const char *const words[] = {
    "government", "company", "market", "percent", "oil", "bank", "deal", "crisis", "nuclear", "vote", "football",
    "school", "ukraine", "hurricane", "patent", "vaccine", "museum", "violin", "glacier", "chess", "opera", "penguin",
    "orchestra", "astronaut", "comet", "sculpture", "submarine", "lighthouse", "volcano", "whale"
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void stop(const morgue_error *err)
{
    fprintf(stderr, "bench_overview: %s\n", err->message);
    exit(2);
}

static morgue_results *search(morgue_searcher *searcher, const char *query, int exact)
{
    morgue_search_options options = { .exact_count = exact };
    morgue_results *results;
    morgue_error err;
    if (morgue_search(searcher, query, &options, &results, &err))
        stop(&err);
    return results;
}

static uint64_t count(morgue_searcher *searcher, const char *query)
{
    uint64_t n;
    morgue_results *results = search(searcher, query, 1);
    morgue_results_count(results, &n, NULL);
    morgue_results_free(results);
    return n;
}

static const char *nearest(morgue_searcher *searcher, uint64_t wanted)
{
    const char *best = words[0];
    uint64_t off = UINT64_MAX;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint64_t n = count(searcher, words[i]), away = n > wanted ? n - wanted : wanted - n;
        if (away < off) {
            off = away;
            best = words[i];
        }
    }
    return best;
}

static void overview(morgue_results *results, int what)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON, MORGUE_FACET_ORG,    MORGUE_FACET_PLACE,
                                           MORGUE_FACET_SOURCE, MORGUE_FACET_AUTHOR, MORGUE_FACET_LANG,
                                           MORGUE_FACET_YEAR,   MORGUE_FACET_MONTH,  MORGUE_FACET_DAY };
    const morgue_facet_value *values;
    const morgue_associate *names;
    size_t n;
    morgue_error err;
    if (what == (int)(sizeof facets / sizeof *facets) ? morgue_results_names(results, NULL, 20, &names, &n, &err)
                                                      : morgue_results_facet(results, facets[what], 20, &values, &n, NULL, &err))
        stop(&err);
}

static void measure(morgue_searcher *searcher, const char *query, int repeats)
{
    static const char *const labels[] = { "person", "org", "place", "source", "author", "lang", "year", "month", "day", "names" };
    enum { WHATS = sizeof labels / sizeof *labels };
    printf("%-12s %8llu", query, (unsigned long long)count(searcher, query));
    for (int what = 0; what < WHATS; what++) {
        double best = 1e18;
        for (int i = 0; i < repeats; i++) {
            morgue_results *results = search(searcher, query, 0);
            double start = now_ms();
            overview(results, what);
            double took = now_ms() - start;
            best = took < best ? took : best;
            morgue_results_free(results);
        }
        printf("  %s %.2f", labels[what], best);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    static const uint64_t wanted[] = { 20000, 1000, 10 };
    if (argc < 2) {
        fprintf(stderr, "usage: bench_overview ARCHIVE [REPEATS]\n");
        return 2;
    }
    const char *paths[] = { argv[1] };
    int repeats = argc > 2 ? atoi(argv[2]) : 7;
    morgue_searcher *searcher;
    morgue_error err;
    if (morgue_searcher_open(&searcher, paths, 1, &err))
        stop(&err);
    printf("%-12s %8s  milliseconds, best of %d\n", "query", "matches", repeats);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        measure(searcher, nearest(searcher, wanted[i]), repeats);
    morgue_searcher_close(searcher);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_response ARCHIVE [TRIALS]: what an application at an event loop waits for. Milliseconds to open the archive,
 * warm, and to refresh when nothing was committed; from a key to the page of a session, each question taking the
 * place of one that is still at its overviews, and to close a session that is at work. Then, for what takes long,
 * milliseconds in all and, cancelled from another thread at TRIALS moments spread over that time, the longest from
 * the cancel to the return: by the clock, and by the processor time of the searching thread, which a busy machine does
 * not lengthen.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "morgue.h"

enum { OPENINGS = 50, REFRESHES = 1000, CLOSINGS = 20, MAX_KEYS = 1000, TRIALS = 20 };

static const char heavy[] = "(the NEAR/100 of) NEAR/100 (a NEAR/100 in)";

static const char *paths[1];
static morgue_searcher *searcher;

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void stop(const char *what, const morgue_error *err)
{
    fprintf(stderr, "bench_response: %s: %s\n", what, err->message);
    exit(2);
}

/* ---- What is cancelled ------------------------------------------------------------------------------- */

typedef struct work work;
struct work {
    const char *name;
    const char *query; /* or an article's id */
    morgue_search_options options;
    morgue_status (*then)(work *w); /* NULL: the search alone */
    morgue_facet facet;
    int similar;
    morgue_results *results; /* of a search that was made before */
    morgue_error err;
};

static morgue_status facet(work *w)
{
    const morgue_facet_value *values;
    size_t n;
    return morgue_results_facet(w->results, w->facet, 0, &values, &n, NULL, &w->err);
}

static morgue_status names(work *w)
{
    const morgue_associate *found;
    size_t n;
    return morgue_results_names(w->results, NULL, 0, &found, &n, &w->err);
}

static morgue_status suggestion(work *w)
{
    w->err.status = MORGUE_OK;
    morgue_results_suggestion(w->results, &w->err);
    return w->err.status;
}

static morgue_status group(work *w)
{
    const size_t *group_of;
    return morgue_results_group(w->results, &group_of, &w->err);
}

/* Overviews are only made for results of their own: they remember what they found. */
static morgue_status prepare(work *w)
{
    if (w->similar)
        return MORGUE_OK;
    return w->then ? morgue_search(searcher, w->query, &w->options, &w->results, &w->err) : MORGUE_OK;
}

static morgue_status run(work *w)
{
    if (w->then)
        return w->then(w);
    return w->similar ? morgue_similar(searcher, w->query, &w->options, &w->results, &w->err)
                      : morgue_search(searcher, w->query, &w->options, &w->results, &w->err);
}

/* ---- Cancelling ---------------------------------------------------------------------------------------- */

typedef struct trial {
    work *work;
    clockid_t clock; /* the processor time of the searching thread */
    atomic_int running;
    morgue_status status;
    double began, ended, cpu_ended;
} trial;

static void *search(void *ctx)
{
    trial *t = ctx;
    if (prepare(t->work))
        stop(t->work->name, &t->work->err);
    pthread_getcpuclockid(pthread_self(), &t->clock);
    t->began = now_ms(CLOCK_MONOTONIC);
    atomic_store(&t->running, 1);
    t->status = run(t->work);
    t->cpu_ended = now_ms(t->clock);
    t->ended = now_ms(CLOCK_MONOTONIC);
    while (atomic_load(&t->running) == 1) /* its clock is still read */
        sched_yield();
    return NULL;
}

/* Cancels after `delay` ms; negative: never. *took: from the cancel on, or in all. */
static void try_once(work *w, double delay, double *took, double *cpu)
{
    trial t = { .work = w };
    pthread_t thread;
    double cancelled = 0, cpu_cancelled = 0;
    w->results = NULL;
    if (pthread_create(&thread, NULL, search, &t))
        exit(2);
    while (!atomic_load(&t.running))
        sched_yield();
    if (delay >= 0) {
        double left = delay - (now_ms(CLOCK_MONOTONIC) - t.began);
        struct timespec pause = { (time_t)(left / 1e3), (long)(left * 1e6) % 1000000000 };
        if (left > 0)
            nanosleep(&pause, NULL);
        cpu_cancelled = now_ms(t.clock);
        cancelled = now_ms(CLOCK_MONOTONIC);
        morgue_searcher_cancel(searcher);
    }
    atomic_store(&t.running, 2);
    pthread_join(thread, NULL);
    morgue_results_free(w->results);
    if (t.status && (t.status != MORGUE_ERR_CANCELLED || delay < 0))
        stop(w->name, &w->err);
    *took = t.ended - (delay < 0 ? t.began : cancelled);
    *cpu = delay < 0 ? 0 : t.cpu_ended - cpu_cancelled;
}

static void measure(work *w, int trials, double *longest, double *longest_cpu)
{
    double all, took, cpu, worst = 0, worst_cpu = 0;
    try_once(w, -1, &all, &cpu); /* warm */
    try_once(w, -1, &all, &cpu);
    for (int i = 0; i < trials; i++) {
        try_once(w, all * i / trials, &took, &cpu);
        worst = took > worst ? took : worst;
        worst_cpu = cpu > worst_cpu ? cpu : worst_cpu;
    }
    printf("%-34s %8.1f ms in all; cancelled: %6.2f ms at most, %6.2f of the processor\n", w->name, all, worst,
           worst_cpu);
    fflush(stdout);
    *longest = worst > *longest ? worst : *longest;
    *longest_cpu = worst_cpu > *longest_cpu ? worst_cpu : *longest_cpu;
}

/* ---- Opening -------------------------------------------------------------------------------------------- */

static void measure_opening(void)
{
    double took[OPENINGS];
    morgue_error err;
    for (int i = 0; i < OPENINGS; i++) {
        double start = now_ms(CLOCK_MONOTONIC);
        if (morgue_searcher_open(&searcher, paths, 1, &err))
            stop(paths[0], &err);
        took[i] = now_ms(CLOCK_MONOTONIC) - start;
        if (i + 1 < OPENINGS)
            morgue_searcher_close(searcher);
    }
    qsort(took, OPENINGS, sizeof *took, by_size);
    printf("opening: %.2f ms (median of %d), %.2f at most\n", took[OPENINGS / 2], OPENINGS, took[OPENINGS - 1]);
}

static void measure_refresh(void)
{
    morgue_error err;
    double start = now_ms(CLOCK_MONOTONIC);
    for (int i = 0; i < REFRESHES; i++)
        if (morgue_searcher_refresh(searcher, &err))
            stop("refresh", &err);
    printf("a refresh when nothing was committed: %.1f us\n", (now_ms(CLOCK_MONOTONIC) - start) * 1e3 / REFRESHES);
}

/* ---- Sessions ------------------------------------------------------------------------------------------- */

static morgue_session *open_session(void)
{
    morgue_session *session;
    morgue_error err;
    if (morgue_session_open(&session, paths, 1, NULL, &err))
        stop(paths[0], &err);
    return session;
}

static void ask(morgue_session *session, const char *query)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON, MORGUE_FACET_ORG, MORGUE_FACET_PLACE,
                                           MORGUE_FACET_MONTH };
    morgue_question question = { .query = query, .snippet_chars = 200, .count = 1, .facets = facets,
                                 .facet_count = sizeof facets / sizeof *facets, .facet_max = 10, .names_max = 10 };
    morgue_error err;
    if (morgue_session_ask(session, &question, NULL, &err))
        stop(query, &err);
}

/* Until the page, or the end of what is no query yet. */
static double ask_for_page(morgue_session *session, const char *query)
{
    struct pollfd ready = { .fd = morgue_session_fd(session), .events = POLLIN };
    double start = now_ms(CLOCK_MONOTONIC);
    ask(session, query);
    poll(&ready, 1, -1);
    double took = now_ms(CLOCK_MONOTONIC) - start;
    morgue_part_free(morgue_session_take(session));
    return took;
}

static void measure_typing(void)
{
    static const char *const typed[] = {
        "ukraine peace talks", "central bank interest rates", "putin NEAR/10 sanctions",
        "the president of the united states", "place:china trade tariffs", "\"prime minister\" election results",
        "oil prices fell* on monday"
    };
    static double took[MAX_KEYS];
    size_t count = 0;
    morgue_session *session = open_session();
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        char query[100] = "";
        for (size_t len = 1; len <= strlen(typed[i]) && count < MAX_KEYS; len++) {
            memcpy(query, typed[i], len);
            took[count++] = ask_for_page(session, query);
        }
    }
    morgue_session_close(session);
    qsort(took, count, sizeof *took, by_size);
    printf("a key to its page: %.2f ms (median of %zu), 99%% below %.2f, %.2f at most\n", took[count / 2], count,
           took[count * 99 / 100], took[count - 1]);
}

static void measure_closing(void)
{
    double longest = 0;
    for (int i = 0; i < CLOSINGS; i++) {
        const struct timespec pause = { 0, 1000000L * (i + 1) * 5 };
        morgue_session *session = open_session();
        ask(session, heavy);
        nanosleep(&pause, NULL);
        double start = now_ms(CLOCK_MONOTONIC);
        morgue_session_close(session);
        double took = now_ms(CLOCK_MONOTONIC) - start;
        longest = took > longest ? took : longest;
    }
    printf("closing a session at work: %.2f ms at most\n", longest);
}

static char *any_id(void)
{
    static char id[4096];
    morgue_results *results;
    morgue_error err;
    if (morgue_search(searcher, "government said", NULL, &results, &err) || !morgue_results_size(results))
        stop("government said", &err);
    snprintf(id, sizeof id, "%s", morgue_hit_id(morgue_results_hit(results, 0)));
    morgue_results_free(results);
    return id;
}

int main(int argc, char **argv)
{
    static const char patterns[] = "(a* OR e*) NEAR/100 (s* OR t*)";
    static const char misspelt[] = "goverment~2 presidant~2 internatonal~2 parlament~2";
    static const char wrong[] = "goverment presidant internatonal parlament zzyzxq";
    const morgue_search_options exact = { .exact_count = 1 }, newest = { .exact_count = 1, .sort = MORGUE_SORT_NEWEST };
    const morgue_search_options many = { .limit = 100000 }, any = { .any = 1, .exact_count = 1 };
    const morgue_search_options thousand = { .limit = 1000 }, recent = { .recency_days = 30, .exact_count = 1 };
    work works[] = {
        { .name = "NEAR of common words", .query = heavy, .options = exact },
        { .name = "NEAR of patterns", .query = patterns, .options = exact },
        { .name = "names of two types", .query = "\"<person> <place>\"~100", .options = exact },
        { .name = "phrase of common words", .query = "\"the of a in to and\"~100", .options = exact },
        { .name = "patterns", .query = "a* OR e* OR s* OR t* OR ca*", .options = newest },
        { .name = "misspelt words", .query = misspelt, .options = exact },
        { .name = "an address pattern", .query = "url:*a*", .options = exact },
        { .name = "any common word", .query = "the of a in to and said for on that", .options = any },
        { .name = "age counts", .query = "the OR of OR place:china", .options = recent },
        { .name = "100,000 hits", .query = "the", .options = many },
        { .name = "filters alone", .query = "place:china OR place:russia OR org:reuters", .options = many },
        { .name = "all people of a common word", .query = "the", .then = facet, .facet = MORGUE_FACET_PERSON },
        { .name = "all authors of a common word", .query = "the", .then = facet, .facet = MORGUE_FACET_AUTHOR },
        { .name = "all days of a common word", .query = "the", .then = facet, .facet = MORGUE_FACET_DAY },
        { .name = "people of NEAR", .query = heavy, .then = facet, .facet = MORGUE_FACET_PERSON },
        { .name = "names of a common word", .query = "the", .then = names },
        { .name = "a better spelling", .query = wrong, .then = suggestion },
        { .name = "versions among 1,000 hits", .query = "the", .options = thousand, .then = group },
        { .name = "articles like one", .query = NULL, .options = exact, .similar = 1 },
    };
    double longest = 0, longest_cpu = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_response ARCHIVE [TRIALS]\n");
        return 2;
    }
    paths[0] = argv[1];
    int trials = argc > 2 ? atoi(argv[2]) : TRIALS;
    measure_opening();
    measure_refresh();
    measure_typing();
    measure_closing();
    works[sizeof works / sizeof *works - 1].query = any_id();
    for (size_t i = 0; i < sizeof works / sizeof *works; i++)
        measure(&works[i], trials, &longest, &longest_cpu);
    printf("the longest from a cancel: %.2f ms, %.2f of the processor\n", longest, longest_cpu);
    morgue_searcher_close(searcher);
    return 0;
}

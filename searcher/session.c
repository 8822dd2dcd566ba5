/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one thread that answers the newest question, in parts.
 *
 * A searcher and its results belong to one thread at a time. So a page is handed over together with the searcher that
 * it came from, and the thread goes on with another one; freeing the page brings the searcher back. There are as many
 * as pages are held, one or two as a rule.
 *
 * A question is the newest or it is nothing: whatever replaces it raises `newest` and cancels the searcher that is at
 * work, both under the lock. The thread pins a searcher's count of cancels under the same lock, so no cancel is lost
 * between two of its calls.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "part.h"
#include "searcher.h"

enum { MOST_IDLE = 2 }; /* searchers kept open for the next question */

/* A question with copies of all that it refers to. */
typedef struct asked {
    morgue_question question;
    uint64_t ticket;
    morgue_part *end; /* made beforehand: that memory ran out can always be told */
    mrg_arena arena;
} asked;

struct morgue_session {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* another question, or the end */
    pthread_t thread;
    int fd;
    morgue_session_options options;
    char **paths;
    size_t path_count;
    /* All from here on under the lock. */
    uint64_t newest;
    asked *waiting;          /* that the thread did not begin yet */
    morgue_searcher *asking; /* that the thread uses now */
    morgue_searcher *idle[MOST_IDLE];
    size_t idle_count;
    morgue_part *first, *last; /* to be taken */
    int closing;
};

/* ---- Questions -------------------------------------------------------------------------------------------- */

static void free_asked(asked *a)
{
    if (!a)
        return;
    morgue_part_free(a->end);
    mrg_arena_dispose(&a->arena);
    mrg_free(a);
}

/* A copy of a string that may be NULL; *failed is set when memory ran out. */
static const char *keep(asked *a, const char *text, int *failed)
{
    const char *copy = text ? mrg_arena_strndup(&a->arena, text, strlen(text)) : NULL;
    *failed |= text && !copy;
    return copy;
}

static asked *copy_question(const morgue_question *question)
{
    asked *a = mrg_calloc(1, sizeof *a);
    if (!a)
        return NULL;
    morgue_question *q = &a->question;
    int failed = 0;
    *q = *question;
    q->query = keep(a, q->query, &failed);
    q->similar_to = keep(a, q->similar_to, &failed);
    q->name_types = keep(a, q->name_types, &failed);
    q->options.lang = keep(a, q->options.lang, &failed);
    q->options.since = keep(a, q->options.since, &failed);
    if (q->facet_count) {
        size_t bytes = q->facet_count * sizeof *q->facets;
        void *facets = mrg_arena_alloc(&a->arena, bytes);
        if (facets)
            memcpy(facets, q->facets, bytes);
        failed |= !facets;
        q->facets = facets;
    }
    a->end = mrg_part_create(MORGUE_PART_END, 0);
    if (a->end && !failed)
        return a;
    free_asked(a);
    return NULL;
}

/* ---- The queue of parts --------------------------------------------------------------------------------------- */

static void free_parts(morgue_part *part)
{
    while (part) {
        morgue_part *next = part->next;
        morgue_part_free(part);
        part = next;
    }
}

/* The descriptor is readable as long as there are parts. What can fail with a counter that is not at its limit and
   does not block is nothing. */
static void make_readable(morgue_session *s)
{
    const uint64_t one = 1;
    while (write(s->fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void make_unreadable(morgue_session *s)
{
    uint64_t count;
    while (read(s->fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
}

/* Under the lock. The parts are to be freed without it. */
static morgue_part *empty_queue(morgue_session *s)
{
    morgue_part *parts = s->first;
    if (parts)
        make_unreadable(s);
    s->first = s->last = NULL;
    return parts;
}

static void hand_over(morgue_session *s, morgue_part *part)
{
    pthread_mutex_lock(&s->lock);
    int wanted = part->ticket == s->newest && !s->closing;
    if (wanted) {
        if (s->last) {
            s->last->next = part;
        } else {
            s->first = part;
            make_readable(s);
        }
        s->last = part;
    }
    pthread_mutex_unlock(&s->lock);
    if (!wanted)
        morgue_part_free(part);
    else if (s->options.wake)
        s->options.wake(s->options.ctx);
}

morgue_part *morgue_session_take(morgue_session *s)
{
    pthread_mutex_lock(&s->lock);
    morgue_part *part = s->first;
    if (part)
        s->first = part->next;
    if (part && !s->first) {
        s->last = NULL;
        make_unreadable(s);
    }
    pthread_mutex_unlock(&s->lock);
    return part;
}

int morgue_session_fd(const morgue_session *s)
{
    return s->fd;
}

/* ---- Searchers -------------------------------------------------------------------------------------------------- */

static int is_newest(morgue_session *s, const asked *a)
{
    return a->ticket == s->newest && !s->closing;
}

static morgue_status replaced(morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_CANCELLED, "the search was cancelled");
}

/* A searcher that is free, or another one, at the newest commit. From now on what replaces the question cancels it. */
static morgue_status start_asking(morgue_session *s, const asked *a, morgue_error *err)
{
    morgue_searcher *searcher = NULL;
    morgue_status status = MORGUE_OK;
    pthread_mutex_lock(&s->lock);
    if (s->idle_count)
        searcher = s->idle[--s->idle_count];
    pthread_mutex_unlock(&s->lock);
    if (!searcher)
        status = morgue_searcher_open(&searcher, (const char *const *)s->paths, s->path_count, err);
    else
        status = morgue_searcher_refresh(searcher, err);
    if (status) {
        morgue_searcher_close(searcher);
        return status;
    }
    pthread_mutex_lock(&s->lock);
    int newest = is_newest(s, a);
    s->asking = searcher;
    mrg_searcher_pin(searcher);
    pthread_mutex_unlock(&s->lock);
    return newest ? MORGUE_OK : replaced(err);
}

/* The searcher that was at work, which nothing cancels any more; NULL if there was none. */
static morgue_searcher *stop_asking(morgue_session *s)
{
    pthread_mutex_lock(&s->lock);
    morgue_searcher *searcher = s->asking;
    s->asking = NULL;
    pthread_mutex_unlock(&s->lock);
    if (searcher)
        mrg_searcher_unpin(searcher);
    return searcher;
}

void mrg_session_give_back(morgue_session *s, morgue_searcher *searcher)
{
    pthread_mutex_lock(&s->lock);
    int kept = searcher && s->idle_count < MOST_IDLE && !s->closing;
    if (kept)
        s->idle[s->idle_count++] = searcher;
    pthread_mutex_unlock(&s->lock);
    if (!kept)
        morgue_searcher_close(searcher);
}

/* ---- Answers --------------------------------------------------------------------------------------------------------
 */

static morgue_status search(morgue_session *s, const asked *a, const morgue_search_options *options,
                            morgue_results **out, morgue_error *err)
{
    const morgue_question *q = &a->question;
    if (q->query)
        return morgue_search(s->asking, q->query, options, out, err);
    return morgue_similar(s->asking, q->similar_to, options, out, err);
}

/* A snippet that cannot be made is told to whoever asks for it. */
static void make_snippets(morgue_session *s, const asked *a, const morgue_results *results)
{
    morgue_snippet snippet;
    unsigned cancels = mrg_searcher_cancels(s->asking);
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        if (atomic_load_explicit(&s->asking->cancels, memory_order_relaxed) != cancels)
            return;
        (void)morgue_hit_snippet(morgue_results_hit(results, i), a->question.snippet_chars, &snippet, NULL);
    }
}

/* *exact is set if the page itself tells how many match, which is then *count. */
static morgue_status hand_page(morgue_session *s, const asked *a, int *exact, uint64_t *count, morgue_error *err)
{
    morgue_part *part = mrg_part_create(MORGUE_PART_PAGE, a->ticket);
    morgue_status status = part ? start_asking(s, a, err) : mrg_fail_nomem(err);
    if (!status)
        status = search(s, a, &a->question.options, &part->results, err);
    if (!status && a->question.snippet_chars)
        make_snippets(s, a, part->results);
    morgue_searcher *searcher = stop_asking(s);
    if (status) {
        mrg_session_give_back(s, searcher);
        morgue_part_free(part);
        return status;
    }
    uint64_t most;
    morgue_results_count(part->results, count, &most);
    *exact = *count == most;
    part->session = s;
    part->searcher = searcher;
    hand_over(s, part);
    return MORGUE_OK;
}

static morgue_status hand_count(morgue_session *s, const asked *a, uint64_t count, morgue_error *err)
{
    morgue_part *part = mrg_part_create(MORGUE_PART_COUNT, a->ticket);
    if (!part)
        return mrg_fail_nomem(err);
    part->count = count;
    hand_over(s, part);
    return MORGUE_OK;
}

static morgue_status hand_if(morgue_session *s, morgue_part *part, morgue_status status)
{
    if (status)
        morgue_part_free(part);
    else
        hand_over(s, part);
    return status;
}

static morgue_status hand_suggestion(morgue_session *s, const asked *a, morgue_results *results, morgue_error *err)
{
    morgue_error none = { 0 };
    const char *text = morgue_results_suggestion(results, &none);
    if (!text) {
        *err = none;
        return none.status;
    }
    morgue_part *part = mrg_part_create(MORGUE_PART_SUGGESTION, a->ticket);
    return part ? hand_if(s, part, mrg_part_set_suggestion(part, text, err)) : mrg_fail_nomem(err);
}

static morgue_status hand_facet(morgue_session *s, const asked *a, morgue_facet facet, morgue_results *results,
                                morgue_error *err)
{
    const morgue_facet_value *values;
    size_t count, total;
    morgue_status status = morgue_results_facet(results, facet, a->question.facet_max, &values, &count, &total, err);
    if (status)
        return status;
    morgue_part *part = mrg_part_create(MORGUE_PART_FACET, a->ticket);
    return part ? hand_if(s, part, mrg_part_set_facet(part, facet, values, count, total, err)) : mrg_fail_nomem(err);
}

static morgue_status hand_names(morgue_session *s, const asked *a, morgue_results *results, morgue_error *err)
{
    const morgue_associate *names;
    size_t count;
    morgue_status status =
        morgue_results_names(results, a->question.name_types, a->question.names_max, &names, &count, err);
    if (status)
        return status;
    morgue_part *part = mrg_part_create(MORGUE_PART_NAMES, a->ticket);
    return part ? hand_if(s, part, mrg_part_set_names(part, names, count, err)) : mrg_fail_nomem(err);
}

/* What takes all matches. */
static morgue_status hand_overviews(morgue_session *s, const asked *a, int count_too, morgue_error *err)
{
    const morgue_question *q = &a->question;
    morgue_search_options options = q->options;
    morgue_results *results = NULL;
    uint64_t count;
    options.limit = q->suggestion ? options.limit : MORGUE_NO_HITS;
    options.exact_count = count_too;
    morgue_status status = start_asking(s, a, err);
    if (!status)
        status = search(s, a, &options, &results, err);
    if (!status && count_too) {
        morgue_results_count(results, &count, NULL);
        status = hand_count(s, a, count, err);
    }
    if (!status && q->suggestion)
        status = hand_suggestion(s, a, results, err);
    for (size_t i = 0; i < q->facet_count && !status; i++)
        status = hand_facet(s, a, q->facets[i], results, err);
    if (!status && q->names_max)
        status = hand_names(s, a, results, err);
    morgue_results_free(results);
    mrg_session_give_back(s, stop_asking(s));
    return status;
}

/* Waits, but not if there is another question. */
static void settle(morgue_session *s, const asked *a)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += a->question.settle_ms / 1000;
    until.tv_nsec += (long)(a->question.settle_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&s->lock);
    while (is_newest(s, a) && !pthread_cond_timedwait(&s->changed, &s->lock, &until))
        ;
    pthread_mutex_unlock(&s->lock);
}

static morgue_status answer(morgue_session *s, const asked *a, morgue_error *err)
{
    const morgue_question *q = &a->question;
    int exact;
    uint64_t count;
    morgue_status status = hand_page(s, a, &exact, &count, err);
    if (!status && q->count && exact)
        status = hand_count(s, a, count, err);
    int count_too = q->count && !exact;
    if (status || !(count_too || q->suggestion || q->facet_count || q->names_max))
        return status;
    if (q->settle_ms)
        settle(s, a);
    return hand_overviews(s, a, count_too, err);
}

static void *run(void *ctx)
{
    morgue_session *s = ctx;
    pthread_mutex_lock(&s->lock);
    while (!s->closing) {
        asked *a = s->waiting;
        if (!a) {
            pthread_cond_wait(&s->changed, &s->lock);
            continue;
        }
        s->waiting = NULL;
        pthread_mutex_unlock(&s->lock);
        mrg_error_clear(&a->end->error);
        answer(s, a, &a->end->error);
        hand_over(s, a->end);
        a->end = NULL;
        free_asked(a);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- From other threads ---------------------------------------------------------------------------------------------
 */

/* Makes `next` (NULL: nothing) what is asked. */
static void replace(morgue_session *s, asked *next, uint64_t *ticket)
{
    pthread_mutex_lock(&s->lock);
    asked *old = s->waiting;
    morgue_part *parts = empty_queue(s);
    s->newest++;
    s->waiting = next;
    if (next)
        next->ticket = next->end->ticket = s->newest;
    if (ticket)
        *ticket = s->newest;
    if (s->asking)
        morgue_searcher_cancel(s->asking);
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    free_asked(old);
    free_parts(parts);
}

morgue_status morgue_session_ask(morgue_session *session, const morgue_question *question, uint64_t *ticket,
                                 morgue_error *err)
{
    mrg_error_clear(err);
    if (ticket)
        *ticket = 0;
    if (!question->query && !question->similar_to)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no query");
    asked *a = copy_question(question);
    if (!a)
        return mrg_fail_nomem(err);
    replace(session, a, ticket);
    return MORGUE_OK;
}

void morgue_session_cancel(morgue_session *session)
{
    replace(session, NULL, NULL);
}

/* ---- Opening and closing
 * --------------------------------------------------------------------------------------------- */

static morgue_status copy_paths(morgue_session *s, const char *const *paths, size_t path_count, morgue_error *err)
{
    s->paths = mrg_calloc(path_count, sizeof *s->paths);
    if (!s->paths)
        return mrg_fail_nomem(err);
    for (; s->path_count < path_count; s->path_count++)
        if (!(s->paths[s->path_count] = mrg_strdup(paths[s->path_count])))
            return mrg_fail_nomem(err);
    return MORGUE_OK;
}

/* The application's signals are not for this thread. */
static morgue_status start_thread(morgue_session *s, morgue_error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&s->thread, NULL, run, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed ? mrg_fail_errno(err, failed, "cannot start a thread") : MORGUE_OK;
}

/* Without its thread. */
static void free_session(morgue_session *s)
{
    for (size_t i = 0; i < s->idle_count; i++)
        morgue_searcher_close(s->idle[i]);
    for (size_t i = 0; i < s->path_count; i++)
        mrg_free(s->paths[i]);
    mrg_free(s->paths);
    if (s->fd >= 0)
        close(s->fd);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    mrg_free(s);
}

morgue_status morgue_session_open(morgue_session **out, const char *const *paths, size_t path_count,
                                  const morgue_session_options *options, morgue_error *err)
{
    mrg_error_clear(err);
    *out = NULL;
    morgue_session *s = mrg_calloc(1, sizeof *s);
    if (!s)
        return mrg_fail_nomem(err);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (options)
        s->options = *options;
    s->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    morgue_status status = s->fd < 0 ? mrg_fail_errno(err, errno, "cannot make a descriptor to wait for")
                                     : morgue_searcher_open(&s->idle[0], paths, path_count, err);
    s->idle_count = !status;
    if (!status)
        status = copy_paths(s, paths, path_count, err);
    if (!status)
        status = start_thread(s, err);
    if (status)
        free_session(s);
    else
        *out = s;
    return status;
}

void morgue_session_close(morgue_session *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->closing = 1;
    pthread_mutex_unlock(&s->lock);
    replace(s, NULL, NULL);
    pthread_join(s->thread, NULL);
    free_session(s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pipeline.h"

#include <pthread.h>
#include <string.h>

#include "core/alloc.h"

struct writer_thread {
    mrg_pipeline *pipeline;
    mrg_batch_writer writer;
    uint64_t next; /* number of the batch it wants */
    pthread_t thread;
    int started;
};

struct worker_thread {
    mrg_pipeline *pipeline;
    mrg_analyst *analyst;
    pthread_t thread;
    int started;
};

struct mrg_pipeline {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    mrg_batch *first, *last; /* on their way, in order */
    mrg_batch *unclaimed;    /* the first that no worker has taken */
    uint64_t pushed;         /* batches so far; numbers are from 0 */
    size_t under_way, max_under_way;
    int closing;
    morgue_error failure; /* the first, of any thread */
    struct writer_thread writers[MRG_WRITERS];
    struct worker_thread *workers;
    size_t worker_count;
};

static void set_failure(mrg_pipeline *p, const morgue_error *failure)
{
    if (!p->failure.status)
        p->failure = *failure;
}

/* ---- Workers ---- */

/* With the lock held: the next batch to analyse, or NULL when the pipeline closes. */
static mrg_batch *claim(mrg_pipeline *p)
{
    while (!p->unclaimed && !p->closing)
        pthread_cond_wait(&p->changed, &p->lock);
    mrg_batch *batch = p->unclaimed;
    if (batch)
        p->unclaimed = batch->next;
    return batch;
}

static void *run_worker(void *arg)
{
    struct worker_thread *w = arg;
    mrg_pipeline *p = w->pipeline;
    mrg_batch *batch;
    pthread_mutex_lock(&p->lock);
    while ((batch = claim(p))) {
        morgue_error err = { 0 };
        int skip = p->failure.status || p->closing;
        pthread_mutex_unlock(&p->lock);
        morgue_status status = skip ? MORGUE_OK : mrg_analyse(w->analyst, batch, &err);
        pthread_mutex_lock(&p->lock);
        if (status)
            set_failure(p, &err);
        batch->analysed = 1;
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- Writers ---- */

/* With the lock held: the batch with this number once it is analysed, or NULL when the pipeline closes
   and there is none to come. */
static mrg_batch *await(mrg_pipeline *p, uint64_t number)
{
    for (;;) {
        mrg_batch *batch = p->first;
        while (batch && batch->number < number)
            batch = batch->next;
        if (batch && batch->analysed)
            return batch;
        if (!batch && p->closing)
            return NULL;
        pthread_cond_wait(&p->changed, &p->lock);
    }
}

/* With the lock held: frees batches that all writers have taken. */
static void release_taken(mrg_pipeline *p)
{
    while (p->first && p->first->taken == MRG_WRITERS) {
        mrg_batch *batch = p->first;
        p->first = batch->next;
        if (!p->first)
            p->last = NULL;
        p->under_way--;
        mrg_batch_free(batch);
    }
}

static void *run_writer(void *arg)
{
    struct writer_thread *w = arg;
    mrg_pipeline *p = w->pipeline;
    mrg_batch *batch;
    pthread_mutex_lock(&p->lock);
    while ((batch = await(p, w->next))) {
        morgue_error err = { 0 };
        int skip = p->failure.status || p->closing;
        pthread_mutex_unlock(&p->lock);
        morgue_status status = skip ? MORGUE_OK : w->writer.write(w->writer.ctx, batch, &err);
        pthread_mutex_lock(&p->lock);
        if (status)
            set_failure(p, &err);
        w->next++;
        batch->taken++;
        release_taken(p);
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- The whole ---- */

static morgue_status start_threads(mrg_pipeline *p, const mrg_finder_options *finder, int with_sketches,
                                   morgue_error *err)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        struct worker_thread *w = &p->workers[i];
        w->pipeline = p;
        morgue_status status = mrg_analyst_create(&w->analyst, finder, with_sketches, err);
        if (status)
            return status;
        if (pthread_create(&w->thread, NULL, run_worker, w))
            return mrg_fail(err, MORGUE_ERR_NOMEM, "cannot start a thread");
        w->started = 1;
    }
    for (size_t i = 0; i < MRG_WRITERS; i++) {
        struct writer_thread *w = &p->writers[i];
        if (pthread_create(&w->thread, NULL, run_writer, w))
            return mrg_fail(err, MORGUE_ERR_NOMEM, "cannot start a thread");
        w->started = 1;
    }
    return MORGUE_OK;
}

morgue_status mrg_pipeline_create(mrg_pipeline **out, unsigned jobs, const mrg_finder_options *finder,
                                  int with_sketches, const mrg_batch_writer writers[MRG_WRITERS], morgue_error *err)
{
    *out = NULL;
    mrg_pipeline *p = mrg_calloc(1, sizeof *p);
    if (!p)
        return mrg_fail_nomem(err);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    for (size_t i = 0; i < MRG_WRITERS; i++) {
        p->writers[i].pipeline = p;
        p->writers[i].writer = writers[i];
    }
    p->max_under_way = jobs + 3;
    p->workers = mrg_calloc(jobs, sizeof *p->workers);
    p->worker_count = p->workers ? jobs : 0;
    morgue_status status = p->workers ? start_threads(p, finder, with_sketches, err) : mrg_fail_nomem(err);
    if (status) {
        mrg_pipeline_free(p);
        return status;
    }
    *out = p;
    return MORGUE_OK;
}

/* With the lock held. */
static morgue_status failure_of(const mrg_pipeline *p, morgue_error *err)
{
    if (p->failure.status && err)
        *err = p->failure;
    return p->failure.status;
}

morgue_status mrg_pipeline_push(mrg_pipeline *p, mrg_batch *take_batch, morgue_error *err)
{
    pthread_mutex_lock(&p->lock);
    while (p->under_way >= p->max_under_way && !p->failure.status)
        pthread_cond_wait(&p->changed, &p->lock);
    morgue_status status = failure_of(p, err);
    if (!status) {
        take_batch->number = p->pushed++;
        take_batch->next = NULL;
        if (p->last)
            p->last->next = take_batch;
        else
            p->first = take_batch;
        p->last = take_batch;
        if (!p->unclaimed)
            p->unclaimed = take_batch;
        p->under_way++;
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->lock);
    if (status)
        mrg_batch_free(take_batch);
    return status;
}

morgue_status mrg_pipeline_drain(mrg_pipeline *p, morgue_error *err)
{
    pthread_mutex_lock(&p->lock);
    while (p->under_way)
        pthread_cond_wait(&p->changed, &p->lock);
    morgue_status status = failure_of(p, err);
    pthread_mutex_unlock(&p->lock);
    return status;
}

void mrg_pipeline_free(mrg_pipeline *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->closing = 1;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->worker_count; i++) {
        if (p->workers[i].started)
            pthread_join(p->workers[i].thread, NULL);
        mrg_analyst_free(p->workers[i].analyst);
    }
    for (size_t i = 0; i < MRG_WRITERS; i++)
        if (p->writers[i].started)
            pthread_join(p->writers[i].thread, NULL);
    while (p->first) {
        mrg_batch *batch = p->first;
        p->first = batch->next;
        mrg_batch_free(batch);
    }
    mrg_free(p->workers);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    mrg_free(p);
}

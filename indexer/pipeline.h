/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Batches through threads: workers analyse them side by side, then three writers (catalogue, segments,
 * names) take each one in the order it was pushed, each at its own pace. At most a few batches are on
 * their way at a time, which bounds the memory.
 */
#ifndef MRG_PIPELINE_H
#define MRG_PIPELINE_H

#include "batch.h"

enum { MRG_WRITERS = 3 };

/* Called on one thread of its own, for each batch in order. */
typedef struct mrg_batch_writer {
    morgue_status (*write)(void *ctx, mrg_batch *batch, morgue_error *err);
    void *ctx;
} mrg_batch_writer;

typedef struct mrg_pipeline mrg_pipeline;

/* Starts the threads: `jobs` workers and the writers. */
morgue_status mrg_pipeline_create(mrg_pipeline **out, unsigned jobs, const mrg_finder_options *finder,
                                  int with_sketches, const mrg_batch_writer writers[MRG_WRITERS], morgue_error *err);

/* Takes a batch, which is freed when all are done with it (or at once, after a failure). Waits while too
   many are on their way. After a failure of any thread, returns that failure from then on. */
morgue_status mrg_pipeline_push(mrg_pipeline *p, mrg_batch *take_batch, morgue_error *err);

/* Waits until everything pushed is written. */
morgue_status mrg_pipeline_drain(mrg_pipeline *p, morgue_error *err);

/* Lets what is under way end, drops the rest, and joins the threads. */
void mrg_pipeline_free(mrg_pipeline *p);

#endif

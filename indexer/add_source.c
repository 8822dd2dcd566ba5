/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, directories and streams into the indexer. */
#include <stdio.h>
#include <string.h>

#include "indexer.h"

/* Progress is told this often, in articles. */
enum { PROGRESS_STEP = 64 };

static void tell(morgue_indexer *ix, const char *line)
{
    ix->progress.skipped_count++;
    if (ix->options.message)
        ix->options.message(ix->options.ctx, line);
}

static int tell_progress(morgue_indexer *ix)
{
    if (atomic_load(&ix->cancelled))
        return 1;
    return ix->options.progress && ix->options.progress(ix->options.ctx, &ix->progress);
}

static morgue_status take(void *ctx, const morgue_article *article, const char *place, morgue_error *err)
{
    morgue_indexer *ix = ctx;
    uint64_t before = ix->progress.article_count;
    ix->progress.place = place;
    morgue_status status = morgue_indexer_add(ix, article, err);
    if (status && !ix->failure.status) { /* this article only */
        char line[MORGUE_MESSAGE_BYTES + 512];
        snprintf(line, sizeof line, "%s: %s; skipped", place, err->message);
        tell(ix, line);
        mrg_error_clear(err);
        status = MORGUE_OK;
    }
    int due = atomic_load(&ix->cancelled) || before % PROGRESS_STEP == 0;
    if (!status && due && tell_progress(ix))
        status = mrg_fail(err, MORGUE_ERR_CANCELLED, "cancelled");
    return status;
}

static void skipped(void *ctx, const char *line)
{
    tell(ctx, line);
}

static int begins(void *ctx, const char *path)
{
    morgue_indexer *ix = ctx;
    ix->progress.place = path;
    return tell_progress(ix);
}

morgue_status morgue_indexer_add_source(morgue_indexer *ix, const char *path, morgue_error *err)
{
    morgue_error own;
    err = err ? err : &own;
    mrg_error_clear(err);
    if (ix->failure.status) {
        *err = ix->failure;
        return err->status;
    }
    const mrg_source_options options = {
        .input = ix->options.input,
        .fields = ix->options.fields,
        .max_article_bytes = ix->options.max_article_bytes,
        .max_inflated_bytes = ix->options.max_inflated_bytes,
        .max_inflate_ratio = ix->options.max_inflate_ratio,
    };
    const mrg_source_handler handler = { take, skipped, begins, ix };
    morgue_status status = mrg_source_read(path, &options, &handler, err);
    ix->progress.place = NULL; /* it was lent */
    return status;
}

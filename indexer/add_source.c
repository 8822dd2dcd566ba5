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
    ix->last_taken = 0;
    morgue_status status = morgue_indexer_add(ix, article, err);
    if (!status)
        status = mrg_sources_took(ix, ix->last_taken, err);
    if (status && !ix->failure.status) { /* this article only */
        char line[MORGUE_MESSAGE_BYTES + 512];
        snprintf(line, sizeof line, "%s: %s; skipped", place, err->message);
        tell(ix, line);
        mrg_error_clear(err);
        status = MORGUE_OK;
    }
    if (!status && ix->options.commit_every && ix->changes >= ix->options.commit_every)
        status = morgue_indexer_commit(ix, err);
    int due = atomic_load(&ix->cancelled) || before % PROGRESS_STEP == 0;
    if (!status && due && tell_progress(ix))
        status = mrg_fail(err, MORGUE_ERR_CANCELLED, "cancelled");
    return status;
}

static void took(void *ctx, const char *kind, uint64_t read_bytes)
{
    morgue_indexer *ix = ctx;
    ix->progress.source_bytes = ix->sources.bytes_before + read_bytes;
    for (size_t i = 0; kind && mrg_source_kinds()[i] && i < MRG_MAX_KINDS; i++)
        ix->kind_counts[i] += strcmp(mrg_source_kinds()[i], kind) == 0;
}

static void skipped(void *ctx, const char *line)
{
    tell(ctx, line);
}

static int begins(void *ctx, const char *path)
{
    morgue_indexer *ix = ctx;
    ix->progress.place = path;
    mrg_sources_begin(ix, path);
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
    const mrg_source_handler handler = { .article = take,
                                         .took = took,
                                         .skipped = skipped,
                                         .begins = begins,
                                         .is_known = mrg_sources_known,
                                         .ends = mrg_sources_end,
                                         .captured = mrg_captures_took,
                                         .ctx = ix };
    mrg_sources_start(ix);
    morgue_status status = mrg_source_read(path, &options, &handler, err);
    if (!status && ix->options.mirror)
        status = mrg_indexer_failed(ix, mrg_sources_mirror(ix, path, err), err);
    ix->progress.place = NULL; /* it was lent */
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batches -> segments. Text goes to the file as it comes; runs gather in memory until the budget is
   used up, then become the segment's terms. */
#include "indexer.h"

#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/file.h"

/* This part of the memory for text may hold sketches. */
enum { SKETCH_SHARE = 8 };

static void free_runs(mrg_segment_state *s)
{
    for (size_t i = 0; i < s->run_count; i++)
        mrg_run_free(s->runs[i]);
    s->run_count = 0;
    s->run_bytes = 0;
}

static void drop_writer(mrg_segment_state *s)
{
    mrg_segment_writer_free(s->writer);
    s->writer = NULL;
    mrg_free(s->temporary);
    s->temporary = NULL;
}

void mrg_segment_state_dispose(mrg_segment_state *s)
{
    drop_writer(s);
    free_runs(s);
    mrg_free(s->runs);
    mrg_manifest_dispose(&s->done);
    memset(s, 0, sizeof *s);
}

static morgue_status start_segment(morgue_indexer *ix, uint32_t first_docid, morgue_error *err)
{
    mrg_segment_state *s = &ix->segments;
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/segments/%08llx.tmp", ix->path, (unsigned long long)s->next_number);
    s->temporary = mrg_buffer_take(&path, NULL);
    if (!s->temporary) {
        mrg_buffer_dispose(&path);
        return mrg_fail_nomem(err);
    }
    morgue_status status = mrg_segment_writer_create(&s->writer, s->temporary, first_docid, err);
    if (!status)
        mrg_segment_writer_set_pairs(s->writer, ix->pair_percent, ix->options.jobs);
    return status;
}

static morgue_status finish_segment(morgue_indexer *ix, morgue_error *err)
{
    mrg_segment_state *s = &ix->segments;
    mrg_manifest_segment segment = { .number = s->next_number };
    mrg_stemmers stemmers = { ix->langs.stemmers, MRG_LANG_MAX }; /* the count may be changing */
    char *path = mrg_segment_file(ix->path, s->next_number);
    if (!path)
        return mrg_fail_nomem(err);
    morgue_status status = mrg_segment_build(s->writer, s->runs, s->run_count, &stemmers, ix->options.jobs, err);
    int large = s->run_bytes >= s->budget_bytes;
    free_runs(s);
    if (large) /* the heaps of all threads were full of them */
        mrg_alloc_trim();
    if (!status)
        status = mrg_segment_writer_finish(s->writer, 0, &segment.summary, err);
    if (!status)
        status = mrg_rename_durable(s->temporary, path, 0, err);
    drop_writer(s);
    if (!status && mrg_manifest_add(&s->done, &segment))
        status = mrg_fail_nomem(err);
    s->next_number++;
    mrg_free(path);
    return status;
}

static morgue_status take_run(mrg_segment_state *s, mrg_batch *batch, morgue_error *err)
{
    if (mrg_reserve((void **)&s->runs, &s->run_capacity, s->run_count + 1, sizeof *s->runs))
        return mrg_fail_nomem(err);
    s->runs[s->run_count++] = batch->run;
    s->run_bytes += batch->run->bytes;
    batch->run = NULL;
    return MORGUE_OK;
}

morgue_status mrg_write_segments(void *ctx, mrg_batch *batch, morgue_error *err)
{
    morgue_indexer *ix = ctx;
    mrg_segment_state *s = &ix->segments;
    morgue_status status = MORGUE_OK;
    if (batch->article_count && !s->writer)
        status = start_segment(ix, batch->first_docid, err);
    for (size_t i = 0; i < batch->block_count && !status; i++) {
        const mrg_encoded_block *block = &batch->blocks[i];
        status = mrg_segment_writer_add_text(s->writer, batch->text.data + block->begin, block->end - block->begin,
                                             block->record_count, err);
    }
    if (!status && batch->sketches)
        status = mrg_sketches_add(&ix->sketches, batch->first_docid, batch->sketches, batch->article_count,
                                  ix->options.memory_bytes / SKETCH_SHARE / sizeof *batch->sketches, err);
    if (!status && batch->run)
        status = take_run(s, batch, err);
    mrg_buffer_dispose(&batch->text);
    if (!status && s->writer && (batch->flush || s->run_bytes >= s->budget_bytes))
        status = finish_segment(ix, err);
    return status;
}

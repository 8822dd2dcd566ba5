/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batches -> names/. Sums gather in memory and are written when there are many, or at a commit. */
#include "indexer.h"

/* The sums take about a quarter of the memory budget at most. */
static int is_full(const morgue_indexer *ix)
{
    return mrg_names_delta_bytes(ix->delta) > ix->options.memory_bytes / 4;
}

morgue_status mrg_write_names(void *ctx, mrg_batch *batch, morgue_error *err)
{
    morgue_indexer *ix = ctx;
    morgue_status status = MORGUE_OK;
    if (batch->names) {
        if (!ix->delta && !(ix->delta = mrg_names_delta_create()))
            return mrg_fail_nomem(err);
        status = mrg_names_delta_merge(ix->delta, batch->names, err);
    }
    if (!status && ix->delta && (batch->flush || is_full(ix))) {
        status = mrg_names_delta_apply(ix->delta, ix->names, err);
        mrg_names_delta_free(ix->delta);
        ix->delta = NULL;
        if (!status && batch->flush)
            status = mrg_flush(ix->names, err);
    }
    return status;
}

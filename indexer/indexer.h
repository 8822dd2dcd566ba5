/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a morgue_indexer, shared by the files of the write path. */
#ifndef MRG_INDEXER_H
#define MRG_INDEXER_H

#include <stdatomic.h>

#include "entity/model.h"
#include "duplicates.h"
#include "langs.h"
#include "pending.h"
#include "pipeline.h"
#include "captures.h"
#include "sources.h"
#include "store/snapshot.h"

enum { MRG_MAX_KINDS = 32 };

/* What the segment writer's thread keeps between batches. */
typedef struct mrg_segment_state {
    mrg_segment_writer *writer; /* of the segment under construction; its text is written as it comes */
    char *temporary;            /* its path */
    mrg_run **runs;
    size_t run_count, run_capacity, run_bytes;
    size_t budget_bytes;
    uint64_t next_number;
    mrg_manifest done; /* segments finished since the last commit */
} mrg_segment_state;

struct morgue_indexer {
    char *path;
    morgue_index_options options; /* strings are owned, or lent for good */
    char *lang;
    xapian_writable *catalogue, *names;
    mrg_snapshot *committed; /* the last commit, to look ids and old articles up */
    mrg_langs langs;

    mrg_model *model;          /* of names; NULL: rules alone */
    mrg_authority *authority;  /* the user's list; NULL: none */
    unsigned pair_percent;     /* what this archive's segments spend on pairs; store/pairs.h */
    mrg_buffer list;           /* a new one, as it is to be kept */
    int list_changed;          /* it is to be written, or, if it is empty, the old one to be removed */
    mrg_finder_options finder; /* lent to the workers */
    mrg_pipeline *pipeline;    /* started by the first article */
    mrg_batch *batch;       /* being filled */
    size_t batch_bytes;     /* it is full at */
    uint32_t next_docid;
    mrg_pending pending;
    mrg_bitset gone; /* docids deleted or replaced since the last commit */
    uint64_t changes; /* since the last commit */
    uint32_t last_taken; /* docid of the article that was added last, its old one if it was unchanged */
    mrg_sources sources;
    mrg_captures captures;
    mrg_sketches sketches; /* of new articles; the segment writer's until the pipeline is drained */
    uint64_t kind_counts[MRG_MAX_KINDS]; /* articles by kind of input, as in morgue_input_kinds() */

    xapian_document *document; /* the catalogue writer's */
    mrg_segment_state segments;
    mrg_names_delta *delta; /* the names writer's */

    morgue_progress progress;
    atomic_int cancelled;
    morgue_error failure; /* after which nothing more is taken or committed */
};

/* The three writers (write_catalogue.c, write_segments.c, write_names.c). ctx is the indexer. */
morgue_status mrg_write_catalogue(void *ctx, mrg_batch *batch, morgue_error *err);
morgue_status mrg_write_segments(void *ctx, mrg_batch *batch, morgue_error *err);
morgue_status mrg_write_names(void *ctx, mrg_batch *batch, morgue_error *err);

/* Frees what the segment writer holds, and removes its unfinished file. */
void mrg_segment_state_dispose(mrg_segment_state *state);

/* Sends the current batch on its way. */
morgue_status mrg_indexer_push(morgue_indexer *indexer, int flush, morgue_error *err);

/* Keeps the first failure, after which the indexer only closes. Returns its argument. */
morgue_status mrg_indexer_failed(morgue_indexer *indexer, morgue_status status, const morgue_error *err);

/* Removes files in segments/ that the manifest does not name (recover.c). */
morgue_status mrg_sweep(const char *path, const mrg_manifest *manifest, morgue_error *err);

/* Opens names/ for writing, in a transaction; made again from the articles if a crash left it at
   another commit than the catalogue (recover.c). */
morgue_status mrg_names_open(morgue_indexer *indexer, morgue_error *err);
morgue_status mrg_names_rebuild(morgue_indexer *indexer, const mrg_snapshot *snapshot, morgue_error *err);
morgue_status mrg_names_commit(morgue_indexer *indexer, uint64_t commit_number, morgue_error *err);

/* Rewrites catalogue and names without gaps, right after a commit (tidy.c). */
#define MRG_TIDY_SUFFIX ".tidy"
morgue_status mrg_tidy(morgue_indexer *indexer, morgue_error *err);
void mrg_tidy_sweep(const morgue_indexer *indexer);
morgue_status mrg_catalogue_reopen(morgue_indexer *indexer, morgue_error *err); /* after tidying */
morgue_status mrg_names_reopen(morgue_indexer *indexer, morgue_error *err);

/* Starts a transaction in which nothing is committed before its end. */
morgue_status mrg_begin(xapian_writable *database, morgue_error *err);

#endif

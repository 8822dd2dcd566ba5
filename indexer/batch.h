/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A batch of articles on its way through the indexer: filled by the caller's thread, analysed by a
 * worker, then taken in order by the three writers (catalogue, segments, names).
 */
#ifndef MRG_BATCH_H
#define MRG_BATCH_H

#include "run.h"
#include "source/source.h"
#include "store/names_write.h"
#include "text/sketch.h"

typedef struct mrg_batch_article {
    morgue_article fields; /* strings in the batch's arena */
    const char *text;      /* title, empty line, body */
    size_t text_len, title_len;
    mrg_date date;
    uint64_t hash;         /* of the content, to see that nothing changed */
    uint32_t lang;         /* number */
    uint32_t replaces;     /* docid of the article's older version, or 0 */
    size_t doc_begin;      /* where in batch->documents */
} mrg_batch_article;

typedef struct mrg_encoded_block {
    size_t begin, end; /* in batch->text */
    uint32_t record_count;
} mrg_encoded_block;

typedef struct mrg_batch {
    /* filled by the caller's thread */
    uint32_t first_docid;
    mrg_batch_article *articles;
    size_t article_count, article_capacity;
    uint32_t *deletes; /* docids to go after the articles came */
    size_t delete_count, delete_capacity;
    uint64_t text_bytes;
    int no_text; /* records are to have the titles alone */
    int flush; /* the writers are to put everything so far into their files */
    mrg_arena arena;

    /* made by the worker */
    mrg_run *run;
    mrg_buffer text; /* encoded text blocks */
    mrg_encoded_block *blocks;
    size_t block_count, block_capacity;
    mrg_buffer documents; /* for the catalogue: each article's data and terms */
    mrg_names_delta *names;
    mrg_sketch *sketches; /* of the articles; NULL: versions are not looked for */

    /* kept by the pipeline */
    uint64_t number;
    int analysed;
    int taken; /* by how many writers */
    struct mrg_batch *next;
} mrg_batch;

mrg_batch *mrg_batch_create(void);
void mrg_batch_free(mrg_batch *batch);

/* Copies an article into the batch. Its text is made valid UTF-8. */
morgue_status mrg_batch_add(mrg_batch *batch, const morgue_article *article, const mrg_date *date, const char *lang_name,
                            uint32_t lang, uint64_t hash, uint32_t replaces, morgue_error *err);
morgue_status mrg_batch_delete(mrg_batch *batch, uint32_t docid, morgue_error *err);

/* What analyses batches; one a worker thread. */
typedef struct mrg_analyst mrg_analyst;
/* `with_sketches`: for finding versions. */
morgue_status mrg_analyst_create(mrg_analyst **out, const mrg_finder_options *finder, int with_sketches,
                                 morgue_error *err);
void mrg_analyst_free(mrg_analyst *analyst);
morgue_status mrg_analyse(mrg_analyst *analyst, mrg_batch *batch, morgue_error *err);

/* Walks a catalogue document as the analyst left it: data first, then terms. */
typedef struct mrg_document_reader {
    mrg_reader r;
} mrg_document_reader;
const char *mrg_document_data(mrg_document_reader *d, const mrg_batch *batch, size_t i, size_t *len);
const char *mrg_document_next_term(mrg_document_reader *d, size_t *len, uint32_t *wdf); /* NULL past the last */

#endif

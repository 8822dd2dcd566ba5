/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds, at a commit, which of the new articles are versions of earlier ones (text/sketch.h has the measure,
 * store/versions.h what comes out). Nothing is dropped: a search may group them.
 *
 * The keys of all articles are in a file of their own beside the catalogue, 32 bytes an article at a place given by
 * its docid. It is only written before the commit and beyond what the last commit knows, so a crash does no harm, and
 * it can be made again: an article without keys there is found to be no version of anything. Each commit reads it once
 * from end to end, some milliseconds for a million articles.
 */
#ifndef MRG_DUPLICATES_H
#define MRG_DUPLICATES_H

#include "core/error.h"
#include "text/sketch.h"

struct morgue_indexer;

#define MRG_SKETCH_FILE "sketches"
#define MRG_DEFAULT_RESEMBLANCE 0.5

/* The new articles' sketches, in docid order. Zero-initialise, then dispose. */
typedef struct mrg_sketches {
    uint32_t first_docid;
    uint32_t (*keys)[MRG_SKETCH_KEYS];
    size_t count, capacity;
    mrg_sketch *whole; /* of the first ones, as far as memory is allowed */
    size_t whole_count, whole_capacity;
} mrg_sketches;
void mrg_sketches_dispose(mrg_sketches *sketches);

/* Adds those of a batch, whose first docid is the next. `most_whole`: so many are kept whole. */
morgue_status mrg_sketches_add(mrg_sketches *sketches, uint32_t first_docid, const mrg_sketch *items, size_t count,
                               size_t most_whole, morgue_error *err);

/* Compares, writes the keys to the file and the versions into the catalogue's open transaction. `segments` hold the
   texts of all articles, old and new. */
struct mrg_manifest;
morgue_status mrg_duplicates_find(struct morgue_indexer *indexer, const struct mrg_manifest *manifest, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of this run against those that the archive knows: which are as they were and need no reading, which
 * docids came from which file, and which articles are gone from their file (store/known_file.h is the record).
 * A file of which anything was skipped is read, and complained of, every time.
 */
#ifndef MRG_SOURCES_H
#define MRG_SOURCES_H

#include <sys/stat.h>

#include "core/bitset.h"
#include "store/known_file.h"
#include "store/snapshot.h"

struct morgue_indexer;

typedef struct mrg_sources {
    mrg_known_file *done; /* files read since the last commit */
    size_t done_count, done_capacity;
    char **gone; /* paths whose record goes with the next commit */
    size_t gone_count, gone_capacity;
    mrg_bitset seen;      /* docids of files met in this call of add_source */
    mrg_bitset left;      /* docids that a file had before and that were not met in it again */
    char **met;           /* paths met in this call, sorted when they are looked at; for mirroring */
    size_t met_count, met_capacity;
    mrg_known_file current; /* the file being read */
    uint64_t skipped_before; /* complaints before it */
    uint64_t bytes_before;   /* progress in bytes before it */
    uint64_t settings;
} mrg_sources;

/* For mrg_source_handler. ctx is the indexer. */
int mrg_sources_known(void *ctx, const char *path, const struct stat *st, int fd);
void mrg_sources_begin(struct morgue_indexer *ix, const char *path);
morgue_status mrg_sources_took(struct morgue_indexer *ix, uint32_t docid, morgue_error *err);
void mrg_sources_end(void *ctx, const char *path, const struct stat *st, uint32_t checksum);

/* Deletes the articles of files under `path` that are not there any more, and those that their file does not
   hold any more. */
morgue_status mrg_sources_mirror(struct morgue_indexer *ix, const char *path, morgue_error *err);

/* Before and after a call of add_source. */
void mrg_sources_start(struct morgue_indexer *ix);

/* Writes what changed into the catalogue's open transaction; *wrote says whether anything did. */
morgue_status mrg_sources_write(struct morgue_indexer *ix, int *wrote, morgue_error *err);
void mrg_sources_committed(struct morgue_indexer *ix);
void mrg_sources_dispose(mrg_sources *sources);

#endif

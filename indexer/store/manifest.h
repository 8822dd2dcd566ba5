/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manifest says what an archive consists of at one commit: live segments with their checksums, the
 * deleted articles, format and features. It is metadata of the catalogue, so that Xapian's commit makes
 * it and the documents visible at once.
 */
#ifndef MRG_MANIFEST_H
#define MRG_MANIFEST_H

#include "core/bitset.h"
#include "store/segment.h"

enum { MRG_ARCHIVE_FORMAT = 2 }; /* what is written; 1 is read too */

/* The catalogue's metadata keys of the two blobs below. */
#define MRG_META_MANIFEST "morgue-manifest"
#define MRG_META_DELETED "morgue-deleted"
/* And that of the archive's id: chance bytes that its first commit wrote, the same as long as it lives. */
#define MRG_META_ARCHIVE "morgue-id"
enum { MRG_ARCHIVE_ID_BYTES = 8 };

typedef struct mrg_manifest_segment {
    uint64_t number; /* its file is segments/<number in hex, 8 digits>.seg */
    mrg_segment_summary summary;
} mrg_manifest_segment;

typedef struct mrg_manifest {
    unsigned format;
    uint64_t commit_number;       /* 0: nothing was ever committed */
    uint64_t next_segment_number;
    char lang[16];                /* of articles that do not say */
    mrg_manifest_segment *segments; /* ascending docid ranges */
    size_t segment_count, segment_capacity;
    mrg_bitset deleted;           /* docids in live segments whose article is gone */
} mrg_manifest;

void mrg_manifest_dispose(mrg_manifest *manifest);
int mrg_manifest_copy(mrg_manifest *out, const mrg_manifest *manifest); /* -1: out of memory */
int mrg_manifest_add(mrg_manifest *manifest, const mrg_manifest_segment *segment); /* -1: out of memory */

/* Two blobs: the manifest proper, and the deleted articles (deflated). */
morgue_status mrg_manifest_encode(const mrg_manifest *manifest, mrg_buffer *out, mrg_buffer *deleted, morgue_error *err);
/* VERSION for a format or feature that this code does not know, CORRUPT for anything else that is not one. */
morgue_status mrg_manifest_decode(mrg_manifest *out, const void *bytes, size_t len, const void *deleted, size_t deleted_len,
                                  morgue_error *err);

/* "<archive>/segments/0000002a.seg"; to be freed with mrg_free, NULL when memory ran out. */
char *mrg_segment_file(const char *archive, uint64_t number);

#endif

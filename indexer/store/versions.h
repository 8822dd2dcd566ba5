/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which articles are versions of one another: reposts, updates, edited copies. Each group is known by its head, the
 * docid of its first article; the head itself has no entry. Metadata of the catalogue, see FORMAT.md.
 */
#ifndef MRG_VERSIONS_H
#define MRG_VERSIONS_H

#include "core/buffer.h"
#include "core/error.h"
#include "xapian_c.h"

#define MRG_META_VERSIONS "morgue-versions"

typedef struct mrg_version {
    uint32_t docid, head; /* head < docid */
} mrg_version;

/* Ascending by docid. Zero-initialise, then dispose. */
typedef struct mrg_versions {
    mrg_version *items;
    size_t count, capacity;
} mrg_versions;
void mrg_versions_dispose(mrg_versions *versions);

/* The docid must be above the last one. 0, or -1 when memory ran out. */
int mrg_versions_add(mrg_versions *versions, uint32_t docid, uint32_t head);

/* The head of an article's group; the docid itself if it has no entry. */
uint32_t mrg_versions_head(const mrg_versions *versions, uint32_t docid);

morgue_status mrg_versions_encode(const mrg_versions *versions, mrg_buffer *out, morgue_error *err);
morgue_status mrg_versions_decode(mrg_versions *out, const void *bytes, size_t len, morgue_error *err);

/* Those of the last commit; none if nothing was ever written. */
morgue_status mrg_versions_read(mrg_versions *out, const xapian_database *catalogue, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An archive as it was at one commit, opened for reading: the catalogue, the names and the live
 * segments. A snapshot stays readable while a writer goes on, but Xapian gives up a revision after the
 * second commit: then calls on the catalogue fail with XAPIAN_C_MODIFIED, and the
 * answer is to open a new one.
 */
#ifndef MRG_SNAPSHOT_H
#define MRG_SNAPSHOT_H

#include "entity/authority.h"
#include "store/catalogue.h"
#include "store/manifest.h"

typedef struct mrg_snapshot {
    char *path;
    xapian_database *catalogue;
    xapian_database *names; /* NULL if the archive has none */
    mrg_manifest manifest;
    mrg_segment **segments; /* as in the manifest */
    unsigned char id[MRG_ARCHIVE_ID_BYTES]; /* zeros: nothing was ever committed */
    uint32_t last_docid;   /* the highest one ever given to an article */
    uint64_t article_count;
    uint64_t word_count, title_word_count; /* of all segments, for averages; deleted articles included */
    unsigned pair_percent;    /* store/pairs.h */
    xapian_buffer list;       /* the user's list as it is kept; empty: none */
    mrg_authority *authority; /* the same, once it was asked for */
} mrg_snapshot;

/* NOT_FOUND when there is no archive; retries when a writer overtakes it. */
morgue_status mrg_snapshot_open(mrg_snapshot **out, const char *path, morgue_error *err);
void mrg_snapshot_close(mrg_snapshot *snapshot);

/* *changed says whether the archive has a newer commit than this snapshot. Cheap. */
morgue_status mrg_snapshot_changed(mrg_snapshot *snapshot, int *changed, morgue_error *err);

/* The user's list of names, read when it is first asked for; *out is NULL if there is none. */
morgue_status mrg_snapshot_authority(mrg_snapshot *snapshot, const mrg_authority **out, morgue_error *err);

/* The segment that holds a docid, NULL for none. */
const mrg_segment *mrg_snapshot_segment(const mrg_snapshot *snapshot, uint32_t docid);

#endif

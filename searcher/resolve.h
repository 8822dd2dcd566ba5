/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name as it is asked for -> the entities it may mean, in all archives: by the alias table, by the very
 * form, and by its words ("putin" is in "Vladimir Putin"). Spelling is not guessed here.
 */
#ifndef MRG_RESOLVE_H
#define MRG_RESOLVE_H

#include "store/names.h"
#include "store/snapshot.h"

enum { MRG_RESOLVE_MAX = 64 };

typedef struct mrg_resolved_name {
    const char *key, *name;
    mrg_entity_type type;
    uint64_t article_count; /* summed over the archives */
} mrg_resolved_name;

typedef struct mrg_resolved {
    mrg_resolved_name *items; /* most articles first; in the arena */
    size_t count;
    size_t total;    /* as many there would be without MRG_RESOLVE_MAX, about */
    int other_type;  /* none of the type asked for; these are of other types */
} mrg_resolved;

/* `type` may be MRG_ENTITY_TYPES for any. None found is no failure: count is 0. */
morgue_status mrg_resolve(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots, size_t snapshot_count,
                          mrg_entity_type type, const char *text, size_t len, morgue_error *err);

/* Appends "Vladimir Putin (2,034)". */
void mrg_resolve_format(const mrg_resolved_name *name, mrg_buffer *out);
/* Appends a count with commas: "2,034". */
void mrg_format_count(mrg_buffer *out, uint64_t n);

#endif

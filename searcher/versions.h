/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The groups of versions that were found while indexing (store/versions.h), for the hits of a search. */
#ifndef MRG_SEARCH_VERSIONS_H
#define MRG_SEARCH_VERSIONS_H

#include "store/versions.h"

struct mrg_view;

/* Of each archive of a view, read when first asked for. */
typedef struct mrg_view_versions {
    mrg_versions list;
    int read;
} mrg_view_versions;

/* Lent by the view. */
morgue_status mrg_view_versions_of(struct mrg_view *view, size_t shard, const mrg_versions **out, morgue_error *err);
void mrg_view_versions_free(struct mrg_view *view);

#endif

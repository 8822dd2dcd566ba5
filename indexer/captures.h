/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When pages were captured, as it comes in, on its way to the catalogue (store/capture.h is the record). */
#ifndef MRG_CAPTURES_H
#define MRG_CAPTURES_H

#include "store/capture.h"

struct morgue_indexer;

typedef struct mrg_capture_note {
    mrg_capture_name name, article; /* the address; of an article with another id, that */
    int64_t time;                   /* seconds since 1970; ALIAS_ONLY: the note is of the two names */
} mrg_capture_note;

/* Since the last commit. Zero-initialise, then dispose. */
typedef struct mrg_captures {
    mrg_capture_note *items;
    size_t count, capacity;
} mrg_captures;

/* An article, or a page known by its address, was captured. What is no date is left out. */
morgue_status mrg_captures_add(struct morgue_indexer *ix, const char *name, const char *date, morgue_error *err);

/* A crawler knows the article with this id by another address. */
morgue_status mrg_captures_add_alias(struct morgue_indexer *ix, const char *address, const char *id, morgue_error *err);

/* For mrg_source_handler. ctx is the indexer; `id` is NULL for a page that was found as it was. */
morgue_status mrg_captures_took(void *ctx, const char *address, const char *id, const char *date, morgue_error *err);

/* Writes them into the catalogue's open transaction; *wrote is set if there was any. */
morgue_status mrg_captures_write(struct morgue_indexer *ix, int *wrote, morgue_error *err);
void mrg_captures_committed(struct morgue_indexer *ix);
void mrg_captures_dispose(mrg_captures *captures);

#endif

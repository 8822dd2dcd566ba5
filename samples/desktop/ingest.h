/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ingest.h: a folder is indexed on a thread of its own; the main loop hears how it goes. */
#ifndef DESK_INGEST_H
#define DESK_INGEST_H

#include <glib.h>
#include "morgue.h"

typedef struct desk_ingest desk_ingest;

typedef struct desk_ingest_events {
    void (*progress)(void *ctx, guint64 article_count, guint64 skipped_count);
    /* The last that is told: `text` is a sentence for people, `failed` if nothing was added. The ingest is to be freed
       then. */
    void (*done)(void *ctx, const char *text, gboolean failed);
    void *ctx;
} desk_ingest_events;

/* Adds what is below `folder` to the archive, which is made if there is none. Both are told from the main loop. */
desk_ingest *desk_ingest_start(const char *archive, const char *folder, const desk_ingest_events *events);

/* Stops soon, with nothing added; `done` is told then. */
void desk_ingest_cancel(desk_ingest *ingest);

/* Waits for the end, if it was not told yet, and tells nothing any more. */
void desk_ingest_free(desk_ingest *ingest);

#endif

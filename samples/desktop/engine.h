/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h: questions asked on a thread of their own, answers brought to the main loop.
 *
 * A question takes the place of the one before it, finished or not. Its first page comes as soon as it is found, then
 * what takes longer: the exact count, the facets, the timeline, the related names.
 */
#ifndef DESK_ENGINE_H
#define DESK_ENGINE_H

#include "desktop.h"

typedef struct desk_question {
    char *query;
    morgue_sort sort;
    guint offset;      /* hits that are shown already: a page with more of them, and nothing else */
    gboolean overview; /* facets and related names too */
    gboolean days;     /* the timeline in days, not months */
} desk_question;

typedef struct desk_page {
    GPtrArray *hits; /* of desk_hit; the receiver's */
    guint64 at_least, at_most;
    guint offset, size; /* of the page, of which some hits may come later */
    char *error; /* NULL; else nothing was found out, and why */
} desk_page;

typedef struct desk_overview {
    GPtrArray *sections[DESK_SECTIONS]; /* of desk_value; the receiver's */
    GPtrArray *dates;                   /* likewise, ascending */
    guint64 count;                      /* of all that match */
} desk_overview;

typedef struct desk_engine_events {
    void (*page)(void *ctx, const desk_page *page);
    void (*overview)(void *ctx, const desk_overview *overview);
    void *ctx;
} desk_engine_events;

/* Answers are told from the main loop. NULL, and `err` filled, if the archive cannot be opened. */
desk_engine *desk_engine_open(const char *archive, const desk_engine_events *events, morgue_error *err);
void desk_engine_close(desk_engine *engine);

/* Asks, and leaves off what was asked before. Copies the question. */
void desk_engine_ask(desk_engine *engine, const desk_question *question);

/* Waits for the first page, but not longer than so many milliseconds, and tells it if it came. */
void desk_engine_wait(desk_engine *engine, int ms);

/* Later questions see what was committed meanwhile. */
void desk_engine_refresh(desk_engine *engine);

guint64 desk_engine_article_count(desk_engine *engine);

/* One article at once; `query` (may be NULL) decides what is marked. */
morgue_status desk_engine_article(desk_engine *engine, const char *id, const char *query, morgue_results **out,
                                  morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window_state.h: what window.c (questions and answers) and actions.c (what keys and menus do) know of a window. */
#ifndef DESK_WINDOW_STATE_H
#define DESK_WINDOW_STATE_H

#include "window.h"
#include "card.h"
#include "engine.h"
#include "history.h"
#include "ingest.h"
#include "layout.h"
#include "list.h"
#include "measure.h"
#include "reader.h"
#include "status.h"
#include "theme.h"
#include "timeline.h"

struct desk_window {
    desk_layout layout;
    desk_list *list;
    desk_reader *reader;
    desk_facets *facets;
    desk_timeline *timeline;
    desk_status *status;
    desk_card *card;
    desk_theme *theme;
    desk_history *history;
    desk_measure *measure; /* NULL: nothing is measured */
    char *archive;
    desk_engine *engine;     /* NULL: there is no archive yet */
    desk_engine *about_name; /* asked about the name of the card */
    desk_ingest *ingest;     /* NULL: nothing is being indexed */
    GtkFileChooserNative *chooser;
    void (*chosen)(desk_window *w, const char *folder); /* what the chooser is for */
    GPtrArray *filters;
    char *query; /* the one asked last, NULL before the first */
    gboolean more_asked, silent;
    guint settle_source;
};

/* ---- window.c ---- */

/* Asks what is typed and narrowed to now. */
void desk_window_ask(desk_window *w);

const char *desk_window_typed(const desk_window *w);

/* Puts a text into the entry, and asks nothing. */
void desk_window_type(desk_window *w, const char *text);

/* `filters` have changed: shows them, and asks. */
void desk_window_filtered(desk_window *w);

void desk_window_show_article(desk_window *w, const char *id);

/* Goes to the article that is selected in the list, or to the first. */
void desk_window_read(void *window);

void desk_window_index(desk_window *w, const char *folder);
void desk_window_open(desk_window *w, const char *archive);

/* ---- actions.c ---- */

void desk_actions_add(desk_window *w, GtkApplication *app);

#endif

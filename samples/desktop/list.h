/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list.h: the ranked list of articles with their snippets.
 *
 * Its rows are made once, are all as high, and are filled when they are in sight: so an answer changes no sizes, only
 * what differs is painted, and it appears in the frame of the key.
 */
#ifndef DESK_LIST_H
#define DESK_LIST_H

#include <gtk/gtk.h>
#include "answer.h"

typedef struct desk_list desk_list;

typedef struct desk_list_events {
    void (*selected)(void *ctx, const char *id); /* by a click or the arrow keys */
    void (*opened)(void *ctx);                   /* Enter, or a second click */
    void (*more)(void *ctx);                     /* the end is in sight */
    void (*left)(void *ctx);                     /* Up from the first row */
    void *ctx;
} desk_list_events;

desk_list *desk_list_new(const desk_list_events *events);
void desk_list_free(desk_list *list);
GtkWidget *desk_list_widget(desk_list *list);

/* Takes the place of what is shown, from the top, with nothing selected. `size`: of the page, if more hits are
   on their way. Takes the reference. */
void desk_list_show(desk_list *list, GPtrArray *take_hits, guint size);

/* Puts more hits behind those that are shown. Takes the reference. */
void desk_list_append(desk_list *list, GPtrArray *take_hits);

guint desk_list_size(const desk_list *list);
const desk_hit *desk_list_hit(const desk_list *list, guint index); /* NULL past the last */

/* Selects a row without telling so, and moves the focus there if `focus`; past the last it does nothing. */
void desk_list_select(desk_list *list, guint index, gboolean focus);
int desk_list_selected(const desk_list *list); /* -1: none */

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layout.h: the widgets of the window, and how they make do with little room. */
#ifndef DESK_LAYOUT_H
#define DESK_LAYOUT_H

#include <gtk/gtk.h>

/* What the window is made of by others. */
typedef struct desk_parts {
    GtkWidget *list, *reader, *facets, *timeline, *status;
} desk_parts;

typedef struct desk_layout {
    GtkWidget *window, *entry, *sidebar_button, *back_button;
    GtkWidget *stack;                /* "search", or "welcome" without an archive */
    GtkWidget *count, *chips, *sort; /* above the timeline */
    GtkWidget *reader_stack;         /* "article", or "empty" */
    GtkWidget *sidebar, *list_pane;
    GtkWidget *reader_pane; /* has a layout manager, as the parent of a popover must */
    int width;
    gboolean sidebar_wanted, reading; /* with room for one of list and reader only: which */
    guint source;
} desk_layout;

void desk_layout_init(desk_layout *layout, GtkApplication *app, const desk_parts *parts);
void desk_layout_dispose(desk_layout *layout);

/* Shows the reader, or the list, where only one of them fits. */
void desk_layout_read(desk_layout *layout, gboolean reading);

void desk_layout_toggle_sidebar(desk_layout *layout);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * window.h: the window, and what one does in it.
 *
 * window.c knows what is searched and answers the widgets' events; layout.c puts the widgets together.
 */
#ifndef DESK_WINDOW_H
#define DESK_WINDOW_H

#include <gtk/gtk.h>

typedef struct desk_window desk_window;

typedef struct desk_window_options {
    const char *archive; /* NULL: the one in the user's data directory */
    gboolean measure;    /* print latencies when the window is closed */
} desk_window_options;

/* Frees itself when it is closed. */
desk_window *desk_window_new(GtkApplication *app, const desk_window_options *options);

#endif

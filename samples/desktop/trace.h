/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h: what the window shows, told on standard output, a line for each change; for tests that press keys and want
 * to know what came of it. Off unless --trace was given.
 */
#ifndef DESK_TRACE_H
#define DESK_TRACE_H

#include <gtk/gtk.h>

void desk_trace_on(void);
void desk_trace(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* "place NAME X Y W H": where a widget is, in pixels of its window, once it has been laid out. */
void desk_trace_place(const char *name, GtkWidget *widget);

/* "unnamed TYPE" for each control below this widget that has no accessible name, then how many of both there are. */
void desk_trace_accessible(GtkWidget *widget);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.h: how long it takes from a key to its first results on the screen.
 *
 * It begins with the time that the X server gave the key, so that what a key waits in a queue counts too, and ends when
 * the frame that shows the first page of this query, or of a later one, is painted.
 */
#ifndef DESK_MEASURE_H
#define DESK_MEASURE_H

#include <gtk/gtk.h>

typedef struct desk_measure desk_measure;

desk_measure *desk_measure_new(GtkWidget *window);

/* Prints number, median, 99th percentile and maximum on standard output. */
void desk_measure_end(desk_measure *measure);

/* The text of the query was changed by a key. */
void desk_measure_key(desk_measure *measure);

/* A first page is in the widgets, and waits to be painted. */
void desk_measure_page(desk_measure *measure);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.h: a widget of a few lines of text, for rows that get another text with every key.
 *
 * A GtkLabel finds out how narrow and how wide it might be, and lays its text out several times for that. This one takes
 * the width it is given, and lays out once.
 */
#ifndef DESK_LINES_H
#define DESK_LINES_H

#include <gtk/gtk.h>
#include "morgue.h"

/* At most so many lines; the last one ends with three dots if there are more. */
GtkWidget *desk_lines_new(int max_lines);

/* Shows one line of untrusted text, wrapped, with some stretches of it in bold. */
void desk_lines_set(GtkWidget *lines, const char *text, gsize len, const morgue_span *bold, gsize bold_count);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chips.h: what a search is narrowed to, a button each; a click undoes it. */
#ifndef DESK_CHIPS_H
#define DESK_CHIPS_H

#include <gtk/gtk.h>
#include "query.h"

/* Fills `box` with buttons for filters; `removed` is told the index of one that was clicked. */
void desk_chips_show(GtkBox *box, const GPtrArray *filters, void (*removed)(void *ctx, guint index), void *ctx);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader.h: an article to be read, with what matched and the names in it.
 *
 * By keyboard: N and P (with Shift: M for matches) go from one to the next, Enter opens the name.
 */
#ifndef DESK_READER_H
#define DESK_READER_H

#include <gtk/gtk.h>
#include "answer.h"

typedef struct desk_reader desk_reader;

/* `named` is told that a name of the article was clicked, and where that is in the reader's widget. */
desk_reader *desk_reader_new(void (*named)(void *ctx, const desk_entity *entity, const GdkRectangle *where), void *ctx);
void desk_reader_free(desk_reader *reader);
GtkWidget *desk_reader_widget(desk_reader *reader);
GtkWidget *desk_reader_text(desk_reader *reader); /* what takes the focus */

/* Shows an article from its top, or with NULL nothing. Takes it. */
void desk_reader_show(desk_reader *reader, desk_article *take_article);
const desk_article *desk_reader_article(const desk_reader *reader); /* NULL: none */

/* Colours for a dark or a light window. */
void desk_reader_set_dark(desk_reader *reader, gboolean dark);

#endif

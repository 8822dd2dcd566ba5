/* SPDX-License-Identifier: GPL-2.0-or-later */
/* card.h: what there is to do with a name that was clicked in an article, and the names it goes with. */
#ifndef DESK_CARD_H
#define DESK_CARD_H

#include <gtk/gtk.h>
#include "answer.h"

typedef struct desk_card desk_card;

typedef struct desk_card_events {
    void (*narrow)(void *ctx, const char *field, const char *value); /* this search, with this name */
    void (*search)(void *ctx, const char *field, const char *value); /* a new one, for the name */
    void (*closed)(void *ctx);                                       /* the focus has no place any more */
    void *ctx;
} desk_card_events;

/* `parent` is where it points into. */
desk_card *desk_card_new(GtkWidget *parent, const desk_card_events *events);
void desk_card_free(desk_card *card); /* before the parent is gone */

void desk_card_show(desk_card *card, const desk_entity *entity, const GdkRectangle *where);

/* What was found out about the name meanwhile; the array (of desk_value) is only read. */
void desk_card_tell(desk_card *card, guint64 article_count, const GPtrArray *related);

#endif

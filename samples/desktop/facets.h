/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facets.h: the names and sources of what was found, with counts; a click narrows to one. */
#ifndef DESK_FACETS_H
#define DESK_FACETS_H

#include <gtk/gtk.h>
#include "answer.h"

typedef enum desk_section {
    DESK_RELATED, /* names of any type that go with the query more than chance has it */
    DESK_PEOPLE,
    DESK_ORGS,
    DESK_PLACES,
    DESK_SOURCES,
    DESK_SECTIONS
} desk_section;

typedef struct desk_facets desk_facets;

/* `chosen` is told the field ("person") and the value that was clicked. */
desk_facets *desk_facets_new(void (*chosen)(void *ctx, const char *field, const char *value), void *ctx);
void desk_facets_free(desk_facets *facets);
GtkWidget *desk_facets_widget(desk_facets *facets);

/* How many values of a section are to be asked for. */
#define DESK_FACET_VALUES 24

/* Shows values (desk_value) of a section; with none it is left out. Takes the reference. */
void desk_facets_show(desk_facets *facets, desk_section section, GPtrArray *take_values);

/* Moves the focus to the first value; FALSE if there is none. */
gboolean desk_facets_focus(desk_facets *facets);

#endif

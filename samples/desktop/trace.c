/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace.h"

#include <stdarg.h>
#include <stdio.h>

static gboolean on;

void desk_trace_on(void)
{
    on = TRUE;
}

void desk_trace(const char *format, ...)
{
    va_list args;
    if (!on)
        return;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

void desk_trace_place(const char *name, GtkWidget *widget)
{
    graphene_rect_t r;
    double dx, dy;
    GtkNative *native = gtk_widget_get_native(widget);
    if (!on || !native || !gtk_widget_get_mapped(widget) || !gtk_widget_compute_bounds(widget, GTK_WIDGET(native), &r))
        return;
    gtk_native_get_surface_transform(native, &dx, &dy);
    desk_trace("place %s %d %d %d %d", name, (int)(r.origin.x + dx), (int)(r.origin.y + dy), (int)r.size.width,
               (int)r.size.height);
}

/* Buttons, entries and the like that say what they are by their text have their name from it. */
static gboolean has_name(GtkWidget *widget)
{
    if (gtk_test_accessible_has_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL) ||
        gtk_test_accessible_has_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY))
        return TRUE;
    if (GTK_IS_BUTTON(widget) && gtk_button_get_label(GTK_BUTTON(widget)))
        return TRUE;
    return GTK_IS_LABEL(widget) || GTK_IS_TEXT(widget);
}

/* What stands inside one of GTK's own controls is named by it. */
static gboolean is_whole(GtkWidget *widget)
{
    return GTK_IS_SEARCH_ENTRY(widget) || GTK_IS_DROP_DOWN(widget) || GTK_IS_MENU_BUTTON(widget) ||
           GTK_IS_WINDOW_CONTROLS(widget) || GTK_IS_PANED(widget);
}

static unsigned walk(GtkWidget *widget, unsigned *unnamed)
{
    unsigned count = 0;
    gboolean control = GTK_IS_BUTTON(widget) || GTK_IS_TEXT_VIEW(widget) || GTK_IS_LIST_BOX_ROW(widget) ||
                       GTK_IS_LIST_BOX(widget) || GTK_IS_DRAWING_AREA(widget) ||
                       (is_whole(widget) && !GTK_IS_WINDOW_CONTROLS(widget) && !GTK_IS_PANED(widget));
    if (!gtk_widget_get_mapped(widget))
        return 0;
    if (control) {
        count++;
        if (!has_name(widget)) {
            desk_trace("unnamed %s", G_OBJECT_TYPE_NAME(widget));
            ++*unnamed;
        }
    }
    if (is_whole(widget) && !GTK_IS_PANED(widget))
        return count;
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
        count += walk(child, unnamed);
    return count;
}

void desk_trace_accessible(GtkWidget *widget)
{
    unsigned unnamed = 0;
    if (!on)
        return;
    unsigned count = walk(widget, &unnamed);
    desk_trace("accessible %u controls, %u without a name", count, unnamed);
}

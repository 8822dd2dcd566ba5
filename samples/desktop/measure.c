/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

#include <stdarg.h>
#include <stdio.h>

struct desk_measure {
    GtkWidget *window;
    GdkFrameClock *clock;
    gint64 key_us;     /* when the last key was hit */
    GArray *waiting;   /* gint64: keys whose results were not painted yet */
    GArray *latencies; /* gint64, microseconds */
    guint to_paint;    /* of the waiting, from the first: those whose page is in the widgets */
};

/* Until the server's clock and ours are found to differ. */
static gint64 event_us(GdkEvent *event)
{
    gint64 now = g_get_monotonic_time();
    gint64 age_ms = (guint32)(now / 1000) - (gint64)gdk_event_get_time(event);
    return age_ms >= 0 && age_ms < 2000 ? now / 1000 * 1000 - age_ms * 1000 : now;
}

static gboolean on_event(GtkEventControllerLegacy *controller, GdkEvent *event, desk_measure *measure)
{
    (void)controller;
    if (gdk_event_get_event_type(event) == GDK_KEY_PRESS)
        measure->key_us = event_us(event);
    return FALSE;
}

static void on_painted(GdkFrameClock *clock, desk_measure *measure)
{
    (void)clock;
    gint64 now = g_get_monotonic_time();
    for (guint i = 0; i < measure->to_paint; i++) {
        gint64 latency = now - g_array_index(measure->waiting, gint64, i);
        g_array_append_val(measure->latencies, latency);
    }
    g_array_remove_range(measure->waiting, 0, measure->to_paint);
    measure->to_paint = 0;
}

static void on_realize(GtkWidget *window, desk_measure *measure)
{
    measure->clock = g_object_ref(gtk_widget_get_frame_clock(window));
    g_signal_connect(measure->clock, "after-paint", G_CALLBACK(on_painted), measure);
}

desk_measure *desk_measure_new(GtkWidget *window)
{
    desk_measure *measure = g_new0(desk_measure, 1);
    measure->window = window;
    measure->waiting = g_array_new(FALSE, FALSE, sizeof(gint64));
    measure->latencies = g_array_new(FALSE, FALSE, sizeof(gint64));
    GtkEventController *keys = gtk_event_controller_legacy_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "event", G_CALLBACK(on_event), measure);
    gtk_widget_add_controller(window, keys);
    g_signal_connect(window, "realize", G_CALLBACK(on_realize), measure);
    return measure;
}

static int by_length(const void *a, const void *b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

void desk_measure_end(desk_measure *measure)
{
    GArray *all = measure->latencies;
    g_array_sort(all, by_length);
    if (all->len) {
        guint p99 = MIN(all->len - 1, all->len * 99 / 100);
        printf("keys: %u, of these not answered: %u\n", all->len + measure->waiting->len, measure->waiting->len);
        printf("from key to first results painted: median %.1f ms, 99th percentile %.1f ms, longest %.1f ms\n",
               (double)g_array_index(all, gint64, all->len / 2) / 1e3, (double)g_array_index(all, gint64, p99) / 1e3,
               (double)g_array_index(all, gint64, all->len - 1) / 1e3);
    }
    if (measure->clock) {
        g_signal_handlers_disconnect_by_data(measure->clock, measure);
        g_object_unref(measure->clock);
    }
    g_array_unref(measure->waiting);
    g_array_unref(measure->latencies);
    g_free(measure);
}

void desk_measure_key(desk_measure *measure)
{
    g_array_append_val(measure->waiting, measure->key_us);
}

void desk_measure_page(desk_measure *measure)
{
    measure->to_paint = measure->waiting->len;
}

/* ---- --trace ---- */

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

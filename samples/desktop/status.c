/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "status.h"
#include "text.h"

#define MESSAGE_SECONDS 8

struct desk_status {
    GtkWidget *revealer, *label, *bar, *cancel;
    guint hide_source;
};

static void say(desk_status *status, const char *text)
{
    desk_label_set(GTK_LABEL(status->label), text);
    gtk_revealer_set_reveal_child(GTK_REVEALER(status->revealer), TRUE);
    if (status->hide_source)
        g_source_remove(status->hide_source);
    status->hide_source = 0;
}

void desk_status_busy(desk_status *status, const char *text)
{
    say(status, text);
    gtk_widget_set_visible(status->bar, TRUE);
    gtk_widget_set_visible(status->cancel, TRUE);
    gtk_widget_remove_css_class(status->label, "error");
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(status->bar));
}

static gboolean hide(void *data)
{
    desk_status *status = data;
    status->hide_source = 0;
    gtk_revealer_set_reveal_child(GTK_REVEALER(status->revealer), FALSE);
    return G_SOURCE_REMOVE;
}

void desk_status_message(desk_status *status, const char *text, gboolean failed)
{
    say(status, text);
    gtk_widget_set_visible(status->bar, FALSE);
    gtk_widget_set_visible(status->cancel, FALSE);
    if (failed)
        gtk_widget_add_css_class(status->label, "error");
    else
        gtk_widget_remove_css_class(status->label, "error");
    status->hide_source = g_timeout_add_seconds(MESSAGE_SECONDS, hide, status);
}

desk_status *desk_status_new(void)
{
    desk_status *status = g_new0(desk_status, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 14);
    gtk_widget_add_css_class(box, "status");
    status->label = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0F, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_MIDDLE,
                                 "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
    status->bar = gtk_progress_bar_new();
    gtk_widget_set_valign(status->bar, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(status->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, "Indexing", -1);
    status->cancel = gtk_button_new_with_label("Cancel");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(status->cancel), "win.cancel");
    gtk_box_append(GTK_BOX(box), status->label);
    gtk_box_append(GTK_BOX(box), status->bar);
    gtk_box_append(GTK_BOX(box), status->cancel);
    status->revealer = gtk_revealer_new();
    gtk_revealer_set_transition_type(GTK_REVEALER(status->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
    gtk_revealer_set_child(GTK_REVEALER(status->revealer), box);
    return status;
}

void desk_status_free(desk_status *status)
{
    if (status->hide_source)
        g_source_remove(status->hide_source);
    g_free(status);
}

GtkWidget *desk_status_widget(desk_status *status)
{
    return status->revealer;
}

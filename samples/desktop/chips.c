/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chips.h"
#include "text.h"

typedef struct chip {
    guint index;
    void (*removed)(void *ctx, guint index);
    void *ctx;
} chip;

/* The chip goes away while it is told, so its data is copied first. */
static void on_clicked(GtkButton *button, chip *data)
{
    (void)button;
    chip c = *data;
    c.removed(c.ctx, c.index);
}

static void free_chip(void *data, GClosure *closure)
{
    (void)closure;
    g_free(data);
}

static GtkWidget *make(const desk_filter *filter)
{
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 7);
    GtkWidget *dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *cross = gtk_image_new_from_icon_name("window-close-symbolic");
    char *shown = g_str_equal(filter->field, "date") ? desk_date(filter->value) : desk_text_line(filter->value, -1);
    char *spoken = g_strdup_printf("Only %s; undo", shown);
    GtkWidget *label = gtk_label_new(shown);
    gtk_widget_add_css_class(dot, "dot");
    gtk_widget_add_css_class(dot, filter->field);
    gtk_widget_set_valign(dot, GTK_ALIGN_CENTER);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 28);
    gtk_image_set_pixel_size(GTK_IMAGE(cross), 12);
    gtk_box_append(GTK_BOX(box), dot);
    gtk_box_append(GTK_BOX(box), label);
    gtk_box_append(GTK_BOX(box), cross);
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_widget_add_css_class(button, "chip");
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(button, "Undo");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    g_free(shown);
    g_free(spoken);
    return button;
}

void desk_chips_show(GtkBox *box, const GPtrArray *filters, void (*removed)(void *ctx, guint index), void *ctx)
{
    for (GtkWidget *old; (old = gtk_widget_get_first_child(GTK_WIDGET(box)));)
        gtk_box_remove(box, old);
    for (guint i = 0; i < filters->len; i++) {
        chip *data = g_new(chip, 1);
        *data = (chip){ i, removed, ctx };
        GtkWidget *button = make(filters->pdata[i]);
        g_signal_connect_data(button, "clicked", G_CALLBACK(on_clicked), data, free_chip, 0);
        gtk_box_append(box, button);
    }
}

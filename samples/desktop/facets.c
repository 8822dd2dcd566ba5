/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facets.h"
#include "text.h"

/* Of each section, until it is unfolded. */
#define SHORT 6

typedef struct line {
    GtkWidget *button, *dot;
    GtkLabel *name, *count;
    const desk_value *value; /* NULL: the line is hidden */
} line;

typedef struct section {
    desk_facets *facets;
    GtkWidget *box, *lines, *more;
    GPtrArray *made;   /* of line */
    GPtrArray *values; /* of desk_value */
    gboolean unfolded;
} section;

struct desk_facets {
    GtkWidget *scroller;
    section sections[DESK_SECTIONS];
    void (*chosen)(void *ctx, const char *field, const char *value);
    void *ctx;
};

static const char *const headings[DESK_SECTIONS] = { "Related names", "People", "Organisations", "Places", "Sources" };

static void on_clicked(GtkButton *button, section *s)
{
    for (guint i = 0; i < s->made->len; i++) {
        line *l = s->made->pdata[i];
        if (l->button == GTK_WIDGET(button) && l->value) {
            /* What is chosen may take its value away while it is told. */
            char *type = g_strdup(l->value->type), *value = g_strdup(l->value->value);
            s->facets->chosen(s->facets->ctx, type, value);
            g_free(type);
            g_free(value);
            return;
        }
    }
}

static line *add_line(section *s)
{
    line *l = g_new0(line, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    l->dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_valign(l->dot, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(box), l->dot);
    l->name = GTK_LABEL(gtk_label_new(NULL));
    gtk_label_set_xalign(l->name, 0);
    gtk_label_set_ellipsize(l->name, PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(GTK_WIDGET(l->name), TRUE);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(l->name));
    l->count = GTK_LABEL(gtk_label_new(NULL));
    gtk_widget_add_css_class(GTK_WIDGET(l->count), "count");
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(l->count));
    l->button = gtk_button_new();
    gtk_button_set_child(GTK_BUTTON(l->button), box);
    gtk_widget_add_css_class(l->button, "facet");
    gtk_button_set_has_frame(GTK_BUTTON(l->button), FALSE);
    g_signal_connect(l->button, "clicked", G_CALLBACK(on_clicked), s);
    gtk_box_append(GTK_BOX(s->lines), l->button);
    g_ptr_array_add(s->made, l);
    return l;
}

static gboolean is_shown(const line *l, const desk_value *value)
{
    return l->value && l->value->count == value->count && g_str_equal(l->value->value, value->value) &&
           g_str_equal(l->value->type, value->type);
}

static void fill_line(line *l, const desk_value *value)
{
    /* Much stays the same from key to key. */
    if (is_shown(l, value)) {
        l->value = value;
        return;
    }
    const char *dot[] = { "dot", value->type, NULL };
    char *name = desk_text_line(value->value, -1);
    char *spoken = g_strdup_printf("%s, %s articles", name, desk_number(value->count));
    l->value = value;
    gtk_widget_set_css_classes(l->dot, dot);
    gtk_label_set_text(l->name, name);
    gtk_label_set_text(l->count, desk_number(value->count));
    gtk_accessible_update_property(GTK_ACCESSIBLE(l->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    gtk_widget_set_visible(l->button, TRUE);
    g_free(name);
    g_free(spoken);
}

static void fill(section *s)
{
    guint wanted = s->unfolded ? s->values->len : MIN(s->values->len, SHORT);
    for (guint i = 0; i < wanted; i++)
        fill_line(i < s->made->len ? s->made->pdata[i] : add_line(s), s->values->pdata[i]);
    for (guint i = wanted; i < s->made->len; i++) {
        line *l = s->made->pdata[i];
        l->value = NULL;
        gtk_widget_set_visible(l->button, FALSE);
    }
    gtk_widget_set_visible(s->more, s->values->len > SHORT);
    gtk_button_set_label(GTK_BUTTON(s->more), s->unfolded ? "Fewer" : "More");
    gtk_widget_set_visible(s->box, s->values->len > 0);
}

static void on_more(GtkButton *button, section *s)
{
    (void)button;
    s->unfolded = !s->unfolded;
    fill(s);
}

void desk_facets_show(desk_facets *facets, desk_section which, GPtrArray *take_values)
{
    section *s = &facets->sections[which];
    GPtrArray *old = s->values;
    s->values = take_values;
    fill(s);
    g_ptr_array_unref(old);
}

gboolean desk_facets_focus(desk_facets *facets)
{
    for (guint i = 0; i < DESK_SECTIONS; i++) {
        section *s = &facets->sections[i];
        if (s->values->len)
            return gtk_widget_grab_focus(((line *)s->made->pdata[0])->button);
    }
    return FALSE;
}

static void make_section(desk_facets *facets, desk_section which, GtkWidget *parent)
{
    section *s = &facets->sections[which];
    s->facets = facets;
    s->made = g_ptr_array_new_with_free_func(g_free);
    s->values = g_ptr_array_new();
    s->box = g_object_new(GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "accessible-role",
                          GTK_ACCESSIBLE_ROLE_GROUP, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(s->box), GTK_ACCESSIBLE_PROPERTY_LABEL, headings[which], -1);
    GtkWidget *heading = gtk_label_new(headings[which]);
    gtk_label_set_xalign(GTK_LABEL(heading), 0);
    gtk_widget_add_css_class(heading, "heading");
    gtk_box_append(GTK_BOX(s->box), heading);
    s->lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(s->box), s->lines);
    s->more = gtk_button_new_with_label("More");
    gtk_button_set_has_frame(GTK_BUTTON(s->more), FALSE);
    gtk_widget_set_halign(s->more, GTK_ALIGN_START);
    gtk_widget_add_css_class(s->more, "more");
    g_signal_connect(s->more, "clicked", G_CALLBACK(on_more), s);
    gtk_box_append(GTK_BOX(s->box), s->more);
    gtk_widget_set_visible(s->box, FALSE);
    gtk_box_append(GTK_BOX(parent), s->box);
}

desk_facets *desk_facets_new(void (*chosen)(void *ctx, const char *field, const char *value), void *ctx)
{
    desk_facets *facets = g_new0(desk_facets, 1);
    facets->chosen = chosen;
    facets->ctx = ctx;
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(box, "facets");
    for (guint i = 0; i < DESK_SECTIONS; i++)
        make_section(facets, i, box);
    facets->scroller = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(facets->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_overlay_scrolling(GTK_SCROLLED_WINDOW(facets->scroller), FALSE);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(facets->scroller), box);
    gtk_widget_add_css_class(facets->scroller, "sidebar-pane");
    return facets;
}

void desk_facets_free(desk_facets *facets)
{
    for (guint i = 0; i < DESK_SECTIONS; i++) {
        g_ptr_array_unref(facets->sections[i].made);
        g_ptr_array_unref(facets->sections[i].values);
    }
    g_free(facets);
}

GtkWidget *desk_facets_widget(desk_facets *facets)
{
    return facets->scroller;
}

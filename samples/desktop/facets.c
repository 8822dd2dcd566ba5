/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* Of each section, until it is unfolded. */
#define SHORT 6

typedef struct line {
    GtkWidget *button, *count;
    const desk_value *value; /* NULL: the line is hidden */
} line;

typedef struct section {
    desk *w;
    GtkWidget *box, *lines, *more;
    line made[DESK_FACET_VALUES];
    GPtrArray *values; /* of desk_value */
    gboolean unfolded;
} section;

struct desk_facets {
    GtkWidget *scroller;
    section sections[DESK_SECTIONS];
};

static void on_clicked(GtkButton *button, section *s)
{
    for (int i = 0; i < DESK_FACET_VALUES; i++) {
        const desk_value *v = s->made[i].button == GTK_WIDGET(button) ? s->made[i].value : NULL;
        if (v) {
            /* What is chosen may take its value away. */
            g_autofree char *type = g_strdup(v->type), *value = g_strdup(v->value);
            desk_narrow(s->w, type, value);
            return;
        }
    }
}

static void make_line(section *s, line *l)
{
    l->count = desk_label("", "count");
    l->button = desk_name_button("facet", l->count);
    g_signal_connect(l->button, "clicked", G_CALLBACK(on_clicked), s);
    gtk_box_append(GTK_BOX(s->lines), l->button);
}

/* Much stays the same from key to key, and is left alone. */
static void fill_line(section *s, line *l, const desk_value *value)
{
    const desk_value *old = l->value;
    l->value = value;
    if (old && old->count == value->count && g_str_equal(old->value, value->value) &&
        g_str_equal(old->type, value->type))
        return;
    if (!l->button)
        make_line(s, l);
    g_autofree char *name = desk_text_line(value->value, -1);
    g_autofree char *spoken = g_strdup_printf("%s, %s articles", name, desk_number(value->count));
    desk_name_button_set(l->button, value->type, name);
    gtk_label_set_text(GTK_LABEL(l->count), desk_number(value->count));
    desk_named(l->button, spoken);
    gtk_widget_set_visible(l->button, TRUE);
}

static void fill(section *s)
{
    guint wanted = MIN(s->values->len, s->unfolded ? DESK_FACET_VALUES : SHORT);
    for (guint i = 0; i < wanted; i++)
        fill_line(s, &s->made[i], s->values->pdata[i]);
    for (guint i = wanted; i < DESK_FACET_VALUES && s->made[i].button; i++) {
        s->made[i].value = NULL;
        gtk_widget_set_visible(s->made[i].button, FALSE);
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

void desk_facets_show(desk_facets *facets, int which, GPtrArray *take_values)
{
    section *s = &facets->sections[which];
    GPtrArray *old = s->values;
    s->values = take_values;
    fill(s);
    g_ptr_array_unref(old);
}

gboolean desk_facets_focus(desk_facets *facets)
{
    for (int i = 0; i < DESK_SECTIONS; i++)
        if (facets->sections[i].values->len)
            return gtk_widget_grab_focus(facets->sections[i].made[0].button);
    return FALSE;
}

static GtkWidget *make_section(desk *w, section *s, const char *heading)
{
    s->w = w;
    s->values = g_ptr_array_new();
    s->lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    s->more = desk_styled_as(gtk_button_new_with_label("More"), "more");
    gtk_button_set_has_frame(GTK_BUTTON(s->more), FALSE);
    gtk_widget_set_halign(s->more, GTK_ALIGN_START);
    g_signal_connect(s->more, "clicked", G_CALLBACK(on_more), s);
    s->box = g_object_new(GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "visible", FALSE, "accessible-role",
                          GTK_ACCESSIBLE_ROLE_GROUP, NULL);
    gtk_box_append(GTK_BOX(s->box), desk_label(heading, "heading"));
    gtk_box_append(GTK_BOX(s->box), s->lines);
    gtk_box_append(GTK_BOX(s->box), s->more);
    return desk_named(s->box, heading);
}

desk_facets *desk_facets_new(desk *w)
{
    static const char *const headings[] = { "Related names", "People", "Organisations", "Places", "Sources" };
    desk_facets *facets = g_new0(desk_facets, 1);
    GtkWidget *box = desk_styled_as(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), "facets");
    for (int i = 0; i < DESK_SECTIONS; i++)
        gtk_box_append(GTK_BOX(box), make_section(w, &facets->sections[i], headings[i]));
    facets->scroller = desk_styled_as(desk_scroller(box), "sidebar-pane");
    return facets;
}

void desk_facets_free(desk_facets *facets)
{
    for (int i = 0; i < DESK_SECTIONS; i++)
        g_ptr_array_unref(facets->sections[i].values);
    g_free(facets);
}

GtkWidget *desk_facets_widget(desk_facets *facets)
{
    return facets->scroller;
}

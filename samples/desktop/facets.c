/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* Of each section, until it is unfolded. */
#define SHORT 6

#define MOST 24

typedef struct line {
    GtkWidget *button, *count;
    const char *type;
    char *value; /* NULL: the line is hidden */
    guint64 number;
} line;

typedef struct section {
    desk *w;
    const char *type; /* of its values; NULL: each has its own */
    GtkWidget *box, *lines, *more;
    line made[MOST];
    morgue_part *values; /* NULL: none */
    gboolean unfolded;
} section;

struct desk_facets {
    GtkWidget *scroller;
    section sections[DESK_SECTIONS];
};

static void on_clicked(GtkButton *button, section *s)
{
    for (int i = 0; i < MOST; i++)
        if (s->made[i].button == GTK_WIDGET(button) && s->made[i].value) {
            g_autofree char *value = g_strdup(s->made[i].value); /* which the answer may take away */
            desk_narrow(s->w, s->made[i].type, value);
            return;
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
static void fill_line(section *s, line *l, const char *type, const char *value, guint64 number)
{
    if (l->value && l->number == number && l->type == type && g_str_equal(l->value, value))
        return;
    if (!l->button)
        make_line(s, l);
    g_free(l->value);
    l->value = g_strdup(value);
    l->type = type;
    l->number = number;
    g_autofree char *name = desk_text_line(value, -1);
    g_autofree char *spoken = g_strdup_printf("%s, %s articles", name, desk_number(number));
    desk_name_button_set(l->button, type, name);
    gtk_label_set_text(GTK_LABEL(l->count), desk_number(number));
    desk_named(l->button, spoken);
    gtk_widget_set_visible(l->button, TRUE);
}

/* Articles without a source count under "", which is no value to choose. */
static int fill_lines(section *s)
{
    gsize value_count = 0, name_count = 0;
    int most = s->unfolded ? MOST : SHORT, count = 0;
    const morgue_facet_value *values = s->values ? morgue_part_facet(s->values, NULL, &value_count, NULL) : NULL;
    const morgue_associate *names = s->values ? morgue_part_names(s->values, &name_count) : NULL;
    for (gsize i = 0; i < value_count; i++)
        if (*values[i].value && count++ < most)
            fill_line(s, &s->made[count - 1], s->type, values[i].value, values[i].count);
    for (gsize i = 0; i < name_count; i++)
        if (count++ < most)
            fill_line(s, &s->made[count - 1], g_intern_string(names[i].type), names[i].name, names[i].count);
    return count;
}

static void fill(section *s)
{
    int count = fill_lines(s);
    for (int i = MIN(count, s->unfolded ? MOST : SHORT); i < MOST && s->made[i].button; i++) {
        g_clear_pointer(&s->made[i].value, g_free);
        gtk_widget_set_visible(s->made[i].button, FALSE);
    }
    gtk_widget_set_visible(s->more, count > SHORT);
    gtk_button_set_label(GTK_BUTTON(s->more), s->unfolded ? "Fewer" : "More");
    gtk_widget_set_visible(s->box, count > 0);
}

static void on_more(GtkButton *button, section *s)
{
    (void)button;
    s->unfolded = !s->unfolded;
    fill(s);
}

void desk_facets_show(desk_facets *facets, int which, morgue_part *take_values)
{
    section *s = &facets->sections[which];
    morgue_part_free(s->values);
    s->values = take_values;
    fill(s);
}

gboolean desk_facets_focus(desk_facets *facets)
{
    for (int i = 0; i < DESK_SECTIONS; i++)
        if (facets->sections[i].made[0].value)
            return gtk_widget_grab_focus(facets->sections[i].made[0].button);
    return FALSE;
}

static GtkWidget *make_section(desk *w, section *s, const char *heading, const char *type)
{
    s->w = w;
    s->type = type;
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
    static const char *const types[DESK_SECTIONS] = { NULL, "person", "org", "place", "source" };
    desk_facets *facets = g_new0(desk_facets, 1);
    GtkWidget *box = desk_styled_as(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), "facets");
    for (int i = 0; i < DESK_SECTIONS; i++)
        gtk_box_append(GTK_BOX(box), make_section(w, &facets->sections[i], headings[i], types[i]));
    facets->scroller = desk_styled_as(desk_scroller(box), "sidebar-pane");
    return facets;
}

void desk_facets_free(desk_facets *facets)
{
    for (int i = 0; i < DESK_SECTIONS; i++)
        for (int k = 0; k < MOST; k++)
            g_free(facets->sections[i].made[k].value);
    g_free(facets);
}

GtkWidget *desk_facets_widget(desk_facets *facets)
{
    return facets->scroller;
}

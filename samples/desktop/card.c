/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

#define RELATED 6

struct desk_card {
    desk *w;
    GtkWidget *popover, *name, *about, *articles, *heading, *related;
    char *type, *value; /* of the name it is about */
};

static const char *type_word(const char *type)
{
    static const char *const words[][2] = {
        { "person", "Person" }, { "org", "Organisation" }, { "place", "Place" }, { "event", "Event" }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(type, words[i][0]))
            return words[i][1];
    return "Name";
}

static void on_narrow(GtkButton *button, desk_card *card)
{
    (void)button;
    gtk_popover_popdown(GTK_POPOVER(card->popover));
    desk_narrow(card->w, card->type, card->value);
}

static void on_search(GtkButton *button, desk_card *card)
{
    (void)button;
    gtk_popover_popdown(GTK_POPOVER(card->popover));
    desk_search_name(card->w, card->type, card->value);
}

static void on_related(GtkButton *button, desk_card *card)
{
    gtk_popover_popdown(GTK_POPOVER(card->popover));
    desk_narrow(card->w, g_object_get_data(G_OBJECT(button), "type"), g_object_get_data(G_OBJECT(button), "value"));
}

static void on_closed(GtkPopover *popover, desk_card *card)
{
    (void)popover;
    gtk_widget_grab_focus(desk_reader_text(card->w->reader));
    desk_trace("card closed");
}

static void add_related(desk_card *card, const desk_value *value)
{
    GtkWidget *button = desk_name_button("facet", desk_label(desk_number(value->count), "count"));
    desk_name_button_set(button, value->type, value->value);
    desk_named(button, value->value);
    g_object_set_data_full(G_OBJECT(button), "type", g_strdup(value->type), g_free);
    g_object_set_data_full(G_OBJECT(button), "value", g_strdup(value->value), g_free);
    g_signal_connect(button, "clicked", G_CALLBACK(on_related), card);
    gtk_box_append(GTK_BOX(card->related), button);
}

void desk_card_show(desk_card *card, const morgue_entity *entity, const GdkRectangle *where)
{
    g_autoptr(GString) about = g_string_new(type_word(entity->type));
    g_autofree char *name = desk_text_line(entity->name, -1), *role = desk_text_line(entity->role, -1);
    g_free(card->type);
    g_free(card->value);
    card->type = g_strdup(entity->type);
    card->value = g_strdup(entity->name);
    if (*role)
        g_string_append_printf(about, " · %s", role);
    if (entity->age)
        g_string_append_printf(about, " · %u years old", entity->age);
    if (entity->mention_count == 1)
        g_string_append(about, " · once here");
    else
        g_string_append_printf(about, " · %u times here", entity->mention_count);
    gtk_label_set_text(GTK_LABEL(card->name), name);
    gtk_label_set_text(GTK_LABEL(card->about), about->str);
    gtk_label_set_text(GTK_LABEL(card->articles), "");
    gtk_widget_set_visible(card->heading, FALSE);
    desk_empty_box(card->related);
    desk_named(card->popover, name);
    gtk_popover_set_pointing_to(GTK_POPOVER(card->popover), where);
    gtk_popover_popup(GTK_POPOVER(card->popover));
    desk_trace("card [%s]", entity->name);
    desk_ask_about(card->w, card->type, card->value);
}

void desk_card_tell(desk_card *card, guint64 article_count, const GPtrArray *related)
{
    g_autofree char *text = g_strdup_printf("In %s article%s of this archive", desk_number(article_count),
                                            article_count == 1 ? "" : "s");
    gtk_label_set_text(GTK_LABEL(card->articles), text);
    gtk_widget_set_visible(card->heading, related->len > 0);
    desk_empty_box(card->related);
    for (guint i = 0; i < related->len && i < RELATED; i++)
        add_related(card, related->pdata[i]);
}

static GtkWidget *wrapped(const char *text, const char *css_class)
{
    GtkWidget *label = desk_label(text, css_class);
    g_object_set(label, "wrap", TRUE, "max-width-chars", 36, NULL);
    return label;
}

static GtkWidget *make_button(const char *label, GCallback clicked, desk_card *card)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_widget_set_hexpand(button, TRUE);
    g_signal_connect(button, "clicked", clicked, card);
    return button;
}

desk_card *desk_card_new(desk *w, GtkWidget *parent)
{
    desk_card *card = g_new0(desk_card, 1);
    card->w = w;
    card->name = wrapped("", "card-name");
    card->about = wrapped("", "muted");
    card->articles = wrapped("", "muted");
    card->heading = wrapped("Often named together", "heading");
    card->related = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *narrow = desk_styled_as(make_button("Narrow to it", G_CALLBACK(on_narrow), card), "primary");
    GtkWidget *search = make_button("Search for it", G_CALLBACK(on_search), card);
    GtkWidget *buttons = desk_box(GTK_ORIENTATION_HORIZONTAL, 8, narrow, search, NULL);
    GtkWidget *box = desk_box(GTK_ORIENTATION_VERTICAL, 4, card->name, card->about, card->articles,
                              desk_styled_as(buttons, "card-buttons"), card->heading, card->related, NULL);
    card->popover = g_object_new(GTK_TYPE_POPOVER, "child", box, "position", GTK_POS_BOTTOM, NULL);
    gtk_widget_set_parent(desk_styled_as(card->popover, "card"), parent);
    g_signal_connect(card->popover, "closed", G_CALLBACK(on_closed), card);
    return card;
}

void desk_card_free(desk_card *card)
{
    g_signal_handlers_disconnect_by_data(card->popover, card);
    gtk_widget_unparent(card->popover);
    g_free(card->type);
    g_free(card->value);
    g_free(card);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "card.h"
#include "text.h"

#define RELATED 6

struct desk_card {
    GtkWidget *popover, *dot, *name, *about, *articles, *heading, *related;
    char *type, *value; /* of the name it is about */
    desk_card_events events;
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
    card->events.narrow(card->events.ctx, card->type, card->value);
}

static void on_search(GtkButton *button, desk_card *card)
{
    (void)button;
    gtk_popover_popdown(GTK_POPOVER(card->popover));
    card->events.search(card->events.ctx, card->type, card->value);
}

static void on_related(GtkButton *button, desk_card *card)
{
    const char *type = g_object_get_data(G_OBJECT(button), "type");
    gtk_popover_popdown(GTK_POPOVER(card->popover));
    card->events.narrow(card->events.ctx, type, g_object_get_data(G_OBJECT(button), "value"));
}

static void on_closed(GtkPopover *popover, desk_card *card)
{
    (void)popover;
    card->events.closed(card->events.ctx);
}

static GtkWidget *add_label(GtkWidget *box, const char *style)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 36);
    gtk_widget_add_css_class(label, style);
    gtk_box_append(GTK_BOX(box), label);
    return label;
}

static void clear(GtkWidget *box)
{
    for (GtkWidget *old; (old = gtk_widget_get_first_child(box));)
        gtk_box_remove(GTK_BOX(box), old);
}

static void add_related(desk_card *card, const desk_value *value)
{
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *count = gtk_label_new(desk_number(value->count));
    char *shown = desk_text_line(value->value, -1);
    GtkWidget *label = gtk_label_new(shown);
    gtk_widget_add_css_class(dot, "dot");
    gtk_widget_add_css_class(dot, value->type);
    gtk_widget_set_valign(dot, GTK_ALIGN_CENTER);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_widget_add_css_class(count, "count");
    gtk_box_append(GTK_BOX(box), dot);
    gtk_box_append(GTK_BOX(box), label);
    gtk_box_append(GTK_BOX(box), count);
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_button_set_has_frame(GTK_BUTTON(button), FALSE);
    gtk_widget_add_css_class(button, "facet");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, shown, -1);
    g_object_set_data_full(G_OBJECT(button), "type", g_strdup(value->type), g_free);
    g_object_set_data_full(G_OBJECT(button), "value", g_strdup(value->value), g_free);
    g_signal_connect(button, "clicked", G_CALLBACK(on_related), card);
    gtk_box_append(GTK_BOX(card->related), button);
    g_free(shown);
}

void desk_card_show(desk_card *card, const desk_entity *entity, const GdkRectangle *where)
{
    const char *dot[] = { "dot", entity->type, NULL };
    GString *about = g_string_new(type_word(entity->type));
    char *name = desk_text_line(entity->name, -1);
    g_free(card->type);
    g_free(card->value);
    card->type = g_strdup(entity->type);
    card->value = g_strdup(entity->name);
    if (*entity->role)
        g_string_append_printf(about, " · %s", entity->role);
    if (entity->age)
        g_string_append_printf(about, " · %u years old", entity->age);
    if (entity->mention_count == 1)
        g_string_append(about, " · once here");
    else
        g_string_append_printf(about, " · %u times here", entity->mention_count);
    gtk_widget_set_css_classes(card->dot, dot);
    gtk_label_set_text(GTK_LABEL(card->name), name);
    desk_label_set(GTK_LABEL(card->about), about->str);
    gtk_label_set_text(GTK_LABEL(card->articles), "");
    gtk_widget_set_visible(card->heading, FALSE);
    clear(card->related);
    gtk_accessible_update_property(GTK_ACCESSIBLE(card->popover), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_popover_set_pointing_to(GTK_POPOVER(card->popover), where);
    gtk_popover_popup(GTK_POPOVER(card->popover));
    g_string_free(about, TRUE);
    g_free(name);
}

void desk_card_tell(desk_card *card, guint64 article_count, const GPtrArray *related)
{
    char *text = g_strdup_printf("In %s article%s of this archive", desk_number(article_count),
                                 article_count == 1 ? "" : "s");
    gtk_label_set_text(GTK_LABEL(card->articles), text);
    gtk_widget_set_visible(card->heading, related->len > 0);
    clear(card->related);
    for (guint i = 0; i < related->len && i < RELATED; i++)
        add_related(card, related->pdata[i]);
    g_free(text);
}

static GtkWidget *add_button(GtkWidget *box, const char *label, GCallback clicked, desk_card *card)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_widget_set_hexpand(button, TRUE);
    g_signal_connect(button, "clicked", clicked, card);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

desk_card *desk_card_new(GtkWidget *parent, const desk_card_events *events)
{
    desk_card *card = g_new0(desk_card, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
    GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    card->events = *events;
    card->popover = gtk_popover_new();
    gtk_widget_add_css_class(card->popover, "card");
    card->dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_valign(card->dot, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(head), card->dot);
    card->name = add_label(head, "card-name");
    gtk_box_append(GTK_BOX(box), head);
    card->about = add_label(box, "muted");
    card->articles = add_label(box, "muted");
    gtk_widget_add_css_class(buttons, "card-buttons");
    gtk_widget_add_css_class(add_button(buttons, "Narrow to it", G_CALLBACK(on_narrow), card), "primary");
    add_button(buttons, "Search for it", G_CALLBACK(on_search), card);
    gtk_box_append(GTK_BOX(box), buttons);
    card->heading = add_label(box, "heading");
    gtk_label_set_text(GTK_LABEL(card->heading), "Often named together");
    card->related = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(box), card->related);
    gtk_popover_set_child(GTK_POPOVER(card->popover), box);
    gtk_popover_set_position(GTK_POPOVER(card->popover), GTK_POS_BOTTOM);
    gtk_widget_set_parent(card->popover, parent);
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

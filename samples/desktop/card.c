/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

#include <glib-unix.h>

#define RELATED 6

struct desk_card {
    desk *w;
    GtkWidget *popover, *name, *about, *articles, *heading, *related;
    char *type, *value;      /* of the name it is about */
    morgue_session *session; /* asked about it, beside the window's own; NULL: there is no archive */
    guint source;
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

static void add_related(desk_card *card, const morgue_associate *name)
{
    GtkWidget *button = desk_name_button("facet", desk_label(desk_number(name->count), "count"));
    desk_name_button_set(button, name->type, name->name);
    desk_named(button, name->name);
    g_object_set_data_full(G_OBJECT(button), "type", g_strdup(name->type), g_free);
    g_object_set_data_full(G_OBJECT(button), "value", g_strdup(name->name), g_free);
    g_signal_connect(button, "clicked", G_CALLBACK(on_related), card);
    gtk_box_append(GTK_BOX(card->related), button);
}

static void ask(desk_card *card)
{
    g_autofree char *query = desk_query_of(card->type, card->value);
    morgue_question question = MORGUE_QUESTION_INIT;
    question.query = query;
    question.options.limit = MORGUE_NO_HITS;
    question.count = 1;
    question.names_max = RELATED;
    morgue_session_ask(card->session, &question, NULL, NULL);
}

static void show_part(desk_card *card, const morgue_part *part)
{
    guint64 count = morgue_part_count(part);
    g_autofree char *text =
        g_strdup_printf("In %s article%s of this archive", desk_number(count), count == 1 ? "" : "s");
    gsize name_count;
    const morgue_associate *names = morgue_part_names(part, &name_count);
    if (morgue_part_get_kind(part) == MORGUE_PART_COUNT)
        gtk_label_set_text(GTK_LABEL(card->articles), text);
    if (morgue_part_get_kind(part) != MORGUE_PART_NAMES)
        return;
    gtk_widget_set_visible(card->heading, name_count > 0);
    for (gsize i = 0; i < name_count; i++)
        add_related(card, &names[i]);
    desk_trace("related %zu", name_count);
}

static gboolean on_parts(int fd, GIOCondition condition, void *data)
{
    (void)fd, (void)condition;
    desk_card *card = data;
    for (morgue_part *part; (part = morgue_session_take(card->session)); morgue_part_free(part))
        show_part(card, part);
    return G_SOURCE_CONTINUE;
}

morgue_status desk_card_search(desk_card *card, const char *archive, morgue_error *err)
{
    g_clear_handle_id(&card->source, g_source_remove);
    g_clear_pointer(&card->session, morgue_session_close);
    if (!archive)
        return MORGUE_OK;
    morgue_status status = morgue_session_open(&card->session, &archive, 1, NULL, err);
    if (status == MORGUE_OK)
        card->source = g_unix_fd_add(morgue_session_fd(card->session), G_IO_IN, on_parts, card);
    return status;
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
    ask(card);
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

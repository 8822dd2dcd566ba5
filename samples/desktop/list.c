/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "list.h"
#include "lines.h"
#include "text.h"

/* The others are filled in when these are painted. */
#define FIRST_ROWS DESK_FIRST_HITS

typedef struct row {
    GtkWidget *widget, *title, *meta, *snippet;
} row;

struct desk_list {
    GtkWidget *scroller, *box;
    GPtrArray *rows; /* of row */
    GPtrArray *hits; /* what they show, in the same order */
    guint filled;    /* rows that show their hit */
    guint fill_source;
    gboolean silent; /* a selection of our own making */
    desk_list_events events;
};

static GtkWidget *add_lines(GtkWidget *box, const char *style, int max_lines)
{
    GtkWidget *lines = desk_lines_new(max_lines);
    gtk_widget_add_css_class(lines, style);
    gtk_box_append(GTK_BOX(box), lines);
    return lines;
}

static row *add_row(desk_list *list)
{
    row *r = g_new0(row, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    r->title = add_lines(box, "row-title", 2);
    r->meta = add_lines(box, "row-meta", 1);
    r->snippet = add_lines(box, "row-snippet", 3);
    r->widget = gtk_list_box_row_new();
    gtk_widget_add_css_class(r->widget, "hit");
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(r->widget), box);
    gtk_list_box_append(GTK_LIST_BOX(list->box), r->widget);
    g_ptr_array_add(list->rows, r);
    return r;
}

/* "Nordwire · 11 March 2022 · Maja Ekdahl", as much of it as there is. */
static char *meta_line(const desk_hit *hit)
{
    char *date = desk_date(hit->date);
    const char *parts[] = { hit->source, date, hit->author };
    GString *line = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        if (*parts[i])
            g_string_append_printf(line, "%s%s", line->len ? " · " : "", parts[i]);
    g_free(date);
    return g_string_free(line, FALSE);
}

static void fill_row(row *r, const desk_hit *hit)
{
    char *meta = meta_line(hit), *snippet = desk_text_line(hit->snippet, hit->snippet ? (gssize)hit->snippet_len : 0);
    char *title = desk_text_line(hit->title, -1), *spoken = g_strdup_printf("%s. %s. %s", title, meta, snippet);
    desk_lines_set(r->title, hit->title, strlen(hit->title), NULL, 0);
    desk_lines_set(r->meta, meta, strlen(meta), NULL, 0);
    desk_lines_set(r->snippet, hit->snippet ? hit->snippet : "", hit->snippet_len, hit->marks, hit->mark_count);
    gtk_widget_set_visible(r->meta, *meta != '\0');
    gtk_widget_set_visible(r->snippet, hit->snippet_len > 0);
    gtk_accessible_update_property(GTK_ACCESSIBLE(r->widget), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    gtk_widget_set_visible(r->widget, TRUE);
    g_free(meta);
    g_free(snippet);
    g_free(title);
    g_free(spoken);
}

static void fill_to(desk_list *list, guint count)
{
    for (; list->filled < list->hits->len && list->filled < count; list->filled++) {
        row *r = list->filled < list->rows->len ? list->rows->pdata[list->filled] : add_row(list);
        fill_row(r, list->hits->pdata[list->filled]);
    }
}

/* A few rows each time, so that a key that comes meanwhile is not kept waiting. */
static gboolean fill_more(void *data)
{
    desk_list *list = data;
    fill_to(list, list->filled + 3);
    if (list->filled < list->hits->len)
        return G_SOURCE_CONTINUE;
    list->fill_source = 0;
    return G_SOURCE_REMOVE;
}

static void fill_later(desk_list *list)
{
    if (!list->fill_source && list->filled < list->hits->len)
        list->fill_source = g_idle_add_full(GDK_PRIORITY_REDRAW + 10, fill_more, list, NULL);
}

void desk_list_show(desk_list *list, GPtrArray *take_hits)
{
    g_ptr_array_unref(list->hits);
    list->hits = take_hits;
    list->filled = 0;
    list->silent = TRUE;
    gtk_list_box_unselect_all(GTK_LIST_BOX(list->box));
    list->silent = FALSE;
    fill_to(list, FIRST_ROWS);
    for (guint i = list->filled; i < list->rows->len; i++)
        gtk_widget_set_visible(((row *)list->rows->pdata[i])->widget, FALSE);
    gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(list->scroller)), 0);
    fill_later(list);
}

void desk_list_append(desk_list *list, GPtrArray *take_hits)
{
    g_ptr_array_extend_and_steal(list->hits, take_hits);
    fill_later(list);
}

guint desk_list_size(const desk_list *list)
{
    return list->hits->len;
}

const desk_hit *desk_list_hit(const desk_list *list, guint index)
{
    return index < list->hits->len ? list->hits->pdata[index] : NULL;
}

void desk_list_select(desk_list *list, guint index, gboolean focus)
{
    if (index >= list->hits->len)
        return;
    fill_to(list, index + 1);
    row *r = list->rows->pdata[index];
    list->silent = TRUE;
    gtk_list_box_select_row(GTK_LIST_BOX(list->box), GTK_LIST_BOX_ROW(r->widget));
    list->silent = FALSE;
    if (focus)
        gtk_widget_grab_focus(r->widget);
}

int desk_list_selected(const desk_list *list)
{
    GtkListBoxRow *selected = gtk_list_box_get_selected_row(GTK_LIST_BOX(list->box));
    return selected ? gtk_list_box_row_get_index(selected) : -1;
}

static void on_selected(GtkListBox *box, GtkListBoxRow *selected, desk_list *list)
{
    (void)box;
    const desk_hit *hit = selected ? desk_list_hit(list, (guint)gtk_list_box_row_get_index(selected)) : NULL;
    if (hit && !list->silent)
        list->events.selected(list->events.ctx, hit->id);
}

static void on_activated(GtkListBox *box, GtkListBoxRow *activated, desk_list *list)
{
    (void)box;
    (void)activated;
    list->events.opened(list->events.ctx);
}

static void on_edge(GtkScrolledWindow *scroller, GtkPositionType edge, desk_list *list)
{
    (void)scroller;
    if (edge == GTK_POS_BOTTOM)
        list->events.more(list->events.ctx);
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk_list *list)
{
    (void)keys;
    (void)code;
    (void)state;
    int at = desk_list_selected(list);
    if (key == GDK_KEY_Up && at <= 0) {
        list->events.left(list->events.ctx);
        return TRUE;
    }
    /* The query would take it, as it takes the letters that are typed here. */
    if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) {
        list->events.opened(list->events.ctx);
        return TRUE;
    }
    if (key == GDK_KEY_Down && at + 1 == (int)list->hits->len)
        list->events.more(list->events.ctx);
    return FALSE;
}

desk_list *desk_list_new(const desk_list_events *events)
{
    desk_list *list = g_new0(desk_list, 1);
    list->events = *events;
    list->rows = g_ptr_array_new_with_free_func(g_free);
    list->hits = g_ptr_array_new();
    list->box = gtk_list_box_new();
    gtk_widget_add_css_class(list->box, "hits");
    gtk_list_box_set_activate_on_single_click(GTK_LIST_BOX(list->box), FALSE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(list->box), GTK_ACCESSIBLE_PROPERTY_LABEL, "Articles found", -1);
    g_signal_connect(list->box, "row-selected", G_CALLBACK(on_selected), list);
    g_signal_connect(list->box, "row-activated", G_CALLBACK(on_activated), list);
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), list);
    gtk_widget_add_controller(list->box, keys);
    list->scroller = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(list->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    /* A scroll bar that fades in and out keeps the frame clock ticking, and an answer would wait for the next tick. */
    gtk_scrolled_window_set_overlay_scrolling(GTK_SCROLLED_WINDOW(list->scroller), FALSE);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(list->scroller), list->box);
    g_signal_connect(list->scroller, "edge-reached", G_CALLBACK(on_edge), list);
    return list;
}

void desk_list_free(desk_list *list)
{
    if (list->fill_source)
        g_source_remove(list->fill_source);
    g_ptr_array_unref(list->rows);
    g_ptr_array_unref(list->hits);
    g_free(list);
}

GtkWidget *desk_list_widget(desk_list *list)
{
    return list->scroller;
}

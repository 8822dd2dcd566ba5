/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "window_state.h"
#include "trace.h"

/* ---- Folders ---- */

static void on_folder(GtkNativeDialog *dialog, int response, desk_window *w)
{
    GFile *file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
    char *path = file ? g_file_get_path(file) : NULL;
    if (path)
        w->chosen(w, path);
    g_free(path);
    g_clear_object(&file);
    g_clear_object(&w->chooser);
}

static void choose_folder(desk_window *w, const char *title, const char *button,
                          void (*chosen)(desk_window *w, const char *folder))
{
    if (w->chooser)
        return;
    w->chosen = chosen;
    w->chooser = gtk_file_chooser_native_new(title, GTK_WINDOW(w->layout.window), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                             button, "Cancel");
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(w->chooser), TRUE);
    g_signal_connect(w->chooser, "response", G_CALLBACK(on_folder), w);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(w->chooser));
    desk_trace("choosing");
}

static void act_index(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    if (!w->ingest)
        choose_folder(w, "Index a Folder", "Index", desk_window_index);
}

static void act_open(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    if (!w->ingest)
        choose_folder(w, "Open an Archive", "Open", desk_window_open);
}

static void act_cancel(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    if (w->ingest)
        desk_ingest_cancel(w->ingest);
}

static void act_find(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    desk_layout_read(&w->layout, FALSE);
    gtk_widget_grab_focus(w->layout.entry);
    gtk_editable_select_region(GTK_EDITABLE(w->layout.entry), 0, -1);
}

static void act_sidebar(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_layout_toggle_sidebar(&((desk_window *)data)->layout);
}

static void visit(desk_window *w, int step)
{
    const desk_visit *there = desk_history_go(w->history, step);
    if (!there)
        return;
    desk_window_type(w, there->typed);
    g_ptr_array_unref(w->filters);
    w->filters = desk_filters_copy(there->filters);
    desk_window_filtered(w);
}

static void act_back(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    visit(data, -1);
}

static void act_forward(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    visit(data, 1);
}

static gboolean holds_focus(const desk_window *w, GtkWidget *widget)
{
    GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(w->layout.window));
    return focus && (focus == widget || gtk_widget_is_ancestor(focus, widget));
}

static void focus_list(desk_window *w)
{
    int at = desk_list_selected(w->list);
    const desk_hit *hit = desk_list_hit(w->list, at < 0 ? 0 : (guint)at);
    if (!hit)
        return;
    desk_list_select(w->list, at < 0 ? 0 : (guint)at, TRUE);
    desk_window_show_article(w, hit->id);
    desk_trace("focus list");
}

/* Escape: from the article to the list, from there to the query, there it clears first the text, then the filters. */
static void act_leave(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    gboolean was_reading = w->layout.reading;
    desk_layout_read(&w->layout, FALSE);
    if (was_reading || holds_focus(w, w->layout.reader_pane)) {
        focus_list(w);
    } else if (!holds_focus(w, w->layout.entry)) {
        gtk_widget_grab_focus(w->layout.entry);
        desk_trace("focus entry");
    } else if (*desk_window_typed(w)) {
        gtk_editable_set_text(GTK_EDITABLE(w->layout.entry), "");
    } else if (w->filters->len) {
        g_ptr_array_set_size(w->filters, 0);
        desk_window_filtered(w);
    }
}

/* F6 goes round: query, sidebar, timeline, list, article. */
static void act_next_pane(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    gboolean done = FALSE;
    if (holds_focus(w, w->layout.entry) && gtk_widget_get_visible(w->layout.sidebar))
        done = desk_facets_focus(w->facets);
    else if (holds_focus(w, w->layout.sidebar) || holds_focus(w, w->layout.entry))
        done = gtk_widget_grab_focus(desk_timeline_widget(w->timeline));
    else if (holds_focus(w, desk_timeline_widget(w->timeline)) && desk_list_size(w->list)) {
        focus_list(w);
        done = TRUE;
    } else if (holds_focus(w, w->layout.list_pane)) {
        desk_window_read(w);
        done = TRUE;
    }
    if (!done)
        gtk_widget_grab_focus(w->layout.entry);
}

static void act_shortcuts(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    GtkBuilder *builder = gtk_builder_new_from_resource("/org/morgue/desktop/shortcuts.ui");
    GtkWindow *window = GTK_WINDOW(gtk_builder_get_object(builder, "shortcuts"));
    gtk_window_set_transient_for(window, GTK_WINDOW(w->layout.window));
    gtk_window_present(window);
    g_object_unref(builder);
    desk_trace("shortcuts");
}

static void act_style(GSimpleAction *action, GVariant *value, void *data)
{
    desk_window *w = data;
    const char *style = g_variant_get_string(value, NULL);
    g_simple_action_set_state(action, value);
    desk_theme_set(w->theme, g_str_equal(style, "dark") ? DESK_STYLE_DARK :
                             g_str_equal(style, "light") ? DESK_STYLE_LIGHT : DESK_STYLE_SYSTEM);
}

static void act_accessible(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_trace_accessible(((desk_window *)data)->layout.window);
}

static void add_entries(desk_window *w, GtkApplication *app)
{
    static const GActionEntry entries[] = {
        { "index", act_index, NULL, NULL, NULL, { 0 } },
        { "open", act_open, NULL, NULL, NULL, { 0 } },
        { "cancel", act_cancel, NULL, NULL, NULL, { 0 } },
        { "find", act_find, NULL, NULL, NULL, { 0 } },
        { "sidebar", act_sidebar, NULL, NULL, NULL, { 0 } },
        { "back", act_back, NULL, NULL, NULL, { 0 } },
        { "forward", act_forward, NULL, NULL, NULL, { 0 } },
        { "leave", act_leave, NULL, NULL, NULL, { 0 } },
        { "next-pane", act_next_pane, NULL, NULL, NULL, { 0 } },
        { "shortcuts", act_shortcuts, NULL, NULL, NULL, { 0 } },
        { "style", act_style, "s", "'system'", NULL, { 0 } },
        { "accessible", act_accessible, NULL, NULL, NULL, { 0 } },
    };
    static const char *const keys[][4] = {
        { "win.find", "<Control>f", "<Control>l", NULL }, { "win.index", "<Control>i", NULL },
        { "win.open", "<Control>o", NULL },               { "win.back", "<Alt>Left", NULL },
        { "win.forward", "<Alt>Right", NULL },            { "win.next-pane", "F6", NULL },
        { "win.sidebar", "F9", NULL },                    { "win.shortcuts", "F1", "<Control>comma", NULL },
        { "win.cancel", "<Control>period", NULL },
        { "win.accessible", "<Control><Shift>a", NULL },
        { "win.style::dark", "<Control><Shift>d", NULL }, { "win.style::light", "<Control><Shift>l", NULL },
    };
    g_action_map_add_action_entries(G_ACTION_MAP(w->layout.window), entries, G_N_ELEMENTS(entries), w);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        gtk_application_set_accels_for_action(app, keys[i][0], &keys[i][1]);
}

/* ---- Keys and other events ---- */

static gboolean on_entry_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk_window *w)
{
    (void)keys, (void)code;
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK))
        return FALSE;
    if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
        focus_list(w);
    else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
        desk_window_read(w);
    else
        return FALSE;
    return TRUE;
}

static gboolean on_window_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk_window *w)
{
    (void)keys, (void)code;
    if (key != GDK_KEY_Escape || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
        return FALSE;
    act_leave(NULL, NULL, w);
    return TRUE;
}

/* The entry has Escape before the window, also when the list hands it a key. */
static void on_stop(GtkSearchEntry *entry, desk_window *w)
{
    (void)entry;
    act_leave(NULL, NULL, w);
}

static void on_order(GtkDropDown *sort, GParamSpec *spec, desk_window *w)
{
    (void)sort, (void)spec;
    desk_window_ask(w);
}

static GtkEventController *watch_keys(GtkWidget *widget, GtkPropagationPhase phase, GCallback pressed, desk_window *w)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, phase);
    g_signal_connect(keys, "key-pressed", pressed, w);
    gtk_widget_add_controller(widget, keys);
    return keys;
}

static void connect_events(desk_window *w)
{
    GtkSearchEntry *entry = GTK_SEARCH_ENTRY(w->layout.entry);
    g_signal_connect(entry, "stop-search", G_CALLBACK(on_stop), w);
    g_signal_connect(w->layout.sort, "notify::selected", G_CALLBACK(on_order), w);
    watch_keys(w->layout.entry, GTK_PHASE_CAPTURE, G_CALLBACK(on_entry_key), w);
    watch_keys(w->layout.window, GTK_PHASE_BUBBLE, G_CALLBACK(on_window_key), w);
    gtk_search_entry_set_key_capture_widget(entry, w->layout.list_pane);
}

void desk_actions_add(desk_window *w, GtkApplication *app)
{
    add_entries(w, app);
    connect_events(w);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* ---- Folders ---- */

static void on_folder(GtkNativeDialog *dialog, int response, desk *w)
{
    void (*chosen)(desk *, const char *) =
        g_object_get_data(G_OBJECT(dialog), "open") ? desk_open_archive : desk_index_folder;
    g_autoptr(GFile) file = NULL;
    g_autofree char *path = NULL;
    if (response == GTK_RESPONSE_ACCEPT)
        file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    if (file)
        path = g_file_get_path(file);
    if (path)
        chosen(w, path);
    g_clear_object(&w->chooser);
}

static void choose_folder(desk *w, const char *title, const char *button, gboolean open)
{
    if (w->chooser || w->ingest)
        return;
    w->chooser = gtk_file_chooser_native_new(title, GTK_WINDOW(w->window), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                             button, "Cancel");
    g_object_set_data(G_OBJECT(w->chooser), "open", GINT_TO_POINTER(open));
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(w->chooser), TRUE);
    g_signal_connect(w->chooser, "response", G_CALLBACK(on_folder), w);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(w->chooser));
    desk_trace("choosing");
}

/* ---- Where the keys go ---- */

static gboolean holds_focus(const desk *w, GtkWidget *widget)
{
    GtkWidget *focus = gtk_root_get_focus(GTK_ROOT(w->window));
    return focus && (focus == widget || gtk_widget_is_ancestor(focus, widget));
}

static void focus_entry(desk *w)
{
    gtk_widget_grab_focus(w->entry);
    desk_trace("focus entry");
}

static gboolean focus_list(desk *w)
{
    guint at = (guint)MAX(desk_list_selected(w->list), 0);
    if (!desk_list_size(w->list))
        return FALSE;
    desk_show_article(w, at);
    desk_list_select(w->list, at, TRUE);
    desk_trace("focus list");
    return TRUE;
}

/* Escape: from the article to the list, from there to the query, there it clears first the text, then the filters. */
static void leave(desk *w)
{
    gboolean was_reading = w->reading;
    desk_layout_read(w, FALSE);
    if (was_reading || holds_focus(w, w->reader_pane))
        focus_list(w);
    else if (!holds_focus(w, w->entry))
        focus_entry(w);
    else if (*gtk_editable_get_text(GTK_EDITABLE(w->entry)))
        gtk_editable_set_text(GTK_EDITABLE(w->entry), "");
    else if (*w->filters)
        desk_widen(w, -1);
}

/* F6 goes round: query, sidebar, timeline, list, article. */
static void next_pane(desk *w)
{
    gboolean in_entry = holds_focus(w, w->entry), done = FALSE;
    if (in_entry && gtk_widget_get_visible(w->sidebar))
        done = desk_facets_focus(w->facets);
    else if (in_entry || holds_focus(w, w->sidebar))
        done = gtk_widget_grab_focus(desk_timeline_widget(w->timeline));
    else if (holds_focus(w, desk_timeline_widget(w->timeline)))
        done = focus_list(w);
    else if (holds_focus(w, w->list_pane)) {
        desk_read(w);
        done = TRUE;
    }
    if (!done)
        focus_entry(w);
}

static void show_shortcuts(desk *w)
{
    g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource("/org/morgue/desktop/shortcuts.ui");
    GtkWindow *window = GTK_WINDOW(gtk_builder_get_object(builder, "shortcuts"));
    gtk_window_set_transient_for(window, GTK_WINDOW(w->window));
    gtk_window_present(window);
    desk_trace("shortcuts");
}

/* ---- Actions ---- */

static void act(GSimpleAction *action, GVariant *value, void *data)
{
    (void)value;
    desk *w = data;
    const char *name = g_action_get_name(G_ACTION(action));
    if (g_str_equal(name, "index"))
        choose_folder(w, "Index a Folder", "Index", FALSE);
    else if (g_str_equal(name, "open"))
        choose_folder(w, "Open an Archive", "Open", TRUE);
    else if (g_str_equal(name, "cancel") && w->ingest)
        desk_ingest_cancel(w->ingest);
    else if (g_str_equal(name, "find")) {
        desk_layout_read(w, FALSE);
        gtk_widget_grab_focus(w->entry);
        gtk_editable_select_region(GTK_EDITABLE(w->entry), 0, -1);
    } else if (g_str_equal(name, "sidebar"))
        desk_layout_toggle_sidebar(w);
    else if (g_str_equal(name, "back"))
        desk_visit_again(w, -1);
    else if (g_str_equal(name, "forward"))
        desk_visit_again(w, 1);
    else if (g_str_equal(name, "leave"))
        leave(w);
    else if (g_str_equal(name, "next-pane"))
        next_pane(w);
    else if (g_str_equal(name, "shortcuts"))
        show_shortcuts(w);
    else if (g_str_equal(name, "accessible"))
        desk_trace_accessible(w->window);
}

static void act_style(GSimpleAction *action, GVariant *value, void *data)
{
    g_simple_action_set_state(action, value);
    desk_theme_set(((desk *)data)->theme, g_variant_get_string(value, NULL));
}

static void add_actions(desk *w, GtkApplication *app)
{
    static const char *const plain[][3] = {
        { "index", "<Control>i" },
        { "open", "<Control>o" },
        { "cancel", "<Control>period" },
        { "find", "<Control>f", "<Control>l" },
        { "sidebar", "F9" },
        { "back", "<Alt>Left" },
        { "forward", "<Alt>Right" },
        { "leave" },
        { "next-pane", "F6" },
        { "shortcuts", "F1", "<Control>comma" },
        { "accessible", "<Control><Shift>a" },
    };
    static const GActionEntry style = { "style", act_style, "s", "'system'", NULL, { 0 } };
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++) {
        GActionEntry entry = { plain[i][0], act, NULL, NULL, NULL, { 0 } };
        g_autofree char *name = g_strconcat("win.", plain[i][0], NULL);
        g_action_map_add_action_entries(G_ACTION_MAP(w->window), &entry, 1, w);
        gtk_application_set_accels_for_action(app, name, (const char *[]){ plain[i][1], plain[i][2], NULL });
    }
    g_action_map_add_action_entries(G_ACTION_MAP(w->window), &style, 1, w);
    gtk_application_set_accels_for_action(app, "win.style::dark", (const char *[]){ "<Control><Shift>d", NULL });
    gtk_application_set_accels_for_action(app, "win.style::light", (const char *[]){ "<Control><Shift>l", NULL });
}

/* ---- Keys and other events ---- */

static gboolean on_entry_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk *w)
{
    (void)keys, (void)code;
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK))
        return FALSE;
    if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
        focus_list(w);
    else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
        desk_read(w);
    else
        return FALSE;
    return TRUE;
}

static gboolean on_window_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk *w)
{
    (void)keys, (void)code;
    if (key != GDK_KEY_Escape || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
        return FALSE;
    leave(w);
    return TRUE;
}

static gboolean on_list_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk *w)
{
    (void)keys, (void)code, (void)state;
    int at = desk_list_selected(w->list);
    if (key == GDK_KEY_Up && at <= 0)
        focus_entry(w);
    else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
        desk_read(w); /* the query would take it, as it takes the letters that are typed here */
    else {
        if (key == GDK_KEY_Down && at + 1 == (int)desk_list_size(w->list))
            desk_ask_more(w);
        return FALSE;
    }
    return TRUE;
}

/* The entry has Escape before the window, also when the list hands it a key. */
static void on_stop(GtkSearchEntry *entry, desk *w)
{
    (void)entry;
    leave(w);
}

static void on_order(GtkDropDown *sort, GParamSpec *spec, desk *w)
{
    (void)sort, (void)spec;
    desk_ask(w);
}

static void watch_keys(GtkWidget *widget, GtkPropagationPhase phase, GCallback pressed, desk *w)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, phase);
    g_signal_connect(keys, "key-pressed", pressed, w);
    gtk_widget_add_controller(widget, keys);
}

void desk_actions_add(desk *w, GtkApplication *app)
{
    add_actions(w, app);
    g_signal_connect(w->entry, "stop-search", G_CALLBACK(on_stop), w);
    g_signal_connect(w->sort, "notify::selected", G_CALLBACK(on_order), w);
    watch_keys(w->entry, GTK_PHASE_CAPTURE, G_CALLBACK(on_entry_key), w);
    watch_keys(w->list_pane, GTK_PHASE_CAPTURE, G_CALLBACK(on_list_key), w);
    watch_keys(w->window, GTK_PHASE_BUBBLE, G_CALLBACK(on_window_key), w);
    gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(w->entry), w->list_pane);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "window.h"
#include "card.h"
#include "chips.h"
#include "engine.h"
#include "history.h"
#include "ingest.h"
#include "layout.h"
#include "list.h"
#include "measure.h"
#include "reader.h"
#include "status.h"
#include "text.h"
#include "theme.h"
#include "timeline.h"
#include "trace.h"

/* An answer that comes this soon is painted in the frame of the key; waiting longer would hold up the typing. */
#define WAIT_MS 7
/* Who has not typed for so long wants to read. */
#define SETTLED_MS 350

struct desk_window {
    desk_layout layout;
    desk_list *list;
    desk_reader *reader;
    desk_facets *facets;
    desk_timeline *timeline;
    desk_status *status;
    desk_card *card;
    desk_theme *theme;
    desk_history *history;
    desk_measure *measure; /* NULL: nothing is measured */
    char *archive;
    desk_engine *engine;     /* NULL: there is no archive yet */
    desk_engine *about_name; /* asked about the name of the card */
    desk_ingest *ingest;     /* NULL: nothing is being indexed */
    GtkFileChooserNative *chooser;
    void (*chosen)(desk_window *w, const char *folder); /* what the chooser is for */
    GPtrArray *filters;
    char *query; /* the one asked last, NULL before the first */
    gboolean more_asked, silent;
    guint settle_source;
};

/* ---- Asking ---- */

static const char *typed(const desk_window *w)
{
    return gtk_editable_get_text(GTK_EDITABLE(w->layout.entry));
}

static const char *date_filter(const desk_window *w)
{
    for (guint i = 0; i < w->filters->len; i++) {
        const desk_filter *f = w->filters->pdata[i];
        if (g_str_equal(f->field, "date"))
            return f->value;
    }
    return NULL;
}

/* With nothing typed there is no best match, and the newest are what is worth a look. */
static morgue_sort order(const desk_window *w)
{
    static const morgue_sort orders[] = { MORGUE_SORT_RELEVANCE, MORGUE_SORT_NEWEST, MORGUE_SORT_OLDEST };
    guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(w->layout.sort));
    return chosen == 0 && !*typed(w) ? MORGUE_SORT_NEWEST : orders[MIN(chosen, 2)];
}

static void put_question(desk_window *w, guint offset)
{
    desk_question question = { w->query, order(w), offset, !offset, desk_timeline_wants_days(w->timeline) };
    desk_engine_ask(w->engine, &question);
}

static gboolean on_settled(void *data);

static void settle_later(desk_window *w)
{
    if (w->settle_source)
        g_source_remove(w->settle_source);
    w->settle_source = g_timeout_add(SETTLED_MS, on_settled, w);
}

static void ask(desk_window *w)
{
    if (!w->engine)
        return;
    g_free(w->query);
    w->query = desk_query_compose(typed(w), w->filters);
    w->more_asked = FALSE;
    put_question(w, 0);
    desk_engine_wait(w->engine, WAIT_MS);
    settle_later(w);
}

static void on_typed(GtkEditable *entry, desk_window *w)
{
    (void)entry;
    if (w->silent)
        return;
    if (w->measure)
        desk_measure_key(w->measure);
    ask(w);
}

/* ---- Filters ---- */

static void filters_changed(desk_window *w);

static void on_chip_removed(void *ctx, guint index)
{
    desk_window *w = ctx;
    g_ptr_array_remove_index(w->filters, index);
    filters_changed(w);
    gtk_widget_grab_focus(w->layout.entry);
}

static void filters_changed(desk_window *w)
{
    desk_chips_show(GTK_BOX(w->layout.chips), w->filters, on_chip_removed, w);
    desk_timeline_cover(w->timeline, date_filter(w));
    desk_trace("filters %u", w->filters->len);
    ask(w);
}

static void on_narrow(void *ctx, const char *field, const char *value)
{
    desk_window *w = ctx;
    if (desk_filters_add(w->filters, field, value))
        filters_changed(w);
}

static void on_range(void *ctx, const char *range)
{
    on_narrow(ctx, "date", range);
}

static void set_typed(desk_window *w, const char *text)
{
    w->silent = TRUE;
    gtk_editable_set_text(GTK_EDITABLE(w->layout.entry), text);
    gtk_editable_set_position(GTK_EDITABLE(w->layout.entry), -1);
    w->silent = FALSE;
}

static void on_search_name(void *ctx, const char *field, const char *value)
{
    desk_window *w = ctx;
    set_typed(w, "");
    g_ptr_array_set_size(w->filters, 0);
    desk_filters_add(w->filters, field, value);
    filters_changed(w);
}

/* ---- Answers ---- */

static void show_count(desk_window *w, guint64 at_least, guint64 at_most)
{
    char *text;
    if (!at_most)
        text = g_strdup("Nothing found");
    else
        text = g_strdup_printf("%s%s article%s", desk_number(at_least), at_least == at_most ? "" : "+",
                               at_least == 1 ? "" : "s");
    gtk_label_set_text(GTK_LABEL(w->layout.count), text);
    g_free(text);
}

static void on_page(void *ctx, const desk_page *page)
{
    desk_window *w = ctx;
    if (page->error) {
        desk_label_set(GTK_LABEL(w->layout.count), page->error);
        gtk_widget_add_css_class(w->layout.count, "error");
        g_ptr_array_unref(page->hits);
    } else if (page->offset) {
        w->more_asked = page->hits->len == 0;
        desk_list_append(w->list, page->hits);
    } else {
        gtk_widget_remove_css_class(w->layout.count, "error");
        show_count(w, page->at_least, page->at_most);
        desk_list_show(w->list, page->hits);
    }
    if (w->measure && !page->offset)
        desk_measure_page(w->measure);
    const desk_hit *first = desk_list_hit(w->list, 0);
    desk_trace("page query=[%s] shown=%u first=[%s] %s", w->query, desk_list_size(w->list), first ? first->id : "",
               page->error ? page->error : "");
}

static void trace_overview(const desk_overview *o)
{
    GString *line = g_string_new(NULL);
    for (int i = 0; i < DESK_SECTIONS; i++) {
        const desk_value *value = o->sections[i]->len ? o->sections[i]->pdata[0] : NULL;
        g_string_append_printf(line, " [%s]", value ? value->value : "");
    }
    desk_trace("overview count=%" G_GUINT64_FORMAT " dates=%u%s", o->count, o->dates->len, line->str);
    g_string_free(line, TRUE);
}

static void on_overview(void *ctx, const desk_overview *overview)
{
    desk_window *w = ctx;
    show_count(w, overview->count, overview->count);
    trace_overview(overview);
    for (int i = 0; i < DESK_SECTIONS; i++)
        desk_facets_show(w->facets, i, overview->sections[i]);
    desk_timeline_show(w->timeline, overview->dates);
}

static void show_article(desk_window *w, const char *id)
{
    morgue_error err = { 0 };
    desk_article *article = desk_engine_article(w->engine, id, w->query, &err);
    if (!article) {
        desk_status_message(w->status, err.message, TRUE);
        return;
    }
    desk_reader_show(w->reader, article);
    gtk_stack_set_visible_child_name(GTK_STACK(w->layout.reader_stack), "article");
    desk_trace("article id=[%s] matches=%u names=%u", id, article->text_marks->len, article->entities->len);
}

static void on_selected(void *ctx, const char *id)
{
    show_article(ctx, id);
}

static void read_selected(void *ctx)
{
    desk_window *w = ctx;
    int at = desk_list_selected(w->list);
    const desk_hit *hit = desk_list_hit(w->list, at < 0 ? 0 : (guint)at);
    if (!hit)
        return;
    const desk_article *shown = desk_reader_article(w->reader);
    if (at < 0 || !shown || !g_str_equal(shown->id, hit->id)) {
        desk_list_select(w->list, at < 0 ? 0 : (guint)at, FALSE);
        show_article(w, hit->id);
    }
    desk_layout_read(&w->layout, TRUE);
    gtk_widget_grab_focus(desk_reader_text(w->reader));
    desk_trace("focus reader");
}

static void on_more(void *ctx)
{
    desk_window *w = ctx;
    if (!w->engine || w->more_asked || !desk_list_size(w->list))
        return;
    w->more_asked = TRUE;
    put_question(w, desk_list_size(w->list));
}

/* What was typed is noted, and the first article is shown beside the list. */
static gboolean on_settled(void *data)
{
    desk_window *w = data;
    const desk_hit *first = desk_list_hit(w->list, 0);
    w->settle_source = 0;
    desk_history_add(w->history, typed(w), w->filters);
    if (first && desk_list_selected(w->list) < 0) {
        desk_list_select(w->list, 0, FALSE);
        show_article(w, first->id);
    }
    desk_trace("settled");
    desk_trace_place("timeline", desk_timeline_widget(w->timeline));
    desk_trace_place("chips", w->layout.chips);
    return G_SOURCE_REMOVE;
}

/* ---- Names ---- */

static void on_named(void *ctx, const desk_entity *entity, const GdkRectangle *where)
{
    desk_window *w = ctx;
    char *query = desk_query_field(entity->type, entity->name);
    desk_question question = { query, MORGUE_SORT_RELEVANCE, 0, TRUE, FALSE };
    desk_card_show(w->card, entity, where);
    desk_engine_ask(w->about_name, &question);
    desk_trace("card [%s]", entity->name);
    g_free(query);
}

static void on_card_closed(void *ctx)
{
    gtk_widget_grab_focus(desk_reader_text(((desk_window *)ctx)->reader));
    desk_trace("card closed");
}

static void on_name_page(void *ctx, const desk_page *page)
{
    (void)ctx;
    g_ptr_array_unref(page->hits);
}

static void on_name_overview(void *ctx, const desk_overview *overview)
{
    desk_window *w = ctx;
    desk_card_tell(w->card, overview->count, overview->sections[DESK_RELATED]);
    desk_trace("related %u", overview->sections[DESK_RELATED]->len);
    for (int i = 0; i < DESK_SECTIONS; i++)
        g_ptr_array_unref(overview->sections[i]);
    g_ptr_array_unref(overview->dates);
}

/* ---- The archive ---- */

static void show_archive(desk_window *w)
{
    char *hint = w->engine ? g_strdup_printf("Search %s articles", desk_number(desk_engine_article_count(w->engine))) :
                             g_strdup("Search");
    g_object_set(w->layout.entry, "placeholder-text", hint, NULL);
    gtk_stack_set_visible_child_name(GTK_STACK(w->layout.stack), w->engine ? "search" : "welcome");
    g_free(hint);
}

static void open_archive(desk_window *w)
{
    morgue_error err = { 0 };
    desk_engine_events events = { on_page, on_overview, w };
    desk_engine_events about_name = { on_name_page, on_name_overview, w };
    g_clear_pointer(&w->engine, desk_engine_close);
    g_clear_pointer(&w->about_name, desk_engine_close);
    w->engine = desk_engine_open(w->archive, &events, &err);
    if (w->engine)
        w->about_name = desk_engine_open(w->archive, &about_name, &err);
    if (!w->about_name)
        g_clear_pointer(&w->engine, desk_engine_close);
    if (!w->engine && err.status != MORGUE_ERR_NOT_FOUND)
        desk_status_message(w->status, err.message, TRUE);
    show_archive(w);
    desk_trace("archive articles=%" G_GUINT64_FORMAT, w->engine ? desk_engine_article_count(w->engine) : 0);
    ask(w);
}

static void on_ingest_progress(void *ctx, guint64 article_count, guint64 skipped_count)
{
    desk_window *w = ctx;
    char *text = skipped_count ? g_strdup_printf("Indexing: %s articles, %s could not be read",
                                                 desk_number(article_count), desk_number(skipped_count)) :
                                 g_strdup_printf("Indexing: %s articles", desk_number(article_count));
    desk_status_busy(w->status, text);
    g_free(text);
}

static void on_ingest_done(void *ctx, const char *text, gboolean failed)
{
    desk_window *w = ctx;
    desk_status_message(w->status, text, failed);
    desk_trace("indexed [%s]", text);
    g_clear_pointer(&w->ingest, desk_ingest_free);
    if (!w->engine) {
        open_archive(w);
        return;
    }
    desk_engine_refresh(w->engine);
    desk_engine_refresh(w->about_name);
    show_archive(w);
    ask(w);
}

static void on_cancel(void *ctx)
{
    desk_window *w = ctx;
    if (w->ingest)
        desk_ingest_cancel(w->ingest);
}

static void index_folder(desk_window *w, const char *folder)
{
    desk_ingest_events events = { on_ingest_progress, on_ingest_done, w };
    desk_status_busy(w->status, "Indexing…");
    w->ingest = desk_ingest_start(w->archive, folder, &events);
    desk_trace("indexing");
}

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

static void take_archive(desk_window *w, const char *folder)
{
    g_free(w->archive);
    w->archive = g_strdup(folder);
    open_archive(w);
}

/* ---- Actions ---- */

static void act_index(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    if (!w->ingest)
        choose_folder(w, "Index a Folder", "Index", index_folder);
}

static void act_open(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    desk_window *w = data;
    if (!w->ingest)
        choose_folder(w, "Open an Archive", "Open", take_archive);
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
    set_typed(w, there->typed);
    g_ptr_array_unref(w->filters);
    w->filters = desk_filters_copy(there->filters);
    filters_changed(w);
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
    show_article(w, hit->id);
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
    } else if (*typed(w)) {
        gtk_editable_set_text(GTK_EDITABLE(w->layout.entry), "");
    } else if (w->filters->len) {
        g_ptr_array_set_size(w->filters, 0);
        filters_changed(w);
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
        read_selected(w);
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

static void add_actions(desk_window *w, GtkApplication *app)
{
    static const GActionEntry entries[] = {
        { "index", act_index, NULL, NULL, NULL, { 0 } },
        { "open", act_open, NULL, NULL, NULL, { 0 } },
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
        read_selected(w);
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

static void on_list_left(void *ctx)
{
    desk_window *w = ctx;
    gtk_widget_grab_focus(w->layout.entry);
    desk_trace("focus entry");
}

static void on_order(GtkDropDown *sort, GParamSpec *spec, desk_window *w)
{
    (void)sort, (void)spec;
    ask(w);
}

static void on_style(void *ctx, gboolean dark)
{
    desk_window *w = ctx;
    desk_reader_set_dark(w->reader, dark);
    gtk_widget_queue_draw(desk_timeline_widget(w->timeline));
    desk_trace("style %s", dark ? "dark" : "light");
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
    g_signal_connect(entry, "changed", G_CALLBACK(on_typed), w);
    g_signal_connect(entry, "stop-search", G_CALLBACK(on_stop), w);
    g_signal_connect(w->layout.sort, "notify::selected", G_CALLBACK(on_order), w);
    watch_keys(w->layout.entry, GTK_PHASE_CAPTURE, G_CALLBACK(on_entry_key), w);
    watch_keys(w->layout.window, GTK_PHASE_BUBBLE, G_CALLBACK(on_window_key), w);
    gtk_search_entry_set_key_capture_widget(entry, w->layout.list_pane);
}

/* ---- Beginning and end ---- */

static void window_free(desk_window *w)
{
    if (w->settle_source)
        g_source_remove(w->settle_source);
    desk_ingest_free(w->ingest);
    desk_engine_close(w->engine);
    desk_engine_close(w->about_name);
    desk_theme_free(w->theme);
    desk_list_free(w->list);
    desk_reader_free(w->reader);
    desk_facets_free(w->facets);
    desk_timeline_free(w->timeline);
    desk_status_free(w->status);
    desk_layout_dispose(&w->layout);
    desk_history_free(w->history);
    g_ptr_array_unref(w->filters);
    g_clear_object(&w->chooser);
    g_free(w->archive);
    g_free(w->query);
    g_free(w);
}

static gboolean on_close(GtkWindow *window, desk_window *w)
{
    if (w->measure)
        desk_measure_end(w->measure);
    desk_card_free(w->card);
    g_object_ref(window);
    gtk_window_destroy(window);
    window_free(w);
    g_object_unref(window);
    return TRUE;
}

static void make_parts(desk_window *w, GtkApplication *app)
{
    desk_list_events list = { on_selected, read_selected, on_more, on_list_left, w };
    desk_card_events card = { on_narrow, on_search_name, on_card_closed, w };
    w->list = desk_list_new(&list);
    w->reader = desk_reader_new(on_named, w);
    w->facets = desk_facets_new(on_narrow, w);
    w->timeline = desk_timeline_new(on_range, w);
    w->status = desk_status_new(on_cancel, w);
    desk_parts parts = { desk_list_widget(w->list), desk_reader_widget(w->reader), desk_facets_widget(w->facets),
                         desk_timeline_widget(w->timeline), desk_status_widget(w->status) };
    desk_layout_init(&w->layout, app, &parts);
    w->card = desk_card_new(w->layout.reader_pane, &card);
}

desk_window *desk_window_new(GtkApplication *app, const desk_window_options *options)
{
    desk_window *w = g_new0(desk_window, 1);
    w->filters = desk_filters_new();
    w->history = desk_history_new();
    w->archive = options->archive ? g_strdup(options->archive) : g_build_filename(g_get_user_data_dir(), "morgue", NULL);
    make_parts(w, app);
    add_actions(w, app);
    connect_events(w);
    w->measure = options->measure ? desk_measure_new(w->layout.window) : NULL;
    w->theme = desk_theme_new(on_style, w);
    g_signal_connect(w->layout.window, "close-request", G_CALLBACK(on_close), w);
    open_archive(w);
    gtk_window_present(GTK_WINDOW(w->layout.window));
    gtk_widget_grab_focus(w->layout.entry);
    return w;
}

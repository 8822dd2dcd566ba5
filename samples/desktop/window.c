/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "window_state.h"
#include "chips.h"
#include "text.h"
#include "trace.h"

/* An answer that comes this soon is painted in the frame of the key; waiting longer would hold up the typing. */
#define WAIT_MS 12
/* Who has not typed for so long wants to read. */
#define SETTLED_MS 350

/* ---- Asking ---- */

const char *desk_window_typed(const desk_window *w)
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
    return chosen == 0 && !*desk_window_typed(w) ? MORGUE_SORT_NEWEST : orders[MIN(chosen, 2)];
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

void desk_window_ask(desk_window *w)
{
    if (!w->engine)
        return;
    g_free(w->query);
    w->query = desk_query_compose(desk_window_typed(w), w->filters);
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
    desk_window_ask(w);
}

/* ---- Filters ---- */

static void on_chip_removed(void *ctx, guint index)
{
    desk_window *w = ctx;
    g_ptr_array_remove_index(w->filters, index);
    desk_window_filtered(w);
    gtk_widget_grab_focus(w->layout.entry);
}

void desk_window_filtered(desk_window *w)
{
    desk_chips_show(GTK_BOX(w->layout.chips), w->filters, on_chip_removed, w);
    desk_timeline_cover(w->timeline, date_filter(w));
    desk_trace("filters %u", w->filters->len);
    desk_window_ask(w);
}

static void on_narrow(void *ctx, const char *field, const char *value)
{
    desk_window *w = ctx;
    if (desk_filters_add(w->filters, field, value))
        desk_window_filtered(w);
}

static void on_range(void *ctx, const char *range)
{
    on_narrow(ctx, "date", range);
}

void desk_window_type(desk_window *w, const char *text)
{
    w->silent = TRUE;
    gtk_editable_set_text(GTK_EDITABLE(w->layout.entry), text);
    gtk_editable_set_position(GTK_EDITABLE(w->layout.entry), -1);
    w->silent = FALSE;
}

static void on_search_name(void *ctx, const char *field, const char *value)
{
    desk_window *w = ctx;
    desk_window_type(w, "");
    g_ptr_array_set_size(w->filters, 0);
    desk_filters_add(w->filters, field, value);
    desk_window_filtered(w);
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
        desk_list_show(w->list, page->hits, page->size);
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

void desk_window_show_article(desk_window *w, const char *id)
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
    desk_window_show_article(ctx, id);
}

void desk_window_read(void *ctx)
{
    desk_window *w = ctx;
    int at = desk_list_selected(w->list);
    const desk_hit *hit = desk_list_hit(w->list, at < 0 ? 0 : (guint)at);
    if (!hit)
        return;
    const desk_article *shown = desk_reader_article(w->reader);
    if (at < 0 || !shown || !g_str_equal(shown->id, hit->id)) {
        desk_list_select(w->list, at < 0 ? 0 : (guint)at, FALSE);
        desk_window_show_article(w, hit->id);
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
    desk_history_add(w->history, desk_window_typed(w), w->filters);
    if (first && desk_list_selected(w->list) < 0) {
        desk_list_select(w->list, 0, FALSE);
        desk_window_show_article(w, first->id);
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
    desk_window_ask(w);
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
    desk_window_ask(w);
}

void desk_window_index(desk_window *w, const char *folder)
{
    desk_ingest_events events = { on_ingest_progress, on_ingest_done, w };
    desk_status_busy(w->status, "Indexing…");
    w->ingest = desk_ingest_start(w->archive, folder, &events);
    desk_trace("indexing");
}

void desk_window_open(desk_window *w, const char *archive)
{
    g_free(w->archive);
    w->archive = g_strdup(archive);
    open_archive(w);
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

static void on_list_left(void *ctx)
{
    desk_window *w = ctx;
    gtk_widget_grab_focus(w->layout.entry);
    desk_trace("focus entry");
}

static void on_style(void *ctx, gboolean dark)
{
    desk_window *w = ctx;
    desk_reader_set_dark(w->reader, dark);
    gtk_widget_queue_draw(desk_timeline_widget(w->timeline));
    desk_trace("style %s", dark ? "dark" : "light");
}

static void make_parts(desk_window *w, GtkApplication *app)
{
    desk_list_events list = { on_selected, desk_window_read, on_more, on_list_left, w };
    desk_card_events card = { on_narrow, on_search_name, on_card_closed, w };
    w->list = desk_list_new(&list);
    w->reader = desk_reader_new(on_named, w);
    w->facets = desk_facets_new(on_narrow, w);
    w->timeline = desk_timeline_new(on_range, w);
    w->status = desk_status_new();
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
    w->archive = options->archive ? g_strdup(options->archive) :
                                    g_build_filename(g_get_user_data_dir(), "morgue", NULL);
    make_parts(w, app);
    desk_actions_add(w, app);
    g_signal_connect(w->layout.entry, "changed", G_CALLBACK(on_typed), w);
    /* A blinking cursor keeps the frame clock ticking, and an answer would wait for the next tick. */
    g_object_set(gtk_settings_get_default(), "gtk-cursor-blink", FALSE, NULL);
    w->measure = options->measure ? desk_measure_new(w->layout.window) : NULL;
    w->theme = desk_theme_new(on_style, w);
    g_signal_connect(w->layout.window, "close-request", G_CALLBACK(on_close), w);
    open_archive(w);
    gtk_window_present(GTK_WINDOW(w->layout.window));
    gtk_widget_grab_focus(w->layout.entry);
    return w;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"
#include "engine.h"

/* An answer that comes this soon is painted in the frame of the key; waiting longer would hold up the typing. */
#define WAIT_MS 12
/* Who has not typed for so long wants to read. */
#define SETTLED_MS 350
#define MOST_VISITS 200

#define EVERYTHING "NOT id:\"no such article\""

/* ---- Asking ---- */

/* Without what has a meaning inside quotation marks. */
static char *query_of(const char *field, const char *value)
{
    if (g_str_equal(field, "date"))
        return g_strdup_printf("date:%s", value);
    g_autofree char *plain = g_strdelimit(g_strdup(value), "\"*?~<>", ' ');
    return g_strdup_printf("%s:\"%s\"", field, plain);
}

/* What is typed so far and what it is narrowed to; with nothing of either, everything. */
static char *compose(const char *text, char *const *filters)
{
    gsize size = morgue_query_typed(text, NULL, 0) + 1;
    g_autofree char *begun = g_malloc(size);
    morgue_query_typed(text, begun, size);
    GString *query = g_string_new(NULL);
    if (*begun)
        g_string_append_printf(query, *filters ? "(%s)" : "%s", begun);
    for (; *filters; filters++) {
        const char *value = strchr(*filters, ':') + 1;
        g_autofree char *field = g_strndup(*filters, (gsize)(value - *filters - 1));
        g_autofree char *part = query_of(field, value);
        g_string_append_printf(query, "%s%s", query->len ? " " : "", part);
    }
    if (!query->len)
        g_string_assign(query, EVERYTHING);
    return g_string_free(query, FALSE);
}

static const char *typed(const desk *w)
{
    return gtk_editable_get_text(GTK_EDITABLE(w->entry));
}

/* With nothing typed there is no best match, and the newest are what is worth a look. */
static morgue_sort order(const desk *w)
{
    static const morgue_sort orders[] = { MORGUE_SORT_RELEVANCE, MORGUE_SORT_NEWEST, MORGUE_SORT_OLDEST };
    guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(w->sort));
    return chosen == 0 && !*typed(w) ? MORGUE_SORT_NEWEST : orders[MIN(chosen, 2)];
}

static void put_question(desk *w, guint offset)
{
    desk_question question = { w->query, order(w), offset, !offset, desk_timeline_wants_days(w->timeline) };
    desk_engine_ask(w->engine, &question);
}

static gboolean on_settled(void *data);

void desk_ask(desk *w)
{
    if (!w->engine)
        return;
    g_free(w->query);
    w->query = compose(typed(w), w->filters);
    w->more_asked = FALSE;
    put_question(w, 0);
    desk_engine_wait(w->engine, WAIT_MS);
    g_clear_handle_id(&w->settle_source, g_source_remove);
    w->settle_source = g_timeout_add(SETTLED_MS, on_settled, w);
}

void desk_ask_more(desk *w)
{
    if (!w->engine || w->more_asked || !desk_list_size(w->list))
        return;
    w->more_asked = TRUE;
    put_question(w, desk_list_size(w->list));
}

static void on_typed(GtkEditable *entry, desk *w)
{
    (void)entry;
    if (w->silent)
        return;
    if (w->measure)
        desk_measure_key(w->measure);
    desk_ask(w);
}

/* Takes the place of what is typed and narrowed to, and asks it. */
static void ask_instead(desk *w, const char *text, char *const *filters)
{
    char **copy = g_strdupv((char **)filters);
    const char *range = NULL;
    w->silent = TRUE;
    gtk_editable_set_text(GTK_EDITABLE(w->entry), text);
    gtk_editable_set_position(GTK_EDITABLE(w->entry), -1);
    w->silent = FALSE;
    g_strfreev(w->filters);
    w->filters = copy;
    for (int i = 0; copy[i]; i++)
        if (g_str_has_prefix(copy[i], "date:"))
            range = copy[i] + strlen("date:");
    desk_show_filters(w);
    desk_timeline_cover(w->timeline, range);
    desk_trace("filters %u", g_strv_length(copy));
    desk_ask(w);
}

/* A new date takes the place of the old one. */
void desk_narrow(desk *w, const char *field, const char *value)
{
    g_autoptr(GStrvBuilder) filters = g_strv_builder_new();
    g_autofree char *filter = g_strconcat(field, ":", value, NULL), *text = g_strdup(typed(w));
    if (g_strv_contains((const char *const *)w->filters, filter))
        return;
    for (int i = 0; w->filters[i]; i++)
        if (!g_str_equal(field, "date") || !g_str_has_prefix(w->filters[i], "date:"))
            g_strv_builder_add(filters, w->filters[i]);
    g_strv_builder_add(filters, filter);
    g_auto(GStrv) all = g_strv_builder_end(filters);
    ask_instead(w, text, all);
}

void desk_widen(desk *w, int index)
{
    g_autoptr(GStrvBuilder) filters = g_strv_builder_new();
    g_autofree char *text = g_strdup(typed(w));
    for (int i = 0; index >= 0 && w->filters[i]; i++)
        if (i != index)
            g_strv_builder_add(filters, w->filters[i]);
    g_auto(GStrv) all = g_strv_builder_end(filters);
    ask_instead(w, text, all);
}

void desk_search_name(desk *w, const char *field, const char *value)
{
    g_autofree char *filter = g_strconcat(field, ":", value, NULL);
    ask_instead(w, "", (char *[]){ filter, NULL });
}

/* ---- Searches that were made: what was typed, then the filters ---- */

static void note_visit(desk *w)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_strv_builder_add(builder, typed(w));
    g_strv_builder_addv(builder, (const char **)w->filters);
    g_auto(GStrv) visit = g_strv_builder_end(builder);
    if (w->visit >= 0 && g_strv_equal(w->visits->pdata[w->visit], (const char *const *)visit))
        return;
    g_ptr_array_set_size(w->visits, w->visit + 1); /* what one came back from is forgotten */
    g_ptr_array_add(w->visits, g_steal_pointer(&visit));
    if (w->visits->len > MOST_VISITS)
        g_ptr_array_remove_index(w->visits, 0);
    w->visit = (int)w->visits->len - 1;
}

void desk_visit_again(desk *w, int step)
{
    int to = w->visit + step;
    if (to < 0 || to >= (int)w->visits->len)
        return;
    char **visit = w->visits->pdata[w->visit = to];
    ask_instead(w, visit[0], visit + 1);
}

/* ---- Answers ---- */

static void show_count(desk *w, guint64 at_least, guint64 at_most)
{
    g_autofree char *text = at_most ? g_strdup_printf("%s%s article%s", desk_number(at_least),
                                                      at_least == at_most ? "" : "+", at_least == 1 ? "" : "s") :
                                      g_strdup("Nothing found");
    gtk_label_set_text(GTK_LABEL(w->count), text);
}

static void on_page(void *ctx, const desk_page *page)
{
    desk *w = ctx;
    gtk_widget_set_css_classes(w->count, (const char *[]){ "found", page->error ? "error" : NULL, NULL });
    if (page->error) {
        g_autofree char *line = desk_text_line(page->error, -1);
        gtk_label_set_text(GTK_LABEL(w->count), line);
        g_ptr_array_unref(page->hits);
    } else {
        if (!page->offset)
            show_count(w, page->at_least, page->at_most);
        else
            w->more_asked = page->hits->len == 0;
        desk_list_show(w->list, page->offset, page->hits, page->size);
    }
    if (w->measure && !page->offset)
        desk_measure_page(w->measure);
    const desk_hit *first = desk_list_hit(w->list, 0);
    desk_trace("page query=[%s] shown=%u first=[%s] %s", w->query, desk_list_size(w->list), first ? first->id : "",
               page->error ? page->error : "");
}

static void on_overview(void *ctx, const desk_overview *overview)
{
    desk *w = ctx;
    GString *line = g_string_new(NULL);
    show_count(w, overview->count, overview->count);
    for (int i = 0; i < DESK_SECTIONS; i++) {
        GPtrArray *values = overview->sections[i];
        g_string_append_printf(line, " [%s]", values->len ? ((desk_value *)values->pdata[0])->value : "");
        desk_facets_show(w->facets, i, values);
    }
    desk_trace("overview count=%" G_GUINT64_FORMAT " dates=%u%s", overview->count, overview->dates->len, line->str);
    desk_timeline_show(w->timeline, overview->dates);
    g_string_free(line, TRUE);
}

void desk_show_article(desk *w, guint index)
{
    morgue_error err = { 0 };
    morgue_results *article;
    const desk_hit *hit = desk_list_hit(w->list, index);
    if (!hit)
        return;
    desk_list_select(w->list, index, FALSE);
    if (desk_engine_article(w->engine, hit->id, w->query, &article, &err) != MORGUE_OK ||
        desk_reader_show(w->reader, article, &err) != MORGUE_OK)
        desk_message(w, err.message, TRUE);
    else
        gtk_stack_set_visible_child_name(GTK_STACK(w->reader_stack), "article");
}

void desk_read(desk *w)
{
    guint at = (guint)MAX(desk_list_selected(w->list), 0);
    const desk_hit *hit = desk_list_hit(w->list, at);
    if (!hit)
        return;
    if (!g_str_equal(desk_reader_id(w->reader), hit->id))
        desk_show_article(w, at);
    desk_layout_read(w, TRUE);
    gtk_widget_grab_focus(desk_reader_text(w->reader));
    desk_trace("focus reader");
}

/* What was typed is noted, and the first article is shown beside the list. */
static gboolean on_settled(void *data)
{
    desk *w = data;
    w->settle_source = 0;
    note_visit(w);
    if (desk_list_selected(w->list) < 0)
        desk_show_article(w, 0);
    desk_trace("settled");
    desk_trace_place("timeline", desk_timeline_widget(w->timeline));
    return G_SOURCE_REMOVE;
}

/* ---- Names ---- */

void desk_ask_about(desk *w, const char *field, const char *value)
{
    g_autofree char *query = query_of(field, value);
    desk_question question = { query, MORGUE_SORT_RELEVANCE, 0, TRUE, FALSE };
    desk_engine_ask(w->about_name, &question);
}

static void on_name_page(void *ctx, const desk_page *page)
{
    (void)ctx;
    g_ptr_array_unref(page->hits);
}

static void on_name_overview(void *ctx, const desk_overview *overview)
{
    desk *w = ctx;
    desk_card_tell(w->card, overview->count, overview->sections[DESK_RELATED]);
    desk_trace("related %u", overview->sections[DESK_RELATED]->len);
    for (int i = 0; i < DESK_SECTIONS; i++)
        g_ptr_array_unref(overview->sections[i]);
    g_ptr_array_unref(overview->dates);
}

/* ---- The archive ---- */

static void show_archive(desk *w)
{
    guint64 count = w->engine ? desk_engine_article_count(w->engine) : 0;
    g_autofree char *hint = w->engine ? g_strdup_printf("Search %s articles", desk_number(count)) : g_strdup("Search");
    g_object_set(w->entry, "placeholder-text", hint, NULL);
    gtk_stack_set_visible_child_name(GTK_STACK(w->stack), w->engine ? "search" : "welcome");
    desk_trace("archive articles=%" G_GUINT64_FORMAT, count);
    desk_ask(w);
}

static void open_engines(desk *w)
{
    morgue_error err = { 0 };
    desk_engine_events events = { on_page, on_overview, w };
    desk_engine_events about_name = { on_name_page, on_name_overview, w };
    desk_reader_show(w->reader, NULL, NULL);
    g_clear_pointer(&w->engine, desk_engine_close);
    g_clear_pointer(&w->about_name, desk_engine_close);
    w->engine = desk_engine_open(w->archive, &events, &err);
    if (w->engine)
        w->about_name = desk_engine_open(w->archive, &about_name, &err);
    if (!w->about_name)
        g_clear_pointer(&w->engine, desk_engine_close);
    if (!w->engine && err.status != MORGUE_ERR_NOT_FOUND)
        desk_message(w, err.message, TRUE);
    show_archive(w);
}

void desk_open_archive(desk *w, const char *path)
{
    g_free(w->archive);
    w->archive = g_strdup(path);
    open_engines(w);
}

void desk_index_folder(desk *w, const char *path)
{
    desk_busy(w, "Indexing…");
    w->ingest = desk_ingest_start(w, w->archive, path);
    desk_trace("indexing");
}

void desk_indexed(desk *w, const char *text, gboolean failed)
{
    desk_message(w, text, failed);
    desk_trace("indexed [%s]", text);
    g_clear_pointer(&w->ingest, desk_ingest_free);
    if (!w->engine) {
        open_engines(w);
        return;
    }
    desk_engine_refresh(w->engine);
    desk_engine_refresh(w->about_name);
    show_archive(w);
}

/* ---- Beginning and end ---- */

void desk_styled(desk *w, gboolean dark)
{
    desk_reader_restyle(w->reader);
    gtk_widget_queue_draw(desk_timeline_widget(w->timeline));
    desk_trace("style %s", dark ? "dark" : "light");
}

static gboolean on_close(GtkWindow *window, desk *w)
{
    if (w->measure)
        desk_measure_end(w->measure);
    g_clear_handle_id(&w->settle_source, g_source_remove);
    g_clear_handle_id(&w->status_source, g_source_remove);
    g_clear_handle_id(&w->arrange_source, g_source_remove);
    desk_ingest_free(w->ingest);
    desk_card_free(w->card);
    g_object_ref(window);
    gtk_window_destroy(window);
    desk_theme_free(w->theme);
    desk_list_free(w->list);
    desk_reader_free(w->reader);
    desk_facets_free(w->facets);
    desk_timeline_free(w->timeline);
    desk_engine_close(w->engine);
    desk_engine_close(w->about_name);
    g_ptr_array_unref(w->visits);
    g_strfreev(w->filters);
    g_clear_object(&w->chooser);
    g_free(w->archive);
    g_free(w->query);
    g_free(w);
    g_object_unref(window);
    return TRUE;
}

void desk_open_window(GtkApplication *app, const char *archive, gboolean measure)
{
    desk *w = g_new0(desk, 1);
    w->filters = g_new0(char *, 1);
    w->visits = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    w->visit = -1;
    w->archive = archive ? g_strdup(archive) : g_build_filename(g_get_user_data_dir(), "morgue", NULL);
    w->list = desk_list_new(w);
    w->reader = desk_reader_new(w);
    w->facets = desk_facets_new(w);
    w->timeline = desk_timeline_new(w);
    desk_layout_init(w, app);
    w->card = desk_card_new(w, w->reader_pane);
    desk_actions_add(w, app);
    g_signal_connect(w->entry, "changed", G_CALLBACK(on_typed), w);
    /* A blinking cursor keeps the frame clock ticking, and an answer would wait for the next tick. */
    g_object_set(gtk_settings_get_default(), "gtk-cursor-blink", FALSE, NULL);
    w->measure = measure ? desk_measure_new(w->window) : NULL;
    w->theme = desk_theme_new(w);
    g_signal_connect(w->window, "close-request", G_CALLBACK(on_close), w);
    open_engines(w);
    gtk_window_present(GTK_WINDOW(w->window));
    gtk_widget_grab_focus(w->entry);
}

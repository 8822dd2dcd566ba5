/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

#include <glib-unix.h>
#include <poll.h>

#define PAGE 20
/* An overview begins when the page is painted, and not if the next key comes soon. */
#define OVERVIEW_AFTER_MS 100
/* An answer that comes this soon is painted in the frame of the key; waiting longer would hold up the typing. */
#define WAIT_MS 12
/* Who has not typed for so long wants to read. */
#define SETTLED_MS 350
#define MOST_VISITS 200

#define EVERYTHING "NOT id:\"no such article\""

/* ---- Asking ---- */

/* Without what has a meaning inside quotation marks. */
char *desk_query_of(const char *field, const char *value)
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
        g_autofree char *part = desk_query_of(field, value);
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

static void put_question(desk *w, gboolean more)
{
    morgue_facet facets[] = { MORGUE_FACET_PERSON, MORGUE_FACET_ORG, MORGUE_FACET_PLACE, MORGUE_FACET_SOURCE,
                              desk_timeline_wants_days(w->timeline) ? MORGUE_FACET_DAY : MORGUE_FACET_MONTH };
    morgue_question question = MORGUE_QUESTION_INIT;
    question.query = w->query;
    question.options.limit = w->limit;
    question.options.sort = order(w);
    if (!more) {
        question.settle_ms = OVERVIEW_AFTER_MS;
        question.count = 1;
        question.facets = facets;
        question.facet_count = G_N_ELEMENTS(facets);
        question.names_max = DESK_RELATED_NAMES;
    }
    w->more = more;
    w->answered = FALSE;
    g_clear_pointer(&w->failure, g_free);
    g_string_truncate(w->told, 0);
    morgue_session_ask(w->session, &question, NULL, NULL);
}

static void take_parts(desk *w);

static void wait_for_page(desk *w)
{
    gint64 until = g_get_monotonic_time() + WAIT_MS * 1000, left;
    struct pollfd ready = { .fd = morgue_session_fd(w->session), .events = POLLIN };
    while (!w->answered && (left = until - g_get_monotonic_time()) > 0 && poll(&ready, 1, (int)(left / 1000) + 1) > 0)
        take_parts(w);
}

static gboolean on_settled(void *data);

void desk_ask(desk *w)
{
    if (!w->session)
        return;
    g_free(w->query);
    w->query = compose(typed(w), w->filters);
    w->limit = PAGE;
    g_clear_handle_id(&w->settle_source, g_source_remove);
    w->settle_source = g_timeout_add(SETTLED_MS, on_settled, w);
    put_question(w, FALSE);
    wait_for_page(w);
}

/* The same, and more of it; unless the last page was not full. */
void desk_ask_more(desk *w)
{
    if (!w->session || !w->answered || desk_list_size(w->list) < w->limit)
        return;
    w->limit += PAGE;
    put_question(w, TRUE);
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
                                                      at_least == at_most ? "" : "+", at_least == 1 ? "" : "s")
                                    : g_strdup("Nothing found");
    gtk_label_set_text(GTK_LABEL(w->count), text);
}

/* Of what is half typed nobody wants to hear that it is wrong. */
static void show_failure(desk *w)
{
    if (!w->failure || w->settle_source)
        return;
    g_autofree char *line = desk_text_line(w->failure, -1);
    gtk_widget_add_css_class(w->count, "error");
    gtk_label_set_text(GTK_LABEL(w->count), line);
}

static void show_page(desk *w, morgue_part *take_page)
{
    guint64 at_least, at_most;
    gtk_widget_remove_css_class(w->count, "error");
    morgue_results_count(morgue_part_results(take_page), &at_least, &at_most);
    if (!w->more)
        show_count(w, at_least, at_most);
    desk_list_show(w->list, take_page, w->more);
}

static void trace_answer(desk *w, const char *message)
{
    const morgue_hit *first = desk_list_hit(w->list, 0);
    if (w->measure && !w->more)
        desk_measure_page(w->measure);
    desk_trace("page query=[%s] shown=%zu first=[%s] %s", w->query, desk_list_size(w->list),
               first ? morgue_hit_id(first) : "", message);
    w->answered = TRUE;
}

static void show_facet(desk *w, morgue_part *take_part)
{
    static const int sections[] = { [MORGUE_FACET_PERSON] = DESK_PEOPLE,
                                    [MORGUE_FACET_ORG] = DESK_ORGS,
                                    [MORGUE_FACET_PLACE] = DESK_PLACES,
                                    [MORGUE_FACET_SOURCE] = DESK_SOURCES };
    morgue_facet facet;
    gsize count;
    const morgue_facet_value *values = morgue_part_facet(take_part, &facet, &count, NULL);
    if (facet == MORGUE_FACET_MONTH || facet == MORGUE_FACET_DAY) {
        g_string_append_printf(w->told, " dates=%zu", count);
        desk_timeline_show(w->timeline, take_part);
    } else {
        g_string_append_printf(w->told, " [%s]", count ? values->value : "");
        desk_facets_show(w->facets, sections[facet], take_part);
    }
}

/* Of the newest question alone; a session drops what comes of others. */
static void show_part(desk *w, morgue_part *take_part)
{
    const morgue_error *err = morgue_part_error(take_part);
    switch (morgue_part_get_kind(take_part)) {
    case MORGUE_PART_PAGE:
        show_page(w, take_part);
        trace_answer(w, "");
        return;
    case MORGUE_PART_FACET:
        show_facet(w, take_part);
        return;
    case MORGUE_PART_NAMES:
        desk_facets_show(w->facets, DESK_RELATED, take_part);
        return;
    case MORGUE_PART_COUNT:
        show_count(w, morgue_part_count(take_part), morgue_part_count(take_part));
        g_string_append_printf(w->told, " count=%" G_GUINT64_FORMAT, morgue_part_count(take_part));
        break;
    case MORGUE_PART_END:
        w->failure = err->status ? g_strdup(err->message) : NULL;
        show_failure(w);
        if (!w->answered)
            trace_answer(w, err->message);
        if (w->told->len)
            desk_trace("overview%s", w->told->str);
        break;
    default:
        break;
    }
    morgue_part_free(take_part);
}

static void take_parts(desk *w)
{
    for (morgue_part *part; (part = morgue_session_take(w->session));)
        show_part(w, part);
}

static gboolean on_parts(int fd, GIOCondition condition, void *data)
{
    (void)fd, (void)condition;
    take_parts(data);
    return G_SOURCE_CONTINUE;
}

void desk_show_article(desk *w, guint index)
{
    morgue_error err = { 0 };
    morgue_results *article;
    const morgue_hit *hit = desk_list_hit(w->list, index);
    if (!hit)
        return;
    desk_list_select(w->list, index, FALSE);
    morgue_searcher_refresh(w->searcher, NULL);
    const char *query = w->failure ? NULL : w->query;
    if (morgue_fetch(w->searcher, morgue_hit_id(hit), query, &article, &err) != MORGUE_OK ||
        desk_reader_show(w->reader, article, &err) != MORGUE_OK)
        desk_message(w, err.message, TRUE);
    else
        gtk_stack_set_visible_child_name(GTK_STACK(w->reader_stack), "article");
}

void desk_read(desk *w)
{
    guint at = (guint)MAX(desk_list_selected(w->list), 0);
    const morgue_hit *hit = desk_list_hit(w->list, at);
    if (!hit)
        return;
    if (!g_str_equal(desk_reader_id(w->reader), morgue_hit_id(hit)))
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
    show_failure(w);
    if (!w->failure)
        note_visit(w);
    if (!w->failure && desk_list_selected(w->list) < 0)
        desk_show_article(w, 0);
    desk_trace("settled");
    desk_trace_place("timeline", desk_timeline_widget(w->timeline));
    return G_SOURCE_REMOVE;
}

/* ---- The archive ---- */

static void show_archive(desk *w)
{
    guint64 count = w->session ? morgue_searcher_article_count(w->searcher) : 0;
    g_autofree char *hint = w->session ? g_strdup_printf("Search %s articles", desk_number(count)) : g_strdup("Search");
    g_object_set(w->entry, "placeholder-text", hint, NULL);
    gtk_stack_set_visible_child_name(GTK_STACK(w->stack), w->session ? "search" : "welcome");
    desk_trace("archive articles=%" G_GUINT64_FORMAT, count);
    desk_ask(w);
}

/* What is shown is given back first. */
static void close_session(desk *w)
{
    desk_list_show(w->list, NULL, FALSE);
    desk_reader_show(w->reader, NULL, NULL);
    desk_timeline_show(w->timeline, NULL);
    for (int i = 0; i < DESK_SECTIONS; i++)
        desk_facets_show(w->facets, i, NULL);
    desk_card_search(w->card, NULL, NULL);
    g_clear_handle_id(&w->parts_source, g_source_remove);
    g_clear_pointer(&w->session, morgue_session_close);
    g_clear_pointer(&w->searcher, morgue_searcher_close);
}

/* Parts that come after the page wait until it is painted. */
static void open_session(desk *w)
{
    morgue_error err = { 0 };
    const char *path = w->archive;
    close_session(w);
    if (morgue_searcher_open(&w->searcher, &path, 1, &err) == MORGUE_OK &&
        desk_card_search(w->card, path, &err) == MORGUE_OK &&
        morgue_session_open(&w->session, &path, 1, NULL, &err) == MORGUE_OK)
        w->parts_source =
            g_unix_fd_add_full(GDK_PRIORITY_REDRAW + 10, morgue_session_fd(w->session), G_IO_IN, on_parts, w, NULL);
    else if (err.status != MORGUE_ERR_NOT_FOUND)
        desk_message(w, err.message, TRUE);
    show_archive(w);
}

void desk_open_archive(desk *w, const char *path)
{
    g_free(w->archive);
    w->archive = g_strdup(path);
    open_session(w);
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
    if (w->session) {
        morgue_searcher_refresh(w->searcher, NULL);
        show_archive(w);
    } else {
        open_session(w);
    }
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
    close_session(w);
    desk_card_free(w->card);
    g_object_ref(window);
    gtk_window_destroy(window);
    desk_theme_free(w->theme);
    desk_list_free(w->list);
    desk_reader_free(w->reader);
    desk_facets_free(w->facets);
    desk_timeline_free(w->timeline);
    g_ptr_array_unref(w->visits);
    g_strfreev(w->filters);
    g_string_free(w->told, TRUE);
    g_clear_object(&w->chooser);
    g_free(w->archive);
    g_free(w->query);
    g_free(w->failure);
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
    w->told = g_string_new(NULL);
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
    open_session(w);
    gtk_window_present(GTK_WINDOW(w->window));
    gtk_widget_grab_focus(w->entry);
}

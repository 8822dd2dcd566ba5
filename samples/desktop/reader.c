/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* The widest lines that read well, and the least space beside them. */
#define MEASURE 660
#define MARGIN 32
/* What is shown of an article; a text view of many megabytes would not scroll any more. */
#define MAX_BYTES ((gsize)512 << 10)
#define MAX_NAMES 40 /* of a type, below the text */

enum { PERSON, ORG, PLACE, EVENT, TYPES };
static const char *const types[TYPES] = { "person", "org", "place", "event" };

/* A name in the buffer, in characters. */
typedef struct place {
    guint begin, end, entity;
} place;

struct desk_reader {
    desk *w;
    GtkWidget *scroller, *view;
    GtkTextBuffer *buffer;
    GtkTextTag *kicker, *title, *byline, *body, *gap, *foot, *label, *match, *focus, *names[TYPES];
    morgue_results *article;       /* NULL: none */
    const morgue_entity *entities; /* its names */
    gsize entity_count;
    GArray *places;  /* of place, ascending */
    GArray *matches; /* of place */
    int at_name, at_match;
    guint margin_source;
};

/* ---- Colours ---- */

/* The colours of light.css or dark.css. */
static void set_color(desk_reader *reader, GtkTextTag *tag, const char *property, const char *color, float alpha)
{
    GdkRGBA rgba;
    if (gtk_style_context_lookup_color(gtk_widget_get_style_context(reader->view), color, &rgba)) {
        rgba.alpha *= alpha;
        g_object_set(tag, property, &rgba, NULL);
    }
}

void desk_reader_restyle(desk_reader *reader)
{
    GtkTextTag *muted[] = { reader->kicker, reader->byline, reader->foot, reader->label };
    for (int i = 0; i < TYPES; i++) {
        set_color(reader, reader->names[i], "foreground-rgba", types[i], 1);
        set_color(reader, reader->names[i], "underline-rgba", types[i], 0.35F);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(muted); i++)
        set_color(reader, muted[i], "foreground-rgba", "muted", 1);
    set_color(reader, reader->match, "background-rgba", "match", 1);
    set_color(reader, reader->focus, "background-rgba", "here", 1);
    gtk_widget_queue_allocate(reader->view);
}

static GtkTextTag *tag(desk_reader *reader, const char *first, ...)
{
    GtkTextTag *made = gtk_text_tag_new(NULL);
    va_list args;
    va_start(args, first);
    g_object_set_valist(G_OBJECT(made), first, args);
    va_end(args);
    gtk_text_tag_table_add(gtk_text_buffer_get_tag_table(reader->buffer), made);
    g_object_unref(made);
    return made;
}

static void make_tags(desk_reader *r)
{
    r->kicker = tag(r, "family", "sans-serif", "scale", 0.78, "letter-spacing", 600, "pixels-below-lines", 6, NULL);
    r->title = tag(r, "scale", 1.75, "weight", 700, "pixels-below-lines", 10, NULL);
    r->byline = tag(r, "style", PANGO_STYLE_ITALIC, "pixels-below-lines", 26, NULL);
    /* Space between the lines, and not higher lines, which the marks would fill. */
    r->body = tag(r, "pixels-inside-wrap", 7, NULL);
    r->gap = tag(r, "scale", 0.85, NULL);
    r->label = tag(r, "family", "sans-serif", "scale", 0.78, "letter-spacing", 600, "pixels-above-lines", 14,
                   "pixels-below-lines", 3, NULL);
    r->foot = tag(r, "family", "sans-serif", "scale", 0.82, "pixels-inside-wrap", 4, NULL);
    for (int i = 0; i < TYPES; i++)
        r->names[i] = tag(r, "underline", PANGO_UNDERLINE_SINGLE, NULL);
    r->match = tag(r, "weight", 600, NULL);
    r->focus = tag(r, "weight", 600, NULL);
}

/* ---- Filling ---- */

static guint insert(desk_reader *reader, const char *text, GtkTextTag *style)
{
    GtkTextIter end;
    gtk_text_buffer_get_end_iter(reader->buffer, &end);
    guint at = (guint)gtk_text_iter_get_offset(&end);
    gtk_text_buffer_insert_with_tags(reader->buffer, &end, text, -1, style, NULL);
    return at;
}

static void apply(desk_reader *reader, GtkTextTag *style, guint begin, guint end)
{
    GtkTextIter from, to;
    gtk_text_buffer_get_iter_at_offset(reader->buffer, &from, (int)begin);
    gtk_text_buffer_get_iter_at_offset(reader->buffer, &to, (int)end);
    gtk_text_buffer_apply_tag(reader->buffer, style, &from, &to);
}

static GtkTextTag *tag_of(desk_reader *reader, const char *type)
{
    for (int i = 0; i < TYPES; i++)
        if (g_strcmp0(type, types[i]) == 0)
            return reader->names[i];
    return reader->names[EVENT];
}

static void add_place(desk_reader *reader, GArray *places, guint begin, guint end, guint entity, GtkTextTag *style)
{
    place p = { begin, end, entity };
    if (begin >= end)
        return;
    g_array_append_val(places, p);
    apply(reader, style, begin, end);
}

/* Names and matches of title or text, which is in the buffer from `at` on. */
static void mark(desk_reader *reader, guint at, int in_title, const char *text, gsize len)
{
    const morgue_hit *hit = morgue_results_hit(reader->article, 0);
    const morgue_mention *mentions;
    const morgue_span *marks;
    gsize mention_count, mark_count;
    desk_chars chars = desk_chars_of(text, len);
    if (morgue_hit_mentions(hit, in_title, &mentions, &mention_count, NULL) == MORGUE_OK)
        for (gsize i = 0; i < mention_count; i++) {
            guint begin = at + desk_chars_at(&chars, mentions[i].span.begin);
            guint end = at + desk_chars_at(&chars, mentions[i].span.end), entity = mentions[i].entity;
            if (entity < reader->entity_count)
                add_place(reader, reader->places, begin, end, entity, tag_of(reader, reader->entities[entity].type));
        }
    if (morgue_hit_matches(hit, in_title, &marks, &mark_count, NULL) == MORGUE_OK)
        for (gsize i = 0; i < mark_count; i++) {
            guint begin = at + desk_chars_at(&chars, marks[i].begin), end = at + desk_chars_at(&chars, marks[i].end);
            add_place(reader, reader->matches, begin, end, 0, reader->match);
        }
}

static void insert_line(desk_reader *reader, const char *text, GtkTextTag *style)
{
    g_autofree char *line = desk_text_line(text, -1);
    insert(reader, line, style);
    insert(reader, "\n", style);
}

static void insert_head(desk_reader *reader, const morgue_hit *hit)
{
    const char *source = morgue_hit_source(hit), *author = morgue_hit_author(hit);
    g_autofree char *date = desk_date(morgue_hit_date(hit));
    g_autofree char *kicker = g_strjoin(*source && *date ? "  ·  " : "", source, date, NULL);
    g_autofree char *upper = g_utf8_strup(kicker, -1), *title = desk_text_line(desk_title(hit), -1);
    if (*upper)
        insert_line(reader, upper, reader->kicker);
    guint at = insert(reader, title, reader->title);
    mark(reader, at, 1, morgue_hit_title(hit), strlen(morgue_hit_title(hit)));
    insert(reader, "\n", reader->title);
    /* "By Peg Mackey" stands in some articles already. */
    g_autofree char *byline = g_strconcat(g_ascii_strncasecmp(author, "by ", 3) ? "By " : "", author, NULL);
    if (*author)
        insert_line(reader, byline, reader->byline);
    else
        insert(reader, "\n", reader->gap);
}

/* Half a line between paragraphs. */
static void narrow_gaps(desk_reader *reader, guint at, const char *body)
{
    guint chars = at;
    for (const char *p = body; *p; p = g_utf8_next_char(p), chars++)
        if (*p == '\n' && p > body && p[-1] == '\n')
            apply(reader, reader->gap, chars, chars + 1);
}

static void insert_text(desk_reader *reader, const char *text, gsize len)
{
    gsize shown = MIN(len, MAX_BYTES);
    while (shown < len && shown && ((guchar)text[shown] & 0xc0) == 0x80)
        shown--;
    g_autofree char *body = desk_text_body(text, (gssize)shown);
    guint at = insert(reader, body, reader->body);
    narrow_gaps(reader, at, body);
    mark(reader, at, 0, text, shown);
    insert(reader, "\n", reader->body);
    if (shown < len)
        insert_line(reader, "The article is longer; this is where it is cut to be shown.", reader->foot);
}

static char *described(const morgue_entity *entity)
{
    g_autofree char *age = entity->age ? g_strdup_printf("%s%u", *entity->role ? ", " : "", entity->age) : g_strdup("");
    g_autofree char *text = g_strconcat(*entity->role || *age ? " " : "", entity->role, age, NULL);
    return desk_text_line(text, -1);
}

static void insert_names(desk_reader *reader, const char *type, const char *heading)
{
    guint count = 0;
    for (guint i = 0; i < reader->entity_count && count < MAX_NAMES; i++) {
        const morgue_entity *entity = &reader->entities[i];
        if (strcmp(entity->type, type) != 0)
            continue;
        if (!count++)
            insert_line(reader, heading, reader->label);
        else
            insert(reader, "   ", reader->foot);
        g_autofree char *name = desk_text_line(entity->name, -1), *more = described(entity);
        guint at = insert(reader, name, reader->foot);
        add_place(reader, reader->places, at, at + (guint)g_utf8_strlen(name, -1), i, tag_of(reader, type));
        insert(reader, more, reader->foot);
    }
    if (count)
        insert(reader, "\n", reader->foot);
}

static void insert_foot(desk_reader *reader, const morgue_hit *hit)
{
    static const char *const headings[TYPES] = { "PEOPLE", "ORGANISATIONS", "PLACES", "EVENTS" };
    gsize version_count;
    const char *first_date;
    for (int i = 0; i < TYPES; i++)
        insert_names(reader, types[i], headings[i]);
    if (morgue_hit_versions(hit, &version_count, &first_date, NULL) == MORGUE_OK && version_count) {
        g_autofree char *first = desk_date(first_date);
        g_autofree char *line = g_strdup_printf("%s other version%s%s%s", desk_number(version_count),
                                                version_count == 1 ? "" : "s", *first ? ", the first of " : "", first);
        insert_line(reader, "VERSIONS", reader->label);
        insert_line(reader, line, reader->foot);
    }
    insert_line(reader, "ARTICLE", reader->label);
    insert_line(reader, *morgue_hit_url(hit) ? morgue_hit_url(hit) : morgue_hit_id(hit), reader->foot);
}

/* What changed is laid out before it is painted. A text view would do it while painting, and scroll bars cannot follow
   then. */
static void lay_out(desk_reader *reader)
{
    gtk_widget_queue_allocate(reader->view);
}

static void forget(desk_reader *reader)
{
    morgue_results_free(reader->article);
    reader->article = NULL;
    reader->entity_count = 0;
    reader->at_name = reader->at_match = -1;
    g_array_set_size(reader->places, 0);
    g_array_set_size(reader->matches, 0);
    gtk_text_buffer_set_text(reader->buffer, "", 0);
    lay_out(reader);
}

static void fill(desk_reader *reader, const morgue_hit *hit, const char *text, gsize len)
{
    GtkTextIter start;
    insert_head(reader, hit);
    guint in_title = reader->matches->len;
    insert_text(reader, text, len);
    desk_trace("article id=[%s] matches=%u names=%zu", morgue_hit_id(hit), reader->matches->len - in_title,
               reader->entity_count);
    insert_foot(reader, hit);
    gtk_text_buffer_get_start_iter(reader->buffer, &start);
    gtk_text_buffer_place_cursor(reader->buffer, &start);
    gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(reader->scroller)), 0);
    g_autofree char *title = desk_text_line(desk_title(hit), -1);
    desk_named(reader->view, title);
}

morgue_status desk_reader_show(desk_reader *reader, morgue_results *take_article, morgue_error *err)
{
    const char *text;
    gsize len;
    forget(reader);
    reader->article = take_article;
    if (!take_article)
        return MORGUE_OK;
    const morgue_hit *hit = morgue_results_hit(take_article, 0);
    morgue_status status = morgue_hit_text(hit, &text, &len, err);
    if (status == MORGUE_OK)
        status = morgue_hit_entities(hit, &reader->entities, &reader->entity_count, err);
    if (status == MORGUE_OK)
        fill(reader, hit, text, len);
    else
        forget(reader);
    return status;
}

const char *desk_reader_id(const desk_reader *reader)
{
    return reader->article ? morgue_hit_id(morgue_results_hit(reader->article, 0)) : "";
}

/* ---- Names ---- */

static const place *place_at(const GArray *places, guint chars)
{
    for (guint i = 0; i < places->len; i++) {
        const place *p = &g_array_index(places, place, i);
        if (chars >= p->begin && chars < p->end)
            return p;
    }
    return NULL;
}

static const place *place_under(desk_reader *reader, double x, double y)
{
    GtkTextIter iter;
    int bx, by;
    GtkTextView *view = GTK_TEXT_VIEW(reader->view);
    gtk_text_view_window_to_buffer_coords(view, GTK_TEXT_WINDOW_WIDGET, (int)x, (int)y, &bx, &by);
    if (!gtk_text_view_get_iter_at_location(view, &iter, bx, by))
        return NULL;
    return place_at(reader->places, (guint)gtk_text_iter_get_offset(&iter));
}

static void tell_named(desk_reader *reader, const place *p)
{
    GtkTextIter begin;
    GdkRectangle where;
    double x, y;
    gtk_text_buffer_get_iter_at_offset(reader->buffer, &begin, (int)p->begin);
    gtk_text_view_get_iter_location(GTK_TEXT_VIEW(reader->view), &begin, &where);
    gtk_text_view_buffer_to_window_coords(GTK_TEXT_VIEW(reader->view), GTK_TEXT_WINDOW_WIDGET, where.x, where.y,
                                          &where.x, &where.y);
    gtk_widget_translate_coordinates(reader->view, reader->scroller, where.x, where.y, &x, &y);
    where.x = (int)x;
    where.y = (int)y;
    where.width = 8 * (int)(p->end - p->begin);
    desk_card_show(reader->w->card, &reader->entities[p->entity], &where);
}

static void on_released(GtkGestureClick *click, int presses, double x, double y, desk_reader *reader)
{
    (void)click;
    gboolean selecting = presses != 1 || gtk_text_buffer_get_has_selection(reader->buffer);
    const place *p = selecting ? NULL : place_under(reader, x, y);
    if (p)
        tell_named(reader, p);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, desk_reader *reader)
{
    (void)motion;
    gtk_widget_set_cursor_from_name(reader->view, place_under(reader, x, y) ? "pointer" : "text");
}

static void show_focus(desk_reader *reader, const place *p)
{
    GtkTextIter begin, end;
    gtk_text_buffer_get_bounds(reader->buffer, &begin, &end);
    gtk_text_buffer_remove_tag(reader->buffer, reader->focus, &begin, &end);
    apply(reader, reader->focus, p->begin, p->end);
    gtk_text_buffer_get_iter_at_offset(reader->buffer, &begin, (int)p->begin);
    gtk_text_view_scroll_to_iter(GTK_TEXT_VIEW(reader->view), &begin, 0.15, FALSE, 0, 0);
    gtk_text_buffer_place_cursor(reader->buffer, &begin);
    lay_out(reader);
}

static void go(desk_reader *reader, const GArray *places, int *at, int step)
{
    if (!places->len)
        return;
    *at = *at < 0 && step < 0 ? (int)places->len - 1 : (*at + step + (int)places->len) % (int)places->len;
    show_focus(reader, &g_array_index(places, place, *at));
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk_reader *reader)
{
    (void)keys, (void)code;
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
        return FALSE;
    int step = state & GDK_SHIFT_MASK ? -1 : 1;
    if (key == GDK_KEY_n || key == GDK_KEY_N)
        go(reader, reader->places, &reader->at_name, step);
    else if (key == GDK_KEY_m || key == GDK_KEY_M)
        go(reader, reader->matches, &reader->at_match, step);
    else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && reader->at_name >= 0)
        tell_named(reader, &g_array_index(reader->places, place, reader->at_name));
    else
        return FALSE;
    return TRUE;
}

/* ---- The widget ---- */

static gboolean set_margins(void *data)
{
    desk_reader *reader = data;
    int width = gtk_widget_get_width(reader->scroller), margin = MAX(MARGIN, (width - MEASURE) / 2);
    reader->margin_source = 0;
    if (gtk_text_view_get_left_margin(GTK_TEXT_VIEW(reader->view)) != margin) {
        gtk_text_view_set_left_margin(GTK_TEXT_VIEW(reader->view), margin);
        gtk_text_view_set_right_margin(GTK_TEXT_VIEW(reader->view), margin);
    }
    return G_SOURCE_REMOVE;
}

/* Margins cannot be changed while sizes are being given out. */
static void on_width(GtkAdjustment *across, GParamSpec *spec, desk_reader *reader)
{
    (void)across, (void)spec;
    if (!reader->margin_source)
        reader->margin_source = g_idle_add_full(GDK_PRIORITY_EVENTS, set_margins, reader, NULL);
}

static void make_view(desk_reader *reader)
{
    reader->view = gtk_text_view_new();
    GtkTextView *view = GTK_TEXT_VIEW(reader->view);
    reader->buffer = gtk_text_view_get_buffer(view);
    gtk_text_buffer_set_enable_undo(reader->buffer, FALSE);
    gtk_text_view_set_editable(view, FALSE);
    gtk_text_view_set_cursor_visible(view, FALSE);
    gtk_text_view_set_accepts_tab(view, FALSE);
    gtk_text_view_set_wrap_mode(view, GTK_WRAP_WORD_CHAR);
    gtk_text_view_set_top_margin(view, 34);
    gtk_text_view_set_bottom_margin(view, 60);
    gtk_widget_add_css_class(reader->view, "article");
    desk_named(reader->view, "Article");
}

static void add_controllers(desk_reader *reader)
{
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "released", G_CALLBACK(on_released), reader);
    gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
    gtk_widget_add_controller(reader->view, GTK_EVENT_CONTROLLER(click));
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(on_motion), reader);
    gtk_widget_add_controller(reader->view, motion);
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), reader);
    gtk_widget_add_controller(reader->view, keys);
}

desk_reader *desk_reader_new(desk *w)
{
    desk_reader *reader = g_new0(desk_reader, 1);
    reader->w = w;
    reader->places = g_array_new(FALSE, FALSE, sizeof(place));
    reader->matches = g_array_new(FALSE, FALSE, sizeof(place));
    make_view(reader);
    make_tags(reader);
    add_controllers(reader);
    reader->scroller = desk_styled_as(desk_scroller(reader->view), "reader-pane");
    g_object_set(reader->scroller, "vscrollbar-policy", GTK_POLICY_ALWAYS, NULL);
    g_signal_connect(gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(reader->scroller)), "notify::page-size",
                     G_CALLBACK(on_width), reader);
    return reader;
}

void desk_reader_free(desk_reader *reader)
{
    g_clear_handle_id(&reader->margin_source, g_source_remove);
    morgue_results_free(reader->article);
    g_array_unref(reader->places);
    g_array_unref(reader->matches);
    g_free(reader);
}

GtkWidget *desk_reader_widget(desk_reader *reader)
{
    return reader->scroller;
}

GtkWidget *desk_reader_text(desk_reader *reader)
{
    return reader->view;
}

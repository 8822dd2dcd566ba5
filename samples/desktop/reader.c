/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reader.h"
#include "text.h"

/* The widest lines that read well, and the least space beside them. */
#define MEASURE 660
#define MARGIN 32
/* What is shown of an article; a text view of many megabytes would not scroll any more. */
#define MAX_BYTES (512 << 10)

enum { PERSON, ORG, PLACE, EVENT, TYPES };
static const char *const types[TYPES] = { "person", "org", "place", "event" };

/* A name in the buffer, in characters. */
typedef struct place {
    guint begin, end, entity;
} place;

struct desk_reader {
    GtkWidget *scroller, *view;
    GtkTextBuffer *buffer;
    GtkTextTag *kicker, *title, *byline, *body, *gap, *foot, *label, *match, *focus, *names[TYPES];
    desk_article *article;
    GArray *places;  /* of place, ascending */
    GArray *matches; /* of place */
    int at_name, at_match;
    guint margin_source;
    void (*named)(void *ctx, const desk_entity *entity, const GdkRectangle *where);
    void *ctx;
};

/* ---- Colours ---- */

static void set_color(GtkTextTag *tag, const char *property, const char *color)
{
    GdkRGBA rgba;
    gdk_rgba_parse(&rgba, color);
    g_object_set(tag, property, &rgba, NULL);
}

void desk_reader_set_dark(desk_reader *reader, gboolean dark)
{
    static const char *const light_names[TYPES] = { "#1f5aa8", "#7d3f9e", "#16704f", "#9a5412" };
    static const char *const dark_names[TYPES] = { "#93bdf5", "#cfa8ee", "#86d0b0", "#eab67c" };
    static const char *const light_lines[TYPES] = { "#b7cfec", "#d9c1e5", "#b3d8c9", "#e6cdb1" };
    static const char *const dark_lines[TYPES] = { "#3d5675", "#5f4c70", "#3a6152", "#6d5437" };
    for (int i = 0; i < TYPES; i++) {
        set_color(reader->names[i], "foreground-rgba", (dark ? dark_names : light_names)[i]);
        set_color(reader->names[i], "underline-rgba", (dark ? dark_lines : light_lines)[i]);
    }
    set_color(reader->match, "background-rgba", dark ? "#57481c" : "#ffeeb0");
    set_color(reader->focus, "background-rgba", dark ? "#8c3a2a" : "#ffc9b8");
    GtkTextTag *muted[] = { reader->kicker, reader->byline, reader->foot, reader->label };
    for (gsize i = 0; i < G_N_ELEMENTS(muted); i++)
        set_color(muted[i], "foreground-rgba", dark ? "#a09b92" : "#6d685f");
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

static void add_place(desk_reader *reader, guint begin, guint end, guint entity)
{
    place p = { begin, end, entity };
    const desk_entity *named = reader->article->entities->pdata[entity];
    if (begin >= end)
        return;
    g_array_append_val(reader->places, p);
    apply(reader, tag_of(reader, named->type), begin, end);
}

/* `at`: where the text begins in the buffer. */
static void mark(desk_reader *reader, guint at, const char *text, gsize len, const GArray *marks,
                 const GArray *mentions)
{
    desk_chars chars = desk_chars_of(text, len);
    for (guint i = 0; i < mentions->len; i++) {
        const morgue_mention *m = &g_array_index(mentions, morgue_mention, i);
        guint begin = desk_chars_at(&chars, m->span.begin), end = desk_chars_at(&chars, m->span.end);
        if (m->entity < reader->article->entities->len)
            add_place(reader, at + begin, at + end, m->entity);
    }
    for (guint i = 0; i < marks->len; i++) {
        const morgue_span *span = &g_array_index(marks, morgue_span, i);
        guint begin = desk_chars_at(&chars, span->begin), end = desk_chars_at(&chars, span->end);
        place p = { at + begin, at + end, 0 };
        if (begin >= end)
            continue;
        g_array_append_val(reader->matches, p);
        apply(reader, reader->match, p.begin, p.end);
    }
}

static void insert_line(desk_reader *reader, const char *text, GtkTextTag *style)
{
    char *line = desk_text_line(text, -1);
    insert(reader, line, style);
    insert(reader, "\n", style);
    g_free(line);
}

static void insert_head(desk_reader *reader, const desk_article *a)
{
    char *date = desk_date(a->date), *kicker = g_strjoin(*a->source && *date ? "  ·  " : "", a->source, date, NULL);
    char *upper = g_utf8_strup(kicker, -1), *title = desk_text_line(a->title, -1);
    if (*upper)
        insert_line(reader, upper, reader->kicker);
    guint at = insert(reader, title, reader->title);
    mark(reader, at, a->title, strlen(a->title), a->title_marks, a->title_mentions);
    insert(reader, "\n", reader->title);
    /* "By Peg Mackey" stands in some articles already. */
    char *byline = g_ascii_strncasecmp(a->author, "by ", 3) ? g_strconcat("By ", a->author, NULL) : g_strdup(a->author);
    if (*a->author)
        insert_line(reader, byline, reader->byline);
    else
        insert(reader, "\n", reader->gap);
    g_free(date);
    g_free(kicker);
    g_free(upper);
    g_free(title);
    g_free(byline);
}

/* Half a line between paragraphs. */
static void narrow_gaps(desk_reader *reader, guint at, const char *body)
{
    guint chars = at;
    for (const char *p = body; *p; p = g_utf8_next_char(p), chars++)
        if (*p == '\n' && p > body && p[-1] == '\n')
            apply(reader, reader->gap, chars, chars + 1);
}

static void insert_text(desk_reader *reader, const desk_article *a)
{
    gsize len = a->text_len;
    if (len > MAX_BYTES)
        for (len = MAX_BYTES; len && ((guchar)a->text[len] & 0xc0) == 0x80;)
            len--;
    char *body = desk_text_body(a->text, (gssize)len);
    guint at = insert(reader, body, reader->body);
    narrow_gaps(reader, at, body);
    mark(reader, at, a->text, len, a->text_marks, a->text_mentions);
    insert(reader, "\n", reader->body);
    if (len < a->text_len)
        insert_line(reader, "The article is longer; this is where it is cut to be shown.", reader->foot);
    g_free(body);
}

static char *described(const desk_entity *entity)
{
    GString *text = g_string_new(NULL);
    if (*entity->role)
        g_string_append_printf(text, " %s", entity->role);
    if (entity->age)
        g_string_append_printf(text, "%s %u", text->len ? "," : "", entity->age);
    char *line = desk_text_line(text->str, (gssize)text->len);
    g_string_free(text, TRUE);
    return line;
}

static void insert_names(desk_reader *reader, const char *type, const char *heading)
{
    const GPtrArray *entities = reader->article->entities;
    guint count = 0;
    for (guint i = 0; i < entities->len && count < 40; i++) {
        const desk_entity *entity = entities->pdata[i];
        if (strcmp(entity->type, type) != 0)
            continue;
        if (!count++)
            insert_line(reader, heading, reader->label);
        else
            insert(reader, "   ", reader->foot);
        char *name = desk_text_line(entity->name, -1), *more = described(entity);
        guint at = insert(reader, name, reader->foot);
        add_place(reader, at, at + (guint)g_utf8_strlen(name, -1), i);
        insert(reader, more, reader->foot);
        g_free(name);
        g_free(more);
    }
    if (count)
        insert(reader, "\n", reader->foot);
}

static void insert_foot(desk_reader *reader, const desk_article *a)
{
    insert_names(reader, "person", "PEOPLE");
    insert_names(reader, "org", "ORGANISATIONS");
    insert_names(reader, "place", "PLACES");
    insert_names(reader, "event", "EVENTS");
    if (a->version_count) {
        char *first = desk_date(a->first_date ? a->first_date : "");
        char *line = g_strdup_printf("%s other version%s%s%s", desk_number(a->version_count),
                                     a->version_count == 1 ? "" : "s", *first ? ", the first of " : "", first);
        insert_line(reader, "VERSIONS", reader->label);
        insert_line(reader, line, reader->foot);
        g_free(first);
        g_free(line);
    }
    insert_line(reader, "ARTICLE", reader->label);
    insert_line(reader, *a->url ? a->url : a->id, reader->foot);
}

/* What changed is laid out before it is painted. A text view would do it while painting, and scroll bars cannot follow
   then. */
static void lay_out(desk_reader *reader)
{
    gtk_widget_queue_allocate(reader->view);
}

void desk_reader_show(desk_reader *reader, desk_article *take_article)
{
    desk_article_free(reader->article);
    reader->article = take_article;
    reader->at_name = reader->at_match = -1;
    g_array_set_size(reader->places, 0);
    g_array_set_size(reader->matches, 0);
    gtk_text_buffer_set_text(reader->buffer, "", 0);
    lay_out(reader);
    if (!take_article)
        return;
    insert_head(reader, take_article);
    insert_text(reader, take_article);
    insert_foot(reader, take_article);
    GtkTextIter start;
    gtk_text_buffer_get_start_iter(reader->buffer, &start);
    gtk_text_buffer_place_cursor(reader->buffer, &start);
    gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(reader->scroller)), 0);
    char *title = desk_text_line(take_article->title, -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(reader->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    g_free(title);
}

const desk_article *desk_reader_article(const desk_reader *reader)
{
    return reader->article;
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
    reader->named(reader->ctx, reader->article->entities->pdata[p->entity], &where);
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
    (void)keys;
    (void)code;
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
    (void)across;
    (void)spec;
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
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Article", -1);
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

desk_reader *desk_reader_new(void (*named)(void *ctx, const desk_entity *entity, const GdkRectangle *where), void *ctx)
{
    desk_reader *reader = g_new0(desk_reader, 1);
    reader->named = named;
    reader->ctx = ctx;
    reader->places = g_array_new(FALSE, FALSE, sizeof(place));
    reader->matches = g_array_new(FALSE, FALSE, sizeof(place));
    make_view(reader);
    make_tags(reader);
    add_controllers(reader);
    reader->scroller = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(reader->scroller), GTK_POLICY_NEVER, GTK_POLICY_ALWAYS);
    gtk_scrolled_window_set_overlay_scrolling(GTK_SCROLLED_WINDOW(reader->scroller), FALSE);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(reader->scroller), reader->view);
    gtk_widget_add_css_class(reader->scroller, "reader-pane");
    g_signal_connect(gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(reader->scroller)), "notify::page-size",
                     G_CALLBACK(on_width), reader);
    return reader;
}

void desk_reader_free(desk_reader *reader)
{
    if (reader->margin_source)
        g_source_remove(reader->margin_source);
    desk_article_free(reader->article);
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

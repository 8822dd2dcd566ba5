/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

#define HEIGHT 68
#define AXIS 18 /* below the bars, for the dates */
#define MIN_BAR 6
#define NONE (-1)
/* A range of so many months is shown in days. */
#define DAYS_UP_TO_MONTHS 4

/* Time runs in steps: months since the year 0, or days as GDate counts them. A bar stands for `per_bar` of them. */
struct desk_timeline {
    desk *w;
    GtkWidget *area;
    morgue_part *dates; /* months or days, and how many articles each has; NULL: none */
    gboolean days;
    gboolean fixed;              /* the span was given, and does not follow the values */
    int first, last;             /* steps that are covered; first > last: nothing is */
    int whole_first, whole_last; /* the widest span that was ever shown, so that the axis keeps still */
    int per_bar, bar_count;
    guint64 *counts, highest;
    int anchor, mark; /* bars between which a range is being chosen */
    int hover;
    gboolean dragging;
};

static int step_of(const char *date, gboolean days, gboolean at_end)
{
    unsigned y = 0, m = 0, d = 0;
    int parts = sscanf(date, "%4u-%2u-%2u", &y, &m, &d);
    if (parts < 1 || y < 1 || (parts > 1 && (m < 1 || m > 12)))
        return NONE;
    if (parts < 2)
        m = at_end ? 12 : 1;
    if (!days)
        return (int)(y * 12 + m - 1);
    if (parts < 3)
        d = at_end ? g_date_get_days_in_month((GDateMonth)m, (GDateYear)y) : 1;
    if (!g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
        return NONE;
    g_autoptr(GDate) day = g_date_new_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y);
    return (int)g_date_get_julian(day);
}

static char *date_of(int step, gboolean days)
{
    if (!days)
        return g_strdup_printf("%04d-%02d", step / 12, step % 12 + 1);
    g_autoptr(GDate) day = g_date_new_julian((guint32)step);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(day), g_date_get_month(day), g_date_get_day(day));
}

/* "2014-02..2014-04" of the bars from one to another, in any order. */
static char *range_of(const desk_timeline *t, int a, int b)
{
    int begin = t->first + MIN(a, b) * t->per_bar, end = t->first + (MAX(a, b) + 1) * t->per_bar - 1;
    g_autofree char *from = date_of(begin, t->days), *to = date_of(MIN(end, t->last), t->days);
    return g_str_equal(from, to) ? g_strdup(from) : g_strdup_printf("%s..%s", from, to);
}

/* Bars begin where a reader expects it: with a quarter, a year, five years. */
static void choose_bars(desk_timeline *t, int width)
{
    static const int month_steps[] = { 1, 3, 12, 60, 120, 1200 }, day_steps[] = { 1, 7, 28, 28, 28, 28 };
    const int *steps = t->days ? day_steps : month_steps;
    int span = t->last - t->first + 1, i = 0;
    while (i < 5 && span / steps[i] * MIN_BAR > width)
        i++;
    t->per_bar = steps[i];
    if (!t->days)
        t->first -= t->first % t->per_bar;
    t->bar_count = (t->last - t->first) / t->per_bar + 1;
}

static const morgue_facet_value *values_of(const desk_timeline *t, gsize *count)
{
    *count = 0;
    return t->dates ? morgue_part_facet(t->dates, NULL, count, NULL) : NULL;
}

static void count_bars(desk_timeline *t)
{
    g_clear_pointer(&t->counts, g_free);
    t->bar_count = 0;
    int width = gtk_widget_get_width(t->area);
    if (t->first > t->last || width < MIN_BAR)
        return;
    choose_bars(t, width);
    t->counts = g_new0(guint64, (gsize)t->bar_count);
    t->highest = 1;
    gsize count;
    const morgue_facet_value *values = values_of(t, &count);
    for (gsize i = 0; i < count; i++) {
        int step = step_of(values[i].value, t->days, FALSE);
        int bar = step < t->first || step > t->last ? NONE : (step - t->first) / t->per_bar;
        if (bar == NONE)
            continue;
        t->counts[bar] += values[i].count;
        t->highest = MAX(t->highest, t->counts[bar]);
    }
}

/* For people, from bar to bar. */
static char *shown_range(const desk_timeline *t, int a, int b)
{
    g_autofree char *range = range_of(t, a, b);
    return desk_date(range);
}

static void tell(desk_timeline *t)
{
    gboolean chosen = t->mark != NONE && t->mark < t->bar_count;
    g_autofree char *shown =
        t->bar_count ? shown_range(t, chosen ? t->anchor : 0, chosen ? t->mark : t->bar_count - 1) : g_strdup("");
    g_autofree char *text = NULL;
    guint64 count = 0;
    for (int i = MIN(t->anchor, t->mark); chosen && i <= MAX(t->anchor, t->mark); i++)
        count += t->counts[i];
    text = chosen ? g_strdup_printf("%s: %s articles", shown, desk_number(count))
                  : g_strdup_printf("%s. Arrow keys choose a time, Enter narrows to it.", shown);
    gtk_accessible_update_property(GTK_ACCESSIBLE(t->area), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void changed(desk_timeline *t)
{
    tell(t);
    gtk_widget_queue_draw(t->area);
}

static double bar_x(const desk_timeline *t, int bar, int width)
{
    return (double)bar * width / t->bar_count;
}

static int bar_at(const desk_timeline *t, double x)
{
    int width = gtk_widget_get_width(t->area);
    if (!t->bar_count || width <= 0)
        return NONE;
    int bar = (int)(x * t->bar_count / width);
    return CLAMP(bar, 0, t->bar_count - 1);
}

/* ---- Drawing ---- */

static gboolean in_range(const desk_timeline *t, int bar)
{
    return t->mark != NONE && bar >= MIN(t->anchor, t->mark) && bar <= MAX(t->anchor, t->mark);
}

static void set_color(cairo_t *cr, const GdkRGBA *c, double alpha)
{
    cairo_set_source_rgba(cr, c->red, c->green, c->blue, c->alpha * alpha);
}

static void draw_bars(const desk_timeline *t, cairo_t *cr, int width, int height, const GdkRGBA *text,
                      const GdkRGBA *accent)
{
    int floor = height - AXIS;
    double gap = t->bar_count * 4 > width ? 0.5 : 1.5;
    for (int i = 0; i < t->bar_count; i++) {
        double x = bar_x(t, i, width) + gap, w = bar_x(t, i + 1, width) - gap - x;
        double share = (double)t->counts[i] / (double)t->highest;
        double h = t->counts[i] ? MAX(3, share * (floor - 4)) : 0, r = MIN(2.5, w / 2);
        if (w > 40) {
            x += (w - 40) / 2;
            w = 40;
        }
        gboolean chosen = in_range(t, i);
        set_color(cr, chosen ? accent : text, chosen ? 1 : i == t->hover ? 0.8 : 0.5);
        if (!t->counts[i])
            continue;
        cairo_new_sub_path(cr);
        cairo_arc(cr, x + w - r, floor - h + r, r, -G_PI_2, 0);
        cairo_line_to(cr, x + w, floor);
        cairo_line_to(cr, x, floor);
        cairo_arc(cr, x + r, floor - h + r, r, G_PI, 1.5 * G_PI);
        cairo_close_path(cr);
        cairo_fill(cr);
    }
    set_color(cr, text, 0.18);
    cairo_rectangle(cr, 0, floor, width, 1);
    cairo_fill(cr);
}

/* A date below the axis, unless it would touch the one before it, which ends at `*free_x`. */
static void draw_label(PangoLayout *layout, cairo_t *cr, const char *label, double x, int width, int height,
                       double *free_x)
{
    int w, h;
    pango_layout_set_text(layout, label, -1);
    pango_layout_get_pixel_size(layout, &w, &h);
    if (x + w > width)
        x = width - w;
    if (x < *free_x)
        return;
    cairo_move_to(cr, x, height - AXIS + 3);
    pango_cairo_show_layout(cr, layout);
    *free_x = x + w + 26;
}

static gboolean has_label(const desk_timeline *t, int step)
{
    return t->days || step % 12 == 0 || t->last - t->first < 30;
}

static void draw_axis(const desk_timeline *t, cairo_t *cr, int width, int height, const GdkRGBA *text)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(t->area, NULL);
    double free_x = 0;
    set_color(cr, text, 0.62);
    for (int i = 0; i < t->bar_count; i++) {
        int step = t->first + i * t->per_bar;
        if (!has_label(t, step))
            continue;
        g_autofree char *iso = date_of(step, t->days), *label = NULL;
        if (!t->days && (step % 12 == 0 || t->per_bar >= 12))
            iso[4] = '\0';
        label = desk_date(iso);
        draw_label(layout, cr, label, bar_x(t, i, width), width, height, &free_x);
    }
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, void *data)
{
    (void)area;
    desk_timeline *t = data;
    GdkRGBA text, accent;
    GtkStyleContext *style = gtk_widget_get_style_context(t->area);
    gtk_style_context_get_color(style, &text);
    if (!gtk_style_context_lookup_color(style, "accent", &accent))
        accent = text;
    if (!t->bar_count)
        return;
    if (t->mark != NONE) {
        int a = MIN(t->anchor, t->mark), b = MAX(t->anchor, t->mark);
        set_color(cr, &accent, 0.13);
        cairo_rectangle(cr, bar_x(t, a, width), 0, bar_x(t, b + 1, width) - bar_x(t, a, width), height - AXIS);
        cairo_fill(cr);
    }
    draw_bars(t, cr, width, height, &text, &accent);
    draw_axis(t, cr, width, height, &text);
}

/* ---- Choosing ---- */

static void choose(desk_timeline *t)
{
    if (t->mark == NONE || !t->bar_count)
        return;
    g_autofree char *range = range_of(t, t->anchor, t->mark);
    t->mark = t->anchor = NONE;
    changed(t);
    desk_narrow(t->w, "date", range);
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, desk_timeline *t)
{
    (void)drag, (void)y;
    t->anchor = t->mark = bar_at(t, x);
    t->dragging = TRUE;
    changed(t);
}

static void on_drag_update(GtkGestureDrag *drag, double dx, double dy, desk_timeline *t)
{
    (void)dy;
    double x, y;
    if (!gtk_gesture_drag_get_start_point(drag, &x, &y) || t->anchor == NONE)
        return;
    t->mark = bar_at(t, x + dx);
    changed(t);
}

static void on_drag_end(GtkGestureDrag *drag, double dx, double dy, desk_timeline *t)
{
    on_drag_update(drag, dx, dy, t);
    t->dragging = FALSE;
    choose(t);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, desk_timeline *t)
{
    (void)motion, (void)y;
    int bar = bar_at(t, x);
    if (bar == t->hover)
        return;
    t->hover = bar;
    gtk_widget_queue_draw(t->area);
    gtk_widget_trigger_tooltip_query(t->area);
}

static void on_leave(GtkEventControllerMotion *motion, desk_timeline *t)
{
    (void)motion;
    t->hover = NONE;
    gtk_widget_queue_draw(t->area);
}

static gboolean on_tooltip(GtkWidget *area, int x, int y, gboolean keyboard, GtkTooltip *tooltip, desk_timeline *t)
{
    (void)area, (void)y;
    int bar = keyboard ? t->mark : bar_at(t, x);
    if (bar == NONE || bar >= t->bar_count)
        return FALSE;
    g_autofree char *shown = shown_range(t, bar, bar);
    g_autofree char *text = g_strdup_printf("%s: %s", shown, desk_number(t->counts[bar]));
    gtk_tooltip_set_text(tooltip, text);
    return TRUE;
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, desk_timeline *t)
{
    (void)keys, (void)code;
    int step = key == GDK_KEY_Left ? -1 : key == GDK_KEY_Right ? 1 : 0;
    if (!t->bar_count || (state & (GDK_ALT_MASK | GDK_CONTROL_MASK)))
        return FALSE;
    if (step) {
        t->mark = t->mark == NONE ? (step > 0 ? 0 : t->bar_count - 1) : CLAMP(t->mark + step, 0, t->bar_count - 1);
        if (!(state & GDK_SHIFT_MASK) || t->anchor == NONE)
            t->anchor = t->mark;
        changed(t);
        return TRUE;
    }
    if (t->mark == NONE)
        return FALSE;
    if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_space)
        choose(t);
    else if (key == GDK_KEY_Escape) {
        t->mark = t->anchor = NONE;
        changed(t);
    } else
        return FALSE;
    return TRUE;
}

static void on_resize(GtkDrawingArea *area, int width, int height, desk_timeline *t)
{
    (void)area, (void)width, (void)height;
    t->mark = t->anchor = t->hover = NONE;
    count_bars(t);
}

/* ---- From outside ---- */

void desk_timeline_cover(desk_timeline *t, const char *range)
{
    t->fixed = range != NULL;
    t->days = FALSE;
    t->first = t->whole_first;
    t->last = t->whole_last;
    if (!range)
        return;
    const char *dots = strstr(range, "..");
    g_autofree char *begin = g_strndup(range, dots ? (gsize)(dots - range) : strlen(range));
    const char *end = dots ? dots + 2 : range;
    t->days = step_of(end, FALSE, TRUE) - step_of(begin, FALSE, FALSE) < DAYS_UP_TO_MONTHS;
    t->first = step_of(begin, t->days, FALSE);
    t->last = step_of(end, t->days, TRUE);
}

gboolean desk_timeline_wants_days(const desk_timeline *t)
{
    return t->days;
}

static void cover_values(desk_timeline *t)
{
    gsize count;
    const morgue_facet_value *values = values_of(t, &count);
    for (gsize i = 0; i < count; i++) {
        int step = step_of(values[i].value, FALSE, FALSE);
        if (step == NONE)
            continue;
        if (t->whole_first > t->whole_last)
            t->whole_first = t->whole_last = step;
        t->whole_first = MIN(t->whole_first, step);
        t->whole_last = MAX(t->whole_last, step);
    }
    t->first = t->whole_first;
    t->last = t->whole_last;
}

void desk_timeline_show(desk_timeline *t, morgue_part *take_dates)
{
    morgue_part_free(t->dates);
    t->dates = take_dates;
    if (!take_dates)
        t->whole_first = 1, t->whole_last = 0;
    if (!t->fixed)
        cover_values(t);
    if (!t->dragging)
        t->mark = t->anchor = NONE;
    count_bars(t);
    gtk_widget_set_visible(t->area, t->first <= t->last);
    changed(t);
}

static void add_gestures(desk_timeline *t)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), t);
    g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), t);
    g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), t);
    gtk_widget_add_controller(t->area, GTK_EVENT_CONTROLLER(drag));
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(on_motion), t);
    g_signal_connect(motion, "leave", G_CALLBACK(on_leave), t);
    gtk_widget_add_controller(t->area, motion);
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), t);
    gtk_widget_add_controller(t->area, keys);
    g_signal_connect(t->area, "resize", G_CALLBACK(on_resize), t);
    g_signal_connect(t->area, "query-tooltip", G_CALLBACK(on_tooltip), t);
}

desk_timeline *desk_timeline_new(desk *w)
{
    desk_timeline *t = g_new0(desk_timeline, 1);
    t->w = w;
    t->first = t->whole_first = 1;
    t->anchor = t->mark = t->hover = NONE;
    t->area = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_WIDGET, "focusable", TRUE,
                           "content-height", HEIGHT, "has-tooltip", TRUE, "cursor", NULL, NULL);
    gtk_widget_set_cursor_from_name(t->area, "col-resize");
    desk_named(desk_styled_as(t->area, "timeline"), "Timeline");
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(t->area), draw, t, NULL);
    add_gestures(t);
    return t;
}

void desk_timeline_free(desk_timeline *t)
{
    g_free(t->counts);
    g_free(t);
}

GtkWidget *desk_timeline_widget(desk_timeline *t)
{
    return t->area;
}

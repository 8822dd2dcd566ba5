/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows are made once, are all as high, and are filled when they are in sight: so an answer changes no sizes, only what
 * differs is painted, and it appears in the frame of the key.
 */
#include "desktop.h"

/* Rows in sight, until it is known how high they are. */
#define FIRST_ROWS 7
#define SNIPPET_CHARS 220

struct desk_list {
    desk *w;
    GtkWidget *scroller, *box;
    GPtrArray *rows;   /* of GtkListBoxRow, each with a summary */
    morgue_part *page; /* what they show, in the same order; NULL: nothing */
    guint filled;      /* rows that show their hit: those in sight, and those above */
    gboolean silent;   /* a selection of our own making */
};

/* ---- A row: title, source and date, snippet, as one layout that is always as high ---- */

#define DESK_TYPE_SUMMARY (desk_summary_get_type())
G_DECLARE_FINAL_TYPE(DeskSummary, desk_summary, DESK, SUMMARY, GtkWidget)

struct _DeskSummary {
    GtkWidget parent;
    PangoLayout *layout;
    int height; /* 0: not known yet */
};

G_DEFINE_TYPE(DeskSummary, desk_summary, GTK_TYPE_WIDGET)

static void style_text(PangoAttrList *attrs, gsize begin, gsize end, double scale, double alpha, PangoWeight weight)
{
    PangoAttribute *made[] = { pango_attr_scale_new(scale), pango_attr_foreground_alpha_new((guint16)(alpha * 65535)),
                               pango_attr_weight_new(weight) };
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        made[i]->start_index = (guint)begin;
        made[i]->end_index = (guint)end;
        pango_attr_list_change(attrs, made[i]);
    }
}

static PangoAttrList *styles(gsize title_end, gsize meta_end)
{
    PangoAttrList *attrs = pango_attr_list_new();
    style_text(attrs, 0, title_end, 1.04, 1, PANGO_WEIGHT_SEMIBOLD);
    style_text(attrs, title_end, meta_end, 0.86, 0.66, PANGO_WEIGHT_NORMAL);
    style_text(attrs, meta_end, G_MAXUINT, 0.94, 0.82, PANGO_WEIGHT_NORMAL);
    return attrs;
}

/* With a title of two lines, the higher case. */
static int full_height(DeskSummary *summary)
{
    PangoLayout *sample = gtk_widget_create_pango_layout(GTK_WIDGET(summary), "T\nT\nM\nS\nS");
    PangoAttrList *attrs = styles(4, 6);
    int height;
    pango_layout_set_spacing(sample, pango_layout_get_spacing(summary->layout));
    pango_layout_set_attributes(sample, attrs);
    pango_layout_get_pixel_size(sample, NULL, &height);
    pango_attr_list_unref(attrs);
    g_object_unref(sample);
    return height;
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
    (void)for_size;
    DeskSummary *summary = DESK_SUMMARY(widget);
    *minimum = *natural = 0;
    *minimum_baseline = *natural_baseline = -1;
    if (orientation == GTK_ORIENTATION_HORIZONTAL)
        return;
    if (!summary->height)
        summary->height = full_height(summary);
    *minimum = *natural = summary->height;
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    (void)baseline;
    pango_layout_set_width(DESK_SUMMARY(widget)->layout, width * PANGO_SCALE);
    pango_layout_set_height(DESK_SUMMARY(widget)->layout, height * PANGO_SCALE);
}

static void css_changed(GtkWidget *widget, GtkCssStyleChange *change)
{
    GTK_WIDGET_CLASS(desk_summary_parent_class)->css_changed(widget, change);
    DESK_SUMMARY(widget)->height = 0;
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    gtk_snapshot_render_layout(snapshot, gtk_widget_get_style_context(widget), 0, 0, DESK_SUMMARY(widget)->layout);
}

static void finalize(GObject *object)
{
    g_object_unref(DESK_SUMMARY(object)->layout);
    G_OBJECT_CLASS(desk_summary_parent_class)->finalize(object);
}

static void desk_summary_class_init(DeskSummaryClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->finalize = finalize;
    widget->measure = measure;
    widget->size_allocate = size_allocate;
    widget->css_changed = css_changed;
    widget->snapshot = snapshot;
}

static void desk_summary_init(DeskSummary *summary)
{
    summary->layout = gtk_widget_create_pango_layout(GTK_WIDGET(summary), NULL);
    pango_layout_set_wrap(summary->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(summary->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_spacing(summary->layout, 3 * PANGO_SCALE);
}

/* "Nordwire · 11 March 2022 · Maja Ekdahl", as much of it as there is. */
static void add_meta(GString *text, const morgue_hit *hit)
{
    g_autofree char *date = desk_date(morgue_hit_date(hit));
    const char *parts[] = { morgue_hit_source(hit), date, morgue_hit_author(hit) };
    for (gsize i = 0, count = 0; i < G_N_ELEMENTS(parts); i++)
        if (*parts[i])
            g_string_append_printf(text, "%s%s", count++ ? " · " : "", parts[i]);
}

/* Text and marks of a hit; untrusted, so it is no markup. */
static char *compose(const morgue_hit *hit, PangoAttrList **attrs)
{
    morgue_snippet found = { .text = "" };
    morgue_hit_snippet(hit, SNIPPET_CHARS, &found, NULL);
    g_autofree char *title = desk_text_line(desk_title(hit), -1);
    g_autofree char *snippet = desk_text_line(found.text, (gssize)found.text_len);
    GString *text = g_string_new(title);
    gsize title_end = text->len + 1;
    g_string_append_c(text, '\n');
    add_meta(text, hit);
    gsize meta_end = text->len;
    if (*snippet)
        g_string_append_printf(text, "%s%s", meta_end > title_end ? "\n" : "", snippet);
    *attrs = styles(title_end, meta_end);
    desk_chars chars = desk_chars_of(found.text, found.text_len);
    const char *begin = text->str + text->len - strlen(snippet);
    for (gsize i = 0; i < found.match_count; i++) {
        const char *from = g_utf8_offset_to_pointer(begin, desk_chars_at(&chars, found.matches[i].begin));
        const char *to = g_utf8_offset_to_pointer(begin, desk_chars_at(&chars, found.matches[i].end));
        style_text(*attrs, (gsize)(from - text->str), (gsize)(to - text->str), 0.94, 1, PANGO_WEIGHT_BOLD);
    }
    return g_string_free(text, FALSE);
}

/* Much stays the same from key to key, and what does is not painted again. */
static void fill_row(GtkListBoxRow *row, const morgue_hit *hit)
{
    DeskSummary *summary = DESK_SUMMARY(gtk_list_box_row_get_child(row));
    PangoAttrList *attrs;
    g_autofree char *text = compose(hit, &attrs);
    if (!g_str_equal(text, pango_layout_get_text(summary->layout)) ||
        !pango_attr_list_equal(attrs, pango_layout_get_attributes(summary->layout))) {
        pango_layout_set_text(summary->layout, text, -1);
        pango_layout_set_attributes(summary->layout, attrs);
        gtk_widget_queue_draw(GTK_WIDGET(summary));
        gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }
    pango_attr_list_unref(attrs);
}

/* ---- The rows ---- */

static GtkAdjustment *scrolled(desk_list *list)
{
    return gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(list->scroller));
}

/* Rows from the first to the last in sight. */
static guint rows_to_sight(desk_list *list)
{
    int height = list->rows->len ? gtk_widget_get_height(list->rows->pdata[0]) : 0;
    if (!height)
        return FIRST_ROWS;
    double end = gtk_adjustment_get_value(scrolled(list)) + gtk_adjustment_get_page_size(scrolled(list));
    return (guint)end / (guint)height + 1;
}

static void fill_to(desk_list *list, guint end)
{
    for (; list->filled < MIN(desk_list_size(list), end); list->filled++)
        fill_row(list->rows->pdata[list->filled], desk_list_hit(list, list->filled));
}

static void on_scrolled(GtkAdjustment *adjustment, desk_list *list)
{
    (void)adjustment;
    fill_to(list, rows_to_sight(list));
}

gsize desk_list_size(const desk_list *list)
{
    return list->page ? morgue_results_size(morgue_part_results(list->page)) : 0;
}

const morgue_hit *desk_list_hit(const desk_list *list, gsize index)
{
    return index < desk_list_size(list) ? morgue_results_hit(morgue_part_results(list->page), index) : NULL;
}

/* Rows of its hits, with names for those who do not see them. */
static void set_rows(desk_list *list, gsize size)
{
    while (list->rows->len < size) {
        GtkWidget *row = desk_styled_as(gtk_list_box_row_new(), "hit");
        gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), g_object_new(DESK_TYPE_SUMMARY, NULL));
        gtk_list_box_append(GTK_LIST_BOX(list->box), row);
        g_ptr_array_add(list->rows, row);
    }
    for (guint i = 0; i < list->rows->len; i++) {
        g_autofree char *title = i < size ? desk_text_line(desk_title(desk_list_hit(list, i)), -1) : NULL;
        gtk_widget_set_visible(list->rows->pdata[i], i < size);
        if (title)
            desk_named(list->rows->pdata[i], title);
    }
}

void desk_list_show(desk_list *list, morgue_part *take_page, gboolean more)
{
    morgue_part_free(list->page);
    list->page = take_page;
    list->filled = 0;
    if (!more) {
        list->silent = TRUE;
        gtk_list_box_unselect_all(GTK_LIST_BOX(list->box));
        list->silent = FALSE;
        gtk_adjustment_set_value(scrolled(list), 0);
    }
    set_rows(list, desk_list_size(list));
    fill_to(list, rows_to_sight(list));
}

int desk_list_selected(const desk_list *list)
{
    GtkListBoxRow *selected = gtk_list_box_get_selected_row(GTK_LIST_BOX(list->box));
    return selected ? gtk_list_box_row_get_index(selected) : -1;
}

void desk_list_select(desk_list *list, guint index, gboolean focus)
{
    GtkListBoxRow *row = list->rows->pdata[index];
    fill_to(list, index + 1);
    list->silent = TRUE;
    gtk_list_box_select_row(GTK_LIST_BOX(list->box), row);
    list->silent = FALSE;
    if (focus)
        gtk_widget_grab_focus(GTK_WIDGET(row));
}

static void on_selected(GtkListBox *box, GtkListBoxRow *selected, desk_list *list)
{
    (void)box;
    if (selected && !list->silent)
        desk_show_article(list->w, (guint)gtk_list_box_row_get_index(selected));
}

static void on_activated(GtkListBox *box, GtkListBoxRow *activated, desk_list *list)
{
    (void)box, (void)activated;
    desk_read(list->w);
}

static void on_edge(GtkScrolledWindow *scroller, GtkPositionType edge, desk_list *list)
{
    (void)scroller;
    if (edge == GTK_POS_BOTTOM)
        desk_ask_more(list->w);
}

desk_list *desk_list_new(desk *w)
{
    desk_list *list = g_new0(desk_list, 1);
    list->w = w;
    list->rows = g_ptr_array_new();
    list->box = desk_named(desk_styled_as(gtk_list_box_new(), "hits"), "Articles found");
    gtk_list_box_set_activate_on_single_click(GTK_LIST_BOX(list->box), FALSE);
    list->scroller = desk_scroller(list->box);
    g_signal_connect(list->box, "row-selected", G_CALLBACK(on_selected), list);
    g_signal_connect(list->box, "row-activated", G_CALLBACK(on_activated), list);
    g_signal_connect(scrolled(list), "value-changed", G_CALLBACK(on_scrolled), list);
    g_signal_connect(scrolled(list), "changed", G_CALLBACK(on_scrolled), list);
    g_signal_connect(list->scroller, "edge-reached", G_CALLBACK(on_edge), list);
    return list;
}

void desk_list_free(desk_list *list)
{
    g_ptr_array_unref(list->rows);
    g_free(list);
}

GtkWidget *desk_list_widget(desk_list *list)
{
    return list->scroller;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lines.h"
#include "text.h"

#define DESK_TYPE_LINES (desk_lines_get_type())
G_DECLARE_FINAL_TYPE(DeskLines, desk_lines, DESK, LINES, GtkWidget)

struct _DeskLines {
    GtkWidget parent;
    PangoLayout *layout;
};

G_DEFINE_TYPE(DeskLines, desk_lines, GTK_TYPE_WIDGET)

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
    PangoLayout *layout = DESK_LINES(widget)->layout;
    *minimum = *natural = 0;
    *minimum_baseline = *natural_baseline = -1;
    if (orientation == GTK_ORIENTATION_HORIZONTAL)
        return;
    if (for_size >= 0)
        pango_layout_set_width(layout, for_size * PANGO_SCALE);
    pango_layout_get_pixel_size(layout, NULL, natural);
    *minimum = *natural;
}

static GtkSizeRequestMode request_mode(GtkWidget *widget)
{
    (void)widget;
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    (void)height;
    (void)baseline;
    pango_layout_set_width(DESK_LINES(widget)->layout, width * PANGO_SCALE);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    gtk_snapshot_render_layout(snapshot, gtk_widget_get_style_context(widget), 0, 0, DESK_LINES(widget)->layout);
}

static void finalize(GObject *object)
{
    g_object_unref(DESK_LINES(object)->layout);
    G_OBJECT_CLASS(desk_lines_parent_class)->finalize(object);
}

static void desk_lines_class_init(DeskLinesClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->finalize = finalize;
    widget->measure = measure;
    widget->get_request_mode = request_mode;
    widget->size_allocate = size_allocate;
    widget->snapshot = snapshot;
}

static void desk_lines_init(DeskLines *lines)
{
    lines->layout = gtk_widget_create_pango_layout(GTK_WIDGET(lines), NULL);
    pango_layout_set_wrap(lines->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(lines->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_spacing(lines->layout, 2 * PANGO_SCALE);
}

GtkWidget *desk_lines_new(int max_lines)
{
    DeskLines *lines = g_object_new(DESK_TYPE_LINES, NULL);
    pango_layout_set_height(lines->layout, -max_lines);
    return GTK_WIDGET(lines);
}

void desk_lines_set(GtkWidget *widget, const char *text, gsize len, const morgue_span *bold, gsize bold_count)
{
    PangoLayout *layout = DESK_LINES(widget)->layout;
    PangoAttrList *attrs;
    char *line = desk_text_bold(text, len, bold, bold_count, &attrs);
    pango_layout_set_text(layout, line, -1);
    pango_layout_set_attributes(layout, attrs);
    pango_attr_list_unref(attrs);
    g_free(line);
    gtk_widget_queue_resize(widget);
}

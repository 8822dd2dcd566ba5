/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* From these widths on there is room for the sidebar, and for list and reader beside each other. */
#define WIDE 1080
#define MIDDLE 760
#define MESSAGE_SECONDS 8

/* ---- Widgets as all parts want them ---- */

GtkWidget *desk_styled_as(GtkWidget *widget, const char *css_class)
{
    gtk_widget_add_css_class(widget, css_class);
    return widget;
}

GtkWidget *desk_named(GtkWidget *widget, const char *accessible_name)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible_name, -1);
    return widget;
}

GtkWidget *desk_box(GtkOrientation orientation, int spacing, GtkWidget *first, ...)
{
    GtkWidget *box = gtk_box_new(orientation, spacing);
    va_list more;
    va_start(more, first);
    for (GtkWidget *child = first; child; child = va_arg(more, GtkWidget *))
        gtk_box_append(GTK_BOX(box), child);
    va_end(more);
    return box;
}

GtkWidget *desk_label(const char *text, const char *css_class)
{
    g_autofree char *line = desk_text_line(text, -1);
    return desk_styled_as(g_object_new(GTK_TYPE_LABEL, "label", line, "xalign", 0.0F, NULL), css_class);
}

/* A scroll bar that fades in and out would keep the frame clock ticking, and an answer wait for the next tick. */
GtkWidget *desk_scroller(GtkWidget *child)
{
    return g_object_new(GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "overlay-scrolling", FALSE,
                        "child", child, NULL);
}

void desk_empty_box(GtkWidget *box)
{
    for (GtkWidget *child; (child = gtk_widget_get_first_child(box));)
        gtk_box_remove(GTK_BOX(box), child);
}

GtkWidget *desk_name_button(const char *css_class, GtkWidget *last)
{
    GtkWidget *button = gtk_button_new(), *dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *label = desk_label("", "name");
    gtk_widget_set_valign(dot, GTK_ALIGN_CENTER);
    g_object_set(label, "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", 28, "hexpand", TRUE, NULL);
    gtk_button_set_child(GTK_BUTTON(button), desk_box(GTK_ORIENTATION_HORIZONTAL, 8, dot, label, last, NULL));
    gtk_button_set_has_frame(GTK_BUTTON(button), FALSE);
    return desk_styled_as(button, css_class);
}

void desk_name_button_set(GtkWidget *button, const char *type, const char *name)
{
    GtkWidget *dot = gtk_widget_get_first_child(gtk_button_get_child(GTK_BUTTON(button)));
    g_autofree char *line = desk_text_line(name, -1);
    gtk_widget_set_css_classes(dot, (const char *[]){ "dot", type, NULL });
    gtk_label_set_text(GTK_LABEL(gtk_widget_get_next_sibling(dot)), line);
}

/* ---- Little room ---- */

static void arrange(desk *w)
{
    gboolean both = w->width >= MIDDLE;
    gtk_widget_set_visible(w->sidebar, w->sidebar_wanted && (both || !w->reading));
    gtk_widget_set_visible(w->list_pane, both || !w->reading);
    gtk_widget_set_visible(w->reader_pane, both || w->reading);
    gtk_widget_set_visible(w->back_button, !both && w->reading);
    gtk_widget_set_visible(w->sidebar_button, both || !w->reading);
    gtk_widget_set_size_request(w->entry, w->width >= WIDE ? 560 : both ? 380 : 200, -1);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(w->sidebar_button), gtk_widget_get_visible(w->sidebar));
}

static gboolean rearrange(void *data)
{
    desk *w = data;
    w->arrange_source = 0;
    arrange(w);
    return G_SOURCE_REMOVE;
}

/* Widgets cannot come and go while sizes are being given out. */
static void on_layout(GdkSurface *surface, int width, int height, desk *w)
{
    (void)surface, (void)height;
    if ((width >= WIDE) != (w->width >= WIDE))
        w->sidebar_wanted = width >= WIDE;
    w->width = width;
    if (!w->arrange_source)
        w->arrange_source = g_idle_add_full(GDK_PRIORITY_EVENTS, rearrange, w, NULL);
}

static void on_realize(GtkWidget *window, desk *w)
{
    g_signal_connect(gtk_native_get_surface(GTK_NATIVE(window)), "layout", G_CALLBACK(on_layout), w);
}

void desk_layout_read(desk *w, gboolean reading)
{
    w->reading = reading;
    arrange(w);
}

void desk_layout_toggle_sidebar(desk *w)
{
    w->sidebar_wanted = !gtk_widget_get_visible(w->sidebar);
    arrange(w);
}

/* ---- The line at the foot ---- */

static gboolean hide_status(void *data)
{
    desk *w = data;
    w->status_source = 0;
    gtk_revealer_set_reveal_child(GTK_REVEALER(w->status), FALSE);
    return G_SOURCE_REMOVE;
}

static void say(desk *w, const char *text, gboolean busy, gboolean failed)
{
    g_autofree char *line = desk_text_line(text, -1);
    gtk_label_set_text(GTK_LABEL(w->status_text), line);
    gtk_widget_set_css_classes(w->status_text, (const char *[]){ failed ? "error" : NULL, NULL });
    gtk_widget_set_visible(w->progress, busy);
    gtk_widget_set_visible(w->cancel, busy);
    gtk_revealer_set_reveal_child(GTK_REVEALER(w->status), TRUE);
    g_clear_handle_id(&w->status_source, g_source_remove);
}

void desk_busy(desk *w, const char *text)
{
    say(w, text, TRUE, FALSE);
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(w->progress));
}

void desk_message(desk *w, const char *text, gboolean failed)
{
    say(w, text, FALSE, failed);
    w->status_source = g_timeout_add_seconds(MESSAGE_SECONDS, hide_status, w);
}

static GtkWidget *make_status(desk *w)
{
    w->status_text = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0F, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_MIDDLE,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
    w->progress = desk_named(gtk_progress_bar_new(), "Indexing");
    gtk_widget_set_valign(w->progress, GTK_ALIGN_CENTER);
    w->cancel = gtk_button_new_with_label("Cancel");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(w->cancel), "win.cancel");
    GtkWidget *box = desk_box(GTK_ORIENTATION_HORIZONTAL, 14, w->status_text, w->progress, w->cancel, NULL);
    w->status = g_object_new(GTK_TYPE_REVEALER, "child", desk_styled_as(box, "status"), NULL);
    return w->status;
}

/* ---- What the search is narrowed to: a button each, which undoes it ---- */

static void on_chip(GtkButton *chip, desk *w)
{
    desk_widen(w, GPOINTER_TO_INT(g_object_get_data(G_OBJECT(chip), "index")));
    gtk_widget_grab_focus(w->entry);
}

void desk_show_filters(desk *w)
{
    desk_empty_box(w->chips);
    for (int i = 0; w->filters[i]; i++) {
        const char *value = strchr(w->filters[i], ':') + 1;
        g_autofree char *type = g_strndup(w->filters[i], (gsize)(value - w->filters[i] - 1));
        g_autofree char *shown = g_str_equal(type, "date") ? desk_date(value) : desk_text_line(value, -1);
        g_autofree char *spoken = g_strdup_printf("Only %s; undo", shown);
        GtkWidget *cross = gtk_image_new_from_icon_name("window-close-symbolic");
        GtkWidget *chip = desk_named(desk_name_button("chip", cross), spoken);
        desk_name_button_set(chip, type, shown);
        gtk_image_set_pixel_size(GTK_IMAGE(cross), 12);
        g_object_set(chip, "valign", GTK_ALIGN_CENTER, "hexpand", FALSE, NULL);
        gtk_widget_set_tooltip_text(chip, "Undo");
        g_object_set_data(G_OBJECT(chip), "index", GINT_TO_POINTER(i));
        g_signal_connect(chip, "clicked", G_CALLBACK(on_chip), w);
        gtk_box_append(GTK_BOX(w->chips), chip);
    }
}

/* ---- The window ---- */

static GtkWidget *icon_button(GtkWidget *button, const char *icon, const char *label, const char *action)
{
    gtk_button_set_icon_name(GTK_BUTTON(button), icon);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
    gtk_widget_set_tooltip_text(button, label);
    return desk_named(button, label);
}

static GtkWidget *make_menu(void)
{
    static const char *const items[][2] = {
        { "Index a Folder…", "win.index" },
        { "Open Archive…", "win.open" },
        { NULL, NULL },
        { "Follow the System", "win.style::system" },
        { "Light", "win.style::light" },
        { "Dark", "win.style::dark" },
        { NULL, NULL },
        { "Keyboard Shortcuts", "win.shortcuts" },
        { "Quit", "app.quit" },
    };
    g_autoptr(GMenu) menu = g_menu_new();
    GMenu *section = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++) {
        if (!section || !items[i][0]) {
            g_clear_object(&section);
            section = g_menu_new();
            g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
        }
        if (items[i][0])
            g_menu_append(section, items[i][0], items[i][1]);
    }
    g_clear_object(&section);
    return g_object_new(GTK_TYPE_MENU_BUTTON, "icon-name", "open-menu-symbolic", "menu-model", menu, "primary", TRUE,
                        "tooltip-text", "Main menu", NULL);
}

static void on_sidebar(GtkButton *button, desk *w)
{
    (void)button;
    desk_layout_toggle_sidebar(w);
}

static GtkWidget *make_header(desk *w)
{
    GtkHeaderBar *header = GTK_HEADER_BAR(gtk_header_bar_new());
    w->back_button = icon_button(gtk_button_new(), "go-previous-symbolic", "Back to the list", "win.leave");
    w->sidebar_button = icon_button(gtk_toggle_button_new(), "view-list-bullet-symbolic", "Names and sources", NULL);
    g_signal_connect(w->sidebar_button, "clicked", G_CALLBACK(on_sidebar), w);
    w->entry = desk_named(gtk_search_entry_new(), "Search articles");
    gtk_header_bar_set_title_widget(header, w->entry);
    gtk_header_bar_pack_start(header, w->back_button);
    gtk_header_bar_pack_start(header, w->sidebar_button);
    gtk_header_bar_pack_end(header, desk_named(make_menu(), "Main menu"));
    gtk_header_bar_pack_end(header,
                            icon_button(gtk_button_new(), "folder-new-symbolic", "Index a folder", "win.index"));
    return GTK_WIDGET(header);
}

static GtkWidget *make_strip(desk *w)
{
    w->count = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0F, "ellipsize", PANGO_ELLIPSIZE_END, "accessible-role",
                            GTK_ACCESSIBLE_ROLE_STATUS, NULL);
    gtk_widget_add_css_class(w->count, "found");
    w->chips = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *scroller = g_object_new(GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_EXTERNAL,
                                       "vscrollbar-policy", GTK_POLICY_NEVER, "hexpand", TRUE, "child", w->chips, NULL);
    const char *const orders[] = { "Best match", "Newest first", "Oldest first", NULL };
    w->sort = desk_named(gtk_drop_down_new_from_strings(orders), "Order");
    gtk_widget_set_valign(w->sort, GTK_ALIGN_CENTER);
    return desk_styled_as(desk_box(GTK_ORIENTATION_HORIZONTAL, 10, w->count, scroller, w->sort, NULL), "strip");
}

static GtkWidget *make_empty(const char *title, const char *text, const char *button, const char *action)
{
    GtkWidget *heading = desk_label(title, "empty-title"), *label = desk_label(text, "muted");
    g_object_set(heading, "xalign", 0.5F, NULL);
    g_object_set(label, "xalign", 0.5F, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, "max-width-chars", 44, NULL);
    GtkWidget *box = desk_styled_as(desk_box(GTK_ORIENTATION_VERTICAL, 12, heading, label, NULL), "empty");
    g_object_set(box, "valign", GTK_ALIGN_CENTER, "halign", GTK_ALIGN_CENTER, NULL);
    if (button)
        gtk_box_append(GTK_BOX(box), desk_styled_as(g_object_new(GTK_TYPE_BUTTON, "label", button, "action-name",
                                                                 action, "halign", GTK_ALIGN_CENTER, NULL),
                                                    "primary"));
    return box;
}

static GtkWidget *make_panes(desk *w)
{
    w->list_pane = desk_list_widget(w->list);
    w->reader_stack = g_object_new(GTK_TYPE_STACK, "hexpand", TRUE, "vexpand", TRUE, NULL);
    gtk_stack_add_named(GTK_STACK(w->reader_stack),
                        make_empty("Nothing to read yet",
                                   "Type to search. Down goes into the list, Enter opens an article.", NULL, NULL),
                        "empty");
    gtk_stack_add_named(GTK_STACK(w->reader_stack), desk_reader_widget(w->reader), "article");
    w->reader_pane = desk_styled_as(desk_box(GTK_ORIENTATION_VERTICAL, 0, w->reader_stack, NULL), "reader-pane");
    gtk_widget_set_size_request(w->list_pane, 280, -1);
    gtk_widget_set_size_request(w->reader_pane, 320, -1);
    return g_object_new(GTK_TYPE_PANED, "start-child", w->list_pane, "end-child", w->reader_pane, "resize-start-child",
                        FALSE, "shrink-start-child", FALSE, "shrink-end-child", FALSE, "position", 392, "vexpand", TRUE,
                        NULL);
}

void desk_layout_init(desk *w, GtkApplication *app)
{
    w->window = gtk_application_window_new(app);
    gtk_window_set_default_size(GTK_WINDOW(w->window), 1320, 860);
    gtk_window_set_title(GTK_WINDOW(w->window), "Morgue");
    gtk_window_set_titlebar(GTK_WINDOW(w->window), make_header(w));
    w->sidebar = desk_facets_widget(w->facets);
    gtk_widget_set_size_request(w->sidebar, 248, -1);
    gtk_widget_set_hexpand(w->sidebar, FALSE); /* what its rows ask for among themselves */
    GtkWidget *main =
        desk_box(GTK_ORIENTATION_VERTICAL, 0, make_strip(w), desk_timeline_widget(w->timeline), make_panes(w), NULL);
    gtk_widget_set_hexpand(main, TRUE);
    w->stack = g_object_new(GTK_TYPE_STACK, "vexpand", TRUE, NULL);
    gtk_stack_add_named(GTK_STACK(w->stack), desk_box(GTK_ORIENTATION_HORIZONTAL, 0, w->sidebar, main, NULL), "search");
    gtk_stack_add_named(GTK_STACK(w->stack),
                        make_empty("No articles yet",
                                   "Choose a folder with articles: text, HTML, JSON, e-mail, or archives of these. "
                                   "They are copied into an archive; the folder stays as it is.",
                                   "Index a Folder…", "win.index"),
                        "welcome");
    gtk_window_set_child(GTK_WINDOW(w->window), desk_box(GTK_ORIENTATION_VERTICAL, 0, w->stack, make_status(w), NULL));
    g_signal_connect(w->window, "realize", G_CALLBACK(on_realize), w);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout.h"

/* From these widths on there is room for the sidebar, and for list and reader beside each other. */
#define WIDE 1080
#define MIDDLE 760

static void arrange(desk_layout *l)
{
    gboolean both = l->width >= MIDDLE;
    gtk_widget_set_visible(l->sidebar, l->sidebar_wanted && (both || !l->reading));
    gtk_widget_set_visible(l->list_pane, both || !l->reading);
    gtk_widget_set_visible(l->reader_pane, both || l->reading);
    gtk_widget_set_visible(l->back_button, !both && l->reading);
    gtk_widget_set_visible(l->sidebar_button, both || !l->reading);
    gtk_widget_set_size_request(l->entry, l->width >= WIDE ? 560 : both ? 380 : 200, -1);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(l->sidebar_button), gtk_widget_get_visible(l->sidebar));
}

static gboolean rearrange(void *data)
{
    desk_layout *l = data;
    l->source = 0;
    arrange(l);
    return G_SOURCE_REMOVE;
}

/* Widgets cannot come and go while sizes are being given out. */
static void on_layout(GdkSurface *surface, int width, int height, desk_layout *l)
{
    (void)surface;
    (void)height;
    if ((width >= WIDE) != (l->width >= WIDE))
        l->sidebar_wanted = width >= WIDE;
    l->width = width;
    if (!l->source)
        l->source = g_idle_add_full(GDK_PRIORITY_EVENTS, rearrange, l, NULL);
}

static void on_realize(GtkWidget *window, desk_layout *l)
{
    g_signal_connect(gtk_native_get_surface(GTK_NATIVE(window)), "layout", G_CALLBACK(on_layout), l);
}

void desk_layout_read(desk_layout *l, gboolean reading)
{
    l->reading = reading;
    arrange(l);
}

void desk_layout_toggle_sidebar(desk_layout *l)
{
    l->sidebar_wanted = !gtk_widget_get_visible(l->sidebar);
    arrange(l);
}

static void name(GtkWidget *widget, const char *label)
{
    gtk_widget_set_tooltip_text(widget, label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GtkWidget *icon_button(const char *icon, const char *label, const char *action)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
    name(button, label);
    return button;
}

static GMenuModel *make_menu(void)
{
    GMenu *menu = g_menu_new(), *archive = g_menu_new(), *style = g_menu_new(), *rest = g_menu_new();
    g_menu_append(archive, "Index a Folder…", "win.index");
    g_menu_append(archive, "Open Archive…", "win.open");
    g_menu_append(style, "Follow the System", "win.style::system");
    g_menu_append(style, "Light", "win.style::light");
    g_menu_append(style, "Dark", "win.style::dark");
    g_menu_append(rest, "Keyboard Shortcuts", "win.shortcuts");
    g_menu_append(rest, "Quit", "app.quit");
    GMenu *sections[] = { archive, style, rest };
    for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
        g_menu_append_section(menu, NULL, G_MENU_MODEL(sections[i]));
        g_object_unref(sections[i]);
    }
    return G_MENU_MODEL(menu);
}

static GtkWidget *make_header(desk_layout *l)
{
    GtkWidget *header = gtk_header_bar_new(), *menu = gtk_menu_button_new();
    l->sidebar_button = gtk_toggle_button_new();
    gtk_button_set_icon_name(GTK_BUTTON(l->sidebar_button), "view-list-bullet-symbolic");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(l->sidebar_button), NULL);
    name(l->sidebar_button, "Names and sources");
    l->back_button = icon_button("go-previous-symbolic", "Back to the list", "win.leave");
    l->entry = gtk_search_entry_new();
    g_object_set(l->entry, "placeholder-text", "Search", NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(l->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search articles", -1);
    GMenuModel *model = make_menu();
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(menu), model);
    g_object_unref(model);
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(menu), "open-menu-symbolic");
    gtk_menu_button_set_primary(GTK_MENU_BUTTON(menu), TRUE);
    name(menu, "Main menu");
    gtk_header_bar_set_title_widget(GTK_HEADER_BAR(header), l->entry);
    gtk_header_bar_pack_start(GTK_HEADER_BAR(header), l->back_button);
    gtk_header_bar_pack_start(GTK_HEADER_BAR(header), l->sidebar_button);
    gtk_header_bar_pack_end(GTK_HEADER_BAR(header), menu);
    gtk_header_bar_pack_end(GTK_HEADER_BAR(header), icon_button("folder-new-symbolic", "Index a folder", "win.index"));
    return header;
}

static GtkWidget *make_strip(desk_layout *l)
{
    GtkWidget *strip = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10), *scroller = gtk_scrolled_window_new();
    l->count = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0F, "ellipsize", PANGO_ELLIPSIZE_END, "accessible-role",
                            GTK_ACCESSIBLE_ROLE_STATUS, NULL);
    gtk_widget_add_css_class(l->count, "found");
    l->chips = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), l->chips);
    gtk_widget_set_hexpand(scroller, TRUE);
    l->sort = gtk_drop_down_new_from_strings((const char *[]){ "Best match", "Newest first", "Oldest first", NULL });
    gtk_widget_set_valign(l->sort, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(l->sort), GTK_ACCESSIBLE_PROPERTY_LABEL, "Order", -1);
    gtk_box_append(GTK_BOX(strip), l->count);
    gtk_box_append(GTK_BOX(strip), scroller);
    gtk_box_append(GTK_BOX(strip), l->sort);
    gtk_widget_add_css_class(strip, "strip");
    return strip;
}

static GtkWidget *make_empty(const char *title, const char *text, const char *button, const char *action)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *heading = gtk_label_new(title), *label = gtk_label_new(text);
    gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
    gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(box, "empty");
    gtk_widget_add_css_class(heading, "empty-title");
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 44);
    gtk_widget_add_css_class(label, "muted");
    gtk_box_append(GTK_BOX(box), heading);
    gtk_box_append(GTK_BOX(box), label);
    if (button) {
        GtkWidget *widget = gtk_button_new_with_label(button);
        gtk_actionable_set_action_name(GTK_ACTIONABLE(widget), action);
        gtk_widget_set_halign(widget, GTK_ALIGN_CENTER);
        gtk_widget_add_css_class(widget, "primary");
        gtk_box_append(GTK_BOX(box), widget);
    }
    return box;
}

static GtkWidget *make_panes(desk_layout *l, const desk_parts *parts)
{
    GtkWidget *panes = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
    l->list_pane = parts->list;
    l->reader_stack = gtk_stack_new();
    gtk_widget_set_hexpand(l->reader_stack, TRUE);
    gtk_widget_set_vexpand(l->reader_stack, TRUE);
    l->reader_pane = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(l->reader_pane), l->reader_stack);
    gtk_widget_add_css_class(l->reader_pane, "reader-pane");
    gtk_stack_add_named(GTK_STACK(l->reader_stack),
                        make_empty("Nothing to read yet",
                                   "Type to search. Down goes into the list, Enter opens an article.", NULL, NULL),
                        "empty");
    gtk_stack_add_named(GTK_STACK(l->reader_stack), parts->reader, "article");
    gtk_widget_set_size_request(l->list_pane, 280, -1);
    gtk_widget_set_size_request(l->reader_pane, 320, -1);
    gtk_paned_set_start_child(GTK_PANED(panes), l->list_pane);
    gtk_paned_set_end_child(GTK_PANED(panes), l->reader_pane);
    gtk_paned_set_resize_start_child(GTK_PANED(panes), FALSE);
    gtk_paned_set_shrink_start_child(GTK_PANED(panes), FALSE);
    gtk_paned_set_shrink_end_child(GTK_PANED(panes), FALSE);
    gtk_paned_set_position(GTK_PANED(panes), 392);
    gtk_widget_set_vexpand(panes, TRUE);
    return panes;
}

static GtkWidget *make_search(desk_layout *l, const desk_parts *parts)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *main = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    l->sidebar = parts->facets;
    gtk_widget_set_size_request(l->sidebar, 248, -1);
    gtk_widget_set_hexpand(l->sidebar, FALSE); /* what its rows ask for among themselves */
    gtk_box_append(GTK_BOX(main), make_strip(l));
    gtk_box_append(GTK_BOX(main), parts->timeline);
    gtk_box_append(GTK_BOX(main), make_panes(l, parts));
    gtk_widget_set_hexpand(main, TRUE);
    gtk_box_append(GTK_BOX(box), l->sidebar);
    gtk_box_append(GTK_BOX(box), main);
    return box;
}

static void on_sidebar(GtkButton *button, desk_layout *l)
{
    (void)button;
    desk_layout_toggle_sidebar(l);
}

void desk_layout_init(desk_layout *l, GtkApplication *app, const desk_parts *parts)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    l->window = gtk_application_window_new(app);
    l->sidebar_wanted = FALSE; /* until the width is known */
    gtk_window_set_default_size(GTK_WINDOW(l->window), 1320, 860);
    gtk_window_set_title(GTK_WINDOW(l->window), "Morgue");
    gtk_window_set_titlebar(GTK_WINDOW(l->window), make_header(l));
    l->stack = gtk_stack_new();
    gtk_stack_add_named(GTK_STACK(l->stack), make_search(l, parts), "search");
    gtk_stack_add_named(GTK_STACK(l->stack),
                        make_empty("No articles yet",
                                   "Choose a folder with articles: text, HTML, JSON, e-mail, or archives of these. "
                                   "They are copied into an archive; the folder stays as it is.",
                                   "Index a Folder…", "win.index"),
                        "welcome");
    gtk_widget_set_vexpand(l->stack, TRUE);
    gtk_box_append(GTK_BOX(box), l->stack);
    gtk_box_append(GTK_BOX(box), parts->status);
    gtk_window_set_child(GTK_WINDOW(l->window), box);
    g_signal_connect(l->sidebar_button, "clicked", G_CALLBACK(on_sidebar), l);
    g_signal_connect(l->window, "realize", G_CALLBACK(on_realize), l);
}

void desk_layout_dispose(desk_layout *l)
{
    if (l->source)
        g_source_remove(l->source);
}

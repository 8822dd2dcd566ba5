/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the system prefers is asked of the desktop's settings portal, as libadwaita does it, and else taken from GTK's
 * own setting. The portal is org.freedesktop.portal.Settings; its "color-scheme" is 1 for dark.
 */
#include "desktop.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_SETTINGS "org.freedesktop.portal.Settings"
#define APPEARANCE "org.freedesktop.appearance"

struct desk_theme {
    GtkCssProvider *base, *colors;
    GDBusConnection *bus;
    guint subscription;
    GCancellable *cancellable;
    gboolean system_dark;
    const char *style; /* "system", "light", "dark" */
    desk *w;
};

static void apply(desk_theme *theme)
{
    gboolean dark = g_str_equal(theme->style, "system") ? theme->system_dark : g_str_equal(theme->style, "dark");
    g_object_set(gtk_settings_get_default(), "gtk-application-prefer-dark-theme", dark, NULL);
    gtk_css_provider_load_from_resource(theme->colors,
                                        dark ? "/org/morgue/desktop/dark.css" : "/org/morgue/desktop/light.css");
    desk_styled(theme->w, dark);
}

static void take_scheme(desk_theme *theme, GVariant *value)
{
    GVariant *inner = g_variant_ref(value);
    while (g_variant_is_of_type(inner, G_VARIANT_TYPE_VARIANT)) {
        GVariant *next = g_variant_get_variant(inner);
        g_variant_unref(inner);
        inner = next;
    }
    if (g_variant_is_of_type(inner, G_VARIANT_TYPE_UINT32)) {
        theme->system_dark = g_variant_get_uint32(inner) == 1;
        apply(theme);
    }
    g_variant_unref(inner);
}

static void on_setting(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                       const char *signal, GVariant *args, void *data)
{
    (void)bus, (void)sender, (void)path, (void)interface, (void)signal;
    const char *space, *key;
    GVariant *value;
    if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(ssv)")))
        return;
    g_variant_get(args, "(&s&sv)", &space, &key, &value);
    if (g_str_equal(space, APPEARANCE) && g_str_equal(key, "color-scheme"))
        take_scheme(data, value);
    g_variant_unref(value);
}

static void on_read(GObject *source, GAsyncResult *result, void *data)
{
    GVariant *reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);
    if (!reply)
        return; /* no portal, or the theme is gone */
    GVariant *value;
    g_variant_get(reply, "(v)", &value);
    take_scheme(data, value);
    g_variant_unref(value);
    g_variant_unref(reply);
}

static void ask_portal(desk_theme *theme)
{
    theme->bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
    if (!theme->bus)
        return;
    theme->subscription =
        g_dbus_connection_signal_subscribe(theme->bus, PORTAL, PORTAL_SETTINGS, "SettingChanged", PORTAL_PATH,
                                           APPEARANCE, G_DBUS_SIGNAL_FLAGS_NONE, on_setting, theme, NULL);
    g_dbus_connection_call(theme->bus, PORTAL, PORTAL_PATH, PORTAL_SETTINGS, "Read",
                           g_variant_new("(ss)", APPEARANCE, "color-scheme"), G_VARIANT_TYPE("(v)"),
                           G_DBUS_CALL_FLAGS_NONE, 2000, theme->cancellable, on_read, theme);
}

static GtkCssProvider *add_provider(void)
{
    GtkCssProvider *provider = gtk_css_provider_new();
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    return provider;
}

desk_theme *desk_theme_new(desk *w)
{
    desk_theme *theme = g_new0(desk_theme, 1);
    theme->w = w;
    theme->style = "system";
    theme->cancellable = g_cancellable_new();
    theme->colors = add_provider();
    theme->base = add_provider();
    gtk_css_provider_load_from_resource(theme->base, "/org/morgue/desktop/style.css");
    g_object_get(gtk_settings_get_default(), "gtk-application-prefer-dark-theme", &theme->system_dark, NULL);
    apply(theme);
    ask_portal(theme);
    return theme;
}

void desk_theme_free(desk_theme *theme)
{
    g_cancellable_cancel(theme->cancellable);
    g_object_unref(theme->cancellable);
    if (theme->bus) {
        g_dbus_connection_signal_unsubscribe(theme->bus, theme->subscription);
        g_object_unref(theme->bus);
    }
    GtkCssProvider *providers[] = { theme->base, theme->colors };
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++) {
        gtk_style_context_remove_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(providers[i]));
        g_object_unref(providers[i]);
    }
    g_free(theme);
}

void desk_theme_set(desk_theme *theme, const char *style)
{
    theme->style = g_intern_string(style);
    apply(theme);
}

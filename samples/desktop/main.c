/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-desktop [ARCHIVE]: a window to search an archive with, and a program that knows of Morgue only morgue.h. */
#include "desktop.h"

#include <unistd.h>

static gboolean measure, trace;

static const GOptionEntry entries[] = {
    { "measure", 0, 0, G_OPTION_ARG_NONE, &measure, "Print at the end how long keys waited for answers", NULL },
    { "trace", 0, 0, G_OPTION_ARG_NONE, &trace, "Print what the window shows, a line for each change", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void on_activate(GtkApplication *app)
{
    desk_open_window(app, NULL, measure);
}

static void on_open(GtkApplication *app, GFile **files, int count, const char *hint)
{
    (void)count, (void)hint;
    g_autofree char *path = g_file_get_path(files[0]);
    desk_open_window(app, path, measure);
}

static int on_options(GApplication *app, GVariantDict *dict)
{
    (void)app, (void)dict;
    if (trace)
        desk_trace_on();
    return -1;
}

static void quit(GSimpleAction *action, GVariant *value, void *data)
{
    (void)action, (void)value;
    GtkWindow *window = gtk_application_get_active_window(data);
    if (window)
        gtk_window_close(window);
    else
        g_application_quit(data);
}

/* OpenGL without a graphics card computes the whole window for each letter, and takes several times as long. */
static void choose_renderer(void)
{
    if (access("/dev/dri/renderD128", F_OK) != 0 && access("/dev/nvidiactl", F_OK) != 0)
        g_setenv("GSK_RENDERER", "cairo", FALSE);
}

int main(int argc, char **argv)
{
    choose_renderer();
    GtkApplication *app =
        gtk_application_new("org.morgue.desktop", G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
    GSimpleAction *action = g_simple_action_new("quit", NULL);
    g_signal_connect(action, "activate", G_CALLBACK(quit), app);
    g_action_map_add_action(G_ACTION_MAP(app), G_ACTION(action));
    gtk_application_set_accels_for_action(app, "app.quit", (const char *[]){ "<Control>q", NULL });
    g_object_unref(action);
    g_application_add_main_option_entries(G_APPLICATION(app), entries);
    g_application_set_option_context_parameter_string(G_APPLICATION(app), "[ARCHIVE]");
    g_signal_connect(app, "handle-local-options", G_CALLBACK(on_options), NULL);
    g_signal_connect(app, "activate", G_CALLBACK(on_activate), NULL);
    g_signal_connect(app, "open", G_CALLBACK(on_open), NULL);
    int status = g_application_run(G_APPLICATION(app), argc, argv);
    g_object_unref(app);
    return status;
}

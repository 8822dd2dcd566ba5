/* SPDX-License-Identifier: GPL-2.0-or-later */
/* theme.h: the application's style, dark or light as the system has it or as the reader chose. */
#ifndef DESK_THEME_H
#define DESK_THEME_H

#include <gtk/gtk.h>

typedef enum desk_style { DESK_STYLE_SYSTEM, DESK_STYLE_LIGHT, DESK_STYLE_DARK } desk_style;

typedef struct desk_theme desk_theme;

/* `changed` is told, at once and later, whether the window is dark. */
desk_theme *desk_theme_new(void (*changed)(void *ctx, gboolean dark), void *ctx);
void desk_theme_free(desk_theme *theme);
void desk_theme_set(desk_theme *theme, desk_style style);

#endif

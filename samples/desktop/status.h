/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.h: the line at the foot of the window: how indexing goes, with a button to cancel it, and short messages. */
#ifndef DESK_STATUS_H
#define DESK_STATUS_H

#include <gtk/gtk.h>

typedef struct desk_status desk_status;

/* Its button is the action win.cancel. */
desk_status *desk_status_new(void);
void desk_status_free(desk_status *status);
GtkWidget *desk_status_widget(desk_status *status);

/* Something goes on that can be cancelled. */
void desk_status_busy(desk_status *status, const char *text);

/* Nothing does any more; the text stays for a while. */
void desk_status_message(desk_status *status, const char *text, gboolean failed);

#endif

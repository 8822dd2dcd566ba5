/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline.h: how many of the articles found appeared when; dragging over it narrows to that time.
 *
 * By keyboard: Left and Right move a mark, with Shift a range grows, Enter narrows to it.
 */
#ifndef DESK_TIMELINE_H
#define DESK_TIMELINE_H

#include <gtk/gtk.h>
#include "answer.h"

typedef struct desk_timeline desk_timeline;

/* `chosen` gets a range as a date filter has it: "2014-02..2014-04", with days when the timeline shows days. */
desk_timeline *desk_timeline_new(void (*chosen)(void *ctx, const char *range), void *ctx);
void desk_timeline_free(desk_timeline *timeline);
GtkWidget *desk_timeline_widget(desk_timeline *timeline);

/* The span of time it covers: a date range, or NULL for all that `desk_timeline_show` is given next. */
void desk_timeline_cover(desk_timeline *timeline, const char *range);

/* Is it to be given days, and not months? */
gboolean desk_timeline_wants_days(const desk_timeline *timeline);

/* Shows counts (desk_value) of months "2014-03" or days "2014-03-01", ascending. Takes the reference. */
void desk_timeline_show(desk_timeline *timeline, GPtrArray *take_values);

#endif

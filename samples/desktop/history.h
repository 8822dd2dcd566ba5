/* SPDX-License-Identifier: GPL-2.0-or-later */
/* history.h: searches that were made, to go back to. */
#ifndef DESK_HISTORY_H
#define DESK_HISTORY_H

#include "query.h"

typedef struct desk_visit {
    char *typed;
    GPtrArray *filters;
} desk_visit;

typedef struct desk_history desk_history;

desk_history *desk_history_new(void);
void desk_history_free(desk_history *history);

/* Notes a search, unless it is where one is; what one came back from is forgotten. Copies both. */
void desk_history_add(desk_history *history, const char *typed, const GPtrArray *filters);

/* One search back (-1) or forward (1); NULL if there is none. Lent until the next call. */
const desk_visit *desk_history_go(desk_history *history, int step);

#endif

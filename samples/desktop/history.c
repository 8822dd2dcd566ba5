/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history.h"

#define MOST 200

struct desk_history {
    GPtrArray *visits;
    int at;
};

static void visit_free(void *data)
{
    desk_visit *visit = data;
    g_free(visit->typed);
    g_ptr_array_unref(visit->filters);
    g_free(visit);
}

desk_history *desk_history_new(void)
{
    desk_history *history = g_new(desk_history, 1);
    history->visits = g_ptr_array_new_with_free_func(visit_free);
    history->at = -1;
    return history;
}

void desk_history_free(desk_history *history)
{
    g_ptr_array_unref(history->visits);
    g_free(history);
}

void desk_history_add(desk_history *history, const char *typed, const GPtrArray *filters)
{
    const desk_visit *here = history->at >= 0 ? history->visits->pdata[history->at] : NULL;
    if (here && g_str_equal(here->typed, typed) && desk_filters_same(here->filters, filters))
        return;
    desk_visit *visit = g_new(desk_visit, 1);
    visit->typed = g_strdup(typed);
    visit->filters = desk_filters_copy(filters);
    g_ptr_array_set_size(history->visits, history->at + 1);
    g_ptr_array_add(history->visits, visit);
    if (history->visits->len > MOST)
        g_ptr_array_remove_index(history->visits, 0);
    history->at = (int)history->visits->len - 1;
}

const desk_visit *desk_history_go(desk_history *history, int step)
{
    int to = history->at + step;
    if (to < 0 || to >= (int)history->visits->len)
        return NULL;
    history->at = to;
    return history->visits->pdata[to];
}

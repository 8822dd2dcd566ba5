/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which timeline to draw, and how long it gets. */
#include <string.h>

#include "output_overview.h"

/* Days since 1 March of the year 0, by the calendar of today. */
static int64_t day_number(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;
    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static void put_day(char out[16], int64_t number)
{
    int64_t year = (number * 10000 + 14780) / 3652425, rest;
    for (;; year--) {
        rest = number - (year * 365 + year / 4 - year / 100 + year / 400);
        if (rest >= 0)
            break;
    }
    int64_t m = (100 * rest + 52) / 3060, day = rest - (153 * m + 2) / 5 + 1;
    int month = (int)(m < 10 ? m + 3 : m - 9);
    snprintf(out, 16, "%04d-%02d-%02d", (int)(year + (month <= 2)), month, (int)day);
}

int64_t mrg_timeline_number(morgue_facet by, const char *value)
{
    unsigned year, month = 1, day = 1;
    int end = 0;
    if (by == MORGUE_FACET_YEAR)
        sscanf(value, "%4u%n", &year, &end);
    else if (by == MORGUE_FACET_MONTH)
        sscanf(value, "%4u-%2u%n", &year, &month, &end);
    else
        sscanf(value, "%4u-%2u-%2u%n", &year, &month, &day, &end);
    if (end == 0 || value[end] || month < 1 || month > 12 || day < 1 || day > 31)
        return -1;
    return by == MORGUE_FACET_YEAR    ? (int64_t)year
           : by == MORGUE_FACET_MONTH ? (int64_t)year * 12 + month - 1
                                      : day_number(year, (int)month, (int)day);
}

void mrg_timeline_label(char out[16], morgue_facet by, int64_t number)
{
    if (by == MORGUE_FACET_YEAR)
        snprintf(out, 16, "%04d", (int)number);
    else if (by == MORGUE_FACET_MONTH)
        snprintf(out, 16, "%04d-%02d", (int)(number / 12), (int)(number % 12) + 1);
    else
        put_day(out, number);
}

static morgue_status read_timeline(mrg_timeline *out, morgue_facet by, morgue_results *results, morgue_error *err)
{
    memset(out, 0, sizeof *out);
    out->by = by;
    morgue_status status = morgue_results_facet(results, by, 0, &out->values, &out->count, NULL, err);
    /* "" is the first of all dates. */
    if (!status && out->count && !out->values[0].value[0]) {
        out->undated = out->values[0].count;
        out->values++;
        out->count--;
    }
    return status;
}

int64_t mrg_timeline_span(const mrg_timeline *t)
{
    if (!t->count)
        return 0;
    return mrg_timeline_number(t->by, t->values[t->count - 1].value) - mrg_timeline_number(t->by, t->values[0].value) + 1;
}

/* Whether it says enough: all of it fits, gaps too, and most articles are in it. */
static int is_fit(const mrg_timeline *t)
{
    uint64_t dated = 0;
    for (size_t i = 0; i < t->count; i++)
        dated += t->values[i].count;
    return mrg_timeline_span(t) <= MRG_TIMELINE_ROWS && t->undated <= dated;
}

morgue_status mrg_timeline_make(mrg_timeline *out, const mrg_search_args *args, morgue_results *results,
                                morgue_error *err)
{
    static const morgue_facet finest[] = { MORGUE_FACET_DAY, MORGUE_FACET_MONTH, MORGUE_FACET_YEAR };
    if (args->timeline != MRG_TIMELINE_AUTO)
        return read_timeline(out, finest[args->timeline - MRG_TIMELINE_DAY], results, err);
    for (size_t i = 0;; i++) {
        morgue_status status = read_timeline(out, finest[i], results, err);
        if (status || finest[i] == MORGUE_FACET_YEAR || is_fit(out))
            return status;
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "recency.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"

enum { NO_DAY = INT32_MIN, SECONDS_A_DAY = 86400 };

/* ---- The days of articles --------------------------------------------------------------------------- */

void mrg_calendar_free(mrg_calendar *calendar)
{
    if (!calendar)
        return;
    for (size_t i = 0; calendar->archives && i < calendar->archive_count; i++) {
        mrg_free(calendar->archives[i].days);
        mrg_free(calendar->archives[i].latest);
    }
    mrg_free(calendar->archives);
    mrg_free(calendar);
}

/* Whatever the bytes are, the day is within reach of any calendar. */
static int32_t day_of(const char *value, size_t len)
{
    double days = floor(xapian_sortable_unserialise(value, len) / SECONDS_A_DAY);
    return isfinite(days) ? (int32_t)fmin(fmax(days, -4e6), 4e6) : NO_DAY;
}

static morgue_status read_days(mrg_archive_days *a, const mrg_snapshot *s, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_value_iter *it = NULL;
    uint32_t docid;
    const char *value;
    size_t len;
    a->count = s->last_docid;
    a->days = mrg_reallocarray(NULL, a->count, sizeof *a->days);
    a->latest = mrg_reallocarray(NULL, a->count / MRG_RECENCY_BLOCK + 1, sizeof *a->latest);
    if (!a->days || !a->latest)
        return mrg_fail_nomem(err);
    for (uint32_t i = 0; i < a->count; i++)
        a->days[i] = NO_DAY;
    xapian_status got = xapian_database_values(&it, s->catalogue, MRG_VALUE_DATE, &cause);
    while (!got && !(got = xapian_value_iter_next(&docid, &value, &len, it, &cause))) {
        if (docid && docid <= a->count)
            a->days[docid - 1] = day_of(value, len);
    }
    xapian_value_iter_free(it);
    return got == XAPIAN_C_END ? MORGUE_OK : mrg_fail_xapian(err, &cause, "cannot read the dates");
}

static void find_ends(mrg_calendar *c)
{
    c->oldest = INT32_MAX;
    c->newest = NO_DAY;
    for (size_t i = 0; i < c->archive_count; i++) {
        const mrg_archive_days *a = &c->archives[i];
        for (uint32_t k = 0; k < a->count; k++) {
            if (a->days[k] == NO_DAY)
                continue;
            c->oldest = a->days[k] < c->oldest ? a->days[k] : c->oldest;
            c->newest = a->days[k] > c->newest ? a->days[k] : c->newest;
        }
    }
    if (c->newest == NO_DAY)
        c->oldest = c->newest = 0;
}

/* Articles without a date become as old as the oldest. */
static void fill_gaps(const mrg_calendar *c, mrg_archive_days *a)
{
    for (uint32_t k = 0; k < a->count; k++) {
        if (a->days[k] == NO_DAY)
            a->days[k] = c->oldest;
        int32_t *latest = &a->latest[k / MRG_RECENCY_BLOCK];
        if (k % MRG_RECENCY_BLOCK == 0 || a->days[k] > *latest)
            *latest = a->days[k];
    }
}

static morgue_status read_calendar(mrg_calendar **out, const mrg_view *view, morgue_error *err)
{
    mrg_calendar *c = mrg_calloc(1, sizeof *c);
    *out = c;
    if (!c)
        return mrg_fail_nomem(err);
    c->archive_count = view->snapshot_count;
    c->archives = mrg_calloc(c->archive_count, sizeof *c->archives);
    morgue_status status = c->archives ? MORGUE_OK : mrg_fail_nomem(err);
    for (size_t i = 0; i < c->archive_count && !status; i++)
        status = read_days(&c->archives[i], view->snapshots[i], err);
    if (status)
        return status;
    find_ends(c);
    for (size_t i = 0; i < c->archive_count; i++)
        fill_gaps(c, &c->archives[i]);
    return MORGUE_OK;
}

morgue_status mrg_calendar_get(mrg_view *view, const mrg_calendar **out, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (!view->calendar) {
        mrg_calendar *made;
        status = read_calendar(&made, view, err);
        if (status)
            mrg_calendar_free(made);
        else
            view->calendar = made;
    }
    *out = view->calendar;
    return status;
}

/* ---- Factors -------------------------------------------------------------------------------------------- */

static double factor_of(const mrg_recency *r, int32_t day)
{
    return exp2(fmax(-((double)r->calendar->newest - day) / r->half_life_days, -MRG_RECENCY_HALVES));
}

double mrg_recency_factor(const mrg_recency *r, size_t archive, uint32_t docid)
{
    const mrg_archive_days *a = &r->calendar->archives[archive];
    return factor_of(r, docid && docid <= a->count ? a->days[docid - 1] : r->calendar->oldest);
}

double mrg_recency_bound(const mrg_recency *r, size_t archive)
{
    const mrg_archive_days *a = &r->calendar->archives[archive];
    int32_t latest = r->calendar->oldest;
    for (uint32_t block = 0; block * (uint64_t)MRG_RECENCY_BLOCK < a->count; block++)
        latest = a->latest[block] > latest ? a->latest[block] : latest;
    return factor_of(r, latest);
}

uint32_t mrg_recency_skip(const mrg_recency *r, size_t archive, uint32_t docid, double bound, double min_weight)
{
    const mrg_archive_days *a = &r->calendar->archives[archive];
    uint64_t at = docid;
    if (min_weight <= 0 || !docid)
        return docid;
    while (at <= a->count) {
        uint64_t block = (at - 1) / MRG_RECENCY_BLOCK;
        if (bound * factor_of(r, a->latest[block]) >= min_weight * (1 - 1e-9))
            return (uint32_t)at;
        at = (block + 1) * MRG_RECENCY_BLOCK + 1;
    }
    return MRG_DOCID_END;
}

void mrg_recency_describe(const mrg_recency *r, mrg_buffer *out)
{
    time_t seconds = (time_t)r->calendar->newest * SECONDS_A_DAY;
    struct tm day;
    if (gmtime_r(&seconds, &day))
        mrg_buffer_printf(out, "age: an article counts half after %.0f days, from %04d-%02d-%02d on\n",
                          r->half_life_days, day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

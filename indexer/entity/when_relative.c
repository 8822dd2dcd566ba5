/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Tuesday", "next Tuesday", "Tuesday last week", "today", "last month", "year's end", "three years ago". */
#include "core/calendar.h"
#include "entity/when_scan.h"

enum { WEEK = 7 };

static int knows_day(const mrg_when *w)
{
    return w->published.day != 0;
}

/* Adds the day that is `offset` days from publication. */
static size_t add_day(mrg_when *w, size_t first, size_t end, int64_t offset)
{
    int year, month, day;
    mrg_civil_from_days(w->today + offset, &year, &month, &day);
    if (year > 0 && year < 10000)
        mrg_date_add(w, first, end, mrg_value_of(year, month, day));
    return end - first;
}

static size_t add_year(mrg_when *w, size_t first, size_t end, int offset)
{
    int year = mrg_year_of_publication(w, offset);
    if (!year)
        return 0;
    mrg_date_add(w, first, end, mrg_value_of(year, 0, 0));
    return end - first;
}

static size_t add_month(mrg_when *w, size_t first, size_t end, int offset)
{
    if (!w->published.month)
        return 0;
    int months = w->published.year * 12 + w->published.month - 1 + offset;
    if (months < 12)
        return 0;
    mrg_date_add(w, first, end, mrg_value_of(months / 12, months % 12 + 1, 0));
    return end - first;
}

/* Days ahead to that weekday, 0 to 6. */
static int days_to(const mrg_when *w, int weekday)
{
    return (weekday - mrg_weekday_of(w->today) + WEEK) % WEEK;
}

/* ---- Weekdays ---- */

/* A paper, a feast, a habit. */
static int is_name_or_habit(const mrg_when *w, size_t i)
{
    if (i && mrg_when_is_any(w, i - 1, " black good ash super bloody cyber palm shrove fat giving maundy easter every each "))
        return 1;
    int close = mrg_when_gap_after(w, i) == WHEN_SPACE && when_is_capital(w, i + 1);
    if (!close || !mrg_when_is_any(w, i + 1, " times telegraph mirror express mail post herald sun independent tribune island "))
        return 0;
    return !(i && mrg_when_is_any(w, i - 1, " on last next by since until "));
}

/* "last week" and its like behind a weekday; `*end` moves behind it. */
static int week_behind(const mrg_when *w, size_t last, int *which, size_t *end)
{
    mrg_when_gap gap = mrg_when_gap_after(w, last);
    size_t i = last + 1;
    if (gap == WHEN_SPACE && when_is(w, i, "of"))
        i++;
    if (gap != WHEN_SPACE || !when_has(w, i + 1) || mrg_date_word_at(w, i, which) != DATE_WORD_WHICH || !when_is(w, i + 1, "week"))
        return 0;
    *end = i + 2;
    return 1;
}

/* "Tuesday, March 4": the date says it all; the weekday becomes part of the mention. */
static size_t read_date_behind(mrg_when *w, size_t i)
{
    mrg_when_gap gap = mrg_when_gap_after(w, i);
    if (gap != WHEN_SPACE && gap != WHEN_COMMA && gap != WHEN_PERIOD)
        return 0;
    size_t at = i + 1, before = w->count;
    if (when_is(w, at, "the") && gap == WHEN_SPACE)
        at++;
    int month = mrg_month_at(w, at), number = 0;
    size_t taken = 0;
    if (month && mrg_day_at(w, at + 1))
        taken = mrg_read_month(w, at, month, mrg_date_word_at(w, at, &number) == DATE_WORD_MONTH_SHORT);
    else if (mrg_day_at(w, at))
        taken = mrg_read_number(w, at);
    if (w->count == before || !w->dates[before].value || w->dates[before].value % 100 == 0) {
        w->count = before;
        return 0;
    }
    w->dates[before].count += (uint32_t)(w->dates[before].first - i);
    w->dates[before].first = (uint32_t)i;
    return at + taken - i;
}

/* "Tuesday or Wednesday": days from publication to the one before, which the weekday at token i follows. */
static int follows_day(const mrg_when *w, size_t i, int64_t *day)
{
    if (!w->count || i < 2 || !mrg_when_is_any(w, i - 1, " and or to through until "))
        return 0;
    const mrg_date_mention *d = &w->dates[w->count - 1];
    if (d->first + d->count != i - 1 || d->value & DATE_DECADE || d->value % 100 == 0)
        return 0;
    *day = mrg_days_from_civil((int)(d->value / 10000), (int)(d->value / 100 % 100), (int)(d->value % 100)) - w->today;
    return 1;
}

size_t mrg_read_weekday(mrg_when *w, size_t i, int weekday)
{
    if (!when_is_capital(w, i) || is_name_or_habit(w, i))
        return 0;
    size_t taken = read_date_behind(w, i), end = i + 1;
    int which;
    if (taken || !knows_day(w))
        return taken;
    if (week_behind(w, i, &which, &end))
        return add_day(w, i, end, weekday - mrg_weekday_of(w->today) + which * WEEK);
    int ahead = days_to(w, weekday);
    int64_t day;
    if (follows_day(w, i, &day))
        return add_day(w, i, end, day + (weekday - mrg_weekday_of(w->today + day) + WEEK) % WEEK);
    int future = mrg_tense_at(w, i, end) == TENSE_FUTURE;
    return add_day(w, i, end, future || !ahead ? ahead : ahead - WEEK);
}

/* ---- last, this, next ---- */

static size_t read_which_weekday(mrg_when *w, size_t i, int which, int weekday)
{
    if (!knows_day(w))
        return 0;
    int ahead = days_to(w, weekday);
    if (which > 0) /* of the next week, from Monday; the one before is "Tuesday" */
        return add_day(w, i, i + 2, weekday - mrg_weekday_of(w->today) + WEEK);
    int past = which < 0 || (which == 0 && mrg_tense_at(w, i, i + 2) == TENSE_PAST);
    if (past)
        return add_day(w, i, i + 2, which == 0 && !ahead ? 0 : ahead - WEEK);
    return add_day(w, i, i + 2, ahead);
}

static size_t read_which_month(mrg_when *w, size_t i, int which, int month)
{
    int offset = month - w->published.month;
    if (!w->published.month || mrg_day_at(w, i + 2))
        return 0;
    if (which < 0 && offset >= 0)
        offset -= 12;
    else if (which > 0 && offset <= 0)
        offset += 12;
    return add_month(w, i, i + 2, offset);
}

static size_t read_which(mrg_when *w, size_t i, int which)
{
    int number = 0;
    if (mrg_when_gap_after(w, i) != WHEN_SPACE || (i && mrg_when_is_any(w, i - 1, " the these ")))
        return 0; /* "the last year" lasts a year */
    mrg_date_word word = mrg_date_word_at(w, i + 1, &number);
    if (word == DATE_WORD_YEAR)
        return add_year(w, i, i + 2, which);
    if (word == DATE_WORD_WEEKDAY && when_is_capital(w, i + 1))
        return read_which_weekday(w, i, which, number);
    if (word == DATE_WORD_MONTH && when_is_capital(w, i + 1))
        return read_which_month(w, i, which, number);
    return when_is(w, i + 1, "month") ? add_month(w, i, i + 2, which) : 0;
}

/* ---- The rest ---- */

/* "year's end", "year-end", with the year where it follows. */
static size_t read_year_end(mrg_when *w, size_t i)
{
    mrg_when_gap gap = mrg_when_gap_after(w, i);
    if (!when_is(w, i + 1, "end") || (gap != WHEN_SPACE && gap != WHEN_DASH) ||
        (gap == WHEN_SPACE && !(when_token(w, i)->flags & MRG_TOKEN_POSSESSIVE)))
        return 0;
    size_t end = i + 2;
    int year = mrg_read_year_after(w, i + 1, 0, &end);
    if (!year)
        return add_year(w, i, end, 0);
    mrg_date_add(w, i, end, mrg_value_of(year, 0, 0));
    return end - i;
}

/* "the end of the year", "the end of the month". */
static size_t read_end(mrg_when *w, size_t i)
{
    if (!when_is(w, i + 1, "of") || !when_is(w, i + 2, "the") || mrg_when_gap_after(w, i + 2) != WHEN_SPACE)
        return 0;
    if (when_is(w, i + 3, "month"))
        return add_month(w, i, i + 4, 0);
    if (!when_is(w, i + 3, "year") || mrg_year_at(w, i + 4))
        return 0;
    return add_year(w, i, i + 4, 0);
}

/* "three years ago": the mention begins before token i. */
static size_t read_ago(mrg_when *w, size_t i)
{
    int count = i >= 2 ? mrg_count_at(w, i - 2) : 0;
    if (!count || mrg_when_gap_after(w, i - 1) != WHEN_SPACE || mrg_when_gap_after(w, i - 2) != WHEN_SPACE ||
        (w->count && w->dates[w->count - 1].first + w->dates[w->count - 1].count > i - 2))
        return 0;
    size_t first = i - 2;
    if (mrg_when_is_any(w, i - 1, " year years "))
        return add_year(w, first, i + 1, -count) ? 1 : 0;
    if (mrg_when_is_any(w, i - 1, " month months ") && count <= 24)
        return add_month(w, first, i + 1, -count) ? 1 : 0;
    if (mrg_when_is_any(w, i - 1, " day days ") && count <= 31 && knows_day(w))
        return add_day(w, first, i + 1, -count) ? 1 : 0;
    return 0;
}

/* "the late nineties"; people in their nineties are another matter. */
static size_t read_decade_word(mrg_when *w, size_t i, int decade)
{
    size_t k = i && mrg_when_is_any(w, i - 1, " early mid late ") ? 2 : 1;
    if (decade < 50 || i < k || !when_is(w, i - k, "the"))
        return 0;
    mrg_date_add(w, i, i + 1, mrg_value_of(1900 + decade, 0, 0) | DATE_DECADE);
    return 1;
}

size_t mrg_read_relative(mrg_when *w, size_t i, mrg_date_word word, int number)
{
    switch (word) {
    case DATE_WORD_DAY: /* not "USA Today" */
        if (!knows_day(w) || (when_is_capital(w, i) && !(when_token(w, i)->flags & MRG_TOKEN_SENTENCE)))
            return 0;
        return add_day(w, i, i + 1, number);
    case DATE_WORD_WHICH:
        return read_which(w, i, number);
    case DATE_WORD_YEAR:
        return read_year_end(w, i);
    case DATE_WORD_END:
        return read_end(w, i);
    case DATE_WORD_AGO:
        return read_ago(w, i);
    case DATE_WORD_DECADE:
        return read_decade_word(w, i, number);
    case DATE_WORD_WEEKDAY_SHORT:
        return when_is_capital(w, i) ? read_date_behind(w, i) : 0;
    default:
        return 0;
    }
}

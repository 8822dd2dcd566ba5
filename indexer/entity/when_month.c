/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "March 1, 2014", "March 1-3", "March 28-April 2, 2014", "Aug. 24", "March and April 2014", "March". */
#include "core/calendar.h"
#include "entity/when_scan.h"

enum { MARCH = 3, APRIL = 4, MAY = 5, JUNE = 6, AUGUST = 8, SEPTEMBER = 9, MONTHS = 12 };

/* ---- Years ---- */

int mrg_year_of_publication(const mrg_when *w, int offset)
{
    int year = w->published.year ? w->published.year + offset : 0;
    return year > 0 && year < 10000 ? year : 0;
}

/* "last year" and its like at token i; `*end` behind them. */
static int which_year(const mrg_when *w, size_t i, size_t *end)
{
    int which = 0;
    if (!when_has(w, i + 1) || mrg_date_word_at(w, i, &which) != DATE_WORD_WHICH || !when_is(w, i + 1, "year"))
        return 0;
    *end = i + 2;
    return mrg_year_of_publication(w, which);
}

int mrg_read_year_after(const mrg_when *w, size_t last, int with_day, size_t *end)
{
    mrg_when_gap gap = mrg_when_gap_after(w, last);
    size_t i = last + 1;
    if (gap == WHEN_OTHER || gap == WHEN_TIGHT || gap == WHEN_SLASH || when_token(w, i)->flags & MRG_TOKEN_SENTENCE)
        return 0;
    if (gap == WHEN_SPACE && when_is(w, i, "of") && mrg_when_gap_after(w, i) == WHEN_SPACE)
        i++;
    int year = mrg_year_at(w, i);
    if (year && !mrg_is_unit(w, i + 1) && (with_day || gap != WHEN_DASH)) {
        *end = i + 1;
        return year;
    }
    return gap == WHEN_SPACE || gap == WHEN_COMMA ? which_year(w, i, end) : 0;
}

/* Whether token i joins the two ends of a range: "to", "and". */
static int joins(const mrg_when *w, size_t i)
{
    return mrg_when_is_any(w, i, " to and through until till or ");
}

/* The token at which the other end of a range begins whose first end token `last` closes; 0 if there is none. */
static size_t other_end(const mrg_when *w, size_t last)
{
    mrg_when_gap gap = mrg_when_gap_after(w, last);
    if (gap == WHEN_DASH || gap == WHEN_SLASH)
        return last + 1;
    if (gap == WHEN_SPACE && joins(w, last + 1) && mrg_when_gap_after(w, last + 1) == WHEN_SPACE)
        return last + 2;
    return 0;
}

/* The year that "March" has from "March and April 2014", "March 28-April 2, 2014"; else 0. */
static int shared_year(const mrg_when *w, size_t last, int month)
{
    size_t i = other_end(w, last), end;
    int other = i ? mrg_month_at(w, i) : 0;
    if (!other)
        return 0;
    int with_day = mrg_day_at(w, i + 1) && !mrg_year_at(w, i + 1);
    int year = mrg_read_year_after(w, i + (size_t)with_day, with_day, &end);
    return year && month > other ? year - 1 : year;
}

/* ---- Without a year ---- */

static int is_figures(const mrg_when *w, size_t i)
{
    return mrg_when_is_any(w, i, " sales data figures output exports imports inflation meeting retail orders payrolls futures "
                                 "contract delivery deliveries quarter election elections vote results report numbers prices ");
}

/* A month just over is meant whatever the tense: who means the next one says "next May". */
/* The year that the sentence is about: "In 2010 it took until June 9". */
static int year_of_sentence(const mrg_when *w, size_t first)
{
    enum { REACH = 15, MONTH_DAY = 10000 };
    if (!w->count || w->dates[w->count - 1].value & DATE_DECADE || w->dates[w->count - 1].value % MONTH_DAY)
        return 0;
    const mrg_date_mention *d = &w->dates[w->count - 1];
    if (first - d->first > REACH || d->count != 1 || !d->first || !when_is(w, d->first - 1, "in") || !mrg_year_at(w, d->first))
        return 0;
    for (size_t i = d->first + 1; i <= first; i++) {
        if (when_token(w, i)->flags & MRG_TOKEN_SENTENCE)
            return 0;
    }
    return (int)(d->value / MONTH_DAY);
}

static mrg_date_value nearest_month(const mrg_when *w, int month, mrg_tense tense)
{
    enum { RECENT = 2 };
    int back = (w->published.month - month + MONTHS) % MONTHS, ahead = MONTHS - back;
    int past = back <= RECENT || tense == TENSE_PAST || (tense == TENSE_UNKNOWN && back <= ahead + 2);
    int year = w->published.year;
    if (past && month > w->published.month)
        year--;
    if (!past && month < w->published.month)
        year++;
    return mrg_value_of(year, month, 0);
}

/* Days from publication to the day in that year; 0 with `*exists` 0 if there is none. */
static int64_t distance(const mrg_when *w, int year, int month, int day, int *exists)
{
    *exists = year > 0 && year < 10000 && day <= mrg_days_in_month(year, month);
    return *exists ? mrg_days_from_civil(year, month, day) - w->today : 0;
}

static mrg_date_value nearest_day(const mrg_when *w, int month, int day, mrg_tense tense)
{
    enum { NEVER = 100000, SOON = 60, LONG = 300 };
    int64_t back = NEVER, ahead = NEVER;
    int back_year = 0, ahead_year = 0;
    for (int year = w->published.year - 1; year <= w->published.year + 1; year++) {
        int exists;
        int64_t d = distance(w, year, month, day, &exists);
        if (exists && d <= 0 && -d < back) {
            back = -d;
            back_year = year;
        }
        if (exists && d >= 0 && d < ahead) {
            ahead = d;
            ahead_year = year;
        }
    }
    int past = back <= ahead;
    if (tense == TENSE_PAST)
        past = back_year && !(back > LONG && ahead <= SOON);
    else if (tense == TENSE_FUTURE)
        past = !ahead_year || (ahead > LONG && back <= SOON / 2);
    int year = past ? back_year : ahead_year;
    return year ? mrg_value_of(year, month, day) : 0;
}

mrg_date_value mrg_nearest(const mrg_when *w, size_t first, size_t end, int month, int day)
{
    int year = year_of_sentence(w, first);
    if (year && (!day || day <= mrg_days_in_month(year, month)))
        return mrg_value_of(year, month, day);
    if (!w->published.year)
        return 0;
    mrg_tense tense = mrg_tense_at(w, first, end);
    if (day)
        return nearest_day(w, month, day, tense);
    if (!w->published.month)
        return mrg_value_of(w->published.year, month, 0);
    return nearest_month(w, month, tense);
}

/* ---- With a day ---- */

/* The day of `month` that token i is; 0 if it is none, or counts something. */
static int day_of(const mrg_when *w, size_t i, int month)
{
    int day = mrg_day_at(w, i);
    if (!day || day > mrg_days_in_month(2000, month) || when_token(w, i)->flags & MRG_TOKEN_SENTENCE)
        return 0;
    char after = when_after(w, i);
    if (after == '%' || after == ':')
        return 0;
    return mrg_when_gap_after(w, i) == WHEN_SPACE && mrg_is_unit(w, i + 1) ? 0 : day;
}

/* The second day of "March 1-3"; its token in `*at`. */
static int second_day(const mrg_when *w, size_t last, int month, int first_day, size_t *at)
{
    size_t i = other_end(w, last);
    if (!i || mrg_year_at(w, i))
        return 0;
    int day = day_of(w, i, month);
    if (day <= first_day || (mrg_when_gap_after(w, i) == WHEN_SPACE && mrg_month_at(w, i + 1)))
        return 0;
    *at = i;
    return day;
}

static size_t read_days(mrg_when *w, size_t i, int month, int day)
{
    size_t last = i + 1, second = 0, end = i + 2;
    int other = second_day(w, last, month, day, &second);
    if (other) {
        last = second;
        end = second + 1;
    }
    int year = mrg_read_year_after(w, last, 1, &end);
    if (!year && !other)
        year = shared_year(w, last, month);
    if (!year && month == SEPTEMBER && day == 11 &&
        mrg_when_is_any(w, end, " attack attacks hijackings hijackers terror terrorist commission memorial victims "))
        year = 2001;
    if (!year)
        year = (int)(mrg_nearest(w, i, end, month, day) / 10000);
    if (!year || day > mrg_days_in_month(year, month) || other > mrg_days_in_month(year, month))
        return end - i;
    mrg_date_add(w, i, other ? i + 2 : end, mrg_value_of(year, month, day));
    if (other)
        mrg_date_add(w, second, end, mrg_value_of(year, month, other));
    return end - i;
}

/* ---- Without one ---- */

/* Whether a lone month is one, and not a verb or somebody's name. */
static int is_month(const mrg_when *w, size_t i, int month, int is_short)
{
    int before = i && !(when_token(w, i)->flags & MRG_TOKEN_SENTENCE);
    int joined = before && mrg_when_gap_after(w, i - 1) <= WHEN_DASH && mrg_when_gap_after(w, i - 1) != WHEN_PERIOD;
    int cue = joined && (mrg_when_is_any(w, i - 1, " in since last next this by of until till early late mid from between "
                                                   "during before after through for to and or its the a that their his ") ||
                         when_token(w, i - 1)->flags & MRG_TOKEN_POSSESSIVE);
    if (month == MARCH && mrg_when_is_any(w, i + 1, " on of for to against towards through "))
        cue = cue && mrg_when_is_any(w, i - 1, " in since last next this by until ");
    if (cue)
        return !is_short || when_after(w, i) == '.';
    if (is_short)
        return 0;
    if (month == MARCH || month == MAY)
        return is_figures(w, i + 1) && mrg_when_gap_after(w, i) == WHEN_SPACE;
    if (month != APRIL && month != JUNE && month != AUGUST)
        return 1;
    if (joined && mrg_when_gap_after(w, i - 1) == WHEN_SPACE && when_is_capital(w, i - 1))
        return 0;
    return mrg_when_gap_after(w, i) != WHEN_SPACE || !when_is_capital(w, i + 1);
}

size_t mrg_read_month(mrg_when *w, size_t i, int month, int is_short)
{
    if (!when_is_capital(w, i))
        return 0;
    mrg_when_gap gap = mrg_when_gap_after(w, i);
    size_t end = i + 1;
    int day = gap == WHEN_SPACE || (gap == WHEN_PERIOD && is_short) ? day_of(w, i + 1, month) : 0;
    if (day)
        return read_days(w, i, month, day);
    int year = mrg_read_year_after(w, i, 0, &end);
    if (!year && is_month(w, i, month, is_short)) {
        year = shared_year(w, i, month);
        if (!year)
            year = (int)(mrg_nearest(w, i, end, month, 0) / 10000);
    }
    if (!year)
        return 0;
    mrg_date_add(w, i, end, mrg_value_of(year, month, 0));
    return end - i;
}

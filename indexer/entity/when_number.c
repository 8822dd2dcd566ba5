/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "1 March 2014", "24th of August", "2014-03-01", "25/12/2013", "2008", "2013/14", "1990s", "'90s". */
#include "core/calendar.h"
#include "entity/when_scan.h"

/* ---- All in digits ---- */

/* A number of one or two digits that token i is, or begins with before "t" of a time; -1 if it is none. */
static int two_digits(const mrg_when *w, size_t i)
{
    const char *term = mrg_token_term(w->tokens, when_token(w, i));
    size_t len = when_token(w, i)->term_len, n = 0;
    int value = 0;
    while (n < len && n < 2 && term[n] >= '0' && term[n] <= '9')
        value = value * 10 + (term[n++] - '0');
    return n && (n == len || (n == 2 && term[2] == 't')) ? value : -1;
}

/* The byte between tokens i and i + 1 if it is all that stands there; else 0. */
static char separator_after(const mrg_when *w, size_t i)
{
    if (!when_has(w, i + 1) || when_token(w, i + 1)->begin != when_token(w, i)->end + 1)
        return 0;
    return when_after(w, i);
}

static int exists(int year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= mrg_days_in_month(year, month);
}

/* "2014-03-01", "2014/03/01", and "2014-03" where it cannot be a season. */
static size_t read_year_first(mrg_when *w, size_t i, int year)
{
    char separator = separator_after(w, i);
    if ((separator != '-' && separator != '/') || when_token(w, i + 1)->term_len != 2)
        return 0;
    int month = two_digits(w, i + 1);
    if (separator_after(w, i + 1) == separator && when_has(w, i + 2)) {
        int day = two_digits(w, i + 2);
        if (!exists(year, month, day))
            return 0;
        mrg_date_add(w, i, i + 3, mrg_value_of(year, month, day));
        return 3;
    }
    if (month == (year + 1) % 100) { /* a season */
        mrg_date_add(w, i, i + 2, mrg_value_of(year, 0, 0));
        return 2;
    }
    if (separator != '-' || month < 1 || month > 12 || month > year % 100)
        return 0;
    mrg_date_add(w, i, i + 2, mrg_value_of(year, month, 0));
    return 2;
}

/* "25/12/2013", "12/25/2013", "25.12.2013"; where day and month could be either, nothing. */
static size_t read_year_last(mrg_when *w, size_t i)
{
    char separator = separator_after(w, i);
    if (!separator || !strchr("/.-", separator) || separator_after(w, i + 1) != separator || !when_has(w, i + 2))
        return 0;
    int a = two_digits(w, i), b = two_digits(w, i + 1), year = mrg_four_digits_at(w, i + 2);
    if (!year || (a <= 12 && b <= 12 && a != b && separator == '/'))
        return 0;
    int day = a > 12 || separator != '/' ? a : b, month = a > 12 || separator != '/' ? b : a;
    if (!exists(year, month, day))
        return 0;
    mrg_date_add(w, i, i + 3, mrg_value_of(year, month, day));
    return 3;
}

/* ---- A day, then its month ---- */

/* The token of the month whose day token i is; 0 if there is none. */
static size_t month_behind(const mrg_when *w, size_t i)
{
    mrg_when_gap gap = mrg_when_gap_after(w, i);
    if ((gap == WHEN_SPACE || gap == WHEN_DASH || gap == WHEN_PERIOD) && mrg_month_at(w, i + 1))
        return i + 1;
    if (gap == WHEN_SPACE && when_is(w, i + 1, "of") && mrg_month_at(w, i + 2))
        return i + 2;
    return 0;
}

static size_t range_behind(const mrg_when *w, size_t i)
{
    mrg_when_gap gap = mrg_when_gap_after(w, i);
    if (gap == WHEN_DASH)
        return i + 1;
    return gap == WHEN_SPACE && mrg_when_is_any(w, i + 1, " to and or until ") ? i + 2 : 0;
}

static size_t read_day_first(mrg_when *w, size_t i, int day)
{
    size_t second = 0, at = month_behind(w, i), end;
    int other = 0;
    if (!at && (second = range_behind(w, i))) {
        other = mrg_day_at(w, second);
        at = other > day ? month_behind(w, second) : 0;
    }
    if (!at || (when_before(w, i) && strchr("$#", when_before(w, i))))
        return 0;
    int month = mrg_month_at(w, at);
    if (mrg_day_at(w, at + 1) && !mrg_year_at(w, at + 1) && mrg_when_gap_after(w, at) == WHEN_SPACE && at == i + 1)
        return 0; /* "Group of 20 March 15 meeting" */
    end = at + 1;
    int last = other ? other : day;
    int year = mrg_read_year_after(w, at, 1, &end);
    if (!year)
        year = (int)(mrg_nearest(w, i, end, month, last) / 10000);
    if (!year || !exists(year, month, last))
        return 0;
    mrg_date_add(w, i, other ? i + 1 : end, mrg_value_of(year, month, day));
    if (other)
        mrg_date_add(w, second, end, mrg_value_of(year, month, other));
    return end - i;
}

/* ---- Years and decades ---- */

/* Whether the number that token i is counts or names something else than a year. */
static int is_number(const mrg_when *w, size_t i, int year)
{
    mrg_when_gap after = mrg_when_gap_after(w, i);
    if (after == WHEN_SPACE && (mrg_is_unit(w, i + 1) || when_is(w, i + 1, "of")))
        return 1;
    if (after == WHEN_DASH && when_has(w, i + 1) &&
        mrg_when_is_any(w, i + 1, " metre meter foot mile kilometre kilometer seat strong acre hectare member page ton tonne km "))
        return 1;
    if (!i || when_token(w, i)->flags & MRG_TOKEN_SENTENCE)
        return 0;
    mrg_when_gap before = mrg_when_gap_after(w, i - 1);
    if (before == WHEN_TIGHT || (before == WHEN_SLASH && !mrg_year_at(w, i - 1)))
        return 1;
    if (before == WHEN_PERIOD && when_before(w, i) == '.')
        return 1;
    if (before == WHEN_DASH && when_token(w, i)->flags & MRG_TOKEN_HYPHEN && !mrg_year_at(w, i - 1) &&
        !mrg_when_is_any(w, i - 1, " mid pre post late early since "))
        return 1;
    if (before == WHEN_SPACE || before == WHEN_PERIOD) {
        if (mrg_when_is_any(w, i - 1, " page pages flight no nos number numbers route highway room about some nearly over around "
                                      "almost roughly at up down exceed exceeded exceeding russell chapter section article "
                                      "resolution model boeing airbus channel platform lot only just another these those "
                                      "extra plus gained added lost fell rose "))
            return 1;
        if (when_is(w, i - 1, "than") && i > 1 && mrg_when_is_any(w, i - 2, " more less fewer higher lower "))
            return year % 100 == 0;
        if (before == WHEN_SPACE && when_token(w, i - 1)->flags & MRG_TOKEN_DIGIT && !mrg_day_at(w, i - 1))
            return 1; /* telephones */
    }
    return 0;
}

static int says_year(const mrg_when *w, size_t i)
{
    if (!i || when_token(w, i)->flags & MRG_TOKEN_SENTENCE)
        return 0;
    return mrg_when_is_any(w, i - 1, " in since until till before after between from by year circa early late mid during through "
                                     "of winter spring summer autumn fall christmas back dated ");
}

static int is_year(const mrg_when *w, size_t i, int year)
{
    if (is_number(w, i, year))
        return 0;
    if (year >= 1900 && year <= 2050)
        return !(i && when_is(w, i - 1, "to") && (year % 100 == 0 || year < 1950));
    return year <= 2100 && year >= 1200 && says_year(w, i);
}

/* "1990s", "90s" behind an apostrophe, "the 90s" where neither age nor temperature is meant. */
static size_t read_decade(mrg_when *w, size_t i)
{
    const char *term = mrg_token_term(w->tokens, when_token(w, i));
    size_t len = when_token(w, i)->term_len;
    int decade = 0;
    for (size_t k = 0; k + 1 < len; k++) {
        if (term[k] < '0' || term[k] > '9')
            return 0;
        decade = decade * 10 + (term[k] - '0');
    }
    if (decade % 10)
        return 0;
    if (len == 5 && (decade < 1100 || decade > 2100))
        return 0;
    if (len == 3) {
        char before = when_before(w, i);
        int quoted = before == '\'' || (unsigned char)before == 0x98 || (unsigned char)before == 0x99; /* curly ones */
        size_t k = i && mrg_when_is_any(w, i - 1, " early mid late ") ? 2 : 1;
        int the = i >= k && when_is(w, i - k, "the") && decade >= 50;
        if (!quoted && !the)
            return 0;
        decade += decade < 20 ? 2000 : 1900;
    }
    mrg_date_add(w, i, i + 1, mrg_value_of(decade, 0, 0) | DATE_DECADE);
    return 1;
}

static size_t read_year(mrg_when *w, size_t i, int year)
{
    size_t taken = read_year_first(w, i, year);
    if (taken)
        return taken;
    if (!is_year(w, i, year))
        return 0;
    /* "the 1990's" */
    int decade = year % 10 == 0 && when_token(w, i)->flags & MRG_TOKEN_POSSESSIVE &&
                 i && mrg_when_is_any(w, i - 1, " the early mid late ");
    mrg_date_add(w, i, i + 1, mrg_value_of(year, 0, 0) | (decade ? DATE_DECADE : 0));
    return 1;
}

size_t mrg_read_number(mrg_when *w, size_t i)
{
    const mrg_token *t = when_token(w, i);
    if (t->term_len == 4 && t->end - t->begin == 4) {
        int year = mrg_year_at(w, i);
        if (year)
            return read_year(w, i, year);
    }
    if (t->term_len <= 4) {
        int day = mrg_day_at(w, i);
        if (day) {
            size_t taken = t->term_len <= 2 ? read_year_last(w, i) : 0;
            return taken ? taken : read_day_first(w, i, day);
        }
    }
    if ((t->term_len == 5 || t->term_len == 3) && mrg_token_term(w->tokens, t)[t->term_len - 1] == 's')
        return read_decade(w, i);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "parse.h"

/* A year, a month or a day: its first and last day as YYYYMMDD. */
typedef struct period {
    uint32_t first, last;
} period;

uint32_t mrg_last_day_of_month(uint32_t year, uint32_t month)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29u : days[month - 1];
}

/* `count` digits at the start of `s`; 0 if they are not all digits. */
static uint32_t read_digits(const char *s, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (s[i] < '0' || s[i] > '9')
            return 0;
        value = value * 10 + (uint32_t)(s[i] - '0');
    }
    return value;
}

/* YYYY, YYYY-MM or YYYY-MM-DD. Non-zero if it is one and exists. */
static int read_period(period *out, const char *s, size_t len)
{
    if ((len != 4 && len != 7 && len != 10) || (len > 4 && s[4] != '-') || (len > 7 && s[7] != '-'))
        return 0;
    uint32_t year = read_digits(s, 4);
    uint32_t month = len > 4 ? read_digits(s + 5, 2) : 0;
    uint32_t day = len > 7 ? read_digits(s + 8, 2) : 0;
    if (year == 0 || month > 12 || (len > 4 && month == 0) || (len > 7 && day == 0))
        return 0;
    if (day > 0 && day > mrg_last_day_of_month(year, month))
        return 0;
    uint32_t last_month = month ? month : 12;
    out->first = year * 10000 + (month ? month : 1) * 100 + (day ? day : 1);
    out->last = year * 10000 + last_month * 100 + (day ? day : mrg_last_day_of_month(year, last_month));
    return 1;
}

/* "1990s"; only dates that a text speaks of are that vague. */
static int read_decade(period *out, const char *s, size_t len)
{
    uint32_t year = len == 5 && s[3] == '0' && s[4] == 's' ? read_digits(s, 4) : 0;
    out->first = year * 10000 + 101;
    out->last = (year + 9) * 10000 + 1231;
    return year > 0;
}

static int read_value(period *out, const mrg_query_token *token, const char *s, size_t len)
{
    return read_period(out, s, len) || (token->field == MRG_QUERY_FIELD_WHEN && read_decade(out, s, len));
}

static morgue_status fail_date(const mrg_query_token *token, const char *s, size_t len, morgue_error *err)
{
    int shown = mrg_excerpt_len(s, len);
    /* Only a closed range has another value before it; what is before `s` is ASCII then. */
    int column = token->value_column + token->quoted + (int)(s - token->text);
    return mrg_refuse(err, column, "%.*s%s is not a date; write 2014, 2014-03, 2014-03-01%s%s", shown, s,
                      (size_t)shown < len ? "..." : "", token->field == MRG_QUERY_FIELD_WHEN ? ", 1990s" : "",
                      token->detail == MRG_DATE_IN ? " or a range such as 2014-02..2014-04" : "");
}

static uint32_t day_before(uint32_t day)
{
    uint32_t year = day / 10000, month = day / 100 % 100;
    if (day % 100 > 1)
        return day - 1;
    if (month > 1)
        return year * 10000 + (month - 1) * 100 + mrg_last_day_of_month(year, month - 1);
    return (year - 1) * 10000 + 1231;
}

static uint32_t day_after(uint32_t day)
{
    uint32_t year = day / 10000, month = day / 100 % 100;
    if (day % 100 < mrg_last_day_of_month(year, month))
        return day + 1;
    return month < 12 ? year * 10000 + (month + 1) * 100 + 1 : (year + 1) * 10000 + 101;
}

static morgue_status read_range(const mrg_query_token *token, const char *dots, uint32_t *from, uint32_t *to,
                                morgue_error *err)
{
    size_t left_len = (size_t)(dots - token->text), right_len = token->text_len - left_len - 2;
    period left = { 0, 0 }, right = { 0, 0 };
    if (left_len > 0 && !read_value(&left, token, token->text, left_len))
        return fail_date(token, token->text, left_len, err);
    if (right_len > 0 && !read_value(&right, token, dots + 2, right_len))
        return fail_date(token, dots + 2, right_len, err);
    if (left_len == 0 && right_len == 0)
        return fail_date(token, token->text, token->text_len, err);
    if (left_len > 0 && right_len > 0 && left.first > right.last)
        return mrg_refuse(err, token->value_column + token->quoted,
                          "the range %.*s ends before it begins; write the earlier date first", (int)token->text_len,
                          token->text);
    *from = left.first;
    *to = right.last;
    return MORGUE_OK;
}

morgue_status mrg_query_date(const mrg_query_token *token, uint32_t *from, uint32_t *to, morgue_error *err)
{
    period p;
    const char *dots = memmem(token->text, token->text_len, "..", 2);
    if (dots && token->detail == MRG_DATE_IN)
        return read_range(token, dots, from, to, err);
    if (!read_value(&p, token, token->text, token->text_len))
        return fail_date(token, token->text, token->text_len, err);
    *from = *to = 0;
    if (token->detail == MRG_DATE_BEFORE && p.first > 10101)
        *to = day_before(p.first);
    else if (token->detail == MRG_DATE_AFTER && p.last < 99991231)
        *from = day_after(p.last);
    else if (token->detail == MRG_DATE_IN)
        *from = p.first, *to = p.last;
    else
        return mrg_refuse(err, token->value_column + token->quoted,
                          "years go from 0001 to 9999; there is no day %s %.*s",
                          token->detail == MRG_DATE_BEFORE ? "before" : "after", (int)token->text_len, token->text);
    return MORGUE_OK;
}

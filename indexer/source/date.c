/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates as news writes them: ISO 8601 read field by field, everything with a month's name word by word. */
#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "source/source.h"

enum { LONGEST_DATE = 80, SECONDS_A_DAY = 86400 };

/* What was found so far, before it is known to exist. */
typedef struct fields {
    int year, month, day;     /* 0: not said */
    int hour, minute, second; /* hour -1: not said */
    int zone_minutes;         /* east of UTC */
    int has_zone;
} fields;

typedef struct cursor {
    const char *p, *end;
} cursor;

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char peek(const cursor *c)
{
    return c->p < c->end ? *c->p : 0;
}

static int accept(cursor *c, char wanted)
{
    if (peek(c) != wanted || c->p == c->end)
        return 0;
    c->p++;
    return 1;
}

static void skip_spaces(cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
}

static size_t count_digits(const cursor *c)
{
    size_t n = 0;
    while (c->p + n < c->end && is_digit(c->p[n]))
        n++;
    return n;
}

/* Reads exactly `width` digits (at most 9). */
static int read_digits(cursor *c, size_t width, int *out)
{
    if (count_digits(c) < width)
        return 0;
    int value = 0;
    for (size_t i = 0; i < width; i++)
        value = value * 10 + (*c->p++ - '0');
    *out = value;
    return 1;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* 24:00:00 is the end of its day, and a leap second the beginning of the next minute. */
static int time_exists(const fields *f)
{
    if (f->hour == 24)
        return f->minute == 0 && f->second == 0;
    return f->hour < 24 && f->minute < 60 && f->second <= 60;
}

/* From what was written to UTC. */
static int settle(mrg_date *out, const fields *f)
{
    mrg_date d = { 0 };
    if (f->year < 1 || f->year > 9999 || f->month > 12 || (f->day && !f->month))
        return 0;
    if (f->day && f->day > mrg_days_in_month(f->year, f->month))
        return 0;
    if (f->hour >= 0 && (!f->day || !time_exists(f)))
        return 0;
    if (f->hour < 0 && f->has_zone && !f->day)
        return 0;
    d.year = f->year;
    d.month = f->month;
    d.day = f->day;
    d.seconds = mrg_days_from_civil(d.year, d.month ? d.month : 1, d.day ? d.day : 1) * SECONDS_A_DAY;
    d.precision = !d.month ? MRG_DATE_YEAR : !d.day ? MRG_DATE_MONTH : MRG_DATE_DAY;
    if (f->hour >= 0) {
        d.precision = MRG_DATE_SECOND;
        d.seconds += f->hour * 3600 + f->minute * 60 + f->second - f->zone_minutes * 60;
        mrg_civil_from_days(floor_div(d.seconds, SECONDS_A_DAY), &d.year, &d.month, &d.day);
        if (d.year < 1 || d.year > 9999)
            return 0;
    }
    *out = d;
    return 1;
}

/* ---- times and zones ---- */

static const struct zone {
    const char *name;
    int minutes;
} zones[] = {
    { "z", 0 },      { "utc", 0 },    { "gmt", 0 },    { "ut", 0 },     { "wet", 0 },    { "est", -300 },
    { "edt", -240 }, { "cst", -360 }, { "cdt", -300 }, { "mst", -420 }, { "mdt", -360 }, { "pst", -480 },
    { "pdt", -420 }, { "et", -300 },  { "bst", 60 },   { "cet", 60 },   { "cest", 120 }, { "eet", 120 },
    { "eest", 180 }, { "msk", 180 },  { "jst", 540 },
};

static int word_is(const char *word, size_t len, const char *wanted)
{
    if (strlen(wanted) != len)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (lower(word[i]) != wanted[i])
            return 0;
    return 1;
}

static int take_zone_word(fields *f, const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (!word_is(word, len, zones[i].name))
            continue;
        if (f->has_zone && f->zone_minutes != zones[i].minutes)
            return 0;
        f->zone_minutes = zones[i].minutes;
        f->has_zone = 1;
        return 1;
    }
    return 0;
}

/* +01:00, +0100, +01; the sign is still to come. */
static int read_offset(cursor *c, fields *f)
{
    int hours, minutes = 0;
    int sign = accept(c, '-') ? -1 : accept(c, '+') ? 1 : 0;
    if (!sign || f->has_zone || !read_digits(c, 2, &hours))
        return 0;
    int colon = accept(c, ':');
    if ((colon || is_digit(peek(c))) && !read_digits(c, 2, &minutes))
        return 0;
    if (hours > 15 || minutes > 59)
        return 0;
    f->zone_minutes = sign * (hours * 60 + minutes);
    f->has_zone = 1;
    return 1;
}

/* The rest of an ISO time: nothing, Z, a name, or an offset. */
static int read_zone(cursor *c, fields *f)
{
    skip_spaces(c);
    if (c->p == c->end)
        return 1;
    if (is_letter(*c->p)) {
        const char *word = c->p;
        while (is_letter(peek(c)))
            c->p++;
        return take_zone_word(f, word, (size_t)(c->p - word));
    }
    return read_offset(c, f);
}

/* :SS and a fraction, which is dropped. */
static int read_seconds(cursor *c, fields *f, int compact)
{
    if (compact ? is_digit(peek(c)) : accept(c, ':')) {
        if (!read_digits(c, 2, &f->second))
            return 0;
        if (accept(c, '.') || accept(c, ',')) {
            if (!count_digits(c))
                return 0;
            c->p += count_digits(c);
        }
    }
    return 1;
}

/* ---- ISO 8601 ---- */

static int read_iso_time(cursor *c, fields *f)
{
    int compact = count_digits(c) >= 4;
    if (!read_digits(c, 2, &f->hour))
        return 0;
    if (!compact && !accept(c, ':'))
        return 0;
    return read_digits(c, 2, &f->minute) && read_seconds(c, f, compact) && read_zone(c, f);
}

static int read_iso_day(cursor *c, fields *f)
{
    if (count_digits(c) == 8)
        return read_digits(c, 4, &f->year) && read_digits(c, 2, &f->month) && read_digits(c, 2, &f->day) && f->month &&
               f->day;
    if (count_digits(c) != 4 || !read_digits(c, 4, &f->year))
        return 0;
    char separator = peek(c);
    if (separator != '-' && separator != '/')
        return 1;
    c->p++;
    if (!read_digits(c, 2, &f->month) || !f->month)
        return 0;
    if (!accept(c, separator))
        return separator == '-';
    return read_digits(c, 2, &f->day) && f->day;
}

static int parse_iso(mrg_date *out, cursor c)
{
    fields f = { .hour = -1 };
    if (!read_iso_day(&c, &f))
        return 0;
    if (c.p < c.end) {
        int marked = accept(&c, 'T') || accept(&c, 't');
        const char *before = c.p;
        skip_spaces(&c);
        if (!f.day || (!marked && c.p == before))
            return 0;
        if (!marked && is_letter(peek(&c))) /* 2014-03-01Z and the like are no time */
            return 0;
        if (!read_iso_time(&c, &f))
            return 0;
    }
    skip_spaces(&c);
    return c.p == c.end && settle(out, &f);
}

/* ---- with a month's name ---- */

static const char *const months[] = { "january", "february", "march",     "april",   "may",      "june",
                                      "july",    "august",   "september", "october", "november", "december" };
static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

/* A name or its first letters, three at least ("Sept" too). 1 to count, 0: none of them. */
static int find_name(const char *const *names, int count, const char *word, size_t len)
{
    for (int i = 0; i < count && len >= 3; i++) {
        size_t n = 0;
        while (n < len && names[i][n] && lower(word[n]) == names[i][n])
            n++;
        if (n == len && (n == 3 || n == 4 || n == 5 || !names[i][n]))
            return i + 1;
    }
    return 0;
}

static int take_half_of_day(fields *f, int afternoon)
{
    if (f->hour < 1 || f->hour > 12)
        return 0;
    f->hour = f->hour % 12 + (afternoon ? 12 : 0);
    return 1;
}

static int take_word(fields *f, const char *word, size_t len)
{
    int month = find_name(months, 12, word, len);
    if (month && !f->month) {
        f->month = month;
        return 1;
    }
    if (word_is(word, len, "am") || word_is(word, len, "pm"))
        return take_half_of_day(f, lower(word[0]) == 'p');
    if (f->hour >= 0 && take_zone_word(f, word, len))
        return 1;
    return find_name(weekdays, 7, word, len) || word_is(word, len, "at") || word_is(word, len, "of");
}

static int take_day(cursor *c, fields *f, int value)
{
    static const char *const endings[] = { "st", "nd", "rd", "th" };
    if (f->day || value < 1)
        return 0;
    f->day = value;
    for (size_t i = 0; i < 4; i++)
        if (c->end - c->p >= 2 && word_is(c->p, 2, endings[i]) && !(c->end - c->p > 2 && is_letter(c->p[2]))) {
            c->p += 2;
            break;
        }
    return 1;
}

/* RFC 2822, 4.3: two digits are of 1950 to 2049. Only after day and month. */
static int take_short_year(fields *f, int value)
{
    if (!f->day || !f->month || f->year)
        return 0;
    f->year = value < 50 ? 2000 + value : 1900 + value;
    return 1;
}

static int take_number(cursor *c, fields *f)
{
    int value;
    size_t width = count_digits(c);
    if (width == 0 || width > 4 || width == 3 || !read_digits(c, width, &value))
        return 0;
    if (width == 4) {
        if (f->year)
            return 0;
        f->year = value;
        return value > 0;
    }
    if (peek(c) == ':') {
        if (f->hour >= 0)
            return 0;
        f->hour = value;
        c->p++;
        return read_digits(c, 2, &f->minute) && read_seconds(c, f, 0);
    }
    cursor after = *c;
    skip_spaces(&after);
    if (f->day && f->hour < 0 && after.end - after.p >= 2 && (word_is(after.p, 2, "am") || word_is(after.p, 2, "pm"))) {
        f->hour = value;
        return 1;
    }
    return f->day ? width == 2 && take_short_year(f, value) : take_day(c, f, value);
}

/* A dot may stand in "a.m." too. */
static int read_word(cursor *c, fields *f)
{
    char word[16];
    size_t n = 0;
    if (c->end - c->p >= 4 && c->p[1] == '.' && lower(c->p[2]) == 'm' && c->p[3] == '.') {
        word[0] = c->p[0];
        word[1] = 'm';
        n = 2;
        c->p += 4;
        return take_word(f, word, n);
    }
    while (is_letter(peek(c))) {
        if (n == sizeof word)
            return 0;
        word[n++] = *c->p++;
    }
    return take_word(f, word, n);
}

/* A comment at the end, as in "+0100 (CET)". */
static int skip_comment(cursor *c)
{
    const char *close = memchr(c->p, ')', (size_t)(c->end - c->p));
    if (!close)
        return 0;
    c->p = close + 1;
    return 1;
}

static int parse_named(mrg_date *out, cursor c)
{
    fields f = { .hour = -1 };
    while (c.p < c.end) {
        char next = *c.p;
        int fine = 1;
        if (is_digit(next))
            fine = take_number(&c, &f);
        else if (is_letter(next))
            fine = read_word(&c, &f);
        else if ((next == '+' || next == '-') && f.hour >= 0 && f.year)
            fine = read_offset(&c, &f);
        else if (next == '(')
            fine = skip_comment(&c);
        else if (strchr(" \t\r\n,.-", next))
            c.p++;
        else
            fine = 0;
        if (!fine)
            return 0;
    }
    return f.month && f.year && settle(out, &f);
}

int mrg_date_parse(mrg_date *out, const char *s, size_t len)
{
    cursor c = { s, s + len };
    skip_spaces(&c);
    while (c.end > c.p && strchr(" \t\r\n", c.end[-1]) && c.end[-1])
        c.end--;
    memset(out, 0, sizeof *out);
    if (c.p == c.end || c.end - c.p > LONGEST_DATE || memchr(c.p, 0, (size_t)(c.end - c.p)))
        return 0;
    return parse_iso(out, c) || parse_named(out, c);
}

mrg_date mrg_date_of_seconds(int64_t seconds)
{
    mrg_date date = { .precision = MRG_DATE_SECOND, .seconds = seconds };
    mrg_civil_from_days(floor_div(seconds, SECONDS_A_DAY), &date.year, &date.month, &date.day);
    return date;
}

void mrg_date_format(const mrg_date *date, char out[MRG_DATE_TEXT_BYTES])
{
    int64_t second = date->seconds - floor_div(date->seconds, SECONDS_A_DAY) * SECONDS_A_DAY;
    size_t size = MRG_DATE_TEXT_BYTES;
    out[0] = 0;
    switch (date->precision) {
    case MRG_DATE_NONE:
        break;
    case MRG_DATE_YEAR:
        snprintf(out, size, "%04d", date->year);
        break;
    case MRG_DATE_MONTH:
        snprintf(out, size, "%04d-%02d", date->year, date->month);
        break;
    case MRG_DATE_DAY:
        snprintf(out, size, "%04d-%02d-%02d", date->year, date->month, date->day);
        break;
    case MRG_DATE_SECOND:
        snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", date->year, date->month, date->day, (int)(second / 3600),
                 (int)(second / 60 % 60), (int)(second % 60));
        break;
    }
}

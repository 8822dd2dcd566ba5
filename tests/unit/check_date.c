/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates in the forms that news uses, those that do not exist, and random strings. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "source/source.h"

/* The date in our form, "" for none. */
static const char *normal(const char *s)
{
    static char text[MRG_DATE_TEXT_BYTES];
    mrg_date date;
    if (!mrg_date_parse(&date, s, strlen(s)))
        return "";
    mrg_date_format(&date, text);
    return text;
}

static void expect(const char *written, const char *wanted)
{
    ck_assert_msg(strcmp(normal(written), wanted) == 0, "\"%s\" gave \"%s\", not \"%s\"", written, normal(written),
                  wanted);
}

START_TEST(iso_dates_are_read)
{
    expect("2014", "2014");
    expect("2014-03", "2014-03");
    expect("2014-03-01", "2014-03-01");
    expect("2014/03/01", "2014-03-01");
    expect("20061020", "2006-10-20");
    expect("2006-10-20T18:15:00", "2006-10-20T18:15:00Z");
    expect("2006-10-20t18:15:00z", "2006-10-20T18:15:00Z");
    expect("2006-10-20 18:15:00 +0000", "2006-10-20T18:15:00Z");
    expect("2006-10-20T18:15", "2006-10-20T18:15:00Z");
    expect("20061020T181500Z", "2006-10-20T18:15:00Z");
    expect("20061020T181500+0100", "2006-10-20T17:15:00Z");
    expect("2014-03-01T00:30:00+01:00", "2014-02-28T23:30:00Z");
    expect("2013-12-31T23:30:00-05:00", "2014-01-01T04:30:00Z");
    expect("2014-03-01T18:15:00.123456-08", "2014-03-02T02:15:00Z");
    expect("2014-03-01T18:15:00,5Z", "2014-03-01T18:15:00Z");
    expect("2014-03-01 18:15:00 EST", "2014-03-01T23:15:00Z");
    expect("2014-03-01 18:15 UTC", "2014-03-01T18:15:00Z");
    expect("  2014-03-01 \n", "2014-03-01");
    expect("0001-01-01", "0001-01-01");
    expect("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z");
    expect("2014-03-01T24:00:00Z", "2014-03-02T00:00:00Z");
    expect("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
}
END_TEST

START_TEST(named_months_are_read)
{
    expect("Oct 20, 2006", "2006-10-20");
    expect("20 October 2006", "2006-10-20");
    expect("March 1, 2014", "2014-03-01");
    expect("1 March 2014", "2014-03-01");
    expect("Aug. 24, 1991", "1991-08-24");
    expect("Sept. 11, 2001", "2001-09-11");
    expect("SEPTEMBER 11 2001", "2001-09-11");
    expect("1st of March 2014", "2014-03-01");
    expect("the", "");
    expect("March 2014", "2014-03");
    expect("Saturday, March 1st, 2014", "2014-03-01");
    expect("March 1, 2014 6:15 pm", "2014-03-01T18:15:00Z");
    expect("March 1, 2014 at 12:05 a.m. EST", "2014-03-01T05:05:00Z");
    expect("Mar 1, 2014, 6 PM", "2014-03-01T18:00:00Z");
    expect("01-Mar-2014", "2014-03-01");
    expect("Sat Mar  1 18:15:00 2014", "2014-03-01T18:15:00Z");
    expect("Sat Mar  1 18:15:00 UTC 2014", "2014-03-01T18:15:00Z");
}
END_TEST

START_TEST(mail_dates_are_read)
{
    expect("Sat, 01 Mar 2014 18:15:00 +0100", "2014-03-01T17:15:00Z");
    expect("Sat, 1 Mar 2014 18:15:00 GMT", "2014-03-01T18:15:00Z");
    expect("1 Mar 2014 18:15 -0500", "2014-03-01T23:15:00Z");
    expect("Sat, 01 Mar 14 18:15:00 EDT", "2014-03-01T22:15:00Z");
    expect("Mon, 01 Mar 99 18:15:00 +0000 (UTC)", "1999-03-01T18:15:00Z");
}
END_TEST

START_TEST(dates_that_do_not_exist_are_none)
{
    static const char *const wrong[] = {
        "",
        " ",
        "0",
        "0000",
        "00000000",
        "14",
        "201",
        "20140",
        "201403",
        "2014-",
        "2014-0",
        "2014-00",
        "2014-13",
        "2014-03-",
        "2014-03-00",
        "2014-03-32",
        "2014-02-29",
        "1900-02-29",
        "2014-04-31",
        "20140431",
        "2014-3-1",
        "2014-03-01T",
        "2014-03-01T1",
        "2014-03-01T25:00",
        "2014-03-01T24:00:01",
        "2014-03-01T23:60",
        "2014-03-01T23:59:61",
        "2014-03-01T12:00+99:00",
        "2014-03-01T12:00 Mars",
        "2014-03T12:00",
        "2014T12:00",
        "2014-03-01x",
        "x2014-03-01",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "10000-01-01",
        "99999999999999999999",
        "3/1/2014",
        "01.03.2014",
        "yesterday",
        "March",
        "March 1",
        "March 32, 2014",
        "Feb 30 2014",
        "31 June 2014",
        "1 Mart 2014",
        "March 1 2 2014",
        "March 1, 2014 2015",
        "March 1, 2014 13 pm",
        "March 1, 2014 0 am",
        "March April 2014",
        "13:00",
        "pm 2014 March",
        "2014-03-01T12:00:00.Z",
        "2014-03-01T12:00:00Z Z Z Z x",
        "March 1, 2014 +0100",
        "1 March 2014 (unclosed",
        "-2014-03-01",
        "+2014",
        "2014-03-01T-1:00",
        "2014\xc2\xa0March",
        "N/A",
        "null",
        "Sat, 01 Mar 2014 18:15:00 +0100 and a great many other words that make it much too long for any date at all",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!*normal(wrong[i]), "\"%s\" gave \"%s\"", wrong[i], normal(wrong[i]));
    ck_assert_str_eq(normal("2000-02-29"), "2000-02-29");
    ck_assert_str_eq(normal("2012-02-29"), "2012-02-29");
    mrg_date date;
    ck_assert(!mrg_date_parse(&date, "2014\0-03", 8));
    ck_assert(mrg_date_parse(&date, "2014-03-01xyz", 10));
    ck_assert(!mrg_date_parse(&date, "", 0));
}
END_TEST

START_TEST(seconds_are_utc_since_1970)
{
    static const struct {
        const char *date;
        int64_t seconds;
        mrg_date_precision precision;
    } known[] = {
        { "1970-01-01T00:00:00Z", 0, MRG_DATE_SECOND },
        { "1970-01-01T01:00:00+01:00", 0, MRG_DATE_SECOND },
        { "1969-12-31T23:59:59Z", -1, MRG_DATE_SECOND },
        { "2014-03-01T18:15:00Z", 1393697700, MRG_DATE_SECOND },
        { "2000-02-29", 951782400, MRG_DATE_DAY },
        { "1900-01-01", -2208988800, MRG_DATE_DAY },
        { "0001-01-01", -62135596800, MRG_DATE_DAY },
        { "9999-12-31T23:59:59Z", 253402300799, MRG_DATE_SECOND },
        { "2014-03", 1393632000, MRG_DATE_MONTH },
        { "2014", 1388534400, MRG_DATE_YEAR },
        { "2038-01-19T03:14:08Z", (int64_t)INT32_MAX + 1, MRG_DATE_SECOND },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        mrg_date date;
        ck_assert(mrg_date_parse(&date, known[i].date, strlen(known[i].date)));
        ck_assert_int_eq(date.seconds, known[i].seconds);
        ck_assert_int_eq(date.precision, known[i].precision);
    }
}
END_TEST

START_TEST(every_day_comes_back)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t seconds = -62135596800; /* 0001-01-01 */
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int last = days[month - 1] + (month == 2 && leap);
            char text[64], back[MRG_DATE_TEXT_BYTES];
            mrg_date date;
            snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, last + 1);
            ck_assert(!mrg_date_parse(&date, text, strlen(text)));
            snprintf(text, sizeof text, "%04d-%02d-%02dT23:59:59Z", year, month, last);
            ck_assert(mrg_date_parse(&date, text, strlen(text)));
            seconds += (int64_t)last * 86400;
            ck_assert_int_eq(date.seconds, seconds - 1);
            mrg_date_format(&date, back);
            ck_assert_str_eq(back, text);
        }
}
END_TEST

/* What is read is written so that it is read again as the same. */
START_TEST(random_strings_are_read_or_refused)
{
    static const char alphabet[] = "0123456789-:TZ+ ,./Marchseptjunoctyebdlgi()";
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 300000; i++) {
        char text[24];
        size_t len = 0;
        do {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text[len++] = i % 2 ? alphabet[state % (sizeof alphabet - 1)] : alphabet[state % 16];
        } while (len < 23 && state % 17);
        text[len] = 0;
        mrg_date date, again;
        if (!mrg_date_parse(&date, text, len))
            continue;
        char back[MRG_DATE_TEXT_BYTES];
        mrg_date_format(&date, back);
        ck_assert_msg(mrg_date_parse(&again, back, strlen(back)), "\"%s\" gave \"%s\"", text, back);
        ck_assert_int_eq(again.seconds, date.seconds);
        ck_assert_int_eq(again.precision, date.precision);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("date");
    TCase *tc = tcase_create("date");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, iso_dates_are_read);
    tcase_add_test(tc, named_months_are_read);
    tcase_add_test(tc, mail_dates_are_read);
    tcase_add_test(tc, dates_that_do_not_exist_are_none);
    tcase_add_test(tc, seconds_are_utc_since_1970);
    tcase_add_test(tc, every_day_comes_back);
    tcase_add_test(tc, random_strings_are_read_or_refused);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

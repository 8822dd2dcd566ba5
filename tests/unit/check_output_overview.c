/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bars, and timelines with their gaps. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "cli/clean.h"
#include "output_overview.h"

static char *printed;
static size_t printed_len;

static mrg_screen start_print(size_t width, int utf8)
{
    mrg_screen screen = { .out = open_memstream(&printed, &printed_len), .width = width, .utf8 = utf8 };
    ck_assert_ptr_nonnull(screen.out);
    return screen;
}

static void expect_printed(const mrg_screen *screen, const char *expected)
{
    fclose(screen->out);
    ck_assert_str_eq(printed, expected);
    free(printed);
}

/* ---- Bars ---- */

static void expect_bar(uint64_t value, uint64_t max, size_t columns, int utf8, const char *expected)
{
    mrg_screen screen = start_print(80, utf8);
    mrg_put_bar(&screen, value, max, columns);
    expect_printed(&screen, expected);
}

START_TEST(bars_are_in_proportion)
{
    expect_bar(4, 4, 8, 0, "########");
    expect_bar(2, 4, 8, 0, "####");
    expect_bar(1, 1000000, 8, 0, "#");
    expect_bar(0, 4, 8, 0, "");
    expect_bar(0, 0, 8, 0, "");
    expect_bar(4, 4, 2, 1, "██");
    expect_bar(1, 16, 2, 1, "▏");
    expect_bar(9, 16, 2, 1, "█▏");
    expect_bar(15, 16, 2, 1, "█▉");
    expect_bar(1, UINT64_MAX, 2, 1, "▏");
    expect_bar(UINT64_MAX, UINT64_MAX, 3, 1, "███");
}
END_TEST

START_TEST(bars_are_coloured_where_there_are_colours)
{
    mrg_screen screen = start_print(80, 0);
    screen.color = 1;
    mrg_put_bar(&screen, 1, 1, 3);
    expect_printed(&screen, "\033[36m###\033[0m");
}
END_TEST

/* ---- Dates by number ---- */

static int month_days(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

START_TEST(days_follow_one_another)
{
    char value[32], label[16];
    int64_t last = mrg_timeline_number(MORGUE_FACET_DAY, "0000-12-31");
    ck_assert_int_ge(last, 0);
    for (int year = 1; year < 10000; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= month_days(year, month); day++) {
                snprintf(value, sizeof value, "%04d-%02d-%02d", year, month, day);
                int64_t number = mrg_timeline_number(MORGUE_FACET_DAY, value);
                ck_assert_msg(number == last + 1, "%s", value);
                mrg_timeline_label(label, MORGUE_FACET_DAY, number);
                ck_assert_str_eq(label, value);
                last = number;
            }
        }
    }
}
END_TEST

START_TEST(months_and_years_follow_one_another)
{
    char label[16];
    int64_t december = mrg_timeline_number(MORGUE_FACET_MONTH, "1999-12");
    ck_assert_int_eq(mrg_timeline_number(MORGUE_FACET_MONTH, "2000-01"), december + 1);
    mrg_timeline_label(label, MORGUE_FACET_MONTH, december);
    ck_assert_str_eq(label, "1999-12");
    mrg_timeline_label(label, MORGUE_FACET_YEAR, mrg_timeline_number(MORGUE_FACET_YEAR, "0850"));
    ck_assert_str_eq(label, "0850");
}
END_TEST

START_TEST(what_is_no_date_has_no_number)
{
    ck_assert_int_eq(mrg_timeline_number(MORGUE_FACET_DAY, "2014-03"), -1);
    ck_assert_int_eq(mrg_timeline_number(MORGUE_FACET_DAY, "2014-13-01"), -1);
    ck_assert_int_eq(mrg_timeline_number(MORGUE_FACET_MONTH, "2014-03-01"), -1);
    ck_assert_int_eq(mrg_timeline_number(MORGUE_FACET_YEAR, ""), -1);
    ck_assert_int_eq(mrg_timeline_number(MORGUE_FACET_YEAR, "soon"), -1);
}
END_TEST

/* ---- Timelines ---- */

static void expect_timeline(morgue_facet by, const morgue_facet_value *values, size_t count, uint64_t undated,
                            const char *expected)
{
    mrg_timeline t = { by, values, count, undated };
    mrg_screen screen = start_print(40, 0);
    mrg_print_timeline(&screen, &t);
    expect_printed(&screen, expected);
}

START_TEST(gaps_are_drawn_and_long_ones_told)
{
    morgue_facet_value months[] = {
        { "2013-11", "", 20 }, { "2014-02", "", 10 }, { "2014-03", "", 1 }, { "2017-03", "", 5 }
    };
    expect_timeline(MORGUE_FACET_MONTH, months, 4, 3,
                    "by month\n"
                    "  2013-11  20  #########################\n"
                    "  2013-12   0\n"
                    "  2014-01   0\n"
                    "  2014-02  10  #############\n"
                    "  2014-03   1  #\n"
                    "  ... 35 months without\n"
                    "  2017-03   5  ######\n"
                    "  undated   3  ####\n");
    morgue_facet_value days[] = { { "2000-02-28", "", 1 }, { "2000-03-01", "", 1 } };
    expect_timeline(MORGUE_FACET_DAY, days, 2, 0,
                    "by day\n"
                    "  2000-02-28  1  #######################\n"
                    "  2000-02-29  0\n"
                    "  2000-03-01  1  #######################\n");
    /* What fits is drawn. */
    morgue_facet_value years[] = { { "2013", "", 2 }, { "2018", "", 2 } };
    expect_timeline(MORGUE_FACET_YEAR, years, 2, 0,
                    "by year\n"
                    "  2013     2  ##########################\n"
                    "  2014     0\n"
                    "  2015     0\n"
                    "  2016     0\n"
                    "  2017     0\n"
                    "  2018     2  ##########################\n");
    expect_timeline(MORGUE_FACET_YEAR, NULL, 0, 2, "by year\n  undated  2  ##########################\n");
}
END_TEST

START_TEST(no_row_is_too_wide)
{
    morgue_facet_value years[] = { { "1850", "", 123456 }, { "2015", "", 5 } };
    mrg_timeline t = { MORGUE_FACET_YEAR, years, 2, 0 };
    for (size_t width = 30; width < 200; width += 7) {
        for (int utf8 = 0; utf8 < 2; utf8++) {
            mrg_screen screen = start_print(width, utf8);
            mrg_print_timeline(&screen, &t);
            fclose(screen.out);
            for (char *line = strtok(printed, "\n"); line; line = strtok(NULL, "\n"))
                ck_assert_uint_le(mrg_clean_width(line, strlen(line)), width);
            free(printed);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("output_overview");
    TCase *tcase = tcase_create("overview");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, bars_are_in_proportion);
    tcase_add_test(tcase, bars_are_coloured_where_there_are_colours);
    tcase_add_test(tcase, days_follow_one_another);
    tcase_add_test(tcase, months_and_years_follow_one_another);
    tcase_add_test(tcase, what_is_no_date_has_no_number);
    tcase_add_test(tcase, gaps_are_drawn_and_long_ones_told);
    tcase_add_test(tcase, no_row_is_too_wide);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between the library and a terminal or another program: nothing that steers a terminal gets
   through, lines keep to the width, carets point where they should, options mean what they say. */
#include <check.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/testing.h"
#include "options.h"
#include "cli/clean.h"
#include "cli/arguments.h"
#include "output.h"
#include "output_pager.h"

/* ---- A stream to print into ---- */

static char *printed;
static size_t printed_len;

static FILE *start_print(void)
{
    FILE *out = open_memstream(&printed, &printed_len);
    ck_assert_ptr_nonnull(out);
    return out;
}

static void expect_printed(FILE *out, const char *expected)
{
    fclose(out);
    ck_assert_str_eq(printed, expected);
    free(printed);
}

/* ---- Clean text ---- */

static void expect_clean(const char *text, const char *expected)
{
    FILE *out = start_print();
    mrg_put_clean_str(out, text);
    expect_printed(out, expected);
}

START_TEST(nothing_that_steers_a_terminal_gets_through)
{
    expect_clean("plain, caf\xc3\xa9 海 \xf0\x9f\x9a\xa2", "plain, caf\xc3\xa9 海 \xf0\x9f\x9a\xa2");
    expect_clean("\033[31mred\a\b", "\xef\xbf\xbd[31mred\xef\xbf\xbd\xef\xbf\xbd");
    expect_clean("a\tb\nc\rd", "a b c d");
    expect_clean("\x7f\xc2\x9b"
                 "2J\xc2\x85",
                 "\xef\xbf\xbd\xef\xbf\xbd"
                 "2J\xef\xbf\xbd");
    expect_clean("\xe2\x80\xaetxt\xe2\x81\xa6", "\xef\xbf\xbdtxt\xef\xbf\xbd");
    expect_clean("\xe2\x80\xa8x", " x");
}
END_TEST

START_TEST(each_broken_character_is_replaced_once)
{
    expect_clean("a\xff\xfe"
                 "b",
                 "a\xef\xbf\xbd\xef\xbf\xbd"
                 "b");
    expect_clean("\xe2\x82", "\xef\xbf\xbd");
    expect_clean("\xe2\x82x", "\xef\xbf\xbdx");
    expect_clean("\xf0\x9f\x9a", "\xef\xbf\xbd");
    expect_clean("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    expect_clean("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
}
END_TEST

START_TEST(widths_count_columns)
{
    ck_assert_uint_eq(mrg_clean_width("abc", 3), 3);
    ck_assert_uint_eq(mrg_clean_width("海底", 6), 4);
    ck_assert_uint_eq(mrg_clean_width("e\xcc\x81", 3), 1);
    ck_assert_uint_eq(mrg_clean_width("\033", 1), 1);
}
END_TEST

static void expect_clipped(const char *text, size_t max, const char *expected)
{
    FILE *out = start_print();
    size_t width = mrg_put_clipped(out, text, strlen(text), max);
    ck_assert_uint_le(width, max);
    expect_printed(out, expected);
}

START_TEST(clipped_text_fits)
{
    expect_clipped("abcdef", 6, "abcdef");
    expect_clipped("abcdefg", 6, "abc...");
    expect_clipped("海底电缆", 8, "海底电缆");
    expect_clipped("海底电缆", 7, "海底...");
    expect_clipped("海底电缆", 6, "海...");
    expect_clipped("abcdef", 2, "");
    expect_clipped("", 0, "");
}
END_TEST

static void expect_json(const char *text, size_t len, const char *expected)
{
    FILE *out = start_print();
    mrg_put_json(out, text, len);
    expect_printed(out, expected);
}

START_TEST(json_strings_are_escaped)
{
    expect_json("say \"no\" \\ /", 12, "\"say \\\"no\\\" \\\\ /\"");
    expect_json("\b\f\n\r\t\033\x7f", 7, "\"\\b\\f\\n\\r\\t\\u001b\\u007f\"");
    expect_json("a\0b", 3, "\"a\\u0000b\"");
    expect_json("\xc2\x9b\xe2\x80\xae", 5, "\"\\u009b\\u202e\"");
    expect_json("海\xf0\x9f\x9a\xa2", 7, "\"海\xf0\x9f\x9a\xa2\"");
    expect_json("x\xffy", 3, "\"x\xef\xbf\xbdy\"");
    expect_json("", 0, "\"\"");
}
END_TEST

START_TEST(csv_fields_are_quoted_where_needed)
{
    FILE *out = start_print();
    mrg_put_csv(out, "plain", 5);
    putc('|', out);
    mrg_put_csv(out, "a, \"b\"\nc", 8);
    putc('|', out);
    mrg_put_csv(out, "\"", 1);
    expect_printed(out, "plain|\"a, \"\"b\"\" c\"|\"\"\"\"");
}
END_TEST

START_TEST(counts_have_commas)
{
    FILE *out = start_print();
    uint64_t counts[] = { 0, 999, 1000, 50667, 1000005, UINT64_MAX };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        mrg_put_count(out, counts[i]);
        putc(' ', out);
    }
    expect_printed(out, "0 999 1,000 50,667 1,000,005 18,446,744,073,709,551,615 ");
}
END_TEST

/* ---- Wrapping ---- */

static void expect_wrapped(size_t width, int color, const char *text, const morgue_span *spans, size_t count,
                           const char *expected)
{
    FILE *out = start_print();
    mrg_screen screen = { .out = out, .color = color, .width = width };
    mrg_wrapper w = { .screen = &screen, .indent = 2 };
    mrg_wrap(&w, text, strlen(text), spans, count, MRG_STYLE_PLAIN);
    mrg_wrap_end(&w);
    expect_printed(out, expected);
}

START_TEST(lines_keep_to_the_width)
{
    expect_wrapped(10, 0, "one two three four", NULL, 0, "one two\n  three\n  four\n");
    expect_wrapped(10, 0, "one two th", NULL, 0, "one two th\n");
    expect_wrapped(10, 0, "abcdefghijklmnopqrs", NULL, 0, "abcdefghij\n  klmnopqr\n  s\n");
    expect_wrapped(10, 0, "ab abcdefghijkl", NULL, 0, "ab\n  abcdefgh\n  ijkl\n");
    expect_wrapped(0, 0, "one two three four", NULL, 0, "one two three four\n");
    expect_wrapped(10, 0, "", NULL, 0, "\n");
    expect_wrapped(10, 0, "one            two", NULL, 0, "one\n  two\n");
    expect_wrapped(10, 0, "one    ", NULL, 0, "one\n");
}
END_TEST

START_TEST(wide_characters_break_anywhere_but_before_punctuation)
{
    expect_wrapped(10, 0, "海底电缆条约谈", NULL, 0, "海底电缆条\n  约谈\n");
    expect_wrapped(10, 0, "海底电缆条，约", NULL, 0, "海底电缆\n  条，约\n");
    expect_wrapped(9, 0, "海底电缆", NULL, 0, "海底电缆\n");
    expect_wrapped(7, 0, "海底电缆", NULL, 0, "海底电\n  缆\n");
    /* Nothing fits, and yet it ends. */
    expect_wrapped(1, 0, "海底", NULL, 0, "海\n  底\n");
}
END_TEST

START_TEST(styles_do_not_run_over_line_ends)
{
    morgue_span spans[] = { { 4, 13 }, { 14, 18 } };
    expect_wrapped(10, 1, "one two three four", spans, 2,
                   "one \033[1;31mtwo\033[0m\n  \033[1;31mthree\033[0m\n  \033[1;31mfour\033[0m\n");
    expect_wrapped(80, 1, "one two three four", spans, 2, "one \033[1;31mtwo three\033[0m \033[1;31mfour\033[0m\n");
    expect_wrapped(80, 0, "one two three four", spans, 2, "one two three four\n");
}
END_TEST

START_TEST(parts_put_one_after_another_make_one_line)
{
    FILE *out = start_print();
    mrg_screen screen = { .out = out, .width = 12 };
    mrg_wrapper w = { .screen = &screen, .indent = 1 };
    mrg_wrap_str(&w, "abc; ", MRG_STYLE_PLAIN);
    mrg_wrap_str(&w, "defg", MRG_STYLE_DIM);
    mrg_wrap_str(&w, ", ", MRG_STYLE_PLAIN);
    mrg_wrap_str(&w, "hijk", MRG_STYLE_PLAIN);
    mrg_wrap_end(&w);
    expect_printed(out, "abc; defg,\n hijk\n");
}
END_TEST

/* Any bytes, any width: ends, and no line is wider than it may be. */
START_TEST(no_line_is_ever_too_wide)
{
    static const char *const parts[] = { "word ",   "longerword", " ",         "海", "，",
                                         "\033[1m", "\xff",       "e\xcc\x81", "\n", "-" };
    unsigned state = 12345;
    for (int round = 0; round < 3000; round++) {
        char text[400] = "";
        for (int i = 0; i < 30; i++) {
            state = state * 1103515245u + 12345u;
            strcat(text, parts[(state >> 16) % 10]);
        }
        size_t width = 4 + (state >> 20) % 40;
        FILE *out = start_print();
        mrg_screen screen = { .out = out, .width = width };
        mrg_wrapper w = { .screen = &screen, .indent = 2 };
        mrg_wrap_str(&w, text, MRG_STYLE_PLAIN);
        mrg_wrap_end(&w);
        fclose(out);
        for (char *line = strtok(printed, "\n"); line; line = strtok(NULL, "\n"))
            ck_assert_msg(mrg_clean_width(line, strlen(line)) <= width, "round %d, width %zu: %s", round, width, line);
        free(printed);
    }
}
END_TEST

static void expect_parts(size_t width, int utf8, const char *expected)
{
    FILE *out = start_print();
    mrg_screen screen = { .out = out, .width = width, .utf8 = utf8 };
    mrg_wrapper w = { .screen = &screen };
    mrg_put_part(&w, "The Wire", MRG_STYLE_PLAIN);
    mrg_put_part(&w, "", MRG_STYLE_PLAIN);
    mrg_put_part(&w, "1 Mar 2014", MRG_STYLE_DIM);
    mrg_wrap_end(&w);
    expect_printed(out, expected);
}

START_TEST(parts_are_kept_apart)
{
    expect_parts(80, 1, "The Wire \xc2\xb7 1 Mar 2014\n");
    expect_parts(80, 0, "The Wire - 1 Mar 2014\n");
    expect_parts(20, 1, "The Wire\n1 Mar 2014\n");
    expect_parts(0, 1, "The Wire \xc2\xb7 1 Mar 2014\n");
}
END_TEST

START_TEST(names_are_marked_below_matches)
{
    FILE *out = start_print();
    mrg_screen screen = { .out = out, .color = 1, .width = 80 };
    mrg_wrapper w = { .screen = &screen };
    morgue_span matches[] = { { 4, 9 } };
    mrg_text_mark marks[] = { { 0, 9, MRG_STYLE_IN_TEXT + MRG_STYLE_PERSON }, { 14, 18, MRG_STYLE_ORG } };
    mrg_marked text = {
        .text = "Ann Smith and NATO", .matches = matches, .match_count = 1, .marks = marks, .mark_count = 2
    };
    mrg_wrap_marked(&w, &text, 0, 18);
    mrg_wrap_end(&w);
    expect_printed(out, "\033[4;36mAnn \033[0m\033[1;31mSmith\033[0m and \033[33mNATO\033[0m\n");
}
END_TEST

START_TEST(links_are_encoded_and_end_with_the_line)
{
    FILE *out = start_print();
    mrg_screen screen = { .out = out, .links = 1, .width = 8 };
    mrg_wrapper w = { .screen = &screen, .link = "https://a.example/\033]8;;x\033\\\xe2\x80\xae<b c>" };
    mrg_wrap_str(&w, "two words", MRG_STYLE_PLAIN);
    mrg_wrap_end(&w);
    expect_printed(out, "\033]8;;https://a.example/%1B]8;;x%1B%5C%E2%80%AE%3Cb%20c%3E\033\\two\033]8;;\033\\\n"
                        "\033]8;;https://a.example/%1B]8;;x%1B%5C%E2%80%AE%3Cb%20c%3E\033\\words\033]8;;\033\\\n");
    ck_assert(mrg_is_link("http://a") && mrg_is_link("HTTPS://a"));
    ck_assert(!mrg_is_link("") && !mrg_is_link("file:///etc/passwd") && !mrg_is_link("javascript:alert(1)"));
    char long_url[3000];
    memset(long_url, 'a', sizeof long_url);
    memcpy(long_url, "https://", 8);
    long_url[sizeof long_url - 1] = 0;
    ck_assert(!mrg_is_link(long_url));
}
END_TEST

static void expect_date(const char *date, int in_full, const char *expected)
{
    char out[MRG_DATE_BYTES];
    mrg_format_date(out, date, in_full);
    ck_assert_str_eq(out, expected);
}

START_TEST(dates_are_written_for_people)
{
    expect_date("2014-03-01", 0, "1 Mar 2014");
    expect_date("2014-03-01T18:15:00Z", 0, "1 Mar 2014");
    expect_date("2014-03-01T18:15:00Z", 1, "1 March 2014, 18:15 UTC");
    expect_date("2014-09", 1, "September 2014");
    expect_date("2014-09", 0, "Sep 2014");
    expect_date("2014", 0, "2014");
    expect_date("", 0, "");
    expect_date("0999-12-31", 0, "31 Dec 0999");
    expect_date("2014-13-01", 0, "2014-13-01");
    expect_date("2014-00", 0, "2014-00");
    expect_date("yesterday, all my troubles seemed so far away, now it looks as though they are here to stay", 0,
                "yesterday, all my troubles seemed so far away, now it looks as ");
}
END_TEST

/* ---- Pager ---- */

static size_t count_rows(size_t columns, const char *text)
{
    mrg_row_count count = { .columns = columns };
    for (; *text; text++)
        mrg_row_count_byte(&count, (unsigned char)*text);
    return count.rows;
}

START_TEST(rows_are_counted_as_a_terminal_shows_them)
{
    ck_assert_uint_eq(count_rows(10, ""), 0);
    ck_assert_uint_eq(count_rows(10, "one\ntwo\n"), 2);
    ck_assert_uint_eq(count_rows(10, "0123456789\n"), 1);
    ck_assert_uint_eq(count_rows(10, "0123456789a\n"), 2);
    ck_assert_uint_eq(count_rows(0, "0123456789a\n"), 1);
    ck_assert_uint_eq(count_rows(10, "\033[1;31m0123456789\033[0m\n"), 1);
    ck_assert_uint_eq(count_rows(10, "\033]8;;https://a.example/x\033\\0123456789\033]8;;\033\\\n"), 1);
    ck_assert_uint_eq(count_rows(10, "海底电缆条\n"), 1);
    ck_assert_uint_eq(count_rows(10, "海底电缆条约\n"), 2);
    ck_assert_uint_eq(count_rows(10, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n"), 1);
}
END_TEST

/* Prints `lines` lines of `text` through a pager that writes what it gets in capitals; what came out is in
   `printed`. */
static void page(const char *command, size_t rows, size_t lines, const char *text, int keep_links, int expected)
{
    char path[] = "/tmp/morgue-pager.XXXXXX", shell[200];
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    snprintf(shell, sizeof shell, command, path);
    FILE *terminal = fdopen(file, "w+");
    mrg_pager_setup setup = { shell, rows, 80, keep_links, terminal };
    FILE *pager = mrg_pager_open(&setup);
    ck_assert_ptr_nonnull(pager);
    for (size_t i = 0; i < lines; i++)
        fputs(text, pager);
    ck_assert_int_eq(mrg_pager_close(pager), expected);
    printed = calloc(1, 1 << 20);
    rewind(terminal);
    printed_len = fread(printed, 1, (1 << 20) - 1, terminal);
    fclose(terminal);
    unlink(path);
}

START_TEST(only_long_answers_are_paged)
{
    page("tr a-z A-Z >%s", 4, 3, "line\n", 0, 0);
    ck_assert_str_eq(printed, "line\nline\nline\n");
    free(printed);
    page("tr a-z A-Z >%s", 4, 4, "line\n", 0, 0);
    ck_assert_str_eq(printed, "LINE\nLINE\nLINE\nLINE\n");
    free(printed);
    page("tr a-z A-Z >%s", 4, 20000, "line\n", 0, 0);
    ck_assert_uint_eq(printed_len, 100000);
    free(printed);
    page("tr a-z A-Z >%s", 4, 0, "", 0, 0);
    ck_assert_uint_eq(printed_len, 0);
    free(printed);
}
END_TEST

START_TEST(links_are_kept_from_the_pager)
{
    static const char line[] = "\033]8;;http://a\033\\\033[1mx\033[0m\033]8;;\033\\\n";
    page("cat >%s", 2, 2, line, 0, 0);
    ck_assert_str_eq(printed, "\033[1mx\033[0m\n\033[1mx\033[0m\n");
    free(printed);
    page("cat >%s", 2, 1, line, 1, 0);
    ck_assert_str_eq(printed, line);
    free(printed);
}
END_TEST

START_TEST(leaving_the_pager_early_is_no_error)
{
    page("head -n 1 >%s", 4, 100000, "line\n", 0, 0);
    ck_assert_str_eq(printed, "line\n");
    free(printed);
    struct sigaction now;
    sigaction(SIGPIPE, NULL, &now);
    ck_assert(now.sa_handler == SIG_DFL);
}
END_TEST

START_TEST(a_pager_that_is_not_there_is_told)
{
    int old = dup(2), none = open("/dev/null", O_WRONLY);
    dup2(none, 2);
    page("/no/such/pager %s", 4, 9, "line\n", 0, -1);
    dup2(old, 2);
    close(old);
    close(none);
    free(printed);
}
END_TEST

START_TEST(the_pager_follows_the_environment)
{
    unsetenv("MORGUE_PAGER");
    unsetenv("PAGER");
    ck_assert_str_eq(mrg_pager_command(), "less");
    setenv("PAGER", "more", 1);
    ck_assert_str_eq(mrg_pager_command(), "more");
    setenv("MORGUE_PAGER", "less -S", 1);
    ck_assert_str_eq(mrg_pager_command(), "less -S");
    setenv("MORGUE_PAGER", "", 1);
    ck_assert_ptr_null(mrg_pager_command());
    setenv("MORGUE_PAGER", "cat", 1);
    ck_assert_ptr_null(mrg_pager_command());
}
END_TEST

/* ---- Errors ---- */

static void expect_caret(size_t width, const char *query, int column, const char *expected)
{
    FILE *out = start_print();
    mrg_print_caret(out, width, query, column);
    expect_printed(out, expected);
}

START_TEST(carets_stand_under_the_column)
{
    expect_caret(80, "putin \"red", 7, "  putin \"red\n        ^\n");
    expect_caret(80, "海底 \"x", 4, "  海底 \"x\n       ^\n");
    expect_caret(80, "a\tb\033 x", 5, "  a b\xef\xbf\xbd x\n      ^\n");
    expect_caret(80, "a\r\nb", 3, "  a b\n    ^\n");
    expect_caret(80, "ab", 3, "  ab\n    ^\n");
    expect_caret(80, "", 1, "  \n  ^\n");
    expect_caret(80, "ab", 99, "  ab\n    ^\n");
}
END_TEST

START_TEST(long_queries_are_shown_around_the_column)
{
    char query[1000];
    for (size_t i = 0; i < sizeof query - 1; i++)
        query[i] = (char)('a' + i % 26);
    query[sizeof query - 1] = 0;
    for (int column = 1; column <= (int)sizeof query; column++) {
        FILE *out = start_print();
        mrg_print_caret(out, 40, query, column);
        fclose(out);
        char *caret = strchr(printed, '\n') + 1;
        size_t line_len = (size_t)(caret - 1 - printed), at = strlen(caret) - 2;
        ck_assert_uint_le(line_len, 40);
        ck_assert_uint_le(at, 40);
        if (column < (int)sizeof query)
            ck_assert_int_eq(printed[at], query[column - 1]);
        free(printed);
    }
}
END_TEST

START_TEST(errors_are_one_line_and_a_caret)
{
    morgue_error err = { MORGUE_ERR_INVALID, 3, "no \033[1m word" };
    FILE *out = start_print();
    mrg_print_error(out, 80, "a -", &err);
    err.column = 0;
    mrg_print_error(out, 80, "a -", &err);
    err.status = MORGUE_ERR_IO;
    err.message[0] = 0;
    mrg_print_error(out, 80, NULL, &err);
    expect_printed(out, "morgue-search: no \xef\xbf\xbd[1m word\n  a -\n    ^\n"
                        "morgue-search: no \xef\xbf\xbd[1m word\n"
                        "morgue-search: input or output failed\n");
}
END_TEST

START_TEST(count_lines_say_what_is_known)
{
    FILE *out = start_print();
    mrg_print_count_line(out, 0, 3, 0, 12, 12);
    mrg_print_count_line(out, 0, 1, 0, 1, 1);
    mrg_print_count_line(out, 0, 10, 0, 1200, 5000);
    mrg_print_count_line(out, 0, 10, 0, 10, 5000);
    mrg_print_count_line(out, 0, 5, 10, 1500, 1500);
    mrg_print_count_line(out, 0, 0, 20, 12, 12);
    mrg_print_count_line(out, 0, 0, 0, 12, 12);
    mrg_print_count_line(out, 0, 0, 0, 0, 0);
    mrg_print_count_line(out, 1, 5, 10, 1500, 1500);
    expect_printed(out, "3 of 12 articles; --offset 3 shows more\n1 of 1 article\n"
                        "10 of at least 1,200 articles; --offset 10 shows more\n"
                        "10 of at most 5,000 articles; --offset 10 shows more\n"
                        "11 to 15 of 1,500 articles; --offset 15 shows more\n"
                        "--offset 20 is past the last of 12 articles\n12 articles\nnothing found\n11 to 15 of 1,500 "
                        "articles; next shows more\n");
}
END_TEST

/* ---- Options ---- */

static int read_quietly(mrg_search_args *args, const char *line)
{
    static char words[400];
    static char *argv[32];
    int argc = 0;
    snprintf(words, sizeof words, "morgue-search %s", line);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    int old = dup(2), none = open("/dev/null", O_WRONLY);
    dup2(none, 2);
    optind = 0;
    int status = mrg_search_args_read(args, argc, argv);
    dup2(old, 2);
    close(old);
    close(none);
    return status;
}

START_TEST(options_are_read)
{
    mrg_search_args args;
    ck_assert_int_eq(read_quietly(&args,
                                  "-a A --archive=B -n 5 --offset 10 --sort newest --any --explain --format json "
                                  "--color never --width 60 --lang de --timeout 1.5 ukraine -nato"),
                     0);
    ck_assert_int_eq(args.action, MRG_SEARCH);
    ck_assert_uint_eq(args.archive_count, 2);
    ck_assert_str_eq(args.archives[1], "B");
    ck_assert_str_eq(args.query, "ukraine -nato");
    ck_assert(args.search.limit == 5 && args.search.offset == 10 && args.search.sort == MORGUE_SORT_NEWEST);
    ck_assert(args.search.any && args.search.timeout_ms == 1500 && strcmp(args.search.lang, "de") == 0);
    ck_assert(args.explain && args.format == MRG_FORMAT_JSON && args.color == MRG_COLOR_NEVER && args.width == 60);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --any --all --count -- -putin --all -n"), 0);
    ck_assert_str_eq(args.query, "-putin --all -n");
    ck_assert(args.count && !args.search.any && args.search.exact_count && args.search.limit == MORGUE_NO_HITS);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --format=csv --format-version=1 --fields=id,text --exact -n0 q"), 0);
    ck_assert(args.field_count == 2 && args.fields[0] == MRG_FIELD_ID && args.fields[1] == MRG_FIELD_TEXT);
    ck_assert(args.search.exact_count && args.search.limit == MORGUE_NO_HITS);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(
        read_quietly(&args, "-aA --facet person,year --facet=lang --timeline --names=org,person --top 3 q"), 0);
    ck_assert(args.facet_count == 3 && args.facets[1] == MORGUE_FACET_YEAR && args.facets[2] == MORGUE_FACET_LANG);
    ck_assert(args.timeline == MRG_TIMELINE_AUTO && args.names && !strcmp(args.name_types, "org,person"));
    ck_assert(args.top == 3 && args.search.limit == MORGUE_NO_HITS && args.search.exact_count);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --timeline=month -n 4 --names q"), 0);
    ck_assert(args.timeline == MRG_TIMELINE_MONTH && args.top == 10 && args.search.limit == 4 && !args.name_types);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --related putin --with-timeline --top 0 sanctions"), 0);
    ck_assert(args.action == MRG_RELATED && !strcmp(args.subject, "putin") && !strcmp(args.query, "sanctions"));
    ck_assert(args.timeline == MRG_TIMELINE_AUTO && args.top == 0 && args.search.limit == MORGUE_NO_HITS);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --recency 30 --similar x"), 0);
    ck_assert(args.action == MRG_SIMILAR && args.search.recency_days == 30 && mrg_search_args_group(&args));
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --names-export --format=jsonl"), 0);
    ck_assert(args.action == MRG_NAMES_EXPORT && !args.query);
    mrg_search_args_dispose(&args);
    ck_assert_int_eq(read_quietly(&args, "-aA --show x1"), 0);
    ck_assert(args.action == MRG_SHOW && !args.query && strcmp(args.subject, "x1") == 0);
    mrg_search_args_dispose(&args);
}
END_TEST

START_TEST(wrong_options_are_usage_errors)
{
    static const char *const lines[] = {
        "",
        "-a",
        "--limit=x q",
        "-n -1 q",
        "--sort=best q",
        "--format=xml q",
        "--bogus q",
        "-putin",
        "--width 1e3 q",
        "--timeout x q",
        "q --format=json",
        "q -n 5",
        "-0 q",
        "--count --show x",
        "--any=1 q",
        "--format-version=2 q",
        "--format-version q",
        "--fields=id q",
        "--format=tsv --fields= q",
        "--format=tsv --fields=id,size q",
        "--format=tsv --fields=id,id,id,id,id,id,id,id,id,id,id,id,id,id q",
        "--matches q",
        "--with-names --format=tsv q",
        "--group --no-group q",
        "--hyperlinks=yes q",
        "--facet= q",
        "--facet=colour q",
        "--facet=person,person q",
        "--facet=person --facet=org,person q",
        "--timeline=week q",
        "--names=people q",
        "--top x --facet=org q",
        "--top 3 q",
        "--with-timeline q",
        "--facet=org --count q",
        "--timeline --show x",
        "--names --related x",
        "--count --similar x",
        "--count --names-export",
        "--show x --similar y",
        "--names-export --complete y",
        "--similar x q",
        "--complete x q",
        "--names-export q",
        "--related",
        "--format=ids --facet=org q",
        "--format=ids --related x",
        "--format=csv --names-export",
        "--format=tsv --names --timeline q",
        "--format=tsv --facet=org -n 3 q",
        "--format=csv --related x --with-timeline",
        "--recency 5 --sort=newest q",
        "--recency 1e9 q",
        "--offset x q",
        "--show",
        "--show= q",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        mrg_search_args args;
        ck_assert_msg(read_quietly(&args, lines[i]) == MRG_EXIT_USAGE, "%s", lines[i]);
        mrg_search_args_dispose(&args);
    }
}
END_TEST

START_TEST(numbers_and_sizes_are_read_whole)
{
    uint64_t n;
    unsigned ms;
    ck_assert(mrg_read_count("12", 100, &n) == 0 && n == 12);
    ck_assert(mrg_read_count("101", 100, &n) && mrg_read_count("", 100, &n) && mrg_read_count("-1", 100, &n));
    ck_assert(mrg_read_count("1x", 100, &n) && mrg_read_count(" 1", 100, &n));
    ck_assert(mrg_read_count("99999999999999999999", UINT64_MAX, &n));
    ck_assert(mrg_read_size("512", &n) == 0 && n == 512);
    ck_assert(mrg_read_size("256M", &n) == 0 && n == 256u << 20);
    ck_assert(mrg_read_size("1g", &n) == 0 && n == 1u << 30);
    ck_assert(mrg_read_size("2TiB", &n) == 0 && n == (uint64_t)2 << 40);
    ck_assert(mrg_read_size("1X", &n) && mrg_read_size("1.5G", &n) && mrg_read_size("M", &n) &&
              mrg_read_size("1MM", &n));
    ck_assert(mrg_read_size("99999999999T", &n));
    ck_assert(mrg_read_seconds("5", &ms) == 0 && ms == 5000);
    ck_assert(mrg_read_seconds("0.0001", &ms) == 0 && ms == 1);
    ck_assert(mrg_read_seconds("0", &ms) == 0 && ms == 0);
    ck_assert(mrg_read_seconds("-1", &ms) && mrg_read_seconds("5s", &ms) && mrg_read_seconds("1e99", &ms));
    ck_assert(mrg_read_seconds("nan", &ms) && mrg_read_seconds("", &ms));
}
END_TEST

static void expect_default_archive(const char *expected, int expected_ours)
{
    int ours;
    char *path = mrg_default_archive(&ours);
    ck_assert_str_eq(path, expected);
    ck_assert_int_eq(ours, expected_ours);
    free(path);
}

START_TEST(the_default_archive_follows_the_environment)
{
    setenv("MORGUE_ARCHIVE", "/m/a", 1);
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/me", 1);
    expect_default_archive("/m/a", 0);
    setenv("MORGUE_ARCHIVE", "", 1);
    expect_default_archive("/data/morgue/archive", 1);
    setenv("XDG_DATA_HOME", "relative", 1);
    expect_default_archive("/home/me/.local/share/morgue/archive", 1);
    unsetenv("HOME");
    ck_assert_ptr_null(mrg_default_archive(NULL));
}
END_TEST

START_TEST(color_follows_options_and_environment)
{
    mrg_search_args args = { .color = MRG_COLOR_AUTO };
    FILE *none = fopen("/dev/null", "w");
    setenv("COLUMNS", "55", 1);
    mrg_screen screen = mrg_screen_make(none, &args);
    ck_assert(!screen.color && screen.width == 55);
    args.color = MRG_COLOR_ALWAYS;
    args.has_width = 1;
    screen = mrg_screen_make(none, &args);
    ck_assert(screen.color && screen.width == 0);
    setenv("COLUMNS", "wide", 1);
    args.has_width = 0;
    ck_assert_uint_eq(mrg_screen_make(none, &args).width, 80);
    fclose(none);
}
END_TEST

static Suite *output_suite(void)
{
    Suite *suite = suite_create("output");
    TCase *clean = tcase_create("clean"), *lines = tcase_create("lines"), *options = tcase_create("options"),
          *pager = tcase_create("pager");
    tcase_add_test(clean, nothing_that_steers_a_terminal_gets_through);
    tcase_add_test(clean, each_broken_character_is_replaced_once);
    tcase_add_test(clean, widths_count_columns);
    tcase_add_test(clean, clipped_text_fits);
    tcase_add_test(clean, json_strings_are_escaped);
    tcase_add_test(clean, csv_fields_are_quoted_where_needed);
    tcase_add_test(clean, counts_have_commas);
    tcase_add_test(lines, lines_keep_to_the_width);
    tcase_add_test(lines, wide_characters_break_anywhere_but_before_punctuation);
    tcase_add_test(lines, styles_do_not_run_over_line_ends);
    tcase_add_test(lines, parts_put_one_after_another_make_one_line);
    tcase_add_test(lines, no_line_is_ever_too_wide);
    tcase_add_test(lines, parts_are_kept_apart);
    tcase_add_test(lines, names_are_marked_below_matches);
    tcase_add_test(lines, links_are_encoded_and_end_with_the_line);
    tcase_add_test(lines, dates_are_written_for_people);
    tcase_add_test(pager, rows_are_counted_as_a_terminal_shows_them);
    tcase_add_test(pager, only_long_answers_are_paged);
    tcase_add_test(pager, links_are_kept_from_the_pager);
    tcase_add_test(pager, leaving_the_pager_early_is_no_error);
    tcase_add_test(pager, a_pager_that_is_not_there_is_told);
    tcase_add_test(pager, the_pager_follows_the_environment);
    tcase_add_test(lines, carets_stand_under_the_column);
    tcase_add_test(lines, long_queries_are_shown_around_the_column);
    tcase_add_test(lines, errors_are_one_line_and_a_caret);
    tcase_add_test(lines, count_lines_say_what_is_known);
    tcase_add_test(options, options_are_read);
    tcase_add_test(options, wrong_options_are_usage_errors);
    tcase_add_test(options, numbers_and_sizes_are_read_whole);
    tcase_add_test(options, the_default_archive_follows_the_environment);
    tcase_add_test(options, color_follows_options_and_environment);
    suite_add_tcase(suite, clean);
    suite_add_tcase(suite, lines);
    suite_add_tcase(suite, options);
    suite_add_tcase(suite, pager);
    return suite;
}

int main(void)
{
    return test_run_suite(output_suite());
}

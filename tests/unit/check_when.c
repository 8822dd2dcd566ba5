/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates in running text: which words are one, and which day, month or year is meant. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "entity/when.h"

/* Saturday */
static const mrg_day published = { 2014, 3, 1 };

/* The values found in a text, each in brackets behind its words: "on <March 1=2014-03-01>". */
static void mark(mrg_buffer *out, const char *text, const mrg_day *day, int name_first, int name_count)
{
    mrg_tokens tokens = { 0 };
    mrg_found found = { 0 };
    mrg_when *when;
    size_t at = 0;
    mrg_buffer_clear(out);
    ck_assert_int_eq(mrg_when_create(&when, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, strlen(text), 0, NULL), MORGUE_OK);
    mrg_article_entity name = { .type = MRG_ENTITY_ORG, .key = "o:x", .name = "x", .mention_count = 1, .weight = 1 };
    mrg_mention mention = { (uint32_t)name_first, (uint32_t)name_count, 0 };
    if (name_count) {
        ck_assert_int_eq(mrg_reserve((void **)&found.entities, &found.entity_capacity, 1, sizeof name), 0);
        ck_assert_int_eq(mrg_reserve((void **)&found.mentions, &found.mention_capacity, 1, sizeof mention), 0);
        found.entities[found.entity_count++] = name;
        found.mentions[found.mention_count++] = mention;
    }
    ck_assert_int_eq(mrg_when_run(when, text, strlen(text), &tokens, day, &found, NULL), MORGUE_OK);
    for (size_t i = 0; i < found.mention_count; i++) {
        const mrg_mention *m = &found.mentions[i];
        const mrg_article_entity *e = &found.entities[m->entity];
        size_t begin = tokens.items[m->first_token].begin, end = tokens.items[m->first_token + m->token_count - 1].end;
        ck_assert_uint_ge(begin, at);
        mrg_buffer_append(out, text + at, begin - at);
        mrg_buffer_append_byte(out, '<');
        mrg_buffer_append(out, text + begin, end - begin);
        mrg_buffer_printf(out, "=%s>", e->name);
        if (e->type == MRG_ENTITY_DATE)
            ck_assert(!strncmp(e->key, "d:", 2) && !strcmp(e->key + 2, e->name));
        at = end;
    }
    mrg_buffer_append_str(out, text + at);
    mrg_found_dispose(&found);
    mrg_tokens_dispose(&tokens);
    mrg_when_free(when);
}

/* Texts as they should come out marked; the marks taken off are what goes in. */
static void check_marked(const char *const *rows, size_t count, const mrg_day *day)
{
    mrg_buffer out = { 0 }, plain = { 0 };
    for (size_t i = 0; i < count; i++) {
        mrg_buffer_clear(&plain);
        int value = 0;
        for (const char *p = rows[i]; *p; p++) {
            value |= *p == '=';
            if (*p != '<' && *p != '>' && !value)
                mrg_buffer_append_byte(&plain, (unsigned char)*p);
            value &= *p != '>';
        }
        mark(&out, mrg_buffer_cstr(&plain), day, 0, 0);
        ck_assert_str_eq(mrg_buffer_cstr(&out), rows[i]);
    }
    mrg_buffer_dispose(&out);
    mrg_buffer_dispose(&plain);
}

START_TEST(absolute_dates)
{
    static const char *const rows[] = {
        "It began on <March 1, 2014=2014-03-01>, in the east.",
        "The law of <24 August 1991=1991-08-24> stands.",
        "Independent since <Aug. 24, 1991=1991-08-24>.",
        "On the <24th of August 1991=1991-08-24> it ended.",
        "Signed <Dec. 8, 1987=1987-12-08> in Washington",
        "<2014-03-01=2014-03-01> and <2014-03-01T12=2014-03-01>:00",
        "in <2014-03=2014-03> and on <25/12/2013=2013-12-25>, <12/25/2013=2013-12-25>, <25.12.2013=2013-12-25>",
        "in <March 2014=2014-03>, or <March of 2013=2013-03>",
        "in <2008=2008>, since <1999=1999>, <2010=2010>.",
        "a <2008=2008> NATO agreement and the <1987=1987> treaty",
        "the <1990s=1990s>, the '<90s=1990s>, the \xe2\x80\x99<60s=1960s>, the late <80s=1980s>, the <1970=1970s>'s",
        "<March 1=2014-03-01>-<3, 2014=2014-03-03>; <1=2014-03-01>-<3 March 2014=2014-03-03>",
        "from <2008=2008> to <2012=2012>, <2003=2003>-<2007=2007>",
        "the <2013-14=2013> and <2013/14=2013> seasons",
        "early <2014=2014>, the fourth quarter of <2013=2013>, the end of <2015=2015>, fiscal <2012=2012>",
        "between <March=2013-03> and <May 2013=2013-05>, <Nov. 30=2012-11-30>-<Dec. 2, 2012=2012-12-02>",
        "on <Tuesday, March 4, 2014=2014-03-04> and <Sat. 1 March 2014=2014-03-01>",
        "the <Sept. 11=2001-09-11> attacks",
        "<August 20, 2012=2012-08-20>: Apple grows. <2013=2013>: it shrinks",
    };
    static const mrg_day none = { 0, 0, 0 };
    check_marked(rows, sizeof rows / sizeof *rows, &none);
    check_marked(rows, sizeof rows / sizeof *rows, &published);
}
END_TEST

START_TEST(relative_dates)
{
    static const char *const rows[] = {
        "He said on <Friday=2014-02-28> that it was so.",
        "He said on <Saturday=2014-03-01> that it was so.",
        "Parliament will vote on <Tuesday=2014-03-04>.",
        "On <Tuesday=2014-03-04> parliament will vote.",
        "It is due to report on <Tuesday=2014-03-04>.",
        "<Last Tuesday=2014-02-25> and <next Tuesday=2014-03-04>",
        "<Tuesday last week=2014-02-18>",
        "<Thursday=2014-02-27>'s talks failed.",
        "<today=2014-03-01>, <yesterday=2014-02-28>, <tomorrow=2014-03-02>",
        "<last month=2014-02>, <this month=2014-03>, <next month=2014-04>, <last year=2013>, <this year=2014>",
        "before <year's end=2014> or <year-end=2014>, by the <end of the year=2014>",
        "on <March 1=2014-03-01>, <2 April=2014-04-02> and <Dec. 30=2013-12-30>",
        "They met in <January=2014-01>. It fell in <December=2013-12>.",
        "The vote will be in <May=2014-05>, in mid-<June=2014-06>",
        "They strike on <Wednesday=2014-02-26> and <Thursday=2014-02-27>; a strike is set for <Monday=2014-03-03> or "
        "<Tuesday=2014-03-04>",
        "In <2010=2010> the count took until <June 9=2010-06-09>. It ended <June 9=2013-06-09>.",
        "in <March last year=2013-03>, <Aug. 4 of last year=2013-08-04>",
        "<three years ago=2011>, <two months ago=2014-01>, <five days ago=2014-02-24>",
    };
    check_marked(rows, sizeof rows / sizeof *rows, &published);
}
END_TEST

START_TEST(relative_dates_without_an_anchor_are_left_out)
{
    static const mrg_day none = { 0, 0, 0 }, year = { 2014, 0, 0 }, month = { 2014, 3, 0 };
    static const char *const never[] = {
        "on Tuesday, last Tuesday, today, last month, this year, March 1, in March, year's end"
    };
    static const char *const in_year[] = { "on Tuesday, today, last month, <this year=2014>" };
    static const char *const in_month[] = {
        "on Tuesday, today, <last month=2014-02>, <this year=2014>, in <June=2014-06>"
    };
    check_marked(never, 1, &none);
    check_marked(in_year, 1, &year);
    check_marked(in_month, 1, &month);
}
END_TEST

START_TEST(what_is_no_date)
{
    static const char *const rows[] = {
        "They may march on; the march ended. May I? March on!",
        "2,008 people, 2008 people, $2008, 2008%, 2008 metres in the 1500 metres, page 1987",
        "The Sunday Times and Black Friday; every Tuesday, on Tuesdays",
        "flight 1549, Boeing 1987, at 2008 GMT, tel. 646 223 2008, 555-2008, X-2008",
        "in her 90s; 20 people; 5.30; 10:15; the last year; 01/03/2014; 31/02/2014",
        "Theresa May said; Frederic March said; the March on Washington",
        "USA Today, 30 Feb",
    };
    check_marked(rows, sizeof rows / sizeof *rows, &published);
}
END_TEST

START_TEST(names_win)
{
    mrg_buffer out = { 0 };
    mark(&out, "On March 1, 2014 Winter Games began in 2014", &published, 3, 3);
    ck_assert_str_eq(mrg_buffer_cstr(&out), "On March 1, <2014 Winter Games=x> began in <2014=2014>");
    mark(&out, "In 2008 Acme grew, in 2009 too", &published, 2, 1);
    ck_assert_str_eq(mrg_buffer_cstr(&out), "In <2008=2008> <Acme=x> grew, in <2009=2009> too");
    mrg_buffer_dispose(&out);
}
END_TEST

/* Any bytes and any day of publication; the sanitizers watch. */
START_TEST(any_text_is_harmless)
{
    static const char *const words[] = { "March",   "May",  "1",     "31",   "2014",        "of",   "the",
                                         "last",    "year", "'s",    "end",  "-",           ",",    ".",
                                         "/",       "to",   "Sept.", "ago",  "three",       "90s",  "1990s",
                                         "Tuesday", "next", "week",  "\n\n", "will",        "said", "in",
                                         "Feb",     "29",   "today", "'",    "\xe2\x80\x93" };
    mrg_buffer text = { 0 }, out = { 0 };
    uint64_t state = 7;
    for (int round = 0; round < 3000; round++) {
        mrg_buffer_clear(&text);
        mrg_day day = { 0, 0, 0 };
        for (int n = 0; n < 12; n++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            mrg_buffer_append_str(&text, words[(state >> 33) % (sizeof words / sizeof *words)]);
            if (state >> 62)
                mrg_buffer_append_byte(&text, ' ');
        }
        if (round % 3)
            day = (mrg_day){ round % 7 ? 2012 : 1 + (round % 2) * 9998, 1 + round % 12, 1 + round % 28 };
        mark(&out, mrg_buffer_cstr(&text), &day, 0, 0);
    }
    mrg_buffer_dispose(&text);
    mrg_buffer_dispose(&out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("when");
    TCase *tc = tcase_create("when");
    tcase_add_test(tc, absolute_dates);
    tcase_add_test(tc, relative_dates);
    tcase_add_test(tc, relative_dates_without_an_anchor_are_left_out);
    tcase_add_test(tc, what_is_no_date);
    tcase_add_test(tc, names_win);
    tcase_add_test(tc, any_text_is_harmless);
    suite_add_tcase(s, tc);
    return test_run_suite(s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ages and roles beside the names of people. Which words are names is given: {persons} and [others]. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "core/buffer.h"
#include "entity/attribute.h"

static mrg_mention mentions[20];
static mrg_article_entity entities[20];

/* The token that begins at that byte, or the first one behind it. */
static uint32_t token_from(const mrg_tokens *tokens, size_t begin)
{
    uint32_t i = 0;
    while (i < tokens->count && tokens->items[i].begin < begin)
        i++;
    return i;
}

/* What is found, as "age 69; role Russian President", with the entity's number before each if `numbered`. */
static void describe(mrg_buffer *out, const char *marked, int numbered)
{
    mrg_buffer text = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    mrg_found found = { 0 };
    size_t begins[20], ends[20], count = 0;
    for (const char *p = marked; *p; p++) {
        if (*p == '{' || *p == '[') {
            entities[count] = (mrg_article_entity){ .type = *p == '{' ? MRG_ENTITY_PERSON : MRG_ENTITY_ORG };
            begins[count] = text.len;
        } else if (*p == '}' || *p == ']') {
            ends[count++] = text.len;
        } else {
            mrg_buffer_append_byte(&text, (unsigned char)*p);
        }
    }
    const char *plain = mrg_buffer_cstr(&text);
    ck_assert_int_eq(mrg_tokenize(&tokens, plain, 0, text.len, 0, NULL), MORGUE_OK);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = token_from(&tokens, begins[i]);
        mentions[i] = (mrg_mention){ first, token_from(&tokens, ends[i]) - first, i };
    }
    found.entities = entities;
    found.mentions = mentions;
    found.entity_count = found.mention_count = count;
    ck_assert_int_eq(mrg_attributes_run(plain, text.len, &tokens, &found, NULL), MORGUE_OK);
    mrg_buffer_clear(out);
    for (size_t i = 0; i < found.attribute_count; i++) {
        const mrg_attribute *a = &found.attributes[i];
        ck_assert_uint_eq(found.mentions[a->mention].entity, a->entity);
        ck_assert_uint_le(strlen(a->text), MRG_ATTRIBUTE_MAX_BYTES);
        if (numbered)
            mrg_buffer_printf(out, "%u ", a->entity);
        mrg_buffer_printf(out, "%s %s; ", a->kind == MRG_ATTRIBUTE_AGE ? "age" : "role", a->text);
    }
    found.entities = NULL;
    found.mentions = NULL;
    mrg_found_dispose(&found);
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&text);
}

static void check_rows(const char *const rows[][2], size_t count, int numbered)
{
    mrg_buffer out = MRG_BUFFER_INIT;
    for (size_t i = 0; i < count; i++) {
        describe(&out, rows[i][0], numbered);
        ck_assert_msg(!strcmp(mrg_buffer_cstr(&out), rows[i][1]), "%s: %s", rows[i][0], mrg_buffer_cstr(&out));
    }
    mrg_buffer_dispose(&out);
}

START_TEST(ages)
{
    static const char *const rows[][2] = {
        { "{Vladimir Putin}, 69, asked", "age 69; " },
        { "{Vladimir Putin} (69) asked", "age 69; " },
        { "with {Vladimir Putin}, 69.", "age 69; " },
        { "{Vladimir Putin}, aged 69, asked", "age 69; " },
        { "{Vladimir Putin} (aged 69)", "age 69; " },
        { "{Vladimir Putin}, who is 69, asked", "age 69; " },
        { "the 69-year-old {Vladimir Putin}", "age 69; " },
        { "the 69-year-old Russian, {Vladimir Putin}", "age 69; " },
        { "{Ann Lee}, 5 points ahead, {Bo Day} (12 goals)", "" },
        { "{Ann Lee}, 6, 3 and 2", "" },
        { "{Ann Lee}, 690, said. {Bo Day}, 0, said", "" },
        { "the 69-year-old said {Ann Lee} left", "" },
        { "{Ann Lee}'s, 69, said", "" },
    };
    check_rows(rows, sizeof rows / sizeof *rows, 0);
}
END_TEST

START_TEST(roles)
{
    static const char *const rows[][2] = {
        { "On Monday Russian President {Vladimir Putin} asked", "role Russian President; " },
        { "Then [NATO] Secretary-General {Jens Stoltenberg} said", "role NATO Secretary-General; " },
        { "[U.S.] Asst. Sec. of State {Karen Donfried} was", "role U.S. Asst. Sec. of State; " },
        { "said [Kremlin] spokesman {Dmitry Peskov}", "role Kremlin spokesman; " },
        { "[Ukraine]'s foreign minister {Dmytro Kuleba} said", "role foreign minister; " },
        { "{Jens Stoltenberg}, the [NATO] secretary general, said", "role NATO secretary general; " },
        { "{Ann Lee}, chief executive of [Acme Corp], said", "role chief executive of Acme Corp; " },
        { "{Ann Lee}, an analyst at [Acme]. It", "role analyst at Acme; " },
        { "{Ann Lee}, a former prosecutor who left", "role former prosecutor; " },
        { "the former heavyweight boxer {Vitali Klitschko} and", "role former heavyweight boxer; " },
        { "{Putin}, President {Biden} and others", "role President; " },
        { "the head of state-run [Acme], {Ann Lee}, left", "role head of state-run Acme; " },
        { "{Ann Lee} (40), the firm's accountant, and {Bo Day Jr.} (30), a baker.",
          "age 40; role firm's accountant; age 30; role baker; " },
        { "{Ann Lee}, the 54-year-old governor of [Bree], said", "age 54; role governor of Bree; " },
        { "led former president {Ann Lee} and", "role former president; " },
        { "PARIS - French President {Ann Lee} said", "role French President; " },
        { "Mr {Putin} met Mrs {May} and his son {Jim}", "" },
        { "{Putin}, however, said that the president left", "" },
        { "{Putin}'s, the president, said", "" },
    };
    check_rows(rows, sizeof rows / sizeof *rows, 0);
}
END_TEST

START_TEST(each_goes_to_its_own_person)
{
    static const char *const rows[][2] = {
        { "President {Biden}, 79, and 43-year-old President {Volodymyr Zelensky}, a former actor, met Chancellor "
          "{Scholz} (63).",
          "0 role President; 0 age 79; 1 age 43; 1 role President; 1 role former actor; 2 role Chancellor; 2 age "
          "63; " },
        { "{Ann Lee}, 40, mayor of [Bree], thanked judge {Bo\n Day}.",
          "0 age 40; 0 role mayor of Bree; 2 role judge; " },
    };
    check_rows(rows, sizeof rows / sizeof *rows, 1);
}
END_TEST

START_TEST(long_roles_are_cut_or_left_out)
{
    static const char *const rows[][2] = {
        { "{Ann Lee}, director of the national centre for the study of unusually long and winding explanations, left",
          "role director; " },
        { "{Ann Lee}, the\n  deputy\n mayor, said", "role deputy mayor; " },
    };
    check_rows(rows, sizeof rows / sizeof *rows, 0);
}
END_TEST

/* Any order of such words; the sanitizers watch. */
START_TEST(any_text_is_harmless)
{
    static const char *const words[] = { "{Putin}", "[NATO]",  ",",         "69",   "(",    ")",      "year",
                                         "-",       "old",     "president", "of",   "the",  "Sec.",   "'s",
                                         "who",     "is",      "\n",        "aged", "said", "former", "and",
                                         ".",       "Russian", "\n\n",      "120",  "121",  "analyst" };
    mrg_buffer text = MRG_BUFFER_INIT, out = MRG_BUFFER_INIT;
    uint64_t state = 11;
    for (int round = 0; round < 5000; round++) {
        mrg_buffer_clear(&text);
        for (int n = 0; n < 14; n++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            mrg_buffer_append_str(&text, words[(state >> 33) % (sizeof words / sizeof *words)]);
            if (state >> 62)
                mrg_buffer_append_byte(&text, ' ');
        }
        describe(&out, mrg_buffer_cstr(&text), 0);
    }
    mrg_buffer_dispose(&text);
    mrg_buffer_dispose(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attribute");
    TCase *tc = tcase_create("attribute");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, ages);
    tcase_add_test(tc, roles);
    tcase_add_test(tc, each_goes_to_its_own_person);
    tcase_add_test(tc, long_roles_are_cut_or_left_out);
    tcase_add_test(tc, any_text_is_harmless);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names out of text: each rule on a short invented text. Robustness is check_entity_hard.c's. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "entity/finder.h"

/* One article and what was found in it. */
typedef struct article {
    char *text;
    size_t len, title_len;
    mrg_tokens tokens;
    mrg_found found;
} article;

static article a;
static mrg_finder *finder;

static void setup(void)
{
    ck_assert_int_eq(mrg_finder_create(&finder, NULL, NULL), MORGUE_OK);
}

static void teardown(void)
{
    free(a.text);
    mrg_tokens_dispose(&a.tokens);
    mrg_found_dispose(&a.found);
    mrg_finder_free(finder);
    memset(&a, 0, sizeof a);
}

static void check_invariants(void)
{
    size_t after = 0;
    for (size_t i = 0; i < a.found.mention_count; i++) {
        const mrg_mention *m = &a.found.mentions[i];
        ck_assert_uint_ge(m->first_token, after);
        ck_assert_uint_ge(m->token_count, 1);
        ck_assert_uint_le(m->token_count, MRG_MENTION_MAX_TOKENS);
        ck_assert_uint_lt(m->entity, a.found.entity_count);
        after = m->first_token + m->token_count;
        ck_assert_uint_le(after, a.tokens.count);
    }
    for (size_t i = 0; i < a.found.entity_count; i++) {
        const mrg_article_entity *e = &a.found.entities[i];
        ck_assert_uint_le(strlen(e->key), 120);
        ck_assert_int_eq(mrg_entity_type_of(e->key[0]), e->type);
        ck_assert_uint_ge(e->weight, e->mention_count);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(e->key, a.found.entities[k].key);
    }
}

static void find_in(const char *title, const char *body)
{
    size_t body_at = 0;
    free(a.text);
    a.title_len = strlen(title);
    a.len = a.title_len + (a.title_len ? 2 : 0) + strlen(body);
    a.text = malloc(a.len + 1);
    ck_assert_ptr_nonnull(a.text);
    if (a.title_len)
        body_at = a.title_len + 2;
    snprintf(a.text, a.len + 1, "%s%s%s", title, a.title_len ? "\n\n" : "", body);
    mrg_tokens_clear(&a.tokens);
    ck_assert_int_eq(mrg_tokenize(&a.tokens, a.text, 0, a.title_len, 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_tokenize(&a.tokens, a.text, body_at, a.len, 100, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_finder_run(finder, a.text, a.len, a.title_len, &a.tokens, &a.found, NULL), MORGUE_OK);
    check_invariants();
}

static void find(const char *body)
{
    find_in("", body);
}

static const mrg_article_entity *entity(const char *key)
{
    for (size_t i = 0; i < a.found.entity_count; i++) {
        if (!strcmp(a.found.entities[i].key, key))
            return &a.found.entities[i];
    }
    return NULL;
}

static unsigned mentions(const char *key)
{
    const mrg_article_entity *e = entity(key);
    return e ? e->mention_count : 0;
}

/* All keys, in order of appearance, with commas between. */
static const char *keys(void)
{
    static char out[4096];
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < a.found.entity_count; i++)
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%s", i ? ", " : "", a.found.entities[i].key);
    return out;
}

/* The text of the nth mention. */
static const char *mention(size_t n)
{
    static char out[256];
    ck_assert_uint_lt(n, a.found.mention_count);
    const mrg_token *first = &a.tokens.items[a.found.mentions[n].first_token];
    const mrg_token *last = first + a.found.mentions[n].token_count - 1;
    snprintf(out, sizeof out, "%.*s", (int)(last->end - first->begin), a.text + first->begin);
    return out;
}

/* ---- Finding ---- */

START_TEST(names_are_runs_of_capitals)
{
    find("The talks with Oksana Hrytsenko began in Orrvik, where Pavel Druzhin waited.");
    ck_assert_str_eq(keys(), "p:oksana hrytsenko, l:orrvik, p:pavel druzhin");
    find("They met Ludwig van Beethoven and Osama bin Laden and the mayor of Rio de Janeiro.");
    ck_assert_str_eq(keys(), "p:ludwig van beethoven, p:osama bin laden, l:rio de janeiro");
    find("A letter went to Bashar al-Assad and to Jean-Claude Moulin.");
    ck_assert_str_eq(keys(), "p:bashar al assad, p:jean claude moulin");
}
END_TEST

START_TEST(sentences_begin_with_words)
{
    find("Walking home, he slept. Prices rose. However, Meanwhile nothing moved. Police said so.");
    ck_assert_str_eq(keys(), "");
    find("Harbour dues rose. The harbour dues fell. Meanwhile Anna Kowalska paid.");
    ck_assert_str_eq(keys(), "p:anna kowalska");
    find("Druzhin slept. He had met Pavel Druzhin before.");
    ck_assert_uint_eq(mentions("p:pavel druzhin"), 2);
}
END_TEST

START_TEST(months_demonyms_and_acronyms_of_trade_are_no_names)
{
    find("On Monday, a Russian CEO spoke on TV about GDP in March. The French and the Germans listened, he said.");
    ck_assert_str_eq(keys(), "");
    find("Theresa May and April Jones met in May.");
    ck_assert_str_eq(keys(), "p:theresa may, p:april jones");
}
END_TEST

START_TEST(tickers_and_products_are_no_names)
{
    find("Shares of Motorola Inc. MOT.N and Nokia ( NOK1V.HE ) fell. An F-16 and an A380 flew by.");
    ck_assert_str_eq(keys(), "o:motorola, o:nokia");
}
END_TEST

START_TEST(datelines_give_places)
{
    find("ORRVIK, Norway, March 30 (Nordwire) - Nine nations signed.");
    ck_assert_uint_eq(mentions("l:orrvik"), 1);
    ck_assert_str_eq(entity("l:orrvik")->name, "Orrvik");
    ck_assert_uint_eq(mentions("l:norway"), 1);
    find("LONDON (Reuters) - Nothing happened.");
    ck_assert_str_eq(keys(), "l:london, o:reuters");
}
END_TEST

START_TEST(headlines_name_only_what_the_text_names)
{
    find_in("Reddick Found Guilty After Long Trial Over Biscuit Tin", "A jury found Thomas Reddick guilty on Friday.");
    ck_assert_str_eq(keys(), "p:thomas reddick");
    ck_assert_uint_eq(mentions("p:thomas reddick"), 2);
    find_in("TALKS WITH US ON UKRAINE STALL", "Talks about Ukraine stopped. They told us nothing.");
    ck_assert_str_eq(keys(), "l:ukraine");
    find("ANGELA MERKEL MEETS THE PRESS IN BERLIN TODAY");
    ck_assert_uint_eq(mentions("p:angela merkel"), 1);
    ck_assert_uint_eq(mentions("l:berlin"), 1);
    ck_assert_ptr_null(entity("o:press"));
}
END_TEST

START_TEST(credits_are_read)
{
    find("It rained. (Reporting by Caren Bohan and Jeff Mason, Editing by Sandra Maler)");
    ck_assert_str_eq(keys(), "p:caren bohan, p:jeff mason, p:sandra maler");
}
END_TEST

START_TEST(nested_names_are_one_mention)
{
    find("She joined the Bank of England and left the University of Warsaw for the London Stock Exchange.");
    ck_assert_str_eq(keys(), "o:bank of england, o:university of warsaw, o:london stock exchange");
    find("The Securities and Exchange Commission and the Department of Health and Human Services replied.");
    ck_assert_str_eq(keys(), "o:sec, o:department of health and human services");
}
END_TEST

/* ---- Types ---- */

START_TEST(persons_are_told_by_names_titles_and_ages)
{
    find("Energy Minister Ragnhild Lindholm met Judge Amos Field.");
    ck_assert_str_eq(keys(), "p:ragnhild lindholm, p:amos field");
    ck_assert_str_eq(mention(0), "Ragnhild Lindholm");
    find("Zorvan, 69, left. The 62-year-old Velbrun stayed. \"No,\" said Mr. Kestrin.");
    ck_assert_str_eq(keys(), "p:zorvan, p:velbrun, p:kestrin");
    find("U.S. Asst. Sec. of State Karen Donfried wrote. Asst. U.S. Attorney Dana Kowalczyk did not.");
    ck_assert_str_eq(keys(), "l:united states, p:karen donfried, p:dana kowalczyk");
    find("Kremlin Spokesman Dmitry Peskov and Deputy Foreign Minister Sergei Rybakov came.");
    ck_assert_str_eq(keys(), "o:kremlin, p:dmitry peskov, p:sergei rybakov");
}
END_TEST

START_TEST(organisations_are_told_by_their_heads)
{
    find("Carraway Bank, Tesoro Corp, the Finance Ministry, K&L Marine and Johnson & Johnson agreed.");
    ck_assert_str_eq(keys(), "o:carraway bank, o:tesoro, o:finance ministry, o:k&l marine, o:johnson johnson");
    find("The group Vexil (VXL.N) fell. The ZQRW said no.");
    ck_assert_uint_eq(mentions("o:vexil"), 1);
    ck_assert_uint_eq(mentions("o:zqrw"), 1);
}
END_TEST

START_TEST(places_are_told_by_tables_and_prepositions)
{
    find("He lives in Kalnsala near Lake Morrow, not in Paris, France or Springfield, Illinois.");
    ck_assert_str_eq(keys(), "l:kalnsala, l:lake morrow, l:paris, l:france, l:springfield, l:illinois");
}
END_TEST

START_TEST(events_are_told_by_their_heads)
{
    find("After the Undersea Cable Treaty came the Treaty of Orrvik, World War II and the Winter Olympics.");
    ck_assert_str_eq(keys(), "e:undersea cable treaty, e:treaty of orrvik, e:world war ii, e:winter olympics");
}
END_TEST

START_TEST(the_majority_decides_the_type)
{
    find("Velm is a town. They live in Velm. She moved from Velm. In the north, near Velm, \"yes\" said Velm.");
    ck_assert_str_eq(keys(), "l:velm");
    ck_assert_uint_eq(mentions("l:velm"), 5);
}
END_TEST

/* ---- Within the article ---- */

START_TEST(abbreviations_are_tied_both_ways)
{
    find("The Baltic Grid Council (BGC) met. BGC members left.");
    ck_assert_str_eq(keys(), "o:baltic grid council");
    ck_assert_uint_eq(mentions("o:baltic grid council"), 3);
    find("The Undersea Cable Treaty [UCT] holds. The UCT is law.");
    ck_assert_str_eq(keys(), "e:undersea cable treaty");
    ck_assert_uint_eq(mentions("e:undersea cable treaty"), 3);
    find("NATO (North Atlantic Treaty Organization) met; the North Atlantic Treaty Organization (NATO) spoke.");
    ck_assert_str_eq(keys(), "o:nato");
    find("The NDA (Northern Dam Authority) spoke. Then the Northern Dam Authority fell silent.");
    ck_assert_str_eq(keys(), "o:northern dam authority");
    ck_assert_uint_eq(mentions("o:northern dam authority"), 3);
}
END_TEST

START_TEST(the_article_defines_before_the_table)
{
    find("The Financial Stability Bureau (FSB) warned. The FSB was late.");
    ck_assert_str_eq(keys(), "o:financial stability bureau");
    find("The Federal Security Service (FSB) warned. The FSB was late.");
    ck_assert_str_eq(keys(), "o:fsb");
    find("It broke the 1987 Iintermedite Range Nuclear Treaty [INF], signed long ago.");
    ck_assert_str_eq(keys(), "e:inf treaty");
    ck_assert_uint_eq(mentions("e:inf treaty"), 2);
}
END_TEST

START_TEST(surnames_are_tied_to_the_one_full_name)
{
    find("Carol Whitcombe spoke. Later Whitcombe left, and Whitcombe's car with her. "
         "Osama bin Laden hid; bin Laden ran.");
    ck_assert_str_eq(keys(), "p:carol whitcombe, p:osama bin laden");
    ck_assert_uint_eq(mentions("p:carol whitcombe"), 3);
    ck_assert_uint_eq(mentions("p:osama bin laden"), 2);
}
END_TEST

START_TEST(ambiguous_surnames_are_left_alone)
{
    find("Oksana Hrytsenko met Mykola Hrytsenko. Then Hrytsenko said nothing.");
    ck_assert_str_eq(keys(), "p:oksana hrytsenko, p:mykola hrytsenko, p:hrytsenko");
}
END_TEST

START_TEST(misspelled_surnames_stay_apart)
{
    find("Jens Stoltenberg spoke. Later Stotenberg said no.");
    ck_assert_str_eq(keys(), "p:jens stoltenberg, p:stotenberg");
}
END_TEST

START_TEST(short_names_of_organisations_are_tied)
{
    find("Vexil Petroleum Corp rose. Vexil said so. The Baltic Grid Council met; the Council's bill is unpaid.");
    ck_assert_str_eq(keys(), "o:vexil petroleum, o:baltic grid council");
    ck_assert_uint_eq(mentions("o:vexil petroleum"), 2);
    ck_assert_uint_eq(mentions("o:baltic grid council"), 2);
}
END_TEST

START_TEST(possessives_are_no_part)
{
    find("Putin’s envoy met Norway's Energy Minister and Lindholm’s aide in Kyiv.");
    ck_assert_str_eq(mention(0), "Putin");
    ck_assert_str_eq(mention(1), "Norway");
    ck_assert_str_eq(mention(2), "Lindholm");
}
END_TEST

/* ---- Keys ---- */

START_TEST(aliases_give_one_key)
{
    find("Kiev, that is Kyiv, and Burma or Myanmar. The U.S., the USA, the US and America agreed.");
    ck_assert_str_eq(keys(), "l:kyiv, l:myanmar, l:united states");
    ck_assert_uint_eq(mentions("l:united states"), 4);
    find("They told us. So did UN and U.N. envoys, and the E.U. and the EU.");
    ck_assert_str_eq(keys(), "o:united nations, o:european union");
    find("Volodymyr Zelenskiy or Volodymyr Zelenskyy, and Muammar Qaddafi.");
    ck_assert_str_eq(keys(), "p:volodymyr zelensky, p:muammar gaddafi");
    ck_assert_uint_eq(mentions("p:volodymyr zelensky"), 2);
}
END_TEST

START_TEST(famous_surnames_need_no_full_name)
{
    find("Earlier, Putin spoke of gas.");
    ck_assert_str_eq(keys(), "p:vladimir putin");
    find("Lyudmila Putin was asked. Then Putin left.");
    ck_assert_str_eq(keys(), "p:lyudmila putin");
}
END_TEST

static const char *key_of(const char *name, mrg_entity_type *type, int *known)
{
    static char out[256];
    mrg_buffer key = MRG_BUFFER_INIT;
    *known = mrg_entity_key(&key, type, name, strlen(name));
    snprintf(out, sizeof out, "%.*s", (int)key.len, (const char *)key.data);
    mrg_buffer_dispose(&key);
    return out;
}

START_TEST(queries_meet_articles_on_keys)
{
    static const struct {
        const char *name;
        mrg_entity_type type;
        const char *key;
        int known;
        mrg_entity_type type_after;
    } rows[] = {
        { "Kiev", MRG_ENTITY_TYPES, "l:kyiv", 1, MRG_ENTITY_PLACE },
        { "kiev", MRG_ENTITY_PLACE, "l:kyiv", 1, MRG_ENTITY_PLACE },
        { "INF", MRG_ENTITY_TYPES, "e:inf treaty", 1, MRG_ENTITY_EVENT },
        { "inf treaty", MRG_ENTITY_EVENT, "e:inf treaty", 1, MRG_ENTITY_EVENT },
        { "nato", MRG_ENTITY_ORG, "o:nato", 1, MRG_ENTITY_ORG },
        { "N.A.T.O.", MRG_ENTITY_TYPES, "o:nato", 1, MRG_ENTITY_ORG },
        { "U.S.", MRG_ENTITY_TYPES, "l:united states", 1, MRG_ENTITY_PLACE },
        { "US", MRG_ENTITY_TYPES, "l:united states", 1, MRG_ENTITY_PLACE },
        { "us", MRG_ENTITY_TYPES, "us", 0, MRG_ENTITY_TYPES },
        { "Volodymyr Zelenskiy", MRG_ENTITY_PERSON, "p:volodymyr zelensky", 1, MRG_ENTITY_PERSON },
        { "President Vladimir Putin's", MRG_ENTITY_PERSON, "p:vladimir putin", 1, MRG_ENTITY_PERSON },
        { "Oksana  Hrytsenko", MRG_ENTITY_PERSON, "p:oksana hrytsenko", 0, MRG_ENTITY_PERSON },
        { "Oksana Hrytsenko", MRG_ENTITY_TYPES, "oksana hrytsenko", 0, MRG_ENTITY_TYPES },
        { "Tesoro Corp.", MRG_ENTITY_ORG, "o:tesoro", 0, MRG_ENTITY_ORG },
        { "the Carraway Bank", MRG_ENTITY_ORG, "o:carraway bank", 0, MRG_ENTITY_ORG },
        { "Microsoft Corp", MRG_ENTITY_TYPES, "o:microsoft", 1, MRG_ENTITY_ORG },
        { "Washington", MRG_ENTITY_PERSON, "p:washington", 0, MRG_ENTITY_PERSON },
        { "", MRG_ENTITY_TYPES, "", 0, MRG_ENTITY_TYPES },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mrg_entity_type type = rows[i].type;
        int known;
        ck_assert_str_eq(key_of(rows[i].name, &type, &known), rows[i].key);
        ck_assert_msg(!known == !rows[i].known, "%s", rows[i].name);
        ck_assert_int_eq(type, rows[i].type_after);
    }
}
END_TEST

START_TEST(letters_and_types_agree)
{
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++)
        ck_assert_int_eq(mrg_entity_type_of(mrg_entity_letter((mrg_entity_type)t)), t);
    ck_assert_int_eq(mrg_entity_type_of(mrg_entity_letter(MRG_ENTITY_DATE)), MRG_ENTITY_DATE);
    ck_assert_int_eq(mrg_entity_type_of('x'), MRG_ENTITY_TYPES);
    ck_assert_str_eq(mrg_entity_type_name(MRG_ENTITY_PLACE), "place");
    ck_assert_str_eq(mrg_entity_type_name(MRG_ENTITY_DATE), "date");
}
END_TEST

/* ---- Weights and names ---- */

START_TEST(headline_and_lead_weigh_more)
{
    char body[2048] = "Kyiv waits.";
    for (int i = 0; i < 60; i++)
        strcat(body, " nothing much happened there");
    strcat(body, " in Kyiv.");
    find_in("Snow falls on Kyiv", body);
    ck_assert_uint_eq(mentions("l:kyiv"), 3);
    ck_assert_uint_eq(entity("l:kyiv")->weight, 4 + 2 + 1);
}
END_TEST

START_TEST(names_are_shown_as_written)
{
    find("Ask Oksana\nHrytsenko, or Hrytsenko. This hard-wrapped line is long enough to go on after Astrid\nVang.");
    ck_assert_str_eq(entity("p:astrid vang")->name, "Astrid Vang");
}
END_TEST

/* ---- The article every release is tried on ---- */

START_TEST(an_article_of_its_time)
{
    static const char *const wanted[] = {
        "p:vladimir putin",
        "p:joe biden",
        "p:volodymyr zelensky",
        "p:jens stoltenberg",
        "p:karen donfried",
        "p:dmitry peskov",
        "p:sergei rybakov",
        "p:stotenberg",
        "p:viktor yanukovych",
        "p:vitali klitschko",
        "p:ronald reagan",
        "p:mikhail gobachev",
        "o:nato",
        "o:cia",
        "l:united states",
        "l:ukraine",
        "l:crimea",
        "l:kyiv",
        "l:russia",
        "l:moscow",
        "l:sevastopol",
        "l:norway",
        "l:lithuania",
        "l:latvia",
        "e:inf treaty",
    };
    static char text[1 << 16];
    const char *path = "../shared/data/seed/ukraine-talks.txt";
    FILE *in = fopen(path, "rb");
    if (!in) {
        printf("check_entity: skipped an_article_of_its_time: no %s\n", path);
        return;
    }
    size_t len = fread(text, 1, sizeof text - 1, in);
    text[len] = 0;
    fclose(in);
    find(text);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_msg(entity(wanted[i]) != NULL, "%s", wanted[i]);
    ck_assert_ptr_null(entity("p:putin"));
    ck_assert_uint_ge(mentions("p:vladimir putin"), 25);
    ck_assert_uint_ge(mentions("e:inf treaty"), 4);
    ck_assert_uint_eq(mentions("p:jens stoltenberg"), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("entity");
    TCase *tc = tcase_create("rules");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, names_are_runs_of_capitals);
    tcase_add_test(tc, sentences_begin_with_words);
    tcase_add_test(tc, months_demonyms_and_acronyms_of_trade_are_no_names);
    tcase_add_test(tc, tickers_and_products_are_no_names);
    tcase_add_test(tc, datelines_give_places);
    tcase_add_test(tc, headlines_name_only_what_the_text_names);
    tcase_add_test(tc, credits_are_read);
    tcase_add_test(tc, nested_names_are_one_mention);
    tcase_add_test(tc, persons_are_told_by_names_titles_and_ages);
    tcase_add_test(tc, organisations_are_told_by_their_heads);
    tcase_add_test(tc, places_are_told_by_tables_and_prepositions);
    tcase_add_test(tc, events_are_told_by_their_heads);
    tcase_add_test(tc, the_majority_decides_the_type);
    tcase_add_test(tc, abbreviations_are_tied_both_ways);
    tcase_add_test(tc, the_article_defines_before_the_table);
    tcase_add_test(tc, surnames_are_tied_to_the_one_full_name);
    tcase_add_test(tc, ambiguous_surnames_are_left_alone);
    tcase_add_test(tc, misspelled_surnames_stay_apart);
    tcase_add_test(tc, short_names_of_organisations_are_tied);
    tcase_add_test(tc, possessives_are_no_part);
    tcase_add_test(tc, aliases_give_one_key);
    tcase_add_test(tc, famous_surnames_need_no_full_name);
    tcase_add_test(tc, queries_meet_articles_on_keys);
    tcase_add_test(tc, letters_and_types_agree);
    tcase_add_test(tc, headline_and_lead_weigh_more);
    tcase_add_test(tc, names_are_shown_as_written);
    tcase_add_test(tc, an_article_of_its_time);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

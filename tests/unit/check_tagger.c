/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tagger with the shipped model: what it decides where rules alone fail, and a floor under its quality. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "entity/tagger.h"

static mrg_model *model;
static mrg_finder *finder;
static mrg_tokens tokens;
static mrg_found found;

static void setup(void)
{
    ck_assert_int_eq(mrg_model_find(&model, NULL, NULL), MORGUE_OK);
    ck_assert_ptr_nonnull(model);
    const mrg_finder_options options = { .model = model };
    ck_assert_int_eq(mrg_finder_create(&finder, &options, NULL), MORGUE_OK);
}

static void teardown(void)
{
    mrg_finder_free(finder);
    mrg_model_free(model);
    mrg_tokens_dispose(&tokens);
    mrg_found_dispose(&found);
    memset(&tokens, 0, sizeof tokens);
    memset(&found, 0, sizeof found);
}

static void find(const char *text)
{
    mrg_tokens_clear(&tokens);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, strlen(text), 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_finder_run(finder, text, strlen(text), 0, &tokens, &found, NULL), MORGUE_OK);
}

/* The keys of all mentions, in order, with commas between. */
static const char *names_in(const char *text)
{
    static char out[4096];
    size_t len = 0;
    out[0] = 0;
    find(text);
    for (size_t i = 0; i < found.mention_count; i++)
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%s", i ? ", " : "",
                                found.entities[found.mentions[i].entity].key);
    return out;
}

START_TEST(labels_follow_one_another_as_names_do)
{
    const int inner = mrg_label(1, MRG_LABEL_INNER), last = mrg_label(1, MRG_LABEL_LAST);
    ck_assert(mrg_label_follows(0, 0) && mrg_label_follows(0, mrg_label(2, MRG_LABEL_ONLY)));
    ck_assert(!mrg_label_follows(0, inner) && !mrg_label_follows(inner, 0) && mrg_label_follows(inner, last));
    ck_assert(!mrg_label_follows(mrg_label(0, MRG_LABEL_FIRST), last) && mrg_label_follows(last, 0));
}
END_TEST

START_TEST(titles_ages_possessives_and_demonyms_are_left_out)
{
    ck_assert_str_eq(names_in("Russian President Vladimir Putin, 69, met the Russian Navy's commander in Sevastopol."),
                     "p:vladimir putin, o:russian navy, l:sevastopol");
    ck_assert_str_eq(names_in("It was the Assistant Secretary of State who called Anna Kowalska's office."),
                     "p:anna kowalska");
}
END_TEST

START_TEST(known_names_stay_whole)
{
    ck_assert_str_eq(names_in("Two of the Baltic states joined, and the Group of Seven met in Oslo."),
                     "l:baltic states, o:group of seven, l:oslo");
    ck_assert_str_eq(names_in("The Kremlin-backed government fell."), "o:kremlin");
}
END_TEST

START_TEST(surnames_are_tied_to_full_names)
{
    ck_assert_str_eq(names_in("Defence Minister Pavel Druzhin resigned. Druzhin had quarrelled with Anna Kowalska."),
                     "p:pavel druzhin, p:pavel druzhin, p:anna kowalska");
}
END_TEST

START_TEST(the_sender_is_no_name)
{
    ck_assert_str_eq(names_in("OSLO (Nordwire) - Norway will pay, Jens Stoltenberg said."),
                     "l:oslo, l:norway, p:jens stoltenberg");
}
END_TEST

START_TEST(codes_of_exchanges_are_no_names)
{
    ck_assert_str_eq(names_in("Shares of Ford Motor Co ( F.N ) and Lafarge ( LAFP.PA ) rose 2 percent."),
                     "o:ford motor, o:lafarge");
    ck_assert_str_eq(names_in("He flew to Washington, D.C. and met U.S. officials."), "l:washington, l:united states");
}
END_TEST

START_TEST(two_names_in_one_are_parted)
{
    ck_assert_str_eq(names_in("U.N. Secretary-General Ban Ki-soon flew to Geneva with Italy's Eni."),
                     "o:united nations, p:ban ki soon, l:geneva, l:italy, o:eni");
    ck_assert_str_eq(names_in("The New York-based fund sold its shares in the Czech Republic."),
                     "l:new york, l:czech republic");
    ck_assert_str_eq(names_in("Shares fell after Dell Chairman and Chief Executive Michael Dell and then "
                              "Allscripts Chief Executive Glen Tullman spoke."),
                     "o:dell, p:michael dell, o:allscripts, p:glen tullman");
    ck_assert_str_eq(names_in("The case in the Northern District of California is Apple Inc v. Oracle USA, Inc."),
                     "l:northern district of california, o:apple, o:oracle usa");
    ck_assert_str_eq(names_in("Brokers at \"Barclays,\" Kaliaropoulos said, had seen James and Lachlan Murdoch."),
                     "o:barclays, p:kaliaropoulos, p:james, p:lachlan murdoch");
    ck_assert_str_eq(names_in("He called William \"Bill\" Gates on Tuesday."), "p:william bill gates");
}
END_TEST

START_TEST(what_is_no_name_is_left_out)
{
    ck_assert_str_eq(names_in("nobody came, and nothing was said."), "");
    ck_assert_str_eq(names_in("Brent rose, and demand for trucks on the North American market helped the Nikkei."), "");
    ck_assert_str_eq(names_in("General Brent Osgood resigned on Monday. Brent had been ill."),
                     "p:brent osgood, p:brent osgood");
}
END_TEST

START_TEST(brackets_define_names_as_far_as_the_letters_reach)
{
    ck_assert_str_eq(names_in("A spokesman for the Ministry of Commerce, Industry and Energy (MOCIE) had no comment. "
                              "MOCIE will meet again."),
                     "o:ministry of commerce industry and energy, o:ministry of commerce industry and energy, "
                     "o:ministry of commerce industry and energy");
    ck_assert_str_eq(names_in("The ORGC (Organization for River Grids and Cables) met in Oslo."),
                     "o:organization for river grids and cables, o:organization for river grids and cables, l:oslo");
    ck_assert_str_eq(names_in("They sold in Europe, Middle East and Africa (EMEA) only."),
                     "l:europe, l:middle east, l:africa");
}
END_TEST

START_TEST(what_the_article_names_elsewhere_is_not_overlooked)
{
    static const char text[] = "GRIDCO AND DRUZHIN PART\n\nPavel Druzhin left Telmora Holdings on Monday. "
                               "Telmora was quick to say that it had asked Druzhin to go.";
    ck_assert_str_eq(names_in(text), "p:pavel druzhin, p:pavel druzhin, o:telmora holdings, o:telmora holdings, "
                                     "p:pavel druzhin");
}
END_TEST

START_TEST(clubs_are_not_the_cities_they_are_called_after)
{
    ck_assert_str_eq(names_in("Results of matches in England.\n\nLeeds 2 Derby County 0\n\nSunderland 1 Bath 1\n\n"
                              "Sweden 5 Cuba 3\n\nTrains to Leeds were late, and those from London to Sunderland too."),
                     "l:england, o:leeds, o:derby county, o:sunderland, o:bath, l:sweden, l:cuba, l:leeds, l:london, "
                     "l:sunderland");
    ck_assert_str_eq(names_in("Judges in The Hague will wait."), "l:the hague");
    ck_assert_str_eq(names_in("LONDON 1996-08-31\n\nSnow fell in London."), "l:london, l:london");
}
END_TEST

START_TEST(other_languages_are_tagged_sparingly)
{
    static const char german[] =
        "Die Bundesregierung hat sich am Mittwoch auf einen Entwurf zur Förderung der erneuerbaren Energien geeinigt. "
        "Wirtschaftsminister Stefan Ohlendieck sprach von einem guten Tag für die Wirtschaft und die Umwelt. Die "
        "Gewerkschaft begrüßte die Entscheidung, warnte aber vor dem Verlust von Arbeitsplätzen in der Industrie. "
        "In Hamburg demonstrierten am Abend einige Hundert Menschen gegen den Bau neuer Leitungen. Ohlendieck will "
        "das Gesetz noch vor der Sommerpause durch das Parlament bringen, während die Deutsche Bank schweigt.";
    ck_assert_str_eq(names_in(german), "p:stefan ohlendieck, l:hamburg, p:stefan ohlendieck, o:deutsche bank");
    /* a sentence is too little to tell */
    ck_assert_str_eq(names_in("Carol Whitcombe kam nach Oslo."), "p:carol whitcombe, l:oslo");
}
END_TEST

/* Types and spans the tables do not know, invented: most must be right. */
START_TEST(quality_has_a_floor)
{
    static const struct {
        const char *text, *keys;
    } cases[] = {
        { "Shares of Brandvold Shipping fell after the company lost an appeal in Trondheim.",
          "o:brandvold shipping, l:trondheim" },
        { "\"We will wait,\" said Ingrid Halvorsen, who heads the Norwegian Fisheries Institute.",
          "p:ingrid halvorsen, o:norwegian fisheries institute" },
        { "Police in Kalnsala arrested two men, officials from the Ministry of Justice said on Tuesday.",
          "l:kalnsala, o:ministry of justice" },
        { "Adebayo Olatunji, a teacher from Ibadan, was elected to lead the National Union of Teachers.",
          "p:adebayo olatunji, l:ibadan, o:national union of teachers" },
        { "The River Tarn burst its banks near Millau, and trains between Paris and Toulouse were stopped.",
          "l:river tarn, l:millau, l:paris, l:toulouse" },
        { "Mr Whitcombe told the Northern Dam Authority that Quillan Falls was safe.",
          "p:whitcombe, o:northern dam authority, l:quillan falls" },
        { "Analysts at Haverstock Securities expect Telmora Corp to cut jobs in Spain and Portugal.",
          "o:haverstock securities, o:telmora, l:spain, l:portugal" },
        { "The striker Marko Petrovic joined Dynamo from Zagreb last summer.", "p:marko petrovic, o:dynamo, l:zagreb" },
    };
    size_t right = 0, count = sizeof cases / sizeof *cases;
    for (size_t i = 0; i < count; i++) {
        const char *keys = names_in(cases[i].text);
        if (!strcmp(keys, cases[i].keys))
            right++;
        else
            printf("wanted %s\n   got %s\n", cases[i].keys, keys);
    }
    ck_assert_uint_ge(right, count - 2);
}
END_TEST

/* What a word adds does not depend on what came before it: a finder that has seen much says the same. */
START_TEST(an_old_finder_finds_what_a_new_one_does)
{
    static const char text[] = "Carol Whitcombe of the Baltic Grid Council went to Orrvik, where Pavel Druzhin waited.";
    char first[4096], many[64 * 1024];
    strcpy(first, names_in(text));
    unsigned word = 0;
    for (int round = 0; round < 12; round++) {
        size_t len = 0;
        while (len < sizeof many - 64)
            len += (size_t)snprintf(many + len, sizeof many - len, "Xa%u met Yb%u. ", word, word), word++;
        find(many);
    }
    ck_assert_str_eq(names_in(text), first);
}
END_TEST

START_TEST(memory_that_runs_out_is_an_error)
{
    static const char text[] = "Carol Whitcombe of the Baltic Grid Council went to Orrvik, where Pavel Druzhin waited.";
    int failures = 0;
    mrg_tokens_clear(&tokens);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, sizeof text - 1, 0, NULL), MORGUE_OK);
    for (long n = 1; n < 60; n++) {
        mrg_finder *f = NULL;
        const mrg_finder_options options = { .model = model };
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_finder_create(&f, &options, NULL);
        if (!status)
            status = mrg_finder_run(f, text, sizeof text - 1, 0, &tokens, &found, NULL);
        mrg_alloc_fail_at(0);
        ck_assert(status == MORGUE_OK || status == MORGUE_ERR_NOMEM);
        failures += status != MORGUE_OK;
        if (f)
            ck_assert_int_eq(mrg_finder_run(f, text, sizeof text - 1, 0, &tokens, &found, NULL), MORGUE_OK);
        mrg_finder_free(f);
    }
    ck_assert_int_gt(failures, 10);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tagger");
    TCase *t = tcase_create("tagger");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, labels_follow_one_another_as_names_do);
    tcase_add_test(t, titles_ages_possessives_and_demonyms_are_left_out);
    tcase_add_test(t, known_names_stay_whole);
    tcase_add_test(t, surnames_are_tied_to_full_names);
    tcase_add_test(t, the_sender_is_no_name);
    tcase_add_test(t, codes_of_exchanges_are_no_names);
    tcase_add_test(t, two_names_in_one_are_parted);
    tcase_add_test(t, what_is_no_name_is_left_out);
    tcase_add_test(t, brackets_define_names_as_far_as_the_letters_reach);
    tcase_add_test(t, what_the_article_names_elsewhere_is_not_overlooked);
    tcase_add_test(t, clubs_are_not_the_cities_they_are_called_after);
    tcase_add_test(t, other_languages_are_tagged_sparingly);
    tcase_add_test(t, quality_has_a_floor);
    tcase_add_test(t, an_old_finder_finds_what_a_new_one_does);
    tcase_add_test(t, memory_that_runs_out_is_an_error);
    suite_add_tcase(s, t);
    return test_run_suite(s);
}

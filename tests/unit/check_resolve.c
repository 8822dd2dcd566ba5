/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a query means by a name, in an archive of a few articles. */
#include "../support/testing.h"

#include "resolve.h"

static char scratch[TEST_PATH], archive[TEST_PATH];
static mrg_snapshot *snapshot;

static const char *const texts[] = {
    "President Barack Obama flew from China to Taiwan. Obama left Taiwan, the Republic of China, on Monday.",
    "Michelle Obama visited South China with Air China. She met Mr. Jens Stoltenberg of NATO in China.",
    "The Federal Reserve, or Fed, met. Mr. Carl Stone of the New York Federal Reserve said so.",
    "The Securities and Exchange Commission [SEC] wrote to the Federal Deposit Reserve Fund.",
    "The U.S. Senate voted. The Senate Finance Committee did not. The Senate rose. Acme Senate Corp paid.",
    "Tata Steel Ltd and U.S. Steel Corp sold to Mr. Paul Berg. Anna Berg, 43, and Mr. Berg bought British Steel Corp.",
    "Mr. Paul Berg said that Mr. Olof Berg was late.",
};

/* In the parent, so that it is indexed once. */
static void make_archive(void)
{
    morgue_index_options options = MORGUE_INDEX_OPTIONS_INIT;
    morgue_indexer *ix;
    morgue_error err = { 0 };
    test_make_scratch(scratch);
    snprintf(archive, sizeof archive, "%.400s/archive", scratch);
    options.model = "";
    int failed = morgue_indexer_open(&ix, archive, &options, &err);
    for (size_t i = 0; !failed && i < sizeof texts / sizeof *texts; i++) {
        char id[32];
        snprintf(id, sizeof id, "%zu", i);
        morgue_article article = { .id = id, .text = texts[i], .date = "2014-03-01" };
        failed = morgue_indexer_add(ix, &article, &err);
    }
    if (failed || morgue_indexer_commit(ix, &err) || mrg_snapshot_open(&snapshot, archive, &err)) {
        fprintf(stderr, "%s\n", err.message);
        exit(2);
    }
    morgue_indexer_close(ix);
}

static void remove_archive(void)
{
    mrg_snapshot_close(snapshot);
    test_remove_tree(scratch);
}

/* The keys that a name resolves to, each with a bar behind it. */
static const char *keys_of(mrg_entity_type type, const char *text)
{
    static char out[1024];
    mrg_arena arena = MRG_ARENA_INIT;
    mrg_resolved resolved;
    morgue_error err = { 0 };
    size_t n = 0;
    test_ok(mrg_resolve(&resolved, &arena, &snapshot, 1, type, text, strlen(text), &err));
    out[0] = 0;
    for (size_t i = 0; i < resolved.count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s|", resolved.items[i].key);
    ck_assert_uint_le(resolved.count, resolved.total);
    mrg_arena_dispose(&arena);
    return out;
}

START_TEST(names_are_not_widened_by_their_words)
{
    ck_assert_str_eq(keys_of(MRG_ENTITY_PLACE, "china"), "l:china|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_PLACE, "China"), "l:china|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_PLACE, "republic of china"), "l:taiwan|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_ORG, "federal reserve"), "o:federal reserve|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_ORG, "fed"), "o:federal reserve|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_ORG, "sec"), "o:sec|");
    ck_assert_ptr_nonnull(strstr(keys_of(MRG_ENTITY_TYPES, "china"), "l:china|"));
    ck_assert_ptr_null(strstr(keys_of(MRG_ENTITY_TYPES, "china"), "l:taiwan|"));
}
END_TEST

START_TEST(words_lie_within_one_form)
{
    ck_assert_str_eq(keys_of(MRG_ENTITY_ORG, "york reserve"), "o:federal reserve bank of new york|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_ORG, "sec exchange"), ""); /* a word of each of two forms */
    ck_assert_str_eq(keys_of(MRG_ENTITY_ORG, "exchange"), "o:sec|");
}
END_TEST

START_TEST(people_are_found_by_their_last_names)
{
    ck_assert_str_eq(keys_of(MRG_ENTITY_PERSON, "stoltenberg"), "p:jens stoltenberg|");
    const char *found = keys_of(MRG_ENTITY_PERSON, "obama");
    ck_assert_ptr_nonnull(strstr(found, "p:barack obama|"));
    ck_assert_ptr_nonnull(strstr(found, "p:michelle obama|"));
    found = keys_of(MRG_ENTITY_PERSON, "berg"); /* also those of whom no article says "Berg" alone */
    ck_assert_ptr_nonnull(strstr(found, "p:paul berg|"));
    ck_assert_ptr_nonnull(strstr(found, "p:olof berg|"));
    ck_assert_ptr_nonnull(strstr(found, "p:anna berg|"));
    ck_assert_str_eq(keys_of(MRG_ENTITY_PERSON, "anna berg"), "p:anna berg|");
}
END_TEST

START_TEST(a_country_may_be_left_out)
{
    const char *found = keys_of(MRG_ENTITY_ORG, "senate");
    ck_assert_ptr_nonnull(strstr(found, "o:us senate|"));
    ck_assert_ptr_nonnull(strstr(found, "o:senate|"));
    ck_assert_ptr_null(strstr(found, "o:acme senate|"));
    found = keys_of(MRG_ENTITY_ORG, "steel"); /* no reason to leave others out */
    ck_assert_ptr_nonnull(strstr(found, "o:us steel|"));
    ck_assert_ptr_nonnull(strstr(found, "o:tata steel|"));
    ck_assert_ptr_nonnull(strstr(found, "o:british steel|"));
}
END_TEST

START_TEST(other_types_and_spellings_come_last)
{
    ck_assert_str_eq(keys_of(MRG_ENTITY_PLACE, "nato"), "o:nato|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_PERSON, "stoltenburg"), "p:jens stoltenberg|");
    ck_assert_str_eq(keys_of(MRG_ENTITY_PERSON, "zzyzx"), "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolve");
    TCase *tc = tcase_create("resolve");
    tcase_add_unchecked_fixture(tc, make_archive, remove_archive);
    tcase_add_test(tc, names_are_not_widened_by_their_words);
    tcase_add_test(tc, words_lie_within_one_form);
    tcase_add_test(tc, people_are_found_by_their_last_names);
    tcase_add_test(tc, a_country_may_be_left_out);
    tcase_add_test(tc, other_types_and_spellings_come_last);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

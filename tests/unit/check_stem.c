/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stems: what they are, and that the cache changes nothing. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "text/stem.h"
#include "xapian_c.h"

static mrg_stemmer *make_stemmer(const char *lang)
{
    mrg_stemmer *stemmer;
    ck_assert_int_eq(mrg_stemmer_create(&stemmer, lang, NULL), MORGUE_OK);
    return stemmer;
}

static const char *stem_of(mrg_stemmer *stemmer, const char *word)
{
    static char out[512];
    size_t len;
    const char *stem = mrg_stem(stemmer, word, strlen(word), &len);
    ck_assert_ptr_nonnull(stem);
    ck_assert_uint_lt(len, sizeof out);
    memcpy(out, stem, len);
    out[len] = 0;
    return out;
}

START_TEST(english_inflections_meet)
{
    mrg_stemmer *en = make_stemmer("en-GB");
    for (int round = 0; round < 2; round++) { /* without the cache, and with it */
        ck_assert_str_eq(stem_of(en, "talking"), "talk");
        ck_assert_str_eq(stem_of(en, "talks"), "talk");
        ck_assert_str_eq(stem_of(en, "companies"), "compani");
        ck_assert_str_eq(stem_of(en, "generously"), "generous"); /* Porter 2 */
        ck_assert_str_eq(stem_of(en, "internationalisation"), "internationalis");
        ck_assert_str_eq(stem_of(en, "don't"), "don't");
        ck_assert_str_eq(stem_of(en, "a"), "a");
        ck_assert_str_eq(stem_of(en, ""), "");
    }
    mrg_stemmer_free(en);
}
END_TEST

START_TEST(what_is_no_word_stays)
{
    static const char *const all[] = {
        "u.s.", "1990s", "at&t", "3.5", "s&p", "4x4s", "abcdefghijklmno.", "abcdefghijklmnopqrs1", "日本", "киев", "ÿ"
    };
    char longest[66];
    mrg_stemmer *en = make_stemmer("en"), *none = make_stemmer("xx"), *other = make_stemmer("none");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ck_assert_str_eq(stem_of(en, all[i]), all[i]);
    memset(longest, 'a', 62);
    strcpy(longest + 62, "xs");
    ck_assert_uint_eq(strlen(stem_of(en, longest)), 63);
    strcpy(longest + 62, "xxs");
    ck_assert_str_eq(stem_of(en, longest), longest);
    ck_assert_str_eq(stem_of(none, "talking"), "talking");
    ck_assert_str_eq(stem_of(other, "talking"), "talking");
    mrg_stemmer_free(en);
    mrg_stemmer_free(none);
    mrg_stemmer_free(other);
}
END_TEST

START_TEST(languages_are_known)
{
    static const char *const known[] = { "en", "de", "EN", "en_US", "fr-CA", "ru", "es", "sv" };
    static const char *const unknown[] = { "", "xx", "none", "-", "e", "english", "ko", "zh", "\xff" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        ck_assert_msg(mrg_stemmer_known(known[i]), "%s", known[i]);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        ck_assert_msg(!mrg_stemmer_known(unknown[i]), "%s", unknown[i]);
    mrg_stemmer *ru = make_stemmer("ru"), *de = make_stemmer("de");
    ck_assert_str_eq(stem_of(ru, "российский"), "российск");
    ck_assert_str_eq(stem_of(de, "verhandlungen"), "verhandl");
    mrg_stemmer_free(ru);
    mrg_stemmer_free(de);
}
END_TEST

static size_t make_word(char word[32], uint32_t i)
{
    static const char *const endings[] = { "ing", "s", "ly", "ationally", "" };
    size_t len = 0;
    for (uint32_t v = i * 2654435761u; v; v /= 26)
        word[len++] = (char)('a' + v % 26);
    strcpy(word + len, endings[i % 5]);
    return strlen(word);
}

/* More words than the cache holds; each stem is the one libxapian gives. */
START_TEST(a_full_cache_starts_again)
{
    char word[32], expected[64];
    mrg_stemmer *en = make_stemmer("en");
    xapian_stem *direct;
    size_t failures = 0;
    ck_assert_int_eq(xapian_stem_create(&direct, "en", NULL), XAPIAN_C_OK);
    for (uint32_t i = 0; i < 700000; i++) {
        size_t len, expected_len, word_len = make_word(word, i);
        const char *stem = mrg_stem(en, word, word_len, &len);
        if (i % 7)
            continue;
        failures += !stem ||
                    xapian_stem_apply(expected, sizeof expected, &expected_len, direct, word, word_len, NULL) ||
                    len != expected_len || memcmp(stem, expected, len) != 0;
        word_len = make_word(word, i / 2); /* one that may still be there */
        stem = mrg_stem(en, word, word_len, &len);
        failures += !stem ||
                    xapian_stem_apply(expected, sizeof expected, &expected_len, direct, word, word_len, NULL) ||
                    len != expected_len || memcmp(stem, expected, len) != 0;
    }
    ck_assert_uint_eq(failures, 0);
    xapian_stem_free(direct);
    mrg_stemmer_free(en);
}
END_TEST

START_TEST(memory_may_run_out)
{
    int failures = 0;
    for (long n = 1; n < 12; n++) {
        mrg_stemmer *en;
        morgue_error err = { 0 };
        size_t len;
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_stemmer_create(&en, "en", &err);
        if (status) {
            mrg_alloc_fail_at(0);
            ck_assert(status == MORGUE_ERR_NOMEM && !en);
            failures++;
            continue;
        }
        for (uint32_t i = 0; i < 5000; i++) {
            char word[32];
            size_t word_len = make_word(word, i);
            failures += !mrg_stem(en, word, word_len, &len);
        }
        mrg_alloc_fail_at(0);
        ck_assert_str_eq(stem_of(en, "talking"), "talk"); /* a failure is forgotten */
        mrg_stemmer_free(en);
    }
    ck_assert_int_gt(failures, 3);
    mrg_stemmer_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stem");
    TCase *tc = tcase_create("stem");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, english_inflections_meet);
    tcase_add_test(tc, what_is_no_word_stays);
    tcase_add_test(tc, languages_are_known);
    tcase_add_test(tc, a_full_cache_starts_again);
    tcase_add_test(tc, memory_may_run_out);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model file: what is written is read, what is not sound is refused, and nothing hostile does harm. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../support/testing.h"
#include "core/bytes.h"
#include "entity/features.h"
#include "entity/finder.h"
#include "entity/model.h"

enum { FEATURES = 300, WORDS = 200, NAMES = 50 };

static mrg_buffer bytes;

static uint64_t key_of(unsigned kind, unsigned i)
{
    char text[8] = { (char)('a' + kind), (char)('a' + i % 26), (char)('a' + i / 26) };
    return mrg_feature_hash(text, 3);
}

static int weight_of(unsigned feature, int label)
{
    int w = (int)((feature * 31u + (unsigned)label * 17u) % 255u) - 127;
    return w % 3 ? w : 0;
}

static void setup(void)
{
    static mrg_model_entry features[FEATURES], words[WORDS], names[NAMES];
    int16_t transitions[MRG_LABELS * MRG_LABELS];
    for (unsigned i = 0; i < FEATURES; i++) {
        features[i].key = key_of(0, i);
        for (int k = 0; k < MRG_LABELS; k++)
            features[i].weights[k] = (int8_t)weight_of(i, k);
    }
    for (unsigned i = 0; i < WORDS; i++)
        words[i] = (mrg_model_entry){ .key = key_of(1, i), .value = i * 0x01010101u };
    for (unsigned i = 0; i < NAMES; i++)
        names[i] = (mrg_model_entry){ .key = key_of(2, i), .value = i % 31 + 1 };
    for (int i = 0; i < MRG_LABELS * MRG_LABELS; i++)
        transitions[i] = (int16_t)(i * 3 - 200);
    bytes = (mrg_buffer)MRG_BUFFER_INIT;
    mrg_model_write(&bytes, features, FEATURES, words, WORDS, names, NAMES, transitions);
    ck_assert_int_eq(bytes.failed, 0);
}

static void teardown(void)
{
    mrg_buffer_dispose(&bytes);
}

START_TEST(what_was_written_is_read)
{
    mrg_model *m = NULL;
    ck_assert_int_eq(mrg_model_open_bytes(&m, bytes.data, bytes.len, "test", NULL), MORGUE_OK);
    for (unsigned i = 0; i < FEATURES; i++) {
        int16_t sums[MRG_ROW] = { 5 };
        ck_assert_int_eq(mrg_model_add(m, key_of(0, i), sums), 1);
        for (int k = 0; k < MRG_LABELS; k++)
            ck_assert_int_eq(sums[k], weight_of(i, k) + (k ? 0 : 5));
    }
    for (unsigned i = 0; i < WORDS; i++)
        ck_assert_uint_eq(mrg_model_word(m, key_of(1, i)), i * 0x01010101u);
    for (unsigned i = 0; i < NAMES; i++)
        ck_assert_uint_eq(mrg_model_name(m, key_of(2, i)), i % 31 + 1);
    ck_assert_uint_eq(mrg_model_name(m, key_of(3, 1)), 0);
    ck_assert_int_eq(mrg_model_transitions(m)[2 * MRG_LABELS + 5], (2 * MRG_LABELS + 5) * 3 - 200);
    mrg_model_free(m);
}
END_TEST

START_TEST(a_cut_file_is_refused)
{
    for (size_t len = 0; len < bytes.len; len += len < 500 ? 1 : 97) {
        mrg_model *m = NULL;
        morgue_error err;
        /* a copy of just that size, so that a sanitizer sees a step too far */
        void *cut = malloc(len ? len : 1);
        memcpy(cut, bytes.data, len);
        ck_assert_int_eq(mrg_model_open_bytes(&m, cut, len, "cut", &err), MORGUE_ERR_CORRUPT);
        ck_assert_ptr_null(m);
        ck_assert_ptr_nonnull(strstr(err.message, "cut: "));
        free(cut);
    }
}
END_TEST

START_TEST(any_flipped_bit_is_refused)
{
    for (size_t at = 0; at < bytes.len; at += at < 500 ? 1 : 31) {
        mrg_model *m = NULL;
        bytes.data[at] ^= (unsigned char)(1u << at % 8);
        ck_assert_int_eq(mrg_model_open_bytes(&m, bytes.data, bytes.len, "flipped", NULL), MORGUE_ERR_CORRUPT);
        bytes.data[at] ^= (unsigned char)(1u << at % 8);
    }
}
END_TEST

/* One that means harm makes its checksum right: then it is refused, or used without harm. */
START_TEST(a_hostile_file_does_no_harm)
{
    static const char text[] =
        "ORRVIK, Norway (Nordwire) - Pavel Druzhin met the Bank of Orrvik in New York on Monday, "
        "Anna Kowalska said. THE MAYOR OF ORRVIK said No. Group of 20, G-7 and U.S. officials left.";
    mrg_tokens tokens = { 0 };
    mrg_found found = { 0 };
    uint64_t random = 88172645463325252u;
    int opened = 0;
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, sizeof text - 1, 0, NULL), MORGUE_OK);
    unsigned char *copy = malloc(bytes.len);
    for (int round = 0; round < 3000; round++) {
        mrg_model *m = NULL;
        mrg_finder *f = NULL;
        memcpy(copy, bytes.data, bytes.len);
        for (int i = 0; i < 1 + round % 5; i++) {
            random = mrg_hash_mix(random, 0x9e3779b97f4a7c15u) + 1;
            /* the header and the beginnings of buckets as often as the rest */
            size_t at = 24 + (size_t)(random >> 8) % (round % 2 ? 600 : bytes.len - 24);
            copy[at] = (unsigned char)random;
        }
        mrg_store_u32(copy + 12, (uint32_t)crc32_z(0, copy + 16, bytes.len - 16));
        morgue_status status = mrg_model_open_bytes(&m, copy, bytes.len, "hostile", NULL);
        if (status) {
            ck_assert_int_eq(status, MORGUE_ERR_CORRUPT);
            continue;
        }
        opened++;
        const mrg_finder_options options = { .model = m };
        ck_assert_int_eq(mrg_finder_create(&f, &options, NULL), MORGUE_OK);
        ck_assert_int_eq(mrg_finder_run(f, text, sizeof text - 1, 0, &tokens, &found, NULL), MORGUE_OK);
        for (size_t i = 0; i < found.mention_count; i++) {
            const mrg_mention *mention = &found.mentions[i];
            ck_assert_uint_le(mention->first_token + mention->token_count, tokens.count);
        }
        mrg_finder_free(f);
        mrg_model_free(m);
    }
    ck_assert_int_gt(opened, 100);
    free(copy);
    mrg_tokens_dispose(&tokens);
    mrg_found_dispose(&found);
}
END_TEST

START_TEST(the_model_is_looked_for)
{
    mrg_model *m = NULL;
    ck_assert_int_eq(mrg_model_find(&m, "", NULL), MORGUE_OK);
    ck_assert_ptr_null(m);
    ck_assert_int_ne(mrg_model_find(&m, "/nonexistent/names.model", NULL), MORGUE_OK);
    ck_assert_ptr_null(m);
    setenv("MORGUE_MODEL", "/nonexistent/names.model", 1);
    ck_assert_int_ne(mrg_model_find(&m, NULL, NULL), MORGUE_OK);
    setenv("MORGUE_MODEL", "", 1);
    ck_assert_int_eq(mrg_model_find(&m, NULL, NULL), MORGUE_OK);
    ck_assert_ptr_null(m);
    unsetenv("MORGUE_MODEL");
    ck_assert_int_eq(mrg_model_find(&m, NULL, NULL), MORGUE_OK);
    ck_assert_ptr_nonnull(m); /* the tree's */
    mrg_model_free(m);
}
END_TEST

START_TEST(the_rows_of_small_domains_are_as_many_as_they_say)
{
    uint32_t sum = 0;
    for (int i = 0; i < MRG_DIRECT_FEATURES; i++)
        sum += mrg_direct_sizes[i];
    ck_assert_uint_eq(sum, MRG_DIRECT_ROWS);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("model");
    TCase *t = tcase_create("model");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, what_was_written_is_read);
    tcase_add_test(t, a_cut_file_is_refused);
    tcase_add_test(t, any_flipped_bit_is_refused);
    tcase_add_test(t, a_hostile_file_does_no_harm);
    tcase_add_test(t, the_model_is_looked_for);
    tcase_add_test(t, the_rows_of_small_domains_are_as_many_as_they_say);
    suite_add_tcase(s, t);
    return test_run_suite(s);
}

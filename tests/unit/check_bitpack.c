/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "store/bitpack.h"

static uint64_t state = 20240607;

static uint32_t random_u32(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 32);
}

/* A copy of exactly the run and its slack, so that a sanitizer sees a read beyond. */
static unsigned char *tight_copy(const mrg_buffer *b, size_t len)
{
    unsigned char *copy = malloc(len + MRG_PACK_SLACK);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, b->data, len);
    memset(copy + len, 0xa5, MRG_PACK_SLACK);
    return copy;
}

static void roundtrip(const uint32_t *values, size_t count)
{
    mrg_buffer b = MRG_BUFFER_INIT;
    uint32_t out[MRG_PACK_BLOCK];
    unsigned width = 0, widest = 0;
    mrg_pack_append(&b, values, count);
    ck_assert(!b.failed);
    unsigned char *copy = tight_copy(&b, b.len);
    ck_assert_uint_eq(mrg_pack_size(copy, copy + b.len, count), b.len);
    ck_assert_uint_eq(mrg_pack_read(copy, copy + b.len, out, count, &width), b.len);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(out[i], values[i]);
        widest = mrg_bit_width(values[i]) > widest ? mrg_bit_width(values[i]) : widest;
    }
    ck_assert_uint_ge(width, widest);
    for (size_t cut = 0; cut < b.len; cut++) {
        ck_assert_uint_eq(mrg_pack_size(copy, copy + cut, count), 0);
        ck_assert_uint_eq(mrg_pack_read(copy, copy + cut, out, count, &width), 0);
    }
    free(copy);
    mrg_buffer_dispose(&b);
}

START_TEST(every_width_and_count_comes_back)
{
    uint32_t values[MRG_PACK_BLOCK];
    for (unsigned width = 0; width <= 32; width++) {
        for (size_t count = 1; count <= MRG_PACK_BLOCK; count += count < 124 ? 1 + width % 3 : 1) {
            for (size_t i = 0; i < count; i++)
                values[i] = random_u32() & mrg_bit_mask(width);
            roundtrip(values, count);
        }
    }
}
END_TEST

START_TEST(exceptions_come_back)
{
    uint32_t values[MRG_PACK_BLOCK];
    for (unsigned width = 0; width <= 31; width++) {
        for (size_t exceptions = 0; exceptions <= 40; exceptions += 1 + exceptions / 4) {
            size_t count = exceptions % 2 ? MRG_PACK_BLOCK : 1 + random_u32() % MRG_PACK_BLOCK;
            for (size_t i = 0; i < count; i++)
                values[i] = random_u32() & mrg_bit_mask(width);
            for (size_t i = 0; i < exceptions; i++)
                values[random_u32() % count] = random_u32() >> random_u32() % (32 - width);
            roundtrip(values, count);
        }
    }
}
END_TEST

START_TEST(extremes_come_back)
{
    uint32_t values[MRG_PACK_BLOCK] = { 0 };
    for (size_t count = 1; count <= MRG_PACK_BLOCK; count++) {
        memset(values, 0, sizeof values);
        roundtrip(values, count);
        values[count - 1] = UINT32_MAX;
        roundtrip(values, count);
        memset(values, 0xff, sizeof values);
        roundtrip(values, count);
    }
}
END_TEST

START_TEST(a_damaged_head_is_refused)
{
    uint32_t values[MRG_PACK_BLOCK], out[MRG_PACK_BLOCK];
    mrg_buffer b = MRG_BUFFER_INIT;
    unsigned width;
    for (size_t i = 0; i < MRG_PACK_BLOCK; i++)
        values[i] = i % 50 ? 3 : 3000000;
    mrg_pack_append(&b, values, MRG_PACK_BLOCK);
    unsigned char *copy = tight_copy(&b, b.len);
    for (size_t at = 0; at < b.len; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            copy[at] = (unsigned char)byte;
            size_t used = mrg_pack_read(copy, copy + b.len, out, MRG_PACK_BLOCK, &width);
            ck_assert_uint_le(used, b.len);
        }
        copy[at] = b.data[at];
    }
    copy[0] = 33;
    ck_assert_uint_eq(mrg_pack_read(copy, copy + b.len, out, MRG_PACK_BLOCK, &width), 0);
    copy[0] = 0x80;
    ck_assert_uint_eq(mrg_pack_read(copy, copy + b.len, out, MRG_PACK_BLOCK, &width), 0);
    free(copy);
    mrg_buffer_dispose(&b);
}
END_TEST

static void long_roundtrip(const uint32_t *values, uint32_t count)
{
    mrg_buffer b = MRG_BUFFER_INIT;
    mrg_long_pack pack;
    uint32_t *out = malloc(count * sizeof *out);
    mrg_long_pack_append(&b, values, count);
    unsigned char *copy = tight_copy(&b, b.len);
    ck_assert_uint_eq(mrg_long_pack_open(&pack, copy, copy + b.len, count), b.len);
    mrg_long_pack_get(&pack, 0, count, out);
    ck_assert_mem_eq(out, values, count * sizeof *out);
    for (uint32_t at = 0; at < count;) { /* forwards, in leaps */
        uint32_t n = 1 + random_u32() % 9;
        n = n < count - at ? n : count - at;
        mrg_long_pack_get(&pack, at, n, out);
        ck_assert_mem_eq(out, values + at, n * sizeof *out);
        at += n + random_u32() % 3;
    }
    for (int i = 0; i < 200; i++) { /* anywhere */
        uint32_t at = random_u32() % count, n = 1 + random_u32() % (count - at);
        mrg_long_pack_get(&pack, at, n, out);
        ck_assert_mem_eq(out, values + at, n * sizeof *out);
    }
    for (int i = 0; i < 200; i++) { /* one by one, anywhere, forwards for a while, and back; gets in between */
        uint32_t at = i % 3 ? random_u32() % count : (uint32_t)i * count / 200, n = random_u32() % (count - at + 1);
        n = i % 2 && n > 5 ? 5 : n;
        mrg_long_walk walk = mrg_long_walk_begin(&pack, at);
        for (uint32_t k = at; k < at + n; k++)
            ck_assert_uint_eq(mrg_long_walk_next(&walk), values[k]);
        if (i % 5 == 0) {
            mrg_long_pack_get(&pack, at, 1, out);
            ck_assert_uint_eq(out[0], values[at]);
        }
    }
    for (size_t cut = 0; cut < b.len; cut += 1 + cut / 16)
        ck_assert_uint_eq(mrg_long_pack_open(&pack, copy, copy + cut, count), 0);
    free(copy);
    free(out);
    mrg_buffer_dispose(&b);
}

START_TEST(long_runs_come_back_in_any_order)
{
    static uint32_t values[5000];
    static const uint32_t counts[] = { 1, 2, 3, 63, 64, 65, 127, 128, 129, 1000, 5000 };
    for (unsigned width = 0; width <= 32; width++) {
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
            for (uint32_t i = 0; i < counts[k]; i++)
                values[i] = random_u32() & mrg_bit_mask(width);
            for (uint32_t i = 0; k % 2 && i < counts[k] / 20 + 1; i++)
                values[random_u32() % counts[k]] = random_u32() >> random_u32() % 32;
            long_roundtrip(values, counts[k]);
        }
    }
}
END_TEST

START_TEST(plain_packing_comes_back)
{
    uint32_t values[300];
    for (unsigned width = 1; width <= 32; width++) {
        mrg_buffer b = MRG_BUFFER_INIT;
        for (size_t i = 0; i < 300; i++)
            values[i] = random_u32() & mrg_bit_mask(width);
        mrg_packed_append(&b, values, 300, width);
        ck_assert_uint_eq(b.len, mrg_packed_bytes(300, width));
        unsigned char *copy = tight_copy(&b, b.len);
        for (size_t i = 0; i < 300; i++)
            ck_assert_uint_eq(mrg_packed_get(copy, i, width), values[i]);
        free(copy);
        mrg_buffer_dispose(&b);
    }
}
END_TEST

START_TEST(prefix_sums_are_sums)
{
    uint32_t values[MRG_PACK_BLOCK], wanted[MRG_PACK_BLOCK];
    for (size_t count = 1; count <= MRG_PACK_BLOCK; count++) {
        uint32_t base = random_u32(), sum = base;
        for (size_t i = 0; i < count; i++) {
            values[i] = random_u32();
            wanted[i] = sum += values[i] + 1;
        }
        mrg_prefix_sum(values, count, base);
        ck_assert_mem_eq(values, wanted, count * sizeof *values);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bitpack");
    TCase *tests = tcase_create("bitpack");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_width_and_count_comes_back);
    tcase_add_test(tests, exceptions_come_back);
    tcase_add_test(tests, extremes_come_back);
    tcase_add_test(tests, a_damaged_head_is_refused);
    tcase_add_test(tests, long_runs_come_back_in_any_order);
    tcase_add_test(tests, plain_packing_comes_back);
    tcase_add_test(tests, prefix_sums_are_sums);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers, varints, sets, arenas, deflated bytes, files, error lines. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "core/arena.h"
#include "core/bitset.h"
#include "core/bytes.h"
#include "core/error.h"
#include "core/file.h"
#include "core/zip.h"

START_TEST(varints_come_back)
{
    const uint64_t values[] = { 0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX, (uint64_t)1 << 63, UINT64_MAX };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        unsigned char bytes[MRG_VARINT_MAX];
        uint64_t back = 1;
        size_t n = mrg_encode_varint(bytes, values[i]);
        ck_assert_uint_eq(mrg_decode_varint(bytes, bytes + n, &back), n);
        ck_assert_uint_eq(back, values[i]);
        for (size_t cut = 0; cut < n; cut++) /* cut short: refused */
            ck_assert_uint_eq(mrg_decode_varint(bytes, bytes + cut, &back), 0);
    }
}
END_TEST

START_TEST(endless_varint_is_refused)
{
    unsigned char bytes[32];
    uint64_t v;
    memset(bytes, 0x80, sizeof bytes);
    ck_assert_uint_eq(mrg_decode_varint(bytes, bytes + sizeof bytes, &v), 0);
    memset(bytes, 0xff, sizeof bytes);
    bytes[9] = 0x7f; /* more than 64 bits */
    ck_assert_uint_eq(mrg_decode_varint(bytes, bytes + sizeof bytes, &v), 0);
}
END_TEST

START_TEST(reader_never_passes_the_end)
{
    const unsigned char bytes[] = { 5, 'a', 'b' };
    mrg_reader r = mrg_reader_make(bytes, sizeof bytes);
    size_t len = 9;
    ck_assert_ptr_null(mrg_read_string(&r, &len));
    ck_assert_uint_eq(len, 0);
    ck_assert_int_ne(r.failed, 0);
    ck_assert_uint_eq(mrg_read_varint(&r), 0);
    ck_assert_uint_eq(mrg_read_u64(&r), 0);
}
END_TEST

START_TEST(buffer_failure_sticks)
{
    mrg_buffer b = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&b, "abc");
    mrg_alloc_fail_at(1);
    ck_assert_ptr_null(mrg_buffer_room(&b, 1000));
    mrg_alloc_fail_at(0);
    mrg_buffer_append_str(&b, "def");
    ck_assert_int_ne(b.failed, 0);
    ck_assert_uint_eq(b.len, 3);
    ck_assert_ptr_null(mrg_buffer_take(&b, NULL));
    mrg_buffer_clear(&b);
    mrg_buffer_printf(&b, "%s-%d", "x", 7);
    ck_assert_str_eq(mrg_buffer_cstr(&b), "x-7");
    mrg_buffer_dispose(&b);
}
END_TEST

START_TEST(bitset_counts_ranges)
{
    mrg_bitset set = MRG_BITSET_INIT, copy = MRG_BITSET_INIT;
    const uint32_t members[] = { 1, 63, 64, 65, 127, 128, 1000 };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        ck_assert_int_eq(mrg_bitset_add(&set, members[i]), 0);
        ck_assert_int_eq(mrg_bitset_add(&set, members[i]), 0);
    }
    ck_assert_uint_eq(set.count, 7);
    for (uint32_t first = 0; first < 140; first++) {
        for (uint32_t last = first; last < 140; last++) {
            uint64_t expected = 0;
            for (size_t i = 0; i < sizeof members / sizeof *members; i++)
                expected += members[i] >= first && members[i] <= last;
            ck_assert_uint_eq(mrg_bitset_count_range(&set, first, last), expected);
        }
    }
    ck_assert_int_eq(mrg_bitset_copy(&copy, &set), 0);
    mrg_bitset_remove(&set, 64);
    mrg_bitset_remove(&set, 64);
    mrg_bitset_remove(&set, 99999);
    ck_assert_uint_eq(set.count, 6);
    ck_assert(mrg_bitset_has(&copy, 64) && !mrg_bitset_has(&set, 64));
    mrg_bitset_dispose(&set);
    mrg_bitset_dispose(&copy);
}
END_TEST

START_TEST(arena_keeps_what_it_gave)
{
    mrg_arena a = MRG_ARENA_INIT;
    char *strings[2000];
    for (int i = 0; i < 2000; i++) {
        char text[64];
        int n = snprintf(text, sizeof text, "string %d", i);
        strings[i] = mrg_arena_strndup(&a, text, (size_t)n);
        ck_assert_uint_eq((uintptr_t)mrg_arena_alloc(&a, 3) % 8, 0);
    }
    ck_assert_str_eq(strings[0], "string 0");
    ck_assert_str_eq(strings[1999], "string 1999");
    ck_assert_ptr_nonnull(mrg_arena_alloc(&a, 3 << 20)); /* larger than a chunk */
    mrg_arena_clear(&a);
    ck_assert_ptr_nonnull(mrg_arena_alloc(&a, 10));
    mrg_arena_dispose(&a);
}
END_TEST

START_TEST(zip_round_trip_and_bounds)
{
    mrg_buffer plain = MRG_BUFFER_INIT, packed = MRG_BUFFER_INIT, back = MRG_BUFFER_INIT;
    morgue_error err;
    for (int i = 0; i < 50000; i++)
        mrg_buffer_printf(&plain, "line %d\n", i % 777);
    ck_assert_int_eq(mrg_zip(&packed, plain.data, plain.len, 6, &err), MORGUE_OK);
    ck_assert_int_eq(mrg_unzip(&back, packed.data, packed.len, plain.len, &err), MORGUE_OK);
    ck_assert_uint_eq(back.len, plain.len);
    ck_assert_int_eq(memcmp(back.data, plain.data, plain.len), 0);
    mrg_buffer_clear(&back);
    ck_assert_int_eq(mrg_unzip(&back, packed.data, packed.len, plain.len - 1, &err), MORGUE_ERR_CORRUPT);
    ck_assert_int_eq(mrg_unzip(&back, packed.data, packed.len / 2, plain.len, &err), MORGUE_ERR_CORRUPT);
    packed.data[packed.len / 2] ^= 0x40;
    ck_assert_int_eq(mrg_unzip(&back, packed.data, packed.len, plain.len, &err), MORGUE_ERR_CORRUPT);
    mrg_buffer_dispose(&plain);
    mrg_buffer_dispose(&packed);
    mrg_buffer_dispose(&back);
}
END_TEST

START_TEST(error_lines_are_one_clean_line)
{
    morgue_error err;
    ck_assert_int_eq(mrg_fail(&err, MORGUE_ERR_IO, "cannot open %s", "a\nb\033[31m\xff\xc2\x9b\xe2\x80\x9cq.txt"),
                     MORGUE_ERR_IO);
    ck_assert_str_eq(err.message, "cannot open a?b?[31m??\xe2\x80\x9cq.txt");
    ck_assert_int_eq(mrg_fail_errno(&err, ENOENT, "cannot open %s", "x"), MORGUE_ERR_NOT_FOUND);
    ck_assert_str_eq(err.message, "cannot open x: No such file or directory");
    ck_assert_int_eq(mrg_fail_nomem(NULL), MORGUE_ERR_NOMEM);
    char longest[2 * MORGUE_MESSAGE_BYTES];
    memset(longest, 'a', sizeof longest);
    memcpy(longest + MORGUE_MESSAGE_BYTES - 2, "\xe2\x82\xac", 3); /* cut in the middle of a character */
    longest[sizeof longest - 1] = 0;
    mrg_fail(&err, MORGUE_ERR_IO, "%s", longest);
    ck_assert_uint_lt(strlen(err.message), MORGUE_MESSAGE_BYTES);
    ck_assert_int_eq(err.message[strlen(err.message) - 1], 'a');
}
END_TEST

START_TEST(file_failures_leave_nothing)
{
    char dir[] = "/tmp/morgue-core-XXXXXX", path[64];
    mrg_file_writer w;
    mrg_mapping m;
    morgue_error err;
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/f", dir);
    for (long n = 1; n <= 2; n++) { /* the write, then the sync */
        ck_assert_int_eq(mrg_file_writer_open(&w, path, &err), MORGUE_OK);
        mrg_file_writer_append(&w, "hello", 5);
        mrg_file_fail_at(n);
        ck_assert_int_eq(mrg_file_writer_finish(&w, 0, &err), MORGUE_ERR_IO);
        mrg_file_fail_at(0);
        ck_assert_int_eq(mrg_file_writer_finish(&w, 0, NULL), MORGUE_ERR_IO); /* it sticks */
        mrg_file_writer_abandon(&w);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
    ck_assert_int_eq(mrg_file_writer_open(&w, path, &err), MORGUE_OK);
    mrg_file_writer_append(&w, "hello", 5);
    ck_assert_int_eq(mrg_file_writer_finish(&w, 0, &err), MORGUE_OK);
    ck_assert_int_eq(mrg_file_writer_open(&w, path, &err), MORGUE_ERR_IO); /* must not exist */
    ck_assert_int_eq(mrg_mapping_open(&m, path, &err), MORGUE_OK);
    ck_assert(m.len == 5 && !memcmp(m.data, "hello", 5));
    mrg_mapping_dispose(&m);
    unlink(path);
    ck_assert_int_eq(mrg_mapping_open(&m, path, &err), MORGUE_ERR_NOT_FOUND);
    ck_assert_int_eq(mrg_mapping_open(&m, dir, &err), MORGUE_ERR_CORRUPT);
    rmdir(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("core");
    TCase *tc = tcase_create("core");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, varints_come_back);
    tcase_add_test(tc, endless_varint_is_refused);
    tcase_add_test(tc, reader_never_passes_the_end);
    tcase_add_test(tc, buffer_failure_sticks);
    tcase_add_test(tc, bitset_counts_ranges);
    tcase_add_test(tc, arena_keeps_what_it_gave);
    tcase_add_test(tc, zip_round_trip_and_bounds);
    tcase_add_test(tc, error_lines_are_one_clean_line);
    tcase_add_test(tc, file_failures_leave_nothing);
    return test_run_suite(suite);
}

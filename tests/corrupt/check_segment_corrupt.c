/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damaged segments: each byte changed in several ways, each length cut short, and the same with all
 * checksums made right again, so that the damage reaches the decoders. Whatever is read must end in a
 * clean error or in an answer; meant to run under sanitizers too.
 */
#include "../support/testing.h"
#include "../unit/check_segment_oracle.h"

#include <zlib.h>

#include "core/bytes.h"

enum { FOOTER = 256, TABLE = 80, SECTIONS = 7, MAX_FILE = 1 << 16, MAX_TF = 1 << 16 };

static unsigned char original[MAX_FILE];
static size_t original_len;

static void make_original(void)
{
    uint64_t seed = 4;
    const char *path = scratch_path(0);
    morgue_error err;
    plain_segment s = plain_create(7, 150, 24);
    for (uint32_t i = 0; i < s.doc_count; i++) {
        s.records[i] = plain_alloc(12, 1);
        snprintf(s.records[i], 12, "r%u", i % 9 ? i : 0);
        s.lengths[i] = (mrg_doc_length){ 30 + i, 1 + i % 5 };
    }
    for (size_t i = 0; i < s.term_count; i++) {
        plain_term *t = &s.terms[i];
        t->len = (size_t)snprintf((char *)t->key, sizeof t->key, "%c%02zu", "etuwxy"[i / 4], i);
        for (uint32_t k = 0; k < s.doc_count; k++) {
            if (i % 4 == 0 || k % (i % 4 == 1 ? 9 : 60) == i % 3)
                plain_add(t, 7 + k, k % 10 ? 1 : 2, i % 4 ? 30 : 3, &seed);
        }
    }
    must(plain_write(&s, path, 40, 1, NULL, &err), &err);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    original_len = fread(original, 1, sizeof original, file);
    fclose(file);
    unlink(path);
    plain_free(&s);
    ck_assert(original_len > FOOTER && original_len < sizeof original);
}

/* ---- Reading whatever it may be ---- */

/* The list beside itself, as two words of a phrase are. */
static void match_pair(const mrg_postings *p)
{
    static mrg_postings other, same;
    static uint32_t starts[MAX_TF];
    const mrg_pair_place first = { &other, 0 }, second = { &same, 1 };
    uint32_t count = 0;
    if (!mrg_field_has_positions(p->info.field))
        return;
    other = same = *p;
    if (!mrg_postings_match_pair(&first, &second, 1, starts, &count, NULL))
        ck_assert_uint_le(count, p->tf);
}

static void walk_list(const mrg_segment *segment, const mrg_term_info *info, int seeks)
{
    static mrg_postings p;
    static uint32_t positions[MAX_TF];
    static uint8_t lengths[MAX_TF];
    mrg_impact impacts[MRG_IMPACTS];
    morgue_error err;
    size_t count;
    uint32_t last, before = 0;
    if (mrg_postings_init(&p, segment, info, &err))
        return;
    for (;;) {
        mrg_postings_block_max(&p, p.docid + 1, &last, impacts, &count, NULL);
        if (seeks ? mrg_postings_seek(&p, p.docid + 20, &err) : mrg_postings_next(&p, &err))
            return;
        if (p.docid == MRG_DOCID_END)
            return;
        ck_assert_uint_gt(p.docid, before); /* or the walk might never end */
        before = p.docid;
        if (mrg_postings_tf(&p, &err))
            return;
        ck_assert(p.tf >= 1 && p.tf <= info->max_tf);
        if (p.tf <= MAX_TF) {
            match_pair(&p);
            mrg_postings_positions(&p, positions, lengths, NULL);
        }
    }
}

static void walk_segment(const mrg_segment *segment)
{
    mrg_term_cursor cursor;
    mrg_term_info info;
    mrg_text_cache cache = { 0 };
    morgue_error err;
    const unsigned char *record;
    size_t len, terms = 0;
    int done;
    const mrg_segment_summary *summary = mrg_segment_info(segment);
    uint32_t docs = summary->doc_count < 400 ? summary->doc_count : 400;
    for (uint32_t i = 0; i < docs; i += 7) {
        mrg_segment_words(segment, summary->first_docid + i);
        if (!mrg_segment_record(segment, summary->first_docid + i, &cache, &record, &len, &err))
            ck_assert(len == 0 || record[0] == record[0]);
    }
    mrg_buffer_dispose(&cache.raw);
    morgue_status status = mrg_term_cursor_init(&cursor, segment, "", 0, &done, &err);
    while (!status && !done && terms++ < 1000) {
        walk_list(segment, &cursor.info, terms % 2);
        mrg_segment_find(segment, cursor.key, cursor.key_len, &info, NULL);
        status = mrg_term_cursor_next(&cursor, &done, &err);
    }
    mrg_term_cursor_init(&cursor, segment, "w0", 2, &done, NULL);
}

/* Writes, opens, reads and checks. Returns whether the check found it whole. */
static int survive(const char *path, const unsigned char *bytes, size_t len)
{
    mrg_segment *segment;
    morgue_error err;
    unlink(path); /* some file systems flush a file that is cut to nothing and written again */
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    ck_assert_int_eq(fclose(file), 0);
    morgue_status status = mrg_segment_open(&segment, path, &err);
    if (status) {
        ck_assert_msg(status == MORGUE_ERR_CORRUPT || status == MORGUE_ERR_VERSION, "%s", err.message);
        ck_assert(err.status == status && strstr(err.message, path));
        ck_assert_ptr_null(segment);
        return 0;
    }
    walk_segment(segment);
    status = mrg_segment_check(segment, NULL, NULL, &err);
    ck_assert(status == MORGUE_OK || status == MORGUE_ERR_CORRUPT);
    ck_assert(!status || strstr(err.message, path));
    mrg_segment_close(segment);
    return status == MORGUE_OK;
}

/* ---- Damage ---- */

static const unsigned char masks[] = { 0x01, 0x80, 0xff, 0x24 };
enum { MASKS = sizeof masks };

START_TEST(a_changed_byte_is_found)
{
    static unsigned char bytes[MAX_FILE];
    const char *path = scratch_path(1);
    make_original();
    ck_assert(survive(path, original, original_len));
    for (size_t at = 0; at < original_len; at++) {
        memcpy(bytes, original, original_len);
        bytes[at] ^= masks[_i];
        ck_assert_msg(!survive(path, bytes, original_len), "byte %zu", at);
    }
    unlink(path);
}
END_TEST

START_TEST(a_cut_file_is_found)
{
    const char *path = scratch_path(2);
    make_original();
    for (size_t len = 0; len < original_len; len++)
        ck_assert_msg(!survive(path, original, len), "length %zu", len);
    unlink(path);
}
END_TEST

static void repair_text_blocks(unsigned char *bytes, size_t len)
{
    const unsigned char *table = bytes + len - FOOTER + TABLE;
    uint64_t text = mrg_load_u64(table), text_len = mrg_load_u64(table + 8);
    uint64_t index = mrg_load_u64(table + 24), index_len = mrg_load_u64(table + 32);
    if (text > len || text_len > len - text || index > len || index_len > len - index)
        return;
    for (uint64_t i = 0; i + 12 <= index_len; i += 12) {
        uint64_t from = mrg_load_u64(bytes + index + i + 4);
        uint64_t to = i + 24 <= index_len ? mrg_load_u64(bytes + index + i + 16) : text_len;
        if (to <= text_len && from <= to && to - from >= 4)
            mrg_store_u32(bytes + text + from, (uint32_t)crc32_z(0, bytes + text + from + 4, to - from - 4));
    }
}

/* Makes every checksum right, as far as the sections can be found. */
static void repair_checksums(unsigned char *bytes, size_t len)
{
    unsigned char *footer = bytes + len - FOOTER;
    repair_text_blocks(bytes, len);
    for (int i = 0; i < SECTIONS; i++) {
        unsigned char *entry = footer + TABLE + 24 * i;
        uint64_t offset = mrg_load_u64(entry), n = mrg_load_u64(entry + 8);
        if (offset <= len && n <= len - offset)
            mrg_store_u32(entry + 16, (uint32_t)crc32_z(0, bytes + offset, n));
    }
    mrg_store_u32(footer + FOOTER - 4, (uint32_t)crc32_z(0, footer, FOOTER - 4));
}

START_TEST(a_changed_byte_behind_good_checksums_does_no_harm)
{
    static unsigned char bytes[MAX_FILE];
    const char *path = scratch_path(3);
    make_original();
    memcpy(bytes, original, original_len);
    repair_checksums(bytes, original_len);
    ck_assert_mem_eq(bytes, original, original_len);
    for (size_t at = 0; at < original_len; at++) {
        memcpy(bytes, original, original_len);
        bytes[at] ^= masks[_i];
        repair_checksums(bytes, original_len);
        survive(path, bytes, original_len);
    }
    unlink(path);
}
END_TEST

START_TEST(random_damage_behind_good_checksums_does_no_harm)
{
    static unsigned char bytes[MAX_FILE];
    const char *path = scratch_path(4);
    uint64_t seed = 12;
    make_original();
    for (int round = 0; round < 1000; round++) {
        memcpy(bytes, original, original_len);
        for (uint32_t i = 1 + plain_below(&seed, 12); i > 0; i--)
            bytes[plain_below(&seed, (uint32_t)original_len)] = (unsigned char)plain_below(&seed, 256);
        repair_checksums(bytes, original_len);
        survive(path, bytes, original_len);
    }
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("segment corrupt");
    TCase *tests = tcase_create("segment corrupt");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_changed_byte_is_found, 0, MASKS);
    tcase_add_test(tests, a_cut_file_is_found);
    tcase_add_loop_test(tests, a_changed_byte_behind_good_checksums_does_no_harm, 0, MASKS);
    tcase_add_test(tests, random_damage_behind_good_checksums_does_no_harm);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../support/testing.h"
#include "check_segment_oracle.h"

#include "core/alloc.h"
#include "core/file.h"
#include "store/dictionary.h"
#include "store/postings.h"

static uint64_t seed = 7;

static void compare_summaries(const mrg_segment_summary *a, const mrg_segment_summary *b)
{
    ck_assert_uint_eq(a->file_bytes, b->file_bytes);
    ck_assert_uint_eq(a->text_bytes, b->text_bytes);
    ck_assert_uint_eq(a->first_docid, b->first_docid);
    ck_assert_uint_eq(a->doc_count, b->doc_count);
    ck_assert_uint_eq(a->live_count, b->live_count);
    ck_assert_uint_eq(a->word_count, b->word_count);
    ck_assert_uint_eq(a->title_word_count, b->title_word_count);
    ck_assert_uint_eq(a->checksum, b->checksum);
}

static mrg_segment *write_and_open(const plain_segment *s, const char *path, uint32_t block_records)
{
    mrg_segment *segment;
    mrg_segment_summary summary;
    morgue_error err;
    must(plain_write(s, path, block_records, 1, &summary, &err), &err);
    must(mrg_segment_open(&segment, path, &err), &err);
    compare_summaries(&summary, mrg_segment_info(segment));
    ck_assert_str_eq(mrg_segment_path(segment), path);
    return segment;
}

static void roundtrip(plain_segment *s, uint32_t block_records)
{
    const char *path = scratch_path(0);
    mrg_segment *segment = write_and_open(s, path, block_records);
    compare_segment(segment, s);
    mrg_segment_close(segment);
    unlink(path);
    plain_free(s);
}

static char *text_of(size_t len, char c)
{
    char *text = plain_alloc(len + 1, 1);
    memset(text, c, len);
    return text;
}

static plain_segment with_articles(uint32_t first_docid, uint32_t doc_count, size_t term_count)
{
    plain_segment s = plain_create(first_docid, doc_count, term_count);
    for (uint32_t i = 0; i < doc_count; i++) {
        s.records[i] = text_of(i % 37, (char)('a' + i % 26));
        s.lengths[i] = (mrg_doc_length){ 20 + i % 500, i % 9 };
    }
    return s;
}

static plain_term *set_key(plain_segment *s, size_t i, const char *key)
{
    s->terms[i].len = strlen(key);
    memcpy(s->terms[i].key, key, s->terms[i].len);
    return &s->terms[i];
}

START_TEST(an_empty_segment_is_one)
{
    plain_segment s = plain_create(1, 0, 0);
    const char *path = scratch_path(1);
    mrg_segment *segment = write_and_open(&s, path, 1);
    ck_assert_uint_eq(mrg_segment_info(segment)->live_count, 0);
    mrg_segment_close(segment);
    unlink(path);
    roundtrip(&s, 1);
}
END_TEST

START_TEST(a_tiny_segment_comes_back)
{
    plain_segment s = with_articles(1, 2, 2);
    plain_add(set_key(&s, 0, "wa"), 2, 1, 10, &seed);
    plain_add(set_key(&s, 1, "xb"), 1, 3, 10, &seed);
    roundtrip(&s, 1);
}
END_TEST

/* Every field, with lists of 1 to 257 postings around the ends of blocks. */
START_TEST(lists_around_block_ends_come_back)
{
    static const uint32_t counts[] = { 1, 2, 3, 4, 5, 8, 9, 127, 128, 129, 255, 256, 257, 384, 385 };
    enum { COUNTS = sizeof counts / sizeof counts[0] };
    const char *fields = "etuwxy";
    char key[8];
    plain_segment s = with_articles(1000, 900, 6 * COUNTS);
    for (size_t f = 0; f < 6; f++) {
        for (size_t i = 0; i < COUNTS; i++) {
            snprintf(key, sizeof key, "%c%03u", fields[f], counts[i]);
            plain_term *t = set_key(&s, f * COUNTS + i, key);
            for (uint32_t k = 0; k < counts[i]; k++)
                plain_add(t, 1000 + (i % 2 ? k : 2 * k), k % 3 ? 1 : 1 + k % 7, 60, &seed);
        }
    }
    roundtrip(&s, 13);
}
END_TEST

START_TEST(a_huge_frequency_comes_back)
{
    plain_segment s = with_articles(5, 300, 4);
    plain_term *w = set_key(&s, 1, "whuge"), *x = set_key(&s, 2, "xhuge"), *y = set_key(&s, 3, "yhuge");
    plain_add(set_key(&s, 0, "wa"), 7, 60000, 2, &seed);
    for (uint32_t i = 0; i < 300; i++) {
        plain_add(w, 5 + i, i == 200 ? 50000 : 1, 2, &seed);
        plain_add(x, 5 + i, i == 100 ? UINT32_MAX : 1, 2, &seed);
        plain_add(y, 5 + i, i == 299 ? 3000 : 2, 2, &seed);
    }
    for (uint32_t i = 0; i < 300; i++)
        s.lengths[i].words = 400000;
    roundtrip(&s, 50);
}
END_TEST

START_TEST(the_longest_key_and_odd_bytes_come_back)
{
    plain_segment s = with_articles(1, 3, 6);
    static const unsigned char odd[][4] = { { 'w', 0 }, { 'w', 0, 0 }, { 'w', 0, 1 }, { 'w', 0xff, 0xff } };
    for (size_t i = 0; i < 3; i++) {
        memcpy(s.terms[i].key, odd[i], 3);
        s.terms[i].len = i == 0 ? 2 : 3;
    }
    memset(s.terms[3].key, 'w', MRG_KEY_MAX_BYTES);
    s.terms[3].len = MRG_KEY_MAX_BYTES - 1;
    memset(s.terms[4].key, 'w', MRG_KEY_MAX_BYTES);
    s.terms[4].len = MRG_KEY_MAX_BYTES;
    memcpy(s.terms[5].key, odd[3], 3);
    s.terms[5].len = 3;
    for (size_t i = 0; i < 6; i++)
        plain_add(&s.terms[i], 1 + (uint32_t)i % 3, 2, 9, &seed);
    roundtrip(&s, 2);
}
END_TEST

START_TEST(keys_of_one_head_are_told_apart)
{
    char key[40];
    plain_segment s = with_articles(1, 4, 700);
    for (size_t i = 0; i < 700; i++) {
        snprintf(key, sizeof key, "wprefixed%05zu", i * 3);
        plain_add(set_key(&s, i, key), 1 + (uint32_t)i % 4, 1, 9, &seed);
    }
    const char *path = scratch_path(2);
    mrg_segment *segment = write_and_open(&s, path, 4);
    mrg_term_info info;
    mrg_term_cursor cursor;
    morgue_error err;
    int done;
    for (size_t i = 0; i < 2100; i++) {
        snprintf(key, sizeof key, "wprefixed%05zu", i);
        ck_assert_int_eq(mrg_segment_find(segment, key, strlen(key), &info, &err),
                         i % 3 ? MORGUE_ERR_NOT_FOUND : MORGUE_OK);
        must(mrg_term_cursor_init(&cursor, segment, key, strlen(key), &done, &err), &err);
        ck_assert_int_eq(done, i > 2097);
        snprintf(key, sizeof key, "wprefixed%05zu", (i + 2) / 3 * 3);
        ck_assert(done || !strcmp((char *)cursor.key, key));
    }
    ck_assert_int_eq(mrg_segment_find(segment, "a", 1, &info, &err), MORGUE_ERR_NOT_FOUND);
    ck_assert_int_eq(mrg_segment_find(segment, "z", 1, &info, &err), MORGUE_ERR_NOT_FOUND);
    ck_assert_int_eq(mrg_segment_find(segment, "", 0, &info, &err), MORGUE_ERR_NOT_FOUND);
    mrg_segment_close(segment);
    unlink(path);
    plain_free(&s);
}
END_TEST

START_TEST(large_records_and_docids_come_back)
{
    plain_segment s = with_articles(4000000000u, 40, 1);
    free(s.records[7]);
    s.records[7] = text_of(3 << 20, 'q');
    free(s.records[8]);
    s.records[8] = plain_alloc((1 << 20) + 1, 1);
    for (size_t i = 0; i < 1 << 20; i++)
        s.records[8][i] = (char)(1 + plain_below(&seed, 255));
    s.lengths[3].words = 70000;
    s.lengths[4].title_words = 300;
    plain_add(set_key(&s, 0, "wx"), 4000000039u, 2, 9, &seed);
    roundtrip(&s, 3);
}
END_TEST

/* Gaps that no segment has articles for: a list on its own, in a segment made up around it. */
START_TEST(gaps_up_to_2_to_31_come_back)
{
    for (unsigned width = 0; width <= 31; width++) {
        mrg_list_writer w = { 0 };
        mrg_term_info info;
        mrg_segment segment = { .path = (char *)(uintptr_t) "made up" };
        static uint32_t docids[300];
        static mrg_postings p;
        uint64_t head, docid = 0;
        uint32_t count = 0;
        morgue_error err;
        mrg_list_start(&w, 'x', 1, UINT32_MAX - 1);
        while (count < 300) {
            docid += 1 + (plain_random(&seed) & mrg_bit_mask(count % 100 == 3 ? width : width > 22 ? 22 : width));
            if (docid >= UINT32_MAX)
                break;
            docids[count++] = (uint32_t)docid;
            mrg_list_add(&w, (uint32_t)docid, 1, 5, NULL, NULL);
        }
        mrg_list_end(&w, &info, &head);
        ck_assert_int_eq(mrg_list_failed(&w), MORGUE_OK);
        info.offset = head;
        mrg_buffer_append(&w.out, "12345678", 8);
        segment.postings = w.out.data;
        segment.footer = (mrg_footer){ .first_docid = 1, .doc_count = UINT32_MAX - 1 };
        segment.footer.sections[MRG_SECTION_POSTINGS].len = w.out.len - 8;
        must(mrg_postings_init(&p, &segment, &info, &err), &err);
        for (uint32_t i = 0; i < count; i++) {
            must(mrg_postings_next(&p, &err), &err);
            ck_assert_uint_eq(p.docid, docids[i]);
        }
        must(mrg_postings_init(&p, &segment, &info, &err), &err);
        must(mrg_postings_seek(&p, docids[count - 1], &err), &err);
        ck_assert_uint_eq(p.docid, docids[count - 1]);
        mrg_list_writer_dispose(&w);
    }
}
END_TEST

START_TEST(impact_codes_round_to_the_safe_side)
{
    for (uint64_t v = 0; v <= UINT32_MAX; v += 1 + v / 97) {
        uint32_t n = (uint32_t)v;
        uint32_t tf = mrg_impact_tf(mrg_impact_code_tf(n)), words = mrg_impact_words(mrg_impact_code_words(n));
        ck_assert_uint_ge(tf, n);
        ck_assert_uint_le(words, n);
        ck_assert(n >= 32 || (tf == n && words == n));
        ck_assert(n > 400000 || (tf <= n + n / 16 + 1 && words + n / 16 + 1 >= n));
    }
}
END_TEST

START_TEST(a_cache_serves_two_segments_in_turn)
{
    plain_segment a = with_articles(1, 30, 0), b = with_articles(31, 30, 0);
    const char *paths[2] = { scratch_path(3), scratch_path(4) };
    mrg_segment *first = write_and_open(&a, paths[0], 10), *second = write_and_open(&b, paths[1], 7);
    mrg_text_cache cache = { 0 };
    morgue_error err;
    const unsigned char *record;
    size_t len;
    for (uint32_t i = 1; i < 30; i++) {
        must(mrg_segment_record(first, 1 + i, &cache, &record, &len, &err), &err);
        ck_assert(len == strlen(a.records[i]) && !memcmp(record, a.records[i], len));
        must(mrg_segment_record(second, 31 + i, &cache, &record, &len, &err), &err);
        ck_assert(len == strlen(b.records[i]) && !memcmp(record, b.records[i], len));
    }
    ck_assert_int_eq(mrg_segment_record(first, 31, &cache, &record, &len, &err), MORGUE_ERR_NOT_FOUND);
    ck_assert_int_eq(mrg_segment_record(second, 30, &cache, &record, &len, &err), MORGUE_ERR_NOT_FOUND);
    mrg_buffer_dispose(&cache.raw);
    mrg_segment_close(first);
    mrg_segment_close(second);
    unlink(paths[0]);
    unlink(paths[1]);
    plain_free(&a);
    plain_free(&b);
}
END_TEST

/* ---- Wrong calls ---- */

static mrg_segment_writer *writer_with_two_articles(const char *path)
{
    mrg_segment_writer *w;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    morgue_error err;
    must(mrg_segment_writer_create(&w, path, 10, &err), &err);
    mrg_text_block_add(&block, "one", 3);
    mrg_text_block_add(&block, "two", 3);
    must(mrg_text_block_encode(&block, &encoded, &err), &err);
    must(mrg_segment_writer_add_text(w, encoded.data, encoded.len, 2, &err), &err);
    for (int i = 0; i < 2; i++)
        must(mrg_segment_writer_add_length(w, (mrg_doc_length){ 5, 1 }, &err), &err);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
    return w;
}

static void make_mistake(mrg_segment_writer *w, int number, morgue_error *err)
{
    static const uint32_t positions[] = { 3, 2 };
    static const uint8_t lengths[] = { 1, 16 };
    unsigned char key[MRG_KEY_MAX_BYTES + 1] = { 'w' };
    switch (number) {
    case 0:
        mrg_segment_writer_add_length(w, (mrg_doc_length){ 1, 1 }, err);
        break;
    case 1:
        mrg_segment_writer_start_term(w, key, sizeof key, err);
        break;
    case 2:
        mrg_segment_writer_start_term(w, "", 0, err);
        break;
    case 3:
        mrg_segment_writer_add_posting(w, 10, 1, positions, NULL, err);
        break;
    case 4:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_start_term(w, "wc", 2, err);
        break;
    case 5:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_add_posting(w, 11, 1, positions, NULL, err);
        mrg_segment_writer_add_posting(w, 11, 1, positions, NULL, err);
        break;
    case 6:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_add_posting(w, 12, 1, positions, NULL, err);
        break;
    case 7:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_add_posting(w, 11, 2, positions, NULL, err);
        break;
    case 8:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_add_posting(w, 11, 1, NULL, NULL, err);
        break;
    case 9:
        mrg_segment_writer_start_term(w, "ee", 2, err);
        mrg_segment_writer_add_posting(w, 11, 1, positions, NULL, err);
        break;
    case 10:
        mrg_segment_writer_start_term(w, "ee", 2, err);
        mrg_segment_writer_add_posting(w, 11, 1, positions, lengths + 1, err);
        break;
    case 11:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        break;
    case 12:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_add_posting(w, 11, 1, positions, NULL, err);
        mrg_segment_writer_end_term(w, err);
        mrg_segment_writer_start_term(w, "wb", 2, err);
        break;
    case 13:
        mrg_segment_writer_start_term(w, "wb", 2, err);
        mrg_segment_writer_add_posting(w, 11, 0, positions, NULL, err);
        break;
    default:
        mrg_segment_writer_add_text(w, "abc", 3, 1, err);
    }
}

START_TEST(wrong_calls_fail_and_stay_failed)
{
    const char *path = scratch_path(5);
    morgue_error err;
    for (int number = 0; number < 15; number++) {
        mrg_segment_writer *w = writer_with_two_articles(path);
        make_mistake(w, number, &err);
        ck_assert_int_eq(mrg_segment_writer_finish(w, 1, NULL, &err), MORGUE_ERR_INVALID);
        ck_assert_int_eq(err.status, MORGUE_ERR_INVALID);
        ck_assert_int_eq(mrg_segment_writer_end_term(w, NULL), MORGUE_ERR_INVALID);
        mrg_segment_writer_free(w);
        ck_assert_int_eq(access(path, F_OK), -1);
    }
}
END_TEST

START_TEST(an_existing_file_is_left_alone)
{
    const char *path = scratch_path(6);
    mrg_segment_writer *w = writer_with_two_articles(path), *other;
    morgue_error err;
    must(mrg_segment_writer_finish(w, 1, NULL, &err), &err);
    mrg_segment_writer_free(w);
    ck_assert_int_eq(mrg_segment_writer_create(&other, path, 10, &err), MORGUE_ERR_IO);
    ck_assert_ptr_null(other);
    ck_assert_int_eq(access(path, F_OK), 0);
    unlink(path);
}
END_TEST

/* ---- Faults ---- */

static morgue_status write_read_and_merge(const plain_segment *s, const char *const paths[2], morgue_error *err)
{
    mrg_segment *segment = NULL;
    mrg_bitset deleted = MRG_BITSET_INIT;
    mrg_text_cache cache = { 0 };
    const unsigned char *record;
    size_t len;
    morgue_status status = plain_write(s, paths[0], 9, 0, NULL, err);
    if (!status)
        status = mrg_segment_open(&segment, paths[0], err);
    if (!status)
        status = mrg_segment_check(segment, NULL, NULL, err);
    if (!status)
        status = mrg_segment_record(segment, s->first_docid + 5, &cache, &record, &len, err);
    if (!status && mrg_bitset_add(&deleted, s->first_docid + 9))
        status = mrg_fail_nomem(err);
    if (!status) {
        const mrg_segment *parts[] = { segment };
        status = mrg_segment_merge(parts, 1, &deleted, 0, paths[1], 0, NULL, NULL, NULL, err);
    }
    if (status)
        ck_assert_int_eq(access(paths[1], F_OK), -1);
    mrg_segment_close(segment);
    mrg_bitset_dispose(&deleted);
    mrg_buffer_dispose(&cache.raw);
    return status;
}

static void fail_everywhere(void (*fail_at)(long), morgue_status wanted, long step)
{
    const char *paths[2] = { scratch_path(0), scratch_path(1) };
    uint64_t own = 99;
    plain_segment s = plain_make_random(1, 300, 60, &own);
    morgue_error err;
    morgue_status status = wanted;
    long n = 1;
    for (; status; n += n < 100 ? 1 : step) {
        fail_at(n);
        status = write_read_and_merge(&s, paths, &err);
        fail_at(0);
        ck_assert_msg(!status || status == wanted, "at %ld: %s", n, err.message);
        ck_assert(!status || err.status == status);
        unlink(paths[0]);
        unlink(paths[1]);
    }
    ck_assert_int_gt(n, 5);
    plain_free(&s);
}

START_TEST(every_allocation_may_fail)
{
    fail_everywhere(mrg_alloc_fail_at, MORGUE_ERR_NOMEM, 1);
}
END_TEST

START_TEST(every_write_may_fail)
{
    fail_everywhere(mrg_file_fail_at, MORGUE_ERR_IO, 1);
}
END_TEST

/* Six articles, the second "a b a b", the others "a", as the first format had them, with a deflated block. */
static const char format_1[] =
    "\x4d\x6f\x72\x67\x75\x65\x53\x67\x01\x00\x00\x00\x01\x00\x00\x00\x44\x8a\xff\xae\x06\x0c\x01\x07"
    "\x01\x01\x01\x01\x01\x0c\x00\xf3\xff\x61\x61\x20\x62\x20\x61\x20\x62\x61\x61\x61\x61\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x04\x01\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x01\x02"
    "\x02\x20\x00\x00\x40\x65\x70\x3a\x62\x03\x01\x01\x10\x20\x77\x61\x04\x2e\x00\x00\x00\x11\x62\x05"
    "\x05\x00\x01\x01\x02\x00\x00\x00\x00\x62\x3a\x70\x65\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00"
    "\x00\x06\x00\x00\x00\x06\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x01\x01\x00\x00\x09\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00"
    "\x00\x00\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x10\x00\x00"
    "\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x1d\x00\x00\x00\x00\x00\x00\x00\x8f\x9f\x39"
    "\xc0\x00\x00\x00\x00\x2d\x00\x00\x00\x00\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x6f\xc6\xd5"
    "\x7b\x00\x00\x00\x00\x39\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x43\xd8\x7c"
    "\x58\x00\x00\x00\x00\x3f\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\xa3\xa1\xc2"
    "\xb1\x00\x00\x00\x00\x45\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x54\xb0\xab"
    "\xb0\x00\x00\x00\x00\x4b\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00\xc4\x1f\xa0"
    "\xfb\x00\x00\x00\x00\x65\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x29\xeb\xaa"
    "\x02\x00\x00\x00\x00\x01\x00\x00\x00\x68\x5e\xf8\xad";

START_TEST(a_segment_of_format_1_is_read_and_merged)
{
    const char *paths[] = { scratch_path(0), scratch_path(1) };
    mrg_text_cache cache = { 0 };
    mrg_segment_summary summary;
    const unsigned char *record;
    size_t len;
    morgue_error err;
    FILE *file = fopen(paths[0], "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(format_1, 1, sizeof format_1 - 1, file), sizeof format_1 - 1);
    fclose(file);
    for (int i = 0; i < 2; i++) {
        mrg_segment *segment;
        must(mrg_segment_open(&segment, paths[i], &err), &err);
        must(mrg_segment_check(segment, NULL, NULL, &err), &err);
        must(mrg_segment_record(segment, 2, &cache, &record, &len, &err), &err);
        ck_assert_uint_eq(len, 7);
        ck_assert_mem_eq(record, "a b a b", 7);
        if (i == 0)
            must(mrg_segment_merge((const mrg_segment *const *)&segment, 1, NULL, 0, paths[1], 1, NULL, NULL, &summary,
                                   &err),
                 &err);
        mrg_segment_close(segment);
        unlink(paths[i]);
    }
    mrg_buffer_dispose(&cache.raw);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("segment");
    TCase *tests = tcase_create("segment");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, an_empty_segment_is_one);
    tcase_add_test(tests, a_tiny_segment_comes_back);
    tcase_add_test(tests, lists_around_block_ends_come_back);
    tcase_add_test(tests, a_huge_frequency_comes_back);
    tcase_add_test(tests, the_longest_key_and_odd_bytes_come_back);
    tcase_add_test(tests, keys_of_one_head_are_told_apart);
    tcase_add_test(tests, large_records_and_docids_come_back);
    tcase_add_test(tests, gaps_up_to_2_to_31_come_back);
    tcase_add_test(tests, impact_codes_round_to_the_safe_side);
    tcase_add_test(tests, a_cache_serves_two_segments_in_turn);
    tcase_add_test(tests, wrong_calls_fail_and_stay_failed);
    tcase_add_test(tests, an_existing_file_is_left_alone);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_test(tests, every_write_may_fail);
    tcase_add_test(tests, a_segment_of_format_1_is_read_and_merged);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

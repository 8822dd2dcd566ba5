/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random segments against plain arrays: whole contents, walks that mix next and seek, bounds, prefixes,
 * merges. The seed is the first argument, or fixed; a failing run prints it.
 */
#include "../support/testing.h"
#include "../unit/check_segment_oracle.h"

enum { SEGMENTS = 14, MERGES = 8, MAX_PARTS = 5 };

static uint64_t base_seed = 20240229;

/* ---- Walks ---- */

/* The first posting at or after a docid, by looking at each. */
static size_t plain_seek(const plain_term *t, size_t from, uint32_t target)
{
    while (from < t->count && t->postings[from].docid < target)
        from++;
    return from;
}

static void check_block_max(mrg_postings *p, const mrg_segment *segment, const plain_term *t, uint32_t target)
{
    mrg_impact impacts[MRG_IMPACTS];
    size_t count, i = plain_seek(t, 0, target);
    uint32_t last;
    morgue_error err;
    int title = t->key[0] == 't' || t->key[0] == 'u';
    must(mrg_postings_block_max(p, target, &last, impacts, &count, &err), &err);
    if (i == t->count) {
        ck_assert_uint_eq(last, MRG_DOCID_END);
        ck_assert_uint_eq(count, 0);
        return;
    }
    ck_assert_uint_ge(last, t->postings[i].docid);
    ck_assert(count >= 1 && count <= MRG_IMPACTS);
    for (; i < t->count && t->postings[i].docid <= last; i++) {
        uint32_t docid = t->postings[i].docid, dominated = 0;
        uint32_t words = title ? mrg_segment_title_words(segment, docid) : mrg_segment_words(segment, docid);
        for (size_t k = 0; k < count; k++)
            dominated |= t->postings[i].tf <= impacts[k].tf && words >= impacts[k].words;
        ck_assert_msg(dominated, "docid %u of \"%.*s\"", docid, (int)t->len, (const char *)t->key);
    }
    ck_assert(i > 0 && t->postings[i - 1].docid == last);
}

/* Of some starts, those with a position at an offset behind them. */
static void check_starts(mrg_postings *p, const plain_posting *wanted, uint64_t *seed)
{
    uint32_t starts[40], count = 0, kept = 0, start = 0, offset = plain_below(seed, 4), expected[40];
    morgue_error err;
    if (!wanted->positions)
        return;
    while (count < plain_below(seed, 40)) {
        start = plain_below(seed, 3) ? wanted->positions[plain_below(seed, wanted->tf)] - offset
                                     : start + plain_below(seed, 9);
        if (start > UINT32_MAX - 4 || (count && start <= starts[count - 1]))
            break;
        starts[count++] = start;
    }
    for (uint32_t i = 0; i < count; i++) {
        int found = 0;
        for (uint32_t k = 0; k < wanted->tf && !found; k++)
            found = wanted->positions[k] == starts[i] + offset;
        if (found)
            expected[kept++] = starts[i];
    }
    must(mrg_postings_keep_starts(p, offset, starts, &count, &err), &err);
    ck_assert_uint_eq(count, kept);
    ck_assert_mem_eq(starts, expected, kept * sizeof *starts);
}

static uint32_t words_of(const mrg_segment *segment, const plain_term *t, uint32_t docid)
{
    int title = t->key[0] == 't' || t->key[0] == 'u';
    return title ? mrg_segment_title_words(segment, docid) : mrg_segment_words(segment, docid);
}

/* Filtered walks stop at all that the filter keeps, and at nothing else but the ends of blocks. */
static void filter_walk(const mrg_segment *segment, const mrg_term_info *info, const plain_segment *s,
                        const plain_term *t, uint64_t *seed)
{
    static mrg_postings p;
    morgue_error err;
    const mrg_posting_filter filter = { 0.25f, 1 / 64.0f, 0.25f + (float)plain_below(seed, 20) / 4 };
    uint32_t target = s->first_docid;
    size_t at = 0;
    must(mrg_postings_init(&p, segment, info, &err), &err);
    for (;;) {
        int found;
        must(mrg_postings_seek_kept(&p, target, &filter, &found, &err), &err);
        for (at = plain_seek(t, at, target); at < t->count && t->postings[at].docid < p.docid + !found; at++) {
            float words = (float)words_of(segment, t, t->postings[at].docid);
            ck_assert_float_gt(0.25f + words / 64, filter.limit * (float)t->postings[at].tf);
        }
        if (p.docid == MRG_DOCID_END)
            break;
        target = p.docid + 1 + (plain_below(seed, 4) ? 0 : plain_below(seed, 300));
        if (!found)
            continue;
        compare_posting(&p, &t->postings[at]);
        ck_assert_float_le(0.25f + (float)words_of(segment, t, p.docid) / 64, filter.limit * (float)p.tf);
        check_starts(&p, &t->postings[at], seed);
    }
    ck_assert_uint_eq(at, t->count);
}

/* The bounds of all blocks dominate all postings, and weights add up to what they are. */
static void weigh_all(const mrg_segment *segment, const mrg_term_info *info, const plain_segment *s,
                      const plain_term *t, uint64_t *seed)
{
    static mrg_postings p;
    static float sums[1 << 16];
    const mrg_posting_curve curve = { 3, 0.25f, 1 / 64.0f };
    uint32_t first = s->first_docid, end = s->first_docid + s->doc_count, at = first;
    float most = 0;
    morgue_error err;
    ck_assert_uint_le(s->doc_count, 1 << 16);
    memset(sums, 0, sizeof sums);
    must(mrg_postings_init(&p, segment, info, &err), &err);
    for (uint32_t block = 0; block <= mrg_postings_block_count(&p); block++) {
        mrg_impact impacts[MRG_IMPACTS];
        size_t count;
        must(mrg_postings_block_impacts(&p, block, impacts, &count, &err), &err);
        ck_assert_int_eq(count > 0, block < mrg_postings_block_count(&p));
        for (size_t i = 0; i < count; i++) {
            float score = 3 / (1 + (0.25f + (float)impacts[i].words / 64) / (float)impacts[i].tf);
            most = score > most ? score : most;
        }
    }
    while (at < end) {
        uint32_t next = at + 1 + plain_below(seed, s->doc_count);
        next = next < end ? next : end;
        must(mrg_postings_add_weights(&p, &curve, at, next, sums + (at - first), &err), &err);
        at = next;
    }
    for (size_t i = 0; i < t->count; i++) {
        uint32_t docid = t->postings[i].docid;
        float score = 3 / (1 + (0.25f + (float)words_of(segment, t, docid) / 64) / (float)t->postings[i].tf);
        ck_assert_float_le(score, most * 1.00001f);
        ck_assert_float_eq_tol(sums[docid - first], score, 1e-4f);
        sums[docid - first] = 0;
    }
    for (uint32_t i = 0; i < s->doc_count; i++)
        ck_assert_float_le(sums[i], 0);
}

static void mix_walk(const mrg_segment *segment, const mrg_term_info *info, const plain_segment *s, const plain_term *t,
                     uint64_t *seed)
{
    static mrg_postings p;
    morgue_error err;
    size_t at = 0; /* of the posting that the walk stands on, once started */
    int started = 0;
    uint32_t leap = 1u << plain_below(seed, 12), kind = plain_below(seed, 4);
    must(mrg_postings_init(&p, segment, info, &err), &err);
    do {
        if (plain_below(seed, 8) == 0)
            check_block_max(&p, segment, t, s->first_docid + plain_below(seed, s->doc_count + 5));
        if (plain_below(seed, kind + 1) == 0) {
            at += (size_t)started;
            must(mrg_postings_next(&p, &err), &err);
        } else {
            uint32_t target = (started ? p.docid : s->first_docid) + plain_below(seed, leap);
            target -= plain_below(seed, 10) == 0 && target > 3 ? 3 : 0; /* back: does not move */
            at = plain_seek(t, at, target);
            must(mrg_postings_seek(&p, target, &err), &err);
        }
        started = 1;
        if (at == t->count) {
            ck_assert_uint_eq(p.docid, MRG_DOCID_END);
            break;
        }
        ck_assert_uint_eq(p.docid, t->postings[at].docid);
        if (plain_below(seed, 3) == 0)
            compare_posting(&p, &t->postings[at]);
    } while (p.docid != MRG_DOCID_END);
    must(mrg_postings_seek(&p, s->first_docid, &err), &err);
    ck_assert_uint_eq(p.docid, MRG_DOCID_END);
}

/* Where a phrase could begin for both words, against all pairs of positions; what need not be counted may be missing. */
static void check_pair(mrg_postings *a, mrg_postings *b, const plain_posting *x, const plain_posting *y, uint64_t *seed)
{
    static uint32_t starts[1 << 12], expected[1 << 12];
    const mrg_pair_place first = { a, plain_below(seed, 4) }, second = { b, plain_below(seed, 4) };
    uint32_t count = 0, wanted = 0, needed = 1 + plain_below(seed, plain_below(seed, 3) ? 1 : 4);
    morgue_error err;
    ck_assert_uint_le(x->tf, 1 << 12);
    for (uint32_t i = 0; i < x->tf; i++) {
        int found = 0;
        for (uint32_t k = 0; k < y->tf && !found; k++)
            found = (uint64_t)x->positions[i] + second.offset == (uint64_t)y->positions[k] + first.offset;
        if (found && x->positions[i] >= first.offset)
            expected[wanted++] = x->positions[i] - first.offset;
    }
    must(mrg_postings_tf(a, &err), &err);
    must(mrg_postings_tf(b, &err), &err);
    must(mrg_postings_match_pair(&first, &second, needed, starts, &count, &err), &err);
    ck_assert_uint_le(count, wanted);
    ck_assert(count == wanted || wanted < needed);
    ck_assert_mem_eq(starts, expected, count * sizeof *starts);
}

static void walk_pair(const mrg_segment *segment, const plain_term *t, const plain_term *u, uint64_t *seed)
{
    static mrg_postings a, b;
    mrg_term_info info;
    morgue_error err;
    size_t i = 0, k = 0;
    must(mrg_segment_find(segment, t->key, t->len, &info, &err), &err);
    must(mrg_postings_init(&a, segment, &info, &err), &err);
    must(mrg_segment_find(segment, u->key, u->len, &info, &err), &err);
    must(mrg_postings_init(&b, segment, &info, &err), &err);
    while (i < t->count && k < u->count) {
        uint32_t target = t->postings[i].docid > u->postings[k].docid ? t->postings[i].docid : u->postings[k].docid;
        i = plain_seek(t, i, target);
        k = plain_seek(u, k, target);
        if (i == t->count || k == u->count || t->postings[i].docid != u->postings[k].docid)
            continue;
        must(mrg_postings_seek(&a, t->postings[i].docid, &err), &err);
        must(mrg_postings_seek(&b, u->postings[k].docid, &err), &err);
        check_pair(&a, &b, &t->postings[i], &u->postings[k], seed);
        i += 1 + plain_below(seed, 3);
    }
}

/* Each term that has positions, with the next such one. */
static void walk_pairs(const mrg_segment *segment, const plain_segment *s, uint64_t *seed)
{
    const plain_term *before = NULL;
    for (size_t i = 0; i < s->term_count; i++) {
        const plain_term *t = &s->terms[i];
        if (t->count == 0 || !plain_has_positions(t->key[0]))
            continue;
        if (before) {
            walk_pair(segment, before, t, seed);
            walk_pair(segment, t, before, seed);
        }
        before = t;
    }
}

static void mix_walks(const mrg_segment *segment, const plain_segment *s, uint64_t *seed)
{
    mrg_term_info info;
    morgue_error err;
    for (size_t i = 0; i < s->term_count; i++) {
        const plain_term *t = &s->terms[i];
        if (t->count == 0)
            continue;
        must(mrg_segment_find(segment, t->key, t->len, &info, &err), &err);
        for (int k = 0; k < 4; k++)
            mix_walk(segment, &info, s, t, seed);
        filter_walk(segment, &info, s, t, seed);
        weigh_all(segment, &info, s, t, seed);
    }
}

/* The first term at or after keys that need not be there. */
static void look_around(const mrg_segment *segment, const plain_segment *s, uint64_t *seed)
{
    mrg_term_cursor cursor;
    mrg_term_info info;
    morgue_error err;
    int done;
    for (int i = 0; i < 400; i++) {
        plain_term key = s->terms[plain_below(seed, (uint32_t)s->term_count)];
        uint32_t at = plain_below(seed, (uint32_t)key.len);
        if (plain_below(seed, 2))
            key.len = at + 1;
        key.key[at] = (unsigned char)(key.key[at] + plain_below(seed, 3) - 1);
        size_t k = 0, same = 0;
        while (k < s->term_count && (s->terms[k].count == 0 || plain_order(&s->terms[k], &key) < 0))
            k++;
        same = k < s->term_count && plain_order(&s->terms[k], &key) == 0;
        must(mrg_term_cursor_init(&cursor, segment, key.key, key.len, &done, &err), &err);
        int behind = k == s->term_count; /* where only pairs can be */
        ck_assert(!done || behind);
        ck_assert(done || (behind && cursor.key[0] == 'z') ||
                  (cursor.key_len == s->terms[k].len && !memcmp(cursor.key, s->terms[k].key, cursor.key_len)));
        ck_assert_int_eq(mrg_segment_find(segment, key.key, key.len, &info, &err),
                         same ? MORGUE_OK : MORGUE_ERR_NOT_FOUND);
    }
}

START_TEST(a_random_segment_holds_what_went_in)
{
    uint64_t seed = base_seed + (uint64_t)_i;
    const char *path = scratch_path(0);
    mrg_segment *segment;
    morgue_error err;
    printf("seed %llu\n", (unsigned long long)seed);
    uint32_t docs = _i % 3 ? 1 + plain_below(&seed, 700) : 1 + plain_below(&seed, 5000);
    plain_segment s = plain_make_random(1 + plain_below(&seed, 1000000), docs, 1 + plain_below(&seed, 160), &seed);
    must(plain_write(&s, path, 1 + plain_below(&seed, 40), 1, NULL, &err), &err);
    must(mrg_segment_open(&segment, path, &err), &err);
    compare_segment(segment, &s);
    mix_walks(segment, &s, &seed);
    walk_pairs(segment, &s, &seed);
    look_around(segment, &s, &seed);
    mrg_segment_close(segment);
    unlink(path);
    plain_free(&s);
}
END_TEST

/* ---- Merges ---- */

/* The articles first to last of a whole, with its other docids missing. */
static plain_segment plain_slice(const plain_segment *whole, uint32_t first, uint32_t last)
{
    plain_segment part = plain_create(first, last - first + 1, whole->term_count);
    for (uint32_t docid = first; docid <= last; docid++) {
        part.lengths[docid - first] = whole->lengths[docid - whole->first_docid];
        part.records[docid - first] = strdup(whole->records[docid - whole->first_docid]);
    }
    for (size_t i = 0; i < whole->term_count; i++) {
        const plain_term *from = &whole->terms[i];
        plain_term *to = &part.terms[i];
        memcpy(to->key, from->key, from->len);
        to->len = from->len;
        to->postings = plain_alloc(from->count, sizeof *to->postings);
        for (size_t k = 0; k < from->count; k++) {
            plain_posting p = from->postings[k];
            if (p.docid < first || p.docid > last)
                continue;
            if (p.positions) {
                uint32_t *positions = plain_alloc(p.tf, sizeof *positions);
                p.positions = memcpy(positions, p.positions, p.tf * sizeof *positions);
            }
            if (p.lengths)
                p.lengths = memcpy(plain_alloc(p.tf, 1), p.lengths, p.tf);
            to->postings[to->count++] = p;
        }
    }
    return part;
}

/* Takes an article out of a whole. */
static void plain_forget(plain_segment *s, uint32_t docid)
{
    s->lengths[docid - s->first_docid] = (mrg_doc_length){ 0, 0 };
    s->records[docid - s->first_docid][0] = 0;
    for (size_t i = 0; i < s->term_count; i++) {
        plain_term *t = &s->terms[i];
        size_t kept = 0;
        for (size_t k = 0; k < t->count; k++) {
            if (t->postings[k].docid != docid) {
                t->postings[kept++] = t->postings[k];
                continue;
            }
            free(t->postings[k].positions);
            free(t->postings[k].lengths);
        }
        t->count = kept;
    }
}

static int files_are_equal(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    int c = 0, d = 0;
    ck_assert(x && y);
    while (c == d && c != EOF) {
        c = getc(x);
        d = getc(y);
    }
    fclose(x);
    fclose(y);
    return c == d;
}

START_TEST(merged_parts_are_the_whole)
{
    uint64_t seed = base_seed + 1000 + (uint64_t)_i;
    mrg_segment *parts[MAX_PARTS], *segment;
    mrg_bitset deleted = MRG_BITSET_INIT;
    mrg_segment_summary summary;
    morgue_error err;
    printf("seed %llu\n", (unsigned long long)seed);
    uint32_t docs = 50 + plain_below(&seed, 1500), count = 1 + plain_below(&seed, MAX_PARTS);
    plain_segment whole = plain_make_random(1 + plain_below(&seed, 99999), docs, 1 + plain_below(&seed, 120), &seed);
    int with_gaps = _i % 2, with_deletes = _i % 4 >= 2;
    uint32_t first = whole.first_docid, end = first + docs;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t last = i + 1 == count ? end - 1 : first + (end - first) / (count - i) - 1;
        plain_segment part = plain_slice(&whole, first, last);
        must(plain_write(&part, scratch_path((int)i), 1, 1, NULL, &err), &err);
        char path[64];
        snprintf(path, sizeof path, "/tmp/check_segment_%ld_%u.seg", (long)getpid(), i);
        must(mrg_segment_open(&parts[i], path, &err), &err);
        plain_free(&part);
        first = last + 1;
        if (with_gaps && i + 1 < count && first + 5 < end) {
            plain_forget(&whole, first);
            first++;
        }
    }
    for (uint32_t i = 0; with_deletes && i < docs; i++) {
        if (plain_below(&seed, _i % 8 == 7 ? 1 : 5) == 0) {
            ck_assert_int_eq(mrg_bitset_add(&deleted, whole.first_docid + i), 0);
            plain_forget(&whole, whole.first_docid + i);
        }
    }
    const char *merged = scratch_path(6), *direct = scratch_path(7);
    must(mrg_segment_merge((const mrg_segment *const *)parts, count, with_deletes ? &deleted : NULL, 25, merged, 1, NULL,
                           NULL, &summary, &err),
         &err);
    must(mrg_segment_open(&segment, merged, &err), &err);
    ck_assert_uint_eq(summary.checksum, mrg_segment_info(segment)->checksum);
    compare_segment(segment, &whole);
    must(plain_write(&whole, direct, 1, 1, NULL, &err), &err);
    ck_assert(files_are_equal(merged, direct)); /* as each record has a text block of its own */
    mrg_segment_close(segment);
    for (uint32_t i = 0; i < count; i++) {
        unlink(mrg_segment_path(parts[i]));
        mrg_segment_close(parts[i]);
    }
    unlink(merged);
    unlink(direct);
    mrg_bitset_dispose(&deleted);
    plain_free(&whole);
}
END_TEST

/* ---- Merges that do not come about ---- */

static int cancel_after(void *ctx)
{
    int *left = ctx;
    return (*left)-- <= 0;
}

START_TEST(a_cancelled_merge_leaves_nothing)
{
    uint64_t seed = base_seed;
    const char *path = scratch_path(0), *merged = scratch_path(1);
    mrg_segment *segment;
    morgue_error err;
    plain_segment s = plain_make_random(1, 300, 600, &seed);
    must(plain_write(&s, path, 50, 1, NULL, &err), &err);
    must(mrg_segment_open(&segment, path, &err), &err);
    const mrg_segment *parts[] = { segment, segment };
    for (int after = 0; after < 8; after++) {
        int left = after;
        ck_assert_int_eq(mrg_segment_merge(parts, 1, NULL, 0, merged, 1, cancel_after, &left, NULL, &err),
                         MORGUE_ERR_CANCELLED);
        ck_assert_int_eq(access(merged, F_OK), -1);
    }
    ck_assert_int_eq(mrg_segment_merge(parts, 2, NULL, 0, merged, 1, NULL, NULL, NULL, &err), MORGUE_ERR_INVALID);
    ck_assert_int_eq(mrg_segment_merge(parts, 0, NULL, 0, merged, 1, NULL, NULL, NULL, &err), MORGUE_ERR_INVALID);
    ck_assert_int_eq(access(merged, F_OK), -1);
    mrg_segment_close(segment);
    unlink(path);
    plain_free(&s);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        base_seed = strtoull(argv[1], NULL, 0);
    Suite *suite = suite_create("segment property");
    TCase *tests = tcase_create("segment property");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_random_segment_holds_what_went_in, 0, SEGMENTS);
    tcase_add_loop_test(tests, merged_parts_are_the_whole, 0, MERGES);
    tcase_add_test(tests, a_cancelled_merge_leaves_nothing);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

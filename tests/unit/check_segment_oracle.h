/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment should hold, in plain arrays, for the tests of segments: made at random or by hand,
 * written through the writer, compared with what the reader finds. It shares no code with the engine.
 */
#ifndef CHECK_SEGMENT_ORACLE_H
#define CHECK_SEGMENT_ORACLE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/segment.h"

typedef struct plain_posting {
    uint32_t docid, tf;
    uint32_t *positions;
    uint8_t *lengths;
} plain_posting;

typedef struct plain_term {
    unsigned char key[MRG_KEY_MAX_BYTES];
    size_t len;
    plain_posting *postings;
    size_t count;
} plain_term;

typedef struct plain_segment {
    uint32_t first_docid, doc_count;
    mrg_doc_length *lengths;
    char **records;
    plain_term *terms;
    size_t term_count;
} plain_segment;

static inline void *plain_alloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    if (!p)
        abort();
    return p;
}

static inline uint64_t plain_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint32_t plain_below(uint64_t *seed, uint32_t n)
{
    return (uint32_t)(plain_random(seed) >> 33) % n;
}

static inline int plain_has_positions(int field)
{
    return field != 'x' && field != 'u' && field != 'z';
}

static inline int plain_has_lengths(int field)
{
    return field == 'e' || field == 'y';
}

/* ---- Making one ---- */

static inline plain_segment plain_create(uint32_t first_docid, uint32_t doc_count, size_t term_count)
{
    plain_segment s = { first_docid, doc_count, NULL, NULL, NULL, term_count };
    s.lengths = plain_alloc(doc_count, sizeof *s.lengths);
    s.records = plain_alloc(doc_count, sizeof *s.records);
    s.terms = plain_alloc(term_count, sizeof *s.terms);
    return s;
}

static inline void plain_free(plain_segment *s)
{
    for (size_t i = 0; i < s->term_count; i++) {
        for (size_t k = 0; k < s->terms[i].count; k++) {
            free(s->terms[i].postings[k].positions);
            free(s->terms[i].postings[k].lengths);
        }
        free(s->terms[i].postings);
    }
    for (uint32_t i = 0; i < s->doc_count; i++)
        free(s->records[i]);
    free(s->lengths);
    free(s->records);
    free(s->terms);
}

static inline int plain_order(const void *a, const void *b)
{
    const plain_term *x = a, *y = b;
    int order = memcmp(x->key, y->key, x->len < y->len ? x->len : y->len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Appends a posting; `step` bounds the distance of two positions. */
static inline void plain_add(plain_term *t, uint32_t docid, uint32_t tf, uint32_t step, uint64_t *seed)
{
    if ((t->count & (t->count - 1)) == 0) {
        t->postings = realloc(t->postings, (t->count ? 2 * t->count : 1) * sizeof *t->postings);
        if (!t->postings)
            abort();
    }
    plain_posting *p = &t->postings[t->count++];
    *p = (plain_posting){ docid, tf, NULL, NULL };
    if (!plain_has_positions(t->key[0]))
        return;
    p->positions = plain_alloc(tf, sizeof *p->positions);
    p->lengths = plain_has_lengths(t->key[0]) ? plain_alloc(tf, 1) : NULL;
    uint32_t at = plain_below(seed, step);
    for (uint32_t i = 0; i < tf; i++) {
        p->positions[i] = at;
        at += 1 + plain_below(seed, plain_below(seed, 8) ? step : 4 * step);
        if (p->lengths)
            p->lengths[i] = (uint8_t)(1 + plain_below(seed, plain_below(seed, 4) ? 3 : 15));
    }
}

static inline void plain_make_key(plain_term *t, size_t number, uint64_t *seed)
{
    static const char fields[] = "eyttuwwwwwxx";
    t->key[0] = (unsigned char)fields[plain_below(seed, sizeof fields - 1)];
    size_t head = plain_below(seed, 6);
    size_t len = plain_below(seed, 50) ? plain_below(seed, 9) : 200 + plain_below(seed, 40);
    t->len = 1;
    for (size_t i = 0; i < head; i++)
        t->key[t->len++] = (unsigned char)('a' + plain_below(seed, 2));
    for (size_t i = 0; i < len; i++)
        t->key[t->len++] =
            (unsigned char)(plain_below(seed, 30) ? 'a' + plain_below(seed, 26) : plain_below(seed, 256));
    for (size_t n = number; n; n /= 64) /* makes it unique */
        t->key[t->len++] = (unsigned char)(' ' + n % 64);
    t->key[t->len++] = 0xff;
}

/* Some terms are in all articles, most in a few. */
static inline void plain_make_list(plain_segment *s, plain_term *t, uint64_t *seed)
{
    static const uint32_t one_in[] = { 1, 2, 7, 40, 300, 2000 };
    uint32_t density = one_in[plain_below(seed, 6)], few = 1 + plain_below(seed, 6);
    int rare = plain_below(seed, 2) == 0;
    uint32_t step = 1u << plain_below(seed, 9), high = 1 + plain_below(seed, plain_below(seed, 20) ? 6 : 60);
    for (uint32_t i = 0; i < s->doc_count; i++) {
        if (s->lengths[i].words == 0 || plain_below(seed, rare ? s->doc_count / few + 1 : density))
            continue;
        uint32_t tf = 1 + plain_below(seed, high);
        if (plain_below(seed, 500))
            plain_add(t, s->first_docid + i, tf, step, seed);
        else
            plain_add(t, s->first_docid + i, 10 * tf, 20, seed);
    }
}

static inline plain_segment plain_make_random(uint32_t first_docid, uint32_t doc_count, size_t term_count,
                                              uint64_t *seed)
{
    plain_segment s = plain_create(first_docid, doc_count, term_count);
    for (uint32_t i = 0; i < doc_count; i++) {
        size_t len = plain_below(seed, 10) ? plain_below(seed, 600) : plain_below(seed, 20000);
        s.records[i] = plain_alloc(len + 1, 1);
        for (size_t k = 0; k < len; k++)
            s.records[i][k] = (char)('a' + plain_below(seed, 20));
        if (plain_below(seed, 12))
            s.lengths[i] = (mrg_doc_length){ 1 + plain_below(seed, 900), plain_below(seed, 12) };
    }
    for (size_t i = 0; i < term_count; i++)
        plain_make_key(&s.terms[i], i, seed);
    qsort(s.terms, term_count, sizeof *s.terms, plain_order);
    for (size_t i = 0; i < term_count; i++)
        plain_make_list(&s, &s.terms[i], seed);
    return s;
}

/* ---- Writing it ---- */

static inline morgue_status plain_write_texts(const plain_segment *s, mrg_segment_writer *w, uint32_t block_records,
                                              morgue_error *err)
{
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    uint32_t pending = 0;
    for (uint32_t i = 0; i < s->doc_count && !status; i++) {
        mrg_text_block_add(&block, s->records[i], strlen(s->records[i]));
        if (++pending < block_records && i + 1 < s->doc_count)
            continue;
        mrg_buffer_clear(&encoded);
        status = mrg_text_block_encode(&block, &encoded, err);
        if (!status)
            status = mrg_segment_writer_add_text(w, encoded.data, encoded.len, pending, err);
        pending = 0;
    }
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
    return status;
}

static inline morgue_status plain_write_term(const plain_term *t, mrg_segment_writer *w, morgue_error *err)
{
    morgue_status status = mrg_segment_writer_start_term(w, t->key, t->len, err);
    for (size_t i = 0; i < t->count && !status; i++) {
        const plain_posting *p = &t->postings[i];
        status = mrg_segment_writer_add_posting(w, p->docid, p->tf, p->positions, p->lengths, err);
    }
    return status ? status : mrg_segment_writer_end_term(w, err);
}

static inline morgue_status plain_write(const plain_segment *s, const char *path, uint32_t block_records, int no_sync,
                                        mrg_segment_summary *summary, morgue_error *err)
{
    mrg_segment_writer *w;
    morgue_status status = mrg_segment_writer_create(&w, path, s->first_docid, err);
    if (status)
        return status;
    mrg_segment_writer_set_pairs(w, 25, 1);
    status = plain_write_texts(s, w, block_records, err);
    for (uint32_t i = 0; i < s->doc_count && !status; i++)
        status = mrg_segment_writer_add_length(w, s->lengths[i], err);
    for (size_t i = 0; i < s->term_count && !status; i++)
        status = plain_write_term(&s->terms[i], w, err);
    if (!status)
        status = mrg_segment_writer_finish(w, no_sync, summary, err);
    mrg_segment_writer_free(w);
    return status;
}

/* ---- Comparing it ---- */

static inline void must(morgue_status status, const morgue_error *err)
{
    ck_assert_msg(status == MORGUE_OK, "status %d: %s", status,
                  status && status != MORGUE_ERR_NOT_FOUND ? err->message : "");
}

static inline void plain_report(void *ctx, const char *line)
{
    (void)ctx;
    fprintf(stderr, "%s\n", line);
}

static inline void compare_posting(mrg_postings *p, const plain_posting *wanted)
{
    static uint32_t positions[1 << 18];
    static uint8_t lengths[1 << 18];
    morgue_error err;
    ck_assert_uint_eq(p->docid, wanted->docid);
    must(mrg_postings_tf(p, &err), &err);
    ck_assert_uint_eq(p->tf, wanted->tf);
    if (!wanted->positions) {
        ck_assert_int_eq(mrg_postings_positions(p, positions, lengths, &err), MORGUE_ERR_INVALID);
        return;
    }
    must(mrg_postings_positions(p, positions, lengths, &err), &err);
    ck_assert_mem_eq(positions, wanted->positions, wanted->tf * sizeof *positions);
    if (wanted->lengths)
        ck_assert_mem_eq(lengths, wanted->lengths, wanted->tf);
}

static inline void compare_list(const mrg_segment *segment, const mrg_term_info *info, const plain_term *t)
{
    static mrg_postings p;
    morgue_error err;
    uint64_t occurrences = 0;
    uint32_t max_tf = 0;
    must(mrg_postings_init(&p, segment, info, &err), &err);
    ck_assert_uint_eq(p.docid, 0);
    for (size_t i = 0; i < t->count; i++) {
        must(mrg_postings_next(&p, &err), &err);
        compare_posting(&p, &t->postings[i]);
        occurrences += t->postings[i].tf;
        max_tf = t->postings[i].tf > max_tf ? t->postings[i].tf : max_tf;
    }
    for (int i = 0; i < 2; i++) {
        must(mrg_postings_next(&p, &err), &err);
        ck_assert_uint_eq(p.docid, MRG_DOCID_END);
    }
    ck_assert_uint_eq(info->doc_count, t->count);
    ck_assert_uint_eq(info->occurrence_count, occurrences);
    ck_assert_uint_eq(info->max_tf, max_tf);
    ck_assert_int_eq(info->field, t->key[0]);
}

static inline void compare_articles(const mrg_segment *segment, const plain_segment *s)
{
    mrg_text_cache cache = { 0 };
    morgue_error err;
    const unsigned char *record;
    size_t len;
    for (uint32_t i = 0; i < s->doc_count; i++) {
        uint32_t docid = s->first_docid + i;
        ck_assert_uint_eq(mrg_segment_words(segment, docid), s->lengths[i].words);
        ck_assert_uint_eq(mrg_segment_title_words(segment, docid), s->lengths[i].title_words);
        morgue_status status = mrg_segment_record(segment, docid, &cache, &record, &len, &err);
        if (s->records[i][0] == 0) {
            ck_assert_int_eq(status, MORGUE_ERR_NOT_FOUND);
            continue;
        }
        must(status, &err);
        ck_assert_uint_eq(len, strlen(s->records[i]));
        ck_assert_mem_eq(record, s->records[i], len);
    }
    ck_assert_uint_eq(mrg_segment_words(segment, s->first_docid - 1), 0);
    ck_assert_uint_eq(mrg_segment_words(segment, s->first_docid + s->doc_count), 0);
    mrg_buffer_dispose(&cache.raw);
}

static inline const plain_term *plain_find(const plain_segment *s, const unsigned char *word, size_t len)
{
    for (size_t i = 0; i < s->term_count; i++) {
        const plain_term *t = &s->terms[i];
        if (t->len == len + 1 && t->key[0] == 'w' && !memcmp(t->key + 1, word, len))
            return t;
    }
    return NULL;
}

/* How often the one is right behind the other. */
static inline uint32_t plain_adjacent(const plain_posting *a, const plain_posting *b)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->tf; i++)
        for (uint32_t k = 0; k < b->tf; k++)
            n += b->positions[k] == (uint64_t)a->positions[i] + 1;
    return n;
}

/* What the list of a pair should be, from the lists of its words. */
static inline plain_term plain_pair(const plain_segment *s, const unsigned char *key, size_t len)
{
    const unsigned char *space = memchr(key, ' ', len);
    ck_assert_ptr_nonnull(space);
    const plain_term *a = plain_find(s, key + 1, (size_t)(space - key) - 1);
    const plain_term *b = plain_find(s, space + 1, len - (size_t)(space - key) - 1);
    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_nonnull(b);
    plain_term pair = { .len = len, .postings = plain_alloc(a->count, sizeof *pair.postings) };
    memcpy(pair.key, key, len);
    for (size_t i = 0, k = 0; i < a->count; i++) {
        while (k < b->count && b->postings[k].docid < a->postings[i].docid)
            k++;
        uint32_t tf = k < b->count && b->postings[k].docid == a->postings[i].docid
                          ? plain_adjacent(&a->postings[i], &b->postings[k])
                          : 0;
        if (tf)
            pair.postings[pair.count++] = (plain_posting){ a->postings[i].docid, tf, NULL, NULL };
    }
    return pair;
}

/* The rest of a segment: lists of pairs that the writer chose. Returns how many. */
static inline size_t compare_pairs(const mrg_segment *segment, const plain_segment *s, mrg_term_cursor *cursor,
                                   int done)
{
    morgue_error err;
    size_t n = 0;
    for (; !done; n++) {
        ck_assert_int_eq(cursor->key[0], 'z');
        plain_term pair = plain_pair(s, cursor->key, cursor->key_len);
        compare_list(segment, &cursor->info, &pair);
        free(pair.postings);
        must(mrg_term_cursor_next(cursor, &done, &err), &err);
    }
    return n;
}

/* Everything, then the segment's own check. */
static inline void compare_segment(const mrg_segment *segment, const plain_segment *s)
{
    mrg_term_cursor cursor;
    mrg_term_info info;
    morgue_error err;
    int done;
    compare_articles(segment, s);
    must(mrg_term_cursor_init(&cursor, segment, "", 0, &done, &err), &err);
    for (size_t i = 0; i < s->term_count; i++) {
        const plain_term *t = &s->terms[i];
        if (t->count == 0) {
            ck_assert_int_eq(mrg_segment_find(segment, t->key, t->len, &info, &err), MORGUE_ERR_NOT_FOUND);
            continue;
        }
        ck_assert(!done);
        ck_assert_uint_eq(cursor.key_len, t->len);
        ck_assert_mem_eq(cursor.key, t->key, t->len);
        compare_list(segment, &cursor.info, t);
        must(mrg_segment_find(segment, t->key, t->len, &info, &err), &err);
        compare_list(segment, &info, t);
        must(mrg_term_cursor_next(&cursor, &done, &err), &err);
    }
    compare_pairs(segment, s, &cursor, done);
    must(mrg_segment_check(segment, plain_report, NULL, &err), &err);
}

/* A path that does not exist yet, in a static buffer a slot. */
static inline const char *scratch_path(int slot)
{
    static char paths[8][64];
    snprintf(paths[slot], sizeof paths[slot], "/tmp/check_segment_%ld_%d.seg", (long)getpid(), slot);
    unlink(paths[slot]);
    return paths[slot];
}

#endif

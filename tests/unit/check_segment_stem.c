/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stems whose list is their word's: what merges make of them. The articles here are in one of two
 * languages that stem a few words differently; whatever the segments leave out, the list of each stem
 * must be what counting gives.
 */
#include "../support/testing.h"
#include "check_segment_oracle.h"

enum { SPELLINGS = 8, MAX_TEXT = 16, MAX_DOCS = 700, MAX_PARTS = 4, ROUNDS = 60 };

static const char *const spellings[SPELLINGS] = { "d", "die", "gif", "gift", "go", "goes", "run", "running" };
static const char stems[2][SPELLINGS + 1] = { "01234466", "00224566" };

/* Texts are digits: indexes of spellings. */
typedef struct doc {
    int language, deleted;
    char title[MAX_TEXT], body[MAX_TEXT];
} doc;

typedef struct library {
    doc docs[MAX_DOCS];
    uint32_t count; /* docid 1 is docs[0] */
} library;

static const char *text_of(const doc *d, int field)
{
    return field == 'w' || field == 'x' ? d->body : d->title;
}

static uint32_t count_word(const doc *d, int field, int word, uint32_t *positions)
{
    uint32_t n = 0;
    const char *text = text_of(d, field);
    for (uint32_t i = 0; text[i] && !d->deleted; i++) {
        if (text[i] - '0' == word)
            positions[n++] = i;
    }
    return n;
}

static uint32_t count_stem(const doc *d, int field, int stem)
{
    uint32_t n = 0;
    for (const char *p = text_of(d, field); *p && !d->deleted; p++)
        n += stems[d->language][*p - '0'] - '0' == stem;
    return n;
}

/* Whether the word occurs, and always with itself as its stem. */
static int is_own_stem(const doc *docs, uint32_t count, int field, int word)
{
    uint32_t positions[MAX_TEXT], found = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = count_word(&docs[i], field, word, positions);
        if (n && stems[docs[i].language][word] - '0' != word)
            return 0;
        found += n;
    }
    return found > 0;
}

/* Whether all occurrences of the stem are of the word that is spelt like it. */
static int has_one_word(const doc *docs, uint32_t count, int field, int stem)
{
    uint32_t positions[MAX_TEXT];
    for (uint32_t i = 0; i < count; i++) {
        if (count_stem(&docs[i], field, stem) != count_word(&docs[i], field, stem, positions))
            return 0;
    }
    return 1;
}

/* ---- Writing ---- */

static void start_term(mrg_segment_writer *w, int field, int spelling)
{
    char key[16];
    morgue_error err;
    int len = snprintf(key, sizeof key, "%c%s", field, spellings[spelling]);
    must(mrg_segment_writer_start_term(w, key, (size_t)len, &err), &err);
}

static void write_words(mrg_segment_writer *w, const doc *docs, uint32_t count, uint32_t first, int field)
{
    uint32_t positions[MAX_TEXT];
    morgue_error err;
    for (int word = 0; word < SPELLINGS; word++) {
        start_term(w, field, word);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t tf = count_word(&docs[i], field, word, positions);
            if (tf)
                must(mrg_segment_writer_add_posting(w, first + i, tf, positions, NULL, &err), &err);
        }
        if (is_own_stem(docs, count, field, word))
            mrg_segment_writer_mark_stem(w);
        must(mrg_segment_writer_end_term(w, &err), &err);
    }
}

static void write_stems(mrg_segment_writer *w, const doc *docs, uint32_t count, uint32_t first, int field)
{
    morgue_error err;
    for (int stem = 0; stem < SPELLINGS; stem++) {
        if (is_own_stem(docs, count, field, stem) && has_one_word(docs, count, field, stem))
            continue;
        start_term(w, field, stem);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t tf = count_stem(&docs[i], field, stem);
            if (tf)
                must(mrg_segment_writer_add_posting(w, first + i, tf, NULL, NULL, &err), &err);
        }
        must(mrg_segment_writer_end_term(w, &err), &err);
    }
}

static mrg_segment *write_docs(const doc *docs, uint32_t count, uint32_t first, int slot)
{
    char path[64];
    mrg_segment_writer *w;
    mrg_segment *segment;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    morgue_error err;
    snprintf(path, sizeof path, "%s", scratch_path(slot));
    must(mrg_segment_writer_create(&w, path, first, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        mrg_text_block_add(&block, docs[i].body, docs[i].deleted ? 0 : strlen(docs[i].body));
        mrg_buffer_clear(&encoded);
        must(mrg_text_block_encode(&block, &encoded, &err), &err);
        must(mrg_segment_writer_add_text(w, encoded.data, encoded.len, 1, &err), &err);
    }
    for (uint32_t i = 0; i < count; i++) {
        mrg_doc_length length = { (uint32_t)strlen(docs[i].body), (uint32_t)strlen(docs[i].title) };
        if (docs[i].deleted)
            length = (mrg_doc_length){ 0, 0 };
        must(mrg_segment_writer_add_length(w, length, &err), &err);
    }
    write_words(w, docs, count, first, 't');
    write_stems(w, docs, count, first, 'u');
    write_words(w, docs, count, first, 'w');
    write_stems(w, docs, count, first, 'x');
    must(mrg_segment_writer_finish(w, 1, NULL, &err), &err);
    mrg_segment_writer_free(w);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
    must(mrg_segment_open(&segment, path, &err), &err);
    return segment;
}

/* ---- Comparing ---- */

static int find(const mrg_segment *segment, int field, int spelling, mrg_term_info *info)
{
    char key[16];
    morgue_error err;
    int len = snprintf(key, sizeof key, "%c%s", field, spellings[spelling]);
    morgue_status status = mrg_segment_find(segment, key, (size_t)len, info, &err);
    ck_assert(!status || status == MORGUE_ERR_NOT_FOUND);
    return status == MORGUE_OK;
}

static int has_list(const mrg_segment *segment, int field, int spelling)
{
    mrg_term_info info;
    return find(segment, field, spelling, &info);
}

static int is_marked(const mrg_segment *segment, int field, int spelling)
{
    mrg_term_info info;
    return find(segment, field, spelling, &info) && info.is_stem;
}

static void compare_stem(const mrg_segment *segment, const library *l, int field, int stem)
{
    static mrg_postings p;
    mrg_term_info info;
    morgue_error err;
    int word_field = field == 'x' ? 'w' : 't';
    int found = find(segment, field, stem, &info) || (find(segment, word_field, stem, &info) && info.is_stem);
    if (found)
        must(mrg_postings_init(&p, segment, &info, &err), &err);
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t tf = count_stem(&l->docs[i], field, stem);
        if (!tf)
            continue;
        ck_assert_msg(found, "no list for the stem %s", spellings[stem]);
        must(mrg_postings_next(&p, &err), &err);
        ck_assert_uint_eq(p.docid, i + 1);
        must(mrg_postings_tf(&p, &err), &err);
        ck_assert_uint_eq(p.tf, tf);
    }
    if (found) {
        must(mrg_postings_next(&p, &err), &err);
        ck_assert_uint_eq(p.docid, MRG_DOCID_END);
    }
}

static void compare_library(const mrg_segment *segment, const library *l)
{
    morgue_error err;
    for (int i = 0; i < SPELLINGS; i++) {
        compare_stem(segment, l, 'x', i);
        compare_stem(segment, l, 'u', i);
        ck_assert(!is_marked(segment, 'w', i) || is_own_stem(l->docs, l->count, 'w', i));
        ck_assert(!is_marked(segment, 't', i) || is_own_stem(l->docs, l->count, 't', i));
        ck_assert(!is_marked(segment, 'x', i) && !is_marked(segment, 'u', i));
    }
    must(mrg_segment_check(segment, plain_report, NULL, &err), &err);
}

static void close_and_remove(mrg_segment *segment)
{
    unlink(mrg_segment_path(segment));
    mrg_segment_close(segment);
}

/* Writes the articles up to each end as a segment, and merges without the bits of `gone`, which are of docids.
   Compares with what was written at once: the same bytes when nothing is gone. The caller closes. */
static mrg_segment *merge(library *l, const uint32_t *ends, uint32_t part_count, const mrg_bitset *gone)
{
    mrg_segment *parts[MAX_PARTS], *merged;
    mrg_segment_summary summary;
    char path[64];
    morgue_error err;
    uint32_t from = 0;
    for (uint32_t i = 0; i < part_count; i++) {
        parts[i] = write_docs(l->docs + from, ends[i] - from, from + 1, (int)i);
        from = ends[i];
    }
    snprintf(path, sizeof path, "%s", scratch_path(MAX_PARTS));
    must(mrg_segment_merge((const mrg_segment *const *)parts, part_count, gone, 0, path, 1, NULL, NULL, &summary, &err),
         &err);
    must(mrg_segment_open(&merged, path, &err), &err);
    for (uint32_t i = 0; i < l->count; i++)
        l->docs[i].deleted = gone && mrg_bitset_has(gone, i + 1);
    mrg_segment *direct = write_docs(l->docs, l->count, 1, MAX_PARTS + 1);
    compare_library(direct, l);
    compare_library(merged, l);
    if (!gone)
        ck_assert_uint_eq(summary.checksum, mrg_segment_info(direct)->checksum);
    close_and_remove(direct);
    for (uint32_t i = 0; i < part_count; i++)
        close_and_remove(parts[i]);
    return merged;
}

/* ---- Cases: the same text as title and as body ---- */

static library small(uint32_t count, const int *languages, const char *const *texts)
{
    static library l;
    memset(&l, 0, sizeof l);
    l.count = count;
    for (uint32_t i = 0; i < count; i++) {
        l.docs[i].language = languages[i];
        snprintf(l.docs[i].body, MAX_TEXT, "%s", texts[i]);
        snprintf(l.docs[i].title, MAX_TEXT, "%s", texts[i]);
    }
    return l;
}

/* "run" stands in for its stem in the first segment, the second has only "running". */
START_TEST(a_stand_in_joins_a_list)
{
    library l = small(2, (int[]){ 0, 0 }, (const char *[]){ "66", "7" });
    mrg_segment *first = write_docs(l.docs, 1, 1, 7), *merged = merge(&l, (uint32_t[]){ 1, 2 }, 2, NULL);
    ck_assert(!has_list(first, 'x', 6) && !has_list(first, 'u', 6) && is_marked(first, 'w', 6));
    ck_assert(has_list(merged, 'x', 6) && has_list(merged, 'u', 6));
    ck_assert(is_marked(merged, 'w', 6) && is_marked(merged, 't', 6));
    close_and_remove(first);
    close_and_remove(merged);
}
END_TEST

START_TEST(a_stand_in_stays_one)
{
    library l = small(3, (int[]){ 0, 1, 0 }, (const char *[]){ "66", "6", "33" });
    mrg_segment *merged = merge(&l, (uint32_t[]){ 1, 2, 3 }, 3, NULL);
    ck_assert(!has_list(merged, 'x', 6) && !has_list(merged, 'u', 6));
    ck_assert(is_marked(merged, 'w', 6) && is_marked(merged, 't', 3));
    close_and_remove(merged);
}
END_TEST

/* "gift" is its own stem in one language and not in the other: no segment has a list for it. */
START_TEST(a_stem_gets_its_first_list)
{
    for (int gone = 0; gone <= 3; gone++) {
        library l = small(3, (int[]){ 0, 1, 0 }, (const char *[]){ "3", "33", "0" });
        mrg_segment *inputs[] = { write_docs(l.docs, 1, 1, 6), write_docs(l.docs + 1, 1, 2, 7) };
        for (int i = 0; i < 2; i++) {
            ck_assert(!has_list(inputs[i], 'x', 3) && !has_list(inputs[i], 'u', 3));
            ck_assert_int_eq(is_marked(inputs[i], 'w', 3), i == 0);
            close_and_remove(inputs[i]);
        }
        mrg_bitset deleted = MRG_BITSET_INIT;
        ck_assert(!gone || !mrg_bitset_add(&deleted, (uint32_t)gone));
        mrg_segment *merged = merge(&l, (uint32_t[]){ 1, 2, 3 }, 3, gone ? &deleted : NULL);
        ck_assert_int_eq(has_list(merged, 'x', 3), gone != 1);
        ck_assert_int_eq(has_list(merged, 'u', 3), gone != 1);
        ck_assert(!is_marked(merged, 'w', 3) && !is_marked(merged, 't', 3));
        mrg_bitset_dispose(&deleted);
        close_and_remove(merged);
    }
}
END_TEST

/* ---- At random ---- */

static void make_text(char text[MAX_TEXT], const char *vocabulary, uint64_t *seed)
{
    uint32_t len = plain_below(seed, 5);
    for (uint32_t i = 0; i < len; i++)
        text[i] = vocabulary[plain_below(seed, (uint32_t)strlen(vocabulary))];
    text[len] = 0;
}

static void make_random(library *l, uint64_t *seed)
{
    memset(l, 0, sizeof *l);
    l->count = MAX_PARTS + plain_below(seed, plain_below(seed, 6) ? 12 : MAX_DOCS - MAX_PARTS);
    uint32_t stretch = 1 + plain_below(seed, l->count); /* of articles in one language, with the same words */
    char vocabulary[SPELLINGS + 1] = "";
    int language = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        if (i % stretch == 0) {
            language = (int)plain_below(seed, 2);
            uint32_t words = 1 + plain_below(seed, 4);
            for (uint32_t k = 0; k < words; k++)
                vocabulary[k] = (char)('0' + plain_below(seed, SPELLINGS));
            vocabulary[words] = 0;
        }
        l->docs[i].language = language;
        make_text(l->docs[i].body, vocabulary, seed);
        make_text(l->docs[i].title, vocabulary, seed);
    }
}

START_TEST(stems_survive_any_merge)
{
    static library l;
    uint64_t seed = 31;
    for (int round = 0; round < ROUNDS; round++) {
        mrg_bitset deleted = MRG_BITSET_INIT;
        uint32_t ends[MAX_PARTS], part_count = 1 + plain_below(&seed, MAX_PARTS), one_in = 1 + plain_below(&seed, 4);
        make_random(&l, &seed);
        for (uint32_t i = 0; i < part_count; i++)
            ends[i] = l.count * (i + 1) / part_count;
        for (uint32_t i = 0; i < l.count; i++) {
            if (plain_below(&seed, one_in) == 0)
                ck_assert_int_eq(mrg_bitset_add(&deleted, i + 1), 0);
        }
        close_and_remove(merge(&l, ends, part_count, round % 2 ? &deleted : NULL));
        mrg_bitset_dispose(&deleted);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("segment stem");
    TCase *tests = tcase_create("segment stem");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_stand_in_joins_a_list);
    tcase_add_test(tests, a_stand_in_stays_one);
    tcase_add_test(tests, a_stem_gets_its_first_list);
    tcase_add_test(tests, stems_survive_any_merge);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The matcher over hand-made segments, against a scan of the words themselves. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "match.h"

enum { WORDS = 24, DOCS = 2600, SEGMENTS = 3, MAX_LENGTH = 70, MAX_TITLE = 6, TREES = 400, TOP = 10 };

static const char *words_of_corpus[WORDS] = {
    "aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "ai", "aj", "ak", "al",
    "am", "an", "ao", "ap", "aq", "ar", "as", "at", "au", "av", "aw", "ax",
};

/* Words 2k and 2k+1 have the stem of word 2k. */
static int stem_of(int word)
{
    return word / 2 * 2;
}

typedef struct doc {
    int words[MAX_LENGTH];
    int length, title_length; /* the title is the first words */
} doc;

static doc docs[DOCS + 1]; /* by docid, from 1 */
static mrg_bitset deleted;
static mrg_segment *segments[SEGMENTS];
static mrg_arena arena;
static mrg_match_terms terms;
static mrg_match_run run;
static mrg_rank rank_of_all;
static uint64_t seed, state;

static uint32_t next_random(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % below);
}

static int random_word(void)
{
    /* The square makes low words common and high ones rare. */
    uint32_t r = next_random(1000);
    return (int)((uint64_t)r * r * WORDS / 1000000);
}

static void make_docs(void)
{
    for (int d = 1; d <= DOCS; d++) {
        docs[d].length = next_random(40) ? (int)next_random(MAX_LENGTH) : 0;
        int title = (int)next_random(MAX_TITLE);
        docs[d].title_length = title < docs[d].length ? title : docs[d].length;
        for (int i = 0; i < docs[d].length; i++)
            docs[d].words[i] = random_word();
        if (next_random(15) == 0)
            ck_assert_int_eq(mrg_bitset_add(&deleted, (uint32_t)d), 0);
    }
}

/* ---- Segments -------------------------------------------------------------------------------- */

/* Positions of a word in an article, by field; returns how many. */
static uint32_t occurrences(const doc *d, int field, int word, uint32_t *positions)
{
    uint32_t n = 0;
    int title = field == MRG_FIELD_TITLE_WORD || field == MRG_FIELD_TITLE_STEM;
    int stem = field == MRG_FIELD_STEM || field == MRG_FIELD_TITLE_STEM;
    for (int i = 0; i < (title ? d->title_length : d->length); i++) {
        if ((stem ? stem_of(d->words[i]) : d->words[i]) == word)
            positions[n++] = (uint32_t)i;
    }
    return n;
}

static int same_lists(int a, int b, int word, int first, int last)
{
    uint32_t x[MAX_LENGTH], y[MAX_LENGTH];
    for (int d = first; d <= last; d++) {
        if (occurrences(&docs[d], a, word, x) != occurrences(&docs[d], b, word, y))
            return 0;
    }
    return 1;
}

static void write_term(mrg_segment_writer *w, int field, int word, int first, int last)
{
    char key[8];
    uint32_t positions[MAX_LENGTH];
    int stem = field == MRG_FIELD_STEM || field == MRG_FIELD_TITLE_STEM;
    if (stem &&
        same_lists(field, stem && field == MRG_FIELD_STEM ? MRG_FIELD_WORD : MRG_FIELD_TITLE_WORD, word, first, last))
        return;
    snprintf(key, sizeof key, "%c%s", field, words_of_corpus[word]);
    morgue_error err = { 0 };
    ck_assert_msg(!mrg_segment_writer_start_term(w, key, strlen(key), &err), "%s: %s", key, err.message);
    if (!stem && stem_of(word) == word)
        mrg_segment_writer_mark_stem(w);
    for (int d = first; d <= last; d++) {
        uint32_t tf = occurrences(&docs[d], field, word, positions);
        if (tf)
            ck_assert_int_eq(mrg_segment_writer_add_posting(w, (uint32_t)d, tf, stem ? NULL : positions, NULL, NULL),
                             0);
    }
    ck_assert_int_eq(mrg_segment_writer_end_term(w, NULL), 0);
}

static void write_segment(const char *path, int first, int last, unsigned pair_share)
{
    static const int fields[] = { MRG_FIELD_TITLE_WORD, MRG_FIELD_TITLE_STEM, MRG_FIELD_WORD, MRG_FIELD_STEM };
    mrg_segment_writer *w;
    mrg_segment_summary summary;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    ck_assert_int_eq(mrg_segment_writer_create(&w, path, (uint32_t)first, NULL), 0);
    mrg_segment_writer_set_pairs(w, pair_share, 1);
    for (int d = first; d <= last; d++)
        mrg_text_block_add(&block, "x", 1);
    ck_assert_int_eq(mrg_text_block_encode(&block, &encoded, NULL), 0);
    ck_assert_int_eq(mrg_segment_writer_add_text(w, encoded.data, encoded.len, (uint32_t)(last - first + 1), NULL), 0);
    for (int d = first; d <= last; d++) {
        mrg_doc_length length = { (uint32_t)docs[d].length, (uint32_t)docs[d].title_length };
        ck_assert_int_eq(mrg_segment_writer_add_length(w, length, NULL), 0);
    }
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        for (int word = 0; word < WORDS; word++)
            write_term(w, fields[f], word, first, last);
    }
    ck_assert_int_eq(mrg_segment_writer_finish(w, 1, &summary, NULL), 0);
    mrg_segment_writer_free(w);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
}

static void setup(void)
{
    static const int ends[SEGMENTS] = { 300, 317, DOCS };
    static const unsigned pair_shares[SEGMENTS] = { 0, 3, 8 }; /* some pairs have lists in the last one */
    char directory[] = "/tmp/check_search_XXXXXX", path[64];
    int first = 1;
    uint64_t words = 0, title_words = 0;
    const char *given = getenv("MRG_TEST_SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    state = seed;
    printf("seed %llu (MRG_TEST_SEED)\n", (unsigned long long)seed);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    make_docs();
    for (int i = 0; i < SEGMENTS; i++) {
        snprintf(path, sizeof path, "%s/%d", directory, i);
        write_segment(path, first, ends[i], pair_shares[i]);
        ck_assert_int_eq(mrg_segment_open(&segments[i], path, NULL), 0);
        unlink(path);
        first = ends[i] + 1;
    }
    rmdir(directory);
    for (int d = 1; d <= DOCS; d++) {
        words += (uint64_t)docs[d].length;
        title_words += (uint64_t)docs[d].title_length;
    }
    mrg_rank_init(&rank_of_all, &mrg_rank_defaults, DOCS, words, title_words);
    memset(&run, 0, sizeof run);
    mrg_match_terms_init(&terms, &arena, (const mrg_segment **)segments, SEGMENTS);
    run.terms = &terms;
    run.body = mrg_rank_body_curve(&rank_of_all);
    run.title = mrg_rank_title_curve(&rank_of_all);
}

static void teardown(void)
{
    mrg_match_terms_dispose(&terms);
    mrg_arena_dispose(&arena);
    mrg_bitset_dispose(&deleted);
    memset(&deleted, 0, sizeof deleted);
    for (int i = 0; i < SEGMENTS; i++)
        mrg_segment_close(segments[i]);
}

/* ---- Random trees, and what they mean --------------------------------------------------------------------- */

static mrg_match_node *new_node(mrg_match_type type, size_t terms_max, size_t children_max)
{
    mrg_match_node *n = mrg_arena_alloc(&arena, sizeof *n);
    memset(n, 0, sizeof *n);
    n->type = type;
    n->title_term = MRG_NO_TERM;
    n->terms = mrg_arena_alloc(&arena, (terms_max + 1) * sizeof *n->terms);
    n->offsets = mrg_arena_alloc(&arena, (terms_max + 1) * sizeof *n->offsets);
    n->children = mrg_arena_alloc(&arena, (children_max + 1) * sizeof *n->children);
    return n;
}

static uint32_t term(int field, int fallback, int word)
{
    uint32_t index;
    ck_assert_int_eq(mrg_match_terms_add(&terms, field, fallback, words_of_corpus[word], 2, &index, NULL), 0);
    return index;
}

static double idf(uint32_t index)
{
    return mrg_rank_idf(&rank_of_all, terms.items[index].doc_count);
}

static mrg_match_node *random_leaf(void)
{
    int title = next_random(8) == 0;
    if (next_random(3)) {
        mrg_match_node *n = new_node(MRG_MATCH_TERM, 1, 0);
        int stem = next_random(2) == 0, word = random_word();
        word = stem ? stem_of(word) : word;
        int field = title ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD;
        int stems = title ? MRG_FIELD_TITLE_STEM : MRG_FIELD_STEM;
        n->title = title;
        n->terms[0] = stem ? term(stems, field, word) : term(field, 0, word);
        n->term_count = 1;
        n->weight = idf(n->terms[0]) * 2.2;
        if (!title && next_random(2)) {
            n->title_term =
                stem ? term(MRG_FIELD_TITLE_STEM, MRG_FIELD_TITLE_WORD, word) : term(MRG_FIELD_TITLE_WORD, 0, word);
            n->title_weight = n->weight * 0.4;
        }
        return n;
    }
    mrg_match_node *n = new_node(MRG_MATCH_PHRASE, 4, 0);
    n->term_count = 2 + next_random(3);
    n->title = title;
    for (uint32_t i = 0; i < n->term_count; i++) {
        n->terms[i] = term(title ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD, 0, random_word());
        n->offsets[i] = i;
        n->weight += idf(n->terms[i]) * 2.2;
    }
    return n;
}

static mrg_match_node *random_tree(int depth)
{
    uint32_t kind = depth ? next_random(5) : 0;
    if (kind < 2 && !(depth == 3 && kind == 0))
        return random_leaf();
    mrg_match_type type = kind <= 2 ? MRG_MATCH_AND : kind == 3 ? MRG_MATCH_OR : MRG_MATCH_NOT;
    size_t count = 2 + next_random(type == MRG_MATCH_OR ? 5 : 2);
    mrg_match_node *n = new_node(type, 0, count);
    for (n->child_count = 0; n->child_count < count; n->child_count++)
        n->children[n->child_count] = random_tree(depth - 1);
    return n;
}

static double saturate(double weight, uint32_t tf, int length, double mean)
{
    double k1 = rank_of_all.params.k1, b = rank_of_all.params.b;
    return weight * tf / (tf + k1 * (1 - b + b * length / mean));
}

static int word_of_term(uint32_t index, int *field)
{
    *field = terms.items[index].key[0];
    return (terms.items[index].key[1] - 'a') * 26 + (terms.items[index].key[2] - 'a');
}

/* The weight of article `d`, or -1 if it does not match. */
static double naive(const mrg_match_node *n, const doc *d)
{
    uint32_t at[MAX_LENGTH], tf;
    int field;
    double sum = 0, one;
    int length = n->title ? d->title_length : d->length;
    double mean = n->title ? rank_of_all.mean_title_words : rank_of_all.mean_words;
    switch (n->type) {
    case MRG_MATCH_TERM:
        tf = occurrences(d, terms.items[n->terms[0]].key[0], word_of_term(n->terms[0], &field), at);
        if (!tf)
            return -1;
        sum = saturate(n->weight, tf, length, mean);
        if (n->title_term != MRG_NO_TERM) {
            int word = word_of_term(n->title_term, &field);
            tf = occurrences(d, field, word, at);
            sum += tf ? saturate(n->title_weight, tf, d->title_length, rank_of_all.mean_title_words) : 0;
        }
        return sum;
    case MRG_MATCH_PHRASE:
        tf = 0;
        for (int i = 0; i + (int)n->term_count <= length; i++) {
            uint32_t k = 0;
            while (k < n->term_count && d->words[i + (int)k] == word_of_term(n->terms[k], &field))
                k++;
            tf += k == n->term_count;
        }
        return tf ? saturate(n->weight, tf, length, mean) : -1;
    case MRG_MATCH_AND:
        for (size_t i = 0; i < n->child_count; i++) {
            one = naive(n->children[i], d);
            if (one < 0)
                return -1;
            sum += one;
        }
        return sum;
    case MRG_MATCH_OR:
        sum = -1;
        for (size_t i = 0; i < n->child_count; i++) {
            one = naive(n->children[i], d);
            if (one >= 0)
                sum = (sum < 0 ? 0 : sum) + one;
        }
        return sum;
    default:
        for (size_t i = 1; i < n->child_count; i++) {
            if (naive(n->children[i], d) >= 0)
                return -1;
        }
        return naive(n->children[0], d);
    }
}

static double naive_at(const mrg_match_node *n, uint32_t docid)
{
    return mrg_bitset_has(&deleted, docid) ? -1 : naive(n, &docs[docid]);
}

static mrg_match_walk *open_walk(const mrg_match_node *tree)
{
    mrg_match_walk *walk;
    ck_assert_int_eq(mrg_match_walk_open(&walk, &run, tree, 0, SEGMENTS, &deleted, NULL), 0);
    return walk;
}

static void expect_weight(double is, double should)
{
    ck_assert_msg(fabs(is - should) <= 1e-9 * (1 + should), "weight %.12f, not %.12f (seed %llu)", is, should,
                  (unsigned long long)seed);
}

/* ---- Tests -------------------------------------------------------------------------------- */

START_TEST(every_match_is_found_with_its_weight)
{
    for (int t = 0; t < TREES; t++) {
        mrg_match_node *tree = random_tree(3);
        mrg_match_walk *walk = open_walk(tree);
        mrg_match_bounds bounds;
        uint32_t docid, found = 0;
        double weight;
        ck_assert_int_eq(mrg_match_walk_seek(walk, 1, 0, &docid, &weight, NULL), 0);
        mrg_match_bounds_of(&run, tree, 0, SEGMENTS, DOCS - (double)deleted.count, (double)deleted.count, &bounds);
        for (uint32_t d = 1; d <= DOCS; d++) {
            double should = naive_at(tree, d);
            if (should < 0)
                continue;
            ck_assert_msg(docid == d, "tree %d: %u, not %u (seed %llu)", t, docid, d, (unsigned long long)seed);
            expect_weight(weight, should);
            ck_assert_double_le(weight, bounds.weight * (1 + 1e-9));
            found++;
            ck_assert_int_eq(mrg_match_walk_seek(walk, d + 1, 0, &docid, &weight, NULL), 0);
        }
        ck_assert_uint_eq(docid, MRG_DOCID_END);
        ck_assert_double_le(bounds.min, found);
        ck_assert_double_ge(bounds.max, found);
        mrg_match_walk_close(walk);
    }
}
END_TEST

START_TEST(skipping_and_checking_find_the_same)
{
    for (int t = 0; t < TREES; t++) {
        mrg_match_node *tree = random_tree(3);
        mrg_match_walk *walk = open_walk(tree);
        uint32_t target = 1, docid;
        double weight;
        while (target <= DOCS) {
            if (next_random(2)) {
                ck_assert_int_eq(mrg_match_walk_check(walk, target, 0, &docid, &weight, NULL), 0);
                double should = naive_at(tree, target);
                ck_assert_msg((docid == target) == (should >= 0), "check %u (seed %llu)", target,
                              (unsigned long long)seed);
                if (docid)
                    expect_weight(weight, should);
            } else {
                uint32_t should = target;
                while (should <= DOCS && naive_at(tree, should) < 0)
                    should++;
                ck_assert_int_eq(mrg_match_walk_seek(walk, target, 0, &docid, &weight, NULL), 0);
                ck_assert_uint_eq(docid, should > DOCS ? MRG_DOCID_END : should);
                target = should;
            }
            target += 1 + next_random(next_random(4) ? 4 : 200);
        }
        mrg_match_walk_close(walk);
    }
}
END_TEST

typedef struct ranked {
    uint32_t docid;
    double weight;
} ranked;

/* Puts a match into the best TOP, heavier first, then lower docids; returns how many there are. */
static int put(ranked best[TOP + 1], int count, uint32_t docid, double weight)
{
    int i = count;
    while (i > 0 && best[i - 1].weight < weight) {
        best[i] = best[i - 1];
        i--;
    }
    best[i] = (ranked){ docid, weight };
    return count < TOP ? count + 1 : TOP;
}

START_TEST(a_threshold_never_loses_one_of_the_best)
{
    for (int t = 0; t < 2 * TREES; t++) {
        mrg_match_node *tree = random_tree(t % 2 ? 3 : 1);
        ranked pruned[TOP + 1], all[TOP + 1];
        int pruned_count = 0, all_count = 0;
        uint32_t docid = 0;
        double weight;
        mrg_match_walk *walk = open_walk(tree);
        for (;;) {
            double threshold = pruned_count == TOP ? pruned[TOP - 1].weight : 0;
            ck_assert_int_eq(mrg_match_walk_seek(walk, docid + 1, threshold, &docid, &weight, NULL), 0);
            if (docid == MRG_DOCID_END)
                break;
            pruned_count = put(pruned, pruned_count, docid, weight);
        }
        mrg_match_walk_close(walk);
        walk = open_walk(tree);
        for (docid = 0; docid != MRG_DOCID_END;) {
            ck_assert_int_eq(mrg_match_walk_seek(walk, docid + 1, 0, &docid, &weight, NULL), 0);
            if (docid != MRG_DOCID_END)
                all_count = put(all, all_count, docid, weight);
        }
        mrg_match_walk_close(walk);
        ck_assert_int_eq(pruned_count, all_count);
        for (int i = 0; i < all_count; i++) {
            ck_assert_msg(pruned[i].docid == all[i].docid && pruned[i].weight == all[i].weight,
                          "tree %d, rank %d: %u %.12f, not %u %.12f (seed %llu)", t, i, pruned[i].docid,
                          pruned[i].weight, all[i].docid, all[i].weight, (unsigned long long)seed);
        }
    }
}
END_TEST

static size_t count_pairs(const mrg_segment *segment)
{
    mrg_term_cursor cursor;
    int done;
    size_t n = 0;
    ck_assert_int_eq(mrg_term_cursor_init(&cursor, segment, "z", 1, &done, NULL), 0);
    for (; !done; n++) {
        ck_assert_int_eq(cursor.key[0], MRG_FIELD_PAIR);
        ck_assert_int_eq(mrg_term_cursor_next(&cursor, &done, NULL), 0);
    }
    return n;
}

/* Phrases with lists for some of their pairs, for all or for none are all among the random trees. */
START_TEST(some_pairs_have_lists)
{
    ck_assert_uint_eq(count_pairs(segments[0]), 0);
    ck_assert_uint_eq(count_pairs(segments[1]), 0);
    ck_assert_uint_gt(count_pairs(segments[2]), 20);
    ck_assert_uint_lt(count_pairs(segments[2]), WORDS * WORDS / 2);
}
END_TEST

START_TEST(a_repeated_word_in_a_phrase_needs_both_places)
{
    mrg_match_node *n = new_node(MRG_MATCH_PHRASE, 4, 0);
    uint32_t docid = 0, found = 0;
    double weight;
    n->term_count = 3;
    n->weight = 1;
    for (uint32_t i = 0; i < 3; i++) {
        n->terms[i] = term(MRG_FIELD_WORD, 0, i == 1 ? 1 : 0);
        n->offsets[i] = i;
    }
    mrg_match_walk *walk = open_walk(n);
    for (uint32_t d = 1; d <= DOCS; d++) {
        double should = naive_at(n, d);
        if (should < 0)
            continue;
        ck_assert_int_eq(mrg_match_walk_seek(walk, docid + 1, 0, &docid, &weight, NULL), 0);
        ck_assert_uint_eq(docid, d);
        expect_weight(weight, should);
        found++;
    }
    ck_assert_uint_gt(found, 0);
    mrg_match_walk_close(walk);
}
END_TEST

START_TEST(a_cancelled_walk_stops)
{
    atomic_uint cancels;
    uint32_t docid = 0;
    double weight;
    morgue_status status = MORGUE_OK;
    mrg_match_node *n = new_node(MRG_MATCH_TERM, 1, 0);
    n->terms[0] = term(MRG_FIELD_WORD, 0, 0);
    n->term_count = 1;
    n->weight = 1;
    atomic_init(&cancels, 0);
    run.cancels = &cancels;
    mrg_match_walk *walk = open_walk(n);
    ck_assert_int_eq(mrg_match_walk_seek(walk, 1, 0, &docid, &weight, NULL), 0);
    atomic_fetch_add(&cancels, 1);
    while (!status && docid != MRG_DOCID_END)
        status = mrg_match_walk_seek(walk, docid + 1, 0, &docid, &weight, NULL);
    ck_assert_int_eq(status, MORGUE_ERR_CANCELLED);
    mrg_match_walk_close(walk);
    run.cancels = NULL;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search_match");
    TCase *tests = tcase_create("segments");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, every_match_is_found_with_its_weight);
    tcase_add_test(tests, skipping_and_checking_find_the_same);
    tcase_add_test(tests, a_threshold_never_loses_one_of_the_best);
    tcase_add_test(tests, some_pairs_have_lists);
    tcase_add_test(tests, a_repeated_word_in_a_phrase_needs_both_places);
    tcase_add_test(tests, a_cancelled_walk_stops);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

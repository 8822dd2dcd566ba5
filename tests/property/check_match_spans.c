/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Positional expressions and pseudo words over hand-made segments, against all ways to choose their parts
 * in the words and mentions themselves.
 */
#include <math.h>

#include "core/alloc.h"
#include "match.h"
#include "../support/testing.h"

enum {
    WORDS = 40,
    KEYS = 5,
    DOCS = 1500,
    SEGMENTS = 3,
    MAX_LENGTH = 48,
    MAX_TITLE = 6,
    LONGEST = 4,
    TREES = 250,
    TOP = 10,
    ENDS = MAX_LENGTH + LONGEST
};

typedef struct mention {
    int first, length, key; /* key 0: none begins here; types are the parity of the key */
} mention;

typedef struct doc {
    int words[MAX_LENGTH];
    int length, title_length; /* the title is the first words */
    mention mentions[MAX_LENGTH];
    int mention_count;
} doc;

static doc docs[DOCS + 1]; /* by docid, from 1 */
static mrg_bitset deleted;
static mrg_segment *segments[SEGMENTS];
static mrg_arena arena;
static mrg_match_terms terms;
static mrg_match_run run;
static mrg_rank rank_of_all;
static uint64_t seed, state;

static int random_word(void)
{
    /* The square makes low words common and high ones rare. */
    uint32_t r = test_below(&state, 1000);
    return (int)((uint64_t)r * r * WORDS / 1000000);
}

static void make_docs(void)
{
    for (int d = 1; d <= DOCS; d++) {
        doc *at = &docs[d];
        memset(at, 0, sizeof *at);
        at->length = test_below(&state, 40) ? (int)test_below(&state, MAX_LENGTH) : 0;
        int title = (int)test_below(&state, MAX_TITLE);
        at->title_length = title < at->length ? title : at->length;
        for (int i = 0; i < at->length; i++)
            at->words[i] = random_word();
        for (int i = 0; i < at->length; i++) {
            int length = 1 + (int)test_below(&state, LONGEST);
            if (test_below(&state, 5) || i + length > at->length)
                continue;
            at->mentions[at->mention_count++] = (mention){ i, length, 1 + (int)test_below(&state, KEYS) };
            i += length - 1;
        }
        if (test_below(&state, 15) == 0)
            ck_assert_int_eq(mrg_bitset_add(&deleted, (uint32_t)d), 0);
    }
}

/* ---- Segments -------------------------------------------------------------------------------- */

/* A term's places in an article: `value` is a word, the key of a mention, or 0 and 1 for types. */
static uint32_t occurrences(const doc *d, int field, int value, uint32_t *positions, uint8_t *lengths)
{
    uint32_t n = 0;
    if (field == MRG_FIELD_WORD || field == MRG_FIELD_TITLE_WORD) {
        for (int i = 0; i < (field == MRG_FIELD_TITLE_WORD ? d->title_length : d->length); i++) {
            lengths[n] = 1;
            positions[n] = (uint32_t)i;
            n += d->words[i] == value;
        }
        return n;
    }
    for (int i = 0; i < d->mention_count; i++) {
        const mention *m = &d->mentions[i];
        lengths[n] = (uint8_t)m->length;
        positions[n] = (uint32_t)m->first;
        n += field == MRG_FIELD_ENTITY ? m->key == value : m->key % 2 == value;
    }
    return n;
}

static size_t write_key(char key[8], int field, int value)
{
    return (size_t)snprintf(key, 8, "%c%c%c", field, 'a' + value / 26, 'a' + value % 26);
}

static void write_term(mrg_segment_writer *w, int field, int value, int first, int last)
{
    char key[8];
    uint32_t positions[MAX_LENGTH];
    uint8_t lengths[MAX_LENGTH];
    ck_assert_int_eq(mrg_segment_writer_start_term(w, key, write_key(key, field, value), NULL), 0);
    for (int d = first; d <= last; d++) {
        uint32_t tf = occurrences(&docs[d], field, value, positions, lengths);
        if (tf)
            ck_assert_int_eq(mrg_segment_writer_add_posting(w, (uint32_t)d, tf, positions,
                                                            mrg_field_has_lengths(field) ? lengths : NULL, NULL),
                             0);
    }
    ck_assert_int_eq(mrg_segment_writer_end_term(w, NULL), 0);
}

static void write_segment(const char *path, int first, int last)
{
    static const struct {
        int field, first, end;
    } fields[] = { { MRG_FIELD_ENTITY, 1, KEYS + 1 },
                   { MRG_FIELD_TITLE_WORD, 0, WORDS },
                   { MRG_FIELD_WORD, 0, WORDS },
                   { MRG_FIELD_ENTITY_TYPE, 0, 2 } };
    mrg_segment_writer *w;
    mrg_segment_summary summary;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    ck_assert_int_eq(mrg_segment_writer_create(&w, path, (uint32_t)first, NULL), 0);
    for (int d = first; d <= last; d++)
        mrg_text_block_add(&block, "x", 1);
    ck_assert_int_eq(mrg_text_block_encode(&block, &encoded, NULL), 0);
    ck_assert_int_eq(mrg_segment_writer_add_text(w, encoded.data, encoded.len, (uint32_t)(last - first + 1), NULL), 0);
    for (int d = first; d <= last; d++) {
        mrg_doc_length length = { (uint32_t)docs[d].length, (uint32_t)docs[d].title_length };
        ck_assert_int_eq(mrg_segment_writer_add_length(w, length, NULL), 0);
    }
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        for (int value = fields[f].first; value < fields[f].end; value++)
            write_term(w, fields[f].field, value, first, last);
    }
    ck_assert_int_eq(mrg_segment_writer_finish(w, 1, &summary, NULL), 0);
    mrg_segment_writer_free(w);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
}

static void setup(void)
{
    static const int ends[SEGMENTS] = { 300, 317, DOCS };
    char directory[] = "/tmp/check_match_spans_XXXXXX", path[64];
    int first = 1;
    uint64_t words = 0, title_words = 0;
    seed = state = test_seed();
    ck_assert_ptr_nonnull(mkdtemp(directory));
    make_docs();
    for (int i = 0; i < SEGMENTS; i++) {
        snprintf(path, sizeof path, "%s/%d", directory, i);
        write_segment(path, first, ends[i]);
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

/* ---- Random trees -------------------------------------------------------------------------------- */

static void *zero(size_t size)
{
    return memset(mrg_arena_alloc(&arena, size), 0, size);
}

static uint32_t term(int field, int value)
{
    char key[8];
    uint32_t index;
    write_key(key, field, value);
    ck_assert_int_eq(mrg_match_terms_add(&terms, field, 0, key + 1, 2, &index, NULL), 0);
    return index;
}

static uint32_t random_term(int title)
{
    if (title)
        return term(MRG_FIELD_TITLE_WORD, random_word());
    switch (test_below(&state, 6)) {
    case 0:
        return term(MRG_FIELD_ENTITY, 1 + (int)test_below(&state, KEYS));
    case 1:
        return term(MRG_FIELD_ENTITY_TYPE, (int)test_below(&state, 2));
    default:
        return term(MRG_FIELD_WORD, random_word());
    }
}

static int among(const uint32_t *items, size_t count, uint32_t item)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i] == item)
            return 1;
    }
    return 0;
}

/* Different ones: one, a few or many. */
static void random_terms(uint32_t **out, size_t *count, int title)
{
    size_t wanted = test_below(&state, 2) ? 1 : test_below(&state, 2) ? 2 + test_below(&state, 3) : 20;
    *out = mrg_arena_alloc(&arena, wanted * sizeof **out);
    *count = 0;
    for (size_t i = 0; i < wanted; i++) {
        uint32_t next = random_term(title);
        if (!among(*out, *count, next))
            (*out)[(*count)++] = next;
    }
}

static mrg_span_node *random_spans(int depth, int title)
{
    static const uint32_t distances[] = { 0, 0, 1, 2, 5, 10, 1000 };
    mrg_span_node *n = zero(sizeof *n);
    uint32_t kind = depth ? test_below(&state, 5) : 0;
    n->type = kind == 0 ? MRG_SPAN_TERMS : kind <= 2 ? MRG_SPAN_ORDERED : kind == 3 ? MRG_SPAN_NEAR : MRG_SPAN_OR;
    n->distance = distances[test_below(&state, 7)];
    if (n->type == MRG_SPAN_TERMS) {
        random_terms(&n->terms, &n->term_count, title);
        return n;
    }
    n->child_count = n->type == MRG_SPAN_NEAR ? 2 : 1 + test_below(&state, 3);
    n->children = zero(n->child_count * sizeof(mrg_span_node *));
    for (size_t i = 0; i < n->child_count; i++)
        n->children[i] = random_spans(depth - 1, title);
    return n;
}

static mrg_match_node *random_leaf(void)
{
    mrg_match_node *n = zero(sizeof *n);
    uint32_t kind = test_below(&state, 5);
    n->title_term = MRG_NO_TERM;
    n->title = test_below(&state, 8) == 0;
    n->weight = 0.5 + test_below(&state, 4);
    n->type = kind == 0 ? MRG_MATCH_TERM : kind == 1 ? MRG_MATCH_ANY : MRG_MATCH_SPANS;
    if (kind < 2)
        random_terms(&n->terms, &n->term_count, n->title);
    else
        n->spans = random_spans(1 + (int)test_below(&state, 3), n->title);
    return n;
}

static mrg_match_node *random_tree(int depth)
{
    static const mrg_match_type types[] = { MRG_MATCH_AND, MRG_MATCH_OR, MRG_MATCH_NOT };
    if (!depth || test_below(&state, 2))
        return random_leaf();
    mrg_match_node *n = zero(sizeof *n);
    n->type = types[test_below(&state, 3)];
    n->title_term = MRG_NO_TERM;
    n->child_count = 2 + test_below(&state, n->type == MRG_MATCH_OR ? 4 : 2);
    n->children = zero(n->child_count * sizeof(mrg_match_node *));
    for (size_t i = 0; i < n->child_count; i++)
        n->children[i] = random_tree(depth - 1);
    return n;
}

/* ---- What they mean -------------------------------------------------------------------------------- */

/* Which stretches are occurrences. */
typedef struct grid {
    unsigned char at[MAX_LENGTH][ENDS];
} grid;

static uint32_t count_term(const doc *d, uint32_t index, grid *g)
{
    uint32_t positions[MAX_LENGTH];
    uint8_t lengths[MAX_LENGTH];
    const unsigned char *key = terms.items[index].key;
    uint32_t tf = occurrences(d, key[0], (key[1] - 'a') * 26 + key[2] - 'a', positions, lengths);
    for (uint32_t i = 0; g && i < tf; i++)
        g->at[positions[i]][positions[i] + lengths[i] - 1] = 1;
    return tf;
}

static void naive_spans(const mrg_span_node *n, const doc *d, grid *out);

/* Chooses the children from `next` on behind `last`, with `room` words between them left. */
static void choose(const mrg_span_node *n, const grid *children, size_t next, int first, int last, int room, grid *out)
{
    if (next == n->child_count) {
        out->at[first][last] = 1;
        return;
    }
    for (int b = last + 1; b <= last + 1 + room && b < MAX_LENGTH; b++) {
        for (int e = b; e < ENDS; e++) {
            if (children[next].at[b][e])
                choose(n, children, next + 1, first, e, room - (b - last - 1), out);
        }
    }
}

static void naive_ordered(const mrg_span_node *n, const grid *children, grid *out)
{
    for (int b = 0; b < MAX_LENGTH; b++) {
        for (int e = b; e < ENDS; e++) {
            if (children[0].at[b][e])
                choose(n, children, 1, b, e, (int)n->distance, out);
        }
    }
}

static void naive_spans(const mrg_span_node *n, const doc *d, grid *out)
{
    grid *children = calloc(n->child_count + 1, sizeof *children);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n->term_count; i++)
        count_term(d, n->terms[i], out);
    for (size_t i = 0; i < n->child_count; i++)
        naive_spans(n->children[i], d, &children[i]);
    if (n->type == MRG_SPAN_ORDERED || n->type == MRG_SPAN_NEAR)
        naive_ordered(n, children, out);
    if (n->type == MRG_SPAN_NEAR) {
        grid first = children[0];
        children[0] = children[1];
        children[1] = first;
        naive_ordered(n, children, out);
    }
    for (size_t i = 0; n->type == MRG_SPAN_OR && i < n->child_count; i++) {
        for (size_t k = 0; k < sizeof out->at; k++)
            ((unsigned char *)out->at)[k] |= ((unsigned char *)children[i].at)[k];
    }
    free(children);
}

static double saturate(double weight, uint32_t tf, int length, double mean)
{
    double k1 = rank_of_all.params.k1, b = rank_of_all.params.b;
    return weight * tf / (tf + k1 * (1 - b + b * length / mean));
}

/* The weight of article `d`, or -1 if it does not match. */
static double naive(const mrg_match_node *n, const doc *d)
{
    grid g;
    uint32_t tf = 0;
    double sum = n->type == MRG_MATCH_OR ? -1 : 0;
    for (size_t i = 0; i < n->child_count; i++) {
        double one = naive(n->children[i], d);
        if (n->type == MRG_MATCH_NOT && i > 0) {
            if (one >= 0)
                return -1;
        } else if (n->type == MRG_MATCH_OR) {
            sum = one < 0 ? sum : (sum < 0 ? 0 : sum) + one;
        } else {
            if (one < 0)
                return -1;
            sum += one;
        }
    }
    if (n->child_count)
        return sum;
    for (size_t i = 0; i < (n->type == MRG_MATCH_TERM ? 1 : n->term_count); i++)
        tf += count_term(d, n->terms[i], NULL);
    if (n->spans) {
        naive_spans(n->spans, d, &g);
        for (size_t k = 0; k < sizeof g.at; k++)
            tf += ((unsigned char *)g.at)[k];
        tf = tf < MRG_SPANS_COUNTED ? tf : MRG_SPANS_COUNTED;
    }
    if (!tf)
        return -1;
    return saturate(n->weight, tf, n->title ? d->title_length : d->length,
                    n->title ? rank_of_all.mean_title_words : rank_of_all.mean_words);
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
        mrg_match_node *tree = random_tree(2);
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
        mrg_match_node *tree = random_tree(2);
        mrg_match_walk *walk = open_walk(tree);
        uint32_t target = 1, docid;
        double weight;
        while (target <= DOCS) {
            if (test_below(&state, 2)) {
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
            target += 1 + test_below(&state, test_below(&state, 4) ? 4 : 200);
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
    for (; i > 0 && best[i - 1].weight < weight; i--)
        best[i] = best[i - 1];
    best[i] = (ranked){ docid, weight };
    return count < TOP ? count + 1 : TOP;
}

static int best_of(const mrg_match_node *tree, int prune, ranked best[TOP + 1])
{
    int count = 0;
    double weight;
    mrg_match_walk *walk = open_walk(tree);
    for (uint32_t docid = 0;;) {
        double threshold = prune && count == TOP ? best[TOP - 1].weight : 0;
        ck_assert_int_eq(mrg_match_walk_seek(walk, docid + 1, threshold, &docid, &weight, NULL), 0);
        if (docid == MRG_DOCID_END)
            break;
        count = put(best, count, docid, weight);
    }
    mrg_match_walk_close(walk);
    return count;
}

START_TEST(a_threshold_never_loses_one_of_the_best)
{
    for (int t = 0; t < 8 * TREES; t++) {
        mrg_match_node *tree = random_tree(t % 2 ? 3 : 1);
        ranked pruned[TOP + 1], all[TOP + 1];
        int pruned_count = best_of(tree, 1, pruned), all_count = best_of(tree, 0, all);
        ck_assert_int_eq(pruned_count, all_count);
        for (int i = 0; i < all_count; i++) {
            ck_assert_msg(pruned[i].docid == all[i].docid && pruned[i].weight == all[i].weight,
                          "tree %d, rank %d: %u %.12f, not %u %.12f (seed %llu)", t, i, pruned[i].docid,
                          pruned[i].weight, all[i].docid, all[i].weight, (unsigned long long)seed);
        }
    }
}
END_TEST

START_TEST(an_estimate_for_any_lies_between_the_largest_and_the_sum)
{
    for (int t = 0; t < TREES; t++) {
        uint32_t *list;
        size_t count;
        uint64_t high = 0, sum = 0;
        random_terms(&list, &count, 0);
        for (size_t i = 0; i < count; i++) {
            uint64_t df = terms.items[list[i]].doc_count;
            high = df > high ? df : high;
            sum += df;
        }
        uint64_t any = mrg_match_any_doc_count(&terms, list, count, DOCS);
        ck_assert_uint_ge(any, high);
        ck_assert_uint_le(any, sum);
        ck_assert_uint_le(any, DOCS);
    }
}
END_TEST

START_TEST(every_failed_allocation_is_told)
{
    for (int t = 0; t < 12; t++) {
        const mrg_match_node *tree = random_tree(2);
        for (long n = 1, done = 0; !done; n++) {
            mrg_match_walk *walk = NULL;
            morgue_error err = { 0 };
            uint32_t docid = 0;
            double weight;
            mrg_alloc_fail_at(n);
            morgue_status status = mrg_match_walk_open(&walk, &run, tree, 0, SEGMENTS, &deleted, &err);
            while (!status && docid != MRG_DOCID_END)
                status = mrg_match_walk_seek(walk, docid + 1, 0, &docid, &weight, &err);
            mrg_alloc_fail_at(0);
            mrg_match_walk_close(walk);
            ck_assert(!status || (status == MORGUE_ERR_NOMEM && err.status == MORGUE_ERR_NOMEM));
            done = !status;
        }
    }
}
END_TEST

/* ---- Long articles -------------------------------------------------------------------------------- */

enum { LONG_DOCS = 60, LONG_WORDS = 30000 };

/* Articles in which two words take turns, and a third one stands at the end. */
static mrg_segment *make_long_segment(int words)
{
    char directory[] = "/tmp/check_match_spans_XXXXXX", path[64];
    mrg_segment_writer *w;
    mrg_segment_summary summary;
    mrg_segment *segment;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    static uint32_t positions[LONG_WORDS / 2];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/long", directory);
    ck_assert_int_eq(mrg_segment_writer_create(&w, path, 1, NULL), 0);
    for (int d = 0; d < LONG_DOCS; d++)
        mrg_text_block_add(&block, "x", 1);
    ck_assert_int_eq(mrg_text_block_encode(&block, &encoded, NULL), 0);
    ck_assert_int_eq(mrg_segment_writer_add_text(w, encoded.data, encoded.len, LONG_DOCS, NULL), 0);
    for (int d = 0; d < LONG_DOCS; d++)
        ck_assert_int_eq(mrg_segment_writer_add_length(w, (mrg_doc_length){ (uint32_t)words + 1, 0 }, NULL), 0);
    for (int word = 0; word < 3; word++) {
        char key[] = { 'w', 'a', (char)('a' + word) };
        uint32_t count = word < 2 ? (uint32_t)words / 2 : 1;
        ck_assert_int_eq(mrg_segment_writer_start_term(w, key, sizeof key, NULL), 0);
        for (uint32_t i = 0; i < count; i++)
            positions[i] = word < 2 ? 2 * i + (uint32_t)word : (uint32_t)words;
        for (uint32_t d = 1; d <= LONG_DOCS; d++)
            ck_assert_int_eq(mrg_segment_writer_add_posting(w, d, count, positions, NULL, NULL), 0);
        ck_assert_int_eq(mrg_segment_writer_end_term(w, NULL), 0);
    }
    ck_assert_int_eq(mrg_segment_writer_finish(w, 1, &summary, NULL), 0);
    mrg_segment_writer_free(w);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
    ck_assert_int_eq(mrg_segment_open(&segment, path, NULL), 0);
    unlink(path);
    rmdir(directory);
    return segment;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static mrg_span_node *pair(mrg_span_type type, uint32_t distance, mrg_span_node *a, mrg_span_node *b)
{
    mrg_span_node *n = zero(sizeof *n);
    n->type = type;
    n->distance = distance;
    n->child_count = 2;
    n->children = zero(2 * sizeof(mrg_span_node *));
    n->children[0] = a;
    n->children[1] = b;
    return n;
}

static mrg_span_node *long_word(mrg_match_terms *table, const char *word)
{
    mrg_span_node *n = zero(sizeof *n);
    n->terms = zero(sizeof(uint32_t));
    n->term_count = 1;
    ck_assert_int_eq(mrg_match_terms_add(table, MRG_FIELD_WORD, 0, word, 2, n->terms, NULL), 0);
    return n;
}

enum { SHORT_WORDS = 300, REACH = 5 };

/* Whether ((a NEAR/5 b) NEAR/5 (a NEAR/5 b)) stands from `first` to `last`, where a and b take turns. */
static int pairs_stand(int first, int last)
{
    for (int e = first + 1; e <= first + 1 + REACH && e < last; e += 2) {
        for (int b = e + 1; b <= e + 1 + REACH && b < last; b++) {
            if ((last - b) % 2 && last - b - 1 <= REACH)
                return 1;
        }
    }
    return 0;
}

/* The places that begin first do not reach the end of the article, and so many are not enough. */
START_TEST(what_begins_late_is_found_behind_all_the_rest)
{
    const mrg_segment *segment = make_long_segment(SHORT_WORDS);
    mrg_match_terms three;
    mrg_match_terms_init(&three, &arena, &segment, 1);
    mrg_match_run long_run = run;
    long_run.terms = &three;
    mrg_span_node *a = long_word(&three, "aa"), *b = long_word(&three, "ab"), *c = long_word(&three, "ac");
    mrg_span_node *inner = pair(MRG_SPAN_NEAR, REACH, a, b);
    mrg_match_node node = { .type = MRG_MATCH_SPANS, .title_term = MRG_NO_TERM, .weight = 1 };
    node.spans = pair(MRG_SPAN_ORDERED, 0, pair(MRG_SPAN_NEAR, REACH, inner, inner), c);
    mrg_match_walk *walk;
    uint32_t docid, count = 0;
    double weight;
    for (int first = 0; first < SHORT_WORDS; first++)
        count += (uint32_t)pairs_stand(first, SHORT_WORDS - 1);
    ck_assert_uint_gt(count, 1);
    ck_assert_uint_lt(count, MRG_SPANS_COUNTED);
    ck_assert_int_eq(mrg_match_walk_open(&walk, &long_run, &node, 0, 1, NULL, NULL), 0);
    for (uint32_t d = 1; d <= LONG_DOCS; d++) {
        ck_assert_int_eq(mrg_match_walk_seek(walk, d, 0, &docid, &weight, NULL), 0);
        ck_assert_uint_eq(docid, d);
        expect_weight(weight, saturate(1, count, SHORT_WORDS + 1, rank_of_all.mean_words));
    }
    mrg_match_walk_close(walk);
    mrg_match_terms_dispose(&three);
    mrg_segment_close((mrg_segment *)segment);
}
END_TEST

/* The bound on time is far above what it takes, but far below what the whole walk would. */
START_TEST(what_takes_long_is_bounded_and_stops_when_it_must)
{
    const mrg_segment *segment = make_long_segment(LONG_WORDS);
    mrg_match_terms two;
    mrg_match_terms_init(&two, &arena, &segment, 1);
    mrg_match_run long_run = run;
    long_run.terms = &two;
    mrg_span_node *words[] = { long_word(&two, "aa"), long_word(&two, "ab") }, *tree = words[0];
    for (int depth = 0; depth < 12; depth++)
        tree = pair(MRG_SPAN_NEAR, 1000, tree, words[depth % 2]);
    tree = pair(MRG_SPAN_ORDERED, 0, tree, long_word(&two, "ac")); /* so that the first places are not enough */
    mrg_match_node node = { .type = MRG_MATCH_SPANS, .title_term = MRG_NO_TERM, .weight = 1, .spans = tree };
    mrg_match_walk *walk;
    uint32_t docid = 0;
    double weight;
    morgue_status status = MORGUE_OK;
    ck_assert_int_eq(mrg_match_walk_open(&walk, &long_run, &node, 0, 1, NULL, NULL), 0);
    /* One article is looked through, as far as it may be. */
    ck_assert_int_eq(mrg_match_walk_check(walk, 1, 0, &docid, &weight, NULL), 0);
    int64_t begun = now_ns();
    long_run.deadline_ns = begun + 5000000;
    while (!status && docid != MRG_DOCID_END)
        status = mrg_match_walk_seek(walk, docid + 1, 0, &docid, &weight, NULL);
    ck_assert_int_eq(status, MORGUE_ERR_CANCELLED);
    printf("stopped after %lld us of 5000\n", (long long)(now_ns() - begun) / 1000);
    ck_assert_int_lt((now_ns() - begun) / 1000000, 1000);
    mrg_match_walk_close(walk);
    mrg_match_terms_dispose(&two);
    mrg_segment_close((mrg_segment *)segment);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("match_spans");
    TCase *tests = tcase_create("segments");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, every_match_is_found_with_its_weight);
    tcase_add_test(tests, skipping_and_checking_find_the_same);
    tcase_add_test(tests, a_threshold_never_loses_one_of_the_best);
    tcase_add_test(tests, an_estimate_for_any_lies_between_the_largest_and_the_sum);
    tcase_add_test(tests, every_failed_allocation_is_told);
    tcase_add_test(tests, what_begins_late_is_found_behind_all_the_rest);
    tcase_add_test(tests, what_takes_long_is_bounded_and_stops_when_it_must);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

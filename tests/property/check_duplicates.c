/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Versions of articles: invented texts, some of them edited copies of others, in several commits. Nearly all copies
 * must be found, and nearly nothing else; and the measure must agree with the shares counted word by word.
 */
#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/testing.h"
#include "store/snapshot.h"
#include "store/versions.h"
#include "text/sketch.h"

enum { WORDS = 6000, ORIGINALS = 400, COPIES = 400, LENGTH = 260, COMMITS = 4 };

static char dir[] = "/tmp/morgue-duplicates-XXXXXX";
static uint64_t state;
static morgue_error err;

static uint32_t draw(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % below);
}

/* Some words are much more frequent than others, as in language. */
static uint32_t draw_word(void)
{
    uint32_t a = draw(WORDS), b = draw(WORDS), c = draw(WORDS);
    uint32_t least = a < b ? a : b;
    return least < c ? least : c;
}

typedef struct text {
    uint32_t words[2 * LENGTH];
    size_t count;
} text;

static void invent(text *t)
{
    t->count = LENGTH / 2 + draw(LENGTH);
    for (size_t i = 0; i < t->count; i++)
        t->words[i] = draw_word();
}

/* One word in twenty is another one, a sentence goes, another is added. */
static void edit(text *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (draw(20) == 0)
            t->words[i] = draw_word();
    size_t gone = draw(15), at = draw((uint32_t)(t->count - gone));
    memmove(t->words + at, t->words + at + gone, (t->count - at - gone) * sizeof *t->words);
    t->count -= gone;
    for (size_t more = draw(15); more && t->count < 2 * LENGTH; more--)
        t->words[t->count++] = draw_word();
}

static char *spell(const text *t)
{
    char *out = malloc(t->count * 10 + 1);
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; i < t->count; i++)
        n += (size_t)sprintf(out + n, "w%xq%s", t->words[i], i % 17 == 16 ? ". " : " ");
    return out;
}

static void add(morgue_indexer *ix, const char *id, const text *t)
{
    char *spelled = spell(t);
    const morgue_article article = { .id = id, .title = "News", .text = spelled };
    ck_assert_int_eq(morgue_indexer_add(ix, &article, &err), MORGUE_OK);
    free(spelled);
}

START_TEST(edited_copies_are_found_and_nothing_else)
{
    static text texts[ORIGINALS];
    char archive[100], id[20];
    snprintf(archive, sizeof archive, "%s/a", dir);
    morgue_index_options options = { .no_entities = 1, .jobs = 2 };
    morgue_indexer *ix = NULL;
    ck_assert_int_eq(morgue_indexer_open(&ix, archive, &options, &err), MORGUE_OK);
    for (int i = 0; i < ORIGINALS + COPIES; i++) { /* docid is i + 1 */
        if (i % ((ORIGINALS + COPIES) / COMMITS) == 0)
            ck_assert_int_eq(morgue_indexer_commit(ix, &err), MORGUE_OK);
        snprintf(id, sizeof id, "%d", i);
        if (i < ORIGINALS) {
            invent(&texts[i]);
            add(ix, id, &texts[i]);
        } else {
            text copy = texts[i - ORIGINALS];
            edit(&copy);
            add(ix, id, &copy);
        }
    }
    ck_assert_int_eq(morgue_indexer_commit(ix, &err), MORGUE_OK);
    morgue_indexer_close(ix);
    mrg_snapshot *snapshot;
    mrg_versions versions = { 0 };
    ck_assert_int_eq(mrg_snapshot_open(&snapshot, archive, &err), MORGUE_OK);
    ck_assert_int_eq(mrg_versions_read(&versions, snapshot->catalogue, &err), MORGUE_OK);
    size_t right = 0;
    for (size_t i = 0; i < versions.count; i++)
        right += versions.items[i].docid == versions.items[i].head + ORIGINALS;
    printf("%zu of %d copies found, %zu others\n", right, COPIES, versions.count - right);
    ck_assert_uint_ge(right * 100, COPIES * 95);
    ck_assert_uint_ge(right * 100, versions.count * 95);
    mrg_versions_dispose(&versions);
    mrg_snapshot_close(snapshot);
    ck_assert_int_eq(morgue_archive_check(archive, NULL, NULL, &err), MORGUE_OK);
}
END_TEST

static uint32_t head_of(const char *archive, uint32_t docid)
{
    mrg_snapshot *snapshot;
    mrg_versions versions = { 0 };
    ck_assert_int_eq(mrg_snapshot_open(&snapshot, archive, &err), MORGUE_OK);
    ck_assert_int_eq(mrg_versions_read(&versions, snapshot->catalogue, &err), MORGUE_OK);
    uint32_t head = mrg_versions_head(&versions, docid);
    mrg_versions_dispose(&versions);
    mrg_snapshot_close(snapshot);
    return head;
}

static void write_one(const char *archive, const char *id, const text *t, int compact)
{
    morgue_index_options options = { .no_entities = 1, .jobs = 1 };
    morgue_indexer *ix = NULL;
    ck_assert_int_eq(morgue_indexer_open(&ix, archive, &options, &err), MORGUE_OK);
    if (t)
        add(ix, id, t);
    else
        ck_assert_int_eq(morgue_indexer_delete(ix, id, &err), MORGUE_OK);
    ck_assert_int_eq(compact ? morgue_indexer_compact(ix, &err) : morgue_indexer_commit(ix, &err), MORGUE_OK);
    morgue_indexer_close(ix);
}

START_TEST(groups_outlive_their_heads)
{
    text a, b;
    char archive[100], sketches[120];
    snprintf(archive, sizeof archive, "%s/a", dir);
    snprintf(sketches, sizeof sketches, "%s/sketches", archive);
    invent(&a);
    invent(&b);
    write_one(archive, "1", &a, 0);
    write_one(archive, "2", &b, 0);
    write_one(archive, "3", &a, 0);
    ck_assert_uint_eq(head_of(archive, 3), 1);
    ck_assert_uint_eq(head_of(archive, 2), 2);
    write_one(archive, "1", NULL, 0);
    write_one(archive, "4", &a, 1); /* by its likeness to 3 */
    ck_assert_uint_eq(head_of(archive, 3), 1);
    ck_assert_uint_eq(head_of(archive, 4), 1);
    write_one(archive, "3", &b, 0); /* docid 5: no version of 4 any more, but of 2 */
    ck_assert_uint_eq(head_of(archive, 5), 2);
    ck_assert_uint_eq(head_of(archive, 3), 3);
    ck_assert_int_eq(unlink(sketches), 0); /* then nothing earlier is known, and all goes on */
    write_one(archive, "6", &b, 0);
    ck_assert_uint_eq(head_of(archive, 6), 6);
    write_one(archive, "7", &b, 0);
    ck_assert_uint_eq(head_of(archive, 7), 6);
    ck_assert_int_eq(morgue_archive_check(archive, NULL, NULL, &err), MORGUE_OK);
}
END_TEST

START_TEST(hits_know_their_versions)
{
    text a, b;
    char archive[100];
    const char *paths[] = { archive }, *first;
    const size_t *groups;
    size_t count;
    snprintf(archive, sizeof archive, "%s/a", dir);
    invent(&a);
    invent(&b);
    a.words[0] = b.words[0] = WORDS + 1;
    morgue_indexer *ix = NULL;
    ck_assert_int_eq(morgue_indexer_open(&ix, archive, NULL, &err), MORGUE_OK);
    static const char *const dates[] = { "2014-03-02", "2014-03-01", NULL, "2014-03-03" };
    for (int i = 0; i < 4; i++) {
        char id[16], *spelled = spell(i == 3 ? &b : &a);
        snprintf(id, sizeof id, "%d", i);
        const morgue_article article = { .id = id, .text = spelled, .date = dates[i] };
        ck_assert_int_eq(morgue_indexer_add(ix, &article, &err), MORGUE_OK);
        free(spelled);
    }
    ck_assert_int_eq(morgue_indexer_commit(ix, &err), MORGUE_OK);
    morgue_indexer_close(ix);
    morgue_searcher *searcher;
    morgue_results *results;
    char query[40];
    snprintf(query, sizeof query, "w%xq", WORDS + 1);
    ck_assert_int_eq(morgue_searcher_open(&searcher, paths, 1, &err), MORGUE_OK);
    ck_assert_int_eq(morgue_search(searcher, query, NULL, &results, &err), MORGUE_OK);
    ck_assert_uint_eq(morgue_results_size(results), 4);
    ck_assert_int_eq(morgue_results_group(results, &groups, &err), MORGUE_OK);
    for (size_t i = 0; i < 4; i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        int is_b = strcmp(morgue_hit_id(hit), "3") == 0;
        ck_assert_int_eq(morgue_hit_versions(hit, &count, &first, &err), MORGUE_OK);
        ck_assert_uint_eq(count, is_b ? 0 : 2);
        ck_assert_str_eq(first, is_b ? "2014-03-03" : "2014-03-01");
        const char *leader = morgue_hit_id(morgue_results_hit(results, groups[i]));
        ck_assert_int_eq(strcmp(leader, "3") == 0, is_b);
        ck_assert(groups[i] == i || groups[groups[i]] == groups[i]);
    }
    morgue_results_free(results);
    morgue_searcher_close(searcher);
}
END_TEST

/* ---- The measure ---- */

static double count_share(const text *a, const text *b)
{
    size_t shared = 0, ones = a->count - 2, others = b->count - 2;
    for (size_t i = 0; i < ones; i++) {
        int found = 0;
        for (size_t k = 0; k < others && !found; k++)
            found = memcmp(a->words + i, b->words + k, 3 * sizeof *a->words) == 0;
        shared += (size_t)found;
    }
    return (double)shared / (double)(ones + others - shared);
}

static void sketch_text(mrg_sketch *out, const text *t)
{
    mrg_tokens tokens = { 0 };
    char *spelled = spell(t);
    ck_assert_int_eq(mrg_tokenize(&tokens, spelled, 0, strlen(spelled), 0, &err), MORGUE_OK);
    ck_assert_uint_eq(tokens.count, t->count);
    mrg_sketch_make(out, &tokens, 0);
    mrg_tokens_dispose(&tokens);
    free(spelled);
}

START_TEST(the_estimate_agrees_with_counting)
{
    double error = 0;
    for (int round = 0; round < 200; round++) {
        text a, b;
        mrg_sketch x, y;
        invent(&a);
        b = a;
        for (int i = round % 5; i > 0; i--)
            edit(&b);
        sketch_text(&x, &a);
        sketch_text(&y, &b);
        double share = count_share(&a, &b), estimate = mrg_sketch_resemblance(&x, &y);
        ck_assert(share < estimate + 0.3 && estimate < share + 0.3);
        error += estimate - share;
        if (round % 5 == 0)
            ck_assert(estimate == 1 && memcmp(&x, &y, sizeof x) == 0);
        for (int k = 1; k < MRG_SKETCH_KEYS; k++)
            ck_assert_uint_lt(x.keys[k - 1], x.keys[k]);
    }
    ck_assert(error / 200 < 0.02 && error / 200 > -0.02);
}
END_TEST

START_TEST(damaged_lists_are_refused)
{
    mrg_versions versions = { 0 }, back = { 0 };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    for (uint32_t docid = 5; docid < 3000; docid += 1 + draw(9))
        ck_assert_int_eq(mrg_versions_add(&versions, docid, 1 + draw(docid - 1)), 0);
    ck_assert_int_eq(mrg_versions_encode(&versions, &bytes, &err), MORGUE_OK);
    ck_assert_int_eq(mrg_versions_decode(&back, bytes.data, bytes.len, &err), MORGUE_OK);
    ck_assert_uint_eq(back.count, versions.count);
    ck_assert_int_eq(memcmp(back.items, versions.items, back.count * sizeof *back.items), 0);
    mrg_versions_dispose(&back);
    for (size_t cut = 0; cut < bytes.len; cut++) {
        ck_assert_int_eq(mrg_versions_decode(&back, bytes.data, cut, &err), MORGUE_ERR_CORRUPT);
        mrg_versions_dispose(&back);
    }
    for (size_t i = 0; i < bytes.len * 8; i++) {
        bytes.data[i / 8] ^= (unsigned char)(1u << i % 8);
        if (!mrg_versions_decode(&back, bytes.data, bytes.len, &err))
            for (size_t k = 0; k < back.count; k++)
                ck_assert_uint_lt(back.items[k].head, back.items[k].docid);
        mrg_versions_dispose(&back);
        bytes.data[i / 8] ^= (unsigned char)(1u << i % 8);
    }
    mrg_versions_dispose(&versions);
    mrg_buffer_dispose(&bytes);
}
END_TEST

static void set_up(void)
{
    const char *seed = getenv("MORGUE_SEED");
    state = seed ? strtoull(seed, NULL, 10) : 1;
    printf("seed %llu (set MORGUE_SEED to repeat)\n", (unsigned long long)state);
    strcpy(dir + strlen(dir) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void tear_down(void)
{
    test_remove_tree(dir);
}

int main(void)
{
    Suite *suite = suite_create("duplicates");
    TCase *tc = tcase_create("duplicates");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, edited_copies_are_found_and_nothing_else);
    tcase_add_test(tc, groups_outlive_their_heads);
    tcase_add_test(tc, hits_know_their_versions);
    tcase_add_test(tc, the_estimate_agrees_with_counting);
    tcase_add_test(tc, damaged_lists_are_refused);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are known: not read again while they are as they were, and mirrored when that is asked for. */
#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/testing.h"
#include "morgue.h"
#include "store/known_file.h"

static char dir[] = "/tmp/morgue-sources-XXXXXX";
static morgue_error err;
static morgue_progress last;
static unsigned told;

static const char *in_dir(const char *name)
{
    static char paths[8][200];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(in_dir(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

/* Long ago, so that times are trusted. */
static void age(const char *name, time_t when)
{
    struct timespec times[2] = { { when, 0 }, { when, 0 } };
    ck_assert_int_eq(utimensat(AT_FDCWD, in_dir(name), times, 0), 0);
}

static void count_line(void *ctx, const char *line)
{
    (void)ctx;
    (void)line;
    told++;
}

static void run(morgue_index_options options)
{
    morgue_indexer *ix;
    told = 0;
    options.message = count_line;
    ck_assert_int_eq(morgue_indexer_open(&ix, in_dir("archive"), &options, &err), MORGUE_OK);
    ck_assert_int_eq(morgue_indexer_add_source(ix, in_dir("news"), &err), MORGUE_OK);
    ck_assert_int_eq(morgue_indexer_commit(ix, &err), MORGUE_OK);
    morgue_indexer_progress(ix, &last);
    morgue_indexer_close(ix);
}

static uint64_t article_count(void)
{
    morgue_stats stats;
    ck_assert_int_eq(morgue_archive_stats(in_dir("archive"), &stats, &err), MORGUE_OK);
    ck_assert_int_eq(morgue_archive_check(in_dir("archive"), NULL, NULL, &err), MORGUE_OK);
    return stats.article_count;
}

#define LINE(id, text) "{\"id\":\"" id "\",\"text\":\"" text "\"}\n"
static const morgue_index_options plain = { .no_entities = 1, .jobs = 1 };
static const morgue_index_options mirror = { .no_entities = 1, .jobs = 1, .mirror = 1 };

static void make_three(void)
{
    mkdir(in_dir("news"), 0777);
    put("news/a.jsonl", LINE("a1", "First ferry.") LINE("a2", "Second ferry."));
    put("news/b.jsonl", LINE("b1", "Third ferry."));
    age("news/a.jsonl", 1000000000);
    age("news/b.jsonl", 1000000000);
}

START_TEST(what_did_not_change_is_not_read)
{
    make_three();
    run(plain);
    ck_assert_uint_eq(last.text_bytes, 37);
    run(plain);
    ck_assert_uint_eq(last.article_count, 3);
    ck_assert_uint_eq(last.unchanged_count, 3);
    ck_assert_uint_eq(last.text_bytes, 0); /* neither file was opened for articles */
    age("news/a.jsonl", 1100000000);       /* only the time: the content decides */
    run(plain);
    ck_assert_uint_eq(last.text_bytes, 0);
    put("news/a.jsonl", LINE("a1", "First boat!!") LINE("a2", "Second ferry.")); /* the same size and time */
    age("news/a.jsonl", 1100000000);
    run(plain);
    ck_assert_uint_eq(last.text_bytes, 0); /* nothing could tell */
    age("news/a.jsonl", 1200000000);
    run(plain);
    ck_assert_uint_eq(last.replaced_count, 1);
    ck_assert_uint_eq(last.unchanged_count, 2);
    run(plain);
    ck_assert_uint_eq(last.text_bytes, 0);
    ck_assert_uint_eq(article_count(), 3);
}
END_TEST

START_TEST(young_files_are_compared_by_content)
{
    mkdir(in_dir("news"), 0777);
    put("news/a.jsonl", LINE("a1", "First ferry."));
    run(plain);
    put("news/a.jsonl", LINE("a1", "First boats."));
    run(plain);
    ck_assert_uint_eq(last.replaced_count, 1);
    run(plain);
    ck_assert_uint_eq(last.text_bytes, 0);
}
END_TEST

START_TEST(other_options_read_again)
{
    morgue_index_options other = plain;
    make_three();
    run(plain);
    other.lang = "de";
    run(other);
    ck_assert_uint_eq(last.text_bytes, 37);
    run(other);
    ck_assert_uint_eq(last.text_bytes, 0);
}
END_TEST

START_TEST(what_was_skipped_is_told_every_time)
{
    make_three();
    put("news/b.jsonl", LINE("b1", "Third ferry.") "{broken\n");
    age("news/b.jsonl", 1000000000);
    run(plain);
    ck_assert_uint_eq(told, 1);
    run(plain);
    ck_assert_uint_eq(told, 1);
    ck_assert_uint_eq(last.text_bytes, 12);
}
END_TEST

START_TEST(without_mirror_nothing_goes)
{
    make_three();
    run(plain);
    unlink(in_dir("news/b.jsonl"));
    put("news/a.jsonl", LINE("a1", "First ferry."));
    run(plain);
    ck_assert_uint_eq(article_count(), 3);
}
END_TEST

START_TEST(mirror_deletes_what_is_gone)
{
    make_three();
    put("elsewhere.jsonl", LINE("e1", "Fourth ferry."));
    run(mirror);
    morgue_indexer *ix;
    ck_assert_int_eq(morgue_indexer_open(&ix, in_dir("archive"), &mirror, &err), MORGUE_OK);
    ck_assert_int_eq(morgue_indexer_add_source(ix, in_dir("elsewhere.jsonl"), &err), MORGUE_OK);
    ck_assert_int_eq(morgue_indexer_commit(ix, &err), MORGUE_OK);
    morgue_indexer_close(ix);
    ck_assert_uint_eq(article_count(), 4); /* nothing of news/ went: it was not asked about */
    unlink(in_dir("news/b.jsonl"));
    put("news/a.jsonl", LINE("a2", "Second ferry.") LINE("a3", "New ferry."));
    run(mirror);
    ck_assert_uint_eq(last.deleted_count, 2); /* a1 and b1 */
    ck_assert_uint_eq(article_count(), 3);
    run(mirror);
    ck_assert_uint_eq(last.deleted_count, 0);
    rename(in_dir("news/a.jsonl"), in_dir("news/z.jsonl")); /* the articles moved, and stay */
    run(mirror);
    ck_assert_uint_eq(last.deleted_count, 0);
    ck_assert_uint_eq(article_count(), 3);
    unlink(in_dir("news/z.jsonl"));
    run(mirror);
    ck_assert_uint_eq(last.deleted_count, 2);
    ck_assert_uint_eq(article_count(), 1); /* e1 */
}
END_TEST

/* A file is known by the docids of its articles, which must still mean them after merges and updates. */
START_TEST(mirror_holds_through_many_commits)
{
    char text[4000];
    mkdir(in_dir("news"), 0777);
    for (int round = 0; round < 12; round++) {
        size_t n = 0;
        for (int i = 0; i < 20; i++)
            if ((i + round) % 3)
                n += (size_t)snprintf(text + n, sizeof text - n, "{\"id\":\"r%d\",\"text\":\"Ferry %d.\"}\n", i,
                                      round % 2);
        put("news/a.jsonl", text);
        snprintf(text, sizeof text, LINE("x%d", "Boat."), round);
        put("news/b.jsonl", text);
        run(mirror);
        ck_assert_uint_eq(article_count(), (uint64_t)(20 - (20 + (round + 2) % 3) / 3) + 1);
    }
}
END_TEST

START_TEST(long_sources_are_committed_on_the_way)
{
    make_three();
    run((morgue_index_options){ .no_entities = 1, .jobs = 1, .commit_every = 2, .mirror = 1 });
    morgue_stats stats;
    ck_assert_int_eq(morgue_archive_stats(in_dir("archive"), &stats, &err), MORGUE_OK);
    ck_assert_uint_eq(stats.commit_number, 2); /* in the middle of one file's articles, and at the end */
    ck_assert_uint_eq(article_count(), 3);
    run(mirror);
    ck_assert_uint_eq(last.unchanged_count, 3);
    ck_assert_uint_eq(last.text_bytes, 0);
    put("news/a.jsonl", LINE("a2", "Second ferry mended.") LINE("a3", "Fourth ferry.") LINE("a4", "Fifth ferry."));
    run((morgue_index_options){ .no_entities = 1, .jobs = 1, .commit_every = 1, .mirror = 1 });
    ck_assert_uint_eq(last.deleted_count, 1);
    ck_assert_uint_eq(article_count(), 4);
}
END_TEST

START_TEST(a_dry_run_writes_nothing)
{
    morgue_index_options dry = mirror;
    struct stat st;
    make_three();
    dry.dry_run = 1;
    run(dry);
    ck_assert_uint_eq(last.article_count, 3);
    ck_assert_uint_eq(last.unchanged_count, 0);
    ck_assert_int_ne(stat(in_dir("archive"), &st), 0);
    run(plain);
    unlink(in_dir("news/b.jsonl"));
    put("news/a.jsonl", LINE("a1", "Another ferry.") LINE("a2", "Second ferry.") LINE("a3", "New."));
    run(dry);
    ck_assert_uint_eq(last.article_count, 3);
    ck_assert_uint_eq(last.replaced_count, 1);
    ck_assert_uint_eq(last.unchanged_count, 1);
    ck_assert_uint_eq(last.deleted_count, 1);
    ck_assert_uint_eq(article_count(), 3);
}
END_TEST

static int keep_title(void *ctx, const morgue_article *article, const char *place)
{
    (void)place;
    snprintf(ctx, 100, "%s %.*s", article->id, (int)article->text_len, article->text);
    return strcmp(article->id, "a1") == 0;
}

START_TEST(extraction_needs_no_archive)
{
    char got[100] = "";
    make_three();
    ck_assert_int_eq(morgue_extract(in_dir("news/b.jsonl"), NULL, keep_title, got, &err), MORGUE_OK);
    ck_assert_str_eq(got, "b1 Third ferry.");
    ck_assert_int_eq(morgue_extract(in_dir("news"), &plain, keep_title, got, &err), MORGUE_ERR_CANCELLED);
    ck_assert_str_eq(got, "a1 First ferry.");
}
END_TEST

START_TEST(damaged_records_are_refused)
{
    mrg_known_file file = { .size = 12, .mtime_ns = -5, .checksum = 77, .settings = 9 };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&file.path, "news/a.jsonl");
    for (uint32_t docid = 1; docid < 40; docid += docid % 5 ? 1 : 7)
        ck_assert_int_eq(mrg_known_file_add(&file, docid), 0);
    mrg_known_file_encode(&file, &bytes);
    mrg_known_file back = { 0 };
    ck_assert_int_eq(mrg_known_file_decode(&back, bytes.data, bytes.len, &err), MORGUE_OK);
    ck_assert_str_eq((const char *)back.path.data, "news/a.jsonl");
    ck_assert_int_eq(back.mtime_ns, -5);
    ck_assert_uint_eq(back.range_count, file.range_count);
    ck_assert_int_eq(memcmp(back.ranges, file.ranges, file.range_count * sizeof *file.ranges), 0);
    mrg_known_file_dispose(&back);
    for (size_t cut = 0; cut < bytes.len; cut++) {
        ck_assert_int_eq(mrg_known_file_decode(&back, bytes.data, cut, &err), MORGUE_ERR_CORRUPT);
        mrg_known_file_dispose(&back);
    }
    for (size_t i = 0; i < bytes.len * 8; i++) { /* whatever comes out, docids are in order */
        bytes.data[i / 8] ^= (unsigned char)(1u << i % 8);
        if (!mrg_known_file_decode(&back, bytes.data, bytes.len, &err))
            for (size_t k = 0; k < back.range_count; k++)
                ck_assert(back.ranges[k].first >= 1 && back.ranges[k].first <= back.ranges[k].last);
        mrg_known_file_dispose(&back);
        bytes.data[i / 8] ^= (unsigned char)(1u << i % 8);
    }
    mrg_known_file_dispose(&file);
    mrg_buffer_dispose(&bytes);
}
END_TEST

static void set_up(void)
{
    strcpy(dir + strlen(dir) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void tear_down(void)
{
    test_remove_tree(dir);
}

int main(void)
{
    Suite *suite = suite_create("sources");
    TCase *tc = tcase_create("sources");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, what_did_not_change_is_not_read);
    tcase_add_test(tc, young_files_are_compared_by_content);
    tcase_add_test(tc, other_options_read_again);
    tcase_add_test(tc, what_was_skipped_is_told_every_time);
    tcase_add_test(tc, without_mirror_nothing_goes);
    tcase_add_test(tc, mirror_deletes_what_is_gone);
    tcase_add_test(tc, mirror_holds_through_many_commits);
    tcase_add_test(tc, long_sources_are_committed_on_the_way);
    tcase_add_test(tc, a_dry_run_writes_nothing);
    tcase_add_test(tc, extraction_needs_no_archive);
    tcase_add_test(tc, damaged_records_are_refused);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

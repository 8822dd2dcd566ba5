/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the tests of the readers: a directory of one's own, and everything that was read, kept. */
#ifndef CHECK_SOURCE_H
#define CHECK_SOURCE_H

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../support/testing.h"
#include "source/source.h"

enum { MAX_KEPT = 64 };

typedef struct kept_article {
    char *id, *title, *text, *date, *url, *source, *author, *lang, *subject, *captured, *place;
    uint32_t version;
} kept_article;

static struct kept {
    kept_article articles[MAX_KEPT];
    char *lines[MAX_KEPT];
    size_t count, line_count, begun; /* count may go past MAX_KEPT */
    size_t stop_after;               /* the handler fails at this article; 0: never */
    size_t text_bytes;
    morgue_error err;
} got;

static char dir[] = "/tmp/morgue-source-XXXXXX";
static mrg_source_options opt;

static char *copy(const char *s)
{
    return s ? strdup(s) : NULL;
}

static void forget(void)
{
    for (size_t i = 0; i < got.count && i < MAX_KEPT; i++) {
        kept_article *a = &got.articles[i];
        char *all[] = { a->id,     a->title, a->text,    a->date,     a->url,  a->source,
                        a->author, a->lang,  a->subject, a->captured, a->place };
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            free(all[k]);
    }
    for (size_t i = 0; i < got.line_count && i < MAX_KEPT; i++)
        free(got.lines[i]);
    memset(&got, 0, sizeof got);
}

static morgue_status keep_article(void *ctx, const morgue_article *a, const char *place, morgue_error *err)
{
    (void)ctx;
    ck_assert_ptr_nonnull(a->id);
    ck_assert_ptr_nonnull(a->text);
    ck_assert_uint_gt(a->text_len, 0);
    if (got.count < MAX_KEPT)
        got.articles[got.count] = (kept_article){ copy(a->id),       copy(a->title), strndup(a->text, a->text_len),
                                                  copy(a->date),     copy(a->url),   copy(a->source),
                                                  copy(a->author),   copy(a->lang),  copy(a->subject),
                                                  copy(a->captured), copy(place),    a->version };
    got.count++;
    got.text_bytes += a->text_len;
    if (got.count == got.stop_after)
        return mrg_fail(err, MORGUE_ERR_LOCKED, "stopped");
    return MORGUE_OK;
}

static void keep_line(void *ctx, const char *line)
{
    (void)ctx;
    ck_assert_ptr_null(strchr(line, '\n'));
    if (got.line_count < MAX_KEPT)
        got.lines[got.line_count] = copy(line);
    got.line_count++;
}

static int keep_begin(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    got.begun++;
    return 0;
}

/* The name below the directory of the test; a few may be in use at once. */
static const char *in_dir(const char *name)
{
    static char paths[8][600];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

static morgue_status read_again(const char *path)
{
    static const mrg_source_handler handler = { .article = keep_article, .skipped = keep_line, .begins = keep_begin };
    return mrg_source_read(path, &opt, &handler, &got.err);
}

static morgue_status read_path(const char *path)
{
    forget();
    return read_again(path);
}

static const char *put(const char *name, const char *bytes, size_t len)
{
    const char *path = in_dir(name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
    fclose(f);
    return path;
}

static inline const char *put_str(const char *name, const char *text)
{
    return put(name, text, strlen(text));
}

/* One gzip member. Returns its length in `out`. */
static inline size_t gzip_member(unsigned char *out, size_t room, const char *bytes, size_t len)
{
    z_stream z = { 0 };
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)len;
    z.next_out = out;
    z.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return n;
}

/* Reads a file written with this text; the first article is got.articles[0]. */
static void read_bytes(const char *name, const char *bytes, size_t len)
{
    ck_assert_int_eq(read_path(put(name, bytes, len)), MORGUE_OK);
}

static inline void read_str(const char *name, const char *text)
{
    read_bytes(name, text, strlen(text));
}

/* The one line that was told is about this name and says this. */
static inline void expect_line(size_t index, const char *name, const char *says)
{
    char wanted[700];
    ck_assert_uint_gt(got.line_count, index);
    snprintf(wanted, sizeof wanted, "%s/%s: %s", dir, name, says);
    if (dir[0] && name[0] != '/')
        ck_assert_str_eq(got.lines[index], wanted);
}

static void set_up(void)
{
    strcpy(dir + strlen(dir) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    memset(&opt, 0, sizeof opt);
}

static void tear_down(void)
{
    forget();
    test_remove_tree(dir);
}

static int run_suite(Suite *suite, TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the property, fault and corruption tests share: a seed that is printed, scratch directories that
 * go away, and the archive's own check as the last word. All static, to be included by one program each.
 */
#ifndef TESTS_SUPPORT_TESTING_H
#define TESTS_SUPPORT_TESTING_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "morgue.h"

/* ---- Chance -------------------------------------------------------------------------------- */

/* MORGUE_SEED=7 repeats a run, MORGUE_SEED=random takes another one each time. */
static inline uint64_t test_seed(void)
{
    const char *given = getenv("MORGUE_SEED");
    uint64_t seed = 1;
    if (given && strcmp(given, "random") == 0)
        seed = (uint64_t)time(NULL) * 1000003u + (uint64_t)getpid();
    else if (given && *given)
        seed = strtoull(given, NULL, 10);
    printf("seed %llu (set MORGUE_SEED to repeat)\n", (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

/* splitmix64 (Vigna 2015): any state will do, also consecutive ones. */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline unsigned test_below(uint64_t *state, unsigned below)
{
    return (unsigned)(test_random(state) % below);
}

/* ---- Scratch directories --------------------------------------------------------------------- */

enum { TEST_PATH = 512 };

static inline int test_remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void test_remove_tree(const char *path)
{
    if (*path)
        nftw(path, test_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* To be called by an unchecked fixture, which runs in the parent, so that a crash leaves nothing behind. */
static inline void test_make_scratch(char path[TEST_PATH])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(path, TEST_PATH, "%s/morgue-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(path)) {
        fprintf(stderr, "cannot make %s: %s\n", path, strerror(errno));
        exit(2);
    }
}

static inline void test_path(char out[TEST_PATH], const char *directory, const char *name)
{
    int n = snprintf(out, TEST_PATH, "%s/%s", directory, name);
    ck_assert_int_lt(n, TEST_PATH);
}

/* The whole of a file, to be freed; NULL if it cannot be read. */
static inline unsigned char *test_read_file(const char *path, size_t *len)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    *len = 0;
    if (fd < 0)
        return NULL;
    unsigned char *bytes = fstat(fd, &st) ? NULL : malloc((size_t)st.st_size + 1);
    while (bytes && *len < (size_t)st.st_size) {
        ssize_t n = read(fd, bytes + *len, (size_t)st.st_size - *len);
        if (n <= 0)
            break;
        *len += (size_t)n;
    }
    close(fd);
    return bytes;
}

/* 0, or -1. */
static inline int test_write_file(const char *path, const void *bytes, size_t len)
{
    const char *p = bytes;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    while (fd >= 0 && len) {
        ssize_t n = write(fd, p, len);
        if (n <= 0) {
            close(fd);
            return -1;
        }
        p += n;
        len -= (size_t)n;
    }
    return fd < 0 ? -1 : close(fd);
}

static char test_copy_from[TEST_PATH], test_copy_to[TEST_PATH];

static inline int test_copy_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    char to[2 * TEST_PATH];
    size_t len;
    (void)st, (void)ftw;
    snprintf(to, sizeof to, "%s%s", test_copy_to, path + strlen(test_copy_from));
    if (type == FTW_D)
        return mkdir(to, 0777);
    unsigned char *bytes = test_read_file(path, &len);
    int failed = !bytes || test_write_file(to, bytes, len);
    free(bytes);
    return failed;
}

static inline void test_copy_tree(const char *from, const char *to)
{
    snprintf(test_copy_from, sizeof test_copy_from, "%s", from);
    snprintf(test_copy_to, sizeof test_copy_to, "%s", to);
    ck_assert_int_eq(nftw(from, test_copy_entry, 16, FTW_PHYS), 0);
}

/* ---- Assertions ------------------------------------------------------------------------------ */

#define test_ok(call) test_ok_at((call), &err, #call, __LINE__)

static inline void test_ok_at(morgue_status status, const morgue_error *err, const char *call, int line)
{
    ck_assert_msg(status == MORGUE_OK, "line %d: %s gave %d (%s): %s", line, call, (int)status,
                  morgue_status_text(status), err->message);
}

/* A status that the header knows, and a message that says something on one line. */
static inline void test_clean_failure(morgue_status status, const morgue_error *err, const char *what)
{
    ck_assert_msg(status < 0 && status >= MORGUE_ERR_INTERNAL, "%s: status %d", what, (int)status);
    ck_assert_msg(err->status == status, "%s: status %d, but the error says %d", what, (int)status, (int)err->status);
    ck_assert_msg(err->message[0] != 0, "%s: status %d without a message", what, (int)status);
    ck_assert_msg(!strchr(err->message, '\n'), "%s: more than one line: %s", what, err->message);
}

static inline void test_print_fault(void *ctx, const char *line)
{
    fprintf(stderr, "%s: %s\n", (const char *)ctx, line);
}

/* Every property, fault and corruption test ends here. */
static inline void test_archive_is_sound(const char *archive)
{
    morgue_error err = { 0 };
    morgue_status status = morgue_archive_check(archive, test_print_fault, (void *)(uintptr_t)archive, &err);
    ck_assert_msg(status == MORGUE_OK, "%s is not sound: %d %s", archive, (int)status, err.message);
}

static inline double test_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* An archive of these articles and nothing else, in one commit. */
static inline void test_make_archive(const char *path, const morgue_article *articles, size_t count)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_ok(morgue_indexer_open(&indexer, path, NULL, &err));
    for (size_t i = 0; i < count; i++)
        test_ok(morgue_indexer_add(indexer, &articles[i], &err));
    test_ok(morgue_indexer_commit(indexer, &err));
    morgue_indexer_close(indexer);
}

/* Runs the suite, and gives what main returns. */
static inline int test_run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_xapian_c.h: what the check_xapian_c*.c programs share: a directory of their own for each test,
 * short ways to write documents, and assertions that show the message of a failure.
 */
#ifndef CHECK_XAPIAN_C_H
#define CHECK_XAPIAN_C_H

#include "../support/testing.h"
#include "xapian_c.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Faults of libxapian 1.4 itself that sanitizers would report here; only they ask for this:
 * xapian_check frees an object as its base class, and about a hundred bytes leak each time a wildcard
 * has too many expansions or a serialised query is damaged.
 */
#define FOR_SANITIZERS __attribute__((visibility("default")))
FOR_SANITIZERS const char *__asan_default_options(void);
FOR_SANITIZERS const char *__lsan_default_options(void);
FOR_SANITIZERS const char *__lsan_default_suppressions(void);

const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
    return "leak:Xapian::BM25Weight::clone\nleak:Xapian::Query::Internal::unserialise\n";
}

static xapian_error err;
static char dir[64];

#define S(literal) (literal), sizeof(literal) - 1
#define OK(call) ck_assert_msg((call) == XAPIAN_C_OK, "%s", err.message)
/* The status itself, and the same in `err` with a message. */
#define FAILS(expected, call)                                                                                          \
    do {                                                                                                               \
        memset(&err, 0, sizeof err);                                                                                   \
        ck_assert_int_eq((call), (expected));                                                                          \
        ck_assert_int_eq(err.status, (expected));                                                                      \
        ck_assert_str_ne(err.message, "");                                                                             \
    } while (0)

static inline void make_dir(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/xapian-c-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static inline void remove_dir(void)
{
    test_remove_tree(dir);
}

/* dir/name, in a static buffer that is used again after 32 calls. */
static inline const char *in_dir(const char *name)
{
    static char paths[32][128];
    static unsigned turn;
    char *path = paths[turn++ % 32];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

static inline xapian_writable *open_writer(const char *path)
{
    xapian_writable *db;
    OK(xapian_writable_open(&db, path, XAPIAN_DB_CREATE_OR_OPEN | XAPIAN_DB_NO_SYNC, 0, 0, &err));
    return db;
}

static inline xapian_database *open_reader(const char *path)
{
    xapian_database *db;
    OK(xapian_database_open(&db, path, &err));
    return db;
}

static inline void close_writer(xapian_writable *db)
{
    OK(xapian_writable_close(db, &err));
    xapian_writable_free(db);
}

/* A document of words separated by single spaces, at positions from 1 on; data is the text itself. */
static inline xapian_document *make_document(const char *words)
{
    xapian_document *doc;
    xapian_termpos pos = 0;
    OK(xapian_document_create(&doc, &err));
    OK(xapian_document_set_data(doc, words, strlen(words), &err));
    for (const char *word = words; *word;) {
        size_t len = strcspn(word, " ");
        OK(xapian_document_add_posting(doc, word, len, ++pos, 1, &err));
        word += len + (word[len] == ' ');
    }
    return doc;
}

static inline xapian_docid add_words(xapian_writable *db, const char *words)
{
    xapian_document *doc = make_document(words);
    xapian_docid docid;
    OK(xapian_writable_add_document(&docid, db, doc, &err));
    xapian_document_free(doc);
    return docid;
}

/* What is left of a list of terms, joined by spaces; frees the iterator. */
static inline const char *drain(xapian_term_iter *it)
{
    static char joined[512];
    const char *term;
    size_t len, used = 0;
    xapian_status status;
    joined[0] = '\0';
    while ((status = xapian_term_iter_next(&term, &len, it, &err)) == XAPIAN_C_OK)
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%.*s", used ? " " : "", (int)len, term);
    ck_assert_int_eq(status, XAPIAN_C_END);
    ck_assert_int_eq(xapian_term_iter_next(&term, &len, it, &err), XAPIAN_C_END);
    ck_assert_ptr_null(term);
    xapian_term_iter_free(it);
    return joined;
}

#endif

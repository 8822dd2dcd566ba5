/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xapian_c.h: libxapian for C programs. It wraps what libxapian offers and adds no policy of its own;
 * what the library does, its own manual says, and this header says what C needs beyond that.
 *
 * Rules that hold everywhere:
 *  - Errors. Every fallible function returns a xapian_status (0 is success, failures are negative) and
 *    on failure fills `err`, the last parameter, which may be NULL. XAPIAN_C_END, the one positive
 *    status, is how an iterator says that nothing is left; it is no failure. Unless a function says
 *    otherwise, it may fail with any status. No C++ exception ever leaves this library.
 *  - Outputs come first. `xapian_thing **out` gives: the caller frees it with xapian_thing_free, and
 *    *out is NULL after a failure. Every free accepts NULL. Scalar outputs are 0 after a failure.
 *  - Strings in are (data, len) where they may hold any byte, terms and values among them; data may be
 *    NULL if len is 0. Paths, host names and language names are NUL-terminated. Inputs are copied.
 *  - Strings out go into a xapian_buffer of the caller, or, from iterators, are lent until that
 *    iterator is moved or freed.
 *  - Lifetimes. Objects count their references, so they may be freed in any order: a xapian_mset
 *    outlives its xapian_enquire, a document its database, a query the queries it was combined from.
 *  - Threads. Reference counts are not atomic. One thread at a time may use a xapian_database and all
 *    that was made from it or given to it (queries, documents, stemmers, spies too). Threads that work
 *    at once each open the database and build their queries for themselves.
 *  - Callbacks run on the thread of the call that leads to them. They must not jump out (longjmp),
 *    nor use the xapian_enquire that is matching; other objects of the same thread are theirs to use.
 *    A callback fails by returning a negative status and, if it likes, a message in its own `err`;
 *    the call that led to it then stops and returns XAPIAN_C_CALLBACK with that message.
 */
#ifndef XAPIAN_C_H
#define XAPIAN_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define XAPIAN_C_API __attribute__((visibility("default")))
#else
#define XAPIAN_C_API
#endif

/* So that C++ takes any value that C may put into an enum, and rejects the wrong ones itself. */
#ifdef __cplusplus
#define XAPIAN_C_INT : int
#else
#define XAPIAN_C_INT
#endif

/* The version of libxapian in use, as "1.4.22". Never fails; static. */
XAPIAN_C_API const char *xapian_version(void);

/* ---- Errors ---------------------------------------------------------------------------------- */

/* One status for each class of Xapian::Error, then what else C++ can throw. */
typedef enum xapian_status XAPIAN_C_INT {
    XAPIAN_C_OK = 0,
    XAPIAN_C_END = 1, /* nothing left to iterate; not a failure */

    XAPIAN_C_MODIFIED = -1,         /* DatabaseModifiedError: commits overtook this reader; reopen, retry */
    XAPIAN_C_LOCK = -2,             /* DatabaseLockError: another writer holds the database */
    XAPIAN_C_CORRUPT = -3,          /* DatabaseCorruptError */
    XAPIAN_C_VERSION = -4,          /* DatabaseVersionError: a format this libxapian cannot read */
    XAPIAN_C_DB_NOT_FOUND = -5,     /* DatabaseNotFoundError: no database at that path */
    XAPIAN_C_OPENING = -6,          /* DatabaseOpeningError, other */
    XAPIAN_C_CREATE = -7,           /* DatabaseCreateError */
    XAPIAN_C_CLOSED = -8,           /* DatabaseClosedError */
    XAPIAN_C_DATABASE = -9,         /* DatabaseError, other: mostly the disk refusing */
    XAPIAN_C_DOC_NOT_FOUND = -10,   /* DocNotFoundError */
    XAPIAN_C_FEATURE = -11,         /* FeatureUnavailableError */
    XAPIAN_C_ARGUMENT = -12,        /* InvalidArgumentError; also a NULL where none is allowed */
    XAPIAN_C_OPERATION = -13,       /* InvalidOperationError */
    XAPIAN_C_NETWORK = -14,         /* NetworkError, other */
    XAPIAN_C_NETWORK_TIMEOUT = -15, /* NetworkTimeoutError */
    XAPIAN_C_INTERNAL = -16,        /* InternalError */
    XAPIAN_C_QUERY_PARSER = -17,    /* QueryParserError */
    XAPIAN_C_RANGE = -18,           /* RangeError; also a hit number past the end, or a buffer too small */
    XAPIAN_C_SERIALISATION = -19,   /* SerialisationError */
    XAPIAN_C_UNIMPLEMENTED = -20,   /* UnimplementedError */
    XAPIAN_C_WILDCARD = -21,        /* WildcardError: more expansions than allowed */
    XAPIAN_C_ASSERTION = -22,       /* AssertionError */
    XAPIAN_C_LOGIC = -23,           /* LogicError, other */
    XAPIAN_C_RUNTIME = -24,         /* RuntimeError, other */
    XAPIAN_C_ERROR = -25,           /* Xapian::Error, other */
    XAPIAN_C_NOMEM = -26,           /* std::bad_alloc */
    XAPIAN_C_STD = -27,             /* std::exception, other */
    XAPIAN_C_UNKNOWN = -28,         /* anything else that was thrown */
    XAPIAN_C_CALLBACK = -29         /* a callback of the caller failed */
} xapian_status;

/* Where a failure is told. The message is one line, NUL-terminated, cut short if it does not fit. */
typedef struct xapian_error {
    xapian_status status;
    char message[256];
} xapian_error;

#define XAPIAN_ERROR_INIT                                                                                              \
    {                                                                                                                  \
        XAPIAN_C_OK,                                                                                                   \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

/* A status in a few words, such as "database locked". Never NULL; static. Any thread. */
XAPIAN_C_API const char *xapian_status_text(xapian_status status);

/* ---- Plain types ----------------------------------------------------------------------------- */

typedef uint32_t xapian_docid; /* from 1; 0 is no document */
typedef uint32_t xapian_doccount;
typedef uint32_t xapian_termcount;
typedef uint32_t xapian_termpos;
typedef uint32_t xapian_valueno; /* a value slot */

#define XAPIAN_BAD_VALUENO ((xapian_valueno)0xffffffff)
#define XAPIAN_MAX_TERM_LEN 245u /* in bytes; a zero byte in a term counts twice */

typedef struct xapian_database xapian_database;
typedef struct xapian_writable xapian_writable;
typedef struct xapian_document xapian_document;
typedef struct xapian_query xapian_query;
typedef struct xapian_enquire xapian_enquire;
typedef struct xapian_mset xapian_mset;
typedef struct xapian_rset xapian_rset;
typedef struct xapian_eset xapian_eset;
typedef struct xapian_spy xapian_spy;
typedef struct xapian_stem xapian_stem;
typedef struct xapian_termgen xapian_termgen;
typedef struct xapian_term_iter xapian_term_iter;
typedef struct xapian_posting_iter xapian_posting_iter;
typedef struct xapian_position_iter xapian_position_iter;
typedef struct xapian_value_iter xapian_value_iter;

/* A string out. Start with XAPIAN_BUFFER_INIT, use it as often as you like (each call replaces what it
   held and reuses the room), dispose of it at the end. data[len] is 0 and data is never NULL after a
   success; after a failure len is 0. */
typedef struct xapian_buffer {
    char *data;
    size_t len;
    size_t capacity;
} xapian_buffer;

#define XAPIAN_BUFFER_INIT                                                                                             \
    {                                                                                                                  \
        NULL, 0, 0                                                                                                     \
    }

XAPIAN_C_API void xapian_buffer_dispose(xapian_buffer *buffer);

/* Numbers as strings that sort as the numbers do, for values. At most 9 bytes; neither can fail. */
#define XAPIAN_SORTABLE_MAX 9
XAPIAN_C_API size_t xapian_sortable_serialise(char out[XAPIAN_SORTABLE_MAX], double number);
XAPIAN_C_API double xapian_sortable_unserialise(const char *data, size_t len);

/* ---- Iterators ------------------------------------------------------------------------------- */
/*
 * An iterator starts before its first entry. `next` moves on and delivers, `seek` moves forward to the
 * first entry not before the one named (and stays where it is if it is there already) and delivers;
 * both return XAPIAN_C_END when nothing is left, and go on doing so. The idiom:
 *
 *     while ((status = xapian_term_iter_next(&term, &len, it, err)) == XAPIAN_C_OK) ...
 *     if (status < 0) ...failed...
 *
 * The other functions speak of the entry delivered last, and fail with XAPIAN_C_OPERATION if there is
 * none. A database that was overtaken makes any of them fail with XAPIAN_C_MODIFIED.
 */

XAPIAN_C_API xapian_status xapian_term_iter_next(const char **term, size_t *len, xapian_term_iter *it,
                                                 xapian_error *err);
XAPIAN_C_API xapian_status xapian_term_iter_seek(const char **term, size_t *len, xapian_term_iter *it,
                                                 const char *target, size_t target_len, xapian_error *err);
/* Frequencies, where the list has them: wdf in lists of one document; termfreq in all but positions
   (for spellings it is the word's frequency, for a spy the count of a value). */
XAPIAN_C_API xapian_status xapian_term_iter_wdf(xapian_termcount *out, const xapian_term_iter *it, xapian_error *err);
XAPIAN_C_API xapian_status xapian_term_iter_termfreq(xapian_doccount *out, const xapian_term_iter *it,
                                                     xapian_error *err);
XAPIAN_C_API xapian_status xapian_term_iter_position_count(xapian_termcount *out, const xapian_term_iter *it,
                                                           xapian_error *err);
XAPIAN_C_API xapian_status xapian_term_iter_positions(xapian_position_iter **out, const xapian_term_iter *it,
                                                      xapian_error *err);
XAPIAN_C_API void xapian_term_iter_free(xapian_term_iter *it);

XAPIAN_C_API xapian_status xapian_posting_iter_next(xapian_docid *docid, xapian_posting_iter *it, xapian_error *err);
XAPIAN_C_API xapian_status xapian_posting_iter_seek(xapian_docid *docid, xapian_posting_iter *it, xapian_docid target,
                                                    xapian_error *err);
XAPIAN_C_API xapian_status xapian_posting_iter_wdf(xapian_termcount *out, const xapian_posting_iter *it,
                                                   xapian_error *err);
XAPIAN_C_API xapian_status xapian_posting_iter_doclength(xapian_termcount *out, const xapian_posting_iter *it,
                                                         xapian_error *err);
XAPIAN_C_API xapian_status xapian_posting_iter_positions(xapian_position_iter **out, const xapian_posting_iter *it,
                                                         xapian_error *err);
XAPIAN_C_API void xapian_posting_iter_free(xapian_posting_iter *it);

XAPIAN_C_API xapian_status xapian_position_iter_next(xapian_termpos *pos, xapian_position_iter *it, xapian_error *err);
XAPIAN_C_API xapian_status xapian_position_iter_seek(xapian_termpos *pos, xapian_position_iter *it,
                                                     xapian_termpos target, xapian_error *err);
XAPIAN_C_API void xapian_position_iter_free(xapian_position_iter *it);

/* `key` is a docid in the stream of one slot (xapian_database_values), a slot number among the values
   of one document (xapian_document_values). */
XAPIAN_C_API xapian_status xapian_value_iter_next(uint32_t *key, const char **value, size_t *len, xapian_value_iter *it,
                                                  xapian_error *err);
XAPIAN_C_API xapian_status xapian_value_iter_seek(uint32_t *key, const char **value, size_t *len, xapian_value_iter *it,
                                                  uint32_t target, xapian_error *err);
XAPIAN_C_API void xapian_value_iter_free(xapian_value_iter *it);

/* ---- Database: reading ----------------------------------------------------------------------- */

/* A reader sees the revision that was current when it was opened or last reopened. XAPIAN_C_DB_NOT_FOUND
   if there is none, XAPIAN_C_VERSION, XAPIAN_C_CORRUPT. `path` may be a stub file, which may name several
   databases and remote ones. */
XAPIAN_C_API xapian_status xapian_database_open(xapian_database **out, const char *path, xapian_error *err);
/* Several databases searched as one. Of n databases, document d of the i-th (from 0) has the docid
   (d - 1) * n + i + 1. n = 0 gives an empty database, to which xapian_database_add adds. */
XAPIAN_C_API xapian_status xapian_database_open_many(xapian_database **out, const char *const *paths, size_t n,
                                                     xapian_error *err);
/* A database that xapian-tcpsrv serves. Timeouts in milliseconds; 0 means 10 s, Xapian's default. */
XAPIAN_C_API xapian_status xapian_database_open_remote(xapian_database **out, const char *host, uint16_t port,
                                                       uint32_t timeout_ms, uint32_t connect_timeout_ms,
                                                       xapian_error *err);
/* Adds the databases of `other` behind those of `db`, so docids change as told above. `other` stays the
   caller's. Not for the view of a xapian_writable: XAPIAN_C_OPERATION. */
XAPIAN_C_API xapian_status xapian_database_add(xapian_database *db, const xapian_database *other, xapian_error *err);
/* How many databases are searched as one here. */
XAPIAN_C_API xapian_status xapian_database_shard_count(size_t *out, const xapian_database *db, xapian_error *err);
/* Moves on to the newest revision; *changed, which may be NULL, says whether there was one. Iterators and
   documents made before may then fail with XAPIAN_C_MODIFIED. */
XAPIAN_C_API xapian_status xapian_database_reopen(bool *changed, xapian_database *db, xapian_error *err);
/* Closes the files now. The object stays to be freed; most calls on it then fail with XAPIAN_C_CLOSED. */
XAPIAN_C_API xapian_status xapian_database_close(xapian_database *db, xapian_error *err);
/* Gives the handle up. The files are closed when the last object made from it is gone as well. */
XAPIAN_C_API void xapian_database_free(xapian_database *db);

XAPIAN_C_API xapian_status xapian_database_doccount(xapian_doccount *out, const xapian_database *db, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_lastdocid(xapian_docid *out, const xapian_database *db, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_avlength(double *out, const xapian_database *db, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_total_length(uint64_t *out, const xapian_database *db, xapian_error *err);
/* XAPIAN_C_DOC_NOT_FOUND if there is no such document. */
XAPIAN_C_API xapian_status xapian_database_doclength(xapian_termcount *out, const xapian_database *db,
                                                     xapian_docid docid, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_has_positions(bool *out, const xapian_database *db, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_uuid(xapian_buffer *out, const xapian_database *db, xapian_error *err);
/* Counts the commits. Only for one local database: else XAPIAN_C_OPERATION or XAPIAN_C_UNIMPLEMENTED. */
XAPIAN_C_API xapian_status xapian_database_revision(uint64_t *out, const xapian_database *db, xapian_error *err);
/* Whether somebody is writing this database now. */
XAPIAN_C_API xapian_status xapian_database_locked(bool *out, const xapian_database *db, xapian_error *err);
/* Keeps a remote connection from timing out; does nothing to others. */
XAPIAN_C_API xapian_status xapian_database_keep_alive(xapian_database *db, xapian_error *err);

/* The number of documents a term indexes, and of its occurrences. 0 for a term that is not there. */
XAPIAN_C_API xapian_status xapian_database_termfreq(xapian_doccount *out, const xapian_database *db, const char *term,
                                                    size_t len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_collection_freq(xapian_termcount *out, const xapian_database *db,
                                                           const char *term, size_t len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_term_exists(bool *out, const xapian_database *db, const char *term,
                                                       size_t len, xapian_error *err);

XAPIAN_C_API xapian_status xapian_database_value_freq(xapian_doccount *out, const xapian_database *db,
                                                      xapian_valueno slot, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_value_lower_bound(xapian_buffer *out, const xapian_database *db,
                                                             xapian_valueno slot, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_value_upper_bound(xapian_buffer *out, const xapian_database *db,
                                                             xapian_valueno slot, xapian_error *err);

/* XAPIAN_C_DOC_NOT_FOUND if there is no such document. Its parts are read when they are asked for. */
XAPIAN_C_API xapian_status xapian_database_get_document(xapian_document **out, const xapian_database *db,
                                                        xapian_docid docid, xapian_error *err);

/* All terms that begin with a prefix (all there are, if its length is 0), ascending by bytes. */
XAPIAN_C_API xapian_status xapian_database_allterms(xapian_term_iter **out, const xapian_database *db,
                                                    const char *prefix, size_t len, xapian_error *err);
/* The documents of a term, or all documents if its length is 0, ascending. */
XAPIAN_C_API xapian_status xapian_database_postings(xapian_posting_iter **out, const xapian_database *db,
                                                    const char *term, size_t len, xapian_error *err);
/* The terms of a document. XAPIAN_C_DOC_NOT_FOUND. */
XAPIAN_C_API xapian_status xapian_database_termlist(xapian_term_iter **out, const xapian_database *db,
                                                    xapian_docid docid, xapian_error *err);
/* Where a term stands in a document; empty if it does not. */
XAPIAN_C_API xapian_status xapian_database_positions(xapian_position_iter **out, const xapian_database *db,
                                                     xapian_docid docid, const char *term, size_t len,
                                                     xapian_error *err);
/* The values of one slot, by docid. */
XAPIAN_C_API xapian_status xapian_database_values(xapian_value_iter **out, const xapian_database *db,
                                                  xapian_valueno slot, xapian_error *err);

/* Metadata: an empty value is one that is not there. Of several databases the first one answers. */
XAPIAN_C_API xapian_status xapian_database_metadata(xapian_buffer *out, const xapian_database *db, const char *key,
                                                    size_t len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_metadata_keys(xapian_term_iter **out, const xapian_database *db,
                                                         const char *prefix, size_t len, xapian_error *err);

/* The likeliest spelling within an edit distance (0 means 2), or an empty string if none is better. */
XAPIAN_C_API xapian_status xapian_database_spelling_suggestion(xapian_buffer *out, const xapian_database *db,
                                                               const char *word, size_t len, unsigned max_edit_distance,
                                                               xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_spellings(xapian_term_iter **out, const xapian_database *db,
                                                     xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_synonyms(xapian_term_iter **out, const xapian_database *db, const char *term,
                                                    size_t len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_database_synonym_keys(xapian_term_iter **out, const xapian_database *db,
                                                        const char *prefix, size_t len, xapian_error *err);

/* ---- Database: writing ----------------------------------------------------------------------- */

/* How to open. The action is one of the first four; the rest are added with |. */
enum {
    XAPIAN_DB_CREATE_OR_OPEN = 0,
    XAPIAN_DB_CREATE_OR_OVERWRITE = 1,
    XAPIAN_DB_CREATE = 2,       /* XAPIAN_C_CREATE if it is there */
    XAPIAN_DB_OPEN = 3,         /* XAPIAN_C_DB_NOT_FOUND if it is not */
    XAPIAN_DB_NO_SYNC = 4,      /* a crash of the machine may lose or break it */
    XAPIAN_DB_FULL_SYNC = 8,    /* asks more of the disk where the system can (F_FULLFSYNC) */
    XAPIAN_DB_DANGEROUS = 16,   /* writes in place: no reader, and no crash, in the meantime */
    XAPIAN_DB_NO_TERMLIST = 32, /* smaller, but documents cannot be replaced, deleted or expanded from */
    XAPIAN_DB_INMEMORY = 1024   /* lives in memory; the path is ignored. For tests and small things */
};

/* There is one writer at a time. One that meets another's lock tries again until lock_timeout_ms have
   passed (0: not at all; negative: waits for ever), and then fails with XAPIAN_C_LOCK. block_size is in
   bytes, a power of 2 from 2048 to 65536; 0 means Xapian's default. */
XAPIAN_C_API xapian_status xapian_writable_open(xapian_writable **out, const char *path, int flags, int block_size,
                                                int lock_timeout_ms, xapian_error *err);
/* A database that xapian-tcpsrv serves with --writable. Timeouts as for reading, but 0 means none. */
XAPIAN_C_API xapian_status xapian_writable_open_remote(xapian_writable **out, const char *host, uint16_t port,
                                                       uint32_t timeout_ms, uint32_t connect_timeout_ms,
                                                       xapian_error *err);
/* Commits (but drops an open transaction), releases the lock, and says how it went. Still to be freed. */
XAPIAN_C_API xapian_status xapian_writable_close(xapian_writable *db, xapian_error *err);
/* As close, but failures are lost, and the lock stays while objects made from it live; so close first.
   Who wants to drop what was not committed works inside a transaction. */
XAPIAN_C_API void xapian_writable_free(xapian_writable *db);

/* The same database to read from, what is not committed included. Lent until the writable is freed. */
XAPIAN_C_API xapian_database *xapian_writable_database(xapian_writable *db);

/* Makes all changes visible to readers and durable, or none. */
XAPIAN_C_API xapian_status xapian_writable_commit(xapian_writable *db, xapian_error *err);
/* What happens in a transaction happens as a whole or not at all. A `flushed` one commits before it
   begins and when it is committed; cancelling it then undoes just what it did. Not nested:
   XAPIAN_C_OPERATION; commit within one too. */
XAPIAN_C_API xapian_status xapian_writable_begin(xapian_writable *db, bool flushed, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_commit_transaction(xapian_writable *db, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_cancel_transaction(xapian_writable *db, xapian_error *err);

/* Adds under a docid above all that were ever used; *docid may not be NULL. XAPIAN_C_ARGUMENT if a term
   is too long. The document stays the caller's and may be changed and added again. */
XAPIAN_C_API xapian_status xapian_writable_add_document(xapian_docid *docid, xapian_writable *db,
                                                        const xapian_document *doc, xapian_error *err);
/* Replaces, or adds under that very docid. */
XAPIAN_C_API xapian_status xapian_writable_replace_document(xapian_writable *db, xapian_docid docid,
                                                            const xapian_document *doc, xapian_error *err);
/* Replaces the first document this term indexes and deletes the others; adds if there is none. The term
   is not added to `doc`. *docid, which may be NULL, is where it went. */
XAPIAN_C_API xapian_status xapian_writable_replace_term(xapian_docid *docid, xapian_writable *db, const char *term,
                                                        size_t len, const xapian_document *doc, xapian_error *err);
/* XAPIAN_C_DOC_NOT_FOUND if there is no such document. */
XAPIAN_C_API xapian_status xapian_writable_delete_document(xapian_writable *db, xapian_docid docid, xapian_error *err);
/* Deletes all documents this term indexes, be it none. */
XAPIAN_C_API xapian_status xapian_writable_delete_term(xapian_writable *db, const char *term, size_t len,
                                                       xapian_error *err);

/* An empty value removes the key. Part of the same commit as the documents. */
XAPIAN_C_API xapian_status xapian_writable_set_metadata(xapian_writable *db, const char *key, size_t key_len,
                                                        const char *value, size_t value_len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_add_spelling(xapian_writable *db, const char *word, size_t len,
                                                        xapian_termcount increment, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_remove_spelling(xapian_writable *db, const char *word, size_t len,
                                                           xapian_termcount decrement, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_add_synonym(xapian_writable *db, const char *term, size_t term_len,
                                                       const char *synonym, size_t synonym_len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_remove_synonym(xapian_writable *db, const char *term, size_t term_len,
                                                          const char *synonym, size_t synonym_len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_writable_clear_synonyms(xapian_writable *db, const char *term, size_t len,
                                                          xapian_error *err);

/* ---- Compact and check ----------------------------------------------------------------------- */

enum {
    XAPIAN_COMPACT_STANDARD = 0,
    XAPIAN_COMPACT_FULL = 1,        /* splits items where that saves space */
    XAPIAN_COMPACT_FULLER = 2,      /* and fills every block: for databases that will not be changed */
    XAPIAN_COMPACT_NO_RENUMBER = 4, /* keeps docids; those of several databases must not overlap */
    XAPIAN_COMPACT_MULTIPASS = 8,
    XAPIAN_COMPACT_SINGLE_FILE = 16
};

/* Writes the committed state of one or more local databases to a new one. block_size as for opening. */
XAPIAN_C_API xapian_status xapian_compact(const char *const *paths, size_t n, const char *destination, unsigned flags,
                                          int block_size, xapian_error *err);

enum {
    XAPIAN_CHECK_SHORT_TREE = 1,
    XAPIAN_CHECK_FULL_TREE = 2,
    XAPIAN_CHECK_SHOW_FREELIST = 4,
    XAPIAN_CHECK_SHOW_STATS = 8,
    XAPIAN_CHECK_FIX = 16 /* tries to repair; not while anybody uses the database */
};

/* Looks for damage. *errors is how much was found; the text goes to `report`, which may be NULL. Fails
   itself only if the database cannot even be examined. */
XAPIAN_C_API xapian_status xapian_check(size_t *errors, xapian_buffer *report, const char *path, int flags,
                                        xapian_error *err);

/* ---- Document -------------------------------------------------------------------------------- */

XAPIAN_C_API xapian_status xapian_document_create(xapian_document **out, xapian_error *err);
XAPIAN_C_API void xapian_document_free(xapian_document *doc);
/* Drops data, terms and values, so that one object serves for many documents. */
XAPIAN_C_API xapian_status xapian_document_clear(xapian_document *doc, xapian_error *err);

/* 0 for a document that did not come from a database; in callbacks of a match over several databases,
   the docid within its own. */
XAPIAN_C_API xapian_status xapian_document_docid(xapian_docid *out, const xapian_document *doc, xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_data(xapian_buffer *out, const xapian_document *doc, xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_set_data(xapian_document *doc, const char *data, size_t len,
                                                    xapian_error *err);

/* Adds wdf_inc to the term's frequency within the document. XAPIAN_C_ARGUMENT for an empty term. */
XAPIAN_C_API xapian_status xapian_document_add_term(xapian_document *doc, const char *term, size_t len,
                                                    xapian_termcount wdf_inc, xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_add_boolean_term(xapian_document *doc, const char *term, size_t len,
                                                            xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_add_posting(xapian_document *doc, const char *term, size_t len,
                                                       xapian_termpos pos, xapian_termcount wdf_inc, xapian_error *err);
/* XAPIAN_C_ARGUMENT if the document has no such term (or posting). */
XAPIAN_C_API xapian_status xapian_document_remove_term(xapian_document *doc, const char *term, size_t len,
                                                       xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_remove_posting(xapian_document *doc, const char *term, size_t len,
                                                          xapian_termpos pos, xapian_termcount wdf_dec,
                                                          xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_term_count(xapian_termcount *out, const xapian_document *doc,
                                                      xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_termlist(xapian_term_iter **out, const xapian_document *doc,
                                                    xapian_error *err);

/* Values: an empty one is one that is not there. */
XAPIAN_C_API xapian_status xapian_document_set_value(xapian_document *doc, xapian_valueno slot, const char *value,
                                                     size_t len, xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_value(xapian_buffer *out, const xapian_document *doc, xapian_valueno slot,
                                                 xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_remove_value(xapian_document *doc, xapian_valueno slot, xapian_error *err);
XAPIAN_C_API xapian_status xapian_document_values(xapian_value_iter **out, const xapian_document *doc,
                                                  xapian_error *err);

/* ---- Stemming -------------------------------------------------------------------------------- */

/* `language` as Xapian knows it: "en", "english", ..., or "none". XAPIAN_C_ARGUMENT if it does not. */
XAPIAN_C_API xapian_status xapian_stem_create(xapian_stem **out, const char *language, xapian_error *err);
XAPIAN_C_API void xapian_stem_free(xapian_stem *stem);
/* Writes the stem of a lower-case UTF-8 word to `out`, without a 0 at its end; *len is how long it is.
   If that exceeds `capacity`, nothing is written and it is XAPIAN_C_RANGE: the one failure in practice.
   Stems are rarely longer than the word, and then by few bytes. Allocates nothing for short words. */
XAPIAN_C_API xapian_status xapian_stem_apply(char *out, size_t capacity, size_t *len, xapian_stem *stem,
                                             const char *word, size_t word_len, xapian_error *err);
/* Names of the languages there are, separated by spaces. */
XAPIAN_C_API xapian_status xapian_stem_languages(xapian_buffer *out, xapian_error *err);

/* ---- Queries --------------------------------------------------------------------------------- */

/* Queries do not change once made. Those that go into others stay the caller's, to be freed. */

typedef enum xapian_op XAPIAN_C_INT {
    XAPIAN_OP_AND = 0,
    XAPIAN_OP_OR = 1,
    XAPIAN_OP_AND_NOT = 2,
    XAPIAN_OP_XOR = 3,
    XAPIAN_OP_AND_MAYBE = 4,
    XAPIAN_OP_FILTER = 5,
    XAPIAN_OP_NEAR = 6,
    XAPIAN_OP_PHRASE = 7,
    XAPIAN_OP_ELITE_SET = 10,
    XAPIAN_OP_SYNONYM = 13,
    XAPIAN_OP_MAX = 14
} xapian_op;

XAPIAN_C_API void xapian_query_free(xapian_query *query);
/* `wqf` (usually 1) is the term's frequency in the query, `pos` its place in it, or 0. */
XAPIAN_C_API xapian_status xapian_query_term(xapian_query **out, const char *term, size_t len, xapian_termcount wqf,
                                             xapian_termpos pos, xapian_error *err);
/* Made afresh each time, and so not shared between threads as Xapian's own static one is. */
XAPIAN_C_API xapian_status xapian_query_match_all(xapian_query **out, xapian_error *err);
XAPIAN_C_API xapian_status xapian_query_match_nothing(xapian_query **out, xapian_error *err);
/* `parameter` is the window for NEAR and PHRASE (0: the number of children), the size of an ELITE_SET
   (0: 10), and otherwise 0. The children of NEAR and PHRASE must be terms, or OR of terms. */
XAPIAN_C_API xapian_status xapian_query_combine(xapian_query **out, xapian_op op, const xapian_query *const *children,
                                                size_t n, xapian_termcount parameter, xapian_error *err);
/* The same documents with their weights multiplied; factor >= 0, and 0 makes it a filter. */
XAPIAN_C_API xapian_status xapian_query_scale(xapian_query **out, const xapian_query *query, double factor,
                                              xapian_error *err);
/* Values compared by bytes, both ends included. */
XAPIAN_C_API xapian_status xapian_query_value_range(xapian_query **out, xapian_valueno slot, const char *low,
                                                    size_t low_len, const char *high, size_t high_len,
                                                    xapian_error *err);
XAPIAN_C_API xapian_status xapian_query_value_ge(xapian_query **out, xapian_valueno slot, const char *low, size_t len,
                                                 xapian_error *err);
XAPIAN_C_API xapian_status xapian_query_value_le(xapian_query **out, xapian_valueno slot, const char *high, size_t len,
                                                 xapian_error *err);

/* What happens when a wildcard has more expansions than allowed. */
typedef enum xapian_wildcard_limit XAPIAN_C_INT {
    XAPIAN_WILDCARD_ERROR = 0, /* the match fails with XAPIAN_C_WILDCARD */
    XAPIAN_WILDCARD_FIRST = 1,
    XAPIAN_WILDCARD_MOST_FREQUENT = 2
} xapian_wildcard_limit;

/* All terms that begin with `prefix`, joined by `combiner` (OR, MAX or SYNONYM). max_expansion 0: any
   number of them. */
XAPIAN_C_API xapian_status xapian_query_wildcard(xapian_query **out, const char *prefix, size_t len,
                                                 xapian_termcount max_expansion, xapian_wildcard_limit limit,
                                                 xapian_op combiner, xapian_error *err);

/* As bytes, to be stored or sent. XAPIAN_C_UNIMPLEMENTED if it contains a posting source of the caller. */
XAPIAN_C_API xapian_status xapian_query_serialise(xapian_buffer *out, const xapian_query *query, xapian_error *err);
XAPIAN_C_API xapian_status xapian_query_unserialise(xapian_query **out, const char *data, size_t len,
                                                    xapian_error *err);
/* For people to read. */
XAPIAN_C_API xapian_status xapian_query_describe(xapian_buffer *out, const xapian_query *query, xapian_error *err);
XAPIAN_C_API bool xapian_query_is_empty(const xapian_query *query);
/* The terms in it, each once. Wildcards are not expanded. */
XAPIAN_C_API xapian_status xapian_query_terms(xapian_term_iter **out, const xapian_query *query, xapian_error *err);

/* ---- Posting sources: documents and weights from a callback ---------------------------------- */

/* The database, one of those searched, that a source is about to run over. Docids are those within it. */
typedef struct xapian_source_shard {
    size_t shard;       /* which of the databases searched, from 0, in the order they were added;
                           SIZE_MAX if that cannot be known */
    size_t shard_count; /* how many are searched; 0 if that cannot be known */
    xapian_doccount doccount;
    xapian_docid lastdocid;
    const xapian_database *db; /* this one alone; lent for the duration of init */
} xapian_source_shard;

/* What a source promises about the whole of what it will deliver: min <= est <= max documents, and no
   weight above max_weight. Preset to 0, doccount / 2, doccount and 0.0. */
typedef struct xapian_source_bounds {
    xapian_doccount termfreq_min;
    xapian_doccount termfreq_est;
    xapian_doccount termfreq_max;
    double max_weight;
} xapian_source_bounds;

/* Where a source stands: kept by the binding, written by the callbacks. Xapian reads docid and weight
   from here, with no further call. Starts as { 0, 0.0, max_weight of init }. */
typedef struct xapian_posting {
    xapian_docid docid; /* 0 = at the end */
    double weight;      /* what this document gains from this source, >= 0, and no more than max_weight */
    double max_weight;  /* no weight from here on will exceed this. May be lowered at any move, which
                           lets the match stop early; a higher one than before is ignored */
} xapian_posting;

/*
 * A posting source in C. Set `size` to sizeof(xapian_posting_source); optional callbacks may be NULL.
 * The table is copied. Callbacks get the ctx that was given with it, or the copy clone made of that.
 *
 * A match calls clone (if there is one), then init, then moves. `min_weight` is what the source would
 * have to contribute for a document to reach the results: documents known to weigh less may be skipped,
 * none has to be. Docids only ever ascend; a `next` that does not advance fails the match.
 *
 * Ownership: see xapian_query_posting_source. Every ctx, original and copies, gets destroy once.
 */
typedef struct xapian_posting_source {
    size_t size;

    /* Prepares to run over this database from its start. May come again, for another match. */
    xapian_status (*init)(void *ctx, const xapian_source_shard *shard, xapian_source_bounds *bounds, xapian_error *err);
    /* Moves to the next document. To return XAPIAN_C_END is as good as to set at->docid to 0. */
    xapian_status (*next)(void *ctx, double min_weight, xapian_posting *at, xapian_error *err);
    /* Moves to the first document >= docid; stays if already there. */
    xapian_status (*skip_to)(void *ctx, xapian_docid docid, double min_weight, xapian_posting *at, xapian_error *err);
    /* Optional, for when only this docid matters (it is known to exist) and to ask about it is cheaper
       than to find the next. Either does as skip_to does and leaves *valid true; or, if docid is not
       there, may set *valid to false and need not say in `at` where it stands: next then goes on after
       docid. */
    xapian_status (*check)(void *ctx, xapian_docid docid, double min_weight, bool *valid, xapian_posting *at,
                           xapian_error *err);
    /* Optional: the weight of the current document, asked for only when it is needed, for sources to
       which it is dear. Without it, at->weight counts. */
    xapian_status (*weight)(void *ctx, double *weight, xapian_error *err);
    /* Optional: a ctx of its own with the same configuration, wherever the original stands. Called for
       each database of a match, and in Xapian 1.4 for a single one too. Without it, a query can be used on
       one database alone, and must hold this source only once: else XAPIAN_C_OPERATION or wrong results. */
    xapian_status (*clone)(void *ctx, void **copy, xapian_error *err);
    /* Optional: frees ctx. */
    void (*destroy)(void *ctx);
    /* Optional: a NUL-terminated text, at most `size` bytes with its 0, for xapian_query_describe. */
    void (*describe)(void *ctx, char *text, size_t size);
} xapian_posting_source;

/* A query leaf of that source. On success the query owns ctx: it is destroyed when the last query that
   contains the leaf is freed and no enquire or mset holds one any more. On failure the caller keeps it.
   Cannot be sent to remote databases: get_mset gives XAPIAN_C_UNIMPLEMENTED. */
XAPIAN_C_API xapian_status xapian_query_posting_source(xapian_query **out, const xapian_posting_source *source,
                                                       void *ctx, xapian_error *err);

/* ---- Matching -------------------------------------------------------------------------------- */

XAPIAN_C_API xapian_status xapian_enquire_create(xapian_enquire **out, const xapian_database *db, xapian_error *err);
XAPIAN_C_API void xapian_enquire_free(xapian_enquire *enquire);
/* query_length: 0 means the sum of wqf, as usual. */
XAPIAN_C_API xapian_status xapian_enquire_set_query(xapian_enquire *enquire, const xapian_query *query,
                                                    xapian_termcount query_length, xapian_error *err);

/* Language model weighting is left out: its formulae are wrong in Xapian 1.4. */
typedef enum xapian_scheme XAPIAN_C_INT {
    XAPIAN_SCHEME_BM25 = 0, /* k1, k2, k3, b, min_normlen */
    XAPIAN_SCHEME_BOOL,     /* all weigh 0 */
    XAPIAN_SCHEME_COORD,    /* counts matching terms */
    XAPIAN_SCHEME_TRAD,     /* k1 */
    XAPIAN_SCHEME_BM25PLUS, /* as BM25, and delta */
    XAPIAN_SCHEME_TFIDF,    /* normalisations */
    XAPIAN_SCHEME_INL2,     /* c */
    XAPIAN_SCHEME_IFB2,     /* c */
    XAPIAN_SCHEME_INEB2,    /* c */
    XAPIAN_SCHEME_BB2,      /* c */
    XAPIAN_SCHEME_DLH,
    XAPIAN_SCHEME_PL2,     /* c */
    XAPIAN_SCHEME_PL2PLUS, /* c, delta */
    XAPIAN_SCHEME_DPH
} xapian_scheme;

typedef struct xapian_weighting {
    xapian_scheme scheme;
    double k1, k2, k3, b, min_normlen, delta, c;
    const char *normalisations; /* for TFIDF, such as "ntn" */
} xapian_weighting;

/* Xapian's defaults; set the scheme and what should differ. */
#define XAPIAN_WEIGHTING_INIT                                                                                          \
    {                                                                                                                  \
        XAPIAN_SCHEME_BM25, 1.0, 0.0, 1.0, 0.5, 0.5, 1.0, 1.0, "ntn"                                                   \
    }

XAPIAN_C_API xapian_status xapian_enquire_set_weighting(xapian_enquire *enquire, const xapian_weighting *weighting,
                                                        xapian_error *err);
/* Drops documents below a percentage of the best, or below a weight. */
XAPIAN_C_API xapian_status xapian_enquire_set_cutoff(xapian_enquire *enquire, int percent, double weight,
                                                     xapian_error *err);
/* Keeps the best `max` of those with the same value in a slot; XAPIAN_BAD_VALUENO turns that off. */
XAPIAN_C_API xapian_status xapian_enquire_set_collapse(xapian_enquire *enquire, xapian_valueno slot,
                                                       xapian_doccount max, xapian_error *err);

typedef enum xapian_sort XAPIAN_C_INT {
    XAPIAN_SORT_RELEVANCE = 0,
    XAPIAN_SORT_VALUE,
    XAPIAN_SORT_VALUE_THEN_RELEVANCE,
    XAPIAN_SORT_RELEVANCE_THEN_VALUE
} xapian_sort;

/* `reverse` false: small values first; true: large ones first. The slot is ignored for RELEVANCE. */
XAPIAN_C_API xapian_status xapian_enquire_set_sort(xapian_enquire *enquire, xapian_sort sort, xapian_valueno slot,
                                                   bool reverse, xapian_error *err);

typedef struct xapian_sort_key {
    xapian_valueno slot;
    bool reverse;              /* large values first */
    const char *default_value; /* for documents without one; may be NULL */
    size_t default_len;
} xapian_sort_key;

/* The same by several slots, first things first. `sort` says where relevance comes in. */
XAPIAN_C_API xapian_status xapian_enquire_set_sort_keys(xapian_enquire *enquire, xapian_sort sort,
                                                        const xapian_sort_key *keys, size_t n, xapian_error *err);

typedef enum xapian_docid_order XAPIAN_C_INT {
    XAPIAN_DOCID_ASCENDING = 1, /* the default among documents that are otherwise equal */
    XAPIAN_DOCID_DESCENDING = 0,
    XAPIAN_DOCID_DONT_CARE = 2
} xapian_docid_order;

XAPIAN_C_API xapian_status xapian_enquire_set_docid_order(xapian_enquire *enquire, xapian_docid_order order,
                                                          xapian_error *err);
/* After so many seconds stop looking at more than needed for the results (check_at_least); it does not
   stop a match. To do that, let a posting source fail. 0: no limit. */
XAPIAN_C_API xapian_status xapian_enquire_set_time_limit(xapian_enquire *enquire, double seconds, xapian_error *err);
/* The spy sees what later matches look at, until cleared. The enquire keeps it alive. */
XAPIAN_C_API xapian_status xapian_enquire_add_spy(xapian_enquire *enquire, const xapian_spy *spy, xapian_error *err);
XAPIAN_C_API xapian_status xapian_enquire_clear_spies(xapian_enquire *enquire, xapian_error *err);

/* Says which documents may match. Only for local databases. */
typedef struct xapian_decider {
    xapian_status (*accept)(bool *accepted, void *ctx, const xapian_document *doc, xapian_error *err);
    void *ctx;
} xapian_decider;

typedef struct xapian_match_options {
    xapian_doccount first;          /* the rank of the first hit wanted, from 0 */
    xapian_doccount max;            /* how many hits, at most; 0 for counts only */
    xapian_doccount check_at_least; /* how many to look at, for counts and spies: the database's doccount
                                       makes counts exact */
    const xapian_rset *rset;        /* known relevant documents, or NULL */
    const xapian_decider *decider;  /* or NULL */
} xapian_match_options;

#define XAPIAN_MATCH_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        0, 10, 0, NULL, NULL                                                                                           \
    }

/* Runs the match. `options` may be NULL. XAPIAN_C_MODIFIED: reopen the database and call again (the enquire
   sees the reopened one). XAPIAN_C_CALLBACK, XAPIAN_C_WILDCARD, XAPIAN_C_NETWORK, ... */
XAPIAN_C_API xapian_status xapian_enquire_get_mset(xapian_mset **out, xapian_enquire *enquire,
                                                   const xapian_match_options *options, xapian_error *err);
/* The terms of the query that index a document. */
XAPIAN_C_API xapian_status xapian_enquire_matching_terms(xapian_term_iter **out, const xapian_enquire *enquire,
                                                         xapian_docid docid, xapian_error *err);

/* ---- Hits ------------------------------------------------------------------------------------ */

/* Hits are numbered from 0 within the mset; a number past its end gives XAPIAN_C_RANGE. */

typedef struct xapian_hit {
    xapian_docid docid;
    double weight;
    int percent;                    /* 0 to 100 */
    xapian_doccount rank;           /* among all results, from 0 */
    xapian_doccount collapse_count; /* a lower bound of how many this one stands for */
} xapian_hit;

typedef struct xapian_mset_counts {
    xapian_doccount lower, estimated, upper;                                     /* what matched */
    xapian_doccount uncollapsed_lower, uncollapsed_estimated, uncollapsed_upper; /* before collapsing */
    double max_possible; /* the most that a document could have weighed */
    double max_attained; /* what the best one did */
} xapian_mset_counts;

XAPIAN_C_API void xapian_mset_free(xapian_mset *mset);
XAPIAN_C_API size_t xapian_mset_size(const xapian_mset *mset);
/* Estimates, unless lower == upper. */
XAPIAN_C_API xapian_status xapian_mset_count(xapian_mset_counts *out, const xapian_mset *mset, xapian_error *err);
XAPIAN_C_API xapian_status xapian_mset_hit(xapian_hit *out, const xapian_mset *mset, size_t i, xapian_error *err);
XAPIAN_C_API xapian_status xapian_mset_collapse_key(xapian_buffer *out, const xapian_mset *mset, size_t i,
                                                    xapian_error *err);
XAPIAN_C_API xapian_status xapian_mset_sort_key(xapian_buffer *out, const xapian_mset *mset, size_t i,
                                                xapian_error *err);
XAPIAN_C_API xapian_status xapian_mset_document(xapian_document **out, const xapian_mset *mset, size_t i,
                                                xapian_error *err);
/* Asks for the documents of all hits in one go, which is worth it when they are remote. A hint: Xapian
   1.4 takes it for results from the first on, and later pages work without it. */
XAPIAN_C_API xapian_status xapian_mset_fetch(const xapian_mset *mset, xapian_error *err);
XAPIAN_C_API xapian_status xapian_mset_termfreq(xapian_doccount *out, const xapian_mset *mset, const char *term,
                                                size_t len, xapian_error *err);
/* The most that term can contribute. XAPIAN_C_ARGUMENT if the query has no such term. */
XAPIAN_C_API xapian_status xapian_mset_termweight(double *out, const xapian_mset *mset, const char *term, size_t len,
                                                  xapian_error *err);

enum {
    XAPIAN_SNIPPET_BACKGROUND_MODEL = 1,
    XAPIAN_SNIPPET_EXHAUSTIVE = 2, /* reads the whole text; slow on long ones */
    XAPIAN_SNIPPET_EMPTY_WITHOUT_MATCH = 4
};

typedef struct xapian_snippet_options {
    size_t length_bytes;     /* about how long it should be */
    const xapian_stem *stem; /* the one the text was indexed with, or NULL */
    unsigned flags;
    const char *highlight_start, *highlight_end, *omit; /* put around terms and where text is left out */
} xapian_snippet_options;

#define XAPIAN_SNIPPET_OPTIONS_INIT                                                                                    \
    {                                                                                                                  \
        500, NULL, 3, "<b>", "</b>", "..."                                                                             \
    }

/* The piece of a plain text that shows best why it matches; <, > and & come out escaped as in HTML.
   `options` may be NULL. */
XAPIAN_C_API xapian_status xapian_mset_snippet(xapian_buffer *out, const xapian_mset *mset, const char *text,
                                               size_t len, const xapian_snippet_options *options, xapian_error *err);

/* ---- Relevance sets and expansion ------------------------------------------------------------ */

XAPIAN_C_API xapian_status xapian_rset_create(xapian_rset **out, xapian_error *err);
XAPIAN_C_API void xapian_rset_free(xapian_rset *rset);
XAPIAN_C_API xapian_status xapian_rset_add(xapian_rset *rset, xapian_docid docid, xapian_error *err);
XAPIAN_C_API xapian_status xapian_rset_remove(xapian_rset *rset, xapian_docid docid, xapian_error *err);
XAPIAN_C_API bool xapian_rset_contains(const xapian_rset *rset, xapian_docid docid);
XAPIAN_C_API size_t xapian_rset_size(const xapian_rset *rset);

enum { XAPIAN_ESET_INCLUDE_QUERY_TERMS = 1, XAPIAN_ESET_EXACT_TERMFREQ = 2 };

typedef struct xapian_eset_options {
    xapian_termcount max;
    int flags;
    const char *scheme; /* "trad" or "bo1" */
    double k;           /* for "trad" */
    double min_weight;
    /* Optional: which terms may come. Or only those with a prefix. */
    xapian_status (*accept)(bool *accepted, void *ctx, const char *term, size_t len, xapian_error *err);
    void *ctx;
    const char *prefix;
    size_t prefix_len;
} xapian_eset_options;

#define XAPIAN_ESET_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        10, 0, "trad", 1.0, 0.0, NULL, NULL, NULL, 0                                                                   \
    }

/* The terms that mark out these documents, best first. `options` may be NULL. */
XAPIAN_C_API xapian_status xapian_enquire_get_eset(xapian_eset **out, xapian_enquire *enquire, const xapian_rset *rset,
                                                   const xapian_eset_options *options, xapian_error *err);
XAPIAN_C_API void xapian_eset_free(xapian_eset *eset);
XAPIAN_C_API size_t xapian_eset_size(const xapian_eset *eset);
/* The i-th term (from 0) and its weight, which may be NULL. XAPIAN_C_RANGE past the end. */
XAPIAN_C_API xapian_status xapian_eset_term(xapian_buffer *out, double *weight, const xapian_eset *eset, size_t i,
                                            xapian_error *err);

/* ---- Match spies ----------------------------------------------------------------------------- */

/* Counts the values of a slot among what the match looks at (see check_at_least). */
XAPIAN_C_API xapian_status xapian_spy_value_count(xapian_spy **out, xapian_valueno slot, xapian_error *err);
/* Calls back for each document the match looks at. Only for local databases. `ctx` must live as long as
   the spy and every enquire it was added to. */
XAPIAN_C_API xapian_status xapian_spy_callback(xapian_spy **out,
                                               xapian_status (*see)(void *ctx, const xapian_document *doc,
                                                                    double weight, xapian_error *err),
                                               void *ctx, xapian_error *err);
XAPIAN_C_API void xapian_spy_free(xapian_spy *spy);
/* For value counts alone, else XAPIAN_C_OPERATION: documents seen; values by bytes; the `max` commonest
   values, most frequent first. xapian_term_iter_termfreq gives the count of each. Iterate them before the
   spy's next match. */
XAPIAN_C_API xapian_status xapian_spy_total(size_t *out, const xapian_spy *spy, xapian_error *err);
XAPIAN_C_API xapian_status xapian_spy_values(xapian_term_iter **out, const xapian_spy *spy, xapian_error *err);
XAPIAN_C_API xapian_status xapian_spy_top_values(xapian_term_iter **out, const xapian_spy *spy, size_t max,
                                                 xapian_error *err);

/* ---- Xapian's own text indexing and query language ------------------------------------------- */

/* Text to terms as stock Xapian tools do it: lower-case words with positions and, with a stemmer, their
   stems with the prefix Z. */
XAPIAN_C_API xapian_status xapian_termgen_create(xapian_termgen **out, const xapian_stem *stem, xapian_error *err);
XAPIAN_C_API void xapian_termgen_free(xapian_termgen *termgen);
/* Terms go to this document from now on, positions from 1 on. The document stays the caller's. */
XAPIAN_C_API xapian_status xapian_termgen_set_document(xapian_termgen *termgen, const xapian_document *doc,
                                                       xapian_error *err);
/* Words also become spellings of this database; NULL: no longer. Text indexed with a prefix does not. */
XAPIAN_C_API xapian_status xapian_termgen_set_spelling(xapian_termgen *termgen, const xapian_writable *db,
                                                       xapian_error *err);
XAPIAN_C_API xapian_status xapian_termgen_index_text(xapian_termgen *termgen, const char *text, size_t len,
                                                     xapian_termcount wdf_inc, const char *prefix, size_t prefix_len,
                                                     bool positions, xapian_error *err);
/* Leaves a gap, so that no phrase spans two pieces of text. */
XAPIAN_C_API xapian_status xapian_termgen_increase_termpos(xapian_termgen *termgen, xapian_termpos gap,
                                                           xapian_error *err);
XAPIAN_C_API xapian_status xapian_termgen_termpos(xapian_termpos *out, const xapian_termgen *termgen,
                                                  xapian_error *err);

enum {
    XAPIAN_PARSE_BOOLEAN = 1,
    XAPIAN_PARSE_PHRASE = 2,
    XAPIAN_PARSE_LOVEHATE = 4,
    XAPIAN_PARSE_BOOLEAN_ANY_CASE = 8,
    XAPIAN_PARSE_WILDCARD = 16, /* needs a database */
    XAPIAN_PARSE_PURE_NOT = 32,
    XAPIAN_PARSE_PARTIAL = 64,   /* needs a database */
    XAPIAN_PARSE_SPELLING = 128, /* needs a database */
    XAPIAN_PARSE_SYNONYM = 256,  /* needs a database */
    XAPIAN_PARSE_AUTO_SYNONYMS = 512,
    XAPIAN_PARSE_DEFAULT = 7
};

typedef struct xapian_parse_prefix {
    const char *field;  /* as typed before the colon */
    const char *prefix; /* as it stands in terms */
    bool boolean;       /* filters, and does not weigh */
} xapian_parse_prefix;

typedef struct xapian_parse_options {
    const xapian_stem *stem; /* or NULL */
    xapian_op default_op;    /* OR or AND, or NEAR, PHRASE, ELITE_SET, SYNONYM, MAX */
    unsigned flags;
    const xapian_database *db;      /* or NULL */
    xapian_termcount max_expansion; /* of a wildcard; 0: any number */
    const xapian_parse_prefix *prefixes;
    size_t prefix_count;
    const char *default_prefix; /* for words without a field; or NULL */
} xapian_parse_options;

#define XAPIAN_PARSE_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        NULL, XAPIAN_OP_OR, XAPIAN_PARSE_DEFAULT, NULL, 0, NULL, 0, NULL                                               \
    }

/* Parses Xapian's query language. `corrected`, which may be NULL, gets the text with its spelling corrected
   if XAPIAN_PARSE_SPELLING found something to correct, else an empty string. XAPIAN_C_QUERY_PARSER if it
   cannot be parsed. `options` may be NULL. */
XAPIAN_C_API xapian_status xapian_query_parse(xapian_query **out, xapian_buffer *corrected, const char *text,
                                              size_t len, const xapian_parse_options *options, xapian_error *err);

#ifdef __cplusplus
}
#endif

#endif

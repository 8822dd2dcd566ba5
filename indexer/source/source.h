/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and streams -> articles. Each kind of input is one file here behind mrg_reader_kind: bytes in,
 * articles out, a place for error lines. What becomes of the articles is left to the caller.
 */
#ifndef MRG_SOURCE_H
#define MRG_SOURCE_H

#include <sys/stat.h>

#include "core/error.h"

typedef struct mrg_source_options {
    const char *input;           /* kind by name; NULL: found by content */
    const char *const *fields;   /* "text=body", NULL-terminated; NULL: none */
    uint64_t max_article_bytes;  /* 0: 64 MiB */
    uint64_t max_inflated_bytes; /* 0: 64 GiB */
    unsigned max_inflate_ratio;  /* 0: 200 */
} mrg_source_options;

typedef struct mrg_source_handler {
    /* One article. Its strings are valid UTF-8 and lent for the call; `id` and `text` are always set.
       `place` says where it came from: "news.jsonl:12". A status other than OK stops the reading and is
       what mrg_source_read returns. */
    morgue_status (*article)(void *ctx, const morgue_article *article, const char *place, morgue_error *err);
    /* After an article was taken: the kind of input it came from, and how many bytes of the source itself were
       read so far. May be NULL. */
    void (*took)(void *ctx, const char *kind, uint64_t read_bytes);
    /* One thing that could not be read: "news.jsonl:12: no text; skipped". */
    void (*skipped)(void *ctx, const char *line);
    /* A source begins (for progress); may be NULL. Non-zero stops with CANCELLED. */
    int (*begins)(void *ctx, const char *path);
    /* Before and after a file is read; both may be NULL. Non-zero from is_known leaves it out: it is as it
       was. `ends` comes only for what was read to its end. */
    int (*is_known)(void *ctx, const char *path, const struct stat *st, int fd);
    void (*ends)(void *ctx, const char *path, const struct stat *st, uint32_t checksum);
    /* A crawler's visit to an address: it found the page as it was before (`id` is NULL), or an article whose
       id is another; the article itself has `captured`. May be NULL. */
    morgue_status (*captured)(void *ctx, const char *address, const char *id, const char *date, morgue_error *err);
    void *ctx;
} mrg_source_handler;

/*
 * Reads a file, a directory (recursively, names in byte order, links to directories not followed,
 * hidden names left out) or standard input ("-"). What cannot be read is told to `skipped`, and the
 * rest goes on with OK; a failure here is the handler's, or NOMEM, or INVALID options.
 */
morgue_status mrg_source_read(const char *path, const mrg_source_options *options, const mrg_source_handler *handler,
                              morgue_error *err);

/* Kinds by name, NULL-terminated. */
const char *const *mrg_source_kinds(void);

/* Checks options before anything is read: unknown kind, malformed or unknown field mapping. */
morgue_status mrg_source_options_check(const mrg_source_options *options, morgue_error *err);

/* ---- dates, for the readers and the indexer alike (date.c) ---- */

typedef enum mrg_date_precision { MRG_DATE_NONE = 0, MRG_DATE_YEAR, MRG_DATE_MONTH, MRG_DATE_DAY, MRG_DATE_SECOND } mrg_date_precision;

typedef struct mrg_date {
    mrg_date_precision precision;
    int year;               /* 1 to 9999 */
    int month, day;         /* 1 to 12, 1 to 31; 0 where the precision is less */
    int64_t seconds;        /* UTC since 1970, of the beginning of it */
} mrg_date;

/* Parses ISO 8601 in its usual forms, RFC 2822 ("Sat, 01 Mar 2014 18:15:00 +0100"), "March 1, 2014",
   "1 March 2014", "Aug. 24, 1991", 20140301. Zones become UTC; without a zone a time is taken as UTC.
   Returns non-zero if the whole string is a date that exists. */
int mrg_date_parse(mrg_date *out, const char *s, size_t len);

/* The second that is so many after the beginning of 1970, UTC; in the years 1 to 9999. */
mrg_date mrg_date_of_seconds(int64_t seconds);
#define MRG_FIRST_SECOND (-62135596800)
#define MRG_LAST_SECOND 253402300799

/* ISO 8601, as precise as the date; "" for none. */
enum { MRG_DATE_TEXT_BYTES = 32 };
void mrg_date_format(const mrg_date *date, char out[MRG_DATE_TEXT_BYTES]);

#endif

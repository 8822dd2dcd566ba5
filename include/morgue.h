/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * morgue.h: full-text search for news archives.
 *
 * An archive is a directory. A morgue_indexer writes articles into it, a morgue_searcher answers
 * queries against it; both programs, morgue-index and morgue-search, use this header and nothing else.
 *
 * Rules that hold everywhere:
 *  - Text is UTF-8. Invalid bytes are replaced, never fatal. Strings are NUL-terminated.
 *  - Every fallible function returns a morgue_status, 0 for success, and fills `err` (which may be
 *    NULL) with one line that adds what the caller lacks. The library never prints, exits or aborts,
 *    installs no signal handler and does not look at the locale.
 *  - `T **out` gives: the caller frees, and *out is NULL after a failure. A returned `const T *`
 *    lends until its parent is closed, freed or moved on. Every close and free accepts NULL.
 *  - An options struct that is all zero means the defaults; use the _INIT macro.
 *  - Threads: one object, one thread at a time. Different objects, also over the same archive, may be
 *    used from different threads at once. Only the functions that say so may be called from any thread.
 *  - The binary interface: a program that was linked with libmorgue.so.N runs with every later libmorgue.so.N.
 *    Functions, members and the values of enums are added, never changed or taken away; a later library may return
 *    enum values that are new. Structs that the caller provides grow into their `reserved` members, which must be
 *    zero; those that come in arrays stay as they are. What breaks this rule changes N. While the version is
 *    0.x, a new minor version may do that.
 */
#ifndef MORGUE_H
#define MORGUE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MORGUE_API __attribute__((visibility("default")))
#else
#define MORGUE_API
#endif

#define MORGUE_VERSION_MAJOR 0
#define MORGUE_VERSION_MINOR 1
#define MORGUE_VERSION_PATCH 0

/* The version of the library in use, as "0.1.0". */
MORGUE_API const char *morgue_version(void);

/* The version of libxapian in use, as "1.4.22". */
MORGUE_API const char *morgue_xapian_version(void);

/* ---- Errors ---------------------------------------------------------------------------------- */

typedef enum morgue_status {
    MORGUE_OK = 0,
    MORGUE_ERR_NOMEM = -1,     /* memory ran out */
    MORGUE_ERR_INVALID = -2,   /* an argument or a query is not valid; err->column may say where */
    MORGUE_ERR_IO = -3,        /* the operating system refused a file operation */
    MORGUE_ERR_CORRUPT = -4,   /* an archive or an input does not hold what it should */
    MORGUE_ERR_LOCKED = -5,    /* another process is writing this archive */
    MORGUE_ERR_VERSION = -6,   /* the archive needs another version of this library */
    MORGUE_ERR_NOT_FOUND = -7, /* no such archive, article or file */
    MORGUE_ERR_CANCELLED = -8, /* stopped by a cancel call or a callback */
    MORGUE_ERR_LIMIT = -9,     /* a bound that an option sets was reached */
    MORGUE_ERR_INTERNAL = -10  /* a fault in this library or in one it uses */
} morgue_status;

#define MORGUE_MESSAGE_BYTES 400

typedef struct morgue_error {
    morgue_status status;
    int column; /* for a query: the first character at fault, from 1; else 0 */
    char message[MORGUE_MESSAGE_BYTES]; /* one line, valid UTF-8, no line end */
} morgue_error;

/* A few words for a status, never NULL: "archive is locked". */
MORGUE_API const char *morgue_status_text(morgue_status status);

/* ---- Articles in ----------------------------------------------------------------------------- */

/* One article as it goes in. Everything but `text` may be NULL. The strings are only read during the
   call that takes the struct. */
typedef struct morgue_article {
    const char *id;     /* unique in the archive; an article with the same id replaces the old one */
    const char *title;
    const char *text;   /* paragraphs are separated by empty lines */
    size_t text_len;    /* in bytes; 0: up to the NUL */
    const char *date;   /* when it was published, ISO 8601: 2014, 2014-03, 2014-03-01, 2014-03-01T18:15:00Z */
    const char *url;
    const char *source; /* who published it */
    const char *author;
    const char *lang;   /* ISO 639-1, "en"; NULL: the archive's */
    const char *subject;  /* what the publisher says it is about, semicolons between: "Sport; Tennis" */
    const char *captured; /* when a crawler fetched it, ISO 8601; the first and the last time are kept of each id */
    uint32_t version;     /* of the article, as the publisher counts them: a lower one never replaces a higher; 0: none */
    uint64_t reserved[4]; /* zeros */
} morgue_article;

typedef struct morgue_progress {
    uint64_t article_count;   /* articles taken so far in this run, unchanged ones included */
    uint64_t unchanged_count; /* of these, already in the archive with the same content */
    uint64_t replaced_count;  /* of these, new versions of articles that were there */
    uint64_t deleted_count;   /* articles that went because their source did (see `mirror`) */
    uint64_t skipped_count;   /* sources and articles that could not be read */
    uint64_t text_bytes;      /* of text taken so far, without that of files that are as they were */
    uint64_t source_bytes;    /* of files read or passed over as unchanged so far, as they are on the disk */
    const char *place;        /* the source being read, lent for the call */
    uint64_t reserved[4]; /* zeros */
} morgue_progress;

typedef struct morgue_index_options {
    size_t memory_bytes;       /* for inverting text before it is written; 0: 256 MiB; at least 8 MiB */
    unsigned jobs;             /* analysis threads; 0: the number of processors, 64 at most */
    unsigned lock_timeout_ms;  /* how long to wait for another writer; 0: do not wait */
    int no_entities;           /* leave names out */
    int mirror;                /* add_source deletes articles whose file is gone, or that their file lost */
    double resemblance;        /* articles that share so much of their text are versions of one: 0.1 to 1; 0: 0.5;
                                  negative: versions are not looked for */
    uint64_t commit_every;     /* add_source commits after so many changes by itself: what is known of articles that are
                                  not committed yet takes some 600 bytes each; 0: never */
    int dry_run;               /* only count what would happen: nothing is written, no archive is made */
    const char *model;         /* path of a names model, see morgue-train; NULL: $MORGUE_MODEL, else the installed one;
                                  "" or none installed: names are found by rules alone */
    const char *names;         /* a file with a list of names of your own, which the archive keeps and obeys from the
                                  next commit on; "": it forgets the one it has; NULL: it stays. A line a name, with
                                  tabs between: id, type (or - for what is no name), name, alias|alias, not:form */
    int open_existing;         /* fail with NOT_FOUND instead of making a new archive */
    const char *lang;          /* of articles that do not say, decides stemming; NULL: the archive's, else "en" */
    const char *input;         /* a kind of input by name, see morgue_input_kinds(); NULL: found by content */
    const char *const *fields; /* "text=body" mappings, ours=theirs; NULL-terminated; NULL: none */
    uint64_t max_article_bytes;  /* longer ones are skipped with a message; 0: 16 MiB; at most 256 MiB */
    uint64_t max_inflated_bytes; /* of one compressed source; 0: 64 GiB */
    unsigned max_inflate_ratio;  /* inflated to compressed bytes, past the first 64 MiB; 0: 200 */
    /* Both callbacks run on the thread that called into the indexer. `message` gets one line for each
       source or article that was skipped: name, place and cause. `progress` returns non-zero to cancel. */
    void (*message)(void *ctx, const char *line);
    int (*progress)(void *ctx, const morgue_progress *progress);
    void *ctx;
    int pair_percent;          /* lists of frequent words side by side, with which phrases of them are fast, may take so
                                  many bytes for each 100 of the other lists: 1 to 50; 0: as the archive has it, at
                                  first 3; negative: none. The archive keeps it; segments that are there have what
                                  they have until they are merged or compacted */
    int no_text;               /* keep words and titles, but not the texts, of the articles that come now: they are
                                  found as ever, and have no text and no snippet. Versions of them are found only
                                  within a commit. Names are kept with texts, so it is INVALID without no_entities */
    uint64_t reserved[3];      /* zeros */
} morgue_index_options;

#define MORGUE_INDEX_OPTIONS_INIT { 0 }

typedef struct morgue_indexer morgue_indexer;

/* Opens the archive at `path` for writing, and makes one if there is none. Only one indexer at a time,
   in any process: LOCKED when another stays longer than the timeout. */
MORGUE_API morgue_status morgue_indexer_open(morgue_indexer **out, const char *path, const morgue_index_options *options,
                                             morgue_error *err);

/* Adds one article, or replaces the one with its id; with the same content it is left as it is.
   Visible to searches after the next commit. An article that cannot be taken (no id, no text, too
   long) is INVALID or LIMIT, and the indexer stays usable. */
MORGUE_API morgue_status morgue_indexer_add(morgue_indexer *indexer, const morgue_article *article, morgue_error *err);

/* Adds every article of a file, a directory (recursively) or standard input ("-"). A file that is as it was when
   it was last read under this path, by size and time or by its content, is not read again. What cannot be read
   is told to `message` and counted in skipped_count, and the rest goes on: the status is then OK.
   CANCELLED leaves what was added so far to be committed. */
MORGUE_API morgue_status morgue_indexer_add_source(morgue_indexer *indexer, const char *path, morgue_error *err);

/* Deletes the article with this id; NOT_FOUND when there is none. */
MORGUE_API morgue_status morgue_indexer_delete(morgue_indexer *indexer, const char *id, morgue_error *err);

/* Deletes every committed article that matches a query; *count (may be NULL) says how many. */
MORGUE_API morgue_status morgue_indexer_delete_query(morgue_indexer *indexer, const char *query, uint64_t *count,
                                                     morgue_error *err);

/* Makes everything so far durable and visible, all of it or, after a crash, none of it. */
MORGUE_API morgue_status morgue_indexer_commit(morgue_indexer *indexer, morgue_error *err);

/* Commits, then rewrites the archive as one segment without deleted articles. */
MORGUE_API morgue_status morgue_indexer_compact(morgue_indexer *indexer, morgue_error *err);

/* Asks a running add_source to stop after the current article. Any thread; also a signal handler. */
MORGUE_API void morgue_indexer_cancel(morgue_indexer *indexer);

/* What was taken since the indexer was opened. */
MORGUE_API void morgue_indexer_progress(const morgue_indexer *indexer, morgue_progress *out);

/* How many articles came from inputs of a kind since the indexer was opened; 0 for an unknown one. */
MORGUE_API uint64_t morgue_indexer_kind_count(const morgue_indexer *indexer, const char *kind);

/* Closes without committing: what was added since the last commit is gone. */
MORGUE_API void morgue_indexer_close(morgue_indexer *indexer);

/* The kinds of input this build reads, NULL-terminated: "text", "html", "json", "jsonl" ... What is compressed, or
   in a tar or zip file, is taken as what it holds. */
MORGUE_API const char *const *morgue_input_kinds(void);

/* Reads a source as morgue_indexer_add_source does, without an archive: each article goes to `article`, with the
   place that it came from; both are lent for the call. It returns non-zero to stop (CANCELLED). Of the options,
   those about inputs count, and the `message` callback. */
MORGUE_API morgue_status morgue_extract(const char *path, const morgue_index_options *options,
                                        int (*article)(void *ctx, const morgue_article *article, const char *place),
                                        void *ctx, morgue_error *err);

/* ---- The archive as a whole ------------------------------------------------------------------ */

typedef struct morgue_stats {
    uint64_t article_count;
    uint64_t deleted_count;    /* articles replaced or deleted that still take space */
    uint64_t segment_count;
    uint64_t token_count;      /* words of all articles */
    uint64_t entity_count;     /* distinct names */
    uint64_t commit_number;
    uint64_t segment_index_bytes; /* dictionary, postings and positions */
    uint64_t segment_text_bytes;  /* stored articles */
    uint64_t catalogue_bytes;
    uint64_t names_bytes;
    unsigned format_version;
    char lang[16];
    uint64_t reserved[4]; /* zeros */
} morgue_stats;

/* What the last commit of an archive holds, and how large it is; opens nothing for writing. */
MORGUE_API morgue_status morgue_archive_stats(const char *path, morgue_stats *out, morgue_error *err);

/* Verifies every checksum and invariant of the last commit. Each problem is told to `report` (may be
   NULL) as one line; the status is CORRUPT if there was any. Changes nothing. */
MORGUE_API morgue_status morgue_archive_check(const char *path, void (*report)(void *ctx, const char *line), void *ctx,
                                              morgue_error *err);

/* ---- Searching ------------------------------------------------------------------------------- */

typedef struct morgue_searcher morgue_searcher;
typedef struct morgue_results morgue_results;
typedef struct morgue_hit morgue_hit;

/* Opens `path_count` archives to be searched as one, at their last commit. */
MORGUE_API morgue_status morgue_searcher_open(morgue_searcher **out, const char *const *paths, size_t path_count,
                                              morgue_error *err);
MORGUE_API void morgue_searcher_close(morgue_searcher *searcher);

/* Moves on to the newest commit; cheap when there is none. Results of before stay as they are. */
MORGUE_API morgue_status morgue_searcher_refresh(morgue_searcher *searcher, morgue_error *err);

/* Makes a running search return CANCELLED soon; any thread. The next search runs as usual. */
MORGUE_API void morgue_searcher_cancel(morgue_searcher *searcher);

/* How many articles the opened archives hold. */
MORGUE_API uint64_t morgue_searcher_article_count(const morgue_searcher *searcher);

typedef enum morgue_sort {
    MORGUE_SORT_RELEVANCE = 0,
    MORGUE_SORT_NEWEST,
    MORGUE_SORT_OLDEST
} morgue_sort;

typedef struct morgue_search_options {
    size_t limit;      /* hits to return; 0: 10; MORGUE_NO_HITS: none, for a count */
    size_t offset;     /* hits to leave out first */
    morgue_sort sort;
    int any;           /* ranked by any of the words, instead of all of them */
    int exact_count;   /* count every match, so that morgue_results_count is exact */
    size_t count_up_to; /* or count at least so many, so that small counts are exact; costs less */
    const char *lang;  /* stem the query's words in this language; NULL: the archive's */
    unsigned timeout_ms; /* 0: none; then CANCELLED */
    const char *since;   /* a cursor of morgue_searcher_cursor(): only articles that came, or were changed, after it;
                            NULL: all */
    unsigned recency_days; /* by relevance: what an article weighs halves with every so many days before the newest
                              article of the archives; one without a date counts as the oldest. 0: age does not matter */
    uint64_t reserved[4]; /* zeros */
} morgue_search_options;

#define MORGUE_SEARCH_OPTIONS_INIT { 0 }
#define MORGUE_NO_HITS ((size_t)-1)

/* Runs a query; see morgue-search --help-query for the language. A query that cannot be read is
   INVALID with err->column set. *out is to be freed, before the searcher is closed. */
MORGUE_API morgue_status morgue_search(morgue_searcher *searcher, const char *query, const morgue_search_options *options,
                                       morgue_results **out, morgue_error *err);
MORGUE_API void morgue_results_free(morgue_results *results);

/* More like this: articles with the most telling words and names of the article with this id, the closest first,
   so versions of it before others; the article itself is left out. NOT_FOUND when there is none with the id. The
   results are as those of a search: the words and names are what is marked and explained. Of the options, `any`
   has no meaning, and `lang` is the article's own language if NULL. */
MORGUE_API morgue_status morgue_similar(morgue_searcher *searcher, const char *id, const morgue_search_options *options,
                                        morgue_results **out, morgue_error *err);

/* Where the opened archives end now: a short text without white space, to be kept and given to a later search
   as `since`, also by another process. Asked for after a search, it is where the archives ended for that search.
   It stays good while the archives are added to, merged and compacted; a search is INVALID with a cursor
   that does not know one of its archives, or knows more of it than there is (an older copy was put back). NULL
   on failure. Lent until the next call, or until the searcher is closed. */
MORGUE_API const char *morgue_searcher_cursor(morgue_searcher *searcher, morgue_error *err);

/* How many articles match, at least and at most; equal when the count is exact. Either may be NULL. */
MORGUE_API void morgue_results_count(const morgue_results *results, uint64_t *at_least, uint64_t *at_most);

/* The query as it was understood, with frequencies and what names were resolved to; several lines. */
MORGUE_API const char *morgue_results_explain(const morgue_results *results);

/* Notes for the person who asked, such as other names that matched; NULL past the last. */
MORGUE_API const char *morgue_results_note(const morgue_results *results, size_t index);

/* A better spelled query: the text as it was asked, with words replaced that are in no article (or, where next to
   nothing was found, in few), also those of names, sources and authors. NULL when none is known with which clearly
   more is found, or not within half a second (or the search's timeout_ms), and on failure, with err->status set.
   Looked for at the first call, which searches several times. Lent by the results; the searcher must not be closed
   yet. */
MORGUE_API const char *morgue_results_suggestion(morgue_results *results, morgue_error *err);

/* The hits of this page in order. A hit is lent until the results are freed. */
MORGUE_API size_t morgue_results_size(const morgue_results *results);
MORGUE_API const morgue_hit *morgue_results_hit(const morgue_results *results, size_t index);

/* Fields are never NULL; an absent one is "". They are what the article had when it was found, also when it was replaced since. */
MORGUE_API const char *morgue_hit_id(const morgue_hit *hit);
MORGUE_API const char *morgue_hit_title(const morgue_hit *hit);
MORGUE_API const char *morgue_hit_date(const morgue_hit *hit); /* as precise as it was given */
MORGUE_API const char *morgue_hit_url(const morgue_hit *hit);
MORGUE_API const char *morgue_hit_source(const morgue_hit *hit);
MORGUE_API const char *morgue_hit_author(const morgue_hit *hit);
MORGUE_API const char *morgue_hit_lang(const morgue_hit *hit);
MORGUE_API const char *morgue_hit_subject(const morgue_hit *hit); /* semicolons between */
MORGUE_API const char *morgue_hit_archive(const morgue_hit *hit); /* the path given to open */
MORGUE_API double morgue_hit_score(const morgue_hit *hit);
MORGUE_API uint32_t morgue_hit_docid(const morgue_hit *hit);      /* within its archive, of this commit */

/* How many other versions of this article its archive holds (reposts, updates, edited copies, as they were found
   while indexing), and the earliest date among all of them, "" if none is dated. Either may be NULL; lent by the hit. */
MORGUE_API morgue_status morgue_hit_versions(const morgue_hit *hit, size_t *count, const char **first_date,
                                             morgue_error *err);

/* When a crawler fetched the article, or found it unchanged, the first and the last time: ISO 8601, or "" where
   nothing is known of that. Lent by the hit. */
MORGUE_API morgue_status morgue_hit_captured(const morgue_hit *hit, const char **first, const char **last,
                                             morgue_error *err);

/* The whole text of an article; lent by the hit, fetched at the first call. */
MORGUE_API morgue_status morgue_hit_text(const morgue_hit *hit, const char **text, size_t *text_len, morgue_error *err);

/* A stretch of a text, in bytes. */
typedef struct morgue_span {
    uint32_t begin, end;
} morgue_span;

typedef struct morgue_snippet {
    const char *text;          /* one line, no control characters */
    size_t text_len;
    const morgue_span *matches; /* inside `text`, ascending, not overlapping */
    size_t match_count;
    uint64_t reserved[4]; /* zeros */
} morgue_snippet;

/* The window of at most about `max_chars` characters (0: 240) that shows the match best; empty where
   there is no text. Lent by the hit until its next snippet of another length. */
MORGUE_API morgue_status morgue_hit_snippet(const morgue_hit *hit, size_t max_chars, morgue_snippet *out, morgue_error *err);

/* Where the query matches in title (in_title non-zero) or text; lent by the hit until the next call. */
MORGUE_API morgue_status morgue_hit_matches(const morgue_hit *hit, int in_title, const morgue_span **spans,
                                            size_t *span_count, morgue_error *err);

typedef struct morgue_entity {
    const char *type;      /* "person", "org", "place", "event" */
    const char *name;      /* canonical */
    uint32_t mention_count; /* in this article */
    unsigned age;          /* of a person, as the article gives it; 0: it does not */
    const char *role;      /* likewise, the first one: "Russian President"; "" for none */
} morgue_entity;

/* The names in an article, most mentioned first; lent by the hit. */
MORGUE_API morgue_status morgue_hit_entities(const morgue_hit *hit, const morgue_entity **entities, size_t *entity_count,
                                             morgue_error *err);

/* One place where a name stands. */
typedef struct morgue_mention {
    morgue_span span;
    uint32_t entity; /* index into what morgue_hit_entities gives */
} morgue_mention;

/* Where names stand in title (in_title non-zero) or text, ascending; lent by the hit. */
MORGUE_API morgue_status morgue_hit_mentions(const morgue_hit *hit, int in_title, const morgue_mention **mentions,
                                             size_t *mention_count, morgue_error *err);

/* A date that an article speaks of: a day, month, year or decade. */
typedef struct morgue_date {
    const char *value;      /* "2014-03-01", "2014-03", "2014", "1990s" */
    uint32_t mention_count; /* in this article */
} morgue_date;

/* The dates that an article speaks of, ascending; relative ones ("last Tuesday") as counted from the day of its
   publication. Lent by the hit. */
MORGUE_API morgue_status morgue_hit_dates(const morgue_hit *hit, const morgue_date **dates, size_t *date_count,
                                          morgue_error *err);

/* Where they stand, as morgue_hit_mentions does it; `entity` is the index into what morgue_hit_dates gives. */
MORGUE_API morgue_status morgue_hit_date_mentions(const morgue_hit *hit, int in_title, const morgue_mention **mentions,
                                                  size_t *mention_count, morgue_error *err);

/* Versions of an article among the hits of this page, as they were found while indexing; between archives, and
   where they were not looked for then, texts that are nearly the same. (*group_of)[i] is the index of the earliest hit
   that hit i is a version of, or i. One for each hit, for the first 1,000 of them; lent by the results. Comparing
   texts, at the first call, takes a millisecond for four or five articles. */
MORGUE_API morgue_status morgue_results_group(morgue_results *results, const size_t **group_of, morgue_error *err);

/* ---- Names --------------------------------------------------------------------------------------- */

typedef struct morgue_name_alias {
    const char *form; /* as articles write it */
    uint32_t count;   /* mentions in this form */
} morgue_name_alias;

/* What the archives know of one name. */
typedef struct morgue_name {
    const char *key;  /* "p:vladimir putin", which tells names apart */
    const char *type; /* "person", "org", "place", "event"; of an export also "-", what the user's list says is none */
    const char *name; /* canonical */
    uint64_t article_count, mention_count;
    const char *first_date, *last_date; /* of its articles, "2014-03-01", or "" if none is dated. They were exact when
                                           the articles came; of those that were deleted they still tell */
    const morgue_name_alias *aliases;   /* most frequent first; one of them may be the name itself. Then, with the
                                           count 0, what the user's list adds and takes away ("not:form") */
    size_t alias_count;
    const char *how; /* of a find: "name", "alias", "word", "prefix", "spelling", "sound" */
} morgue_name;

typedef struct morgue_names morgue_names;

/* What a name may mean, the likeliest first, at most `max` (0: 10): names and aliases, then names with these words,
   with words that begin so, with words that are spelled nearly so (one edit from 5 letters, two from 9), and if
   there are none of these, names that sound alike. `type`: "person" and so on, or NULL for any; INVALID for
   another. None found is no failure. *out is to be freed; it does not need the searcher any more. */
MORGUE_API morgue_status morgue_names_find(morgue_searcher *searcher, const char *type, const char *text, size_t max,
                                           morgue_names **out, morgue_error *err);
MORGUE_API size_t morgue_names_size(const morgue_names *names);
MORGUE_API const morgue_name *morgue_names_at(const morgue_names *names, size_t index); /* NULL past the last */
MORGUE_API void morgue_names_free(morgue_names *names);

/* Every name of the archives and of their users' lists, in the order of keys: as rows that morgue-index --names
   takes, once edited. `visit` returns non-zero to stop, which is no failure; what it
   gets is lent for the call. */
MORGUE_API morgue_status morgue_names_each(morgue_searcher *searcher, int (*visit)(void *ctx, const morgue_name *name),
                                           void *ctx, morgue_error *err);

/* ---- Overviews: what all matching articles have, not just those of the page ------------------------ */

typedef enum morgue_facet {
    MORGUE_FACET_PERSON = 0,
    MORGUE_FACET_ORG,
    MORGUE_FACET_PLACE,
    MORGUE_FACET_EVENT,
    MORGUE_FACET_SOURCE, /* values that have the same words are one, as they are in a query */
    MORGUE_FACET_AUTHOR, /* likewise */
    MORGUE_FACET_SUBJECT, /* likewise; an article may have several */
    MORGUE_FACET_LANG,
    MORGUE_FACET_YEAR, /* "2014" */
    MORGUE_FACET_MONTH, /* "2014-03" */
    MORGUE_FACET_DAY /* "2014-03-01" */
} morgue_facet;

typedef struct morgue_facet_value {
    const char *value; /* a name in its canonical form, a source as one of the articles has it, a date */
    const char *key;   /* of a name: "p:vladimir putin", which tells names apart; else the same as value */
    uint64_t count;    /* matching articles that have it, exact */
} morgue_facet_value;

/* The values of a field over all matching articles, at most `max` of them (0: all): the most frequent first, dates
   ascending. Articles that lack the field, or whose date is less precise, count under "", except for names and subjects. A
   month or a day without articles is left out. *total (may be NULL): how many values there are. Lent by the
   results until the same facet is asked for again.
   The first overview of some results runs the query once more, to the end; each takes as long as the search may at
   most, and is stopped by morgue_searcher_cancel() too. When newer commits have overwritten what the results refer
   to, the newest commit is counted. Of results of morgue_fetch() the one hit is counted. */
MORGUE_API morgue_status morgue_results_facet(morgue_results *results, morgue_facet facet, size_t max,
                                              const morgue_facet_value **values, size_t *value_count, size_t *total,
                                              morgue_error *err);

typedef struct morgue_associate {
    const char *type;    /* "person", "org", "place", "event" */
    const char *name;    /* canonical */
    const char *key;     /* "p:vladimir putin" */
    uint64_t count;      /* matching articles with this name */
    uint64_t everywhere; /* articles of the archives with it */
    double surprise;     /* how far this is above what chance would give; above 0, the higher the further */
} morgue_associate;

/* The names that the matching articles are about: those that occur in more of them than chance would have it, the
   most surprising first, at most `max` (0: all). `types`: "person,org", or NULL for all. Names that the query
   itself asks for are left out, so that the results of name:"X" give the names that X occurs with. Lent by the
   results until the next call. Otherwise like morgue_results_facet. */
MORGUE_API morgue_status morgue_results_names(morgue_results *results, const char *types, size_t max,
                                              const morgue_associate **names, size_t *name_count, morgue_error *err);

/* One article by its id, as a result with one hit; NOT_FOUND when there is none. `query` (may be NULL)
   decides what morgue_hit_matches marks. */
MORGUE_API morgue_status morgue_fetch(morgue_searcher *searcher, const char *id, const char *query, morgue_results **out,
                                      morgue_error *err);

/* ---- Help while typing ------------------------------------------------------------------------ */

/* The query that `text` is the beginning of, to search with each key: what is open at its end is closed, what waits
   for more there is left out (an operator, a field without a value), and the last word counts as whole or as
   begun: "merkel sar" gives "merkel (sar OR sar*)". Empty if nothing was typed that could be searched. Writes it into
   `out` with its NUL if it fits into `size` bytes, else an empty text; returns how long it is without the NUL. `out` may be
   NULL if `size` is 0. Any thread. */
MORGUE_API size_t morgue_query_typed(const char *text, char *out, size_t size);

typedef struct morgue_completion {
    const char *text;
    const char *kind; /* "word"; "person", "org", "place", "event"; "source", "author", "lang", "date"; "field", "operator",
                         "slot" */
    uint64_t count;   /* articles with it; 0 for fields, operators and slots */
} morgue_completion;

typedef struct morgue_completions morgue_completions;

/* Ways to go on typing a query, of which `text` is the beginning: words of the archives, names, fields and their
   values, whatever fits at its end, the most useful first, at most `max` (0: 10; 1,000 at most). Comparison folds
   case and accents; words come folded, names as they are written. Of what is no query yet nothing is an error. */
MORGUE_API morgue_status morgue_complete(morgue_searcher *searcher, const char *text, size_t max,
                                         morgue_completions **out, morgue_error *err);
MORGUE_API size_t morgue_completions_size(const morgue_completions *completions);
MORGUE_API const morgue_completion *morgue_completions_at(const morgue_completions *completions, size_t index);
/* Each completion takes the place of what was typed from this byte on. */
MORGUE_API size_t morgue_completions_from(const morgue_completions *completions);
MORGUE_API void morgue_completions_free(morgue_completions *completions);

/* ---- Sessions: searching from an event loop ---------------------------------------------------

   A session searches on a thread of its own, so that a user interface never waits. A question takes the place of the
   one before it, which stops where it is: search as you type asks at every key. The answer comes in parts, each as
   soon as it is known, at the newest commit: the page of hits, then what takes longer (the exact count, overviews) as far as it was asked for,
   then an end. Nothing more comes of a question that was replaced or cancelled. All functions of a session and its
   parts may be called from any thread, but a part is for one thread at a time. For what takes no time, such as an
   article by its id, an application has a searcher of its own beside the session. */

typedef struct morgue_session morgue_session;
typedef struct morgue_part morgue_part;

typedef struct morgue_session_options {
    void (*wake)(void *ctx); /* called when a part has come, from the session's thread, to wake the one that takes parts;
                                must not close the session. NULL: morgue_session_fd() says it */
    void *ctx;
    uint64_t reserved[4]; /* zeros */
} morgue_session_options;

#define MORGUE_SESSION_OPTIONS_INIT { 0 }

typedef struct morgue_question {
    const char *query;             /* as for morgue_search; or NULL, and */
    const char *similar_to;        /* an article's id, as for morgue_similar */
    morgue_search_options options; /* of the page; timeout_ms is for each part */
    size_t snippet_chars;          /* snippets of so many characters are made beforehand, for morgue_hit_snippet to give
                                      with the same number; 0: they are not */
    unsigned settle_ms;            /* what comes after the page waits so long for another question first */
    int count;                     /* how many articles match, exactly */
    int suggestion;                /* a better spelled query, as morgue_results_suggestion has it */
    const morgue_facet *facets;    /* values of these, a part each */
    size_t facet_count;
    size_t facet_max;              /* values of each at most; 0: all */
    size_t names_max;              /* names that the matches are about, so many at most; 0: they are not looked for */
    const char *name_types;        /* of these types, as for morgue_results_names */
    uint64_t reserved[4]; /* zeros */
} morgue_question;

#define MORGUE_QUESTION_INIT { 0 }

/* Opens the archives and starts the thread. Closing waits for it, which stops at once; parts that were taken are to be
   freed before. */
MORGUE_API morgue_status morgue_session_open(morgue_session **out, const char *const *paths, size_t path_count,
                                             const morgue_session_options *options, morgue_error *err);
MORGUE_API void morgue_session_close(morgue_session *session);

/* Asks, and never waits. Copies the question. *ticket (may be NULL): a number above 0 that tells its parts. Fails only
   with NOMEM, and INVALID without a query; what was asked before then goes on. */
MORGUE_API morgue_status morgue_session_ask(morgue_session *session, const morgue_question *question, uint64_t *ticket,
                                            morgue_error *err);

/* Leaves off what was asked; parts that wait are dropped. */
MORGUE_API void morgue_session_cancel(morgue_session *session);

/* A descriptor that is readable while parts wait, for poll() and what builds on it. Not to be read or closed. */
MORGUE_API int morgue_session_fd(const morgue_session *session);

/* The next part, to be freed; NULL when none waits. Never waits itself. */
MORGUE_API morgue_part *morgue_session_take(morgue_session *session);
MORGUE_API void morgue_part_free(morgue_part *part);

typedef enum morgue_part_kind {
    MORGUE_PART_PAGE = 0,   /* results with the hits */
    MORGUE_PART_COUNT,      /* how many articles match */
    MORGUE_PART_SUGGESTION, /* a better spelled query; does not come when there is none */
    MORGUE_PART_FACET,      /* values of a field */
    MORGUE_PART_NAMES,      /* names that the matches are about */
    MORGUE_PART_END         /* nothing more comes of this question; morgue_part_error says if something failed */
} morgue_part_kind;

/* What a part tells, and of which question. */
MORGUE_API morgue_part_kind morgue_part_get_kind(const morgue_part *part);
MORGUE_API uint64_t morgue_part_ticket(const morgue_part *part);

/* Of an end: why not all came (a query that cannot be read, a timeout); status OK if all did. Of others always OK. Lent by
   the part. */
MORGUE_API const morgue_error *morgue_part_error(const morgue_part *part);

/* Of a page; lent by the part, NULL of others. While it is held, a searcher of the session is held with it: show it, take
   out what is needed, and free it. What comes after a page may be of a newer commit than the page is. */
MORGUE_API morgue_results *morgue_part_results(const morgue_part *part);

/* Of a count; 0 of others. */
MORGUE_API uint64_t morgue_part_count(const morgue_part *part);

/* Of a suggestion; NULL of others. Lent by the part. */
MORGUE_API const char *morgue_part_suggestion(const morgue_part *part);

/* Of a facet, which one and its values as morgue_results_facet gives them; of others no values. Any of the outs may be
   NULL. Lent by the part. */
MORGUE_API const morgue_facet_value *morgue_part_facet(const morgue_part *part, morgue_facet *facet, size_t *count,
                                                       size_t *total);

/* Of names, as morgue_results_names gives them; of others none. Lent by the part. */
MORGUE_API const morgue_associate *morgue_part_names(const morgue_part *part, size_t *count);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kinds of input share: the source being read, the way articles leave it, and the way
 * complaints do. A kind is a name and a function; source.c chooses one.
 */
#ifndef MRG_READER_H
#define MRG_READER_H

#include "source/stream.h"

enum { MRG_PLACE_BYTES = 320, MRG_INPUT_FIELDS = 10 };

/* What all inputs of one source have used up: a small container must not become endless text. */
typedef struct mrg_budget {
    uint64_t outside; /* bytes read from the source itself */
    uint64_t inside;  /* bytes that came out of containers */
} mrg_budget;

/* One source being read, or one thing inside it. Zero-initialise, reuse for many, dispose. */
typedef struct mrg_input mrg_input;
struct mrg_input {
    const mrg_source_options *options; /* no zeros in it */
    const mrg_source_handler *handler;
    const char *path; /* as given, what messages say */
    const char *id;   /* the path as valid UTF-8 */
    mrg_stream stream;
    mrg_buffer path_text;
    mrg_buffer scratch;                  /* for a kind's own use */
    mrg_buffer fields[MRG_INPUT_FIELDS]; /* tidied fields of the article being delivered */
    const char *kind;                    /* of the reader at work */
    const char *charset;                 /* declared from outside; NULL: not */
    morgue_article given;                /* known from outside, for what an article does not say itself */
    mrg_input *outer, *inner;            /* inner: kept for the next thing inside */
    unsigned depth;                      /* of nesting; 0: the source itself */
    mrg_budget used;                     /* of depth 0 */
};

typedef struct mrg_reader_kind {
    const char *name;
    /* Reads the stream to its end. A failure is the handler's, or memory's; the rest is told. */
    morgue_status (*read)(mrg_input *in, morgue_error *err);
    int is_container; /* of files: a chosen kind is that of what is inside */
} mrg_reader_kind;

extern const mrg_reader_kind mrg_reader_text, mrg_reader_html, mrg_reader_json, mrg_reader_jsonl, mrg_reader_archive,
    mrg_reader_warc, mrg_reader_arc, mrg_reader_feed, mrg_reader_json_feed, mrg_reader_newsml,
    mrg_reader_mail, mrg_reader_csv, mrg_reader_sgml;

/* What kind this is, found by the first bytes, the name breaking ties. NULL with a cause ("not text")
   if it is none. Fills the stream's window. */
morgue_status mrg_detect_kind(mrg_input *in, const mrg_reader_kind **out, const char **cause, morgue_error *err);

/* Tells one line, "<path>: <message>" or "<place>: <message>". */
void mrg_tell(mrg_input *in, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mrg_tell_place(mrg_input *in, const char *place, const char *message);

/* Where an article comes from: the path, shortened in the middle of a directory if it is very long,
   with a separator and a number (":12"). */
void mrg_format_place(char out[MRG_PLACE_BYTES], const char *path, char separator, uint64_t number);

/* Makes the strings of an article tidy (valid UTF-8, one line each but the text), its date ISO 8601 or
   NULL, gives it an id if it has none, and hands it over. An empty text or one too long is told instead. The
   strings may hold anything; text_len counts even if it is 0. */
morgue_status mrg_deliver(mrg_input *in, const morgue_article *article, const char *fallback_id, const char *place,
                          morgue_error *err);

/* Adds a subject to those in `out`, semicolons between, unless it is among them. Of endless lists the first ones. */
void mrg_add_subject(mrg_buffer *out, const char *subject, size_t len);

/* ---- inside: an entry of a tar file, a record of a WARC, a page in a mail (nested.c) ---- */

enum { MRG_DEEPEST_NESTING = 8 };

typedef struct mrg_nested {
    const char *name;     /* added to the path behind a slash; NULL: it has the outer path */
    mrg_byte_source bytes;
    const char *kind;     /* by name; NULL: found by content */
    const char *charset;  /* declared outside, as by HTTP; NULL: not */
    morgue_article given; /* what is known from outside; its text and id do not count */
    int quiet;            /* what is no kind of input is passed over without a line: pictures in a zip file */
} mrg_nested;

/* Reads a thing inside to its end, or until the budget is used up, which is told. Everything in `nested` is
   lent for the call. A failure is the handler's, or memory's. */
morgue_status mrg_read_nested(mrg_input *outer, const mrg_nested *nested, morgue_error *err);

/* Counts bytes that came out of a container and were passed over. Non-zero once too many came out. */
int mrg_budget_spend(mrg_input *in, uint64_t bytes);
#define MRG_BUDGET_PROBLEM "more comes out of this source than is allowed; the rest is skipped"

/* The source itself. */
mrg_input *mrg_input_root(mrg_input *in);

/* Bytes in memory as a source. */
typedef struct mrg_memory_source {
    const unsigned char *bytes;
    size_t len;
} mrg_memory_source;
mrg_byte_source mrg_memory_bytes(mrg_memory_source *memory);

/* Reads what the stream holds as the kind that it is; source.c. */
morgue_status mrg_read_stream(mrg_input *in, const char *kind, int quiet, morgue_error *err);

/* Reads the whole source into the stream's window. *usable is 0 if it was too long or cut; that was
   told, or will be by whoever opened the stream. */
morgue_status mrg_read_whole(mrg_input *in, uint64_t max_bytes, int *usable, morgue_error *err);

void mrg_input_dispose(mrg_input *in);

#endif

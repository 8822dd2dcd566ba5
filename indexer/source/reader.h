/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kinds of input share: the source being read, the way articles leave it, and the way
 * complaints do. A kind is a name and a function; source.c chooses one.
 */
#ifndef MRG_READER_H
#define MRG_READER_H

#include "source/stream.h"

enum { MRG_PLACE_BYTES = 320, MRG_INPUT_FIELDS = 8 };

/* One source being read. Zero-initialise, reuse for many, dispose. */
typedef struct mrg_input {
    const mrg_source_options *options; /* no zeros in it */
    const mrg_source_handler *handler;
    const char *path; /* as given, what messages say */
    const char *id;   /* the path as valid UTF-8 */
    mrg_stream stream;
    mrg_buffer path_text;
    mrg_buffer scratch;                  /* for a kind's own use */
    mrg_buffer fields[MRG_INPUT_FIELDS]; /* tidied fields of the article being delivered */
} mrg_input;

typedef struct mrg_reader_kind {
    const char *name;
    /* Reads the stream to its end. A failure is the handler's, or memory's; the rest is told. */
    morgue_status (*read)(mrg_input *in, morgue_error *err);
} mrg_reader_kind;

extern const mrg_reader_kind mrg_reader_text, mrg_reader_html, mrg_reader_json, mrg_reader_jsonl;

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

/* Reads the whole source into the stream's window. *usable is 0 if it was too long or cut; that was
   told, or will be by whoever opened the stream. */
morgue_status mrg_read_whole(mrg_input *in, uint64_t max_bytes, int *usable, morgue_error *err);

void mrg_input_dispose(mrg_input *in);

#endif

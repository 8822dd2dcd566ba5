/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of one source through one window: read (and inflated) straight into it, looked at in place,
 * never copied. It grows only as far as its user asks. What ends the bytes too early is kept as a
 * sentence for whoever tells it; only memory running out is a failure here.
 */
#ifndef MRG_STREAM_H
#define MRG_STREAM_H

#include "core/buffer.h"
#include "core/error.h"
#include "source/gzip.h"
#include "source/source.h"

enum { MRG_PROBLEM_BYTES = 160 };

/* Where bytes come from when they are no file: out of a container, out of memory. */
typedef struct mrg_byte_source {
    /* Up to `room` bytes; 0 at the end. What ends them too early is written to `problem` as a sentence
       ("cannot read: ...; the rest is skipped"), which is empty before. */
    size_t (*read)(void *ctx, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES]);
    void *ctx;
} mrg_byte_source;

/* Zero-initialise; open, then close, as often as wanted; dispose. The unread bytes are
   data[begin, end); `ended` says that none will follow them. */
typedef struct mrg_stream {
    unsigned char *data;
    size_t begin, end, capacity;
    int ended;
    int fd; /* -1: `from`, or what is in the window is all */
    mrg_byte_source from;
    uint64_t read_bytes; /* so far, as they are outside */
    uint32_t checksum;   /* CRC-32 of these, of a file */
    int inflating;
    int source_ended; /* the file has no more bytes for the inflater */
    mrg_gzip gzip;
    unsigned char *packed; /* read, not yet inflated */
    size_t packed_begin, packed_end;
    int resync;            /* see mrg_stream_resync */
    uint64_t damage_count; /* how often that was done */
    char problem[MRG_PROBLEM_BYTES]; /* what was wrong with the bytes, "" if nothing */
    int cut;           /* they ended early, perhaps in the middle of something */
} mrg_stream;

/* Takes over `fd` and reads the first bytes. gzip is found by its first bytes. `options` has no zeros. */
morgue_status mrg_stream_open(mrg_stream *s, int fd, const mrg_source_options *options, morgue_error *err);

/* The same for bytes that are no file; what `from` needs is lent until the stream is closed. */
morgue_status mrg_stream_open_from(mrg_stream *s, mrg_byte_source from, const mrg_source_options *options,
                                   morgue_error *err);

/* Puts these bytes in place of everything unread; the file is closed. The bytes are copied. */
morgue_status mrg_stream_replace(mrg_stream *s, const mrg_buffer *bytes, morgue_error *err);

/* From now on, also after damage that was met already, damaged gzip data does not end the stream: it goes on with
   the next member. For kinds that find their way again; text has a hole there. */
void mrg_stream_resync(mrg_stream *s);

/* Reads until `wanted` bytes are unread, or all there are. */
morgue_status mrg_stream_fill(mrg_stream *s, size_t wanted, morgue_error *err);

/* Reads a file to its end for its checksum; what is unread is lost. Non-zero if that could be done. */
int mrg_stream_drain(mrg_stream *s);

/* Drops the first n unread bytes. */
void mrg_stream_skip(mrg_stream *s, size_t n);

/* A line without its end, lent until the next call. */
typedef struct mrg_line {
    char *text; /* NULL: there are no more lines */
    size_t len;
    int too_long; /* more than was asked for: it was passed over, len is 0 */
} mrg_line;

/* The next line. The piece of a line before a cut is no line. */
morgue_status mrg_stream_line(mrg_stream *s, size_t max_bytes, mrg_line *out, morgue_error *err);

void mrg_stream_close(mrg_stream *s); /* keeps the memory */
void mrg_stream_dispose(mrg_stream *s);

/* "64 MiB", for messages. */
enum { MRG_SIZE_TEXT_BYTES = 32 };
void mrg_format_size(char out[MRG_SIZE_TEXT_BYTES], uint64_t bytes);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Header fields as HTTP, WARC and mail have them, and the body of a stored HTTP response: without its
 * transfer and content encodings. Nothing here talks to a network.
 */
#ifndef MRG_HTTP_H
#define MRG_HTTP_H

#include <brotli/decode.h>
#include <zlib.h>

#include "source/stream.h"

enum { MRG_HEADER_BYTES = 64 << 10, MRG_CHARSET_BYTES = 48 };

/* A block of fields in memory: "Name: value" lines, folded ones joined. Lent from the block. */
typedef struct mrg_headers {
    char *text;
    size_t len;
} mrg_headers;

/* The length of the block that begins at `bytes`, with the empty line at its end; 0 if that is not there. */
size_t mrg_headers_end(const unsigned char *bytes, size_t len);

/* The value of the first field of this name, in any case, trimmed, in `out`; cut if it is longer. Returns
   non-zero if there is one. */
int mrg_headers_get(const mrg_headers *headers, const char *name, char *out, size_t room);

/* What a Content-Type says: the type in lower case ("text/html"), and the charset, "" for none. */
void mrg_media_type(const char *value, char *type, size_t room, char charset[MRG_CHARSET_BYTES]);

typedef enum mrg_http_coding {
    MRG_CODING_NONE,
    MRG_CODING_DEFLATE,
    MRG_CODING_BROTLI,
    MRG_CODING_OTHER
} mrg_http_coding;

/* A body on its way: chunks joined, deflate and Brotli (RFC 7932) decoded. gzip is left to the stream that reads from it. */
typedef struct mrg_http_body {
    mrg_byte_source from;
    unsigned char *room; /* of MRG_HTTP_ROOM_BYTES, the caller's */
    size_t begin, end;
    int chunked, first;  /* first: no chunk was seen yet */
    uint64_t chunk_left;
    int ended;
    mrg_http_coding coding;
    int inflate_raw, inflated_any;
    z_stream z;
    BrotliDecoderState *brotli;
    unsigned char *packed; /* of MRG_HTTP_ROOM_BYTES, for what is to be decoded; the caller's */
    size_t packed_begin, packed_end;
} mrg_http_body;

enum { MRG_HTTP_ROOM_BYTES = 16 << 10 };

/* Zero it, set `from`, `room` and `packed`, then begin with the response's header fields. 0; -1 when memory
   ran out. Dispose afterwards. *coding says whether the body is in a coding that is not read. */
int mrg_http_body_begin(mrg_http_body *body, const mrg_headers *headers, mrg_http_coding *coding);
mrg_byte_source mrg_http_body_bytes(mrg_http_body *body);
void mrg_http_body_dispose(mrg_http_body *body);

#endif

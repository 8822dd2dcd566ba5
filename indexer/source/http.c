/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/alloc.h"

/* ---- header fields ---- */

size_t mrg_headers_end(const unsigned char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        const unsigned char *newline = memchr(bytes + at, '\n', len - at);
        if (!newline)
            return 0;
        size_t end = (size_t)(newline - bytes), line = end - at;
        if (line == 0 || (line == 1 && bytes[at] == '\r'))
            return end + 1;
        at = end + 1;
    }
    return 0;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Up to the end of the field: a line end that no blank follows. */
static size_t field_end(const mrg_headers *h, size_t at)
{
    while (at < h->len && !(h->text[at] == '\n' && (at + 1 == h->len || !is_blank(h->text[at + 1]) ||
                                                    h->text[at + 1] == '\n' || h->text[at + 1] == '\r')))
        at++;
    return at;
}

static void copy_value(const char *value, size_t len, char *out, size_t room)
{
    size_t n = 0;
    while (len && is_blank(*value)) {
        value++;
        len--;
    }
    for (size_t i = 0; i < len && n + 1 < room; i++) {
        char c = is_blank(value[i]) || !value[i] ? ' ' : value[i];
        if (c != ' ' || (n && out[n - 1] != ' '))
            out[n++] = c;
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = 0;
}

int mrg_headers_get(const mrg_headers *h, const char *name, char *out, size_t room)
{
    size_t name_len = strlen(name);
    out[0] = 0;
    for (size_t at = 0; at < h->len;) {
        size_t end = field_end(h, at);
        if (end - at > name_len && strncasecmp(h->text + at, name, name_len) == 0) {
            size_t colon = at + name_len;
            while (colon < end && (h->text[colon] == ' ' || h->text[colon] == '\t'))
                colon++;
            if (h->text[colon] == ':') {
                copy_value(h->text + colon + 1, end - colon - 1, out, room);
                return 1;
            }
        }
        at = end + 1;
    }
    return 0;
}

void mrg_media_type(const char *value, char *type, size_t room, char charset[MRG_CHARSET_BYTES])
{
    size_t n = strcspn(value, "; \t,");
    snprintf(type, room, "%.*s", (int)(n < room ? n : room - 1), value);
    for (char *p = type; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    charset[0] = 0;
    const char *at = strcasestr(value, "charset=");
    if (!at)
        return;
    at += 8;
    at += *at == '"' || *at == '\'';
    n = strcspn(at, "\"'; \t,");
    if (n < MRG_CHARSET_BYTES)
        snprintf(charset, MRG_CHARSET_BYTES, "%.*s", (int)n, at);
}

/* ---- chunks ---- */

/* Bytes before the decoding, through a small window. 0 at the end. */
static size_t fill(mrg_http_body *b, char problem[MRG_PROBLEM_BYTES])
{
    if (b->begin == b->end) {
        b->begin = 0;
        b->end = b->from.read(b->from.ctx, b->room, MRG_HTTP_ROOM_BYTES, problem);
    }
    return b->end - b->begin;
}

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The line with a chunk's size. 0 if what stands there is none, or the end. */
static int begin_chunk(mrg_http_body *b, char problem[MRG_PROBLEM_BYTES])
{
    char line[64];
    size_t n = 0;
    uint64_t size = 0;
    int digits = 0;
    for (;;) {
        if (!fill(b, problem))
            return 0;
        unsigned char c = b->room[b->begin++];
        if (c == '\n' && n == 0 && !b->first)
            continue; /* the end of the chunk before */
        if (c == '\n')
            break;
        if (c != '\r' && n < sizeof line - 1)
            line[n++] = (char)c;
    }
    for (size_t i = 0; i < n && hex_value((unsigned char)line[i]) >= 0 && digits < 15; i++, digits++)
        size = size * 16 + (uint64_t)hex_value((unsigned char)line[i]);
    b->first = 0;
    b->chunk_left = size;
    return digits > 0 && size > 0;
}

/* Servers say "chunked" of what is not, and so do archives that joined the chunks: the first line decides. */
static int looks_chunked(mrg_http_body *b, char problem[MRG_PROBLEM_BYTES])
{
    size_t n = fill(b, problem), i = 0;
    while (i < n && i < 15 && hex_value(b->room[i]) >= 0)
        i++;
    if (!i || i == n)
        return 0;
    while (i < n && b->room[i] == ' ')
        i++;
    return i < n && (b->room[i] == '\r' || b->room[i] == '\n' || b->room[i] == ';');
}

static size_t read_joined(mrg_http_body *b, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    if (b->chunked && b->first && !looks_chunked(b, problem))
        b->chunked = 0;
    if (b->ended || (b->chunked && !b->chunk_left && !begin_chunk(b, problem))) {
        b->ended = 1;
        return 0;
    }
    size_t n = fill(b, problem);
    if (n > room)
        n = room;
    if (b->chunked && n > b->chunk_left)
        n = (size_t)b->chunk_left;
    memcpy(to, b->room + b->begin, n);
    b->begin += n;
    b->chunk_left -= b->chunked ? n : 0;
    return n;
}

/* ---- decoding ---- */

/* Bytes to be decoded. 0 at the end. */
static size_t fill_packed(mrg_http_body *b, char problem[MRG_PROBLEM_BYTES])
{
    if (b->packed_begin == b->packed_end) {
        b->packed_begin = 0;
        b->packed_end = read_joined(b, b->packed, MRG_HTTP_ROOM_BYTES, problem);
    }
    return b->packed_end - b->packed_begin;
}

/* Deflate: with zlib's header, as the standard has it, or without, as many servers do. */
static size_t read_inflated(mrg_http_body *b, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    b->z.next_out = to;
    b->z.avail_out = (uInt)(room < (1u << 30) ? room : 1u << 30);
    uInt wanted = b->z.avail_out;
    while (b->z.avail_out == wanted && !b->ended) {
        if (!fill_packed(b, problem))
            break;
        b->z.next_in = b->packed + b->packed_begin;
        b->z.avail_in = (uInt)(b->packed_end - b->packed_begin);
        int code = inflate(&b->z, Z_NO_FLUSH);
        if (code == Z_DATA_ERROR && !b->inflated_any && !b->inflate_raw && b->packed_begin == 0) {
            b->inflate_raw = 1;
            if (inflateReset2(&b->z, -15) == Z_OK)
                continue;
        }
        b->inflated_any |= b->z.avail_out != wanted;
        b->packed_begin = b->packed_end - b->z.avail_in;
        b->ended |= code == Z_STREAM_END;
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            snprintf(problem, MRG_PROBLEM_BYTES, "deflate data is damaged; the rest is skipped");
            b->ended = 1;
        }
    }
    return wanted - b->z.avail_out;
}

static size_t read_brotli(mrg_http_body *b, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    size_t left = room;
    while (left == room && !b->ended) {
        /* What is decoded may wait inside when nothing more comes. */
        size_t have = BrotliDecoderHasMoreOutput(b->brotli) ? b->packed_end - b->packed_begin : fill_packed(b, problem);
        const unsigned char *next = b->packed + b->packed_begin;
        if (!have && !BrotliDecoderHasMoreOutput(b->brotli))
            break;
        BrotliDecoderResult result = BrotliDecoderDecompressStream(b->brotli, &have, &next, &left, &to, NULL);
        b->packed_begin = b->packed_end - have;
        if (result == BROTLI_DECODER_RESULT_ERROR)
            snprintf(problem, MRG_PROBLEM_BYTES, "Brotli data is damaged; the rest is skipped");
        b->ended |= result == BROTLI_DECODER_RESULT_ERROR || result == BROTLI_DECODER_RESULT_SUCCESS;
    }
    return room - left;
}

static size_t read_body(void *ctx, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    mrg_http_body *b = ctx;
    if (b->coding == MRG_CODING_DEFLATE)
        return read_inflated(b, to, room, problem);
    return b->coding == MRG_CODING_BROTLI ? read_brotli(b, to, room, problem) : read_joined(b, to, room, problem);
}

static void *allocate(void *ctx, size_t size)
{
    (void)ctx;
    return mrg_malloc(size);
}

static void release(void *ctx, void *memory)
{
    (void)ctx;
    mrg_free(memory);
}

static int begin_decoding(mrg_http_body *b)
{
    if (b->coding == MRG_CODING_DEFLATE)
        return inflateInit2(&b->z, 15) == Z_OK ? 0 : -1;
    if (b->coding == MRG_CODING_BROTLI)
        b->brotli = BrotliDecoderCreateInstance(allocate, release, NULL);
    return b->coding == MRG_CODING_BROTLI && !b->brotli ? -1 : 0;
}

int mrg_http_body_begin(mrg_http_body *b, const mrg_headers *headers, mrg_http_coding *coding)
{
    char value[128];
    mrg_headers_get(headers, "Transfer-Encoding", value, sizeof value);
    b->chunked = strcasestr(value, "chunked") != NULL;
    b->first = 1;
    mrg_headers_get(headers, "Content-Encoding", value, sizeof value);
    *coding = MRG_CODING_NONE;
    if (strcasecmp(value, "deflate") == 0)
        *coding = MRG_CODING_DEFLATE;
    else if (strcasecmp(value, "br") == 0)
        *coding = MRG_CODING_BROTLI;
    else if (value[0] && strcasecmp(value, "gzip") && strcasecmp(value, "x-gzip") && strcasecmp(value, "identity"))
        *coding = MRG_CODING_OTHER;
    b->coding = *coding;
    if (!begin_decoding(b))
        return 0;
    b->coding = MRG_CODING_NONE;
    return -1;
}

mrg_byte_source mrg_http_body_bytes(mrg_http_body *b)
{
    return (mrg_byte_source){ read_body, b };
}

void mrg_http_body_dispose(mrg_http_body *b)
{
    if (b->coding == MRG_CODING_DEFLATE)
        inflateEnd(&b->z);
    if (b->coding == MRG_CODING_BROTLI)
        BrotliDecoderDestroyInstance(b->brotli);
    b->coding = MRG_CODING_NONE;
}

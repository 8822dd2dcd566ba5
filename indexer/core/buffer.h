/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing run of bytes with a sticky failure: after memory ran out every append is ignored and
 * `failed` stays set, so code appends ten fields and checks once. Zero-initialise, then dispose.
 */
#ifndef MRG_BUFFER_H
#define MRG_BUFFER_H

#include <stddef.h>
#include <stdint.h>

typedef struct mrg_buffer {
    unsigned char *data;
    size_t len, capacity;
    int failed;
} mrg_buffer;

#define MRG_BUFFER_INIT { 0 }

void mrg_buffer_dispose(mrg_buffer *b);
void mrg_buffer_clear(mrg_buffer *b); /* keeps the memory, forgets a failure */

/* Room for `n` more bytes, or NULL. The caller writes and then adds to len. */
unsigned char *mrg_buffer_room(mrg_buffer *b, size_t n);

void mrg_buffer_append(mrg_buffer *b, const void *bytes, size_t n);
void mrg_buffer_append_str(mrg_buffer *b, const char *s);
void mrg_buffer_append_byte(mrg_buffer *b, unsigned byte);
void mrg_buffer_append_u32(mrg_buffer *b, uint32_t v);     /* little-endian */
void mrg_buffer_append_u64(mrg_buffer *b, uint64_t v);     /* little-endian */
void mrg_buffer_append_varint(mrg_buffer *b, uint64_t v);  /* LEB128 */
/* A varint length, then the bytes. */
void mrg_buffer_append_string(mrg_buffer *b, const char *s, size_t len);
void mrg_buffer_printf(mrg_buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends a NUL that len does not count, and lends the string; NULL after a failure. */
const char *mrg_buffer_cstr(mrg_buffer *b);

/* Hands the memory over (NUL-terminated, to be freed with mrg_free) and leaves the buffer empty; NULL
   after a failure. */
char *mrg_buffer_take(mrg_buffer *b, size_t *len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"

void mrg_buffer_dispose(mrg_buffer *b)
{
    mrg_free(b->data);
    memset(b, 0, sizeof *b);
}

void mrg_buffer_clear(mrg_buffer *b)
{
    b->len = 0;
    b->failed = 0;
}

unsigned char *mrg_buffer_room(mrg_buffer *b, size_t n)
{
    if (b->failed)
        return NULL;
    if (n > b->capacity - b->len) {
        if (n > SIZE_MAX / 2 - b->len ||
            mrg_reserve((void **)&b->data, &b->capacity, b->len + n < 64 ? 64 : b->len + n, 1)) {
            b->failed = 1;
            return NULL;
        }
    }
    return b->data + b->len;
}

void mrg_buffer_append(mrg_buffer *b, const void *bytes, size_t n)
{
    if (n == 0)
        return;
    unsigned char *room = mrg_buffer_room(b, n);
    if (!room)
        return;
    memcpy(room, bytes, n);
    b->len += n;
}

void mrg_buffer_append_str(mrg_buffer *b, const char *s)
{
    mrg_buffer_append(b, s, strlen(s));
}

void mrg_buffer_append_byte(mrg_buffer *b, unsigned byte)
{
    unsigned char *room = mrg_buffer_room(b, 1);
    if (!room)
        return;
    *room = (unsigned char)byte;
    b->len++;
}

void mrg_buffer_append_u32(mrg_buffer *b, uint32_t v)
{
    unsigned char *room = mrg_buffer_room(b, 4);
    if (!room)
        return;
    mrg_store_u32(room, v);
    b->len += 4;
}

void mrg_buffer_append_u64(mrg_buffer *b, uint64_t v)
{
    unsigned char *room = mrg_buffer_room(b, 8);
    if (!room)
        return;
    mrg_store_u64(room, v);
    b->len += 8;
}

void mrg_buffer_append_varint(mrg_buffer *b, uint64_t v)
{
    unsigned char *room = mrg_buffer_room(b, MRG_VARINT_MAX);
    if (!room)
        return;
    b->len += mrg_encode_varint(room, v);
}

void mrg_buffer_append_string(mrg_buffer *b, const char *s, size_t len)
{
    mrg_buffer_append_varint(b, len);
    mrg_buffer_append(b, s, len);
}

void mrg_buffer_printf(mrg_buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n >= 0) {
        unsigned char *room = mrg_buffer_room(b, (size_t)n + 1);
        if (room) {
            vsnprintf((char *)room, (size_t)n + 1, format, again);
            b->len += (size_t)n;
        }
    }
    va_end(again);
}

const char *mrg_buffer_cstr(mrg_buffer *b)
{
    unsigned char *room = mrg_buffer_room(b, 1);
    if (!room)
        return NULL;
    *room = 0;
    return (const char *)b->data;
}

char *mrg_buffer_take(mrg_buffer *b, size_t *len)
{
    if (!mrg_buffer_cstr(b))
        return NULL;
    char *data = (char *)b->data;
    if (len)
        *len = b->len;
    memset(b, 0, sizeof *b);
    return data;
}

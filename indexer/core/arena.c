/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/arena.h"

#include <stdint.h>
#include <string.h>

#include "core/alloc.h"

struct mrg_arena_chunk {
    struct mrg_arena_chunk *older;
    size_t size;
    unsigned char bytes[];
};

enum { FIRST_CHUNK = 16 << 10, MAX_CHUNK = 1 << 20 };

static int add_chunk(mrg_arena *a, size_t at_least)
{
    size_t size = a->chunk ? a->chunk->size * 2 : FIRST_CHUNK;
    if (size > MAX_CHUNK)
        size = MAX_CHUNK;
    if (size < at_least)
        size = at_least;
    if (size > SIZE_MAX - sizeof(struct mrg_arena_chunk))
        return -1;
    struct mrg_arena_chunk *chunk = mrg_malloc(sizeof *chunk + size);
    if (!chunk)
        return -1;
    chunk->older = a->chunk;
    chunk->size = size;
    a->chunk = chunk;
    a->used = 0;
    a->total_bytes += size;
    return 0;
}

void *mrg_arena_alloc_bytes(mrg_arena *a, size_t size)
{
    if (!a->chunk || size > a->chunk->size - a->used) {
        if (add_chunk(a, size))
            return NULL;
    }
    void *p = a->chunk->bytes + a->used;
    a->used += size;
    return p;
}

void *mrg_arena_alloc(mrg_arena *a, size_t size)
{
    if (a->chunk) {
        size_t aligned = (a->used + 7) & ~(size_t)7;
        a->used = aligned > a->chunk->size ? a->chunk->size : aligned;
    }
    if (size > SIZE_MAX - 8)
        return NULL;
    return mrg_arena_alloc_bytes(a, size);
}

char *mrg_arena_strndup(mrg_arena *a, const char *s, size_t len)
{
    char *copy = mrg_arena_alloc_bytes(a, len + 1);
    if (copy) {
        if (len)
            memcpy(copy, s, len);
        copy[len] = 0;
    }
    return copy;
}

void mrg_arena_clear(mrg_arena *a)
{
    while (a->chunk && a->chunk->older) {
        struct mrg_arena_chunk *older = a->chunk->older;
        a->total_bytes -= a->chunk->size;
        mrg_free(a->chunk);
        a->chunk = older;
    }
    a->used = 0;
}

void mrg_arena_dispose(mrg_arena *a)
{
    while (a->chunk) {
        struct mrg_arena_chunk *older = a->chunk->older;
        mrg_free(a->chunk);
        a->chunk = older;
    }
    memset(a, 0, sizeof *a);
}

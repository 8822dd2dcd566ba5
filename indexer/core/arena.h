/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many small allocations that end together. Zero-initialise, then dispose. */
#ifndef MRG_ARENA_H
#define MRG_ARENA_H

#include <stddef.h>

typedef struct mrg_arena {
    struct mrg_arena_chunk *chunk;
    size_t used;        /* of the newest chunk */
    size_t total_bytes; /* taken from the system */
} mrg_arena;

#define MRG_ARENA_INIT { 0 }

void *mrg_arena_alloc(mrg_arena *a, size_t size); /* aligned to 8; NULL when memory ran out */
void *mrg_arena_alloc_bytes(mrg_arena *a, size_t size); /* not aligned */
char *mrg_arena_strndup(mrg_arena *a, const char *s, size_t len); /* NUL-terminated */
void mrg_arena_clear(mrg_arena *a); /* keeps one chunk */
void mrg_arena_dispose(mrg_arena *a);

#endif

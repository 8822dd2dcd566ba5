/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a delta, shared by the two files that write names. */
#ifndef MRG_NAMES_DELTA_H
#define MRG_NAMES_DELTA_H

#include "core/arena.h"

#include <stdint.h>

typedef struct mrg_names_form {
    const char *text; /* as written */
    uint32_t len;
    int64_t count;
    struct mrg_names_form *next;
} mrg_names_form;

typedef struct mrg_names_item {
    uint64_t hash;
    const char *key, *name;
    size_t key_len;
    int64_t articles, mentions;
    uint32_t first_day, last_day; /* YYYYMMDD of articles counted in; 0: none dated */
    mrg_names_form *forms;
} mrg_names_item;

struct mrg_names_delta {
    mrg_names_item *items; /* as first seen */
    size_t count, capacity;
    uint32_t *slots; /* index + 1 of an item; 0: free */
    size_t slot_count;
    mrg_arena arena;
};

#endif

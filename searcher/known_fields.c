/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "known_fields.h"

#include <string.h>

#include "core/alloc.h"

enum { SLOTS = 8192, MAX_BYTES = 1024 };

typedef struct slot {
    size_t archive;
    uint32_t docid; /* 0: empty */
    uint32_t len;
    unsigned char *bytes;
} slot;

struct mrg_known_fields {
    slot slots[SLOTS];
};

/* Neighbours in an archive never share a slot. */
static size_t slot_of(size_t archive, uint32_t docid)
{
    return (docid + archive * 2053) % SLOTS;
}

const void *mrg_known_fields_find(const mrg_known_fields *known, size_t archive, uint32_t docid, size_t *len)
{
    if (!known)
        return NULL;
    const slot *s = &known->slots[slot_of(archive, docid)];
    *len = s->len;
    return s->docid == docid && s->archive == archive ? s->bytes : NULL;
}

void mrg_known_fields_keep(mrg_known_fields **known, size_t archive, uint32_t docid, const void *bytes, size_t len)
{
    if (!*known)
        *known = mrg_calloc(1, sizeof **known);
    if (!*known || !len || len > MAX_BYTES)
        return;
    slot *s = &(*known)->slots[slot_of(archive, docid)];
    unsigned char *copy = mrg_malloc(len);
    if (!copy)
        return;
    memcpy(copy, bytes, len);
    mrg_free(s->bytes);
    *s = (slot){ archive, docid, (uint32_t)len, copy };
}

void mrg_known_fields_free(mrg_known_fields *known)
{
    for (size_t i = 0; known && i < SLOTS; i++)
        mrg_free(known->slots[i].bytes);
    mrg_free(known);
}

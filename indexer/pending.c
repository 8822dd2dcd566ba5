/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pending.h"

#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"

enum { FIRST_SLOTS = 1 << 10 };

static void hash_id(uint64_t hash[2], const char *id)
{
    size_t len = strlen(id);
    hash[0] = mrg_hash_bytes(id, len, 1);
    hash[1] = mrg_hash_bytes(id, len, 2);
}

/* The slot of these hashes, or the free one where they belong. */
static mrg_pending_entry *slot_of(mrg_pending_entry *slots, size_t count, const uint64_t hash[2])
{
    size_t at = hash[0] & (count - 1);
    while (slots[at].used && (slots[at].id_hash[0] != hash[0] || slots[at].id_hash[1] != hash[1]))
        at = (at + 1) & (count - 1);
    return &slots[at];
}

mrg_pending_entry *mrg_pending_find(const mrg_pending *pending, const char *id)
{
    uint64_t hash[2];
    if (!pending->count)
        return NULL;
    hash_id(hash, id);
    mrg_pending_entry *entry = slot_of(pending->slots, pending->slot_count, hash);
    return entry->used ? entry : NULL;
}

static int grow(mrg_pending *pending)
{
    size_t count = pending->slot_count ? pending->slot_count * 2 : FIRST_SLOTS;
    mrg_pending_entry *slots = mrg_calloc(count, sizeof *slots);
    if (!slots)
        return -1;
    for (size_t i = 0; i < pending->slot_count; i++)
        if (pending->slots[i].used)
            *slot_of(slots, count, pending->slots[i].id_hash) = pending->slots[i];
    mrg_free(pending->slots);
    pending->slots = slots;
    pending->slot_count = count;
    return 0;
}

int mrg_pending_put(mrg_pending *pending, const char *id, uint32_t docid, uint64_t content_hash, uint32_t version)
{
    uint64_t hash[2];
    if (pending->count * 2 >= pending->slot_count && grow(pending))
        return -1;
    hash_id(hash, id);
    mrg_pending_entry *entry = slot_of(pending->slots, pending->slot_count, hash);
    pending->count += !entry->used;
    *entry = (mrg_pending_entry){ { hash[0], hash[1] }, content_hash, docid, 1, version & 0x7fffffff };
    return 0;
}

void mrg_pending_clear(mrg_pending *pending)
{
    if (pending->count)
        memset(pending->slots, 0, pending->slot_count * sizeof *pending->slots);
    pending->count = 0;
}

void mrg_pending_dispose(mrg_pending *pending)
{
    mrg_free(pending->slots);
    memset(pending, 0, sizeof *pending);
}

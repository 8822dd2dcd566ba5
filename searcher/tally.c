/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"

void mrg_tally_dispose(mrg_tally *tally)
{
    for (size_t i = 0; i < tally->count; i++)
        mrg_bitset_dispose(&tally->entries[i].seen);
    mrg_free(tally->entries);
    mrg_free(tally->table);
    mrg_arena_dispose(&tally->arena);
    memset(tally, 0, sizeof *tally);
}

static int has_key(const mrg_tally_entry *entry, const void *key, size_t len)
{
    return entry->key_len == len && !memcmp(entry->key, key, len);
}

static size_t slot_of(const mrg_tally *tally, uint64_t hash, const void *key, size_t len)
{
    size_t mask = tally->table_size - 1, slot = (size_t)hash & mask;
    while (tally->table[slot]) {
        const mrg_tally_entry *entry = &tally->entries[tally->table[slot] - 1];
        if (entry->hash == hash && has_key(entry, key, len))
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* The entries differ, so their keys need not be looked at. */
static int grow_table(mrg_tally *tally)
{
    size_t size = tally->table_size ? tally->table_size * 2 : 256;
    uint32_t *table = mrg_calloc(size, sizeof *table);
    if (!table)
        return -1;
    mrg_free(tally->table);
    tally->table = table;
    tally->table_size = size;
    for (size_t i = 0; i < tally->count; i++) {
        size_t slot = (size_t)tally->entries[i].hash & (size - 1);
        while (table[slot])
            slot = (slot + 1) & (size - 1);
        table[slot] = (uint32_t)i + 1;
    }
    return 0;
}

static morgue_status add_entry(mrg_tally *tally, uint64_t hash, const void *key, size_t len, size_t slot,
                               morgue_error *err)
{
    char *copy = mrg_arena_alloc_bytes(&tally->arena, len + 1);
    if (!copy || mrg_reserve((void **)&tally->entries, &tally->capacity, tally->count + 1, sizeof *tally->entries))
        return mrg_fail_nomem(err);
    memcpy(copy, key, len);
    copy[len] = 0;
    tally->entries[tally->count] = (mrg_tally_entry){ .key = copy, .key_len = len, .hash = hash };
    tally->last = tally->count++;
    tally->table[slot] = (uint32_t)tally->count;
    return MORGUE_OK;
}

morgue_status mrg_tally_at(mrg_tally *tally, const void *key, size_t len, mrg_tally_entry **out, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    *out = NULL;
    /* Walks along postings ask for the same key many times in a row. */
    if (!tally->count || !has_key(&tally->entries[tally->last], key, len)) {
        if (tally->count >= UINT32_MAX / 2)
            return mrg_fail(err, MORGUE_ERR_LIMIT, "there are too many different values to count");
        if (2 * (tally->count + 1) > tally->table_size && grow_table(tally))
            return mrg_fail_nomem(err);
        uint64_t hash = mrg_hash_bytes(key, len, 0);
        size_t slot = slot_of(tally, hash, key, len);
        if (tally->table[slot])
            tally->last = tally->table[slot] - 1;
        else
            status = add_entry(tally, hash, key, len, slot, err);
    }
    if (!status)
        *out = &tally->entries[tally->last];
    return status;
}

void mrg_tally_add(mrg_tally_entry *entry, size_t archive, uint32_t docid, uint64_t count)
{
    if (!entry->count) {
        entry->archive = archive;
        entry->docid = docid;
    }
    entry->count += count;
}

morgue_status mrg_tally_add_once(mrg_tally_entry *entry, size_t archive, uint32_t docid, morgue_error *err)
{
    if (entry->archive != archive || !entry->count) {
        mrg_bitset_dispose(&entry->seen);
        entry->archive = archive;
        entry->docid = docid;
    }
    uint64_t before = entry->seen.count;
    if (mrg_bitset_add(&entry->seen, docid))
        return mrg_fail_nomem(err);
    entry->count += entry->seen.count - before;
    return MORGUE_OK;
}

/* ---- The first few ------------------------------------------------------------------------------------ */

void mrg_best_dispose(mrg_best *best)
{
    mrg_free(best->items);
    best->items = NULL;
    best->count = best->capacity = 0;
}

static void swap(mrg_tally_entry **a, mrg_tally_entry **b)
{
    mrg_tally_entry *kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(mrg_best *best, size_t i)
{
    for (; i && best->order(&best->items[(i - 1) / 2], &best->items[i]) < 0; i = (i - 1) / 2)
        swap(&best->items[(i - 1) / 2], &best->items[i]);
}

static void sift_down(mrg_best *best, size_t i)
{
    for (;;) {
        size_t last = i, left = 2 * i + 1, right = left + 1;
        if (left < best->count && best->order(&best->items[left], &best->items[last]) > 0)
            last = left;
        if (right < best->count && best->order(&best->items[right], &best->items[last]) > 0)
            last = right;
        if (last == i)
            return;
        swap(&best->items[i], &best->items[last]);
        i = last;
    }
}

morgue_status mrg_best_offer(mrg_best *best, mrg_tally_entry *entry, morgue_error *err)
{
    if (mrg_best_last(best)) {
        if (best->order(&entry, &best->items[0]) < 0) {
            best->items[0] = entry;
            sift_down(best, 0);
        }
        return MORGUE_OK;
    }
    if (mrg_reserve((void **)&best->items, &best->capacity, best->count + 1, sizeof *best->items))
        return mrg_fail_nomem(err);
    best->items[best->count++] = entry;
    if (best->max)
        sift_up(best, best->count - 1);
    return MORGUE_OK;
}

void mrg_best_sort(mrg_best *best)
{
    if (best->count)
        qsort(best->items, best->count, sizeof *best->items, best->order);
}

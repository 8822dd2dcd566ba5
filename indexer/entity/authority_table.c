/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of a user's list as they grow: names by their words, keys, and the words that names begin with. */
#include <string.h>

#include "core/alloc.h"
#include "entity/authority_impl.h"

static int grow_slots(uint32_t **slots, size_t *count)
{
    size_t more = *count ? *count * 2 : MRG_AUTHORITY_SLOTS;
    uint32_t *fresh = mrg_calloc(more, sizeof *fresh);
    if (!fresh)
        return -1;
    mrg_free(*slots);
    *slots = fresh;
    *count = more;
    return 0;
}

static void put_slot(uint32_t *slots, size_t count, uint64_t hash, uint32_t value)
{
    size_t i = hash & (count - 1);
    while (slots[i])
        i = (i + 1) & (count - 1);
    slots[i] = value;
}

int mrg_authority_add_name(mrg_authority *a, uint32_t index)
{
    if (a->name_count * 2 >= a->name_slot_count) {
        if (grow_slots(&a->name_slots, &a->name_slot_count))
            return -1;
        for (uint32_t i = 0; i < index; i++)
            if (!(a->names[i].flags & NAME_REPEATED))
                put_slot(a->name_slots, a->name_slot_count, a->names[i].hash, i + 1);
    }
    put_slot(a->name_slots, a->name_slot_count, a->names[index].hash, index + 1);
    return 0;
}

int mrg_authority_add_key(mrg_authority *a, const char *key, uint32_t row)
{
    if (mrg_reserve((void **)&a->keys, &a->key_capacity, a->key_count + 1, sizeof *a->keys) ||
        mrg_reserve((void **)&a->key_rows, &a->key_row_capacity, a->key_count + 1, sizeof *a->key_rows))
        return -1;
    a->keys[a->key_count] = key;
    a->key_rows[a->key_count++] = row;
    if (a->key_count * 2 >= a->key_slot_count) {
        if (grow_slots(&a->key_slots, &a->key_slot_count))
            return -1;
        for (uint32_t i = 0; i + 1 < a->key_count; i++)
            put_slot(a->key_slots, a->key_slot_count, mrg_short_hash(a->keys[i], strlen(a->keys[i])), i + 1);
    }
    put_slot(a->key_slots, a->key_slot_count, mrg_short_hash(key, strlen(key)), (uint32_t)a->key_count);
    return 0;
}

static mrg_authority_first *first_slot(mrg_authority *a, uint64_t hash)
{
    size_t mask = a->first_slot_count - 1, i = hash & mask;
    while (a->firsts[i].hash && a->firsts[i].hash != hash)
        i = (i + 1) & mask;
    return &a->firsts[i];
}

int mrg_authority_add_first(mrg_authority *a, uint64_t hash, uint32_t token_count)
{
    if (a->first_count * 2 >= a->first_slot_count) {
        size_t old_count = a->first_slot_count;
        mrg_authority_first *old = a->firsts;
        size_t count = old_count ? old_count * 2 : MRG_AUTHORITY_SLOTS;
        mrg_authority_first *fresh = mrg_calloc(count, sizeof *fresh);
        if (!fresh)
            return -1;
        a->firsts = fresh;
        a->first_slot_count = count;
        for (size_t i = 0; i < old_count; i++)
            if (old[i].hash)
                *first_slot(a, old[i].hash) = old[i];
        mrg_free(old);
    }
    mrg_authority_first *first = first_slot(a, hash);
    a->first_count += !first->hash;
    first->hash = hash;
    first->lengths |= 1u << token_count;
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snippet_lookup.h"

#include <string.h>

#include "core/alloc.h"

static morgue_status add_entry(mrg_lookup *l, size_t unit, const mrg_unit_term *term, int field, int leaf,
                               morgue_error *err)
{
    if (mrg_reserve((void **)&l->entries, &l->capacity, l->count + 1, sizeof *l->entries))
        return mrg_fail_nomem(err);
    l->entries[l->count++] = (mrg_lookup_entry){ term, (uint32_t)unit, 0, field, leaf };
    l->has_field[field & 255] = 1;
    return MORGUE_OK;
}

static morgue_status add_span(mrg_lookup *l, size_t unit, const mrg_unit_span *span, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < span->term_count && !status; i++)
        status = add_entry(l, unit, &span->terms[i], span->terms[i].field, (int)span->leaf, err);
    for (size_t i = 0; i < span->child_count && !status; i++)
        status = add_span(l, unit, span->children[i], err);
    return status;
}

static morgue_status add_unit(mrg_lookup *l, const mrg_unit *unit, size_t index, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (unit->type == MRG_UNIT_SPANS)
        return add_span(l, index, unit->spans, err);
    if (unit->type == MRG_UNIT_STEM || unit->type == MRG_UNIT_WORDS)
        return unit->term_count ? add_entry(l, index, &unit->terms[0],
                                            unit->type == MRG_UNIT_STEM ? MRG_FIELD_STEM : MRG_LOOKUP_PHRASE,
                                            MRG_NO_LEAF, err)
                                : MORGUE_OK;
    for (size_t i = 0; i < unit->term_count && !status; i++)
        status = add_entry(l, index, &unit->terms[i],
                           unit->type == MRG_UNIT_ENTITY ? MRG_FIELD_ENTITY : unit->terms[i].field, MRG_NO_LEAF, err);
    return status;
}

static size_t slot_of(const mrg_lookup *l, int field, const char *text, size_t len)
{
    return (size_t)mrg_hash_bytes(text, len, (uint64_t)field) & l->mask;
}

static morgue_status fill_slots(mrg_lookup *l, morgue_error *err)
{
    size_t size = 16;
    while (size < l->count * 2)
        size *= 2;
    l->mask = size - 1;
    l->slots = mrg_calloc(size, sizeof *l->slots);
    if (!l->slots)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < l->count; i++) {
        mrg_lookup_entry *e = &l->entries[i];
        uint32_t *slot = &l->slots[slot_of(l, e->field, e->term->text, e->term->len)];
        e->next = *slot;
        *slot = (uint32_t)i + 1;
    }
    return MORGUE_OK;
}

morgue_status mrg_lookup_create(mrg_lookup **out, const mrg_marker *marker, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    mrg_lookup *l = mrg_calloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < marker->count && !status; i++)
        status = add_unit(l, &marker->units[i], i, err);
    if (!status)
        status = fill_slots(l, err);
    l->leaves = status ? NULL : mrg_calloc(marker->leaf_count, sizeof *l->leaves);
    l->leaf_count = l->leaves ? marker->leaf_count : 0;
    if (!status && !l->leaves)
        status = mrg_fail_nomem(err);
    if (status) {
        mrg_lookup_free(l);
        return status;
    }
    *out = l;
    return MORGUE_OK;
}

void mrg_lookup_free(mrg_lookup *lookup)
{
    if (!lookup)
        return;
    for (uint32_t i = 0; i < lookup->leaf_count; i++)
        mrg_places_dispose(&lookup->leaves[i]);
    mrg_free(lookup->leaves);
    mrg_free(lookup->slots);
    mrg_free(lookup->entries);
    mrg_free(lookup);
}

static const mrg_lookup_entry *find(const mrg_lookup *l, uint32_t at, int field, const char *text, size_t len)
{
    for (; at; at = l->entries[at - 1].next) {
        const mrg_lookup_entry *e = &l->entries[at - 1];
        if (e->field == field && e->term->len == len && !memcmp(e->term->text, text, len))
            return e;
    }
    return NULL;
}

const mrg_lookup_entry *mrg_lookup_first(const mrg_lookup *l, int field, const char *text, size_t len)
{
    if (!l->has_field[field & 255])
        return NULL;
    return find(l, l->slots[slot_of(l, field, text, len)], field, text, len);
}

const mrg_lookup_entry *mrg_lookup_next(const mrg_lookup *l, const mrg_lookup_entry *entry)
{
    return find(l, entry->next, entry->field, entry->term->text, entry->term->len);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "match.h"

void mrg_match_terms_init(mrg_match_terms *terms, mrg_arena *arena, const mrg_segment **segments, size_t segment_count)
{
    memset(terms, 0, sizeof *terms);
    terms->arena = arena;
    terms->segments = segments;
    terms->segment_count = segment_count;
}

void mrg_match_terms_dispose(mrg_match_terms *terms)
{
    mrg_free(terms->items);
    mrg_free(terms->table);
    terms->items = NULL;
    terms->table = NULL;
    terms->count = terms->capacity = terms->table_size = 0;
}

static size_t slot_of(const mrg_match_terms *terms, const unsigned char *key, size_t len, int fallback)
{
    size_t mask = terms->table_size - 1;
    size_t slot = (size_t)mrg_hash_bytes(key, len, (uint64_t)fallback) & mask;
    while (terms->table[slot]) {
        const mrg_match_term *t = &terms->items[terms->table[slot] - 1];
        if (t->fallback == fallback && t->key_len == len && !memcmp(t->key, key, len))
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

static int grow_table(mrg_match_terms *terms)
{
    size_t size = terms->table_size ? terms->table_size * 2 : 64;
    uint32_t *table = mrg_calloc(size, sizeof *table);
    if (!table)
        return -1;
    mrg_free(terms->table);
    terms->table = table;
    terms->table_size = size;
    for (size_t i = 0; i < terms->count; i++) {
        const mrg_match_term *t = &terms->items[i];
        table[slot_of(terms, t->key, t->key_len, t->fallback)] = (uint32_t)i + 1;
    }
    return 0;
}

static morgue_status find_in_segment(const mrg_match_term *term, const mrg_segment *segment, mrg_term_info *info,
                                     morgue_error *err)
{
    morgue_status status = mrg_segment_find(segment, term->key, term->key_len, info, err);
    if (status == MORGUE_ERR_NOT_FOUND && term->fallback) {
        unsigned char key[MRG_KEY_MAX_BYTES];
        memcpy(key, term->key, term->key_len);
        key[0] = (unsigned char)term->fallback;
        status = mrg_segment_find(segment, key, term->key_len, info, err);
        if (status == MORGUE_OK && !info->is_stem) /* spelt like the stem, but not of that stem */
            status = MORGUE_ERR_NOT_FOUND;
    }
    if (status == MORGUE_ERR_NOT_FOUND) {
        memset(info, 0, sizeof *info);
        status = MORGUE_OK;
    }
    return status;
}

static morgue_status look_up(mrg_match_terms *terms, mrg_match_term *term, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    term->infos = mrg_arena_alloc(terms->arena, (terms->segment_count + 1) * sizeof *term->infos);
    if (!term->infos)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < terms->segment_count && !status; i++) {
        status = find_in_segment(term, terms->segments[i], &term->infos[i], err);
        term->doc_count += status ? 0 : term->infos[i].doc_count;
    }
    return status;
}

static morgue_status add_new(mrg_match_terms *terms, const unsigned char *key, size_t len, int fallback,
                             morgue_error *err)
{
    if (terms->count >= MRG_MATCH_MAX_TERMS)
        return mrg_fail(err, MORGUE_ERR_LIMIT, "the query has more than %d different words", (int)MRG_MATCH_MAX_TERMS);
    if (mrg_reserve((void **)&terms->items, &terms->capacity, terms->count + 1, sizeof *terms->items))
        return mrg_fail_nomem(err);
    mrg_match_term *term = &terms->items[terms->count];
    memset(term, 0, sizeof *term);
    term->key = (const unsigned char *)mrg_arena_strndup(terms->arena, (const char *)key, len);
    if (!term->key)
        return mrg_fail_nomem(err);
    term->key_len = len;
    term->fallback = fallback;
    morgue_status status = look_up(terms, term, err);
    terms->count += status ? 0 : 1;
    return status;
}

morgue_status mrg_match_terms_add(mrg_match_terms *terms, int field, int fallback, const char *text, size_t len,
                                  uint32_t *index, morgue_error *err)
{
    unsigned char key[MRG_KEY_MAX_BYTES];
    if (len > sizeof key - 1)
        len = sizeof key - 1;
    key[0] = (unsigned char)field;
    memcpy(key + 1, text, len);
    if (terms->count * 2 >= terms->table_size && grow_table(terms))
        return mrg_fail_nomem(err);
    size_t slot = slot_of(terms, key, len + 1, fallback);
    if (!terms->table[slot]) {
        morgue_status status = add_new(terms, key, len + 1, fallback, err);
        if (status)
            return status;
        terms->table[slot] = (uint32_t)terms->count;
    }
    *index = terms->table[slot] - 1;
    return MORGUE_OK;
}

uint64_t mrg_match_any_doc_count(const mrg_match_terms *terms, const uint32_t *indexes, size_t count,
                                 uint64_t doc_count)
{
    double without = 1;
    uint64_t high = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t df = terms->items[indexes[i]].doc_count;
        high = df > high ? df : high;
        sum += df;
        without *= doc_count > df ? 1 - (double)df / (double)doc_count : 0;
    }
    uint64_t any = (uint64_t)((double)doc_count * (1 - without) + 0.5);
    return any < high ? high : any > sum ? sum : any;
}

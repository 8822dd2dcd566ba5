/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums of what articles add to the names. */
#include "store/names_write.h"
#include "store/names_delta.h"

#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"

enum { FIRST_SLOTS = 1 << 10 };

mrg_names_delta *mrg_names_delta_create(void)
{
    mrg_names_delta *d = mrg_calloc(1, sizeof *d);
    if (d)
        d->slots = mrg_calloc(FIRST_SLOTS, sizeof *d->slots);
    if (!d || !d->slots) {
        mrg_free(d);
        return NULL;
    }
    d->slot_count = FIRST_SLOTS;
    return d;
}

void mrg_names_delta_free(mrg_names_delta *d)
{
    if (!d)
        return;
    mrg_free(d->slots);
    mrg_free(d->items);
    mrg_arena_dispose(&d->arena);
    mrg_free(d);
}

size_t mrg_names_delta_count(const mrg_names_delta *d)
{
    return d->count;
}

size_t mrg_names_delta_bytes(const mrg_names_delta *d)
{
    return d->arena.total_bytes + d->capacity * sizeof *d->items + d->slot_count * sizeof *d->slots;
}

static int grow_slots(mrg_names_delta *d)
{
    size_t count = d->slot_count * 2;
    uint32_t *slots = mrg_calloc(count, sizeof *slots);
    if (!slots)
        return -1;
    for (size_t i = 0; i < d->count; i++) {
        size_t at = d->items[i].hash & (count - 1);
        while (slots[at])
            at = (at + 1) & (count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    mrg_free(d->slots);
    d->slots = slots;
    d->slot_count = count;
    return 0;
}

/* Finds or makes the entry of a key; NULL when memory ran out. */
static mrg_names_item *item_of(mrg_names_delta *d, const char *key, size_t key_len, const char *name, size_t name_len)
{
    if (d->count * 2 >= d->slot_count && grow_slots(d))
        return NULL;
    uint64_t hash = mrg_hash_bytes(key, key_len, 0);
    size_t at = hash & (d->slot_count - 1);
    for (; d->slots[at]; at = (at + 1) & (d->slot_count - 1)) {
        mrg_names_item *item = &d->items[d->slots[at] - 1];
        if (item->hash == hash && item->key_len == key_len && !memcmp(item->key, key, key_len))
            return item;
    }
    if (mrg_reserve((void **)&d->items, &d->capacity, d->count + 1, sizeof *d->items))
        return NULL;
    mrg_names_item *item = &d->items[d->count];
    memset(item, 0, sizeof *item);
    item->hash = hash;
    item->key_len = key_len;
    item->key = mrg_arena_strndup(&d->arena, key, key_len);
    item->name = mrg_arena_strndup(&d->arena, name, name_len);
    if (!item->key || !item->name)
        return NULL;
    d->slots[at] = (uint32_t)++d->count;
    return item;
}

static int add_form(mrg_names_delta *d, mrg_names_item *item, const char *form, size_t len, int64_t count)
{
    size_t forms = 0;
    for (mrg_names_form *f = item->forms; f; f = f->next, forms++) {
        if (f->len == len && !memcmp(f->text, form, len)) {
            f->count += count;
            return 0;
        }
    }
    if (forms >= 2 * MRG_NAME_MAX_FORMS)
        return 0;
    mrg_names_form *f = mrg_arena_alloc(&d->arena, sizeof *f);
    char *text = f ? mrg_arena_strndup(&d->arena, form, len) : NULL;
    if (!text)
        return -1;
    *f = (mrg_names_form){ text, (uint32_t)len, count, item->forms };
    item->forms = f;
    return 0;
}

static void widen(mrg_names_item *item, uint32_t first, uint32_t last)
{
    if (first && (!item->first_day || first < item->first_day))
        item->first_day = first;
    if (last > item->last_day)
        item->last_day = last;
}

/* A mention as written, with white space made single spaces. Returns its length, at most `size`. */
static size_t tidy_form(char *out, size_t size, const char *text, size_t len)
{
    size_t n = 0;
    int space = 0;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] <= ' ') {
            space = n > 0;
            continue;
        }
        if (n + 2 > size)
            break;
        if (space)
            out[n++] = ' ';
        space = 0;
        out[n++] = text[i];
    }
    return n;
}

enum { MAX_FORM_BYTES = 160 };

static morgue_status add_mention(mrg_names_delta *d, mrg_names_item *item, const char *text, size_t len, int sign,
                                 morgue_error *err)
{
    char form[MAX_FORM_BYTES];
    item->mentions += sign;
    if (len > MAX_FORM_BYTES)
        return MORGUE_OK;
    len = tidy_form(form, sizeof form, text, len);
    return add_form(d, item, form, len, sign) ? mrg_fail_nomem(err) : MORGUE_OK;
}

static mrg_names_item *add_article(mrg_names_delta *d, const char *key, size_t key_len, const char *name,
                                   size_t name_len, uint32_t day, int sign)
{
    mrg_names_item *item = item_of(d, key, key_len, name, name_len);
    if (!item)
        return NULL;
    item->articles += sign;
    if (sign > 0)
        widen(item, day, day);
    return item;
}

#define NO_ITEM UINT32_MAX

morgue_status mrg_names_delta_add(mrg_names_delta *d, const mrg_record *record, uint32_t day, int sign,
                                  morgue_error *err)
{
    mrg_record_walk walk;
    mrg_record_mention m;
    if (!record->mention_count)
        return MORGUE_OK;
    uint32_t *items = mrg_reallocarray(NULL, record->entity_count, sizeof *items); /* of each entity of the article */
    if (!items)
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    mrg_record_walk_init(&walk, record);
    while (!status && mrg_record_walk_next(&walk, &m)) {
        if (m.is_first) {
            int is_name = m.entity.type < MRG_ENTITY_TYPES;
            const mrg_record_entity *e = &m.entity;
            mrg_names_item *item =
                is_name ? add_article(d, e->key, e->key_len, e->name, e->name_len, day, sign) : NULL;
            if (is_name && !item) {
                status = mrg_fail_nomem(err);
                break;
            }
            items[m.number] = item ? (uint32_t)(item - d->items) : NO_ITEM;
        }
        if (items[m.number] != NO_ITEM)
            status = add_mention(d, &d->items[items[m.number]], record->text + m.begin, m.end - m.begin, sign, err);
    }
    if (!status && walk.r.failed)
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "an article's names are damaged");
    mrg_free(items);
    return status;
}

morgue_status mrg_names_delta_add_found(mrg_names_delta *d, const char *text, const mrg_tokens *tokens,
                                        const mrg_found *found, uint32_t day, morgue_error *err)
{
    if (!found->mention_count)
        return MORGUE_OK;
    uint32_t *items = mrg_reallocarray(NULL, found->entity_count, sizeof *items);
    if (!items)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < found->entity_count; i++)
        items[i] = NO_ITEM;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < found->mention_count && !status; i++) {
        const mrg_mention *m = &found->mentions[i];
        const mrg_article_entity *e = &found->entities[m->entity];
        if (e->type >= MRG_ENTITY_TYPES)
            continue;
        if (items[m->entity] == NO_ITEM) {
            mrg_names_item *item = add_article(d, e->key, strlen(e->key), e->name, strlen(e->name), day, 1);
            if (!item) {
                status = mrg_fail_nomem(err);
                break;
            }
            items[m->entity] = (uint32_t)(item - d->items);
        }
        uint32_t begin = tokens->items[m->first_token].begin;
        uint32_t end = tokens->items[m->first_token + m->token_count - 1].end;
        status = add_mention(d, &d->items[items[m->entity]], text + begin, end - begin, 1, err);
    }
    mrg_free(items);
    return status;
}

morgue_status mrg_names_delta_merge(mrg_names_delta *into, const mrg_names_delta *from, morgue_error *err)
{
    for (size_t i = 0; i < from->count; i++) {
        const mrg_names_item *item = &from->items[i];
        mrg_names_item *sum = item_of(into, item->key, item->key_len, item->name, strlen(item->name));
        if (!sum)
            return mrg_fail_nomem(err);
        sum->articles += item->articles;
        sum->mentions += item->mentions;
        widen(sum, item->first_day, item->last_day);
        for (const mrg_names_form *f = item->forms; f; f = f->next)
            if (add_form(into, sum, f->text, f->len, f->count))
                return mrg_fail_nomem(err);
    }
    return MORGUE_OK;
}

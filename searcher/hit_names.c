/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names in a hit's article and where they stand, as the indexer found them. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "results.h"

/* An entity and its number in the record. */
typedef struct numbered_entity {
    morgue_entity entity;
    uint32_t number;
} numbered_entity;

static int compare_entities(const void *a, const void *b)
{
    const morgue_entity *x = &((const numbered_entity *)a)->entity, *y = &((const numbered_entity *)b)->entity;
    if (x->mention_count != y->mention_count)
        return x->mention_count > y->mention_count ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->type, y->type);
}

/* Spans count from where title or text begins, as their strings do. No sound mention reaches over the gap. */
static void add_mention(morgue_hit *hit, const mrg_record *record, const mrg_record_mention *m)
{
    int in_title = m->begin < record->body_begin;
    size_t from = in_title ? 0 : record->body_begin, len = in_title ? record->title_len : record->text_len - from;
    size_t begin = m->begin - from, end = m->end - from;
    end = end < len ? end : len;
    begin = begin < end ? begin : end;
    hit->title_mention_count += (size_t)in_title;
    hit->mentions[hit->mention_count++] = (morgue_mention){ { (uint32_t)begin, (uint32_t)end }, m->number };
}

static morgue_status read_mentions(morgue_hit *hit, const mrg_record *record, numbered_entity *found, morgue_error *err)
{
    mrg_record_walk walk;
    mrg_record_mention m;
    hit->entity_count = hit->mention_count = hit->title_mention_count = 0;
    mrg_record_walk_init(&walk, record);
    while (mrg_record_walk_next(&walk, &m)) {
        if (m.is_first) {
            const char *name = mrg_arena_strndup(&hit->arena, m.entity.name, m.entity.name_len);
            if (!name)
                return mrg_fail_nomem(err);
            found[hit->entity_count] =
                (numbered_entity){ { mrg_entity_type_name(m.entity.type), name, 0 }, (uint32_t)hit->entity_count };
            hit->entity_count++;
        }
        found[m.number].entity.mention_count++;
        add_mention(hit, record, &m);
    }
    return walk.r.failed ? mrg_fail(err, MORGUE_ERR_CORRUPT, "the names in an article's record are damaged")
                         : MORGUE_OK;
}

/* Puts the entities in order, and tells the mentions where theirs went. */
static void order_entities(morgue_hit *hit, numbered_entity *found, uint32_t *place)
{
    qsort(found, hit->entity_count, sizeof *found, compare_entities);
    for (size_t i = 0; i < hit->entity_count; i++) {
        hit->entities[i] = found[i].entity;
        place[found[i].number] = (uint32_t)i;
    }
    for (size_t i = 0; i < hit->mention_count; i++)
        hit->mentions[i].entity = place[hit->mentions[i].entity];
}

static morgue_status read_names(morgue_hit *hit, morgue_error *err)
{
    const mrg_record *record;
    morgue_status status = mrg_hit_record(hit, &record, err);
    if (status)
        return status;
    numbered_entity *found = mrg_calloc(record->entity_count, sizeof *found);
    uint32_t *place = mrg_calloc(record->entity_count, sizeof *place);
    mrg_free(hit->entities);
    mrg_free(hit->mentions);
    hit->entities = mrg_calloc(record->entity_count, sizeof *hit->entities);
    hit->mentions = mrg_calloc(record->mention_count, sizeof *hit->mentions);
    if (found && place && hit->entities && hit->mentions)
        status = read_mentions(hit, record, found, err);
    else
        status = mrg_fail_nomem(err);
    if (!status)
        order_entities(hit, found, place);
    mrg_free(found);
    mrg_free(place);
    hit->names_read = !status;
    return status;
}

morgue_status morgue_hit_entities(const morgue_hit *lent, const morgue_entity **entities, size_t *entity_count,
                                  morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    mrg_error_clear(err);
    morgue_status status = hit->names_read ? MORGUE_OK : read_names(hit, err);
    *entities = status ? NULL : hit->entities;
    *entity_count = status ? 0 : hit->entity_count;
    return status;
}

morgue_status morgue_hit_mentions(const morgue_hit *lent, int in_title, const morgue_mention **mentions,
                                  size_t *mention_count, morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    mrg_error_clear(err);
    morgue_status status = hit->names_read ? MORGUE_OK : read_names(hit, err);
    size_t first = in_title ? 0 : hit->title_mention_count;
    *mentions = status ? NULL : hit->mentions + first;
    *mention_count = status ? 0 : in_title ? hit->title_mention_count : hit->mention_count - first;
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names and dates in a hit's article and where they stand, as the indexer found and the user's list has them. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "results.h"

/* An entity and its number in the record. */
typedef struct numbered_entity {
    morgue_entity entity;
    uint32_t number;
    int is_date;
    const mrg_authority_row *row; /* of the user's list; NULL: none */
} numbered_entity;

/* Names first, most mentioned first; then the dates, ascending. */
static int compare_entities(const void *a, const void *b)
{
    const numbered_entity *p = a, *q = b;
    const morgue_entity *x = &p->entity, *y = &q->entity;
    if (p->is_date != q->is_date)
        return p->is_date - q->is_date;
    if (!p->is_date && x->mention_count != y->mention_count)
        return x->mention_count > y->mention_count ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->type, y->type);
}

/* What a walk over the record gathers, for all its entities and mentions. */
typedef struct gathered {
    numbered_entity *entities;
    morgue_mention *mentions; /* `entity` is the number in the record, then the index in `entities` */
    uint32_t *places;         /* by number in the record */
    size_t entity_count, date_count, mention_count, title_mention_count;
} gathered;

/* Spans count from where title or text begins, as their strings do. No sound mention reaches over the gap. */
static void add_mention(gathered *g, const mrg_record *record, const mrg_record_mention *m)
{
    int in_title = m->begin < record->body_begin;
    size_t from = in_title ? 0 : record->body_begin, len = in_title ? record->title_len : record->text_len - from;
    size_t begin = m->begin - from, end = m->end - from;
    end = end < len ? end : len;
    begin = begin < end ? begin : end;
    g->title_mention_count += (size_t)in_title;
    g->mentions[g->mention_count++] = (morgue_mention){ { (uint32_t)begin, (uint32_t)end }, m->number };
}

/* A copy with white space made single spaces. */
static const char *tidy_copy(mrg_arena *arena, const char *text, size_t len)
{
    char *copy = mrg_arena_strndup(arena, text, len), *out = copy;
    for (const char *p = copy; p && *p; p++) {
        int space = (unsigned char)*p <= ' ';
        if (!space || (out > copy && out[-1] != ' '))
            *out++ = space ? ' ' : *p;
    }
    if (copy)
        *out = 0;
    return copy;
}

/* The first age and the first role of each person. */
static morgue_status gather_attributes(gathered *g, const mrg_record_walk *walk, mrg_arena *arena, morgue_error *err)
{
    enum { MAX_DIGITS = 3 };
    mrg_record_attributes it;
    mrg_record_attribute a;
    mrg_record_attributes_init(&it, walk);
    while (mrg_record_attributes_next(&it, &a)) {
        morgue_entity *e = &g->entities[a.number].entity;
        const char *text = walk->record->text + a.begin;
        size_t len = a.end - a.begin;
        if (a.kind == MRG_ATTRIBUTE_ROLE && !*e->role && !(e->role = tidy_copy(arena, text, len)))
            return mrg_fail_nomem(err);
        for (size_t i = 0, age = e->age; a.kind == MRG_ATTRIBUTE_AGE && !age && i < len && i < MAX_DIGITS; i++)
            e->age = e->age * 10 + (unsigned)(text[i] - '0');
    }
    return it.r.failed ? mrg_fail(err, MORGUE_ERR_CORRUPT, "what an article's record says of people is damaged") : MORGUE_OK;
}

static morgue_status gather(gathered *g, const mrg_record *record, const mrg_authority *list, mrg_arena *arena,
                            morgue_error *err)
{
    mrg_record_walk walk;
    mrg_record_mention m;
    mrg_record_walk_init(&walk, record);
    while (mrg_record_walk_next(&walk, &m)) {
        if (m.is_first) {
            const char *name = mrg_arena_strndup(arena, m.entity.name, m.entity.name_len);
            int is_date = m.entity.type == MRG_ENTITY_DATE;
            if (!name)
                return mrg_fail_nomem(err);
            g->entities[g->entity_count] =
                (numbered_entity){ { mrg_entity_type_name(m.entity.type), name, 0, 0, "" }, (uint32_t)g->entity_count,
                                   is_date, mrg_authority_of_key(list, m.entity.key, m.entity.key_len) };
            g->entity_count++;
            g->date_count += (size_t)is_date;
        }
        g->entities[m.number].entity.mention_count++;
        add_mention(g, record, &m);
    }
    if (walk.r.failed)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "the names in an article's record are damaged");
    return gather_attributes(g, &walk, arena, err);
}

/* ---- The user's list ---------------------------------------------------------------------------------------------- */

static int is_killed(const numbered_entity *e)
{
    return e->row && e->row->type == MRG_ENTITY_TYPES;
}

/* The entity before `i` that is the same by the list; `i` if there is none. */
static size_t same_before(const gathered *g, size_t i)
{
    size_t k = 0;
    while (k < i && (!g->entities[i].row || g->entities[k].row != g->entities[i].row))
        k++;
    return k;
}

static void take_over(morgue_entity *into, const morgue_entity *e)
{
    into->mention_count += e->mention_count;
    if (!into->age)
        into->age = e->age;
    if (!*into->role)
        into->role = e->role;
}

/* Mentions speak of numbers in the record; `places` says which entity each is now. */
static void move_mentions(gathered *g)
{
    size_t kept = 0, in_title = 0;
    for (size_t i = 0; i < g->mention_count; i++) {
        morgue_mention m = g->mentions[i];
        m.entity = g->places[m.entity];
        if (m.entity == UINT32_MAX)
            continue;
        in_title += i < g->title_mention_count;
        g->mentions[kept++] = m;
    }
    g->mention_count = kept;
    g->title_mention_count = in_title;
}

/* Entities get the list's names; those that are one by it become one, and what is no name goes. */
static morgue_status apply_list(gathered *g, mrg_arena *arena, morgue_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->entity_count; i++) {
        numbered_entity e = g->entities[i];
        size_t same = same_before(g, i);
        g->places[i] = is_killed(&e) ? UINT32_MAX : same < i ? g->places[same] : (uint32_t)kept;
        if (is_killed(&e) || same < i) {
            if (same < i && !is_killed(&e))
                take_over(&g->entities[same].entity, &e.entity);
            continue;
        }
        if (e.row) {
            g->entities[i].entity.type = mrg_entity_type_name(e.row->type);
            g->entities[i].entity.name = mrg_arena_strndup(arena, e.row->name, strlen(e.row->name));
            if (!g->entities[i].entity.name)
                return mrg_fail_nomem(err);
        }
        kept++;
    }
    for (size_t i = 0, at = 0; i < g->entity_count; i++) {
        if (g->places[i] != at)
            continue;
        g->entities[at] = g->entities[i];
        g->entities[at].number = (uint32_t)at;
        at++;
    }
    g->entity_count = kept;
    move_mentions(g);
    return MORGUE_OK;
}

/* Puts the entities in order, and tells the mentions where theirs went. */
static void put_in_order(gathered *g)
{
    qsort(g->entities, g->entity_count, sizeof *g->entities, compare_entities);
    for (size_t i = 0; i < g->entity_count; i++)
        g->places[g->entities[i].number] = (uint32_t)i;
    for (size_t i = 0; i < g->mention_count; i++)
        g->mentions[i].entity = g->places[g->mentions[i].entity];
}

/* Names and dates go separate ways. There is room for all of each. */
static void hand_over(morgue_hit *hit, const gathered *g)
{
    size_t names = g->entity_count - g->date_count;
    hit->entity_count = names;
    hit->date_count = g->date_count;
    for (size_t i = 0; i < names; i++)
        hit->entities[i] = g->entities[i].entity;
    for (size_t i = 0; i < g->date_count; i++)
        hit->dates[i] = (morgue_date){ g->entities[names + i].entity.name, g->entities[names + i].entity.mention_count };
    hit->mention_count = hit->title_mention_count = 0;
    hit->date_mention_count = hit->title_date_count = 0;
    for (size_t i = 0; i < g->mention_count; i++) {
        morgue_mention m = g->mentions[i];
        size_t in_title = i < g->title_mention_count;
        if (m.entity < names) {
            hit->mentions[hit->mention_count++] = m;
            hit->title_mention_count += in_title;
        } else {
            m.entity -= (uint32_t)names;
            hit->date_mentions[hit->date_mention_count++] = m;
            hit->title_date_count += in_title;
        }
    }
}

static int make_room(morgue_hit *hit, gathered *g, const mrg_record *record)
{
    size_t entities = record->entity_count, mentions = record->mention_count;
    mrg_hit_free_names(hit);
    g->entities = mrg_calloc(entities, sizeof *g->entities);
    g->places = mrg_calloc(entities, sizeof *g->places);
    g->mentions = mrg_calloc(mentions, sizeof *g->mentions);
    hit->entities = mrg_calloc(entities, sizeof *hit->entities);
    hit->dates = mrg_calloc(entities, sizeof *hit->dates);
    hit->mentions = mrg_calloc(mentions, sizeof *hit->mentions);
    hit->date_mentions = mrg_calloc(mentions, sizeof *hit->date_mentions);
    return g->entities && g->places && g->mentions && hit->entities && hit->dates && hit->mentions && hit->date_mentions;
}

static morgue_status read_names(morgue_hit *hit, morgue_error *err)
{
    const mrg_record *record;
    gathered g = { 0 };
    const mrg_authority *list;
    morgue_status status = mrg_hit_record(hit, &record, err);
    if (!status)
        status = mrg_snapshot_authority(hit->results->view->snapshots[hit->shard], &list, err);
    if (status)
        return status;
    status = make_room(hit, &g, record) ? gather(&g, record, list, &hit->arena, err) : mrg_fail_nomem(err);
    if (!status && list)
        status = apply_list(&g, &hit->arena, err);
    if (!status) {
        put_in_order(&g);
        hand_over(hit, &g);
    }
    mrg_free(g.entities);
    mrg_free(g.places);
    mrg_free(g.mentions);
    hit->names_read = !status;
    return status;
}

void mrg_hit_free_names(morgue_hit *hit)
{
    mrg_free(hit->entities);
    mrg_free(hit->mentions);
    mrg_free(hit->dates);
    mrg_free(hit->date_mentions);
    hit->entities = NULL;
    hit->mentions = hit->date_mentions = NULL;
    hit->dates = NULL;
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

morgue_status morgue_hit_dates(const morgue_hit *lent, const morgue_date **dates, size_t *date_count, morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    mrg_error_clear(err);
    morgue_status status = hit->names_read ? MORGUE_OK : read_names(hit, err);
    *dates = status ? NULL : hit->dates;
    *date_count = status ? 0 : hit->date_count;
    return status;
}

morgue_status morgue_hit_date_mentions(const morgue_hit *lent, int in_title, const morgue_mention **mentions,
                                       size_t *mention_count, morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    mrg_error_clear(err);
    morgue_status status = hit->names_read ? MORGUE_OK : read_names(hit, err);
    size_t first = in_title ? 0 : hit->title_date_count;
    *mentions = status ? NULL : hit->date_mentions + first;
    *mention_count = status ? 0 : in_title ? hit->title_date_count : hit->date_mention_count - first;
    return status;
}

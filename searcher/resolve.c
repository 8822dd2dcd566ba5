/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

/* Names gathered from all archives, each once. */
typedef struct gathered {
    mrg_resolved_name *items;
    size_t count, capacity;
    size_t total;
    mrg_arena *arena;
} gathered;

static mrg_resolved_name *find_key(gathered *g, const char *key)
{
    for (size_t i = 0; i < g->count; i++) {
        if (!strcmp(g->items[i].key, key))
            return &g->items[i];
    }
    return NULL;
}

/* What is there already came from another archive. */
static morgue_status gather(gathered *g, const mrg_name_list *list, morgue_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const mrg_name *name = &list->items[i];
        mrg_resolved_name *known = find_key(g, name->key);
        if (known) {
            known->article_count += name->article_count;
            continue;
        }
        if (mrg_reserve((void **)&g->items, &g->capacity, g->count + 1, sizeof *g->items))
            return mrg_fail_nomem(err);
        mrg_resolved_name *item = &g->items[g->count];
        item->key = mrg_arena_strndup(g->arena, name->key, strlen(name->key));
        item->name = mrg_arena_strndup(g->arena, name->name, strlen(name->name));
        if (!item->key || !item->name)
            return mrg_fail_nomem(err);
        item->type = name->type;
        item->article_count = name->article_count;
        g->count++;
    }
    return MORGUE_OK;
}

/* By key: the alias table's answer, or the folded name itself under the type, or under each type. */
static morgue_status look_up_keys(const mrg_snapshot *s, mrg_entity_type type, const char *text, size_t len,
                                  mrg_name_list *list, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    mrg_buffer key = MRG_BUFFER_INIT;
    mrg_entity_type found = type;
    int known = mrg_entity_key(&key, &found, text, len);
    if (key.failed) {
        status = mrg_fail_nomem(err);
    } else if (known || type != MRG_ENTITY_TYPES) {
        status = mrg_names_get(s->names, (const char *)key.data, key.len, list, err);
    } else {
        for (int t = 0; t < (int)MRG_ENTITY_TYPES && !status; t++) {
            found = (mrg_entity_type)t;
            mrg_buffer_clear(&key);
            mrg_entity_key(&key, &found, text, len);
            status = key.failed ? mrg_fail_nomem(err)
                                : mrg_names_get(s->names, (const char *)key.data, key.len, list, err);
        }
    }
    mrg_buffer_dispose(&key);
    return status;
}

/* The same entity may be found in several ways; it counts once. */
static void drop_repeated(mrg_name_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t j = 0;
        while (j < kept && strcmp(list->items[j].key, list->items[i].key))
            j++;
        if (j == kept)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

static morgue_status resolve_in(gathered *g, const mrg_snapshot *s, mrg_entity_type type, const char *text, size_t len,
                                morgue_error *err)
{
    mrg_name_list list = { 0 };
    size_t before = 0, by_words = 0; /* the latter without those that were found before */
    if (!s->names)
        return MORGUE_OK;
    morgue_status status = look_up_keys(s, type, text, len, &list, err);
    if (!status)
        status = mrg_names_by_form(s->names, type, text, len, &list, err);
    before = list.count;
    if (!status)
        status = mrg_names_by_words(s->names, type, text, len, MRG_RESOLVE_MAX, &list, &by_words, err);
    if (!status) {
        drop_repeated(&list);
        status = gather(g, &list, err);
    }
    if (before + by_words > g->total)
        g->total = before + by_words;
    mrg_name_list_dispose(&list);
    return status;
}

static int compare_names(const void *a, const void *b)
{
    const mrg_resolved_name *x = a, *y = b;
    if (x->article_count != y->article_count)
        return x->article_count > y->article_count ? -1 : 1;
    return strcmp(x->key, y->key);
}

static morgue_status resolve_type(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots,
                                  size_t snapshot_count, mrg_entity_type type, const char *text, size_t len,
                                  morgue_error *err)
{
    gathered g = { .arena = arena };
    morgue_status status = MORGUE_OK;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < snapshot_count && !status; i++)
        status = resolve_in(&g, snapshots[i], type, text, len, err);
    if (!status && g.count) {
        qsort(g.items, g.count, sizeof *g.items, compare_names);
        out->total = g.count > g.total ? g.count : g.total;
        out->count = g.count > MRG_RESOLVE_MAX ? MRG_RESOLVE_MAX : g.count;
        out->items = mrg_arena_alloc(arena, out->count * sizeof *out->items);
        if (out->items)
            memcpy(out->items, g.items, out->count * sizeof *out->items);
        else
            status = mrg_fail_nomem(err);
    }
    mrg_free(g.items);
    return status;
}

morgue_status mrg_resolve(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots, size_t snapshot_count,
                          mrg_entity_type type, const char *text, size_t len, morgue_error *err)
{
    morgue_status status = resolve_type(out, arena, snapshots, snapshot_count, type, text, len, err);
    if (!status && !out->count && type != MRG_ENTITY_TYPES) {
        status = resolve_type(out, arena, snapshots, snapshot_count, MRG_ENTITY_TYPES, text, len, err);
        out->other_type = out->count > 0;
    }
    return status;
}

void mrg_format_count(mrg_buffer *out, uint64_t n)
{
    if (n >= 1000) {
        mrg_format_count(out, n / 1000);
        mrg_buffer_printf(out, ",%03u", (unsigned)(n % 1000));
    } else {
        mrg_buffer_printf(out, "%u", (unsigned)n);
    }
}

void mrg_resolve_format(const mrg_resolved_name *name, mrg_buffer *out)
{
    mrg_buffer_append_str(out, name->name);
    mrg_buffer_append_str(out, " (");
    mrg_format_count(out, name->article_count);
    mrg_buffer_append_str(out, ")");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names for callers: found by what somebody typed, or all of them. */
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "store/names_write.h"

struct morgue_names {
    morgue_name *items;
    size_t count;
    mrg_arena arena;
};

const char *mrg_how_name(mrg_how how)
{
    static const char *const names[] = { "name", "alias", "word", "word", "prefix", "spelling", "sound", "spelling" };
    return names[how];
}

/* ---- One name ---------------------------------------------------------------------------------------------- */

static const char *format_day(mrg_arena *arena, uint32_t day)
{
    char text[32];
    if (!day)
        return "";
    int n = snprintf(text, sizeof text, "%04u-%02u-%02u", day / 10000, day / 100 % 100, day % 100);
    return mrg_arena_strndup(arena, text, (size_t)n);
}

static int by_count(const void *pa, const void *pb)
{
    const morgue_name_alias *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->form, b->form);
}

/* The list that a row is of. */
static const mrg_authority *authority_with(const mrg_view *view, const mrg_authority_row *row)
{
    const mrg_authority *authority;
    for (size_t i = 0; i < view->snapshot_count; i++)
        if (!mrg_snapshot_authority(view->snapshots[i], &authority, NULL) && mrg_authority_has_row(authority, row))
            return authority;
    return NULL;
}

/* Adds to a form's count; a new form at the end. */
static int add_form(morgue_name_alias *aliases, size_t *count, mrg_arena *arena, const char *prefix, const char *form,
                    uint32_t mentions)
{
    size_t at = 0, len = strlen(prefix);
    while (at < *count && (strncmp(aliases[at].form, prefix, len) || strcmp(aliases[at].form + len, form)))
        at++;
    if (at == *count) {
        char *copy = mrg_arena_alloc(arena, len + strlen(form) + 1);
        if (!copy)
            return -1;
        memcpy(copy, prefix, len);
        strcpy(copy + len, form);
        aliases[(*count)++] = (morgue_name_alias){ copy, 0 };
    }
    aliases[at].count += mentions;
    return 0;
}

/* The forms of all archives, and those of the user's list. */
static morgue_status merge_aliases(morgue_name *out, mrg_arena *arena, const mrg_name_list *list, const mrg_view *view,
                                   const mrg_authority_row *row, morgue_error *err)
{
    size_t most = row ? row->name_count + row->not_count : 0, count = 0;
    int failed = 0;
    for (size_t i = 0; i < list->count; i++)
        most += list->items[i].alias_count;
    morgue_name_alias *aliases = mrg_arena_alloc(arena, (most ? most : 1) * sizeof *aliases);
    if (!aliases)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].alias_count; k++)
            failed |= add_form(aliases, &count, arena, "", list->items[i].aliases[k].form,
                               list->items[i].aliases[k].count);
    if (count)
        qsort(aliases, count, sizeof *aliases, by_count);
    const mrg_authority *of = row ? authority_with(view, row) : NULL;
    for (uint32_t i = 1; of && i < row->name_count; i++)
        failed |= add_form(aliases, &count, arena, "", mrg_authority_name_at(of, row->first_name + i)->written, 0);
    for (uint32_t i = 0; of && i < row->not_count; i++)
        failed |= add_form(aliases, &count, arena, "not:", row->not_written[i], 0);
    out->aliases = aliases;
    out->alias_count = count;
    return failed ? mrg_fail_nomem(err) : MORGUE_OK;
}

static morgue_status merge(morgue_name *out, mrg_arena *arena, const mrg_name_list *list, const mrg_view *view,
                           const mrg_authority_row *row, morgue_error *err)
{
    const mrg_name *first = list->items;
    uint32_t first_day = 0, last_day = 0;
    const char *key = row ? row->key : first->key, *name = row ? row->name : first->name;
    mrg_entity_type type = row ? row->type : first->type;
    *out = (morgue_name){ .type = type < MRG_ENTITY_TYPES ? mrg_entity_type_name(type) : "-", .how = "name" };
    out->key = mrg_arena_strndup(arena, key, strlen(key));
    out->name = mrg_arena_strndup(arena, name, strlen(name));
    for (size_t i = 0; i < list->count; i++) {
        const mrg_name *part = &list->items[i];
        out->article_count += part->article_count;
        out->mention_count += part->mention_count;
        if (part->first_day && (!first_day || part->first_day < first_day))
            first_day = part->first_day;
        if (part->last_day > last_day)
            last_day = part->last_day;
    }
    out->first_date = format_day(arena, first_day);
    out->last_date = format_day(arena, last_day);
    if (!out->key || !out->name || !out->first_date || !out->last_date)
        return mrg_fail_nomem(err);
    return merge_aliases(out, arena, list, view, row, err);
}

/* Appends what one archive has under some keys; the first has the articles of all of them. */
static morgue_status get_from(mrg_name_list *list, const mrg_snapshot *snapshot, const char *const *keys,
                              size_t key_count, morgue_error *err)
{
    mrg_name_list parts = { .arena = list->arena };
    uint64_t articles = 0;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < key_count && !status; i++)
        status = mrg_names_get(snapshot->names, keys[i], strlen(keys[i]), &parts, err);
    list->arena = parts.arena;
    if (!status)
        status = mrg_resolve_count(&articles, snapshot, &parts, err);
    if (!status && mrg_reserve((void **)&list->items, &list->capacity, list->count + parts.count, sizeof *list->items))
        status = mrg_fail_nomem(err);
    for (size_t i = 0; i < parts.count && !status; i++) {
        parts.items[i].article_count = i ? 0 : (uint32_t)articles;
        list->items[list->count++] = parts.items[i];
    }
    mrg_free(parts.items);
    return status;
}

morgue_status mrg_name_collect(morgue_name *out, mrg_arena *arena, const mrg_view *view, const char *key,
                               const mrg_authority_row *row, int *found, morgue_error *err)
{
    mrg_name_list list = { 0 };
    morgue_status status = MORGUE_OK;
    const char *const *keys = row ? row->keys : &key;
    size_t count = !row ? 1 : row->type < MRG_ENTITY_TYPES ? row->key_count : 0;
    for (size_t i = 0; i < view->snapshot_count && !status; i++)
        if (view->snapshots[i]->names)
            status = get_from(&list, view->snapshots[i], keys, count, err);
    *found = list.count > 0;
    if (!status && (row || list.count))
        status = merge(out, arena, &list, view, row, err);
    mrg_name_list_dispose(&list);
    return status;
}

/* ---- Finding ------------------------------------------------------------------------------------------------ */

static morgue_status read_type(const char *text, mrg_entity_type *type, morgue_error *err)
{
    *type = MRG_ENTITY_TYPES;
    if (!text || !*text)
        return MORGUE_OK;
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++) {
        if (!strcmp(text, mrg_entity_type_name((mrg_entity_type)t))) {
            *type = (mrg_entity_type)t;
            return MORGUE_OK;
        }
    }
    return mrg_fail(err, MORGUE_ERR_INVALID, "\"%s\" is no type of names; there are person, org, place and event", text);
}

static morgue_status fill(morgue_names *names, const mrg_view *view, const mrg_resolved *resolved, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    names->items = mrg_arena_alloc(&names->arena, (resolved->count ? resolved->count : 1) * sizeof *names->items);
    if (!names->items)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < resolved->count && !status; i++) {
        const mrg_resolved_name *item = &resolved->items[i];
        const mrg_authority_row *row;
        int found = 0;
        morgue_name *name = &names->items[names->count];
        if (item->part)
            continue;
        status = mrg_resolve_row(&row, view->snapshots, view->snapshot_count, item->key, strlen(item->key), err);
        if (!status)
            status = mrg_name_collect(name, &names->arena, view, item->key, row, &found, err);
        if (status || !found)
            continue;
        name->how = mrg_how_name(item->how);
        names->count++;
    }
    return status;
}

static morgue_status find(morgue_names *names, const mrg_view *view, mrg_entity_type type, const char *text, size_t max,
                          morgue_error *err)
{
    mrg_resolved resolved;
    morgue_status status = mrg_resolve_list(&resolved, &names->arena, view->snapshots, view->snapshot_count, type, text,
                                            strlen(text), max, err);
    return status ? status : fill(names, view, &resolved, err);
}

enum { DEFAULT_MAX = 10 };

morgue_status morgue_names_find(morgue_searcher *searcher, const char *type, const char *text, size_t max,
                                morgue_names **out, morgue_error *err)
{
    mrg_entity_type wanted;
    *out = NULL;
    mrg_error_clear(err);
    if (!text)
        return mrg_fail(err, MORGUE_ERR_INVALID, "no name was given");
    morgue_status status = read_type(type, &wanted, err);
    if (status)
        return status;
    morgue_names *names = mrg_calloc(1, sizeof *names);
    if (!names)
        return mrg_fail_nomem(err);
    mrg_view *view = mrg_view_retain(searcher->view);
    status = find(names, view, wanted, text, max ? max : DEFAULT_MAX, err);
    mrg_view_release(view);
    if (status)
        morgue_names_free(names);
    else
        *out = names;
    return status;
}

size_t morgue_names_size(const morgue_names *names)
{
    return names->count;
}

const morgue_name *morgue_names_at(const morgue_names *names, size_t index)
{
    return index < names->count ? &names->items[index] : NULL;
}

void morgue_names_free(morgue_names *names)
{
    if (!names)
        return;
    mrg_arena_dispose(&names->arena);
    mrg_free(names);
}

/* ---- All of them ---------------------------------------------------------------------------------------------- */

/* The keys of one archive and those of its user's list, ascending. */
typedef struct key_walk {
    xapian_term_iter *it;
    const char *key; /* of the names, not NUL-terminated; NULL at the end */
    size_t len;
    const mrg_authority *authority;
    size_t row; /* the next one of the list */
} key_walk;

static morgue_status step(key_walk *w, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_status got = xapian_term_iter_next(&w->key, &w->len, w->it, &cause);
    if (got) {
        w->key = NULL;
        return got < 0 ? mrg_fail_xapian(err, &cause, "cannot read the names") : MORGUE_OK;
    }
    w->key += strlen(MRG_NAMES_PREFIX_KEY);
    w->len -= strlen(MRG_NAMES_PREFIX_KEY);
    return MORGUE_OK;
}

static morgue_status begin(key_walk *w, mrg_snapshot *snapshot, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    morgue_status status = mrg_snapshot_authority(snapshot, &w->authority, err);
    if (status || !snapshot->names)
        return status;
    if (xapian_database_allterms(&w->it, snapshot->names, MRG_NAMES_PREFIX_KEY, strlen(MRG_NAMES_PREFIX_KEY), &cause))
        return mrg_fail_xapian(err, &cause, "cannot read the names");
    return step(w, err);
}

static const mrg_authority_row *row_of(const key_walk *w)
{
    return w->row < mrg_authority_row_count(w->authority) ? mrg_authority_row_at(w->authority, w->row) : NULL;
}

static int compare_keys(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

static void take_less(const char **least, size_t *least_len, const char *key, size_t len)
{
    if (!*least || compare_keys(key, len, *least, *least_len) < 0) {
        *least = key;
        *least_len = len;
    }
}

/* Copies the smallest key, and steps over it everywhere. NULL at the end. */
static morgue_status next_key(key_walk *walks, size_t count, char **key, mrg_arena *arena, morgue_error *err)
{
    const char *least = NULL;
    size_t len = 0;
    morgue_status status = MORGUE_OK;
    *key = NULL;
    for (size_t i = 0; i < count; i++) {
        if (walks[i].key)
            take_less(&least, &len, walks[i].key, walks[i].len);
        if (row_of(&walks[i]))
            take_less(&least, &len, row_of(&walks[i])->key, strlen(row_of(&walks[i])->key));
    }
    if (!least)
        return MORGUE_OK;
    *key = mrg_arena_strndup(arena, least, len);
    if (!*key)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < count && !status; i++) {
        if (row_of(&walks[i]) && !strcmp(row_of(&walks[i])->key, *key))
            walks[i].row++;
        if (walks[i].key && !compare_keys(walks[i].key, walks[i].len, *key, len))
            status = step(&walks[i], err);
    }
    return status;
}

static morgue_status visit_all(const mrg_view *view, key_walk *walks, int (*visit)(void *ctx, const morgue_name *name),
                               void *ctx, morgue_error *err)
{
    mrg_arena arena = MRG_ARENA_INIT;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < view->snapshot_count && !status; i++)
        status = begin(&walks[i], view->snapshots[i], err);
    for (int stop = 0; !status && !stop;) {
        char *key;
        int found = 0;
        morgue_name name;
        const mrg_authority_row *row;
        mrg_arena_clear(&arena);
        status = next_key(walks, view->snapshot_count, &key, &arena, err);
        if (status || !key)
            break;
        status = mrg_resolve_row(&row, view->snapshots, view->snapshot_count, key, strlen(key), err);
        if (status || (row && strcmp(row->key, key))) /* it is part of that row's entity */
            continue;
        status = mrg_name_collect(&name, &arena, view, key, row, &found, err);
        if (!status && (found || row))
            stop = visit(ctx, &name);
    }
    mrg_arena_dispose(&arena);
    return status;
}

morgue_status morgue_names_each(morgue_searcher *searcher, int (*visit)(void *ctx, const morgue_name *name), void *ctx,
                                morgue_error *err)
{
    mrg_error_clear(err);
    mrg_view *view = mrg_view_retain(searcher->view);
    key_walk *walks = mrg_calloc(view->snapshot_count, sizeof *walks);
    morgue_status status = walks ? visit_all(view, walks, visit, ctx, err) : mrg_fail_nomem(err);
    for (size_t i = 0; walks && i < view->snapshot_count; i++)
        xapian_term_iter_free(walks[i].it);
    mrg_free(walks);
    mrg_view_release(view);
    return status;
}

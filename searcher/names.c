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
    static const char *const names[] = { "name", "alias", "word", "prefix", "spelling", "sound", "spelling" };
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

/* The forms of all archives, each once. */
static morgue_status merge_aliases(morgue_name *out, mrg_arena *arena, const mrg_name_list *list, morgue_error *err)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < list->count; i++)
        most += list->items[i].alias_count;
    morgue_name_alias *aliases = mrg_arena_alloc(arena, (most ? most : 1) * sizeof *aliases);
    if (!aliases)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < list->count; i++) {
        for (size_t k = 0; k < list->items[i].alias_count; k++) {
            const mrg_alias *alias = &list->items[i].aliases[k];
            size_t at = 0;
            while (at < count && strcmp(aliases[at].form, alias->form))
                at++;
            if (at == count) {
                aliases[count++] = (morgue_name_alias){ mrg_arena_strndup(arena, alias->form, strlen(alias->form)), 0 };
                if (!aliases[at].form)
                    return mrg_fail_nomem(err);
            }
            aliases[at].count += alias->count;
        }
    }
    if (count)
        qsort(aliases, count, sizeof *aliases, by_count);
    out->aliases = aliases;
    out->alias_count = count;
    return MORGUE_OK;
}

static morgue_status merge(morgue_name *out, mrg_arena *arena, const mrg_name_list *list, morgue_error *err)
{
    const mrg_name *first = &list->items[0];
    uint32_t first_day = 0, last_day = 0;
    *out = (morgue_name){ .type = mrg_entity_type_name(first->type), .how = "name" };
    out->key = mrg_arena_strndup(arena, first->key, strlen(first->key));
    out->name = mrg_arena_strndup(arena, first->name, strlen(first->name));
    for (size_t i = 0; i < list->count; i++) {
        const mrg_name *name = &list->items[i];
        out->article_count += name->article_count;
        out->mention_count += name->mention_count;
        if (name->first_day && (!first_day || name->first_day < first_day))
            first_day = name->first_day;
        if (name->last_day > last_day)
            last_day = name->last_day;
    }
    out->first_date = format_day(arena, first_day);
    out->last_date = format_day(arena, last_day);
    if (!out->key || !out->name || !out->first_date || !out->last_date)
        return mrg_fail_nomem(err);
    return merge_aliases(out, arena, list, err);
}

morgue_status mrg_name_collect(morgue_name *out, mrg_arena *arena, const mrg_view *view, const char *key, int *found,
                               morgue_error *err)
{
    mrg_name_list list = { 0 };
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < view->snapshot_count && !status; i++) {
        mrg_name_list one = { .arena = list.arena };
        if (!view->snapshots[i]->names)
            continue;
        status = mrg_names_get(view->snapshots[i]->names, key, strlen(key), &one, err);
        list.arena = one.arena;
        if (!status && one.count) {
            if (mrg_reserve((void **)&list.items, &list.capacity, list.count + 1, sizeof *list.items))
                status = mrg_fail_nomem(err);
            else
                list.items[list.count++] = one.items[0];
        }
        mrg_free(one.items);
    }
    *found = list.count > 0;
    if (!status && list.count)
        status = merge(out, arena, &list, err);
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
        int found = 0;
        morgue_name *name = &names->items[names->count];
        status = mrg_name_collect(name, &names->arena, view, resolved->items[i].key, &found, err);
        if (status || !found)
            continue;
        name->how = mrg_how_name(resolved->items[i].how);
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

/* The keys of one archive, ascending. */
typedef struct key_walk {
    xapian_term_iter *it;
    const char *key; /* not NUL-terminated; NULL at the end */
    size_t len;
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

static morgue_status begin(key_walk *w, xapian_database *names, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    if (!names)
        return MORGUE_OK;
    if (xapian_database_allterms(&w->it, names, MRG_NAMES_PREFIX_KEY, strlen(MRG_NAMES_PREFIX_KEY), &cause))
        return mrg_fail_xapian(err, &cause, "cannot read the names");
    return step(w, err);
}

static int is_before(const key_walk *a, const key_walk *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->key, b->key, len);
    return order ? order < 0 : a->len < b->len;
}

/* Copies the smallest key, and steps over it in every archive. NULL at the end. */
static morgue_status next_key(key_walk *walks, size_t count, char **key, mrg_arena *arena, morgue_error *err)
{
    const key_walk *least = NULL;
    morgue_status status = MORGUE_OK;
    *key = NULL;
    for (size_t i = 0; i < count; i++)
        if (walks[i].key && (!least || is_before(&walks[i], least)))
            least = &walks[i];
    if (!least)
        return MORGUE_OK;
    size_t len = least->len;
    *key = mrg_arena_strndup(arena, least->key, len);
    if (!*key)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < count && !status; i++)
        if (walks[i].key && walks[i].len == len && !memcmp(walks[i].key, *key, len))
            status = step(&walks[i], err);
    return status;
}

static morgue_status visit_all(const mrg_view *view, key_walk *walks, int (*visit)(void *ctx, const morgue_name *name),
                               void *ctx, morgue_error *err)
{
    mrg_arena arena = MRG_ARENA_INIT;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < view->snapshot_count && !status; i++)
        status = begin(&walks[i], view->snapshots[i]->names, err);
    for (int stop = 0; !status && !stop;) {
        char *key;
        int found = 0;
        morgue_name name;
        mrg_arena_clear(&arena);
        status = next_key(walks, view->snapshot_count, &key, &arena, err);
        if (status || !key)
            break;
        status = mrg_name_collect(&name, &arena, view, key, &found, err);
        if (!status && found)
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

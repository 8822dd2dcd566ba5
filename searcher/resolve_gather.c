/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names found in the archives, gathered as entities: each once, and as the user's list has them. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "resolve.h"

static mrg_resolved_name *find_key(mrg_gathered *g, const char *key)
{
    for (size_t i = 0; i < g->count; i++) {
        if (!strcmp(g->items[i].key, key))
            return &g->items[i];
    }
    return NULL;
}

static const char *copy(mrg_gathered *g, const char *text)
{
    return mrg_arena_strndup(g->arena, text, strlen(text));
}

/* `row` is what it belongs to, or NULL. */
static morgue_status add(mrg_gathered *g, size_t shot, const mrg_name *name, const mrg_authority_row *row, size_t first,
                         mrg_how how, unsigned edits, morgue_error *err)
{
    mrg_resolved_name *item = find_key(g, name->key);
    if (item) {
        if ((size_t)(item - g->items) >= first && item->counted != shot)
            item->own_count += name->article_count;
        item->counted = shot;
        item->how = how < item->how ? how : item->how;
        return MORGUE_OK;
    }
    if (mrg_reserve((void **)&g->items, &g->capacity, g->count + 1, sizeof *g->items))
        return mrg_fail_nomem(err);
    item = &g->items[g->count];
    *item = (mrg_resolved_name){ .type = row ? row->type : name->type, .how = how, .edits = edits };
    item->own_count = name->article_count;
    item->counted = shot;
    item->key = copy(g, name->key);
    item->name = copy(g, row ? row->name : name->name);
    item->entity = row ? copy(g, row->key) : NULL;
    if (!item->key || !item->name || (row && !item->entity))
        return mrg_fail_nomem(err);
    g->count++;
    return MORGUE_OK;
}

/* Adds the articles that have a name to a set. */
static morgue_status add_articles(mrg_bitset *set, xapian_database *catalogue, const char *key, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    xapian_docid docid;
    mrg_buffer term = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&term, MRG_PREFIX_ENTITY);
    mrg_buffer_append_str(&term, key);
    morgue_status status = term.failed ? mrg_fail_nomem(err) : MORGUE_OK;
    xapian_status got = status || term.len > XAPIAN_MAX_TERM_LEN
                            ? XAPIAN_C_END
                            : xapian_database_postings(&it, catalogue, (char *)term.data, term.len, &cause);
    while (!status && !got && !(got = xapian_posting_iter_next(&docid, it, &cause)))
        if (mrg_bitset_add(set, docid))
            status = mrg_fail_nomem(err);
    if (!status && got < 0)
        status = mrg_fail_xapian(err, &cause, "cannot look up a name");
    xapian_posting_iter_free(it);
    mrg_buffer_dispose(&term);
    return status;
}

morgue_status mrg_resolve_count(uint64_t *out, const mrg_snapshot *snapshot, const mrg_name_list *parts,
                                morgue_error *err)
{
    mrg_bitset set = MRG_BITSET_INIT;
    morgue_status status = MORGUE_OK;
    *out = parts->count ? parts->items[0].article_count : 0;
    for (size_t i = 0; i < parts->count && parts->count > 1 && !status; i++)
        status = add_articles(&set, snapshot->catalogue, parts->items[i].key, err);
    if (parts->count > 1)
        *out = set.count;
    mrg_bitset_dispose(&set);
    return status;
}

morgue_status mrg_resolve_everywhere(uint64_t *out, mrg_snapshot *const *snapshots, size_t snapshot_count,
                                     const mrg_authority_row *row, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    *out = 0;
    for (size_t i = 0; i < snapshot_count && !status; i++) {
        mrg_bitset set = MRG_BITSET_INIT;
        for (uint32_t k = 0; k < row->key_count && !status; k++)
            status = add_articles(&set, snapshots[i]->catalogue, row->keys[k], err);
        *out += set.count;
        mrg_bitset_dispose(&set);
    }
    return status;
}

static int is_refused(const mrg_authority_row *row, const mrg_buffer *words)
{
    return words && mrg_authority_is_not(row, (const char *)words->data, words->len);
}

morgue_status mrg_gather_row(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, const mrg_authority_row *row,
                             size_t first, mrg_how how, unsigned edits, morgue_error *err)
{
    mrg_name_list list = { 0 };
    morgue_status status = MORGUE_OK;
    if (row->type == MRG_ENTITY_TYPES)
        return MORGUE_OK;
    if (is_refused(row, g->asked) || is_refused(row, g->corrected))
        return MORGUE_OK;
    for (uint32_t i = 0; i < row->key_count && !status; i++)
        status = mrg_names_get(snapshot->names, row->keys[i], strlen(row->keys[i]), &list, err);
    uint64_t count = 0;
    if (!status)
        status = mrg_resolve_count(&count, snapshot, &list, err);
    for (size_t i = 0; i < list.count && !status; i++) {
        list.items[i].article_count = i ? 0 : (uint32_t)count; /* of all keys together */
        status = add(g, shot, &list.items[i], row, first, how, edits, err);
    }
    mrg_name_list_dispose(&list);
    return status;
}

morgue_status mrg_gather(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, const mrg_name_list *list, size_t first,
                         mrg_how how, morgue_error *err)
{
    const mrg_authority *authority;
    morgue_status status = mrg_snapshot_authority(snapshot, &authority, err);
    for (size_t i = 0; i < list->count && !status; i++) {
        const mrg_name *name = &list->items[i];
        const mrg_authority_row *row = mrg_authority_of_key(authority, name->key, strlen(name->key));
        if (row)
            status = mrg_gather_row(g, snapshot, shot, row, first, how, name->edits, err);
        else
            status = add(g, shot, name, NULL, first, how, name->edits, err);
    }
    return status;
}

/* ---- The user's list ---------------------------------------------------------------------------------------------- */

static int is_wanted(const mrg_authority_row *row, mrg_entity_type type)
{
    return row->type < MRG_ENTITY_TYPES && (type == MRG_ENTITY_TYPES || row->type == type);
}

morgue_status mrg_gather_listed(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, mrg_entity_type type,
                                morgue_error *err)
{
    const mrg_authority *a;
    morgue_status status = mrg_snapshot_authority(snapshot, &a, err);
    if (status || !a || !g->asked->len)
        return status;
    const char *words = (const char *)g->asked->data;
    const mrg_authority_name *name = mrg_authority_find(a, words, g->asked->len);
    for (; name && !status; name = name->next ? mrg_authority_name_at(a, name->next - 1) : NULL) {
        const mrg_authority_row *row = mrg_authority_row_of(a, name);
        mrg_how how = (size_t)(name - mrg_authority_name_at(a, 0)) == row->first_name ? MRG_HOW_NAME : MRG_HOW_ALIAS;
        if (is_wanted(row, type))
            status = mrg_gather_row(g, snapshot, shot, row, 0, how, 0, err);
    }
    for (uint32_t at = 0; !status && g->count < MRG_RESOLVE_MAX &&
                          (name = mrg_authority_next_with(a, words, g->asked->len, &at)) != NULL;) {
        const mrg_authority_row *row = mrg_authority_row_of(a, name);
        if (name->len > g->asked->len && is_wanted(row, type))
            status = mrg_gather_row(g, snapshot, shot, row, 0, MRG_HOW_WORD, 0, err);
    }
    return status;
}

/* ---- Order ------------------------------------------------------------------------------------------------------- */

static int same_entity(const mrg_resolved_name *a, const mrg_resolved_name *b)
{
    return a->entity && b->entity && !strcmp(a->entity, b->entity);
}

/* Every key gets what holds for the entity. */
static void sum_up(mrg_gathered *g, size_t first)
{
    for (size_t i = first; i < g->count; i++) {
        mrg_resolved_name *item = &g->items[i];
        item->article_count = item->own_count;
        for (size_t k = first; k < g->count && item->entity; k++) {
            const mrg_resolved_name *other = &g->items[k];
            if (k == i || !same_entity(item, other))
                continue;
            item->article_count += other->own_count;
            item->how = other->how < item->how ? other->how : item->how;
            item->edits = other->edits < item->edits ? other->edits : item->edits;
        }
    }
}

/* Most articles first; the keys of one entity stay together. */
int mrg_gathered_by_articles(const void *a, const void *b)
{
    const mrg_resolved_name *x = a, *y = b;
    if (x->article_count != y->article_count)
        return x->article_count > y->article_count ? -1 : 1;
    int order = strcmp(x->entity ? x->entity : x->key, y->entity ? y->entity : y->key);
    if (order)
        return order;
    if (x->own_count != y->own_count)
        return x->own_count > y->own_count ? -1 : 1;
    return strcmp(x->key, y->key);
}

void mrg_gather_finish(mrg_gathered *g, size_t first, int (*order)(const void *a, const void *b))
{
    if (g->count <= first)
        return;
    sum_up(g, first);
    qsort(g->items + first, g->count - first, sizeof *g->items, order);
    for (size_t i = first + 1; i < g->count; i++)
        g->items[i].part = same_entity(&g->items[i], &g->items[i - 1]) ? g->items[i - 1].part + 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that begin as typed: any word of them, once there are two letters. What one letter begins would be too
 * many names to look through while somebody types, so that looks at the beginnings of whole names, in the
 * segments' dictionaries, which are quicker.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "complete.h"
#include "expand.h"
#include "names.h"

enum { MAX_WORDS = 200 }; /* that a word begun may become */

/* person:"Vladimir Putin". A name with a quotation mark in it cannot be written so. */
static morgue_status add_name(morgue_completions *list, const char *field, const char *name, const char *kind,
                              uint64_t count, morgue_error *err)
{
    mrg_buffer text = MRG_BUFFER_INIT;
    if (strchr(name, '"'))
        return MORGUE_OK;
    mrg_buffer_append_str(&text, field);
    mrg_buffer_printf(&text, "\"%s\"", name);
    morgue_status status = text.failed ? mrg_fail_nomem(err)
                                       : mrg_completions_add(list, (const char *)text.data, text.len, kind, count, err);
    mrg_buffer_dispose(&text);
    return status;
}

static morgue_status add_typed_name(morgue_completions *list, const char *field, mrg_entity_type type, const char *name,
                                    uint64_t count, morgue_error *err)
{
    const char *kind = mrg_entity_type_name(type);
    char own[32];
    if (!field) {
        strcpy(own, kind);
        strcat(own, ":");
    }
    return add_name(list, field ? field : own, name, kind, count, err);
}

/* ---- By any of its words --------------------------------------------------------------------------------------- */

/* The words before the last one as they are, the last as a beginning; in one archive. */
static morgue_status find_in_archive(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, mrg_entity_type type,
                                     const mrg_tokens *tokens, size_t max, morgue_error *err)
{
    xapian_database *names = snapshot->names;
    mrg_near_group groups[MRG_NAMES_MAX_WORDS];
    mrg_near_word whole[MRG_NAMES_MAX_WORDS];
    mrg_near_list begun = { 0 };
    mrg_name_list found = { 0 };
    size_t last = tokens->count - 1;
    for (size_t i = 0; i < last; i++) {
        const mrg_token *t = &tokens->items[i];
        whole[i] = (mrg_near_word){ .word = mrg_token_term(tokens, t), .len = t->term_len };
        groups[i] = (mrg_near_group){ &whole[i], 1 };
    }
    morgue_status status = mrg_names_beginning(names, mrg_token_term(tokens, &tokens->items[last]),
                                               tokens->items[last].term_len, MAX_WORDS, &begun, err);
    groups[last] = (mrg_near_group){ begun.items, begun.count };
    if (!status && begun.count)
        status = mrg_names_by_groups(names, type, groups, tokens->count, max, &found, NULL, err);
    if (!status)
        status = mrg_gather(g, snapshot, shot, &found, 0, MRG_HOW_PREFIX, err);
    mrg_name_list_dispose(&found);
    mrg_near_list_dispose(&begun);
    return status;
}

static morgue_status complete_by_words(morgue_completions *list, mrg_view *view, const char *field,
                                       mrg_entity_type type, const mrg_tokens *tokens, size_t max, morgue_error *err)
{
    mrg_gathered g = { .arena = &list->arena };
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < view->snapshot_count && !status; i++) {
        if (view->snapshots[i]->names)
            status = find_in_archive(&g, view->snapshots[i], i + 1, type, tokens, max, err);
    }
    mrg_gather_finish(&g, 0, mrg_gathered_by_articles);
    for (size_t i = 0; i < g.count && i < max && !status; i++)
        if (!g.items[i].part)
            status = add_typed_name(list, field, g.items[i].type, g.items[i].name, g.items[i].article_count, err);
    mrg_free(g.items);
    return status;
}

/* ---- By the beginning of the whole -------------------------------------------------------------------------------- */

static morgue_status add_key(morgue_completions *list, mrg_view *view, const char *field, mrg_entity_type type,
                             const mrg_match_term *term, morgue_error *err)
{
    int found = 0;
    morgue_name name;
    const char *key = mrg_arena_strndup(&list->arena, (const char *)term->key + 1, term->key_len - 1);
    const mrg_authority_row *row = NULL;
    morgue_status status =
        key ? mrg_resolve_row(&row, view->snapshots, view->snapshot_count, key, strlen(key), err) : mrg_fail_nomem(err);
    if (!status)
        status = mrg_name_collect(&name, &list->arena, view, key, row, &found, err);
    return status || !found ? status : add_typed_name(list, field, type, name.name, name.article_count, err);
}

static int by_completion_count(const void *a, const void *b)
{
    const morgue_completion *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->text, y->text);
}

static morgue_status complete_by_letter(morgue_completions *list, mrg_view *view, const char *field,
                                        mrg_entity_type type, const char *prefix, size_t len, size_t max,
                                        morgue_error *err)
{
    mrg_match_terms terms;
    size_t first = list->count;
    morgue_status status = MORGUE_OK;
    mrg_match_terms_init(&terms, &list->arena, view->segments, view->segment_count);
    const mrg_expander with = { .terms = &terms, .max = max };
    for (int t = 0; t < (int)MRG_ENTITY_TYPES && !status; t++) {
        mrg_expansion found = { 0 };
        mrg_buffer key = MRG_BUFFER_INIT;
        if (type != MRG_ENTITY_TYPES && type != (mrg_entity_type)t)
            continue;
        mrg_buffer_append_byte(&key, (unsigned char)mrg_entity_letter((mrg_entity_type)t));
        mrg_buffer_append_byte(&key, ':');
        mrg_buffer_append(&key, prefix, len);
        status = key.failed ? mrg_fail_nomem(err)
                            : mrg_expand_prefix(&found, &with, MRG_FIELD_ENTITY, (const char *)key.data, key.len, err);
        for (size_t i = 0; i < found.count && !status; i++)
            status = add_key(list, view, field, (mrg_entity_type)t, &terms.items[found.terms[i]], err);
        mrg_buffer_dispose(&key);
    }
    mrg_match_terms_dispose(&terms);
    if (status || list->count == first)
        return status;
    qsort(list->items + first, list->count - first, sizeof *list->items, by_completion_count);
    list->count = list->count - first > max ? first + max : list->count;
    return MORGUE_OK;
}

morgue_status mrg_complete_names(morgue_completions *list, mrg_view *view, const char *field, mrg_entity_type type,
                                 const mrg_tokens *tokens, size_t max, morgue_error *err)
{
    const mrg_token *last = &tokens->items[tokens->count - 1];
    if (tokens->count > MRG_NAMES_MAX_WORDS)
        return MORGUE_OK;
    if (tokens->count == 1 && last->end - last->begin == 1)
        return complete_by_letter(list, view, field, type, mrg_token_term(tokens, last), last->term_len, max, err);
    return complete_by_words(list, view, field, type, tokens, max, err);
}

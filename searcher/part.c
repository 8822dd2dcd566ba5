/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "part.h"

#include <string.h>

#include "core/alloc.h"
#include "core/error.h"

morgue_part *mrg_part_create(morgue_part_kind kind, uint64_t ticket)
{
    morgue_part *part = mrg_calloc(1, sizeof *part);
    if (part) {
        part->kind = kind;
        part->ticket = ticket;
    }
    return part;
}

void morgue_part_free(morgue_part *part)
{
    if (!part)
        return;
    morgue_results_free(part->results);
    if (part->searcher)
        mrg_session_give_back(part->session, part->searcher);
    mrg_arena_dispose(&part->arena);
    mrg_free(part);
}

static const char *copy(morgue_part *part, const char *text)
{
    return mrg_arena_strndup(&part->arena, text, strlen(text));
}

static void *array(morgue_part *part, size_t count, size_t size)
{
    return mrg_arena_alloc(&part->arena, count ? count * size : 1);
}

morgue_status mrg_part_set_suggestion(morgue_part *part, const char *text, morgue_error *err)
{
    part->suggestion = copy(part, text);
    return part->suggestion ? MORGUE_OK : mrg_fail_nomem(err);
}

morgue_status mrg_part_set_facet(morgue_part *part, morgue_facet facet, const morgue_facet_value *values, size_t count,
                                 size_t total, morgue_error *err)
{
    morgue_facet_value *own = array(part, count, sizeof *own);
    if (!own)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        own[i] = (morgue_facet_value){ copy(part, values[i].value), copy(part, values[i].key), values[i].count };
        if (!own[i].value || !own[i].key)
            return mrg_fail_nomem(err);
    }
    part->facet = facet;
    part->values = own;
    part->value_count = count;
    part->value_total = total;
    return MORGUE_OK;
}

morgue_status mrg_part_set_names(morgue_part *part, const morgue_associate *names, size_t count, morgue_error *err)
{
    morgue_associate *own = array(part, count, sizeof *own);
    if (!own)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        own[i] = names[i];
        own[i].type = copy(part, names[i].type);
        own[i].name = copy(part, names[i].name);
        own[i].key = copy(part, names[i].key);
        if (!own[i].type || !own[i].name || !own[i].key)
            return mrg_fail_nomem(err);
    }
    part->names = own;
    part->name_count = count;
    return MORGUE_OK;
}

/* ---- What is told of a part ---- */

morgue_part_kind morgue_part_get_kind(const morgue_part *part)
{
    return part->kind;
}

uint64_t morgue_part_ticket(const morgue_part *part)
{
    return part->ticket;
}

const morgue_error *morgue_part_error(const morgue_part *part)
{
    return &part->error;
}

morgue_results *morgue_part_results(const morgue_part *part)
{
    return part->results;
}

uint64_t morgue_part_count(const morgue_part *part)
{
    return part->count;
}

const char *morgue_part_suggestion(const morgue_part *part)
{
    return part->suggestion;
}

const morgue_facet_value *morgue_part_facet(const morgue_part *part, morgue_facet *facet, size_t *count, size_t *total)
{
    if (facet)
        *facet = part->facet;
    if (count)
        *count = part->value_count;
    if (total)
        *total = part->value_total;
    return part->values;
}

const morgue_associate *morgue_part_names(const morgue_part *part, size_t *count)
{
    if (count)
        *count = part->name_count;
    return part->names;
}

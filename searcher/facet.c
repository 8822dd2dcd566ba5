/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often each value of a field occurs among all articles that match. */
#include <string.h>

#include "core/alloc.h"
#include "overview.h"
#include "store/subject.h"

typedef enum facet_kind {
    FACET_NAMES, /* of a type */
    FACET_WORDS, /* values with the same words are one, as they are in a query */
    FACET_SUBJECTS, /* likewise, several of an article */
    FACET_TERMS, /* the rest of a term */
    FACET_DATES
} facet_kind;

typedef struct facet_source {
    facet_kind kind;
    mrg_entity_type type;
    const char *prefix;
} facet_source;

static const facet_source sources[MRG_FACETS] = {
    [MORGUE_FACET_PERSON] = { FACET_NAMES, MRG_ENTITY_PERSON, NULL },
    [MORGUE_FACET_ORG] = { FACET_NAMES, MRG_ENTITY_ORG, NULL },
    [MORGUE_FACET_PLACE] = { FACET_NAMES, MRG_ENTITY_PLACE, NULL },
    [MORGUE_FACET_EVENT] = { FACET_NAMES, MRG_ENTITY_EVENT, NULL },
    [MORGUE_FACET_SOURCE] = { FACET_WORDS, 0, MRG_PREFIX_SOURCE },
    [MORGUE_FACET_AUTHOR] = { FACET_WORDS, 0, MRG_PREFIX_AUTHOR },
    [MORGUE_FACET_SUBJECT] = { FACET_SUBJECTS, 0, MRG_PREFIX_SUBJECT },
    [MORGUE_FACET_LANG] = { FACET_TERMS, 0, MRG_PREFIX_LANG },
    [MORGUE_FACET_YEAR] = { FACET_DATES, 0, MRG_PREFIX_YEAR },
    [MORGUE_FACET_MONTH] = { FACET_DATES, 0, MRG_PREFIX_MONTH },
    [MORGUE_FACET_DAY] = { FACET_DATES, 0, MRG_PREFIX_DAY },
};

typedef struct facet_call {
    morgue_facet facet;
    size_t max;
    size_t total;
} facet_call;

/* ---- Order ------------------------------------------------------------------------------------------------ */

static int by_key(const void *a, const void *b)
{
    const mrg_tally_entry *x = *(mrg_tally_entry *const *)a, *y = *(mrg_tally_entry *const *)b;
    return strcmp(x->key, y->key);
}

static int by_count(const void *a, const void *b)
{
    const mrg_tally_entry *x = *(mrg_tally_entry *const *)a, *y = *(mrg_tally_entry *const *)b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->key, y->key);
}

/* Keys say nothing; of two values as frequent as each other, the one that was there first comes first. */
static int by_count_and_age(const void *a, const void *b)
{
    const mrg_tally_entry *x = *(mrg_tally_entry *const *)a, *y = *(mrg_tally_entry *const *)b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (x->archive != y->archive)
        return x->archive < y->archive ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* ---- Values ---------------------------------------------------------------------------------------------- */

static const char *keep(mrg_arena *arena, const char *s, morgue_status *status, morgue_error *err)
{
    const char *copy = mrg_arena_strndup(arena, s, strlen(s));
    if (!copy)
        *status = mrg_fail_nomem(err);
    return copy;
}

/* "20140301" as "2014-03-01". */
static const char *format_date(mrg_arena *arena, const mrg_tally_entry *entry, morgue_status *status, morgue_error *err)
{
    char text[16];
    size_t n = 0;
    for (size_t i = 0; i < entry->key_len && n + 2 < sizeof text; i++) {
        if (i == 4 || i == 6)
            text[n++] = '-';
        text[n++] = entry->key[i];
    }
    text[n] = 0;
    return keep(arena, text, status, err);
}

/* That one of an article's subjects that has the words counted. */
static morgue_status keep_subject(const char **value, mrg_arena *arena, const char *subjects,
                                  const mrg_tally_entry *entry, morgue_error *err)
{
    mrg_tokens tokens = { 0 };
    mrg_buffer key = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    const char *subject;
    size_t len;
    *value = NULL;
    while (!status && !*value && (subject = mrg_subject_next(&subjects, &len))) {
        status = mrg_subject_key(&key, &tokens, subject, len, err);
        if (!status && key.len == entry->key_len && memcmp(key.data, entry->key, key.len) == 0 &&
            !(*value = mrg_arena_strndup(arena, subject, len)))
            status = mrg_fail_nomem(err);
    }
    if (!status && !*value)
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "an article that matches lacks its subject");
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&key);
    return status;
}

static const char *read_field(const mrg_overview *o, const facet_call *call, const mrg_tally_entry *entry,
                              mrg_arena *arena, morgue_status *status, morgue_error *err)
{
    mrg_fields fields = { 0 };
    const char *value = NULL;
    *status = mrg_catalogue_fields(o->results->view->snapshots[entry->archive]->catalogue, entry->docid, &fields, err);
    if (*status == MORGUE_ERR_NOT_FOUND)
        *status = mrg_fail(err, MORGUE_ERR_CORRUPT, "an article that matches has no fields");
    if (!*status && call->facet == MORGUE_FACET_SUBJECT)
        *status = keep_subject(&value, arena, fields.subject, entry, err);
    else if (!*status)
        value = keep(arena, call->facet == MORGUE_FACET_SOURCE ? fields.source : fields.author, status, err);
    mrg_fields_dispose(&fields);
    return value;
}

static morgue_status give_value(const mrg_overview *o, const facet_call *call, const mrg_tally_entry *entry,
                                mrg_arena *arena, morgue_facet_value *out, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    facet_kind kind = entry->key_len ? sources[call->facet].kind : FACET_TERMS;
    out->count = entry->count;
    if (kind == FACET_NAMES) {
        out->key = keep(arena, entry->key, &status, err);
        return status ? status : mrg_overview_name(o, entry->key, entry->key_len, arena, &out->value, err);
    }
    if (kind == FACET_WORDS || kind == FACET_SUBJECTS)
        out->value = read_field(o, call, entry, arena, &status, err);
    else if (kind == FACET_DATES)
        out->value = format_date(arena, entry, &status, err);
    else
        out->value = keep(arena, entry->key, &status, err);
    out->key = out->value;
    return status;
}

static morgue_status give(mrg_overview *o, const facet_call *call, const mrg_best *best, morgue_error *err)
{
    mrg_given *given = &o->facets[call->facet];
    morgue_status status = MORGUE_OK;
    given->count = 0;
    mrg_arena_clear(&given->arena);
    morgue_facet_value *values = mrg_arena_alloc(&given->arena, (best->count + 1) * sizeof *values);
    if (!values)
        return mrg_fail_nomem(err);
    given->items = values;
    for (size_t i = 0; i < best->count && !status; i++) {
        status = give_value(o, call, best->items[i], &given->arena, &values[i], err);
        if (!status)
            status = mrg_overview_tick(o, err);
    }
    given->count = status ? 0 : best->count;
    return status;
}

/* ---- Counting ---------------------------------------------------------------------------------------------- */

static morgue_status count(mrg_overview *o, const facet_call *call, mrg_tally *tally, morgue_error *err)
{
    const facet_source *source = &sources[call->facet];
    switch (source->kind) {
    case FACET_NAMES:
        return mrg_overview_count_names(o, 1u << source->type, tally, err);
    case FACET_WORDS:
        return mrg_overview_count_words(o, source->prefix, tally, err);
    default:
        return mrg_overview_count_terms(o, source->prefix, tally, err);
    }
}

/* Every article has one value at most of what is no name or subject; those without one count under "". */
static morgue_status count_others(mrg_overview *o, const facet_call *call, mrg_tally *tally, morgue_error *err)
{
    uint64_t counted = 0;
    mrg_tally_entry *entry;
    if (sources[call->facet].kind == FACET_NAMES || sources[call->facet].kind == FACET_SUBJECTS)
        return MORGUE_OK;
    for (size_t i = 0; i < tally->count; i++)
        counted += tally->entries[i].count;
    if (counted >= o->match_count)
        return MORGUE_OK;
    morgue_status status = mrg_tally_at(tally, "", 0, &entry, err);
    if (!status)
        mrg_tally_add(entry, 0, 0, o->match_count - counted);
    return status;
}

static morgue_status count_and_give(mrg_overview *o, void *ctx, morgue_error *err)
{
    facet_call *call = ctx;
    mrg_tally tally = { 0 };
    facet_kind kind = sources[call->facet].kind;
    mrg_best best = { call->max, kind == FACET_DATES ? by_key : kind == FACET_WORDS ? by_count_and_age : by_count,
                      NULL, 0, 0 };
    morgue_status status = count(o, call, &tally, err);
    if (!status)
        status = count_others(o, call, &tally, err);
    for (size_t i = 0; i < tally.count && !status; i++)
        status = mrg_best_offer(&best, &tally.entries[i], err);
    if (!status) {
        mrg_best_sort(&best);
        call->total = tally.count;
        status = give(o, call, &best, err);
    }
    mrg_best_dispose(&best);
    mrg_tally_dispose(&tally);
    return status;
}

morgue_status morgue_results_facet(morgue_results *results, morgue_facet facet, size_t max,
                                   const morgue_facet_value **values, size_t *value_count, size_t *total,
                                   morgue_error *err)
{
    facet_call call = { facet, max, 0 };
    mrg_error_clear(err);
    *values = NULL;
    *value_count = 0;
    if (total)
        *total = 0;
    if ((unsigned)facet >= MRG_FACETS)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no such facet");
    morgue_status status = mrg_overview_run(results, count_and_give, &call, err);
    if (status)
        return status;
    *values = results->overview->facets[facet].items;
    *value_count = results->overview->facets[facet].count;
    if (total)
        *total = call.total;
    return MORGUE_OK;
}

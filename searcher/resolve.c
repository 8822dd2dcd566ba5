/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "store/names_write.h"

/* A question, as it goes from one way of looking up to the next. */
typedef struct question {
    mrg_snapshot *const *snapshots;
    size_t snapshot_count;
    mrg_entity_type type;
    const char *text;
    size_t len;
    morgue_error *err;
} question;

static morgue_status hand_over(mrg_resolved *out, const mrg_gathered *g, size_t max, morgue_error *err)
{
    out->total = g->count > g->total ? g->count : g->total;
    out->count = g->count > max ? max : g->count;
    if (!out->count)
        return MORGUE_OK;
    out->items = mrg_arena_alloc(g->arena, out->count * sizeof *out->items);
    if (!out->items)
        return mrg_fail_nomem(err);
    memcpy(out->items, g->items, out->count * sizeof *out->items);
    return MORGUE_OK;
}

/* ---- As it is asked for ---------------------------------------------------------------------------------------- */

/* By key: the alias table's answer, or the folded name itself under the type, or under each type. */
static morgue_status look_up_keys(const question *q, const mrg_snapshot *s, mrg_name_list *list)
{
    morgue_status status = MORGUE_OK;
    mrg_buffer key = MRG_BUFFER_INIT;
    mrg_entity_type found = q->type;
    int known = mrg_entity_key(&key, &found, q->text, q->len);
    if (key.failed) {
        status = mrg_fail_nomem(q->err);
    } else if (known || q->type != MRG_ENTITY_TYPES) {
        status = mrg_names_get(s->names, (const char *)key.data, key.len, list, q->err);
    } else {
        for (int t = 0; t < (int)MRG_ENTITY_TYPES && !status; t++) {
            found = (mrg_entity_type)t;
            mrg_buffer_clear(&key);
            mrg_entity_key(&key, &found, q->text, q->len);
            status = key.failed ? mrg_fail_nomem(q->err)
                                : mrg_names_get(s->names, (const char *)key.data, key.len, list, q->err);
        }
    }
    mrg_buffer_dispose(&key);
    return status;
}

/* Of what has the words those that have them within one form, which tells how they are found. */
static morgue_status gather_by_form(mrg_gathered *g, const question *q, size_t i, const mrg_name_list *list)
{
    static const mrg_how hows[] = {
        [MRG_FORM_WORDS] = MRG_HOW_WORD,
        [MRG_FORM_HOME] = MRG_HOW_HOME,
        [MRG_FORM_ALIAS] = MRG_HOW_ALIAS,
        [MRG_FORM_NAME] = MRG_HOW_NAME,
    };
    morgue_status status = MORGUE_OK;
    for (size_t k = 0; k < list->count && !status; k++) {
        mrg_name_list one = { .items = &list->items[k], .count = 1 };
        mrg_form_match match;
        status = mrg_name_match(one.items, (const char *)g->asked->data, g->asked->len, &match, q->err);
        if (!status && match)
            status = mrg_gather(g, q->snapshots[i], i + 1, &one, 0, hows[match], q->err);
    }
    return status;
}

static morgue_status gather_exact(mrg_gathered *g, const question *q, size_t i, size_t max)
{
    mrg_snapshot *s = q->snapshots[i];
    mrg_name_list list = { 0 };
    size_t by_words = 0;
    if (!s->names)
        return MORGUE_OK;
    morgue_status status = mrg_gather_listed(g, s, i + 1, q->type, q->err);
    if (!status)
        status = look_up_keys(q, s, &list);
    if (!status)
        status = mrg_gather(g, s, i + 1, &list, 0, MRG_HOW_NAME, q->err);
    list.count = 0;
    if (!status)
        status = mrg_names_by_words(s->names, q->type, q->text, q->len, max, &list, &by_words, q->err);
    if (!status)
        status = gather_by_form(g, q, i, &list);
    if (by_words > list.count && by_words > g->total)
        g->total = by_words;
    mrg_name_list_dispose(&list);
    return status;
}

static morgue_status fold_words(mrg_buffer *out, const question *q)
{
    mrg_tokens tokens = { 0 };
    morgue_status status = mrg_name_words(out, &tokens, q->text, q->len, q->err);
    mrg_tokens_dispose(&tokens);
    return status;
}

static morgue_status gather_all(mrg_gathered *g, const question *q, size_t max)
{
    mrg_buffer asked = MRG_BUFFER_INIT;
    morgue_status status = fold_words(&asked, q);
    g->asked = &asked;
    for (size_t i = 0; i < q->snapshot_count && !status; i++)
        status = gather_exact(g, q, i, max);
    g->asked = NULL;
    mrg_gather_finish(g, 0, mrg_gathered_by_articles);
    mrg_buffer_dispose(&asked);
    return status;
}

/* ---- For a query ------------------------------------------------------------------------------------------------ */

/* What is named so is not widened by what only has the words: "China" is not Air China. People are, whose
   surnames are asked for. Items are in order. */
static void narrow(mrg_gathered *g, mrg_entity_type type)
{
    size_t kept = 0, best = 0;
    while (best < g->count && g->items[best].how > MRG_HOW_ALIAS)
        best++;
    if (best == g->count)
        return;
    int people = (type == MRG_ENTITY_TYPES ? g->items[best].type : type) == MRG_ENTITY_PERSON;
    for (size_t i = 0; i < g->count; i++)
        if (g->items[i].how < MRG_HOW_WORD || (people && g->items[i].type == MRG_ENTITY_PERSON))
            g->items[kept++] = g->items[i];
    g->count = kept;
    if (!people)
        g->total = kept;
}

/* As asked for, of the type or else of any. */
static morgue_status resolve_exact(mrg_resolved *out, mrg_gathered *g, question q)
{
    morgue_status status = gather_all(g, &q, MRG_RESOLVE_MAX);
    if (!status && !g->count && q.type != MRG_ENTITY_TYPES) {
        q.type = MRG_ENTITY_TYPES;
        status = gather_all(g, &q, MRG_RESOLVE_MAX);
        out->other_type = g->count > 0;
    }
    if (!status)
        narrow(g, q.type);
    return status;
}

/* With other words, which the archives have. */
static morgue_status resolve_corrected(mrg_resolved *out, mrg_gathered *g, question q, const mrg_buffer *asked)
{
    static const mrg_how ways[] = { MRG_HOW_SPELLING, MRG_HOW_SOUND };
    const mrg_entity_type types[] = { q.type, MRG_ENTITY_TYPES };
    mrg_correction corrections[MRG_CORRECTIONS];
    size_t count = 0;
    morgue_status status = MORGUE_OK;
    for (int w = 0; w < 2 && !status && !count; w++)
        for (int i = 0; i < (q.type == MRG_ENTITY_TYPES ? 1 : 2) && !status && !count; i++)
            status = mrg_resolve_correct(corrections, &count, g->arena, q.snapshots, q.snapshot_count, types[i], q.text,
                                         q.len, ways[w], q.err);
    if (status || !count)
        return status;
    out->corrected = q.text = corrections[0].text;
    out->by_sound = corrections[0].how == MRG_HOW_SOUND;
    q.len = strlen(q.text);
    g->corrected = asked;
    return resolve_exact(out, g, q);
}

morgue_status mrg_resolve(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots, size_t snapshot_count,
                          mrg_entity_type type, const char *text, size_t len, morgue_error *err)
{
    question q = { snapshots, snapshot_count, type, text, len, err };
    mrg_gathered g = { .arena = arena };
    memset(out, 0, sizeof *out);
    mrg_buffer asked = MRG_BUFFER_INIT;
    morgue_status status = fold_words(&asked, &q);
    if (!status)
        status = resolve_exact(out, &g, q);
    if (!status && !g.count)
        status = resolve_corrected(out, &g, q, &asked);
    if (g.count > MRG_RESOLVE_MAX) {
        g.total = g.count > g.total ? g.count : g.total;
        g.count = MRG_RESOLVE_MAX;
    }
    if (!status && g.count) {
        size_t before = g.count;
        status = mrg_resolve_misspelt(&g, snapshots, snapshot_count, err);
        mrg_gather_finish(&g, before, mrg_gathered_by_articles);
        out->misspelt = g.count - before;
        g.total += out->misspelt;
    }
    if (!status)
        status = hand_over(out, &g, g.count, err);
    mrg_buffer_dispose(&asked);
    mrg_free(g.items);
    return status;
}

/* ---- For a list --------------------------------------------------------------------------------------------------- */

/* Names and aliases before words, and then most articles. */
static int by_how(const void *a, const void *b)
{
    const mrg_resolved_name *x = a, *y = b;
    int wx = x->how > MRG_HOW_ALIAS, wy = y->how > MRG_HOW_ALIAS;
    return wx != wy ? wx - wy : mrg_gathered_by_articles(a, b);
}

/* Names and aliases first. */
static morgue_status list_exact(mrg_gathered *g, const question *q, size_t max)
{
    morgue_status status = gather_all(g, q, max);
    mrg_gather_finish(g, 0, by_how);
    return status;
}

static int has_key(const mrg_gathered *g, const char *key)
{
    for (size_t i = 0; i < g->count; i++)
        if (!strcmp(g->items[i].key, key))
            return 1;
    return 0;
}

/* The first answers to each correction, then the second ones, and so on. */
static morgue_status append_in_turn(mrg_gathered *g, const mrg_gathered *answers, const mrg_correction *corrections,
                                    size_t count, size_t max, morgue_error *err)
{
    for (size_t turn = 0, more = 1; more && g->count < max; turn++) {
        more = 0;
        for (size_t i = 0; i < count && g->count < max; i++) {
            if (turn >= answers[i].count)
                continue;
            more = 1;
            if (has_key(g, answers[i].items[turn].key))
                continue;
            if (mrg_reserve((void **)&g->items, &g->capacity, g->count + 1, sizeof *g->items))
                return mrg_fail_nomem(err);
            g->items[g->count] = answers[i].items[turn];
            g->items[g->count].how = corrections[i].how;
            g->items[g->count++].edits = corrections[i].edits;
        }
    }
    return MORGUE_OK;
}

static morgue_status append_corrected(mrg_gathered *g, const question *q, const mrg_how *ways, size_t way_count,
                                      size_t max)
{
    mrg_correction corrections[MRG_CORRECTIONS];
    mrg_gathered answers[MRG_CORRECTIONS];
    size_t count = 0;
    mrg_buffer asked = MRG_BUFFER_INIT;
    morgue_status status = fold_words(&asked, q);
    memset(answers, 0, sizeof answers);
    for (size_t i = 0; i < way_count && !status; i++)
        status = mrg_resolve_correct(corrections, &count, g->arena, q->snapshots, q->snapshot_count, q->type, q->text,
                                     q->len, ways[i], q->err);
    for (size_t i = 0; i < count && !status; i++) {
        question corrected = *q;
        corrected.text = corrections[i].text;
        corrected.len = strlen(corrected.text);
        answers[i].arena = g->arena;
        answers[i].corrected = &asked;
        status = list_exact(&answers[i], &corrected, max);
    }
    if (!status)
        status = append_in_turn(g, answers, corrections, count, max, q->err);
    for (size_t i = 0; i < count; i++)
        mrg_free(answers[i].items);
    mrg_buffer_dispose(&asked);
    return status;
}

morgue_status mrg_resolve_list(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots,
                               size_t snapshot_count, mrg_entity_type type, const char *text, size_t len, size_t max,
                               morgue_error *err)
{
    static const mrg_how near[] = { MRG_HOW_SPELLING, MRG_HOW_PREFIX }, sound[] = { MRG_HOW_SOUND };
    question q = { snapshots, snapshot_count, type, text, len, err };
    mrg_gathered g = { .arena = arena };
    memset(out, 0, sizeof *out);
    morgue_status status = list_exact(&g, &q, max);
    if (!status && g.count < max)
        status = append_corrected(&g, &q, near, 2, max);
    if (!status && !g.count)
        status = append_corrected(&g, &q, sound, 1, max);
    if (!status)
        status = hand_over(out, &g, max, err);
    mrg_free(g.items);
    return status;
}

/* ---- Showing ------------------------------------------------------------------------------------------------------ */

void mrg_resolve_shown_key(mrg_shown_key *out, mrg_snapshot *snapshot, const char *key, size_t len)
{
    const mrg_authority *authority;
    const mrg_authority_row *row = NULL;
    if (!mrg_snapshot_authority(snapshot, &authority, NULL))
        row = mrg_authority_of_key(authority, key, len);
    *out = (mrg_shown_key){ key, len, 0 };
    if (row && row->type == MRG_ENTITY_TYPES)
        *out = (mrg_shown_key){ NULL, 0, 0 };
    else if (row)
        *out = (mrg_shown_key){ row->key, strlen(row->key), row->key_count > 1 };
}

morgue_status mrg_resolve_row(const mrg_authority_row **out, mrg_snapshot *const *snapshots, size_t snapshot_count,
                              const char *key, size_t len, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    *out = NULL;
    for (size_t i = 0; i < snapshot_count && !*out && !status; i++) {
        const mrg_authority *authority;
        status = mrg_snapshot_authority(snapshots[i], &authority, err);
        *out = status ? NULL : mrg_authority_of_key(authority, key, len);
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

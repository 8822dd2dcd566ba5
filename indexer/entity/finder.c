/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stages in their order, and what comes of them: entities with keys and weights, and mentions. */
#include "entity/finder.h"

#include <assert.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/error.h"
#include "entity/article.h"
#include "entity/authority.h"
#include "entity/tagger.h"

/* A mention weighs 1; in the title 3 more, among the first LEAD_TOKENS of the body 1 more. */
enum { LEAD_TOKENS = 40, LEAD_WEIGHT = 1, TITLE_WEIGHT = 3, MIN_SCORE = 1 };

morgue_status mrg_finder_create(mrg_finder **out, const mrg_finder_options *options, morgue_error *err)
{
    mrg_finder *f = mrg_calloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return mrg_fail_nomem(err);
    if (options && options->model && mrg_tagger_create(&f->tagger, options->model, err)) {
        mrg_finder_free(f);
        return MORGUE_ERR_NOMEM;
    }
    f->authority = options ? options->authority : NULL;
    *out = f;
    return MORGUE_OK;
}

void mrg_finder_free(mrg_finder *f)
{
    if (!f)
        return;
    mrg_tagger_free(f->tagger);
    mrg_free(f->word);
    mrg_free(f->doubts);
    mrg_free(f->spans);
    mrg_free(f->rules);
    mrg_free(f->listed);
    mrg_free(f->forms);
    mrg_free(f->parts);
    mrg_table_dispose(&f->doubt_table);
    mrg_table_dispose(&f->form_table);
    mrg_table_dispose(&f->part_table);
    mrg_table_dispose(&f->key_table);
    mrg_buffer_dispose(&f->names);
    mrg_buffer_dispose(&f->scratch);
    mrg_free(f);
}

void mrg_found_dispose(mrg_found *found)
{
    mrg_free(found->entities);
    mrg_free(found->mentions);
    mrg_free(found->attributes);
    mrg_arena_dispose(&found->arena);
    memset(found, 0, sizeof *found);
}

/* ---- Names as they are shown ---- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The words as written, white space in between as one space; capitals throughout become "Little Marrow"
   (ASCII only) unless they are an abbreviation. */
static void append_written(mrg_finder *f, const mrg_span *span, mrg_buffer *out)
{
    size_t last = span->first + span->count - 1;
    size_t at = token_at(f, span->first)->begin, end = token_at(f, last)->end;
    size_t begin = out->len;
    int loud = span->flags & (SPAN_LOUD | SPAN_DATELINE) && token_at(f, span->first)->flags & MRG_TOKEN_ALL_CAPS &&
               !(token_at(f, span->first)->flags & MRG_TOKEN_ACRONYM);
    if (!loud && !memchr(f->text + at, '\n', end - at)) {
        mrg_buffer_append(out, f->text + at, end - at);
        return;
    }
    for (; at < end; at++) {
        char c = f->text[at];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            if (out->len > begin && out->data[out->len - 1] != ' ')
                mrg_buffer_append_byte(out, ' ');
            continue;
        }
        int inside = out->len > begin && out->data[out->len - 1] != ' ' && out->data[out->len - 1] != '-';
        mrg_buffer_append_byte(out, (unsigned char)(loud && inside ? small(c) : c));
        if (out->failed)
            return;
    }
}

/* ---- Entities ---- */

typedef struct output {
    mrg_finder *f;
    mrg_found *found;
} output;

/* Whether the user's list says that a name is not what the alias table takes it for. */
static int is_refused(mrg_finder *f, const mrg_known *known, const char *text, size_t len)
{
    mrg_buffer *key = &f->scratch;
    if (!f->authority)
        return 0;
    mrg_buffer_clear(key);
    mrg_buffer_append_byte(key, (unsigned char)mrg_entity_letter((mrg_entity_type)known->type));
    mrg_buffer_append_byte(key, ':');
    mrg_buffer_append_str(key, known->key);
    const mrg_authority_row *row =
        key->failed ? NULL : mrg_authority_of_key(f->authority, (const char *)key->data, key->len);
    return row && mrg_authority_is_not(row, text, len);
}

/* Key and name of an entity of the user's list, in f->scratch: key, NUL, name. */
static int spell_listed(mrg_finder *f, const mrg_authority_row *row, size_t *key_len)
{
    mrg_buffer *out = &f->scratch;
    mrg_buffer_clear(out);
    mrg_buffer_append_str(out, row->key);
    *key_len = out->len;
    mrg_buffer_append(out, "", 1);
    mrg_buffer_append(out, row->name, strlen(row->name) + 1);
    return !out->failed && row->type < MRG_ENTITY_TYPES;
}

/* Key and shown name of a form that is its own root, in f->scratch: key, NUL, name. */
static int spell_entity(mrg_finder *f, const mrg_form *root, mrg_entity_type type, size_t *key_len)
{
    const char *text = (const char *)f->names.data + root->text_off;
    mrg_buffer *out = &f->scratch;
    const mrg_known *known = root->known;
    if (root->listed)
        return spell_listed(f, root->listed, key_len);
    if (known && (!known->canonical || known->type != (int)type))
        known = NULL;
    int other_forms = !(root->flags & FORM_UNKNOWN) || memchr(text, '.', root->text_len) || type == MRG_ENTITY_ORG;
    if (other_forms && (!root->known || root->known->type != (int)type))
        known = mrg_resolve_name(type, text, root->text_len, out);
    /* what is no abbreviation here is not to be taken for one */
    if (known && known != root->known && known->flags & MRG_KNOWN_CAPS && known->len == root->text_len)
        known = NULL;
    if (known && is_refused(f, known, text, root->text_len))
        known = NULL;
    mrg_buffer_clear(out);
    mrg_buffer_append_byte(out, (unsigned char)mrg_entity_letter(type));
    mrg_buffer_append_byte(out, ':');
    if (known)
        mrg_buffer_append_str(out, known->key);
    else
        mrg_append_key_name(out, type, text, root->text_len);
    *key_len = out->len;
    mrg_buffer_append_byte(out, 0);
    if (known)
        mrg_buffer_append(out, known->canonical, known->canonical_len);
    else
        append_written(f, &root->shown, out);
    mrg_buffer_append_byte(out, 0);
    return !out->failed && *key_len > 2;
}

/* Finds or adds the entity with the key in f->scratch. */
static uint32_t entity_with_key(output *o, mrg_entity_type type, size_t key_len)
{
    mrg_finder *f = o->f;
    const char *key = (const char *)f->scratch.data;
    uint32_t hash = mrg_name_hash(key, key_len);
    size_t i = hash & (f->key_table.used - 1);
    for (; f->key_table.slots[i]; i = (i + 1) & (f->key_table.used - 1)) {
        if (!strcmp(o->found->entities[f->key_table.slots[i] - 1].key, key))
            return f->key_table.slots[i] - 1;
    }
    if (mrg_reserve((void **)&o->found->entities, &o->found->entity_capacity, o->found->entity_count + 1,
                    sizeof *o->found->entities)) {
        f->failed = 1;
        return NO_FORM;
    }
    mrg_article_entity *e = &o->found->entities[o->found->entity_count];
    const char *name = key + key_len + 1;
    *e = (mrg_article_entity){ .type = type };
    e->key = mrg_arena_strndup(&o->found->arena, key, key_len);
    e->name = mrg_arena_strndup(&o->found->arena, name, strlen(name));
    if (!e->key || !e->name) {
        f->failed = 1;
        return NO_FORM;
    }
    f->key_table.slots[i] = (uint32_t)++o->found->entity_count;
    return (uint32_t)o->found->entity_count - 1;
}

static uint32_t entity_of(output *o, uint32_t form)
{
    mrg_finder *f = o->f;
    int score;
    size_t key_len;
    if (f->forms[form].flags & FORM_DROPPED)
        return NO_FORM;
    mrg_form *root = &f->forms[mrg_form_root(f, form)];
    if (root->entity != NO_FORM || root->flags & FORM_DROPPED)
        return root->entity;
    mrg_entity_type type = mrg_form_type(root, &score);
    if (root->listed && root->listed->type < MRG_ENTITY_TYPES) {
        type = root->listed->type;
        score = MIN_SCORE;
    }
    if (score < MIN_SCORE) {
        root->flags |= FORM_DROPPED;
        return NO_FORM;
    }
    if (!spell_entity(f, root, type, &key_len)) {
        if (f->scratch.failed)
            f->failed = 1;
        root->flags |= FORM_DROPPED;
        return NO_FORM;
    }
    root->entity = entity_with_key(o, type, key_len);
    return root->entity;
}

/* ---- Mentions ---- */

static int by_place(const void *a, const void *b)
{
    const mrg_span *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->count > y->count ? -1 : x->count < y->count;
}

/* The spans are in order but for those that came from headlines and brackets. */
void mrg_sort_spans(mrg_finder *f)
{
    size_t i = 1;
    while (i < f->span_count && by_place(&f->spans[i - 1], &f->spans[i]) <= 0)
        i++;
    if (i < f->span_count)
        qsort(f->spans, f->span_count, sizeof *f->spans, by_place);
}

static uint32_t weight_of(size_t token, size_t body)
{
    if (token < body)
        return 1 + TITLE_WEIGHT;
    return 1 + (token < body + LEAD_TOKENS ? LEAD_WEIGHT : 0u);
}

static size_t first_of_body(const mrg_finder *f)
{
    size_t i = 0;
    while (i < f->tokens->count && token_at(f, i)->begin < f->title_len)
        i++;
    return i;
}

static void add_mentions(output *o)
{
    mrg_finder *f = o->f;
    size_t body = first_of_body(f), after = 0;
    if (mrg_table_reset(&f->key_table, f->form_count) ||
        mrg_reserve((void **)&o->found->mentions, &o->found->mention_capacity, f->span_count,
                    sizeof *o->found->mentions)) {
        f->failed = 1;
        return;
    }
    for (size_t s = 0; s < f->span_count && !f->failed; s++) {
        const mrg_span *span = &f->spans[s];
        uint32_t entity = span->first < after ? NO_FORM : entity_of(o, span->form);
        if (entity == NO_FORM)
            continue;
        mrg_article_entity *e = &o->found->entities[entity];
        o->found->mentions[o->found->mention_count++] = (mrg_mention){ span->first, span->count, entity };
        e->mention_count++;
        e->weight += weight_of(span->first, body);
        after = span->first + span->count;
    }
}

/* The rules: spans, forms and their ties. */
static void apply_rules(mrg_finder *f)
{
    mrg_prepare(f);
    if (!f->failed)
        mrg_cut(f);
    if (!f->failed)
        mrg_cut_loud(f);
    if (!f->failed && f->authority)
        mrg_find_listed(f);
    if (f->failed || !f->span_count)
        return;
    mrg_sort_spans(f);
    mrg_tie(f);
    if (!f->failed)
        mrg_sort_spans(f);
}

/* The article and what the rules find in it. */
void mrg_finder_read(mrg_finder *f, const char *text, size_t len, size_t title_len, const mrg_tokens *tokens)
{
    f->text = text;
    f->len = len;
    f->title_len = title_len;
    f->tokens = tokens;
    f->span_count = f->form_count = f->part_count = 0;
    f->failed = 0;
    mrg_buffer_clear(&f->names);
    if (tokens->count)
        apply_rules(f);
}

morgue_status mrg_finder_run(mrg_finder *f, const char *text, size_t len, size_t title_len, const mrg_tokens *tokens,
                             mrg_found *found, morgue_error *err)
{
    output o = { f, found };
    found->entity_count = found->mention_count = found->attribute_count = 0;
    mrg_arena_clear(&found->arena);
    mrg_finder_read(f, text, len, title_len, tokens);
    if (!f->failed && f->tagger && tokens->count)
        mrg_retag(f);
    if (!f->failed && f->span_count)
        add_mentions(&o);
    if (!f->failed)
        return MORGUE_OK;
    found->entity_count = found->mention_count = found->attribute_count = 0;
    return mrg_fail_nomem(err);
}

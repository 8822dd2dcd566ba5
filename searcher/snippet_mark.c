/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "snippet_lookup.h"

enum { NO_TOKEN = -1 };

/* ---- Units ------------------------------------------------------------------------------------------ */

void mrg_marker_dispose(mrg_marker *marker)
{
    mrg_free(marker->units);
    mrg_arena_dispose(&marker->arena);
    memset(marker, 0, sizeof *marker);
}

static void *marker_zero(mrg_marker *marker, size_t count, size_t size)
{
    void *memory = mrg_arena_alloc(&marker->arena, (count ? count : 1) * size);
    if (memory)
        memset(memory, 0, (count ? count : 1) * size);
    return memory;
}

mrg_unit *mrg_marker_add(mrg_marker *marker, mrg_unit_type type, size_t term_count)
{
    if (mrg_reserve((void **)&marker->units, &marker->capacity, marker->count + 1, sizeof *marker->units))
        return NULL;
    mrg_unit *unit = &marker->units[marker->count];
    memset(unit, 0, sizeof *unit);
    unit->type = type;
    unit->terms = marker_zero(marker, term_count, sizeof *unit->terms);
    if (!unit->terms)
        return NULL;
    unit->term_count = term_count;
    marker->count++;
    return unit;
}

int mrg_unit_set(mrg_marker *marker, mrg_unit *unit, size_t i, const char *text, size_t len, uint32_t offset)
{
    const char *copy = mrg_arena_strndup(&marker->arena, text, len);
    if (!copy)
        return -1;
    unit->terms[i] = (mrg_unit_term){ copy, len, offset, 0 };
    return 0;
}

static int copy_terms(mrg_marker *marker, mrg_unit_term *out, const mrg_match_terms *terms, const uint32_t *indexes,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const mrg_match_term *t = &terms->items[indexes[i]];
        const char *text = mrg_arena_strndup(&marker->arena, (const char *)t->key + 1, t->key_len - 1);
        if (!text)
            return -1;
        out[i] = (mrg_unit_term){ text, t->key_len - 1, 0, t->key[0] };
    }
    return 0;
}

mrg_unit *mrg_marker_add_set(mrg_marker *marker, const mrg_match_terms *terms, const uint32_t *indexes, size_t count)
{
    mrg_unit *unit = mrg_marker_add(marker, MRG_UNIT_SET, count);
    if (!unit || !copy_terms(marker, unit->terms, terms, indexes, count))
        return unit;
    marker->count--;
    return NULL;
}

static mrg_unit_span *copy_span(mrg_marker *marker, const mrg_match_terms *terms, const mrg_span_node *node)
{
    mrg_unit_span *span = marker_zero(marker, 1, sizeof *span);
    if (!span)
        return NULL;
    span->type = node->type;
    span->distance = node->distance;
    span->terms = marker_zero(marker, node->term_count, sizeof *span->terms);
    span->children = marker_zero(marker, node->child_count, sizeof(mrg_unit_span *));
    if (!span->terms || !span->children || copy_terms(marker, span->terms, terms, node->terms, node->term_count))
        return NULL;
    span->term_count = node->term_count;
    span->child_count = node->child_count;
    span->leaf = node->type == MRG_SPAN_TERMS ? marker->leaf_count++ : 0;
    for (size_t i = 0; i < node->child_count; i++) {
        span->children[i] = copy_span(marker, terms, node->children[i]);
        if (!span->children[i])
            return NULL;
    }
    return span;
}

mrg_unit *mrg_marker_add_spans(mrg_marker *marker, const mrg_match_terms *terms, const mrg_span_node *spans)
{
    mrg_unit_span *copy = copy_span(marker, terms, spans);
    mrg_unit *unit = copy ? mrg_marker_add(marker, MRG_UNIT_SPANS, 0) : NULL;
    if (unit)
        unit->spans = copy;
    return unit;
}

/* ---- Marks --------------------------------------------------------------------------------------------- */

void mrg_marks_dispose(mrg_marks *marks)
{
    mrg_tokens_dispose(&marks->tokens);
    mrg_lookup_free(marks->lookup);
    mrg_free(marks->items);
    memset(marks, 0, sizeof *marks);
}

morgue_status mrg_marks_add(mrg_marks *marks, uint32_t begin, uint32_t end, size_t unit, int whole, morgue_error *err)
{
    if (mrg_reserve((void **)&marks->items, &marks->capacity, marks->count + 1, sizeof *marks->items))
        return mrg_fail_nomem(err);
    marks->items[marks->count++] = (mrg_mark){ begin, end, (uint32_t)unit, whole };
    return MORGUE_OK;
}

/* ---- Words --------------------------------------------------------------------------------------------- */

static int same_term(const mrg_unit_term *term, const char *text, size_t len)
{
    return term->len == len && !memcmp(term->text, text, len);
}

/* The token that the whole phrase, beginning at token `i`, ends with; NO_TOKEN if it does not stand there. */
static ptrdiff_t phrase_end(const mrg_tokens *tokens, size_t i, const mrg_unit *unit)
{
    size_t j = i;
    for (size_t k = 1; k < unit->term_count; k++) {
        uint32_t position = tokens->items[i].position + unit->terms[k].offset;
        while (j < tokens->count && tokens->items[j].position < position)
            j++;
        if (j == tokens->count || tokens->items[j].position != position ||
            !same_term(&unit->terms[k], mrg_token_term(tokens, &tokens->items[j]), tokens->items[j].term_len))
            return NO_TOKEN;
    }
    return (ptrdiff_t)j;
}

/* What a token, looked up as `field`, is to the units. */
static morgue_status mark_token(mrg_marks *marks, const mrg_marker *marker, size_t i, int field, const char *text,
                                size_t len, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    const mrg_token *token = &marks->tokens.items[i];
    const mrg_lookup_entry *e = mrg_lookup_first(marks->lookup, field, text, len);
    for (; e && !status; e = mrg_lookup_next(marks->lookup, e)) {
        const mrg_unit *unit = &marker->units[e->unit];
        ptrdiff_t last = (ptrdiff_t)i;
        if (unit->title_only && i >= marks->body_token)
            continue;
        if (e->leaf != MRG_NO_LEAF) {
            if (mrg_places_add(&marks->lookup->leaves[e->leaf], token->position, token->position))
                status = mrg_fail_nomem(err);
            continue;
        }
        if (field == MRG_LOOKUP_PHRASE)
            last = phrase_end(&marks->tokens, i, unit);
        if (last != NO_TOKEN)
            status = mrg_marks_add(marks, token->begin, marks->tokens.items[last].end, e->unit, 0, err);
    }
    return status;
}

static morgue_status mark_words(mrg_marks *marks, const mrg_marker *marker, mrg_stemmer *stemmer, morgue_error *err)
{
    static const int fields[] = { MRG_LOOKUP_PHRASE, MRG_FIELD_WORD, MRG_FIELD_TITLE_WORD };
    const unsigned char *has = marks->lookup->has_field;
    morgue_status status = MORGUE_OK;
    if (!has[MRG_FIELD_STEM] && !has[MRG_LOOKUP_PHRASE] && !has[MRG_FIELD_WORD] && !has[MRG_FIELD_TITLE_WORD])
        return MORGUE_OK;
    for (size_t i = 0; i < marks->tokens.count && !status; i++) {
        const mrg_token *token = &marks->tokens.items[i];
        const char *term = mrg_token_term(&marks->tokens, token);
        for (size_t f = 0; f < sizeof fields / sizeof *fields && !status; f++) {
            if (has[fields[f]] && (fields[f] != MRG_FIELD_TITLE_WORD || i < marks->body_token))
                status = mark_token(marks, marker, i, fields[f], term, token->term_len, err);
        }
        if (status || !has[MRG_FIELD_STEM])
            continue;
        size_t len;
        const char *stem = mrg_stem(stemmer, term, token->term_len, &len);
        status = stem ? mark_token(marks, marker, i, MRG_FIELD_STEM, stem, len, err) : mrg_fail_nomem(err);
    }
    return status;
}

/* ---- Names, by the mentions in the record --------------------------------------------------------- */

/* What is looked for of an entity. */
typedef struct entity_entries {
    const mrg_lookup_entry *key, *type;
} entity_entries;

/* The tokens of a mention, from *first on; 0 if it is not made of tokens. Mentions come in order. */
static int find_tokens(const mrg_tokens *tokens, const mrg_record_mention *mention, size_t *first, size_t *last)
{
    while (*first < tokens->count && tokens->items[*first].begin < mention->begin)
        ++*first;
    *last = *first;
    while (*last + 1 < tokens->count && tokens->items[*last + 1].end <= mention->end)
        ++*last;
    return *first < tokens->count && tokens->items[*last].end <= mention->end;
}

static morgue_status mark_mention(mrg_marks *marks, const mrg_marker *marker, const mrg_lookup_entry *e,
                                  const mrg_record_mention *mention, size_t *token, morgue_error *err)
{
    const mrg_token *tokens = marks->tokens.items;
    morgue_status status = MORGUE_OK;
    for (; e && !status; e = mrg_lookup_next(marks->lookup, e)) {
        size_t last;
        if (marker->units[e->unit].title_only && mention->begin >= marks->body_begin)
            continue;
        if (e->leaf == MRG_NO_LEAF)
            status = mrg_marks_add(marks, mention->begin, mention->end, e->unit, 0, err);
        else if (find_tokens(&marks->tokens, mention, token, &last) &&
                 mrg_places_add(&marks->lookup->leaves[e->leaf], tokens[*token].position, tokens[last].position))
            status = mrg_fail_nomem(err);
    }
    return status;
}

static morgue_status mark_mentions(mrg_marks *marks, const mrg_marker *marker, const mrg_record *record,
                                   morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    mrg_record_walk walk;
    mrg_record_mention m;
    size_t token = 0;
    const mrg_lookup *l = marks->lookup;
    if (!l->has_field[MRG_FIELD_ENTITY] && !l->has_field[MRG_FIELD_ENTITY_TYPE])
        return MORGUE_OK;
    entity_entries *entities = mrg_calloc(record->entity_count, sizeof *entities);
    if (!entities)
        return mrg_fail_nomem(err);
    mrg_record_walk_init(&walk, record);
    while (!status && mrg_record_walk_next(&walk, &m)) {
        if (m.is_first) {
            char letter = mrg_entity_letter(m.entity.type);
            entities[m.number].key = mrg_lookup_first(l, MRG_FIELD_ENTITY, m.entity.key, m.entity.key_len);
            entities[m.number].type = mrg_lookup_first(l, MRG_FIELD_ENTITY_TYPE, &letter, 1);
        }
        status = mark_mention(marks, marker, entities[m.number].key, &m, &token, err);
        if (!status)
            status = mark_mention(marks, marker, entities[m.number].type, &m, &token, err);
    }
    if (!status && walk.r.failed)
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "the names in an article's record are damaged");
    mrg_free(entities);
    return status;
}

/* ---- All of them ----------------------------------------------------------------------------------- */

static int compare_marks(const void *a, const void *b)
{
    const mrg_mark *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static morgue_status tokenize(mrg_marks *marks, const mrg_record *record, morgue_error *err)
{
    mrg_tokens_clear(&marks->tokens);
    morgue_status status = mrg_tokenize(&marks->tokens, record->text, 0, record->title_len, 0, err);
    marks->body_token = marks->tokens.count;
    marks->body_begin = record->body_begin;
    return status ? status : mrg_tokenize(&marks->tokens, record->text, record->body_begin, record->text_len,
                                          MRG_TITLE_GAP, err);
}

morgue_status mrg_marks_find(mrg_marks *marks, const mrg_marker *marker, const mrg_record *record, mrg_stemmer *stemmer,
                             morgue_error *err)
{
    marks->count = 0;
    morgue_status status = marks->lookup ? MORGUE_OK : mrg_lookup_create(&marks->lookup, marker, err);
    if (!status)
        status = tokenize(marks, record, err);
    if (status)
        return status;
    for (uint32_t i = 0; i < marks->lookup->leaf_count; i++)
        marks->lookup->leaves[i].count = 0;
    status = mark_words(marks, marker, stemmer, err);
    if (!status)
        status = mark_mentions(marks, marker, record, err);
    for (size_t i = 0; i < marker->count && !status; i++) {
        if (marker->units[i].type == MRG_UNIT_SPANS)
            status = mrg_marks_add_spans(marks, &marker->units[i], i, err);
    }
    if (!status && marks->count)
        qsort(marks->items, marks->count, sizeof *marks->items, compare_marks);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "snippet.h"

/* A gap between title and body, so that no phrase reaches from one into the other. */
enum { BODY_GAP = 100, NO_UNIT = -1 };

void mrg_marker_dispose(mrg_marker *marker)
{
    mrg_free(marker->units);
    mrg_arena_dispose(&marker->arena);
    memset(marker, 0, sizeof *marker);
}

mrg_unit *mrg_marker_add(mrg_marker *marker, mrg_unit_type type, size_t term_count)
{
    if (mrg_reserve((void **)&marker->units, &marker->capacity, marker->count + 1, sizeof *marker->units))
        return NULL;
    mrg_unit *unit = &marker->units[marker->count];
    memset(unit, 0, sizeof *unit);
    unit->type = type;
    unit->terms = mrg_arena_alloc(&marker->arena, term_count * sizeof *unit->terms);
    if (!unit->terms)
        return NULL;
    memset(unit->terms, 0, term_count * sizeof *unit->terms);
    unit->term_count = term_count;
    marker->count++;
    return unit;
}

int mrg_unit_set(mrg_marker *marker, mrg_unit *unit, size_t i, const char *text, size_t len, uint32_t offset)
{
    const char *copy = mrg_arena_strndup(&marker->arena, text, len);
    if (!copy)
        return -1;
    unit->terms[i] = (mrg_unit_term){ copy, len, offset };
    return 0;
}

void mrg_marks_dispose(mrg_marks *marks)
{
    mrg_tokens_dispose(&marks->tokens);
    mrg_free(marks->items);
    memset(marks, 0, sizeof *marks);
}

/* ---- A table of what to look for: first term of a unit -> units --------------------------------- */

typedef struct entry {
    const mrg_unit *unit;
    uint32_t next; /* the next entry of the same slot, plus 1 */
} entry;

typedef struct lookup {
    const mrg_marker *marker;
    uint32_t *slots; /* entry plus 1 */
    entry *entries;  /* one a unit */
    size_t mask;
    int has_stems, has_words;
} lookup;

static size_t slot_of(const lookup *l, mrg_unit_type type, const char *text, size_t len)
{
    return (size_t)mrg_hash_bytes(text, len, (uint64_t)type) & l->mask;
}

static void lookup_dispose(lookup *l)
{
    mrg_free(l->slots);
    mrg_free(l->entries);
}

static morgue_status lookup_init(lookup *l, const mrg_marker *marker, morgue_error *err)
{
    size_t size = 16;
    memset(l, 0, sizeof *l);
    while (size < marker->count * 2)
        size *= 2;
    l->marker = marker;
    l->mask = size - 1;
    l->slots = mrg_calloc(size, sizeof *l->slots);
    l->entries = mrg_calloc(marker->count, sizeof *l->entries);
    if (!l->slots || !l->entries) {
        lookup_dispose(l);
        return mrg_fail_nomem(err);
    }
    for (size_t i = 0; i < marker->count; i++) {
        const mrg_unit *unit = &marker->units[i];
        if (unit->type == MRG_UNIT_ENTITY || !unit->term_count)
            continue;
        l->has_stems |= unit->type == MRG_UNIT_STEM;
        l->has_words |= unit->type == MRG_UNIT_WORDS;
        size_t slot = slot_of(l, unit->type, unit->terms[0].text, unit->terms[0].len);
        l->entries[i] = (entry){ unit, l->slots[slot] };
        l->slots[slot] = (uint32_t)i + 1;
    }
    return MORGUE_OK;
}

static morgue_status add_mark(mrg_marks *marks, uint32_t begin, uint32_t end, size_t unit, morgue_error *err)
{
    if (mrg_reserve((void **)&marks->items, &marks->capacity, marks->count + 1, sizeof *marks->items))
        return mrg_fail_nomem(err);
    marks->items[marks->count++] = (mrg_mark){ begin, end, (uint32_t)unit };
    return MORGUE_OK;
}

static int same_term(const mrg_unit_term *term, const char *text, size_t len)
{
    return term->len == len && !memcmp(term->text, text, len);
}

/* The token that the whole phrase, beginning at token `i`, ends with; NO_UNIT if it does not stand there. */
static ptrdiff_t phrase_end(const mrg_tokens *tokens, size_t i, const mrg_unit *unit)
{
    size_t j = i;
    for (size_t k = 1; k < unit->term_count; k++) {
        uint32_t position = tokens->items[i].position + unit->terms[k].offset;
        while (j < tokens->count && tokens->items[j].position < position)
            j++;
        if (j == tokens->count || tokens->items[j].position != position ||
            !same_term(&unit->terms[k], mrg_token_term(tokens, &tokens->items[j]), tokens->items[j].term_len))
            return NO_UNIT;
    }
    return (ptrdiff_t)j;
}

static morgue_status mark_token(mrg_marks *marks, const lookup *l, size_t i, mrg_unit_type type, const char *text,
                                size_t len, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    const mrg_tokens *tokens = &marks->tokens;
    uint32_t at = l->slots[slot_of(l, type, text, len)];
    for (; at && !status; at = l->entries[at - 1].next) {
        const mrg_unit *unit = l->entries[at - 1].unit;
        if (unit->type != type || !same_term(&unit->terms[0], text, len) || (unit->title_only &&
                                                                             i >= marks->body_token))
            continue;
        ptrdiff_t last = phrase_end(tokens, i, unit);
        if (last != NO_UNIT)
            status = add_mark(marks, tokens->items[i].begin, tokens->items[last].end, at - 1, err);
    }
    return status;
}

static morgue_status mark_words(mrg_marks *marks, const lookup *l, mrg_stemmer *stemmer, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < marks->tokens.count && !status; i++) {
        const mrg_token *token = &marks->tokens.items[i];
        const char *term = mrg_token_term(&marks->tokens, token);
        if (l->has_words)
            status = mark_token(marks, l, i, MRG_UNIT_WORDS, term, token->term_len, err);
        if (status || !l->has_stems)
            continue;
        size_t len;
        const char *stem = mrg_stem(stemmer, term, token->term_len, &len);
        status = stem ? mark_token(marks, l, i, MRG_UNIT_STEM, stem, len, err) : mrg_fail_nomem(err);
    }
    return status;
}

/* ---- Names, by the mentions in the record --------------------------------------------------------- */

static ptrdiff_t unit_of_entity(const mrg_marker *marker, const mrg_record_entity *entity)
{
    for (size_t i = 0; i < marker->count; i++) {
        const mrg_unit *unit = &marker->units[i];
        for (size_t k = 0; unit->type == MRG_UNIT_ENTITY && k < unit->term_count; k++) {
            if (same_term(&unit->terms[k], entity->key, entity->key_len))
                return (ptrdiff_t)i;
        }
    }
    return NO_UNIT;
}

static morgue_status mark_mentions(mrg_marks *marks, const mrg_marker *marker, const mrg_record *record,
                                   morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    mrg_record_walk walk;
    mrg_record_mention mention;
    ptrdiff_t *units = mrg_calloc(record->entity_count, sizeof *units);
    if (!units)
        return mrg_fail_nomem(err);
    mrg_record_walk_init(&walk, record);
    while (!status && mrg_record_walk_next(&walk, &mention)) {
        if (mention.is_first)
            units[mention.number] = unit_of_entity(marker, &mention.entity);
        if (units[mention.number] != NO_UNIT)
            status = add_mark(marks, mention.begin, mention.end, (size_t)units[mention.number], err);
    }
    if (!status && walk.r.failed)
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "the names in an article's record are damaged");
    mrg_free(units);
    return status;
}

static int compare_marks(const void *a, const void *b)
{
    const mrg_mark *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

morgue_status mrg_marks_find(mrg_marks *marks, const mrg_marker *marker, const mrg_record *record, mrg_stemmer *stemmer,
                             morgue_error *err)
{
    lookup l;
    int has_entities = 0;
    marks->count = 0;
    mrg_tokens_clear(&marks->tokens);
    morgue_status status = mrg_tokenize(&marks->tokens, record->text, 0, record->title_len, 0, err);
    marks->body_token = marks->tokens.count;
    if (!status)
        status = mrg_tokenize(&marks->tokens, record->text, record->body_begin, record->text_len, BODY_GAP, err);
    if (status)
        return status;
    status = lookup_init(&l, marker, err);
    if (status)
        return status;
    if (l.has_stems || l.has_words)
        status = mark_words(marks, &l, stemmer, err);
    lookup_dispose(&l);
    for (size_t i = 0; i < marker->count; i++)
        has_entities |= marker->units[i].type == MRG_UNIT_ENTITY;
    if (!status && has_entities)
        status = mark_mentions(marks, marker, record, err);
    if (!status && marks->count)
        qsort(marks->items, marks->count, sizeof *marks->items, compare_marks);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spans that are spelled alike are one form; the evidence of all of them is summed. */
#include "core/alloc.h"
#include "core/error.h"
#include "entity/article.h"

/* A term in lookup form: usual spelling, "US" as "u.s.". */
static size_t put_term(const mrg_tokens *tokens, size_t i, uint32_t word, unsigned char *out)
{
    const mrg_token *t = &tokens->items[i];
    const char *term = mrg_token_term(tokens, t);
    size_t len = t->term_len;
    if (word & WORD_STATES) {
        term = "u.s.";
        len = 4;
    } else if (word & MRG_WORD_RESPELLED) {
        term = mrg_known_spelling(term, len);
        len = strlen(term);
    }
    memcpy(out, term, len);
    return len;
}

void mrg_append_lookup(const mrg_tokens *tokens, const uint32_t *word, size_t first, size_t count, mrg_buffer *out)
{
    enum { MORE = 32 }; /* bytes that another spelling may need */
    size_t most = 0;
    for (size_t i = first; i < first + count; i++)
        most += tokens->items[i].term_len + 1u + (word[i] & (WORD_STATES | MRG_WORD_RESPELLED) ? MORE : 0u);
    unsigned char *room = mrg_buffer_room(out, most), *at = room;
    if (!room)
        return;
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            *at++ = ' ';
        at += put_term(tokens, i, word[i], at);
    }
    out->len += (size_t)(at - room);
}

static uint32_t *form_slot(mrg_finder *f, const char *name, size_t len, uint32_t hash)
{
    const mrg_table *table = &f->form_table;
    size_t i = hash & (table->used - 1);
    for (; table->slots[i]; i = (i + 1) & (table->used - 1)) {
        const mrg_form *form = &f->forms[table->slots[i] - 1];
        if (form->hash == hash && form->text_len == len && !memcmp(f->names.data + form->text_off, name, len))
            break;
    }
    return &table->slots[i];
}

/* Leaves the name behind f->names.len. */
static int spell(mrg_finder *f, size_t first, size_t count, size_t *off, size_t *len, uint32_t *hash)
{
    *off = f->names.len;
    mrg_append_lookup(f->tokens, f->word, first, count, &f->names);
    if (f->names.failed) {
        f->failed = 1;
        return 0;
    }
    *len = f->names.len - *off;
    *hash = mrg_name_hash((const char *)f->names.data + *off, *len);
    f->names.len = *off;
    return 1;
}

uint32_t mrg_form_find(mrg_finder *f, size_t first, size_t count)
{
    size_t off, len;
    uint32_t hash;
    if (!spell(f, first, count, &off, &len, &hash))
        return NO_FORM;
    uint32_t slot = *form_slot(f, (const char *)f->names.data + off, len, hash);
    return slot ? slot - 1 : NO_FORM;
}

uint32_t mrg_form_named(mrg_finder *f, const char *name, size_t len)
{
    uint32_t slot = *form_slot(f, name, len, mrg_name_hash(name, len));
    return slot ? slot - 1 : NO_FORM;
}

static mrg_form *add_form(mrg_finder *f, uint32_t *slot, size_t off, size_t len, uint32_t hash)
{
    if (mrg_reserve((void **)&f->forms, &f->form_capacity, f->form_count + 1, sizeof *f->forms)) {
        f->failed = 1;
        return NULL;
    }
    mrg_form *form = &f->forms[f->form_count];
    *form = (mrg_form){ .text_off = (uint32_t)off, .text_len = (uint32_t)len, .hash = hash };
    form->entity = NO_FORM;
    form->link = (uint32_t)f->form_count;
    form->flags = FORM_WEAK_ONLY;
    *slot = (uint32_t)++f->form_count;
    f->names.len = off + len;
    return form;
}

/* A name of the tables, if it is written as it must be to count. */
static const mrg_known *known_as_written(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    uint32_t flags = token_at(f, span->first)->flags;
    if (form->flags & FORM_UNKNOWN)
        return NULL;
    const mrg_known *known = NULL;
    if (!(span->flags & SPAN_CLUB) && f->word[span->first] & (MRG_WORD_KNOWN_FIRST | MRG_WORD_RESPELLED | WORD_STATES))
        known = mrg_known_find((const char *)f->names.data + form->text_off, form->text_len);
    if (!known) {
        form->flags |= FORM_UNKNOWN;
        return NULL;
    }
    if (known->flags & MRG_KNOWN_CAPS && !(flags & (MRG_TOKEN_ALL_CAPS | MRG_TOKEN_ACRONYM)))
        return NULL;
    if (known->flags & MRG_KNOWN_POSSESSIVE && !(flags & MRG_TOKEN_POSSESSIVE))
        return NULL;
    return known;
}

static int in_capitals(const mrg_finder *f, const mrg_span *span)
{
    const uint32_t flags = token_at(f, span->first)->flags;
    return (flags & MRG_TOKEN_ALL_CAPS && !(flags & MRG_TOKEN_ACRONYM)) || f->word[span->first] & WORD_LOUD;
}

static void count_span(mrg_finder *f, mrg_form *form, const mrg_span *span)
{
    if (!form->mention_count) {
        form->shown = *span;
        form->earliest = span->first;
        form->word_count = span->count;
        form->known = known_as_written(f, span, form);
    } else if (in_capitals(f, &form->shown) && !in_capitals(f, span)) {
        form->shown = *span;
    }
    if (!form->known)
        form->known = known_as_written(f, span, form);
    if (span->flags & SPAN_TITLED)
        form->flags |= FORM_TITLED;
    if (!(span->flags & SPAN_WEAK))
        form->flags &= ~(uint32_t)FORM_WEAK_ONLY;
    if (span->flags & SPAN_LISTED)
        mrg_list_form(f, form, span->first);
    form->mention_count++;
}

mrg_form *mrg_span_add(mrg_finder *f, size_t first, size_t count, uint32_t flags)
{
    size_t off, len;
    uint32_t hash;
    if (f->failed || !spell(f, first, count, &off, &len, &hash))
        return NULL;
    if (flags & SPAN_CLUB)
        hash = ~hash;
    if (mrg_reserve((void **)&f->spans, &f->span_capacity, f->span_count + 1, sizeof *f->spans)) {
        f->failed = 1;
        return NULL;
    }
    uint32_t *slot = form_slot(f, (const char *)f->names.data + off, len, hash);
    mrg_form *form = *slot ? &f->forms[*slot - 1] : add_form(f, slot, off, len, hash);
    if (!form)
        return NULL;
    mrg_span *span = &f->spans[f->span_count++];
    *span = (mrg_span){ (uint32_t)first, (uint32_t)count, (uint32_t)(form - f->forms), flags };
    count_span(f, form, span);
    mrg_judge(f, span, form);
    return form;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the user's list in the text, among the spans that the rules found. They take the place of those
 * that they overlap, except of a longer one that they are part of. The forms are made anew.
 */
#include "core/alloc.h"
#include "entity/article.h"
#include "entity/authority.h"

enum { SURE = 1000 }; /* beyond any evidence */

static void find_listed(mrg_finder *f)
{
    f->listed_count = 0;
    for (size_t i = 0; i < f->tokens->count && !f->failed;) {
        const mrg_authority_row *row;
        uint32_t n = mrg_authority_match(f->authority, f->text, f->tokens, i, &row);
        if (!n) {
            i++;
            continue;
        }
        if (mrg_reserve((void **)&f->listed, &f->listed_capacity, f->listed_count + 1, sizeof *f->listed))
            f->failed = 1;
        else
            f->listed[f->listed_count++] = (mrg_listed){ (uint32_t)i, n, row };
        i += n;
    }
}

static int is_longer(const mrg_span *span, const mrg_listed *listed)
{
    return span->first <= listed->first && span->first + span->count >= listed->first + listed->count &&
           span->count > listed->count;
}

/* Drops what is part of a longer span of the rules. */
static void drop_parts(mrg_finder *f)
{
    size_t kept = 0, s = 0;
    for (size_t i = 0; i < f->listed_count; i++) {
        const mrg_listed *listed = &f->listed[i];
        int part = 0;
        while (s < f->span_count && f->spans[s].first + f->spans[s].count <= listed->first)
            s++;
        for (size_t k = s; k < f->span_count && f->spans[k].first < listed->first + listed->count; k++)
            part |= is_longer(&f->spans[k], listed) && !(f->spans[k].flags & SPAN_WEAK);
        if (!part)
            f->listed[kept++] = *listed;
    }
    f->listed_count = kept;
}

static void add_listed(mrg_finder *f, const mrg_listed *listed)
{
    uint32_t flags = SPAN_LISTED;
    for (size_t i = listed->first; i < listed->first + listed->count; i++)
        mrg_word_at(f, i);
    if (f->word[listed->first] & WORD_LOUD)
        flags |= SPAN_LOUD;
    mrg_span_add(f, listed->first, listed->count, flags);
}

/* Spans and listed names, in their order. */
static void rebuild(mrg_finder *f)
{
    size_t count = f->span_count, i = 0;
    if (mrg_reserve((void **)&f->rules, &f->rule_capacity, count, sizeof *f->rules) ||
        mrg_table_reset(&f->form_table, count + f->listed_count + f->capital_count)) {
        f->failed = 1;
        return;
    }
    if (count)
        memcpy(f->rules, f->spans, count * sizeof *f->rules);
    f->span_count = f->form_count = 0;
    mrg_buffer_clear(&f->names);
    for (size_t s = 0; s <= count && !f->failed; s++) {
        const mrg_span *span = s < count ? &f->rules[s] : NULL;
        while (i < f->listed_count && (!span || f->listed[i].first + f->listed[i].count <= span->first))
            add_listed(f, &f->listed[i++]);
        int taken = span && i < f->listed_count && f->listed[i].first < span->first + span->count;
        if (span && i && f->listed[i - 1].first + f->listed[i - 1].count > span->first)
            taken = 1;
        if (span && !taken)
            mrg_span_add(f, span->first, span->count, span->flags);
    }
}

void mrg_find_listed(mrg_finder *f)
{
    find_listed(f);
    if (f->failed || !f->listed_count)
        return;
    mrg_sort_spans(f);
    drop_parts(f);
    if (f->listed_count)
        rebuild(f);
}

void mrg_list_form(mrg_finder *f, mrg_form *form, size_t first)
{
    size_t low = 0, high = f->listed_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (f->listed[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    if (form->listed || low == f->listed_count || f->listed[low].first != first)
        return;
    form->listed = f->listed[low].row;
    if (form->listed->type < MRG_ENTITY_TYPES)
        form->score[form->listed->type] += SURE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tagger's names in place of the rules'. What the rules alone know stays: events, for which there is no
 * training text; words that are a name only if they tie to a longer one; and a known name before a hyphen
 * ("Kremlin-backed"), which judged texts leave out.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "entity/tagger.h"

enum { VOTE = 10 };

/* ---- What is kept of the rules' spans ---- */

static int is_before_hyphen(const mrg_finder *f, const mrg_span *span)
{
    size_t next = span->first + span->count;
    return next < f->tokens->count && token_at(f, next)->flags & MRG_TOKEN_HYPHEN && !is_capital(f, next);
}

static int is_kept(mrg_finder *f, const mrg_span *span)
{
    const mrg_form *form = &f->forms[span->form], *root = &f->forms[mrg_form_root(f, span->form)];
    int score;
    if (span->flags & SPAN_LISTED)
        return 1;
    if (f->foreign && !form->known)
        return 0;
    if (span->flags & SPAN_WEAK)
        return 1;
    if ((form->flags | root->flags) & FORM_DROPPED || mrg_is_ticker(f, span->first, span->count))
        return 0;
    if (mrg_form_type(root, &score) == MRG_ENTITY_EVENT && score > 0)
        return 1;
    if (form->known && form->known->canonical && span->count > 1)
        return 1; /* "Group of Seven" */
    return form->known && is_before_hyphen(f, span);
}

/* ---- Spans with votes ---- */

/* The tagger's vote on a type counts beside the rules' evidence. */
static void vote(mrg_form *form, const mrg_tagged *tagged)
{
    int best = tagged->score[tagged->type];
    for (int k = 0; k < 3; k++) {
        int behind = k == tagged->type ? 0 : 1 + (best - tagged->score[k]) * 2 / MRG_TAG_UNIT;
        if (behind < VOTE)
            form->score[k] += VOTE - (behind < 0 ? 0 : behind);
    }
}

static void add_tagged(mrg_finder *f, const mrg_tagged *tagged)
{
    uint32_t flags = mrg_tagger_rule_flags(f->tagger, tagged->first, tagged->count) & ~(uint32_t)SPAN_WEAK;
    if (f->word[tagged->first] & WORD_LOUD)
        flags |= SPAN_LOUD;
    if (tagged->club && !(flags & SPAN_LISTED))
        flags = SPAN_LOUD | SPAN_CLUB;
    mrg_form *form = mrg_span_add(f, tagged->first, tagged->count, flags);
    if (form)
        vote(form, tagged);
}

static int overlaps(const mrg_tagged *tagged, const mrg_span *span)
{
    return tagged->first < span->first + span->count && span->first < tagged->first + tagged->count;
}

static int is_part_of(const mrg_span *span, const mrg_tagged *tagged)
{
    return tagged->first <= span->first && tagged->first + tagged->count >= span->first + span->count &&
           tagged->count > span->count;
}

/* The rules' spans that stay are moved to the front of `rules`; returns how many. Those that the tagger's
   overlap go, but for events and names of the user's list that are not part of a longer one: then the tagger's go. */
static size_t choose(mrg_finder *f, mrg_span *rules, size_t rule_count)
{
    mrg_tagger *t = f->tagger;
    size_t kept = 0, at = 0, out = 0, k = 0;
    for (size_t r = 0; r < rule_count; r++) {
        mrg_span span = rules[r];
        if (!is_kept(f, &span))
            continue;
        const mrg_form *root = &f->forms[mrg_form_root(f, span.form)];
        int listed = (span.flags & SPAN_LISTED) != 0;
        int event = !listed && !(span.flags & SPAN_WEAK) && mrg_form_type(root, NULL) == MRG_ENTITY_EVENT;
        while (at < t->tagged_count && t->tagged[at].first + t->tagged[at].count <= span.first)
            at++;
        int taken = at < t->tagged_count && overlaps(&t->tagged[at], &span);
        if (event || !taken || (listed && !is_part_of(&span, &t->tagged[at])))
            rules[kept++] = span;
    }
    for (size_t i = 0; i < t->tagged_count; i++) {
        while (k < kept && rules[k].first + rules[k].count <= t->tagged[i].first)
            k++;
        if (k == kept || !overlaps(&t->tagged[i], &rules[k]))
            t->tagged[out++] = t->tagged[i];
    }
    t->tagged_count = out;
    return kept;
}

/* "CEO", "Nikkei", "Brent": names only if the article says of what. */
static void drop_common(mrg_finder *f)
{
    for (uint32_t i = 0; i < f->form_count; i++) {
        mrg_form *form = &f->forms[i];
        if (form->word_count == 1 && form->link == i && !form->known && !form->listed && !(form->flags & FORM_TITLED) &&
            mrg_word_at(f, form->shown.first) & MRG_WORD_NOT_NAME)
            form->flags |= FORM_DROPPED;
    }
}

void mrg_retag(mrg_finder *f)
{
    mrg_tagger *t = f->tagger;
    t->failed = 0;
    mrg_tagger_read(t, f);
    if (!t->failed)
        mrg_tagger_decode(t);
    if (!t->failed)
        mrg_trim_tagged(f, t);
    f->foreign = mrg_foreign_of(f);
    if (!t->failed && f->foreign)
        mrg_trim_foreign(f, t);
    if (!t->failed && !f->failed)
        mrg_define_tagged(f, t);
    if (!t->failed && !f->failed)
        mrg_mark_scores(f, t);
    size_t rule_count = f->span_count;
    if (t->failed || f->failed || mrg_reserve((void **)&f->rules, &f->rule_capacity, rule_count, sizeof *f->rules)) {
        f->failed = 1;
        return;
    }
    if (rule_count)
        memcpy(f->rules, f->spans, rule_count * sizeof *f->rules);
    size_t kept = choose(f, f->rules, rule_count);
    /* the forms are made anew */
    f->form_count = f->span_count = 0;
    mrg_buffer_clear(&f->names);
    if (mrg_table_reset(&f->form_table, t->tagged_count + kept + f->capital_count)) {
        f->failed = 1;
        return;
    }
    for (size_t i = 0; i < t->tagged_count && !f->failed; i++)
        add_tagged(f, &t->tagged[i]);
    for (size_t i = 0; i < kept && !f->failed; i++)
        mrg_span_add(f, f->rules[i].first, f->rules[i].count, f->rules[i].flags);
    mrg_sort_spans(f);
    mrg_tie(f);
    if (f->failed)
        return;
    drop_common(f);
    mrg_sort_spans(f);
    if (f->form_count)
        mrg_tie_rest(f);
    mrg_sort_spans(f);
}

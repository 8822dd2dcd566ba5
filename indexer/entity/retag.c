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
    if (span->flags & SPAN_WEAK)
        return 1;
    if ((form->flags | root->flags) & FORM_DROPPED)
        return 0;
    if (mrg_form_type(root, &score) == MRG_ENTITY_EVENT && score > 0)
        return 1;
    if (form->known && form->known->canonical && span->count > 1)
        return 1; /* "Group of Seven" */
    return form->known && is_before_hyphen(f, span);
}

/* ---- What is dropped of the tagger's ---- */

/* "BK.N": capitals, a full stop, one or two more. */
static int is_ticker(const mrg_finder *f, size_t first, size_t count)
{
    size_t begin = token_at(f, first)->begin, end = token_at(f, first + count - 1)->end;
    const char *stop = memchr(f->text + begin, '.', end - begin);
    if (count > 2 || token_at(f, first)->flags & MRG_TOKEN_ACRONYM || !stop)
        return 0;
    for (size_t i = begin; i < end; i++) {
        char c = f->text[i];
        if (c != '.' && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            return 0;
    }
    size_t after = end - (size_t)(stop + 1 - f->text);
    return stop > f->text + begin + 1 && after >= 1 && after <= 2;
}

/* Nothing goes on behind a bracket ("CCAA (Canada"), nor before what is joined to it by a hyphen in small
   letters ("Pittsburgh-based Mellon"); a ticker ("BK.N") is none at all. Returns 0 if nothing is left. */
static int trim(const mrg_finder *f, mrg_tagged *tagged)
{
    size_t first = tagged->first, end = first + tagged->count;
    for (size_t i = first + 1; i < end; i++) {
        mrg_gap gap = mrg_gap_after(f, i - 1);
        if (gap == GAP_OPEN || gap == GAP_CLOSE)
            end = i;
    }
    for (size_t i = first + 1; i + 1 < end; i++) {
        const mrg_token *t = token_at(f, i);
        if (t->flags & MRG_TOKEN_HYPHEN && !(t->flags & (MRG_TOKEN_CAPITAL | MRG_TOKEN_DIGIT)) && t->term_len >= 3 &&
            !(token_at(f, i + 1)->flags & MRG_TOKEN_HYPHEN))
            first = i + 1;
    }
    tagged->first = (uint32_t)first;
    tagged->count = (uint32_t)(end - first);
    return !is_ticker(f, first, end - first);
}

/* "Assistant Secretary of State". */
static int is_title(mrg_finder *f, const mrg_tagged *tagged)
{
    size_t i = tagged->first;
    return tagged->count == 1 && i >= 2 && term_is(f, i - 1, "of") && mrg_word_at(f, i) & MRG_WORD_TITLE_PART &&
           mrg_word_at(f, i - 2) & MRG_WORD_TITLE && is_capital(f, i - 2);
}

/* "LONDON (Reuters) - ": who sent the article is nobody it speaks of. */
static int is_sender(const mrg_finder *f, const mrg_tagged *tagged)
{
    size_t i = tagged->first, next = i + tagged->count;
    if (!i || next >= f->tokens->count || mrg_gap_after(f, i - 1) != GAP_OPEN)
        return 0;
    const char *p = f->text + token_at(f, next - 1)->end, *end = f->text + token_at(f, next)->begin;
    for (; p < end && (*p == ')' || *p == ' '); p++)
        ;
    if (p == end || (*p != '-' && (unsigned char)*p != 0xe2))
        return 0;
    for (size_t words = 0; i && words < 8; words++) {
        if (token_at(f, --i)->flags & MRG_TOKEN_SENTENCE)
            return token_at(f, i)->flags & MRG_TOKEN_ALL_CAPS;
    }
    return 0;
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

/* "[Baltic] states", "[Group] of Seven": a known name that goes on. */
static uint32_t known_count(mrg_finder *f, const mrg_tagged *tagged)
{
    enum { MORE = 3 };
    const mrg_known *known;
    size_t end = tagged->first + tagged->count, most = end;
    while (most < f->tokens->count && most < end + MORE && !(token_at(f, most)->flags & MRG_TOKEN_SENTENCE) &&
           mrg_gap_after(f, most - 1) <= GAP_SPACE)
        mrg_word_at(f, most++);
    size_t n = most > end ? mrg_known_words(f, tagged->first, most, &known) : 0;
    return n > tagged->count ? (uint32_t)n : tagged->count;
}

static void add_tagged(mrg_finder *f, mrg_tagged *tagged)
{
    for (size_t i = tagged->first; i < tagged->first + tagged->count; i++)
        mrg_word_at(f, i);
    tagged->count = known_count(f, tagged);
    uint32_t flags = mrg_tagger_rule_flags(f->tagger, tagged->first, tagged->count) & ~(uint32_t)SPAN_WEAK;
    if (f->word[tagged->first] & WORD_LOUD)
        flags |= SPAN_LOUD;
    if (tagged->count > MRG_MENTION_MAX_TOKENS)
        return;
    mrg_form *form = mrg_span_add(f, tagged->first, tagged->count, flags);
    if (form)
        vote(form, tagged);
}

static int overlaps(const mrg_tagged *tagged, const mrg_span *span)
{
    return tagged->first < span->first + span->count && span->first < tagged->first + tagged->count;
}

/* The rules' spans that stay are moved to the front of `rules`; returns how many. Those that the tagger's
   overlap go, events excepted: then the tagger's go. */
static size_t choose(mrg_finder *f, mrg_span *rules, size_t rule_count)
{
    mrg_tagger *t = f->tagger;
    size_t kept = 0, at = 0, out = 0, k = 0;
    for (size_t r = 0; r < rule_count; r++) {
        mrg_span span = rules[r];
        if (!is_kept(f, &span))
            continue;
        const mrg_form *root = &f->forms[mrg_form_root(f, span.form)];
        int event = !(span.flags & SPAN_WEAK) && mrg_form_type(root, NULL) == MRG_ENTITY_EVENT;
        while (at < t->tagged_count && t->tagged[at].first + t->tagged[at].count <= span.first)
            at++;
        int taken = at < t->tagged_count && overlaps(&t->tagged[at], &span);
        if (event || !taken)
            rules[kept++] = span;
    }
    for (size_t i = 0; i < t->tagged_count; i++) {
        if (!trim(f, &t->tagged[i]) || is_title(f, &t->tagged[i]) || is_sender(f, &t->tagged[i]))
            continue;
        while (k < kept && rules[k].first + rules[k].count <= t->tagged[i].first)
            k++;
        if (k == kept || !overlaps(&t->tagged[i], &rules[k]))
            t->tagged[out++] = t->tagged[i];
    }
    t->tagged_count = out;
    return kept;
}

void mrg_retag(mrg_finder *f)
{
    mrg_tagger *t = f->tagger;
    t->failed = 0;
    mrg_tagger_read(t, f);
    if (!t->failed)
        mrg_tagger_decode(t);
    size_t rule_count = f->span_count;
    if (t->failed || mrg_reserve((void **)&f->rules, &f->rule_capacity, rule_count, sizeof *f->rules)) {
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
    if (!f->failed)
        mrg_sort_spans(f);
}

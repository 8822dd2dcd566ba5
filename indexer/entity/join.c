/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words stand in one stretch: capitalised neighbours, and small words between them that names have. */
#include "entity/article.h"

enum { MAX_STRETCH = 60 };

/* Token i, capitalised, reached over nothing but white space. */
static int capital_follows(mrg_finder *f, size_t i)
{
    return i < f->tokens->count && is_capital(f, i) && !(token_at(f, i)->flags & MRG_TOKEN_SENTENCE) &&
           mrg_gap_after(f, i - 1) <= GAP_SPACE && !(mrg_word_at(f, i) & (MRG_WORD_CALENDAR | MRG_WORD_FUNCTION));
}

/* "al-Assad", "bin Laden", "van Gaal": small, and yet the name begins with it. */
int mrg_opens_with_particle(mrg_finder *f, size_t i, size_t end)
{
    static const char *const openers[] = { "al", "el", "bin", "ibn", "van", "von" };
    const mrg_token *t = token_at(f, i);
    if (t->term_len > 3 || t->term_len < 2 || i + 1 >= end || !is_capital(f, i + 1))
        return 0;
    for (size_t k = 0; k < sizeof openers / sizeof *openers; k++) {
        if (term_is(f, i, openers[k]))
            return capital_follows(f, i + 1);
    }
    return 0;
}

/* A full stop after it does not end a stretch: initials and abbreviations. */
static int is_abbreviated(mrg_finder *f, size_t i)
{
    static const char *const known[] = { "st",   "mt",   "ft",   "dr",  "mr",  "mrs",  "ms",  "sen",  "gov",
                                         "gen",  "lt",   "col",  "maj", "rep", "capt", "rev", "sgt",  "sec",
                                         "brig", "asst", "prof", "adm", "hon", "jr",   "sr",  "lieut" };
    if (token_at(f, i)->term_len == 1)
        return 1;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (term_is(f, i, known[k]))
            return 1;
    }
    return 0;
}

/* "Macy's Inc", but not "Norway's Energy Ministry". */
static int is_owner(mrg_finder *f, size_t i)
{
    return (mrg_word_at(f, i) & MRG_WORD_OWNS) != 0;
}

/* "Apple, Inc.", "Washington, D.C." */
static int word_after_comma(mrg_finder *f, size_t last)
{
    return (mrg_word_at(f, last + 1) & MRG_WORD_LEGAL_FORM && !(mrg_word_at(f, last) & MRG_WORD_LEGAL_FORM)) ||
           (term_is(f, last + 1, "d.c.") && term_is(f, last, "washington"));
}

/* "MOT.N", "LHAG.DE": a full stop and no space between capitals. */
int mrg_is_ticker_part(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    for (int before = 0; before < 2; before++) {
        size_t left = before ? i - 1 : i;
        if ((before && !i) || left + 1 >= f->tokens->count)
            continue;
        const mrg_token *a = token_at(f, left), *b = a + 1;
        if (b->begin == a->end + 1 && f->text[a->end] == '.' && b->term_len <= 2 && b->flags & MRG_TOKEN_CAPITAL &&
            a->term_len >= 2 && !(t->flags & MRG_TOKEN_ACRONYM))
            return 1;
    }
    return 0;
}

static size_t join_capital(mrg_finder *f, size_t first, size_t last)
{
    size_t next = last + 1;
    uint32_t word = mrg_word_at(f, last);
    mrg_gap gap = mrg_gap_after(f, last);
    int ended = word & MRG_WORD_LEGAL_FORM && last > first;
    if (token_at(f, next)->flags & MRG_TOKEN_ALL_CAPS && mrg_is_ticker_part(f, next))
        return 0;
    switch (gap) {
    case GAP_NONE:
        return next + 1;
    case GAP_SPACE:
        if (ended || (token_at(f, last)->flags & MRG_TOKEN_POSSESSIVE && !is_owner(f, last)))
            return 0;
        return next + 1;
    case GAP_PERIOD:
        return !ended && is_abbreviated(f, last) ? next + 1 : 0;
    case GAP_AMPERSAND:
        /* "Jenny Smith & Gary Jones" are two */
        return last > first && mrg_word_at(f, first) & mrg_word_at(f, next) & MRG_WORD_FIRST_NAME ? 0 : next + 1;
    case GAP_COMMA:
        return word_after_comma(f, last) ? next + 1 : 0;
    default:
        return 0;
    }
}

/* "Bank of England", "Isle of Man", "Secretary of State". */
static size_t join_of(mrg_finder *f, size_t last)
{
    const uint32_t heads = MRG_WORD_ORG_START | MRG_WORD_EVENT_HEAD | MRG_WORD_PLACE_HEAD;
    size_t k = last + 2;
    uint32_t word = mrg_word_at(f, last);
    if (k >= f->tokens->count)
        return 0;
    if (!(word & heads)) {
        if (!(word & MRG_WORD_TITLE) || !capital_follows(f, k) || !(mrg_word_at(f, k) & MRG_WORD_TITLE_PART))
            return 0;
        return k + 1;
    }
    if (term_is(f, k, "the") && mrg_gap_after(f, k - 1) == GAP_SPACE)
        k++;
    return capital_follows(f, k) ? k + 1 : 0;
}

static size_t join_for(mrg_finder *f, size_t last)
{
    if (!(mrg_word_at(f, last) & MRG_WORD_ORG_START))
        return 0;
    return capital_follows(f, last + 2) ? last + 3 : 0;
}

/* "Council on Foreign Relations". */
static size_t join_on(mrg_finder *f, size_t last)
{
    if (!term_is(f, last, "council") && !term_is(f, last, "commission") && !term_is(f, last, "committee") &&
        !term_is(f, last, "conference") && !term_is(f, last, "treaty") && !term_is(f, last, "convention"))
        return 0;
    return capital_follows(f, last + 2) ? last + 3 : 0;
}

static int has_connector(mrg_finder *f, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        if (!is_capital(f, i) && (term_is(f, i, "of") || term_is(f, i, "for")))
            return 1;
    }
    return 0;
}

/* "Securities and Exchange Commission", "Department of Health and Human Services", "Bosnia and
   Herzegovina", but not "Russia and the Foreign Ministry" or "Smith and Jones". */
static size_t join_and(mrg_finder *f, size_t first, size_t last)
{
    const uint32_t plain = MRG_WORD_COMMON | MRG_WORD_ORG_PART | MRG_WORD_ORG_HEAD;
    const uint32_t named = MRG_WORD_FIRST_NAME | MRG_WORD_DEMONYM | MRG_WORD_TITLE;
    char name[128];
    size_t k = last + 2;
    if (!capital_follows(f, k))
        return 0;
    const mrg_token *a = token_at(f, last), *b = token_at(f, k);
    if (mrg_word_at(f, last) & MRG_WORD_KNOWN_FIRST && a->term_len + b->term_len + 5 < sizeof name) {
        memcpy(name, term_at(f, last), a->term_len);
        memcpy(name + a->term_len, " and ", 5);
        memcpy(name + a->term_len + 5, term_at(f, k), b->term_len);
        if (mrg_known_find(name, a->term_len + b->term_len + 5u))
            return k + 1;
    }
    if (!(mrg_word_at(f, last) & plain) || !(mrg_word_at(f, k) & plain) || mrg_word_at(f, last) & named ||
        mrg_word_at(f, k) & named)
        return 0;
    if (has_connector(f, first, last))
        return k + 1;
    size_t end = k + 1;
    while (end < f->tokens->count && end < k + 6 && capital_follows(f, end))
        end++;
    return end > k + 1 && mrg_word_at(f, end - 1) & MRG_WORD_ORG_HEAD ? end : 0;
}

/* "Ludwig van Beethoven", "Osama bin Laden", "Rio de la Plata". */
static size_t join_particles(mrg_finder *f, size_t last)
{
    size_t k = last + 1;
    while (k < f->tokens->count && k <= last + 3 && !is_capital(f, k) && mrg_word_at(f, k) & MRG_WORD_PARTICLE &&
           mrg_gap_after(f, k - 1) <= GAP_SPACE)
        k++;
    return k > last + 1 && capital_follows(f, k) ? k + 1 : 0;
}

static size_t join_small(mrg_finder *f, size_t first, size_t last)
{
    size_t next = last + 1;
    uint32_t len = token_at(f, next)->term_len;
    if (len > 5)
        return 0;
    mrg_gap gap = mrg_gap_after(f, last);
    if (gap > GAP_PERIOD || (gap == GAP_PERIOD && !is_abbreviated(f, last)))
        return 0;
    if (token_at(f, last)->flags & MRG_TOKEN_POSSESSIVE)
        return 0;
    if (term_is(f, next, "of"))
        return join_of(f, last);
    if (term_is(f, next, "and"))
        return join_and(f, first, last);
    if (term_is(f, next, "for"))
        return join_for(f, last);
    if (term_is(f, next, "on"))
        return join_on(f, last);
    /* "G-7", "Group of 20" */
    if (token_at(f, next)->flags & MRG_TOKEN_DIGIT)
        return token_at(f, next)->flags & MRG_TOKEN_HYPHEN && token_at(f, last)->term_len == 1 ? next + 1 : 0;
    return join_particles(f, last);
}

size_t mrg_stretch_end(mrg_finder *f, size_t first, size_t end)
{
    size_t last = is_capital(f, first) ? first : first + 1;
    while (last + 1 < end && last - first < MAX_STRETCH && !(token_at(f, last + 1)->flags & MRG_TOKEN_SENTENCE)) {
        size_t next = is_capital(f, last + 1) ? join_capital(f, first, last) : join_small(f, first, last);
        if (!next)
            break;
        last = next - 1;
    }
    return last + 1;
}

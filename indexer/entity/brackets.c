/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Abbreviations that the article defines in brackets, round or square, either way about: "North Atlantic
 * Treaty Organization (NATO)", "NATO (North Atlantic Treaty Organization)". The letters are matched from
 * the right (A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in
 * biomedical text", PSB 2003); where the long form starts is left to the mention.
 */
#include "entity/article.h"

enum { MIN_SHORT = 2, MAX_INSIDE = 10 };

/* Whether the bracket that opens after token i closes after token k: a closing mark before the next token. */
static int closes_after(const mrg_finder *f, size_t k)
{
    size_t at = mrg_token_end(f, k);
    size_t end = k + 1 < f->tokens->count ? token_at(f, k + 1)->begin : f->len;
    for (size_t n = 0; at < end && n < 4; at++, n++) {
        if (f->text[at] == ')' || f->text[at] == ']')
            return 1;
        if (end - at > 3 && !memcmp(f->text + at, "\xe2\x80", 2) && strchr("\x99\x9d", f->text[at + 2]))
            at += 2;
        else if (f->text[at] != ' ' && f->text[at] != '"' && f->text[at] != '.')
            return 0;
    }
    return 0;
}

size_t mrg_count_inside(const mrg_finder *f, size_t i)
{
    if (i + 1 >= f->tokens->count || mrg_gap_after(f, i) != GAP_OPEN)
        return 0;
    for (size_t n = 1; n <= MAX_INSIDE && i + n < f->tokens->count; n++) {
        if (closes_after(f, i + n))
            return n;
    }
    return 0;
}

size_t mrg_short_letters(const mrg_finder *f, size_t first, size_t count, char letters[MRG_MAX_SHORT])
{
    size_t n = 0;
    for (size_t i = first; i < first + count; i++) {
        const char *term = term_at(f, i);
        for (size_t k = 0; k < token_at(f, i)->term_len; k++) {
            if (term[k] == '.' || term[k] == '&' || term[k] == '\'')
                continue;
            if (n == MRG_MAX_SHORT)
                return 0;
            letters[n++] = term[k];
        }
    }
    return n >= MIN_SHORT ? n : 0;
}

static int looks_short(const mrg_finder *f, size_t first, size_t count)
{
    const mrg_token *t = token_at(f, first);
    if (count > 2 || !is_capital(f, first) || t->term_len > MRG_MAX_SHORT)
        return 0;
    return (t->flags & (MRG_TOKEN_ALL_CAPS | MRG_TOKEN_ACRONYM)) != 0 || t->term_len <= 6;
}

/* Schwartz and Hearst: from the right, each letter somewhere to the left of the one before; the first
   letter at the start of a word. */
static int letters_match(const mrg_finder *f, const char *letters, size_t n, size_t first, size_t count)
{
    size_t i = first + count - 1, at = token_at(f, i)->term_len;
    for (size_t s = n; s-- > 0;) {
        for (;;) {
            if (!at) {
                if (i == first)
                    return 0;
                at = token_at(f, --i)->term_len;
                continue;
            }
            at--;
            if (term_at(f, i)[at] == letters[s] && (s > 0 || at == 0))
                break;
        }
    }
    return 1;
}

/* A weaker test for misspelled long forms with a telling head: most letters begin words, in order. */
static int initials_match(mrg_finder *f, const char *letters, size_t n, size_t first, size_t count)
{
    size_t matched = 0, s = 0;
    if (count < 3 || !(mrg_word_at(f, first + count - 1) & (MRG_WORD_ORG_HEAD | MRG_WORD_EVENT_HEAD)))
        return 0;
    if (letters[0] != term_at(f, first)[0])
        return 0;
    for (size_t i = first; i < first + count && s < n; i++) {
        if (term_at(f, i)[0] != letters[s])
            continue;
        s++;
        matched++;
    }
    return n >= 3 && matched * 3 >= n * 2;
}

static int defines(mrg_finder *f, size_t short_first, size_t short_count, size_t long_first, size_t long_count)
{
    char letters[MRG_MAX_SHORT];
    size_t n = mrg_short_letters(f, short_first, short_count, letters);
    if (!n || long_count < 2 || !looks_short(f, short_first, short_count))
        return 0;
    return letters_match(f, letters, n, long_first, long_count) ||
           initials_match(f, letters, n, long_first, long_count);
}

/* A span of exactly these tokens, near `from`; a new one at the end of the array if there is none. */
static mrg_span *span_of(mrg_finder *f, size_t from, size_t sorted, size_t first, size_t count)
{
    for (size_t s = from; s < sorted && f->spans[s].first <= first; s++) {
        if (f->spans[s].first == first && f->spans[s].count == count)
            return &f->spans[s];
        if (f->spans[s].first == first)
            return NULL; /* of another length: not what it seemed */
    }
    mrg_span_add(f, first, count, 0);
    return f->failed ? NULL : &f->spans[f->span_count - 1];
}

/* All words of the bracket are one span. */
static const mrg_span *span_inside(const mrg_finder *f, size_t s, size_t sorted, size_t first, size_t count)
{
    if (s + 1 >= sorted)
        return NULL;
    const mrg_span *next = &f->spans[s + 1];
    return next->first == first && next->count == count ? next : NULL;
}

/* The definition goes before the alias table unless both may mean the same. What type it is, the long form
   says; persons are seldom abbreviated. */
static void link_short(mrg_finder *f, uint32_t short_form, uint32_t long_form)
{
    mrg_form *abbreviation = &f->forms[short_form], *full = &f->forms[long_form];
    const char *text = (const char *)f->names.data + full->text_off;
    if (short_form == long_form)
        return;
    if (abbreviation->known && abbreviation->known->canonical && !full->known &&
        !mrg_known_resembles(abbreviation->known, text, full->text_len)) {
        abbreviation->known = NULL;
        abbreviation->flags |= FORM_UNKNOWN;
    }
    if (abbreviation->link == short_form && !abbreviation->known)
        memset(abbreviation->score, 0, sizeof abbreviation->score);
    full->score[MRG_ENTITY_ORG] += 5;
    mrg_form_link(f, short_form, long_form);
}

void mrg_tie_abbreviations(mrg_finder *f)
{
    size_t sorted = f->span_count;
    for (size_t s = 0; s < sorted && !f->failed; s++) {
        mrg_span span = f->spans[s];
        size_t inside = span.first + span.count;
        size_t n = span.flags & SPAN_WEAK ? 0 : mrg_count_inside(f, inside - 1);
        if (!n)
            continue;
        if (n <= 2 && defines(f, inside, n, span.first, span.count)) {
            const mrg_span *abbreviation = span_of(f, s + 1, sorted, inside, n);
            if (abbreviation)
                link_short(f, abbreviation->form, span.form);
        } else if (span.count <= 2 && defines(f, span.first, span.count, inside, n)) {
            const mrg_span *full = span_inside(f, s, sorted, inside, n);
            if (full)
                link_short(f, span.form, full->form);
        }
    }
}

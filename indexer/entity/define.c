/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a bracket defines is a name as far as the letters reach: "the Organization for Security and Co-operation in
 * Europe [OSCE]", of which the tagger may have seen parts. Stricter than the tie of two spans (brackets.c): the letters
 * are those that the words begin with, all of them.
 */
#include "core/alloc.h"
#include "entity/tagger.h"

enum { MOST_WORDS = 14, SURE = 4 * MRG_TAG_UNIT };

static int is_small(mrg_finder *f, size_t i)
{
    return !is_capital(f, i) && mrg_word_at(f, i) & (MRG_WORD_FUNCTION | MRG_WORD_PARTICLE);
}

/* "Ministry of Commerce, Industry and Energy", but not "Europe, Middle East and Africa". */
static int has_head(mrg_finder *f, size_t first, size_t last)
{
    return mrg_word_at(f, first) & MRG_WORD_ORG_START || mrg_word_at(f, last) & MRG_WORD_ORG_HEAD;
}

/* The words that end with token `last`, not before `least`, and begin with the letters: small ones need not. The first
   of them, or SIZE_MAX. */
static size_t first_spelled(mrg_finder *f, const char *letters, size_t n, size_t last, size_t least)
{
    int commas = 0;
    for (size_t k = last, words = 0; words < MOST_WORDS; k--, words++) {
        if (term_at(f, k)[0] == letters[n - 1])
            n--;
        else if (!is_small(f, k) && !(token_at(f, k)->flags & MRG_TOKEN_HYPHEN))
            return SIZE_MAX;
        if (n == 0)
            return is_capital(f, k) && !(mrg_word_at(f, k) & MRG_WORD_FUNCTION) && !(commas && !has_head(f, k, last))
                       ? k
                       : SIZE_MAX;
        if (k == least || token_at(f, k)->flags & MRG_TOKEN_SENTENCE)
            return SIZE_MAX;
        mrg_gap gap = mrg_gap_after(f, k - 1);
        commas |= gap == GAP_COMMA;
        if (gap != GAP_NONE && gap != GAP_SPACE && gap != GAP_AMPERSAND && gap != GAP_COMMA)
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

/* "PM" and "IPO" are no names, nor what they are short for. */
static int may_define(mrg_finder *f, size_t abbreviation, size_t letters, size_t last)
{
    uint32_t head = mrg_word_at(f, last);
    if (!is_capital(f, last) || (head & MRG_WORD_EVENT_HEAD && !(head & MRG_WORD_ORG_HEAD)))
        return 0;
    return head & MRG_WORD_HEADS || (letters > 2 && !(mrg_word_at(f, abbreviation) & MRG_WORD_NOT_NAME));
}

static int is_short(const mrg_finder *f, size_t i)
{
    return token_at(f, i)->flags & (MRG_TOKEN_ALL_CAPS | MRG_TOKEN_ACRONYM) && token_at(f, i)->term_len >= 2;
}

/* The long form of the bracket that opens after token i, on either side of it. */
static int find_long(mrg_finder *f, size_t i, size_t *first, size_t *last)
{
    char letters[MRG_MAX_SHORT];
    size_t n, inside = i + 1, words;
    words = mrg_count_inside(f, i);
    if (words == 1 && is_short(f, inside) && (n = mrg_short_letters(f, inside, 1, letters)) > 0) {
        *last = i;
        *first = may_define(f, inside, n, i) ? first_spelled(f, letters, n, i, 0) : SIZE_MAX;
    } else if (words > 1 && is_short(f, i) && (n = mrg_short_letters(f, i, 1, letters)) > 0) {
        *last = i + words;
        *first = may_define(f, i, n, *last) ? first_spelled(f, letters, n, *last, inside) : SIZE_MAX;
        if (*first != SIZE_MAX && *first != inside && !(*first == inside + 1 && term_is(f, inside, "the")))
            return 0;
    } else {
        return 0;
    }
    return *first != SIZE_MAX && *last > *first && *last - *first < MRG_MENTION_MAX_TOKENS;
}

static int type_of(mrg_finder *f, const mrg_tagged *part, size_t last)
{
    uint32_t head = mrg_word_at(f, last);
    if (part && part->type == MRG_ENTITY_PLACE && part->first + part->count == last + 1 && !(head & MRG_WORD_ORG_HEAD))
        return MRG_ENTITY_PLACE;
    return head & MRG_WORD_PLACE_HEAD && !(head & MRG_WORD_ORG_HEAD) ? MRG_ENTITY_PLACE : MRG_ENTITY_ORG;
}

void mrg_put_tagged(mrg_finder *f, mrg_tagger *t, size_t first, size_t last, int type)
{
    size_t a = t->tagged_count, b;
    while (a > 0 && t->tagged[a - 1].first + t->tagged[a - 1].count > first)
        a--;
    for (b = a; b < t->tagged_count && t->tagged[b].first <= last; b++)
        ;
    if (b > a && t->tagged[a].first <= first && t->tagged[a].first + t->tagged[a].count > last)
        return;
    if (b > a && t->tagged[a].first < first)
        first = t->tagged[a].first;
    if (type < 0)
        type = type_of(f, b > a ? &t->tagged[b - 1] : NULL, last);
    if (mrg_reserve((void **)&t->tagged, &t->tagged_capacity, t->tagged_count + 1, sizeof *t->tagged)) {
        f->failed = 1;
        return;
    }
    memmove(t->tagged + a + 1, t->tagged + b, (t->tagged_count - b) * sizeof *t->tagged);
    t->tagged_count = t->tagged_count - (b - a) + 1;
    t->tagged[a] = (mrg_tagged){ .first = (uint32_t)first, .count = (uint32_t)(last - first + 1), .type = type };
    t->tagged[a].score[type] = SURE;
    for (size_t i = first; i <= last; i++)
        mrg_word_at(f, i);
}

void mrg_define_tagged(mrg_finder *f, mrg_tagger *t)
{
    size_t first, last;
    for (size_t i = 0; i + 1 < f->tokens->count && !f->failed; i++) {
        if ((is_short(f, i) || is_short(f, i + 1)) && mrg_gap_after(f, i) == GAP_OPEN && find_long(f, i, &first, &last))
            mrg_put_tagged(f, t, first, last, -1);
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of scores, standings and fixtures: "Leeds 2 Derby County 0", "BALTIMORE 70 63 .526 4", "Leeds v Derby". What
 * plays there is a club, though it is called after a city; a country stays one. What the same article says of the city
 * in other lines is left alone.
 */
#include "entity/tagger.h"

enum { LONGEST_LINE = 20, LONGEST_NAME = 4, LEAST_COLUMNS = 3 };

typedef struct line {
    size_t begin, end;
    size_t first[2], last[2]; /* its names */
    size_t count;
    int result; /* both sides have a score: whatever is written with capitals there plays */
} line;

/* A line, or a sentence, begins with token i. */
static int begins_line(const mrg_finder *f, size_t i)
{
    if (i == 0 || token_at(f, i)->flags & MRG_TOKEN_SENTENCE)
        return 1;
    size_t at = token_at(f, i - 1)->end, end = token_at(f, i)->begin;
    return end > at && memchr(f->text + at, '\n', end - at) != NULL;
}

/* The line around token i; 0 if it is a long one. */
static int find_line(const mrg_finder *f, size_t i, line *l)
{
    *l = (line){ .begin = i, .end = i + 1 };
    while (!begins_line(f, l->begin) && i - l->begin < LONGEST_LINE)
        l->begin--;
    while (l->end < f->tokens->count && !begins_line(f, l->end) && l->end - l->begin <= LONGEST_LINE)
        l->end++;
    return begins_line(f, l->begin) && l->end - l->begin <= LONGEST_LINE;
}

/* "2", "526", but not "1996-08-31". */
static int is_number(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    return (t->flags & (MRG_TOKEN_DIGIT | MRG_TOKEN_CAPITAL | MRG_TOKEN_HYPHEN)) == MRG_TOKEN_DIGIT &&
           t->term_len <= 3 && (i + 1 == f->tokens->count || !(t[1].flags & MRG_TOKEN_HYPHEN));
}

static size_t skip_numbers(const mrg_finder *f, size_t i, size_t end)
{
    while (i < end && is_number(f, i))
        i++;
    return i;
}

static int is_against(const mrg_finder *f, size_t i)
{
    return term_is(f, i, "at") || term_is(f, i, "v") || term_is(f, i, "vs");
}

/* "Dinamo (Russia) 81" */
static size_t skip_bracket(const mrg_finder *f, size_t at, size_t end)
{
    enum { MOST_INSIDE = 3 };
    if (at >= end || mrg_gap_after(f, at - 1) != GAP_OPEN || is_number(f, at))
        return at;
    for (size_t i = at; i < end && i < at + MOST_INSIDE; i++) {
        if (i + 1 < end && mrg_gap_after(f, i) == GAP_CLOSE)
            return i + 1;
    }
    return at;
}

/* Reads a name at i into the line; returns what is behind it, or i. */
static size_t read_name(const mrg_finder *f, size_t i, line *l)
{
    size_t at = i;
    while (at < l->end && is_capital(f, at) && !is_against(f, at) &&
           (at == i || mrg_gap_after(f, at - 1) <= GAP_AMPERSAND))
        at++;
    if (at == i || at - i > LONGEST_NAME)
        return i;
    l->first[l->count] = i;
    l->last[l->count++] = at - 1;
    return skip_bracket(f, at, l->end);
}

static int read_line(const mrg_finder *f, line *l)
{
    size_t at = read_name(f, l->begin, l), numbers;
    if (!l->count || at == l->end)
        return 0;
    if (is_against(f, at)) {
        int is_there = read_name(f, at + 1, l) == l->end;
        if (is_there && term_is(f, at, "at"))
            l->count = 1; /* the other is where they play */
        return is_there;
    }
    numbers = skip_numbers(f, at, l->end) - at;
    at += numbers;
    if (at == l->end)
        return numbers >= LEAST_COLUMNS;
    if (numbers != 1)
        return 0;
    size_t other = read_name(f, at, l);
    l->result = 1;
    return l->count == 2 && skip_numbers(f, other, l->end) == other + 1 &&
           (other + 1 == l->end || mrg_gap_after(f, other) == GAP_OPEN);
}

static int is_country(mrg_finder *f, size_t first, size_t last)
{
    const mrg_known *known;
    return mrg_known_words(f, first, last + 1, &known) == last + 1 - first && mrg_known_is_country(known);
}

static int is_plain(mrg_finder *f, size_t first, size_t last)
{
    const uint32_t plain = MRG_WORD_COMMON | MRG_WORD_FUNCTION | MRG_WORD_CALENDAR | MRG_WORD_NOT_NAME |
                           MRG_WORD_DEMONYM | MRG_WORD_TITLE;
    for (size_t i = first; i <= last; i++) {
        if (!(mrg_word_at(f, i) & plain))
            return 0;
    }
    return 1;
}

static void mark_name(mrg_finder *f, mrg_tagger *t, size_t first, size_t last, int result)
{
    size_t k = 0;
    for (size_t i = first; i <= last; i++)
        mrg_word_at(f, i);
    while (k < t->tagged_count && t->tagged[k].first + t->tagged[k].count <= first)
        k++;
    int free = k == t->tagged_count || t->tagged[k].first > last;
    if (is_country(f, first, last) || (free && (!result || is_plain(f, first, last))))
        return;
    if (!free && t->tagged[k].type == MRG_ENTITY_PERSON)
        return;
    mrg_put_tagged(f, t, first, last, MRG_ENTITY_ORG);
    for (; k < t->tagged_count && t->tagged[k].first <= last; k++) {
        if (t->tagged[k].first != first || t->tagged[k].count != last - first + 1)
            continue;
        t->tagged[k].club = 1;
        t->tagged[k].score[MRG_ENTITY_ORG] = t->tagged[k].score[t->tagged[k].type];
        t->tagged[k].type = MRG_ENTITY_ORG;
    }
}

void mrg_mark_scores(mrg_finder *f, mrg_tagger *t)
{
    line l;
    for (size_t i = 1; i < f->tokens->count && !f->failed; i++) {
        if (!is_capital(f, i - 1) || !(is_number(f, i) || (token_at(f, i)->term_len <= 2 && is_against(f, i))) ||
            !find_line(f, i, &l))
            continue;
        if (read_line(f, &l)) {
            for (size_t n = 0; n < l.count; n++)
                mark_name(f, t, l.first[n], l.last[n], l.result);
        }
        i = l.end;
    }
}

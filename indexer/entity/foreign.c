/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Articles in other languages than English. Neither the rules nor the tagger know them, and a capital may say nothing:
 * German writes every noun with one. So they are tagged sparingly: what the tables and the model's lists know, people
 * whose first name they know, firms with a legal form, and abbreviations.
 */
#include "entity/tagger.h"

enum { SAMPLE = 120, LEAST = 30, ENGLISH_PERCENT = 18, NOUNS_PERCENT = 20 };

/* Of English words that are written small, 35 to 60 % are of the small closed classes; of other languages' hardly one
   in ten happens to be spelled like one. Tables of scores have few words, and are left as they are. */
mrg_foreign mrg_foreign_of(mrg_finder *f)
{
    size_t small = 0, english = 0, capital = 0, i = 0;
    for (; i < f->tokens->count && small < SAMPLE; i++) {
        if (is_capital(f, i)) {
            capital += !(f->word[i] & (WORD_AT_START | WORD_LOUD));
        } else if (!(token_at(f, i)->flags & (MRG_TOKEN_DIGIT | MRG_TOKEN_NGRAM))) {
            small++;
            english += (mrg_word_at(f, i) & MRG_WORD_FUNCTION) != 0;
        }
    }
    if (small < LEAST || small * 2 < i || english * 100 >= small * ENGLISH_PERCENT)
        return MRG_FOREIGN_NOT;
    return capital * 100 < (small + capital) * NOUNS_PERCENT ? MRG_FOREIGN : MRG_FOREIGN_NOUNS;
}

static int is_first_name(const mrg_tagger *t, mrg_finder *f, size_t i)
{
    return is_capital(f, i) &&
           (mrg_word_at(f, i) & MRG_WORD_FIRST_NAME || mrg_tagger_listed(t, f, i, 1) & MRG_GAZ_FIRST_NAME);
}

/* "Pilar Ordóñez": where capitals tell names, a surname will do. */
static int has_surname(const mrg_tagger *t, mrg_finder *f, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (!is_capital(f, i) || token_at(f, i)->term_len < 3)
            return 0;
    }
    return mrg_word_at(f, end - 1) & MRG_WORD_SURNAME || mrg_tagger_listed(t, f, end - 1, 1) & MRG_GAZ_SURNAME;
}

/* "Wirtschaftsminister Sigmar Gabriel": from a first name on, as far as names go. */
static int trim_person(const mrg_tagger *t, mrg_finder *f, size_t *first, size_t *end)
{
    size_t i = *first, last;
    while (i < *end && !is_first_name(t, f, i))
        i++;
    if (i == *end && f->foreign == MRG_FOREIGN && has_surname(t, f, *first, *end))
        i = *first;
    for (last = i + 1; last < *end && (is_capital(f, last) || mrg_word_at(f, last) & MRG_WORD_PARTICLE); last++)
        ;
    while (last > i + 1 && !is_capital(f, last - 1))
        last--;
    *first = i;
    *end = last;
    return i < last && last - i >= 2 && last - i <= 4;
}

static int is_firm(const mrg_tagger *t, mrg_finder *f, size_t first, size_t end)
{
    const mrg_token *token = token_at(f, first);
    if (mrg_word_at(f, end - 1) & MRG_WORD_LEGAL_FORM)
        return end - first > 1;
    if (end - first > 1 || f->word[first] & WORD_LOUD)
        return 0;
    return mrg_tagger_listed(t, f, first, 1) & MRG_GAZ_ORG ||
           (token->flags & MRG_TOKEN_ALL_CAPS && token->term_len <= 6);
}

/* Returns 0 if nothing is left. */
static int trim(const mrg_tagger *t, mrg_finder *f, mrg_tagged *tagged)
{
    const mrg_known *known;
    size_t first = tagged->first, end = first + tagged->count;
    if (mrg_known_words(f, first, end, &known) == end - first ||
        mrg_tagger_rule_flags(t, first, end - first) & SPAN_DATELINE)
        return 1;
    if (tagged->type == MRG_ENTITY_ORG)
        return is_firm(t, f, first, end);
    if (tagged->type == MRG_ENTITY_PLACE)
        return (mrg_tagger_listed(t, f, first, end - first) & (MRG_GAZ_CITY | MRG_GAZ_REGION)) != 0;
    int kept = trim_person(t, f, &first, &end);
    tagged->first = (uint32_t)first;
    tagged->count = (uint32_t)(end - first);
    return kept;
}

void mrg_trim_foreign(mrg_finder *f, mrg_tagger *t)
{
    size_t out = 0;
    for (size_t i = 0; i < t->tagged_count; i++) {
        if (trim(t, f, &t->tagged[i]))
            t->tagged[out++] = t->tagged[i];
    }
    t->tagged_count = out;
}

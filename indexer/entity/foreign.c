/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Articles in other languages than English. Neither the rules nor the tagger know them, and a capital may say nothing:
 * German writes every noun with one. So they are tagged sparingly: what the tables and the model's lists know, people
 * whose first name they know, firms with a legal form, and abbreviations.
 */
#include "entity/tagger.h"

enum { SAMPLE = 120, LEAST = 30, ENGLISH_PERCENT = 18 };

/* Of English words that are written small, 35 to 60 % are of the small closed classes; of other languages' hardly one in
   ten happens to be spelled like one. Tables of scores have few words, and are left as they are. */
int mrg_is_foreign(mrg_finder *f)
{
    const uint32_t none = MRG_TOKEN_CAPITAL | MRG_TOKEN_DIGIT | MRG_TOKEN_NGRAM;
    size_t small = 0, english = 0, i = 0;
    for (; i < f->tokens->count && small < SAMPLE; i++) {
        if (token_at(f, i)->flags & none)
            continue;
        small++;
        english += (mrg_word_at(f, i) & MRG_WORD_FUNCTION) != 0;
    }
    return small >= LEAST && small * 2 >= i && english * 100 < small * ENGLISH_PERCENT;
}

/* MRG_GAZ_* bits of a word. */
static uint32_t listed(const mrg_tagger *t, const mrg_finder *f, size_t i)
{
    return MRG_LEXICON_GAZ(mrg_model_word(t->model, mrg_feature_hash(term_at(f, i), token_at(f, i)->term_len)));
}

static int is_first_name(const mrg_tagger *t, mrg_finder *f, size_t i)
{
    return is_capital(f, i) && (mrg_word_at(f, i) & MRG_WORD_FIRST_NAME || listed(t, f, i) & MRG_GAZ_FIRST_NAME);
}

/* "Wirtschaftsminister Sigmar Gabriel": from a first name on, as far as names go. */
static int trim_person(const mrg_tagger *t, mrg_finder *f, size_t *first, size_t *end)
{
    size_t i = *first, last;
    while (i < *end && !is_first_name(t, f, i))
        i++;
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
    return listed(t, f, first) & MRG_GAZ_ORG || (token->flags & MRG_TOKEN_ALL_CAPS && token->term_len <= 6);
}

static int is_place(const mrg_tagger *t, const mrg_finder *f, size_t first, size_t end)
{
    char name[96];
    size_t len = 0;
    if (end - first == 1)
        return (listed(t, f, first) & (MRG_GAZ_CITY | MRG_GAZ_REGION)) != 0;
    for (size_t i = first; i < end; i++) {
        size_t n = token_at(f, i)->term_len;
        if (len + n + 1 > sizeof name)
            return 0;
        if (i > first)
            name[len++] = ' ';
        memcpy(name + len, term_at(f, i), n);
        len += n;
    }
    return (mrg_model_name(t->model, mrg_feature_hash(name, len)) & (MRG_GAZ_CITY | MRG_GAZ_REGION)) != 0;
}

/* Returns 0 if nothing is left. */
static int trim(const mrg_tagger *t, mrg_finder *f, mrg_tagged *tagged)
{
    const mrg_known *known;
    size_t first = tagged->first, end = first + tagged->count;
    if (mrg_known_words(f, first, end, &known) == end - first)
        return 1;
    if (tagged->type == MRG_ENTITY_ORG)
        return is_firm(t, f, first, end);
    if (tagged->type == MRG_ENTITY_PLACE)
        return is_place(t, f, first, end);
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

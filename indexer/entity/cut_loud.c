/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headlines and texts in capitals: there a capital says nothing, so that only those words are names which
 * the rest of the article or the tables know, and first names with a word after them.
 */
#include "entity/article.h"

/* A first name and one more word that is nothing else. */
static size_t person_words(mrg_finder *f, size_t i, size_t end)
{
    const uint32_t other =
        MRG_WORD_COMMON | MRG_WORD_FUNCTION | MRG_WORD_CALENDAR | MRG_WORD_NOT_NAME | MRG_WORD_DEMONYM;
    if (!(f->word[i] & MRG_WORD_FIRST_NAME) || i + 1 >= end || !is_capital(f, i + 1))
        return 0;
    if (f->word[i] & (MRG_WORD_COMMON | MRG_WORD_CALENDAR) || mrg_word_at(f, i + 1) & (other | MRG_WORD_HEADS))
        return 0;
    return mrg_gap_after(f, i) == GAP_SPACE && !(token_at(f, i)->flags & MRG_TOKEN_POSSESSIVE) ? 2 : 0;
}

static size_t loud_words(mrg_finder *f, size_t i, size_t end)
{
    const mrg_known *known;
    size_t most = end - i < 6 ? end - i : 6;
    for (size_t n = most; n; n--) {
        uint32_t form = mrg_form_find(f, i, n);
        if (form == NO_FORM || f->forms[form].flags & FORM_WEAK_ONLY)
            continue;
        if (n > 1 || !(f->word[i] & MRG_WORD_COMMON))
            return n;
    }
    size_t n = mrg_known_words(f, i, end, &known);
    int doubtful = n == 1 && (known->flags & MRG_KNOWN_CAPS || f->word[i] & (MRG_WORD_COMMON | MRG_WORD_FIRST_NAME));
    if (n && !doubtful)
        return n;
    return person_words(f, i, end);
}

/* The end of the words that may be one name: no punctuation between. */
static size_t loud_end(mrg_finder *f, size_t i)
{
    size_t end = i + 1;
    while (end < f->tokens->count && end < i + 8 && f->word[end] & WORD_LOUD &&
           !(token_at(f, end)->flags & MRG_TOKEN_SENTENCE) && mrg_gap_after(f, end - 1) <= GAP_PERIOD &&
           !(token_at(f, end - 1)->flags & MRG_TOKEN_POSSESSIVE))
        end++;
    return end;
}

void mrg_cut_loud(mrg_finder *f)
{
    size_t i = 0, count = f->loud_count ? f->tokens->count : 0;
    while (i < count && !f->failed) {
        size_t n = 0;
        int candidate = f->word[i] & WORD_LOUD && is_capital(f, i) &&
                        !(mrg_word_at(f, i) & (MRG_WORD_FUNCTION | MRG_WORD_CALENDAR));
        if (candidate)
            n = loud_words(f, i, loud_end(f, i));
        if (n)
            mrg_span_add(f, i, n, SPAN_LOUD);
        else if (candidate && !(f->word[i] & (MRG_WORD_COMMON | MRG_WORD_DEMONYM | MRG_WORD_NOT_NAME)))
            mrg_span_add(f, i, 1, SPAN_LOUD | SPAN_WEAK); /* may be a surname of the text */
        i += n ? n : 1;
    }
}

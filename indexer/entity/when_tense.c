/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a sentence speaks of what was or what will be at a date: by the nearest verb before it that tells, or
 * else the first one behind. "He said on Tuesday that he will", "the court will rule on Tuesday", "On
 * Tuesday the court will rule".
 */
#include "entity/when_scan.h"

enum { REACH_BACK = 14, REACH_AHEAD = 10 };

static int is_article(const mrg_when *w, size_t i)
{
    return mrg_when_is_any(w, i, " the a an its his her their of ");
}

/* "closed": not "the proposed deal", "need", "speed". */
static int is_past_verb(const mrg_when *w, size_t i)
{
    const mrg_token *t = when_token(w, i);
    const char *term = mrg_token_term(w->tokens, t);
    if (mrg_when_is_any(w, i, " said says told was were had did rose fell met made took gave came went won lost held began sold "
                              "bought saw led left found kept gained ended died "))
        return 1;
    if (t->term_len < 5 || memcmp(term + t->term_len - 2, "ed", 2) || when_is_capital(w, i) || (i && is_article(w, i - 1)))
        return 0;
    return !mrg_when_is_any(w, i, " speed indeed exceed proceed succeed breed hundred united limited ");
}

/* "due to report", not "due to the weather". */
static int is_followed_by_verb(const mrg_when *w, size_t i)
{
    return when_is(w, i + 1, "to") && !is_article(w, i + 2) && !mrg_when_is_any(w, i + 2, " concerns fears worries bad ");
}

static int is_future(const mrg_when *w, size_t i)
{
    if (mrg_when_is_any(w, i, " will ll shall would slated upcoming until till deadline "))
        return 1;
    if (when_is(w, i, "may"))
        return !when_is_capital(w, i);
    if (mrg_when_is_any(w, i, " due scheduled planned "))
        return !when_is(w, i + 1, "to") || is_followed_by_verb(w, i);
    if (mrg_when_is_any(w, i, " expected set going likely plans plan hopes hope intends aims wants prepares prepared preparing "))
        return is_followed_by_verb(w, i);
    return when_is(w, i, "ahead") && when_is(w, i + 1, "of");
}

mrg_tense mrg_tense_at(const mrg_when *w, size_t first, size_t end)
{
    if (first && when_is(w, first - 1, "since"))
        return TENSE_PAST;
    int by = first && mrg_when_is_any(w, first - 1, " by until till ");
    for (size_t i = first, n = 0; i && n < REACH_BACK && !(when_token(w, i)->flags & MRG_TOKEN_SENTENCE); n++) {
        i--;
        if (is_future(w, i))
            return TENSE_FUTURE;
        if (is_past_verb(w, i))
            return by ? TENSE_UNKNOWN : TENSE_PAST;
    }
    if (by)
        return TENSE_FUTURE;
    for (size_t i = end, n = 0; when_has(w, i) && n < REACH_AHEAD && !(when_token(w, i)->flags & MRG_TOKEN_SENTENCE);
         n++, i++) {
        if (is_future(w, i))
            return TENSE_FUTURE;
        if (is_past_verb(w, i))
            return TENSE_PAST;
    }
    return TENSE_UNKNOWN;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a sentence speaks of what was or what will be at a date: by the nearest verb before it that tells, or
 * else the first one behind. "He said on Tuesday that he will", "the court will rule on Tuesday", "On
 * Tuesday the court will rule".
 */
#include "entity/when_scan.h"
#include "entity/word_classes.h"

enum { REACH_BACK = 14, REACH_AHEAD = 10 };

/* What a word tells. */
enum {
    CUE_PAST = 1 << 0,
    CUE_SAID = 1 << 1,     /* past, but of the saying, not of what is said */
    CUE_FUTURE = 1 << 2,
    CUE_DUE = 1 << 3,      /* future, but not in "due to the weather" */
    CUE_PLAN = 1 << 4,     /* future before "to" and a verb */
    CUE_EXPECTED = 1 << 5, /* future, but not in "than expected" */
    CUE_ARTICLE = 1 << 6,
    CUE_NO_VERB = 1 << 7,  /* ends as verbs of the past do */
    CUE_CAUSE = 1 << 8
};

static const mrg_class_list lists[] = {
    { CUE_PAST, "was were had did rose fell met made took gave came went won lost held began sold bought saw led left found "
                "kept died" },
    { CUE_SAID, "said says told" },
    { CUE_FUTURE, "will ll shall would might could should must slated upcoming until till deadline meets begins starts opens "
                  "resumes" },
    { CUE_DUE, "due scheduled planned" },
    { CUE_PLAN, "set going likely plans plan hopes hope intends aims wants prepares prepared preparing" },
    { CUE_EXPECTED, "expected" },
    { CUE_ARTICLE, "the a an its his her their of" },
    { CUE_NO_VERB, "speed indeed exceed proceed succeed breed hundred united limited" },
    { CUE_CAUSE, "concerns fears worries bad" },
    { 0, NULL },
};

static mrg_word_classes cues;

void mrg_tense_words_init(void)
{
    mrg_word_classes_init(&cues, lists);
}

static uint32_t cue_at(const mrg_when *w, size_t i)
{
    return when_has(w, i) ? mrg_word_classes_of(&cues, mrg_token_term(w->tokens, when_token(w, i)), when_token(w, i)->term_len) : 0;
}

/* "closed": not "the proposed deal", "need", "speed". */
static int is_regular_past(const mrg_when *w, size_t i)
{
    const mrg_token *t = when_token(w, i);
    const char *term = mrg_token_term(w->tokens, t);
    return t->term_len >= 5 && !memcmp(term + t->term_len - 2, "ed", 2) && !when_is_capital(w, i) &&
           !(i && cue_at(w, i - 1) & CUE_ARTICLE);
}

/* "due to report", not "due to the weather". */
static int is_followed_by_verb(const mrg_when *w, size_t i)
{
    return when_is(w, i + 1, "to") && !(cue_at(w, i + 2) & (CUE_ARTICLE | CUE_CAUSE));
}

static mrg_tense tense_of_word(const mrg_when *w, size_t i, int *is_said)
{
    uint32_t cue = cue_at(w, i);
    *is_said = (cue & CUE_SAID) != 0;
    if (cue & (CUE_PAST | CUE_SAID))
        return TENSE_PAST;
    if (cue & CUE_FUTURE)
        return TENSE_FUTURE;
    if (cue & CUE_DUE)
        return !when_is(w, i + 1, "to") || is_followed_by_verb(w, i) ? TENSE_FUTURE : TENSE_UNKNOWN;
    if (cue & CUE_PLAN)
        return is_followed_by_verb(w, i) ? TENSE_FUTURE : TENSE_UNKNOWN;
    if (cue & CUE_EXPECTED)
        return i && mrg_when_is_any(w, i - 1, " than as had ") ? TENSE_UNKNOWN : TENSE_FUTURE;
    if (cue)
        return TENSE_UNKNOWN;
    if (is_regular_past(w, i))
        return TENSE_PAST;
    if (when_is(w, i, "may"))
        return when_is_capital(w, i) ? TENSE_UNKNOWN : TENSE_FUTURE;
    if ((when_is(w, i, "to") && when_is(w, i + 1, "be")) || (when_is(w, i, "ahead") && when_is(w, i + 1, "of")))
        return TENSE_FUTURE;
    return TENSE_UNKNOWN;
}

mrg_tense mrg_tense_at(const mrg_when *w, size_t first, size_t end)
{
    int is_said;
    if (first && when_is(w, first - 1, "since"))
        return TENSE_PAST;
    if (first && when_is(w, first - 1, "for")) /* what is called, planned or set for Tuesday */
        return TENSE_FUTURE;
    int by = first && mrg_when_is_any(w, first - 1, " by until till ");
    for (size_t i = first, n = 0; i && n < REACH_BACK && !(when_token(w, i)->flags & MRG_TOKEN_SENTENCE); n++) {
        mrg_tense tense = tense_of_word(w, --i, &is_said);
        if (tense == TENSE_FUTURE || (tense == TENSE_PAST && !by))
            return tense;
        if (tense == TENSE_PAST && !is_said)
            return TENSE_UNKNOWN; /* "by Friday 300 had come", "it was to end by Friday" */
    }
    if (by)
        return TENSE_FUTURE;
    for (size_t i = end, n = 0; when_has(w, i) && n < REACH_AHEAD && !(when_token(w, i)->flags & MRG_TOKEN_SENTENCE);
         n++, i++) {
        mrg_tense tense = tense_of_word(w, i, &is_said);
        if (tense != TENSE_UNKNOWN)
            return tense;
    }
    return TENSE_UNKNOWN;
}

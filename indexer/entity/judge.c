/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evidence for a type: points for what the name is made of and for what stands beside it. The points are
 * hand-set; the trained tagger has them among its features, and where it is in doubt they decide.
 */
#include "entity/article.h"

static void add(mrg_form *form, mrg_entity_type type, int points)
{
    form->score[type] += points;
}

static int is_any(const mrg_finder *f, size_t i, const char *const *words, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (term_is(f, i, words[k]))
            return 1;
    }
    return 0;
}
#define IS_ANY(f, i, words) is_any((f), (i), (words), sizeof(words) / sizeof *(words))

/* ---- The name itself ---- */

static int is_initial(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    return t->flags & MRG_TOKEN_CAPITAL && (t->term_len == 1 || (t->flags & MRG_TOKEN_ACRONYM && t->term_len <= 4));
}

static void judge_known(mrg_form *form)
{
    const mrg_known *known = form->known;
    if (!known)
        return;
    add(form, (mrg_entity_type)known->type, known->word_count > 1 ? 20 : known->canonical ? 10 : 8);
}

/* "Paul Day", "Ontario Teachers' Pension Plan": no events. */
static int ends_like_event(mrg_finder *f, const mrg_span *span)
{
    static const char *const surnames[] = { "day", "masters", "fair" };
    static const char *const insured[] = { "pension", "health", "retirement", "medical" };
    size_t last = span->first + span->count - 1;
    if (span->count < 2)
        return 1;
    if (term_is(f, last, "plan"))
        return !IS_ANY(f, last - 1, insured);
    return !(span->count <= 3 && mrg_word_at(f, span->first) & MRG_WORD_FIRST_NAME && IS_ANY(f, last, surnames) &&
             !(token_at(f, last - 1)->flags & MRG_TOKEN_POSSESSIVE));
}

static void judge_last_word(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    uint32_t last = mrg_word_at(f, span->first + span->count - 1);
    if (last & MRG_WORD_EVENT_HEAD && !ends_like_event(f, span))
        last &= ~(uint32_t)MRG_WORD_EVENT_HEAD;
    if (last & MRG_WORD_LEGAL_FORM)
        add(form, MRG_ENTITY_ORG, 12);
    if (last & MRG_WORD_EVENT_HEAD)
        add(form, MRG_ENTITY_EVENT, 9);
    if (last & MRG_WORD_ORG_HEAD)
        add(form, MRG_ENTITY_ORG, last & MRG_WORD_PLACE_HEAD ? 7 : 8);
    if (last & MRG_WORD_PLACE_HEAD)
        add(form, MRG_ENTITY_PLACE, 7);
}

static void judge_inside(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    uint32_t before = mrg_word_at(f, span->first);
    for (size_t i = span->first + 1; i < span->first + span->count; i++) {
        uint32_t word = mrg_word_at(f, i);
        mrg_gap gap = mrg_gap_after(f, i - 1);
        if (gap == GAP_AMPERSAND)
            add(form, MRG_ENTITY_ORG, 8);
        if (!is_capital(f, i)) {
            if (term_is(f, i, "of") || term_is(f, i, "for") || term_is(f, i, "on")) {
                if (before & MRG_WORD_EVENT_HEAD)
                    add(form, MRG_ENTITY_EVENT, 10);
                if (before & MRG_WORD_PLACE_HEAD && !(before & MRG_WORD_ORG_START))
                    add(form, MRG_ENTITY_PLACE, 10);
                if (before & MRG_WORD_ORG_START)
                    add(form, MRG_ENTITY_ORG, 10);
            } else if (word & MRG_WORD_PARTICLE) {
                add(form, MRG_ENTITY_PERSON, 3);
            }
        } else if (is_initial(f, i) && i + 1 < span->first + span->count) {
            add(form, MRG_ENTITY_PERSON, 6);
        }
        if (word & MRG_WORD_ORG_PART && is_capital(f, i))
            add(form, MRG_ENTITY_ORG, 1);
        before = word;
    }
}

static void judge_many_words(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    size_t last_at = span->first + span->count - 1;
    uint32_t first = mrg_word_at(f, span->first), last = mrg_word_at(f, last_at);
    judge_last_word(f, span, form);
    judge_inside(f, span, form);
    if (first & MRG_WORD_FIRST_NAME)
        add(form, MRG_ENTITY_PERSON, first & MRG_WORD_COMMON ? 5 : 7);
    else if (is_initial(f, span->first))
        add(form, MRG_ENTITY_PERSON, 4);
    if (last & MRG_WORD_SURNAME)
        add(form, MRG_ENTITY_PERSON, 4);
    if (first & MRG_WORD_EVENT_HEAD && (term_is(f, span->first, "operation") || term_is(f, span->first, "hurricane")))
        add(form, MRG_ENTITY_EVENT, 12);
    if (first & MRG_WORD_PLACE_START)
        add(form, MRG_ENTITY_PLACE, 6);
    if (first & (MRG_WORD_ORG_PART | MRG_WORD_DEMONYM))
        add(form, MRG_ENTITY_ORG, 3);
    if (first & MRG_WORD_ORG_HEAD && !(first & MRG_WORD_FIRST_NAME))
        add(form, MRG_ENTITY_ORG, 2);
    if (token_at(f, span->first)->flags & MRG_TOKEN_ALL_CAPS && !(token_at(f, last_at)->flags & MRG_TOKEN_ALL_CAPS))
        add(form, MRG_ENTITY_ORG, 3);
    if (span->count <= 3 && !(last & MRG_WORD_COMMON))
        add(form, MRG_ENTITY_PERSON, 2);
    else
        add(form, MRG_ENTITY_ORG, 2);
}

static void judge_one_word(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    const mrg_token *t = token_at(f, span->first);
    uint32_t word = mrg_word_at(f, span->first);
    if (word & MRG_WORD_FIRST_NAME)
        add(form, MRG_ENTITY_PERSON, 3);
    if (word & MRG_WORD_SURNAME)
        add(form, MRG_ENTITY_PERSON, 4);
    if (t->flags & MRG_TOKEN_ALL_CAPS && !(word & WORD_LOUD) && t->term_len <= 6)
        add(form, MRG_ENTITY_ORG, 5);
    /* what is written in the middle of a sentence like a name is one */
    if (!(word & WORD_AT_START) || t->flags & MRG_TOKEN_POSSESSIVE) {
        add(form, MRG_ENTITY_PERSON, 1);
        add(form, MRG_ENTITY_ORG, 1);
    }
}

/* ---- What stands before ---- */

/* "brokerage X", "the research firm X". */
static int is_firm(const mrg_finder *f, size_t i)
{
    static const char *const firms[] = { "firm",    "brokerage", "maker",    "retailer",    "giant",     "lender",
                                         "insurer", "carrier",   "airline",  "automaker",   "drugmaker", "chipmaker",
                                         "miner",   "brewer",    "exporter", "manufacturer", "conglomerate",
                                         "daily",   "weekly",    "startup",  "consultancy" };
    return IS_ANY(f, i, firms);
}

/* "Editing by X", and behind it "and Y": who wrote the article. */
static int is_credit(const mrg_finder *f, size_t i)
{
    enum { FARTHEST = 24 };
    static const char *const work[] = { "reporting", "editing", "writing", "compiled" };
    if (term_is(f, i, "in") || term_is(f, i, "at"))
        return 0;
    for (size_t n = 0; n < FARTHEST; n++, i--) {
        if (term_is(f, i, "by") && i && IS_ANY(f, i - 1, work))
            return is_capital(f, i - 1);
        if (!i || token_at(f, i)->flags & MRG_TOKEN_SENTENCE)
            return 0;
    }
    return 0;
}

static void judge_before(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    if (!span->first)
        return;
    size_t i = span->first - 1;
    mrg_gap gap = mrg_gap_after(f, i);
    if (span->count <= 3 && is_credit(f, i))
        add(form, MRG_ENTITY_PERSON, 10);
    if (gap > GAP_SPACE || is_capital(f, i) || gap == GAP_NONE)
        return;
    uint32_t word = mrg_word_at(f, i);
    if (term_is(f, i, "in")) {
        add(form, MRG_ENTITY_PLACE, 4);
    } else if (term_is(f, i, "near") || term_is(f, i, "outside") || term_is(f, i, "across") ||
               term_is(f, i, "throughout") || term_is(f, i, "inside") || term_is(f, i, "into")) {
        add(form, MRG_ENTITY_PLACE, 4);
    } else if ((term_is(f, i, "at") || term_is(f, i, "with")) && i && mrg_word_at(f, i - 1) & MRG_WORD_ROLE &&
               !is_capital(f, i - 1)) {
        add(form, MRG_ENTITY_ORG, 8);
    } else if (is_firm(f, i)) {
        add(form, MRG_ENTITY_ORG, 6);
    } else if (term_is(f, i, "from") || term_is(f, i, "to") || term_is(f, i, "at")) {
        add(form, MRG_ENTITY_PLACE, 1);
    } else if (term_is(f, i, "the")) {
        add(form, MRG_ENTITY_ORG, 2);
        add(form, MRG_ENTITY_PERSON, -4);
    } else if (word & MRG_WORD_DIRECTION) {
        add(form, MRG_ENTITY_PLACE, 5);
    } else if (word & MRG_WORD_ROLE) {
        add(form, MRG_ENTITY_PERSON, 4);
    } else if (word & MRG_WORD_PLACE_HEAD) {
        add(form, MRG_ENTITY_PLACE, 4);
    } else if (word & (MRG_WORD_ORG_HEAD | MRG_WORD_ORG_START)) {
        add(form, MRG_ENTITY_ORG, 3);
    } else if (word & MRG_WORD_SAID) {
        add(form, MRG_ENTITY_PERSON, 3);
    } else if (term_is(f, i, "old") && token_at(f, i)->flags & MRG_TOKEN_HYPHEN) {
        add(form, MRG_ENTITY_PERSON, 8);
    } else if (term_is(f, i, "of") && i &&
               (mrg_word_at(f, i - 1) & MRG_WORD_PLACE_HEAD || term_is(f, i - 1, "mayor"))) {
        add(form, MRG_ENTITY_PLACE, 5);
    }
}

/* ---- What stands after ---- */

/* "( XOM.N )", "(NOKIA.HE:": capitals, a dot, capitals. */
static int is_ticker(const mrg_finder *f, size_t last)
{
    const char *p = f->text + mrg_token_end(f, last), *end = f->text + f->len;
    int letters = 0, dots = 0;
    while (p < end && *p == ' ')
        p++;
    if (p == end || *p != '(')
        return 0;
    for (p++; p < end && letters < 14; p++) {
        if (*p == ')' || *p == ':')
            break;
        if (*p == '.')
            dots++;
        else if ((*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9'))
            letters++;
        else if (*p != ' ')
            return 0;
    }
    return p < end && letters >= 2 && dots == 1;
}

/* ", 69," but no year and no price. */
static int is_age(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    const char *term = term_at(f, i);
    if (t->term_len < 1 || t->term_len > 3 || t->end - t->begin != t->term_len)
        return 0;
    int age = 0;
    for (size_t k = 0; k < t->term_len; k++) {
        if (term[k] < '0' || term[k] > '9')
            return 0;
        age = age * 10 + (term[k] - '0');
    }
    if (age < 4 || age > 115)
        return 0;
    if (i + 1 == f->tokens->count || t->end >= f->len)
        return 1;
    return f->text[t->end] == ',' || f->text[t->end] == '.' || f->text[t->end] == ';';
}

/* "Stotenberg could leave": one who does something; a plural is more likely a word. */
static int is_subject(const mrg_finder *f, size_t last, size_t i)
{
    static const char *const verbs[] = { "is",     "was", "has",    "had", "will",  "would", "could",
                                         "should", "can", "cannot", "may", "might", "did",   "does" };
    const mrg_token *t = token_at(f, last);
    if (t->flags & MRG_TOKEN_POSSESSIVE || term_at(f, last)[t->term_len - 1] == 's')
        return 0;
    for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++) {
        if (term_is(f, i, verbs[k]))
            return 1;
    }
    return 0;
}

/* "Morningstar analyst Paul Swinand": an employer. */
static int is_employee(const mrg_finder *f, size_t i)
{
    static const char *const employees[] = { "analyst", "analysts", "economist", "economists", "strategist",
                                             "strategists" };
    return IS_ANY(f, i, employees);
}

static void judge_small_after(mrg_finder *f, size_t last, size_t i, mrg_form *form)
{
    uint32_t word = mrg_word_at(f, i);
    int owns = token_at(f, last)->flags & MRG_TOKEN_POSSESSIVE;
    if (is_employee(f, i)) {
        add(form, MRG_ENTITY_ORG, 10);
    } else if (word & MRG_WORD_SAID && !owns) {
        add(form, MRG_ENTITY_PERSON, 4);
        add(form, MRG_ENTITY_ORG, 2);
    } else if (term_is(f, i, "administration") || term_is(f, i, "presidency")) {
        add(form, MRG_ENTITY_PERSON, 6);
    } else if (word & MRG_WORD_ORG_CUE) {
        add(form, MRG_ENTITY_ORG, owns ? 1 : 2);
    } else if (word & MRG_WORD_PLACE_HEAD && !owns) {
        add(form, MRG_ENTITY_PLACE, 3);
    } else if (owns && (term_is(f, i, "wife") || term_is(f, i, "husband") || term_is(f, i, "son") ||
                        term_is(f, i, "lawyer") || term_is(f, i, "daughter") || term_is(f, i, "spokesman"))) {
        add(form, MRG_ENTITY_PERSON, 3);
    } else if (word & MRG_WORD_FUNCTION && is_subject(f, last, i)) {
        add(form, MRG_ENTITY_PERSON, 1);
        add(form, MRG_ENTITY_ORG, 1);
    }
}

/* "Springfield, Illinois". */
static int is_known_place(mrg_finder *f, size_t i)
{
    if (!is_capital(f, i) || !(mrg_word_at(f, i) & MRG_WORD_KNOWN_FIRST))
        return 0;
    const mrg_known *known = mrg_known_find(term_at(f, i), token_at(f, i)->term_len);
    return known && known->type == MRG_ENTITY_PLACE;
}

static void judge_after(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    size_t last = span->first + span->count - 1, i = last + 1;
    if (i >= f->tokens->count || token_at(f, i)->flags & MRG_TOKEN_SENTENCE)
        return;
    mrg_gap gap = mrg_gap_after(f, last);
    if (gap == GAP_SPACE && !is_capital(f, i)) {
        judge_small_after(f, last, i, form);
    } else if (gap == GAP_OPEN) {
        if (is_ticker(f, last))
            add(form, MRG_ENTITY_ORG, 12);
    } else if (gap == GAP_COMMA) {
        if (token_at(f, i)->flags & MRG_TOKEN_DIGIT && is_age(f, i))
            add(form, MRG_ENTITY_PERSON, 8);
        else if (term_is(f, i, "who"))
            add(form, MRG_ENTITY_PERSON, 5);
        else if (is_known_place(f, i))
            add(form, MRG_ENTITY_PLACE, 4);
        else if (mrg_word_at(f, i) & MRG_WORD_ROLE && !is_capital(f, i))
            add(form, MRG_ENTITY_PERSON, 3);
    }
}

void mrg_judge(mrg_finder *f, const mrg_span *span, mrg_form *form)
{
    if (span->flags & SPAN_WEAK)
        return;
    if (span->flags & SPAN_CLUB) {
        add(form, MRG_ENTITY_ORG, 20);
        return;
    }
    judge_known(form);
    if (span->count == 1)
        judge_one_word(f, span, form);
    else
        judge_many_words(f, span, form);
    if (span->flags & SPAN_TITLED)
        add(form, MRG_ENTITY_PERSON, 10);
    if (span->flags & SPAN_DATELINE)
        add(form, MRG_ENTITY_PLACE, 12);
    if (span->flags & SPAN_LOUD)
        return;
    judge_before(f, span, form);
    judge_after(f, span, form);
}

mrg_entity_type mrg_form_type(const mrg_form *form, int *score)
{
    mrg_entity_type best = MRG_ENTITY_PERSON;
    for (int t = 1; t < (int)MRG_ENTITY_TYPES; t++) {
        if (form->score[t] > form->score[best])
            best = (mrg_entity_type)t;
    }
    if (score)
        *score = form->score[best];
    return best;
}

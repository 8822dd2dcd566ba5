/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a search must find, the dull way: a splitter for the few kinds of words that the property tests
 * use, and a scan of every article for every query. Shares no code with the engine; only the stems come
 * from libxapian, as the engine's do.
 */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include "testing.h"
#include "xapian_c.h"

enum { ORACLE_TERMS = 512, ORACLE_TERM = 32, ORACLE_TOKENS = 128, ORACLE_ARTICLES = 400 };

/* ---- Terms: each distinct one has a number, and so has its stem ------------------------------- */

static struct {
    char text[ORACLE_TERMS][ORACLE_TERM];
    int stem[ORACLE_TERMS]; /* -1: not looked up yet */
    int count;
    xapian_stem *stemmer;
} oracle;

static inline int oracle_has_mark(const char *term)
{
    return strpbrk(term, "0123456789.&") != NULL;
}

static inline int oracle_term(const char *text)
{
    for (int i = 0; i < oracle.count; i++)
        if (strcmp(oracle.text[i], text) == 0)
            return i;
    ck_assert_int_lt(oracle.count, ORACLE_TERMS);
    ck_assert_uint_lt(strlen(text), ORACLE_TERM);
    strcpy(oracle.text[oracle.count], text);
    oracle.stem[oracle.count] = -1;
    return oracle.count++;
}

/* What has a digit, a dot or an ampersand is its own stem. */
static inline int oracle_stem(int term)
{
    xapian_error err = XAPIAN_ERROR_INIT;
    const char *text = oracle.text[term];
    char stem[ORACLE_TERM];
    size_t len;
    if (oracle.stem[term] >= 0)
        return oracle.stem[term];
    if (oracle_has_mark(text))
        return oracle.stem[term] = term;
    if (!oracle.stemmer)
        ck_assert_int_eq(xapian_stem_create(&oracle.stemmer, "english", &err), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_stem_apply(stem, sizeof stem - 1, &len, oracle.stemmer, text, strlen(text), &err),
                     XAPIAN_C_OK);
    stem[len] = 0;
    return oracle.stem[term] = oracle_term(stem);
}

/* ---- Splitting --------------------------------------------------------------------------------- */

/* Lower case without accents, for the letters that the tests use. */
static inline size_t oracle_fold(char *out, const char *word, size_t len)
{
    static const char *const folds[][2] = { { "é", "e" }, { "É", "e" }, { "ü", "u" }, { "Ü", "u" }, { "ç", "c" },
                                            { "ã", "a" }, { "å", "a" }, { "ñ", "n" }, { "’", "'" } };
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        int found = 0;
        for (size_t f = 0; f < sizeof folds / sizeof *folds && !found; f++) {
            size_t l = strlen(folds[f][0]);
            if (i + l <= len && memcmp(word + i, folds[f][0], l) == 0) {
                out[n++] = folds[f][1][0];
                i += l;
                found = 1;
            }
        }
        if (!found) {
            char c = word[i++];
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    out[n] = 0;
    return n;
}

/* One run without white space: marks off its ends, split at hyphens, possessives off. */
static inline int oracle_split_run(const char *run, size_t len, int *terms, int count)
{
    char folded[256];
    ck_assert_uint_lt(len, sizeof folded);
    size_t n = oracle_fold(folded, run, len);
    char *begin = folded;
    while (n && strchr("\"(", *begin))
        begin++, n--;
    while (n && strchr(",;:!?)\"", begin[n - 1]))
        begin[--n] = 0;
    if (n && begin[n - 1] == '.' && strcmp(begin, "u.s.") != 0)
        begin[--n] = 0;
    char *rest = NULL;
    for (char *piece = strtok_r(begin, "-", &rest); piece; piece = strtok_r(NULL, "-", &rest)) {
        size_t l = strlen(piece);
        if (l > 2 && strcmp(piece + l - 2, "'s") == 0)
            piece[l - 2] = 0;
        else if (l > 2 && strcmp(piece + l - 2, "s'") == 0)
            piece[l - 1] = 0;
        ck_assert_int_lt(count, ORACLE_TOKENS);
        terms[count++] = oracle_term(piece);
    }
    return count;
}

/* The terms of a text; how many. */
static inline int oracle_split(const char *text, int *terms)
{
    int count = 0;
    for (const char *p = text; *p;) {
        size_t space = strspn(p, " \n");
        size_t len = strcspn(p + space, " \n");
        if (len)
            count = oracle_split_run(p + space, len, terms, count);
        p += space + len;
    }
    return count;
}

/* ---- Articles ------------------------------------------------------------------------------------ */

typedef struct oracle_article {
    char id[16], title[200], text[1200];
    const char *date, *source;
    unsigned first_day, last_day; /* that the date may mean, YYYYMMDD; 0: none */
    int title_terms[ORACLE_TOKENS], title_count;
    int text_terms[ORACLE_TOKENS], text_count;
    int source_terms[ORACLE_TOKENS], source_count;
    int present;
} oracle_article;

static inline unsigned oracle_days_in_month(unsigned year, unsigned month)
{
    static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && year % 4 == 0 ? 29 : days[month - 1]; /* between 1901 and 2099 */
}

/* "2014", "2014-03" or "2014-03-01", and what follows, as first and last day. */
static inline void oracle_days(const char *date, unsigned *first, unsigned *last)
{
    unsigned year = 0, month = 0, day = 0;
    *first = *last = 0;
    if (!date || sscanf(date, "%4u-%2u-%2u", &year, &month, &day) < 1)
        return;
    *first = year * 10000 + (month ? month : 1) * 100 + (day ? day : 1);
    *last = year * 10000 + (month ? month : 12) * 100 + (day ? day : oracle_days_in_month(year, month ? month : 12));
}

static inline void oracle_read(oracle_article *a)
{
    a->title_count = oracle_split(a->title, a->title_terms);
    a->text_count = oracle_split(a->text, a->text_terms);
    a->source_count = a->source ? oracle_split(a->source, a->source_terms) : 0;
    oracle_days(a->date, &a->first_day, &a->last_day);
}

/* ---- Queries --------------------------------------------------------------------------------------- */

typedef enum oracle_type {
    ORACLE_WORD,   /* text, maybe of several terms */
    ORACLE_PHRASE, /* text */
    ORACLE_SOURCE, /* text */
    ORACLE_DATE,   /* from, to */
    ORACLE_GROUP,
    ORACLE_AND,
    ORACLE_OR,
    ORACLE_NOT
} oracle_type;

enum { ORACLE_CHILDREN = 4, ORACLE_TEXT = 200 };

typedef struct oracle_query oracle_query;
struct oracle_query {
    oracle_type type;
    int in_title;
    char text[ORACLE_TEXT]; /* of DATE: as it is to be written */
    unsigned from, to;      /* 0: open */
    int terms[ORACLE_TOKENS], term_count;
    oracle_query *children[ORACLE_CHILDREN];
    int child_count;
};

static inline int oracle_has_phrase(const int *terms, int count, const int *wanted, int wanted_count)
{
    for (int i = 0; i + wanted_count <= count; i++)
        if (memcmp(terms + i, wanted, (size_t)wanted_count * sizeof *wanted) == 0)
            return 1;
    return 0;
}

static inline int oracle_has_stem(const int *terms, int count, int wanted)
{
    int stem = oracle_stem(wanted);
    for (int i = 0; i < count; i++)
        if (oracle_stem(terms[i]) == stem)
            return 1;
    return 0;
}

static inline int oracle_text_matches(const oracle_query *q, const oracle_article *a)
{
    int found;
    if (q->type == ORACLE_WORD && q->term_count == 1) {
        found = oracle_has_stem(a->title_terms, a->title_count, q->terms[0]);
        return found || (!q->in_title && oracle_has_stem(a->text_terms, a->text_count, q->terms[0]));
    }
    found = oracle_has_phrase(a->title_terms, a->title_count, q->terms, q->term_count);
    return found || (!q->in_title && oracle_has_phrase(a->text_terms, a->text_count, q->terms, q->term_count));
}

static inline int oracle_source_matches(const oracle_query *q, const oracle_article *a)
{
    for (int i = 0; i < q->term_count; i++)
        if (!oracle_has_phrase(a->source_terms, a->source_count, &q->terms[i], 1))
            return 0;
    return a->source_count > 0;
}

static inline int oracle_matches(const oracle_query *q, const oracle_article *a)
{
    switch (q->type) {
    case ORACLE_WORD:
    case ORACLE_PHRASE:
        return oracle_text_matches(q, a);
    case ORACLE_SOURCE:
        return oracle_source_matches(q, a);
    case ORACLE_DATE:
        return a->first_day && (!q->from || a->first_day >= q->from) && (!q->to || a->last_day <= q->to);
    case ORACLE_NOT:
        return !oracle_matches(q->children[0], a);
    case ORACLE_OR:
        for (int i = 0; i < q->child_count; i++)
            if (oracle_matches(q->children[i], a))
                return 1;
        return 0;
    default:
        for (int i = 0; i < q->child_count; i++)
            if (!oracle_matches(q->children[i], a))
                return 0;
        return 1;
    }
}

static inline void oracle_free(oracle_query *q)
{
    for (int i = 0; i < q->child_count; i++)
        oracle_free(q->children[i]);
    free(q);
}

/* ---- As text -------------------------------------------------------------------------------------------- */

static inline int oracle_binding(const oracle_query *q)
{
    return q->type == ORACLE_OR      ? 1
           : q->type == ORACLE_AND   ? 2
           : q->type == ORACLE_GROUP ? 3
           : q->type == ORACLE_NOT   ? 4
                                     : 5;
}

/* Brackets where they are needed, and here and there where they are not. */
static inline void oracle_write(const oracle_query *q, FILE *out, uint64_t *random)
{
    if (q->type == ORACLE_WORD || q->type == ORACLE_PHRASE || q->type == ORACLE_SOURCE || q->type == ORACLE_DATE) {
        int quoted = q->type == ORACLE_PHRASE || (q->type == ORACLE_SOURCE && strchr(q->text, ' '));
        fprintf(out, "%s%s%s%s",
                q->type == ORACLE_SOURCE ? "source:"
                : q->in_title            ? "title:"
                                         : "",
                quoted ? "\"" : "", q->text, quoted ? "\"" : "");
        return;
    }
    if (q->type == ORACLE_NOT)
        fputs(test_below(random, 2) ? "NOT " : "-", out);
    for (int i = 0; i < q->child_count; i++) {
        const oracle_query *child = q->children[i];
        int brackets =
            oracle_binding(child) <= oracle_binding(q) || (oracle_binding(child) < 4 && test_below(random, 4) == 0);
        if (i)
            fputs(q->type == ORACLE_OR ? " OR " : q->type == ORACLE_AND ? " AND " : " ", out);
        if (brackets)
            putc('(', out);
        oracle_write(child, out, random);
        if (brackets)
            putc(')', out);
    }
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a query of the whole language must find, the dull way: an article is a list of words and mentions with
 * their positions, an operand is the list of all stretches where it occurs, made by trying everything. Written
 * from the language's definition (query.h); of the engine it takes nothing but where names and dates were found
 * and what a name resolves to, which other tests are for.
 */
#ifndef TESTS_SUPPORT_LANGUAGE_H
#define TESTS_SUPPORT_LANGUAGE_H

#include "oracle.h"

enum {
    LANG_WORDS = 160,
    LANG_MENTIONS = 80,
    LANG_GAP = 16, /* words between title and text */
    LANG_POSITIONS = 2 * LANG_WORDS + LANG_GAP,
    LANG_ELEMENTS = 5,
    LANG_CHILDREN = 4,
    LANG_KEYS = 24,
    LANG_KEY = 128,
    LANG_FAR = 1000
};

/* ---- Articles ---- */

typedef struct lang_word {
    int term, position, in_title;
    unsigned begin, end; /* bytes of title or text */
} lang_word;

typedef struct lang_mention {
    char key[LANG_KEY]; /* "p:vladimir putin", "d:2014-03-01" */
    int first, last;    /* positions */
} lang_mention;

typedef struct lang_article {
    char id[16], url[64], title[300], text[1500], date[16];
    const char *source;
    unsigned first_day, last_day;
    lang_word words[LANG_WORDS];
    int word_count;
    lang_mention mentions[LANG_MENTIONS];
    int mention_count;
    int present;
} lang_article;

/* Splits a text at white space and hyphens; *position goes on from where it is. */
static inline void lang_split(lang_article *a, const char *text, int in_title, int *position)
{
    for (unsigned at = 0; text[at];) {
        unsigned end = at + (unsigned)strcspn(text + at, " \n-");
        int terms[4];
        int n = end > at ? oracle_split_run(text + at, end - at, terms, 0) : 0;
        ck_assert_int_le(n, 1);
        if (n) {
            ck_assert_int_lt(a->word_count, LANG_WORDS);
            a->words[a->word_count++] = (lang_word){ terms[0], (*position)++, in_title, at, end };
        }
        at = text[end] ? end + 1 : end;
    }
}

static inline void lang_read(lang_article *a)
{
    int position = 0;
    a->word_count = a->mention_count = 0;
    lang_split(a, a->title, 1, &position);
    position += LANG_GAP;
    lang_split(a, a->text, 0, &position);
    oracle_days(a->date[0] ? a->date : NULL, &a->first_day, &a->last_day);
}

/* A mention of text[begin, end) of the title or the text. */
static inline void lang_add_mention(lang_article *a, int in_title, unsigned begin, unsigned end, const char *key,
                                    size_t key_len)
{
    ck_assert_int_lt(a->mention_count, LANG_MENTIONS);
    lang_mention *m = &a->mentions[a->mention_count];
    int found = 0;
    for (int i = 0; i < a->word_count; i++) {
        const lang_word *w = &a->words[i];
        if (w->in_title != in_title || w->begin >= end || w->end <= begin)
            continue;
        if (!found++)
            m->first = w->position;
        m->last = w->position;
    }
    ck_assert_msg(found, "a mention without words: %.*s", (int)key_len, key);
    snprintf(m->key, sizeof m->key, "%.*s", (int)key_len, key);
    a->mention_count++;
}

/* ---- Queries ---- */

typedef enum lang_type {
    LANG_WORD,    /* text */
    LANG_EXACT,   /* text: one term; only in a phrase */
    LANG_PATTERN, /* text */
    LANG_FUZZY,   /* text, edits */
    LANG_SLOT,    /* letters: of keys; only in a phrase */
    LANG_PHRASE,  /* children, distance */
    LANG_NAME,    /* keys */
    LANG_WHEN,    /* from, to */
    LANG_DATE,    /* from, to */
    LANG_SOURCE,  /* text */
    LANG_URL,     /* text */
    LANG_NEAR,    /* children, distance */
    LANG_BEFORE,
    LANG_GROUP,
    LANG_AND,
    LANG_OR,
    LANG_NOT
} lang_type;

typedef struct lang_query lang_query;
struct lang_query {
    lang_type type;
    int in_title, distance, edits;
    char text[100];
    char written[160]; /* as it stands in the query; fields, suffixes and all; "": it is made of its children */
    const char *letters;
    unsigned from, to;
    const char (*keys)[LANG_KEY];
    int key_count;
    lang_query *children[LANG_ELEMENTS];
    int child_count;
};

/* ---- Occurrences ---- */

typedef struct lang_stretch {
    int first, last;
} lang_stretch;

typedef struct lang_places {
    lang_stretch *items;
    int count, capacity;
} lang_places;

static inline void lang_add(lang_places *places, int first, int last)
{
    for (int i = places->count; i-- > 0;)
        if (places->items[i].first == first && places->items[i].last == last)
            return;
    if (places->count == places->capacity) {
        places->capacity = places->capacity ? places->capacity * 2 : 16;
        places->items = realloc(places->items, (size_t)places->capacity * sizeof *places->items);
        ck_assert_ptr_nonnull(places->items);
    }
    places->items[places->count++] = (lang_stretch){ first, last };
}

/* * and ? over the letters of a term; all are ASCII here. */
static inline int lang_like(const char *pattern, const char *term)
{
    if (*pattern == '*')
        return lang_like(pattern + 1, term) || (*term && lang_like(pattern, term + 1));
    if (!*pattern || !*term)
        return !*pattern && !*term;
    return (*pattern == '?' || *pattern == *term) && lang_like(pattern + 1, term + 1);
}

/* Letters put in, left out, changed, or swapped with the next, none of them twice, by trying all. */
static inline int lang_within(const char *a, const char *b, int edits)
{
    if (!*a && !*b)
        return 1;
    if (*a && *a == *b && lang_within(a + 1, b + 1, edits))
        return 1;
    if (edits == 0)
        return 0;
    return (*a && lang_within(a + 1, b, edits - 1)) || (*b && lang_within(a, b + 1, edits - 1)) ||
           (*a && *b && lang_within(a + 1, b + 1, edits - 1)) ||
           (*a && *b && a[1] && a[1] == b[0] && a[0] == b[1] && lang_within(a + 2, b + 2, edits - 1));
}

static inline int lang_is(const lang_query *q, int term)
{
    switch (q->type) {
    case LANG_PATTERN:
        return lang_like(q->text, oracle.text[term]);
    case LANG_FUZZY:
        return lang_within(q->text, oracle.text[term], q->edits);
    default:
        return strcmp(q->text, oracle.text[term]) == 0;
    }
}

/* First and last day that a date's key means. */
static inline void lang_key_days(const char *key, unsigned *first, unsigned *last)
{
    size_t len = strlen(key);
    oracle_days(key + 2, first, last);
    if (key[len - 1] == 's') {
        *first = (unsigned)atoi(key + 2) * 10000 + 101;
        *last = *first + 91130;
    }
}

static inline int lang_is_mention(const lang_query *q, const lang_mention *m)
{
    unsigned first, last;
    if (q->type == LANG_SLOT)
        return strchr(q->letters, m->key[0]) != NULL;
    if (q->type == LANG_WHEN) {
        if (m->key[0] != 'd')
            return 0;
        lang_key_days(m->key, &first, &last);
        return (!q->from || first >= q->from) && (!q->to || last <= q->to);
    }
    for (int i = 0; i < q->key_count; i++)
        if (strcmp(q->keys[i], m->key) == 0)
            return 1;
    return 0;
}

static inline void lang_occur(const lang_query *q, const lang_article *a, lang_places *out);

/* All ways to put the elements from `element` on behind position `last`, `left` words between them in all. */
static inline void lang_row(const lang_places *elements, int count, int element, int first, int last, int left,
                            lang_places *out)
{
    if (element == count) {
        lang_add(out, first, last);
        return;
    }
    for (int i = 0; i < elements[element].count; i++) {
        lang_stretch s = elements[element].items[i];
        int between = element ? s.first - last - 1 : 0;
        if (between >= 0 && between <= left)
            lang_row(elements, count, element + 1, element ? first : s.first, s.last, left - between, out);
    }
}

static inline void lang_occur_phrase(const lang_query *q, const lang_article *a, lang_places *out)
{
    lang_places elements[LANG_ELEMENTS] = { { NULL, 0, 0 } };
    for (int i = 0; i < q->child_count; i++)
        lang_occur(q->children[i], a, &elements[i]);
    lang_row(elements, q->child_count, 0, 0, 0, q->distance, out);
    for (int i = 0; i < q->child_count; i++)
        free(elements[i].items);
}

/* Words with the same stem; a word of several terms is the phrase of them. */
static inline void lang_occur_word(const lang_query *q, const lang_article *a, lang_places *out)
{
    int terms[8], count = oracle_split(q->text, terms);
    for (int i = 0; i + count <= a->word_count; i++) {
        int same = a->words[i].position + count - 1 == a->words[i + count - 1].position;
        for (int k = 0; k < count && same; k++)
            same = count == 1 ? oracle_stem(a->words[i].term) == oracle_stem(terms[0])
                              : a->words[i + k].term == terms[k];
        if (same && !(q->in_title && !a->words[i].in_title))
            lang_add(out, a->words[i].position, a->words[i].position + count - 1);
    }
}

static inline void lang_occur_pair(const lang_query *q, const lang_article *a, lang_places *out)
{
    lang_places x = { NULL, 0, 0 }, y = { NULL, 0, 0 };
    lang_occur(q->children[0], a, &x);
    lang_occur(q->children[1], a, &y);
    for (int i = 0; i < x.count; i++) {
        for (int k = 0; k < y.count; k++) {
            int xy = y.items[k].first - x.items[i].last - 1, yx = x.items[i].first - y.items[k].last - 1;
            if (xy >= 0 && xy <= q->distance)
                lang_add(out, x.items[i].first, y.items[k].last);
            if (q->type == LANG_NEAR && yx >= 0 && yx <= q->distance)
                lang_add(out, y.items[k].first, x.items[i].last);
        }
    }
    free(x.items);
    free(y.items);
}

static inline void lang_occur(const lang_query *q, const lang_article *a, lang_places *out)
{
    switch (q->type) {
    case LANG_WORD:
        lang_occur_word(q, a, out);
        break;
    case LANG_EXACT:
    case LANG_PATTERN:
    case LANG_FUZZY:
        for (int i = 0; i < a->word_count; i++)
            if (lang_is(q, a->words[i].term) && !(q->in_title && !a->words[i].in_title))
                lang_add(out, a->words[i].position, a->words[i].position);
        break;
    case LANG_PHRASE:
        lang_occur_phrase(q, a, out);
        break;
    case LANG_NEAR:
    case LANG_BEFORE:
        lang_occur_pair(q, a, out);
        break;
    case LANG_OR:
        for (int i = 0; i < q->child_count; i++)
            lang_occur(q->children[i], a, out);
        break;
    default:
        for (int i = 0; i < a->mention_count; i++)
            if (lang_is_mention(q, &a->mentions[i]))
                lang_add(out, a->mentions[i].first, a->mentions[i].last);
    }
}

/* ---- Articles that match ---- */

static inline int lang_occurs(const lang_query *q, const lang_article *a)
{
    lang_places places = { NULL, 0, 0 };
    lang_occur(q, a, &places);
    free(places.items);
    return places.count > 0;
}

static inline int lang_has_source(const lang_query *q, const lang_article *a)
{
    int wanted[ORACLE_TOKENS], terms[ORACLE_TOKENS];
    int wanted_count = oracle_split(q->text, wanted), count = a->source ? oracle_split(a->source, terms) : 0;
    for (int i = 0; i < wanted_count; i++)
        if (!oracle_has_phrase(terms, count, &wanted[i], 1))
            return 0;
    return count > 0;
}

static inline int lang_matches(const lang_query *q, const lang_article *a)
{
    int all = 1, any = 0;
    switch (q->type) {
    case LANG_DATE:
        return a->first_day && (!q->from || a->first_day >= q->from) && (!q->to || a->last_day <= q->to);
    case LANG_SOURCE:
        return lang_has_source(q, a);
    case LANG_URL:
        return strcmp(a->url, q->text) == 0;
    case LANG_NOT:
        return !lang_matches(q->children[0], a);
    case LANG_GROUP:
    case LANG_AND:
    case LANG_OR:
        for (int i = 0; i < q->child_count; i++) {
            int matches = lang_matches(q->children[i], a);
            all &= matches;
            any |= matches;
        }
        return q->type == LANG_OR ? any : all;
    default:
        return lang_occurs(q, a);
    }
}

/* ---- --any ---- */

/* Words and what is made of them alone, and asks for something. */
static inline int lang_is_text(const lang_query *q)
{
    int asks = 0;
    switch (q->type) {
    case LANG_WORD:
    case LANG_PATTERN:
    case LANG_FUZZY:
    case LANG_PHRASE:
    case LANG_NEAR:
    case LANG_BEFORE:
        return 1;
    case LANG_OR:
        for (int i = 0; i < q->child_count; i++)
            if (q->children[i]->type == LANG_NOT || !lang_is_text(q->children[i]))
                return 0;
        return 1;
    case LANG_GROUP:
    case LANG_AND:
        for (int i = 0; i < q->child_count; i++) {
            int not = q->children[i]->type == LANG_NOT;
            asks |= !not;
            if (!lang_is_text(not ? q->children[i]->children[0] : q->children[i]))
                return 0;
        }
        return asks;
    default:
        return 0;
    }
}

/* A word of several terms counts as each of them. */
static inline int lang_has_some(const lang_query *q, const lang_article *a)
{
    int terms[8], count = q->type == LANG_WORD ? oracle_split(q->text, terms) : 0, found = 0;
    if (count < 2)
        return lang_matches(q, a);
    for (int i = 0; i < count && !found; i++) {
        lang_query word = { .type = LANG_WORD, .in_title = q->in_title };
        snprintf(word.text, sizeof word.text, "%s", oracle.text[terms[i]]);
        found = lang_matches(&word, a);
    }
    return found;
}

/* With --any one of the words side by side is enough; names, dates, fields and NOTs are asked for all the same. */
static inline int lang_matches_any(const lang_query *q, const lang_article *a)
{
    int words = 0, found = 0;
    if (q->type == LANG_WORD)
        return lang_has_some(q, a);
    if (q->type != LANG_GROUP)
        return lang_matches(q, a);
    for (int i = 0; i < q->child_count; i++) {
        const lang_query *child = q->children[i];
        if (lang_is_text(child)) {
            words = 1;
            found |= lang_has_some(child, a);
        } else if (!lang_matches(child, a)) {
            return 0;
        }
    }
    return found || !words;
}

/* ---- As text ---- */

static inline int lang_binding(const lang_query *q)
{
    switch (q->type) {
    case LANG_OR:
        return 1;
    case LANG_AND:
        return 2;
    case LANG_GROUP:
        return 3;
    case LANG_NOT:
        return 4;
    case LANG_NEAR:
    case LANG_BEFORE:
        return 5;
    default:
        return 6;
    }
}

static inline void lang_write_in(const lang_query *q, int near, FILE *out, uint64_t *random)
{
    static const char *const weights[] = { "^2", "^0.5", "^17.25" };
    if (q->written[0]) {
        fputs(q->written, out);
        return;
    }
    if (q->type == LANG_NOT)
        fputs(test_below(random, 2) ? "NOT " : "-", out);
    for (int i = 0; i < q->child_count; i++) {
        const lang_query *child = q->children[i];
        int places = lang_binding(q) == 5;
        int left = places && i == 0 && lang_binding(child) == 5 && test_below(random, 2);
        int brackets = !left && (lang_binding(child) <= lang_binding(q) || test_below(random, 6) == 0);
        if (i && places && q->distance == 10 && test_below(random, 2))
            fputs(q->type == LANG_NEAR ? " NEAR " : " BEFORE ", out);
        else if (i && places)
            fprintf(out, q->type == LANG_NEAR ? " NEAR/%d " : " BEFORE/%d ", q->distance);
        else if (i)
            fputs(q->type == LANG_OR ? " OR " : q->type == LANG_AND ? " AND " : " ", out);
        if (brackets)
            putc('(', out);
        lang_write_in(child, near || places, out, random);
        if (brackets)
            putc(')', out);
        if (brackets && !near && !places && lang_binding(child) < 4 && test_below(random, 4) == 0)
            fputs(weights[test_below(random, 3)], out);
    }
}

static inline void lang_write(const lang_query *q, FILE *out, uint64_t *random)
{
    lang_write_in(q, 0, out, random);
}

static inline void lang_free(lang_query *q)
{
    for (int i = 0; i < q->child_count; i++)
        lang_free(q->children[i]);
    free(q);
}

#endif

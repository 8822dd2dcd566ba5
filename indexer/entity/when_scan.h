/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the parts of the date reader:
 *
 *   when.c           the walk over the tokens, entities and mentions
 *   when_words.c     the words that dates are made of
 *   when_number.c    what begins with a digit: "1 March", "2014-03-01", "2008", "1990s"
 *   when_month.c     what begins with a month: "March 1-3, 2014", "March"
 *   when_relative.c  what counts from the day of publication: "last Tuesday", "year's end"
 *   when_tense.c     whether a sentence speaks of what was or what will be
 */
#ifndef MRG_WHEN_SCAN_H
#define MRG_WHEN_SCAN_H

#include <string.h>

#include "entity/when.h"

typedef enum mrg_date_word {
    DATE_WORD_NONE = 0,
    DATE_WORD_MONTH,         /* number: 1 to 12 */
    DATE_WORD_MONTH_SHORT,   /* "aug" */
    DATE_WORD_WEEKDAY,       /* 0 to 6, from Monday */
    DATE_WORD_WEEKDAY_SHORT, /* "tue" */
    DATE_WORD_DAY,           /* today, yesterday, tomorrow: 0, -1, 1 */
    DATE_WORD_WHICH,         /* last, this, next: -1, 0, 1 */
    DATE_WORD_YEAR,
    DATE_WORD_END,
    DATE_WORD_AGO,
    DATE_WORD_DECADE /* "nineties": 90 */
} mrg_date_word;

/* A date as one number: year, month and day as decimal digits; a decade by its first year and DECADE. */
typedef uint32_t mrg_date_value;
#define DATE_DECADE ((mrg_date_value)1 << 31)

static inline mrg_date_value mrg_value_of(int year, int month, int day)
{
    return (mrg_date_value)(year * 10000 + month * 100 + day);
}

typedef struct mrg_date_mention {
    uint32_t first, count;
    mrg_date_value value;
    uint32_t entity;
} mrg_date_mention;

struct mrg_when {
    const char *text;
    size_t len;
    const mrg_tokens *tokens;
    mrg_day published;
    int64_t today; /* of publication, the middle of what is known */
    mrg_date_mention *dates;
    size_t count, capacity;
    int failed; /* memory ran out */
};

/* ---- Tokens ---- */

static inline const mrg_token *when_token(const mrg_when *w, size_t i)
{
    return &w->tokens->items[i];
}

static inline int when_has(const mrg_when *w, size_t i)
{
    return i < w->tokens->count;
}

static inline int when_is(const mrg_when *w, size_t i, const char *word)
{
    size_t len = strlen(word);
    return when_has(w, i) && when_token(w, i)->term_len == len &&
           !memcmp(mrg_token_term(w->tokens, when_token(w, i)), word, len);
}

static inline int when_is_capital(const mrg_when *w, size_t i)
{
    return (when_token(w, i)->flags & (MRG_TOKEN_CAPITAL | MRG_TOKEN_NGRAM)) == MRG_TOKEN_CAPITAL;
}

typedef enum mrg_when_gap {
    WHEN_TIGHT,  /* nothing */
    WHEN_SPACE,  /* white space, no empty line */
    WHEN_COMMA,
    WHEN_PERIOD, /* with or without white space */
    WHEN_DASH,   /* any, with or without white space */
    WHEN_SLASH,
    WHEN_OTHER
} mrg_when_gap;

/* What stands between token i and the next one, a possessive ending aside; OTHER behind the last. */
mrg_when_gap mrg_when_gap_after(const mrg_when *w, size_t i);

/* The byte before the token and the one behind it; 0 at the ends of the text. */
static inline char when_before(const mrg_when *w, size_t i)
{
    size_t at = when_token(w, i)->begin;
    return at ? w->text[at - 1] : 0;
}

static inline char when_after(const mrg_when *w, size_t i)
{
    size_t at = when_token(w, i)->end;
    return at < w->len ? w->text[at] : 0;
}

/* Whether the token is one of the words, which are separated by single spaces and have one at each end. */
int mrg_when_is_any(const mrg_when *w, size_t i, const char *words);

/* ---- Words ---- */

/* Makes what is looked up; once a process. */
void mrg_date_words_init(void);

enum { DATE_WORD_BITS = 4096, DATE_WORD_SHORTEST = 3, DATE_WORD_LONGEST = 9 };
extern uint64_t mrg_date_word_bits[DATE_WORD_BITS / 64];

static inline uint32_t mrg_date_word_hash(const char *word, size_t len)
{
    uint32_t mixed = (uint32_t)(unsigned char)word[0] << 16 | (uint32_t)(unsigned char)word[2] << 8 | (uint32_t)len;
    return mixed * 2654435761u >> 20;
}

/* Zero for most words that are none; what the walk over all tokens asks first. */
static inline int mrg_may_be_date_word(const char *word, size_t len)
{
    if (len < DATE_WORD_SHORTEST || len > DATE_WORD_LONGEST)
        return 0;
    uint32_t bit = mrg_date_word_hash(word, len);
    return (int)(mrg_date_word_bits[bit / 64] >> bit % 64 & 1);
}

/* Which word of dates the token is, by its letters alone, and its number. */
mrg_date_word mrg_date_word_at(const mrg_when *w, size_t i, int *number);

/* The month that token i names with a capital: 1 to 12, or 0. */
int mrg_month_at(const mrg_when *w, size_t i);
/* 1 to 31 of "1", "1st"; or 0. */
int mrg_day_at(const mrg_when *w, size_t i);
/* A number of four digits, 1000 to 2999; else 0. */
int mrg_four_digits_at(const mrg_when *w, size_t i);
/* The same, if no sign beside it says that it is an amount: that it is a year is for the context to say. */
int mrg_year_at(const mrg_when *w, size_t i);
/* 1 to 120 of "3", "three", "a"; or 0. */
int mrg_count_at(const mrg_when *w, size_t i);
/* "people", "percent", "metres": what is counted. A number before it is no date. */
int mrg_is_unit(const mrg_when *w, size_t i);

/* ---- Reading: each looks for what begins with token i, adds it and returns its tokens; 0: nothing ---- */

void mrg_date_add(mrg_when *w, size_t first, size_t end, mrg_date_value value);

size_t mrg_read_number(mrg_when *w, size_t i);
size_t mrg_read_month(mrg_when *w, size_t i, int month, int is_short);
size_t mrg_read_weekday(mrg_when *w, size_t i, int weekday);
size_t mrg_read_relative(mrg_when *w, size_t i, mrg_date_word word, int number);

/* Tokens [first, end) are a day without a year, or, with `day` 0, a month: the one that is meant; 0 if it is not known. */
mrg_date_value mrg_nearest(const mrg_when *w, size_t first, size_t end, int month, int day);

/* Reads the year of a month and its day that token i would have to be: "2014", ", 2014", "of last year". `*end`
   moves behind it. 0 if there is none. */
int mrg_read_year_after(const mrg_when *w, size_t last, int with_day, size_t *end);

/* The year of publication plus `offset`; 0 if it is not known. */
int mrg_year_of_publication(const mrg_when *w, int offset);

/* ---- Tense ---- */

typedef enum mrg_tense { TENSE_UNKNOWN = 0, TENSE_PAST, TENSE_FUTURE } mrg_tense;

/* Makes what is looked up; once a process, by mrg_date_words_init. */
void mrg_tense_words_init(void);

/* Of what tokens [first, end) are the date of. */
mrg_tense mrg_tense_at(const mrg_when *w, size_t first, size_t end);

#endif

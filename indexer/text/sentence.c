/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where sentences begin, as far as the finder of names and the snippets need it:
 *
 *   - at the first word, and after an empty line;
 *   - after . ! ? and their relatives, with any quotes and brackets, when white space follows (the CJK ones
 *     need none), unless the next word begins with a small letter ("Why?" he asked);
 *   - not after the dot of an acronym, an initial or a common abbreviation, unless the next word is one
 *     that has a capital there only: "in the U.S. The";
 *   - after a dateline: "KYIV (Agency) - ", and, for the agencies known, without the dash.
 */
#include <string.h>

#include "text/lexer.h"

/* Sorted, for binary search. */
enum { SHORT_WORD = 10 };
typedef char short_word[SHORT_WORD];

/* With a capital; a name follows. */
static const short_word before_names[] = {
    "adj", "adm", "amb",  "asst", "atty",   "brig", "capt", "cmdr", "col",   "comdr", "cpl",    "cpt",
    "dr",  "drs", "ens",  "fr",   "gen",    "gov",  "hon",  "insp", "lt",    "maj",   "messrs", "mr",
    "mrs", "ms",  "msgr", "mt",   "pfc",    "ph",   "pres", "prof", "pvt",   "rep",   "reps",   "rev",
    "sec", "sen", "sens", "sgt",  "sheikh", "st",   "ste",  "supt", "treas",
};

/* With a capital; may end a sentence. */
static const short_word in_names[] = {
    "apr",  "assn", "assoc", "aug",  "ave",   "bldg", "blvd", "bros", "co",  "corp", "dec", "dept",
    "det",  "dist", "div",   "esq",  "feb",   "fig",  "fri",  "ft",   "hwy", "inc",  "jan", "jr",
    "jul",  "jun",  "ltd",   "mar",  "mgr",   "mon",  "nov",  "oct",  "op",  "pte",  "pty", "sep",
    "sept", "sr",   "thu",   "thur", "thurs", "tue",  "tues", "univ", "vol", "wed",
};

/* With or without. */
static const short_word small_ones[] = {
    "approx", "ca", "cf", "ed", "eds", "est", "etc", "pp", "viz", "vs",
};

/* In the brackets of a dateline. */
static const short_word agencies[] = {
    "afp", "ap", "bbc", "bloomberg", "cnn", "dpa", "kyodo", "reuters", "tass", "upi", "xinhua",
};

/* Words that have a capital at the start of a sentence only. */
static const short_word openers[] = {
    "a",     "after", "also",  "an",   "and",  "as",    "at", "but", "by",   "for",   "from", "he",   "her",
    "his",   "i",     "if",    "in",   "it",   "its",   "on", "our", "she",  "since", "some", "that", "the",
    "their", "there", "these", "they", "this", "those", "to", "we",  "when", "while", "with", "you",
};

static int is_listed(const short_word *list, size_t count, const unsigned char *word, size_t len)
{
    short_word key = { 0 };
    size_t low = 0;
    if (len >= SHORT_WORD)
        return 0;
    memcpy(key, word, len);
    while (low < count) {
        size_t middle = (low + count) / 2;
        int order = memcmp(key, list[middle], SHORT_WORD);
        if (order == 0)
            return 1;
        if (order < 0)
            count = middle;
        else
            low = middle + 1;
    }
    return 0;
}

#define IS_LISTED(list, word, len) is_listed(list, sizeof(list) / sizeof *(list), word, len)

/* The last word and its dot do not end a sentence by themselves. */
static int is_abbreviation(const mrg_lexer *x, const mrg_word_form *word)
{
    const mrg_token *last = &x->tokens->items[x->tokens->count - 1];
    const unsigned char *term = x->tokens->terms.data + last->term_off;
    size_t len = last->term_len;
    int capital = last->flags & MRG_TOKEN_CAPITAL;
    if (last->flags & MRG_TOKEN_POSSESSIVE)
        return 0;
    if (capital && IS_LISTED(before_names, term, len))
        return 1;
    if (capital && len == 2 && !memcmp(term, "no", 2))
        return mrg_is_ascii_digit(word->term[0]);
    if (last->flags & MRG_TOKEN_ACRONYM || (capital && (len == 1 || IS_LISTED(in_names, term, len))) ||
        IS_LISTED(small_ones, term, len))
        return !(word->flags & MRG_TOKEN_CAPITAL && IS_LISTED(openers, word->term, word->len));
    return 0;
}

static int is_agency(const mrg_lexer *x)
{
    const mrg_token *last = &x->tokens->items[x->tokens->count - 1];
    return IS_LISTED(agencies, x->tokens->terms.data + last->term_off, last->term_len);
}

enum { SPACE = 1, LINE = 2, DOT = 4, STOP = 8, WIDE_STOP = 16, DASH = 32, CLOSE = 64, OTHER = 0, PARAGRAPH = 0x2029 };

static unsigned kind_of(uint32_t c)
{
    switch (c) {
    case '\n':
    case PARAGRAPH:
        return LINE | SPACE;
    case ' ':
    case '\t':
    case '\r':
    case 0xa0:
        return SPACE;
    case '.':
        return DOT;
    case '!':
    case '?':
    case 0x2026: /* ellipsis */
    case 0x589:  /* Armenian */
    case 0x61f:  /* Arabic */
    case 0x6d4:
    case 0x964: /* danda */
    case 0x965:
    case 0x1362: /* Ethiopic */
    case 0x1367:
        return STOP;
    case 0x3002: /* CJK */
    case 0xff01:
    case 0xff0e:
    case 0xff1f:
    case 0xff61:
        return WIDE_STOP;
    case '-':
    case 0x2013:
    case 0x2014:
        return DASH;
    case ')':
        return CLOSE;
    default:
        return OTHER;
    }
}

/* What lies between two words, as the kinds of its characters. Stops at an empty line or when a dateline
   has ended; `ended` is set where white space follows a stop. */
static uint32_t read_gap(const mrg_lexer *x, const unsigned char *begin, unsigned *seen, int *ended)
{
    const unsigned char *p = x->word_end;
    int lines = 0, dateline = *p == ')';
    *seen = p[-1] == '.' ? DOT : 0; /* of an acronym */
    *ended = 0;
    while (p < begin) {
        uint32_t c;
        p += mrg_decode_char(p, begin, &c);
        unsigned kind = kind_of(c);
        if (kind & LINE && (++lines == 2 || c == PARAGRAPH))
            return MRG_TOKEN_SENTENCE;
        if (kind & SPACE) {
            *ended |= (*seen & (DOT | STOP)) != 0;
            if (dateline && *seen & SPACE && *seen & DASH)
                return MRG_TOKEN_SENTENCE;
        }
        *seen |= kind;
    }
    return 0;
}

uint32_t mrg_gap_flags(const mrg_lexer *x, const unsigned char *begin, const mrg_word_form *word)
{
    unsigned seen;
    int ended;
    const unsigned char *gap = x->word_end;
    if (!gap)
        return MRG_TOKEN_SENTENCE;
    if (begin == gap)
        return 0;
    if ((begin - gap == 1 && *gap == '-') ||
        (begin - gap == 3 && (!memcmp(gap, "\xe2\x80\x90", 3) || !memcmp(gap, "\xe2\x80\x91", 3))))
        return MRG_TOKEN_HYPHEN;
    if (read_gap(x, begin, &seen, &ended))
        return MRG_TOKEN_SENTENCE;
    if (word->is_small)
        return 0;
    if (seen & WIDE_STOP || (ended && (seen & STOP || !is_abbreviation(x, word))))
        return MRG_TOKEN_SENTENCE;
    return *gap == ')' && seen & SPACE && is_agency(x) ? MRG_TOKEN_SENTENCE : 0;
}

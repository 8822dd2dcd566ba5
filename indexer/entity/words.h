/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What single words say about names: "Ministry" ends an organisation, "Sergei" begins a person. The
 * tables are compact, of our own writing and in English; what they say is evidence, never a verdict.
 * Whole names that are known beforehand are known.h's.
 */
#ifndef MRG_WORDS_H
#define MRG_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum {
    MRG_WORD_COMMON = 1 << 0,       /* usually written small: "police" */
    MRG_WORD_FUNCTION = 1 << 1,     /* articles, pronouns, conjunctions, auxiliaries: never a name's first word */
    MRG_WORD_FIRST_NAME = 1 << 2,   /* "Sergei" */
    MRG_WORD_SURNAME = 1 << 3,      /* the most frequent ones: "Smith" */
    MRG_WORD_PARTICLE = 1 << 4,     /* "van", "bin", "al": inside names of persons, often small */
    MRG_WORD_TITLE = 1 << 5,        /* before a person's name and not part of it: "President" */
    MRG_WORD_TITLE_PART = 1 << 6,   /* before or inside a title: "Deputy", "Foreign" */
    MRG_WORD_ROLE = 1 << 7,         /* what a person does, written small before the name: "striker" */
    MRG_WORD_SAID = 1 << 8,         /* verbs whose subject or neighbour is mostly a person: "said" */
    MRG_WORD_ORG_HEAD = 1 << 9,     /* last word of an organisation: "Ministry" */
    MRG_WORD_ORG_START = 1 << 10,   /* goes before "of": "Bank of ..." */
    MRG_WORD_ORG_PART = 1 << 11,    /* inside names of organisations: "National" */
    MRG_WORD_LEGAL_FORM = 1 << 12,  /* "Inc", "Corp": left out of keys */
    MRG_WORD_ORG_CUE = 1 << 13,     /* follows an organisation, written small: "shares" */
    MRG_WORD_PLACE_HEAD = 1 << 14,  /* last word of a place: "River" */
    MRG_WORD_PLACE_START = 1 << 15, /* first word of a place: "Mount", "San" */
    MRG_WORD_EVENT_HEAD = 1 << 16,  /* last word of an event or work: "Treaty" */
    MRG_WORD_DEMONYM = 1 << 17,     /* "Russian": not a name by itself */
    MRG_WORD_CALENDAR = 1 << 18,    /* months and weekdays */
    MRG_WORD_NOT_NAME = 1 << 19,    /* capitals that name nobody: "CEO", "GDP", "Internet" */
    MRG_WORD_OWNS = 1 << 20,        /* its possessive is part of the name: "Moody's" */
    MRG_WORD_KNOWN_FIRST = 1 << 21, /* some name of known.h begins with it */
    MRG_WORD_DIRECTION = 1 << 22,   /* "North", "Southern" */
    MRG_WORD_KNOWN_LONG = 1 << 23,  /* some name of two words or more begins with it */
    MRG_WORD_RESPELLED = 1 << 24,   /* known.h has another spelling for it */

    MRG_WORD_HEADS = MRG_WORD_ORG_HEAD | MRG_WORD_LEGAL_FORM | MRG_WORD_EVENT_HEAD | MRG_WORD_PLACE_HEAD
};

/* The flags of a folded term, 0 for an unknown one. Any thread. */
uint32_t mrg_word_flags(const char *term, size_t len);

/* The tables: strings of words with spaces between, NULL at the end. */
extern const char *const mrg_words_common[];
extern const char *const mrg_words_first_names[];
extern const char *const mrg_words_surnames[];

typedef struct mrg_word_list {
    uint32_t flag;
    const char *const *words;
} mrg_word_list;
extern const mrg_word_list mrg_word_lists[]; /* all of them; .words is NULL at the end */

#endif

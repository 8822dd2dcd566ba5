/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole names that are known beforehand: the alias table, which gives several names one canonical form,
 * and plain lists of places, organisations and events. Read-only, shared by all threads, made on first
 * use without allocating.
 *
 * Names are compared in lookup form: folded terms joined by one space, abbreviations with dots written
 * with all of them ("u.s."), no "&", no possessive ending.
 */
#ifndef MRG_KNOWN_H
#define MRG_KNOWN_H

#include "entity/finder.h"

enum {
    MRG_KNOWN_CAPS = 1 << 0,       /* in running text only in capitals: "EU", not "Eu" */
    MRG_KNOWN_POSSESSIVE = 1 << 1, /* only with the possessive that belongs to it: "Moody's" */
    MRG_KNOWN_SURNAME = 1 << 2,    /* one word for a person: what the article says goes first */
    MRG_KNOWN_COUNTRY = 1 << 3,
    MRG_KNOWN_MAX_WORDS = 9
};

typedef struct mrg_known {
    const char *name;      /* in lookup form, NUL-terminated */
    const char *canonical; /* as it is shown, not NUL-terminated; NULL: not in the alias table */
    const char *key;       /* the canonical name in key form, NUL-terminated; NULL with canonical */
    uint16_t len, canonical_len;
    uint8_t type; /* mrg_entity_type */
    uint8_t flags;
    uint8_t word_count;
} mrg_known;

/* NULL if unknown. */
const mrg_known *mrg_known_find(const char *name, size_t len);

/* Whether it is a state, or a part of one that has teams of its own. */
int mrg_known_is_country(const mrg_known *known);

/* Whether a name in lookup form has a word of four letters or more in common with one of the names of the
   same entity: "financial stability bureau" is not the FSB of the table. */
int mrg_known_resembles(const mrg_known *known, const char *name, size_t len);

/* The usual spelling of a folded word inside names ("zelenskiy": "zelensky"), or NULL. */
const char *mrg_known_spelling(const char *term, size_t len);

/* Calls `first` with the first word of every name, and `respelled` with every word that has another
   spelling. */
void mrg_known_each_word(void (*first)(const char *word, size_t len, int long_name),
                         void (*respelled)(const char *word, size_t len));

/* The tables, in the files named after them. */
extern const char *const mrg_alias_rows[];
extern const char *const mrg_name_spellings[];
extern const char *const mrg_known_countries[];
extern const char *const mrg_known_places[];
extern const char *const mrg_known_orgs[];
extern const char *const mrg_known_events[];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of names that are spelled nearly as asked. The sorted list of N<word> terms is walked as if it
 * were a trie: a row of the edit distance matrix a character, kept while terms share their beginning, and
 * a seek past everything that cannot come near any more (Schulz and Mihov, "Fast string correction with
 * Levenshtein automata", 2002, without the automata). Nothing is stored for it.
 *
 * Distance is that of optimal string alignment over characters: an inserted, deleted or changed character
 * and two neighbours that changed places count one each.
 */
#ifndef MRG_NAMES_NEAR_H
#define MRG_NAMES_NEAR_H

#include "core/arena.h"
#include "core/error.h"
#include "xapian_c.h"

enum {
    MRG_NEAR_MAX_CHARS = 64, /* longer words have no neighbours */
    MRG_NEAR_MAX_EDITS = 2
};

typedef struct mrg_near_word {
    const char *word; /* folded, NUL-terminated */
    uint32_t len, edits;
    uint64_t articles; /* summed over the names that have the word */
} mrg_near_word;

/* Zero-initialise, then dispose. */
typedef struct mrg_near_list {
    mrg_near_word *items;
    size_t count, capacity;
    mrg_arena arena;
} mrg_near_list;
void mrg_near_list_dispose(mrg_near_list *list);

/* Appends the words that sound like this one (entity/sound.h), ascending, but for those that are too far from it in
   spelling as well. Looks at every word of the names. */
morgue_status mrg_names_sounding(xapian_database *names, const char *word, size_t len, mrg_near_list *out,
                                 morgue_error *err);

/* Appends the words that begin so, ascending; of more than `max` the most frequent ones. */
morgue_status mrg_names_beginning(xapian_database *names, const char *word, size_t len, size_t max, mrg_near_list *out,
                                  morgue_error *err);

/* Keeps those with the fewest edits and most articles, in that order. */
void mrg_near_list_keep(mrg_near_list *list, size_t max);

/* The characters of a UTF-8 text. */
size_t mrg_count_chars(const char *text, size_t len);

/* How many edits a word of so many characters is allowed: none below 5, 1 from 5, 2 from 9. */
unsigned mrg_near_edits(size_t char_count);

/* Appends the words within max_edits (at most MRG_NEAR_MAX_EDITS) of a folded word, itself included, whose
   first `fixed` characters are the same; ascending. A word that is too long gives none. */
morgue_status mrg_names_near(xapian_database *names, const char *word, size_t len, unsigned max_edits, size_t fixed,
                             mrg_near_list *out, morgue_error *err);

/* The distance of two UTF-8 words, or a number above `max` if it is above that. */
unsigned mrg_edit_distance(const char *a, size_t a_len, const char *b, size_t b_len, unsigned max);

#endif

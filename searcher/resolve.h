/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name as it is asked for -> the entities it may mean, in all archives. In this order:
 *
 *   1. by name: what the alias table makes of it, the folded name itself, or a form that occurs
 *   2. by its words, all within one form: "putin" is in "Vladimir Putin". Where 1 finds something but people, 2 adds
 *      only those at home: U.S. Senate to "senate", but not Air China to "china"
 *   3. if there is none of the type asked for: 1 and 2 for any type
 *   4. if there is none at all: by spelling, one edit from 5 letters, two from 9, in each word and in the
 *      whole (resolve_near.c); 1 and 2 are then done with the words that the archive has
 *   5. as the last resort by sound, likewise
 *
 * The user's list (entity/authority.h) decides over all of that: its names are looked up first, several keys may be
 * one entity, what it says is no name is not found, and a form it takes away from an entity does not lead there.
 *
 * To what 1 and 2 found come the misspellings of its main entity that are clearly no name of their own
 * (resolve_misspelt.c): "Stotenberg" where "Jens Stoltenberg" is meant. Nothing of that is decided when
 * articles are indexed.
 */
#ifndef MRG_RESOLVE_H
#define MRG_RESOLVE_H

#include "store/names.h"
#include "store/snapshot.h"

enum { MRG_RESOLVE_MAX = 64 };

typedef enum mrg_how {
    MRG_HOW_NAME = 0, /* it is the name */
    MRG_HOW_ALIAS,    /* a form of it that occurs */
    MRG_HOW_HOME,     /* it is the name but for the country: "senate", U.S. Senate */
    MRG_HOW_WORD,     /* it has these words */
    MRG_HOW_PREFIX,   /* the last word is the beginning of one of its */
    MRG_HOW_SPELLING,
    MRG_HOW_SOUND,
    MRG_HOW_MISSPELT /* a wrong spelling of what was asked for */
} mrg_how;

typedef struct mrg_resolved_name {
    const char *key, *name;
    mrg_entity_type type;
    uint64_t article_count; /* of the whole entity, summed over the archives */
    mrg_how how;
    unsigned edits; /* of SPELLING and MISSPELT */
    unsigned part;  /* above 0: another key of the entity of the item before */
    /* for gathering: */
    const char *entity; /* the key of the row of the user's list that the key belongs to; NULL: none */
    uint64_t own_count; /* of this key; of those that are one entity, one has it for all */
    size_t counted;     /* the archive that was counted last, from 1 */
} mrg_resolved_name;

typedef struct mrg_resolved {
    mrg_resolved_name *items; /* most articles first, misspellings last; in the arena */
    size_t count;
    size_t misspelt;       /* how many of them, at the end, are misspellings */
    size_t total;          /* as many there would be without MRG_RESOLVE_MAX, about */
    int other_type;        /* none of the type asked for; these are of other types */
    const char *corrected; /* not as asked for, but these words were looked up; NULL if they were not needed */
    int by_sound;          /* they only sound alike */
} mrg_resolved;

/* What a query means by a name. `type` may be MRG_ENTITY_TYPES for any. None found is no failure: count is 0. */
morgue_status mrg_resolve(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots, size_t snapshot_count,
                          mrg_entity_type type, const char *text, size_t len, morgue_error *err);

/* What a name may mean, for a list to choose from: all the ways above one after the other and prefixes too,
   the likeliest first, at most `max`. */
morgue_status mrg_resolve_list(mrg_resolved *out, mrg_arena *arena, mrg_snapshot *const *snapshots,
                               size_t snapshot_count, mrg_entity_type type, const char *text, size_t len, size_t max,
                               morgue_error *err);

/* As which entity another one of an archive is shown and counted. */
typedef struct mrg_shown_key {
    const char *key; /* lent as long as what was asked for and the snapshot; NULL: not at all */
    size_t len;
    int shared;      /* others are shown as this one too */
} mrg_shown_key;

/* As the archive's user's list has it. */
void mrg_resolve_shown_key(mrg_shown_key *out, mrg_snapshot *snapshot, const char *key, size_t len);

/* The row of the user's lists that a key belongs to, of the first archive that has one; NULL: none. */
morgue_status mrg_resolve_row(const mrg_authority_row **out, mrg_snapshot *const *snapshots, size_t snapshot_count,
                              const char *key, size_t len, morgue_error *err);

/* How many articles have a name of that row. */
morgue_status mrg_resolve_everywhere(uint64_t *out, mrg_snapshot *const *snapshots, size_t snapshot_count,
                                     const mrg_authority_row *row, morgue_error *err);

/* Appends "Vladimir Putin (2,034)". */
void mrg_resolve_format(const mrg_resolved_name *name, mrg_buffer *out);
/* Appends a count with commas: "2,034". */
void mrg_format_count(mrg_buffer *out, uint64_t n);

/* ---- Among resolve*.c ---------------------------------------------------------------------------------- */

/* Names gathered from all archives, each once. */
typedef struct mrg_gathered {
    mrg_resolved_name *items;
    size_t count, capacity;
    size_t total;
    mrg_arena *arena;
    const mrg_buffer *asked;   /* the folded words that are looked up; NULL: not to be held against the user's list */
    const mrg_buffer *corrected; /* those of the question, if they were corrected; else NULL */
} mrg_gathered;

/* Gathers names of the archive number `shot` (from 1) as the user's list has them. What is there already came from
   another archive or in this one in the same way (`first` on), or was found in a better way (before). */
morgue_status mrg_gather(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, const mrg_name_list *list, size_t first,
                         mrg_how how, morgue_error *err);
/* The same for a row of the user's list. */
morgue_status mrg_gather_row(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, const mrg_authority_row *row,
                             size_t first, mrg_how how, unsigned edits, morgue_error *err);
/* How many articles of an archive have at least one of some names of it. */
morgue_status mrg_resolve_count(uint64_t *out, const mrg_snapshot *snapshot, const mrg_name_list *parts,
                                morgue_error *err);
/* Gathers the rows of the user's list that have the name that is asked for, or all of its words. */
morgue_status mrg_gather_listed(mrg_gathered *g, mrg_snapshot *snapshot, size_t shot, mrg_entity_type type,
                                morgue_error *err);
/* What is from `first` on is complete: counts whole entities, and puts their keys together, best first. */
void mrg_gather_finish(mrg_gathered *g, size_t first, int (*order)(const void *a, const void *b));
/* An order: most articles first. */
int mrg_gathered_by_articles(const void *a, const void *b);

/* Other words for those of a question, which the archives have together in a name of the type. */
typedef struct mrg_correction {
    const char *text; /* folded, separated by spaces; in the arena */
    mrg_how how;      /* PREFIX, SPELLING or SOUND */
    unsigned edits;   /* 1 for a PREFIX */
    uint64_t articles; /* of the words' names, about */
} mrg_correction;

enum { MRG_CORRECTIONS = 8 };

/* Appends the likeliest ones to `out`, which has *count and room for MRG_CORRECTIONS: fewest edits first, then
   most articles. The question itself is none. */
morgue_status mrg_resolve_correct(mrg_correction *out, size_t *count, mrg_arena *arena,
                                  mrg_snapshot *const *snapshots, size_t snapshot_count, mrg_entity_type type,
                                  const char *text, size_t len, mrg_how how, morgue_error *err);

/* Gathers misspellings of the first of the gathered names. */
morgue_status mrg_resolve_misspelt(mrg_gathered *g, mrg_snapshot *const *snapshots, size_t snapshot_count,
                                   morgue_error *err);

#endif

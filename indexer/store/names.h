/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of an archive: one Xapian document an entity. It is derived from the articles' records and
 * can be made again from them; the catalogue decides which articles have which entity.
 *
 *   terms   Q<key>          "Qp:vladimir putin"
 *           N<word>         each word of the forms in which it occurs, and of the key; wdf: articles
 *   data    key, canonical name, first and last day, articles, mentions, then each form as it is
 *           written with its number of mentions
 *   metadata "morgue-names": commit number this belongs to
 */
#ifndef MRG_NAMES_H
#define MRG_NAMES_H

#include "entity/finder.h"
#include "store/names_near.h"
#include "xapian_c.h"

typedef struct mrg_alias {
    const char *form; /* as written, NUL-terminated */
    uint32_t count;   /* mentions in this form */
} mrg_alias;

typedef struct mrg_name {
    mrg_entity_type type;
    const char *key, *name;
    uint32_t article_count, mention_count;
    uint32_t first_day, last_day; /* YYYYMMDD; 0: no dated article */
    mrg_alias *aliases;           /* most frequent first */
    size_t alias_count;
    uint32_t edits; /* of a look-up: how far its words are from those asked for */
} mrg_name;

/* Names found, in an arena. Zero-initialise, then dispose. */
typedef struct mrg_name_list {
    mrg_name *items;
    size_t count, capacity;
    mrg_arena arena;
} mrg_name_list;
void mrg_name_list_dispose(mrg_name_list *list);

/* Appends the entity with this key, if there is one. */
morgue_status mrg_names_get(xapian_database *names, const char *key, size_t len, mrg_name_list *out, morgue_error *err);

enum { MRG_NAMES_MAX_WORDS = 16 }; /* of a name that is looked up; longer ones are not found */

/* Words any of which will do. */
typedef struct mrg_near_group {
    const mrg_near_word *words;
    size_t count;
} mrg_near_group;

/* Appends the entities of a type (MRG_ENTITY_TYPES: any) in whose forms there is a word of each group: the
   fewest edits first, then most articles, at most `max`. *total (may be NULL) says how many there are, about
   if they are more than a thousand. What is in the list already is not left out. */
morgue_status mrg_names_by_groups(xapian_database *names, mrg_entity_type type, const mrg_near_group *groups,
                                  size_t group_count, size_t max, mrg_name_list *out, size_t *total,
                                  morgue_error *err);

/* The same for the words of a text, as they are. */
morgue_status mrg_names_by_words(xapian_database *names, mrg_entity_type type, const char *text, size_t len, size_t max,
                                 mrg_name_list *out, size_t *total, morgue_error *err);

typedef enum mrg_form_match {
    MRG_FORM_NONE = 0,
    MRG_FORM_WORDS, /* they lie within one form */
    MRG_FORM_HOME,  /* they are all but the country: "senate", U.S. Senate */
    MRG_FORM_ALIAS,
    MRG_FORM_NAME /* or what the key says */
} mrg_form_match;

/* What some folded words, joined by spaces, are to an entity. */
morgue_status mrg_name_match(const mrg_name *name, const char *words, size_t len, mrg_form_match *match,
                             morgue_error *err);

#endif

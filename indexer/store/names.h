/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of an archive: one Xapian document an entity. It is derived from the articles' records and
 * can be made again from them; the catalogue decides which articles have which entity.
 *
 *   terms   Q<key>          "Qp:vladimir putin"
 *           N<word>         each word of the forms in which it occurs, and of the key
 *   data    key, canonical name, first and last day, articles, mentions, then each form as it is
 *           written with its number of mentions
 *   metadata "morgue-names": commit number this belongs to
 */
#ifndef MRG_NAMES_H
#define MRG_NAMES_H

#include "entity/finder.h"
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

/* Appends the entities of a type (MRG_ENTITY_TYPES: any) that occur in this very form, folded. */
morgue_status mrg_names_by_form(xapian_database *names, mrg_entity_type type, const char *form, size_t len,
                                mrg_name_list *out, morgue_error *err);

/* Appends the entities of a type (MRG_ENTITY_TYPES: any) in whose forms all words of `text` occur, most
   articles first, at most `max`; *total (may be NULL) says how many there are. */
morgue_status mrg_names_by_words(xapian_database *names, mrg_entity_type type, const char *text, size_t len, size_t max,
                                 mrg_name_list *out, size_t *total, morgue_error *err);

#endif

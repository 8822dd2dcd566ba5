/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user's list of names, which decides over everything else: over the finder when articles are indexed, and
 * over what the archive says when names are asked for. A line a row, columns separated by tabs:
 *
 *     id   type   canonical name   alias|alias|...   not:form|not:form|...
 *
 * Empty lines and those that begin with # are left out. The last two columns may be absent, and hold aliases
 * and not: forms alike. Letter case and diacritics do not matter ("São Paulo" is "sao paulo").
 *
 *   id         the key of an entity of the archive, as an export prints it ("p:vladimir putin"): the row is
 *              about that entity, whatever its name here. Anything else is the user's own and means nothing to
 *              Morgue: then the row is about the entity of that type and canonical name.
 *   type       person, org, place, event; or - for what is never a name
 *   canonical  how the entity is shown. Of a - row: the form that is no name; entities of just that name
 *              are not found any more.
 *   alias      another name of it. What the archive has under that name, or under that key if it is one,
 *              is the same entity from now on, unless a row of its own has it: to merge two rows of an
 *              export one has to go.
 *   not:form   is not this entity, although the archive says so
 *
 * In queries and wherever names are listed all that holds at once. What is indexed from then on obeys it too:
 * canonical names and aliases are found in the text, the longest first, where they begin with a capital if they
 * do in the list, and abbreviations of up to four letters only in capitals. A longer name of the finder's that a
 * shorter one of the list is part of stays ("Ford" leaves Harrison Ford alone). So does an alias of
 * one word that is a word of the canonical name, such as a surname, or a name that two rows have, unless it is
 * the canonical one of just one of them: there the article decides who is meant.
 * The mentions in articles that were indexed before are not looked at again: a not: form keeps a query for
 * that form away from the entity, and the entity keeps these mentions.
 */
#ifndef MRG_AUTHORITY_H
#define MRG_AUTHORITY_H

#include "entity/finder.h"

enum {
    MRG_AUTHORITY_MAX_BYTES = 64 << 20, /* of a list */
    MRG_AUTHORITY_MAX_ROWS = 1000000,
    MRG_AUTHORITY_MAX_NAME = 240 /* bytes of one name or id */
};

typedef struct mrg_authority mrg_authority;

typedef struct mrg_authority_name {
    const char *words; /* folded terms, separated by spaces */
    uint64_t hash;
    uint32_t row;
    uint32_t next; /* the same words in another row, index + 1; 0: none */
    uint16_t len;
    uint8_t token_count;
    uint8_t flags;
    const char *written; /* as in the list */
} mrg_authority_name;

typedef struct mrg_authority_row {
    const char *id, *name; /* as in the list */
    const char *key;       /* of the entity; of a - row "-:" and the folded words */
    mrg_entity_type type;  /* MRG_ENTITY_TYPES: never a name */
    uint32_t line;
    uint32_t first_name, name_count; /* canonical name, then aliases; see mrg_authority_name_at */
    const char **keys;               /* of the archive that are this entity, its own among them */
    uint32_t key_count;
    const char **not_written, **not_words; /* forms it is not, as in the list and folded */
    uint32_t not_count;
} mrg_authority_row;

typedef struct mrg_authority_messages {
    const char *file; /* for messages: "names.tsv:12: ..." */
    void (*message)(void *ctx, const char *line);
    void *ctx;
} mrg_authority_messages;

/* Reads a list. Rows that cannot be taken are told to `messages` (may be NULL) and left out; the others are
   appended to `kept` (may be NULL) as they were. INVALID for what is no list at all (NUL bytes, no UTF-8),
   LIMIT for one that is too large. An empty list is one. */
morgue_status mrg_authority_parse(mrg_authority **out, const char *bytes, size_t len,
                                  const mrg_authority_messages *messages, mrg_buffer *kept, morgue_error *err);
void mrg_authority_free(mrg_authority *authority);

size_t mrg_authority_row_count(const mrg_authority *a);
size_t mrg_authority_skipped(const mrg_authority *a); /* rows that were left out */
const mrg_authority_row *mrg_authority_row_at(const mrg_authority *a, size_t i); /* in the order of keys */
const mrg_authority_name *mrg_authority_name_at(const mrg_authority *a, size_t i);
const mrg_authority_row *mrg_authority_row_of(const mrg_authority *a, const mrg_authority_name *name);

int mrg_authority_has_row(const mrg_authority *a, const mrg_authority_row *row); /* whether it is one of this list's */

/* The row whose entity has this key; NULL if there is none. */
const mrg_authority_row *mrg_authority_of_key(const mrg_authority *a, const char *key, size_t len);

/* The name with just these words, NULL for none; through `next` there are the same of other rows. */
const mrg_authority_name *mrg_authority_find(const mrg_authority *a, const char *words, size_t len);

/* Prepares for mrg_authority_next_with; indexers do without. */
morgue_status mrg_authority_index_words(mrg_authority *a, morgue_error *err);
/* The names that have all of some folded words, in the order of the list. *at is 0 for the first one. NULL: no more. */
const mrg_authority_name *mrg_authority_next_with(const mrg_authority *a, const char *words, size_t len, uint32_t *at);

/* Whether the row says that it is not that. */
int mrg_authority_is_not(const mrg_authority_row *row, const char *words, size_t len);

/* The longest name of the list that begins at token `at`: how many tokens it has, 0 for none. */
uint32_t mrg_authority_match(const mrg_authority *a, const char *text, const mrg_tokens *tokens, size_t at,
                             const mrg_authority_row **row);

#endif

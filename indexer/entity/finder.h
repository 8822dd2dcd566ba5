/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Article -> names. A mention is found, given a type, tied to one entity of the article and
 * remembered with its place. Tying entities together across articles is left to keys: the alias table
 * and the fullest form in the article decide the key, and equal keys are the same entity.
 */
#ifndef MRG_FINDER_H
#define MRG_FINDER_H

#include "core/arena.h"
#include "text/tokenize.h"

typedef enum mrg_entity_type {
    MRG_ENTITY_PERSON = 0,
    MRG_ENTITY_ORG,
    MRG_ENTITY_PLACE,
    MRG_ENTITY_EVENT, /* treaties, wars, games, works */
    MRG_ENTITY_TYPES, /* how many types of names there are; as a type: any of them */
    MRG_ENTITY_DATE   /* a date that the text speaks of; has mentions, but is no name and not of any type of names */
} mrg_entity_type;

/* "person", "org", "place", "event"; "date"; else "any". */
const char *mrg_entity_type_name(mrg_entity_type type);

enum { MRG_MENTION_MAX_TOKENS = 15 };

typedef struct mrg_mention {
    uint32_t first_token; /* index into the tokens that were given */
    uint32_t token_count; /* 1 to MRG_MENTION_MAX_TOKENS */
    uint32_t entity;      /* index into entities */
} mrg_mention;

typedef struct mrg_article_entity {
    mrg_entity_type type;
    const char *key;  /* "p:vladimir putin": a type letter (p o l e), a colon, the folded name; at most 120 bytes.
                         Dots of abbreviations and an organisation's legal form ("Corp") are left out.
                         A date's key is d, a colon, and the name */
    const char *name; /* canonical, as written: "Vladimir Putin"; a date's: "2014-03-01", "2014-03", "2014", "1990s" */
    uint32_t mention_count;
    uint32_t weight; /* mentions, those in title and lead counted more; at least mention_count */
} mrg_article_entity;

typedef enum mrg_attribute_kind {
    MRG_ATTRIBUTE_AGE = 0, /* "69", "62": digits, 1 to 120 */
    MRG_ATTRIBUTE_ROLE,    /* "Russian President", "NATO secretary general": as written, without an article */
    MRG_ATTRIBUTE_KINDS
} mrg_attribute_kind;

enum { MRG_ATTRIBUTE_MAX_BYTES = 80 }; /* longer ones are left out */

/* What the article says of a person. */
typedef struct mrg_attribute {
    uint32_t entity;  /* index into entities: of type PERSON */
    uint32_t mention; /* index into mentions: the one of that entity beside which it stands */
    mrg_attribute_kind kind;
    const char *text; /* as written, white space made single spaces */
    uint32_t first_token, token_count; /* where; never inside a mention of the person */
} mrg_attribute;

/* Strings live in `arena`. Zero-initialise, reuse, dispose. Mentions ascend by first_token and do not
   overlap; entities are distinct by key. Dates come after the names in `entities`, and among them in
   `mentions`. Attributes ascend by mention, then first_token; of one entity no two have the same kind and text. */
typedef struct mrg_found {
    mrg_article_entity *entities;
    size_t entity_count, entity_capacity;
    mrg_mention *mentions;
    size_t mention_count, mention_capacity;
    mrg_attribute *attributes;
    size_t attribute_count, attribute_capacity;
    mrg_arena arena;
} mrg_found;

void mrg_found_dispose(mrg_found *found);

/* A finder belongs to one thread; what it knows is read-only and shared. It keeps the memory that its
   largest article needed. */
typedef struct mrg_finder mrg_finder;

/* All lent: they must outlive the finder. Zero-initialise for the rules alone. */
typedef struct mrg_finder_options {
    const struct mrg_model *model;         /* model.h; NULL: names are found by rules alone */
    const struct mrg_authority *authority; /* authority.h, a user's list; NULL: none */
} mrg_finder_options;

morgue_status mrg_finder_create(mrg_finder **out, const mrg_finder_options *options, morgue_error *err);
void mrg_finder_free(mrg_finder *finder);

/*
 * Finds the names of one article. `text` is the title (title_len bytes, may be 0) and then, after an
 * empty line, the body; `tokens` are those of the title and then of the body. What `found` held is
 * replaced.
 */
morgue_status mrg_finder_run(mrg_finder *finder, const char *text, size_t len, size_t title_len,
                             const mrg_tokens *tokens, mrg_found *found, morgue_error *err);

/*
 * The key of a name that a query gives, through the alias table ("Kiev" -> "l:kyiv"). Appends to `key`
 * without a NUL. `type` may be MRG_ENTITY_TYPES for any: then *type says what the table knows, or stays.
 * Returns non-zero if the alias table knew the name. If it did not, the key is the folded name under
 * the given type, or, for any type, the folded name alone.
 */
int mrg_entity_key(mrg_buffer *key, mrg_entity_type *type, const char *name, size_t len);

/* Whether each of some folded words joined by spaces is a word of a folded name. */
int mrg_words_include(const char *name, size_t name_len, const char *words, size_t len);

/* The letter in keys for a type, and back; MRG_ENTITY_TYPES for an unknown letter. */
char mrg_entity_letter(mrg_entity_type type);
mrg_entity_type mrg_entity_type_of(char letter);

#endif

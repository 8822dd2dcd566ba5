/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An article as a segment stores it: the text that was indexed and the names that were found in it.
 * Entities are in the order of their first mentions.
 * Title, dates and the like are in the catalogue; FORMAT.md has the bytes.
 */
#ifndef MRG_RECORD_H
#define MRG_RECORD_H

#include "core/bytes.h"
#include "entity/finder.h"

/* Appends the record of an article, with names, dates and what is said of people. `text` is the title, then, if there is one, an empty line ("\n\n"),
   then the body; tokens and names as they were found. `found` may be NULL. */
void mrg_record_encode(mrg_buffer *out, const char *text, size_t len, size_t title_len, const mrg_tokens *tokens,
                       const mrg_found *found);

/* A record being read; everything is lent from the record's bytes. */
typedef struct mrg_record {
    const char *text; /* title, empty line, body */
    size_t text_len, title_len, body_begin;
    uint32_t entity_count, mention_count;
    const unsigned char *names, *end; /* where the mentions start; see the walk below */
} mrg_record;

morgue_status mrg_record_decode(mrg_record *out, const void *bytes, size_t len, morgue_error *err);

/* Words between title and body, so that no phrase reaches across. Small, since it is part of every first
   position in a body. */
enum { MRG_TITLE_GAP = 16 };

enum { MRG_RECORD_KEY_BYTES = 128 };

/* Spells the key of a plain name, one of ASCII letters and spaces: its letter, a colon, the name in lower
   case. Returns its length, or 0 if the name is not plain. */
size_t mrg_plain_key(char out[MRG_RECORD_KEY_BYTES], char letter, const char *name, size_t len);

typedef struct mrg_record_entity {
    mrg_entity_type type;
    const char *key, *name; /* not NUL-terminated; key and name may lie in key_bytes, so copies need care */
    size_t key_len, name_len;
    uint32_t more_weight; /* beyond its mentions */
    char key_bytes[MRG_RECORD_KEY_BYTES];
} mrg_record_entity;

/* One mention: bytes [begin, end) of the text. Entities are numbered as they come, from 0; the first
   mention of one brings what there is to know of it. */
typedef struct mrg_record_mention {
    uint32_t number, begin, end;
    int is_first; /* then `entity` is filled */
    mrg_record_entity entity;
} mrg_record_mention;

/* All mentions in text order. */
typedef struct mrg_record_walk {
    const mrg_record *record;
    mrg_reader r; /* failed: the bytes are damaged, and the walk has ended */
    uint32_t left, seen, end;
} mrg_record_walk;
void mrg_record_walk_init(mrg_record_walk *walk, const mrg_record *record);
int mrg_record_walk_next(mrg_record_walk *walk, mrg_record_mention *out); /* 0 at the end */

/* What the article says of a person, at bytes [begin, end) of the text: an age in digits, or a role. */
typedef struct mrg_record_attribute {
    uint32_t number; /* of the person, as mentions have it */
    mrg_attribute_kind kind;
    uint32_t begin, end;
} mrg_record_attribute;

/* All attributes in the order of the mentions that they stand beside. They lie behind the mentions, so a walk that has
   come to its end says where they begin. */
typedef struct mrg_record_attributes {
    mrg_record_walk mentions;
    mrg_record_mention mention; /* the one at hand */
    mrg_reader r;               /* failed: the bytes are damaged */
} mrg_record_attributes;
void mrg_record_attributes_init(mrg_record_attributes *it, const mrg_record_walk *ended);
int mrg_record_attributes_next(mrg_record_attributes *it, mrg_record_attribute *out); /* 0 at the end */

#endif

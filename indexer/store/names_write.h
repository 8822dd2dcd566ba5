/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The write side of the names: what articles add to and take from them is first summed in memory (a
 * delta), then applied to the database. Workers make a delta a batch; they are merged as they come.
 */
#ifndef MRG_NAMES_WRITE_H
#define MRG_NAMES_WRITE_H

#include "store/names.h"
#include "store/record.h"

#define MRG_NAMES_PREFIX_KEY "Q"
#define MRG_NAMES_PREFIX_WORD "N"
#define MRG_META_NAMES "morgue-names"

enum { MRG_NAME_MAX_FORMS = 64 }; /* of one entity; the rarest are forgotten */

void mrg_name_encode(mrg_buffer *out, const mrg_name *name);
morgue_status mrg_name_decode(mrg_name *out, const void *bytes, size_t len, mrg_arena *arena, morgue_error *err);
morgue_status mrg_name_words(mrg_buffer *out, mrg_tokens *tokens, const char *text, size_t len, morgue_error *err);

typedef struct mrg_names_delta mrg_names_delta;
mrg_names_delta *mrg_names_delta_create(void); /* NULL when memory ran out */
void mrg_names_delta_free(mrg_names_delta *delta);
size_t mrg_names_delta_count(const mrg_names_delta *delta);
size_t mrg_names_delta_bytes(const mrg_names_delta *delta); /* of memory, about */

/* Counts the names of one article in (sign = 1) or out (sign = -1). `day` is YYYYMMDD or 0. */
morgue_status mrg_names_delta_add(mrg_names_delta *delta, const mrg_record *record, uint32_t day, int sign,
                                  morgue_error *err);
/* Counts in the names of an article that has just been read, as its record will have them. */
morgue_status mrg_names_delta_add_found(mrg_names_delta *delta, const char *text, const mrg_tokens *tokens,
                                        const mrg_found *found, uint32_t day, morgue_error *err);
morgue_status mrg_names_delta_merge(mrg_names_delta *into, const mrg_names_delta *from, morgue_error *err);

/* Writes the sums into the database, within the caller's transaction. Entities without articles go. */
morgue_status mrg_names_delta_apply(const mrg_names_delta *delta, xapian_writable *names, morgue_error *err);

#endif

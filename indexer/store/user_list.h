/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's list of names (entity/authority.h) as an archive keeps it: metadata of the catalogue, so that it
 * is part of the same commit as everything else. FORMAT.md has the bytes.
 */
#ifndef MRG_USER_LIST_H
#define MRG_USER_LIST_H

#include "core/buffer.h"
#include "entity/authority.h"
#include "xapian_c.h"

#define MRG_META_LIST "morgue-list"

/* Of the deflated list, which one metadata value can hold. */
enum { MRG_USER_LIST_MAX_BYTES = 24 << 20 };

/* Appends the value for a list's text: LIMIT if it is too large. */
morgue_status mrg_user_list_encode(mrg_buffer *out, const void *text, size_t len, morgue_error *err);

/* Appends the text again. */
morgue_status mrg_user_list_decode(mrg_buffer *out, const void *value, size_t len, morgue_error *err);

/* The list of a value; *out is NULL for an empty value, which means that there is none. */
morgue_status mrg_user_list_open(mrg_authority **out, const void *value, size_t len, morgue_error *err);

/* Reads a file: its rows as an authority, and the value to be kept. */
morgue_status mrg_user_list_read_file(mrg_authority **out, mrg_buffer *value, const char *path,
                                      void (*message)(void *ctx, const char *line), void *ctx, morgue_error *err);

#endif

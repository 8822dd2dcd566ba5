/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When crawlers fetched a page: the first time and the last. Metadata of the catalogue, by the article's id, or by the
 * address that a crawler knows where an article has another id; see FORMAT.md.
 */
#ifndef MRG_CAPTURE_H
#define MRG_CAPTURE_H

#include "core/buffer.h"
#include "core/error.h"
#include "xapian_c.h"

#define MRG_META_CAPTURE_PREFIX "morgue-capture:"

/* Two hashes of an id or address: 128 bits do not collide by chance. */
typedef struct mrg_capture_name {
    uint64_t hash[2];
} mrg_capture_name;

typedef struct mrg_capture {
    int is_alias;          /* the times are under another name */
    mrg_capture_name name; /* then this one */
    int64_t first, last;   /* seconds since 1970, UTC; first <= last */
} mrg_capture;

mrg_capture_name mrg_capture_name_of(const char *id);
void mrg_capture_key(mrg_buffer *out, mrg_capture_name name);
void mrg_capture_encode(const mrg_capture *capture, mrg_buffer *out);
morgue_status mrg_capture_decode(mrg_capture *out, const void *bytes, size_t len, morgue_error *err);

/* What is known under a name; NOT_FOUND without a message if nothing is. */
morgue_status mrg_capture_read(mrg_capture *out, const xapian_database *catalogue, mrg_capture_name name,
                               morgue_error *err);

#endif

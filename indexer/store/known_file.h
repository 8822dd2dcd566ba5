/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the archive remembers of a file that articles came from: so that it is not read again while it is as it
 * was, and that its articles go when it goes. Metadata of the catalogue, so that one commit holds for both; see
 * FORMAT.md.
 */
#ifndef MRG_KNOWN_FILE_H
#define MRG_KNOWN_FILE_H

#include "core/buffer.h"
#include "core/error.h"
#include "xapian_c.h"

#define MRG_META_FILE_PREFIX "morgue-file:"

typedef struct mrg_docid_range {
    uint32_t first, last;
} mrg_docid_range;

/* Zero-initialise, then dispose. */
typedef struct mrg_known_file {
    mrg_buffer path; /* as it was given */
    uint64_t size;
    int64_t mtime_ns;  /* 0: too young to be trusted when it was read */
    uint32_t checksum; /* CRC-32 of its bytes */
    uint64_t settings; /* a hash of the options that it was read with */
    uint64_t article_count;
    mrg_docid_range *ranges; /* docids of its articles; may overlap */
    size_t range_count, range_capacity;
} mrg_known_file;

void mrg_known_file_dispose(mrg_known_file *file);

/* Adds the docid of an article. 0, or -1 when memory ran out. */
int mrg_known_file_add(mrg_known_file *file, uint32_t docid);

/* The metadata key of a path. */
void mrg_known_file_key(mrg_buffer *out, const char *path);
void mrg_known_file_encode(const mrg_known_file *file, mrg_buffer *out);
morgue_status mrg_known_file_decode(mrg_known_file *out, const void *bytes, size_t len, morgue_error *err);

/* Reads what is known of a path; NOT_FOUND without a message if nothing is. */
morgue_status mrg_known_file_read(mrg_known_file *out, const xapian_database *catalogue, const char *path,
                                  morgue_error *err);

#endif

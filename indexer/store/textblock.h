/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Encoded text blocks, from the inside. segment.h has how they are made. */
#ifndef MRG_TEXTBLOCK_H
#define MRG_TEXTBLOCK_H

#include "core/bytes.h"
#include "store/segment.h"

enum { MRG_TEXT_BLOCK_MAX_BYTES = 0x7fffffff }; /* of a block's records together */

/* The head of an encoded block, lent from its bytes. */
typedef struct mrg_text_head {
    uint32_t record_count;
    size_t raw_len;
    const unsigned char *lengths; /* varints, one a record */
    const unsigned char *packed, *end;
    int is_zstd; /* else raw deflate */
} mrg_text_head;

/* Checks the block's checksum and that the lengths make raw_len. `what` gets a reason after a failure. */
morgue_status mrg_text_head_read(mrg_text_head *head, const void *bytes, size_t len, morgue_error *err);

/* Makes `out` the block's records, one after the other. */
morgue_status mrg_text_unpack(const mrg_text_head *head, mrg_buffer *out, morgue_error *err);

/* Appends a block of empty records. */
morgue_status mrg_text_block_encode_empty(uint32_t record_count, mrg_buffer *out, morgue_error *err);

#endif

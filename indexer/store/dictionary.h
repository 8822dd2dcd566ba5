/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment's terms in byte order, in front-coded blocks, and the index of these. segment.h has how they
 * are looked up; this is how they are made, and what the segment's check needs.
 */
#ifndef MRG_DICTIONARY_H
#define MRG_DICTIONARY_H

#include "store/segment_layout.h"

/* Zero-initialise, then dispose. A failure shows in blocks.failed or index.failed. */
typedef struct mrg_dictionary_builder {
    mrg_buffer blocks, index, info;
    unsigned char last_key[MRG_KEY_MAX_BYTES];
    size_t last_len;
    uint64_t base; /* offset of the lists of this block's terms */
    uint64_t term_count;
    uint32_t block_count;
} mrg_dictionary_builder;

void mrg_dictionary_builder_dispose(mrg_dictionary_builder *b);
/* Keys ascend. `lists_offset`: the length of the postings section before this term's list. */
void mrg_dictionary_add(mrg_dictionary_builder *b, const void *key, size_t len, const mrg_term_info *info,
                        uint64_t lists_offset);

/* The extent of a block of terms. */
morgue_status mrg_dictionary_block(const mrg_segment *segment, uint32_t block, const unsigned char **begin,
                                   const unsigned char **end, morgue_error *err);
/* The number that the index holds for a key: its first 8 bytes, big-endian, filled up with zeros. */
uint64_t mrg_dictionary_head(const void *key, size_t len);

#endif

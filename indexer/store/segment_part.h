/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of a range of terms, encoded in memory, so that several threads can make those of one segment: each a part,
 * which the segment's writer takes one after the other.
 */
#ifndef MRG_SEGMENT_PART_H
#define MRG_SEGMENT_PART_H

#include "core/arena.h"
#include "store/postings.h"

typedef struct mrg_part_term {
    const unsigned char *key;
    size_t key_len;
    uint64_t begin;     /* of its list, in the part's bytes */
    mrg_term_info info; /* with an offset in the part's bytes */
} mrg_part_term;

/* Zero-initialise, reuse, dispose. */
typedef struct mrg_segment_part {
    mrg_buffer bytes;
    mrg_part_term *terms; /* in order; whoever adds the part may still mark stems */
    size_t count, capacity;
    mrg_arena arena; /* keys, and lists that go into the dictionary */
    /* private from here */
    uint32_t first_docid, doc_count;
    const uint32_t *words, *title_words;
    mrg_list_writer list;
} mrg_segment_part;

void mrg_segment_part_dispose(mrg_segment_part *part);
/* Empties it, for terms of this segment, all of whose lengths have been added; these are lent to it. */
void mrg_segment_part_start(mrg_segment_part *part, const mrg_segment_writer *w);
/* As with the writer's own, but for what is not checked: keys ascend, docids do, and positions. */
morgue_status mrg_segment_part_start_term(mrg_segment_part *part, const void *key, size_t len, morgue_error *err);
void mrg_segment_part_add_posting(mrg_segment_part *part, uint32_t docid, uint32_t tf, const uint32_t *positions,
                                  const uint8_t *lengths);
morgue_status mrg_segment_part_end_term(mrg_segment_part *part, morgue_error *err);

/* Its terms come behind all that were added before. */
morgue_status mrg_segment_writer_add_part(mrg_segment_writer *w, const mrg_segment_part *part, morgue_error *err);

#endif

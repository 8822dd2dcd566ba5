/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One term's list: how it is encoded. segment.h has how it is read. Lists are made of blocks of 128
 * postings; a short list is inlined in the dictionary, one of a single block has no skip table.
 */
#ifndef MRG_POSTINGS_H
#define MRG_POSTINGS_H

#include "store/segment_layout.h"

/* Eight bits for a number in an impact: exact below 32, then 4 bits behind the leading one. Frequencies are
   rounded up, and 255 is "any"; lengths are rounded down. */
static inline uint32_t mrg_impact_words(unsigned code)
{
    return code < 32 ? code : (16u + (code & 15)) << ((code >> 4) - 1);
}
static inline uint32_t mrg_impact_tf(unsigned code)
{
    return code == 255 ? UINT32_MAX : mrg_impact_words(code);
}
unsigned mrg_impact_code_words(uint32_t words);
unsigned mrg_impact_code_tf(uint32_t tf);

/* Up to MRG_SKIP_IMPACTS pairs that dominate (tfs[i], words[i]): codes[2k] of tf, codes[2k + 1] of words.
   Returns how many. */
size_t mrg_impacts_make(const uint32_t *tfs, const uint32_t *words, size_t count,
                        unsigned char codes[2 * MRG_SKIP_IMPACTS]);

/* Bytes that v needs, 0 for 0; the numbers of a skip table are no wider than their list needs. */
static inline unsigned mrg_byte_width(uint64_t v)
{
    return v ? (71u - (unsigned)__builtin_clzll(v)) / 8 : 0;
}

/* The list being written. Zero-initialise, reuse, dispose. */
typedef struct mrg_list_writer {
    int field;
    uint32_t first_docid, doc_count; /* doc_count: of the list */
    unsigned last_width;             /* bytes of a docid in the skip table */
    uint64_t occurrence_count;
    uint32_t max_tf, max_position;   /* max_position: of all lists */
    uint32_t last_docid, base;       /* base: the docid before the block */
    uint32_t count;                  /* postings in the block */
    uint32_t docids[MRG_POSTING_BLOCK], tfs[MRG_POSTING_BLOCK], words[MRG_POSTING_BLOCK];
    uint32_t *places;                /* differences of the block's positions */
    uint32_t *place_lengths;         /* lengths less 1 */
    size_t place_count, place_capacity, length_capacity;
    mrg_buffer skips, docs, out;     /* skips: the table, still wide; out: ready for the file */
    uint64_t place_bytes;            /* of the list's positions so far, all through out */
    morgue_status failed;            /* the first failure that no buffer has */
} mrg_list_writer;

void mrg_list_writer_dispose(mrg_list_writer *w);
void mrg_list_start(mrg_list_writer *w, int field, uint32_t first_docid, uint32_t segment_docs);
/* The docid is above the last one, positions ascend; the caller has checked. `out` may receive bytes for
   the file. Failures (memory) are sticky until start: see mrg_list_failed. */
void mrg_list_add(mrg_list_writer *w, uint32_t docid, uint32_t tf, uint32_t words, const uint32_t *positions,
                  const uint8_t *lengths);
/* Ends the list: `out` has its last bytes for the file, of which the head, that the dictionary points
   to, starts at *head; or, when it is short, nothing, and info->inline_bytes lends the list until the
   next start. offset is left to the caller. */
void mrg_list_end(mrg_list_writer *w, mrg_term_info *info, uint64_t *head);
morgue_status mrg_list_failed(const mrg_list_writer *w); /* OK, NOMEM, LIMIT */

/* CORRUPT: what is wrong with the list, and where. */
morgue_status mrg_postings_fail(const mrg_postings *p, const unsigned char *at, const char *what, morgue_error *err);

/* Of a list with a skip table. */
static inline const unsigned char *mrg_skip_entry(const mrg_postings *p, uint32_t block)
{
    return p->skips + (size_t)p->skip_bytes * block;
}

/* A number of a skip entry, of less than 8 bytes; 8 are loaded. */
static inline uint64_t mrg_load_narrow(const unsigned char *at, unsigned width)
{
    return mrg_load_u64(at) & (((uint64_t)1 << 8 * width) - 1);
}

#endif

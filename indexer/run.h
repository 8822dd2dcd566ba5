/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run: the inverted index of one batch of articles, in memory. Workers make runs side by side;
 * segment_build.c merges neighbouring ones into a segment. (Single-pass in-memory indexing: Heinz and
 * Zobel 2003.)
 *
 * While a batch is read, every occurrence is a pair (term number, place) in two flat arrays. A counting
 * sort by term then brings each term's occurrences together, in order of article and position, without
 * a list or an allocation a term.
 */
#ifndef MRG_RUN_H
#define MRG_RUN_H

#include <string.h>

#include "core/arena.h"
#include "entity/finder.h"
#include "store/segment.h"

/* One term of a run. The terms ascend by key, then by language. */
typedef struct mrg_run_term {
    const unsigned char *key; /* field byte and term */
    uint32_t key_len;
    uint32_t lang;            /* number of the articles' language; words and title words only, else 0 */
    uint32_t doc_count;
    uint32_t docs;            /* offset in run->docs: doc_ord difference and tf */
    uint32_t positions;       /* offset in run->positions */
} mrg_run_term;

typedef struct mrg_run {
    uint32_t first_docid;
    uint32_t doc_count;
    mrg_doc_length *lengths; /* doc_count of them */
    mrg_run_term *terms;
    size_t term_count;
    mrg_arena keys;
    mrg_buffer docs, positions;
    size_t bytes; /* of memory, about */
} mrg_run;

/* The first 8 bytes of a key as a number that orders as they do: most comparisons need no more. */
static inline uint64_t mrg_key_head(const unsigned char *key, size_t len)
{
    uint64_t head = 0;
    if (len >= 8) {
        memcpy(&head, key, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        head = __builtin_bswap64(head);
#endif
        return head;
    }
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < len ? key[i] : 0);
    return head;
}

void mrg_run_free(mrg_run *run);

/* Makes runs, one after the other. Belongs to one thread. */
typedef struct mrg_run_builder mrg_run_builder;
morgue_status mrg_run_builder_create(mrg_run_builder **out, morgue_error *err);
void mrg_run_builder_free(mrg_run_builder *b);

/* Adds the next article. The first `title_count` tokens are the title's. `found` may be NULL. */
morgue_status mrg_run_builder_add(mrg_run_builder *b, const mrg_tokens *tokens, size_t title_count, uint32_t lang,
                                  const mrg_found *found, morgue_error *err);

/* Hands over the run of all articles since the last one, and starts anew. */
morgue_status mrg_run_builder_finish(mrg_run_builder *b, uint32_t first_docid, mrg_run **out, morgue_error *err);

/* Walks the postings of one term. The bytes are our own, so they are not checked. */
typedef struct mrg_run_postings {
    const unsigned char *docs, *positions;
    uint32_t left;
    uint32_t doc_ord, tf;
} mrg_run_postings;
void mrg_run_postings_init(mrg_run_postings *p, const mrg_run *run, const mrg_run_term *term);
int mrg_run_postings_next(mrg_run_postings *p); /* 0 past the end */
/* Reads the positions of the current posting, which must be done for each posting or for none. */
void mrg_run_postings_positions(mrg_run_postings *p, uint32_t *positions, uint8_t *lengths);

#endif

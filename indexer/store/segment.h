/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment: one immutable file with the compressed inverted index and the text of a contiguous range
 * of docids. FORMAT.md describes the bytes. Which segments are live, and which articles in them are
 * deleted, is the catalogue's business.
 *
 * A term is a field byte and the term's bytes.
 */
#ifndef MRG_SEGMENT_H
#define MRG_SEGMENT_H

#include "core/bitset.h"
#include "core/buffer.h"
#include "core/error.h"
#include "store/bitpack.h"

#define MRG_SEGMENT_FORMAT 2 /* what is written; 1 is read too */

enum {
    MRG_FIELD_WORD = 'w',        /* title and body, as written, with positions */
    MRG_FIELD_STEM = 'x',        /* stems of both, no positions; kept only where they differ from the word's own list */
    MRG_FIELD_TITLE_WORD = 't',  /* title alone, with positions */
    MRG_FIELD_TITLE_STEM = 'u',  /* stems sort right after the words that they are made from */
    MRG_FIELD_ENTITY = 'e',      /* an entity's key; positions in title-and-body words, with lengths */
    MRG_FIELD_ENTITY_TYPE = 'y', /* all mentions of a type: "p", "o", "l", "e"; positions with lengths */
    MRG_FIELD_PAIR = 'z',        /* two words, a space between: where one is right behind the other; pairs.h */

    MRG_POSTING_BLOCK = 128,
    MRG_KEY_MAX_BYTES = 255 /* field byte and term */
};

/* What a posting of a term holds, by its field. */
static inline int mrg_field_has_positions(int field)
{
    return field != MRG_FIELD_STEM && field != MRG_FIELD_TITLE_STEM && field != MRG_FIELD_PAIR;
}
static inline int mrg_field_has_lengths(int field)
{
    return field == MRG_FIELD_ENTITY || field == MRG_FIELD_ENTITY_TYPE;
}

/* ---- Text blocks: neighbouring articles' records, compressed together ------------------------ */

/* A block under construction. Records are opaque bytes (record.h). Zero-initialise, reuse, dispose. */
typedef struct mrg_text_block {
    mrg_buffer raw;
    size_t *ends; /* of each record, in raw */
    size_t count, capacity;
    void *compressor; /* private */
} mrg_text_block;

enum { MRG_TEXT_BLOCK_BYTES = 120 << 10 }; /* a block is closed when it has reached this size */

void mrg_text_block_dispose(mrg_text_block *block);
void mrg_text_block_add(mrg_text_block *block, const void *record, size_t len);
/* Appends the encoded block to `out`, and empties the block. Any thread. */
morgue_status mrg_text_block_encode(mrg_text_block *block, mrg_buffer *out, morgue_error *err);

/* ---- Writer: text blocks in docid order first, then lengths, then terms in byte order --------- */

typedef struct mrg_segment_writer mrg_segment_writer;

typedef struct mrg_doc_length {
    uint32_t words;       /* tokens of title and body; 0 for a docid that holds no article */
    uint32_t title_words;
} mrg_doc_length;

typedef struct mrg_segment_summary {
    uint64_t file_bytes, text_bytes; /* text_bytes: stored articles and their index */
    uint32_t first_docid, doc_count; /* the docids first_docid to first_docid + doc_count - 1 */
    uint32_t live_count;             /* of these, that hold an article (words > 0 or a record) */
    uint64_t word_count;             /* sum of lengths */
    uint64_t title_word_count;
    uint32_t checksum;               /* of the footer, which covers the sections' checksums */
} mrg_segment_summary;

/* Writes to `path`, which must not exist. Failures are sticky: later calls return the first one. */
morgue_status mrg_segment_writer_create(mrg_segment_writer **out, const char *path, uint32_t first_docid,
                                        morgue_error *err);
/* How many bytes the lists of pairs (pairs.h) may take, in percent of all other lists; 0: none are made, which is the
   default here. And how many threads make them. Before finish. */
void mrg_segment_writer_set_pairs(mrg_segment_writer *w, unsigned percent, unsigned threads);
/* One encoded block; its records belong to the next docids. */
morgue_status mrg_segment_writer_add_text(mrg_segment_writer *w, const void *encoded, size_t len, uint32_t record_count,
                                          morgue_error *err);
/* One call for each docid, in order; as many as records. */
morgue_status mrg_segment_writer_add_length(mrg_segment_writer *w, mrg_doc_length length, morgue_error *err);
morgue_status mrg_segment_writer_start_term(mrg_segment_writer *w, const void *key, size_t len, morgue_error *err);
/* Docids ascend. `positions`: tf of them ascending, NULL where the field has none; `lengths`: tf
   token counts from 1 to 15, NULL where the field has none. tf is at least 1. */
morgue_status mrg_segment_writer_add_posting(mrg_segment_writer *w, uint32_t docid, uint32_t tf,
                                             const uint32_t *positions, const uint8_t *lengths, morgue_error *err);
/* Says of the word that was started: wherever it occurs, its stem is the word itself. Then its list stands
   in for that of the stem, if there is none. */
void mrg_segment_writer_mark_stem(mrg_segment_writer *w);
/* A term without postings leaves no trace. */
morgue_status mrg_segment_writer_end_term(mrg_segment_writer *w, morgue_error *err);
/* Writes pairs, dictionary and footer, and makes the file durable (fsync, unless `no_sync`). */
morgue_status mrg_segment_writer_finish(mrg_segment_writer *w, int no_sync, mrg_segment_summary *out,
                                        morgue_error *err);
uint64_t mrg_segment_writer_bytes(const mrg_segment_writer *w); /* written so far */
void mrg_segment_writer_free(mrg_segment_writer *w); /* removes the file unless it was finished */

/* ---- Reader ---------------------------------------------------------------------------------- */

typedef struct mrg_segment mrg_segment;

/* Maps the file. Verifies header, footer and the small index sections at once; postings, positions,
   dictionary blocks and text blocks are bounds-checked while decoding (and by check). Segments are
   immutable: any number of threads may read one. */
morgue_status mrg_segment_open(mrg_segment **out, const char *path, morgue_error *err);
void mrg_segment_close(mrg_segment *segment);
/* Gives back the memory of what was read so far, for whoever reads all of a large one. */
void mrg_segment_forget(const mrg_segment *segment);
const mrg_segment_summary *mrg_segment_info(const mrg_segment *segment);
const char *mrg_segment_path(const mrg_segment *segment);

typedef struct mrg_term_info {
    uint32_t doc_count;       /* document frequency */
    uint64_t occurrence_count; /* sum of tf */
    uint32_t max_tf;
    int field;
    int is_stem;              /* of a word or title word: every occurrence has this very word as its stem */
    uint64_t offset;          /* private: where the list is */
    const unsigned char *inline_bytes; /* private: a short list inside the dictionary */
    uint32_t inline_len;
} mrg_term_info;

/* NOT_FOUND leaves err alone (it is no fault). */
morgue_status mrg_segment_find(const mrg_segment *segment, const void *key, size_t len, mrg_term_info *info,
                               morgue_error *err);

/* Walks the dictionary in byte order. Init at the first key >= the given one, then next until *done. */
typedef struct mrg_term_cursor {
    const mrg_segment *segment;
    unsigned char key[MRG_KEY_MAX_BYTES + 1];
    size_t key_len;
    size_t shared;      /* this many leading bytes are as in the key before; 0 for the first */
    mrg_term_info info; /* not after mrg_term_cursor_next_key */
    uint32_t block, index_in_block; /* private from here */
    uint64_t base;
    const unsigned char *p, *end;
    const unsigned char *info_begin, *info_end;
} mrg_term_cursor;
morgue_status mrg_term_cursor_init(mrg_term_cursor *cursor, const mrg_segment *segment, const void *key, size_t len,
                                   int *done, morgue_error *err);
morgue_status mrg_term_cursor_next(mrg_term_cursor *cursor, int *done, morgue_error *err);
/* The same in two steps, for walks that want few of the terms that they pass. */
morgue_status mrg_term_cursor_next_key(mrg_term_cursor *cursor, int *done, morgue_error *err);
morgue_status mrg_term_cursor_read_info(mrg_term_cursor *cursor, morgue_error *err);

/* A bound for some postings: none has a larger tf, nor fewer words in its article. */
enum { MRG_IMPACTS = 4 };
typedef struct mrg_impact {
    uint32_t tf, words;
} mrg_impact;

/* A walk over one term's postings. The struct is the caller's (about 2 KiB; no heap). docid is 0 before
   the first next/seek and UINT32_MAX past the end. */
#define MRG_DOCID_END UINT32_MAX

typedef struct mrg_postings {
    uint32_t docid, tf;
    /* private from here */
    uint32_t in_block, block_len;  /* the posting, and how many are decoded; before the first: UINT32_MAX */
    int tfs_decoded, positions_open;
    const mrg_segment *segment;
    mrg_term_info info;
    uint32_t block_count, next_block; /* the block to decode next */
    uint32_t max_block;            /* where block_max starts to look */
    uint32_t only_last;            /* of a list of one block: its last docid once decoded, else 0 */
    const unsigned char *skips;    /* of a list of several blocks, else NULL */
    uint32_t skip_bytes, last_mask; /* of an entry; of the docid that it starts with */
    unsigned last_width, offset_width, place_width; /* bytes of the numbers in an entry */
    const unsigned char *docs, *docs_end;
    mrg_impact impacts[MRG_IMPACTS]; /* of a list of one block, once asked for */
    size_t impact_count;
    const unsigned char *places, *places_end; /* positions: of the list, of the block once tfs are decoded */
    const unsigned char *tf_data;  /* of the decoded block */
    uint32_t place_count;          /* positions in the block */
    mrg_long_pack block_places;
    const unsigned char *block_lengths;
    unsigned length_width;
    int filtered;                  /* the decoded block was; these are the postings that were kept */
    uint32_t kept_count, kept_next;
    uint32_t docids[MRG_POSTING_BLOCK], tfs[MRG_POSTING_BLOCK];
    uint32_t place_ends[MRG_POSTING_BLOCK]; /* of each posting's positions in the block, once they are open */
    uint8_t kept[MRG_POSTING_BLOCK];
} mrg_postings;

morgue_status mrg_postings_init(mrg_postings *p, const mrg_segment *segment, const mrg_term_info *info,
                                morgue_error *err);
morgue_status mrg_postings_next_block(mrg_postings *p, morgue_error *err); /* private */
morgue_status mrg_postings_seek_far(mrg_postings *p, uint32_t target, morgue_error *err); /* private */
morgue_status mrg_postings_decode_tfs(mrg_postings *p, morgue_error *err); /* private */

/* After the last one, docid is MRG_DOCID_END and stays it. After a failure the walk is over: only init
   makes it usable again. */
static inline morgue_status mrg_postings_next(mrg_postings *p, morgue_error *err)
{
    if (p->in_block + 1 < p->block_len) {
        p->docid = p->docids[++p->in_block];
        return MORGUE_OK;
    }
    return mrg_postings_next_block(p, err);
}

/* Moves to the first docid >= target; does not move if it is there already. Skips blocks undecoded. */
static inline morgue_status mrg_postings_seek(mrg_postings *p, uint32_t target, morgue_error *err)
{
    if (p->docid >= target && p->docid)
        return MORGUE_OK;
    if (p->in_block + 1 < p->block_len && p->docids[p->in_block + 1] >= target) {
        p->docid = p->docids[++p->in_block];
        return MORGUE_OK;
    }
    return mrg_postings_seek_far(p, target, err);
}

/* Frequencies are decoded on demand: call this before reading tf. It is set for the current posting. */
static inline morgue_status mrg_postings_tf(mrg_postings *p, morgue_error *err)
{
    if (!p->tfs_decoded) {
        morgue_status status = mrg_postings_decode_tfs(p, err);
        if (status)
            return status;
    }
    p->tf = p->tfs[p->in_block];
    return MORGUE_OK;
}

/* Keeps postings with base + slope * (words of the article) <= limit * tf, up to the rounding of floats. */
typedef struct mrg_posting_filter {
    float base, slope, limit;
} mrg_posting_filter;

/* Within the block that has the first docid >= target: moves to the first posting from there on that the filter
   keeps, with its tf. If there is none, *found is 0, and docid the block's last one. A block is filtered once, so a
   filter that has become stricter may keep what it should not; one that has become looser may not be used. */
morgue_status mrg_postings_seek_kept(mrg_postings *p, uint32_t target, const mrg_posting_filter *filter, int *found,
                                     morgue_error *err);

/* The next such posting of a block that was filtered; 0 if there is none in it, and nothing has moved. */
static inline int mrg_postings_next_kept(mrg_postings *p, uint32_t target)
{
    uint32_t next = p->kept_next;
    if (!p->filtered)
        return 0;
    while (next < p->kept_count && p->docids[p->kept[next]] < target)
        next++;
    p->kept_next = next;
    if (next == p->kept_count)
        return 0;
    p->in_block = p->kept[next];
    p->docid = p->docids[p->in_block];
    p->tf = p->tfs[p->in_block];
    return 1;
}

/* Adds weight * tf / (tf + base + slope * words of the article) to sums[docid - first] for each posting from `first` to
   before `end`, and moves behind them. */
typedef struct mrg_posting_curve {
    float weight, base, slope;
} mrg_posting_curve;
morgue_status mrg_postings_add_weights(mrg_postings *p, const mrg_posting_curve *curve, uint32_t first, uint32_t end,
                                       float *sums, morgue_error *err);

/* Appends nothing: writes the tf positions of the current posting to `positions` (room for tf) and,
   where the field has them and `lengths` is not NULL, the lengths. */
morgue_status mrg_postings_positions(mrg_postings *p, uint32_t *positions, uint8_t *lengths, morgue_error *err);
/* Of `starts`, which ascend, keeps those with one of the current posting's positions at `offset` behind them. */
morgue_status mrg_postings_keep_starts(mrg_postings *p, uint32_t offset, uint32_t *starts, uint32_t *count,
                                       morgue_error *err);
/* A word of a phrase, at a posting with its tf, and where in the phrase it stands. */
typedef struct mrg_pair_place {
    mrg_postings *word;
    uint32_t offset;
} mrg_pair_place;
/* Where a phrase could begin for both of two words of the same article; `starts` has room for the tf of `a`. Once they
   cannot become `needed` any more, it may stop early. Both fields have positions. */
morgue_status mrg_postings_match_pair(const mrg_pair_place *a, const mrg_pair_place *b, uint32_t needed,
                                      uint32_t *starts, uint32_t *count, morgue_error *err);
/* What bounds the scores of the block that holds the first docid >= target, found without decoding it:
   the block's last docid, and up to MRG_IMPACTS pairs (tf, words) of which at least one dominates every
   posting in it (tf not larger, article not shorter). Past the end: *last_docid = MRG_DOCID_END. */
morgue_status mrg_postings_block_max(mrg_postings *p, uint32_t target, uint32_t *last_docid,
                                     mrg_impact impacts[MRG_IMPACTS], size_t *impact_count, morgue_error *err);

/* The same of all blocks, one after the other: how many there are, and the pairs of one. A list of one block is
   decoded. */
static inline uint32_t mrg_postings_block_count(const mrg_postings *p)
{
    return p->block_count;
}
morgue_status mrg_postings_block_impacts(mrg_postings *p, uint32_t block, mrg_impact impacts[MRG_IMPACTS],
                                         size_t *impact_count, morgue_error *err);

/* Words of the article; 0 outside the range. */
uint32_t mrg_segment_words(const mrg_segment *segment, uint32_t docid);
uint32_t mrg_segment_title_words(const mrg_segment *segment, uint32_t docid);

/* Appends the record of an article to `out`; NOT_FOUND outside the range or for an empty record. The
   whole block is inflated into `cache` (zero-initialised by the caller, disposed with mrg_buffer_dispose
   on cache->raw), which serves the next call when it asks for a neighbour. */
typedef struct mrg_text_cache {
    const mrg_segment *segment;
    uint32_t block;
    mrg_buffer raw;
    uint64_t serial; /* private */
} mrg_text_cache;
morgue_status mrg_segment_record(const mrg_segment *segment, uint32_t docid, mrg_text_cache *cache,
                                 const unsigned char **record, size_t *len, morgue_error *err);

/* ---- Whole segments -------------------------------------------------------------------------- */

/* Every checksum, every list, every text block; terms in order, counts that add up. Each problem is one
   line to `report` (may be NULL); CORRUPT if there was any. */
morgue_status mrg_segment_check(const mrg_segment *segment, void (*report)(void *ctx, const char *line), void *ctx,
                                morgue_error *err);

/* Writes one segment out of neighbours (ascending docid ranges; a gap between two becomes docids
   without articles), without the articles whose docid is set in `deleted` (may be NULL); pairs as in
   mrg_segment_writer_set_pairs. Streams: memory does not grow with the size. `cancelled` (may be NULL) is
   asked now and then. */
morgue_status mrg_segment_merge(const mrg_segment *const *segments, size_t segment_count, const mrg_bitset *deleted,
                                unsigned pair_percent, const char *path, int no_sync, int (*cancelled)(void *ctx),
                                void *ctx, mrg_segment_summary *out, morgue_error *err);

#endif

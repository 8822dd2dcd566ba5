/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matching: a tree of words and phrases -> articles and weights, a posting source for Xapian's matcher.
 *
 * What is sought is a tree of mrg_match_node over a table of terms, the same for all archives and read
 * only while matching (match_terms.c; expand.h adds the words that a pattern stands for). For each segment in turn it becomes a tree of iterators
 * (match_build.c), which yield candidates in docid order (match_iter.c); positions are looked at for
 * candidates alone (phrase.c). match.c is the source: segments one after another, deleted articles,
 * cancelling. Nothing is allocated for a candidate.
 *
 * Pruning: `min_weight` says what a candidate must weigh to matter. Lighter ones may be dropped, by
 * bounds that hold for a list in a segment (MaxScore: Turtle and Flood 1995), for a block of a list
 * (block-max: Ding and Suel 2011), or for a posting by itself, which is settled for a block at once
 * (mrg_postings_seek_kept); heavier or equal ones never are.
 */
#ifndef MRG_MATCH_H
#define MRG_MATCH_H

#include <stdatomic.h>

#include "core/arena.h"
#include "rank.h"
#include "store/snapshot.h"

/* ---- Terms ------------------------------------------------------------------------------------ */

/* A term as it is in each segment of all archives. */
typedef struct mrg_match_term {
    const unsigned char *key; /* field byte and term */
    size_t key_len;
    int fallback;          /* the field whose list of the same string stands in for a missing one; 0: none */
    uint64_t doc_count;    /* over all segments */
    mrg_term_info *infos;  /* by segment; doc_count 0: not there */
} mrg_match_term;

enum { MRG_MATCH_MAX_TERMS = 32768, MRG_MATCH_MAX_PHRASE = 1024 };
#define MRG_NO_TERM UINT32_MAX

typedef struct mrg_match_terms {
    mrg_arena *arena;
    const mrg_segment **segments; /* of all archives, one archive after the other */
    size_t segment_count;
    mrg_match_term *items;
    size_t count, capacity;
    uint32_t *table; /* open hash table of indexes into items, plus 1 */
    size_t table_size;
} mrg_match_terms;

/* `segments` and `arena` are lent for as long as the table lives. */
void mrg_match_terms_init(mrg_match_terms *terms, mrg_arena *arena, const mrg_segment **segments, size_t segment_count);
void mrg_match_terms_dispose(mrg_match_terms *terms);

/* Looks a term up in every segment, once; *index is its place in `items`. LIMIT past MRG_MATCH_MAX_TERMS
   different ones. Terms too long for a key are cut, as they are when indexed. */
morgue_status mrg_match_terms_add(mrg_match_terms *terms, int field, int fallback, const char *text, size_t len,
                                  uint32_t *index, morgue_error *err);

/* In how many articles at least one of the terms stands, by their own counts as if they were independent:
   between the largest and the sum. `doc_count`: of the whole collection. For the idf of ANY and TERMS. */
uint64_t mrg_match_any_doc_count(const mrg_match_terms *terms, const uint32_t *indexes, size_t count,
                                 uint64_t doc_count);

/* ---- What is sought ----------------------------------------------------------------------------- */

typedef enum mrg_match_type {
    MRG_MATCH_TERM,   /* terms[0] */
    MRG_MATCH_PHRASE, /* two or more terms, each at its offset from where the phrase begins */
    MRG_MATCH_AND,    /* all children */
    MRG_MATCH_OR,     /* at least one child */
    MRG_MATCH_NOT,    /* the first child, and none of the others */
    MRG_MATCH_ANY,    /* at least one of the terms, which count as one word: tf is the sum of theirs */
    MRG_MATCH_SPANS   /* `spans` occurs; tf is the number of its occurrences, MRG_SPANS_COUNTED if there are more */
} mrg_match_type;

/*
 * Positional expressions. An occurrence is a stretch of positions, first to last. What occurs:
 *
 *  - TERMS: any of the terms, each of a field with positions. A word ('w', 't') is one position; a mention
 *    ('e', 'y') of L words is L of them.
 *  - ORDERED: an occurrence of each child, in this order, none overlapping the next, with at most `distance`
 *    positions between them in all. It goes from the first of the first to the last of the last.
 *    A phrase is ORDERED of its words at distance 0; "x BEFORE/n y" is ORDERED of two at distance n.
 *  - NEAR: two children that do not overlap, in either order, with at most `distance` positions between.
 *  - OR: whatever occurs of any child.
 *
 * All occurrences count, not just the shortest, so "(a NEAR/5 b) BEFORE/0 c" finds its c after whichever
 * b. Two ways to the same stretch are one occurrence. A node gives at most MRG_SPANS_MAX occurrences in an
 * article, those that begin first; the shape of the tree is bounded by the query's (query.h). Of the whole
 * MRG_SPANS_COUNTED count: more would add next to nothing to the weight, and may be very many.
 * Terms of title fields and others do not belong into one expression with `title` set.
 */
enum { MRG_SPANS_MAX = 1 << 17, MRG_SPANS_COUNTED = 64 };

typedef enum mrg_span_type { MRG_SPAN_TERMS, MRG_SPAN_ORDERED, MRG_SPAN_NEAR, MRG_SPAN_OR } mrg_span_type;

typedef struct mrg_span_node mrg_span_node;
struct mrg_span_node {
    mrg_span_type type;
    uint32_t *terms;     /* TERMS: at least one, in any order */
    size_t term_count;
    uint32_t distance;   /* ORDERED, NEAR */
    mrg_span_node **children; /* ORDERED, OR: at least one; NEAR: two */
    size_t child_count;
};

typedef struct mrg_match_node mrg_match_node;
struct mrg_match_node {
    mrg_match_type type;
    int title;           /* in the title's terms (not for groups), so lengths are the title's */
    uint32_t *terms;     /* ANY: at least one, different */
    uint32_t *offsets;   /* PHRASE: from 0, ascending */
    size_t term_count;
    uint32_t title_term; /* TERM: the same word in the title, for its boost, or MRG_NO_TERM */
    double weight, title_weight; /* idf * (k1 + 1), times how often it is asked for */
    const mrg_span_node *spans;  /* SPANS: lent as the node is */
    mrg_match_node **children;
    size_t child_count;
};

/* ---- Running -------------------------------------------------------------------------------------- */

typedef struct mrg_recency mrg_recency; /* recency.h */

/* What all sources of one search share; theirs for as long as they live. */
typedef struct mrg_match_run {
    mrg_snapshot *const *snapshots; /* the archives, in the order of the database's shards */
    size_t snapshot_count;
    size_t alone;                   /* 1 + which of them alone is searched, by its own docids; 0: all together */
    const mrg_match_terms *terms;
    const uint32_t *since;       /* by archive: a gate opens after these docids; NULL: at once */
    const mrg_recency *recency;  /* what age does to weights; NULL: nothing */
    mrg_rank_curve body, title;
    const atomic_uint *cancels;  /* a count; another value than `cancels_seen` stops the search; may be NULL */
    unsigned cancels_seen;
    int64_t deadline_ns;         /* of CLOCK_MONOTONIC; 0: none */
    morgue_error failure;        /* what a source failed with */
} mrg_match_run;

/* Which archive a shard is; snapshot_count if that cannot be known. */
size_t mrg_match_archive_of(const mrg_match_run *run, const xapian_source_shard *shard);

/* CANCELLED if the search was cancelled or its time is over. */
morgue_status mrg_match_run_check(const mrg_match_run *run, morgue_error *err);

/* A leaf of a Xapian query that matches as `root` does. Both are lent for as long as the query, or
   anything made from it, lives. A failure in the match is in run->failure then. Without a root it is a
   gate: it matches every docid after run->since at no weight, so that a query without words can be cancelled as
   well, and any query be kept to what came since. */
morgue_status mrg_match_query(xapian_query **out, mrg_match_run *run, const mrg_match_node *root, morgue_error *err);

/* The same walk without Xapian, for tests and deletions: segments [first, first + count) of the table. */
typedef struct mrg_match_walk mrg_match_walk;
morgue_status mrg_match_walk_open(mrg_match_walk **out, mrg_match_run *run, const mrg_match_node *root, size_t first,
                                  size_t count, const mrg_bitset *deleted, morgue_error *err);
/* Moves to the first match >= target that weighs at least min_weight (matches that weigh less may turn
   up as well); MRG_DOCID_END past the end. Targets ascend. */
morgue_status mrg_match_walk_seek(mrg_match_walk *walk, uint32_t target, double min_weight, uint32_t *docid,
                                  double *weight, morgue_error *err);
/* *docid is `target` if that matches, else 0; the next seek goes on after it. */
morgue_status mrg_match_walk_check(mrg_match_walk *walk, uint32_t target, double min_weight, uint32_t *docid,
                                   double *weight, morgue_error *err);
void mrg_match_walk_close(mrg_match_walk *walk);

/* How many articles of these segments match, as bounds that cost nothing, and the most that one weighs. */
typedef struct mrg_match_bounds {
    double min, est, max;
    double weight;
} mrg_match_bounds;
void mrg_match_bounds_of(const mrg_match_run *run, const mrg_match_node *node, size_t first, size_t count,
                         double doc_count, double deleted_count, mrg_match_bounds *out);

#endif

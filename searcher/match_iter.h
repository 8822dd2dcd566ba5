/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Iterators over one segment; private to match*.c, phrase.c, spans.c, union.c and or_window.c. A tagged struct and
 * switches instead of function pointers, so that the common paths are inlined.
 *
 * Two steps, so that costly checks come last and seldom: `seek` moves to the next candidate, a docid that
 * may match (words alone), and `confirm` settles whether it does and what it weighs.
 */
#ifndef MRG_MATCH_ITER_H
#define MRG_MATCH_ITER_H

#include "match.h"
#include "places.h"

/* Room for positions, grown to the largest list met and kept from article to article. */
typedef struct mrg_match_scratch {
    uint32_t *starts, *positions;
    uint8_t *lengths;
    size_t start_capacity, position_capacity, length_capacity;
    mrg_places *lists; /* by depth in a positional expression */
    size_t list_count, list_capacity;
    uint32_t tick; /* counts steps towards the next look at the cancel flag */
} mrg_match_scratch;

void mrg_match_scratch_dispose(mrg_match_scratch *scratch);

typedef struct mrg_iter mrg_iter;
typedef struct mrg_union mrg_union;
typedef struct mrg_span_iter mrg_span_iter;
typedef struct mrg_or_window mrg_or_window;

typedef struct mrg_phrase_word {
    mrg_postings postings;
    uint32_t *offsets; /* where in the phrase it stands, ascending */
    uint32_t offset_count;
    int in_pair;       /* a pair with it has a list */
} mrg_phrase_word;

struct mrg_iter {
    mrg_match_type type;
    uint32_t docid;   /* the candidate; 0 before the first, MRG_DOCID_END past the last */
    uint32_t cost;    /* about how many candidates there are */
    double bound;     /* no weight in this segment is above this */
    double score;     /* after a confirm that said yes */
    double weight, title_weight;
    mrg_rank_curve curve;
    const mrg_segment *segment;
    int title;        /* lengths are those of titles */
    /* TERM; PHRASE: the rarest list */
    mrg_postings *postings, *title_postings;
    uint32_t block_last; /* block_bound holds for docids up to this */
    double block_bound;
    double title_bound;  /* what the title can add */
    uint32_t scored;     /* TERM: score is that of this docid */
    /* PHRASE: words rarest first */
    mrg_phrase_word *words;
    uint32_t word_count;
    uint32_t counted;     /* words whose tfs are looked at before any positions are */
    mrg_postings **seeks; /* the lists that `seek` moves, rarest first; the others are in most articles, or in all that
                             have a pair, and left to `confirm` */
    uint32_t seek_count;
    mrg_postings *pairs;  /* of neighbouring words, where there are such lists; each is among `seeks` */
    uint32_t pair_count;
    uint32_t found;       /* where the phrase was confirmed last */
    double need, need_weight;    /* what `need_weight` asks of a tf; phrase.c */
    uint32_t needed_at, words_there, needed_there; /* the docid that it was worked out for */
    mrg_union *any;       /* ANY */
    mrg_span_iter *spans; /* SPANS */
    /* AND, OR, NOT */
    mrg_iter **children; /* in the order of the query, so that sums come out the same everywhere */
    mrg_iter **order;    /* AND: cheapest first; OR: lowest bound first */
    uint32_t child_count;
    uint32_t *heads;     /* OR: docids of `order` */
    double *sums;        /* OR: sums[i] = bounds of order[0] to order[i - 1] */
    uint32_t essential;  /* OR: from here on in `order`, one must match */
    double threshold;    /* OR: what `essential` was worked out for */
    mrg_or_window *window; /* OR of words that are frequent together; made when it is wanted first */
    int windows;         /* OR: such it is */
    mrg_arena *arena;
    mrg_match_run *run;
    mrg_match_scratch *scratch;
};

morgue_status mrg_iter_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err);
morgue_status mrg_iter_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err);

/* The iterators of a node over segment `index` of the table. *out is NULL if nothing can match there. */
morgue_status mrg_iter_build(mrg_iter **out, mrg_match_run *run, mrg_match_scratch *scratch, mrg_arena *arena,
                             const mrg_match_node *node, size_t index, morgue_error *err);

/* spans.c: sets it->spans, cost and bound; spans stays NULL if nothing can match. */
morgue_status mrg_spans_build(mrg_iter *it, mrg_arena *arena, const mrg_span_node *node, size_t segment_index,
                              morgue_error *err);
morgue_status mrg_spans_seek(mrg_iter *it, uint32_t target, morgue_error *err);
morgue_status mrg_spans_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err);

/* Moves it->postings to the first posting >= target that may weigh `needed` by its own tf and, for words, certainly
   does with its title. For TERM, `score` is the weight there; for PHRASE, what it is at most. */
morgue_status mrg_iter_seek_heavy(mrg_iter *it, uint32_t target, double needed, morgue_error *err);

/* or_window.c: moves an OR to the next docid >= target that may weigh min_weight; only where it->windows. */
morgue_status mrg_or_window_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err);

/* phrase.c */
morgue_status mrg_phrase_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err);
/* Both at once: moves to the next article in which the phrase stands; a confirm there costs nothing. */
morgue_status mrg_phrase_find(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err);
morgue_status mrg_phrase_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err);

/* Whether an article of that many words, where something stands `tf` times, weighs enough. */
int mrg_iter_heavy_enough(const mrg_iter *it, uint32_t tf, uint32_t words, double min_weight);

/* Room for rounding where a bound is compared: a sum of bounds may come out lower than the same sum of
   exact weights in another order, by far less than this share. */
static inline int mrg_below(double bound, double min_weight)
{
    return bound < min_weight * (1 - 1e-9);
}

static inline uint32_t mrg_iter_words(const mrg_iter *it, uint32_t docid)
{
    return it->title ? mrg_segment_title_words(it->segment, docid) : mrg_segment_words(it->segment, docid);
}

/* Moves a list; the cheap cases without a call. */
static inline morgue_status mrg_list_seek(mrg_postings *p, uint32_t target, morgue_error *err)
{
    if (p->docid >= target && p->docid)
        return MORGUE_OK;
    return mrg_postings_seek(p, target, err);
}

#endif

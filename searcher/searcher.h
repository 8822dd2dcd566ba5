/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a searcher has open, for the files that answer queries. The public side is morgue.h; parsing is
 * query.h, planning plan.h, matching match.h, what comes out results.h.
 */
#ifndef MRG_SEARCHER_H
#define MRG_SEARCHER_H

#include <stdatomic.h>

#include "rank.h"
#include "store/snapshot.h"
#include "text/stem.h"
#include "versions.h"

typedef struct mrg_calendar mrg_calendar; /* recency.h */
typedef struct mrg_known_fields mrg_known_fields; /* known_fields.h */
typedef struct mrg_view mrg_view;

/* All archives at one time. Results keep the view that they came from, so a refresh does not disturb
   them; the count needs no lock, because a searcher and its results belong to one thread. */
struct mrg_view {
    unsigned references;
    mrg_snapshot **snapshots;
    size_t snapshot_count;
    const mrg_segment **segments; /* of all archives, one archive after the other */
    size_t segment_count;
    xapian_database *database;    /* all catalogues as one */
    int database_owned;           /* else it is that of the only snapshot */
    uint64_t article_count;
    uint64_t doc_count, word_count, title_word_count; /* of the segments, for ranking */
    mrg_calendar *calendar;       /* once it was asked for */
    mrg_view_versions *versions;  /* by archive; once they were asked for */
    mrg_known_fields *fields;     /* once there were hits */
};

morgue_status mrg_view_open(mrg_view **out, const char *const *paths, size_t path_count, morgue_error *err);
mrg_view *mrg_view_retain(mrg_view *view);
void mrg_view_release(mrg_view *view);

/* The first archive that has an article with this id, and its docid there; NOT_FOUND when none has. */
morgue_status mrg_view_find(const mrg_view *view, const char *id, size_t *archive, uint32_t *docid, morgue_error *err);

/* A docid of the whole as archive and docid there. */
static inline size_t mrg_view_shard(const mrg_view *view, uint32_t docid, uint32_t *local)
{
    uint32_t n = (uint32_t)view->snapshot_count;
    *local = (docid - 1) / n + 1;
    return (docid - 1) % n;
}

/* Stemmers by language, made when first asked for. */
enum { MRG_STEMMERS = 8 };
typedef struct mrg_stemmer_set {
    char langs[MRG_STEMMERS][16];
    mrg_stemmer *items[MRG_STEMMERS];
    size_t count;
} mrg_stemmer_set;

/* Lent until the stemmers are disposed of, or MRG_STEMMERS other languages were asked for. */
morgue_status mrg_stemmer_set_get(mrg_stemmer_set *stemmers, const char *lang, mrg_stemmer **out, morgue_error *err);
void mrg_stemmer_set_dispose(mrg_stemmer_set *stemmers);

struct morgue_searcher {
    mrg_view *view;
    mrg_stemmer_set stemmers;
    mrg_rank_params rank;
    mrg_buffer cursor;   /* as it was last given */
    atomic_uint cancels; /* grows with each cancel */
    unsigned pinned;     /* what it was at mrg_searcher_pin() */
    int is_pinned;
};

/* What `cancels` is when a call begins: another value stops it. */
unsigned mrg_searcher_cancels(const morgue_searcher *searcher);
/* For a whole series of calls: what cancels one of them cancels all that follow, until it is unpinned. Else a
   cancel that comes between two of them would be lost. */
void mrg_searcher_pin(morgue_searcher *searcher);
void mrg_searcher_unpin(morgue_searcher *searcher);

/* Opens the archives anew, at their last commit. What was open stays if that fails. */
morgue_status mrg_searcher_reopen(morgue_searcher *searcher, morgue_error *err);
/* Whether any archive has a newer commit. */
morgue_status mrg_searcher_changed(morgue_searcher *searcher, int *changed, morgue_error *err);

/* After a failure: whether newer commits may be its cause, and another try on them is worth it; then they have
   been opened. `overtaken`: they are known to be the cause. A writer that commits many times a second may overtake
   more than one try. */
enum { MRG_TRIES_AGAIN = 5 };
int mrg_searcher_try_again(morgue_searcher *searcher, morgue_status status, int overtaken);

#endif

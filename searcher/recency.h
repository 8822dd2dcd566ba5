/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recency: what an article weighs is multiplied by 0.5^(age / half-life). Age is counted in days of UTC before
 * the newest article of all opened archives, not before today, so that the same archives give the same
 * answer at any time. An article without a date counts as old as the oldest. Past MRG_RECENCY_HALVES half-lives
 * nothing gets lighter, so that relevance still decides among what is very old.
 *
 * No factor is above 1, so all bounds that pruning goes by hold as they are, and the answer is exact. Leaves of
 * words apply the factor as they deliver (match_source.c). What Xapian weighs itself is listed in advance with its
 * weights, and the list is the leaf.
 */
#ifndef MRG_RECENCY_H
#define MRG_RECENCY_H

#include "match.h"
#include "searcher.h"

enum { MRG_RECENCY_HALVES = 1000, MRG_RECENCY_BLOCK = 1024 };

typedef struct mrg_archive_days {
    int32_t *days;   /* since 1970, by docid - 1 */
    int32_t *latest; /* the latest of each MRG_RECENCY_BLOCK of them */
    uint32_t count;
} mrg_archive_days;

/* The days of all articles of a view. */
struct mrg_calendar {
    mrg_archive_days *archives;
    size_t archive_count;
    int32_t oldest, newest;
};
void mrg_calendar_free(mrg_calendar *calendar);

/* Read from the catalogues when it is first asked for (about 0.1 s a million articles), then kept by the view. */
morgue_status mrg_calendar_get(mrg_view *view, const mrg_calendar **out, morgue_error *err);

struct mrg_recency {
    const mrg_calendar *calendar;
    double half_life_days;
};

double mrg_recency_factor(const mrg_recency *recency, size_t archive, uint32_t docid);

/* The most that an article of this archive may be multiplied by. */
double mrg_recency_bound(const mrg_recency *recency, size_t archive);

/* The first docid >= `docid` that may reach min_weight if it weighs no more than `bound` before its age
   counts; MRG_DOCID_END for none. */
uint32_t mrg_recency_skip(const mrg_recency *recency, size_t archive, uint32_t docid, double bound, double min_weight);

/* Replaces *query, which Xapian weighs as `rank` says, by one with the same matches, each weight times its factor.
   `run` says what recency that is; it and `arena` are lent for the life of the query. On failure *query is NULL. */
morgue_status mrg_recency_apply(xapian_query **query, mrg_match_run *run, mrg_arena *arena, const mrg_view *view,
                                const mrg_rank_params *rank, morgue_error *err);

/* Appends a line that says what the half-life is and what day it counts from. */
void mrg_recency_describe(const mrg_recency *recency, mrg_buffer *out);

#endif

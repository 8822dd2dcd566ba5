/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of an answer that a session (session.c) hands over: each owns what it tells, so that the thread that takes
   it and the session's own have nothing in common. */
#ifndef MRG_PART_H
#define MRG_PART_H

#include "core/arena.h"
#include "morgue.h"

struct morgue_part {
    morgue_part_kind kind;
    uint64_t ticket;
    morgue_part *next; /* in the session's queue */
    morgue_error error;
    morgue_session *session;   /* of a page: whose searcher this is */
    morgue_searcher *searcher; /* that the results are of; goes back to the session */
    morgue_results *results;
    uint64_t count;
    const char *suggestion;
    morgue_facet facet;
    const morgue_facet_value *values;
    size_t value_count, value_total;
    const morgue_associate *names;
    size_t name_count;
    mrg_arena arena;
};

/* NULL when memory ran out. */
morgue_part *mrg_part_create(morgue_part_kind kind, uint64_t ticket);
/* Copies of what results lend. */
morgue_status mrg_part_set_suggestion(morgue_part *part, const char *text, morgue_error *err);
morgue_status mrg_part_set_facet(morgue_part *part, morgue_facet facet, const morgue_facet_value *values, size_t count,
                                 size_t total, morgue_error *err);
morgue_status mrg_part_set_names(morgue_part *part, const morgue_associate *names, size_t count, morgue_error *err);

/* Takes a searcher back whose results were freed; any thread. session.c */
void mrg_session_give_back(morgue_session *session, morgue_searcher *searcher);

#endif

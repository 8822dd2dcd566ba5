/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be said of all articles that match, not just of a page: how often each name, source or month
 * occurs among them (facet.c), and which names they are about (associate.c). overview.c collects the matching
 * articles once, overview_count.c counts what they have.
 */
#ifndef MRG_OVERVIEW_H
#define MRG_OVERVIEW_H

#include "results.h"
#include "tally.h"

enum { MRG_FACETS = MORGUE_FACET_DAY + 1 };

/* What a call gave away; it stays until the same is asked again. */
typedef struct mrg_given {
    void *items;
    size_t count;
    mrg_arena arena;
} mrg_given;

typedef struct mrg_overview {
    morgue_results *results;  /* whose view and query are counted: those that were asked, or `renewed` */
    morgue_results *renewed;  /* the same question to a newer commit; NULL: not needed */
    mrg_bitset *matches;      /* of each archive; NULL: not collected yet */
    size_t archive_count;
    uint64_t match_count;
    uint32_t tick;
    mrg_given facets[MRG_FACETS], names;
} mrg_overview;
void mrg_overview_free(mrg_overview *overview); /* accepts NULL */

/*
 * Calls `work` with the matches collected. When newer commits have taken away what the results refer to, the
 * same question is put to the newest one, and `work` is called again. Work may take as long as the search might,
 * and is cancelled as the search was.
 */
typedef morgue_status (*mrg_overview_work)(mrg_overview *overview, void *ctx, morgue_error *err);
morgue_status mrg_overview_run(morgue_results *results, mrg_overview_work work, void *ctx, morgue_error *err);

/* To be called in every loop; CANCELLED when it is time to stop. */
morgue_status mrg_overview_tick(mrg_overview *overview, morgue_error *err);

/* ---- Counting (overview_count.c) ----------------------------------------------------------------------- */

/* Counts the matching articles of each term of the catalogue with this prefix, under the term without it. */
morgue_status mrg_overview_count_terms(mrg_overview *overview, const char *prefix, mrg_tally *tally, morgue_error *err);

/* The same for words of a field: articles with the same words count as one, under a key that says nothing; any
   of them is told by `archive` and `docid`. Articles without words are not counted. */
morgue_status mrg_overview_count_words(mrg_overview *overview, const char *prefix, mrg_tally *tally, morgue_error *err);

/* The same for names of some types (bits 1 << MRG_ENTITY_...), under the key of the name that each is shown as. */
morgue_status mrg_overview_count_names(mrg_overview *overview, unsigned types, mrg_tally *tally, morgue_error *err);

/* The canonical name of an entity's key, or the name in the key if no archive tells; in the arena. */
morgue_status mrg_overview_name(const mrg_overview *overview, const char *key, size_t len, mrg_arena *arena,
                                const char **name, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers that are not about articles: one name and what goes with it, all names, ways to go on typing. */
#ifndef MRG_OUTPUT_NAMES_H
#define MRG_OUTPUT_NAMES_H

#include "output.h"

/* --related: looks the name up, searches for it and prints what it is and what goes with it. *found says whether
   there is such a name. */
morgue_status mrg_print_related(const mrg_screen *screen, const mrg_search_args *args, morgue_searcher *searcher,
                                int *found, morgue_error *err);

/* --complete */
morgue_status mrg_print_completions(FILE *out, const mrg_search_args *args, morgue_searcher *searcher, int *found,
                                    morgue_error *err);

/* --names-export: every name, in the form of a list that morgue-index --names takes, or in full as JSON. */
morgue_status mrg_print_all_names(FILE *out, const mrg_search_args *args, morgue_searcher *searcher, int *found,
                                  morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the arguments ask of an opened archive to what is printed, with a pager where it helps, notes and
   errors on standard error, and the exit status. */
#ifndef MRG_OUTPUT_ANSWER_H
#define MRG_OUTPUT_ANSWER_H

#include <signal.h>

#include "morgue.h"
#include "options.h"

enum { MRG_EXIT_FOUND = 0, MRG_EXIT_NOTHING = 1, MRG_EXIT_ERROR = 2 };

/* Set by the program's signal handler; what fails after that is not told. */
extern volatile sig_atomic_t mrg_interrupted;

/* One of the three. *shown (may be NULL): how many hits the page has. */
int mrg_answer(const mrg_search_args *args, morgue_searcher *searcher, size_t *shown);

/* Tells an error; MRG_EXIT_ERROR. */
int mrg_complain_of(const mrg_search_args *args, const morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * morgue-search -i: one question after another, narrowed by what the last answer showed. interactive.c has what
 * the lines mean, interactive_line.c where they come from: a terminal with history and completion, or a pipe.
 */
#ifndef MRG_INTERACTIVE_H
#define MRG_INTERACTIVE_H

#include "morgue.h"
#include "options.h"

/* Until the input ends or the user leaves; the arguments' query, if there is one, is asked first. The exit status. */
int mrg_interactive(const mrg_search_args *args, morgue_searcher *searcher);

/* ---- Lines ---- */

typedef struct mrg_line_source mrg_line_source;

/* All is lent until it is closed; `commands` is what may follow a slash, NULL-terminated. NULL when memory ran out. */
mrg_line_source *mrg_line_open(const mrg_search_args *args, morgue_searcher *searcher, const char *const *commands);
/* The next line without its end, or NULL at the end of input; lent until the next. A line that was interrupted
   is empty. */
const char *mrg_line_read(mrg_line_source *source);
int mrg_line_is_terminal(const mrg_line_source *source);
void mrg_line_close(mrg_line_source *source);

#endif

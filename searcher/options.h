/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-search's command line. */
#ifndef MRG_OPTIONS_H
#define MRG_OPTIONS_H

#include "morgue.h"

typedef enum mrg_search_action { MRG_SEARCH, MRG_SHOW, MRG_HELP, MRG_HELP_QUERY, MRG_VERSION } mrg_search_action;

typedef enum mrg_format {
    MRG_FORMAT_TEXT,
    MRG_FORMAT_JSON,
    MRG_FORMAT_JSONL,
    MRG_FORMAT_TSV,
    MRG_FORMAT_CSV,
    MRG_FORMAT_IDS
} mrg_format;

typedef enum mrg_color { MRG_COLOR_AUTO, MRG_COLOR_ALWAYS, MRG_COLOR_NEVER } mrg_color;

typedef struct mrg_search_args {
    mrg_search_action action;
    const char **archives; /* at least one when there is something to search */
    size_t archive_count;
    char *default_archive; /* what archives[0] is when none was given */
    char *query;           /* the words joined; NULL if there were none */
    const char *show_id;
    mrg_format format;
    mrg_color color;
    int count, explain, null_ends;
    int has_width;
    size_t width; /* 0: do not wrap */
    morgue_search_options search;
} mrg_search_args;

/* 0, or the exit status after a message on standard error. Dispose in either case. */
int mrg_search_args_read(mrg_search_args *out, int argc, char **argv);
void mrg_search_args_dispose(mrg_search_args *args);

extern const char mrg_search_help[];
extern const char mrg_query_help[];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-index's command line. */
#ifndef MRG_INDEX_OPTIONS_H
#define MRG_INDEX_OPTIONS_H

#include "morgue.h"

typedef enum mrg_index_action {
    MRG_INDEX_RUN,
    MRG_INDEX_HELP,
    MRG_INDEX_VERSION,
    MRG_INDEX_LIST_INPUTS
} mrg_index_action;

typedef struct mrg_index_args {
    mrg_index_action action;
    const char *archive;
    char *default_archive; /* what `archive` is when none was given */
    int make_parents;      /* the archive lies in the user's data directory, which may not be there yet */
    const char **fields;   /* NULL-terminated, as are the next three */
    const char **delete_ids;
    const char **delete_queries;
    char **sources; /* the rest of argv */
    int compact, check, stats, stats_json;
    int extract, watch, progress_json, no_progress;
    int quiet, verbose;
    morgue_index_options index;
} mrg_index_args;

/* 0, or the exit status after a message on standard error. Dispose in either case. */
int mrg_index_args_read(mrg_index_args *out, int argc, char **argv);
void mrg_index_args_dispose(mrg_index_args *args);

/* Whether anything is to be written. */
int mrg_index_args_writes(const mrg_index_args *args);

extern const char mrg_index_help[];

#endif

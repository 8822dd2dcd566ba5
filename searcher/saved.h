/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Standing queries: kept by name in the file `saved` of the user's data directory ($XDG_DATA_HOME/morgue, else
 * ~/.local/share/morgue), with the archives that they ask and a cursor, up to which their answers were seen.
 * The file is replaced as a whole, under a lock.
 */
#ifndef MRG_SAVED_H
#define MRG_SAVED_H

#include "morgue.h"
#include "options.h"

typedef struct mrg_saved_query {
    char *name, *query, *lang, *cursor; /* lang: NULL if none was given */
    char **archives;                    /* absolute paths, NULL-terminated */
    int any;
} mrg_saved_query;

typedef struct mrg_saved {
    mrg_saved_query *items;
    size_t count;
} mrg_saved;

/* Zero-initialises and reads; a file that is not there holds none. 0, or -1 after a message. */
int mrg_saved_read(mrg_saved *out);
void mrg_saved_dispose(mrg_saved *saved);
const mrg_saved_query *mrg_saved_find(const mrg_saved *saved, const char *name);

/* What is to become of a query in the file. 0, or -1 after a message. */
int mrg_saved_put(const mrg_saved_query *query);                   /* new, or in place of the old one */
int mrg_saved_forget(const char *name);                            /* 1 if there was none */
int mrg_saved_move(const char *name, const char *cursor);          /* nothing, if it is gone meanwhile */

/* --save, --saved, --list-saved, --forget and --alerts: the exit status. */
int mrg_saved_run(mrg_search_args *args, int (*answer)(const mrg_search_args *args));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-search's command line. */
#ifndef MRG_OPTIONS_H
#define MRG_OPTIONS_H

#include "morgue.h"

typedef enum mrg_search_action {
    MRG_SEARCH,
    MRG_SHOW,
    MRG_SIMILAR,
    MRG_RELATED,
    MRG_COMPLETE,
    MRG_NAMES_EXPORT,
    MRG_INTERACTIVE,
    MRG_SAVE,
    MRG_SAVED,
    MRG_LIST_SAVED,
    MRG_FORGET,
    MRG_ALERTS,
    MRG_HELP,
    MRG_HELP_QUERY,
    MRG_VERSION
} mrg_search_action;

typedef enum mrg_format {
    MRG_FORMAT_TEXT,
    MRG_FORMAT_JSON,
    MRG_FORMAT_JSONL,
    MRG_FORMAT_TSV,
    MRG_FORMAT_CSV,
    MRG_FORMAT_IDS
} mrg_format;

typedef enum mrg_color { MRG_COLOR_AUTO, MRG_COLOR_ALWAYS, MRG_COLOR_NEVER } mrg_color;

typedef enum mrg_timeline_by {
    MRG_TIMELINE_NONE,
    MRG_TIMELINE_AUTO,
    MRG_TIMELINE_DAY,
    MRG_TIMELINE_MONTH,
    MRG_TIMELINE_YEAR
} mrg_timeline_by;

enum { MRG_FACETS = MORGUE_FACET_DAY + 1 };
extern const char *const mrg_facet_names[]; /* NULL-terminated, in the order of morgue_facet */

/* What tsv and csv may hold; mrg_field_names has their names in this order. */
typedef enum mrg_field {
    MRG_FIELD_RANK,
    MRG_FIELD_SCORE,
    MRG_FIELD_DATE,
    MRG_FIELD_ID,
    MRG_FIELD_TITLE,
    MRG_FIELD_SOURCE,
    MRG_FIELD_URL,
    MRG_FIELD_AUTHOR,
    MRG_FIELD_LANG,
    MRG_FIELD_SUBJECT,
    MRG_FIELD_ARCHIVE,
    MRG_FIELD_SNIPPET,
    MRG_FIELD_TEXT,
    MRG_FIELDS
} mrg_field;
extern const char *const mrg_field_names[]; /* NULL-terminated */

typedef struct mrg_search_args {
    int action;            /* a mrg_search_action */
    const char **archives; /* at least one when there is something to search */
    size_t archive_count;
    char *default_archive; /* what archives[0] is when none was given */
    char *query;           /* the words joined; NULL if there were none */
    const char *subject;   /* the id to show or to be similar to, the name, the query to complete */
    int format;            /* a mrg_format */
    int color, links;      /* a mrg_color each */
    int count, explain, exact, cursor, null_ends, no_pager;
    int matches, with_names; /* in json and jsonl */
    morgue_facet facets[MRG_FACETS];
    size_t facet_count;
    int timeline;            /* a mrg_timeline_by */
    int with_timeline, names;
    const char *name_types;  /* of --names; NULL: all */
    int has_top;
    size_t top;              /* values of an overview; 0: all */
    const char *saved;       /* the name of the standing query that this answers */
    int peek;                /* alerts stay new */
    const char *cursor_text; /* where the archives end, for the answer */
    int interactive;         /* between questions: values have numbers, and there is a next page to go to */
    int group, no_group;     /* neither: as the format has it */
    int fields[MRG_FIELDS];  /* of tsv and csv, in order: mrg_field each */
    size_t field_count;
    int has_width, has_limit;
    size_t width; /* 0: do not wrap */
    morgue_search_options search;
} mrg_search_args;

/* 0, or the exit status after a message on standard error. Dispose in either case. */
int mrg_search_args_read(mrg_search_args *out, int argc, char **argv);
void mrg_search_args_dispose(mrg_search_args *args);

/* Whether archives are opened that are named here; standing queries bring their own. */
int mrg_search_args_asks(const mrg_search_args *args);
/* Whether anything but hits is asked for. */
int mrg_search_args_overview(const mrg_search_args *args);
/* How many values of a facet are wanted; 0: all. Dates are not cut off unless that was asked for. */
size_t mrg_search_args_top(const mrg_search_args *args, morgue_facet facet);
/* Whether versions of an article are shown as one. */
int mrg_search_args_group(const mrg_search_args *args);

/* ---- Between options.c and options_check.c ---- */

/* What does not go together, and what follows from what was given. */
int mrg_search_args_check(mrg_search_args *args);

extern const char mrg_search_help[];
extern const char mrg_query_help[];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Overviews of all articles that match: values of fields, a timeline, names. For people, and for programs. */
#ifndef MRG_OUTPUT_OVERVIEW_H
#define MRG_OUTPUT_OVERVIEW_H

#include "output.h"

/* What the arguments ask for, behind the hits if there are any. */
morgue_status mrg_print_overviews(const mrg_screen *screen, const mrg_search_args *args, morgue_results *results,
                                  morgue_error *err);
/* Members of the JSON object, each with a comma before it. */
morgue_status mrg_put_json_overviews(FILE *out, const mrg_search_args *args, morgue_results *results,
                                     morgue_error *err);

/* The same for jsonl: one object a line. */
morgue_status mrg_print_overview_lines(FILE *out, const mrg_search_args *args, morgue_results *results,
                                       morgue_error *err);
/* For tsv and csv: field, value, key and count; or type, name, key, count, everywhere and surprise. */
morgue_status mrg_print_overview_rows(FILE *out, const mrg_search_args *args, morgue_results *results,
                                      morgue_error *err);

/* ---- Timelines ---- */

/* Days, months or years by their numbers, so that gaps can be seen. */
typedef struct mrg_timeline {
    morgue_facet by;                  /* MORGUE_FACET_DAY, _MONTH or _YEAR */
    const morgue_facet_value *values; /* ascending; lent by the results */
    size_t count;
    uint64_t undated; /* articles that have no date, or a less precise one */
} mrg_timeline;

/* By what was asked for, else by the finest that fits on a screen. */
morgue_status mrg_timeline_make(mrg_timeline *out, const mrg_search_args *args, morgue_results *results,
                                morgue_error *err);

enum {
    MRG_TIMELINE_ROWS = 40, /* what a screen may hold, about; when it is more, */
    MRG_TIMELINE_GAP = 3    /* longer runs of nothing are one row */
};

/* From the first day, month or year to the last, both counted. */
int64_t mrg_timeline_span(const mrg_timeline *timeline);

/* The number of a day, month or year, counted from the year 0: what follows it has the next one. -1 if the value
   is not of that form. */
int64_t mrg_timeline_number(morgue_facet by, const char *value);
void mrg_timeline_label(char out[16], morgue_facet by, int64_t number);
/* With its gaps. */
void mrg_print_timeline(const mrg_screen *screen, const mrg_timeline *timeline);

/* ---- Parts ---- */

void mrg_print_names(const mrg_screen *screen, int numbered, const morgue_associate *names, size_t count);
void mrg_put_json_names(FILE *out, const morgue_associate *names, size_t count);
void mrg_put_json_timeline(FILE *out, const mrg_timeline *timeline);
void mrg_print_name_line(FILE *out, int format, const morgue_associate *name);
void mrg_print_timeline_lines(FILE *out, const mrg_search_args *args, const mrg_timeline *timeline);
/* `value` of `max` as a bar of at most `columns` columns; something to see for each value but 0. */
void mrg_put_bar(const mrg_screen *screen, uint64_t value, uint64_t max, size_t columns);

#endif

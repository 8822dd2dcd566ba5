/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * morgue-search's answers: results -> a stream, in the format that was asked for. Each print function
 * returns OK, or what kept it from reading a hit; whether the stream could be written is the caller's to
 * check at the end.
 */
#ifndef MRG_OUTPUT_H
#define MRG_OUTPUT_H

#include <stdio.h>

#include "morgue.h"
#include "options.h"

typedef struct mrg_screen {
    FILE *out;
    int color;
    size_t width; /* 0: lines are not wrapped */
} mrg_screen;

/* What the options, the environment (NO_COLOR, TERM, COLUMNS) and the terminal at `out` say. */
mrg_screen mrg_screen_make(FILE *out, const mrg_search_args *args);

/* All hits of a search, or the one article of --show. */
morgue_status mrg_print_results(const mrg_screen *screen, const mrg_search_args *args, const morgue_results *results,
                                morgue_error *err);

/* "morgue-search: ..." and, for a query error, the query with a caret under the column. */
void mrg_print_error(FILE *out, size_t width, const char *query, const morgue_error *err);

/* ---- For the formats and their tests ---- */

typedef enum mrg_style { MRG_STYLE_PLAIN, MRG_STYLE_BOLD, MRG_STYLE_DIM, MRG_STYLE_MATCH } mrg_style;

/* Writes text in lines no wider than the screen. Zero `column` and `style`, fill in the rest, and put. */
typedef struct mrg_wrapper {
    const mrg_screen *screen;
    size_t indent;  /* of the lines after the first */
    size_t column;  /* where the cursor is */
    size_t waiting; /* spaces to come before the next word, if it is on the same line */
    int filled;     /* something stands on this line */
    mrg_style style;
} mrg_wrapper;

/* Text on one line, in `style`, but for the stretches in `spans`. Breaks at spaces and between wide
   characters, and inside what is longer than a line. */
void mrg_wrap(mrg_wrapper *w, const char *text, size_t len, const morgue_span *spans, size_t span_count,
              mrg_style style);
void mrg_wrap_str(mrg_wrapper *w, const char *text, mrg_style style);
/* Ends the line, and the style. */
void mrg_wrap_end(mrg_wrapper *w);

/* The query on a line and a caret under its character number `column`; no wider than `width`. */
void mrg_print_caret(FILE *out, size_t width, const char *query, int column);

morgue_status mrg_print_text(const mrg_screen *screen, const mrg_search_args *args, const morgue_results *results,
                             morgue_error *err);
morgue_status mrg_print_article(const mrg_screen *screen, const morgue_hit *hit, morgue_error *err);
/* "3 of 12 articles" */
void mrg_print_count_line(FILE *out, size_t shown, size_t offset, uint64_t at_least, uint64_t at_most);

morgue_status mrg_print_json(FILE *out, const mrg_search_args *args, const morgue_results *results, morgue_error *err);
morgue_status mrg_print_jsonl(FILE *out, const mrg_search_args *args, const morgue_results *results, morgue_error *err);
morgue_status mrg_print_json_article(FILE *out, const mrg_search_args *args, const morgue_results *results,
                                     morgue_error *err);

/* tsv, csv and ids */
void mrg_print_rows(FILE *out, const mrg_search_args *args, const morgue_results *results);
void mrg_put_csv(FILE *out, const char *s);

#endif

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
    size_t rows;  /* of the terminal; 0: there is none */
    int utf8;     /* more than ASCII may be drawn */
    int links;    /* OSC 8 */
} mrg_screen;

/* What the options, the environment (NO_COLOR, CLICOLOR, TERM, COLUMNS, LANG, ...) and the terminal at `out` say. */
mrg_screen mrg_screen_make(FILE *out, const mrg_search_args *args);
/* The same, at most `max` columns wide unless the options say a width. */
mrg_screen mrg_screen_narrowed(const mrg_screen *screen, const mrg_search_args *args, size_t max);

/* The hits that are shown: the first of the results; when versions are grouped, as many as it takes to have the
   wanted number of groups. */
typedef struct mrg_page {
    morgue_results *results;
    size_t size;
    const size_t *group_of; /* as morgue_results_group has it; NULL: not grouped */
} mrg_page;
morgue_status mrg_page_make(mrg_page *out, const mrg_search_args *args, morgue_results *results, morgue_error *err);
/* How many hits a search should ask for, so that a page can be made of them. */
size_t mrg_page_limit(const mrg_search_args *args);

/* The page, or the one article of --show. */
morgue_status mrg_print_results(const mrg_screen *screen, const mrg_search_args *args, const mrg_page *page,
                                morgue_error *err);

/* "morgue-search: ..." and, for a query error, the query with a caret under the column. */
void mrg_print_error(FILE *out, size_t width, const char *query, const morgue_error *err);

/* ---- For the formats and their tests ---- */

typedef enum mrg_style {
    MRG_STYLE_PLAIN,
    MRG_STYLE_BOLD,
    MRG_STYLE_DIM,
    MRG_STYLE_MATCH,
    MRG_STYLE_PERSON, /* from here: names, by type */
    MRG_STYLE_ORG,
    MRG_STYLE_PLACE,
    MRG_STYLE_EVENT,
    MRG_STYLE_DATE,
    MRG_STYLE_IN_TEXT = MRG_STYLE_DATE - MRG_STYLE_PERSON + 1 /* added to a type: a name inside a text */
} mrg_style;

/* MRG_STYLE_PLAIN for a type that is not known. */
mrg_style mrg_style_of_type(const char *type);
/* Switches colours; MRG_STYLE_PLAIN ends all of them. */
void mrg_set_style(const mrg_screen *screen, mrg_style style);

/* Whether it may become a link: the web only, and not too long. */
int mrg_is_link(const char *url);
/* Begins a link; "" ends it. Whatever could end it early is percent-encoded. */
void mrg_put_link(const mrg_screen *screen, const char *url);

/* Writes text in lines no wider than the screen. Zero all but `screen`, `indent` and `link`, and put. */
typedef struct mrg_wrapper {
    const mrg_screen *screen;
    size_t indent;    /* of the lines after the first */
    const char *link; /* what follows leads there; NULL: nowhere */
    size_t column;    /* where the cursor is */
    size_t waiting;   /* spaces to come before the next word, if it is on the same line */
    int filled;       /* something stands on this line */
    mrg_style style;
    const char *open_link;
} mrg_wrapper;

typedef struct mrg_text_mark {
    size_t begin, end;
    mrg_style style;
} mrg_text_mark;

/* A text and what is marked in it; both lists ascend. Pieces of it are put from its beginning to its end. */
typedef struct mrg_marked {
    const char *text;
    mrg_style style; /* of what is not marked */
    const morgue_span *matches;
    size_t match_count;
    const mrg_text_mark *marks;
    size_t mark_count;
} mrg_marked;

/* Moves to a column of the first line. */
void mrg_wrap_begin(mrg_wrapper *w, size_t column);
/* text[begin, end) on one line. Breaks at spaces and between wide characters, and inside what is longer than a line. */
void mrg_wrap_marked(mrg_wrapper *w, mrg_marked *text, size_t begin, size_t end);
void mrg_wrap(mrg_wrapper *w, const char *text, size_t len, const morgue_span *spans, size_t span_count,
              mrg_style style);
void mrg_wrap_str(mrg_wrapper *w, const char *text, mrg_style style);
/* Goes on in the next line. */
void mrg_wrap_break(mrg_wrapper *w);
/* Ends the line, and style and link. */
void mrg_wrap_end(mrg_wrapper *w);

/* The query on a line and a caret under its character number `column`; no wider than `width`. */
void mrg_print_caret(FILE *out, size_t width, const char *query, int column);

morgue_status mrg_print_text(const mrg_screen *screen, const mrg_search_args *args, const mrg_page *page,
                             morgue_error *err);
morgue_status mrg_print_article(const mrg_screen *screen, const mrg_search_args *args, const morgue_hit *hit,
                                morgue_error *err);
/* "3 of 12 articles; --offset 3 shows more" */
void mrg_print_count_line(FILE *out, int interactive, size_t shown, size_t offset, uint64_t at_least,
                          uint64_t at_most);

/* The title, leading to the article's address, or what stands in for it. `snippet` may be NULL. */
morgue_status mrg_put_title(mrg_wrapper *w, const morgue_hit *hit, const morgue_snippet *snippet, morgue_error *err);
/* A part of a line, with a dot between it and the one before, or on the next line; nothing for "". */
void mrg_put_part(mrg_wrapper *w, const char *text, mrg_style style);
/* "28 Feb 2017", in full "28 February 2017, 17:00 UTC"; as it is, if it is no such date. */
enum { MRG_DATE_BYTES = 64 };
void mrg_format_date(char out[MRG_DATE_BYTES], const char *date, int in_full);

/* before, "name": and a string. */
void mrg_put_member(FILE *out, const char *before, const char *name, const char *value);
/* The object's first members; without its end. */
void mrg_put_json_head(FILE *out, const mrg_search_args *args);
morgue_status mrg_print_json(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err);
morgue_status mrg_print_jsonl(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err);
morgue_status mrg_print_json_article(FILE *out, const mrg_search_args *args, const morgue_results *results,
                                     morgue_error *err);

/* tsv, csv and ids */
morgue_status mrg_print_rows(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err);
void mrg_put_csv(FILE *out, const char *s, size_t len);

#endif

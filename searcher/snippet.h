/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a query matches in an article's text (snippet_mark.c, snippet_spans.c), and the piece of it that
 * shows this best (snippet.c). Nothing here decides what matches: it repeats on one text what the index found.
 */
#ifndef MRG_SNIPPET_H
#define MRG_SNIPPET_H

#include "core/arena.h"
#include "match.h"
#include "store/record.h"
#include "text/stem.h"

/* ---- What to mark: units of the query ------------------------------------------------------------ */

typedef enum mrg_unit_type {
    MRG_UNIT_STEM,   /* terms[0] is a stem */
    MRG_UNIT_WORDS,  /* these very words, one after the other */
    MRG_UNIT_ENTITY, /* terms are keys of entities */
    MRG_UNIT_SET,    /* any of terms, which are words, names or types as their fields say */
    MRG_UNIT_SPANS   /* a positional expression: the places of its words and names that take part in an occurrence */
} mrg_unit_type;

typedef struct mrg_unit_term {
    const char *text;
    size_t len;
    uint32_t offset; /* WORDS: from the first */
    int field;       /* SET and SPANS */
} mrg_unit_term;

/* Of a SPANS unit; match.h has what it means. */
typedef struct mrg_unit_span {
    mrg_span_type type;
    uint32_t distance;
    mrg_unit_term *terms;
    size_t term_count;
    struct mrg_unit_span **children;
    size_t child_count;
    uint32_t leaf; /* TERMS: its number among those of the marker */
} mrg_unit_span;

typedef struct mrg_unit {
    mrg_unit_type type;
    int title_only;
    int common; /* a function word beside other words: marked, but no reason to show a place */
    mrg_unit_term *terms;
    size_t term_count;
    mrg_unit_span *spans; /* SPANS */
} mrg_unit;

/* Zero-initialise, then dispose. */
typedef struct mrg_marker {
    mrg_arena arena;
    mrg_unit *units;
    size_t count, capacity;
    uint32_t leaf_count; /* TERMS in SPANS units */
} mrg_marker;
void mrg_marker_dispose(mrg_marker *marker);

/* Adds a unit with room for `term_count` terms, to be set with mrg_unit_set; NULL when memory ran out. */
mrg_unit *mrg_marker_add(mrg_marker *marker, mrg_unit_type type, size_t term_count);
int mrg_unit_set(mrg_marker *marker, mrg_unit *unit, size_t i, const char *text, size_t len, uint32_t offset);

/* A unit of what an ANY node has (wildcards, fuzzy words), or a SPANS node, copied. Terms of words, title words,
   entities and entity types can be marked. NULL when memory ran out. */
mrg_unit *mrg_marker_add_set(mrg_marker *marker, const mrg_match_terms *terms, const uint32_t *indexes, size_t count);
mrg_unit *mrg_marker_add_spans(mrg_marker *marker, const mrg_match_terms *terms, const mrg_span_node *spans);

/* ---- Marks in one article -------------------------------------------------------------------------- */

typedef struct mrg_mark {
    uint32_t begin, end; /* bytes of the record's text */
    uint32_t unit;
    int whole; /* all of an occurrence of SPANS, from the first to the last of its parts, which are marks of
                  their own: not to be shown as a match, but what a snippet should hold */
} mrg_mark;

typedef struct mrg_lookup mrg_lookup;

/* Zero-initialise, reuse, dispose. */
typedef struct mrg_marks {
    mrg_tokens tokens; /* of title and body */
    size_t body_token; /* the first one of the body */
    size_t body_begin; /* its first byte */
    mrg_mark *items;   /* ascending by begin, may overlap */
    size_t count, capacity;
    mrg_lookup *lookup; /* private */
} mrg_marks;
void mrg_marks_dispose(mrg_marks *marks);

/* Tokenizes the text and finds all marks. `stemmer` is the one for the article's language. All calls with
   the same `marks` have the same marker, to which nothing is added any more. */
morgue_status mrg_marks_find(mrg_marks *marks, const mrg_marker *marker, const mrg_record *record, mrg_stemmer *stemmer,
                             morgue_error *err);

/* ---- Spans and snippets ------------------------------------------------------------------------------ */

/* The same struct as morgue_span, in arrays that grow. */
typedef struct mrg_spans {
    morgue_span *items;
    size_t count, capacity;
} mrg_spans;
void mrg_spans_dispose(mrg_spans *spans);

/* The marks within text[begin, end) as spans from `begin` on, overlapping ones joined. */
morgue_status mrg_marks_spans(const mrg_marks *marks, size_t begin, size_t end, mrg_spans *out, morgue_error *err);

/* Writes a snippet of about max_chars characters of the body, nothing if there is none, to
   `text`, and where the marks are in it to `spans`. Both are replaced. */
morgue_status mrg_snippet_make(const mrg_marks *marks, const mrg_marker *marker, const mrg_record *record,
                               size_t max_chars, mrg_buffer *text, mrg_spans *spans, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Query text -> tree (parse.c). Nothing is looked up here: the tree says what was asked, with columns,
 * and plan.c turns it into a search.
 *
 *     query   = or-list
 *     or-list = and-list { "OR" and-list }
 *     and-list= group { "AND" group }              AND binds tighter than OR, juxtaposition tightest
 *     group   = unary { unary }                    all of them (or, with --any, ranked by any of the words)
 *     unary   = [ "NOT" | "-" ] primary            the minus stands directly before what it excludes
 *     primary = "(" or-list ")" | word | phrase | field ":" ( word | phrase )      no space after the colon
 *     phrase  = '"' any characters but '"' '"'
 *             | “ any characters but curly quotation marks ”       also „ “ and ‟ ”, in any pairing
 *     word    = a run of characters without white space, parentheses or quotation marks, with a letter or
 *               digit among them: Kremlin-backed, U.S., AT&T, $1,000, O'Brien, 10:30, https://a.example/b?c
 *     field   = title                              the word or phrase stands in the title
 *             | source | author | lang | id        the whole value, compared as plan.c says
 *             | date | before | after              date values, see below
 *             | person | org | place | event | name
 *     date:    d | d ".." d | d ".." | ".." d      from the first day of the first to the last day of the last
 *     before:  d      up to the day before d begins             after: d      from the day after d ends
 *     d       = YYYY | YYYY-MM | YYYY-MM-DD
 *
 * AND, OR and NOT are operators in capitals only, field names are so in any case. What is in quotation marks
 * is literal, but for <person>, <org>, <place>, <event> and <name>.
 *
 * Errors rather than guesses: a word without letters or digits ("-", "&&"); letters before a colon that
 * are no field (not in URLs, nor when nothing follows the colon: "Ukraine: what next"); and what is meant for
 * later: NEAR/3, BEFORE/3, <person>, when:, url:, * and ~ and ^ anywhere in a word, ? other than at its
 * end. id: values and words that hold "://" may contain these marks.
 */
#ifndef MRG_QUERY_H
#define MRG_QUERY_H

#include "core/arena.h"
#include "core/error.h"
#include "entity/finder.h"
#include "source/source.h"

typedef enum mrg_node_type {
    MRG_NODE_WORDS,  /* text: one word as typed; it may turn out to be several terms ("Kremlin-backed") */
    MRG_NODE_PHRASE, /* text: what stood in quotes */
    MRG_NODE_FIELD,  /* field, text: source:, author:, lang:, id: */
    MRG_NODE_DATE,   /* from, to: both inclusive days as YYYYMMDD; 0 = open, never both */
    MRG_NODE_ENTITY, /* entity_type (MRG_ENTITY_TYPES: any), text */
    MRG_NODE_GROUP,  /* children side by side */
    MRG_NODE_AND,    /* children all required */
    MRG_NODE_OR,
    MRG_NODE_NOT     /* one child; only inside GROUP or AND, or as the root */
} mrg_node_type;

typedef enum mrg_text_field { MRG_FIELD_ANY, MRG_FIELD_TITLE } mrg_text_field; /* of WORDS and PHRASE */

typedef enum mrg_meta_field { MRG_META_SOURCE, MRG_META_AUTHOR, MRG_META_LANG, MRG_META_ID } mrg_meta_field;

typedef struct mrg_node mrg_node;
struct mrg_node {
    mrg_node_type type;
    int column; /* in characters, from 1 */
    int quoted; /* ENTITY and FIELD: the text stood in quotes */
    const char *text; /* NUL-terminated, valid UTF-8, one line, with a letter or digit in it */
    size_t text_len;
    mrg_text_field text_field;
    mrg_meta_field meta_field;
    mrg_entity_type entity_type;
    uint32_t from, to;
    mrg_node **children;
    size_t child_count;
};

/*
 * The shape of trees: AND and OR have at least two children. GROUP has at least two, but for a GROUP of
 * one NOT, which stands where a bare NOT may not: "a OR -b" is OR(a, GROUP(NOT(b))), "NOT (NOT a)" is
 * NOT(GROUP(NOT(a))). All children of a GROUP or AND may be NOTs ("-a -b"): every article but those.
 */
typedef struct mrg_query {
    mrg_node *root; /* never NULL after success */
    mrg_arena arena;
} mrg_query;

/* INVALID with err->column for a query that cannot be read; it says what would be valid. Never
   reinterprets silently. Bounds: MRG_QUERY_MAX_NODES nodes, MRG_QUERY_MAX_DEPTH deep (nodes from the root
   to a leaf, and parentheses in parentheses), else INVALID. Linear in the length of the text. NOMEM is the
   other failure. After a failure `out` needs no dispose. */
enum { MRG_QUERY_MAX_NODES = 4096, MRG_QUERY_MAX_DEPTH = 64 };
morgue_status mrg_query_parse(mrg_query *out, const char *text, morgue_error *err);
void mrg_query_dispose(mrg_query *query);

/* The tree as one line that parses to the same tree again, columns aside. Appends to `out`. */
void mrg_query_format(const mrg_query *query, mrg_buffer *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Query text -> tree (parse.c). Nothing is looked up here: the tree says what was asked, with columns,
 * and plan.c turns it into a search.
 *
 *     query   = or-list
 *     or-list = and-list { "OR" and-list }
 *     and-list= group { "AND" group }              AND binds tighter than OR, juxtaposition tighter than AND
 *     group   = unary { unary }                    all of them (or, with --any, ranked by any of the words)
 *     unary   = [ "NOT" | "-" ] chain              the minus stands directly before what it excludes
 *     chain   = primary { near primary }           from left to right; tightest of all
 *     near    = ( "NEAR" | "BEFORE" ) [ "/" n ]    n from 0 to 1000; 10 where it is left out
 *     primary = ( "(" or-list ")" | word | phrase | field ":" ( word | phrase ) ) [ "^" weight ]
 *     word    = text [ "~" [ "1" | "2" ] ]         with * and ? in it: a pattern; with ~: fuzzy
 *     phrase  = '"' any characters but '"' '"' [ "~" n ]
 *             | “ any characters but curly quotation marks ” [ "~" n ]     also „ “ and ‟ ”, in any pairing
 *     text    = a run of characters without white space, parentheses or quotation marks, with a letter or
 *               digit among them: Kremlin-backed, U.S., AT&T, $1,000, O'Brien, 10:30, https://a.example/b?c
 *     weight  = a number above 0 and up to 100, with up to three decimals
 *     field   = title                              the word or phrase stands in the title
 *             | source | author | subject | lang | id | url  the whole value, compared as plan.c says
 *             | date | before | after              when it was published, see below
 *             | when                               a date that the text speaks of, see below
 *             | person | org | place | event | name
 *     date: when:   d | d ".." d | d ".." | ".." d     from the first day of the first to the last day of the last
 *     before: d       up to the day before d begins             after: d      from the day after d ends
 *     d       = YYYY | YYYY-MM | YYYY-MM-DD; for when: also a decade, 1990s
 *
 * Operators are so in capitals only, field names in any case. There is no space before or after a colon, ~ or ^.
 *
 * What the parts mean. Title and text share one sequence of word positions, the text beginning 16 positions
 * after the title's end. An occurrence is an interval of positions.
 *
 *   word           its inflections too. A word of several terms ("Kremlin-backed") is the phrase of them
 *   pattern        * is any run of characters, ? any one, over words as written, case and accents folded; at
 *                  least one letter or digit in each term, two if the term begins with * or ?. A ? with only
 *                  punctuation behind it is punctuation: "why?"
 *   word~          words that differ by one edit, by two from nine letters on; ~1 and ~2 say how many. An edit is
 *                  a letter more, less or different, or two neighbours exchanged. From three letters on
 *   phrase         exactly these words, next to each other. Inside stand also patterns, fuzzy words, and the
 *                  slots <person> <org> <place> <event>, <name> (any of these four) and <date>: a mention of that
 *                  type, as long as it is; 's behind a slot means nothing, as it is no part of words in texts either.
 *                  Other marks are punctuation. A title: phrase has no slots
 *   "a b c"~n      its words and slots in this order, not overlapping, with at most n other words between them in
 *                  all: "legal guarantees"~3 finds "legal and binding guarantees"
 *   x NEAR/n y     an occurrence of x and one of y that do not overlap, in either order, with at most n words
 *                  between the end of the first and the beginning of the second. The occurrence of the
 *                  whole reaches from the beginning of the one to the end of the other, and every such pair
 *                  makes one: in (a NEAR/5 b) BEFORE/0 c any of them may be followed by c
 *   x BEFORE/n y   the same with x first
 *                  x and y are words, patterns, fuzzy words, phrases, names, when:, a NEAR or BEFORE again, or
 *                  any of these joined by OR in parentheses; no title: and no weights inside
 *   person:x ...   mentions of what the name may mean (resolve.h)
 *   when:          mentions of dates inside the range: "2014" is inside 2014 and not inside 2014-03, "the 1990s"
 *                  inside 1990..1999
 *   x^weight       counts so many times what it counts else; a group's weight multiplies those inside. What only
 *                  filters has none: source: author: subject: lang: id: url: date: before: after:
 *   not x          excluded; what is excluded weighs nothing
 *
 * Ranges are of dates alone: no other field has numbers.
 *
 * Errors rather than guesses: a word without letters or digits ("-", "&&"); letters before a colon that
 * are no field (not in URLs, nor when nothing follows the colon: "Ukraine: what next"); operators of other search
 * engines (w/5, AROUND(5), near/5 in small letters); marks where they mean nothing (a~b, *, ^2, "a b" ~3); <person>
 * outside quotation marks; <words> in them that are no slot. id: and url: values and words that hold "://" may
 * contain any marks. Marks cannot be searched for: the index has words alone.
 */
#ifndef MRG_QUERY_H
#define MRG_QUERY_H

#include "core/arena.h"
#include "core/error.h"
#include "entity/finder.h"
#include "source/source.h"

typedef enum mrg_node_type {
    MRG_NODE_WORDS,  /* text: one word as typed; it may turn out to be several terms ("Kremlin-backed") */
    MRG_NODE_PATTERN, /* text: a word as typed, with * or ? in it (mrg_pattern_tokenize) */
    MRG_NODE_FUZZY,  /* text: one word, edits */
    MRG_NODE_PHRASE, /* text: what stood in quotes; slop; children: none if these are words alone, else WORDS, PATTERN,
                        FUZZY and SLOT in order */
    MRG_NODE_SLOT,   /* entity_type (MRG_ENTITY_TYPES: a name of any type, MRG_ENTITY_DATE); only in a PHRASE */
    MRG_NODE_FIELD,  /* field, text: source:, author:, subject:, lang:, id:, url: */
    MRG_NODE_DATE,   /* from, to: both inclusive days as YYYYMMDD; 0 = open, never both */
    MRG_NODE_WHEN,   /* the same, of dates that the text speaks of */
    MRG_NODE_ENTITY, /* entity_type (MRG_ENTITY_TYPES: any), text */
    MRG_NODE_NEAR,   /* two children, distance: either order */
    MRG_NODE_BEFORE, /* two children, distance: in this order */
    MRG_NODE_GROUP,  /* children side by side */
    MRG_NODE_AND,    /* children all required */
    MRG_NODE_OR,
    MRG_NODE_NOT     /* one child; only inside GROUP or AND, or as the root */
} mrg_node_type;

typedef enum mrg_text_field { MRG_FIELD_ANY, MRG_FIELD_TITLE } mrg_text_field; /* of WORDS, PATTERN, FUZZY, PHRASE */

typedef enum mrg_meta_field {
    MRG_META_SOURCE,
    MRG_META_AUTHOR,
    MRG_META_LANG,
    MRG_META_ID,
    MRG_META_URL,
    MRG_META_SUBJECT
} mrg_meta_field;

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
    unsigned edits;     /* FUZZY: 1 or 2 */
    uint32_t slop;      /* PHRASE */
    uint32_t distance;  /* NEAR, BEFORE */
    double boost;       /* 1: none; never of a NOT, of what only filters, or inside NEAR, BEFORE and PHRASE */
    mrg_node **children;
    size_t child_count;
};

/*
 * The shape of trees: AND and OR have at least two children. GROUP has at least two, but for a GROUP of
 * one NOT, which stands where a bare NOT may not: "a OR -b" is OR(a, GROUP(NOT(b))), "NOT (NOT a)" is
 * NOT(GROUP(NOT(a))). All children of a GROUP or AND may be NOTs ("-a -b"): every article but those. Children of
 * NEAR and BEFORE are WORDS, PATTERN, FUZZY, PHRASE, ENTITY, WHEN, NEAR, BEFORE, or an OR of such, none in the title.
 */
typedef struct mrg_query {
    mrg_node *root; /* never NULL after success */
    mrg_arena arena;
} mrg_query;

/* INVALID with err->column for a query that cannot be read; it says what would be valid. Never
   reinterprets silently. Bounds: MRG_QUERY_MAX_NODES nodes, MRG_QUERY_MAX_DEPTH deep (nodes from the root
   to a leaf, and parentheses in parentheses), else INVALID. Linear in the length of the text. NOMEM is the
   other failure. After a failure `out` needs no dispose. */
enum { MRG_QUERY_MAX_NODES = 4096, MRG_QUERY_MAX_DEPTH = 64, MRG_QUERY_MAX_DISTANCE = 1000 };
morgue_status mrg_query_parse(mrg_query *out, const char *text, morgue_error *err);
void mrg_query_dispose(mrg_query *query);

/* Appends the terms of a word with wildcards, as mrg_tokenize does those of a word; in terms, * and ? stand for
   themselves. */
morgue_status mrg_pattern_tokenize(mrg_tokens *tokens, const char *text, size_t len, morgue_error *err);
/* Non-zero if a term of mrg_pattern_tokenize has * or ? in it. */
int mrg_is_pattern(const char *term, size_t len);

/* The tree as one line that parses to the same tree again, columns aside. Appends to `out`. */
void mrg_query_format(const mrg_query *query, mrg_buffer *out);
/* A part of it. */
void mrg_query_format_node(const mrg_node *node, mrg_buffer *out);

#endif

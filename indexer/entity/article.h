/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The finder's stages over one article. Each is a file:
 *
 *   prepare.c   what is known of each capitalised word, and what the article itself says of it
 *   cut.c       stretches of capitalised words -> spans, without titles, ages and demonyms
 *   cut_loud.c  names in headlines and texts in capitals
 *   listed.c    names of the user's list
 *   join.c      which words belong to one stretch
 *   judge.c     evidence for each type, from the span and its neighbours
 *   form.c      spans of one spelling are one form
 *   tie.c       forms of one entity: abbreviations in brackets, surnames, short names; mentions that were overlooked
 *   retag.c     the trained tagger's spans in place of the rules'
 *     trim.c      cut to names
 *     foreign.c   few of them, where the language is not English
 *     define.c    with those that brackets define
 *     scores.c    and clubs in lines of scores
 *   finder.c    keys, weights, mentions
 *
 * All memory is the finder's, kept from one article to the next.
 */
#ifndef MRG_ARTICLE_H
#define MRG_ARTICLE_H

#include <string.h>

#include "entity/finder.h"
#include "entity/hash.h"
#include "entity/known.h"
#include "entity/words.h"

#define NO_FORM UINT32_MAX

/* Beside a word's flags (words.h), of this token. */
enum {
    WORD_READY = 1 << 30,    /* the flags have been looked up */
    WORD_AT_START = 1 << 29, /* its capital may be due to its place: sentence, quotation, list */
    WORD_LOUD = 1 << 28,     /* in a sentence of capitals, or a headline Written Like This */
    WORD_STATES = 1 << 27    /* "US" in running text */
};

enum {
    SPAN_TITLED = 1 << 0, /* a title or an age stood beside it */
    SPAN_LOUD = 1 << 1,
    SPAN_WEAK = 1 << 2, /* "the Council": a mention only if it ties to a longer name */
    SPAN_DATELINE = 1 << 3,
    SPAN_LISTED = 1 << 4, /* a name of the user's list */
    SPAN_CLUB = 1 << 5    /* of a form of its own: not the city that is spelled alike */
};

typedef struct mrg_span {
    uint32_t first, count;
    uint32_t form;
    uint32_t flags;
} mrg_span;

enum {
    FORM_WEAK_ONLY = 1 << 0,
    FORM_TITLED = 1 << 1,
    FORM_UNKNOWN = 1 << 2,
    FORM_DROPPED = 1 << 3,
    FORM_SELDOM = 1 << 4 /* mostly it occurs as no mention */
};

/* One spelling of a name in the article. */
typedef struct mrg_form {
    uint32_t text_off, text_len; /* lookup form, in mrg_finder.names */
    uint32_t hash;
    mrg_span shown;    /* the first span, or the first that is not in capitals */
    uint32_t earliest; /* the first token of the first span */
    uint32_t word_count;
    uint32_t mention_count;
    uint32_t overlooked; /* times it occurs besides, as no mention */
    uint32_t link;   /* the form whose entity this is; itself if none */
    uint32_t entity; /* UINT32_MAX until it has one */
    uint32_t flags;
    int32_t score[MRG_ENTITY_TYPES];
    const mrg_known *known;
    const struct mrg_authority_row *listed; /* of the user's list; decides over everything else */
} mrg_form;

/* Where a name of the user's list stands. */
typedef struct mrg_listed {
    uint32_t first, count;
    const struct mrg_authority_row *row;
} mrg_listed;

/* A word that occurs with a capital, which the article has to explain where its place would. */
typedef struct mrg_doubt {
    const char *term;
    uint32_t len, hash;
    uint32_t small, capital; /* times it occurs written small, and with a capital that is no accident */
    uint8_t says;            /* what names of the rules say of it (context.c) */
} mrg_doubt;

/* Open addressing over an array of items, by index from 1. */
typedef struct mrg_table {
    uint32_t *slots;
    size_t used, capacity; /* powers of two, or 0 */
} mrg_table;

/* Part of a name -> the one form that has it, or ambiguous. */
typedef struct mrg_part {
    uint32_t text_off, text_len; /* in mrg_finder.names */
    uint32_t hash;
    uint32_t form;
    uint32_t kind;
    int ambiguous;
} mrg_part;

/* The article's language, as far as it matters here. */
typedef enum mrg_foreign {
    MRG_FOREIGN_NOT = 0,
    MRG_FOREIGN,      /* another than English */
    MRG_FOREIGN_NOUNS /* one that writes nouns with a capital, too, it seems */
} mrg_foreign;

struct mrg_finder {
    const char *text;
    size_t len, title_len;
    const mrg_tokens *tokens;
    morgue_error *err;
    uint32_t *word; /* flags of each token */
    size_t word_capacity;
    size_t capital_count;
    mrg_doubt *doubts;
    size_t doubt_count, doubt_capacity;
    mrg_table doubt_table;
    uint64_t doubt_bits[32];
    mrg_span *spans;
    size_t span_count, span_capacity;
    mrg_span *rules; /* the rules' spans, when the tagger has the last word */
    size_t rule_capacity;
    mrg_form *forms;
    size_t form_count, form_capacity;
    mrg_table form_table;
    mrg_part *parts;
    size_t part_count, part_capacity;
    mrg_table part_table;
    mrg_table key_table;
    mrg_buffer names, scratch;
    struct mrg_tagger *tagger; /* NULL: the rules alone */
    const struct mrg_authority *authority; /* the user's list; NULL: none */
    mrg_listed *listed;        /* ascending */
    size_t listed_count, listed_capacity;
    uint32_t loud_count; /* tokens in loud sentences */
    mrg_foreign foreign; /* kept only with a tagger */
    int failed;          /* memory ran out */
};

/* ---- Tokens ---- */

static inline const mrg_token *token_at(const mrg_finder *f, size_t i)
{
    return &f->tokens->items[i];
}

static inline const char *term_at(const mrg_finder *f, size_t i)
{
    return mrg_token_term(f->tokens, token_at(f, i));
}

static inline int term_is(const mrg_finder *f, size_t i, const char *s)
{
    size_t len = strlen(s);
    return token_at(f, i)->term_len == len && !memcmp(term_at(f, i), s, len);
}

static inline int is_capital(const mrg_finder *f, size_t i)
{
    return (token_at(f, i)->flags & (MRG_TOKEN_CAPITAL | MRG_TOKEN_NGRAM)) == MRG_TOKEN_CAPITAL;
}

/* The word's flags, looked up when first asked for. */
uint32_t mrg_word_at(mrg_finder *f, size_t i);

typedef enum mrg_gap {
    GAP_NONE,   /* nothing, or a hyphen */
    GAP_SPACE,  /* white space, no empty line */
    GAP_PERIOD, /* a full stop and white space */
    GAP_AMPERSAND,
    GAP_COMMA,
    GAP_OPEN, /* a bracket opens, round or square */
    GAP_CLOSE,
    GAP_DASH, /* a dash between spaces */
    GAP_OTHER
} mrg_gap;

/* What stands between token i and the next, a possessive ending aside. */
mrg_gap mrg_gap_after(const mrg_finder *f, size_t i);

/* Where token i ends in the text, with its possessive ending. */
size_t mrg_token_end(const mrg_finder *f, size_t i);

/* ---- Stages ---- */

/* The article and what the rules find in it, as mrg_finder_run() does before it asks the tagger. */
void mrg_finder_read(mrg_finder *f, const char *text, size_t len, size_t title_len, const mrg_tokens *tokens);

void mrg_prepare(mrg_finder *f);
const mrg_doubt *mrg_doubt_find(const mrg_finder *f, size_t i);

size_t mrg_stretch_end(mrg_finder *f, size_t first, size_t end);
int mrg_is_ticker_part(const mrg_finder *f, size_t i);
int mrg_opens_with_particle(mrg_finder *f, size_t i, size_t end);

void mrg_cut(mrg_finder *f);
/* The number of words of the longest known name that begins at a and ends before b; 0 if none. */
size_t mrg_known_words(mrg_finder *f, size_t a, size_t b, const mrg_known **known);
void mrg_cut_loud(mrg_finder *f); /* after mrg_cut: what the rest of the article has named */

void mrg_find_listed(mrg_finder *f); /* after both of these */
/* Tells a form which name of the list stands at token `first`. */
void mrg_list_form(mrg_finder *f, mrg_form *form, size_t first);

void mrg_judge(mrg_finder *f, const mrg_span *span, mrg_form *form);
mrg_entity_type mrg_form_type(const mrg_form *form, int *score);

/* Appends the lookup form of tokens [first, first + count); `word` has their flags. */
void mrg_append_lookup(const mrg_tokens *tokens, const uint32_t *word, size_t first, size_t count, mrg_buffer *out);
/* Adds a span and the rules' evidence for its type; returns its form, NULL when memory ran out. */
mrg_form *mrg_span_add(mrg_finder *f, size_t first, size_t count, uint32_t flags);
void mrg_sort_spans(mrg_finder *f); /* by place, the longer first */
/* The form that spells tokens [first, first + count), or NO_FORM. */
uint32_t mrg_form_find(mrg_finder *f, size_t first, size_t count);
uint32_t mrg_form_named(mrg_finder *f, const char *name, size_t len);

/* Whether the tokens are a stock exchange's code, or part of one. */
int mrg_is_ticker(const mrg_finder *f, size_t first, size_t count);
/* "LONDON (Reuters) - ": who sent the article is nobody it speaks of. */
int mrg_is_sender(const mrg_finder *f, size_t first, size_t count);
void mrg_retag(mrg_finder *f); /* the tagger's spans in place of the rules' */

void mrg_tie(mrg_finder *f);
uint32_t mrg_form_root(mrg_finder *f, uint32_t form);
void mrg_form_link(mrg_finder *f, uint32_t from, uint32_t to);

void mrg_tie_abbreviations(mrg_finder *f);
enum { MRG_MAX_SHORT = 10 };
/* Tokens in the bracket that opens after token i; 0 if there is none, or a long one. */
size_t mrg_count_inside(const mrg_finder *f, size_t i);
/* The letters of tokens [first, first + count) without dots and the like, as they are matched with the words of the
   long form. Returns how many, or 0 if they are too many or too few. */
size_t mrg_short_letters(const mrg_finder *f, size_t first, size_t count, char letters[MRG_MAX_SHORT]);
/* Once more through the article: what is spelled like a name that it has elsewhere, or a part of one. */
void mrg_tie_rest(mrg_finder *f);

/* ---- Keys ---- */

enum { MRG_KEY_MAX = 120 };

/* The alias table's row for a name in lookup form, of this type (MRG_ENTITY_TYPES: any): as it stands,
   without dots, without a legal form. NULL if there is none. `scratch` is overwritten. */
const mrg_known *mrg_resolve_name(mrg_entity_type type, const char *name, size_t len, mrg_buffer *scratch);

/* The length without legal forms at the end, of which something is left. */
size_t mrg_strip_legal_form(const char *name, size_t len);

/* Appends a name in lookup form as keys have it: without dots, organisations without a legal form at the
   end, at most MRG_KEY_MAX - 2 bytes. */
void mrg_append_key_name(mrg_buffer *out, mrg_entity_type type, const char *name, size_t len);

/* ---- Tables ---- */

/* Empties it and makes room for that many items; 0, or -1 when memory ran out. */
int mrg_table_reset(mrg_table *table, size_t items);
void mrg_table_dispose(mrg_table *table);

static inline uint32_t mrg_name_hash(const char *name, size_t len)
{
    return (uint32_t)(mrg_short_hash(name, len) >> 32);
}

#endif

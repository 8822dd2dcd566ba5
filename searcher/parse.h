/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the query parser share: parse.c (grammar), parse_lex.c (characters -> tokens), parse_word.c (the
   marks in and behind a word), parse_phrase.c (what stands in quotation marks), parse_date.c (date values),
   parse_hint.c (what was probably meant) and parse_char.c (characters). The language itself is described in query.h. */
#ifndef MRG_PARSE_H
#define MRG_PARSE_H

#include "query.h"

typedef enum mrg_query_token_type {
    MRG_TOKEN_END,
    MRG_TOKEN_OPEN,
    MRG_TOKEN_CLOSE, /* boost */
    MRG_TOKEN_MINUS,
    MRG_TOKEN_AND,
    MRG_TOKEN_OR,
    MRG_TOKEN_NOT,
    MRG_TOKEN_NEAR,   /* distance */
    MRG_TOKEN_BEFORE, /* distance */
    MRG_TOKEN_TEXT /* a word or phrase, with or without a field */
} mrg_query_token_type;

typedef enum mrg_query_field {
    MRG_QUERY_FIELD_NONE,
    MRG_QUERY_FIELD_TITLE,
    MRG_QUERY_FIELD_META,  /* detail: mrg_meta_field */
    MRG_QUERY_FIELD_DATE,  /* detail: mrg_date_relation */
    MRG_QUERY_FIELD_WHEN,
    MRG_QUERY_FIELD_ENTITY /* detail: mrg_entity_type */
} mrg_query_field;

typedef enum mrg_date_relation { MRG_DATE_IN, MRG_DATE_BEFORE, MRG_DATE_AFTER } mrg_date_relation;

typedef struct mrg_query_token {
    mrg_query_token_type type;
    int column;       /* of its first character */
    int value_column; /* TEXT: of the word, or of the opening quotation mark */
    int quoted;
    mrg_query_field field;
    int detail;
    mrg_node_type node_type; /* TEXT: WORDS, PATTERN, FUZZY or PHRASE, fields aside */
    unsigned edits;          /* FUZZY */
    int slop;                /* PHRASE; -1: none was given */
    uint32_t distance;
    double boost;
    int boost_column;        /* 0: none was given */
    const char *text; /* TEXT: lent by the lexer's text, not NUL-terminated */
    size_t text_len;
} mrg_query_token;

typedef struct mrg_lexer {
    const char *text; /* clean UTF-8 on one line */
    size_t len, pos;
    int column; /* of pos */
} mrg_lexer;

/* The next token; the END token comes again and again. INVALID with a column otherwise. */
morgue_status mrg_lexer_next(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err);

/* ---- Words and phrases ---- */

typedef enum mrg_word_marks {
    MRG_MARKS_ALL,
    MRG_MARKS_WEIGHT, /* neither wildcards nor edits */
    MRG_MARKS_NONE
} mrg_word_marks;

/* An unquoted word, with `text` and `value_column` set: cuts weight and edits off the text, and says what it is. */
morgue_status mrg_query_word(mrg_query_token *token, mrg_word_marks allowed, morgue_error *err);
/* What stands directly behind a phrase or parenthesis: text[0..len) is all up to the next space. */
morgue_status mrg_query_suffix(mrg_query_token *token, const char *text, size_t len, int column, morgue_error *err);
morgue_status mrg_query_no_word(const char *text, size_t len, int column, morgue_error *err);
/* All digits, as a number up to `most`; -1 otherwise. */
int mrg_query_number(const char *s, size_t len, int most);
/* Where a * or ? that is no punctuation stands, else len. */
size_t mrg_find_wildcard(const char *text, size_t len);
/* Whether a word with wildcards (edits) can be looked for. */
morgue_status mrg_check_pattern(const char *text, size_t len, int column, morgue_error *err);
/* *edits is set if it is 0. */
morgue_status mrg_check_fuzzy(const char *text, size_t len, int column, unsigned *edits, morgue_error *err);

/* The elements of a phrase one after another. */
typedef struct mrg_phrase_reader {
    const char *text;
    size_t len, pos;
    int column; /* of text[counted] */
    size_t counted;
} mrg_phrase_reader;

typedef struct mrg_phrase_element {
    mrg_node_type type; /* WORDS, PATTERN, FUZZY, SLOT */
    const char *text;   /* lent */
    size_t len;         /* 0: there is none any more */
    int column;
    unsigned edits;
    mrg_entity_type entity_type;
} mrg_phrase_element;

morgue_status mrg_phrase_next(mrg_phrase_reader *reader, mrg_phrase_element *out, morgue_error *err);

/* The length of a slot, "<person>", at the start of `text`, else 0. `known` is 0 if it only looks like one. */
size_t mrg_slot_len(const char *text, size_t len, int *known, mrg_entity_type *type);

/* ---- Hints ---- */

/* For letters before a colon that are no field. */
morgue_status mrg_refuse_field(const char *name, size_t len, int column, morgue_error *err);
/* Whether a word is an operator of another search engine, or one of ours in small letters; says so. */
morgue_status mrg_refuse_foreign(const char *text, size_t len, int column, morgue_error *err);

/* ---- Dates ---- */

/* Days, both inclusive and 0 for open, that a date value means. */
morgue_status mrg_query_date(const mrg_query_token *token, uint32_t *from, uint32_t *to, morgue_error *err);
uint32_t mrg_last_day_of_month(uint32_t year, uint32_t month);

/* ---- Characters and messages ---- */

/* The character at `pos`, -1 at the end, and its length in bytes; 0 at the end. */
size_t mrg_char_peek(const char *text, size_t len, size_t pos, int32_t *c);
int mrg_char_is_space(int32_t c);
int mrg_char_is_curly_quote(int32_t c);
int mrg_char_is_quote(int32_t c);
int mrg_char_is_word(int32_t c); /* a letter or digit */
int mrg_char_is_dash(int32_t c); /* but not the plain hyphen */
int mrg_has_word(const char *text, size_t len);
int mrg_is_url(const char *text, size_t len);
int mrg_is_exactly(const char *text, size_t len, const char *word);
/* The column of text[pos] if that of text[0] is `column`. */
int mrg_column_of(const char *text, size_t pos, int column);

/* INVALID with a message and a column. */
morgue_status mrg_refuse(morgue_error *err, int column, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* How many bytes of `s` to repeat in a message: whole characters, not many. */
int mrg_excerpt_len(const char *s, size_t len);

#endif

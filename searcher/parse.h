/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the query parser share: parse.c (grammar), parse_lex.c (characters -> tokens) and
   parse_date.c (date values). The language itself is described in query.h. */
#ifndef MRG_PARSE_H
#define MRG_PARSE_H

#include "query.h"

typedef enum mrg_query_token_type {
    MRG_TOKEN_END,
    MRG_TOKEN_OPEN,
    MRG_TOKEN_CLOSE,
    MRG_TOKEN_MINUS,
    MRG_TOKEN_AND,
    MRG_TOKEN_OR,
    MRG_TOKEN_NOT,
    MRG_TOKEN_TEXT /* a word or phrase, with or without a field */
} mrg_query_token_type;

typedef enum mrg_query_field {
    MRG_QUERY_FIELD_NONE,
    MRG_QUERY_FIELD_TITLE,
    MRG_QUERY_FIELD_META,   /* detail: mrg_meta_field */
    MRG_QUERY_FIELD_DATE,   /* detail: mrg_date_relation */
    MRG_QUERY_FIELD_ENTITY, /* detail: mrg_entity_type */
    MRG_QUERY_FIELD_LATER   /* kept for later, an error */
} mrg_query_field;

typedef enum mrg_date_relation { MRG_DATE_IN, MRG_DATE_BEFORE, MRG_DATE_AFTER } mrg_date_relation;

typedef struct mrg_query_token {
    mrg_query_token_type type;
    int column;       /* of its first character */
    int value_column; /* TEXT: of the word, or of the opening quotation mark */
    int quoted;
    mrg_query_field field;
    int detail;
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

/* Days, both inclusive and 0 for open, that a date value means. */
morgue_status mrg_query_date(const mrg_query_token *token, uint32_t *from, uint32_t *to, morgue_error *err);
uint32_t mrg_last_day_of_month(uint32_t year, uint32_t month);

/* INVALID with a message and a column. */
morgue_status mrg_refuse(morgue_error *err, int column, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* How many bytes of `s` to repeat in a message: whole characters, not many. */
int mrg_excerpt_len(const char *s, size_t len);

#endif

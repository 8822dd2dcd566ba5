/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <strings.h>

#include "parse.h"

static const struct field_name {
    const char *name;
    mrg_query_field field;
    int detail;
} field_names[] = {
    { "title", MRG_QUERY_FIELD_TITLE, 0 },
    { "source", MRG_QUERY_FIELD_META, MRG_META_SOURCE },
    { "author", MRG_QUERY_FIELD_META, MRG_META_AUTHOR },
    { "lang", MRG_QUERY_FIELD_META, MRG_META_LANG },
    { "id", MRG_QUERY_FIELD_META, MRG_META_ID },
    { "url", MRG_QUERY_FIELD_META, MRG_META_URL },
    { "subject", MRG_QUERY_FIELD_META, MRG_META_SUBJECT },
    { "date", MRG_QUERY_FIELD_DATE, MRG_DATE_IN },
    { "before", MRG_QUERY_FIELD_DATE, MRG_DATE_BEFORE },
    { "after", MRG_QUERY_FIELD_DATE, MRG_DATE_AFTER },
    { "when", MRG_QUERY_FIELD_WHEN, MRG_DATE_IN },
    { "person", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_PERSON },
    { "org", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_ORG },
    { "place", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_PLACE },
    { "event", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_EVENT },
    { "name", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_TYPES },
};
enum { FIELD_NAME_COUNT = sizeof field_names / sizeof *field_names };

static size_t peek(const mrg_lexer *lexer, int32_t *c)
{
    return mrg_char_peek(lexer->text, lexer->len, lexer->pos, c);
}

static int ends_word(int32_t c)
{
    return c < 0 || mrg_char_is_space(c) || c == '(' || c == ')' || mrg_char_is_quote(c);
}

/* ---- Runs and phrases ---- */

static void skip_space(mrg_lexer *lexer)
{
    int32_t c;
    size_t n;
    while ((n = peek(lexer, &c)) > 0 && mrg_char_is_space(c)) {
        lexer->pos += n;
        lexer->column++;
    }
}

static void read_run(mrg_lexer *lexer, mrg_query_token *token)
{
    int32_t c;
    size_t n;
    token->text = lexer->text + lexer->pos;
    token->value_column = lexer->column;
    while ((n = peek(lexer, &c)) > 0 && !ends_word(c)) {
        lexer->pos += n;
        lexer->column++;
    }
    token->text_len = (size_t)(lexer->text + lexer->pos - token->text);
}

/* "~3", "^2" and both directly behind a phrase or parenthesis. */
static morgue_status read_suffix(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    int32_t c;
    peek(lexer, &c);
    if (c != '~' && c != '^')
        return MORGUE_OK;
    mrg_query_token run;
    read_run(lexer, &run);
    return mrg_query_suffix(token, run.text, run.text_len, run.value_column, err);
}

/* From the opening quotation mark to behind the closing one. A straight one closes a straight one, a
   curly one a curly one, so that each may hold the other. */
static morgue_status read_phrase(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    int32_t open, c;
    size_t n = peek(lexer, &open);
    size_t begin = lexer->pos += n;
    token->quoted = 1;
    token->node_type = MRG_NODE_PHRASE;
    token->value_column = lexer->column++;
    while ((n = peek(lexer, &c)) > 0) {
        size_t end = lexer->pos;
        lexer->pos += n;
        lexer->column++;
        if (open == '"' ? c == '"' : mrg_char_is_curly_quote(c)) {
            token->text = lexer->text + begin;
            token->text_len = end - begin;
            return read_suffix(lexer, token, err);
        }
    }
    return mrg_refuse(err, token->value_column, "unclosed quotation mark; close the phrase with %s",
                      open == '"' ? "\"" : "\xe2\x80\x9d");
}

static morgue_status check_phrase(const mrg_query_token *token, morgue_error *err)
{
    if (!mrg_has_word(token->text, token->text_len))
        return mrg_refuse(err, token->value_column,
                          "nothing to search for between the quotation marks; they want a word or more");
    return MORGUE_OK;
}

/* ---- Fields ---- */

/* The length of a name directly before a colon at the lexer's place; 0 if there is none. */
static size_t field_name_len(const mrg_lexer *lexer)
{
    const char *p = lexer->text + lexer->pos;
    size_t left = lexer->len - lexer->pos;
    size_t n = 0;
    while (n < left && (unsigned char)p[n] < 0x80 && (mrg_char_is_word(p[n]) || p[n] == '_' || p[n] == '-'))
        n++;
    if (n == 0 || n == left || p[n] != ':' || (p[0] >= '0' && p[0] <= '9'))
        return 0;
    return n;
}

static const struct field_name *find_field(const char *name, size_t len)
{
    for (size_t i = 0; i < FIELD_NAME_COUNT; i++) {
        if (strlen(field_names[i].name) == len && strncasecmp(field_names[i].name, name, len) == 0)
            return &field_names[i];
    }
    return NULL;
}

/* A colon after letters that are no field: an address, punctuation before a space, or a mistake. */
static morgue_status check_unknown_field(const mrg_lexer *lexer, size_t name_len, morgue_error *err)
{
    const char *name = lexer->text + lexer->pos;
    const char *rest = name + name_len + 1;
    size_t left = lexer->len - lexer->pos - name_len - 1;
    int32_t c;
    mrg_char_peek(rest, left, 0, &c);
    if (c < 0 || c == ')' || mrg_char_is_space(c) || (left >= 2 && rest[0] == '/' && rest[1] == '/'))
        return MORGUE_OK;
    return mrg_refuse_field(name, name_len, lexer->column, err);
}

static int is_date(const mrg_query_token *token)
{
    return token->field == MRG_QUERY_FIELD_DATE || token->field == MRG_QUERY_FIELD_WHEN;
}

static int only_filters(const mrg_query_token *token)
{
    return token->field == MRG_QUERY_FIELD_META || token->field == MRG_QUERY_FIELD_DATE;
}

/* An unquoted value's marks, by what the field is. */
static morgue_status check_marks(mrg_query_token *token, morgue_error *err)
{
    int literal = token->field == MRG_QUERY_FIELD_META &&
                  (token->detail == MRG_META_ID || token->detail == MRG_META_URL);
    if (token->field == MRG_QUERY_FIELD_DATE)
        return MORGUE_OK;
    if (literal)
        return mrg_has_word(token->text, token->text_len)
                   ? MORGUE_OK
                   : mrg_query_no_word(token->text, token->text_len, token->value_column, err);
    return mrg_query_word(token,
                          only_filters(token)                     ? MRG_MARKS_NONE
                          : token->field == MRG_QUERY_FIELD_TITLE ? MRG_MARKS_ALL
                                                                  : MRG_MARKS_WEIGHT,
                          err);
}

static morgue_status check_value(const mrg_lexer *lexer, mrg_query_token *token, const char *name, morgue_error *err)
{
    int32_t c;
    peek(lexer, &c);
    if (token->text_len == 0 && c == '(')
        return mrg_refuse(err, lexer->column,
                          "a field holds for one word or phrase; for several write %s: before each of them", name);
    if (token->text_len == 0)
        return mrg_refuse(err, lexer->column,
                          "%s: wants a word, or a phrase in quotation marks, directly after the colon", name);
    if (token->text[0] == '-')
        return mrg_refuse(err, token->value_column,
                          "write the - before the field, as in -%s:word, or put the value in quotation marks", name);
    if (c == '(' || mrg_char_is_quote(c))
        return mrg_refuse(err, lexer->column,
                          "the value of %s: goes no further; put all of it in quotation marks, or a space here", name);
    return check_marks(token, err);
}

static morgue_status read_field(mrg_lexer *lexer, const struct field_name *field, mrg_query_token *token,
                                morgue_error *err)
{
    int32_t c;
    size_t skipped = strlen(field->name) + 1;
    lexer->pos += skipped;
    lexer->column += (int)skipped;
    token->field = field->field;
    token->detail = field->detail;
    peek(lexer, &c);
    if (!mrg_char_is_quote(c)) {
        read_run(lexer, token);
        return check_value(lexer, token, field->name, err);
    }
    morgue_status status = read_phrase(lexer, token, err);
    if (!status && token->boost_column && only_filters(token))
        return mrg_refuse(err, token->boost_column, "%s: only filters, so it has no weight; leave ^ out", field->name);
    return status || is_date(token) ? status : check_phrase(token, err);
}

/* ---- Words and operators ---- */

/* NEAR and BEFORE in capitals, alone or with a slash behind. */
static int starts_proximity(const char *text, size_t len)
{
    size_t n = len >= 4 && !memcmp(text, "NEAR", 4) ? 4 : len >= 6 && !memcmp(text, "BEFORE", 6) ? 6 : 0;
    return n && (len == n || text[n] == '/');
}

static morgue_status read_proximity(mrg_query_token *token, morgue_error *err)
{
    enum { DEFAULT_DISTANCE = 10 };
    size_t name_len = token->text[0] == 'N' ? 4 : 6;
    int shown = mrg_excerpt_len(token->text, token->text_len);
    token->type = token->text[0] == 'N' ? MRG_TOKEN_NEAR : MRG_TOKEN_BEFORE;
    int distance = token->text_len == name_len ? DEFAULT_DISTANCE
                                               : mrg_query_number(token->text + name_len + 1,
                                                                token->text_len - name_len - 1, MRG_QUERY_MAX_DISTANCE);
    if (distance < 0)
        return mrg_refuse(err, token->column,
                          "%.*s: behind the slash stands how many words may be between, 0 to %d, as in a %.*s/5 b",
                          shown, token->text, (int)MRG_QUERY_MAX_DISTANCE, (int)name_len, token->text);
    token->distance = (uint32_t)distance;
    return MORGUE_OK;
}

static morgue_status read_free_word(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    int32_t c;
    peek(lexer, &c);
    if (c == '(' && mrg_is_exactly(token->text, token->text_len, "AROUND"))
        return mrg_refuse(err, token->column, "AROUND(5) is no operator here; write a NEAR/5 b");
    morgue_status status = mrg_refuse_foreign(token->text, token->text_len, token->column, err);
    return status ? status : mrg_query_word(token, MRG_MARKS_ALL, err);
}

static morgue_status read_word(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    size_t name_len = field_name_len(lexer);
    if (name_len > 0) {
        const struct field_name *field = find_field(lexer->text + lexer->pos, name_len);
        if (field)
            return read_field(lexer, field, token, err);
        morgue_status status = check_unknown_field(lexer, name_len, err);
        if (status)
            return status;
    }
    read_run(lexer, token);
    if (mrg_is_exactly(token->text, token->text_len, "AND"))
        token->type = MRG_TOKEN_AND;
    else if (mrg_is_exactly(token->text, token->text_len, "OR"))
        token->type = MRG_TOKEN_OR;
    else if (mrg_is_exactly(token->text, token->text_len, "NOT"))
        token->type = MRG_TOKEN_NOT;
    else if (starts_proximity(token->text, token->text_len))
        return read_proximity(token, err);
    else
        return read_free_word(lexer, token, err);
    return MORGUE_OK;
}

/* A hyphen before a word, phrase, field or parenthesis; anything else is a stray one. */
static morgue_status read_minus(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    int32_t c;
    lexer->pos++;
    lexer->column++;
    token->type = MRG_TOKEN_MINUS;
    peek(lexer, &c);
    if (c < 0 || c == ')' || mrg_char_is_space(c))
        return mrg_refuse(err, token->column,
                          "a lone - excludes nothing; write it directly before a word, as in -word, or leave it out");
    if (c == '-')
        return mrg_refuse(err, token->column,
                          "two hyphens before a word; one excludes it, and options of a program go before the query");
    return MORGUE_OK;
}

morgue_status mrg_lexer_next(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    int32_t c;
    skip_space(lexer);
    memset(token, 0, sizeof *token);
    token->column = lexer->column;
    token->slop = -1;
    token->boost = 1;
    peek(lexer, &c);
    if (c == '-')
        return read_minus(lexer, token, err);
    if (c < 0 || c == '(' || c == ')') {
        token->type = c < 0 ? MRG_TOKEN_END : c == '(' ? MRG_TOKEN_OPEN : MRG_TOKEN_CLOSE;
        lexer->pos += c >= 0;
        lexer->column += c >= 0;
        return token->type == MRG_TOKEN_CLOSE ? read_suffix(lexer, token, err) : MORGUE_OK;
    }
    token->type = MRG_TOKEN_TEXT;
    if (!mrg_char_is_quote(c))
        return read_word(lexer, token, err);
    morgue_status status = read_phrase(lexer, token, err);
    return status ? status : check_phrase(token, err);
}

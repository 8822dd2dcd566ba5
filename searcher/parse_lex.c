/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <utf8proc.h>

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
    { "date", MRG_QUERY_FIELD_DATE, MRG_DATE_IN },
    { "before", MRG_QUERY_FIELD_DATE, MRG_DATE_BEFORE },
    { "after", MRG_QUERY_FIELD_DATE, MRG_DATE_AFTER },
    { "person", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_PERSON },
    { "org", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_ORG },
    { "place", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_PLACE },
    { "event", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_EVENT },
    { "name", MRG_QUERY_FIELD_ENTITY, MRG_ENTITY_TYPES },
    { "when", MRG_QUERY_FIELD_LATER, 0 },
    { "url", MRG_QUERY_FIELD_LATER, 0 },
};
enum { FIELD_NAME_COUNT = sizeof field_names / sizeof *field_names };

#define VALID_FIELDS "title: source: author: lang: id: date: before: after: person: org: place: event: name:"
#define QUOTE_IT "put it in quotation marks to search for it as it stands"

/* ---- Characters ---- */

/* The character at `pos` and its length in bytes; 0 at the end. */
static size_t peek(const char *text, size_t len, size_t pos, utf8proc_int32_t *c)
{
    *c = -1;
    if (pos >= len)
        return 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + pos, (utf8proc_ssize_t)(len - pos), c);
    if (n > 0)
        return (size_t)n;
    *c = 0xfffd;
    return 1;
}

/* Invisible marks of direction count too: nobody can see whether they were typed. */
static int is_space(utf8proc_int32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13);
    return c == 0x85 || c == 0xa0 || c == 0x61c || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x200e ||
           c == 0x200f || (c >= 0x2028 && c <= 0x202f) || c == 0x205f || (c >= 0x2066 && c <= 0x2069) || c == 0x3000 ||
           c == 0xfeff;
}

static int is_curly_quote(utf8proc_int32_t c)
{
    return c >= 0x201c && c <= 0x201f;
}

static int is_quote(utf8proc_int32_t c)
{
    return c == '"' || is_curly_quote(c);
}

static int ends_word(utf8proc_int32_t c)
{
    return c < 0 || is_space(c) || c == '(' || c == ')' || is_quote(c);
}

static int is_letter_or_digit(utf8proc_int32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static int is_dash(utf8proc_int32_t c)
{
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe63 || c == 0xff0d;
}

static int has_letter_or_digit(const char *text, size_t len)
{
    utf8proc_int32_t c;
    for (size_t pos = 0, n; (n = peek(text, len, pos, &c)) > 0; pos += n) {
        if (is_letter_or_digit(c))
            return 1;
    }
    return 0;
}

morgue_status mrg_refuse(morgue_error *err, int column, const char *format, ...)
{
    char line[MORGUE_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    morgue_status status = mrg_fail(err, MORGUE_ERR_INVALID, "%s", line);
    if (err)
        err->column = column;
    return status;
}

int mrg_excerpt_len(const char *s, size_t len)
{
    if (len <= 60)
        return (int)len;
    size_t n = 60;
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return (int)n;
}

/* ---- Words ---- */

static int column_of(const char *text, size_t pos, int column)
{
    for (size_t i = 0; i < pos; i++)
        column += ((unsigned char)text[i] & 0xc0) != 0x80;
    return column;
}

static int is_url(const char *text, size_t len)
{
    return memmem(text, len, "://", 3) != NULL;
}

static int is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* NEAR and BEFORE as they will be written, and the same with a number in small letters. */
static int is_proximity(const char *text, size_t len)
{
    static const char *const names[] = { "NEAR", "BEFORE" };
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(names[i]);
        if (is_word(text, len, names[i]))
            return 1;
        if (len > n && text[n] == '/' && strncasecmp(text, names[i], n) == 0 &&
            strspn(text + n + 1, "0123456789") >= len - n - 1)
            return 1;
    }
    return 0;
}

/* The length of "<person>" and its like at the start of `text`, else 0. */
static size_t placeholder_len(const char *text, size_t len)
{
    const char *close = len > 2 && text[0] == '<' ? memchr(text, '>', len < 12 ? len : 12) : NULL;
    if (!close)
        return 0;
    size_t n = (size_t)(close - text) - 1;
    for (size_t i = 0; i < FIELD_NAME_COUNT; i++) {
        const struct field_name *f = &field_names[i];
        if (f->field == MRG_QUERY_FIELD_ENTITY && strlen(f->name) == n && strncasecmp(text + 1, f->name, n) == 0)
            return n + 2;
    }
    return 0;
}

static morgue_status check_placeholders(const char *text, size_t len, int column, morgue_error *err)
{
    const char *p = text;
    while ((p = memchr(p, '<', len - (size_t)(p - text))) != NULL) {
        size_t at = (size_t)(p - text);
        size_t n = placeholder_len(p, len - at);
        if (n > 0)
            return mrg_refuse(
                err, column_of(text, at, column),
                "%.*s in phrases is not supported yet; use person:, org:, place:, event: or name:", (int)n, p);
        p++;
    }
    return MORGUE_OK;
}

/* The byte where a mark that means something in other languages, or will in this one, stands in a word; len
   if there is none. Question marks behind the last letter are punctuation. */
static size_t find_special_mark(const char *text, size_t len)
{
    size_t question = len;
    utf8proc_int32_t c;
    for (size_t pos = 0, n; (n = peek(text, len, pos, &c)) > 0; pos += n) {
        if (c == '*' || c == '~' || c == '^' || c == '|')
            return question < pos ? question : pos;
        if (c == '?' && question == len)
            question = pos;
        if (question < pos && is_letter_or_digit(c))
            return question;
    }
    return len;
}

static morgue_status fail_special_mark(const char *text, size_t pos, int column, morgue_error *err)
{
    const char *what = "wildcards are not supported yet";
    if (text[pos] == '~')
        what = "fuzzy words and distances (~) are not supported yet";
    else if (text[pos] == '^')
        what = "weights (^) are not supported yet";
    else if (text[pos] == '|')
        what = "| is not an operator here; write OR between two words";
    return mrg_refuse(err, column_of(text, pos, column), "%s; if %c belongs to the word, " QUOTE_IT, what, text[pos]);
}

static morgue_status fail_no_word(const char *text, size_t len, int column, morgue_error *err)
{
    const char *hint = "leave it out";
    if (is_word(text, len, "&&") || is_word(text, len, "&"))
        hint = "leave it out, or write AND";
    else if (is_word(text, len, "||") || is_word(text, len, "|") || is_word(text, len, "/"))
        hint = "leave it out, or write OR";
    int shown = mrg_excerpt_len(text, len);
    return mrg_refuse(err, column, "%.*s%s has no letter or digit to search for; %s", shown, text,
                      (size_t)shown < len ? "..." : "", hint);
}

/* Marks in front of a word with which other languages mean "required" or "excluded". */
static morgue_status check_first_mark(const char *text, size_t len, int column, morgue_error *err)
{
    utf8proc_int32_t first, second;
    size_t n = peek(text, len, 0, &first);
    peek(text, len, n, &second);
    if (second < 0 || !is_letter_or_digit(second) || (second >= '0' && second <= '9'))
        return MORGUE_OK;
    if (first == '+')
        return mrg_refuse(err, column, "+ is not needed: every word is required anyway; leave it out");
    if (first == '!' || is_dash(first))
        return mrg_refuse(err, column,
                          "to exclude a word write a plain hyphen or NOT before it, not %.*s; else leave it out",
                          (int)n, text);
    return MORGUE_OK;
}

/* Whether `text` may stand as an unquoted word or value. */
static morgue_status check_word(const char *text, size_t len, int column, morgue_error *err)
{
    if (!is_url(text, len)) {
        if (is_proximity(text, len))
            return mrg_refuse(
                err, column,
                "%.*s is not supported yet; use a \"phrase\" or AND, or write it in quotation marks as a word",
                mrg_excerpt_len(text, len), text);
        morgue_status status = check_placeholders(text, len, column, err);
        if (status)
            return status;
        size_t mark = find_special_mark(text, len);
        if (mark < len && (text[mark] != '|' || has_letter_or_digit(text, len)))
            return fail_special_mark(text, mark, column, err);
    }
    if (!has_letter_or_digit(text, len))
        return fail_no_word(text, len, column, err);
    return check_first_mark(text, len, column, err);
}

/* ---- Tokens ---- */

static void skip_space(mrg_lexer *lexer)
{
    utf8proc_int32_t c;
    size_t n;
    while ((n = peek(lexer->text, lexer->len, lexer->pos, &c)) > 0 && is_space(c)) {
        lexer->pos += n;
        lexer->column++;
    }
}

static void read_run(mrg_lexer *lexer, mrg_query_token *token)
{
    utf8proc_int32_t c;
    size_t n;
    token->text = lexer->text + lexer->pos;
    token->value_column = lexer->column;
    while ((n = peek(lexer->text, lexer->len, lexer->pos, &c)) > 0 && !ends_word(c)) {
        lexer->pos += n;
        lexer->column++;
    }
    token->text_len = (size_t)(lexer->text + lexer->pos - token->text);
}

/* From the opening quotation mark to behind the closing one. A straight one closes a straight one, a
   curly one a curly one, so that each may hold the other. */
static morgue_status read_phrase(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    utf8proc_int32_t open, c;
    size_t n = peek(lexer->text, lexer->len, lexer->pos, &open);
    size_t begin = lexer->pos += n;
    token->quoted = 1;
    token->value_column = lexer->column++;
    while ((n = peek(lexer->text, lexer->len, lexer->pos, &c)) > 0) {
        size_t end = lexer->pos;
        lexer->pos += n;
        lexer->column++;
        if (open == '"' ? c == '"' : is_curly_quote(c)) {
            token->text = lexer->text + begin;
            token->text_len = end - begin;
            return MORGUE_OK;
        }
    }
    return mrg_refuse(err, token->value_column, "unclosed quotation mark; close the phrase with %s",
                      open == '"' ? "\"" : "\xe2\x80\x9d");
}

static morgue_status check_phrase(const mrg_query_token *token, morgue_error *err)
{
    if (!has_letter_or_digit(token->text, token->text_len))
        return mrg_refuse(err, token->value_column,
                          "nothing to search for between the quotation marks; they want a word or more");
    return check_placeholders(token->text, token->text_len, token->value_column + 1, err);
}

/* The length of a name directly before a colon at the lexer's place; 0 if there is none. */
static size_t field_name_len(const mrg_lexer *lexer)
{
    const char *p = lexer->text + lexer->pos;
    size_t left = lexer->len - lexer->pos;
    size_t n = 0;
    while (n < left && (unsigned char)p[n] < 0x80 && (is_letter_or_digit(p[n]) || p[n] == '_' || p[n] == '-'))
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
    utf8proc_int32_t c;
    peek(rest, left, 0, &c);
    if (c < 0 || c == ')' || is_space(c) || (left >= 2 && rest[0] == '/' && rest[1] == '/'))
        return MORGUE_OK;
    int shown = mrg_excerpt_len(name, name_len);
    return mrg_refuse(err, lexer->column,
                      "there is no field %.*s%s: (the fields are " VALID_FIELDS "); if it is no field, " QUOTE_IT,
                      shown, name, (size_t)shown < name_len ? "..." : "");
}

static morgue_status check_value(const mrg_lexer *lexer, const mrg_query_token *token, const char *name,
                                 morgue_error *err)
{
    utf8proc_int32_t c;
    peek(lexer->text, lexer->len, lexer->pos, &c);
    if (token->text_len == 0 && c == '(')
        return mrg_refuse(err, lexer->column,
                          "parentheses after %s: are not supported yet; write the field before each word or phrase",
                          name);
    if (token->text_len == 0)
        return mrg_refuse(err, lexer->column,
                          "%s: wants a word, or a phrase in quotation marks, directly after the colon", name);
    if (token->text[0] == '-')
        return mrg_refuse(err, token->value_column,
                          "write the - before the field, as in -%s:word, or put the value in quotation marks", name);
    if (c == '(' || is_quote(c))
        return mrg_refuse(err, lexer->column,
                          "the value of %s: goes no further; put all of it in quotation marks, or a space here", name);
    if (token->field == MRG_QUERY_FIELD_DATE)
        return MORGUE_OK;
    if (token->field == MRG_QUERY_FIELD_META && token->detail == MRG_META_ID)
        return has_letter_or_digit(token->text, token->text_len)
                   ? MORGUE_OK
                   : fail_no_word(token->text, token->text_len, token->value_column, err);
    return check_word(token->text, token->text_len, token->value_column, err);
}

static morgue_status read_field(mrg_lexer *lexer, const struct field_name *field, mrg_query_token *token,
                                morgue_error *err)
{
    utf8proc_int32_t c;
    if (field->field == MRG_QUERY_FIELD_LATER)
        return mrg_refuse(err, token->column, "%s: is not supported yet; %s", field->name,
                          strcmp(field->name, "url") == 0 ? "an address may be an id: try id:"
                                                          : "date: is for when it was published");
    size_t skipped = strlen(field->name) + 1;
    lexer->pos += skipped;
    lexer->column += (int)skipped;
    token->field = field->field;
    token->detail = field->detail;
    peek(lexer->text, lexer->len, lexer->pos, &c);
    if (!is_quote(c)) {
        read_run(lexer, token);
        return check_value(lexer, token, field->name, err);
    }
    morgue_status status = read_phrase(lexer, token, err);
    return status || token->field == MRG_QUERY_FIELD_DATE ? status : check_phrase(token, err);
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
    if (is_word(token->text, token->text_len, "AND"))
        token->type = MRG_TOKEN_AND;
    else if (is_word(token->text, token->text_len, "OR"))
        token->type = MRG_TOKEN_OR;
    else if (is_word(token->text, token->text_len, "NOT"))
        token->type = MRG_TOKEN_NOT;
    else
        return check_word(token->text, token->text_len, token->column, err);
    return MORGUE_OK;
}

/* A hyphen before a word, phrase, field or parenthesis; anything else is a stray one. */
static morgue_status read_minus(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    utf8proc_int32_t c;
    lexer->pos++;
    lexer->column++;
    token->type = MRG_TOKEN_MINUS;
    peek(lexer->text, lexer->len, lexer->pos, &c);
    if (c < 0 || c == ')' || is_space(c))
        return mrg_refuse(err, token->column,
                          "a lone - excludes nothing; write it directly before a word, as in -word, or leave it out");
    if (c == '-')
        return mrg_refuse(err, token->column,
                          "two hyphens before a word; one excludes it, and options of a program go before the query");
    return MORGUE_OK;
}

morgue_status mrg_lexer_next(mrg_lexer *lexer, mrg_query_token *token, morgue_error *err)
{
    utf8proc_int32_t c;
    skip_space(lexer);
    memset(token, 0, sizeof *token);
    token->column = lexer->column;
    peek(lexer->text, lexer->len, lexer->pos, &c);
    if (c == '-')
        return read_minus(lexer, token, err);
    if (c < 0 || c == '(' || c == ')') {
        token->type = c < 0 ? MRG_TOKEN_END : c == '(' ? MRG_TOKEN_OPEN : MRG_TOKEN_CLOSE;
        lexer->pos += c >= 0;
        lexer->column += c >= 0;
        return MORGUE_OK;
    }
    token->type = MRG_TOKEN_TEXT;
    if (!is_quote(c))
        return read_word(lexer, token, err);
    morgue_status status = read_phrase(lexer, token, err);
    return status ? status : check_phrase(token, err);
}

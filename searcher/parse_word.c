/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The marks in and behind a word: * and ? in it, ~ and ^ at its end. */
#include <string.h>

#include "parse.h"

#define QUOTE_IT "put it in quotation marks to search for it as it stands"

/* ---- Wildcards ---- */

/* Letters that no text has in their place: marks of two Roman inscriptions. They take wildcards through the
   tokenizer, which then treats a pattern just as it does words. */
#define ANY_RUN "\xea\x9f\xbb"
#define ANY_ONE "\xea\x9f\xbd"
enum { STAND_IN_BYTES = 3 };

size_t mrg_find_wildcard(const char *text, size_t len)
{
    size_t question = len;
    int32_t c;
    for (size_t pos = 0, n; (n = mrg_char_peek(text, len, pos, &c)) > 0; pos += n) {
        if (c == '*')
            return question < pos ? question : pos;
        if (c == '?' && question == len)
            question = pos;
        if (question < pos && mrg_char_is_word(c))
            return question;
    }
    return len;
}

int mrg_is_pattern(const char *term, size_t len)
{
    return memchr(term, '*', len) != NULL || memchr(term, '?', len) != NULL;
}

/* Back to * and ?, which are shorter. */
static void restore_wildcards(mrg_tokens *tokens, size_t first)
{
    for (size_t i = first; i < tokens->count; i++) {
        unsigned char *term = tokens->terms.data + tokens->items[i].term_off;
        size_t len = tokens->items[i].term_len, kept = 0;
        for (size_t pos = 0; pos < len;) {
            int run = len - pos >= STAND_IN_BYTES && !memcmp(term + pos, ANY_RUN, STAND_IN_BYTES);
            int one = len - pos >= STAND_IN_BYTES && !memcmp(term + pos, ANY_ONE, STAND_IN_BYTES);
            if (!run && !one) {
                term[kept++] = term[pos++];
                continue;
            }
            pos += STAND_IN_BYTES;
            if (one || !kept || term[kept - 1] != '*') /* ** is * */
                term[kept++] = one ? '?' : '*';
        }
        tokens->items[i].term_len = (uint32_t)kept;
    }
}

morgue_status mrg_pattern_tokenize(mrg_tokens *tokens, const char *text, size_t len, morgue_error *err)
{
    mrg_buffer b = MRG_BUFFER_INIT;
    size_t first = tokens->count;
    for (size_t pos = 0; pos < len; pos++) {
        int wild = text[pos] == '*' || (text[pos] == '?' && mrg_find_wildcard(text + pos, len - pos) == 0);
        if (wild)
            mrg_buffer_append(&b, text[pos] == '*' ? ANY_RUN : ANY_ONE, STAND_IN_BYTES);
        else
            mrg_buffer_append_byte(&b, (unsigned char)text[pos]);
    }
    morgue_status status = b.failed ? mrg_fail_nomem(err)
                                    : mrg_tokenize(tokens, (const char *)b.data, 0, b.len, 0, err);
    mrg_buffer_dispose(&b);
    if (!status)
        restore_wildcards(tokens, first);
    return status;
}

/* One letter or digit in a term, two if it begins with a wildcard. */
static int is_too_wide(const char *term, size_t len)
{
    size_t letters = 0;
    for (size_t i = 0; i < len; i++)
        letters += term[i] != '*' && term[i] != '?' && ((unsigned char)term[i] & 0xc0) != 0x80;
    return letters < (mrg_is_pattern(term, 1) ? 2u : 1u);
}

static morgue_status check_terms(const mrg_tokens *tokens, const char *text, int shown, int column, morgue_error *err)
{
    for (size_t i = 0; i < tokens->count; i++) {
        const mrg_token *t = &tokens->items[i];
        if (t->flags & MRG_TOKEN_NGRAM)
            return mrg_refuse(err, column,
                              "wildcards have no place in a script written without spaces, where every part of "
                              "%.*s is found anyway; leave them out", shown, text);
    }
    for (size_t i = 0; i < tokens->count; i++) {
        const mrg_token *t = &tokens->items[i];
        const char *term = mrg_token_term(tokens, t);
        if (mrg_is_pattern(term, t->term_len) && is_too_wide(term, t->term_len))
            return mrg_refuse(err, column,
                              "%.*s would stand for too many words; * and ? want a letter or digit beside them, two if "
                              "they come first, as in sanction* or *burg", shown, text);
    }
    return MORGUE_OK;
}

morgue_status mrg_check_pattern(const char *text, size_t len, int column, morgue_error *err)
{
    mrg_tokens tokens = { 0 };
    int shown = mrg_excerpt_len(text, len);
    if (len > MRG_TERM_MAX_BYTES)
        return mrg_refuse(err, column, "a word with * or ? in it may have at most %d bytes", (int)MRG_TERM_MAX_BYTES);
    morgue_status status = mrg_pattern_tokenize(&tokens, text, len, err);
    if (!status && !tokens.count)
        status = mrg_query_no_word(text, len, column, err);
    if (!status)
        status = check_terms(&tokens, text, shown, column, err);
    mrg_tokens_dispose(&tokens);
    return status;
}

/* ---- Fuzzy words ---- */

morgue_status mrg_check_fuzzy(const char *text, size_t len, int column, unsigned *edits, morgue_error *err)
{
    enum { SHORTEST = 3, TWO_EDITS_FROM = 9 };
    mrg_tokens tokens = { 0 };
    size_t letters = 0;
    int shown = mrg_excerpt_len(text, len);
    morgue_status status = mrg_tokenize(&tokens, text, 0, len, 0, err);
    for (size_t i = 0; !status && tokens.count == 1 && i < tokens.items[0].term_len; i++)
        letters += ((unsigned char)mrg_token_term(&tokens, tokens.items)[i] & 0xc0) != 0x80;
    if (!status && tokens.count != 1)
        status = mrg_refuse(err, column, "~ wants a single word before it, and %.*s is %s", shown, text,
                            tokens.count ? "several" : "none");
    else if (!status && letters < SHORTEST)
        status = mrg_refuse(err, column, "%.*s~ is too short: nearly every short word is like it; from %d letters on",
                            shown, text, (int)SHORTEST);
    if (!status && !*edits)
        *edits = letters < TWO_EDITS_FROM ? 1 : 2;
    mrg_tokens_dispose(&tokens);
    return status;
}

/* ---- Numbers behind marks ---- */

/* "2", "0.5", "1.25" in thousandths; 0 if it is none, or out of bounds. */
static unsigned read_weight(const char *s, size_t len)
{
    enum { MOST = 100000 };
    unsigned value = 0, unit = 1000;
    size_t i = 0;
    for (; i < len && s[i] >= '0' && s[i] <= '9' && value <= MOST; i++)
        value = value * 10 + (unsigned)(s[i] - '0') * 1000;
    if (i == 0 || (i < len && s[i] != '.') || i + 1 == len)
        return 0;
    for (i++; i < len; i++) {
        unit /= 10;
        if (s[i] < '0' || s[i] > '9' || !unit)
            return 0;
        value += (unsigned)(s[i] - '0') * unit;
    }
    return value <= MOST ? value : 0;
}

/* `s` begins behind the ^, which stands in `column`. */
static morgue_status set_weight(mrg_query_token *token, const char *s, size_t len, int column, morgue_error *err)
{
    unsigned thousandths = read_weight(s, len);
    if (!thousandths)
        return mrg_refuse(err, column, "^ wants a weight behind it, above 0 and up to 100 with at most three decimals, "
                                       "as in word^2 or word^0.5; if it belongs to the word, " QUOTE_IT);
    token->boost = thousandths / 1000.0;
    token->boost_column = column;
    return MORGUE_OK;
}

int mrg_query_number(const char *s, size_t len, int most)
{
    int value = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9' || value > most)
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return len && value <= most ? value : -1;
}

/* ---- What follows a phrase or a parenthesis ---- */

morgue_status mrg_query_suffix(mrg_query_token *token, const char *text, size_t len, int column, morgue_error *err)
{
    size_t weight = 0;
    int can_slop = token->type == MRG_TOKEN_TEXT && token->node_type == MRG_NODE_PHRASE &&
                   (token->field == MRG_QUERY_FIELD_NONE || token->field == MRG_QUERY_FIELD_TITLE);
    while (weight < len && text[weight] != '^')
        weight++;
    if (weight > 0) {
        if (!can_slop)
            return mrg_refuse(err, column, "~ stands directly behind a word or a phrase alone; for words that stand "
                                           "close to each other write NEAR/3 between them");
        token->slop = mrg_query_number(text + 1, weight - 1, MRG_QUERY_MAX_DISTANCE);
        if (token->slop < 0)
            return mrg_refuse(err, column, "behind a phrase ~ wants the number of other words that may stand in it, "
                                           "0 to %d, as in \"legal guarantees\"~3", (int)MRG_QUERY_MAX_DISTANCE);
    }
    return weight < len ? set_weight(token, text + weight + 1, len - weight - 1,
                                     mrg_column_of(text, weight, column), err)
                        : MORGUE_OK;
}

/* ---- Words ---- */

morgue_status mrg_query_no_word(const char *text, size_t len, int column, morgue_error *err)
{
    const char *hint = "leave it out";
    if (mrg_is_exactly(text, len, "&&") || mrg_is_exactly(text, len, "&"))
        hint = "leave it out, or write AND";
    else if (mrg_is_exactly(text, len, "||") || mrg_is_exactly(text, len, "|") || mrg_is_exactly(text, len, "/"))
        hint = "leave it out, or write OR";
    else if (memchr(text, '*', len))
        hint = "* stands for letters of a word, as in sanction*; for words in between write \"a b\"~3 or a NEAR/3 b";
    else if (text[0] == '~')
        hint = "~ stands directly behind a word, as in zelenski~, or behind a phrase, as in \"legal guarantees\"~3";
    else if (text[0] == '^')
        hint = "^ and a weight stand directly behind a word, phrase or parenthesis, as in word^2";
    int shown = mrg_excerpt_len(text, len);
    return mrg_refuse(err, column, "%.*s%s has no letter or digit to search for; %s", shown, text,
                      (size_t)shown < len ? "..." : "", hint);
}

/* Marks in front of a word with which other languages mean "required" or "excluded". */
static morgue_status check_first_mark(const char *text, size_t len, int column, morgue_error *err)
{
    int32_t first, second;
    size_t n = mrg_char_peek(text, len, 0, &first);
    mrg_char_peek(text, len, n, &second);
    if (second < 0 || !mrg_char_is_word(second) || (second >= '0' && second <= '9'))
        return MORGUE_OK;
    if (first == '+')
        return mrg_refuse(err, column, "+ is not needed: every word is required anyway; leave it out");
    if (first == '!' || mrg_char_is_dash(first))
        return mrg_refuse(err, column,
                          "to exclude a word write a plain hyphen or NOT before it, not %.*s; else leave it out",
                          (int)n, text);
    return MORGUE_OK;
}

static morgue_status refuse_leading(const mrg_query_token *token, morgue_error *err)
{
    int shown = mrg_excerpt_len(token->text, token->text_len);
    return mrg_refuse(err, token->value_column, "%.*s belongs directly behind %s, without a space", shown, token->text,
                      token->text[0] == '~' ? "a word, as in zelenski~1, or a phrase, as in \"legal guarantees\"~3"
                                            : "a word, a phrase or a parenthesis, as in word^2");
}

/* Cuts "^2" off. */
static morgue_status cut_weight(mrg_query_token *token, mrg_word_marks allowed, morgue_error *err)
{
    const char *mark = memchr(token->text, '^', token->text_len);
    if (!mark)
        return MORGUE_OK;
    size_t at = (size_t)(mark - token->text), rest = token->text_len - at - 1;
    int column = mrg_column_of(token->text, at, token->value_column);
    if (allowed == MRG_MARKS_NONE)
        return mrg_refuse(err, column, "this field only filters, so it has no weight; leave ^ out, or, if it belongs "
                                       "to the value, put the value in quotation marks");
    token->text_len = at;
    return set_weight(token, mark + 1, rest, column, err);
}

/* Cuts "~" and "~2" off. */
static morgue_status cut_edits(mrg_query_token *token, morgue_error *err)
{
    const char *mark = memchr(token->text, '~', token->text_len);
    if (!mark)
        return MORGUE_OK;
    size_t at = (size_t)(mark - token->text), rest = token->text_len - at - 1;
    int column = mrg_column_of(token->text, at, token->value_column);
    int edits = mrg_query_number(mark + 1, rest, 2);
    if (rest && edits < 1)
        return mrg_refuse(err, column, "behind word~ only 1 or 2 may stand, how many letters may differ; if ~ belongs "
                                       "to the word, write a space for it: marks cannot be searched for");
    token->text_len = at;
    token->edits = rest ? (unsigned)edits : 0;
    token->node_type = MRG_NODE_FUZZY;
    if (mrg_find_wildcard(token->text, at) < at)
        return mrg_refuse(err, column, "a word has either wildcards (* and ?) or ~, not both; leave one out");
    return mrg_check_fuzzy(token->text, at, token->value_column, &token->edits, err);
}

static morgue_status refuse_mark(const mrg_query_token *token, size_t at, morgue_error *err)
{
    char mark = token->text[at];
    int column = mrg_column_of(token->text, at, token->value_column);
    if (token->field == MRG_QUERY_FIELD_ENTITY)
        return mrg_refuse(err, column,
                          "%c does not work in names, which are found by any of their words; leave it out", mark);
    return mrg_refuse(err, column, "%c does not work in this field; if it belongs to the value, put the value in "
                                   "quotation marks", mark);
}

static morgue_status cut_marks(mrg_query_token *token, mrg_word_marks allowed, morgue_error *err)
{
    morgue_status status = cut_weight(token, allowed, err);
    if (status || token->field == MRG_QUERY_FIELD_WHEN)
        return status;
    const char *tilde = memchr(token->text, '~', token->text_len), *pipe = memchr(token->text, '|', token->text_len);
    size_t wild = mrg_find_wildcard(token->text, token->text_len);
    if (pipe)
        return mrg_refuse(err, mrg_column_of(token->text, (size_t)(pipe - token->text), token->value_column),
                          "| is not an operator here; write OR between two words; if | belongs to the word, " QUOTE_IT);
    if (allowed != MRG_MARKS_ALL && (tilde || wild < token->text_len))
        return refuse_mark(token, tilde && (size_t)(tilde - token->text) < wild ? (size_t)(tilde - token->text) : wild,
                           err);
    if (allowed != MRG_MARKS_ALL)
        return MORGUE_OK;
    status = cut_edits(token, err);
    if (status || token->node_type == MRG_NODE_FUZZY || wild >= token->text_len)
        return status;
    token->node_type = MRG_NODE_PATTERN;
    return mrg_check_pattern(token->text, token->text_len, token->value_column, err);
}

/* A slot stands in quotation marks. */
static morgue_status check_slots(const mrg_query_token *token, morgue_error *err)
{
    for (size_t at = 0; at < token->text_len; at++) {
        int known = 0;
        mrg_entity_type type;
        size_t n = token->text[at] == '<' ? mrg_slot_len(token->text + at, token->text_len - at, &known, &type) : 0;
        if (n && known)
            return mrg_refuse(err, mrg_column_of(token->text, at, token->value_column),
                              "%.*s stands in quotation marks, alone or with words: \"%.*s said\"", (int)n,
                              token->text + at, (int)n, token->text + at);
    }
    return MORGUE_OK;
}

morgue_status mrg_query_word(mrg_query_token *token, mrg_word_marks allowed, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    token->node_type = MRG_NODE_WORDS;
    if (!mrg_has_word(token->text, token->text_len))
        return mrg_query_no_word(token->text, token->text_len, token->value_column, err);
    if (!mrg_is_url(token->text, token->text_len)) {
        if (token->text[0] == '~' || token->text[0] == '^')
            return refuse_leading(token, err);
        status = check_slots(token, err);
        if (!status)
            status = cut_marks(token, allowed, err);
        if (!status && !mrg_has_word(token->text, token->text_len))
            return mrg_query_no_word(token->text, token->text_len, token->value_column, err);
    }
    return status ? status : check_first_mark(token->text, token->text_len, token->value_column, err);
}

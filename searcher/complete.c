/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "complete.h"

#include <string.h>

#include "core/alloc.h"
#include "store/catalogue.h"

enum { DEFAULT_MAX = 10, MAX_COMPLETIONS = 1000, MAX_TEXT_BYTES = 1 << 20 };

/* ---- Fields and operators --------------------------------------------------------------------------------------- */

typedef enum value_kind { VALUE_WORD, VALUE_NAME, VALUE_TERM, VALUE_DATE, VALUE_OTHER } value_kind;

static const struct field {
    const char *name; /* with its colon */
    value_kind kind;
    int detail;       /* WORD: field of the segments; NAME: type; DATE: it is of those in texts */
    const char *term_prefix;
} fields[] = {
    { "person:", VALUE_NAME, MRG_ENTITY_PERSON, NULL },
    { "org:", VALUE_NAME, MRG_ENTITY_ORG, NULL },
    { "place:", VALUE_NAME, MRG_ENTITY_PLACE, NULL },
    { "event:", VALUE_NAME, MRG_ENTITY_EVENT, NULL },
    { "name:", VALUE_NAME, MRG_ENTITY_TYPES, NULL },
    { "title:", VALUE_WORD, MRG_FIELD_TITLE_WORD, NULL },
    { "source:", VALUE_TERM, 0, MRG_PREFIX_SOURCE },
    { "author:", VALUE_TERM, 0, MRG_PREFIX_AUTHOR },
    { "subject:", VALUE_TERM, 0, MRG_PREFIX_SUBJECT },
    { "lang:", VALUE_TERM, 0, MRG_PREFIX_LANG },
    { "date:", VALUE_DATE, 0, NULL },
    { "before:", VALUE_DATE, 0, NULL },
    { "after:", VALUE_DATE, 0, NULL },
    { "when:", VALUE_DATE, 1, NULL },
    { "url:", VALUE_OTHER, 0, NULL },
    { "id:", VALUE_OTHER, 0, NULL },
};
enum { FIELD_COUNT = sizeof fields / sizeof *fields };

static const char *const operators[] = { "AND", "OR", "NOT", "NEAR", "BEFORE" };
static const char *const slots[] = { "<person>", "<org>", "<place>", "<event>", "<name>", "<date>" };

/* ASCII letters fold; others must be the same. */
static int begins_with(const char *whole, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
        if (!whole[i] || whole[i] != c)
            return 0;
    }
    return 1;
}

static morgue_status add_fields(morgue_completions *list, const char *typed, size_t len, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < FIELD_COUNT && !status; i++) {
        if (begins_with(fields[i].name, typed, len))
            status = mrg_completions_add(list, fields[i].name, strlen(fields[i].name), "field", 0, err);
    }
    return status;
}

static morgue_status add_operators(morgue_completions *list, const char *typed, size_t len, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < sizeof operators / sizeof *operators && len && !status; i++) {
        if (!strncmp(operators[i], typed, len))
            status = mrg_completions_add(list, operators[i], strlen(operators[i]), "operator", 0, err);
    }
    return status;
}

static morgue_status add_slots(morgue_completions *list, const char *typed, size_t len, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < sizeof slots / sizeof *slots && !status; i++) {
        if (begins_with(slots[i], typed, len))
            status = mrg_completions_add(list, slots[i], strlen(slots[i]), "slot", 0, err);
    }
    return status;
}

/* ---- Where typing goes on --------------------------------------------------------------------------------------- */

/* The end of the text: a run without spaces, which may have a field, or what stands behind an open quote. */
typedef struct tail {
    size_t begin;              /* of the field, or of the value if there is none */
    size_t value;              /* of the value, behind a quotation mark */
    int quoted;
    const struct field *field; /* NULL: none, or none that is known */
    int unknown_field;
} tail;

/* The length of a quotation mark, and whether it is a straight one. */
static size_t quote_at(const char *text, size_t len, size_t i, int *straight)
{
    *straight = text[i] == '"';
    if (*straight)
        return 1;
    /* U+201C to U+201F */
    return i + 3 <= len && !memcmp(text + i, "\xe2\x80", 2) && (unsigned char)text[i + 2] >= 0x9c &&
                   (unsigned char)text[i + 2] <= 0x9f
               ? 3
               : 0;
}

static int is_break(char c)
{
    return (unsigned char)c <= ' ' || c == '(' || c == ')';
}

static void find_field(tail *t, const char *text, size_t end)
{
    const char *colon = memchr(text + t->begin, ':', end - t->begin);
    if (!colon)
        return;
    size_t len = (size_t)(colon - text) - t->begin + 1;
    t->unknown_field = 1;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (strlen(fields[i].name) == len && begins_with(fields[i].name, text + t->begin, len)) {
            t->field = &fields[i];
            t->unknown_field = 0;
            if (!t->quoted)
                t->value = t->begin + len;
        }
    }
}

static tail find_tail(const char *text, size_t len)
{
    tail t = { 0 };
    int straight = 0, open_straight = 0;
    size_t quote = 0;
    for (size_t i = 0; i < len;) {
        size_t n = quote_at(text, len, i, &straight);
        if (n && !t.quoted) {
            t.quoted = 1;
            open_straight = straight;
            quote = i;
            t.value = i + n;
        } else if (n && straight == open_straight) {
            t.quoted = 0;
            t.begin = i + n;
        } else if (!n && !t.quoted && is_break(text[i])) {
            t.begin = i + 1;
        }
        i += n ? n : 1;
    }
    if (t.begin < len && text[t.begin] == '-')
        t.begin++;
    if (!t.quoted)
        t.value = t.begin;
    find_field(&t, text, t.quoted ? quote : len);
    if (!t.field && t.quoted)
        t.begin = t.value;
    return t;
}

/* ---- What fits there ---------------------------------------------------------------------------------------------- */

typedef struct completer {
    morgue_completions *list;
    mrg_view *view;
    const char *text;
    size_t len, max;
    tail at;
    mrg_tokens tokens; /* of the value */
    morgue_error *err;
} completer;

/* The last token of the value, if the text ends with it. */
static const mrg_token *last_token(completer *c, morgue_status *status)
{
    mrg_tokens_clear(&c->tokens);
    *status = mrg_tokenize(&c->tokens, c->text, c->at.value, c->len, 0, c->err);
    if (*status || !c->tokens.count)
        return NULL;
    const mrg_token *token = &c->tokens.items[c->tokens.count - 1];
    return token->end == c->len ? token : NULL;
}

static morgue_status complete_value_words(completer *c, int field, int all)
{
    morgue_status status;
    const mrg_token *token = last_token(c, &status);
    if (!token)
        return status;
    c->list->from = token->begin;
    return mrg_complete_words(c->list, c->view, field, mrg_token_term(&c->tokens, token), token->term_len, all, c->max,
                              c->err);
}

/* Values of a field are words as well, but for languages, which have no tokens. */
static morgue_status complete_value_terms(completer *c)
{
    morgue_status status;
    const struct field *field = c->at.field;
    const mrg_token *token = last_token(c, &status);
    size_t kind_len = strlen(field->name) - 1;
    const char *kind = mrg_arena_strndup(&c->list->arena, field->name, kind_len);
    if (!kind)
        return mrg_fail_nomem(c->err);
    if (status || (!token && c->len > c->at.value))
        return status;
    c->list->from = token ? token->begin : c->at.value;
    return mrg_complete_terms(c->list, c->view, field->term_prefix, token ? mrg_token_term(&c->tokens, token) : "",
                              token ? token->term_len : 0, kind, c->max, c->err);
}

/* The completion holds the field as well, for it may have to be put in quotation marks. */
static morgue_status complete_name(completer *c)
{
    morgue_status status;
    const struct field *field = c->at.field;
    if (!last_token(c, &status))
        return status;
    c->list->from = c->at.begin;
    return mrg_complete_names(c->list, c->view, field->name, (mrg_entity_type)field->detail, &c->tokens, c->max, c->err);
}

/* The second date of a range is completed on its own. */
static morgue_status complete_date(completer *c)
{
    for (size_t i = c->at.value; i + 1 < c->len; i++) {
        if (c->text[i] == '.' && c->text[i + 1] == '.')
            c->at.value = i + 2;
    }
    c->list->from = c->at.value;
    return mrg_complete_dates(c->list, c->view, c->at.field->detail, c->text + c->at.value, c->len - c->at.value, c->max,
                              c->err);
}

/* Moves the items [middle, end) before those from `first` on. */
static void rotate(morgue_completions *list, size_t first, size_t middle)
{
    for (; middle < list->count; first++, middle++) {
        morgue_completion item = list->items[middle];
        memmove(&list->items[first + 1], &list->items[first], (middle - first) * sizeof item);
        list->items[first] = item;
    }
}

/* Words, and names for a third of the places; or the other way round, if a capital was typed. */
static morgue_status complete_words_and_names(completer *c, const mrg_token *token)
{
    morgue_completions *list = c->list;
    size_t first = list->count, room = c->max - first, share = room / 3 ? room / 3 : room > 1;
    int capital = (token->flags & MRG_TOKEN_CAPITAL) != 0, names = c->tokens.count == 1 && token->end - token->begin > 1;
    morgue_status status = mrg_complete_words(list, c->view, MRG_FIELD_WORD, mrg_token_term(&c->tokens, token),
                                              token->term_len, 0, room, c->err);
    size_t middle = list->count;
    if (!status && names)
        status = mrg_complete_names(list, c->view, NULL, MRG_ENTITY_TYPES, &c->tokens, room, c->err);
    if (status || list->count == first)
        return status;
    size_t word_count = middle - first, name_count = list->count - middle;
    size_t least = capital ? room - share : share; /* places for names */
    least = name_count < least ? name_count : least;
    size_t kept = word_count < room - least ? word_count : room - least;
    memmove(&list->items[first + kept], &list->items[middle], name_count * sizeof *list->items);
    list->count = first + kept + (name_count < room - kept ? name_count : room - kept);
    if (capital)
        rotate(list, first, first + kept);
    return MORGUE_OK;
}

/* In a phrase without a field: its last word, or a slot. */
static morgue_status complete_phrase(completer *c)
{
    size_t begin = c->len;
    while (begin > c->at.value && !is_break(c->text[begin - 1]))
        begin--;
    if (begin == c->len || c->text[begin] != '<')
        return complete_value_words(c, MRG_FIELD_WORD, 1);
    c->list->from = begin;
    return add_slots(c->list, c->text + begin, c->len - begin, c->err);
}

/* A word that is anything yet. */
static morgue_status complete_anything(completer *c)
{
    const char *typed = c->text + c->at.value;
    size_t len = c->len - c->at.value;
    morgue_status status = add_operators(c->list, typed, len, c->err);
    c->list->from = c->at.value;
    if (!status)
        status = add_fields(c->list, typed, len, c->err);
    if (status || !len || c->list->count >= c->max)
        return status;
    const mrg_token *token = last_token(c, &status);
    if (!token || (token->begin > c->list->from && c->list->count))
        return status;
    c->list->from = token->begin;
    return complete_words_and_names(c, token);
}

static morgue_status complete(completer *c)
{
    const struct field *field = c->at.field;
    if (c->at.unknown_field)
        return MORGUE_OK;
    if (!field)
        return c->at.quoted ? complete_phrase(c) : complete_anything(c);
    switch (field->kind) {
    case VALUE_WORD:
        return complete_value_words(c, field->detail, c->at.quoted);
    case VALUE_NAME:
        return complete_name(c);
    case VALUE_TERM:
        return complete_value_terms(c);
    case VALUE_DATE:
        return complete_date(c);
    default:
        return MORGUE_OK;
    }
}

/* ---- Public ---------------------------------------------------------------------------------------------------------- */

static morgue_status complete_once(morgue_searcher *searcher, const char *text, size_t len, size_t max,
                                   morgue_completions **out, morgue_error *err)
{
    completer c = { .view = searcher->view, .text = text, .len = len, .max = max, .err = err };
    c.at = find_tail(text, len);
    c.list = *out = mrg_calloc(1, sizeof *c.list);
    if (!c.list)
        return mrg_fail_nomem(err);
    c.list->from = len;
    morgue_status status = complete(&c);
    mrg_tokens_dispose(&c.tokens);
    c.list->count = c.list->count < max ? c.list->count : max;
    if (status) {
        morgue_completions_free(c.list);
        *out = NULL;
    }
    return status;
}

morgue_status morgue_complete(morgue_searcher *searcher, const char *text, size_t max, morgue_completions **out,
                              morgue_error *err)
{
    mrg_error_clear(err);
    *out = NULL;
    if (!text)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no text to complete");
    size_t len = strlen(text);
    if (len > MAX_TEXT_BYTES)
        return mrg_fail(err, MORGUE_ERR_INVALID, "the text is too long to be completed");
    max = !max ? DEFAULT_MAX : max < MAX_COMPLETIONS ? max : MAX_COMPLETIONS;
    morgue_status status = complete_once(searcher, text, len, max, out, err);
    for (int i = 0; i < MRG_TRIES_AGAIN && status && mrg_searcher_try_again(searcher, status, 0); i++) {
        mrg_error_clear(err);
        status = complete_once(searcher, text, len, max, out, err);
    }
    return status;
}

size_t morgue_completions_size(const morgue_completions *list)
{
    return list->count;
}

const morgue_completion *morgue_completions_at(const morgue_completions *list, size_t index)
{
    return index < list->count ? &list->items[index] : NULL;
}

size_t morgue_completions_from(const morgue_completions *list)
{
    return list->from;
}

void morgue_completions_free(morgue_completions *list)
{
    if (!list)
        return;
    mrg_free(list->items);
    mrg_arena_dispose(&list->arena);
    mrg_free(list);
}

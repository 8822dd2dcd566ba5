/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recursive descent over the grammar in query.h, one function a rule. Parentheses are the only recursion,
   and they are counted. */
#include "parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/buffer.h"
#include "text/tokenize.h"

typedef struct parser {
    mrg_lexer lexer;
    mrg_query_token token; /* the next one */
    mrg_arena *arena;
    morgue_status status; /* sticky */
    morgue_error *err;
    int nesting; /* open parentheses */
    int height;  /* of the subtree parsed last */
    size_t node_count;
    mrg_node **list; /* children of the lists being read, innermost last */
    size_t list_len, list_capacity;
} parser;

static mrg_node *parse_or(parser *p, const mrg_query_token *before);

/* These keep the failure and return NULL, so that a caller can return it. */
static mrg_node *fail_nomem(parser *p)
{
    p->status = mrg_fail_nomem(p->err);
    return NULL;
}

static mrg_node *refuse(parser *p, int column, const char *format, ...) __attribute__((format(printf, 3, 4)));

static mrg_node *refuse(parser *p, int column, const char *format, ...)
{
    char line[MORGUE_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    p->status = mrg_refuse(p->err, column, "%s", line);
    return NULL;
}

static void advance(parser *p)
{
    if (!p->status)
        p->status = mrg_lexer_next(&p->lexer, &p->token, p->err);
}

static mrg_node *make_node(parser *p, mrg_node_type type, int column)
{
    if (++p->node_count > MRG_QUERY_MAX_NODES)
        return refuse(p, column, "the query is too long; at most %d words and operators", MRG_QUERY_MAX_NODES);
    mrg_node *node = mrg_arena_alloc(p->arena, sizeof *node);
    if (!node)
        return fail_nomem(p);
    memset(node, 0, sizeof *node);
    node->type = type;
    node->column = column;
    node->boost = 1;
    return node;
}

/* ---- Leaves ---- */

static void set_field(parser *p, mrg_node *node)
{
    const mrg_query_token *t = &p->token;
    if (t->field == MRG_QUERY_FIELD_TITLE)
        node->text_field = MRG_FIELD_TITLE;
    if (t->field == MRG_QUERY_FIELD_META) {
        node->type = MRG_NODE_FIELD;
        node->meta_field = (mrg_meta_field)t->detail;
        node->quoted = t->quoted;
    }
    if (t->field == MRG_QUERY_FIELD_ENTITY) {
        node->type = MRG_NODE_ENTITY;
        node->entity_type = (mrg_entity_type)t->detail;
        node->quoted = t->quoted;
    }
}

/* ---- Lists ---- */

static const char *operator_name(const mrg_query_token *token)
{
    switch (token->type) {
    case MRG_TOKEN_AND:
        return "AND";
    case MRG_TOKEN_OR:
        return "OR";
    case MRG_TOKEN_NOT:
        return "NOT";
    case MRG_TOKEN_MINUS:
        return "-";
    case MRG_TOKEN_NEAR:
        return "NEAR";
    case MRG_TOKEN_BEFORE:
        return "BEFORE";
    default:
        return "";
    }
}

#define NEAR_TAKES "stands between words, phrases, names, when:, NEARs in parentheses, and any of these joined by OR"

static int is_near(const mrg_query_token *token)
{
    return token->type == MRG_TOKEN_NEAR || token->type == MRG_TOKEN_BEFORE;
}

/* Something to search for was wanted here. `before` is the token in front of it, END at the start. */
static mrg_node *fail_operand(parser *p, const mrg_query_token *before)
{
    const mrg_query_token *t = &p->token;
    int is_operator = operator_name(t)[0] && t->type != MRG_TOKEN_MINUS;
    if (before->type == MRG_TOKEN_END && t->type == MRG_TOKEN_END)
        return refuse(p, 1, "the query is empty; give a word, a \"phrase\" or field:value");
    if (before->type == MRG_TOKEN_END && t->type == MRG_TOKEN_CLOSE)
        return refuse(p, t->column, "no ( was opened for this ); leave it out");
    if (before->type == MRG_TOKEN_OPEN && t->type == MRG_TOKEN_CLOSE)
        return refuse(p, before->column, "nothing between the parentheses; put words there or leave them out");
    if (before->type == MRG_TOKEN_OPEN && t->type == MRG_TOKEN_END)
        return refuse(p, before->column, "unclosed parenthesis; close it with ) or leave it out");
    if (is_operator && (before->type == MRG_TOKEN_END || before->type == MRG_TOKEN_OPEN))
        return refuse(p, t->column,
                      "%s needs something before it; as a word it is written in small letters or in quotation marks",
                      operator_name(t));
    if (is_near(before) && (t->type == MRG_TOKEN_MINUS || t->type == MRG_TOKEN_NOT))
        return refuse(p, t->column, "%s " NEAR_TAKES "; to exclude, put the whole in parentheses behind NOT",
                      operator_name(before));
    if (is_operator || t->type == MRG_TOKEN_MINUS)
        return refuse(p, t->column,
                      "%s cannot follow %s directly; as a word it is written in small letters or in quotation marks",
                      operator_name(t), operator_name(before));
    return refuse(p, before->column,
                  "nothing to search for after %s; as a word it is written in small letters or in quotation marks",
                  operator_name(before));
}

static int push(parser *p, mrg_node *node)
{
    if (!node)
        return -1;
    if (mrg_reserve((void **)&p->list, &p->list_capacity, p->list_len + 1, sizeof *p->list)) {
        fail_nomem(p);
        return -1;
    }
    p->list[p->list_len++] = node;
    return 0;
}

/* Moves the children pushed since `base` to a node above a subtree of `height`. */
static mrg_node *take_children(parser *p, mrg_node *node, size_t base, int height)
{
    size_t count = p->list_len - base;
    if (height >= MRG_QUERY_MAX_DEPTH)
        return refuse(p, node->column, "nested too deeply; at most %d levels", MRG_QUERY_MAX_DEPTH);
    node->children = mrg_arena_alloc(p->arena, count * sizeof(mrg_node *));
    if (!node->children)
        return fail_nomem(p);
    memcpy(node->children, p->list + base, count * sizeof(mrg_node *));
    node->child_count = count;
    p->list_len = base;
    p->height = height + 1;
    return node;
}

static mrg_node *close_list(parser *p, mrg_node_type type, int column, size_t base, int height)
{
    mrg_node *node = make_node(p, type, column);
    return node ? take_children(p, node, base, height) : NULL;
}

/* The one child as it is, or all of them in a list. */
static mrg_node *close_if_many(parser *p, mrg_node_type type, size_t base, int height)
{
    mrg_node *first = p->list[base];
    if (p->list_len > base + 1)
        return close_list(p, type, first->column, base, height);
    p->list_len = base;
    p->height = height;
    return first;
}

static mrg_node *wrap(parser *p, mrg_node_type type, int column, mrg_node *child)
{
    size_t base = p->list_len;
    if (push(p, child))
        return NULL;
    return close_list(p, type, column, base, p->height);
}

/* Where a bare NOT may not stand it gets a GROUP around it. */
static mrg_node *guard_not(parser *p, mrg_node *node)
{
    return node && node->type == MRG_NODE_NOT ? wrap(p, MRG_NODE_GROUP, node->column, node) : node;
}

/* ---- Words and phrases ---- */

static int keep_text(parser *p, mrg_node *node, const char *text, size_t len)
{
    node->text = mrg_arena_strndup(p->arena, text, len);
    node->text_len = len;
    if (!node->text)
        fail_nomem(p);
    return p->status != MORGUE_OK;
}

static mrg_node *make_element(parser *p, const mrg_phrase_element *element)
{
    mrg_node *node = make_node(p, element->type, element->column);
    if (!node || keep_text(p, node, element->text, element->len))
        return NULL;
    node->edits = element->edits;
    node->entity_type = element->entity_type;
    return node;
}

/* Slop wants something to stand apart. */
static void check_slop(parser *p, const mrg_node *node, const mrg_query_token *token)
{
    mrg_tokens tokens = { 0 };
    int several = node->child_count > 1;
    if (!several)
        p->status = mrg_pattern_tokenize(&tokens, node->text, node->text_len, p->err);
    if (!p->status && !several && tokens.count < 2)
        refuse(p, token->value_column, "~%d is for phrases of two words or more; for a fuzzy word leave the quotation "
                                       "marks out: zelenski~", token->slop);
    mrg_tokens_dispose(&tokens);
}

/* What stands in the quotation marks becomes children, but for a phrase of words alone. */
static void parse_phrase(parser *p, mrg_node *node, const mrg_query_token *token)
{
    mrg_phrase_reader reader = { .text = token->text, .len = token->text_len, .column = token->value_column + 1 };
    mrg_phrase_element element;
    size_t base = p->list_len;
    while (!p->status) {
        p->status = mrg_phrase_next(&reader, &element, p->err);
        if (p->status || !element.len)
            break;
        if (element.type == MRG_NODE_SLOT && node->text_field == MRG_FIELD_TITLE)
            refuse(p, element.column, "title: phrases hold words alone; %.*s stands in phrases of the whole article",
                   (int)element.len, element.text);
        else if (element.type != MRG_NODE_WORDS || reader.pos < reader.len || p->list_len > base)
            push(p, make_element(p, &element));
    }
    size_t count = p->list_len - base;
    if (!p->status && (count > 1 || (count == 1 && p->list[base]->type != MRG_NODE_WORDS)))
        take_children(p, node, base, 1);
    p->list_len = base;
    node->slop = token->slop > 0 ? (uint32_t)token->slop : 0;
    if (!p->status && token->slop >= 0)
        check_slop(p, node, token);
}

static mrg_node *parse_leaf(parser *p)
{
    mrg_query_token t = p->token;
    mrg_node *node = make_node(p, t.node_type, t.column);
    if (!node)
        return NULL;
    p->height = 1;
    node->boost = t.boost;
    node->edits = t.edits;
    if (t.field == MRG_QUERY_FIELD_DATE || t.field == MRG_QUERY_FIELD_WHEN) {
        node->type = t.field == MRG_QUERY_FIELD_DATE ? MRG_NODE_DATE : MRG_NODE_WHEN;
        p->status = mrg_query_date(&t, &node->from, &node->to, p->err);
    } else {
        set_field(p, node);
        if (keep_text(p, node, t.text, t.text_len))
            return NULL;
        if (node->type == MRG_NODE_PHRASE)
            parse_phrase(p, node, &t);
    }
    advance(p);
    return p->status ? NULL : node;
}

/* ---- The grammar ---- */

/* The weight behind a parenthesis. */
static int set_boost(parser *p, mrg_node *node, const mrg_query_token *close)
{
    if (node->type == MRG_NODE_NOT)
        refuse(p, close->boost_column, "what is excluded has no weight; leave ^ out");
    else if (node->type == MRG_NODE_FIELD || node->type == MRG_NODE_DATE)
        refuse(p, close->boost_column, "this field only filters, so it has no weight; leave ^ out");
    else if (node->boost != 1)
        refuse(p, close->boost_column, "this has a weight already, inside the parentheses; give one");
    else
        node->boost = close->boost;
    return p->status != MORGUE_OK;
}

static mrg_node *parse_parentheses(parser *p)
{
    mrg_query_token open = p->token;
    if (++p->nesting > MRG_QUERY_MAX_DEPTH)
        return refuse(p, open.column, "nested too deeply; at most %d levels", MRG_QUERY_MAX_DEPTH);
    advance(p);
    mrg_node *node = p->status ? NULL : parse_or(p, &open);
    if (!node)
        return NULL;
    if (p->token.type != MRG_TOKEN_CLOSE)
        return refuse(p, open.column, "unclosed parenthesis; close it with ) or leave it out");
    p->nesting--;
    if (p->token.boost_column && set_boost(p, node, &p->token))
        return NULL;
    advance(p);
    return p->status ? NULL : node;
}

static mrg_node *parse_primary(parser *p, const mrg_query_token *before)
{
    if (p->token.type == MRG_TOKEN_OPEN)
        return parse_parentheses(p);
    return p->token.type == MRG_TOKEN_TEXT ? parse_leaf(p) : fail_operand(p, before);
}

/* Whether NEAR and BEFORE can tell where `node` stands. Operands were looked at when they were made. */
static int check_operand(parser *p, const mrg_node *node, const mrg_query_token *op)
{
    const char *name = operator_name(op);
    if (node->boost != 1) {
        refuse(p, node->column, "a weight inside %s means nothing; put it behind the whole: (a %s b)^2", name, name);
    } else if (node->text_field == MRG_FIELD_TITLE) {
        refuse(p, node->column, "title: has no place beside %s, which looks at whole articles; leave title: out", name);
    } else if (node->type == MRG_NODE_OR) {
        for (size_t i = 0; i < node->child_count && !check_operand(p, node->children[i], op); i++) {
        }
    } else if (node->type == MRG_NODE_FIELD || node->type == MRG_NODE_DATE) {
        refuse(p, node->column, "%s " NEAR_TAKES "; put this field beside it, behind a space", name);
    } else if (node->type == MRG_NODE_GROUP || node->type == MRG_NODE_AND || node->type == MRG_NODE_NOT) {
        refuse(p, node->column, "%s " NEAR_TAKES "; words side by side go in quotation marks, or between further %ss",
               name, name);
    }
    return p->status != MORGUE_OK;
}

static mrg_node *parse_chain(parser *p, const mrg_query_token *before)
{
    mrg_node *left = parse_primary(p, before);
    while (left && is_near(&p->token)) {
        mrg_query_token op = p->token;
        size_t base = p->list_len;
        int height = p->height;
        advance(p);
        mrg_node *right = p->status ? NULL : parse_primary(p, &op);
        if (!right || check_operand(p, left, &op) || check_operand(p, right, &op) || push(p, left) || push(p, right))
            return NULL;
        left = close_list(p, op.type == MRG_TOKEN_NEAR ? MRG_NODE_NEAR : MRG_NODE_BEFORE, left->column, base,
                          p->height > height ? p->height : height);
        if (left)
            left->distance = op.distance;
    }
    return left;
}

static mrg_node *parse_unary(parser *p, const mrg_query_token *before)
{
    mrg_query_token sign = p->token;
    if (sign.type != MRG_TOKEN_MINUS && sign.type != MRG_TOKEN_NOT)
        return parse_chain(p, before);
    advance(p);
    mrg_node *node = p->status ? NULL : guard_not(p, parse_chain(p, &sign));
    return node ? wrap(p, MRG_NODE_NOT, sign.column, node) : NULL;
}

static int begins_unary(const mrg_query_token *token)
{
    return token->type == MRG_TOKEN_TEXT || token->type == MRG_TOKEN_OPEN || token->type == MRG_TOKEN_MINUS ||
           token->type == MRG_TOKEN_NOT;
}

static mrg_node *parse_group(parser *p, const mrg_query_token *before)
{
    size_t base = p->list_len;
    int height = 0;
    do {
        if (push(p, parse_unary(p, before)))
            return NULL;
        height = p->height > height ? p->height : height;
    } while (begins_unary(&p->token));
    return close_if_many(p, MRG_NODE_GROUP, base, height);
}

static mrg_node *parse_and(parser *p, const mrg_query_token *before)
{
    size_t base = p->list_len;
    if (push(p, parse_group(p, before)))
        return NULL;
    int height = p->height;
    while (p->token.type == MRG_TOKEN_AND) {
        mrg_query_token op = p->token;
        advance(p);
        if (p->status || push(p, parse_group(p, &op)))
            return NULL;
        height = p->height > height ? p->height : height;
    }
    return close_if_many(p, MRG_NODE_AND, base, height);
}

static mrg_node *parse_or(parser *p, const mrg_query_token *before)
{
    size_t base = p->list_len;
    mrg_node *first = parse_and(p, before);
    if (p->token.type != MRG_TOKEN_OR)
        return first;
    if (push(p, guard_not(p, first)))
        return NULL;
    int height = p->height;
    while (p->token.type == MRG_TOKEN_OR) {
        mrg_query_token op = p->token;
        advance(p);
        if (p->status || push(p, guard_not(p, parse_and(p, &op))))
            return NULL;
        height = p->height > height ? p->height : height;
    }
    return close_if_many(p, MRG_NODE_OR, base, height);
}

static mrg_node *parse_query(parser *p)
{
    mrg_query_token start = { .type = MRG_TOKEN_END };
    advance(p);
    mrg_node *root = p->status ? NULL : parse_or(p, &start);
    if (root && p->token.type != MRG_TOKEN_END)
        return refuse(p, p->token.column, "no ( was opened for this ); leave it out");
    return root;
}

/* Valid UTF-8 on one line. */
static morgue_status clean(mrg_buffer *out, const char *text, morgue_error *err)
{
    mrg_clean_utf8(out, text, strlen(text));
    if (out->failed || !mrg_buffer_cstr(out))
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < out->len; i++) {
        if (out->data[i] < 0x20)
            out->data[i] = ' ';
    }
    return MORGUE_OK;
}

morgue_status mrg_query_parse(mrg_query *out, const char *text, morgue_error *err)
{
    mrg_buffer buffer = MRG_BUFFER_INIT;
    parser p = { .arena = &out->arena, .err = err };
    memset(out, 0, sizeof *out);
    p.status = clean(&buffer, text, err);
    if (!p.status) {
        p.lexer = (mrg_lexer){ (const char *)buffer.data, buffer.len, 0, 1 };
        out->root = parse_query(&p);
    }
    mrg_free(p.list);
    mrg_buffer_dispose(&buffer);
    if (p.status)
        mrg_query_dispose(out);
    return p.status;
}

void mrg_query_dispose(mrg_query *query)
{
    mrg_arena_dispose(&query->arena);
    memset(query, 0, sizeof *query);
}

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

static mrg_node *parse_leaf(parser *p)
{
    const mrg_query_token *t = &p->token;
    mrg_node *node = make_node(p, t->quoted ? MRG_NODE_PHRASE : MRG_NODE_WORDS, t->column);
    if (!node)
        return NULL;
    if (t->field == MRG_QUERY_FIELD_DATE) {
        node->type = MRG_NODE_DATE;
        p->status = mrg_query_date(t, &node->from, &node->to, p->err);
    } else {
        set_field(p, node);
        node->text = mrg_arena_strndup(p->arena, t->text, t->text_len);
        node->text_len = t->text_len;
        if (!node->text)
            return fail_nomem(p);
    }
    p->height = 1;
    advance(p);
    return p->status ? NULL : node;
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
    default:
        return "";
    }
}

/* Something to search for was wanted here. `before` is the token in front of it, END at the start. */
static mrg_node *fail_operand(parser *p, const mrg_query_token *before)
{
    const mrg_query_token *t = &p->token;
    int is_operator = t->type == MRG_TOKEN_AND || t->type == MRG_TOKEN_OR || t->type == MRG_TOKEN_NOT;
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

/* Takes the children pushed since `base` into a node above a subtree of `height`. */
static mrg_node *close_list(parser *p, mrg_node_type type, int column, size_t base, int height)
{
    size_t count = p->list_len - base;
    mrg_node *node = make_node(p, type, column);
    if (!node)
        return NULL;
    if (height >= MRG_QUERY_MAX_DEPTH)
        return refuse(p, column, "nested too deeply; at most %d levels", MRG_QUERY_MAX_DEPTH);
    node->children = mrg_arena_alloc(p->arena, count * sizeof(mrg_node *));
    if (!node->children)
        return fail_nomem(p);
    memcpy(node->children, p->list + base, count * sizeof(mrg_node *));
    node->child_count = count;
    p->list_len = base;
    p->height = height + 1;
    return node;
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

/* ---- The grammar ---- */

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
    advance(p);
    return p->status ? NULL : node;
}

static mrg_node *parse_primary(parser *p, const mrg_query_token *before)
{
    if (p->token.type == MRG_TOKEN_OPEN)
        return parse_parentheses(p);
    return p->token.type == MRG_TOKEN_TEXT ? parse_leaf(p) : fail_operand(p, before);
}

static mrg_node *parse_unary(parser *p, const mrg_query_token *before)
{
    mrg_query_token sign = p->token;
    if (sign.type != MRG_TOKEN_MINUS && sign.type != MRG_TOKEN_NOT)
        return parse_primary(p, before);
    advance(p);
    mrg_node *node = p->status ? NULL : guard_not(p, parse_primary(p, &sign));
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

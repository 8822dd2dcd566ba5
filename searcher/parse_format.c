/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/buffer.h"
#include "parse.h"

/* A straight phrase cannot hold a straight quotation mark, nor a curly one a curly mark; so one fits. */
static void format_quoted(const char *text, size_t len, mrg_buffer *out)
{
    int curly = memchr(text, '"', len) != NULL;
    mrg_buffer_append_str(out, curly ? "\xe2\x80\x9c" : "\"");
    mrg_buffer_append(out, text, len);
    mrg_buffer_append_str(out, curly ? "\xe2\x80\x9d" : "\"");
}

static void format_day(uint32_t day, size_t digits, mrg_buffer *out)
{
    char text[16] = "";
    for (size_t i = 0, d = 0; d < digits; i++) {
        static const uint32_t units[] = { 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };
        if (i == 4 || i == 7)
            text[i] = '-';
        else
            text[i] = (char)('0' + day / units[d++] % 10);
    }
    mrg_buffer_append_str(out, text);
}

/* Whole years and months are written as such. */
static void format_date(const mrg_node *node, mrg_buffer *out)
{
    uint32_t from = node->from, to = node->to;
    size_t digits = 8;
    if ((!from || from % 10000 == 101) && (!to || to % 10000 == 1231))
        digits = 4;
    else if ((!from || from % 100 == 1) && (!to || to % 100 == mrg_last_day_of_month(to / 10000, to / 100 % 100)))
        digits = 6;
    uint32_t unit = digits == 4 ? 10000 : digits == 6 ? 100 : 1;
    mrg_buffer_append_str(out, node->type == MRG_NODE_WHEN ? "when:" : "date:");
    if (from)
        format_day(from, digits, out);
    if (from / unit == to / unit)
        return;
    mrg_buffer_append_str(out, "..");
    if (to)
        format_day(to, digits, out);
}

static void format_value(const mrg_node *node, const char *name, mrg_buffer *out)
{
    mrg_buffer_append_str(out, name);
    mrg_buffer_append_byte(out, ':');
    if (node->quoted)
        format_quoted(node->text, node->text_len, out);
    else
        mrg_buffer_append(out, node->text, node->text_len);
}

static const char *entity_field(mrg_entity_type type)
{
    switch (type) {
    case MRG_ENTITY_PERSON:
        return "person";
    case MRG_ENTITY_ORG:
        return "org";
    case MRG_ENTITY_PLACE:
        return "place";
    case MRG_ENTITY_EVENT:
        return "event";
    case MRG_ENTITY_TYPES:
    case MRG_ENTITY_DATE: /* asked for by when:, which is no such field */
        break;
    }
    return "name";
}

static void format_leaf(const mrg_node *node, mrg_buffer *out)
{
    static const char *const meta[] = { "source", "author", "lang", "id", "url", "subject" };
    if (node->text_field == MRG_FIELD_TITLE)
        mrg_buffer_append_str(out, "title:");
    if (node->type == MRG_NODE_WORDS || node->type == MRG_NODE_PATTERN || node->type == MRG_NODE_FUZZY)
        mrg_buffer_append(out, node->text, node->text_len);
    else if (node->type == MRG_NODE_PHRASE)
        format_quoted(node->text, node->text_len, out);
    else if (node->type == MRG_NODE_FIELD)
        format_value(node, meta[node->meta_field], out);
    else if (node->type == MRG_NODE_ENTITY)
        format_value(node, entity_field(node->entity_type), out);
    else
        format_date(node, out);
    if (node->type == MRG_NODE_FUZZY)
        mrg_buffer_printf(out, "~%u", node->edits);
    if (node->type == MRG_NODE_PHRASE && node->slop)
        mrg_buffer_printf(out, "~%u", (unsigned)node->slop);
}

/* As few decimals as it was read with; printf's would be those of the locale. */
static void format_boost(double boost, mrg_buffer *out)
{
    unsigned thousandths = (unsigned)(boost * 1000 + 0.5), decimals = thousandths % 1000;
    mrg_buffer_printf(out, "^%u", thousandths / 1000);
    if (!decimals)
        return;
    int digits = 3;
    for (; decimals % 10 == 0; digits--)
        decimals /= 10;
    mrg_buffer_printf(out, ".%0*u", digits, decimals);
}

static void format_operator(const mrg_node *node, mrg_buffer *out)
{
    if (node->type == MRG_NODE_NEAR || node->type == MRG_NODE_BEFORE)
        mrg_buffer_printf(out, " %s/%u ", node->type == MRG_NODE_NEAR ? "NEAR" : "BEFORE", (unsigned)node->distance);
    else
        mrg_buffer_append_str(out, node->type == MRG_NODE_OR ? " OR " : node->type == MRG_NODE_AND ? " AND " : " ");
}

/* What stands behind an address belongs to it, and a colon before a weight would make a field. */
static int needs_parentheses(const mrg_node *node)
{
    return node->type == MRG_NODE_WORDS && memchr(node->text, ':', node->text_len);
}

/* Depth is bounded by MRG_QUERY_MAX_DEPTH. A list inside a list is put in parentheses, wanted or not. */
static void format_node(const mrg_node *node, int nested, mrg_buffer *out)
{
    int leaf = node->type == MRG_NODE_PHRASE || node->child_count == 0, weighted = node->boost != 1;
    int parentheses = leaf ? weighted && needs_parentheses(node) : nested || weighted;
    if (node->type == MRG_NODE_NOT) {
        mrg_buffer_append_byte(out, '-');
        format_node(node->children[0], 1, out);
        return;
    }
    if (parentheses)
        mrg_buffer_append_byte(out, '(');
    if (leaf)
        format_leaf(node, out);
    for (size_t i = 0; i < node->child_count && !leaf; i++) {
        if (i > 0)
            format_operator(node, out);
        format_node(node->children[i], 1, out);
    }
    if (parentheses)
        mrg_buffer_append_byte(out, ')');
    if (weighted)
        format_boost(node->boost, out);
}

void mrg_query_format_node(const mrg_node *node, mrg_buffer *out)
{
    format_node(node, 0, out);
}

void mrg_query_format(const mrg_query *query, mrg_buffer *out)
{
    format_node(query->root, 0, out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query.h"

#include <string.h>

desk_filter *desk_filter_new(const char *field, const char *value)
{
    desk_filter *filter = g_new(desk_filter, 1);
    filter->field = g_strdup(field);
    filter->value = g_strdup(value);
    return filter;
}

void desk_filter_free(void *filter)
{
    desk_filter *f = filter;
    g_free(f->field);
    g_free(f->value);
    g_free(f);
}

GPtrArray *desk_filters_new(void)
{
    return g_ptr_array_new_with_free_func(desk_filter_free);
}

GPtrArray *desk_filters_copy(const GPtrArray *filters)
{
    GPtrArray *copy = desk_filters_new();
    for (guint i = 0; i < filters->len; i++) {
        const desk_filter *f = filters->pdata[i];
        g_ptr_array_add(copy, desk_filter_new(f->field, f->value));
    }
    return copy;
}

static gboolean same(const desk_filter *a, const desk_filter *b)
{
    return strcmp(a->field, b->field) == 0 && strcmp(a->value, b->value) == 0;
}

gboolean desk_filters_add(GPtrArray *filters, const char *field, const char *value)
{
    desk_filter *filter = desk_filter_new(field, value);
    for (guint i = 0; i < filters->len; i++) {
        if (same(filters->pdata[i], filter)) {
            desk_filter_free(filter);
            return FALSE;
        }
        if (strcmp(field, "date") == 0 && strcmp(((desk_filter *)filters->pdata[i])->field, "date") == 0)
            g_ptr_array_remove_index(filters, i--);
    }
    g_ptr_array_add(filters, filter);
    return TRUE;
}

gboolean desk_filters_same(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len)
        return FALSE;
    for (guint i = 0; i < a->len; i++)
        if (!same(a->pdata[i], b->pdata[i]))
            return FALSE;
    return TRUE;
}

char *desk_query_field(const char *field, const char *value)
{
    if (strcmp(field, "date") == 0)
        return g_strdup_printf("date:%s", value);
    char *plain = g_strdelimit(g_strdup(value), "\"*?~<>", ' ');
    char *query = g_strdup_printf("%s:\"%s\"", field, plain);
    g_free(plain);
    return query;
}

/* The last word, if it is one that may have only begun: letters alone, not in quotation marks, not behind a sign. */
static const char *begun_word(const char *typed)
{
    const char *end = typed + strlen(typed), *p = end;
    while (p > typed && g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(p))))
        p = g_utf8_prev_char(p);
    return p < end && (p == typed || g_ascii_isspace(p[-1]) || p[-1] == '(') ? p : NULL;
}

static gboolean is_operator(const char *word)
{
    static const char *const operators[] = { "AND", "OR", "NOT", "NEAR", "BEFORE", "-" };
    for (gsize i = 0; i < G_N_ELEMENTS(operators); i++)
        if (strcmp(word, operators[i]) == 0)
            return TRUE;
    return g_str_has_prefix(word, "NEAR/") || g_str_has_prefix(word, "BEFORE/");
}

/* Takes away what waits for more at the end: operators, fields without a value, parentheses with nothing in them. */
static void cut_beginnings(GString *query, int *depth)
{
    for (;;) {
        while (query->len && g_ascii_isspace(query->str[query->len - 1]))
            g_string_truncate(query, query->len - 1);
        const char *space = strrchr(query->str, ' ');
        const char *word = space ? space + 1 : query->str;
        char last = query->len ? query->str[query->len - 1] : '\0';
        if (last == '(') {
            g_string_truncate(query, query->len - 1);
            *depth -= 1;
        } else if (last == ':' || (last && is_operator(word))) {
            g_string_truncate(query, (gsize)(word - query->str));
        } else {
            return;
        }
    }
}

static gboolean in_quotes_at_end(const char *typed, int *depth)
{
    gboolean quoted = FALSE;
    *depth = 0;
    for (const char *p = typed; *p; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted)
            *depth += *p == '(' ? 1 : *p == ')' && *depth > 0 ? -1 : 0;
    }
    return quoted;
}

/* What was typed so far, completed. */
static GString *complete(const char *typed)
{
    int depth;
    GString *query = g_string_new(typed);
    if (in_quotes_at_end(typed, &depth)) {
        const char *quote = strrchr(query->str, '"');
        if (quote[1 + strspn(quote + 1, " ")] == '\0')
            g_string_truncate(query, (gsize)(quote - query->str));
        else
            g_string_append_c(query, '"');
    } else {
        const char *word = begun_word(query->str);
        if (word && !is_operator(word)) {
            char *begun = g_strdup(word);
            g_string_truncate(query, (gsize)(word - query->str));
            g_string_append_printf(query, "(%s OR %s*)", begun, begun);
            g_free(begun);
        }
    }
    cut_beginnings(query, &depth);
    for (; depth > 0; depth--)
        g_string_append_c(query, ')');
    return query;
}

char *desk_query_compose(const char *typed, const GPtrArray *filters)
{
    GString *query = complete(typed);
    if (query->len && filters->len) {
        g_string_prepend_c(query, '(');
        g_string_append_c(query, ')');
    }
    for (guint i = 0; i < filters->len; i++) {
        const desk_filter *f = filters->pdata[i];
        char *field = desk_query_field(f->field, f->value);
        g_string_append_printf(query, "%s%s", query->len ? " " : "", field);
        g_free(field);
    }
    if (!query->len)
        g_string_assign(query, DESK_QUERY_ALL);
    return g_string_free(query, FALSE);
}

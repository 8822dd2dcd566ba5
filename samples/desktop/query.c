/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * While somebody types, most of what stands in the entry is no query yet: a quotation mark is open, a word is half
 * written. So a query is composed that says what was meant so far.
 */
#include "desktop.h"

/* Without what has a meaning inside quotation marks. */
char *desk_query_field(const char *field, const char *value)
{
    if (g_str_equal(field, "date"))
        return g_strdup_printf("date:%s", value);
    g_autofree char *plain = g_strdelimit(g_strdup(value), "\"*?~<>", ' ');
    return g_strdup_printf("%s:\"%s\"", field, plain);
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
            g_autofree char *begun = g_strdup(word);
            g_string_truncate(query, (gsize)(word - query->str));
            g_string_append_printf(query, "(%s OR %s*)", begun, begun);
        }
    }
    cut_beginnings(query, &depth);
    for (; depth > 0; depth--)
        g_string_append_c(query, ')');
    return query;
}

char *desk_query_compose(const char *typed, char *const *filters)
{
    GString *query = complete(typed);
    if (query->len && *filters) {
        g_string_prepend_c(query, '(');
        g_string_append_c(query, ')');
    }
    for (; *filters; filters++) {
        const char *value = strchr(*filters, ':') + 1;
        g_autofree char *field = g_strndup(*filters, (gsize)(value - *filters - 1));
        g_autofree char *part = desk_query_field(field, value);
        g_string_append_printf(query, "%s%s", query->len ? " " : "", part);
    }
    if (!query->len)
        g_string_assign(query, DESK_QUERY_ALL);
    return g_string_free(query, FALSE);
}

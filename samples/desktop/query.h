/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * query.h: what was typed and what it is narrowed to, as one query.
 *
 * While somebody types, most of what stands in the entry is no query yet: a quotation mark is open, a word is half
 * written. So a query is composed that says what was meant so far.
 */
#ifndef DESK_QUERY_H
#define DESK_QUERY_H

#include <glib.h>

/* One restriction: field "person", value "Oksana Hrytsenko". Shown as a chip. */
typedef struct desk_filter {
    char *field; /* "person", "org", "place", "event", "source", "date" */
    char *value; /* of a date: "2014-02..2014-04" */
} desk_filter;

desk_filter *desk_filter_new(const char *field, const char *value);
void desk_filter_free(void *filter);

/* An array that frees its filters, and a copy of one. */
GPtrArray *desk_filters_new(void);
GPtrArray *desk_filters_copy(const GPtrArray *filters);

/* Adds a filter, unless it is there; a new date takes the place of the old one. Is anything different? */
gboolean desk_filters_add(GPtrArray *filters, const char *field, const char *value);
gboolean desk_filters_same(const GPtrArray *a, const GPtrArray *b);

/* field:"value", with what has a meaning inside quotation marks taken out. To be freed with g_free(). */
char *desk_query_field(const char *field, const char *value);

/* The query that finds everything. */
#define DESK_QUERY_ALL "NOT id:\"no such article\""

/* To be freed with g_free(). With nothing typed and no filter it is DESK_QUERY_ALL. */
char *desk_query_compose(const char *typed, const GPtrArray *filters);

#endif

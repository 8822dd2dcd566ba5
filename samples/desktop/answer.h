/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.h: what the window shows of an answer, as plain data.
 *
 * The widgets know these structs and nothing of searching. What comes from articles is untrusted here still;
 * text.h makes it fit where it is shown.
 */
#ifndef DESK_ANSWER_H
#define DESK_ANSWER_H

#include <glib.h>
#include "morgue.h"

/* One row of the list. */
typedef struct desk_hit {
    char *id, *title, *date, *source, *author;
    char *snippet;
    gsize snippet_len;
    morgue_span *marks; /* in the snippet */
    gsize mark_count;
} desk_hit;

/* About as many as a window shows without scrolling. */
#define DESK_FIRST_HITS 7

/* The hits of a page from `begin` up to `end` or the last: an array of desk_hit that frees them. */
GPtrArray *desk_hits_of(const morgue_results *results, gsize begin, gsize end);

/* One value of a facet, or one related name. */
typedef struct desk_value {
    char *type; /* "person", "org", "place", "event", "source", "date" */
    char *value;
    guint64 count;
} desk_value;

GPtrArray *desk_values_new(void);
void desk_values_add(GPtrArray *values, const char *type, const char *value, guint64 count);

/* One article, to be read. */
typedef struct desk_entity {
    char *type, *name, *role;
    unsigned age, mention_count;
} desk_entity;

typedef struct desk_article {
    char *id, *title, *date, *source, *author, *url, *first_date;
    char *text;
    gsize text_len, version_count;
    GArray *title_marks, *text_marks;       /* of morgue_span */
    GArray *title_mentions, *text_mentions; /* of morgue_mention */
    GPtrArray *entities;                    /* of desk_entity */
} desk_article;

/* NULL, and `err` filled, if it cannot be read. */
desk_article *desk_article_of(const morgue_hit *hit, morgue_error *err);
void desk_article_free(void *article);

#endif

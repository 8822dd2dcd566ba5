/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between finding a page's article (html_body.c) and telling what in a page cannot be it (html_clean.c):
 * elements are dropped by their names before anything is scored, and as clutter after it.
 */
#ifndef MRG_HTML_CLEAN_H
#define MRG_HTML_CLEAN_H

#include "source/html.h"

enum {
    MRG_FLAG_NAMES = 1,   /* drop what is unlikely by its class */
    MRG_FLAG_WEIGHTS = 2, /* classes count in scores */
    MRG_FLAG_CLEAN = 4,   /* drop lists of links and the like */
    MRG_ENOUGH_CHARS = 500
};

typedef struct mrg_search {
    mrg_page *page;
    xmlNode *root; /* body */
    unsigned flags;
} mrg_search;

/* Drops what is never text, hidden or unlikely by name, weighs the rest, and forgets earlier scores. */
void mrg_drop_by_name(mrg_search *s);

/* Fills the totals of the notes below `root` from the inside out; with `clean`, drops clutter on the way. */
void mrg_measure(const mrg_search *s, xmlNode *root, int clean);

/* Drops asides and clutter from the chosen elements. */
void mrg_clean_chosen(const mrg_search *s);

/* Adds a text's characters and commas, those of other scripts too. */
void mrg_count_text(const char *text, uint32_t *chars, uint32_t *commas);

/* The share of the characters that stand in links. */
static inline double mrg_link_density(const mrg_note *n)
{
    return n->chars ? (double)n->link_chars / n->chars : 0;
}

static inline int mrg_is_heading(mrg_tag tag)
{
    return tag >= MRG_TAG_h1 && tag <= MRG_TAG_h6;
}

#endif

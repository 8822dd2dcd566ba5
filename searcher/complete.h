/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion: what the last word of a query that is being typed may become. complete.c looks at the text and
 * decides what fits there, complete_find.c and complete_names.c find it in the archives.
 *
 * What is not yet a query is read leniently, without the parser: back to the beginning of the last word, to the
 * field it stands in, and to the quotation mark that is open.
 */
#ifndef MRG_COMPLETE_H
#define MRG_COMPLETE_H

#include "query.h"
#include "searcher.h"
#include "text/tokenize.h"

struct morgue_completions {
    mrg_arena arena;
    morgue_completion *items;
    size_t count, capacity;
    size_t from;
};

/* Appends; `text` is copied, `kind` is lent for ever. */
morgue_status mrg_completions_add(morgue_completions *list, const char *text, size_t len, const char *kind,
                                  uint64_t count, morgue_error *err);

/* Words of a field of the segments (MRG_FIELD_WORD, MRG_FIELD_TITLE_WORD) that begin so, those of most articles
   first. Function words are left out unless `all`. The prefix is folded. */
morgue_status mrg_complete_words(morgue_completions *list, mrg_view *view, int field, const char *prefix, size_t len,
                                 int all, size_t max, morgue_error *err);

/* Terms of the catalogue behind term_prefix that begin so, those of most articles first, as `kind`. */
morgue_status mrg_complete_terms(morgue_completions *list, mrg_view *view, const char *term_prefix, const char *prefix,
                                 size_t len, const char *kind, size_t max, morgue_error *err);

/* Names of a type (MRG_ENTITY_TYPES: any) with these words, of which the last is only begun, those of most articles
   first: field and name as a query has them, or if `field` is NULL with the type as the field. */
morgue_status mrg_complete_names(morgue_completions *list, mrg_view *view, const char *field, mrg_entity_type type,
                                 const mrg_tokens *tokens, size_t max, morgue_error *err);

/* Years, months of a year, days of a month, in their order, that begin as a date that is being typed: of articles, or
   (in_text) of what they speak of. */
morgue_status mrg_complete_dates(morgue_completions *list, mrg_view *view, int in_text, const char *prefix, size_t len,
                                 size_t max, morgue_error *err);

#endif

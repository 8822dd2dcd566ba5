/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One JSON object -> one article, by the fields' names. */
#ifndef MRG_JSON_ARTICLE_H
#define MRG_JSON_ARTICLE_H

#include "source/reader.h"

/* Parses text[0, len), which may be changed, and delivers the article in it, or each of its "articles".
   What is wrong with it is told as "<place>: <cause>; skipped". */
morgue_status mrg_json_deliver(mrg_input *in, char *text, size_t len, const char *fallback_id, const char *place,
                               morgue_error *err);

/* Non-zero if `name` is a field that an article has. */
int mrg_json_field_known(const char *name, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subjects: what the publisher says an article is about. An article has them in one string, with semicolons
 * between; the catalogue has a term for each, made of its words.
 */
#ifndef MRG_SUBJECT_H
#define MRG_SUBJECT_H

#include "core/error.h"
#include "text/tokenize.h"

/* The next subject at *at, without white space around it, and its length; NULL past the last. Moves *at on. */
const char *mrg_subject_next(const char **at, size_t *len);

/* Makes *key the words of a subject as they are in its term, single spaces between; empty if it has none.
   Replaces what is in `key` and in `tokens`. */
morgue_status mrg_subject_key(mrg_buffer *key, mrg_tokens *tokens, const char *subject, size_t len, morgue_error *err);

/* Whether all the words of one key are among those of another. */
int mrg_subject_has_words(const char *key, size_t len, const char *words, size_t words_len);

#endif

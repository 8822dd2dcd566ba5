/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Term -> stem, by libxapian's Snowball stemmers, with a cache a distinct word, since a stemmer costs
 * far more than a look-up. A stemmer belongs to one thread.
 */
#ifndef MRG_STEM_H
#define MRG_STEM_H

#include "core/error.h"

typedef struct mrg_stemmer mrg_stemmer;

/* `lang` is ISO 639-1 ("en", also "en-GB"; not NULL). English is Porter 2. A language without a stemmer
   gives one that changes nothing. */
morgue_status mrg_stemmer_create(mrg_stemmer **out, const char *lang, morgue_error *err);
void mrg_stemmer_free(mrg_stemmer *stemmer);

/* The stem of a folded term; lent until the next call, for the cache is bounded (about 32 MiB) and starts
   again when full. Terms with a digit, a dot or an ampersand, and those longer than 64 bytes, are their
   own stem: then `term` itself is returned. NULL when memory ran out. */
const char *mrg_stem(mrg_stemmer *stemmer, const char *term, size_t len, size_t *stem_len);

/* Non-zero if there is a real stemmer for this language. */
int mrg_stemmer_known(const char *lang);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a pattern, a misspelt word or a stem stands for: the words of the opened archives that fit, found by
 * walking the dictionaries of their segments. Only words that are there come out, each once, with its
 * article count in the table of terms.
 *
 * Time is that of the walk (a pattern that begins with letters walks these words alone, others all of a
 * field), and `run` can stop it. Memory is bounded by `max`, not by how many words fit.
 */
#ifndef MRG_EXPAND_H
#define MRG_EXPAND_H

#include "match.h"
#include "text/stem.h"

typedef struct mrg_expander {
    mrg_match_terms *terms;   /* what is found is added here, with its articles already looked up */
    const mrg_match_run *run; /* only for its cancel flag and its deadline; may be NULL */
    size_t max;               /* keep the words of most articles, at most this many; from 1 */
} mrg_expander;

typedef struct mrg_expansion {
    uint32_t *terms; /* indexes into the table, words of most articles first, then in byte order; NULL for none */
    size_t count;
    uint64_t total;  /* how many words fit; above `count` when the bound bit */
} mrg_expansion;

/* Each sets *out; `terms` is in the table's arena. To find nothing is no failure. CANCELLED as
   mrg_match_run_check says; LIMIT when the table is full. Texts are folded as terms are, valid UTF-8. */

/* `field`: MRG_FIELD_WORD or MRG_FIELD_TITLE_WORD. In `pattern`, * stands for any run of characters, also
   an empty one, and ? for exactly one character; the rest is literal. */
morgue_status mrg_expand_pattern(mrg_expansion *out, const mrg_expander *with, int field, const char *pattern,
                                 size_t len, morgue_error *err);

enum { MRG_EXPAND_MAX_EDITS = 2 };
/* Words at most `edits` (up to MRG_EXPAND_MAX_EDITS) characters away: one put in, left out, replaced, or
   swapped with its neighbour counts 1, and no part is edited twice (optimal string alignment: "ca" is 3 away
   from "abc"). The word itself is among them if it is in the archive. */
morgue_status mrg_expand_fuzzy(mrg_expansion *out, const mrg_expander *with, int field, const char *word, size_t len,
                               unsigned edits, morgue_error *err);

/* Words whose stem is `stem`, by this stemmer. */
morgue_status mrg_expand_stem(mrg_expansion *out, const mrg_expander *with, int field, mrg_stemmer *stemmer,
                              const char *stem, size_t len, morgue_error *err);

/* Terms of any field that begin with `prefix`. */
morgue_status mrg_expand_prefix(mrg_expansion *out, const mrg_expander *with, int field, const char *prefix,
                                size_t len, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Languages by number, and their stemmers. Number 0 is the archive's own. */
#ifndef MRG_LANGS_H
#define MRG_LANGS_H

#include "segment_build.h"

enum { MRG_LANG_BYTES = 16, MRG_LANG_MAX = 256 };

/* Zero-initialise, set up with mrg_langs_init, then dispose. The caller's thread adds languages; the
   segment writer's reads the stemmers of languages that came with a batch. */
typedef struct mrg_langs {
    char names[MRG_LANG_MAX][MRG_LANG_BYTES];
    mrg_stemmer *stemmers[MRG_LANG_MAX];
    size_t count;
} mrg_langs;

morgue_status mrg_langs_init(mrg_langs *langs, const char *archive_lang, morgue_error *err);
void mrg_langs_dispose(mrg_langs *langs);

/* The number of a language as an article names it ("en", "en-GB", "EN"); 0 for NULL, for none and for
   something that is no language code. */
morgue_status mrg_langs_number(mrg_langs *langs, const char *lang, uint32_t *number, morgue_error *err);

#endif

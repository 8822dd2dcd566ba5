/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the archives know of one name, for the functions of morgue.h that give names. */
#ifndef MRG_SEARCHER_NAMES_H
#define MRG_SEARCHER_NAMES_H

#include "resolve.h"
#include "searcher.h"

/* Fills `out` from all archives; its strings and arrays go into the arena. With a row of a user's list it is the
   entity of all its keys, with the row's names; else that of `key` alone. *found says whether any archive has it. */
morgue_status mrg_name_collect(morgue_name *out, mrg_arena *arena, const mrg_view *view, const char *key,
                               const mrg_authority_row *row, int *found, morgue_error *err);

/* "name", "alias", "word", "prefix", "spelling", "sound". */
const char *mrg_how_name(mrg_how how);

#endif

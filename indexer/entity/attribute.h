/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an article says of its people beside their names: ages ("Putin, 69,", "Putin (69)", "the 69-year-old
 * Putin") and roles, before the name ("Russian President Vladimir Putin") or in apposition ("Jens Stoltenberg, the
 * NATO secretary general,"). Tied to the entity whose mention they stand beside. English only.
 */
#ifndef MRG_ATTRIBUTE_H
#define MRG_ATTRIBUTE_H

#include "entity/finder.h"

/* Fills found->attributes from its mentions. To be called when all mentions are in place, dates too. Linear in the
   mentions. */
morgue_status mrg_attributes_run(const char *text, size_t len, const mrg_tokens *tokens, mrg_found *found,
                                 morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of articles that were hits before, as the catalogue holds them: it inflates each article's anew, which takes
 * longer than finding them, and who types a query or pages through hits meets the same articles again and again.
 * Some thousand articles; the one that was read last stays. Of one view, so nothing in it ever becomes outdated.
 */
#ifndef MRG_KNOWN_FIELDS_H
#define MRG_KNOWN_FIELDS_H

#include "store/catalogue.h"

typedef struct mrg_known_fields mrg_known_fields;

/* Lends bytes for mrg_fields_decode until the next keep; NULL if they are not known. `known` may be NULL. */
const void *mrg_known_fields_find(const mrg_known_fields *known, size_t archive, uint32_t docid, size_t *len);
/* Makes *known when there is none. Where memory is short nothing is kept. */
void mrg_known_fields_keep(mrg_known_fields **known, size_t archive, uint32_t docid, const void *bytes, size_t len);
void mrg_known_fields_free(mrg_known_fields *known);

#endif

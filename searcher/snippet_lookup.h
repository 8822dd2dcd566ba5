/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a marker looks for, by its texts; private to snippet_*.c. Made once for many articles. */
#ifndef MRG_SNIPPET_LOOKUP_H
#define MRG_SNIPPET_LOOKUP_H

#include "places.h"
#include "snippet.h"

enum { MRG_LOOKUP_PHRASE = 'W', MRG_NO_LEAF = -1 };

/* A text that is looked for: a stem, the first word of WORDS (MRG_LOOKUP_PHRASE), else a term by its field. */
typedef struct mrg_lookup_entry {
    const mrg_unit_term *term;
    uint32_t unit;
    uint32_t next; /* the next entry of the same slot, plus 1 */
    int field;
    int leaf;      /* of SPANS, or MRG_NO_LEAF */
} mrg_lookup_entry;

struct mrg_lookup {
    uint32_t *slots; /* entry plus 1 */
    mrg_lookup_entry *entries;
    size_t count, capacity, mask;
    unsigned char has_field[256];
    mrg_places *leaves; /* of SPANS units, of the article at hand */
    uint32_t leaf_count;
};

morgue_status mrg_lookup_create(mrg_lookup **out, const mrg_marker *marker, morgue_error *err);
void mrg_lookup_free(mrg_lookup *lookup);

/* The first entry of a text at or after `entry`, NULL at the end; begin with mrg_lookup_first. */
const mrg_lookup_entry *mrg_lookup_first(const mrg_lookup *l, int field, const char *text, size_t len);
const mrg_lookup_entry *mrg_lookup_next(const mrg_lookup *l, const mrg_lookup_entry *entry);

/* snippet_mark.c */
morgue_status mrg_marks_add(mrg_marks *marks, uint32_t begin, uint32_t end, size_t unit, int whole, morgue_error *err);

/* snippet_spans.c: marks of one SPANS unit, whose leaves have been filled. */
morgue_status mrg_marks_add_spans(mrg_marks *marks, const mrg_unit *unit, size_t index, morgue_error *err);

#endif

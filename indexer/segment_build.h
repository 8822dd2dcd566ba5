/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbouring runs -> the terms of one segment. Stems are made here, once a distinct word. */
#ifndef MRG_SEGMENT_BUILD_H
#define MRG_SEGMENT_BUILD_H

#include "run.h"
#include "text/stem.h"

/* Stemmers by number of language; see langs.h. A missing one changes nothing. */
typedef struct mrg_stemmers {
    mrg_stemmer **items;
    size_t count;
} mrg_stemmers;

/* Writes lengths and terms of all runs, which ascend by docid without a gap, with so many threads. */
morgue_status mrg_segment_build(mrg_segment_writer *w, mrg_run *const *runs, size_t run_count,
                                const mrg_stemmers *stemmers, unsigned threads, morgue_error *err);

#endif

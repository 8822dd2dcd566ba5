/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists that a model carries: word clusters and names by class. */
#ifndef MRG_LISTS_H
#define MRG_LISTS_H

#include "entity/model.h"

typedef struct mrg_lists {
    mrg_model_entry *words, *names;
    size_t word_count, word_capacity, name_count, name_capacity;
} mrg_lists;

void mrg_lists_dispose(mrg_lists *lists);

/* Lines of three cluster numbers, coarse to fine (below 64, 256, 1024), TAB word, frequent words first; at
   most `most` are taken. */
morgue_status mrg_lists_read_clusters(mrg_lists *lists, const char *path, size_t most, morgue_error *err);

/* Lines of class TAB name: 1 cities, 2 regions, 4 first names, 5 surnames, 6 organisations; others are left out. */
morgue_status mrg_lists_read_names(mrg_lists *lists, const char *path, morgue_error *err);

/* Joins what was read twice. After the last list. */
void mrg_lists_finish(mrg_lists *lists);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small closed sets of words that rules ask for, as bits, found by one look into a table. What words say about names
   is words.h's. */
#ifndef MRG_WORD_CLASSES_H
#define MRG_WORD_CLASSES_H

#include <stddef.h>
#include <stdint.h>

/* Words of one class, separated by single spaces. A word may be in several. */
typedef struct mrg_class_list {
    uint32_t bits;
    const char *words; /* NULL ends the lists */
} mrg_class_list;

enum { MRG_CLASS_SLOTS = 1024 };

/* Static, all zero before it is made. */
typedef struct mrg_word_classes {
    struct {
        const char *word;
        uint32_t len, bits;
    } slots[MRG_CLASS_SLOTS];
} mrg_word_classes;

/* Makes the table of lists that stay; at most half as many words as slots. Once, before it is read by any thread. */
void mrg_word_classes_init(mrg_word_classes *classes, const mrg_class_list *lists);

/* The bits of a folded term; 0 for a word of no list. */
uint32_t mrg_word_classes_of(const mrg_word_classes *classes, const char *term, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/word_classes.h"

#include <string.h>

/* By both ends, the middle and the length. */
static size_t slot_of(const char *word, size_t len)
{
    uint32_t mixed = (uint32_t)(unsigned char)word[0] << 24 | (uint32_t)(unsigned char)word[len - 1] << 16 |
                     (uint32_t)(unsigned char)word[len / 2] << 8 | (uint32_t)(len & 0xff);
    return (mixed * 2654435761u >> 16) % MRG_CLASS_SLOTS;
}

static size_t find(const mrg_word_classes *classes, const char *word, size_t len)
{
    size_t slot = slot_of(word, len);
    while (classes->slots[slot].word &&
           (classes->slots[slot].len != len || memcmp(classes->slots[slot].word, word, len) != 0))
        slot = (slot + 1) % MRG_CLASS_SLOTS;
    return slot;
}

void mrg_word_classes_init(mrg_word_classes *classes, const mrg_class_list *lists)
{
    for (; lists->words; lists++) {
        for (const char *p = lists->words; *p;) {
            size_t len = strcspn(p, " "), slot = find(classes, p, len);
            classes->slots[slot].word = p;
            classes->slots[slot].len = (uint32_t)len;
            classes->slots[slot].bits |= lists->bits;
            p += len + (p[len] == ' ');
        }
    }
}

uint32_t mrg_word_classes_of(const mrg_word_classes *classes, const char *term, size_t len)
{
    return len ? classes->slots[find(classes, term, len)].bits : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/words.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "entity/hash.h"
#include "entity/known.h"

enum { SLOTS = 32768, MAX_WORDS = SLOTS / 2 };

/* The strings are those of the tables. */
typedef struct word {
    const char *text;
    uint32_t len, flags;
} word;

static word words[MAX_WORDS];
static size_t word_count;
static uint32_t slots[SLOTS]; /* open addressing: 16 bits of the hash, then the index from 1 */
static pthread_once_t built = PTHREAD_ONCE_INIT;

static uint32_t *find_slot(const char *text, size_t len, uint32_t *tag)
{
    uint64_t hash = mrg_short_hash(text, len);
    size_t i = hash & (SLOTS - 1);
    *tag = (uint32_t)(hash >> 48) << 16;
    for (; slots[i]; i = (i + 1) & (SLOTS - 1)) {
        const word *w = &words[(slots[i] & 0xffff) - 1];
        if ((slots[i] & 0xffff0000u) == *tag && w->len == len && !memcmp(w->text, text, len))
            break;
    }
    return &slots[i];
}

static void add_word(const char *text, size_t len, uint32_t flags)
{
    uint32_t tag;
    uint32_t *slot = find_slot(text, len, &tag);
    if (!*slot) {
        assert(word_count < MAX_WORDS);
        words[word_count].text = text;
        words[word_count].len = (uint32_t)len;
        word_count++;
        *slot = tag | (uint32_t)word_count;
    }
    words[(*slot & 0xffff) - 1].flags |= flags;
}

static void add_first_word(const char *text, size_t len, int long_name)
{
    add_word(text, len, long_name ? MRG_WORD_KNOWN_FIRST | MRG_WORD_KNOWN_LONG : MRG_WORD_KNOWN_FIRST);
}

static void add_respelled(const char *text, size_t len)
{
    add_word(text, len, MRG_WORD_RESPELLED);
}

static void build(void)
{
    for (const mrg_word_list *list = mrg_word_lists; list->words; list++) {
        for (const char *const *line = list->words; *line; line++) {
            const char *p = *line;
            while (*p) {
                size_t len = strcspn(p, " ");
                add_word(p, len, list->flag);
                p += len + (p[len] == ' ');
            }
        }
    }
    mrg_known_each_word(add_first_word, add_respelled);
}

uint32_t mrg_word_flags(const char *term, size_t len)
{
    pthread_once(&built, build);
    uint32_t tag;
    uint32_t slot = *find_slot(term, len, &tag);
    return slot ? words[(slot & 0xffff) - 1].flags : 0;
}

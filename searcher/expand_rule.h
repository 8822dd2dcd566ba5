/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words fit, for expand.c, which walks them in byte order. */
#ifndef MRG_EXPAND_RULE_H
#define MRG_EXPAND_RULE_H

#include "core/error.h"
#include "text/stem.h"

typedef enum mrg_rule_type { MRG_RULE_PREFIX, MRG_RULE_PATTERN, MRG_RULE_FUZZY, MRG_RULE_STEM } mrg_rule_type;

typedef struct mrg_rule {
    mrg_rule_type type;
    const char *text;
    size_t len;
    size_t prefix_len;  /* all that fits begins with so many bytes of the text */
    size_t tail_len;    /* PATTERN: ... and ends with so many */
    unsigned edits;     /* FUZZY */
    uint32_t *chars;    /* FUZZY: the text's characters */
    size_t char_count;
    mrg_stemmer *stemmer; /* STEM; lent */
} mrg_rule;

/* `text` is lent. Dispose also after a failure. */
morgue_status mrg_rule_init(mrg_rule *rule, mrg_rule_type type, const char *text, size_t len, unsigned edits,
                            mrg_stemmer *stemmer, morgue_error *err);
void mrg_rule_dispose(mrg_rule *rule);

/* Goes through the words of one dictionary, and remembers of a word what the next may begin with. */
typedef struct mrg_rule_walk {
    const mrg_rule *rule;
    /* FUZZY: the rows of the edit distances, one a character; row 0 is for none. */
    unsigned char *rows;
    uint32_t *chars;
    size_t *ends;       /* bytes up to each character */
    size_t depth;
    size_t dead;        /* so many bytes are no beginning of anything that fits; SIZE_MAX: none */
} mrg_rule_walk;

morgue_status mrg_rule_walk_init(mrg_rule_walk *walk, const mrg_rule *rule, morgue_error *err);
void mrg_rule_walk_dispose(mrg_rule_walk *walk);

/* Whether a word fits, whose first `shared` bytes are as in the word before. All words are asked about in
   turn, and all begin with the rule's prefix. */
morgue_status mrg_rule_fits(mrg_rule_walk *walk, const char *word, size_t len, size_t shared, int *fits,
                            morgue_error *err);

#endif

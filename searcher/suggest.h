/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the query once more, with what is in no article (or hardly, when next to nothing was found)
 * replaced by words near to it in spelling. suggest.c looks at the query and writes the new one, suggest_word.c
 * finds the better words.
 *
 *  - Words, also those of phrases and beside NEAR and BEFORE: from the archives' own words, those of most articles;
 *    among them the best is the one that stands in articles together with the other words of the query.
 *  - Names: resolve.h looks for their spellings by itself. What it does not find, or by sound only, may be found with
 *    a word of the text in the place of one of the name.
 *  - source: and author: from the words of these fields.
 *
 * Nothing but the misspelt words is touched: they are found again in the text by their columns. What comes out is
 * only given if it finds clearly more, and if that is known soon enough.
 */
#ifndef MRG_SUGGEST_H
#define MRG_SUGGEST_H

#include "results.h"

enum {
    MRG_SUGGEST_MAX_WORDS = 32, /* of a query that are looked at */
    MRG_SUGGEST_COUNT_UP_TO = 1000
};

typedef struct mrg_query_word {
    const mrg_node *node;       /* WORDS, PHRASE, ENTITY or FIELD */
    const char *term;
    size_t len;
    uint32_t node_begin, node_end; /* bytes of the node's text */
    uint32_t begin, end;        /* bytes of the query's text */
    int is_capital, exists;
    uint64_t doc_count;         /* of words of the text */
    const char *better;         /* NULL: it stays */
} mrg_query_word;

typedef struct mrg_suggester {
    morgue_results *results;
    const char *text;
    mrg_arena arena;
    mrg_match_terms terms;
    mrg_match_run run;    /* for its cancel flag and its deadline */
    mrg_tokens tokens;    /* of a leaf of the tree */
    mrg_tokens found;     /* of the text from a column on */
    mrg_query_word words[MRG_SUGGEST_MAX_WORDS];
    size_t word_count;
    morgue_error *err;
} mrg_suggester;

/* Whether the word is of the text, not of a name or field. */
int mrg_is_text_word(const mrg_query_word *word);
/* Letters alone, and enough of them. */
int mrg_may_be_misspelt(const char *term, const mrg_token *token);
/* Whether it is in any article, and for words of the text in how many. A name's words are as the name is. */
morgue_status mrg_query_word_count(mrg_suggester *s, mrg_query_word *word);
/* Sets word->better, if there is anything. */
morgue_status mrg_query_word_correct(mrg_suggester *s, mrg_query_word *word);
/* How many articles match, up to MRG_SUGGEST_COUNT_UP_TO. CANCELLED when the time is over. */
morgue_status mrg_suggest_count(mrg_suggester *s, const char *query, int any, uint64_t *count);

#endif

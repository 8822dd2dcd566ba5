/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const mrg_rank_params mrg_rank_defaults = {
    .k1 = 1.4,
    .b = 0.8,
    .title_boost = 0.5,
    .common = 0.05,
    .entity_k1 = 1.5,
    .entity_b = 0.4,
};

void mrg_rank_init(mrg_rank *out, const mrg_rank_params *params, uint64_t doc_count, uint64_t word_count,
                   uint64_t title_word_count)
{
    double n = (double)doc_count;
    out->params = *params;
    out->doc_count = n;
    out->mean_words = word_count ? (double)word_count / n : 1;
    out->mean_title_words = title_word_count ? (double)title_word_count / n : 1;
}

double mrg_rank_idf(const mrg_rank *rank, uint64_t doc_count)
{
    double df = (double)doc_count;
    double n = rank->doc_count > df ? rank->doc_count : df;
    return log1p((n - df + 0.5) / (df + 0.5));
}

static mrg_rank_curve curve_of(const mrg_rank *rank, double mean)
{
    double k1 = rank->params.k1, b = rank->params.b;
    return (mrg_rank_curve){ k1 * (1 - b), k1 * b / mean };
}

mrg_rank_curve mrg_rank_body_curve(const mrg_rank *rank)
{
    return curve_of(rank, rank->mean_words);
}

mrg_rank_curve mrg_rank_title_curve(const mrg_rank *rank)
{
    return curve_of(rank, rank->mean_title_words);
}

/* Articles, pronouns, prepositions, conjunctions, auxiliaries and question words; ascending. */
static const char *const common_words[] = {
    "a",     "about", "after", "all",   "also",  "am",    "an",    "and",   "any",   "are",   "as",    "at",
    "be",    "been",  "being", "between", "both", "but",  "by",    "can",   "could", "did",   "do",    "does",
    "each",  "for",   "from",  "had",   "has",   "have",  "he",    "her",   "his",   "how",   "i",     "if",
    "in",    "into",  "is",    "it",    "its",   "may",   "me",    "might", "more",  "most",  "must",  "my",
    "no",    "nor",   "not",   "of",    "on",    "or",    "other", "our",   "shall", "she",   "should", "so",
    "some",  "such",  "than",  "that",  "the",   "their", "them",  "then",  "there", "these", "they",  "this",
    "those", "to",    "under", "upon",  "us",    "was",   "we",    "were",  "what",  "when",  "where", "which",
    "while", "who",   "whom",  "whose", "why",   "will",  "with",  "would", "you",   "your",
};

typedef struct word_ref {
    const char *text;
    size_t len;
} word_ref;

static int compare_word(const void *key, const void *item)
{
    const word_ref *word = key;
    const char *other = *(const char *const *)item;
    size_t other_len = strlen(other);
    int order = memcmp(word->text, other, word->len < other_len ? word->len : other_len);
    return order ? order : (word->len > other_len) - (word->len < other_len);
}

int mrg_rank_is_common(const char *term, size_t len)
{
    word_ref key = { term, len };
    return bsearch(&key, common_words, sizeof common_words / sizeof *common_words, sizeof *common_words,
                   compare_word) != NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "expand_rule.h"
#include "store/names_near.h"
#include "suggest.h"

enum {
    CANDIDATES = 8,
    NAME_CANDIDATES = 32,  /* in texts, words of names are among many others */
    MAX_COMPANY = 4,       /* other words that a candidate is looked for with */
    MIN_CHARS = 3, MAX_CHARS = 40,
    ONE_EDIT_UP_TO = 8,    /* letters; longer words may have two */
    RARE_MIN_CHARS = 6,    /* a longer word that is there may be wrong, */
    RARE_FACTOR = 100,     /* if a near one has so many times the articles, and begins alike */
    TERMS_BETWEEN_CHECKS = 512
};

int mrg_is_text_word(const mrg_query_word *word)
{
    return word->node->type == MRG_NODE_WORDS || word->node->type == MRG_NODE_PHRASE;
}

int mrg_may_be_misspelt(const char *term, const mrg_token *token)
{
    size_t chars = mrg_count_chars(term, token->term_len);
    return chars >= MIN_CHARS && chars <= MAX_CHARS && !mrg_rank_is_common(term, token->term_len) &&
           !(token->flags & (MRG_TOKEN_DIGIT | MRG_TOKEN_ACRONYM | MRG_TOKEN_NGRAM));
}

/* ---- What is there ------------------------------------------------------------------------------------------------ */

/* Articles that have the word or, with its stem, any form of it. */
static morgue_status count_text_word(mrg_suggester *s, mrg_query_word *w)
{
    uint32_t word, stem;
    size_t stem_len;
    mrg_stemmer *stemmer = NULL;
    morgue_results *results = s->results;
    const char *lang = results->question.options.lang;
    int title = w->node->text_field == MRG_FIELD_TITLE;
    int field = title ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD;
    morgue_status status = mrg_stemmer_set_get(&results->searcher->stemmers,
                                               lang ? lang : results->view->snapshots[0]->manifest.lang, &stemmer, s->err);
    if (!status)
        status = mrg_match_terms_add(&s->terms, field, 0, w->term, w->len, &word, s->err);
    if (status)
        return status;
    const char *stemmed = mrg_stem(stemmer, w->term, w->len, &stem_len);
    if (!stemmed)
        return mrg_fail_nomem(s->err);
    status = mrg_match_terms_add(&s->terms, title ? MRG_FIELD_TITLE_STEM : MRG_FIELD_STEM, field, stemmed, stem_len,
                                 &stem, s->err);
    if (status)
        return status;
    uint64_t of_word = s->terms.items[word].doc_count, of_stem = s->terms.items[stem].doc_count;
    w->doc_count = of_word > of_stem ? of_word : of_stem;
    w->exists = w->doc_count > 0;
    return MORGUE_OK;
}

static void find_name(const mrg_suggester *s, mrg_query_word *w)
{
    const mrg_plan *plan = &s->results->plan;
    for (size_t i = 0; i < plan->note_count; i++) {
        const mrg_plan_note *note = &plan->notes[i];
        if (note->node == w->node && note->resolved)
            w->exists |= note->resolved->count && !note->resolved->by_sound;
    }
}

static const char *term_prefix(const mrg_query_word *w)
{
    return w->node->meta_field == MRG_META_SOURCE ? MRG_PREFIX_SOURCE : MRG_PREFIX_AUTHOR;
}

static morgue_status find_field_word(const mrg_suggester *s, mrg_query_word *w)
{
    mrg_buffer term = MRG_BUFFER_INIT;
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_doccount count = 0;
    mrg_buffer_append_str(&term, term_prefix(w));
    mrg_buffer_append(&term, w->term, w->len);
    morgue_status status = term.failed ? mrg_fail_nomem(s->err) : MORGUE_OK;
    if (!status && xapian_database_termfreq(&count, s->results->view->database, (const char *)term.data, term.len, &cause))
        status = mrg_fail_xapian(s->err, &cause, "cannot read the fields");
    w->exists = count > 0;
    mrg_buffer_dispose(&term);
    return status;
}

morgue_status mrg_query_word_count(mrg_suggester *s, mrg_query_word *w)
{
    if (mrg_is_text_word(w))
        return count_text_word(s, w);
    if (w->node->type == MRG_NODE_FIELD)
        return find_field_word(s, w);
    find_name(s, w);
    return MORGUE_OK;
}

/* ---- Which candidate ---------------------------------------------------------------------------------------------- */

static unsigned ms_left(const mrg_suggester *s)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = s->run.deadline_ns - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
    return left < 1000000 ? 1 : (unsigned)(left / 1000000);
}

morgue_status mrg_suggest_count(mrg_suggester *s, const char *query, int any, uint64_t *count)
{
    morgue_search_options options = s->results->question.options;
    morgue_results *results;
    morgue_status status = mrg_match_run_check(&s->run, s->err);
    if (status)
        return status;
    options.limit = MORGUE_NO_HITS;
    options.offset = 0;
    options.sort = MORGUE_SORT_RELEVANCE;
    options.recency_days = 0;
    options.exact_count = 0;
    options.count_up_to = MRG_SUGGEST_COUNT_UP_TO;
    options.timeout_ms = ms_left(s);
    options.any = any;
    status = mrg_search_run(s->results->searcher, mrg_plan_query, query, &options, &results, s->err);
    if (status)
        return status;
    morgue_results_count(results, count, NULL);
    morgue_results_free(results);
    return MORGUE_OK;
}

/* Seldom is the first letter wrong, and often are two exchanged. */
static double likeness(const mrg_query_word *word, const char *text, size_t len)
{
    unsigned counts[256] = { 0 };
    int same_letters = len == word->len;
    for (size_t i = 0; i < word->len; i++)
        counts[(unsigned char)word->term[i]]++;
    for (size_t i = 0; i < len && same_letters; i++)
        same_letters = counts[(unsigned char)text[i]]-- > 0;
    return (len && text[0] == word->term[0]) + same_letters;
}

/* Keeps the candidate if it is the best so far. */
static morgue_status consider(mrg_suggester *s, mrg_query_word *word, const char *text, size_t len, double weight,
                              double *best)
{
    double score = weight + likeness(word, text, len);
    if (word->better && score <= *best)
        return MORGUE_OK;
    *best = score;
    word->better = mrg_arena_strndup(&s->arena, text, len);
    return word->better ? MORGUE_OK : mrg_fail_nomem(s->err);
}

/* ---- Words of the text ------------------------------------------------------------------------------------------- */

/* In how many articles a candidate stands together with the words of the query that are there. */
static morgue_status count_company(mrg_suggester *s, const mrg_query_word *word, const char *candidate, size_t len,
                                   uint64_t *count)
{
    mrg_buffer query = MRG_BUFFER_INIT;
    size_t company = 0;
    mrg_buffer_append_str(&query, word->node->text_field == MRG_FIELD_TITLE ? "title:\"" : "\"");
    mrg_buffer_append(&query, candidate, len);
    mrg_buffer_append_byte(&query, '"');
    for (size_t i = 0; i < s->word_count && company < MAX_COMPANY; i++) {
        if (&s->words[i] == word || !s->words[i].exists)
            continue;
        mrg_buffer_append_byte(&query, ' ');
        mrg_buffer_append(&query, s->words[i].term, s->words[i].len);
        company++;
    }
    const char *text = mrg_buffer_cstr(&query);
    morgue_status status = text ? mrg_suggest_count(s, text, 0, count) : mrg_fail_nomem(s->err);
    mrg_buffer_dispose(&query);
    return status;
}

/* What a rare word may be meant to be. */
static int is_far_commoner(const mrg_query_word *word, const mrg_match_term *candidate)
{
    return candidate->doc_count / RARE_FACTOR >= word->doc_count && candidate->key[1] == (unsigned char)word->term[0] &&
           mrg_count_chars(word->term, word->len) >= RARE_MIN_CHARS;
}

static morgue_status choose_word(mrg_suggester *s, mrg_query_word *word, const mrg_expansion *near)
{
    double best = 0;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < near->count && !status; i++) {
        const mrg_match_term term = s->terms.items[near->terms[i]];
        const char *text = (const char *)term.key + 1;
        uint64_t together = 0;
        size_t len = term.key_len - 1;
        if (len == word->len && !memcmp(text, word->term, len))
            continue;
        if (word->exists && !is_far_commoner(word, &term))
            continue;
        status = count_company(s, word, text, len, &together);
        if (!status)
            status = consider(s, word, text, len, log1p((double)together) + 0.3 * log1p((double)term.doc_count), &best);
    }
    return status;
}

/* ---- Words of names ---------------------------------------------------------------------------------------------- */

static morgue_status count_articles(mrg_suggester *s, mrg_entity_type type, const char *name, size_t len,
                                    uint64_t *count)
{
    const mrg_view *view = s->results->view;
    mrg_name_list list = { 0 };
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < view->snapshot_count && !status; i++) {
        if (view->snapshots[i]->names)
            status = mrg_names_by_words(view->snapshots[i]->names, type, name, len, MRG_RESOLVE_MAX, &list, NULL, s->err);
    }
    for (size_t i = 0; i < list.count; i++)
        *count += list.items[i].article_count;
    mrg_name_list_dispose(&list);
    return status;
}

/* Articles that have names with this word in the place of the other, about. */
static morgue_status count_name(mrg_suggester *s, const mrg_query_word *word, const char *candidate, size_t len,
                                uint64_t *count)
{
    const mrg_node *node = word->node;
    mrg_buffer name = MRG_BUFFER_INIT;
    mrg_buffer_append(&name, node->text, word->node_begin);
    mrg_buffer_append(&name, candidate, len);
    mrg_buffer_append_str(&name, node->text + word->node_end);
    const char *text = mrg_buffer_cstr(&name);
    morgue_status status = text ? count_articles(s, node->entity_type, text, name.len, count) : mrg_fail_nomem(s->err);
    mrg_buffer_dispose(&name);
    return status;
}

static morgue_status choose_name(mrg_suggester *s, mrg_query_word *word, const mrg_expansion *near)
{
    double best = 0;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < near->count && !status; i++) {
        const mrg_match_term term = s->terms.items[near->terms[i]];
        const char *text = (const char *)term.key + 1;
        uint64_t articles = 0;
        size_t len = term.key_len - 1;
        status = mrg_match_run_check(&s->run, s->err);
        if (!status)
            status = count_name(s, word, text, len, &articles);
        if (!status && articles)
            status = consider(s, word, text, len, log1p((double)articles), &best);
    }
    return status;
}

/* ---- Words of sources and authors -------------------------------------------------------------------------------- */

typedef struct field_walk {
    mrg_suggester *s;
    mrg_query_word *word;
    mrg_rule_walk rule;
    mrg_buffer before; /* the term before */
    double best;
} field_walk;

static size_t shared_bytes(const mrg_buffer *before, const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && n < before->len && before->data[n] == (unsigned char)text[n])
        n++;
    return n;
}

static morgue_status look_at_term(field_walk *w, xapian_term_iter *it, const char *text, size_t len)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_doccount count;
    int fits;
    mrg_suggester *s = w->s;
    morgue_status status = mrg_rule_fits(&w->rule, text, len, shared_bytes(&w->before, text, len), &fits, s->err);
    mrg_buffer_clear(&w->before);
    mrg_buffer_append(&w->before, text, len);
    if (!status && w->before.failed)
        status = mrg_fail_nomem(s->err);
    if (status || !fits)
        return status;
    if (xapian_term_iter_termfreq(&count, it, &cause))
        return mrg_fail_xapian(s->err, &cause, "cannot read the fields");
    return consider(s, w->word, text, len, log1p((double)count), &w->best);
}

static morgue_status walk_field(field_walk *w)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    const char *term, *prefix = term_prefix(w->word);
    size_t len, skip = strlen(prefix);
    morgue_status status = MORGUE_OK;
    xapian_status got = xapian_database_allterms(&it, w->s->results->view->database, prefix, skip, &cause);
    for (size_t n = 0; !got && !status && !(got = xapian_term_iter_next(&term, &len, it, &cause)); n++) {
        if (n % TERMS_BETWEEN_CHECKS == 0)
            status = mrg_match_run_check(&w->s->run, w->s->err);
        if (!status)
            status = look_at_term(w, it, term + skip, len - skip);
    }
    xapian_term_iter_free(it);
    return got < 0 && !status ? mrg_fail_xapian(w->s->err, &cause, "cannot read the fields") : status;
}

static morgue_status choose_field_word(mrg_suggester *s, mrg_query_word *word, unsigned edits)
{
    mrg_rule rule;
    field_walk walk = { .s = s, .word = word, .before = MRG_BUFFER_INIT };
    morgue_status status = mrg_rule_init(&rule, MRG_RULE_FUZZY, word->term, word->len, edits, NULL, s->err);
    if (!status)
        status = mrg_rule_walk_init(&walk.rule, &rule, s->err);
    if (!status)
        status = walk_field(&walk);
    mrg_rule_walk_dispose(&walk.rule);
    mrg_rule_dispose(&rule);
    mrg_buffer_dispose(&walk.before);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------- */

static morgue_status choose(mrg_suggester *s, mrg_query_word *word, unsigned edits)
{
    mrg_expansion near;
    int is_text = mrg_is_text_word(word);
    const mrg_expander with = { .terms = &s->terms, .run = &s->run, .max = is_text ? CANDIDATES : NAME_CANDIDATES };
    if (word->node->type == MRG_NODE_FIELD)
        return choose_field_word(s, word, edits);
    int field = is_text && word->node->text_field == MRG_FIELD_TITLE ? MRG_FIELD_TITLE_WORD : MRG_FIELD_WORD;
    morgue_status status = mrg_expand_fuzzy(&near, &with, field, word->term, word->len, edits, s->err);
    if (status)
        return status;
    return is_text ? choose_word(s, word, &near) : choose_name(s, word, &near);
}

morgue_status mrg_query_word_correct(mrg_suggester *s, mrg_query_word *word)
{
    unsigned most = mrg_count_chars(word->term, word->len) > ONE_EDIT_UP_TO && !word->exists ? 2 : 1;
    morgue_status status = MORGUE_OK;
    for (unsigned edits = 1; edits <= most && !word->better && !status; edits++)
        status = choose(s, word, edits);
    return status;
}

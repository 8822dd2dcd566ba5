/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suggest.h"

#include <string.h>

enum {
    MAX_CORRECTED = 3,
    FEW_HITS = 10,        /* words that are there are doubted when the query finds fewer than this, */
    BETTER_FACTOR = 10,   /* and replaced if so many times more is then found; */
    MISSING_FACTOR = 2,   /* words that are not there, if so many times more */
    MOST_MS = 500         /* for the whole */
};

/* ---- The words of the query ----------------------------------------------------------------------------------- */

static size_t byte_of_column(const char *text, int column)
{
    size_t i = 0;
    for (int at = 1; text[i] && at < column; at++) {
        do
            i++;
        while (((unsigned char)text[i] & 0xc0) == 0x80);
    }
    return i;
}

/* The terms of the text where the node's value stands; a little more is no matter. */
static morgue_status tokenize_place(mrg_suggester *s, const mrg_node *node)
{
    size_t begin = byte_of_column(s->text, node->column), letters = strspn(s->text + begin, "abcdefghijklmnopqrstuvwxyz"
                                                                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    int has_field = node->type == MRG_NODE_ENTITY || node->type == MRG_NODE_FIELD || node->text_field == MRG_FIELD_TITLE;
    if (has_field && s->text[begin + letters] == ':')
        begin += letters + 1;
    size_t rest = strlen(s->text + begin), len = 2 * node->text_len + 8;
    mrg_tokens_clear(&s->found);
    while (len < rest && ((unsigned char)s->text[begin + len] & 0xc0) == 0x80)
        len++;
    return mrg_tokenize(&s->found, s->text, begin, begin + (len < rest ? len : rest), 0, s->err);
}

/* The token among those found in the text that has this term; NULL if the text was not what the tree is of. */
static const mrg_token *find_in_text(const mrg_suggester *s, const char *term, size_t len, size_t *from)
{
    while (*from < s->found.count) {
        const mrg_token *t = &s->found.items[(*from)++];
        if (t->term_len == len && !memcmp(mrg_token_term(&s->found, t), term, len))
            return t;
    }
    return NULL;
}

static morgue_status add_word(mrg_suggester *s, const mrg_node *node, const mrg_token *token, const mrg_token *at)
{
    mrg_query_word *w = &s->words[s->word_count];
    *w = (mrg_query_word){ .node = node, .len = token->term_len, .begin = at->begin, .end = at->end };
    w->node_begin = token->begin;
    w->node_end = token->end;
    w->is_capital = (at->flags & MRG_TOKEN_CAPITAL) && !(at->flags & MRG_TOKEN_ALL_CAPS);
    w->term = mrg_arena_strndup(&s->arena, mrg_token_term(&s->tokens, token), token->term_len);
    morgue_status status = w->term ? mrg_query_word_count(s, w) : mrg_fail_nomem(s->err);
    /* What is there of a name or field is neither doubted nor company. */
    s->word_count += mrg_is_text_word(w) || !w->exists;
    return status;
}

static morgue_status add_leaf(mrg_suggester *s, const mrg_node *node)
{
    size_t from = 0;
    mrg_tokens_clear(&s->tokens);
    morgue_status status = mrg_tokenize(&s->tokens, node->text, 0, node->text_len, 0, s->err);
    if (!status)
        status = tokenize_place(s, node);
    for (size_t i = 0; i < s->tokens.count && s->word_count < MRG_SUGGEST_MAX_WORDS && !status; i++) {
        const mrg_token *token = &s->tokens.items[i];
        const char *term = mrg_token_term(&s->tokens, token);
        const mrg_token *at = find_in_text(s, term, token->term_len, &from);
        if (!at)
            return MORGUE_OK;
        if (mrg_may_be_misspelt(term, token))
            status = add_word(s, node, token, at);
    }
    return status;
}

static int is_looked_at(const mrg_node *node)
{
    return node->type == MRG_NODE_WORDS || (node->type == MRG_NODE_PHRASE && !node->child_count) ||
           node->type == MRG_NODE_ENTITY ||
           (node->type == MRG_NODE_FIELD &&
            (node->meta_field == MRG_META_SOURCE || node->meta_field == MRG_META_AUTHOR));
}

/* What is asked for, not what is excluded. Trees are not deep. */
static morgue_status add_words(mrg_suggester *s, const mrg_node *node)
{
    morgue_status status = MORGUE_OK;
    if (node->type == MRG_NODE_NOT || s->word_count == MRG_SUGGEST_MAX_WORDS)
        return MORGUE_OK;
    if (is_looked_at(node))
        return add_leaf(s, node);
    for (size_t i = 0; i < node->child_count && !status; i++)
        status = add_words(s, node->children[i]);
    return status;
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static void append_better(mrg_buffer *out, const mrg_query_word *word)
{
    char first = word->better[0];
    int raise = word->is_capital && first >= 'a' && first <= 'z';
    if (raise)
        mrg_buffer_append_byte(out, (unsigned char)(first - 32));
    mrg_buffer_append_str(out, word->better + raise);
}

/* The words are in the order of the tree, which need not be that of the text. */
static void write_text(const mrg_suggester *s, mrg_buffer *out)
{
    uint32_t at = 0, len = (uint32_t)strlen(s->text);
    while (at < len) {
        const mrg_query_word *next = NULL;
        for (size_t i = 0; i < s->word_count; i++) {
            const mrg_query_word *w = &s->words[i];
            if (w->better && w->begin >= at && (!next || w->begin < next->begin))
                next = w;
        }
        uint32_t stop = next ? next->begin : len;
        mrg_buffer_append(out, s->text + at, stop - at);
        at = stop;
        if (next) {
            append_better(out, next);
            at = next->end;
        }
    }
}

/* What the query found; the search itself need not have counted beyond its page. */
static morgue_status count_before(mrg_suggester *s, uint64_t *before)
{
    const morgue_results *results = s->results;
    *before = results->at_least;
    if (results->at_least == results->at_most || results->at_least >= MRG_SUGGEST_COUNT_UP_TO)
        return MORGUE_OK;
    return mrg_suggest_count(s, s->text, results->question.options.any, before);
}

/* Missing words first; those that are there only if all are. *factor: how many times more must be found then. */
static morgue_status correct_words(mrg_suggester *s, uint64_t before, size_t *factor)
{
    morgue_status status = MORGUE_OK;
    size_t missing = 0, corrected = 0;
    for (size_t i = 0; i < s->word_count; i++)
        missing += !s->words[i].exists;
    size_t times = missing ? MISSING_FACTOR : BETTER_FACTOR;
    if (missing ? before * times > MRG_SUGGEST_COUNT_UP_TO : before >= FEW_HITS)
        return MORGUE_OK;
    for (size_t i = 0; i < s->word_count && corrected < MAX_CORRECTED && !status; i++) {
        if (missing && s->words[i].exists)
            continue;
        status = mrg_query_word_correct(s, &s->words[i]);
        corrected += s->words[i].better != NULL;
    }
    *factor = corrected ? times : 0;
    return status;
}

static morgue_status suggest(mrg_suggester *s, mrg_buffer *out)
{
    size_t factor = 0;
    uint64_t before, after = 0;
    morgue_status status = add_words(s, s->results->query.root);
    if (!status)
        status = count_before(s, &before);
    if (!status)
        status = correct_words(s, before, &factor);
    if (status || !factor)
        return status;
    write_text(s, out);
    const char *text = mrg_buffer_cstr(out);
    if (!text)
        return mrg_fail_nomem(s->err);
    status = mrg_suggest_count(s, text, s->results->question.options.any, &after);
    if (!status && (!after || after < before * factor))
        mrg_buffer_clear(out);
    return status;
}

static void begin(mrg_suggester *s)
{
    const morgue_results *results = s->results;
    unsigned ms = results->question.options.timeout_ms;
    s->run.cancels = &results->searcher->cancels;
    s->run.cancels_seen = mrg_searcher_cancels(results->searcher);
    s->run.deadline_ns = mrg_deadline_after(ms && ms < MOST_MS ? ms : MOST_MS);
    mrg_match_terms_init(&s->terms, &s->arena, results->view->segments, results->view->segment_count);
}

static void end(mrg_suggester *s)
{
    mrg_match_terms_dispose(&s->terms);
    mrg_tokens_dispose(&s->tokens);
    mrg_tokens_dispose(&s->found);
    mrg_arena_dispose(&s->arena);
}

static morgue_status suggest_once(morgue_results *results, morgue_error *err)
{
    morgue_error cause = { 0 };
    mrg_suggester s = { .results = results, .text = results->question.asked, .err = &cause };
    begin(&s);
    morgue_status status = suggest(&s, &results->suggestion);
    if (status) {
        mrg_buffer_clear(&results->suggestion);
        /* What takes long is no help. */
        if (status == MORGUE_ERR_CANCELLED && atomic_load_explicit(s.run.cancels, memory_order_relaxed) == s.run.cancels_seen)
            status = MORGUE_OK;
        else if (err)
            *err = cause;
    }
    end(&s);
    return status;
}

const char *morgue_results_suggestion(morgue_results *results, morgue_error *err)
{
    mrg_error_clear(err);
    if (!results->suggested && results->question.make == mrg_plan_query &&
        mrg_is_clean_utf8(results->question.asked, strlen(results->question.asked)) && suggest_once(results, err))
        return NULL;
    results->suggested = 1;
    return results->suggestion.len ? mrg_buffer_cstr(&results->suggestion) : NULL;
}

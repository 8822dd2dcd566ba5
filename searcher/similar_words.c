/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "similar.h"

/* What the article has of everything. */
typedef struct reading {
    mrg_arena *arena;
    const mrg_record *record;
    mrg_tokens tokens;
    uint32_t title_words;
    mrg_rank_curve body, title;
    double title_boost;
    mrg_match_terms *terms;
    const mrg_rank *rank;
    morgue_error *err;
} reading;

/* ---- Words ---------------------------------------------------------------------------------------------- */

static int has_letter(const char *term, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)term[i];
        if ((c >= 'a' && c <= 'z') || c >= 0x80)
            return 1;
    }
    return 0;
}

static int may_tell(const char *term, const mrg_token *token)
{
    return token->term_len > 1 && has_letter(term, token->term_len) && !mrg_rank_is_common(term, token->term_len);
}

static int by_stem(const void *a, const void *b)
{
    const mrg_telling_word *x = a, *y = b;
    size_t len = x->stem_len < y->stem_len ? x->stem_len : y->stem_len;
    int order = memcmp(x->stem, y->stem, len);
    if (order)
        return order;
    if (x->stem_len != y->stem_len)
        return x->stem_len < y->stem_len ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static int by_frequency(const void *a, const void *b)
{
    const mrg_telling_word *x = a, *y = b;
    if (x->tf + x->title_tf != y->tf + y->title_tf)
        return x->tf + x->title_tf > y->tf + y->title_tf ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static int by_score(const void *a, const void *b)
{
    const mrg_telling_word *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* One entry for each token that may tell something. */
static morgue_status list_words(reading *r, mrg_stemmer *stemmer, mrg_telling *out)
{
    size_t count = r->tokens.count < MRG_SIMILAR_TOKENS ? r->tokens.count : MRG_SIMILAR_TOKENS;
    out->words = mrg_arena_alloc(r->arena, (count + 1) * sizeof *out->words);
    if (!out->words)
        return mrg_fail_nomem(r->err);
    for (size_t i = 0; i < count; i++) {
        const mrg_token *token = &r->tokens.items[i];
        const char *term = mrg_token_term(&r->tokens, token);
        int in_title = token->begin < r->record->title_len;
        r->title_words += (uint32_t)in_title;
        if (!may_tell(term, token))
            continue;
        mrg_telling_word *w = &out->words[out->word_count++];
        *w = (mrg_telling_word){ .first = (uint32_t)i, .tf = 1, .title_tf = (uint32_t)in_title };
        const char *stem = mrg_stem(stemmer, term, token->term_len, &w->stem_len);
        w->stem = stem ? mrg_arena_strndup(r->arena, stem, w->stem_len) : NULL;
        w->word = mrg_arena_strndup(r->arena, term, token->term_len);
        w->word_len = token->term_len;
        if (!w->stem || !w->word)
            return mrg_fail_nomem(r->err);
    }
    return MORGUE_OK;
}

/* One entry a stem, those that stand here most often first. */
static void join_stems(mrg_telling *out)
{
    size_t kept = 0;
    qsort(out->words, out->word_count, sizeof *out->words, by_stem);
    for (size_t i = 0; i < out->word_count; i++) {
        mrg_telling_word *last = kept ? &out->words[kept - 1] : NULL;
        const mrg_telling_word *w = &out->words[i];
        if (last && last->stem_len == w->stem_len && !memcmp(last->stem, w->stem, w->stem_len)) {
            last->tf++;
            last->title_tf += w->title_tf;
        } else {
            out->words[kept++] = *w;
        }
    }
    qsort(out->words, kept, sizeof *out->words, by_frequency);
    out->word_count = kept < MRG_SIMILAR_LOOKED_UP ? kept : MRG_SIMILAR_LOOKED_UP;
}

static morgue_status score_words(reading *r, mrg_telling *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->word_count; i++) {
        mrg_telling_word w = out->words[i];
        uint32_t term;
        morgue_status status = mrg_match_terms_add(r->terms, MRG_FIELD_STEM, MRG_FIELD_WORD, w.stem, w.stem_len, &term,
                                                   r->err);
        if (status)
            return status;
        uint64_t article_count = r->terms->items[term].doc_count;
        if (article_count < 2)
            continue;
        w.share = mrg_rank_score(r->body, 1, w.tf, (uint32_t)r->tokens.count);
        if (w.title_tf)
            w.share += r->title_boost * mrg_rank_score(r->title, 1, w.title_tf, r->title_words);
        w.score = w.share * mrg_rank_idf(r->rank, article_count);
        out->words[kept++] = w;
    }
    qsort(out->words, kept, sizeof *out->words, by_score);
    out->word_count = kept < MRG_SIMILAR_WORDS ? kept : MRG_SIMILAR_WORDS;
    return MORGUE_OK;
}

/* ---- Names ------------------------------------------------------------------------------------------------ */

static int by_name_score(const void *a, const void *b)
{
    const mrg_telling_name *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return strcmp(x->key, y->key);
}

static morgue_status list_names(reading *r, mrg_telling *out)
{
    mrg_record_walk walk;
    mrg_record_mention m;
    size_t bytes = ((size_t)r->record->entity_count + 1) * sizeof *out->names;
    out->names = mrg_arena_alloc(r->arena, bytes);
    if (!out->names)
        return mrg_fail_nomem(r->err);
    mrg_record_walk_init(&walk, r->record);
    while (mrg_record_walk_next(&walk, &m)) {
        mrg_telling_name *name = &out->names[m.number];
        if (m.is_first) {
            *name = (mrg_telling_name){ .type = m.entity.type };
            name->key = mrg_arena_strndup(r->arena, m.entity.key, m.entity.key_len);
            name->name = mrg_arena_strndup(r->arena, m.entity.name, m.entity.name_len);
            if (!name->key || !name->name)
                return mrg_fail_nomem(r->err);
            out->name_count = (size_t)m.number + 1;
        }
        name->tf++;
    }
    return walk.r.failed ? mrg_fail(r->err, MORGUE_ERR_CORRUPT, "the names in an article's record are damaged")
                         : MORGUE_OK;
}

static morgue_status score_names(reading *r, mrg_telling *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->name_count; i++) {
        mrg_telling_name n = out->names[i];
        if (n.type >= MRG_ENTITY_TYPES)
            continue;
        morgue_status status = mrg_match_terms_add(r->terms, MRG_FIELD_ENTITY, 0, n.key, strlen(n.key), &n.term, r->err);
        if (status)
            return status;
        n.article_count = r->terms->items[n.term].doc_count;
        if (n.article_count < 2)
            continue;
        n.share = mrg_rank_score(r->body, 1, n.tf, (uint32_t)r->tokens.count);
        n.score = n.share * mrg_rank_idf(r->rank, n.article_count);
        out->names[kept++] = n;
    }
    qsort(out->names, kept, sizeof *out->names, by_name_score);
    out->name_count = kept < MRG_SIMILAR_NAMES ? kept : MRG_SIMILAR_NAMES;
    return MORGUE_OK;
}

morgue_status mrg_telling_find(mrg_telling *out, mrg_arena *arena, const mrg_record *record, mrg_stemmer *stemmer,
                               const mrg_rank *rank, mrg_match_terms *terms, morgue_error *err)
{
    reading r = { .arena = arena, .record = record, .terms = terms, .rank = rank, .err = err };
    r.body = mrg_rank_body_curve(rank);
    r.title = mrg_rank_title_curve(rank);
    r.title_boost = rank->params.title_boost;
    memset(out, 0, sizeof *out);
    morgue_status status = mrg_tokenize(&r.tokens, record->text, 0, record->title_len, 0, err);
    if (!status)
        status = mrg_tokenize(&r.tokens, record->text, record->body_begin, record->text_len, 0, err);
    if (!status)
        status = list_words(&r, stemmer, out);
    if (!status) {
        join_stems(out);
        status = score_words(&r, out);
    }
    if (!status)
        status = list_names(&r, out);
    if (!status)
        status = score_names(&r, out);
    mrg_tokens_dispose(&r.tokens);
    return status;
}

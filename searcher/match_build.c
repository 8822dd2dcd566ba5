/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/pairs.h"
#include "union.h"

/* What building one segment's iterators takes along. */
typedef struct builder {
    mrg_match_run *run;
    mrg_match_scratch *scratch;
    mrg_arena *arena;
    size_t index;
    morgue_error *err;
} builder;

static morgue_status build(builder *b, const mrg_match_node *node, mrg_iter **out);

static void *arena_zero(mrg_arena *arena, size_t count, size_t size)
{
    void *p = count > SIZE_MAX / size ? NULL : mrg_arena_alloc(arena, count * size);
    if (p)
        memset(p, 0, count * size);
    return p;
}

static mrg_iter *new_iter(builder *b, const mrg_match_node *node)
{
    mrg_iter *it = arena_zero(b->arena, 1, sizeof *it);
    if (!it)
        return NULL;
    it->type = node->type;
    it->title = node->title;
    it->weight = node->weight;
    it->title_weight = node->title_weight;
    it->curve = node->title ? b->run->title : b->run->body;
    it->segment = b->run->terms->segments[b->index];
    it->run = b->run;
    it->scratch = b->scratch;
    return it;
}

static const mrg_term_info *info_of(const builder *b, uint32_t term)
{
    const mrg_match_term *t = &b->run->terms->items[term];
    return t->infos[b->index].doc_count ? &t->infos[b->index] : NULL;
}

/* The length is not known, so the bound is that of an article without other words. */
static double list_bound(mrg_rank_curve curve, double weight, const mrg_term_info *info)
{
    return mrg_rank_score(curve, weight, info->max_tf ? info->max_tf : 1, 0);
}

static mrg_postings *new_postings(builder *b, const mrg_term_info *info, morgue_status *status)
{
    mrg_postings *p = mrg_arena_alloc(b->arena, sizeof *p);
    *status = p ? mrg_postings_init(p, b->run->terms->segments[b->index], info, b->err) : mrg_fail_nomem(b->err);
    return p;
}

/* The most that a posting of the list weighs, of any block. Words of very many blocks weigh little anyway. */
static morgue_status tighten(builder *b, mrg_postings *p, mrg_rank_curve curve, double weight, double *bound)
{
    enum { MAX_BLOCKS = 128 };
    morgue_status status = MORGUE_OK;
    uint32_t block_count = mrg_postings_block_count(p);
    double most = 0;
    for (uint32_t block = 0; block < block_count && block_count <= MAX_BLOCKS && !status; block++) {
        mrg_impact impacts[MRG_IMPACTS];
        size_t count;
        status = mrg_postings_block_impacts(p, block, impacts, &count, b->err);
        for (size_t i = 0; i < count; i++)
            most = fmax(most, mrg_rank_score(curve, weight, impacts[i].tf, impacts[i].words));
    }
    if (most > 0)
        *bound = fmin(*bound, most);
    return status;
}

static morgue_status build_term(builder *b, const mrg_match_node *node, mrg_iter **out)
{
    const mrg_term_info *info = info_of(b, node->terms[0]);
    if (!info)
        return MORGUE_OK;
    mrg_iter *it = new_iter(b, node);
    if (!it)
        return mrg_fail_nomem(b->err);
    morgue_status status;
    it->cost = info->doc_count;
    it->postings = new_postings(b, info, &status);
    const mrg_term_info *title = node->title_term == MRG_NO_TERM ? NULL : info_of(b, node->title_term);
    if (!status && title && node->title_weight > 0) {
        it->title_postings = new_postings(b, title, &status);
        it->title_bound = list_bound(b->run->title, node->title_weight, title);
        if (!status)
            status = tighten(b, it->title_postings, b->run->title, node->title_weight, &it->title_bound);
    }
    it->bound = list_bound(it->curve, it->weight, info);
    if (!status)
        status = tighten(b, it->postings, it->curve, it->weight, &it->bound);
    it->bound += it->title_bound;
    *out = it;
    return status;
}

/* ---- Pairs: of two neighbouring words of a phrase the segment may have a list (pairs.h) ---- */

/* Sets *found if there is one for the words i and i + 1. */
static morgue_status find_pair(builder *b, const mrg_match_node *node, size_t i, mrg_term_info *pair, int *found)
{
    const mrg_match_term *first = &b->run->terms->items[node->terms[i]];
    const mrg_match_term *second = &b->run->terms->items[node->terms[i + 1]];
    const mrg_segment *segment = b->run->terms->segments[b->index];
    uint32_t doc_count = mrg_segment_info(segment)->doc_count;
    unsigned char key[MRG_KEY_MAX_BYTES];
    *found = 0;
    if (node->title || node->offsets[i + 1] != node->offsets[i] + 1 ||
        !mrg_pairs_may_have(first->infos[b->index].doc_count, doc_count) ||
        !mrg_pairs_may_have(second->infos[b->index].doc_count, doc_count))
        return MORGUE_OK;
    size_t len = mrg_pair_key(key, first->key + 1, first->key_len - 1, second->key + 1, second->key_len - 1);
    morgue_status status = len ? mrg_segment_find(segment, key, len, pair, b->err) : MORGUE_ERR_NOT_FOUND;
    *found = status == MORGUE_OK;
    return status == MORGUE_ERR_NOT_FOUND ? MORGUE_OK : status;
}

/* A phrase that is a pair: its list says all, as a word's would. */
static morgue_status build_pair(builder *b, const mrg_match_node *node, const mrg_term_info *pair, mrg_iter **out)
{
    mrg_iter *it = new_iter(b, node);
    if (!it)
        return mrg_fail_nomem(b->err);
    morgue_status status;
    it->type = MRG_MATCH_TERM;
    it->cost = pair->doc_count;
    it->postings = new_postings(b, pair, &status);
    it->bound = list_bound(it->curve, it->weight, pair);
    if (!status)
        status = tighten(b, it->postings, it->curve, it->weight, &it->bound);
    *out = it;
    return status;
}

/* The pairs in a phrase; *in_pair: by place in the phrase, whether a pair stands for the word. */
static morgue_status collect_pairs(builder *b, const mrg_match_node *node, mrg_iter *it, unsigned char *in_pair)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i + 1 < node->term_count && !status; i++) {
        mrg_term_info info;
        int found;
        status = find_pair(b, node, i, &info, &found);
        if (status || !found)
            continue;
        if (!it->pairs && !(it->pairs = mrg_arena_alloc(b->arena, (node->term_count - 1) * sizeof *it->pairs)))
            return mrg_fail_nomem(b->err);
        status = mrg_postings_init(&it->pairs[it->pair_count++], it->segment, &info, b->err);
        in_pair[i] = in_pair[i + 1] = 1;
    }
    return status;
}

/* ---- Phrases ---- */

static int compare_words(const void *a, const void *b)
{
    const mrg_phrase_word *const x = a, *const y = b;
    if (x->postings.info.doc_count != y->postings.info.doc_count)
        return x->postings.info.doc_count < y->postings.info.doc_count ? -1 : 1;
    return x->offsets[0] < y->offsets[0] ? -1 : 1;
}

/* Each different word of a phrase once, with all its places. */
static morgue_status collect_words(builder *b, const mrg_match_node *node, mrg_iter *it, const unsigned char *in_pair)
{
    uint32_t *seen = arena_zero(b->arena, node->term_count, sizeof *seen);
    uint32_t *offsets = arena_zero(b->arena, node->term_count, sizeof *offsets);
    it->words = mrg_arena_alloc(b->arena, node->term_count * sizeof *it->words);
    if (!seen || !offsets || !it->words)
        return mrg_fail_nomem(b->err);
    for (size_t i = 0; i < node->term_count; i++) {
        if (seen[i])
            continue;
        mrg_phrase_word *w = &it->words[it->word_count++];
        morgue_status status = mrg_postings_init(&w->postings, it->segment, info_of(b, node->terms[i]), b->err);
        if (status)
            return status;
        w->offsets = offsets;
        w->offset_count = 0;
        w->in_pair = 0;
        for (size_t j = i; j < node->term_count; j++) {
            if (node->terms[j] != node->terms[i])
                continue;
            seen[j] = 1;
            w->in_pair |= in_pair[j];
            w->offsets[w->offset_count++] = node->offsets[j];
        }
        offsets += w->offset_count;
    }
    return MORGUE_OK;
}

static int compare_lists(const void *a, const void *b)
{
    const mrg_postings *const x = *(mrg_postings *const *)a, *const y = *(mrg_postings *const *)b;
    if (x->info.doc_count != y->info.doc_count)
        return x->info.doc_count < y->info.doc_count ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Whether so many articles have the word that seeking it filters few. */
static int is_frequent(const mrg_iter *it, const mrg_phrase_word *word)
{
    enum { FREQUENT_SHARE = 3 };
    return word->postings.info.doc_count > mrg_segment_info(it->segment)->doc_count / FREQUENT_SHARE;
}

/* Pairs, the rarest word, and others that are neither in a pair nor frequent. */
static morgue_status collect_seeks(builder *b, mrg_iter *it)
{
    it->seeks = mrg_arena_alloc(b->arena, (it->pair_count + it->word_count) * sizeof(mrg_postings *));
    if (!it->seeks)
        return mrg_fail_nomem(b->err);
    for (uint32_t i = 0; i < it->pair_count; i++)
        it->seeks[it->seek_count++] = &it->pairs[i];
    for (uint32_t i = 0; i < it->word_count; i++) {
        mrg_phrase_word *w = &it->words[i];
        if (!w->in_pair && (!is_frequent(it, w) || !it->seek_count))
            it->seeks[it->seek_count++] = &w->postings;
    }
    qsort(it->seeks, it->seek_count, sizeof *it->seeks, compare_lists);
    it->postings = it->seeks[0];
    return MORGUE_OK;
}

static morgue_status build_phrase(builder *b, const mrg_match_node *node, mrg_iter **out)
{
    uint32_t max_tf = UINT32_MAX;
    for (size_t i = 0; i < node->term_count; i++) {
        const mrg_term_info *info = info_of(b, node->terms[i]);
        if (!info)
            return MORGUE_OK;
        if (info->max_tf < max_tf)
            max_tf = info->max_tf;
    }
    if (node->term_count == 2) {
        mrg_term_info pair;
        int found;
        morgue_status status = find_pair(b, node, 0, &pair, &found);
        if (status || found)
            return status ? status : build_pair(b, node, &pair, out);
    }
    mrg_iter *it = new_iter(b, node);
    unsigned char *in_pair = arena_zero(b->arena, node->term_count, 1);
    if (!it || !in_pair)
        return mrg_fail_nomem(b->err);
    morgue_status status = collect_pairs(b, node, it, in_pair);
    if (!status)
        status = collect_words(b, node, it, in_pair);
    if (status)
        return status;
    qsort(it->words, it->word_count, sizeof *it->words, compare_words);
    status = collect_seeks(b, it);
    if (status)
        return status;
    it->counted = it->pair_count ? 0 : it->seek_count;
    if (it->counted < 2)
        it->counted = it->word_count > 1 ? 2 : 1;
    it->cost = it->postings->info.doc_count;
    it->bound = mrg_rank_score(it->curve, it->weight, max_tf ? max_tf : 1, 0);
    *out = it;
    return MORGUE_OK;
}

static morgue_status build_any(builder *b, const mrg_match_node *node, mrg_iter **out)
{
    mrg_iter *it = new_iter(b, node);
    if (!it)
        return mrg_fail_nomem(b->err);
    morgue_status status = mrg_union_build(&it->any, it, b->arena, b->index, node->terms, node->term_count,
                                           MRG_UNION_COUNTS, b->err);
    if (status || !it->any)
        return status;
    it->cost = it->any->cost;
    it->bound = mrg_rank_score(it->curve, it->weight, it->any->max_tf, 0);
    *out = it;
    return MORGUE_OK;
}

static morgue_status build_spans(builder *b, const mrg_match_node *node, mrg_iter **out)
{
    mrg_iter *it = new_iter(b, node);
    if (!it)
        return mrg_fail_nomem(b->err);
    morgue_status status = mrg_spans_build(it, b->arena, node->spans, b->index, b->err);
    *out = status || !it->spans ? NULL : it;
    return status;
}

static int compare_cost(const void *a, const void *b)
{
    const mrg_iter *x = *(mrg_iter *const *)a, *y = *(mrg_iter *const *)b;
    return (x->cost > y->cost) - (x->cost < y->cost);
}

static int compare_bound(const void *a, const void *b)
{
    const mrg_iter *x = *(mrg_iter *const *)a, *y = *(mrg_iter *const *)b;
    return (x->bound > y->bound) - (x->bound < y->bound);
}

/* AND: a child that cannot match ends it. NOT: one that cannot match is left out, but for the first. */
static morgue_status build_children(builder *b, const mrg_match_node *node, mrg_iter *it, int *possible)
{
    it->children = arena_zero(b->arena, node->child_count, sizeof *it->children);
    it->order = arena_zero(b->arena, node->child_count, sizeof *it->order);
    if (!it->children || !it->order)
        return mrg_fail_nomem(b->err);
    for (size_t i = 0; i < node->child_count; i++) {
        mrg_iter *child = NULL;
        morgue_status status = build(b, node->children[i], &child);
        if (status)
            return status;
        if (child)
            it->children[it->child_count++] = child;
        else if (node->type == MRG_MATCH_AND || (node->type == MRG_MATCH_NOT && i == 0))
            return MORGUE_OK;
    }
    *possible = it->child_count > 0;
    if (it->child_count)
        memcpy(it->order, it->children, it->child_count * sizeof *it->order);
    return MORGUE_OK;
}

/* Few words, that have many postings for the number of articles. */
static int is_for_windows(const mrg_iter *it, uint64_t cost)
{
    enum { MAX_WORDS = 64, FEW_ARTICLES = 4 };
    int windows = it->child_count <= MAX_WORDS && cost > mrg_segment_info(it->segment)->doc_count / FEW_ARTICLES;
    for (uint32_t i = 0; i < it->child_count; i++)
        windows &= it->children[i]->type == MRG_MATCH_TERM;
    return windows;
}

static morgue_status finish_or(builder *b, mrg_iter *it)
{
    uint64_t cost = 0;
    it->heads = arena_zero(b->arena, it->child_count, sizeof *it->heads);
    it->sums = arena_zero(b->arena, it->child_count + 1, sizeof *it->sums);
    if (!it->heads || !it->sums)
        return mrg_fail_nomem(b->err);
    qsort(it->order, it->child_count, sizeof *it->order, compare_bound);
    for (uint32_t i = 0; i < it->child_count; i++) {
        it->sums[i + 1] = it->sums[i] + it->order[i]->bound;
        cost += it->order[i]->cost;
    }
    it->bound = it->sums[it->child_count];
    it->arena = b->arena;
    it->windows = is_for_windows(it, cost);
    it->cost = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
    return MORGUE_OK;
}

static void finish_and(mrg_iter *it)
{
    qsort(it->order, it->child_count, sizeof *it->order, compare_cost);
    it->cost = it->order[0]->cost;
    for (uint32_t i = 0; i < it->child_count; i++)
        it->bound += it->children[i]->bound;
}

static morgue_status build_group(builder *b, const mrg_match_node *node, mrg_iter **out)
{
    int possible = 0;
    mrg_iter *it = new_iter(b, node);
    if (!it)
        return mrg_fail_nomem(b->err);
    morgue_status status = build_children(b, node, it, &possible);
    if (status || !possible)
        return status;
    *out = it;
    if (it->child_count == 1) {
        *out = it->children[0];
    } else if (node->type == MRG_MATCH_OR) {
        status = finish_or(b, it);
    } else if (node->type == MRG_MATCH_AND) {
        finish_and(it);
    } else {
        it->cost = it->children[0]->cost;
        it->bound = it->children[0]->bound;
    }
    return status;
}

static morgue_status build(builder *b, const mrg_match_node *node, mrg_iter **out)
{
    switch (node->type) {
    case MRG_MATCH_TERM:
        return build_term(b, node, out);
    case MRG_MATCH_PHRASE:
        return build_phrase(b, node, out);
    case MRG_MATCH_ANY:
        return build_any(b, node, out);
    case MRG_MATCH_SPANS:
        return build_spans(b, node, out);
    default:
        return build_group(b, node, out);
    }
}

morgue_status mrg_iter_build(mrg_iter **out, mrg_match_run *run, mrg_match_scratch *scratch, mrg_arena *arena,
                             const mrg_match_node *node, size_t index, morgue_error *err)
{
    builder b = { run, scratch, arena, index, err };
    *out = NULL;
    morgue_status status = build(&b, node, out);
    if (status)
        *out = NULL;
    return status;
}

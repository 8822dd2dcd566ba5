/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phrases: words at consecutive positions. Articles with the rarer words are found first, rarest word first, and of
 * these only where its count could make the article heavy enough; words that stand in most articles say little about
 * which, and are looked for last, where the others stand side by side. Where a segment has a list of two neighbouring
 * words as a pair, that is one more word to find articles by, and stands for both. `starts` holds the places where the
 * phrase could begin and shrinks word by word.
 */
#include "core/alloc.h"
#include "match_iter.h"

/* weight * tf >= min_weight * (tf + base + slope * words) is tf >= need * (base + slope * words): the need is worked
   out once for all candidates, mostly. */
static inline void set_need(mrg_iter *it, double min_weight)
{
    if (min_weight == it->need_weight)
        return;
    double least = min_weight * (1 - 1e-9), above = it->weight - least;
    it->need_weight = min_weight;
    it->need = min_weight > 0 && above > 0 ? least / above * (1 - 1e-9) : 0;
    it->needed_at = 0;
}

/* A tf, at least 1, below which the article is too light. */
static inline uint32_t needed_tf(mrg_iter *it, uint32_t docid)
{
    if (it->needed_at == docid)
        return it->needed_there;
    it->words_there = mrg_iter_words(it, docid);
    it->needed_at = docid;
    double tf = it->need * (it->curve.base + it->curve.slope * (double)it->words_there);
    uint32_t whole = tf < 1e9 ? (uint32_t)tf : 1000000000;
    return it->needed_there = tf <= 1 ? 1 : whole + (whole < tf);
}

/* Moves the rarest list on to where it has enough. */
static morgue_status seek_first(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    mrg_postings *p = it->postings;
    if (min_weight <= 0) {
        morgue_status status = mrg_list_seek(p, target, err);
        it->docid = p->docid;
        return status;
    }
    while (mrg_postings_next_kept(p, target)) {
        target = p->docid + 1;
        if (p->tf < needed_tf(it, p->docid))
            continue;
        it->docid = p->docid;
        return MORGUE_OK;
    }
    return mrg_iter_seek_heavy(it, target, min_weight, err);
}

/* Moves the other lists to the rarest one's article; *target is then that, or further on. */
static inline morgue_status align(mrg_iter *it, uint32_t *target, morgue_error *err)
{
    uint32_t docid = it->docid;
    *target = docid;
    for (uint32_t i = 1; i < it->seek_count && *target == docid; i++) {
        mrg_postings *p = it->seeks[i];
        morgue_status status = mrg_list_seek(p, docid, err);
        if (status)
            return status;
        *target = p->docid;
    }
    return MORGUE_OK;
}

morgue_status mrg_phrase_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    set_need(it, min_weight);
    while (target != MRG_DOCID_END) {
        status = seek_first(it, target, min_weight, err);
        if (status || it->docid == MRG_DOCID_END)
            break;
        status = align(it, &target, err);
        if (status)
            break;
        if (target == it->docid)
            return MORGUE_OK;
        if ((++it->scratch->tick & 511) == 0) {
            status = mrg_match_run_check(it->run, err);
            if (status)
                break;
        }
    }
    it->docid = MRG_DOCID_END;
    return status;
}

/* The first word's positions as beginnings; those too near the article's start fall away. */
static morgue_status first_starts(mrg_iter *it, uint32_t *count, morgue_error *err)
{
    mrg_phrase_word *w = &it->words[0];
    uint32_t *starts = it->scratch->starts, offset = w->offsets[0], n = 0;
    morgue_status status = mrg_postings_positions(&w->postings, starts, NULL, err);
    for (uint32_t i = 0; i < w->postings.tf && !status; i++) {
        if (starts[i] >= offset)
            starts[n++] = starts[i] - offset;
    }
    *count = n;
    return status;
}

static morgue_status keep_starts(mrg_iter *it, uint32_t i, uint32_t from, uint32_t *count, morgue_error *err)
{
    mrg_phrase_word *w = &it->words[i];
    morgue_status status = MORGUE_OK;
    for (uint32_t k = from; k < w->offset_count && !status && *count; k++)
        status = mrg_postings_keep_starts(&w->postings, w->offsets[k], it->scratch->starts, count, err);
    return status;
}

/* Where the rarest word and the next stand side by side, which is seldom enough that the others wait for it. */
static morgue_status pair_starts(mrg_iter *it, uint32_t needed, uint32_t *count, morgue_error *err)
{
    mrg_phrase_word *a = &it->words[0], *b = &it->words[1];
    const mrg_pair_place first = { &a->postings, a->offsets[0] }, second = { &b->postings, b->offsets[0] };
    morgue_status status = mrg_postings_match_pair(&first, &second, needed, it->scratch->starts, count, err);
    if (!status && a->offset_count > 1)
        status = keep_starts(it, 0, 1, count, err);
    return status || b->offset_count == 1 ? status : keep_starts(it, 1, 1, count, err);
}

/* Lowers `least`, how often the phrase stands in the article at most, to how often a word or a pair does. */
static inline morgue_status count_list(const mrg_iter *it, mrg_postings *p, uint32_t *least, morgue_error *err)
{
    morgue_status status = mrg_list_seek(p, it->docid, err);
    if (status || p->docid != it->docid) {
        *least = 0;
        return status;
    }
    status = mrg_postings_tf(p, err);
    *least = p->tf < *least ? p->tf : *least;
    return status;
}

/* *count: how often the phrase stands in the article, if that is `needed` times at least, else less. */
static morgue_status count_phrase(mrg_iter *it, uint32_t needed, uint32_t *count, morgue_error *err)
{
    mrg_match_scratch *s = it->scratch;
    *count = UINT32_MAX;
    for (uint32_t i = 0; i < it->pair_count + it->counted; i++) { /* before any positions are looked at */
        mrg_postings *p = i < it->pair_count ? &it->pairs[i] : &it->words[i - it->pair_count].postings;
        morgue_status status = count_list(it, p, count, err);
        if (status || *count < needed)
            return status;
    }
    uint32_t tf = it->words[0].postings.tf, starts = 0;
    if (tf > s->start_capacity && mrg_reserve((void **)&s->starts, &s->start_capacity, tf, sizeof *s->starts))
        return mrg_fail_nomem(err);
    morgue_status status = it->word_count > 1 ? pair_starts(it, needed, &starts, err) : first_starts(it, &starts, err);
    if (!status && it->word_count == 1)
        status = keep_starts(it, 0, 1, &starts, err);
    for (uint32_t i = 2; i < it->word_count && !status && starts >= needed; i++) {
        *count = starts;
        status = i < it->counted ? MORGUE_OK : count_list(it, &it->words[i].postings, count, err);
        if (status || *count < needed)
            return status;
        status = keep_starts(it, i, 0, &starts, err);
    }
    *count = starts;
    return status;
}

morgue_status mrg_phrase_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    *matches = it->found == it->docid;
    if (*matches)
        return MORGUE_OK;
    set_need(it, min_weight);
    uint32_t count = 0, needed = needed_tf(it, it->docid);
    morgue_status status = count_phrase(it, needed, &count, err);
    if (status || count < needed)
        return status;
    it->score = mrg_rank_score(it->curve, it->weight, count, it->words_there);
    it->found = it->docid;
    *matches = 1;
    return MORGUE_OK;
}

morgue_status mrg_phrase_find(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    int matches = 0;
    morgue_status status = mrg_phrase_seek(it, target, min_weight, err);
    while (!status && it->docid != MRG_DOCID_END) {
        status = mrg_phrase_confirm(it, min_weight, &matches, err);
        if (status || matches)
            break;
        if ((++it->scratch->tick & 255) == 0)
            status = mrg_match_run_check(it->run, err);
        if (!status)
            status = mrg_phrase_seek(it, it->docid + 1, min_weight, err);
    }
    return status;
}

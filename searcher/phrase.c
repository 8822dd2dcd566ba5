/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phrases: words at consecutive positions. Articles with all the words are found first, rarest word
 * first; positions are decoded for these alone, and only if even the rarest word's count could make the
 * article heavy enough. `starts` holds the places where the phrase could begin and shrinks word by word.
 */
#include "core/alloc.h"
#include "match_iter.h"

morgue_status mrg_phrase_seek(mrg_iter *it, uint32_t target, morgue_error *err)
{
    mrg_postings *lead = &it->words[0].postings;
    while (target != MRG_DOCID_END) {
        morgue_status status = mrg_list_seek(lead, target, err);
        if (status)
            return status;
        uint32_t docid = lead->docid;
        target = docid;
        for (uint32_t i = 1; i < it->word_count && target == docid; i++) {
            mrg_postings *p = &it->words[i].postings;
            status = mrg_list_seek(p, docid, err);
            if (status)
                return status;
            target = p->docid;
        }
        if (target == docid) {
            it->docid = docid;
            return MORGUE_OK;
        }
        if ((++it->scratch->tick & 511) == 0) {
            status = mrg_match_run_check(it->run, err);
            if (status)
                return status;
        }
    }
    it->docid = MRG_DOCID_END;
    return MORGUE_OK;
}

static morgue_status reserve(mrg_iter *it, uint32_t tf, morgue_error *err)
{
    mrg_match_scratch *s = it->scratch;
    if (mrg_reserve((void **)&s->positions, &s->position_capacity, tf, sizeof *s->positions) ||
        mrg_reserve((void **)&s->starts, &s->start_capacity, tf, sizeof *s->starts))
        return mrg_fail_nomem(err);
    return MORGUE_OK;
}

/* The first word's positions as beginnings; those too near the article's start fall away. */
static morgue_status first_starts(mrg_iter *it, uint32_t *count, morgue_error *err)
{
    mrg_phrase_word *w = &it->words[0];
    mrg_match_scratch *s = it->scratch;
    uint32_t tf = w->postings.tf, offset = w->offsets[0], n = 0;
    morgue_status status = reserve(it, tf, err);
    if (!status)
        status = mrg_postings_positions(&w->postings, s->starts, NULL, err);
    if (status)
        return status;
    if (!offset) {
        *count = tf;
        return MORGUE_OK;
    }
    for (uint32_t i = 0; i < tf; i++) {
        if (s->starts[i] >= offset)
            s->starts[n++] = s->starts[i] - offset;
    }
    *count = n;
    return MORGUE_OK;
}

/* Keeps the starts that have a position at `offset` from them. Both ascend. Without branches on the data,
   which nobody could predict. */
static uint32_t keep_starts(uint32_t *starts, uint32_t start_count, const uint32_t *positions, uint32_t count,
                            uint32_t offset)
{
    uint32_t kept = 0, i = 0, j = 0;
    while (i < start_count && j < count) {
        uint32_t start = starts[i];
        uint64_t wanted = (uint64_t)start + offset, position = positions[j];
        starts[kept] = start;
        kept += wanted == position;
        i += wanted <= position;
        j += position <= wanted;
    }
    return kept;
}

static morgue_status word_starts(mrg_iter *it, uint32_t i, uint32_t *count, morgue_error *err)
{
    mrg_phrase_word *w = &it->words[i];
    mrg_match_scratch *s = it->scratch;
    uint32_t tf = w->postings.tf, k = 0;
    morgue_status status = MORGUE_OK;
    if (i == 0) {
        status = first_starts(it, count, err);
        k = 1;
        if (status || w->offset_count == 1)
            return status;
    }
    status = reserve(it, tf, err);
    if (!status)
        status = mrg_postings_positions(&w->postings, s->positions, NULL, err);
    for (; !status && k < w->offset_count; k++)
        *count = keep_starts(s->starts, *count, s->positions, tf, w->offsets[k]);
    return status;
}

morgue_status mrg_phrase_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    uint32_t least = UINT32_MAX, count = 0, words = mrg_iter_words(it, it->docid);
    *matches = 0;
    for (uint32_t i = 0; i < it->word_count; i++) {
        mrg_postings *p = &it->words[i].postings;
        morgue_status status = mrg_postings_tf(p, err);
        if (status)
            return status;
        least = p->tf < least ? p->tf : least;
    }
    if (!mrg_iter_heavy_enough(it, least, words, min_weight))
        return MORGUE_OK;
    for (uint32_t i = 0; i < it->word_count; i++) {
        morgue_status status = word_starts(it, i, &count, err);
        if (status)
            return status;
        if (!mrg_iter_heavy_enough(it, count, words, min_weight))
            return MORGUE_OK;
    }
    *matches = 1;
    it->score = mrg_rank_score(it->curve, it->weight, count, words);
    return MORGUE_OK;
}

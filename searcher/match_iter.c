/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/alloc.h"
#include "union.h"

void mrg_match_scratch_dispose(mrg_match_scratch *scratch)
{
    for (size_t i = 0; i < scratch->list_count; i++)
        mrg_places_dispose(&scratch->lists[i]);
    mrg_free(scratch->lists);
    mrg_free(scratch->starts);
    mrg_free(scratch->positions);
    mrg_free(scratch->lengths);
}

int mrg_iter_heavy_enough(const mrg_iter *it, uint32_t tf, uint32_t words, double min_weight)
{
    return tf && (min_weight <= 0 || !mrg_below(mrg_rank_score(it->curve, it->weight, tf, words), min_weight));
}

/* ---- A word ------------------------------------------------------------------------------------- */

/* Makes block_bound hold for `docid` and block_last the end of where it does. */
static morgue_status bound_block(mrg_iter *it, uint32_t docid, morgue_error *err)
{
    mrg_impact impacts[MRG_IMPACTS];
    size_t count = 0;
    double bound = 0;
    if (docid <= it->block_last)
        return MORGUE_OK;
    morgue_status status = mrg_postings_block_max(it->postings, docid, &it->block_last, impacts, &count, err);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++) {
        double score = mrg_rank_score(it->curve, it->weight, impacts[i].tf, impacts[i].words);
        if (score > bound)
            bound = score;
    }
    if (it->title_postings && count) {
        status = mrg_list_seek(it->title_postings, docid, err);
        if (it->title_postings->docid <= it->block_last)
            bound += it->title_bound;
    }
    it->block_bound = bound;
    return status;
}

static morgue_status term_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    while (min_weight > 0 && target != MRG_DOCID_END) {
        status = bound_block(it, target, err);
        if (status || !mrg_below(it->block_bound, min_weight))
            break;
        target = it->block_last == MRG_DOCID_END ? MRG_DOCID_END : it->block_last + 1;
    }
    if (target == MRG_DOCID_END) {
        it->docid = target;
        return status;
    }
    if (!status)
        status = mrg_list_seek(it->postings, target, err);
    it->docid = it->postings->docid;
    return status;
}

static morgue_status term_confirm(mrg_iter *it, morgue_error *err)
{
    mrg_postings *p = it->postings;
    morgue_status status = mrg_postings_tf(p, err);
    if (status)
        return status;
    it->score = mrg_rank_score(it->curve, it->weight, p->tf, mrg_iter_words(it, it->docid));
    if (!it->title_postings)
        return MORGUE_OK;
    mrg_postings *t = it->title_postings;
    status = mrg_list_seek(t, it->docid, err);
    if (!status && t->docid == it->docid) {
        status = mrg_postings_tf(t, err);
        it->score += mrg_rank_score(it->run->title, it->title_weight, t->tf,
                                    mrg_segment_title_words(it->segment, it->docid));
    }
    return status;
}

/* ---- Any of some words, as one --------------------------------------------------------------------- */

/* In a window the sums are known, so what is too light is passed over at once. */
static morgue_status any_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    mrg_union *u = it->any;
    morgue_status status = mrg_union_seek(u, target, err);
    while (!status && min_weight > 0 && u->window && u->docid != MRG_DOCID_END) {
        uint32_t tf = 0;
        status = mrg_union_tf(u, &tf, err);
        if (status || mrg_iter_heavy_enough(it, tf, mrg_iter_words(it, u->docid), min_weight))
            break;
        status = mrg_union_seek(u, u->docid + 1, err);
    }
    it->docid = u->docid;
    return status;
}

static morgue_status any_confirm(mrg_iter *it, morgue_error *err)
{
    uint32_t tf = 0;
    morgue_status status = mrg_union_tf(it->any, &tf, err);
    it->score = mrg_rank_score(it->curve, it->weight, tf, mrg_iter_words(it, it->docid));
    return status;
}

/* ---- All of them -------------------------------------------------------------------------------- */

static inline morgue_status seek_child(mrg_iter *it, uint32_t target, morgue_error *err)
{
    if (it->docid >= target && it->docid)
        return MORGUE_OK;
    if (it->type == MRG_MATCH_TERM) {
        morgue_status status = mrg_list_seek(it->postings, target, err);
        it->docid = it->postings->docid;
        return status;
    }
    return mrg_iter_seek(it, target, 0, err);
}

/* Sets *skip_to past the stretch around `docid` in which nothing can weigh min_weight, or to `docid`. */
static morgue_status and_skip(mrg_iter *it, uint32_t docid, double min_weight, uint32_t *skip_to, morgue_error *err)
{
    double bound = 0;
    uint32_t last = MRG_DOCID_END;
    for (uint32_t i = 0; i < it->child_count; i++) {
        mrg_iter *child = it->children[i];
        if (child->type != MRG_MATCH_TERM) {
            bound += child->bound;
            continue;
        }
        morgue_status status = bound_block(child, docid, err);
        if (status)
            return status;
        bound += child->block_bound;
        if (child->block_last < last)
            last = child->block_last;
    }
    *skip_to = docid;
    if (mrg_below(bound, min_weight))
        *skip_to = last == MRG_DOCID_END ? MRG_DOCID_END : last + 1;
    return MORGUE_OK;
}

/* Moves the others to the candidate of the cheapest; *target is then that, or what lies further on. */
static morgue_status and_align(mrg_iter *it, uint32_t *target, morgue_error *err)
{
    uint32_t docid = it->order[0]->docid;
    *target = docid;
    for (uint32_t i = 1; i < it->child_count; i++) {
        mrg_iter *child = it->order[i];
        morgue_status status = seek_child(child, docid, err);
        if (status)
            return status;
        if (child->docid != docid) {
            *target = child->docid;
            return MORGUE_OK;
        }
    }
    return MORGUE_OK;
}

static morgue_status look_around(mrg_iter *it, morgue_error *err)
{
    if ((++it->scratch->tick & 511) != 0)
        return MORGUE_OK;
    return mrg_match_run_check(it->run, err);
}

static morgue_status and_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    mrg_iter *lead = it->order[0];
    morgue_status status = MORGUE_OK;
    while (target != MRG_DOCID_END) {
        status = seek_child(lead, target, err);
        if (status || lead->docid == MRG_DOCID_END)
            break;
        if (min_weight > 0) {
            status = and_skip(it, lead->docid, min_weight, &target, err);
            if (status)
                break;
            if (target != lead->docid)
                continue;
        }
        status = and_align(it, &target, err);
        if (!status && target == lead->docid) {
            it->docid = target;
            return MORGUE_OK;
        }
        if (!status)
            status = look_around(it, err);
        if (status)
            break;
    }
    it->docid = MRG_DOCID_END;
    return status;
}

static void sum_children(mrg_iter *it)
{
    it->score = 0;
    for (uint32_t i = 0; i < it->child_count; i++)
        it->score += it->children[i]->score;
}

/* Words first, which cost little and tell how much the rest must still bring. */
static morgue_status and_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    double known = 0, open = it->bound;
    for (int costly = 0; costly < 2; costly++) {
        for (uint32_t i = 0; i < it->child_count; i++) {
            mrg_iter *child = it->order[i];
            if ((child->type != MRG_MATCH_TERM) != costly)
                continue;
            open -= child->bound;
            morgue_status status = mrg_iter_confirm(child, min_weight - known - open - it->bound * 1e-12, matches, err);
            if (status || !*matches)
                return status;
            known += child->score;
            if (min_weight > 0 && mrg_below(known + open + it->bound * 1e-9, min_weight)) {
                *matches = 0;
                return MORGUE_OK;
            }
        }
    }
    sum_children(it);
    return MORGUE_OK;
}

/* ---- Any of them -------------------------------------------------------------------------------- */

/* Children whose bounds all together stay below what is needed need not be walked: they are only asked
   about candidates of the others. */
static void or_partition(mrg_iter *it, double min_weight)
{
    if (min_weight < it->threshold)
        it->essential = 0;
    it->threshold = min_weight;
    while (min_weight > 0 && it->essential < it->child_count && mrg_below(it->sums[it->essential + 1], min_weight))
        it->essential++;
}

static morgue_status or_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    uint32_t docid = MRG_DOCID_END;
    or_partition(it, min_weight);
    /* With one list left to walk, its blocks can be skipped too. */
    double needed = 0;
    if (it->essential + 1 == it->child_count)
        needed = min_weight - it->sums[it->essential] - it->bound * 1e-12;
    for (uint32_t i = it->essential; i < it->child_count; i++) {
        if (it->heads[i] < target) {
            morgue_status status = needed > 0 ? mrg_iter_seek(it->order[i], target, needed, err)
                                              : seek_child(it->order[i], target, err);
            if (status)
                return status;
            it->heads[i] = it->order[i]->docid;
        }
        docid = it->heads[i] < docid ? it->heads[i] : docid;
    }
    it->docid = docid;
    return MORGUE_OK;
}

/* Whether child `i` of the order matches; its score is 0 if it does not. */
static morgue_status or_child(mrg_iter *it, uint32_t i, int *matches, morgue_error *err)
{
    mrg_iter *child = it->order[i];
    int yes = 0;
    child->score = 0;
    if (it->heads[i] < it->docid) {
        morgue_status status = seek_child(child, it->docid, err);
        if (status)
            return status;
        it->heads[i] = child->docid;
    }
    if (it->heads[i] != it->docid)
        return MORGUE_OK;
    morgue_status status = mrg_iter_confirm(child, 0, &yes, err);
    if (!yes)
        child->score = 0;
    *matches |= yes;
    return status;
}

static morgue_status or_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    double known = 0;
    *matches = 0;
    for (uint32_t i = it->child_count; i-- > 0;) {
        if (min_weight > 0 && mrg_below(known + it->sums[i + 1], min_weight)) {
            *matches = 0;
            return MORGUE_OK;
        }
        morgue_status status = or_child(it, i, matches, err);
        if (status)
            return status;
        known += it->order[i]->score;
    }
    if (*matches)
        sum_children(it);
    return MORGUE_OK;
}

/* ---- One, and none of the others ------------------------------------------------------------------ */

static morgue_status not_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (int costly = 0; costly < 2; costly++) {
        for (uint32_t i = 1; i < it->child_count; i++) {
            mrg_iter *child = it->children[i];
            int excluded = 0;
            if ((child->type != MRG_MATCH_TERM) != costly)
                continue;
            status = seek_child(child, it->docid, err);
            if (!status && child->docid == it->docid) {
                excluded = 1;
                if (costly)
                    status = mrg_iter_confirm(child, 0, &excluded, err);
            }
            if (status || excluded) {
                *matches = 0;
                return status;
            }
        }
        if (!costly) {
            status = mrg_iter_confirm(it->children[0], min_weight, matches, err);
            if (status || !*matches)
                return status;
        }
    }
    it->score = it->children[0]->score;
    return MORGUE_OK;
}

/* ---- Either ----------------------------------------------------------------------------------------- */

morgue_status mrg_iter_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    morgue_status status;
    if (it->docid >= target && it->docid)
        return MORGUE_OK;
    switch (it->type) {
    case MRG_MATCH_TERM:
        return term_seek(it, target, min_weight, err);
    case MRG_MATCH_PHRASE:
        return mrg_phrase_seek(it, target, err);
    case MRG_MATCH_ANY:
        return any_seek(it, target, min_weight, err);
    case MRG_MATCH_SPANS:
        return mrg_spans_seek(it, target, err);
    case MRG_MATCH_AND:
        return and_seek(it, target, min_weight, err);
    case MRG_MATCH_OR:
        return or_seek(it, target, min_weight, err);
    default:
        status = mrg_iter_seek(it->children[0], target, min_weight, err);
        it->docid = it->children[0]->docid;
        return status;
    }
}

morgue_status mrg_iter_confirm(mrg_iter *it, double min_weight, int *matches, morgue_error *err)
{
    *matches = 1;
    switch (it->type) {
    case MRG_MATCH_TERM:
        return term_confirm(it, err);
    case MRG_MATCH_PHRASE:
        return mrg_phrase_confirm(it, min_weight, matches, err);
    case MRG_MATCH_ANY:
        return any_confirm(it, err);
    case MRG_MATCH_SPANS:
        return mrg_spans_confirm(it, min_weight, matches, err);
    case MRG_MATCH_AND:
        return and_confirm(it, min_weight, matches, err);
    case MRG_MATCH_OR:
        return or_confirm(it, min_weight, matches, err);
    default:
        return not_confirm(it, min_weight, matches, err);
    }
}

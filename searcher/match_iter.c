/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

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

/* The exact weight of the posting at which the list stands, with its tf. */
static morgue_status score_posting(mrg_iter *it, morgue_error *err)
{
    mrg_postings *p = it->postings, *t = it->title_postings;
    morgue_status status = MORGUE_OK;
    it->score = mrg_rank_score(it->curve, it->weight, p->tf, mrg_iter_words(it, p->docid));
    it->scored = p->docid;
    if (!t)
        return MORGUE_OK;
    status = mrg_list_seek(t, p->docid, err);
    if (!status && t->docid == p->docid) {
        status = mrg_postings_tf(t, err);
        it->score += mrg_rank_score(it->run->title, it->title_weight, t->tf,
                                    mrg_segment_title_words(it->segment, p->docid));
    }
    return status;
}

/* The posting where the list may stop next: in a block that is heavy enough, and itself heavy enough without its
   title. *target moves on behind what was passed over. */
static morgue_status next_heavy(mrg_iter *it, uint32_t *target, double needed, int *found, morgue_error *err)
{
    double body = needed;
    *found = 0;
    morgue_status status = bound_block(it, *target, err);
    if (status)
        return status;
    if (mrg_below(it->block_bound, needed)) {
        *target = it->block_last == MRG_DOCID_END ? MRG_DOCID_END : it->block_last + 1;
        return MORGUE_OK;
    }
    if (it->title_postings && it->title_postings->docid <= it->block_last)
        body -= it->title_bound + it->bound * 1e-12;
    if (body > 0) {
        mrg_posting_filter filter = mrg_rank_filter(it->curve, it->weight, body);
        status = mrg_postings_seek_kept(it->postings, *target, &filter, found, err);
    } else {
        status = mrg_list_seek(it->postings, *target, err);
        if (!status && it->postings->docid != MRG_DOCID_END)
            status = mrg_postings_tf(it->postings, err);
        *found = 1;
    }
    *target = it->postings->docid == MRG_DOCID_END ? MRG_DOCID_END : it->postings->docid + 1;
    return status;
}

/* Whether the posting at which the list stands is heavy enough; then the iterator stands there. */
static inline morgue_status try_posting(mrg_iter *it, double needed, int *heavy, morgue_error *err)
{
    morgue_status status = score_posting(it, err);
    *heavy = !status && !mrg_below(it->score, needed);
    if (*heavy)
        it->docid = it->postings->docid;
    return status;
}

morgue_status mrg_iter_seek_heavy(mrg_iter *it, uint32_t target, double needed, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    int heavy = 0;
    for (; mrg_postings_next_kept(it->postings, target); target = it->postings->docid + 1) {
        status = try_posting(it, needed, &heavy, err);
        if (status || heavy)
            return status;
    }
    while (target != MRG_DOCID_END) {
        int found = 0;
        status = next_heavy(it, &target, needed, &found, err);
        if (status)
            break;
        if (!found || target == MRG_DOCID_END)
            continue;
        status = try_posting(it, needed, &heavy, err);
        if (status || heavy)
            return status;
    }
    it->docid = MRG_DOCID_END;
    return status;
}

static morgue_status term_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    if (min_weight > 0)
        return mrg_iter_seek_heavy(it, target, min_weight, err);
    morgue_status status = mrg_list_seek(it->postings, target, err);
    it->docid = it->postings->docid;
    return status;
}

static morgue_status term_confirm(mrg_iter *it, morgue_error *err)
{
    if (it->scored == it->docid)
        return MORGUE_OK;
    morgue_status status = mrg_postings_tf(it->postings, err);
    return status ? status : score_posting(it, err);
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

/* Sets *skip_to past the stretch around the candidate of the cheapest in which nothing can weigh min_weight, behind
   the candidate if that alone cannot, or to the candidate; *open to what the others can add there. */
static morgue_status and_skip(mrg_iter *it, double min_weight, uint32_t *skip_to, double *open, morgue_error *err)
{
    mrg_iter *lead = it->order[0];
    double others = 0, own = lead->bound;
    uint32_t last = MRG_DOCID_END;
    for (uint32_t i = 0; i < it->child_count; i++) {
        mrg_iter *child = it->order[i];
        double bound = child->bound;
        if (child->type == MRG_MATCH_TERM) {
            morgue_status status = bound_block(child, lead->docid, err);
            if (status)
                return status;
            bound = child->block_bound;
            last = child->block_last < last ? child->block_last : last;
        }
        if (i)
            others += bound;
        else
            own = bound;
    }
    *open = others + it->bound * 1e-12;
    *skip_to = lead->docid;
    if (mrg_below(own + *open, min_weight))
        *skip_to = last == MRG_DOCID_END ? MRG_DOCID_END : last + 1;
    else if (lead->type == MRG_MATCH_TERM && mrg_below(lead->score + *open, min_weight))
        *skip_to = lead->docid + 1;
    return MORGUE_OK;
}

/* Moves the others to the candidate of the cheapest, as long as what they have shown and `open` make it heavy enough;
   *target is then that, or what lies further on. */
static morgue_status and_align(mrg_iter *it, uint32_t *target, double open, double min_weight, morgue_error *err)
{
    mrg_iter *lead = it->order[0];
    double known = lead->type == MRG_MATCH_TERM ? lead->score : lead->bound;
    *target = lead->docid;
    for (uint32_t i = 1; i < it->child_count; i++) {
        mrg_iter *child = it->order[i];
        morgue_status status = seek_child(child, lead->docid, err);
        if (status)
            return status;
        if (child->docid != lead->docid) {
            *target = child->docid;
            return MORGUE_OK;
        }
        if (min_weight <= 0 || child->type != MRG_MATCH_TERM || i + 1 == it->child_count)
            continue;
        open -= child->block_bound;
        status = term_confirm(child, err);
        known += child->score;
        if (status)
            return status;
        if (mrg_below(known + open, min_weight)) {
            *target = lead->docid + 1;
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
    double open = 0, needed = min_weight - (it->bound - lead->bound) - it->bound * 1e-12;
    while (target != MRG_DOCID_END) {
        status = needed > 0 ? mrg_iter_seek(lead, target, needed, err) : seek_child(lead, target, err);
        if (status || lead->docid == MRG_DOCID_END)
            break;
        if (min_weight > 0) {
            status = lead->type == MRG_MATCH_TERM ? term_confirm(lead, err) : MORGUE_OK;
            if (!status)
                status = and_skip(it, min_weight, &target, &open, err);
            if (status)
                break;
            if (target != lead->docid)
                continue;
        }
        status = and_align(it, &target, open, min_weight, err);
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

/* The lists that have to be walked, moved to `target`; the docid of the first of them. */
static morgue_status or_heads(mrg_iter *it, uint32_t target, double needed, morgue_error *err)
{
    it->docid = MRG_DOCID_END;
    for (uint32_t i = it->essential; i < it->child_count; i++) {
        if (it->heads[i] < target) {
            morgue_status status = needed > 0 ? mrg_iter_seek(it->order[i], target, needed, err)
                                              : seek_child(it->order[i], target, err);
            if (status)
                return status;
            it->heads[i] = it->order[i]->docid;
        }
        it->docid = it->heads[i] < it->docid ? it->heads[i] : it->docid;
    }
    return MORGUE_OK;
}

/* Sets *skip_to past the stretch around the candidate in which nothing can weigh min_weight, behind the candidate if
   that cannot, or to the candidate. */
static morgue_status or_skip(mrg_iter *it, double min_weight, uint32_t *skip_to, morgue_error *err)
{
    double here = it->sums[it->essential] + it->bound * 1e-12, around = here;
    uint32_t last = MRG_DOCID_END;
    for (uint32_t i = it->essential; i < it->child_count; i++) {
        mrg_iter *child = it->order[i];
        double bound = child->bound;
        if (child->type == MRG_MATCH_TERM) {
            morgue_status status = bound_block(child, it->docid, err);
            if (status)
                return status;
            bound = child->block_bound;
            last = child->block_last < last ? child->block_last : last;
        }
        around += bound;
        here += it->heads[i] == it->docid ? bound : 0;
    }
    *skip_to = it->docid;
    if (mrg_below(around, min_weight))
        *skip_to = last == MRG_DOCID_END ? MRG_DOCID_END : last + 1;
    else if (mrg_below(here, min_weight))
        *skip_to = it->docid + 1;
    return MORGUE_OK;
}

/* Whether the lists that have to be walked are a large part of all: then it costs less to sum all up. */
static int or_is_wide(const mrg_iter *it)
{
    uint64_t cost = 0;
    for (uint32_t i = it->essential; i < it->child_count; i++)
        cost += it->order[i]->cost;
    return cost > it->cost / 8;
}

static morgue_status or_seek(mrg_iter *it, uint32_t target, double min_weight, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    double needed = 0;
    or_partition(it, min_weight);
    /* With one list left to walk, what it lacks is settled by itself. */
    int alone = it->essential + 1 == it->child_count;
    if (alone)
        needed = min_weight - it->sums[it->essential] - it->bound * 1e-12;
    if (it->windows && min_weight > 0 && it->essential < it->child_count && or_is_wide(it))
        return mrg_or_window_seek(it, target, min_weight, err);
    while (target != MRG_DOCID_END) {
        status = or_heads(it, target, needed, err);
        if (status || it->docid == MRG_DOCID_END || alone || min_weight <= 0 || it->essential == it->child_count)
            return status;
        status = or_skip(it, min_weight, &target, err);
        if (!status && target != it->docid)
            status = look_around(it, err);
        if (status || target == it->docid)
            return status;
    }
    it->docid = MRG_DOCID_END;
    return status;
}

/* Whether child `i` of the order matches; its score is 0 if it does not. */
static morgue_status or_child(mrg_iter *it, uint32_t i, int *matches, morgue_error *err)
{
    mrg_iter *child = it->order[i];
    int yes = 0;
    if (it->heads[i] < it->docid) {
        morgue_status status = seek_child(child, it->docid, err);
        if (status)
            return status;
        it->heads[i] = child->docid;
    }
    morgue_status status = it->heads[i] == it->docid ? mrg_iter_confirm(child, 0, &yes, err) : MORGUE_OK;
    if (!yes)
        child->score = child->scored = 0;
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
    *matches &= min_weight <= 0 || !mrg_below(it->score, min_weight);
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
        return mrg_phrase_seek(it, target, min_weight, err);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "union.h"

#include <string.h>

#include "core/alloc.h"

enum {
    FEW = 8,                     /* lists that are walked side by side */
    WINDOW_DOCS = 4096,
    WINDOW_ENTRIES = 1 << 16,    /* of a window of places: room for this many postings, or ... */
    WINDOW_MIN_DOCS = 16,        /* ... for so many docids, if all lists have them */
    POSTINGS_BETWEEN_CHECKS = 1 << 17
};

struct mrg_window {
    uint32_t first, end; /* the docids from first to end - 1 have been read */
    uint32_t length;     /* how many docids are read at a time */
    uint64_t *bits;
    uint32_t *tfs;       /* COUNTS: sums */
    /* PLACES: which lists have a docid, as chains of entries. */
    uint32_t *chains, *next, *owners;
    uint32_t entry_count;
    mrg_postings **places; /* the lists once more, behind the first ones; NULL until they are wanted */
    mrg_arena *arena;
};

static void *arena_zero(mrg_arena *arena, size_t count, size_t size)
{
    void *p = count > SIZE_MAX / size ? NULL : mrg_arena_alloc(arena, count * size);
    if (p)
        memset(p, 0, count * size);
    return p;
}

/* ---- Making -------------------------------------------------------------------------------------------- */

static morgue_status build_window(mrg_union *u, mrg_arena *arena, mrg_union_use use, morgue_error *err)
{
    mrg_window *w = arena_zero(arena, 1, sizeof *w);
    if (!w)
        return mrg_fail_nomem(err);
    w->arena = arena;
    w->length = WINDOW_DOCS;
    if (use == MRG_UNION_PLACES) {
        uint32_t docs = WINDOW_ENTRIES / u->count;
        w->length = docs > WINDOW_DOCS ? WINDOW_DOCS : docs < WINDOW_MIN_DOCS ? WINDOW_MIN_DOCS : docs;
        size_t entries = (size_t)w->length * u->count;
        w->chains = arena_zero(arena, w->length, sizeof *w->chains);
        w->next = mrg_arena_alloc(arena, entries * sizeof *w->next);
        w->owners = mrg_arena_alloc(arena, entries * sizeof *w->owners);
        w->places = arena_zero(arena, u->count, sizeof *w->places);
        if (!w->chains || !w->next || !w->owners || !w->places)
            return mrg_fail_nomem(err);
    } else {
        w->tfs = arena_zero(arena, w->length, sizeof *w->tfs);
        if (!w->tfs)
            return mrg_fail_nomem(err);
    }
    w->bits = arena_zero(arena, w->length / 64 + 1, sizeof *w->bits);
    u->window = w;
    return w->bits ? MORGUE_OK : mrg_fail_nomem(err);
}

static morgue_status add_list(mrg_union *u, mrg_arena *arena, const mrg_term_info *info, morgue_error *err)
{
    mrg_postings *p = mrg_arena_alloc(arena, sizeof *p);
    if (!p)
        return mrg_fail_nomem(err);
    u->lists[u->count++] = p;
    u->cost = info->doc_count > UINT32_MAX - u->cost ? UINT32_MAX : u->cost + info->doc_count;
    u->max_tf = info->max_tf > UINT32_MAX - u->max_tf ? UINT32_MAX : u->max_tf + info->max_tf;
    return mrg_postings_init(p, u->it->segment, info, err);
}

morgue_status mrg_union_build(mrg_union **out, mrg_iter *it, mrg_arena *arena, size_t segment_index,
                              const uint32_t *terms, size_t term_count, mrg_union_use use, morgue_error *err)
{
    size_t here = 0;
    const mrg_match_term *items = it->run->terms->items;
    *out = NULL;
    for (size_t i = 0; i < term_count; i++)
        here += items[terms[i]].infos[segment_index].doc_count > 0;
    if (!here)
        return MORGUE_OK;
    mrg_union *u = arena_zero(arena, 1, sizeof *u);
    if (!u)
        return mrg_fail_nomem(err);
    u->it = it;
    u->lists = mrg_arena_alloc(arena, here * sizeof(mrg_postings *));
    u->heads = arena_zero(arena, here, sizeof *u->heads);
    if (!u->lists || !u->heads)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < term_count; i++) {
        const mrg_term_info *info = &items[terms[i]].infos[segment_index];
        morgue_status status = info->doc_count ? add_list(u, arena, info, err) : MORGUE_OK;
        if (status)
            return status;
    }
    *out = u;
    return u->count > FEW ? build_window(u, arena, use, err) : MORGUE_OK;
}

/* ---- Windows -------------------------------------------------------------------------------------------- */

static inline morgue_status note_posting(mrg_window *w, mrg_postings *p, uint32_t list, morgue_error *err)
{
    uint32_t at = p->docid - w->first;
    w->bits[at / 64] |= (uint64_t)1 << (at & 63);
    if (!w->tfs) {
        w->owners[w->entry_count] = list;
        w->next[w->entry_count] = w->chains[at];
        w->chains[at] = ++w->entry_count;
        return MORGUE_OK;
    }
    morgue_status status = mrg_postings_tf(p, err);
    w->tfs[at] = p->tf > UINT32_MAX - w->tfs[at] ? UINT32_MAX : w->tfs[at] + p->tf;
    return status;
}

static morgue_status read_list(mrg_union *u, uint32_t i, uint64_t *work, morgue_error *err)
{
    mrg_window *w = u->window;
    mrg_postings *p = u->lists[i];
    morgue_status status = mrg_list_seek(p, w->first, err);
    while (!status && p->docid < w->end) {
        status = note_posting(w, p, i, err);
        if (!status)
            status = mrg_postings_next(p, err);
        ++*work;
    }
    u->heads[i] = p->docid;
    if (!status && *work > POSTINGS_BETWEEN_CHECKS) {
        *work = 0;
        status = mrg_match_run_check(u->it->run, err);
    }
    return status;
}

/* Reads the window from `target` on. *nearest: the first docid behind it. */
static morgue_status read_window(mrg_union *u, uint32_t target, uint32_t *nearest, morgue_error *err)
{
    mrg_window *w = u->window;
    uint64_t work = 0;
    memset(w->bits, 0, (w->length / 64 + 1) * sizeof *w->bits);
    if (w->tfs)
        memset(w->tfs, 0, w->length * sizeof *w->tfs);
    else
        memset(w->chains, 0, w->length * sizeof *w->chains);
    w->entry_count = 0;
    w->first = target;
    w->end = target < MRG_DOCID_END - w->length ? target + w->length : MRG_DOCID_END;
    *nearest = MRG_DOCID_END;
    for (uint32_t i = 0; i < u->count; i++) {
        if (u->heads[i] < w->end) {
            morgue_status status = read_list(u, i, &work, err);
            if (status)
                return status;
        }
        *nearest = u->heads[i] < *nearest ? u->heads[i] : *nearest;
    }
    return mrg_match_run_check(u->it->run, err);
}

/* The first docid from `target` on that the window holds, or MRG_DOCID_END. */
static uint32_t find_in_window(const mrg_window *w, uint32_t target)
{
    if (target < w->first || target >= w->end)
        return MRG_DOCID_END;
    uint32_t at = target - w->first, word = at / 64;
    uint64_t bits = w->bits[word] & (UINT64_MAX << (at & 63));
    while (!bits && ++word <= (w->end - 1 - w->first) / 64)
        bits = w->bits[word];
    return bits ? w->first + word * 64 + (uint32_t)__builtin_ctzll(bits) : MRG_DOCID_END;
}

static morgue_status seek_window(mrg_union *u, uint32_t target, morgue_error *err)
{
    uint32_t docid = find_in_window(u->window, target), nearest;
    while (docid == MRG_DOCID_END && target != MRG_DOCID_END) {
        target = target < u->window->end ? u->window->end : target;
        morgue_status status = read_window(u, target, &nearest, err);
        if (status)
            return status;
        docid = find_in_window(u->window, target);
        target = nearest;
    }
    u->docid = docid;
    return MORGUE_OK;
}

/* ---- All of them ------------------------------------------------------------------------------------------ */

morgue_status mrg_union_seek_far(mrg_union *u, uint32_t target, morgue_error *err)
{
    uint32_t docid = MRG_DOCID_END;
    if (u->window)
        return seek_window(u, target, err);
    for (uint32_t i = 0; i < u->count; i++) {
        if (u->heads[i] < target) {
            morgue_status status = mrg_list_seek(u->lists[i], target, err);
            if (status)
                return status;
            u->heads[i] = u->lists[i]->docid;
        }
        docid = u->heads[i] < docid ? u->heads[i] : docid;
    }
    u->docid = docid;
    return MORGUE_OK;
}

morgue_status mrg_union_tf(mrg_union *u, uint32_t *tf, morgue_error *err)
{
    uint64_t sum = 0;
    if (u->window) {
        *tf = u->window->tfs ? u->window->tfs[u->docid - u->window->first] : u->max_tf;
        return MORGUE_OK;
    }
    for (uint32_t i = 0; i < u->count; i++) {
        mrg_postings *p = u->lists[i];
        if (p->docid != u->docid)
            continue;
        morgue_status status = mrg_postings_tf(p, err);
        if (status)
            return status;
        sum += p->tf;
    }
    *tf = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
    return MORGUE_OK;
}

/* ---- Places ----------------------------------------------------------------------------------------------- */

/* Appends the current posting's. */
static morgue_status add_places(mrg_union *u, mrg_postings *p, mrg_places *out, morgue_error *err)
{
    mrg_match_scratch *s = u->it->scratch;
    int has_lengths = mrg_field_has_lengths(p->info.field);
    morgue_status status = mrg_postings_tf(p, err);
    if (status)
        return status;
    if (mrg_reserve((void **)&s->positions, &s->position_capacity, p->tf, sizeof *s->positions) ||
        (has_lengths && mrg_reserve((void **)&s->lengths, &s->length_capacity, p->tf, sizeof *s->lengths)) ||
        mrg_reserve((void **)&out->items, &out->capacity, out->count + p->tf, sizeof *out->items))
        return mrg_fail_nomem(err);
    status = mrg_postings_positions(p, s->positions, has_lengths ? s->lengths : NULL, err);
    if (status)
        return status;
    mrg_place *to = out->items + out->count;
    for (uint32_t i = 0; i < p->tf; i++) {
        uint32_t first = s->positions[i];
        to[i] = (mrg_place){ first, first + (has_lengths ? s->lengths[i] - 1u : 0), 0 };
    }
    out->count += p->tf;
    return MORGUE_OK;
}

/* The list once more, at the candidate. */
static morgue_status second_walk(mrg_union *u, uint32_t list, mrg_postings **out, morgue_error *err)
{
    mrg_window *w = u->window;
    mrg_postings *p = w->places[list];
    morgue_status status = MORGUE_OK;
    if (!p) {
        p = mrg_arena_alloc(w->arena, sizeof *p);
        if (!p)
            return mrg_fail_nomem(err);
        status = mrg_postings_init(p, u->it->segment, &u->lists[list]->info, err);
        w->places[list] = status ? NULL : p;
    }
    *out = p;
    return status ? status : mrg_list_seek(p, u->docid, err);
}

morgue_status mrg_union_places(mrg_union *u, mrg_places *out, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    out->count = 0;
    for (uint32_t i = 0; !u->window && i < u->count && !status; i++) {
        if (u->lists[i]->docid == u->docid)
            status = add_places(u, u->lists[i], out, err);
    }
    if (u->window) {
        uint32_t entry = u->window->chains[u->docid - u->window->first];
        for (; entry && !status; entry = u->window->next[entry - 1]) {
            mrg_postings *p = NULL;
            status = second_walk(u, u->window->owners[entry - 1], &p, err);
            if (!status)
                status = add_places(u, p, out, err);
        }
    }
    if (!status && u->count > 1)
        mrg_places_sort(out);
    return status;
}

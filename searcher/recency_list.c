/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Xapian weighs itself, with ages counted: the matches in advance, as a list that is a posting source. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "recency.h"

typedef struct list_item {
    uint32_t docid;
    double weight;
} list_item;

/* By docid; in the plan's arena. */
typedef struct archive_list {
    list_item *items;
    size_t count;
    double heaviest;
} archive_list;

typedef struct list_source {
    mrg_match_run *run;
    const archive_list *lists; /* by archive */
    const archive_list *list;  /* from init on */
    size_t next;
} list_source;

/* ---- Delivering --------------------------------------------------------------------------------------- */

static xapian_status list_init(void *ctx, const xapian_source_shard *shard, xapian_source_bounds *bounds,
                               xapian_error *err)
{
    list_source *s = ctx;
    size_t archive = mrg_match_archive_of(s->run, shard);
    if (archive >= s->run->snapshot_count) {
        mrg_fail(&s->run->failure, MORGUE_ERR_INTERNAL, "the matcher does not say which archive it searches");
        if (err)
            snprintf(err->message, sizeof err->message, "%.200s", s->run->failure.message);
        return XAPIAN_C_CALLBACK;
    }
    s->list = &s->lists[archive];
    s->next = 0;
    bounds->termfreq_min = bounds->termfreq_est = bounds->termfreq_max = (xapian_doccount)s->list->count;
    bounds->max_weight = s->list->heaviest;
    return XAPIAN_C_OK;
}

/* The first item from `from` on with this docid or a later one. */
static size_t find_item(const archive_list *list, size_t from, uint32_t docid)
{
    size_t step = 1, low = from, high = from;
    while (high < list->count && list->items[high].docid < docid) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = high < list->count ? high : list->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (list->items[mid].docid < docid)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* `next` is one behind where it stands. */
static xapian_status settle(list_source *s, size_t i, double min_weight, xapian_posting *at)
{
    while (i < s->list->count && s->list->items[i].weight < min_weight * (1 - 1e-9))
        i++;
    s->next = i + 1;
    at->docid = i < s->list->count ? s->list->items[i].docid : 0;
    at->weight = i < s->list->count ? s->list->items[i].weight : 0;
    return XAPIAN_C_OK;
}

static xapian_status list_next(void *ctx, double min_weight, xapian_posting *at, xapian_error *err)
{
    list_source *s = ctx;
    (void)err;
    return settle(s, s->next, min_weight, at);
}

static xapian_status list_skip_to(void *ctx, xapian_docid docid, double min_weight, xapian_posting *at,
                                  xapian_error *err)
{
    list_source *s = ctx;
    (void)err;
    if (at->docid >= docid && s->next)
        return XAPIAN_C_OK;
    return settle(s, find_item(s->list, s->next ? s->next - 1 : 0, docid), min_weight, at);
}

static xapian_status list_clone(void *ctx, void **copy, xapian_error *err)
{
    const list_source *s = ctx;
    list_source *c = mrg_calloc(1, sizeof *c);
    if (!c) {
        mrg_fail_nomem(&s->run->failure);
        if (err)
            snprintf(err->message, sizeof err->message, "%.200s", s->run->failure.message);
        return XAPIAN_C_CALLBACK;
    }
    c->run = s->run;
    c->lists = s->lists;
    *copy = c;
    return XAPIAN_C_OK;
}

static void list_destroy(void *ctx)
{
    mrg_free(ctx);
}

static void list_describe(void *ctx, char *text, size_t size)
{
    const list_source *s = ctx;
    size_t count = 0;
    for (size_t i = 0; i < s->run->snapshot_count; i++)
        count += s->lists[i].count;
    snprintf(text, size, "names by age, %zu articles", count);
}

static morgue_status make_leaf(xapian_query **out, mrg_match_run *run, const archive_list *lists, morgue_error *err)
{
    static const xapian_posting_source table = {
        .size = sizeof table,
        .init = list_init,
        .next = list_next,
        .skip_to = list_skip_to,
        .clone = list_clone,
        .destroy = list_destroy,
        .describe = list_describe,
    };
    xapian_error cause = XAPIAN_ERROR_INIT;
    list_source *s = mrg_calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return mrg_fail_nomem(err);
    s->run = run;
    s->lists = lists;
    if (xapian_query_posting_source(out, &table, s, &cause)) {
        mrg_free(s);
        return mrg_fail_xapian(err, &cause, "cannot build the query");
    }
    return MORGUE_OK;
}

/* ---- Listing -------------------------------------------------------------------------------------------- */

static int compare_items(const void *a, const void *b)
{
    const list_item *x = a, *y = b;
    return (x->docid > y->docid) - (x->docid < y->docid);
}

/* Counts each archive's matches, then puts them in their places. */
static morgue_status sort_hits(archive_list *lists, const mrg_match_run *run, mrg_arena *arena, const mrg_view *view,
                               const xapian_mset *mset, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_hit hit;
    uint32_t docid;
    size_t n = xapian_mset_size(mset);
    for (size_t i = 0; i < n; i++) {
        if (xapian_mset_hit(&hit, mset, i, &cause))
            return mrg_fail_xapian(err, &cause, "cannot read the matches");
        lists[mrg_view_shard(view, hit.docid, &docid)].count++;
    }
    for (size_t i = 0; i < view->snapshot_count; i++) {
        lists[i].items = mrg_arena_alloc(arena, (lists[i].count + 1) * sizeof *lists[i].items);
        if (!lists[i].items)
            return mrg_fail_nomem(err);
        lists[i].count = 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (xapian_mset_hit(&hit, mset, i, &cause))
            return mrg_fail_xapian(err, &cause, "cannot read the matches");
        size_t archive = mrg_view_shard(view, hit.docid, &docid);
        archive_list *list = &lists[archive];
        double weight = hit.weight * mrg_recency_factor(run->recency, archive, docid);
        list->items[list->count++] = (list_item){ docid, weight };
        list->heaviest = weight > list->heaviest ? weight : list->heaviest;
    }
    for (size_t i = 0; i < view->snapshot_count; i++)
        qsort(lists[i].items, lists[i].count, sizeof *lists[i].items, compare_items);
    return MORGUE_OK;
}

/* The query with a gate, which looks at the cancel flag and the clock. */
static xapian_status gated(xapian_query **out, const xapian_query *query, mrg_match_run *run, xapian_error *cause)
{
    xapian_query *gate = NULL;
    if (mrg_match_query(&gate, run, NULL, &run->failure))
        return XAPIAN_C_CALLBACK;
    const xapian_query *const both[] = { query, gate };
    xapian_status got = xapian_query_combine(out, XAPIAN_OP_FILTER, both, 2, 0, cause);
    xapian_query_free(gate);
    return got;
}

static morgue_status match_all(xapian_mset **out, const xapian_query *query, mrg_match_run *run, const mrg_view *view,
                               const mrg_rank_params *rank, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_weighting weighting = XAPIAN_WEIGHTING_INIT;
    xapian_match_options window = XAPIAN_MATCH_OPTIONS_INIT;
    xapian_enquire *enquire = NULL;
    xapian_query *kept = NULL;
    window.max = view->article_count < UINT32_MAX / 2 ? (xapian_doccount)view->article_count : UINT32_MAX / 2;
    weighting.k1 = rank->entity_k1;
    weighting.b = rank->entity_b;
    *out = NULL;
    xapian_status got = gated(&kept, query, run, &cause);
    if (!got)
        got = xapian_enquire_create(&enquire, view->database, &cause);
    if (!got)
        got = xapian_enquire_set_query(enquire, kept, 0, &cause);
    if (!got)
        got = xapian_enquire_set_weighting(enquire, &weighting, &cause);
    if (!got)
        got = xapian_enquire_get_mset(out, enquire, &window, &cause);
    xapian_enquire_free(enquire);
    xapian_query_free(kept);
    if (got == XAPIAN_C_CALLBACK && run->failure.status) {
        if (err)
            *err = run->failure;
        return run->failure.status;
    }
    return got ? mrg_fail_xapian(err, &cause, "the search failed") : MORGUE_OK;
}

morgue_status mrg_recency_apply(xapian_query **query, mrg_match_run *run, mrg_arena *arena, const mrg_view *view,
                                const mrg_rank_params *rank, morgue_error *err)
{
    xapian_mset *mset = NULL;
    xapian_query *leaf = NULL;
    size_t bytes = view->snapshot_count * sizeof(archive_list);
    archive_list *lists = mrg_arena_alloc(arena, bytes);
    morgue_status status = lists ? MORGUE_OK : mrg_fail_nomem(err);
    if (!status) {
        memset(lists, 0, bytes);
        status = match_all(&mset, *query, run, view, rank, err);
    }
    if (!status)
        status = sort_hits(lists, run, arena, view, mset, err);
    if (!status)
        status = make_leaf(&leaf, run, lists, err);
    xapian_mset_free(mset);
    xapian_query_free(*query);
    *query = leaf;
    return status;
}

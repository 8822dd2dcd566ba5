/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk as a posting source: Xapian's matcher drives it, one copy for each archive. */
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "match.h"
#include "recency.h"

typedef struct source {
    mrg_match_run *run;
    const mrg_match_node *root; /* NULL: a gate, which lets every docid pass and stops when it is time */
    mrg_match_walk *walk; /* from init on */
    uint32_t docid;       /* where it stands or was last asked for */
    uint32_t last_docid, tick; /* of a gate */
    size_t archive;
    double bound;         /* no article weighs more before its age counts */
} source;

/* The match stops with CALLBACK; what happened waits in the run. */
static xapian_status failed(source *s, const morgue_error *cause, xapian_error *err)
{
    s->run->failure = *cause;
    if (err)
        snprintf(err->message, sizeof err->message, "%.*s", (int)sizeof err->message - 1, cause->message);
    return XAPIAN_C_CALLBACK;
}

/* The binding says which archive this is, but for databases within databases; then the uuid tells. */
size_t mrg_match_archive_of(const mrg_match_run *run, const xapian_source_shard *shard)
{
    size_t found = shard->shard;
    if (run->alone)
        return run->alone - 1;
    if (found < run->snapshot_count || run->snapshot_count == 1)
        return found < run->snapshot_count ? found : 0;
    xapian_buffer ours = XAPIAN_BUFFER_INIT, theirs = XAPIAN_BUFFER_INIT;
    if (!xapian_database_uuid(&theirs, shard->db, NULL)) {
        for (size_t i = 0; i < run->snapshot_count && found >= run->snapshot_count; i++) {
            if (!xapian_database_uuid(&ours, run->snapshots[i]->catalogue, NULL) && ours.len == theirs.len &&
                !memcmp(ours.data, theirs.data, ours.len))
                found = i;
        }
    }
    xapian_buffer_dispose(&ours);
    xapian_buffer_dispose(&theirs);
    return found < run->snapshot_count ? found : run->snapshot_count;
}

/* Which archive, or NULL with the failure told. */
static const mrg_snapshot *find_snapshot(source *s, const xapian_source_shard *shard, size_t *index,
                                         xapian_error *err)
{
    morgue_error cause;
    *index = mrg_match_archive_of(s->run, shard);
    if (*index < s->run->snapshot_count)
        return s->run->snapshots[*index];
    mrg_fail(&cause, MORGUE_ERR_INTERNAL, "the matcher does not say which archive it searches");
    failed(s, &cause, err);
    return NULL;
}

static xapian_status init_gate(source *s, const xapian_source_shard *shard, xapian_source_bounds *bounds,
                               xapian_error *err)
{
    bounds->termfreq_min = bounds->termfreq_est = bounds->termfreq_max = shard->doccount;
    bounds->max_weight = 0;
    s->docid = 0;
    s->last_docid = shard->lastdocid;
    if (s->run->since) {
        size_t index;
        if (!find_snapshot(s, shard, &index, err))
            return XAPIAN_C_CALLBACK;
        s->docid = s->run->since[index];
        uint32_t open = s->last_docid > s->docid ? s->last_docid - s->docid : 0;
        bounds->termfreq_min = 0;
        if (open < shard->doccount)
            bounds->termfreq_est = bounds->termfreq_max = open;
    }
    return XAPIAN_C_OK;
}

static xapian_status pass_gate(source *s, xapian_docid docid, xapian_posting *at, xapian_error *err)
{
    morgue_error cause;
    if (docid <= s->docid) /* a gate that opens late begins before its first docid */
        docid = s->docid + 1;
    if ((++s->tick & 1023) == 0 && mrg_match_run_check(s->run, &cause))
        return failed(s, &cause, err);
    s->docid = docid;
    at->docid = docid <= s->last_docid ? docid : 0;
    at->weight = 0;
    return XAPIAN_C_OK;
}

static xapian_status source_init(void *ctx, const xapian_source_shard *shard, xapian_source_bounds *bounds,
                                 xapian_error *err)
{
    source *s = ctx;
    morgue_error cause = { 0 };
    mrg_match_bounds b;
    if (!s->root)
        return init_gate(s, shard, bounds, err);
    size_t first = 0;
    const mrg_snapshot *snapshot = find_snapshot(s, shard, &s->archive, err);
    if (!snapshot)
        return XAPIAN_C_CALLBACK;
    for (size_t i = 0; i < s->archive; i++)
        first += s->run->snapshots[i]->manifest.segment_count;
    const mrg_manifest *manifest = &snapshot->manifest;
    mrg_match_walk_close(s->walk);
    s->docid = 0;
    if (mrg_match_walk_open(&s->walk, s->run, s->root, first, manifest->segment_count, &manifest->deleted, &cause) ||
        mrg_match_run_check(s->run, &cause))
        return failed(s, &cause, err);
    mrg_match_bounds_of(s->run, s->root, first, manifest->segment_count, shard->doccount,
                        (double)manifest->deleted.count, &b);
    bounds->termfreq_min = (xapian_doccount)b.min;
    bounds->termfreq_max = (xapian_doccount)(b.max + 0.5);
    bounds->termfreq_est = (xapian_doccount)b.est;
    bounds->max_weight = s->bound = b.weight * (1 + 1e-9);
    if (s->run->recency)
        bounds->max_weight *= mrg_recency_bound(s->run->recency, s->archive);
    return XAPIAN_C_OK;
}

/* No age makes an article heavier, so what the walk passes over is too light with its age as well. */
static morgue_status seek(source *s, uint32_t docid, double min_weight, double *weight, morgue_error *cause)
{
    const mrg_recency *recency = s->run->recency;
    if (recency)
        docid = mrg_recency_skip(recency, s->archive, docid, s->bound, min_weight);
    morgue_status status = mrg_match_walk_seek(s->walk, docid, min_weight, &s->docid, weight, cause);
    if (recency && !status && s->docid != MRG_DOCID_END)
        *weight *= mrg_recency_factor(recency, s->archive, s->docid);
    return status;
}

static xapian_status source_skip_to(void *ctx, xapian_docid docid, double min_weight, xapian_posting *at,
                                    xapian_error *err)
{
    source *s = ctx;
    morgue_error cause;
    if (at->docid >= docid && at->docid == s->docid)
        return XAPIAN_C_OK;
    if (!s->root)
        return pass_gate(s, docid, at, err);
    if (seek(s, docid, min_weight, &at->weight, &cause))
        return failed(s, &cause, err);
    at->docid = s->docid == MRG_DOCID_END ? 0 : s->docid;
    return XAPIAN_C_OK;
}

static xapian_status source_next(void *ctx, double min_weight, xapian_posting *at, xapian_error *err)
{
    source *s = ctx;
    return source_skip_to(ctx, s->docid + 1, min_weight, at, err);
}

/* Always says where the next match is. Xapian 1.4 takes the branch of an OR that has said "not here" for
   standing at the docid after, and then adds the weight of where it stood before. */
static xapian_status source_check(void *ctx, xapian_docid docid, double min_weight, bool *valid, xapian_posting *at,
                                  xapian_error *err)
{
    *valid = true;
    return source_skip_to(ctx, docid, min_weight, at, err);
}

static xapian_status source_clone(void *ctx, void **copy, xapian_error *err)
{
    source *s = ctx, *c = mrg_calloc(1, sizeof *c);
    if (!c) {
        morgue_error cause;
        mrg_fail_nomem(&cause);
        return failed(s, &cause, err);
    }
    c->run = s->run;
    c->root = s->root;
    *copy = c;
    return XAPIAN_C_OK;
}

static void source_destroy(void *ctx)
{
    source *s = ctx;
    mrg_match_walk_close(s->walk);
    mrg_free(s);
}

static void source_describe(void *ctx, char *text, size_t size)
{
    const source *s = ctx;
    snprintf(text, size, "%s", s->root ? "words" : "gate");
}

morgue_status mrg_match_query(xapian_query **out, mrg_match_run *run, const mrg_match_node *root, morgue_error *err)
{
    static const xapian_posting_source table = {
        .size = sizeof table,
        .init = source_init,
        .next = source_next,
        .skip_to = source_skip_to,
        .check = source_check,
        .clone = source_clone,
        .destroy = source_destroy,
        .describe = source_describe,
    };
    xapian_error cause = XAPIAN_ERROR_INIT;
    source *s = mrg_calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return mrg_fail_nomem(err);
    s->run = run;
    s->root = root;
    if (xapian_query_posting_source(out, &table, s, &cause)) {
        mrg_free(s);
        return mrg_fail_xapian(err, &cause, "cannot build the query");
    }
    return MORGUE_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One commit point. Segment files are durable under their final names before the catalogue's commit
 * names them in the manifest; names/ is committed just before the catalogue (see recover.c).
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/file.h"
#include "indexer.h"
#include "merge_policy.h"
#include "store/pairs.h"
#include "store/user_list.h"

enum { BULK_LOAD_ARTICLES = 10000 };

/* The commit in the making. */
struct commit {
    morgue_indexer *ix;
    mrg_manifest manifest;
    morgue_error *err;
};

/* ---- Names of articles that went ---- */

static morgue_status subtract_from(struct commit *c, size_t i)
{
    const mrg_segment_summary *s = &c->manifest.segments[i].summary;
    uint32_t last = s->first_docid + s->doc_count - 1;
    if (!mrg_bitset_count_range(&c->ix->gone, s->first_docid, last))
        return MORGUE_OK;
    mrg_segment *segment = NULL;
    mrg_text_cache cache = { 0 };
    char *path = mrg_segment_file(c->ix->path, c->manifest.segments[i].number);
    morgue_status status = path ? mrg_segment_open(&segment, path, c->err) : mrg_fail_nomem(c->err);
    for (uint32_t docid = s->first_docid; docid <= last && !status; docid++) {
        const unsigned char *bytes;
        size_t len;
        mrg_record record;
        if (!mrg_bitset_has(&c->ix->gone, docid))
            continue;
        status = mrg_segment_record(segment, docid, &cache, &bytes, &len, c->err);
        if (!status)
            status = mrg_record_decode(&record, bytes, len, c->err);
        if (!status)
            status = mrg_names_delta_add(c->ix->delta, &record, 0, -1, c->err);
    }
    mrg_buffer_dispose(&cache.raw);
    mrg_segment_close(segment);
    mrg_free(path);
    return status;
}

static morgue_status subtract_names(struct commit *c)
{
    morgue_indexer *ix = c->ix;
    if (!ix->gone.count)
        return MORGUE_OK;
    morgue_status status = MORGUE_OK;
    if (!ix->delta && !(ix->delta = mrg_names_delta_create()))
        return mrg_fail_nomem(c->err);
    for (size_t i = 0; i < c->manifest.segment_count && !status; i++)
        status = subtract_from(c, i);
    if (!status)
        status = mrg_names_delta_apply(ix->delta, ix->names, c->err);
    mrg_names_delta_free(ix->delta);
    ix->delta = NULL;
    return status;
}

/* ---- Merging ---- */

/* Puts `merged` (NULL: nothing was left) in the place of segments [first, first + count). */
static void replace_segments(mrg_manifest *m, size_t first, size_t count, const mrg_manifest_segment *merged)
{
    const mrg_segment_summary *a = &m->segments[first].summary, *z = &m->segments[first + count - 1].summary;
    for (uint64_t docid = a->first_docid; docid < (uint64_t)z->first_docid + z->doc_count; docid++)
        mrg_bitset_remove(&m->deleted, (uint32_t)docid);
    size_t kept = merged ? 1 : 0;
    if (merged)
        m->segments[first] = *merged;
    memmove(m->segments + first + kept, m->segments + first + count,
            (m->segment_count - first - count) * sizeof *m->segments);
    m->segment_count -= count - kept;
}

static morgue_status merge_into(struct commit *c, size_t first, size_t count, const char *temporary,
                                mrg_segment_summary *summary)
{
    mrg_segment **inputs = mrg_calloc(count, sizeof *inputs);
    morgue_status status = inputs ? MORGUE_OK : mrg_fail_nomem(c->err);
    for (size_t i = 0; i < count && !status; i++) {
        char *path = mrg_segment_file(c->ix->path, c->manifest.segments[first + i].number);
        status = path ? mrg_segment_open(&inputs[i], path, c->err) : mrg_fail_nomem(c->err);
        mrg_free(path);
    }
    if (!status)
        status = mrg_segment_merge((const mrg_segment *const *)inputs, count, &c->manifest.deleted, c->ix->pair_percent,
                                   temporary, 0, NULL, NULL, summary, c->err);
    for (size_t i = 0; inputs && i < count; i++)
        mrg_segment_close(inputs[i]);
    mrg_free(inputs);
    return status;
}

static morgue_status merge(struct commit *c, size_t first, size_t count)
{
    mrg_manifest_segment merged = { .number = c->ix->segments.next_number++ };
    mrg_buffer temporary = MRG_BUFFER_INIT;
    mrg_buffer_printf(&temporary, "%s/segments/%08llx.tmp", c->ix->path, (unsigned long long)merged.number);
    const char *from = mrg_buffer_cstr(&temporary);
    char *to = mrg_segment_file(c->ix->path, merged.number);
    morgue_status status = from && to ? merge_into(c, first, count, from, &merged.summary) : mrg_fail_nomem(c->err);
    if (!status)
        status = mrg_rename_durable(from, to, 0, c->err);
    if (!status)
        replace_segments(&c->manifest, first, count, merged.summary.live_count ? &merged : NULL);
    mrg_free(to);
    mrg_buffer_dispose(&temporary);
    return status;
}

static morgue_status merge_tiers(struct commit *c)
{
    size_t first, count;
    morgue_status status = MORGUE_OK;
    while (!status && mrg_merge_pick(&c->manifest, &first, &count))
        status = merge(c, first, count);
    return status;
}

/* ---- The commit ---- */

/* The first commit gives the archive its id. */
static morgue_status write_id(struct commit *c)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    unsigned char id[MRG_ARCHIVE_ID_BYTES];
    if (c->manifest.commit_number != 1)
        return MORGUE_OK;
    if (getrandom(id, sizeof id, 0) != (ssize_t)sizeof id)
        return mrg_fail(c->err, MORGUE_ERR_IO, "%s: the system has no random number for it", c->ix->path);
    if (xapian_writable_set_metadata(c->ix->catalogue, MRG_META_ARCHIVE, strlen(MRG_META_ARCHIVE), (const char *)id, sizeof id,
                                     &cause))
        return mrg_fail_xapian(c->err, &cause, "cannot commit");
    return MORGUE_OK;
}

/* An empty value removes it. */
static xapian_status write_list(const morgue_indexer *ix, xapian_error *cause)
{
    if (!ix->list_changed)
        return XAPIAN_C_OK;
    return xapian_writable_set_metadata(ix->catalogue, MRG_META_LIST, strlen(MRG_META_LIST),
                                        ix->list.len ? (const char *)ix->list.data : "", ix->list.len, cause);
}

static int pairs_changed(const morgue_indexer *ix)
{
    return ix->pair_percent != ix->committed->pair_percent;
}

static xapian_status write_pairs(const morgue_indexer *ix, xapian_error *cause)
{
    const char percent = (char)ix->pair_percent;
    if (!pairs_changed(ix))
        return XAPIAN_C_OK;
    return xapian_writable_set_metadata(ix->catalogue, MRG_META_PAIRS, strlen(MRG_META_PAIRS), &percent, 1, cause);
}

static morgue_status write_manifest(struct commit *c)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    mrg_buffer manifest = MRG_BUFFER_INIT, deleted = MRG_BUFFER_INIT;
    morgue_status status = mrg_manifest_encode(&c->manifest, &manifest, &deleted, c->err);
    if (!status &&
        (xapian_writable_set_metadata(c->ix->catalogue, MRG_META_MANIFEST, strlen(MRG_META_MANIFEST),
                                      (const char *)manifest.data, manifest.len, &cause) ||
         xapian_writable_set_metadata(c->ix->catalogue, MRG_META_DELETED, strlen(MRG_META_DELETED),
                                      (const char *)deleted.data, deleted.len, &cause) ||
         write_list(c->ix, &cause) || write_pairs(c->ix, &cause) ||
         xapian_writable_commit_transaction(c->ix->catalogue, &cause)))
        status = mrg_fail_xapian(c->err, &cause, "cannot commit");
    mrg_buffer_dispose(&manifest);
    mrg_buffer_dispose(&deleted);
    return status;
}

/* The archive is committed; what follows makes the indexer ready for more. */
static morgue_status go_on(struct commit *c, int tidy)
{
    morgue_indexer *ix = c->ix;
    mrg_snapshot *now;
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_docid last = 0;
    morgue_status status = tidy ? mrg_tidy(ix, c->err) : MORGUE_OK;
    if (!status)
        status = mrg_snapshot_open(&now, ix->path, c->err);
    if (status)
        return status;
    if (xapian_database_lastdocid(&last, now->catalogue, &cause))
        status = mrg_fail_xapian(c->err, &cause, ix->path);
    ix->next_docid = last + 1;
    mrg_snapshot_close(ix->committed);
    ix->committed = now;
    ix->segments.done.segment_count = 0;
    ix->changes = 0;
    ix->list_changed = 0;
    mrg_pending_clear(&ix->pending);
    mrg_bitset_dispose(&ix->gone);
    mrg_sources_committed(ix);
    mrg_captures_committed(ix);
    mrg_sketches_dispose(&ix->sketches);
    if (!status)
        status = mrg_sweep(ix->path, &now->manifest, c->err);
    return status ? status : mrg_begin(ix->catalogue, c->err);
}

static int is_gone_segment(const mrg_manifest *m, uint32_t docid)
{
    for (size_t i = 0; i < m->segment_count; i++)
        if (docid >= m->segments[i].summary.first_docid &&
            docid - m->segments[i].summary.first_docid < m->segments[i].summary.doc_count)
            return 0;
    return 1;
}

static morgue_status make_manifest(struct commit *c)
{
    morgue_indexer *ix = c->ix;
    mrg_manifest *m = &c->manifest;
    if (mrg_manifest_copy(m, &ix->committed->manifest))
        return mrg_fail_nomem(c->err);
    for (size_t i = 0; i < ix->segments.done.segment_count; i++)
        if (mrg_manifest_add(m, &ix->segments.done.segments[i]))
            return mrg_fail_nomem(c->err);
    for (size_t word = 0; word < ix->gone.word_count; word++) {
        for (uint64_t bits = ix->gone.words[word]; bits; bits &= bits - 1) {
            uint32_t docid = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            if (!is_gone_segment(m, docid) && mrg_bitset_add(&m->deleted, docid))
                return mrg_fail_nomem(c->err);
        }
    }
    m->format = MRG_ARCHIVE_FORMAT;
    m->commit_number++;
    if (m->commit_number == 1)
        snprintf(m->lang, sizeof m->lang, "%s", ix->langs.names[0]);
    return MORGUE_OK;
}

/* Most of the archive came with this commit, and it is large. */
static int is_bulk_load(const morgue_indexer *ix)
{
    return ix->changes >= BULK_LOAD_ARTICLES && ix->changes > ix->committed->article_count;
}

/* Of the files that articles came from, and of crawlers' visits. */
static morgue_status write_notes(struct commit *c, int *wrote)
{
    morgue_status status = mrg_sources_write(c->ix, wrote, c->err);
    return status ? status : mrg_captures_write(c->ix, wrote, c->err);
}

static morgue_status run_commit(struct commit *c, int compact)
{
    int wrote;
    morgue_status status = make_manifest(c);
    if (!status)
        status = mrg_duplicates_find(c->ix, &c->manifest, c->err);
    if (!status)
        status = subtract_names(c);
    size_t count = c->manifest.segment_count;
    if (!status && compact && (count > 1 || c->manifest.deleted.count || (count && pairs_changed(c->ix))))
        status = merge(c, 0, c->manifest.segment_count);
    if (!status && !compact)
        status = merge_tiers(c);
    c->manifest.next_segment_number = c->ix->segments.next_number;
    if (!status)
        status = mrg_names_commit(c->ix, c->manifest.commit_number, c->err);
    if (!status)
        status = write_id(c);
    if (!status)
        status = write_notes(c, &wrote);
    if (!status)
        status = write_manifest(c);
    return status ? status : go_on(c, compact || is_bulk_load(c->ix));
}

/* No article changed, but what is known of their files, or of crawlers' visits, did. Searches see no new commit. */
static morgue_status commit_sources(struct commit *c)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    int wrote;
    morgue_status status = write_notes(c, &wrote);
    if (status || !wrote)
        return status;
    if (xapian_writable_commit_transaction(c->ix->catalogue, &cause))
        return mrg_fail_xapian(c->err, &cause, "cannot commit");
    mrg_sources_committed(c->ix);
    mrg_captures_committed(c->ix);
    return mrg_begin(c->ix->catalogue, c->err);
}

static morgue_status commit(morgue_indexer *ix, int compact, morgue_error *err)
{
    morgue_error own;
    struct commit c = { .ix = ix, .err = err ? err : &own };
    mrg_error_clear(c.err);
    if (ix->failure.status) {
        *c.err = ix->failure;
        return c.err->status;
    }
    morgue_status status = MORGUE_OK;
    if (ix->options.dry_run)
        return MORGUE_OK;
    if (ix->changes) {
        status = mrg_indexer_push(ix, 1, c.err);
        if (!status)
            status = mrg_pipeline_drain(ix->pipeline, c.err);
    }
    /* What the text took is free now, in the heaps of the threads that analysed it; what follows needs its own. */
    if (ix->changes >= BULK_LOAD_ARTICLES)
        mrg_alloc_trim();
    const mrg_manifest *last = &ix->committed->manifest;
    int loose = last->segment_count > 1 || last->deleted.count > 0 || pairs_changed(ix);
    if (!status && (ix->changes || ix->list_changed || !last->commit_number || (compact && loose)))
        status = run_commit(&c, compact);
    else if (!status)
        status = commit_sources(&c);
    mrg_manifest_dispose(&c.manifest);
    return mrg_indexer_failed(ix, status, c.err);
}

morgue_status morgue_indexer_commit(morgue_indexer *ix, morgue_error *err)
{
    return commit(ix, 0, err);
}

morgue_status morgue_indexer_compact(morgue_indexer *ix, morgue_error *err)
{
    return commit(ix, 1, err);
}

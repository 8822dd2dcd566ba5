/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The archive as a whole: its figures, and whether it is sound. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/file.h"
#include "store/names_write.h"
#include "store/record.h"
#include "store/snapshot.h"

static uint64_t bytes_of(const char *archive, const char *name)
{
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/%s", archive, name);
    const char *p = mrg_buffer_cstr(&path);
    uint64_t bytes = p ? mrg_tree_bytes(p) : 0;
    mrg_buffer_dispose(&path);
    return bytes;
}

morgue_status morgue_archive_stats(const char *path, morgue_stats *out, morgue_error *err)
{
    mrg_snapshot *s;
    xapian_doccount names = 0;
    memset(out, 0, sizeof *out);
    mrg_error_clear(err);
    morgue_status status = mrg_snapshot_open(&s, path, err);
    if (status)
        return status;
    if (s->names)
        xapian_database_doccount(&names, s->names, NULL);
    out->article_count = s->article_count;
    out->deleted_count = s->manifest.deleted.count;
    out->segment_count = s->manifest.segment_count;
    out->token_count = s->word_count;
    out->entity_count = names;
    out->commit_number = s->manifest.commit_number;
    out->format_version = s->manifest.format;
    memcpy(out->lang, s->manifest.lang, sizeof out->lang);
    for (size_t i = 0; i < s->manifest.segment_count; i++) {
        out->segment_text_bytes += s->manifest.segments[i].summary.text_bytes;
        out->segment_index_bytes +=
            s->manifest.segments[i].summary.file_bytes - s->manifest.segments[i].summary.text_bytes;
    }
    out->catalogue_bytes = bytes_of(path, "catalogue");
    out->names_bytes = bytes_of(path, "names");
    mrg_snapshot_close(s);
    return MORGUE_OK;
}

/* ---- Check ---- */

struct check {
    const char *path;
    mrg_snapshot *snapshot;
    void (*report)(void *ctx, const char *line);
    void *ctx;
    uint64_t problems;
    morgue_error *err;
};

static void problem(struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct check *c, const char *format, ...)
{
    char line[MORGUE_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    c->problems++;
    if (c->report)
        c->report(c->ctx, line);
}

static void forward(void *ctx, const char *line)
{
    problem(ctx, "%s", line);
}

/* Faults of the data are told and counted; anything else ends the check. */
static morgue_status told(struct check *c, morgue_status status, const morgue_error *found)
{
    if (status != MORGUE_ERR_CORRUPT && status != MORGUE_ERR_NOT_FOUND) {
        if (status && c->err)
            *c->err = *found;
        return status;
    }
    problem(c, "%s", found->message);
    return MORGUE_OK;
}

static morgue_status check_xapian(struct check *c, const char *name)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    mrg_buffer path = MRG_BUFFER_INIT;
    size_t errors = 0;
    mrg_buffer_printf(&path, "%s/%s", c->path, name);
    const char *p = mrg_buffer_cstr(&path);
    if (!p) {
        mrg_buffer_dispose(&path);
        return mrg_fail_nomem(c->err);
    }
    if (xapian_check(&errors, &text, p, 0, &cause))
        problem(c, "%s: %s", p, cause.message);
    else if (errors)
        problem(c, "%s: %zu faults; xapian-check tells more", p, errors);
    xapian_buffer_dispose(&text);
    mrg_buffer_dispose(&path);
    return MORGUE_OK;
}

static morgue_status walk_names(const mrg_record *record, uint32_t docid, morgue_error *found)
{
    mrg_record_walk walk;
    mrg_record_mention mention;
    mrg_record_attributes attributes;
    mrg_record_attribute attribute;
    mrg_record_walk_init(&walk, record);
    while (mrg_record_walk_next(&walk, &mention)) {
    }
    mrg_record_attributes_init(&attributes, &walk);
    while (mrg_record_attributes_next(&attributes, &attribute)) {
    }
    if (attributes.r.failed || walk.seen != record->entity_count)
        return mrg_fail(found, MORGUE_ERR_CORRUPT, "the names in the record of article %u are damaged", docid);
    return MORGUE_OK;
}

/* Every article of the segment that is not deleted must be in the catalogue, with readable fields, and
   its record must be whole. `present` has the catalogue's docids. */
static morgue_status check_articles(struct check *c, size_t i, mrg_bitset *present, uint64_t *live)
{
    const mrg_segment_summary *s = &c->snapshot->manifest.segments[i].summary;
    mrg_text_cache cache = { 0 };
    morgue_status status = MORGUE_OK;
    for (uint32_t n = 0; n < s->doc_count && !status; n++) {
        uint32_t docid = s->first_docid + n;
        const unsigned char *bytes;
        size_t len;
        mrg_record record;
        morgue_error found = { 0 };
        int here = mrg_bitset_has(present, docid), deleted = mrg_bitset_has(&c->snapshot->manifest.deleted, docid);
        if (deleted && here)
            problem(c, "article %u is deleted, but in the catalogue", docid);
        if (deleted)
            continue;
        morgue_status got = mrg_segment_record(c->snapshot->segments[i], docid, &cache, &bytes, &len, &found);
        if (got == MORGUE_ERR_NOT_FOUND) {
            if (here)
                problem(c, "article %u is in the catalogue, but has no text", docid);
            continue;
        }
        if (!got)
            got = mrg_record_decode(&record, bytes, len, &found);
        if (!got)
            got = walk_names(&record, docid, &found);
        status = told(c, got, &found);
        if (!here)
            problem(c, "article %u has text, but is not in the catalogue", docid);
        *live += 1;
    }
    mrg_buffer_dispose(&cache.raw);
    return status;
}

static morgue_status read_docids(struct check *c, mrg_bitset *present)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    xapian_docid docid;
    morgue_status status = MORGUE_OK;
    xapian_status got = xapian_database_postings(&it, c->snapshot->catalogue, "", 0, &cause);
    while (!got && !status && !(got = xapian_posting_iter_next(&docid, it, &cause))) {
        mrg_fields fields = { 0 };
        morgue_error found = { 0 };
        if (mrg_bitset_add(present, docid))
            status = mrg_fail_nomem(c->err);
        else
            status = told(c, mrg_catalogue_fields(c->snapshot->catalogue, docid, &fields, &found), &found);
        mrg_fields_dispose(&fields);
    }
    if (got < 0)
        problem(c, "catalogue: %s", cause.message);
    xapian_posting_iter_free(it);
    return status;
}

/* The names may be one commit ahead after a crash; the next writer makes them again. */
static void check_names_commit(struct check *c)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    uint64_t commit = c->snapshot->manifest.commit_number;
    if (!c->snapshot->names) {
        if (commit)
            problem(c, "there is no list of names");
        return;
    }
    if (xapian_database_metadata(&value, c->snapshot->names, MRG_META_NAMES, strlen(MRG_META_NAMES), &cause)) {
        problem(c, "names: %s", cause.message);
    } else if (value.len) {
        uint64_t number = strtoull(value.data, NULL, 10);
        if (number < commit || number > commit + 1)
            problem(c, "names are of commit %llu, the archive is at %llu", (unsigned long long)number,
                    (unsigned long long)commit);
    } else if (commit) {
        problem(c, "names are of no commit, the archive is at %llu", (unsigned long long)commit);
    }
    xapian_buffer_dispose(&value);
}

static morgue_status check_list(struct check *c)
{
    const mrg_authority *list;
    morgue_error found = { 0 };
    morgue_status status = told(c, mrg_snapshot_authority(c->snapshot, &list, &found), &found);
    if (!status && list && mrg_authority_skipped(list))
        problem(c, "%zu rows of the user's list of names cannot be read", mrg_authority_skipped(list));
    return status;
}

static morgue_status check_all(struct check *c)
{
    mrg_bitset present = MRG_BITSET_INIT;
    uint64_t live = 0;
    morgue_status status = check_xapian(c, "catalogue");
    if (!status && c->snapshot->names)
        status = check_xapian(c, "names");
    /* libxapian may hang or crash on blocks that its own check finds wrong. */
    if (!status && c->problems)
        return MORGUE_OK;
    if (!status)
        status = read_docids(c, &present);
    for (size_t i = 0; i < c->snapshot->manifest.segment_count && !status; i++) {
        morgue_error found = { 0 };
        morgue_status got = mrg_segment_check(c->snapshot->segments[i], forward, c, &found);
        status = got == MORGUE_ERR_CORRUPT ? MORGUE_OK : told(c, got, &found);
        if (!status)
            status = check_articles(c, i, &present, &live);
    }
    if (!status && live != present.count)
        problem(c, "the segments hold %llu articles, the catalogue %llu", (unsigned long long)live,
                (unsigned long long)present.count);
    if (!status)
        check_names_commit(c);
    if (!status)
        status = check_list(c);
    mrg_bitset_dispose(&present);
    return status;
}

morgue_status morgue_archive_check(const char *path, void (*report)(void *ctx, const char *line), void *ctx,
                                   morgue_error *err)
{
    struct check c = { .path = path, .report = report, .ctx = ctx, .err = err };
    mrg_error_clear(err);
    morgue_status status = mrg_snapshot_open(&c.snapshot, path, err);
    if (status)
        return status;
    status = check_all(&c);
    mrg_snapshot_close(c.snapshot);
    if (!status && c.problems)
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: %llu faults", path, (unsigned long long)c.problems);
    return status;
}

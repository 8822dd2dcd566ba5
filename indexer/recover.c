/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a writer does before it begins. The catalogue is always at its last commit, thanks to Xapian.
 * Files of segments that it does not name are swept. The names are committed just before the
 * catalogue, so a crash in between leaves them one commit ahead: then they are made again from the
 * articles.
 */
#include "indexer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/file.h"

static int is_live(const mrg_manifest *manifest, const char *name)
{
    char expected[32];
    for (size_t i = 0; i < manifest->segment_count; i++) {
        snprintf(expected, sizeof expected, "%08llx.seg", (unsigned long long)manifest->segments[i].number);
        if (!strcmp(name, expected))
            return 1;
    }
    return 0;
}

morgue_status mrg_sweep(const char *path, const mrg_manifest *manifest, morgue_error *err)
{
    mrg_buffer buffer = MRG_BUFFER_INIT;
    mrg_buffer_printf(&buffer, "%s/segments", path);
    const char *dir_path = mrg_buffer_cstr(&buffer);
    DIR *dir = dir_path ? opendir(dir_path) : NULL;
    if (!dir) {
        morgue_status status = dir_path ? mrg_fail_errno(err, errno, "cannot read %s", dir_path) : mrg_fail_nomem(err);
        mrg_buffer_dispose(&buffer);
        return status;
    }
    struct dirent *entry;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.' && !is_live(manifest, entry->d_name))
            unlinkat(dirfd(dir), entry->d_name, 0); /* what stays is swept next time */
    closedir(dir);
    mrg_buffer_dispose(&buffer);
    return MORGUE_OK;
}

morgue_status mrg_begin(xapian_writable *database, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    if (xapian_writable_begin(database, true, &cause))
        return mrg_fail_xapian(err, &cause, "cannot begin to write");
    return MORGUE_OK;
}

/* ---- Names ---- */

static morgue_status open_names(morgue_indexer *ix, int flags, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/names", ix->path);
    const char *names = mrg_buffer_cstr(&path);
    morgue_status status = MORGUE_OK;
    if (!names)
        status = mrg_fail_nomem(err);
    else if (xapian_writable_open(&ix->names, names, flags, MRG_CATALOGUE_BLOCK_BYTES,
                                  (int)ix->options.lock_timeout_ms, &cause))
        status = mrg_fail_xapian(err, &cause, names);
    mrg_buffer_dispose(&path);
    return status;
}

static morgue_status names_commit_number(morgue_indexer *ix, uint64_t *number, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    *number = 0;
    if (xapian_database_metadata(&value, xapian_writable_database(ix->names), MRG_META_NAMES, strlen(MRG_META_NAMES),
                                 &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read the names");
    else if (value.len)
        *number = strtoull(value.data, NULL, 10);
    xapian_buffer_dispose(&value);
    return status;
}

morgue_status mrg_names_commit(morgue_indexer *ix, uint64_t commit_number, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    char value[24];
    int len = snprintf(value, sizeof value, "%llu", (unsigned long long)commit_number);
    if (xapian_writable_set_metadata(ix->names, MRG_META_NAMES, strlen(MRG_META_NAMES), value, (size_t)len, &cause) ||
        xapian_writable_commit_transaction(ix->names, &cause))
        return mrg_fail_xapian(err, &cause, "cannot commit the names");
    return mrg_begin(ix->names, err);
}

static uint32_t day_of_article(const mrg_snapshot *snapshot, uint32_t docid)
{
    mrg_fields fields;
    mrg_date date;
    if (mrg_catalogue_fields(snapshot->catalogue, docid, &fields, NULL))
        return 0;
    int dated = mrg_date_parse(&date, fields.date, strlen(fields.date));
    mrg_fields_dispose(&fields);
    return dated ? (uint32_t)(date.year * 10000 + (date.month ? date.month : 1) * 100 + (date.day ? date.day : 1)) : 0;
}

static morgue_status count_segment(morgue_indexer *ix, const mrg_snapshot *snapshot, size_t i, morgue_error *err)
{
    const mrg_segment_summary *s = &snapshot->manifest.segments[i].summary;
    mrg_text_cache cache = { 0 };
    morgue_status status = MORGUE_OK;
    for (uint32_t n = 0; n < s->doc_count && !status; n++) {
        uint32_t docid = s->first_docid + n;
        const unsigned char *bytes;
        size_t len;
        mrg_record record;
        if (mrg_bitset_has(&snapshot->manifest.deleted, docid))
            continue;
        status = mrg_segment_record(snapshot->segments[i], docid, &cache, &bytes, &len, err);
        if (status == MORGUE_ERR_NOT_FOUND) {
            status = MORGUE_OK;
            continue;
        }
        if (!status)
            status = mrg_record_decode(&record, bytes, len, err);
        if (!status && record.entity_count)
            status = mrg_names_delta_add(ix->delta, &record, day_of_article(snapshot, docid), 1, err);
        if (!status && mrg_names_delta_bytes(ix->delta) > ix->options.memory_bytes / 2) {
            status = mrg_names_delta_apply(ix->delta, ix->names, err);
            mrg_names_delta_free(ix->delta);
            ix->delta = mrg_names_delta_create();
            if (!ix->delta && !status)
                status = mrg_fail_nomem(err);
        }
    }
    mrg_buffer_dispose(&cache.raw);
    return status;
}

/* Within the transaction, so that a crash on the way leaves the names as they were. */
static morgue_status delete_names(morgue_indexer *ix, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_docid last = 0;
    xapian_status got = xapian_database_lastdocid(&last, xapian_writable_database(ix->names), &cause);
    for (xapian_docid docid = 1; docid <= last && !got; docid++) {
        got = xapian_writable_delete_document(ix->names, docid, &cause);
        if (got == XAPIAN_C_DOC_NOT_FOUND)
            got = XAPIAN_C_OK;
    }
    return got ? mrg_fail_xapian(err, &cause, "cannot make the names again") : MORGUE_OK;
}

morgue_status mrg_names_rebuild(morgue_indexer *ix, const mrg_snapshot *snapshot, morgue_error *err)
{
    morgue_status status = delete_names(ix, err);
    mrg_names_delta_free(ix->delta);
    ix->delta = mrg_names_delta_create();
    if (!status && !ix->delta)
        status = mrg_fail_nomem(err);
    for (size_t i = 0; i < snapshot->manifest.segment_count && !status; i++)
        status = count_segment(ix, snapshot, i, err);
    if (!status)
        status = mrg_names_delta_apply(ix->delta, ix->names, err);
    mrg_names_delta_free(ix->delta);
    ix->delta = NULL;
    return status ? status : mrg_names_commit(ix, snapshot->manifest.commit_number, err);
}

morgue_status mrg_names_reopen(morgue_indexer *ix, morgue_error *err)
{
    morgue_status status = open_names(ix, XAPIAN_DB_OPEN, err);
    return status ? status : mrg_begin(ix->names, err);
}

morgue_status mrg_names_open(morgue_indexer *ix, morgue_error *err)
{
    uint64_t number = 0;
    morgue_status status = open_names(ix, XAPIAN_DB_CREATE_OR_OPEN, err);
    if (status == MORGUE_ERR_NOT_FOUND) { /* half made when a crash came */
        mrg_error_clear(err);
        status = open_names(ix, XAPIAN_DB_CREATE_OR_OVERWRITE, err);
    }
    if (!status)
        status = names_commit_number(ix, &number, err);
    if (!status)
        status = mrg_begin(ix->names, err);
    if (!status && number != ix->committed->manifest.commit_number)
        status = mrg_names_rebuild(ix, ix->committed, err);
    return status;
}

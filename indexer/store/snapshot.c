/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "store/pairs.h"
#include "store/user_list.h"

/* How often a writer may overtake an opening reader before that is called a fault. */
enum { OPEN_ATTEMPTS = 20, CORRUPT_ATTEMPTS = 4 };

static char *path_in(const char *archive, const char *name)
{
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/%s", archive, name);
    char *taken = mrg_buffer_take(&path, NULL);
    if (!taken)
        mrg_buffer_dispose(&path);
    return taken;
}

static morgue_status open_database(xapian_database **out, const char *archive, const char *name, xapian_error *cause,
                                   morgue_error *err)
{
    char *path = path_in(archive, name);
    if (!path)
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    if (xapian_database_open(out, path, cause))
        status = mrg_fail_xapian(err, cause, archive);
    mrg_free(path);
    return status;
}

static morgue_status read_manifest(mrg_snapshot *s, xapian_error *cause, morgue_error *err)
{
    xapian_buffer manifest = XAPIAN_BUFFER_INIT, deleted = XAPIAN_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    if (xapian_database_metadata(&manifest, s->catalogue, MRG_META_MANIFEST, strlen(MRG_META_MANIFEST), cause) ||
        xapian_database_metadata(&deleted, s->catalogue, MRG_META_DELETED, strlen(MRG_META_DELETED), cause)) {
        status = mrg_fail_xapian(err, cause, s->path);
    } else if (manifest.len == 0) {
        /* Made, but nothing was ever committed. */
        s->manifest.format = MRG_ARCHIVE_FORMAT;
        s->manifest.next_segment_number = 1;
        strcpy(s->manifest.lang, "en");
    } else {
        morgue_error inner = { 0 };
        status = mrg_manifest_decode(&s->manifest, manifest.data, manifest.len, deleted.data, deleted.len, &inner);
        if (status)
            mrg_fail(err, status, "%s: %s", s->path, inner.message);
    }
    xapian_buffer_dispose(&manifest);
    xapian_buffer_dispose(&deleted);
    return status;
}

static morgue_status read_id(mrg_snapshot *s, xapian_error *cause, morgue_error *err)
{
    xapian_buffer id = XAPIAN_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    if (xapian_database_metadata(&id, s->catalogue, MRG_META_ARCHIVE, strlen(MRG_META_ARCHIVE), cause) ||
        xapian_database_lastdocid(&s->last_docid, s->catalogue, cause))
        status = mrg_fail_xapian(err, cause, s->path);
    else if (id.len == sizeof s->id)
        memcpy(s->id, id.data, sizeof s->id);
    xapian_buffer_dispose(&id);
    return status;
}

static morgue_status read_list(mrg_snapshot *s, xapian_error *cause, morgue_error *err)
{
    if (xapian_database_metadata(&s->list, s->catalogue, MRG_META_LIST, strlen(MRG_META_LIST), cause))
        return mrg_fail_xapian(err, cause, s->path);
    return MORGUE_OK;
}

/* Only writers go by it; what is no such number is as if it were not there. */
static morgue_status read_pairs(mrg_snapshot *s, xapian_error *cause, morgue_error *err)
{
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    if (xapian_database_metadata(&value, s->catalogue, MRG_META_PAIRS, strlen(MRG_META_PAIRS), cause))
        return mrg_fail_xapian(err, cause, s->path);
    unsigned percent = value.len == 1 ? (unsigned char)value.data[0] : MRG_PAIR_DEFAULT_PERCENT;
    s->pair_percent = percent <= MRG_PAIR_MAX_PERCENT ? percent : MRG_PAIR_DEFAULT_PERCENT;
    xapian_buffer_dispose(&value);
    return MORGUE_OK;
}

morgue_status mrg_snapshot_authority(mrg_snapshot *s, const mrg_authority **out, morgue_error *err)
{
    mrg_authority *list;
    morgue_status status = MORGUE_OK;
    if (!s->authority && s->list.len) {
        status = mrg_user_list_open(&list, s->list.data, s->list.len, err);
        if (!status)
            status = mrg_authority_index_words(list, err);
        if (status)
            mrg_authority_free(list);
        else
            s->authority = list;
    }
    *out = s->authority;
    return status;
}

static morgue_status open_segment(mrg_snapshot *s, size_t i, morgue_error *err)
{
    const mrg_manifest_segment *entry = &s->manifest.segments[i];
    char *path = mrg_segment_file(s->path, entry->number);
    if (!path)
        return mrg_fail_nomem(err);
    morgue_status status = mrg_segment_open(&s->segments[i], path, err);
    if (status == MORGUE_OK) {
        const mrg_segment_summary *info = mrg_segment_info(s->segments[i]);
        if (info->checksum != entry->summary.checksum || info->first_docid != entry->summary.first_docid ||
            info->doc_count != entry->summary.doc_count || info->file_bytes != entry->summary.file_bytes)
            status = mrg_fail(err, MORGUE_ERR_CORRUPT, "%s is not the segment that the manifest names", path);
        s->word_count += info->word_count;
        s->title_word_count += info->title_word_count;
    }
    mrg_free(path);
    return status;
}

static morgue_status open_segments(mrg_snapshot *s, morgue_error *err)
{
    s->segments = mrg_calloc(s->manifest.segment_count, sizeof(mrg_segment *));
    if (!s->segments)
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < s->manifest.segment_count && !status; i++)
        status = open_segment(s, i, err);
    return status;
}

static morgue_status open_names(mrg_snapshot *s, xapian_error *cause, morgue_error *err)
{
    morgue_status status = open_database(&s->names, s->path, "names", cause, err);
    if (status == MORGUE_ERR_NOT_FOUND) {
        mrg_error_clear(err);
        *cause = (xapian_error)XAPIAN_ERROR_INIT;
        return MORGUE_OK;
    }
    return status;
}

static morgue_status open_once(mrg_snapshot **out, const char *path, xapian_error *cause, morgue_error *err)
{
    mrg_snapshot *s = mrg_calloc(1, sizeof *s);
    if (!s)
        return mrg_fail_nomem(err);
    xapian_doccount count = 0;
    morgue_status status = MORGUE_OK;
    s->path = mrg_strdup(path);
    if (!s->path)
        status = mrg_fail_nomem(err);
    if (!status)
        status = open_database(&s->catalogue, path, "catalogue", cause, err);
    if (!status)
        status = read_manifest(s, cause, err);
    if (!status)
        status = read_list(s, cause, err);
    if (!status)
        status = read_pairs(s, cause, err);
    if (!status)
        status = read_id(s, cause, err);
    if (!status && xapian_database_doccount(&count, s->catalogue, cause))
        status = mrg_fail_xapian(err, cause, path);
    s->article_count = count;
    if (!status)
        status = open_segments(s, err);
    if (!status)
        status = open_names(s, cause, err);
    if (status) {
        mrg_snapshot_close(s);
        return status;
    }
    *out = s;
    return MORGUE_OK;
}

/* What Xapian says of a database that is damaged, or that a writer changed while its files were being opened. */
static int is_doubtful(xapian_status status)
{
    return status == XAPIAN_C_CORRUPT || status == XAPIAN_C_DATABASE || status == XAPIAN_C_OPENING;
}

/* *inode tells a catalogue from one that took its place. */
static morgue_status find_catalogue(const char *path, ino_t *inode, morgue_error *err)
{
    struct stat st;
    char *catalogue = path_in(path, "catalogue");
    if (!catalogue)
        return mrg_fail_nomem(err);
    int there = stat(catalogue, &st) == 0;
    mrg_free(catalogue);
    *inode = there ? st.st_ino : 0;
    return there ? MORGUE_OK : mrg_fail(err, MORGUE_ERR_NOT_FOUND, "there is no archive at %s", path);
}

morgue_status mrg_snapshot_open(mrg_snapshot **out, const char *path, morgue_error *err)
{
    *out = NULL;
    morgue_status status = MORGUE_OK;
    for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
        xapian_error cause = XAPIAN_ERROR_INIT;
        ino_t before, after;
        status = find_catalogue(path, &before, err);
        if (status)
            return status;
        mrg_error_clear(err);
        status = open_once(out, path, &cause, err);
        /* Two commits overtook the catalogue, which Xapian calls corrupt when it is the root of a table that
           was overwritten, or one took a segment away that it named. */
        int overtaken = cause.status == XAPIAN_C_MODIFIED ||
                        (is_doubtful(cause.status) && attempt < CORRUPT_ATTEMPTS) ||
                        (status == MORGUE_ERR_NOT_FOUND && cause.status == 0);
        /* Or a compacted copy took its place while its files were being opened. */
        if (!find_catalogue(path, &after, NULL) && before != after && attempt + 1 < OPEN_ATTEMPTS) {
            mrg_snapshot_close(*out);
            *out = NULL;
            continue;
        }
        if (!overtaken)
            return status;
    }
    if (status == MORGUE_ERR_NOT_FOUND) /* of a segment; the archive itself is there */
        status = err ? (err->status = MORGUE_ERR_CORRUPT) : MORGUE_ERR_CORRUPT;
    return status;
}

void mrg_snapshot_close(mrg_snapshot *s)
{
    if (!s)
        return;
    for (size_t i = 0; s->segments && i < s->manifest.segment_count; i++)
        mrg_segment_close(s->segments[i]);
    mrg_free(s->segments);
    mrg_authority_free(s->authority);
    xapian_buffer_dispose(&s->list);
    xapian_database_free(s->names);
    xapian_database_free(s->catalogue);
    mrg_manifest_dispose(&s->manifest);
    mrg_free(s->path);
    mrg_free(s);
}

morgue_status mrg_snapshot_changed(mrg_snapshot *s, int *changed, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_database *now = NULL;
    xapian_buffer was_id = XAPIAN_BUFFER_INIT, is_id = XAPIAN_BUFFER_INIT; /* a compacted copy counts anew */
    uint64_t was = 0, is = 0;
    *changed = 0;
    morgue_status status = open_database(&now, s->path, "catalogue", &cause, err);
    if (!status &&
        (xapian_database_revision(&was, s->catalogue, &cause) || xapian_database_revision(&is, now, &cause) ||
         xapian_database_uuid(&was_id, s->catalogue, &cause) || xapian_database_uuid(&is_id, now, &cause)))
        status = mrg_fail_xapian(err, &cause, s->path);
    /* Commits overtook this very look; if not, opening it again tells what is wrong. */
    if (cause.status == XAPIAN_C_MODIFIED || is_doubtful(cause.status)) {
        mrg_error_clear(err);
        status = MORGUE_OK;
        was = is + 1;
    }
    if (!status)
        *changed = was != is || was_id.len != is_id.len || (is_id.len && memcmp(was_id.data, is_id.data, is_id.len));
    xapian_buffer_dispose(&was_id);
    xapian_buffer_dispose(&is_id);
    xapian_database_free(now);
    return status;
}

const mrg_segment *mrg_snapshot_segment(const mrg_snapshot *s, uint32_t docid)
{
    size_t low = 0, high = s->manifest.segment_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const mrg_segment_summary *summary = &s->manifest.segments[mid].summary;
        if (docid < summary->first_docid)
            high = mid;
        else if (docid - summary->first_docid >= summary->doc_count)
            low = mid + 1;
        else
            return s->segments[mid];
    }
    return NULL;
}

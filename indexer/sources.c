/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sources.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "core/zip.h"
#include "indexer.h"
#include "store/catalogue.h"

/* A file that changed so shortly before it was read may change again within the same tick of its clock. */
#define YOUNG_NS 2000000000ll

/* The settings of a file of which something was skipped. */
enum { NEVER_THE_SAME = 0, READ_BYTES = 256 << 10 };

static int64_t mtime_ns(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static int is_young(int64_t mtime)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - mtime < YOUNG_NS;
}

static int add_path(char ***items, size_t *count, size_t *capacity, const char *path)
{
    if (mrg_reserve((void **)items, capacity, *count + 1, sizeof **items))
        return -1;
    char *copy = mrg_strdup(path);
    if (!copy)
        return -1;
    (*items)[(*count)++] = copy;
    return 0;
}

static void free_paths(char ***items, size_t *count, size_t *capacity)
{
    for (size_t i = 0; i < *count; i++)
        mrg_free((*items)[i]);
    mrg_free(*items);
    *items = NULL;
    *count = *capacity = 0;
}

/* The options that decide what becomes of a file. */
static uint64_t settings_of(const morgue_index_options *o)
{
    uint64_t numbers[] = { (uint64_t)o->no_entities, o->max_article_bytes, o->max_inflated_bytes, o->max_inflate_ratio };
    uint64_t hash = mrg_hash_bytes(numbers, sizeof numbers, 0);
    const char *texts[] = { o->lang ? o->lang : "", o->input ? o->input : "" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        hash = mrg_hash_bytes(texts[i], strlen(texts[i]), hash);
    for (const char *const *m = o->fields; m && *m; m++)
        hash = mrg_hash_bytes(*m, strlen(*m), hash);
    return hash == NEVER_THE_SAME ? 1 : hash;
}

void mrg_sources_start(morgue_indexer *ix)
{
    mrg_sources *s = &ix->sources;
    s->settings = settings_of(&ix->options);
    mrg_bitset_dispose(&s->seen);
    mrg_bitset_dispose(&s->left);
    free_paths(&s->met, &s->met_count, &s->met_capacity);
}

/* ---- one file ---- */

/* What is known of a path, by the last commit. Nothing, if that cannot be read: then the file is. */
static int read_known(const morgue_indexer *ix, const char *path, mrg_known_file *out)
{
    morgue_error err;
    if (!ix->committed || mrg_known_file_read(out, ix->committed->catalogue, path, &err)) {
        mrg_known_file_dispose(out);
        return 0;
    }
    return 1;
}

static int checksum_file(int fd, uint32_t *out)
{
    unsigned char *bytes = mrg_malloc(READ_BYTES);
    uint32_t sum = 0;
    ssize_t n = -1;
    off_t at = 0;
    while (bytes && (n = pread(fd, bytes, READ_BYTES, at)) > 0) {
        sum = mrg_crc32(sum, bytes, (size_t)n);
        at += n;
    }
    mrg_free(bytes);
    *out = sum;
    return n == 0;
}

static int is_deleted(const morgue_indexer *ix, uint32_t docid)
{
    return mrg_bitset_has(&ix->gone, docid) || mrg_bitset_has(&ix->committed->manifest.deleted, docid);
}

/* Marks the docids of a file in `set`. */
static int mark(mrg_bitset *set, const mrg_known_file *file)
{
    for (size_t i = 0; i < file->range_count; i++)
        for (uint64_t docid = file->ranges[i].first; docid <= file->ranges[i].last; docid++)
            if (mrg_bitset_add(set, (uint32_t)docid))
                return -1;
    return 0;
}

/* As it was, with a new time at most. */
static int is_same(const mrg_sources *s, mrg_known_file *known, const struct stat *st, int fd)
{
    uint32_t checksum;
    if (known->settings != s->settings || known->size != (uint64_t)st->st_size)
        return 0;
    return known->mtime_ns == mtime_ns(st) || (checksum_file(fd, &checksum) && checksum == known->checksum);
}

static int keep(mrg_sources *s, mrg_known_file *take_file)
{
    if (mrg_reserve((void **)&s->done, &s->done_capacity, s->done_count + 1, sizeof *s->done))
        return -1;
    s->done[s->done_count++] = *take_file;
    memset(take_file, 0, sizeof *take_file);
    return 0;
}

int mrg_sources_known(void *ctx, const char *path, const struct stat *st, int fd)
{
    morgue_indexer *ix = ctx;
    mrg_sources *s = &ix->sources;
    mrg_known_file known = { 0 };
    if (add_path(&s->met, &s->met_count, &s->met_capacity, path) || !read_known(ix, path, &known))
        return 0;
    int same = is_same(s, &known, st, fd) && !mark(&s->seen, &known);
    if (same) {
        ix->progress.article_count += known.article_count;
        ix->progress.unchanged_count += known.article_count;
        ix->progress.source_bytes += (uint64_t)st->st_size;
        if (known.mtime_ns != mtime_ns(st) && !is_young(mtime_ns(st))) {
            known.mtime_ns = mtime_ns(st);
            keep(s, &known); /* if memory runs out, the checksum is made again */
        }
    }
    mrg_known_file_dispose(&known);
    return same;
}

void mrg_sources_begin(morgue_indexer *ix, const char *path)
{
    mrg_sources *s = &ix->sources;
    mrg_known_file_dispose(&s->current);
    mrg_buffer_append_str(&s->current.path, path);
    s->skipped_before = ix->progress.skipped_count;
    s->bytes_before = ix->progress.source_bytes;
}

morgue_status mrg_sources_took(morgue_indexer *ix, uint32_t docid, morgue_error *err)
{
    mrg_sources *s = &ix->sources;
    if (docid && s->current.path.len && (mrg_known_file_add(&s->current, docid) || mrg_bitset_add(&s->seen, docid)))
        return mrg_fail_nomem(err);
    return MORGUE_OK;
}

void mrg_sources_end(void *ctx, const char *path, const struct stat *st, uint32_t checksum)
{
    morgue_indexer *ix = ctx;
    mrg_sources *s = &ix->sources;
    mrg_known_file before = { 0 };
    if (read_known(ix, path, &before) && mark(&s->left, &before))
        mrg_bitset_dispose(&s->left); /* then what is left stays */
    mrg_known_file_dispose(&before);
    s->current.size = (uint64_t)st->st_size;
    s->current.mtime_ns = is_young(mtime_ns(st)) ? 0 : mtime_ns(st);
    s->current.checksum = checksum;
    s->current.settings = ix->progress.skipped_count == s->skipped_before ? s->settings : NEVER_THE_SAME;
    ix->progress.source_bytes = s->bytes_before + (uint64_t)st->st_size;
    if (!mrg_buffer_cstr(&s->current.path) || keep(s, &s->current))
        add_path(&s->gone, &s->gone_count, &s->gone_capacity, path);
    mrg_known_file_dispose(&s->current);
}

/* ---- mirroring ---- */

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* `path` itself, or below it. */
static int is_under(const char *file, const char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    return strncmp(file, path, len) == 0 && (!file[len] || file[len] == '/' || path[len - 1] == '/');
}

static morgue_status take_vanished(morgue_indexer *ix, const void *value, size_t len, const char *path, morgue_error *err)
{
    mrg_sources *s = &ix->sources;
    mrg_known_file known = { 0 };
    morgue_status status = mrg_known_file_decode(&known, value, len, err);
    const char *file = (const char *)known.path.data;
    if (!status && is_under(file, path) &&
        !(s->met_count && bsearch(&file, s->met, s->met_count, sizeof *s->met, compare_paths))) {
        if (mark(&s->left, &known) || add_path(&s->gone, &s->gone_count, &s->gone_capacity, file))
            status = mrg_fail_nomem(err);
    }
    mrg_known_file_dispose(&known);
    return status;
}

/* Known files under `path` that were not met. */
static morgue_status find_vanished(morgue_indexer *ix, const char *path, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *keys = NULL;
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    const xapian_database *catalogue = ix->committed->catalogue;
    const char *key;
    size_t len;
    morgue_status status = MORGUE_OK;
    xapian_status got = xapian_database_metadata_keys(&keys, catalogue, MRG_META_FILE_PREFIX,
                                                      strlen(MRG_META_FILE_PREFIX), &cause);
    while (!got && !status && (got = xapian_term_iter_next(&key, &len, keys, &cause)) == XAPIAN_C_OK) {
        got = xapian_database_metadata(&value, catalogue, key, len, &cause);
        if (!got)
            status = take_vanished(ix, value.data, value.len, path, err);
    }
    if (got < 0)
        status = mrg_fail_xapian(err, &cause, "cannot list the files that are known");
    xapian_buffer_dispose(&value);
    xapian_term_iter_free(keys);
    return status;
}

static morgue_status delete_docid(morgue_indexer *ix, uint32_t docid, morgue_error *err)
{
    mrg_fields fields = { 0 };
    morgue_status status = mrg_catalogue_fields(ix->committed->catalogue, docid, &fields, err);
    if (!status)
        status = morgue_indexer_delete(ix, fields.id, err);
    ix->progress.deleted_count += !status;
    mrg_fields_dispose(&fields);
    if (status == MORGUE_ERR_NOT_FOUND) { /* it went long ago */
        mrg_error_clear(err);
        status = MORGUE_OK;
    }
    return status;
}

morgue_status mrg_sources_mirror(morgue_indexer *ix, const char *path, morgue_error *err)
{
    mrg_sources *s = &ix->sources;
    if (!ix->committed)
        return MORGUE_OK;
    if (s->met_count > 1)
        qsort(s->met, s->met_count, sizeof *s->met, compare_paths);
    morgue_status status = find_vanished(ix, path, err);
    for (size_t word = 0; word < s->left.word_count && !status; word++) {
        for (uint64_t bits = s->left.words[word]; bits && !status; bits &= bits - 1) {
            uint32_t docid = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            if (!mrg_bitset_has(&s->seen, docid) && !is_deleted(ix, docid))
                status = delete_docid(ix, docid, err);
        }
    }
    return status;
}

/* ---- the commit ---- */

static morgue_status set(morgue_indexer *ix, const char *path, const mrg_buffer *value, morgue_error *err)
{
    mrg_buffer key = MRG_BUFFER_INIT;
    xapian_error cause = XAPIAN_ERROR_INIT;
    morgue_status status = MORGUE_OK;
    mrg_known_file_key(&key, path);
    if (key.failed || value->failed)
        status = mrg_fail_nomem(err);
    else if (xapian_writable_set_metadata(ix->catalogue, (const char *)key.data, key.len,
                                          value->len ? (const char *)value->data : "", value->len, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot note a file");
    mrg_buffer_dispose(&key);
    return status;
}

morgue_status mrg_sources_write(morgue_indexer *ix, int *wrote, morgue_error *err)
{
    mrg_sources *s = &ix->sources;
    mrg_buffer value = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    *wrote = s->gone_count || s->done_count;
    for (size_t i = 0; i < s->gone_count && !status; i++)
        status = set(ix, s->gone[i], &value, err);
    for (size_t i = 0; i < s->done_count && !status; i++) {
        mrg_buffer_clear(&value);
        mrg_known_file_encode(&s->done[i], &value);
        status = set(ix, (const char *)s->done[i].path.data, &value, err);
    }
    mrg_buffer_dispose(&value);
    return status;
}

void mrg_sources_committed(morgue_indexer *ix)
{
    mrg_sources *s = &ix->sources;
    for (size_t i = 0; i < s->done_count; i++)
        mrg_known_file_dispose(&s->done[i]);
    s->done_count = 0;
    free_paths(&s->gone, &s->gone_count, &s->gone_capacity);
}

void mrg_sources_dispose(mrg_sources *s)
{
    for (size_t i = 0; i < s->done_count; i++)
        mrg_known_file_dispose(&s->done[i]);
    mrg_free(s->done);
    free_paths(&s->gone, &s->gone_count, &s->gone_capacity);
    free_paths(&s->met, &s->met_count, &s->met_capacity);
    mrg_bitset_dispose(&s->seen);
    mrg_bitset_dispose(&s->left);
    mrg_known_file_dispose(&s->current);
    memset(s, 0, sizeof *s);
}

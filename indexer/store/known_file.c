/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/known_file.h"

#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "store/catalogue.h"

enum { FORMAT_BYTE = 1 };

void mrg_known_file_dispose(mrg_known_file *file)
{
    mrg_buffer_dispose(&file->path);
    mrg_free(file->ranges);
    memset(file, 0, sizeof *file);
}

int mrg_known_file_add(mrg_known_file *file, uint32_t docid)
{
    file->article_count++;
    if (file->range_count) {
        mrg_docid_range *last = &file->ranges[file->range_count - 1];
        if (docid >= last->first && docid <= last->last)
            return 0;
        if (docid == last->last + 1) {
            last->last = docid;
            return 0;
        }
    }
    if (mrg_reserve((void **)&file->ranges, &file->range_capacity, file->range_count + 1, sizeof *file->ranges))
        return -1;
    file->ranges[file->range_count++] = (mrg_docid_range){ docid, docid };
    return 0;
}

void mrg_known_file_key(mrg_buffer *out, const char *path)
{
    size_t len = strlen(path);
    mrg_buffer_printf(out, MRG_META_FILE_PREFIX "%016llx%016llx", (unsigned long long)mrg_hash_bytes(path, len, 1),
                      (unsigned long long)mrg_hash_bytes(path, len, 2));
}

/* Ranges as differences: they mostly ascend. */
static uint64_t zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

void mrg_known_file_encode(const mrg_known_file *file, mrg_buffer *out)
{
    int64_t before = 0;
    mrg_buffer_append_byte(out, FORMAT_BYTE);
    mrg_buffer_append_string(out, (const char *)file->path.data, file->path.len);
    mrg_buffer_append_varint(out, file->size);
    mrg_buffer_append_varint(out, zigzag(file->mtime_ns));
    mrg_buffer_append_varint(out, file->checksum);
    mrg_buffer_append_varint(out, file->settings);
    mrg_buffer_append_varint(out, file->article_count);
    mrg_buffer_append_varint(out, file->range_count);
    for (size_t i = 0; i < file->range_count; i++) {
        mrg_buffer_append_varint(out, zigzag((int64_t)file->ranges[i].first - before));
        mrg_buffer_append_varint(out, file->ranges[i].last - file->ranges[i].first);
        before = file->ranges[i].last;
    }
}

static morgue_status fail_damaged(morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_CORRUPT, "what the catalogue knows of a file is damaged");
}

static int read_ranges(mrg_known_file *out, mrg_reader *r, uint64_t count)
{
    int64_t before = 0;
    if (r->failed || count > (uint64_t)(r->end - r->p) / 2)
        return -1;
    if (mrg_reserve((void **)&out->ranges, &out->range_capacity, count, sizeof *out->ranges))
        return 1;
    for (uint64_t i = 0; i < count; i++) {
        int64_t step = unzigzag(mrg_read_varint(r));
        uint64_t more = mrg_read_varint(r);
        if (step < -(int64_t)UINT32_MAX || step > (int64_t)UINT32_MAX || more > UINT32_MAX)
            return -1;
        int64_t first = before + step;
        if (r->failed || first < 1 || first + (int64_t)more > (int64_t)UINT32_MAX)
            return -1;
        before = first + (int64_t)more;
        out->ranges[out->range_count++] = (mrg_docid_range){ (uint32_t)first, (uint32_t)before };
    }
    return 0;
}

morgue_status mrg_known_file_decode(mrg_known_file *out, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    size_t path_len;
    if (!len || *(const unsigned char *)bytes != FORMAT_BYTE)
        return fail_damaged(err);
    r.p++;
    const char *path = mrg_read_string(&r, &path_len);
    if (path_len)
        mrg_buffer_append(&out->path, path, path_len);
    out->size = mrg_read_varint(&r);
    out->mtime_ns = unzigzag(mrg_read_varint(&r));
    out->checksum = (uint32_t)mrg_read_varint(&r);
    out->settings = mrg_read_varint(&r);
    out->article_count = mrg_read_varint(&r);
    int failed = read_ranges(out, &r, mrg_read_varint(&r));
    if (failed > 0 || !mrg_buffer_cstr(&out->path))
        return mrg_fail_nomem(err);
    if (failed || r.failed || r.p != r.end || memchr(out->path.data, 0, out->path.len))
        return fail_damaged(err);
    return MORGUE_OK;
}

morgue_status mrg_known_file_read(mrg_known_file *out, const xapian_database *catalogue, const char *path,
                                  morgue_error *err)
{
    mrg_buffer key = MRG_BUFFER_INIT;
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    xapian_error cause = XAPIAN_ERROR_INIT;
    morgue_status status = MORGUE_OK;
    mrg_known_file_key(&key, path);
    if (key.failed)
        status = mrg_fail_nomem(err);
    else if (xapian_database_metadata(&value, catalogue, (const char *)key.data, key.len, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot look a file up");
    else if (!value.len)
        status = MORGUE_ERR_NOT_FOUND;
    else
        status = mrg_known_file_decode(out, value.data, value.len, err);
    if (!status && strcmp((const char *)out->path.data, path) != 0) /* another path with the same hash */
        status = MORGUE_ERR_NOT_FOUND;
    xapian_buffer_dispose(&value);
    mrg_buffer_dispose(&key);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/versions.h"

#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "core/zip.h"
#include "store/catalogue.h"

enum { ZIP_LEVEL = 6, LONGEST_ENTRY = 10 };

void mrg_versions_dispose(mrg_versions *versions)
{
    mrg_free(versions->items);
    memset(versions, 0, sizeof *versions);
}

int mrg_versions_add(mrg_versions *versions, uint32_t docid, uint32_t head)
{
    if (mrg_reserve((void **)&versions->items, &versions->capacity, versions->count + 1, sizeof *versions->items))
        return -1;
    versions->items[versions->count++] = (mrg_version){ docid, head };
    return 0;
}

uint32_t mrg_versions_head(const mrg_versions *versions, uint32_t docid)
{
    size_t low = 0, high = versions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (versions->items[middle].docid < docid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < versions->count && versions->items[low].docid == docid ? versions->items[low].head : docid;
}

morgue_status mrg_versions_encode(const mrg_versions *versions, mrg_buffer *out, morgue_error *err)
{
    mrg_buffer plain = MRG_BUFFER_INIT;
    uint32_t last = 0;
    mrg_buffer_append_varint(&plain, versions->count);
    for (size_t i = 0; i < versions->count; i++) {
        const mrg_version *v = &versions->items[i];
        mrg_buffer_append_varint(&plain, v->docid - last);
        mrg_buffer_append_varint(&plain, v->docid - v->head);
        last = v->docid;
    }
    mrg_buffer_append_varint(out, plain.len);
    morgue_status status = plain.failed || out->failed ? mrg_fail_nomem(err)
                                                       : mrg_zip(out, plain.data, plain.len, ZIP_LEVEL, err);
    mrg_buffer_dispose(&plain);
    return status;
}

static morgue_status fail_damaged(morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_CORRUPT, "the catalogue's list of versions is damaged");
}

static morgue_status decode_plain(mrg_versions *out, const mrg_buffer *plain, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(plain->data, plain->len);
    uint64_t count = mrg_read_varint(&r), docid = 0;
    if (r.failed || count > plain->len)
        return fail_damaged(err);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t step = mrg_read_varint(&r), back = mrg_read_varint(&r);
        if (r.failed || !step || step > UINT32_MAX || docid + step > UINT32_MAX)
            return fail_damaged(err);
        docid += step;
        if (!back || back >= docid)
            return fail_damaged(err);
        if (mrg_versions_add(out, (uint32_t)docid, (uint32_t)(docid - back)))
            return mrg_fail_nomem(err);
    }
    return r.p == r.end ? MORGUE_OK : fail_damaged(err);
}

morgue_status mrg_versions_decode(mrg_versions *out, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    mrg_buffer plain = MRG_BUFFER_INIT;
    uint64_t plain_len = mrg_read_varint(&r);
    /* Deflate makes nothing more than a thousandfold smaller. */
    if (r.failed || plain_len > (uint64_t)len * 1100 + LONGEST_ENTRY)
        return fail_damaged(err);
    morgue_status status = mrg_unzip(&plain, r.p, (size_t)(r.end - r.p), (size_t)plain_len, err);
    if (!status && plain.len != plain_len)
        status = fail_damaged(err);
    if (!status)
        status = decode_plain(out, &plain, err);
    mrg_buffer_dispose(&plain);
    return status;
}

morgue_status mrg_versions_read(mrg_versions *out, const xapian_database *catalogue, morgue_error *err)
{
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    xapian_error cause = XAPIAN_ERROR_INIT;
    morgue_status status = MORGUE_OK;
    if (xapian_database_metadata(&value, catalogue, MRG_META_VERSIONS, strlen(MRG_META_VERSIONS), &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read the list of versions");
    else if (value.len)
        status = mrg_versions_decode(out, value.data, value.len, err);
    xapian_buffer_dispose(&value);
    return status;
}

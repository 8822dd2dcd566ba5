/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/capture.h"

#include <string.h>

#include "core/bytes.h"
#include "store/catalogue.h"

enum { FORMAT_BYTE = 1, KIND_TIMES = 0, KIND_ALIAS = 1 };

mrg_capture_name mrg_capture_name_of(const char *id)
{
    size_t len = strlen(id);
    return (mrg_capture_name){ { mrg_hash_bytes(id, len, 1), mrg_hash_bytes(id, len, 2) } };
}

void mrg_capture_key(mrg_buffer *out, mrg_capture_name name)
{
    mrg_buffer_printf(out, MRG_META_CAPTURE_PREFIX "%016llx%016llx", (unsigned long long)name.hash[0],
                      (unsigned long long)name.hash[1]);
}

void mrg_capture_encode(const mrg_capture *capture, mrg_buffer *out)
{
    mrg_buffer_append_byte(out, FORMAT_BYTE);
    mrg_buffer_append_byte(out, capture->is_alias ? KIND_ALIAS : KIND_TIMES);
    if (capture->is_alias) {
        mrg_buffer_append_u64(out, capture->name.hash[0]);
        mrg_buffer_append_u64(out, capture->name.hash[1]);
    } else {
        mrg_buffer_append_u64(out, (uint64_t)capture->first);
        mrg_buffer_append_varint(out, (uint64_t)capture->last - (uint64_t)capture->first);
    }
}

morgue_status mrg_capture_decode(mrg_capture *out, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    const unsigned char *head = mrg_read_bytes(&r, 2);
    int kind = r.failed ? -1 : head[1];
    memset(out, 0, sizeof *out);
    out->is_alias = kind == KIND_ALIAS;
    if (out->is_alias) {
        out->name.hash[0] = mrg_read_u64(&r);
        out->name.hash[1] = mrg_read_u64(&r);
    } else {
        out->first = (int64_t)mrg_read_u64(&r);
        out->last = (int64_t)((uint64_t)out->first + mrg_read_varint(&r));
    }
    if (r.failed || r.p != r.end || head[0] != FORMAT_BYTE || kind > KIND_ALIAS || out->last < out->first ||
        out->first < MRG_FIRST_SECOND || out->last > MRG_LAST_SECOND)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "when an article was captured is damaged");
    return MORGUE_OK;
}

morgue_status mrg_capture_read(mrg_capture *out, const xapian_database *catalogue, mrg_capture_name name,
                               morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    mrg_buffer key = MRG_BUFFER_INIT;
    morgue_status status;
    mrg_capture_key(&key, name);
    if (key.failed)
        status = mrg_fail_nomem(err);
    else if (xapian_database_metadata(&value, catalogue, (const char *)key.data, key.len, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read when an article was captured");
    else
        status = value.len ? mrg_capture_decode(out, value.data, value.len, err) : MORGUE_ERR_NOT_FOUND;
    xapian_buffer_dispose(&value);
    mrg_buffer_dispose(&key);
    return status;
}

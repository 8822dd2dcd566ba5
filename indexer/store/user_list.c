/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/user_list.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bytes.h"
#include "core/error.h"
#include "core/file.h"
#include "core/zip.h"

enum { LIST_VERSION = 1, ZIP_LEVEL = 6 };

morgue_status mrg_user_list_encode(mrg_buffer *out, const void *text, size_t len, morgue_error *err)
{
    size_t begin = out->len;
    mrg_buffer_append_byte(out, LIST_VERSION);
    mrg_buffer_append_varint(out, len);
    morgue_status status = mrg_zip(out, text, len, ZIP_LEVEL, err);
    if (!status && out->failed)
        status = mrg_fail_nomem(err);
    if (!status && out->len - begin > MRG_USER_LIST_MAX_BYTES)
        status = mrg_fail(err, MORGUE_ERR_LIMIT, "the list of names is too large, even deflated to %d MB",
                          MRG_USER_LIST_MAX_BYTES >> 20);
    return status;
}

morgue_status mrg_user_list_decode(mrg_buffer *out, const void *value, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(value, len);
    const unsigned char *version = mrg_read_bytes(&r, 1);
    uint64_t text_len = mrg_read_varint(&r);
    size_t begin = out->len;
    if (r.failed || *version != LIST_VERSION || text_len > MRG_AUTHORITY_MAX_BYTES)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "the archive's list of names is damaged");
    morgue_status status = mrg_unzip(out, r.p, (size_t)(r.end - r.p), (size_t)text_len, err);
    if (status == MORGUE_ERR_CORRUPT || (!status && out->len - begin != text_len))
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "the archive's list of names is damaged");
    return status;
}

morgue_status mrg_user_list_open(mrg_authority **out, const void *value, size_t len, morgue_error *err)
{
    mrg_buffer text = MRG_BUFFER_INIT;
    morgue_error cause = { 0 };
    *out = NULL;
    if (!len)
        return MORGUE_OK;
    morgue_status status = mrg_user_list_decode(&text, value, len, err);
    if (!status) {
        status = mrg_authority_parse(out, (const char *)text.data, text.len, NULL, NULL, &cause);
        if (status == MORGUE_ERR_NOMEM)
            mrg_fail_nomem(err);
        else if (status)
            status = mrg_fail(err, MORGUE_ERR_CORRUPT, "the archive's list of names is damaged");
    }
    mrg_buffer_dispose(&text);
    return status;
}

static morgue_status check_file(const char *path, morgue_error *err)
{
    struct stat st;
    if (stat(path, &st))
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    if (!S_ISREG(st.st_mode))
        return mrg_fail(err, MORGUE_ERR_INVALID, "%s is no file, so it is no list of names", path);
    if (st.st_size > MRG_AUTHORITY_MAX_BYTES)
        return mrg_fail(err, MORGUE_ERR_LIMIT, "%s: a list of names has %d MB at most", path,
                        MRG_AUTHORITY_MAX_BYTES >> 20);
    return MORGUE_OK;
}

morgue_status mrg_user_list_read_file(mrg_authority **out, mrg_buffer *value, const char *path,
                                      void (*message)(void *ctx, const char *line), void *ctx, morgue_error *err)
{
    const mrg_authority_messages messages = { path, message, ctx };
    mrg_mapping file = { 0 };
    mrg_buffer kept = MRG_BUFFER_INIT;
    *out = NULL;
    morgue_status status = check_file(path, err);
    if (!status)
        status = mrg_mapping_open(&file, path, err);
    if (!status)
        status = mrg_authority_parse(out, (const char *)file.data, file.len, &messages, &kept, err);
    if (!status)
        status = mrg_user_list_encode(value, kept.data, kept.len, err);
    if (status) {
        mrg_authority_free(*out);
        *out = NULL;
    }
    mrg_buffer_dispose(&kept);
    mrg_mapping_dispose(&file);
    return status;
}

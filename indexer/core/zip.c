/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/zip.h"

#include <libdeflate.h>
#include <zlib.h>

morgue_status mrg_zip(mrg_buffer *out, const void *bytes, size_t len, int level, morgue_error *err)
{
    uLong bound = compressBound((uLong)len);
    unsigned char *room = mrg_buffer_room(out, bound);
    if (!room)
        return mrg_fail_nomem(err);
    if (compress2(room, &bound, bytes, (uLong)len, level) != Z_OK)
        return mrg_fail_nomem(err);
    out->len += bound;
    return MORGUE_OK;
}

morgue_status mrg_unzip(mrg_buffer *out, const void *bytes, size_t len, size_t max, morgue_error *err)
{
    z_stream z = { 0 };
    if (len > UINT32_MAX)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "deflated bytes are too many");
    if (inflateInit(&z) != Z_OK)
        return mrg_fail_nomem(err);
    size_t done = 0;
    int code = Z_OK;
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)len;
    while (code == Z_OK) {
        size_t step = max - done < 64 << 10 ? max - done + 1 : 64 << 10; /* one more than allowed, to notice */
        unsigned char *room = mrg_buffer_room(out, step);
        if (!room) {
            inflateEnd(&z);
            return mrg_fail_nomem(err);
        }
        z.next_out = room;
        z.avail_out = (uInt)step;
        code = inflate(&z, Z_NO_FLUSH);
        size_t got = step - z.avail_out;
        done += got;
        if (done > max || (code == Z_OK && got == 0))
            break;
        out->len += got;
    }
    inflateEnd(&z);
    if (code != Z_STREAM_END || done > max)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "deflated bytes are damaged");
    return MORGUE_OK;
}

uint32_t mrg_crc32(uint32_t crc, const void *bytes, size_t len)
{
    return libdeflate_crc32(crc, bytes, len);
}

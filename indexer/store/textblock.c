/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/textblock.h"

#include <libdeflate.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "core/alloc.h"
#include "core/zip.h"

/* Measured on news, MB/s made and read: zstd's level 3 in blocks of 128 KiB makes 37.9 % at 192 and 1313, in blocks of
   64 KiB 39.8 % at 187 and 1229, level 1 in blocks of 128 KiB 41.1 % at 304 and 1393. Deflate by libdeflate in blocks
   of 64 KiB makes 38.6 % at 74 and 760 (level 5) or 41.5 % at 195 and 698 (level 1); by zlib 44.6 % at 93 (level 1). */
enum {
    TEXT_LEVEL = 3,
    ZSTD_EXPANSION = 1 << 15,  /* the most that a byte can become: a block of 128 KiB is 4 bytes at least */
    DEFLATE_EXPANSION = 1040
};

/* ---- Making blocks ---- */

void mrg_text_block_dispose(mrg_text_block *block)
{
    ZSTD_freeCCtx(block->compressor);
    mrg_buffer_dispose(&block->raw);
    mrg_free(block->ends);
    *block = (mrg_text_block){ 0 };
}

void mrg_text_block_add(mrg_text_block *block, const void *record, size_t len)
{
    if (block->raw.failed || mrg_reserve((void **)&block->ends, &block->capacity, block->count + 1, sizeof(size_t))) {
        block->raw.failed = 1;
        return;
    }
    mrg_buffer_append(&block->raw, record, len);
    block->ends[block->count++] = block->raw.len;
}

static morgue_status append_packed(mrg_text_block *block, mrg_buffer *out, morgue_error *err)
{
    if (!block->compressor && !(block->compressor = ZSTD_createCCtx()))
        return mrg_fail_nomem(err);
    size_t bound = ZSTD_compressBound(block->raw.len);
    unsigned char *room = mrg_buffer_room(out, bound);
    if (!room)
        return mrg_fail_nomem(err);
    size_t len = ZSTD_compressCCtx(block->compressor, room, bound, block->raw.data, block->raw.len, TEXT_LEVEL);
    if (ZSTD_getErrorCode(len) == ZSTD_error_memory_allocation)
        return mrg_fail_nomem(err);
    if (ZSTD_isError(len))
        return mrg_fail(err, MORGUE_ERR_INTERNAL, "%zu bytes could not be compressed", block->raw.len);
    out->len += len;
    return MORGUE_OK;
}

static morgue_status encode(mrg_text_block *block, mrg_buffer *out, morgue_error *err)
{
    size_t start = out->len, before = 0;
    if (block->raw.failed)
        return mrg_fail_nomem(err);
    if (block->raw.len > MRG_TEXT_BLOCK_MAX_BYTES || block->count > UINT32_MAX)
        return mrg_fail(err, MORGUE_ERR_LIMIT, "an article's record of %zu bytes is too large", block->raw.len);
    mrg_buffer_append_u32(out, 0);
    mrg_buffer_append_varint(out, block->count);
    mrg_buffer_append_varint(out, block->raw.len);
    for (size_t i = 0; i < block->count; i++) {
        mrg_buffer_append_varint(out, block->ends[i] - before);
        before = block->ends[i];
    }
    morgue_status status = block->raw.len ? append_packed(block, out, err) : MORGUE_OK;
    if (!status && out->failed)
        status = mrg_fail_nomem(err);
    if (status)
        out->len = start;
    else
        mrg_store_u32(out->data + start, mrg_crc32(0, out->data + start + 4, out->len - start - 4));
    return status;
}

morgue_status mrg_text_block_encode(mrg_text_block *block, mrg_buffer *out, morgue_error *err)
{
    morgue_status status = encode(block, out, err);
    mrg_buffer_clear(&block->raw);
    block->count = 0;
    return status;
}

morgue_status mrg_text_block_encode_empty(uint32_t record_count, mrg_buffer *out, morgue_error *err)
{
    mrg_text_block block = { 0 };
    for (uint32_t i = 0; i < record_count; i++)
        mrg_text_block_add(&block, NULL, 0);
    morgue_status status = mrg_text_block_encode(&block, out, err);
    mrg_text_block_dispose(&block);
    return status;
}

/* ---- Reading blocks ---- */

morgue_status mrg_text_head_read(mrg_text_head *head, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    uint32_t crc = mrg_read_u32(&r);
    if (r.failed || crc != mrg_crc32(0, r.p, (size_t)(r.end - r.p)))
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "checksum does not match");
    uint64_t count = mrg_read_varint(&r), raw_len = mrg_read_varint(&r), sum = 0;
    if (r.failed || count > (uint64_t)(r.end - r.p) || raw_len > MRG_TEXT_BLOCK_MAX_BYTES)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%llu records of %llu bytes", (unsigned long long)count,
                        (unsigned long long)raw_len);
    head->record_count = (uint32_t)count;
    head->raw_len = (size_t)raw_len;
    head->lengths = r.p;
    for (uint64_t i = 0; i < count && sum <= raw_len; i++) {
        uint64_t n = mrg_read_varint(&r);
        sum = n > raw_len ? UINT64_MAX : sum + n;
    }
    head->packed = r.p;
    head->end = r.end;
    head->is_zstd = r.end - r.p >= 4 && mrg_load_u32(r.p) == ZSTD_MAGICNUMBER;
    /* So a few damaged bytes do not ask for gigabytes. */
    uint64_t most = (uint64_t)(r.end - r.p) * (head->is_zstd ? ZSTD_EXPANSION : DEFLATE_EXPANSION);
    if (r.failed || sum != raw_len || raw_len > most)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "the records' lengths do not add up");
    return MORGUE_OK;
}

static morgue_status fail_packed(morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_CORRUPT, "compressed bytes are damaged");
}

static morgue_status unpack_zstd(const mrg_text_head *head, unsigned char *room, morgue_error *err)
{
    size_t len = ZSTD_decompress(room, head->raw_len, head->packed, (size_t)(head->end - head->packed));
    if (ZSTD_getErrorCode(len) == ZSTD_error_memory_allocation)
        return mrg_fail_nomem(err);
    return len == head->raw_len ? MORGUE_OK : fail_packed(err);
}

/* As segments of format 1 have it. */
static morgue_status unpack_deflate(const mrg_text_head *head, unsigned char *room, morgue_error *err)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    size_t used = 0, packed = (size_t)(head->end - head->packed);
    if (!inflater)
        return mrg_fail_nomem(err);
    enum libdeflate_result result =
        libdeflate_deflate_decompress_ex(inflater, head->packed, packed, room, head->raw_len, &used, NULL);
    libdeflate_free_decompressor(inflater);
    return result == LIBDEFLATE_SUCCESS && used == packed ? MORGUE_OK : fail_packed(err);
}

morgue_status mrg_text_unpack(const mrg_text_head *head, mrg_buffer *out, morgue_error *err)
{
    mrg_buffer_clear(out);
    unsigned char *room = mrg_buffer_room(out, head->raw_len + 1);
    if (!room)
        return mrg_fail_nomem(err);
    if (head->raw_len == 0)
        return head->end > head->packed ? mrg_fail(err, MORGUE_ERR_CORRUPT, "bytes after empty records") : MORGUE_OK;
    morgue_status status = head->is_zstd ? unpack_zstd(head, room, err) : unpack_deflate(head, room, err);
    out->len = status ? 0 : head->raw_len;
    return status;
}

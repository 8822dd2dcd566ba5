/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zlib over buffers, and checksums. */
#ifndef MRG_ZIP_H
#define MRG_ZIP_H

#include "core/buffer.h"
#include "core/error.h"

/* Appends the deflated bytes (zlib format) to `out`. `level` as zlib's. */
morgue_status mrg_zip(mrg_buffer *out, const void *bytes, size_t len, int level, morgue_error *err);

/* Appends the inflated bytes to `out`; CORRUPT if they are not whole or would be more than `max`. */
morgue_status mrg_unzip(mrg_buffer *out, const void *bytes, size_t len, size_t max, morgue_error *err);

/* zlib's crc32 of bytes that follow others with the checksum `crc` (at first 0), some ten times as fast. */
uint32_t mrg_crc32(uint32_t crc, const void *bytes, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of any charset -> UTF-8. What is valid UTF-8 is taken as it is, whatever was declared; bytes
 * that are not are read in the declared charset, else in the one that they look like, else as Windows-1252, so
 * that a name keeps its letters.
 * Control characters and line ends are left to mrg_clean_utf8.
 */
#ifndef MRG_CHARSET_H
#define MRG_CHARSET_H

#include "core/buffer.h"
#include "core/error.h"

/* Bytes of a byte order mark here: 0 for none. */
size_t mrg_bom_bytes(const unsigned char *bytes, size_t len);

/* Non-zero if a byte order mark says UTF-16 or UTF-32. */
int mrg_is_wide(const unsigned char *bytes, size_t len);

/* How many bytes from the start are valid UTF-8 (whole characters). */
size_t mrg_utf8_valid_bytes(const unsigned char *bytes, size_t len);

/* Appends UTF-8 without a byte order mark. `declared` (may be NULL or "") is the charset's name. A
   failure is sticky in `out`. */
void mrg_to_utf8(mrg_buffer *out, const unsigned char *bytes, size_t len, const char *declared);

void mrg_append_utf8(mrg_buffer *out, uint32_t code);

#endif

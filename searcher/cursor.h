/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors: where the articles of some archives ended once, to ask later for what came since. Docids ascend
 * and an article that changes gets a new one, so what came since is what lies above the last docid of then,
 * however the archive was merged or compacted meanwhile.
 *
 *     cursor  = "m1" archive { archive } "-" checksum
 *     archive = "-" id "." docid        in hexadecimal: 16 digits of the archive's id, 1 to 8 of its last docid
 *
 * The checksum is the crc32 of all before it, 8 digits. To callers a cursor is opaque.
 */
#ifndef MRG_CURSOR_H
#define MRG_CURSOR_H

#include "searcher.h"

/* Appends the cursor of what is opened. */
void mrg_cursor_format(mrg_buffer *out, const mrg_view *view);

/* Writes for each archive of the view the docid after which its articles came since: room for all. Archives
   may stand in another order than they did, and some may be missing. INVALID for anything that is no
   cursor, and for archives that it does not know or that hold less than they did. */
morgue_status mrg_cursor_parse(uint32_t *since, const mrg_view *view, const char *cursor, morgue_error *err);

/* Whether an archive has docids above these. */
int mrg_cursor_has_more(const uint32_t *since, const mrg_view *view);

#endif

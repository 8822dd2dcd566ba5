/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/gzip.h"

#include <limits.h>
#include <string.h>

enum { GZIP_WINDOW = 15 + 16 }; /* zlib's largest window, and "gzip header" */
#define RATIO_FROM_BYTES ((uint64_t)64 << 20)

int mrg_gzip_detect(const unsigned char *bytes, size_t len)
{
    return len >= 3 && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8;
}

int mrg_gzip_begin(mrg_gzip *g, uint64_t max_bytes, unsigned max_ratio)
{
    int code = g->ready ? inflateReset2(&g->z, GZIP_WINDOW) : inflateInit2(&g->z, GZIP_WINDOW);
    if (code != Z_OK)
        return -1;
    g->ready = 1;
    g->state = MRG_GZIP_MORE;
    g->in_bytes = g->out_bytes = 0;
    g->max_bytes = max_bytes;
    g->max_ratio = max_ratio;
    return 0;
}

/* Between members: another one, zero padding (as tapes leave it), or rubbish. */
static int begin_member(mrg_gzip *g, const unsigned char **in, size_t *in_len)
{
    while (*in_len && **in == 0) {
        ++*in;
        --*in_len;
    }
    if (!*in_len)
        return 0;
    if (**in != 0x1f || inflateReset(&g->z) != Z_OK) {
        g->state = MRG_GZIP_TRAILING;
        return 0;
    }
    g->state = MRG_GZIP_MORE;
    return 1;
}

void mrg_gzip_skip_member(mrg_gzip *g)
{
    g->state = MRG_GZIP_SEEKING;
    g->matched = 0;
}

/* Finds 1f 8b 08 and a byte of flags that a member may have, and begins there; chance finds them in damaged data
   every gigabyte or so, and then the next damage leads on. */
static int find_member(mrg_gzip *g, const unsigned char **in, size_t *in_len)
{
    static const unsigned char head[3] = { 0x1f, 0x8b, 0x08 };
    while (*in_len) {
        unsigned char c = **in;
        if (g->matched == 3) {
            g->matched = 0;
            if (!(c & 0xe0) && inflateReset(&g->z) == Z_OK) {
                unsigned char begin[3] = { 0x1f, 0x8b, 0x08 }, none[1];
                g->z.next_in = begin;
                g->z.avail_in = sizeof begin;
                g->z.next_out = none;
                g->z.avail_out = 0;
                inflate(&g->z, Z_NO_FLUSH);
                g->state = MRG_GZIP_MORE;
                return 1;
            }
        }
        g->matched = c == head[g->matched] ? g->matched + 1 : c == head[0];
        ++*in;
        --*in_len;
    }
    return 0;
}

static int too_much(const mrg_gzip *g)
{
    if (g->out_bytes > g->max_bytes)
        return 1;
    return g->out_bytes > RATIO_FROM_BYTES && g->out_bytes / g->max_ratio > g->in_bytes;
}

static void judge(mrg_gzip *g, int code)
{
    if (too_much(g))
        g->state = MRG_GZIP_TOO_MUCH;
    else if (code == Z_STREAM_END)
        g->state = MRG_GZIP_END;
    else if (code == Z_MEM_ERROR)
        g->state = MRG_GZIP_NOMEM;
    else if (code != Z_OK && code != Z_BUF_ERROR)
        g->state = MRG_GZIP_DAMAGED;
}

size_t mrg_gzip_inflate(mrg_gzip *g, const unsigned char **in, size_t *in_len, unsigned char *out, size_t room)
{
    size_t written = 0;
    while (written < room) {
        if (g->state == MRG_GZIP_END && !begin_member(g, in, in_len))
            break;
        if (g->state == MRG_GZIP_SEEKING && !find_member(g, in, in_len))
            break;
        if (g->state != MRG_GZIP_MORE)
            break;
        uInt had_in = *in_len > UINT_MAX ? UINT_MAX : (uInt)*in_len;
        uInt had_room = room - written > UINT_MAX ? UINT_MAX : (uInt)(room - written);
        g->z.next_in = (z_const Bytef *)*in;
        g->z.avail_in = had_in;
        g->z.next_out = out + written;
        g->z.avail_out = had_room;
        int code = inflate(&g->z, Z_NO_FLUSH);
        size_t used = had_in - g->z.avail_in, gave = had_room - g->z.avail_out;
        *in += used;
        *in_len -= used;
        written += gave;
        g->in_bytes += used;
        g->out_bytes += gave;
        judge(g, code);
        if (!used && !gave)
            break;
    }
    return written;
}

void mrg_gzip_dispose(mrg_gzip *g)
{
    if (g->ready)
        inflateEnd(&g->z);
    memset(g, 0, sizeof *g);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inflating gzip as it is read: any number of members one after another, told apart from rubbish behind
 * them, and bounded, so that a small file cannot become endless text. Where bytes come from and go to is
 * stream.c's.
 */
#ifndef MRG_GZIP_H
#define MRG_GZIP_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

typedef enum mrg_gzip_state {
    MRG_GZIP_MORE = 0, /* wants more input, or more room */
    MRG_GZIP_END,      /* the last member is whole and nothing follows so far */
    MRG_GZIP_TRAILING, /* after the last member come bytes that are no gzip */
    MRG_GZIP_DAMAGED,
    MRG_GZIP_SEEKING,  /* looks for the next member after damage */
    MRG_GZIP_TOO_MUCH, /* a bound was reached */
    MRG_GZIP_NOMEM
} mrg_gzip_state;

/* Zero-initialise, begin (also again, for another source), dispose. */
typedef struct mrg_gzip {
    z_stream z;
    int ready; /* z is initialised */
    mrg_gzip_state state;
    unsigned matched; /* SEEKING: bytes of a member's beginning seen */
    uint64_t in_bytes, out_bytes;
    uint64_t max_bytes; /* inflated */
    unsigned max_ratio; /* past the first 64 MiB */
} mrg_gzip;

/* Non-zero if these first bytes of a source are gzip's. */
int mrg_gzip_detect(const unsigned char *bytes, size_t len);

/* 0, or -1 when memory ran out. */
int mrg_gzip_begin(mrg_gzip *g, uint64_t max_bytes, unsigned max_ratio);

/* Inflates from (*in, *in_len), which are moved on, to `out`; the state says how it stands. Returns the
   bytes written. Call it with no input at the end of the source: END is then a clean end. */
size_t mrg_gzip_inflate(mrg_gzip *g, const unsigned char **in, size_t *in_len, unsigned char *out, size_t room);

/* After damage: goes on with the next member, if there is one. */
void mrg_gzip_skip_member(mrg_gzip *g);

void mrg_gzip_dispose(mrg_gzip *g);

#endif

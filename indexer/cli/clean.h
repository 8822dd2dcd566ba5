/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from articles, file names and command lines made fit to be shown: what could steer a terminal or
 * turn text around (control characters, escape sequences, bidirectional overrides) never gets out, nor does
 * invalid UTF-8. Used by both programs; knows nothing of searching.
 */
#ifndef MRG_CLEAN_H
#define MRG_CLEAN_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One character as it may be shown. Tabs and line ends are spaces; anything else that must not be
   shown, and each invalid sequence, is U+FFFD. */
typedef struct mrg_glyph {
    int32_t c;
    char bytes[4];
    unsigned char len;   /* of bytes */
    unsigned char width; /* in terminal columns, 0 to 2 */
} mrg_glyph;

/* Reads the character at s[0]; returns the bytes of `s` it took, 0 only if len is 0. */
size_t mrg_glyph_next(mrg_glyph *out, const char *s, size_t len);

void mrg_put_glyph(FILE *out, const mrg_glyph *glyph);
void mrg_put_clean(FILE *out, const char *s, size_t len);
void mrg_put_clean_str(FILE *out, const char *s);

/* At most `max` columns; what is longer is cut and ends in "...". Returns the columns used. */
size_t mrg_put_clipped(FILE *out, const char *s, size_t len, size_t max);

/* Columns that mrg_put_clean would take. */
size_t mrg_clean_width(const char *s, size_t len);

/* A JSON string with its quotation marks; escapes what must not reach a terminal, so nothing is lost but
   invalid UTF-8, which becomes U+FFFD. */
void mrg_put_json(FILE *out, const char *s, size_t len);
void mrg_put_json_str(FILE *out, const char *s);

/* 50,667; in `out`, though not at its beginning. */
enum { MRG_COUNT_BYTES = 32 };
const char *mrg_grouped_count(char out[MRG_COUNT_BYTES], uint64_t n);
void mrg_put_count(FILE *out, uint64_t n);

#endif

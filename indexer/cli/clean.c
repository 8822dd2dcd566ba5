/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/clean.h"

#include <string.h>

#include <utf8proc.h>

enum { REPLACEMENT = 0xfffd };

/* The length of the longest start of a character at s[0], for counting broken ones: from a lead byte on,
   as far as it could have become valid. */
static size_t broken_len(const unsigned char *s, size_t len)
{
    size_t want = s[0] >= 0xf0 && s[0] < 0xf5   ? 4
                  : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
                  : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
                                                : 1;
    unsigned char low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    size_t n = 1;
    if (want > 1 && len > 1 && s[1] >= low && s[1] <= high)
        n++;
    while (n > 1 && n < want && n < len && (s[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static int is_control(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xfff9 && c <= 0xfffb);
}

/* Bytes taken; *c is negative for a broken character. */
static size_t decode(int32_t *c, const char *s, size_t len)
{
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, c);
    if (n > 0)
        return (size_t)n;
    *c = -1;
    return broken_len((const unsigned char *)s, len);
}

size_t mrg_glyph_next(mrg_glyph *out, const char *s, size_t len)
{
    int32_t c;
    if (len == 0)
        return 0;
    if ((unsigned char)s[0] >= 0x20 && (unsigned char)s[0] < 0x7f) {
        *out = (mrg_glyph){ s[0], { s[0] }, 1, 1 };
        return 1;
    }
    size_t n = decode(&c, s, len);
    if (c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
        c = ' ';
    else if (c < 0 || is_control(c))
        c = REPLACEMENT;
    out->c = c;
    out->len = (unsigned char)utf8proc_encode_char(c, (utf8proc_uint8_t *)out->bytes);
    int width = utf8proc_charwidth(c);
    out->width = (unsigned char)(width < 0 ? 0 : width > 2 ? 2 : width);
    return n;
}

void mrg_put_glyph(FILE *out, const mrg_glyph *glyph)
{
    fwrite(glyph->bytes, 1, glyph->len, out);
}

void mrg_put_clean(FILE *out, const char *s, size_t len)
{
    mrg_glyph g;
    for (size_t n; (n = mrg_glyph_next(&g, s, len)) > 0; s += n, len -= n)
        mrg_put_glyph(out, &g);
}

void mrg_put_clean_str(FILE *out, const char *s)
{
    mrg_put_clean(out, s, strlen(s));
}

size_t mrg_clean_width(const char *s, size_t len)
{
    mrg_glyph g;
    size_t width = 0;
    for (size_t n; (n = mrg_glyph_next(&g, s, len)) > 0; s += n, len -= n)
        width += g.width;
    return width;
}

/* Whether the rest of `s` fits in `max` columns, looking no further than needed. */
static int fits(const char *s, size_t len, size_t max)
{
    mrg_glyph g;
    size_t width = 0;
    for (size_t n; width <= max && (n = mrg_glyph_next(&g, s, len)) > 0; s += n, len -= n)
        width += g.width;
    return width <= max;
}

size_t mrg_put_clipped(FILE *out, const char *s, size_t len, size_t max)
{
    mrg_glyph g;
    size_t width = 0;
    int whole = fits(s, len, max);
    size_t room = whole ? max : max > 3 ? max - 3 : 0;
    for (size_t n; (n = mrg_glyph_next(&g, s, len)) > 0 && width + g.width <= room; s += n, len -= n) {
        mrg_put_glyph(out, &g);
        width += g.width;
    }
    if (!whole && max >= 3) {
        fputs("...", out);
        width += 3;
    }
    return width;
}

static void put_json_char(FILE *out, int32_t c, const char *bytes, size_t n)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *special = c > 0 && c < 0x80 ? strchr(escaped, (int)c) : NULL;
    if (special)
        fprintf(out, "\\%c", letters[special - escaped]);
    else if (c < 0)
        fputs("\xef\xbf\xbd", out);
    else if (is_control(c))
        fprintf(out, "\\u%04x", (unsigned)c);
    else
        fwrite(bytes, 1, n, out);
}

void mrg_put_json(FILE *out, const char *s, size_t len)
{
    putc('"', out);
    while (len > 0) {
        int32_t c;
        size_t n = decode(&c, s, len);
        put_json_char(out, c, s, n);
        s += n;
        len -= n;
    }
    putc('"', out);
}

void mrg_put_json_str(FILE *out, const char *s)
{
    mrg_put_json(out, s, strlen(s));
}

const char *mrg_grouped_count(char out[MRG_COUNT_BYTES], uint64_t n)
{
    char *at = out + MRG_COUNT_BYTES - 1;
    int digits = 0;
    *at = 0;
    do {
        if (digits && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + n % 10);
        digits++;
    } while (n /= 10);
    return at;
}

void mrg_put_count(FILE *out, uint64_t n)
{
    char text[MRG_COUNT_BYTES];
    fputs(mrg_grouped_count(text, n), out);
}

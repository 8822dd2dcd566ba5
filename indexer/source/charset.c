/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#define REPLACEMENT 0xfffdu

static const struct mark {
    const char *bytes;
    size_t len;
    const char *charset;
} marks[] = {
    { "\xef\xbb\xbf", 3, "UTF-8" }, { "\xff\xfe\0\0", 4, "UTF-32LE" }, { "\0\0\xfe\xff", 4, "UTF-32BE" },
    { "\xff\xfe", 2, "UTF-16LE" },  { "\xfe\xff", 2, "UTF-16BE" },
};

static const struct mark *find_mark(const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len >= marks[i].len && memcmp(bytes, marks[i].bytes, marks[i].len) == 0)
            return &marks[i];
    return NULL;
}

size_t mrg_bom_bytes(const unsigned char *bytes, size_t len)
{
    const struct mark *mark = find_mark(bytes, len);
    return mark ? mark->len : 0;
}

int mrg_is_wide(const unsigned char *bytes, size_t len)
{
    const struct mark *mark = find_mark(bytes, len);
    return mark && mark != &marks[0];
}

/* The length of the valid character here, 0 if there is none (Unicode, table 3-7). */
static size_t character_bytes(const unsigned char *p, size_t left)
{
    unsigned first = p[0], low = 0x80, high = 0xbf;
    size_t n = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || n > left)
        return 0;
    if (first == 0xe0)
        low = 0xa0;
    else if (first == 0xed)
        high = 0x9f;
    else if (first == 0xf0)
        low = 0x90;
    else if (first == 0xf4)
        high = 0x8f;
    if (n > 1 && (p[1] < low || p[1] > high))
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

size_t mrg_utf8_valid_bytes(const unsigned char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len) {
        uint64_t eight;
        if (len - at >= sizeof eight) {
            memcpy(&eight, bytes + at, sizeof eight);
            if (!(eight & 0x8080808080808080u)) {
                at += sizeof eight;
                continue;
            }
        }
        size_t n = character_bytes(bytes + at, len - at);
        if (!n)
            break;
        at += n;
    }
    return at;
}

void mrg_append_utf8(mrg_buffer *out, uint32_t code)
{
    unsigned char *p = mrg_buffer_room(out, 4);
    if (!p)
        return;
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        code = REPLACEMENT;
    if (code < 0x80) {
        p[0] = (unsigned char)code;
        out->len += 1;
    } else if (code < 0x800) {
        p[0] = (unsigned char)(0xc0 | code >> 6);
        p[1] = (unsigned char)(0x80 | (code & 0x3f));
        out->len += 2;
    } else if (code < 0x10000) {
        p[0] = (unsigned char)(0xe0 | code >> 12);
        p[1] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
        p[2] = (unsigned char)(0x80 | (code & 0x3f));
        out->len += 3;
    } else {
        p[0] = (unsigned char)(0xf0 | code >> 18);
        p[1] = (unsigned char)(0x80 | (code >> 12 & 0x3f));
        p[2] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
        p[3] = (unsigned char)(0x80 | (code & 0x3f));
        out->len += 4;
    }
}

/* Windows-1252, 0x80 to 0x9f; the rest is Latin-1. */
static void append_windows_1252(mrg_buffer *out, unsigned char byte)
{
    static const uint16_t high[32] = {
        0x20ac, REPLACEMENT, 0x201a,      0x0192, 0x201e,      0x2026,      0x2020, 0x2021,      0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152,      REPLACEMENT, 0x017d, REPLACEMENT, REPLACEMENT, 0x2018, 0x2019,      0x201c, 0x201d, 0x2022,
        0x2013, 0x2014,      0x02dc,      0x2122, 0x0161,      0x203a,      0x0153, REPLACEMENT, 0x017e, 0x0178,
    };
    mrg_append_utf8(out, byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte);
}

/* Only the bytes that are not UTF-8: a page glued from two charsets keeps both. */
static void append_mixed(mrg_buffer *out, const unsigned char *bytes, size_t len)
{
    while (len && !out->failed) {
        size_t valid = mrg_utf8_valid_bytes(bytes, len);
        mrg_buffer_append(out, bytes, valid);
        if (valid < len)
            append_windows_1252(out, bytes[valid++]);
        bytes += valid;
        len -= valid;
    }
}

/* A failing byte becomes U+FFFD and is passed over. 0 if the charset is not known. */
static int append_converted(mrg_buffer *out, const unsigned char *bytes, size_t len, const char *charset)
{
    iconv_t converter = iconv_open("UTF-8", charset);
    if (converter == (iconv_t)-1)
        return 0;
    char *in = (char *)(uintptr_t)bytes;
    size_t step = strncmp(charset, "UTF-16", 6) == 0 ? 2 : strncmp(charset, "UTF-32", 6) == 0 ? 4 : 1;
    while (len) {
        unsigned char *room = mrg_buffer_room(out, len + 64);
        if (!room)
            break;
        char *to = (char *)room;
        size_t left = len + 64;
        size_t code = iconv(converter, &in, &len, &to, &left);
        out->len += (size_t)(to - (char *)room);
        if (code == (size_t)-1 && errno != E2BIG && len) {
            mrg_append_utf8(out, REPLACEMENT);
            size_t skip = len < step ? len : step;
            in += skip;
            len -= skip;
        }
    }
    iconv_close(converter);
    return 1;
}

/* Latin-1 means Windows-1252 wherever text is published, and UTF-8 is what it was not. */
static int is_worth_converting(const char *charset)
{
    static const char *const not [] = { "utf-8",        "utf8",     "iso-8859-1", "latin1", "latin-1",
                                        "windows-1252", "cp1252",   "us-ascii",   "ascii",  "utf-16",
                                        "utf-16le",     "utf-16be", "utf-32",     "utf-7" };
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (strcasecmp(charset, not [i]) == 0)
            return 0;
    return charset[0] != 0;
}

/* ---- undeclared ---- */

enum { GUESS_BYTES = 64 << 10, FEW_BYTES = 8, MANY_BYTES = 15, GUESS_NAME = 32 };

/* Charsets that a guess is believed for. Western ones are left to Windows-1252: on little text they are
   mistaken for one another, and a wrong accent does less harm than a wrong alphabet. */
static int is_believed(const char *charset, size_t high)
{
    static const char *const certain[] = {
        "SHIFT_JIS", "EUC-JP", "EUC-KR", "UHC", "GB18030", "BIG5", "EUC-TW", "KOI8-R", "WINDOWS-1251", "ISO-8859-5",
        "IBM866", "IBM855", "MAC-CYRILLIC", "WINDOWS-1253", "ISO-8859-7", "WINDOWS-1255", "ISO-8859-8", "WINDOWS-1256",
        "ISO-8859-6", "TIS-620",
    };
    static const char *const with_much[] = { "WINDOWS-1250", "ISO-8859-2", "WINDOWS-1254", "ISO-8859-9", "VISCII" };
    for (size_t i = 0; i < sizeof certain / sizeof *certain; i++)
        if (strcasecmp(charset, certain[i]) == 0)
            return 1;
    for (size_t i = 0; i < sizeof with_much / sizeof *with_much; i++)
        if (strcasecmp(charset, with_much[i]) == 0)
            return high >= MANY_BYTES;
    return 0;
}

/* Most of what is not ASCII is UTF-8: then it is UTF-8 with pieces of something else in it. */
static int is_mostly_utf8(const unsigned char *bytes, size_t len, size_t *high)
{
    size_t good = 0, bad = 0;
    *high = 0;
    for (size_t at = 0; at < len;) {
        size_t n = bytes[at] < 0x80 ? 1 : character_bytes(bytes + at, len - at);
        if (bytes[at] >= 0x80) {
            good += n > 0;
            bad += n == 0;
            *high += n ? n : 1;
        }
        at += n ? n : 1;
    }
    return good >= bad;
}

/* What uchardet (Mozilla's detector) makes of bytes that are no UTF-8, if that is to be believed. */
static int guess_charset(const unsigned char *bytes, size_t len, char out[GUESS_NAME])
{
    size_t high, n = len < GUESS_BYTES ? len : GUESS_BYTES;
    out[0] = 0;
    if (is_mostly_utf8(bytes, n, &high) || high < FEW_BYTES)
        return 0;
    uchardet_t detector = uchardet_new();
    if (!detector)
        return 0;
    if (uchardet_handle_data(detector, (const char *)bytes, n) == 0) {
        uchardet_data_end(detector);
        const char *charset = uchardet_get_charset(detector);
        if (strlen(charset) < GUESS_NAME && is_believed(charset, high))
            memcpy(out, charset, strlen(charset) + 1);
    }
    uchardet_delete(detector);
    return out[0] != 0;
}

void mrg_to_utf8(mrg_buffer *out, const unsigned char *bytes, size_t len, const char *declared)
{
    const struct mark *mark = find_mark(bytes, len);
    if (mark) {
        bytes += mark->len;
        len -= mark->len;
        if (mark != &marks[0] && append_converted(out, bytes, len, mark->charset))
            return;
    }
    char guess[GUESS_NAME];
    int known = !mark && declared && is_worth_converting(declared);
    /* The ISO 2022 family is made of ASCII bytes. */
    int escapes = known && strncasecmp(declared, "iso-2022", 8) == 0;
    if (!escapes && mrg_utf8_valid_bytes(bytes, len) == len) {
        mrg_buffer_append(out, bytes, len);
        return;
    }
    if (known && append_converted(out, bytes, len, declared))
        return;
    int may_guess = !mark && !(declared && *declared);
    if (!may_guess || !guess_charset(bytes, len, guess) || !append_converted(out, bytes, len, guess))
        append_mixed(out, bytes, len);
}

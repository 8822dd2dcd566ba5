/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one character is, and what it folds to.
 *
 *   - Letters and digits: case folded, taken apart by compatibility (NFKD), accents left out. Letters that
 *     Unicode does not take apart but readers do have a table of their own. Digits of every script are 0-9.
 *   - Vowel signs and the like, of India's scripts for one, are no accents and stay.
 *   - The Cyrillic short i stays too, for it is no accented i to a Russian stemmer.
 *   - Scripts without spaces: the composed character, wide for narrow, where that is a single one.
 *   - A fold folds to itself, and all of it is letters, digits and marks: what a term looks like is what
 *     finds it.
 */
#include <string.h>
#include <utf8proc.h>

#include "text/chars.h"

struct range {
    uint32_t first, last;
};

/* ---- Classes ---- */

enum {
    GROUP_HAN = 0x20, /* in MRG_CHAR_GROUP */
    GROUP_HANGUL = 0x40,
    GROUP_THAI = 0x60,
    GROUP_LAO = 0x80,
    GROUP_KHMER = 0xa0,
    GROUP_MYANMAR = 0xc0
};

/* Japanese mixes Han and kana within a word, so they are one group; Korean keeps Han apart. */
static const struct {
    struct range range;
    unsigned group;
} ngrams[] = {
    { { 0x0e01, 0x0e3a }, GROUP_THAI },    { { 0x0e40, 0x0e4e }, GROUP_THAI },    { { 0x0e81, 0x0ecd }, GROUP_LAO },
    { { 0x0edc, 0x0edf }, GROUP_LAO },     { { 0x1000, 0x103f }, GROUP_MYANMAR }, { { 0x1050, 0x108f }, GROUP_MYANMAR },
    { { 0x109a, 0x109d }, GROUP_MYANMAR }, { { 0x1100, 0x115e }, GROUP_HANGUL },  { { 0x1780, 0x17d3 }, GROUP_KHMER },
    { { 0x17d7, 0x17d7 }, GROUP_KHMER },   { { 0x17dc, 0x17dd }, GROUP_KHMER },   { { 0x2e80, 0x2fd5 }, GROUP_HAN },
    { { 0x3005, 0x3007 }, GROUP_HAN },     { { 0x3021, 0x3029 }, GROUP_HAN },     { { 0x3031, 0x3035 }, GROUP_HAN },
    { { 0x3038, 0x303c }, GROUP_HAN },     { { 0x3041, 0x3096 }, GROUP_HAN },     { { 0x309d, 0x309f }, GROUP_HAN },
    { { 0x30a1, 0x30fa }, GROUP_HAN },     { { 0x30fc, 0x30ff }, GROUP_HAN },     { { 0x3105, 0x312f }, GROUP_HAN },
    { { 0x3131, 0x3163 }, GROUP_HANGUL },  { { 0x3165, 0x318e }, GROUP_HANGUL },  { { 0x3192, 0x319f }, GROUP_HAN },
    { { 0x31a0, 0x31bf }, GROUP_HAN },     { { 0x31f0, 0x31ff }, GROUP_HAN },     { { 0x3220, 0x3229 }, GROUP_HAN },
    { { 0x3280, 0x3289 }, GROUP_HAN },     { { 0x3400, 0x4dbf }, GROUP_HAN },     { { 0x4e00, 0x9fff }, GROUP_HAN },
    { { 0xa960, 0xa97c }, GROUP_HANGUL },  { { 0xa9e0, 0xa9ef }, GROUP_MYANMAR }, { { 0xa9fa, 0xa9fe }, GROUP_MYANMAR },
    { { 0xaa60, 0xaa7f }, GROUP_MYANMAR }, { { 0xac00, 0xd7a3 }, GROUP_HANGUL },  { { 0xf900, 0xfaff }, GROUP_HAN },
    { { 0xff66, 0xff9d }, GROUP_HAN },     { { 0xffa1, 0xffdc }, GROUP_HANGUL },  { { 0x16fe0, 0x16fe3 }, GROUP_HAN },
    { { 0x1b000, 0x1b16f }, GROUP_HAN },   { { 0x20000, 0x3fffd }, GROUP_HAN },
};

unsigned mrg_char_group(uint32_t c)
{
    for (size_t i = 0; i < sizeof ngrams / sizeof *ngrams; i++) {
        if (c >= ngrams[i].range.first && c <= ngrams[i].range.last)
            return ngrams[i].group;
    }
    return 0;
}

/* Straight, curly, modifier letters, accents and primes put in an apostrophe's place, full width. */
static int is_apostrophe(uint32_t c)
{
    static const uint32_t all[] = { '\'',   '`',    0xb4,   0x2b9,  0x2bb,  0x2bc,  0x2bd, 0x2c8,
                                    0x2018, 0x2019, 0x201b, 0x2032, 0xa78c, 0xff07, 0xff40 };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] == c)
            return 1;
    }
    return 0;
}

/* What has no width or is left out in print: soft hyphen, joiners, direction marks, Hangul fillers, the
   Arabic stretching bar, the Hebrew points of abbreviation. */
static int is_ignored(uint32_t c, utf8proc_category_t category)
{
    return category == UTF8PROC_CATEGORY_CF || c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x640 ||
           c == 0x5f3 || c == 0x5f4;
}

/* The vowels and finals of Hangul syllables taken apart, and narrow voicing marks. */
static int is_trailing(uint32_t c)
{
    return (c >= 0x1161 && c <= 0x11ff) || (c >= 0xd7b0 && c <= 0xd7fb) || c == 0xff9e || c == 0xff9f;
}

/* Fractions would fold to two numbers run together. */
static int is_fraction(uint32_t c)
{
    return (c >= 0xbc && c <= 0xbe) || (c >= 0x2150 && c <= 0x215f) || c == 0x2189;
}

mrg_char_class mrg_char_classify(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    if (is_apostrophe(c))
        return MRG_CHAR_APOSTROPHE;
    if (is_ignored(c, category))
        return MRG_CHAR_IGNORE;
    if (is_trailing(c))
        return MRG_CHAR_MARK;
    switch (category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return MRG_CHAR_MARK;
    case UTF8PROC_CATEGORY_CN:
        return c >= 0x20000 && c <= 0x3fffd && (c & 0xffff) < 0xfffe ? MRG_CHAR_NGRAM : MRG_CHAR_BREAK;
    case UTF8PROC_CATEGORY_SO:
        return c >= 0x2e80 && c <= 0x2fd5 ? MRG_CHAR_NGRAM : MRG_CHAR_BREAK; /* radicals */
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return mrg_char_group(c) ? MRG_CHAR_NGRAM : MRG_CHAR_LETTER;
    case UTF8PROC_CATEGORY_ND:
        return MRG_CHAR_DIGIT;
    case UTF8PROC_CATEGORY_NO:
        return mrg_char_group(c) ? MRG_CHAR_NGRAM : is_fraction(c) ? MRG_CHAR_BREAK : MRG_CHAR_DIGIT;
    default:
        return MRG_CHAR_BREAK;
    }
}

/* ---- Folds ---- */

/* Accents and points that readers leave out. */
static int is_accent(uint32_t c)
{
    static const struct range ranges[] = {
        { 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5c7 },   { 0x610, 0x61a },   { 0x64b, 0x65f },
        { 0x670, 0x670 },   { 0x6d6, 0x6ed },   { 0x17b4, 0x17b5 }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
        { 0x20d0, 0x20ff }, { 0x302a, 0x302f }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return 1;
    }
    return 0;
}

/* Letters that Unicode does not take apart, in lower case: Latin as Europe and Africa write it. */
static const char *fold_specially(uint32_t c)
{
    static const struct {
        uint32_t from;
        const char *to;
    } folds[] = {
        { 0xe6, "ae" }, { 0xf0, "d" },  { 0xf8, "o" },  { 0xfe, "th" },  { 0x111, "d" }, { 0x127, "h" }, { 0x131, "i" },
        { 0x138, "k" }, { 0x142, "l" }, { 0x14b, "n" }, { 0x153, "oe" }, { 0x167, "t" }, { 0x180, "b" }, { 0x188, "c" },
        { 0x18c, "d" }, { 0x192, "f" }, { 0x199, "k" }, { 0x19a, "l" },  { 0x19e, "n" }, { 0x1a5, "p" }, { 0x1ad, "t" },
        { 0x1b4, "y" }, { 0x1b6, "z" }, { 0x1dd, "e" }, { 0x1e5, "g" },  { 0x225, "z" }, { 0x23c, "c" }, { 0x23f, "s" },
        { 0x240, "z" }, { 0x247, "e" }, { 0x249, "j" }, { 0x24d, "r" },  { 0x24f, "y" }, { 0x253, "b" }, { 0x254, "o" },
        { 0x256, "d" }, { 0x257, "d" }, { 0x259, "a" }, { 0x25b, "e" },  { 0x260, "g" }, { 0x268, "i" }, { 0x269, "i" },
        { 0x272, "n" }, { 0x289, "u" }, { 0x28b, "v" },
    };
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
        if (folds[i].from == c)
            return folds[i].to;
    }
    return NULL;
}

/* Decimal digits stand in runs of ten; returns 0-9. */
static unsigned digit_value(uint32_t c)
{
    uint32_t first = c;
    while (first > 0 && utf8proc_category((utf8proc_int32_t)first - 1) == UTF8PROC_CATEGORY_ND)
        first--;
    return (c - first) % 10;
}

static size_t encode(uint32_t c, unsigned char *out)
{
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)c, out);
}

static size_t decompose(uint32_t c, utf8proc_option_t options, utf8proc_int32_t parts[static 32])
{
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 32, options, &boundary);
    return n < 0 ? 0 : n > 32 ? 32 : (size_t)n;
}

/* One part of what a letter was taken into. Returns the bytes written. */
static size_t fold_part(uint32_t c, int at_start, unsigned char out[static 4])
{
    mrg_char_class class = mrg_char_classify(c);
    const char *special = fold_specially(c);
    if (is_accent(c) || (class != MRG_CHAR_LETTER && class != MRG_CHAR_DIGIT && class != MRG_CHAR_MARK) ||
        (at_start && class == MRG_CHAR_MARK))
        return 0;
    if (special) {
        memcpy(out, special, strlen(special));
        return strlen(special);
    }
    if (utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ND) {
        out[0] = (unsigned char)('0' + digit_value(c));
        return 1;
    }
    return encode(c, out);
}

static size_t fold_letter(uint32_t c, mrg_char_class class, unsigned char *out)
{
    utf8proc_int32_t parts[32];
    size_t len = 0;
    if (c == 0x419 || c == 0x439)
        return encode(0x439, out);
    size_t count = decompose(c, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, parts);
    for (size_t i = 0; i < count; i++) {
        unsigned char part[4];
        size_t n = fold_part((uint32_t)parts[i], len == 0 && class != MRG_CHAR_MARK, part);
        if (len + n > MRG_FOLD_MAX)
            break;
        memcpy(out + len, part, n);
        len += n;
    }
    return len;
}

/* The voiced kana and the syllables of Hangul are characters of their own, so this composes. Jamo that
   stand alone stay as they are: composed ones would join their neighbours. */
static size_t fold_ngram(uint32_t c, unsigned char *out)
{
    utf8proc_int32_t parts[32];
    if ((c >= 0x3131 && c <= 0x318e) || (c >= 0xffa0 && c <= 0xffdc))
        return encode(c, out);
    size_t count = decompose(c, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, parts);
    utf8proc_ssize_t n = utf8proc_normalize_utf32(parts, (utf8proc_ssize_t)count, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (n == 1 && mrg_char_classify((uint32_t)parts[0]) == MRG_CHAR_NGRAM)
        return encode((uint32_t)parts[0], out);
    return encode(c, out);
}

/* Full-width punctuation and the hyphens: for whole strings only, as no term has any. */
static size_t fold_break(uint32_t c, unsigned char *out)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    return encode(c == 0x2010 || c == 0x2011 ? '-' : c, out);
}

size_t mrg_char_fold(uint32_t c, mrg_char_class class, unsigned char *out)
{
    switch (class) {
    case MRG_CHAR_LETTER:
    case MRG_CHAR_DIGIT:
        return fold_letter(c, class, out);
    case MRG_CHAR_MARK:
        return is_accent(c) ? 0 : fold_letter(c, class, out);
    case MRG_CHAR_NGRAM:
        return fold_ngram(c, out);
    case MRG_CHAR_APOSTROPHE:
        return encode('\'', out);
    case MRG_CHAR_IGNORE:
        return 0;
    default:
        return fold_break(c, out);
    }
}

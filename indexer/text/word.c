/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A word is a run of letters and digits with their marks. Beyond that:
 *
 *   - Soft hyphens and characters of no width are as if they were not there. Any other hyphen parts words:
 *     Kremlin-backed, 62-year-old. So do slashes, colons, underscores and the dots of example.com.
 *   - 's is taken off, whatever the apostrophe (Putin's, AT&T's, 1990's -> putin, at&t, 1990); that of
 *     states' is left outside. Before any other letter an apostrophe stays, as a straight one: o'brien,
 *     don't, l'oreal. At the ends of words it is a quotation mark.
 *   - Numbers: digits, groups of exactly three after a comma (1,000 -> 1000; 12,34 -> 12 34), then a dot and
 *     digits (3.5). With two dots it is no number, but 192 168 0 1 and 24 08 1991. Letters may follow:
 *     20th, 3.5bn. Signs of currency and per cent are between words; fractions such as a small 1/2, too.
 *   - & between one to three plain letters on each side: at&t, r&d, s&p.
 *   - Acronyms are in acronym.c, scripts without spaces in ngram.c, sentences in sentence.c.
 *
 * A term must give itself when it is tokenized, for queries are typed from what one sees; and so must its
 * bytes in the text. That is why the rules look at plain ASCII where folding could make them differ.
 */
#include <string.h>

#include "core/bytes.h"
#include "text/lexer.h"

enum {
    SEEN_LETTER = 1,
    SEEN_SMALL = 2,
    SEEN_UPPER = 4,
    SEEN_UPPERS = 8, /* two or more */
    SEEN_DIGIT = 16,
    SEEN_OTHER = 32, /* not ASCII */
    SEEN_COMMA = 64,
    SEEN_DOT = 128,
    SEEN_AMPERSAND = 256,
    SEEN_APOSTROPHE = 512,
    SEEN_CUT = 1024, /* the term has reached its bound */

    MIDDLE_DOT = 0xb7
};

struct word {
    const unsigned char *begin;
    const unsigned char *end; /* of what has been taken */
    unsigned char *term;
    size_t len;
    size_t letters;
    unsigned seen;
    int first_upper;
    /* Before the last apostrophe. */
    const unsigned char *stem_end;
    size_t stem_len;
    unsigned stem_seen;
};

static void add_bytes(struct word *w, const unsigned char *bytes, size_t len)
{
    if (w->len + len > MRG_TERM_MAX_BYTES)
        w->seen |= SEEN_CUT;
    if (len == 0 || w->seen & SEEN_CUT)
        return;
    memcpy(w->term + w->len, bytes, len);
    w->len += len;
}

#define EACH(byte) (0x0101010101010101u * (byte))

static uint64_t load_8(const unsigned char *p, size_t left)
{
    unsigned char padded[8] = { 0 };
    if (left >= 8)
        return mrg_load_u64(p);
    memcpy(padded, p, left);
    return mrg_load_u64(padded);
}

/* Takes ASCII letters and digits from p on, eight at a time: the top bit of each byte of a mask tells what
   that byte is. Returns the first that is neither. */
static const unsigned char *take_ascii(struct word *w, const unsigned char *p, const unsigned char *limit)
{
    size_t n;
    do {
        uint64_t v = load_8(p, (size_t)(limit - p)), top = EACH(0x80u);
        uint64_t low = v & ~top, lower = low | EACH(0x20u);
        uint64_t letter = (lower + EACH(0x80u - 'a')) & ~(lower + EACH(0x80u - 'z' - 1)) & ~v & top;
        uint64_t digit = (low + EACH(0x80u - '0')) & ~(low + EACH(0x80u - '9' - 1)) & ~v & top;
        uint64_t other = ~(letter | digit) & top;
        n = other ? (size_t)__builtin_ctzll(other) / 8 : 8;
        uint64_t mine = (other & (0 - other)) - 1; /* the bits below the first other one, or all */
        letter &= mine;
        digit &= mine;
        uint64_t upper = letter & ~(v << 2);
        if (w->len + 8 <= MRG_TERM_MAX_BYTES && !(w->seen & SEEN_CUT)) {
            mrg_store_u64(w->term + w->len, v | upper >> 2);
            w->len += n;
        } else {
            unsigned char bytes[8];
            mrg_store_u64(bytes, v | upper >> 2);
            for (size_t i = 0; i < n; i++)
                add_bytes(w, bytes + i, 1);
        }
        w->letters += letter ? n : 0; /* exact for a lone letter */
        w->seen |= (letter ? SEEN_LETTER : 0u) | (digit ? SEEN_DIGIT : 0u) | (letter != upper ? SEEN_SMALL : 0u) |
                   (upper ? SEEN_UPPER : 0u) |
                   (upper & (upper - 1) || (upper && w->seen & SEEN_UPPER) ? SEEN_UPPERS : 0u);
        p += n;
    } while (n == 8);
    return p;
}

static void take_char(struct word *w, const mrg_char *c)
{
    add_bytes(w, c->fold, c->fold_len);
    w->seen |= SEEN_OTHER;
    if (c->class == MRG_CHAR_LETTER) {
        w->letters++;
        w->seen |= SEEN_LETTER;
        if (c->flags & MRG_CHAR_UPPER)
            w->seen |= w->seen & SEEN_UPPER ? SEEN_UPPERS : SEEN_UPPER;
        else
            w->seen |= SEEN_SMALL;
    } else if (c->class == MRG_CHAR_DIGIT) {
        w->letters++;
        w->seen |= SEEN_DIGIT;
    }
}

/* ---- What may stand inside a word. Each returns where the word goes on, or NULL where it ends. ---- */

static int is_digit_at(const unsigned char *p, const unsigned char *limit)
{
    return p < limit && mrg_is_ascii_digit(*p);
}

/* The word stands behind a digit and this sign: it is a part of something longer. */
static int follows_digit_and(const mrg_lexer *x, const struct word *w, unsigned char sign)
{
    return w->begin - x->begin >= 2 && w->begin[-1] == sign && mrg_is_ascii_digit(w->begin[-2]);
}

/* A comma at p before exactly three digits. */
static const unsigned char *take_comma(const mrg_lexer *x, struct word *w, const unsigned char *p)
{
    if ((w->seen & ~(unsigned)SEEN_COMMA) != SEEN_DIGIT || (!(w->seen & SEEN_COMMA) && w->len > 3) || w->end != p ||
        !is_digit_at(p + 1, x->end) || !is_digit_at(p + 2, x->end) || !is_digit_at(p + 3, x->end) ||
        is_digit_at(p + 4, x->end) || follows_digit_and(x, w, ','))
        return NULL;
    w->seen |= SEEN_COMMA;
    return p + 1;
}

/* The one dot at p of a number. */
static const unsigned char *take_dot(const mrg_lexer *x, struct word *w, const unsigned char *p)
{
    if ((w->seen & ~(unsigned)SEEN_COMMA) != SEEN_DIGIT || w->end != p || !is_digit_at(p + 1, x->end) ||
        follows_digit_and(x, w, '.'))
        return NULL;
    const unsigned char *q = p + 1;
    while (is_digit_at(q, x->end))
        q++;
    if (q < x->end && *q == '.' && is_digit_at(q + 1, x->end))
        return NULL;
    w->seen |= SEEN_DOT;
    add_bytes(w, p, 1);
    return p + 1;
}

static const unsigned char *take_ampersand(mrg_lexer *x, struct word *w, const unsigned char *p)
{
    const unsigned char *q = p + 1;
    unsigned plain = SEEN_LETTER | SEEN_SMALL | SEEN_UPPER | SEEN_UPPERS;
    if (w->seen & ~plain || w->len > 3 || w->end != p)
        return NULL;
    while (q < x->end && q - p <= 4 && mrg_is_ascii_letter(*q))
        q++;
    if (q == p + 1 || q > p + 4)
        return NULL;
    mrg_char after = mrg_lexer_look(x, q);
    if (mrg_is_alnum(&after) || after.class == MRG_CHAR_MARK || after.class == MRG_CHAR_IGNORE ||
        after.codepoint == MIDDLE_DOT)
        return NULL; /* there is more of that side */
    w->seen |= SEEN_AMPERSAND;
    add_bytes(w, p, 1);
    return p + 1;
}

/* An apostrophe of `bytes` bytes at p before a letter. */
static const unsigned char *take_apostrophe(mrg_lexer *x, struct word *w, const unsigned char *p, size_t bytes)
{
    const unsigned char *q = p + bytes;
    if (q >= x->end || !mrg_is_ascii_letter(*q)) {
        mrg_char after = mrg_lexer_skip(x, &q);
        if (after.class != MRG_CHAR_LETTER)
            return NULL;
    }
    w->stem_end = w->end;
    w->stem_len = w->len;
    w->stem_seen = w->seen;
    w->seen |= SEEN_APOSTROPHE;
    add_bytes(w, (const unsigned char *)"'", 1);
    return q;
}

/* A short i taken apart is the one of folds.c. */
static void put_breve(struct word *w)
{
    if (!(w->seen & SEEN_CUT) && w->len >= 2 && !memcmp(w->term + w->len - 2, "\xd0\xb8", 2))
        w->term[w->len - 1] = 0xb9;
}

/* Catalan writes a dot in the middle of two l. */
static int is_between_ls(const mrg_lexer *x, const struct word *w, const unsigned char *p, const mrg_char *c)
{
    const unsigned char *after = p + c->bytes;
    return c->codepoint == MIDDLE_DOT && w->end == p && (p[-1] | 32) == 'l' && after < x->end && (*after | 32) == 'l';
}

/* Something that is not ASCII. */
static const unsigned char *take_other(mrg_lexer *x, struct word *w, const unsigned char *p)
{
    mrg_char c = mrg_lexer_look(x, p);
    switch (c.class) {
    case MRG_CHAR_LETTER:
    case MRG_CHAR_DIGIT:
    case MRG_CHAR_MARK:
        take_char(w, &c);
        if (c.codepoint == 0x306)
            put_breve(w);
        return w->end = p + c.bytes;
    case MRG_CHAR_IGNORE:
        return p + c.bytes;
    case MRG_CHAR_APOSTROPHE:
        return take_apostrophe(x, w, p, c.bytes);
    default:
        return is_between_ls(x, w, p, &c) ? p + c.bytes : NULL;
    }
}

/* ---- The end of a word ---- */

/* Nothing that a term must not end with: it would not give itself. */
static void trim_term(struct word *w)
{
    for (;;) {
        unsigned char last = w->term[w->len - 1];
        if (last == '\'' || last == '.' || last == '&')
            w->len--;
        else if (w->len >= 3 && last == 's' && w->term[w->len - 2] == '\'')
            w->len -= 2;
        else
            return;
    }
}

static uint32_t word_flags(const struct word *w, unsigned seen)
{
    uint32_t flags = w->first_upper ? MRG_TOKEN_CAPITAL : 0u;
    if (seen & SEEN_UPPERS && !(seen & SEEN_SMALL))
        flags |= MRG_TOKEN_ALL_CAPS;
    if (seen & SEEN_DIGIT)
        flags |= MRG_TOKEN_DIGIT;
    if (seen & SEEN_APOSTROPHE && memchr(w->term, '\'', w->len))
        flags |= MRG_TOKEN_APOSTROPHE;
    return flags;
}

/* The word ends at w->end; reading goes on at p, which may be behind characters to be ignored. */
static void finish_word(mrg_lexer *x, struct word *w, const unsigned char *p)
{
    uint32_t flags = 0;
    if (w->seen & SEEN_APOSTROPHE && !(w->seen & SEEN_CUT) && w->len == w->stem_len + 2 && w->term[w->len - 1] == 's') {
        w->len = w->stem_len;
        w->end = w->stem_end;
        w->seen = w->stem_seen;
        flags |= MRG_TOKEN_POSSESSIVE;
    } else if (w->term[w->len - 1] == 's' && p < x->end && (*p == '\'' || *p >= 0x80)) {
        flags |= mrg_lexer_look(x, p).class == MRG_CHAR_APOSTROPHE ? MRG_TOKEN_POSSESSIVE : 0u;
    }
    if (w->seen & (SEEN_CUT | SEEN_APOSTROPHE))
        trim_term(w);
    flags |= word_flags(w, w->seen);
    mrg_word_form form = { w->term, w->len, flags, !w->first_upper && !mrg_is_ascii_digit(*w->begin) };
    mrg_lexer_emit(x, w->begin, w->end, &form, p);
}

/* What an ASCII character can do behind a word. */
enum { END = 0, PLAIN, DOT, COMMA, AMPERSAND, APOSTROPHE };

#define P5 PLAIN, PLAIN, PLAIN, PLAIN, PLAIN
#define P13 P5, P5, PLAIN, PLAIN, PLAIN
static const uint8_t ascii_kinds[128] = {
    ['&'] = AMPERSAND,  ['\''] = APOSTROPHE, [','] = COMMA, ['.'] = DOT, ['0'] = P5, P5, ['A'] = P13, P13,
    ['`'] = APOSTROPHE, ['a'] = P13,         P13,
};
#undef P5
#undef P13

static const unsigned char *go_on(mrg_lexer *x, struct word *w, const unsigned char *p)
{
    if (*p >= 0x80)
        return take_other(x, w, p);
    switch (ascii_kinds[*p]) {
    case PLAIN:
        return w->end = take_ascii(w, p, x->end);
    case DOT:
        return take_dot(x, w, p);
    case COMMA:
        return take_comma(x, w, p);
    case AMPERSAND:
        return take_ampersand(x, w, p);
    case APOSTROPHE:
        return take_apostrophe(x, w, p, 1);
    default:
        return NULL;
    }
}

static int is_upper_at(mrg_lexer *x, const unsigned char *p)
{
    return *p < 0x80 ? *p >= 'A' && *p <= 'Z' : mrg_lexer_look(x, p).flags & MRG_CHAR_UPPER;
}

void mrg_read_word(mrg_lexer *x)
{
    struct word w = { .begin = x->at, .end = x->at, .term = mrg_lexer_room(x) };
    const unsigned char *p = x->at, *next = p;
    if (!w.term)
        return;
    w.first_upper = is_upper_at(x, p) != 0;
    do {
        p = next;
        next = p < x->end ? go_on(x, &w, p) : NULL;
    } while (next);
    if (w.letters == 1 && !(w.seen & SEEN_DIGIT) && p < x->end && *p == '.' && mrg_read_acronym(x, w.begin))
        return;
    finish_word(x, &w, p);
}

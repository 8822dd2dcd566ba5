/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/features.h"

#include <assert.h>

#include "core/bytes.h"
#include "entity/model.h"
#include "entity/words.h"
#include "text/tokenize.h"

/* ---- Keys ---- */

/* Multiply and fold (wyhash, Wang Yi 2019); here and not mrg_hash_mix(), since models on disk depend on it. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 m = (u128)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xe7037ed1a0b428dbu);
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

uint64_t mrg_feature_hash(const char *bytes, size_t len)
{
    uint64_t h = mix(len, 0xa0761d6478bd642fu), tail = 0;
    for (; len >= 8; bytes += 8, len -= 8)
        h = mix(h, mrg_load_u64(bytes));
    for (size_t i = 0; i < len; i++)
        tail |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    return mix(h, tail);
}

enum {
    WORD_BOUNDARY = 1,
    WORD_SURFACE,
    WORD_LOWER,
    WORD_PREFIX,
    WORD_SUFFIX,
    WORD_SHAPE,
    WORD_SHORT_SHAPE,
    WORD_COARSE,
    WORD_MIDDLE,
    WORD_FINE,
    WORD_FLAG,
    WORD_GAZ,
    WORD_TOKEN,
    WORD_UNKNOWN,
    TEMPLATE_DIRECT = 100,
    TEMPLATE_PAIR = 101
};

typedef struct keys {
    uint64_t *at;
    size_t count;
    uint64_t offset;
} keys;

static void put(keys *k, unsigned template, uint64_t value)
{
    assert(k->count < MRG_WORD_FEATURES_MAX);
    k->at[k->count++] = mix(value, template * 8 + k->offset);
}

/* ---- Words ---- */

static char shape_of(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return 'X';
    if ((c >= 'a' && c <= 'z') || c >= 0x80)
        return 'x';
    return c >= '0' && c <= '9' ? 'd' : (char)c;
}

/* "Xxx" for "Biden", "X.X." for "U.S.": runs longer than `most` are cut. */
static uint64_t shape_hash(const mrg_word_look *w, size_t most)
{
    char shape[24];
    size_t n = 0, run = 0;
    for (size_t i = 0; i < w->surface_len && n < sizeof shape; i++) {
        char c = shape_of((unsigned char)w->surface[i]);
        run = n && shape[n - 1] == c ? run + 1 : 1;
        if (run <= most)
            shape[n++] = c;
    }
    return mrg_feature_hash(shape, n);
}

mrg_shape mrg_word_shape(const mrg_word_look *w)
{
    if (!w->surface)
        return MRG_SHAPE_NONE;
    if (w->token_flags & MRG_TOKEN_NGRAM)
        return MRG_SHAPE_OTHER;
    if (w->token_flags & MRG_TOKEN_DIGIT) {
        for (size_t i = 0; i < w->surface_len; i++) {
            if (shape_of((unsigned char)w->surface[i]) == 'X')
                return MRG_SHAPE_DIGITS;
        }
        return MRG_SHAPE_NUMBER;
    }
    if (w->token_flags & MRG_TOKEN_ACRONYM)
        return MRG_SHAPE_ACRONYM;
    if (w->token_flags & MRG_TOKEN_ALL_CAPS)
        return MRG_SHAPE_CAPITALS;
    if (w->token_flags & MRG_TOKEN_CAPITAL && w->surface_len == 1)
        return MRG_SHAPE_INITIAL;
    for (size_t i = 1; i < w->surface_len; i++) {
        if (shape_of((unsigned char)w->surface[i]) == 'X')
            return MRG_SHAPE_MIXED;
    }
    return w->token_flags & MRG_TOKEN_CAPITAL ? MRG_SHAPE_CAPITAL : MRG_SHAPE_SMALL;
}

static void put_affixes(keys *k, const mrg_word_look *w, size_t prefixes, size_t suffixes)
{
    for (size_t n = 1; n <= prefixes && n <= w->term_len; n++)
        put(k, WORD_PREFIX, mrg_feature_hash(w->term, n));
    for (size_t n = 1; n <= suffixes && n <= w->term_len; n++)
        put(k, WORD_SUFFIX, mrg_feature_hash(w->term + w->term_len - n, n));
}

static void put_flags(keys *k, unsigned template, uint32_t flags)
{
    for (; flags; flags &= flags - 1)
        put(k, template, (uint64_t)__builtin_ctz(flags));
}

size_t mrg_word_features(const mrg_word_look *w, int offset, uint64_t out[MRG_WORD_FEATURES_MAX])
{
    const uint32_t looks = MRG_TOKEN_CAPITAL | MRG_TOKEN_ALL_CAPS | MRG_TOKEN_DIGIT | MRG_TOKEN_ACRONYM |
                           MRG_TOKEN_POSSESSIVE | MRG_TOKEN_APOSTROPHE;
    const uint32_t known = ~(uint32_t)(MRG_WORD_RESPELLED | MRG_WORD_OWNS);
    int distance = offset < 0 ? -offset : offset;
    keys k = { out, 0, (uint64_t)(offset + MRG_WINDOW) };
    if (!w->surface) {
        put(&k, WORD_BOUNDARY, 0);
        return k.count;
    }
    put(&k, WORD_LOWER, mrg_feature_hash(w->term, w->term_len));
    put(&k, WORD_SHORT_SHAPE, shape_hash(w, 1));
    if (distance == 0)
        put(&k, WORD_SURFACE, mrg_feature_hash(w->surface, w->surface_len));
    if (distance < 2)
        put(&k, WORD_SHAPE, shape_hash(w, 2));
    put_affixes(&k, w, distance == 0 ? 5 : distance == 1 ? 3 : 0, distance == 0 ? 5 : distance == 1 ? 4 : 3);
    put_flags(&k, WORD_FLAG, w->word_flags & known);
    put_flags(&k, WORD_TOKEN, w->token_flags & looks);
    put_flags(&k, WORD_GAZ, MRG_LEXICON_GAZ(w->lexicon));
    if (w->lexicon & MRG_LEXICON_CLUSTERED) {
        put(&k, WORD_COARSE, MRG_LEXICON_COARSE(w->lexicon));
        put(&k, WORD_MIDDLE, MRG_LEXICON_MIDDLE(w->lexicon));
        put(&k, WORD_FINE, MRG_LEXICON_FINE(w->lexicon));
    } else {
        put(&k, WORD_UNKNOWN, 0);
    }
    return k.count;
}

/* ---- Small domains ---- */

enum { S = MRG_SHAPES, G = MRG_TAG_GAPS, R = MRG_TAG_RULES, A = MRG_TAG_ARTICLE, C = MRG_TAG_COUNTS };

const uint32_t mrg_direct_sizes[MRG_DIRECT_FEATURES] = { G * G,
                                                         S * G * S,
                                                         S * G * S,
                                                         S * S * S,
                                                         S * S * S,
                                                         S * S * S,
                                                         2 * S * C,
                                                         R * R * R,
                                                         R * MRG_TAG_EVIDENCE,
                                                         R * S * 2,
                                                         A * R,
                                                         A * C * S,
                                                         MRG_TAG_NAMES * S,
                                                         R * G * G,
                                                         A * A,
                                                         5 * 5 * R,
                                                         G * G * S };

uint64_t mrg_direct_key(uint32_t row)
{
    return mix(row, TEMPLATE_DIRECT);
}

void mrg_direct_features(const mrg_tag_token *t, uint32_t rows[MRG_DIRECT_FEATURES])
{
    const mrg_tag_token *a = t - 1, *b = t + 1;
    uint32_t gap = t->gap, after = b->gap, shape = t->shape, rule = t->rule;
    uint32_t base = 0, n = 0;
    const uint32_t values[MRG_DIRECT_FEATURES] = {
        gap * G + after,
        (a->shape * (uint32_t)G + gap) * S + shape,
        (shape * G + after) * S + b->shape,
        (a->shape * (uint32_t)S + shape) * S + b->shape,
        (t[-2].shape * (uint32_t)S + a->shape) * S + shape,
        (shape * S + b->shape) * S + t[2].shape,
        (t->start * (uint32_t)S + shape) * C + t->counts,
        (a->rule * (uint32_t)R + rule) * R + b->rule,
        rule * MRG_TAG_EVIDENCE + t->evidence,
        (rule * S + shape) * 2 + t->start,
        t->article * (uint32_t)R + rule,
        (t->article * (uint32_t)C + t->counts) * S + shape,
        t->name * (uint32_t)S + shape,
        (rule * G + gap) * G + after,
        a->article * (uint32_t)A + b->article,
        (a->name / 32u * 5 + t->name / 32u) * R + rule,
        (gap * G + after) * S + shape,
    };
    for (n = 0; n < MRG_DIRECT_FEATURES; n++) {
        rows[n] = base + values[n];
        base += mrg_direct_sizes[n];
    }
}

/* ---- Pairs ---- */

static uint64_t pair(unsigned n, uint64_t a, uint64_t b)
{
    return mix(a << 32 | b, TEMPLATE_PAIR + n);
}

void mrg_pair_features(const mrg_tag_token *t, uint64_t out[MRG_PAIR_FEATURES])
{
    const mrg_tag_token *a = t - 1, *b = t + 1;
    unsigned n = 0;
#define PUT(x, y) (out[n] = pair(n, (x), (y)), n++)
    PUT(a->lower, t->lower);
    PUT(t->lower, b->lower);
    PUT(a->lower, b->lower);
    PUT(t[-2].lower, a->lower);
    PUT(b->lower, t[2].lower);
    PUT(a->middle, t->middle);
    PUT(t->middle, b->middle);
    PUT(a->middle, (uint64_t)b->middle * 16 + t->shape);
    PUT(a->lower, t->rule * 16u + t->shape);
    PUT(b->lower, t->rule * 16u + t->shape);
    PUT(t->lower, t->rule * 16u + t->article);
    PUT(a->lower, (uint64_t)t->gap * 16 + t->shape);
    PUT(b->lower, (uint64_t)b->gap * 16 + t->shape);
    PUT(t->last, (uint64_t)t->to_last * 4 + t->to_first);
    PUT(t->first, (uint64_t)t->to_first * 4 + t->to_last);
    PUT(t->middle, t->rule * 16u + t->shape);
    PUT(t->last, (uint64_t)t->middle * 4 + t->to_last);
#undef PUT
    assert(n == MRG_PAIR_FEATURES);
}

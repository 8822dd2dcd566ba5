/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/sketch.h"

#include <string.h>

#include "core/bytes.h"

static uint64_t hash_word(const mrg_tokens *tokens, size_t i)
{
    const mrg_token *token = &tokens->items[i];
    return mrg_hash_bytes(mrg_token_term(tokens, token), token->term_len, 0);
}

/* Keeps the smallest ones, in order. */
static void add_key(mrg_sketch *s, uint32_t key, unsigned *count)
{
    unsigned at = *count;
    if (!key || (at == MRG_SKETCH_KEYS && key >= s->keys[at - 1]))
        return;
    while (at > 0 && s->keys[at - 1] > key)
        at--;
    if (at > 0 && s->keys[at - 1] == key)
        return;
    unsigned last = *count < MRG_SKETCH_KEYS ? (*count)++ : MRG_SKETCH_KEYS - 1;
    memmove(s->keys + at + 1, s->keys + at, (last - at) * sizeof *s->keys);
    s->keys[at] = key;
}

static void add_to_bin(mrg_sketch *s, uint64_t hash)
{
    uint16_t *bin = &s->bins[hash >> 58];
    uint16_t value = (uint16_t)(hash >> 40);
    if (!value)
        value = 1;
    if (!*bin || value < *bin)
        *bin = value;
}

void mrg_sketch_make(mrg_sketch *out, const mrg_tokens *tokens, size_t first)
{
    unsigned count = 0;
    memset(out, 0, sizeof *out);
    if (tokens->count < first + MRG_SKETCH_LEAST_WORDS)
        return;
    uint64_t a = hash_word(tokens, first), b = hash_word(tokens, first + 1), c = hash_word(tokens, first + 2);
    for (size_t i = first + 3; i < tokens->count; i++) {
        uint64_t d = hash_word(tokens, i);
        uint64_t three = mrg_hash_mix(a ^ 0xa0761d6478bd642fu, mrg_hash_mix(b ^ 0xe7037ed1a0b428dbu, c));
        add_to_bin(out, three);
        add_key(out, (uint32_t)(mrg_hash_mix(three, d ^ 0x8ebc6af09c88c6e3u) >> 32), &count);
        a = b;
        b = c;
        c = d;
    }
    add_to_bin(out, mrg_hash_mix(a ^ 0xa0761d6478bd642fu, mrg_hash_mix(b ^ 0xe7037ed1a0b428dbu, c)));
}

double mrg_sketch_resemblance(const mrg_sketch *a, const mrg_sketch *b)
{
    unsigned same = 0, filled = 0;
    for (unsigned i = 0; i < MRG_SKETCH_BINS; i++) {
        filled += a->bins[i] || b->bins[i];
        same += a->bins[i] && a->bins[i] == b->bins[i];
    }
    return filled ? (double)same / filled : 0;
}

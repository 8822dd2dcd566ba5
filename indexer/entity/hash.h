/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash for short strings, words and names: loads that overlap at the end, so that no length is slow. */
#ifndef MRG_ENTITY_HASH_H
#define MRG_ENTITY_HASH_H

#include "core/bytes.h"

static inline uint64_t mrg_short_hash(const char *s, size_t len)
{
    uint64_t a = 0, b = 0, h = 0x9e3779b97f4a7c15u * ((uint64_t)len + 1); /* "A" is not to be "BA" */
    uint32_t x = 0, y = 0;
    if (len < 4) {
        if (len)
            a = (uint64_t)(unsigned char)s[0] | (uint64_t)(unsigned char)s[len / 2] << 8 |
                (uint64_t)(unsigned char)s[len - 1] << 16;
        return mrg_hash_mix(h ^ a, 0xe7037ed1a0b428dbu);
    }
    if (len < 8) {
        memcpy(&x, s, 4);
        memcpy(&y, s + len - 4, 4);
        return mrg_hash_mix(h ^ ((uint64_t)x << 32 | y), 0xe7037ed1a0b428dbu);
    }
    for (size_t at = 0; at + 8 < len; at += 8) {
        memcpy(&a, s + at, 8);
        h = mrg_hash_mix(h ^ a, 0xa0761d6478bd642fu);
    }
    memcpy(&b, s + len - 8, 8);
    return mrg_hash_mix(h ^ b, 0xe7037ed1a0b428dbu);
}

#endif

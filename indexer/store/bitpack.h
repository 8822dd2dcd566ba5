/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of small integers in few bits. A run has one width; values that need more bits are exceptions,
 * whose high bits follow at the end (PFOR: Zukowski et al. 2006, Lemire and Boytsov 2015). The width is
 * the one that makes the run smallest. FORMAT.md has the bytes.
 *
 * Readers may load up to 8 bytes past the end of a run. In a segment the footer lies there; elsewhere
 * the caller leaves MRG_PACK_SLACK bytes.
 */
#ifndef MRG_BITPACK_H
#define MRG_BITPACK_H

#include "core/buffer.h"
#include "core/bytes.h"

enum { MRG_PACK_BLOCK = 128, MRG_PACK_SLACK = 8 };

/* Bits that v needs: 0 for 0. */
static inline unsigned mrg_bit_width(uint32_t v)
{
    return v ? 32u - (unsigned)__builtin_clz(v) : 0;
}

static inline uint32_t mrg_bit_mask(unsigned width)
{
    return width >= 32 ? UINT32_MAX : ((uint32_t)1 << width) - 1;
}

/* ---- Plain packing: value i is the `width` bits from bit i * width on, low bits first --------- */

static inline uint64_t mrg_packed_bytes(uint64_t count, unsigned width)
{
    return (count * width + 7) / 8;
}

static inline uint32_t mrg_packed_get(const unsigned char *p, uint64_t index, unsigned width)
{
    uint64_t bit = index * width;
    return (uint32_t)(mrg_load_u64(p + (bit >> 3)) >> (bit & 7)) & mrg_bit_mask(width);
}

/* Appends the low `width` bits of each value. */
void mrg_packed_append(mrg_buffer *out, const uint32_t *values, size_t count, unsigned width);

/* ---- Blocks of 1 to 128 values, read as a whole ----------------------------------------------- */

void mrg_pack_append(mrg_buffer *out, const uint32_t *values, size_t count);
/* Bytes of the block at p, found without unpacking; 0 when it does not fit before `end`. */
size_t mrg_pack_size(const unsigned char *p, const unsigned char *end, size_t count);
/* Unpacks; `out` has room for 128. Returns the bytes read, 0 when they are damaged. *max_width: no value
   needs more bits than this. */
size_t mrg_pack_read(const unsigned char *p, const unsigned char *end, uint32_t *out, size_t count,
                     unsigned *max_width);

/* Makes of each value the sum of itself, 1, all before it and `base`, modulo 2^32: docids of differences. */
void mrg_prefix_sum(uint32_t *values, size_t count, uint32_t base);
/* sums[i]: of the values up to and with i, modulo 2^32. */
void mrg_running_sum(const uint32_t *values, size_t count, uint32_t *sums);

/* ---- Long runs, read here and there ------------------------------------------------------------ */

typedef struct mrg_long_pack {
    const unsigned char *values, *exception_indexes, *exception_highs;
    uint32_t count, exception_count;
    unsigned width, index_width, high_width;
    uint32_t after;            /* private: where the last get ended */
    uint32_t next, next_index; /* private: the first exception from there on, and its index */
} mrg_long_pack;

void mrg_long_pack_append(mrg_buffer *out, const uint32_t *values, uint32_t count);
/* Returns the bytes of the run at p, 0 when it does not fit before `end`. */
uint64_t mrg_long_pack_open(mrg_long_pack *pack, const unsigned char *p, const unsigned char *end, uint32_t count);
/* Copies values first .. first + count - 1; the range must lie inside the run. Quickest when ranges
   ascend from call to call. */
void mrg_long_pack_get(mrg_long_pack *pack, uint32_t first, uint32_t count, uint32_t *out);

/* The same values one after the other, to be summed up as they come. */
typedef struct mrg_long_walk {
    mrg_long_pack *pack;
    uint64_t bit;
    uint32_t index, special; /* of the value that comes next; of the exception that comes next */
} mrg_long_walk;

/* Private: makes `next` the first exception whose index is not below `first`. */
void mrg_long_pack_find_exception(mrg_long_pack *pack, uint32_t first);

/* As with mrg_long_pack_get, the values walked over must lie inside the run, and an exception is found quickest when
   walks ascend. */
static inline mrg_long_walk mrg_long_walk_begin(mrg_long_pack *pack, uint32_t first)
{
    if (pack->exception_count && (first < pack->after || pack->next_index < first))
        mrg_long_pack_find_exception(pack, first);
    pack->after = first;
    return (mrg_long_walk){ pack, (uint64_t)first * pack->width, first, pack->next_index };
}

uint32_t mrg_long_walk_special(mrg_long_walk *walk, uint32_t value); /* private */

static inline uint32_t mrg_long_walk_next(mrg_long_walk *walk)
{
    const mrg_long_pack *pack = walk->pack;
    uint32_t value = (uint32_t)(mrg_load_u64(pack->values + (walk->bit >> 3)) >> (walk->bit & 7)) &
                     mrg_bit_mask(pack->width);
    walk->bit += pack->width;
    return walk->index++ == walk->special ? mrg_long_walk_special(walk, value) : value;
}

/* Adds values to `sum` until it is `wanted` or more, none from index `end` on. */
static inline uint64_t mrg_long_walk_sum(mrg_long_walk *walk, uint32_t end, uint64_t sum, uint64_t wanted)
{
    const unsigned char *values = walk->pack->values;
    const unsigned width = walk->pack->width;
    const uint32_t mask = mrg_bit_mask(width);
    while (sum < wanted && walk->index < end) {
        uint32_t stop = walk->special < end ? walk->special : end, index = walk->index;
        uint64_t bit = walk->bit;
        for (; sum < wanted && index < stop; index++, bit += width)
            sum += (uint32_t)(mrg_load_u64(values + (bit >> 3)) >> (bit & 7)) & mask;
        walk->bit = bit;
        walk->index = index;
        if (sum < wanted && index < end)
            sum += mrg_long_walk_next(walk);
    }
    return sum;
}

#endif

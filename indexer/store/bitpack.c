/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/bitpack.h"

#include <string.h>

enum { LANES = 4, ROWS = MRG_PACK_BLOCK / LANES, EXCEPTIONS = 0x40, WIDTHS = 33 };

/* GCC's and clang's portable vectors; SSE2 on x86-64, NEON on ARM, plain code elsewhere. */
typedef uint32_t lanes __attribute__((vector_size(16)));

#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define HAVE_SHUFFLE 1
#endif
#endif

static inline lanes repeat(uint32_t v)
{
    return (lanes){ v, v, v, v };
}

/* ---- Plain packing ---- */

void mrg_packed_append(mrg_buffer *out, const uint32_t *values, size_t count, unsigned width)
{
    uint64_t bytes = mrg_packed_bytes(count, width);
    unsigned char *p = bytes ? mrg_buffer_room(out, bytes) : NULL;
    if (!p)
        return;
    uint32_t mask = mrg_bit_mask(width);
    uint64_t pending = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < count; i++) {
        pending |= (uint64_t)(values[i] & mask) << bits;
        bits += width;
        if (bits >= 32) {
            mrg_store_u32(p, (uint32_t)pending);
            p += 4;
            pending >>= 32;
            bits -= 32;
        }
    }
    for (; bits; bits = bits > 8 ? bits - 8 : 0) {
        *p++ = (unsigned char)pending;
        pending >>= 8;
    }
    out->len += bytes;
}

/* ---- Widths ---- */

/* How many of the values need each number of bits. */
static void count_widths(const uint32_t *values, size_t count, uint32_t widths[WIDTHS])
{
    memset(widths, 0, WIDTHS * sizeof widths[0]);
    for (size_t i = 0; i < count; i++)
        widths[mrg_bit_width(values[i])]++;
}

static unsigned largest_width(const uint32_t widths[WIDTHS])
{
    unsigned w = WIDTHS - 1;
    while (w && !widths[w])
        w--;
    return w;
}

/* The width with the fewest bits in total, when an exception costs its high bits, `index_bits`, and
   the first one `first_bits` more. */
static unsigned choose_width(const uint32_t widths[WIDTHS], size_t count, unsigned index_bits, unsigned first_bits)
{
    unsigned max = largest_width(widths), best = max;
    uint64_t best_cost = (uint64_t)count * max, exceptions = 0;
    for (unsigned w = max; w-- > 0;) {
        exceptions += widths[w + 1];
        uint64_t cost = (uint64_t)count * w + exceptions * (index_bits + max - w) + first_bits;
        if (cost < best_cost) {
            best_cost = cost;
            best = w;
        }
    }
    return best;
}

/* ---- Four interleaved lanes: value i is in lane i % 4, row i / 4 ---- */

static inline lanes load_lanes(const unsigned char *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (int i = 0; i < LANES; i++)
        v[i] = __builtin_bswap32(v[i]);
#endif
    return v;
}

/* Inlined with a constant width, so that every shift is a constant. */
__attribute__((always_inline)) static inline void unpack_rows(const unsigned char *p, uint32_t *out,
                                                              const unsigned width)
{
    const lanes mask = repeat(mrg_bit_mask(width));
    lanes word = repeat(0);
    if (width)
        word = load_lanes(p);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 32
#else
#pragma unroll
#endif
    for (unsigned row = 0; row < ROWS; row++) {
        unsigned shift = row * width & 31;
        lanes v = word >> repeat(shift);
        if (width && shift + width >= 32 && row + 1 < ROWS) {
            p += 16;
            word = load_lanes(p);
            if (shift + width > 32)
                v |= word << repeat((32 - shift) & 31);
        }
        v &= mask;
        memcpy(out + LANES * row, &v, sizeof v);
    }
}

#define WIDTH_CASE(w) \
    case w: \
        unpack_rows(p, out, w); \
        break;
#define WIDTH_CASES_8(w) \
    WIDTH_CASE(w) \
    WIDTH_CASE(w + 1) \
    WIDTH_CASE(w + 2) \
    WIDTH_CASE(w + 3) \
    WIDTH_CASE(w + 4) \
    WIDTH_CASE(w + 5) \
    WIDTH_CASE(w + 6) \
    WIDTH_CASE(w + 7)

static void unpack_lanes(const unsigned char *p, uint32_t *out, unsigned width)
{
    switch (width) {
        WIDTH_CASES_8(0)
        WIDTH_CASES_8(8)
        WIDTH_CASES_8(16)
        WIDTH_CASES_8(24)
        WIDTH_CASE(32)
    }
}

static void append_lanes(mrg_buffer *out, const uint32_t *values, unsigned width)
{
    size_t bytes = (size_t)16 * width;
    unsigned char *p = bytes ? mrg_buffer_room(out, bytes) : NULL;
    if (!p)
        return;
    uint32_t words[32 * LANES] = { 0 };
    for (unsigned i = 0; i < MRG_PACK_BLOCK; i++) {
        unsigned bit = i / LANES * width, word = bit / 32 * LANES + i % LANES, shift = bit & 31;
        uint32_t v = values[i] & mrg_bit_mask(width);
        words[word] |= v << shift;
        if (shift + width > 32)
            words[word + LANES] |= v >> (32 - shift);
    }
    for (unsigned i = 0; i < LANES * width; i++)
        mrg_store_u32(p + 4 * i, words[i]);
    out->len += bytes;
}

/* ---- Blocks ---- */

void mrg_pack_append(mrg_buffer *out, const uint32_t *values, size_t count)
{
    uint32_t widths[WIDTHS], highs[MRG_PACK_BLOCK];
    unsigned char indexes[MRG_PACK_BLOCK];
    count_widths(values, count, widths);
    unsigned max = largest_width(widths), width = choose_width(widths, count, 8, 16);
    size_t exceptions = 0;
    for (size_t i = 0; i < count && width < max; i++) {
        if (values[i] >> width) {
            indexes[exceptions] = (unsigned char)i;
            highs[exceptions++] = values[i] >> width;
        }
    }
    mrg_buffer_append_byte(out, width | (exceptions ? EXCEPTIONS : 0));
    if (exceptions) {
        mrg_buffer_append_byte(out, (unsigned)exceptions);
        mrg_buffer_append_byte(out, max - width);
    }
    if (count == MRG_PACK_BLOCK)
        append_lanes(out, values, width);
    else
        mrg_packed_append(out, values, count, width);
    mrg_buffer_append(out, indexes, exceptions);
    mrg_packed_append(out, highs, exceptions, max - width);
}

struct block_head {
    unsigned width, high_width;
    size_t exceptions, head_bytes, value_bytes, bytes;
};

static int read_head(struct block_head *h, const unsigned char *p, const unsigned char *end, size_t count)
{
    size_t room = (size_t)(end - p);
    if (room < 1)
        return -1;
    h->width = p[0] & (EXCEPTIONS - 1);
    h->high_width = 0;
    h->exceptions = 0;
    h->head_bytes = 1;
    if (p[0] & EXCEPTIONS) {
        if (room < 3)
            return -1;
        h->exceptions = p[1];
        h->high_width = p[2];
        h->head_bytes = 3;
        if (h->exceptions == 0 || h->exceptions > count || h->high_width == 0)
            return -1;
    }
    if (p[0] & 0x80 || h->width + h->high_width > 32)
        return -1;
    h->value_bytes = count == MRG_PACK_BLOCK ? (size_t)16 * h->width : (size_t)mrg_packed_bytes(count, h->width);
    h->bytes = h->head_bytes + h->value_bytes + h->exceptions + (size_t)mrg_packed_bytes(h->exceptions, h->high_width);
    return h->bytes <= room ? 0 : -1;
}

size_t mrg_pack_size(const unsigned char *p, const unsigned char *end, size_t count)
{
    struct block_head h;
    return read_head(&h, p, end, count) ? 0 : h.bytes;
}

size_t mrg_pack_read(const unsigned char *p, const unsigned char *end, uint32_t *out, size_t count, unsigned *max_width)
{
    struct block_head h;
    if (read_head(&h, p, end, count))
        return 0;
    const unsigned char *values = p + h.head_bytes, *indexes = values + h.value_bytes, *highs = indexes + h.exceptions;
    if (count == MRG_PACK_BLOCK) {
        unpack_lanes(values, out, h.width);
    } else {
        for (size_t i = 0; i < count; i++)
            out[i] = mrg_packed_get(values, i, h.width);
    }
    for (size_t i = 0; i < h.exceptions; i++) {
        if (indexes[i] >= count)
            return 0;
        out[indexes[i]] |= mrg_packed_get(highs, i, h.high_width) << h.width;
    }
    *max_width = h.width + h.high_width;
    return h.bytes;
}

/* ---- Sums ---- */

/* Inlined with a constant `each`, which is added to every value. */
__attribute__((always_inline)) static inline void sum_up(const uint32_t *values, size_t count, uint32_t base,
                                                         const uint32_t each, uint32_t *out)
{
    size_t i = 0;
#ifdef HAVE_SHUFFLE
    const lanes zero = repeat(0);
    lanes carry = repeat(base);
    for (; i + LANES <= count; i += LANES) {
        lanes v;
        memcpy(&v, values + i, sizeof v);
        v += repeat(each);
        v += __builtin_shufflevector(zero, v, 0, 4, 5, 6);
        v += __builtin_shufflevector(zero, v, 0, 1, 4, 5);
        v += carry;
        memcpy(out + i, &v, sizeof v);
        carry = __builtin_shufflevector(v, v, 3, 3, 3, 3);
    }
    base = carry[0];
#endif
    for (; i < count; i++)
        out[i] = base += values[i] + each;
}

void mrg_prefix_sum(uint32_t *values, size_t count, uint32_t base)
{
    sum_up(values, count, base, 1, values);
}

void mrg_running_sum(const uint32_t *values, size_t count, uint32_t *sums)
{
    sum_up(values, count, 0, 0, sums);
}

/* ---- Long runs ---- */

/* Appends the indexes of the exceptions, or their high bits. Batches may be packed one after the other,
   as 64 values of any width end at a byte. */
static void append_exceptions(mrg_buffer *out, const uint32_t *values, uint32_t count, unsigned width, int highs,
                              unsigned packed_width)
{
    uint32_t batch[64];
    size_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (values[i] >> width)
            batch[n++] = highs ? values[i] >> width : i;
        if (n == 64 || i + 1 == count) {
            mrg_packed_append(out, batch, n, packed_width);
            n = 0;
        }
    }
}

void mrg_long_pack_append(mrg_buffer *out, const uint32_t *values, uint32_t count)
{
    uint32_t widths[WIDTHS];
    count_widths(values, count, widths);
    unsigned max = largest_width(widths), width = choose_width(widths, count, mrg_bit_width(count - 1), 24);
    uint32_t exceptions = 0;
    for (unsigned w = width + 1; w <= max; w++)
        exceptions += widths[w];
    mrg_buffer_append_byte(out, width | (exceptions ? EXCEPTIONS : 0));
    if (exceptions) {
        mrg_buffer_append_varint(out, exceptions);
        mrg_buffer_append_byte(out, max - width);
    }
    mrg_packed_append(out, values, count, width);
    if (exceptions) {
        append_exceptions(out, values, count, width, 0, mrg_bit_width(count - 1));
        append_exceptions(out, values, count, width, 1, max - width);
    }
}

static inline uint32_t exception_index(const mrg_long_pack *pack, uint32_t i)
{
    return i < pack->exception_count ? mrg_packed_get(pack->exception_indexes, i, pack->index_width) : UINT32_MAX;
}

uint64_t mrg_long_pack_open(mrg_long_pack *pack, const unsigned char *p, const unsigned char *end, uint32_t count)
{
    mrg_reader r = mrg_reader_make(p, (size_t)(end - p));
    const unsigned char *head = mrg_read_bytes(&r, 1);
    if (!head || *head & 0x80)
        return 0;
    uint64_t exceptions = 0;
    pack->width = *head & (EXCEPTIONS - 1);
    pack->high_width = 0;
    pack->index_width = mrg_bit_width(count - 1);
    pack->count = count;
    if (*head & EXCEPTIONS) {
        exceptions = mrg_read_varint(&r);
        const unsigned char *high_width = mrg_read_bytes(&r, 1);
        if (!high_width || *high_width == 0 || *high_width > 32 || exceptions == 0 || exceptions > count)
            return 0;
        pack->high_width = *high_width;
    }
    if (pack->width + pack->high_width > 32)
        return 0;
    pack->exception_count = (uint32_t)exceptions;
    pack->values = mrg_read_bytes(&r, mrg_packed_bytes(count, pack->width));
    pack->exception_indexes = mrg_read_bytes(&r, mrg_packed_bytes(exceptions, pack->index_width));
    pack->exception_highs = mrg_read_bytes(&r, mrg_packed_bytes(exceptions, pack->high_width));
    if (r.failed)
        return 0;
    pack->next = pack->after = 0;
    pack->next_index = exception_index(pack, 0);
    return (uint64_t)(r.p - p);
}

void mrg_long_pack_find_exception(mrg_long_pack *pack, uint32_t first)
{
    uint32_t low = pack->next, high = pack->exception_count;
    if (low && exception_index(pack, low - 1) >= first)
        low = 0;
    for (uint32_t i = 0; i < 4 && low < high; i++, low++) { /* most often it is near */
        pack->next_index = exception_index(pack, low);
        if (pack->next_index >= first) {
            pack->next = low;
            return;
        }
    }
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (exception_index(pack, mid) < first)
            low = mid + 1;
        else
            high = mid;
    }
    pack->next = low;
    pack->next_index = exception_index(pack, low);
}

static void patch(mrg_long_pack *pack, uint32_t first, uint32_t count, uint32_t *out)
{
    while (pack->next < pack->exception_count && pack->next_index >= first && pack->next_index - first < count) {
        out[pack->next_index - first] |= mrg_packed_get(pack->exception_highs, pack->next, pack->high_width)
                                         << pack->width;
        pack->next++;
        pack->next_index = exception_index(pack, pack->next);
    }
}

void mrg_long_pack_get(mrg_long_pack *pack, uint32_t first, uint32_t count, uint32_t *out)
{
    const unsigned width = pack->width;
    const uint32_t mask = mrg_bit_mask(width);
    uint64_t bit = (uint64_t)first * width;
    for (uint32_t i = 0; i < count; i++, bit += width)
        out[i] = (uint32_t)(mrg_load_u64(pack->values + (bit >> 3)) >> (bit & 7)) & mask;
    if (!pack->exception_count)
        return;
    if (first < pack->after || pack->next_index < first)
        mrg_long_pack_find_exception(pack, first);
    if (pack->next_index - first < count)
        patch(pack, first, count, out);
    pack->after = first + count;
}

uint32_t mrg_long_walk_special(mrg_long_walk *walk, uint32_t value)
{
    mrg_long_pack *pack = walk->pack;
    value |= mrg_packed_get(pack->exception_highs, pack->next, pack->high_width) << pack->width;
    pack->next++;
    walk->special = pack->next_index = exception_index(pack, pack->next);
    pack->after = walk->index;
    return value;
}

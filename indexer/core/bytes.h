/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Little-endian integers and varints (LEB128: seven bits a byte, low ones first, the top bit for "more"). */
#ifndef MRG_BYTES_H
#define MRG_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MRG_VARINT_MAX 10

static inline uint32_t mrg_load_u32(const void *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t mrg_load_u64(const void *p)
{
    return (uint64_t)mrg_load_u32(p) | (uint64_t)mrg_load_u32((const unsigned char *)p + 4) << 32;
}

static inline void mrg_store_u32(void *p, uint32_t v)
{
    unsigned char *b = (unsigned char *)p;
    b[0] = (unsigned char)v;
    b[1] = (unsigned char)(v >> 8);
    b[2] = (unsigned char)(v >> 16);
    b[3] = (unsigned char)(v >> 24);
}

static inline void mrg_store_u64(void *p, uint64_t v)
{
    mrg_store_u32(p, (uint32_t)v);
    mrg_store_u32((unsigned char *)p + 4, (uint32_t)(v >> 32));
}

/* Writes at most MRG_VARINT_MAX bytes and returns how many. */
static inline size_t mrg_encode_varint(unsigned char *p, uint64_t v)
{
    size_t n = 0;
    while (v >= 0x80) {
        p[n++] = (unsigned char)(v | 0x80);
        v >>= 7;
    }
    p[n++] = (unsigned char)v;
    return n;
}

/* Reads one varint from [p, end). Returns the bytes used, or 0 when it is cut short or too long. */
static inline size_t mrg_decode_varint(const unsigned char *p, const unsigned char *end, uint64_t *v)
{
    uint64_t value = 0;
    unsigned shift = 0;
    const unsigned char *start = p;
    while (p < end && shift < 64) {
        unsigned char byte = *p++;
        if (shift == 63 && byte > 1)
            return 0;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *v = value;
            return (size_t)(p - start);
        }
        shift += 7;
    }
    return 0;
}

/* A reader over untrusted bytes with a sticky failure: past the end every read gives 0 and `failed`. */
typedef struct mrg_reader {
    const unsigned char *p, *end;
    int failed;
} mrg_reader;

static inline mrg_reader mrg_reader_make(const void *bytes, size_t len)
{
    mrg_reader r = { (const unsigned char *)bytes, (const unsigned char *)bytes + len, 0 };
    return r;
}

static inline uint64_t mrg_read_varint(mrg_reader *r)
{
    uint64_t v = 0;
    size_t n = r->failed ? 0 : mrg_decode_varint(r->p, r->end, &v);
    if (!n) {
        r->failed = 1;
        return 0;
    }
    r->p += n;
    return v;
}

/* Lends `n` bytes, or NULL past the end. */
static inline const unsigned char *mrg_read_bytes(mrg_reader *r, uint64_t n)
{
    if (r->failed || n > (uint64_t)(r->end - r->p)) {
        r->failed = 1;
        return NULL;
    }
    const unsigned char *p = r->p;
    r->p += n;
    return p;
}

static inline uint32_t mrg_read_u32(mrg_reader *r)
{
    const unsigned char *p = mrg_read_bytes(r, 4);
    return p ? mrg_load_u32(p) : 0;
}

static inline uint64_t mrg_read_u64(mrg_reader *r)
{
    const unsigned char *p = mrg_read_bytes(r, 8);
    return p ? mrg_load_u64(p) : 0;
}

/* A varint length and that many bytes, lent and not NUL-terminated. */
static inline const char *mrg_read_string(mrg_reader *r, size_t *len)
{
    uint64_t n = mrg_read_varint(r);
    const unsigned char *p = mrg_read_bytes(r, n);
    *len = p ? (size_t)n : 0;
    return (const char *)p;
}

/* A 64-bit hash for tables in memory, by multiply and fold (the scheme of wyhash, Wang Yi 2019). Not
   for files: it may change. */
static inline uint64_t mrg_hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 m = (u128)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Up to eight bytes, by loads that overlap rather than a loop; zeros behind them. */
static inline uint64_t mrg_load_up_to_8(const void *bytes, size_t len)
{
    const unsigned char *p = (const unsigned char *)bytes;
    if (len >= 8)
        return mrg_load_u64(p);
    if (len >= 4)
        return mrg_load_u32(p) | (uint64_t)mrg_load_u32(p + len - 4) << 8 * (len - 4);
    if (len == 0)
        return 0;
    return p[0] | (uint64_t)p[len / 2] << 8 * (len / 2) | (uint64_t)p[len - 1] << 8 * (len - 1);
}

static inline uint64_t mrg_hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
    const unsigned char *p = (const unsigned char *)bytes;
    uint64_t h = seed ^ 0x9e3779b97f4a7c15u ^ (uint64_t)len;
    uint64_t v;
    while (len > 8) {
        memcpy(&v, p, 8);
        h = mrg_hash_mix(h ^ v, 0xa0761d6478bd642fu);
        p += 8;
        len -= 8;
    }
    return mrg_hash_mix(h ^ mrg_load_up_to_8(p, len), 0xe7037ed1a0b428dbu);
}

#endif

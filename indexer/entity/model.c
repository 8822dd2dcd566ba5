/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/model.h"

#include <string.h>
#include <zlib.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "core/file.h"
#include "entity/features.h"

enum { HEADER = 72, CHECKED_FROM = 16, PRICES = MRG_LABELS * MRG_LABELS * 2 };
enum { FEATURES, WORDS, NAMES, TABLES };

typedef struct table {
    const unsigned char *begin, *entries; /* begin: u32 each */
    uint32_t entry_bytes;
    unsigned bits;
} table;

struct mrg_model {
    mrg_mapping file;
    table tables[TABLES];
    int16_t transitions[MRG_LABELS * MRG_LABELS];
    int8_t *direct;
    uint64_t *sieve; /* a Bloom filter of the features: most pairs that are asked for are not there */
    unsigned sieve_bits;
    int lent; /* the bytes are not ours */
};

static morgue_status corrupt(morgue_error *err, const char *name, const char *what)
{
    return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: %s", name, what);
}

/* Buckets ascend and end where the table does, so that a lookup needs no more than its bucket's bounds. */
static morgue_status read_table(table *out, const unsigned char *at, const unsigned char *bytes, size_t len,
                                const char *name, morgue_error *err)
{
    size_t offset = mrg_load_u32(at), size = mrg_load_u32(at + 4);
    unsigned bits = mrg_load_u32(at + 8);
    if (offset > len || size > len - offset || bits < MRG_MODEL_MIN_BITS || bits > MRG_MODEL_MAX_BITS)
        return corrupt(err, name, "a table reaches past the end of the names model");
    size_t buckets = (size_t)1 << bits, index = (buckets + 1) * 4;
    if (index > size)
        return corrupt(err, name, "a table's index reaches past its end");
    *out = (table){ bytes + offset, bytes + offset + index, (uint32_t)(size - index), bits };
    uint32_t before = 0;
    for (size_t i = 0; i <= buckets; i++) {
        uint32_t begin = mrg_load_u32(out->begin + i * 4);
        if (begin < before || begin > out->entry_bytes)
            return corrupt(err, name, "a table's buckets are out of order");
        before = begin;
    }
    return MORGUE_OK;
}

static morgue_status read_file(mrg_model *m, const char *name, morgue_error *err)
{
    const unsigned char *bytes = m->file.data;
    size_t len = m->file.len;
    if (len < HEADER + PRICES || memcmp(bytes, "MRGNAMES", 8))
        return corrupt(err, name, "not a names model");
    if (mrg_load_u32(bytes + 8) != MRG_MODEL_VERSION)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: a names model of version %u; this program reads version %d", name,
                        (unsigned)mrg_load_u32(bytes + 8), MRG_MODEL_VERSION);
    if (mrg_load_u64(bytes + 16) != len)
        return corrupt(err, name, "the names model is cut short");
    if (mrg_load_u32(bytes + 12) != crc32_z(0, bytes + CHECKED_FROM, len - CHECKED_FROM))
        return corrupt(err, name, "the names model's checksum does not match");
    for (int t = 0; t < TABLES; t++) {
        morgue_status status = read_table(&m->tables[t], bytes + 24 + t * 16, bytes, len, name, err);
        if (status)
            return status;
    }
    for (int i = 0; i < MRG_LABELS * MRG_LABELS; i++) {
        const unsigned char *p = bytes + HEADER + i * 2;
        m->transitions[i] = (int16_t)(p[0] | p[1] << 8);
    }
    return MORGUE_OK;
}

/* ---- Looking up ---- */

static const unsigned char *bucket_of(const table *t, uint64_t key, const unsigned char **end)
{
    size_t bucket = (size_t)(key >> (64 - t->bits));
    *end = t->entries + mrg_load_u32(t->begin + (bucket + 1) * 4);
    return t->entries + mrg_load_u32(t->begin + bucket * 4);
}

static ptrdiff_t count_bits(unsigned x)
{
    x -= x >> 1 & 0x5555;
    x = (x & 0x3333) + (x >> 2 & 0x3333);
    x = (x + (x >> 4)) & 0x0f0f;
    return (x + (x >> 8)) & 0x1f;
}

/* Two bits of one word, by what a table keeps of a key: its bucket and its lowest 16 bits. */
static uint64_t *sieve_word(const mrg_model *m, uint64_t key, uint64_t *bits)
{
    uint64_t kept = (key >> (64 - m->tables[FEATURES].bits) << 16 | (key & 0xffff)) * 0x9e3779b97f4a7c15u;
    *bits = (uint64_t)1 << (kept & 63) | (uint64_t)1 << (kept >> 6 & 63);
    return &m->sieve[kept >> (64 - m->sieve_bits)];
}

static int passes_sieve(const mrg_model *m, uint64_t key)
{
    uint64_t bits, word = *sieve_word(m, key, &bits);
    return (word & bits) == bits;
}

/* The feature's entry, or NULL. */
static const unsigned char *find_feature(const mrg_model *m, uint64_t key)
{
    const unsigned char *end, *p = bucket_of(&m->tables[FEATURES], key, &end);
    while (end - p >= 4) {
        unsigned mask = (unsigned)(p[2] | p[3] << 8);
        ptrdiff_t size = 4 + count_bits(mask);
        if ((unsigned)(p[0] | p[1] << 8) == (key & 0xffff))
            return size <= end - p ? p : NULL;
        p += size <= end - p ? size : end - p;
    }
    return NULL;
}

static int add_feature(const mrg_model *m, uint64_t key, int16_t sums[MRG_ROW])
{
    const unsigned char *p = find_feature(m, key);
    if (!p)
        return 0;
    unsigned mask = (unsigned)(p[2] | p[3] << 8);
    for (p += 4; mask; mask &= mask - 1, p++) {
        int label = __builtin_ctz(mask);
        sums[label] = (int16_t)(sums[label] + (signed char)*p);
    }
    return 1;
}

int mrg_model_add(const mrg_model *m, uint64_t key, int16_t sums[MRG_ROW])
{
    return passes_sieve(m, key) && add_feature(m, key, sums);
}

void mrg_model_add_all(const mrg_model *m, uint64_t *keys, size_t count, int16_t sums[MRG_ROW])
{
    const table *t = &m->tables[FEATURES];
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        __builtin_prefetch(sieve_word(m, keys[i], &bits));
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t key = keys[i];
        keys[left] = key;
        __builtin_prefetch(t->begin + (key >> (64 - t->bits)) * 4);
        left += (size_t)passes_sieve(m, key);
    }
    for (size_t i = 0; i < left; i++)
        __builtin_prefetch(t->entries + mrg_load_u32(t->begin + (keys[i] >> (64 - t->bits)) * 4));
    for (size_t i = 0; i < left; i++)
        add_feature(m, keys[i], sums);
}

static uint32_t find_value(const table *t, uint64_t key, ptrdiff_t value_bytes)
{
    const unsigned char *end, *p = bucket_of(t, key, &end);
    for (; end - p >= 2 + value_bytes; p += 2 + value_bytes) {
        if ((unsigned)(p[0] | p[1] << 8) == (key & 0xffff))
            return value_bytes == 4 ? mrg_load_u32(p + 2) : p[2];
    }
    return 0;
}

uint32_t mrg_model_word(const mrg_model *m, uint64_t hash)
{
    return find_value(&m->tables[WORDS], hash, 4);
}

uint32_t mrg_model_name(const mrg_model *m, uint64_t hash)
{
    return find_value(&m->tables[NAMES], hash, 1);
}

const int8_t *mrg_model_direct(const mrg_model *m)
{
    return m->direct;
}

const int16_t *mrg_model_transitions(const mrg_model *m)
{
    return m->transitions;
}

/* ---- Opening ---- */

/* Sixteen bits a feature or more; an entry has about ten bytes. */
static morgue_status make_sieve(mrg_model *m, morgue_error *err)
{
    const table *t = &m->tables[FEATURES];
    m->sieve_bits = 4;
    while (((uint64_t)64 << m->sieve_bits) < (uint64_t)t->entry_bytes * 2)
        m->sieve_bits++;
    m->sieve = mrg_calloc((size_t)1 << m->sieve_bits, sizeof *m->sieve);
    if (!m->sieve)
        return mrg_fail_nomem(err);
    for (uint64_t b = 0; b < (uint64_t)1 << t->bits; b++) {
        const unsigned char *end, *p = bucket_of(t, b << (64 - t->bits), &end);
        while (end - p >= 4) {
            uint64_t bits, *word = sieve_word(m, b << (64 - t->bits) | (uint64_t)(p[0] | p[1] << 8), &bits);
            ptrdiff_t size = 4 + count_bits((unsigned)(p[2] | p[3] << 8));
            *word |= bits;
            p += size <= end - p ? size : end - p;
        }
    }
    return MORGUE_OK;
}

/* The features of small domains are looked up once, so that tagging finds them by number. */
static morgue_status expand_direct(mrg_model *m, morgue_error *err)
{
    m->direct = mrg_calloc(MRG_DIRECT_ROWS, MRG_ROW);
    if (!m->direct)
        return mrg_fail_nomem(err);
    for (uint32_t i = 0; i < MRG_DIRECT_ROWS; i++) {
        int16_t sums[MRG_ROW] = { 0 };
        if (!mrg_model_add(m, mrg_direct_key(i), sums))
            continue;
        for (int k = 0; k < MRG_LABELS; k++)
            m->direct[i * MRG_ROW + (size_t)k] = (int8_t)sums[k];
    }
    return MORGUE_OK;
}

static morgue_status finish_open(mrg_model *m, mrg_model **out, const char *name, morgue_error *err)
{
    morgue_status status = read_file(m, name, err);
    if (!status)
        status = make_sieve(m, err);
    if (!status)
        status = expand_direct(m, err);
    if (status)
        return status;
    *out = m;
    return MORGUE_OK;
}

morgue_status mrg_model_open(mrg_model **out, const char *path, morgue_error *err)
{
    *out = NULL;
    mrg_model *m = mrg_calloc(1, sizeof *m);
    if (!m)
        return mrg_fail_nomem(err);
    morgue_status status = mrg_mapping_open(&m->file, path, err);
    if (!status)
        status = finish_open(m, out, path, err);
    if (status)
        mrg_model_free(m);
    return status;
}

morgue_status mrg_model_open_bytes(mrg_model **out, const void *bytes, size_t len, const char *name, morgue_error *err)
{
    *out = NULL;
    mrg_model *m = mrg_calloc(1, sizeof *m);
    if (!m)
        return mrg_fail_nomem(err);
    m->lent = 1;
    m->file = (mrg_mapping){ bytes, len };
    morgue_status status = finish_open(m, out, name, err);
    if (status)
        mrg_model_free(m);
    return status;
}

void mrg_model_free(mrg_model *m)
{
    if (!m)
        return;
    if (!m->lent)
        mrg_mapping_dispose(&m->file);
    mrg_free(m->direct);
    mrg_free(m->sieve);
    mrg_free(m);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/model.h"

#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "core/file.h"
#include "core/zip.h"
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
    /* the features again, all rows of one length, in the order of their keys' highest bits */
    int8_t *rows;
    uint32_t *row_begin;
    unsigned rest_bits; /* of what the table keeps of a key, those that do not tell where in row_begin it is */
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
    if (mrg_load_u32(bytes + 12) != mrg_crc32(0, bytes + CHECKED_FROM, len - CHECKED_FROM))
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

/* What the features' table keeps of a key: its bucket and its lowest 16 bits. */
static inline uint64_t kept_of(const mrg_model *m, uint64_t key)
{
    return key >> (64 - m->tables[FEATURES].bits) << 16 | (key & 0xffff);
}

static inline uint64_t sieve_hash(uint64_t kept)
{
    return kept * 0x9e3779b97f4a7c15u;
}

static inline uint64_t *sieve_word(const mrg_model *m, uint64_t hash)
{
    return &m->sieve[hash >> (64 - m->sieve_bits)];
}

/* Two bits of one word. */
static inline int passes_sieve(const mrg_model *m, uint64_t kept)
{
    uint64_t hash = sieve_hash(kept), word = *sieve_word(m, hash);
    return (int)(word >> (hash & 63) & word >> (hash >> 6 & 63) & 1);
}

/* ---- Features in memory ---- */

/* A feature's weights, one a label, and behind them what is left of its key beside its place in the array. */
typedef int8_t row8 __attribute__((vector_size(MRG_ROW)));
/* What is too large for 16 bits wraps, which a sound model does not come near. */
typedef uint16_t row16 __attribute__((vector_size(MRG_ROW * 2)));

enum { REST_BITS = 8 * (MRG_ROW - MRG_LABELS) };

static inline uint32_t rest_of(const int8_t *row)
{
    return mrg_load_u32(row + MRG_ROW - 4) >> (32 - REST_BITS);
}

static inline const uint32_t *row_begin_of(const mrg_model *m, uint64_t kept)
{
    return &m->row_begin[kept >> m->rest_bits];
}

/* The feature's row, or NULL. */
static inline const int8_t *find_row(const mrg_model *m, uint64_t kept)
{
    uint32_t rest = (uint32_t)(kept & (((uint64_t)1 << m->rest_bits) - 1));
    const uint32_t *first = row_begin_of(m, kept);
    for (uint32_t i = first[0]; i < first[1]; i++) {
        const int8_t *row = m->rows + (size_t)i * MRG_ROW;
        if (rest_of(row) == rest)
            return row;
    }
    return NULL;
}

static inline void add_row(row16 *sums, const int8_t *row)
{
    static const row8 weights = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 };
    row8 narrow;
    memcpy(&narrow, row, sizeof narrow);
    *sums += __builtin_convertvector(narrow & weights, row16);
}

void mrg_model_expect(const mrg_model *m, uint64_t *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t kept = kept_of(m, keys[i]);
        keys[i] = kept;
        __builtin_prefetch(sieve_word(m, sieve_hash(kept)));
        __builtin_prefetch(row_begin_of(m, kept));
    }
}

size_t mrg_model_sift(const mrg_model *m, uint64_t *keys, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t kept = keys[i];
        keys[left] = kept;
        left += (size_t)passes_sieve(m, kept);
    }
    for (size_t i = 0; i < left; i++)
        __builtin_prefetch(m->rows + (size_t)*row_begin_of(m, keys[i]) * MRG_ROW);
    return left;
}

size_t mrg_model_add_all(const mrg_model *m, const uint64_t *keys, size_t count, int16_t sums[MRG_ROW])
{
    size_t found = 0;
    row16 total;
    memcpy(&total, sums, sizeof total);
    for (size_t i = 0; i < count; i++) {
        const int8_t *row = find_row(m, keys[i]);
        if (!row)
            continue;
        add_row(&total, row);
        found++;
    }
    memcpy(sums, &total, sizeof total);
    return found;
}

int mrg_model_add(const mrg_model *m, uint64_t key, int16_t sums[MRG_ROW])
{
    mrg_model_expect(m, &key, 1);
    return mrg_model_add_all(m, &key, mrg_model_sift(m, &key, 1), sums) > 0;
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

/* Walks the entries of the features' table. */
typedef struct walk {
    const table *features;
    uint64_t bucket;
    const unsigned char *p, *end;
    uint64_t key; /* of the entry, as far as the table keeps it */
    unsigned mask;
    const unsigned char *weights;
} walk;

static inline int next_feature(walk *w)
{
    const table *t = w->features;
    for (;;) {
        if (w->end - w->p >= 4) {
            w->mask = (unsigned)(w->p[2] | w->p[3] << 8);
            w->weights = w->p + 4;
            w->key = (w->bucket - 1) << (64 - t->bits) | (uint64_t)(w->p[0] | w->p[1] << 8);
            ptrdiff_t size = 4 + count_bits(w->mask);
            if (size <= w->end - w->p) {
                w->p += size;
                return 1;
            }
        }
        if (w->bucket >> t->bits)
            return 0;
        w->p = bucket_of(t, w->bucket << (64 - t->bits), &w->end);
        w->bucket++;
    }
}

static void fill_row(int8_t *row, const walk *w, uint32_t rest)
{
    const unsigned char *p = w->weights;
    for (unsigned mask = w->mask; mask; mask &= mask - 1, p++) {
        int label = __builtin_ctz(mask);
        if (label < MRG_LABELS)
            row[label] = (int8_t)(signed char)*p;
    }
    for (int i = 0; i < MRG_ROW - MRG_LABELS; i++)
        row[MRG_LABELS + i] = (int8_t)(rest >> 8 * i & 0xff);
}

/* An entry has about twelve bytes: so there are one or two rows to each place of row_begin, and eighteen bits or more
   of the sieve to a feature. */
static morgue_status make_places(mrg_model *m, morgue_error *err)
{
    const table *t = &m->tables[FEATURES];
    unsigned kept_bits = t->bits + 16, bits = kept_bits > REST_BITS ? kept_bits - REST_BITS : 0;
    while (bits < kept_bits && (uint64_t)1 << bits < t->entry_bytes / 20)
        bits++;
    m->rest_bits = kept_bits - bits;
    m->sieve_bits = 4;
    while ((uint64_t)64 << m->sieve_bits < (uint64_t)t->entry_bytes * 3 / 2)
        m->sieve_bits++;
    m->row_begin = mrg_calloc(((size_t)1 << bits) + 2, sizeof *m->row_begin);
    m->sieve = mrg_calloc((size_t)1 << m->sieve_bits, sizeof *m->sieve);
    if (!m->row_begin || !m->sieve)
        return mrg_fail_nomem(err);
    /* begin[i + 1]: first how many rows i has, then where they begin; once they are filled in, where they end, which
       is where row_begin has the next ones */
    uint32_t *begin = m->row_begin + 1;
    walk w = { .features = t };
    while (next_feature(&w)) {
        uint64_t kept = kept_of(m, w.key), hash = sieve_hash(kept);
        *sieve_word(m, hash) |= (uint64_t)1 << (hash & 63) | (uint64_t)1 << (hash >> 6 & 63);
        begin[(kept >> m->rest_bits) + 1]++;
    }
    for (size_t i = 0; i < (size_t)1 << bits; i++)
        begin[i + 1] += begin[i];
    return MORGUE_OK;
}

/* Features as rows, so that one is found in a look or two and added at once. */
static morgue_status make_rows(mrg_model *m, morgue_error *err)
{
    morgue_status status = make_places(m, err);
    if (status)
        return status;
    uint32_t *begin = m->row_begin + 1;
    size_t places = (size_t)1 << (m->tables[FEATURES].bits + 16 - m->rest_bits);
    m->rows = mrg_calloc((size_t)begin[places] + 1, MRG_ROW);
    if (!m->rows)
        return mrg_fail_nomem(err);
    walk w = { .features = &m->tables[FEATURES] };
    while (next_feature(&w)) {
        uint64_t kept = kept_of(m, w.key);
        int8_t *row = m->rows + (size_t)begin[kept >> m->rest_bits]++ * MRG_ROW;
        fill_row(row, &w, (uint32_t)(kept & (((uint64_t)1 << m->rest_bits) - 1)));
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
        status = make_rows(m, err);
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
    mrg_free(m->rows);
    mrg_free(m->row_begin);
    mrg_free(m);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/zip.h"
#include "entity/model.h"

enum { HEADER_BYTES = 72 };

static int by_key(const void *a, const void *b)
{
    const mrg_model_entry *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void put_u16(mrg_buffer *out, unsigned v)
{
    mrg_buffer_append_byte(out, v & 0xff);
    mrg_buffer_append_byte(out, v >> 8 & 0xff);
}

static void put_weights(mrg_buffer *out, const mrg_model_entry *e)
{
    unsigned mask = 0;
    for (int k = 0; k < MRG_LABELS; k++)
        mask |= e->weights[k] ? 1u << k : 0;
    put_u16(out, mask);
    for (int k = 0; k < MRG_LABELS; k++) {
        if (e->weights[k])
            mrg_buffer_append_byte(out, (unsigned char)e->weights[k]);
    }
}

/* About eight entries a bucket, which is a cache line or two. */
static unsigned bits_for(size_t count)
{
    unsigned bits = MRG_MODEL_MIN_BITS;
    while (bits < MRG_MODEL_MAX_BITS && (size_t)8 << bits < count)
        bits++;
    return bits;
}

/* value_bytes: 0 for features. The table's place goes into the header at `field`. */
static void put_table(mrg_buffer *out, size_t start, size_t field, mrg_model_entry *entries, size_t count,
                      int value_bytes)
{
    unsigned bits = bits_for(count);
    size_t offset = out->len, buckets = (size_t)1 << bits, index = (buckets + 1) * 4, at = 0;
    if (count)
        qsort(entries, count, sizeof *entries, by_key);
    unsigned char *room = mrg_buffer_room(out, index);
    if (!room)
        return;
    memset(room, 0, index);
    out->len += index;
    for (size_t b = 0; b < buckets && !out->failed; b++) {
        mrg_store_u32(out->data + offset + b * 4, (uint32_t)(out->len - offset - index));
        for (; at < count && entries[at].key >> (64 - bits) == b; at++) {
            if (at && entries[at].key == entries[at - 1].key)
                continue;
            put_u16(out, (unsigned)(entries[at].key & 0xffff));
            if (!value_bytes)
                put_weights(out, &entries[at]);
            else if (value_bytes == 4)
                mrg_buffer_append_u32(out, entries[at].value);
            else
                mrg_buffer_append_byte(out, entries[at].value & 0xff);
        }
    }
    if (out->failed)
        return;
    mrg_store_u32(out->data + offset + buckets * 4, (uint32_t)(out->len - offset - index));
    mrg_store_u32(out->data + start + field, (uint32_t)(offset - start));
    mrg_store_u32(out->data + start + field + 4, (uint32_t)(out->len - offset));
    mrg_store_u32(out->data + start + field + 8, bits);
}

void mrg_model_write(mrg_buffer *out, mrg_model_entry *features, size_t feature_count, mrg_model_entry *words,
                     size_t word_count, mrg_model_entry *names, size_t name_count,
                     const int16_t transitions[MRG_LABELS * MRG_LABELS])
{
    size_t start = out->len;
    unsigned char *header = mrg_buffer_room(out, HEADER_BYTES);
    if (!header)
        return;
    memset(header, 0, HEADER_BYTES);
    memcpy(header, "MRGNAMES", 8);
    mrg_store_u32(header + 8, MRG_MODEL_VERSION);
    out->len += HEADER_BYTES;
    for (int i = 0; i < MRG_LABELS * MRG_LABELS; i++)
        put_u16(out, (unsigned)transitions[i] & 0xffffu);
    put_table(out, start, 24, features, feature_count, 0);
    put_table(out, start, 40, words, word_count, 4);
    put_table(out, start, 56, names, name_count, 1);
    if (out->failed)
        return;
    mrg_store_u64(out->data + start + 16, out->len - start);
    mrg_store_u32(out->data + start + 12, mrg_crc32(0, out->data + start + 16, out->len - start - 16));
}

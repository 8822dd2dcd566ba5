/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/alloc.h"
#include "store/postings.h"

#include <string.h>

/* Of a block, until the widths are known: u32 docid, u32 offset, impacts, u64 offset of the positions. */
enum { WIDE_SKIP_BYTES = 16 + 2 * MRG_SKIP_IMPACTS };

void mrg_list_writer_dispose(mrg_list_writer *w)
{
    mrg_free(w->places);
    mrg_free(w->place_lengths);
    mrg_buffer_dispose(&w->skips);
    mrg_buffer_dispose(&w->docs);
    mrg_buffer_dispose(&w->out);
    memset(w, 0, sizeof *w);
}

morgue_status mrg_list_failed(const mrg_list_writer *w)
{
    if (w->failed)
        return w->failed;
    return w->skips.failed || w->docs.failed || w->out.failed ? MORGUE_ERR_NOMEM : MORGUE_OK;
}

/* ---- Impacts ---- */

unsigned mrg_impact_code_words(uint32_t words)
{
    if (words < 32)
        return words;
    unsigned shift = mrg_bit_width(words) - 5, code = (shift + 1) << 4 | (words >> shift & 15);
    return code < 255 ? code : 255;
}

unsigned mrg_impact_code_tf(uint32_t tf)
{
    unsigned code = mrg_impact_code_words(tf);
    return code < 255 && mrg_impact_words(code) < tf ? code + 1 : code;
}

/* About what BM25 makes of a pair, of at most 1, when articles have `average` words. */
static double rough_score(unsigned tf_code, unsigned words_code, double average)
{
    double tf = mrg_impact_tf(tf_code);
    return tf / (tf + 0.3 + 0.9 * mrg_impact_words(words_code) / average);
}

/* Makes two pairs of many, whose tfs and lengths descend: one for the first few and one for the others, each
   of the largest tf and the smallest length, parted where the higher of the two scores is lowest. */
static void join_impacts(unsigned char *codes, size_t count, double average)
{
    size_t best = 1;
    double best_high = 2, best_low = 2;
    for (size_t i = 1; i < count; i++) {
        double first = rough_score(codes[0], codes[2 * i - 1], average);
        double rest = rough_score(codes[2 * i], codes[2 * count - 1], average);
        double high = first > rest ? first : rest, low = first > rest ? rest : first;
        if (high < best_high || (high <= best_high && low < best_low)) {
            best = i;
            best_high = high;
            best_low = low;
        }
    }
    unsigned char pairs[4] = { codes[0], codes[2 * best - 1], codes[2 * best], codes[2 * count - 1] };
    memcpy(codes, pairs, sizeof pairs);
}

size_t mrg_impacts_make(const uint32_t *tfs, const uint32_t *words, size_t count,
                        unsigned char codes[2 * MRG_SKIP_IMPACTS])
{
    uint16_t shortest[256]; /* code of the shortest article with a tf of this code */
    unsigned char front[2 * 256];
    size_t n = 0;
    unsigned high = 0, words_left = 256;
    double sum = 1;
    memset(shortest, 0xff, sizeof shortest);
    for (size_t i = 0; i < count; i++) {
        unsigned tf = mrg_impact_code_tf(tfs[i]), w = mrg_impact_code_words(words[i]);
        sum += words[i];
        if (w < shortest[tf])
            shortest[tf] = (uint16_t)w;
        if (tf > high)
            high = tf;
    }
    for (unsigned tf = high; tf > 0; tf--) {
        if (shortest[tf] < words_left) {
            words_left = shortest[tf];
            front[2 * n] = (unsigned char)tf;
            front[2 * n++ + 1] = (unsigned char)words_left;
        }
    }
    if (n > MRG_SKIP_IMPACTS) {
        join_impacts(front, n, sum / (double)count);
        n = MRG_SKIP_IMPACTS;
    }
    memset(codes, 0, 2 * MRG_SKIP_IMPACTS);
    memcpy(codes, front, 2 * n);
    return n;
}

/* ---- Blocks ---- */

static void append_places(mrg_list_writer *w, mrg_buffer *out)
{
    if (!mrg_field_has_positions(w->field) || w->failed)
        return;
    mrg_long_pack_append(out, w->places, (uint32_t)w->place_count);
    if (!mrg_field_has_lengths(w->field))
        return;
    unsigned width = 0;
    for (size_t i = 0; i < w->place_count; i++) {
        unsigned needed = mrg_bit_width(w->place_lengths[i]);
        width = needed > width ? needed : width;
    }
    mrg_buffer_append_byte(out, width);
    mrg_packed_append(out, w->place_lengths, w->place_count, width);
}

static void append_docs(const mrg_list_writer *w, mrg_buffer *out)
{
    uint32_t values[MRG_POSTING_BLOCK], before = w->base;
    for (uint32_t i = 0; i < w->count; i++) {
        values[i] = w->docids[i] - before - 1;
        before = w->docids[i];
    }
    mrg_pack_append(out, values, w->count);
}

static void append_tfs(const mrg_list_writer *w, mrg_buffer *out)
{
    uint32_t values[MRG_POSTING_BLOCK];
    for (uint32_t i = 0; i < w->count; i++)
        values[i] = w->tfs[i] - 1;
    mrg_pack_append(out, values, w->count);
}

/* A block of a list that has several. */
static void flush_block(mrg_list_writer *w)
{
    unsigned char codes[2 * MRG_SKIP_IMPACTS];
    if (w->docs.len > UINT32_MAX || w->place_bytes >> 40)
        w->failed = MORGUE_ERR_LIMIT;
    mrg_impacts_make(w->tfs, w->words, w->count, codes);
    mrg_buffer_append_u32(&w->skips, w->docids[w->count - 1] - w->first_docid);
    mrg_buffer_append_u32(&w->skips, (uint32_t)w->docs.len);
    mrg_buffer_append(&w->skips, codes, sizeof codes);
    mrg_buffer_append_u64(&w->skips, w->place_bytes);
    append_docs(w, &w->docs);
    append_tfs(w, &w->docs);
    size_t before = w->out.len;
    append_places(w, &w->out);
    w->place_bytes += w->out.len - before;
    w->base = w->docids[w->count - 1];
    w->count = 0;
    w->place_count = 0;
}

/* ---- Lists ---- */

void mrg_list_start(mrg_list_writer *w, int field, uint32_t first_docid, uint32_t segment_docs)
{
    w->field = field;
    w->first_docid = first_docid;
    w->last_width = mrg_byte_width(segment_docs - 1);
    w->base = w->last_docid = first_docid - 1;
    w->doc_count = w->max_tf = w->count = 0;
    w->occurrence_count = w->place_bytes = 0;
    w->place_count = 0;
    w->failed = MORGUE_OK;
    mrg_buffer_clear(&w->skips);
    mrg_buffer_clear(&w->docs);
    mrg_buffer_clear(&w->out);
}

static void add_places(mrg_list_writer *w, uint32_t tf, const uint32_t *positions, const uint8_t *lengths)
{
    size_t needed = w->place_count + tf;
    if (needed > UINT32_MAX) {
        w->failed = MORGUE_ERR_LIMIT;
        return;
    }
    if ((needed > w->place_capacity &&
         mrg_reserve((void **)&w->places, &w->place_capacity, needed, sizeof *w->places)) ||
        (lengths && mrg_reserve((void **)&w->place_lengths, &w->length_capacity, needed, sizeof *w->place_lengths))) {
        w->failed = MORGUE_ERR_NOMEM;
        return;
    }
    uint32_t before = 0, *places = w->places + w->place_count;
    for (uint32_t i = 0; i < tf; i++) {
        places[i] = positions[i] - before;
        before = positions[i];
    }
    for (uint32_t i = 0; lengths && i < tf; i++)
        w->place_lengths[w->place_count + i] = lengths[i] - 1u;
    if (before > w->max_position)
        w->max_position = before;
    w->place_count = needed;
}

void mrg_list_add(mrg_list_writer *w, uint32_t docid, uint32_t tf, uint32_t words, const uint32_t *positions,
                  const uint8_t *lengths)
{
    if (w->failed)
        return;
    if (w->count == MRG_POSTING_BLOCK)
        flush_block(w);
    w->docids[w->count] = docid;
    w->tfs[w->count] = tf;
    w->words[w->count++] = words;
    w->last_docid = docid;
    w->doc_count++;
    w->occurrence_count += tf;
    if (tf > w->max_tf)
        w->max_tf = tf;
    if (positions)
        add_places(w, tf, positions, lengths);
}

/* A few postings as varints: docids, frequencies unless the dictionary says them, positions. */
static void encode_inline(const mrg_list_writer *w, mrg_buffer *out)
{
    uint32_t before = w->base;
    for (uint32_t i = 0; i < w->count; i++) {
        mrg_buffer_append_varint(out, w->docids[i] - before - 1);
        before = w->docids[i];
    }
    for (uint32_t i = 0; i < w->count && w->count > 1 && w->max_tf > 1; i++)
        mrg_buffer_append_varint(out, w->tfs[i] - 1);
    int lengths = mrg_field_has_lengths(w->field);
    for (size_t i = 0; i < w->place_count; i++)
        mrg_buffer_append_varint(out, lengths ? (uint64_t)w->places[i] << 4 | w->place_lengths[i] : w->places[i]);
}

static void encode_single(mrg_list_writer *w)
{
    append_docs(w, &w->out);
    if (w->max_tf > 1)
        append_tfs(w, &w->out);
    append_places(w, &w->out);
}

/* The skip table, each number in as many bytes as the list needs. */
static void append_skips(mrg_list_writer *w)
{
    unsigned offset_width = mrg_byte_width(w->docs.len), place_width = mrg_byte_width(w->place_bytes);
    for (size_t at = 0; at + WIDE_SKIP_BYTES <= w->skips.len; at += WIDE_SKIP_BYTES) {
        const unsigned char *wide = w->skips.data + at;
        mrg_buffer_append(&w->out, wide, w->last_width);
        mrg_buffer_append(&w->out, wide + 4, offset_width);
        mrg_buffer_append(&w->out, wide + 8, 2 * MRG_SKIP_IMPACTS);
        mrg_buffer_append(&w->out, wide + 8 + 2 * MRG_SKIP_IMPACTS, place_width);
    }
}

void mrg_list_end(mrg_list_writer *w, mrg_term_info *info, uint64_t *head)
{
    *info = (mrg_term_info){ .doc_count = w->doc_count, .occurrence_count = w->occurrence_count, .max_tf = w->max_tf,
                             .field = w->field };
    *head = 0;
    if (w->skips.len == 0) {
        if (w->count <= MRG_INLINE_MAX_DOCS && w->place_count <= MRG_INLINE_MAX_BYTES) {
            encode_inline(w, &w->docs);
            if (w->docs.len <= MRG_INLINE_MAX_BYTES && !w->docs.failed) {
                info->inline_bytes = w->docs.data;
                info->inline_len = (uint32_t)w->docs.len;
                return;
            }
        }
        encode_single(w);
        return;
    }
    flush_block(w);
    *head = w->out.len;
    mrg_buffer_append_varint(&w->out, w->place_bytes);
    mrg_buffer_append_varint(&w->out, w->docs.len);
    append_skips(w);
    mrg_buffer_append(&w->out, w->docs.data, w->docs.len);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a posting's word stands in its article: extracted for that one article, the rest of the block is left packed. */
#include "store/postings.h"

#include <string.h>

static morgue_status open_places(mrg_postings *p, morgue_error *err)
{
    const unsigned char *begin = p->places, *end = p->places_end;
    if (p->skips) {
        const unsigned char *after = mrg_skip_entry(p, p->next_block);
        uint64_t offset = mrg_load_narrow(after - p->place_width, p->place_width);
        if (offset > (uint64_t)(end - begin))
            return mrg_postings_fail(p, after - p->place_width, "a block's positions lie outside its list", err);
        begin += offset;
    }
    uint64_t used = mrg_long_pack_open(&p->block_places, begin, end, p->place_count);
    if (!used)
        return mrg_postings_fail(p, begin, "a block of positions is damaged", err);
    if (mrg_field_has_lengths(p->info.field)) {
        begin += used;
        p->length_width = begin < end ? begin[0] : 5;
        if (p->length_width > 4 || mrg_packed_bytes(p->place_count, p->length_width) > (uint64_t)(end - begin - 1))
            return mrg_postings_fail(p, begin, "a block of lengths is damaged", err);
        p->block_lengths = begin + 1;
    }
    mrg_running_sum(p->tfs, p->block_len, p->place_ends);
    p->positions_open = 1;
    return MORGUE_OK;
}

/* Makes positions of differences. */
static inline int sum_positions(const mrg_postings *p, uint32_t *positions)
{
    uint64_t position = 0;
    for (uint32_t i = 0; i < p->tf; i++) {
        position += positions[i];
        positions[i] = (uint32_t)position;
    }
    return position > p->segment->footer.max_position ? -1 : 0;
}

static morgue_status read_packed(mrg_postings *p, uint32_t *positions, uint8_t *lengths, morgue_error *err)
{
    morgue_status status = p->positions_open ? MORGUE_OK : open_places(p, err);
    if (status)
        return status;
    uint32_t first = p->place_ends[p->in_block] - p->tf;
    mrg_long_pack_get(&p->block_places, first, p->tf, positions);
    if (sum_positions(p, positions))
        return mrg_postings_fail(p, p->block_places.values, "a position is above the segment's largest", err);
    if (!lengths || !mrg_field_has_lengths(p->info.field))
        return MORGUE_OK;
    for (uint32_t i = 0; i < p->tf; i++)
        lengths[i] = (uint8_t)(mrg_packed_get(p->block_lengths, first + i, p->length_width) + 1);
    return MORGUE_OK;
}

static morgue_status read_inline(mrg_postings *p, uint32_t *positions, uint8_t *lengths, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(p->places, (size_t)(p->places_end - p->places));
    int has_lengths = mrg_field_has_lengths(p->info.field);
    for (uint32_t i = 0; i < p->in_block; i++) {
        for (uint32_t k = 0; k < p->tfs[i] && !r.failed; k++)
            mrg_read_varint(&r);
    }
    for (uint32_t i = 0; i < p->tf; i++) {
        uint64_t v = mrg_read_varint(&r);
        if (has_lengths && lengths)
            lengths[i] = (uint8_t)((v & 15) + 1);
        v = has_lengths ? v >> 4 : v;
        if (r.failed || v > UINT32_MAX)
            return mrg_postings_fail(p, p->places, "a position is damaged", err);
        positions[i] = (uint32_t)v;
    }
    return sum_positions(p, positions) ? mrg_postings_fail(p, p->places, "a position is above the segment's largest", err)
                                       : MORGUE_OK;
}

morgue_status mrg_postings_positions(mrg_postings *p, uint32_t *positions, uint8_t *lengths, morgue_error *err)
{
    if (!mrg_field_has_positions(p->info.field) || p->in_block >= p->block_len)
        return mrg_fail(err, MORGUE_ERR_INVALID, "positions were asked for where there are none");
    morgue_status status = mrg_postings_tf(p, err);
    if (status)
        return status;
    return p->info.inline_bytes ? read_inline(p, positions, lengths, err) : read_packed(p, positions, lengths, err);
}

/* The positions come one after the other, and are read no further than the last start needs. */
static morgue_status keep_packed(mrg_postings *p, uint32_t offset, uint32_t *starts, uint32_t *count, morgue_error *err)
{
    morgue_status status = p->positions_open ? MORGUE_OK : open_places(p, err);
    if (status)
        return status;
    uint32_t end = p->place_ends[p->in_block], kept = 0;
    mrg_long_walk walk = mrg_long_walk_begin(&p->block_places, end - p->tf);
    uint64_t position = mrg_long_walk_next(&walk);
    for (uint32_t i = 0; i < *count; i++) {
        uint64_t wanted = (uint64_t)starts[i] + offset;
        position = mrg_long_walk_sum(&walk, end, position, wanted);
        starts[kept] = starts[i];
        kept += position == wanted;
    }
    *count = kept;
    if (position > p->segment->footer.max_position)
        return mrg_postings_fail(p, p->block_places.values, "a position is above the segment's largest", err);
    return MORGUE_OK;
}

static morgue_status keep_inline(mrg_postings *p, uint32_t offset, uint32_t *starts, uint32_t *count, morgue_error *err)
{
    uint32_t positions[MRG_INLINE_MAX_BYTES], kept = 0, at = 0; /* each takes a byte at least */
    morgue_status status = p->tf > MRG_INLINE_MAX_BYTES ? mrg_postings_fail(p, p->places, "a position is damaged", err)
                                                        : read_inline(p, positions, NULL, err);
    for (uint32_t i = 0; i < *count && !status; i++) {
        while (at < p->tf && positions[at] < (uint64_t)starts[i] + offset)
            at++;
        starts[kept] = starts[i];
        kept += at < p->tf && positions[at] == (uint64_t)starts[i] + offset;
    }
    *count = kept;
    return status;
}

morgue_status mrg_postings_keep_starts(mrg_postings *p, uint32_t offset, uint32_t *starts, uint32_t *count,
                                       morgue_error *err)
{
    if (!mrg_field_has_positions(p->info.field) || p->in_block >= p->block_len)
        return mrg_fail(err, MORGUE_ERR_INVALID, "positions were asked for where there are none");
    morgue_status status = mrg_postings_tf(p, err);
    if (status)
        return status;
    return p->info.inline_bytes ? keep_inline(p, offset, starts, count, err)
                                : keep_packed(p, offset, starts, count, err);
}

/* ---- Two words ---- */

/* Walks both lists at once, no further than either needs. */
static uint32_t match_packed(const mrg_pair_place *a, const mrg_pair_place *b, uint32_t needed, uint32_t *starts,
                             uint64_t *last)
{
    uint32_t end_a = a->word->place_ends[a->word->in_block], end_b = b->word->place_ends[b->word->in_block], count = 0;
    mrg_long_walk walk_a = mrg_long_walk_begin(&a->word->block_places, end_a - a->word->tf);
    mrg_long_walk walk_b = mrg_long_walk_begin(&b->word->block_places, end_b - b->word->tf);
    /* Both as if the phrase began where they stand, and that far on, so that none is below 0. */
    const uint64_t ahead_a = b->offset, ahead_b = a->offset;
    uint64_t at_a = mrg_long_walk_next(&walk_a) + ahead_a, at_b = mrg_long_walk_next(&walk_b) + ahead_b;
    do {
        at_b = mrg_long_walk_sum(&walk_b, end_b, at_b, at_a);
        if (at_b < at_a)
            break;
        if (at_b > at_a) {
            at_a = mrg_long_walk_sum(&walk_a, end_a, at_a, at_b);
            if (at_a < at_b)
                break;
        } else {
            if (at_a >= ahead_a + ahead_b)
                starts[count++] = (uint32_t)(at_a - ahead_a - ahead_b);
            if (walk_a.index == end_a)
                break;
            at_a += mrg_long_walk_next(&walk_a);
        }
    } while (count + 1 + (end_a - walk_a.index) >= needed);
    *last = at_a - ahead_a > at_b - ahead_b ? at_a - ahead_a : at_b - ahead_b;
    return count;
}

static morgue_status match_other(const mrg_pair_place *a, const mrg_pair_place *b, uint32_t *starts, uint32_t *count,
                                 morgue_error *err)
{
    uint32_t kept = 0;
    morgue_status status = mrg_postings_positions(a->word, starts, NULL, err);
    for (uint32_t i = 0; i < a->word->tf && !status; i++) {
        if (starts[i] >= a->offset)
            starts[kept++] = starts[i] - a->offset;
    }
    *count = kept;
    return status || !kept ? status : mrg_postings_keep_starts(b->word, b->offset, starts, count, err);
}

morgue_status mrg_postings_match_pair(const mrg_pair_place *a, const mrg_pair_place *b, uint32_t needed,
                                      uint32_t *starts, uint32_t *count, morgue_error *err)
{
    uint64_t last = 0;
    if (a->word->info.inline_bytes || b->word->info.inline_bytes)
        return match_other(a, b, starts, count, err);
    morgue_status status = a->word->positions_open ? MORGUE_OK : open_places(a->word, err);
    if (!status && !b->word->positions_open)
        status = open_places(b->word, err);
    if (status)
        return status;
    *count = match_packed(a, b, needed, starts, &last);
    if (last > a->word->segment->footer.max_position)
        return mrg_postings_fail(a->word, a->word->block_places.values, "a position is above the segment's largest", err);
    return MORGUE_OK;
}

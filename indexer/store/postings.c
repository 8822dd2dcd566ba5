/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/postings.h"

#include <stddef.h>
#include <string.h>

morgue_status mrg_postings_fail(const mrg_postings *p, const unsigned char *at, const char *what, morgue_error *err)
{
    return mrg_fail_segment(p->segment, p->info.inline_bytes ? MRG_SECTION_DICTIONARY : MRG_SECTION_POSTINGS, at, what,
                            err);
}

static uint32_t segment_last_docid(const mrg_postings *p)
{
    return p->segment->footer.first_docid + p->segment->footer.doc_count - 1;
}

/* ---- Opening a list ---- */

static morgue_status open_blocks(mrg_postings *p, const unsigned char *head, const unsigned char *end,
                                 morgue_error *err)
{
    mrg_reader r = mrg_reader_make(head, (size_t)(end - head));
    uint64_t place_bytes = mrg_read_varint(&r), docs_bytes = mrg_read_varint(&r);
    if (r.failed || place_bytes > p->info.offset || docs_bytes > (uint64_t)(end - head) ||
        (place_bytes != 0) != mrg_field_has_positions(p->info.field))
        return mrg_postings_fail(p, head, "a list does not fit into its section", err);
    p->block_count = (p->info.doc_count - 1) / MRG_POSTING_BLOCK + 1;
    p->last_width = mrg_byte_width(p->segment->footer.doc_count - 1);
    p->offset_width = mrg_byte_width(docs_bytes);
    p->place_width = mrg_byte_width(place_bytes);
    p->last_mask = mrg_bit_mask(8 * p->last_width);
    p->skip_bytes = p->last_width + p->offset_width + 2 * MRG_SKIP_IMPACTS + p->place_width;
    p->skips = mrg_read_bytes(&r, (uint64_t)p->skip_bytes * p->block_count);
    p->docs = mrg_read_bytes(&r, docs_bytes);
    if (r.failed)
        return mrg_postings_fail(p, head, "a list does not fit into its section", err);
    p->docs_end = p->docs + docs_bytes;
    p->places = head - place_bytes;
    p->places_end = head;
    return MORGUE_OK;
}

morgue_status mrg_postings_init(mrg_postings *p, const mrg_segment *segment, const mrg_term_info *info,
                                morgue_error *err)
{
    memset(p, 0, offsetof(mrg_postings, docids));
    p->segment = segment;
    p->info = *info;
    p->in_block = UINT32_MAX;
    p->block_count = 1;
    if (info->inline_bytes)
        return MORGUE_OK;
    const unsigned char *head = segment->postings + info->offset;
    const unsigned char *end = segment->postings + segment->footer.sections[MRG_SECTION_POSTINGS].len;
    if (info->doc_count > MRG_POSTING_BLOCK)
        return open_blocks(p, head, end, err);
    p->docs = head;
    p->docs_end = end;
    return MORGUE_OK;
}

/* ---- Decoding ---- */

/* Makes docids of differences less 1. Returns the last, or UINT64_MAX when they leave 32 bits. */
static uint64_t sum_docids(uint32_t *docids, uint32_t count, uint32_t base, unsigned max_width)
{
    if (max_width <= 24) { /* the sum of 128 fits 32 bits: only the base can carry it beyond */
        mrg_prefix_sum(docids, count, base);
        return (uint64_t)base + (uint32_t)(docids[count - 1] - base);
    }
    uint64_t docid = base;
    for (uint32_t i = 0; i < count; i++) {
        docid += (uint64_t)docids[i] + 1;
        docids[i] = (uint32_t)docid;
        if (docid > UINT32_MAX)
            return UINT64_MAX;
    }
    return docid;
}

static morgue_status decode_inline(mrg_postings *p, morgue_error *err)
{
    const unsigned char *begin = p->info.inline_bytes;
    mrg_reader r = mrg_reader_make(begin, p->info.inline_len);
    uint32_t count = p->info.doc_count;
    uint64_t docid = p->segment->footer.first_docid - 1, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t more = mrg_read_varint(&r);
        docid += (more > UINT32_MAX ? UINT32_MAX : more) + 1;
        p->docids[i] = (uint32_t)docid;
        if (docid > segment_last_docid(p))
            return mrg_postings_fail(p, begin, "a docid lies outside the segment", err);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t tf = count == 1 ? p->info.max_tf : p->info.max_tf == 1 ? 1 : mrg_read_varint(&r) + 1;
        if (tf == 0 || tf > p->info.max_tf)
            return mrg_postings_fail(p, begin, "a frequency is above the term's largest", err);
        p->tfs[i] = (uint32_t)tf;
        sum += tf;
    }
    if (r.failed || sum != p->info.occurrence_count)
        return mrg_postings_fail(p, begin, "the frequencies do not make the term's", err);
    p->places = r.p;
    p->places_end = r.end;
    p->tfs_decoded = 1;
    p->only_last = (uint32_t)docid;
    return MORGUE_OK;
}

static morgue_status decode_docids(mrg_postings *p, const unsigned char *at, const unsigned char *end, uint32_t base,
                                   uint32_t count, uint64_t *last, morgue_error *err)
{
    unsigned max_width = 0;
    size_t used = mrg_pack_read(at, end, p->docids, count, &max_width);
    if (!used)
        return mrg_postings_fail(p, at, "a block of docids is damaged", err);
    *last = sum_docids(p->docids, count, base, max_width);
    p->tf_data = at + used;
    return MORGUE_OK;
}

static inline uint32_t skip_last(const mrg_postings *p, uint32_t block)
{
    return (mrg_load_u32(mrg_skip_entry(p, block)) & p->last_mask) + p->segment->footer.first_docid;
}

static morgue_status find_block(mrg_postings *p, uint32_t block, const unsigned char **begin, morgue_error *err)
{
    uint64_t from = mrg_load_narrow(mrg_skip_entry(p, block) + p->last_width, p->offset_width);
    if (from > (uint64_t)(p->docs_end - p->docs))
        return mrg_postings_fail(p, mrg_skip_entry(p, block), "a block lies outside its list", err);
    *begin = p->docs + from;
    return MORGUE_OK;
}

static morgue_status decode_several(mrg_postings *p, uint32_t block, uint32_t count, morgue_error *err)
{
    const unsigned char *begin = NULL;
    uint32_t base = block ? skip_last(p, block - 1) : p->segment->footer.first_docid - 1;
    uint64_t last = 0;
    morgue_status status = find_block(p, block, &begin, err);
    if (!status)
        status = decode_docids(p, begin, p->docs_end, base, count, &last, err);
    if (status)
        return status;
    if (last != skip_last(p, block) || last > segment_last_docid(p))
        return mrg_postings_fail(p, mrg_skip_entry(p, block), "a block does not end with the docid that its list says", err);
    return MORGUE_OK;
}

static morgue_status decode_single(mrg_postings *p, uint32_t count, morgue_error *err)
{
    uint64_t last = 0;
    uint32_t base = p->segment->footer.first_docid - 1;
    morgue_status status = decode_docids(p, p->docs, p->docs_end, base, count, &last, err);
    if (status)
        return status;
    if (last > segment_last_docid(p))
        return mrg_postings_fail(p, p->docs, "a docid lies outside the segment", err);
    p->only_last = (uint32_t)last;
    return MORGUE_OK;
}

/* Afterwards the walk stands before the block's first posting. */
static morgue_status decode_block(mrg_postings *p, uint32_t block, morgue_error *err)
{
    uint32_t left = p->info.doc_count - block * MRG_POSTING_BLOCK;
    uint32_t count = left < MRG_POSTING_BLOCK ? left : MRG_POSTING_BLOCK;
    p->block_len = 0;
    p->in_block = UINT32_MAX;
    p->tfs_decoded = p->positions_open = p->filtered = 0;
    p->next_block = block + 1;
    morgue_status status;
    if (p->info.inline_bytes)
        status = decode_inline(p, err);
    else
        status = p->skips ? decode_several(p, block, count, err) : decode_single(p, count, err);
    if (status) {
        p->docid = MRG_DOCID_END;
        p->next_block = p->block_count;
        return status;
    }
    p->block_len = count;
    return MORGUE_OK;
}

/* ---- Moving ---- */

static morgue_status finish(mrg_postings *p)
{
    p->docid = MRG_DOCID_END;
    p->in_block = 0;
    p->block_len = 0;
    p->next_block = p->block_count;
    return MORGUE_OK;
}

morgue_status mrg_postings_next_block(mrg_postings *p, morgue_error *err)
{
    if (p->next_block >= p->block_count)
        return finish(p);
    morgue_status status = decode_block(p, p->next_block, err);
    if (!status) {
        p->in_block = 0;
        p->docid = p->docids[0];
    }
    return status;
}

/* The first block from `block` on that ends at `target` or later, block_count for none. Gallops. */
static uint32_t gallop(const mrg_postings *p, uint32_t block, uint32_t target)
{
    uint32_t step = 1, high = block;
    while (high < p->block_count && skip_last(p, high) < target) {
        block = high + 1;
        high = p->block_count - high > step ? high + step : p->block_count;
        step *= 2;
    }
    while (block < high) {
        uint32_t mid = block + (high - block) / 2;
        if (skip_last(p, mid) < target)
            block = mid + 1;
        else
            high = mid;
    }
    return block;
}

/* The first index from `from` on whose docid is not below target; the last one is not. Docids differ, so it is at most as
   many further on as docids are between. No branches: nobody could predict them. */
static inline uint32_t search_block(const mrg_postings *p, uint32_t from, uint32_t target)
{
    const uint32_t *at = p->docids + from;
    if (*at >= target)
        return from;
    uint32_t count = p->block_len - from, apart = target - *at;
    count = count <= apart ? count : apart + 1;
    while (count > 1) {
        uint32_t half = count / 2;
        at += half & (0 - (uint32_t)(at[half - 1] < target));
        count -= half;
    }
    return (uint32_t)(at - p->docids);
}

morgue_status mrg_postings_seek_far(mrg_postings *p, uint32_t target, morgue_error *err)
{
    if (!p->block_len || p->docids[p->block_len - 1] < target) {
        uint32_t block = p->skips ? gallop(p, p->next_block, target) : p->next_block;
        if (block >= p->block_count)
            return finish(p);
        morgue_status status = decode_block(p, block, err);
        if (status)
            return status;
        if (p->docids[p->block_len - 1] < target)
            return finish(p); /* a list of one block; others end as the skip table says */
    }
    p->in_block = search_block(p, p->in_block + 1, target);
    p->docid = p->docids[p->in_block];
    return MORGUE_OK;
}

/* ---- Frequencies ---- */

/* Makes tfs of what is one less. Returns the bits of all of them together, *sum modulo 2^32. */
static uint32_t add_one(uint32_t *tfs, uint32_t count, uint32_t *sum)
{
    typedef uint32_t lanes __attribute__((vector_size(16)));
    lanes bits = { 0 }, sums = { 0 };
    uint32_t i = 0, high = 0, total = count;
    for (; i + 4 <= count; i += 4) {
        lanes v;
        memcpy(&v, tfs + i, sizeof v);
        bits |= v;
        sums += v;
        v += 1;
        memcpy(tfs + i, &v, sizeof v);
    }
    for (; i < count; i++) {
        high |= tfs[i];
        total += tfs[i]++;
    }
    *sum = total + sums[0] + sums[1] + (sums[2] + sums[3]);
    return high | bits[0] | bits[1] | bits[2] | bits[3];
}

/* Checks that each is at most the term's largest, makes tfs of them, and sums. */
static morgue_status check_tfs(mrg_postings *p, uint32_t count, uint64_t *sum, morgue_error *err)
{
    uint32_t narrow, bits = add_one(p->tfs, count, &narrow);
    uint64_t wide = 0;
    for (uint32_t i = 0; i < count && bits >= p->info.max_tf; i++) { /* most often the bits settle it */
        if (p->tfs[i] - 1 >= p->info.max_tf)
            return mrg_postings_fail(p, p->tf_data, "a frequency is above the term's largest", err);
    }
    for (uint32_t i = 0; i < count && bits >> 24; i++) /* below that, 128 of them add up to 32 bits */
        wide += p->tfs[i];
    *sum = bits >> 24 ? wide : narrow;
    return MORGUE_OK;
}

/* Where the positions of the decoded block are. */
static morgue_status find_places(mrg_postings *p, const unsigned char *after_tfs, uint64_t sum, morgue_error *err)
{
    if (sum > UINT32_MAX || (!p->skips && sum != p->info.occurrence_count))
        return mrg_postings_fail(p, p->tf_data, "the frequencies do not make the term's", err);
    p->place_count = (uint32_t)sum;
    if (!p->skips) {
        p->places = after_tfs;
        p->places_end = p->docs_end;
    }
    return MORGUE_OK;
}

/* Of the `count` postings whose docids were decoded last. */
static morgue_status decode_tfs(mrg_postings *p, uint32_t count, morgue_error *err)
{
    unsigned max_width = 0;
    size_t used = 0;
    if (!p->skips && p->info.max_tf == 1) {
        memset(p->tfs, 0, count * sizeof p->tfs[0]);
    } else {
        used = mrg_pack_read(p->tf_data, p->docs_end, p->tfs, count, &max_width);
        if (!used)
            return mrg_postings_fail(p, p->tf_data, "a block of frequencies is damaged", err);
    }
    uint64_t sum = 0;
    morgue_status status = check_tfs(p, count, &sum, err);
    if (!status && mrg_field_has_positions(p->info.field))
        status = find_places(p, p->tf_data + used, sum, err);
    p->tfs_decoded = !status;
    return status;
}

morgue_status mrg_postings_decode_tfs(mrg_postings *p, morgue_error *err)
{
    if (p->in_block >= p->block_len)
        return mrg_fail(err, MORGUE_ERR_INVALID, "a frequency of no posting was asked for");
    return decode_tfs(p, p->block_len, err);
}

/* ---- Bounds ---- */

static size_t read_impacts(const unsigned char *codes, mrg_impact impacts[MRG_IMPACTS])
{
    size_t n = 0;
    for (size_t i = 0; i < MRG_SKIP_IMPACTS && codes[2 * i]; i++)
        impacts[n++] = (mrg_impact){ mrg_impact_tf(codes[2 * i]), mrg_impact_words(codes[2 * i + 1]) };
    return n;
}

/* Of a decoded list of one block: the shortest article for each tf of 1 to 3, and for those above. */
static void make_impacts(mrg_postings *p)
{
    mrg_impact found[MRG_IMPACTS];
    int title = mrg_field_is_title(p->info.field);
    for (uint32_t i = 0; i < MRG_IMPACTS; i++)
        found[i] = (mrg_impact){ 0, UINT32_MAX };
    for (uint32_t i = 0; i < p->info.doc_count; i++) {
        uint32_t tf = p->tfs[i], class = (tf < MRG_IMPACTS ? tf : MRG_IMPACTS) - 1;
        uint32_t words = title ? mrg_segment_title_words(p->segment, p->docids[i])
                               : mrg_segment_words(p->segment, p->docids[i]);
        found[class].tf = tf > found[class].tf ? tf : found[class].tf;
        found[class].words = words < found[class].words ? words : found[class].words;
    }
    for (uint32_t i = 0; i < MRG_IMPACTS; i++) {
        if (found[i].tf)
            p->impacts[p->impact_count++] = found[i];
    }
}

/* A list of one block is decoded: it has no skip table, and will be wanted anyway. */
static morgue_status only_block_max(mrg_postings *p, uint32_t target, uint32_t *last_docid,
                                    mrg_impact impacts[MRG_IMPACTS], size_t *impact_count, morgue_error *err)
{
    morgue_status status = p->only_last ? MORGUE_OK : decode_block(p, 0, err);
    if (status || p->only_last < target)
        return status;
    if (!p->impact_count) {
        status = p->tfs_decoded ? MORGUE_OK : decode_tfs(p, p->info.doc_count, err);
        if (status)
            return status;
        make_impacts(p);
    }
    *last_docid = p->only_last;
    *impact_count = p->impact_count;
    memcpy(impacts, p->impacts, sizeof p->impacts);
    return MORGUE_OK;
}

static morgue_status read_block_impacts(const mrg_postings *p, uint32_t block, mrg_impact impacts[MRG_IMPACTS],
                                        size_t *impact_count, morgue_error *err)
{
    const unsigned char *entry = mrg_skip_entry(p, block);
    *impact_count = read_impacts(entry + p->last_width + p->offset_width, impacts);
    return *impact_count ? MORGUE_OK : mrg_postings_fail(p, entry, "a block has no impacts", err);
}

morgue_status mrg_postings_block_impacts(mrg_postings *p, uint32_t block, mrg_impact impacts[MRG_IMPACTS],
                                         size_t *impact_count, morgue_error *err)
{
    uint32_t last;
    *impact_count = 0;
    if (block >= p->block_count)
        return MORGUE_OK;
    return p->skips ? read_block_impacts(p, block, impacts, impact_count, err)
                    : only_block_max(p, 0, &last, impacts, impact_count, err);
}

morgue_status mrg_postings_block_max(mrg_postings *p, uint32_t target, uint32_t *last_docid,
                                     mrg_impact impacts[MRG_IMPACTS], size_t *impact_count, morgue_error *err)
{
    *last_docid = MRG_DOCID_END;
    *impact_count = 0;
    if (!p->skips)
        return only_block_max(p, target, last_docid, impacts, impact_count, err);
    uint32_t from = p->max_block;
    if (from && (from >= p->block_count || skip_last(p, from - 1) >= target))
        from = 0;
    p->max_block = gallop(p, from, target);
    if (p->max_block >= p->block_count)
        return MORGUE_OK;
    *last_docid = skip_last(p, p->max_block);
    return read_block_impacts(p, p->max_block, impacts, impact_count, err);
}

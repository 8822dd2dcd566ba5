/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/dictionary.h"

/* ---- Making ---- */

void mrg_dictionary_builder_dispose(mrg_dictionary_builder *b)
{
    mrg_buffer_dispose(&b->blocks);
    mrg_buffer_dispose(&b->index);
    mrg_buffer_dispose(&b->info);
}

uint64_t mrg_dictionary_head(const void *key, size_t len)
{
    unsigned char bytes[8] = { 0 };
    memcpy(bytes, key, len < 8 ? len : 8);
    uint64_t v;
    memcpy(&v, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* An entry's first byte: bytes shared with the key before, bytes of the rest; SIZE_MAX_SHORT says that a byte with what
   goes beyond it follows. */
enum { SIZE_BITS = 4, SIZE_MAX_SHORT = 15 };

/* Beside a term's number of articles. */
enum { INFO_INLINED = 1, INFO_IS_STEM = 2, INFO_REPEATED = 4, INFO_BITS = 3 };

static unsigned short_size(size_t size)
{
    return size < SIZE_MAX_SHORT ? (unsigned)size : SIZE_MAX_SHORT;
}

static void encode_info(mrg_buffer *out, const mrg_term_info *info, uint64_t base)
{
    mrg_buffer_clear(out);
    uint64_t repeats = info->occurrence_count - info->doc_count;
    unsigned flags = (info->inline_bytes ? INFO_INLINED : 0u) | (info->is_stem ? INFO_IS_STEM : 0u) | (repeats ? INFO_REPEATED : 0u);
    mrg_buffer_append_varint(out, (uint64_t)(info->doc_count - 1) << INFO_BITS | flags);
    if (repeats)
        mrg_buffer_append_varint(out, repeats - 1);
    if (repeats && info->doc_count > 1)
        mrg_buffer_append_varint(out, info->max_tf - 2);
    if (info->inline_bytes)
        mrg_buffer_append(out, info->inline_bytes, info->inline_len);
    else
        mrg_buffer_append_varint(out, info->offset - base);
}

void mrg_dictionary_add(mrg_dictionary_builder *b, const void *key, size_t len, const mrg_term_info *info,
                        uint64_t lists_offset)
{
    const unsigned char *k = key;
    size_t shared = 0;
    if (b->term_count % MRG_DICTIONARY_BLOCK_TERMS == 0) {
        mrg_buffer_append_u64(&b->index, mrg_dictionary_head(key, len));
        mrg_buffer_append_u64(&b->index, b->blocks.len);
        mrg_buffer_append_varint(&b->blocks, lists_offset);
        b->base = lists_offset;
        b->block_count++;
    } else {
        while (shared < len && shared < b->last_len && k[shared] == b->last_key[shared])
            shared++;
    }
    encode_info(&b->info, info, b->base);
    mrg_buffer_append_byte(&b->blocks, short_size(shared) | short_size(len - shared) << SIZE_BITS);
    if (shared >= SIZE_MAX_SHORT)
        mrg_buffer_append_byte(&b->blocks, (unsigned)(shared - SIZE_MAX_SHORT));
    if (len - shared >= SIZE_MAX_SHORT)
        mrg_buffer_append_byte(&b->blocks, (unsigned)(len - shared - SIZE_MAX_SHORT));
    mrg_buffer_append(&b->blocks, k + shared, len - shared);
    mrg_buffer_append_varint(&b->blocks, b->info.len);
    mrg_buffer_append(&b->blocks, b->info.data, b->info.len);
    b->blocks.failed |= b->info.failed;
    memcpy(b->last_key, key, len);
    b->last_len = len;
    b->term_count++;
}

/* ---- Blocks ---- */

static morgue_status fail_at(const mrg_segment *segment, const unsigned char *at, const char *what, morgue_error *err)
{
    return mrg_fail_segment(segment, MRG_SECTION_DICTIONARY, at, what, err);
}

static inline const unsigned char *index_entry(const mrg_segment *segment, uint32_t block)
{
    return segment->dictionary_index + (size_t)MRG_DICTIONARY_INDEX_BYTES * block;
}

morgue_status mrg_dictionary_block(const mrg_segment *segment, uint32_t block, const unsigned char **begin,
                                   const unsigned char **end, morgue_error *err)
{
    const mrg_footer *f = &segment->footer;
    uint64_t len = f->sections[MRG_SECTION_DICTIONARY].len;
    uint64_t from = mrg_load_u64(index_entry(segment, block) + 8);
    uint64_t to = block + 1 < f->dictionary_block_count ? mrg_load_u64(index_entry(segment, block + 1) + 8) : len;
    if (from >= to || to > len)
        return mrg_fail_segment(segment, MRG_SECTION_DICTIONARY_INDEX, index_entry(segment, block),
                                "a block lies outside the dictionary", err);
    *begin = segment->dictionary + from;
    *end = segment->dictionary + to;
    return MORGUE_OK;
}

static uint32_t terms_in_block(const mrg_segment *segment, uint32_t block)
{
    const mrg_footer *f = &segment->footer;
    uint64_t left = f->term_count - (uint64_t)block * f->dictionary_block_terms;
    return left < f->dictionary_block_terms ? (uint32_t)left : f->dictionary_block_terms;
}

/* An entry's parts, lent. */
struct entry {
    size_t shared, suffix_len;
    const unsigned char *suffix, *info, *end;
};

/* 0, or -1 when the entry does not fit. */
static inline int read_entry(struct entry *e, const unsigned char *p, const unsigned char *end)
{
    if (end - p < 4) /* the shortest entry has four bytes */
        return -1;
    e->shared = *p & SIZE_MAX_SHORT;
    e->suffix_len = *p++ >> SIZE_BITS;
    if (e->shared == SIZE_MAX_SHORT)
        e->shared += *p++;
    if (e->suffix_len == SIZE_MAX_SHORT)
        e->suffix_len += *p++;
    e->suffix = p;
    if ((size_t)(end - p) < e->suffix_len + 1)
        return -1;
    p += e->suffix_len;
    uint64_t info_len = *p++;
    if (info_len >= 0x80) {
        size_t n = mrg_decode_varint(p - 1, end, &info_len);
        if (!n)
            return -1;
        p += n - 1;
    }
    if (info_len > (uint64_t)(end - p))
        return -1;
    e->info = p;
    e->end = p + info_len;
    return 0;
}

static morgue_status read_info(const mrg_segment *segment, int field, uint64_t base, const struct entry *e,
                               mrg_term_info *info, morgue_error *err)
{
    const mrg_footer *f = &segment->footer;
    mrg_reader r = mrg_reader_make(e->info, (size_t)(e->end - e->info));
    uint64_t head = mrg_read_varint(&r), doc_count = (head >> INFO_BITS) + 1, more = 0, max_tf = 1;
    if (head & INFO_REPEATED)
        more = mrg_read_varint(&r);
    if (r.failed || more == UINT64_MAX)
        return fail_at(segment, e->info, "an entry is damaged", err);
    more += (head & INFO_REPEATED) != 0;
    if (doc_count > f->doc_count || doc_count > f->occurrence_count ||
        more > f->occurrence_count - doc_count)
        return fail_at(segment, e->info, "a term has more postings than the segment", err);
    if (more)
        max_tf = doc_count == 1 ? more + 1 : mrg_read_varint(&r) + 2;
    if (max_tf > f->max_tf || max_tf - 1 > more)
        return fail_at(segment, e->info, "a term's largest frequency is too large", err);
    *info = (mrg_term_info){ .doc_count = (uint32_t)doc_count, .occurrence_count = doc_count + more,
                             .max_tf = (uint32_t)max_tf, .field = field, .is_stem = (head & INFO_IS_STEM) != 0 };
    if (head & INFO_INLINED) {
        info->inline_len = (uint32_t)(r.end - r.p);
        info->inline_bytes = r.p;
        if (r.failed || doc_count > MRG_INLINE_MAX_DOCS || r.p == r.end || r.end - r.p > UINT32_MAX)
            return fail_at(segment, e->info, "a list in the dictionary is damaged", err);
        return MORGUE_OK;
    }
    uint64_t offset = mrg_read_varint(&r), lists = f->sections[MRG_SECTION_POSTINGS].len;
    if (r.failed || r.p != r.end || base > lists || offset >= lists - base)
        return fail_at(segment, e->info, "a term's list lies outside the postings", err);
    info->offset = base + offset;
    return MORGUE_OK;
}

/* ---- Lookup ---- */

/* The first block whose head is not below (`above` 0) or is above (`above` 1) the given one. */
static uint32_t find_head(const mrg_segment *segment, uint64_t head, int above)
{
    const unsigned char *index = segment->dictionary_index;
    uint32_t low = 0, count = segment->footer.dictionary_block_count;
    while (count) {
        uint32_t half = count / 2;
        uint64_t v = mrg_load_u64(index + (size_t)MRG_DICTIONARY_INDEX_BYTES * (low + half));
        int right = v < head || (above && v == head);
        low = right ? low + half + 1 : low;
        count = right ? count - half - 1 : half;
    }
    return low;
}

/* *order: the block's first key compared with the given one, as memcmp. */
static morgue_status compare_first_key(const mrg_segment *segment, uint32_t block, const unsigned char *key, size_t len,
                                       int *order, morgue_error *err)
{
    const unsigned char *p, *end;
    uint64_t base;
    struct entry e;
    morgue_status status = mrg_dictionary_block(segment, block, &p, &end, err);
    if (status)
        return status;
    size_t n = mrg_decode_varint(p, end, &base);
    if (!n || read_entry(&e, p + n, end) || e.shared)
        return fail_at(segment, p, "a block's first entry is damaged", err);
    size_t common = e.suffix_len < len ? e.suffix_len : len;
    *order = memcmp(e.suffix, key, common);
    if (*order == 0)
        *order = e.suffix_len < len ? -1 : e.suffix_len > len;
    return MORGUE_OK;
}

/* The last block whose first key is not above the given one; UINT32_MAX when there is none. */
static morgue_status find_block(const mrg_segment *segment, const unsigned char *key, size_t len, uint32_t *block,
                                morgue_error *err)
{
    uint64_t head = mrg_dictionary_head(key, len);
    uint32_t high = find_head(segment, head, 1), low = high;
    *block = high - 1;
    if (high == 0 || mrg_load_u64(index_entry(segment, high - 1)) != head)
        return MORGUE_OK;
    low = find_head(segment, head, 0);
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int order = 0;
        morgue_status status = compare_first_key(segment, mid, key, len, &order, err);
        if (status)
            return status;
        if (order <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    *block = low - 1;
    return MORGUE_OK;
}

/* Goes through a block without building its keys: `matched` bytes of the key agree with the previous
   term, which is below it, so a term that shares more with that one is below the key too. */
static morgue_status find_in_block(const mrg_segment *segment, uint32_t block, const unsigned char *key, size_t len,
                                   mrg_term_info *info, morgue_error *err)
{
    const unsigned char *p, *end;
    uint64_t base;
    morgue_status status = mrg_dictionary_block(segment, block, &p, &end, err);
    if (status)
        return status;
    size_t n = mrg_decode_varint(p, end, &base), matched = 0;
    if (!n)
        return fail_at(segment, p, "a block's first list has no offset", err);
    p += n;
    for (uint32_t i = terms_in_block(segment, block); i > 0; i--) {
        struct entry e;
        if (read_entry(&e, p, end))
            return fail_at(segment, p, "an entry is damaged", err);
        p = e.end;
        if (e.shared > matched)
            continue;
        if (e.shared < matched)
            return MORGUE_ERR_NOT_FOUND;
        size_t k = 0;
        while (k < e.suffix_len && matched + k < len && e.suffix[k] == key[matched + k])
            k++;
        matched += k;
        if (k == e.suffix_len && matched == len)
            return read_info(segment, key[0], base, &e, info, err);
        if (k < e.suffix_len && (matched == len || e.suffix[k] > key[matched]))
            return MORGUE_ERR_NOT_FOUND;
    }
    return MORGUE_ERR_NOT_FOUND;
}

morgue_status mrg_segment_find(const mrg_segment *segment, const void *key, size_t len, mrg_term_info *info,
                               morgue_error *err)
{
    uint32_t block;
    if (len == 0 || len > MRG_KEY_MAX_BYTES)
        return MORGUE_ERR_NOT_FOUND;
    morgue_status status = find_block(segment, key, len, &block, err);
    if (status)
        return status;
    return block == UINT32_MAX ? MORGUE_ERR_NOT_FOUND : find_in_block(segment, block, key, len, info, err);
}

/* ---- Walks ---- */

static morgue_status start_block(mrg_term_cursor *cursor, uint32_t block, uint64_t *base, morgue_error *err)
{
    morgue_status status = mrg_dictionary_block(cursor->segment, block, &cursor->p, &cursor->end, err);
    if (status)
        return status;
    size_t n = mrg_decode_varint(cursor->p, cursor->end, base);
    if (!n)
        return fail_at(cursor->segment, cursor->p, "a block's first list has no offset", err);
    cursor->p += n;
    cursor->block = block;
    cursor->index_in_block = 0;
    return MORGUE_OK;
}

/* Reads the key of the entry at cursor->p. A block's first entry spells out what it shares with the key
   before, which is compared here. */
static morgue_status take_key(mrg_term_cursor *cursor, morgue_error *err)
{
    struct entry e;
    size_t before = cursor->key_len, shared = 0;
    int starts = cursor->index_in_block == 0;
    if (read_entry(&e, cursor->p, cursor->end) || e.shared > (starts ? 0 : before) || e.shared + e.suffix_len == 0 ||
        e.shared + e.suffix_len > MRG_KEY_MAX_BYTES)
        return fail_at(cursor->segment, cursor->p, "an entry is damaged", err);
    while (starts && shared < before && shared < e.suffix_len && cursor->key[shared] == e.suffix[shared])
        shared++;
    cursor->shared = starts ? shared : e.shared;
    memcpy(cursor->key + e.shared, e.suffix, e.suffix_len);
    cursor->key_len = e.shared + e.suffix_len;
    cursor->key[cursor->key_len] = 0;
    cursor->info_begin = e.info;
    cursor->info_end = cursor->p = e.end;
    cursor->index_in_block++;
    return MORGUE_OK;
}

morgue_status mrg_term_cursor_next_key(mrg_term_cursor *cursor, int *done, morgue_error *err)
{
    const mrg_segment *segment = cursor->segment;
    *done = 0;
    if (cursor->block == UINT32_MAX ||
        cursor->index_in_block == terms_in_block(segment, cursor->block)) {
        uint32_t block = cursor->block + 1; /* from UINT32_MAX, before the start, this is 0 */
        if (block >= segment->footer.dictionary_block_count) {
            *done = 1;
            return MORGUE_OK;
        }
        morgue_status status = start_block(cursor, block, &cursor->base, err);
        if (status)
            return status;
    }
    return take_key(cursor, err);
}

morgue_status mrg_term_cursor_read_info(mrg_term_cursor *cursor, morgue_error *err)
{
    const struct entry e = { .info = cursor->info_begin, .end = cursor->info_end };
    return read_info(cursor->segment, cursor->key[0], cursor->base, &e, &cursor->info, err);
}

morgue_status mrg_term_cursor_next(mrg_term_cursor *cursor, int *done, morgue_error *err)
{
    morgue_status status = mrg_term_cursor_next_key(cursor, done, err);
    return status || *done ? status : mrg_term_cursor_read_info(cursor, err);
}

static int key_below(const mrg_term_cursor *cursor, const unsigned char *key, size_t len)
{
    size_t common = cursor->key_len < len ? cursor->key_len : len;
    int order = common ? memcmp(cursor->key, key, common) : 0;
    return order < 0 || (order == 0 && cursor->key_len < len);
}

morgue_status mrg_term_cursor_init(mrg_term_cursor *cursor, const mrg_segment *segment, const void *key, size_t len,
                                   int *done, morgue_error *err)
{
    uint32_t block = UINT32_MAX;
    morgue_status status = len ? find_block(segment, key, len, &block, err) : MORGUE_OK;
    cursor->segment = segment;
    cursor->block = UINT32_MAX;
    cursor->key_len = 0;
    *done = 0;
    if (!status && block != UINT32_MAX)
        status = start_block(cursor, block, &cursor->base, err);
    do {
        if (!status)
            status = mrg_term_cursor_next(cursor, done, err);
    } while (!status && !*done && key_below(cursor, key, len));
    cursor->shared = 0;
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a segment; articles' lengths and records. */
#include "store/segment_layout.h"

#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"
#include "core/zip.h"
#include "store/textblock.h"

static atomic_ullong next_serial = 1;

const char *mrg_section_name(int section)
{
    static const char *const names[MRG_SECTIONS] = { "text",     "text index", "lengths",         "title lengths",
                                                     "postings", "dictionary", "dictionary index" };
    return names[section];
}

morgue_status mrg_fail_segment(const mrg_segment *segment, int section, const unsigned char *at, const char *what,
                               morgue_error *err)
{
    return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: %s: %s (byte %llu)", segment->path, mrg_section_name(section), what,
                    (unsigned long long)(at - segment->mapping.data));
}

/* ---- Opening ---- */

static morgue_status check_header(const mrg_segment *s, morgue_error *err)
{
    const unsigned char *data = s->mapping.data;
    if (s->mapping.len < MRG_SEGMENT_HEADER_BYTES || memcmp(data, MRG_SEGMENT_MAGIC, 8))
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s is not a segment (byte 0)", s->path);
    uint32_t format = mrg_load_u32(data + 8);
    if (format < 1 || format > MRG_SEGMENT_FORMAT)
        return mrg_fail(err, MORGUE_ERR_VERSION, "%s has segment format %u; this library reads 1 to %d", s->path,
                        format, MRG_SEGMENT_FORMAT);
    if (s->mapping.len < MRG_SEGMENT_HEADER_BYTES + MRG_SEGMENT_FOOTER_BYTES)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s is cut short at byte %zu", s->path, s->mapping.len);
    return MORGUE_OK;
}

static morgue_status check_index(const mrg_segment *s, int section, morgue_error *err)
{
    const mrg_section *where = &s->footer.sections[section];
    const unsigned char *bytes = s->mapping.data + where->offset;
    if (mrg_crc32(0, bytes, where->len) != where->crc)
        return mrg_fail_segment(s, section, bytes, "the checksum does not match", err);
    return MORGUE_OK;
}

static void place_sections(mrg_segment *s)
{
    const unsigned char *data = s->mapping.data;
    const mrg_section *sections = s->footer.sections;
    s->text = data + sections[MRG_SECTION_TEXT].offset;
    s->text_index = data + sections[MRG_SECTION_TEXT_INDEX].offset;
    s->words = data + sections[MRG_SECTION_WORDS].offset;
    s->title_words = data + sections[MRG_SECTION_TITLE_WORDS].offset;
    s->postings = data + sections[MRG_SECTION_POSTINGS].offset;
    s->dictionary = data + sections[MRG_SECTION_DICTIONARY].offset;
    s->dictionary_index = data + sections[MRG_SECTION_DICTIONARY_INDEX].offset;
}

static morgue_status open_mapped(mrg_segment *s, morgue_error *err)
{
    morgue_status status = check_header(s, err);
    if (status)
        return status;
    const unsigned char *footer = s->mapping.data + s->mapping.len - MRG_SEGMENT_FOOTER_BYTES;
    status = mrg_footer_decode(&s->footer, footer, s->mapping.len, s->path, err);
    if (status)
        return status;
    if (mrg_load_u32(s->mapping.data + 12) != s->footer.first_docid)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: header and footer contradict each other (byte 12)", s->path);
    place_sections(s);
    s->summary = mrg_footer_summary(&s->footer, s->mapping.len, mrg_load_u32(s->mapping.data + s->mapping.len - 4));
    status = check_index(s, MRG_SECTION_TEXT_INDEX, err);
    return status ? status : check_index(s, MRG_SECTION_DICTIONARY_INDEX, err);
}

morgue_status mrg_segment_open(mrg_segment **out, const char *path, morgue_error *err)
{
    *out = NULL;
    mrg_segment *s = mrg_calloc(1, sizeof *s);
    if (!s)
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    s->serial = atomic_fetch_add(&next_serial, 1);
    s->path = mrg_strdup(path);
    if (!s->path)
        status = mrg_fail_nomem(err);
    if (!status)
        status = mrg_mapping_open(&s->mapping, path, err);
    if (!status)
        status = open_mapped(s, err);
    if (status) {
        mrg_segment_close(s);
        return status;
    }
    *out = s;
    return MORGUE_OK;
}

void mrg_segment_forget(const mrg_segment *segment)
{
    mrg_mapping_forget(&segment->mapping);
}

void mrg_segment_close(mrg_segment *segment)
{
    if (!segment)
        return;
    mrg_mapping_dispose(&segment->mapping);
    mrg_free(segment->path);
    mrg_free(segment);
}

const mrg_segment_summary *mrg_segment_info(const mrg_segment *segment)
{
    return &segment->summary;
}

const char *mrg_segment_path(const mrg_segment *segment)
{
    return segment->path;
}

/* ---- Lengths ---- */

uint32_t mrg_segment_words(const mrg_segment *segment, uint32_t docid)
{
    uint32_t ord = docid - segment->footer.first_docid; /* a docid before the first wraps to a large one */
    return ord < segment->footer.doc_count ? mrg_length_at(segment->words, segment->footer.words_width, ord) : 0;
}

uint32_t mrg_segment_title_words(const mrg_segment *segment, uint32_t docid)
{
    uint32_t ord = docid - segment->footer.first_docid;
    return ord < segment->footer.doc_count
               ? mrg_length_at(segment->title_words, segment->footer.title_words_width, ord)
               : 0;
}

/* ---- Records ---- */

static inline const unsigned char *text_entry(const mrg_segment *segment, uint32_t block)
{
    return segment->text_index + (size_t)MRG_TEXT_INDEX_BYTES * block;
}

morgue_status mrg_segment_text_span(const mrg_segment *segment, uint32_t block, mrg_text_span *out, morgue_error *err)
{
    const mrg_footer *f = &segment->footer;
    const unsigned char *entry = text_entry(segment, block);
    int last = block + 1 == f->text_block_count;
    uint64_t len = f->sections[MRG_SECTION_TEXT].len, from = mrg_load_u64(entry + 4);
    uint64_t to = last ? len : mrg_load_u64(entry + MRG_TEXT_INDEX_BYTES + 4);
    uint32_t ord = mrg_load_u32(entry), end = last ? f->doc_count : mrg_load_u32(entry + MRG_TEXT_INDEX_BYTES);
    if (from > to || to > len || ord >= end || end > f->doc_count || (block == 0 && ord))
        return mrg_fail_segment(segment, MRG_SECTION_TEXT_INDEX, entry, "a text block lies outside the text", err);
    *out = (mrg_text_span){ segment->text + from, (size_t)(to - from), block, ord, end - ord };
    return MORGUE_OK;
}

static uint32_t find_text_block(const mrg_segment *segment, uint32_t ord)
{
    uint32_t low = 0, high = segment->footer.text_block_count; /* the last one that starts at ord or before */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (mrg_load_u32(text_entry(segment, mid)) <= ord)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static morgue_status fail_text(const mrg_segment *segment, const mrg_text_span *span, const morgue_error *inner,
                               morgue_error *err)
{
    return mrg_fail(err, inner->status, "%s: text: block %u (byte %llu): %s", segment->path, span->block,
                    (unsigned long long)(span->bytes - segment->mapping.data), inner->message);
}

/* Makes the cache hold the block. */
static morgue_status fill_cache(const mrg_segment *segment, const mrg_text_span *span, const mrg_text_head *head,
                                mrg_text_cache *cache, morgue_error *err)
{
    morgue_error inner;
    if (cache->segment == segment && cache->serial == segment->serial && cache->block == span->block)
        return MORGUE_OK;
    cache->segment = NULL;
    if (mrg_text_unpack(head, &cache->raw, &inner))
        return fail_text(segment, span, &inner, err);
    cache->segment = segment;
    cache->serial = segment->serial;
    cache->block = span->block;
    return MORGUE_OK;
}

morgue_status mrg_segment_record(const mrg_segment *segment, uint32_t docid, mrg_text_cache *cache,
                                 const unsigned char **record, size_t *len, morgue_error *err)
{
    uint32_t ord = docid - segment->footer.first_docid;
    mrg_text_span span;
    mrg_text_head head;
    morgue_error inner;
    *record = NULL;
    *len = 0;
    if (ord >= segment->footer.doc_count)
        return mrg_fail(err, MORGUE_ERR_NOT_FOUND, "%s has no article %u", segment->path, docid);
    morgue_status status = mrg_segment_text_span(segment, find_text_block(segment, ord), &span, err);
    if (status)
        return status;
    if (mrg_text_head_read(&head, span.bytes, span.len, &inner))
        return fail_text(segment, &span, &inner, err);
    if (head.record_count != span.record_count || ord < span.first_ord || ord - span.first_ord >= span.record_count)
        return mrg_fail_segment(segment, MRG_SECTION_TEXT, span.bytes, "a text block has other articles", err);
    status = fill_cache(segment, &span, &head, cache, err);
    if (status)
        return status;
    mrg_reader r = mrg_reader_make(head.lengths, (size_t)(head.end - head.lengths));
    size_t before = 0;
    for (uint32_t i = span.first_ord; i < ord; i++)
        before += (size_t)mrg_read_varint(&r);
    size_t n = (size_t)mrg_read_varint(&r);
    if (n == 0)
        return mrg_fail(err, MORGUE_ERR_NOT_FOUND, "%s has no text of article %u", segment->path, docid);
    *record = cache->raw.data + before;
    *len = n;
    return MORGUE_OK;
}

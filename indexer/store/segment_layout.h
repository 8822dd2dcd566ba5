/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a segment, shared by the files that read and write one. FORMAT.md describes the bytes. */
#ifndef MRG_SEGMENT_LAYOUT_H
#define MRG_SEGMENT_LAYOUT_H

#include "core/bytes.h"
#include "core/file.h"
#include "store/segment.h"

#define MRG_SEGMENT_MAGIC "MorgueSg"

enum {
    MRG_SECTION_TEXT,
    MRG_SECTION_TEXT_INDEX,
    MRG_SECTION_WORDS,
    MRG_SECTION_TITLE_WORDS,
    MRG_SECTION_POSTINGS,
    MRG_SECTION_DICTIONARY,
    MRG_SECTION_DICTIONARY_INDEX,
    MRG_SECTIONS,

    MRG_SEGMENT_HEADER_BYTES = 16,
    MRG_SEGMENT_FOOTER_BYTES = 256,
    MRG_SECTION_ENTRY_BYTES = 24,     /* of a section, in the footer */
    MRG_SECTION_TABLE_OFFSET = 80,    /* in the footer */
    MRG_DICTIONARY_BLOCK_TERMS = 16,  /* what the writer makes; the footer says what a segment has */
    MRG_DICTIONARY_INDEX_BYTES = 16,  /* of a block, in the dictionary's index */
    MRG_TEXT_INDEX_BYTES = 12,        /* of a text block, in its index */
    MRG_SKIP_IMPACTS = 2,             /* of a block of postings, in its list's skip table */
    MRG_INLINE_MAX_DOCS = 4,          /* longer lists are not in the dictionary */
    MRG_INLINE_MAX_BYTES = 64
};

typedef struct mrg_section {
    uint64_t offset, len; /* in the file */
    uint32_t crc;
} mrg_section;

typedef struct mrg_footer {
    uint32_t first_docid, doc_count, live_count;
    uint32_t max_tf, max_position;
    unsigned words_width, title_words_width; /* bytes of an article's length: 1, 2 or 4 */
    uint64_t word_count, title_word_count;
    uint64_t term_count, posting_count, occurrence_count; /* occurrences: sum of tf */
    uint32_t text_block_count, dictionary_block_count, dictionary_block_terms;
    mrg_section sections[MRG_SECTIONS];
} mrg_footer;

struct mrg_segment {
    mrg_mapping mapping;
    char *path;
    uint64_t serial; /* of this opening, in this process */
    mrg_footer footer;
    mrg_segment_summary summary;
    /* Lent from the mapping. */
    const unsigned char *text, *text_index, *words, *title_words, *postings, *dictionary, *dictionary_index;
};

void mrg_footer_encode(unsigned char bytes[MRG_SEGMENT_FOOTER_BYTES], const mrg_footer *footer);
/* Everything in the footer that can be wrong by itself; `file_bytes` is the file's size. */
morgue_status mrg_footer_decode(mrg_footer *out, const unsigned char bytes[MRG_SEGMENT_FOOTER_BYTES],
                                uint64_t file_bytes, const char *path, morgue_error *err);

mrg_segment_summary mrg_footer_summary(const mrg_footer *footer, uint64_t file_bytes, uint32_t checksum);

const char *mrg_section_name(int section);
/* A name such as "postings" and the byte in the file, for a message. */
morgue_status mrg_fail_segment(const mrg_segment *segment, int section, const unsigned char *at, const char *what,
                               morgue_error *err);

/* The text block that holds a doc_ord, which must be below doc_count. */
typedef struct mrg_text_span {
    const unsigned char *bytes;
    size_t len;
    uint32_t block, first_ord, record_count;
} mrg_text_span;
morgue_status mrg_segment_text_span(const mrg_segment *segment, uint32_t block, mrg_text_span *out, morgue_error *err);

/* An article's length of the kind that a field's scores are made with: title words for title fields. */
static inline uint32_t mrg_length_at(const unsigned char *lengths, unsigned width, uint32_t ord)
{
    if (width == 2)
        return (uint32_t)lengths[2 * (size_t)ord] | (uint32_t)lengths[2 * (size_t)ord + 1] << 8;
    return width == 1 ? lengths[ord] : mrg_load_u32(lengths + 4 * (size_t)ord);
}

static inline int mrg_field_is_title(int field)
{
    return field == MRG_FIELD_TITLE_WORD || field == MRG_FIELD_TITLE_STEM;
}

#endif

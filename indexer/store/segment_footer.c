/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The footer: encoder and decoder side by side. */
#include "store/segment_layout.h"

#include "core/zip.h"

void mrg_footer_encode(unsigned char bytes[MRG_SEGMENT_FOOTER_BYTES], const mrg_footer *f)
{
    memset(bytes, 0, MRG_SEGMENT_FOOTER_BYTES);
    mrg_store_u32(bytes, f->first_docid);
    mrg_store_u32(bytes + 4, f->doc_count);
    mrg_store_u32(bytes + 8, f->live_count);
    mrg_store_u32(bytes + 12, f->max_tf);
    mrg_store_u32(bytes + 16, f->max_position);
    bytes[20] = (unsigned char)f->words_width;
    bytes[21] = (unsigned char)f->title_words_width;
    mrg_store_u64(bytes + 24, f->word_count);
    mrg_store_u64(bytes + 32, f->title_word_count);
    mrg_store_u64(bytes + 40, f->term_count);
    mrg_store_u64(bytes + 48, f->posting_count);
    mrg_store_u64(bytes + 56, f->occurrence_count);
    mrg_store_u32(bytes + 64, f->text_block_count);
    mrg_store_u32(bytes + 68, f->dictionary_block_count);
    mrg_store_u32(bytes + 72, f->dictionary_block_terms);
    for (int i = 0; i < MRG_SECTIONS; i++) {
        unsigned char *entry = bytes + MRG_SECTION_TABLE_OFFSET + MRG_SECTION_ENTRY_BYTES * i;
        mrg_store_u64(entry, f->sections[i].offset);
        mrg_store_u64(entry + 8, f->sections[i].len);
        mrg_store_u32(entry + 16, f->sections[i].crc);
    }
    mrg_store_u32(bytes + MRG_SEGMENT_FOOTER_BYTES - 8, MRG_SEGMENT_FORMAT);
    mrg_store_u32(bytes + MRG_SEGMENT_FOOTER_BYTES - 4, mrg_crc32(0, bytes, MRG_SEGMENT_FOOTER_BYTES - 4));
}

static void load(mrg_footer *f, const unsigned char *bytes)
{
    f->first_docid = mrg_load_u32(bytes);
    f->doc_count = mrg_load_u32(bytes + 4);
    f->live_count = mrg_load_u32(bytes + 8);
    f->max_tf = mrg_load_u32(bytes + 12);
    f->max_position = mrg_load_u32(bytes + 16);
    f->words_width = bytes[20];
    f->title_words_width = bytes[21];
    f->word_count = mrg_load_u64(bytes + 24);
    f->title_word_count = mrg_load_u64(bytes + 32);
    f->term_count = mrg_load_u64(bytes + 40);
    f->posting_count = mrg_load_u64(bytes + 48);
    f->occurrence_count = mrg_load_u64(bytes + 56);
    f->text_block_count = mrg_load_u32(bytes + 64);
    f->dictionary_block_count = mrg_load_u32(bytes + 68);
    f->dictionary_block_terms = mrg_load_u32(bytes + 72);
    for (int i = 0; i < MRG_SECTIONS; i++) {
        const unsigned char *entry = bytes + MRG_SECTION_TABLE_OFFSET + MRG_SECTION_ENTRY_BYTES * i;
        f->sections[i] = (mrg_section){ mrg_load_u64(entry), mrg_load_u64(entry + 8), mrg_load_u32(entry + 16) };
    }
}

/* The sections follow each other from header to footer. */
static const char *find_gap(const mrg_footer *f, uint64_t file_bytes)
{
    uint64_t at = MRG_SEGMENT_HEADER_BYTES, end = file_bytes - MRG_SEGMENT_FOOTER_BYTES;
    for (int i = 0; i < MRG_SECTIONS; i++) {
        if (f->sections[i].offset != at || f->sections[i].len > end - at)
            return mrg_section_name(i);
        at += f->sections[i].len;
    }
    return at == end ? NULL : "footer";
}

static int width_is_known(unsigned width)
{
    return width == 1 || width == 2 || width == 4;
}

/* What the counts say of each other and of the sections' sizes. */
static const char *find_fault(const mrg_footer *f)
{
    const mrg_section *s = f->sections;
    uint64_t per_block = f->dictionary_block_terms;
    if (f->first_docid == 0 || f->doc_count > UINT32_MAX - f->first_docid || f->live_count > f->doc_count)
        return "its docids are out of range";
    if (!width_is_known(f->words_width) || !width_is_known(f->title_words_width) ||
        s[MRG_SECTION_WORDS].len != (uint64_t)f->words_width * f->doc_count ||
        s[MRG_SECTION_TITLE_WORDS].len != (uint64_t)f->title_words_width * f->doc_count)
        return "its lengths do not fit its articles";
    if (s[MRG_SECTION_TEXT_INDEX].len != (uint64_t)MRG_TEXT_INDEX_BYTES * f->text_block_count ||
        (f->text_block_count == 0) != (f->doc_count == 0))
        return "its text index does not fit its text blocks";
    if (per_block == 0 || per_block > UINT16_MAX || f->term_count > per_block * UINT32_MAX ||
        f->dictionary_block_count != (f->term_count + per_block - 1) / per_block ||
        s[MRG_SECTION_DICTIONARY_INDEX].len != (uint64_t)MRG_DICTIONARY_INDEX_BYTES * f->dictionary_block_count)
        return "its dictionary index does not fit its terms";
    if (f->term_count > f->posting_count || f->posting_count > f->occurrence_count)
        return "its counts contradict each other";
    return NULL;
}

morgue_status mrg_footer_decode(mrg_footer *out, const unsigned char bytes[MRG_SEGMENT_FOOTER_BYTES],
                                uint64_t file_bytes, const char *path, morgue_error *err)
{
    if (mrg_load_u32(bytes + MRG_SEGMENT_FOOTER_BYTES - 4) != mrg_crc32(0, bytes, MRG_SEGMENT_FOOTER_BYTES - 4))
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: the footer's checksum does not match (byte %llu)", path,
                        (unsigned long long)(file_bytes - 4));
    load(out, bytes);
    const char *gap = find_gap(out, file_bytes), *fault = find_fault(out);
    if (gap)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: the footer misplaces the section \"%s\"", path, gap);
    uint32_t format = mrg_load_u32(bytes + MRG_SEGMENT_FOOTER_BYTES - 8);
    if (fault || format < 1 || format > MRG_SEGMENT_FORMAT)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: the footer is wrong: %s", path, fault ? fault : "format");
    return MORGUE_OK;
}

mrg_segment_summary mrg_footer_summary(const mrg_footer *f, uint64_t file_bytes, uint32_t checksum)
{
    mrg_segment_summary summary = {
        .file_bytes = file_bytes,
        .text_bytes = f->sections[MRG_SECTION_TEXT].len + f->sections[MRG_SECTION_TEXT_INDEX].len,
        .first_docid = f->first_docid,
        .doc_count = f->doc_count,
        .live_count = f->live_count,
        .word_count = f->word_count,
        .title_word_count = f->title_word_count,
        .checksum = checksum,
    };
    return summary;
}

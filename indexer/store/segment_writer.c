/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a segment in one pass. Text and lists go to the file as they come; what stays in memory is the
 * articles' lengths, the text index, the dictionary (some 15 bytes a term) and, of the list in work, what
 * must stand before its blocks.
 */
#include <string.h>

#include "core/alloc.h"
#include "core/zip.h"
#include "store/dictionary.h"
#include "store/pairs.h"
#include "store/segment_part.h"
#include "store/textblock.h"

enum { FLUSH_BYTES = 64 << 10, MAX_LENGTH = 15 };

enum stage { TEXTS, LENGTHS, TERMS, FINISHED };

struct mrg_segment_writer {
    mrg_file_writer file;
    morgue_error failure;
    enum stage stage;
    int in_term, is_stem;
    mrg_footer footer;
    uint32_t record_count;
    mrg_bitset records; /* doc_ords whose record is not empty */
    mrg_buffer text_index;
    uint32_t *words, *title_words;
    size_t words_capacity, title_words_capacity;
    uint32_t max_words, max_title_words;
    mrg_dictionary_builder dictionary;
    mrg_list_writer list;
    mrg_pairs pairs;      /* frequent words, for the lists of pairs at the end */
    unsigned pair_percent; /* their bytes, of those of all other lists */
    unsigned threads;      /* that make them */
    uint64_t list_offset; /* in the postings, where the list in work started */
    unsigned char key[MRG_KEY_MAX_BYTES], last_key[MRG_KEY_MAX_BYTES];
    size_t key_len, last_key_len;
};

/* ---- Failures ---- */

static morgue_status report(const mrg_segment_writer *w, morgue_error *err)
{
    if (w->failure.status && err)
        *err = w->failure;
    return w->failure.status;
}

static morgue_status fail(mrg_segment_writer *w, morgue_status status, const char *what, morgue_error *err)
{
    if (status == MORGUE_ERR_NOMEM)
        mrg_fail_nomem(&w->failure);
    else
        mrg_fail(&w->failure, status, "%s: %s", w->file.path, what);
    return report(w, err);
}

/* The file's failures become the writer's. */
static morgue_status settle(mrg_segment_writer *w, morgue_error *err)
{
    if (!w->failure.status && w->file.failure.status)
        w->failure = w->file.failure;
    return report(w, err);
}

/* ---- Sections ---- */

static void append(mrg_segment_writer *w, int section, const void *bytes, size_t len)
{
    mrg_section *s = &w->footer.sections[section];
    if (len == 0)
        return;
    s->crc = mrg_crc32(s->crc, bytes, len);
    s->len += len;
    mrg_file_writer_append(&w->file, bytes, len);
}

static void start_section(mrg_segment_writer *w, int section)
{
    w->footer.sections[section].offset = w->file.offset;
}

morgue_status mrg_segment_writer_create(mrg_segment_writer **out, const char *path, uint32_t first_docid,
                                        morgue_error *err)
{
    *out = NULL;
    if (first_docid == 0 || first_docid == MRG_DOCID_END)
        return mrg_fail(err, MORGUE_ERR_INVALID, "%s: a segment cannot start at docid %u", path, first_docid);
    mrg_segment_writer *w = mrg_calloc(1, sizeof *w);
    if (!w)
        return mrg_fail_nomem(err);
    morgue_status status = mrg_file_writer_open(&w->file, path, err);
    if (status) {
        mrg_free(w);
        return status;
    }
    unsigned char header[MRG_SEGMENT_HEADER_BYTES];
    memcpy(header, MRG_SEGMENT_MAGIC, 8);
    mrg_store_u32(header + 8, MRG_SEGMENT_FORMAT);
    mrg_store_u32(header + 12, first_docid);
    mrg_file_writer_append(&w->file, header, sizeof header);
    w->footer.first_docid = first_docid;
    start_section(w, MRG_SECTION_TEXT);
    *out = w;
    return MORGUE_OK;
}

void mrg_segment_writer_set_pairs(mrg_segment_writer *w, unsigned percent, unsigned threads)
{
    w->pair_percent = percent;
    w->threads = threads;
}

uint64_t mrg_segment_writer_bytes(const mrg_segment_writer *w)
{
    return w->file.offset;
}

void mrg_segment_writer_free(mrg_segment_writer *w)
{
    if (!w)
        return;
    if (w->stage != FINISHED)
        mrg_file_writer_abandon(&w->file);
    mrg_bitset_dispose(&w->records);
    mrg_buffer_dispose(&w->text_index);
    mrg_free(w->words);
    mrg_free(w->title_words);
    mrg_dictionary_builder_dispose(&w->dictionary);
    mrg_list_writer_dispose(&w->list);
    mrg_pairs_dispose(&w->pairs);
    mrg_free(w);
}

/* ---- Text and lengths ---- */

static morgue_status note_records(mrg_segment_writer *w, const mrg_text_head *head, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(head->lengths, (size_t)(head->end - head->lengths));
    for (uint32_t i = 0; i < head->record_count; i++) {
        if (mrg_read_varint(&r) && mrg_bitset_add(&w->records, w->record_count + i))
            return fail(w, MORGUE_ERR_NOMEM, NULL, err);
    }
    return MORGUE_OK;
}

morgue_status mrg_segment_writer_add_text(mrg_segment_writer *w, const void *encoded, size_t len, uint32_t record_count,
                                          morgue_error *err)
{
    mrg_text_head head;
    morgue_error inner;
    if (report(w, err))
        return w->failure.status;
    if (w->stage != TEXTS || mrg_text_head_read(&head, encoded, len, &inner) || head.record_count != record_count)
        return fail(w, MORGUE_ERR_INVALID, "a text block is wrong or comes too late", err);
    if (record_count == 0)
        return MORGUE_OK;
    if (record_count >= UINT32_MAX - w->footer.first_docid - w->record_count)
        return fail(w, MORGUE_ERR_LIMIT, "more articles than there are docids", err);
    if (note_records(w, &head, err))
        return w->failure.status;
    mrg_buffer_append_u32(&w->text_index, w->record_count);
    mrg_buffer_append_u64(&w->text_index, w->footer.sections[MRG_SECTION_TEXT].len);
    if (w->text_index.failed)
        return fail(w, MORGUE_ERR_NOMEM, NULL, err);
    append(w, MRG_SECTION_TEXT, encoded, len);
    w->record_count += record_count;
    w->footer.text_block_count++;
    return settle(w, err);
}

morgue_status mrg_segment_writer_add_length(mrg_segment_writer *w, mrg_doc_length length, morgue_error *err)
{
    uint32_t ord = w->footer.doc_count;
    if (report(w, err))
        return w->failure.status;
    if (w->stage > LENGTHS || ord >= w->record_count)
        return fail(w, MORGUE_ERR_INVALID, "more lengths than records, or they come too late", err);
    if (mrg_reserve((void **)&w->words, &w->words_capacity, ord + 1u, sizeof *w->words) ||
        mrg_reserve((void **)&w->title_words, &w->title_words_capacity, ord + 1u, sizeof *w->title_words))
        return fail(w, MORGUE_ERR_NOMEM, NULL, err);
    w->stage = LENGTHS;
    w->words[ord] = length.words;
    w->title_words[ord] = length.title_words;
    w->max_words = length.words > w->max_words ? length.words : w->max_words;
    w->max_title_words = length.title_words > w->max_title_words ? length.title_words : w->max_title_words;
    w->footer.word_count += length.words;
    w->footer.title_word_count += length.title_words;
    w->footer.live_count += length.words || mrg_bitset_has(&w->records, ord);
    w->footer.doc_count++;
    return MORGUE_OK;
}

static unsigned width_of(uint32_t max)
{
    return max < 1u << 8 ? 1 : max < 1u << 16 ? 2 : 4;
}

static void append_lengths(mrg_segment_writer *w, int section, const uint32_t *lengths, unsigned width)
{
    unsigned char bytes[4 * 1024 + 4];
    size_t len = 0;
    start_section(w, section);
    for (uint32_t i = 0; i < w->footer.doc_count; i++) {
        mrg_store_u32(bytes + len, lengths[i]);
        len += width;
        if (len >= 4 * 1024 || i + 1 == w->footer.doc_count) {
            append(w, section, bytes, len);
            len = 0;
        }
    }
}

/* Between the articles and the terms. */
static morgue_status end_articles(mrg_segment_writer *w, morgue_error *err)
{
    if (w->stage >= TERMS)
        return MORGUE_OK;
    if (w->footer.doc_count != w->record_count)
        return fail(w, MORGUE_ERR_INVALID, "fewer lengths than records", err);
    w->stage = TERMS;
    start_section(w, MRG_SECTION_TEXT_INDEX);
    append(w, MRG_SECTION_TEXT_INDEX, w->text_index.data, w->text_index.len);
    w->footer.words_width = width_of(w->max_words);
    w->footer.title_words_width = width_of(w->max_title_words);
    append_lengths(w, MRG_SECTION_WORDS, w->words, w->footer.words_width);
    append_lengths(w, MRG_SECTION_TITLE_WORDS, w->title_words, w->footer.title_words_width);
    start_section(w, MRG_SECTION_POSTINGS);
    return settle(w, err);
}

/* ---- Terms ---- */

static int key_follows(const mrg_segment_writer *w, const void *key, size_t len)
{
    size_t common = len < w->last_key_len ? len : w->last_key_len;
    int order = common ? memcmp(key, w->last_key, common) : 0;
    return order > 0 || (order == 0 && len > w->last_key_len);
}

morgue_status mrg_segment_writer_start_term(mrg_segment_writer *w, const void *key, size_t len, morgue_error *err)
{
    if (report(w, err) || end_articles(w, err))
        return w->failure.status;
    if (w->stage != TERMS || w->in_term || len == 0 || len > MRG_KEY_MAX_BYTES || !key_follows(w, key, len))
        return fail(w, MORGUE_ERR_INVALID, "a term is too long or out of order", err);
    memcpy(w->key, key, len);
    w->key_len = len;
    w->in_term = 1;
    w->is_stem = 0;
    w->list_offset = w->footer.sections[MRG_SECTION_POSTINGS].len;
    mrg_list_start(&w->list, w->key[0], w->footer.first_docid, w->footer.doc_count);
    return MORGUE_OK;
}

void mrg_segment_writer_mark_stem(mrg_segment_writer *w)
{
    w->is_stem = 1;
}

/* Whether positions and lengths are there as the field has them, and are possible. */
static int places_are_valid(int field, uint32_t tf, const uint32_t *positions, const uint8_t *lengths)
{
    if (!positions != !mrg_field_has_positions(field) || !lengths != !mrg_field_has_lengths(field))
        return 0;
    for (uint32_t i = 1; positions && i < tf; i++) {
        if (positions[i] < positions[i - 1])
            return 0;
    }
    for (uint32_t i = 0; lengths && i < tf; i++) {
        if (lengths[i] == 0 || lengths[i] > MAX_LENGTH)
            return 0;
    }
    return 1;
}

static void flush_list(mrg_segment_writer *w)
{
    append(w, MRG_SECTION_POSTINGS, w->list.out.data, w->list.out.len);
    w->list.out.len = 0;
}

/* Of a list that is in the file. `lists`: the length of the postings before it. */
static morgue_status add_to_dictionary(mrg_segment_writer *w, const void *key, size_t len, const mrg_term_info *info,
                                       uint64_t lists, morgue_error *err)
{
    mrg_dictionary_add(&w->dictionary, key, len, info, lists);
    if (w->dictionary.blocks.failed || w->dictionary.index.failed)
        return fail(w, MORGUE_ERR_NOMEM, NULL, err);
    memcpy(w->last_key, key, len);
    w->last_key_len = len;
    w->footer.posting_count += info->doc_count;
    w->footer.occurrence_count += info->occurrence_count;
    w->footer.max_tf = info->max_tf > w->footer.max_tf ? info->max_tf : w->footer.max_tf;
    if (info->field == MRG_FIELD_WORD && mrg_pairs_may_have(info->doc_count, w->footer.doc_count) &&
        mrg_pairs_note(&w->pairs, key, len, info, err))
        return fail(w, MORGUE_ERR_NOMEM, NULL, err);
    return settle(w, err);
}

void mrg_segment_part_start(mrg_segment_part *part, const mrg_segment_writer *w)
{
    mrg_buffer_clear(&part->bytes);
    mrg_arena_clear(&part->arena);
    part->count = 0;
    part->first_docid = w->footer.first_docid;
    part->doc_count = w->footer.doc_count;
    part->words = w->words;
    part->title_words = w->title_words;
}

morgue_status mrg_segment_writer_add_part(mrg_segment_writer *w, const mrg_segment_part *part, morgue_error *err)
{
    if (report(w, err) || end_articles(w, err))
        return w->failure.status;
    uint64_t base = w->footer.sections[MRG_SECTION_POSTINGS].len;
    append(w, MRG_SECTION_POSTINGS, part->bytes.data, part->bytes.len);
    if (part->list.max_position > w->list.max_position)
        w->list.max_position = part->list.max_position;
    for (size_t i = 0; i < part->count; i++) {
        const mrg_part_term *t = &part->terms[i];
        mrg_term_info info = t->info;
        info.offset += base;
        if (w->stage != TERMS || w->in_term || t->key_len > MRG_KEY_MAX_BYTES || !key_follows(w, t->key, t->key_len))
            return fail(w, MORGUE_ERR_INVALID, "a term is too long or out of order", err);
        if (add_to_dictionary(w, t->key, t->key_len, &info, base + t->begin, err))
            return w->failure.status;
    }
    return settle(w, err);
}

morgue_status mrg_segment_writer_add_posting(mrg_segment_writer *w, uint32_t docid, uint32_t tf,
                                             const uint32_t *positions, const uint8_t *lengths, morgue_error *err)
{
    uint32_t ord = docid - w->footer.first_docid;
    if (report(w, err))
        return w->failure.status;
    if (!w->in_term || ord >= w->footer.doc_count || docid <= w->list.last_docid || tf == 0 ||
        !places_are_valid(w->key[0], tf, positions, lengths))
        return fail(w, MORGUE_ERR_INVALID, "a posting is out of order or its positions are wrong", err);
    uint32_t words = mrg_field_is_title(w->key[0]) ? w->title_words[ord] : w->words[ord];
    mrg_list_add(&w->list, docid, tf, words, positions, lengths);
    if (w->list.out.len < FLUSH_BYTES)
        return MORGUE_OK;
    flush_list(w);
    return settle(w, err);
}

morgue_status mrg_segment_writer_end_term(mrg_segment_writer *w, morgue_error *err)
{
    mrg_term_info info;
    uint64_t head;
    if (report(w, err))
        return w->failure.status;
    if (!w->in_term)
        return fail(w, MORGUE_ERR_INVALID, "the end of no term", err);
    w->in_term = 0;
    if (w->list.doc_count == 0)
        return MORGUE_OK;
    mrg_list_end(&w->list, &info, &head);
    if (mrg_list_failed(&w->list))
        return fail(w, mrg_list_failed(&w->list), "a list is too long", err);
    info.offset = w->footer.sections[MRG_SECTION_POSTINGS].len + head;
    info.is_stem = w->is_stem;
    flush_list(w);
    return add_to_dictionary(w, w->key, w->key_len, &info, w->list_offset, err);
}

/* ---- Pairs ---- */

/* The lists of pairs are made of the words' own, read back from the file. */
static morgue_status write_pairs(mrg_segment_writer *w, morgue_error *err)
{
    enum { SLACK = 64 }; /* that a decoder may load behind the last list; the footer is longer */
    uint64_t budget = w->footer.sections[MRG_SECTION_POSTINGS].len / 100 * w->pair_percent;
    mrg_segment lists = { .path = w->file.path, .footer = w->footer };
    if (!w->pairs.count || !budget)
        return MORGUE_OK;
    if (mrg_file_writer_view(&w->file, SLACK, &lists.mapping, &w->failure))
        return report(w, err);
    lists.footer.max_position = w->list.max_position;
    lists.postings = lists.mapping.data + w->footer.sections[MRG_SECTION_POSTINGS].offset;
    morgue_status status = mrg_pairs_write(&w->pairs, &lists, w, budget, w->threads, &w->failure);
    mrg_mapping_dispose(&lists.mapping);
    return status ? report(w, err) : MORGUE_OK;
}

/* ---- The end ---- */

static void append_end(mrg_segment_writer *w, unsigned char footer[MRG_SEGMENT_FOOTER_BYTES])
{
    start_section(w, MRG_SECTION_DICTIONARY);
    append(w, MRG_SECTION_DICTIONARY, w->dictionary.blocks.data, w->dictionary.blocks.len);
    start_section(w, MRG_SECTION_DICTIONARY_INDEX);
    append(w, MRG_SECTION_DICTIONARY_INDEX, w->dictionary.index.data, w->dictionary.index.len);
    w->footer.max_position = w->list.max_position;
    w->footer.term_count = w->dictionary.term_count;
    w->footer.dictionary_block_count = w->dictionary.block_count;
    w->footer.dictionary_block_terms = MRG_DICTIONARY_BLOCK_TERMS;
    mrg_footer_encode(footer, &w->footer);
    mrg_file_writer_append(&w->file, footer, MRG_SEGMENT_FOOTER_BYTES);
}

morgue_status mrg_segment_writer_finish(mrg_segment_writer *w, int no_sync, mrg_segment_summary *out, morgue_error *err)
{
    unsigned char footer[MRG_SEGMENT_FOOTER_BYTES];
    if (report(w, err) || end_articles(w, err))
        return w->failure.status;
    if (w->stage != TERMS || w->in_term)
        return fail(w, MORGUE_ERR_INVALID, "a term has no end", err);
    if (write_pairs(w, err))
        return w->failure.status;
    append_end(w, footer);
    uint64_t file_bytes = w->file.offset;
    if (mrg_file_writer_finish(&w->file, no_sync, &w->failure))
        return report(w, err);
    w->stage = FINISHED;
    if (out)
        *out = mrg_footer_summary(&w->footer, file_bytes, mrg_load_u32(footer + MRG_SEGMENT_FOOTER_BYTES - 4));
    return MORGUE_OK;
}

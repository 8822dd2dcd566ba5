/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several neighbouring segments -> one. Everything streams: a text block, a list, one after the other. */
#include <string.h>

#include "core/alloc.h"
#include "store/segment_layout.h"
#include "store/textblock.h"

enum { EMPTY_BLOCK_RECORDS = 4096, CANCEL_TERMS = 256, FORGET_BYTES = 16 << 20 };

struct merger {
    const mrg_segment *const *segments;
    size_t count;
    const mrg_bitset *deleted;
    mrg_segment_writer *writer;
    int (*cancelled)(void *ctx);
    void *ctx;
    morgue_error *err;
    uint64_t remembered; /* bytes written when the inputs were forgotten last */
    mrg_text_block block;
    mrg_buffer encoded, raw;
    mrg_term_cursor *cursors;
    int *done, *has_term; /* of each cursor */
    unsigned char (*extras)[MRG_KEY_MAX_BYTES + 1]; /* stems that need a list now; length, then key; ascending */
    size_t extra_count, extra_next, extra_capacity;
    uint32_t *positions;
    uint8_t *lengths;
    size_t position_capacity, length_capacity;
    mrg_postings postings;
};

/* What lies behind us in the inputs takes no memory, however large they are. */
static void forget_inputs(struct merger *m)
{
    uint64_t bytes = mrg_segment_writer_bytes(m->writer);
    if (bytes - m->remembered < FORGET_BYTES)
        return;
    for (size_t i = 0; i < m->count; i++)
        mrg_segment_forget(m->segments[i]);
    m->remembered = bytes;
}

/* Between pieces of work: frees what is done with, and asks whether to stop. */
static morgue_status go_on(struct merger *m)
{
    forget_inputs(m);
    if (m->cancelled && m->cancelled(m->ctx))
        return mrg_fail(m->err, MORGUE_ERR_CANCELLED, "the merge was cancelled");
    return MORGUE_OK;
}

static int is_deleted(const struct merger *m, uint32_t docid)
{
    return m->deleted && mrg_bitset_has(m->deleted, docid);
}

/* ---- Articles ---- */

/* Docids that no segment covers become empty records. */
static morgue_status add_empty_texts(struct merger *m, uint32_t count)
{
    morgue_status status = MORGUE_OK;
    while (count && !status) {
        uint32_t n = count < EMPTY_BLOCK_RECORDS ? count : EMPTY_BLOCK_RECORDS;
        mrg_buffer_clear(&m->encoded);
        status = mrg_text_block_encode_empty(n, &m->encoded, m->err);
        if (!status)
            status = mrg_segment_writer_add_text(m->writer, m->encoded.data, m->encoded.len, n, m->err);
        count -= n;
    }
    return status;
}

static morgue_status fail_text(const struct merger *m, const mrg_segment *s, uint32_t block, const morgue_error *inner)
{
    return mrg_fail(m->err, inner->status, "%s: text: block %u: %s", s->path, block, inner->message);
}

/* The block again, with empty records for the deleted articles. */
static morgue_status rewrite_text(struct merger *m, const mrg_segment *s, const mrg_text_span *span)
{
    mrg_text_head head;
    morgue_error inner;
    if (mrg_text_head_read(&head, span->bytes, span->len, &inner) || mrg_text_unpack(&head, &m->raw, &inner))
        return fail_text(m, s, span->block, &inner);
    if (head.record_count != span->record_count)
        return mrg_fail_segment(s, MRG_SECTION_TEXT, span->bytes, "a text block has other articles", m->err);
    mrg_reader r = mrg_reader_make(head.lengths, (size_t)(head.end - head.lengths));
    size_t at = 0;
    for (uint32_t i = 0; i < head.record_count; i++) {
        size_t len = (size_t)mrg_read_varint(&r);
        int keep = !is_deleted(m, s->footer.first_docid + span->first_ord + i);
        mrg_text_block_add(&m->block, m->raw.data + at, keep ? len : 0);
        at += len;
    }
    mrg_buffer_clear(&m->encoded);
    morgue_status status = mrg_text_block_encode(&m->block, &m->encoded, m->err);
    if (status)
        return status;
    return mrg_segment_writer_add_text(m->writer, m->encoded.data, m->encoded.len, span->record_count, m->err);
}

static morgue_status copy_text(struct merger *m, const mrg_segment *s, uint32_t block)
{
    mrg_text_span span;
    morgue_status status = mrg_segment_text_span(s, block, &span, m->err);
    if (status)
        return status;
    uint32_t first = s->footer.first_docid + span.first_ord;
    if (m->deleted && mrg_bitset_count_range(m->deleted, first, first + span.record_count - 1))
        return rewrite_text(m, s, &span);
    mrg_text_head head;
    morgue_error inner;
    if (mrg_text_head_read(&head, span.bytes, span.len, &inner))
        return fail_text(m, s, block, &inner);
    if (head.record_count != span.record_count)
        return mrg_fail_segment(s, MRG_SECTION_TEXT, span.bytes, "a text block has other articles", m->err);
    return mrg_segment_writer_add_text(m->writer, span.bytes, span.len, span.record_count, m->err);
}

static uint32_t end_of(const mrg_segment *s)
{
    return s->footer.first_docid + s->footer.doc_count;
}

static morgue_status copy_texts(struct merger *m)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < m->count && !status; i++) {
        const mrg_segment *s = m->segments[i];
        if (i)
            status = add_empty_texts(m, s->footer.first_docid - end_of(m->segments[i - 1]));
        for (uint32_t block = 0; block < s->footer.text_block_count && !status; block++) {
            status = copy_text(m, s, block);
            if (!status)
                status = go_on(m);
        }
    }
    return status;
}

static morgue_status copy_lengths(struct merger *m)
{
    uint32_t docid = m->segments[0]->footer.first_docid;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < m->count; i++) {
        const mrg_segment *s = m->segments[i];
        for (; docid < end_of(s) && !status; docid++) {
            mrg_doc_length length = { 0, 0 };
            if (!is_deleted(m, docid))
                length = (mrg_doc_length){ mrg_segment_words(s, docid), mrg_segment_title_words(s, docid) };
            status = mrg_segment_writer_add_length(m->writer, length, m->err);
        }
    }
    return status;
}

/* ---- Terms ---- */

static int key_order(const mrg_term_cursor *a, const mrg_term_cursor *b)
{
    size_t common = a->key_len < b->key_len ? a->key_len : b->key_len;
    int order = memcmp(a->key, b->key, common);
    return order ? order : (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

/* The cursor with the lowest key, the first of several; m->count when all are done. */
static size_t lowest(const struct merger *m)
{
    size_t best = m->count;
    for (size_t i = 0; i < m->count; i++) {
        if (!m->done[i] && (best == m->count || key_order(&m->cursors[i], &m->cursors[best]) < 0))
            best = i;
    }
    return best;
}

/* `field` is that of the term written; the list read may be a word's that stands in for its stem's. */
static morgue_status copy_posting(struct merger *m, int field)
{
    mrg_postings *p = &m->postings;
    int positions = mrg_field_has_positions(field), lengths = mrg_field_has_lengths(field);
    morgue_status status = mrg_postings_tf(p, m->err);
    if (status)
        return status;
    if ((positions &&
         mrg_reserve((void **)&m->positions, &m->position_capacity, p->tf, sizeof *m->positions)) ||
        (lengths && mrg_reserve((void **)&m->lengths, &m->length_capacity, p->tf, sizeof *m->lengths)))
        return mrg_fail_nomem(m->err);
    if (positions)
        status = mrg_postings_positions(p, m->positions, lengths ? m->lengths : NULL, m->err);
    if (status)
        return status;
    return mrg_segment_writer_add_posting(m->writer, p->docid, p->tf, positions ? m->positions : NULL,
                                          lengths ? m->lengths : NULL, m->err);
}

static morgue_status copy_list(struct merger *m, const mrg_segment *segment, const mrg_term_info *info, int field)
{
    morgue_status status = mrg_postings_init(&m->postings, segment, info, m->err);
    while (!status) {
        status = mrg_postings_next(&m->postings, m->err);
        if (status || m->postings.docid == MRG_DOCID_END)
            break;
        if (!is_deleted(m, m->postings.docid))
            status = copy_posting(m, field);
    }
    return status;
}

/* ---- Stems ----
 *
 * A stem has no list of its own in a segment where the word that is spelt like it has the very same one.
 * Merged with segments where the stem has a list, or where the word has another stem, that is no longer
 * so: then the word's list goes into the stem's. */

static int stem_field(int field)
{
    return field == MRG_FIELD_WORD ? MRG_FIELD_STEM : field == MRG_FIELD_TITLE_WORD ? MRG_FIELD_TITLE_STEM : 0;
}

static int word_field(int field)
{
    return field == MRG_FIELD_STEM ? MRG_FIELD_WORD : field == MRG_FIELD_TITLE_STEM ? MRG_FIELD_TITLE_WORD : 0;
}

/* The word's list where it stands in for the stem's. */
static morgue_status copy_stand_in(struct merger *m, const mrg_segment *s, const unsigned char *stem, size_t len)
{
    unsigned char key[MRG_KEY_MAX_BYTES];
    mrg_term_info info;
    memcpy(key, stem, len);
    key[0] = (unsigned char)word_field(stem[0]);
    morgue_status status = mrg_segment_find(s, key, len, &info, m->err);
    if (status == MORGUE_ERR_NOT_FOUND)
        return MORGUE_OK;
    return status || !info.is_stem ? status : copy_list(m, s, &info, stem[0]);
}

/* Marks a word that is its own stem everywhere. If it is so in some segments only, the stem needs a list,
   even if none of them has one. */
static morgue_status merge_marks(struct merger *m, const unsigned char *key, size_t len)
{
    size_t with = 0, all = 0;
    for (size_t i = 0; i < m->count; i++) {
        all += m->has_term[i] != 0;
        with += m->has_term[i] && m->cursors[i].info.is_stem;
    }
    if (with && with == all)
        mrg_segment_writer_mark_stem(m->writer);
    if (!with || with == all)
        return MORGUE_OK;
    if (mrg_reserve((void **)&m->extras, &m->extra_capacity, m->extra_count + 1, sizeof *m->extras))
        return mrg_fail_nomem(m->err);
    unsigned char *extra = m->extras[m->extra_count++];
    extra[0] = (unsigned char)len;
    memcpy(extra + 1, key, len);
    extra[1] = (unsigned char)stem_field(key[0]);
    return MORGUE_OK;
}

/* ---- All terms ---- */

/* Writes one term, out of all segments that have it, and moves their cursors on. */
static morgue_status copy_term(struct merger *m, const unsigned char *key, size_t len)
{
    morgue_status status = mrg_segment_writer_start_term(m->writer, key, len, m->err);
    for (size_t i = 0; i < m->count && !status; i++) {
        const mrg_term_cursor *c = &m->cursors[i];
        m->has_term[i] = !m->done[i] && c->key_len == len && !memcmp(c->key, key, len);
        if (m->has_term[i])
            status = copy_list(m, m->segments[i], &c->info, key[0]);
        else if (word_field(key[0]))
            status = copy_stand_in(m, m->segments[i], key, len);
    }
    if (!status && stem_field(key[0]))
        status = merge_marks(m, key, len);
    if (!status)
        status = mrg_segment_writer_end_term(m->writer, m->err);
    for (size_t i = 0; i < m->count && !status; i++) {
        if (m->has_term[i])
            status = mrg_term_cursor_next(&m->cursors[i], &m->done[i], m->err);
    }
    return status;
}

/* The next key of all: of the cursors, or of the stems that need a list. Returns 0 at the end, which is where the pairs
   begin: each segment has others, so they are made anew. */
static int next_key(struct merger *m, unsigned char key[MRG_KEY_MAX_BYTES], size_t *len)
{
    size_t first = lowest(m);
    const unsigned char *extra = m->extra_next < m->extra_count ? m->extras[m->extra_next] : NULL;
    if (first == m->count && !extra)
        return 0;
    if (extra && first < m->count) {
        const mrg_term_cursor *c = &m->cursors[first];
        size_t common = c->key_len < extra[0] ? c->key_len : extra[0];
        int order = memcmp(extra + 1, c->key, common);
        if (order == 0)
            order = (extra[0] > c->key_len) - (extra[0] < c->key_len);
        if (order > 0)
            extra = NULL;
    }
    if (!extra && m->cursors[first].key[0] >= MRG_FIELD_PAIR)
        return 0;
    *len = extra ? extra[0] : m->cursors[first].key_len;
    memcpy(key, extra ? extra + 1 : m->cursors[first].key, *len);
    m->extra_next += extra != NULL;
    return 1;
}

static morgue_status copy_terms(struct merger *m)
{
    unsigned char key[MRG_KEY_MAX_BYTES];
    size_t len;
    morgue_status status = MORGUE_OK;
    m->cursors = mrg_calloc(m->count, sizeof *m->cursors);
    m->done = mrg_calloc(m->count, sizeof *m->done);
    m->has_term = mrg_calloc(m->count, sizeof *m->has_term);
    if (!m->cursors || !m->done || !m->has_term)
        return mrg_fail_nomem(m->err);
    for (size_t i = 0; i < m->count && !status; i++)
        status = mrg_term_cursor_init(&m->cursors[i], m->segments[i], "", 0, &m->done[i], m->err);
    for (uint64_t n = 0; !status && next_key(m, key, &len); n++) {
        status = n % CANCEL_TERMS ? MORGUE_OK : go_on(m);
        if (!status)
            status = copy_term(m, key, len);
    }
    return status;
}

/* ---- All of it ---- */

static morgue_status check_ranges(const struct merger *m)
{
    if (m->count == 0)
        return mrg_fail(m->err, MORGUE_ERR_INVALID, "nothing to merge");
    for (size_t i = 1; i < m->count; i++) {
        if (m->segments[i]->footer.first_docid < end_of(m->segments[i - 1]))
            return mrg_fail(m->err, MORGUE_ERR_INVALID, "%s: its docids do not follow those of %s",
                            m->segments[i]->path, m->segments[i - 1]->path);
    }
    return MORGUE_OK;
}

static void dispose(struct merger *m)
{
    mrg_segment_writer_free(m->writer);
    mrg_text_block_dispose(&m->block);
    mrg_buffer_dispose(&m->encoded);
    mrg_buffer_dispose(&m->raw);
    mrg_free(m->cursors);
    mrg_free(m->done);
    mrg_free(m->has_term);
    mrg_free(m->extras);
    mrg_free(m->positions);
    mrg_free(m->lengths);
    mrg_free(m);
}

morgue_status mrg_segment_merge(const mrg_segment *const *segments, size_t segment_count, const mrg_bitset *deleted,
                                unsigned pair_percent, const char *path, int no_sync, int (*cancelled)(void *ctx),
                                void *ctx, mrg_segment_summary *out, morgue_error *err)
{
    struct merger *m = mrg_calloc(1, sizeof *m);
    if (!m)
        return mrg_fail_nomem(err);
    m->segments = segments;
    m->count = segment_count;
    m->deleted = deleted;
    m->cancelled = cancelled;
    m->ctx = ctx;
    m->err = err;
    morgue_status status = check_ranges(m);
    if (!status)
        status = mrg_segment_writer_create(&m->writer, path, segments[0]->footer.first_docid, err);
    if (!status)
        mrg_segment_writer_set_pairs(m->writer, pair_percent, 1);
    if (!status)
        status = copy_texts(m);
    if (!status)
        status = copy_lengths(m);
    if (!status)
        status = copy_terms(m);
    if (!status)
        status = mrg_segment_writer_finish(m->writer, no_sync, out, err);
    dispose(m);
    return status;
}

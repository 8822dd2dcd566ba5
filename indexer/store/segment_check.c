/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads all of a segment and reports whatever is not as FORMAT.md says. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/zip.h"
#include "store/dictionary.h"
#include "store/textblock.h"

/* Titles and bodies are apart by a gap of positions, so a position may be above the number of words. */
enum { MAX_LINES = 100, POSITION_SLACK = 1 << 16 };

struct checker {
    const mrg_segment *segment;
    void (*report)(void *ctx, const char *line);
    void *ctx;
    uint64_t problem_count;
    morgue_error first;     /* problem */
    morgue_status trouble;  /* what stops the check: memory ran out */
    mrg_bitset records;     /* doc_ords whose record is not empty */
    mrg_buffer raw;
    uint32_t *positions;
    uint8_t *lengths;
    size_t position_capacity, length_capacity;
    uint64_t term_count, posting_count, occurrence_count;
    uint32_t max_tf, max_position;
    mrg_postings postings, bounds;
    char term[4 * MRG_KEY_MAX_BYTES]; /* the key in work, for messages */
};

/* ---- Problems ---- */

static void problem(struct checker *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct checker *c, const char *format, ...)
{
    char text[MORGUE_MESSAGE_BYTES];
    morgue_error line;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    mrg_fail(&line, MORGUE_ERR_CORRUPT, "%s", text);
    if (c->problem_count++ == 0)
        c->first = line;
    if (c->report && c->problem_count <= MAX_LINES)
        c->report(c->ctx, c->problem_count < MAX_LINES ? line.message : "there are more problems");
}

/* A failed call is a problem, or, when it is not the segment's fault, the end of the check. */
static int is_problem(struct checker *c, morgue_status status, const morgue_error *err, const char *term)
{
    if (status == MORGUE_ERR_CORRUPT)
        problem(c, term ? "%s (term \"%s\")" : "%s%s", err->message, term ? term : "");
    else if (status)
        c->trouble = status;
    return status != MORGUE_OK;
}

static void name_term(struct checker *c, const mrg_term_cursor *cursor)
{
    char *out = c->term;
    for (size_t i = 0; i < cursor->key_len; i++) {
        unsigned char byte = cursor->key[i];
        if (byte < 0x20 || byte == 0x7f)
            out += sprintf(out, "\\x%02x", byte);
        else
            *out++ = (char)byte;
    }
    *out = 0;
}

/* ---- Sections and articles ---- */

static void check_sections(struct checker *c)
{
    const mrg_segment *s = c->segment;
    for (int i = 0; i < MRG_SECTIONS; i++) {
        const mrg_section *section = &s->footer.sections[i];
        if (mrg_crc32(0, s->mapping.data + section->offset, section->len) != section->crc)
            problem(c, "%s: %s: the checksum does not match (bytes %llu to %llu)", s->path, mrg_section_name(i),
                    (unsigned long long)section->offset, (unsigned long long)(section->offset + section->len));
    }
}

static void note_records(struct checker *c, const mrg_text_span *span, const mrg_text_head *head)
{
    mrg_reader r = mrg_reader_make(head->lengths, (size_t)(head->end - head->lengths));
    for (uint32_t i = 0; i < head->record_count; i++) {
        if (mrg_read_varint(&r) && mrg_bitset_add(&c->records, span->first_ord + i))
            c->trouble = MORGUE_ERR_NOMEM;
    }
}

static void check_text(struct checker *c, uint32_t block)
{
    mrg_text_span span;
    mrg_text_head head;
    morgue_error err;
    if (is_problem(c, mrg_segment_text_span(c->segment, block, &span, &err), &err, NULL))
        return;
    morgue_status status = mrg_text_head_read(&head, span.bytes, span.len, &err);
    if (!status && head.record_count != span.record_count)
        status = mrg_fail(&err, MORGUE_ERR_CORRUPT, "%u records where the index says %u", head.record_count,
                          span.record_count);
    if (!status)
        status = mrg_text_unpack(&head, &c->raw, &err);
    if (status == MORGUE_ERR_CORRUPT)
        problem(c, "%s: text: block %u (byte %llu): %s", c->segment->path, block,
                (unsigned long long)(span.bytes - c->segment->mapping.data), err.message);
    else if (status)
        c->trouble = status;
    else
        note_records(c, &span, &head);
}

static void check_lengths(struct checker *c)
{
    const mrg_footer *f = &c->segment->footer;
    uint64_t words = 0, title_words = 0;
    uint32_t live = 0;
    for (uint32_t ord = 0; ord < f->doc_count; ord++) {
        uint32_t n = mrg_segment_words(c->segment, f->first_docid + ord);
        words += n;
        title_words += mrg_segment_title_words(c->segment, f->first_docid + ord);
        live += n || mrg_bitset_has(&c->records, ord);
    }
    if (words != f->word_count || title_words != f->title_word_count)
        problem(c, "%s: lengths: they do not make the footer's sums", c->segment->path);
    if (live != f->live_count)
        problem(c, "%s: footer: %u live articles where there are %u", c->segment->path, f->live_count, live);
}

/* ---- Lists ---- */

/* 0, or -1 when the list's check cannot go on. */
static int check_positions(struct checker *c)
{
    mrg_postings *p = &c->postings;
    morgue_error err;
    int lengths = mrg_field_has_lengths(p->info.field);
    if (mrg_reserve((void **)&c->positions, &c->position_capacity, p->tf, sizeof *c->positions) ||
        mrg_reserve((void **)&c->lengths, &c->length_capacity, p->tf, sizeof *c->lengths)) {
        c->trouble = MORGUE_ERR_NOMEM;
        return -1;
    }
    if (is_problem(c, mrg_postings_positions(p, c->positions, c->lengths, &err), &err, c->term))
        return -1;
    uint64_t bound = (uint64_t)mrg_segment_words(c->segment, p->docid) + POSITION_SLACK;
    const char *fault = c->positions[p->tf - 1] >= bound ? "a position lies outside the article" : NULL;
    for (uint32_t i = 0; i < p->tf; i++) {
        if (lengths && (c->lengths[i] == 0 || c->lengths[i] > 15))
            fault = "a length is not 1 to 15";
        if (!lengths && i && c->positions[i] == c->positions[i - 1])
            fault = "a position occurs twice";
    }
    if (c->positions[p->tf - 1] > c->max_position)
        c->max_position = c->positions[p->tf - 1];
    if (fault)
        problem(c, "%s: postings: docid %u: %s (term \"%s\")", c->segment->path, p->docid, fault, c->term);
    return 0;
}

/* Whether one of the block's impacts dominates the current posting. */
static int check_bound(struct checker *c)
{
    const mrg_postings *p = &c->postings;
    mrg_impact impacts[MRG_IMPACTS];
    size_t count;
    uint32_t last;
    morgue_error err;
    if (is_problem(c, mrg_postings_block_max(&c->bounds, p->docid, &last, impacts, &count, &err), &err, c->term))
        return -1;
    int title = mrg_field_is_title(p->info.field);
    uint32_t words = title ? mrg_segment_title_words(c->segment, p->docid) : mrg_segment_words(c->segment, p->docid);
    for (size_t i = 0; i < count; i++) {
        if (p->tf <= impacts[i].tf && words >= impacts[i].words)
            return 0;
    }
    problem(c, "%s: postings: docid %u: no impact of its block dominates it (term \"%s\")", c->segment->path, p->docid,
            c->term);
    return -1;
}

static void check_list(struct checker *c, const mrg_term_info *info)
{
    mrg_postings *p = &c->postings;
    morgue_error err;
    uint64_t docs = 0, occurrences = 0;
    uint32_t max_tf = 0, before = 0;
    if (is_problem(c, mrg_postings_init(p, c->segment, info, &err), &err, c->term) ||
        is_problem(c, mrg_postings_init(&c->bounds, c->segment, info, &err), &err, c->term))
        return;
    for (;;) {
        if (is_problem(c, mrg_postings_next(p, &err), &err, c->term))
            return;
        if (p->docid == MRG_DOCID_END)
            break;
        if (p->docid <= before) {
            problem(c, "%s: postings: docid %u after %u (term \"%s\")", c->segment->path, p->docid, before, c->term);
            return;
        }
        before = p->docid;
        if (is_problem(c, mrg_postings_tf(p, &err), &err, c->term) || check_bound(c) ||
            (mrg_field_has_positions(info->field) && check_positions(c)))
            return;
        docs++;
        occurrences += p->tf;
        max_tf = p->tf > max_tf ? p->tf : max_tf;
    }
    if (docs != info->doc_count || occurrences != info->occurrence_count || max_tf != info->max_tf)
        problem(c, "%s: dictionary: its counts are not the list's (term \"%s\")", c->segment->path, c->term);
    c->max_tf = max_tf > c->max_tf ? max_tf : c->max_tf;
    c->posting_count += docs;
    c->occurrence_count += occurrences;
}

/* ---- Terms ---- */

static void check_order(struct checker *c, const mrg_term_cursor *cursor, const unsigned char *last, size_t last_len)
{
    size_t common = last_len < cursor->key_len ? last_len : cursor->key_len;
    int order = memcmp(last, cursor->key, common);
    if (order > 0 || (order == 0 && last_len >= cursor->key_len))
        problem(c, "%s: dictionary: \"%s\" is out of order (byte %llu)", c->segment->path, c->term,
                (unsigned long long)(cursor->p - c->segment->mapping.data));
    const unsigned char *head = c->segment->dictionary_index + (size_t)MRG_DICTIONARY_INDEX_BYTES * cursor->block;
    if (cursor->index_in_block == 1 && mrg_load_u64(head) != mrg_dictionary_head(cursor->key, cursor->key_len))
        problem(c, "%s: dictionary index: block %u does not start with \"%s\"", c->segment->path, cursor->block,
                c->term);
}

static void check_terms(struct checker *c)
{
    mrg_term_cursor cursor;
    morgue_error err;
    unsigned char last[MRG_KEY_MAX_BYTES + 1] = { 0 };
    size_t last_len = 0;
    int done;
    if (is_problem(c, mrg_term_cursor_init(&cursor, c->segment, "", 0, &done, &err), &err, NULL))
        return;
    while (!done && !c->trouble) {
        name_term(c, &cursor);
        check_order(c, &cursor, last, last_len);
        check_list(c, &cursor.info);
        c->term_count++;
        last_len = cursor.key_len;
        memcpy(last, cursor.key, last_len);
        if (is_problem(c, mrg_term_cursor_next(&cursor, &done, &err), &err, NULL))
            return;
    }
    const mrg_footer *f = &c->segment->footer;
    if (!c->trouble && !c->problem_count &&
        (c->term_count != f->term_count || c->posting_count != f->posting_count ||
         c->occurrence_count != f->occurrence_count || c->max_tf != f->max_tf || c->max_position != f->max_position))
        problem(c, "%s: footer: its counts are not the lists'", c->segment->path);
}

morgue_status mrg_segment_check(const mrg_segment *segment, void (*report)(void *ctx, const char *line), void *ctx,
                                morgue_error *err)
{
    struct checker *c = mrg_calloc(1, sizeof *c);
    if (!c)
        return mrg_fail_nomem(err);
    c->segment = segment;
    c->report = report;
    c->ctx = ctx;
    check_sections(c);
    for (uint32_t block = 0; block < segment->footer.text_block_count && !c->trouble; block++)
        check_text(c, block);
    check_lengths(c);
    check_terms(c);
    morgue_status status = MORGUE_OK;
    if (c->trouble)
        status = c->trouble == MORGUE_ERR_NOMEM ? mrg_fail_nomem(err)
                                                : mrg_fail(err, c->trouble, "%s: the check failed", segment->path);
    else if (c->problem_count)
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "%s", c->first.message);
    mrg_bitset_dispose(&c->records);
    mrg_buffer_dispose(&c->raw);
    mrg_free(c->positions);
    mrg_free(c->lengths);
    mrg_free(c);
    return status;
}

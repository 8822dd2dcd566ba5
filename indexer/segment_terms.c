/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segment_terms.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

/* Where the merge stands in one run. */
struct cursor {
    const mrg_run_term *term, *end;
    uint64_t head; /* of the term's key, as mrg_key_head */
    uint32_t run;
};

struct mrg_term_merger {
    mrg_run *const *runs;
    size_t run_count;
    struct cursor *heap;
    size_t heap_len;
    mrg_term_piece *group; /* of the current term, by run and then by language */
    size_t group_len, group_capacity;
    mrg_term_piece *members; /* of the stem in work */
    size_t member_capacity;
    uint32_t *positions;
    uint8_t *lengths;
    size_t position_capacity, length_capacity;
    uint32_t *tfs; /* by doc_ord of a run; all 0 between uses */
    uint64_t *seen;
    mrg_segment_part *part;
    morgue_error *err;
};

void mrg_term_pieces_dispose(mrg_term_pieces *pieces)
{
    mrg_free(pieces->items);
    mrg_free(pieces->ends);
    memset(pieces, 0, sizeof *pieces);
}

morgue_status mrg_term_merger_create(mrg_term_merger **out, mrg_run *const *runs, size_t run_count, morgue_error *err)
{
    size_t max_docs = 0;
    mrg_term_merger *m = mrg_calloc(1, sizeof *m);
    *out = m;
    if (!m)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < run_count; i++)
        max_docs = runs[i]->doc_count > max_docs ? runs[i]->doc_count : max_docs;
    m->runs = runs;
    m->run_count = run_count;
    m->heap = mrg_calloc(run_count, sizeof *m->heap);
    m->tfs = mrg_calloc(max_docs, sizeof *m->tfs);
    m->seen = mrg_calloc(max_docs / 64 + 1, sizeof *m->seen);
    if (m->heap && m->tfs && m->seen)
        return MORGUE_OK;
    mrg_term_merger_free(m);
    *out = NULL;
    return mrg_fail_nomem(err);
}

void mrg_term_merger_free(mrg_term_merger *m)
{
    if (!m)
        return;
    mrg_free(m->heap);
    mrg_free(m->group);
    mrg_free(m->members);
    mrg_free(m->positions);
    mrg_free(m->lengths);
    mrg_free(m->tfs);
    mrg_free(m->seen);
    mrg_free(m);
}

/* ---- K-way merge of the runs' terms ---- */

static int before(const struct cursor *a, const struct cursor *b)
{
    if (a->head != b->head)
        return a->head < b->head;
    size_t la = a->term->key_len, lb = b->term->key_len;
    int order = memcmp(a->term->key, b->term->key, la < lb ? la : lb);
    if (order)
        return order < 0;
    if (la != lb)
        return la < lb;
    return a->run < b->run;
}

static void sift_down(mrg_term_merger *m, size_t at)
{
    struct cursor moved = m->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= m->heap_len)
            break;
        if (child + 1 < m->heap_len && before(&m->heap[child + 1], &m->heap[child]))
            child++;
        if (!before(&m->heap[child], &moved))
            break;
        m->heap[at] = m->heap[child];
        at = child;
    }
    m->heap[at] = moved;
}

static int same_key(const mrg_run_term *a, const mrg_run_term *b)
{
    return a->key_len == b->key_len && !memcmp(a->key, b->key, a->key_len);
}

/* Takes the next term out of the heap: all its pieces, in order. */
static morgue_status next_group(mrg_term_merger *m)
{
    const mrg_run_term *first = m->heap[0].term;
    uint64_t head = m->heap[0].head;
    m->group_len = 0;
    while (m->heap_len && m->heap[0].head == head && same_key(m->heap[0].term, first)) {
        if (mrg_reserve((void **)&m->group, &m->group_capacity, m->group_len + 1, sizeof *m->group))
            return mrg_fail_nomem(m->err);
        m->group[m->group_len++] = (mrg_term_piece){ m->heap[0].run, m->heap[0].term };
        if (++m->heap[0].term == m->heap[0].end)
            m->heap[0] = m->heap[--m->heap_len];
        else
            m->heap[0].head = mrg_key_head(m->heap[0].term->key, m->heap[0].term->key_len);
        if (m->heap_len)
            sift_down(m, 0);
    }
    return MORGUE_OK;
}

static void start_heap(mrg_term_merger *m, const size_t *begins, const size_t *ends)
{
    m->heap_len = 0;
    for (size_t i = 0; i < m->run_count; i++) {
        const mrg_run_term *term = m->runs[i]->terms + begins[i];
        if (begins[i] < ends[i])
            m->heap[m->heap_len++] = (struct cursor){ term, m->runs[i]->terms + ends[i],
                                                      mrg_key_head(term->key, term->key_len), (uint32_t)i };
    }
    for (size_t i = m->heap_len; i-- > 0;)
        sift_down(m, i);
}

/* ---- Words, as they are ---- */

static morgue_status write_posting(mrg_term_merger *m, uint32_t run, mrg_run_postings *p, int field)
{
    if (mrg_reserve((void **)&m->positions, &m->position_capacity, p->tf, sizeof *m->positions) ||
        mrg_reserve((void **)&m->lengths, &m->length_capacity, p->tf, sizeof *m->lengths))
        return mrg_fail_nomem(m->err);
    uint8_t *lengths = mrg_field_has_lengths(field) ? m->lengths : NULL;
    mrg_run_postings_positions(p, m->positions, lengths);
    mrg_segment_part_add_posting(m->part, m->runs[run]->first_docid + p->doc_ord, p->tf, m->positions, lengths);
    return MORGUE_OK;
}

static morgue_status write_piece(mrg_term_merger *m, const mrg_term_piece *piece)
{
    mrg_run_postings p;
    mrg_run_postings_init(&p, m->runs[piece->run], piece->term);
    morgue_status status = MORGUE_OK;
    while (!status && mrg_run_postings_next(&p))
        status = write_posting(m, piece->run, &p, piece->term->key[0]);
    return status;
}

/* The same word in several languages of one run: articles of different pieces alternate. */
static morgue_status write_mixed(mrg_term_merger *m, const mrg_term_piece *pieces, size_t count)
{
    mrg_run_postings *p = mrg_calloc(count, sizeof *p);
    if (!p)
        return mrg_fail_nomem(m->err);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < count; i++) {
        mrg_run_postings_init(&p[i], m->runs[pieces[i].run], pieces[i].term);
        mrg_run_postings_next(&p[i]);
    }
    while (!status) {
        size_t least = count;
        for (size_t i = 0; i < count; i++)
            if (p[i].tf && (least == count || p[i].doc_ord < p[least].doc_ord))
                least = i;
        if (least == count)
            break;
        status = write_posting(m, pieces[least].run, &p[least], pieces[least].term->key[0]);
        if (!mrg_run_postings_next(&p[least]))
            p[least].tf = 0;
    }
    mrg_free(p);
    return status;
}

static morgue_status write_group(mrg_term_merger *m)
{
    const mrg_run_term *first = m->group[0].term;
    morgue_status status = mrg_segment_part_start_term(m->part, first->key, first->key_len, m->err);
    for (size_t i = 0; i < m->group_len && !status;) {
        size_t next = i + 1;
        while (next < m->group_len && m->group[next].run == m->group[i].run)
            next++;
        status = next == i + 1 ? write_piece(m, &m->group[i]) : write_mixed(m, &m->group[i], next - i);
        i = next;
    }
    return status ? status : mrg_segment_part_end_term(m->part, m->err);
}

/* The room that was too much; there are many parts' pieces at once. */
static void shrink_pieces(mrg_term_pieces *pieces)
{
    mrg_term_piece *less = pieces->count ? mrg_realloc(pieces->items, pieces->count * sizeof *less) : NULL;
    if (less) {
        pieces->items = less;
        pieces->capacity = pieces->count;
    }
}

static morgue_status keep_pieces(mrg_term_merger *m, mrg_term_pieces *pieces)
{
    if (mrg_reserve((void **)&pieces->items, &pieces->capacity, pieces->count + m->group_len, sizeof *pieces->items) ||
        mrg_reserve((void **)&pieces->ends, &pieces->end_capacity, pieces->end_count + 1, sizeof *pieces->ends))
        return mrg_fail_nomem(m->err);
    memcpy(pieces->items + pieces->count, m->group, m->group_len * sizeof *m->group);
    pieces->count += m->group_len;
    pieces->ends[pieces->end_count++] = pieces->count;
    return MORGUE_OK;
}

morgue_status mrg_term_merger_words(mrg_term_merger *m, const size_t *begins, const size_t *ends,
                                    mrg_segment_part *part, mrg_term_pieces *pieces, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    m->part = part;
    m->err = err;
    start_heap(m, begins, ends);
    while (m->heap_len && !status) {
        status = next_group(m);
        if (!status)
            status = write_group(m);
        if (!status && pieces)
            status = keep_pieces(m, pieces);
    }
    if (pieces)
        shrink_pieces(pieces);
    return status;
}

/* ---- Stems ---- */

static int by_run(const void *pa, const void *pb)
{
    const mrg_term_piece *a = pa, *b = pb;
    return a->run < b->run ? -1 : a->run > b->run;
}

static void add_tfs(mrg_term_merger *m, const mrg_term_piece *piece)
{
    mrg_run_postings p;
    mrg_run_postings_init(&p, m->runs[piece->run], piece->term);
    while (mrg_run_postings_next(&p)) {
        m->tfs[p.doc_ord] += p.tf;
        m->seen[p.doc_ord >> 6] |= (uint64_t)1 << (p.doc_ord & 63);
    }
}

static void write_tfs(mrg_term_merger *m, uint32_t run)
{
    uint32_t first_docid = m->runs[run]->first_docid;
    size_t words = (m->runs[run]->doc_count + 63) / 64;
    for (size_t word = 0; word < words; word++) {
        for (uint64_t bits = m->seen[word]; bits; bits &= bits - 1) {
            uint32_t ord = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            mrg_segment_part_add_posting(m->part, first_docid + ord, m->tfs[ord], NULL, NULL);
            m->tfs[ord] = 0;
        }
        m->seen[word] = 0;
    }
}

/* The list of one stem: the sum of its words' lists, run by run. */
static morgue_status write_stem(mrg_term_merger *m, int field, const mrg_variant *first, const mrg_variant *end)
{
    unsigned char key[MRG_KEY_MAX_BYTES];
    size_t count = 0;
    key[0] = (unsigned char)field;
    memcpy(key + 1, first->stem, first->stem_len);
    for (const mrg_variant *v = first; v < end; v++)
        count += (size_t)(v->end - v->begin);
    if (mrg_reserve((void **)&m->members, &m->member_capacity, count, sizeof *m->members))
        return mrg_fail_nomem(m->err);
    count = 0;
    for (const mrg_variant *v = first; v < end; v++) {
        memcpy(m->members + count, v->begin, (size_t)(v->end - v->begin) * sizeof *m->members);
        count += (size_t)(v->end - v->begin);
    }
    if (end - first > 1)
        qsort(m->members, count, sizeof *m->members, by_run);
    morgue_status status = mrg_segment_part_start_term(m->part, key, first->stem_len + 1, m->err);
    for (size_t i = 0; i < count && !status;) {
        uint32_t run = m->members[i].run;
        for (; i < count && m->members[i].run == run; i++)
            add_tfs(m, &m->members[i]);
        write_tfs(m, run);
    }
    return status ? status : mrg_segment_part_end_term(m->part, m->err);
}

int mrg_variant_same(const mrg_variant *a, const mrg_variant *b)
{
    return a->stem_len == b->stem_len && !memcmp(a->stem, b->stem, a->stem_len);
}

/* A stem whose only word is itself has that word's list already. */
morgue_status mrg_term_merger_stems(mrg_term_merger *m, int field, const mrg_variant *variants, size_t count,
                                    mrg_segment_part *part, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    m->part = part;
    m->err = err;
    for (size_t i = 0; i < count && !status;) {
        size_t next = i + 1;
        while (next < count && mrg_variant_same(&variants[next], &variants[i]))
            next++;
        if (variants[i].stem_len && !(next == i + 1 && variants[i].is_word))
            status = write_stem(m, field, variants + i, variants + next);
        i = next;
    }
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segment_build.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

/* Where the merge stands in one run. */
struct cursor {
    const mrg_run_term *term, *end;
    uint64_t head; /* of the term's key, as mrg_key_head */
    uint32_t run;
};

/* One run's part of a term. */
struct part {
    uint32_t run;
    const mrg_run_term *term;
};

/* A stem and one of the words that have it: the parts [begin, end) of builder.parts. */
struct variant {
    const char *stem;
    uint32_t stem_len;
    int is_word; /* the stem is the word itself, wherever it occurs */
    size_t begin, end;
};

struct builder {
    mrg_segment_writer *writer;
    mrg_run *const *runs;
    size_t run_count;
    const mrg_stemmers *stemmers;
    morgue_error *err;
    struct cursor *heap;
    size_t heap_len;
    struct part *group; /* the current term's parts, by run and then by language */
    size_t group_len, group_capacity;
    struct variant *variants; /* of the word field that was last merged */
    size_t variant_count, variant_capacity;
    struct part *parts; /* of all variants */
    size_t part_count, part_capacity;
    struct part *members; /* of the stem being written */
    size_t member_capacity;
    mrg_arena stems;
    uint32_t *positions;
    uint8_t *lengths;
    size_t position_capacity, length_capacity;
    uint32_t *tfs; /* by doc_ord of a run; all 0 between uses */
    uint64_t *seen;
    size_t max_docs;
};

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

static void sift_down(struct builder *b, size_t at)
{
    struct cursor moved = b->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= b->heap_len)
            break;
        if (child + 1 < b->heap_len && before(&b->heap[child + 1], &b->heap[child]))
            child++;
        if (!before(&b->heap[child], &moved))
            break;
        b->heap[at] = b->heap[child];
        at = child;
    }
    b->heap[at] = moved;
}

static int same_key(const mrg_run_term *a, const mrg_run_term *b)
{
    return a->key_len == b->key_len && !memcmp(a->key, b->key, a->key_len);
}

/* Takes the next term out of the heap: all its parts, in order. */
static morgue_status next_group(struct builder *b)
{
    const mrg_run_term *first = b->heap[0].term;
    uint64_t head = b->heap[0].head;
    b->group_len = 0;
    while (b->heap_len && b->heap[0].head == head && same_key(b->heap[0].term, first)) {
        if (mrg_reserve((void **)&b->group, &b->group_capacity, b->group_len + 1, sizeof *b->group))
            return mrg_fail_nomem(b->err);
        b->group[b->group_len++] = (struct part){ b->heap[0].run, b->heap[0].term };
        if (++b->heap[0].term == b->heap[0].end)
            b->heap[0] = b->heap[--b->heap_len];
        else
            b->heap[0].head = mrg_key_head(b->heap[0].term->key, b->heap[0].term->key_len);
        if (b->heap_len)
            sift_down(b, 0);
    }
    return MORGUE_OK;
}

static morgue_status start_heap(struct builder *b)
{
    b->heap = mrg_reallocarray(NULL, b->run_count, sizeof *b->heap);
    if (!b->heap)
        return mrg_fail_nomem(b->err);
    for (size_t i = 0; i < b->run_count; i++) {
        const mrg_run *run = b->runs[i];
        if (run->term_count)
            b->heap[b->heap_len++] = (struct cursor){ run->terms, run->terms + run->term_count,
                                                      mrg_key_head(run->terms->key, run->terms->key_len),
                                                      (uint32_t)i };
    }
    for (size_t i = b->heap_len; i-- > 0;)
        sift_down(b, i);
    return MORGUE_OK;
}

/* ---- Words, as they are ---- */

static morgue_status write_posting(struct builder *b, uint32_t run, mrg_run_postings *p, int field)
{
    if (mrg_reserve((void **)&b->positions, &b->position_capacity, p->tf, sizeof *b->positions) ||
        mrg_reserve((void **)&b->lengths, &b->length_capacity, p->tf, sizeof *b->lengths))
        return mrg_fail_nomem(b->err);
    uint8_t *lengths = mrg_field_has_lengths(field) ? b->lengths : NULL;
    mrg_run_postings_positions(p, b->positions, lengths);
    return mrg_segment_writer_add_posting(b->writer, b->runs[run]->first_docid + p->doc_ord, p->tf, b->positions,
                                          lengths, b->err);
}

static morgue_status write_part(struct builder *b, const struct part *part)
{
    mrg_run_postings p;
    mrg_run_postings_init(&p, b->runs[part->run], part->term);
    morgue_status status = MORGUE_OK;
    while (!status && mrg_run_postings_next(&p))
        status = write_posting(b, part->run, &p, part->term->key[0]);
    return status;
}

/* The same word in several languages of one run: articles of different parts alternate. */
static morgue_status write_mixed(struct builder *b, const struct part *parts, size_t count)
{
    mrg_run_postings *p = mrg_calloc(count, sizeof *p);
    if (!p)
        return mrg_fail_nomem(b->err);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < count; i++) {
        mrg_run_postings_init(&p[i], b->runs[parts[i].run], parts[i].term);
        mrg_run_postings_next(&p[i]);
    }
    while (!status) {
        size_t least = count;
        for (size_t i = 0; i < count; i++)
            if (p[i].tf && (least == count || p[i].doc_ord < p[least].doc_ord))
                least = i;
        if (least == count)
            break;
        status = write_posting(b, parts[least].run, &p[least], parts[least].term->key[0]);
        if (!mrg_run_postings_next(&p[least]))
            p[least].tf = 0;
    }
    mrg_free(p);
    return status;
}

static morgue_status write_group(struct builder *b, int is_stem)
{
    const mrg_run_term *first = b->group[0].term;
    morgue_status status = mrg_segment_writer_start_term(b->writer, first->key, first->key_len, b->err);
    if (!status && is_stem)
        mrg_segment_writer_mark_stem(b->writer);
    for (size_t i = 0; i < b->group_len && !status;) {
        size_t next = i + 1;
        while (next < b->group_len && b->group[next].run == b->group[i].run)
            next++;
        status = next == i + 1 ? write_part(b, &b->group[i]) : write_mixed(b, &b->group[i], next - i);
        i = next;
    }
    return status ? status : mrg_segment_writer_end_term(b->writer, b->err);
}

/* ---- Stems ---- */

/* The word's stem in a language. NULL when memory ran out. */
static const char *stem_in(struct builder *b, uint32_t lang, const char *word, size_t len, size_t *stem_len)
{
    mrg_stemmer *stemmer = lang < b->stemmers->count ? b->stemmers->items[lang] : NULL;
    *stem_len = len;
    return stemmer ? mrg_stem(stemmer, word, len, stem_len) : word;
}

/* Remembers the parts of one language under a stem. */
static morgue_status add_variant(struct builder *b, uint32_t lang, const char *stem, size_t stem_len, int is_word)
{
    struct variant v = { NULL, (uint32_t)stem_len, is_word, b->part_count, 0 };
    v.stem = mrg_arena_strndup(&b->stems, stem, stem_len);
    if (!v.stem || mrg_reserve((void **)&b->parts, &b->part_capacity, b->part_count + b->group_len, sizeof *b->parts) ||
        mrg_reserve((void **)&b->variants, &b->variant_capacity, b->variant_count + 1, sizeof *b->variants))
        return mrg_fail_nomem(b->err);
    for (size_t i = 0; i < b->group_len; i++)
        if (b->group[i].term->lang == lang)
            b->parts[b->part_count++] = b->group[i];
    v.end = b->part_count;
    b->variants[b->variant_count++] = v;
    return MORGUE_OK;
}

/* A word has its stem in the language of its article, and in that of the archive as well, in which most
   queries are asked. *is_stem is cleared if one of them is not the word itself. */
static morgue_status add_language(struct builder *b, uint32_t lang, int only_lang, int *is_stem)
{
    const mrg_run_term *first = b->group[0].term;
    const char *word = (const char *)first->key + 1;
    size_t len = first->key_len - 1, own_len, common_len;
    char own[MRG_KEY_MAX_BYTES];
    const char *stem = stem_in(b, lang, word, len, &own_len);
    if (!stem || own_len > sizeof own)
        return mrg_fail_nomem(b->err);
    memcpy(own, stem, own_len); /* the next look-up may move it */
    const char *common = stem_in(b, 0, word, len, &common_len);
    if (!common)
        return mrg_fail_nomem(b->err);
    int same = common_len == own_len && !memcmp(common, own, own_len);
    int is_word = only_lang && same && own_len == len && !memcmp(own, word, len);
    *is_stem &= is_word;
    morgue_status status = same ? MORGUE_OK : add_variant(b, lang, common, common_len, 0);
    return status ? status : add_variant(b, lang, own, own_len, is_word);
}

/* Remembers the word under its stems. */
static morgue_status add_variants(struct builder *b, int *is_stem)
{
    uint32_t least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < b->group_len; i++) {
        uint32_t lang = b->group[i].term->lang;
        least = lang < least ? lang : least;
        most = lang > most ? lang : most;
    }
    morgue_status status = MORGUE_OK;
    *is_stem = 1;
    for (uint32_t lang = least; lang <= most && !status; lang++) {
        int occurs = lang == least || lang == most;
        for (size_t i = 0; i < b->group_len && !occurs; i++)
            occurs = b->group[i].term->lang == lang;
        if (occurs)
            status = add_language(b, lang, least == most, is_stem);
    }
    return status;
}

static int by_stem(const void *pa, const void *pb)
{
    const struct variant *a = pa, *b = pb;
    int order = memcmp(a->stem, b->stem, a->stem_len < b->stem_len ? a->stem_len : b->stem_len);
    if (order)
        return order;
    if (a->stem_len != b->stem_len)
        return a->stem_len < b->stem_len ? -1 : 1;
    return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static int by_run(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    return a->run < b->run ? -1 : a->run > b->run;
}

static void add_tfs(struct builder *b, const struct part *part)
{
    mrg_run_postings p;
    mrg_run_postings_init(&p, b->runs[part->run], part->term);
    while (mrg_run_postings_next(&p)) {
        b->tfs[p.doc_ord] += p.tf;
        b->seen[p.doc_ord >> 6] |= (uint64_t)1 << (p.doc_ord & 63);
    }
}

static morgue_status write_tfs(struct builder *b, uint32_t run)
{
    morgue_status status = MORGUE_OK;
    size_t words = (b->runs[run]->doc_count + 63) / 64;
    for (size_t word = 0; word < words; word++) {
        for (uint64_t bits = b->seen[word]; bits; bits &= bits - 1) {
            uint32_t ord = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            if (!status)
                status = mrg_segment_writer_add_posting(b->writer, b->runs[run]->first_docid + ord, b->tfs[ord], NULL,
                                                        NULL, b->err);
            b->tfs[ord] = 0;
        }
        b->seen[word] = 0;
    }
    return status;
}

/* The list of one stem: the sum of its words' lists, run by run. */
static morgue_status write_stem(struct builder *b, int field, const struct variant *first, const struct variant *end)
{
    unsigned char key[MRG_KEY_MAX_BYTES];
    size_t count = 0;
    key[0] = (unsigned char)field;
    memcpy(key + 1, first->stem, first->stem_len);
    for (const struct variant *v = first; v < end; v++)
        count += v->end - v->begin;
    if (mrg_reserve((void **)&b->members, &b->member_capacity, count, sizeof *b->members))
        return mrg_fail_nomem(b->err);
    count = 0;
    for (const struct variant *v = first; v < end; v++) {
        memcpy(b->members + count, b->parts + v->begin, (v->end - v->begin) * sizeof *b->members);
        count += v->end - v->begin;
    }
    if (end - first > 1)
        qsort(b->members, count, sizeof *b->members, by_run);
    morgue_status status = mrg_segment_writer_start_term(b->writer, key, first->stem_len + 1, b->err);
    for (size_t i = 0; i < count && !status;) {
        uint32_t run = b->members[i].run;
        for (; i < count && b->members[i].run == run; i++)
            add_tfs(b, &b->members[i]);
        status = write_tfs(b, run);
    }
    return status ? status : mrg_segment_writer_end_term(b->writer, b->err);
}

/* A stem whose only word is itself has that word's list already. */
static morgue_status write_stems(struct builder *b, int field)
{
    morgue_status status = MORGUE_OK;
    if (b->variant_count)
        qsort(b->variants, b->variant_count, sizeof *b->variants, by_stem);
    for (size_t i = 0; i < b->variant_count && !status;) {
        size_t next = i + 1;
        while (next < b->variant_count && b->variants[next].stem_len == b->variants[i].stem_len &&
               !memcmp(b->variants[next].stem, b->variants[i].stem, b->variants[i].stem_len))
            next++;
        if (b->variants[i].stem_len && !(next == i + 1 && b->variants[i].is_word))
            status = write_stem(b, field, b->variants + i, b->variants + next);
        i = next;
    }
    b->variant_count = b->part_count = 0;
    mrg_arena_clear(&b->stems);
    return status;
}

/* ---- The whole ---- */

static morgue_status write_lengths(struct builder *b)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < b->run_count; i++)
        for (uint32_t ord = 0; ord < b->runs[i]->doc_count && !status; ord++)
            status = mrg_segment_writer_add_length(b->writer, b->runs[i]->lengths[ord], b->err);
    return status;
}

static morgue_status write_terms(struct builder *b)
{
    morgue_status status = MORGUE_OK;
    int stems_of = 0;
    while (b->heap_len && !status) {
        int field = b->heap[0].term->key[0];
        if (stems_of && field != stems_of) {
            status = write_stems(b, stems_of == MRG_FIELD_WORD ? MRG_FIELD_STEM : MRG_FIELD_TITLE_STEM);
            stems_of = 0;
        }
        if (!status)
            status = next_group(b);
        int is_stem = 0;
        if (!status && (field == MRG_FIELD_WORD || field == MRG_FIELD_TITLE_WORD)) {
            status = add_variants(b, &is_stem);
            stems_of = field;
        }
        if (!status)
            status = write_group(b, is_stem);
    }
    if (stems_of && !status)
        status = write_stems(b, stems_of == MRG_FIELD_WORD ? MRG_FIELD_STEM : MRG_FIELD_TITLE_STEM);
    return status;
}

static morgue_status allocate(struct builder *b)
{
    for (size_t i = 0; i < b->run_count; i++)
        if (b->runs[i]->doc_count > b->max_docs)
            b->max_docs = b->runs[i]->doc_count;
    b->tfs = mrg_calloc(b->max_docs, sizeof *b->tfs);
    b->seen = mrg_calloc(b->max_docs / 64 + 1, sizeof *b->seen);
    return b->tfs && b->seen ? start_heap(b) : mrg_fail_nomem(b->err);
}

morgue_status mrg_segment_build(mrg_segment_writer *w, mrg_run *const *runs, size_t run_count,
                                const mrg_stemmers *stemmers, morgue_error *err)
{
    struct builder b = { .writer = w, .runs = runs, .run_count = run_count, .stemmers = stemmers, .err = err };
    morgue_status status = allocate(&b);
    if (!status)
        status = write_lengths(&b);
    if (!status)
        status = write_terms(&b);
    mrg_free(b.heap);
    mrg_free(b.group);
    mrg_free(b.variants);
    mrg_free(b.parts);
    mrg_free(b.members);
    mrg_arena_dispose(&b.stems);
    mrg_free(b.positions);
    mrg_free(b.lengths);
    mrg_free(b.tfs);
    mrg_free(b.seen);
    return status;
}

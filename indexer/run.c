/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"

enum { FIRST_SLOTS = 1 << 14, LENGTH_BITS = 4 };

/* A distinct term of the batch. What a look-up compares comes first, within one cache line. */
struct entry {
    uint64_t ends[2];  /* of the term; see ends_of */
    uint32_t len;      /* of the term */
    uint32_t lang;
    uint8_t field;
    uint32_t count;    /* occurrences */
    const unsigned char *key; /* field byte and term */
    uint64_t head;     /* first 8 bytes of the key, big-endian, so that most comparisons are one */
};

struct slot {
    uint32_t hash;
    uint32_t entry; /* + 1; 0: free */
};

/* Where a term occurs: the article in the upper half; position and mention length in the lower. */
typedef uint64_t place;

struct mrg_run_builder {
    struct slot *slots;
    size_t slot_count; /* a power of two */
    struct entry *entries;
    size_t entry_count, entry_capacity;
    uint32_t *terms; /* of each occurrence */
    place *places;
    size_t term_capacity, place_capacity, occurrence_count;
    mrg_doc_length *lengths;
    size_t length_capacity;
    uint32_t doc_count;
    mrg_arena keys;
};

void mrg_run_free(mrg_run *run)
{
    if (!run)
        return;
    mrg_free(run->lengths);
    mrg_free(run->terms);
    mrg_arena_dispose(&run->keys);
    mrg_buffer_dispose(&run->docs);
    mrg_buffer_dispose(&run->positions);
    mrg_free(run);
}

morgue_status mrg_run_builder_create(mrg_run_builder **out, morgue_error *err)
{
    *out = NULL;
    mrg_run_builder *b = mrg_calloc(1, sizeof *b);
    if (b)
        b->slots = mrg_calloc(FIRST_SLOTS, sizeof *b->slots);
    if (!b || !b->slots) {
        mrg_run_builder_free(b);
        return mrg_fail_nomem(err);
    }
    b->slot_count = FIRST_SLOTS;
    *out = b;
    return MORGUE_OK;
}

void mrg_run_builder_free(mrg_run_builder *b)
{
    if (!b)
        return;
    mrg_free(b->slots);
    mrg_free(b->entries);
    mrg_free(b->terms);
    mrg_free(b->places);
    mrg_free(b->lengths);
    mrg_arena_dispose(&b->keys);
    mrg_free(b);
}

/* ---- Terms ---- */

static int grow_slots(mrg_run_builder *b)
{
    size_t count = b->slot_count * 2;
    struct slot *slots = mrg_calloc(count, sizeof *slots);
    if (!slots)
        return -1;
    for (size_t i = 0; i < b->slot_count; i++) {
        if (!b->slots[i].entry)
            continue;
        size_t at = b->slots[i].hash & (count - 1);
        while (slots[at].entry)
            at = (at + 1) & (count - 1);
        slots[at] = b->slots[i];
    }
    mrg_free(b->slots);
    b->slots = slots;
    b->slot_count = count;
    return 0;
}

/* The first and the last bytes of a term, overlapping. Up to 16 bytes, they and its length tell it from
   any other, without a loop. */
static inline void ends_of(uint64_t ends[2], const char *term, size_t len)
{
    uint32_t a, b;
    if (len >= 8) {
        memcpy(&ends[0], term, 8);
        memcpy(&ends[1], term + len - 8, 8);
    } else if (len >= 4) {
        memcpy(&a, term, 4);
        memcpy(&b, term + len - 4, 4);
        ends[0] = a;
        ends[1] = b;
    } else {
        ends[0] = len ? (uint64_t)(unsigned char)term[0] << 16 | (uint64_t)(unsigned char)term[len / 2] << 8 |
                            (unsigned char)term[len - 1]
                      : 0;
        ends[1] = 0;
    }
}

static inline uint32_t hash_of(const uint64_t ends[2], const char *term, size_t len, int field, uint32_t lang)
{
    if (len > 16)
        return (uint32_t)mrg_hash_bytes(term, len, (uint64_t)field << 32 | lang);
    uint64_t seed = (uint64_t)len << 40 | (uint64_t)field << 32 | lang;
    return (uint32_t)mrg_hash_mix(mrg_hash_mix(ends[0] ^ 0xa0761d6478bd642fu, ends[1] ^ 0xe7037ed1a0b428dbu) ^ seed,
                                  0x8ebc6af09c88c6e3u);
}

static struct entry *new_entry(mrg_run_builder *b, size_t at, uint32_t hash, int field, const char *term, size_t len,
                               uint32_t lang)
{
    if (mrg_reserve((void **)&b->entries, &b->entry_capacity, b->entry_count + 1, sizeof *b->entries))
        return NULL;
    unsigned char *key = mrg_arena_alloc_bytes(&b->keys, len + 1);
    if (!key)
        return NULL;
    key[0] = (unsigned char)field;
    memcpy(key + 1, term, len);
    struct entry *e = &b->entries[b->entry_count++];
    *e = (struct entry){
        .len = (uint32_t)len, .lang = lang, .field = (uint8_t)field, .key = key, .head = mrg_key_head(key, len + 1)
    };
    ends_of(e->ends, term, len);
    b->slots[at] = (struct slot){ hash, (uint32_t)b->entry_count };
    return e;
}

/* What a term is looked for by. */
struct probe {
    uint64_t ends[2];
    uint32_t hash;
};

static inline void make_probe(struct probe *p, int field, const char *term, size_t len, uint32_t lang)
{
    ends_of(p->ends, term, len);
    p->hash = hash_of(p->ends, term, len, field, lang);
}

/* Finds or makes the entry of a term; NULL when memory ran out. */
static struct entry *entry_of(mrg_run_builder *b, const struct probe *p, int field, const char *term, size_t len,
                              uint32_t lang)
{
    if (b->entry_count * 2 >= b->slot_count && grow_slots(b))
        return NULL;
    size_t at = p->hash & (b->slot_count - 1);
    for (; b->slots[at].entry; at = (at + 1) & (b->slot_count - 1)) {
        if (b->slots[at].hash != p->hash)
            continue;
        struct entry *e = &b->entries[b->slots[at].entry - 1];
        if (e->ends[0] == p->ends[0] && e->ends[1] == p->ends[1] && e->len == len && e->field == field &&
            e->lang == lang && (len <= 16 || !memcmp(e->key + 1, term, len)))
            return e;
    }
    return new_entry(b, at, p->hash, field, term, len, lang);
}

static struct entry *find_entry(mrg_run_builder *b, int field, const char *term, size_t len, uint32_t lang)
{
    struct probe p;
    make_probe(&p, field, term, len, lang);
    return entry_of(b, &p, field, term, len, lang);
}

/* ---- Occurrences ---- */

static int reserve_occurrences(mrg_run_builder *b, size_t more)
{
    size_t needed = b->occurrence_count + more;
    return mrg_reserve((void **)&b->terms, &b->term_capacity, needed, sizeof *b->terms) ||
                   mrg_reserve((void **)&b->places, &b->place_capacity, needed, sizeof *b->places)
               ? -1
               : 0;
}

static inline void add_occurrence(mrg_run_builder *b, struct entry *e, uint32_t position, uint32_t length)
{
    size_t i = b->occurrence_count++;
    e->count++;
    b->terms[i] = (uint32_t)(e - b->entries);
    b->places[i] = (place)b->doc_count << 32 | (place)position << LENGTH_BITS | length;
}

enum { WORDS_AT_ONCE = 16 };

/* Words are looked up some at a time, in steps, so that the memory of all of them is waited for at once. */
static void expect_words(const mrg_run_builder *b, const mrg_tokens *tokens, size_t first, uint32_t lang,
                         struct probe probes[WORDS_AT_ONCE])
{
    size_t count = tokens->count - first < WORDS_AT_ONCE ? tokens->count - first : WORDS_AT_ONCE;
    const struct slot *slots[WORDS_AT_ONCE];
    for (size_t k = 0; k < count; k++) {
        const mrg_token *t = &tokens->items[first + k];
        make_probe(&probes[k], MRG_FIELD_WORD, mrg_token_term(tokens, t), t->term_len, lang);
        slots[k] = &b->slots[probes[k].hash & (b->slot_count - 1)];
        __builtin_prefetch(slots[k]);
    }
    for (size_t k = 0; k < count; k++) {
        if (slots[k]->entry)
            __builtin_prefetch(&b->entries[slots[k]->entry - 1]);
    }
}

static int add_words(mrg_run_builder *b, const mrg_tokens *tokens, size_t title_count, uint32_t lang)
{
    uint32_t limit = UINT32_MAX >> LENGTH_BITS;
    struct probe probes[WORDS_AT_ONCE];
    for (size_t i = 0; i < tokens->count; i++) {
        const mrg_token *t = &tokens->items[i];
        const char *term = mrg_token_term(tokens, t);
        if (i % WORDS_AT_ONCE == 0)
            expect_words(b, tokens, i, lang, probes);
        if (t->position >= limit)
            break;
        struct entry *e = entry_of(b, &probes[i % WORDS_AT_ONCE], MRG_FIELD_WORD, term, t->term_len, lang);
        if (!e)
            return -1;
        add_occurrence(b, e, t->position, 0);
        if (i >= title_count)
            continue;
        e = find_entry(b, MRG_FIELD_TITLE_WORD, term, t->term_len, lang);
        if (!e)
            return -1;
        add_occurrence(b, e, t->position, 0);
    }
    return 0;
}

static int add_mentions(mrg_run_builder *b, const mrg_tokens *tokens, const mrg_found *found)
{
    uint32_t limit = UINT32_MAX >> LENGTH_BITS;
    for (size_t i = 0; i < found->mention_count; i++) {
        const mrg_mention *m = &found->mentions[i];
        const mrg_article_entity *entity = &found->entities[m->entity];
        uint32_t position = tokens->items[m->first_token].position;
        char letter = mrg_entity_letter(entity->type);
        if (position >= limit)
            break;
        struct entry *e = find_entry(b, MRG_FIELD_ENTITY, entity->key, strlen(entity->key), 0);
        if (!e)
            return -1;
        add_occurrence(b, e, position, m->token_count);
        if (entity->type == MRG_ENTITY_DATE) /* "d:" begins the keys of all, which are few: no list of its own */
            continue;
        e = find_entry(b, MRG_FIELD_ENTITY_TYPE, &letter, 1, 0);
        if (!e)
            return -1;
        add_occurrence(b, e, position, m->token_count);
    }
    return 0;
}

morgue_status mrg_run_builder_add(mrg_run_builder *b, const mrg_tokens *tokens, size_t title_count, uint32_t lang,
                                  const mrg_found *found, morgue_error *err)
{
    size_t mentions = found ? found->mention_count : 0;
    if (reserve_occurrences(b, tokens->count + title_count + 2 * mentions) ||
        mrg_reserve((void **)&b->lengths, &b->length_capacity, (size_t)b->doc_count + 1, sizeof *b->lengths) ||
        add_words(b, tokens, title_count, lang) || (found && add_mentions(b, tokens, found)))
        return mrg_fail_nomem(err);
    b->lengths[b->doc_count].words = (uint32_t)tokens->count;
    b->lengths[b->doc_count].title_words = (uint32_t)title_count;
    b->doc_count++;
    return MORGUE_OK;
}

/* ---- The run ---- */

/* Brings the places of each term together; places of entry i are [starts[i], starts[i + 1]). Both are
   stable, so they stay in order of article and position. */
static place *sort_by_term(const mrg_run_builder *b, size_t *starts)
{
    place *sorted = mrg_reallocarray(NULL, b->occurrence_count, sizeof *sorted);
    if (!sorted)
        return NULL;
    size_t start = 0;
    for (size_t i = 0; i < b->entry_count; i++) {
        starts[i] = start;
        start += b->entries[i].count;
    }
    for (size_t i = 0; i < b->occurrence_count; i++)
        sorted[starts[b->terms[i]]++] = b->places[i];
    for (size_t i = b->entry_count; i > 0; i--) /* each has moved to its end, which is the next one's start */
        starts[i] = starts[i - 1];
    starts[0] = 0;
    return sorted;
}

static int by_key(const void *pa, const void *pb)
{
    const struct entry *a = *(const struct entry *const *)pa, *b = *(const struct entry *const *)pb;
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    size_t common = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->key, b->key, common + 1);
    if (order)
        return order;
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return a->lang < b->lang ? -1 : a->lang > b->lang;
}

/* Docs as varints: (difference of doc_ord << 1 | tf is 1), then the tf if it is more. Positions as
   varints: difference in the article, for mentions with the length in the low bits. */
static uint32_t encode_postings(mrg_run *run, const place *p, const place *end, int with_lengths)
{
    uint32_t last_doc = 0, doc_count = 0;
    while (p < end) {
        uint32_t doc = (uint32_t)(*p >> 32);
        const place *next = p;
        while (next < end && (uint32_t)(*next >> 32) == doc)
            next++;
        uint32_t tf = (uint32_t)(next - p);
        mrg_buffer_append_varint(&run->docs, (uint64_t)(doc - last_doc) << 1 | (tf == 1));
        if (tf > 1)
            mrg_buffer_append_varint(&run->docs, tf);
        uint32_t last = 0;
        unsigned char *out = mrg_buffer_room(&run->positions, (size_t)tf * MRG_VARINT_MAX);
        if (!out)
            return 0;
        unsigned char *start = out;
        for (; p < next; p++) {
            uint32_t position = (uint32_t)*p >> LENGTH_BITS;
            uint32_t gap = position - last;
            out += mrg_encode_varint(out, with_lengths ? (uint64_t)gap << LENGTH_BITS | (*p & 15) : gap);
            last = position;
        }
        run->positions.len += (size_t)(out - start);
        last_doc = doc;
        doc_count++;
    }
    return doc_count;
}

static int encode_terms(mrg_run *run, const mrg_run_builder *b, const place *sorted, const size_t *starts)
{
    struct entry **order = mrg_reallocarray(NULL, b->entry_count, sizeof *order);
    if (!order)
        return -1;
    for (size_t i = 0; i < b->entry_count; i++)
        order[i] = &b->entries[i];
    qsort(order, b->entry_count, sizeof *order, by_key);
    for (size_t i = 0; i < b->entry_count; i++) {
        const struct entry *e = order[i];
        size_t n = (size_t)(e - b->entries);
        mrg_run_term *t = &run->terms[i];
        t->key = e->key;
        t->key_len = e->len + 1;
        t->lang = e->lang;
        t->docs = (uint32_t)run->docs.len;
        t->positions = (uint32_t)run->positions.len;
        t->doc_count = encode_postings(run, sorted + starts[n], sorted + starts[n + 1], mrg_field_has_lengths(e->key[0]));
    }
    mrg_free(order);
    run->term_count = b->entry_count;
    return run->docs.failed || run->positions.failed ? -1 : 0;
}

static void shrink(mrg_buffer *buffer)
{
    unsigned char *less = buffer->len ? mrg_realloc(buffer->data, buffer->len) : NULL;
    if (less) {
        buffer->data = less;
        buffer->capacity = buffer->len;
    }
}

static mrg_run *make_run(mrg_run_builder *b, uint32_t first_docid)
{
    mrg_run *run = mrg_calloc(1, sizeof *run);
    size_t *starts = mrg_reallocarray(NULL, b->entry_count + 1, sizeof *starts);
    place *sorted = starts && run ? sort_by_term(b, starts) : NULL;
    if (sorted) {
        run->first_docid = first_docid;
        run->doc_count = b->doc_count;
        run->terms = mrg_calloc(b->entry_count, sizeof *run->terms);
    }
    int failed = !sorted || !run->terms || encode_terms(run, b, sorted, starts);
    mrg_free(starts);
    mrg_free(sorted);
    if (failed) {
        mrg_run_free(run);
        return NULL;
    }
    shrink(&run->docs);
    shrink(&run->positions);
    return run;
}

static void start_anew(mrg_run_builder *b)
{
    memset(b->slots, 0, b->slot_count * sizeof *b->slots);
    b->entry_count = b->occurrence_count = 0;
    b->doc_count = 0;
}

morgue_status mrg_run_builder_finish(mrg_run_builder *b, uint32_t first_docid, mrg_run **out, morgue_error *err)
{
    mrg_run *run = make_run(b, first_docid);
    *out = run;
    if (!run)
        return mrg_fail_nomem(err);
    run->keys = b->keys;
    b->keys = (mrg_arena)MRG_ARENA_INIT;
    run->lengths = b->lengths;
    b->lengths = NULL;
    b->length_capacity = 0;
    run->bytes = run->docs.len + run->positions.len + run->keys.total_bytes +
                 run->term_count * sizeof *run->terms + run->doc_count * sizeof *run->lengths;
    start_anew(b);
    return MORGUE_OK;
}

/* ---- Reading ---- */

static inline uint64_t read_varint(const unsigned char **p)
{
    uint64_t v = *(*p)++;
    if (v < 0x80)
        return v;
    v &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint64_t byte = *(*p)++;
        v |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return v;
    }
}

void mrg_run_postings_init(mrg_run_postings *p, const mrg_run *run, const mrg_run_term *term)
{
    p->docs = run->docs.data + term->docs;
    p->positions = run->positions.data + term->positions;
    p->left = term->doc_count;
    p->doc_ord = 0;
    p->tf = 0;
}

int mrg_run_postings_next(mrg_run_postings *p)
{
    if (!p->left)
        return 0;
    p->left--;
    uint64_t v = read_varint(&p->docs);
    p->doc_ord += (uint32_t)(v >> 1);
    p->tf = v & 1 ? 1 : (uint32_t)read_varint(&p->docs);
    return 1;
}

void mrg_run_postings_positions(mrg_run_postings *p, uint32_t *positions, uint8_t *lengths)
{
    uint32_t position = 0;
    for (uint32_t i = 0; i < p->tf; i++) {
        uint64_t v = read_varint(&p->positions);
        if (lengths) {
            lengths[i] = (uint8_t)(v & 15);
            v >>= LENGTH_BITS;
        }
        position += (uint32_t)v;
        positions[i] = position;
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of the frequent words are walked side by side, article by article, and their words put back into order;
 * first in some articles, which is enough to choose by, then in all for the pairs that were chosen.
 */
#include "store/pairs.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "store/segment_layout.h"

enum {
    SLOTS = 1 << 16,              /* positions below are put in order without sorting, when no two are the same */
    RUN_ARTICLES = 128,           /* what is looked at for choosing is runs of neighbours */
    RUNS = 32,
    MIN_DOCS = 24,                /* fewer articles are found soon enough, and a term costs bytes by itself */
    TERM_BYTES = 10,              /* about what a pair has in the dictionary */
    FORGET_ARTICLES = 1 << 12,
    GROUP_BYTES = 32 << 20,       /* lists that are made at once */
    MAX_THREADS = 16,
    LEAST_ARTICLES = 1 << 12,     /* for a thread of its own */
    CHUNK_BYTES = 59,
    POSTING_MAX_BYTES = 10
};

struct place {
    uint32_t position;
    uint16_t word;
};

struct sweep {
    const mrg_segment *segment;
    size_t count; /* words */
    mrg_postings *lists;
    uint32_t *heads; /* their docids */
    uint16_t *words; /* which they are */
    struct place *places;
    size_t place_count, place_capacity;
    uint32_t *positions;
    size_t position_capacity;
    uint32_t last_position;
    uint16_t *slots; /* by position, word + 1; all 0 between articles */
    int (*take)(void *ctx, uint32_t docid, uint16_t first, uint16_t second); /* an occurrence; not 0: no memory */
    void *ctx;
    morgue_error *err;
};

/* ---- Words -------------------------------------------------------------------------------------- */

void mrg_pairs_dispose(mrg_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        mrg_free(pairs->words[i].key);
    mrg_free(pairs->words);
    memset(pairs, 0, sizeof *pairs);
}

size_t mrg_pair_key(unsigned char key[MRG_KEY_MAX_BYTES], const void *first, size_t first_len, const void *second,
                    size_t second_len)
{
    if (first_len + second_len + 2 > MRG_KEY_MAX_BYTES)
        return 0;
    key[0] = MRG_FIELD_PAIR;
    memcpy(key + 1, first, first_len);
    key[1 + first_len] = ' ';
    memcpy(key + 2 + first_len, second, second_len);
    return first_len + second_len + 2;
}

/* No term has white space or less in it; one of a damaged archive would upset the order of the keys. */
static int is_sound(const unsigned char *key, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (key[i] <= ' ')
            return 0;
    }
    return len > 1;
}

morgue_status mrg_pairs_note(mrg_pairs *pairs, const void *key, size_t len, const mrg_term_info *info,
                             morgue_error *err)
{
    if (!is_sound(key, len))
        return MORGUE_OK;
    if (mrg_reserve((void **)&pairs->words, &pairs->capacity, pairs->count + 1, sizeof *pairs->words))
        return mrg_fail_nomem(err);
    unsigned char *copy = mrg_malloc(len);
    if (!copy)
        return mrg_fail_nomem(err);
    memcpy(copy, key, len);
    pairs->words[pairs->count++] = (mrg_pair_word){ copy, len, *info };
    return MORGUE_OK;
}

static int by_docs(const void *pa, const void *pb)
{
    const mrg_pair_word *a = pa, *b = pb;
    if (a->info.doc_count != b->info.doc_count)
        return a->info.doc_count < b->info.doc_count ? 1 : -1;
    return a->info.offset < b->info.offset ? -1 : 1;
}

static int by_key(const void *pa, const void *pb)
{
    const mrg_pair_word *a = pa, *b = pb;
    int order = memcmp(a->key, b->key, a->key_len < b->key_len ? a->key_len : b->key_len);
    return order ? order : (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

/* Leaves the most frequent words, in the order of their keys: then pairs by number are in the order of theirs. */
static void keep_frequent(mrg_pairs *pairs, uint32_t doc_count)
{
    qsort(pairs->words, pairs->count, sizeof *pairs->words, by_docs);
    while (pairs->count && (pairs->count > MRG_PAIR_WORDS ||
                            !mrg_pairs_may_have(pairs->words[pairs->count - 1].info.doc_count, doc_count)))
        mrg_free(pairs->words[--pairs->count].key);
    if (pairs->count)
        qsort(pairs->words, pairs->count, sizeof *pairs->words, by_key);
}

/* ---- The walk ----------------------------------------------------------------------------------- */

static void sweep_dispose(struct sweep *s)
{
    mrg_free(s->lists);
    mrg_free(s->heads);
    mrg_free(s->words);
    mrg_free(s->places);
    mrg_free(s->positions);
    mrg_free(s->slots);
}

/* Of the words that are `used`; NULL: all. */
static morgue_status sweep_start(struct sweep *s, const mrg_segment *segment, const mrg_pairs *pairs,
                                 const unsigned char *used, morgue_error *err)
{
    *s = (struct sweep){ .segment = segment, .err = err };
    s->lists = mrg_reallocarray(NULL, pairs->count, sizeof *s->lists);
    s->heads = mrg_calloc(pairs->count, sizeof *s->heads);
    s->words = mrg_calloc(pairs->count, sizeof *s->words);
    s->slots = mrg_calloc(SLOTS + 1, sizeof *s->slots);
    if (!s->lists || !s->heads || !s->words || !s->slots)
        return mrg_fail_nomem(err);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < pairs->count && !status; i++) {
        if (used && !used[i])
            continue;
        s->words[s->count] = (uint16_t)i;
        status = mrg_postings_init(&s->lists[s->count++], segment, &pairs->words[i].info, err);
    }
    return status;
}

static morgue_status gather_word(struct sweep *s, size_t i)
{
    mrg_postings *p = &s->lists[i];
    morgue_status status = mrg_postings_tf(p, s->err);
    if (status)
        return status;
    uint32_t tf = p->tf;
    if (mrg_reserve((void **)&s->positions, &s->position_capacity, tf, sizeof *s->positions) ||
        mrg_reserve((void **)&s->places, &s->place_capacity, s->place_count + tf, sizeof *s->places))
        return mrg_fail_nomem(s->err);
    status = mrg_postings_positions(p, s->positions, NULL, s->err);
    if (status)
        return status;
    for (uint32_t k = 0; k < tf; k++)
        s->places[s->place_count++] = (struct place){ s->positions[k], s->words[i] };
    if (s->positions[tf - 1] > s->last_position)
        s->last_position = s->positions[tf - 1];
    status = mrg_postings_next(p, s->err);
    s->heads[i] = p->docid;
    return status;
}

static int by_position(const void *pa, const void *pb)
{
    const struct place *a = pa, *b = pb;
    return (a->position > b->position) - (a->position < b->position);
}

/* Each place with all that are right behind it. */
static int take_sorted(struct sweep *s, uint32_t docid)
{
    int failed = 0;
    qsort(s->places, s->place_count, sizeof *s->places, by_position);
    for (size_t i = 0, next = 0; i < s->place_count && !failed; i++) {
        uint64_t wanted = (uint64_t)s->places[i].position + 1;
        while (next < s->place_count && s->places[next].position < wanted)
            next++;
        for (size_t k = next; k < s->place_count && s->places[k].position == wanted && !failed; k++)
            failed = s->take(s->ctx, docid, s->places[i].word, s->places[k].word);
    }
    return failed;
}

/* The same for places that are all different and below SLOTS; *clash tells of two that are not. */
static int take_slots(struct sweep *s, uint32_t docid, int *clash)
{
    int failed = 0;
    *clash = 0;
    for (size_t i = 0; i < s->place_count; i++) {
        uint16_t *slot = &s->slots[s->places[i].position];
        *clash |= *slot;
        *slot = (uint16_t)(s->places[i].word + 1);
    }
    for (size_t i = 0; i < s->place_count && !failed && !*clash; i++) {
        unsigned next = s->slots[s->places[i].position + 1];
        if (next)
            failed = s->take(s->ctx, docid, s->places[i].word, (uint16_t)(next - 1));
    }
    for (size_t i = 0; i < s->place_count; i++)
        s->slots[s->places[i].position] = 0;
    return failed;
}

static morgue_status sweep_article(struct sweep *s, uint32_t docid)
{
    morgue_status status = MORGUE_OK;
    s->place_count = 0;
    s->last_position = 0;
    for (size_t i = 0; i < s->count && !status; i++) {
        if (s->heads[i] == docid)
            status = gather_word(s, i);
    }
    if (status)
        return status;
    int sort = s->last_position >= SLOTS;
    int failed = sort ? 0 : take_slots(s, docid, &sort);
    if (sort)
        failed = take_sorted(s, docid);
    return failed ? mrg_fail_nomem(s->err) : MORGUE_OK;
}

/* Articles from `first` to before `end`, which is behind what was walked before. */
static morgue_status sweep_range(struct sweep *s, uint32_t first, uint32_t end)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < s->count && !status; i++) {
        status = mrg_postings_seek(&s->lists[i], first, s->err);
        s->heads[i] = s->lists[i].docid;
    }
    for (uint32_t docid = first; docid < end && !status; docid++) {
        status = sweep_article(s, docid);
        if ((docid - s->segment->footer.first_docid) % FORGET_ARTICLES == FORGET_ARTICLES - 1)
            mrg_segment_forget(s->segment);
    }
    return status;
}

/* ---- Choosing ----------------------------------------------------------------------------------- */

/* By first * words + second. */
struct tally {
    uint32_t docs, occurrences, last;
};

struct sample {
    struct tally *tallies;
    size_t words;
};

struct pair {
    uint16_t first, second;
    double bytes, value;
};

static int count_pair(void *ctx, uint32_t docid, uint16_t first, uint16_t second)
{
    struct sample *sample = ctx;
    struct tally *t = &sample->tallies[first * sample->words + second];
    t->occurrences++;
    t->docs += t->last != docid;
    t->last = docid;
    return 0;
}

/* Counts pairs in runs of articles from all over the segment; *share of all articles that is. */
static morgue_status take_sample(struct sample *sample, const mrg_segment *segment, const mrg_pairs *pairs,
                                 double *share, morgue_error *err)
{
    uint32_t first = segment->footer.first_docid, count = segment->footer.doc_count;
    uint32_t runs = (count - 1) / RUN_ARTICLES + 1, step = (runs - 1) / RUNS + 1, seen = 0;
    struct sweep s;
    morgue_status status = sweep_start(&s, segment, pairs, NULL, err);
    s.take = count_pair;
    s.ctx = sample;
    for (uint32_t run = 0; run < runs && !status; run += step) {
        uint32_t begin = run * RUN_ARTICLES, end = count - begin < RUN_ARTICLES ? count : begin + RUN_ARTICLES;
        status = sweep_range(&s, first + begin, first + end);
        seen += end - begin;
    }
    *share = (double)seen / count;
    sweep_dispose(&s);
    return status;
}

/* About how long the list would be, and what it saves of a phrase's time. */
static struct pair judge(const mrg_pairs *pairs, const struct tally *t, size_t first, size_t second, double share,
                         uint32_t doc_count)
{
    double a = pairs->words[first].info.doc_count, b = pairs->words[second].info.doc_count, rarer = a < b ? a : b;
    double docs = t->docs / share, more = (t->occurrences - t->docs) / share;
    docs = docs < rarer ? docs : rarer;
    double bits = docs * (log2(doc_count / docs) + 3) + 1.5 * more, missing = 1 - docs / rarer;
    struct pair pair = { (uint16_t)first, (uint16_t)second, TERM_BYTES + bits / 8, rarer * pow(missing, 4) };
    if (docs > MRG_POSTING_BLOCK)
        pair.bytes += docs * 8 / MRG_POSTING_BLOCK;
    return pair;
}

static int by_value(const void *pa, const void *pb)
{
    const struct pair *a = pa, *b = pb;
    if (a->value < b->value || a->value > b->value)
        return a->value < b->value ? 1 : -1;
    return a->first != b->first ? a->first - b->first : a->second - b->second;
}

static int by_words(const void *pa, const void *pb)
{
    const struct pair *a = pa, *b = pb;
    return a->first != b->first ? a->first - b->first : a->second - b->second;
}

/* What was counted -> the pairs that get lists, in the order of their keys. */
static morgue_status pick(const mrg_pairs *pairs, const struct sample *sample, double share, uint32_t doc_count,
                          double budget, struct pair **out, size_t *count, morgue_error *err)
{
    size_t n = 0, chosen = 0, capacity = 0;
    struct pair *all = NULL;
    *out = NULL;
    for (size_t i = 0; i < pairs->count * pairs->count; i++) {
        const struct tally *t = &sample->tallies[i];
        if (t->docs / share < MIN_DOCS)
            continue;
        if (mrg_reserve((void **)&all, &capacity, n + 1, sizeof *all)) {
            mrg_free(all);
            return mrg_fail_nomem(err);
        }
        all[n++] = judge(pairs, t, i / pairs->count, i % pairs->count, share, doc_count);
    }
    if (n)
        qsort(all, n, sizeof *all, by_value);
    while (chosen < n && (budget -= all[chosen].bytes) >= 0)
        chosen++;
    if (chosen)
        qsort(all, chosen, sizeof *all, by_words);
    *out = all;
    *count = chosen;
    return MORGUE_OK;
}

static morgue_status choose(const mrg_pairs *pairs, const mrg_segment *segment, uint64_t budget, struct pair **out,
                            size_t *count, morgue_error *err)
{
    struct sample sample = { mrg_calloc(pairs->count * pairs->count, sizeof *sample.tallies), pairs->count };
    double share = 1;
    *out = NULL;
    *count = 0;
    morgue_status status = sample.tallies ? take_sample(&sample, segment, pairs, &share, err) : mrg_fail_nomem(err);
    if (!status)
        status = pick(pairs, &sample, share, segment->footer.doc_count, (double)budget, out, count, err);
    mrg_free(sample.tallies);
    return status;
}

/* ---- Lists -------------------------------------------------------------------------------------- */

/* Postings as varints: (difference of docids << 1 | tf is 1), then the tf if it is more. */
struct chunk {
    uint32_t next; /* index; 0: none */
    unsigned char len, bytes[CHUNK_BYTES];
};

struct list {
    uint32_t first, last;     /* chunks */
    uint32_t docid, tf, base; /* the posting in work, and the docid before */
};

struct collector {
    const uint32_t *numbers; /* of lists, + 1, by first * words + second; 0: not wanted */
    size_t words;
    struct list *lists;
    struct chunk *chunks; /* the first is none */
    size_t chunk_count, chunk_capacity;
};

static int add_chunk(struct collector *c, struct list *list)
{
    if (mrg_reserve((void **)&c->chunks, &c->chunk_capacity, c->chunk_count + 1, sizeof *c->chunks))
        return -1;
    uint32_t index = (uint32_t)c->chunk_count++;
    c->chunks[index].next = 0;
    c->chunks[index].len = 0;
    if (list->last)
        c->chunks[list->last].next = index;
    else
        list->first = index;
    list->last = index;
    return 0;
}

static int end_posting(struct collector *c, struct list *list)
{
    if (!list->tf)
        return 0;
    if ((!list->last || c->chunks[list->last].len > CHUNK_BYTES - POSTING_MAX_BYTES) && add_chunk(c, list))
        return -1;
    struct chunk *chunk = &c->chunks[list->last];
    size_t len = chunk->len;
    len += mrg_encode_varint(chunk->bytes + len, (uint64_t)(list->docid - list->base) << 1 | (list->tf == 1));
    if (list->tf > 1)
        len += mrg_encode_varint(chunk->bytes + len, list->tf);
    chunk->len = (unsigned char)len;
    list->base = list->docid;
    list->tf = 0;
    return 0;
}

static int collect_pair(void *ctx, uint32_t docid, uint16_t first, uint16_t second)
{
    struct collector *c = ctx;
    uint32_t number = c->numbers[first * c->words + second];
    if (!number)
        return 0;
    struct list *list = &c->lists[number - 1];
    if (list->docid != docid && end_posting(c, list))
        return -1;
    list->docid = docid;
    list->tf++;
    return 0;
}

static morgue_status write_postings(const struct collector *c, const struct list *list, mrg_segment_writer *writer,
                                    morgue_error *err)
{
    uint32_t docid = 0;
    morgue_status status = MORGUE_OK;
    for (uint32_t i = list->first; i && !status; i = c->chunks[i].next) {
        mrg_reader r = mrg_reader_make(c->chunks[i].bytes, c->chunks[i].len);
        while (r.p < r.end && !status) {
            uint64_t v = mrg_read_varint(&r);
            uint32_t tf = v & 1 ? 1 : (uint32_t)mrg_read_varint(&r);
            docid += (uint32_t)(v >> 1);
            status = mrg_segment_writer_add_posting(writer, docid, tf, NULL, NULL, err);
        }
    }
    return status;
}

/* What one thread makes: of a range of articles, a piece of each list. */
struct range {
    struct collector collector;
    const mrg_pairs *pairs;
    const mrg_segment *segment;
    const unsigned char *used; /* words */
    size_t count;              /* lists */
    uint32_t first, end;       /* docids */
    pthread_t thread;
    int started;
    morgue_status status;
    morgue_error err;
};

static void *collect(void *arg)
{
    struct range *r = arg;
    struct sweep s;
    morgue_status status = sweep_start(&s, r->segment, r->pairs, r->used, &r->err);
    s.take = collect_pair;
    s.ctx = &r->collector;
    if (!status)
        status = sweep_range(&s, r->first, r->end);
    sweep_dispose(&s);
    for (size_t i = 0; i < r->count && !status; i++) {
        if (end_posting(&r->collector, &r->collector.lists[i]))
            status = mrg_fail_nomem(&r->err);
    }
    r->status = status;
    return NULL;
}

/* The lists of some of the pairs, being made. */
struct group {
    const mrg_pairs *pairs;
    const struct pair *chosen;
    size_t count;
    uint32_t *numbers;
    unsigned char *used;
    struct range *ranges;
    unsigned range_count;
};

static morgue_status start_group(struct group *g, const mrg_segment *segment, unsigned threads, morgue_error *err)
{
    size_t words = g->pairs->count;
    uint32_t first = segment->footer.first_docid, docs = segment->footer.doc_count;
    unsigned most = docs / LEAST_ARTICLES + 1;
    g->range_count = threads < 1 ? 1 : threads < MAX_THREADS ? threads : MAX_THREADS;
    g->range_count = g->range_count < most ? g->range_count : most;
    g->numbers = mrg_calloc(words * words, sizeof *g->numbers);
    g->used = mrg_calloc(words, 1);
    g->ranges = mrg_calloc(g->range_count, sizeof *g->ranges);
    if (!g->numbers || !g->used || !g->ranges)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < g->count; i++) {
        g->numbers[g->chosen[i].first * words + g->chosen[i].second] = (uint32_t)i + 1;
        g->used[g->chosen[i].first] = g->used[g->chosen[i].second] = 1;
    }
    for (unsigned i = 0; i < g->range_count; i++) {
        struct range *r = &g->ranges[i];
        *r = (struct range){ .pairs = g->pairs, .segment = segment, .used = g->used, .count = g->count };
        r->first = first + (uint32_t)((uint64_t)docs * i / g->range_count);
        r->end = first + (uint32_t)((uint64_t)docs * (i + 1) / g->range_count);
        r->collector = (struct collector){ .numbers = g->numbers, .words = words, .chunk_count = 1 };
        r->collector.lists = mrg_calloc(g->count, sizeof *r->collector.lists);
        if (!r->collector.lists)
            return mrg_fail_nomem(err);
    }
    return MORGUE_OK;
}

static void end_group(struct group *g)
{
    for (unsigned i = 0; g->ranges && i < g->range_count; i++) {
        mrg_free(g->ranges[i].collector.lists);
        mrg_free(g->ranges[i].collector.chunks);
    }
    mrg_free(g->ranges);
    mrg_free(g->numbers);
    mrg_free(g->used);
}

/* Where a thread cannot be had, this one does its work. */
static morgue_status collect_ranges(struct group *g, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (unsigned i = 1; i < g->range_count; i++)
        g->ranges[i].started = !pthread_create(&g->ranges[i].thread, NULL, collect, &g->ranges[i]);
    for (unsigned i = 0; i < g->range_count; i++) {
        if (g->ranges[i].started)
            pthread_join(g->ranges[i].thread, NULL);
        else
            collect(&g->ranges[i]);
        if (g->ranges[i].status && !status) {
            status = g->ranges[i].status;
            if (err)
                *err = g->ranges[i].err;
        }
    }
    return status;
}

static morgue_status write_list(const struct group *g, size_t i, mrg_segment_writer *writer, morgue_error *err)
{
    const mrg_pair_word *first = &g->pairs->words[g->chosen[i].first], *second = &g->pairs->words[g->chosen[i].second];
    unsigned char key[MRG_KEY_MAX_BYTES];
    size_t len = mrg_pair_key(key, first->key + 1, first->key_len - 1, second->key + 1, second->key_len - 1);
    if (!len)
        return MORGUE_OK;
    morgue_status status = mrg_segment_writer_start_term(writer, key, len, err);
    for (unsigned k = 0; k < g->range_count && !status; k++)
        status = write_postings(&g->ranges[k].collector, &g->ranges[k].collector.lists[i], writer, err);
    return status ? status : mrg_segment_writer_end_term(writer, err);
}

static morgue_status write_group(struct group *g, const mrg_segment *segment, mrg_segment_writer *writer,
                                 unsigned threads, morgue_error *err)
{
    morgue_status status = start_group(g, segment, threads, err);
    if (!status)
        status = collect_ranges(g, err);
    for (size_t i = 0; i < g->count && !status; i++)
        status = write_list(g, i, writer, err);
    end_group(g);
    return status;
}

morgue_status mrg_pairs_write(mrg_pairs *pairs, const mrg_segment *segment, mrg_segment_writer *writer, uint64_t budget,
                              unsigned threads, morgue_error *err)
{
    struct pair *chosen = NULL;
    size_t count = 0;
    keep_frequent(pairs, segment->footer.doc_count);
    if (!pairs->count)
        return MORGUE_OK;
    morgue_status status = choose(pairs, segment, budget, &chosen, &count, err);
    for (size_t at = 0; at < count && !status;) {
        size_t end = at;
        for (double bytes = 0; end < count && bytes < GROUP_BYTES; end++)
            bytes += chosen[end].bytes;
        struct group group = { .pairs = pairs, .chosen = chosen + at, .count = end - at };
        status = write_group(&group, segment, writer, threads, err);
        at = end;
    }
    mrg_free(chosen);
    return status;
}

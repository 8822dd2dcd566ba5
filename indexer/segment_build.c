/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terms are parted into ranges of about as many bytes, each a task: threads merge and encode them, and the caller's
 * thread writes the parts in order. Which ranges there are does not depend on how many threads, so neither does
 * the segment. Stems follow their words, which the caller's thread stems as they pass.
 */
#include "segment_build.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "segment_terms.h"

enum {
    TASKS = 64,      /* of all terms, about; a few are in memory at once */
    AHEAD = 3,       /* tasks a thread may be ahead of what is written */
    MAX_THREADS = 64
};

struct task {
    const size_t *begins, *ends; /* of words: the terms of each run; ends are the next task's begins */
    const mrg_variant *variants; /* of stems */
    size_t variant_count;
    mrg_term_pieces pieces;      /* that the words were made of */
    int done;
    morgue_status status;
    morgue_error failure;
};

struct builder {
    mrg_segment_writer *writer;
    mrg_run *const *runs;
    size_t run_count;
    const mrg_stemmers *stemmers;
    morgue_error *err;
    uint64_t bytes; /* of all runs */
    mrg_term_merger *mergers[MAX_THREADS];
    unsigned threads;

    /* The tasks of a field. */
    int field;
    struct task *tasks;
    size_t task_count;
    mrg_segment_part *parts; /* of task i: parts[i % window] */
    size_t window;
    pthread_mutex_t lock;    /* of what follows */
    pthread_cond_t changed;
    size_t claimed, written;
    int failed;

    mrg_variant *variants; /* of the words written last */
    size_t variant_count, variant_capacity;
    mrg_arena stems;
};

static int has_stems(int field)
{
    return field == MRG_FIELD_WORD || field == MRG_FIELD_TITLE_WORD;
}

/* ---- Stems of words ---- */

/* The word's stem in a language. NULL when memory ran out. */
static const char *stem_in(struct builder *b, uint32_t lang, const char *word, size_t len, size_t *stem_len)
{
    mrg_stemmer *stemmer = lang < b->stemmers->count ? b->stemmers->items[lang] : NULL;
    *stem_len = len;
    return stemmer ? mrg_stem(stemmer, word, len, stem_len) : word;
}

/* The pieces of one language, of several; they are copied only if there are others. */
static morgue_status pieces_in(struct builder *b, uint32_t lang, mrg_variant *v)
{
    size_t count = 0, n = 0;
    for (const mrg_term_piece *p = v->begin; p < v->end; p++)
        count += p->term->lang == lang;
    if (count == (size_t)(v->end - v->begin))
        return MORGUE_OK;
    mrg_term_piece *own = mrg_arena_alloc(&b->stems, count * sizeof *own);
    if (!own)
        return mrg_fail_nomem(b->err);
    for (const mrg_term_piece *p = v->begin; p < v->end; p++)
        if (p->term->lang == lang)
            own[n++] = *p;
    v->begin = own;
    v->end = own + n;
    return MORGUE_OK;
}

/* Remembers the pieces of one language under a stem. */
static morgue_status add_variant(struct builder *b, uint32_t lang, mrg_variant v, const char *stem)
{
    v.stem = mrg_arena_strndup(&b->stems, stem, v.stem_len);
    if (!v.stem ||
        mrg_reserve((void **)&b->variants, &b->variant_capacity, b->variant_count + 1, sizeof *b->variants))
        return mrg_fail_nomem(b->err);
    morgue_status status = pieces_in(b, lang, &v);
    b->variants[b->variant_count++] = v;
    return status;
}

/* A word has its stem in the language of its article, and in that of the archive as well, in which most
   queries are asked. *is_stem is cleared if one of them is not the word itself. */
static morgue_status add_language(struct builder *b, uint32_t lang, int only_lang, mrg_variant v, int *is_stem)
{
    const char *word = (const char *)v.begin->term->key + 1;
    size_t len = v.begin->term->key_len - 1, own_len, common_len;
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
    v.stem_len = (uint32_t)common_len;
    morgue_status status = same ? MORGUE_OK : add_variant(b, lang, v, common);
    v.stem_len = (uint32_t)own_len;
    v.is_word = is_word;
    return status ? status : add_variant(b, lang, v, own);
}

/* Remembers a word under its stems. */
static morgue_status add_variants(struct builder *b, const mrg_term_piece *begin, const mrg_term_piece *end,
                                  int *is_stem)
{
    uint32_t least = UINT32_MAX, most = 0;
    for (const mrg_term_piece *p = begin; p < end; p++) {
        least = p->term->lang < least ? p->term->lang : least;
        most = p->term->lang > most ? p->term->lang : most;
    }
    morgue_status status = MORGUE_OK;
    *is_stem = 1;
    for (uint32_t lang = least; lang <= most && !status; lang++) {
        int occurs = lang == least || lang == most;
        for (const mrg_term_piece *p = begin; p < end && !occurs; p++)
            occurs = p->term->lang == lang;
        if (occurs)
            status = add_language(b, lang, least == most, (mrg_variant){ .begin = begin, .end = end }, is_stem);
    }
    return status;
}

static morgue_status stem_words(struct builder *b, const mrg_term_pieces *pieces, mrg_segment_part *part)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < part->count && !status; i++) {
        const mrg_term_piece *begin = pieces->items + (i ? pieces->ends[i - 1] : 0);
        status = add_variants(b, begin, pieces->items + pieces->ends[i], &part->terms[i].info.is_stem);
    }
    return status;
}

/* ---- Tasks ---- */

static void run_task(struct builder *b, mrg_term_merger *merger, size_t index)
{
    struct task *t = &b->tasks[index];
    mrg_segment_part *part = &b->parts[index % b->window];
    mrg_segment_part_start(part, b->writer);
    if (t->variants)
        t->status = mrg_term_merger_stems(merger, b->field, t->variants, t->variant_count, part, &t->failure);
    else
        t->status = mrg_term_merger_words(merger, t->begins, t->ends, part, has_stems(b->field) ? &t->pieces : NULL,
                                          &t->failure);
}

/* Writes what a task made. */
static morgue_status take_part(struct builder *b, size_t index)
{
    struct task *t = &b->tasks[index];
    mrg_segment_part *part = &b->parts[index % b->window];
    morgue_status status = t->status;
    if (status && b->err)
        *b->err = t->failure;
    if (!status && has_stems(b->field))
        status = stem_words(b, &t->pieces, part);
    return status ? status : mrg_segment_writer_add_part(b->writer, part, b->err);
}

struct thread {
    struct builder *b;
    mrg_term_merger *merger;
    pthread_t id;
};

static void *run_thread(void *arg)
{
    struct thread *t = arg;
    struct builder *b = t->b;
    pthread_mutex_lock(&b->lock);
    for (;;) {
        while (!b->failed && b->claimed < b->task_count && b->claimed >= b->written + b->window)
            pthread_cond_wait(&b->changed, &b->lock);
        if (b->failed || b->claimed == b->task_count)
            break;
        size_t index = b->claimed++;
        pthread_mutex_unlock(&b->lock);
        run_task(b, t->merger, index);
        pthread_mutex_lock(&b->lock);
        b->tasks[index].done = 1;
        pthread_cond_broadcast(&b->changed);
    }
    pthread_mutex_unlock(&b->lock);
    return NULL;
}

static morgue_status take_parts(struct builder *b)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < b->task_count && !status; i++) {
        pthread_mutex_lock(&b->lock);
        while (!b->tasks[i].done)
            pthread_cond_wait(&b->changed, &b->lock);
        pthread_mutex_unlock(&b->lock);
        status = take_part(b, i);
        pthread_mutex_lock(&b->lock);
        b->written++;
        b->failed |= status != MORGUE_OK;
        pthread_cond_broadcast(&b->changed);
        pthread_mutex_unlock(&b->lock);
    }
    return status;
}

static morgue_status run_alone(struct builder *b)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < b->task_count && !status; i++) {
        run_task(b, b->mergers[0], i);
        status = take_part(b, i);
    }
    return status;
}

/* All tasks of a field, written in order. */
static morgue_status run_tasks(struct builder *b)
{
    struct thread threads[MAX_THREADS];
    unsigned started = 0;
    b->claimed = b->written = 0;
    b->failed = 0;
    while (b->threads > 1 && started < b->threads && started < b->task_count) {
        threads[started] = (struct thread){ .b = b, .merger = b->mergers[started] };
        if (pthread_create(&threads[started].id, NULL, run_thread, &threads[started]))
            break;
        started++;
    }
    morgue_status status = started ? take_parts(b) : run_alone(b);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i].id, NULL);
    return status;
}

/* ---- Ranges ---- */

static int key_before(const mrg_run_term *a, const unsigned char *key, size_t len)
{
    int order = memcmp(a->key, key, a->key_len < len ? a->key_len : len);
    return order ? order < 0 : a->key_len < len;
}

/* The first term of a run that is not before a key. */
static size_t find_term(const mrg_run *run, const unsigned char *key, size_t len)
{
    size_t low = 0, high = run->term_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_before(&run->terms[middle], key, len))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many bytes come before a term of a run. */
static uint64_t bytes_before(const mrg_run *run, size_t i)
{
    if (i == run->term_count)
        return run->docs.len + run->positions.len;
    return (uint64_t)run->terms[i].docs + run->terms[i].positions;
}

/* The next field of any run, from `field` on; 0: none. */
static int next_field(const struct builder *b, int field)
{
    int next = 0;
    for (size_t i = 0; i < b->run_count; i++) {
        const unsigned char key = (unsigned char)field;
        size_t at = find_term(b->runs[i], &key, 1);
        if (at < b->runs[i]->term_count && (!next || b->runs[i]->terms[at].key[0] < next))
            next = b->runs[i]->terms[at].key[0];
    }
    return next;
}

/* Parts the terms of a field where the run that has most of it falls into even parts. `bounds` gets the first terms of
   each task by run, and those behind the last. Returns how many tasks. */
static size_t part_field(const struct builder *b, int field, size_t *bounds)
{
    const unsigned char first = (unsigned char)field, behind = (unsigned char)(field + 1);
    size_t *ends = bounds + TASKS * b->run_count, most = 0, tasks;
    uint64_t sum = 0, most_bytes = 0;
    for (size_t i = 0; i < b->run_count; i++) {
        bounds[i] = find_term(b->runs[i], &first, 1);
        ends[i] = find_term(b->runs[i], &behind, 1);
        uint64_t bytes = bytes_before(b->runs[i], ends[i]) - bytes_before(b->runs[i], bounds[i]);
        sum += bytes;
        if (bytes > most_bytes) {
            most = i;
            most_bytes = bytes;
        }
    }
    tasks = (size_t)(sum * TASKS / (b->bytes + 1)) + 1;
    tasks = tasks < TASKS ? tasks : TASKS;
    const mrg_run *run = b->runs[most];
    for (size_t t = 1, at = bounds[most]; t < tasks; t++) {
        uint64_t target = bytes_before(run, bounds[most]) + most_bytes * t / tasks;
        while (at < ends[most] && bytes_before(run, at) < target)
            at++;
        for (size_t i = 0; i < b->run_count; i++)
            bounds[t * b->run_count + i] =
                at < ends[most] ? find_term(b->runs[i], run->terms[at].key, run->terms[at].key_len) : ends[i];
    }
    memmove(bounds + tasks * b->run_count, ends, b->run_count * sizeof *ends);
    return tasks;
}

static int start_tasks(struct builder *b, int field, size_t count)
{
    b->field = field;
    b->task_count = count;
    b->tasks = mrg_calloc(count, sizeof *b->tasks);
    return b->tasks ? 0 : -1;
}

static void end_tasks(struct builder *b)
{
    for (size_t i = 0; b->tasks && i < b->task_count; i++)
        mrg_term_pieces_dispose(&b->tasks[i].pieces);
    mrg_free(b->tasks);
    b->tasks = NULL;
}

/* ---- Fields ---- */

static int by_stem(const void *pa, const void *pb)
{
    const mrg_variant *a = pa, *b = pb;
    int order = memcmp(a->stem, b->stem, a->stem_len < b->stem_len ? a->stem_len : b->stem_len);
    if (order)
        return order;
    if (a->stem_len != b->stem_len)
        return a->stem_len < b->stem_len ? -1 : 1;
    const unsigned char *x = a->begin->term->key, *y = b->begin->term->key; /* of words, which are different */
    size_t lx = a->begin->term->key_len, ly = b->begin->term->key_len;
    order = memcmp(x, y, lx < ly ? lx : ly);
    return order ? order : (lx > ly) - (lx < ly);
}

static uint64_t postings_of(const mrg_variant *v)
{
    uint64_t sum = 0;
    for (const mrg_term_piece *p = v->begin; p < v->end; p++)
        sum += p->term->doc_count;
    return sum;
}

/* Tasks of about as many postings, none parting a stem. */
static morgue_status part_stems(struct builder *b, int field, size_t tasks)
{
    uint64_t sum = 0, so_far = 0;
    size_t count = b->variant_count, at = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        sum += postings_of(&b->variants[i]);
    if (start_tasks(b, field, tasks))
        return mrg_fail_nomem(b->err);
    for (; at < count; n++) {
        size_t begin = at;
        uint64_t target = n + 1 < tasks ? sum * (n + 1) / tasks : UINT64_MAX;
        while (at < count &&
               (at == begin || so_far < target || mrg_variant_same(&b->variants[at], &b->variants[at - 1])))
            so_far += postings_of(&b->variants[at++]);
        b->tasks[n].variants = b->variants + begin;
        b->tasks[n].variant_count = at - begin;
    }
    b->task_count = n;
    return MORGUE_OK;
}

static morgue_status write_stems(struct builder *b, int field, size_t tasks)
{
    if (b->variant_count)
        qsort(b->variants, b->variant_count, sizeof *b->variants, by_stem);
    morgue_status status = part_stems(b, field == MRG_FIELD_WORD ? MRG_FIELD_STEM : MRG_FIELD_TITLE_STEM, tasks);
    if (!status)
        status = run_tasks(b);
    end_tasks(b);
    b->variant_count = 0;
    mrg_arena_clear(&b->stems);
    return status;
}

/* The terms of a field, and the stems of its words. */
static morgue_status write_field(struct builder *b, int field, size_t *bounds)
{
    size_t tasks = part_field(b, field, bounds);
    if (start_tasks(b, field, tasks))
        return mrg_fail_nomem(b->err);
    for (size_t i = 0; i < tasks; i++) {
        b->tasks[i].begins = bounds + i * b->run_count;
        b->tasks[i].ends = bounds + (i + 1) * b->run_count;
    }
    morgue_status status = run_tasks(b);
    struct task *words = b->tasks; /* whose pieces the stems are made of */
    b->tasks = NULL;
    if (!status && has_stems(field))
        status = write_stems(b, field, tasks);
    b->tasks = words;
    b->task_count = tasks;
    end_tasks(b);
    return status;
}

static morgue_status write_terms(struct builder *b)
{
    size_t *bounds = mrg_reallocarray(NULL, (TASKS + 1) * (b->run_count + 1), sizeof *bounds);
    morgue_status status = bounds ? MORGUE_OK : mrg_fail_nomem(b->err);
    for (int field = next_field(b, 0); field && !status; field = next_field(b, field + 1))
        status = write_field(b, field, bounds);
    mrg_free(bounds);
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

static morgue_status allocate(struct builder *b, unsigned threads)
{
    b->threads = threads < 1 ? 1 : threads < MAX_THREADS ? threads : MAX_THREADS;
    b->window = b->threads > 1 ? b->threads * AHEAD : 1;
    b->parts = mrg_calloc(b->window, sizeof *b->parts);
    if (!b->parts)
        return mrg_fail_nomem(b->err);
    morgue_status status = MORGUE_OK;
    for (unsigned i = 0; i < b->threads && !status; i++)
        status = mrg_term_merger_create(&b->mergers[i], b->runs, b->run_count, b->err);
    for (size_t i = 0; i < b->run_count; i++)
        b->bytes += b->runs[i]->docs.len + b->runs[i]->positions.len;
    return status;
}

static void dispose(struct builder *b)
{
    for (unsigned i = 0; i < b->threads; i++)
        mrg_term_merger_free(b->mergers[i]);
    for (size_t i = 0; b->parts && i < b->window; i++)
        mrg_segment_part_dispose(&b->parts[i]);
    mrg_free(b->parts);
    mrg_free(b->variants);
    mrg_arena_dispose(&b->stems);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
}

morgue_status mrg_segment_build(mrg_segment_writer *w, mrg_run *const *runs, size_t run_count,
                                const mrg_stemmers *stemmers, unsigned threads, morgue_error *err)
{
    struct builder b = { .writer = w, .runs = runs, .run_count = run_count, .stemmers = stemmers, .err = err };
    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.changed, NULL);
    morgue_status status = allocate(&b, threads);
    if (!status)
        status = write_lengths(&b);
    if (!status)
        status = write_terms(&b);
    dispose(&b);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One walk a segment goes from fitting word to fitting word; the walks are merged by word, so that
 * counts are of all segments, and the best words are kept in a heap.
 */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "expand_rule.h"

enum { WORDS_BETWEEN_CHECKS = 512 };

/* ---- One segment's words ------------------------------------------------------------------------------------ */

typedef struct word_walk {
    mrg_term_cursor cursor;
    mrg_rule_walk rule;
    int done;
} word_walk;

typedef struct kept_word {
    uint64_t doc_count;
    size_t len;
    char text[MRG_KEY_MAX_BYTES];
} kept_word;

typedef struct expansion {
    const mrg_expander *with;
    const mrg_rule *rule;
    unsigned char prefix[MRG_KEY_MAX_BYTES]; /* the field, and what all words begin with */
    size_t prefix_len;
    word_walk *walks;
    size_t walk_count;
    kept_word **kept; /* a heap: the first has the fewest articles */
    size_t kept_count, kept_capacity;
    uint64_t total;
    uint32_t tick;
    morgue_error *err;
} expansion;

static morgue_status look_around(expansion *e)
{
    if (++e->tick % WORDS_BETWEEN_CHECKS || !e->with->run)
        return MORGUE_OK;
    return mrg_match_run_check(e->with->run, e->err);
}

static int has_prefix(const expansion *e, const mrg_term_cursor *cursor)
{
    return cursor->key_len >= e->prefix_len && !memcmp(cursor->key, e->prefix, e->prefix_len);
}

/* From the word that the cursor stands at on: to the first that fits. */
static morgue_status find_fitting(expansion *e, word_walk *w)
{
    mrg_term_cursor *cursor = &w->cursor;
    int fits = 0;
    while (!w->done) {
        /* A key that shares the whole prefix with the one before need not be compared. */
        if (cursor->shared < e->prefix_len && !has_prefix(e, cursor)) {
            w->done = 1;
            return MORGUE_OK;
        }
        morgue_status status = mrg_rule_fits(&w->rule, (const char *)cursor->key + 1, cursor->key_len - 1,
                                             cursor->shared ? cursor->shared - 1 : 0, &fits, e->err);
        if (!status && fits)
            return mrg_term_cursor_read_info(cursor, e->err);
        if (!status)
            status = look_around(e);
        if (!status)
            status = mrg_term_cursor_next_key(cursor, &w->done, e->err);
        if (status)
            return status;
    }
    return MORGUE_OK;
}

static morgue_status start_walks(expansion *e)
{
    const mrg_match_terms *terms = e->with->terms;
    e->walks = mrg_calloc(terms->segment_count, sizeof *e->walks);
    if (!e->walks)
        return mrg_fail_nomem(e->err);
    for (size_t i = 0; i < terms->segment_count; i++) {
        word_walk *w = &e->walks[e->walk_count++];
        morgue_status status = mrg_rule_walk_init(&w->rule, e->rule, e->err);
        if (!status)
            status = mrg_term_cursor_init(&w->cursor, terms->segments[i], e->prefix, e->prefix_len, &w->done, e->err);
        if (!status)
            status = find_fitting(e, w);
        if (status)
            return status;
    }
    return MORGUE_OK;
}

/* ---- The best words ----------------------------------------------------------------------------------------- */

/* Whether `a` is the one to be dropped first. Words come in order, so a later one never beats an equal. */
static int is_less(const kept_word *a, const kept_word *b)
{
    if (a->doc_count != b->doc_count)
        return a->doc_count < b->doc_count;
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    return order ? order > 0 : a->len > b->len;
}

static void sift_down(kept_word **heap, size_t count, size_t i)
{
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= count)
            return;
        if (child + 1 < count && is_less(heap[child + 1], heap[child]))
            child++;
        if (!is_less(heap[child], heap[i]))
            return;
        kept_word *word = heap[i];
        heap[i] = heap[child];
        heap[child] = word;
        i = child;
    }
}

static void sift_up(kept_word **heap, size_t i)
{
    while (i && is_less(heap[i], heap[(i - 1) / 2])) {
        kept_word *word = heap[i];
        heap[i] = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = word;
        i = (i - 1) / 2;
    }
}

static morgue_status keep_word(expansion *e, const mrg_term_cursor *at, uint64_t doc_count)
{
    size_t len = at->key_len - 1;
    int full = e->kept_count == e->with->max;
    e->total++;
    if (full && doc_count <= e->kept[0]->doc_count)
        return MORGUE_OK;
    if (!full) {
        if (mrg_reserve((void **)&e->kept, &e->kept_capacity, e->kept_count + 1, sizeof *e->kept))
            return mrg_fail_nomem(e->err);
        e->kept[e->kept_count] = mrg_malloc(sizeof **e->kept);
        if (!e->kept[e->kept_count])
            return mrg_fail_nomem(e->err);
        e->kept_count++;
    }
    kept_word *word = e->kept[full ? 0 : e->kept_count - 1];
    word->doc_count = doc_count;
    word->len = len;
    memcpy(word->text, at->key + 1, len);
    if (full)
        sift_down(e->kept, e->kept_count, 0);
    else
        sift_up(e->kept, e->kept_count - 1);
    return MORGUE_OK;
}

static int compare_kept(const void *a, const void *b)
{
    return is_less(*(kept_word *const *)a, *(kept_word *const *)b) ? 1 : -1;
}

/* ---- All segments -------------------------------------------------------------------------------------------- */

static int compare_keys(const mrg_term_cursor *a, const mrg_term_cursor *b)
{
    int order = memcmp(a->key, b->key, a->key_len < b->key_len ? a->key_len : b->key_len);
    return order ? order : (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

/* The walk with the first word, of which the others may have it as well; NULL at the end. */
static word_walk *first_word(expansion *e)
{
    word_walk *first = NULL;
    for (size_t i = 0; i < e->walk_count; i++) {
        word_walk *w = &e->walks[i];
        if (!w->done && (!first || compare_keys(&w->cursor, &first->cursor) < 0))
            first = w;
    }
    return first;
}

static morgue_status step(expansion *e, word_walk *w)
{
    morgue_status status = mrg_term_cursor_next_key(&w->cursor, &w->done, e->err);
    return status ? status : find_fitting(e, w);
}

static morgue_status collect(expansion *e)
{
    morgue_status status = MORGUE_OK;
    word_walk *first;
    while (!status && (first = first_word(e))) {
        uint64_t doc_count = first->cursor.info.doc_count;
        for (size_t i = 0; i < e->walk_count && !status; i++) {
            word_walk *w = &e->walks[i];
            if (w == first || w->done || compare_keys(&w->cursor, &first->cursor) != 0)
                continue;
            doc_count += w->cursor.info.doc_count;
            status = step(e, w);
        }
        if (!status)
            status = keep_word(e, &first->cursor, doc_count);
        if (!status)
            status = look_around(e);
        if (!status)
            status = step(e, first);
    }
    return status;
}

static morgue_status add_terms(expansion *e, mrg_expansion *out)
{
    morgue_status status = MORGUE_OK;
    if (!e->kept_count)
        return MORGUE_OK;
    qsort(e->kept, e->kept_count, sizeof *e->kept, compare_kept);
    out->terms = mrg_arena_alloc(e->with->terms->arena, e->kept_count * sizeof *out->terms);
    if (!out->terms)
        return mrg_fail_nomem(e->err);
    for (size_t i = 0; i < e->kept_count && !status; i++) {
        status = mrg_match_terms_add(e->with->terms, e->prefix[0], 0, e->kept[i]->text, e->kept[i]->len,
                                     &out->terms[i], e->err);
        out->count += !status;
    }
    return status;
}

static morgue_status expand(mrg_expansion *out, const mrg_expander *with, int field, const mrg_rule *rule,
                            morgue_error *err)
{
    expansion e = { .with = with, .rule = rule, .err = err };
    *out = (mrg_expansion){ 0 };
    e.prefix[0] = (unsigned char)field;
    e.prefix_len = 1 + rule->prefix_len;
    if (e.prefix_len > sizeof e.prefix) /* longer than any term */
        return MORGUE_OK;
    memcpy(e.prefix + 1, rule->text, rule->prefix_len);
    morgue_status status = start_walks(&e);
    if (!status)
        status = collect(&e);
    if (!status)
        status = add_terms(&e, out);
    out->total = e.total;
    if (status)
        *out = (mrg_expansion){ 0 };
    for (size_t i = 0; i < e.walk_count; i++)
        mrg_rule_walk_dispose(&e.walks[i].rule);
    for (size_t i = 0; i < e.kept_count; i++)
        mrg_free(e.kept[i]);
    mrg_free(e.kept);
    mrg_free(e.walks);
    return status;
}

static morgue_status expand_rule(mrg_expansion *out, const mrg_expander *with, int field, mrg_rule_type type,
                                 const char *text, size_t len, unsigned edits, mrg_stemmer *stemmer,
                                 morgue_error *err)
{
    mrg_rule rule;
    *out = (mrg_expansion){ 0 };
    morgue_status status = mrg_rule_init(&rule, type, text, len, edits, stemmer, err);
    if (!status)
        status = expand(out, with, field, &rule, err);
    mrg_rule_dispose(&rule);
    return status;
}

morgue_status mrg_expand_pattern(mrg_expansion *out, const mrg_expander *with, int field, const char *pattern,
                                 size_t len, morgue_error *err)
{
    return expand_rule(out, with, field, MRG_RULE_PATTERN, pattern, len, 0, NULL, err);
}

morgue_status mrg_expand_fuzzy(mrg_expansion *out, const mrg_expander *with, int field, const char *word, size_t len,
                               unsigned edits, morgue_error *err)
{
    edits = edits > MRG_EXPAND_MAX_EDITS ? MRG_EXPAND_MAX_EDITS : edits;
    return expand_rule(out, with, field, MRG_RULE_FUZZY, word, len, edits, NULL, err);
}

morgue_status mrg_expand_stem(mrg_expansion *out, const mrg_expander *with, int field, mrg_stemmer *stemmer,
                              const char *stem, size_t len, morgue_error *err)
{
    return expand_rule(out, with, field, MRG_RULE_STEM, stem, len, 0, stemmer, err);
}

morgue_status mrg_expand_prefix(mrg_expansion *out, const mrg_expander *with, int field, const char *prefix,
                                size_t len, morgue_error *err)
{
    return expand_rule(out, with, field, MRG_RULE_PREFIX, prefix, len, 0, NULL, err);
}

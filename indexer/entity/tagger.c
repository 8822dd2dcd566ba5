/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "entity/tagger.h"

#include "core/alloc.h"
#include "core/error.h"

enum { OUTSIDE = MRG_OUTSIDE }; /* labels that end a name or are none, and those that begin one or are none */

/* What the rules took for a name, the model must have good reasons to leave out: its training texts miss
   names, and know few tables and lists. Measured. */
enum { TRUST = 30 };

static const uint8_t ends[OUTSIDE] = { 0, 3, 4, 7, 8, 11, 12 };
static const uint8_t begins[OUTSIDE] = { 0, 1, 4, 5, 8, 9, 12 };

morgue_status mrg_tagger_create(mrg_tagger **out, const mrg_model *model, morgue_error *err)
{
    *out = mrg_calloc(1, sizeof **out);
    if (!*out)
        return mrg_fail_nomem(err);
    (*out)->model = model;
    for (int e = 0; e < OUTSIDE; e++) {
        for (int b = 0; b < OUTSIDE; b++)
            (*out)->outside[e][b] = mrg_model_transitions(model)[ends[e] * MRG_LABELS + begins[b]];
    }
    return MORGUE_OK;
}

void mrg_tagger_free(mrg_tagger *t)
{
    if (!t)
        return;
    mrg_free(t->items);
    mrg_free(t->keys);
    mrg_free(t->marks);
    mrg_free(t->words);
    mrg_table_dispose(&t->word_table);
    mrg_free(t->scores);
    mrg_free(t->back);
    mrg_free(t->tagged);
    mrg_free(t);
}

int mrg_label_follows(int from, int to)
{
    int open = from && ((from - 1) % 4 == MRG_LABEL_FIRST || (from - 1) % 4 == MRG_LABEL_INNER);
    int goes_on = to && ((to - 1) % 4 == MRG_LABEL_INNER || (to - 1) % 4 == MRG_LABEL_LAST);
    return open == goes_on && (!open || (from - 1) / 4 == (to - 1) / 4);
}

/* ---- Scores of each word's labels ---- */

/* Rows as vectors; what is too large for 16 bits wraps, which a sound model does not come near. */
typedef uint16_t row16 __attribute__((vector_size(MRG_ROW * 2)));
typedef int8_t row8 __attribute__((vector_size(MRG_ROW)));

static inline void add_wide(row16 *sums, const int16_t row[MRG_ROW])
{
    row16 wide;
    memcpy(&wide, row, sizeof wide);
    *sums += wide;
}

static inline void add_narrow(row16 *sums, const int8_t row[MRG_ROW])
{
    row8 narrow;
    memcpy(&narrow, row, sizeof narrow);
    *sums += __builtin_convertvector(narrow, row16);
}

/* The pairs of an item that is soon to be scored. */
typedef struct pairs {
    uint64_t keys[MRG_PAIR_FEATURES];
    size_t count;
} pairs;

static void score_item(mrg_tagger *t, const mrg_tag_token *item, const pairs *p, int32_t out[MRG_ROW])
{
    int16_t sums[MRG_ROW];
    row16 total = { 0 };
    uint32_t rows[MRG_DIRECT_FEATURES];
    const int8_t *direct = mrg_model_direct(t->model);
    for (int o = 0; o < MRG_OFFSETS; o++) {
        const mrg_tag_token *near = &item[o - MRG_WINDOW];
        mrg_tag_word *word = &t->words[near->word];
        if (!(word->ready >> o & 1))
            mrg_tagger_sum(t, near->token, o - MRG_WINDOW, word);
        add_wide(&total, word->sums[o]);
    }
    mrg_direct_features(item, rows);
    for (int i = 0; i < MRG_DIRECT_FEATURES; i++)
        add_narrow(&total, direct + rows[i] * (size_t)MRG_ROW);
    memcpy(sums, &total, sizeof sums);
    mrg_model_add_all(t->model, p->keys, p->count, sums);
    for (int k = 0; k < MRG_ROW; k++)
        out[k] = sums[k];
    out[0] -= item->rule ? TRUST : 0;
}

static size_t next_alive(const mrg_tagger *t, size_t i)
{
    while (i < t->item_count && !t->items[i].alive)
        i++;
    return i;
}

/* All alive items. The pairs of the next two are on their way from memory while one is scored. */
static void score_items(mrg_tagger *t)
{
    enum { AHEAD = 3 };
    const size_t none = t->item_count;
    pairs waiting[AHEAD];
    size_t at[AHEAD] = { none, none, none }, next = next_alive(t, 0);
    for (size_t n = 0, dry = 0; dry < AHEAD; n++) {
        size_t newest = n % AHEAD, middle = (n + 2) % AHEAD, oldest = (n + 1) % AHEAD;
        at[newest] = next;
        if (next < none) {
            mrg_pair_features(&t->items[next], waiting[newest].keys);
            mrg_model_expect(t->model, waiting[newest].keys, MRG_PAIR_FEATURES);
            next = next_alive(t, next + 1);
        } else {
            dry++;
        }
        if (at[middle] < none)
            waiting[middle].count = mrg_model_sift(t->model, waiting[middle].keys, MRG_PAIR_FEATURES);
        if (at[oldest] < none)
            score_item(t, &t->items[at[oldest]], &waiting[oldest], t->scores + at[oldest] * MRG_ROW);
    }
}

/* ---- The best labels ---- */

enum { IMPOSSIBLE = -(1 << 28) };

/* One lane for each of `begins`, in two halves, since compilers split what is longer badly. */
typedef int32_t lanes __attribute__((vector_size(MRG_LANES * 2)));

/* The best way to each of `begins` from `ends`, the first of equals. */
static inline void step_outside(const mrg_tagger *t, const int32_t before[MRG_ROW], int half, int32_t most[MRG_LANES],
                                int32_t chosen[MRG_LANES])
{
    lanes way, best = (lanes){ 0 } + IMPOSSIBLE, from = { 0 };
    for (int e = 0; e < OUTSIDE; e++) {
        memcpy(&way, t->outside[e] + half, sizeof way);
        way += before[ends[e]];
        lanes better = way > best;
        best = (way & better) | (best & ~better);
        from = (e & better) | (from & ~better);
    }
    memcpy(most + half, &best, sizeof best);
    memcpy(chosen + half, &from, sizeof from);
}

/* From the best ways to the labels of one word to those of the next; `own` is what the next word adds. */
static void step(const mrg_tagger *t, const int32_t before[MRG_ROW], const int32_t own[MRG_ROW],
                 int32_t best[MRG_ROW], uint8_t from[MRG_ROW])
{
    const int16_t *prices = mrg_model_transitions(t->model);
    int32_t most[MRG_LANES], chosen[MRG_LANES];
    step_outside(t, before, 0, most, chosen);
    step_outside(t, before, MRG_LANES / 2, most, chosen);
    for (int b = 0; b < OUTSIDE; b++) {
        best[begins[b]] = most[b] + own[begins[b]];
        from[begins[b]] = ends[chosen[b]];
    }
    for (int type = 0; type < 3; type++) {
        int first = mrg_label(type, MRG_LABEL_FIRST), inner = mrg_label(type, MRG_LABEL_INNER);
        for (int to = inner; to <= inner + 1; to++) {
            int32_t a = before[first] + prices[first * MRG_LABELS + to];
            int32_t b = before[inner] + prices[inner * MRG_LABELS + to];
            best[to] = (a >= b ? a : b) + own[to];
            from[to] = (uint8_t)(a >= b ? first : inner);
        }
    }
}

/* The types' scores for a span, as if its words had their labels in each. */
static void add_tagged(mrg_tagger *t, size_t first, size_t count, int type, const int32_t *scores)
{
    if (mrg_reserve((void **)&t->tagged, &t->tagged_capacity, t->tagged_count + 1, sizeof *t->tagged)) {
        t->failed = 1;
        return;
    }
    mrg_tagged *out = &t->tagged[t->tagged_count++];
    *out = (mrg_tagged){ .first = t->items[first].token, .count = (uint32_t)count, .type = type };
    for (int k = 0; k < 3; k++) {
        for (size_t i = 0; i < count; i++) {
            mrg_label_place place = count == 1      ? MRG_LABEL_ONLY
                                    : i == 0         ? MRG_LABEL_FIRST
                                    : i == count - 1 ? MRG_LABEL_LAST
                                                     : MRG_LABEL_INNER;
            out->score[k] += scores[i * MRG_ROW + (size_t)mrg_label(k, place)];
        }
    }
}

/* Words [a, b) of t->items, all alive and scored. */
static void decode_run(mrg_tagger *t, size_t a, size_t b)
{
    const int16_t *prices = mrg_model_transitions(t->model);
    int32_t before[MRG_ROW], best[MRG_ROW];
    for (int k = 0; k < MRG_ROW; k++)
        before[k] = k ? IMPOSSIBLE : 0;
    for (size_t i = a; i < b; i++) {
        step(t, before, t->scores + i * MRG_ROW, best, t->back + i * MRG_ROW);
        memcpy(before, best, sizeof best);
    }
    int label = ends[0];
    int32_t most = IMPOSSIBLE;
    for (int e = 0; e < OUTSIDE; e++) {
        int32_t way = before[ends[e]] + prices[ends[e] * MRG_LABELS];
        if (way > most) {
            most = way;
            label = ends[e];
        }
    }
    size_t end = b, begin = t->tagged_count;
    for (size_t i = b; i-- > a;) {
        int place = label ? (label - 1) % 4 : -1;
        if (place == MRG_LABEL_LAST || place == MRG_LABEL_ONLY)
            end = i + 1;
        if (place == MRG_LABEL_FIRST || place == MRG_LABEL_ONLY)
            add_tagged(t, i, end - i, (label - 1) / 4, t->scores + i * MRG_ROW);
        label = t->back[i * MRG_ROW + (size_t)label];
    }
    for (size_t x = begin, y = t->tagged_count; x + 1 < y; x++, y--) {
        mrg_tagged swap = t->tagged[x];
        t->tagged[x] = t->tagged[y - 1];
        t->tagged[y - 1] = swap;
    }
}

void mrg_tagger_decode(mrg_tagger *t)
{
    t->tagged_count = 0;
    if (mrg_reserve((void **)&t->scores, &t->score_capacity, t->item_count * MRG_ROW, sizeof *t->scores) ||
        mrg_reserve((void **)&t->back, &t->back_capacity, t->item_count * MRG_ROW, sizeof *t->back)) {
        t->failed = 1;
        return;
    }
    score_items(t);
    for (size_t i = 0; i < t->item_count && !t->failed;) {
        size_t end = i;
        while (end < t->item_count && t->items[end].alive)
            end++;
        if (end > i)
            decode_run(t, i, end);
        i = end + 1;
    }
}

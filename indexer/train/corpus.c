/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/corpus.h"

#include "core/alloc.h"

enum { PARTED_SENTENCES = 40, FIRST_TABLE = 1 << 20 };

morgue_status mrg_corpus_create(mrg_corpus **out, const mrg_model *lists, morgue_error *err)
{
    const mrg_finder_options options = { .model = lists };
    mrg_corpus *c = mrg_calloc(1, sizeof *c);
    *out = NULL;
    if (!c || mrg_finder_create(&c->finder, &options, err) || mrg_table_reset(&c->word_table, FIRST_TABLE)) {
        mrg_corpus_free(c);
        return mrg_fail_nomem(err);
    }
    *out = c;
    return MORGUE_OK;
}

void mrg_corpus_free(mrg_corpus *c)
{
    if (!c)
        return;
    mrg_free(c->words);
    mrg_table_dispose(&c->word_table);
    mrg_free(c->word_features);
    mrg_free(c->tokens);
    mrg_free(c->token_features);
    mrg_free(c->keys);
    mrg_free(c->labels);
    mrg_finder_free(c->finder);
    mrg_tokens_dispose(&c->pieces);
    mrg_free(c);
}

/* ---- Labels ---- */

/* GMB and others keep titles inside: "President Bush". */
static uint32_t trim_titles(const mrg_finder *f, uint32_t first, uint32_t last)
{
    while (first < last) {
        uint32_t flags = mrg_word_flags(term_at(f, first), token_at(f, first)->term_len);
        if (!(flags & MRG_WORD_TITLE) || flags & MRG_WORD_FIRST_NAME)
            break;
        first++;
    }
    return first;
}

static void label_span(mrg_corpus *c, const mrg_judged *d, const mrg_judged_span *span, size_t *at)
{
    const mrg_finder *f = c->finder;
    const mrg_tagger *t = f->tagger;
    size_t begin = d->tokens[span->first].begin, end = d->tokens[span->last].end;
    while (*at < c->pieces.count && c->pieces.items[*at].begin < begin)
        ++*at;
    uint32_t first = (uint32_t)*at, last = first;
    if (first >= c->pieces.count || c->pieces.items[first].begin >= end)
        return;
    while (last + 1 < c->pieces.count && c->pieces.items[last + 1].begin < end)
        last++;
    if (span->type == 0)
        first = trim_titles(f, first, last);
    /* what cannot be tagged is not learned: the part before it is */
    for (uint32_t i = first; i <= last; i++) {
        if (!mrg_tagger_is_alive(t, i) || (i > first && c->pieces.items[i].flags & MRG_TOKEN_SENTENCE)) {
            c->lost_count++;
            if (i == first)
                return;
            last = i - 1;
            break;
        }
    }
    for (uint32_t i = first; i <= last; i++) {
        mrg_label_place place = first == last ? MRG_LABEL_ONLY
                                : i == first  ? MRG_LABEL_FIRST
                                : i == last   ? MRG_LABEL_LAST
                                              : MRG_LABEL_INNER;
        c->labels[i] = (uint8_t)mrg_label(span->type, place);
    }
}

/* ---- Features ---- */

/* Its number, from 1; 0 is what lies between sentences. */
static uint32_t number_word(mrg_corpus *c, const mrg_word_look *look, uint64_t key)
{
    size_t slot = key & (c->word_table.used - 1);
    for (; c->word_table.slots[slot]; slot = (slot + 1) & (c->word_table.used - 1)) {
        if (c->words[c->word_table.slots[slot] - 1].key == key)
            return c->word_table.slots[slot] - 1;
    }
    if (mrg_reserve((void **)&c->words, &c->word_capacity, c->word_count + 1, sizeof *c->words) ||
        c->word_count * 2 > c->word_table.used ||
        mrg_reserve((void **)&c->word_features, &c->word_feature_capacity,
                    c->word_feature_count + MRG_OFFSETS * MRG_WORD_FEATURES_MAX, sizeof *c->word_features)) {
        c->pieces.terms.failed = 1;
        return 0;
    }
    mrg_corpus_word *word = &c->words[c->word_count++];
    word->key = key;
    for (int o = 0; o < MRG_OFFSETS; o++) {
        word->begin[o] = (uint32_t)c->word_feature_count;
        c->word_feature_count += mrg_word_features(look, o - MRG_WINDOW, c->word_features + c->word_feature_count);
    }
    word->begin[MRG_OFFSETS] = (uint32_t)c->word_feature_count;
    c->word_table.slots[slot] = (uint32_t)c->word_count;
    return (uint32_t)c->word_count - 1;
}

static void add_token(mrg_corpus *c, const mrg_tag_token *item, int first)
{
    mrg_finder *f = c->finder;
    const mrg_tagger *t = f->tagger;
    if (mrg_reserve((void **)&c->tokens, &c->token_capacity, c->token_count + 1, sizeof *c->tokens) ||
        mrg_reserve((void **)&c->token_features, &c->token_feature_capacity,
                    (c->token_count + 1) * MRG_TOKEN_FEATURES, sizeof *c->token_features)) {
        c->pieces.terms.failed = 1;
        return;
    }
    mrg_corpus_token *token = &c->tokens[c->token_count];
    uint64_t *features = c->token_features + c->token_count * MRG_TOKEN_FEATURES;
    *token = (mrg_corpus_token){ .label = c->labels[item->token], .first = (uint8_t)first, .weight = c->weight };
    for (int o = 0; o < MRG_OFFSETS; o++) {
        const mrg_tag_token *near = item + o - MRG_WINDOW;
        mrg_word_look look = { 0 };
        if (near->token != UINT32_MAX)
            look = mrg_tagger_look(t, f, near->token);
        token->words[o] = number_word(c, &look, t->words[near->word].key);
    }
    uint32_t rows[MRG_DIRECT_FEATURES];
    mrg_direct_features(item, rows);
    for (int i = 0; i < MRG_DIRECT_FEATURES; i++)
        features[i] = mrg_direct_key(rows[i]);
    mrg_pair_features(item, features + MRG_DIRECT_FEATURES);
    c->token_count++;
}

static int add_document(void *ctx, const mrg_judged *d)
{
    mrg_corpus *c = ctx;
    const char *text = (const char *)d->text.data;
    mrg_tokens_clear(&c->pieces);
    if (mrg_tokenize(&c->pieces, text, 0, d->text.len, 0, NULL))
        return -1;
    if (!c->pieces.count)
        return 0;
    mrg_finder_read(c->finder, text, d->text.len, 0, &c->pieces);
    mrg_tagger *t = c->finder->tagger;
    if (!c->finder->failed)
        mrg_tagger_read(t, c->finder);
    if (c->finder->failed || t->failed ||
        mrg_reserve((void **)&c->labels, &c->label_capacity, c->pieces.count, sizeof *c->labels))
        return -1;
    memset(c->labels, 0, c->pieces.count);
    size_t at = 0;
    for (size_t i = 0; i < d->span_count; i++)
        label_span(c, d, &d->spans[i], &at);
    for (size_t i = 0; i < t->item_count; i++) {
        if (t->items[i].alive)
            add_token(c, &t->items[i], !t->items[i - 1].alive);
    }
    c->document_count++;
    c->piece_count += c->pieces.count;
    return c->pieces.terms.failed ? -1 : 0;
}

morgue_status mrg_corpus_add(mrg_corpus *c, const char *path, float weight, morgue_error *err)
{
    c->weight = weight;
    int status = mrg_judged_read(path, PARTED_SENTENCES, add_document, c, err);
    return status == -1 ? mrg_fail_nomem(err) : (morgue_status)status;
}

/* ---- Numbers ---- */

typedef struct counted {
    uint64_t key;
    uint32_t count, number;
} counted;

typedef struct counter {
    counted *items;
    size_t used, count;
} counter;

static counted *find_counted(counter *t, uint64_t key)
{
    size_t i = (key ^ key >> 29) & (t->used - 1);
    while (t->items[i].key != key && t->items[i].key)
        i = (i + 1) & (t->used - 1);
    return &t->items[i];
}

static int count_feature(counter *t, uint64_t key, uint32_t times)
{
    if (t->count * 2 > t->used || !t->used) {
        counter bigger = { mrg_calloc(t->used ? t->used * 2 : 1 << 22, sizeof *t->items),
                           t->used ? t->used * 2 : 1 << 22, t->count };
        if (!bigger.items)
            return -1;
        for (size_t i = 0; i < t->used; i++) {
            if (t->items[i].key)
                *find_counted(&bigger, t->items[i].key) = t->items[i];
        }
        mrg_free(t->items);
        *t = bigger;
    }
    counted *c = find_counted(t, key);
    t->count += !c->key;
    c->key = key;
    c->count += times;
    return 0;
}

static int count_all(mrg_corpus *c, counter *t, uint32_t *uses)
{
    for (size_t i = 0; i < c->token_count; i++) {
        for (int o = 0; o < MRG_OFFSETS; o++)
            uses[c->tokens[i].words[o] * (size_t)MRG_OFFSETS + (size_t)o]++;
    }
    for (size_t w = 0; w < c->word_count; w++) {
        for (size_t o = 0; o < MRG_OFFSETS; o++) {
            for (size_t k = c->words[w].begin[o]; k < c->words[w].begin[o + 1]; k++) {
                if (uses[w * MRG_OFFSETS + o] && count_feature(t, c->word_features[k], uses[w * MRG_OFFSETS + o]))
                    return -1;
            }
        }
    }
    for (size_t k = 0; k < c->token_count * MRG_TOKEN_FEATURES; k++) {
        if (count_feature(t, c->token_features[k], 1))
            return -1;
    }
    return 0;
}

static void give_numbers(mrg_corpus *c, counter *t, uint64_t *features, size_t count, uint32_t least)
{
    for (size_t k = 0; k < count; k++) {
        counted *found = find_counted(t, features[k]);
        if (!found->key || found->count < least) {
            features[k] = MRG_NO_FEATURE;
            continue;
        }
        if (!found->number) {
            c->keys[c->feature_count] = features[k];
            found->number = (uint32_t)++c->feature_count;
        }
        features[k] = found->number - 1;
    }
}

morgue_status mrg_corpus_number(mrg_corpus *c, uint32_t least, morgue_error *err)
{
    counter t = { 0 };
    morgue_status status = MORGUE_OK;
    uint32_t *uses = mrg_calloc(c->word_count * MRG_OFFSETS + 1, sizeof *uses);
    if (!uses || count_all(c, &t, uses))
        status = mrg_fail_nomem(err);
    if (!status) {
        c->keys = mrg_calloc(t.count + 1, sizeof *c->keys);
        if (!c->keys)
            status = mrg_fail_nomem(err);
    }
    if (!status) {
        give_numbers(c, &t, c->word_features, c->word_feature_count, least);
        give_numbers(c, &t, c->token_features, c->token_count * MRG_TOKEN_FEATURES, least);
    }
    mrg_free(uses);
    mrg_free(t.items);
    return status;
}

static void renumber(uint64_t *features, size_t count, const uint32_t *numbers)
{
    for (size_t k = 0; k < count; k++) {
        if (features[k] != MRG_NO_FEATURE)
            features[k] = numbers[features[k]] == UINT32_MAX ? MRG_NO_FEATURE : numbers[features[k]];
    }
}

void mrg_corpus_drop(mrg_corpus *c, const unsigned char *keep, uint32_t *numbers)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < c->feature_count; i++) {
        numbers[i] = keep[i] ? kept : UINT32_MAX;
        if (keep[i])
            c->keys[kept++] = c->keys[i];
    }
    c->feature_count = kept;
    renumber(c->word_features, c->word_feature_count, numbers);
    renumber(c->token_features, c->token_count * MRG_TOKEN_FEATURES, numbers);
}

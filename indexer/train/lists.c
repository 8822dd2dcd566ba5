/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/lists.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/alloc.h"
#include "entity/features.h"
#include "text/tokenize.h"

enum { LINE = 1024, MOST_WORDS = 4 };

void mrg_lists_dispose(mrg_lists *l)
{
    mrg_free(l->words);
    mrg_free(l->names);
    memset(l, 0, sizeof *l);
}

static morgue_status add(mrg_model_entry **entries, size_t *count, size_t *capacity, uint64_t key, uint32_t value,
                         morgue_error *err)
{
    if (mrg_reserve((void **)entries, capacity, *count + 1, sizeof **entries))
        return mrg_fail_nomem(err);
    (*entries)[(*count)++] = (mrg_model_entry){ .key = key, .value = value };
    return MORGUE_OK;
}

/* Calls `take` with each line's text behind the last tab. */
static morgue_status read_lines(const char *path, morgue_status (*take)(void *ctx, char *line, morgue_error *err),
                                void *ctx, morgue_error *err)
{
    char line[LINE];
    gzFile in = gzopen(path, "rb");
    if (!in)
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    morgue_status status = MORGUE_OK;
    while (!status && gzgets(in, line, sizeof line)) {
        line[strcspn(line, "\r\n")] = 0;
        status = take(ctx, line, err);
    }
    gzclose(in);
    return status;
}

typedef struct reading {
    mrg_lists *lists;
    mrg_tokens tokens;
    size_t left;
} reading;

static morgue_status take_cluster(void *ctx, char *line, morgue_error *err)
{
    reading *r = ctx;
    unsigned long clusters[3];
    char *p = line;
    for (int i = 0; i < 3; i++) {
        clusters[i] = strtoul(p, &p, 10);
        if (*p++ != '\t')
            return MORGUE_OK;
    }
    if (!r->left || clusters[0] > 63 || clusters[1] > 255 || clusters[2] > 1023)
        return MORGUE_OK;
    mrg_tokens_clear(&r->tokens);
    if (mrg_tokenize(&r->tokens, p, 0, strlen(p), 0, err))
        return MORGUE_ERR_NOMEM;
    if (r->tokens.count != 1)
        return MORGUE_OK;
    r->left--;
    uint64_t key = mrg_feature_hash((const char *)r->tokens.terms.data, r->tokens.items[0].term_len);
    uint32_t value = (uint32_t)(clusters[2] | clusters[1] << 10 | clusters[0] << 18) | MRG_LEXICON_CLUSTERED;
    return add(&r->lists->words, &r->lists->word_count, &r->lists->word_capacity, key, value, err);
}

morgue_status mrg_lists_read_clusters(mrg_lists *lists, const char *path, size_t most, morgue_error *err)
{
    reading r = { .lists = lists, .left = most };
    morgue_status status = read_lines(path, take_cluster, &r, err);
    mrg_tokens_dispose(&r.tokens);
    return status;
}

static uint32_t bits_of_class(char class)
{
    switch (class) {
    case '1':
        return MRG_GAZ_CITY;
    case '2':
        return MRG_GAZ_REGION;
    case '4':
        return MRG_GAZ_FIRST_NAME;
    case '5':
        return MRG_GAZ_SURNAME;
    case '6':
        return MRG_GAZ_ORG;
    default:
        return 0;
    }
}

static morgue_status take_name(void *ctx, char *line, morgue_error *err)
{
    reading *r = ctx;
    char name[LINE];
    size_t len = 0;
    uint32_t bits = bits_of_class(line[0]);
    if (!bits || line[1] != '\t')
        return MORGUE_OK;
    mrg_tokens_clear(&r->tokens);
    if (mrg_tokenize(&r->tokens, line, 2, strlen(line), 0, err))
        return MORGUE_ERR_NOMEM;
    if (!r->tokens.count || r->tokens.count > MOST_WORDS)
        return MORGUE_OK;
    for (size_t i = 0; i < r->tokens.count; i++) {
        const mrg_token *t = &r->tokens.items[i];
        if (len + t->term_len + 1 > sizeof name)
            return MORGUE_OK;
        if (i)
            name[len++] = ' ';
        memcpy(name + len, mrg_token_term(&r->tokens, t), t->term_len);
        len += t->term_len;
    }
    uint64_t key = mrg_feature_hash(name, len);
    if (r->tokens.count == 1)
        return add(&r->lists->words, &r->lists->word_count, &r->lists->word_capacity, key, bits << 24, err);
    return add(&r->lists->names, &r->lists->name_count, &r->lists->name_capacity, key, bits, err);
}

morgue_status mrg_lists_read_names(mrg_lists *lists, const char *path, morgue_error *err)
{
    reading r = { .lists = lists };
    morgue_status status = read_lines(path, take_name, &r, err);
    mrg_tokens_dispose(&r.tokens);
    return status;
}

static int by_key(const void *a, const void *b)
{
    const mrg_model_entry *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->value > y->value ? -1 : x->value < y->value;
}

/* A word that folds like a more frequent one, by its clusters, gives way. */
static size_t join(mrg_model_entry *entries, size_t count)
{
    size_t out = 0;
    if (count)
        qsort(entries, count, sizeof *entries, by_key);
    for (size_t i = 0; i < count; i++) {
        if (out && entries[out - 1].key == entries[i].key) {
            uint32_t both = entries[out - 1].value & entries[i].value & MRG_LEXICON_CLUSTERED;
            entries[out - 1].value |= both ? 0 : entries[i].value;
        } else {
            entries[out++] = entries[i];
        }
    }
    return out;
}

void mrg_lists_finish(mrg_lists *l)
{
    l->word_count = join(l->words, l->word_count);
    l->name_count = join(l->names, l->name_count);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How well names are found: entity-eval FILE... over judged texts, plain or gzipped, a token TAB tag a line
 * (BIO: PER, ORG, LOC; others are left out), an empty line after each sentence, -DOCSTART- before each
 * document. A text is made of the tokens again, the finder runs over it, and its mentions are laid
 * on the tokens.
 *
 * Printed per file: precision, recall and F1 of spans that agree exactly, by type and overall; untyped; untyped with
 * any overlap counted; and how many names have their last word in some mention of their document, of any type. Events are left out, since the sets have none. A mention of only part
 * of a token ("Kremlin" in "Kremlin-backed") is left out too, since the sets cannot say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "entity/tagger.h"
#include "train/judged.h"

enum { TYPES = MRG_JUDGED_TYPES };

typedef struct score {
    size_t right, found, gold;
} score;

typedef struct totals {
    score typed[TYPES], all, untyped;
    size_t last_words;
    size_t overlap_found, overlap_gold; /* predicted that touch a judged one, and the other way about */
    size_t tokens, documents, ignored;
    double seconds, tagging; /* the whole finder; the tagger alone */
} totals;

static void die(const char *message)
{
    fprintf(stderr, "entity-eval: %s\n", message);
    exit(2);
}

/* ---- Comparing ---- */

static int type_of_entity(mrg_entity_type type)
{
    switch (type) {
    case MRG_ENTITY_PERSON:
        return 0;
    case MRG_ENTITY_ORG:
        return 1;
    case MRG_ENTITY_PLACE:
        return 2;
    default:
        return -1;
    }
}

/* Lays bytes [begin, end) on the tokens, from *at on; 0 if it parts one. */
static int lay(const mrg_judged *d, size_t begin, size_t end, size_t *at, mrg_judged_span *out)
{
    while (*at < d->token_count && d->tokens[*at].end <= begin)
        ++*at;
    size_t last = *at;
    while (last + 1 < d->token_count && d->tokens[last + 1].begin < end)
        last++;
    if (*at == d->token_count)
        return 0;
    *out = (mrg_judged_span){ *at, last, 0 };
    size_t first_begin = d->tokens[*at].begin, last_end = d->tokens[last].end;
    if (begin > first_begin + 1)
        return 0;
    return end >= last_end || last_end - end <= 1 || d->text.data[end] == '\'' || d->text.data[end] == 0xe2;
}

static void count_overlaps(totals *t, const mrg_judged_span *found, size_t found_count, const mrg_judged *d)
{
    size_t g = 0;
    for (size_t i = 0; i < found_count; i++) {
        while (g < d->span_count && d->spans[g].last < found[i].first)
            g++;
        t->overlap_found += g < d->span_count && d->spans[g].first <= found[i].last;
    }
    size_t i = 0;
    for (g = 0; g < d->span_count; g++) {
        while (i < found_count && found[i].last < d->spans[g].first)
            i++;
        t->overlap_gold += i < found_count && found[i].first <= d->spans[g].last;
    }
}

static int same_word(const mrg_judged *d, size_t a, size_t b)
{
    size_t len = d->tokens[a].end - d->tokens[a].begin;
    return len == d->tokens[b].end - d->tokens[b].begin &&
           !memcmp(d->text.data + d->tokens[a].begin, d->text.data + d->tokens[b].begin, len);
}

/* How many judged names have a last word that is part of something found. */
static void count_last_words(totals *t, const mrg_judged_span *found, size_t found_count, const mrg_judged *d)
{
    for (size_t g = 0; g < d->span_count; g++) {
        int hit = 0;
        for (size_t i = 0; i < found_count && !hit; i++) {
            for (size_t k = found[i].first; k <= found[i].last && !hit; k++)
                hit = same_word(d, k, d->spans[g].last);
        }
        t->last_words += (size_t)hit;
    }
}

static void show(const mrg_judged *d, const mrg_judged_span *s, const char *what)
{
    size_t begin = d->tokens[s->first].begin, end = d->tokens[s->last].end;
    size_t from = begin > 40 ? begin - 40 : 0, to = end + 40 < d->text.len ? end + 40 : d->text.len;
    printf("%s\t%s\t%.*s\t", what, mrg_judged_names[s->type], (int)(end - begin), (const char *)d->text.data + begin);
    for (size_t i = from; i < to; i++)
        putchar(d->text.data[i] == '\n' ? '/' : d->text.data[i]);
    putchar('\n');
}

static void compare(totals *t, const mrg_judged_span *found, size_t found_count, const mrg_judged *d, int errors)
{
    size_t g = 0;
    for (size_t i = 0; i < found_count; i++) {
        while (g < d->span_count && d->spans[g].first < found[i].first) {
            if (errors)
                show(d, &d->spans[g], "missed");
            g++;
        }
        int same = g < d->span_count && d->spans[g].first == found[i].first && d->spans[g].last == found[i].last;
        int typed = same && d->spans[g].type == found[i].type;
        t->untyped.right += (size_t)same;
        t->all.right += (size_t)typed;
        t->typed[found[i].type].right += (size_t)typed;
        t->typed[found[i].type].found++;
        if (errors && !typed)
            show(d, &found[i], same ? "typed" : "wrong");
        if (same)
            g++;
    }
    for (size_t k = 0; k < d->span_count; k++)
        t->typed[d->spans[k].type].gold++;
    t->all.found += found_count;
    t->all.gold += d->span_count;
    count_overlaps(t, found, found_count, d);
    count_last_words(t, found, found_count, d);
}

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

typedef struct evaluator {
    totals *totals;
    mrg_finder *finder;
    mrg_tokens tokens;
    mrg_found found;
    mrg_judged_span *spans;
    size_t span_capacity;
    int errors;
} evaluator;

static int judge_document(void *ctx, const mrg_judged *d)
{
    evaluator *e = ctx;
    totals *t = e->totals;
    size_t at = 0, count = 0;
    mrg_tokens_clear(&e->tokens);
    const char *text = (const char *)d->text.data;
    if (mrg_tokenize(&e->tokens, text, 0, d->text.len, 0, NULL))
        die("out of memory");
    double start = now();
    if (mrg_finder_run(e->finder, text, d->text.len, 0, &e->tokens, &e->found, NULL))
        die("out of memory");
    t->seconds += now() - start;
    if (e->finder->tagger) {
        mrg_finder_read(e->finder, text, d->text.len, 0, &e->tokens);
        start = now();
        mrg_tagger_read(e->finder->tagger, e->finder);
        mrg_tagger_decode(e->finder->tagger);
        t->tagging += now() - start;
    }
    t->tokens += e->tokens.count;
    t->documents++;
    if (mrg_reserve((void **)&e->spans, &e->span_capacity, e->found.mention_count + 1, sizeof *e->spans))
        die("out of memory");
    for (size_t i = 0; i < e->found.mention_count; i++) {
        const mrg_mention *m = &e->found.mentions[i];
        int type = type_of_entity(e->found.entities[m->entity].type);
        mrg_judged_span s;
        if (type < 0)
            continue;
        const mrg_token *first = &e->tokens.items[m->first_token], *last = first + m->token_count - 1;
        if (!lay(d, first->begin, last->end, &at, &s)) {
            t->ignored++;
            continue;
        }
        s.type = type;
        if (!count || e->spans[count - 1].last < s.first)
            e->spans[count++] = s;
    }
    compare(t, e->spans, count, d, e->errors);
    return 0;
}

/* ---- Printing ---- */

static void print_score(const char *name, size_t right_found, size_t right_gold, size_t found, size_t gold)
{
    double p = found ? (double)right_found / (double)found : 0, r = gold ? (double)right_gold / (double)gold : 0;
    printf("  %-8s P %5.1f  R %5.1f  F1 %5.1f   (%zu found, %zu judged)\n", name, 100 * p, 100 * r,
           p + r > 0 ? 200 * p * r / (p + r) : 0, found, gold);
}

static double million_a_second(size_t tokens, double seconds)
{
    return seconds > 0 ? (double)tokens / seconds / 1e6 : 0;
}

static void print_totals(const char *name, const totals *t)
{
    printf("%s: %zu documents, %zu tokens, %.2f M tokens/s in all, %.2f M tokens/s for tagging words seen before, "
           "%zu partial left out\n",
           name, t->documents, t->tokens, million_a_second(t->tokens, t->seconds),
           million_a_second(t->tokens, t->tagging), t->ignored);
    for (int i = 0; i < TYPES; i++)
        print_score(mrg_judged_names[i], t->typed[i].right, t->typed[i].right, t->typed[i].found, t->typed[i].gold);
    print_score("all", t->all.right, t->all.right, t->all.found, t->all.gold);
    print_score("untyped", t->untyped.right, t->untyped.right, t->all.found, t->all.gold);
    print_score("overlap", t->overlap_found, t->overlap_gold, t->all.found, t->all.gold);
    printf("  last words          R %5.1f\n", t->all.gold ? 100 * (double)t->last_words / (double)t->all.gold : 0);
}

static void judge_file(evaluator *e, const char *path)
{
    totals t = { 0 };
    morgue_error err;
    e->totals = &t;
    if (mrg_judged_read(path, 0, judge_document, e, &err))
        die(err.message);
    print_totals(path, &t);
}

static int usage(void)
{
    fprintf(stderr, "usage: entity-eval [--model FILE | --no-model] [--errors] FILE...\n");
    return 2;
}

int main(int argc, char **argv)
{
    evaluator e = { 0 };
    const char *model_path = NULL;
    mrg_model *model = NULL;
    morgue_error err;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (!strcmp(argv[first], "--errors"))
            e.errors = 1;
        else if (!strcmp(argv[first], "--no-model"))
            model_path = "";
        else if (!strcmp(argv[first], "--model") && first + 1 < argc)
            model_path = argv[++first];
        else
            return usage();
    }
    if (argc <= first)
        return usage();
    if (mrg_model_find(&model, model_path, &err))
        die(err.message);
    const mrg_finder_options options = { .model = model };
    if (mrg_finder_create(&e.finder, &options, NULL))
        die("out of memory");
    for (int i = first; i < argc; i++)
        judge_file(&e, argv[i]);
    mrg_finder_free(e.finder);
    mrg_model_free(model);
    mrg_found_dispose(&e.found);
    mrg_tokens_dispose(&e.tokens);
    mrg_free(e.spans);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How well names are found: entity-eval FILE... over judged texts, plain or gzipped, a token TAB tag a line
 * (BIO: PER, ORG, LOC; others are left out), an empty line after each sentence, -DOCSTART- before each
 * document. A text is made of the tokens again, the finder runs over it, and its mentions are laid
 * on the tokens.
 *
 * Printed per file: precision, recall and F1 of spans that agree exactly, by type and overall; untyped; and
 * untyped with any overlap counted. Events are left out, since the sets have none. A mention of only part
 * of a token ("Kremlin" in "Kremlin-backed") is left out too, since the sets cannot say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "core/alloc.h"
#include "entity/finder.h"

enum { TYPES = 3, LINE = 4096 };

typedef struct range {
    size_t begin, end;
} range;

typedef struct span {
    size_t first, last; /* tokens, both inside */
    int type;
} span;

typedef struct document {
    mrg_buffer text;
    range *tokens;
    size_t token_count, token_capacity;
    span *gold;
    size_t gold_count, gold_capacity;
    int open;          /* the type of the span that the last token was in, or -1 */
    int sentence_open; /* tokens since the last empty line */
    int glue;          /* no space before the next token */
    int quote;         /* inside "..." */
} document;

typedef struct score {
    size_t right, found, gold;
} score;

typedef struct totals {
    score typed[TYPES], all, untyped;
    size_t overlap_found, overlap_gold; /* predicted that touch a judged one, and the other way about */
    size_t tokens, documents, ignored;
    double seconds;
} totals;

static const char *const type_names[TYPES] = { "PER", "ORG", "LOC" };

static void die(const char *message)
{
    fprintf(stderr, "entity-eval: %s\n", message);
    exit(2);
}

/* ---- Reading ---- */

static int type_of_tag(const char *tag)
{
    for (int t = 0; t < TYPES; t++) {
        if (!strcmp(tag, type_names[t]))
            return t;
    }
    return -1;
}

static int sticks_to_left(const document *d, const char *token)
{
    static const char *const closing[] = {
        ".",   ",",   ";",   ":",   "?",  "!",  ")",   "]",           "%", "'s", "\xe2\x80\x99s",
        "n't", "'re", "'ve", "'ll", "'m", "'d", "...", "\xe2\x80\x9d"
    };
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
        if (!strcmp(token, closing[i]))
            return 1;
    }
    if (!strcmp(token, "'"))
        return d->text.len && d->text.data[d->text.len - 1] == 's';
    return !strcmp(token, "\"") && d->quote;
}

static void put_token(document *d, const char *token)
{
    size_t len = strlen(token);
    if (d->sentence_open && !d->glue && !sticks_to_left(d, token))
        mrg_buffer_append_byte(&d->text, ' ');
    if (mrg_reserve((void **)&d->tokens, &d->token_capacity, d->token_count + 1, sizeof *d->tokens))
        die("out of memory");
    d->tokens[d->token_count++] = (range){ d->text.len, d->text.len + len };
    mrg_buffer_append(&d->text, token, len);
    int quote = !strcmp(token, "\"");
    d->glue = !strcmp(token, "(") || !strcmp(token, "[") || !strcmp(token, "$") || !strcmp(token, "\xe2\x80\x9c") ||
              (quote && !d->quote);
    if (quote)
        d->quote = !d->quote;
    d->sentence_open = 1;
}

static void put_tag(document *d, const char *tag)
{
    int begins = tag[0] == 'B', inside = tag[0] == 'I';
    int type = begins || inside ? type_of_tag(tag + 2) : -1;
    if (type >= 0 && (begins || type != d->open)) {
        if (mrg_reserve((void **)&d->gold, &d->gold_capacity, d->gold_count + 1, sizeof *d->gold))
            die("out of memory");
        d->gold[d->gold_count++] = (span){ d->token_count - 1, d->token_count - 1, type };
    } else if (type >= 0) {
        d->gold[d->gold_count - 1].last = d->token_count - 1;
    }
    d->open = type;
}

/* Sentences that end as sentences do go on in the paragraph; others were lines of their own. */
static void end_sentence(document *d)
{
    if (d->sentence_open) {
        unsigned char last = d->text.data[d->text.len - 1];
        mrg_buffer_append_str(&d->text, strchr(".?!\"'", last) ? " " : "\n\n");
    }
    d->sentence_open = d->quote = 0;
    d->glue = 1;
    d->open = -1;
}

static void reset(document *d)
{
    mrg_buffer_clear(&d->text);
    d->token_count = d->gold_count = 0;
    d->sentence_open = d->quote = 0;
    d->glue = 1;
    d->open = -1;
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
static int lay(const document *d, size_t begin, size_t end, size_t *at, span *out)
{
    while (*at < d->token_count && d->tokens[*at].end <= begin)
        ++*at;
    size_t last = *at;
    while (last + 1 < d->token_count && d->tokens[last + 1].begin < end)
        last++;
    if (*at == d->token_count)
        return 0;
    *out = (span){ *at, last, 0 };
    size_t first_begin = d->tokens[*at].begin, last_end = d->tokens[last].end;
    if (begin > first_begin + 1)
        return 0;
    return end >= last_end || last_end - end <= 1 || d->text.data[end] == '\'' || d->text.data[end] == 0xe2;
}

static void count_overlaps(totals *t, const span *found, size_t found_count, const document *d)
{
    size_t g = 0;
    for (size_t i = 0; i < found_count; i++) {
        while (g < d->gold_count && d->gold[g].last < found[i].first)
            g++;
        t->overlap_found += g < d->gold_count && d->gold[g].first <= found[i].last;
    }
    size_t i = 0;
    for (g = 0; g < d->gold_count; g++) {
        while (i < found_count && found[i].last < d->gold[g].first)
            i++;
        t->overlap_gold += i < found_count && found[i].first <= d->gold[g].last;
    }
}

static void show(const document *d, const span *s, const char *what)
{
    size_t begin = d->tokens[s->first].begin, end = d->tokens[s->last].end;
    size_t from = begin > 40 ? begin - 40 : 0, to = end + 40 < d->text.len ? end + 40 : d->text.len;
    printf("%s\t%s\t%.*s\t", what, type_names[s->type], (int)(end - begin), (const char *)d->text.data + begin);
    for (size_t i = from; i < to; i++)
        putchar(d->text.data[i] == '\n' ? '/' : d->text.data[i]);
    putchar('\n');
}

static void compare(totals *t, const span *found, size_t found_count, const document *d, int errors)
{
    size_t g = 0;
    for (size_t i = 0; i < found_count; i++) {
        while (g < d->gold_count && d->gold[g].first < found[i].first) {
            if (errors)
                show(d, &d->gold[g], "missed");
            g++;
        }
        int same = g < d->gold_count && d->gold[g].first == found[i].first && d->gold[g].last == found[i].last;
        int typed = same && d->gold[g].type == found[i].type;
        t->untyped.right += (size_t)same;
        t->all.right += (size_t)typed;
        t->typed[found[i].type].right += (size_t)typed;
        t->typed[found[i].type].found++;
        if (errors && !typed)
            show(d, &found[i], same ? "typed" : "wrong");
        if (same)
            g++;
    }
    for (size_t k = 0; k < d->gold_count; k++)
        t->typed[d->gold[k].type].gold++;
    t->all.found += found_count;
    t->all.gold += d->gold_count;
    count_overlaps(t, found, found_count, d);
}

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

typedef struct evaluator {
    mrg_finder *finder;
    mrg_tokens tokens;
    mrg_found found;
    span *spans;
    size_t span_capacity;
    int errors;
} evaluator;

static void judge_document(evaluator *e, document *d, totals *t)
{
    size_t at = 0, count = 0;
    if (!d->token_count)
        return;
    if (d->text.failed)
        die("out of memory");
    mrg_tokens_clear(&e->tokens);
    const char *text = (const char *)d->text.data;
    if (mrg_tokenize(&e->tokens, text, 0, d->text.len, 0, NULL))
        die("out of memory");
    double start = now();
    if (mrg_finder_run(e->finder, text, d->text.len, 0, &e->tokens, &e->found, NULL))
        die("out of memory");
    t->seconds += now() - start;
    t->tokens += e->tokens.count;
    t->documents++;
    if (mrg_reserve((void **)&e->spans, &e->span_capacity, e->found.mention_count + 1, sizeof *e->spans))
        die("out of memory");
    for (size_t i = 0; i < e->found.mention_count; i++) {
        const mrg_mention *m = &e->found.mentions[i];
        int type = type_of_entity(e->found.entities[m->entity].type);
        span s;
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
}

/* ---- Printing ---- */

static void print_score(const char *name, size_t right_found, size_t right_gold, size_t found, size_t gold)
{
    double p = found ? (double)right_found / (double)found : 0, r = gold ? (double)right_gold / (double)gold : 0;
    printf("  %-8s P %5.1f  R %5.1f  F1 %5.1f   (%zu found, %zu judged)\n", name, 100 * p, 100 * r,
           p + r > 0 ? 200 * p * r / (p + r) : 0, found, gold);
}

static void print_totals(const char *name, const totals *t)
{
    printf("%s: %zu documents, %zu tokens, %.2f M tokens/s (%.0f ns a token), %zu partial left out\n", name,
           t->documents, t->tokens, t->seconds > 0 ? (double)t->tokens / t->seconds / 1e6 : 0,
           t->tokens ? t->seconds * 1e9 / (double)t->tokens : 0, t->ignored);
    for (int i = 0; i < TYPES; i++)
        print_score(type_names[i], t->typed[i].right, t->typed[i].right, t->typed[i].found, t->typed[i].gold);
    print_score("all", t->all.right, t->all.right, t->all.found, t->all.gold);
    print_score("untyped", t->untyped.right, t->untyped.right, t->all.found, t->all.gold);
    print_score("overlap", t->overlap_found, t->overlap_gold, t->all.found, t->all.gold);
}

static void judge_file(evaluator *e, const char *path)
{
    static char line[LINE];
    document d = { 0 };
    totals t = { 0 };
    gzFile in = gzopen(path, "rb");
    if (!in)
        die("cannot open a file");
    reset(&d);
    while (gzgets(in, line, sizeof line)) {
        line[strcspn(line, "\r\n")] = 0;
        char *tab = strchr(line, '\t');
        if (!strncmp(line, "-DOCSTART-", 10)) {
            judge_document(e, &d, &t);
            reset(&d);
        } else if (!tab) {
            end_sentence(&d);
        } else {
            *tab = 0;
            put_token(&d, line);
            put_tag(&d, tab + 1);
        }
    }
    judge_document(e, &d, &t);
    gzclose(in);
    print_totals(path, &t);
    mrg_buffer_dispose(&d.text);
    mrg_free(d.tokens);
    mrg_free(d.gold);
}

int main(int argc, char **argv)
{
    evaluator e = { 0 };
    int first = 1;
    if (argc > 1 && !strcmp(argv[1], "--errors")) {
        e.errors = 1;
        first = 2;
    }
    if (argc <= first) {
        fprintf(stderr, "usage: entity-eval [--errors] FILE...\n");
        return 2;
    }
    if (mrg_finder_create(&e.finder, NULL))
        die("out of memory");
    for (int i = first; i < argc; i++)
        judge_file(&e, argv[i]);
    mrg_finder_free(e.finder);
    mrg_found_dispose(&e.found);
    mrg_tokens_dispose(&e.tokens);
    mrg_free(e.spans);
    return 0;
}

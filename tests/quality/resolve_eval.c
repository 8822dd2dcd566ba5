/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolve-eval ARCHIVE [ROWS]: whether misspelled names are found. ROWS (1,000) questions are drawn from the
 * names of an archive, each is given one random edit, and the answers of morgue_names_find() are compared with
 * those to the right spelling. Three kinds, each with ROWS questions:
 *
 *   words by frequency   a word of a name; names are drawn as often as articles have them, as they would be if
 *                        one put a finger on the articles
 *   words, each alike    a word of a name; every different word is drawn alike, be it in one article only
 *   whole names          names of two words or more, each alike
 *
 * Words and the words that are edited have 5 letters or more, a to z only. The edit is, each as often, an
 * inserted, a deleted or a changed letter or two neighbours that change places, at any place, the first letter
 * included; the letter is any of a to z. What the edit leaves as it was is drawn again. The type of the name is
 * asked for with it ("person:"), as a query would.
 *
 * The right answers are the first answer to the right spelling and those with as many articles, found in the
 * same way: of entities that share a surname and are equally frequent either will do. For a whole name it is
 * that very entity. Nothing else is forgiven: an edit that gives another name of the archive (Brown, Crown) counts as
 * it comes out, which is wrong unless the right answer comes first by chance. How many there were is printed as
 * "other names".
 *
 * Then every name of the built-in alias table is asked for; it must come out as its row says.
 * Draws are the same in every run. Seconds are wall time of one lookup, with all that is known of the names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/buffer.h"
#include "entity/finder.h"
#include "entity/known.h"
#include "morgue.h"
#include "text/tokenize.h"

enum { ROWS = 1000, FIRST = 5, CLASSES = 3, MIN_LETTERS = 5, MAX_TEXT = 256 };

typedef struct item {
    char *text; /* folded */
    char *key;
    const char *type;
    uint64_t articles;
} item;

typedef struct items {
    item *items;
    size_t count, capacity;
} items;

typedef struct tally {
    unsigned asked, first, in_five, other_names;
} tally;

static uint64_t state = 4;

static void die(const char *what, const morgue_error *err)
{
    fprintf(stderr, "resolve-eval: %s: %s\n", what, err ? err->message : "failed");
    exit(2);
}

/* splitmix64 (Vigna 2015) */
static uint64_t chance(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(size_t n)
{
    return (size_t)(chance() % n);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- What can be drawn ---- */

static int is_word(const char *word, size_t len)
{
    if (len < MIN_LETTERS || len > 60)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return 0;
    return 1;
}

static void add(items *to, const char *text, size_t len, const morgue_name *name)
{
    if (to->count == to->capacity) {
        to->capacity = to->capacity ? 2 * to->capacity : 4096;
        to->items = realloc(to->items, to->capacity * sizeof *to->items);
    }
    if (!to->items)
        die("memory ran out", NULL);
    to->items[to->count++] = (item){ strndup(text, len), strdup(name->key), name->type, name->article_count };
}

typedef struct drawn_from {
    items words, names;
} drawn_from;

static int take_name(void *ctx, const morgue_name *name)
{
    drawn_from *from = ctx;
    const char *words = name->key + 2;
    int parts = 0, fit = 0;
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (is_word(p, n)) {
            add(&from->words, p, n, name);
            fit++;
        }
        parts++;
        p += n + (p[n] == ' ');
    }
    if (parts > 1 && fit && strlen(words) < MAX_TEXT / 2)
        add(&from->names, words, strlen(words), name);
    return 0;
}

static int by_text(const void *pa, const void *pb)
{
    const item *a = pa, *b = pb;
    int order = strcmp(a->text, b->text);
    if (order)
        return order;
    return a->articles > b->articles ? -1 : a->articles < b->articles;
}

/* Of each word the most frequent name that has it. */
static items each_word(const items *words)
{
    items out = { 0 };
    out.items = malloc(words->count * sizeof *out.items);
    if (!out.items)
        die("memory ran out", NULL);
    memcpy(out.items, words->items, words->count * sizeof *out.items);
    qsort(out.items, words->count, sizeof *out.items, by_text);
    for (size_t i = 0; i < words->count; i++)
        if (!i || strcmp(out.items[i].text, out.items[out.count - 1].text))
            out.items[out.count++] = out.items[i];
    return out;
}

static const item *draw_by_articles(const items *from)
{
    static uint64_t total;
    static const items *of;
    if (of != from) {
        of = from;
        total = 0;
        for (size_t i = 0; i < from->count; i++)
            total += from->items[i].articles;
    }
    uint64_t at = chance() % total;
    size_t i = 0;
    while (at >= from->items[i].articles)
        at -= from->items[i++].articles;
    return &from->items[i];
}

/* ---- Edits ---- */

/* Edits word[0, len) in place; returns the new length. */
static size_t edit(char *word, size_t len)
{
    char letter = (char)('a' + below(26));
    size_t at = below(len);
    switch (below(4)) {
    case 0:
        at = below(len + 1);
        memmove(word + at + 1, word + at, len - at);
        word[at] = letter;
        return len + 1;
    case 1:
        memmove(word + at, word + at + 1, len - at - 1);
        return len - 1;
    case 2:
        word[at] = letter;
        return len;
    default:
        at = below(len - 1);
        letter = word[at];
        word[at] = word[at + 1];
        word[at + 1] = letter;
        return len;
    }
}

/* One of the words of `text` that are long enough, edited. Returns the letters that it had. */
static size_t misspell(char *out, const char *text)
{
    const char *words[64];
    size_t lens[64], count = 0, pick;
    for (const char *p = text; *p && count < 64;) {
        size_t n = strcspn(p, " ");
        if (is_word(p, n)) {
            words[count] = p;
            lens[count++] = n;
        }
        p += n + (p[n] == ' ');
    }
    pick = below(count);
    do {
        char word[MAX_TEXT];
        memcpy(word, words[pick], lens[pick]);
        size_t n = edit(word, lens[pick]);
        sprintf(out, "%.*s%.*s%s", (int)(words[pick] - text), text, (int)n, word, words[pick] + lens[pick]);
    } while (!strcmp(out, text));
    return lens[pick];
}

/* ---- Asking ---- */

static morgue_names *ask(morgue_searcher *s, const char *type, const char *text)
{
    morgue_error err;
    morgue_names *names;
    if (morgue_names_find(s, type, text, FIRST, &names, &err))
        die(text, &err);
    return names;
}

static int is_right(const morgue_names *right, const morgue_name *answer, const item *drawn, int whole)
{
    if (whole)
        return !strcmp(answer->key, drawn->key);
    const morgue_name *best = morgue_names_at(right, 0);
    for (size_t i = 0; i < morgue_names_size(right); i++) {
        const morgue_name *name = morgue_names_at(right, i);
        if (name->article_count == best->article_count && !strcmp(name->how, best->how) &&
            !strcmp(name->key, answer->key))
            return 1;
    }
    return 0;
}

static void judge(morgue_searcher *s, const item *drawn, int whole, tally tallies[CLASSES], double *seconds, int show)
{
    char text[2 * MAX_TEXT];
    size_t letters = misspell(text, drawn->text);
    tally *t = &tallies[letters < 7 ? 0 : letters < 9 ? 1 : 2];
    morgue_names *right = ask(s, drawn->type, drawn->text);
    double start = now();
    morgue_names *answers = ask(s, drawn->type, text);
    *seconds += now() - start;
    size_t rank = FIRST;
    for (size_t i = morgue_names_size(answers); i-- > 0;)
        if (is_right(right, morgue_names_at(answers, i), drawn, whole))
            rank = i;
    const morgue_name *first = morgue_names_at(answers, 0);
    t->asked++;
    t->first += rank == 0;
    t->in_five += rank < FIRST;
    t->other_names += first && strcmp(first->how, "spelling") && strcmp(first->how, "sound");
    if (show && rank)
        printf("  %-24s %-24s %zu %s (%s)\n", drawn->text, text, rank + 1, first ? first->key : "-",
               first ? first->how : "-");
    morgue_names_free(right);
    morgue_names_free(answers);
}

static void print_row(const char *label, const tally *t)
{
    printf("  %-14s %6u  %6.1f %%  %6.1f %%  %6u\n", label, t->asked, 100.0 * t->first / (t->asked ? t->asked : 1),
           100.0 * t->in_five / (t->asked ? t->asked : 1), t->other_names);
}

static void run(morgue_searcher *s, const char *title, const items *from, size_t rows, int by_articles, int whole)
{
    static const char *const labels[CLASSES] = { "5-6 letters", "7-8", "9 and more" };
    tally tallies[CLASSES] = { { 0 } }, sum = { 0 };
    double seconds = 0;
    if (!from->count)
        return;
    for (size_t i = 0; i < rows; i++)
        judge(s, by_articles ? draw_by_articles(from) : &from->items[below(from->count)], whole, tallies, &seconds,
              getenv("RESOLVE_EVAL_SHOW") != NULL);
    printf("%s: %.2f ms a lookup\n  %-14s %6s  %8s  %8s  other names\n", title, seconds * 1e3 / (double)rows, "",
           "asked", "first", "in five");
    for (int i = 0; i < CLASSES; i++) {
        print_row(labels[i], &tallies[i]);
        sum.asked += tallies[i].asked;
        sum.first += tallies[i].first;
        sum.in_five += tallies[i].in_five;
        sum.other_names += tallies[i].other_names;
    }
    print_row("all", &sum);
}

/* ---- The alias table ---- */

static void run_aliases(void)
{
    unsigned asked = 0, right = 0;
    for (const char *const *row = mrg_alias_rows; *row; row++) {
        const char *canonical = *row + 1;
        mrg_buffer expected = MRG_BUFFER_INIT;
        for (const char *p = canonical; *p;) {
            size_t n = strcspn(p, "|");
            mrg_entity_type type = mrg_entity_type_of(**row);
            mrg_buffer key = MRG_BUFFER_INIT;
            int known = mrg_entity_key(&key, &type, p, n);
            if (p == canonical)
                mrg_buffer_append(&expected, key.data, key.len);
            asked++;
            if (known && key.len == expected.len && !memcmp(key.data, expected.data, key.len))
                right++;
            else
                printf("  alias %.*s: %.*s\n", (int)n, p, (int)key.len, (const char *)key.data);
            mrg_buffer_dispose(&key);
            p += n + (p[n] == '|');
        }
        mrg_buffer_dispose(&expected);
    }
    printf("aliases of the built-in table: %u of %u\n", right, asked);
}

int main(int argc, char **argv)
{
    morgue_error err;
    morgue_searcher *s;
    drawn_from from = { { 0 }, { 0 } };
    if (argc < 2 || argc > 3) {
        fputs("usage: resolve-eval ARCHIVE [ROWS]\n", stderr);
        return 2;
    }
    size_t rows = argc > 2 ? strtoul(argv[2], NULL, 10) : ROWS;
    if (morgue_searcher_open(&s, (const char *const *)&argv[1], 1, &err) ||
        morgue_names_each(s, take_name, &from, &err))
        die(argv[1], &err);
    items words = each_word(&from.words);
    printf("%zu words of 5 letters and more, %zu names of two words and more\n", words.count, from.names.count);
    run(s, "words by frequency", &from.words, rows, 1, 0);
    run(s, "words, each alike", &words, rows, 0, 0);
    run(s, "whole names", &from.names, rows, 0, 1);
    run_aliases();
    morgue_searcher_close(s);
    return 0;
}

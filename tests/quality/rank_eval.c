/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rank-eval DIR...: ranking measured on judged collections. Each folder holds docs.jsonl.gz (id, title,
 * text), queries.tsv (number TAB text) and qrels.trec (query, 0, document, relevance). Indexes the
 * documents, runs the queries ranked by any of their words, and prints mean average precision and
 * nDCG@10 by trec_eval's definitions: gains are the relevance values, the discount is log2(rank + 1),
 * and queries without a relevant document do not count.
 *
 * --k1 X --b X --title X ... set the parameters of ranking, for tuning.
 */
#include <dirent.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buffer.h"
#include "morgue.h"
#include "rank.h"
#include "text/tokenize.h"

enum { DEPTH = 1000, CUT = 10 };

struct judgement {
    char query[32], doc[64];
    int relevance;
};

struct collection {
    struct judgement *judgements;
    size_t count, capacity;
};

struct score {
    double map, ndcg;
    size_t queries;
};

static void die(const char *what, const morgue_error *err)
{
    fprintf(stderr, "rank-eval: %s: %s\n", what, err ? err->message : "failed");
    exit(2);
}

static FILE *open_in(const char *dir, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        exit(2);
    }
    return file;
}

static void read_judgements(struct collection *c, const char *dir)
{
    FILE *file = open_in(dir, "qrels.trec");
    struct judgement j;
    while (fscanf(file, "%31s %*s %63s %d", j.query, j.doc, &j.relevance) == 3) {
        if (c->count == c->capacity) {
            c->capacity = c->capacity ? 2 * c->capacity : 1024;
            c->judgements = realloc(c->judgements, c->capacity * sizeof *c->judgements);
            if (!c->judgements)
                die("qrels", NULL);
        }
        c->judgements[c->count++] = j;
    }
    fclose(file);
}

static int relevance_of(const struct collection *c, const char *query, const char *doc)
{
    for (size_t i = 0; i < c->count; i++)
        if (!strcmp(c->judgements[i].query, query) && !strcmp(c->judgements[i].doc, doc))
            return c->judgements[i].relevance > 0 ? c->judgements[i].relevance : 0;
    return 0;
}

static int descending(const void *a, const void *b)
{
    return *(const int *)b - *(const int *)a;
}

static double ideal_gain(const struct collection *c, const char *query, size_t *relevant)
{
    int *gains = calloc(c->count + 1, sizeof *gains);
    size_t n = 0;
    double sum = 0;
    if (!gains)
        die("qrels", NULL);
    for (size_t i = 0; i < c->count; i++)
        if (!strcmp(c->judgements[i].query, query) && c->judgements[i].relevance > 0)
            gains[n++] = c->judgements[i].relevance;
    qsort(gains, n, sizeof *gains, descending);
    for (size_t i = 0; i < n && i < CUT; i++)
        sum += gains[i] / log2((double)i + 2);
    free(gains);
    *relevant = n;
    return sum;
}

/* The words of a query's text, as a query that has no operators in it. */
static void plain_words(mrg_buffer *out, const char *text)
{
    mrg_tokens tokens = { 0 };
    if (mrg_tokenize(&tokens, text, 0, strlen(text), 0, NULL))
        die("query", NULL);
    for (size_t i = 0; i < tokens.count; i++) {
        mrg_buffer_append_byte(out, ' ');
        mrg_buffer_append(out, mrg_token_term(&tokens, &tokens.items[i]), tokens.items[i].term_len);
    }
    mrg_tokens_dispose(&tokens);
}

static void run_query(morgue_searcher *searcher, const struct collection *c, const char *number, const char *text,
                      struct score *sum)
{
    const morgue_search_options options = { .limit = DEPTH, .any = 1 };
    morgue_results *results;
    morgue_error err = { 0 };
    size_t relevant;
    mrg_buffer words = MRG_BUFFER_INIT;
    double ideal = ideal_gain(c, number, &relevant), precisions = 0, gain = 0;
    if (!relevant)
        return;
    plain_words(&words, text);
    if (morgue_search(searcher, mrg_buffer_cstr(&words), &options, &results, &err))
        die(text, &err);
    size_t found = 0;
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        int relevance = relevance_of(c, number, morgue_hit_id(morgue_results_hit(results, i)));
        if (!relevance)
            continue;
        precisions += (double)++found / (double)(i + 1);
        if (i < CUT)
            gain += relevance / log2((double)i + 2);
    }
    sum->map += precisions / (double)relevant;
    sum->ndcg += gain / ideal;
    sum->queries++;
    morgue_results_free(results);
    mrg_buffer_dispose(&words);
}

static void run_queries(morgue_searcher *searcher, const struct collection *c, const char *dir, struct score *sum)
{
    FILE *file = open_in(dir, "queries.tsv");
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0) {
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        *tab = 0;
        run_query(searcher, c, line, tab + 1, sum);
    }
    free(line);
    fclose(file);
}

static void tell(void *ctx, const char *line)
{
    (void)ctx;
    fprintf(stderr, "rank-eval: %s\n", line);
}

static void index_documents(const char *archive, const char *dir)
{
    const morgue_index_options options = { .no_entities = 1, .message = tell };
    char path[4096];
    morgue_indexer *indexer;
    morgue_error err = { 0 };
    snprintf(path, sizeof path, "%s/docs.jsonl.gz", dir);
    if (morgue_indexer_open(&indexer, archive, &options, &err) || morgue_indexer_add_source(indexer, path, &err) ||
        morgue_indexer_commit(indexer, &err))
        die(dir, &err);
    morgue_indexer_close(indexer);
}

static void remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char below[4096 + 256];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (unlink(below))
            remove_tree(below);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

static void evaluate(const char *dir, const mrg_rank_params *params)
{
    const char *base = getenv("TMPDIR");
    char archive[4096];
    struct collection c = { 0 };
    struct score sum = { 0 };
    morgue_searcher *searcher;
    morgue_error err = { 0 };
    snprintf(archive, sizeof archive, "%s/rank-eval-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(archive))
        die(archive, NULL);
    index_documents(archive, dir);
    const char *paths[] = { archive };
    if (morgue_searcher_open(&searcher, paths, 1, &err))
        die(dir, &err);
    mrg_searcher_set_rank(searcher, params);
    read_judgements(&c, dir);
    run_queries(searcher, &c, dir, &sum);
    double n = sum.queries ? (double)sum.queries : 1;
    printf("%-40s queries %4zu  MAP %.4f  nDCG@10 %.4f\n", dir, sum.queries, sum.map / n, sum.ndcg / n);
    morgue_searcher_close(searcher);
    remove_tree(archive);
    free(c.judgements);
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "k1", required_argument, NULL, 'k' },
                                             { "b", required_argument, NULL, 'b' },
                                             { "title", required_argument, NULL, 't' },
                                             { "common", required_argument, NULL, 'c' },
                                             { NULL, 0, NULL, 0 } };
    mrg_rank_params params = mrg_rank_defaults;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'k')
            params.k1 = strtod(optarg, NULL);
        else if (option == 'b')
            params.b = strtod(optarg, NULL);
        else if (option == 't')
            params.title_boost = strtod(optarg, NULL);
        else if (option == 'c')
            params.common = strtod(optarg, NULL);
        else
            return 2;
    }
    if (optind == argc) {
        fprintf(stderr, "usage: rank-eval [--k1 X] [--b X] [--title X] [--common X] DIR...\n");
        return 2;
    }
    for (int i = optind; i < argc; i++)
        evaluate(argv[i], &params);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-train: judged texts -> a model of names. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "train/learn.h"
#include "train/lists.h"

typedef struct arguments {
    const char *output, *names, *clusters;
    size_t most_words;
    uint32_t least;
    size_t features;
    float smallest;
    mrg_learn_options learn;
    char **files;
    int file_count;
} arguments;

static const char help[] =
    "Usage: morgue-train -o MODEL [OPTIONS] FILE[:WEIGHT]...\n"
    "\n"
    "Learns to find names from judged texts: a token TAB tag a line (BIO: PER, ORG, LOC), an empty line after\n"
    "each sentence, -DOCSTART- before each document; plain or gzipped. The same texts give the same model.\n"
    "\n"
    "  -o, --output=MODEL     the file to write\n"
    "      --clusters=FILE    word clusters: coarse, middle, fine number, word, with tabs between\n"
    "      --words=N          take only the first N words with clusters [100000]\n"
    "      --names=FILE       listed names: class TAB name\n"
    "      --epochs=N         times through the texts [12]\n"
    "      --rate=X           of learning [0.03]\n"
    "      --dropout=X        share of features left out at random [0.5]\n"
    "      --least=N          forget features that occur less often [3]\n"
    "      --features=N       learn twice, then with the N features that weighed most [200000]\n"
    "      --smallest=X       leave out weights that are smaller [0.03]\n"
    "  -h, --help\n";

enum { OPT_CLUSTERS = 256, OPT_WORDS, OPT_NAMES, OPT_EPOCHS, OPT_RATE, OPT_DROPOUT, OPT_LEAST, OPT_SMALLEST, OPT_FEATURES };

static const struct option long_options[] = { { "output", required_argument, NULL, 'o' },
                                              { "clusters", required_argument, NULL, OPT_CLUSTERS },
                                              { "words", required_argument, NULL, OPT_WORDS },
                                              { "names", required_argument, NULL, OPT_NAMES },
                                              { "epochs", required_argument, NULL, OPT_EPOCHS },
                                              { "rate", required_argument, NULL, OPT_RATE },
                                              { "dropout", required_argument, NULL, OPT_DROPOUT },
                                              { "features", required_argument, NULL, OPT_FEATURES },
                                              { "least", required_argument, NULL, OPT_LEAST },
                                              { "smallest", required_argument, NULL, OPT_SMALLEST },
                                              { "help", no_argument, NULL, 'h' },
                                              { NULL, 0, NULL, 0 } };

/* 0 to go on, else the exit status plus 1. */
static int read_arguments(arguments *a, int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
        switch (option) {
        case 'o':
            a->output = optarg;
            break;
        case OPT_CLUSTERS:
            a->clusters = optarg;
            break;
        case OPT_WORDS:
            a->most_words = strtoul(optarg, NULL, 10);
            break;
        case OPT_NAMES:
            a->names = optarg;
            break;
        case OPT_EPOCHS:
            a->learn.epochs = atoi(optarg);
            break;
        case OPT_RATE:
            a->learn.rate = strtof(optarg, NULL);
            break;
        case OPT_DROPOUT:
            a->learn.dropout = strtof(optarg, NULL);
            break;
        case OPT_FEATURES:
            a->features = strtoul(optarg, NULL, 10);
            break;
        case OPT_LEAST:
            a->least = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case OPT_SMALLEST:
            a->smallest = strtof(optarg, NULL);
            break;
        case 'h':
            fputs(help, stdout);
            return 1;
        default:
            return 3;
        }
    }
    a->files = argv + optind;
    a->file_count = argc - optind;
    if (!a->output || !a->file_count || a->learn.epochs < 1 || !(a->learn.dropout >= 0 && a->learn.dropout < 1)) {
        fputs("morgue-train: an output and texts are needed; --help says more\n", stderr);
        return 3;
    }
    return 0;
}

/* ---- From texts to weights ---- */

static morgue_status read_texts(mrg_corpus *c, const arguments *a, morgue_error *err)
{
    for (int i = 0; i < a->file_count; i++) {
        char *path = a->files[i], *colon = strrchr(path, ':');
        char *end = NULL;
        float weight = colon ? strtof(colon + 1, &end) : 1;
        if (colon && !*end && end > colon + 1)
            *colon = 0;
        else
            weight = 1;
        size_t tokens = c->piece_count, alive = c->token_count;
        morgue_status status = mrg_corpus_add(c, path, weight, err);
        if (status)
            return status;
        fprintf(stderr, "%s: %zu words, %zu of them may be in names\n", path, c->piece_count - tokens,
                c->token_count - alive);
    }
    return mrg_corpus_number(c, a->least, err);
}

static int8_t round_weight(float weight)
{
    float units = roundf(weight * MRG_TAG_UNIT);
    return (int8_t)(units > 127 ? 127 : units < -127 ? -127 : units);
}

/* The features whose weights matter. */
static morgue_status keep_features(const arguments *a, const mrg_corpus *c, const mrg_learned *learned,
                                   mrg_model_entry **out, size_t *count, morgue_error *err)
{
    mrg_model_entry *entries = mrg_calloc(c->feature_count + 1, sizeof *entries);
    *count = 0;
    if (!entries)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < c->feature_count; i++) {
        const float *row = learned->weights + i * MRG_ROW;
        mrg_model_entry *e = &entries[*count];
        int matters = 0;
        e->key = c->keys[i];
        for (int k = 0; k < MRG_LABELS; k++) {
            e->weights[k] = fabsf(row[k]) >= a->smallest ? round_weight(row[k]) : 0;
            matters |= e->weights[k];
        }
        *count += matters != 0;
    }
    *out = entries;
    return MORGUE_OK;
}

static int descending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

static float largest_weight(const mrg_learned *learned, size_t feature)
{
    float most = 0;
    for (size_t k = 0; k < MRG_LABELS; k++)
        most = fmaxf(most, fabsf(learned->weights[feature * MRG_ROW + k]));
    return most;
}

/* Keeps the `wanted` features with the largest weights. */
static morgue_status drop_features(mrg_corpus *c, const mrg_learned *learned, size_t wanted, morgue_error *err)
{
    float *sorted = mrg_calloc(c->feature_count, sizeof *sorted);
    unsigned char *keep = mrg_calloc(c->feature_count, 1);
    uint32_t *numbers = mrg_calloc(c->feature_count, sizeof *numbers);
    int ok = sorted && keep && numbers;
    if (ok) {
        for (size_t i = 0; i < c->feature_count; i++)
            sorted[i] = largest_weight(learned, i);
        qsort(sorted, c->feature_count, sizeof *sorted, descending);
        for (size_t i = 0; i < c->feature_count; i++)
            keep[i] = largest_weight(learned, i) > sorted[wanted];
        mrg_corpus_drop(c, keep, numbers);
    }
    mrg_free(sorted);
    mrg_free(keep);
    mrg_free(numbers);
    return ok ? MORGUE_OK : mrg_fail_nomem(err);
}

static morgue_status write_file(const mrg_buffer *model, const char *path, morgue_error *err)
{
    if (model->failed)
        return mrg_fail_nomem(err);
    FILE *out = fopen(path, "wb");
    if (!out || fwrite(model->data, 1, model->len, out) != model->len) {
        if (out)
            fclose(out);
        return mrg_fail(err, MORGUE_ERR_IO, "cannot write %s", path);
    }
    return fclose(out) ? mrg_fail(err, MORGUE_ERR_IO, "cannot write %s", path) : MORGUE_OK;
}

static morgue_status write_model(const arguments *a, const mrg_corpus *c, const mrg_learned *learned, mrg_lists *lists,
                                 morgue_error *err)
{
    mrg_buffer model = MRG_BUFFER_INIT;
    mrg_model_entry *features = NULL;
    int16_t transitions[MRG_LABELS * MRG_LABELS];
    size_t count = 0;
    for (int i = 0; i < MRG_LABELS * MRG_LABELS; i++)
        transitions[i] = (int16_t)lrintf(fmaxf(-1000, fminf(1000, learned->transitions[i] * MRG_TAG_UNIT)));
    morgue_status status = keep_features(a, c, learned, &features, &count, err);
    if (!status) {
        mrg_model_write(&model, features, count, lists->words, lists->word_count, lists->names, lists->name_count,
                        transitions);
        status = write_file(&model, a->output, err);
        fprintf(stderr, "%zu of %zu features kept, %zu bytes\n", count, c->feature_count, model.len);
    }
    mrg_free(features);
    mrg_buffer_dispose(&model);
    return status;
}

/* ---- All of it ---- */

static void tell_progress(void *ctx, int epoch, double loss)
{
    (void)ctx;
    fprintf(stderr, "epoch %d: loss %.0f\n", epoch, loss);
}

static morgue_status train(const arguments *a, morgue_error *err)
{
    mrg_lists lists = { 0 };
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_model *model = NULL;
    mrg_corpus *corpus = NULL;
    mrg_learned learned = { 0 };
    const int16_t none[MRG_LABELS * MRG_LABELS] = { 0 };
    morgue_status status = a->clusters ? mrg_lists_read_clusters(&lists, a->clusters, a->most_words, err) : MORGUE_OK;
    if (!status && a->names)
        status = mrg_lists_read_names(&lists, a->names, err);
    if (!status) {
        mrg_lists_finish(&lists);
        mrg_model_write(&bytes, NULL, 0, lists.words, lists.word_count, lists.names, lists.name_count, none);
        status = bytes.failed ? mrg_fail_nomem(err)
                              : mrg_model_open_bytes(&model, bytes.data, bytes.len, "lists", err);
    }
    if (!status)
        status = mrg_corpus_create(&corpus, model, err);
    if (!status)
        status = read_texts(corpus, a, err);
    if (!status)
        status = mrg_learn(corpus, &a->learn, &learned, err);
    if (!status && a->features && a->features < corpus->feature_count) {
        status = drop_features(corpus, &learned, a->features, err);
        mrg_learned_dispose(&learned);
        if (!status)
            status = mrg_learn(corpus, &a->learn, &learned, err);
    }
    if (!status)
        status = write_model(a, corpus, &learned, &lists, err);
    mrg_learned_dispose(&learned);
    mrg_corpus_free(corpus);
    mrg_model_free(model);
    mrg_buffer_dispose(&bytes);
    mrg_lists_dispose(&lists);
    return status;
}

int main(int argc, char **argv)
{
    arguments a = { .most_words = 100000,
                    .least = 3,
                    .smallest = 0.03f,
                    .features = 200000,
                    .learn = { .epochs = 12, .rate = 0.03f, .dropout = 0.5f, .progress = tell_progress } };
    morgue_error err;
    int stop = read_arguments(&a, argc, argv);
    if (stop)
        return stop - 1;
    if (!train(&a, &err))
        return 0;
    fprintf(stderr, "morgue-train: %s\n", err.message);
    return 2;
}

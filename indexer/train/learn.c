/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/learn.h"

#include <math.h>

#include "core/alloc.h"
#include "core/error.h"

enum { MOST_TOKENS = 200, MOST_FEATURES = MRG_TOKEN_FEATURES + MRG_OFFSETS * MRG_WORD_FEATURES_MAX };

typedef struct learner {
    const mrg_corpus *c;
    const mrg_learn_options *options;
    float *weights, *squares; /* MRG_ROW of each feature; sums of squared gradients */
    float *transitions, transition_squares[MRG_LABELS * MRG_LABELS];
    float *sums, transition_sums[MRG_LABELS * MRG_LABELS]; /* of the weights after each of the later epochs */
    uint64_t random;
    double loss;
    /* of one sequence */
    uint32_t *used[MOST_TOKENS]; /* numbers of features */
    size_t used_count[MOST_TOKENS];
    float scores[MOST_TOKENS][MRG_ROW];
    double forward[MOST_TOKENS + 1][MRG_ROW], backward[MOST_TOKENS + 1][MRG_ROW], own[MOST_TOKENS][MRG_ROW];
} learner;

void mrg_learned_dispose(mrg_learned *l)
{
    mrg_free(l->weights);
    memset(l, 0, sizeof *l);
}

/* xorshift64* (S. Vigna), seeded alike each time, so that the same texts give the same model. */
static uint64_t draw(learner *l)
{
    l->random ^= l->random >> 12;
    l->random ^= l->random << 25;
    l->random ^= l->random >> 27;
    return l->random * 0x2545f4914f6cdd1du;
}

/* ---- Scores ---- */

static void use(learner *l, size_t n, const uint64_t *features, size_t count, uint32_t keep)
{
    for (size_t k = 0; k < count; k++) {
        if (features[k] == MRG_NO_FEATURE || (keep < UINT32_MAX && (uint32_t)(draw(l) >> 32) > keep))
            continue;
        const float *row = l->weights + features[k] * MRG_ROW;
        for (int j = 0; j < MRG_ROW; j++)
            l->scores[n][j] += row[j];
        l->used[n][l->used_count[n]++] = (uint32_t)features[k];
    }
}

static void score_token(learner *l, size_t n, size_t token)
{
    const mrg_corpus_token *t = &l->c->tokens[token];
    double kept = 1 - (double)l->options->dropout;
    uint32_t keep = kept >= 1 ? UINT32_MAX : (uint32_t)(kept * UINT32_MAX);
    l->used_count[n] = 0;
    memset(l->scores[n], 0, sizeof l->scores[n]);
    for (int o = 0; o < MRG_OFFSETS; o++) {
        const mrg_corpus_word *word = &l->c->words[t->words[o]];
        use(l, n, l->c->word_features + word->begin[o], word->begin[o + 1] - word->begin[o], keep);
    }
    use(l, n, l->c->token_features + token * MRG_TOKEN_FEATURES, MRG_TOKEN_FEATURES, keep);
    if (kept < 1) {
        for (int k = 0; k < MRG_ROW; k++)
            l->scores[n][k] /= (float)kept;
    }
}

/* ---- Forward and backward, in probabilities scaled for each word ---- */

static double scale(double v[MRG_ROW])
{
    double sum = 0;
    for (int k = 0; k < MRG_LABELS; k++)
        sum += v[k];
    for (int k = 0; k < MRG_LABELS; k++)
        v[k] /= sum;
    return sum;
}

static void run_forward(learner *l, size_t count, double odds[MRG_LABELS][MRG_LABELS], double *log_sum)
{
    memset(l->forward[0], 0, sizeof l->forward[0]);
    l->forward[0][0] = 1;
    *log_sum = 0;
    for (size_t n = 0; n < count; n++) {
        double most = l->scores[n][0];
        for (int k = 1; k < MRG_LABELS; k++)
            most = l->scores[n][k] > most ? l->scores[n][k] : most;
        memset(l->forward[n + 1], 0, sizeof l->forward[n + 1]);
        for (int k = 0; k < MRG_LABELS; k++) {
            l->own[n][k] = exp(l->scores[n][k] - most);
            double sum = 0;
            for (int j = 0; j < MRG_LABELS; j++)
                sum += l->forward[n][j] * odds[j][k];
            l->forward[n + 1][k] = sum * l->own[n][k];
        }
        *log_sum += most + log(scale(l->forward[n + 1]));
    }
    double end = 0;
    for (int k = 0; k < MRG_LABELS; k++)
        end += l->forward[count][k] * odds[k][0];
    *log_sum += log(end);
}

static void run_backward(learner *l, size_t count, double odds[MRG_LABELS][MRG_LABELS])
{
    for (int k = 0; k < MRG_LABELS; k++)
        l->backward[count][k] = odds[k][0];
    scale(l->backward[count]);
    for (size_t n = count - 1; n > 0; n--) {
        for (int j = 0; j < MRG_LABELS; j++) {
            double sum = 0;
            for (int k = 0; k < MRG_LABELS; k++)
                sum += odds[j][k] * l->own[n][k] * l->backward[n + 1][k];
            l->backward[n][j] = sum;
        }
        scale(l->backward[n]);
    }
}

/* ---- Steps ---- */

static void step_row(float *restrict weights, float *restrict squares, const float *restrict gradient, float rate)
{
    for (int k = 0; k < MRG_ROW; k++) {
        squares[k] += gradient[k] * gradient[k];
        weights[k] -= rate * gradient[k] / sqrtf(squares[k] + 1e-4f);
    }
}

static void step_token(learner *l, size_t n, const mrg_corpus_token *t)
{
    float gradient[MRG_ROW] = { 0 }, most = 0;
    double p[MRG_ROW], sum = 0;
    for (int k = 0; k < MRG_LABELS; k++)
        sum += p[k] = l->forward[n + 1][k] * l->backward[n + 1][k];
    for (int k = 0; k < MRG_LABELS; k++) {
        gradient[k] = (float)(p[k] / sum - (k == t->label)) * t->weight;
        most = fabsf(gradient[k]) > most ? fabsf(gradient[k]) : most;
    }
    if (most < 0.003f)
        return;
    for (size_t i = 0; i < l->used_count[n]; i++) {
        size_t at = l->used[n][i] * (size_t)MRG_ROW;
        step_row(l->weights + at, l->squares + at, gradient, l->options->rate);
    }
}

static void step_transitions(learner *l, size_t count, const mrg_corpus_token *t, double odds[MRG_LABELS][MRG_LABELS])
{
    double gradient[MRG_LABELS][MRG_LABELS] = { { 0 } };
    for (size_t n = 0; n <= count; n++) {
        double p[MRG_LABELS][MRG_LABELS], sum = 0;
        for (int j = 0; j < MRG_LABELS; j++) {
            for (int k = 0; k < MRG_LABELS; k++) {
                double last = n == count ? (k == 0) : l->own[n][k] * l->backward[n + 1][k];
                sum += p[j][k] = l->forward[n][j] * odds[j][k] * last;
            }
        }
        for (int j = 0; j < MRG_LABELS; j++) {
            for (int k = 0; k < MRG_LABELS; k++)
                gradient[j][k] += p[j][k] / sum;
        }
        gradient[n ? t[n - 1].label : 0][n < count ? t[n].label : 0] -= 1;
    }
    for (int i = 0; i < MRG_LABELS * MRG_LABELS; i++) {
        float g = (float)gradient[i / MRG_LABELS][i % MRG_LABELS] * t->weight;
        l->transition_squares[i] += g * g;
        l->transitions[i] -= l->options->rate * g / sqrtf(l->transition_squares[i] + 1e-4f);
    }
}

static double path_score(const learner *l, size_t count, const mrg_corpus_token *t)
{
    double score = 0;
    int before = 0;
    for (size_t n = 0; n < count; n++) {
        score += l->scores[n][t[n].label] + l->transitions[before * MRG_LABELS + t[n].label];
        before = t[n].label;
    }
    return score + l->transitions[before * MRG_LABELS];
}

static void learn_sequence(learner *l, size_t first, size_t count)
{
    const mrg_corpus_token *t = &l->c->tokens[first];
    double odds[MRG_LABELS][MRG_LABELS], log_sum;
    for (int i = 0; i < MRG_LABELS * MRG_LABELS; i++)
        odds[i / MRG_LABELS][i % MRG_LABELS] = mrg_label_follows(i / MRG_LABELS, i % MRG_LABELS) ? exp(l->transitions[i]) : 0;
    for (size_t n = 0; n < count; n++)
        score_token(l, n, first + n);
    run_forward(l, count, odds, &log_sum);
    run_backward(l, count, odds);
    double loss = log_sum - path_score(l, count, t);
    l->loss += loss;
    if (loss < 0.003)
        return;
    for (size_t n = 0; n < count; n++)
        step_token(l, n, &t[n]);
    step_transitions(l, count, t, odds);
}

/* ---- Epochs ---- */

static size_t sequence_end(const mrg_corpus *c, size_t first)
{
    size_t end = first + 1;
    while (end < c->token_count && !c->tokens[end].first && end - first < MOST_TOKENS)
        end++;
    return end;
}

/* The mean over the second half of the epochs: the last texts seen weigh no more than the others. */
static void add_weights(learner *l)
{
    for (size_t i = 0; i < l->c->feature_count * MRG_ROW; i++)
        l->sums[i] += l->weights[i];
    for (size_t i = 0; i < MRG_LABELS * MRG_LABELS; i++)
        l->transition_sums[i] += l->transitions[i];
}

static void average_weights(learner *l, int epochs)
{
    for (size_t i = 0; i < l->c->feature_count * MRG_ROW; i++)
        l->weights[i] = l->sums[i] / (float)epochs;
    for (size_t i = 0; i < MRG_LABELS * MRG_LABELS; i++)
        l->transitions[i] = l->transition_sums[i] / (float)epochs;
}

static void run_epochs(learner *l, size_t *sequences, size_t count)
{
    for (int epoch = 0; epoch < l->options->epochs; epoch++) {
        for (size_t i = count; i > 1; i--) {
            size_t k = (size_t)(draw(l) % i), other = sequences[k];
            sequences[k] = sequences[i - 1];
            sequences[i - 1] = other;
        }
        l->loss = 0;
        for (size_t i = 0; i < count; i++)
            learn_sequence(l, sequences[i], sequence_end(l->c, sequences[i]) - sequences[i]);
        if (epoch >= l->options->epochs / 2)
            add_weights(l);
        if (l->options->progress)
            l->options->progress(l->options->ctx, epoch + 1, l->loss);
    }
    average_weights(l, l->options->epochs - l->options->epochs / 2);
}

morgue_status mrg_learn(const mrg_corpus *c, const mrg_learn_options *options, mrg_learned *out, morgue_error *err)
{
    memset(out, 0, sizeof *out);
    learner *l = mrg_calloc(1, sizeof *l);
    size_t *sequences = mrg_calloc(c->token_count + 1, sizeof *sequences), count = 0;
    uint32_t *used = mrg_calloc(MOST_TOKENS * MOST_FEATURES, sizeof *used);
    float *squares = mrg_calloc((c->feature_count + 1) * MRG_ROW, sizeof *squares);
    float *sums = mrg_calloc((c->feature_count + 1) * MRG_ROW, sizeof *sums);
    out->weights = mrg_calloc((c->feature_count + 1) * MRG_ROW, sizeof *out->weights);
    int ok = l && sequences && used && squares && sums && out->weights;
    if (ok) {
        l->c = c;
        l->options = options;
        l->weights = out->weights;
        l->squares = squares;
        l->sums = sums;
        l->transitions = out->transitions;
        l->random = 0x9e3779b97f4a7c15u;
        for (size_t n = 0; n < MOST_TOKENS; n++)
            l->used[n] = used + n * MOST_FEATURES;
        for (size_t i = 0; i < c->token_count; i = sequence_end(c, i))
            sequences[count++] = i;
        run_epochs(l, sequences, count);
    }
    mrg_free(squares);
    mrg_free(sums);
    mrg_free(used);
    mrg_free(sequences);
    mrg_free(l);
    if (ok)
        return MORGUE_OK;
    mrg_learned_dispose(out);
    return mrg_fail_nomem(err);
}

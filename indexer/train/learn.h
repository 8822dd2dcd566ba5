/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conditional random field of the first order over labels (J. Lafferty and others, ICML 2001), learned by
 * stochastic gradient descent with a rate for each weight (AdaGrad; J. Duchi and others, JMLR 2011).
 */
#ifndef MRG_LEARN_H
#define MRG_LEARN_H

#include "train/corpus.h"

typedef struct mrg_learn_options {
    int epochs;
    float rate, dropout;
    void (*progress)(void *ctx, int epoch, double loss);
    void *ctx;
} mrg_learn_options;

typedef struct mrg_learned {
    float *weights; /* MRG_ROW of each feature */
    float transitions[MRG_LABELS * MRG_LABELS];
} mrg_learned;

void mrg_learned_dispose(mrg_learned *learned);
morgue_status mrg_learn(const mrg_corpus *corpus, const mrg_learn_options *options, mrg_learned *out,
                        morgue_error *err);

#endif

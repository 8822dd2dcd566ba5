/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judged texts for training and measuring: files, plain or gzipped, a token TAB tag a line (BIO: PER, ORG,
 * LOC; other tags count as O), an empty line after each sentence, -DOCSTART- before each document. A running
 * text is made of the tokens again, so that the finder meets what it will meet later.
 */
#ifndef MRG_JUDGED_H
#define MRG_JUDGED_H

#include "core/buffer.h"
#include "core/error.h"

enum { MRG_JUDGED_TYPES = 3 };

typedef struct mrg_judged_token {
    size_t begin, end; /* bytes of the text */
} mrg_judged_token;

typedef struct mrg_judged_span {
    size_t first, last; /* tokens, both inside */
    int type;           /* 0 PER, 1 ORG, 2 LOC */
} mrg_judged_span;

/* Zero-initialise, reuse, dispose. */
typedef struct mrg_judged {
    mrg_buffer text;
    mrg_judged_token *tokens;
    size_t token_count, token_capacity;
    mrg_judged_span *spans;
    size_t span_count, span_capacity;
    int open;          /* the type of the span that the last token was in, or -1 */
    int sentence_open; /* tokens since the last empty line */
    int glue;          /* no space before the next token */
    int quote;         /* inside "..." */
    size_t sentences;
} mrg_judged;

void mrg_judged_dispose(mrg_judged *judged);

/* Calls `visit` with each document; non-zero from it ends the reading and is returned. A document of more
   than `most_sentences` is parted (0: never). */
int mrg_judged_read(const char *path, size_t most_sentences, int (*visit)(void *ctx, const mrg_judged *judged),
                    void *ctx, morgue_error *err);

extern const char *const mrg_judged_names[MRG_JUDGED_TYPES]; /* "PER", "ORG", "LOC" */

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sources without an archive: what would be indexed. */
#include "source/source.h"

enum { DEFAULT_ARTICLE_BYTES = 16 << 20 };

typedef struct extraction {
    const morgue_index_options *options;
    int (*article)(void *ctx, const morgue_article *article, const char *place);
    void *ctx;
} extraction;

static morgue_status give(void *ctx, const morgue_article *article, const char *place, morgue_error *err)
{
    const extraction *x = ctx;
    return x->article(x->ctx, article, place) ? mrg_fail(err, MORGUE_ERR_CANCELLED, "cancelled") : MORGUE_OK;
}

static void skipped(void *ctx, const char *line)
{
    const extraction *x = ctx;
    if (x->options->message)
        x->options->message(x->options->ctx, line);
}

morgue_status morgue_extract(const char *path, const morgue_index_options *options,
                             int (*article)(void *ctx, const morgue_article *article, const char *place), void *ctx,
                             morgue_error *err)
{
    static const morgue_index_options defaults = MORGUE_INDEX_OPTIONS_INIT;
    const morgue_index_options *o = options ? options : &defaults;
    extraction x = { o, article, ctx };
    const mrg_source_options source = {
        .input = o->input,
        .fields = o->fields,
        .max_article_bytes = o->max_article_bytes ? o->max_article_bytes : DEFAULT_ARTICLE_BYTES,
        .max_inflated_bytes = o->max_inflated_bytes,
        .max_inflate_ratio = o->max_inflate_ratio,
    };
    const mrg_source_handler handler = { .article = give, .skipped = skipped, .ctx = &x };
    mrg_error_clear(err);
    return mrg_source_read(path, &source, &handler, err);
}

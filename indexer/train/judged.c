/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/judged.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "core/alloc.h"

enum { LINE = 4096 };

const char *const mrg_judged_names[MRG_JUDGED_TYPES] = { "PER", "ORG", "LOC" };

void mrg_judged_dispose(mrg_judged *d)
{
    mrg_buffer_dispose(&d->text);
    mrg_free(d->tokens);
    mrg_free(d->spans);
    memset(d, 0, sizeof *d);
}

static int type_of_tag(const char *tag)
{
    for (int t = 0; t < MRG_JUDGED_TYPES; t++) {
        if (!strcmp(tag, mrg_judged_names[t]))
            return t;
    }
    return -1;
}

static int sticks_to_left(const mrg_judged *d, const char *token)
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

static void put_token(mrg_judged *d, const char *token)
{
    size_t len = strlen(token);
    if (d->sentence_open && !d->glue && !sticks_to_left(d, token))
        mrg_buffer_append_byte(&d->text, ' ');
    if (mrg_reserve((void **)&d->tokens, &d->token_capacity, d->token_count + 1, sizeof *d->tokens)) {
        d->text.failed = 1;
        return;
    }
    d->tokens[d->token_count++] = (mrg_judged_token){ d->text.len, d->text.len + len };
    mrg_buffer_append(&d->text, token, len);
    int quote = !strcmp(token, "\"");
    d->glue = !strcmp(token, "(") || !strcmp(token, "[") || !strcmp(token, "$") || !strcmp(token, "\xe2\x80\x9c") ||
              (quote && !d->quote);
    if (quote)
        d->quote = !d->quote;
    d->sentence_open = 1;
}

static void put_tag(mrg_judged *d, const char *tag)
{
    int begins = tag[0] == 'B', inside = tag[0] == 'I';
    int type = begins || inside ? type_of_tag(tag + 2) : -1;
    if (type >= 0 && (begins || type != d->open)) {
        if (mrg_reserve((void **)&d->spans, &d->span_capacity, d->span_count + 1, sizeof *d->spans)) {
            d->text.failed = 1;
            return;
        }
        d->spans[d->span_count++] = (mrg_judged_span){ d->token_count - 1, d->token_count - 1, type };
    } else if (type >= 0) {
        d->spans[d->span_count - 1].last = d->token_count - 1;
    }
    d->open = type;
}

/* Sentences that end as sentences do go on in the paragraph; others were lines of their own. */
static void end_sentence(mrg_judged *d)
{
    if (d->sentence_open && d->text.len) {
        unsigned char last = d->text.data[d->text.len - 1];
        mrg_buffer_append_str(&d->text, strchr(".?!\"'", last) ? " " : "\n\n");
        d->sentences++;
    }
    d->sentence_open = d->quote = 0;
    d->glue = 1;
    d->open = -1;
}

static void reset(mrg_judged *d)
{
    mrg_buffer_clear(&d->text);
    d->token_count = d->span_count = d->sentences = 0;
    d->sentence_open = d->quote = 0;
    d->glue = 1;
    d->open = -1;
}

typedef struct reading {
    mrg_judged judged;
    size_t most_sentences;
    int (*visit)(void *ctx, const mrg_judged *judged);
    void *ctx;
    morgue_error *err;
} reading;

static int end_document(reading *r)
{
    if (r->judged.text.failed)
        return mrg_fail_nomem(r->err);
    int stop = r->judged.token_count ? r->visit(r->ctx, &r->judged) : 0;
    reset(&r->judged);
    return stop;
}

static int read_line(reading *r, char *line)
{
    char *tab = strchr(line, '\t');
    if (!strncmp(line, "-DOCSTART-", 10))
        return end_document(r);
    if (tab && tab > line) {
        *tab = 0;
        put_token(&r->judged, line);
        put_tag(&r->judged, tab + 1);
        return 0;
    }
    end_sentence(&r->judged);
    return r->most_sentences && r->judged.sentences >= r->most_sentences ? end_document(r) : 0;
}

int mrg_judged_read(const char *path, size_t most_sentences, int (*visit)(void *ctx, const mrg_judged *judged),
                    void *ctx, morgue_error *err)
{
    char line[LINE];
    reading r = { .most_sentences = most_sentences, .visit = visit, .ctx = ctx, .err = err };
    gzFile in = gzopen(path, "rb");
    if (!in)
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    int stop = 0;
    reset(&r.judged);
    while (!stop && gzgets(in, line, sizeof line)) {
        line[strcspn(line, "\r\n")] = 0;
        stop = read_line(&r, line);
    }
    if (!stop)
        stop = end_document(&r);
    gzclose(in);
    mrg_judged_dispose(&r.judged);
    return stop;
}

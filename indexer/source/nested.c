/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Things inside things: an entry of a tar file, a record of a WARC, a page in a mail. Each is an input of its
 * own that knows what surrounds it. How deep they nest is bounded, and so is what may come out of one source:
 * by the same options that bound what gzip inflates to, over all levels together.
 */
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "source/charset.h"
#include "source/reader.h"

/* As for gzip: so much may always come out. */
#define FREE_BYTES ((uint64_t)64 << 20)

/* ---- bytes ---- */

static size_t read_memory(void *ctx, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    mrg_memory_source *memory = ctx;
    (void)problem;
    size_t n = memory->len < room ? memory->len : room;
    if (n)
        memcpy(to, memory->bytes, n);
    memory->bytes += n;
    memory->len -= n;
    return n;
}

mrg_byte_source mrg_memory_bytes(mrg_memory_source *memory)
{
    return (mrg_byte_source){ read_memory, memory };
}

mrg_input *mrg_input_root(mrg_input *in)
{
    while (in->outer)
        in = in->outer;
    return in;
}

int mrg_budget_spend(mrg_input *in, uint64_t bytes)
{
    mrg_input *root = mrg_input_root(in);
    mrg_budget *used = &root->used;
    used->inside += bytes;
    used->outside = root->stream.read_bytes;
    return used->inside > in->options->max_inflated_bytes ||
           (used->inside > FREE_BYTES && used->inside / in->options->max_inflate_ratio > used->outside);
}

/* The same bytes, counted against the budget. */
typedef struct counted {
    mrg_byte_source bytes;
    mrg_input *in;
} counted;

static size_t read_counted(void *ctx, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    counted *c = ctx;
    size_t n = c->bytes.read(c->bytes.ctx, to, room, problem);
    if (mrg_budget_spend(c->in, n)) {
        snprintf(problem, MRG_PROBLEM_BYTES, MRG_BUDGET_PROBLEM);
        return 0;
    }
    return n;
}

/* ---- inputs ---- */

static morgue_status name_inner(mrg_input *inner, const mrg_input *outer, const char *name, morgue_error *err)
{
    mrg_buffer_clear(&inner->path_text);
    mrg_buffer_append_str(&inner->path_text, outer->id);
    if (name) {
        mrg_buffer_append_byte(&inner->path_text, '/');
        mrg_to_utf8(&inner->path_text, (const unsigned char *)name, strlen(name), NULL);
    }
    inner->path = inner->id = mrg_buffer_cstr(&inner->path_text);
    return inner->id ? MORGUE_OK : mrg_fail_nomem(err);
}

static morgue_status inner_of(mrg_input *outer, mrg_input **out, morgue_error *err)
{
    if (!outer->inner)
        outer->inner = mrg_calloc(1, sizeof *outer->inner);
    *out = outer->inner;
    if (!outer->inner)
        return mrg_fail_nomem(err);
    (*out)->options = outer->options;
    (*out)->handler = outer->handler;
    (*out)->outer = outer;
    (*out)->depth = outer->depth + 1;
    return MORGUE_OK;
}

static morgue_status read_inner(mrg_input *inner, const mrg_nested *nested, morgue_error *err)
{
    counted bytes = { nested->bytes, inner };
    const char *kind = nested->kind ? nested->kind : inner->options->input;
    morgue_status status = mrg_stream_open_from(&inner->stream, (mrg_byte_source){ read_counted, &bytes },
                                                inner->options, err);
    if (!status)
        status = mrg_read_stream(inner, kind, nested->quiet, err);
    mrg_stream_close(&inner->stream);
    return status;
}

morgue_status mrg_read_nested(mrg_input *outer, const mrg_nested *nested, morgue_error *err)
{
    mrg_input *inner;
    if (outer->depth == MRG_DEEPEST_NESTING) {
        mrg_tell(outer, "things nested more than %d deep; skipped", MRG_DEEPEST_NESTING);
        return MORGUE_OK;
    }
    morgue_status status = inner_of(outer, &inner, err);
    if (!status)
        status = name_inner(inner, outer, nested->name, err);
    if (!status) {
        inner->charset = nested->charset;
        inner->given = nested->given;
        status = read_inner(inner, nested, err);
    }
    return status;
}

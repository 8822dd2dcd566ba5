/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/zip.h"

enum { WINDOW_BYTES = 256 << 10, LEAST_READ = 64 << 10 };

void mrg_format_size(char out[MRG_SIZE_TEXT_BYTES], uint64_t bytes)
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
    size_t unit = 0;
    while (unit < 4 && bytes >= 1024 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    snprintf(out, MRG_SIZE_TEXT_BYTES, "%" PRIu64 " %s", bytes, units[unit]);
}

static void end_early(mrg_stream *s, const char *problem)
{
    s->ended = 1;
    s->cut = s->gzip.state != MRG_GZIP_TRAILING;
    snprintf(s->problem, sizeof s->problem, "%s", problem);
}

/* One read(2), again after an interruption. */
static size_t read_file(int fd, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    ssize_t n;
    do
        n = read(fd, to, room);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        char text[96] = "";
        snprintf(problem, MRG_PROBLEM_BYTES, "cannot read: %s; the rest is skipped",
                 strerror_r(errno, text, sizeof text));
    }
    return n > 0 ? (size_t)n : 0;
}

/* 0 at the end or after a failure. */
static size_t read_bytes(mrg_stream *s, unsigned char *to, size_t room)
{
    char problem[MRG_PROBLEM_BYTES] = "";
    size_t n = s->fd >= 0 ? read_file(s->fd, to, room, problem) : s->from.read(s->from.ctx, to, room, problem);
    s->read_bytes += n;
    if (s->fd >= 0)
        s->checksum = mrg_crc32(s->checksum, to, n);
    if (problem[0])
        end_early(s, problem);
    return n;
}

static void say_too_much(mrg_stream *s)
{
    char size[MRG_SIZE_TEXT_BYTES], problem[MRG_PROBLEM_BYTES];
    if (s->gzip.out_bytes > s->gzip.max_bytes) {
        mrg_format_size(size, s->gzip.max_bytes);
        snprintf(problem, sizeof problem, "inflates to more than %s; the rest is skipped", size);
    } else {
        snprintf(problem, sizeof problem, "inflates to more than %u times its size; the rest is skipped",
                 s->gzip.max_ratio);
    }
    end_early(s, problem);
}

static void pass_damage(mrg_stream *s)
{
    s->damage_count++;
    mrg_gzip_skip_member(&s->gzip);
}

void mrg_stream_resync(mrg_stream *s)
{
    s->resync = 1;
    if (!s->inflating || s->gzip.state != MRG_GZIP_DAMAGED)
        return;
    s->ended = s->cut = 0;
    s->problem[0] = 0;
    pass_damage(s);
}

/* What the inflater's state means for the stream, once it has no more to give for now. */
static void judge_inflater(mrg_stream *s)
{
    switch (s->gzip.state) {
    case MRG_GZIP_MORE:
        if (s->source_ended && s->packed_begin == s->packed_end && !s->problem[0])
            end_early(s, "gzip data is cut short; the rest is skipped");
        break;
    case MRG_GZIP_END:
    case MRG_GZIP_SEEKING:
        if (s->source_ended && s->packed_begin == s->packed_end)
            s->ended = 1;
        break;
    case MRG_GZIP_TRAILING:
        end_early(s, "bytes that are no gzip follow the gzip data; skipped");
        break;
    case MRG_GZIP_DAMAGED:
        if (s->resync)
            pass_damage(s);
        else
            end_early(s, "gzip data is damaged; the rest is skipped");
        break;
    case MRG_GZIP_TOO_MUCH:
        say_too_much(s);
        break;
    case MRG_GZIP_NOMEM:
        break;
    }
}

static morgue_status inflate_some(mrg_stream *s, morgue_error *err)
{
    if (s->packed_begin == s->packed_end && !s->source_ended) {
        s->packed_begin = 0;
        s->packed_end = read_bytes(s, s->packed, WINDOW_BYTES);
        s->source_ended = s->packed_end == 0;
    }
    const unsigned char *in = s->packed + s->packed_begin;
    size_t in_len = s->packed_end - s->packed_begin;
    size_t wrote = mrg_gzip_inflate(&s->gzip, &in, &in_len, s->data + s->end, s->capacity - s->end);
    s->packed_begin = s->packed_end - in_len;
    s->end += wrote;
    if (s->gzip.state == MRG_GZIP_NOMEM)
        return mrg_fail_nomem(err);
    if (!wrote || s->gzip.state != MRG_GZIP_MORE)
        judge_inflater(s);
    return MORGUE_OK;
}

static morgue_status read_some(mrg_stream *s, morgue_error *err)
{
    if (s->fd < 0 && !s->from.read) {
        s->ended = 1;
        return MORGUE_OK;
    }
    if (s->inflating)
        return inflate_some(s, err);
    size_t n = read_bytes(s, s->data + s->end, s->capacity - s->end);
    s->end += n;
    s->ended |= n == 0;
    return MORGUE_OK;
}

/* What is unread moves to the front at most once a window, so moving costs little. */
static morgue_status make_room(mrg_stream *s, morgue_error *err)
{
    if (s->begin && (s->begin == s->end || s->capacity - s->end < LEAST_READ)) {
        memmove(s->data, s->data + s->begin, s->end - s->begin);
        s->end -= s->begin;
        s->begin = 0;
    }
    size_t wanted = s->end + LEAST_READ < WINDOW_BYTES ? WINDOW_BYTES : s->end + LEAST_READ;
    if (mrg_reserve((void **)&s->data, &s->capacity, wanted, 1))
        return mrg_fail_nomem(err);
    return MORGUE_OK;
}

morgue_status mrg_stream_fill(mrg_stream *s, size_t wanted, morgue_error *err)
{
    while (!s->ended && s->end - s->begin < wanted) {
        morgue_status status = make_room(s, err);
        if (!status)
            status = read_some(s, err);
        if (status)
            return status;
    }
    return MORGUE_OK;
}

/* The first bytes turned out to be gzip: they are what the inflater begins with. */
static morgue_status begin_inflating(mrg_stream *s, const mrg_source_options *options, morgue_error *err)
{
    if (!s->packed)
        s->packed = mrg_malloc(WINDOW_BYTES);
    if (!s->packed || mrg_gzip_begin(&s->gzip, options->max_inflated_bytes, options->max_inflate_ratio))
        return mrg_fail_nomem(err);
    size_t have = s->end - s->begin; /* no more than the first window */
    if (have > WINDOW_BYTES)
        return mrg_fail(err, MORGUE_ERR_INTERNAL, "the first window is too large");
    memcpy(s->packed, s->data + s->begin, have);
    s->packed_begin = 0;
    s->packed_end = have;
    s->source_ended = s->ended;
    s->begin = s->end = 0;
    s->ended = 0;
    s->inflating = 1;
    return MORGUE_OK;
}

static morgue_status begin_reading(mrg_stream *s, const mrg_source_options *options, morgue_error *err)
{
    s->ended = 0;
    s->read_bytes = 0;
    s->checksum = 0;
    morgue_status status = mrg_stream_fill(s, 4, err);
    if (!status && mrg_gzip_detect(s->data + s->begin, s->end - s->begin))
        status = begin_inflating(s, options, err);
    return status;
}

morgue_status mrg_stream_open(mrg_stream *s, int fd, const mrg_source_options *options, morgue_error *err)
{
    mrg_stream_close(s);
    s->fd = fd;
    return begin_reading(s, options, err);
}

morgue_status mrg_stream_open_from(mrg_stream *s, mrg_byte_source from, const mrg_source_options *options,
                                   morgue_error *err)
{
    mrg_stream_close(s);
    s->from = from;
    return begin_reading(s, options, err);
}

morgue_status mrg_stream_replace(mrg_stream *s, const mrg_buffer *bytes, morgue_error *err)
{
    mrg_stream_close(s);
    if (bytes->failed || mrg_reserve((void **)&s->data, &s->capacity, bytes->len, 1))
        return mrg_fail_nomem(err);
    if (bytes->len)
        memcpy(s->data, bytes->data, bytes->len);
    s->end = bytes->len;
    return MORGUE_OK;
}

int mrg_stream_drain(mrg_stream *s)
{
    char problem[MRG_PROBLEM_BYTES] = "";
    size_t n;
    if (s->fd < 0 || mrg_reserve((void **)&s->data, &s->capacity, WINDOW_BYTES, 1))
        return 0;
    s->begin = s->end = 0;
    while ((n = read_file(s->fd, s->data, s->capacity, problem)) > 0) {
        s->read_bytes += n;
        s->checksum = mrg_crc32(s->checksum, s->data, n);
    }
    return !problem[0];
}

void mrg_stream_skip(mrg_stream *s, size_t n)
{
    s->begin += n < s->end - s->begin ? n : s->end - s->begin;
}

/* Passes over the rest of a line without holding it. */
static morgue_status pass_over_line(mrg_stream *s, morgue_error *err)
{
    for (;;) {
        unsigned char *newline = s->begin < s->end ? memchr(s->data + s->begin, '\n', s->end - s->begin) : NULL;
        if (newline) {
            s->begin = (size_t)(newline + 1 - s->data);
            return MORGUE_OK;
        }
        s->begin = s->end;
        if (s->ended)
            return MORGUE_OK;
        morgue_status status = mrg_stream_fill(s, 1, err);
        if (status)
            return status;
    }
}

static void give_line(mrg_stream *s, size_t len, size_t end_len, mrg_line *out)
{
    out->text = (char *)s->data + s->begin;
    out->len = len;
    s->begin += len + end_len;
    if (out->len && out->text[out->len - 1] == '\r')
        out->len--;
}

morgue_status mrg_stream_line(mrg_stream *s, size_t max_bytes, mrg_line *out, morgue_error *err)
{
    static char none[1];
    size_t looked = 0;
    memset(out, 0, sizeof *out);
    for (;;) {
        size_t have = s->end - s->begin;
        unsigned char *newline = have > looked ? memchr(s->data + s->begin + looked, '\n', have - looked) : NULL;
        looked = newline ? (size_t)(newline - s->data) - s->begin : have;
        if (looked > max_bytes) {
            out->text = none;
            out->too_long = 1;
            return pass_over_line(s, err);
        }
        if (newline || (s->ended && have && !s->cut)) {
            give_line(s, looked, newline != NULL, out);
            return MORGUE_OK;
        }
        if (s->ended)
            return MORGUE_OK;
        morgue_status status = mrg_stream_fill(s, have + 1, err);
        if (status)
            return status;
    }
}

void mrg_stream_close(mrg_stream *s)
{
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    s->fd = -1;
    s->from = (mrg_byte_source){ NULL, NULL };
    s->begin = s->end = 0;
    s->ended = 1;
    s->inflating = s->source_ended = s->cut = s->resync = 0;
    s->damage_count = 0;
    s->gzip.state = MRG_GZIP_MORE;
    s->packed_begin = s->packed_end = 0;
    s->problem[0] = 0;
}

void mrg_stream_dispose(mrg_stream *s)
{
    mrg_stream_close(s);
    mrg_gzip_dispose(&s->gzip);
    mrg_free(s->data);
    mrg_free(s->packed);
    memset(s, 0, sizeof *s);
}

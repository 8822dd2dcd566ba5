/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Containers of files, through libarchive: tar, zip, and bzip2, xz and zstd data, in each other. Every
 * regular file inside becomes an input of its own, found by content; nothing is written anywhere, so names
 * inside ("../../etc") are only names. What inflates is counted against the budget of the source.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/reader.h"

enum { CHUNK_BYTES = 64 << 10, SKIPS_TOLD = 3 };

typedef struct unpacking {
    mrg_input *in;
    struct archive *archive;
    const unsigned char *block; /* of the entry, not yet given out */
    size_t block_len;
    uint64_t zeros;             /* of a hole in a sparse file, before the block */
    uint64_t given;             /* bytes of the entry given out, holes included */
    morgue_error *err;
    morgue_status status;       /* of the stream below */
} unpacking;

/* ---- the container's own bytes ---- */

static la_ssize_t read_below(struct archive *a, void *ctx, const void **bytes)
{
    unpacking *u = ctx;
    mrg_stream *s = &u->in->stream;
    u->status = mrg_stream_fill(s, 1, u->err);
    if (u->status) {
        archive_set_error(a, ENOMEM, "memory ran out");
        return -1;
    }
    size_t n = s->end - s->begin < CHUNK_BYTES ? s->end - s->begin : CHUNK_BYTES;
    *bytes = s->data + s->begin;
    mrg_stream_skip(s, n);
    return (la_ssize_t)n;
}

/* What libarchive says about what went wrong, or words of ours. */
static const char *cause_of(const unpacking *u)
{
    const char *text = archive_error_string(u->archive);
    return text && *text ? text : "the data is damaged";
}

/* ---- an entry's bytes ---- */

static int next_block(unpacking *u, char problem[MRG_PROBLEM_BYTES])
{
    const void *block;
    size_t len;
    la_int64_t offset;
    int result = archive_read_data_block(u->archive, &block, &len, &offset);
    if (result == ARCHIVE_EOF)
        return 0;
    if (result < ARCHIVE_WARN) {
        snprintf(problem, MRG_PROBLEM_BYTES, "damaged or cut short (%.90s); the rest is skipped", cause_of(u));
        return 0;
    }
    u->block = block;
    u->block_len = len;
    u->zeros = offset > 0 && (uint64_t)offset > u->given ? (uint64_t)offset - u->given : 0;
    return 1;
}

static size_t read_entry(void *ctx, unsigned char *to, size_t room, char problem[MRG_PROBLEM_BYTES])
{
    unpacking *u = ctx;
    size_t n;
    while (!u->zeros && !u->block_len)
        if (!next_block(u, problem))
            return 0;
    if (u->zeros) {
        n = u->zeros < room ? (size_t)u->zeros : room;
        memset(to, 0, n);
        u->zeros -= n;
    } else {
        n = u->block_len < room ? u->block_len : room;
        memcpy(to, u->block, n);
        u->block += n;
        u->block_len -= n;
    }
    u->given += n;
    return n;
}

/* ---- entries ---- */

/* A file that was compressed alone has no name inside; libarchive calls it "data". */
static int has_name(const unpacking *u)
{
    return archive_format(u->archive) != ARCHIVE_FORMAT_RAW;
}

static const char *name_of(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    while (name && (*name == '/' || strncmp(name, "./", 2) == 0))
        name += *name == '/' ? 1 : 2;
    return name && *name ? name : "unnamed";
}

/* As in directories: hidden files are left out, and what the system added. */
static int is_hidden(const char *name)
{
    if (strncmp(name, "__MACOSX/", 9) == 0)
        return 1;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (part[0] == '.' && strncmp(part, "./", 2) != 0 && strncmp(part, "../", 3) != 0)
            return 1;
    }
    return 0;
}

static morgue_status read_one(unpacking *u, struct archive_entry *entry, morgue_error *err)
{
    const char *name = name_of(entry);
    u->block_len = 0;
    u->zeros = u->given = 0;
    if (has_name(u) && (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) || is_hidden(name)))
        return MORGUE_OK;
    const mrg_nested nested = { .name = has_name(u) ? name : NULL, .bytes = { read_entry, u } };
    if (archive_entry_is_encrypted(entry) > 0) {
        mrg_tell(u->in, "%.100s is encrypted; skipped", name);
        return MORGUE_OK;
    }
    return mrg_read_nested(u->in, &nested, err);
}

/* What nobody wanted of an entry is inflated all the same, so it counts. Non-zero if the container is to be left. */
static int pass_over(unpacking *u)
{
    char problem[MRG_PROBLEM_BYTES] = "";
    int too_much = 0;
    while (!too_much && next_block(u, problem)) {
        too_much = mrg_budget_spend(u->in, u->block_len + u->zeros);
        u->given += u->block_len + u->zeros;
    }
    if (too_much)
        mrg_tell(u->in, MRG_BUDGET_PROBLEM);
    return too_much; /* damage is told with the next header */
}

static morgue_status read_entries(unpacking *u, morgue_error *err)
{
    struct archive_entry *entry;
    morgue_status status = MORGUE_OK;
    int told = 0;
    while (!status) {
        int result = archive_read_next_header(u->archive, &entry);
        if (result == ARCHIVE_EOF)
            break;
        if (u->status)
            return u->status;
        if (result < ARCHIVE_WARN) {
            mrg_tell(u->in, "damaged or cut short (%.120s); %s skipped", cause_of(u), result == ARCHIVE_FATAL ? "the rest is" : "an entry is");
            if (result == ARCHIVE_FATAL || ++told == SKIPS_TOLD)
                break;
            continue;
        }
        status = read_one(u, entry, err);
        if (!status && pass_over(u))
            break;
    }
    return status;
}

static int open_archive(unpacking *u)
{
    struct archive *a = u->archive;
    /* Not all filters: some would start programs. */
    int failed = archive_read_support_filter_gzip(a) < ARCHIVE_WARN;
    failed |= archive_read_support_filter_bzip2(a) < ARCHIVE_WARN;
    failed |= archive_read_support_filter_xz(a) < ARCHIVE_WARN;
    failed |= archive_read_support_filter_zstd(a) < ARCHIVE_WARN;
    failed |= archive_read_support_format_tar(a) < ARCHIVE_WARN;
    failed |= archive_read_support_format_zip_streamable(a) < ARCHIVE_WARN;
    failed |= archive_read_support_format_raw(a) < ARCHIVE_WARN;
    return failed || archive_read_open2(a, u, NULL, read_below, NULL, NULL) < ARCHIVE_WARN;
}

static morgue_status read_archive(mrg_input *in, morgue_error *err)
{
    unpacking u = { .in = in, .archive = archive_read_new(), .err = err };
    morgue_status status = MORGUE_OK;
    if (!u.archive)
        return mrg_fail_nomem(err);
    if (open_archive(&u)) {
        status = u.status;
        if (!status)
            mrg_tell(in, "damaged or cut short (%.120s); skipped", cause_of(&u));
    } else {
        status = read_entries(&u, err);
    }
    archive_read_free(u.archive);
    return status;
}

const mrg_reader_kind mrg_reader_archive = { "archive", read_archive, 1 };

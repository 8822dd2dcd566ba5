/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, directories and standard input: finds them, opens them, and gives each to the reader of its kind. */
#include "source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "source/charset.h"
#include "source/json_article.h"
#include "source/reader.h"

#define DEFAULT_ARTICLE_BYTES ((uint64_t)64 << 20)
#define DEFAULT_INFLATED_BYTES ((uint64_t)64 << 30)
#define LARGEST_ARTICLE_BYTES ((uint64_t)3 << 30) /* texts are below 4 GiB everywhere */

enum { DEFAULT_RATIO = 200, DEEPEST_DIRECTORY = 1000 };

/* What is inside containers is found by itself, so they are no kinds to choose. */
static const mrg_reader_kind *const kinds[] = { &mrg_reader_text, &mrg_reader_html, &mrg_reader_json,
                                                &mrg_reader_jsonl, &mrg_reader_warc, &mrg_reader_arc,
                                                &mrg_reader_feed, &mrg_reader_json_feed, &mrg_reader_newsml,
                                                &mrg_reader_mail, &mrg_reader_csv, &mrg_reader_sgml };
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

const char *const *mrg_source_kinds(void)
{
    static const char *const names[] = { "text", "html", "json", "jsonl", "warc", "arc", "feed", "json-feed", "newsml",
                                         "mail", "csv", "sgml", NULL };
    return names;
}

/* ---- options ---- */

static const mrg_reader_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

static morgue_status check_mapping(const char *mapping, morgue_error *err)
{
    const char *equals = strchr(mapping, '=');
    if (!equals || equals == mapping || !equals[1])
        return mrg_fail(err, MORGUE_ERR_INVALID, "field mapping \"%s\" is not of the form ours=theirs", mapping);
    if (!mrg_json_field_known(mapping, (size_t)(equals - mapping)))
        return mrg_fail(err, MORGUE_ERR_INVALID, "field mapping \"%s\": there is no field \"%.*s\"", mapping,
                        (int)(equals - mapping), mapping);
    return MORGUE_OK;
}

morgue_status mrg_source_options_check(const mrg_source_options *options, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (!options)
        return MORGUE_OK;
    if (options->input && !find_kind(options->input))
        return mrg_fail(err, MORGUE_ERR_INVALID, "unknown kind of input \"%s\"", options->input);
    for (const char *const *m = options->fields; m && *m && !status; m++)
        status = check_mapping(*m, err);
    return status;
}

static mrg_source_options with_defaults(const mrg_source_options *options)
{
    mrg_source_options full = { 0 };
    if (options)
        full = *options;
    if (!full.max_article_bytes)
        full.max_article_bytes = DEFAULT_ARTICLE_BYTES;
    if (full.max_article_bytes > LARGEST_ARTICLE_BYTES)
        full.max_article_bytes = LARGEST_ARTICLE_BYTES;
    if (!full.max_inflated_bytes)
        full.max_inflated_bytes = DEFAULT_INFLATED_BYTES;
    if (!full.max_inflate_ratio)
        full.max_inflate_ratio = DEFAULT_RATIO;
    return full;
}

/* ---- one open source ---- */

/* UTF-16 and UTF-32 become UTF-8 before anybody looks. */
static morgue_status narrow(mrg_input *in, int *usable, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    mrg_buffer utf8 = MRG_BUFFER_INIT;
    morgue_status status = mrg_read_whole(in, in->options->max_article_bytes, usable, err);
    if (status || !*usable)
        return status;
    mrg_to_utf8(&utf8, s->data + s->begin, s->end - s->begin, NULL);
    char problem[sizeof s->problem];
    memcpy(problem, s->problem, sizeof problem);
    status = mrg_stream_replace(s, &utf8, err);
    memcpy(s->problem, problem, sizeof problem);
    mrg_buffer_dispose(&utf8);
    return status;
}

static morgue_status read_kind(mrg_input *in, const char *name, int quiet, morgue_error *err)
{
    const mrg_reader_kind *kind;
    const char *cause;
    morgue_status status = mrg_detect_kind(in, &kind, &cause, err);
    if (status)
        return status;
    int blank = cause && (!*cause || strncmp(cause, "empty", 5) == 0);
    if (name && !blank && !(kind && kind->is_container))
        kind = find_kind(name);
    if (kind) {
        in->kind = kind->name;
        return kind->read(in, err);
    }
    if (*cause && !quiet)
        mrg_tell(in, "%s", cause);
    return MORGUE_OK;
}

morgue_status mrg_read_stream(mrg_input *in, const char *kind, int quiet, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    int usable = 1;
    morgue_status status = mrg_stream_fill(s, 4, err);
    if (!status && mrg_is_wide(s->data + s->begin, s->end - s->begin))
        status = narrow(in, &usable, err);
    if (!status && usable)
        status = read_kind(in, kind, quiet, err);
    if (!status && s->problem[0])
        mrg_tell(in, "%s", s->problem);
    return status;
}

/* `st`: of a file, to be told of at its end; NULL: not. */
static morgue_status read_open(mrg_input *in, const char *path, int fd, const struct stat *st, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    memset(&in->used, 0, sizeof in->used);
    morgue_status status = mrg_stream_open(s, fd, in->options, err);
    if (!status)
        status = mrg_read_stream(in, in->options->input, 0, err);
    if (!status && st && in->handler->ends && mrg_stream_drain(s))
        in->handler->ends(in->handler->ctx, path, st, s->checksum);
    mrg_stream_close(s);
    return status;
}

static int is_known(const mrg_input *in, const char *path, const struct stat *st, int fd)
{
    return S_ISREG(st->st_mode) && in->handler->is_known && in->handler->is_known(in->handler->ctx, path, st, fd);
}

/* Sets what messages and ids say from now on. */
static morgue_status name_input(mrg_input *in, const char *path, morgue_error *err)
{
    mrg_buffer_clear(&in->path_text);
    mrg_to_utf8(&in->path_text, (const unsigned char *)path, strlen(path), NULL);
    in->id = mrg_buffer_cstr(&in->path_text);
    in->path = in->id;
    return in->id ? MORGUE_OK : mrg_fail_nomem(err);
}

static void tell_errno(mrg_input *in, const char *doing, int errno_value)
{
    char text[96] = "";
    mrg_tell(in, "%s: %s; skipped", doing, strerror_r(errno_value, text, sizeof text));
}

static morgue_status begin_source(mrg_input *in, const char *path, morgue_error *err)
{
    if (in->handler->begins && in->handler->begins(in->handler->ctx, path))
        return mrg_fail(err, MORGUE_ERR_CANCELLED, "cancelled");
    return MORGUE_OK;
}

/* ---- files ---- */

/* Someone has opened these already: they cannot block as a FIFO's name can. */
static int is_descriptor(const char *path)
{
    return strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/self/fd/", 14) == 0 ||
           strcmp(path, "/dev/stdin") == 0;
}

static morgue_status read_file(mrg_input *in, const char *path, morgue_error *err)
{
    struct stat st;
    morgue_status status = begin_source(in, path, err);
    if (status)
        return status;
    int wait = is_descriptor(path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (wait ? 0 : O_NONBLOCK));
    if (fd < 0 || fstat(fd, &st)) {
        tell_errno(in, "cannot open", errno);
    } else if (!S_ISREG(st.st_mode) && !wait) { /* it changed since it was found */
        mrg_tell(in, "not a file; skipped");
    } else if (!is_known(in, path, &st, fd)) {
        status = read_open(in, path, fd, S_ISREG(st.st_mode) ? &st : NULL, err);
        fd = -1;
    }
    if (fd >= 0)
        close(fd);
    return status;
}

/* ---- directories ---- */

typedef struct names {
    char **items;
    size_t count, capacity;
} names;

static void dispose_names(names *list)
{
    for (size_t i = 0; i < list->count; i++)
        mrg_free(list->items[i]);
    mrg_free(list->items);
}

static int add_name(names *list, const char *name)
{
    if (mrg_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return -1;
    char *copy = mrg_strdup(name);
    if (!copy)
        return -1;
    list->items[list->count++] = copy;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names that are not hidden, in byte order. */
static morgue_status list_directory(mrg_input *in, const char *path, names *list, morgue_error *err)
{
    DIR *dir = opendir(path);
    if (!dir) {
        tell_errno(in, "cannot open directory", errno);
        return MORGUE_OK;
    }
    morgue_status status = MORGUE_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry)
            break;
        if (entry->d_name[0] != '.' && add_name(list, entry->d_name)) {
            status = mrg_fail_nomem(err);
            break;
        }
    }
    if (!status && errno)
        tell_errno(in, "cannot read directory to its end", errno);
    closedir(dir);
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_names);
    return status;
}

static morgue_status read_path(mrg_input *in, const char *path, int depth, morgue_error *err);

static morgue_status read_directory(mrg_input *in, const char *path, int depth, morgue_error *err)
{
    names list = { 0 };
    mrg_buffer child = MRG_BUFFER_INIT;
    if (depth == DEEPEST_DIRECTORY) {
        mrg_tell(in, "directories nested too deeply; skipped");
        return MORGUE_OK;
    }
    morgue_status status = list_directory(in, path, &list, err);
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    for (size_t i = 0; i < list.count && !status; i++) {
        mrg_buffer_clear(&child);
        mrg_buffer_append(&child, path, len);
        if (path[len - 1] != '/')
            mrg_buffer_append_byte(&child, '/');
        mrg_buffer_append_str(&child, list.items[i]);
        const char *name = mrg_buffer_cstr(&child);
        status = name ? read_path(in, name, depth + 1, err) : mrg_fail_nomem(err);
    }
    mrg_buffer_dispose(&child);
    dispose_names(&list);
    return status;
}

/* Depth 0 is what the caller named: there a link to a directory is followed. */
static morgue_status read_path(mrg_input *in, const char *path, int depth, morgue_error *err)
{
    struct stat st;
    morgue_status status = name_input(in, path, err);
    if (status)
        return status;
    int linked = depth > 0 && lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
    if (stat(path, &st)) {
        tell_errno(in, "cannot open", errno);
        return MORGUE_OK;
    }
    if (S_ISDIR(st.st_mode))
        return linked ? MORGUE_OK : read_directory(in, path, depth, err);
    if (S_ISREG(st.st_mode) || is_descriptor(path))
        return read_file(in, path, err);
    mrg_tell(in, "%s, not a file; skipped",
             S_ISFIFO(st.st_mode)   ? "a FIFO"
             : S_ISSOCK(st.st_mode) ? "a socket"
                                    : "a device");
    return MORGUE_OK;
}

static morgue_status read_standard_input(mrg_input *in, morgue_error *err)
{
    morgue_status status = name_input(in, "-", err);
    if (!status)
        status = begin_source(in, "-", err);
    return status ? status : read_open(in, "-", STDIN_FILENO, NULL, err);
}

morgue_status mrg_source_read(const char *path, const mrg_source_options *options, const mrg_source_handler *handler,
                              morgue_error *err)
{
    morgue_status status = mrg_source_options_check(options, err);
    if (status)
        return status;
    if (!path || !*path)
        return mrg_fail(err, MORGUE_ERR_INVALID, "the name of a source is empty");
    const mrg_source_options full = with_defaults(options);
    mrg_input in = { .options = &full, .handler = handler };
    if (strcmp(path, "-") == 0)
        status = read_standard_input(&in, err);
    else
        status = read_path(&in, path, 0, err);
    mrg_input_dispose(&in);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/watch.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { OPEN_FILES = 16, EVENT_BYTES = 64 << 10, PATIENCE = 10, LOOK_EVERY_MS = 1000 };

#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ATTRIB)

/* Of each watched directory its path, so that what is made in it can be watched as well. */
typedef struct place {
    int descriptor;
    char *path;
} place;

struct mrg_watch {
    int fd;
    place *places;
    size_t count, capacity;
};

static morgue_status fail(morgue_error *err, morgue_status status, const char *what, const char *path)
{
    char text[96] = "";
    err->status = status;
    snprintf(err->message, sizeof err->message, "%s %.200s: %s", what, path, strerror_r(errno, text, sizeof text));
    return status;
}

static morgue_status add(mrg_watch *w, const char *path, morgue_error *err)
{
    int descriptor = inotify_add_watch(w->fd, path, EVENTS);
    if (descriptor < 0) {
        if (errno == ENOENT || errno == EACCES || errno == ENOTDIR) /* it went, or is not ours to see */
            return MORGUE_OK;
        return fail(err, MORGUE_ERR_IO, errno == ENOSPC ? "too much to watch (see inotify(7)):" : "cannot watch", path);
    }
    for (size_t i = 0; i < w->count; i++)
        if (w->places[i].descriptor == descriptor)
            return MORGUE_OK;
    if (w->count == w->capacity) {
        size_t capacity = w->capacity ? w->capacity * 2 : 64;
        place *places = realloc(w->places, capacity * sizeof *places);
        if (!places)
            return fail(err, MORGUE_ERR_NOMEM, "cannot watch", path);
        w->places = places;
        w->capacity = capacity;
    }
    char *copy = strdup(path);
    if (!copy)
        return fail(err, MORGUE_ERR_NOMEM, "cannot watch", path);
    w->places[w->count++] = (place){ descriptor, copy };
    return MORGUE_OK;
}

/* ---- a directory and what is in it; nftw takes no context ---- */

static mrg_watch *walking;
static morgue_error *walk_error;

static int add_directory(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    if (ftw->level > 0 && path[ftw->base] == '.')
        return flag == FTW_D ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
    if (flag == FTW_D && add(walking, path, walk_error))
        return FTW_STOP;
    return FTW_CONTINUE;
}

static morgue_status add_tree(mrg_watch *w, const char *path, morgue_error *err)
{
    struct stat st;
    walking = w;
    walk_error = err;
    err->status = MORGUE_OK;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return add(w, path, err);
    nftw(path, add_directory, OPEN_FILES, FTW_PHYS | FTW_ACTIONRETVAL);
    return err->status;
}

morgue_status mrg_watch_open(mrg_watch **out, char *const *paths, morgue_error *err)
{
    mrg_watch *w = calloc(1, sizeof *w);
    morgue_status status = MORGUE_OK;
    *out = NULL;
    if (!w || (w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) < 0) {
        free(w);
        return fail(err, MORGUE_ERR_IO, "cannot watch", "files");
    }
    for (; *paths && !status; paths++) {
        struct stat st;
        errno = 0;
        if (strcmp(*paths, "-") == 0 || stat(*paths, &st))
            status = fail(err, MORGUE_ERR_INVALID, "cannot watch", strcmp(*paths, "-") ? *paths : "standard input");
        else
            status = add_tree(w, *paths, err);
    }
    if (status)
        mrg_watch_close(w);
    else
        *out = w;
    return status;
}

/* ---- waiting ---- */

static const char *path_of(const mrg_watch *w, int descriptor)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->places[i].descriptor == descriptor)
            return w->places[i].path;
    return NULL;
}

/* A new directory is watched from now on. What came into it before that is found by reading it, since the event
   that told of it wakes the caller too. */
static morgue_status take_event(mrg_watch *w, const struct inotify_event *event, morgue_error *err)
{
    char path[PATH_MAX];
    const char *in = path_of(w, event->wd);
    if (!(event->mask & IN_ISDIR) || !(event->mask & (IN_CREATE | IN_MOVED_TO)) || !in || event->name[0] == '.')
        return MORGUE_OK;
    int n = snprintf(path, sizeof path, "%s/%s", in, event->name);
    return n > 0 && (size_t)n < sizeof path ? add_tree(w, path, err) : MORGUE_OK;
}

/* Takes what has been told so far. *any: it was something other than hidden files. */
static morgue_status take_events(mrg_watch *w, int *any, morgue_error *err)
{
    _Alignas(struct inotify_event) char events[EVENT_BYTES];
    morgue_status status = MORGUE_OK;
    ssize_t n;
    while (!status && (n = read(w->fd, events, sizeof events)) > 0) {
        for (ssize_t at = 0; at < n && !status;) {
            const struct inotify_event *event = (const struct inotify_event *)(events + at);
            *any |= !event->len || event->name[0] != '.';
            status = take_event(w, event, err);
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    return status;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

morgue_status mrg_watch_wait(mrg_watch *w, int quiet_ms, const volatile sig_atomic_t *stop, morgue_error *err)
{
    struct pollfd p = { w->fd, POLLIN, 0 };
    int any = 0;
    int64_t first = 0;
    for (;;) {
        int ready = poll(&p, 1, any ? quiet_ms : LOOK_EVERY_MS); /* a signal may come just before */
        if (*stop) {
            err->status = MORGUE_ERR_CANCELLED;
            return MORGUE_ERR_CANCELLED;
        }
        if (ready == 0 && any)
            return MORGUE_OK;
        if (ready <= 0)
            continue;
        morgue_status status = take_events(w, &any, err);
        if (status)
            return status;
        if (any && !first)
            first = now_ms();
        if (any && now_ms() - first >= (int64_t)quiet_ms * PATIENCE)
            return MORGUE_OK;
    }
}

void mrg_watch_close(mrg_watch *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->count; i++)
        free(w->places[i].path);
    free(w->places);
    close(w->fd);
    free(w);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"

enum { WRITE_BUFFER = 256 << 10 };

static atomic_long fail_countdown;

void mrg_file_fail_at(long n)
{
    atomic_store(&fail_countdown, n);
}

static int made_to_fail(void)
{
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) <= 0)
        return 0;
    if (atomic_fetch_sub(&fail_countdown, 1) != 1)
        return 0;
    errno = EIO;
    return 1;
}

morgue_status mrg_mapping_open(mrg_mapping *out, const char *path, morgue_error *err)
{
    memset(out, 0, sizeof *out);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    morgue_status status = MORGUE_OK;
    struct stat st;
    if (fstat(fd, &st)) {
        status = mrg_fail_errno(err, errno, "cannot read %s", path);
    } else if (!S_ISREG(st.st_mode)) {
        status = mrg_fail(err, MORGUE_ERR_CORRUPT, "%s is not a regular file", path);
    } else if (st.st_size > 0) {
        void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (data == MAP_FAILED) {
            status = mrg_fail_errno(err, errno, "cannot map %s", path);
        } else {
            out->data = data;
            out->len = (size_t)st.st_size;
        }
    }
    close(fd);
    return status;
}

void mrg_mapping_forget(const mrg_mapping *mapping)
{
    if (mapping->data)
        (void)madvise((void *)(uintptr_t)mapping->data, mapping->len, MADV_DONTNEED);
}

void mrg_mapping_dispose(mrg_mapping *mapping)
{
    if (mapping->data)
        munmap((void *)(uintptr_t)mapping->data, mapping->len);
    memset(mapping, 0, sizeof *mapping);
}

morgue_status mrg_file_writer_open(mrg_file_writer *w, const char *path, morgue_error *err)
{
    memset(w, 0, sizeof *w);
    w->fd = -1;
    w->path = mrg_strdup(path);
    w->buffer = mrg_malloc(WRITE_BUFFER);
    if (!w->path || !w->buffer) {
        mrg_file_writer_abandon(w);
        return mrg_fail_nomem(err);
    }
    w->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (w->fd < 0) {
        int error = errno;
        mrg_file_writer_abandon(w);
        return mrg_fail_errno(err, error, "cannot create %s", path);
    }
    return MORGUE_OK;
}

static void write_out(mrg_file_writer *w, const unsigned char *p, size_t n)
{
    while (n && !w->failure.status) {
        ssize_t done = made_to_fail() ? -1 : write(w->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            mrg_fail_errno(&w->failure, errno, "cannot write %s", w->path);
            return;
        }
        p += done;
        n -= (size_t)done;
    }
}

void mrg_file_writer_append(mrg_file_writer *w, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    if (w->failure.status || n == 0)
        return;
    w->offset += n;
    if (n > WRITE_BUFFER - w->buffered) {
        write_out(w, w->buffer, w->buffered);
        w->buffered = 0;
        if (n >= WRITE_BUFFER) {
            write_out(w, p, n);
            return;
        }
    }
    memcpy(w->buffer + w->buffered, p, n);
    w->buffered += n;
}

/* Behind the end, where the next append goes nevertheless. */
static void write_slack(mrg_file_writer *w, size_t n)
{
    static const unsigned char zeros[64];
    for (uint64_t at = w->offset; n && !w->failure.status;) {
        ssize_t done = made_to_fail() ? -1 : pwrite(w->fd, zeros, n < sizeof zeros ? n : sizeof zeros, (off_t)at);
        if (done < 0 && errno != EINTR)
            mrg_fail_errno(&w->failure, errno, "cannot write %s", w->path);
        if (done > 0) {
            at += (uint64_t)done;
            n -= (size_t)done;
        }
    }
}

morgue_status mrg_file_writer_view(mrg_file_writer *w, size_t slack, mrg_mapping *out, morgue_error *err)
{
    memset(out, 0, sizeof *out);
    write_out(w, w->buffer, w->buffered);
    w->buffered = 0;
    write_slack(w, slack);
    if (w->failure.status) {
        if (err)
            *err = w->failure;
        return w->failure.status;
    }
    return mrg_mapping_open(out, w->path, err);
}

morgue_status mrg_file_writer_finish(mrg_file_writer *w, int no_sync, morgue_error *err)
{
    if (!w->failure.status)
        write_out(w, w->buffer, w->buffered);
    w->buffered = 0;
    if (!w->failure.status && !no_sync && (made_to_fail() || fsync(w->fd)))
        mrg_fail_errno(&w->failure, errno, "cannot sync %s", w->path);
    if (w->failure.status) {
        if (err)
            *err = w->failure;
        return w->failure.status;
    }
    int fd = w->fd;
    w->fd = -1;
    if (close(fd)) {
        mrg_fail_errno(&w->failure, errno, "cannot close %s", w->path);
        unlink(w->path);
        if (err)
            *err = w->failure;
        return w->failure.status;
    }
    mrg_file_writer_abandon(w);
    return MORGUE_OK;
}

void mrg_file_writer_abandon(mrg_file_writer *w)
{
    if (w->fd >= 0 && w->path) {
        close(w->fd);
        unlink(w->path);
    }
    mrg_free(w->path);
    mrg_free(w->buffer);
    w->path = NULL;
    w->buffer = NULL;
    w->fd = -1;
}

static int write_all_at(int fd, uint64_t offset, const unsigned char *p, size_t n)
{
    while (n) {
        ssize_t done = made_to_fail() ? -1 : pwrite(fd, p, n, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        p += done;
        offset += (uint64_t)done;
        n -= (size_t)done;
    }
    return 0;
}

morgue_status mrg_write_at(const char *path, uint64_t offset, const void *bytes, size_t len, morgue_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    morgue_status status = MORGUE_OK;
    if (write_all_at(fd, offset, bytes, len))
        status = mrg_fail_errno(err, errno, "cannot write %s", path);
    else if (made_to_fail() || fsync(fd))
        status = mrg_fail_errno(err, errno, "cannot sync %s", path);
    if (close(fd) && !status)
        status = mrg_fail_errno(err, errno, "cannot close %s", path);
    return status;
}

morgue_status mrg_sync_directory(const char *path, morgue_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return mrg_fail_errno(err, errno, "cannot open %s", path);
    morgue_status status = MORGUE_OK;
    if (made_to_fail() || fsync(fd))
        status = mrg_fail_errno(err, errno, "cannot sync %s", path);
    close(fd);
    return status;
}

morgue_status mrg_rename_durable(const char *from, const char *to, int no_sync, morgue_error *err)
{
    if (rename(from, to))
        return mrg_fail_errno(err, errno, "cannot rename %s to %s", from, to);
    if (no_sync)
        return MORGUE_OK;
    const char *slash = strrchr(to, '/');
    char *dir = slash ? mrg_strndup(to, (size_t)(slash - to) + (slash == to)) : mrg_strdup(".");
    if (!dir)
        return mrg_fail_nomem(err);
    morgue_status status = mrg_sync_directory(dir, err);
    mrg_free(dir);
    return status;
}

morgue_status mrg_make_directory(const char *path, morgue_error *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return MORGUE_OK;
    int error = errno;
    if (error == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return MORGUE_OK;
    return mrg_fail_errno(err, error, "cannot make the directory %s", path);
}

uint64_t mrg_tree_bytes(const char *path)
{
    uint64_t total = 0;
    DIR *dir = opendir(path);
    if (!dir)
        return 0;
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        struct stat st;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            total += (uint64_t)st.st_size;
    }
    closedir(dir);
    return total;
}

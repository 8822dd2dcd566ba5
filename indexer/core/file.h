/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files: mapped for reading, written through a buffer, made durable. Writes and fsyncs can be made to
   fail by a test. */
#ifndef MRG_FILE_H
#define MRG_FILE_H

#include "core/buffer.h"
#include "core/error.h"

/* A whole file mapped read-only. Zero-initialise; dispose unmaps. An empty file has len 0. */
typedef struct mrg_mapping {
    const unsigned char *data;
    size_t len;
} mrg_mapping;
morgue_status mrg_mapping_open(mrg_mapping *out, const char *path, morgue_error *err);
/* Gives back the memory of the pages that were read; they are read again when they are needed. */
void mrg_mapping_forget(const mrg_mapping *mapping);
void mrg_mapping_dispose(mrg_mapping *mapping);

/* A new file written in order. Failures are sticky. */
typedef struct mrg_file_writer {
    int fd;
    char *path;
    uint64_t offset; /* bytes appended so far */
    unsigned char *buffer;
    size_t buffered;
    morgue_error failure;
} mrg_file_writer;
morgue_status mrg_file_writer_open(mrg_file_writer *w, const char *path, morgue_error *err); /* must not exist */
void mrg_file_writer_append(mrg_file_writer *w, const void *bytes, size_t n);
/* What was appended so far, to be read while more is appended. `slack` zero bytes may be read behind it, for which at
   least as many must be appended later. */
morgue_status mrg_file_writer_view(mrg_file_writer *w, size_t slack, mrg_mapping *out, morgue_error *err);
/* Flushes, fsyncs unless `no_sync`, closes. Returns the first failure of the writer's life. */
morgue_status mrg_file_writer_finish(mrg_file_writer *w, int no_sync, morgue_error *err);
void mrg_file_writer_abandon(mrg_file_writer *w); /* closes and removes, if it was not finished */

/* Writes bytes at a place in a file, which is made if there is none, and syncs it. */
morgue_status mrg_write_at(const char *path, uint64_t offset, const void *bytes, size_t len, morgue_error *err);

morgue_status mrg_rename_durable(const char *from, const char *to, int no_sync, morgue_error *err); /* same directory */
morgue_status mrg_sync_directory(const char *path, morgue_error *err);
morgue_status mrg_make_directory(const char *path, morgue_error *err); /* existing is fine */
uint64_t mrg_tree_bytes(const char *path); /* sum of the sizes of the files below; 0 if unreadable */

/* For tests: the Nth write or fsync from now fails with EIO (0: none). */
void mrg_file_fail_at(long n);

#endif

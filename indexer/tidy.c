/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xapian leaves its tables a third empty while they grow. After a bulk load, and on request, catalogue and
 * names are rewritten without the gaps: a compacted copy is made beside the database and put in its
 * place by one atomic exchange of the two directories. Both hold the same commit, so a crash at any moment
 * leaves one or the other, and the one that is not in place is swept. Where the file system cannot
 * exchange directories, nothing happens.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/file.h"
#include "indexer.h"

/* Deletes a directory of plain files. */
static void remove_directory(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(path);
}

static char *path_of(const morgue_indexer *ix, const char *name, const char *suffix)
{
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/%s%s", ix->path, name, suffix);
    char *taken = mrg_buffer_take(&path, NULL);
    if (!taken)
        mrg_buffer_dispose(&path);
    return taken;
}

void mrg_tidy_sweep(const morgue_indexer *ix)
{
    const char *const names[] = { "catalogue", "names" };
    for (size_t i = 0; i < 2; i++) {
        char *copy = path_of(ix, names[i], MRG_TIDY_SUFFIX);
        if (copy)
            remove_directory(copy);
        mrg_free(copy);
    }
}

/* Returns non-zero if the database's directory was exchanged for a compacted copy. */
static int exchange(morgue_indexer *ix, const char *name)
{
    char *path = path_of(ix, name, ""), *copy = path_of(ix, name, MRG_TIDY_SUFFIX);
    int done = 0;
    if (path && copy) {
        const char *paths[] = { path };
        remove_directory(copy);
        done = !xapian_compact(paths, 1, copy, XAPIAN_COMPACT_FULL | XAPIAN_COMPACT_NO_RENUMBER,
                               MRG_CATALOGUE_BLOCK_BYTES, NULL) &&
               !mrg_sync_directory(copy, NULL) && !renameat2(AT_FDCWD, copy, AT_FDCWD, path, RENAME_EXCHANGE);
        if (done)
            mrg_sync_directory(ix->path, NULL);
        else
            remove_directory(copy);
    }
    mrg_free(path);
    mrg_free(copy);
    return done;
}

struct names_job {
    morgue_indexer *ix;
    int done;
};

static void *exchange_names(void *arg)
{
    struct names_job *job = arg;
    job->done = exchange(job->ix, "names");
    return NULL;
}

morgue_status mrg_tidy(morgue_indexer *ix, morgue_error *err)
{
    struct names_job names = { ix, 0 };
    pthread_t thread;
    int threaded = !pthread_create(&thread, NULL, exchange_names, &names);
    int catalogue_done = exchange(ix, "catalogue");
    morgue_status status = MORGUE_OK;
    if (threaded)
        pthread_join(thread, NULL);
    if (names.done) {
        xapian_writable_free(ix->names); /* in a transaction without changes: nothing is written */
        ix->names = NULL;
        status = mrg_names_reopen(ix, err);
    }
    /* The old catalogue's lock is held until the new one is in its place. Should another writer be quicker
       to lock that, this one waits for it, and goes on from where it left off. */
    if (!status && catalogue_done) {
        xapian_writable_free(ix->catalogue);
        ix->catalogue = NULL;
        status = mrg_catalogue_reopen(ix, err);
    }
    mrg_tidy_sweep(ix);
    return status;
}

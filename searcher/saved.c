/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "saved.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/arguments.h"

static const char program[] = "morgue-search";

enum { LARGEST_FILE = 16 << 20, PATH_ROOM = 4096 };

/* ---- Where ---- */

/* The path of a file in the user's data directory, whose directories are made if `make` says so. */
static int data_path(char out[PATH_ROOM], const char *file, int make)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int n;
    if (data && *data == '/')
        n = snprintf(out, PATH_ROOM, "%s/morgue/%s", data, file);
    else if (home && *home)
        n = snprintf(out, PATH_ROOM, "%s/.local/share/morgue/%s", home, file);
    else
        n = -1;
    if (n < 0 || n >= PATH_ROOM) {
        mrg_complain(program, "no place for saved queries: set HOME or XDG_DATA_HOME");
        return -1;
    }
    for (char *slash = strchr(out + 1, '/'); make && slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(out, 0700); /* what cannot be made is found out later */
        *slash = '/';
    }
    return 0;
}

static int fail(const char *doing, const char *path)
{
    char text[96] = "";
    mrg_complain(program, "cannot %s %s: %s", doing, path, strerror_r(errno, text, sizeof text));
    return -1;
}

/* ---- Reading ---- */

void mrg_saved_dispose(mrg_saved *saved)
{
    for (size_t i = 0; i < saved->count; i++) {
        mrg_saved_query *q = &saved->items[i];
        for (char **archive = q->archives; archive && *archive; archive++)
            free(*archive);
        free(q->archives);
        free(q->name);
        free(q->query);
        free(q->lang);
        free(q->cursor);
    }
    free(saved->items);
    memset(saved, 0, sizeof *saved);
}

const mrg_saved_query *mrg_saved_find(const mrg_saved *saved, const char *name)
{
    for (size_t i = 0; i < saved->count; i++)
        if (strcmp(saved->items[i].name, name) == 0)
            return &saved->items[i];
    return NULL;
}

static char *copy_member(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text ? strdup(text) : NULL;
}

/* 0, or -1 for something that is no query. */
static int read_query(mrg_saved_query *q, const cJSON *object)
{
    const cJSON *archives = cJSON_GetObjectItemCaseSensitive(object, "archives"), *archive;
    int count = cJSON_GetArraySize(archives), at = 0;
    q->name = copy_member(object, "name");
    q->query = copy_member(object, "query");
    q->cursor = copy_member(object, "cursor");
    q->lang = copy_member(object, "lang");
    q->any = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "any"));
    q->archives = calloc((size_t)count + 1, sizeof *q->archives);
    cJSON_ArrayForEach(archive, archives)
    {
        if (q->archives && cJSON_IsString(archive))
            q->archives[at++] = strdup(archive->valuestring);
    }
    return q->name && q->query && q->cursor && q->archives && at == count && count > 0 ? 0 : -1;
}

static int parse(mrg_saved *out, const char *text, const char *path)
{
    cJSON *file = cJSON_Parse(text);
    const cJSON *queries = cJSON_GetObjectItemCaseSensitive(file, "queries"), *object;
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(file, "version");
    int broken = !cJSON_IsArray(queries) || !cJSON_IsNumber(version) || version->valueint != 1;
    out->items = calloc((size_t)cJSON_GetArraySize(queries) + 1, sizeof *out->items);
    broken |= !out->items;
    cJSON_ArrayForEach(object, queries)
    {
        if (!broken && read_query(&out->items[out->count++], object))
            broken = 1;
    }
    cJSON_Delete(file);
    if (broken)
        mrg_complain(program, "%s is no file of saved queries, or is damaged", path);
    return broken ? -1 : 0;
}

static char *read_text(FILE *f)
{
    char *text = malloc(LARGEST_FILE + 1);
    size_t n = text ? fread(text, 1, LARGEST_FILE, f) : 0;
    if (text)
        text[n] = 0;
    return text;
}

int mrg_saved_read(mrg_saved *out)
{
    char path[PATH_ROOM];
    memset(out, 0, sizeof *out);
    if (data_path(path, "saved", 0))
        return -1;
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? 0 : fail("open", path);
    char *text = read_text(f);
    int status = text ? parse(out, text, path) : fail("read", path);
    fclose(f);
    free(text);
    if (status)
        mrg_saved_dispose(out);
    return status;
}

/* ---- Writing ---- */

static cJSON *query_object(const mrg_saved_query *q)
{
    cJSON *object = cJSON_CreateObject(), *archives = cJSON_AddArrayToObject(object, "archives");
    cJSON_AddStringToObject(object, "name", q->name);
    cJSON_AddStringToObject(object, "query", q->query);
    cJSON_AddStringToObject(object, "cursor", q->cursor);
    if (q->any)
        cJSON_AddTrueToObject(object, "any");
    if (q->lang)
        cJSON_AddStringToObject(object, "lang", q->lang);
    for (char **archive = q->archives; *archive; archive++)
        cJSON_AddItemToArray(archives, cJSON_CreateString(*archive));
    return object;
}

static char *file_text(const mrg_saved *saved)
{
    cJSON *file = cJSON_CreateObject();
    cJSON_AddStringToObject(file, "format", "morgue-saved");
    cJSON_AddNumberToObject(file, "version", 1);
    cJSON *queries = cJSON_AddArrayToObject(file, "queries");
    for (size_t i = 0; i < saved->count; i++)
        cJSON_AddItemToArray(queries, query_object(&saved->items[i]));
    char *text = cJSON_Print(file);
    cJSON_Delete(file);
    return text;
}

/* Complete under another name first, so that a crash leaves the old file or the new one. */
static int write_text(const char *path, const char *text)
{
    char temporary[PATH_ROOM + 8];
    snprintf(temporary, sizeof temporary, "%s.new", path);
    FILE *f = fopen(temporary, "we");
    if (!f)
        return fail("write", temporary);
    int failed = fputs(text, f) < 0 || putc('\n', f) < 0 || fflush(f) || fsync(fileno(f));
    failed |= fclose(f) != 0;
    if (failed || rename(temporary, path)) {
        fail("write", path);
        unlink(temporary);
        return -1;
    }
    return 0;
}

static int write_saved(const mrg_saved *saved)
{
    char path[PATH_ROOM];
    char *text = file_text(saved);
    int status = -1;
    if (!text)
        mrg_complain(program, "out of memory");
    else if (!data_path(path, "saved", 1))
        status = write_text(path, text);
    free(text);
    return status;
}

/* Others that change the file wait; -1 after a message. Ends with the descriptor. */
static int lock(void)
{
    char path[PATH_ROOM];
    if (data_path(path, "saved.lock", 1))
        return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX)) {
        fail("lock", path);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

/* Takes the item out of the list, if it is there. */
static int take_out(mrg_saved *saved, const char *name)
{
    for (size_t i = 0; i < saved->count; i++) {
        if (strcmp(saved->items[i].name, name) != 0)
            continue;
        mrg_saved one = { malloc(sizeof *saved->items), 1 };
        if (one.items) {
            one.items[0] = saved->items[i];
            mrg_saved_dispose(&one);
        }
        memmove(&saved->items[i], &saved->items[i + 1], (saved->count - i - 1) * sizeof *saved->items);
        saved->count--;
        return 1;
    }
    return 0;
}

int mrg_saved_put(const mrg_saved_query *query)
{
    mrg_saved saved;
    int fd = lock(), status = -1;
    if (fd < 0)
        return -1;
    if (!mrg_saved_read(&saved)) {
        take_out(&saved, query->name);
        mrg_saved all = { calloc(saved.count + 1, sizeof *all.items), saved.count + 1 };
        if (all.items) {
            if (saved.count)
                memcpy(all.items, saved.items, saved.count * sizeof *all.items);
            all.items[saved.count] = *query;
            status = write_saved(&all);
        }
        free(all.items);
        mrg_saved_dispose(&saved);
    }
    close(fd);
    return status;
}

int mrg_saved_forget(const char *name)
{
    mrg_saved saved;
    int fd = lock(), status = -1;
    if (fd < 0)
        return -1;
    if (!mrg_saved_read(&saved)) {
        status = take_out(&saved, name) ? write_saved(&saved) : 1;
        mrg_saved_dispose(&saved);
    }
    close(fd);
    return status;
}

int mrg_saved_move(const char *name, const char *cursor)
{
    mrg_saved saved;
    int fd = lock(), status = -1;
    if (fd < 0)
        return -1;
    if (!mrg_saved_read(&saved)) {
        char *copy = strdup(cursor);
        for (size_t i = 0; i < saved.count && copy; i++) {
            if (strcmp(saved.items[i].name, name) != 0)
                continue;
            free(saved.items[i].cursor);
            saved.items[i].cursor = copy;
            copy = NULL;
        }
        status = copy ? 0 : write_saved(&saved);
        free(copy);
        mrg_saved_dispose(&saved);
    }
    close(fd);
    return status;
}

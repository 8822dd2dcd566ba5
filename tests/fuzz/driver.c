/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replays inputs through a fuzz target without a fuzzer: each argument is a file, or a directory of files
 * (its own, not those further down), taken in the order of their names. A crash names the last file on
 * standard error when MORGUE_FUZZ_VERBOSE is set.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int complain(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return -1;
}

static uint8_t *read_file(FILE *file, size_t *size)
{
    size_t capacity = 1 << 16;
    uint8_t *data = malloc(capacity);
    *size = 0;
    while (data) {
        size_t n = fread(data + *size, 1, capacity - *size, file);
        if (n == 0)
            break;
        *size += n;
        if (*size == capacity) {
            uint8_t *larger = realloc(data, capacity *= 2);
            if (!larger)
                free(data);
            data = larger;
        }
    }
    return data;
}

static int replay_file(const char *path)
{
    size_t size;
    FILE *file = fopen(path, "rb");
    if (!file)
        return complain(path);
    uint8_t *data = read_file(file, &size);
    int failed = !data || ferror(file);
    fclose(file);
    if (failed) {
        free(data);
        return complain(path);
    }
    if (getenv("MORGUE_FUZZ_VERBOSE"))
        fprintf(stderr, "%s\n", path);
    /* A block of exactly its size, so that a sanitizer sees a read behind the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (exact) {
        memcpy(exact, data, size);
        LLVMFuzzerTestOneInput(exact, size);
    }
    free(exact);
    free(data);
    return exact ? 0 : -1;
}

static int replay_directory(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort), failed = 0;
    if (count < 0)
        return complain(path);
    for (int i = 0; i < count; i++) {
        char *file = NULL;
        struct stat info;
        if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
            file = NULL;
        if (!file || (stat(file, &info) == 0 && S_ISREG(info.st_mode) && replay_file(file)))
            failed = -1;
        free(file);
        free(entries[i]);
    }
    free(entries);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        struct stat info;
        if (stat(argv[i], &info) != 0)
            failed |= complain(argv[i]);
        else
            failed |= S_ISDIR(info.st_mode) ? replay_directory(argv[i]) : replay_file(argv[i]);
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

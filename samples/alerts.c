/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is new since the last time: alerts ARCHIVE QUERY FILE. The file keeps a cursor, a short text that says how far
 * the archive was when it was last asked; without it all matches are new.
 */
#include <stdio.h>
#include <string.h>

#include "morgue.h"

static void read_cursor(const char *path, char *cursor, size_t size)
{
    FILE *file = fopen(path, "r");
    *cursor = 0;
    if (file && fgets(cursor, (int)size, file))
        cursor[strcspn(cursor, "\n")] = 0;
    if (file)
        fclose(file);
}

static int write_cursor(const char *path, const char *cursor)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fprintf(file, "%s\n", cursor);
    return fclose(file);
}

int main(int argc, char **argv)
{
    morgue_searcher *searcher = NULL;
    morgue_results *results = NULL;
    morgue_search_options options = { .sort = MORGUE_SORT_NEWEST };
    morgue_error err = { 0 };
    char cursor[4096];
    if (argc != 4) {
        fprintf(stderr, "usage: alerts ARCHIVE QUERY FILE\n");
        return 2;
    }
    const char *paths[] = { argv[1] };
    read_cursor(argv[3], cursor, sizeof cursor);
    options.since = *cursor ? cursor : NULL;
    if (morgue_searcher_open(&searcher, paths, 1, &err) || morgue_search(searcher, argv[2], &options, &results, &err))
        goto out;
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        printf("%.10s  %s\n", morgue_hit_date(hit), morgue_hit_title(hit));
    }
    const char *now = morgue_searcher_cursor(searcher, &err);
    if (now && write_cursor(argv[3], now))
        snprintf(err.message, sizeof err.message, "cannot write %s", argv[3]);
out:
    if (*err.message)
        fprintf(stderr, "alerts: %s\n", err.message);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
    return *err.message ? 2 : 0;
}

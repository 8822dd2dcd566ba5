/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches an archive: search ARCHIVE QUERY. Exit status: 0 found, 1 nothing found, 2 error. */
#include <stdio.h>

#include "morgue.h"

int main(int argc, char **argv)
{
    morgue_searcher *searcher = NULL;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    int exit_status = 2;
    if (argc != 3) {
        fprintf(stderr, "usage: search ARCHIVE QUERY\n");
        return 2;
    }
    const char *paths[] = { argv[1] };
    if (morgue_searcher_open(&searcher, paths, 1, &err) || morgue_search(searcher, argv[2], NULL, &results, &err))
        goto out;
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        morgue_snippet snippet;
        if (morgue_hit_snippet(hit, 0, &snippet, &err))
            goto out;
        printf("%s\n    %.*s\n", morgue_hit_title(hit), (int)snippet.text_len, snippet.text);
    }
    exit_status = morgue_results_size(results) ? 0 : 1;
out:
    if (exit_status == 2)
        fprintf(stderr, "search: %s\n", err.message);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
    return exit_status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches an archive: search ARCHIVE QUERY. All there is to it. */
#include <stdio.h>

#include "morgue.h"

int main(int argc, char **argv)
{
    morgue_searcher *searcher = NULL;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    if (argc != 3) {
        fprintf(stderr, "usage: search ARCHIVE QUERY\n");
        return 2;
    }
    const char *paths[] = { argv[1] };
    if (morgue_searcher_open(&searcher, paths, 1, &err) || morgue_search(searcher, argv[2], NULL, &results, &err)) {
        fprintf(stderr, "search: %s\n", err.message);
        morgue_searcher_close(searcher);
        return 2;
    }
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        morgue_snippet snippet;
        if (!morgue_hit_snippet(hit, 0, &snippet, &err))
            printf("%s\n    %.*s\n", morgue_hit_title(hit), (int)snippet.text_len, snippet.text);
    }
    int found = morgue_results_size(results) > 0;
    morgue_results_free(results);
    morgue_searcher_close(searcher);
    return found ? 0 : 1;
}

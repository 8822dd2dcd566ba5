/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deleting by query: the one place of the write path that searches, so it lies with the searcher. */
#include "indexer.h"
#include "morgue.h"

/* Articles that were replaced or deleted since the last commit are not what was searched. */
static morgue_status delete_hit(morgue_indexer *ix, const morgue_hit *hit, uint64_t *count, morgue_error *err)
{
    const char *id = morgue_hit_id(hit);
    if (mrg_pending_find(&ix->pending, id))
        return MORGUE_OK;
    morgue_status status = morgue_indexer_delete(ix, id, err);
    *count += !status;
    return status;
}

morgue_status morgue_indexer_delete_query(morgue_indexer *ix, const char *query, uint64_t *count, morgue_error *err)
{
    const char *paths[] = { ix->path };
    morgue_searcher *searcher = NULL;
    morgue_results *results = NULL;
    uint64_t deleted = 0;
    if (count)
        *count = 0;
    morgue_status status = morgue_searcher_open(&searcher, paths, 1, err);
    if (!status && morgue_searcher_article_count(searcher)) {
        morgue_search_options options = { .limit = (size_t)morgue_searcher_article_count(searcher) };
        status = morgue_search(searcher, query, &options, &results, err);
        for (size_t i = 0; !status && i < morgue_results_size(results); i++)
            status = delete_hit(ix, morgue_results_hit(results, i), &deleted, err);
    }
    morgue_results_free(results);
    morgue_searcher_close(searcher);
    if (!status && count)
        *count = deleted;
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Indexes articles that a program has in memory: from_memory ARCHIVE. A commit makes them all visible at once. */
#include <stdio.h>

#include "morgue.h"

static const morgue_article articles[] = {
    { .id = "pier-1",
      .title = "Orrvik closes its old pier",
      .date = "2019-05-02",
      .source = "Orrvik Tidende",
      .text = "The old pier of Orrvik is closed from Monday, harbour master Ida Aasen said.\n\nCracks were found in "
              "March." },
    { .id = "pier-2",
      .title = "Old pier to open again",
      .date = "2019-08-19",
      .source = "Orrvik Tidende",
      .text = "The cracks were only in the paint. The pier opens on Friday; there will be soup." },
    { .title = "Nameless", .text = "An article needs an id." },
};

int main(int argc, char **argv)
{
    morgue_indexer *indexer = NULL;
    morgue_progress taken;
    morgue_error err = { 0 };
    if (argc != 2) {
        fprintf(stderr, "usage: from_memory ARCHIVE\n");
        return 2;
    }
    morgue_status status = morgue_indexer_open(&indexer, argv[1], NULL, &err);
    for (size_t i = 0; i < sizeof articles / sizeof *articles && !status; i++) {
        status = morgue_indexer_add(indexer, &articles[i], &err);
        if (status == MORGUE_ERR_INVALID) { /* of this article; the others go on */
            printf("article %zu: %s\n", i + 1, err.message);
            status = MORGUE_OK;
        }
    }
    if (!status)
        status = morgue_indexer_commit(indexer, &err);
    if (status) {
        fprintf(stderr, "from_memory: %s\n", err.message);
    } else {
        morgue_indexer_progress(indexer, &taken);
        printf("%llu articles, %llu of them as they were\n", (unsigned long long)taken.article_count,
               (unsigned long long)taken.unchanged_count);
    }
    morgue_indexer_close(indexer);
    return status ? 2 : 0;
}

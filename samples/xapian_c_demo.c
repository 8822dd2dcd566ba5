/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xapian_c_demo.c: full-text search from C with nothing but xapian_c.h. Indexes a few lines in memory,
 * then prints those that match the query given as the argument, best first, with the words highlighted.
 *
 *     cc -Iinclude samples/xapian_c_demo.c -lmorgue -lxapian -o demo && ./demo '"red line" OR sanction'
 */
#include "xapian_c.h"

#include <stdio.h>
#include <string.h>

static const char *const lines[] = {
    "Talks on sanctions end without agreement",
    "The red line was drawn in August, ministers say",
    "A line of credit for the railways, in the red for years",
    "Sanctioned bank moves its seat abroad",
};

static xapian_status index_lines(xapian_writable *db, const xapian_stem *stem, xapian_error *err)
{
    xapian_termgen *termgen = NULL;
    xapian_document *doc = NULL;
    xapian_docid docid;
    xapian_status status = xapian_termgen_create(&termgen, stem, err);
    for (size_t i = 0; i < sizeof lines / sizeof *lines && status == XAPIAN_C_OK; i++) {
        size_t len = strlen(lines[i]);
        if ((status = xapian_document_create(&doc, err)) < 0 ||
            (status = xapian_document_set_data(doc, lines[i], len, err)) < 0 ||
            (status = xapian_termgen_set_document(termgen, doc, err)) < 0 ||
            (status = xapian_termgen_index_text(termgen, lines[i], len, 1, NULL, 0, true, err)) < 0)
            break;
        status = xapian_writable_add_document(&docid, db, doc, err);
        xapian_document_free(doc);
        doc = NULL;
    }
    xapian_document_free(doc);
    xapian_termgen_free(termgen);
    return status < 0 ? status : xapian_writable_commit(db, err);
}

static xapian_status search(xapian_database *db, const xapian_stem *stem, const char *text, xapian_error *err)
{
    xapian_query *query = NULL;
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    xapian_document *doc = NULL;
    xapian_buffer data = XAPIAN_BUFFER_INIT, snippet = XAPIAN_BUFFER_INIT;
    xapian_parse_options parse = XAPIAN_PARSE_OPTIONS_INIT;
    xapian_snippet_options mark = XAPIAN_SNIPPET_OPTIONS_INIT;
    xapian_hit hit;
    xapian_status status;
    parse.stem = mark.stem = stem;
    mark.highlight_start = "[";
    mark.highlight_end = "]";
    if ((status = xapian_query_parse(&query, NULL, text, strlen(text), &parse, err)) < 0 ||
        (status = xapian_enquire_create(&enquire, db, err)) < 0 ||
        (status = xapian_enquire_set_query(enquire, query, 0, err)) < 0 ||
        (status = xapian_enquire_get_mset(&mset, enquire, NULL, err)) < 0)
        goto out;
    for (size_t i = 0; i < xapian_mset_size(mset); i++) {
        if ((status = xapian_mset_hit(&hit, mset, i, err)) < 0 ||
            (status = xapian_mset_document(&doc, mset, i, err)) < 0 ||
            (status = xapian_document_data(&data, doc, err)) < 0 ||
            (status = xapian_mset_snippet(&snippet, mset, data.data, data.len, &mark, err)) < 0)
            break;
        printf("%3d%%  %s\n", hit.percent, snippet.data);
        xapian_document_free(doc);
        doc = NULL;
    }
out:
    xapian_buffer_dispose(&snippet);
    xapian_buffer_dispose(&data);
    xapian_document_free(doc);
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    xapian_query_free(query);
    return status;
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "sanctions OR \"red line\"";
    xapian_error err = XAPIAN_ERROR_INIT;
    xapian_writable *db = NULL;
    xapian_stem *stem = NULL;
    xapian_status status;
    if ((status = xapian_stem_create(&stem, "en", &err)) == XAPIAN_C_OK &&
        (status = xapian_writable_open(&db, NULL, XAPIAN_DB_INMEMORY, 0, 0, &err)) == XAPIAN_C_OK &&
        (status = index_lines(db, stem, &err)) == XAPIAN_C_OK)
        status = search(xapian_writable_database(db), stem, text, &err);
    if (status < 0)
        fprintf(stderr, "xapian_c_demo: %s\n", err.message);
    xapian_writable_free(db);
    xapian_stem_free(stem);
    return status < 0 ? 2 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Batches -> the catalogue. Runs on a thread of its own, inside one transaction a commit. An article's fields are a value,
 * not the document's data, which Xapian would deflate one by one at a cost of 6 % of indexing.
 */
#include "indexer.h"

#include "core/bytes.h"

static xapian_status fill(xapian_document *doc, const mrg_batch *batch, size_t i, xapian_error *cause)
{
    const mrg_batch_article *article = &batch->articles[i];
    mrg_document_reader reader;
    size_t len;
    uint32_t wdf;
    const char *bytes = mrg_document_data(&reader, batch, i, &len);
    xapian_status got = xapian_document_clear(doc, cause);
    if (!got)
        got = xapian_document_set_value(doc, MRG_VALUE_FIELDS, bytes, len, cause);
    while (!got && (bytes = mrg_document_next_term(&reader, &len, &wdf)))
        got = wdf ? xapian_document_add_term(doc, bytes, len, wdf, cause)
                  : xapian_document_add_boolean_term(doc, bytes, len, cause);
    if (!got && article->date.precision != MRG_DATE_NONE) {
        char value[XAPIAN_SORTABLE_MAX];
        len = xapian_sortable_serialise(value, (double)article->date.seconds);
        got = xapian_document_set_value(doc, MRG_VALUE_DATE, value, len, cause);
    }
    if (!got) {
        char hash[8];
        mrg_store_u64(hash, article->hash);
        got = xapian_document_set_value(doc, MRG_VALUE_HASH, hash, sizeof hash, cause);
    }
    return got;
}

static morgue_status delete_article(morgue_indexer *ix, uint32_t docid, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    if (xapian_writable_delete_document(ix->catalogue, docid, &cause))
        return mrg_fail_xapian(err, &cause, "cannot delete an article");
    return MORGUE_OK;
}

static morgue_status write_article(morgue_indexer *ix, const mrg_batch *batch, size_t i, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_docid docid = 0;
    morgue_status status = MORGUE_OK;
    if (batch->articles[i].replaces)
        status = delete_article(ix, batch->articles[i].replaces, err);
    if (status)
        return status;
    if (fill(ix->document, batch, i, &cause) ||
        xapian_writable_add_document(&docid, ix->catalogue, ix->document, &cause))
        return mrg_fail_xapian(err, &cause, "cannot write to the catalogue");
    if (docid != batch->first_docid + i)
        return mrg_fail(err, MORGUE_ERR_INTERNAL, "the catalogue numbers an article %u, not %u", docid,
                        batch->first_docid + (uint32_t)i);
    return docid % MRG_FLUSH_DOCUMENTS ? MORGUE_OK : mrg_flush(ix->catalogue, err);
}

morgue_status mrg_write_catalogue(void *ctx, mrg_batch *batch, morgue_error *err)
{
    morgue_indexer *ix = ctx;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < batch->article_count && !status; i++)
        status = write_article(ix, batch, i, err);
    for (size_t i = 0; i < batch->delete_count && !status; i++)
        status = delete_article(ix, batch->deletes[i], err);
    if (!status && batch->flush)
        status = mrg_flush(ix->catalogue, err);
    return status;
}

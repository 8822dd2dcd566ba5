/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"

enum { FIELDS_VERSION = 1, FIELD_COUNT = 8, PLAIN_FIELDS = 7 };

morgue_status mrg_fail_xapian(morgue_error *err, const xapian_error *cause, const char *what)
{
    morgue_status status;
    switch (cause->status) {
    case XAPIAN_C_NOMEM:
        status = MORGUE_ERR_NOMEM;
        break;
    case XAPIAN_C_LOCK:
        status = MORGUE_ERR_LOCKED;
        break;
    case XAPIAN_C_DB_NOT_FOUND:
    case XAPIAN_C_DOC_NOT_FOUND:
        status = MORGUE_ERR_NOT_FOUND;
        break;
    case XAPIAN_C_CORRUPT:
        status = MORGUE_ERR_CORRUPT;
        break;
    case XAPIAN_C_VERSION:
        status = MORGUE_ERR_VERSION;
        break;
    case XAPIAN_C_OPENING:
    case XAPIAN_C_CREATE:
    case XAPIAN_C_DATABASE:
    case XAPIAN_C_NETWORK:
    case XAPIAN_C_NETWORK_TIMEOUT:
        status = MORGUE_ERR_IO;
        break;
    default:
        status = MORGUE_ERR_INTERNAL;
        break;
    }
    return mrg_fail(err, status, "%s: %s", what, cause->message[0] ? cause->message : xapian_status_text(cause->status));
}

/* An id that looks like a hash is hashed itself, so the two never meet. */
static int is_hashed(const char *id, size_t len)
{
    return len > MRG_ID_TERM_BYTES || (len && id[0] == '#');
}

void mrg_catalogue_id_term(mrg_buffer *out, const char *id, size_t len)
{
    mrg_buffer_append_str(out, MRG_PREFIX_ID);
    if (!is_hashed(id, len)) {
        mrg_buffer_append(out, id, len);
        return;
    }
    /* FNV-1a, 64 bits (Fowler, Noll, Vo): part of the format, so it must never change. */
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)id[i]) * 0x100000001b3u;
    mrg_buffer_printf(out, "#%016llx", (unsigned long long)hash);
}

void mrg_fields_dispose(mrg_fields *fields)
{
    mrg_free(fields->memory);
    memset(fields, 0, sizeof *fields);
}

static void append_field(mrg_buffer *out, const char *s)
{
    mrg_buffer_append_string(out, s ? s : "", s ? strlen(s) : 0);
}

void mrg_fields_encode(mrg_buffer *out, const morgue_article *article, const char *date, const char *lang)
{
    /* Many addresses are the id, or end in it: that part is not kept twice. */
    size_t id_len = strlen(article->id), url_len = article->url ? strlen(article->url) : 0;
    size_t same = url_len >= id_len && !strcmp(article->url + url_len - id_len, article->id) ? id_len : 0;
    mrg_buffer_append_byte(out, FIELDS_VERSION);
    append_field(out, article->id);
    append_field(out, article->title);
    append_field(out, date);
    mrg_buffer_append_byte(out, same != 0);
    mrg_buffer_append_string(out, url_len ? article->url : "", url_len - same);
    append_field(out, article->source);
    append_field(out, article->author);
    append_field(out, lang);
    if (!article->version && !(article->subject && *article->subject))
        return;
    append_field(out, article->subject);
    mrg_buffer_append_varint(out, article->version);
}

morgue_status mrg_fields_decode(mrg_fields *out, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    const unsigned char *version = mrg_read_bytes(&r, 1);
    char **fields[FIELD_COUNT] = { &out->id,     &out->title,  &out->date, &out->url,
                                   &out->source, &out->author, &out->lang, &out->subject };
    memset(out, 0, sizeof *out);
    if (r.failed || *version != FIELDS_VERSION)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "an article's fields are damaged");
    /* Each field is at most what is left, the id occurs once more at most, and each has a NUL. */
    out->memory = mrg_malloc(2 * len + FIELD_COUNT);
    if (!out->memory)
        return mrg_fail_nomem(err);
    char *p = out->memory;
    uint64_t article_version = 0;
    size_t id_len = 0, more = FIELD_COUNT;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        size_t n = 0;
        if (i == PLAIN_FIELDS && r.p == r.end)
            more = PLAIN_FIELDS;
        const unsigned char *with_id = fields[i] == &out->url ? mrg_read_bytes(&r, 1) : NULL;
        const char *s = i < more ? mrg_read_string(&r, &n) : "";
        *fields[i] = p;
        if (n)
            memcpy(p, s, n);
        p += n;
        if (i == 0)
            id_len = n;
        if (with_id && *with_id && !r.failed) {
            memcpy(p, out->id, id_len);
            p += id_len;
        }
        *p++ = 0;
    }
    if (more > PLAIN_FIELDS)
        article_version = mrg_read_varint(&r);
    out->version = (uint32_t)article_version;
    if (r.failed || r.p != r.end || article_version > UINT32_MAX) {
        mrg_fields_dispose(out);
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "an article's fields are damaged");
    }
    return MORGUE_OK;
}

xapian_status mrg_document_field_bytes(const xapian_document *doc, xapian_buffer *out, xapian_error *cause)
{
    xapian_status status = xapian_document_value(out, doc, MRG_VALUE_FIELDS, cause);
    return status || out->len ? status : xapian_document_data(out, doc, cause); /* of archives of format 1 */
}

morgue_status mrg_document_fields(const xapian_document *doc, mrg_fields *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_buffer data = XAPIAN_BUFFER_INIT;
    morgue_status status;
    memset(out, 0, sizeof *out);
    if (mrg_document_field_bytes(doc, &data, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read an article's fields");
    else
        status = mrg_fields_decode(out, data.data, data.len, err);
    xapian_buffer_dispose(&data);
    return status;
}

morgue_status mrg_catalogue_fields(xapian_database *catalogue, uint32_t docid, mrg_fields *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_document *doc = NULL;
    morgue_status status;
    memset(out, 0, sizeof *out);
    if (xapian_database_get_document(&doc, catalogue, docid, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read an article's fields");
    else
        status = mrg_document_fields(doc, out, err);
    xapian_document_free(doc);
    return status;
}

static morgue_status has_id(xapian_database *catalogue, uint32_t docid, const char *id, int *has, morgue_error *err)
{
    mrg_fields fields;
    morgue_status status = mrg_catalogue_fields(catalogue, docid, &fields, err);
    *has = !status && !strcmp(fields.id, id);
    mrg_fields_dispose(&fields);
    return status;
}

morgue_status mrg_catalogue_find(xapian_database *catalogue, const char *id, uint32_t *docid, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    mrg_buffer term = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    *docid = 0;
    mrg_catalogue_id_term(&term, id, strlen(id));
    if (term.failed) {
        status = mrg_fail_nomem(err);
    } else {
        xapian_status got = xapian_database_postings(&it, catalogue, (const char *)term.data, term.len, &cause);
        int found = 0;
        while (!got && !status && !found && !(got = xapian_posting_iter_next(docid, it, &cause))) {
            found = !is_hashed(id, strlen(id));
            if (!found)
                status = has_id(catalogue, *docid, id, &found, err);
        }
        if (got < 0)
            status = mrg_fail_xapian(err, &cause, "cannot look up an id");
        if (!found)
            *docid = 0;
    }
    xapian_posting_iter_free(it);
    mrg_buffer_dispose(&term);
    return status;
}

morgue_status mrg_flush(xapian_writable *database, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    xapian_status got = xapian_database_allterms(&it, xapian_writable_database(database), "", 0, &cause);
    xapian_term_iter_free(it);
    return got < 0 ? mrg_fail_xapian(err, &cause, "cannot write to the archive") : MORGUE_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue: one Xapian document an article, without a word of its text. The schema is here, and
 * here alone.
 *
 *   terms   Q<id>            the article's id; over MRG_ID_TERM_BYTES: Q# and a hash, and whoever looks
 *                            one up compares the id itself
 *           Y2014 M201403 D20140301   when it was published, as far as it is known
 *           XS<word> A<word>  each word of source and author, as text/tokenize.h makes them
 *           L<lang>          lower case
 *           K<words>         a subject: its words, as text/tokenize.h makes them, with single spaces between
 *           XE<key>          an entity; wdf = its weight (mentions, more for headline and lead)
 *   values  0  seconds since 1970, UTC, as xapian_sortable_serialise; absent without a date
 *           1  hash of the content, 8 bytes
 *   data    version byte, then id, title, date, url, source, author, lang, each with a varint length; if it has a
 *           subject or a version number, both;
 *           before the url a byte, 1 if the id is to be added to its end
 *   metadata "morgue-manifest", "morgue-deleted", "morgue-id": see manifest.h
 */
#ifndef MRG_CATALOGUE_H
#define MRG_CATALOGUE_H

#include "core/buffer.h"
#include "core/error.h"
#include "source/source.h"
#include "xapian_c.h"

/* Of new Xapian databases. Measured on 50,000 articles: with 2 KiB glass fills the blocks of its term lists,
   with 4 KiB and more it leaves half of each empty, in the same time. */
enum { MRG_CATALOGUE_BLOCK_BYTES = 2048 };

enum { MRG_VALUE_DATE = 0, MRG_VALUE_HASH = 1, MRG_VALUE_FIELDS = 2, MRG_ID_TERM_BYTES = 24 };

#define MRG_PREFIX_ID "Q"
#define MRG_PREFIX_YEAR "Y"
#define MRG_PREFIX_MONTH "M"
#define MRG_PREFIX_DAY "D"
#define MRG_PREFIX_SOURCE "XS"
#define MRG_PREFIX_AUTHOR "A"
#define MRG_PREFIX_LANG "L"
#define MRG_PREFIX_SUBJECT "K"
#define MRG_PREFIX_ENTITY "XE"

/* Appends the term of an id, without a NUL. */
void mrg_catalogue_id_term(mrg_buffer *out, const char *id, size_t len);

/* The fields of an article, owned; "" for an absent one. Zero-initialise, then dispose. */
typedef struct mrg_fields {
    char *id, *title, *date, *url, *source, *author, *lang, *subject;
    uint32_t version;
    char *memory; /* what they point into */
} mrg_fields;
void mrg_fields_dispose(mrg_fields *fields);
void mrg_fields_encode(mrg_buffer *out, const morgue_article *article, const char *date, const char *lang);
/* The encoded fields of a document of the catalogue. */
xapian_status mrg_document_field_bytes(const xapian_document *doc, xapian_buffer *out, xapian_error *cause);
morgue_status mrg_fields_decode(mrg_fields *out, const void *bytes, size_t len, morgue_error *err);

/* The fields of an article's document. */
morgue_status mrg_document_fields(const xapian_document *doc, mrg_fields *out, morgue_error *err);

/* Reads the fields of one article. NOT_FOUND when there is no such docid. */
morgue_status mrg_catalogue_fields(xapian_database *catalogue, uint32_t docid, mrg_fields *out, morgue_error *err);

/* The docid of the article with this id, 0 for none. */
morgue_status mrg_catalogue_find(xapian_database *catalogue, const char *id, uint32_t *docid, morgue_error *err);

/* Has Xapian bring its postings up to date now, within the transaction: a list of all terms needs that.
   Otherwise it does so at the commit, one database after the other, on one thread. */
morgue_status mrg_flush(xapian_writable *database, morgue_error *err);

/* To be done after every so many documents. Until then Xapian keeps their terms in a tree, which is slow once it is
   too large for the processor's cache. Measured: 2,000 take 15 % less time than 10,000, which is when Xapian does it
   itself, and 300 take more again. */
enum { MRG_FLUSH_DOCUMENTS = 2000 };

/* A failure of the binding as one of ours; `what` says what was being done. */
morgue_status mrg_fail_xapian(morgue_error *err, const xapian_error *cause, const char *what);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a worker does with a batch: words, names, run, records, catalogue documents. */
#include "batch.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "entity/attribute.h"
#include "entity/when.h"
#include "store/catalogue.h"
#include "store/subject.h"

struct mrg_analyst {
    mrg_run_builder *builder;
    mrg_finder *finder; /* NULL: no entities */
    mrg_when *when;
    mrg_tokens tokens, field_tokens;
    mrg_found found;
    mrg_buffer record, data, id_term;
    mrg_text_block block;
    int with_sketches;
    morgue_error *err;
};

morgue_status mrg_analyst_create(mrg_analyst **out, const mrg_finder_options *finder, int with_sketches,
                                 morgue_error *err)
{
    *out = NULL;
    mrg_analyst *a = mrg_calloc(1, sizeof *a);
    if (!a)
        return mrg_fail_nomem(err);
    a->with_sketches = with_sketches;
    morgue_status status = mrg_run_builder_create(&a->builder, err);
    if (!status && finder)
        status = mrg_finder_create(&a->finder, finder, err);
    if (!status && finder)
        status = mrg_when_create(&a->when, err);
    if (status) {
        mrg_analyst_free(a);
        return status;
    }
    *out = a;
    return MORGUE_OK;
}

void mrg_analyst_free(mrg_analyst *a)
{
    if (!a)
        return;
    mrg_run_builder_free(a->builder);
    mrg_finder_free(a->finder);
    mrg_when_free(a->when);
    mrg_tokens_dispose(&a->tokens);
    mrg_tokens_dispose(&a->field_tokens);
    mrg_found_dispose(&a->found);
    mrg_buffer_dispose(&a->record);
    mrg_buffer_dispose(&a->data);
    mrg_buffer_dispose(&a->id_term);
    mrg_text_block_dispose(&a->block);
    mrg_free(a);
}

/* ---- The catalogue's document: data, then each term as wdf (0: boolean), prefix and rest ---- */

static void add_term(mrg_batch *batch, uint32_t wdf, const char *prefix, const char *term, size_t len)
{
    size_t prefix_len = strlen(prefix);
    mrg_buffer_append_varint(&batch->documents, wdf);
    mrg_buffer_append_varint(&batch->documents, prefix_len + len);
    mrg_buffer_append(&batch->documents, prefix, prefix_len);
    mrg_buffer_append(&batch->documents, term, len);
}

static void add_date_terms(mrg_batch *batch, const mrg_date *date)
{
    char text[16];
    if (date->precision == MRG_DATE_NONE)
        return;
    snprintf(text, sizeof text, "%04d", date->year % 10000);
    add_term(batch, 0, MRG_PREFIX_YEAR, text, 4);
    if (date->precision >= MRG_DATE_MONTH) {
        snprintf(text, sizeof text, "%04d%02d", date->year % 10000, date->month % 100);
        add_term(batch, 0, MRG_PREFIX_MONTH, text, 6);
    }
    if (date->precision >= MRG_DATE_DAY) {
        snprintf(text, sizeof text, "%04d%02d%02d", date->year % 10000, date->month % 100, date->day % 100);
        add_term(batch, 0, MRG_PREFIX_DAY, text, 8);
    }
}

/* Words may repeat; the catalogue takes a boolean term twice as once. */
static morgue_status add_field_words(mrg_analyst *a, mrg_batch *batch, const char *prefix, const char *text)
{
    if (!text)
        return MORGUE_OK;
    mrg_tokens_clear(&a->field_tokens);
    morgue_status status = mrg_tokenize(&a->field_tokens, text, 0, strlen(text), 0, a->err);
    for (size_t i = 0; i < a->field_tokens.count && !status; i++) {
        const mrg_token *t = &a->field_tokens.items[i];
        add_term(batch, 0, prefix, mrg_token_term(&a->field_tokens, t), t->term_len);
    }
    return status;
}

static morgue_status add_subjects(mrg_analyst *a, mrg_batch *batch, const char *subjects)
{
    const char *subject;
    size_t len;
    morgue_status status = MORGUE_OK;
    while (subjects && !status && (subject = mrg_subject_next(&subjects, &len))) {
        status = mrg_subject_key(&a->data, &a->field_tokens, subject, len, a->err);
        if (!status && a->data.len)
            add_term(batch, 0, MRG_PREFIX_SUBJECT, (const char *)a->data.data, a->data.len);
    }
    return status;
}

static morgue_status add_document(mrg_analyst *a, mrg_batch *batch, mrg_batch_article *article)
{
    char date[MRG_DATE_TEXT_BYTES];
    mrg_date_format(&article->date, date);
    article->doc_begin = batch->documents.len;
    mrg_buffer_clear(&a->data);
    mrg_fields_encode(&a->data, &article->fields, date, article->fields.lang);
    mrg_buffer_clear(&a->id_term);
    mrg_catalogue_id_term(&a->id_term, article->fields.id, strlen(article->fields.id));
    if (a->data.failed || a->id_term.failed)
        return mrg_fail_nomem(a->err);
    mrg_buffer_append_string(&batch->documents, (const char *)a->data.data, a->data.len);
    add_term(batch, 0, "", (const char *)a->id_term.data, a->id_term.len);
    add_date_terms(batch, &article->date);
    if (article->fields.lang)
        add_term(batch, 0, MRG_PREFIX_LANG, article->fields.lang, strlen(article->fields.lang));
    morgue_status status = add_field_words(a, batch, MRG_PREFIX_SOURCE, article->fields.source);
    if (!status)
        status = add_field_words(a, batch, MRG_PREFIX_AUTHOR, article->fields.author);
    if (!status)
        status = add_subjects(a, batch, article->fields.subject);
    for (size_t i = 0; a->finder && i < a->found.entity_count && !status; i++) {
        const mrg_article_entity *e = &a->found.entities[i];
        if (e->type < MRG_ENTITY_TYPES)
            add_term(batch, e->weight ? e->weight : 1, MRG_PREFIX_ENTITY, e->key, strlen(e->key));
    }
    mrg_buffer_append_varint(&batch->documents, 0);
    mrg_buffer_append_varint(&batch->documents, 0); /* an empty term ends the list */
    if (!status && batch->documents.failed)
        status = mrg_fail_nomem(a->err);
    return status;
}

const char *mrg_document_data(mrg_document_reader *d, const mrg_batch *batch, size_t i, size_t *len)
{
    size_t begin = batch->articles[i].doc_begin;
    d->r = mrg_reader_make(batch->documents.data + begin, batch->documents.len - begin);
    return mrg_read_string(&d->r, len);
}

const char *mrg_document_next_term(mrg_document_reader *d, size_t *len, uint32_t *wdf)
{
    *wdf = (uint32_t)mrg_read_varint(&d->r);
    const char *term = mrg_read_string(&d->r, len);
    return *len ? term : NULL;
}

/* ---- Records ---- */

static morgue_status close_block(mrg_analyst *a, mrg_batch *batch)
{
    mrg_encoded_block block = { batch->text.len, 0, (uint32_t)a->block.count };
    if (!block.record_count && !a->block.raw.failed) /* a failure is told by encode */
        return MORGUE_OK;
    if (mrg_reserve((void **)&batch->blocks, &batch->block_capacity, batch->block_count + 1, sizeof *batch->blocks))
        return mrg_fail_nomem(a->err);
    morgue_status status = mrg_text_block_encode(&a->block, &batch->text, a->err);
    block.end = batch->text.len;
    batch->blocks[batch->block_count++] = block;
    return status;
}

static uint32_t day_of(const mrg_date *date)
{
    if (date->precision < MRG_DATE_YEAR)
        return 0;
    return (uint32_t)(date->year * 10000 + (date->month ? date->month : 1) * 100 + (date->day ? date->day : 1));
}

static morgue_status add_record(mrg_analyst *a, mrg_batch *batch, const mrg_batch_article *article)
{
    const mrg_found *found = a->finder ? &a->found : NULL;
    mrg_buffer_clear(&a->record);
    size_t kept_len = batch->no_text ? article->title_len : article->text_len;
    mrg_record_encode(&a->record, article->text, kept_len, article->title_len, &a->tokens, found);
    if (a->record.failed)
        return mrg_fail_nomem(a->err);
    morgue_status status = MORGUE_OK;
    if (found)
        status = mrg_names_delta_add_found(batch->names, article->text, &a->tokens, found, day_of(&article->date), a->err);
    mrg_text_block_add(&a->block, a->record.data, a->record.len);
    if (!status && a->block.raw.len >= MRG_TEXT_BLOCK_BYTES)
        status = close_block(a, batch);
    return status;
}

/* Dates, ages and roles are read as English has them. */
static int may_be_english(const char *lang)
{
    return !lang || !*lang || !strcmp(lang, "none") || (!strncmp(lang, "en", 2) && (!lang[2] || lang[2] == '-'));
}

/* Names, what is said of people, dates. */
static morgue_status find_names(mrg_analyst *a, const mrg_batch_article *article)
{
    morgue_status status = mrg_finder_run(a->finder, article->text, article->text_len, article->title_len, &a->tokens,
                                          &a->found, a->err);
    mrg_day published = { 0, 0, 0 };
    if (article->date.precision != MRG_DATE_NONE)
        published = (mrg_day){ article->date.year, article->date.month, article->date.day };
    if (status || !may_be_english(article->fields.lang))
        return status;
    status = mrg_when_run(a->when, article->text, article->text_len, &a->tokens, &published, &a->found, a->err);
    return status ? status : mrg_attributes_run(article->text, article->text_len, &a->tokens, &a->found, a->err);
}

static morgue_status analyse_article(mrg_analyst *a, mrg_batch *batch, mrg_batch_article *article)
{
    size_t body = article->title_len ? article->title_len + 2 : 0;
    mrg_tokens_clear(&a->tokens);
    morgue_status status = mrg_tokenize(&a->tokens, article->text, 0, article->title_len, 0, a->err);
    size_t title_count = a->tokens.count;
    if (!status)
        status = mrg_tokenize(&a->tokens, article->text, body, article->text_len,
                              title_count ? MRG_TITLE_GAP : 0, a->err);
    if (!status && batch->sketches)
        mrg_sketch_make(&batch->sketches[article - batch->articles], &a->tokens, title_count);
    if (!status && a->finder)
        status = find_names(a, article);
    if (!status)
        status = mrg_run_builder_add(a->builder, &a->tokens, title_count, article->lang, a->finder ? &a->found : NULL,
                                     a->err);
    if (!status)
        status = add_record(a, batch, article);
    return status ? status : add_document(a, batch, article);
}

morgue_status mrg_analyse(mrg_analyst *a, mrg_batch *batch, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    a->err = err;
    if (a->finder && !(batch->names = mrg_names_delta_create()))
        return mrg_fail_nomem(err);
    if (a->with_sketches && batch->article_count &&
        !(batch->sketches = mrg_calloc(batch->article_count, sizeof *batch->sketches)))
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < batch->article_count && !status; i++)
        status = analyse_article(a, batch, &batch->articles[i]);
    if (!status)
        status = close_block(a, batch);
    if (!status && batch->article_count)
        status = mrg_run_builder_finish(a->builder, batch->first_docid, &batch->run, err);
    return status;
}

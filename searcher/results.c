/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "known_fields.h"
#include "overview.h"

morgue_status mrg_results_create(morgue_results **out, morgue_searcher *searcher, morgue_error *err)
{
    *out = mrg_calloc(1, sizeof **out);
    if (!*out)
        return mrg_fail_nomem(err);
    (*out)->searcher = searcher;
    (*out)->view = mrg_view_retain(searcher->view);
    return MORGUE_OK;
}

static morgue_status keep(const char **kept, const char *s, morgue_error *err)
{
    *kept = s ? mrg_strdup(s) : NULL;
    return s && !*kept ? mrg_fail_nomem(err) : MORGUE_OK;
}

morgue_status mrg_results_keep_question(morgue_results *results, mrg_plan_maker *make, const char *asked,
                                        const morgue_search_options *options, morgue_error *err)
{
    mrg_question *q = &results->question;
    q->make = make;
    q->options = *options;
    q->options.lang = q->options.since = NULL;
    morgue_status status = keep(&q->asked, asked, err);
    if (!status)
        status = keep(&q->options.lang, options->lang, err);
    return status ? status : keep(&q->options.since, options->since, err);
}

static void dispose_question(mrg_question *q)
{
    mrg_free((void *)(uintptr_t)q->asked);
    mrg_free((void *)(uintptr_t)q->options.lang);
    mrg_free((void *)(uintptr_t)q->options.since);
}

static void dispose_hit(morgue_hit *hit)
{
    mrg_fields_dispose(&hit->fields);
    mrg_free(hit->text);
    mrg_buffer_dispose(&hit->snippet);
    mrg_spans_dispose(&hit->snippet_spans);
    mrg_spans_dispose(&hit->match_spans);
    mrg_hit_free_names(hit);
    mrg_arena_dispose(&hit->arena);
}

void morgue_results_free(morgue_results *results)
{
    if (!results)
        return;
    mrg_overview_free(results->overview);
    for (size_t i = 0; i < results->hit_count; i++)
        dispose_hit(&results->hits[i]);
    mrg_free(results->hits);
    for (size_t i = 0; i < results->note_count; i++)
        mrg_free(results->notes[i]);
    mrg_free(results->notes);
    mrg_free(results->groups);
    mrg_buffer_dispose(&results->explain);
    mrg_buffer_dispose(&results->suggestion);
    mrg_buffer_dispose(&results->cache.raw);
    mrg_marks_dispose(&results->marks);
    mrg_marker_dispose(&results->marker);
    mrg_plan_dispose(&results->plan);
    mrg_query_dispose(&results->query);
    dispose_question(&results->question);
    mrg_view_release(results->view);
    mrg_free(results);
}

morgue_status mrg_results_reserve(morgue_results *results, size_t hit_count, morgue_error *err)
{
    results->hits = mrg_calloc(hit_count, sizeof *results->hits);
    return results->hits ? MORGUE_OK : mrg_fail_nomem(err);
}

/* The fields are read at once: a newer commit may take them away. */
static morgue_status read_fields(morgue_results *results, size_t shard, uint32_t docid, const xapian_document *doc,
                                 mrg_fields *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_buffer data = XAPIAN_BUFFER_INIT;
    morgue_status status;
    if (mrg_document_field_bytes(doc, &data, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read an article's fields");
    else
        status = mrg_fields_decode(out, data.data, data.len, err);
    if (!status)
        mrg_known_fields_keep(&results->view->fields, shard, docid, data.data, data.len);
    xapian_buffer_dispose(&data);
    return status;
}

static void take_fields(morgue_results *results, size_t shard, uint32_t docid, double score, const mrg_fields *fields)
{
    morgue_hit *hit = &results->hits[results->hit_count++];
    hit->fields = *fields;
    hit->results = results;
    hit->shard = shard;
    hit->docid = docid;
    hit->score = score;
}

morgue_status mrg_results_take_hit(morgue_results *results, size_t shard, uint32_t docid, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_document *doc = NULL;
    mrg_fields fields = { 0 };
    morgue_status status;
    if (xapian_database_get_document(&doc, results->view->snapshots[shard]->catalogue, docid, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read an article's fields");
    else
        status = read_fields(results, shard, docid, doc, &fields, err);
    xapian_document_free(doc);
    if (!status)
        take_fields(results, shard, docid, 0, &fields);
    return status;
}

static morgue_status take_found(morgue_results *results, const xapian_mset *mset, size_t index, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_document *doc = NULL;
    xapian_hit found;
    uint32_t docid;
    size_t len;
    mrg_fields fields = { 0 };
    if (xapian_mset_hit(&found, mset, index, &cause))
        return mrg_fail_xapian(err, &cause, "cannot read the hits");
    size_t shard = mrg_view_shard(results->view, found.docid, &docid);
    const void *known = mrg_known_fields_find(results->view->fields, shard, docid, &len);
    morgue_status status;
    if (known)
        status = mrg_fields_decode(&fields, known, len, err);
    else if (xapian_mset_document(&doc, mset, index, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read the hits");
    else
        status = read_fields(results, shard, docid, doc, &fields, err);
    xapian_document_free(doc);
    if (!status)
        take_fields(results, shard, docid, found.weight, &fields);
    return status;
}

morgue_status mrg_results_take_hits(morgue_results *results, const xapian_mset *mset, morgue_error *err)
{
    size_t n = xapian_mset_size(mset);
    morgue_status status = mrg_results_reserve(results, n, err);
    for (size_t i = 0; i < n && !status; i++) {
        status = take_found(results, mset, i, err);
        if (!status)
            status = mrg_match_run_check(&results->plan.run, err);
    }
    return status;
}

morgue_status mrg_results_add_note(morgue_results *results, mrg_buffer *take_text, morgue_error *err)
{
    char *text = mrg_buffer_take(take_text, NULL);
    if (!text || mrg_reserve((void **)&results->notes, &results->note_capacity, results->note_count + 1,
                             sizeof *results->notes)) {
        mrg_free(text);
        return mrg_fail_nomem(err);
    }
    results->notes[results->note_count++] = text;
    return MORGUE_OK;
}

void morgue_results_count(const morgue_results *results, uint64_t *at_least, uint64_t *at_most)
{
    if (at_least)
        *at_least = results->at_least;
    if (at_most)
        *at_most = results->at_most;
}

const char *morgue_results_note(const morgue_results *results, size_t index)
{
    return index < results->note_count ? results->notes[index] : NULL;
}

size_t morgue_results_size(const morgue_results *results)
{
    return results->hit_count;
}

const morgue_hit *morgue_results_hit(const morgue_results *results, size_t index)
{
    return index < results->hit_count ? &results->hits[index] : NULL;
}

/* ---- Fields -------------------------------------------------------------------------------------------------- */

morgue_hit *mrg_hit_writable(const morgue_hit *hit)
{
    return &hit->results->hits[hit - hit->results->hits];
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

const char *morgue_hit_id(const morgue_hit *hit)
{
    return or_empty(hit->fields.id);
}

const char *morgue_hit_title(const morgue_hit *hit)
{
    return or_empty(hit->fields.title);
}

const char *morgue_hit_date(const morgue_hit *hit)
{
    return or_empty(hit->fields.date);
}

const char *morgue_hit_url(const morgue_hit *hit)
{
    return or_empty(hit->fields.url);
}

const char *morgue_hit_source(const morgue_hit *hit)
{
    return or_empty(hit->fields.source);
}

const char *morgue_hit_subject(const morgue_hit *hit)
{
    return or_empty(hit->fields.subject);
}

const char *morgue_hit_author(const morgue_hit *hit)
{
    return or_empty(hit->fields.author);
}

const char *morgue_hit_lang(const morgue_hit *hit)
{
    return or_empty(hit->fields.lang);
}

const char *morgue_hit_archive(const morgue_hit *hit)
{
    return hit->results->view->snapshots[hit->shard]->path;
}

double morgue_hit_score(const morgue_hit *hit)
{
    return hit->score;
}

uint32_t morgue_hit_docid(const morgue_hit *hit)
{
    return hit->docid;
}

/* ---- The article itself --------------------------------------------------------------------------------------- */

/* Reads the record of this hit, which replaces the one at hand. */
static morgue_status read_record(morgue_hit *hit, morgue_error *err)
{
    morgue_results *results = hit->results;
    const mrg_snapshot *s = results->view->snapshots[hit->shard];
    const mrg_segment *segment = mrg_snapshot_segment(s, hit->docid);
    const unsigned char *bytes;
    size_t len;
    results->current = NULL;
    if (!segment)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "%s: no segment holds article %u", s->path, hit->docid);
    morgue_status status = mrg_segment_record(segment, hit->docid, &results->cache, &bytes, &len, err);
    return status ? status : mrg_record_decode(&results->record, bytes, len, err);
}

morgue_status mrg_hit_record(morgue_hit *hit, const mrg_record **record, morgue_error *err)
{
    morgue_status status = hit->results->current == hit ? MORGUE_OK : read_record(hit, err);
    *record = status ? NULL : &hit->results->record;
    return status;
}

/* The record and where the query matches in it. */
static morgue_status read_article(morgue_hit *hit, morgue_error *err)
{
    morgue_results *results = hit->results;
    mrg_stemmer *stemmer = NULL;
    if (results->current == hit)
        return MORGUE_OK;
    morgue_status status = read_record(hit, err);
    if (!status)
        status = mrg_stemmer_set_get(&results->searcher->stemmers, morgue_hit_lang(hit), &stemmer, err);
    if (!status)
        status = mrg_marks_find(&results->marks, &results->marker, &results->record, stemmer, err);
    if (!status)
        results->current = hit;
    return status;
}

morgue_status morgue_hit_text(const morgue_hit *lent, const char **text, size_t *text_len, morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    morgue_status status = MORGUE_OK;
    mrg_error_clear(err);
    if (!hit->text) {
        const mrg_record *record;
        status = mrg_hit_record(hit, &record, err);
        if (!status) {
            hit->text_len = record->text_len - record->body_begin;
            hit->text = mrg_strndup(record->text + record->body_begin, hit->text_len);
            status = hit->text ? MORGUE_OK : mrg_fail_nomem(err);
        }
    }
    *text = status ? NULL : hit->text;
    *text_len = status ? 0 : hit->text_len;
    return status;
}

morgue_status morgue_hit_snippet(const morgue_hit *lent, size_t max_chars, morgue_snippet *out, morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    morgue_results *results = hit->results;
    mrg_error_clear(err);
    memset(out, 0, sizeof *out);
    max_chars = max_chars ? max_chars : 240;
    if (hit->snippet_chars != max_chars) {
        hit->snippet_chars = 0;
        morgue_status status = read_article(hit, err);
        if (!status)
            status = mrg_snippet_make(&results->marks, &results->marker, &results->record, max_chars, &hit->snippet,
                                      &hit->snippet_spans, err);
        if (status)
            return status;
        hit->snippet_chars = max_chars;
    }
    out->text = (const char *)hit->snippet.data;
    out->text_len = hit->snippet.len;
    out->matches = hit->snippet_spans.items;
    out->match_count = hit->snippet_spans.count;
    return MORGUE_OK;
}

morgue_status morgue_hit_matches(const morgue_hit *lent, int in_title, const morgue_span **spans, size_t *span_count,
                                 morgue_error *err)
{
    morgue_hit *hit = mrg_hit_writable(lent);
    const mrg_record *record = &hit->results->record;
    mrg_error_clear(err);
    morgue_status status = read_article(hit, err);
    if (!status)
        status = mrg_marks_spans(&hit->results->marks, in_title ? 0 : record->body_begin,
                                 in_title ? record->title_len : record->text_len, &hit->match_spans, err);
    *spans = status ? NULL : hit->match_spans.items;
    *span_count = status ? 0 : hit->match_spans.count;
    return status;
}

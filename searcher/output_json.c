/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For programs. Version 1; members may be added, none change or go away without a new version:
 *
 *   search  = {"format":"morgue-search","version":1,"query":s,"count":{"at_least":n,"at_most":n,"exact":b},
 *              "notes":[s...],"explain":s (with --explain),"hits":[hit...]}
 *   hit     = {"rank":n,"id":s,"title":s,"date":s,"url":s,"source":s,"author":s,"lang":s,"score":x,
 *              "archive":s (with several archives),
 *              "snippet":{"text":s,"matches":[[begin,end]...]},"entities":[{"type":s,"name":s,"mentions":n}...]}
 *   article = {"format":"morgue-search","version":1,"query":s or null,"article":hit without rank, score and
 *              snippet, with "title_matches":[[begin,end]...],"text":s,"matches":[[begin,end]...]}
 *
 * jsonl is one hit, or one article, a line. Strings are never null but the query; absent ones are "". begin
 * and end count bytes of UTF-8 in the string they belong to; end is behind the last.
 */
#include <math.h>
#include <string.h>

#include "output.h"
#include "cli/clean.h"

static void put_member(FILE *out, const char *before, const char *name, const char *value)
{
    fprintf(out, "%s\"%s\":", before, name);
    mrg_put_json_str(out, value);
}

static void put_spans(FILE *out, const char *name, const morgue_span *spans, size_t count)
{
    fprintf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s[%u,%u]", i ? "," : "", (unsigned)spans[i].begin, (unsigned)spans[i].end);
    putc(']', out);
}

static morgue_status put_entities(FILE *out, const morgue_hit *hit, morgue_error *err)
{
    const morgue_entity *entities = NULL;
    size_t count = 0;
    morgue_status status = morgue_hit_entities(hit, &entities, &count, err);
    if (status)
        return status;
    fputs(",\"entities\":[", out);
    for (size_t i = 0; i < count; i++) {
        put_member(out, i ? ",{" : "{", "type", entities[i].type);
        put_member(out, ",", "name", entities[i].name);
        fprintf(out, ",\"mentions\":%u}", (unsigned)entities[i].mention_count);
    }
    putc(']', out);
    return MORGUE_OK;
}

static void put_fields(FILE *out, const char *before, const morgue_hit *hit, const mrg_search_args *args)
{
    put_member(out, before, "id", morgue_hit_id(hit));
    put_member(out, ",", "title", morgue_hit_title(hit));
    put_member(out, ",", "date", morgue_hit_date(hit));
    put_member(out, ",", "url", morgue_hit_url(hit));
    put_member(out, ",", "source", morgue_hit_source(hit));
    put_member(out, ",", "author", morgue_hit_author(hit));
    put_member(out, ",", "lang", morgue_hit_lang(hit));
    if (args->archive_count > 1)
        put_member(out, ",", "archive", morgue_hit_archive(hit));
}

static morgue_status put_hit(FILE *out, const mrg_search_args *args, const morgue_hit *hit, size_t rank,
                             morgue_error *err)
{
    morgue_snippet snippet = { 0 };
    double score = morgue_hit_score(hit);
    morgue_status status = morgue_hit_snippet(hit, 0, &snippet, err);
    if (status)
        return status;
    fprintf(out, "{\"rank\":%zu", rank);
    put_fields(out, ",", hit, args);
    fprintf(out, ",\"score\":%.6g,\"snippet\":{\"text\":", isfinite(score) ? score : 0.0);
    mrg_put_json(out, snippet.text ? snippet.text : "", snippet.text_len);
    put_spans(out, "matches", snippet.matches, snippet.match_count);
    putc('}', out);
    status = put_entities(out, hit, err);
    putc('}', out);
    return status;
}

static morgue_status put_article(FILE *out, const mrg_search_args *args, const morgue_hit *hit, morgue_error *err)
{
    const char *text = "";
    size_t len = 0, count = 0;
    const morgue_span *spans = NULL;
    put_fields(out, "{", hit, args);
    morgue_status status = put_entities(out, hit, err);
    if (!status)
        status = morgue_hit_matches(hit, 1, &spans, &count, err);
    if (!status) {
        put_spans(out, "title_matches", spans, count);
        status = morgue_hit_text(hit, &text, &len, err);
    }
    spans = NULL;
    count = 0;
    if (!status)
        status = morgue_hit_matches(hit, 0, &spans, &count, err);
    if (status)
        return status;
    fputs(",\"text\":", out);
    mrg_put_json(out, text, len);
    put_spans(out, "matches", spans, count);
    putc('}', out);
    return MORGUE_OK;
}

static void put_head(FILE *out, const mrg_search_args *args)
{
    fputs("{\"format\":\"morgue-search\",\"version\":1,\"query\":", out);
    if (args->query)
        mrg_put_json_str(out, args->query);
    else
        fputs("null", out);
}

static void put_count(FILE *out, const morgue_results *results)
{
    uint64_t at_least, at_most;
    morgue_results_count(results, &at_least, &at_most);
    fprintf(out, ",\"count\":{\"at_least\":%llu,\"at_most\":%llu,\"exact\":%s}", (unsigned long long)at_least,
            (unsigned long long)at_most, at_least == at_most ? "true" : "false");
}

static void put_notes(FILE *out, const morgue_results *results)
{
    const char *note;
    fputs(",\"notes\":[", out);
    for (size_t i = 0; (note = morgue_results_note(results, i)) != NULL; i++) {
        if (i > 0)
            putc(',', out);
        mrg_put_json_str(out, note);
    }
    putc(']', out);
}

morgue_status mrg_print_json(FILE *out, const mrg_search_args *args, const morgue_results *results, morgue_error *err)
{
    put_head(out, args);
    put_count(out, results);
    put_notes(out, results);
    if (args->explain)
        put_member(out, ",", "explain", morgue_results_explain(results));
    fputs(",\"hits\":[", out);
    size_t count = morgue_results_size(results);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ",\n" : "\n", out);
        morgue_status status = put_hit(out, args, morgue_results_hit(results, i), args->search.offset + i + 1, err);
        if (status)
            return status;
    }
    fputs(count ? "\n]}\n" : "]}\n", out);
    return MORGUE_OK;
}

morgue_status mrg_print_jsonl(FILE *out, const mrg_search_args *args, const morgue_results *results, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < morgue_results_size(results) && !status; i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        status = args->action == MRG_SHOW ? put_article(out, args, hit, err)
                                          : put_hit(out, args, hit, args->search.offset + i + 1, err);
        putc('\n', out);
    }
    return status;
}

morgue_status mrg_print_json_article(FILE *out, const mrg_search_args *args, const morgue_results *results,
                                     morgue_error *err)
{
    put_head(out, args);
    fputs(",\"article\":", out);
    morgue_status status = put_article(out, args, morgue_results_hit(results, 0), err);
    fputs("}\n", out);
    return status;
}

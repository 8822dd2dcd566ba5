/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For programs. Version 1: members may be added, none change or go away without a new version. Strings that are
 * absent are "", and never null but where it says so. `begin` and `end` count bytes of UTF-8 in the string that they
 * belong to; `end` is behind the last.
 *
 * --format=json: one object. What a search gives:
 *   format, version   "morgue-search", 1
 *   query             as it was given; null if there was none
 *   saved             with --alerts: the name of the standing query
 *   count             {"at_least": n, "at_most": n, "exact": bool}: how many articles match
 *   notes             strings for the person who asked
 *   suggestion        a query that is better spelled; null if there is none
 *   similar_to        with --similar: the id
 *   cursor            with --cursor: where the archives ended for this search, for a later --since
 *   explain           with --explain: the query as it was understood, lines
 *   facets            with --facet: [{"field": s, "total": n, "values": [{"value": s, "key": s, "count": n}...]}...]:
 *                     how many articles that match have a value, exactly; most frequent first, dates ascending; total
 *                     is how many values there are in all. A name's key tells it from another of the same name, in
 *                     other fields the key is the value; "" is for articles without one, or with a less precise date
 *   names             with --names: [{"type": s, "name": s, "key": s, "count": n, "everywhere": n, "surprise": x}...]:
 *                     names these articles are about, in order; articles that match, and articles of the whole archive
 *   timeline          with --timeline: {"by": "day", "month" or "year", "values": [{"date": s, "count": n}...],
 *                     "undated": n}: ascending, without those that are 0
 *   hits              objects, one an article:
 *     rank            from 1
 *     id, title, url, source, author, lang
 *     subjects        strings: what it is about, by the publisher's word
 *     captured        {"first": s, "last": s}: when a crawler fetched it; only where that is known
 *     date            ISO 8601, as precise as it was given
 *     score           a number; comparable within one answer
 *     archive         with several archives: the path as it was given
 *     snippet         {"text": s, "matches": [[begin, end]...]}
 *     title_matches, matches    with --matches: [[begin, end]...] in the title, in the text
 *     names           with --with-names: [{"type": s, "name": s, "mentions": n, "age": n, "role": s}...], most
 *                     mentioned first; the type is person, org, place or event; age and role only where the article
 *                     gives them
 *     dates           with --with-names: [{"date": s, "mentions": n}...], ascending: what the text speaks of, as
 *                     "2014-03-01", "2014-03", "2014" or "1990s"
 *     version_count, first_date  with --group: how many other versions of it its archive holds, and the earliest
 *                     date of all of them; 0 and "" where versions were not looked for
 *     versions        with --group: ids of those on this page
 *
 * What --show gives, beside format, version and query:
 *   article           a hit without rank, score and snippet, always with title_matches, names and dates, and
 *     text            paragraphs are separated by empty lines
 *     matches         [[begin, end]...] in the text
 *     title_mentions, mentions            [[begin, end, index into names]...]: where names stand in title and text
 *     title_date_mentions, date_mentions  [[begin, end, index into dates]...]
 *
 * --alerts: {"format": "morgue-alerts", "version": 1, "alerts": [...]}, each as what a search gives. --list-saved:
 * {"format": "morgue-saved", "version": 1, "saved": [{"name": s, "query": s, "archives": [s...]}...]}.
 *
 * --format=jsonl: one hit, or one article, a line, as above; with --alerts each hit has `saved`. Then, a line each, {"facet": field, "value", "key",
 * "count"}, {"names": type, "name", "key", "count", "everywhere", "surprise"}, {"timeline": by, "date", "count"}.
 *
 * output_names.c has what --related, --complete and --names-export give.
 */
#include <math.h>
#include <string.h>

#include "output.h"
#include "output_overview.h"
#include "cli/clean.h"

void mrg_put_member(FILE *out, const char *before, const char *name, const char *value)
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

static morgue_status put_matches(FILE *out, const char *name, const morgue_hit *hit, int in_title, morgue_error *err)
{
    const morgue_span *spans = NULL;
    size_t count = 0;
    morgue_status status = morgue_hit_matches(hit, in_title, &spans, &count, err);
    if (!status)
        put_spans(out, name, spans, count);
    return status;
}

static void put_mention_spans(FILE *out, const char *name, const morgue_mention *mentions, size_t count)
{
    fprintf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s[%u,%u,%u]", i ? "," : "", (unsigned)mentions[i].span.begin, (unsigned)mentions[i].span.end,
                (unsigned)mentions[i].entity);
    putc(']', out);
}

static morgue_status put_mentions(FILE *out, const morgue_hit *hit, int in_title, morgue_error *err)
{
    const morgue_mention *mentions = NULL;
    size_t count = 0;
    morgue_status status = morgue_hit_mentions(hit, in_title, &mentions, &count, err);
    if (status)
        return status;
    put_mention_spans(out, in_title ? "title_mentions" : "mentions", mentions, count);
    status = morgue_hit_date_mentions(hit, in_title, &mentions, &count, err);
    if (!status)
        put_mention_spans(out, in_title ? "title_date_mentions" : "date_mentions", mentions, count);
    return status;
}

static morgue_status put_dates(FILE *out, const morgue_hit *hit, morgue_error *err)
{
    const morgue_date *dates = NULL;
    size_t count = 0;
    morgue_status status = morgue_hit_dates(hit, &dates, &count, err);
    if (status)
        return status;
    fputs(",\"dates\":[", out);
    for (size_t i = 0; i < count; i++) {
        mrg_put_member(out, i ? ",{" : "{", "date", dates[i].value);
        fprintf(out, ",\"mentions\":%u}", (unsigned)dates[i].mention_count);
    }
    putc(']', out);
    return MORGUE_OK;
}

static void put_name(FILE *out, const morgue_entity *entity)
{
    mrg_put_member(out, "{", "type", entity->type);
    mrg_put_member(out, ",", "name", entity->name);
    fprintf(out, ",\"mentions\":%u", (unsigned)entity->mention_count);
    if (entity->age)
        fprintf(out, ",\"age\":%u", entity->age);
    if (entity->role[0])
        mrg_put_member(out, ",", "role", entity->role);
    putc('}', out);
}

static morgue_status put_names(FILE *out, const morgue_hit *hit, morgue_error *err)
{
    const morgue_entity *entities = NULL;
    size_t count = 0;
    morgue_status status = morgue_hit_entities(hit, &entities, &count, err);
    if (status)
        return status;
    fputs(",\"names\":[", out);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putc(',', out);
        put_name(out, &entities[i]);
    }
    putc(']', out);
    return put_dates(out, hit, err);
}

/* Semicolons stand between them. */
static void put_subjects(FILE *out, const char *subjects)
{
    const char *separator = "";
    fputs(",\"subjects\":[", out);
    while (*subjects) {
        size_t n = strcspn(subjects, ";"), skip = strspn(subjects, " ;");
        if (!skip) {
            fputs(separator, out);
            mrg_put_json(out, subjects, n);
            separator = ",";
        }
        subjects += skip ? skip : n;
    }
    putc(']', out);
}

static void put_fields(FILE *out, const char *before, const morgue_hit *hit, const mrg_search_args *args)
{
    mrg_put_member(out, before, "id", morgue_hit_id(hit));
    mrg_put_member(out, ",", "title", morgue_hit_title(hit));
    mrg_put_member(out, ",", "date", morgue_hit_date(hit));
    mrg_put_member(out, ",", "url", morgue_hit_url(hit));
    mrg_put_member(out, ",", "source", morgue_hit_source(hit));
    mrg_put_member(out, ",", "author", morgue_hit_author(hit));
    mrg_put_member(out, ",", "lang", morgue_hit_lang(hit));
    put_subjects(out, morgue_hit_subject(hit));
    if (args->archive_count > 1)
        mrg_put_member(out, ",", "archive", morgue_hit_archive(hit));
}

/* Of articles that a crawler fetched. */
static morgue_status put_captured(FILE *out, const morgue_hit *hit, morgue_error *err)
{
    const char *first, *last;
    morgue_status status = morgue_hit_captured(hit, &first, &last, err);
    if (status || !*first)
        return status;
    mrg_put_member(out, ",\"captured\":{", "first", first);
    mrg_put_member(out, ",", "last", last);
    putc('}', out);
    return MORGUE_OK;
}

static morgue_status put_versions(FILE *out, const mrg_page *page, size_t leader, morgue_error *err)
{
    int is_first = 1;
    size_t count = 0;
    const char *first_date = "";
    morgue_status status = morgue_hit_versions(morgue_results_hit(page->results, leader), &count, &first_date, err);
    if (status)
        return status;
    fprintf(out, ",\"version_count\":%zu", count);
    mrg_put_member(out, ",", "first_date", first_date);
    fputs(",\"versions\":[", out);
    for (size_t i = leader + 1; i < page->size; i++) {
        if (page->group_of[i] != leader)
            continue;
        if (!is_first)
            putc(',', out);
        mrg_put_json_str(out, morgue_hit_id(morgue_results_hit(page->results, i)));
        is_first = 0;
    }
    putc(']', out);
    return MORGUE_OK;
}

static morgue_status put_hit(FILE *out, const mrg_search_args *args, const mrg_page *page, size_t i, morgue_error *err)
{
    const morgue_hit *hit = morgue_results_hit(page->results, i);
    morgue_snippet snippet = { 0 };
    double score = morgue_hit_score(hit);
    morgue_status status = morgue_hit_snippet(hit, 0, &snippet, err);
    if (status)
        return status;
    fprintf(out, "{\"rank\":%zu", args->search.offset + i + 1);
    if (args->saved && args->format == MRG_FORMAT_JSONL)
        mrg_put_member(out, ",", "saved", args->saved);
    put_fields(out, ",", hit, args);
    fprintf(out, ",\"score\":%.6g,\"snippet\":{\"text\":", isfinite(score) ? score : 0.0);
    mrg_put_json(out, snippet.text ? snippet.text : "", snippet.text_len);
    put_spans(out, "matches", snippet.matches, snippet.match_count);
    putc('}', out);
    status = put_captured(out, hit, err);
    if (args->matches && !status)
        status = put_matches(out, "title_matches", hit, 1, err);
    if (args->matches && !status)
        status = put_matches(out, "matches", hit, 0, err);
    if (args->with_names && !status)
        status = put_names(out, hit, err);
    if (page->group_of && !status)
        status = put_versions(out, page, i, err);
    putc('}', out);
    return status;
}

static morgue_status put_article(FILE *out, const mrg_search_args *args, const morgue_hit *hit, morgue_error *err)
{
    const char *text = "";
    size_t len = 0;
    put_fields(out, "{", hit, args);
    morgue_status status = put_captured(out, hit, err);
    if (!status)
        status = put_matches(out, "title_matches", hit, 1, err);
    if (!status)
        status = put_names(out, hit, err);
    if (!status)
        status = put_mentions(out, hit, 1, err);
    if (!status)
        status = morgue_hit_text(hit, &text, &len, err);
    if (status)
        return status;
    fputs(",\"text\":", out);
    mrg_put_json(out, text, len);
    status = put_matches(out, "matches", hit, 0, err);
    if (!status)
        status = put_mentions(out, hit, 0, err);
    putc('}', out);
    return status;
}

void mrg_put_json_head(FILE *out, const mrg_search_args *args)
{
    const char *query = args->action == MRG_COMPLETE ? args->subject : args->query;
    fputs("{\"format\":\"morgue-search\",\"version\":1,\"query\":", out);
    if (query)
        mrg_put_json_str(out, query);
    else
        fputs("null", out);
    if (args->saved)
        mrg_put_member(out, ",", "saved", args->saved);
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

/* It is only help: what keeps it from being found keeps nothing else back. */
static void put_suggestion(FILE *out, morgue_results *results)
{
    const char *suggestion = morgue_results_suggestion(results, NULL);
    fputs(",\"suggestion\":", out);
    if (suggestion)
        mrg_put_json_str(out, suggestion);
    else
        fputs("null", out);
}

static morgue_status put_hits(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err)
{
    int is_first = 1;
    fputs(",\"hits\":[", out);
    for (size_t i = 0; i < page->size; i++) {
        if (page->group_of && page->group_of[i] != i)
            continue;
        fputs(is_first ? "\n" : ",\n", out);
        is_first = 0;
        morgue_status status = put_hit(out, args, page, i, err);
        if (status)
            return status;
    }
    fputs(is_first ? "]" : "\n]", out);
    return MORGUE_OK;
}

morgue_status mrg_print_json(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err)
{
    mrg_put_json_head(out, args);
    if (args->action == MRG_SIMILAR)
        mrg_put_member(out, ",", "similar_to", args->subject);
    put_count(out, page->results);
    put_notes(out, page->results);
    put_suggestion(out, page->results);
    if (args->cursor_text)
        mrg_put_member(out, ",", "cursor", args->cursor_text);
    if (args->explain)
        mrg_put_member(out, ",", "explain", morgue_results_explain(page->results));
    morgue_status status = mrg_put_json_overviews(out, args, page->results, err);
    if (!status)
        status = put_hits(out, args, page, err);
    if (!status)
        fputs("}\n", out);
    return status;
}

morgue_status mrg_print_jsonl(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < page->size && !status; i++) {
        if (page->group_of && page->group_of[i] != i)
            continue;
        status = args->action == MRG_SHOW ? put_article(out, args, morgue_results_hit(page->results, i), err)
                                          : put_hit(out, args, page, i, err);
        putc('\n', out);
    }
    return status ? status : mrg_print_overview_lines(out, args, page->results, err);
}

morgue_status mrg_print_json_article(FILE *out, const mrg_search_args *args, const morgue_results *results,
                                     morgue_error *err)
{
    mrg_put_json_head(out, args);
    fputs(",\"article\":", out);
    morgue_status status = put_article(out, args, morgue_results_hit(results, 0), err);
    fputs("}\n", out);
    return status;
}

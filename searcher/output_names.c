/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON, version 1 as in output_json.c:
 *
 * A name (in --related, and a line of --names-export --format=jsonl):
 *   key, type, name         the key tells it from others; the name is the canonical form
 *   articles, mentions      in how many articles it is, how often in all
 *   first_date, last_date   of those articles, as "2014-03-01"; "" if none is dated
 *   aliases                 [{"form": s, "count": n}...]: how it is written, most frequent first
 *
 * --related --format=json: format, version and query, as in a search, and
 *   name                    what was found, as above
 *   candidates              other names that may have been meant: the same objects
 *   names                   as in a search with --names
 *   timeline                with --with-timeline, as in a search
 *
 * --complete --format=json: format, version, query (as it is so far), and
 *   from                    each completion takes the place of the query's bytes from here on
 *   completions             [{"text": s, "kind": s, "count": n}...]: the kind is word, person, org, place, event,
 *                           source, author, lang, date, field or operator; the count is of articles, 0 for the last
 *                           two; jsonl has one a line, tsv text, kind, count and from
 *
 * --names-export --format=json: format, version, query (null), and
 *   names                   as above, in the order of keys
 */
#include "output_names.h"

#include <stdlib.h>
#include <string.h>

#include "cli/clean.h"
#include "output_overview.h"

typedef unsigned long long ull;

enum { MAX_COLUMNS = 100, CANDIDATES = 6, ALIASES_SHOWN = 8, COMPLETIONS = 10 };

/* ---- A name ---- */

static void put_json_name(FILE *out, const morgue_name *n)
{
    mrg_put_member(out, "{", "key", n->key);
    mrg_put_member(out, ",", "type", n->type);
    mrg_put_member(out, ",", "name", n->name);
    fprintf(out, ",\"articles\":%llu,\"mentions\":%llu", (ull)n->article_count, (ull)n->mention_count);
    mrg_put_member(out, ",", "first_date", n->first_date);
    mrg_put_member(out, ",", "last_date", n->last_date);
    fputs(",\"aliases\":[", out);
    for (size_t i = 0; i < n->alias_count; i++) {
        mrg_put_member(out, i ? ",{" : "{", "form", n->aliases[i].form);
        fprintf(out, ",\"count\":%u}", (unsigned)n->aliases[i].count);
    }
    fputs("]}", out);
}

static void put_label(mrg_wrapper *w, const char *label)
{
    mrg_wrap_str(w, label, MRG_STYLE_DIM);
}

static void print_aliases(const mrg_screen *screen, const morgue_name *n)
{
    mrg_wrapper w = { .screen = screen, .indent = 2 };
    size_t shown = 0;
    for (size_t i = 0; i < n->alias_count && shown < ALIASES_SHOWN; i++) {
        if (strcmp(n->aliases[i].form, n->name) == 0)
            continue;
        if (shown++ == 0) {
            mrg_wrap_begin(&w, 2);
            put_label(&w, "also: ");
        } else {
            mrg_wrap_str(&w, ", ", MRG_STYLE_PLAIN);
        }
        mrg_wrap_str(&w, n->aliases[i].form, MRG_STYLE_PLAIN);
    }
    if (shown)
        mrg_wrap_end(&w);
}

static void print_name_head(const mrg_screen *screen, const morgue_name *n)
{
    char first[MRG_DATE_BYTES], last[MRG_DATE_BYTES], articles[MRG_COUNT_BYTES], mentions[MRG_COUNT_BYTES], counts[280];
    mrg_wrapper w = { .screen = screen, .indent = 2 };
    mrg_wrap_str(&w, n->name, MRG_STYLE_BOLD);
    mrg_wrap_str(&w, "  ", MRG_STYLE_PLAIN);
    mrg_wrap_str(&w, n->type, mrg_style_of_type(n->type));
    mrg_wrap_end(&w);
    mrg_format_date(first, n->first_date, 0);
    mrg_format_date(last, n->last_date, 0);
    snprintf(counts, sizeof counts, "%s article%s, %s mention%s%s%s%s%s", mrg_grouped_count(articles, n->article_count),
             n->article_count == 1 ? "" : "s", mrg_grouped_count(mentions, n->mention_count),
             n->mention_count == 1 ? "" : "s",
             *first ? ", " : "", first, *first && strcmp(first, last) != 0 ? " to " : "",
             *first && strcmp(first, last) != 0 ? last : "");
    mrg_wrap_begin(&w, 2);
    mrg_wrap_str(&w, counts, MRG_STYLE_PLAIN);
    mrg_wrap_end(&w);
    print_aliases(screen, n);
}

static void print_candidates(const mrg_screen *screen, const morgue_names *found)
{
    mrg_wrapper w = { .screen = screen, .indent = 2 };
    for (size_t i = 1; i < morgue_names_size(found); i++) {
        const morgue_name *n = morgue_names_at(found, i);
        char count[MRG_COUNT_BYTES];
        if (i == 1) {
            mrg_wrap_begin(&w, 2);
            put_label(&w, "not: ");
        } else {
            mrg_wrap_str(&w, ", ", MRG_STYLE_PLAIN);
        }
        mrg_wrap_str(&w, n->name, mrg_style_of_type(n->type));
        mrg_wrap_str(&w, " (", MRG_STYLE_PLAIN);
        mrg_wrap_str(&w, mrg_grouped_count(count, n->article_count), MRG_STYLE_PLAIN);
        mrg_wrap_str(&w, ")", MRG_STYLE_PLAIN);
    }
    if (w.filled)
        mrg_wrap_end(&w);
}

/* ---- What goes with it ---- */

/* "person:putin" and "putin": the type in front, if it is one, and the rest. */
static const char *split_type(const char *subject, char type[8])
{
    static const char *const types[] = { "person", "org", "place", "event" };
    size_t len = strcspn(subject, ":");
    *type = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (subject[len] && strlen(types[i]) == len && memcmp(subject, types[i], len) == 0) {
            strcpy(type, types[i]);
            return subject + len + 1;
        }
    }
    return subject;
}

/* A query for the name, and what else was asked for. NULL when memory ran out. */
static char *make_query(const morgue_name *name, const char *more)
{
    char *query = NULL, *to;
    if (asprintf(&query, "%s:\"%s\"%s%s%s", name->type, name->name, more ? " (" : "", more ? more : "",
                 more ? ")" : "") < 0)
        return NULL;
    /* A quotation mark inside the name would end it. */
    char *begin = query + strlen(name->type) + 2, *end = begin + strlen(name->name);
    for (to = begin; to < end; to++) {
        if (*to == '"')
            *to = ' ';
    }
    return query;
}

static morgue_status print_related(const mrg_screen *screen, const mrg_search_args *args, const morgue_names *found,
                                   morgue_results *results, morgue_error *err)
{
    FILE *out = screen->out;
    const morgue_name *name = morgue_names_at(found, 0);
    const morgue_associate *names = NULL;
    mrg_timeline timeline = { 0 };
    size_t count = 0;
    morgue_status status = morgue_results_names(results, NULL, args->top, &names, &count, err);
    if (!status && args->with_timeline)
        status = mrg_timeline_make(&timeline, args, results, err);
    if (status)
        return status;
    if (args->format == MRG_FORMAT_TEXT) {
        print_name_head(screen, name);
        print_candidates(screen, found);
        putc('\n', out);
        mrg_print_names(screen, args->interactive, names, count);
        if (args->with_timeline)
            mrg_print_timeline(screen, &timeline);
    } else if (args->format == MRG_FORMAT_JSON) {
        mrg_put_json_head(out, args);
        fputs(",\"name\":", out);
        put_json_name(out, name);
        fputs(",\"candidates\":[", out);
        for (size_t i = 1; i < morgue_names_size(found); i++) {
            if (i > 1)
                putc(',', out);
            put_json_name(out, morgue_names_at(found, i));
        }
        putc(']', out);
        mrg_put_json_names(out, names, count);
        if (args->with_timeline)
            mrg_put_json_timeline(out, &timeline);
        fputs("}\n", out);
    } else {
        if (args->format == MRG_FORMAT_CSV)
            fputs("type,name,key,count,everywhere,surprise\n", out);
        for (size_t i = 0; i < count; i++)
            mrg_print_name_line(out, args->format, &names[i]);
        if (args->with_timeline)
            mrg_print_timeline_lines(out, args, &timeline);
    }
    return MORGUE_OK;
}

morgue_status mrg_print_related(const mrg_screen *wide, const mrg_search_args *args, morgue_searcher *searcher,
                                int *found, morgue_error *err)
{
    mrg_screen screen = mrg_screen_narrowed(wide, args, MAX_COLUMNS);
    char type[8];
    const char *text = split_type(args->subject, type);
    morgue_names *names = NULL;
    morgue_results *results = NULL;
    char *query = NULL;
    morgue_status status = morgue_names_find(searcher, *type ? type : NULL, text, CANDIDATES, &names, err);
    *found = !status && morgue_names_size(names) > 0;
    if (*found) {
        query = make_query(morgue_names_at(names, 0), args->query);
        status = query ? morgue_search(searcher, query, &args->search, &results, err) : MORGUE_ERR_NOMEM;
        if (!status)
            status = print_related(&screen, args, names, results, err);
    } else if (!status && args->format == MRG_FORMAT_TEXT) {
        fputs("nothing found\n", screen.out);
    }
    free(query);
    morgue_results_free(results);
    morgue_names_free(names);
    return status;
}

/* ---- All names ---- */

typedef struct export {
    FILE *out;
    int format;
    uint64_t count;
} export;

/* What a list has between its columns and aliases is a space inside them. */
static void put_list_cell(FILE *out, const char *text)
{
    mrg_glyph g;
    size_t len = strlen(text);
    for (size_t n; (n = mrg_glyph_next(&g, text, len)) > 0; text += n, len -= n) {
        if (g.c == '|')
            putc(' ', out);
        else
            mrg_put_glyph(out, &g);
    }
}

static void put_list_row(FILE *out, const morgue_name *name)
{
    put_list_cell(out, name->key);
    putc('\t', out);
    put_list_cell(out, name->type);
    putc('\t', out);
    put_list_cell(out, name->name);
    putc('\t', out);
    for (size_t i = 0; i < name->alias_count; i++) {
        if (i > 0)
            putc('|', out);
        put_list_cell(out, name->aliases[i].form);
    }
    putc('\n', out);
}

/* Stops when nobody reads any more. */
static int export_name(void *ctx, const morgue_name *name)
{
    export *e = ctx;
    if (e->format == MRG_FORMAT_JSON)
        fputs(e->count ? ",\n" : "\n", e->out);
    e->count++;
    if (e->format == MRG_FORMAT_JSON || e->format == MRG_FORMAT_JSONL)
        put_json_name(e->out, name);
    else
        put_list_row(e->out, name);
    if (e->format == MRG_FORMAT_JSONL)
        putc('\n', e->out);
    return ferror(e->out) != 0;
}

morgue_status mrg_print_all_names(FILE *out, const mrg_search_args *args, morgue_searcher *searcher, int *found,
                                  morgue_error *err)
{
    export e = { out, args->format, 0 };
    if (args->format == MRG_FORMAT_JSON) {
        mrg_put_json_head(out, args);
        fputs(",\"names\":[", out);
    }
    morgue_status status = morgue_names_each(searcher, export_name, &e, err);
    if (!status && args->format == MRG_FORMAT_JSON)
        fputs(e.count ? "\n]}\n" : "]}\n", out);
    *found = e.count > 0;
    return status;
}

/* ---- Completions ---- */

static void put_completion(FILE *out, int format, const morgue_completion *c, size_t from)
{
    switch ((mrg_format)format) {
    case MRG_FORMAT_JSON:
    case MRG_FORMAT_JSONL:
        mrg_put_member(out, "{", "text", c->text);
        mrg_put_member(out, ",", "kind", c->kind);
        fprintf(out, ",\"count\":%llu}", (ull)c->count);
        break;
    case MRG_FORMAT_TSV:
        mrg_put_clean_str(out, c->text);
        fprintf(out, "\t%s\t%llu\t%zu", c->kind, (ull)c->count, from);
        break;
    case MRG_FORMAT_TEXT:
    case MRG_FORMAT_CSV:
    case MRG_FORMAT_IDS:
        mrg_put_clean_str(out, c->text);
        break;
    }
}

morgue_status mrg_print_completions(FILE *out, const mrg_search_args *args, morgue_searcher *searcher, int *found,
                                    morgue_error *err)
{
    morgue_completions *completions = NULL;
    int json = args->format == MRG_FORMAT_JSON;
    size_t max = args->search.limit ? args->search.limit : COMPLETIONS;
    morgue_status status = morgue_complete(searcher, args->subject, max, &completions, err);
    if (status)
        return status;
    size_t count = morgue_completions_size(completions);
    if (json) {
        mrg_put_json_head(out, args);
        fprintf(out, ",\"from\":%zu,\"completions\":[", morgue_completions_from(completions));
    }
    for (size_t i = 0; i < count; i++) {
        if (json)
            fputs(i ? ",\n" : "\n", out);
        put_completion(out, args->format, morgue_completions_at(completions, i), morgue_completions_from(completions));
        if (!json)
            putc('\n', out);
    }
    if (json)
        fputs(count ? "\n]}\n" : "]}\n", out);
    *found = count > 0;
    morgue_completions_free(completions);
    return MORGUE_OK;
}

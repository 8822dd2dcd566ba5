/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For people: hits with snippets, and one article in full. */
#include <string.h>

#include "output.h"
#include "cli/clean.h"

enum { INDENT = 3, TITLE_COLUMNS = 60, NAMES_OF_A_TYPE = 3 };

static const char no_title[] = "(no title)";

/* ---- Parts ---- */

/* date  source  author  id, as far as they are known */
static void print_origin(const mrg_screen *screen, const morgue_hit *hit, size_t indent)
{
    const char *parts[] = { morgue_hit_date(hit), morgue_hit_source(hit), morgue_hit_author(hit) };
    mrg_wrapper w = { .screen = screen, .indent = indent };
    fprintf(screen->out, "%*s", (int)indent, "");
    w.column = indent;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i][0]) {
            mrg_wrap_str(&w, parts[i], MRG_STYLE_PLAIN);
            mrg_wrap_str(&w, "  ", MRG_STYLE_PLAIN);
        }
    }
    mrg_wrap_str(&w, morgue_hit_id(hit), MRG_STYLE_DIM);
    mrg_wrap_end(&w);
}

static size_t count_type(const char *type, const morgue_entity *entities, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += !strcmp(entities[i].type, type);
    return found;
}

/* A name with what separates it from the next, so that no line begins with a comma. */
static void put_name(mrg_wrapper *w, const char *name, const char *separator)
{
    char text[512];
    snprintf(text, sizeof text, "%s%s", name, separator);
    mrg_wrap_str(w, text, MRG_STYLE_PLAIN);
    if (*separator)
        mrg_wrap_str(w, " ", MRG_STYLE_PLAIN);
}

/* The names of one type, at most `max` of them (0: all), and `after` behind the last. */
static void print_names_of(mrg_wrapper *w, const char *type, const char *label, const morgue_entity *entities,
                           size_t count, size_t max, const char *after)
{
    size_t all = count_type(type, entities, count), shown = max && all > max ? max : all, n = 0;
    mrg_wrap_str(w, label, MRG_STYLE_DIM);
    for (size_t i = 0; i < count && n < shown; i++) {
        if (strcmp(entities[i].type, type))
            continue;
        n++;
        put_name(w, entities[i].name, n < all ? "," : after);
    }
    if (shown < all)
        put_name(w, "...", after);
}

static morgue_status print_names(const mrg_screen *screen, const morgue_hit *hit, size_t indent, size_t max,
                                 morgue_error *err)
{
    static const char *const types[][2] = {
        { "person", "people: " }, { "org", "organisations: " }, { "place", "places: " }, { "event", "events: " }
    };
    const morgue_entity *entities = NULL;
    size_t count = 0, left = 0;
    morgue_status status = morgue_hit_entities(hit, &entities, &count, err);
    if (status || count == 0)
        return status;
    mrg_wrapper w = { .screen = screen, .indent = indent, .column = indent };
    fprintf(screen->out, "%*s", (int)indent, "");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        left += count_type(types[i][0], entities, count) > 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (count_type(types[i][0], entities, count))
            print_names_of(&w, types[i][0], types[i][1], entities, count, max, --left ? ";" : "");
    }
    mrg_wrap_end(&w);
    return MORGUE_OK;
}

/* An article without a title goes by how it begins, or by its id. */
static void print_stand_in(mrg_wrapper *w, const morgue_hit *hit, const morgue_snippet *snippet)
{
    const char *text = snippet->text_len ? snippet->text : morgue_hit_id(hit);
    size_t len = snippet->text_len ? snippet->text_len : strlen(text);
    mrg_glyph g;
    size_t used = 0, width = 0;
    for (size_t n; width < TITLE_COLUMNS && (n = mrg_glyph_next(&g, text + used, len - used)) > 0; used += n)
        width += g.width;
    size_t cut = used;
    while (cut > 0 && used < len && text[cut - 1] != ' ')
        cut--;
    mrg_wrap(w, text, cut ? cut : used, NULL, 0, MRG_STYLE_BOLD);
    if (used < len)
        mrg_wrap_str(w, "...", MRG_STYLE_BOLD);
}

static morgue_status print_title(mrg_wrapper *w, const morgue_hit *hit, const morgue_snippet *snippet,
                                 morgue_error *err)
{
    const char *title = morgue_hit_title(hit);
    const morgue_span *spans = NULL;
    size_t span_count = 0;
    if (!title[0]) {
        if (snippet)
            print_stand_in(w, hit, snippet);
        else
            mrg_wrap_str(w, no_title, MRG_STYLE_BOLD);
        return MORGUE_OK;
    }
    morgue_status status = morgue_hit_matches(hit, 1, &spans, &span_count, err);
    if (status == MORGUE_OK)
        mrg_wrap(w, title, strlen(title), spans, span_count, MRG_STYLE_BOLD);
    return status;
}

/* ---- Hits ---- */

static morgue_status print_hit(const mrg_screen *screen, const morgue_hit *hit, size_t rank, morgue_error *err)
{
    char number[24];
    morgue_snippet snippet = { 0 };
    mrg_wrapper w = { .screen = screen, .indent = INDENT };
    morgue_status status = morgue_hit_snippet(hit, 0, &snippet, err);
    if (status)
        return status;
    snprintf(number, sizeof number, "%zu. ", rank);
    mrg_wrap_str(&w, number, MRG_STYLE_PLAIN);
    status = print_title(&w, hit, &snippet, err);
    mrg_wrap_end(&w);
    if (status)
        return status;
    print_origin(screen, hit, INDENT);
    if (snippet.text_len) {
        fprintf(screen->out, "%*s", INDENT, "");
        w.column = INDENT;
        mrg_wrap(&w, snippet.text, snippet.text_len, snippet.matches, snippet.match_count, MRG_STYLE_PLAIN);
        mrg_wrap_end(&w);
    }
    return print_names(screen, hit, INDENT, NAMES_OF_A_TYPE, err);
}

static void put_articles(FILE *out, uint64_t n)
{
    mrg_put_count(out, n);
    fputs(n == 1 ? " article" : " articles", out);
}

void mrg_print_count_line(FILE *out, size_t shown, size_t offset, uint64_t at_least, uint64_t at_most)
{
    if (at_most == 0) {
        fputs("nothing found\n", out);
        return;
    }
    if (offset && shown) {
        mrg_put_count(out, offset + 1);
        fputs(" to ", out);
        mrg_put_count(out, offset + shown);
        fputs(" of ", out);
    } else if (shown || offset) {
        mrg_put_count(out, shown);
        fputs(" of ", out);
    }
    if (at_least != at_most)
        fputs(at_least > offset + shown ? "at least " : "at most ", out);
    put_articles(out, at_least == at_most || at_least > offset + shown ? at_least : at_most);
    putc('\n', out);
}

morgue_status mrg_print_text(const mrg_screen *screen, const mrg_search_args *args, const morgue_results *results,
                             morgue_error *err)
{
    uint64_t at_least, at_most;
    size_t shown = morgue_results_size(results);
    for (size_t i = 0; i < shown; i++) {
        morgue_status status = print_hit(screen, morgue_results_hit(results, i), args->search.offset + i + 1, err);
        putc('\n', screen->out);
        if (status)
            return status;
    }
    morgue_results_count(results, &at_least, &at_most);
    mrg_print_count_line(screen->out, shown, args->search.offset, at_least, at_most);
    return MORGUE_OK;
}

/* ---- One article ---- */

/* Line by line, as its author broke it; long lines are wrapped. */
static void print_body(const mrg_screen *screen, const char *text, size_t len, const morgue_span *spans, size_t count)
{
    mrg_wrapper w = { .screen = screen };
    size_t first = 0;
    for (size_t begin = 0; begin < len;) {
        const char *newline = memchr(text + begin, '\n', len - begin);
        size_t end = newline ? (size_t)(newline - text) : len;
        morgue_span line[64]; /* spans of this line, counted from its beginning */
        size_t used = 0;
        while (first < count && spans[first].end <= begin)
            first++;
        size_t from = begin;
        for (size_t i = first; i < count && spans[i].begin < end; i++) {
            if (used == sizeof line / sizeof *line) {
                mrg_wrap(&w, text + from, spans[i].begin - from, line, used, MRG_STYLE_PLAIN);
                from = spans[i].begin;
                used = 0;
            }
            line[used].begin = spans[i].begin > from ? (uint32_t)(spans[i].begin - from) : 0;
            line[used++].end = (uint32_t)((spans[i].end < end ? spans[i].end : end) - from);
        }
        mrg_wrap(&w, text + from, end - from, line, used, MRG_STYLE_PLAIN);
        mrg_wrap_end(&w);
        begin = end + 1;
    }
}

morgue_status mrg_print_article(const mrg_screen *screen, const morgue_hit *hit, morgue_error *err)
{
    const char *text = NULL;
    size_t len = 0, span_count = 0;
    const morgue_span *spans = NULL;
    mrg_wrapper w = { .screen = screen };
    morgue_status status = print_title(&w, hit, NULL, err);
    mrg_wrap_end(&w);
    if (status)
        return status;
    print_origin(screen, hit, 0);
    if (morgue_hit_url(hit)[0] && strcmp(morgue_hit_url(hit), morgue_hit_id(hit)) != 0) {
        mrg_wrap_str(&w, morgue_hit_url(hit), MRG_STYLE_DIM);
        mrg_wrap_end(&w);
    }
    status = print_names(screen, hit, 0, 0, err);
    if (!status)
        status = morgue_hit_text(hit, &text, &len, err);
    if (!status)
        status = morgue_hit_matches(hit, 0, &spans, &span_count, err);
    if (status)
        return status;
    putc('\n', screen->out);
    print_body(screen, text, len, spans, span_count);
    return MORGUE_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hits for people: what it is, where it is from, where it matches, whom it names. */
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "output_overview.h"
#include "cli/clean.h"

enum { MIN_INDENT = 3, TITLE_COLUMNS = 60, MAX_COLUMNS = 120, SNIPPET_LINES = 3 };

static const char no_title[] = "(no title)";

/* ---- Parts that an article's page has too ---- */

void mrg_put_part(mrg_wrapper *w, const char *text, mrg_style style)
{
    size_t limit = w->screen->width, width = mrg_clean_width(text, strlen(text));
    if (!*text)
        return;
    if (w->filled && limit && w->column + 3 + width > limit)
        mrg_wrap_break(w);
    else if (w->filled)
        mrg_wrap_str(w, w->screen->utf8 ? " \xc2\xb7 " : " - ", MRG_STYLE_DIM);
    mrg_wrap_str(w, text, style);
}

void mrg_format_date(char out[MRG_DATE_BYTES], const char *date, int in_full)
{
    static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December" };
    unsigned year, month, day;
    int read = 0, is_day = sscanf(date, "%4u-%2u-%2u%n", &year, &month, &day, &read) == 3;
    int is_month = !is_day && sscanf(date, "%4u-%2u%n", &year, &month, &read) == 2;
    if ((!is_day && !is_month) || month < 1 || month > 12) {
        snprintf(out, MRG_DATE_BYTES, "%s", date);
        return;
    }
    int name_len = in_full ? 9 : 3, used;
    if (is_day)
        used = snprintf(out, MRG_DATE_BYTES, "%u %.*s %04u", day, name_len, months[month - 1], year);
    else
        used = snprintf(out, MRG_DATE_BYTES, "%.*s %04u", name_len, months[month - 1], year);
    if (in_full && is_day && date[read] == 'T')
        snprintf(out + used, MRG_DATE_BYTES - (size_t)used, ", %.5s UTC", date + read + 1);
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

morgue_status mrg_put_title(mrg_wrapper *w, const morgue_hit *hit, const morgue_snippet *snippet, morgue_error *err)
{
    const char *title = morgue_hit_title(hit), *url = morgue_hit_url(hit);
    const morgue_span *spans = NULL;
    size_t span_count = 0;
    morgue_status status = MORGUE_OK;
    w->link = mrg_is_link(url) ? url : NULL;
    if (title[0]) {
        status = morgue_hit_matches(hit, 1, &spans, &span_count, err);
        if (!status)
            mrg_wrap(w, title, strlen(title), spans, span_count, MRG_STYLE_BOLD);
    } else if (snippet) {
        print_stand_in(w, hit, snippet);
    } else {
        mrg_wrap_str(w, no_title, MRG_STYLE_BOLD);
    }
    w->link = NULL;
    return status;
}

/* ---- A hit ---- */

/* source, date, author, id, as far as they are known */
static void print_origin(const mrg_screen *screen, const mrg_search_args *args, const morgue_hit *hit, size_t indent)
{
    char date[MRG_DATE_BYTES];
    mrg_wrapper w = { .screen = screen, .indent = indent };
    mrg_format_date(date, morgue_hit_date(hit), 0);
    mrg_wrap_begin(&w, indent);
    mrg_put_part(&w, morgue_hit_source(hit), MRG_STYLE_PLAIN);
    mrg_put_part(&w, date, MRG_STYLE_PLAIN);
    mrg_put_part(&w, morgue_hit_author(hit), MRG_STYLE_PLAIN);
    mrg_put_part(&w, morgue_hit_id(hit), MRG_STYLE_DIM);
    if (args->archive_count > 1)
        mrg_put_part(&w, morgue_hit_archive(hit), MRG_STYLE_DIM);
    mrg_wrap_end(&w);
}

/* How many names fit in one line of `room` columns, with the number of the others behind them. */
static size_t count_fitting(const morgue_entity *entities, size_t count, size_t room)
{
    size_t used = 0, fitting = 0, more = (size_t)snprintf(NULL, 0, ", +%zu", count);
    for (; fitting < count; fitting++) {
        used += mrg_clean_width(entities[fitting].name, strlen(entities[fitting].name)) + (fitting ? 2 : 0);
        if (used + (fitting + 1 < count ? more : 0) > room)
            break;
    }
    return fitting;
}

/* One line of names, the most mentioned first, and how many more there are. */
static morgue_status print_names(const mrg_screen *screen, const morgue_hit *hit, size_t indent, morgue_error *err)
{
    static const char label[] = "names: ";
    const morgue_entity *entities = NULL;
    size_t count = 0;
    mrg_wrapper w = { .screen = screen, .indent = indent };
    morgue_status status = morgue_hit_entities(hit, &entities, &count, err);
    size_t taken = indent + sizeof label - 1, room = screen->width > taken ? screen->width - taken : 1;
    size_t shown = screen->width ? count_fitting(entities, count, room) : count;
    if (status || shown == 0)
        return status;
    mrg_wrap_begin(&w, indent);
    mrg_wrap_str(&w, label, MRG_STYLE_DIM);
    for (size_t i = 0; i < shown; i++) {
        mrg_wrap_str(&w, i ? ", " : "", MRG_STYLE_PLAIN);
        mrg_wrap_str(&w, entities[i].name, mrg_style_of_type(entities[i].type));
    }
    if (shown < count) {
        char more[32];
        snprintf(more, sizeof more, ", +%zu", count - shown);
        mrg_wrap_str(&w, more, MRG_STYLE_DIM);
    }
    mrg_wrap_end(&w);
    return MORGUE_OK;
}

/* "+3 more versions, the first of 28 Feb 2017: ID, ID, ..." those on the page by their ids, the others by number. */
static morgue_status print_versions(const mrg_screen *screen, const mrg_page *page, size_t leader, size_t indent,
                                    morgue_error *err)
{
    const morgue_hit *hit = morgue_results_hit(page->results, leader);
    mrg_wrapper w = { .screen = screen, .indent = indent };
    char text[160], day[MRG_DATE_BYTES];
    const char *first = "";
    size_t here = 0, seen = 0, all = 0;
    if (!page->group_of)
        return MORGUE_OK;
    morgue_status status = morgue_hit_versions(hit, &all, &first, err);
    for (size_t i = leader + 1; i < page->size; i++)
        here += page->group_of[i] == leader;
    all = all > here ? all : here;
    if (status || !all)
        return status;
    mrg_format_date(day, first, 0);
    int earlier = *first && strncmp(first, morgue_hit_date(hit), 10) < 0;
    snprintf(text, sizeof text, "+%zu more version%s%s%s%s", all, all == 1 ? "" : "s", earlier ? ", the first of " : "",
             earlier ? day : "", here ? ": " : "");
    mrg_wrap_begin(&w, indent);
    mrg_wrap_str(&w, text, MRG_STYLE_PLAIN);
    for (size_t i = leader + 1; i < page->size; i++) {
        if (page->group_of[i] != leader)
            continue;
        mrg_wrap_str(&w, morgue_hit_id(morgue_results_hit(page->results, i)), MRG_STYLE_DIM);
        mrg_wrap_str(&w, ++seen < here ? ", " : here < all ? ", ..." : "", MRG_STYLE_PLAIN);
    }
    mrg_wrap_end(&w);
    return MORGUE_OK;
}

/* As much as fills some lines, but no less than is needed to see the match in its surroundings. */
static size_t snippet_chars(const mrg_screen *screen, size_t indent)
{
    size_t room = screen->width > indent ? (screen->width - indent) * SNIPPET_LINES : 0;
    return room < 200 ? 0 : room;
}

static morgue_status print_hit(const mrg_screen *screen, const mrg_search_args *args, const mrg_page *page, size_t i,
                               size_t indent, morgue_error *err)
{
    const morgue_hit *hit = morgue_results_hit(page->results, i);
    char number[32];
    morgue_snippet snippet = { 0 };
    mrg_wrapper w = { .screen = screen, .indent = indent };
    morgue_status status = morgue_hit_snippet(hit, snippet_chars(screen, indent), &snippet, err);
    if (status)
        return status;
    snprintf(number, sizeof number, "%*zu. ", (int)indent - 2, args->search.offset + i + 1);
    mrg_wrap_str(&w, number, MRG_STYLE_DIM);
    status = mrg_put_title(&w, hit, &snippet, err);
    mrg_wrap_end(&w);
    if (status)
        return status;
    print_origin(screen, args, hit, indent);
    if (snippet.text_len) {
        mrg_wrap_begin(&w, indent);
        mrg_wrap(&w, snippet.text, snippet.text_len, snippet.matches, snippet.match_count, MRG_STYLE_PLAIN);
        mrg_wrap_end(&w);
    }
    status = print_names(screen, hit, indent, err);
    return status ? status : print_versions(screen, page, i, indent, err);
}

/* ---- All of them ---- */

static void put_articles(FILE *out, uint64_t n)
{
    mrg_put_count(out, n);
    fputs(n == 1 ? " article" : " articles", out);
}

void mrg_print_count_line(FILE *out, int interactive, size_t shown, size_t offset, uint64_t at_least,
                          uint64_t at_most)
{
    if (at_most == 0) {
        fputs("nothing found\n", out);
        return;
    }
    if (offset && !shown && offset >= at_most) {
        if (interactive)
            fputs("no more than these ", out);
        else
            fprintf(out, "--offset %zu is past the last of ", offset);
    } else if (offset && shown) {
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
    if (shown && at_most > offset + shown && interactive)
        fputs("; next shows more", out);
    else if (shown && at_most > offset + shown)
        fprintf(out, "; --offset %zu shows more", offset + shown);
    putc('\n', out);
}

static size_t indent_for(size_t rank)
{
    size_t digits = 1;
    for (; rank >= 10; rank /= 10)
        digits++;
    return digits + 2;
}

morgue_status mrg_print_text(const mrg_screen *wide, const mrg_search_args *args, const mrg_page *page,
                             morgue_error *err)
{
    uint64_t at_least, at_most;
    mrg_screen screen = mrg_screen_narrowed(wide, args, MAX_COLUMNS);
    size_t indent = indent_for(args->search.offset + page->size);
    for (size_t i = 0; i < page->size; i++) {
        if (page->group_of && page->group_of[i] != i)
            continue;
        morgue_status status = print_hit(&screen, args, page, i, indent, err);
        putc('\n', screen.out);
        if (status)
            return status;
    }
    morgue_results_count(page->results, &at_least, &at_most);
    if (at_most && mrg_search_args_overview(args)) {
        morgue_status status = mrg_print_overviews(wide, args, page->results, err);
        if (status)
            return status;
    }
    mrg_print_count_line(screen.out, args->interactive, page->size, args->search.offset, at_least, at_most);
    return MORGUE_OK;
}

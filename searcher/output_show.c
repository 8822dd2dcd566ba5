/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One article to be read: its head, its text with matches and names marked, and a list of the names. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "output.h"
#include "cli/clean.h"

/* Longer lines are hard to read. */
enum { MAX_COLUMNS = 100, NAME_COLUMNS = 40, LABEL_COLUMNS = sizeof "organisations  " - 1, COUNT_COLUMNS = 5 };

static const char *const types[][2] = {
    { "person", "people" }, { "org", "organisations" }, { "place", "places" }, { "event", "events" }
};
enum { TYPES = sizeof types / sizeof *types };

/* What an article names, and where. */
typedef struct named {
    const morgue_entity *entities;
    const morgue_date *dates;
    const morgue_mention *mentions, *date_mentions; /* in the text */
    size_t entity_count, date_count, mention_count, date_mention_count;
} named;

static morgue_status read_named(named *out, const morgue_hit *hit, morgue_error *err)
{
    memset(out, 0, sizeof *out);
    morgue_status status = morgue_hit_entities(hit, &out->entities, &out->entity_count, err);
    if (!status)
        status = morgue_hit_dates(hit, &out->dates, &out->date_count, err);
    if (!status)
        status = morgue_hit_mentions(hit, 0, &out->mentions, &out->mention_count, err);
    if (!status)
        status = morgue_hit_date_mentions(hit, 0, &out->date_mentions, &out->date_mention_count, err);
    return status;
}

/* ---- Head ---- */

static void put_line(const mrg_screen *screen, const char *before, const char *text, mrg_style style, const char *link)
{
    mrg_wrapper w = { .screen = screen, .link = link };
    if (!*text)
        return;
    mrg_wrap_str(&w, before, style);
    mrg_wrap_str(&w, text, style);
    mrg_wrap_end(&w);
}

static morgue_status print_captured(const mrg_screen *screen, const morgue_hit *hit, morgue_error *err)
{
    const char *first, *last;
    char from[MRG_DATE_BYTES], to[MRG_DATE_BYTES];
    morgue_status status = morgue_hit_captured(hit, &first, &last, err);
    if (status || !*first)
        return status;
    mrg_format_date(from, first, 1);
    mrg_format_date(to, last, 1);
    mrg_wrapper w = { .screen = screen };
    mrg_put_part(&w, "captured", MRG_STYLE_DIM);
    mrg_put_part(&w, from, MRG_STYLE_DIM);
    if (strcmp(from, to) != 0)
        mrg_put_part(&w, to, MRG_STYLE_DIM);
    mrg_wrap_end(&w);
    return MORGUE_OK;
}

static morgue_status print_head(const mrg_screen *screen, const mrg_search_args *args, const morgue_hit *hit,
                                morgue_error *err)
{
    const char *url = morgue_hit_url(hit), *id = morgue_hit_id(hit);
    char date[MRG_DATE_BYTES];
    mrg_wrapper w = { .screen = screen };
    morgue_status status = mrg_put_title(&w, hit, NULL, err);
    mrg_wrap_end(&w);
    if (status)
        return status;
    const char *author = morgue_hit_author(hit);
    put_line(screen, strncasecmp(author, "by ", 3) == 0 ? "" : "by ", author, MRG_STYLE_PLAIN, NULL);
    mrg_format_date(date, morgue_hit_date(hit), 1);
    mrg_put_part(&w, morgue_hit_source(hit), MRG_STYLE_PLAIN);
    mrg_put_part(&w, date, MRG_STYLE_PLAIN);
    if (w.filled)
        mrg_wrap_end(&w);
    put_line(screen, "about ", morgue_hit_subject(hit), MRG_STYLE_PLAIN, NULL);
    if ((status = print_captured(screen, hit, err)) != MORGUE_OK)
        return status;
    put_line(screen, "", url, MRG_STYLE_DIM, mrg_is_link(url) ? url : NULL);
    if (strcmp(url, id) != 0)
        put_line(screen, "", id, MRG_STYLE_DIM, NULL);
    if (args->archive_count > 1)
        put_line(screen, "in ", morgue_hit_archive(hit), MRG_STYLE_DIM, NULL);
    return MORGUE_OK;
}

/* What the colours of names mean. */
static void print_legend(const mrg_screen *screen, const named *n)
{
    mrg_wrapper w = { .screen = screen };
    for (size_t type = 0; type < TYPES; type++) {
        size_t i = 0;
        while (i < n->entity_count && strcmp(n->entities[i].type, types[type][0]) != 0)
            i++;
        if (i < n->entity_count)
            mrg_put_part(&w, types[type][1], (mrg_style)(MRG_STYLE_IN_TEXT + MRG_STYLE_PERSON + type));
    }
    if (n->date_count)
        mrg_put_part(&w, "dates", MRG_STYLE_IN_TEXT + MRG_STYLE_DATE);
    if (w.filled)
        mrg_wrap_end(&w);
}

/* ---- Text ---- */

/* Whether the paragraph at `text` is prose that its author broke at a margin: all lines but the last are long,
   and none is too long. Verse, tables and lists are not. */
static int is_hard_wrapped(const char *text, size_t len)
{
    size_t lines = 0;
    for (size_t begin = 0; begin < len; lines++) {
        const char *newline = memchr(text + begin, '\n', len - begin);
        size_t end = newline ? (size_t)(newline - text) : len;
        size_t width = mrg_clean_width(text + begin, end - begin);
        if (text[begin] == ' ' || text[begin] == '\t' || width > 90 || (width < 55 && newline && end + 1 < len))
            return 0;
        begin = end + 1;
    }
    return lines > 1;
}

/* The bytes of the paragraph at text[0], without the empty line behind it. */
static size_t measure_paragraph(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' && (i + 1 == len || text[i + 1] == '\n'))
            return i;
    }
    return len;
}

/* A line that does not fit is a paragraph of its own, and has space around it. */
static void print_lines(const mrg_screen *screen, mrg_marked *body, size_t begin, size_t end)
{
    mrg_wrapper w = { .screen = screen };
    for (size_t from = begin, to; from < end; from = to + 1) {
        const char *newline = memchr(body->text + from, '\n', end - from);
        to = newline ? (size_t)(newline - body->text) : end;
        mrg_wrap_marked(&w, body, from, to);
        mrg_wrap_end(&w);
        if (to + 1 < end && screen->width && mrg_clean_width(body->text + from, to - from) > screen->width)
            putc('\n', screen->out);
    }
}

static void print_body(const mrg_screen *screen, mrg_marked *body, size_t len)
{
    mrg_wrapper w = { .screen = screen };
    int is_first = 1;
    for (size_t begin = 0, end; begin < len; begin = end) {
        while (begin < len && body->text[begin] == '\n')
            begin++;
        end = begin + measure_paragraph(body->text + begin, len - begin);
        if (begin == end)
            continue;
        if (!is_first)
            putc('\n', screen->out);
        is_first = 0;
        if (is_hard_wrapped(body->text + begin, end - begin)) {
            mrg_wrap_marked(&w, body, begin, end);
            mrg_wrap_end(&w);
        } else {
            print_lines(screen, body, begin, end);
        }
    }
}

/* Names and dates in the order of the text. NULL when memory ran out. */
static mrg_text_mark *mark_mentions(const named *n)
{
    size_t count = n->mention_count + n->date_mention_count, i = 0, k = 0;
    mrg_text_mark *marks = calloc(count ? count : 1, sizeof *marks);
    while (marks && i + k < count) {
        int is_date = i == n->mention_count || (k < n->date_mention_count &&
                                                n->date_mentions[k].span.begin < n->mentions[i].span.begin);
        const morgue_mention *m = is_date ? &n->date_mentions[k] : &n->mentions[i];
        mrg_style style = is_date ? MRG_STYLE_DATE : mrg_style_of_type(n->entities[m->entity].type);
        marks[i + k] = (mrg_text_mark){ m->span.begin, m->span.end, style ? style + MRG_STYLE_IN_TEXT : style };
        i += !is_date;
        k += (size_t)is_date;
    }
    return marks;
}

/* Names are marked only where there are colours. */
static morgue_status print_text(const mrg_screen *screen, const morgue_hit *hit, const named *n, morgue_error *err)
{
    size_t len = 0;
    mrg_marked body = { 0 };
    morgue_status status = morgue_hit_text(hit, &body.text, &len, err);
    if (!status)
        status = morgue_hit_matches(hit, 0, &body.matches, &body.match_count, err);
    if (status)
        return status;
    mrg_text_mark *marks = screen->color ? mark_mentions(n) : NULL;
    body.marks = marks;
    body.mark_count = marks ? n->mention_count + n->date_mention_count : 0;
    if (screen->color)
        print_legend(screen, n);
    putc('\n', screen->out);
    print_body(screen, &body, len);
    if (!len)
        put_line(screen, "", "(no text of this article is kept)", MRG_STYLE_DIM, NULL);
    free(marks);
    return MORGUE_OK;
}

/* ---- Names ---- */

static size_t widest_name(const mrg_screen *screen, const morgue_entity *entities, size_t count)
{
    size_t widest = 0, taken = LABEL_COLUMNS + COUNT_COLUMNS, room = NAME_COLUMNS;
    if (screen->width && screen->width < taken + NAME_COLUMNS)
        room = screen->width < taken + 8 ? 8 : screen->width - taken;
    for (size_t i = 0; i < count; i++) {
        size_t width = mrg_clean_width(entities[i].name, strlen(entities[i].name));
        widest = width > widest ? width : widest;
    }
    return widest < room ? widest : room;
}

/* "people         Vladimir Putin   23  69, Russian President", the type before the first of its names. */
static void print_names_of(const mrg_screen *screen, size_t type, const morgue_entity *entities, size_t count,
                           size_t name_columns)
{
    size_t said = LABEL_COLUMNS + name_columns + COUNT_COLUMNS + 2; /* where that begins */
    int is_first = 1;
    for (size_t i = 0; i < count; i++) {
        const morgue_entity *e = &entities[i];
        int narrow = screen->width && said + 20 > screen->width;
        mrg_wrapper w = { .screen = screen, .indent = narrow ? 4 : said };
        char age[16] = "";
        if (strcmp(e->type, types[type][0]) != 0)
            continue;
        if (is_first)
            mrg_set_style(screen, (mrg_style)(MRG_STYLE_PERSON + type));
        fprintf(screen->out, "%-*s", LABEL_COLUMNS, is_first ? types[type][1] : "");
        if (is_first)
            mrg_set_style(screen, MRG_STYLE_PLAIN);
        size_t width = mrg_put_clipped(screen->out, e->name, strlen(e->name), name_columns);
        fprintf(screen->out, "%*s%*u", (int)(name_columns - width), "", COUNT_COLUMNS, (unsigned)e->mention_count);
        if (e->age)
            snprintf(age, sizeof age, "%u", e->age);
        if (*age || e->role[0]) {
            if (narrow)
                mrg_wrap_break(&w);
            else
                mrg_wrap_begin(&w, 2);
            w.column = w.indent;
            mrg_wrap_str(&w, age, MRG_STYLE_PLAIN);
            mrg_wrap_str(&w, *age && e->role[0] ? ", " : "", MRG_STYLE_PLAIN);
            mrg_wrap_str(&w, e->role, MRG_STYLE_PLAIN);
        }
        mrg_wrap_end(&w);
        is_first = 0;
    }
}

/* In one paragraph, as they are short and many. */
static void print_dates(const mrg_screen *screen, const morgue_date *dates, size_t count)
{
    static const char label[] = "dates          ";
    mrg_wrapper w = { .screen = screen, .indent = LABEL_COLUMNS };
    mrg_wrap_str(&w, label, MRG_STYLE_DATE);
    for (size_t i = 0; i < count; i++) {
        mrg_wrap_str(&w, dates[i].value, MRG_STYLE_PLAIN);
        mrg_wrap_str(&w, i + 1 < count ? ", " : "", MRG_STYLE_PLAIN);
    }
    mrg_wrap_end(&w);
}

static void print_names(const mrg_screen *screen, const named *n)
{
    size_t name_columns = widest_name(screen, n->entities, n->entity_count);
    if (n->entity_count || n->date_count)
        putc('\n', screen->out);
    for (size_t type = 0; type < TYPES; type++)
        print_names_of(screen, type, n->entities, n->entity_count, name_columns);
    if (n->date_count)
        print_dates(screen, n->dates, n->date_count);
}

morgue_status mrg_print_article(const mrg_screen *wide, const mrg_search_args *args, const morgue_hit *hit,
                                morgue_error *err)
{
    mrg_screen screen = mrg_screen_narrowed(wide, args, MAX_COLUMNS);
    named n;
    morgue_status status = print_head(&screen, args, hit, err);
    if (!status)
        status = read_named(&n, hit, err);
    if (!status)
        status = print_text(&screen, hit, &n, err);
    if (!status)
        print_names(&screen, &n);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in lines no wider than the screen, with styles and links. */
#include <string.h>

#include "output.h"
#include "cli/clean.h"

/* By the eight colours that every terminal has and its owner may have set to what can be read. A name that is marked
   in a text is underlined as well. */
static const char *const codes[] = {
    [MRG_STYLE_PLAIN] = "\033[0m",       [MRG_STYLE_BOLD] = "\033[1m",        [MRG_STYLE_DIM] = "\033[2m",
    [MRG_STYLE_MATCH] = "\033[1;31m",    [MRG_STYLE_PERSON] = "\033[36m",     [MRG_STYLE_ORG] = "\033[33m",
    [MRG_STYLE_PLACE] = "\033[32m",      [MRG_STYLE_EVENT] = "\033[35m",      [MRG_STYLE_DATE] = "\033[34m",
    [MRG_STYLE_IN_TEXT + MRG_STYLE_PERSON] = "\033[4;36m", [MRG_STYLE_IN_TEXT + MRG_STYLE_ORG] = "\033[4;33m",
    [MRG_STYLE_IN_TEXT + MRG_STYLE_PLACE] = "\033[4;32m",  [MRG_STYLE_IN_TEXT + MRG_STYLE_EVENT] = "\033[4;35m",
    [MRG_STYLE_IN_TEXT + MRG_STYLE_DATE] = "\033[4;34m",
};

mrg_style mrg_style_of_type(const char *type)
{
    static const char *const types[] = { "person", "org", "place", "event", "date" };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i]) == 0)
            return (mrg_style)(MRG_STYLE_PERSON + i);
    }
    return MRG_STYLE_PLAIN;
}

void mrg_set_style(const mrg_screen *screen, mrg_style style)
{
    if (screen->color)
        fputs(codes[style], screen->out);
}

static void set_style(mrg_wrapper *w, mrg_style style)
{
    if (w->style == style)
        return;
    if (w->style != MRG_STYLE_PLAIN)
        mrg_set_style(w->screen, MRG_STYLE_PLAIN);
    if (style != MRG_STYLE_PLAIN)
        mrg_set_style(w->screen, style);
    w->style = style;
}

static void set_link(mrg_wrapper *w, const char *link)
{
    if (w->open_link == link)
        return;
    mrg_put_link(w->screen, link ? link : "");
    w->open_link = link;
}

void mrg_wrap_break(mrg_wrapper *w)
{
    set_style(w, MRG_STYLE_PLAIN);
    set_link(w, NULL);
    fprintf(w->screen->out, "\n%*s", (int)w->indent, "");
    w->column = w->indent;
    w->waiting = 0;
    w->filled = 0;
}

/* Marks that must not begin a line: closing and final punctuation of East Asian text. */
static int clings(int32_t c)
{
    static const int32_t marks[] = { 0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0x30fc,
                                     0xff01, 0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i] == c)
            return 1;
    }
    return 0;
}

/* What may not be broken, from text[0]: its bytes, and its columns in *width. A wide character stands alone
   but for what clings to it. */
static size_t measure_chunk(const char *text, size_t len, size_t *width)
{
    mrg_glyph g;
    size_t used = 0;
    int was_wide = 0;
    *width = 0;
    for (size_t n; (n = mrg_glyph_next(&g, text + used, len - used)) > 0; used += n) {
        if (g.c == ' ' || (used > 0 && g.width > 0 && (was_wide || g.width == 2) && !clings(g.c)))
            break;
        was_wide = g.width == 2 || (was_wide && g.width == 0);
        *width += g.width;
    }
    return used;
}

/* What is marked at `pos`, which never goes back. A match shows through a name. */
static mrg_style style_at(mrg_marked *t, size_t pos)
{
    while (t->match_count > 0 && t->matches->end <= pos) {
        t->matches++;
        t->match_count--;
    }
    if (t->match_count > 0 && t->matches->begin <= pos)
        return MRG_STYLE_MATCH;
    while (t->mark_count > 0 && t->marks->end <= pos) {
        t->marks++;
        t->mark_count--;
    }
    return t->mark_count > 0 && t->marks->begin <= pos ? t->marks->style : t->style;
}

static void put_run(mrg_wrapper *w, mrg_marked *t, size_t begin, size_t end)
{
    mrg_glyph g;
    size_t limit = w->screen->width;
    while (begin < end) {
        size_t n = mrg_glyph_next(&g, t->text + begin, end - begin);
        if (limit && w->column + g.width > limit && w->filled)
            mrg_wrap_break(w);
        set_link(w, w->screen->links ? w->link : NULL);
        set_style(w, style_at(t, begin));
        mrg_put_glyph(w->screen->out, &g);
        w->column += g.width;
        w->filled = 1;
        begin += n;
    }
}

/* Bytes and, as each is one column, columns of white space at text[0]. */
static size_t measure_space(const char *text, size_t len, size_t *columns)
{
    mrg_glyph g;
    size_t used = 0;
    *columns = 0;
    for (size_t n; (n = mrg_glyph_next(&g, text + used, len - used)) > 0 && g.c == ' '; used += n)
        ++*columns;
    return used;
}

/* White space at the end waits for what follows it, so that no line ends in it. */
static void put_waiting_space(mrg_wrapper *w)
{
    if (w->waiting) {
        set_style(w, MRG_STYLE_PLAIN);
        fprintf(w->screen->out, "%*s", (int)w->waiting, "");
    }
    w->column += w->waiting;
    w->waiting = 0;
}

void mrg_wrap_marked(mrg_wrapper *w, mrg_marked *t, size_t begin, size_t end)
{
    size_t pos = begin, limit = w->screen->width;
    while (pos < end) {
        size_t columns, width;
        size_t space = measure_space(t->text + pos, end - pos, &columns);
        size_t chunk = measure_chunk(t->text + pos + space, end - pos - space, &width);
        if (chunk == 0) {
            w->waiting += columns;
            return;
        }
        if (limit && w->column + w->waiting + columns + width > limit && w->filled) {
            mrg_wrap_break(w);
        } else {
            put_waiting_space(w);
            put_run(w, t, pos, pos + space);
        }
        put_run(w, t, pos + space, pos + space + chunk);
        pos += space + chunk;
    }
}

void mrg_wrap(mrg_wrapper *w, const char *text, size_t len, const morgue_span *spans, size_t span_count,
              mrg_style style)
{
    mrg_marked t = { .text = text, .style = style, .matches = spans, .match_count = span_count };
    mrg_wrap_marked(w, &t, 0, len);
}

void mrg_wrap_str(mrg_wrapper *w, const char *text, mrg_style style)
{
    mrg_wrap(w, text, strlen(text), NULL, 0, style);
}

void mrg_wrap_end(mrg_wrapper *w)
{
    set_style(w, MRG_STYLE_PLAIN);
    set_link(w, NULL);
    putc('\n', w->screen->out);
    w->column = w->waiting = 0;
    w->filled = 0;
}

void mrg_wrap_begin(mrg_wrapper *w, size_t column)
{
    fprintf(w->screen->out, "%*s", (int)column, "");
    w->column = column;
}

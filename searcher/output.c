/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/clean.h"

enum { DEFAULT_WIDTH = 80 };

/* ---- The screen ---- */

static size_t terminal_width(int fd)
{
    struct winsize size;
    uint64_t columns;
    const char *text = getenv("COLUMNS");
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    if (text && mrg_read_count(text, 10000, &columns) == 0 && columns > 0)
        return (size_t)columns;
    return DEFAULT_WIDTH;
}

static int wants_color(int fd, mrg_color color)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (color != MRG_COLOR_AUTO)
        return color == MRG_COLOR_ALWAYS;
    return isatty(fd) && !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0;
}

mrg_screen mrg_screen_make(FILE *out, const mrg_search_args *args)
{
    int fd = fileno(out);
    mrg_screen screen = { out, wants_color(fd, args->color), args->has_width ? args->width : terminal_width(fd) };
    return screen;
}

/* ---- Wrapping ---- */

static void set_style(mrg_wrapper *w, mrg_style style)
{
    static const char *const codes[] = { "\033[0m", "\033[1m", "\033[2m", "\033[1;31m" };
    if (w->style == style)
        return;
    if (w->screen->color) {
        if (w->style != MRG_STYLE_PLAIN)
            fputs(codes[MRG_STYLE_PLAIN], w->screen->out);
        if (style != MRG_STYLE_PLAIN)
            fputs(codes[style], w->screen->out);
    }
    w->style = style;
}

static void break_line(mrg_wrapper *w)
{
    set_style(w, MRG_STYLE_PLAIN);
    fprintf(w->screen->out, "\n%*s", (int)w->indent, "");
    w->column = w->indent;
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

typedef struct marked_text {
    const char *text;
    const morgue_span *span, *spans_end;
    mrg_style style;
} marked_text;

static mrg_style style_at(marked_text *t, size_t pos)
{
    while (t->span < t->spans_end && t->span->end <= pos)
        t->span++;
    return t->span < t->spans_end && t->span->begin <= pos ? MRG_STYLE_MATCH : t->style;
}

static void put_run(mrg_wrapper *w, marked_text *t, size_t begin, size_t end)
{
    mrg_glyph g;
    size_t limit = w->screen->width;
    while (begin < end) {
        size_t n = mrg_glyph_next(&g, t->text + begin, end - begin);
        if (limit && w->column + g.width > limit && w->filled)
            break_line(w);
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

void mrg_wrap(mrg_wrapper *w, const char *text, size_t len, const morgue_span *spans, size_t span_count,
              mrg_style style)
{
    marked_text t = { text, spans, spans ? spans + span_count : NULL, style };
    size_t pos = 0, limit = w->screen->width;
    while (pos < len) {
        size_t columns, width;
        size_t space = measure_space(text + pos, len - pos, &columns);
        size_t chunk = measure_chunk(text + pos + space, len - pos - space, &width);
        if (chunk == 0) {
            w->waiting += columns;
            return;
        }
        if (limit && w->column + w->waiting + columns + width > limit && w->filled) {
            w->waiting = 0;
            break_line(w);
        } else {
            put_waiting_space(w);
            put_run(w, &t, pos, pos + space);
        }
        put_run(w, &t, pos + space, pos + space + chunk);
        pos += space + chunk;
    }
}

void mrg_wrap_str(mrg_wrapper *w, const char *text, mrg_style style)
{
    mrg_wrap(w, text, strlen(text), NULL, 0, style);
}

void mrg_wrap_end(mrg_wrapper *w)
{
    set_style(w, MRG_STYLE_PLAIN);
    putc('\n', w->screen->out);
    w->column = w->waiting = 0;
    w->filled = 0;
}

/* ---- Errors ---- */

/* Columns in front of the character number `column`. The query's CR LF counts as one character. */
static size_t width_before(const char *query, size_t len, int column)
{
    mrg_glyph g;
    size_t width = 0, n;
    for (int i = 1; i < column && (n = mrg_glyph_next(&g, query, len)) > 0; i++) {
        n += query[0] == '\r' && len > 1 && query[1] == '\n';
        width += g.width;
        query += n;
        len -= n;
    }
    return width;
}

void mrg_print_caret(FILE *out, size_t width, const char *query, int column)
{
    size_t len = strlen(query), place = width_before(query, len, column);
    size_t room = (width < 30 ? 30 : width) - 8; /* two to indent, dots, and the end */
    size_t skip = place < room ? 0 : place - room / 2;
    size_t passed = 0, caret = 2 + place;
    mrg_glyph g;
    for (size_t n; passed < skip && (n = mrg_glyph_next(&g, query, len)) > 0; query += n, len -= n) {
        n += query[0] == '\r' && len > 1 && query[1] == '\n';
        passed += g.width;
    }
    fprintf(out, "  %s", skip ? "..." : "");
    caret = 2 + place - passed + (skip ? 3 : 0);
    for (size_t n, used = 0; (n = mrg_glyph_next(&g, query, len)) > 0; query += n, len -= n) {
        n += query[0] == '\r' && len > 1 && query[1] == '\n';
        used += g.width;
        if (used > room) {
            fputs("...", out);
            break;
        }
        mrg_put_glyph(out, &g);
    }
    fprintf(out, "\n%*s^\n", (int)caret, "");
}

void mrg_print_error(FILE *out, size_t width, const char *query, const morgue_error *err)
{
    fputs("morgue-search: ", out);
    mrg_put_clean_str(out, err->message[0] ? err->message : morgue_status_text(err->status));
    putc('\n', out);
    if (query && *query && err->status == MORGUE_ERR_INVALID && err->column > 0)
        mrg_print_caret(out, width ? width : DEFAULT_WIDTH, query, err->column);
}

/* ---- Formats ---- */

morgue_status mrg_print_results(const mrg_screen *screen, const mrg_search_args *args, const morgue_results *results,
                                morgue_error *err)
{
    int show = args->action == MRG_SHOW;
    switch (args->format) {
    case MRG_FORMAT_TEXT:
        return show ? mrg_print_article(screen, morgue_results_hit(results, 0), err)
                    : mrg_print_text(screen, args, results, err);
    case MRG_FORMAT_JSON:
        return show ? mrg_print_json_article(screen->out, args, results, err)
                    : mrg_print_json(screen->out, args, results, err);
    case MRG_FORMAT_JSONL:
        return mrg_print_jsonl(screen->out, args, results, err);
    case MRG_FORMAT_TSV:
    case MRG_FORMAT_CSV:
    case MRG_FORMAT_IDS:
        break;
    }
    mrg_print_rows(screen->out, args, results);
    return MORGUE_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include <string.h>

#include "cli/clean.h"

enum { DEFAULT_WIDTH = 80 };

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

/* ---- Pages ---- */

/* Grouped, a page looks at no more than three times as many hits as it shows groups. */
enum { USUAL_LIMIT = 10, LOOK_AHEAD = 3, LOOK_AHEAD_UP_TO = 1000 };

size_t mrg_page_limit(const mrg_search_args *args)
{
    size_t limit = args->search.limit ? args->search.limit : USUAL_LIMIT;
    return mrg_search_args_group(args) && limit <= LOOK_AHEAD_UP_TO ? limit * LOOK_AHEAD : limit;
}

morgue_status mrg_page_make(mrg_page *out, const mrg_search_args *args, morgue_results *results, morgue_error *err)
{
    size_t limit = args->search.limit ? args->search.limit : USUAL_LIMIT, groups = 0;
    *out = (mrg_page){ .results = results, .size = morgue_results_size(results) };
    if (!mrg_search_args_group(args))
        return MORGUE_OK;
    morgue_status status = morgue_results_group(results, &out->group_of, err);
    for (size_t i = 0; i < out->size && !status; i++) {
        groups += out->group_of[i] == i;
        if (groups > limit)
            out->size = i;
    }
    return status;
}

/* ---- Formats ---- */

morgue_status mrg_print_results(const mrg_screen *screen, const mrg_search_args *args, const mrg_page *page,
                                morgue_error *err)
{
    int show = args->action == MRG_SHOW;
    switch ((mrg_format)args->format) {
    case MRG_FORMAT_TEXT:
        return show ? mrg_print_article(screen, args, morgue_results_hit(page->results, 0), err)
                    : mrg_print_text(screen, args, page, err);
    case MRG_FORMAT_JSON:
        return show ? mrg_print_json_article(screen->out, args, page->results, err)
                    : mrg_print_json(screen->out, args, page, err);
    case MRG_FORMAT_JSONL:
        return mrg_print_jsonl(screen->out, args, page, err);
    case MRG_FORMAT_TSV:
    case MRG_FORMAT_CSV:
    case MRG_FORMAT_IDS:
        break;
    }
    return mrg_print_rows(screen->out, args, page, err);
}

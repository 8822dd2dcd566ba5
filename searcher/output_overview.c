/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output_overview.h"

#include <string.h>

#include "cli/clean.h"

enum { MAX_COLUMNS = 120, MIN_COLUMNS = 30, BAR_COLUMNS = 60, MARGIN = 2 };

/* ---- Bars ---- */

void mrg_put_bar(const mrg_screen *screen, uint64_t value, uint64_t max, size_t columns)
{
    unsigned parts = screen->utf8 ? 8 : 1; /* a column can be drawn in eighths */
    if (value == 0 || max == 0)
        return;
    size_t drawn = (size_t)((double)value / (double)max * (double)(columns * parts) + 0.5);
    drawn = drawn < 1 ? 1 : drawn > columns * parts ? columns * parts : drawn;
    mrg_set_style(screen, MRG_STYLE_PERSON);
    for (size_t i = 0; i < drawn / parts; i++)
        fputs(screen->utf8 ? "\xe2\x96\x88" : "#", screen->out);
    if (drawn % parts)
        fprintf(screen->out, "\xe2\x96%c", (char)(0x90 - drawn % parts));
    mrg_set_style(screen, MRG_STYLE_PLAIN);
}

/* Columns of 50,667. */
static size_t count_width(uint64_t n)
{
    size_t digits = 1;
    for (; n >= 10; n /= 10)
        digits++;
    return digits + (digits - 1) / 3;
}

static void put_count_in(FILE *out, uint64_t n, size_t columns)
{
    size_t width = count_width(n);
    fprintf(out, "%*s", (int)(columns > width ? columns - width : 0), "");
    mrg_put_count(out, n);
}

/* "people, 10 of 4,915" */
static void put_heading(const mrg_screen *screen, const char *text, size_t shown, size_t total)
{
    mrg_set_style(screen, MRG_STYLE_BOLD);
    fputs(text, screen->out);
    mrg_set_style(screen, MRG_STYLE_PLAIN);
    if (shown < total) {
        mrg_set_style(screen, MRG_STYLE_DIM);
        fprintf(screen->out, ", %zu of ", shown);
        mrg_put_count(screen->out, total);
        mrg_set_style(screen, MRG_STYLE_PLAIN);
    }
    putc('\n', screen->out);
}

/* Columns for a label, a count and a bar. */
typedef struct chart {
    const mrg_screen *screen;
    size_t number; /* of rows, 0: they have none */
    size_t label, count, bar;
    uint64_t max;
} chart;

enum { NUMBER_COLUMNS = 4 };

/* "  3 " in front of a row. */
static void put_number(const mrg_screen *screen, size_t number)
{
    mrg_set_style(screen, MRG_STYLE_DIM);
    fprintf(screen->out, "%*zu ", NUMBER_COLUMNS - 1, number);
    mrg_set_style(screen, MRG_STYLE_PLAIN);
}

static chart chart_make(const mrg_screen *screen, int numbered, size_t widest_label, uint64_t max)
{
    size_t width = screen->width ? screen->width : 80;
    width = width < MIN_COLUMNS ? MIN_COLUMNS : width;
    chart c = { screen, (size_t)numbered, widest_label, count_width(max), 0, max };
    c.label = c.label > width * 2 / 5 ? width * 2 / 5 : c.label;
    size_t taken = (size_t)MARGIN + (numbered ? NUMBER_COLUMNS : 0) + c.label + 2 + c.count + 2;
    c.bar = width > taken ? width - taken : 1;
    c.bar = c.bar > BAR_COLUMNS ? BAR_COLUMNS : c.bar;
    return c;
}

static void chart_row(chart *c, const char *label, mrg_style style, uint64_t count)
{
    FILE *out = c->screen->out;
    fprintf(out, "%*s", MARGIN, "");
    if (c->number)
        put_number(c->screen, c->number++);
    if (style)
        mrg_set_style(c->screen, style);
    size_t used = mrg_put_clipped(out, label, strlen(label), c->label);
    if (style)
        mrg_set_style(c->screen, MRG_STYLE_PLAIN);
    fprintf(out, "%*s", (int)(c->label - used + 2), "");
    put_count_in(out, count, c->count);
    if (count && c->max) {
        fputs("  ", out);
        mrg_put_bar(c->screen, count, c->max, c->bar);
    }
    putc('\n', out);
}

/* ---- Facets ---- */

static const char *facet_heading(morgue_facet facet)
{
    static const char *const headings[] = { "people",  "organisations", "places", "events", "sources",
                                            "authors", "subjects", "languages",     "years",  "months", "days" };
    return headings[facet];
}

static const char *facet_label(const morgue_facet_value *value)
{
    return value->value[0] ? value->value : "(none)";
}

static void print_facet(const mrg_screen *screen, int numbered, morgue_facet facet, const morgue_facet_value *values,
                        size_t count, size_t total)
{
    size_t widest = 0;
    uint64_t max = 0;
    for (size_t i = 0; i < count; i++) {
        size_t width = mrg_clean_width(facet_label(&values[i]), strlen(facet_label(&values[i])));
        widest = width > widest ? width : widest;
        max = values[i].count > max ? values[i].count : max;
    }
    put_heading(screen, facet_heading(facet), count, total);
    chart c = chart_make(screen, numbered, widest, max);
    mrg_style style = facet <= MORGUE_FACET_EVENT ? (mrg_style)(MRG_STYLE_PERSON + facet) : MRG_STYLE_PLAIN;
    for (size_t i = 0; i < count; i++)
        chart_row(&c, facet_label(&values[i]), style, values[i].count);
}

static morgue_status print_facets(const mrg_screen *screen, const mrg_search_args *args, morgue_results *results,
                                  morgue_error *err)
{
    for (size_t i = 0; i < args->facet_count; i++) {
        const morgue_facet_value *values;
        size_t count, total;
        size_t top = mrg_search_args_top(args, args->facets[i]);
        morgue_status status = morgue_results_facet(results, args->facets[i], top, &values, &count, &total, err);
        if (status)
            return status;
        print_facet(screen, args->interactive, args->facets[i], values, count, total);
        putc('\n', screen->out);
    }
    return MORGUE_OK;
}

/* ---- Timelines ---- */

void mrg_print_timeline(const mrg_screen *screen, const mrg_timeline *t)
{
    static const char *const headings[] = { "by year", "by month", "by day" };
    char label[16];
    uint64_t max = t->undated;
    int64_t next = 0, longest = mrg_timeline_span(t) <= MRG_TIMELINE_ROWS ? MRG_TIMELINE_ROWS : MRG_TIMELINE_GAP;
    for (size_t i = 0; i < t->count; i++)
        max = t->values[i].count > max ? t->values[i].count : max;
    chart c = chart_make(screen, 0, t->by == MORGUE_FACET_DAY ? sizeof "2014-03-01" - 1 : sizeof "undated" - 1, max);
    put_heading(screen, headings[t->by - MORGUE_FACET_YEAR], 0, 0);
    for (size_t i = 0; i < t->count; i++) {
        int64_t number = mrg_timeline_number(t->by, t->values[i].value);
        int64_t gap = i > 0 ? number - next : 0;
        for (int64_t k = 0; gap <= longest && k < gap; k++) {
            mrg_timeline_label(label, t->by, next + k);
            chart_row(&c, label, MRG_STYLE_PLAIN, 0);
        }
        if (gap > longest) {
            mrg_set_style(screen, MRG_STYLE_DIM);
            fprintf(screen->out, "%*s... %lld %s without\n", MARGIN, "", (long long)gap, facet_heading(t->by));
            mrg_set_style(screen, MRG_STYLE_PLAIN);
        }
        chart_row(&c, t->values[i].value, MRG_STYLE_PLAIN, t->values[i].count);
        next = number + 1;
    }
    if (t->undated)
        chart_row(&c, "undated", MRG_STYLE_DIM, t->undated);
}

static morgue_status print_timeline(const mrg_screen *screen, const mrg_search_args *args, morgue_results *results,
                                    morgue_error *err)
{
    mrg_timeline timeline;
    morgue_status status = mrg_timeline_make(&timeline, args, results, err);
    if (status || (!timeline.count && !timeline.undated))
        return status;
    mrg_print_timeline(screen, &timeline);
    putc('\n', screen->out);
    return MORGUE_OK;
}

/* ---- Names ---- */

enum { TYPE_COLUMNS = 6, EVERYWHERE_COLUMNS = sizeof "everywhere" - 1 };

static void print_name(const mrg_screen *screen, const morgue_associate *name, size_t name_columns,
                       size_t count_columns)
{
    FILE *out = screen->out;
    mrg_set_style(screen, mrg_style_of_type(name->type));
    size_t used = mrg_put_clipped(out, name->name, strlen(name->name), name_columns);
    mrg_set_style(screen, MRG_STYLE_PLAIN);
    fprintf(out, "%*s%-*s  ", (int)(name_columns - used + 2), "", TYPE_COLUMNS, name->type);
    put_count_in(out, name->count, count_columns);
    fputs("  ", out);
    put_count_in(out, name->everywhere, EVERYWHERE_COLUMNS);
    putc('\n', out);
}

void mrg_print_names(const mrg_screen *screen, int numbered, const morgue_associate *names, size_t count)
{
    size_t widest = 0, columns = sizeof "here" - 1, width = screen->width ? screen->width : 80;
    for (size_t i = 0; i < count; i++) {
        size_t name = mrg_clean_width(names[i].name, strlen(names[i].name));
        widest = name > widest ? name : widest;
        columns = count_width(names[i].count) > columns ? count_width(names[i].count) : columns;
    }
    size_t margin = (size_t)MARGIN + (numbered ? NUMBER_COLUMNS : 0);
    size_t taken = margin + 2 + TYPE_COLUMNS + 2 + columns + 2 + EVERYWHERE_COLUMNS;
    size_t room = width > taken + 8 ? width - taken : 8;
    widest = widest > room ? room : widest < sizeof "names" - 1 - MARGIN ? sizeof "names" - 1 - MARGIN : widest;
    mrg_set_style(screen, MRG_STYLE_BOLD);
    fprintf(screen->out, "%-*s", (int)(margin + widest + 2 + TYPE_COLUMNS + 2), "names");
    mrg_set_style(screen, MRG_STYLE_PLAIN);
    mrg_set_style(screen, MRG_STYLE_DIM);
    fprintf(screen->out, "%*s  everywhere\n", (int)columns, "here");
    mrg_set_style(screen, MRG_STYLE_PLAIN);
    for (size_t i = 0; i < count; i++) {
        fprintf(screen->out, "%*s", MARGIN, "");
        if (numbered)
            put_number(screen, i + 1);
        print_name(screen, &names[i], widest, columns);
    }
    putc('\n', screen->out);
}

/* ---- All of them ---- */

morgue_status mrg_print_overviews(const mrg_screen *wide, const mrg_search_args *args, morgue_results *results,
                                  morgue_error *err)
{
    mrg_screen screen = mrg_screen_narrowed(wide, args, MAX_COLUMNS);
    const morgue_associate *names = NULL;
    size_t name_count = 0;
    morgue_status status = print_facets(&screen, args, results, err);
    if (!status && args->names)
        status = morgue_results_names(results, args->name_types, args->top, &names, &name_count, err);
    if (name_count)
        mrg_print_names(&screen, args->interactive, names, name_count);
    if (!status && args->timeline)
        status = print_timeline(&screen, args, results, err);
    return status;
}

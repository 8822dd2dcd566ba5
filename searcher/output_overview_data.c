/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Overviews for programs; output_json.c says what the members mean. */
#include <math.h>
#include <string.h>

#include "cli/clean.h"
#include "output_overview.h"

typedef unsigned long long ull;

/* ---- JSON ---- */

static void put_value(FILE *out, const morgue_facet_value *value)
{
    mrg_put_member(out, "", "value", value->value);
    mrg_put_member(out, ",", "key", value->key);
    fprintf(out, ",\"count\":%llu}", (ull)value->count);
}

static void put_associate(FILE *out, const morgue_associate *name)
{
    mrg_put_member(out, "", "name", name->name);
    mrg_put_member(out, ",", "key", name->key);
    fprintf(out, ",\"count\":%llu,\"everywhere\":%llu,\"surprise\":%.6g}", (ull)name->count, (ull)name->everywhere,
            isfinite(name->surprise) ? name->surprise : 0.0);
}

static void put_date(FILE *out, const morgue_facet_value *value)
{
    mrg_put_member(out, "", "date", value->value);
    fprintf(out, ",\"count\":%llu}", (ull)value->count);
}

static morgue_status put_facets(FILE *out, const mrg_search_args *args, morgue_results *results, morgue_error *err)
{
    fputs(",\"facets\":[", out);
    for (size_t i = 0; i < args->facet_count; i++) {
        const morgue_facet_value *values;
        size_t count, total;
        size_t top = mrg_search_args_top(args, args->facets[i]);
        morgue_status status = morgue_results_facet(results, args->facets[i], top, &values, &count, &total, err);
        if (status)
            return status;
        mrg_put_member(out, i ? ",\n{" : "\n{", "field", mrg_facet_names[args->facets[i]]);
        fprintf(out, ",\"total\":%zu,\"values\":[", total);
        for (size_t k = 0; k < count; k++) {
            fputs(k ? ",{" : "{", out);
            put_value(out, &values[k]);
        }
        fputs("]}", out);
    }
    fputs("\n]", out);
    return MORGUE_OK;
}

void mrg_put_json_names(FILE *out, const morgue_associate *names, size_t count)
{
    fputs(",\"names\":[", out);
    for (size_t i = 0; i < count; i++) {
        mrg_put_member(out, i ? ",\n{" : "\n{", "type", names[i].type);
        putc(',', out);
        put_associate(out, &names[i]);
    }
    fputs(count ? "\n]" : "]", out);
}

void mrg_put_json_timeline(FILE *out, const mrg_timeline *t)
{
    mrg_put_member(out, ",\"timeline\":{", "by", mrg_facet_names[t->by]);
    fputs(",\"values\":[", out);
    for (size_t i = 0; i < t->count; i++) {
        fputs(i ? ",{" : "{", out);
        put_date(out, &t->values[i]);
    }
    fprintf(out, "],\"undated\":%llu}", (ull)t->undated);
}

morgue_status mrg_put_json_overviews(FILE *out, const mrg_search_args *args, morgue_results *results,
                                     morgue_error *err)
{
    const morgue_associate *names = NULL;
    mrg_timeline timeline;
    size_t count = 0;
    morgue_status status = args->facet_count ? put_facets(out, args, results, err) : MORGUE_OK;
    if (!status && args->names) {
        status = morgue_results_names(results, args->name_types, args->top, &names, &count, err);
        if (!status)
            mrg_put_json_names(out, names, count);
    }
    if (!status && args->timeline) {
        status = mrg_timeline_make(&timeline, args, results, err);
        if (!status)
            mrg_put_json_timeline(out, &timeline);
    }
    return status;
}

/* ---- Lines and rows ---- */

static void put_cell(FILE *out, int csv, const char *text)
{
    if (csv)
        mrg_put_csv(out, text, strlen(text));
    else
        mrg_put_clean_str(out, text);
    putc(csv ? ',' : '\t', out);
}

/* One value in the format that is asked for; a timeline's are those of the field of its dates. */
static void put_value_line(FILE *out, const mrg_search_args *args, const char *kind, morgue_facet field,
                           const morgue_facet_value *value)
{
    int csv = args->format == MRG_FORMAT_CSV;
    if (args->format == MRG_FORMAT_JSONL) {
        mrg_put_member(out, "{", kind, mrg_facet_names[field]);
        putc(',', out);
        if (strcmp(kind, "facet") == 0)
            put_value(out, value);
        else
            put_date(out, value);
    } else {
        put_cell(out, csv, mrg_facet_names[field]);
        put_cell(out, csv, value->value);
        put_cell(out, csv, value->key);
        fprintf(out, "%llu", (ull)value->count);
    }
    putc('\n', out);
}

void mrg_print_name_line(FILE *out, int format, const morgue_associate *name)
{
    int csv = format == MRG_FORMAT_CSV;
    if (format == MRG_FORMAT_JSONL) {
        mrg_put_member(out, "{", "names", name->type);
        putc(',', out);
        put_associate(out, name);
    } else {
        put_cell(out, csv, name->type);
        put_cell(out, csv, name->name);
        put_cell(out, csv, name->key);
        fprintf(out, "%llu%c%llu%c%.6g", (ull)name->count, csv ? ',' : '\t', (ull)name->everywhere, csv ? ',' : '\t',
                isfinite(name->surprise) ? name->surprise : 0.0);
    }
    putc('\n', out);
}

static morgue_status print_facet_lines(FILE *out, const mrg_search_args *args, morgue_facet facet,
                                       morgue_results *results, morgue_error *err)
{
    const morgue_facet_value *values;
    size_t count;
    size_t top = mrg_search_args_top(args, facet);
    morgue_status status = morgue_results_facet(results, facet, top, &values, &count, NULL, err);
    for (size_t i = 0; i < count && !status; i++)
        put_value_line(out, args, "facet", facet, &values[i]);
    return status;
}

void mrg_print_timeline_lines(FILE *out, const mrg_search_args *args, const mrg_timeline *t)
{
    morgue_facet_value undated = { "", "", t->undated };
    if (t->undated)
        put_value_line(out, args, "timeline", t->by, &undated);
    for (size_t i = 0; i < t->count; i++)
        put_value_line(out, args, "timeline", t->by, &t->values[i]);
}

morgue_status mrg_print_overview_lines(FILE *out, const mrg_search_args *args, morgue_results *results,
                                       morgue_error *err)
{
    const morgue_associate *names = NULL;
    mrg_timeline timeline;
    size_t count = 0;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < args->facet_count && !status; i++)
        status = print_facet_lines(out, args, args->facets[i], results, err);
    if (!status && args->names)
        status = morgue_results_names(results, args->name_types, args->top, &names, &count, err);
    for (size_t i = 0; i < count; i++)
        mrg_print_name_line(out, args->format, &names[i]);
    if (!status && args->timeline) {
        status = mrg_timeline_make(&timeline, args, results, err);
        if (!status)
            mrg_print_timeline_lines(out, args, &timeline);
    }
    return status;
}

morgue_status mrg_print_overview_rows(FILE *out, const mrg_search_args *args, morgue_results *results,
                                      morgue_error *err)
{
    if (args->format == MRG_FORMAT_CSV)
        fputs(args->names ? "type,name,key,count,everywhere,surprise\n" : "field,value,key,count\n", out);
    return mrg_print_overview_lines(out, args, results, err);
}

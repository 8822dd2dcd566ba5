/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For shells and spreadsheets: one hit a line. Line ends and tabs inside a field become spaces, other control
   characters U+FFFD; only ids that end in NUL bytes are left as they are. */
#include <string.h>

#include "output.h"
#include "output_overview.h"
#include "cli/clean.h"

void mrg_put_csv(FILE *out, const char *s, size_t len)
{
    if (!memchr(s, '"', len) && !memchr(s, ',', len)) {
        mrg_put_clean(out, s, len);
        return;
    }
    putc('"', out);
    for (const char *quote; (quote = memchr(s, '"', len)) != NULL; s = quote + 1) {
        mrg_put_clean(out, s, (size_t)(quote - s));
        fputs("\"\"", out);
        len -= (size_t)(quote + 1 - s);
    }
    mrg_put_clean(out, s, len);
    putc('"', out);
}

static morgue_status get_field(int field, const morgue_hit *hit, const char **text, size_t *len,
                               morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    morgue_snippet snippet;
    *text = field == MRG_FIELD_DATE     ? morgue_hit_date(hit)
            : field == MRG_FIELD_ID     ? morgue_hit_id(hit)
            : field == MRG_FIELD_TITLE  ? morgue_hit_title(hit)
            : field == MRG_FIELD_SOURCE ? morgue_hit_source(hit)
            : field == MRG_FIELD_URL    ? morgue_hit_url(hit)
            : field == MRG_FIELD_AUTHOR ? morgue_hit_author(hit)
            : field == MRG_FIELD_LANG   ? morgue_hit_lang(hit)
            : field == MRG_FIELD_SUBJECT ? morgue_hit_subject(hit)
                                        : morgue_hit_archive(hit);
    *len = strlen(*text);
    if (field == MRG_FIELD_TEXT) {
        status = morgue_hit_text(hit, text, len, err);
    } else if (field == MRG_FIELD_SNIPPET) {
        status = morgue_hit_snippet(hit, 0, &snippet, err);
        *text = snippet.text;
        *len = snippet.text_len;
    }
    return status;
}

static morgue_status put_row(FILE *out, const mrg_search_args *args, const morgue_hit *hit, size_t rank,
                             morgue_error *err)
{
    int csv = args->format == MRG_FORMAT_CSV;
    for (size_t i = 0; i < args->field_count; i++) {
        const char *text = "";
        size_t len = 0;
        if (i > 0)
            putc(csv ? ',' : '\t', out);
        if (args->fields[i] == MRG_FIELD_RANK) {
            fprintf(out, "%zu", rank);
            continue;
        }
        if (args->fields[i] == MRG_FIELD_SCORE) {
            fprintf(out, "%.6g", morgue_hit_score(hit));
            continue;
        }
        morgue_status status = get_field(args->fields[i], hit, &text, &len, err);
        if (status)
            return status;
        if (csv)
            mrg_put_csv(out, len ? text : "", len);
        else
            mrg_put_clean(out, len ? text : "", len);
    }
    putc('\n', out);
    return MORGUE_OK;
}

static void put_id(FILE *out, const char *id, int null_ends)
{
    if (null_ends) {
        fwrite(id, 1, strlen(id) + 1, out);
    } else {
        mrg_put_clean_str(out, id);
        putc('\n', out);
    }
}

morgue_status mrg_print_rows(FILE *out, const mrg_search_args *args, const mrg_page *page, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    if (mrg_search_args_overview(args))
        return mrg_print_overview_rows(out, args, page->results, err);
    for (size_t i = 0; args->format == MRG_FORMAT_CSV && i < args->field_count; i++)
        fprintf(out, "%s%s", mrg_field_names[args->fields[i]], i + 1 < args->field_count ? "," : "\n");
    for (size_t i = 0; i < page->size && !status; i++) {
        const morgue_hit *hit = morgue_results_hit(page->results, i);
        if (page->group_of && page->group_of[i] != i)
            continue;
        if (args->format == MRG_FORMAT_IDS)
            put_id(out, morgue_hit_id(hit), args->null_ends);
        else
            status = put_row(out, args, hit, args->search.offset + i + 1, err);
    }
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For shells and spreadsheets: one hit a line. Line ends and tabs inside a field become spaces, other control
   characters U+FFFD; only ids that end in NUL bytes are left as they are. */
#include <string.h>

#include "output.h"
#include "cli/clean.h"

void mrg_put_csv(FILE *out, const char *s)
{
    int quoted = strpbrk(s, "\",") != NULL;
    if (!quoted) {
        mrg_put_clean_str(out, s);
        return;
    }
    putc('"', out);
    for (const char *quote; (quote = strchr(s, '"')) != NULL; s = quote + 1) {
        mrg_put_clean(out, s, (size_t)(quote - s));
        fputs("\"\"", out);
    }
    mrg_put_clean_str(out, s);
    putc('"', out);
}

static void put_row(FILE *out, const morgue_hit *hit, size_t rank, int csv)
{
    const char *fields[] = { morgue_hit_date(hit), morgue_hit_id(hit), morgue_hit_title(hit), morgue_hit_source(hit),
                             morgue_hit_url(hit) };
    fprintf(out, "%zu%c%.6g", rank, csv ? ',' : '\t', morgue_hit_score(hit));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        putc(csv ? ',' : '\t', out);
        if (csv)
            mrg_put_csv(out, fields[i]);
        else
            mrg_put_clean_str(out, fields[i]);
    }
    putc('\n', out);
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

void mrg_print_rows(FILE *out, const mrg_search_args *args, const morgue_results *results)
{
    if (args->format == MRG_FORMAT_CSV)
        fputs("rank,score,date,id,title,source,url\n", out);
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        if (args->format == MRG_FORMAT_IDS)
            put_id(out, morgue_hit_id(hit), args->null_ends);
        else
            put_row(out, hit, args->search.offset + i + 1, args->format == MRG_FORMAT_CSV);
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/extract.h"

#include <stdio.h>

#include "cli/clean.h"

typedef struct extraction {
    mrg_report *report;
    const volatile sig_atomic_t *interrupted;
} extraction;

static void put_field(const char *name, const char *value, int *first)
{
    if (!value)
        return;
    putchar(*first ? '{' : ',');
    *first = 0;
    printf("\"%s\":", name);
    mrg_put_json_str(stdout, value);
}

/* What is absent is left out, so that the lines can be indexed as they are. */
static int put_article(void *ctx, const morgue_article *a, const char *place)
{
    extraction *x = ctx;
    int first = 1;
    (void)place;
    put_field("id", a->id, &first);
    put_field("date", a->date, &first);
    put_field("title", a->title, &first);
    put_field("url", a->url, &first);
    put_field("author", a->author, &first);
    put_field("source", a->source, &first);
    put_field("lang", a->lang, &first);
    put_field("subject", a->subject, &first);
    put_field("captured", a->captured, &first);
    fputs(",\"text\":", stdout);
    mrg_put_json(stdout, a->text, a->text_len);
    puts("}");
    return *x->interrupted || ferror(stdout);
}

static void on_message(void *ctx, const char *line)
{
    mrg_report_message(((extraction *)ctx)->report, line);
}

void mrg_extract_sources(mrg_report *report, char *const *sources, const morgue_index_options *options,
                         const volatile sig_atomic_t *interrupted)
{
    extraction x = { report, interrupted };
    morgue_index_options o = *options;
    o.message = on_message;
    o.ctx = &x;
    for (; *sources && !*interrupted && !ferror(stdout); sources++) {
        morgue_error err = { 0 };
        if (morgue_extract(*sources, &o, put_article, &x, &err) && err.status != MORGUE_ERR_CANCELLED)
            mrg_report_error(report, &err);
    }
}

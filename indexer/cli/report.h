/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What morgue-index says while it works, and what it says at the end; all on standard error. */
#ifndef MRG_REPORT_H
#define MRG_REPORT_H

#include "morgue.h"

enum { MRG_REASONS = 24, MRG_REASON_BYTES = 96 };

typedef struct mrg_report {
    int quiet, verbose, dry_run, no_progress;
    int is_terminal;        /* a line of progress is kept up to date */
    int json;               /* --progress=json: a line of JSON now and then */
    int line_open;          /* a progress line stands there */
    int trouble;            /* something failed or was skipped */
    uint64_t total_bytes;   /* of all sources, if it was worth measuring */
    double start, shown;    /* seconds; when progress was last shown */
    uint64_t deleted_count; /* by --delete and --delete-query */
    struct {
        char text[MRG_REASON_BYTES];
        uint64_t count;
    } reasons[MRG_REASONS]; /* why things were skipped; the last one stands for the rest */
    size_t reason_count;
} mrg_report;

/* `json`: --progress=json. Sources are measured where progress will be shown. */
void mrg_report_begin(mrg_report *report, char *const *sources, int json);

/* Before another run of the same sources. */
void mrg_report_restart(mrg_report *report);

/* For morgue_index_options. */
void mrg_report_message(mrg_report *report, const char *line);
void mrg_report_progress(mrg_report *report, const morgue_progress *progress);

/* An error of the run itself. */
void mrg_report_error(mrg_report *report, const morgue_error *err);

/* One source of several, with --verbose. */
void mrg_report_source(mrg_report *report, const char *source, uint64_t article_count);

/* "34 articles: 30 new, 1 updated, 3 unchanged; 1 skipped; 45.2 kB of text in 0.1 s", and why, if much was. */
void mrg_report_summary(mrg_report *report, const morgue_indexer *indexer);
void mrg_report_interrupted(mrg_report *report, const morgue_indexer *indexer);

#endif

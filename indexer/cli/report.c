/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/report.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/clean.h"

static const char program[] = "morgue-index";

enum { LINE_EVERY_MS = 100, JSON_EVERY_MS = 500, BAR_WIDTH = 20, OPEN_FILES = 16, FEW_SKIPPED = 3 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- Beginning ---- */

static uint64_t measured; /* nftw takes no context */

static int measure_file(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    if (path[ftw->base] == '.' && ftw->level > 0)
        return flag == FTW_D ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
    if (flag == FTW_F)
        measured += (uint64_t)st->st_size;
    return FTW_CONTINUE;
}

static uint64_t measure(char *const *sources)
{
    measured = 0;
    for (; *sources; sources++)
        if (strcmp(*sources, "-") == 0 || nftw(*sources, measure_file, OPEN_FILES, FTW_PHYS | FTW_ACTIONRETVAL) < 0)
            return 0;
    return measured;
}

void mrg_report_begin(mrg_report *report, char *const *sources, int json)
{
    const char *term = getenv("TERM");
    report->start = now();
    report->json = json;
    report->is_terminal = !report->quiet && !report->no_progress && !json && isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
    if (report->is_terminal || json)
        report->total_bytes = measure(sources);
}

void mrg_report_restart(mrg_report *report)
{
    report->start = now();
    report->reason_count = 0;
    report->deleted_count = 0;
}

/* ---- Progress ---- */

static void clear_line(mrg_report *r)
{
    if (r->line_open)
        fputs("\r\033[K", stderr);
    r->line_open = 0;
}

static size_t terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static double share_done(const mrg_report *r, const morgue_progress *p)
{
    double share = r->total_bytes ? (double)p->source_bytes / (double)r->total_bytes : 0;
    return share > 1 ? 1 : share;
}

static void put_bar(FILE *out, double share)
{
    int filled = (int)(share * BAR_WIDTH);
    putc('[', out);
    for (int i = 0; i < BAR_WIDTH; i++)
        putc(i < filled ? '=' : i == filled ? '>' : ' ', out);
    fprintf(out, "] %3d%%  ", (int)(share * 100));
}

/* "1:05 left"; not before there is something to go by. */
static void put_time_left(FILE *out, double share, double elapsed)
{
    if (share < 0.01 || elapsed < 1)
        return;
    long left = (long)(elapsed / share * (1 - share) + 0.5);
    if (left >= 3600)
        fprintf(out, ", %ld:%02ld:%02ld left", left / 3600, left / 60 % 60, left % 60);
    else
        fprintf(out, ", %ld:%02ld left", left / 60, left % 60);
}

/* "[====>               ]  21%  12,345 articles, 48.3 MB/s, 0:12 left, 3 skipped, news/2014.jsonl" */
static void show_line(mrg_report *r, const morgue_progress *p, double t)
{
    char *head = NULL;
    size_t head_len = 0, columns = terminal_columns();
    FILE *line = open_memstream(&head, &head_len);
    if (!line)
        return;
    double elapsed = t - r->start, share = share_done(r, p);
    if (r->total_bytes)
        put_bar(line, share);
    mrg_put_count(line, p->article_count);
    fprintf(line, " articles, %.1f MB/s", elapsed > 0 ? (double)p->text_bytes / 1e6 / elapsed : 0.0);
    put_time_left(line, share, elapsed);
    if (p->skipped_count) {
        fputs(", ", line);
        mrg_put_count(line, p->skipped_count);
        fputs(" skipped", line);
    }
    if (p->place && p->place[0])
        fprintf(line, ", %s", p->place);
    fclose(line);
    fputs("\r\033[K", stderr);
    mrg_put_clipped(stderr, head, head_len, columns > 1 ? columns - 1 : 1);
    fflush(stderr);
    free(head);
    r->line_open = 1;
}

static void put_numbers(const morgue_progress *p)
{
    fprintf(stderr,
            "\"articles\":%llu,\"new\":%llu,\"updated\":%llu,\"unchanged\":%llu,\"deleted\":%llu,\"skipped\":%llu,"
            "\"text_bytes\":%llu,\"source_bytes\":%llu",
            (unsigned long long)p->article_count,
            (unsigned long long)(p->article_count - p->unchanged_count - p->replaced_count),
            (unsigned long long)p->replaced_count, (unsigned long long)p->unchanged_count,
            (unsigned long long)p->deleted_count, (unsigned long long)p->skipped_count, (unsigned long long)p->text_bytes,
            (unsigned long long)p->source_bytes);
}

static void show_json(mrg_report *r, const morgue_progress *p, double t, int done)
{
    fprintf(stderr, "{\"format\":\"morgue-progress\",\"version\":1,\"done\":%s,", done ? "true" : "false");
    put_numbers(p);
    fprintf(stderr, ",\"total_bytes\":%llu,\"seconds\":%.3f", (unsigned long long)r->total_bytes, t - r->start);
    if (p->place && !done) {
        fputs(",\"place\":", stderr);
        mrg_put_json_str(stderr, p->place);
    }
    fputs("}\n", stderr);
}

void mrg_report_progress(mrg_report *r, const morgue_progress *p)
{
    double t = now(), every = r->json ? JSON_EVERY_MS / 1000.0 : LINE_EVERY_MS / 1000.0;
    if ((!r->is_terminal && !r->json) || t - r->shown < every)
        return;
    r->shown = t;
    if (r->json)
        show_json(r, p, t, 0);
    else
        show_line(r, p, t);
}

/* ---- What went wrong ---- */

/* "a/b.html: not text; skipped" was skipped because of "not text". */
static void count_reason(mrg_report *r, const char *line)
{
    char text[MRG_REASON_BYTES];
    const char *colon = line, *next;
    while ((next = strstr(colon, ": ")) != NULL)
        colon = next + 2;
    snprintf(text, sizeof text, "%s", colon);
    char *end = strstr(text, "; skipped");
    if (end)
        *end = 0;
    size_t i = 0;
    while (i < r->reason_count && strcmp(r->reasons[i].text, text) != 0)
        i++;
    if (i == MRG_REASONS) {
        i = MRG_REASONS - 1;
        strcpy(text, "other reasons");
    }
    if (i == r->reason_count)
        r->reason_count++;
    strcpy(r->reasons[i].text, text);
    r->reasons[i].count++;
}

void mrg_report_message(mrg_report *r, const char *line)
{
    clear_line(r);
    mrg_complain(program, "%s", line);
    count_reason(r, line);
    r->trouble = 1;
}

void mrg_report_error(mrg_report *r, const morgue_error *err)
{
    clear_line(r);
    mrg_complain(program, "%s", err->message[0] ? err->message : morgue_status_text(err->status));
    r->trouble = 1;
}

void mrg_report_source(mrg_report *r, const char *source, uint64_t count)
{
    clear_line(r);
    mrg_put_clean_str(stderr, strcmp(source, "-") == 0 ? "standard input" : source);
    fputs(": ", stderr);
    mrg_put_count(stderr, count);
    fputs(count == 1 ? " article\n" : " articles\n", stderr);
}

/* ---- The end ---- */

static void put_bytes(uint64_t bytes)
{
    if (bytes < 1000)
        fprintf(stderr, "%llu bytes", (unsigned long long)bytes);
    else if (bytes < 1000000)
        fprintf(stderr, "%.1f kB", (double)bytes / 1e3);
    else
        fprintf(stderr, "%.1f MB", (double)bytes / 1e6);
}

static void put_number(uint64_t count, const char *what)
{
    mrg_put_count(stderr, count);
    fprintf(stderr, " %s", what);
}

/* More than one kind is worth a line. */
static void put_kinds(const morgue_indexer *indexer)
{
    size_t kinds = 0;
    for (const char *const *kind = morgue_input_kinds(); *kind; kind++)
        kinds += morgue_indexer_kind_count(indexer, *kind) > 0;
    if (kinds < 2)
        return;
    const char *separator = "  read: ";
    for (const char *const *kind = morgue_input_kinds(); *kind; kind++) {
        uint64_t count = morgue_indexer_kind_count(indexer, *kind);
        if (!count)
            continue;
        fputs(separator, stderr);
        put_number(count, *kind);
        separator = ", ";
    }
    putc('\n', stderr);
}

static int compare_reasons(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)((const char *)a + MRG_REASON_BYTES);
    uint64_t y = *(const uint64_t *)((const char *)b + MRG_REASON_BYTES);
    return (x < y) - (x > y);
}

static void put_reasons(mrg_report *r)
{
    qsort(r->reasons, r->reason_count, sizeof r->reasons[0], compare_reasons);
    fputs("  skipped: ", stderr);
    for (size_t i = 0; i < r->reason_count; i++) {
        if (i)
            fputs(", ", stderr);
        mrg_put_count(stderr, r->reasons[i].count);
        fputs(" ", stderr);
        mrg_put_clean_str(stderr, r->reasons[i].text);
    }
    putc('\n', stderr);
}

static void put_counts(const mrg_report *r, const morgue_progress *p)
{
    put_number(p->article_count, p->article_count == 1 ? "article: " : "articles: ");
    put_number(p->article_count - p->unchanged_count - p->replaced_count, "new, ");
    put_number(p->replaced_count, "updated, ");
    put_number(p->unchanged_count, "unchanged; ");
    if (p->deleted_count)
        put_number(p->deleted_count, "deleted; ");
    put_number(p->skipped_count, "skipped; ");
    put_bytes(p->text_bytes);
    fprintf(stderr, " of text in %.1f s\n", now() - r->start);
}

void mrg_report_summary(mrg_report *r, const morgue_indexer *indexer)
{
    morgue_progress p = { 0 };
    morgue_indexer_progress(indexer, &p);
    clear_line(r);
    if (r->json)
        show_json(r, &p, now(), 1);
    if (r->quiet || r->json)
        return;
    if (r->dry_run)
        fputs("dry run, nothing was written: ", stderr);
    put_counts(r, &p);
    put_kinds(indexer);
    if (p.skipped_count > FEW_SKIPPED)
        put_reasons(r);
}

void mrg_report_interrupted(mrg_report *r, const morgue_indexer *indexer)
{
    morgue_progress p = { 0 };
    morgue_indexer_progress(indexer, &p);
    clear_line(r);
    fputs("interrupted: ", stderr);
    put_number(p.article_count - p.unchanged_count, p.article_count - p.unchanged_count == 1 ? "article" : "articles");
    fputs(" committed; run the same command to go on\n", stderr);
}

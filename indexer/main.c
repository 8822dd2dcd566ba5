/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-index: arguments in, articles into an archive, exit status 0 all well, 2 something skipped or failed,
   130 interrupted. */
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/extract.h"
#include "cli/index_options.h"
#include "cli/report.h"
#include "cli/watch.h"
#include "morgue.h"
#include "cli/arguments.h"
#include "cli/clean.h"

/* Articles. So memory does not grow with the collection, and a crash costs a few minutes at most. */
enum { COMMIT_EVERY = 250000 };

enum { EXIT_WELL = 0, EXIT_TROUBLE = 2, EXIT_INTERRUPTED = 130 };

static const char program[] = "morgue-index";

typedef struct run {
    const mrg_index_args *args;
    morgue_indexer *indexer;
    mrg_report report;
} run;

/* ---- Signals ---- */

static _Atomic(morgue_indexer *) running;
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (interrupted)
        _exit(EXIT_INTERRUPTED);
    interrupted = 1;
    morgue_indexer *indexer = atomic_load(&running);
    if (indexer)
        morgue_indexer_cancel(indexer);
}

static void set_signals(void)
{
    struct sigaction action = { .sa_handler = on_interrupt };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A message nobody reads must not end a run half way. */
    signal(SIGPIPE, SIG_IGN);
}

/* ---- Progress and messages ---- */

static void complain(run *r, const morgue_error *err)
{
    mrg_report_error(&r->report, err);
}

static void on_message(void *ctx, const char *line)
{
    mrg_report_message(&((run *)ctx)->report, line);
}

static int on_progress(void *ctx, const morgue_progress *progress)
{
    mrg_report_progress(&((run *)ctx)->report, progress);
    return interrupted;
}

/* ---- Writing ---- */

static void delete_articles(run *r)
{
    morgue_error err;
    for (const char **id = r->args->delete_ids; *id && !interrupted; id++) {
        memset(&err, 0, sizeof err);
        if (morgue_indexer_delete(r->indexer, *id, &err))
            complain(r, &err);
        else
            r->report.deleted_count++;
    }
    for (const char **query = r->args->delete_queries; *query && !interrupted; query++) {
        uint64_t count = 0;
        memset(&err, 0, sizeof err);
        if (morgue_indexer_delete_query(r->indexer, *query, &count, &err))
            complain(r, &err);
        r->report.deleted_count += count;
    }
}

/* What went wrong in one source keeps neither the rest out nor what was read before. */
static void add_sources(run *r)
{
    for (char **source = r->args->sources; *source && !interrupted; source++) {
        morgue_progress before = { 0 }, after = { 0 };
        morgue_error err = { 0 };
        morgue_indexer_progress(r->indexer, &before);
        morgue_status status = morgue_indexer_add_source(r->indexer, *source, &err);
        if (status && !(status == MORGUE_ERR_CANCELLED && interrupted))
            complain(r, &err);
        morgue_indexer_progress(r->indexer, &after);
        if (r->args->verbose)
            mrg_report_source(&r->report, *source, after.article_count - before.article_count);
    }
}

static void print_deleted(const run *r)
{
    if (r->args->quiet || (!r->args->delete_ids[0] && !r->args->delete_queries[0]))
        return;
    mrg_put_count(stderr, r->report.deleted_count);
    fprintf(stderr, " article%s deleted\n", r->report.deleted_count == 1 ? "" : "s");
}

static void commit(run *r)
{
    morgue_error err = { 0 };
    morgue_status status = morgue_indexer_commit(r->indexer, &err);
    if (!status && r->args->compact && !interrupted)
        status = morgue_indexer_compact(r->indexer, &err);
    morgue_progress p = { 0 };
    morgue_indexer_progress(r->indexer, &p);
    if (status)
        complain(r, &err);
    else if (interrupted)
        mrg_report_interrupted(&r->report, r->indexer);
    else
        print_deleted(r);
    if (!status && !interrupted && r->args->sources[0])
        mrg_report_summary(&r->report, r->indexer);
    if (p.skipped_count)
        r->report.trouble = 1;
}

/* The directories above an archive in the user's data directory; what cannot be made is found out later. */
static void make_parents(const char *archive)
{
    char *path = strdup(archive);
    for (char *slash = path ? strchr(path + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    free(path);
}

static void write_archive(run *r)
{
    morgue_index_options options = r->args->index;
    options.commit_every = COMMIT_EVERY;
    morgue_error err = { 0 };
    options.message = on_message;
    options.progress = on_progress;
    options.ctx = r;
    if (r->args->make_parents && r->args->sources[0])
        make_parents(r->args->archive);
    if (morgue_indexer_open(&r->indexer, r->args->archive, &options, &err)) {
        complain(r, &err);
        return;
    }
    atomic_store(&running, r->indexer);
    delete_articles(r);
    add_sources(r);
    commit(r);
    atomic_store(&running, NULL);
    morgue_indexer_close(r->indexer);
}

/* ---- Watching ---- */

enum { QUIET_MS = 250 };

/* Each round is a run of its own, so that others may write between two. Files that are as they were cost
   next to nothing in it. */
static void watch_sources(run *r)
{
    mrg_watch *watch;
    morgue_error err = { 0 };
    if (mrg_watch_open(&watch, r->args->sources, &err)) {
        complain(r, &err);
        return;
    }
    write_archive(r);
    while (!interrupted) {
        morgue_status status = mrg_watch_wait(watch, QUIET_MS, &interrupted, &err);
        if (status && status != MORGUE_ERR_CANCELLED)
            complain(r, &err);
        if (status)
            break;
        mrg_report_restart(&r->report);
        write_archive(r);
    }
    mrg_watch_close(watch);
}

/* ---- Looking ---- */

static void check_archive(run *r)
{
    morgue_error err = { 0 };
    morgue_status status = morgue_archive_check(r->args->archive, on_message, r, &err);
    if (status)
        complain(r, &err);
    else
        puts("archive is sound");
}

typedef struct stat_line {
    const char *name, *label;
    uint64_t value;
} stat_line;

enum { STAT_COUNT = 11 };

static void list_stats(const morgue_stats *s, stat_line out[STAT_COUNT])
{
    const stat_line lines[STAT_COUNT] = {
        { "articles", "articles", s->article_count },
        { "deleted", "deleted, still taking space", s->deleted_count },
        { "words", "words", s->token_count },
        { "names", "names", s->entity_count },
        { "segments", "segments", s->segment_count },
        { "commit", "commit number", s->commit_number },
        { "index_bytes", "index (bytes)", s->segment_index_bytes },
        { "text_bytes", "text (bytes)", s->segment_text_bytes },
        { "catalogue_bytes", "catalogue (bytes)", s->catalogue_bytes },
        { "names_bytes", "list of names (bytes)", s->names_bytes },
        { "format_version", "format version", s->format_version },
    };
    memcpy(out, lines, sizeof lines);
}

static void print_stats_json(const mrg_index_args *args, const morgue_stats *stats, const stat_line *lines)
{
    fputs("{\"format\":\"morgue-stats\",\"version\":1,\"archive\":", stdout);
    mrg_put_json_str(stdout, args->archive);
    fputs(",\"lang\":", stdout);
    mrg_put_json_str(stdout, stats->lang);
    for (size_t i = 0; i < STAT_COUNT; i++)
        printf(",\"%s\":%llu", lines[i].name, (unsigned long long)lines[i].value);
    puts("}");
}

static void print_stats(run *r)
{
    morgue_error err = { 0 };
    morgue_stats stats = { 0 };
    stat_line lines[STAT_COUNT];
    if (morgue_archive_stats(r->args->archive, &stats, &err)) {
        complain(r, &err);
        return;
    }
    list_stats(&stats, lines);
    if (r->args->stats_json) {
        print_stats_json(r->args, &stats, lines);
        return;
    }
    for (size_t i = 0; i < STAT_COUNT; i++) {
        printf("%-28s", lines[i].label);
        mrg_put_count(stdout, lines[i].value);
        putchar('\n');
    }
    printf("%-28s", "language");
    mrg_put_clean_str(stdout, stats.lang);
    putchar('\n');
}

/* ---- ---- */

static int run_actions(const mrg_index_args *args)
{
    run r = { .args = args,
              .report = { .quiet = args->quiet, .no_progress = args->no_progress, .verbose = args->verbose, .dry_run = args->index.dry_run } };
    mrg_report_begin(&r.report, args->sources, args->progress_json);
    if (args->extract)
        signal(SIGPIPE, SIG_DFL); /* there is nothing to be left half done */
    if (args->extract)
        mrg_extract_sources(&r.report, args->sources, &args->index, &interrupted);
    else if (args->watch)
        watch_sources(&r);
    else if (args->archive && mrg_index_args_writes(args))
        write_archive(&r);
    if (args->check && !interrupted)
        check_archive(&r);
    if (args->stats && !interrupted)
        print_stats(&r);
    if (interrupted)
        return EXIT_INTERRUPTED;
    return r.report.trouble ? EXIT_TROUBLE : EXIT_WELL;
}

static int print_simple(mrg_index_action action)
{
    if (action == MRG_INDEX_VERSION)
        printf("morgue-index %d.%d.%d (libmorgue %s, Xapian %s)\n", MORGUE_VERSION_MAJOR, MORGUE_VERSION_MINOR,
               MORGUE_VERSION_PATCH, morgue_version(), morgue_xapian_version());
    else if (action == MRG_INDEX_HELP)
        fputs(mrg_index_help, stdout);
    for (const char *const *kind = morgue_input_kinds(); action == MRG_INDEX_LIST_INPUTS && *kind; kind++)
        puts(*kind);
    return EXIT_WELL;
}

/* What large blocks took goes back to the system at once, instead of staying with the heaps of the threads: a tenth less
   at the peak. */
static void bound_heaps(void)
{
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
#endif
}

int main(int argc, char **argv)
{
    mrg_index_args args;
    bound_heaps();
    mrg_guard_standard_files();
    int exit_status = mrg_index_args_read(&args, argc, argv);
    if (exit_status == 0 && args.action != MRG_INDEX_RUN) {
        exit_status = print_simple(args.action);
    } else if (exit_status == 0) {
        set_signals();
        exit_status = run_actions(&args);
    }
    if (mrg_finish_output(program, stdout))
        exit_status = EXIT_TROUBLE;
    mrg_index_args_dispose(&args);
    return exit_status;
}

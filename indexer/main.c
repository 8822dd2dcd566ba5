/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-index: arguments in, articles into an archive, exit status 0 all well, 2 something skipped or failed,
   130 interrupted. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/index_options.h"
#include "morgue.h"
#include "cli/arguments.h"
#include "cli/clean.h"

enum { EXIT_WELL = 0, EXIT_TROUBLE = 2, EXIT_INTERRUPTED = 130, PROGRESS_EVERY_MS = 100 };

static const char program[] = "morgue-index";

typedef struct run {
    const mrg_index_args *args;
    morgue_indexer *indexer;
    int trouble;     /* something failed or was skipped */
    int is_terminal; /* standard error is one, for progress */
    int line_open;   /* a progress line stands there */
    uint64_t deleted_count;
    double start, shown; /* seconds; when the progress line was last written */
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

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void clear_line(run *r)
{
    if (r->line_open)
        fputs("\r\033[K", stderr);
    r->line_open = 0;
}

static void complain(run *r, const morgue_error *err)
{
    clear_line(r);
    mrg_complain(program, "%s", err->message[0] ? err->message : morgue_status_text(err->status));
    r->trouble = 1;
}

static void on_message(void *ctx, const char *line)
{
    run *r = ctx;
    clear_line(r);
    mrg_complain(program, "%s", line);
    r->trouble = 1;
}

static size_t terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* "12,345 articles, 48.3 MB/s, news/2014.jsonl", over the line before. */
static int on_progress(void *ctx, const morgue_progress *progress)
{
    run *r = ctx;
    double t = now();
    if (!r->is_terminal || t - r->shown < PROGRESS_EVERY_MS / 1000.0)
        return interrupted;
    r->shown = t;
    char *head = NULL;
    size_t head_len = 0, columns = terminal_columns();
    FILE *line = open_memstream(&head, &head_len);
    if (!line)
        return interrupted;
    double elapsed = t - r->start;
    mrg_put_count(line, progress->article_count);
    fprintf(line, " articles, %.1f MB/s", elapsed > 0 ? (double)progress->text_bytes / 1e6 / elapsed : 0.0);
    if (progress->place && progress->place[0])
        fprintf(line, ", %s", progress->place);
    fclose(line);
    fputs("\r\033[K", stderr);
    mrg_put_clipped(stderr, head, head_len, columns > 1 ? columns - 1 : 1);
    fflush(stderr);
    free(head);
    r->line_open = 1;
    return interrupted;
}

/* "50,667 articles (0 unchanged, 1 skipped), 166.2 MB of text in 9.8 s" */
static void print_summary(run *r)
{
    morgue_progress p = { 0 };
    morgue_indexer_progress(r->indexer, &p);
    if (r->args->delete_ids[0] || r->args->delete_queries[0]) {
        mrg_put_count(stderr, r->deleted_count);
        fprintf(stderr, " article%s deleted\n", r->deleted_count == 1 ? "" : "s");
    }
    if (!r->args->sources[0])
        return;
    mrg_put_count(stderr, p.article_count);
    fprintf(stderr, " article%s (", p.article_count == 1 ? "" : "s");
    mrg_put_count(stderr, p.unchanged_count);
    fputs(" unchanged, ", stderr);
    mrg_put_count(stderr, p.skipped_count);
    fprintf(stderr, " skipped), %.1f MB of text in %.1f s\n", (double)p.text_bytes / 1e6, now() - r->start);
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
            r->deleted_count++;
    }
    for (const char **query = r->args->delete_queries; *query && !interrupted; query++) {
        uint64_t count = 0;
        memset(&err, 0, sizeof err);
        if (morgue_indexer_delete_query(r->indexer, *query, &count, &err))
            complain(r, &err);
        r->deleted_count += count;
    }
}

static void print_source(run *r, const char *source, uint64_t count)
{
    clear_line(r);
    mrg_put_clean_str(stderr, strcmp(source, "-") == 0 ? "standard input" : source);
    fputs(": ", stderr);
    mrg_put_count(stderr, count);
    fputs(count == 1 ? " article\n" : " articles\n", stderr);
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
            print_source(r, *source, after.article_count - before.article_count);
    }
    clear_line(r);
}

static void print_interrupted(run *r)
{
    morgue_progress p = { 0 };
    morgue_indexer_progress(r->indexer, &p);
    fputs("interrupted: ", stderr);
    mrg_put_count(stderr, p.article_count);
    fputs(p.article_count == 1 ? " article" : " articles", stderr);
    fputs(" committed; run the same command to go on\n", stderr);
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
        print_interrupted(r);
    else if (!r->args->quiet)
        print_summary(r);
    if (p.skipped_count)
        r->trouble = 1;
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
    const char *term = getenv("TERM");
    run r = { .args = args, .start = now() };
    r.is_terminal = !args->quiet && isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
    if (args->archive && mrg_index_args_writes(args))
        write_archive(&r);
    if (args->check && !interrupted)
        check_archive(&r);
    if (args->stats && !interrupted)
        print_stats(&r);
    if (interrupted)
        return EXIT_INTERRUPTED;
    return r.trouble ? EXIT_TROUBLE : EXIT_WELL;
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

int main(int argc, char **argv)
{
    mrg_index_args args;
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

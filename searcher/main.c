/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-search: arguments in, answers out, exit status 0 found, 1 nothing found, 2 error. */
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "morgue.h"
#include "options.h"
#include "cli/arguments.h"
#include "output.h"
#include "output_pager.h"
#include "cli/clean.h"

enum { EXIT_FOUND = 0, EXIT_NOTHING = 1, EXIT_ERROR = 2 };

static const char program[] = "morgue-search";

static _Atomic(morgue_searcher *) running;
static volatile sig_atomic_t interrupted;

/* The first interrupt lets the search stop cleanly, a second one ends the program. */
static void on_interrupt(int signal_number)
{
    (void)signal_number;
    morgue_searcher *searcher = atomic_load(&running);
    interrupted = 1;
    if (searcher)
        morgue_searcher_cancel(searcher);
}

static void set_signals(void)
{
    struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A reader that has seen enough ends us quietly, even when our parent ignored the signal. */
    signal(SIGPIPE, SIG_DFL);
}

static int print_and_exit_status(int action)
{
    if (action == MRG_VERSION)
        printf("morgue-search %d.%d.%d (libmorgue %s, Xapian %s)\n", MORGUE_VERSION_MAJOR, MORGUE_VERSION_MINOR,
               MORGUE_VERSION_PATCH, morgue_version(), morgue_xapian_version());
    else
        fputs(action == MRG_HELP ? mrg_search_help : mrg_query_help, stdout);
    return mrg_finish_output(program, stdout) ? EXIT_ERROR : 0;
}

/* Several lines, each made safe. */
static void put_lines(FILE *out, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        mrg_put_clean(out, text, len);
        putc('\n', out);
        text += len + (text[len] == '\n');
    }
}

/* Where it does not disturb what a program reads; json has it inside. */
static void print_explanation(FILE *out, const mrg_search_args *args, const morgue_results *results)
{
    if (!args->explain || args->format == MRG_FORMAT_JSON)
        return;
    int is_text = args->format == MRG_FORMAT_TEXT && !args->count;
    put_lines(is_text ? out : stderr, morgue_results_explain(results));
    if (is_text)
        putc('\n', out);
}

/* json has them inside. */
static void print_notes(const mrg_search_args *args, const morgue_results *results)
{
    const char *note;
    for (size_t i = 0; (args->count || args->format != MRG_FORMAT_JSON) &&
                       (note = morgue_results_note(results, i)) != NULL; i++) {
        fputs("note: ", stderr);
        mrg_put_clean_str(stderr, note);
        putc('\n', stderr);
    }
}

static int print_error(const mrg_search_args *args, const morgue_error *err)
{
    mrg_screen screen = mrg_screen_make(stderr, args);
    fflush(stdout);
    mrg_print_error(stderr, screen.width, args->query, err);
    return EXIT_ERROR;
}

/* Only text is for reading; what else is printed on a terminal is on its way to a program. NULL: no pager. */
static FILE *open_pager(const mrg_screen *screen, const mrg_search_args *args)
{
    mrg_pager_setup setup = { mrg_pager_command(), screen->rows, screen->width, args->links == MRG_COLOR_ALWAYS,
                              stdout };
    if (args->no_pager || args->format != MRG_FORMAT_TEXT || args->count || !screen->rows || !setup.command)
        return NULL;
    return mrg_pager_open(&setup);
}

static morgue_status print_page(const mrg_screen *screen, const mrg_search_args *args, morgue_results *results,
                                morgue_error *err)
{
    mrg_page page;
    morgue_status status = mrg_page_make(&page, args, results, err);
    if (status)
        return status;
    print_explanation(screen->out, args, results);
    return mrg_print_results(screen, args, &page, err);
}

static int print_count(const mrg_search_args *args, const morgue_results *results)
{
    uint64_t count;
    print_explanation(stdout, args, results);
    morgue_results_count(results, &count, NULL);
    printf("%" PRIu64 "\n", count);
    return mrg_finish_output(program, stdout);
}

static int print_hits(const mrg_search_args *args, morgue_results *results)
{
    morgue_error err = { 0 };
    mrg_screen screen = mrg_screen_make(stdout, args);
    FILE *pager = open_pager(&screen, args);
    if (pager)
        screen.out = pager;
    morgue_status status = print_page(&screen, args, results, &err);
    int failed = pager ? mrg_pager_close(pager) : mrg_finish_output(program, stdout);
    if (status)
        print_error(args, &err);
    return status || failed;
}

static int print_answer(const mrg_search_args *args, morgue_results *results)
{
    uint64_t at_least;
    if (args->count ? print_count(args, results) : print_hits(args, results))
        return EXIT_ERROR;
    print_notes(args, results);
    morgue_results_count(results, &at_least, NULL);
    if (args->search.limit == MORGUE_NO_HITS)
        return at_least ? EXIT_FOUND : EXIT_NOTHING;
    return morgue_results_size(results) ? EXIT_FOUND : EXIT_NOTHING;
}

static morgue_status run(morgue_searcher *searcher, const mrg_search_args *args, morgue_results **results,
                         morgue_error *err)
{
    morgue_search_options options = args->search;
    if (args->action == MRG_SHOW)
        return morgue_fetch(searcher, args->subject, args->query, results, err);
    options.limit = mrg_page_limit(args);
    return morgue_search(searcher, args->query, &options, results, err);
}

static int search(const mrg_search_args *args)
{
    morgue_searcher *searcher = NULL;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    int exit_status;
    if (morgue_searcher_open(&searcher, args->archives, args->archive_count, &err))
        return print_error(args, &err);
    atomic_store(&running, searcher);
    morgue_status status = interrupted ? MORGUE_ERR_CANCELLED : run(searcher, args, &results, &err);
    if (status) {
        if (status == MORGUE_ERR_CANCELLED && args->search.timeout_ms)
            snprintf(err.message, sizeof err.message, "no answer within %g s; --timeout allows more",
                     args->search.timeout_ms / 1000.0);
        exit_status = interrupted ? EXIT_ERROR : print_error(args, &err);
        if (status == MORGUE_ERR_NOT_FOUND && args->action == MRG_SHOW)
            exit_status = EXIT_NOTHING;
    } else {
        exit_status = print_answer(args, results);
    }
    morgue_results_free(results);
    atomic_store(&running, NULL);
    morgue_searcher_close(searcher);
    return exit_status;
}

int main(int argc, char **argv)
{
    mrg_search_args args;
    mrg_guard_standard_files();
    int exit_status = mrg_search_args_read(&args, argc, argv);
    if (exit_status == 0 && args.action != MRG_SEARCH && args.action != MRG_SHOW) {
        exit_status = print_and_exit_status(args.action);
    } else if (exit_status == 0) {
        set_signals();
        exit_status = search(&args);
    }
    mrg_search_args_dispose(&args);
    return interrupted ? 130 : exit_status;
}

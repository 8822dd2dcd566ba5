/* SPDX-License-Identifier: GPL-2.0-or-later */
/* morgue-search: arguments in, answers out, exit status 0 found, 1 nothing found, 2 error. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "morgue.h"
#include "interactive.h"
#include "options.h"
#include "output_answer.h"
#include "saved.h"
#include "cli/arguments.h"

static const char program[] = "morgue-search";

static _Atomic(morgue_searcher *) running;

/* The first interrupt lets the search stop cleanly, a second one ends the program, unless it is interactive. */
static void on_interrupt(int signal_number)
{
    (void)signal_number;
    morgue_searcher *searcher = atomic_load(&running);
    mrg_interrupted = 1;
    if (searcher)
        morgue_searcher_cancel(searcher);
}

static void set_signals(int interactive)
{
    struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = interactive ? 0 : (int)SA_RESETHAND };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    action.sa_flags = (int)SA_RESETHAND;
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
    return mrg_finish_output(program, stdout) ? MRG_EXIT_ERROR : 0;
}

static int answer(const mrg_search_args *args)
{
    morgue_searcher *searcher = NULL;
    morgue_error err = { 0 };
    if (morgue_searcher_open(&searcher, args->archives, args->archive_count, &err))
        return mrg_complain_of(args, &err);
    atomic_store(&running, searcher);
    int exit_status = mrg_interrupted                   ? MRG_EXIT_ERROR
                      : args->action == MRG_INTERACTIVE ? mrg_interactive(args, searcher)
                                                        : mrg_answer(args, searcher, NULL);
    atomic_store(&running, NULL);
    morgue_searcher_close(searcher);
    return exit_status;
}

int main(int argc, char **argv)
{
    mrg_search_args args;
    mrg_guard_standard_files();
    int exit_status = mrg_search_args_read(&args, argc, argv);
    if (exit_status == 0 && args.action >= MRG_HELP) {
        exit_status = print_and_exit_status(args.action);
    } else if (exit_status == 0) {
        set_signals(args.action == MRG_INTERACTIVE);
        exit_status = args.action >= MRG_SAVE ? mrg_saved_run(&args, answer) : answer(&args);
    }
    mrg_search_args_dispose(&args);
    return mrg_interrupted ? 130 : exit_status;
}

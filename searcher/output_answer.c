/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output_answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/clean.h"
#include "output.h"
#include "output_names.h"
#include "output_overview.h"
#include "output_pager.h"

static const char program[] = "morgue-search";

volatile sig_atomic_t mrg_interrupted;

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

/* On a line of standard error, or on as many as a terminal needs. */
static void tell(const mrg_search_args *args, const char *label, const char *text, const char *after)
{
    mrg_screen screen = mrg_screen_make(stderr, args);
    mrg_wrapper w = { .screen = &screen, .indent = 2 };
    screen.color = 0;
    screen.width = screen.rows ? screen.width : 0;
    mrg_wrap_str(&w, label, MRG_STYLE_PLAIN);
    mrg_wrap_str(&w, text, MRG_STYLE_PLAIN);
    mrg_wrap_str(&w, after, MRG_STYLE_PLAIN);
    mrg_wrap_end(&w);
}

/* Whether there is more to say about the question than its answer. json has it inside. Between questions it is said
   with the first page, not again with each article, overview and page. */
static int says_more(const mrg_search_args *args)
{
    if (args->interactive)
        return args->action == MRG_SEARCH && !mrg_search_args_overview(args) && !args->search.offset && !args->explain;
    return args->format != MRG_FORMAT_JSON || args->count;
}

static void print_notes(const mrg_search_args *args, const morgue_results *results)
{
    const char *note;
    for (size_t i = 0; says_more(args) && (note = morgue_results_note(results, i)) != NULL; i++)
        tell(args, "note: ", note, "");
}

int mrg_complain_of(const mrg_search_args *args, const morgue_error *err)
{
    mrg_screen screen = mrg_screen_make(stderr, args);
    fflush(stdout);
    mrg_print_error(stderr, screen.width, args->query, err);
    return MRG_EXIT_ERROR;
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

/* What a better spelled query would be. What is new for a standing query is no matter of its spelling. */
static void print_suggestion(const mrg_search_args *args, morgue_results *results)
{
    if (args->action != MRG_SEARCH || args->saved || !says_more(args))
        return;
    const char *suggestion = morgue_results_suggestion(results, NULL);
    if (!suggestion)
        return;
    tell(args, "did you mean: ", suggestion, args->interactive ? "  (/mean asks that)" : "");
}

typedef struct page_call {
    morgue_results *results;
    size_t shown;
} page_call;

static morgue_status print_page(const mrg_screen *screen, const mrg_search_args *args, void *what, morgue_error *err)
{
    page_call *call = what;
    morgue_results *results = call->results;
    mrg_page page;
    morgue_status status = mrg_page_make(&page, args, results, err);
    if (status)
        return status;
    call->shown = page.size;
    print_explanation(screen->out, args, results);
    return mrg_print_results(screen, args, &page, err);
}

/* Prints on a screen of its own, through a pager if that is called for. Non-zero after a failure that was told. */
typedef morgue_status print_fn(const mrg_screen *screen, const mrg_search_args *args, void *what, morgue_error *err);
static int print_paged(const mrg_search_args *args, print_fn *print, void *what)
{
    morgue_error err = { 0 };
    mrg_screen screen = mrg_screen_make(stdout, args);
    FILE *pager = open_pager(&screen, args);
    if (pager)
        screen.out = pager;
    morgue_status status = print(&screen, args, what, &err);
    int failed = pager ? mrg_pager_close(pager) : mrg_finish_output(program, stdout);
    if (status && !mrg_interrupted)
        mrg_complain_of(args, &err);
    return status || failed;
}

static int print_count(const mrg_search_args *args, const morgue_results *results)
{
    uint64_t count;
    print_explanation(stdout, args, results);
    morgue_results_count(results, &count, NULL);
    printf("%" PRIu64 "\n", count);
    return mrg_finish_output(program, stdout);
}

/* json has it inside. */
static void print_cursor(const mrg_search_args *args)
{
    if (args->cursor_text && (args->format != MRG_FORMAT_JSON || args->count))
        fprintf(stderr, "cursor: %s\n", args->cursor_text);
}

static int print_answer(const mrg_search_args *args, morgue_results *results, size_t *shown)
{
    page_call call = { results, 0 };
    uint64_t at_least;
    if (args->count ? print_count(args, results) : print_paged(args, print_page, &call))
        return MRG_EXIT_ERROR;
    if (shown)
        *shown = call.shown;
    print_notes(args, results);
    print_suggestion(args, results);
    print_cursor(args);
    morgue_results_count(results, &at_least, NULL);
    if (args->search.limit == MORGUE_NO_HITS)
        return at_least ? MRG_EXIT_FOUND : MRG_EXIT_NOTHING;
    return morgue_results_size(results) ? MRG_EXIT_FOUND : MRG_EXIT_NOTHING;
}

/* ---- What is asked ---- */

static morgue_status run(morgue_searcher *searcher, const mrg_search_args *args, morgue_results **results,
                         morgue_error *err)
{
    morgue_search_options options = args->search;
    options.limit = mrg_page_limit(args);
    if (args->action == MRG_SHOW)
        return morgue_fetch(searcher, args->subject, args->query, results, err);
    if (args->action == MRG_SIMILAR)
        return morgue_similar(searcher, args->subject, &options, results, err);
    return morgue_search(searcher, args->query, &options, results, err);
}

static int search(const mrg_search_args *asked, morgue_searcher *searcher, size_t *shown)
{
    mrg_search_args copy = *asked, *args = &copy;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    int exit_status;
    morgue_status status = run(searcher, args, &results, &err);
    if (!status && args->cursor) {
        args->cursor_text = morgue_searcher_cursor(searcher, &err);
        status = args->cursor_text ? MORGUE_OK : err.status;
    }
    if (status) {
        if (status == MORGUE_ERR_CANCELLED && args->search.timeout_ms)
            snprintf(err.message, sizeof err.message, "no answer within %g s; --timeout allows more",
                     args->search.timeout_ms / 1000.0);
        exit_status = mrg_interrupted ? MRG_EXIT_ERROR : mrg_complain_of(args, &err);
        if (status == MORGUE_ERR_NOT_FOUND && (args->action == MRG_SHOW || args->action == MRG_SIMILAR))
            exit_status = MRG_EXIT_NOTHING;
    } else {
        exit_status = print_answer(args, results, shown);
    }
    morgue_results_free(results);
    return exit_status;
}

/* The answers that are not made of articles. */
typedef struct names_call {
    morgue_searcher *searcher;
    int found;
} names_call;

static morgue_status print_names_answer(const mrg_screen *screen, const mrg_search_args *args, void *what,
                                        morgue_error *err)
{
    names_call *call = what;
    if (args->action == MRG_RELATED)
        return mrg_print_related(screen, args, call->searcher, &call->found, err);
    if (args->action == MRG_COMPLETE)
        return mrg_print_completions(screen->out, args, call->searcher, &call->found, err);
    return mrg_print_all_names(screen->out, args, call->searcher, &call->found, err);
}

static int answer_names(const mrg_search_args *args, morgue_searcher *searcher)
{
    names_call call = { searcher, 0 };
    if (print_paged(args, print_names_answer, &call))
        return MRG_EXIT_ERROR;
    return call.found ? MRG_EXIT_FOUND : MRG_EXIT_NOTHING;
}

int mrg_answer(const mrg_search_args *args, morgue_searcher *searcher, size_t *shown)
{
    if (shown)
        *shown = 0;
    return args->action == MRG_SEARCH || args->action == MRG_SHOW || args->action == MRG_SIMILAR
               ? search(args, searcher, shown)
               : answer_names(args, searcher);
}

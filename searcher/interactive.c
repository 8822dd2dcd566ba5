/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interactive.h"

#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/clean.h"
#include "output_answer.h"

enum { MAX_STATES = 200, MAX_PAGES = 100 };

/* A question: what was typed, what it was narrowed by, and where its pages begin up to the one that is shown: how
   many articles a page has depends on how many are versions of one. Undo goes back to the last question. */
typedef struct question {
    char *base;
    char *narrowing; /* " AND ..." */
    size_t pages[MAX_PAGES];
    size_t page;
    size_t shown; /* hits on that page */
} question;

typedef struct session {
    mrg_search_args args; /* the command line's; the query is made anew for each answer */
    morgue_searcher *searcher;
    question states[MAX_STATES];
    size_t state_count;
    int done, exit_status;
} session;

static const char help[] =
    "  words          search for them; morgue-search --help-query has the language\n"
    "  3              open article 3\n"
    "  next, prev     the next page, the one before\n"
    "  /facet person  how many articles have whom; also org, place, event, source,\n"
    "                 author, lang, year, month, day\n"
    "  names          the names that these articles are about; /names org\n"
    "  timeline       when they were published; /timeline month\n"
    "  +person 2      only articles with the second of those persons\n"
    "  +-person 2     only articles without them\n"
    "  +date:2014     only articles that match this, too\n"
    "  undo           back to the question before\n"
    "  /mean          what may have been meant, when that is suggested\n"
    "  /similar 3     articles like article 3\n"
    "  /related NAME  what a name is, and what it goes with\n"
    "  /sort newest   or oldest, or relevance\n"
    "  /explain       how the question was understood\n"
    "  help, quit     to search for such a word, put it in quotation marks: \"next\"\n";

static void say(const char *text)
{
    fputs(text, stderr);
    putc('\n', stderr);
}

/* ---- Questions ---- */

static void forget(question *q)
{
    free(q->base);
    free(q->narrowing);
    memset(q, 0, sizeof *q);
}

static question *current(session *s)
{
    if (s->state_count)
        return &s->states[s->state_count - 1];
    say("ask something first");
    return NULL;
}

/* Takes the strings, which may be NULL when memory ran out. */
static int push(session *s, char *take_base, char *take_narrowing)
{
    if (!take_base || !take_narrowing) {
        free(take_base);
        free(take_narrowing);
        say("out of memory");
        return -1;
    }
    if (s->state_count == MAX_STATES) {
        forget(&s->states[0]);
        memmove(s->states, s->states + 1, (MAX_STATES - 1) * sizeof *s->states);
        s->state_count--;
    }
    s->states[s->state_count++] = (question){ .base = take_base, .narrowing = take_narrowing };
    return 0;
}

static char *query_of(const question *q)
{
    char *query = NULL;
    if (!*q->narrowing)
        return strdup(q->base);
    return asprintf(&query, "(%s)%s", q->base, q->narrowing) < 0 ? NULL : query;
}

/* ---- Answers ---- */

/* Runs the arguments, changed for this once, over the current question. How many hits are shown. */
static size_t answer(session *s, const mrg_search_args *changed)
{
    size_t shown = 0;
    mrg_search_args args = *changed;
    question *q = args.action == MRG_RELATED ? NULL : current(s);
    char *query = q ? query_of(q) : NULL;
    if (!q && args.action != MRG_RELATED)
        return 0;
    args.query = args.action == MRG_SIMILAR ? NULL : query;
    s->exit_status = mrg_answer(&args, s->searcher, &shown);
    mrg_interrupted = 0;
    free(query);
    return shown;
}

static void show_page(session *s)
{
    mrg_search_args args = s->args;
    question *q = current(s);
    if (!q)
        return;
    args.search.offset = q->pages[q->page];
    q->shown = answer(s, &args);
}

/* A question that cannot be answered is none to narrow or to come back to. */
static void show_new(session *s)
{
    show_page(s);
    if (s->exit_status == MRG_EXIT_ERROR)
        forget(&s->states[--s->state_count]);
}

static void ask(session *s, const char *query)
{
    if (push(s, strdup(query), strdup("")) == 0)
        show_new(s);
}

static void overview(session *s, mrg_search_args *args)
{
    args->search.limit = MORGUE_NO_HITS;
    args->search.exact_count = 1;
    answer(s, args);
}

/* The index in a NULL-terminated list, or -1. */
static int find(const char *const *list, const char *word, size_t len)
{
    for (int i = 0; list[i]; i++) {
        if (strlen(list[i]) == len && memcmp(list[i], word, len) == 0)
            return i;
    }
    return -1;
}

static void show_facet(session *s, const char *rest)
{
    mrg_search_args args = s->args;
    int facet = find(mrg_facet_names, rest, strlen(rest));
    if (facet < 0) {
        say("a facet is person, org, place, event, source, author, subject, lang, year, month or day");
        return;
    }
    args.facets[0] = (morgue_facet)facet;
    args.facet_count = 1;
    overview(s, &args);
}

static void show_names(session *s, const char *rest)
{
    mrg_search_args args = s->args;
    args.names = 1;
    args.name_types = *rest ? rest : NULL;
    overview(s, &args);
}

static void show_timeline(session *s, const char *rest)
{
    static const char *const by[] = { "day", "month", "year", NULL };
    mrg_search_args args = s->args;
    int chosen = find(by, rest, strlen(rest));
    if (*rest && chosen < 0) {
        say("a timeline is by day, month or year");
        return;
    }
    args.timeline = *rest ? MRG_TIMELINE_DAY + chosen : MRG_TIMELINE_AUTO;
    overview(s, &args);
}

static void explain(session *s, const char *rest)
{
    mrg_search_args args = s->args;
    (void)rest;
    args.explain = 1;
    args.search.limit = MORGUE_NO_HITS;
    answer(s, &args);
}

/* ---- Articles by number ---- */

/* The current question's hit number `rank`, in results to be freed; NULL after saying why not. */
static morgue_results *fetch_hit(session *s, const char *rank)
{
    morgue_search_options options = s->args.search;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    uint64_t n;
    question *q = current(s);
    char *query = q ? query_of(q) : NULL;
    if (!query)
        return NULL;
    if (mrg_read_count(rank, SIZE_MAX / 4, &n) || n == 0) {
        say("which article? its number stands before its title");
    } else {
        options.limit = 1;
        options.offset = (size_t)n - 1;
        if (morgue_search(s->searcher, query, &options, &results, &err))
            mrg_complain_of(&s->args, &err);
        else if (!morgue_results_size(results))
            say("there is no such article");
    }
    free(query);
    if (results && morgue_results_size(results))
        return results;
    morgue_results_free(results);
    return NULL;
}

static void do_with_hit(session *s, const char *rank, int action)
{
    mrg_search_args args = s->args;
    morgue_results *results = fetch_hit(s, rank);
    if (!results)
        return;
    args.action = action;
    args.subject = morgue_hit_id(morgue_results_hit(results, 0));
    answer(s, &args);
    morgue_results_free(results);
}

static void show_similar(session *s, const char *rest)
{
    do_with_hit(s, rest, MRG_SIMILAR);
}

static void show_related(session *s, const char *rest)
{
    mrg_search_args args = s->args;
    if (!*rest) {
        say("related to whom? /related putin");
        return;
    }
    args.action = MRG_RELATED;
    args.subject = rest;
    args.search.limit = MORGUE_NO_HITS;
    answer(s, &args);
}

/* ---- Narrowing ---- */

/* The clause for a value of a field: its own words in quotes, which a quotation mark inside would end. */
static char *clause_of(const char *field, const char *value)
{
    char *clause = NULL;
    int is_date = !strcmp(field, "year") || !strcmp(field, "month") || !strcmp(field, "day");
    if (asprintf(&clause, is_date ? "date:%s%s" : "%s:\"%s\"", is_date ? "" : field, value) < 0)
        return NULL;
    char *begin = strchr(clause, '"'), *end = strrchr(clause, '"');
    for (char *p = begin ? begin + 1 : NULL; p && p < end; p++) {
        if (*p == '"')
            *p = ' ';
    }
    return clause;
}

/* The value with this number, of a facet or of the names, as a clause; NULL after saying why there is none. */
static char *numbered_clause(session *s, const char *field, int facet, size_t n)
{
    morgue_search_options options = s->args.search;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    const morgue_facet_value *values = NULL;
    const morgue_associate *names = NULL;
    size_t count = 0;
    char *query = query_of(current(s)), *clause = NULL;
    options.limit = MORGUE_NO_HITS;
    morgue_status status = query ? morgue_search(s->searcher, query, &options, &results, &err) : MORGUE_ERR_NOMEM;
    if (!status && facet >= 0)
        status = morgue_results_facet(results, (morgue_facet)facet, n, &values, &count, NULL, &err);
    else if (!status)
        status = morgue_results_names(results, NULL, n, &names, &count, &err);
    if (status)
        mrg_complain_of(&s->args, &err);
    else if (n > count || (values && !values[n - 1].value[0]))
        say("there is nothing with this number to narrow by");
    else
        clause = facet >= 0 ? clause_of(field, values[n - 1].value) : clause_of(names[n - 1].type, names[n - 1].name);
    morgue_results_free(results);
    free(query);
    return clause;
}

/* "person 2", "name 2", or any clause of the query language. */
static char *read_clause(session *s, const char *text)
{
    size_t len = strcspn(text, " ");
    int facet = find(mrg_facet_names, text, len);
    uint64_t n;
    if ((facet < 0 && (len != 4 || memcmp(text, "name", 4) != 0)) || text[len] != ' ' ||
        mrg_read_count(text + len + 1, SIZE_MAX / 4, &n) || n == 0)
        return strdup(text);
    return numbered_clause(s, facet >= 0 ? mrg_facet_names[facet] : "name", facet, (size_t)n);
}

static void narrow(session *s, const char *text)
{
    question *q = current(s);
    int without = *text == '-';
    text += without;
    if (!q)
        return;
    if (!*text) {
        say("narrow by what? +person 2, or +date:2014");
        return;
    }
    char *clause = read_clause(s, text), *narrowing = NULL;
    if (!clause)
        return;
    if (asprintf(&narrowing, "%s AND %s(%s)", q->narrowing, without ? "NOT " : "", clause) < 0)
        narrowing = NULL;
    free(clause);
    if (push(s, strdup(q->base), narrowing) == 0)
        show_new(s);
}

static void ask_suggestion(session *s, const char *rest)
{
    morgue_search_options options = s->args.search;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    question *q = current(s);
    char *query = q ? query_of(q) : NULL;
    (void)rest;
    if (!query)
        return;
    if (morgue_search(s->searcher, query, &options, &results, &err)) {
        mrg_complain_of(&s->args, &err);
    } else {
        const char *suggestion = morgue_results_suggestion(results, NULL);
        if (suggestion)
            ask(s, suggestion);
        else
            say("there is no other spelling that finds more");
    }
    morgue_results_free(results);
    free(query);
}

static void undo(session *s, const char *rest)
{
    (void)rest;
    if (s->state_count < 2) {
        say("there is nothing to undo");
        return;
    }
    forget(&s->states[--s->state_count]);
    show_page(s);
}

/* ---- Pages, order ---- */

static void next_page(session *s, const char *rest)
{
    question *q = current(s);
    (void)rest;
    if (!q)
        return;
    if (!q->shown || q->page + 1 == MAX_PAGES) {
        say(q->shown ? "no page comes after this one; a narrower question has fewer" : "there is no next page");
        return;
    }
    size_t shown = q->shown;
    q->pages[q->page + 1] = q->pages[q->page] + shown;
    q->page++;
    show_page(s);
    if (!q->shown) {
        q->shown = shown;
        q->page--;
    }
}

static void previous_page(session *s, const char *rest)
{
    question *q = current(s);
    (void)rest;
    if (!q)
        return;
    q->page -= q->page > 0;
    show_page(s);
}

static void sort(session *s, const char *rest)
{
    static const char *const sorts[] = { "relevance", "newest", "oldest", NULL };
    int chosen = find(sorts, rest, strlen(rest));
    if (chosen < 0) {
        say("/sort takes relevance, newest or oldest");
        return;
    }
    s->args.search.sort = (morgue_sort)chosen;
    if (s->state_count) {
        s->states[s->state_count - 1].page = 0;
        show_page(s);
    }
}

static void print_help(session *s, const char *rest)
{
    (void)s;
    (void)rest;
    fputs(help, stdout);
}

static void quit(session *s, const char *rest)
{
    (void)rest;
    s->done = 1;
}

/* ---- Lines ---- */

typedef struct command {
    void (*run)(session *s, const char *rest);
    int bare; /* alone on a line, it needs no slash */
} command;

static const char *const command_names[] = { "next", "prev",    "facet",   "names", "timeline", "undo", "mean",
                                             "similar", "sort", "related", "explain", "help", "quit", NULL };
static const command commands[] = { { next_page, 1 },     { previous_page, 1 }, { show_facet, 0 },   { show_names, 1 },
                                    { show_timeline, 1 }, { undo, 1 },          { ask_suggestion, 0 },
                                    { show_similar, 0 },  { sort, 0 },          { show_related, 0 },
                                    { explain, 0 },       { print_help, 1 },    { quit, 1 } };

static void run_command(session *s, const char *line)
{
    size_t len = strcspn(line, " ");
    int found = find(command_names, line, len);
    while (line[len] == ' ')
        len++;
    if (found >= 0)
        commands[found].run(s, line + len);
    else
        say("there is no such command; help lists them");
}

static int is_number(const char *line)
{
    return *line && strspn(line, "0123456789") == strlen(line) && strlen(line) <= 4;
}

/* "facet person", without the slash, is words to search for; whoever typed that should know. */
static void tell_command(const char *line)
{
    static const char *const values[] = { "newest", "oldest", "relevance", NULL };
    size_t len = strcspn(line, " ");
    const char *rest = line + len + (line[len] == ' ');
    if (!*rest || find(command_names, line, len) < 0 ||
        (find(mrg_facet_names, rest, strlen(rest)) < 0 && find(values, rest, strlen(rest)) < 0 && !is_number(rest)))
        return;
    fputs("these were words to search for; the command is /", stderr);
    mrg_put_clean_str(stderr, line);
    putc('\n', stderr);
}

static void run_line(session *s, const char *line)
{
    int found = find(command_names, line, strlen(line));
    if (*line == '/')
        run_command(s, line + 1);
    else if (*line == '+')
        narrow(s, line + 1);
    else if (is_number(line) && s->state_count)
        do_with_hit(s, line, MRG_SHOW);
    else if (found >= 0 && commands[found].bare)
        commands[found].run(s, "");
    else if (*line) {
        ask(s, line);
        tell_command(line);
    }
}

int mrg_interactive(const mrg_search_args *args, morgue_searcher *searcher)
{
    session s = { .args = *args, .searcher = searcher };
    mrg_line_source *lines = mrg_line_open(args, searcher, command_names);
    const char *line;
    if (!lines)
        return mrg_usage_error("morgue-search", "out of memory");
    s.args.action = MRG_SEARCH;
    s.args.interactive = 1;
    s.args.query = NULL;
    if (args->query)
        ask(&s, args->query);
    else if (mrg_line_is_terminal(lines))
        say("help lists what can be asked, quit leaves");
    while (!s.done && (line = mrg_line_read(lines)) != NULL) {
        run_line(&s, line);
        fflush(stdout);
    }
    while (s.state_count)
        forget(&s.states[--s.state_count]);
    mrg_line_close(lines);
    return ferror(stdout) ? MRG_EXIT_ERROR : MRG_EXIT_FOUND;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"

static const char program[] = "morgue-search";

/* Counts that a person takes in are exact. */
enum { EXACT_UP_TO = 1000 };

enum {
    OPT_OFFSET = 256,
    OPT_SORT,
    OPT_ANY,
    OPT_ALL,
    OPT_COUNT,
    OPT_FORMAT,
    OPT_EXPLAIN,
    OPT_SHOW,
    OPT_COLOR,
    OPT_WIDTH,
    OPT_LANG,
    OPT_TIMEOUT,
    OPT_HELP_QUERY
};

/* The + ends the options at the first word of the query, where a hyphen means something else. */
static const char short_options[] = "+:a:n:0hV";

static const struct option long_options[] = {
    { "archive", required_argument, NULL, 'a' },
    { "limit", required_argument, NULL, 'n' },
    { "null", no_argument, NULL, '0' },
    { "offset", required_argument, NULL, OPT_OFFSET },
    { "sort", required_argument, NULL, OPT_SORT },
    { "any", no_argument, NULL, OPT_ANY },
    { "all", no_argument, NULL, OPT_ALL },
    { "count", no_argument, NULL, OPT_COUNT },
    { "format", required_argument, NULL, OPT_FORMAT },
    { "explain", no_argument, NULL, OPT_EXPLAIN },
    { "show", required_argument, NULL, OPT_SHOW },
    { "color", required_argument, NULL, OPT_COLOR },
    { "colour", required_argument, NULL, OPT_COLOR },
    { "width", required_argument, NULL, OPT_WIDTH },
    { "lang", required_argument, NULL, OPT_LANG },
    { "timeout", required_argument, NULL, OPT_TIMEOUT },
    { "help", no_argument, NULL, 'h' },
    { "help-query", no_argument, NULL, OPT_HELP_QUERY },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

const char mrg_search_help[] =
    "Usage: morgue-search [-a ARCHIVE]... [OPTIONS] QUERY...\n"
    "       morgue-search [-a ARCHIVE]... [OPTIONS] --show ID [QUERY...]\n"
    "Search the articles of a Morgue archive. Options come before the query.\n"
    "\n"
    "  -a, --archive ARCHIVE  search this archive; may be repeated (default: $MORGUE_ARCHIVE,\n"
    "                         else morgue/archive in the user's data directory)\n"
    "  -n, --limit N          show at most N articles (default 10)\n"
    "      --offset N         leave out the first N\n"
    "      --sort ORDER       relevance (default), newest or oldest\n"
    "      --all              articles with all the words (default)\n"
    "      --any              articles with any of the words, the best first\n"
    "      --lang CODE        take the words as of this language (\"en\")\n"
    "      --timeout SECONDS  give up after this time\n"
    "      --show ID          show one article, with what QUERY matches marked\n"
    "      --count            print how many articles match, and nothing else\n"
    "      --explain          show how the query was understood\n"
    "      --format FORMAT    text (default), json, jsonl, tsv, csv or ids\n"
    "  -0, --null             with ids: end each with a NUL byte, unchanged\n"
    "      --color WHEN       auto (default), always or never\n"
    "      --width N          wrap lines at N columns; 0: do not wrap\n"
    "  -h, --help             show this help\n"
    "      --help-query       show how queries are written\n"
    "  -V, --version          show the versions of program and libraries\n"
    "\n"
    "tsv and csv hold rank, score, date, id, title, source and url; csv begins with their names.\n"
    "Exit status: 0 if articles were found, 1 if none, 2 after an error.\n";

const char mrg_query_help[] = "How queries are written\n"
                              "\n"
                              "  ukraine talks               both words, and their inflections\n"
                              "  \"red line\"                  exactly these words, in this order\n"
                              "  kyiv OR kiev                either; AND, OR and NOT are in capitals\n"
                              "  cable NOT norway            the first without the second; the same: cable -norway\n"
                              "  (kyiv OR kiev) honey        parentheses group\n"
                              "\n"
                              "Words side by side belong together most closely, then AND, then OR:\n"
                              "a b AND c OR d means ((a b) AND c) OR d. Case and accents do not matter. Hyphens,\n"
                              "dots and signs inside a word may stay: Kremlin-backed, U.S., AT&T, $1,000.\n"
                              "\n"
                              "  title:summit                in the title; also title:\"sea cable\"\n"
                              "  source:\"Continental Post\"   published by; author: written by\n"
                              "  lang:de                     written in this language\n"
                              "  id:\"letters/12\"             this article\n"
                              "\n"
                              "  date:2014  date:2014-03  date:2014-03-01\n"
                              "                              published in that year or month, or on that day\n"
                              "  date:2014-02..2014-04       from the first of February to the last of April\n"
                              "  date:..2014  date:2014..    up to the end of 2014; from its beginning\n"
                              "  before:2015  after:2013-06  before 2015 began; after June 2013 ended\n"
                              "\n"
                              "  person:\"Vladimir Putin\"     articles that name this person, by any known name\n"
                              "  org:nato  place:kyiv  event:brexit  name:paris\n"
                              "                              organisations, places, events; names of any kind\n"
                              "\n"
                              "A field holds for one word or one phrase, with no space after the colon. What would be\n"
                              "read as something else goes in quotation marks: \"OR\" \"10*4\" \"foo:bar\".\n"
                              "Queries that begin with a hyphen need -- before them: morgue-search -- -sport goal\n"
                              "\n"
                              "Not supported yet, and said so rather than guessed at: wildcards (*, ?), fuzzy words\n"
                              "(~), NEAR/5, BEFORE/5, <person> in phrases, when:, url:.\n";

/* The index of `value` in a NULL-terminated list, or -1 after a message. */
static int choose(const char *option, const char *value, const char *const *choices)
{
    char list[100] = "";
    for (int i = 0; choices[i]; i++) {
        if (strcmp(value, choices[i]) == 0)
            return i;
        if (i > 0)
            strcat(list, ", ");
        strcat(list, choices[i]);
    }
    mrg_usage_error(program, "--%s is one of %s, not \"%s\"", option, list, value);
    return -1;
}

static int read_choice(mrg_search_args *args, int option, const char *value)
{
    static const char *const sorts[] = { "relevance", "newest", "oldest", NULL };
    static const char *const formats[] = { "text", "json", "jsonl", "tsv", "csv", "ids", NULL };
    static const char *const colors[] = { "auto", "always", "never", NULL };
    int chosen = option == OPT_SORT     ? choose("sort", value, sorts)
                 : option == OPT_FORMAT ? choose("format", value, formats)
                                        : choose("color", value, colors);
    if (chosen < 0)
        return MRG_EXIT_USAGE;
    if (option == OPT_SORT)
        args->search.sort = (morgue_sort)chosen;
    else if (option == OPT_FORMAT)
        args->format = (mrg_format)chosen;
    else
        args->color = (mrg_color)chosen;
    return 0;
}

static int read_number(mrg_search_args *args, int option, const char *value)
{
    const char *name = option == 'n' ? "limit" : option == OPT_OFFSET ? "offset" : "width";
    uint64_t max = option == OPT_WIDTH ? 10000 : SIZE_MAX / 4, n;
    if (mrg_read_count(value, max, &n))
        return mrg_usage_error(program, "--%s wants a number, not \"%s\"", name, value);
    if (option == 'n') {
        args->search.limit = n ? (size_t)n : MORGUE_NO_HITS;
    } else if (option == OPT_OFFSET) {
        args->search.offset = (size_t)n;
    } else {
        args->width = (size_t)n;
        args->has_width = 1;
    }
    return 0;
}

static int read_with_value(mrg_search_args *args, int option, const char *value)
{
    switch (option) {
    case 'a':
        if (!*value)
            return mrg_usage_error(program, "--archive wants the path of an archive");
        args->archives[args->archive_count++] = value;
        return 0;
    case 'n':
    case OPT_OFFSET:
    case OPT_WIDTH:
        return read_number(args, option, value);
    case OPT_SHOW:
        args->action = MRG_SHOW;
        args->show_id = value;
        return 0;
    case OPT_LANG:
        args->search.lang = value;
        return 0;
    case OPT_TIMEOUT:
        if (mrg_read_seconds(value, &args->search.timeout_ms))
            return mrg_usage_error(program, "--timeout wants a number of seconds, not \"%s\"", value);
        return 0;
    default:
        return read_choice(args, option, value);
    }
}

static int read_option(mrg_search_args *args, int option, char *const *argv)
{
    switch (option) {
    case '0':
        args->null_ends = 1;
        return 0;
    case OPT_ANY:
    case OPT_ALL:
        args->search.any = option == OPT_ANY;
        return 0;
    case OPT_COUNT:
        args->count = 1;
        return 0;
    case OPT_EXPLAIN:
        args->explain = 1;
        return 0;
    case '?':
        if (optopt > 0 && optopt < 128)
            return mrg_usage_error(
                program, "there is no option -%c; a query that begins with a hyphen needs -- before it", optopt);
        return mrg_getopt_error(program, argv, option);
    case ':':
        return mrg_getopt_error(program, argv, option);
    default:
        return read_with_value(args, option, optarg);
    }
}

/* Options come first, so that "ukraine -nato" is a query. What looks like an option behind the first word
   is more likely one in the wrong place than a query, and is not guessed about. */
static int check_words(int argc, char **argv, int first)
{
    if (first > 0 && strcmp(argv[first - 1], "--") == 0)
        return 0;
    for (int i = first; i < argc; i++) {
        const char *word = argv[i];
        if (word[0] == '-' && (word[1] == '-' || (strlen(word) == 2 && strchr("an0hV", word[1]))))
            return mrg_usage_error(
                program, "options go before the query: %s (if it belongs to the query, write -- before it)", word);
    }
    return 0;
}

static char *join_words(char **words, int count)
{
    size_t size = 1;
    for (int i = 0; i < count; i++)
        size += strlen(words[i]) + 1;
    char *joined = malloc(size), *end = joined;
    if (!joined)
        return NULL;
    for (int i = 0; i < count; i++) {
        if (i > 0)
            *end++ = ' ';
        end = stpcpy(end, words[i]);
    }
    *end = 0;
    return joined;
}

static int add_default_archive(mrg_search_args *args)
{
    args->default_archive = mrg_default_archive(NULL);
    if (!args->default_archive)
        return mrg_usage_error(program, "no archive given: use -a ARCHIVE, or set MORGUE_ARCHIVE");
    args->archives[args->archive_count++] = args->default_archive;
    return 0;
}

static int check_args(mrg_search_args *args, int argc, char **argv)
{
    int status = check_words(argc, argv, optind);
    if (status)
        return status;
    if (optind < argc) {
        args->query = join_words(argv + optind, argc - optind);
        if (!args->query)
            return mrg_usage_error(program, "out of memory");
    } else if (args->action != MRG_SHOW) {
        return mrg_usage_error(program, "no query given");
    }
    if (args->null_ends && args->format != MRG_FORMAT_IDS)
        return mrg_usage_error(program, "--null goes with --format=ids only");
    if (args->count && args->action == MRG_SHOW)
        return mrg_usage_error(program, "--count and --show exclude each other");
    if (args->count) {
        args->search.exact_count = 1;
        args->search.limit = MORGUE_NO_HITS;
    }
    args->search.count_up_to = EXACT_UP_TO;
    return args->archive_count ? 0 : add_default_archive(args);
}

int mrg_search_args_read(mrg_search_args *out, int argc, char **argv)
{
    int option, status;
    memset(out, 0, sizeof *out);
    out->archives = calloc((size_t)argc + 1, sizeof *out->archives);
    if (!out->archives)
        return mrg_usage_error(program, "out of memory");
    opterr = 0;
    while ((option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
        if (option == 'h' || option == OPT_HELP_QUERY || option == 'V') {
            out->action = option == 'h' ? MRG_HELP : option == 'V' ? MRG_VERSION : MRG_HELP_QUERY;
            return 0;
        }
        status = read_option(out, option, argv);
        if (status)
            return status;
    }
    return check_args(out, argc, argv);
}

void mrg_search_args_dispose(mrg_search_args *args)
{
    free(args->archives);
    free(args->default_archive);
    free(args->query);
    memset(args, 0, sizeof *args);
}

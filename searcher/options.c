/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"

static const char program[] = "morgue-search";

/* ---- The options ---- */

typedef enum kind {
    KIND_FLAG,    /* sets the int to `number` */
    KIND_CHOICE,  /* sets the int to the index of the value in `choices` */
    KIND_TEXT,    /* keeps the value */
    KIND_COUNT,   /* a size_t, at most `number` (0: no bound) */
    KIND_UNSIGNED, /* the same, an unsigned */
    KIND_SECONDS, /* an unsigned, in ms */
    KIND_ACTION,  /* does `number`, alone */
    KIND_SUBJECT, /* does `number`, to the value */
    KIND_DO,      /* does `number`, to the whole archive */
    KIND_LIMIT,
    KIND_WIDTH,
    KIND_ARCHIVE,
    KIND_FIELDS,
    KIND_FACETS,
    KIND_TIMELINE, /* may do without a value */
    KIND_NAMES,    /* so may this */
    KIND_TOP,
    KIND_VERSION   /* of the format */
} kind;

typedef struct option_spec {
    const char *name;
    char letter; /* or 0 */
    kind kind;
    size_t place; /* in mrg_search_args */
    unsigned number;
    const char *const *choices;
} option_spec;

static const char *const sorts[] = { "relevance", "newest", "oldest", NULL };
static const char *const formats[] = { "text", "json", "jsonl", "tsv", "csv", "ids", NULL };
static const char *const whens[] = { "auto", "always", "never", NULL };
const char *const mrg_field_names[] = { "rank",   "score", "date",    "id",      "title", "source", "url",
                                        "author", "lang",  "subject", "archive", "snippet", "text", NULL };

const char *const mrg_facet_names[] = { "person", "org",  "place", "event", "source", "author",
                                        "subject", "lang",   "year", "month", "day",   NULL };
static const char *const timelines[] = { "day", "month", "year", NULL };
static const char *const name_types[] = { "person", "org", "place", "event", NULL };

#define AT(member) offsetof(mrg_search_args, member)

static const option_spec specs[] = {
    { "archive", 'a', KIND_ARCHIVE, 0, 0, NULL },
    { "limit", 'n', KIND_LIMIT, 0, 0, NULL },
    { "offset", 0, KIND_COUNT, AT(search.offset), 0, NULL },
    { "sort", 0, KIND_CHOICE, AT(search.sort), 0, sorts },
    { "recency", 0, KIND_UNSIGNED, AT(search.recency_days), 100000, NULL },
    { "since", 0, KIND_TEXT, AT(search.since), 0, NULL },
    { "cursor", 0, KIND_FLAG, AT(cursor), 1, NULL },
    { "all", 0, KIND_FLAG, AT(search.any), 0, NULL },
    { "any", 0, KIND_FLAG, AT(search.any), 1, NULL },
    { "lang", 0, KIND_TEXT, AT(search.lang), 0, NULL },
    { "timeout", 0, KIND_SECONDS, AT(search.timeout_ms), 0, NULL },
    { "show", 0, KIND_SUBJECT, 0, MRG_SHOW, NULL },
    { "similar", 0, KIND_SUBJECT, 0, MRG_SIMILAR, NULL },
    { "related", 0, KIND_SUBJECT, 0, MRG_RELATED, NULL },
    { "with-timeline", 0, KIND_FLAG, AT(with_timeline), 1, NULL },
    { "facet", 0, KIND_FACETS, 0, 0, NULL },
    { "timeline", 0, KIND_TIMELINE, 0, 0, timelines },
    { "names", 0, KIND_NAMES, 0, 0, name_types },
    { "top", 0, KIND_TOP, 0, 0, NULL },
    { "interactive", 'i', KIND_DO, 0, MRG_INTERACTIVE, NULL },
    { "names-export", 0, KIND_DO, 0, MRG_NAMES_EXPORT, NULL },
    { "complete", 0, KIND_SUBJECT, 0, MRG_COMPLETE, NULL },
    { "save", 0, KIND_SUBJECT, 0, MRG_SAVE, NULL },
    { "saved", 0, KIND_SUBJECT, 0, MRG_SAVED, NULL },
    { "list-saved", 0, KIND_DO, 0, MRG_LIST_SAVED, NULL },
    { "forget", 0, KIND_SUBJECT, 0, MRG_FORGET, NULL },
    { "alerts", 0, KIND_DO, 0, MRG_ALERTS, NULL },
    { "peek", 0, KIND_FLAG, AT(peek), 1, NULL },
    { "count", 0, KIND_FLAG, AT(count), 1, NULL },
    { "exact", 0, KIND_FLAG, AT(exact), 1, NULL },
    { "explain", 0, KIND_FLAG, AT(explain), 1, NULL },
    { "group", 0, KIND_FLAG, AT(group), 1, NULL },
    { "no-group", 0, KIND_FLAG, AT(no_group), 1, NULL },
    { "format", 0, KIND_CHOICE, AT(format), 0, formats },
    { "format-version", 0, KIND_VERSION, 0, 1, NULL },
    { "fields", 0, KIND_FIELDS, 0, 0, NULL },
    { "matches", 0, KIND_FLAG, AT(matches), 1, NULL },
    { "with-names", 0, KIND_FLAG, AT(with_names), 1, NULL },
    { "null", '0', KIND_FLAG, AT(null_ends), 1, NULL },
    { "color", 0, KIND_CHOICE, AT(color), 0, whens },
    { "colour", 0, KIND_CHOICE, AT(color), 0, whens },
    { "hyperlinks", 0, KIND_CHOICE, AT(links), 0, whens },
    { "width", 0, KIND_WIDTH, 0, 10000, NULL },
    { "no-pager", 0, KIND_FLAG, AT(no_pager), 1, NULL },
    { "help", 'h', KIND_ACTION, 0, MRG_HELP, NULL },
    { "help-query", 0, KIND_ACTION, 0, MRG_HELP_QUERY, NULL },
    { "version", 'V', KIND_ACTION, 0, MRG_VERSION, NULL },
};

enum { SPECS = sizeof specs / sizeof *specs, FIRST_VALUE = 256 };

static int takes_value(kind k)
{
    return k == KIND_FLAG || k == KIND_ACTION || k == KIND_DO ? no_argument
           : k == KIND_TIMELINE || k == KIND_NAMES            ? optional_argument
                                                              : required_argument;
}

/* getopt_long's view of the table. The + ends the options at the first word of the query, where a hyphen means
   something else. */
static void make_getopt(struct option longs[SPECS + 1], char letters[2 * SPECS + 3])
{
    memset(&longs[SPECS], 0, sizeof *longs);
    letters = stpcpy(letters, "+:");
    for (int i = 0; i < SPECS; i++) {
        longs[i] = (struct option){ specs[i].name, takes_value(specs[i].kind), NULL, FIRST_VALUE + i };
        if (specs[i].letter) {
            *letters++ = specs[i].letter;
            if (takes_value(specs[i].kind) == required_argument)
                *letters++ = ':';
        }
    }
    *letters = 0;
}

static const option_spec *spec_of(int option)
{
    if (option >= FIRST_VALUE)
        return &specs[option - FIRST_VALUE];
    for (int i = 0; i < SPECS; i++) {
        if (specs[i].letter == option)
            return &specs[i];
    }
    return NULL;
}

/* ---- Values ---- */

/* The index of value[0..len) in a NULL-terminated list, or -1 after a message. */
static int choose(const char *option, const char *value, size_t len, const char *const *choices)
{
    char list[200] = "";
    for (int i = 0; choices[i]; i++) {
        if (strlen(choices[i]) == len && memcmp(value, choices[i], len) == 0)
            return i;
        if (i > 0)
            strcat(list, ", ");
        strcat(list, choices[i]);
    }
    mrg_usage_error(program, "--%s is one of %s, not \"%.*s\"", option, list, (int)len, value);
    return -1;
}

static int read_count(const option_spec *spec, const char *value, size_t *out)
{
    uint64_t n;
    if (spec->number && mrg_read_count(value, spec->number, &n))
        return mrg_usage_error(program, "--%s wants a number up to %u, not \"%s\"", spec->name, spec->number, value);
    if (mrg_read_count(value, SIZE_MAX / 4, &n))
        return mrg_usage_error(program, "--%s wants a number, not \"%s\"", spec->name, value);
    *out = (size_t)n;
    return 0;
}

/* The places of the words of "a,b,c" in spec->choices, at most `max` of them. */
static int read_list(const option_spec *spec, const char *list, const char *const *choices, int *out, size_t max,
                     size_t *count)
{
    for (*count = 0;; list++) {
        size_t len = strcspn(list, ",");
        int chosen = choose(spec->name, list, len, choices);
        if (chosen < 0)
            return MRG_EXIT_USAGE;
        if (*count == max)
            return mrg_usage_error(program, "--%s takes no more than %zu", spec->name, max);
        out[(*count)++] = chosen;
        list += len;
        if (!*list)
            return 0;
    }
}

/* Fields may be repeated; those of which an overview is to be made may not. */
static int read_facets(mrg_search_args *args, const option_spec *spec, const char *list)
{
    int chosen[MRG_FACETS];
    size_t count;
    int status = read_list(spec, list, mrg_facet_names, chosen, MRG_FACETS, &count);
    for (size_t i = 0; i < count && !status; i++) {
        for (size_t k = 0; k < args->facet_count; k++) {
            if ((int)args->facets[k] == chosen[i])
                return mrg_usage_error(program, "--%s names %s twice", spec->name, mrg_facet_names[chosen[i]]);
        }
        args->facets[args->facet_count++] = (morgue_facet)chosen[i];
    }
    return status;
}

static int read_names(mrg_search_args *args, const option_spec *spec, const char *list)
{
    int chosen[8];
    size_t count;
    args->names = 1;
    args->name_types = list;
    return list ? read_list(spec, list, spec->choices, chosen, sizeof chosen / sizeof *chosen, &count) : 0;
}

static int read_timeline(mrg_search_args *args, const option_spec *spec, const char *value)
{
    int chosen = value ? choose(spec->name, value, strlen(value), spec->choices) : 0;
    args->timeline = value ? MRG_TIMELINE_DAY + chosen : MRG_TIMELINE_AUTO;
    return chosen < 0 ? MRG_EXIT_USAGE : 0;
}

/* Things to do exclude each other. */
static int read_action(mrg_search_args *args, const option_spec *spec, const char *value)
{
    if (args->action != MRG_SEARCH && args->action != (int)spec->number) {
        for (int i = 0; i < SPECS; i++) {
            if ((specs[i].kind == KIND_SUBJECT || specs[i].kind == KIND_DO) &&
                (int)specs[i].number == args->action)
                return mrg_usage_error(program, "--%s and --%s exclude each other", specs[i].name, spec->name);
        }
    }
    if (value && !*value)
        return mrg_usage_error(program, "--%s wants a value", spec->name);
    args->action = (int)spec->number;
    args->subject = value;
    return 0;
}

static int read_option(mrg_search_args *args, const option_spec *spec, const char *value)
{
    char *place = (char *)args + spec->place;
    size_t n = 0;
    int status;
    switch (spec->kind) {
    case KIND_FLAG:
        *(int *)place = (int)spec->number;
        return 0;
    case KIND_CHOICE:
        *(int *)place = choose(spec->name, value, strlen(value), spec->choices);
        return *(int *)place < 0 ? MRG_EXIT_USAGE : 0;
    case KIND_TEXT:
        *(const char **)place = value;
        return 0;
    case KIND_COUNT:
        return read_count(spec, value, (size_t *)place);
    case KIND_UNSIGNED:
        status = read_count(spec, value, &n);
        *(unsigned *)place = (unsigned)n;
        return status;
    case KIND_SECONDS:
        if (mrg_read_seconds(value, (unsigned *)place))
            return mrg_usage_error(program, "--%s wants a number of seconds, not \"%s\"", spec->name, value);
        return 0;
    case KIND_LIMIT:
        args->has_limit = 1;
        return read_count(spec, value, &args->search.limit);
    case KIND_WIDTH:
        args->has_width = 1;
        return read_count(spec, value, &args->width);
    case KIND_ARCHIVE:
        if (!*value)
            return mrg_usage_error(program, "--archive wants the path of an archive");
        args->archives[args->archive_count++] = value;
        return 0;
    case KIND_FIELDS:
        return read_list(spec, value, mrg_field_names, args->fields, MRG_FIELDS, &args->field_count);
    case KIND_FACETS:
        return read_facets(args, spec, value);
    case KIND_TIMELINE:
        return read_timeline(args, spec, value);
    case KIND_NAMES:
        return read_names(args, spec, value);
    case KIND_TOP:
        args->has_top = 1;
        return read_count(spec, value, &args->top);
    case KIND_VERSION:
        if (strcmp(value, "1") != 0)
            return mrg_usage_error(program, "--format-version is 1, not \"%s\"", value);
        return 0;
    case KIND_SUBJECT:
    case KIND_DO:
        return read_action(args, spec, value);
    case KIND_ACTION:
        break;
    }
    args->action = (int)spec->number;
    return 0;
}

static int refuse_option(int option, char *const *argv)
{
    if (option == '?' && optopt > 0 && optopt < 128)
        return mrg_usage_error(program, "there is no option -%c; a query that begins with a hyphen needs -- before it",
                               optopt);
    return mrg_getopt_error(program, argv, option);
}

/* ---- The query ---- */

/* Options come first, so that "ukraine -nato" is a query. What looks like an option behind the first word
   is more likely one in the wrong place than a query, and is not guessed about. */
static int check_words(int argc, char **argv, int first)
{
    if (first > 0 && strcmp(argv[first - 1], "--") == 0)
        return 0;
    for (int i = first; i < argc; i++) {
        const char *word = argv[i];
        if (word[0] == '-' && (word[1] == '-' || (strlen(word) == 2 && spec_of(word[1]))))
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

static int read_words(mrg_search_args *args, int argc, char **argv)
{
    int status = check_words(argc, argv, optind);
    if (status || optind == argc)
        return status;
    args->query = join_words(argv + optind, argc - optind);
    return args->query ? 0 : mrg_usage_error(program, "out of memory");
}

int mrg_search_args_read(mrg_search_args *out, int argc, char **argv)
{
    struct option longs[SPECS + 1];
    char letters[2 * SPECS + 3];
    int option, status = 0;
    memset(out, 0, sizeof *out);
    out->archives = calloc((size_t)argc + 1, sizeof *out->archives);
    if (!out->archives)
        return mrg_usage_error(program, "out of memory");
    make_getopt(longs, letters);
    opterr = 0;
    while (!status && (option = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const option_spec *spec = option == '?' || option == ':' ? NULL : spec_of(option);
        status = spec ? read_option(out, spec, optarg) : refuse_option(option, argv);
        if (spec && spec->kind == KIND_ACTION)
            return 0;
    }
    if (!status)
        status = read_words(out, argc, argv);
    if (!status)
        status = mrg_search_args_check(out);
    if (!status && !out->archive_count && mrg_search_args_asks(out))
        status = add_default_archive(out);
    return status;
}

void mrg_search_args_dispose(mrg_search_args *args)
{
    free(args->archives);
    free(args->default_archive);
    free(args->query);
    memset(args, 0, sizeof *args);
}

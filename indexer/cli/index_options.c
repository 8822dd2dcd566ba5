/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/index_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"

static const char program[] = "morgue-index";

enum { LOCK_TIMEOUT_MS = 5000, MAX_JOBS = 64 };

enum {
    OPT_MEMORY = 256,
    OPT_JOBS,
    OPT_LOCK_TIMEOUT,
    OPT_NO_ENTITIES,
    OPT_NO_TEXT,
    OPT_LANG,
    OPT_INPUT,
    OPT_LIST_INPUTS,
    OPT_FIELD,
    OPT_MAX_ARTICLE,
    OPT_MAX_INFLATE,
    OPT_DELETE,
    OPT_DELETE_QUERY,
    OPT_MODEL,
    OPT_NAMES,
    OPT_COMPACT,
    OPT_MIRROR,
    OPT_DUPLICATES,
    OPT_PAIRS,
    OPT_DRY_RUN,
    OPT_WATCH,
    OPT_EXTRACT,
    OPT_PROGRESS,
    OPT_CHECK,
    OPT_STATS,
    OPT_FORMAT
};

static const struct option long_options[] = {
    { "archive", required_argument, NULL, 'a' },
    { "memory", required_argument, NULL, OPT_MEMORY },
    { "jobs", required_argument, NULL, OPT_JOBS },
    { "lock-timeout", required_argument, NULL, OPT_LOCK_TIMEOUT },
    { "no-entities", no_argument, NULL, OPT_NO_ENTITIES },
    { "no-text", no_argument, NULL, OPT_NO_TEXT },
    { "model", required_argument, NULL, OPT_MODEL },
    { "names", required_argument, NULL, OPT_NAMES },
    { "lang", required_argument, NULL, OPT_LANG },
    { "input", required_argument, NULL, OPT_INPUT },
    { "list-inputs", no_argument, NULL, OPT_LIST_INPUTS },
    { "field", required_argument, NULL, OPT_FIELD },
    { "max-article", required_argument, NULL, OPT_MAX_ARTICLE },
    { "max-inflate", required_argument, NULL, OPT_MAX_INFLATE },
    { "delete", required_argument, NULL, OPT_DELETE },
    { "delete-query", required_argument, NULL, OPT_DELETE_QUERY },
    { "compact", no_argument, NULL, OPT_COMPACT },
    { "mirror", no_argument, NULL, OPT_MIRROR },
    { "duplicates", required_argument, NULL, OPT_DUPLICATES },
    { "pairs", required_argument, NULL, OPT_PAIRS },
    { "dry-run", no_argument, NULL, OPT_DRY_RUN },
    { "watch", no_argument, NULL, OPT_WATCH },
    { "extract", no_argument, NULL, OPT_EXTRACT },
    { "progress", required_argument, NULL, OPT_PROGRESS },
    { "check", no_argument, NULL, OPT_CHECK },
    { "stats", no_argument, NULL, OPT_STATS },
    { "format", required_argument, NULL, OPT_FORMAT },
    { "quiet", no_argument, NULL, 'q' },
    { "verbose", no_argument, NULL, 'v' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

const char mrg_index_help[] =
    "Usage: morgue-index [-a ARCHIVE] [OPTIONS] SOURCE...\n"
    "Add articles to a Morgue archive; make the archive if there is none. A SOURCE is a file,\n"
    "a directory, or - for standard input. An article with the id of an old one replaces it.\n"
    "\n"
    "  -a, --archive ARCHIVE    the archive (default: $MORGUE_ARCHIVE, else morgue/archive in\n"
    "                           the user's data directory)\n"
    "      --input KIND         what the sources are (default: found by content)\n"
    "      --list-inputs        list the kinds of input\n"
    "      --field OURS=THEIRS  take id, title, text, date, url, source, author, lang, subject\n"
    "                           or captured from this field of the input; may be repeated\n"
    "      --lang CODE          language of articles that do not say (\"en\")\n"
    "      --no-entities        do not look for names\n"
    "      --no-text            with --no-entities: keep no text, so that there is none to show\n"
    "      --model FILE         find names with this model, see morgue-train (default:\n"
    "                           $MORGUE_MODEL, else the installed one; \"\": rules alone)\n"
    "      --duplicates SHARE   articles that share so much text are versions of one (0.5), or off\n"
    "      --pairs PERCENT      part of the index that makes phrases of common words fast (3)\n"
    "      --names FILE         keep this list of names in the archive; it decides over\n"
    "                           everything else (\"\": forget the one that is there)\n"
    "      --max-article SIZE   skip longer articles (default 16M)\n"
    "      --max-inflate SIZE   stop reading a compressed source after so much (default 64G)\n"
    "      --memory SIZE        memory for text that is not yet written (default 256M)\n"
    "      --jobs N             threads (default: one for each processor)\n"
    "      --lock-timeout SECS  wait so long for another writer (default 5)\n"
    "\n"
    "      --mirror             delete articles whose file is gone or does not hold them any more\n"
    "      --watch              go on, and take in what changes in the sources, until Ctrl-C\n"
    "  -n, --dry-run            only say what would happen\n"
    "      --extract            print the articles as JSON lines; needs no archive\n"
    "      --progress WHEN      auto (default: a line on a terminal), json (lines), none\n"
    "\n"
    "      --delete ID          delete this article; may be repeated\n"
    "      --delete-query QUERY delete the articles that match; may be repeated\n"
    "      --compact            rewrite the archive without deleted articles\n"
    "      --check              verify the whole archive\n"
    "      --stats              show how many articles it holds, and how large it is\n"
    "      --format FORMAT      of --stats: text (default) or json\n"
    "  -q, --quiet              say nothing but errors and what was skipped\n"
    "  -v, --verbose            say more\n"
    "  -h, --help               show this help\n"
    "  -V, --version            show the versions of program and libraries\n"
    "\n"
    "Deletions come first, then the sources; all of it becomes visible at once. SIZE is in\n"
    "bytes, or with K, M, G or T behind it. Ctrl-C keeps what was finished.\n"
    "Exit status: 0 if all went well, 2 if something was skipped or failed, 130 if interrupted.\n";

static int read_size(const char *option, const char *value, uint64_t *out)
{
    if (mrg_read_size(value, out) || *out == 0)
        return mrg_usage_error(program, "--%s wants a size such as 256M, not \"%s\"", option, value);
    return 0;
}

static int read_memory(mrg_index_args *args, const char *value)
{
    enum { MIN_MEMORY = 8 << 20 };
    uint64_t bytes = 0;
    if (read_size("memory", value, &bytes))
        return MRG_EXIT_USAGE;
    if (bytes < MIN_MEMORY || bytes > SIZE_MAX)
        return mrg_usage_error(program, "--memory wants 8M at least, not \"%s\"", value);
    args->index.memory_bytes = (size_t)bytes;
    return 0;
}

static int read_jobs(mrg_index_args *args, const char *value)
{
    uint64_t jobs;
    if (mrg_read_count(value, MAX_JOBS, &jobs) || jobs == 0)
        return mrg_usage_error(program, "--jobs wants a number from 1 to %d, not \"%s\"", (int)MAX_JOBS, value);
    args->index.jobs = (unsigned)jobs;
    return 0;
}

static int read_input(mrg_index_args *args, const char *value)
{
    for (const char *const *kind = morgue_input_kinds(); *kind; kind++) {
        if (strcmp(*kind, value) == 0) {
            args->index.input = value;
            return 0;
        }
    }
    return mrg_usage_error(program, "there is no kind of input \"%s\"; see --list-inputs", value);
}

static void add(const char **list, const char *value)
{
    while (*list)
        list++;
    *list = value;
}

static int read_field(mrg_index_args *args, const char *value)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || !equals[1])
        return mrg_usage_error(program, "--field wants OURS=THEIRS, such as text=body, not \"%s\"", value);
    add(args->fields, value);
    return 0;
}

static int read_format(mrg_index_args *args, const char *value)
{
    args->stats_json = strcmp(value, "json") == 0;
    if (!args->stats_json && strcmp(value, "text") != 0)
        return mrg_usage_error(program, "--format is text or json, not \"%s\"", value);
    return 0;
}

static int read_duplicates(mrg_index_args *args, const char *value)
{
    char *end;
    double share = strtod(value, &end);
    if (strcmp(value, "off") == 0)
        share = -1;
    else if (end == value || *end || !(share >= 0.1 && share <= 1))
        return mrg_usage_error(program, "--duplicates wants a share from 0.1 to 1, or off, not \"%s\"", value);
    args->index.resemblance = share;
    return 0;
}

static int read_pairs(mrg_index_args *args, const char *value)
{
    enum { MOST = 50 };
    char *end;
    long percent = strtol(value, &end, 10);
    if (end == value || *end || percent < 0 || percent > MOST)
        return mrg_usage_error(program, "--pairs wants a percentage from 0 to %d, not \"%s\"", MOST, value);
    args->index.pair_percent = percent ? (int)percent : -1;
    return 0;
}

static int read_progress(mrg_index_args *args, const char *value)
{
    args->progress_json = strcmp(value, "json") == 0;
    args->no_progress = strcmp(value, "none") == 0;
    if (!args->progress_json && !args->no_progress && strcmp(value, "auto") != 0)
        return mrg_usage_error(program, "--progress is auto, json or none, not \"%s\"", value);
    return 0;
}

static int read_with_value(mrg_index_args *args, int option, const char *value)
{
    switch (option) {
    case 'a':
        args->archive = value;
        return *value ? 0 : mrg_usage_error(program, "--archive wants the path of an archive");
    case OPT_MEMORY:
        return read_memory(args, value);
    case OPT_JOBS:
        return read_jobs(args, value);
    case OPT_LOCK_TIMEOUT:
        if (mrg_read_seconds(value, &args->index.lock_timeout_ms))
            return mrg_usage_error(program, "--lock-timeout wants a number of seconds, not \"%s\"", value);
        return 0;
    case OPT_LANG:
        args->index.lang = value;
        return 0;
    case OPT_DUPLICATES:
        return read_duplicates(args, value);
    case OPT_PAIRS:
        return read_pairs(args, value);
    case OPT_PROGRESS:
        return read_progress(args, value);
    case OPT_MODEL:
        args->index.model = value;
        return 0;
    case OPT_NAMES:
        args->index.names = value;
        return 0;
    case OPT_INPUT:
        return read_input(args, value);
    case OPT_FIELD:
        return read_field(args, value);
    case OPT_MAX_ARTICLE:
        return read_size("max-article", value, &args->index.max_article_bytes);
    case OPT_MAX_INFLATE:
        return read_size("max-inflate", value, &args->index.max_inflated_bytes);
    case OPT_DELETE:
        add(args->delete_ids, value);
        return 0;
    case OPT_DELETE_QUERY:
        add(args->delete_queries, value);
        return 0;
    default:
        return read_format(args, value);
    }
}

static int read_option(mrg_index_args *args, int option, char *const *argv)
{
    switch (option) {
    case 'q':
        args->quiet = 1;
        return 0;
    case 'v':
        args->verbose = 1;
        return 0;
    case OPT_NO_ENTITIES:
        args->index.no_entities = 1;
        return 0;
    case OPT_NO_TEXT:
        args->index.no_text = 1;
        return 0;
    case OPT_COMPACT:
        args->compact = 1;
        return 0;
    case OPT_MIRROR:
        args->index.mirror = 1;
        return 0;
    case 'n':
    case OPT_DRY_RUN:
        args->index.dry_run = 1;
        return 0;
    case OPT_WATCH:
        args->watch = 1;
        return 0;
    case OPT_EXTRACT:
        args->extract = 1;
        return 0;
    case OPT_CHECK:
        args->check = 1;
        return 0;
    case OPT_STATS:
        args->stats = 1;
        return 0;
    case '?':
    case ':':
        return mrg_getopt_error(program, argv, option);
    default:
        return read_with_value(args, option, optarg);
    }
}

int mrg_index_args_writes(const mrg_index_args *args)
{
    return args->sources[0] || args->delete_ids[0] || args->delete_queries[0] || args->compact || args->index.names;
}

static int find_archive(mrg_index_args *args)
{
    /* Only sources make an archive; a mistyped path is not to be one. */
    args->index.open_existing = !args->sources[0];
    if (args->archive)
        return 0;
    args->archive = args->default_archive = mrg_default_archive(&args->make_parents);
    return args->archive ? 0 : mrg_usage_error(program, "no archive given: use -a ARCHIVE, or set MORGUE_ARCHIVE");
}

/* --extract and --watch go with sources, and with nothing else that an archive is asked for. */
static int check_mode(mrg_index_args *args)
{
    const char *mode = args->extract ? "--extract" : "--watch";
    if (!args->sources[0])
        return mrg_usage_error(program, "no SOURCE given");
    if (args->delete_ids[0] || args->delete_queries[0] || args->compact || args->check || args->stats)
        return mrg_usage_error(program, "%s cannot go with --delete, --compact, --check or --stats", mode);
    if (args->index.dry_run || (args->extract && (args->watch || args->index.mirror)))
        return mrg_usage_error(program, "%s cannot go with --dry-run%s", mode,
                               args->extract ? ", --watch or --mirror" : "");
    return args->extract ? 0 : find_archive(args);
}

static int check_args(mrg_index_args *args)
{
    if (!args->extract && !mrg_index_args_writes(args) && !args->check && !args->stats)
        return mrg_usage_error(program, "no SOURCE given");
    if (args->index.dry_run && args->compact)
        return mrg_usage_error(program, "--dry-run cannot go with --compact");
    if (args->fields[0])
        args->index.fields = args->fields;
    return args->extract || args->watch ? check_mode(args) : find_archive(args);
}

int mrg_index_args_read(mrg_index_args *out, int argc, char **argv)
{
    int option, status = 0;
    memset(out, 0, sizeof *out);
    out->fields = calloc((size_t)argc + 1, sizeof *out->fields);
    out->delete_ids = calloc((size_t)argc + 1, sizeof *out->delete_ids);
    out->delete_queries = calloc((size_t)argc + 1, sizeof *out->delete_queries);
    if (!out->fields || !out->delete_ids || !out->delete_queries)
        return mrg_usage_error(program, "out of memory");
    out->index.lock_timeout_ms = LOCK_TIMEOUT_MS;
    opterr = 0;
    while (!status && (option = getopt_long(argc, argv, ":a:nqvhV", long_options, NULL)) != -1) {
        if (option == 'h' || option == 'V' || option == OPT_LIST_INPUTS) {
            out->action = option == 'h' ? MRG_INDEX_HELP : option == 'V' ? MRG_INDEX_VERSION : MRG_INDEX_LIST_INPUTS;
            return 0;
        }
        status = read_option(out, option, argv);
    }
    out->sources = argv + optind;
    return status ? status : check_args(out);
}

void mrg_index_args_dispose(mrg_index_args *args)
{
    free(args->fields);
    free(args->delete_ids);
    free(args->delete_queries);
    free(args->default_archive);
    memset(args, 0, sizeof *args);
}

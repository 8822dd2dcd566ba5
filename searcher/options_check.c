/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which options go together, and what they mean together. */
#include <string.h>

#include "options.h"
#include "cli/arguments.h"

static const char program[] = "morgue-search";

/* Counts that a person takes in are exact. */
enum { EXACT_UP_TO = 1000 };

int mrg_search_args_group(const mrg_search_args *args)
{
    return args->action == MRG_SEARCH && !args->count &&
           (args->group || (args->format == MRG_FORMAT_TEXT && !args->no_group));
}

static int is_json(const mrg_search_args *args)
{
    return args->format == MRG_FORMAT_JSON || args->format == MRG_FORMAT_JSONL;
}

static int is_rows(const mrg_search_args *args)
{
    return args->format == MRG_FORMAT_TSV || args->format == MRG_FORMAT_CSV;
}

static int check_format(const mrg_search_args *args)
{
    if (args->null_ends && args->format != MRG_FORMAT_IDS)
        return mrg_usage_error(program, "--null goes with --format=ids only");
    if (args->field_count && !is_rows(args))
        return mrg_usage_error(program, "--fields goes with --format=tsv or csv only");
    if ((args->matches || args->with_names) && !is_json(args))
        return mrg_usage_error(program, "--%s goes with --format=json or jsonl only",
                               args->matches ? "matches" : "with-names");
    return 0;
}

static int check_action(const mrg_search_args *args)
{
    if (args->count && args->action == MRG_SHOW)
        return mrg_usage_error(program, "--count and --show exclude each other");
    if (args->group && args->no_group)
        return mrg_usage_error(program, "--group and --no-group exclude each other");
    if (args->action == MRG_SEARCH && !args->query)
        return mrg_usage_error(program, "no query given");
    return 0;
}

int mrg_search_args_check(mrg_search_args *args)
{
    static const mrg_field usual[] = { MRG_FIELD_RANK,  MRG_FIELD_SCORE,  MRG_FIELD_DATE, MRG_FIELD_ID,
                                       MRG_FIELD_TITLE, MRG_FIELD_SOURCE, MRG_FIELD_URL };
    int status = check_action(args);
    if (!status)
        status = check_format(args);
    if (status)
        return status;
    if (!args->field_count) {
        memcpy(args->fields, usual, sizeof usual);
        args->field_count = sizeof usual / sizeof *usual;
    }
    if (args->has_limit && args->search.limit == 0)
        args->search.limit = MORGUE_NO_HITS;
    if (args->count) {
        args->search.exact_count = 1;
        args->search.limit = MORGUE_NO_HITS;
    }
    args->search.exact_count |= args->exact;
    args->search.count_up_to = EXACT_UP_TO;
    return 0;
}

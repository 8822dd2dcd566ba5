/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which options go together, and what they mean together. */
#include <string.h>

#include "options.h"
#include "cli/arguments.h"

static const char program[] = "morgue-search";

/* Counts that a person takes in are exact. */
enum { EXACT_UP_TO = 1000, USUAL_TOP = 10 };

int mrg_search_args_asks(const mrg_search_args *args)
{
    return args->action <= MRG_SAVE;
}

int mrg_search_args_overview(const mrg_search_args *args)
{
    return args->facet_count || args->timeline || args->names;
}

size_t mrg_search_args_top(const mrg_search_args *args, morgue_facet facet)
{
    return facet >= MORGUE_FACET_YEAR && !args->has_top ? 0 : args->top;
}

int mrg_search_args_group(const mrg_search_args *args)
{
    return (args->action == MRG_SEARCH || args->action == MRG_SIMILAR) && !args->count &&
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

/* ---- What is to be done ---- */

static const char *action_name(int action)
{
    static const char *const names[] = { "", "show", "similar", "related", "complete", "names-export",
                                         "interactive", "save", "saved", "list-saved", "forget", "alerts" };
    return names[action];
}

static int exclude(const char *a, const char *b)
{
    return mrg_usage_error(program, "--%s and --%s exclude each other", a, b);
}

static const char *overview_name(const mrg_search_args *args)
{
    return args->facet_count ? "facet" : args->timeline ? "timeline" : "names";
}

static int check_query(const mrg_search_args *args)
{
    if ((args->action == MRG_SEARCH || args->action == MRG_SAVE) && !args->query)
        return mrg_usage_error(program, "no query given");
    if (args->query && args->action != MRG_SEARCH && args->action != MRG_SHOW && args->action != MRG_RELATED &&
        args->action != MRG_INTERACTIVE && args->action != MRG_SAVE)
        return mrg_usage_error(program, "--%s takes no query: %s", action_name(args->action), args->query);
    return 0;
}

static int check_action(const mrg_search_args *args)
{
    int overview = mrg_search_args_overview(args), related = args->action == MRG_RELATED;
    int searches = args->action == MRG_SEARCH || args->action == MRG_SAVED;
    if (!mrg_search_args_asks(args) && args->archive_count)
        return mrg_usage_error(program, "--%s asks the archives that were saved: -a does not go with it",
                               action_name(args->action));
    if (args->peek && args->action != MRG_ALERTS)
        return mrg_usage_error(program, "--peek goes with --alerts only");
    if (args->count && !searches)
        return exclude("count", action_name(args->action));
    if (overview && !searches)
        return exclude(overview_name(args), action_name(args->action));
    if (overview && args->count)
        return mrg_usage_error(program, "--count and --%s exclude each other; overviews have exact counts",
                               overview_name(args));
    if (args->with_timeline && !related)
        return mrg_usage_error(program, "--with-timeline goes with --related only; --timeline goes with a query");
    if (args->has_top && !args->facet_count && !args->names && !related)
        return mrg_usage_error(program, "--top goes with --facet, --names or --related only");
    if (args->group && args->no_group)
        return exclude("group", "no-group");
    if ((args->cursor || args->search.since) && args->action != MRG_SEARCH)
        return exclude(args->cursor ? "cursor" : "since", action_name(args->action));
    if (args->search.recency_days && args->search.sort != MORGUE_SORT_RELEVANCE)
        return mrg_usage_error(program, "--recency goes with --sort=relevance only");
    return check_query(args);
}

/* ---- How it is printed ---- */

static int check_format(const mrg_search_args *args)
{
    int lists_hits = args->action == MRG_SEARCH || args->action == MRG_SAVED || args->action == MRG_ALERTS ||
                     args->action == MRG_SIMILAR || args->action == MRG_SHOW;
    if (args->action == MRG_INTERACTIVE && args->format != MRG_FORMAT_TEXT)
        return mrg_usage_error(program, "--interactive goes with --format=text only");
    if (args->null_ends && args->format != MRG_FORMAT_IDS)
        return mrg_usage_error(program, "--null goes with --format=ids only");
    if (args->field_count && !is_rows(args))
        return mrg_usage_error(program, "--fields goes with --format=tsv or csv only");
    if ((args->matches || args->with_names) && !is_json(args))
        return mrg_usage_error(program, "--%s goes with --format=json or jsonl only",
                               args->matches ? "matches" : "with-names");
    if (args->format == MRG_FORMAT_IDS && (!lists_hits || mrg_search_args_overview(args)))
        return mrg_usage_error(program, "--format=ids goes with articles only, not with --%s",
                               lists_hits ? overview_name(args) : action_name(args->action));
    if ((args->action == MRG_COMPLETE || args->action == MRG_NAMES_EXPORT || args->action == MRG_LIST_SAVED) &&
        args->format == MRG_FORMAT_CSV)
        return mrg_usage_error(program, "--%s is written as text, tsv, json or jsonl", action_name(args->action));
    if (is_rows(args) && args->with_timeline)
        return mrg_usage_error(program, "tsv and csv have one kind of rows: --related without --with-timeline");
    if (is_rows(args) && args->names && (args->facet_count || args->timeline))
        return mrg_usage_error(program, "tsv and csv have one kind of rows: --names or --%s, not both",
                               args->facet_count ? "facet" : "timeline");
    if (is_rows(args) && mrg_search_args_overview(args) && args->has_limit && args->search.limit)
        return mrg_usage_error(program, "tsv and csv have one kind of rows: articles or --%s, not both",
                               overview_name(args));
    return 0;
}

/* ---- What follows ---- */

static void fill_in(mrg_search_args *args)
{
    static const int usual[] = { MRG_FIELD_RANK,  MRG_FIELD_SCORE,  MRG_FIELD_DATE, MRG_FIELD_ID,
                                 MRG_FIELD_TITLE, MRG_FIELD_SOURCE, MRG_FIELD_URL };
    int overview = mrg_search_args_overview(args) || args->action == MRG_RELATED;
    if (!args->field_count) {
        memcpy(args->fields, usual, sizeof usual);
        args->field_count = sizeof usual / sizeof *usual;
    }
    if (!args->has_top)
        args->top = USUAL_TOP;
    if (args->has_limit ? args->search.limit == 0 : overview || args->count)
        args->search.limit = MORGUE_NO_HITS;
    if (args->count)
        args->search.limit = MORGUE_NO_HITS;
    if (args->count || args->exact || overview)
        args->search.exact_count = 1;
    if (args->with_timeline)
        args->timeline = MRG_TIMELINE_AUTO;
    args->search.count_up_to = EXACT_UP_TO;
}

int mrg_search_args_check(mrg_search_args *args)
{
    int status = check_action(args);
    if (!status)
        status = check_format(args);
    if (!status)
        fill_in(args);
    return status;
}

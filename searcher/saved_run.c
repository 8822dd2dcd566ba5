/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done with standing queries. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "output_answer.h"
#include "saved.h"
#include "cli/arguments.h"
#include "cli/clean.h"

static const char program[] = "morgue-search";

static int fail(const mrg_search_args *args, const morgue_error *err)
{
    return mrg_complain_of(args, err);
}

/* ---- Keeping ---- */

static int absolute_archives(mrg_saved_query *q, const mrg_search_args *args)
{
    q->archives = calloc(args->archive_count + 1, sizeof *q->archives);
    for (size_t i = 0; q->archives && i < args->archive_count; i++) {
        q->archives[i] = realpath(args->archives[i], NULL);
        if (!q->archives[i])
            return -1;
    }
    return q->archives ? 0 : -1;
}

/* The query is asked once, so that what cannot be read is not kept. */
static int try_query(const mrg_search_args *args, morgue_searcher *searcher, morgue_error *err)
{
    morgue_results *results;
    morgue_search_options options = args->search;
    options.limit = MORGUE_NO_HITS;
    options.exact_count = 0;
    morgue_status status = morgue_search(searcher, args->query, &options, &results, err);
    morgue_results_free(results);
    return status;
}

static int save(const mrg_search_args *args)
{
    morgue_searcher *searcher = NULL;
    morgue_error err = { 0 };
    mrg_saved_query q = { .name = (char *)(uintptr_t)args->subject,
                          .query = args->query,
                          .lang = (char *)(uintptr_t)args->search.lang,
                          .any = args->search.any };
    int status = MRG_EXIT_ERROR;
    const char *cursor = NULL;
    if (morgue_searcher_open(&searcher, args->archives, args->archive_count, &err) || try_query(args, searcher, &err) ||
        !(cursor = morgue_searcher_cursor(searcher, &err))) {
        fail(args, &err);
    } else if (absolute_archives(&q, args)) {
        mrg_complain(program, "cannot tell where an archive is");
    } else {
        q.cursor = (char *)(uintptr_t)cursor;
        status = mrg_saved_put(&q) ? MRG_EXIT_ERROR : 0;
    }
    for (char **archive = q.archives; archive && *archive; archive++)
        free(*archive);
    free(q.archives);
    morgue_searcher_close(searcher);
    return status;
}

static int forget(const char *name)
{
    int status = mrg_saved_forget(name);
    if (status > 0)
        mrg_complain(program, "no saved query is called %s", name);
    return status ? MRG_EXIT_ERROR : 0;
}

static void list_one(const mrg_search_args *args, const mrg_saved_query *q, int is_first)
{
    if (args->format == MRG_FORMAT_TEXT || args->format == MRG_FORMAT_TSV) {
        mrg_put_clean_str(stdout, q->name);
        fputs(args->format == MRG_FORMAT_TSV ? "\t" : ": ", stdout);
        mrg_put_clean_str(stdout, q->query);
        putchar('\n');
        return;
    }
    fputs(args->format == MRG_FORMAT_JSON && !is_first ? ",{" : "{", stdout);
    fputs("\"name\":", stdout);
    mrg_put_json_str(stdout, q->name);
    mrg_put_member(stdout, ",", "query", q->query);
    fputs(",\"archives\":[", stdout);
    for (char **archive = q->archives; *archive; archive++) {
        if (archive != q->archives)
            putchar(',');
        mrg_put_json_str(stdout, *archive);
    }
    fputs(args->format == MRG_FORMAT_JSON ? "]}" : "]}\n", stdout);
}

static int list(const mrg_search_args *args, const mrg_saved *saved)
{
    int is_json = args->format == MRG_FORMAT_JSON;
    if (is_json)
        fputs("{\"format\":\"morgue-saved\",\"version\":1,\"saved\":[", stdout);
    for (size_t i = 0; i < saved->count; i++)
        list_one(args, &saved->items[i], i == 0);
    if (is_json)
        puts("]}");
    return mrg_finish_output(program, stdout) ? MRG_EXIT_ERROR : saved->count ? MRG_EXIT_FOUND : MRG_EXIT_NOTHING;
}

/* ---- Asking ---- */

/* The arguments of this command line with what was saved. */
static mrg_search_args with_saved(const mrg_search_args *args, const mrg_saved_query *q)
{
    mrg_search_args all = *args;
    all.action = MRG_SEARCH;
    all.query = q->query;
    all.subject = NULL;
    all.search.any = q->any;
    all.search.lang = q->lang;
    all.archives = (const char **)(uintptr_t)q->archives;
    all.archive_count = 0;
    while (q->archives[all.archive_count])
        all.archive_count++;
    return all;
}

static int ask(const mrg_search_args *args, const mrg_saved *saved, int (*answer)(const mrg_search_args *args))
{
    const mrg_saved_query *q = mrg_saved_find(saved, args->subject);
    if (!q) {
        mrg_complain(program, "no saved query is called %s; --list-saved has them all", args->subject);
        return MRG_EXIT_ERROR;
    }
    mrg_search_args all = with_saved(args, q);
    return answer(&all);
}

/* How many articles are new for a query, and up to where it has been asked then; NULL after a message. */
static char *count_new(const mrg_search_args *all, uint64_t *count)
{
    morgue_searcher *searcher = NULL;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    morgue_search_options options = all->search;
    char *now = NULL;
    options.limit = MORGUE_NO_HITS;
    options.exact_count = 1;
    morgue_status status = morgue_searcher_open(&searcher, all->archives, all->archive_count, &err);
    if (!status)
        status = morgue_search(searcher, all->query, &options, &results, &err);
    if (!status) {
        const char *cursor = morgue_searcher_cursor(searcher, &err);
        status = cursor ? MORGUE_OK : err.status;
        now = cursor ? strdup(cursor) : NULL;
        morgue_results_count(results, count, NULL);
    }
    if (status)
        fail(all, &err);
    morgue_results_free(results);
    morgue_searcher_close(searcher);
    return now;
}

static void print_heading(const mrg_search_args *all, const mrg_saved_query *q, uint64_t count, int is_first)
{
    if (all->format == MRG_FORMAT_JSON) {
        fputs(is_first ? "{\"format\":\"morgue-alerts\",\"version\":1,\"alerts\":[\n" : ",\n", stdout);
        return;
    }
    if (all->format != MRG_FORMAT_TEXT)
        return;
    if (!is_first)
        putchar('\n');
    mrg_put_clean_str(stdout, q->name);
    fputs(": ", stdout);
    mrg_put_clean_str(stdout, q->query);
    fputs(" (", stdout);
    mrg_put_count(stdout, count);
    fputs(" new)\n\n", stdout);
}

/* One standing query: 1 if there was anything new, -1 after a failure that was told. */
static int alert(const mrg_search_args *args, const mrg_saved_query *q, int is_first,
                 int (*answer)(const mrg_search_args *args))
{
    mrg_search_args all = with_saved(args, q);
    uint64_t count = 0;
    all.search.since = q->cursor;
    all.saved = q->name;
    all.no_pager = 1;
    char *now = count_new(&all, &count);
    if (!now) {
        mrg_complain(program, "saved query %s: not asked", q->name);
        return -1;
    }
    int result = count > 0;
    if (count) {
        print_heading(&all, q, count, is_first);
        if (answer(&all) == MRG_EXIT_ERROR)
            result = -1;
    }
    if (result >= 0 && !args->peek && strcmp(now, q->cursor) != 0 && mrg_saved_move(q->name, now))
        result = -1;
    free(now);
    return result;
}

static int alerts(const mrg_search_args *args, const mrg_saved *saved, int (*answer)(const mrg_search_args *args))
{
    int any = 0, failed = 0;
    for (size_t i = 0; i < saved->count && !mrg_interrupted; i++) {
        int result = alert(args, &saved->items[i], !any, answer);
        any |= result > 0;
        failed |= result < 0;
    }
    if (args->format == MRG_FORMAT_JSON)
        fputs(any ? "]}\n" : "{\"format\":\"morgue-alerts\",\"version\":1,\"alerts\":[]}\n", stdout);
    if (!saved->count)
        mrg_complain(program, "no query was saved; --save NAME QUERY does");
    if (mrg_finish_output(program, stdout) || failed)
        return MRG_EXIT_ERROR;
    return any ? MRG_EXIT_FOUND : MRG_EXIT_NOTHING;
}

int mrg_saved_run(mrg_search_args *args, int (*answer)(const mrg_search_args *args))
{
    mrg_saved saved;
    int status;
    if (args->action == MRG_SAVE)
        return save(args);
    if (args->action == MRG_FORGET)
        return forget(args->subject);
    if (mrg_saved_read(&saved))
        return MRG_EXIT_ERROR;
    if (args->action == MRG_LIST_SAVED)
        status = list(args, &saved);
    else
        status = args->action == MRG_SAVED ? ask(args, &saved, answer) : alerts(args, &saved, answer);
    mrg_saved_dispose(&saved);
    return status;
}

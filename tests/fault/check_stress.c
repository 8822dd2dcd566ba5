/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Eight threads search one archive, some with sessions, while another adds to it, replaces, deletes and compacts: every
 * answer is that of one commit. And: memory stays flat over many searches. Both are short here; STRESS_SECONDS=600 and
 * STRESS_SEARCHES=100000 make them long, best under `SANITIZE=thread` and `SANITIZE=address,undefined`.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "../support/testing.h"

enum {
    READERS = 8,
    SESSIONS = 3, /* of the readers */
    SLOTS = 12,
    GROUP = 4,
    PAGE = SLOTS * GROUP + 1,
    LINE = 900,
    SECONDS = 4,
    SEARCHES = 5000,
    MAX_GROWTH_KB = 4096
};

static char scratch[TEST_PATH], archive[TEST_PATH];
static const char *const paths[] = { archive };

static void make_scratch(void)
{
    test_make_scratch(scratch);
    test_path(archive, scratch, "archive");
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

static unsigned from_environment(const char *name, unsigned otherwise)
{
    const char *given = getenv(name);
    return given && *given ? (unsigned)strtoul(given, NULL, 10) : otherwise;
}

/* ---- What is in the archive at each commit ----------------------------------------------------------

   Commit k writes the clock and the group of articles of slot k % SLOTS, and each fifth one deletes another group. So
   the clock tells the commit, and the commit what the whole archive must be. */

static unsigned deleted_slot(unsigned commit)
{
    unsigned slot = commit / 5 * 7 % SLOTS;
    return commit % 5 == 0 && slot != commit % SLOTS ? slot : SLOTS;
}

/* The commit that the group of a slot is of at a commit; 0: there is none. */
static unsigned group_at(unsigned commit, unsigned slot)
{
    for (; commit; commit--) {
        if (commit % SLOTS == slot)
            return commit;
        if (deleted_slot(commit) == slot)
            return 0;
    }
    return 0;
}

static unsigned articles_at(unsigned commit)
{
    unsigned count = commit > 0;
    for (unsigned slot = 0; slot < SLOTS; slot++)
        count += group_at(commit, slot) ? GROUP : 0;
    return count;
}

/* ---- The writer ---------------------------------------------------------------------------------------- */

typedef struct stage {
    atomic_uint begun, commits; /* that the writer began, and reported */
    atomic_int stop;
    atomic_ulong answers, cancelled;
    pthread_mutex_t lock;
    char failure[LINE]; /* the first one; Check's own assertions are not for threads */
} stage;

/* Ends the run with the first failure told. */
static void tell(stage *s, const char *what, const morgue_error *err, unsigned is, unsigned should)
{
    pthread_mutex_lock(&s->lock);
    if (!s->failure[0])
        snprintf(s->failure, sizeof s->failure, "%s (%u, %u): %d %s", what, is, should, err ? (int)err->status : 0,
                 err ? err->message : "");
    pthread_mutex_unlock(&s->lock);
    atomic_store(&s->stop, 1);
}

static morgue_status add(morgue_indexer *indexer, const char *id, unsigned commit, morgue_error *err)
{
    static const char *const sources[] = { "Reuters", "Harbour News", "Evening Post" };
    char title[40], text[1200], date[16];
    size_t n = (size_t)snprintf(text, sizeof text,
                                "Everything of commit%u in slot%u. Angela Merkel met Barack Obama in Berlin. ", commit,
                                commit % SLOTS);
    for (unsigned i = 0; i < 60; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "word%u ", (commit * 7 + i * 13) % 300);
    snprintf(title, sizeof title, "Commit %u", commit);
    snprintf(date, sizeof date, "2020-%02u-11", commit % 12 + 1);
    morgue_article article = { .id = id, .title = title, .text = text, .date = date, .source = sources[commit % 3] };
    return morgue_indexer_add(indexer, &article, err);
}

/* By their ids, or by a query. */
static morgue_status delete_group(morgue_indexer *indexer, unsigned slot, int by_query, morgue_error *err)
{
    char text[40];
    morgue_status status = MORGUE_OK;
    snprintf(text, sizeof text, "slot%u NOT id:clock", slot);
    if (by_query)
        return morgue_indexer_delete_query(indexer, text, NULL, err);
    for (unsigned i = 0; i < GROUP && (!status || status == MORGUE_ERR_NOT_FOUND); i++) {
        snprintf(text, sizeof text, "group-%u-%u", slot, i);
        status = morgue_indexer_delete(indexer, text, err);
    }
    return status == MORGUE_ERR_NOT_FOUND ? MORGUE_OK : status;
}

static morgue_status write_commit(morgue_indexer *indexer, unsigned commit, morgue_error *err)
{
    char id[40];
    morgue_status status = MORGUE_OK;
    if (deleted_slot(commit) < SLOTS)
        status = delete_group(indexer, deleted_slot(commit), commit % 10 == 0, err);
    for (unsigned i = 0; i < GROUP && !status; i++) {
        snprintf(id, sizeof id, "group-%u-%u", commit % SLOTS, i);
        status = add(indexer, id, commit, err);
    }
    if (!status)
        status = add(indexer, "clock", commit, err);
    if (status)
        return status;
    return commit % 50 == 0 ? morgue_indexer_compact(indexer, err) : morgue_indexer_commit(indexer, err);
}

static void *run_writer(void *ctx)
{
    stage *s = ctx;
    const struct timespec pause = { 0, 2000000 };
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
    morgue_indexer *indexer = NULL;
    unsigned commit = atomic_load(&s->commits);
    while (!atomic_load(&s->stop)) {
        if (!indexer && morgue_indexer_open(&indexer, archive, &options, &err)) {
            tell(s, "the writer cannot open", &err, commit, 0);
            break;
        }
        atomic_store(&s->begun, ++commit);
        if (write_commit(indexer, commit, &err)) {
            tell(s, "the writer failed", &err, commit, 0);
            break;
        }
        atomic_store(&s->commits, commit);
        nanosleep(&pause, NULL);
        if (commit % 20 == 0) { /* another writer */
            morgue_indexer_close(indexer);
            indexer = NULL;
        }
    }
    morgue_indexer_close(indexer);
    return NULL;
}

/* ---- What an answer must be ------------------------------------------------------------------------------ */

static unsigned commit_of(const morgue_hit *hit)
{
    unsigned commit = 0;
    return sscanf(morgue_hit_title(hit), "Commit %u", &commit) == 1 ? commit : 0;
}

/* What is read of a hit later is of the same commit as its fields. */
static void look_at_hit(stage *s, const morgue_hit *hit)
{
    morgue_error err = { 0 };
    morgue_snippet snippet;
    const char *text;
    size_t len;
    unsigned commit = commit_of(hit), in_text = 0;
    char start[64] = "";
    if (morgue_hit_text(hit, &text, &len, &err)) {
        tell(s, "a text cannot be read", &err, commit, 0);
        return;
    }
    snprintf(start, sizeof start, "%.*s", len < 60 ? (int)len : 60, text);
    if (sscanf(start, "Everything of commit%u", &in_text) != 1 || in_text != commit)
        tell(s, "a text is of another commit than its title", NULL, in_text, commit);
    if (morgue_hit_snippet(hit, 100, &snippet, &err))
        tell(s, "no snippet", &err, commit, 0);
}

/* All articles as they are at the clock's commit, which is not before `least`. *at: that commit. */
static void look_at_everything(stage *s, const morgue_results *results, unsigned least, unsigned *at)
{
    unsigned counts[SLOTS] = { 0 }, groups[SLOTS] = { 0 }, commit = 0;
    size_t size = morgue_results_size(results);
    for (size_t i = 0; i < size; i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        unsigned of = commit_of(hit);
        if (!strcmp(morgue_hit_id(hit), "clock")) {
            commit = of;
        } else if (counts[of % SLOTS]++ && groups[of % SLOTS] != of) {
            tell(s, "a group of two commits", NULL, groups[of % SLOTS], of);
        }
        if (strcmp(morgue_hit_id(hit), "clock"))
            groups[of % SLOTS] = of;
    }
    if (commit < least || commit > atomic_load(&s->begun))
        tell(s, "a commit from another time", NULL, commit, least);
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        unsigned should = group_at(commit, slot);
        if (groups[slot] != should)
            tell(s, "a group of the wrong commit", NULL, groups[slot], should);
        if (counts[slot] != (should ? GROUP : 0))
            tell(s, "a group in part", NULL, counts[slot], slot);
    }
    if (size)
        look_at_hit(s, morgue_results_hit(results, commit % size));
    *at = commit;
}

/* Some commit from `first` on had so many articles. */
static void look_at_count(stage *s, const char *what, uint64_t count, unsigned first)
{
    for (unsigned commit = first; commit <= atomic_load(&s->begun); commit++)
        if (articles_at(commit) == count)
            return;
    tell(s, what, NULL, (unsigned)count, first);
}

static uint64_t sum(const morgue_facet_value *values, size_t count)
{
    uint64_t articles = 0;
    for (size_t i = 0; i < count; i++)
        articles += values[i].count;
    return articles;
}

/* ---- Readers that wait ------------------------------------------------------------------------------------- */

typedef struct reader {
    stage *stage;
    morgue_searcher *searcher;
    uint64_t chance;
    unsigned seen; /* a commit */
} reader;

/* What was cancelled is no answer, and all right. */
static int failed(reader *r, const char *what, morgue_status status, const morgue_error *err)
{
    if (status == MORGUE_ERR_CANCELLED)
        atomic_fetch_add(&r->stage->cancelled, 1);
    else if (status)
        tell(r->stage, what, err, r->seen, 0);
    else
        atomic_fetch_add(&r->stage->answers, 1);
    return status != MORGUE_OK;
}

static int search(reader *r, const char *query, const morgue_search_options *options, morgue_results **results)
{
    morgue_error err = { 0 };
    return !failed(r, query, morgue_search(r->searcher, query, options, results, &err), &err);
}

static void ask_everything(reader *r, unsigned least)
{
    static const morgue_sort sorts[] = { MORGUE_SORT_RELEVANCE, MORGUE_SORT_NEWEST, MORGUE_SORT_OLDEST };
    static const char *const queries[] = { "everything", "\"everything of\"", "ever* NEAR/30 (of OR person:merkel)",
                                           "person:\"Angela Merkel\" everything" };
    static const morgue_facet facets[] = { MORGUE_FACET_SOURCE, MORGUE_FACET_MONTH, MORGUE_FACET_YEAR };
    const morgue_search_options options = { .limit = PAGE + 10,
                                            .exact_count = 1,
                                            .sort = sorts[test_below(&r->chance, 3)] };
    morgue_results *results;
    const morgue_facet_value *values;
    const morgue_associate *names;
    morgue_error err = { 0 };
    uint64_t least_count, most_count;
    size_t count;
    if (!search(r, queries[test_below(&r->chance, 4)], &options, &results))
        return;
    look_at_everything(r->stage, results, least > r->seen ? least : r->seen, &r->seen);
    morgue_results_count(results, &least_count, &most_count);
    if (least_count != most_count || least_count != morgue_results_size(results))
        tell(r->stage, "a count that is not that of the hits", NULL, (unsigned)least_count, (unsigned)most_count);
    /* May be of a newer commit. */
    morgue_facet facet = facets[test_below(&r->chance, 3)];
    if (!failed(r, "no facet", morgue_results_facet(results, facet, 0, &values, &count, NULL, &err), &err))
        look_at_count(r->stage, "a facet that is of no commit", sum(values, count), r->seen);
    failed(r, "no names", morgue_results_names(results, "person", 3, &names, &count, &err), &err);
    morgue_results_free(results);
}

/* A group is there as a whole or not at all. */
static void ask_group(reader *r)
{
    char query[40];
    const morgue_search_options options = { .limit = 2 * GROUP };
    morgue_results *results;
    unsigned commit = 0, count = 0;
    snprintf(query, sizeof query, "slot%u NOT id:clock", test_below(&r->chance, SLOTS));
    if (!search(r, query, &options, &results))
        return;
    for (size_t i = 0; i < morgue_results_size(results); i++) {
        unsigned of = commit_of(morgue_results_hit(results, i));
        if (count++ && of != commit)
            tell(r->stage, "two commits in a group", NULL, of, commit);
        commit = of;
    }
    if (count && count != GROUP)
        tell(r->stage, "not the whole group", NULL, count, commit);
    morgue_results_free(results);
}

static void ask_with_help(reader *r)
{
    morgue_error err = { 0 };
    morgue_completions *completions;
    morgue_names *names;
    morgue_results *results;
    if (!failed(r, "no completion", morgue_complete(r->searcher, "everyt", 5, &completions, &err), &err))
        morgue_completions_free(completions);
    if (!failed(r, "no names", morgue_names_find(r->searcher, "person", "merkle", 5, &names, &err), &err))
        morgue_names_free(names);
    if (search(r, "evrything", NULL, &results)) {
        const char *better = morgue_results_suggestion(results, &err);
        failed(r, "no suggestion", err.status, &err);
        if (better && strcmp(better, "everything"))
            tell(r->stage, better, NULL, r->seen, 0);
        morgue_results_free(results);
    }
}

static void ask_for_an_article(reader *r)
{
    const morgue_search_options options = { .limit = PAGE };
    morgue_error err = { 0 };
    morgue_results *results;
    if (!failed(r, "no clock", morgue_fetch(r->searcher, "clock", NULL, &results, &err), &err)) {
        look_at_hit(r->stage, morgue_results_hit(results, 0));
        morgue_results_free(results);
    }
    if (!failed(r, "nothing like it", morgue_similar(r->searcher, "clock", &options, &results, &err), &err)) {
        if (!morgue_results_size(results))
            tell(r->stage, "nothing is like the clock", NULL, r->seen, 0);
        morgue_results_free(results);
    }
}

/* Somebody else cancels now and then. */
static void *run_canceller(void *ctx)
{
    reader *r = ctx;
    const struct timespec pause = { 0, 3000000 };
    while (!atomic_load(&r->stage->stop)) {
        morgue_searcher_cancel(r->searcher);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void *run_reader(void *ctx)
{
    reader *r = ctx;
    stage *s = r->stage;
    pthread_t canceller;
    morgue_error err = { 0 };
    int cancelling = r->chance % 2 == 0;
    if (morgue_searcher_open(&r->searcher, paths, 1, &err)) {
        tell(s, "a reader cannot open", &err, 0, 0);
        return NULL;
    }
    if (cancelling && pthread_create(&canceller, NULL, run_canceller, r))
        cancelling = 0;
    while (!atomic_load(&s->stop)) {
        unsigned least = atomic_load(&s->commits), what = test_below(&r->chance, 9);
        if (what < 4 && morgue_searcher_refresh(r->searcher, &err))
            tell(s, "a reader cannot refresh", &err, least, 0);
        if (what < 6)
            ask_everything(r, what < 4 ? least : 0);
        else if (what == 6)
            ask_group(r);
        else if (what == 7)
            ask_with_help(r);
        else
            ask_for_an_article(r);
    }
    if (cancelling)
        pthread_join(canceller, NULL);
    morgue_searcher_close(r->searcher);
    return NULL;
}

/* ---- Readers with a session --------------------------------------------------------------------------------- */

static morgue_part *wait_for_part(stage *s, morgue_session *session)
{
    struct pollfd ready = { .fd = morgue_session_fd(session), .events = POLLIN };
    while (!atomic_load(&s->stop))
        if (poll(&ready, 1, 100) == 1)
            return morgue_session_take(session);
    return NULL;
}

/* Takes parts to the end, or leaves off after some. */
static void take_parts(reader *r, morgue_session *session, uint64_t ticket, unsigned least, unsigned wanted)
{
    stage *s = r->stage;
    morgue_part *part, *page = NULL;
    unsigned taken = 0;
    for (int ended = 0; !ended && taken < wanted && (part = wait_for_part(s, session)); taken++) {
        morgue_part_kind kind = morgue_part_get_kind(part);
        size_t count;
        const morgue_facet_value *values = morgue_part_facet(part, NULL, &count, NULL);
        if (morgue_part_ticket(part) != ticket)
            tell(s, "a part of another question", NULL, (unsigned)morgue_part_ticket(part), (unsigned)ticket);
        if (morgue_part_error(part)->status)
            tell(s, "an answer failed", morgue_part_error(part), r->seen, 0);
        if (kind == MORGUE_PART_PAGE)
            look_at_everything(s, morgue_part_results(part), least, &r->seen);
        else if (kind == MORGUE_PART_COUNT)
            look_at_count(s, "a count that is of no commit", morgue_part_count(part), r->seen);
        else if (kind == MORGUE_PART_FACET)
            look_at_count(s, "a part with a facet that is of no commit", sum(values, count), r->seen);
        ended = kind == MORGUE_PART_END;
        if (kind == MORGUE_PART_PAGE)
            page = part; /* held while the session goes on */
        else
            morgue_part_free(part);
        atomic_fetch_add(&s->answers, 1);
    }
    if (page && morgue_results_size(morgue_part_results(page)))
        look_at_hit(s, morgue_results_hit(morgue_part_results(page), 0));
    morgue_part_free(page);
}

static void *run_session(void *ctx)
{
    static const morgue_facet facets[] = { MORGUE_FACET_MONTH, MORGUE_FACET_SOURCE };
    reader *r = ctx;
    stage *s = r->stage;
    morgue_session *session = NULL;
    for (unsigned round = 0; !atomic_load(&s->stop); round++) {
        const morgue_question question = { .query = "everything", .options.limit = PAGE + 10, .snippet_chars = 80,
                                           .count = 1, .facets = facets, .facet_count = 2, .names_max = 5 };
        morgue_error err = { 0 };
        uint64_t ticket = 0;
        if (round % 50 == 0) { /* closed at whatever it is about */
            morgue_session_close(session);
            if (morgue_session_open(&session, paths, 1, NULL, &err)) {
                tell(s, "a session cannot be opened", &err, round, 0);
                break;
            }
        }
        for (unsigned keys = 1 + test_below(&r->chance, 3); keys; keys--) /* each replaces the one before */
            if (morgue_session_ask(session, &question, &ticket, &err))
                tell(s, "a session cannot be asked", &err, round, 0);
        take_parts(r, session, ticket, r->seen, 1 + test_below(&r->chance, 7));
        if (test_below(&r->chance, 10) == 0)
            morgue_session_cancel(session);
    }
    morgue_session_close(session);
    return NULL;
}

START_TEST(answers_are_those_of_one_commit)
{
    stage s = { .lock = PTHREAD_MUTEX_INITIALIZER };
    const struct timespec pause = { 0, 20000000 };
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    pthread_t writer, threads[READERS];
    reader readers[READERS];
    uint64_t seed = test_seed();
    double end = test_now() + from_environment("STRESS_SECONDS", SECONDS);
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    test_ok(write_commit(indexer, 1, &err));
    morgue_indexer_close(indexer);
    atomic_store(&s.begun, 1);
    atomic_store(&s.commits, 1);
    ck_assert_int_eq(pthread_create(&writer, NULL, run_writer, &s), 0);
    for (unsigned i = 0; i < READERS; i++) {
        readers[i] = (reader){ .stage = &s, .chance = seed * READERS + i };
        ck_assert_int_eq(pthread_create(&threads[i], NULL, i < SESSIONS ? run_session : run_reader, &readers[i]), 0);
    }
    while (test_now() < end && !atomic_load(&s.stop))
        nanosleep(&pause, NULL);
    atomic_store(&s.stop, 1);
    pthread_join(writer, NULL);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    printf("%u commits, %lu answers, %lu cancelled\n", atomic_load(&s.commits), atomic_load(&s.answers),
           atomic_load(&s.cancelled));
    ck_assert_msg(!s.failure[0], "%s", s.failure);
    ck_assert_uint_gt(atomic_load(&s.commits), 3);
    ck_assert_uint_gt(atomic_load(&s.answers), 20);
    test_archive_is_sound(archive);
}
END_TEST

/* ---- Memory ----------------------------------------------------------------------------------------------------- */

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void search_for_memory(morgue_searcher *searcher, uint64_t *chance)
{
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_snippet snippet;
    const morgue_facet_value *values;
    const morgue_associate *names;
    size_t count;
    char query[160];
    unsigned a = test_below(chance, 300), b = test_below(chance, 300);
    const char *const forms[] = { "word%u OR word%u", "word%u NEAR/9 word%u", "person:merkel word%u -word%u",
                                  "\"word%u\" OR wor?%u*", "wodr%u OR word%u~", "commit%u OR slot%u" };
    unsigned form = test_below(chance, sizeof forms / sizeof *forms);
    snprintf(query, sizeof query, forms[form], a, b);
    const morgue_search_options options = { .exact_count = a & 1,
                                            .sort = b % 5 ? MORGUE_SORT_RELEVANCE : MORGUE_SORT_NEWEST };
    test_ok(morgue_search(searcher, query, &options, &results, &err));
    for (size_t i = 0; i < morgue_results_size(results); i++)
        test_ok(morgue_hit_snippet(morgue_results_hit(results, i), 100, &snippet, &err));
    const morgue_facet facet = b % 2 ? MORGUE_FACET_MONTH : MORGUE_FACET_SOURCE;
    if (a % 4 == 0)
        test_ok(morgue_results_facet(results, facet, 5, &values, &count, NULL, &err));
    if (a % 4 == 1)
        test_ok(morgue_results_names(results, NULL, 5, &names, &count, &err));
    if (a % 64 == 2)
        (void)morgue_results_suggestion(results, &err);
    morgue_results_free(results);
}

static void ask_for_memory(morgue_session *session, unsigned number)
{
    struct pollfd ready = { .fd = morgue_session_fd(session), .events = POLLIN };
    char query[40];
    morgue_error err = { 0 };
    const morgue_question question = { .query = query, .snippet_chars = 80, .count = 1, .names_max = 3 };
    snprintf(query, sizeof query, "word%u", number % 300);
    test_ok(morgue_session_ask(session, &question, NULL, &err));
    for (int ended = number % 3 == 0; !ended;) { /* every third is replaced */
        poll(&ready, 1, -1);
        morgue_part *part = morgue_session_take(session);
        ended = morgue_part_get_kind(part) == MORGUE_PART_END;
        morgue_part_free(part);
    }
}

START_TEST(memory_is_flat_over_many_searches)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    morgue_searcher *searcher;
    morgue_session *session;
    uint64_t chance = test_seed();
    unsigned searches = from_environment("STRESS_SEARCHES", SEARCHES), warm = searches / 4 < 5000 ? searches / 4 : 5000;
    long before = 0;
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    for (unsigned commit = 1; commit <= 2 * SLOTS; commit++)
        test_ok(write_commit(indexer, commit, &err));
    morgue_indexer_close(indexer);
    test_ok(morgue_searcher_open(&searcher, paths, 1, &err));
    test_ok(morgue_session_open(&session, paths, 1, NULL, &err));
    for (unsigned i = 0; i < searches; i++) {
        if (i == warm)
            before = resident_kb();
        if (i % 5)
            search_for_memory(searcher, &chance);
        else
            ask_for_memory(session, i);
        if (i % 500 == 0)
            test_ok(morgue_searcher_refresh(searcher, &err));
    }
    long growth = resident_kb() - before;
    printf("%u searches; after the first %u, %ld KB are resident, and %ld more at the end\n", searches, warm, before,
           growth);
    morgue_session_close(session);
    morgue_searcher_close(searcher);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    printf("skip: sanitizers keep memory of their own, so its growth is not judged\n");
#else
    ck_assert_msg(growth < MAX_GROWTH_KB, "memory grew by %ld KB", growth);
#endif
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress");
    TCase *tcase = tcase_create("stress");
    tcase_set_timeout(tcase, from_environment("STRESS_SECONDS", SECONDS) + 120);
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_add_test(tcase, answers_are_those_of_one_commit);
    suite_add_tcase(suite, tcase);
    TCase *memory = tcase_create("memory");
    tcase_set_timeout(memory, from_environment("STRESS_SEARCHES", SEARCHES) / 10 + 120);
    tcase_add_unchecked_fixture(memory, make_scratch, remove_scratch);
    tcase_add_test(memory, memory_is_flat_over_many_searches);
    suite_add_tcase(suite, memory);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions, as an application uses them: parts come in their order and say what the plain calls say, only those of the
 * newest question come, the descriptor tells when, and nothing goes wrong with memory, other threads, or a session
 * that is closed in the middle of its work.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "../support/testing.h"
#include "core/alloc.h"

enum { ARTICLES = 400, PATIENCE_MS = 60000, KINDS = MORGUE_PART_END + 1 };

static char scratch[TEST_PATH], archive[TEST_PATH];
static const char *const paths[] = { archive };

/* Takes some milliseconds. */
static const char heavy[] = "(a* OR e*) NEAR/50 (s* OR t*)";

static const char *const people[] = { "Ann Lee", "Bo Day", "Vladimir Putin", "Carla Gruber" };
static const char *const topics[] = { "harbour", "railway", "election", "orchard", "sanctions" };

static void add_articles(morgue_indexer *indexer, unsigned first, unsigned count)
{
    morgue_error err = { 0 };
    for (unsigned i = first; i < first + count; i++) {
        char id[32], title[80], text[400], date[16];
        snprintf(id, sizeof id, "a%u", i);
        snprintf(title, sizeof title, "The %s, part %u", topics[i % 5], i);
        snprintf(text, sizeof text,
                 "%s spoke about the %s in Berlin on Monday. The minister said that the %s would stay. Number %u was "
                 "drawn, and the talks went on until the morning.",
                 people[i % 5 % 4], topics[i % 5], topics[(i + 1) % 5], i);
        snprintf(date, sizeof date, "2014-%02u-%02u", i % 12 + 1, i % 28 + 1);
        morgue_article article = {
            .id = id, .title = title, .text = text, .date = date, .source = i % 3 ? "Reuters" : "AFP"
        };
        test_ok(morgue_indexer_add(indexer, &article, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
}

static void make_archive(void)
{
    morgue_error err = { 0 };
    morgue_indexer *indexer;
    test_make_scratch(scratch);
    test_path(archive, scratch, "archive");
    if (morgue_indexer_open(&indexer, archive, NULL, &err))
        exit(2);
    add_articles(indexer, 0, ARTICLES);
    morgue_indexer_close(indexer);
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

static morgue_session *open_session(void)
{
    morgue_session *session;
    morgue_error err = { 0 };
    test_ok(morgue_session_open(&session, paths, 1, NULL, &err));
    return session;
}

static int is_readable(const morgue_session *session, int ms)
{
    struct pollfd ready = { .fd = morgue_session_fd(session), .events = POLLIN };
    return poll(&ready, 1, ms) == 1;
}

/* The next part, waiting for it. */
static morgue_part *next_part(morgue_session *session)
{
    ck_assert_msg(is_readable(session, PATIENCE_MS), "nothing comes");
    morgue_part *part = morgue_session_take(session);
    ck_assert_msg(part != NULL, "the descriptor says that a part waits, but none does");
    return part;
}

/* Waits for the end, and counts what comes before it by kind. */
static morgue_error drain(morgue_session *session, uint64_t ticket, unsigned counts[KINDS])
{
    morgue_error result;
    memset(counts, 0, KINDS * sizeof *counts);
    for (;;) {
        morgue_part *part = next_part(session);
        morgue_part_kind kind = morgue_part_get_kind(part);
        ck_assert_uint_eq(morgue_part_ticket(part), ticket);
        counts[kind]++;
        result = *morgue_part_error(part);
        morgue_part_free(part);
        if (kind == MORGUE_PART_END)
            break;
        ck_assert_int_eq(result.status, MORGUE_OK);
    }
    ck_assert_msg(!is_readable(session, 0), "readable past the end");
    ck_assert_ptr_null(morgue_session_take(session));
    return result;
}

static uint64_t ask(morgue_session *session, const char *query)
{
    morgue_question question = MORGUE_QUESTION_INIT;
    morgue_error err = { 0 };
    uint64_t ticket;
    question.query = query;
    question.count = 1;
    test_ok(morgue_session_ask(session, &question, &ticket, &err));
    ck_assert_uint_gt(ticket, 0);
    return ticket;
}

/* ---- Against the plain calls ---- */

static void expect_page(const morgue_part *part, const morgue_results *plain)
{
    const morgue_results *page = morgue_part_results(part);
    ck_assert_uint_eq(morgue_results_size(page), morgue_results_size(plain));
    for (size_t i = 0; i < morgue_results_size(plain); i++) {
        const morgue_hit *is = morgue_results_hit(page, i), *should = morgue_results_hit(plain, i);
        morgue_snippet a, b;
        morgue_error err = { 0 };
        ck_assert_str_eq(morgue_hit_id(is), morgue_hit_id(should));
        ck_assert_double_eq(morgue_hit_score(is), morgue_hit_score(should));
        test_ok(morgue_hit_snippet(is, 80, &a, &err));
        test_ok(morgue_hit_snippet(should, 80, &b, &err));
        ck_assert_str_eq(a.text, b.text);
        ck_assert_uint_eq(a.match_count, b.match_count);
    }
}

static void expect_facet(const morgue_part *part, morgue_facet wanted, morgue_results *plain)
{
    morgue_facet facet;
    size_t count, total, plain_count, plain_total;
    const morgue_facet_value *plain_values, *values = morgue_part_facet(part, &facet, &count, &total);
    morgue_error err = { 0 };
    test_ok(morgue_results_facet(plain, wanted, 3, &plain_values, &plain_count, &plain_total, &err));
    ck_assert_int_eq(facet, wanted);
    ck_assert_uint_eq(count, plain_count);
    ck_assert_uint_eq(total, plain_total);
    ck_assert_uint_gt(count, 0);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(values[i].value, plain_values[i].value);
        ck_assert_str_eq(values[i].key, plain_values[i].key);
        ck_assert_uint_eq(values[i].count, plain_values[i].count);
    }
}

static void expect_names(const morgue_part *part, morgue_results *plain)
{
    size_t count, plain_count;
    const morgue_associate *plain_names, *names = morgue_part_names(part, &count);
    morgue_error err = { 0 };
    test_ok(morgue_results_names(plain, "person", 4, &plain_names, &plain_count, &err));
    ck_assert_uint_eq(count, plain_count);
    ck_assert_uint_gt(count, 0);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(names[i].name, plain_names[i].name);
        ck_assert_str_eq(names[i].key, plain_names[i].key);
        ck_assert_uint_eq(names[i].count, plain_names[i].count);
    }
}

START_TEST(parts_come_in_order_and_say_what_plain_calls_say)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON, MORGUE_FACET_MONTH };
    static const morgue_part_kind order[] = { MORGUE_PART_PAGE,  MORGUE_PART_COUNT, MORGUE_PART_FACET,
                                              MORGUE_PART_FACET, MORGUE_PART_NAMES, MORGUE_PART_END };
    morgue_session *session = open_session();
    morgue_searcher *searcher;
    morgue_results *plain;
    morgue_error err = { 0 };
    morgue_search_options exact = { .limit = 7, .exact_count = 1 };
    char query[] = "harbour minister";
    morgue_facet asked[2] = { facets[0], facets[1] };
    morgue_question question = { .query = query,
                                 .options.limit = 7,
                                 .snippet_chars = 80,
                                 .count = 1,
                                 .facets = asked,
                                 .facet_count = 2,
                                 .facet_max = 3,
                                 .names_max = 4,
                                 .name_types = "person" };
    uint64_t ticket, count;
    test_ok(morgue_searcher_open(&searcher, paths, 1, &err));
    test_ok(morgue_search(searcher, query, &exact, &plain, &err));
    morgue_results_count(plain, &count, NULL);
    test_ok(morgue_session_ask(session, &question, &ticket, &err));
    memset(query, 'x', sizeof query - 1); /* the question was copied */
    memset(asked, 0, sizeof asked);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        morgue_part *part = next_part(session);
        ck_assert_int_eq(morgue_part_get_kind(part), order[i]);
        ck_assert_uint_eq(morgue_part_ticket(part), ticket);
        ck_assert_msg(!morgue_part_error(part)->status, "%s", morgue_part_error(part)->message);
        ck_assert_msg(!morgue_part_results(part) == (order[i] != MORGUE_PART_PAGE), "results of part %zu", i);
        if (order[i] == MORGUE_PART_PAGE)
            expect_page(part, plain);
        if (order[i] == MORGUE_PART_COUNT)
            ck_assert_uint_eq(morgue_part_count(part), count);
        if (order[i] == MORGUE_PART_FACET)
            expect_facet(part, facets[i - 2], plain);
        if (order[i] == MORGUE_PART_NAMES)
            expect_names(part, plain);
        morgue_part_free(part);
    }
    ck_assert_msg(!is_readable(session, 0), "readable past the end");
    morgue_results_free(plain);
    morgue_searcher_close(searcher);
    morgue_session_close(session);
}
END_TEST

START_TEST(a_misspelt_query_is_suggested_better)
{
    morgue_session *session = open_session();
    morgue_question question = { .query = "orchrad", .suggestion = 1 };
    morgue_error err = { 0 };
    int suggested = 0;
    test_ok(morgue_session_ask(session, &question, NULL, &err));
    for (morgue_part_kind kind = MORGUE_PART_PAGE; kind != MORGUE_PART_END;) {
        morgue_part *part = next_part(session);
        kind = morgue_part_get_kind(part);
        ck_assert_msg(!morgue_part_suggestion(part) == (kind != MORGUE_PART_SUGGESTION), "kind %d", (int)kind);
        if (kind == MORGUE_PART_SUGGESTION)
            ck_assert_str_eq(morgue_part_suggestion(part), "orchard");
        suggested += kind == MORGUE_PART_SUGGESTION;
        morgue_part_free(part);
    }
    ck_assert_int_eq(suggested, 1);
    morgue_session_close(session);
}
END_TEST

START_TEST(more_like_an_article)
{
    morgue_session *session = open_session();
    morgue_question question = { .similar_to = "a5" };
    morgue_error err = { 0 };
    unsigned counts[KINDS];
    uint64_t ticket;
    test_ok(morgue_session_ask(session, &question, &ticket, &err));
    err = drain(session, ticket, counts);
    ck_assert_int_eq(err.status, MORGUE_OK);
    ck_assert_uint_eq(counts[MORGUE_PART_PAGE], 1);
    question.similar_to = "nobody";
    test_ok(morgue_session_ask(session, &question, &ticket, &err));
    err = drain(session, ticket, counts);
    ck_assert_int_eq(err.status, MORGUE_ERR_NOT_FOUND);
    ck_assert_uint_eq(counts[MORGUE_PART_PAGE], 0);
    morgue_session_close(session);
}
END_TEST

/* ---- Failures ---- */

START_TEST(what_cannot_be_asked_is_told_at_the_end)
{
    morgue_session *session = open_session();
    morgue_question nothing = MORGUE_QUESTION_INIT;
    morgue_error err = { 0 };
    unsigned counts[KINDS];
    uint64_t ticket = ask(session, "harbour NEAR/0 (");
    morgue_error end = drain(session, ticket, counts);
    ck_assert_int_eq(end.status, MORGUE_ERR_INVALID);
    ck_assert_int_gt(end.column, 0);
    ck_assert_uint_eq(counts[MORGUE_PART_PAGE], 0);
    ck_assert_int_eq(morgue_session_ask(session, &nothing, &ticket, &err), MORGUE_ERR_INVALID);
    test_clean_failure(err.status, &err, "no query");
    ck_assert_uint_eq(ticket, 0);
    end = drain(session, ask(session, "harbour"), counts); /* the session goes on */
    ck_assert_int_eq(end.status, MORGUE_OK);
    morgue_session_close(session);
}
END_TEST

START_TEST(an_archive_that_is_not_there)
{
    const char *nowhere[] = { "/nonexistent/archive" };
    morgue_session *session;
    morgue_error err = { 0 };
    ck_assert_int_eq(morgue_session_open(&session, nowhere, 1, NULL, &err), MORGUE_ERR_NOT_FOUND);
    test_clean_failure(err.status, &err, "open");
    ck_assert_ptr_null(session);
    ck_assert_int_eq(morgue_session_open(&session, nowhere, 0, NULL, &err), MORGUE_ERR_INVALID);
    morgue_session_close(NULL);
    morgue_part_free(NULL);
}
END_TEST

/* Whatever allocation fails, on either thread: the question is refused, or its end comes and says it, or all comes. */
START_TEST(memory_that_runs_out_is_told)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON };
    morgue_session *session = open_session();
    unsigned counts[KINDS], failed = 0, whole = 0;
    for (long n = 1; whole < 2; n += 1 + n / 8) {
        morgue_question question = { .query = "harbour person:putin",
                                     .options.limit = 3,
                                     .snippet_chars = 60,
                                     .count = 1,
                                     .facets = facets,
                                     .facet_count = 1,
                                     .facet_max = 3,
                                     .names_max = 4 };
        morgue_error err = { 0 };
        uint64_t ticket;
        mrg_alloc_fail_at(n);
        morgue_status status = morgue_session_ask(session, &question, &ticket, &err);
        if (!status)
            status = (err = drain(session, ticket, counts)).status;
        mrg_alloc_fail_at(0);
        ck_assert_msg(!status || status == MORGUE_ERR_NOMEM, "allocation %ld: %d %s", n, (int)status, err.message);
        failed += status == MORGUE_ERR_NOMEM;
        whole += !status && counts[MORGUE_PART_NAMES] == 1 && n > 200;
    }
    ck_assert_uint_gt(failed, 10);
    morgue_session_close(session);
}
END_TEST

/* ---- Replacing ---- */

START_TEST(only_the_newest_question_is_answered)
{
    morgue_session *session = open_session();
    static const char typed[] = "sanctions minister morning";
    unsigned counts[KINDS];
    uint64_t ticket = 0, last = 0;
    for (int round = 0; round < 30; round++) {
        for (size_t len = 1; len < sizeof typed; len++) {
            char query[sizeof typed + 1] = "";
            memcpy(query, typed, len);
            query[len] = '*';
            ticket = ask(session, query);
            ck_assert_uint_gt(ticket, last);
            last = ticket;
            if (len % 3 == 0 && is_readable(session, round % 3)) {
                morgue_part *part = morgue_session_take(session);
                if (part)
                    ck_assert_uint_eq(morgue_part_ticket(part), ticket);
                morgue_part_free(part);
            }
        }
        ticket = ask(session, typed);
        ck_assert_int_eq(drain(session, ticket, counts).status, MORGUE_OK);
        ck_assert_uint_eq(counts[MORGUE_PART_PAGE], 1);
        ck_assert_uint_eq(counts[MORGUE_PART_COUNT], 1);
    }
    morgue_session_close(session);
}
END_TEST

START_TEST(nothing_comes_of_what_was_cancelled)
{
    morgue_session *session = open_session();
    unsigned counts[KINDS];
    for (int i = 0; i < 200; i++) {
        ask(session, heavy);
        if (i % 2)
            is_readable(session, i % 5);
        morgue_session_cancel(session);
        ck_assert_msg(!is_readable(session, 0), "readable after a cancel");
        ck_assert_ptr_null(morgue_session_take(session));
    }
    ck_assert_int_eq(drain(session, ask(session, heavy), counts).status, MORGUE_OK);
    morgue_session_close(session);
}
END_TEST

START_TEST(closing_in_the_middle)
{
    static const morgue_facet facets[] = { MORGUE_FACET_PERSON, MORGUE_FACET_SOURCE, MORGUE_FACET_DAY };
    for (int i = 0; i < 60; i++) {
        morgue_session *session = open_session();
        morgue_question question = { .query = heavy,
                                     .snippet_chars = 200,
                                     .count = 1,
                                     .facets = facets,
                                     .facet_count = 3,
                                     .names_max = 10,
                                     .settle_ms = i % 4 ? 0 : 50 };
        morgue_error err = { 0 };
        test_ok(morgue_session_ask(session, &question, NULL, &err));
        if (i % 3)
            is_readable(session, i % 7); /* a page may wait, nobody takes it */
        morgue_session_close(session);
    }
}
END_TEST

/* What comes after the page waits, and does not come at all if there is another question. */
START_TEST(overviews_wait_until_it_settles)
{
    static const morgue_facet facets[] = { MORGUE_FACET_YEAR };
    morgue_session *session = open_session();
    morgue_question question = { .query = "harbour", .facets = facets, .facet_count = 1, .settle_ms = 3600 * 1000 };
    morgue_error err = { 0 };
    unsigned counts[KINDS];
    uint64_t ticket;
    test_ok(morgue_session_ask(session, &question, &ticket, &err));
    morgue_part *page = next_part(session);
    ck_assert_int_eq(morgue_part_get_kind(page), MORGUE_PART_PAGE);
    question.settle_ms = 1;
    test_ok(morgue_session_ask(session, &question, &ticket, &err)); /* within the hour */
    ck_assert_int_eq(drain(session, ticket, counts).status, MORGUE_OK);
    ck_assert_uint_eq(counts[MORGUE_PART_FACET], 1);
    morgue_part_free(page);
    morgue_session_close(session);
}
END_TEST

/* ---- Pages that are held, and commits ---- */

START_TEST(pages_stay_good_while_others_are_asked_for)
{
    enum { HELD = 6 };
    morgue_session *session = open_session();
    morgue_part *held[HELD];
    morgue_error err = { 0 };
    for (int i = 0; i < HELD; i++) {
        morgue_question question = { .query = topics[i % 5], .options.limit = 4, .options.offset = (size_t)i };
        uint64_t ticket;
        test_ok(morgue_session_ask(session, &question, &ticket, &err));
        held[i] = next_part(session);
        ck_assert_int_eq(morgue_part_get_kind(held[i]), MORGUE_PART_PAGE);
        morgue_part_free(next_part(session));
    }
    ask(session, heavy); /* the session is at work while the pages are read */
    for (int i = 0; i < HELD; i++) {
        morgue_results *results = morgue_part_results(held[i]);
        ck_assert_uint_eq(morgue_results_size(results), 4);
        for (size_t k = 0; k < 4; k++) {
            const char *text;
            size_t len, versions;
            const morgue_hit *hit = morgue_results_hit(results, k);
            test_ok(morgue_hit_text(hit, &text, &len, &err));
            ck_assert_ptr_nonnull(strstr(text, topics[i % 5]));
            test_ok(morgue_hit_versions(hit, &versions, NULL, &err));
        }
        morgue_part_free(held[i]);
    }
    morgue_session_close(session);
}
END_TEST

static uint64_t count_of(morgue_session *session, const char *query)
{
    uint64_t count = 0;
    ask(session, query);
    for (morgue_part_kind kind = MORGUE_PART_PAGE; kind != MORGUE_PART_END;) {
        morgue_part *part = next_part(session);
        kind = morgue_part_get_kind(part);
        if (kind == MORGUE_PART_COUNT)
            count = morgue_part_count(part);
        morgue_part_free(part);
    }
    return count;
}

START_TEST(each_question_sees_the_newest_commit)
{
    morgue_session *session = open_session();
    morgue_indexer *indexer;
    morgue_error err = { 0 };
    ck_assert_uint_eq(count_of(session, "minister"), ARTICLES);
    test_ok(morgue_indexer_open(&indexer, archive, NULL, &err));
    add_articles(indexer, ARTICLES, 20);
    ck_assert_uint_eq(count_of(session, "minister"), ARTICLES + 20);
    for (unsigned i = 0; i < 20; i++) {
        char id[32];
        snprintf(id, sizeof id, "a%u", ARTICLES + i);
        test_ok(morgue_indexer_delete(indexer, id, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    ck_assert_uint_eq(count_of(session, "minister"), ARTICLES);
    morgue_indexer_close(indexer);
    morgue_session_close(session);
}
END_TEST

/* ---- Waking ---- */

typedef struct waking {
    pthread_mutex_t lock;
    pthread_cond_t came;
    unsigned times;
} waking;

static void wake(void *ctx)
{
    waking *w = ctx;
    pthread_mutex_lock(&w->lock);
    w->times++;
    pthread_cond_signal(&w->came);
    pthread_mutex_unlock(&w->lock);
}

START_TEST(a_function_is_called_for_each_part)
{
    waking w = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };
    morgue_session_options options = { .wake = wake, .ctx = &w };
    morgue_session *session;
    morgue_error err = { 0 };
    int ended = 0;
    unsigned parts = 0;
    test_ok(morgue_session_open(&session, paths, 1, &options, &err));
    ask(session, "election");
    while (!ended) {
        pthread_mutex_lock(&w.lock);
        while (w.times == parts)
            pthread_cond_wait(&w.came, &w.lock);
        pthread_mutex_unlock(&w.lock);
        morgue_part *part = morgue_session_take(session);
        ck_assert_ptr_nonnull(part);
        ended = morgue_part_get_kind(part) == MORGUE_PART_END;
        morgue_part_free(part);
        parts++;
    }
    ck_assert_uint_eq(parts, 3);
    morgue_session_close(session);
}
END_TEST

/* Several threads ask and take from one session: whatever is taken is of a question that was asked. */
typedef struct crowd {
    morgue_session *session;
    atomic_uint taken;
    atomic_int wrong;
} crowd;

static void *ask_and_take(void *ctx)
{
    crowd *c = ctx;
    for (int i = 0; i < 200; i++) {
        morgue_question question = { .query = topics[i % 5], .options.limit = 3, .count = 1 };
        uint64_t ticket;
        if (morgue_session_ask(c->session, &question, &ticket, NULL))
            atomic_store(&c->wrong, 1);
        is_readable(c->session, 1);
        morgue_part *part = morgue_session_take(c->session);
        if (part && (!morgue_part_ticket(part) || morgue_part_error(part)->status))
            atomic_store(&c->wrong, 1);
        atomic_fetch_add(&c->taken, part != NULL);
        morgue_part_free(part);
    }
    return NULL;
}

START_TEST(any_thread_may_ask_and_take)
{
    crowd c = { .session = open_session() };
    pthread_t threads[3];
    unsigned counts[KINDS];
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_and_take, &c), 0);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&c.wrong), 0);
    ck_assert_uint_gt(atomic_load(&c.taken), 0);
    ck_assert_int_eq(drain(c.session, ask(c.session, "orchard"), counts).status, MORGUE_OK);
    morgue_session_close(c.session);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");
    tcase_set_timeout(tests, 300);
    tcase_add_unchecked_fixture(tests, make_archive, remove_scratch);
    tcase_add_test(tests, parts_come_in_order_and_say_what_plain_calls_say);
    tcase_add_test(tests, a_misspelt_query_is_suggested_better);
    tcase_add_test(tests, more_like_an_article);
    tcase_add_test(tests, what_cannot_be_asked_is_told_at_the_end);
    tcase_add_test(tests, an_archive_that_is_not_there);
    tcase_add_test(tests, memory_that_runs_out_is_told);
    tcase_add_test(tests, only_the_newest_question_is_answered);
    tcase_add_test(tests, nothing_comes_of_what_was_cancelled);
    tcase_add_test(tests, closing_in_the_middle);
    tcase_add_test(tests, overviews_wait_until_it_settles);
    tcase_add_test(tests, pages_stay_good_while_others_are_asked_for);
    tcase_add_test(tests, each_question_sees_the_newest_commit);
    tcase_add_test(tests, a_function_is_called_for_each_part);
    tcase_add_test(tests, any_thread_may_ask_and_take);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_xapian_c_remote.c: databases behind a stock xapian-tcpsrv on the loopback interface. Says so and
 * passes if that program is not installed.
 */
#define _XOPEN_SOURCE 700
#include "check_xapian_c.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

static const char *server_program(void)
{
    static const char *places[] = { "/usr/bin/xapian-tcpsrv", "/usr/local/bin/xapian-tcpsrv" };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

static pid_t server;
static int server_says = -1; /* kept open: it would not survive a broken pipe */
static uint16_t port;

/* A port nobody listens on just now. */
static uint16_t free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* Starts a server for in_dir(name) and waits until it says that it listens; tries other ports if
   somebody was quicker. */
static void start_server(const char *name, const char *mode)
{
    for (int attempt = 0; attempt < 5; attempt++) {
        int out[2];
        char number[16], said[256];
        size_t used = 0;
        ssize_t got;
        port = free_port();
        snprintf(number, sizeof number, "%u", port);
        ck_assert_int_eq(pipe(out), 0);
        server = fork();
        ck_assert_int_ge(server, 0);
        if (server == 0) {
            setpgid(0, 0);                    /* on SIGTERM it passes that on to its whole group */
            prctl(PR_SET_PDEATHSIG, SIGTERM); /* a failing test leaves no server behind */
            int null = open("/dev/null", O_WRONLY);
            dup2(out[1], 1);
            dup2(null, 2);
            close(out[0]);
            execl(server_program(), server_program(), "--interface", "127.0.0.1", "--port", number, mode, in_dir(name),
                  (char *)NULL);
            _exit(127);
        }
        close(out[1]);
        while (used < sizeof said - 1 && (got = read(out[0], said + used, sizeof said - 1 - used)) > 0) {
            used += (size_t)got;
            said[used] = '\0';
            if (strstr(said, "Listening"))
                break;
        }
        server_says = out[0];
        if (used > 0 && strstr(said, "Listening"))
            return;
        close(out[0]);
        waitpid(server, NULL, 0);
    }
    ck_abort_msg("xapian-tcpsrv does not start");
}

static void stop_server(void)
{
    if (server > 0) {
        kill(server, SIGTERM);
        waitpid(server, NULL, 0);
        close(server_says);
    }
    server = 0;
}

static void set_up(void)
{
    make_dir();
    for (int s = 0; s < 2; s++) {
        xapian_writable *writer = open_writer(in_dir(s ? "b" : "a"));
        xapian_document *doc = make_document(s ? "far away" : "near by");
        xapian_docid docid;
        OK(xapian_document_set_value(doc, 0, S("v"), &err));
        for (int i = 0; i < 5; i++)
            OK(xapian_writable_add_document(&docid, writer, doc, &err));
        OK(xapian_writable_set_metadata(writer, S("k"), s ? "remote" : "local", s ? 6 : 5, &err));
        xapian_document_free(doc);
        close_writer(writer);
    }
}

static void tear_down(void)
{
    stop_server();
    remove_dir();
}

static xapian_enquire *ask(xapian_database *db, xapian_query *query)
{
    xapian_enquire *enquire;
    OK(xapian_enquire_create(&enquire, db, &err));
    OK(xapian_enquire_set_query(enquire, query, 0, &err));
    xapian_query_free(query);
    return enquire;
}

static xapian_query *term(const char *name)
{
    xapian_query *query;
    OK(xapian_query_term(&query, name, strlen(name), 1, 0, &err));
    return query;
}

START_TEST(local_and_remote_are_searched_as_one)
{
    xapian_database *db, *remote;
    xapian_mset *mset;
    xapian_document *doc;
    xapian_spy *counts;
    size_t total;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    start_server("b", "--timeout=20000");
    OK(xapian_database_open_remote(&remote, "127.0.0.1", port, 10000, 10000, &err));
    OK(xapian_database_metadata(&text, remote, S("k"), &err));
    ck_assert_str_eq(text.data, "remote");
    OK(xapian_database_keep_alive(remote, &err));
    db = open_reader(in_dir("a"));
    OK(xapian_database_add(db, remote, &err));
    xapian_database_free(remote);

    const xapian_query *words[] = { term("far"), term("by") };
    xapian_query *either;
    OK(xapian_query_combine(&either, XAPIAN_OP_OR, words, 2, 0, &err));
    xapian_query_free((xapian_query *)words[0]);
    xapian_query_free((xapian_query *)words[1]);
    xapian_enquire *enquire = ask(db, either);
    OK(xapian_spy_value_count(&counts, 0, &err));
    OK(xapian_enquire_add_spy(enquire, counts, &err));
    const xapian_match_options all = { .max = 100, .check_at_least = 100 };
    OK(xapian_enquire_get_mset(&mset, enquire, &all, &err));
    ck_assert_uint_eq(xapian_mset_size(mset), 10);
    OK(xapian_spy_total(&total, counts, &err));
    ck_assert_uint_eq(total, 10);
    OK(xapian_mset_fetch(mset, &err));
    for (size_t i = 0; i < 10; i++) {
        xapian_hit hit;
        OK(xapian_mset_hit(&hit, mset, i, &err));
        OK(xapian_mset_document(&doc, mset, i, &err));
        OK(xapian_document_data(&text, doc, &err));
        ck_assert_str_eq(text.data, hit.docid % 2 ? "near by" : "far away");
        xapian_document_free(doc);
    }
    xapian_mset_free(mset);
    xapian_spy_free(counts);
    xapian_enquire_free(enquire);
    xapian_database_free(db);
    xapian_buffer_dispose(&text);
}
END_TEST

static xapian_status accept_all(bool *accepted, void *ctx, const xapian_document *doc, xapian_error *said)
{
    (void)ctx, (void)doc, (void)said;
    *accepted = true;
    return XAPIAN_C_OK;
}

static xapian_status source_init(void *ctx, const xapian_source_shard *shard, xapian_source_bounds *bounds,
                                 xapian_error *said)
{
    (void)ctx, (void)shard, (void)bounds, (void)said;
    return XAPIAN_C_OK;
}

static xapian_status source_next(void *ctx, double min_weight, xapian_posting *at, xapian_error *said)
{
    (void)ctx, (void)min_weight, (void)said;
    at->docid = 0;
    return XAPIAN_C_OK;
}

static xapian_status source_skip_to(void *ctx, xapian_docid docid, double min_weight, xapian_posting *at,
                                    xapian_error *said)
{
    (void)docid;
    return source_next(ctx, min_weight, at, said);
}

START_TEST(callbacks_do_not_travel)
{
    xapian_database *db;
    xapian_mset *mset;
    xapian_query *query;
    start_server("b", "--timeout=20000");
    OK(xapian_database_open_remote(&db, "127.0.0.1", port, 0, 0, &err));
    xapian_enquire *enquire = ask(db, term("far"));
    const xapian_decider decider = { accept_all, NULL };
    xapian_match_options options = { .max = 10, .decider = &decider };
    FAILS(XAPIAN_C_UNIMPLEMENTED, xapian_enquire_get_mset(&mset, enquire, &options, &err));
    const xapian_posting_source source = {
        .size = sizeof source, .init = source_init, .next = source_next, .skip_to = source_skip_to
    };
    OK(xapian_query_posting_source(&query, &source, NULL, &err));
    OK(xapian_enquire_set_query(enquire, query, 0, &err));
    xapian_query_free(query);
    FAILS(XAPIAN_C_UNIMPLEMENTED, xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    xapian_enquire_free(enquire);
    xapian_database_free(db);
}
END_TEST

START_TEST(a_remote_database_can_be_written)
{
    xapian_writable *writer, *local;
    xapian_doccount n;
    start_server("b", "--writable");
    OK(xapian_writable_open_remote(&writer, "127.0.0.1", port, 10000, 10000, &err));
    add_words(writer, "from here");
    OK(xapian_writable_commit(writer, &err));
    FAILS(XAPIAN_C_LOCK, xapian_writable_open(&local, in_dir("b"), XAPIAN_DB_OPEN, 0, 0, &err));
    close_writer(writer);
    xapian_database *db = open_reader(in_dir("b"));
    OK(xapian_database_doccount(&n, db, &err));
    ck_assert_uint_eq(n, 6);
    xapian_database_free(db);
}
END_TEST

START_TEST(a_server_that_dies_is_a_network_error_and_no_signal)
{
    xapian_database *db;
    xapian_doccount n;
    bool yes;
    start_server("b", "--timeout=20000");
    OK(xapian_database_open_remote(&db, "127.0.0.1", port, 10000, 10000, &err));
    OK(xapian_database_termfreq(&n, db, S("far"), &err));
    ck_assert_uint_eq(n, 5);
    stop_server();
    for (int i = 0; i < 3; i++) /* the first may only notice the end, later ones write into the void */
        ck_assert_int_lt(xapian_database_termfreq(&n, db, S("away"), &err), 0);
    ck_assert_msg(err.status == XAPIAN_C_NETWORK || err.status == XAPIAN_C_CLOSED, "%d", err.status);
    ck_assert_int_lt(xapian_database_reopen(&yes, db, &err), 0);
    xapian_database_free(db);
}
END_TEST

START_TEST(a_server_that_is_not_there_is_a_network_error)
{
    xapian_database *db;
    FAILS(XAPIAN_C_NETWORK, xapian_database_open_remote(&db, "127.0.0.1", free_port(), 1000, 1000, &err));
    ck_assert_ptr_null(db);
}
END_TEST

/* A listener that accepts and says nothing. */
START_TEST(a_server_that_says_nothing_times_out)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof address;
    xapian_database *db;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address) | listen(fd, 4), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    FAILS(XAPIAN_C_NETWORK_TIMEOUT,
          xapian_database_open_remote(&db, "127.0.0.1", ntohs(address.sin_port), 100, 100, &err));
    close(fd);
}
END_TEST

/* A listener that accepts, speaks nonsense and hangs up. */
START_TEST(a_server_that_speaks_nonsense_is_an_error)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof address;
    xapian_database *db;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address) | listen(fd, 4), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    pid_t child = fork();
    if (child == 0) {
        int peer = accept(fd, NULL, NULL);
        _exit(write(peer, "HTTP/1.0 400 no\r\n\r\n", 19) != 19);
    }
    xapian_status status = xapian_database_open_remote(&db, "127.0.0.1", ntohs(address.sin_port), 2000, 2000, &err);
    ck_assert_int_lt(status, 0);
    ck_assert_ptr_null(db);
    waitpid(child, NULL, 0);
    close(fd);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xapian_c_remote");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    if (server_program()) {
        tcase_add_test(tests, local_and_remote_are_searched_as_one);
        tcase_add_test(tests, callbacks_do_not_travel);
        tcase_add_test(tests, a_remote_database_can_be_written);
        tcase_add_test(tests, a_server_that_dies_is_a_network_error_and_no_signal);
    } else {
        printf("skipped: xapian-tcpsrv (package xapian-tools) is not installed\n");
    }
    tcase_add_test(tests, a_server_that_is_not_there_is_a_network_error);
    tcase_add_test(tests, a_server_that_says_nothing_times_out);
    tcase_add_test(tests, a_server_that_speaks_nonsense_is_an_error);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

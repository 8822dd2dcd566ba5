/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_xapian_c_source.c: posting sources in C: what they deliver, over one database and over two, how
 * they stop a match early, how their failures come out, and that every context is freed once.
 */
#define _XOPEN_SOURCE 700
#include "check_xapian_c.h"

enum { DOCS = 1000 };

/* What a source is told to do, shared by a context and its copies; and what they did. */
typedef struct plan {
    unsigned step;                 /* delivers every step-th document ... */
    double (*weigh)(xapian_docid); /* ... with this weight */
    double max_weight;
    bool lower_bound;    /* lowers max_weight once the middle is passed */
    const char *fail_in; /* the callback that fails ... */
    int fail_after;      /* ... after so many calls that went well */
    bool fail_silently;  /* without a message */
    bool stall;          /* next does not advance */
    int alive, inits, nexts, skips, checks, weights;
    double highest_min_weight;
    size_t shards_seen; /* a bit a shard */
    size_t shard_count;
    xapian_docid lastdocid;
    char first_term[16];
} plan;

typedef struct counter {
    plan *plan;
    xapian_docid docid, last;
    bool heap;
} counter;

static double flat(xapian_docid docid)
{
    (void)docid;
    return 1.0;
}

static double descending(xapian_docid docid)
{
    return 1000.0 / docid;
}

static double ascending(xapian_docid docid)
{
    return docid;
}

static xapian_status maybe_fail(plan *p, const char *where, xapian_error *said)
{
    if (!p->fail_in || strcmp(p->fail_in, where) != 0 || p->fail_after-- > 0)
        return XAPIAN_C_OK;
    if (!p->fail_silently)
        snprintf(said->message, sizeof said->message, "%s broke", where);
    return XAPIAN_C_CORRUPT;
}

static xapian_status source_init(void *ctx, const xapian_source_shard *shard, xapian_source_bounds *bounds,
                                 xapian_error *said)
{
    counter *s = ctx;
    plan *p = s->plan;
    xapian_term_iter *terms;
    const char *term;
    size_t len;
    s->docid = 0;
    s->last = p->lastdocid = shard->lastdocid;
    p->inits++;
    p->shard_count = shard->shard_count;
    if (shard->shard < 64)
        p->shards_seen |= (size_t)1 << shard->shard;
    ck_assert_uint_eq(shard->doccount, DOCS);
    ck_assert_uint_eq(bounds->termfreq_max, DOCS);
    bounds->termfreq_min = bounds->termfreq_est = bounds->termfreq_max = shard->doccount / p->step;
    bounds->max_weight = p->max_weight;
    /* The database of the shard can be asked. */
    if (xapian_database_allterms(&terms, shard->db, S("in"), said) < 0 ||
        xapian_term_iter_next(&term, &len, terms, said) < 0)
        return XAPIAN_C_INTERNAL;
    snprintf(p->first_term, sizeof p->first_term, "%.*s", (int)len, term);
    xapian_term_iter_free(terms);
    return maybe_fail(p, "init", said);
}

static void deliver(counter *s, double min_weight, xapian_posting *at)
{
    if (min_weight > s->plan->highest_min_weight)
        s->plan->highest_min_weight = min_weight;
    at->docid = s->docid > s->last ? 0 : s->docid;
    if (at->docid)
        at->weight = s->plan->weigh(at->docid);
    if (s->plan->lower_bound && s->docid > s->last / 2)
        at->max_weight = s->plan->weigh(s->docid);
}

static xapian_status source_next(void *ctx, double min_weight, xapian_posting *at, xapian_error *said)
{
    counter *s = ctx;
    s->plan->nexts++;
    if (!s->plan->stall || s->docid == 0)
        s->docid = (s->docid / s->plan->step + 1) * s->plan->step;
    deliver(s, min_weight, at);
    return maybe_fail(s->plan, "next", said);
}

static xapian_status source_skip_to(void *ctx, xapian_docid docid, double min_weight, xapian_posting *at,
                                    xapian_error *said)
{
    counter *s = ctx;
    s->plan->skips++;
    if (docid > s->docid)
        s->docid = (docid + s->plan->step - 1) / s->plan->step * s->plan->step;
    deliver(s, min_weight, at);
    return maybe_fail(s->plan, "skip_to", said);
}

static xapian_status source_check(void *ctx, xapian_docid docid, double min_weight, bool *valid, xapian_posting *at,
                                  xapian_error *said)
{
    counter *s = ctx;
    s->plan->checks++;
    ck_assert_uint_ge(docid, s->docid);
    s->docid = docid;
    *valid = docid % s->plan->step == 0;
    if (*valid)
        deliver(s, min_weight, at);
    else
        at->docid = 0; /* which must not be taken for the end */
    return maybe_fail(s->plan, "check", said);
}

static xapian_status source_weight(void *ctx, double *weight, xapian_error *said)
{
    counter *s = ctx;
    s->plan->weights++;
    *weight = 2 * s->plan->weigh(s->docid);
    return maybe_fail(s->plan, "weight", said);
}

static counter *source_create(plan *p)
{
    counter *s = calloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    s->plan = p;
    p->alive++;
    return s;
}

static xapian_status source_clone(void *ctx, void **copy, xapian_error *said)
{
    counter *s = ctx;
    xapian_status status = maybe_fail(s->plan, "clone", said);
    if (status == XAPIAN_C_OK)
        *copy = source_create(s->plan);
    return status;
}

static void source_destroy(void *ctx)
{
    counter *s = ctx;
    s->plan->alive--;
    free(s);
}

static void source_describe(void *ctx, char *text, size_t size)
{
    counter *s = ctx;
    snprintf(text, size, "every %u", s->plan->step);
}

static const xapian_posting_source whole = {
    .size = sizeof(xapian_posting_source),
    .init = source_init,
    .next = source_next,
    .skip_to = source_skip_to,
    .clone = source_clone,
    .destroy = source_destroy,
    .describe = source_describe,
};

/* ---- Fixtures -------------------------------------------------------------------------------- */

/* Two databases of DOCS documents; document d has "in0" or "in1" by database and "t<d % 10>". */
static void make_two_databases(void)
{
    make_dir();
    for (int s = 0; s < 2; s++) {
        xapian_writable *writer = open_writer(in_dir(s ? "b" : "a"));
        for (int d = 1; d <= DOCS; d++) {
            char words[64];
            snprintf(words, sizeof words, "in%d t%d", s, d % 10);
            add_words(writer, words);
        }
        close_writer(writer);
    }
}

static xapian_database *open_shards(int n)
{
    const char *paths[] = { in_dir("a"), in_dir("b") };
    xapian_database *db;
    OK(xapian_database_open_many(&db, paths, (size_t)n, &err));
    return db;
}

static xapian_query *leaf(const xapian_posting_source *table, plan *p)
{
    xapian_query *query;
    OK(xapian_query_posting_source(&query, table, source_create(p), &err));
    return query;
}

static xapian_query *with_term(xapian_op op, const char *term, xapian_query *query)
{
    xapian_query *other, *joined;
    OK(xapian_query_term(&other, term, strlen(term), 1, 0, &err));
    const xapian_query *both[] = { query, other };
    OK(xapian_query_combine(&joined, op, both, 2, 0, &err));
    xapian_query_free(query);
    xapian_query_free(other);
    return joined;
}

/* Runs the query, which it frees, for its best `max`. */
static xapian_status run(xapian_mset **out, int shards, xapian_query *query, unsigned max, unsigned least)
{
    xapian_database *db = open_shards(shards);
    xapian_enquire *enquire;
    const xapian_match_options options = { .max = max, .check_at_least = least };
    OK(xapian_enquire_create(&enquire, db, &err));
    OK(xapian_enquire_set_query(enquire, query, 0, &err));
    xapian_query_free(query);
    memset(&err, 0, sizeof err);
    xapian_status status = xapian_enquire_get_mset(out, enquire, &options, &err);
    xapian_enquire_free(enquire);
    xapian_database_free(db);
    return status;
}

static xapian_docid docid_of(const xapian_mset *mset, size_t i, double *weight)
{
    xapian_hit hit;
    OK(xapian_mset_hit(&hit, mset, i, &err));
    if (weight)
        *weight = hit.weight;
    return hit.docid;
}

/* ---- What sources deliver -------------------------------------------------------------------- */

START_TEST(documents_and_weights_come_from_the_source)
{
    plan p = { .step = 7, .weigh = ascending, .max_weight = 1000 };
    xapian_mset *mset;
    xapian_mset_counts counts;
    double weight;
    int shards = _i + 1;
    OK(run(&mset, shards, leaf(&whole, &p), 1000, 5000));
    ck_assert_uint_eq(xapian_mset_size(mset), (size_t)(DOCS / 7 * shards));
    OK(xapian_mset_count(&counts, mset, &err));
    ck_assert_uint_eq(counts.estimated, (unsigned)(DOCS / 7 * shards));
    ck_assert_uint_eq(docid_of(mset, 0, &weight), shards == 1 ? 994 : 994 * 2 - 1);
    ck_assert_double_eq(weight, 994);
    ck_assert_uint_eq(docid_of(mset, xapian_mset_size(mset) - 1, &weight), shards == 1 ? 7 : 14);
    ck_assert_double_eq(weight, 7);
    xapian_mset_free(mset);
    ck_assert_int_eq(p.alive, 0);
    ck_assert_int_eq(p.inits, shards);
    ck_assert_uint_eq(p.shard_count, (size_t)shards);
    ck_assert_uint_eq(p.shards_seen, shards == 1 ? 1 : 3);
    ck_assert_uint_eq(p.lastdocid, DOCS);
    ck_assert_str_eq(p.first_term, shards == 1 ? "in0" : "in1");
}
END_TEST

START_TEST(a_source_knows_its_shard_even_when_others_drop_out)
{
    plan p = { .step = 1, .weigh = flat, .max_weight = 1 };
    xapian_mset *mset;
    OK(run(&mset, 2, with_term(XAPIAN_OP_AND, "in1", leaf(&whole, &p)), 10, 0));
    ck_assert_uint_eq(xapian_mset_size(mset), 10);
    ck_assert_uint_eq(docid_of(mset, 0, NULL), 2);
    ck_assert_str_eq(p.first_term, "in1");
    ck_assert(p.shards_seen & 2);
    xapian_mset_free(mset);
    ck_assert_int_eq(p.alive, 0);
}
END_TEST

START_TEST(sources_combine_with_terms)
{
    xapian_posting_source table = whole;
    plan p = { .step = 3, .weigh = flat, .max_weight = 1 };
    xapian_mset *mset;
    if (_i)
        table.check = source_check;
    OK(run(&mset, 1, with_term(XAPIAN_OP_AND, "t5", leaf(&table, &p)), 1000, 5000));
    ck_assert_uint_eq(xapian_mset_size(mset), 33); /* 15, 45, 75, ... 975 */
    xapian_mset_free(mset);
    ck_assert_int_gt(p.skips + p.checks, 0);
    OK(run(&mset, 1, with_term(XAPIAN_OP_OR, "t5", leaf(&table, &p)), 1000, 5000));
    ck_assert_uint_eq(xapian_mset_size(mset), 333 + 100 - 33);
    xapian_mset_free(mset);
    xapian_query *filter, *source = leaf(&table, &p);
    OK(xapian_query_scale(&filter, source, 0, &err));
    xapian_query_free(source);
    /* The term first, so that the source is only asked about its documents. */
    xapian_query *term;
    OK(xapian_query_term(&term, S("t5"), 1, 0, &err));
    const xapian_query *both[] = { term, filter };
    OK(xapian_query_combine(&source, XAPIAN_OP_AND_MAYBE, both, 2, 0, &err));
    xapian_query_free(term);
    xapian_query_free(filter);
    OK(run(&mset, 1, source, 1000, 5000));
    ck_assert_uint_eq(xapian_mset_size(mset), 100);
    xapian_mset_free(mset);
    p.checks = 0;
    OK(xapian_query_term(&term, S("t5"), 1, 0, &err));
    both[0] = term;
    both[1] = filter = leaf(&table, &p);
    OK(xapian_query_combine(&source, XAPIAN_OP_AND_MAYBE, both, 2, 0, &err));
    xapian_query_free(term);
    xapian_query_free(filter);
    OK(run(&mset, 1, source, 1000, 5000));
    ck_assert_uint_eq(xapian_mset_size(mset), 100);
    for (size_t i = 0; i < 33; i++)
        ck_assert_uint_eq(docid_of(mset, i, NULL) % 15, 0); /* with the source's weight, so first */
    ck_assert_uint_ne(docid_of(mset, 33, NULL) % 3, 0);
    if (_i)
        ck_assert_int_gt(p.checks, 0);
    xapian_mset_free(mset);
    ck_assert_int_eq(p.alive, 0);
}
END_TEST

START_TEST(a_weight_callback_takes_precedence)
{
    xapian_posting_source table = whole;
    plan p = { .step = 1, .weigh = ascending, .max_weight = 2000 };
    xapian_mset *mset;
    double weight;
    table.weight = source_weight;
    OK(run(&mset, 1, leaf(&table, &p), 1, 0));
    ck_assert_uint_eq(docid_of(mset, 0, &weight), DOCS);
    ck_assert_double_eq(weight, 2.0 * DOCS);
    ck_assert_int_gt(p.weights, 0);
    xapian_mset_free(mset);
}
END_TEST

/* ---- Stopping early -------------------------------------------------------------------------- */

START_TEST(the_source_learns_the_weight_it_has_to_reach)
{
    plan p = { .step = 1, .weigh = descending, .max_weight = 1000 };
    xapian_mset *mset;
    OK(run(&mset, 1, leaf(&whole, &p), 5, 0));
    ck_assert_double_eq_tol(p.highest_min_weight, 200, 1); /* the fifth best */
    xapian_mset_free(mset);
}
END_TEST

START_TEST(a_lowered_maximum_ends_the_match)
{
    plan p = { .step = 1, .weigh = descending, .max_weight = 1000 };
    xapian_mset *mset;
    OK(run(&mset, 1, leaf(&whole, &p), 5, 0));
    xapian_mset_free(mset);
    ck_assert_int_ge(p.nexts, DOCS);
    p.nexts = 0;
    p.lower_bound = true;
    OK(run(&mset, 1, leaf(&whole, &p), 5, 0));
    ck_assert_uint_eq(docid_of(mset, 4, NULL), 5);
    xapian_mset_free(mset);
    ck_assert_int_lt(p.nexts, DOCS / 2 + 10);
    ck_assert_int_eq(p.alive, 0);
}
END_TEST

/* ---- Failures -------------------------------------------------------------------------------- */

static const struct {
    const char *in;
    int after;
} failures[] = {
    { "clone", 0 },   { "clone", 1 },    { "init", 0 },  { "init", 1 },   { "next", 0 },   { "next", 50 },
    { "skip_to", 0 }, { "skip_to", 20 }, { "check", 0 }, { "check", 20 }, { "weight", 0 }, { "weight", 20 },
};

START_TEST(a_failing_callback_ends_the_match_with_its_message)
{
    xapian_posting_source table = whole;
    plan p = {
        .step = 3, .weigh = flat, .max_weight = 2, .fail_in = failures[_i].in, .fail_after = failures[_i].after
    };
    xapian_mset *mset = (xapian_mset *)&err;
    char expected[32];
    table.check = source_check;
    table.weight = source_weight;
    snprintf(expected, sizeof expected, "%s broke", p.fail_in);
    xapian_query *query;
    if (strcmp(p.fail_in, "next") == 0 || strcmp(p.fail_in, "weight") == 0) {
        query = leaf(&table, &p);
    } else if (strcmp(p.fail_in, "check") == 0) {
        xapian_query *term, *source = leaf(&table, &p);
        OK(xapian_query_term(&term, S("t5"), 1, 0, &err));
        const xapian_query *both[] = { term, source };
        OK(xapian_query_combine(&query, XAPIAN_OP_AND_MAYBE, both, 2, 0, &err));
        xapian_query_free(term);
        xapian_query_free(source);
    } else {
        table.check = NULL;
        query = with_term(XAPIAN_OP_AND, "t5", leaf(&table, &p));
    }
    ck_assert_int_eq(run(&mset, 2, query, 1000, 5000), XAPIAN_C_CALLBACK);
    ck_assert_ptr_null(mset);
    ck_assert_int_eq(err.status, XAPIAN_C_CALLBACK);
    ck_assert_str_eq(err.message, expected);
    ck_assert_int_eq(p.alive, 0);
}
END_TEST

START_TEST(a_silent_failure_names_the_callback_and_its_status)
{
    plan p = { .step = 1, .weigh = flat, .max_weight = 1, .fail_in = "next", .fail_silently = true };
    xapian_mset *mset;
    ck_assert_int_eq(run(&mset, 1, leaf(&whole, &p), 10, 0), XAPIAN_C_CALLBACK);
    ck_assert_str_eq(err.message, "posting source next failed with status -3");
}
END_TEST

START_TEST(a_query_works_again_after_a_failure)
{
    plan p = { .step = 1, .weigh = flat, .max_weight = 1, .fail_in = "next", .fail_after = 3 };
    xapian_database *db = open_shards(1);
    xapian_enquire *enquire;
    xapian_mset *mset;
    xapian_query *query = leaf(&whole, &p);
    OK(xapian_enquire_create(&enquire, db, &err));
    OK(xapian_enquire_set_query(enquire, query, 0, &err));
    FAILS(XAPIAN_C_CALLBACK, xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    p.fail_in = NULL;
    OK(xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    ck_assert_uint_eq(xapian_mset_size(mset), 10);
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    ck_assert_int_eq(p.alive, 1);
    xapian_query_free(query);
    ck_assert_int_eq(p.alive, 0);
    xapian_database_free(db);
}
END_TEST

START_TEST(a_source_that_stalls_fails_instead_of_looping)
{
    plan p = { .step = 1, .weigh = flat, .max_weight = 1, .stall = true };
    xapian_mset *mset;
    ck_assert_int_eq(run(&mset, 1, leaf(&whole, &p), 1000, 5000), XAPIAN_C_CALLBACK);
    ck_assert_ptr_nonnull(strstr(err.message, "backwards"));
}
END_TEST

/* ---- Ownership ------------------------------------------------------------------------------- */

START_TEST(without_clone_one_database_works_and_two_are_refused)
{
    xapian_posting_source table = whole;
    plan p = { .step = 1, .weigh = flat, .max_weight = 1 };
    xapian_mset *mset;
    table.clone = NULL;
    OK(run(&mset, 1, leaf(&table, &p), 10, 0));
    ck_assert_uint_eq(xapian_mset_size(mset), 10);
    xapian_mset_free(mset);
    ck_assert_int_eq(p.alive, 0);
    ck_assert_int_eq(run(&mset, 2, leaf(&table, &p), 10, 0), XAPIAN_C_OPERATION);
    ck_assert_int_eq(p.alive, 0);
}
END_TEST

START_TEST(the_query_owns_the_context_only_on_success)
{
    xapian_posting_source table = whole;
    plan p = { .step = 5, .weigh = flat, .max_weight = 1 };
    counter *s = source_create(&p);
    xapian_query *query;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    table.next = NULL;
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_posting_source(&query, &table, s, &err));
    ck_assert_ptr_null(query);
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_posting_source(&query, NULL, s, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_posting_source(NULL, &whole, s, &err));
    ck_assert_int_eq(p.alive, 1);
    /* A table from before a later callback was added: what lies past its size is not read. */
    table = whole;
    table.size = offsetof(xapian_posting_source, describe);
    OK(xapian_query_posting_source(&query, &table, s, &err));
    OK(xapian_query_describe(&text, query, &err));
    ck_assert_ptr_null(strstr(text.data, "every 5"));
    xapian_query_free(query);
    ck_assert_int_eq(p.alive, 0);
    query = leaf(&whole, &p);
    OK(xapian_query_describe(&text, query, &err));
    ck_assert_ptr_nonnull(strstr(text.data, "every 5"));
    FAILS(XAPIAN_C_UNIMPLEMENTED, xapian_query_serialise(&text, query, &err));
    xapian_query *outer = with_term(XAPIAN_OP_OR, "x", query); /* frees query, keeps its leaf */
    ck_assert_int_eq(p.alive, 1);
    xapian_query_free(outer);
    ck_assert_int_eq(p.alive, 0);
    xapian_buffer_dispose(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xapian_c_source");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_two_databases, remove_dir);
    tcase_add_loop_test(tests, documents_and_weights_come_from_the_source, 0, 2);
    tcase_add_test(tests, a_source_knows_its_shard_even_when_others_drop_out);
    tcase_add_loop_test(tests, sources_combine_with_terms, 0, 2);
    tcase_add_test(tests, a_weight_callback_takes_precedence);
    tcase_add_test(tests, the_source_learns_the_weight_it_has_to_reach);
    tcase_add_test(tests, a_lowered_maximum_ends_the_match);
    tcase_add_loop_test(tests, a_failing_callback_ends_the_match_with_its_message, 0,
                        (int)(sizeof failures / sizeof *failures));
    tcase_add_test(tests, a_silent_failure_names_the_callback_and_its_status);
    tcase_add_test(tests, a_query_works_again_after_a_failure);
    tcase_add_test(tests, a_source_that_stalls_fails_instead_of_looping);
    tcase_add_test(tests, without_clone_one_database_works_and_two_are_refused);
    tcase_add_test(tests, the_query_owns_the_context_only_on_success);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

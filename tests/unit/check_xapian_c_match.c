/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_xapian_c_match.c: the C binding of libxapian, part two: queries, matching, what hits tell, and
 * everything that calls back into C: posting sources, deciders and spies, over one database and over two.
 */
#define _XOPEN_SOURCE 700
#include "check_xapian_c.h"

/* ---- Fixtures -------------------------------------------------------------------------------- */

enum { COLOUR = 0, SIZE = 1 };

/* Two databases of 20 documents each. Document d of database s (from 0) has the terms "all" and, when
   d is even, "even"; "one" or "two" by database; a colour and a size as values. */
static void make_two_databases(void)
{
    static const char *colours[] = { "blue", "green", "red" };
    make_dir();
    for (int s = 0; s < 2; s++) {
        xapian_writable *writer = open_writer(in_dir(s ? "b" : "a"));
        for (unsigned d = 1; d <= 20; d++) {
            char words[64], size[XAPIAN_SORTABLE_MAX];
            xapian_docid docid;
            snprintf(words, sizeof words, "all%s %s w%u", d % 2 ? "" : " even", s ? "two" : "one", d);
            xapian_document *doc = make_document(words);
            const char *colour = colours[d % 3];
            OK(xapian_document_set_value(doc, COLOUR, colour, strlen(colour), &err));
            size_t len = xapian_sortable_serialise(size, (d * 7) % 20);
            OK(xapian_document_set_value(doc, SIZE, size, len, &err));
            OK(xapian_writable_add_document(&docid, writer, doc, &err));
            xapian_document_free(doc);
        }
        close_writer(writer);
    }
}

static xapian_database *open_both(void)
{
    const char *paths[] = { in_dir("a"), in_dir("b") };
    xapian_database *db;
    OK(xapian_database_open_many(&db, paths, 2, &err));
    return db;
}

static xapian_query *term(const char *name)
{
    xapian_query *query;
    OK(xapian_query_term(&query, name, strlen(name), 1, 0, &err));
    return query;
}

/* Frees its two operands. */
static xapian_query *join(xapian_op op, xapian_query *left, xapian_query *right, unsigned parameter)
{
    const xapian_query *both[] = { left, right };
    xapian_query *query;
    OK(xapian_query_combine(&query, op, both, 2, parameter, &err));
    xapian_query_free(left);
    xapian_query_free(right);
    return query;
}

/* An enquire over db with the query, which it frees. */
static xapian_enquire *ask(xapian_database *db, xapian_query *query)
{
    xapian_enquire *enquire;
    OK(xapian_enquire_create(&enquire, db, &err));
    OK(xapian_enquire_set_query(enquire, query, 0, &err));
    xapian_query_free(query);
    return enquire;
}

static xapian_mset *match(xapian_enquire *enquire)
{
    const xapian_match_options all = { .max = 1000, .check_at_least = 1000 };
    xapian_mset *mset;
    OK(xapian_enquire_get_mset(&mset, enquire, &all, &err));
    return mset;
}

/* The docids of an mset, in order, joined by spaces; frees it. */
static const char *docids(xapian_mset *mset)
{
    static char joined[1024];
    size_t used = 0;
    joined[0] = '\0';
    for (size_t i = 0; i < xapian_mset_size(mset); i++) {
        xapian_hit hit;
        OK(xapian_mset_hit(&hit, mset, i, &err));
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%u", i ? " " : "", hit.docid);
    }
    xapian_mset_free(mset);
    return joined;
}

/* The matches of a query in database a, by docid; frees the query. */
static const char *found(xapian_query *query)
{
    xapian_database *db = open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, query);
    xapian_weighting weighting = XAPIAN_WEIGHTING_INIT;
    weighting.scheme = XAPIAN_SCHEME_BOOL;
    OK(xapian_enquire_set_weighting(enquire, &weighting, &err));
    const char *result = docids(match(enquire));
    xapian_enquire_free(enquire);
    xapian_database_free(db);
    return result;
}

/* ---- Queries -------------------------------------------------------------------------------- */

START_TEST(operators_do_what_they_say)
{
    xapian_query *query, *scaled;
    ck_assert_str_eq(found(join(XAPIAN_OP_AND, term("even"), term("w4"), 0)), "4");
    ck_assert_str_eq(found(join(XAPIAN_OP_OR, term("w3"), term("w5"), 0)), "3 5");
    ck_assert_str_eq(found(join(XAPIAN_OP_XOR, join(XAPIAN_OP_OR, term("w3"), term("w5"), 0), term("w5"), 0)), "3");
    ck_assert_str_eq(found(join(XAPIAN_OP_AND_NOT, join(XAPIAN_OP_OR, term("w3"), term("w4"), 0), term("even"), 0)),
                     "3");
    ck_assert_str_eq(found(join(XAPIAN_OP_FILTER, term("w4"), term("even"), 0)), "4");
    ck_assert_str_eq(found(join(XAPIAN_OP_AND_MAYBE, term("w3"), term("even"), 0)), "3");
    ck_assert_str_eq(found(join(XAPIAN_OP_SYNONYM, term("w3"), term("w9"), 0)), "3 9");
    ck_assert_str_eq(found(join(XAPIAN_OP_MAX, term("w3"), term("w9"), 0)), "3 9");
    ck_assert_str_eq(found(join(XAPIAN_OP_PHRASE, term("one"), term("w7"), 2)), "7");
    ck_assert_str_eq(found(join(XAPIAN_OP_PHRASE, term("w7"), term("one"), 2)), "");
    ck_assert_str_eq(found(join(XAPIAN_OP_NEAR, term("w7"), term("one"), 2)), "7");
    ck_assert_str_eq(found(join(XAPIAN_OP_NEAR, term("w8"), term("all"), 3)), "");
    ck_assert_str_eq(found(join(XAPIAN_OP_NEAR, term("w8"), term("all"), 4)), "8");

    OK(xapian_query_match_nothing(&query, &err));
    ck_assert(xapian_query_is_empty(query));
    ck_assert_str_eq(found(query), "");
    OK(xapian_query_match_all(&query, &err));
    ck_assert(!xapian_query_is_empty(query));
    ck_assert_str_eq(found(join(XAPIAN_OP_AND_NOT, query, term("all"), 0)), "");
    query = term("w6");
    OK(xapian_query_scale(&scaled, query, 0.0, &err));
    xapian_query_free(query);
    ck_assert_str_eq(found(scaled), "6");

    const xapian_query *missing[] = { NULL };
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_combine(&query, XAPIAN_OP_OR, missing, 1, 0, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_term(&query, NULL, 0, 1, 0, &err));
    query = term("x");
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_scale(&scaled, query, -1, &err));
    missing[0] = query;
    FAILS(XAPIAN_C_ARGUMENT, xapian_query_combine(&scaled, (xapian_op)77, missing, 1, 0, &err));
    ck_assert_ptr_null(scaled);
    xapian_query_free(query);
}
END_TEST

START_TEST(ranges_and_wildcards)
{
    xapian_query *query;
    char low[XAPIAN_SORTABLE_MAX], high[XAPIAN_SORTABLE_MAX];
    size_t low_len = xapian_sortable_serialise(low, 18), high_len = xapian_sortable_serialise(high, 2);
    OK(xapian_query_value_range(&query, COLOUR, S("green"), S("red"), &err));
    ck_assert_str_eq(found(query), "1 2 4 5 7 8 10 11 13 14 16 17 19 20");
    OK(xapian_query_value_ge(&query, SIZE, low, low_len, &err));
    ck_assert_str_eq(found(query), "14 17"); /* 98 % 20 = 18, 119 % 20 = 19 */
    OK(xapian_query_value_le(&query, SIZE, high, high_len, &err));
    ck_assert_str_eq(found(query), "3 6 20"); /* 1, 2, 0 */
    OK(xapian_query_wildcard(&query, S("w2"), 0, XAPIAN_WILDCARD_ERROR, XAPIAN_OP_SYNONYM, &err));
    ck_assert_str_eq(found(query), "2 20");
    OK(xapian_query_wildcard(&query, S("w1"), 2, XAPIAN_WILDCARD_FIRST, XAPIAN_OP_OR, &err));
    ck_assert_str_eq(found(query), "1 10");

    OK(xapian_query_wildcard(&query, S("w1"), 2, XAPIAN_WILDCARD_ERROR, XAPIAN_OP_OR, &err));
    xapian_database *db = open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, query);
    xapian_mset *mset = (xapian_mset *)&err;
    FAILS(XAPIAN_C_WILDCARD, xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    ck_assert_ptr_null(mset);
    xapian_enquire_free(enquire);
    xapian_database_free(db);
}
END_TEST

START_TEST(queries_survive_serialising)
{
    xapian_query *query = join(XAPIAN_OP_OR, term("w3"), term("w5"), 0), *copy;
    xapian_buffer bytes = XAPIAN_BUFFER_INIT;
    xapian_term_iter *terms;
    OK(xapian_query_serialise(&bytes, query, &err));
    xapian_query_free(query);
    OK(xapian_query_unserialise(&copy, bytes.data, bytes.len, &err));
    OK(xapian_query_describe(&bytes, copy, &err));
    ck_assert_str_eq(bytes.data, "Query((w3 OR w5))");
    OK(xapian_query_terms(&terms, copy, &err));
    ck_assert_str_eq(drain(terms), "w3 w5");
    ck_assert_str_eq(found(copy), "3 5");
    FAILS(XAPIAN_C_SERIALISATION, xapian_query_unserialise(&copy, S("\xffnonsense"), &err));
    xapian_buffer_dispose(&bytes);
}
END_TEST

START_TEST(xapians_own_parser_and_indexer)
{
    xapian_stem *stem;
    xapian_termgen *termgen;
    xapian_document *doc;
    xapian_query *query;
    xapian_docid docid;
    xapian_termpos pos;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    xapian_writable *writer = open_writer(in_dir("stock"));
    OK(xapian_stem_create(&stem, "en", &err));
    OK(xapian_termgen_create(&termgen, stem, &err));
    OK(xapian_document_create(&doc, &err));
    OK(xapian_termgen_set_document(termgen, doc, &err));
    OK(xapian_termgen_set_spelling(termgen, writer, &err));
    OK(xapian_termgen_index_text(termgen, S("Red lines"), 1, S("S"), true, &err));
    OK(xapian_termgen_increase_termpos(termgen, 100, &err));
    OK(xapian_termgen_index_text(termgen, S("Talks on sanctions"), 1, NULL, 0, true, &err));
    OK(xapian_termgen_termpos(&pos, termgen, &err));
    ck_assert_uint_eq(pos, 105);
    OK(xapian_termgen_set_spelling(termgen, NULL, &err));
    OK(xapian_termgen_index_text(termgen, S("unlisted"), 1, NULL, 0, false, &err));
    OK(xapian_writable_add_document(&docid, writer, doc, &err));
    xapian_document_free(doc);
    xapian_termgen_free(termgen);
    xapian_term_iter *it;
    OK(xapian_database_termlist(&it, xapian_writable_database(writer), docid, &err));
    ck_assert_str_eq(drain(it), "Slines Sred ZSline ZSred Zon Zsanction Ztalk Zunlist on sanctions talks unlisted");
    OK(xapian_writable_commit(writer, &err));

    const xapian_parse_prefix prefixes[] = { { "title", "S", false }, { "source", "XS", true } };
    xapian_parse_options options = XAPIAN_PARSE_OPTIONS_INIT;
    options.stem = stem;
    options.default_op = XAPIAN_OP_AND;
    options.prefixes = prefixes;
    options.prefix_count = 2;
    options.db = xapian_writable_database(writer);
    options.flags |= XAPIAN_PARSE_SPELLING;
    OK(xapian_query_parse(&query, &text, S("title:\"red lines\" talks sancions source:x"), &options, &err));
    ck_assert_str_eq(text.data, "title:\"red lines\" talks sanctions source:x");
    OK(xapian_query_describe(&text, query, &err));
    ck_assert_ptr_nonnull(strstr(text.data, "(Sred@1 PHRASE 2 Slines@2)"));
    ck_assert_ptr_nonnull(strstr(text.data, "Ztalk@3"));
    ck_assert_ptr_nonnull(strstr(text.data, "FILTER XSx"));
    xapian_query_free(query);
    FAILS(XAPIAN_C_QUERY_PARSER, xapian_query_parse(&query, NULL, S("a AND"), NULL, &err));
    ck_assert_ptr_null(query);
    xapian_stem_free(stem);
    xapian_buffer_dispose(&text);
    close_writer(writer);
}
END_TEST

/* ---- Hits -------------------------------------------------------------------------------- */

START_TEST(hits_tell_rank_weight_percent_and_document)
{
    xapian_database *db = open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, join(XAPIAN_OP_ELITE_SET, term("w2"), term("even"), 1));
    ck_assert_str_eq(docids(match(enquire)), "2"); /* the set of one: the term that weighs most */
    xapian_enquire_free(enquire);
    enquire = ask(db, join(XAPIAN_OP_OR, term("w7"), term("even"), 0));
    xapian_mset *mset;
    xapian_mset_counts counts;
    xapian_hit hit;
    xapian_document *doc;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    xapian_doccount n;
    double weight;
    xapian_term_iter *terms;
    xapian_match_options page = { .first = 1, .max = 3, .check_at_least = 100 };
    OK(xapian_enquire_get_mset(&mset, enquire, &page, &err));
    ck_assert_uint_eq(xapian_mset_size(mset), 3);
    OK(xapian_mset_count(&counts, mset, &err));
    ck_assert_uint_eq(counts.lower, 11);
    ck_assert_uint_eq(counts.estimated, 11);
    ck_assert_uint_eq(counts.upper, 11);
    ck_assert_double_gt(counts.max_attained, 0);
    ck_assert_double_ge(counts.max_possible, counts.max_attained);
    OK(xapian_mset_fetch(mset, &err));
    OK(xapian_mset_hit(&hit, mset, 0, &err));
    ck_assert_uint_eq(hit.docid, 2);
    ck_assert_uint_eq(hit.rank, 1);
    ck_assert_double_gt(hit.weight, 0);
    ck_assert_int_gt(hit.percent, 0);
    ck_assert_int_lt(hit.percent, 100);
    OK(xapian_mset_document(&doc, mset, 0, &err));
    OK(xapian_document_data(&text, doc, &err));
    ck_assert_str_eq(text.data, "all even one w2");
    xapian_document_free(doc);
    FAILS(XAPIAN_C_RANGE, xapian_mset_hit(&hit, mset, 3, &err));
    ck_assert_uint_eq(hit.docid, 0);
    FAILS(XAPIAN_C_RANGE, xapian_mset_document(&doc, mset, 3, &err));
    OK(xapian_mset_termfreq(&n, mset, S("even"), &err));
    ck_assert_uint_eq(n, 10);
    OK(xapian_mset_termweight(&weight, mset, S("w7"), &err));
    ck_assert_double_gt(weight, 0);
    OK(xapian_enquire_matching_terms(&terms, enquire, 2, &err));
    ck_assert_str_eq(drain(terms), "even");
    OK(xapian_mset_snippet(&text, mset, S("the even & odd"), NULL, &err));
    ck_assert_str_eq(text.data, "the <b>even</b> &amp; odd");
    xapian_mset_free(mset);

    page.first = 0;
    OK(xapian_enquire_get_mset(&mset, enquire, &page, &err));
    xapian_enquire_free(enquire); /* hits outlive what they came from */
    xapian_database_free(db);
    OK(xapian_mset_fetch(mset, &err));
    OK(xapian_mset_document(&doc, mset, 0, &err));
    xapian_mset_free(mset);
    OK(xapian_document_data(&text, doc, &err));
    ck_assert_str_eq(text.data, "all one w7");
    xapian_document_free(doc);
    xapian_buffer_dispose(&text);
}
END_TEST

START_TEST(sorting_collapsing_and_cutting_off)
{
    xapian_database *db = open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, join(XAPIAN_OP_OR, term("all"), term("w9"), 0));
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    xapian_hit hit;
    xapian_mset_counts counts;
    xapian_mset *mset;

    OK(xapian_enquire_set_collapse(enquire, COLOUR, 1, &err));
    mset = match(enquire);
    ck_assert_uint_eq(xapian_mset_size(mset), 3);
    OK(xapian_mset_hit(&hit, mset, 0, &err));
    ck_assert_uint_eq(hit.docid, 9);
    ck_assert_uint_gt(hit.collapse_count, 0);
    OK(xapian_mset_collapse_key(&text, mset, 0, &err));
    ck_assert_str_eq(text.data, "blue");
    OK(xapian_mset_count(&counts, mset, &err));
    ck_assert_uint_eq(counts.uncollapsed_estimated, 20);
    ck_assert_uint_eq(counts.estimated, 3);
    xapian_mset_free(mset);
    OK(xapian_enquire_set_collapse(enquire, XAPIAN_BAD_VALUENO, 1, &err));

    OK(xapian_enquire_set_sort(enquire, XAPIAN_SORT_VALUE, SIZE, false, &err));
    mset = match(enquire);
    OK(xapian_mset_sort_key(&text, mset, 1, &err));
    ck_assert_double_eq(xapian_sortable_unserialise(text.data, text.len), 1);
    ck_assert_int_eq(strncmp(docids(mset), "20 3 6 9 ", 9), 0);
    OK(xapian_enquire_set_sort(enquire, XAPIAN_SORT_VALUE_THEN_RELEVANCE, COLOUR, true, &err));
    ck_assert_int_eq(strncmp(docids(match(enquire)), "5 11 17 2 ", 10), 0); /* red; short */
    OK(xapian_enquire_set_sort(enquire, XAPIAN_SORT_RELEVANCE_THEN_VALUE, SIZE, false, &err));
    ck_assert_int_eq(strncmp(docids(match(enquire)), "9 3 15 1 ", 9), 0); /* then the short ones by size */
    const xapian_sort_key keys[] = { { COLOUR, false, NULL, 0 }, { SIZE, true, NULL, 0 } };
    OK(xapian_enquire_set_sort_keys(enquire, XAPIAN_SORT_VALUE, keys, 2, &err));
    ck_assert_int_eq(strncmp(docids(match(enquire)), "18 15 12 9 6 3 ", 15), 0); /* blue */
    FAILS(XAPIAN_C_ARGUMENT, xapian_enquire_set_sort(enquire, (xapian_sort)9, 0, false, &err));
    OK(xapian_enquire_set_sort(enquire, XAPIAN_SORT_RELEVANCE, 0, false, &err));
    OK(xapian_enquire_set_docid_order(enquire, XAPIAN_DOCID_DESCENDING, &err));
    ck_assert_int_eq(strncmp(docids(match(enquire)), "9 19 17 15 ", 11), 0);
    OK(xapian_enquire_set_cutoff(enquire, 100, 0, &err));
    ck_assert_str_eq(docids(match(enquire)), "9");
    OK(xapian_enquire_set_time_limit(enquire, 10, &err));
    xapian_enquire_free(enquire);
    xapian_database_free(db);
    xapian_buffer_dispose(&text);
}
END_TEST

START_TEST(every_weighting_scheme_weighs)
{
    xapian_database *db = open_reader(in_dir("a"));
    const bool everywhere = _i == XAPIAN_SCHEME_PL2PLUS; /* which gives rare terms nothing */
    xapian_enquire *enquire = ask(db, term(everywhere ? "all" : "even"));
    xapian_weighting weighting = XAPIAN_WEIGHTING_INIT;
    xapian_hit hit;
    weighting.scheme = (xapian_scheme)_i;
    OK(xapian_enquire_set_weighting(enquire, &weighting, &err));
    xapian_mset *mset = match(enquire);
    OK(xapian_mset_hit(&hit, mset, 0, &err));
    ck_assert_uint_eq(hit.docid, everywhere ? 1 : 2);
    if (_i == XAPIAN_SCHEME_BOOL)
        ck_assert_double_eq(hit.weight, 0);
    else
        ck_assert_double_gt(hit.weight, 0);
    xapian_mset_free(mset);
    weighting.scheme = (xapian_scheme)99;
    FAILS(XAPIAN_C_ARGUMENT, xapian_enquire_set_weighting(enquire, &weighting, &err));
    xapian_enquire_free(enquire);
    xapian_database_free(db);
}
END_TEST

START_TEST(an_overtaken_match_succeeds_after_a_reopen)
{
    xapian_writable *writer = open_writer(in_dir("m"));
    for (int i = 0; i < 2000; i++)
        add_words(writer, "common other third fourth fifth");
    OK(xapian_writable_commit(writer, &err));
    xapian_database *db = open_reader(in_dir("m"));
    xapian_enquire *enquire = ask(db, term("common"));
    xapian_mset *mset;
    for (int commit = 0; commit < 2; commit++) {
        for (xapian_docid docid = 1; docid <= 2000; docid++) {
            xapian_document *doc = make_document(commit ? "common y" : "common x y z");
            OK(xapian_writable_replace_document(writer, docid, doc, &err));
            xapian_document_free(doc);
        }
        OK(xapian_writable_commit(writer, &err));
    }
    FAILS(XAPIAN_C_MODIFIED, xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    OK(xapian_database_reopen(NULL, db, &err));
    OK(xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    ck_assert_uint_eq(xapian_mset_size(mset), 10);
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    xapian_database_free(db);
    close_writer(writer);
}
END_TEST

/* ---- Expansion ------------------------------------------------------------------------------- */

static xapian_status only_words_with_1(bool *accepted, void *ctx, const char *name, size_t len, xapian_error *said)
{
    int *calls = ctx;
    if (*calls < 0) {
        snprintf(said->message, sizeof said->message, "no more terms, please");
        return XAPIAN_C_RANGE;
    }
    ++*calls;
    *accepted = memchr(name, '1', len) != NULL;
    return XAPIAN_C_OK;
}

START_TEST(expansion_finds_the_terms_of_relevant_documents)
{
    xapian_database *db = open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, term("even"));
    xapian_rset *rset;
    xapian_eset *eset;
    xapian_buffer name = XAPIAN_BUFFER_INIT;
    double weight;
    int calls = 0;
    OK(xapian_rset_create(&rset, &err));
    OK(xapian_rset_add(rset, 10, &err));
    OK(xapian_rset_add(rset, 12, &err));
    OK(xapian_rset_add(rset, 3, &err));
    OK(xapian_rset_remove(rset, 3, &err));
    ck_assert_uint_eq(xapian_rset_size(rset), 2);
    ck_assert(xapian_rset_contains(rset, 12) && !xapian_rset_contains(rset, 3));

    xapian_eset_options options = XAPIAN_ESET_OPTIONS_INIT;
    options.prefix = "w";
    options.prefix_len = 1;
    OK(xapian_enquire_get_eset(&eset, enquire, rset, &options, &err));
    ck_assert_uint_eq(xapian_eset_size(eset), 2);
    OK(xapian_eset_term(&name, &weight, eset, 0, &err));
    ck_assert_str_eq(name.data, "w12");
    ck_assert_double_gt(weight, 0);
    FAILS(XAPIAN_C_RANGE, xapian_eset_term(&name, &weight, eset, 2, &err));
    xapian_eset_free(eset);

    options = (xapian_eset_options)XAPIAN_ESET_OPTIONS_INIT;
    options.accept = only_words_with_1;
    options.ctx = &calls;
    options.scheme = "bo1";
    options.flags = XAPIAN_ESET_INCLUDE_QUERY_TERMS;
    OK(xapian_enquire_get_eset(&eset, enquire, rset, &options, &err));
    ck_assert_uint_eq(xapian_eset_size(eset), 2);
    ck_assert_int_gt(calls, 2);
    xapian_eset_free(eset);
    calls = -1;
    FAILS(XAPIAN_C_CALLBACK, xapian_enquire_get_eset(&eset, enquire, rset, &options, &err));
    ck_assert_str_eq(err.message, "no more terms, please");
    ck_assert_ptr_null(eset);
    xapian_buffer_dispose(&name);
    xapian_rset_free(rset);
    xapian_enquire_free(enquire);
    xapian_database_free(db);
}
END_TEST

/* ---- Deciders and spies ---------------------------------------------------------------------- */

typedef struct visitor {
    int calls;
    int fail_at; /* the call that fails; 0: none */
    xapian_docid highest;
    double weights;
} visitor;

static xapian_status accept_red(bool *accepted, void *ctx, const xapian_document *doc, xapian_error *said)
{
    visitor *v = ctx;
    xapian_buffer colour = XAPIAN_BUFFER_INIT;
    if (++v->calls == v->fail_at)
        return XAPIAN_C_CORRUPT; /* without a message */
    xapian_status status = xapian_document_value(&colour, doc, COLOUR, said);
    *accepted = status == XAPIAN_C_OK && strcmp(colour.data, "red") == 0;
    xapian_buffer_dispose(&colour);
    return status;
}

static xapian_status watch(void *ctx, const xapian_document *doc, double weight, xapian_error *said)
{
    visitor *v = ctx;
    xapian_docid docid;
    if (++v->calls == v->fail_at) {
        snprintf(said->message, sizeof said->message, "saw enough at call %d", v->calls);
        return -1;
    }
    xapian_status status = xapian_document_docid(&docid, doc, said);
    if (docid > v->highest)
        v->highest = docid;
    v->weights += weight;
    return status;
}

START_TEST(a_decider_chooses_also_over_two_databases)
{
    xapian_database *db = _i ? open_both() : open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, term("all"));
    visitor v = { 0 };
    const xapian_decider decider = { accept_red, &v };
    xapian_match_options options = { .max = 100, .check_at_least = 100, .decider = &decider };
    xapian_mset *mset;
    OK(xapian_enquire_get_mset(&mset, enquire, &options, &err));
    ck_assert_int_eq(v.calls, _i ? 40 : 20);
    ck_assert_uint_eq(xapian_mset_size(mset), _i ? 14 : 7);
    xapian_mset_free(mset);

    v = (visitor){ .fail_at = 5 };
    FAILS(XAPIAN_C_CALLBACK, xapian_enquire_get_mset(&mset, enquire, &options, &err));
    ck_assert_ptr_null(mset);
    ck_assert_int_eq(v.calls, 5);
    ck_assert_ptr_nonnull(strstr(err.message, "decider"));
    v = (visitor){ 0 };
    OK(xapian_enquire_get_mset(&mset, enquire, &options, &err)); /* and it can be asked again */
    xapian_mset_free(mset);
    const xapian_decider none = { NULL, NULL };
    options.decider = &none;
    FAILS(XAPIAN_C_ARGUMENT, xapian_enquire_get_mset(&mset, enquire, &options, &err));
    xapian_enquire_free(enquire);
    xapian_database_free(db);
}
END_TEST

START_TEST(spies_see_what_the_match_looks_at)
{
    xapian_database *db = _i ? open_both() : open_reader(in_dir("a"));
    xapian_enquire *enquire = ask(db, term("even"));
    xapian_spy *counts, *watcher;
    xapian_term_iter *it;
    const char *value;
    size_t len, total;
    xapian_doccount n;
    visitor v = { 0 };
    OK(xapian_spy_value_count(&counts, COLOUR, &err));
    OK(xapian_spy_callback(&watcher, watch, &v, &err));
    OK(xapian_enquire_add_spy(enquire, counts, &err));
    OK(xapian_enquire_add_spy(enquire, watcher, &err));
    FAILS(XAPIAN_C_OPERATION, xapian_spy_total(&total, watcher, &err));
    xapian_spy_free(watcher); /* the enquire keeps it alive */
    xapian_mset_free(match(enquire));

    ck_assert_int_eq(v.calls, _i ? 20 : 10);
    ck_assert_uint_eq(v.highest, 20); /* docids within each database */
    ck_assert_double_gt(v.weights, 0);
    OK(xapian_spy_total(&total, counts, &err));
    ck_assert_uint_eq(total, _i ? 20 : 10);
    OK(xapian_spy_values(&it, counts, &err));
    ck_assert_str_eq(drain(it), "blue green red");
    OK(xapian_spy_top_values(&it, counts, 1, &err)); /* red: 2 8 14 20 */
    OK(xapian_term_iter_next(&value, &len, it, &err));
    ck_assert_mem_eq(value, "red", len);
    OK(xapian_term_iter_termfreq(&n, it, &err));
    ck_assert_uint_eq(n, _i ? 8 : 4);
    ck_assert_int_eq(xapian_term_iter_next(&value, &len, it, &err), XAPIAN_C_END);
    xapian_term_iter_free(it);

    v = (visitor){ .fail_at = 3 };
    xapian_mset *mset;
    FAILS(XAPIAN_C_CALLBACK, xapian_enquire_get_mset(&mset, enquire, NULL, &err));
    ck_assert_str_eq(err.message, "saw enough at call 3");
    OK(xapian_enquire_clear_spies(enquire, &err));
    xapian_mset_free(match(enquire));
    ck_assert_int_eq(v.calls, 3);
    FAILS(XAPIAN_C_ARGUMENT, xapian_spy_callback(&watcher, NULL, NULL, &err));
    OK(xapian_enquire_add_spy(enquire, counts, &err));
    xapian_enquire_free(enquire);
    xapian_spy_free(counts);
    xapian_database_free(db);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xapian_c_match");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_two_databases, remove_dir);
    tcase_add_test(tests, operators_do_what_they_say);
    tcase_add_test(tests, ranges_and_wildcards);
    tcase_add_test(tests, queries_survive_serialising);
    tcase_add_test(tests, xapians_own_parser_and_indexer);
    tcase_add_test(tests, hits_tell_rank_weight_percent_and_document);
    tcase_add_test(tests, sorting_collapsing_and_cutting_off);
    tcase_add_loop_test(tests, every_weighting_scheme_weighs, 0, XAPIAN_SCHEME_DPH + 1);
    tcase_add_test(tests, an_overtaken_match_succeeds_after_a_reopen);
    tcase_add_test(tests, expansion_finds_the_terms_of_relevant_documents);
    tcase_add_loop_test(tests, a_decider_chooses_also_over_two_databases, 0, 2);
    tcase_add_loop_test(tests, spies_see_what_the_match_looks_at, 0, 2);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

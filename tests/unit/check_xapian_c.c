/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_xapian_c.c: the C binding of libxapian, part one: errors, documents, databases, what is stored
 * in them, locks, revisions, compact and check. Matching is in check_xapian_c_match.c.
 */
#define _XOPEN_SOURCE 700
#include "check_xapian_c.h"

#include <sys/wait.h>
#include <time.h>

/* Hidden in the library: throws the kind-th of all that can be thrown. */
xapian_status xapian_c_test_throw(int kind, xapian_error *err);

/* ---- Errors -------------------------------------------------------------------------------- */

static const xapian_status thrown[] = {
    XAPIAN_C_MODIFIED, XAPIAN_C_LOCK,         XAPIAN_C_CORRUPT,   XAPIAN_C_VERSION,       XAPIAN_C_DB_NOT_FOUND,
    XAPIAN_C_OPENING,  XAPIAN_C_CREATE,       XAPIAN_C_CLOSED,    XAPIAN_C_DATABASE,      XAPIAN_C_DOC_NOT_FOUND,
    XAPIAN_C_FEATURE,  XAPIAN_C_ARGUMENT,     XAPIAN_C_OPERATION, XAPIAN_C_NETWORK,       XAPIAN_C_NETWORK_TIMEOUT,
    XAPIAN_C_INTERNAL, XAPIAN_C_QUERY_PARSER, XAPIAN_C_RANGE,     XAPIAN_C_SERIALISATION, XAPIAN_C_UNIMPLEMENTED,
    XAPIAN_C_WILDCARD, XAPIAN_C_ASSERTION,    XAPIAN_C_LOGIC,     XAPIAN_C_RUNTIME,       XAPIAN_C_ERROR,
    XAPIAN_C_NOMEM,    XAPIAN_C_STD,          XAPIAN_C_UNKNOWN,   XAPIAN_C_CALLBACK,
};

START_TEST(every_exception_has_its_status)
{
    xapian_error e = XAPIAN_ERROR_INIT;
    ck_assert_int_eq(xapian_c_test_throw(_i, &e), thrown[_i]);
    ck_assert_int_eq(e.status, thrown[_i]);
    ck_assert_str_ne(e.message, "");
    ck_assert_int_eq(xapian_c_test_throw(_i, NULL), thrown[_i]);
    ck_assert_str_ne(xapian_status_text(thrown[_i]), "unknown status");
    for (int other = 0; other < _i; other++) {
        ck_assert_int_ne(thrown[other], thrown[_i]);
        ck_assert_str_ne(xapian_status_text(thrown[other]), xapian_status_text(thrown[_i]));
    }
}
END_TEST

START_TEST(messages_name_the_class_the_context_and_the_reason)
{
    xapian_c_test_throw(8, &err);
    ck_assert_str_eq(err.message, "DatabaseError: test (context; No space left on device)");
}
END_TEST

START_TEST(long_messages_are_cut_to_one_line)
{
    ck_assert_int_eq(xapian_c_test_throw(29, &err), XAPIAN_C_INTERNAL);
    ck_assert_uint_eq(strlen(err.message), sizeof err.message - 1);
    ck_assert_ptr_null(strchr(err.message, '\n'));
}
END_TEST

START_TEST(null_arguments_are_a_status)
{
    xapian_database *db = (xapian_database *)&err;
    xapian_doccount count = 7;
    FAILS(XAPIAN_C_ARGUMENT, xapian_database_open(&db, NULL, &err));
    ck_assert_ptr_null(db);
    FAILS(XAPIAN_C_ARGUMENT, xapian_database_open(NULL, "/nowhere", &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_database_doccount(&count, NULL, &err));
    ck_assert_uint_eq(count, 0);
    FAILS(XAPIAN_C_ARGUMENT, xapian_document_set_data(NULL, S("x"), &err));
    xapian_document *doc;
    OK(xapian_document_create(&doc, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_document_set_data(doc, NULL, 1, &err));
    OK(xapian_document_set_data(doc, NULL, 0, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_document_create(NULL, &err));
    xapian_document_free(doc);
    xapian_document_free(NULL);
    xapian_database_free(NULL);
    xapian_writable_free(NULL);
    xapian_buffer_dispose(NULL);
}
END_TEST

START_TEST(opening_what_is_no_database_says_so)
{
    xapian_database *db;
    xapian_writable *writer;
    FAILS(XAPIAN_C_DB_NOT_FOUND, xapian_database_open(&db, in_dir("none"), &err));
    ck_assert_ptr_null(db);
    FAILS(XAPIAN_C_DB_NOT_FOUND, xapian_writable_open(&writer, in_dir("none"), XAPIAN_DB_OPEN, 0, 0, &err));
    ck_assert_ptr_null(writer);
    close_writer(open_writer(in_dir("one")));
    FAILS(XAPIAN_C_CREATE, xapian_writable_open(&writer, in_dir("one"), XAPIAN_DB_CREATE, 0, 0, &err));

    FILE *file = fopen(in_dir("one/iamglass"), "r+");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fputs("not a database at all", file) < 0, 0);
    ck_assert_int_eq(fclose(file), 0);
    xapian_status status = xapian_database_open(&db, in_dir("one"), &err);
    ck_assert_msg(status == XAPIAN_C_CORRUPT || status == XAPIAN_C_VERSION || status == XAPIAN_C_OPENING, "%d", status);
}
END_TEST

/* ---- Plain types ----------------------------------------------------------------------------- */

START_TEST(sortable_numbers_sort_and_come_back)
{
    static const double numbers[] = { -1e300, -2, -0.5, 0, 1, 1.5, 1234567, 1e300 };
    char last[XAPIAN_SORTABLE_MAX] = "", now[XAPIAN_SORTABLE_MAX];
    size_t last_len = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t len = xapian_sortable_serialise(now, numbers[i]);
        ck_assert_uint_le(len, XAPIAN_SORTABLE_MAX);
        ck_assert_double_eq(xapian_sortable_unserialise(now, len), numbers[i]);
        if (i > 0) {
            int order = memcmp(last, now, last_len < len ? last_len : len);
            ck_assert(order < 0 || (order == 0 && last_len < len));
        }
        memcpy(last, now, len);
        last_len = len;
    }
}
END_TEST

/* ---- Documents ------------------------------------------------------------------------------- */

START_TEST(documents_keep_binary_terms_values_and_data)
{
    xapian_document *doc;
    xapian_buffer buffer = XAPIAN_BUFFER_INIT;
    xapian_term_iter *terms;
    const char *term;
    size_t len;
    xapian_termcount n;
    OK(xapian_document_create(&doc, &err));
    OK(xapian_document_set_data(doc, S("a\0b"), &err));
    OK(xapian_document_add_term(doc, S("t\0\xff"), 3, &err));
    OK(xapian_document_add_boolean_term(doc, S("XB"), &err));
    OK(xapian_document_set_value(doc, 7, S("v\0w"), &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_document_add_term(doc, NULL, 0, 1, &err));

    OK(xapian_document_data(&buffer, doc, &err));
    ck_assert_mem_eq(buffer.data, "a\0b\0", 4);
    ck_assert_uint_eq(buffer.len, 3);
    OK(xapian_document_value(&buffer, doc, 7, &err));
    ck_assert_mem_eq(buffer.data, "v\0w\0", 4);
    OK(xapian_document_value(&buffer, doc, 8, &err));
    ck_assert_uint_eq(buffer.len, 0);
    ck_assert_str_eq(buffer.data, "");

    OK(xapian_document_termlist(&terms, doc, &err));
    FAILS(XAPIAN_C_OPERATION, xapian_term_iter_wdf(&n, terms, &err));
    OK(xapian_term_iter_next(&term, &len, terms, &err));
    ck_assert_mem_eq(term, "XB", 2);
    OK(xapian_term_iter_wdf(&n, terms, &err));
    ck_assert_uint_eq(n, 0);
    OK(xapian_term_iter_next(&term, &len, terms, &err));
    ck_assert_uint_eq(len, 3);
    ck_assert_mem_eq(term, "t\0\xff", 3);
    OK(xapian_term_iter_wdf(&n, terms, &err));
    ck_assert_uint_eq(n, 3);
    ck_assert_int_eq(xapian_term_iter_next(&term, &len, terms, &err), XAPIAN_C_END);
    FAILS(XAPIAN_C_OPERATION, xapian_term_iter_wdf(&n, terms, &err));
    xapian_term_iter_free(terms);

    OK(xapian_document_remove_term(doc, S("XB"), &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_document_remove_term(doc, S("XB"), &err));
    OK(xapian_document_term_count(&n, doc, &err));
    ck_assert_uint_eq(n, 1);
    OK(xapian_document_remove_value(doc, 7, &err));
    OK(xapian_document_value(&buffer, doc, 7, &err));
    ck_assert_uint_eq(buffer.len, 0);
    xapian_buffer_dispose(&buffer);
    xapian_document_free(doc);
}
END_TEST

START_TEST(a_cleared_document_serves_again)
{
    xapian_writable *db = open_writer(in_dir("db"));
    xapian_database *view = xapian_writable_database(db);
    xapian_buffer buffer = XAPIAN_BUFFER_INIT;
    xapian_document *doc = make_document("one two"), *stored;
    xapian_term_iter *terms;
    xapian_docid docid;
    OK(xapian_document_set_value(doc, 1, S("x"), &err));
    OK(xapian_writable_add_document(&docid, db, doc, &err));
    ck_assert_uint_eq(docid, 1);
    OK(xapian_document_clear(doc, &err));
    OK(xapian_document_add_term(doc, S("three"), 1, &err));
    OK(xapian_writable_add_document(&docid, db, doc, &err));
    ck_assert_uint_eq(docid, 2);
    OK(xapian_database_get_document(&stored, view, 2, &err));
    OK(xapian_document_termlist(&terms, stored, &err));
    ck_assert_str_eq(drain(terms), "three");
    OK(xapian_document_data(&buffer, stored, &err));
    ck_assert_uint_eq(buffer.len, 0);
    OK(xapian_document_value(&buffer, stored, 1, &err));
    ck_assert_uint_eq(buffer.len, 0);
    OK(xapian_document_docid(&docid, stored, &err));
    ck_assert_uint_eq(docid, 2);
    xapian_document_free(stored);
    OK(xapian_database_termlist(&terms, view, 1, &err));
    ck_assert_str_eq(drain(terms), "one two");
    xapian_buffer_dispose(&buffer);
    xapian_document_free(doc);
    close_writer(db);
}
END_TEST

START_TEST(values_of_a_document_iterate_by_slot)
{
    xapian_document *doc;
    xapian_value_iter *it;
    uint32_t slot;
    const char *value;
    size_t len;
    OK(xapian_document_create(&doc, &err));
    OK(xapian_document_set_value(doc, 9, S("nine"), &err));
    OK(xapian_document_set_value(doc, 2, S("two"), &err));
    OK(xapian_document_values(&it, doc, &err));
    OK(xapian_value_iter_next(&slot, &value, &len, it, &err));
    ck_assert_uint_eq(slot, 2);
    ck_assert_mem_eq(value, "two", len);
    OK(xapian_value_iter_seek(&slot, &value, &len, it, 5, &err));
    ck_assert_uint_eq(slot, 9);
    ck_assert_mem_eq(value, "nine", len);
    ck_assert_int_eq(xapian_value_iter_next(&slot, &value, &len, it, &err), XAPIAN_C_END);
    ck_assert_uint_eq(slot, 0);
    xapian_value_iter_free(it);
    xapian_document_free(doc);
}
END_TEST

/* ---- Databases ------------------------------------------------------------------------------- */

START_TEST(a_database_tells_what_is_in_it)
{
    xapian_writable *writer = open_writer(in_dir("db"));
    xapian_docid last;
    xapian_doccount n;
    xapian_termcount count;
    uint64_t total, revision, later;
    double average;
    bool yes;
    size_t shards;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    add_words(writer, "a a b");
    add_words(writer, "b c c c c");
    xapian_document *doc = make_document("d");
    OK(xapian_document_set_value(doc, 3, S("m"), &err));
    OK(xapian_writable_add_document(&last, writer, doc, &err));
    OK(xapian_document_set_value(doc, 3, S("q"), &err));
    OK(xapian_writable_add_document(&last, writer, doc, &err));
    xapian_document_free(doc);
    OK(xapian_writable_commit(writer, &err));

    xapian_database *db = open_reader(in_dir("db"));
    OK(xapian_database_doccount(&n, db, &err));
    ck_assert_uint_eq(n, 4);
    OK(xapian_database_lastdocid(&last, db, &err));
    ck_assert_uint_eq(last, 4);
    OK(xapian_database_avlength(&average, db, &err));
    ck_assert_double_eq(average, 10.0 / 4);
    OK(xapian_database_total_length(&total, db, &err));
    ck_assert_uint_eq(total, 10);
    OK(xapian_database_doclength(&count, db, 2, &err));
    ck_assert_uint_eq(count, 5);
    FAILS(XAPIAN_C_DOC_NOT_FOUND, xapian_database_doclength(&count, db, 99, &err));
    OK(xapian_database_has_positions(&yes, db, &err));
    ck_assert(yes);
    OK(xapian_database_termfreq(&n, db, S("b"), &err));
    ck_assert_uint_eq(n, 2);
    OK(xapian_database_collection_freq(&count, db, S("c"), &err));
    ck_assert_uint_eq(count, 4);
    OK(xapian_database_term_exists(&yes, db, S("zzz"), &err));
    ck_assert(!yes);
    OK(xapian_database_value_freq(&n, db, 3, &err));
    ck_assert_uint_eq(n, 2);
    OK(xapian_database_value_lower_bound(&text, db, 3, &err));
    ck_assert_str_eq(text.data, "m");
    OK(xapian_database_value_upper_bound(&text, db, 3, &err));
    ck_assert_str_eq(text.data, "q");
    OK(xapian_database_uuid(&text, db, &err));
    ck_assert_uint_eq(text.len, 36);
    OK(xapian_database_revision(&revision, db, &err));
    OK(xapian_database_shard_count(&shards, db, &err));
    ck_assert_uint_eq(shards, 1);
    OK(xapian_database_locked(&yes, db, &err));
    ck_assert(yes);

    add_words(writer, "e");
    close_writer(writer);
    OK(xapian_database_locked(&yes, db, &err));
    ck_assert(!yes);
    OK(xapian_database_reopen(&yes, db, &err));
    ck_assert(yes);
    OK(xapian_database_reopen(&yes, db, &err));
    ck_assert(!yes);
    OK(xapian_database_revision(&later, db, &err));
    ck_assert_uint_eq(later, revision + 1);
    OK(xapian_database_close(db, &err));
    FAILS(XAPIAN_C_CLOSED, xapian_database_termfreq(&n, db, S("b"), &err));
    xapian_database_free(db);
    xapian_buffer_dispose(&text);
}
END_TEST

START_TEST(lists_of_terms_documents_positions_and_values)
{
    xapian_writable *writer = open_writer(in_dir("db"));
    xapian_database *db = xapian_writable_database(writer);
    xapian_term_iter *terms;
    xapian_posting_iter *postings;
    xapian_position_iter *positions;
    xapian_value_iter *values;
    const char *term;
    size_t len;
    xapian_docid docid;
    xapian_termpos pos;
    xapian_termcount n;
    add_words(writer, "apple banana apricot apple");
    add_words(writer, "cherry");
    add_words(writer, "apple avocado");
    xapian_document *doc = make_document("apple");
    OK(xapian_document_set_value(doc, 0, S("v4"), &err));
    OK(xapian_writable_replace_document(writer, 9, doc, &err));
    xapian_document_free(doc);
    OK(xapian_writable_commit(writer, &err));

    OK(xapian_database_allterms(&terms, db, S("a"), &err));
    ck_assert_str_eq(drain(terms), "apple apricot avocado");
    OK(xapian_database_allterms(&terms, db, NULL, 0, &err));
    OK(xapian_term_iter_seek(&term, &len, terms, S("b"), &err));
    ck_assert_mem_eq(term, "banana", len);
    OK(xapian_term_iter_termfreq(&n, terms, &err));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(xapian_term_iter_seek(&term, &len, terms, S("x"), &err), XAPIAN_C_END);
    xapian_term_iter_free(terms);

    OK(xapian_database_postings(&postings, db, S("apple"), &err));
    FAILS(XAPIAN_C_OPERATION, xapian_posting_iter_wdf(&n, postings, &err));
    OK(xapian_posting_iter_next(&docid, postings, &err));
    ck_assert_uint_eq(docid, 1);
    OK(xapian_posting_iter_wdf(&n, postings, &err));
    ck_assert_uint_eq(n, 2);
    OK(xapian_posting_iter_doclength(&n, postings, &err));
    ck_assert_uint_eq(n, 4);
    OK(xapian_posting_iter_positions(&positions, postings, &err));
    OK(xapian_position_iter_next(&pos, positions, &err));
    ck_assert_uint_eq(pos, 1);
    OK(xapian_position_iter_seek(&pos, positions, 2, &err));
    ck_assert_uint_eq(pos, 4);
    ck_assert_int_eq(xapian_position_iter_next(&pos, positions, &err), XAPIAN_C_END);
    xapian_position_iter_free(positions);
    OK(xapian_posting_iter_seek(&docid, postings, 4, &err));
    ck_assert_uint_eq(docid, 9);
    ck_assert_int_eq(xapian_posting_iter_next(&docid, postings, &err), XAPIAN_C_END);
    ck_assert_int_eq(xapian_posting_iter_seek(&docid, postings, 1, &err), XAPIAN_C_END);
    xapian_posting_iter_free(postings);
    OK(xapian_database_postings(&postings, db, S("nothing"), &err));
    ck_assert_int_eq(xapian_posting_iter_seek(&docid, postings, 4, &err), XAPIAN_C_END);
    xapian_posting_iter_free(postings);

    OK(xapian_database_termlist(&terms, db, 1, &err));
    OK(xapian_term_iter_seek(&term, &len, terms, S("apricot"), &err));
    ck_assert_mem_eq(term, "apricot", len);
    OK(xapian_term_iter_position_count(&n, terms, &err));
    ck_assert_uint_eq(n, 1);
    OK(xapian_term_iter_positions(&positions, terms, &err));
    OK(xapian_position_iter_next(&pos, positions, &err));
    ck_assert_uint_eq(pos, 3);
    xapian_position_iter_free(positions);
    xapian_term_iter_free(terms);
    FAILS(XAPIAN_C_DOC_NOT_FOUND, xapian_database_termlist(&terms, db, 5, &err));
    ck_assert_ptr_null(terms);

    OK(xapian_database_positions(&positions, db, 1, S("apple"), &err));
    OK(xapian_position_iter_seek(&pos, positions, 2, &err));
    ck_assert_uint_eq(pos, 4);
    xapian_position_iter_free(positions);

    OK(xapian_database_values(&values, db, 0, &err));
    OK(xapian_value_iter_next(&docid, &term, &len, values, &err));
    ck_assert_uint_eq(docid, 9);
    ck_assert_mem_eq(term, "v4", len);
    ck_assert_int_eq(xapian_value_iter_next(&docid, &term, &len, values, &err), XAPIAN_C_END);
    xapian_value_iter_free(values);
    close_writer(writer);
}
END_TEST

START_TEST(documents_are_replaced_and_deleted)
{
    xapian_writable *writer = open_writer(in_dir("db"));
    xapian_database *db = xapian_writable_database(writer);
    xapian_document *doc = make_document("new Qid");
    xapian_docid docid;
    xapian_doccount n;
    add_words(writer, "old Qid");
    add_words(writer, "other");
    OK(xapian_writable_replace_term(&docid, writer, S("Qid"), doc, &err));
    ck_assert_uint_eq(docid, 1);
    OK(xapian_database_termfreq(&n, db, S("old"), &err));
    ck_assert_uint_eq(n, 0);
    OK(xapian_writable_replace_term(NULL, writer, S("Qnew"), doc, &err));
    OK(xapian_database_lastdocid(&docid, db, &err));
    ck_assert_uint_eq(docid, 3);
    OK(xapian_writable_delete_document(writer, 2, &err));
    FAILS(XAPIAN_C_DOC_NOT_FOUND, xapian_writable_delete_document(writer, 2, &err));
    OK(xapian_writable_delete_term(writer, S("Qid"), &err));
    OK(xapian_writable_delete_term(writer, S("Qid"), &err));
    OK(xapian_database_doccount(&n, db, &err));
    ck_assert_uint_eq(n, 0);

    char big[300];
    memset(big, 'x', sizeof big);
    OK(xapian_document_add_term(doc, big, sizeof big, 1, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_writable_add_document(&docid, writer, doc, &err));
    ck_assert_uint_eq(docid, 0);
    xapian_document_free(doc);
    xapian_database_free(db); /* a view: nothing happens */
    close_writer(writer);
}
END_TEST

START_TEST(a_cancelled_transaction_leaves_no_trace)
{
    xapian_writable *writer = open_writer(in_dir("db"));
    xapian_database *db = xapian_writable_database(writer);
    xapian_buffer value = XAPIAN_BUFFER_INIT;
    xapian_doccount n;
    add_words(writer, "before");
    OK(xapian_writable_begin(writer, true, &err));
    FAILS(XAPIAN_C_OPERATION, xapian_writable_begin(writer, true, &err));
    FAILS(XAPIAN_C_OPERATION, xapian_writable_commit(writer, &err));
    add_words(writer, "within");
    OK(xapian_writable_set_metadata(writer, S("key"), S("value"), &err));
    OK(xapian_writable_cancel_transaction(writer, &err));
    OK(xapian_database_doccount(&n, db, &err));
    ck_assert_uint_eq(n, 1);
    OK(xapian_database_metadata(&value, db, S("key"), &err));
    ck_assert_uint_eq(value.len, 0);
    FAILS(XAPIAN_C_OPERATION, xapian_writable_commit_transaction(writer, &err));

    OK(xapian_writable_begin(writer, true, &err));
    add_words(writer, "again");
    OK(xapian_writable_commit_transaction(writer, &err));
    OK(xapian_writable_begin(writer, true, &err));
    add_words(writer, "dropped by closing");
    close_writer(writer);
    db = open_reader(in_dir("db"));
    OK(xapian_database_doccount(&n, db, &err));
    ck_assert_uint_eq(n, 2);
    xapian_database_free(db);
    xapian_buffer_dispose(&value);
}
END_TEST

START_TEST(metadata_spelling_and_synonyms)
{
    xapian_writable *writer = open_writer(in_dir("db"));
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    xapian_term_iter *it;
    const char *term;
    size_t len;
    xapian_doccount n;
    OK(xapian_writable_set_metadata(writer, S("k1"), S("v\0 1"), &err));
    OK(xapian_writable_set_metadata(writer, S("k2"), S("v2"), &err));
    OK(xapian_writable_set_metadata(writer, S("other"), S("v3"), &err));
    OK(xapian_writable_set_metadata(writer, S("k2"), NULL, 0, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_writable_set_metadata(writer, NULL, 0, S("v"), &err));
    OK(xapian_writable_add_spelling(writer, S("sanction"), 3, &err));
    OK(xapian_writable_add_spelling(writer, S("summit"), 1, &err));
    OK(xapian_writable_remove_spelling(writer, S("summit"), 1, &err));
    OK(xapian_writable_add_synonym(writer, S("car"), S("auto"), &err));
    OK(xapian_writable_add_synonym(writer, S("car"), S("motor"), &err));
    OK(xapian_writable_add_synonym(writer, S("bike"), S("cycle"), &err));
    OK(xapian_writable_add_synonym(writer, S("cat"), S("feline"), &err));
    OK(xapian_writable_remove_synonym(writer, S("car"), S("motor"), &err));
    OK(xapian_writable_clear_synonyms(writer, S("cat"), &err));
    close_writer(writer);

    xapian_database *db = open_reader(in_dir("db"));
    OK(xapian_database_metadata(&text, db, S("k1"), &err));
    ck_assert_uint_eq(text.len, 4);
    ck_assert_mem_eq(text.data, "v\0 1", 4);
    OK(xapian_database_metadata_keys(&it, db, S("k"), &err));
    ck_assert_str_eq(drain(it), "k1");
    OK(xapian_database_metadata_keys(&it, db, NULL, 0, &err));
    ck_assert_str_eq(drain(it), "k1 other");

    OK(xapian_database_spelling_suggestion(&text, db, S("sancton"), 0, &err));
    ck_assert_str_eq(text.data, "sanction");
    OK(xapian_database_spelling_suggestion(&text, db, S("sumit"), 0, &err));
    ck_assert_str_eq(text.data, "");
    OK(xapian_database_spellings(&it, db, &err));
    OK(xapian_term_iter_next(&term, &len, it, &err));
    OK(xapian_term_iter_termfreq(&n, it, &err));
    ck_assert_uint_eq(n, 3);
    xapian_term_iter_free(it);

    OK(xapian_database_synonyms(&it, db, S("car"), &err));
    ck_assert_str_eq(drain(it), "auto");
    OK(xapian_database_synonym_keys(&it, db, NULL, 0, &err));
    OK(xapian_term_iter_seek(&term, &len, it, S("c"), &err));
    ck_assert_mem_eq(term, "car", len);
    ck_assert_int_eq(xapian_term_iter_next(&term, &len, it, &err), XAPIAN_C_END);
    xapian_term_iter_free(it);
    xapian_database_free(db);
    xapian_buffer_dispose(&text);
}
END_TEST

START_TEST(several_databases_are_one)
{
    xapian_writable *writer = open_writer(in_dir("a"));
    add_words(writer, "in first");
    close_writer(writer);
    writer = open_writer(in_dir("b"));
    add_words(writer, "in second");
    OK(xapian_writable_commit(writer, &err));

    const char *paths[] = { in_dir("a"), in_dir("b") };
    xapian_database *both, *grown, *b = open_reader(paths[1]);
    xapian_document *doc;
    xapian_buffer text = XAPIAN_BUFFER_INIT;
    xapian_doccount n;
    uint64_t revision;
    size_t shards;
    OK(xapian_database_open_many(&both, paths, 2, &err));
    OK(xapian_database_doccount(&n, both, &err));
    ck_assert_uint_eq(n, 2);
    OK(xapian_database_get_document(&doc, both, 2, &err));
    OK(xapian_document_data(&text, doc, &err));
    ck_assert_str_eq(text.data, "in second");
    xapian_document_free(doc);
    FAILS(XAPIAN_C_OPERATION, xapian_database_revision(&revision, both, &err));

    OK(xapian_database_open_many(&grown, NULL, 0, &err));
    OK(xapian_database_add(grown, b, &err));
    OK(xapian_database_add(grown, both, &err));
    xapian_database_free(b);
    xapian_database_free(both);
    OK(xapian_database_shard_count(&shards, grown, &err));
    ck_assert_uint_eq(shards, 3);
    OK(xapian_database_termfreq(&n, grown, S("second"), &err));
    ck_assert_uint_eq(n, 2);
    FAILS(XAPIAN_C_OPERATION, xapian_database_add(xapian_writable_database(writer), grown, &err));
    xapian_database_free(grown);
    paths[1] = in_dir("none");
    FAILS(XAPIAN_C_DB_NOT_FOUND, xapian_database_open_many(&both, paths, 2, &err));
    ck_assert_ptr_null(both);
    xapian_buffer_dispose(&text);
    close_writer(writer);
}
END_TEST

START_TEST(an_in_memory_database_needs_no_path)
{
    xapian_writable *writer;
    xapian_doccount n;
    OK(xapian_writable_open(&writer, NULL, XAPIAN_DB_INMEMORY, 0, 0, &err));
    add_words(writer, "x y");
    OK(xapian_database_doccount(&n, xapian_writable_database(writer), &err));
    ck_assert_uint_eq(n, 1);
    xapian_writable_free(writer);
}
END_TEST

/* ---- Readers and writers --------------------------------------------------------------------- */

/* Enough that no block of the first revision survives two commits in the reader's cache. */
static void rewrite(xapian_writable *writer, int round)
{
    char words[64];
    for (int i = 0; i < 500; i++) {
        snprintf(words, sizeof words, "word%d round%d common", i, round);
        xapian_document *doc = make_document(words);
        OK(xapian_writable_replace_document(writer, (xapian_docid)(i + 1), doc, &err));
        xapian_document_free(doc);
    }
    OK(xapian_writable_commit(writer, &err));
}

/* Reads all documents and terms, up to the first failure. */
static xapian_status read_everything(xapian_database *db)
{
    xapian_term_iter *terms;
    const char *term;
    size_t len;
    xapian_status status = XAPIAN_C_OK;
    for (xapian_docid docid = 1; docid <= 500 && status >= 0; docid++) {
        status = xapian_database_termlist(&terms, db, docid, &err);
        while (status == XAPIAN_C_OK)
            status = xapian_term_iter_next(&term, &len, terms, &err);
        xapian_term_iter_free(terms);
    }
    return status;
}

START_TEST(a_reader_overtaken_by_two_commits_reopens_and_goes_on)
{
    xapian_writable *writer = open_writer(in_dir("db"));
    bool changed;
    rewrite(writer, 0);
    xapian_database *db = open_reader(in_dir("db"));
    rewrite(writer, 1);
    ck_assert_int_eq(read_everything(db), XAPIAN_C_END);
    rewrite(writer, 2);
    FAILS(XAPIAN_C_MODIFIED, read_everything(db));
    OK(xapian_database_reopen(&changed, db, &err));
    ck_assert(changed);
    ck_assert_int_eq(read_everything(db), XAPIAN_C_END);
    xapian_database_free(db);
    close_writer(writer);
}
END_TEST

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

START_TEST(a_second_writer_gives_up_after_the_time_it_was_given)
{
    xapian_writable *first = open_writer(in_dir("db")), *second;
    double start = now();
    FAILS(XAPIAN_C_LOCK, xapian_writable_open(&second, in_dir("db"), XAPIAN_DB_OPEN, 0, 0, &err));
    ck_assert_ptr_null(second);
    ck_assert_ptr_nonnull(strstr(err.message, dir));
    ck_assert_double_lt(now() - start, 5.0);
    start = now();
    FAILS(XAPIAN_C_LOCK, xapian_writable_open(&second, in_dir("db"), XAPIAN_DB_OPEN, 0, 150, &err));
    ck_assert_double_ge(now() - start, 0.15);
    ck_assert_ptr_nonnull(strstr(err.message, "150 ms"));
    close_writer(first);
    OK(xapian_writable_open(&second, in_dir("db"), XAPIAN_DB_OPEN, 0, 0, &err));
    close_writer(second);
}
END_TEST

/* Another process holds the lock until this one closes the pipe's end, which it does from a child while
   the opening below is being tried. `timeout_ms` of _i: patient, or for ever. */
START_TEST(a_second_writer_waits_for_the_first)
{
    int ready[2], go[2];
    char byte;
    ck_assert_int_eq(pipe(ready) | pipe(go), 0);
    pid_t holder = fork();
    ck_assert_int_ge(holder, 0);
    if (holder == 0) {
        struct timespec moment = { 0, 50 * 1000 * 1000 };
        close(go[1]);
        xapian_writable *writer = open_writer(in_dir("db"));
        if (write(ready[1], "", 1) != 1 || read(go[0], &byte, 1) != 1)
            _exit(1);
        nanosleep(&moment, NULL); /* lets the other one meet the lock; no assertion depends on it */
        close_writer(writer);
        _exit(0);
    }
    ck_assert_int_eq((int)read(ready[0], &byte, 1), 1);
    xapian_writable *second;
    FAILS(XAPIAN_C_LOCK, xapian_writable_open(&second, in_dir("db"), XAPIAN_DB_OPEN, 0, 0, &err));
    ck_assert_int_eq((int)write(go[1], "", 1), 1);
    OK(xapian_writable_open(&second, in_dir("db"), XAPIAN_DB_OPEN, 0, _i ? -1 : 20000, &err));
    close_writer(second);
    int status;
    ck_assert_int_eq(waitpid(holder, &status, 0), holder);
    ck_assert_int_eq(status, 0);
    close(ready[0]), close(ready[1]), close(go[0]), close(go[1]);
}
END_TEST

START_TEST(compact_joins_databases_and_check_finds_damage)
{
    const char *paths[] = { in_dir("a"), in_dir("b") };
    xapian_buffer report = XAPIAN_BUFFER_INIT;
    xapian_doccount n;
    size_t errors = 99;
    xapian_writable *writer = open_writer(paths[0]);
    rewrite(writer, 0);
    close_writer(writer);
    writer = open_writer(paths[1]);
    rewrite(writer, 1);
    close_writer(writer);

    OK(xapian_compact(paths, 2, in_dir("both"), XAPIAN_COMPACT_FULLER, 0, &err));
    xapian_database *db = open_reader(in_dir("both"));
    OK(xapian_database_doccount(&n, db, &err));
    ck_assert_uint_eq(n, 1000);
    xapian_database_free(db);
    FAILS(XAPIAN_C_OPERATION, xapian_compact(paths, 2, in_dir("kept"), XAPIAN_COMPACT_NO_RENUMBER, 0, &err));
    FAILS(XAPIAN_C_ARGUMENT, xapian_compact(paths, 2, paths[0], 0, 0, &err));

    OK(xapian_check(&errors, &report, paths[0], XAPIAN_CHECK_SHOW_STATS, &err));
    ck_assert_uint_eq(errors, 0);
    ck_assert_ptr_nonnull(strstr(report.data, "checked okay"));
    OK(xapian_check(&errors, NULL, paths[0], 0, &err));

    FILE *file = fopen(in_dir("a/postlist.glass"), "r+b");
    ck_assert_ptr_nonnull(file);
    for (long at = 0; at < 4 * 8192; at += 16) {
        fseek(file, at, SEEK_SET);
        ck_assert_int_ne(fputc(0xA5, file), EOF);
    }
    ck_assert_int_eq(fclose(file), 0);
    errors = 0;
    xapian_status status = xapian_check(&errors, &report, paths[0], 0, &err);
    ck_assert_msg(status == XAPIAN_C_CORRUPT || (status == XAPIAN_C_OK && errors > 0), "%d %zu %s", status, errors,
                  err.message);
    ck_assert_int_lt(xapian_check(&errors, &report, in_dir("none"), 0, &err), 0);
    xapian_buffer_dispose(&report);
}
END_TEST

/* ---- Stemming -------------------------------------------------------------------------------- */

START_TEST(stems_go_into_the_callers_buffer)
{
    xapian_stem *stem;
    char out[64];
    size_t len;
    OK(xapian_stem_create(&stem, "en", &err));
    OK(xapian_stem_apply(out, sizeof out, &len, stem, S("sanctions"), &err));
    ck_assert_uint_eq(len, 8);
    ck_assert_mem_eq(out, "sanction", 8);
    OK(xapian_stem_apply(out, sizeof out, &len, stem, S("internationalisations"), &err));
    ck_assert_mem_eq(out, "internationalis", len);
    OK(xapian_stem_apply(out, sizeof out, &len, stem, NULL, 0, &err));
    ck_assert_uint_eq(len, 0);
    memset(out, '#', sizeof out);
    FAILS(XAPIAN_C_RANGE, xapian_stem_apply(out, 7, &len, stem, S("sanctions"), &err));
    ck_assert_uint_eq(len, 8);
    ck_assert_int_eq(out[0], '#');
    OK(xapian_stem_apply(out, 8, &len, stem, S("sanctions"), &err));
    ck_assert_int_eq(out[8], '#');
    xapian_stem_free(stem);

    OK(xapian_stem_create(&stem, "none", &err));
    OK(xapian_stem_apply(out, sizeof out, &len, stem, S("sanctions"), &err));
    ck_assert_uint_eq(len, 9);
    xapian_stem_free(stem);
    FAILS(XAPIAN_C_ARGUMENT, xapian_stem_create(&stem, "klingon", &err));
    ck_assert_ptr_null(stem);
    xapian_buffer names = XAPIAN_BUFFER_INIT;
    OK(xapian_stem_languages(&names, &err));
    ck_assert_ptr_nonnull(strstr(names.data, "english"));
    xapian_buffer_dispose(&names);
    ck_assert_ptr_nonnull(strchr(xapian_version(), '.'));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xapian_c");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_dir, remove_dir);
    tcase_add_loop_test(tests, every_exception_has_its_status, 0, (int)(sizeof thrown / sizeof *thrown));
    tcase_add_test(tests, messages_name_the_class_the_context_and_the_reason);
    tcase_add_test(tests, long_messages_are_cut_to_one_line);
    tcase_add_test(tests, null_arguments_are_a_status);
    tcase_add_test(tests, opening_what_is_no_database_says_so);
    tcase_add_test(tests, sortable_numbers_sort_and_come_back);
    tcase_add_test(tests, documents_keep_binary_terms_values_and_data);
    tcase_add_test(tests, a_cleared_document_serves_again);
    tcase_add_test(tests, values_of_a_document_iterate_by_slot);
    tcase_add_test(tests, a_database_tells_what_is_in_it);
    tcase_add_test(tests, lists_of_terms_documents_positions_and_values);
    tcase_add_test(tests, documents_are_replaced_and_deleted);
    tcase_add_test(tests, a_cancelled_transaction_leaves_no_trace);
    tcase_add_test(tests, metadata_spelling_and_synonyms);
    tcase_add_test(tests, several_databases_are_one);
    tcase_add_test(tests, an_in_memory_database_needs_no_path);
    tcase_add_test(tests, a_reader_overtaken_by_two_commits_reopens_and_goes_on);
    tcase_add_test(tests, a_second_writer_gives_up_after_the_time_it_was_given);
    tcase_add_loop_test(tests, a_second_writer_waits_for_the_first, 0, 2);
    tcase_add_test(tests, compact_joins_databases_and_check_finds_damage);
    tcase_add_test(tests, stems_go_into_the_callers_buffer);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

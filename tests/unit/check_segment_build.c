/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs -> a segment: the same bytes with any number of threads, and a failure of memory anywhere is only that. */
#include "../support/testing.h"
#include "core/alloc.h"
#include "segment_build.h"

enum { RUNS = 5, RUN_ARTICLES = 160, WORDS_EACH = 50, LANGUAGES = 2 };

static char folder[TEST_PATH];
static mrg_run *runs[RUNS];
static mrg_stemmer *stemmers[LANGUAGES];

/* Words in several inflections, low numbers more often than high ones. */
static void make_text(mrg_buffer *text, uint64_t *seed)
{
    static const char *const endings[] = { "", "s", "ing", "ed", "en" };
    mrg_buffer_clear(text);
    for (int i = 0; i < WORDS_EACH; i++) {
        unsigned word = test_below(seed, test_below(seed, 400) + 1);
        mrg_buffer_printf(text, "%c%c%cnt%s ", 'b' + word % 7, "aeiou"[word % 5], 'c' + word / 7 % 19,
                          endings[test_below(seed, 5)]);
    }
}

static void make_run(mrg_run_builder *builder, size_t number, uint64_t *seed)
{
    mrg_tokens tokens = { 0 };
    mrg_buffer text = MRG_BUFFER_INIT;
    morgue_error err;
    for (int i = 0; i < RUN_ARTICLES; i++) {
        make_text(&text, seed);
        mrg_tokens_clear(&tokens);
        test_ok(mrg_tokenize(&tokens, (const char *)text.data, 0, text.len, 0, &err));
        test_ok(mrg_run_builder_add(builder, &tokens, 4, test_below(seed, LANGUAGES), NULL, &err));
    }
    test_ok(mrg_run_builder_finish(builder, (uint32_t)(1 + number * RUN_ARTICLES), &runs[number], &err));
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&text);
}

static void setup(void)
{
    static const char *const langs[LANGUAGES] = { "en", "de" };
    mrg_run_builder *builder;
    morgue_error err;
    uint64_t seed = test_seed();
    test_make_scratch(folder);
    test_ok(mrg_run_builder_create(&builder, &err));
    for (size_t i = 0; i < RUNS; i++)
        make_run(builder, i, &seed);
    mrg_run_builder_free(builder);
    for (size_t i = 0; i < LANGUAGES; i++)
        test_ok(mrg_stemmer_create(&stemmers[i], langs[i], &err));
}

static void teardown(void)
{
    for (size_t i = 0; i < RUNS; i++)
        mrg_run_free(runs[i]);
    for (size_t i = 0; i < LANGUAGES; i++)
        mrg_stemmer_free(stemmers[i]);
    test_remove_tree(folder);
}

static morgue_status build(const char *path, unsigned threads, morgue_error *err)
{
    mrg_segment_writer *writer;
    const mrg_stemmers all = { stemmers, LANGUAGES };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    mrg_text_block block = { 0 };
    morgue_status status = mrg_segment_writer_create(&writer, path, 1, err);
    if (status)
        return status;
    mrg_segment_writer_set_pairs(writer, 10, threads);
    for (int i = 0; i < RUNS * RUN_ARTICLES; i++)
        mrg_text_block_add(&block, "x", 1);
    status = mrg_text_block_encode(&block, &encoded, err);
    if (!status)
        status = mrg_segment_writer_add_text(writer, encoded.data, encoded.len, RUNS * RUN_ARTICLES, err);
    if (!status)
        status = mrg_segment_build(writer, runs, RUNS, &all, threads, err);
    if (!status)
        status = mrg_segment_writer_finish(writer, 1, NULL, err);
    mrg_segment_writer_free(writer);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
    return status;
}

START_TEST(the_number_of_threads_changes_nothing)
{
    unsigned char *first = NULL;
    size_t first_len = 0;
    for (unsigned threads = 1; threads <= 4; threads++) {
        char path[TEST_PATH], name[16];
        morgue_error err;
        mrg_segment *segment;
        snprintf(name, sizeof name, "%u.seg", threads);
        test_path(path, folder, name);
        test_ok(build(path, threads, &err));
        test_ok(mrg_segment_open(&segment, path, &err));
        test_ok(mrg_segment_check(segment, NULL, NULL, &err));
        mrg_segment_close(segment);
        size_t len;
        unsigned char *bytes = test_read_file(path, &len);
        ck_assert_ptr_nonnull(bytes);
        if (first) {
            ck_assert_uint_eq(len, first_len);
            ck_assert_mem_eq(bytes, first, len);
            free(bytes);
        } else {
            first = bytes;
            first_len = len;
        }
    }
    free(first);
}
END_TEST

START_TEST(without_memory_no_segment_comes_out)
{
    char path[TEST_PATH];
    morgue_error err;
    morgue_status status = MORGUE_ERR_NOMEM;
    unsigned threads = (unsigned)_i + 1;
    long n = 1;
    test_path(path, folder, "failed.seg");
    for (; status; n += n < 60 ? 1 : 97) {
        mrg_alloc_fail_at(n);
        status = build(path, threads, &err);
        mrg_alloc_fail_at(0);
        ck_assert_msg(!status || status == MORGUE_ERR_NOMEM, "at %ld: %s", n, err.message);
        if (status)
            ck_assert_int_ne(access(path, F_OK), 0);
    }
    ck_assert_int_gt(n, 100);
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("segment build");
    TCase *tests = tcase_create("threads");
    tcase_set_timeout(tests, 120);
    tcase_add_unchecked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_number_of_threads_changes_nothing);
    tcase_add_loop_test(tests, without_memory_no_segment_comes_out, 0, 2);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

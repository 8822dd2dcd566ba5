/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What patterns, misspelt words and stems stand for, against a look at each word. */
#include "core/alloc.h"
#include "expand.h"
#include "../support/testing.h"

enum { SEGMENTS = 3, MAX_WORDS = 2000, WORD_BYTES = 24, DOCS = 40, ROUNDS = 150 };

typedef struct word {
    char text[WORD_BYTES];
    uint32_t doc_counts[SEGMENTS];
    uint64_t doc_count;
} word;

static word words[MAX_WORDS];
static size_t word_count;
static mrg_segment *segments[SEGMENTS];
static mrg_arena arena;
static mrg_match_terms terms;
static mrg_stemmer *stemmer;
static uint64_t state;

static const char *const letters[] = { "a", "b", "c", "é", "ж", "漢", "😀", "1" };

/* So few letters make many near words. */
static void random_text(char *out, size_t letter_count, unsigned longest)
{
    out[0] = 0;
    for (unsigned n = 1 + test_below(&state, longest); n > 0; n--)
        strcat(out, letters[test_below(&state, (unsigned)letter_count)]);
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(((const word *)a)->text, ((const word *)b)->text);
}

static void make_words(void)
{
    static const char *const real[] = { "happy",    "happily",   "happiness",  "happier",  "die",         "dying",
                                        "dies",     "died",      "make",       "making",   "makes",       "maker",
                                        "sanction", "sanctions", "sanctioned", "possible", "possibility", "possibly",
                                        "war",      "wars",      "warring",    "hope",     "hoping",      "hopped",
                                        "sky",      "skies",     "only",       "ties" };
    word_count = 0;
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
        strcpy(words[word_count++].text, real[i]);
    while (word_count < 900)
        random_text(words[word_count++].text, 8, 4);
    qsort(words, word_count, sizeof *words, compare_words);
    size_t kept = 1;
    for (size_t i = 1; i < word_count; i++) {
        if (strcmp(words[kept - 1].text, words[i].text))
            words[kept++] = words[i];
    }
    word_count = kept;
    for (size_t i = 0; i < word_count; i++) {
        words[i].doc_count = 0;
        for (int s = 0; s < SEGMENTS; s++)
            words[i].doc_counts[s] = test_below(&state, 2) ? 0 : 1 + test_below(&state, DOCS);
        if (!words[i].doc_counts[0] && !words[i].doc_counts[1] && !words[i].doc_counts[2])
            words[i].doc_counts[test_below(&state, SEGMENTS)] = 1;
        for (int s = 0; s < SEGMENTS; s++)
            words[i].doc_count += words[i].doc_counts[s];
    }
}

static void write_words(mrg_segment_writer *w, int field, int segment)
{
    for (size_t i = 0; i < word_count; i++) {
        char key[WORD_BYTES + 1];
        snprintf(key, sizeof key, "%c%s", field, words[i].text);
        ck_assert_int_eq(mrg_segment_writer_start_term(w, key, strlen(key), NULL), 0);
        for (uint32_t d = 0; d < words[i].doc_counts[segment]; d++) {
            const uint32_t position = 3;
            const uint32_t docid = (uint32_t)segment * DOCS + 1 + d;
            ck_assert_int_eq(mrg_segment_writer_add_posting(w, docid, 1, &position, NULL, NULL), 0);
        }
        ck_assert_int_eq(mrg_segment_writer_end_term(w, NULL), 0);
    }
}

static void write_segment(const char *path, int segment)
{
    mrg_segment_writer *w;
    mrg_segment_summary summary;
    mrg_text_block block = { 0 };
    mrg_buffer encoded = MRG_BUFFER_INIT;
    ck_assert_int_eq(mrg_segment_writer_create(&w, path, (uint32_t)segment * DOCS + 1, NULL), 0);
    for (int d = 0; d < DOCS; d++)
        mrg_text_block_add(&block, "x", 1);
    ck_assert_int_eq(mrg_text_block_encode(&block, &encoded, NULL), 0);
    ck_assert_int_eq(mrg_segment_writer_add_text(w, encoded.data, encoded.len, DOCS, NULL), 0);
    for (int d = 0; d < DOCS; d++)
        ck_assert_int_eq(mrg_segment_writer_add_length(w, (mrg_doc_length){ 100, 10 }, NULL), 0);
    /* Terms of other fields on both sides, which must not come out. */
    write_words(w, MRG_FIELD_TITLE_WORD, segment);
    write_words(w, MRG_FIELD_WORD, segment);
    ck_assert_int_eq(mrg_segment_writer_start_term(w, "yaaa", 4, NULL), 0);
    ck_assert_int_eq(
        mrg_segment_writer_add_posting(w, (uint32_t)segment * DOCS + 1, 1, &(uint32_t){ 1 }, &(uint8_t){ 1 }, NULL), 0);
    ck_assert_int_eq(mrg_segment_writer_end_term(w, NULL), 0);
    ck_assert_int_eq(mrg_segment_writer_finish(w, 1, &summary, NULL), 0);
    mrg_segment_writer_free(w);
    mrg_text_block_dispose(&block);
    mrg_buffer_dispose(&encoded);
}

static void setup(void)
{
    char directory[] = "/tmp/check_expand_XXXXXX", path[64];
    state = test_seed();
    ck_assert_ptr_nonnull(mkdtemp(directory));
    make_words();
    for (int i = 0; i < SEGMENTS; i++) {
        snprintf(path, sizeof path, "%s/%d", directory, i);
        write_segment(path, i);
        ck_assert_int_eq(mrg_segment_open(&segments[i], path, NULL), 0);
        unlink(path);
    }
    rmdir(directory);
    mrg_match_terms_init(&terms, &arena, (const mrg_segment **)segments, SEGMENTS);
    ck_assert_int_eq(mrg_stemmer_create(&stemmer, "en", NULL), 0);
}

static void teardown(void)
{
    mrg_match_terms_dispose(&terms);
    mrg_arena_dispose(&arena);
    mrg_stemmer_free(stemmer);
    for (int i = 0; i < SEGMENTS; i++)
        mrg_segment_close(segments[i]);
}

/* ---- The dull way -------------------------------------------------------------------------------- */

static size_t char_len(const char *p)
{
    size_t n = 1;
    while (((unsigned char)p[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static int glob(const char *pattern, const char *text)
{
    if (!*pattern)
        return !*text;
    if (*pattern == '*')
        return glob(pattern + 1, text) || (*text && glob(pattern, text + char_len(text)));
    if (!*text)
        return 0;
    if (*pattern == '?')
        return glob(pattern + 1, text + char_len(text));
    return *pattern == *text && glob(pattern + 1, text + 1);
}

static size_t split(const char *text, char chars[][8])
{
    size_t n = 0;
    for (; *text; text += char_len(text), n++)
        snprintf(chars[n], 8, "%.*s", (int)char_len(text), text);
    return n;
}

/* Optimal string alignment, straight from its recursion. */
static unsigned edits_between(char a[][8], size_t a_len, char b[][8], size_t b_len)
{
    unsigned table[32][32];
    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            unsigned best = (unsigned)(i + j);
            if (i && table[i - 1][j] + 1 < best)
                best = table[i - 1][j] + 1;
            if (j && table[i][j - 1] + 1 < best)
                best = table[i][j - 1] + 1;
            if (i && j) {
                unsigned replaced = table[i - 1][j - 1] + (strcmp(a[i - 1], b[j - 1]) != 0);
                best = replaced < best ? replaced : best;
            }
            if (i > 1 && j > 1 && !strcmp(a[i - 1], b[j - 2]) && !strcmp(a[i - 2], b[j - 1]) &&
                table[i - 2][j - 2] + 1 < best)
                best = table[i - 2][j - 2] + 1;
            table[i][j] = best;
        }
    }
    return table[a_len][b_len];
}

static int is_near(const char *a, const char *b, unsigned edits)
{
    char x[WORD_BYTES][8], y[WORD_BYTES][8];
    size_t n = split(a, x), m = split(b, y);
    return edits_between(x, n, y, m) <= edits;
}

static int has_stem(const char *text, const char *stem)
{
    size_t len;
    const char *found = mrg_stem(stemmer, text, strlen(text), &len);
    return len == strlen(stem) && !memcmp(found, stem, len);
}

/* ---- Comparing -------------------------------------------------------------------------------- */

static int compare_counts(const void *a, const void *b)
{
    const word *x = *(const word *const *)a, *y = *(const word *const *)b;
    if (x->doc_count != y->doc_count)
        return x->doc_count > y->doc_count ? -1 : 1;
    return strcmp(x->text, y->text);
}

/* `fits` has a flag for each word. */
static void expect(const mrg_expansion *is, const unsigned char *fits, size_t max, int field, const char *what)
{
    const word *should[MAX_WORDS];
    size_t count = 0;
    for (size_t i = 0; i < word_count; i++) {
        if (fits[i])
            should[count++] = &words[i];
    }
    qsort(should, count, sizeof *should, compare_counts);
    ck_assert_msg(is->total == count, "%s: %llu words, not %zu", what, (unsigned long long)is->total, count);
    ck_assert_uint_eq(is->count, count < max ? count : max);
    for (size_t i = 0; i < is->count; i++) {
        const mrg_match_term *term = &terms.items[is->terms[i]];
        ck_assert_msg(term->key_len == strlen(should[i]->text) + 1 && term->key[0] == field &&
                          !memcmp(term->key + 1, should[i]->text, term->key_len - 1),
                      "%s: word %zu is %.*s, not %s", what, i, (int)term->key_len, (const char *)term->key,
                      should[i]->text);
        ck_assert_uint_eq(term->doc_count, should[i]->doc_count);
    }
}

static mrg_expander random_expander(void)
{
    static const size_t limits[] = { 1, 2, 7, 1000 };
    return (mrg_expander){ &terms, NULL, limits[test_below(&state, 4)] };
}

START_TEST(a_pattern_stands_for_the_words_that_it_matches)
{
    unsigned char fits[MAX_WORDS];
    for (int r = 0; r < ROUNDS; r++) {
        char pattern[64] = "";
        for (unsigned n = 1 + test_below(&state, 5); n > 0; n--) {
            unsigned kind = test_below(&state, 4);
            strcat(pattern, kind == 0 ? "*" : kind == 1 ? "?" : letters[test_below(&state, 8)]);
        }
        for (size_t i = 0; i < word_count; i++)
            fits[i] = (unsigned char)glob(pattern, words[i].text);
        mrg_expander with = random_expander();
        mrg_expansion is;
        int field = r % 3 ? MRG_FIELD_WORD : MRG_FIELD_TITLE_WORD;
        ck_assert_int_eq(mrg_expand_pattern(&is, &with, field, pattern, strlen(pattern), NULL), 0);
        expect(&is, fits, with.max, field, pattern);
    }
}
END_TEST

START_TEST(a_fuzzy_word_stands_for_those_near_it)
{
    unsigned char fits[MAX_WORDS];
    for (int r = 0; r < ROUNDS; r++) {
        char text[64];
        unsigned edits = test_below(&state, 3);
        if (test_below(&state, 4))
            random_text(text, 8, 5);
        else
            strcpy(text, words[test_below(&state, (unsigned)word_count)].text);
        for (size_t i = 0; i < word_count; i++)
            fits[i] = (unsigned char)is_near(text, words[i].text, edits);
        mrg_expander with = random_expander();
        mrg_expansion is;
        ck_assert_int_eq(mrg_expand_fuzzy(&is, &with, MRG_FIELD_WORD, text, strlen(text), edits, NULL), 0);
        expect(&is, fits, with.max, MRG_FIELD_WORD, text);
    }
}
END_TEST

START_TEST(an_edit_is_an_insertion_a_loss_another_letter_or_a_swap)
{
    ck_assert(is_near("ca", "ac", 1));
    ck_assert(!is_near("ca", "abc", 2)); /* no part is edited twice */
    mrg_expander with = { &terms, NULL, 100 };
    mrg_expansion is;
    static const char *const misspelt[] = { "sanctoin", "sancton", "sanctiion", "zanction", "anction" };
    for (size_t i = 0; i < sizeof misspelt / sizeof *misspelt; i++) {
        ck_assert_int_eq(mrg_expand_fuzzy(&is, &with, MRG_FIELD_WORD, misspelt[i], strlen(misspelt[i]), 1, NULL), 0);
        ck_assert_uint_eq(is.total, 1);
        ck_assert_mem_eq(terms.items[is.terms[0]].key, "wsanction", 9);
    }
}
END_TEST

START_TEST(a_stem_stands_for_the_words_that_have_it)
{
    unsigned char fits[MAX_WORDS];
    for (size_t w = 0; w < word_count; w++) {
        char stem[64];
        size_t len;
        const char *found = mrg_stem(stemmer, words[w].text, strlen(words[w].text), &len);
        snprintf(stem, sizeof stem, "%.*s", (int)len, found);
        for (size_t i = 0; i < word_count; i++)
            fits[i] = (unsigned char)has_stem(words[i].text, stem);
        ck_assert(fits[w]);
        mrg_expander with = { &terms, NULL, 100 };
        mrg_expansion is;
        ck_assert_int_eq(mrg_expand_stem(&is, &with, MRG_FIELD_WORD, stemmer, stem, strlen(stem), NULL), 0);
        expect(&is, fits, with.max, MRG_FIELD_WORD, stem);
    }
}
END_TEST

START_TEST(a_prefix_stands_for_what_begins_with_it)
{
    unsigned char fits[MAX_WORDS];
    static const char *const prefixes[] = { "", "a", "ab", "é", "sanction", "zzz", "y" };
    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
        for (size_t i = 0; i < word_count; i++)
            fits[i] = !strncmp(words[i].text, prefixes[p], strlen(prefixes[p]));
        mrg_expander with = { &terms, NULL, 5 };
        mrg_expansion is;
        ck_assert_int_eq(mrg_expand_prefix(&is, &with, MRG_FIELD_WORD, prefixes[p], strlen(prefixes[p]), NULL), 0);
        expect(&is, fits, with.max, MRG_FIELD_WORD, prefixes[p]);
    }
    char much[400];
    memset(much, 'a', sizeof much);
    mrg_expander with = { &terms, NULL, 5 };
    mrg_expansion is;
    ck_assert_int_eq(mrg_expand_prefix(&is, &with, MRG_FIELD_WORD, much, sizeof much, NULL), 0);
    ck_assert_uint_eq(is.total, 0);
    ck_assert_int_eq(mrg_expand_fuzzy(&is, &with, MRG_FIELD_WORD, much, sizeof much, 2, NULL), 0);
    ck_assert_uint_eq(is.total, 0);
}
END_TEST

START_TEST(every_failed_allocation_is_told)
{
    for (long n = 1;; n++) {
        mrg_match_terms fresh;
        mrg_arena memory = MRG_ARENA_INIT;
        morgue_error err = { 0 };
        mrg_expansion is;
        mrg_match_terms_init(&fresh, &memory, (const mrg_segment **)segments, SEGMENTS);
        mrg_expander with = { &fresh, NULL, 50 };
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_expand_fuzzy(&is, &with, MRG_FIELD_WORD, "abc", 3, 2, &err);
        mrg_alloc_fail_at(0);
        mrg_match_terms_dispose(&fresh);
        mrg_arena_dispose(&memory);
        if (!status)
            break;
        ck_assert_int_eq(status, MORGUE_ERR_NOMEM);
        ck_assert_int_eq(err.status, MORGUE_ERR_NOMEM);
        ck_assert_uint_eq(is.count, 0);
    }
}
END_TEST

START_TEST(a_cancelled_expansion_stops)
{
    atomic_uint cancels;
    atomic_init(&cancels, 1);
    mrg_match_run run = { .cancels = &cancels, .cancels_seen = 0 };
    mrg_expander with = { &terms, &run, 1000 };
    mrg_expansion is;
    ck_assert_int_eq(mrg_expand_pattern(&is, &with, MRG_FIELD_WORD, "*a*", 3, NULL), MORGUE_ERR_CANCELLED);
    ck_assert_uint_eq(is.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("expand");
    TCase *tests = tcase_create("segments");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_pattern_stands_for_the_words_that_it_matches);
    tcase_add_test(tests, a_fuzzy_word_stands_for_those_near_it);
    tcase_add_test(tests, an_edit_is_an_insertion_a_loss_another_letter_or_a_swap);
    tcase_add_test(tests, a_stem_stands_for_the_words_that_have_it);
    tcase_add_test(tests, a_prefix_stands_for_what_begins_with_it);
    tcase_add_test(tests, every_failed_allocation_is_told);
    tcase_add_test(tests, a_cancelled_expansion_stops);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold of the words of any text: real, random, endless, and when memory runs out. */
#include "../support/testing.h"
#include "check_text.h"

#include <pthread.h>
#include <time.h>
#include <zlib.h>

#include "core/alloc.h"
#include "text/chars.h"

enum { REAL_BYTES = 1 << 20 };

/* ---- Real text ---- */

static void check_file(const char *path)
{
    gzFile file = gzopen(path, "rb");
    if (!file) {
        printf("skipped: %s is not here\n", path);
        return;
    }
    mrg_tokens t = { 0 }, again = { 0 };
    char *bytes = malloc(REAL_BYTES);
    ck_assert_ptr_nonnull(bytes);
    int len = gzread(file, bytes, REAL_BYTES);
    gzclose(file);
    ck_assert_int_gt(len, 0);
    ck_assert_uint_gt(check_words(&t, &again, bytes, (size_t)len), 500);
    mrg_tokens_dispose(&t);
    mrg_tokens_dispose(&again);
    free(bytes);
}

START_TEST(real_text_keeps_the_rules)
{
    check_file("../shared/data/seed/ukraine-talks.txt");
    check_file("../shared/data/news/reuters-dev-0.jsonl.gz");
    check_file("../shared/data/news/kowiki_sample-dev.jsonl.gz");
    check_file("../shared/data/news/zhwiki_sample-dev.jsonl.gz");
    check_file("../shared/data/news/masakhane_news_african-dev.jsonl.gz");
    check_file("../shared/data/news/wiki-dev.jsonl.gz");
}
END_TEST

static size_t count_term(const mrg_tokens *t, const char *term)
{
    size_t n = 0;
    for (size_t i = 0; i < t->count; i++)
        n += t->items[i].term_len == strlen(term) && !memcmp(mrg_token_term(t, &t->items[i]), term, strlen(term));
    return n;
}

START_TEST(the_seed_article_is_findable)
{
    char text[8192];
    mrg_tokens t = { 0 };
    FILE *file = fopen("../shared/data/seed/ukraine-talks.txt", "rb");
    if (!file) {
        puts("skipped: the seed article is not here");
        return;
    }
    size_t len = fread(text, 1, sizeof text, file), sentences = 0;
    fclose(file);
    ck_assert_int_eq(mrg_tokenize(&t, text, 0, len, 0, NULL), MORGUE_OK);
    ck_assert_uint_eq(count_term(&t, "u.s."), 8);
    ck_assert_uint_eq(count_term(&t, "us"), 0);
    ck_assert_uint_eq(count_term(&t, "putin"), 25);
    ck_assert_uint_eq(count_term(&t, "putin's"), 0);
    ck_assert_uint_eq(count_term(&t, "they're"), 1);
    ck_assert_uint_eq(count_term(&t, "1987"), 2);
    for (size_t i = 0; i < t.count; i++)
        sentences += (t.items[i].flags & MRG_TOKEN_SENTENCE) != 0;
    ck_assert_uint_eq(sentences, 36);
    mrg_tokens_dispose(&t);
}
END_TEST

/* ---- Random text ---- */

static uint64_t random_state;

static uint32_t random_below(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

/* Pieces that rules turn on, one character in ten any other, and bytes that are no text. */
static size_t make_random_text(char *out, size_t size)
{
    /* clang-format off */
    static const char *const pieces[] = {
        "a",  "B",      "s",      "S",      "x",    "'",      "’",          "ʼ",  "'s",       ".",      "..", ",",
        "&",  "1",      "000",    "12",     ".5",   " ",      "  ",         "-",  "\u00ad",   "\u200b", "é",  "e\u0301",
        "日", "本",     "한",     "국",     "カ",   "\u3099", "ｶ",          "ﾞ",  "ー",       "ไ",      "ำ",  "น้",
        "ß",  "U.S.",   "ﬁ",      "ि",      "क",    "İ",      "ŉ",          "½",  "²",        "ǆ",      "Σ",  "ς",
        "أ",  "\u200d", "ᾳ",      "\u1112", "\u1161", "\u11ab", "\u0306",   "и",  "\n",       "\r\n",   "l",  "·",
        "\xff", "\xc3", "\xe2\x80", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "３", "ㅋ", "㋿", "٣", ") - ", "(", "?",
    };
    /* clang-format on */
    size_t len = 0;
    for (uint32_t n = random_below(random_below(20) ? 24 : 400); n; n--) {
        char any[4];
        const char *piece = pieces[random_below(sizeof pieces / sizeof *pieces)];
        size_t piece_len = strlen(piece);
        if (random_below(10) == 0) {
            uint32_t c = random_below(4) ? random_below(0x3100) + 0x80 : random_below(0x20000) + 0x800;
            any[0] = (char)(0xf0 | c >> 18), any[1] = (char)(0x80 | (c >> 12 & 0x3f));
            any[2] = (char)(0x80 | (c >> 6 & 0x3f)), any[3] = (char)(0x80 | (c & 0x3f));
            if (c < 0x800)
                any[2] = (char)(0xc0 | c >> 6);
            else if (c < 0x10000)
                any[1] = (char)(0xe0 | c >> 12);
            size_t skip = c < 0x800 ? 2 : c < 0x10000 ? 1 : 0;
            piece = any + skip;
            piece_len = 4 - skip;
        }
        if (len + piece_len > size)
            break;
        memcpy(out + len, piece, piece_len);
        len += piece_len;
    }
    return len;
}

static void check_cleaning(const char *text, size_t len)
{
    mrg_buffer clean = MRG_BUFFER_INIT, twice = MRG_BUFFER_INIT;
    mrg_clean_utf8(&clean, text, len);
    REQUIRE(!clean.failed && mrg_is_clean_utf8((const char *)clean.data, clean.len));
    if (mrg_is_clean_utf8(text, len))
        REQUIRE(clean.len == len && (!len || !memcmp(clean.data, text, len)));
    mrg_buffer_clear(&clean);
    mrg_fold(&clean, text, len);
    mrg_fold(&twice, (const char *)clean.data, clean.len);
    if (twice.len != clean.len || (clean.len && memcmp(twice.data, clean.data, clean.len) != 0))
        ck_abort_msg("folding twice: \"%.*s\" -> \"%.*s\"", (int)clean.len, (const char *)clean.data, (int)twice.len,
                     (const char *)twice.data);
    mrg_buffer_dispose(&clean);
    mrg_buffer_dispose(&twice);
}

START_TEST(random_text_keeps_the_rules)
{
    const char *seed = getenv("MORGUE_SEED");
    random_state = seed && strcmp(seed, "random") ? strtoull(seed, NULL, 10) : seed ? (uint64_t)time(NULL) : 1;
    printf("seed %llu (set MORGUE_SEED to repeat)\n", (unsigned long long)random_state);
    fflush(stdout);
    mrg_tokens t = { 0 }, again = { 0 };
    for (int round = 0; round < 30000; round++) {
        char text[2048];
        size_t len = make_random_text(text, sizeof text);
        char *exact = malloc(len ? len : 1); /* so that reading past the end is seen */
        REQUIRE(exact);
        memcpy(exact, text, len);
        check_words(&t, &again, exact, len);
        check_cleaning(exact, len);
        free(exact);
    }
    mrg_tokens_dispose(&t);
    mrg_tokens_dispose(&again);
}
END_TEST

/* The words of a range are those of a copy of it: nothing outside is looked at. */
START_TEST(ranges_stand_alone)
{
    const char *text = "1.2.3 U.S.'s 1,000,000 O’Brien AT&T 日本 co\u00adop";
    size_t len = strlen(text);
    mrg_tokens t = { 0 }, alone = { 0 };
    for (size_t begin = 0; begin <= len; begin++) {
        for (size_t end = begin; end <= len; end++) {
            mrg_tokens_clear(&t);
            mrg_tokens_clear(&alone);
            ck_assert_int_eq(mrg_tokenize(&t, text, begin, end, 0, NULL), MORGUE_OK);
            ck_assert_int_eq(mrg_tokenize(&alone, text + begin, 0, end - begin, 0, NULL), MORGUE_OK);
            ck_assert_uint_eq(t.count, alone.count);
            ck_assert(t.terms.len == alone.terms.len &&
                      (!t.count || !memcmp(t.terms.data, alone.terms.data, t.terms.len)));
        }
    }
    mrg_tokens_dispose(&t);
    mrg_tokens_dispose(&alone);
}
END_TEST

/* ---- Endless words ---- */

START_TEST(endless_words_take_linear_time_and_are_capped)
{
    static const struct {
        const char *unit;
        size_t words; /* 0: as many as there are */
    } runs[] = {
        { "x", 1 },       { "é", 1 },    { "ßx", 1 },       { "a.", 1 },        { "1", 1 },
        { "a'", 1 },      { "s's", 1 },  { "\u00ad", 0 },   { "a\u00ad", 1 },   { "'", 0 },
        { "\u0301", 0 },  { "1.", 0 },   { "1,000", 0 },    { "日", 0 },        { "日\u0301", 0 },
        { ".", 0 },       { "\xff", 0 }, { "a&", 0 },       { "is'\u00ad", 1 }, { "\u1112\u1161", 0 },
        { "क\u093f", 1 }, { "\n", 0 },   { "a.\u00ad", 0 }, { ",000", 0 },
    };
    size_t size = 4 << 20;
    char *text = malloc(size);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        mrg_tokens t = { 0 };
        size_t unit = strlen(runs[i].unit), len = size / unit * unit;
        for (size_t at = 0; at < len; at += unit)
            memcpy(text + at, runs[i].unit, unit);
        ck_assert_int_eq(mrg_tokenize(&t, text, 0, len, 0, NULL), MORGUE_OK);
        if (runs[i].words)
            ck_assert_msg(t.count == runs[i].words, "run of \"%s\": %zu words", runs[i].unit, t.count);
        for (size_t k = 0; k < t.count; k++)
            REQUIRE(t.items[k].term_len > 0 && t.items[k].term_len <= MRG_TERM_MAX_BYTES);
        if (t.count == 1) {
            mrg_tokens again = { 0 };
            gives_itself(&again, mrg_token_term(&t, t.items), t.items->term_len, mrg_token_term(&t, t.items),
                         t.items->term_len);
            mrg_tokens_dispose(&again);
        }
        mrg_tokens_dispose(&t);
    }
    free(text);
}
END_TEST

START_TEST(long_words_are_cut_between_characters)
{
    char text[1024];
    mrg_tokens t = { 0 }, again = { 0 };
    static const char *const tails[] = { "é", "日", "'s", "'x", "&b", ".5", "s's", "ﷺ", "\u00adé", "'s's" };
    for (size_t first = 190; first < 210; first++) {
        for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
            memset(text, 'x', first);
            strcpy(text + first, tails[i]);
            strcat(text, "yz");
            check_words(&t, &again, text, strlen(text));
            memset(text, '7', first);
            check_words(&t, &again, text, strlen(text));
        }
    }
    mrg_tokens_dispose(&t);
    mrg_tokens_dispose(&again);
}
END_TEST

/* ---- Memory and threads ---- */

/* Whole or not at all: what could be read before memory ran out is what is read otherwise. */
START_TEST(memory_may_run_out)
{
    static const char text[] =
        "U.S. talks in Zürich about 日本 한국 ไทย, “more”, much – more than ſ that ㋿ Ꙁ Ⴀ";
    mrg_tokens whole = { 0 };
    int failures = 0;
    for (long n = 1; n < 60; n++) {
        mrg_tokens t = { 0 };
        mrg_buffer b = MRG_BUFFER_INIT;
        morgue_error err = { 0 };
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_tokenize(&t, text, 0, strlen(text), 0, &err);
        mrg_alloc_fail_at(n);
        mrg_fold(&b, text, strlen(text));
        mrg_alloc_fail_at(0);
        if (!whole.count)
            ck_assert_int_eq(mrg_tokenize(&whole, text, 0, strlen(text), 0, NULL), MORGUE_OK);
        if (status) {
            ck_assert(status == MORGUE_ERR_NOMEM && err.status == MORGUE_ERR_NOMEM);
            ck_assert_uint_lt(t.count, whole.count);
            failures++;
        } else {
            ck_assert_uint_eq(t.count, whole.count);
        }
        for (size_t i = 0; i < t.count; i++)
            ck_assert(!memcmp(&t.items[i], &whole.items[i], sizeof t.items[i]));
        if (t.count) {
            const mrg_token *last = &t.items[t.count - 1];
            ck_assert(!memcmp(t.terms.data, whole.terms.data, last->term_off + last->term_len));
        }
        mrg_tokens_clear(&t); /* and it can be used again */
        ck_assert_int_eq(mrg_tokenize(&t, text, 0, strlen(text), 0, NULL), MORGUE_OK);
        ck_assert_uint_eq(t.count, whole.count);
        mrg_tokens_dispose(&t);
        mrg_buffer_dispose(&b);
    }
    ck_assert_int_gt(failures, 0);
    mrg_tokens_dispose(&whole);
}
END_TEST

static void *read_all_characters(void *count)
{
    for (uint32_t c = 0x80; c < MRG_CODEPOINT_END; c += 7) {
        const mrg_char_page *page = mrg_char_page_of(c);
        *(size_t *)count += page && page->info[c & 0xff].class != MRG_CHAR_BREAK;
    }
    return NULL;
}

START_TEST(threads_share_the_table)
{
    pthread_t threads[4];
    size_t counts[4] = { 0 };
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_all_characters, &counts[i]), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < 4; i++)
        ck_assert(counts[i] == counts[0] && counts[i] > 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text_property");
    TCase *tc = tcase_create("properties");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, memory_may_run_out); /* first: the table of characters is still to be made */
    tcase_add_test(tc, threads_share_the_table);
    tcase_add_test(tc, real_text_keeps_the_rules);
    tcase_add_test(tc, the_seed_article_is_findable);
    tcase_add_test(tc, random_text_keeps_the_rules);
    tcase_add_test(tc, ranges_stand_alone);
    tcase_add_test(tc, endless_words_take_linear_time_and_are_capped);
    tcase_add_test(tc, long_words_are_cut_between_characters);
    return test_run_suite(suite);
}

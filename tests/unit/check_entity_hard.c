/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The finder on what nobody would print: any bytes, any script, huge texts, no memory, many threads. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../support/testing.h"
#include "core/alloc.h"
#include "entity/finder.h"

static mrg_finder *finder;
static mrg_tokens tokens;
static mrg_found found;

static void setup(void)
{
    ck_assert_int_eq(mrg_finder_create(&finder, NULL, NULL), MORGUE_OK);
}

static void teardown(void)
{
    mrg_alloc_fail_at(0);
    mrg_finder_free(finder);
    mrg_tokens_dispose(&tokens);
    mrg_found_dispose(&found);
}

static int is_character_boundary(const char *s)
{
    size_t len = strlen(s), back = 0;
    while (back < len && ((unsigned char)s[len - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back == len)
        return back == 0;
    unsigned char lead = (unsigned char)s[len - 1 - back];
    return lead < 0x80 ? back == 0 : back == (lead >= 0xf0 ? 3u : lead >= 0xe0 ? 2u : 1u);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const mrg_article_entity *)a)->key, ((const mrg_article_entity *)b)->key);
}

/* Everything the header promises of a result. */
static void check_found(const mrg_found *f, const mrg_tokens *t)
{
    size_t after = 0, counted = 0;
    for (size_t i = 0; i < f->mention_count; i++) {
        const mrg_mention *m = &f->mentions[i];
        ck_assert_uint_ge(m->first_token, after);
        ck_assert_uint_ge(m->token_count, 1);
        ck_assert_uint_le(m->token_count, MRG_MENTION_MAX_TOKENS);
        ck_assert_uint_lt(m->entity, f->entity_count);
        after = m->first_token + m->token_count;
        ck_assert_uint_le(after, t->count);
    }
    mrg_article_entity *sorted = malloc((f->entity_count + 1) * sizeof *sorted);
    ck_assert_ptr_nonnull(sorted);
    for (size_t i = 0; i < f->entity_count; i++) {
        sorted[i] = f->entities[i];
        ck_assert_uint_gt(strlen(sorted[i].key), 2);
        ck_assert_uint_le(strlen(sorted[i].key), 120);
        ck_assert_int_eq(sorted[i].key[1], ':');
        ck_assert(is_character_boundary(sorted[i].key));
        ck_assert_int_eq(mrg_entity_type_of(sorted[i].key[0]), sorted[i].type);
        ck_assert_uint_ge(sorted[i].mention_count, 1);
        ck_assert_uint_ge(sorted[i].weight, sorted[i].mention_count);
        counted += sorted[i].mention_count;
    }
    ck_assert_uint_eq(counted, f->mention_count);
    qsort(sorted, f->entity_count, sizeof *sorted, compare_keys);
    for (size_t i = 1; i < f->entity_count; i++)
        ck_assert_str_ne(sorted[i - 1].key, sorted[i].key);
    free(sorted);
}

static void run(const char *text, size_t len, size_t title_len)
{
    size_t body = title_len ? title_len + 2 : 0;
    mrg_tokens_clear(&tokens);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, title_len, 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, body, len, 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_finder_run(finder, text, len, title_len, &tokens, &found, NULL), MORGUE_OK);
    check_found(&found, &tokens);
}

static double cpu_seconds(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

START_TEST(nothing_gives_nothing)
{
    run("", 0, 0);
    ck_assert_uint_eq(found.entity_count, 0);
    run("  \n\n ", 5, 0);
    ck_assert_uint_eq(found.mention_count, 0);
    mrg_finder_free(NULL);
}
END_TEST

START_TEST(other_scripts_do_no_harm)
{
    static const char *const texts[] = {
        "오르빅 — 노르웨이 항구 도시 오르빅에서 목요일 아홉 나라가 조약에 서명했다. NATO 사무총장 (NATO).",
        "九国在奥尔维克签署海底电缆条约。NATO秘书长发来贺电 (北约)。",
        "МОСКВА - Команда бывших пожарных проиграла. Три шайбы забросил президент Владимир Путин.",
        "ميناء الرملة يستقبل أول سفينة بعد العاصفة",
        "Ünïcödé Ñame ﬁnds Ｆｕｌｌ Width [ＦＷ] and Łódź’s",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        run(texts[i], strlen(texts[i]), 0);
}
END_TEST

START_TEST(long_names_are_cut_at_a_character)
{
    char text[4096] = "They saw ";
    for (int i = 0; i < 8; i++)
        strcat(text, "Жжжжжжжжжжжжжжжжжжжж ");
    run(text, strlen(text), 0);
    ck_assert_uint_ge(found.entity_count, 1);
    text[0] = 0;
    for (int i = 0; i < 60; i++)
        strcat(text, "Zorvalik Druzhinsky ");
    run(text, strlen(text), 0);
}
END_TEST

/* ---- Random text ---- */

static uint64_t seed;

static uint32_t random_below(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % n;
}

START_TEST(random_bytes_do_no_harm)
{
    static char text[3000];
    seed = 0x1234567 + (uint64_t)_i;
    for (int round = 0; round < 200; round++) {
        size_t len = random_below(sizeof text);
        for (size_t i = 0; i < len; i++)
            text[i] = (char)random_below(256);
        size_t title = len > 10 ? random_below((uint32_t)len - 4) : 0;
        run(text, len, title);
    }
}
END_TEST

/* Pieces on which the rules turn, in any order. */
START_TEST(random_pieces_do_no_harm)
{
    static const char *const pieces[] = {
        "President",
        "Vladimir",
        "Putin",
        "'s",
        "\xe2\x80\x99s",
        " ",
        " ",
        " ",
        " ",
        ". ",
        ", ",
        " (",
        ") ",
        " [",
        "] ",
        "-",
        "\n",
        "\n\n",
        "NATO",
        "North Atlantic Treaty Organization",
        "BGC",
        "Baltic Grid Council",
        "of",
        "the",
        "and",
        "for",
        "van",
        "al",
        "bin",
        "U.S.",
        "US",
        "us",
        "The",
        "In",
        "Bank",
        "England",
        "New",
        "York",
        "Ministry",
        "Mr",
        "Mrs",
        "J",
        "& ",
        "Inc",
        "69",
        "-year-old",
        "said",
        "who",
        "May",
        "Monday",
        "Russian",
        "Kiev",
        "G",
        "7",
        "INF",
        "Treaty",
        "I",
        "War",
        "World",
        "Reddick",
        "Thomas",
        "THE",
        "HEADLINE",
        "IN",
        "CAPITALS",
        "(Reuters) - ",
        "LONDON",
        "\"",
        "A.B.",
        ".N",
        "Zelenskiy",
        "Council",
        "Secretary",
        "State",
        "on",
        "D.C.",
        "Washington",
        "Will",
        "Smith",
        "King",
        "1999",
        "é",
        "Ж",
    };
    static char text[6000];
    seed = 0x89abcdef + (uint64_t)_i;
    for (int round = 0; round < 300; round++) {
        size_t len = 0, count = random_below(400), title = 0;
        for (size_t i = 0; i < count; i++) {
            const char *piece = pieces[random_below(sizeof pieces / sizeof *pieces)];
            size_t n = strlen(piece);
            if (len + n + 2 >= sizeof text)
                break;
            memcpy(text + len, piece, n);
            len += n;
            if (random_below(2))
                text[len++] = ' ';
        }
        if (len > 40 && random_below(2))
            title = 20 + random_below(16);
        run(text, len, title);
    }
}
END_TEST

/* ---- Size ---- */

static void fill(char *text, size_t len, const char *pattern)
{
    size_t n = strlen(pattern);
    for (size_t i = 0; i < len; i++)
        text[i] = pattern[i % n];
}

START_TEST(time_is_linear)
{
    static const char *const patterns[] = {
        "Zorvalik ",
        "New ",
        "New York ",
        "President ",
        "Vladimir Putin ",
        "Bank of ",
        "Bank of England ",
        "Al-",
        "J. ",
        "U.S. ",
        "ABC (",
        "NATO (North Atlantic Treaty) ",
        "CAPITALS THROUGHOUT ",
        "John Smith. ",
        "Russian ",
        "(A) ",
        "A-1 ",
        "Putin said ",
        "Securities and ",
        "Johnson & ",
        "de la ",
        "al Assad ",
        "\"The Words\" ",
        "Macy's ",
        "\n\nLONDON ",
        "                     X",
        "Saudi ",
        "General Council of the ",
    };
    enum { LEN = 5 << 20 };
    char *text = malloc(LEN);
    ck_assert_ptr_nonnull(text);
    fill(text, LEN, patterns[_i]);
    mrg_tokens_clear(&tokens);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, LEN, 0, NULL), MORGUE_OK);
    double start = cpu_seconds();
    ck_assert_int_eq(mrg_finder_run(finder, text, LEN, 0, &tokens, &found, NULL), MORGUE_OK);
    double seconds = cpu_seconds() - start;
    check_found(&found, &tokens);
    if (getenv("CHECK_ENTITY_VERBOSE"))
        printf("%-32s %.3f s, %zu mentions\n", patterns[_i], seconds, found.mention_count);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ck_assert_msg(seconds < 1.0, "%s took %.2f s", patterns[_i], seconds);
#endif
    free(text);
}
END_TEST

/* Each word another: no table may degrade. */
START_TEST(many_different_names_take_linear_time)
{
    enum { LEN = 5 << 20 };
    char *text = malloc(LEN + 64);
    size_t len = 0;
    ck_assert_ptr_nonnull(text);
    seed = 42;
    for (unsigned i = 0; len < LEN; i++)
        len += (size_t)sprintf(text + len, "%c%c%uvik Zor%c%uski. ", 'A' + (int)random_below(26),
                               'a' + (int)random_below(26), i, 'a' + (int)random_below(26), i / 3);
    for (size_t i = 0; i < len; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            text[i] = (char)('a' + text[i] - '0');
    }
    mrg_tokens_clear(&tokens);
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, len, 0, NULL), MORGUE_OK);
    double start = cpu_seconds();
    ck_assert_int_eq(mrg_finder_run(finder, text, len, 0, &tokens, &found, NULL), MORGUE_OK);
    double seconds = cpu_seconds() - start;
    ck_assert_uint_gt(found.entity_count, 1000);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ck_assert_msg(seconds < 1.0, "took %.2f s", seconds);
#endif
    (void)seconds;
    free(text);
}
END_TEST

/* ---- Memory ---- */

static const char sample[] =
    "Norway and the Baltic Grid Council\n\n"
    "ORRVIK, Norway (Nordwire) - The Baltic Grid Council (BGC) said on Monday that Energy Minister Ragnhild "
    "Lindholm, 67, had met Vladimir Putin, U.S. Asst. Sec. of State Carol Whitcombe and others. Lindholm said the "
    "BGC was late. TALKS OVER ORRVIK CABLE GO ON. The Council's bill is unpaid; the Undersea Cable Treaty [UCT] "
    "holds, Whitcombe told Tesoro Corp and Tesoro.";

START_TEST(every_failed_allocation_is_reported)
{
    morgue_error err;
    size_t title_len = strcspn(sample, "\n"), len = strlen(sample);
    mrg_tokens_clear(&tokens);
    ck_assert_int_eq(mrg_tokenize(&tokens, sample, 0, title_len, 0, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_tokenize(&tokens, sample, title_len + 2, len, 0, NULL), MORGUE_OK);
    long n;
    for (n = 1; n < 500; n++) {
        mrg_finder *fresh = NULL;
        mrg_found out = { 0 };
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_finder_create(&fresh, NULL, &err);
        if (!status)
            status = mrg_finder_run(fresh, sample, len, title_len, &tokens, &out, &err);
        mrg_alloc_fail_at(0);
        if (status) {
            ck_assert_int_eq(status, MORGUE_ERR_NOMEM);
            ck_assert_uint_eq(out.mention_count, 0);
            if (fresh) { /* and it goes on afterwards */
                ck_assert_int_eq(mrg_finder_run(fresh, sample, len, title_len, &tokens, &out, &err), MORGUE_OK);
                ck_assert_uint_gt(out.mention_count, 10);
            }
        }
        check_found(&out, &tokens);
        mrg_finder_free(fresh);
        mrg_found_dispose(&out);
        if (!status)
            break;
    }
    ck_assert_int_gt(n, 10);
    ck_assert_int_lt(n, 500);
}
END_TEST

START_TEST(keys_fail_stickily)
{
    int done = 0;
    for (long n = 1; n < 50 && !done; n++) {
        mrg_buffer key = MRG_BUFFER_INIT;
        mrg_entity_type type = MRG_ENTITY_TYPES;
        mrg_alloc_fail_at(n);
        mrg_entity_key(&key, &type, "President Oksana Hrytsenko", 26);
        mrg_alloc_fail_at(0);
        done = !key.failed;
        mrg_buffer_dispose(&key);
    }
    ck_assert(done);
}
END_TEST

START_TEST(a_finder_is_used_again_and_again)
{
    char first[64];
    run(sample, strlen(sample), strcspn(sample, "\n"));
    size_t count = found.mention_count;
    snprintf(first, sizeof first, "%s", found.entities[0].key);
    for (int i = 0; i < 50; i++) {
        run("Anna Kowalska met Pavel Druzhin.", 32, 0);
        ck_assert_uint_eq(found.entity_count, 2);
        run(sample, strlen(sample), strcspn(sample, "\n"));
        ck_assert_uint_eq(found.mention_count, count);
        ck_assert_str_eq(found.entities[0].key, first);
    }
}
END_TEST

static void *run_alone(void *result)
{
    mrg_finder *f = NULL;
    mrg_tokens t = { 0 };
    mrg_found out = { 0 };
    int ok = !mrg_finder_create(&f, NULL, NULL) && !mrg_tokenize(&t, sample, 0, strlen(sample), 0, NULL);
    for (int i = 0; ok && i < 20; i++)
        ok = !mrg_finder_run(f, sample, strlen(sample), 0, &t, &out, NULL) && out.mention_count > 10;
    mrg_finder_free(f);
    mrg_found_dispose(&out);
    mrg_tokens_dispose(&t);
    *(int *)result = ok;
    return NULL;
}

START_TEST(finders_work_side_by_side)
{
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    int results[THREADS] = { 0 };
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run_alone, &results[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert(results[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("entity_hard");
    TCase *tc = tcase_create("hard");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, nothing_gives_nothing);
    tcase_add_test(tc, other_scripts_do_no_harm);
    tcase_add_test(tc, long_names_are_cut_at_a_character);
    tcase_add_loop_test(tc, random_bytes_do_no_harm, 0, 3);
    tcase_add_loop_test(tc, random_pieces_do_no_harm, 0, 6);
    tcase_add_loop_test(tc, time_is_linear, 0, 28);
    tcase_add_test(tc, many_different_names_take_linear_time);
    tcase_add_test(tc, every_failed_allocation_is_reported);
    tcase_add_test(tc, keys_fail_stickily);
    tcase_add_test(tc, a_finder_is_used_again_and_again);
    tcase_add_test(tc, finders_work_side_by_side);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

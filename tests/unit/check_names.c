/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names looked up by spelling and sound: the walk over the words against a plain matrix, and keys of sounds. */
#include "../support/testing.h"

#include "entity/finder.h"
#include "entity/known.h"
#include "entity/sound.h"
#include "store/names_near.h"
#include "store/names_write.h"

/* ---- Edits ------------------------------------------------------------------------------------------------- */

enum { WORDS = 3000, ROUNDS = 300, LONGEST = 12 };

static const char *const letters[] = { "a", "b", "c", "o", "z", "ö", "ж", "語", "\U0001d4d0" };

static void random_word(char *out, uint64_t *state, unsigned longest)
{
    unsigned n = 1 + test_below(state, longest);
    *out = 0;
    while (n--)
        strcat(out, letters[test_below(state, test_below(state, 4) ? 3 : sizeof letters / sizeof *letters)]);
}

static size_t characters(const char *text, uint32_t *out)
{
    size_t n = 0;
    while (*text) {
        size_t bytes = 1;
        out[n] = (unsigned char)*text;
        while ((text[bytes] & 0xc0) == 0x80)
            out[n] = out[n] << 8 | (unsigned char)text[bytes++];
        text += bytes;
        n++;
    }
    return n;
}

/* The whole matrix of optimal string alignment. */
static unsigned plain_distance(const char *a, const char *b)
{
    uint32_t x[80], y[80];
    unsigned m[80][80];
    size_t nx = characters(a, x), ny = characters(b, y);
    for (size_t i = 0; i <= nx; i++) {
        for (size_t j = 0; j <= ny; j++) {
            unsigned best = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : UINT32_MAX;
            if (i && j) {
                best = m[i - 1][j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
                best = m[i - 1][j] + 1 < best ? m[i - 1][j] + 1 : best;
                best = m[i][j - 1] + 1 < best ? m[i][j - 1] + 1 : best;
                if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] && m[i - 2][j - 2] + 1 < best)
                    best = m[i - 2][j - 2] + 1;
            }
            m[i][j] = best;
        }
    }
    return m[nx][ny];
}

static xapian_writable *database_of(const char (*words)[64], size_t count)
{
    xapian_writable *db;
    xapian_document *doc;
    xapian_docid docid;
    ck_assert_int_eq(xapian_writable_open(&db, "", XAPIAN_DB_CREATE_OR_OPEN | XAPIAN_DB_INMEMORY, 0, 0, NULL),
                     XAPIAN_C_OK);
    ck_assert_int_eq(xapian_document_create(&doc, NULL), XAPIAN_C_OK);
    for (size_t i = 0; i < count; i++) {
        char term[80];
        int n = snprintf(term, sizeof term, "N%s", words[i]);
        ck_assert_int_eq(xapian_document_add_term(doc, term, (size_t)n, (unsigned)i % 7, NULL), XAPIAN_C_OK);
    }
    ck_assert_int_eq(xapian_document_add_term(doc, "Maside", 6, 1, NULL), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_document_add_term(doc, "Qp:aside", 8, 1, NULL), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_writable_add_document(&docid, db, doc, NULL), XAPIAN_C_OK);
    xapian_document_free(doc);
    return db;
}

static int has_near(const mrg_near_list *list, const char *word, unsigned edits)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].word, word))
            return list->items[i].edits == edits;
    return 0;
}

static int same_start(const char *a, const char *b, size_t count)
{
    uint32_t x[80], y[80];
    size_t nx = characters(a, x), ny = characters(b, y);
    count = count < nx ? count : nx;
    if (ny < count)
        return 0;
    return !memcmp(x, y, count * sizeof *x);
}

START_TEST(walk_finds_what_the_matrix_finds)
{
    static char words[WORDS][64];
    uint64_t state = test_seed();
    for (size_t i = 0; i < WORDS; i++)
        random_word(words[i], &state, LONGEST);
    xapian_writable *db = database_of((const char(*)[64])words, WORDS);
    for (int round = 0; round < ROUNDS; round++) {
        char asked[64];
        mrg_near_list list = { 0 };
        unsigned edits = (unsigned)round % 3;
        size_t fixed = round % 5 == 0 ? 2 : 0, expected = 0;
        random_word(asked, &state, LONGEST);
        ck_assert_int_eq(mrg_names_near(xapian_writable_database(db), asked, strlen(asked), edits, fixed, &list, NULL),
                         MORGUE_OK);
        for (size_t i = 0; i < WORDS; i++) {
            unsigned distance = plain_distance(asked, words[i]);
            ck_assert_uint_eq(mrg_edit_distance(asked, strlen(asked), words[i], strlen(words[i]), 2),
                              distance > 2 ? 3 : distance);
            if (distance > edits || !same_start(asked, words[i], fixed))
                continue;
            ck_assert_msg(has_near(&list, words[i], distance), "%s is %u from %s", words[i], distance, asked);
            int repeated = 0;
            for (size_t k = 0; k < i && !repeated; k++)
                repeated = !strcmp(words[k], words[i]);
            expected += (size_t)!repeated;
        }
        ck_assert_uint_eq(list.count, expected);
        for (size_t i = 1; i < list.count; i++)
            ck_assert_int_lt(strcmp(list.items[i - 1].word, list.items[i].word), 0);
        mrg_near_list_dispose(&list);
    }
    xapian_writable_free(db);
}
END_TEST

START_TEST(long_words_and_bad_bytes_are_harmless)
{
    static const char words[][64] = { "stoltenberg", "x", "\xff\xfe\x80", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
    char longest[300];
    mrg_near_list list = { 0 };
    xapian_writable *db = database_of(words, 4);
    xapian_database *view = xapian_writable_database(db);
    memset(longest, 'a', sizeof longest);
    ck_assert_int_eq(mrg_names_near(view, longest, sizeof longest, 2, 0, &list, NULL), MORGUE_OK);
    ck_assert_uint_eq(list.count, 0);
    ck_assert_int_eq(mrg_names_near(view, "\xff\xfe", 2, 2, 0, &list, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_names_near(view, "", 0, 2, 0, &list, NULL), MORGUE_OK);
    ck_assert_int_eq(mrg_names_beginning(view, longest, sizeof longest, 9, &list, NULL), MORGUE_OK);
    list.count = 0;
    ck_assert_int_eq(mrg_names_beginning(view, "stol", 4, 9, &list, NULL), MORGUE_OK);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_str_eq(list.items[0].word, "stoltenberg");
    mrg_near_list_dispose(&list);
    xapian_writable_free(db);
}
END_TEST

START_TEST(edits_grow_with_the_letters)
{
    ck_assert_uint_eq(mrg_near_edits(4), 0);
    ck_assert_uint_eq(mrg_near_edits(5), 1);
    ck_assert_uint_eq(mrg_near_edits(8), 1);
    ck_assert_uint_eq(mrg_near_edits(9), 2);
    ck_assert_uint_eq(mrg_count_chars("Жö語", 7), 3);
}
END_TEST

/* ---- Sound --------------------------------------------------------------------------------------------------- */

static void check_alike(const char *a, const char *b, int alike)
{
    char x[MRG_SOUND_MAX], y[MRG_SOUND_MAX];
    size_t nx = mrg_sound_key(x, a, strlen(a)), ny = mrg_sound_key(y, b, strlen(b));
    ck_assert_msg(nx && ny, "%s or %s has no key", a, b);
    ck_assert_msg((nx == ny && !memcmp(x, y, nx)) == alike, "%s %.*s, %s %.*s", a, (int)nx, x, b, (int)ny, y);
}

START_TEST(spellings_of_one_name_sound_alike)
{
    static const char *const pairs[][2] = {
        { "gaddafi", "qaddafi" },       { "gaddafi", "kadafi" },        { "medvedev", "medwedew" },
        { "yeltsin", "eltsin" },        { "hezbollah", "hizbullah" },   { "thomson", "tomson" },
        { "tchaikovsky", "chaikovski" }, { "schmidt", "schmitt" },      { "meyer", "maier" },
        { "zelensky", "selenskyj" },    { "hussein", "husain" },        { "kovacs", "kovach" },
        { "knox", "nox" },           { "philip", "filip" },          { "brown", "braun" },
        { "mohammed", "muhammad" },     { "stephen", "stefan" },        { "clinton", "klinton" },
        { "klitschko", "klichko" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        check_alike(pairs[i][0], pairs[i][1], 1);
    check_alike("putin", "biden", 0);
    check_alike("merkel", "markle", 1);
    check_alike("berlin", "bern", 0);
}
END_TEST

START_TEST(a_sound_is_told_from_others)
{
    static const char some[] = "abcdhiknosstxy";
    uint64_t state = test_seed();
    unsigned same = 0;
    for (int round = 0; round < 20000; round++) {
        char words[2][8], keys[2][MRG_SOUND_MAX];
        size_t lens[2];
        for (int w = 0; w < 2; w++) {
            size_t n = test_below(&state, 7);
            for (size_t i = 0; i < n; i++)
                words[w][i] = some[test_below(&state, sizeof some - 1)];
            words[w][n] = 0;
            lens[w] = mrg_sound_key(keys[w], words[w], n);
        }
        int alike = lens[0] && lens[0] == lens[1] && !memcmp(keys[0], keys[1], lens[0]);
        ck_assert_msg(mrg_sounds_so(keys[0], lens[0], words[1], strlen(words[1])) == alike, "%s %s", words[0], words[1]);
        same += (unsigned)alike;
    }
    ck_assert_uint_gt(same, 20);
}
END_TEST

START_TEST(some_words_have_no_sound)
{
    char key[MRG_SOUND_MAX];
    ck_assert_uint_eq(mrg_sound_key(key, "", 0), 0);
    ck_assert_uint_eq(mrg_sound_key(key, "a", 1), 0);
    ck_assert_uint_eq(mrg_sound_key(key, "g8", 2), 0);
    ck_assert_uint_eq(mrg_sound_key(key, "ö", 2), 0);
    char longest[400];
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = "bdk"[i % 3];
    ck_assert_uint_eq(mrg_sound_key(key, longest, sizeof longest), MRG_SOUND_MAX);
}
END_TEST

/* ---- The alias table ------------------------------------------------------------------------------------------- */

START_TEST(every_alias_is_its_canonical_name)
{
    for (const char *const *row = mrg_alias_rows; *row; row++) {
        mrg_buffer expected = MRG_BUFFER_INIT, key = MRG_BUFFER_INIT;
        for (const char *p = *row + 1; *p;) {
            size_t n = strcspn(p, "|");
            mrg_entity_type type = mrg_entity_type_of(**row), any = MRG_ENTITY_TYPES;
            mrg_buffer_clear(&key);
            ck_assert_msg(mrg_entity_key(&key, &type, p, n), "%.*s of %s is not known", (int)n, p, *row);
            if (p == *row + 1)
                mrg_buffer_append(&expected, key.data, key.len);
            ck_assert_msg(key.len == expected.len && !memcmp(key.data, expected.data, key.len),
                          "%.*s of %s is %.*s", (int)n, p, *row, (int)key.len, (const char *)key.data);
            mrg_buffer_clear(&key);
            ck_assert_msg(mrg_entity_key(&key, &any, p, n) && any == type, "%.*s of %s is another type's", (int)n, p,
                          *row);
            p += n + (p[n] == '|');
        }
        mrg_buffer_dispose(&key);
        mrg_buffer_dispose(&expected);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *tc = tcase_create("names");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, walk_finds_what_the_matrix_finds);
    tcase_add_test(tc, long_words_and_bad_bytes_are_harmless);
    tcase_add_test(tc, edits_grow_with_the_letters);
    tcase_add_test(tc, spellings_of_one_name_sound_alike);
    tcase_add_test(tc, a_sound_is_told_from_others);
    tcase_add_test(tc, some_words_have_no_sound);
    tcase_add_test(tc, every_alias_is_its_canonical_name);
    return test_run_suite(suite);
}

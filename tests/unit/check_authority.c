/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user's list of names: reading it, finding its names in texts, and what it makes of an archive. */
#include "../support/testing.h"

#include "core/alloc.h"
#include "core/error.h"
#include "entity/authority.h"
#include "store/user_list.h"

static char scratch[TEST_PATH], archive[TEST_PATH], file[TEST_PATH];
static char told[8192];

static void make_scratch(void)
{
    test_make_scratch(scratch);
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

static void begin(void)
{
    test_path(archive, scratch, "archive");
    test_path(file, scratch, "names.tsv");
    test_remove_tree(archive);
    told[0] = 0;
}

static void tell(void *ctx, const char *line)
{
    (void)ctx;
    strncat(told, line, sizeof told - strlen(told) - 2);
    strcat(told, "\n");
}

static mrg_authority *parse(const char *text)
{
    const mrg_authority_messages messages = { "list", tell, NULL };
    mrg_authority *a;
    morgue_error err = { 0 };
    told[0] = 0;
    test_ok(mrg_authority_parse(&a, text, strlen(text), &messages, NULL, &err));
    return a;
}

static const mrg_authority_row *row_of(const mrg_authority *a, const char *key)
{
    return mrg_authority_of_key(a, key, strlen(key));
}

/* ---- Reading ---------------------------------------------------------------------------------------------- */

START_TEST(rows_have_keys_names_and_refusals)
{
    mrg_authority *a = parse("\xef\xbb\xbf# ours\r\n"
                             "\r\n"
                             "p:vladimir putin\tperson\tWladimir Putin\t The Tsar | V. V. Putin|\tnot:Kremlin|not: Moscow\r\n"
                             "77\tplace\tS\xc3\xa3o Jo\xc3\xa3o\tl:sao joao da barra\n"
                             "\t-\tReading\n"
                             "x\torg\tNATO");
    ck_assert_str_eq(told, "");
    ck_assert_uint_eq(mrg_authority_row_count(a), 4);
    const mrg_authority_row *putin = row_of(a, "p:vladimir putin");
    ck_assert_ptr_nonnull(putin);
    ck_assert_str_eq(putin->name, "Wladimir Putin");
    ck_assert_int_eq(putin->type, MRG_ENTITY_PERSON);
    ck_assert_uint_eq(putin->name_count, 3);
    ck_assert_ptr_eq(row_of(a, "p:wladimir putin"), putin);
    ck_assert_ptr_eq(row_of(a, "p:the tsar"), NULL); /* "the" is no part of a key */
    ck_assert_ptr_eq(row_of(a, "p:tsar"), putin);
    ck_assert(mrg_authority_is_not(putin, "kremlin", 7));
    ck_assert(mrg_authority_is_not(putin, "moscow", 6));
    ck_assert(!mrg_authority_is_not(putin, "putin", 5));
    ck_assert_ptr_nonnull(mrg_authority_find(a, "v v putin", 9));
    ck_assert_ptr_eq(row_of(a, "l:sao joao da barra"), row_of(a, "l:sao joao"));
    ck_assert_ptr_nonnull(mrg_authority_find(a, "sao joao", 8));
    ck_assert_int_eq(row_of(a, "l:reading")->type, MRG_ENTITY_TYPES);
    ck_assert_ptr_eq(row_of(a, "o:reading"), row_of(a, "l:reading"));
    ck_assert_ptr_nonnull(row_of(a, "o:nato"));
    ck_assert_ptr_eq(row_of(a, "o:nat"), NULL);
    ck_assert_ptr_eq(row_of(a, "o:nato2"), NULL);
    for (size_t i = 1; i < 4; i++) /* in the order of keys */
        ck_assert_int_lt(strcmp(mrg_authority_row_at(a, i - 1)->key, mrg_authority_row_at(a, i)->key), 0);
    mrg_authority_free(a);
}
END_TEST

/* Exports have rows whose aliases are names of other rows. */
START_TEST(aliases_leave_other_rows_alone)
{
    mrg_authority *a = parse("1\tplace\tChevy Malibu\tMalibu\n"
                             "l:malibu\tplace\tMalibu\n"
                             "3\tperson\tTony Malibu\tMalibu\n"
                             "4\tperson\tAda\tp:bob|p:cid\n"
                             "5\tperson\tBob\n"
                             "6\t-\tTony Malibu\n"
                             "l:lima\t-\tLima\n"
                             "8\torg\tLima\n");
    ck_assert_str_eq(told, "list:4: p:bob stays with line 5, which has it already\n"
                           "list:6: p:tony malibu stays with line 3, which has it already\n");
    ck_assert_str_eq(row_of(a, "l:malibu")->id, "l:malibu");
    ck_assert_str_eq(row_of(a, "p:malibu")->id, "3");
    ck_assert_str_eq(row_of(a, "p:bob")->id, "5");
    ck_assert_str_eq(row_of(a, "p:cid")->id, "4");
    ck_assert_str_eq(row_of(a, "o:tony malibu")->id, "6");
    ck_assert_str_eq(row_of(a, "l:lima")->id, "l:lima");
    ck_assert_str_eq(row_of(a, "o:lima")->id, "8");
    ck_assert_uint_eq(mrg_authority_skipped(a), 0);
    mrg_authority_free(a);
}
END_TEST

START_TEST(bad_rows_are_told_and_left_out)
{
    static const struct {
        const char *row, *cause;
    } bad[] = {
        { "a", "columns" },
        { "a\tperson", "columns" },
        { "a\talien\tFoo", "type is \"alien\"" },
        { "a\tperson\t", "missing" },
        { "a\tperson\t--", "neither letters nor digits" },
        { "a\tperson\tFoo\tBar|--", "neither letters nor digits" },
        { "a\tperson\ta b c d e f g h i j k l m n o p q", "too many words" },
        { "b\tperson\tGood", "line 1 is about the same name" },
    };
    char text[4096], name[512];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "g\tperson\tGood\n%s\nh\tperson\tBetter\n", bad[i].row);
        mrg_authority *a = parse(text);
        ck_assert_uint_eq(mrg_authority_row_count(a), 2);
        ck_assert_uint_eq(mrg_authority_skipped(a), 1);
        ck_assert_msg(!strncmp(told, "list:2: ", 8) && strstr(told, bad[i].cause), "%s: %s", bad[i].row, told);
        mrg_authority_free(a);
    }
    snprintf(text, sizeof text, "a\tperson\t%s\n%s\tperson\tFoo\n", name, name);
    mrg_authority *a = parse(text);
    ck_assert_uint_eq(mrg_authority_row_count(a), 0);
    mrg_authority_free(a);
    char *many = malloc(200 * 8 + 1);
    for (size_t i = 0; i < 200; i++)
        memcpy(many + i * 8, "bad row\n", 9);
    a = parse(many);
    ck_assert_uint_eq(mrg_authority_skipped(a), 200);
    ck_assert_ptr_nonnull(strstr(told, "list: 150 more lines"));
    mrg_authority_free(a);
    free(many);
}
END_TEST

START_TEST(what_is_no_list_is_refused)
{
    mrg_authority *a;
    morgue_error err;
    static const char *const texts[] = { "a\tperson\tF\x01oo\n", "a\tperson\tF\xff\n", "\x7f" "ELF\x02\x01", "a\rb\n" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq(mrg_authority_parse(&a, texts[i], strlen(texts[i]), NULL, NULL, &err), MORGUE_ERR_INVALID);
        ck_assert_ptr_null(a);
        test_clean_failure(MORGUE_ERR_INVALID, &err, texts[i]);
    }
    ck_assert_int_eq(mrg_authority_parse(&a, "a\0b", 3, NULL, NULL, &err), MORGUE_ERR_INVALID);
    char *huge = calloc(1, MRG_AUTHORITY_MAX_BYTES + 1);
    memset(huge, '\n', MRG_AUTHORITY_MAX_BYTES + 1);
    ck_assert_int_eq(mrg_authority_parse(&a, huge, MRG_AUTHORITY_MAX_BYTES + 1, NULL, NULL, &err), MORGUE_ERR_LIMIT);
    test_ok(mrg_authority_parse(&a, huge, MRG_AUTHORITY_MAX_BYTES, NULL, NULL, &err));
    mrg_authority_free(a);
    free(huge);
    test_ok(mrg_authority_parse(&a, "", 0, NULL, NULL, &err));
    ck_assert_uint_eq(mrg_authority_row_count(a), 0);
    ck_assert_ptr_null(mrg_authority_find(a, "x", 1));
    ck_assert_ptr_null(row_of(a, "p:x"));
    mrg_authority_free(a);
}
END_TEST

/* Random bytes, and rows cut and joined at random: only clean ends. */
START_TEST(random_lists_are_harmless)
{
    static const char pieces[][12] = { "\t", "\n", "|", "not:", "person", "org", "-", "p:", "l:x", "Foo", "B\xc3\xa4r",
                                       "\r\n", "#", " ", "a b", "U.S.", "", "\xe4", "place" };
    uint64_t state = test_seed();
    for (int round = 0; round < 3000; round++) {
        char text[600] = "";
        mrg_authority *a;
        morgue_error err = { 0 };
        unsigned n = test_below(&state, 50);
        for (unsigned i = 0; i < n; i++)
            strcat(text, pieces[test_below(&state, sizeof pieces / sizeof *pieces)]);
        mrg_buffer kept = MRG_BUFFER_INIT;
        morgue_status status = mrg_authority_parse(&a, text, strlen(text), NULL, &kept, &err);
        if (status) {
            test_clean_failure(status, &err, "a random list");
        } else {
            size_t rows = mrg_authority_row_count(a);
            mrg_authority_free(a);
            test_ok(mrg_authority_parse(&a, (char *)kept.data, kept.len, NULL, NULL, &err));
            ck_assert_uint_eq(mrg_authority_row_count(a), rows); /* what was kept is good */
            ck_assert_uint_eq(mrg_authority_skipped(a), 0);
            mrg_authority_free(a);
        }
        mrg_buffer_dispose(&kept);
    }
}
END_TEST

START_TEST(kept_lists_survive_and_damaged_ones_do_not)
{
    static const char text[] = "a\tperson\tFoo Bar\nb\torg\tBaz\n";
    mrg_buffer value = MRG_BUFFER_INIT;
    mrg_authority *a;
    morgue_error err;
    uint64_t state = test_seed();
    test_ok(mrg_user_list_encode(&value, text, strlen(text), &err));
    test_ok(mrg_user_list_open(&a, value.data, value.len, &err));
    ck_assert_uint_eq(mrg_authority_row_count(a), 2);
    mrg_authority_free(a);
    test_ok(mrg_user_list_open(&a, NULL, 0, &err));
    ck_assert_ptr_null(a);
    for (size_t len = 1; len < value.len; len++) {
        ck_assert_int_eq(mrg_user_list_open(&a, value.data, len, &err), MORGUE_ERR_CORRUPT);
        ck_assert_ptr_null(a);
    }
    for (int round = 0; round < 500; round++) {
        size_t at = test_below(&state, (unsigned)value.len);
        unsigned char was = value.data[at];
        value.data[at] ^= (unsigned char)(1u << test_below(&state, 8));
        morgue_status status = mrg_user_list_open(&a, value.data, value.len, &err);
        if (status)
            test_clean_failure(status, &err, "a damaged list");
        mrg_authority_free(a);
        value.data[at] = was;
    }
    mrg_buffer_dispose(&value);
}
END_TEST

/* ---- In a text -------------------------------------------------------------------------------------------- */

/* The names found in a text, as "Foo Bar|Baz|". */
static void find_all(const mrg_authority *a, const char *text, char *out)
{
    mrg_tokens tokens = { 0 };
    ck_assert_int_eq(mrg_tokenize(&tokens, text, 0, strlen(text), 0, NULL), MORGUE_OK);
    *out = 0;
    for (size_t i = 0; i < tokens.count;) {
        const mrg_authority_row *row;
        uint32_t n = mrg_authority_match(a, text, &tokens, i, &row);
        if (n) {
            strcat(out, row->name);
            strcat(out, "|");
        }
        i += n ? n : 1;
    }
    mrg_tokens_dispose(&tokens);
}

START_TEST(names_are_found_in_texts)
{
    static const struct {
        const char *text, *found;
    } cases[] = {
        { "He saw Ada Lovelace today.", "Ada Lovelace|" },
        { "He saw ada lovelace today.", "" },
        { "He saw ada Lovelace today.", "" },
        { "ADA LOVELACE WINS", "Ada Lovelace|" },
        { "Ada\nLovelace", "Ada Lovelace|" },
        { "Ada.\n\nLovelace", "" },
        { "He met Ada. Lovelace left.", "" },
        { "Ada Lovelace's engine", "Ada Lovelace|" },
        { "Ada Lovelace Institute", "Ada Lovelace Institute|" },
        { "Countess Lovelace", "" }, /* the article decides about surnames */
        { "the WHO said", "WHO|" },
        { "who said", "" },
        { "Who said", "" },
        { "bell hooks wrote", "bell hooks|" },
        { "the al-Nusra Front", "al-Nusra Front|" },
        { "al nusra front", "" },
        { "M\xc3\xbcller und Sohn", "M\xc3\xbcller und Sohn|" },
        { "Muller und Sohn", "M\xc3\xbcller und Sohn|" },
        { "J. R. Hartley", "J. R. Hartley|" },
        { "in Malibu", "Malibu|" }, /* a name, and an alias of another */
        { "the Great Wet", "" },    /* an alias of two */
        { "in Lima", "" },          /* a name of two */
        { "", "" },
    };
    mrg_authority *a = parse("1\tperson\tAda Lovelace\tLovelace\n"
                             "2\torg\tAda Lovelace Institute\n"
                             "3\torg\tWHO\n"
                             "4\tperson\tbell hooks\n"
                             "5\torg\tal-Nusra Front\n"
                             "6\torg\tM\xc3\xbcller und Sohn\n"
                             "7\tperson\tJ. R. Hartley\n"
                             "8\torg\tMotors\tMalibu|Great Wet\n"
                             "9\tplace\tMalibu\tGreat Wet\n"
                             "10\tplace\tLima\n11\tperson\tLima\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[256];
        find_all(a, cases[i].text, found);
        ck_assert_msg(!strcmp(found, cases[i].found), "%s: %s", cases[i].text, found);
    }
    mrg_authority_free(a);
}
END_TEST

/* ---- In an archive ------------------------------------------------------------------------------------------ */

/* `model` as in morgue_index_options. */
static void index_by(const char *model, const char *names, const char *const *texts)
{
    morgue_index_options options = MORGUE_INDEX_OPTIONS_INIT;
    morgue_indexer *ix;
    morgue_error err;
    options.model = model;
    options.message = tell;
    options.names = names;
    test_ok(morgue_indexer_open(&ix, archive, &options, &err));
    for (size_t i = 0; texts && texts[i]; i++) {
        char id[32];
        snprintf(id, sizeof id, "%zu", i);
        morgue_article article = { .id = id, .text = texts[i], .date = "2014-03-01" };
        test_ok(morgue_indexer_add(ix, &article, &err));
    }
    test_ok(morgue_indexer_commit(ix, &err));
    morgue_indexer_close(ix);
    test_archive_is_sound(archive);
}

static void index_with(const char *names, const char *const *texts)
{
    index_by("", names, texts);
}

static void install(const char *text)
{
    ck_assert_int_eq(test_write_file(file, text, strlen(text)), 0);
    index_with(file, NULL);
}

/* How many articles a query finds. */
static unsigned count(const char *query)
{
    morgue_searcher *s;
    morgue_results *r;
    morgue_error err;
    morgue_search_options options = { .exact_count = 1 };
    uint64_t n;
    const char *path = archive;
    test_ok(morgue_searcher_open(&s, &path, 1, &err));
    test_ok(morgue_search(s, query, &options, &r, &err));
    morgue_results_count(r, &n, NULL);
    ck_assert_uint_eq(morgue_results_size(r), n);
    for (size_t i = 0; i < n; i++) { /* their names can be read */
        const morgue_entity *entities;
        const morgue_mention *mentions;
        size_t entity_count, mention_count, sum = 0;
        test_ok(morgue_hit_entities(morgue_results_hit(r, i), &entities, &entity_count, &err));
        test_ok(morgue_hit_mentions(morgue_results_hit(r, i), 0, &mentions, &mention_count, &err));
        for (size_t k = 0; k < mention_count; k++)
            ck_assert_uint_lt(mentions[k].entity, entity_count);
        for (size_t k = 0; k < entity_count; k++)
            sum += entities[k].mention_count;
        ck_assert_uint_eq(sum, mention_count);
    }
    morgue_results_free(r);
    morgue_searcher_close(s);
    return (unsigned)n;
}

/* Name, type and articles of the first of what a name may mean, "" for nothing. */
static const char *first_of(const char *text)
{
    static char out[256];
    morgue_searcher *s;
    morgue_names *names;
    morgue_error err;
    const char *path = archive;
    test_ok(morgue_searcher_open(&s, &path, 1, &err));
    test_ok(morgue_names_find(s, NULL, text, 5, &names, &err));
    out[0] = 0;
    if (morgue_names_size(names)) {
        const morgue_name *n = morgue_names_at(names, 0);
        snprintf(out, sizeof out, "%s %s %u", n->type, n->name, (unsigned)n->article_count);
    }
    morgue_names_free(names);
    morgue_searcher_close(s);
    return out;
}

static const char *const texts[] = {
    "President Anna Berg met Olof Lund in Oslo on Monday. Berg said that Lund was late.",
    "Mr. Olof Lund of Acme Corp said on Tuesday that Anna Bergh would come to Bergen.",
    "Prime Minister Carl Stone visited Paris. Stone met Anna Berg and Acme Corp.",
    "The plan was called Frobozz magic by Carl Stone.",
    NULL,
};

START_TEST(edits_of_the_list_hold_at_once)
{
    begin();
    index_with(NULL, texts);
    ck_assert_uint_eq(count("person:berg"), 2);
    ck_assert_uint_eq(count("place:oslo"), 1);
    install("1\tperson\tAnna Berg\tAnna Bergh\n"     /* merge by name */
            "p:olof lund\tperson\tOle Lund\tThe Boss\n" /* prefer, alias */
            "x\t-\tOslo\n"                            /* kill */
            "o:acme\torg\tAcme\tp:carl stone\tnot:Acme Works\n");
    ck_assert_str_eq(told, "");
    ck_assert_uint_eq(count("person:\"anna berg\""), 3);
    ck_assert_uint_eq(count("person:\"anna bergh\""), 3);
    ck_assert_str_eq(first_of("Anna Bergh"), "person Anna Berg 3");
    ck_assert_uint_eq(count("person:\"the boss\""), 2);
    ck_assert_str_eq(first_of("boss"), "person Ole Lund 2");
    ck_assert_uint_eq(count("place:oslo"), 0);
    ck_assert_str_eq(first_of("oslo"), "");
    ck_assert_uint_eq(count("org:acme"), 3); /* by key, across types; one article has both */
    ck_assert_str_eq(first_of("acme"), "org Acme 3");
    index_with("", NULL);
    ck_assert_uint_eq(count("person:\"anna bergh\""), 1);
    ck_assert_uint_eq(count("place:oslo"), 1);
    ck_assert_str_eq(first_of("boss"), "");
}
END_TEST

/* "name here/everywhere|" of the names that a query's articles are about. */
static const char *about(const char *query, const char *types)
{
    static char out[1024];
    morgue_searcher *s;
    morgue_results *r;
    morgue_error err;
    const morgue_associate *names;
    size_t count, n = 0;
    const char *path = archive;
    test_ok(morgue_searcher_open(&s, &path, 1, &err));
    test_ok(morgue_search(s, query, NULL, &r, &err));
    test_ok(morgue_results_names(r, types, 0, &names, &count, &err));
    out[0] = 0;
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s %u/%u|", names[i].name, (unsigned)names[i].count,
                              (unsigned)names[i].everywhere);
    morgue_results_free(r);
    morgue_searcher_close(s);
    return out;
}

START_TEST(overviews_obey_the_list)
{
    static const char *const sales[] = {
        "Mr. Anna Berg met Mr. Olof Lund in Paris. Nothing else was sold.",
        "Mr. Ann Berg met Mr. Carl Stone in Paris. Fish was sold.",
        "Mr. Anna Berg met Mr. Carl Stone in Lima. Fish was sold.",
        "It rained and rained. Nothing was sold.",
        "It rained again. Nothing was sold.",
        "It rained on. Nothing was sold.",
        "It snowed. Nothing was sold.",
        "It snowed and snowed. Nothing was sold.",
        "It snowed again. Nothing was sold.",
        "It snowed on. Nothing was sold.",
        NULL,
    };
    begin();
    index_with(NULL, sales);
    ck_assert_str_eq(about("fish", "person"), "Carl Stone 2/2|");
    install("1\tperson\tAnnie Berg\tAnna Berg|Ann Berg\n2\torg\tStone Ltd\tp:carl stone\n3\t-\tParis\n");
    ck_assert_str_eq(about("fish", "person"), "Annie Berg 2/3|"); /* each article once */
    ck_assert_str_eq(about("fish", "org"), "Stone Ltd 2/2|");
    ck_assert_str_eq(about("fish", NULL), "Stone Ltd 2/2|Annie Berg 2/3|");
    ck_assert_ptr_null(strstr(about("person:\"ann berg\"", "person"), "Berg")); /* what is asked for is left out */
}
END_TEST

START_TEST(forms_are_taken_away)
{
    begin();
    index_with(NULL, texts);
    ck_assert_uint_eq(count("person:stone"), 2);
    install("p:carl stone\tperson\tCarl Stone\t\tnot:Stone\n");
    ck_assert_uint_eq(count("person:\"carl stone\""), 2);
    ck_assert_uint_eq(count("person:stone"), 0);
}
END_TEST

START_TEST(the_list_decides_when_articles_are_indexed)
{
    static const char list[] = "1\torg\tFrobozz\n"
                               "2\tplace\tAnna Berg\n"
                               "3\t-\tAcme Corp\n"
                               "4\tperson\tOslo\n"
                               "5\tperson\tCarl\n";
    begin();
    ck_assert_int_eq(test_write_file(file, list, strlen(list)), 0);
    index_with(file, texts);
    ck_assert_uint_eq(count("org:frobozz"), 1);
    ck_assert_uint_eq(count("place:\"anna berg\""), 2);
    ck_assert_uint_eq(count("org:acme"), 0);
    ck_assert_uint_eq(count("person:oslo"), 1);
    ck_assert_uint_eq(count("person:\"carl stone\""), 2); /* longer than the list's */
    index_with(NULL, texts + 2); /* it stays */
    ck_assert_uint_eq(count("org:frobozz"), 2);
}
END_TEST

START_TEST(the_list_decides_over_the_model)
{
    static const char list[] = "1\torg\tNikkei\n2\torg\tCEO\n3\t-\tBonn\n4\tplace\tBrent\n";
    static const char *const common[] = {
        "The Nikkei fell. The CEO said Brent was up in Bonn. Angela Brent spoke. The Nikkei rose after Brent.", NULL
    };
    begin();
    ck_assert_int_eq(test_write_file(file, list, strlen(list)), 0);
    index_by(NULL, file, common);
    ck_assert_uint_eq(count("org:nikkei"), 1);
    ck_assert_uint_eq(count("org:ceo"), 1);
    ck_assert_uint_eq(count("place:brent"), 1);
    ck_assert_str_eq(first_of("brent"), "place Brent 1");
    ck_assert_uint_eq(count("person:\"angela brent\""), 1);
    ck_assert_uint_eq(count("place:bonn"), 0);
}
END_TEST

typedef struct exported {
    char text[4096];
} exported;

static int export_name(void *ctx, const morgue_name *name)
{
    exported *e = ctx;
    size_t n = strlen(e->text);
    n += (size_t)snprintf(e->text + n, sizeof e->text - n, "%s\t%s\t%s\t", name->key, name->type, name->name);
    for (size_t i = 0; i < name->alias_count; i++)
        n += (size_t)snprintf(e->text + n, sizeof e->text - n, "%s%s", i ? "|" : "", name->aliases[i].form);
    snprintf(e->text + n, sizeof e->text - n, "\n");
    return 0;
}

static void export_all(exported *e)
{
    morgue_searcher *s;
    morgue_error err;
    const char *path = archive;
    e->text[0] = 0;
    test_ok(morgue_searcher_open(&s, &path, 1, &err));
    test_ok(morgue_names_each(s, export_name, e, &err));
    morgue_searcher_close(s);
}

START_TEST(an_export_is_a_list)
{
    exported first, again;
    begin();
    index_with(NULL, texts);
    install("1\tperson\tAnna Berg\tAnna Bergh|Nobody Else\tnot:Berg\nx\t-\tOslo\n9\torg\tNot There\n");
    export_all(&first);
    ck_assert_ptr_nonnull(strstr(first.text, "p:anna berg\tperson\tAnna Berg\t"));
    ck_assert_ptr_nonnull(strstr(first.text, "|Nobody Else|not:Berg\n"));
    ck_assert_ptr_nonnull(strstr(first.text, "-:oslo\t-\tOslo\t\n"));
    ck_assert_ptr_nonnull(strstr(first.text, "o:not there\torg\tNot There\t\n"));
    ck_assert_ptr_null(strstr(first.text, "p:anna bergh\t"));
    install(first.text);
    ck_assert_str_eq(told, "");
    ck_assert_uint_eq(count("person:\"anna berg\""), 3);
    ck_assert_uint_eq(count("person:berg"), 0);
    ck_assert_uint_eq(count("place:oslo"), 0);
    export_all(&again);
    ck_assert_uint_eq(strlen(again.text), strlen(first.text)); /* but for the order of aliases */
}
END_TEST

/* ---- Without memory --------------------------------------------------------------------------------------------- */

START_TEST(reading_fails_cleanly_without_memory)
{
    static const char text[] = "p:a\tperson\tFoo Bar\tFoo B|B. Bar\tnot:Baz\n2\torg\tFoo Bar\nx\t-\tQux\n";
    unsigned failures = 0;
    for (long n = 1, clean = 0; clean < 20; n++) {
        mrg_authority *a;
        morgue_error err = { 0 };
        mrg_buffer kept = MRG_BUFFER_INIT;
        mrg_alloc_fail_at(n);
        morgue_status status = mrg_authority_parse(&a, text, strlen(text), NULL, &kept, &err);
        mrg_alloc_fail_at(0);
        mrg_buffer_dispose(&kept);
        mrg_authority_free(a);
        clean = status ? 0 : clean + 1;
        if (!status)
            continue;
        ck_assert_int_eq(status, MORGUE_ERR_NOMEM);
        test_clean_failure(status, &err, "a list");
        failures++;
    }
    ck_assert_uint_gt(failures, 10);
}
END_TEST

static morgue_status ask_all(morgue_error *err)
{
    static const char *const questions[] = { "anna berg", "boss", "brg", "carl stne", "kwz" };
    morgue_searcher *s = NULL;
    morgue_names *names = NULL;
    morgue_results *r = NULL;
    const char *path = archive;
    exported e = { { 0 } };
    morgue_status status = morgue_searcher_open(&s, &path, 1, err);
    for (size_t i = 0; i < sizeof questions / sizeof *questions && !status; i++) {
        char query[64];
        status = morgue_names_find(s, "person", questions[i], 5, &names, err);
        morgue_names_free(names);
        snprintf(query, sizeof query, "person:\"%s\"", questions[i]);
        if (!status)
            status = morgue_search(s, query, NULL, &r, err);
        morgue_results_free(r);
        names = NULL;
        r = NULL;
    }
    if (!status)
        status = morgue_names_each(s, export_name, &e, err);
    morgue_searcher_close(s);
    return status;
}

START_TEST(asking_fails_cleanly_without_memory)
{
    unsigned failures = 0;
    begin();
    index_with(NULL, texts);
    install("1\tperson\tAnna Berg\tAnna Bergh|The Boss\tnot:Berg\nx\t-\tOslo\n");
    for (long n = 1, clean = 0; clean < 20; n += 1 + n / 30) {
        morgue_error err = { 0 };
        mrg_alloc_fail_at(n);
        morgue_status status = ask_all(&err);
        mrg_alloc_fail_at(0);
        clean = status ? 0 : clean + 1;
        if (!status)
            continue;
        ck_assert_int_eq(status, MORGUE_ERR_NOMEM);
        test_clean_failure(status, &err, "a question");
        failures++;
    }
    ck_assert_uint_gt(failures, 50);
}
END_TEST

START_TEST(bad_files_leave_the_archive_alone)
{
    morgue_index_options options = MORGUE_INDEX_OPTIONS_INIT;
    morgue_indexer *ix;
    morgue_error err;
    begin();
    index_with(NULL, texts);
    install("x\t-\tOslo\n");
    options.model = "";
    options.names = "/nowhere/names.tsv";
    test_clean_failure(morgue_indexer_open(&ix, archive, &options, &err), &err, "no file");
    options.names = scratch;
    ck_assert_int_eq(morgue_indexer_open(&ix, archive, &options, &err), MORGUE_ERR_INVALID);
    ck_assert_int_eq(test_write_file(file, "\0\1\2", 3), 0);
    options.names = file;
    ck_assert_int_eq(morgue_indexer_open(&ix, archive, &options, &err), MORGUE_ERR_INVALID);
    ck_assert_uint_eq(count("place:oslo"), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("authority");
    TCase *tc = tcase_create("authority");
    suite_add_tcase(suite, tc);
    tcase_add_unchecked_fixture(tc, make_scratch, remove_scratch);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, rows_have_keys_names_and_refusals);
    tcase_add_test(tc, aliases_leave_other_rows_alone);
    tcase_add_test(tc, bad_rows_are_told_and_left_out);
    tcase_add_test(tc, what_is_no_list_is_refused);
    tcase_add_test(tc, random_lists_are_harmless);
    tcase_add_test(tc, kept_lists_survive_and_damaged_ones_do_not);
    tcase_add_test(tc, names_are_found_in_texts);
    tcase_add_test(tc, edits_of_the_list_hold_at_once);
    tcase_add_test(tc, overviews_obey_the_list);
    tcase_add_test(tc, forms_are_taken_away);
    tcase_add_test(tc, the_list_decides_when_articles_are_indexed);
    tcase_add_test(tc, the_list_decides_over_the_model);
    tcase_add_test(tc, an_export_is_a_list);
    tcase_add_test(tc, reading_fails_cleanly_without_memory);
    tcase_add_test(tc, asking_fails_cleanly_without_memory);
    tcase_add_test(tc, bad_files_leave_the_archive_alone);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an archive knows of names after articles were added, replaced, deleted and committed in any order is what
 * an archive that was made of the remaining articles at once knows: the same names with the same forms and
 * counts, found by the same questions. Only the dates may still tell of articles that are gone.
 */
#include "../support/testing.h"

enum { ARTICLES = 120, COMMITS = 8, QUESTIONS = 60, TEXT = 600, LINE = 2000, MAX_NAMES = 2000 };

static char scratch[TEST_PATH], archive[TEST_PATH], fresh[TEST_PATH];
static uint64_t state; /* of the random numbers */

static struct article {
    char id[16], text[TEXT], title[80], date[16];
    int present;
} articles[ARTICLES];

static void make_scratch(void)
{
    test_make_scratch(scratch);
    state = test_seed();
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

/* ---- Random articles -------------------------------------------------------------------------------- */

static const char *const firsts[] = { "Anna", "Olof", "Carl", "Maria", "Jens", "Peter", "Ingrid", "José" };
static const char *const lasts[] = { "Berg", "Lund", "Stoltenberg", "Stotenberg", "Smith", "Ordóñez", "Haugen" };
static const char *const orgs[] = { "NATO", "Acme Corp", "Nordwind Shipping Ltd", "the Kremlin",
                                    "the Federal Reserve" };
static const char *const places[] = { "Kiev", "Kyiv", "Oslo", "the United States", "China", "Sevastopol", "Bergen" };
static const char *const roles[] = { "President", "foreign minister", "spokesman", "Mr.", "Prime Minister" };

#define ONE_OF(list) (list)[test_below(&state, sizeof(list) / sizeof *(list))]

static void random_text(char *out)
{
    size_t n = 0;
    for (unsigned sentences = 1 + test_below(&state, 4); sentences; sentences--) {
        const char *first = ONE_OF(firsts), *last = ONE_OF(lasts);
        switch (test_below(&state, 4)) {
        case 0:
            n += (size_t)snprintf(out + n, TEXT - n, "%s %s %s met %s in %s. ", ONE_OF(roles), first, last,
                                  ONE_OF(orgs), ONE_OF(places));
            break;
        case 1:
            n += (size_t)snprintf(out + n, TEXT - n, "%s %s, %u, said that %s was late. ", first, last,
                                  20 + test_below(&state, 60), ONE_OF(orgs));
            break;
        case 2:
            n += (size_t)snprintf(out + n, TEXT - n, "Mr. %s of %s left %s for %s. ", last, ONE_OF(orgs),
                                  ONE_OF(places), ONE_OF(places));
            break;
        default:
            n += (size_t)snprintf(out + n, TEXT - n, "It rained in %s. %s %s said so on March 1, 2014. ",
                                  ONE_OF(places), first, last);
        }
        ck_assert_uint_lt(n, TEXT);
    }
}

static void random_article(struct article *a, unsigned number)
{
    snprintf(a->id, sizeof a->id, "n%u", number);
    random_text(a->text);
    a->title[0] = a->date[0] = 0;
    if (test_below(&state, 3))
        snprintf(a->title, sizeof a->title, "%s visits %s", ONE_OF(lasts), ONE_OF(places));
    if (test_below(&state, 4))
        snprintf(a->date, sizeof a->date, "20%02u-%02u-%02u", 10 + test_below(&state, 9), 1 + test_below(&state, 12),
                 1 + test_below(&state, 28));
}

static void put(morgue_indexer *ix, struct article *a)
{
    morgue_error err = { 0 };
    morgue_article article = { .id = a->id, .title = a->title, .text = a->text, .date = a->date };
    test_ok(morgue_indexer_add(ix, &article, &err));
    a->present = 1;
}

static morgue_indexer *open_indexer(const char *path)
{
    morgue_index_options options = MORGUE_INDEX_OPTIONS_INIT;
    morgue_indexer *ix;
    morgue_error err = { 0 };
    options.jobs = 1 + test_below(&state, 2);
    test_ok(morgue_indexer_open(&ix, path, &options, &err));
    return ix;
}

static void random_changes(void)
{
    morgue_error err = { 0 };
    morgue_indexer *ix = open_indexer(archive);
    for (unsigned n = test_below(&state, 40); n; n--) {
        struct article *a = &articles[test_below(&state, ARTICLES)];
        if (a->present && test_below(&state, 2)) {
            test_ok(morgue_indexer_delete(ix, a->id, &err));
            a->present = 0;
            continue;
        }
        random_article(a, (unsigned)(a - articles)); /* new, or in place of the old one */
        put(ix, a);
    }
    test_ok(test_below(&state, 4) ? morgue_indexer_commit(ix, &err) : morgue_indexer_compact(ix, &err));
    morgue_indexer_close(ix);
    test_archive_is_sound(archive);
}

static void make_fresh(void)
{
    morgue_error err = { 0 };
    test_remove_tree(fresh);
    morgue_indexer *ix = open_indexer(fresh);
    for (unsigned i = 0; i < ARTICLES; i++)
        if (articles[i].present)
            put(ix, &articles[i]);
    test_ok(morgue_indexer_commit(ix, &err));
    morgue_indexer_close(ix);
}

/* ---- What is known -------------------------------------------------------------------------------- */

typedef struct known {
    char line[LINE], first[16], last[16];
} known;

typedef struct known_list {
    known items[MAX_NAMES];
    size_t count;
} known_list;

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Forms of one count stand in no order that matters. */
static size_t write_sorted(char *out, size_t size, char (*parts)[200], size_t count)
{
    size_t n = 0;
    qsort(parts, count, sizeof *parts, by_text);
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(out + n, size - n, " [%s]", parts[i]);
    ck_assert_uint_lt(n, size);
    return n;
}

static int note_name(void *ctx, const morgue_name *name)
{
    known_list *list = ctx;
    static char parts[500][200];
    ck_assert_uint_lt(list->count, MAX_NAMES);
    known *k = &list->items[list->count++];
    size_t n = (size_t)snprintf(k->line, LINE, "%s %s \"%s\" %llu %llu", name->key, name->type, name->name,
                                (unsigned long long)name->article_count, (unsigned long long)name->mention_count);
    ck_assert_uint_le(name->alias_count, 500);
    for (size_t i = 0; i < name->alias_count; i++)
        snprintf(parts[i], sizeof parts[i], "%s %llu", name->aliases[i].form,
                 (unsigned long long)name->aliases[i].count);
    n += write_sorted(k->line + n, LINE - n, parts, name->alias_count);
    snprintf(k->first, sizeof k->first, "%s", name->first_date);
    snprintf(k->last, sizeof k->last, "%s", name->last_date);
    return 0;
}

static void note_all(known_list *list, const char *path)
{
    morgue_searcher *s;
    morgue_error err = { 0 };
    list->count = 0;
    test_ok(morgue_searcher_open(&s, &path, 1, &err));
    test_ok(morgue_names_each(s, note_name, list, &err));
    morgue_searcher_close(s);
}

static void same_names(const known_list *kept, const known_list *made)
{
    for (size_t i = 0; i < kept->count && i < made->count; i++) {
        const known *a = &kept->items[i], *b = &made->items[i];
        ck_assert_str_eq(a->line, b->line);
        if (!*b->first)
            continue;
        ck_assert_msg(*a->first && strcmp(a->first, b->first) <= 0 && strcmp(a->last, b->last) >= 0,
                      "%s: %s to %s, in the archive %s to %s", a->line, b->first, b->last, a->first, a->last);
    }
    ck_assert_uint_eq(kept->count, made->count);
}

/* ---- Questions ------------------------------------------------------------------------------------------ */

static void random_question(char out[64])
{
    switch (test_below(&state, 4)) {
    case 0:
        snprintf(out, 64, "%s", ONE_OF(lasts));
        break;
    case 1:
        snprintf(out, 64, "%s %s", ONE_OF(firsts), ONE_OF(lasts));
        break;
    case 2:
        snprintf(out, 64, "%s", ONE_OF(orgs));
        break;
    default:
        snprintf(out, 64, "%s", ONE_OF(places));
    }
    if (test_below(&state, 3) == 0)
        out[test_below(&state, (unsigned)strlen(out))] = (char)('a' + test_below(&state, 26));
    for (char *p = out; *p; p++) /* the edit may have cut a letter of two bytes */
        if ((unsigned char)*p >= 0x80)
            *p = 'o';
}

static void ask(char out[LINE], const char *path, const char *question)
{
    morgue_searcher *s;
    morgue_names *names;
    morgue_error err = { 0 };
    static char parts[200][200];
    test_ok(morgue_searcher_open(&s, &path, 1, &err));
    test_ok(morgue_names_find(s, NULL, question, 100, &names, &err));
    size_t count = morgue_names_size(names);
    for (size_t i = 0; i < count; i++)
        snprintf(parts[i], sizeof parts[i], "%s %s", morgue_names_at(names, i)->key, morgue_names_at(names, i)->how);
    out[0] = 0;
    write_sorted(out, LINE, parts, count);
    morgue_names_free(names);
    morgue_searcher_close(s);
}

static void delete_all(void)
{
    morgue_error err = { 0 };
    morgue_indexer *ix = open_indexer(archive);
    for (unsigned i = 0; i < ARTICLES; i++)
        if (articles[i].present)
            test_ok(morgue_indexer_delete(ix, articles[i].id, &err));
    test_ok(morgue_indexer_commit(ix, &err));
    morgue_indexer_close(ix);
}

START_TEST(names_are_those_of_the_articles_that_are_there)
{
    static known_list kept, made;
    char a[LINE], b[LINE], question[64];
    size_t answered = 0;
    test_path(archive, scratch, "archive");
    test_path(fresh, scratch, "fresh");
    for (unsigned round = 0; round < COMMITS; round++) {
        random_changes();
        make_fresh();
        note_all(&kept, archive);
        note_all(&made, fresh);
        same_names(&kept, &made);
        for (unsigned i = 0; i < QUESTIONS; i++) {
            random_question(question);
            ask(a, archive, question);
            ask(b, fresh, question);
            ck_assert_msg(!strcmp(a, b), "round %u, %s: %s; made at once: %s", round, question, a, b);
            answered += *a != 0;
        }
    }
    ck_assert_uint_gt(kept.count, 20);
    ck_assert_uint_gt(answered, COMMITS * QUESTIONS / 2);
    delete_all();
    note_all(&kept, archive);
    ck_assert_uint_eq(kept.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names_property");
    TCase *tc = tcase_create("names_property");
    tcase_add_unchecked_fixture(tc, make_scratch, remove_scratch);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, names_are_those_of_the_articles_that_are_there);
    suite_add_tcase(suite, tc);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole query language: random articles through their life (added, replaced, deleted, in several segments and
 * two archives), random queries of everything the language has, as text; what comes back is what
 * ../support/language.h finds by trying everything.
 */
#include "../support/language.h"
#include "results.h"

enum { ARTICLES = 220, ROUNDS = 5, QUERIES = 320, DEPTH = 3 };

static char scratch[TEST_PATH], paths[2][TEST_PATH];
static lang_article articles[ARTICLES];
static uint64_t seed, state; /* of the random numbers */

static void make_scratch(void)
{
    test_make_scratch(scratch);
    seed = test_seed();
}

static void remove_scratch(void)
{
    test_remove_tree(scratch);
}

/* ---- Random articles -------------------------------------------------------------------------------- */

/* Inflections, spellings near each other, hyphens, abbreviations, accents, numbers; common ones first. */
static const char *const words[] = {
    "the",       "said",       "talks",      "of",       "sanctions",      "met",         "treaty",   "talk",
    "sanction",  "treaties",   "legal",      "women",    "guarantees",     "city",        "talked",   "woman",
    "santions",  "sanctioned", "guarantee",  "talking",  "Kremlin-backed", "62-year-old", "U.S.",     "Zürich",
    "Zurich",    "cities",     "guaranteed", "tales",    "café",           "cafes",       "kremlin",  "backed",
    "agreement", "agreements", "argeement",  "legality", "1999",           "199",         "ministers",
};
static const char *const names[] = {
    "President Vladimir Putin",
    "Putin",
    "Angela Merkel",
    "Barack Obama",
    "NATO",
    "Kyiv",
    "Kiev",
    "China",
    "Ukraine",
    "the Federal Reserve",
    "Mr. Putin",
    "Merkel",
};
static const char *const dates[] = {
    "March 1, 2014", "August 24, 1991", "in 2008", "in March 2014", "in the 1990s", "on 3 May 2015", "in 1991",
};
enum { WORDS = sizeof words / sizeof *words, NAMES = sizeof names / sizeof *names, DATES = sizeof dates / sizeof *dates };

static const char *random_word(void)
{
    unsigned r = test_below(&state, 1000);
    return words[r * r / 1000 * WORDS / 1000];
}

static const char *random_item(void)
{
    unsigned kind = test_below(&state, 10);
    if (kind < 7)
        return random_word();
    return kind < 9 ? names[test_below(&state, NAMES)] : dates[test_below(&state, DATES)];
}

static void random_text(char *out, size_t size, unsigned count)
{
    static const char *const ends[] = { " ", " ", " ", " ", " ", " ", ", ", "; ", ". ", ".\n\n" };
    size_t n = 0;
    out[0] = 0;
    for (unsigned i = 0; i < count; i++) {
        const char *item = random_item();
        const char *end = strchr(item, '.') ? " " : ends[test_below(&state, sizeof ends / sizeof *ends)];
        n += (size_t)snprintf(out + n, size - n, "%s%s", item, i + 1 == count ? "" : end);
        ck_assert_uint_lt(n, size);
    }
}

static void random_article(lang_article *a, unsigned number)
{
    static const char *const sources[] = { NULL, "Nordwire", "Continental Post" };
    snprintf(a->id, sizeof a->id, "n%u", number);
    a->url[0] = 0;
    if (test_below(&state, 3))
        snprintf(a->url, sizeof a->url, "https://a.example/%u?x=%u", number / 2, number / 3);
    random_text(a->title, sizeof a->title, test_below(&state, 5));
    random_text(a->text, sizeof a->text, 1 + test_below(&state, 24));
    a->source = sources[test_below(&state, 3)];
    a->date[0] = 0;
    if (test_below(&state, 5))
        snprintf(a->date, sizeof a->date, "%u-%02u-%02u", 2013 + test_below(&state, 3), 1 + test_below(&state, 12),
                 1 + test_below(&state, 28));
    lang_read(a);
}

static void put_article(morgue_indexer **indexers, unsigned number)
{
    morgue_error err = { 0 };
    lang_article *a = &articles[number];
    morgue_article article = { .id = a->id, .title = a->title, .text = a->text, .source = a->source,
                               .date = a->date[0] ? a->date : NULL, .url = a->url[0] ? a->url : NULL };
    test_ok(morgue_indexer_add(indexers[number % 2], &article, &err));
    a->present = 1;
}

/* New articles up to `count`, and changes to earlier ones. */
static void random_changes(morgue_indexer **indexers, unsigned first, unsigned count)
{
    morgue_error err = { 0 };
    for (unsigned i = first; i < count; i++) {
        random_article(&articles[i], i);
        put_article(indexers, i);
        unsigned other = test_below(&state, i + 1), what = test_below(&state, 10);
        if (what == 0) {
            random_article(&articles[other], other);
            put_article(indexers, other);
        } else if (what == 1 && articles[other].present) {
            test_ok(morgue_indexer_delete(indexers[other % 2], articles[other].id, &err));
            articles[other].present = 0;
        }
    }
    test_ok(morgue_indexer_commit(indexers[0], &err));
    test_ok(morgue_indexer_commit(indexers[1], &err));
}

/* ---- What the engine found in the articles ------------------------------------------------------------- */

static void read_mentions(morgue_searcher *searcher, lang_article *a)
{
    morgue_error err = { 0 };
    morgue_results *results;
    const mrg_record *record;
    mrg_record_walk walk;
    mrg_record_mention m;
    test_ok(morgue_fetch(searcher, a->id, NULL, &results, &err));
    test_ok(mrg_hit_record(mrg_hit_writable(morgue_results_hit(results, 0)), &record, &err));
    a->mention_count = 0;
    mrg_record_walk_init(&walk, record);
    char keys[LANG_MENTIONS][LANG_KEY];
    while (mrg_record_walk_next(&walk, &m)) {
        ck_assert_uint_lt(m.number, LANG_MENTIONS);
        if (m.is_first)
            snprintf(keys[m.number], LANG_KEY, "%.*s", (int)m.entity.key_len, m.entity.key);
        unsigned base = m.begin < record->body_begin ? 0 : (unsigned)record->body_begin;
        lang_add_mention(a, m.begin < record->body_begin, m.begin - base, m.end - base, keys[m.number],
                         strlen(keys[m.number]));
    }
    morgue_results_free(results);
}

static const struct name_query {
    const char *field, *name;
} name_queries[] = {
    { "person", "Vladimir Putin" }, { "person", "putin" },    { "person", "Merkel" },      { "person", "Barack Obama" },
    { "org", "nato" },              { "place", "kyiv" },      { "place", "Kiev" },         { "name", "china" },
    { "org", "Federal Reserve" },   { "name", "putin" },      { "person", "Nobody Atall" },
};
enum { NAME_QUERIES = sizeof name_queries / sizeof *name_queries };
static char name_keys[NAME_QUERIES][LANG_KEYS][LANG_KEY];
static int name_key_counts[NAME_QUERIES];

static void write_name(char *out, size_t size, const struct name_query *n)
{
    const char *quote = strchr(n->name, ' ') ? "\"" : "";
    snprintf(out, size, "%s:%s%s%s", n->field, quote, n->name, quote);
}

/* What a name resolves to, out of the explanation: "... [p:vladimir putin], ...". */
static void read_name(morgue_searcher *searcher, int number)
{
    morgue_error err = { 0 };
    morgue_results *results;
    char query[100];
    write_name(query, sizeof query, &name_queries[number]);
    test_ok(morgue_search(searcher, query, NULL, &results, &err));
    name_key_counts[number] = 0;
    for (const char *p = morgue_results_explain(results); (p = strchr(p, '[')) != NULL; p++) {
        size_t len = strcspn(p + 1, "]");
        if (len < 3 || p[2] != ':')
            continue;
        ck_assert_int_lt(name_key_counts[number], LANG_KEYS);
        snprintf(name_keys[number][name_key_counts[number]++], LANG_KEY, "%.*s", (int)len, p + 1);
    }
    morgue_results_free(results);
}

/* ---- Random queries ------------------------------------------------------------------------------------- */

static lang_query *new_query(lang_type type)
{
    lang_query *q = calloc(1, sizeof *q);
    ck_assert_ptr_nonnull(q);
    q->type = type;
    return q;
}

static const char *random_suffix(int may_weigh)
{
    static const char *const weights[] = { "^2", "^0.125", "^100" };
    return may_weigh && test_below(&state, 8) == 0 ? weights[test_below(&state, 3)] : "";
}

static int is_plain(const char *term)
{
    return strspn(term, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(term);
}

/* A term of some article. */
static const char *random_term(void)
{
    for (int tries = 0; tries < 100; tries++) {
        const lang_article *a = &articles[test_below(&state, ARTICLES)];
        if (a->word_count)
            return oracle.text[a->words[test_below(&state, (unsigned)a->word_count)].term];
    }
    return "talks";
}

/* Letters of a term replaced by * and ?; non-zero if that is a pattern. */
static int make_pattern(char *out, const char *term)
{
    size_t len = strlen(term), literal = 0;
    if (!is_plain(term) || len < 2 || len > 40)
        return 0;
    size_t cut = test_below(&state, (unsigned)len), until = cut + test_below(&state, (unsigned)(len - cut) + 1);
    if (test_below(&state, 3) == 0)
        snprintf(out, 60, "%.*s?%s", (int)cut, term, term + cut + 1);
    else
        snprintf(out, 60, "%.*s*%s", (int)cut, term, term + until);
    for (const char *p = out; *p; p++)
        literal += *p != '*' && *p != '?';
    len = strlen(out);
    if (out[len - 1] == '?')
        out[len - 1] = '*';
    return literal >= (strchr("*?", out[0]) ? 2u : 1u);
}

/* A letter more, less, other, or two swapped, once or twice; non-zero if that is long enough. */
static int make_fuzzy(char *out, const char *term)
{
    size_t len = strlen(term);
    if (!is_plain(term) || len < 4 || len > 40)
        return 0;
    strcpy(out, term);
    for (unsigned i = test_below(&state, 3); i > 0; i--) {
        size_t at = test_below(&state, (unsigned)len - 1);
        char c = out[at];
        switch (test_below(&state, 4)) {
        case 0:
            memmove(out + at, out + at + 1, len-- - at);
            break;
        case 1:
            memmove(out + at + 1, out + at, ++len - at);
            break;
        case 2:
            out[at] = (char)('a' + test_below(&state, 26));
            break;
        default:
            out[at] = out[at + 1];
            out[at + 1] = c;
        }
    }
    return len >= 3;
}

static lang_query *random_marked(const char *term)
{
    lang_query *q = new_query(test_below(&state, 2) ? LANG_PATTERN : LANG_FUZZY);
    if (q->type == LANG_PATTERN && make_pattern(q->text, term)) {
        strcpy(q->written, q->text);
        return q;
    }
    q->type = LANG_FUZZY;
    if (!make_fuzzy(q->text, term))
        strcpy(q->text, "guarantes");
    q->edits = (int)test_below(&state, 3);
    snprintf(q->written, sizeof q->written, q->edits ? "%s~%d" : "%s~", q->text, q->edits);
    if (!q->edits)
        q->edits = strlen(q->text) < 9 ? 1 : 2;
    return q;
}

/* A pattern or fuzzy word that stands for itself, maybe in the title. */
static lang_query *random_pattern(int in_near)
{
    char word[160];
    lang_query *q = random_marked(random_term());
    strcpy(word, q->written);
    q->in_title = !in_near && test_below(&state, 6) == 0;
    snprintf(q->written, sizeof q->written, "%s%.120s%s", q->in_title ? "title:" : "", word, random_suffix(!in_near));
    return q;
}

static lang_query *random_words(int in_near)
{
    lang_query *q = new_query(LANG_WORD);
    const char *word = test_below(&state, 30) == 0 ? "zebra" : test_below(&state, 3) ? random_word() : random_term();
    snprintf(q->text, sizeof q->text, "%s", word);
    q->in_title = !in_near && test_below(&state, 6) == 0;
    snprintf(q->written, sizeof q->written, "%s%s%s", q->in_title ? "title:" : "", word, random_suffix(!in_near));
    return q;
}

static lang_query *random_slot(char letter)
{
    static const char *const slots[][2] = { { "<person>", "p" }, { "<org>", "o" },    { "<place>", "l" },
                                            { "<event>", "e" },  { "<name>", "pole" }, { "<date>", "d" } };
    lang_query *q = new_query(LANG_SLOT);
    unsigned i = test_below(&state, 6);
    while (letter && !strchr(slots[i][1], letter))
        i = test_below(&state, 6);
    strcpy(q->written, slots[i][0]);
    q->letters = slots[i][1];
    return q;
}

/* What stands at a word of an article, or about that; *next is the word behind it. */
static lang_query *random_element(const lang_article *a, int i, int in_title, int *next)
{
    lang_query *q;
    const lang_mention *m = NULL;
    unsigned kind = test_below(&state, 10);
    for (int k = 0; k < a->mention_count; k++)
        if (a->mentions[k].first == a->words[i].position)
            m = &a->mentions[k];
    *next = i + 1;
    if (!in_title && ((m && kind < 7) || kind == 9)) {
        for (; m && *next < a->word_count && a->words[*next].position <= m->last; (*next)++) {
        }
        return random_slot(m ? m->key[0] : 0);
    }
    if (kind >= 6 && kind < 9) {
        q = random_marked(oracle.text[a->words[i].term]);
    } else {
        q = new_query(LANG_EXACT);
        snprintf(q->text, sizeof q->text, "%s", oracle.text[a->words[i].term]);
        strcpy(q->written, q->text);
    }
    q->in_title = in_title;
    return q;
}

/* Mostly out of an article, so that it is found somewhere; with slop, words are left out. */
static lang_query *random_phrase(int in_near)
{
    const lang_article *a = &articles[test_below(&state, ARTICLES)];
    while (!a->word_count)
        a = &articles[test_below(&state, ARTICLES)];
    lang_query *q = new_query(LANG_PHRASE);
    int wanted = 1 + (int)test_below(&state, 4), slop = test_below(&state, 2) == 0;
    char inside[120] = "", suffix[12] = "";
    q->in_title = !in_near && test_below(&state, 6) == 0;
    for (int i = (int)test_below(&state, (unsigned)a->word_count); i < a->word_count && q->child_count < wanted;) {
        lang_query *element = random_element(a, i, q->in_title, &i);
        q->children[q->child_count++] = element;
        if (strlen(inside) + strlen(element->written) + 2 > sizeof inside)
            break;
        if (*inside)
            strcat(inside, " ");
        strcat(inside, element->written);
        if (slop && test_below(&state, 2))
            i++;
    }
    if (slop && q->child_count > 1) {
        q->distance = test_below(&state, 8) ? (int)test_below(&state, 7) : LANG_FAR;
        snprintf(suffix, sizeof suffix, "~%d", q->distance);
    }
    snprintf(q->written, sizeof q->written, "%s\"%s\"%s%s", q->in_title ? "title:" : "", inside, suffix,
             random_suffix(!in_near));
    return q;
}

static lang_query *random_name(int in_near)
{
    lang_query *q = new_query(LANG_NAME);
    int number = (int)test_below(&state, NAME_QUERIES);
    write_name(q->written, 120, &name_queries[number]);
    strcat(q->written, random_suffix(!in_near));
    q->keys = (const char (*)[LANG_KEY])name_keys[number];
    q->key_count = name_key_counts[number];
    return q;
}

/* date: and when: take the same ranges. */
static lang_query *random_dates(lang_type type, int in_near)
{
    static const struct {
        const char *text;
        unsigned from, to;
    } ranges[] = {
        { "2014", 20140101, 20141231 },         { "2014-03", 20140301, 20140331 },
        { "2014-03-01", 20140301, 20140301 },   { "2008..2014", 20080101, 20141231 },
        { "1991..", 19910101, 0 },              { "..2014-02", 0, 20140228 },
        { "1990..1999", 19900101, 19991231 },   { "1991-08-24", 19910824, 19910824 },
        { "2013-12-31..2014-03-01", 20131231, 20140301 }, { "1995..2015-05-03", 19950101, 20150503 },
    };
    lang_query *q = new_query(type);
    unsigned i = test_below(&state, sizeof ranges / sizeof *ranges);
    q->from = ranges[i].from;
    q->to = ranges[i].to;
    snprintf(q->written, sizeof q->written, "%s:%s%s", type == LANG_WHEN ? "when" : "date", ranges[i].text,
             type == LANG_WHEN ? random_suffix(!in_near) : "");
    return q;
}

static lang_query *random_field(void)
{
    static const char *const sources[] = { "nordwire", "continental", "post", "herald" };
    lang_query *q = new_query(test_below(&state, 3) ? LANG_SOURCE : LANG_URL);
    if (q->type == LANG_SOURCE)
        strcpy(q->text, sources[test_below(&state, 4)]);
    else
        strcpy(q->text, articles[test_below(&state, ARTICLES)].url);
    if (!q->text[0])
        strcpy(q->text, "https://a.example/none");
    snprintf(q->written, sizeof q->written, "%s:%s", q->type == LANG_SOURCE ? "source" : "url", q->text);
    return q;
}

static lang_query *random_near(int depth);

static lang_query *random_operand(int depth)
{
    unsigned kind = test_below(&state, depth > 0 ? 14 : 10);
    if (kind < 3)
        return random_words(1);
    if (kind < 5)
        return random_pattern(1);
    if (kind < 7)
        return random_phrase(1);
    if (kind < 9)
        return random_name(1);
    if (kind == 9)
        return random_dates(LANG_WHEN, 1);
    if (kind < 12)
        return random_near(depth - 1);
    lang_query *q = new_query(LANG_OR);
    q->child_count = 2 + (int)test_below(&state, 2);
    for (int i = 0; i < q->child_count; i++)
        q->children[i] = random_operand(depth - 1);
    return q;
}

static lang_query *random_near(int depth)
{
    lang_query *q = new_query(test_below(&state, 2) ? LANG_NEAR : LANG_BEFORE);
    unsigned kind = test_below(&state, 10);
    q->distance = kind == 0 ? LANG_FAR : kind < 3 ? 10 : (int)test_below(&state, 9);
    q->child_count = 2;
    q->children[0] = random_operand(depth);
    q->children[1] = random_operand(depth);
    return q;
}

static lang_query *random_leaf(void)
{
    switch (test_below(&state, 14)) {
    case 0:
    case 1:
    case 2:
        return random_words(0);
    case 3:
    case 4:
        return random_pattern(0);
    case 5:
    case 6:
        return random_phrase(0);
    case 7:
        return random_name(0);
    case 8:
        return random_dates(LANG_WHEN, 0);
    case 9:
        return random_dates(LANG_DATE, 0);
    case 10:
        return random_field();
    default:
        return random_near(2);
    }
}

static lang_query *random_query(int depth)
{
    if (depth == 0 || test_below(&state, 3) == 0)
        return random_leaf();
    static const lang_type types[] = { LANG_GROUP, LANG_GROUP, LANG_AND, LANG_OR, LANG_OR, LANG_OR, LANG_NOT };
    lang_query *q = new_query(types[test_below(&state, 7)]);
    q->child_count = q->type == LANG_NOT ? 1 : 2 + (int)test_below(&state, 2);
    for (int i = 0; i < q->child_count; i++)
        q->children[i] = random_query(depth - 1);
    return q;
}

/* ---- Comparing -------------------------------------------------------------------------------------------- */

static struct {
    int queries, hits, empty, full;
} tally;

static int find(morgue_searcher *searcher, const char *query, int any, int found[ARTICLES])
{
    morgue_error err = { 0 };
    morgue_results *results;
    morgue_search_options options = { .limit = ARTICLES, .exact_count = 1, .any = any };
    morgue_status status = morgue_search(searcher, query, &options, &results, &err);
    ck_assert_msg(status == MORGUE_OK, "seed %llu: %s: column %d: %s", (unsigned long long)seed, query, err.column,
                  err.message);
    size_t size = morgue_results_size(results);
    memset(found, 0, ARTICLES * sizeof *found);
    for (size_t i = 0; i < size; i++) {
        unsigned number;
        ck_assert_int_eq(sscanf(morgue_hit_id(morgue_results_hit(results, i)), "n%u", &number), 1);
        ck_assert(number < ARTICLES && !found[number]);
        found[number] = 1;
    }
    morgue_results_free(results);
    return (int)size;
}

static void compare(morgue_searcher *searcher, const lang_query *q)
{
    char *text = NULL;
    size_t len;
    int found[ARTICLES], any = test_below(&state, 3) == 0;
    FILE *out = open_memstream(&text, &len);
    ck_assert_ptr_nonnull(out);
    lang_write(q, out, &state);
    fclose(out);
    int count = find(searcher, text, any, found), present = 0;
    for (unsigned i = 0; i < ARTICLES; i++) {
        const lang_article *a = &articles[i];
        int expected = a->present && (any ? lang_matches_any(q, a) : lang_matches(q, a));
        present += a->present;
        ck_assert_msg(found[i] == expected, "seed %llu: %s%s %s %s\n  title: %s\n  text: %s", (unsigned long long)seed,
                      any ? "--any " : "", text, found[i] ? "finds" : "misses", a->id, a->title, a->text);
    }
    tally.queries++;
    tally.hits += count;
    tally.empty += count == 0;
    tally.full += count == present;
    free(text);
}

static void ask_round(int queries)
{
    morgue_error err = { 0 };
    morgue_searcher *searcher;
    const char *const opened[] = { paths[0], paths[1] };
    test_ok(morgue_searcher_open(&searcher, opened, 2, &err));
    for (unsigned i = 0; i < ARTICLES; i++)
        if (articles[i].present)
            read_mentions(searcher, &articles[i]);
    for (int i = 0; i < NAME_QUERIES; i++)
        read_name(searcher, i);
    for (int i = 0; i < queries; i++) {
        lang_query *q = random_query((int)test_below(&state, DEPTH + 1));
        compare(searcher, q);
        lang_free(q);
    }
    morgue_searcher_close(searcher);
}

START_TEST(queries_find_what_their_definition_says)
{
    morgue_error err = { 0 };
    morgue_indexer *indexers[2];
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = 1 };
    state = seed * 1000 + (uint64_t)_i;
    memset(articles, 0, sizeof articles);
    for (int i = 0; i < 2; i++) {
        char name[32];
        snprintf(name, sizeof name, "language-%d-%d", _i, i);
        test_path(paths[i], scratch, name);
        test_ok(morgue_indexer_open(&indexers[i], paths[i], &options, &err));
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        random_changes(indexers, round * ARTICLES / ROUNDS, (round + 1) * ARTICLES / ROUNDS);
        if (round == 3)
            test_ok(morgue_indexer_compact(indexers[0], &err));
        ask_round(QUERIES);
    }
    printf("%d queries, %d with no hit, %d with all, %d hits a query\n", tally.queries, tally.empty, tally.full,
           tally.hits / tally.queries);
    /* A test of queries that find nothing, or everything, would be none. */
    ck_assert_int_lt(tally.empty + tally.full, tally.queries * 2 / 3);
    for (int i = 0; i < 2; i++) {
        morgue_indexer_close(indexers[i]);
        test_archive_is_sound(paths[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language_property");
    TCase *tcase = tcase_create("property");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, queries_find_what_their_definition_says, 0, 2);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

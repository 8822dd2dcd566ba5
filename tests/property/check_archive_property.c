/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random articles through their life (added, replaced, deleted, committed, compacted), random queries as
 * text: what comes back is what a scan of all articles finds and, for words, phrases and booleans, what
 * plain Xapian finds.
 */
#include <math.h>

#include "../support/oracle.h"

enum { ARTICLES = 300, ROUNDS = 6, QUERIES = 150, DEPTH = 3, ORDERS = 60 };

static char scratch[TEST_PATH], archive[TEST_PATH];
static oracle_article articles[ARTICLES];
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

/* ---- Random articles ------------------------------------------------------------------------------------ */

/* Common words first. Inflections, hyphens, abbreviations, possessives, accents, numbers. */
static const char *const words[] = {
    "the",      "of",         "talks",      "talk",   "minister",       "ministers",   "said",
    "treaty",   "treaties",   "U.S.",       "us",     "sanctions",      "sanction",    "Kyiv",
    "runs",     "running",    "run",        "cable",  "cables",         "talked",      "talking",
    "Zürich",   "Zurich",     "café",       "cafes",  "Kremlin-backed", "62-year-old", "Putin's",
    "Putin",    "ministers'", "news",       "new",    "year",           "years",       "old",
    "backed",   "kremlin",    "1999",       "3.5",    "AT&T",           "São",         "paulo",
    "Norway’s", "norwegian",  "agreements", "agreed", "agreement",      "universal",   "university",
    "G-7",      "sea",        "seas",
};
enum { WORDS = sizeof words / sizeof *words };

/* The square makes the first words common and the last ones rare. */
static const char *random_word(void)
{
    unsigned r = test_below(&state, 1000);
    return words[r * r / 1000 * WORDS / 1000];
}

static void random_text(char *out, size_t size, unsigned count)
{
    static const char *const ends[] = { " ", " ", " ", " ", " ", ", ", "; ", " ", ". ", ".\n\n", "? " };
    size_t n = 0;
    out[0] = 0;
    for (unsigned i = 0; i < count; i++) {
        const char *word = random_word();
        const char *end = ends[test_below(&state, sizeof ends / sizeof *ends)];
        if (strcmp(word, "U.S.") == 0 || i + 1 == count)
            end = i + 1 == count ? "" : " ";
        n += (size_t)snprintf(out + n, size - n, "%s%s", word, end);
        ck_assert_uint_lt(n, size);
    }
}

static const char *random_date(void)
{
    static char dates[64][32];
    static unsigned next;
    char *date = dates[next++ % 64];
    unsigned year = 2013 + test_below(&state, 4), month = 1 + test_below(&state, 12);
    unsigned day = 1 + test_below(&state, oracle_days_in_month(year, month));
    static const char *const formats[] = { "%04u", "%04u-%02u", "%04u-%02u-%02u", "%04u-%02u-%02uT18:15:00Z" };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
    snprintf(date, sizeof dates[0], formats[test_below(&state, 4)], year, month, day);
#pragma GCC diagnostic pop
    return date;
}

static void random_article(oracle_article *a, unsigned number)
{
    static const char *const sources[] = { NULL, "Nordwire", "Continental Post", "Zürich Post", "The Post" };
    static char kept_dates[ARTICLES][32];
    snprintf(a->id, sizeof a->id, "n%u", number);
    random_text(a->title, sizeof a->title, test_below(&state, 7));
    random_text(a->text, sizeof a->text, 1 + test_below(&state, 60));
    a->source = sources[test_below(&state, 5)];
    a->date = NULL;
    if (test_below(&state, 5)) {
        strcpy(kept_dates[number], random_date());
        a->date = kept_dates[number];
    }
    oracle_read(a);
}

static void put_article(morgue_indexer *indexer, oracle_article *a)
{
    morgue_error err = { 0 };
    morgue_article article = { .id = a->id, .title = a->title, .text = a->text, .date = a->date, .source = a->source };
    test_ok(morgue_indexer_add(indexer, &article, &err));
    a->present = 1;
}

/* Some of everything, among the articles up to `count`. */
static void random_changes(morgue_indexer *indexer, unsigned first, unsigned count, int with_deletes)
{
    morgue_error err = { 0 };
    for (unsigned i = first; i < count; i++) {
        random_article(&articles[i], i);
        put_article(indexer, &articles[i]);
        if (!with_deletes)
            continue;
        unsigned other = test_below(&state, i + 1), what = test_below(&state, 8);
        if (what == 0) {
            random_article(&articles[other], other);
            put_article(indexer, &articles[other]);
        } else if (what == 1) {
            morgue_status status = morgue_indexer_delete(indexer, articles[other].id, &err);
            ck_assert_int_eq(status, articles[other].present ? MORGUE_OK : MORGUE_ERR_NOT_FOUND);
            articles[other].present = 0;
        } else if (what == 2 && articles[other].present) {
            put_article(indexer, &articles[other]); /* the same again changes nothing */
        }
    }
}

/* ---- Random queries ---------------------------------------------------------------------------------------- */

static oracle_query *new_query(oracle_type type)
{
    oracle_query *q = calloc(1, sizeof *q);
    ck_assert_ptr_nonnull(q);
    q->type = type;
    return q;
}

static oracle_query *random_words(void)
{
    oracle_query *q = new_query(ORACLE_WORD);
    snprintf(q->text, sizeof q->text, "%s", test_below(&state, 40) ? random_word() : "zebra");
    q->in_title = test_below(&state, 6) == 0;
    q->term_count = oracle_split(q->text, q->terms);
    return q;
}

/* Mostly out of an article, so that it is found somewhere. */
static oracle_query *random_phrase(void)
{
    oracle_query *q = new_query(ORACLE_PHRASE);
    const oracle_article *a = &articles[test_below(&state, ARTICLES)];
    q->in_title = test_below(&state, 5) == 0;
    const int *terms = q->in_title ? a->title_terms : a->text_terms;
    int count = q->in_title ? a->title_count : a->text_count;
    int length = 1 + (int)test_below(&state, 4);
    size_t n = 0;
    if (test_below(&state, 5) == 0 || count < length) {
        random_text(q->text, sizeof q->text, (unsigned)length);
        for (char *p = q->text; *p; p++)
            *p = *p == '\n' ? ' ' : *p;
    } else {
        int begin = (int)test_below(&state, (unsigned)(count - length + 1));
        for (int i = 0; i < length; i++)
            n += (size_t)snprintf(q->text + n, sizeof q->text - n, "%s%s", i ? " " : "", oracle.text[terms[begin + i]]);
    }
    q->term_count = oracle_split(q->text, q->terms);
    return q;
}

static oracle_query *random_source(void)
{
    static const char *const texts[] = { "nordwire",    "Continental Post", "post",
                                         "zurich post", "ZÜRICH",           "no such paper" };
    oracle_query *q = new_query(ORACLE_SOURCE);
    snprintf(q->text, sizeof q->text, "%s", texts[test_below(&state, 6)]);
    q->term_count = oracle_split(q->text, q->terms);
    return q;
}

static unsigned day_after(unsigned day)
{
    unsigned year = day / 10000, month = day / 100 % 100, d = day % 100;
    if (d < oracle_days_in_month(year, month))
        return day + 1;
    return month < 12 ? year * 10000 + (month + 1) * 100 + 1 : (year + 1) * 10000 + 101;
}

static unsigned day_before(unsigned day)
{
    unsigned year = day / 10000, month = day / 100 % 100, d = day % 100;
    if (d > 1)
        return day - 1;
    return month > 1 ? year * 10000 + (month - 1) * 100 + oracle_days_in_month(year, month - 1)
                     : (year - 1) * 10000 + 1231;
}

static oracle_query *random_dates(void)
{
    oracle_query *q = new_query(ORACLE_DATE);
    char a[32], b[32];
    unsigned a_first, a_last, b_first, b_last;
    snprintf(a, sizeof a, "%.10s", random_date());
    snprintf(b, sizeof b, "%.10s", random_date());
    oracle_days(a, &a_first, &a_last);
    oracle_days(b, &b_first, &b_last);
    switch (test_below(&state, 6)) {
    case 0:
        snprintf(q->text, sizeof q->text, "date:%s", a);
        q->from = a_first, q->to = a_last;
        break;
    case 1:
        snprintf(q->text, sizeof q->text, "before:%s", a);
        q->to = day_before(a_first);
        break;
    case 2:
        snprintf(q->text, sizeof q->text, "after:%s", a);
        q->from = day_after(a_last);
        break;
    case 3:
        snprintf(q->text, sizeof q->text, "date:%s..", a);
        q->from = a_first;
        break;
    case 4:
        snprintf(q->text, sizeof q->text, "date:..%s", a);
        q->to = a_last;
        break;
    default: /* the earlier one first */
        snprintf(q->text, sizeof q->text, "date:%s..%s", a_first <= b_first ? a : b, a_first <= b_first ? b : a);
        q->from = a_first <= b_first ? a_first : b_first;
        q->to = a_first <= b_first ? b_last : a_last;
    }
    return q;
}

/* Some date ranges end before they begin ("2014-03..2014"); those are not asked. */
static int is_valid_range(const oracle_query *q)
{
    return q->type != ORACLE_DATE || !q->from || !q->to || q->from <= q->to;
}

static oracle_query *random_leaf(int text_only)
{
    unsigned what = test_below(&state, text_only ? 8 : 11);
    if (what < 5)
        return random_words();
    if (what < 8)
        return random_phrase();
    if (what == 8)
        return random_source();
    oracle_query *q = random_dates();
    while (!is_valid_range(q)) {
        oracle_free(q);
        q = random_dates();
    }
    return q;
}

static oracle_query *random_query(int depth, int text_only)
{
    static const oracle_type types[] = { ORACLE_GROUP, ORACLE_AND, ORACLE_OR, ORACLE_NOT };
    if (depth == 0 || test_below(&state, 3) == 0)
        return random_leaf(text_only);
    oracle_query *q = new_query(types[test_below(&state, depth == DEPTH ? 3 : 4)]);
    int count = q->type == ORACLE_NOT ? 1 : 2 + (int)test_below(&state, ORACLE_CHILDREN - 1);
    while (q->child_count < count)
        q->children[q->child_count++] = random_query(depth - 1, text_only);
    return q;
}

static char *query_text(const oracle_query *q)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    ck_assert_ptr_nonnull(out);
    oracle_write(q, out, &state);
    fclose(out);
    return text;
}

/* ---- Plain Xapian ----------------------------------------------------------------------------------------------- */

static xapian_writable *peer;

/* Words as Xapian's own term generator takes them: letters and digits only. */
static void peer_term(char out[ORACLE_TERM + 4], int term)
{
    size_t n = 0;
    for (const char *p = oracle.text[term]; *p; p++)
        out[n++] = *p == '.' || *p == '&' ? 'q' : *p;
    out[n] = 0;
}

static void peer_index(xapian_termgen *termgen, const int *terms, int count)
{
    xapian_error err = XAPIAN_ERROR_INIT;
    char text[ORACLE_TOKENS * (ORACLE_TERM + 4)], term[ORACLE_TERM + 4];
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        peer_term(term, terms[i]);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s ", term);
    }
    ck_assert_int_eq(xapian_termgen_index_text(termgen, text, n, 1, NULL, 0, true, &err), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_termgen_increase_termpos(termgen, 100, &err), XAPIAN_C_OK);
}

static void peer_build(unsigned count)
{
    xapian_error err = XAPIAN_ERROR_INIT;
    xapian_stem *stem;
    xapian_writable_free(peer);
    ck_assert_int_eq(xapian_writable_open(&peer, "", XAPIAN_DB_INMEMORY, 0, 0, &err), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_stem_create(&stem, "english", &err), XAPIAN_C_OK);
    for (unsigned i = 0; i < count; i++) {
        xapian_document *doc;
        xapian_termgen *termgen;
        if (!articles[i].present)
            continue;
        ck_assert_int_eq(xapian_document_create(&doc, &err), XAPIAN_C_OK);
        ck_assert_int_eq(xapian_termgen_create(&termgen, stem, &err), XAPIAN_C_OK);
        ck_assert_int_eq(xapian_termgen_set_document(termgen, doc, &err), XAPIAN_C_OK);
        peer_index(termgen, articles[i].title_terms, articles[i].title_count);
        peer_index(termgen, articles[i].text_terms, articles[i].text_count);
        ck_assert_int_eq(xapian_writable_replace_document(peer, i + 1, doc, &err), XAPIAN_C_OK);
        xapian_termgen_free(termgen);
        xapian_document_free(doc);
    }
    xapian_stem_free(stem);
}

static int is_for_peer(const oracle_query *q)
{
    if (q->in_title || q->type == ORACLE_SOURCE || q->type == ORACLE_DATE)
        return 0;
    for (int i = 0; i < q->child_count; i++)
        if (!is_for_peer(q->children[i]))
            return 0;
    return 1;
}

/* The stem index for free words that have stems, the words themselves for phrases. */
static xapian_query *peer_leaf(const oracle_query *q)
{
    xapian_error err = XAPIAN_ERROR_INIT;
    xapian_query *terms[ORACLE_TOKENS], *out;
    char term[ORACLE_TERM + 4];
    for (int i = 0; i < q->term_count; i++) {
        peer_term(term, q->terms[i]);
        if (q->type == ORACLE_WORD && q->term_count == 1 && !oracle_has_mark(oracle.text[q->terms[0]])) {
            snprintf(term, sizeof term, "Z%s", oracle.text[oracle_stem(q->terms[0])]);
        }
        ck_assert_int_eq(xapian_query_term(&terms[i], term, strlen(term), 1, 0, &err), XAPIAN_C_OK);
    }
    if (q->term_count == 1)
        return terms[0];
    ck_assert_int_eq(xapian_query_combine(&out, XAPIAN_OP_PHRASE, (const xapian_query *const *)terms,
                                          (size_t)q->term_count, 0, &err),
                     XAPIAN_C_OK);
    for (int i = 0; i < q->term_count; i++)
        xapian_query_free(terms[i]);
    return out;
}

static xapian_query *peer_query(const oracle_query *q)
{
    xapian_error err = XAPIAN_ERROR_INIT;
    xapian_query *children[ORACLE_CHILDREN], *out;
    if (!q->child_count)
        return peer_leaf(q);
    for (int i = 0; i < q->child_count; i++)
        children[i] = peer_query(q->children[i]);
    if (q->type == ORACLE_NOT) {
        xapian_query *sides[2] = { NULL, children[0] };
        ck_assert_int_eq(xapian_query_match_all(&sides[0], &err), XAPIAN_C_OK);
        ck_assert_int_eq(xapian_query_combine(&out, XAPIAN_OP_AND_NOT, (const xapian_query *const *)sides, 2, 0, &err),
                         XAPIAN_C_OK);
        xapian_query_free(sides[0]);
    } else {
        xapian_op op = q->type == ORACLE_OR ? XAPIAN_OP_OR : XAPIAN_OP_AND;
        ck_assert_int_eq(
            xapian_query_combine(&out, op, (const xapian_query *const *)children, (size_t)q->child_count, 0, &err),
            XAPIAN_C_OK);
    }
    for (int i = 0; i < q->child_count; i++)
        xapian_query_free(children[i]);
    return out;
}

static void peer_agrees(const oracle_query *q, const char *text, const int expected[ARTICLES], unsigned expected_count)
{
    xapian_error err = XAPIAN_ERROR_INIT;
    xapian_enquire *enquire;
    xapian_mset *mset;
    xapian_hit hit;
    xapian_match_options options = XAPIAN_MATCH_OPTIONS_INIT;
    xapian_query *query = peer_query(q);
    options.max = ARTICLES + 1;
    ck_assert_int_eq(xapian_enquire_create(&enquire, xapian_writable_database(peer), &err), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_enquire_set_query(enquire, query, 0, &err), XAPIAN_C_OK);
    ck_assert_int_eq(xapian_enquire_get_mset(&mset, enquire, &options, &err), XAPIAN_C_OK);
    ck_assert_msg(xapian_mset_size(mset) == expected_count, "%s: Xapian finds %zu, a scan %u", text,
                  xapian_mset_size(mset), expected_count);
    for (size_t i = 0; i < xapian_mset_size(mset); i++) {
        ck_assert_int_eq(xapian_mset_hit(&hit, mset, i, &err), XAPIAN_C_OK);
        ck_assert_msg(expected[hit.docid - 1], "%s: Xapian finds article %u, a scan does not", text, hit.docid - 1);
    }
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    xapian_query_free(query);
}

/* ---- Asking ------------------------------------------------------------------------------------------------------ */

/* The numbers of the articles in the order of the answer; how many. */
typedef struct answer {
    unsigned hits[ARTICLES], count;
    double scores[ARTICLES];
} answer;

static void take_hits(answer *out, const morgue_results *results, const char *query)
{
    out->count = (unsigned)morgue_results_size(results);
    ck_assert_msg(out->count <= ARTICLES, "%s: %u hits of %d articles", query, out->count, ARTICLES);
    for (unsigned i = 0; i < out->count; i++) {
        const morgue_hit *hit = morgue_results_hit(results, i);
        ck_assert_msg(sscanf(morgue_hit_id(hit), "n%u", &out->hits[i]) == 1 && out->hits[i] < ARTICLES, "%s: the id %s",
                      query, morgue_hit_id(hit));
        out->scores[i] = morgue_hit_score(hit);
    }
}

static void ask(answer *out, morgue_searcher *searcher, const char *query, const morgue_search_options *options)
{
    morgue_error err = { 0 };
    morgue_results *results;
    uint64_t least, most;
    morgue_status status = morgue_search(searcher, query, options, &results, &err);
    ck_assert_msg(!status, "%s: %d, column %d: %s", query, (int)status, err.column, err.message);
    morgue_results_count(results, &least, &most);
    take_hits(out, results, query);
    if (options->exact_count && !options->offset)
        ck_assert_msg(least == most && least == out->count, "%s: %u hits, counted %llu to %llu", query, out->count,
                      (unsigned long long)least, (unsigned long long)most);
    else
        ck_assert_msg(least <= most && out->count + options->offset <= most, "%s: %u hits, counted %llu to %llu", query,
                      out->count, (unsigned long long)least, (unsigned long long)most);
    morgue_results_free(results);
}

static const morgue_search_options all_hits = { .limit = 1000, .exact_count = 1 };

static void same_order(const answer *a, const answer *b, const char *query, const char *what)
{
    ck_assert_msg(a->count == b->count, "%s: %u hits, %s %u", query, a->count, what, b->count);
    for (unsigned i = 0; i < a->count; i++)
        ck_assert_msg(a->hits[i] == b->hits[i], "%s: hit %u is n%u (%.17g), %s n%u (%.17g)", query, i, a->hits[i],
                      a->scores[i], what, b->hits[i], b->scores[i]);
}

/*
 * Hits from `offset` on are those of the whole answer. Xapian adds up the weights of an OR in an order that
 * depends on how many hits are wanted, so equal scores may differ in the last bits, and such hits change
 * places: then only the scores have to agree.
 */
static void is_part(const answer *page, const answer *whole, unsigned offset, unsigned limit, const char *query)
{
    unsigned left = whole->count - offset;
    ck_assert_msg(page->count == (left < limit ? left : limit), "%s: %u hits of %u from %u on", query, page->count,
                  limit, offset);
    for (unsigned i = 0; i < page->count; i++) {
        double a = page->scores[i], b = whole->scores[offset + i];
        ck_assert_msg(fabs(a - b) <= 1e-9 * fabs(b), "%s: of %u from %u on, hit %u is n%u (%.17g), of all n%u (%.17g)",
                      query, limit, offset, i, page->hits[i], a, whole->hits[offset + i], b);
        double next = offset + i + 1 < whole->count ? whole->scores[offset + i + 1] : -1;
        double last = offset + i > 0 ? whole->scores[offset + i - 1] : -1;
        int alone = fabs(next - b) > 1e-9 * fabs(b) && fabs(last - b) > 1e-9 * fabs(b);
        ck_assert_msg(!alone || page->hits[i] == whole->hits[offset + i],
                      "%s: of %u from %u on, hit %u is n%u, of all n%u", query, limit, offset, i, page->hits[i],
                      whole->hits[offset + i]);
    }
}

/* Pages, and what the matcher skips when it needs only a few, make no difference. */
static void pages_agree(morgue_searcher *searcher, const char *query, const answer *whole)
{
    answer page;
    unsigned limit = 1 + test_below(&state, 12);
    unsigned offset = whole->count ? test_below(&state, whole->count) : 0;
    morgue_search_options options = { .limit = limit };
    ask(&page, searcher, query, &options);
    is_part(&page, whole, 0, limit, query);
    options.offset = offset;
    ask(&page, searcher, query, &options);
    is_part(&page, whole, offset, limit, query);
}

/* Newest or oldest first, as far as the dates are full days; those without a date are last. */
static void dates_are_in_order(morgue_searcher *searcher, const char *query, const answer *whole)
{
    answer sorted;
    int newest = (int)test_below(&state, 2), undated = 0;
    unsigned last = 0;
    morgue_search_options options = { .limit = 1000,
                                      .exact_count = 1,
                                      .sort = newest ? MORGUE_SORT_NEWEST : MORGUE_SORT_OLDEST };
    ask(&sorted, searcher, query, &options);
    ck_assert_uint_eq(sorted.count, whole->count);
    for (unsigned i = 0; i < sorted.count; i++) {
        const oracle_article *a = &articles[sorted.hits[i]];
        ck_assert_msg(!undated || !a->first_day, "%s: n%u with a date comes after one without", query, sorted.hits[i]);
        undated |= !a->first_day;
        if (!a->first_day || a->first_day != a->last_day)
            continue;
        ck_assert_msg(!last || (newest ? a->first_day <= last : a->first_day >= last), "%s: n%u of %u comes after %u",
                      query, sorted.hits[i], a->first_day, last);
        last = a->first_day;
    }
}

static void answer_is_right(morgue_searcher *searcher, const oracle_query *q, const char *text, unsigned count)
{
    int expected[ARTICLES] = { 0 }, found[ARTICLES] = { 0 };
    unsigned expected_count = 0;
    answer whole, again;
    for (unsigned i = 0; i < count; i++)
        expected_count += (unsigned)(expected[i] = articles[i].present && oracle_matches(q, &articles[i]));
    ask(&whole, searcher, text, &all_hits);
    for (unsigned i = 0; i < whole.count; i++) {
        ck_assert_msg(!found[whole.hits[i]], "%s: n%u twice", text, whole.hits[i]);
        found[whole.hits[i]] = 1;
        ck_assert_msg(!i || whole.scores[i] <= whole.scores[i - 1], "%s: the scores do not descend", text);
    }
    for (unsigned i = 0; i < count; i++)
        ck_assert_msg(found[i] == expected[i], "%s\n%s n%u, a scan %s\ntitle: %s\ndate: %s, source: %s\n%s", text,
                      found[i] ? "finds" : "misses", i, expected[i] ? "finds it" : "does not", articles[i].title,
                      articles[i].date ? articles[i].date : "none", articles[i].source ? articles[i].source : "none",
                      articles[i].text);
    ask(&again, searcher, text, &all_hits);
    same_order(&whole, &again, text, "the second time");
    pages_agree(searcher, text, &whole);
    if (test_below(&state, 4) == 0)
        dates_are_in_order(searcher, text, &whole);
    if (is_for_peer(q))
        peer_agrees(q, text, expected, expected_count);
}

static void answers_are_right(unsigned count)
{
    morgue_error err = { 0 };
    const char *path = archive;
    morgue_searcher *searcher;
    unsigned present = 0;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    for (unsigned i = 0; i < count; i++)
        present += articles[i].present != 0;
    ck_assert_uint_eq(morgue_searcher_article_count(searcher), present);
    peer_build(count);
    for (int i = 0; i < QUERIES; i++) {
        oracle_query *q = random_query((int)test_below(&state, DEPTH + 1), i % 2);
        char *text = query_text(q);
        answer_is_right(searcher, q, text, count);
        free(text);
        oracle_free(q);
    }
    morgue_searcher_close(searcher);
    test_archive_is_sound(archive);
}

/* ---- The tests -----------------------------------------------------------------------------------------------------
 */

static morgue_indexer *open_indexer(const char *name, unsigned jobs)
{
    morgue_error err = { 0 };
    morgue_index_options options = { .memory_bytes = 8 << 20, .jobs = jobs };
    morgue_indexer *indexer;
    test_path(archive, scratch, name);
    test_ok(morgue_indexer_open(&indexer, archive, &options, &err));
    return indexer;
}

START_TEST(searches_find_what_a_scan_and_plain_xapian_find)
{
    morgue_error err = { 0 };
    state = seed + (uint64_t)_i * 7919;
    memset(articles, 0, sizeof articles);
    morgue_indexer *indexer = open_indexer(_i ? "life-1" : "life-0", 1 + (unsigned)_i);
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned count = ARTICLES * (round + 1) / ROUNDS;
        random_changes(indexer, ARTICLES * round / ROUNDS, count, 1);
        if (round == 3)
            test_ok(morgue_indexer_compact(indexer, &err));
        else
            test_ok(morgue_indexer_commit(indexer, &err));
        if (round % 2 == 1)
            answers_are_right(count);
    }
    test_ok(morgue_indexer_compact(indexer, &err));
    answers_are_right(ARTICLES);
    morgue_indexer_close(indexer);
}
END_TEST

/* Answers to the same queries, one after the other. */
static void ask_all(answer *answers, char *const *queries)
{
    morgue_error err = { 0 };
    const char *path = archive;
    morgue_searcher *searcher;
    test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
    for (int i = 0; i < ORDERS; i++)
        ask(&answers[i], searcher, queries[i], &all_hits);
    morgue_searcher_close(searcher);
}

START_TEST(order_of_hits_survives_reopening_and_compaction)
{
    static answer first[ORDERS], later[ORDERS];
    char *queries[ORDERS];
    morgue_error err = { 0 };
    morgue_stats stats;
    state = seed + 17;
    memset(articles, 0, sizeof articles);
    morgue_indexer *indexer = open_indexer("order", 2);
    /* Nothing is deleted: deleted articles that still take space count in the ranking. */
    for (unsigned round = 0; round < ROUNDS; round++) {
        random_changes(indexer, ARTICLES * round / ROUNDS, ARTICLES * (round + 1) / ROUNDS, 0);
        test_ok(morgue_indexer_commit(indexer, &err));
    }
    test_ok(morgue_archive_stats(archive, &stats, &err));
    ck_assert_uint_gt(stats.segment_count, 1);
    for (int i = 0; i < ORDERS; i++) {
        oracle_query *q = random_query(2, i % 2);
        queries[i] = query_text(q);
        oracle_free(q);
    }
    ask_all(first, queries);
    ask_all(later, queries);
    for (int i = 0; i < ORDERS; i++)
        same_order(&first[i], &later[i], queries[i], "reopened");
    test_ok(morgue_indexer_compact(indexer, &err));
    test_ok(morgue_archive_stats(archive, &stats, &err));
    ck_assert_uint_eq(stats.segment_count, 1);
    ask_all(later, queries);
    for (int i = 0; i < ORDERS; i++) {
        same_order(&first[i], &later[i], queries[i], "compacted");
        free(queries[i]);
    }
    morgue_indexer_close(indexer);
    test_archive_is_sound(archive);
}
END_TEST

/* ---- Little memory, long articles: several segments in one commit -------------------------------------------------
 */

enum { LONG_ARTICLES = 48, LONG_WORDS = 40000, LONG_VOCABULARY = 3000, PROBES = 60 };

static unsigned short long_words[LONG_ARTICLES][LONG_WORDS];

static void make_long_article(char *text, unsigned number)
{
    char *end = text;
    for (unsigned i = 0; i < LONG_WORDS; i++) {
        unsigned r = test_below(&state, 10000);
        long_words[number][i] = (unsigned short)((uint64_t)r * r * LONG_VOCABULARY / 100000000u);
        end += sprintf(end, "x%uq%c", long_words[number][i], i % 20 == 19 ? '\n' : ' ');
    }
}

static int has_sequence(unsigned number, const unsigned short *wanted, unsigned count)
{
    for (unsigned i = 0; i + count <= LONG_WORDS; i++)
        if (memcmp(&long_words[number][i], wanted, count * sizeof *wanted) == 0)
            return 1;
    return 0;
}

static void probe_long_articles(morgue_searcher *searcher)
{
    for (int probe = 0; probe < PROBES; probe++) {
        unsigned number = test_below(&state, LONG_ARTICLES), length = 1 + (unsigned)probe % 3;
        unsigned place = test_below(&state, LONG_WORDS - length);
        const unsigned short *wanted = &long_words[number][place];
        char query[100];
        answer got;
        int n = snprintf(query, sizeof query, "\"");
        for (unsigned i = 0; i < length; i++)
            n += snprintf(query + n, sizeof query - (size_t)n, "%sx%uq", i ? " " : "", wanted[i]);
        snprintf(query + n, sizeof query - (size_t)n, "\"");
        ask(&got, searcher, query, &all_hits);
        int found[LONG_ARTICLES] = { 0 };
        for (unsigned i = 0; i < got.count; i++)
            found[got.hits[i]] = 1;
        for (unsigned i = 0; i < LONG_ARTICLES; i++)
            ck_assert_msg(found[i] == has_sequence(i, wanted, length), "%s: n%u", query, i);
    }
}

START_TEST(little_memory_makes_several_segments_and_the_same_answers)
{
    morgue_error err = { 0 };
    morgue_stats stats;
    morgue_searcher *searcher;
    const char *path = archive;
    char *text = malloc(LONG_WORDS * 8u + 1);
    ck_assert_ptr_nonnull(text);
    state = seed + 31;
    morgue_indexer *indexer = open_indexer("long", 2);
    for (unsigned i = 0; i < LONG_ARTICLES; i++) {
        char id[16];
        snprintf(id, sizeof id, "n%u", i);
        make_long_article(text, i);
        morgue_article article = { .id = id, .title = "Long", .text = text };
        test_ok(morgue_indexer_add(indexer, &article, &err));
    }
    test_ok(morgue_indexer_commit(indexer, &err));
    test_ok(morgue_archive_stats(archive, &stats, &err));
    ck_assert_msg(stats.segment_count > 1, "%llu segments", (unsigned long long)stats.segment_count);
    ck_assert_uint_eq(stats.token_count, (uint64_t)LONG_ARTICLES * (LONG_WORDS + 1));
    for (int compacted = 0; compacted < 2; compacted++) {
        test_ok(morgue_searcher_open(&searcher, &path, 1, &err));
        probe_long_articles(searcher);
        morgue_searcher_close(searcher);
        if (!compacted)
            test_ok(morgue_indexer_compact(indexer, &err));
    }
    morgue_indexer_close(indexer);
    test_archive_is_sound(archive);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("archive_property");
    TCase *tcase = tcase_create("property");
    tcase_add_unchecked_fixture(tcase, make_scratch, remove_scratch);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, searches_find_what_a_scan_and_plain_xapian_find, 0, 2);
    tcase_add_test(tcase, order_of_hits_survives_reopening_and_compaction);
    tcase_add_test(tcase, little_memory_makes_several_segments_and_the_same_answers);
    suite_add_tcase(suite, tcase);
    return test_run_suite(suite);
}

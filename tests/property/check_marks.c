/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a text is marked for positional expressions, against all ways in which they come about. */
#include "core/alloc.h"
#include "snippet.h"
#include "../support/testing.h"

enum { WORDS = 8, MAX_TOKENS = 24, GAP = 16, POSITIONS = 2 * MAX_TOKENS + GAP, ROUNDS = 1500, LONGEST = 3, KEYS = 3 };

static const char *const words[WORDS] = { "aa", "ab", "ac", "ad", "ae", "af", "ag", "ah" };
static const char *const keys[KEYS] = { "p:xx", "p:yy", "o:zz" };

/* An article: word numbers by position, -1 where none is, and mentions. */
static struct {
    char text[8 * MAX_TOKENS];
    size_t len, title_len;
    int words[POSITIONS];
    uint32_t begins[POSITIONS]; /* bytes of the token */
    int position_count, title_count;
    struct {
        int first, last, key;
    } mentions[MAX_TOKENS];
    int mention_count;
} article;

static mrg_arena arena;
static mrg_match_terms terms; /* over no segment: only the texts matter */
static uint64_t state;

/* ---- Articles -------------------------------------------------------------------------------- */

static void add_word(int position)
{
    int word = (int)test_below(&state, WORDS);
    article.words[position] = word;
    article.begins[position] = (uint32_t)article.len;
    article.len += (size_t)sprintf(article.text + article.len, "%s ", words[word]);
    article.position_count = position + 1;
}

static void make_article(mrg_buffer *record, mrg_tokens *tokens, mrg_found *found)
{
    memset(&article, 0, sizeof article);
    memset(article.words, -1, sizeof article.words);
    article.title_count = 1 + (int)test_below(&state, 4);
    int body = (int)test_below(&state, MAX_TOKENS - 4), gap_to = article.title_count + GAP;
    for (int i = 0; i < article.title_count; i++)
        add_word(i);
    article.title_len = article.len - 1;
    article.text[article.title_len] = '\n';
    article.text[article.len++] = '\n';
    for (int i = 0; i < body; i++)
        add_word(gap_to + i);
    ck_assert_int_eq(mrg_tokenize(tokens, article.text, 0, article.title_len, 0, NULL), 0);
    ck_assert_int_eq(mrg_tokenize(tokens, article.text, article.title_len + 2, article.len, GAP, NULL), 0);
    static mrg_article_entity entities[KEYS];
    static mrg_mention mentions[MAX_TOKENS];
    for (int k = 0; k < KEYS; k++)
        entities[k] =
            (mrg_article_entity){ keys[k][0] == 'o' ? MRG_ENTITY_ORG : MRG_ENTITY_PERSON, keys[k], keys[k] + 2, 0, 0 };
    for (size_t t = 0; t < tokens->count;) {
        uint32_t length = 1 + test_below(&state, LONGEST), key = test_below(&state, KEYS);
        size_t end = t < (size_t)article.title_count ? (size_t)article.title_count : tokens->count;
        if (t + length > end || test_below(&state, 3)) {
            t++;
            continue;
        }
        article.mentions[article.mention_count].first = (int)tokens->items[t].position;
        article.mentions[article.mention_count].last = (int)tokens->items[t + length - 1].position;
        article.mentions[article.mention_count].key = (int)key;
        mentions[article.mention_count++] = (mrg_mention){ (uint32_t)t, length, key };
        entities[key].weight = ++entities[key].mention_count;
        t += length;
    }
    *found = (mrg_found){
        .entities = entities, .entity_count = KEYS, .mentions = mentions, .mention_count = (size_t)article.mention_count
    };
    mrg_record_encode(record, article.text, article.len, article.title_len, tokens, found);
}

/* ---- Expressions -------------------------------------------------------------------------------- */

static void *zero(size_t size)
{
    return memset(mrg_arena_alloc(&arena, size), 0, size);
}

static uint32_t random_term(int with_names)
{
    uint32_t index;
    int field = MRG_FIELD_WORD;
    const char *text = words[test_below(&state, WORDS)];
    if (with_names && test_below(&state, 3) == 0) {
        field = test_below(&state, 2) ? MRG_FIELD_ENTITY : MRG_FIELD_ENTITY_TYPE;
        text = field == MRG_FIELD_ENTITY ? keys[test_below(&state, KEYS)] : test_below(&state, 2) ? "p" : "o";
    }
    ck_assert_int_eq(mrg_match_terms_add(&terms, field, 0, text, strlen(text), &index, NULL), 0);
    return index;
}

static mrg_span_node *random_spans(int depth, int with_names)
{
    static const uint32_t distances[] = { 0, 0, 1, 2, 5, 30 };
    mrg_span_node *n = zero(sizeof *n);
    uint32_t kind = depth ? test_below(&state, 5) : 0;
    n->type = kind == 0 ? MRG_SPAN_TERMS : kind <= 2 ? MRG_SPAN_ORDERED : kind == 3 ? MRG_SPAN_NEAR : MRG_SPAN_OR;
    n->distance = distances[test_below(&state, 6)];
    if (n->type == MRG_SPAN_TERMS) {
        n->term_count = 1 + test_below(&state, 2);
        n->terms = zero(n->term_count * sizeof *n->terms);
        for (size_t i = 0; i < n->term_count; i++)
            n->terms[i] = random_term(with_names);
        return n;
    }
    n->child_count = n->type == MRG_SPAN_NEAR ? 2 : 1 + test_below(&state, 3);
    n->children = zero(n->child_count * sizeof(mrg_span_node *));
    for (size_t i = 0; i < n->child_count; i++)
        n->children[i] = random_spans(depth - 1, with_names);
    return n;
}

/* ---- The dull way -------------------------------------------------------------------------------- */

/* Which stretches occur; which of them take part is told apart by a second pass. */
typedef struct grid {
    unsigned char at[POSITIONS][POSITIONS];
} grid;

static int term_stands(uint32_t index, int first, int last)
{
    const mrg_match_term *t = &terms.items[index];
    const char *text = (const char *)t->key + 1;
    if (t->key[0] == MRG_FIELD_WORD)
        return first == last && article.words[first] >= 0 && !strcmp(words[article.words[first]], text);
    for (int i = 0; i < article.mention_count; i++) {
        const char *key = keys[article.mentions[i].key];
        if (article.mentions[i].first == first && article.mentions[i].last == last &&
            (t->key[0] == MRG_FIELD_ENTITY ? !strcmp(key, text) : key[0] == text[0]))
            return 1;
    }
    return 0;
}

static int stands(const mrg_span_node *n, int first, int last, grid *parts);

/* The children from `next` on, the last of them ending at `last`, behind `before`, with `room` left. */
static int chain(mrg_span_node *const *children, size_t count, size_t next, int before, int room, int last, grid *parts)
{
    int found = 0;
    if (next == count)
        return before == last;
    for (int b = before + 1; b <= before + 1 + room && b <= last; b++) {
        for (int e = b; e <= last; e++) {
            if (stands(children[next], b, e, NULL) &&
                chain(children, count, next + 1, e, room - (b - before - 1), last, parts)) {
                found = 1;
                if (!parts)
                    return 1;
                stands(children[next], b, e, parts);
            }
        }
    }
    return found;
}

static int ordered(mrg_span_node *const *children, size_t count, int distance, int first, int last, grid *parts)
{
    int found = 0;
    for (int e = first; e <= last; e++) {
        if (!stands(children[0], first, e, NULL) || !chain(children, count, 1, e, distance, last, parts))
            continue;
        found = 1;
        if (parts)
            stands(children[0], first, e, parts);
    }
    return found;
}

/* Whether it occurs from first to last; with `parts`, also which stretches of terms it may come of. */
static int stands(const mrg_span_node *n, int first, int last, grid *parts)
{
    int found = 0;
    for (size_t i = 0; i < n->term_count; i++)
        found |= term_stands(n->terms[i], first, last);
    if (n->type == MRG_SPAN_TERMS) {
        if (found && parts)
            parts->at[first][last] = 1;
        return found;
    }
    if (n->type == MRG_SPAN_OR) {
        for (size_t i = 0; i < n->child_count; i++)
            found |= stands(n->children[i], first, last, parts);
        return found;
    }
    found = ordered(n->children, n->child_count, (int)n->distance, first, last, parts);
    if (n->type == MRG_SPAN_NEAR) {
        mrg_span_node *swapped[] = { n->children[1], n->children[0] };
        found |= ordered(swapped, 2, (int)n->distance, first, last, parts);
    }
    return found;
}

/* ---- Tests ------------------------------------------------------------------------------------------ */

static int position_at(uint32_t byte)
{
    for (int i = 0; i < article.position_count; i++) {
        if (article.words[i] >= 0 && article.begins[i] == byte)
            return i;
    }
    ck_abort_msg("a mark begins at byte %u, where no word begins", byte);
    return -1;
}

static void check_round(mrg_marks *marks, mrg_marker *marker, const mrg_record *record, const mrg_span_node *spans,
                        int with_names)
{
    grid should = { 0 }, is = { 0 };
    int wholes = 0, occurs = 0;
    ck_assert_int_eq(mrg_marks_find(marks, marker, record, NULL, NULL), 0);
    for (int b = 0; b < article.position_count; b++) {
        for (int e = b; e < article.position_count; e++)
            occurs |= stands(spans, b, e, &should);
    }
    for (size_t i = 0; i < marks->count; i++) {
        const mrg_mark *m = &marks->items[i];
        int first = position_at(m->begin), last = position_at(m->end - 2);
        if (m->whole) {
            ck_assert(stands(spans, first, last, NULL));
            wholes++;
        } else {
            is.at[first][last] = 1;
        }
    }
    ck_assert_int_eq(occurs, wholes > 0);
    for (int b = 0; b < article.position_count; b++) {
        for (int e = b; e < article.position_count; e++) {
            ck_assert_msg(is.at[b][e] <= should.at[b][e], "%d to %d takes no part", b, e);
            ck_assert_msg(with_names || is.at[b][e] == should.at[b][e], "%d to %d is not marked", b, e);
        }
    }
}

static void setup(void)
{
    state = test_seed();
    mrg_match_terms_init(&terms, &arena, NULL, 0);
}

static void teardown(void)
{
    mrg_match_terms_dispose(&terms);
    mrg_arena_dispose(&arena);
}

static void run_rounds(int with_names)
{
    for (int r = 0; r < ROUNDS; r++) {
        mrg_buffer bytes = MRG_BUFFER_INIT;
        mrg_tokens tokens = { 0 };
        mrg_found found;
        mrg_record record;
        mrg_marks marks = { 0 };
        mrg_marker marker = { 0 };
        const mrg_span_node *spans = random_spans(1 + (int)test_below(&state, 2), with_names);
        ck_assert_ptr_nonnull(mrg_marker_add_spans(&marker, &terms, spans));
        for (int again = 0; again < 2; again++) {
            mrg_buffer_clear(&bytes);
            mrg_tokens_clear(&tokens);
            make_article(&bytes, &tokens, &found);
            ck_assert_int_eq(mrg_record_decode(&record, bytes.data, bytes.len, NULL), 0);
            check_round(&marks, &marker, &record, spans, with_names);
        }
        mrg_marks_dispose(&marks);
        mrg_marker_dispose(&marker);
        mrg_tokens_dispose(&tokens);
        mrg_buffer_dispose(&bytes);
    }
}

START_TEST(words_that_take_part_are_marked_and_no_others)
{
    run_rounds(0);
}
END_TEST

START_TEST(names_that_take_part_are_marked_and_no_others)
{
    run_rounds(1);
}
END_TEST

START_TEST(any_of_a_set_is_marked)
{
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    mrg_found found;
    mrg_record record;
    mrg_marks marks = { 0 };
    mrg_marker marker = { 0 };
    uint32_t set[4];
    for (int i = 0; i < 4; i++)
        set[i] = random_term(1);
    ck_assert_ptr_nonnull(mrg_marker_add_set(&marker, &terms, set, 4));
    for (int r = 0; r < ROUNDS; r++) {
        grid is = { 0 };
        mrg_buffer_clear(&bytes);
        mrg_tokens_clear(&tokens);
        make_article(&bytes, &tokens, &found);
        ck_assert_int_eq(mrg_record_decode(&record, bytes.data, bytes.len, NULL), 0);
        ck_assert_int_eq(mrg_marks_find(&marks, &marker, &record, NULL, NULL), 0);
        for (size_t i = 0; i < marks.count; i++)
            is.at[position_at(marks.items[i].begin)][position_at(marks.items[i].end - 2)] = 1;
        for (int b = 0; b < article.position_count; b++) {
            for (int e = b; e < article.position_count; e++) {
                int should = 0;
                for (int i = 0; i < 4; i++)
                    should |= term_stands(set[i], b, e);
                ck_assert_int_eq(is.at[b][e], should);
            }
        }
    }
    mrg_marks_dispose(&marks);
    mrg_marker_dispose(&marker);
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&bytes);
}
END_TEST

START_TEST(every_failed_allocation_is_told)
{
    mrg_buffer bytes = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    mrg_found found;
    mrg_record record;
    make_article(&bytes, &tokens, &found);
    ck_assert_int_eq(mrg_record_decode(&record, bytes.data, bytes.len, NULL), 0);
    const mrg_span_node *spans = random_spans(3, 1);
    for (long n = 1, done = 0; !done; n++) {
        mrg_marks marks = { 0 };
        mrg_marker marker = { 0 };
        mrg_buffer text = MRG_BUFFER_INIT;
        mrg_spans shown = { 0 };
        mrg_alloc_fail_at(n);
        if (mrg_marker_add_spans(&marker, &terms, spans)) {
            morgue_error err = { 0 };
            morgue_status status = mrg_marks_find(&marks, &marker, &record, NULL, &err);
            if (!status)
                status = mrg_snippet_make(&marks, &marker, &record, 40, &text, &shown, &err);
            ck_assert(!status || (status == MORGUE_ERR_NOMEM && err.status == MORGUE_ERR_NOMEM));
            done = !status;
        }
        mrg_alloc_fail_at(0);
        mrg_marks_dispose(&marks);
        mrg_marker_dispose(&marker);
        mrg_buffer_dispose(&text);
        mrg_spans_dispose(&shown);
    }
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("marks");
    TCase *tests = tcase_create("texts");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, words_that_take_part_are_marked_and_no_others);
    tcase_add_test(tests, names_that_take_part_are_marked_and_no_others);
    tcase_add_test(tests, any_of_a_set_is_marked);
    tcase_add_test(tests, every_failed_allocation_is_told);
    suite_add_tcase(suite, tests);
    return test_run_suite(suite);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tagger's spans as names are to be: without tickers, titles and what else is no name, and two names that it took
 * for one ("Italy's Eni", "U.N. Secretary-General Ban Ki-soon") parted.
 */
#include "core/alloc.h"
#include "entity/tagger.h"

enum { LONGEST_CODE = 14 };
enum { SURE = 4 * MRG_TAG_UNIT }; /* what a type that the tables tell is ahead of the others by */

/* ---- What is no name at all ---- */

static int is_code(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Widens [*begin, *end) to all that is written together with it, as codes are. */
static void widen_code(const mrg_finder *f, size_t *begin, size_t *end)
{
    const char *text = f->text;
    while (*begin > 0 && *end - *begin <= LONGEST_CODE &&
           (is_code(text[*begin - 1]) || text[*begin - 1] == '.' || text[*begin - 1] == '^'))
        --*begin;
    while (*end < f->len && *end - *begin <= LONGEST_CODE &&
           (is_code(text[*end]) || (text[*end] == 'n' && text[*end - 1] != '.') ||
            (text[*end] == '.' && *end + 1 < f->len && is_code(text[*end + 1]))))
        ++*end;
}

/* The one full stop in [begin, end), if all the rest is a code's; SIZE_MAX if not. */
static size_t find_stop(const mrg_finder *f, size_t begin, size_t end)
{
    const char *text = f->text;
    size_t stop = SIZE_MAX;
    for (size_t i = begin; i < end; i++) {
        if (text[i] == '.' && stop == SIZE_MAX)
            stop = i;
        else if (!is_code(text[i]) && text[i] != '^' && !(text[i] == 'n' && i + 1 < end && text[i + 1] == '.'))
            return SIZE_MAX;
    }
    return stop;
}

static int is_in_brackets(const mrg_finder *f, size_t begin, size_t end)
{
    while (begin > 0 && f->text[begin - 1] == ' ')
        begin--;
    while (end < f->len && f->text[end] == ' ')
        end++;
    return begin > 0 && f->text[begin - 1] == '(' && end < f->len && f->text[end] == ')';
}

/* "BK.N", "LAFP.PA", "DBKGn.DE", ".IXIC", and "F.N" in brackets, whatever part of one the span is. */
int mrg_is_ticker(const mrg_finder *f, size_t first, size_t count)
{
    size_t begin = token_at(f, first)->begin, end = token_at(f, first + count - 1)->end;
    if (end - begin > LONGEST_CODE)
        return 0;
    widen_code(f, &begin, &end);
    size_t stop = find_stop(f, begin, end);
    if (stop == SIZE_MAX)
        return 0;
    size_t before = stop - begin, after = end - stop - 1;
    if (before == 0)
        return after >= 2;
    return after >= 1 && after <= 2 && (before > 1 || is_in_brackets(f, begin, end));
}

/* "Assistant Secretary of State". */
static int is_title(mrg_finder *f, size_t i, size_t count)
{
    return count == 1 && i >= 2 && term_is(f, i - 1, "of") && mrg_word_at(f, i) & MRG_WORD_TITLE_PART &&
           mrg_word_at(f, i - 2) & MRG_WORD_TITLE && is_capital(f, i - 2);
}

int mrg_is_sender(const mrg_finder *f, size_t i, size_t count)
{
    size_t next = i + count;
    if (!i || next >= f->tokens->count || mrg_gap_after(f, i - 1) != GAP_OPEN)
        return 0;
    const char *p = f->text + token_at(f, next - 1)->end, *end = f->text + token_at(f, next)->begin;
    for (; p < end && (*p == ')' || *p == ' '); p++)
        ;
    if (p == end || (*p != '-' && (unsigned char)*p != 0xe2))
        return 0;
    for (size_t words = 0; i && words < 8; words++) {
        if (token_at(f, --i)->flags & MRG_TOKEN_SENTENCE)
            return token_at(f, i)->flags & MRG_TOKEN_ALL_CAPS;
    }
    return 0;
}

/* An adjective that is taken for a place: "North American". */
static int is_adjective(mrg_finder *f, size_t first, size_t count)
{
    const mrg_known *known;
    uint32_t last = f->word[first + count - 1];
    return count > 1 && last & MRG_WORD_DEMONYM && !(last & MRG_WORD_PLACE_HEAD) &&
           mrg_known_words(f, first, first + count, &known) != count;
}

static int is_no_name(mrg_finder *f, size_t first, size_t count, int type)
{
    return mrg_is_ticker(f, first, count) || (type == MRG_ENTITY_PLACE && is_adjective(f, first, count)) ||
           is_title(f, first, count) || mrg_is_sender(f, first, count);
}

/* ---- Borders ---- */

static int is_joined_small(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    return t->flags & MRG_TOKEN_HYPHEN && !(t->flags & (MRG_TOKEN_CAPITAL | MRG_TOKEN_DIGIT)) && t->term_len >= 3;
}

/* "-based", "-backed", "-led", "-born"; not the end of "Roh Moo-seok". */
static int is_participle(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    return (t->term_len >= 3 && !memcmp(term_at(f, i) + t->term_len - 2, "ed", 2)) || term_is(f, i, "born") ||
           term_is(f, i, "style") || term_is(f, i, "wide") || term_is(f, i, "bound") || term_is(f, i, "area");
}

/* "Pittsburgh-based Mellon" is Mellon, "New York-based" New York. */
static void cut_joined(mrg_finder *f, size_t *first, size_t *end)
{
    for (size_t i = *first + 1; i + 1 < *end; i++) {
        if (is_joined_small(f, i) && !(token_at(f, i + 1)->flags & MRG_TOKEN_HYPHEN))
            *first = i + 1;
    }
    if (*end - *first > 1 && is_joined_small(f, *end - 1) && is_participle(f, *end - 1))
        --*end;
}

/* "Rebecca Poulet QC", "Oldenkamp CEO". */
static void cut_rank(mrg_finder *f, size_t first, size_t *end, int *type)
{
    static const char *const ranks[] = { "ceo", "cfo", "coo", "cto", "cio", "evp", "svp", "mp", "mps", "mep", "meps",
                                         "qc",  "kc",  "mba", "obe", "cbe", "mbe" };
    size_t last = *end - 1;
    if (last == first || !(token_at(f, last)->flags & MRG_TOKEN_ALL_CAPS))
        return;
    for (size_t k = 0; k < sizeof ranks / sizeof *ranks; k++) {
        if (!term_is(f, last, ranks[k]))
            continue;
        --*end;
        if (k < 7)
            *type = MRG_ENTITY_ORG;
        return;
    }
}

/* "[Baltic] states", "[Group] of Seven": a known name that goes on. */
static size_t known_end(mrg_finder *f, size_t first, size_t end)
{
    enum { MORE = 3 };
    const mrg_known *known;
    size_t most = end;
    while (most < f->tokens->count && most < end + MORE && !(token_at(f, most)->flags & MRG_TOKEN_SENTENCE) &&
           mrg_gap_after(f, most - 1) <= GAP_SPACE)
        mrg_word_at(f, most++);
    size_t n = most > end ? mrg_known_words(f, first, most, &known) : 0;
    return first + n > end ? first + n : end;
}

/* "Czech [Republic]", "The [Hague]": a known name that begins before what was seen of it. */
static size_t known_first(mrg_finder *f, size_t first, size_t end)
{
    const mrg_known *known;
    if (!first || token_at(f, first)->flags & MRG_TOKEN_SENTENCE || mrg_gap_after(f, first - 1) != GAP_SPACE ||
        !is_capital(f, first - 1) || !(mrg_word_at(f, first - 1) & MRG_WORD_DEMONYM || term_is(f, first - 1, "the")))
        return first;
    return mrg_known_words(f, first - 1, end, &known) == end - first + 1 ? first - 1 : first;
}

/* "The Wall Street Journal" */
static int has_article(mrg_finder *f, size_t first, size_t end)
{
    const mrg_known *known;
    return end - first > 1 && term_is(f, first, "the") && mrg_known_words(f, first, end, &known) != end - first;
}

/* ---- Two names in one ---- */

typedef struct cut {
    size_t at, from; /* the first name ends before `at`, the second begins with `from` */
    int type;        /* of the first; -1: as it was */
    int other_type;  /* of the second */
} cut;

/* "Italy's Eni", "U.N. Secretary-General Ban Ki-soon", "GM and Chrysler": a known name goes before. */
static int cut_behind_known(mrg_finder *f, size_t first, size_t end, cut *out)
{
    const mrg_known *known, *other;
    size_t n = mrg_known_words(f, first, end, &known), at = first + n, from = at;
    if (!n || at >= end)
        return 0;
    *out = (cut){ at, at, known->type < MRG_ENTITY_EVENT ? known->type : -1, -1 };
    if (token_at(f, at - 1)->flags & MRG_TOKEN_POSSESSIVE && !(f->word[at - 1] & MRG_WORD_OWNS) &&
        known->type == MRG_ENTITY_PLACE && !term_is(f, first, "america"))
        return 1;
    if (term_is(f, at, "and") && !is_capital(f, at) && at + 1 < end) {
        out->from = at + 1;
        return mrg_known_words(f, at + 1, end, &other) == end - at - 1;
    }
    int titled = 0;
    for (; from < end && f->word[from] & (MRG_WORD_TITLE | MRG_WORD_TITLE_PART) && is_capital(f, from); from++)
        titled |= (f->word[from] & MRG_WORD_TITLE) != 0;
    if (!titled || from >= end || !is_capital(f, from) || (end - from == 1 && f->word[from] & MRG_WORD_COMMON) ||
        f->word[from] & (MRG_WORD_ORG_HEAD | MRG_WORD_ORG_PART | MRG_WORD_LEGAL_FORM) ||
        f->word[end - 1] & MRG_WORD_HEADS)
        return 0;
    out->from = from;
    out->other_type = MRG_ENTITY_PERSON;
    return 1;
}

/* Nothing goes on behind a bracket ("CCAA (Canada"); behind a dateline's dash another name begins. */
static int cut_at_mark(const mrg_finder *f, size_t first, size_t *end, cut *out)
{
    for (size_t i = first + 1; i < *end; i++) {
        mrg_gap gap = mrg_gap_after(f, i - 1);
        if (gap == GAP_OPEN || gap == GAP_CLOSE) {
            *end = i;
            return 0;
        }
        if (gap == GAP_DASH && token_at(f, first)->flags & MRG_TOKEN_ALL_CAPS &&
            !(token_at(f, i)->flags & MRG_TOKEN_ALL_CAPS)) {
            *out = (cut){ i, i, -1, -1 };
            return 1;
        }
    }
    return 0;
}

/* ---- All of it ---- */

static void set_type(mrg_tagged *tagged, int type)
{
    if (type < 0 || type == tagged->type)
        return;
    tagged->score[type] = tagged->score[tagged->type] + SURE;
    tagged->type = type;
}

static int trim(mrg_finder *f, mrg_tagged *tagged)
{
    size_t first = tagged->first, end = first + tagged->count;
    int type = tagged->type;
    if (mrg_is_ticker(f, first, end - first))
        return 0;
    cut_joined(f, &first, &end);
    cut_rank(f, first, &end, &type);
    first = known_first(f, first, end);
    end = known_end(f, first, end);
    if (type == MRG_ENTITY_ORG && has_article(f, first, end))
        first++;
    set_type(tagged, type);
    tagged->first = (uint32_t)first;
    tagged->count = (uint32_t)(end - first);
    return end > first && end - first <= MRG_MENTION_MAX_TOKENS && !is_no_name(f, first, end - first, type);
}

void mrg_trim_tagged(mrg_finder *f, mrg_tagger *t)
{
    size_t count = t->tagged_count, out = 0;
    if (!count)
        return;
    /* each makes two at most; they are read from behind what is written */
    if (mrg_reserve((void **)&t->tagged, &t->tagged_capacity, 2 * count, sizeof *t->tagged)) {
        f->failed = 1;
        return;
    }
    memmove(t->tagged + count, t->tagged, count * sizeof *t->tagged);
    for (size_t i = count; i < 2 * count; i++) {
        mrg_tagged tagged = t->tagged[i], other = tagged;
        size_t first = tagged.first, end = first + tagged.count;
        cut parts = { 0, 0, -1, -1 };
        for (size_t k = first; k < end; k++)
            mrg_word_at(f, k);
        int two = cut_at_mark(f, first, &end, &parts) || cut_behind_known(f, first, end, &parts);
        tagged.count = (uint32_t)((two ? parts.at : end) - first);
        set_type(&tagged, two ? parts.type : -1);
        if (trim(f, &tagged))
            t->tagged[out++] = tagged;
        other.first = (uint32_t)parts.from;
        other.count = (uint32_t)(end - parts.from);
        set_type(&other, parts.other_type);
        if (two && trim(f, &other))
            t->tagged[out++] = other;
    }
    t->tagged_count = out;
}

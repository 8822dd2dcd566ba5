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
    static const char *const ranks[] = { "ceo", "cfo",  "coo", "cto", "cio", "evp", "svp", "mp", "mps",
                                         "mep", "meps", "qc",  "kc",  "mba", "obe", "cbe", "mbe" };
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

/* Of the words that are titles, those that are hardly ever names: not Shah, Sen, King. */
static int is_sure_title(const mrg_finder *f, size_t i)
{
    return f->word[i] & MRG_WORD_TITLE && !(f->word[i] & (MRG_WORD_FIRST_NAME | MRG_WORD_SURNAME)) &&
           token_at(f, i)->term_len >= 6;
}

/* Where the title that begins at `at` ends: "Chairman and Chief Strategic Officer". */
static size_t long_title_end(mrg_finder *f, size_t at, size_t end)
{
    const uint32_t title = MRG_WORD_TITLE | MRG_WORD_TITLE_PART;
    size_t i = at;
    while (i < end) {
        int goes_on = i > at && i + 1 < end && is_capital(f, i + 1) && f->word[i + 1] & title;
        if (is_capital(f, i) ? !(f->word[i] & title) && !goes_on : !(term_is(f, i, "and") && goes_on))
            break;
        i++;
    }
    return i;
}

/* "Goldman Chairman and Chief Executive Lloyd Blankfein", taken for one person: a firm, a title, a person, of which the
   first and the last may be missing. */
static int cut_at_title(mrg_finder *f, size_t first, size_t end, cut *out)
{
    size_t at = first;
    while (at < end && !(is_capital(f, at) && f->word[at] & (MRG_WORD_TITLE | MRG_WORD_TITLE_PART)))
        at++;
    size_t from = long_title_end(f, at, end);
    int one = from == at + 1;
    if (at == end ||
        (one && (from == end || !is_sure_title(f, at) || (at > first && f->word[at - 1] & MRG_WORD_FIRST_NAME))))
        return 0;
    if (from < end && (!is_capital(f, from) ||
                       (one && f->word[end - 1] & (MRG_WORD_HEADS | MRG_WORD_ORG_PART | MRG_WORD_LEGAL_FORM))))
        return 0;
    *out = (cut){ at, from, MRG_ENTITY_ORG, MRG_ENTITY_PERSON };
    return 1;
}

/* "James and Lachlan Murdoch"; "and John Mack". */
static int cut_at_and(mrg_finder *f, size_t first, size_t end, cut *out)
{
    for (size_t i = first; i + 1 < end; i++) {
        if (!term_is(f, i, "and") || is_capital(f, i))
            continue;
        *out = (cut){ i, i + 1, -1, -1 };
        return 1;
    }
    return 0;
}

/* "Northern District of California is Apple Inc": a verb is in no name. */
static int cut_at_verb(mrg_finder *f, size_t first, size_t end, cut *out)
{
    for (size_t i = first + 1; i + 1 < end; i++) {
        if (is_capital(f, i) || !(term_is(f, i, "is") || term_is(f, i, "was") || mrg_word_at(f, i) & MRG_WORD_SAID))
            continue;
        *out = (cut){ i, i + 1, -1, -1 };
        return 1;
    }
    return 0;
}

/* ", Inc", ", Ltd.", ", Jr.", ", Arps, Slate & Flom": what goes on with the name behind a comma. */
static int goes_on(mrg_finder *f, size_t i, size_t end)
{
    static const char *const endings[] = {
        "jr", "sr", "ii", "iii", "iv", "llc", "llp", "lp", "inc", "ltd", "co", "corp"
    };
    if (f->word[i] & MRG_WORD_LEGAL_FORM)
        return 1;
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++)
        if (term_is(f, i, endings[k]))
            return 1;
    for (size_t k = i; k + 1 < end; k++)
        if (mrg_gap_after(f, k) == GAP_AMPERSAND || term_is(f, k, "and"))
            return 1;
    return 0;
}

/* What stands between two words, other than white space. */
typedef enum mark { MARK_NONE, MARK_QUOTE, MARK_END } mark;

/* MARK_END: a closing bracket, a semicolon, a colon, or a comma or full stop with a quotation mark behind it. */
static mark mark_after(const mrg_finder *f, size_t i)
{
    const unsigned char *p = (const unsigned char *)f->text + mrg_token_end(f, i);
    const unsigned char *end = (const unsigned char *)f->text + token_at(f, i + 1)->begin;
    int stop = 0;
    mark found = MARK_NONE;
    for (; p < end; p++) {
        int quote = *p == '"' || (*p == 0xe2 && end - p >= 3 && p[1] == 0x80 && (p[2] == 0x9c || p[2] == 0x9d));
        if (*p == ')' || *p == ']' || *p == ';' || *p == ':' || (quote && stop))
            return MARK_END;
        stop |= *p == ',' || *p == '.';
        found = quote ? MARK_QUOTE : found;
    }
    return found;
}

/* Nothing goes on behind a bracket that opens ("CCAA (Canada"); behind a dateline's dash, or where a clause ends,
   another name begins. A quotation mark is part of a name if it is one of two ('Billy Joe "Red" McCombs'). */
static int cut_at_mark(mrg_finder *f, size_t first, size_t *end, int type, cut *out)
{
    size_t quote = 0;
    for (size_t i = first + 1; i < *end; i++) {
        mrg_gap gap = mrg_gap_after(f, i - 1);
        if (gap == GAP_NONE || gap == GAP_SPACE || gap == GAP_AMPERSAND)
            continue;
        if (gap == GAP_OPEN) {
            *end = quote ? quote : i;
            return 0;
        }
        if (gap == GAP_PERIOD && type == MRG_ENTITY_PERSON && f->word[i - 1] & MRG_WORD_LEGAL_FORM) {
            *out = (cut){ i, i, MRG_ENTITY_ORG, -1 }; /* "... of Yahoo Inc. James ..." */
            return 1;
        }
        mark between = mark_after(f, i - 1);
        if (between == MARK_QUOTE)
            quote = quote ? 0 : i;
        int dash = gap == GAP_DASH && token_at(f, first)->flags & MRG_TOKEN_ALL_CAPS &&
                   !(token_at(f, i)->flags & MRG_TOKEN_ALL_CAPS);
        int comma = gap == GAP_COMMA && type != MRG_ENTITY_PLACE && !goes_on(f, i, *end);
        if (between == MARK_END || dash || comma) {
            *out = (cut){ quote ? quote : i, i, -1, -1 };
            return 1;
        }
    }
    if (quote)
        *end = quote;
    return 0;
}

/* The first place where a span is two names. */
static int find_cut(mrg_finder *f, size_t first, size_t *end, int type, cut *out)
{
    if (cut_at_mark(f, first, end, type, out) || cut_behind_known(f, first, *end, out))
        return 1;
    if (type == MRG_ENTITY_PERSON)
        return cut_at_title(f, first, *end, out) || cut_at_and(f, first, *end, out);
    return cut_at_verb(f, first, *end, out);
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

/* Writes the names that one span is; each takes a word at least. */
static size_t part(mrg_finder *f, mrg_tagged tagged, mrg_tagged *out)
{
    size_t first = tagged.first, end = first + tagged.count, count = 0;
    for (size_t k = first; k < end; k++)
        mrg_word_at(f, k);
    while (first < end) {
        if (!is_capital(f, first) && term_is(f, first, "and")) {
            first++;
            continue;
        }
        cut parts = { 0, 0, -1, -1 };
        mrg_tagged one = tagged;
        int two = find_cut(f, first, &end, tagged.type, &parts);
        one.first = (uint32_t)first;
        one.count = (uint32_t)((two ? parts.at : end) - first);
        set_type(&one, two ? parts.type : -1);
        if (one.count && trim(f, &one))
            out[count++] = one;
        if (!two)
            break;
        set_type(&tagged, parts.other_type);
        first = parts.from;
    }
    return count;
}

void mrg_trim_tagged(mrg_finder *f, mrg_tagger *t)
{
    size_t count = t->tagged_count, words = 0, out = 0;
    for (size_t i = 0; i < count; i++)
        words += t->tagged[i].count;
    if (!count)
        return;
    /* they are read from behind what is written */
    if (mrg_reserve((void **)&t->tagged, &t->tagged_capacity, words + count, sizeof *t->tagged)) {
        f->failed = 1;
        return;
    }
    memmove(t->tagged + words, t->tagged, count * sizeof *t->tagged);
    for (size_t i = 0; i < count; i++)
        out += part(f, t->tagged[words + i], t->tagged + out);
    t->tagged_count = out;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stretches of capitalised words -> spans. "Kremlin Spokesman Dmitry Peskov" is two names with a title
 * between; "But Norway's Energy Minister" is one.
 */
#include "entity/article.h"

/* ---- What is no name ---- */

static int said_after(mrg_finder *f, size_t i)
{
    return i + 1 < f->tokens->count && !is_capital(f, i + 1) && mrg_gap_after(f, i) == GAP_SPACE &&
           mrg_word_at(f, i + 1) & MRG_WORD_SAID;
}

/* "Redesignated", "Fortification": the tables cannot have them all. */
static int has_common_ending(mrg_finder *f, size_t i)
{
    static const char *const endings[] = { "ed", "ing", "ly", "ion", "ions", "ment", "ments", "ness", "ists", "ors" };
    const mrg_token *t = token_at(f, i);
    const char *term = term_at(f, i);
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        size_t n = strlen(endings[k]);
        if (t->term_len > n + 2 && !memcmp(term + t->term_len - n, endings[k], n))
            return 1;
    }
    return 0;
}

/* A word whose capital the place explains: does anything else say that it is a name? */
static int start_is_name(mrg_finder *f, size_t i)
{
    uint32_t word = f->word[i];
    const mrg_token *t = token_at(f, i);
    const mrg_doubt *doubt = mrg_doubt_find(f, i);
    if (t->flags & (MRG_TOKEN_ACRONYM | MRG_TOKEN_DIGIT) || (t->flags & MRG_TOKEN_ALL_CAPS && t->term_len <= 6))
        return 1;
    if (doubt && doubt->capital > doubt->small)
        return 1;
    if (doubt && doubt->small)
        return 0;
    if (word & (MRG_WORD_SURNAME | MRG_WORD_FIRST_NAME) && said_after(f, i))
        return 1;
    if (word & MRG_WORD_COMMON)
        return 0;
    return word & (MRG_WORD_SURNAME | MRG_WORD_FIRST_NAME | MRG_WORD_KNOWN_FIRST) || !has_common_ending(f, i);
}

static int is_single_name(mrg_finder *f, size_t i, uint32_t flags)
{
    const uint32_t never = MRG_WORD_FUNCTION | MRG_WORD_CALENDAR | MRG_WORD_DEMONYM | MRG_WORD_NOT_NAME;
    uint32_t word = f->word[i];
    const mrg_token *t = token_at(f, i);
    if (word & WORD_STATES)
        return 1;
    if (flags & SPAN_TITLED)
        return t->term_len > 1 && !(word & (MRG_WORD_FUNCTION | MRG_WORD_NOT_NAME));
    const mrg_known *known = word & MRG_WORD_KNOWN_FIRST ? mrg_known_find(term_at(f, i), t->term_len) : NULL;
    if (known && known->flags & MRG_KNOWN_CAPS && !(t->flags & MRG_TOKEN_ALL_CAPS))
        known = NULL;
    if (word & never && !known)
        return 0;
    if ((t->flags & MRG_TOKEN_DIGIT && !known) || mrg_is_ticker_part(f, i))
        return 0; /* "H5N1", "A380", "MOT.N" */
    if (!known && t->flags & MRG_TOKEN_ALL_CAPS && word & MRG_WORD_COMMON)
        return 0;
    if (word & WORD_AT_START && !known && word & (MRG_WORD_ORG_PART | MRG_WORD_TITLE_PART | MRG_WORD_HEADS))
        return (word & (MRG_WORD_SURNAME | MRG_WORD_FIRST_NAME)) && start_is_name(f, i);
    if (word & WORD_AT_START)
        return start_is_name(f, i);
    if (known && (known->canonical || !(word & MRG_WORD_COMMON)))
        return 1;
    if (t->term_len < 2 || word & (MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_LEGAL_FORM))
        return (word & (MRG_WORD_SURNAME | MRG_WORD_FIRST_NAME)) != 0;
    if (t->flags & MRG_TOKEN_ALL_CAPS || word & (MRG_WORD_SURNAME | MRG_WORD_FIRST_NAME))
        return 1;
    return !(word & (MRG_WORD_COMMON | MRG_WORD_HEADS | MRG_WORD_ORG_PART | MRG_WORD_DIRECTION));
}

/* "the Council": may turn out to be short for a longer name. */
static int is_short_for(mrg_finder *f, size_t i)
{
    return i && f->word[i] & MRG_WORD_ORG_HEAD && !(f->word[i] & (WORD_AT_START | MRG_WORD_FIRST_NAME)) &&
           term_is(f, i - 1, "the") && mrg_gap_after(f, i - 1) == GAP_SPACE;
}

/* Several words, of which at least one must be more than an ordinary word, unless a head tells. */
static int are_names(mrg_finder *f, size_t a, size_t b)
{
    const uint32_t plain = MRG_WORD_COMMON | MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_ORG_PART |
                           MRG_WORD_FUNCTION | MRG_WORD_DEMONYM | MRG_WORD_NOT_NAME | MRG_WORD_DIRECTION |
                           MRG_WORD_CALENDAR;
    if (f->word[b - 1] & MRG_WORD_HEADS)
        return 1;
    for (size_t i = a; i < b; i++) {
        if (is_capital(f, i) && (!(f->word[i] & plain) || f->word[i] & (MRG_WORD_FIRST_NAME | MRG_WORD_SURNAME)))
            return 1;
    }
    return 0;
}

/* ---- Known names inside ---- */

size_t mrg_known_words(mrg_finder *f, size_t a, size_t b, const mrg_known **known)
{
    *known = NULL;
    if (!(f->word[a] & (MRG_WORD_KNOWN_FIRST | WORD_STATES | MRG_WORD_RESPELLED)))
        return 0;
    size_t most = b - a < MRG_KNOWN_MAX_WORDS ? b - a : MRG_KNOWN_MAX_WORDS;
    if (!(f->word[a] & (MRG_WORD_KNOWN_LONG | WORD_STATES | MRG_WORD_RESPELLED)))
        most = 1;
    for (size_t n = most; n; n--) {
        mrg_buffer_clear(&f->scratch);
        mrg_append_lookup(f->tokens, f->word, a, n, &f->scratch);
        if (f->scratch.failed) {
            f->failed = 1;
            return 0;
        }
        const mrg_known *found = mrg_known_find((const char *)f->scratch.data, f->scratch.len);
        if (!found)
            continue;
        uint32_t flags = token_at(f, a)->flags;
        if (found->flags & MRG_KNOWN_CAPS && !(flags & (MRG_TOKEN_ALL_CAPS | MRG_TOKEN_ACRONYM)))
            continue;
        if (found->flags & MRG_KNOWN_POSSESSIVE && !(flags & MRG_TOKEN_POSSESSIVE))
            continue;
        *known = found;
        return n;
    }
    return 0;
}

/* ---- Emitting ---- */

static void emit(mrg_finder *f, size_t a, size_t b, uint32_t flags)
{
    while (a < b && !is_capital(f, a) && !mrg_opens_with_particle(f, a, b))
        a++;
    while (b > a && !is_capital(f, b - 1) && !(token_at(f, b - 1)->flags & MRG_TOKEN_DIGIT))
        b--;
    if (b == a || b - a > MRG_MENTION_MAX_TOKENS)
        return; /* a list, or a heading */
    if (b - a == 1) {
        if (is_single_name(f, a, flags))
            mrg_span_add(f, a, 1, flags);
        else if (is_short_for(f, a))
            mrg_span_add(f, a, 1, SPAN_WEAK);
        return;
    }
    const mrg_known *known;
    int numbered = token_at(f, a)->term_len == 1 && token_at(f, a + 1)->flags & MRG_TOKEN_DIGIT;
    int named = !numbered && (flags & SPAN_TITLED || are_names(f, a, b)); /* not "F-16", "P-38 Lightning" */
    if (named || mrg_known_words(f, a, b, &known) == b - a)
        mrg_span_add(f, a, b - a, flags);
}

/* "LONDON (Reuters) - ", "ORRVIK, Norway, March 30 (Nordwire) - ": capitals at the start of a paragraph, and
   a dash before long. */
static int is_dateline(const mrg_finder *f, size_t a, size_t b)
{
    enum { MAX_TOKENS = 9 };
    if (!(token_at(f, a)->flags & MRG_TOKEN_SENTENCE))
        return 0;
    for (size_t i = a; i < b; i++) {
        if (!(token_at(f, i)->flags & MRG_TOKEN_ALL_CAPS))
            return 0;
    }
    for (size_t i = b - 1; i + 1 < f->tokens->count && i < b + MAX_TOKENS; i++) {
        const char *p = f->text + mrg_token_end(f, i), *end = f->text + token_at(f, i + 1)->begin;
        for (; p < end; p++) {
            if (p[0] == '\n' && p + 1 < end && p[1] == '\n')
                return 0;
            if (p[0] == '-' && p > f->text && (p[-1] == ' ' || p[-1] == ')') && p + 1 < end)
                return 1;
            if ((unsigned char)p[0] == 0xe2 && end - p >= 3 && (unsigned char)p[1] == 0x80 &&
                ((unsigned char)p[2] == 0x93 || (unsigned char)p[2] == 0x94))
                return 1;
        }
    }
    return 0;
}

/* ---- Titles ---- */

/* Where the words of a title that begins at q end: "Asst. Sec. of State". */
static size_t title_end(mrg_finder *f, size_t q, size_t b)
{
    size_t r = q + 1;
    while (r < b) {
        if (!is_capital(f, r)) {
            if (!term_is(f, r, "of") || r + 1 >= b || !(f->word[r + 1] & MRG_WORD_TITLE_PART))
                break;
            r += 2;
        } else if (f->word[r] & (MRG_WORD_TITLE | MRG_WORD_TITLE_PART) &&
                   (!(f->word[r] & MRG_WORD_FIRST_NAME) || r + 1 == b)) {
            r++;
        } else {
            break;
        }
    }
    return r;
}

static int is_title_at(mrg_finder *f, size_t a, size_t q, size_t b)
{
    if (!is_capital(f, q) || !(f->word[q] & MRG_WORD_TITLE))
        return 0;
    if (q > a && f->word[q - 1] & MRG_WORD_FIRST_NAME && !(f->word[q - 1] & MRG_WORD_TITLE) &&
        !(q + 1 < b && f->word[q + 1] & MRG_WORD_FIRST_NAME))
        return 0; /* "Stephen King" */
    size_t r = title_end(f, q, b);
    if (r < b && f->word[b - 1] & MRG_WORD_HEADS && !(f->word[r] & MRG_WORD_FIRST_NAME))
        return 0; /* "General Assembly" */
    return 1;
}

/* Finds the first title in [from, b): words of it in [*begin, *end). */
static int find_title(mrg_finder *f, size_t from, size_t b, size_t *begin, size_t *end)
{
    for (size_t q = from; q < b; q++) {
        if (!is_title_at(f, from, q, b))
            continue;
        *end = title_end(f, q, b);
        *begin = q;
        while (*begin > from && is_capital(f, *begin - 1) && f->word[*begin - 1] & MRG_WORD_TITLE_PART)
            --*begin;
        for (size_t i = *begin; *begin > from && i < q; i++) {
            if ((f->word[i] & (MRG_WORD_ORG_HEAD | MRG_WORD_ORG_START)) == (MRG_WORD_ORG_HEAD | MRG_WORD_ORG_START))
                *begin = i + 1; /* "Federal Reserve Bank President" */
        }
        return 1;
    }
    return 0;
}

/* ---- Runs without titles ---- */

/* A known name of several words inside, from which the words before it part: "Republican New York". */
static size_t find_known_inside(mrg_finder *f, size_t a, size_t b)
{
    const mrg_known *known;
    for (size_t m = a + 1; m < b; m++) {
        if (is_capital(f, m) && is_capital(f, m - 1) && mrg_known_words(f, m, b, &known) >= 2)
            return m;
    }
    return b;
}

/* "Chicago Board of Trade" */
static int has_start_of(mrg_finder *f, size_t a, size_t b)
{
    for (size_t i = a; i + 1 < b; i++) {
        if (f->word[i] & MRG_WORD_ORG_START && !is_capital(f, i + 1))
            return 1;
    }
    return 0;
}

/* "President Washington": also a surname, so that the title counts. */
static int known_surname(mrg_finder *f, size_t a, size_t b)
{
    return b - a == 1 && !(token_at(f, a)->flags & (MRG_TOKEN_ACRONYM | MRG_TOKEN_ALL_CAPS));
}

static void cut_plain(mrg_finder *f, size_t a, size_t b, uint32_t flags)
{
    while (a < b) {
        const mrg_known *known;
        size_t n = mrg_known_words(f, a, b, &known);
        int headed = b - a >= 2 && (f->word[b - 1] & MRG_WORD_HEADS || has_start_of(f, a + 1, b));
        if (n == b - a || (headed && !(n && known->type == MRG_ENTITY_PERSON))) {
            emit(f, a, b, n == b - a && known->type != MRG_ENTITY_PERSON && !known_surname(f, a, b) ? 0 : flags);
            return;
        }
        if (n) {
            int first_name = n == 1 && f->word[a] & MRG_WORD_FIRST_NAME && b - a <= 3 && is_capital(f, a + 1) &&
                             !(f->word[a + 1] & MRG_WORD_COMMON);
            if (first_name || known->type == MRG_ENTITY_PERSON) {
                emit(f, a, b, flags);
                return;
            }
            emit(f, a, a + n, 0);
            a += n;
            continue;
        }
        if (f->word[a] & MRG_WORD_DEMONYM && is_capital(f, a)) {
            a++;
            continue;
        }
        size_t m = find_known_inside(f, a, b);
        emit(f, a, m, flags);
        a = m;
        flags &= ~(uint32_t)SPAN_TITLED;
    }
}

/* The first word of a sentence goes if nothing says that it belongs to the name. */
static size_t skip_start(mrg_finder *f, size_t a, size_t b)
{
    const uint32_t keeps = MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_DEMONYM | MRG_WORD_ORG_PART |
                           MRG_WORD_ORG_HEAD | MRG_WORD_ORG_START | MRG_WORD_PLACE_START | MRG_WORD_EVENT_HEAD |
                           MRG_WORD_DIRECTION;
    const mrg_known *known;
    if (!(f->word[a] & WORD_AT_START) || b - a < 2 || !is_capital(f, a))
        return a;
    const mrg_doubt *doubt = mrg_doubt_find(f, a);
    int ordinary = (f->word[a] & MRG_WORD_COMMON && !(doubt && doubt->capital > doubt->small)) ||
                   (doubt && doubt->small && !doubt->capital);
    if (!ordinary || mrg_known_words(f, a, b, &known) >= 2)
        return a;
    if (f->word[a] & MRG_WORD_FIRST_NAME && !(f->word[a + 1] & MRG_WORD_COMMON))
        return a;
    if (f->word[a] & keeps && f->word[b - 1] & MRG_WORD_HEADS)
        return a;
    if (f->word[a] & (MRG_WORD_TITLE | MRG_WORD_TITLE_PART))
        return a;
    return f->word[a] & keeps && f->word[a + 1] & MRG_WORD_COMMON ? a : a + 1;
}

/* Titles may stand behind one another: "Asst. U.S. Attorney Dana Kowalczyk". */
static void cut_run(mrg_finder *f, size_t a, size_t b)
{
    uint32_t flags = 0;
    const mrg_known *known;
    a = skip_start(f, a, b);
    if (a < b && is_dateline(f, a, b)) {
        emit(f, a, b, SPAN_DATELINE);
        return;
    }
    while (a < b) {
        size_t begin, end, n = mrg_known_words(f, a, b, &known);
        if (n == b - a || !find_title(f, a + n, b, &begin, &end))
            break;
        if (begin > a)
            cut_plain(f, a, begin, flags);
        flags = SPAN_TITLED;
        a = end;
    }
    if (a < b)
        cut_plain(f, a, b, flags);
}

/* ---- Stretches ---- */

/* Words at which a stretch is parted and which are in no name. */
static int parts(mrg_finder *f, size_t first, size_t i, size_t end)
{
    const mrg_known *known;
    uint32_t word = f->word[i];
    if (!is_capital(f, i) || !(word & (MRG_WORD_FUNCTION | MRG_WORD_CALENDAR | MRG_WORD_NOT_NAME)))
        return 0;
    int alone = i + 1 >= end || !is_capital(f, i + 1);
    int named = i > first && f->word[i - 1] & MRG_WORD_FIRST_NAME && is_capital(f, i - 1);
    if (word & MRG_WORD_KNOWN_FIRST && mrg_known_words(f, i, end, &known) >= (word & MRG_WORD_FUNCTION ? 2 : 1))
        return 0;
    if (word & MRG_WORD_FIRST_NAME && !alone && !(f->word[i + 1] & MRG_WORD_COMMON) &&
        !(token_at(f, i + 1)->flags & MRG_TOKEN_DIGIT))
        return 0; /* "Will Smith", "April Jones" */
    if (word & MRG_WORD_CALENDAR && named)
        return 0; /* "Theresa May" */
    if (word & MRG_WORD_NOT_NAME && i > first && (word & MRG_WORD_HEADS || token_at(f, i)->term_len <= 4)) {
        const char *term = term_at(f, i);
        return !(term[0] == 'i' || term[0] == 'v' || term[0] == 'x' || word & MRG_WORD_HEADS);
    }
    return !(term_is(f, i, "i") && i > first && term_is(f, i - 1, "war"));
}

/* "TESORO SEES FLATTER MARGINS Tesoro said": a crosshead that ran into the text. */
static size_t skip_shouting(mrg_finder *f, size_t a, size_t b)
{
    size_t i = a, ordinary = 0;
    for (; i < b && token_at(f, i)->flags & MRG_TOKEN_ALL_CAPS; i++)
        ordinary += token_at(f, i)->term_len >= 4 && f->word[i] & MRG_WORD_COMMON;
    if (i - a < 2 || !ordinary)
        return a;
    for (size_t k = a; k < i; k++)
        f->word[k] |= WORD_LOUD;
    f->loud_count += (uint32_t)(i - a);
    return i;
}

static void cut_stretch(mrg_finder *f, size_t a, size_t b)
{
    for (size_t i = a; i < b; i++)
        mrg_word_at(f, i);
    a = skip_shouting(f, a, b);
    size_t begin = a;
    for (size_t i = a; i < b; i++) {
        if (!parts(f, begin, i, b))
            continue;
        if (i > begin)
            cut_run(f, begin, i);
        begin = i + 1;
    }
    if (begin < b)
        cut_run(f, begin, b);
}

void mrg_cut(mrg_finder *f)
{
    size_t i = 0, after = 0, count = f->tokens->count;
    while (!f->failed) {
        while (i < count && (!is_capital(f, i) || f->word[i] & WORD_LOUD))
            i++;
        if (i == count)
            return;
        if (i > after && mrg_opens_with_particle(f, i - 1, count))
            i--;
        after = mrg_stretch_end(f, i, count);
        cut_stretch(f, i, after);
        i = after;
    }
}

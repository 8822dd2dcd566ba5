/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capital says "name" only where it is not called for otherwise: at the start of a sentence or in a
 * headline it says nothing, and the rest of the article is asked how the word is written there.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "entity/article.h"

enum { DOUBT_BITS = 2048 };

int mrg_table_reset(mrg_table *table, size_t items)
{
    size_t needed = 64;
    while (needed < items * 2)
        needed *= 2;
    if (needed > table->capacity) {
        uint32_t *slots = mrg_reallocarray(table->slots, needed, sizeof *slots);
        if (!slots)
            return -1;
        table->slots = slots;
        table->capacity = needed;
    }
    table->used = needed;
    memset(table->slots, 0, needed * sizeof *table->slots);
    return 0;
}

void mrg_table_dispose(mrg_table *table)
{
    mrg_free(table->slots);
    memset(table, 0, sizeof *table);
}

uint32_t mrg_word_at(mrg_finder *f, size_t i)
{
    if (!(f->word[i] & WORD_READY))
        f->word[i] |= mrg_word_flags(term_at(f, i), token_at(f, i)->term_len) | WORD_READY;
    return f->word[i];
}

/* ---- Gaps ---- */

size_t mrg_token_end(const mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    const char *p = f->text + t->end;
    size_t left = f->len - t->end;
    if (!(t->flags & MRG_TOKEN_POSSESSIVE))
        return t->end;
    if (left >= 2 && p[0] == '\'')
        return t->end + ((p[1] | 32) == 's' ? 2u : 1u);
    if (left >= 3 && !memcmp(p, "\xe2\x80\x99", 3))
        return t->end + (left >= 4 && (p[3] | 32) == 's' ? 4u : 3u);
    return t->end;
}

static mrg_gap gap_of(unsigned char c)
{
    switch (c) {
    case '.':
        return GAP_PERIOD;
    case '&':
        return GAP_AMPERSAND;
    case ',':
        return GAP_COMMA;
    case '(':
    case '[':
        return GAP_OPEN;
    case ')':
    case ']':
        return GAP_CLOSE;
    case '-':
        return GAP_DASH;
    default:
        return GAP_OTHER;
    }
}

/* A line that ends here is too short for one that was wrapped: a heading, a menu. */
static int ends_short_line(const mrg_finder *f, size_t newline)
{
    enum { SHORT_LINE = 40 };
    for (size_t n = 1; n <= SHORT_LINE; n++) {
        if (newline < n || f->text[newline - n] == '\n')
            return 1;
    }
    return 0;
}

/* The bytes of a quotation mark at `at`, straight or curly; 0 if there is none. */
static size_t quote_at(const mrg_finder *f, size_t at, size_t end)
{
    const char *p = f->text + at;
    if (*p == '"')
        return 1;
    return end - at >= 3 && !memcmp(p, "\xe2\x80", 2) && strchr("\x98\x99\x9c\x9d", p[2]) ? 3 : 0;
}

/* One mark with white space around it is what it is; more of them are OTHER, but that an opening bracket
   counts wherever it is last, or before a quotation mark ("(\"S&P\")"). */
mrg_gap mrg_gap_after(const mrg_finder *f, size_t i)
{
    size_t at = mrg_token_end(f, i), end = token_at(f, i + 1)->begin;
    mrg_gap gap = GAP_SPACE;
    int lines = 0;
    if (at >= end || token_at(f, i + 1)->flags & MRG_TOKEN_HYPHEN)
        return GAP_NONE;
    if (end - at == 1) {
        if (f->text[at] == ' ')
            return GAP_SPACE;
        if (f->text[at] == '\n')
            return ends_short_line(f, at) ? GAP_OTHER : GAP_SPACE;
        return gap_of((unsigned char)f->text[at]);
    }
    for (; at < end; at++) {
        unsigned char c = (unsigned char)f->text[at];
        if (c == '\n' && (++lines == 2 || ends_short_line(f, at)))
            return GAP_OTHER;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
            continue;
        size_t quote = gap == GAP_OPEN ? quote_at(f, at, end) : 0;
        if (quote) {
            at += quote - 1;
            continue;
        }
        mrg_gap mark = gap_of(c);
        gap = gap == GAP_SPACE || mark == GAP_OPEN ? mark : GAP_OTHER;
    }
    return gap;
}

/* ---- Capitals that say nothing ---- */

/* A quotation, a list or a bracket opens here, or a sentence. */
static int is_at_start(const mrg_finder *f, size_t i)
{
    if (i == 0 || token_at(f, i)->flags & MRG_TOKEN_SENTENCE)
        return 1;
    size_t at = token_at(f, i - 1)->end, end = token_at(f, i)->begin;
    if (end - at <= 1)
        return 0;
    for (; at < end; at++) {
        unsigned char c = (unsigned char)f->text[at];
        if (c == '"' || c == ':' || c == '(' || c == '[' || c == '*' || c == '`')
            return 1;
        if (c == 0xe2 && end - at > 2 && (unsigned char)f->text[at + 1] == 0x80 &&
            strchr("\x98\x9c\xa2\x9e", f->text[at + 2]))
            return 1;
    }
    return 0;
}

/* The flags of a capitalised word in its place. */
static uint32_t capital_flags(mrg_finder *f, size_t i)
{
    const mrg_token *t = token_at(f, i);
    uint32_t flags = mrg_word_flags(term_at(f, i), t->term_len) | WORD_READY;
    if (t->flags & MRG_TOKEN_ACRONYM)
        flags |= MRG_WORD_KNOWN_FIRST | MRG_WORD_KNOWN_LONG;
    if (flags & MRG_WORD_FUNCTION && t->flags & MRG_TOKEN_ALL_CAPS) {
        if (term_is(f, i, "us"))
            return WORD_READY | WORD_STATES | MRG_WORD_KNOWN_FIRST;
        if (mrg_known_find(term_at(f, i), t->term_len))
            flags = WORD_READY | MRG_WORD_KNOWN_FIRST;
    }
    if (is_at_start(f, i))
        flags |= WORD_AT_START;
    f->capital_count++;
    return flags;
}

typedef struct sentence {
    size_t first;
    uint32_t words, capitals, all_caps, long_small, common_capitals;
} sentence;

/* All in capitals, or a headline Whose Longer Words All Have One; the latter needs a capital that no name
   explains. */
static int is_loud(const sentence *s)
{
    if (s->capitals >= 3 && s->all_caps * 10 >= s->words * 7)
        return 1;
    return s->capitals >= 4 && !s->long_small && s->common_capitals * 4 >= s->capitals;
}

static void end_sentence(mrg_finder *f, sentence *s, size_t end)
{
    if (is_loud(s)) {
        for (size_t i = s->first; i < end; i++) {
            if (f->word[i] & WORD_STATES)
                f->word[i] = WORD_READY | MRG_WORD_FUNCTION;
            f->word[i] |= WORD_LOUD;
        }
        f->loud_count += (uint32_t)(end - s->first);
    }
    *s = (sentence){ .first = end };
}

static void count_word(sentence *s, const mrg_token *t, uint32_t flags)
{
    const uint32_t explained = MRG_WORD_TITLE | MRG_WORD_TITLE_PART | MRG_WORD_ORG_HEAD | MRG_WORD_ORG_PART |
                               MRG_WORD_ORG_START | MRG_WORD_FIRST_NAME | MRG_WORD_PLACE_HEAD | MRG_WORD_EVENT_HEAD |
                               MRG_WORD_KNOWN_FIRST | MRG_WORD_NOT_NAME | WORD_AT_START;
    if (t->flags & MRG_TOKEN_DIGIT)
        return;
    s->words++;
    if (t->flags & MRG_TOKEN_CAPITAL) {
        s->capitals++;
        s->all_caps += (t->flags & MRG_TOKEN_ALL_CAPS) != 0;
        s->common_capitals += flags & MRG_WORD_COMMON && !(flags & explained);
    } else {
        s->long_small += t->term_len >= 4;
    }
}

static void read_words(mrg_finder *f)
{
    sentence s = { 0 };
    for (size_t i = 0; i < f->tokens->count; i++) {
        const mrg_token *t = token_at(f, i);
        if (t->flags & MRG_TOKEN_SENTENCE)
            end_sentence(f, &s, i);
        f->word[i] = is_capital(f, i) ? capital_flags(f, i) : 0;
        count_word(&s, t, f->word[i]);
    }
    end_sentence(f, &s, f->tokens->count);
}

/* ---- What the article says of doubtful words ---- */

static uint32_t doubt_bit(const char *term, uint32_t len)
{
    return ((unsigned char)term[0] * 31u + (unsigned char)term[len - 1] * 7u + len) & (DOUBT_BITS - 1);
}

static uint32_t *doubt_slot(const mrg_finder *f, const char *term, uint32_t len, uint32_t hash)
{
    const mrg_table *table = &f->doubt_table;
    size_t i = hash & (table->used - 1);
    for (; table->slots[i]; i = (i + 1) & (table->used - 1)) {
        const mrg_doubt *d = &f->doubts[table->slots[i] - 1];
        if (d->hash == hash && d->len == len && !memcmp(d->term, term, len))
            break;
    }
    return &table->slots[i];
}

static void add_doubt(mrg_finder *f, size_t i)
{
    const char *term = term_at(f, i);
    uint32_t len = token_at(f, i)->term_len, hash = mrg_name_hash(term, len), bit = doubt_bit(term, len);
    uint32_t *slot = doubt_slot(f, term, len, hash);
    if (*slot || f->failed)
        return;
    if (mrg_reserve((void **)&f->doubts, &f->doubt_capacity, f->doubt_count + 1, sizeof *f->doubts)) {
        f->failed = 1;
        return;
    }
    f->doubts[f->doubt_count++] = (mrg_doubt){ term, len, hash, 0, 0, 0 };
    *slot = (uint32_t)f->doubt_count;
    f->doubt_bits[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

const mrg_doubt *mrg_doubt_find(const mrg_finder *f, size_t i)
{
    const char *term = term_at(f, i);
    uint32_t len = token_at(f, i)->term_len;
    uint32_t slot = *doubt_slot(f, term, len, mrg_name_hash(term, len));
    return slot ? &f->doubts[slot - 1] : NULL;
}

static void settle_doubts(mrg_finder *f)
{
    for (size_t i = 0; i < f->tokens->count; i++) {
        const mrg_token *t = token_at(f, i);
        const char *term = mrg_token_term(f->tokens, t);
        uint32_t bit = doubt_bit(term, t->term_len);
        if (!(f->doubt_bits[bit >> 6] >> (bit & 63) & 1) || f->word[i] & (WORD_AT_START | WORD_LOUD))
            continue;
        uint32_t slot = *doubt_slot(f, term, t->term_len, mrg_name_hash(term, t->term_len));
        if (!slot)
            continue;
        if (t->flags & MRG_TOKEN_CAPITAL)
            f->doubts[slot - 1].capital++;
        else
            f->doubts[slot - 1].small++;
    }
}

void mrg_prepare(mrg_finder *f)
{
    size_t count = f->tokens->count;
    f->doubt_count = f->capital_count = 0;
    f->loud_count = 0;
    memset(f->doubt_bits, 0, sizeof f->doubt_bits);
    if (mrg_reserve((void **)&f->word, &f->word_capacity, count, sizeof *f->word)) {
        f->failed = 1;
        return;
    }
    read_words(f);
    if (mrg_table_reset(&f->doubt_table, f->capital_count) || mrg_table_reset(&f->form_table, f->capital_count)) {
        f->failed = 1;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_capital(f, i) && !(f->word[i] & (MRG_WORD_FUNCTION | WORD_LOUD)))
            add_doubt(f, i);
    }
    if (f->doubt_count)
        settle_doubts(f);
}

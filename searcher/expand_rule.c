/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "expand_rule.h"

#include <string.h>

#include "core/alloc.h"

/* ---- Characters ------------------------------------------------------------------------------------------- */

/* Bytes of the character at `p`, as its first byte has it; terms are valid UTF-8, but in damaged segments. */
static inline size_t char_bytes(const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    return n < left ? n : left;
}

/* A number that only this character has. */
static inline uint32_t char_at(const char *p, size_t bytes)
{
    uint32_t c = 0;
    for (size_t i = 0; i < bytes; i++)
        c = c << 8 | (unsigned char)p[i];
    return c;
}

/* ---- Patterns --------------------------------------------------------------------------------------------- */

static int is_wild(char c)
{
    return c == '*' || c == '?';
}

static void measure_pattern(mrg_rule *rule)
{
    while (rule->prefix_len < rule->len && !is_wild(rule->text[rule->prefix_len]))
        rule->prefix_len++;
    while (rule->tail_len < rule->len - rule->prefix_len && !is_wild(rule->text[rule->len - 1 - rule->tail_len]))
        rule->tail_len++;
}

/* Of several ways to match a *, only the last one's shortest needs to be tried again. */
static int pattern_fits(const char *pattern, size_t pattern_len, const char *word, size_t len)
{
    size_t p = 0, w = 0, star = SIZE_MAX, resume = 0;
    while (w < len) {
        if (p < pattern_len && pattern[p] == '*') {
            star = ++p;
            resume = w;
        } else if (p < pattern_len && pattern[p] == '?') {
            w += char_bytes(word + w, len - w);
            p++;
        } else if (p < pattern_len && pattern[p] == word[w]) {
            p++;
            w++;
        } else if (star != SIZE_MAX) {
            resume += char_bytes(word + resume, len - resume);
            w = resume;
            p = star;
        } else {
            return 0;
        }
    }
    while (p < pattern_len && pattern[p] == '*')
        p++;
    return p == pattern_len;
}

static int pattern_rule_fits(const mrg_rule *rule, const char *word, size_t len)
{
    size_t ends = rule->prefix_len + rule->tail_len;
    if (len < ends || memcmp(word + len - rule->tail_len, rule->text + rule->len - rule->tail_len, rule->tail_len))
        return 0;
    if (ends == rule->len) /* nothing wild in it */
        return len == ends;
    return pattern_fits(rule->text + rule->prefix_len, rule->len - rule->prefix_len, word + rule->prefix_len,
                        len - rule->prefix_len);
}

/* ---- Edits -------------------------------------------------------------------------------------------------- */

static morgue_status read_chars(mrg_rule *rule, morgue_error *err)
{
    rule->chars = mrg_calloc(rule->len + 1, sizeof *rule->chars);
    if (!rule->chars)
        return mrg_fail_nomem(err);
    for (size_t at = 0; at < rule->len;) {
        size_t n = char_bytes(rule->text + at, rule->len - at);
        rule->chars[rule->char_count++] = char_at(rule->text + at, n);
        at += n;
    }
    return MORGUE_OK;
}

static inline unsigned char least(unsigned a, unsigned b)
{
    return (unsigned char)(a < b ? a : b);
}

/* Works out the row of the walk's newest character; returns the smallest distance in it. Only cells near the
   diagonal can be small enough; the others count as one edit too many. */
static unsigned next_row(mrg_rule_walk *walk)
{
    const mrg_rule *rule = walk->rule;
    size_t n = rule->char_count, i = walk->depth, k = rule->edits;
    unsigned char *row = walk->rows + i * (n + 1), *above = row - (n + 1);
    const unsigned char *above2 = i > 1 ? above - (n + 1) : NULL;
    unsigned too_many = rule->edits + 1, smallest = too_many;
    uint32_t c = walk->chars[i];
    memset(row, (int)too_many, n + 1);
    if (i <= k)
        smallest = row[0] = (unsigned char)i;
    for (size_t j = i > k ? i - k : 1; j <= n && j <= i + k; j++) {
        unsigned cost = above[j - 1] + (rule->chars[j - 1] != c ? 1u : 0);
        cost = least(cost, least(above[j] + 1u, row[j - 1] + 1u));
        if (above2 && j > 1 && rule->chars[j - 1] == walk->chars[i - 1] && rule->chars[j - 2] == c)
            cost = least(cost, above2[j - 2] + 1u);
        row[j] = least(cost, too_many);
        smallest = least(smallest, row[j]);
    }
    return smallest;
}

static int fuzzy_rule_fits(mrg_rule_walk *walk, const char *word, size_t len, size_t shared)
{
    const mrg_rule *rule = walk->rule;
    if (shared >= walk->dead)
        return 0;
    walk->dead = SIZE_MAX;
    while (walk->depth && walk->ends[walk->depth] > shared)
        walk->depth--;
    for (size_t at = walk->ends[walk->depth]; at < len;) {
        size_t bytes = char_bytes(word + at, len - at);
        walk->depth++;
        walk->chars[walk->depth] = char_at(word + at, bytes);
        walk->ends[walk->depth] = at += bytes;
        if (next_row(walk) > rule->edits) {
            walk->dead = at;
            return 0;
        }
    }
    return walk->rows[walk->depth * (rule->char_count + 1) + rule->char_count] <= rule->edits;
}

static morgue_status start_fuzzy(mrg_rule_walk *walk, morgue_error *err)
{
    const mrg_rule *rule = walk->rule;
    /* No row beyond these has a small distance. */
    size_t depths = rule->char_count + rule->edits + 2;
    walk->rows = mrg_calloc(depths, rule->char_count + 1);
    walk->chars = mrg_calloc(depths, sizeof *walk->chars);
    walk->ends = mrg_calloc(depths, sizeof *walk->ends);
    if (!walk->rows || !walk->chars || !walk->ends)
        return mrg_fail_nomem(err);
    for (size_t j = 0; j <= rule->char_count; j++)
        walk->rows[j] = (unsigned char)(j <= rule->edits ? j : rule->edits + 1);
    return MORGUE_OK;
}

/* ---- Stems -------------------------------------------------------------------------------------------------- */

/* Bytes of a stem that its words surely begin with. Suffixes fall off, but the last letters may have
   changed: happy, happi; making, make; dying, die; not those of the shortest stems (going, go). (Finnish takes
   one of two consonants from anywhere; such words are missed.) */
static size_t stem_prefix(const char *stem, size_t len)
{
    size_t keep = len, changed = len > 4 || (len == 3 && !memcmp(stem + 1, "ie", 2)) ? 2 : len > 2 ? 1 : 0;
    for (; changed && keep; changed--) {
        keep--;
        while (keep && ((unsigned char)stem[keep] & 0xc0) == 0x80)
            keep--;
    }
    return keep;
}

static morgue_status stem_rule_fits(const mrg_rule *rule, const char *word, size_t len, int *fits, morgue_error *err)
{
    size_t stem_len;
    const char *stem = mrg_stem(rule->stemmer, word, len, &stem_len);
    *fits = stem && stem_len == rule->len && !memcmp(stem, rule->text, stem_len);
    return stem ? MORGUE_OK : mrg_fail_nomem(err);
}

/* ---- All ---------------------------------------------------------------------------------------------------- */

morgue_status mrg_rule_init(mrg_rule *rule, mrg_rule_type type, const char *text, size_t len, unsigned edits,
                            mrg_stemmer *stemmer, morgue_error *err)
{
    *rule = (mrg_rule){ .type = type, .text = text, .len = len, .edits = edits, .stemmer = stemmer };
    switch (type) {
    case MRG_RULE_PREFIX:
        rule->prefix_len = len;
        return MORGUE_OK;
    case MRG_RULE_PATTERN:
        measure_pattern(rule);
        return MORGUE_OK;
    case MRG_RULE_STEM:
        rule->prefix_len = stem_prefix(text, len);
        return MORGUE_OK;
    default:
        return read_chars(rule, err);
    }
}

void mrg_rule_dispose(mrg_rule *rule)
{
    mrg_free(rule->chars);
}

morgue_status mrg_rule_walk_init(mrg_rule_walk *walk, const mrg_rule *rule, morgue_error *err)
{
    *walk = (mrg_rule_walk){ .rule = rule, .dead = SIZE_MAX };
    return rule->type == MRG_RULE_FUZZY ? start_fuzzy(walk, err) : MORGUE_OK;
}

void mrg_rule_walk_dispose(mrg_rule_walk *walk)
{
    mrg_free(walk->rows);
    mrg_free(walk->chars);
    mrg_free(walk->ends);
}

morgue_status mrg_rule_fits(mrg_rule_walk *walk, const char *word, size_t len, size_t shared, int *fits,
                            morgue_error *err)
{
    switch (walk->rule->type) {
    case MRG_RULE_PREFIX:
        *fits = 1;
        return MORGUE_OK;
    case MRG_RULE_PATTERN:
        *fits = pattern_rule_fits(walk->rule, word, len);
        return MORGUE_OK;
    case MRG_RULE_STEM:
        return stem_rule_fits(walk->rule, word, len, fits, err);
    default:
        *fits = fuzzy_rule_fits(walk, word, len, shared);
        return MORGUE_OK;
    }
}

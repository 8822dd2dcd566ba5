/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Acronyms: two or more single letters with dots between, the last dot optional, are one word with all its
 * dots: U.S. U.S u.s. -> "u.s.", distinct from "us". So are e.g. and a.m. Not so: J. Smith (a space),
 * WFT.N and example.com (more than one letter), J.O'Brien (the second letter begins a word).
 */
#include <string.h>

#include "text/lexer.h"

/* A letter at p with its marks, if it stays one character when folded. Adds the folded bytes to `term`
   while it has room, and a dot. Returns where it ends, or NULL. */
static const unsigned char *take_unit(mrg_lexer *x, const unsigned char *p, unsigned char *term, size_t *len,
                                      uint32_t *flags)
{
    mrg_char c = mrg_lexer_look(x, p);
    uint32_t folded;
    if (c.class != MRG_CHAR_LETTER || mrg_decode_char(c.fold, c.fold + c.fold_len, &folded) != c.fold_len)
        return NULL;
    size_t used = *len;
    int fits = used + c.fold_len < MRG_TERM_MAX_BYTES;
    if (fits)
        memcpy(term + used, c.fold, c.fold_len);
    used += c.fold_len;
    if (!(c.flags & MRG_CHAR_UPPER))
        *flags &= ~(uint32_t)MRG_TOKEN_ALL_CAPS;
    p += c.bytes;
    for (c = mrg_lexer_look(x, p); c.class == MRG_CHAR_MARK; c = mrg_lexer_look(x, p)) {
        fits = fits && used + c.fold_len < MRG_TERM_MAX_BYTES;
        if (fits && c.fold_len)
            memcpy(term + used, c.fold, c.fold_len);
        used += c.fold_len;
        p += c.bytes;
    }
    if (fits) {
        term[used] = '.';
        *len = used + 1;
    }
    return p;
}

/* Nothing at p makes the letter before it the first of a word. */
static int ends_word(mrg_lexer *x, const unsigned char *p)
{
    const unsigned char *after = p;
    mrg_char c = mrg_lexer_look(x, p);
    if (c.class == MRG_CHAR_APOSTROPHE) {
        after += c.bytes;
        mrg_char s = mrg_lexer_look(x, after), next = mrg_lexer_look(x, after + s.bytes);
        return s.class != MRG_CHAR_LETTER || ((s.codepoint | 32) == 's' && !mrg_is_alnum(&next));
    }
    return !mrg_is_alnum(&c) && c.class != MRG_CHAR_IGNORE && c.codepoint != '&';
}

/* Where 's ends, if that is at p; else p. */
static const unsigned char *skip_possessive(mrg_lexer *x, const unsigned char *p)
{
    mrg_char c = mrg_lexer_look(x, p);
    if (c.class != MRG_CHAR_APOSTROPHE)
        return p;
    mrg_char s = mrg_lexer_look(x, p + c.bytes), next = mrg_lexer_look(x, p + c.bytes + s.bytes);
    if ((s.codepoint | 32) != 's' || mrg_is_alnum(&next) || next.class == MRG_CHAR_MARK)
        return p;
    return p + c.bytes + s.bytes;
}

int mrg_read_acronym(mrg_lexer *x, const unsigned char *begin)
{
    unsigned char term[MRG_TERM_MAX_BYTES];
    const unsigned char *p = begin, *end = NULL;
    size_t len = 0, letters = 0;
    uint32_t flags = MRG_TOKEN_ALL_CAPS;
    for (;;) {
        size_t before = len;
        uint32_t flags_before = flags;
        const unsigned char *after = take_unit(x, p, term, &len, &flags);
        int dot = after && after < x->end && *after == '.';
        if (!after || (!dot && (letters == 0 || !ends_word(x, after)))) {
            len = before;
            flags = flags_before;
            break;
        }
        letters++;
        end = p = after + (dot ? 1 : 0);
        if (!dot)
            break;
    }
    if (letters < 2)
        return 0;
    const unsigned char *next = skip_possessive(x, end);
    mrg_char first = mrg_lexer_look(x, begin);
    if (first.flags & MRG_CHAR_UPPER)
        flags |= MRG_TOKEN_CAPITAL;
    flags |= MRG_TOKEN_ACRONYM | (next > end ? MRG_TOKEN_POSSESSIVE : 0u);
    unsigned char *room = mrg_lexer_room(x);
    if (!room)
        return 1;
    memcpy(room, term, len);
    mrg_word_form word = { room, len, flags, !(first.flags & MRG_CHAR_UPPER) };
    mrg_lexer_emit(x, begin, end, &word, next);
    return 1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in quotation marks, piece by piece: words, words with marks, slots. */
#include <string.h>
#include <strings.h>

#include "parse.h"

static const struct slot_name {
    const char *name;
    mrg_entity_type type;
} slot_names[] = {
    { "person", MRG_ENTITY_PERSON }, { "org", MRG_ENTITY_ORG },    { "place", MRG_ENTITY_PLACE },
    { "event", MRG_ENTITY_EVENT },   { "name", MRG_ENTITY_TYPES }, { "date", MRG_ENTITY_DATE },
};

size_t mrg_slot_len(const char *text, size_t len, int *known, mrg_entity_type *type)
{
    size_t n = 1;
    *known = 0;
    while (n < len && n < 24 && ((text[n] >= 'a' && text[n] <= 'z') || (text[n] >= 'A' && text[n] <= 'Z')))
        n++;
    if (len < 3 || text[0] != '<' || n == 1 || n == len || text[n] != '>')
        return 0;
    for (size_t i = 0; i < sizeof slot_names / sizeof *slot_names; i++) {
        if (strlen(slot_names[i].name) == n - 1 && strncasecmp(text + 1, slot_names[i].name, n - 1) == 0) {
            *known = 1;
            *type = slot_names[i].type;
        }
    }
    return n + 1;
}

/* Places are asked for in ascending order, so that a phrase is counted through once. */
static int column_at(mrg_phrase_reader *r, size_t pos)
{
    r->column = mrg_column_of(r->text + r->counted, pos - r->counted, r->column);
    r->counted = pos;
    return r->column;
}

static size_t space_len(const mrg_phrase_reader *r, size_t pos)
{
    int32_t c;
    size_t n = mrg_char_peek(r->text, r->len, pos, &c);
    return n && mrg_char_is_space(c) ? n : 0;
}

/* Where the piece at `pos` ends: before a space or slot, or behind the slot that it is. */
static size_t piece_end(const mrg_phrase_reader *r, size_t pos)
{
    int known;
    mrg_entity_type type;
    size_t n = mrg_slot_len(r->text + pos, r->len - pos, &known, &type);
    if (n)
        return pos + n;
    while (pos < r->len && !space_len(r, pos)) {
        int32_t c;
        pos += mrg_char_peek(r->text, r->len, pos, &c);
        if (pos < r->len && r->text[pos] == '<' && mrg_slot_len(r->text + pos, r->len - pos, &known, &type))
            break;
    }
    return pos;
}

/* 's, ’s or a lone apostrophe, as texts have behind names. */
static size_t possessive_len(const char *text, size_t len)
{
    int32_t apostrophe, s, next;
    size_t n = mrg_char_peek(text, len, 0, &apostrophe);
    if (apostrophe != '\'' && apostrophe != 0x2019)
        return 0;
    size_t m = n + mrg_char_peek(text, len, n, &s);
    mrg_char_peek(text, len, m, &next);
    if ((s == 's' || s == 'S') && !mrg_char_is_word(next))
        return m;
    return mrg_char_is_word(s) ? 0 : n;
}

static morgue_status read_slot(mrg_phrase_reader *r, size_t begin, size_t end, mrg_phrase_element *out,
                               morgue_error *err)
{
    int known;
    mrg_slot_len(r->text + begin, end - begin, &known, &out->entity_type);
    if (!known)
        return mrg_refuse(err, out->column,
                          "there is no slot %.*s; in quotation marks <person> <org> <place> <event> <name> and <date> "
                          "stand for any mention of that type; else leave < and > out",
                          (int)(end - begin), r->text + begin);
    out->type = MRG_NODE_SLOT;
    out->text = r->text + begin;
    out->len = end - begin;
    r->pos = end + possessive_len(r->text + end, r->len - end);
    return MORGUE_OK;
}

/* word~, word~1 and word~2, punctuation behind it. */
static morgue_status read_fuzzy(const mrg_phrase_reader *r, size_t begin, size_t end, size_t tilde,
                                mrg_phrase_element *out, morgue_error *err)
{
    size_t rest = tilde + 1;
    int column = mrg_column_of(r->text + begin, tilde - begin, out->column);
    if (rest < end && (r->text[rest] == '1' || r->text[rest] == '2'))
        out->edits = (unsigned)(r->text[rest++] - '0');
    if (!mrg_has_word(r->text + begin, tilde - begin))
        return mrg_refuse(err, column, "~ stands directly behind a word; leave it out here");
    if (mrg_has_word(r->text + rest, end - rest) || memchr(r->text + rest, '~', end - rest))
        return mrg_refuse(err, column, "behind word~ only 1 or 2 may stand, how many letters may differ; if ~ belongs "
                                       "to the word, write a space for it: marks cannot be searched for");
    if (mrg_find_wildcard(r->text + begin, end - begin) < end - begin)
        return mrg_refuse(err, column, "a word has either wildcards (* and ?) or ~, not both; leave one out");
    out->type = MRG_NODE_FUZZY;
    out->text = r->text + begin;
    out->len = tilde - begin;
    return mrg_check_fuzzy(out->text, out->len, out->column, &out->edits, err);
}

static morgue_status read_pattern(const mrg_phrase_reader *r, size_t begin, size_t end, mrg_phrase_element *out,
                                  morgue_error *err)
{
    out->type = MRG_NODE_PATTERN;
    out->text = r->text + begin;
    out->len = end - begin;
    if (!mrg_has_word(out->text, out->len))
        return mrg_refuse(err, out->column,
                          "* stands for letters of a word, as in sanction*; for words in between write \"a b\"~3");
    return mrg_check_pattern(out->text, out->len, out->column, err);
}

/* Where a piece has a mark that makes it more than words, else its end. */
static size_t find_mark(const mrg_phrase_reader *r, size_t begin, size_t end, size_t *tilde)
{
    int known;
    mrg_entity_type type;
    size_t len = end - begin;
    const char *mark = memchr(r->text + begin, '~', len);
    *tilde = mark ? (size_t)(mark - r->text) : end;
    if (mrg_slot_len(r->text + begin, len, &known, &type))
        return begin;
    if (mrg_is_url(r->text + begin, len)) {
        *tilde = end;
        return end;
    }
    size_t wild = begin + mrg_find_wildcard(r->text + begin, len);
    return wild < *tilde ? wild : *tilde;
}

/* Words up to the next piece with marks, or to the end; len 0 if there are none. */
static void read_words(mrg_phrase_reader *r, mrg_phrase_element *out)
{
    size_t begin = r->pos, end = begin, tilde, n;
    while (r->pos < r->len) {
        if ((n = space_len(r, r->pos)) > 0) {
            r->pos += n;
            continue;
        }
        size_t next = piece_end(r, r->pos);
        if (find_mark(r, r->pos, next, &tilde) < next)
            break;
        r->pos = end = next;
    }
    out->type = MRG_NODE_WORDS;
    out->text = r->text + begin;
    out->len = mrg_has_word(out->text, end - begin) ? end - begin : 0;
}

morgue_status mrg_phrase_next(mrg_phrase_reader *r, mrg_phrase_element *out, morgue_error *err)
{
    size_t n, tilde;
    memset(out, 0, sizeof *out);
    while ((n = space_len(r, r->pos)) > 0)
        r->pos += n;
    out->column = column_at(r, r->pos);
    read_words(r, out);
    if (out->len || r->pos == r->len)
        return MORGUE_OK;
    out->column = column_at(r, r->pos);
    size_t begin = r->pos, end = piece_end(r, begin);
    size_t mark = find_mark(r, begin, end, &tilde);
    r->pos = end;
    if (mark == begin && r->text[begin] == '<')
        return read_slot(r, begin, end, out, err);
    return tilde < end ? read_fuzzy(r, begin, end, tilde, out, err) : read_pattern(r, begin, end, out, err);
}

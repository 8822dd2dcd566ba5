/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/names_near.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "entity/sound.h"
#include "store/catalogue.h"
#include "store/names_write.h"
#include "text/chars.h"

enum { MAX_DEPTH = MRG_NEAR_MAX_CHARS + MRG_NEAR_MAX_EDITS, PREFIX = sizeof MRG_NAMES_PREFIX_WORD - 1 };

typedef uint8_t row[MRG_NEAR_MAX_CHARS + 1];

/* rows[d][j]: distance of the first d characters of the term from the first j of the word. */
typedef struct walk {
    uint32_t word[MRG_NEAR_MAX_CHARS];
    size_t word_len;
    unsigned max;
    size_t fixed;
    uint32_t term[MAX_DEPTH + 1];
    uint16_t end[MAX_DEPTH + 2]; /* byte offset in the term before character d */
    uint8_t least[MAX_DEPTH + 2]; /* of the row */
    row rows[MAX_DEPTH + 2];
    size_t depth; /* characters whose rows are made */
} walk;

void mrg_near_list_dispose(mrg_near_list *list)
{
    mrg_free(list->items);
    mrg_arena_dispose(&list->arena);
    memset(list, 0, sizeof *list);
}

unsigned mrg_near_edits(size_t char_count)
{
    return char_count < 5 ? 0 : char_count < 9 ? 1 : 2;
}

/* The characters of a word; more than `max` of them give max + 1. */
static size_t decode(const char *text, size_t len, uint32_t *out, size_t max)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + len;
    size_t n = 0;
    while (p < end) {
        if (n == max)
            return max + 1;
        p += mrg_decode_char(p, end, &out[n++]);
    }
    return n;
}

/* ---- Rows ---- */

static void first_row(walk *w)
{
    for (size_t j = 0; j <= w->word_len; j++)
        w->rows[0][j] = (uint8_t)j;
    w->least[0] = 0;
    w->depth = 0;
    w->end[0] = 0;
}

/* Makes row d + 1 of the term's character d. */
static void next_row(walk *w, size_t d, uint32_t c)
{
    const uint8_t *before = w->rows[d];
    uint8_t *now = w->rows[d + 1];
    uint8_t least = now[0] = (uint8_t)(d + 1);
    w->term[d] = c;
    for (size_t j = 1; j <= w->word_len; j++) {
        unsigned best = before[j - 1] + (w->word[j - 1] == c ? 0u : 1u);
        if (before[j] + 1u < best)
            best = before[j] + 1u;
        if (now[j - 1] + 1u < best)
            best = now[j - 1] + 1u;
        if (d && j > 1 && c == w->word[j - 2] && w->term[d - 1] == w->word[j - 1] && w->rows[d - 1][j - 2] + 1u < best)
            best = w->rows[d - 1][j - 2] + 1u;
        now[j] = (uint8_t)best;
        if (best < least)
            least = (uint8_t)best;
    }
    w->least[d + 1] = least;
}

/* Whether anything that begins with the d characters so far may still come near. */
static int is_alive(const walk *w, size_t d)
{
    if (d <= w->fixed && d && w->term[d - 1] != w->word[d - 1])
        return 0;
    /* two characters that change places are one edit over two rows */
    return w->least[d] <= w->max || (d && w->least[d - 1] < w->max);
}

/* The smallest character above `after` that may follow the d characters so far; 0 for none. */
static uint32_t next_character(const walk *w, size_t d, uint32_t after)
{
    uint32_t best = 0;
    if (d >= MAX_DEPTH)
        return 0;
    if (d < w->fixed)
        return w->word[d] > after ? w->word[d] : 0;
    if (w->least[d] < w->max)
        return after + 1;
    for (size_t j = 0; j < w->word_len; j++) {
        uint32_t c = w->word[j];
        int matches = w->rows[d][j] <= w->max;
        int swaps = d && j + 1 < w->word_len && w->term[d - 1] == w->word[j + 1] && w->rows[d - 1][j] < w->max;
        if ((matches || swaps) && c > after && (!best || c < best))
            best = c;
    }
    return best;
}

/* ---- The walk ---- */

static size_t encode(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Reads the term as far as it can come near. Returns the characters read; *dead says whether it cannot. */
static size_t read_term(walk *w, const char *term, size_t len, int *dead)
{
    const unsigned char *p = (const unsigned char *)term, *end = p + len;
    size_t d = 0;
    *dead = 0;
    while (p < end) {
        uint32_t c;
        p += mrg_decode_char(p, end, &c);
        if (d >= MAX_DEPTH) {
            *dead = 1;
            break;
        }
        if (d >= w->depth || w->term[d] != c) {
            next_row(w, d, c);
            w->depth = d + 1;
            w->end[d + 1] = (uint16_t)(p - (const unsigned char *)term);
        }
        d++;
        if (!is_alive(w, d)) {
            *dead = 1;
            break;
        }
    }
    w->depth = d;
    return d;
}

/* Where to go on behind the first d characters of the term; 0 when there is nothing more. */
static size_t next_target(const walk *w, size_t d, const char *term, char *target)
{
    while (d--) {
        uint32_t c = next_character(w, d, w->term[d]);
        if (c) {
            memcpy(target, term, w->end[d]);
            return w->end[d] + encode(target + w->end[d], c);
        }
    }
    return 0;
}

static morgue_status add_word(mrg_near_list *out, xapian_database *names, const char *term, size_t len, unsigned edits,
                              morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_termcount articles = 0;
    if (xapian_database_collection_freq(&articles, names, term, len, &cause))
        return mrg_fail_xapian(err, &cause, "cannot look up a name");
    if (mrg_reserve((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items))
        return mrg_fail_nomem(err);
    char *copy = mrg_arena_strndup(&out->arena, term + PREFIX, len - PREFIX);
    if (!copy)
        return mrg_fail_nomem(err);
    out->items[out->count++] = (mrg_near_word){ copy, (uint32_t)(len - PREFIX), edits, articles };
    return MORGUE_OK;
}

static int is_after(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order > 0 : a_len > b_len;
}

static morgue_status walk_terms(walk *w, xapian_database *names, xapian_term_iter *it, mrg_near_list *out,
                                morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    char target[PREFIX + 4 * MAX_DEPTH + 8] = MRG_NAMES_PREFIX_WORD;
    const char *term;
    size_t len;
    morgue_status status = MORGUE_OK;
    size_t first = next_character(w, 0, 0) > 1 ? encode(target + PREFIX, next_character(w, 0, 0)) : 0;
    xapian_status got = first ? xapian_term_iter_seek(&term, &len, it, target, PREFIX + first, &cause)
                              : xapian_term_iter_next(&term, &len, it, &cause);
    while (!got && !status) {
        int dead;
        size_t d = read_term(w, term + PREFIX, len - PREFIX, &dead);
        if (!dead) {
            if (d >= w->fixed && w->rows[d][w->word_len] <= w->max)
                status = add_word(out, names, term, len, w->rows[d][w->word_len], err);
            got = xapian_term_iter_next(&term, &len, it, &cause);
            continue;
        }
        size_t to = next_target(w, d, term + PREFIX, target + PREFIX);
        if (!to)
            break;
        /* What is no UTF-8 does not sort as its characters do. */
        if (!is_after(target, PREFIX + to, term, len))
            got = xapian_term_iter_next(&term, &len, it, &cause);
        else
            got = xapian_term_iter_seek(&term, &len, it, target, PREFIX + to, &cause);
    }
    if (got < 0 && !status)
        status = mrg_fail_xapian(err, &cause, "cannot look up a name");
    return status;
}

morgue_status mrg_names_near(xapian_database *names, const char *word, size_t len, unsigned max_edits, size_t fixed,
                             mrg_near_list *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    walk w;
    w.word_len = decode(word, len, w.word, MRG_NEAR_MAX_CHARS);
    w.max = max_edits;
    w.fixed = fixed < w.word_len ? fixed : w.word_len;
    if (w.word_len > MRG_NEAR_MAX_CHARS)
        return MORGUE_OK;
    first_row(&w);
    if (xapian_database_allterms(&it, names, MRG_NAMES_PREFIX_WORD, strlen(MRG_NAMES_PREFIX_WORD), &cause))
        return mrg_fail_xapian(err, &cause, "cannot look up a name");
    morgue_status status = walk_terms(&w, names, it, out, err);
    xapian_term_iter_free(it);
    return status;
}

unsigned mrg_edit_distance(const char *a, size_t a_len, const char *b, size_t b_len, unsigned max)
{
    walk w;
    uint32_t other[MRG_NEAR_MAX_CHARS];
    w.word_len = decode(a, a_len, w.word, MRG_NEAR_MAX_CHARS);
    size_t n = decode(b, b_len, other, MRG_NEAR_MAX_CHARS);
    if (w.word_len > MRG_NEAR_MAX_CHARS || n > MRG_NEAR_MAX_CHARS)
        return max + 1;
    first_row(&w);
    for (size_t d = 0; d < n; d++)
        next_row(&w, d, other[d]);
    return w.rows[n][w.word_len] <= max ? w.rows[n][w.word_len] : max + 1;
}

/* ---- Other ways ---- */

static int by_edits(const void *pa, const void *pb)
{
    const mrg_near_word *a = pa, *b = pb;
    if (a->edits != b->edits)
        return a->edits < b->edits ? -1 : 1;
    if (a->articles != b->articles)
        return a->articles > b->articles ? -1 : 1;
    return strcmp(a->word, b->word);
}

void mrg_near_list_keep(mrg_near_list *list, size_t max)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, by_edits);
    if (list->count > max)
        list->count = max;
}

size_t mrg_count_chars(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

morgue_status mrg_names_sounding(xapian_database *names, const char *word, size_t len, mrg_near_list *out,
                                 morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    char asked[MRG_SOUND_MAX];
    const char *term;
    size_t term_len, asked_len = mrg_sound_key(asked, word, len);
    morgue_status status = MORGUE_OK;
    if (!asked_len)
        return MORGUE_OK;
    xapian_status got = xapian_database_allterms(&it, names, MRG_NAMES_PREFIX_WORD, PREFIX, &cause);
    while (!got && !status && !(got = xapian_term_iter_next(&term, &term_len, it, &cause))) {
        if (!mrg_sounds_so(asked, asked_len, term + PREFIX, term_len - PREFIX))
            continue;
        unsigned most = (unsigned)(len / 2 + 1);
        unsigned edits = mrg_edit_distance(word, len, term + PREFIX, term_len - PREFIX, most);
        if (edits <= most)
            status = add_word(out, names, term, term_len, edits, err);
    }
    xapian_term_iter_free(it);
    return got < 0 && !status ? mrg_fail_xapian(err, &cause, "cannot look up a name") : status;
}

morgue_status mrg_names_beginning(xapian_database *names, const char *word, size_t len, size_t max, mrg_near_list *out,
                                  morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    char prefix[XAPIAN_MAX_TERM_LEN] = MRG_NAMES_PREFIX_WORD;
    const char *term;
    size_t term_len;
    morgue_status status = MORGUE_OK;
    if (len + PREFIX > sizeof prefix)
        return MORGUE_OK;
    memcpy(prefix + PREFIX, word, len);
    xapian_status got = xapian_database_allterms(&it, names, prefix, PREFIX + len, &cause);
    while (!got && !status && !(got = xapian_term_iter_next(&term, &term_len, it, &cause)))
        status = add_word(out, names, term, term_len, 0, err);
    mrg_near_list_keep(out, max);
    xapian_term_iter_free(it);
    return got < 0 && !status ? mrg_fail_xapian(err, &cause, "cannot look up a name") : status;
}

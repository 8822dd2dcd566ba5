/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snippet.h"

#include <string.h>

#include "core/alloc.h"

#define ELLIPSIS "\xe2\x80\xa6"

void mrg_spans_dispose(mrg_spans *spans)
{
    mrg_free(spans->items);
    memset(spans, 0, sizeof *spans);
}

/* Ascending begins; a span that touches the last one by more than its end joins it. */
static morgue_status add_span(mrg_spans *spans, uint32_t begin, uint32_t end, morgue_error *err)
{
    if (begin >= end)
        return MORGUE_OK;
    if (spans->count && begin < spans->items[spans->count - 1].end) {
        morgue_span *last = &spans->items[spans->count - 1];
        last->end = end > last->end ? end : last->end;
        return MORGUE_OK;
    }
    if (mrg_reserve((void **)&spans->items, &spans->capacity, spans->count + 1, sizeof *spans->items))
        return mrg_fail_nomem(err);
    spans->items[spans->count++] = (morgue_span){ begin, end };
    return MORGUE_OK;
}

morgue_status mrg_marks_spans(const mrg_marks *marks, size_t begin, size_t end, mrg_spans *out, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    out->count = 0;
    for (size_t i = 0; i < marks->count && !status; i++) {
        const mrg_mark *m = &marks->items[i];
        if (m->begin >= begin && m->end <= end)
            status = add_span(out, (uint32_t)(m->begin - begin), (uint32_t)(m->end - begin), err);
    }
    return status;
}

/* ---- Which window ----------------------------------------------------------------------------------- */

typedef struct window {
    size_t begin, end; /* bytes */
} window;

/* Characters in a stretch of UTF-8. */
static size_t count_chars(const char *text, size_t begin, size_t end)
{
    size_t n = 0;
    for (size_t i = begin; i < end; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

/* Walks up to `chars` characters forward from `at`, not past `limit`. */
static size_t forward(const char *text, size_t at, size_t limit, size_t chars)
{
    while (at < limit && chars) {
        at++;
        while (at < limit && ((unsigned char)text[at] & 0xc0) == 0x80)
            at++;
        chars--;
    }
    return at;
}

static size_t backward(const char *text, size_t at, size_t limit, size_t chars)
{
    while (at > limit && chars) {
        at--;
        while (at > limit && ((unsigned char)text[at] & 0xc0) == 0x80)
            at--;
        chars--;
    }
    return at;
}

/* Marks first to last (in the body) that fit into max_chars and show most of the query: different units
   first, then more marks, then nearness, then the earlier place. */
typedef struct best_marks {
    size_t first, last;
    double score;
} best_marks;

static double unit_value(const mrg_marker *marker, uint32_t unit)
{
    return marker->units[unit].common ? 0.05 : 1;
}

static void consider(best_marks *best, size_t first, size_t last, double distinct, const mrg_marks *marks, size_t span)
{
    size_t chars = marks->items[last].end - marks->items[first].begin;
    double score = distinct + 0.02 * (double)(last - first + 1) / (1 + 0.02 * (double)(last - first + 1)) -
                   0.1 * (double)chars / (double)(span + 1);
    if (score > best->score + 1e-9)
        *best = (best_marks){ first, last, score };
}

/* `counts` has a zero for each unit. Two ends that only move forward. */
static best_marks choose_marks(const mrg_marks *marks, const mrg_marker *marker, const mrg_record *record, size_t begin,
                               size_t max_chars, uint32_t *counts)
{
    best_marks best = { SIZE_MAX, SIZE_MAX, 0 };
    size_t first = 0;
    double distinct = 0;
    while (first < marks->count && marks->items[first].begin < begin)
        first++;
    size_t span = max_chars * 3 / 4;
    for (size_t last = first; last < marks->count; last++) {
        const mrg_mark *m = &marks->items[last];
        if (counts[m->unit]++ == 0)
            distinct += unit_value(marker, m->unit);
        while (first < last && m->end > forward(record->text, marks->items[first].begin, record->text_len, span)) {
            if (--counts[marks->items[first].unit] == 0)
                distinct -= unit_value(marker, marks->items[first].unit);
            first++;
        }
        consider(&best, first, last, distinct, marks, span);
    }
    return best;
}

/* The first token at or after a byte. */
static size_t token_at(const mrg_marks *marks, size_t byte)
{
    size_t low = 0, high = marks->tokens.count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (marks->tokens.items[mid].begin < byte)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Where to begin: at a sentence if one begins near enough before the marks, else at a word. */
static size_t choose_begin(const mrg_marks *marks, const mrg_record *record, size_t begin, size_t marked, size_t room)
{
    size_t earliest = backward(record->text, marked, begin, room);
    if (earliest <= begin)
        return begin;
    size_t near = backward(record->text, marked, begin, room / 3);
    size_t word = marked;
    for (size_t i = token_at(marks, earliest); i < marks->tokens.count; i++) {
        const mrg_token *t = &marks->tokens.items[i];
        if (t->begin > marked)
            break;
        if (t->flags & MRG_TOKEN_SENTENCE)
            return t->begin;
        if (t->begin >= near && t->begin < word && !(t->flags & (MRG_TOKEN_HYPHEN | MRG_TOKEN_NGRAM)))
            word = t->begin;
    }
    return word;
}

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The end of the last word that ends within the room; scripts without spaces are cut where the room ends. */
static size_t choose_end(const mrg_record *record, size_t begin, size_t at_least, size_t limit, size_t max_chars)
{
    size_t end = forward(record->text, begin, limit, max_chars);
    if (end >= limit)
        return limit;
    size_t cut = end;
    while (cut > at_least && cut > begin && !is_space(record->text[cut]))
        cut--;
    if (cut <= begin || cut + (end - begin) / 3 < end)
        return end > at_least ? end : at_least;
    return cut > at_least ? cut : at_least;
}

/* ---- Writing it ---------------------------------------------------------------------------------------- */

/* Copies text[from, to) on one line: a run of white space becomes one space, a control character none. */
static void append_line(mrg_buffer *out, const char *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        unsigned char c = (unsigned char)text[i];
        /* C1 controls are C2 80 to C2 9F in UTF-8. */
        int c1 = c == 0xc2 && i + 1 < to && (unsigned char)text[i + 1] < 0xa0;
        /* U+2028 and U+2029 end lines as well; U+202A to U+202E and U+2066 to U+2069 turn the text around. */
        int turn = c == 0xe2 && i + 2 < to &&
                   (((unsigned char)text[i + 1] == 0x80 && (unsigned char)text[i + 2] >= 0xa8 &&
                     (unsigned char)text[i + 2] <= 0xae) ||
                    ((unsigned char)text[i + 1] == 0x81 && (unsigned char)text[i + 2] >= 0xa6 &&
                     (unsigned char)text[i + 2] <= 0xa9));
        if (c <= ' ' || c == 0x7f || c1 || turn) {
            if (out->len && out->data[out->len - 1] != ' ')
                mrg_buffer_append_byte(out, ' ');
            i += c1 ? 1 : turn ? 2 : 0;
        } else {
            mrg_buffer_append_byte(out, c);
        }
    }
}

static morgue_status write_snippet(const mrg_marks *marks, const mrg_record *record, window w, window all,
                                   mrg_buffer *text, mrg_spans *spans, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    size_t at = w.begin;
    if (w.begin > all.begin)
        mrg_buffer_append_str(text, ELLIPSIS " ");
    for (size_t i = 0; i < marks->count && !status; i++) {
        const mrg_mark *m = &marks->items[i];
        if (m->begin < w.begin || m->end > w.end || m->end <= at)
            continue;
        size_t from = m->begin > at ? m->begin : at;
        append_line(text, record->text, at, from);
        size_t begin = text->len;
        append_line(text, record->text, from, m->end);
        /* A mark that goes on from an overlapping one belongs to it. */
        if (m->begin < at && spans->count)
            spans->items[spans->count - 1].end = (uint32_t)text->len;
        else
            status = add_span(spans, (uint32_t)begin, (uint32_t)text->len, err);
        at = m->end;
    }
    append_line(text, record->text, at, w.end);
    while (text->len && text->data[text->len - 1] == ' ')
        text->len--;
    if (w.end < all.end)
        mrg_buffer_append_str(text, " " ELLIPSIS);
    if (!status && !mrg_buffer_cstr(text))
        status = mrg_fail_nomem(err);
    return status;
}

/* White space at the ends does not count as text left out. */
static window trim(const mrg_record *record, size_t begin, size_t end)
{
    while (begin < end && is_space(record->text[begin]))
        begin++;
    while (end > begin && is_space(record->text[end - 1]))
        end--;
    return (window){ begin, end };
}

morgue_status mrg_snippet_make(const mrg_marks *marks, const mrg_marker *marker, const mrg_record *record,
                               size_t max_chars, mrg_buffer *text, mrg_spans *spans, morgue_error *err)
{
    mrg_buffer_clear(text);
    spans->count = 0;
    window all = trim(record, record->body_begin, record->text_len);
    if (all.begin == all.end)
        all = trim(record, 0, record->title_len);
    uint32_t *counts = mrg_calloc(marker->count, sizeof *counts);
    if (!counts)
        return mrg_fail_nomem(err);
    best_marks best = choose_marks(marks, marker, record, all.begin, max_chars, counts);
    mrg_free(counts);
    window w = { all.begin, all.begin };
    size_t at_least = all.begin;
    if (best.first != SIZE_MAX) {
        at_least = marks->items[best.last].end;
        size_t marked = count_chars(record->text, marks->items[best.first].begin, at_least);
        size_t room = max_chars > marked ? max_chars - marked : 0;
        w.begin = choose_begin(marks, record, all.begin, marks->items[best.first].begin, room * 2 / 3);
    }
    w.end = choose_end(record, w.begin, at_least, all.end, max_chars);
    w = trim(record, w.begin, w.end);
    return write_snippet(marks, record, w, all, text, spans, err);
}

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
        if (!m->whole && m->begin >= begin && m->end <= end)
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

/* What of the query a stretch shows, by units: a mark of its own, a whole occurrence, or just a part of one. */
typedef struct shown {
    uint32_t full, part;
} shown;

/* Worth of one unit more, or less. */
static double count_mark(shown *units, const mrg_marker *marker, const mrg_mark *m, int step)
{
    shown *unit = &units[m->unit];
    int is_part = marker->units[m->unit].type == MRG_UNIT_SPANS && !m->whole;
    double before = unit->full ? 1 : unit->part ? 0.4 : 0;
    if (is_part)
        unit->part += (uint32_t)step;
    else
        unit->full += (uint32_t)step;
    double after = unit->full ? 1 : unit->part ? 0.4 : 0;
    return (after - before) * (marker->units[m->unit].common ? 0.05 : 1);
}

/* The stretch of marks in the body that fits and shows most of the query: different units first, then more
   marks, then nearness, then the earlier place. */
typedef struct best_marks {
    size_t begin, end; /* bytes; equal for none */
    double score;
} best_marks;

static void consider(best_marks *best, size_t begin, size_t end, double units, size_t count, size_t span)
{
    double many = 0.02 * (double)count;
    double score = units + many / (1 + many) - 0.1 * (double)(end - begin) / (double)(span + 1);
    if (score > best->score + 1e-9)
        *best = (best_marks){ begin, end, score };
}

/* All stretches that begin with mark `first` and end by `limit`. Leaves `units` as it was, all zero. */
static void consider_from(best_marks *best, const mrg_marks *marks, const mrg_marker *marker, shown *units,
                          size_t first, size_t limit, size_t span)
{
    const mrg_mark *items = marks->items;
    size_t last = first, end = 0, count = 0;
    double value = 0;
    for (; last < marks->count && items[last].begin < limit; last++) {
        if (items[last].end > limit && (last > first || items[last].whole))
            continue;
        value += count_mark(units, marker, &items[last], 1);
        end = items[last].end > end ? items[last].end : end;
        count += !items[last].whole;
        if (count)
            consider(best, items[first].begin, end, value, count, span);
    }
    while (last-- > first)
        units[items[last].unit] = (shown){ 0, 0 };
}

static best_marks choose_marks(const mrg_marks *marks, const mrg_marker *marker, const mrg_record *record, size_t begin,
                               size_t max_chars, shown *units)
{
    best_marks best = { 0, 0, 0 };
    size_t first = 0, span = max_chars * 3 / 4, from = begin, limit = forward(record->text, begin, record->text_len, span);
    while (first < marks->count && marks->items[first].begin < begin)
        first++;
    for (; first < marks->count; first++) {
        size_t at = marks->items[first].begin;
        limit = forward(record->text, limit, record->text_len, count_chars(record->text, from, at));
        from = at;
        consider_from(&best, marks, marker, units, first, limit, span);
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

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The byte where what a token is written in begins: quotation marks, brackets and currency signs before it. */
static size_t written_begin(const mrg_record *record, size_t token_begin, size_t limit)
{
    enum { MOST = 8 };
    size_t at = token_begin;
    while (at > limit && token_begin - at < MOST && !is_space(record->text[at - 1]))
        at--;
    return token_begin - at < MOST ? at : token_begin;
}

/* Where to begin: with the sentence of the marks if that is near enough, and those before it while they are
   short; else at a word. */
static size_t choose_begin(const mrg_marks *marks, const mrg_record *record, size_t begin, size_t marked, size_t room)
{
    size_t earliest = backward(record->text, marked, begin, room);
    if (earliest <= begin)
        return begin;
    size_t near = backward(record->text, marked, begin, room / 3);
    size_t word = marked, sentence = SIZE_MAX;
    for (size_t i = token_at(marks, earliest); i < marks->tokens.count; i++) {
        const mrg_token *t = &marks->tokens.items[i];
        if (t->begin > marked)
            break;
        if (t->flags & MRG_TOKEN_SENTENCE && (sentence == SIZE_MAX || t->begin < near))
            sentence = t->begin;
        if (t->begin >= near && t->begin < word && !(t->flags & (MRG_TOKEN_HYPHEN | MRG_TOKEN_NGRAM)))
            word = t->begin;
    }
    return written_begin(record, sentence != SIZE_MAX ? sentence : word, begin);
}

static int ends_sentence(const mrg_record *record, size_t end)
{
    static const char *const closing[] = { "\"", ")", "\xe2\x80\x9d", "\xe2\x80\x99" };
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
        size_t n = strlen(closing[i]);
        if (end > n && !memcmp(record->text + end - n, closing[i], n)) {
            end -= n;
            break;
        }
    }
    return end > 0 && strchr(".!?", record->text[end - 1]) != NULL;
}

/* The end of the last sentence that ends in the last third of the room, else of the last word; scripts
   without spaces are cut where the room ends. */
static size_t choose_end(const mrg_marks *marks, const mrg_record *record, size_t begin, size_t at_least, size_t limit,
                         size_t max_chars)
{
    size_t end = forward(record->text, begin, limit, max_chars);
    if (end >= limit)
        return limit;
    size_t soonest = begin + (end - begin) * 2 / 3, cut = end;
    soonest = soonest > at_least ? soonest : at_least;
    for (size_t i = token_at(marks, end); i-- > 0 && marks->tokens.items[i].begin > soonest;) {
        size_t before = marks->tokens.items[i].begin;
        if (!(marks->tokens.items[i].flags & MRG_TOKEN_SENTENCE))
            continue;
        before = written_begin(record, before, begin);
        while (before > soonest && is_space(record->text[before - 1]))
            before--;
        if (before > soonest && ends_sentence(record, before))
            return before;
    }
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
        if (m->whole || m->begin < w.begin || m->end > w.end || m->end <= at)
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
    shown *units = mrg_calloc(marker->count, sizeof *units);
    if (!units)
        return mrg_fail_nomem(err);
    best_marks best = choose_marks(marks, marker, record, all.begin, max_chars, units);
    mrg_free(units);
    window w = { all.begin, all.begin };
    size_t at_least = all.begin;
    if (best.begin < best.end) {
        at_least = best.end;
        size_t marked = count_chars(record->text, best.begin, at_least);
        size_t room = max_chars > marked ? max_chars - marked : 0;
        w.begin = choose_begin(marks, record, all.begin, best.begin, room * 2 / 3);
    }
    w.end = choose_end(marks, record, w.begin, at_least, all.end, max_chars);
    w = trim(record, w.begin, w.end);
    return write_snippet(marks, record, w, all, text, spans, err);
}

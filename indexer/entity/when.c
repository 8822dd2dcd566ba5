/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One walk over the tokens, then the dates go among the names. */
#include "entity/when.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/calendar.h"
#include "core/error.h"
#include "entity/when_scan.h"

morgue_status mrg_when_create(mrg_when **out, morgue_error *err)
{
    *out = mrg_calloc(1, sizeof **out);
    mrg_date_words_init();
    return *out ? MORGUE_OK : mrg_fail_nomem(err);
}

void mrg_when_free(mrg_when *w)
{
    if (!w)
        return;
    mrg_free(w->dates);
    mrg_free(w);
}

void mrg_date_add(mrg_when *w, size_t first, size_t end, mrg_date_value value)
{
    if (mrg_reserve((void **)&w->dates, &w->capacity, w->count + 1, sizeof *w->dates)) {
        w->failed = 1;
        return;
    }
    w->dates[w->count++] = (mrg_date_mention){ (uint32_t)first, (uint32_t)(end - first), value, 0 };
}

/* ---- The walk ---- */

static size_t read_word_at(mrg_when *w, size_t i)
{
    int number = 0;
    mrg_date_word word = mrg_date_word_at(w, i, &number);
    switch (word) {
    case DATE_WORD_NONE:
        return 0;
    case DATE_WORD_MONTH:
    case DATE_WORD_MONTH_SHORT:
        return mrg_read_month(w, i, number, word == DATE_WORD_MONTH_SHORT);
    case DATE_WORD_WEEKDAY:
        return mrg_read_weekday(w, i, number);
    default:
        return mrg_read_relative(w, i, word, number);
    }
}

static void read_all(mrg_when *w)
{
    const mrg_token *tokens = w->tokens->items;
    size_t count = w->tokens->count;
    for (size_t i = 0; i < count && !w->failed;) {
        size_t taken = 0;
        if (tokens[i].flags & MRG_TOKEN_DIGIT)
            taken = mrg_read_number(w, i);
        else if (mrg_may_be_date_word(mrg_token_term(w->tokens, &tokens[i]), tokens[i].term_len))
            taken = read_word_at(w, i);
        i += taken ? taken : 1;
    }
}

/* ---- Among the names ---- */

/* Drops the dates that overlap names; both ascend. */
static void give_way(mrg_when *w, const mrg_found *found)
{
    size_t kept = 0, m = 0;
    for (size_t i = 0; i < w->count; i++) {
        const mrg_date_mention *d = &w->dates[i];
        while (m < found->mention_count && found->mentions[m].first_token + found->mentions[m].token_count <= d->first)
            m++;
        if (m == found->mention_count || found->mentions[m].first_token >= d->first + d->count)
            w->dates[kept++] = *d;
    }
    w->count = kept;
}

static void format_value(mrg_date_value value, char out[16])
{
    unsigned v = (unsigned)(value & ~DATE_DECADE), year = v / 10000 % 10000, month = v / 100 % 100, day = v % 100;
    if (value & DATE_DECADE)
        snprintf(out, 16, "%04us", year);
    else if (!month)
        snprintf(out, 16, "%04u", year);
    else if (!day)
        snprintf(out, 16, "%04u-%02u", year, month);
    else
        snprintf(out, 16, "%04u-%02u-%02u", year, month, day);
}

static morgue_status add_entity(mrg_found *found, mrg_date_value value, morgue_error *err)
{
    char text[16], key[18] = "d:";
    if (mrg_reserve((void **)&found->entities, &found->entity_capacity, found->entity_count + 1, sizeof *found->entities))
        return mrg_fail_nomem(err);
    format_value(value, text);
    memcpy(key + 2, text, sizeof text);
    key[0] = mrg_entity_letter(MRG_ENTITY_DATE);
    char *kept = mrg_arena_strndup(&found->arena, key, strlen(key));
    if (!kept)
        return mrg_fail_nomem(err);
    found->entities[found->entity_count++] = (mrg_article_entity){ .type = MRG_ENTITY_DATE, .key = kept, .name = kept + 2 };
    return MORGUE_OK;
}

static int by_value(const void *a, const void *b)
{
    const mrg_date_mention *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static int by_place(const void *a, const void *b)
{
    const mrg_date_mention *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* One entity a value, in the order of values. */
static morgue_status add_entities(mrg_when *w, mrg_found *found, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    qsort(w->dates, w->count, sizeof *w->dates, by_value);
    for (size_t i = 0; i < w->count && !status; i++) {
        if (!i || w->dates[i].value != w->dates[i - 1].value)
            status = add_entity(found, w->dates[i].value, err);
        if (status)
            break;
        mrg_article_entity *e = &found->entities[found->entity_count - 1];
        w->dates[i].entity = (uint32_t)found->entity_count - 1;
        e->weight = ++e->mention_count;
    }
    qsort(w->dates, w->count, sizeof *w->dates, by_place);
    return status;
}

/* From the last to the first, within the array. */
static morgue_status add_mentions(mrg_when *w, mrg_found *found, morgue_error *err)
{
    size_t names = found->mention_count, dates = w->count, total = names + dates;
    if (mrg_reserve((void **)&found->mentions, &found->mention_capacity, total, sizeof *found->mentions))
        return mrg_fail_nomem(err);
    found->mention_count = total;
    while (dates) {
        const mrg_date_mention *d = &w->dates[dates - 1];
        if (names && found->mentions[names - 1].first_token > d->first) {
            found->mentions[--total] = found->mentions[--names];
        } else {
            found->mentions[--total] = (mrg_mention){ d->first, d->count, d->entity };
            dates--;
        }
    }
    return MORGUE_OK;
}

morgue_status mrg_when_run(mrg_when *w, const char *text, size_t len, const mrg_tokens *tokens, const mrg_day *published,
                           mrg_found *found, morgue_error *err)
{
    w->text = text;
    w->len = len;
    w->tokens = tokens;
    w->published = *published;
    w->today = 0;
    w->count = 0;
    w->failed = 0;
    if (published->year)
        w->today = mrg_days_from_civil(published->year, published->month ? published->month : 7,
                                       published->day ? published->day : published->month ? 15 : 1);
    read_all(w);
    if (w->failed)
        return mrg_fail_nomem(err);
    give_way(w, found);
    if (!w->count)
        return MORGUE_OK;
    morgue_status status = add_entities(w, found, err);
    return status ? status : add_mentions(w, found, err);
}

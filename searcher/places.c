/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "places.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "match.h"

/* Pairs looked at in one call, for each place that may come out. */
enum { STEPS_FOR_ONE = 4, INSERTION_MAX = 24 };

void mrg_places_dispose(mrg_places *list)
{
    mrg_free(list->items);
    memset(list, 0, sizeof *list);
}

static inline int append(mrg_places *list, mrg_place place)
{
    if (list->count == list->capacity &&
        mrg_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return -1;
    list->items[list->count++] = place;
    return 0;
}

int mrg_places_add(mrg_places *list, uint32_t first, uint32_t last)
{
    return append(list, (mrg_place){ first, last, 0 });
}

void mrg_places_close(mrg_places *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->items[i].gaps = 0;
}

/* ---- Order ---------------------------------------------------------------------------------------------- */

static inline int order_of(const mrg_place *x, const mrg_place *y)
{
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->last < y->last ? -1 : x->last > y->last;
}

static int compare_places(const void *a, const void *b)
{
    const mrg_place *x = a, *y = b;
    int order = order_of(x, y);
    return order ? order : (x->gaps > y->gaps) - (x->gaps < y->gaps);
}

static void insert_in_order(mrg_place *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        mrg_place place = items[i];
        size_t k = i;
        for (; k > 0 && compare_places(&items[k - 1], &place) > 0; k--)
            items[k] = items[k - 1];
        items[k] = place;
    }
}

static int is_sorted(const mrg_place *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (order_of(&items[i - 1], &items[i]) >= 0)
            return 0;
    }
    return 1;
}

/* Sorts, and drops the same again; returns how many are left. */
static size_t sort_items(mrg_place *items, size_t count)
{
    size_t kept = 1;
    if (is_sorted(items, count))
        return count;
    if (count <= INSERTION_MAX)
        insert_in_order(items, count);
    else
        qsort(items, count, sizeof *items, compare_places);
    for (size_t i = 1; i < count; i++) {
        if (order_of(&items[kept - 1], &items[i]) != 0)
            items[kept++] = items[i];
    }
    return kept;
}

void mrg_places_sort(mrg_places *list)
{
    list->count = sort_items(list->items, list->count);
}

/* Of places that begin together and end `low` to `low` + `range` - 1: by a table of the ends. */
static int tabulate(mrg_place *items, size_t *count, uint32_t low, size_t range)
{
    uint32_t *gaps = mrg_malloc(range * sizeof *gaps), first = items[0].first;
    if (!gaps)
        return -1;
    memset(gaps, 0xff, range * sizeof *gaps);
    for (size_t i = 0; i < *count; i++) {
        uint32_t *at = &gaps[items[i].last - low];
        *at = items[i].gaps < *at ? items[i].gaps : *at;
    }
    *count = 0;
    for (size_t i = 0; i < range; i++) {
        if (gaps[i] != UINT32_MAX)
            items[(*count)++] = (mrg_place){ first, low + (uint32_t)i, gaps[i] };
    }
    mrg_free(gaps);
    return 0;
}

/* The same for places that begin together, of which there may be very many that are the same. */
static int sort_group(mrg_place *items, size_t *count)
{
    uint32_t low = UINT32_MAX, high = 0;
    if (is_sorted(items, *count))
        return 0;
    for (size_t i = 0; i < *count; i++) {
        low = items[i].last < low ? items[i].last : low;
        high = items[i].last > high ? items[i].last : high;
    }
    if (*count > INSERTION_MAX && (high - low) / 4 < *count)
        return tabulate(items, count, low, (size_t)(high - low) + 1);
    *count = sort_items(items, *count);
    return 0;
}

/* ---- Either --------------------------------------------------------------------------------------------- */

int mrg_places_merge(mrg_places *out, const mrg_places *a, const mrg_places *b, size_t max)
{
    size_t i = 0, k = 0;
    out->count = 0;
    if (mrg_reserve((void **)&out->items, &out->capacity, a->count + b->count, sizeof *out->items))
        return -1;
    while ((i < a->count || k < b->count) && out->count < max) {
        int order = i == a->count ? 1 : k == b->count ? -1 : order_of(&a->items[i], &b->items[k]);
        mrg_place place = order <= 0 ? a->items[i] : b->items[k];
        if (order == 0 && b->items[k].gaps < place.gaps)
            place.gaps = b->items[k].gaps;
        out->items[out->count++] = place;
        i += order <= 0;
        k += order >= 0;
    }
    out->is_cut = i < a->count || k < b->count;
    return 0;
}

/* ---- One after the other ----------------------------------------------------------------------------------- */

/* Those of `right` that begin after a place, from the first. Places come nearly in order, so the look-out
   only moves a little; each step counts. */
static size_t first_after(const mrg_places *right, size_t at, uint32_t last, size_t *steps)
{
    for (; at > 0 && right->items[at - 1].first > last; at--)
        ++*steps;
    for (; at < right->count && right->items[at].first <= last; at++)
        ++*steps;
    return at;
}

/* Places that begin together, which end one after the other, reach mostly the same of `right`. Where gaps do not
   matter each of these is taken once, so that many pairs of long lists cost no more than what they come to. */
int mrg_places_extend(mrg_places *out, const mrg_places *left, const mrg_places *right, uint32_t distance, int is_last,
                      size_t max)
{
    size_t at = 0, steps = 0, i = 0, max_steps = STEPS_FOR_ONE * max;
    out->count = 0;
    while (i < left->count && out->count < max && steps < max_steps) {
        size_t group = out->count, taken = 0;
        uint32_t first = left->items[i].first;
        for (; i < left->count && left->items[i].first == first && steps < max_steps; i++) {
            mrg_place from = left->items[i];
            at = first_after(right, at, from.last, &steps);
            size_t k = is_last && taken > at ? taken : at;
            for (; k < right->count && steps < max_steps; k++, steps++) {
                uint32_t gap = right->items[k].first - from.last - 1;
                if (gap > distance - from.gaps)
                    break;
                if (append(out, (mrg_place){ first, right->items[k].last, from.gaps + gap }))
                    return -1;
            }
            taken = k > taken ? k : taken;
        }
        size_t made = out->count - group;
        if (made && sort_group(out->items + group, &made))
            return -1;
        out->count = group + made;
    }
    out->is_cut = i < left->count || out->count > max || steps >= max_steps;
    out->count = out->count > max ? max : out->count;
    return 0;
}

/* The index of a place in a list, or its count. */
static size_t find(const mrg_places *list, uint32_t first, uint32_t last)
{
    const mrg_place key = { first, last, 0 };
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = order_of(&list->items[mid], &key);
        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return list->count;
}

void mrg_places_trace(const mrg_places *whole, const uint32_t *wanted, const mrg_places *left, uint32_t *left_wanted,
                      const mrg_places *right, uint32_t *right_wanted, uint32_t distance, int is_last)
{
    size_t at = 0, steps = 0, max_steps = STEPS_FOR_ONE * MRG_SPANS_MAX;
    for (size_t i = 0; i < left->count && steps < max_steps; i++) {
        mrg_place from = left->items[i];
        at = first_after(right, at, from.last, &steps);
        for (size_t k = at; k < right->count && steps < max_steps; k++, steps++) {
            uint32_t gap = right->items[k].first - from.last - 1;
            if (gap > distance - from.gaps)
                break;
            size_t found = find(whole, from.first, right->items[k].last);
            if (found == whole->count || !wanted[found])
                continue;
            uint32_t room = is_last ? distance : wanted[found] - 1;
            if (from.gaps + gap > room)
                continue;
            left_wanted[i] = room - gap + 1 > left_wanted[i] ? room - gap + 1 : left_wanted[i];
            right_wanted[k] = 1;
        }
    }
}

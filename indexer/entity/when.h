/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dates that a text speaks of, as values with granularity: a day "2014-03-01", a month "2014-03", a
 * year "2014", a decade "1990s". A quarter, a half, "early 2014" and "year's end" are their year, a season
 * such as "2013/14" the year it begins in; weeks and centuries are left out. A range is its two ends, each a
 * mention of its own. The rules know English only.
 */
#ifndef MRG_WHEN_H
#define MRG_WHEN_H

#include "entity/finder.h"

/* A day, month or year; what is not known is 0, and all of it for no date. */
typedef struct mrg_day {
    int year, month, day;
} mrg_day;

/* Belongs to one thread; keeps the memory that its largest article needed. */
typedef struct mrg_when mrg_when;
morgue_status mrg_when_create(mrg_when **out, morgue_error *err);
void mrg_when_free(mrg_when *when);

/*
 * Adds the dates of one article to what the finder found in it, as entities of type DATE and mentions. Where a
 * name and a date overlap, the name stays. `published` is what "Tuesday" and "last month" count from; as far as
 * it is not known they are left out. Without a year "March 1" is the nearest one, unless the sentence
 * tells future or past; a weekday is the nearest before or on the day of publication, after it if
 * the sentence speaks of the future. Linear in the tokens.
 */
morgue_status mrg_when_run(mrg_when *when, const char *text, size_t len, const mrg_tokens *tokens,
                           const mrg_day *published, mrg_found *found, morgue_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proleptic Gregorian calendar, years 0 to 10000: the arithmetic, not the reading of dates. */
#ifndef MRG_CALENDAR_H
#define MRG_CALENDAR_H

#include <stdint.h>

int mrg_days_in_month(int year, int month);

/* Days since 1970-01-01. */
int64_t mrg_days_from_civil(int year, int month, int day);
void mrg_civil_from_days(int64_t days, int *year, int *month, int *day);

/* 0 is Monday, 6 Sunday. */
int mrg_weekday_of(int64_t days);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables, one article a record; csv.c. */
#ifndef MRG_CSV_H
#define MRG_CSV_H

#include "source/reader.h"

/* Non-zero if the first line names columns that articles have, under our names or mapped ones (--field). */
int mrg_csv_detect(const unsigned char *bytes, size_t len, const char *const *fields);

#endif

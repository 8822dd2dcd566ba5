/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation goes through here, so that a test can make the Nth one fail. NULL means memory ran out
 * (or was made to); sizes that overflow are NULL too.
 */
#ifndef MRG_ALLOC_H
#define MRG_ALLOC_H

#include <stddef.h>

void *mrg_malloc(size_t size);
void *mrg_calloc(size_t count, size_t size);
void *mrg_realloc(void *old, size_t size);
void *mrg_reallocarray(void *old, size_t count, size_t size);
char *mrg_strdup(const char *s);
char *mrg_strndup(const char *s, size_t len);
void mrg_free(void *p);

/* Makes room for `needed` items in an array that holds `*capacity` (doubling). 0, or -1 when memory
   ran out; the old array is then as it was. */
int mrg_reserve(void **array, size_t *capacity, size_t needed, size_t item_size);

/* Gives what was freed back to the system, as far as the C library can. Takes milliseconds: for the ends of large work. */
void mrg_alloc_trim(void);

/* For tests: the Nth allocation from now fails (0: none does), on any thread. */
void mrg_alloc_fail_at(long n);

#endif

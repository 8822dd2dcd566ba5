/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static atomic_long fail_countdown;

/* One relaxed load when no test is running. */
static int made_to_fail(void)
{
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) <= 0)
        return 0;
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

void mrg_alloc_fail_at(long n)
{
    atomic_store(&fail_countdown, n);
}

void *mrg_malloc(size_t size)
{
    return made_to_fail() ? NULL : malloc(size ? size : 1);
}

void *mrg_calloc(size_t count, size_t size)
{
    return made_to_fail() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *mrg_realloc(void *old, size_t size)
{
    return made_to_fail() ? NULL : realloc(old, size ? size : 1);
}

void *mrg_reallocarray(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return mrg_realloc(old, count * size);
}

char *mrg_strndup(const char *s, size_t len)
{
    char *copy = mrg_malloc(len + 1);
    if (copy) {
        if (len)
            memcpy(copy, s, len);
        copy[len] = 0;
    }
    return copy;
}

char *mrg_strdup(const char *s)
{
    return mrg_strndup(s, strlen(s));
}

void mrg_free(void *p)
{
    free(p);
}

int mrg_reserve(void **array, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity)
        return 0;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < needed) {
        if (wanted > SIZE_MAX / 2)
            return -1;
        wanted *= 2;
    }
    void *grown = mrg_reallocarray(*array, wanted, item_size);
    if (!grown)
        return -1;
    *array = grown;
    *capacity = wanted;
    return 0;
}

void mrg_alloc_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

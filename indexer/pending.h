/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Articles added since the last commit, by id: which docid each has, and the hash of its content. */
#ifndef MRG_PENDING_H
#define MRG_PENDING_H

#include <stddef.h>
#include <stdint.h>

typedef struct mrg_pending_entry {
    uint64_t id_hash[2]; /* the id itself is not kept: 128 bits do not collide by chance */
    uint64_t content_hash;
    uint32_t docid; /* 0: free slot, or an article that was deleted again */
    uint32_t used : 1, version : 31; /* of the article */
} mrg_pending_entry;

/* Zero-initialise, then dispose. */
typedef struct mrg_pending {
    mrg_pending_entry *slots;
    size_t slot_count, count;
} mrg_pending;

/* The entry of an id, NULL for none. Lent until the next put. */
mrg_pending_entry *mrg_pending_find(const mrg_pending *pending, const char *id);
/* 0, or -1 when memory ran out. docid 0 says that the id was deleted. */
int mrg_pending_put(mrg_pending *pending, const char *id, uint32_t docid, uint64_t content_hash, uint32_t version);
void mrg_pending_clear(mrg_pending *pending);
void mrg_pending_dispose(mrg_pending *pending);

#endif

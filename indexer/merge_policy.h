/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which neighbouring segments to merge. Tiered: a segment's tier is the logarithm of its size to the
 * base MRG_MERGE_FANOUT; when that many of the same tier stand with none of a higher tier between them,
 * they and what is between become one. Each article is so rewritten about once a tier, O(log N) times
 * in all, and there are O(log N) segments.
 */
#ifndef MRG_MERGE_POLICY_H
#define MRG_MERGE_POLICY_H

#include "store/manifest.h"

enum { MRG_MERGE_FANOUT = 8 };

/* Picks segments [*first, *first + *count) to be merged next; 0 if it is well as it is. A segment more
   than half of whose articles are deleted is rewritten alone. */
int mrg_merge_pick(const mrg_manifest *manifest, size_t *first, size_t *count);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "merge_policy.h"

/* Segments below this are all of tier 0: merging them costs next to nothing. */
enum { SMALLEST_TIER_BYTES = 256 << 10 };

static unsigned tier_of(const mrg_manifest_segment *segment)
{
    unsigned tier = 0;
    for (uint64_t size = SMALLEST_TIER_BYTES; size < segment->summary.file_bytes; size *= MRG_MERGE_FANOUT)
        tier++;
    return tier;
}

static int mostly_deleted(const mrg_manifest *manifest, const mrg_manifest_segment *segment)
{
    const mrg_segment_summary *s = &segment->summary;
    uint64_t deleted = mrg_bitset_count_range(&manifest->deleted, s->first_docid, s->first_docid + s->doc_count - 1);
    return deleted * 2 > s->live_count;
}

/* Neighbours of at most this tier, MRG_MERGE_FANOUT of them of just this tier. */
static int pick_tier(const mrg_manifest *manifest, unsigned tier, size_t *first, size_t *count)
{
    size_t begin = 0, members = 0;
    for (size_t i = 0; i < manifest->segment_count; i++) {
        unsigned here = tier_of(&manifest->segments[i]);
        if (here > tier) {
            members = 0;
        } else if (here == tier) {
            if (!members++)
                begin = i;
            if (members == MRG_MERGE_FANOUT) {
                *first = begin;
                *count = i + 1 - begin;
                return 1;
            }
        }
    }
    return 0;
}

int mrg_merge_pick(const mrg_manifest *manifest, size_t *first, size_t *count)
{
    unsigned highest = 0;
    for (size_t i = 0; i < manifest->segment_count; i++) {
        unsigned tier = tier_of(&manifest->segments[i]);
        highest = tier > highest ? tier : highest;
        if (mostly_deleted(manifest, &manifest->segments[i])) {
            *first = i;
            *count = 1;
            return 1;
        }
    }
    for (unsigned tier = 0; tier <= highest; tier++)
        if (pick_tier(manifest, tier, first, count))
            return 1;
    return 0;
}

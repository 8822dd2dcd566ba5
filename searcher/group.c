/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Versions of an article among the hits. An archive knows them from indexing; where it does not, and between archives,
 * they are texts whose resemblance, the share of their runs of four words that both have, is at least four fifths
 * (Broder, On the resemblance and containment of documents, 1997). Estimated from the smallest hashes of each text,
 * which for most news is all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "results.h"

enum {
    RUN_WORDS = 4,
    SKETCH_HASHES = 512,          /* of a text at most */
    TEXT_MAX_BYTES = 256 * 1024,  /* what lies behind does not count */
    GROUPED_HITS = 1000           /* later hits are versions of none */
};

typedef struct sketch {
    uint64_t *hashes; /* ascending, the smallest of the text */
    size_t count;
    uint32_t head; /* of the group that the archive knows; 0: it knows none */
} sketch;

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Of each run of words; a text of fewer is one run. */
static size_t hash_runs(uint64_t *out, const mrg_tokens *tokens)
{
    uint64_t words[RUN_WORDS] = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const mrg_token *token = &tokens->items[i];
        words[i % RUN_WORDS] = mrg_hash_bytes(mrg_token_term(tokens, token), token->term_len, 0);
        if (i + 1 < RUN_WORDS && i + 1 < tokens->count)
            continue;
        uint64_t run = 0;
        for (size_t k = 1; k <= RUN_WORDS; k++)
            run = mrg_hash_bytes(&words[(i + k) % RUN_WORDS], sizeof *words, run);
        out[count++] = run;
    }
    return count;
}

static size_t sort_unique(uint64_t *hashes, size_t count)
{
    size_t kept = 0;
    qsort(hashes, count, sizeof *hashes, compare_hashes);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || hashes[kept - 1] != hashes[i])
            hashes[kept++] = hashes[i];
    }
    return kept < SKETCH_HASHES ? kept : SKETCH_HASHES;
}

static morgue_status make_sketch(sketch *out, morgue_hit *hit, mrg_tokens *tokens, morgue_error *err)
{
    const mrg_record *record;
    morgue_status status = mrg_hit_record(hit, &record, err);
    if (status)
        return status;
    size_t len = record->text_len - record->body_begin;
    mrg_tokens_clear(tokens);
    status = mrg_tokenize(tokens, record->text, record->body_begin,
                          record->body_begin + (len < TEXT_MAX_BYTES ? len : TEXT_MAX_BYTES), 0, err);
    if (status || !tokens->count)
        return status;
    uint64_t *hashes = mrg_calloc(tokens->count, sizeof *hashes);
    if (!hashes)
        return mrg_fail_nomem(err);
    size_t count = sort_unique(hashes, hash_runs(hashes, tokens));
    uint64_t *fitting = mrg_realloc(hashes, count * sizeof *hashes);
    out->hashes = fitting ? fitting : hashes;
    out->count = count;
    return MORGUE_OK;
}

/* Of the smallest hashes of both together, as many as a sketch has, those that both have are counted; too many
   that only one has end it early. */
static int are_versions(const sketch *a, const sketch *b)
{
    size_t i = 0, k = 0, seen = 0, shared = 0;
    size_t most = a->count > b->count ? a->count : b->count, least = a->count + b->count - most;
    /* No text without words is a version, and what is much shorter cannot be one. */
    if (least == 0 || least * 5 < most * 4)
        return 0;
    size_t room = most / 4; /* one fifth of all that may be seen, which is at most 5/4 of `most` */
    while (i < a->count && k < b->count && seen < SKETCH_HASHES) {
        int both = a->hashes[i] == b->hashes[k], first = a->hashes[i] < b->hashes[k];
        i += (size_t)(both || first);
        k += (size_t)(both || !first);
        shared += (size_t)both;
        if (++seen - shared > room)
            return 0;
    }
    if (seen < SKETCH_HASHES) {
        seen += (a->count - i) + (b->count - k);
        seen = seen < SKETCH_HASHES ? seen : SKETCH_HASHES;
    }
    return shared * 5 >= seen * 4;
}

/* What the archive itself knows of a hit; 0 if it knows nothing of any article. */
static morgue_status find_head(morgue_results *results, const morgue_hit *hit, uint32_t *head, morgue_error *err)
{
    const mrg_versions *versions;
    morgue_status status = mrg_view_versions_of(results->view, hit->shard, &versions, err);
    *head = !status && versions->count ? mrg_versions_head(versions, hit->docid) : 0;
    return status;
}

/* Within an archive that knows versions it decides, otherwise the texts do. */
static morgue_status find_groups(morgue_results *results, sketch *sketches, size_t count, morgue_error *err)
{
    mrg_tokens tokens = { 0 };
    morgue_status status = MORGUE_OK;
    const morgue_hit *hits = results->hits;
    for (size_t i = 0; i < count && !status; i++) {
        status = find_head(results, &hits[i], &sketches[i].head, err);
        if (!status && (!sketches[i].head || results->view->snapshot_count > 1))
            status = make_sketch(&sketches[i], &results->hits[i], &tokens, err);
        for (size_t k = 0; k < i && !status && results->groups[i] == i; k++) {
            int known = sketches[i].head && hits[i].shard == hits[k].shard;
            int same = known ? sketches[k].head == sketches[i].head : are_versions(&sketches[k], &sketches[i]);
            if (results->groups[k] == k && same)
                results->groups[i] = k;
        }
    }
    mrg_tokens_dispose(&tokens);
    return status;
}

morgue_status morgue_results_group(morgue_results *results, const size_t **group_of, morgue_error *err)
{
    size_t n = results->hit_count, count = n < GROUPED_HITS ? n : GROUPED_HITS;
    *group_of = NULL;
    mrg_error_clear(err);
    if (!results->groups) {
        sketch *sketches = mrg_calloc(count ? count : 1, sizeof *sketches);
        results->groups = mrg_calloc(n ? n : 1, sizeof *results->groups);
        if (!sketches || !results->groups) {
            mrg_free(sketches);
            mrg_free(results->groups);
            results->groups = NULL;
            return mrg_fail_nomem(err);
        }
        for (size_t i = 0; i < n; i++)
            results->groups[i] = i;
        morgue_status status = find_groups(results, sketches, count, err);
        for (size_t i = 0; i < count; i++)
            mrg_free(sketches[i].hashes);
        mrg_free(sketches);
        if (status) {
            mrg_free(results->groups);
            results->groups = NULL;
            return status;
        }
    }
    *group_of = results->groups;
    return MORGUE_OK;
}

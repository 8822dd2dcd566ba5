/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/file.h"
#include "indexer.h"
#include "store/record.h"
#include "store/versions.h"

/* Before the first entry, which is of docid 1, stands a header of an entry's size. */
enum {
    ENTRY_BYTES = 4 * MRG_SKETCH_KEYS,
    FORMAT = 2,
    MOST_A_KEY = 16,
    ALL_CANDIDATES = MRG_SKETCH_KEYS * MOST_A_KEY,
    MOST_CANDIDATES = 16, /* compared by their texts */
    CACHED = 256,
    REMEMBERED_TEXTS = 512 /* each keeps some 120 KiB of its segment in memory */
};
static const char magic[8] = "MorgueSk";

#define NONE UINT32_MAX

void mrg_sketches_dispose(mrg_sketches *sketches)
{
    mrg_free(sketches->keys);
    mrg_free(sketches->whole);
    memset(sketches, 0, sizeof *sketches);
}

morgue_status mrg_sketches_add(mrg_sketches *s, uint32_t first_docid, const mrg_sketch *items, size_t count,
                               size_t most_whole, morgue_error *err)
{
    if (!s->count)
        s->first_docid = first_docid;
    if (first_docid != s->first_docid + s->count)
        return mrg_fail(err, MORGUE_ERR_INTERNAL, "sketches out of order");
    if (mrg_reserve((void **)&s->keys, &s->capacity, s->count + count, sizeof *s->keys))
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        memcpy(s->keys[s->count++], items[i].keys, sizeof *s->keys);
        if (s->whole_count + 1 != s->count || s->whole_count >= most_whole)
            continue;
        if (mrg_reserve((void **)&s->whole, &s->whole_capacity, s->whole_count + 1, sizeof *s->whole))
            return mrg_fail_nomem(err);
        s->whole[s->whole_count++] = items[i];
    }
    return MORGUE_OK;
}

/* ---- Who has a key ---- */

typedef struct slot {
    uint32_t key; /* 0: free */
    uint32_t first, count; /* of its chain of holders */
} slot;

typedef struct holder {
    uint32_t docid, next;
} holder;

typedef struct finding {
    morgue_indexer *ix;
    const mrg_manifest *manifest;
    slot *slots;
    size_t mask;
    holder *holders;
    size_t holder_count, holder_capacity;
    mrg_versions versions;
    mrg_segment **segments; /* as in the manifest, opened when needed */
    unsigned texts_read;    /* since they were forgotten last */
    mrg_text_cache text;
    mrg_tokens tokens;
    struct {
        uint32_t docid; /* 0: free */
        mrg_sketch sketch;
    } *cache; /* of texts that had to be read */
    morgue_error *err;
} finding;

static slot *slot_of(const finding *f, uint32_t key)
{
    size_t at = (size_t)(key * 0x9e3779b1u) & f->mask;
    while (f->slots[at].key && f->slots[at].key != key)
        at = (at + 1) & f->mask;
    return &f->slots[at];
}

/* Of a key that very many share the first ones are enough: versions of one article lead to its first. */
static int hold(finding *f, slot *s, uint32_t docid)
{
    if (s->count >= MOST_A_KEY)
        return 0;
    if (mrg_reserve((void **)&f->holders, &f->holder_capacity, f->holder_count + 1, sizeof *f->holders))
        return -1;
    f->holders[f->holder_count] = (holder){ docid, s->count ? s->first : NONE };
    s->first = (uint32_t)f->holder_count++;
    s->count++;
    return 0;
}

/* A table of the new articles' keys, so that only holders of these are kept. */
static int make_table(finding *f)
{
    const mrg_sketches *s = &f->ix->sketches;
    size_t capacity = 64;
    while (capacity < s->count * MRG_SKETCH_KEYS * 2)
        capacity *= 2;
    f->slots = mrg_calloc(capacity, sizeof *f->slots);
    f->mask = capacity - 1;
    if (!f->slots)
        return -1;
    for (size_t i = 0; i < s->count; i++)
        for (int k = 0; k < MRG_SKETCH_KEYS && s->keys[i][k]; k++)
            slot_of(f, s->keys[i][k])->key = s->keys[i][k];
    return 0;
}

static char *sketch_path(const morgue_indexer *ix)
{
    mrg_buffer path = MRG_BUFFER_INIT;
    mrg_buffer_printf(&path, "%s/" MRG_SKETCH_FILE, ix->path);
    return mrg_buffer_take(&path, NULL);
}

/* Goes over the keys of all earlier articles. A file that is not there, or not one, has none. */
static morgue_status hold_earlier(finding *f)
{
    mrg_mapping mapping = { 0 };
    morgue_error ignored;
    char *path = sketch_path(f->ix);
    if (!path)
        return mrg_fail_nomem(f->err);
    morgue_status status = MORGUE_OK;
    int opened = mrg_mapping_open(&mapping, path, &ignored) == MORGUE_OK;
    uint64_t entries = opened && mapping.len >= ENTRY_BYTES ? mapping.len / ENTRY_BYTES : 0;
    if (!entries || memcmp(mapping.data, magic, sizeof magic) || mrg_load_u32(mapping.data + 8) != FORMAT)
        entries = 0;
    for (uint64_t docid = 1; docid < entries && docid < f->ix->sketches.first_docid && !status; docid++) {
        const unsigned char *entry = mapping.data + docid * ENTRY_BYTES;
        for (int k = 0; k < MRG_SKETCH_KEYS && !status; k++) {
            uint32_t key = mrg_load_u32(entry + 4 * k);
            slot *s = key ? slot_of(f, key) : NULL;
            if (s && s->key && hold(f, s, (uint32_t)docid))
                status = mrg_fail_nomem(f->err);
        }
    }
    mrg_mapping_dispose(&mapping);
    mrg_free(path);
    return status;
}

/* ---- Texts ---- */

static int is_gone(const finding *f, uint32_t docid)
{
    return mrg_bitset_has(&f->ix->gone, docid) || mrg_bitset_has(&f->manifest->deleted, docid);
}

static morgue_status open_segment(finding *f, uint32_t docid, const mrg_segment **out)
{
    const mrg_manifest *m = f->manifest;
    *out = NULL;
    for (size_t i = 0; i < m->segment_count; i++) {
        const mrg_segment_summary *s = &m->segments[i].summary;
        if (docid < s->first_docid || docid - s->first_docid >= s->doc_count)
            continue;
        if (!f->segments[i]) {
            char *path = mrg_segment_file(f->ix->path, m->segments[i].number);
            morgue_status status = path ? mrg_segment_open(&f->segments[i], path, f->err) : mrg_fail_nomem(f->err);
            mrg_free(path);
            if (status)
                return status;
        }
        *out = f->segments[i];
        break;
    }
    return MORGUE_OK;
}

static void forget_segments(finding *f)
{
    for (size_t i = 0; i < f->manifest->segment_count; i++)
        if (f->segments[i])
            mrg_segment_forget(f->segments[i]);
    f->texts_read = 0;
}

/* The sketch of an article from its text; an empty one if it has none. */
static morgue_status read_sketch(finding *f, uint32_t docid, mrg_sketch *out)
{
    const mrg_segment *segment;
    const unsigned char *bytes;
    size_t len;
    mrg_record record;
    memset(out, 0, sizeof *out);
    morgue_status status = open_segment(f, docid, &segment);
    if (status || !segment)
        return status;
    status = mrg_segment_record(segment, docid, &f->text, &bytes, &len, f->err);
    if (status == MORGUE_ERR_NOT_FOUND) {
        mrg_error_clear(f->err);
        return MORGUE_OK;
    }
    if (!status)
        status = mrg_record_decode(&record, bytes, len, f->err);
    mrg_tokens_clear(&f->tokens);
    if (!status)
        status = mrg_tokenize(&f->tokens, record.text, record.body_begin, record.text_len, 0, f->err);
    if (!status)
        mrg_sketch_make(out, &f->tokens, 0);
    if (++f->texts_read == REMEMBERED_TEXTS)
        forget_segments(f);
    return status;
}

static morgue_status sketch_of(finding *f, uint32_t docid, const mrg_sketch **out)
{
    const mrg_sketches *s = &f->ix->sketches;
    if (docid >= s->first_docid && docid - s->first_docid < s->whole_count) {
        *out = &s->whole[docid - s->first_docid];
        return MORGUE_OK;
    }
    size_t at = docid % CACHED;
    if (f->cache[at].docid != docid) {
        f->cache[at].docid = 0;
        morgue_status status = read_sketch(f, docid, &f->cache[at].sketch);
        if (status)
            return status;
        f->cache[at].docid = docid;
    }
    *out = &f->cache[at].sketch;
    return MORGUE_OK;
}

/* ---- Comparing ---- */

static double least_resemblance(const morgue_indexer *ix)
{
    return ix->options.resemblance > 0 ? ix->options.resemblance : MRG_DEFAULT_RESEMBLANCE;
}

typedef struct candidate {
    uint32_t docid, shared; /* keys */
} candidate;

/* The most alike first; of those as alike as each other, the first. */
static int by_shared(const void *x, const void *y)
{
    const candidate *a = x, *b = y;
    if (a->shared != b->shared)
        return a->shared > b->shared ? -1 : 1;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

/* How many of its keys an article must share with a version of it: texts that have half of their runs of words in
   common share five of eight on the average, and all but a few in a hundred of them three. */
static uint32_t least_shared(double resemblance, size_t key_count)
{
    size_t least = resemblance < 0.3 ? 1 : resemblance < 0.45 ? 2 : 3;
    return (uint32_t)(key_count < MRG_SKETCH_KEYS ? 1 : least);
}

/* Articles that share enough of these keys, the most alike first. */
static size_t list_candidates(const finding *f, const uint32_t keys[MRG_SKETCH_KEYS], candidate out[ALL_CANDIDATES])
{
    size_t count = 0, kept = 0, key_count = 0;
    for (; key_count < MRG_SKETCH_KEYS && keys[key_count]; key_count++) {
        const slot *s = slot_of(f, keys[key_count]);
        for (uint32_t at = s->count ? s->first : NONE; at != NONE; at = f->holders[at].next) {
            size_t i = 0;
            while (i < count && out[i].docid != f->holders[at].docid)
                i++;
            if (i == count)
                out[count++] = (candidate){ f->holders[at].docid, 0 };
            out[i].shared++;
        }
    }
    uint32_t least = least_shared(least_resemblance(f->ix), key_count);
    for (size_t i = 0; i < count; i++)
        if (out[i].shared >= least)
            out[kept++] = out[i];
    if (kept > 1)
        qsort(out, kept, sizeof *out, by_shared);
    return kept < MOST_CANDIDATES ? kept : MOST_CANDIDATES;
}

/* The earlier article that this one resembles most, if it does enough. */
static morgue_status compare(finding *f, uint32_t docid, const uint32_t keys[MRG_SKETCH_KEYS])
{
    candidate candidates[ALL_CANDIDATES];
    uint32_t best = 0;
    double most = least_resemblance(f->ix);
    size_t count = list_candidates(f, keys, candidates);
    const mrg_sketch *other;
    mrg_sketch own;
    morgue_status status = MORGUE_OK;
    if (count) {
        status = sketch_of(f, docid, &other);
        if (!status)
            own = *other; /* the cache may take its place */
    }
    for (size_t i = 0; i < count && !status; i++) {
        uint32_t earlier = candidates[i].docid;
        if (is_gone(f, earlier))
            continue;
        status = sketch_of(f, earlier, &other);
        double share = status ? 0 : mrg_sketch_resemblance(&own, other);
        if (share > most || (share == most && (!best || earlier < best))) {
            most = share;
            best = earlier;
        }
    }
    if (!status && best && mrg_versions_add(&f->versions, docid, mrg_versions_head(&f->versions, best)))
        status = mrg_fail_nomem(f->err);
    return status;
}

static morgue_status compare_all(finding *f)
{
    const mrg_sketches *s = &f->ix->sketches;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < s->count && !status; i++) {
        uint32_t docid = s->first_docid + (uint32_t)i;
        if (!s->keys[i][0] || is_gone(f, docid))
            continue;
        status = compare(f, docid, s->keys[i]);
        for (int k = 0; k < MRG_SKETCH_KEYS && s->keys[i][k] && !status; k++)
            if (hold(f, slot_of(f, s->keys[i][k]), docid))
                status = mrg_fail_nomem(f->err);
    }
    return status;
}

/* ---- What is written ---- */

static morgue_status write_keys(const finding *f)
{
    const mrg_sketches *s = &f->ix->sketches;
    mrg_buffer bytes = MRG_BUFFER_INIT;
    unsigned char header[ENTRY_BYTES] = { 0 };
    memcpy(header, magic, sizeof magic);
    mrg_store_u32(header + 8, FORMAT);
    for (size_t i = 0; i < s->count; i++) {
        unsigned char entry[ENTRY_BYTES];
        for (int k = 0; k < MRG_SKETCH_KEYS; k++)
            mrg_store_u32(entry + 4 * k, s->keys[i][k]);
        mrg_buffer_append(&bytes, entry, sizeof entry);
    }
    char *path = sketch_path(f->ix);
    morgue_status status = bytes.failed || !path ? mrg_fail_nomem(f->err) : MORGUE_OK;
    if (!status)
        status = mrg_write_at(path, 0, header, sizeof header, f->err);
    if (!status && bytes.len)
        status = mrg_write_at(path, (uint64_t)s->first_docid * ENTRY_BYTES, bytes.data, bytes.len, f->err);
    mrg_free(path);
    mrg_buffer_dispose(&bytes);
    return status;
}

/* Entries of articles that are gone go with them; a group may lose its head and stays a group. */
static void forget_gone(finding *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->versions.count; i++)
        if (!is_gone(f, f->versions.items[i].docid))
            f->versions.items[kept++] = f->versions.items[i];
    f->versions.count = kept;
}

static morgue_status write_versions(finding *f)
{
    mrg_buffer bytes = MRG_BUFFER_INIT;
    xapian_error cause = XAPIAN_ERROR_INIT;
    morgue_status status = mrg_versions_encode(&f->versions, &bytes, f->err);
    if (!status && xapian_writable_set_metadata(f->ix->catalogue, MRG_META_VERSIONS, strlen(MRG_META_VERSIONS),
                                                (const char *)bytes.data, bytes.len, &cause))
        status = mrg_fail_xapian(f->err, &cause, "cannot write the list of versions");
    mrg_buffer_dispose(&bytes);
    return status;
}

static void dispose_finding(finding *f)
{
    for (size_t i = 0; f->segments && i < f->manifest->segment_count; i++)
        mrg_segment_close(f->segments[i]);
    mrg_free(f->segments);
    mrg_free(f->slots);
    mrg_free(f->holders);
    mrg_free(f->cache);
    mrg_versions_dispose(&f->versions);
    mrg_buffer_dispose(&f->text.raw);
    mrg_tokens_dispose(&f->tokens);
}

morgue_status mrg_duplicates_find(morgue_indexer *ix, const mrg_manifest *manifest, morgue_error *err)
{
    finding f = { .ix = ix, .manifest = manifest, .err = err };
    if (!ix->sketches.count && !ix->gone.count)
        return MORGUE_OK;
    f.segments = mrg_calloc(manifest->segment_count + 1, sizeof(mrg_segment *));
    f.cache = mrg_calloc(CACHED, sizeof *f.cache);
    morgue_status status = f.segments && f.cache && !make_table(&f) ? MORGUE_OK : mrg_fail_nomem(err);
    if (!status)
        status = mrg_versions_read(&f.versions, ix->committed->catalogue, err);
    size_t before = f.versions.count;
    if (!status)
        forget_gone(&f);
    int changed = f.versions.count != before;
    before = f.versions.count;
    if (!status && ix->sketches.count)
        status = hold_earlier(&f);
    if (!status)
        status = compare_all(&f);
    if (!status && ix->sketches.count)
        status = write_keys(&f);
    if (!status && (changed || f.versions.count != before))
        status = write_versions(&f);
    dispose_finding(&f);
    return status;
}

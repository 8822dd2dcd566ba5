/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two ways to the same counts. By terms: every list of every term is walked and looked up among the matches;
 * it costs the same however many match. By articles: the terms of each matching article are read, which is
 * cheaper when few match. Names have lists in the segments, which are walked ten times as fast as Xapian's.
 */
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "overview.h"

/* How many articles' lists are walked in the time in which the terms of one article are read, about. */
enum { NAMES_AN_ARTICLE = 40, TERMS_AN_ARTICLE = 100, YEARS_AN_ARTICLE = 400 };

static int by_articles(const mrg_overview *o, unsigned an_article)
{
    return o->match_count * an_article < o->results->view->article_count;
}

/* An article that matched a moment ago is there, unless a newer commit wrote over its terms. */
static morgue_status fail_counting(morgue_error *err, const xapian_error *cause)
{
    morgue_status status = mrg_fail_xapian(err, cause, "cannot count what matches");
    return status == MORGUE_ERR_NOT_FOUND ? mrg_fail(err, MORGUE_ERR_CORRUPT, "an article that matches has no terms")
                                          : status;
}

/* ---- Terms of the catalogue ------------------------------------------------------------------------------- */

/* What is done with a term, without its prefix, of a matching article. */
typedef morgue_status (*visit)(void *ctx, size_t archive, uint32_t docid, const char *term, size_t len, morgue_error *err);

typedef struct term_walk {
    mrg_overview *overview;
    const char *prefix;
    size_t prefix_len;
    visit visit;
    void *ctx;
} term_walk;

static int begins(const term_walk *w, const char *term, size_t len)
{
    return len > w->prefix_len && !memcmp(term, w->prefix, w->prefix_len);
}

static morgue_status walk_article(const term_walk *w, size_t archive, uint32_t docid, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    const char *term;
    size_t len;
    morgue_status status = mrg_overview_tick(w->overview, err);
    if (status)
        return status;
    xapian_status got = xapian_database_termlist(&it, w->overview->results->view->snapshots[archive]->catalogue, docid,
                                                 &cause);
    if (!got)
        got = xapian_term_iter_seek(&term, &len, it, w->prefix, w->prefix_len, &cause);
    while (!got && !status && begins(w, term, len)) {
        status = w->visit(w->ctx, archive, docid, term + w->prefix_len, len - w->prefix_len, err);
        got = xapian_term_iter_next(&term, &len, it, &cause);
    }
    xapian_term_iter_free(it);
    return status || got >= 0 ? status : fail_counting(err, &cause);
}

/* The first match after a docid; 0 past the last. */
static uint32_t next_match(const mrg_overview *o, size_t archive, uint32_t docid)
{
    const mrg_bitset *matches = &o->matches[archive];
    size_t word = (docid + (size_t)1) >> 6;
    if (word >= matches->word_count)
        return 0;
    uint64_t bits = matches->words[word] & ~(uint64_t)0 << ((docid + 1) & 63);
    while (!bits && ++word < matches->word_count)
        bits = matches->words[word];
    return bits ? (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits)) : 0;
}

static morgue_status walk_articles(const term_walk *w, size_t archive, morgue_error *err)
{
    const mrg_overview *o = w->overview;
    morgue_status status = MORGUE_OK;
    for (uint32_t docid = next_match(o, archive, 0); docid && !status; docid = next_match(o, archive, docid))
        status = walk_article(w, archive, docid, err);
    return status;
}

static morgue_status walk_list(const term_walk *w, size_t archive, const char *term, size_t len, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    xapian_docid docid;
    morgue_status status = MORGUE_OK;
    const mrg_bitset *matches = &w->overview->matches[archive];
    xapian_status got = xapian_database_postings(&it, w->overview->results->view->snapshots[archive]->catalogue, term,
                                                 len, &cause);
    while (!got && !status && !(got = xapian_posting_iter_next(&docid, it, &cause))) {
        status = mrg_overview_tick(w->overview, err);
        if (!status && mrg_bitset_has(matches, docid))
            status = w->visit(w->ctx, archive, docid, term + w->prefix_len, len - w->prefix_len, err);
    }
    xapian_posting_iter_free(it);
    return status || got >= 0 ? status : fail_counting(err, &cause);
}

static morgue_status walk_lists(const term_walk *w, size_t archive, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    const char *term;
    size_t len;
    morgue_status status = MORGUE_OK;
    xapian_status got = xapian_database_allterms(&it, w->overview->results->view->snapshots[archive]->catalogue,
                                                 w->prefix, w->prefix_len, &cause);
    while (!got && !status && !(got = xapian_term_iter_next(&term, &len, it, &cause))) {
        if (begins(w, term, len))
            status = walk_list(w, archive, term, len, err);
    }
    xapian_term_iter_free(it);
    return status || got >= 0 ? status : fail_counting(err, &cause);
}

static morgue_status walk_terms(const term_walk *w, int articles, size_t archive, morgue_error *err)
{
    if (!w->overview->matches[archive].count)
        return MORGUE_OK;
    return articles ? walk_articles(w, archive, err) : walk_lists(w, archive, err);
}

static morgue_status count_term(void *ctx, size_t archive, uint32_t docid, const char *term, size_t len,
                                morgue_error *err)
{
    mrg_tally_entry *entry;
    morgue_status status = mrg_tally_at(ctx, term, len, &entry, err);
    if (!status)
        mrg_tally_add(entry, archive, docid, 1);
    return status;
}

morgue_status mrg_overview_count_terms(mrg_overview *o, const char *prefix, mrg_tally *tally, morgue_error *err)
{
    const term_walk walk = { o, prefix, strlen(prefix), count_term, tally };
    int is_day = !strcmp(prefix, MRG_PREFIX_DAY) || !strcmp(prefix, MRG_PREFIX_MONTH);
    int articles = by_articles(o, is_day ? TERMS_AN_ARTICLE : YEARS_AN_ARTICLE);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < o->archive_count && !status; i++)
        status = walk_terms(&walk, articles, i, err);
    return status;
}

/* ---- Words of a field: what is counted is the set of them ------------------------------------------------ */

/* `ctx` are sums of the words' hashes by docid; of an article without words it is 0. */
static morgue_status add_word(void *ctx, size_t archive, uint32_t docid, const char *term, size_t len, morgue_error *err)
{
    uint64_t *sums = ctx;
    (void)archive;
    (void)err;
    sums[docid] += mrg_hash_bytes(term, len, 0) | 1;
    return MORGUE_OK;
}

static morgue_status count_sums(mrg_overview *o, const uint64_t *sums, size_t archive, mrg_tally *tally, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (uint32_t docid = next_match(o, archive, 0); docid && !status; docid = next_match(o, archive, docid)) {
        status = mrg_overview_tick(o, err);
        if (!status && sums[docid])
            status = count_term(tally, archive, docid, (const char *)&sums[docid], sizeof sums[docid], err);
    }
    return status;
}

morgue_status mrg_overview_count_words(mrg_overview *o, const char *prefix, mrg_tally *tally, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    int articles = by_articles(o, TERMS_AN_ARTICLE);
    for (size_t i = 0; i < o->archive_count && !status; i++) {
        if (!o->matches[i].count)
            continue;
        uint64_t *sums = mrg_calloc(o->matches[i].word_count, 64 * sizeof *sums);
        const term_walk walk = { o, prefix, strlen(prefix), add_word, sums };
        status = sums ? walk_terms(&walk, articles, i, err) : mrg_fail_nomem(err);
        if (!status)
            status = count_sums(o, sums, i, tally, err);
        mrg_free(sums);
    }
    return status;
}

/* ---- Names --------------------------------------------------------------------------------------------------- */

typedef struct name_count {
    mrg_overview *overview;
    mrg_tally *tally;
    unsigned types; /* bits */
} name_count;

/* The entry that a name's articles are counted for; NULL if it is not to be shown. */
static morgue_status entry_of(name_count *n, size_t archive, const char *key, size_t len, mrg_tally_entry **entry,
                              int *shared, morgue_error *err)
{
    mrg_shown_key shown;
    *entry = NULL;
    mrg_resolve_shown_key(&shown, n->overview->results->view->snapshots[archive], key, len);
    *shared = shown.shared;
    mrg_entity_type type = shown.key ? mrg_entity_type_of(shown.key[0]) : MRG_ENTITY_TYPES;
    if (type >= MRG_ENTITY_TYPES || !(n->types >> type & 1))
        return MORGUE_OK;
    return mrg_tally_at(n->tally, shown.key, shown.len, entry, err);
}

static morgue_status count_name(void *ctx, size_t archive, uint32_t docid, const char *key, size_t len,
                                morgue_error *err)
{
    mrg_tally_entry *entry;
    int shared;
    morgue_status status = entry_of(ctx, archive, key, len, &entry, &shared, err);
    if (status || !entry)
        return status;
    if (shared)
        return mrg_tally_add_once(entry, archive, docid, err);
    mrg_tally_add(entry, archive, docid, 1);
    return MORGUE_OK;
}

/* One list of a segment. Deleted articles are not among the matches. */
static morgue_status count_list(name_count *n, size_t archive, const mrg_term_cursor *cursor, morgue_error *err)
{
    const mrg_bitset *matches = &n->overview->matches[archive];
    const char *key = (const char *)cursor->key + 1;
    mrg_postings postings;
    mrg_tally_entry *entry = NULL;
    int shared = 0;
    uint32_t first = 0, count = 0;
    morgue_status status = mrg_postings_init(&postings, cursor->segment, &cursor->info, err);
    while (!status && !(status = mrg_postings_next(&postings, err)) && postings.docid != MRG_DOCID_END) {
        if (!mrg_bitset_has(matches, postings.docid))
            continue;
        if (!first) {
            first = postings.docid;
            status = entry_of(n, archive, key, cursor->key_len - 1, &entry, &shared, err);
        }
        if (!status && entry && shared)
            status = mrg_tally_add_once(entry, archive, postings.docid, err);
        count++;
    }
    if (!status && entry && !shared)
        mrg_tally_add(entry, archive, first, count);
    return status;
}

static morgue_status count_segment(name_count *n, size_t archive, const mrg_segment *segment, mrg_entity_type type,
                                   morgue_error *err)
{
    const unsigned char prefix[] = { MRG_FIELD_ENTITY, (unsigned char)mrg_entity_letter(type), ':' };
    mrg_term_cursor cursor;
    int done;
    morgue_status status = mrg_term_cursor_init(&cursor, segment, prefix, sizeof prefix, &done, err);
    while (!status && !done && cursor.key_len > sizeof prefix && !memcmp(cursor.key, prefix, sizeof prefix)) {
        status = mrg_overview_tick(n->overview, err);
        if (!status)
            status = count_list(n, archive, &cursor, err);
        if (!status)
            status = mrg_term_cursor_next(&cursor, &done, err);
    }
    return status;
}

static morgue_status count_segments(name_count *n, size_t archive, morgue_error *err)
{
    mrg_snapshot *s = n->overview->results->view->snapshots[archive];
    const mrg_authority *list; /* may say that a name is of another type */
    morgue_status status = mrg_snapshot_authority(s, &list, err);
    for (size_t k = 0; k < s->manifest.segment_count; k++) {
        for (int type = 0; type < (int)MRG_ENTITY_TYPES && !status; type++) {
            if (list || n->types >> type & 1)
                status = count_segment(n, archive, s->segments[k], (mrg_entity_type)type, err);
        }
    }
    return status;
}

morgue_status mrg_overview_count_names(mrg_overview *o, unsigned types, mrg_tally *tally, morgue_error *err)
{
    name_count n = { o, tally, types };
    const term_walk walk = { o, MRG_PREFIX_ENTITY, strlen(MRG_PREFIX_ENTITY), count_name, &n };
    int articles = by_articles(o, NAMES_AN_ARTICLE);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < o->archive_count && !status; i++) {
        if (o->matches[i].count)
            status = articles ? walk_articles(&walk, i, err) : count_segments(&n, i, err);
    }
    return status;
}

morgue_status mrg_overview_name(const mrg_overview *o, const char *key, size_t len, mrg_arena *arena, const char **name,
                                morgue_error *err)
{
    const mrg_view *view = o->results->view;
    mrg_name_list list = { 0 };
    const mrg_authority_row *row;
    morgue_status status = mrg_resolve_row(&row, view->snapshots, view->snapshot_count, key, len, err);
    for (size_t i = 0; i < view->snapshot_count && !row && !list.count && !status; i++) {
        if (view->snapshots[i]->names)
            status = mrg_names_get(view->snapshots[i]->names, key, len, &list, err);
    }
    if (!status) {
        const char *found = row ? row->name : list.count ? list.items[0].name : key + (len > 2 ? 2 : 0);
        *name = mrg_arena_strndup(arena, found, strlen(found));
        status = *name ? MORGUE_OK : mrg_fail_nomem(err);
    }
    mrg_name_list_dispose(&list);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening archives, and moving on to newer commits. */
#include "searcher.h"

#include <string.h>

#include "core/alloc.h"
#include "known_fields.h"
#include "recency.h"

/* ---- Views ------------------------------------------------------------------------------------------------ */

static morgue_status list_segments(mrg_view *view, morgue_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < view->snapshot_count; i++)
        n += view->snapshots[i]->manifest.segment_count;
    view->segments = mrg_calloc(n, sizeof *view->segments);
    if (!view->segments)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < view->snapshot_count; i++) {
        const mrg_snapshot *s = view->snapshots[i];
        view->article_count += s->article_count;
        view->word_count += s->word_count;
        view->title_word_count += s->title_word_count;
        for (size_t k = 0; k < s->manifest.segment_count; k++) {
            view->doc_count += mrg_segment_info(s->segments[k])->live_count;
            view->segments[view->segment_count++] = s->segments[k];
        }
    }
    return MORGUE_OK;
}

static morgue_status join_catalogues(mrg_view *view, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    if (view->snapshot_count == 1) {
        view->database = view->snapshots[0]->catalogue;
        return MORGUE_OK;
    }
    view->database_owned = 1;
    xapian_status got = xapian_database_open_many(&view->database, NULL, 0, &cause);
    for (size_t i = 0; i < view->snapshot_count && !got; i++)
        got = xapian_database_add(view->database, view->snapshots[i]->catalogue, &cause);
    return got ? mrg_fail_xapian(err, &cause, "cannot search these archives together") : MORGUE_OK;
}

morgue_status mrg_view_open(mrg_view **out, const char *const *paths, size_t path_count, morgue_error *err)
{
    mrg_view *view = mrg_calloc(1, sizeof *view);
    morgue_status status = MORGUE_OK;
    *out = NULL;
    if (!view)
        return mrg_fail_nomem(err);
    view->references = 1;
    view->snapshots = mrg_calloc(path_count, sizeof *view->snapshots);
    if (!view->snapshots)
        status = mrg_fail_nomem(err);
    for (size_t i = 0; i < path_count && !status; i++) {
        status = mrg_snapshot_open(&view->snapshots[i], paths[i], err);
        view->snapshot_count += status == MORGUE_OK;
    }
    if (!status)
        status = list_segments(view, err);
    if (!status)
        status = join_catalogues(view, err);
    if (status)
        mrg_view_release(view);
    else
        *out = view;
    return status;
}

mrg_view *mrg_view_retain(mrg_view *view)
{
    view->references++;
    return view;
}

void mrg_view_release(mrg_view *view)
{
    if (!view || --view->references)
        return;
    if (view->database_owned)
        xapian_database_free(view->database);
    for (size_t i = 0; i < view->snapshot_count; i++)
        mrg_snapshot_close(view->snapshots[i]);
    mrg_calendar_free(view->calendar);
    mrg_known_fields_free(view->fields);
    mrg_view_versions_free(view);
    mrg_free(view->snapshots);
    mrg_free(view->segments);
    mrg_free(view);
}

/* ---- Stemmers ------------------------------------------------------------------------------------------- */

morgue_status mrg_stemmer_set_get(mrg_stemmer_set *stemmers, const char *lang, mrg_stemmer **out, morgue_error *err)
{
    size_t len = strlen(lang);
    *out = NULL;
    if (len >= sizeof stemmers->langs[0])
        return mrg_stemmer_set_get(stemmers, "", out, err);
    for (size_t i = 0; i < stemmers->count; i++) {
        if (!strcmp(stemmers->langs[i], lang)) {
            *out = stemmers->items[i];
            return MORGUE_OK;
        }
    }
    mrg_stemmer *stemmer = NULL;
    morgue_status status = mrg_stemmer_create(&stemmer, lang, err);
    if (status)
        return status;
    if (stemmers->count == MRG_STEMMERS)
        mrg_stemmer_set_dispose(stemmers);
    memcpy(stemmers->langs[stemmers->count], lang, len + 1);
    stemmers->items[stemmers->count++] = stemmer;
    *out = stemmer;
    return MORGUE_OK;
}

void mrg_stemmer_set_dispose(mrg_stemmer_set *stemmers)
{
    for (size_t i = 0; i < stemmers->count; i++)
        mrg_stemmer_free(stemmers->items[i]);
    memset(stemmers, 0, sizeof *stemmers);
}

/* ---- Searchers -------------------------------------------------------------------------------------------- */

morgue_status morgue_searcher_open(morgue_searcher **out, const char *const *paths, size_t path_count,
                                   morgue_error *err)
{
    mrg_error_clear(err);
    *out = NULL;
    if (!path_count)
        return mrg_fail(err, MORGUE_ERR_INVALID, "there is no archive to search");
    morgue_searcher *searcher = mrg_calloc(1, sizeof *searcher);
    if (!searcher)
        return mrg_fail_nomem(err);
    searcher->rank = mrg_rank_defaults;
    atomic_init(&searcher->cancels, 0);
    morgue_status status = mrg_view_open(&searcher->view, paths, path_count, err);
    if (status)
        mrg_free(searcher);
    else
        *out = searcher;
    return status;
}

void morgue_searcher_close(morgue_searcher *searcher)
{
    if (!searcher)
        return;
    mrg_view_release(searcher->view);
    mrg_stemmer_set_dispose(&searcher->stemmers);
    mrg_buffer_dispose(&searcher->cursor);
    mrg_free(searcher);
}

morgue_status mrg_searcher_reopen(morgue_searcher *searcher, morgue_error *err)
{
    mrg_view *old = searcher->view, *view = NULL;
    const char **paths = mrg_calloc(old->snapshot_count, sizeof *paths);
    if (!paths)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < old->snapshot_count; i++)
        paths[i] = old->snapshots[i]->path;
    morgue_status status = mrg_view_open(&view, paths, old->snapshot_count, err);
    mrg_free(paths);
    if (!status) {
        searcher->view = view;
        mrg_view_release(old);
    }
    return status;
}

morgue_status mrg_searcher_changed(morgue_searcher *searcher, int *changed, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    *changed = 0;
    for (size_t i = 0; i < searcher->view->snapshot_count && !status && !*changed; i++)
        status = mrg_snapshot_changed(searcher->view->snapshots[i], changed, err);
    return status;
}

morgue_status morgue_searcher_refresh(morgue_searcher *searcher, morgue_error *err)
{
    int changed;
    mrg_error_clear(err);
    morgue_status status = mrg_searcher_changed(searcher, &changed, err);
    return status || !changed ? status : mrg_searcher_reopen(searcher, err);
}

void morgue_searcher_cancel(morgue_searcher *searcher)
{
    atomic_fetch_add_explicit(&searcher->cancels, 1, memory_order_relaxed);
}

unsigned mrg_searcher_cancels(const morgue_searcher *searcher)
{
    return searcher->is_pinned ? searcher->pinned : atomic_load_explicit(&searcher->cancels, memory_order_relaxed);
}

void mrg_searcher_pin(morgue_searcher *searcher)
{
    searcher->pinned = atomic_load_explicit(&searcher->cancels, memory_order_relaxed);
    searcher->is_pinned = 1;
}

void mrg_searcher_unpin(morgue_searcher *searcher)
{
    searcher->is_pinned = 0;
}

uint64_t morgue_searcher_article_count(const morgue_searcher *searcher)
{
    return searcher->view->article_count;
}

void mrg_searcher_set_rank(morgue_searcher *searcher, const mrg_rank_params *params)
{
    searcher->rank = *params;
}

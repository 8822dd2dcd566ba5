/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "versions.h"

#include <string.h>

#include "core/alloc.h"
#include "results.h"

enum { MOST_DATED = 200 }; /* versions whose dates are looked at */

/* A writer may have overtaken the view; then the list of now serves as well, since docids keep their meaning. */
static morgue_status read_list(const mrg_snapshot *snapshot, mrg_versions *out, morgue_error *err)
{
    mrg_snapshot *fresh;
    if (mrg_versions_read(out, snapshot->catalogue, err) == MORGUE_OK)
        return MORGUE_OK;
    mrg_versions_dispose(out);
    mrg_error_clear(err);
    morgue_status status = mrg_snapshot_open(&fresh, snapshot->path, err);
    if (status)
        return status;
    status = mrg_versions_read(out, fresh->catalogue, err);
    mrg_snapshot_close(fresh);
    return status;
}

morgue_status mrg_view_versions_of(mrg_view *view, size_t shard, const mrg_versions **out, morgue_error *err)
{
    *out = NULL;
    if (!view->versions && !(view->versions = mrg_calloc(view->snapshot_count, sizeof *view->versions)))
        return mrg_fail_nomem(err);
    mrg_view_versions *v = &view->versions[shard];
    if (!v->read) {
        morgue_status status = read_list(view->snapshots[shard], &v->list, err);
        if (status)
            return status;
        v->read = 1;
    }
    *out = &v->list;
    return MORGUE_OK;
}

void mrg_view_versions_free(mrg_view *view)
{
    for (size_t i = 0; view->versions && i < view->snapshot_count; i++)
        mrg_versions_dispose(&view->versions[i].list);
    mrg_free(view->versions);
    view->versions = NULL;
}

/* ---- Of a hit ---- */

/* An earlier date, as far as both are known: ISO 8601 sorts as text. */
static void take_date(morgue_hit *hit, uint32_t docid)
{
    mrg_fields fields;
    morgue_error ignored;
    const mrg_snapshot *snapshot = hit->results->view->snapshots[hit->shard];
    if (mrg_catalogue_fields(snapshot->catalogue, docid, &fields, &ignored) == MORGUE_OK) {
        hit->version_count++;
        if (fields.date[0] && (!hit->first_date || strcmp(fields.date, hit->first_date) < 0)) {
            const char *copy = mrg_arena_strndup(&hit->arena, fields.date, strlen(fields.date));
            hit->first_date = copy ? copy : hit->first_date;
        }
    }
    mrg_fields_dispose(&fields);
}

static void look_at_group(morgue_hit *hit, const mrg_versions *versions)
{
    uint32_t head = mrg_versions_head(versions, hit->docid);
    size_t looked = 0;
    const char *own = morgue_hit_date(hit);
    hit->first_date = *own ? own : NULL;
    if (head != hit->docid)
        take_date(hit, head);
    for (size_t i = 0; i < versions->count; i++) {
        const mrg_version *v = &versions->items[i];
        if (v->head != head || v->docid == hit->docid)
            continue;
        if (looked++ < MOST_DATED)
            take_date(hit, v->docid);
        else
            hit->version_count++;
    }
    hit->versions_read = 1;
}

morgue_status morgue_hit_versions(const morgue_hit *hit, size_t *count, const char **first_date, morgue_error *err)
{
    morgue_hit *h = mrg_hit_writable(hit);
    mrg_error_clear(err);
    if (count)
        *count = 0;
    if (first_date)
        *first_date = "";
    if (!h->versions_read) {
        const mrg_versions *versions;
        morgue_status status = mrg_view_versions_of(h->results->view, h->shard, &versions, err);
        if (status)
            return status;
        look_at_group(h, versions);
    }
    if (count)
        *count = h->version_count;
    if (first_date)
        *first_date = h->first_date ? h->first_date : "";
    return MORGUE_OK;
}

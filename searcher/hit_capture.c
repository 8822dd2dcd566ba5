/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When crawlers fetched an article. */
#include <string.h>

#include "results.h"
#include "store/capture.h"

/* A writer may have overtaken the view; then what is known now serves as well. */
static morgue_status read_capture(mrg_capture *out, const mrg_snapshot *snapshot, const char *id, morgue_error *err)
{
    mrg_capture_name name = mrg_capture_name_of(id);
    mrg_snapshot *fresh;
    morgue_status status = mrg_capture_read(out, snapshot->catalogue, name, err);
    if (status == MORGUE_OK || status == MORGUE_ERR_NOT_FOUND)
        return status;
    mrg_error_clear(err);
    status = mrg_snapshot_open(&fresh, snapshot->path, err);
    if (!status)
        status = mrg_capture_read(out, fresh->catalogue, name, err);
    mrg_snapshot_close(fresh);
    return status;
}

static const char *keep_time(morgue_hit *hit, int64_t seconds)
{
    char text[MRG_DATE_TEXT_BYTES];
    const mrg_date date = mrg_date_of_seconds(seconds);
    mrg_date_format(&date, text);
    return mrg_arena_strndup(&hit->arena, text, strlen(text));
}

morgue_status morgue_hit_captured(const morgue_hit *hit, const char **first, const char **last, morgue_error *err)
{
    morgue_hit *h = mrg_hit_writable(hit);
    mrg_capture capture;
    mrg_error_clear(err);
    *first = *last = "";
    if (!h->captured_first) {
        morgue_status status = read_capture(&capture, h->results->view->snapshots[h->shard], h->fields.id, err);
        int found = status == MORGUE_OK && !capture.is_alias;
        if (status && status != MORGUE_ERR_NOT_FOUND)
            return status;
        const char *begin = found ? keep_time(h, capture.first) : "", *end = found ? keep_time(h, capture.last) : "";
        if (!begin || !end)
            return mrg_fail_nomem(err);
        h->captured_first = begin;
        h->captured_last = end;
    }
    *first = h->captured_first;
    *last = h->captured_last;
    return MORGUE_OK;
}

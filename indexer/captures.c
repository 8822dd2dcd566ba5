/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "captures.h"

#include <string.h>

#include "core/alloc.h"
#include "indexer.h"

#define ALIAS_ONLY INT64_MIN

static morgue_status push(morgue_indexer *ix, mrg_capture_note note, morgue_error *err)
{
    mrg_captures *c = &ix->captures;
    if (ix->options.dry_run)
        return MORGUE_OK;
    if (mrg_reserve((void **)&c->items, &c->capacity, c->count + 1, sizeof *c->items))
        return mrg_fail_nomem(err);
    c->items[c->count++] = note;
    return MORGUE_OK;
}

morgue_status mrg_captures_add(morgue_indexer *ix, const char *name, const char *date, morgue_error *err)
{
    mrg_date when;
    if (!mrg_date_parse(&when, date, strlen(date)))
        return MORGUE_OK;
    return push(ix, (mrg_capture_note){ .name = mrg_capture_name_of(name), .time = when.seconds }, err);
}

morgue_status mrg_captures_add_alias(morgue_indexer *ix, const char *address, const char *id, morgue_error *err)
{
    return push(ix, (mrg_capture_note){ mrg_capture_name_of(address), mrg_capture_name_of(id), ALIAS_ONLY }, err);
}

morgue_status mrg_captures_took(void *ctx, const char *address, const char *id, const char *date, morgue_error *err)
{
    if (!id)
        return mrg_captures_add(ctx, address, date, err);
    return strcmp(address, id) ? mrg_captures_add_alias(ctx, address, id, err) : MORGUE_OK;
}

/* ---- the commit ---- */

static morgue_status write(morgue_indexer *ix, mrg_capture_name name, const mrg_capture *capture, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    mrg_buffer key = MRG_BUFFER_INIT, value = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    mrg_capture_key(&key, name);
    mrg_capture_encode(capture, &value);
    if (key.failed || value.failed)
        status = mrg_fail_nomem(err);
    else if (xapian_writable_set_metadata(ix->catalogue, (const char *)key.data, key.len, (const char *)value.data,
                                          value.len, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot note a capture");
    mrg_buffer_dispose(&key);
    mrg_buffer_dispose(&value);
    return status;
}

static morgue_status read(morgue_indexer *ix, mrg_capture *out, mrg_capture_name name, int *found, morgue_error *err)
{
    morgue_status status = mrg_capture_read(out, xapian_writable_database(ix->catalogue), name, err);
    *found = !status;
    return status == MORGUE_ERR_NOT_FOUND ? MORGUE_OK : status;
}

static morgue_status widen(morgue_indexer *ix, mrg_capture_name name, int64_t first, int64_t last, morgue_error *err)
{
    mrg_capture was, now = { .first = first, .last = last };
    int found;
    morgue_status status = read(ix, &was, name, &found, err);
    if (!status && found && was.is_alias) { /* of an alias there is none: it would not end */
        name = was.name;
        status = read(ix, &was, name, &found, err);
    }
    if (status)
        return status;
    if (found && !was.is_alias && was.first <= first && was.last >= last)
        return MORGUE_OK;
    if (found && !was.is_alias) {
        now.first = was.first < first ? was.first : first;
        now.last = was.last > last ? was.last : last;
    }
    return write(ix, name, &now, err);
}

/* What was noted under the address before the article came is the article's. */
static morgue_status join(morgue_indexer *ix, const mrg_capture_note *note, morgue_error *err)
{
    const mrg_capture alias = { .is_alias = 1, .name = note->article };
    mrg_capture was;
    int found;
    morgue_status status = read(ix, &was, note->name, &found, err);
    if (status || (found && was.is_alias && !memcmp(&was.name, &alias.name, sizeof was.name)))
        return status;
    status = write(ix, note->name, &alias, err);
    return status || !found || was.is_alias ? status : widen(ix, note->article, was.first, was.last, err);
}

morgue_status mrg_captures_write(morgue_indexer *ix, int *wrote, morgue_error *err)
{
    mrg_captures *c = &ix->captures;
    morgue_status status = MORGUE_OK;
    *wrote |= c->count > 0;
    for (size_t i = 0; i < c->count && !status; i++) {
        const mrg_capture_note *note = &c->items[i];
        status = note->time == ALIAS_ONLY ? join(ix, note, err) : widen(ix, note->name, note->time, note->time, err);
    }
    return status;
}

void mrg_captures_committed(morgue_indexer *ix)
{
    ix->captures.count = 0;
}

void mrg_captures_dispose(mrg_captures *c)
{
    mrg_free(c->items);
    memset(c, 0, sizeof *c);
}

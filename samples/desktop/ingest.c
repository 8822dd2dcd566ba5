/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* How often the window hears of it. */
#define TELL_EVERY_MS 80

struct desk_ingest {
    char *archive, *folder;
    GThread *thread;
    GMutex mutex;
    guint64 article_count, skipped_count; /* under the mutex, as the rest up to here */
    char *text;
    gboolean failed, finished;
    gint cancelled; /* atomic */
    guint timer;
    desk *w;
};

static int on_progress(void *ctx, const morgue_progress *progress)
{
    desk_ingest *ingest = ctx;
    g_mutex_lock(&ingest->mutex);
    ingest->article_count = progress->article_count;
    ingest->skipped_count = progress->skipped_count;
    g_mutex_unlock(&ingest->mutex);
    return g_atomic_int_get(&ingest->cancelled);
}

static char *told(const morgue_progress *done)
{
    guint64 fresh = done->article_count - done->unchanged_count;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s article%s added", desk_number(fresh), fresh == 1 ? "" : "s");
    if (done->unchanged_count)
        g_string_append_printf(text, ", %s there already", desk_number(done->unchanged_count));
    if (done->skipped_count)
        g_string_append_printf(text, ", %s could not be read", desk_number(done->skipped_count));
    return g_string_free(text, FALSE);
}

static morgue_status run(desk_ingest *ingest, morgue_progress *done, morgue_error *err)
{
    morgue_index_options options = MORGUE_INDEX_OPTIONS_INIT;
    morgue_indexer *indexer = NULL;
    options.progress = on_progress;
    options.ctx = ingest;
    morgue_status status = morgue_indexer_open(&indexer, ingest->archive, &options, err);
    if (status == MORGUE_OK)
        status = morgue_indexer_add_source(indexer, ingest->folder, err);
    if (status == MORGUE_OK)
        status = morgue_indexer_commit(indexer, err);
    if (status == MORGUE_OK)
        morgue_indexer_progress(indexer, done);
    morgue_indexer_close(indexer);
    return status;
}

static void *work(void *data)
{
    desk_ingest *ingest = data;
    morgue_progress done = { 0 };
    morgue_error err = { 0 };
    morgue_status status = run(ingest, &done, &err);
    g_mutex_lock(&ingest->mutex);
    ingest->failed = status != MORGUE_OK;
    if (status == MORGUE_OK)
        ingest->text = told(&done);
    else
        ingest->text = g_strdup(status == MORGUE_ERR_CANCELLED ? "Cancelled; nothing was added" : err.message);
    ingest->finished = TRUE;
    g_mutex_unlock(&ingest->mutex);
    return NULL;
}

static gboolean on_timer(void *data)
{
    desk_ingest *ingest = data;
    g_mutex_lock(&ingest->mutex);
    gboolean finished = ingest->finished;
    g_autofree char *skipped = ingest->skipped_count
                                   ? g_strdup_printf(", %s could not be read", desk_number(ingest->skipped_count))
                                   : g_strdup("");
    g_autofree char *text = g_strdup_printf("Indexing: %s articles%s", desk_number(ingest->article_count), skipped);
    g_mutex_unlock(&ingest->mutex);
    if (!finished) {
        desk_busy(ingest->w, text);
        return G_SOURCE_CONTINUE;
    }
    ingest->timer = 0;
    desk_indexed(ingest->w, ingest->text, ingest->failed);
    return G_SOURCE_REMOVE;
}

desk_ingest *desk_ingest_start(desk *w, const char *archive, const char *folder)
{
    desk_ingest *ingest = g_new0(desk_ingest, 1);
    ingest->w = w;
    ingest->archive = g_strdup(archive);
    ingest->folder = g_strdup(folder);
    g_mutex_init(&ingest->mutex);
    ingest->timer = g_timeout_add(TELL_EVERY_MS, on_timer, ingest);
    ingest->thread = g_thread_new("index", work, ingest);
    return ingest;
}

void desk_ingest_cancel(desk_ingest *ingest)
{
    g_atomic_int_set(&ingest->cancelled, 1);
}

void desk_ingest_free(desk_ingest *ingest)
{
    if (!ingest)
        return;
    desk_ingest_cancel(ingest);
    g_thread_join(ingest->thread);
    g_clear_handle_id(&ingest->timer, g_source_remove);
    g_mutex_clear(&ingest->mutex);
    g_free(ingest->archive);
    g_free(ingest->folder);
    g_free(ingest->text);
    g_free(ingest);
}

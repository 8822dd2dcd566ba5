/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "batch.h"

#include <string.h>

#include "core/alloc.h"

mrg_batch *mrg_batch_create(void)
{
    return mrg_calloc(1, sizeof(mrg_batch));
}

void mrg_batch_free(mrg_batch *batch)
{
    if (!batch)
        return;
    mrg_free(batch->articles);
    mrg_free(batch->deletes);
    mrg_arena_dispose(&batch->arena);
    mrg_run_free(batch->run);
    mrg_buffer_dispose(&batch->text);
    mrg_free(batch->blocks);
    mrg_buffer_dispose(&batch->documents);
    mrg_names_delta_free(batch->names);
    mrg_free(batch->sketches);
    mrg_free(batch);
}

/* Appends `text` to `out`, cleaned where it needs to be. */
static void append_clean(mrg_buffer *out, const char *text, size_t len)
{
    if (mrg_is_clean_utf8(text, len))
        mrg_buffer_append(out, text, len);
    else
        mrg_clean_utf8(out, text, len);
}

static const char *copy_field(mrg_batch *batch, const char *s, int *failed)
{
    if (!s || !*s)
        return NULL;
    size_t len = strlen(s);
    const char *copy = NULL;
    if (mrg_is_clean_utf8(s, len)) {
        copy = mrg_arena_strndup(&batch->arena, s, len);
    } else {
        mrg_buffer clean = MRG_BUFFER_INIT;
        mrg_clean_utf8(&clean, s, len);
        if (!clean.failed)
            copy = mrg_arena_strndup(&batch->arena, (const char *)clean.data, clean.len);
        mrg_buffer_dispose(&clean);
    }
    *failed |= !copy;
    return copy;
}

static int copy_text(mrg_batch *batch, mrg_batch_article *a, const char *text, size_t len)
{
    mrg_buffer whole = MRG_BUFFER_INIT;
    a->title_len = a->fields.title ? strlen(a->fields.title) : 0;
    mrg_buffer_room(&whole, a->title_len + len + 3);
    if (a->title_len) {
        mrg_buffer_append(&whole, a->fields.title, a->title_len);
        mrg_buffer_append_str(&whole, "\n\n");
    }
    append_clean(&whole, text, len);
    a->text_len = whole.len;
    a->text = whole.failed ? NULL : mrg_arena_strndup(&batch->arena, (const char *)whole.data, whole.len);
    mrg_buffer_dispose(&whole);
    return a->text ? 0 : -1;
}

morgue_status mrg_batch_add(mrg_batch *batch, const morgue_article *article, const mrg_date *date, const char *lang_name,
                            uint32_t lang, uint64_t hash, uint32_t replaces, morgue_error *err)
{
    if (mrg_reserve((void **)&batch->articles, &batch->article_capacity, batch->article_count + 1,
                    sizeof *batch->articles))
        return mrg_fail_nomem(err);
    mrg_batch_article *a = &batch->articles[batch->article_count];
    int failed = 0;
    memset(a, 0, sizeof *a);
    a->fields.id = copy_field(batch, article->id, &failed);
    a->fields.title = copy_field(batch, article->title, &failed);
    a->fields.url = copy_field(batch, article->url, &failed);
    a->fields.source = copy_field(batch, article->source, &failed);
    a->fields.author = copy_field(batch, article->author, &failed);
    a->fields.lang = copy_field(batch, lang_name, &failed);
    a->fields.subject = copy_field(batch, article->subject, &failed);
    a->fields.version = article->version;
    a->date = *date;
    a->lang = lang;
    a->hash = hash;
    a->replaces = replaces;
    if (failed || copy_text(batch, a, article->text, article->text_len))
        return mrg_fail_nomem(err);
    batch->text_bytes += a->text_len;
    batch->article_count++;
    return MORGUE_OK;
}

morgue_status mrg_batch_delete(mrg_batch *batch, uint32_t docid, morgue_error *err)
{
    if (mrg_reserve((void **)&batch->deletes, &batch->delete_capacity, batch->delete_count + 1, sizeof *batch->deletes))
        return mrg_fail_nomem(err);
    batch->deletes[batch->delete_count++] = docid;
    return MORGUE_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Feed 1.0 and 1.1 (jsonfeed.org). */
#include <cjson/cJSON.h>
#include <string.h>

#include "source/feed.h"
#include "source/html.h"
#include "source/json_scan.h"

enum { MAX_VALUES = 1 << 20 };

static void take(mrg_buffer *out, const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    if (text && !out->len)
        mrg_buffer_append_str(out, text);
}

/* "authors" since 1.1, "author" before. */
static void take_author(mrg_buffer *out, const cJSON *object)
{
    take(out, cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(object, "authors"), 0), "name");
    take(out, cJSON_GetObjectItemCaseSensitive(object, "author"), "name");
}

static void take_tags(mrg_buffer *out, const cJSON *item)
{
    const cJSON *tag;
    cJSON_ArrayForEach(tag, cJSON_GetObjectItemCaseSensitive(item, "tags"))
    {
        if (cJSON_IsString(tag))
            mrg_add_subject(out, tag->valuestring, strlen(tag->valuestring));
    }
}

static morgue_status read_item(mrg_feed *f, const cJSON *feed, const cJSON *item, morgue_error *err)
{
    const char *html = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "content_html"));
    mrg_feed_next(f);
    take(&f->id, item, "id");
    take(&f->title, item, "title");
    take(&f->url, item, "url");
    take(&f->date, item, "date_published");
    take(&f->date, item, "date_modified");
    take(&f->lang, item, "language");
    take_tags(&f->subject, item);
    take_author(&f->author, item);
    take_author(&f->author, feed);
    take(&f->text, item, "content_text");
    morgue_status status = MORGUE_OK;
    if (html && !f->text.len)
        status = mrg_html_fragment_text(&f->text, html, strlen(html), err);
    take(&f->text, item, "summary");
    return status ? status : mrg_feed_deliver(f, err);
}

static morgue_status read_items(mrg_input *in, const cJSON *feed, morgue_error *err)
{
    mrg_feed f = { .in = in };
    const cJSON *item;
    morgue_status status = MORGUE_OK;
    take(&f.feed_title, feed, "title");
    take(&f.feed_lang, feed, "language");
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(feed, "items"))
    {
        status = read_item(&f, feed, item, err);
        if (status)
            break;
    }
    if (!status && !f.number)
        mrg_tell(in, "a feed without entries; skipped");
    mrg_feed_dispose(&f);
    return status;
}

static morgue_status read_json_feed(mrg_input *in, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    mrg_json_scan scan = { 0 };
    mrg_json_found found;
    int usable;
    morgue_status status = mrg_read_whole(in, in->options->max_article_bytes, &usable, err);
    if (status || !usable)
        return status;
    const char *text = (const char *)s->data + s->begin;
    size_t len = s->end - s->begin;
    mrg_json_scan_bytes(&scan, s->data + s->begin, len, &found);
    cJSON *feed = scan.values < MAX_VALUES ? cJSON_ParseWithLength(text, len) : NULL;
    if (feed)
        status = read_items(in, feed, err);
    else
        mrg_tell(in, "broken JSON; skipped");
    cJSON_Delete(feed);
    return status;
}

const mrg_reader_kind mrg_reader_json_feed = { "json-feed", read_json_feed, 0 };

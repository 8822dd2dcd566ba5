/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "answer.h"

#include <string.h>

#define SNIPPET_CHARS 220

static void hit_free(void *data)
{
    desk_hit *hit = data;
    g_free(hit->id);
    g_free(hit->title);
    g_free(hit->date);
    g_free(hit->source);
    g_free(hit->author);
    g_free(hit->snippet);
    g_free(hit->marks);
    g_free(hit);
}

static desk_hit *hit_of(const morgue_hit *from)
{
    desk_hit *hit = g_new0(desk_hit, 1);
    morgue_snippet snippet;
    hit->id = g_strdup(morgue_hit_id(from));
    hit->title = g_strdup(*morgue_hit_title(from) ? morgue_hit_title(from) : hit->id);
    hit->date = g_strdup(morgue_hit_date(from));
    hit->source = g_strdup(morgue_hit_source(from));
    hit->author = g_strdup(morgue_hit_author(from));
    if (morgue_hit_snippet(from, SNIPPET_CHARS, &snippet, NULL) == MORGUE_OK) {
        hit->snippet = g_strndup(snippet.text, snippet.text_len);
        hit->snippet_len = snippet.text_len;
        hit->marks = g_memdup2(snippet.matches, snippet.match_count * sizeof *snippet.matches);
        hit->mark_count = snippet.match_count;
    }
    return hit;
}

GPtrArray *desk_hits_of(const morgue_results *results, gsize begin, gsize end)
{
    GPtrArray *hits = g_ptr_array_new_with_free_func(hit_free);
    for (gsize i = begin; i < end && i < morgue_results_size(results); i++)
        g_ptr_array_add(hits, hit_of(morgue_results_hit(results, i)));
    return hits;
}

static void value_free(void *data)
{
    desk_value *value = data;
    g_free(value->type);
    g_free(value->value);
    g_free(value);
}

GPtrArray *desk_values_new(void)
{
    return g_ptr_array_new_with_free_func(value_free);
}

void desk_values_add(GPtrArray *values, const char *type, const char *value, guint64 count)
{
    desk_value *v = g_new(desk_value, 1);
    v->type = g_strdup(type);
    v->value = g_strdup(value);
    v->count = count;
    g_ptr_array_add(values, v);
}

static void entity_free(void *data)
{
    desk_entity *entity = data;
    g_free(entity->type);
    g_free(entity->name);
    g_free(entity->role);
    g_free(entity);
}

static GPtrArray *entities_of(const morgue_hit *hit)
{
    GPtrArray *entities = g_ptr_array_new_with_free_func(entity_free);
    const morgue_entity *from;
    gsize count;
    if (morgue_hit_entities(hit, &from, &count, NULL) != MORGUE_OK)
        return entities;
    for (gsize i = 0; i < count; i++) {
        desk_entity *entity = g_new(desk_entity, 1);
        entity->type = g_strdup(from[i].type);
        entity->name = g_strdup(from[i].name);
        entity->role = g_strdup(from[i].role);
        entity->age = from[i].age;
        entity->mention_count = from[i].mention_count;
        g_ptr_array_add(entities, entity);
    }
    return entities;
}

static GArray *marks_of(const morgue_hit *hit, int in_title)
{
    GArray *marks = g_array_new(FALSE, FALSE, sizeof(morgue_span));
    const morgue_span *spans;
    gsize count;
    if (morgue_hit_matches(hit, in_title, &spans, &count, NULL) == MORGUE_OK && count)
        g_array_append_vals(marks, spans, (guint)count);
    return marks;
}

static GArray *mentions_of(const morgue_hit *hit, int in_title)
{
    GArray *mentions = g_array_new(FALSE, FALSE, sizeof(morgue_mention));
    const morgue_mention *from;
    gsize count;
    if (morgue_hit_mentions(hit, in_title, &from, &count, NULL) == MORGUE_OK && count)
        g_array_append_vals(mentions, from, (guint)count);
    return mentions;
}

desk_article *desk_article_of(const morgue_hit *hit, morgue_error *err)
{
    const char *text, *first_date;
    gsize len;
    if (morgue_hit_text(hit, &text, &len, err) != MORGUE_OK)
        return NULL;
    desk_article *a = g_new0(desk_article, 1);
    a->text = g_malloc(len + 1);
    memcpy(a->text, text, len);
    a->text[len] = 0;
    a->text_len = len;
    a->id = g_strdup(morgue_hit_id(hit));
    a->title = g_strdup(*morgue_hit_title(hit) ? morgue_hit_title(hit) : a->id);
    a->date = g_strdup(morgue_hit_date(hit));
    a->source = g_strdup(morgue_hit_source(hit));
    a->author = g_strdup(morgue_hit_author(hit));
    a->url = g_strdup(morgue_hit_url(hit));
    if (morgue_hit_versions(hit, &a->version_count, &first_date, NULL) == MORGUE_OK)
        a->first_date = g_strdup(first_date);
    a->entities = entities_of(hit);
    a->title_marks = marks_of(hit, 1);
    a->text_marks = marks_of(hit, 0);
    a->title_mentions = mentions_of(hit, 1);
    a->text_mentions = mentions_of(hit, 0);
    return a;
}

void desk_article_free(void *article)
{
    desk_article *a = article;
    if (!a)
        return;
    char *texts[] = { a->id, a->title, a->date, a->source, a->author, a->url, a->first_date, a->text };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    GArray *arrays[] = { a->title_marks, a->text_marks, a->title_mentions, a->text_mentions };
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    g_ptr_array_unref(a->entities);
    g_free(a);
}

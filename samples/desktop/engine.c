/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine.h"

#include <glib-unix.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PAGE 20
#define RELATED 12
/* An overview begins when the page is painted, and not if the next key comes at once. */
#define OVERVIEW_AFTER_MS 100

#define SNIPPET_CHARS 220
#define DESK_FIRST_HITS 7 /* about as many as are in sight */

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

static GPtrArray *hits_of(const morgue_results *results, gsize begin, gsize end)
{
    GPtrArray *hits = g_ptr_array_new_with_free_func(desk_hit_free);
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

static GPtrArray *values_new(void)
{
    return g_ptr_array_new_with_free_func(value_free);
}

static void values_add(GPtrArray *values, const char *type, const char *value, guint64 count)
{
    desk_value *v = g_new(desk_value, 1);
    v->type = g_strdup(type);
    v->value = g_strdup(value);
    v->count = count;
    g_ptr_array_add(values, v);
}

/* What the thread hands over. */
typedef struct reply {
    guint serial; /* of the question */
    desk_page page;
    desk_overview overview;
    gboolean is_overview;
} reply;

struct desk_engine {
    morgue_searcher *reading; /* of the main thread */
    morgue_searcher *asking;  /* of the worker; any thread may cancel */
    GThread *thread;
    GMutex mutex;
    GCond cond;
    desk_question question; /* what is asked; under the mutex, as all up to here */
    guint serial;           /* of it */
    gboolean refresh, closing;
    GAsyncQueue *replies; /* of reply */
    int fd;
    guint source;
    guint told; /* serial of the newest page that was told */
    desk_engine_events events;
};

static void reply_free(void *data)
{
    reply *r = data;
    g_clear_pointer(&r->page.hits, g_ptr_array_unref);
    g_clear_pointer(&r->overview.dates, g_ptr_array_unref);
    for (int i = 0; i < DESK_SECTIONS; i++)
        g_clear_pointer(&r->overview.sections[i], g_ptr_array_unref);
    g_free(r->page.error);
    g_free(r);
}

static gboolean is_newest(desk_engine *engine, guint serial)
{
    g_mutex_lock(&engine->mutex);
    gboolean newest = engine->serial == serial && !engine->closing;
    g_mutex_unlock(&engine->mutex);
    return newest;
}

/* Waits, and says whether there is no newer question after that. */
static gboolean stays_newest(desk_engine *engine, guint serial, int ms)
{
    gint64 until = g_get_monotonic_time() + ms * 1000;
    g_mutex_lock(&engine->mutex);
    while (engine->serial == serial && !engine->closing && g_cond_wait_until(&engine->cond, &engine->mutex, until))
        ;
    g_mutex_unlock(&engine->mutex);
    return is_newest(engine, serial);
}

static void hand_over(desk_engine *engine, reply *r)
{
    const guint64 one = 1;
    g_async_queue_push(engine->replies, r);
    if (write(engine->fd, &one, sizeof one) < 0)
        return; /* the counter is at its end: the loop has enough to wake for */
}

/* How many articles its values count, which for dates is all that match. */
static guint64 take_facet(morgue_results *results, morgue_facet facet, const char *type, gsize max, GPtrArray **out)
{
    guint64 sum = 0;
    const morgue_facet_value *values;
    gsize count;
    *out = values_new();
    if (morgue_results_facet(results, facet, max, &values, &count, NULL, NULL) != MORGUE_OK)
        return 0;
    for (gsize i = 0; i < count; i++) {
        sum += values[i].count;
        if (*values[i].value)
            values_add(*out, type, values[i].value, values[i].count);
    }
    return sum;
}

static void take_related(morgue_results *results, GPtrArray **out)
{
    const morgue_associate *names;
    gsize count;
    *out = values_new();
    if (morgue_results_names(results, NULL, RELATED, &names, &count, NULL) != MORGUE_OK)
        return;
    for (gsize i = 0; i < count; i++)
        values_add(*out, names[i].type, names[i].name, names[i].count);
}

static void overview(desk_engine *engine, const desk_question *question, guint serial, morgue_results *results)
{
    static const struct { morgue_facet facet; const char *type; } facets[DESK_SECTIONS] = {
        [DESK_PEOPLE] = { MORGUE_FACET_PERSON, "person" }, [DESK_ORGS] = { MORGUE_FACET_ORG, "org" },
        [DESK_PLACES] = { MORGUE_FACET_PLACE, "place" },   [DESK_SOURCES] = { MORGUE_FACET_SOURCE, "source" },
    };
    reply *r = g_new0(reply, 1);
    desk_overview *o = &r->overview;
    r->serial = serial;
    r->is_overview = TRUE;
    for (int i = 0; i < DESK_SECTIONS && is_newest(engine, serial); i++)
        if (facets[i].type)
            take_facet(results, facets[i].facet, facets[i].type, DESK_FACET_VALUES, &o->sections[i]);
    if (is_newest(engine, serial))
        o->count = take_facet(results, question->days ? MORGUE_FACET_DAY : MORGUE_FACET_MONTH, "date", 0, &o->dates);
    if (is_newest(engine, serial))
        take_related(results, &o->sections[DESK_RELATED]);
    if (is_newest(engine, serial))
        hand_over(engine, r);
    else
        reply_free(r);
}

/* Hits are handed over in two parts: what is in sight has its snippets before the rest. */
static void hand_hits(desk_engine *engine, guint serial, const morgue_results *results, gsize begin, gsize end,
                      guint offset)
{
    reply *r = g_new0(reply, 1);
    r->serial = serial;
    r->page.offset = offset + (guint)begin;
    r->page.size = (guint)morgue_results_size(results);
    r->page.hits = hits_of(results, begin, end);
    morgue_results_count(results, &r->page.at_least, &r->page.at_most);
    hand_over(engine, r);
}

static void hand_error(desk_engine *engine, guint serial, const char *message)
{
    reply *r = g_new0(reply, 1);
    r->serial = serial;
    r->page.hits = g_ptr_array_new();
    r->page.error = g_strdup(message);
    hand_over(engine, r);
}

static void answer(desk_engine *engine, const desk_question *question, guint serial)
{
    morgue_search_options options = MORGUE_SEARCH_OPTIONS_INIT;
    morgue_results *results = NULL;
    morgue_error err = { 0 };
    options.limit = PAGE;
    options.offset = question->offset;
    options.sort = question->sort;
    morgue_status status = morgue_search(engine->asking, question->query, &options, &results, &err);
    if (!is_newest(engine, serial))
        goto out;
    if (status != MORGUE_OK) {
        hand_error(engine, serial, err.message);
        goto out;
    }
    hand_hits(engine, serial, results, 0, DESK_FIRST_HITS, question->offset);
    if (is_newest(engine, serial) && morgue_results_size(results) > DESK_FIRST_HITS)
        hand_hits(engine, serial, results, DESK_FIRST_HITS, PAGE, question->offset);
    if (question->overview && stays_newest(engine, serial, OVERVIEW_AFTER_MS))
        overview(engine, question, serial, results);
out:
    morgue_results_free(results);
}

static void *work(void *data)
{
    desk_engine *engine = data;
    guint done = 0;
    g_mutex_lock(&engine->mutex);
    while (!engine->closing) {
        if (engine->serial == done) {
            g_cond_wait(&engine->cond, &engine->mutex);
            continue;
        }
        desk_question question = engine->question;
        question.query = g_strdup(question.query);
        gboolean refresh = engine->refresh;
        done = engine->serial;
        engine->refresh = FALSE;
        g_mutex_unlock(&engine->mutex);
        if (refresh)
            morgue_searcher_refresh(engine->asking, NULL);
        answer(engine, &question, done);
        g_free(question.query);
        g_mutex_lock(&engine->mutex);
    }
    g_mutex_unlock(&engine->mutex);
    return NULL;
}

static void tell(desk_engine *engine, reply *r)
{
    if (r->serial == engine->serial) {
        if (r->is_overview) {
            engine->events.overview(engine->events.ctx, &r->overview);
            memset(r->overview.sections, 0, sizeof r->overview.sections);
            r->overview.dates = NULL;
        } else {
            engine->told = r->serial;
            engine->events.page(engine->events.ctx, &r->page);
            r->page.hits = NULL;
        }
    }
    reply_free(r);
}

static gboolean on_replies(int fd, GIOCondition condition, void *data)
{
    (void)condition;
    desk_engine *engine = data;
    guint64 count;
    if (read(fd, &count, sizeof count) < 0)
        return G_SOURCE_CONTINUE; /* told already by a wait */
    for (reply *r; (r = g_async_queue_try_pop(engine->replies));)
        tell(engine, r);
    return G_SOURCE_CONTINUE;
}

void desk_engine_wait(desk_engine *engine, int ms)
{
    gint64 until = g_get_monotonic_time() + ms * 1000;
    while (engine->told != engine->serial) {
        gint64 left = until - g_get_monotonic_time();
        struct pollfd ready = { .fd = engine->fd, .events = POLLIN };
        if (left <= 0 || poll(&ready, 1, (int)(left / 1000) + 1) <= 0)
            return;
        on_replies(engine->fd, G_IO_IN, engine);
    }
}

void desk_engine_ask(desk_engine *engine, const desk_question *question)
{
    morgue_searcher_cancel(engine->asking);
    g_mutex_lock(&engine->mutex);
    g_free(engine->question.query);
    engine->question = *question;
    engine->question.query = g_strdup(question->query);
    engine->serial++;
    g_cond_signal(&engine->cond);
    g_mutex_unlock(&engine->mutex);
}

void desk_engine_refresh(desk_engine *engine)
{
    morgue_searcher_refresh(engine->reading, NULL);
    g_mutex_lock(&engine->mutex);
    engine->refresh = TRUE;
    g_mutex_unlock(&engine->mutex);
}

guint64 desk_engine_article_count(desk_engine *engine)
{
    return morgue_searcher_article_count(engine->reading);
}

morgue_status desk_engine_article(desk_engine *engine, const char *id, const char *query, morgue_results **out,
                                  morgue_error *err)
{
    return morgue_fetch(engine->reading, id, query, out, err);
}

desk_engine *desk_engine_open(const char *archive, const desk_engine_events *events, morgue_error *err)
{
    desk_engine *engine = g_new0(desk_engine, 1);
    engine->events = *events;
    engine->fd = -1;
    g_mutex_init(&engine->mutex);
    g_cond_init(&engine->cond);
    engine->replies = g_async_queue_new_full(reply_free);
    if (morgue_searcher_open(&engine->reading, &archive, 1, err) != MORGUE_OK ||
        morgue_searcher_open(&engine->asking, &archive, 1, err) != MORGUE_OK) {
        desk_engine_close(engine);
        return NULL;
    }
    engine->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    engine->source = g_unix_fd_add(engine->fd, G_IO_IN, on_replies, engine);
    engine->thread = g_thread_new("search", work, engine);
    return engine;
}

void desk_engine_close(desk_engine *engine)
{
    if (!engine)
        return;
    if (engine->thread) {
        g_mutex_lock(&engine->mutex);
        engine->closing = TRUE;
        g_cond_signal(&engine->cond);
        g_mutex_unlock(&engine->mutex);
        morgue_searcher_cancel(engine->asking);
        g_thread_join(engine->thread);
        g_source_remove(engine->source);
        close(engine->fd);
    }
    g_async_queue_unref(engine->replies);
    morgue_searcher_close(engine->asking);
    morgue_searcher_close(engine->reading);
    g_free(engine->question.query);
    g_mutex_clear(&engine->mutex);
    g_cond_clear(&engine->cond);
    g_free(engine);
}

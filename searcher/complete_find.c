/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "complete.h"
#include "expand.h"
#include "rank.h"
#include "store/catalogue.h"

/* Of the catalogue's terms with a prefix, no more are looked at. */
enum { MAX_TERMS_WALKED = 20000, MAX_DATES = 1000 };

morgue_status mrg_completions_add(morgue_completions *list, const char *text, size_t len, const char *kind,
                                  uint64_t count, morgue_error *err)
{
    const char *copy = mrg_arena_strndup(&list->arena, text, len);
    if (!copy || mrg_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return mrg_fail_nomem(err);
    list->items[list->count++] = (morgue_completion){ copy, kind, count };
    return MORGUE_OK;
}

/* ---- Words of the text ------------------------------------------------------------------------------------ */

morgue_status mrg_complete_words(morgue_completions *list, mrg_view *view, int field, const char *prefix, size_t len,
                                 int all, size_t max, morgue_error *err)
{
    mrg_match_terms terms;
    mrg_expansion found;
    size_t added = 0;
    mrg_match_terms_init(&terms, &list->arena, view->segments, view->segment_count);
    /* There are about a hundred function words. */
    const mrg_expander with = { .terms = &terms, .max = all ? max : max + 100 };
    morgue_status status = mrg_expand_prefix(&found, &with, field, prefix, len, err);
    for (size_t i = 0; i < found.count && added < max && !status; i++) {
        const mrg_match_term *term = &terms.items[found.terms[i]];
        const char *word = (const char *)term->key + 1;
        if (!all && mrg_rank_is_common(word, term->key_len - 1))
            continue;
        status = mrg_completions_add(list, word, term->key_len - 1, "word", term->doc_count, err);
        added++;
    }
    mrg_match_terms_dispose(&terms);
    return status;
}

/* ---- Terms of the catalogue --------------------------------------------------------------------------------- */

static int by_count(const void *a, const void *b)
{
    const morgue_completion *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->text, y->text);
}

/* A value is written into a query as it is, so it must be one word of it. */
static int is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] <= ' ' || strchr("\"()*?~^|", text[i]))
            return 0;
    }
    return len > 0;
}

typedef morgue_status add_term(morgue_completions *list, const char *term, size_t len, uint64_t count,
                               const char *kind, morgue_error *err);

static morgue_status add_plain(morgue_completions *list, const char *term, size_t len, uint64_t count, const char *kind,
                               morgue_error *err)
{
    return is_plain(term, len) ? mrg_completions_add(list, term, len, kind, count, err) : MORGUE_OK;
}

/* Adds what stands behind the first `skip` bytes of each term that begins so. */
static morgue_status walk_terms(morgue_completions *list, mrg_view *view, const mrg_buffer *begin, size_t skip,
                                const char *kind, add_term *add, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_term_iter *it = NULL;
    xapian_doccount count = 0;
    const char *term;
    size_t len, walked = 0;
    morgue_status status = MORGUE_OK;
    if (begin->failed)
        return mrg_fail_nomem(err);
    xapian_status got = xapian_database_allterms(&it, view->database, (const char *)begin->data, begin->len, &cause);
    while (!got && !status && walked++ < MAX_TERMS_WALKED && !(got = xapian_term_iter_next(&term, &len, it, &cause))) {
        got = xapian_term_iter_termfreq(&count, it, &cause);
        if (!got)
            status = add(list, term + skip, len - skip, count, kind, err);
    }
    xapian_term_iter_free(it);
    return got < 0 && !status ? mrg_fail_xapian(err, &cause, "cannot read the fields") : status;
}

morgue_status mrg_complete_terms(morgue_completions *list, mrg_view *view, const char *term_prefix, const char *prefix,
                                 size_t len, const char *kind, size_t max, morgue_error *err)
{
    size_t first = list->count;
    mrg_buffer begin = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&begin, term_prefix);
    mrg_buffer_append(&begin, prefix, len);
    morgue_status status = walk_terms(list, view, &begin, strlen(term_prefix), kind, add_plain, err);
    mrg_buffer_dispose(&begin);
    if (status || list->count == first)
        return status;
    qsort(list->items + first, list->count - first, sizeof *list->items, by_count);
    list->count = list->count - first > max ? first + max : list->count;
    return MORGUE_OK;
}

/* ---- Dates --------------------------------------------------------------------------------------------------- */

/* "20140301" as "2014-03-01". */
static morgue_status add_date(morgue_completions *list, const char *term, size_t len, uint64_t count, const char *kind,
                              morgue_error *err)
{
    char text[16];
    size_t n = 0;
    for (size_t i = 0; i < len && i < 8; i++) {
        if (i == 4 || i == 6)
            text[n++] = '-';
        text[n++] = term[i];
    }
    return mrg_completions_add(list, text, n, kind, count, err);
}

static morgue_status complete_article_dates(morgue_completions *list, mrg_view *view, const char *prefix, size_t len,
                                            morgue_error *err)
{
    static const char *const term_prefixes[] = { MRG_PREFIX_YEAR, MRG_PREFIX_MONTH, MRG_PREFIX_DAY };
    mrg_buffer begin = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&begin, term_prefixes[(len > 4) + (len > 7)]);
    for (size_t i = 0; i < len; i++) {
        if (prefix[i] != '-')
            mrg_buffer_append_byte(&begin, (unsigned char)prefix[i]);
    }
    morgue_status status = walk_terms(list, view, &begin, 1, "date", add_date, err);
    mrg_buffer_dispose(&begin);
    return status;
}

static int by_text(const void *a, const void *b)
{
    const morgue_completion *x = a, *y = b;
    return strcmp(x->text, y->text);
}

/* Dates as precise as what is typed is going to be: years, and months only once there is a hyphen. */
static morgue_status complete_text_dates(morgue_completions *list, mrg_view *view, const char *prefix, size_t len,
                                         morgue_error *err)
{
    mrg_match_terms terms;
    mrg_expansion found = { 0 };
    char key[16] = "d:";
    size_t first = list->count, wanted = len <= 4 ? 4 : len <= 7 ? 7 : 10;
    memcpy(key + 2, prefix, len);
    mrg_match_terms_init(&terms, &list->arena, view->segments, view->segment_count);
    const mrg_expander with = { .terms = &terms, .max = MAX_DATES };
    morgue_status status = mrg_expand_prefix(&found, &with, MRG_FIELD_ENTITY, key, len + 2, err);
    for (size_t i = 0; i < found.count && !status; i++) {
        const mrg_match_term *term = &terms.items[found.terms[i]];
        if (term->key_len == wanted + 3)
            status = mrg_completions_add(list, (const char *)term->key + 3, wanted, "date", term->doc_count, err);
    }
    mrg_match_terms_dispose(&terms);
    if (list->count > first)
        qsort(list->items + first, list->count - first, sizeof *list->items, by_text);
    return status;
}

morgue_status mrg_complete_dates(morgue_completions *list, mrg_view *view, int in_text, const char *prefix, size_t len,
                                 size_t max, morgue_error *err)
{
    size_t first = list->count;
    for (size_t i = 0; i < len; i++) {
        int is_dash = i == 4 || i == 7;
        if (i >= 10 || (is_dash ? prefix[i] != '-' : prefix[i] < '0' || prefix[i] > '9'))
            return MORGUE_OK;
    }
    morgue_status status = in_text ? complete_text_dates(list, view, prefix, len, err)
                                   : complete_article_dates(list, view, prefix, len, err);
    list->count = list->count - first > max ? first + max : list->count;
    return status;
}

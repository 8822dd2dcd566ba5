/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/names.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/bytes.h"
#include "store/catalogue.h"
#include "store/names_write.h"
#include "store/record.h"

/* What need not be spelt out. */
enum { NAME_VERSION = 1, KEY_IS_NAME = 1 };

void mrg_name_list_dispose(mrg_name_list *list)
{
    mrg_free(list->items);
    mrg_arena_dispose(&list->arena);
    memset(list, 0, sizeof *list);
}

void mrg_name_encode(mrg_buffer *out, const mrg_name *name)
{
    char plain[MRG_RECORD_KEY_BYTES];
    size_t key_len = strlen(name->key);
    int is_name = mrg_plain_key(plain, name->key[0], name->name, strlen(name->name)) == key_len &&
                  !memcmp(plain, name->key, key_len);
    mrg_buffer_append_byte(out, NAME_VERSION);
    mrg_buffer_append_byte(out, is_name ? KEY_IS_NAME : 0);
    mrg_buffer_append_string(out, name->key, is_name ? 1 : key_len);
    mrg_buffer_append_string(out, name->name, strlen(name->name));
    mrg_buffer_append_varint(out, name->article_count);
    mrg_buffer_append_varint(out, name->mention_count);
    mrg_buffer_append_varint(out, name->first_day);
    mrg_buffer_append_varint(out, name->last_day);
    mrg_buffer_append_varint(out, name->alias_count);
    for (size_t i = 0; i < name->alias_count; i++) {
        const char *form = name->aliases[i].form;
        mrg_buffer_append_string(out, form, strcmp(form, name->name) ? strlen(form) : 0); /* empty: the name */
        mrg_buffer_append_varint(out, name->aliases[i].count);
    }
}

static const char *read_string(mrg_reader *r, mrg_arena *arena)
{
    size_t len;
    const char *s = mrg_read_string(r, &len);
    return s ? mrg_arena_strndup(arena, s, len) : NULL;
}

/* The key, spelt out or made from the name, which follows it. */
static const char *read_key(mrg_reader *r, unsigned flags, mrg_arena *arena)
{
    char plain[MRG_RECORD_KEY_BYTES];
    size_t len, name_len;
    const char *key = mrg_read_string(r, &len);
    if (!(flags & KEY_IS_NAME)) {
        r->failed |= len <= 2;
        return r->failed ? NULL : mrg_arena_strndup(arena, key, len);
    }
    mrg_reader ahead = *r;
    const char *name = mrg_read_string(&ahead, &name_len);
    size_t plain_len = key && name && len == 1 ? mrg_plain_key(plain, *key, name, name_len) : 0;
    r->failed |= plain_len <= 2;
    return r->failed ? NULL : mrg_arena_strndup(arena, plain, plain_len);
}

static uint32_t read_u32(mrg_reader *r)
{
    uint64_t v = mrg_read_varint(r);
    if (v > UINT32_MAX)
        r->failed = 1;
    return (uint32_t)v;
}

morgue_status mrg_name_decode(mrg_name *out, const void *bytes, size_t len, mrg_arena *arena, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    const unsigned char *head = mrg_read_bytes(&r, 2);
    memset(out, 0, sizeof *out);
    if (r.failed || head[0] != NAME_VERSION || head[1] > KEY_IS_NAME)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "an entry of the names is damaged");
    out->key = read_key(&r, head[1], arena);
    out->name = read_string(&r, arena);
    out->article_count = read_u32(&r);
    out->mention_count = read_u32(&r);
    out->first_day = read_u32(&r);
    out->last_day = read_u32(&r);
    uint64_t count = mrg_read_varint(&r);
    if (r.failed || count > len / 2)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "an entry of the names is damaged");
    out->aliases = mrg_arena_alloc(arena, (size_t)count * sizeof *out->aliases);
    if (!out->key || !out->name || !out->aliases)
        return mrg_fail_nomem(err);
    for (uint64_t i = 0; i < count; i++) {
        out->aliases[i].form = read_string(&r, arena);
        out->aliases[i].count = read_u32(&r);
        if (r.failed)
            return mrg_fail(err, MORGUE_ERR_CORRUPT, "an entry of the names is damaged");
        if (!out->aliases[i].form)
            return mrg_fail_nomem(err);
        if (!*out->aliases[i].form)
            out->aliases[i].form = out->name;
    }
    out->alias_count = (size_t)count;
    out->type = mrg_entity_type_of(out->key[0]);
    if (out->type >= MRG_ENTITY_TYPES || out->key[1] != ':')
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "an entry of the names has the impossible key \"%s\"", out->key);
    return MORGUE_OK;
}

/* ---- Look-ups ---- */

static morgue_status append_document(xapian_database *names, uint32_t docid, mrg_name_list *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_document *doc = NULL;
    xapian_buffer data = XAPIAN_BUFFER_INIT;
    morgue_status status;
    if (mrg_reserve((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items))
        status = mrg_fail_nomem(err);
    else if (xapian_database_get_document(&doc, names, docid, &cause) || xapian_document_data(&data, doc, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot read a name");
    else
        status = mrg_name_decode(&out->items[out->count], data.data, data.len, &out->arena, err);
    if (!status)
        out->count++;
    xapian_buffer_dispose(&data);
    xapian_document_free(doc);
    return status;
}

static int has_key(const mrg_name_list *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].key, key))
            return 1;
    return 0;
}

/* Appends the documents of one term, unless they are in the list already or of another type. */
static morgue_status append_term(xapian_database *names, mrg_entity_type type, const mrg_buffer *term,
                                 mrg_name_list *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    xapian_docid docid;
    morgue_status status = MORGUE_OK;
    if (term->failed)
        return mrg_fail_nomem(err);
    if (term->len > XAPIAN_MAX_TERM_LEN)
        return MORGUE_OK;
    xapian_status got = xapian_database_postings(&it, names, (const char *)term->data, term->len, &cause);
    while (!got && !status && !(got = xapian_posting_iter_next(&docid, it, &cause))) {
        status = append_document(names, docid, out, err);
        if (status)
            break;
        const mrg_name *name = &out->items[--out->count];
        if ((type == MRG_ENTITY_TYPES || name->type == type) && !has_key(out, name->key))
            out->count++;
    }
    if (got < 0)
        status = mrg_fail_xapian(err, &cause, "cannot look up a name");
    xapian_posting_iter_free(it);
    return status;
}

morgue_status mrg_names_get(xapian_database *names, const char *key, size_t len, mrg_name_list *out, morgue_error *err)
{
    mrg_buffer term = MRG_BUFFER_INIT;
    mrg_buffer_append_str(&term, MRG_NAMES_PREFIX_KEY);
    mrg_buffer_append(&term, key, len);
    morgue_status status = append_term(names, MRG_ENTITY_TYPES, &term, out, err);
    mrg_buffer_dispose(&term);
    return status;
}

/* Terms of `text` joined by a space. */
morgue_status mrg_name_words(mrg_buffer *out, mrg_tokens *tokens, const char *text, size_t len, morgue_error *err)
{
    mrg_tokens_clear(tokens);
    morgue_status status = mrg_tokenize(tokens, text, 0, len, 0, err);
    if (status)
        return status;
    for (size_t i = 0; i < tokens->count; i++) {
        if (i)
            mrg_buffer_append_byte(out, ' ');
        mrg_buffer_append(out, mrg_token_term(tokens, &tokens->items[i]), tokens->items[i].term_len);
    }
    return out->failed ? mrg_fail_nomem(err) : MORGUE_OK;
}

static morgue_status words_query(xapian_query **out, const mrg_tokens *tokens, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_query **words = mrg_calloc(tokens->count, sizeof *words);
    mrg_buffer term = MRG_BUFFER_INIT;
    xapian_status got = XAPIAN_C_OK;
    *out = NULL;
    if (!words)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < tokens->count && !got; i++) {
        mrg_buffer_clear(&term);
        mrg_buffer_append_str(&term, MRG_NAMES_PREFIX_WORD);
        mrg_buffer_append(&term, mrg_token_term(tokens, &tokens->items[i]), tokens->items[i].term_len);
        got = term.failed ? (cause.status = XAPIAN_C_NOMEM)
                          : xapian_query_term(&words[i], (const char *)term.data, term.len, 1, 0, &cause);
    }
    if (!got)
        got = xapian_query_combine(out, XAPIAN_OP_AND, (const xapian_query *const *)words, tokens->count, 0, &cause);
    for (size_t i = 0; i < tokens->count; i++)
        xapian_query_free(words[i]);
    mrg_free(words);
    mrg_buffer_dispose(&term);
    return got ? mrg_fail_xapian(err, &cause, "cannot look up a name") : MORGUE_OK;
}

static int by_articles(const void *pa, const void *pb)
{
    const mrg_name *a = pa, *b = pb;
    if (a->article_count != b->article_count)
        return a->article_count > b->article_count ? -1 : 1;
    return strcmp(a->key, b->key);
}

static morgue_status append_matches(xapian_database *names, mrg_entity_type type, const xapian_query *query,
                                    mrg_name_list *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    xapian_weighting boolean = { .scheme = XAPIAN_SCHEME_BOOL };
    xapian_match_options all_hits = { 0 };
    xapian_hit hit;
    morgue_status status = MORGUE_OK;
    if (xapian_database_doccount(&all_hits.max, names, &cause) || xapian_enquire_create(&enquire, names, &cause) ||
        xapian_enquire_set_query(enquire, query, 0, &cause) ||
        xapian_enquire_set_weighting(enquire, &boolean, &cause) ||
        xapian_enquire_get_mset(&mset, enquire, &all_hits, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot look up a name");
    for (size_t i = 0; !status && i < xapian_mset_size(mset); i++) {
        if (xapian_mset_hit(&hit, mset, i, &cause))
            status = mrg_fail_xapian(err, &cause, "cannot look up a name");
        else
            status = append_document(names, hit.docid, out, err);
        if (!status && ((type != MRG_ENTITY_TYPES && out->items[out->count - 1].type != type)))
            out->count--;
    }
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    return status;
}

/* Keeps the `max` first of those from `first` on that are not in the list before. */
static void keep_best(mrg_name_list *out, size_t first, size_t max, size_t *total)
{
    size_t found = 0, all = out->count;
    if (all > first)
        qsort(out->items + first, all - first, sizeof *out->items, by_articles);
    out->count = first;
    for (size_t i = first; i < all; i++) {
        mrg_name name = out->items[i];
        size_t count = out->count;
        out->count = first;
        int known = has_key(out, name.key);
        out->count = count;
        if (known)
            continue;
        if (found++ < max)
            out->items[out->count++] = name;
    }
    if (total)
        *total = found;
}

morgue_status mrg_names_by_words(xapian_database *names, mrg_entity_type type, const char *text, size_t len, size_t max,
                                 mrg_name_list *out, size_t *total, morgue_error *err)
{
    mrg_tokens tokens = { 0 };
    xapian_query *query = NULL;
    size_t first = out->count;
    if (total)
        *total = 0;
    morgue_status status = mrg_tokenize(&tokens, text, 0, len, 0, err);
    if (!status && tokens.count) {
        status = words_query(&query, &tokens, err);
        if (!status)
            status = append_matches(names, type, query, out, err);
        if (!status)
            keep_best(out, first, max, total);
    }
    xapian_query_free(query);
    mrg_tokens_dispose(&tokens);
    return status;
}

/* Whether one of a name's forms, or its key, has just these words. */
static morgue_status has_form(const mrg_name *name, const mrg_buffer *words, mrg_tokens *tokens, int *has,
                              morgue_error *err)
{
    mrg_buffer form = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    *has = strlen(name->key + 2) == words->len && !memcmp(name->key + 2, words->data, words->len);
    for (size_t i = 0; i < name->alias_count && !*has && !status; i++) {
        mrg_buffer_clear(&form);
        status = mrg_name_words(&form, tokens, name->aliases[i].form, strlen(name->aliases[i].form), err);
        *has = !status && form.len == words->len && !memcmp(form.data, words->data, form.len);
    }
    mrg_buffer_dispose(&form);
    return status;
}

morgue_status mrg_names_by_form(xapian_database *names, mrg_entity_type type, const char *form, size_t len,
                                mrg_name_list *out, morgue_error *err)
{
    mrg_tokens tokens = { 0 };
    mrg_buffer words = MRG_BUFFER_INIT;
    size_t first = out->count, kept = first;
    morgue_status status = mrg_name_words(&words, &tokens, form, len, err);
    if (!status)
        status = mrg_names_by_words(names, type, form, len, SIZE_MAX, out, NULL, err);
    for (size_t i = first; i < out->count && !status; i++) {
        int has = 0;
        status = has_form(&out->items[i], &words, &tokens, &has, err);
        if (has)
            out->items[kept++] = out->items[i];
    }
    out->count = kept;
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&words);
    return status;
}

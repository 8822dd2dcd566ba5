/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A delta -> the names database. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "store/catalogue.h"
#include "store/names_delta.h"
#include "store/names_write.h"

struct apply {
    xapian_writable *names;
    xapian_database *view;
    int was_empty; /* then nothing has to be looked up */
    xapian_document *doc;
    mrg_tokens tokens;
    mrg_buffer term, data;
    mrg_buffer words; /* of the name being written, each behind a space, to count each once */
    mrg_name_list old;
    mrg_alias *aliases;
    size_t alias_capacity;
    morgue_error *err;
};

static morgue_status find_document(struct apply *a, const mrg_buffer *key_term, xapian_docid *docid)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    *docid = 0;
    if (a->was_empty)
        return MORGUE_OK;
    xapian_status got = xapian_database_postings(&it, a->view, (const char *)key_term->data, key_term->len, &cause);
    if (!got)
        got = xapian_posting_iter_next(docid, it, &cause);
    if (got == XAPIAN_C_END)
        *docid = 0;
    xapian_posting_iter_free(it);
    return got < 0 ? mrg_fail_xapian(a->err, &cause, "cannot look up a name") : MORGUE_OK;
}

static int by_count(const void *pa, const void *pb)
{
    const mrg_alias *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->form, b->form);
}

static uint32_t plus(uint32_t was, int64_t change)
{
    int64_t sum = (int64_t)was + change;
    return sum < 0 ? 0 : sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

/* The forms of before and now, most frequent first; those that are gone are left out. */
static morgue_status merge_forms(struct apply *a, mrg_name *name, const mrg_names_item *item)
{
    size_t count = name->alias_count;
    for (const mrg_names_form *f = item->forms; f; f = f->next)
        count++;
    if (mrg_reserve((void **)&a->aliases, &a->alias_capacity, count, sizeof *a->aliases))
        return mrg_fail_nomem(a->err);
    count = name->alias_count;
    if (count)
        memcpy(a->aliases, name->aliases, count * sizeof *a->aliases);
    for (const mrg_names_form *f = item->forms; f; f = f->next) {
        size_t i = 0;
        while (i < name->alias_count && strcmp(a->aliases[i].form, f->text))
            i++;
        if (i < name->alias_count)
            a->aliases[i].count = plus(a->aliases[i].count, f->count);
        else if (f->count > 0)
            a->aliases[count++] = (mrg_alias){ f->text, plus(0, f->count) };
    }
    qsort(a->aliases, count, sizeof *a->aliases, by_count);
    while (count && a->aliases[count - 1].count == 0)
        count--;
    name->aliases = a->aliases;
    name->alias_count = count > MRG_NAME_MAX_FORMS ? MRG_NAME_MAX_FORMS : count;
    return MORGUE_OK;
}

/* Whether the name being written has the word already; remembers it. */
static int is_repeated(struct apply *a, const char *word, size_t len)
{
    const unsigned char *p = a->words.data, *end = p + a->words.len;
    while (p < end) {
        const unsigned char *stop = memchr(p, ' ', (size_t)(end - p));
        if ((size_t)(stop - p) == len && !memcmp(p, word, len))
            return 1;
        p = stop + 1;
    }
    mrg_buffer_append(&a->words, word, len);
    mrg_buffer_append_byte(&a->words, ' ');
    return 0;
}

/* The term's wdf is the number of articles, so that the names of a word need not be read to be ranked. */
static xapian_status add_word(struct apply *a, const char *word, size_t len, uint32_t article_count,
                              xapian_error *cause)
{
    if (is_repeated(a, word, len))
        return XAPIAN_C_OK;
    mrg_buffer_clear(&a->term);
    mrg_buffer_append_str(&a->term, MRG_NAMES_PREFIX_WORD);
    mrg_buffer_append(&a->term, word, len);
    if (a->term.failed || a->words.failed)
        return cause->status = XAPIAN_C_NOMEM;
    if (a->term.len > XAPIAN_MAX_TERM_LEN)
        return XAPIAN_C_OK;
    return xapian_document_add_term(a->doc, (const char *)a->term.data, a->term.len, article_count, cause);
}

static morgue_status add_form_terms(struct apply *a, const char *form, uint32_t article_count)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_status got = XAPIAN_C_OK;
    mrg_tokens_clear(&a->tokens);
    morgue_status status = mrg_tokenize(&a->tokens, form, 0, strlen(form), 0, a->err);
    for (size_t i = 0; i < a->tokens.count && !status && !got; i++)
        got = add_word(a, mrg_token_term(&a->tokens, &a->tokens.items[i]), a->tokens.items[i].term_len,
                       article_count, &cause);
    return got ? mrg_fail_xapian(a->err, &cause, "cannot index a name") : status;
}

static morgue_status fill_document(struct apply *a, const mrg_name *name, const mrg_buffer *key_term)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    mrg_buffer_clear(&a->data);
    mrg_name_encode(&a->data, name);
    if (a->data.failed)
        return mrg_fail_nomem(a->err);
    if (xapian_document_clear(a->doc, &cause) ||
        xapian_document_set_data(a->doc, (const char *)a->data.data, a->data.len, &cause) ||
        xapian_document_add_boolean_term(a->doc, (const char *)key_term->data, key_term->len, &cause))
        return mrg_fail_xapian(a->err, &cause, "cannot index a name");
    mrg_buffer_clear(&a->words);
    morgue_status status = add_form_terms(a, name->key + 2, name->article_count);
    for (size_t i = 0; i < name->alias_count && !status; i++)
        status = add_form_terms(a, name->aliases[i].form, name->article_count);
    return status;
}

static morgue_status write_name(struct apply *a, xapian_docid docid, const mrg_name *name, const mrg_buffer *key_term)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_status got = XAPIAN_C_OK;
    if (name->article_count == 0) {
        if (docid)
            got = xapian_writable_delete_document(a->names, docid, &cause);
        return got ? mrg_fail_xapian(a->err, &cause, "cannot delete a name") : MORGUE_OK;
    }
    morgue_status status = fill_document(a, name, key_term);
    if (status)
        return status;
    if (docid)
        got = xapian_writable_replace_document(a->names, docid, a->doc, &cause);
    else
        got = xapian_writable_add_document(&docid, a->names, a->doc, &cause);
    return got ? mrg_fail_xapian(a->err, &cause, "cannot write a name") : MORGUE_OK;
}

static morgue_status read_old(struct apply *a, xapian_docid docid, mrg_name *name)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_document *doc = NULL;
    xapian_buffer data = XAPIAN_BUFFER_INIT;
    morgue_status status;
    mrg_arena_clear(&a->old.arena);
    if (xapian_database_get_document(&doc, a->view, docid, &cause) || xapian_document_data(&data, doc, &cause))
        status = mrg_fail_xapian(a->err, &cause, "cannot read a name");
    else
        status = mrg_name_decode(name, data.data, data.len, &a->old.arena, a->err);
    xapian_buffer_dispose(&data);
    xapian_document_free(doc);
    return status;
}

static morgue_status apply_item(struct apply *a, const mrg_names_item *item)
{
    mrg_buffer key_term = MRG_BUFFER_INIT;
    mrg_name name = { .key = item->key, .name = item->name };
    xapian_docid docid;
    mrg_buffer_append_str(&key_term, MRG_NAMES_PREFIX_KEY);
    mrg_buffer_append_str(&key_term, item->key);
    morgue_status status = key_term.failed ? mrg_fail_nomem(a->err) : find_document(a, &key_term, &docid);
    if (!status && docid)
        status = read_old(a, docid, &name);
    if (!status) {
        name.article_count = plus(name.article_count, item->articles);
        name.mention_count = plus(name.mention_count, item->mentions);
        if (item->first_day && (!name.first_day || item->first_day < name.first_day))
            name.first_day = item->first_day;
        if (item->last_day > name.last_day)
            name.last_day = item->last_day;
        status = merge_forms(a, &name, item);
    }
    if (!status)
        status = write_name(a, docid, &name, &key_term);
    mrg_buffer_dispose(&key_term);
    return status;
}

morgue_status mrg_names_delta_apply(const mrg_names_delta *delta, xapian_writable *names, morgue_error *err)
{
    struct apply a = { .names = names, .view = xapian_writable_database(names), .err = err };
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_doccount count = 0;
    morgue_status status = MORGUE_OK;
    if (xapian_database_doccount(&count, a.view, &cause) || xapian_document_create(&a.doc, &cause))
        status = mrg_fail_xapian(err, &cause, "cannot write the names");
    a.was_empty = count == 0;
    for (size_t i = 0; i < delta->count && !status; i++) {
        status = apply_item(&a, &delta->items[i]);
        if (!status && (i + 1) % MRG_FLUSH_DOCUMENTS == 0)
            status = mrg_flush(names, err);
    }
    xapian_document_free(a.doc);
    mrg_tokens_dispose(&a.tokens);
    mrg_buffer_dispose(&a.term);
    mrg_buffer_dispose(&a.data);
    mrg_buffer_dispose(&a.words);
    mrg_name_list_dispose(&a.old);
    mrg_free(a.aliases);
    return status;
}

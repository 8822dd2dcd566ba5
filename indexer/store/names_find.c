/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking names up: by key, and by words. */
#include "store/names.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "store/catalogue.h"
#include "store/names_write.h"

/* A document of the names that has a word of each group so far. */
typedef struct candidate {
    uint32_t docid, edits, articles;
} candidate;

typedef struct candidates {
    candidate *items;
    size_t count, capacity;
} candidates;

static morgue_status fail_lookup(morgue_error *err, const xapian_error *cause)
{
    return mrg_fail_xapian(err, cause, "cannot look up a name");
}

/* ---- Reading ---- */

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

morgue_status mrg_names_get(xapian_database *names, const char *key, size_t len, mrg_name_list *out, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *it = NULL;
    xapian_docid docid;
    char term[XAPIAN_MAX_TERM_LEN] = MRG_NAMES_PREFIX_KEY;
    const size_t prefix = strlen(MRG_NAMES_PREFIX_KEY);
    morgue_status status = MORGUE_OK;
    if (len + prefix > sizeof term)
        return MORGUE_OK;
    memcpy(term + prefix, key, len);
    xapian_status got = xapian_database_postings(&it, names, term, len + prefix, &cause);
    while (!got && !status && !(got = xapian_posting_iter_next(&docid, it, &cause))) {
        status = append_document(names, docid, out, err);
        if (status)
            break;
        out->count--;
        out->count += (size_t)!has_key(out, out->items[out->count].key);
    }
    if (got < 0 && !status)
        status = fail_lookup(err, &cause);
    xapian_posting_iter_free(it);
    return status;
}

/* ---- Groups of words ---- */

static morgue_status open_word(xapian_posting_iter **it, xapian_database *names, const mrg_near_word *word,
                               morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    char term[XAPIAN_MAX_TERM_LEN] = MRG_NAMES_PREFIX_WORD;
    const size_t prefix = strlen(MRG_NAMES_PREFIX_WORD);
    *it = NULL;
    if (word->len + prefix > sizeof term)
        return MORGUE_OK;
    memcpy(term + prefix, word->word, word->len);
    if (xapian_database_postings(it, names, term, word->len + prefix, &cause))
        return fail_lookup(err, &cause);
    return MORGUE_OK;
}

static int by_docid(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    if (a->docid != b->docid)
        return a->docid < b->docid ? -1 : 1;
    return (a->edits > b->edits) - (a->edits < b->edits);
}

static morgue_status append_postings(candidates *out, xapian_posting_iter *it, uint32_t edits, morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_docid docid;
    xapian_status got;
    while (!(got = xapian_posting_iter_next(&docid, it, &cause))) {
        xapian_termcount articles = 0;
        if (mrg_reserve((void **)&out->items, &out->capacity, out->count + 1, sizeof *out->items))
            return mrg_fail_nomem(err);
        if (xapian_posting_iter_wdf(&articles, it, &cause))
            break;
        out->items[out->count++] = (candidate){ docid, edits, articles };
    }
    return got < 0 || cause.status ? fail_lookup(err, &cause) : MORGUE_OK;
}

/* All documents of the group's words, each with its fewest edits. */
static morgue_status begin_with(candidates *out, xapian_database *names, const mrg_near_group *group,
                                morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < group->count && !status; i++) {
        xapian_posting_iter *it;
        status = open_word(&it, names, &group->words[i], err);
        if (!status && it)
            status = append_postings(out, it, group->words[i].edits, err);
        xapian_posting_iter_free(it);
    }
    if (status || group->count < 2 || !out->count)
        return status;
    qsort(out->items, out->count, sizeof *out->items, by_docid);
    size_t kept = 1;
    for (size_t i = 1; i < out->count; i++)
        if (out->items[i].docid != out->items[kept - 1].docid)
            out->items[kept++] = out->items[i];
    out->count = kept;
    return MORGUE_OK;
}

/* Lowers `edits` of the candidates that have the word. */
static morgue_status mark_word(const candidates *all, uint32_t *edits, xapian_posting_iter *it, uint32_t word_edits,
                               morgue_error *err)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_status got = XAPIAN_C_OK;
    xapian_docid docid = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (docid < all->items[i].docid)
            got = xapian_posting_iter_seek(&docid, it, all->items[i].docid, &cause);
        if (got)
            break;
        if (docid == all->items[i].docid && word_edits < edits[i])
            edits[i] = word_edits;
    }
    return got < 0 ? fail_lookup(err, &cause) : MORGUE_OK;
}

/* Keeps the candidates that have a word of this group too. */
static morgue_status intersect(candidates *all, xapian_database *names, const mrg_near_group *group,
                               morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    uint32_t *edits = mrg_reallocarray(NULL, all->count ? all->count : 1, sizeof *edits);
    if (!edits)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < all->count; i++)
        edits[i] = UINT32_MAX;
    for (size_t i = 0; i < group->count && !status; i++) {
        xapian_posting_iter *it;
        status = open_word(&it, names, &group->words[i], err);
        if (!status && it)
            status = mark_word(all, edits, it, group->words[i].edits, err);
        xapian_posting_iter_free(it);
    }
    size_t kept = 0;
    for (size_t i = 0; i < all->count && !status; i++) {
        if (edits[i] == UINT32_MAX)
            continue;
        all->items[kept] = all->items[i];
        all->items[kept++].edits += edits[i];
    }
    all->count = kept;
    mrg_free(edits);
    return status;
}

static int best_first(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    if (a->edits != b->edits)
        return a->edits < b->edits ? -1 : 1;
    if (a->articles != b->articles)
        return a->articles > b->articles ? -1 : 1;
    return (a->docid > b->docid) - (a->docid < b->docid);
}

/* The first `max` of a type. What is left over is only counted, and of it only so much is looked at. */
enum { MAX_COUNTED = 1000 };

static morgue_status read_best(const candidates *all, xapian_database *names, mrg_entity_type type, size_t max,
                               mrg_name_list *out, size_t *total, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    size_t first = out->count, found = 0;
    for (size_t i = 0; i < all->count && !status; i++) {
        if (out->count - first >= max && (!total || type == MRG_ENTITY_TYPES || i >= MAX_COUNTED)) {
            found += all->count - i;
            break;
        }
        status = append_document(names, all->items[i].docid, out, err);
        if (status)
            break;
        mrg_name *name = &out->items[--out->count];
        name->edits = all->items[i].edits;
        if (type != MRG_ENTITY_TYPES && name->type != type)
            continue;
        found++;
        if (out->count - first < max)
            out->count++;
    }
    if (total)
        *total = found;
    return status;
}

/* How many documents the words of a group have, about. */
static uint64_t group_size(xapian_database *names, const mrg_near_group *group)
{
    uint64_t size = 0;
    for (size_t i = 0; i < group->count; i++) {
        char term[XAPIAN_MAX_TERM_LEN] = MRG_NAMES_PREFIX_WORD;
        const size_t prefix = strlen(MRG_NAMES_PREFIX_WORD);
        xapian_doccount count = 0;
        if (group->words[i].len + prefix > sizeof term)
            continue;
        memcpy(term + prefix, group->words[i].word, group->words[i].len);
        xapian_database_termfreq(&count, names, term, group->words[i].len + prefix, NULL);
        size += count;
    }
    return size;
}

morgue_status mrg_names_by_groups(xapian_database *names, mrg_entity_type type, const mrg_near_group *groups,
                                  size_t group_count, size_t max, mrg_name_list *out, size_t *total,
                                  morgue_error *err)
{
    candidates all = { 0 };
    size_t rarest = 0;
    uint64_t least = UINT64_MAX;
    if (total)
        *total = 0;
    for (size_t i = 0; i < group_count; i++) {
        uint64_t size = group_count > 1 ? group_size(names, &groups[i]) : 0;
        if (size < least) {
            least = size;
            rarest = i;
        }
    }
    morgue_status status = group_count ? begin_with(&all, names, &groups[rarest], err) : MORGUE_OK;
    for (size_t i = 0; i < group_count && !status && all.count; i++)
        if (i != rarest)
            status = intersect(&all, names, &groups[i], err);
    if (!status && all.count) {
        qsort(all.items, all.count, sizeof *all.items, best_first);
        status = read_best(&all, names, type, max, out, total, err);
    }
    mrg_free(all.items);
    return status;
}

morgue_status mrg_names_by_words(xapian_database *names, mrg_entity_type type, const char *text, size_t len, size_t max,
                                 mrg_name_list *out, size_t *total, morgue_error *err)
{
    mrg_tokens tokens = { 0 };
    if (total)
        *total = 0;
    morgue_status status = mrg_tokenize(&tokens, text, 0, len, 0, err);
    size_t count = tokens.count < MRG_NAMES_MAX_WORDS ? tokens.count : MRG_NAMES_MAX_WORDS;
    mrg_near_word words[MRG_NAMES_MAX_WORDS];
    mrg_near_group groups[MRG_NAMES_MAX_WORDS];
    for (size_t i = 0; i < count; i++) {
        words[i] = (mrg_near_word){ mrg_token_term(&tokens, &tokens.items[i]), tokens.items[i].term_len, 0, 0 };
        groups[i] = (mrg_near_group){ &words[i], 1 };
    }
    if (!status && tokens.count <= MRG_NAMES_MAX_WORDS)
        status = mrg_names_by_groups(names, type, groups, count, max, out, total, err);
    mrg_tokens_dispose(&tokens);
    return status;
}

/* ---- Forms ---- */

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

/* Raises *match to `exact` if the folded form is just the words, or to WORDS if it has them. */
static void compare(const char *form, size_t form_len, const char *words, size_t len, mrg_form_match exact,
                    mrg_form_match *match)
{
    mrg_form_match found = MRG_FORM_NONE;
    if (form_len == len && !memcmp(form, words, len))
        found = exact;
    else if (*match < MRG_FORM_WORDS && form_len > len && mrg_words_include(form, form_len, words, len))
        found = MRG_FORM_WORDS;
    *match = found > *match ? found : *match;
}

morgue_status mrg_name_match(const mrg_name *name, const char *words, size_t len, mrg_form_match *match,
                             morgue_error *err)
{
    mrg_buffer folded = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    *match = MRG_FORM_NONE;
    const char *key = name->key + 2;
    compare(key, strlen(key), words, len, MRG_FORM_NAME, match);
    if (name->type != MRG_ENTITY_PERSON && !strncmp(key, "us ", 3))
        compare(key + 3, strlen(key + 3), words, len, MRG_FORM_HOME, match);
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i <= name->alias_count && !status; i++) {
        const char *form = i ? name->aliases[i - 1].form : name->name;
        mrg_form_match exact = i ? MRG_FORM_ALIAS : MRG_FORM_NAME;
        if (*match >= exact)
            break;
        mrg_buffer_clear(&folded);
        status = mrg_name_words(&folded, &tokens, form, strlen(form), err);
        if (!status && folded.len)
            compare((const char *)folded.data, folded.len, words, len, exact, match);
    }
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&folded);
    return status;
}

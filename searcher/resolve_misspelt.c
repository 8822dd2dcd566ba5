/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wrong spellings of a name that somebody wrote in an article. Two names may well differ by one letter, so
 * this is careful. One edit, not in the first letter, in a word of 5 letters or more, all other words the
 * same; a change of the last letter only does not count ("Mario", "Maria"). Then
 *
 *  - a lone surname of 8 letters or more stands in an article that also has the right name,
 *  - or a lone surname of 8 letters or more, or a whole name of two words or more, occurs in less than 1 in
 *    50 as many articles, and in no more than a few.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "resolve.h"

enum { MIN_WORD = 5, MIN_SURNAME = 8, RARER_THAN = 50, MAX_ARTICLES = 5, MAX_TOGETHER = 3, MAX_CANDIDATES = 16 };

typedef struct suspicion {
    mrg_gathered *g;
    mrg_snapshot *snapshot;
    size_t shot; /* its number */
    const char *key, *words; /* of the right name: its key, and what follows the type there */
    uint64_t article_count;
    size_t first; /* of the misspellings in g */
    morgue_error *err;
} suspicion;

/* ---- Is it one? ---- */

static int same_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && !memcmp(a, b, a_len);
}

/* Two spellings of one word: one edit, neither in the first letter nor a change or loss of the last alone. */
static int is_slip(const char *right, size_t right_len, const char *wrong, size_t wrong_len)
{
    size_t common = 0, shorter = right_len < wrong_len ? right_len : wrong_len;
    if (mrg_count_chars(right, right_len) < MIN_WORD || right[0] != wrong[0])
        return 0;
    while (common < shorter && right[common] == wrong[common])
        common++;
    return common + 1 < right_len && mrg_edit_distance(right, right_len, wrong, wrong_len, 1) == 1;
}

/* Whether the words are the same but for a slip in one. */
static int differs_by_slip(const char *right, const char *wrong)
{
    int slips = 0;
    while (*right && *wrong) {
        size_t n = strcspn(right, " "), m = strcspn(wrong, " ");
        if (!same_bytes(right, n, wrong, m)) {
            if (!is_slip(right, n, wrong, m))
                return 0;
            slips++;
        }
        right += n + (right[n] == ' ');
        wrong += m + (wrong[m] == ' ');
    }
    return slips == 1 && !*right && !*wrong;
}

/* Whether an article has both names. */
static morgue_status stand_together(const suspicion *s, const char *other, int *together)
{
    xapian_error cause = XAPIAN_ERROR_INIT;
    xapian_posting_iter *a = NULL, *b = NULL;
    xapian_docid at = 0, docid;
    mrg_buffer term = MRG_BUFFER_INIT;
    *together = 0;
    mrg_buffer_append_str(&term, MRG_PREFIX_ENTITY);
    mrg_buffer_append_str(&term, s->key);
    size_t len = term.len;
    mrg_buffer_append_str(&term, MRG_PREFIX_ENTITY);
    mrg_buffer_append_str(&term, other);
    morgue_status status = term.failed ? mrg_fail_nomem(s->err) : MORGUE_OK;
    xapian_status got = XAPIAN_C_OK;
    if (!status && ((got = xapian_database_postings(&a, s->snapshot->catalogue, (char *)term.data, len, &cause)) ||
                    (got = xapian_database_postings(&b, s->snapshot->catalogue, (char *)term.data + len,
                                                    term.len - len, &cause))))
        status = mrg_fail_xapian(s->err, &cause, "cannot look up a name");
    while (!status && !got && !*together && !(got = xapian_posting_iter_next(&docid, b, &cause))) {
        if (at < docid)
            got = xapian_posting_iter_seek(&at, a, docid, &cause);
        *together = !got && at == docid;
    }
    if (!status && got < 0)
        status = mrg_fail_xapian(s->err, &cause, "cannot look up a name");
    xapian_posting_iter_free(a);
    xapian_posting_iter_free(b);
    mrg_buffer_dispose(&term);
    return status;
}

static morgue_status is_misspelt(const suspicion *s, const mrg_name *name, int *is)
{
    const char *wrong = name->key + 2, *surname = strrchr(s->words, ' ');
    int lone = !strchr(wrong, ' '), rare = 0;
    surname = surname ? surname + 1 : s->words;
    *is = 0;
    if (lone) {
        if (mrg_count_chars(surname, strlen(surname)) < MIN_SURNAME || !differs_by_slip(surname, wrong))
            return MORGUE_OK;
    } else if (!strchr(s->words, ' ') || !differs_by_slip(s->words, wrong)) {
        return MORGUE_OK;
    }
    rare = name->article_count <= MAX_ARTICLES && (uint64_t)name->article_count * RARER_THAN < s->article_count;
    *is = rare;
    if (!rare && lone && name->article_count <= MAX_TOGETHER && s->words != surname)
        return stand_together(s, name->key, is);
    return MORGUE_OK;
}

/* ---- Looking for them ---- */

static morgue_status gather_suspects(const suspicion *s, const mrg_name_list *suspects)
{
    mrg_name_list found = { 0 };
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < suspects->count && !status; i++) {
        int is = 0;
        if (suspects->items[i].type == mrg_entity_type_of(s->key[0]) && strcmp(suspects->items[i].key, s->key))
            status = is_misspelt(s, &suspects->items[i], &is);
        if (status || !is)
            continue;
        found.items = &suspects->items[i];
        found.count = 1;
        found.items->edits = 1;
        status = mrg_gather(s->g, s->snapshot, s->shot, &found, s->first, MRG_HOW_MISSPELT, s->err);
    }
    return status;
}

/* Names with a wrong spelling of the word at [begin, end) of the right name. */
static morgue_status look_for(const suspicion *s, size_t begin, size_t end)
{
    mrg_near_list near = { 0 };
    mrg_name_list suspects = { 0 };
    size_t kept = 0;
    const char *word = s->words + begin;
    morgue_status status = mrg_names_near(s->snapshot->names, word, end - begin, 1, 1, &near, s->err);
    for (size_t i = 0; i < near.count && !status; i++)
        if (is_slip(word, end - begin, near.items[i].word, near.items[i].len) &&
            near.items[i].articles <= s->article_count)
            near.items[kept++] = near.items[i];
    near.count = kept;
    mrg_near_list_keep(&near, MAX_CANDIDATES);
    for (size_t i = 0; i < near.count && !status; i++) {
        mrg_near_group group = { &near.items[i], 1 };
        status = mrg_names_by_groups(s->snapshot->names, mrg_entity_type_of(s->key[0]), &group, 1, MAX_CANDIDATES,
                                     &suspects, NULL, s->err);
    }
    if (!status)
        status = gather_suspects(s, &suspects);
    mrg_name_list_dispose(&suspects);
    mrg_near_list_dispose(&near);
    return status;
}

morgue_status mrg_resolve_misspelt(mrg_gathered *g, mrg_snapshot *const *snapshots, size_t snapshot_count,
                                   morgue_error *err)
{
    const mrg_resolved_name *right = g->items; /* moves when the list grows; its strings do not */
    suspicion s = { .g = g, .key = right->key, .words = right->key + 2, .article_count = right->article_count,
                    .first = g->count, .err = err };
    morgue_status status = MORGUE_OK;
    if (right->type != MRG_ENTITY_PERSON)
        return MORGUE_OK;
    for (size_t i = 0; i < snapshot_count && !status; i++) {
        s.snapshot = snapshots[i];
        s.shot = i + 1;
        for (size_t begin = 0; s.snapshot->names && s.words[begin] && !status;) {
            size_t end = begin + strcspn(s.words + begin, " ");
            if (mrg_count_chars(s.words + begin, end - begin) >= MIN_WORD)
                status = look_for(&s, begin, end);
            begin = end + (s.words[end] == ' ');
        }
    }
    return status;
}

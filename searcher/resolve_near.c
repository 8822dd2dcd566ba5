/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names spelled nearly as asked. Each word of the question becomes the group of words that are near it, and
 * a name must have one of each group. Words two edits away count only where nothing is one edit away. How many
 * edits there may be is a matter of the longer of the two words, so that "Smth" finds Smith; a word of fewer
 * than 5 letters may have one edit beside others, as long as the whole keeps to what its length allows.
 */
#include <string.h>

#include "core/alloc.h"
#include "resolve.h"
#include "store/names_write.h"

enum { MAX_NEAR_WORDS = 64, MIN_CHARS_BESIDE = 3, MAX_SOUNDING = 16 };

typedef struct near_groups {
    mrg_tokens tokens;
    mrg_near_list lists[MRG_NAMES_MAX_WORDS];
    mrg_near_group groups[MRG_NAMES_MAX_WORDS];
    size_t count;
    unsigned max_edits; /* of all words together */
    int empty;          /* a word has nothing near it */
} near_groups;

static void dispose(near_groups *g)
{
    for (size_t i = 0; i < g->count; i++)
        mrg_near_list_dispose(&g->lists[i]);
    mrg_tokens_dispose(&g->tokens);
}

/* Drops words that are too short for their edits. */
static void drop_short(const near_groups *g, mrg_near_list *list, size_t chars)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const mrg_near_word *word = &list->items[i];
        size_t other = mrg_count_chars(word->word, word->len), longer = other > chars ? other : chars;
        unsigned most = mrg_near_edits(longer);
        if (!most && g->tokens.count > 1 && longer >= MIN_CHARS_BESIDE)
            most = 1;
        if (word->edits <= most)
            list->items[kept++] = *word;
    }
    list->count = kept;
}

static morgue_status near_words(const near_groups *g, xapian_database *names, const char *word, size_t len,
                                mrg_near_list *list, morgue_error *err)
{
    size_t chars = mrg_count_chars(word, len);
    morgue_status status = MORGUE_OK;
    for (unsigned edits = 1; edits <= MRG_NEAR_MAX_EDITS && !list->count && !status; edits++) {
        if (edits > 1 && mrg_near_edits(chars + 1) < edits)
            break;
        status = mrg_names_near(names, word, len, edits, 0, list, err);
        drop_short(g, list, chars);
    }
    return status;
}

static morgue_status split(near_groups *g, const char *text, size_t len, morgue_error *err)
{
    morgue_status status = mrg_tokenize(&g->tokens, text, 0, len, 0, err);
    size_t chars = 0;
    if (status)
        return status;
    for (size_t i = 0; i < g->tokens.count; i++)
        chars += (i ? 1 : 0) + mrg_count_chars(mrg_token_term(&g->tokens, &g->tokens.items[i]),
                                               g->tokens.items[i].term_len);
    g->max_edits = mrg_near_edits(chars + 1);
    g->empty = !g->tokens.count || g->tokens.count > MRG_NAMES_MAX_WORDS;
    return MORGUE_OK;
}

static morgue_status fill_group(near_groups *g, xapian_database *names, size_t i, mrg_how how, morgue_error *err)
{
    const mrg_token *token = &g->tokens.items[i];
    const char *word = mrg_token_term(&g->tokens, token);
    mrg_near_list *list = &g->lists[i];
    morgue_status status;
    if (how == MRG_HOW_PREFIX) {
        status = mrg_names_beginning(names, word, token->term_len, MAX_NEAR_WORDS, list, err);
    } else if (how == MRG_HOW_SOUND) {
        status = mrg_names_sounding(names, word, token->term_len, list, err);
        mrg_near_list_keep(list, MAX_SOUNDING);
    } else if (how == MRG_HOW_WORD) {
        status = mrg_names_near(names, word, token->term_len, 0, 0, list, err);
    } else {
        status = near_words(g, names, word, token->term_len, list, err);
        mrg_near_list_keep(list, MAX_NEAR_WORDS);
    }
    return status;
}

static morgue_status fill(near_groups *g, xapian_database *names, mrg_how how, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < g->tokens.count && !status && !g->empty; i++) {
        int whole = how == MRG_HOW_PREFIX && i + 1 < g->tokens.count; /* only the last word may be cut short */
        memset(&g->lists[i], 0, sizeof g->lists[i]);
        g->count++;
        status = fill_group(g, names, i, whole ? MRG_HOW_WORD : how, err);
        g->groups[i] = (mrg_near_group){ g->lists[i].items, g->lists[i].count };
        g->empty = !g->lists[i].count;
    }
    return status;
}

/* ---- Correcting ---- */

static int has_word(const mrg_buffer *words, const mrg_near_word *word)
{
    const char *p = (const char *)words->data, *end = p + words->len;
    while (p < end) {
        const char *stop = memchr(p, ' ', (size_t)(end - p));
        size_t n = (size_t)((stop ? stop : end) - p);
        if (n == word->len && !memcmp(p, word->word, n))
            return 1;
        p += n + 1;
    }
    return 0;
}

/* All words of the name's forms. */
static morgue_status words_of(mrg_buffer *out, const mrg_name *name, mrg_tokens *tokens, morgue_error *err)
{
    morgue_status status = mrg_name_words(out, tokens, name->key + 2, strlen(name->key + 2), err);
    for (size_t i = 0; i < name->alias_count && !status; i++) {
        mrg_buffer_append_byte(out, ' ');
        status = mrg_name_words(out, tokens, name->aliases[i].form, strlen(name->aliases[i].form), err);
    }
    return status;
}

/* Of each group the word that the name has. */
static morgue_status spell_as(mrg_buffer *out, const near_groups *g, const mrg_name *name, morgue_error *err)
{
    mrg_buffer words = MRG_BUFFER_INIT;
    mrg_tokens tokens = { 0 };
    morgue_status status = words_of(&words, name, &tokens, err);
    mrg_buffer_clear(out);
    for (size_t i = 0; i < g->count && !status; i++) {
        size_t k = 0;
        while (k < g->groups[i].count && !has_word(&words, &g->groups[i].words[k]))
            k++;
        if (k == g->groups[i].count)
            continue; /* one of the forms that were forgotten */
        if (out->len)
            mrg_buffer_append_byte(out, ' ');
        mrg_buffer_append(out, g->groups[i].words[k].word, g->groups[i].words[k].len);
    }
    mrg_tokens_dispose(&tokens);
    mrg_buffer_dispose(&words);
    return !status && out->failed ? mrg_fail_nomem(err) : status;
}

/* A better one before a worse one; the same one twice has the articles of both. */
static void insert(mrg_correction *out, size_t *count, mrg_correction c)
{
    size_t at = 0;
    while (at < *count && strcmp(out[at].text, c.text))
        at++;
    if (at < *count) {
        c.articles += out[at].articles;
        c.edits = out[at].edits < c.edits ? out[at].edits : c.edits;
        memmove(out + at, out + at + 1, (--*count - at) * sizeof *out);
    }
    at = *count;
    while (at && (c.edits < out[at - 1].edits || (c.edits == out[at - 1].edits && c.articles > out[at - 1].articles)))
        at--;
    if (at == MRG_CORRECTIONS)
        return;
    if (*count < MRG_CORRECTIONS)
        ++*count;
    memmove(out + at + 1, out + at, (*count - at - 1) * sizeof *out);
    out[at] = c;
}

typedef struct correcting {
    mrg_correction *out;
    size_t *count;
    mrg_arena *arena;
    const mrg_snapshot *snapshot;
    mrg_entity_type type;
    mrg_how how;
    const mrg_buffer *asked; /* the words of the question */
    morgue_error *err;
} correcting;

static morgue_status offer(correcting *c, const mrg_buffer *text, unsigned edits, uint64_t articles)
{
    if (!text->len || (text->len == c->asked->len && !memcmp(text->data, c->asked->data, text->len)))
        return MORGUE_OK;
    const char *copy = mrg_arena_strndup(c->arena, (const char *)text->data, text->len);
    if (!copy)
        return mrg_fail_nomem(c->err);
    insert(c->out, c->count, (mrg_correction){ copy, c->how, c->how == MRG_HOW_PREFIX ? 1 : edits, articles });
    return MORGUE_OK;
}

/* A single word: the likeliest words that names of the type have. */
static morgue_status offer_words(correcting *c, const near_groups *g)
{
    morgue_status status = MORGUE_OK;
    mrg_name_list list = { 0 };
    mrg_buffer text = MRG_BUFFER_INIT;
    size_t offered = 0;
    for (size_t i = 0; i < g->groups[0].count && offered < MRG_CORRECTIONS && !status; i++) {
        const mrg_near_word *word = &g->groups[0].words[i];
        mrg_near_group one = { word, 1 };
        list.count = 0;
        status = mrg_names_by_groups(c->snapshot->names, c->type, &one, 1, 1, &list, NULL, c->err);
        if (status || !list.count)
            continue;
        mrg_buffer_clear(&text);
        mrg_buffer_append(&text, word->word, word->len);
        status = text.failed ? mrg_fail_nomem(c->err) : offer(c, &text, word->edits, word->articles);
        offered++;
    }
    mrg_buffer_dispose(&text);
    mrg_name_list_dispose(&list);
    return status;
}

/* Several: the words of the names that have one of each group. */
static morgue_status offer_names(correcting *c, const near_groups *g)
{
    mrg_name_list list = { 0 };
    mrg_buffer text = MRG_BUFFER_INIT;
    morgue_status status = mrg_names_by_groups(c->snapshot->names, c->type, g->groups, g->count, 2 * MRG_CORRECTIONS,
                                               &list, NULL, c->err);
    for (size_t i = 0; i < list.count && !status; i++) {
        if (c->how == MRG_HOW_SPELLING && list.items[i].edits > g->max_edits)
            break;
        status = spell_as(&text, g, &list.items[i], c->err);
        if (!status)
            status = offer(c, &text, list.items[i].edits, list.items[i].article_count);
    }
    mrg_buffer_dispose(&text);
    mrg_name_list_dispose(&list);
    return status;
}

static morgue_status correct_in(correcting *c, const char *text, size_t len)
{
    near_groups g;
    mrg_buffer asked = MRG_BUFFER_INIT;
    memset(&g, 0, sizeof g);
    morgue_status status = split(&g, text, len, c->err);
    for (size_t i = 0; i < g.tokens.count; i++) {
        if (i)
            mrg_buffer_append_byte(&asked, ' ');
        mrg_buffer_append(&asked, mrg_token_term(&g.tokens, &g.tokens.items[i]), g.tokens.items[i].term_len);
    }
    if (!status && asked.failed)
        status = mrg_fail_nomem(c->err);
    c->asked = &asked;
    if (!status)
        status = fill(&g, c->snapshot->names, c->how, c->err);
    if (!status && !g.empty)
        status = g.count == 1 ? offer_words(c, &g) : offer_names(c, &g);
    mrg_buffer_dispose(&asked);
    dispose(&g);
    return status;
}

morgue_status mrg_resolve_correct(mrg_correction *out, size_t *count, mrg_arena *arena,
                                  mrg_snapshot *const *snapshots, size_t snapshot_count, mrg_entity_type type,
                                  const char *text, size_t len, mrg_how how, morgue_error *err)
{
    correcting c = { .out = out, .count = count, .arena = arena, .type = type, .how = how, .err = err };
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < snapshot_count && !status; i++) {
        c.snapshot = snapshots[i];
        if (c.snapshot->names)
            status = correct_in(&c, text, len);
    }
    return status;
}

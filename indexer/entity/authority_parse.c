/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a user's list -> rows and tables. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/error.h"
#include "entity/article.h"
#include "entity/authority_impl.h"

enum { MAX_ALIASES = 1000, MAX_TOLD = 50, SHORT_NAME = 4 };

typedef struct part {
    const char *text;
    size_t len;
} part;

/* A key that a row names outright. */
typedef struct wish {
    const char *key;
    uint32_t row;
} wish;

typedef struct parser {
    mrg_authority *a;
    const mrg_authority_messages *messages;
    mrg_tokens tokens;
    mrg_buffer words, key;
    part parts[MAX_ALIASES]; /* aliases and not: forms of the row, as written */
    size_t part_count;
    wish *wishes;
    size_t wish_count, wish_capacity;
    uint32_t line;
    size_t told; /* messages, those kept back included */
    int failed; /* memory ran out */
    morgue_error *err;
} parser;

/* ---- Messages ------------------------------------------------------------------------------------------------ */

static void tell(parser *p, uint32_t line, const char *cause, const char *effect)
{
    morgue_error message; /* for its one clean line */
    if (!p->messages || !p->messages->message || p->told++ >= MAX_TOLD)
        return;
    mrg_fail(&message, MORGUE_ERR_INVALID, "%s:%u: %s%s", p->messages->file, (unsigned)line, cause, effect);
    p->messages->message(p->messages->ctx, message.message);
}

/* A row that is left out. */
static int reject(parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int reject(parser *p, const char *format, ...)
{
    char cause[MORGUE_MESSAGE_BYTES / 2];
    va_list args;
    va_start(args, format);
    vsnprintf(cause, sizeof cause, format, args);
    va_end(args);
    p->a->skipped++;
    tell(p, p->line, cause, "; the row is left out");
    return 0;
}

static void tell_rest(const parser *p)
{
    morgue_error line;
    if (!p->messages || !p->messages->message || p->told <= MAX_TOLD)
        return;
    mrg_fail(&line, MORGUE_ERR_INVALID, "%s: %zu more lines like these", p->messages->file, p->told - MAX_TOLD);
    p->messages->message(p->messages->ctx, line.message);
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static int is_key(const char *text, size_t len)
{
    mrg_entity_type type = len > 2 && text[1] == ':' ? mrg_entity_type_of(text[0]) : MRG_ENTITY_TYPES;
    return type < MRG_ENTITY_TYPES && len <= MRG_KEY_MAX;
}

/* Leaves the folded words in p->words, its tokens in p->tokens. */
static int fold(parser *p, const char *text, size_t len)
{
    mrg_tokens_clear(&p->tokens);
    mrg_buffer_clear(&p->words);
    if (mrg_tokenize(&p->tokens, text, 0, len, 0, p->err))
        return -1;
    for (size_t i = 0; i < p->tokens.count; i++) {
        if (i)
            mrg_buffer_append_byte(&p->words, ' ');
        mrg_buffer_append(&p->words, mrg_token_term(&p->tokens, &p->tokens.items[i]), p->tokens.items[i].term_len);
    }
    return p->words.failed ? -1 : 0;
}

/* Why a name cannot be taken, NULL if it can. Folds it. */
static const char *fault_of(parser *p, const char *text, size_t len)
{
    if (!len)
        return "a name is missing";
    if (len > MRG_AUTHORITY_MAX_NAME)
        return "a name is too long";
    if (fold(p, text, len)) {
        p->failed = 1;
        return NULL;
    }
    if (!p->tokens.count)
        return "a name has neither letters nor digits";
    if (p->tokens.count > MRG_MENTION_MAX_TOKENS)
        return "a name has too many words";
    return NULL;
}

static unsigned flags_of(const parser *p, const char *canonical)
{
    const mrg_token *t = p->tokens.items;
    unsigned flags = t->flags & MRG_TOKEN_CAPITAL ? NAME_BEGINS : NAME_SMALL;
    for (size_t i = 0; i < p->tokens.count; i++)
        if (t[i].flags & MRG_TOKEN_CAPITAL)
            flags &= ~(unsigned)NAME_SMALL;
    if (p->tokens.count == 1 && t->flags & MRG_TOKEN_ALL_CAPS && t->term_len <= SHORT_NAME)
        flags |= NAME_CAPITALS;
    if (canonical && p->tokens.count == 1 && strchr(canonical, ' ') &&
        mrg_words_include(canonical, strlen(canonical), (const char *)p->words.data, p->words.len))
        flags |= NAME_TIED;
    return flags;
}

/* What is in p->words. The same words twice in a row are one name. */
static int add_name(parser *p, uint32_t row, const char *written, size_t written_len, const char *canonical)
{
    mrg_authority *a = p->a;
    uint64_t hash = 0, first = 0;
    for (size_t i = 0; i < p->tokens.count; i++) {
        hash = mrg_authority_hash(hash, mrg_token_term(&p->tokens, &p->tokens.items[i]), p->tokens.items[i].term_len);
        if (!i)
            first = hash;
    }
    if (!(p->tokens.items->flags & MRG_TOKEN_CAPITAL))
        a->small_firsts[first >> 6 & 63] |= (uint64_t)1 << (first & 63);
    mrg_authority_name *same = NULL;
    if (a->name_slot_count) {
        const mrg_authority_name *found = mrg_authority_find(a, (const char *)p->words.data, p->words.len);
        same = found ? &a->names[found - a->names] : NULL;
    }
    for (mrg_authority_name *n = same; n; n = n->next ? &a->names[n->next - 1] : NULL)
        if (n->row == row)
            return 0;
    size_t same_index = same ? (size_t)(same - a->names) : 0;
    if (mrg_reserve((void **)&a->names, &a->name_capacity, a->name_count + 1, sizeof *a->names))
        return -1;
    uint32_t index = (uint32_t)a->name_count;
    mrg_authority_name *name = &a->names[index];
    *name = (mrg_authority_name){ .hash = hash, .row = row, .len = (uint16_t)p->words.len };
    name->token_count = (uint8_t)p->tokens.count;
    name->flags = (uint8_t)flags_of(p, canonical);
    name->words = mrg_arena_strndup(&a->arena, (const char *)p->words.data, p->words.len);
    name->written = mrg_arena_strndup(&a->arena, written, written_len);
    if (!name->words || !name->written)
        return -1;
    a->name_count++;
    if (same) {
        name->flags |= NAME_REPEATED;
        name->next = a->names[same_index].next;
        a->names[same_index].next = index + 1;
        return 0;
    }
    return mrg_authority_add_name(a, index) || mrg_authority_add_first(a, first, (uint32_t)p->tokens.count) ? -1 : 0;
}

/* ---- Keys ------------------------------------------------------------------------------------------------------- */

/* Adds what is in p->key to the row's keys. Whether it gets them is settled when all rows have their own. */
static int want_key(parser *p, mrg_authority_row *row)
{
    if (p->key.failed)
        return -1;
    if (p->key.len <= 2)
        return 0;
    const char *copy = mrg_arena_strndup(&p->a->arena, (const char *)p->key.data, p->key.len);
    if (!copy)
        return -1;
    row->keys[row->key_count++] = copy;
    return 0;
}

/* The same for a key that the row names outright. */
static int wish_key(parser *p, mrg_authority_row *row, uint32_t index)
{
    uint32_t before = row->key_count;
    if (want_key(p, row) || mrg_reserve((void **)&p->wishes, &p->wish_capacity, p->wish_count + 1, sizeof *p->wishes))
        return -1;
    if (row->key_count > before)
        p->wishes[p->wish_count++] = (wish){ row->keys[before], index };
    return 0;
}

/* Gives each row what it wants and no row before it has, and tells what was wished for in vain. */
static int settle_keys(parser *p)
{
    mrg_authority *a = p->a;
    for (uint32_t i = 0; i < a->row_count; i++) {
        mrg_authority_row *row = &a->rows[i];
        uint32_t kept = 1;
        for (uint32_t k = 1; k < row->key_count; k++) {
            if (mrg_authority_of_key(a, row->keys[k], strlen(row->keys[k])))
                continue;
            if (mrg_authority_add_key(a, row->keys[k], i))
                return -1;
            row->keys[kept++] = row->keys[k];
        }
        row->key_count = kept;
    }
    for (size_t i = 0; i < p->wish_count; i++) {
        char cause[MRG_KEY_MAX + 80];
        const wish *w = &p->wishes[i];
        const mrg_authority_row *owner = mrg_authority_of_key(a, w->key, strlen(w->key));
        if (owner == &a->rows[w->row])
            continue;
        snprintf(cause, sizeof cause, "%s stays with line %u, which has it already", w->key, (unsigned)owner->line);
        tell(p, a->rows[w->row].line, cause, "");
    }
    return 0;
}

static void make_key(parser *p, mrg_entity_type type, const char *text, size_t len)
{
    mrg_buffer_clear(&p->key);
    if (is_key(text, len))
        mrg_buffer_append(&p->key, text, len);
    else
        mrg_entity_key(&p->key, &type, text, len);
}

/* The key of the words in p->words, whatever the alias table says. */
static void make_plain_key(parser *p, mrg_entity_type type)
{
    mrg_buffer_clear(&p->key);
    mrg_buffer_append_byte(&p->key, (unsigned char)mrg_entity_letter(type));
    mrg_buffer_append_byte(&p->key, ':');
    mrg_append_key_name(&p->key, type, (const char *)p->words.data, p->words.len);
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

enum { COLUMNS = 5 };

/* Splits a line at tabs; columns behind the last count as more aliases. Returns how many there are. */
static size_t split_columns(const char *line, size_t len, part columns[COLUMNS])
{
    size_t n = 0;
    const char *end = line + len;
    for (const char *at = line; n < COLUMNS; n++) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        const char *stop = tab ? tab : end;
        columns[n] = (part){ at, (size_t)(stop - at) };
        while (columns[n].len && columns[n].text[0] == ' ') {
            columns[n].text++;
            columns[n].len--;
        }
        while (columns[n].len && columns[n].text[columns[n].len - 1] == ' ')
            columns[n].len--;
        if (!tab)
            return n + 1;
        at = tab + 1;
    }
    return n;
}

static int is_not_form(const part *form)
{
    return form->len > 4 && !memcmp(form->text, "not:", 4);
}

/* Adds the aliases of a column to p->parts. */
static void split_aliases(parser *p, const part *column)
{
    const char *end = column->text + column->len;
    for (const char *at = column->text; at < end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        part form = { at, (size_t)((bar ? bar : end) - at) };
        while (form.len && *form.text == ' ') {
            form.text++;
            form.len--;
        }
        while (form.len && form.text[form.len - 1] == ' ')
            form.len--;
        if (form.len && p->part_count < MAX_ALIASES)
            p->parts[p->part_count++] = form;
        at = bar ? bar + 1 : end;
    }
}

static int read_type(const part *column, mrg_entity_type *type)
{
    if (column->len == 1 && column->text[0] == '-') {
        *type = MRG_ENTITY_TYPES;
        return 1;
    }
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++) {
        const char *name = mrg_entity_type_name((mrg_entity_type)t);
        *type = (mrg_entity_type)t;
        if (strlen(name) == column->len && !memcmp(name, column->text, column->len))
            return 1;
    }
    return 0;
}

/* Whether all names of the row can be taken; tells why not. */
static int check_names(parser *p, const part *name)
{
    const char *fault = fault_of(p, name->text, name->len);
    for (size_t i = 0; i < p->part_count && !fault; i++) {
        size_t skip = is_not_form(&p->parts[i]) ? 4 : 0;
        if (!is_key(p->parts[i].text, p->parts[i].len))
            fault = fault_of(p, p->parts[i].text + skip, p->parts[i].len - skip);
    }
    return fault ? reject(p, "%s", fault) : 1;
}

static int add_not(parser *p, mrg_authority_row *row, const part *form)
{
    if (fold(p, form->text + 4, form->len - 4))
        return -1;
    const char *words = mrg_arena_strndup(&p->a->arena, (const char *)p->words.data, p->words.len);
    const char *written = mrg_arena_strndup(&p->a->arena, form->text + 4, form->len - 4);
    if (!words || !written)
        return -1;
    row->not_words[row->not_count] = words;
    row->not_written[row->not_count++] = written;
    return 0;
}

static int add_aliases(parser *p, mrg_authority_row *row, uint32_t index, const char *canonical)
{
    for (size_t i = 0; i < p->part_count; i++) {
        const part *form = &p->parts[i];
        if (is_not_form(form)) {
            if (add_not(p, row, form))
                return -1;
            continue;
        }
        if (!is_key(form->text, form->len) &&
            (fold(p, form->text, form->len) || add_name(p, index, form->text, form->len, canonical)))
            return -1;
        make_key(p, row->type, form->text, form->len);
        if (row->type == MRG_ENTITY_TYPES)
            continue;
        if (is_key(form->text, form->len) ? wish_key(p, row, index) : want_key(p, row))
            return -1;
    }
    return 0;
}

/* The keys of what is never a name: those of just that name. */
static int kill_keys(parser *p, mrg_authority_row *row, uint32_t index, const part *id)
{
    int by_id = is_key(id->text, id->len);
    if (by_id) {
        make_key(p, MRG_ENTITY_TYPES, id->text, id->len);
        if (wish_key(p, row, index))
            return -1;
    }
    for (int t = 0; t < (int)MRG_ENTITY_TYPES; t++) {
        make_plain_key(p, (mrg_entity_type)t);
        if (by_id ? want_key(p, row) : wish_key(p, row, index))
            return -1;
    }
    return 0;
}

/* The key in p->key. Returns 0 if another row has it already. */
static int own_key(parser *p, mrg_authority_row *row, const part *id, const part *name)
{
    if (row->type == MRG_ENTITY_TYPES) {
        mrg_buffer_clear(&p->key);
        mrg_buffer_append_str(&p->key, "-:");
        mrg_buffer_append(&p->key, p->words.data, p->words.len);
    } else if (is_key(id->text, id->len) && mrg_entity_type_of(id->text[0]) == row->type) {
        make_key(p, row->type, id->text, id->len);
    } else {
        make_key(p, row->type, name->text, name->len);
    }
    const mrg_authority_row *other =
        p->key.failed ? NULL : mrg_authority_of_key(p->a, (const char *)p->key.data, p->key.len);
    p->failed |= p->key.failed;
    if (!other)
        return 1;
    return reject(p, "line %u is about the same name", (unsigned)other->line);
}

static int fill_row(parser *p, mrg_authority_row *row, const part *id, const part *name)
{
    mrg_arena *arena = &p->a->arena;
    uint32_t index = (uint32_t)p->a->row_count;
    size_t room = p->part_count + 6;
    row->id = mrg_arena_strndup(arena, id->text, id->len);
    row->name = mrg_arena_strndup(arena, name->text, name->len);
    row->keys = mrg_arena_alloc(arena, room * sizeof *row->keys);
    row->not_words = mrg_arena_alloc(arena, room * sizeof *row->not_words);
    row->not_written = mrg_arena_alloc(arena, room * sizeof *row->not_written);
    if (!row->id || !row->name || !row->keys || !row->not_words || !row->not_written ||
        want_key(p, row) || mrg_authority_add_key(p->a, row->keys[0], index))
        return -1;
    row->key = row->keys[0];
    row->first_name = (uint32_t)p->a->name_count;
    const char *canonical = mrg_arena_strndup(arena, (const char *)p->words.data, p->words.len);
    if (!canonical || add_name(p, index, name->text, name->len, NULL))
        return -1;
    if (row->type == MRG_ENTITY_TYPES && kill_keys(p, row, index, id))
        return -1;
    make_key(p, row->type, name->text, name->len);
    if (row->type < MRG_ENTITY_TYPES && want_key(p, row))
        return -1;
    if (add_aliases(p, row, index, canonical))
        return -1;
    row->name_count = (uint32_t)p->a->name_count - row->first_name;
    return 0;
}

/* 1: taken; 0: left out; -1: memory ran out. */
static int read_row(parser *p, const char *line, size_t len)
{
    mrg_authority *a = p->a;
    part columns[COLUMNS];
    mrg_authority_row row = { .line = p->line };
    size_t count = split_columns(line, len, columns);
    p->part_count = 0;
    if (count < 3)
        return reject(p, "there are %zu columns, and at least id, type and name are wanted", count);
    if (!read_type(&columns[1], &row.type))
        return reject(p, "the type is \"%.*s\", and not person, org, place, event or -",
                      (int)(columns[1].len < 40 ? columns[1].len : 40), columns[1].text);
    if (columns[0].len > MRG_AUTHORITY_MAX_NAME)
        return reject(p, "the id is too long");
    for (size_t i = 3; i < count; i++)
        split_aliases(p, &columns[i]);
    if (!check_names(p, &columns[2]) && !p->failed)
        return 0;
    if (p->failed || fold(p, columns[2].text, columns[2].len))
        return -1;
    if (!own_key(p, &row, &columns[0], &columns[2]))
        return 0;
    if (p->failed || mrg_reserve((void **)&a->rows, &a->row_capacity, a->row_count + 1, sizeof *a->rows) ||
        fill_row(p, &row, &columns[0], &columns[2]))
        return -1;
    a->rows[a->row_count++] = row;
    return 1;
}

/* ---- The whole ---------------------------------------------------------------------------------------------------- */

static morgue_status check_bytes(const char *bytes, size_t len, const char *file, morgue_error *err)
{
    if (len > MRG_AUTHORITY_MAX_BYTES)
        return mrg_fail(err, MORGUE_ERR_LIMIT, "%s: a list of names has %d MB at most", file,
                        MRG_AUTHORITY_MAX_BYTES >> 20);
    if (len && memchr(bytes, 0, len))
        return mrg_fail(err, MORGUE_ERR_INVALID, "%s is no list of names: it has bytes that are no text", file);
    for (size_t at = 0; at < len;) {
        const char *end = memchr(bytes + at, '\n', len - at);
        size_t n = end ? (size_t)(end - bytes) - at : len - at;
        size_t text = n && bytes[at + n - 1] == '\r' ? n - 1 : n;
        if (!mrg_is_clean_utf8(bytes + at, text))
            return mrg_fail(err, MORGUE_ERR_INVALID, "%s is no list of names: it has bytes that are no text", file);
        at += n + 1;
    }
    return MORGUE_OK;
}

static int is_empty(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] != ' ' && line[i] != '\t')
            return 0;
    return 1;
}

/* So that tables need not grow: a name for each line and each bar, a key for each of them and one more. */
static morgue_status make_tables(parser *p, const char *bytes, size_t len)
{
    mrg_authority *a = p->a;
    size_t names = 0, slots = MRG_AUTHORITY_SLOTS;
    for (size_t i = 0; i < len; i++)
        names += bytes[i] == '\n' || bytes[i] == '|';
    while (slots < names * 2 && slots < (size_t)MRG_AUTHORITY_MAX_ROWS * 4)
        slots *= 2;
    a->name_slots = mrg_calloc(slots, sizeof *a->name_slots);
    a->key_slots = mrg_calloc(slots, sizeof *a->key_slots);
    if (!a->name_slots || !a->key_slots)
        return mrg_fail_nomem(p->err);
    a->name_slot_count = a->key_slot_count = slots;
    return MORGUE_OK;
}

static morgue_status read_rows(parser *p, const char *bytes, size_t len, mrg_buffer *kept)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t at = len >= 3 && !memcmp(bytes, mark, 3) ? 3 : 0;
    while (at < len) {
        const char *line = bytes + at, *end = memchr(line, '\n', len - at);
        size_t n = end ? (size_t)(end - line) : len - at;
        at += n + 1;
        p->line++;
        if (n && line[n - 1] == '\r')
            n--;
        if (is_empty(line, n) || line[0] == '#')
            continue;
        if (p->a->row_count == MRG_AUTHORITY_MAX_ROWS)
            return mrg_fail(p->err, MORGUE_ERR_LIMIT, "%s: a list of names has %d rows at most",
                            p->messages ? p->messages->file : "names", MRG_AUTHORITY_MAX_ROWS);
        int taken = read_row(p, line, n);
        if (taken < 0)
            return mrg_fail_nomem(p->err);
        if (taken && kept) {
            mrg_buffer_append(kept, line, n);
            mrg_buffer_append_byte(kept, '\n');
        }
    }
    return settle_keys(p) || (kept && kept->failed) ? mrg_fail_nomem(p->err) : MORGUE_OK;
}

static int by_key(const void *pa, const void *pb)
{
    const mrg_authority_row *const *a = pa, *const *b = pb;
    return strcmp((*a)->key, (*b)->key);
}

static morgue_status sort_rows(mrg_authority *a, morgue_error *err)
{
    a->order = mrg_reallocarray(NULL, a->row_count ? a->row_count : 1, sizeof *a->order);
    if (!a->order)
        return mrg_fail_nomem(err);
    for (size_t i = 0; i < a->row_count; i++)
        a->order[i] = &a->rows[i];
    if (a->row_count)
        qsort(a->order, a->row_count, sizeof *a->order, by_key);
    return MORGUE_OK;
}

morgue_status mrg_authority_parse(mrg_authority **out, const char *bytes, size_t len,
                                  const mrg_authority_messages *messages, mrg_buffer *kept, morgue_error *err)
{
    morgue_error own;
    parser p = { .messages = messages, .err = err ? err : &own };
    *out = NULL;
    morgue_status status = check_bytes(bytes, len, messages ? messages->file : "names", p.err);
    if (status)
        return status;
    p.a = mrg_calloc(1, sizeof *p.a);
    if (!p.a)
        return mrg_fail_nomem(p.err);
    status = make_tables(&p, bytes, len);
    if (!status)
        status = read_rows(&p, bytes, len, kept);
    if (!status)
        status = sort_rows(p.a, p.err);
    tell_rest(&p);
    mrg_tokens_dispose(&p.tokens);
    mrg_buffer_dispose(&p.words);
    mrg_buffer_dispose(&p.key);
    mrg_free(p.wishes);
    if (status)
        mrg_authority_free(p.a);
    else
        *out = p.a;
    return status;
}

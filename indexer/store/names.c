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

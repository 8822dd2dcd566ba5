/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/record.h"

#include <string.h>

#include "core/alloc.h"

/* What is known of an entity at its first mention, in one byte: the type, and what need not be spelt out. */
enum { TYPE_MASK = 3, KEY_IS_NAME = 4, NAME_IS_MENTION = 8, HAS_WEIGHT = 16, FLAGS_MASK = 31 };

size_t mrg_plain_key(char out[MRG_RECORD_KEY_BYTES], char letter, const char *name, size_t len)
{
    if (len + 2 > MRG_RECORD_KEY_BYTES)
        return 0;
    out[0] = letter;
    out[1] = ':';
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        else if ((c < 'a' || c > 'z') && c != ' ')
            return 0;
        out[2 + i] = c;
    }
    return len + 2;
}

static void encode_entity(mrg_buffer *out, const mrg_article_entity *e, const char *mention, size_t mention_len)
{
    char plain[MRG_RECORD_KEY_BYTES];
    size_t name_len = strlen(e->name), key_len = strlen(e->key);
    unsigned flags = (unsigned)e->type;
    if (mrg_plain_key(plain, mrg_entity_letter(e->type), e->name, name_len) == key_len && !memcmp(plain, e->key, key_len))
        flags |= KEY_IS_NAME;
    if (name_len == mention_len && !memcmp(e->name, mention, name_len))
        flags |= NAME_IS_MENTION;
    if (e->weight > e->mention_count)
        flags |= HAS_WEIGHT;
    mrg_buffer_append_byte(out, flags);
    if (!(flags & NAME_IS_MENTION))
        mrg_buffer_append_string(out, e->name, name_len);
    if (!(flags & KEY_IS_NAME))
        mrg_buffer_append_string(out, e->key, key_len);
    if (flags & HAS_WEIGHT)
        mrg_buffer_append_varint(out, e->weight - e->mention_count);
}

/* Each mention: 0 for an entity not seen before, else its number + 1; bytes since the last one; its
   length; then, for a new one, the entity. `numbers` has room for all entities. */
static void encode_mentions(mrg_buffer *out, const char *text, const mrg_tokens *tokens, const mrg_found *found,
                            uint32_t *numbers)
{
    uint32_t end = 0, seen = 0;
    for (size_t i = 0; i < found->mention_count; i++) {
        const mrg_mention *m = &found->mentions[i];
        const mrg_token *first = &tokens->items[m->first_token];
        const mrg_token *last = first + m->token_count - 1;
        int is_first = !numbers[m->entity];
        mrg_buffer_append_varint(out, numbers[m->entity]);
        mrg_buffer_append_varint(out, first->begin - end);
        mrg_buffer_append_varint(out, last->end - first->begin);
        if (is_first) {
            encode_entity(out, &found->entities[m->entity], text + first->begin, last->end - first->begin);
            numbers[m->entity] = ++seen;
        }
        end = last->end;
    }
}

static uint32_t count_mentioned(const mrg_found *found)
{
    uint32_t count = 0;
    for (size_t i = 0; i < found->entity_count; i++)
        count += found->entities[i].mention_count > 0;
    return count;
}

void mrg_record_encode(mrg_buffer *out, const char *text, size_t len, size_t title_len, const mrg_tokens *tokens,
                       const mrg_found *found)
{
    mrg_buffer_append_varint(out, title_len);
    mrg_buffer_append_varint(out, found ? count_mentioned(found) : 0);
    mrg_buffer_append_varint(out, found ? found->mention_count : 0);
    mrg_buffer_append_string(out, text, len);
    if (!found || !found->mention_count)
        return;
    uint32_t *numbers = mrg_calloc(found->entity_count, sizeof *numbers);
    if (!numbers) {
        out->failed = 1;
        return;
    }
    encode_mentions(out, text, tokens, found, numbers);
    mrg_free(numbers);
}

morgue_status mrg_record_decode(mrg_record *out, const void *bytes, size_t len, morgue_error *err)
{
    mrg_reader r = mrg_reader_make(bytes, len);
    uint64_t title_len = mrg_read_varint(&r);
    uint64_t entity_count = mrg_read_varint(&r);
    uint64_t mention_count = mrg_read_varint(&r);
    memset(out, 0, sizeof *out);
    out->text = mrg_read_string(&r, &out->text_len);
    /* A mention takes at least three bytes. */
    if (r.failed || title_len > out->text_len || entity_count > mention_count || mention_count > len / 3 ||
        out->text_len > UINT32_MAX)
        return mrg_fail(err, MORGUE_ERR_CORRUPT, "an article's record is damaged");
    out->title_len = (size_t)title_len;
    out->body_begin = title_len ? (size_t)title_len + 2 : 0;
    if (out->body_begin > out->text_len)
        out->body_begin = out->text_len;
    out->entity_count = (uint32_t)entity_count;
    out->mention_count = (uint32_t)mention_count;
    out->names = r.p;
    out->end = r.end;
    return MORGUE_OK;
}

void mrg_record_walk_init(mrg_record_walk *walk, const mrg_record *record)
{
    walk->record = record;
    walk->r = mrg_reader_make(record->names, (size_t)(record->end - record->names));
    walk->left = record->mention_count;
    walk->seen = walk->end = 0;
}

static int read_entity(mrg_reader *r, const char *mention, size_t mention_len, mrg_record_entity *e)
{
    const unsigned char *first = mrg_read_bytes(r, 1);
    unsigned flags = first ? *first : 0;
    e->type = (mrg_entity_type)(flags & TYPE_MASK);
    e->name = mention;
    e->name_len = mention_len;
    if (!(flags & NAME_IS_MENTION))
        e->name = mrg_read_string(r, &e->name_len);
    if (!(flags & KEY_IS_NAME))
        e->key = mrg_read_string(r, &e->key_len);
    uint64_t more = flags & HAS_WEIGHT ? mrg_read_varint(r) : 0;
    if (r->failed || flags > FLAGS_MASK || more > UINT32_MAX)
        return 0;
    if (flags & KEY_IS_NAME) {
        e->key = e->key_bytes;
        e->key_len = mrg_plain_key(e->key_bytes, mrg_entity_letter(e->type), e->name, e->name_len);
    }
    e->more_weight = (uint32_t)more;
    return e->key_len >= 3 && e->key_len <= MRG_RECORD_KEY_BYTES && e->key[0] == mrg_entity_letter(e->type) &&
           e->key[1] == ':';
}

static int read_mention(mrg_record_walk *walk, mrg_record_mention *out)
{
    mrg_reader *r = &walk->r;
    uint64_t number = mrg_read_varint(r), skip = mrg_read_varint(r), len = mrg_read_varint(r);
    size_t room = walk->record->text_len - walk->end;
    if (r->failed || skip > room || len > room - skip || number > walk->seen)
        return 0;
    out->begin = walk->end + (uint32_t)skip;
    out->end = out->begin + (uint32_t)len;
    walk->end = out->end;
    out->is_first = number == 0;
    out->number = number ? (uint32_t)number - 1 : walk->seen;
    if (!out->is_first)
        return 1;
    if (++walk->seen > walk->record->entity_count)
        return 0;
    return read_entity(r, walk->record->text + out->begin, len, &out->entity);
}

int mrg_record_walk_next(mrg_record_walk *walk, mrg_record_mention *out)
{
    if (!walk->left || walk->r.failed)
        return 0;
    walk->left--;
    if (read_mention(walk, out))
        return 1;
    walk->r.failed = 1;
    return 0;
}

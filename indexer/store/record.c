/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/record.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"

/* What is known of an entity at its first mention, in one byte: the type, and what need not be spelt out. */
enum { TYPE_MASK = 3, KEY_IS_NAME = 4, NAME_IS_MENTION = 8, HAS_WEIGHT = 16, IS_DATE = 32, FLAGS_MASK = 63 };

enum { LENGTH_BITS = 4, LENGTH_MASK = 15 };

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

/* ---- Dates: their granularity in the flags, and a number that is small for the years that news is about ---- */

enum { DATE_DAY, DATE_MONTH, DATE_YEAR, DATE_DECADE, MIDDLE_YEAR = 2000, MONTHS = 12, DAYS = 31 };

/* `name` is "2014-03-01", "2014-03", "2014" or "1990s". */
static unsigned date_of_name(const char *name, uint64_t *number)
{
    int part[3] = { 0, 0, 0 }, parts = 0;
    for (const char *p = name; *p && parts < 3; p++) {
        if (*p == '-')
            parts++;
        else if (*p >= '0' && *p <= '9')
            part[parts] = part[parts] * 10 + (*p - '0');
    }
    int64_t n = part[0] - MIDDLE_YEAR;
    if (parts)
        n = n * MONTHS + part[1] - 1;
    if (parts == 2)
        n = n * DAYS + part[2] - 1;
    *number = n < 0 ? (uint64_t)-n * 2 - 1 : (uint64_t)n * 2;
    return parts == 2 ? DATE_DAY : parts ? DATE_MONTH : name[4] == 's' ? DATE_DECADE : DATE_YEAR;
}

/* The key of a date; returns its length, 0 for none that exists. */
static size_t date_key(char out[MRG_RECORD_KEY_BYTES], unsigned granularity, uint64_t number)
{
    enum { LIMIT = 10000 * MONTHS * DAYS };
    if (number > LIMIT * 2u)
        return 0;
    int day = 0, month = 0;
    int64_t units = granularity == DATE_DAY ? MONTHS * DAYS : granularity == DATE_MONTH ? MONTHS : 1;
    int64_t n = (number & 1 ? -(int64_t)(number / 2) - 1 : (int64_t)(number / 2)) + MIDDLE_YEAR * units;
    if (n < 0 || n >= 10000 * units)
        return 0;
    if (granularity == DATE_DAY) {
        day = (int)(n % DAYS) + 1;
        n /= DAYS;
    }
    if (granularity <= DATE_MONTH) {
        month = (int)(n % MONTHS) + 1;
        n /= MONTHS;
    }
    static const char *const formats[] = { "d:%04d-%02d-%02d", "d:%04d-%02d", "d:%04d", "d:%04ds" };
    return (size_t)snprintf(out, MRG_RECORD_KEY_BYTES, formats[granularity], (int)n, month, day);
}

static void encode_date(mrg_buffer *out, const char *name)
{
    uint64_t number;
    unsigned granularity = date_of_name(name, &number);
    mrg_buffer_append_byte(out, IS_DATE | granularity);
    mrg_buffer_append_varint(out, number);
}

/* ---- Names ---- */

static void encode_entity(mrg_buffer *out, const mrg_article_entity *e, const char *mention, size_t mention_len)
{
    char plain[MRG_RECORD_KEY_BYTES];
    if (e->type == MRG_ENTITY_DATE) {
        encode_date(out, e->name);
        return;
    }
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

/* Each mention: 0 for an entity not seen before, else its number + 1, and beside it its length; bytes since the
   last one; then, for a new one, the entity. `numbers` has room for all entities. */
static void encode_mentions(mrg_buffer *out, const char *text, const mrg_tokens *tokens, const mrg_found *found,
                            uint32_t *numbers)
{
    uint32_t end = 0, seen = 0;
    for (size_t i = 0; i < found->mention_count; i++) {
        const mrg_mention *m = &found->mentions[i];
        const mrg_token *first = &tokens->items[m->first_token];
        const mrg_token *last = first + m->token_count - 1;
        int is_first = !numbers[m->entity];
        uint32_t len = last->end - first->begin;
        mrg_buffer_append_varint(out, (uint64_t)numbers[m->entity] << LENGTH_BITS | (len <= LENGTH_MASK ? len : 0));
        if (len > LENGTH_MASK)
            mrg_buffer_append_varint(out, len - LENGTH_MASK);
        mrg_buffer_append_varint(out, first->begin - end);
        if (is_first) {
            encode_entity(out, &found->entities[m->entity], text + first->begin, last->end - first->begin);
            numbers[m->entity] = ++seen;
        }
        end = last->end;
    }
}

/* ---- Attributes: by the mention they stand beside and where, which is mostly right before or behind it ---- */

enum { BESIDE_BEFORE, BESIDE_COMMA, BESIDE_BEHIND, BESIDE_FURTHER_BEFORE, BESIDE_BITS = 2, BESIDE_MASK = 3 };

/* For each: mentions since that of the one before, from the first; its length and its place in one number, and for
   the places that are not exact, how many bytes lie between. */
static void encode_attributes(mrg_buffer *out, const mrg_tokens *tokens, const mrg_found *found)
{
    uint32_t at = 0;
    for (size_t i = 0; i < found->attribute_count; i++) {
        const mrg_attribute *a = &found->attributes[i];
        const mrg_mention *m = &found->mentions[a->mention];
        uint32_t begin = tokens->items[a->first_token].begin;
        uint32_t end = tokens->items[a->first_token + a->token_count - 1].end;
        uint32_t mention_begin = tokens->items[m->first_token].begin;
        uint32_t mention_end = tokens->items[m->first_token + m->token_count - 1].end;
        int is_before = end <= mention_begin;
        uint32_t between = is_before ? mention_begin - end : begin - mention_end;
        unsigned place = is_before ? (between == 1 ? BESIDE_BEFORE : BESIDE_FURTHER_BEFORE)
                                   : (between == 2 ? BESIDE_COMMA : BESIDE_BEHIND);
        mrg_buffer_append_varint(out, a->mention - at);
        mrg_buffer_append_varint(out, (uint64_t)(end - begin) << BESIDE_BITS | place);
        if (place == BESIDE_BEHIND || place == BESIDE_FURTHER_BEFORE)
            mrg_buffer_append_varint(out, between);
        at = a->mention;
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
    encode_attributes(out, tokens, found);
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
    /* A mention takes at least two bytes. */
    if (r.failed || title_len > out->text_len || entity_count > mention_count || mention_count > len / 2 ||
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

static int read_date(mrg_reader *r, unsigned flags, mrg_record_entity *e)
{
    uint64_t number = mrg_read_varint(r);
    if (r->failed || flags & ~(unsigned)(IS_DATE | TYPE_MASK))
        return 0;
    e->type = MRG_ENTITY_DATE;
    e->more_weight = 0;
    e->key = e->key_bytes;
    e->key_len = date_key(e->key_bytes, flags & TYPE_MASK, number);
    e->name = e->key + 2;
    e->name_len = e->key_len - 2;
    return e->key_len > 0;
}

static int read_entity(mrg_reader *r, const char *mention, size_t mention_len, mrg_record_entity *e)
{
    const unsigned char *first = mrg_read_bytes(r, 1);
    unsigned flags = first ? *first : 0;
    if (flags & IS_DATE)
        return read_date(r, flags, e);
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
    uint64_t head = mrg_read_varint(r), number = head >> LENGTH_BITS, len = head & LENGTH_MASK;
    if (!len)
        len = mrg_read_varint(r) + LENGTH_MASK;
    uint64_t skip = mrg_read_varint(r);
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

void mrg_record_attributes_init(mrg_record_attributes *it, const mrg_record_walk *ended)
{
    mrg_record_walk_init(&it->mentions, ended->record);
    it->r = ended->r;
    it->mention = (mrg_record_mention){ 0 };
}

/* Goes `count` mentions on. */
static int skip_mentions(mrg_record_attributes *it, uint64_t count)
{
    for (; count; count--) {
        if (!mrg_record_walk_next(&it->mentions, &it->mention))
            return 0;
    }
    return 1;
}

static int all_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
    }
    return 1;
}

static int read_attribute(mrg_record_attributes *it, mrg_record_attribute *out)
{
    const mrg_record *record = it->mentions.record;
    int is_first = it->mentions.left == record->mention_count;
    uint64_t skip = mrg_read_varint(&it->r), head = mrg_read_varint(&it->r), len = head >> BESIDE_BITS, between;
    unsigned place = head & BESIDE_MASK;
    between = place == BESIDE_BEFORE ? 1 : place == BESIDE_COMMA ? 2 : mrg_read_varint(&it->r);
    if (it->r.failed || !len || skip > record->mention_count || !skip_mentions(it, skip + (uint64_t)is_first))
        return 0;
    if (place == BESIDE_BEFORE || place == BESIDE_FURTHER_BEFORE) {
        if (between > it->mention.begin || len > it->mention.begin - between)
            return 0;
        out->end = it->mention.begin - (uint32_t)between;
        out->begin = out->end - (uint32_t)len;
    } else {
        size_t room = record->text_len - it->mention.end;
        if (between > room || len > room - between)
            return 0;
        out->begin = it->mention.end + (uint32_t)between;
        out->end = out->begin + (uint32_t)len;
    }
    out->number = it->mention.number;
    out->kind = all_digits(record->text + out->begin, (size_t)len) ? MRG_ATTRIBUTE_AGE : MRG_ATTRIBUTE_ROLE;
    return 1;
}

int mrg_record_attributes_next(mrg_record_attributes *it, mrg_record_attribute *out)
{
    if (it->r.failed || it->r.p == it->r.end)
        return 0;
    if (read_attribute(it, out))
        return 1;
    it->r.failed = 1;
    return 0;
}

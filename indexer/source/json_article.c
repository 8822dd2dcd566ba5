/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parsing is cJSON's: eight times as fast here as jansson. What it is lenient or lossy about is
 * settled around it: NULs and half surrogates are mended first, integers past 2^53 are kept as written,
 * the number of values is bounded, and every string is checked for UTF-8 on delivery.
 */
#include "source/json_article.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "source/json_scan.h"

enum { FIELD_COUNT = 10, MAX_VALUES = 1 << 20, COUNT_VALUES_FROM = 1 << 20, LONG_NUMBER = 16 };
#define MAX_EXACT 9007199254740992.0 /* 2^53 */

enum { ID, TITLE, TEXT, DATE, URL, SOURCE, AUTHOR, LANG, SUBJECT, CAPTURED };
static const char *const field_names[FIELD_COUNT] = {
    "id", "title", "text", "date", "url", "source", "author", "lang", "subject", "captured"
};

int mrg_json_field_known(const char *name, size_t len)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strlen(field_names[i]) == len && memcmp(field_names[i], name, len) == 0)
            return 1;
    return 0;
}

/* ---- looking up ---- */

/* A member by its name, or by a path "a.b" into objects. */
static const cJSON *look_up(const cJSON *object, const char *path)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, path);
    if (found)
        return found;
    char step[64];
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(path, '.')) {
        size_t len = (size_t)(dot - path);
        if (len >= sizeof step)
            return NULL;
        memcpy(step, path, len);
        step[len] = 0;
        object = cJSON_GetObjectItemCaseSensitive(object, step);
        path = dot + 1;
        found = cJSON_GetObjectItemCaseSensitive(object, path);
        if (!object || found)
            return found;
    }
    return NULL;
}

/* The mapped names in their order, then our own. null counts as absent. */
static const cJSON *find_field(const mrg_input *in, const cJSON *object, size_t field)
{
    const char *name = field_names[field];
    size_t len = strlen(name);
    for (const char *const *m = in->options->fields; m && *m; m++) {
        if (strncmp(*m, name, len) != 0 || (*m)[len] != '=')
            continue;
        const cJSON *found = look_up(object, *m + len + 1);
        if (found && !cJSON_IsNull(found))
            return found;
    }
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(object, name);
    return own && !cJSON_IsNull(own) ? own : NULL;
}

static void append_number(mrg_buffer *out, double value)
{
    if (fabs(value) < MAX_EXACT && floor(value) == value) {
        mrg_buffer_printf(out, "%.0f", value);
        return;
    }
    size_t from = out->len;
    mrg_buffer_printf(out, "%.17g", value);
    for (size_t i = from; i < out->len; i++) /* the locale's */
        if (out->data[i] == ',')
            out->data[i] = '.';
}

/* A string, a number, an object's "name"; nothing for the rest. */
static void append_scalar(mrg_buffer *out, const cJSON *value)
{
    if (cJSON_IsObject(value))
        value = cJSON_GetObjectItemCaseSensitive(value, "name");
    if (cJSON_IsString(value))
        mrg_buffer_append_str(out, value->valuestring);
    else if (cJSON_IsNumber(value))
        append_number(out, value->valuedouble);
}

static void append_list(mrg_buffer *out, const cJSON *list, const char *separator)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        size_t before = out->len;
        if (out->len)
            mrg_buffer_append_str(out, separator);
        size_t start = out->len;
        append_scalar(out, item);
        if (out->len == start)
            out->len = before;
    }
}

/* Lends the field's text; `room` holds what has to be put together. NULL if there is none. */
static const char *field_text(const mrg_input *in, const cJSON *object, size_t field, mrg_buffer *room)
{
    const cJSON *value = find_field(in, object, field);
    if (!value || cJSON_IsString(value))
        return value ? value->valuestring : NULL;
    mrg_buffer_clear(room);
    if (cJSON_IsArray(value))
        append_list(room, value, field == TEXT ? "\n\n" : field == SUBJECT ? "; " : ", ");
    else
        append_scalar(room, value);
    return room->len ? mrg_buffer_cstr(room) : NULL;
}

/* ---- mending ---- */

static int is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* The code of \uXXXX at p, or -1. */
static int escaped_code(const char *p, const char *end)
{
    int code = 0;
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        if (!is_hex(p[i]))
            return -1;
        code = code * 16 + (p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
    }
    return code;
}

/* Copies one escape. NUL becomes a space, half a surrogate pair U+FFFD. Returns the bytes passed. */
static size_t mend_escape(mrg_buffer *out, const char *p, const char *end)
{
    int code = escaped_code(p, end);
    if (code < 0) {
        size_t n = end - p < 2 ? 1 : 2;
        mrg_buffer_append(out, p, n);
        return n;
    }
    int next = code >= 0xd800 && code < 0xdc00 ? escaped_code(p + 6, end) : -1;
    if (next >= 0xdc00 && next < 0xe000) {
        mrg_buffer_append(out, p, 12);
        return 12;
    }
    if (code == 0)
        mrg_buffer_append_byte(out, ' ');
    else if (code >= 0xd800 && code < 0xe000)
        mrg_buffer_append_str(out, "\\ufffd");
    else
        mrg_buffer_append(out, p, 6);
    return 6;
}

/* A number too long for a double becomes a string. */
static size_t mend_number(mrg_buffer *out, const char *p, const char *end)
{
    size_t n = 0;
    while (p + n < end && ((p[n] >= '0' && p[n] <= '9') || strchr("+-.eE", p[n])) && p[n])
        n++;
    if (n >= LONG_NUMBER)
        mrg_buffer_append_byte(out, '"');
    mrg_buffer_append(out, p, n);
    if (n >= LONG_NUMBER)
        mrg_buffer_append_byte(out, '"');
    return n;
}

static void mend(mrg_buffer *out, const char *p, size_t len)
{
    const char *end = p + len;
    int in_string = 0;
    mrg_buffer_clear(out);
    while (p < end) {
        if (in_string && *p == '\\') {
            p += mend_escape(out, p, end);
        } else if (!in_string && (*p == '-' || (*p >= '0' && *p <= '9'))) {
            p += mend_number(out, p, end);
        } else {
            size_t n = 1;
            in_string ^= *p == '"';
            while (in_string && p + n < end && p[n] != '"' && p[n] != '\\')
                n++;
            mrg_buffer_append(out, p, n);
            p += n;
        }
    }
}

/* ---- parsing ---- */

typedef struct parsed {
    cJSON *root;
    size_t error_at; /* a byte, from 0 */
} parsed;

static void parse(parsed *out, const char *text, size_t len)
{
    const char *end = text;
    out->root = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    size_t at = end && end > text ? (size_t)(end - text) : 0;
    out->error_at = at;
    while (out->root && at < len && strchr(" \t\r\n", text[at]))
        at++;
    if (out->root && at < len) { /* something follows the value */
        cJSON_Delete(out->root);
        out->root = NULL;
        out->error_at = at;
    }
}

static int has_surrogate(const char *text, size_t len)
{
    return memmem(text, len, "\\ud", 3) || memmem(text, len, "\\uD", 3);
}

/* An id past 2^53 would be rounded, and two articles become one. */
static int has_rounded_id(const mrg_input *in, const cJSON *object)
{
    const cJSON *id = cJSON_IsObject(object) ? find_field(in, object, ID) : NULL, *item;
    if (cJSON_IsNumber(id) && fabs(id->valuedouble) >= MAX_EXACT)
        return 1;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "articles");
    cJSON_ArrayForEach(item, list)
    {
        id = cJSON_IsObject(item) ? find_field(in, item, ID) : NULL;
        if (cJSON_IsNumber(id) && fabs(id->valuedouble) >= MAX_EXACT)
            return 1;
    }
    return 0;
}

static morgue_status parse_mended(mrg_input *in, parsed *out, const char *text, size_t len, morgue_error *err)
{
    mend(&in->scratch, text, len);
    if (in->scratch.failed)
        return mrg_fail_nomem(err);
    cJSON_Delete(out->root);
    parse(out, (const char *)in->scratch.data, in->scratch.len);
    return MORGUE_OK;
}

static void blank_nuls(char *text, size_t len)
{
    char *end = text + len;
    for (char *nul = memchr(text, 0, len); nul; nul = memchr(nul, 0, (size_t)(end - nul)))
        *nul++ = ' ';
}

/* A value costs cJSON some 80 bytes, however short it is written. */
static int has_too_many_values(const char *text, size_t len)
{
    mrg_json_scan scan = { 0 };
    mrg_json_found found;
    if (len < COUNT_VALUES_FROM)
        return 0;
    mrg_json_scan_bytes(&scan, (const unsigned char *)text, len, &found);
    return scan.values > MAX_VALUES;
}

/* cJSON says the same for broken text and for no memory. */
static int is_out_of_memory(size_t len)
{
    void *probe = mrg_malloc(2 * len + 1024);
    mrg_free(probe);
    return !probe;
}

static morgue_status tell_broken(mrg_input *in, const parsed *p, const char *text, size_t len, const char *place,
                                 morgue_error *err)
{
    char message[96];
    mrg_json_scan scan = { 0 };
    mrg_json_found found;
    if (is_out_of_memory(len))
        return mrg_fail_nomem(err);
    mrg_json_scan_bytes(&scan, (const unsigned char *)text, len, &found);
    if (scan.deepest >= CJSON_NESTING_LIMIT)
        snprintf(message, sizeof message, "JSON nested too deeply; skipped");
    else
        snprintf(message, sizeof message, "broken JSON at byte %zu; skipped", p->error_at + 1);
    mrg_tell_place(in, place, message);
    return MORGUE_OK;
}

static morgue_status deliver_object(mrg_input *in, const cJSON *object, const char *fallback_id, const char *place,
                                    morgue_error *err)
{
    mrg_buffer room[FIELD_COUNT] = { 0 };
    const char *text[FIELD_COUNT];
    morgue_status status = MORGUE_OK;
    int failed = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        text[i] = field_text(in, object, i, &room[i]);
        failed |= room[i].failed;
    }
    if (failed) {
        status = mrg_fail_nomem(err);
    } else if (!text[TEXT]) {
        mrg_tell_place(in, place, "no \"text\" field; skipped");
    } else {
        const morgue_article article = {
            .id = text[ID], .title = text[TITLE], .text = text[TEXT], .text_len = strlen(text[TEXT]), .date = text[DATE],
            .url = text[URL], .source = text[SOURCE], .author = text[AUTHOR], .lang = text[LANG],
            .subject = text[SUBJECT], .captured = text[CAPTURED],
        };
        status = mrg_deliver(in, &article, fallback_id, place, err);
    }
    for (size_t i = 0; i < FIELD_COUNT; i++)
        mrg_buffer_dispose(&room[i]);
    return status;
}

/* {"articles": [...]} on one line. */
static morgue_status deliver_list(mrg_input *in, const cJSON *list, const char *fallback_id, const char *place,
                                  morgue_error *err)
{
    mrg_buffer id = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    const cJSON *item;
    uint64_t number = 0;
    cJSON_ArrayForEach(item, list)
    {
        char inner[MRG_PLACE_BYTES];
        mrg_format_place(inner, place, '#', ++number);
        mrg_buffer_clear(&id);
        mrg_buffer_printf(&id, "%s#%llu", fallback_id, (unsigned long long)number);
        if (id.failed)
            status = mrg_fail_nomem(err);
        else if (!cJSON_IsObject(item))
            mrg_tell_place(in, inner, "not an object; skipped");
        else
            status = deliver_object(in, item, mrg_buffer_cstr(&id), inner, err);
        if (status)
            break;
    }
    mrg_buffer_dispose(&id);
    return status;
}

morgue_status mrg_json_deliver(mrg_input *in, char *text, size_t len, const char *fallback_id, const char *place,
                               morgue_error *err)
{
    parsed p = { 0 };
    morgue_status status = MORGUE_OK;
    if (has_too_many_values(text, len)) {
        mrg_tell_place(in, place, "too many JSON values for one article; skipped");
        return MORGUE_OK;
    }
    blank_nuls(text, len);
    int mended = memmem(text, len, "\\u0000", 6) != NULL;
    if (!mended) {
        parse(&p, text, len);
        mended = p.root ? has_rounded_id(in, p.root) : has_surrogate(text, len);
    }
    if (mended)
        status = parse_mended(in, &p, text, len, err);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(p.root, "articles");
    if (status)
        ;
    else if (!p.root)
        status = tell_broken(in, &p, text, len, place, err);
    else if (!cJSON_IsObject(p.root))
        mrg_tell_place(in, place, "not a JSON object; skipped");
    else if (cJSON_IsArray(list) && !find_field(in, p.root, TEXT))
        status = deliver_list(in, list, fallback_id, place, err);
    else
        status = deliver_object(in, p.root, fallback_id, place, err);
    cJSON_Delete(p.root);
    return status;
}

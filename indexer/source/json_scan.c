/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/json_scan.h"

#include <string.h>

static const char list_key[] = "articles";
enum { LIST_KEY_BYTES = sizeof list_key - 1 };

static void begin_string(mrg_json_scan *s)
{
    s->in_string = 1;
    s->in_key = s->key_next;
    s->key_next = s->key_is_list = 0;
    s->key_len = 0;
}

static void end_string(mrg_json_scan *s)
{
    s->in_string = 0;
    s->key_is_list = s->in_key && s->key_len == LIST_KEY_BYTES;
    s->in_key = 0;
}

/* One more than the key can be long stands for "another one". */
static void match_key(mrg_json_scan *s, unsigned char c)
{
    int same = s->key_len < LIST_KEY_BYTES && c == (unsigned char)list_key[s->key_len];
    s->key_len = same ? s->key_len + 1 : LIST_KEY_BYTES + 1;
}

/* The inside of a string, up to its quote. This loop sees nearly all bytes of an article. */
static size_t pass_string(mrg_json_scan *s, const unsigned char *p, size_t len)
{
    size_t i = 0;
    while (i < len) {
        unsigned char c = p[i++];
        if (s->escaped) {
            s->escaped = 0;
        } else if (c == '"') {
            end_string(s);
            return i;
        } else if (c == '\\') {
            s->escaped = 1;
        } else if (c == '\n') {
            s->newline = 1;
        }
        if (s->in_key)
            match_key(s, c);
    }
    return i;
}

static int open_bracket(mrg_json_scan *s, unsigned char c)
{
    if (s->watch && c == '[' && s->depth == 1 && s->key_is_list)
        return 1;
    s->depth++;
    s->values++;
    if (s->depth > s->deepest)
        s->deepest = s->depth;
    s->key_next = c == '{' && s->depth == 1;
    s->key_is_list = 0;
    return 0;
}

static void pass_comma(mrg_json_scan *s)
{
    s->values++;
    s->key_next = s->depth == 1;
    s->key_is_list = 0;
}

static int ends_scalar(unsigned char c)
{
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

size_t mrg_json_scan_bytes(mrg_json_scan *s, const unsigned char *p, size_t len, mrg_json_found *found)
{
    size_t i = 0;
    *found = MRG_JSON_END;
    while (i < len) {
        if (s->in_string) {
            i += pass_string(s, p + i, len - i);
            if (!s->in_string && s->depth == 0)
                return i;
            continue;
        }
        unsigned char c = p[i];
        if (s->depth == 0 && ends_scalar(c))
            return i;
        i++;
        if (c == '"') {
            begin_string(s);
        } else if (c == '{' || c == '[') {
            if (open_bracket(s, c)) {
                *found = MRG_JSON_LIST;
                return i;
            }
        } else if (c == '}' || c == ']') {
            if (--s->depth == 0)
                return i;
            s->key_is_list = 0;
        } else if (c == ',') {
            pass_comma(s);
        } else if (c == '\n') {
            s->newline = 1;
        }
    }
    *found = MRG_JSON_MORE;
    return i;
}

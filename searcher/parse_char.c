/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#include "parse.h"

size_t mrg_char_peek(const char *text, size_t len, size_t pos, int32_t *c)
{
    *c = -1;
    if (pos >= len)
        return 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + pos, (utf8proc_ssize_t)(len - pos), c);
    if (n > 0)
        return (size_t)n;
    *c = 0xfffd;
    return 1;
}

/* Invisible marks of direction count too: nobody can see whether they were typed. */
int mrg_char_is_space(int32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13);
    return c == 0x85 || c == 0xa0 || c == 0x61c || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x200e ||
           c == 0x200f || (c >= 0x2028 && c <= 0x202f) || c == 0x205f || (c >= 0x2066 && c <= 0x2069) || c == 0x3000 ||
           c == 0xfeff;
}

int mrg_char_is_curly_quote(int32_t c)
{
    return c >= 0x201c && c <= 0x201f;
}

int mrg_char_is_quote(int32_t c)
{
    return c == '"' || mrg_char_is_curly_quote(c);
}

int mrg_char_is_word(int32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

int mrg_char_is_dash(int32_t c)
{
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe63 || c == 0xff0d;
}

int mrg_has_word(const char *text, size_t len)
{
    int32_t c;
    for (size_t pos = 0, n; (n = mrg_char_peek(text, len, pos, &c)) > 0; pos += n) {
        if (mrg_char_is_word(c))
            return 1;
    }
    return 0;
}

int mrg_is_url(const char *text, size_t len)
{
    return memmem(text, len, "://", 3) != NULL;
}

int mrg_is_exactly(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

int mrg_column_of(const char *text, size_t pos, int column)
{
    for (size_t i = 0; i < pos; i++)
        column += ((unsigned char)text[i] & 0xc0) != 0x80;
    return column;
}

morgue_status mrg_refuse(morgue_error *err, int column, const char *format, ...)
{
    char line[MORGUE_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    morgue_status status = mrg_fail(err, MORGUE_ERR_INVALID, "%s", line);
    if (err)
        err->column = column;
    return status;
}

int mrg_excerpt_len(const char *s, size_t len)
{
    if (len <= 60)
        return (int)len;
    size_t n = 60;
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return (int)n;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "desktop.h"

/* Pango lays out a line at once, so that one of megabytes would halt the window. */
#define LINE_CHARS 3000
/* A line that ends after so many characters was broken by a machine, not by its author. */
#define BROKEN_LINE_CHARS 45

static gboolean is_invisible(gunichar c)
{
    return c == 0x61c || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

static gunichar fit_char(gunichar c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
        return ' ';
    return is_invisible(c) ? 0x200b : c;
}

static char *valid(const char *text, gssize len)
{
    return g_utf8_make_valid(text ? text : "", text ? len : 0);
}

char *desk_text_line(const char *text, gssize len)
{
    g_autofree char *from = valid(text, len);
    GString *line = g_string_new(NULL);
    int chars = 0;
    for (const char *p = from; *p && chars < LINE_CHARS; p = g_utf8_next_char(p), chars++)
        g_string_append_unichar(line, fit_char(g_utf8_get_char(p)));
    return g_string_free(line, FALSE);
}

/* Does the text go on in the next line as it would in this one? */
static gboolean goes_on(const char *next, gsize chars)
{
    return chars >= BROKEN_LINE_CHARS && *next && !g_ascii_isspace(*next) && !strchr("-*", *next);
}

char *desk_text_body(const char *text, gssize len)
{
    g_autofree char *from = valid(text, len);
    GString *body = g_string_sized_new(strlen(from));
    gsize chars = 0; /* since the line began */
    gboolean after_space = FALSE;
    for (const char *p = from; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\n' && goes_on(p + 1, chars))
            c = after_space ? 0x200b : ' ';
        else if (c != '\n')
            c = fit_char(c);
        /* What has no space for so long is no text; it loses a character. */
        if (chars > (c == ' ' ? LINE_CHARS : LINE_CHARS + 1000))
            c = '\n';
        after_space = c == ' ';
        chars = c == '\n' ? 0 : chars + 1;
        g_string_append_unichar(body, c);
    }
    return g_string_free(body, FALSE);
}

desk_chars desk_chars_of(const char *text, gsize len)
{
    return (desk_chars){ text, g_utf8_validate(text, (gssize)len, NULL) ? len : 0, 0, 0 };
}

guint desk_chars_at(desk_chars *at, gsize byte)
{
    if (byte > at->len)
        byte = at->len;
    if (byte < at->byte)
        at->byte = at->chars = 0;
    for (; at->byte < byte; at->chars++)
        at->byte += (gsize)g_utf8_skip[(guchar)at->text[at->byte]];
    return (guint)at->chars;
}

const char *desk_number(guint64 number)
{
    static char texts[4][32];
    static unsigned next;
    char *p = texts[next++ % 4] + 31;
    *p = '\0';
    for (int digits = 0; number || !digits; number /= 10, digits++) {
        if (digits && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + number % 10);
    }
    return p;
}

static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December" };

static char *one_date(const char *iso)
{
    unsigned y = 0, m = 0, d = 0;
    int parts = sscanf(iso, "%4u-%2u-%2u", &y, &m, &d);
    if (parts < 2 || m < 1 || m > 12)
        return desk_text_line(iso, -1);
    if (parts == 2)
        return g_strdup_printf("%s %u", months[m - 1], y);
    return g_strdup_printf("%u %s %u", d, months[m - 1], y);
}

char *desk_date(const char *iso)
{
    const char *dots = strstr(iso, "..");
    if (!dots)
        return one_date(iso);
    g_autofree char *begin = g_strndup(iso, (gsize)(dots - iso)), *from = one_date(begin), *to = one_date(dots + 2);
    return g_str_equal(from, to) ? g_strdup(from) : g_strdup_printf("%s – %s", from, to);
}

const char *desk_title(const morgue_hit *hit)
{
    const char *id = morgue_hit_id(hit), *slash = strrchr(id, '/');
    return *morgue_hit_title(hit) ? morgue_hit_title(hit) : slash && slash[1] ? slash + 1 : id;
}

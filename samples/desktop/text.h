/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h: untrusted text made fit to be shown.
 *
 * What comes out of an archive was written by anybody. It reaches the screen only through here, and never as markup: no
 * control characters, no characters that turn the direction of what follows, no endless lines. Each character
 * stays one character, so that a place counted in characters is the same before and after.
 */
#ifndef DESK_TEXT_H
#define DESK_TEXT_H

#include <gtk/gtk.h>
#include "morgue.h"

/* One line. To be freed with g_free(). `len` in bytes, or -1 up to the NUL. */
char *desk_text_line(const char *text, gssize len);

/* Paragraphs, separated by empty lines as they are in `text`. Lines that were broken to fit a terminal are joined. */
char *desk_text_body(const char *text, gssize len);

/* Where bytes of a valid text are, in characters; asked for in ascending order it costs one walk. */
typedef struct desk_chars {
    const char *text;
    gsize len, byte, chars;
} desk_chars;
desk_chars desk_chars_of(const char *text, gsize len);
guint desk_chars_at(desk_chars *at, gsize byte);

/* One line, and attributes that set some stretches of it in bold; both the caller's. */
char *desk_text_bold(const char *text, gsize len, const morgue_span *bold, gsize bold_count, PangoAttrList **attrs);

/* Shows one line in a label. */
void desk_label_set(GtkLabel *label, const char *text);

/* "1,234". Lent until the next call but three. */
const char *desk_number(guint64 number);

/* "12 March 2014", "March 2014", "2014" of an ISO date as precise as it is, or of a range of two. */
char *desk_date(const char *iso);

#endif

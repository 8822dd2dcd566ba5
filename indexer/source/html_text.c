/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chosen part of a page as plain text. */
#include <string.h>
#include <strings.h>

#include "source/html.h"

enum { LONGEST_HEADING = 400 };

/* White space is written only when something follows it: as one space, a line end, or an empty line. */
typedef enum gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAP_PARAGRAPH } gap;

typedef struct writer {
    mrg_buffer *out;
    size_t from;
    gap gap;
} writer;

static void widen(writer *w, gap wanted)
{
    if (w->gap < wanted)
        w->gap = wanted;
}

static void put(writer *w, const unsigned char *bytes, size_t len)
{
    static const char *const gaps[] = { "", " ", "\n", "\n\n" };
    if (w->out->len > w->from)
        mrg_buffer_append_str(w->out, gaps[w->gap]);
    w->gap = GAP_NONE;
    mrg_buffer_append(w->out, bytes, len);
}

/* The bytes at p that are white space (no-break spaces too) or nothing at all (soft hyphens, zero-width
   spaces), which would hide words from a search. */
static size_t space_bytes(const unsigned char *p, int *nothing)
{
    *nothing = 0;
    if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        return 1;
    if (p[0] == 0xc2 && p[1] == 0xa0)
        return 2;
    *nothing = 1;
    if (p[0] == 0xc2 && p[1] == 0xad)
        return 2;
    return p[0] == 0xe2 && p[1] == 0x80 && p[2] == 0x8b ? 3 : 0;
}

static void write_text(writer *w, const char *text, int keep_lines)
{
    const unsigned char *p = (const unsigned char *)text, *begin = p;
    int nothing;
    while (*p) {
        size_t n = space_bytes(p, &nothing);
        if (!n) {
            p++;
            continue;
        }
        if (p > begin)
            put(w, begin, (size_t)(p - begin));
        if (!nothing)
            widen(w, keep_lines && *p == '\n' ? GAP_LINE : GAP_SPACE);
        p += n;
        begin = p;
    }
    if (p > begin)
        put(w, begin, (size_t)(p - begin));
}

static gap gap_around(mrg_tag tag)
{
    switch (tag) {
    case MRG_TAG_li:
    case MRG_TAG_tr:
    case MRG_TAG_dt:
    case MRG_TAG_dd:
        return GAP_LINE;
    case MRG_TAG_td:
    case MRG_TAG_th:
        return GAP_SPACE;
    default:
        return mrg_is_block(tag) ? GAP_PARAGRAPH : GAP_NONE;
    }
}

static void break_line(writer *w)
{
    w->gap = w->gap >= GAP_LINE ? GAP_PARAGRAPH : GAP_LINE;
}

/* Letters and digits only, so that punctuation and spaces do not matter. */
static int same_words(const char *a, const char *b)
{
    for (;;) {
        while (*a && (unsigned char)*a < 0x80 && !strchr("0123456789", *a) && ((*a | 0x20) < 'a' || (*a | 0x20) > 'z'))
            a++;
        while (*b && (unsigned char)*b < 0x80 && !strchr("0123456789", *b) && ((*b | 0x20) < 'a' || (*b | 0x20) > 'z'))
            b++;
        if (!*a || !*b)
            return *a == *b;
        if (strncasecmp(a++, b++, 1) != 0)
            return 0;
    }
}

static int repeats_title(mrg_page *page, const xmlNode *heading)
{
    mrg_buffer text = MRG_BUFFER_INIT;
    if (!page->title.len)
        return 0;
    mrg_append_inner_text(&text, heading, LONGEST_HEADING);
    const char *words = mrg_buffer_cstr(&text), *title = mrg_buffer_cstr(&page->title);
    int same = words && title && same_words(words, title);
    mrg_buffer_dispose(&text);
    return same;
}

static int is_left_out(mrg_page *page, const xmlNode *node)
{
    mrg_tag tag = mrg_node_tag(node);
    if (mrg_note_of(node)->dropped)
        return 1;
    return (tag == MRG_TAG_h1 || tag == MRG_TAG_h2) && repeats_title(page, node);
}

/* Writes one chosen subtree. What is around an element is written before it and, on leaving, after it. */
static void write_tree(mrg_page *page, writer *w, xmlNode *root)
{
    unsigned in_pre = 0;
    xmlNode *node = root;
    widen(w, GAP_PARAGRAPH);
    for (;;) {
        int enter = 0;
        if (node->type == XML_ELEMENT_NODE) {
            enter = !is_left_out(page, node);
            widen(w, enter ? gap_around(mrg_node_tag(node)) : GAP_SPACE);
            if (mrg_node_tag(node) == MRG_TAG_br)
                break_line(w);
        } else if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content) {
            write_text(w, (const char *)node->content, in_pre > 0);
        }
        if (enter && node->children) {
            in_pre += mrg_node_tag(node) == MRG_TAG_pre;
            node = node->children;
            continue;
        }
        while (node != root && !node->next) {
            node = node->parent;
            in_pre -= mrg_node_tag(node) == MRG_TAG_pre;
            widen(w, gap_around(mrg_node_tag(node)));
        }
        if (node == root)
            return;
        if (node->type == XML_ELEMENT_NODE && mrg_node_tag(node) != MRG_TAG_br)
            widen(w, gap_around(mrg_node_tag(node)));
        node = node->next;
    }
}

void mrg_page_append_text(mrg_page *page, mrg_buffer *out)
{
    writer w = { out, out->len, GAP_NONE };
    xmlNode *root = xmlDocGetRootElement(page->doc);
    int enter = 1;
    for (xmlNode *node = root; node; node = mrg_next_node(node, root, enter)) {
        enter = node->type == XML_ELEMENT_NODE && !mrg_note_of(node)->chosen;
        if (node->type != XML_ELEMENT_NODE || enter)
            continue;
        write_tree(page, &w, node);
        widen(&w, GAP_PARAGRAPH);
    }
}

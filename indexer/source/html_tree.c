/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking a page without recursion (its depth is the page's choice), and small questions to its nodes. */
#include <string.h>

#include "source/html.h"

static const char *const tag_names[] = { "",
#define TAG_NAME(name) #name,
                                         MRG_TAGS(TAG_NAME)
#undef TAG_NAME
};
enum { TAG_COUNT = sizeof tag_names / sizeof *tag_names };

static mrg_tag find_tag(const char *name)
{
    size_t low = 1, high = TAG_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, tag_names[middle]);
        if (order == 0)
            return (mrg_tag)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return MRG_TAG_OTHER;
}

static mrg_note *note_element(mrg_page *page, const xmlNode *node)
{
    mrg_note *note = mrg_arena_alloc(&page->arena, sizeof *note);
    if (!note)
        return NULL;
    memset(note, 0, sizeof *note);
    note->tag = find_tag((const char *)node->name);
    const mrg_note *parent = node->parent && node->parent->type == XML_ELEMENT_NODE ? mrg_note_of(node->parent) : NULL;
    if (!parent)
        return note;
    note->inside = parent->inside;
    if (parent->tag == MRG_TAG_table)
        note->inside |= MRG_INSIDE_TABLE;
    if (parent->tag == MRG_TAG_code || parent->tag == MRG_TAG_pre)
        note->inside |= MRG_INSIDE_CODE;
    if (parent->tag == MRG_TAG_figure)
        note->inside |= MRG_INSIDE_FIGURE;
    if (parent->tag == MRG_TAG_article || parent->tag == MRG_TAG_main)
        note->inside |= MRG_INSIDE_ARTICLE;
    return note;
}

int mrg_page_annotate(mrg_page *page)
{
    xmlNode *root = xmlDocGetRootElement(page->doc);
    for (xmlNode *node = root; node; node = mrg_next_node(node, root, 1)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        node->_private = note_element(page, node);
        if (!node->_private)
            return -1;
    }
    return 0;
}

xmlNode *mrg_next_node(const xmlNode *node, const xmlNode *root, int enter)
{
    if (enter && node->type == XML_ELEMENT_NODE && node->children)
        return node->children;
    while (node != root) {
        if (node->next)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

mrg_tag mrg_node_tag(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE ? mrg_note_of(node)->tag : MRG_TAG_OTHER;
}

int mrg_is_block(mrg_tag tag)
{
    switch (tag) {
    case MRG_TAG_address:
    case MRG_TAG_article:
    case MRG_TAG_aside:
    case MRG_TAG_blockquote:
    case MRG_TAG_body:
    case MRG_TAG_caption:
    case MRG_TAG_center:
    case MRG_TAG_dd:
    case MRG_TAG_details:
    case MRG_TAG_div:
    case MRG_TAG_dl:
    case MRG_TAG_dt:
    case MRG_TAG_fieldset:
    case MRG_TAG_figcaption:
    case MRG_TAG_figure:
    case MRG_TAG_footer:
    case MRG_TAG_form:
    case MRG_TAG_h1:
    case MRG_TAG_h2:
    case MRG_TAG_h3:
    case MRG_TAG_h4:
    case MRG_TAG_h5:
    case MRG_TAG_h6:
    case MRG_TAG_header:
    case MRG_TAG_hr:
    case MRG_TAG_li:
    case MRG_TAG_main:
    case MRG_TAG_nav:
    case MRG_TAG_ol:
    case MRG_TAG_p:
    case MRG_TAG_pre:
    case MRG_TAG_section:
    case MRG_TAG_table:
    case MRG_TAG_tr:
    case MRG_TAG_ul:
        return 1;
    default:
        return 0;
    }
}

const char *mrg_attribute(const xmlNode *node, const char *name)
{
    if (node->type != XML_ELEMENT_NODE)
        return NULL;
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (strcmp((const char *)a->name, name) == 0)
            return a->children && a->children->content ? (const char *)a->children->content : "";
    return NULL;
}

static int is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void append_squeezed(mrg_buffer *out, const char *text, size_t from)
{
    for (; *text; text++) {
        if (!is_space((unsigned char)*text))
            mrg_buffer_append_byte(out, (unsigned char)*text);
        else if (out->len > from && out->data[out->len - 1] != ' ')
            mrg_buffer_append_byte(out, ' ');
    }
}

void mrg_append_inner_text(mrg_buffer *out, const xmlNode *root, size_t max)
{
    size_t from = out->len;
    for (const xmlNode *node = root; node && out->len - from <= max; node = mrg_next_node(node, root, 1)) {
        mrg_tag tag = mrg_node_tag(node);
        if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content)
            append_squeezed(out, (const char *)node->content, from);
        else if (tag == MRG_TAG_br || mrg_is_block(tag))
            append_squeezed(out, " ", from);
    }
    while (out->len > from && out->data[out->len - 1] == ' ')
        out->len--;
}

static size_t append_lower(char *out, size_t at, size_t size, const char *text)
{
    for (; text && *text && at + 2 < size; text++)
        out[at++] = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : is_space((unsigned char)*text) ? ' ' : *text;
    out[at++] = ' ';
    return at;
}

void mrg_class_and_id(const xmlNode *node, char out[MRG_CLASS_BYTES])
{
    size_t at = 0;
    out[at++] = ' ';
    at = append_lower(out, at, MRG_CLASS_BYTES - 2, mrg_attribute(node, "class"));
    at = append_lower(out, at, MRG_CLASS_BYTES, mrg_attribute(node, "id"));
    out[at] = 0;
}

int mrg_holds_any(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strstr(text, *words))
            return 1;
    return 0;
}

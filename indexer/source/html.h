/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A web page as libxml2's tree, and what the three steps over it share: what the page says about itself
 * (html_meta.c), where in it the article is (html_body.c), and the article as text (html_text.c).
 */
#ifndef MRG_HTML_H
#define MRG_HTML_H

#include <libxml/HTMLparser.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

/* The tags that mean something here, in alphabetical order. */
#define MRG_TAGS(T)                                                                                                    \
    T(a) T(abbr) T(address) T(article) T(aside) T(audio) T(b) T(blockquote) T(body) T(br) T(button) T(canvas)          \
    T(caption) T(center) T(code) T(dd) T(details) T(div) T(dl) T(dt) T(em) T(embed) T(fieldset) T(figcaption)          \
    T(figure) T(font) T(footer) T(form) T(h1) T(h2) T(h3) T(h4) T(h5) T(h6) T(head) T(header) T(hr) T(i) T(iframe)     \
    T(img) T(input) T(label) T(legend) T(li) T(link) T(main) T(meta) T(nav) T(noscript) T(object) T(ol) T(option)      \
    T(p) T(pre) T(script) T(section) T(select) T(span) T(strong) T(style) T(sub) T(sup) T(svg) T(table) T(tbody)       \
    T(td) T(template) T(textarea) T(tfoot) T(th) T(thead) T(time) T(title) T(tr) T(ul) T(video)

typedef enum mrg_tag {
    MRG_TAG_OTHER = 0,
#define MRG_TAG_ENUM(name) MRG_TAG_##name,
    MRG_TAGS(MRG_TAG_ENUM)
#undef MRG_TAG_ENUM
} mrg_tag;

/* Lengths are in characters, runs of white space counting one. */
typedef struct mrg_note {
    mrg_tag tag;
    unsigned dropped : 1;     /* not part of the article, nor is what is in it */
    unsigned chosen : 1;
    unsigned has_block : 1;   /* a block element is somewhere inside */
    unsigned scored : 1;
    unsigned see_through : 1; /* a wrapper round one paragraph: not an ancestor for scoring */
    unsigned data_table : 1;
    unsigned inside;          /* MRG_INSIDE_... */
    int weight;               /* of class and id */
    double score;
    uint32_t chars, link_chars, heading_chars, list_chars, commas;
    uint32_t paragraphs, items, images, inputs, embeds;
} mrg_note;

enum { MRG_INSIDE_TABLE = 1, MRG_INSIDE_CODE = 2, MRG_INSIDE_FIGURE = 4, MRG_INSIDE_ARTICLE = 8, MRG_INSIDE_DATA = 16 };

typedef struct mrg_page {
    htmlDocPtr doc;
    mrg_arena arena;
    mrg_buffer title, date, author, site, lang, url, subject, text; /* empty: not found */
} mrg_page;

/* ---- the tree (html_tree.c) ---- */

static inline mrg_note *mrg_note_of(const xmlNode *node)
{
    return (mrg_note *)node->_private;
}

/* Gives every element a note. 0, or -1 when memory ran out. */
int mrg_page_annotate(mrg_page *page);

/* The node after this one in document order, below `root`; into it only if `enter`. NULL past the last. */
xmlNode *mrg_next_node(const xmlNode *node, const xmlNode *root, int enter);

mrg_tag mrg_node_tag(const xmlNode *node); /* OTHER for text */
int mrg_is_block(mrg_tag tag);

/* An attribute's value, lent; NULL if there is none. */
const char *mrg_attribute(const xmlNode *node, const char *name);

/* Appends the text inside with runs of white space as one space, trimmed. Stops past `max` bytes. */
void mrg_append_inner_text(mrg_buffer *out, const xmlNode *node, size_t max);

/* "<class> <id>" in lower case with a space at both ends, cut if very long. */
enum { MRG_CLASS_BYTES = 512 };
void mrg_class_and_id(const xmlNode *node, char out[MRG_CLASS_BYTES]);
int mrg_holds_any(const char *text, const char *const *words); /* NULL-terminated */

/* ---- the steps ---- */

/* Fills all but `text`. A failure is sticky in the buffers. */
void mrg_page_read_meta(mrg_page *page);

/* Marks the article's nodes `chosen` and what is not of it in them `dropped`, tries more leniently if
   little was found, and fills `text`. 0, or -1 when memory ran out. */
int mrg_page_read_body(mrg_page *page);

/* Appends the chosen nodes' text, paragraphs separated by empty lines, without a heading that repeats the title. */
void mrg_page_append_text(mrg_page *page, mrg_buffer *out);

/* {"@type": "NewsArticle", ...} in a script (html_jsonld.c). Fills what is still empty. The page's title
   element decides between a headline and a name. */
void mrg_page_read_jsonld(mrg_page *page, const char *json, size_t len, const char *page_title);

/* ---- fragments, for feeds and mails (html.c) ---- */

/* Appends all text of a piece of HTML, paragraphs separated by empty lines; scripts and the like are left out. */
morgue_status mrg_html_fragment_text(mrg_buffer *out, const char *html, size_t len, morgue_error *err);

#endif

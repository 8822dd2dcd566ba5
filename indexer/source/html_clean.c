/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What in a page is not its article, by names and by measures. */
#include <string.h>

#include "source/html_clean.h"

/* ---- dropping by name ---- */

/* How sites name what stands around an article, as parts of class and id. Such an element goes, unless its
   names also speak of the article. */
static const char *const furniture[] = { "advert",   "banner",  "breadcrumb", "comment",   "consent",  "cookie",
                                         "disqus",   "footer",  "gdpr",       "header",    "login",    "menu",
                                         "navbar",   "newsletter", "pagination", "paywall", "popup",   "recommend",
                                         "related",  "replies", "rss",        "sidebar",   "signup",   "social",
                                         "sponsor",  "subscribe", "trending", NULL };
static const char *const article_like[] = { "article", "body", "content", "main", "story", NULL };
/* Names that make a container likelier to be the article's, or less likely. */
static const char *const raising[] = { "article", "body", "content", "entry", "main", "post", "prose", "story", "text",
                                       NULL };
static const char *const lowering[] = { "advert",  "author-bio", "byline",  "comment",  "contact", "cookie", "footer",
                                        "gallery", "hidden",     "login",   "masthead", "meta",    "promo",  "related",
                                        "share",   "sidebar",    "sponsor", "tags",     "toolbar", "widget", NULL };
enum { NAME_WEIGHT = 25 };
/* WAI-ARIA roles that are never running text. */
static const char *const furniture_roles[] = { "alert",      "alertdialog", "banner",  "complementary", "contentinfo",
                                               "dialog",     "menu",        "menubar", "navigation",    "search",
                                               "toolbar",    NULL };

static int is_never_text(mrg_tag tag)
{
    switch (tag) {
    case MRG_TAG_audio:
    case MRG_TAG_button:
    case MRG_TAG_canvas:
    case MRG_TAG_embed:
    case MRG_TAG_head:
    case MRG_TAG_iframe:
    case MRG_TAG_input:
    case MRG_TAG_link:
    case MRG_TAG_meta:
    case MRG_TAG_nav:
    case MRG_TAG_noscript:
    case MRG_TAG_object:
    case MRG_TAG_option:
    case MRG_TAG_script:
    case MRG_TAG_select:
    case MRG_TAG_style:
    case MRG_TAG_svg:
    case MRG_TAG_template:
    case MRG_TAG_textarea:
    case MRG_TAG_title:
    case MRG_TAG_video:
        return 1;
    default:
        return 0;
    }
}

/* A style attribute as "a:b;c:d", without white space. */
static int style_says(const char *style, const char *property, const char *value)
{
    size_t n = strlen(property), m = strlen(value);
    for (const char *p = style; (p = strstr(p, property)) != NULL; p += n) {
        const char *v = p + n;
        v += strspn(v, " \t\n");
        if (*v++ != ':')
            continue;
        v += strspn(v, " \t\n");
        if (strncmp(v, value, m) == 0)
            return 1;
    }
    return 0;
}

static int is_hidden(const xmlNode *node)
{
    const char *style = mrg_attribute(node, "style");
    const char *aria = mrg_attribute(node, "aria-hidden");
    if (mrg_attribute(node, "hidden"))
        return 1;
    if (style && (style_says(style, "display", "none") || style_says(style, "visibility", "hidden")))
        return 1;
    return aria && strcmp(aria, "true") == 0;
}

static int has_role(const xmlNode *node, const char *const *roles)
{
    const char *role = mrg_attribute(node, "role");
    for (; role && *roles; roles++)
        if (strcmp(role, *roles) == 0)
            return 1;
    return 0;
}

static int is_unlikely(const xmlNode *node, const mrg_note *note, const char *names)
{
    if (note->tag == MRG_TAG_body || note->tag == MRG_TAG_a || (note->inside & (MRG_INSIDE_TABLE | MRG_INSIDE_CODE)))
        return 0;
    if (note->tag == MRG_TAG_article || note->tag == MRG_TAG_main)
        return 0;
    return (mrg_holds_any(names, furniture) && !mrg_holds_any(names, article_like)) || has_role(node, furniture_roles);
}

static int weigh(const mrg_search *s, const char *names)
{
    if (!(s->flags & MRG_FLAG_WEIGHTS))
        return 0;
    return (mrg_holds_any(names, raising) ? NAME_WEIGHT : 0) - (mrg_holds_any(names, lowering) ? NAME_WEIGHT : 0);
}

void mrg_drop_by_name(mrg_search *s)
{
    char names[MRG_CLASS_BYTES];
    int enter = 1;
    for (xmlNode *node = s->root; node; node = mrg_next_node(node, s->root, enter)) {
        enter = 1;
        if (node->type != XML_ELEMENT_NODE)
            continue;
        mrg_note *note = mrg_note_of(node);
        mrg_class_and_id(node, names);
        note->weight = weigh(s, names);
        note->dropped = is_never_text(note->tag) || is_hidden(node) ||
                        ((s->flags & MRG_FLAG_NAMES) && is_unlikely(node, note, names));
        note->chosen = note->scored = note->see_through = 0;
        note->score = 0;
        enter = !note->dropped;
    }
}

/* ---- measuring ---- */

static int is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Characters and commas of a text node; the comma of other scripts too. */
void mrg_count_text(const char *text, uint32_t *chars, uint32_t *commas)
{
    int space = 1;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (is_space(*p)) {
            *chars += !space;
            space = 1;
            continue;
        }
        space = 0;
        *chars += (*p & 0xc0) != 0x80;
        *commas += *p == ',' || (*p == 0xd8 && p[1] == 0x8c) || (*p == 0xef && p[1] == 0xbc && p[2] == 0x8c) ||
                   (*p == 0xe3 && p[1] == 0x80 && p[2] == 0x81);
    }
}

static void reset_totals(mrg_note *n)
{
    n->chars = n->link_chars = n->heading_chars = n->list_chars = n->commas = 0;
    n->paragraphs = n->items = n->images = n->inputs = n->embeds = 0;
    n->has_block = 0;
}

static int is_list(mrg_tag tag)
{
    return tag == MRG_TAG_ul || tag == MRG_TAG_ol;
}

/* A link within the page weighs less than one away from it. */
static uint32_t link_chars(const xmlNode *node, const mrg_note *n)
{
    const char *href = mrg_attribute(node, "href");
    if (n->tag != MRG_TAG_a)
        return n->link_chars;
    return href && href[0] == '#' && href[1] ? n->chars * 3 / 10 : n->chars;
}

static void add_totals(const xmlNode *node, const mrg_note *n, mrg_note *to)
{
    mrg_tag tag = n->tag;
    to->chars += n->chars;
    to->link_chars += link_chars(node, n);
    to->heading_chars += mrg_is_heading(tag) ? n->chars : n->heading_chars;
    to->list_chars += is_list(tag) ? n->chars : n->list_chars;
    to->commas += n->commas;
    to->paragraphs += n->paragraphs + (tag == MRG_TAG_p);
    to->items += n->items + (tag == MRG_TAG_li);
    to->images += n->images + (tag == MRG_TAG_img);
    to->inputs += n->inputs + (tag == MRG_TAG_input);
    to->embeds += n->embeds + (tag == MRG_TAG_object || tag == MRG_TAG_embed || tag == MRG_TAG_iframe);
    to->has_block |= n->has_block || mrg_is_block(tag);
}

static double part(uint32_t a, uint32_t b)
{
    return b ? (double)a / b : 0;
}

/* Lists of links, boxes of pictures, remains of forms. */
static int is_clutter(const mrg_search *s, const mrg_note *n)
{
    int list = is_list(n->tag) || (n->chars && part(n->list_chars, n->chars) > 0.9);
    if (n->tag != MRG_TAG_table && n->tag != MRG_TAG_ul && n->tag != MRG_TAG_div && n->tag != MRG_TAG_form &&
        n->tag != MRG_TAG_fieldset && n->tag != MRG_TAG_section)
        return 0;
    if (!(s->flags & MRG_FLAG_CLEAN) || n->data_table || (n->inside & (MRG_INSIDE_DATA | MRG_INSIDE_CODE)))
        return 0;
    if (n->weight < 0)
        return 1;
    if (n->commas >= 10)
        return 0;
    if (n->images > 1 && n->paragraphs * 2 < n->images && !(n->inside & MRG_INSIDE_FIGURE) && n->chars < 200)
        return 1;
    if (!list && n->items > n->paragraphs + 100)
        return 1;
    if (n->inputs > n->paragraphs / 3)
        return 1;
    if (!list && part(n->heading_chars, n->chars) < 0.9 && n->chars < 25 && (n->images == 0 || n->images > 2) &&
        !(n->inside & MRG_INSIDE_FIGURE))
        return 1;
    if (!list && n->weight < 25 && mrg_link_density(n) > 0.2)
        return 1;
    return n->weight >= 25 && mrg_link_density(n) > 0.5;
}

/* Fills the totals below `root` from the inside out; with `clean`, drops clutter on the way. */
void mrg_measure(const mrg_search *s, xmlNode *root, int clean)
{
    xmlNode *node = root;
    reset_totals(mrg_note_of(root));
    for (;;) {
        int enter = 0;
        if (node->type == XML_ELEMENT_NODE) {
            reset_totals(mrg_note_of(node));
            enter = !mrg_note_of(node)->dropped;
        } else if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node != root) {
            mrg_note *parent = mrg_note_of(node->parent);
            mrg_count_text((const char *)node->content, &parent->chars, &parent->commas);
        }
        if (enter && node->children) {
            node = node->children;
            continue;
        }
        for (;;) { /* leave */
            if (node->type == XML_ELEMENT_NODE) {
                mrg_note *note = mrg_note_of(node);
                if (clean && !note->dropped && node != root && is_clutter(s, note))
                    note->dropped = 1;
                if (node != root && (!note->dropped || note->tag == MRG_TAG_input))
                    add_totals(node, note, mrg_note_of(node->parent));
            }
            if (node == root)
                return;
            if (node->next)
                break;
            node = node->parent;
        }
        node = node->next;
    }
}

/* ---- cleaning what was chosen ---- */

static const char *const share_names[] = { " share", "-share", "share-", "_share", "social", NULL };

static int is_aside(const xmlNode *node, const mrg_note *n)
{
    char names[MRG_CLASS_BYTES];
    if (n->tag == MRG_TAG_footer || n->tag == MRG_TAG_aside)
        return 1;
    if (n->chars >= MRG_ENOUGH_CHARS)
        return 0;
    mrg_class_and_id(node, names);
    if (mrg_holds_any(names, share_names))
        return 1;
    return (n->tag == MRG_TAG_h1 || n->tag == MRG_TAG_h2) && n->weight < 0;
}

/* Tables that hold data, not layout. */
static int is_data_table(const xmlNode *table)
{
    const char *role = mrg_attribute(table, "role"), *summary = mrg_attribute(table, "summary");
    uint32_t rows = 0, cells = 0;
    if (role && strcmp(role, "presentation") == 0)
        return 0;
    if (summary && *summary)
        return 1;
    for (const xmlNode *node = table->children; node; node = mrg_next_node(node, table, 1)) {
        switch (mrg_node_tag(node)) {
        case MRG_TAG_table:
            return 0;
        case MRG_TAG_caption:
        case MRG_TAG_tfoot:
        case MRG_TAG_thead:
        case MRG_TAG_th:
            return 1;
        case MRG_TAG_tr:
            rows++;
            break;
        case MRG_TAG_td:
            cells++;
            break;
        default:
            break;
        }
    }
    return rows >= 10 || (rows && cells / rows > 4) || cells > 10;
}

static void drop_asides(xmlNode *root)
{
    int enter = 1;
    for (xmlNode *node = root; node; node = mrg_next_node(node, root, enter)) {
        enter = node->type == XML_ELEMENT_NODE && !mrg_note_of(node)->dropped;
        if (!enter)
            continue;
        mrg_note *note = mrg_note_of(node);
        if (note->tag == MRG_TAG_table && is_data_table(node))
            note->data_table = 1;
        if (node != root && mrg_node_tag(node->parent) != MRG_TAG_OTHER) {
            const mrg_note *parent = mrg_note_of(node->parent);
            note->inside |= (parent->inside & MRG_INSIDE_DATA) | (parent->data_table ? MRG_INSIDE_DATA : 0);
        }
        if (node != root && is_aside(node, note))
            note->dropped = 1;
        enter = !note->dropped;
    }
}

void mrg_clean_chosen(const mrg_search *s)
{
    int enter = 1;
    for (xmlNode *node = s->root; node; node = mrg_next_node(node, s->root, enter)) {
        enter = 1;
        if (node->type != XML_ELEMENT_NODE || !mrg_note_of(node)->chosen)
            continue;
        drop_asides(node);
        mrg_measure(s, node, 1);
        enter = 0;
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in a page the article is, by text and link density (Kohlschuetter, Fankhauser and Nejdl 2010,
 * "Boilerplate detection using shallow text features") summed up the tree as Readability (Arc90, Mozilla)
 * does it: what its names call furniture goes first; paragraphs lend their score, length and commas, to the
 * elements around them; the best of these, less its share of links, is the article, with siblings like it;
 * then what is more link than text goes. If little is left, it is tried again with fewer prejudices.
 */
#include <string.h>

#include "source/html_clean.h"

enum { SHORTEST_PARAGRAPH = 25, SCORED_ANCESTORS = 5, TOP_COUNT = 5 };

/* ---- scoring ---- */

static double base_score(const mrg_note *n)
{
    switch (n->tag) {
    case MRG_TAG_div:
        return 5;
    case MRG_TAG_pre:
    case MRG_TAG_td:
    case MRG_TAG_blockquote:
        return 3;
    case MRG_TAG_address:
    case MRG_TAG_ol:
    case MRG_TAG_ul:
    case MRG_TAG_dl:
    case MRG_TAG_dd:
    case MRG_TAG_dt:
    case MRG_TAG_li:
    case MRG_TAG_form:
        return -3;
    case MRG_TAG_th:
        return -5;
    default:
        return mrg_is_heading(n->tag) ? -5 : 0;
    }
}

static void lend_score(mrg_search *s, xmlNode *from, uint32_t chars, uint32_t commas)
{
    if (chars < SHORTEST_PARAGRAPH)
        return;
    double score = 2 + commas + (chars / 100 < 3 ? chars / 100 : 3);
    int level = 0;
    for (xmlNode *node = from; node && node->type == XML_ELEMENT_NODE && level < SCORED_ANCESTORS;
         node = node->parent) {
        mrg_note *note = mrg_note_of(node);
        if (note->see_through && node != s->root)
            continue;
        if (!note->scored)
            note->score = base_score(note) + note->weight;
        note->scored = 1;
        note->score += score / (level == 0 ? 1 : level == 1 ? 2 : level * 3);
        level++;
        if (node == s->root)
            break;
    }
}

typedef struct run { /* text and inline elements in a row */
    uint32_t chars, commas, breaks;
} run;

static void end_run(mrg_search *s, xmlNode *div, run *r)
{
    xmlNode *from = mrg_note_of(div)->has_block || div == s->root ? div : div->parent;
    lend_score(s, from, r->chars, r->commas);
    memset(r, 0, sizeof *r);
}

/* Text that stands in a div itself is a paragraph; two line breaks end it. */
static void score_runs(mrg_search *s, xmlNode *div)
{
    run r = { 0 };
    for (xmlNode *child = div->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE) {
            uint32_t chars = 0;
            mrg_count_text((const char *)child->content, &chars, &r.commas);
            r.chars += chars;
            if (chars > 1)
                r.breaks = 0;
            continue;
        }
        if (child->type != XML_ELEMENT_NODE || mrg_note_of(child)->dropped)
            continue;
        const mrg_note *note = mrg_note_of(child);
        if (note->tag == MRG_TAG_br) {
            if (++r.breaks == 2)
                end_run(s, div, &r);
        } else if (note->has_block || mrg_is_block(note->tag)) {
            end_run(s, div, &r);
        } else {
            r.chars += note->chars;
            r.commas += note->commas;
            r.breaks = 0;
        }
    }
    end_run(s, div, &r);
}

/* <div><p>...</p></div> counts as the paragraph alone. */
static int wraps_one_paragraph(const xmlNode *div)
{
    int count = 0;
    for (const xmlNode *child = div->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE) {
            uint32_t chars = 0, commas = 0;
            mrg_count_text((const char *)child->content, &chars, &commas);
            if (chars)
                return 0;
        } else if (child->type == XML_ELEMENT_NODE && !mrg_note_of(child)->dropped) {
            if (mrg_note_of(child)->tag != MRG_TAG_p || ++count > 1)
                return 0;
        }
    }
    return count == 1 && mrg_link_density(mrg_note_of(div)) < 0.25;
}

static void score_element(mrg_search *s, xmlNode *node)
{
    mrg_note *note = mrg_note_of(node);
    switch (note->tag) {
    case MRG_TAG_div:
        note->see_through = wraps_one_paragraph(node) != 0;
        score_runs(s, node);
        break;
    case MRG_TAG_p:
    case MRG_TAG_td:
    case MRG_TAG_pre:
    case MRG_TAG_section:
    case MRG_TAG_h2:
    case MRG_TAG_h3:
    case MRG_TAG_h4:
    case MRG_TAG_h5:
    case MRG_TAG_h6:
        if (node != s->root)
            lend_score(s, node->parent, note->chars, note->commas);
        break;
    default:
        break;
    }
}

static void score_all(mrg_search *s)
{
    int enter = 1;
    for (xmlNode *node = s->root; node; node = mrg_next_node(node, s->root, enter)) {
        enter = node->type == XML_ELEMENT_NODE && !mrg_note_of(node)->dropped;
        if (enter)
            score_element(s, node);
    }
}

/* ---- choosing ---- */

typedef struct top {
    xmlNode *nodes[TOP_COUNT];
    size_t count;
} top;

static void insert_top(top *t, xmlNode *node)
{
    double score = mrg_note_of(node)->score;
    size_t at = t->count;
    while (at && mrg_note_of(t->nodes[at - 1])->score < score)
        at--;
    if (at == TOP_COUNT)
        return;
    if (t->count < TOP_COUNT)
        t->count++;
    memmove(t->nodes + at + 1, t->nodes + at, (t->count - 1 - at) * sizeof *t->nodes);
    t->nodes[at] = node;
}

static void find_top(mrg_search *s, top *t)
{
    for (xmlNode *node = s->root; node; node = mrg_next_node(node, s->root, 1)) {
        if (node->type != XML_ELEMENT_NODE || !mrg_note_of(node)->scored || mrg_note_of(node)->dropped)
            continue;
        mrg_note_of(node)->score *= 1 - mrg_link_density(mrg_note_of(node));
        insert_top(t, node);
    }
}

static int is_ancestor(const xmlNode *ancestor, const xmlNode *node)
{
    while (node && node != ancestor)
        node = node->parent;
    return node == ancestor;
}

/* If several good elements share an ancestor, that is the article. */
static xmlNode *find_common(const mrg_search *s, const top *t)
{
    const mrg_note *best = mrg_note_of(t->nodes[0]);
    for (xmlNode *node = t->nodes[0]->parent; node && node != s->root; node = node->parent) {
        int inside = 0;
        for (size_t i = 1; i < t->count; i++)
            inside += mrg_note_of(t->nodes[i])->score >= 0.75 * best->score && is_ancestor(node, t->nodes[i]) &&
                      node != t->nodes[i];
        if (inside >= 3)
            return node;
    }
    return t->nodes[0];
}

/* An element around it may have gained from more than this one. */
static xmlNode *climb(const mrg_search *s, xmlNode *node)
{
    double last = mrg_note_of(node)->score, least = last / 3;
    xmlNode *best = node;
    for (xmlNode *up = node->parent; up && node != s->root && up != s->root; up = up->parent) {
        const mrg_note *note = mrg_note_of(up);
        if (!note->scored)
            continue;
        if (note->score < least)
            break;
        if (note->score > last) {
            best = up;
            break;
        }
        last = note->score;
    }
    return best;
}

static int is_only_child(const xmlNode *node)
{
    for (const xmlNode *other = node->parent->children; other; other = other->next)
        if (other != node && other->type == XML_ELEMENT_NODE && !mrg_note_of(other)->dropped)
            return 0;
    return 1;
}

static xmlNode *choose_top(mrg_search *s)
{
    top t = { .count = 0 };
    find_top(s, &t);
    if (!t.count || t.nodes[0] == s->root)
        return s->root;
    xmlNode *best = climb(s, find_common(s, &t));
    while (best != s->root && best->parent != s->root && is_only_child(best))
        best = best->parent;
    return best;
}

/* A sentence of its own among what surrounds the article. */
static int is_stray_paragraph(const xmlNode *node)
{
    const mrg_note *n = mrg_note_of(node);
    mrg_buffer text = MRG_BUFFER_INIT;
    if (n->tag != MRG_TAG_p)
        return 0;
    if (n->chars > 80)
        return mrg_link_density(n) < 0.25;
    if (!n->chars || n->link_chars)
        return 0;
    mrg_append_inner_text(&text, node, 400);
    const char *s = mrg_buffer_cstr(&text);
    int sentence = s && (strstr(s, ". ") || (text.len && s[text.len - 1] == '.'));
    mrg_buffer_dispose(&text);
    return sentence;
}

static int same_class(const xmlNode *a, const xmlNode *b)
{
    const char *x = mrg_attribute(a, "class"), *y = mrg_attribute(b, "class");
    return x && y && *x && strcmp(x, y) == 0;
}

static void choose_siblings(const mrg_search *s, xmlNode *best)
{
    mrg_note_of(best)->chosen = 1;
    if (best == s->root)
        return;
    double score = mrg_note_of(best)->score, least = score * 0.2 > 10 ? score * 0.2 : 10;
    for (xmlNode *node = best->parent->children; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || node == best || mrg_note_of(node)->dropped)
            continue;
        mrg_note *note = mrg_note_of(node);
        double bonus = same_class(node, best) ? score * 0.2 : 0;
        if ((note->scored && note->score + bonus >= least) || is_stray_paragraph(node))
            note->chosen = 1;
    }
}

/* ---- all together ---- */

static xmlNode *find_body(xmlNode *root)
{
    for (xmlNode *node = root; node; node = mrg_next_node(node, root, 1))
        if (mrg_node_tag(node) == MRG_TAG_body)
            return node;
    return root;
}

static size_t count_chars(const mrg_buffer *text)
{
    size_t chars = 0;
    for (size_t i = 0; i < text->len; i++)
        chars += (text->data[i] & 0xc0) != 0x80;
    return chars;
}

static void attempt(mrg_search *s, mrg_buffer *out)
{
    mrg_drop_by_name(s);
    mrg_note_of(s->root)->dropped = 0;
    mrg_measure(s, s->root, 0);
    score_all(s);
    choose_siblings(s, choose_top(s));
    mrg_clean_chosen(s);
    mrg_page_append_text(s->page, out);
}

int mrg_page_read_body(mrg_page *page)
{
    static const unsigned tries[] = { MRG_FLAG_NAMES | MRG_FLAG_WEIGHTS | MRG_FLAG_CLEAN,
                                      MRG_FLAG_WEIGHTS | MRG_FLAG_CLEAN, MRG_FLAG_CLEAN, 0 };
    mrg_buffer found = MRG_BUFFER_INIT;
    xmlNode *root = xmlDocGetRootElement(page->doc);
    if (!root)
        return 0;
    mrg_search s = { page, find_body(root), 0 };
    for (size_t i = 0; i < sizeof tries / sizeof *tries && !found.failed; i++) {
        s.flags = tries[i];
        mrg_buffer_clear(&found);
        attempt(&s, &found);
        size_t chars = count_chars(&found);
        if (found.len > page->text.len) {
            mrg_buffer longer = found;
            found = page->text;
            page->text = longer;
        }
        if (chars >= MRG_ENOUGH_CHARS)
            break;
    }
    int failed = found.failed || page->text.failed;
    mrg_buffer_dispose(&found);
    return failed ? -1 : 0;
}

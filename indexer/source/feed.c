/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0; well-formed or not. An entry is an article; where
 * it has a summary and the whole content, the content counts. What the feed says of itself (title, language) stands
 * in for what an entry does not say.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "source/feed.h"
#include "source/html.h"
#include "source/xml.h"

enum { FEED_FIELDS = 9 };

void mrg_feed_dispose(mrg_feed *f)
{
    mrg_buffer *all[] = { &f->id,     &f->title,  &f->text, &f->date,       &f->url,
                          &f->author, &f->source, &f->lang, &f->subject, &f->feed_title, &f->feed_lang };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mrg_buffer_dispose(all[i]);
}

/* ---- words of an element ---- */

static int has_elements(const xmlNode *node)
{
    for (const xmlNode *n = node->children; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE)
            return 1;
    return 0;
}

/* Text that may be HTML in disguise, as everywhere in RSS; "text" in Atom says that it is not. */
static morgue_status take_content(mrg_buffer *out, const xmlNode *node, morgue_error *err)
{
    mrg_buffer raw = MRG_BUFFER_INIT;
    const char *type = mrg_xml_attribute(node, "type");
    mrg_buffer_clear(out);
    if (!node)
        return MORGUE_OK;
    if (has_elements(node))
        return mrg_xml_append_markup(out, node, err);
    mrg_xml_append_text(&raw, node);
    morgue_status status = MORGUE_OK;
    if (type && (strcmp(type, "text") == 0 || strcmp(type, "text/plain") == 0))
        mrg_buffer_append(out, raw.data ? raw.data : (unsigned char *)"", raw.len);
    else
        status = mrg_html_fragment_text(out, (const char *)raw.data, raw.len, err);
    if (!status && (raw.failed || out->failed))
        status = mrg_fail_nomem(err);
    mrg_buffer_dispose(&raw);
    return status;
}

static void take_text(mrg_buffer *out, const xmlNode *node)
{
    if (!out->len)
        mrg_xml_append_text(out, node);
}

static const char *or_null(mrg_buffer *b)
{
    return b->len ? mrg_buffer_cstr(b) : NULL;
}

/* ---- an entry ---- */

/* Atom's link to the page itself, or RSS's. */
static void take_link(mrg_buffer *out, const xmlNode *entry)
{
    for (const xmlNode *n = mrg_xml_child(entry, "link"); n; n = mrg_xml_next(n, "link")) {
        const char *rel = mrg_xml_attribute(n, "rel"), *href = mrg_xml_attribute(n, "href");
        if (!href && !out->len)
            mrg_xml_append_text(out, n);
        else if (href && (!rel || strcmp(rel, "alternate") == 0) && !out->len)
            mrg_buffer_append_str(out, href);
    }
}

static void take_id(mrg_feed *f, const xmlNode *entry)
{
    static const char *const names[] = { "guid", "id", "identifier" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        take_text(&f->id, mrg_xml_child(entry, names[i]));
    const char *about = mrg_xml_attribute(entry, "about"); /* RSS 1.0 */
    if (!f->id.len && about)
        mrg_buffer_append_str(&f->id, about);
    const char *permanent = mrg_xml_attribute(mrg_xml_child(entry, "guid"), "isPermaLink");
    if (!f->url.len && f->id.len && mrg_xml_child(entry, "guid") && (!permanent || strcasecmp(permanent, "false") != 0) &&
        f->id.len > 7 && memcmp(f->id.data, "http", 4) == 0)
        mrg_buffer_append(&f->url, f->id.data, f->id.len);
}

static void take_date(mrg_buffer *out, const xmlNode *entry)
{
    static const char *const names[] = { "published", "pubDate", "date", "issued", "created", "updated", "modified" };
    for (size_t i = 0; i < sizeof names / sizeof *names && !out->len; i++)
        take_text(out, mrg_xml_child(entry, names[i]));
}

/* "Ada Quill", "a@b.example (Ada Quill)", <author><name>Ada Quill</name></author> */
static void take_author(mrg_buffer *out, const xmlNode *of)
{
    const xmlNode *author = mrg_xml_child(of, "author");
    const xmlNode *name = mrg_xml_child(author, "name");
    if (!author)
        author = mrg_xml_child(of, "creator");
    take_text(out, name ? name : author);
    const char *text = mrg_buffer_cstr(out), *open = text ? strchr(text, '(') : NULL;
    if (!open || !strchr(text, '@') || text[out->len - 1] != ')')
        return;
    size_t from = (size_t)(open + 1 - text);
    memmove(out->data, out->data + from, out->len - from - 1);
    out->len -= from + 1;
}

/* The longest of what an entry has to say. */
static morgue_status take_body(mrg_feed *f, const xmlNode *entry, morgue_error *err)
{
    static const char *const names[] = { "encoded", "content", "body", "description", "summary", "div" };
    mrg_buffer one = MRG_BUFFER_INIT;
    morgue_status status = MORGUE_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names && !status; i++) {
        for (const xmlNode *n = mrg_xml_child(entry, names[i]); n && !status; n = mrg_xml_next(n, names[i])) {
            status = take_content(&one, n, err);
            if (one.len > f->text.len) {
                mrg_buffer longer = one;
                one = f->text;
                f->text = longer;
            }
        }
    }
    mrg_buffer_dispose(&one);
    return status;
}

static void take_lang(mrg_buffer *out, const xmlNode *entry)
{
    take_text(out, mrg_xml_child(entry, "language"));
    for (const xmlNode *n = entry; n && !out->len; n = n->parent) {
        const char *lang = mrg_xml_attribute(n, "lang");
        if (lang)
            mrg_buffer_append_str(out, lang);
    }
}

morgue_status mrg_feed_deliver(mrg_feed *f, morgue_error *err)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, f->in->path, '#', f->number);
    if (!f->text.len) /* of some feeds the headlines are all there is */
        mrg_buffer_append(&f->text, f->title.data ? f->title.data : (unsigned char *)"", f->title.len);
    mrg_buffer *all[] = { &f->id, &f->title, &f->text, &f->date, &f->url, &f->author, &f->source, &f->lang, &f->subject };
    for (size_t i = 0; i < FEED_FIELDS; i++)
        if (!mrg_buffer_cstr(all[i]))
            return mrg_fail_nomem(err);
    const morgue_article article = {
        .id = or_null(&f->id),
        .title = or_null(&f->title),
        .text = mrg_buffer_cstr(&f->text),
        .text_len = f->text.len,
        .date = or_null(&f->date),
        .url = or_null(&f->url),
        .author = or_null(&f->author),
        .source = f->source.len ? or_null(&f->source) : or_null(&f->feed_title),
        .lang = f->lang.len ? or_null(&f->lang) : or_null(&f->feed_lang),
        .subject = or_null(&f->subject),
    };
    return mrg_deliver(f->in, &article, place, place, err);
}

void mrg_feed_next(mrg_feed *f)
{
    mrg_buffer *all[] = { &f->id, &f->title, &f->text, &f->date, &f->url, &f->author, &f->source, &f->lang, &f->subject };
    for (size_t i = 0; i < FEED_FIELDS; i++)
        mrg_buffer_clear(all[i]);
    f->number++;
}

/* RSS's <category>, Atom's with a label or a term, Dublin Core's <subject>. */
static void take_subjects(mrg_buffer *out, const xmlNode *entry)
{
    static const char *const names[] = { "category", "subject" };
    mrg_buffer text = MRG_BUFFER_INIT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (const xmlNode *n = mrg_xml_child(entry, names[i]); n; n = mrg_xml_next(n, names[i])) {
            const char *label = mrg_xml_attribute(n, "label"), *term = mrg_xml_attribute(n, "term");
            mrg_buffer_clear(&text);
            mrg_buffer_append_str(&text, label ? label : term ? term : "");
            if (!text.len)
                mrg_xml_append_text(&text, n);
            mrg_add_subject(out, (const char *)text.data, text.len);
        }
    }
    out->failed |= text.failed;
    mrg_buffer_dispose(&text);
}

static morgue_status read_entry(mrg_feed *f, const xmlNode *entry, morgue_error *err)
{
    mrg_feed_next(f);
    take_link(&f->url, entry);
    take_id(f, entry);
    take_date(&f->date, entry);
    take_author(&f->author, entry);
    take_lang(&f->lang, entry);
    take_subjects(&f->subject, entry);
    take_text(&f->source, mrg_xml_child(mrg_xml_child(entry, "source"), "title"));
    take_text(&f->source, mrg_xml_child(entry, "publisher"));
    morgue_status status = take_content(&f->title, mrg_xml_child(entry, "title"), err);
    if (!status)
        status = take_body(f, entry, err);
    return status ? status : mrg_feed_deliver(f, err);
}

/* ---- the feed ---- */

static int is_entry(const xmlNode *node)
{
    return mrg_xml_is(node, "item") || mrg_xml_is(node, "entry");
}

/* <rss><channel>, <rdf:RDF><channel/>, <feed>: whose title is not that of an entry. */
static morgue_status read_head(mrg_feed *f, xmlNode *root, morgue_error *err)
{
    const xmlNode *head = mrg_xml_is(root, "feed") || mrg_xml_is(root, "channel") ? root : mrg_xml_child(root, "channel");
    take_text(&f->feed_lang, mrg_xml_child(head, "language"));
    return take_content(&f->feed_title, mrg_xml_child(head, "title"), err);
}

static morgue_status read_feed(mrg_input *in, morgue_error *err)
{
    xmlDoc *doc;
    mrg_feed f = { .in = in };
    morgue_status status = mrg_xml_read(in, &doc, err);
    if (status || !doc)
        return status;
    xmlNode *root = xmlDocGetRootElement(doc);
    status = read_head(&f, root, err);
    for (const xmlNode *n = root; n && !status; n = mrg_xml_walk(n, root))
        if (is_entry(n))
            status = read_entry(&f, n, err);
    if (!status && !f.number)
        mrg_tell(in, "a feed without entries; skipped");
    mrg_feed_dispose(&f);
    xmlFreeDoc(doc);
    return status;
}

const mrg_reader_kind mrg_reader_feed = { "feed", read_feed, 0 };

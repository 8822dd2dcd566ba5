/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Web pages: one file, one article. libxml2's parser mends the markup; it neither prints nor fetches. */
#include "source/html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <strings.h>

#include "source/charset.h"
#include "source/reader.h"
#include "source/xml.h"
#include "text/tokenize.h"

/* A page longer or deeper than this is none; both bound what broken markup can cost. */
#define LONGEST_PAGE ((uint64_t)16 << 20)
enum { DEEPEST_ELEMENT = 600, DEEPEST_PAGE = 2000, CHARSET_BYTES = 40, CHARSET_SEARCH_BYTES = 4096 };

/* ---- charset ---- */

/* The name after "charset=" in the first bytes, as in <meta charset="..."> and in a content type. */
static void find_charset(const unsigned char *bytes, size_t len, char out[CHARSET_BYTES])
{
    static const char wanted[] = "charset";
    size_t limit = len < CHARSET_SEARCH_BYTES ? len : CHARSET_SEARCH_BYTES, n = 0;
    out[0] = 0;
    for (size_t i = 0; i + sizeof wanted < limit; i++) {
        if (strncasecmp((const char *)bytes + i, wanted, sizeof wanted - 1) != 0)
            continue;
        i += sizeof wanted - 1;
        while (i < limit && bytes[i] && strchr(" \t\r\n=\"'", bytes[i]))
            i++;
        while (i < limit && n + 1 < CHARSET_BYTES && bytes[i] > ' ' && bytes[i] < 0x7f && !strchr("\"';/>", bytes[i]))
            out[n++] = (char)bytes[i++];
        out[n] = 0;
        return;
    }
}

/* ---- parsing ---- */

/* Elements below the deepest are left away while their text is kept: it is put where they stand. The
   parser's time grows with the depth for every stray end tag, so at some depth the page ends. */
static void begin_element(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
    htmlParserCtxtPtr ctxt = ctx;
    int *left_away = ctxt->_private;
    if (*left_away == 0 && ctxt->nodeNr < DEEPEST_ELEMENT)
        xmlSAX2StartElement(ctx, name, attributes);
    else if (++*left_away > DEEPEST_PAGE - DEEPEST_ELEMENT)
        xmlStopParser(ctxt);
}

static void end_element(void *ctx, const xmlChar *name)
{
    int *left_away = ((htmlParserCtxtPtr)ctx)->_private;
    if (*left_away)
        --*left_away;
    else
        xmlSAX2EndElement(ctx, name);
}

static htmlDocPtr parse(const mrg_buffer *utf8, int *cut)
{
    int left_away = 0;
    const int options =
        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
    htmlParserCtxtPtr ctxt = htmlCreateMemoryParserCtxt((const char *)utf8->data, (int)utf8->len);
    if (!ctxt)
        return NULL;
    htmlCtxtUseOptions(ctxt, options);
    ctxt->options |= XML_PARSE_HUGE; /* our own bounds hold */
    ctxt->_private = &left_away;
    ctxt->sax->startElement = begin_element;
    ctxt->sax->endElement = end_element;
    xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler("UTF-8");
    if (handler)
        xmlSwitchToEncoding(ctxt, handler);
    htmlParseDocument(ctxt);
    htmlDocPtr doc = ctxt->myDoc;
    *cut = left_away > DEEPEST_PAGE - DEEPEST_ELEMENT;
    ctxt->myDoc = NULL;
    htmlFreeParserCtxt(ctxt);
    return doc;
}

static htmlDocPtr parse_quietly(const mrg_buffer *utf8, int *cut)
{
    mrg_xml_quiet old = mrg_xml_hush();
    htmlDocPtr doc = parse(utf8, cut);
    mrg_xml_unhush(old);
    return doc;
}

/* ---- the reader ---- */

static const char *or_null(mrg_buffer *b)
{
    return b->len ? mrg_buffer_cstr(b) : NULL;
}

static morgue_status deliver_page(mrg_input *in, mrg_page *page, morgue_error *err)
{
    char place[MRG_PLACE_BYTES];
    mrg_buffer *all[] = { &page->title, &page->date, &page->author, &page->site, &page->lang, &page->url,
                          &page->subject, &page->text };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i]->failed || !mrg_buffer_cstr(all[i]))
            return mrg_fail_nomem(err);
    const morgue_article article = {
        .title = or_null(&page->title),
        .text = mrg_buffer_cstr(&page->text),
        .text_len = page->text.len,
        .date = or_null(&page->date),
        .url = or_null(&page->url),
        .source = or_null(&page->site),
        .author = or_null(&page->author),
        .lang = or_null(&page->lang),
        .subject = or_null(&page->subject),
    };
    mrg_format_place(place, in->path, 0, 0);
    return mrg_deliver(in, &article, in->id, place, err);
}

static void dispose_page(mrg_page *page)
{
    mrg_buffer *all[] = { &page->title, &page->date, &page->author, &page->site, &page->lang, &page->url,
                          &page->subject, &page->text };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mrg_buffer_dispose(all[i]);
    mrg_arena_dispose(&page->arena);
    xmlFreeDoc(page->doc);
}

static morgue_status read_page(mrg_input *in, const mrg_buffer *utf8, morgue_error *err)
{
    int cut = 0;
    mrg_page page = { .doc = parse_quietly(utf8, &cut) };
    morgue_status status = MORGUE_OK;
    if (!page.doc) {
        mrg_tell(in, "no HTML page; skipped");
        return MORGUE_OK;
    }
    if (mrg_page_annotate(&page)) {
        status = mrg_fail_nomem(err);
    } else {
        mrg_page_read_meta(&page);
        status = mrg_page_read_body(&page) ? mrg_fail_nomem(err) : deliver_page(in, &page, err);
    }
    if (!status && cut)
        mrg_tell(in, "elements nested too deeply; the rest is skipped");
    dispose_page(&page);
    return status;
}

/* ---- fragments ---- */

static unsigned is_unread(mrg_tag tag)
{
    return tag == MRG_TAG_script || tag == MRG_TAG_style || tag == MRG_TAG_noscript || tag == MRG_TAG_template ||
           tag == MRG_TAG_head || tag == MRG_TAG_iframe || tag == MRG_TAG_object || tag == MRG_TAG_form;
}

static int take_all(mrg_page *page)
{
    xmlNode *root = xmlDocGetRootElement(page->doc);
    if (!root || mrg_page_annotate(page))
        return root ? -1 : 0;
    for (xmlNode *node = root; node; node = mrg_next_node(node, root, 1))
        if (node->type == XML_ELEMENT_NODE)
            mrg_note_of(node)->dropped = is_unread(mrg_node_tag(node)) & 1u;
    mrg_note_of(root)->chosen = 1;
    mrg_page_append_text(page, &page->text);
    return 0;
}

morgue_status mrg_html_fragment_text(mrg_buffer *out, const char *html, size_t len, morgue_error *err)
{
    mrg_buffer whole = MRG_BUFFER_INIT;
    int cut = 0;
    mrg_buffer_append_str(&whole, "<html><body>");
    if (len)
        mrg_buffer_append(&whole, html, len);
    if (!mrg_buffer_cstr(&whole))
        return mrg_fail_nomem(err);
    mrg_page page = { .doc = parse_quietly(&whole, &cut) };
    mrg_buffer_dispose(&whole);
    int failed = page.doc ? take_all(&page) : 0;
    mrg_buffer_append(out, page.text.data ? page.text.data : (unsigned char *)"", page.text.len);
    failed |= page.text.failed || out->failed;
    dispose_page(&page);
    return failed ? mrg_fail_nomem(err) : MORGUE_OK;
}

static morgue_status read_html(mrg_input *in, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    mrg_buffer utf8 = MRG_BUFFER_INIT;
    char charset[CHARSET_BYTES];
    int usable;
    uint64_t longest = in->options->max_article_bytes < LONGEST_PAGE ? in->options->max_article_bytes : LONGEST_PAGE;
    morgue_status status = mrg_read_whole(in, longest, &usable, err);
    if (status || !usable)
        return status;
    find_charset(s->data + s->begin, s->end - s->begin, charset);
    mrg_to_utf8(&utf8, s->data + s->begin, s->end - s->begin, in->charset ? in->charset : charset);
    mrg_buffer_clear(&in->scratch); /* without NULs, at which the parser would stop */
    mrg_clean_utf8(&in->scratch, (const char *)utf8.data, utf8.len);
    if (utf8.failed || !mrg_buffer_cstr(&in->scratch))
        status = mrg_fail_nomem(err);
    mrg_buffer_dispose(&utf8);
    return status ? status : read_page(in, &in->scratch, err);
}

const mrg_reader_kind mrg_reader_html = { "html", read_html, 0 };

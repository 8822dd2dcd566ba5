/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/xml.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "source/charset.h"
#include "source/html.h"
#include "text/tokenize.h"

#define LONGEST_DOCUMENT ((uint64_t)64 << 20)
enum { LONGEST_ENTITY = 32, CHARSET_BYTES = 48, DECLARATION_BYTES = 256 };

/* ---- parsing ---- */

static void ignore_error(void *ctx, xmlErrorPtr error)
{
    (void)ctx;
    (void)error;
}

mrg_xml_quiet mrg_xml_hush(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* the library's first steps are not safe in several threads */
    pthread_once(&once, xmlInitParser);
    mrg_xml_quiet old = { xmlStructuredError, xmlStructuredErrorContext };
    xmlSetStructuredErrorFunc(NULL, ignore_error);
    return old;
}

void mrg_xml_unhush(mrg_xml_quiet old)
{
    xmlSetStructuredErrorFunc(old.ctx, old.handler);
}

/* <?xml version="1.0" encoding="..."?> */
static void declared_charset(const char *bytes, size_t len, char out[CHARSET_BYTES])
{
    char head[DECLARATION_BYTES];
    size_t n = len < sizeof head - 1 ? len : sizeof head - 1;
    memcpy(head, bytes, n);
    head[n] = 0;
    out[0] = 0;
    char *end = strstr(head, "?>"), *at = strstr(head, "encoding");
    if (!end || !at || at > end)
        return;
    at += strcspn(at, "\"'>");
    if (*at != '"' && *at != '\'')
        return;
    n = strcspn(at + 1, "\"'");
    if (n && n < CHARSET_BYTES) {
        memcpy(out, at + 1, n);
        out[n] = 0;
    }
}

static int is_xml_entity(const char *name)
{
    return strcmp(name, "amp") == 0 || strcmp(name, "lt") == 0 || strcmp(name, "gt") == 0 || strcmp(name, "quot") == 0 ||
           strcmp(name, "apos") == 0;
}

/* The reference that begins at an ampersand; 0 if it is a mere ampersand. */
static size_t reference_len(const char *p, size_t left, char name[LONGEST_ENTITY])
{
    size_t n = 1;
    while (n < left && n < LONGEST_ENTITY &&
           ((p[n] >= '0' && p[n] <= '9') || ((p[n] | 0x20) >= 'a' && (p[n] | 0x20) <= 'z') || (n == 1 && p[n] == '#')))
        n++;
    if (n < 2 || n >= left || p[n] != ';' || n >= LONGEST_ENTITY)
        return 0;
    memcpy(name, p + 1, n - 1);
    name[n - 1] = 0;
    return n + 1;
}

static void mend_ampersand(mrg_buffer *out, const char *p, size_t *used, size_t left)
{
    char name[LONGEST_ENTITY];
    size_t n = reference_len(p, left, name);
    const htmlEntityDesc *entity = n && name[0] != '#' ? htmlEntityLookup((const xmlChar *)name) : NULL;
    *used = n;
    if (n && (name[0] == '#' || is_xml_entity(name))) {
        mrg_buffer_append(out, p, n);
    } else if (entity) {
        mrg_append_utf8(out, entity->value);
    } else {
        mrg_buffer_append_str(out, "&amp;");
        *used = 1;
    }
}

/* Feeds are full of ampersands that are no references, and of HTML's entities. What is CDATA stays as it is. */
static void mend_references(mrg_buffer *out, const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        const char *p = text + at;
        size_t left = len - at, used;
        if (*p == '&') {
            mend_ampersand(out, p, &used, left);
            at += used;
            continue;
        }
        if (*p == '<' && left > 9 && memcmp(p, "<![CDATA[", 9) == 0) {
            const char *end = memmem(p, left, "]]>", 3);
            used = end ? (size_t)(end - p) + 3 : left;
        } else {
            const char *next = p + 1;
            while (next < text + len && *next != '&' && *next != '<')
                next++;
            used = (size_t)(next - p);
        }
        mrg_buffer_append(out, p, used);
        at += used;
    }
}

static xmlDoc *parse(const char *text, size_t len)
{
    const int options = XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                        XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT;
    mrg_xml_quiet old = mrg_xml_hush();
    xmlDoc *doc = xmlReadMemory(text, (int)len, NULL, "UTF-8", options);
    mrg_xml_unhush(old);
    return doc;
}

morgue_status mrg_xml_read(mrg_input *in, xmlDoc **out, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    mrg_buffer utf8 = MRG_BUFFER_INIT, mended = MRG_BUFFER_INIT;
    char charset[CHARSET_BYTES];
    int usable;
    *out = NULL;
    uint64_t longest = in->options->max_article_bytes > LONGEST_DOCUMENT ? in->options->max_article_bytes : LONGEST_DOCUMENT;
    morgue_status status = mrg_read_whole(in, longest, &usable, err);
    if (status || !usable)
        return status;
    declared_charset((const char *)s->data + s->begin, s->end - s->begin, charset);
    mrg_to_utf8(&utf8, s->data + s->begin, s->end - s->begin, in->charset ? in->charset : charset);
    mrg_buffer_clear(&in->scratch);
    mrg_clean_utf8(&in->scratch, (const char *)utf8.data, utf8.len);
    mrg_buffer_dispose(&utf8);
    mend_references(&mended, (const char *)in->scratch.data, in->scratch.len);
    if (in->scratch.failed || !mrg_buffer_cstr(&mended))
        status = mrg_fail_nomem(err);
    else
        *out = parse((const char *)mended.data, mended.len);
    mrg_buffer_dispose(&mended);
    if (*out && !xmlDocGetRootElement(*out)) {
        xmlFreeDoc(*out);
        *out = NULL;
    }
    if (!status && !*out)
        mrg_tell(in, "no XML document; skipped");
    return status;
}

/* ---- the tree ---- */

int mrg_xml_is(const xmlNode *node, const char *name)
{
    if (!node || node->type != XML_ELEMENT_NODE)
        return 0;
    const char *own = (const char *)node->name, *colon = strrchr(own, ':'); /* of a prefix that was not declared */
    return strcasecmp(colon ? colon + 1 : own, name) == 0;
}

xmlNode *mrg_xml_next(const xmlNode *node, const char *name)
{
    for (xmlNode *n = node ? node->next : NULL; n; n = n->next)
        if (mrg_xml_is(n, name))
            return n;
    return NULL;
}

xmlNode *mrg_xml_child(const xmlNode *parent, const char *name)
{
    xmlNode *first = parent ? parent->children : NULL;
    return !first || mrg_xml_is(first, name) ? first : mrg_xml_next(first, name);
}

xmlNode *mrg_xml_walk(const xmlNode *node, const xmlNode *root)
{
    if (node->type == XML_ELEMENT_NODE && node->children)
        return node->children;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

xmlNode *mrg_xml_find(const xmlNode *root, const char *name)
{
    for (xmlNode *n = root ? mrg_xml_walk(root, root) : NULL; n; n = mrg_xml_walk(n, root))
        if (mrg_xml_is(n, name))
            return n;
    return NULL;
}

const char *mrg_xml_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node && node->type == XML_ELEMENT_NODE ? node->properties : NULL; a; a = a->next)
        if (strcasecmp((const char *)a->name, name) == 0)
            return a->children && a->children->content ? (const char *)a->children->content : NULL;
    return NULL;
}

void mrg_xml_append_text(mrg_buffer *out, const xmlNode *root)
{
    for (const xmlNode *n = root; n; n = mrg_xml_walk(n, root))
        if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
            mrg_buffer_append_str(out, (const char *)n->content);
}

/* ---- markup ---- */

/* Elements that would hide text, or show what is none. */
static int is_unread(const xmlNode *node)
{
    static const char *const names[] = { "script", "style", "noscript", "iframe", "object", "embed", "form" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mrg_xml_is(node, names[i]))
            return 1;
    return 0;
}

static void append_escaped(mrg_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            mrg_buffer_append_str(out, "&lt;");
        else if (*text == '&')
            mrg_buffer_append_str(out, "&amp;");
        else
            mrg_buffer_append_byte(out, (unsigned char)*text);
    }
}

/* Tags by their local names, without attributes. */
static void append_tag(mrg_buffer *out, const char *open, const xmlNode *node)
{
    mrg_buffer_append_str(out, open);
    mrg_buffer_append_str(out, (const char *)node->name);
    mrg_buffer_append_byte(out, '>');
}

static void write_markup(mrg_buffer *out, const xmlNode *root)
{
    const xmlNode *n = root;
    for (;;) {
        int enter = n->type == XML_ELEMENT_NODE && !is_unread(n) && n->children;
        if (n->type == XML_ELEMENT_NODE && !is_unread(n))
            append_tag(out, "<", n);
        else if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
            append_escaped(out, (const char *)n->content);
        if (enter) {
            n = n->children;
            continue;
        }
        while (n != root && !n->next) {
            n = n->parent;
            append_tag(out, "</", n);
        }
        if (n == root)
            return;
        n = n->next;
    }
}

morgue_status mrg_xml_append_markup(mrg_buffer *out, const xmlNode *node, morgue_error *err)
{
    mrg_buffer markup = MRG_BUFFER_INIT;
    if (node)
        write_markup(&markup, node);
    morgue_status status = mrg_html_fragment_text(out, (const char *)markup.data, markup.len, err);
    if (!status && markup.failed)
        status = mrg_fail_nomem(err);
    mrg_buffer_dispose(&markup);
    return status;
}

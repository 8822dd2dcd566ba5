/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a page says about itself: JSON-LD first, then its meta elements by rank, then what can be seen. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "source/charset.h"
#include "source/html.h"
#include "source/reader.h"

enum { LONGEST_FIELD = 1000, LONGEST_BYLINE = 60, BYLINE_WORDS = 6, KEY_BYTES = 64 };

typedef enum field { F_TITLE, F_DATE, F_AUTHOR, F_SITE, F_URL, F_LANG, FIELD_COUNT } field;

/* Earlier in the table is better, per field. */
static const struct key {
    const char *name;
    field field;
} keys[] = {
    { "dc:title", F_TITLE },
    { "dc.title", F_TITLE },
    { "dcterms:title", F_TITLE },
    { "dcterms.title", F_TITLE },
    { "og:title", F_TITLE },
    { "weibo:article:title", F_TITLE },
    { "title", F_TITLE },
    { "headline", F_TITLE },
    { "hdl", F_TITLE },
    { "twitter:title", F_TITLE },
    { "parsely-title", F_TITLE },
    { "article:published_time", F_DATE },
    { "og:article:published_time", F_DATE },
    { "og:published_time", F_DATE },
    { "datepublished", F_DATE },
    { "date.published", F_DATE },
    { "article.published", F_DATE },
    { "parsely-pub-date", F_DATE },
    { "pubdate", F_DATE },
    { "pdate", F_DATE },
    { "ptime", F_DATE },
    { "publishdate", F_DATE },
    { "publish-date", F_DATE },
    { "publish_date", F_DATE },
    { "publication_date", F_DATE },
    { "publication-date", F_DATE },
    { "article_date_original", F_DATE },
    { "originalpublicationdate", F_DATE },
    { "cxenseparse:recs:publishtime", F_DATE },
    { "dc.date.issued", F_DATE },
    { "dcterms.issued", F_DATE },
    { "dcterms.created", F_DATE },
    { "dc.date.created", F_DATE },
    { "dcterms.date", F_DATE },
    { "dc.date", F_DATE },
    { "dc:date", F_DATE },
    { "sailthru.date", F_DATE },
    { "dat", F_DATE },
    { "date", F_DATE },
    { "dc.creator", F_AUTHOR },
    { "dc:creator", F_AUTHOR },
    { "dcterms.creator", F_AUTHOR },
    { "article:author", F_AUTHOR },
    { "article:author_name", F_AUTHOR },
    { "author", F_AUTHOR },
    { "parsely-author", F_AUTHOR },
    { "sailthru.author", F_AUTHOR },
    { "byl", F_AUTHOR },
    { "og:site_name", F_SITE },
    { "dc.publisher", F_SITE },
    { "dcterms.publisher", F_SITE },
    { "application-name", F_SITE },
    { "og:url", F_URL },
    { "content-language", F_LANG },
    { "dc.language", F_LANG },
    { "og:locale", F_LANG },
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

typedef struct meta {
    mrg_page *page;
    size_t ranks[FIELD_COUNT]; /* of what was taken so far; KEY_COUNT: nothing */
    const xmlNode *title, *h1, *time;
    mrg_buffer byline;
    int byline_rank;
} meta;

static mrg_buffer *buffer_of(mrg_page *page, field f)
{
    mrg_buffer *buffers[FIELD_COUNT] = {
        &page->title, &page->date, &page->author, &page->site, &page->url, &page->lang
    };
    return buffers[f];
}

/* ---- values ---- */

/* One entity at p ("&amp;", "&#8217;"): its bytes, or 0. */
static size_t decode_entity(const char *p, mrg_buffer *out)
{
    char name[16];
    const char *end = strchr(p, ';');
    size_t n = end ? (size_t)(end - p - 1) : 0;
    if (n == 0 || n >= sizeof name)
        return 0;
    memcpy(name, p + 1, n);
    name[n] = 0;
    unsigned long code = 0;
    if (name[0] == '#') {
        char *stop;
        int hex = (name[1] | 0x20) == 'x';
        code = strtoul(name + 1 + hex, &stop, hex ? 16 : 10);
        if (*stop || code == 0 || code > 0x10ffff)
            return 0;
    } else {
        const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
        code = entity ? entity->value : strcmp(name, "apos") == 0 ? '\'' : 0;
        if (!code)
            return 0;
    }
    mrg_append_utf8(out, (uint32_t)code);
    return n + 2;
}

/* Many pages escape twice what stands in their meta elements. */
static void append_unescaped(mrg_buffer *out, const char *text)
{
    for (size_t n = 0; *text && out->len < LONGEST_FIELD; text += n) {
        n = *text == '&' ? decode_entity(text, out) : 0;
        if (!n) {
            mrg_buffer_append_byte(out, (unsigned char)*text);
            n = 1;
        }
    }
    while (*text && ((unsigned char)*text & 0xc0) == 0x80) /* not in the middle of a character */
        mrg_buffer_append_byte(out, (unsigned char)*text++);
}

static int is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n\f\v")] == 0;
}

static int is_date(const char *text)
{
    mrg_date date;
    return mrg_date_parse(&date, text, strlen(text));
}

/* An address that stands for one article, not for its site. */
static int is_article_url(const char *url)
{
    url += strspn(url, " \t\r\n");
    size_t scheme = strncasecmp(url, "http://", 7) == 0 ? 7 : strncasecmp(url, "https://", 8) == 0 ? 8 : 0;
    const char *path = scheme ? strchr(url + scheme, '/') : NULL;
    return path && path[1] && !is_blank(path + 1) && strcmp(path, "/index.html") != 0;
}

static int is_usable(field f, const char *value)
{
    if (is_blank(value))
        return 0;
    if (f == F_DATE)
        return is_date(value);
    if (f == F_URL)
        return is_article_url(value);
    if (f == F_AUTHOR)
        return !strstr(value, "://");
    return 1;
}

static void set_field(mrg_page *page, field f, const char *value)
{
    mrg_buffer *b = buffer_of(page, f);
    mrg_buffer_clear(b);
    append_unescaped(b, value);
}

/* ---- meta elements ---- */

static void take_key(meta *m, const char *name, size_t len, const char *content)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strlen(keys[i].name) != len || strncasecmp(keys[i].name, name, len) != 0)
            continue;
        if (i < m->ranks[keys[i].field] && is_usable(keys[i].field, content)) {
            set_field(m->page, keys[i].field, content);
            m->ranks[keys[i].field] = i;
        }
        return;
    }
}

static void add_subjects(mrg_page *page, const char *content, const char *separators)
{
    mrg_buffer plain = MRG_BUFFER_INIT;
    append_unescaped(&plain, content);
    for (const char *at = mrg_buffer_cstr(&plain); at && *at;) {
        size_t n = strcspn(at, separators);
        mrg_add_subject(&page->subject, at, n);
        at += n + (at[n] != 0);
    }
    page->subject.failed |= plain.failed;
    mrg_buffer_dispose(&plain);
}

/* What the paper's own desk filed it under. "keywords" are not taken: they are written for web searches. */
static void take_subject(mrg_page *page, const char *name, size_t len, const char *content)
{
    static const char *const names[] = { "article:section", "article:tag", "og:article:section", "og:article:tag",
                                         "parsely-section", "dc.subject", "dcterms.subject" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == len && strncasecmp(names[i], name, len) == 0)
            add_subjects(page, content, "");
}

/* "news_keywords" are few and real; commas stand between. */
static void take_news_keywords(mrg_page *page, const char *name, size_t len, const char *content)
{
    if (len != strlen("news_keywords") || strncasecmp(name, "news_keywords", len) != 0)
        return;
    add_subjects(page, content, ",;");
}

/* property="dc:title og:title" names several. */
static void take_meta(meta *m, const xmlNode *node)
{
    static const char *const attributes[] = { "property", "name", "itemprop", "http-equiv" };
    const char *content = mrg_attribute(node, "content");
    for (size_t i = 0; content && i < sizeof attributes / sizeof *attributes; i++) {
        const char *names = mrg_attribute(node, attributes[i]);
        while (names && *names) {
            size_t n = strcspn(names, " \t\r\n");
            if (n && n < KEY_BYTES) {
                take_key(m, names, n, content);
                take_subject(m->page, names, n, content);
                take_news_keywords(m->page, names, n, content);
            }
            names += n + (names[n] != 0);
        }
    }
}

static int attribute_holds(const xmlNode *node, const char *name, const char *word)
{
    const char *value = mrg_attribute(node, name);
    return value && strcasestr(value, word) != NULL;
}

static void take_link(meta *m, const xmlNode *node)
{
    const char *rel = mrg_attribute(node, "rel"), *href = mrg_attribute(node, "href");
    if (rel && href && strcasecmp(rel, "canonical") == 0 && is_article_url(href)) {
        set_field(m->page, F_URL, href);
        m->ranks[F_URL] = 0;
    }
}

/* ---- what can be seen ---- */

/* The better of two <time> elements: one that says it is the publication's, else the first. */
static int time_rank(const xmlNode *node)
{
    if (!node)
        return -1;
    return mrg_attribute(node, "pubdate") || attribute_holds(node, "itemprop", "datePublished") ||
           attribute_holds(node, "class", "publish");
}

static void take_time(meta *m, const xmlNode *node)
{
    const char *when = mrg_attribute(node, "datetime");
    if (!when)
        when = mrg_attribute(node, "content");
    if (when && is_date(when) && time_rank(node) > time_rank(m->time))
        m->time = node;
}

/* 2: the markup says so; 1: the names of classes do. */
static int byline_rank(const xmlNode *node)
{
    static const char *const names[] = { "byline", " author", "author-name", "writtenby", "p-author", NULL };
    char found[MRG_CLASS_BYTES];
    if (attribute_holds(node, "rel", "author") || attribute_holds(node, "itemprop", "author"))
        return 2;
    mrg_class_and_id(node, found);
    return mrg_holds_any(found, names);
}

static size_t count_words(const char *text, size_t len)
{
    size_t words = 0;
    for (size_t i = 0; i < len; i++)
        words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
    return words;
}

static void cut_by(mrg_buffer *author)
{
    static const char *const words[] = { "written by ", "by ", "by: ", "par ", "por ", "von " };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (author->len <= n || strncasecmp((const char *)author->data, words[i], n) != 0)
            continue;
        memmove(author->data, author->data + n, author->len - n);
        author->len -= n;
        return;
    }
}

/* A few words without a figure may be names; with one, or more of them, it is a line about much else. */
static void take_byline(meta *m, const xmlNode *node)
{
    mrg_buffer text = MRG_BUFFER_INIT;
    int rank = byline_rank(node), digits = 0;
    if (rank <= m->byline_rank)
        return;
    mrg_append_inner_text(&text, node, LONGEST_BYLINE);
    for (size_t i = 0; i < text.len; i++)
        digits += text.data[i] >= '0' && text.data[i] <= '9';
    cut_by(&text);
    if (text.failed) {
        m->byline.failed = 1;
    } else if (text.len && !digits && text.len <= LONGEST_BYLINE &&
               count_words((const char *)text.data, text.len) <= BYLINE_WORDS) {
        mrg_buffer_clear(&m->byline);
        mrg_buffer_append(&m->byline, text.data, text.len);
        m->byline_rank = rank;
    }
    mrg_buffer_dispose(&text);
}

/* JSON-LD, and the title that helps to understand it. */
static void take_script(meta *m, const xmlNode *node)
{
    mrg_buffer title = MRG_BUFFER_INIT;
    if (mrg_node_tag(node) == MRG_TAG_title && !m->title && mrg_node_tag(node->parent) != MRG_TAG_svg)
        m->title = node;
    if (mrg_node_tag(node) != MRG_TAG_script)
        return;
    if (!attribute_holds(node, "type", "application/ld+json") || !node->children || !node->children->content)
        return;
    if (m->title)
        mrg_append_inner_text(&title, m->title, LONGEST_FIELD);
    const char *json = (const char *)node->children->content, *seen = mrg_buffer_cstr(&title);
    mrg_page_read_jsonld(m->page, json, strlen(json), seen ? seen : "");
    mrg_buffer_dispose(&title);
}

static void take_seen(meta *m, const xmlNode *node)
{
    switch (mrg_node_tag(node)) {
    case MRG_TAG_h1:
        m->h1 = m->h1 ? m->h1 : node;
        break;
    case MRG_TAG_time:
        take_time(m, node);
        break;
    case MRG_TAG_meta:
        take_meta(m, node);
        break;
    case MRG_TAG_link:
        take_link(m, node);
        break;
    default:
        if (attribute_holds(node, "itemprop", "datePublished"))
            take_time(m, node);
        take_byline(m, node);
        break;
    }
}

/* ---- the title element ---- */

/* Where the last separator with spaces round it begins; *after is where the last part does. */
static size_t find_separator(const char *text, size_t len, size_t *after)
{
    static const char *const separators[] = { " | ",        " - ",  " \xe2\x80\x93 ", " \xe2\x80\x94 ",
                                              " \xc2\xbb ", " :: ", " \xc2\xb7 ",     " > " };
    size_t best = 0;
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        size_t n = strlen(separators[i]);
        for (size_t at = best + 1; at + n <= len; at++)
            if (memcmp(text + at, separators[i], n) == 0) {
                best = at;
                *after = at + n;
            }
    }
    return best;
}

/* "Shared history - extension for the index" is a title and what it is about: a site's name begins with a capital,
   unless it is an address or in a script without them. */
static int may_be_site(const char *text)
{
    return *text < 'a' || *text > 'z' || !strchr(text, ' ');
}

/* "Talks begin in Geneva - The Paper" without the paper: when it is the site's name or, in the title
   element, when enough words are left to be a headline. */
static void cut_site(mrg_page *page, mrg_buffer *title, int is_element)
{
    const char *text = mrg_buffer_cstr(title), *site = mrg_buffer_cstr(&page->site);
    size_t after = 0, at = text ? find_separator(text, title->len, &after) : 0;
    if (!at || !site)
        return;
    if (strcasecmp(text + after, site) == 0 ||
        (is_element && may_be_site(text + after) && count_words(text, at) >= 4 && count_words(text + after, title->len - after) <= 5))
        title->len = at;
}

static void read_title(meta *m)
{
    mrg_buffer h1 = MRG_BUFFER_INIT, *title = &m->page->title;
    if (m->title)
        mrg_append_inner_text(title, m->title, LONGEST_FIELD);
    if (m->h1)
        mrg_append_inner_text(&h1, m->h1, LONGEST_FIELD);
    int begins = h1.len && title->len > h1.len && memcmp(title->data, h1.data, h1.len) == 0;
    if (h1.len && (!title->len || (begins && count_words((const char *)h1.data, h1.len) > 1))) {
        mrg_buffer_clear(title);
        mrg_buffer_append(title, h1.data, h1.len);
    } else if (title->len) {
        cut_site(m->page, title, 1);
    }
    title->failed |= h1.failed;
    mrg_buffer_dispose(&h1);
}

/* ---- all together ---- */

void mrg_page_read_meta(mrg_page *page)
{
    meta m = { .page = page };
    xmlNode *root = xmlDocGetRootElement(page->doc);
    for (const xmlNode *node = root; node; node = mrg_next_node(node, root, 1))
        take_script(&m, node);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        m.ranks[i] = buffer_of(page, (field)i)->len ? 0 : KEY_COUNT;
    for (const xmlNode *node = root; node; node = mrg_next_node(node, root, 1)) {
        const char *lang =
            node->type == XML_ELEMENT_NODE && node->parent == (xmlNode *)page->doc ? mrg_attribute(node, "lang") : NULL;
        if (lang && !is_blank(lang)) {
            set_field(page, F_LANG, lang);
            m.ranks[F_LANG] = 0;
        }
        if (node->type == XML_ELEMENT_NODE)
            take_seen(&m, node);
    }
    if (page->title.len)
        cut_site(page, &page->title, 0);
    else
        read_title(&m);
    if (!page->date.len && m.time) {
        const char *when = mrg_attribute(m.time, "datetime");
        set_field(page, F_DATE, when ? when : mrg_attribute(m.time, "content"));
    }
    if (page->author.len)
        cut_by(&page->author);
    else
        mrg_buffer_append(&page->author, m.byline.data, m.byline.len);
    page->author.failed |= m.byline.failed;
    mrg_buffer_dispose(&m.byline);
}

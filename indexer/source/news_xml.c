/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The news agencies' XML: NewsML-G2 (newsItem, and newsMessage with several of them), NewsML 1.x, and NITF, alone
 * or inside one of them. An item with text is an article; of a picture or film the caption is. Packages, which only
 * refer to other items, and planning, concept and knowledge items are no articles: that costs one line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "source/xml.h"

typedef struct item {
    mrg_input *in;
    mrg_buffer id, title, text, date, author, source, lang, subject;
    mrg_buffer embargo, status; /* until when it must not be used; "canceled" */
    uint32_t version;
    uint64_t number, others; /* articles; items that are none */
    const char *other;       /* the name of one of these */
} item;

static void clear_item(item *i)
{
    mrg_buffer *all[] = { &i->id, &i->title, &i->text, &i->date, &i->author, &i->source, &i->lang,
                          &i->subject, &i->embargo, &i->status };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        mrg_buffer_clear(all[k]);
    i->version = 0;
    i->number++;
}

static void dispose_item(item *i)
{
    mrg_buffer *all[] = { &i->id, &i->title, &i->text, &i->date, &i->author, &i->source, &i->lang,
                          &i->subject, &i->embargo, &i->status };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        mrg_buffer_dispose(all[k]);
}

/* ---- taking what is there, the first that says anything ---- */

static void take_text(mrg_buffer *out, const xmlNode *node)
{
    if (!out->len && node)
        mrg_xml_append_text(out, node);
}

static void take_attribute(mrg_buffer *out, const xmlNode *node, const char *name)
{
    const char *value = mrg_xml_attribute(node, name);
    if (!out->len && value)
        mrg_buffer_append_str(out, value);
}

static void add_paragraph_break(mrg_buffer *out)
{
    if (out->len)
        mrg_buffer_append_str(out, "\n\n");
}

/* The next node of this name below `root`, at any depth. */
static const xmlNode *find_next(const xmlNode *node, const xmlNode *root, const char *name)
{
    while (node && (node = mrg_xml_walk(node, root)) != NULL && !mrg_xml_is(node, name))
        ;
    return node;
}

/* The first level of the IPTC's subject codes, in its own words; codes are eight digits, this level the first two. */
static const char *subject_of_code(const char *code)
{
    static const char *const names[] = {
        "arts, culture, entertainment and media", "crime, law and justice", "disaster, accident and emergency incident",
        "economy, business and finance", "education", "environment", "health", "human interest", "labour",
        "lifestyle and leisure", "politics and government", "religion", "science and technology", "society", "sport",
        "conflict, war and peace", "weather"
    };
    const char *colon = strrchr(code, ':');
    code = colon ? colon + 1 : code;
    if (strlen(code) != 8 || strspn(code, "0123456789") != 8)
        return NULL;
    unsigned level = (unsigned)(code[0] - '0') * 10 + (unsigned)(code[1] - '0');
    return level >= 1 && level <= sizeof names / sizeof *names ? names[level - 1] : NULL;
}

/* A subject by name, or by what is known of its code. */
static void add_subject(item *i, const xmlNode *name, const char *code)
{
    mrg_buffer text = MRG_BUFFER_INIT;
    const char *known = code ? subject_of_code(code) : NULL;
    if (name)
        mrg_xml_append_text(&text, name);
    if (!text.len && code)
        mrg_buffer_append_str(&text, known ? known : code);
    mrg_add_subject(&i->subject, (const char *)text.data, text.len);
    i->subject.failed |= text.failed;
    mrg_buffer_dispose(&text);
}

static uint32_t version_of(const char *text)
{
    unsigned long version = text && *text >= '0' && *text <= '9' ? strtoul(text, NULL, 10) : 0;
    return version > INT32_MAX ? 0 : (uint32_t)version;
}

static morgue_status add_markup(mrg_buffer *out, const xmlNode *node, morgue_error *err)
{
    if (!node)
        return MORGUE_OK;
    size_t before = out->len;
    add_paragraph_break(out);
    size_t from = out->len;
    morgue_status status = mrg_xml_append_markup(out, node, err);
    if (!status && out->len == from)
        out->len = before;
    return status;
}

/* ---- NITF ---- */

static int is_by(mrg_buffer *b)
{
    return b->len > 3 && strncasecmp((const char *)b->data, "by ", 3) == 0;
}

/* "By Ada Quill" */
static void strip_by(mrg_buffer *b)
{
    size_t space = 0;
    if (!b->len)
        return;
    while (space < b->len && strchr(" \t\r\n", b->data[space]) && b->data[space])
        space++;
    memmove(b->data, b->data + space, b->len - space);
    b->len -= space;
    if (!is_by(b))
        return;
    memmove(b->data, b->data + 3, b->len - 3);
    b->len -= 3;
}

static morgue_status read_nitf(item *i, const xmlNode *nitf, morgue_error *err)
{
    const xmlNode *head = mrg_xml_child(nitf, "head"), *body = mrg_xml_child(nitf, "body");
    const xmlNode *top = mrg_xml_child(body, "body.head");
    take_attribute(&i->id, mrg_xml_find(head, "doc-id"), "id-string");
    take_text(&i->title, mrg_xml_find(top, "hl1"));
    take_text(&i->title, mrg_xml_child(head, "title"));
    const xmlNode *byline = mrg_xml_child(top, "byline"), *person = mrg_xml_find(byline, "person");
    take_text(&i->author, person ? person : byline);
    take_attribute(&i->date, mrg_xml_find(head, "date.issue"), "norm");
    take_attribute(&i->date, mrg_xml_find(top, "story.date"), "norm");
    take_attribute(&i->date, mrg_xml_find(head, "date.release"), "norm");
    take_attribute(&i->embargo, mrg_xml_find(head, "date.release"), "norm");
    for (const xmlNode *n = head; (n = find_next(n, head, "tobject.subject")) != NULL;) {
        const char *matter = mrg_xml_attribute(n, "tobject.subject.matter");
        const char *type = mrg_xml_attribute(n, "tobject.subject.type");
        add_subject(i, NULL, matter ? matter : type ? type : mrg_xml_attribute(n, "tobject.subject.refnum"));
    }
    take_text(&i->source, mrg_xml_find(top, "distributor"));
    take_attribute(&i->source, mrg_xml_find(head, "pubdata"), "name");
    const xmlNode *content = mrg_xml_child(body, "body.content");
    morgue_status status = add_markup(&i->text, mrg_xml_child(top, "abstract"), err);
    return status ? status : add_markup(&i->text, content ? content : body, err);
}

/* ---- what an item carries ---- */

static morgue_status read_inside(item *i, const xmlNode *content, morgue_error *err)
{
    const xmlNode *nitf = mrg_xml_is(content, "nitf") ? content : mrg_xml_find(content, "nitf");
    if (nitf)
        return read_nitf(i, nitf, err);
    const xmlNode *body = mrg_xml_find(content, "body");
    return add_markup(&i->text, body ? body : content, err);
}

static int has_elements(const xmlNode *node)
{
    for (const xmlNode *n = node ? node->children : NULL; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE)
            return 1;
    return 0;
}

/* Sports tables and other data are no text. */
static int is_prose(const xmlNode *inline_xml)
{
    static const char *const names[] = { "nitf", "html", "body", "div", "p", "article" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mrg_xml_find(inline_xml, names[i]))
            return 1;
    return 0;
}

/* ---- NewsML-G2 ---- */

static morgue_status read_content_set(item *i, const xmlNode *set, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (const xmlNode *n = set ? set->children : NULL; n && !status; n = n->next) {
        const char *type = mrg_xml_attribute(n, "contenttype");
        if (mrg_xml_is(n, "inlineXML") && is_prose(n))
            status = read_inside(i, n, err);
        else if (mrg_xml_is(n, "inlineData") && (!type || strncmp(type, "text/", 5) == 0) &&
                 !mrg_xml_attribute(n, "encoding"))
            status = add_markup(&i->text, n, err);
        if (i->text.len)
            break; /* the others are the same in another form */
    }
    return status;
}

static void take_provider(mrg_buffer *out, const xmlNode *meta)
{
    const xmlNode *provider = mrg_xml_child(meta, "provider");
    take_text(out, mrg_xml_child(provider, "name"));
    take_attribute(out, provider, "literal");
    take_attribute(out, provider, "qcode");
}

/* Subjects are also people, places and teams; these have fields of their own. */
static void take_g2_subjects(item *i, const xmlNode *content)
{
    for (const xmlNode *n = mrg_xml_child(content, "subject"); n; n = mrg_xml_next(n, "subject")) {
        const char *type = mrg_xml_attribute(n, "type"), *code = mrg_xml_attribute(n, "qcode");
        if (!type || strcmp(type, "cpnat:abstract") == 0)
            add_subject(i, mrg_xml_child(n, "name"), code ? code : mrg_xml_attribute(n, "literal"));
    }
    for (const xmlNode *n = mrg_xml_child(content, "keyword"); n; n = mrg_xml_next(n, "keyword"))
        add_subject(i, n, NULL);
}

static morgue_status read_g2_item(item *i, const xmlNode *node, morgue_error *err)
{
    const xmlNode *meta = mrg_xml_child(node, "itemMeta"), *content = mrg_xml_child(node, "contentMeta");
    take_attribute(&i->id, node, "guid");
    take_text(&i->title, mrg_xml_child(content, "headline"));
    take_text(&i->title, mrg_xml_child(meta, "title"));
    take_attribute(&i->lang, mrg_xml_child(content, "language"), "tag");
    take_attribute(&i->lang, node, "lang");
    take_text(&i->date, mrg_xml_child(content, "contentCreated"));
    take_text(&i->date, mrg_xml_child(meta, "firstCreated"));
    take_text(&i->date, mrg_xml_child(meta, "versionCreated"));
    take_text(&i->author, mrg_xml_child(content, "by"));
    take_text(&i->author, mrg_xml_child(mrg_xml_child(content, "creator"), "name"));
    take_provider(&i->source, meta);
    i->version = version_of(mrg_xml_attribute(node, "version"));
    take_text(&i->embargo, mrg_xml_child(meta, "embargoed"));
    take_attribute(&i->status, mrg_xml_child(meta, "pubStatus"), "qcode");
    take_g2_subjects(i, content);
    morgue_status status = read_content_set(i, mrg_xml_child(node, "contentSet"), err);
    for (const xmlNode *n = mrg_xml_child(content, "description"); n && !i->text.len && !status;
         n = mrg_xml_next(n, "description"))
        status = add_markup(&i->text, n, err);
    return status;
}

/* ---- NewsML 1.x ---- */

static morgue_status read_component(item *i, const xmlNode *item_node, morgue_error *err)
{
    morgue_status status = MORGUE_OK;
    for (const xmlNode *n = mrg_xml_walk(item_node, item_node); n && !status; n = mrg_xml_walk(n, item_node)) {
        if (!mrg_xml_is(n, "DataContent"))
            continue;
        if (!has_elements(n) || is_prose(n))
            status = read_inside(i, n, err);
        if (i->text.len)
            break;
    }
    return status;
}

static void take_v1_subjects(item *i, const xmlNode *node)
{
    static const char *const names[] = { "Subject", "SubjectMatter", "SubjectDetail" };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (const xmlNode *n = node; (n = find_next(n, node, names[k])) != NULL;)
            add_subject(i, NULL, mrg_xml_attribute(n, "FormalName"));
}

static void take_v1_management(item *i, const xmlNode *node)
{
    const xmlNode *management = mrg_xml_find(node, "NewsManagement"), *status = mrg_xml_find(management, "Status");
    const char *name = mrg_xml_attribute(status, "FormalName");
    mrg_buffer revision = MRG_BUFFER_INIT;
    take_text(&revision, mrg_xml_find(node, "RevisionId"));
    i->version = version_of(revision.len ? mrg_buffer_cstr(&revision) : NULL);
    mrg_buffer_dispose(&revision);
    take_attribute(&i->status, status, "FormalName");
    if (name && strcasecmp(name, "Embargoed") == 0)
        take_text(&i->embargo, mrg_xml_find(mrg_xml_find(management, "StatusWillChange"), "DateAndTime"));
}

static morgue_status read_v1_item(item *i, const xmlNode *node, morgue_error *err)
{
    const xmlNode *lines = mrg_xml_find(node, "NewsLines");
    take_text(&i->id, mrg_xml_find(node, "PublicIdentifier"));
    take_text(&i->title, mrg_xml_find(lines, "HeadLine"));
    take_text(&i->author, mrg_xml_find(lines, "ByLine"));
    take_text(&i->date, mrg_xml_find(node, "FirstCreated"));
    take_text(&i->date, mrg_xml_find(node, "ThisRevisionCreated"));
    take_text(&i->source, mrg_xml_find(lines, "CreditLine"));
    take_attribute(&i->source, mrg_xml_find(mrg_xml_find(node, "Provider"), "Party"), "FormalName");
    take_attribute(&i->lang, mrg_xml_find(node, "Language"), "FormalName");
    take_v1_subjects(i, node);
    take_v1_management(i, node);
    return read_component(i, node, err);
}

/* ---- all of them ---- */

static const char *or_null(mrg_buffer *b)
{
    return b->len ? mrg_buffer_cstr(b) : NULL;
}

/* What its publisher took back, or does not want out yet; told. */
static int is_withheld(item *i, const char *place)
{
    char message[96], text[MRG_DATE_TEXT_BYTES];
    mrg_date until;
    const char *status = mrg_buffer_cstr(&i->status), *embargo = mrg_buffer_cstr(&i->embargo);
    if (!status || !embargo)
        return 0; /* memory: told later */
    const char *colon = strrchr(status, ':');
    status = colon ? colon + 1 : status;
    if (strcasecmp(status, "canceled") == 0 || strcasecmp(status, "withheld") == 0) {
        snprintf(message, sizeof message, "%s by its publisher; skipped", status);
    } else if (mrg_date_parse(&until, embargo, i->embargo.len) && until.seconds > (int64_t)time(NULL)) {
        mrg_date_format(&until, text);
        snprintf(message, sizeof message, "under embargo until %s; skipped", text);
    } else {
        return 0;
    }
    mrg_tell_place(i->in, place, message);
    return 1;
}

static morgue_status deliver(item *i, morgue_error *err)
{
    char place[MRG_PLACE_BYTES];
    mrg_format_place(place, i->in->path, i->number > 1 ? '#' : 0, i->number);
    if (!i->text.len) {
        mrg_tell_place(i->in, place, "an item without text; skipped");
        return MORGUE_OK;
    }
    if (is_withheld(i, place))
        return MORGUE_OK;
    strip_by(&i->author);
    mrg_buffer *all[] = { &i->id, &i->title, &i->text, &i->date, &i->author, &i->source, &i->lang,
                          &i->subject, &i->embargo, &i->status };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (!mrg_buffer_cstr(all[k]))
            return mrg_fail_nomem(err);
    const morgue_article article = {
        .id = or_null(&i->id),
        .title = or_null(&i->title),
        .text = mrg_buffer_cstr(&i->text),
        .text_len = i->text.len,
        .date = or_null(&i->date),
        .author = or_null(&i->author),
        .source = or_null(&i->source),
        .lang = or_null(&i->lang),
        .subject = or_null(&i->subject),
        .version = i->version,
    };
    return mrg_deliver(i->in, &article, place, place, err);
}

static int is_other(const xmlNode *node)
{
    static const char *const names[] = { "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem" };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (mrg_xml_is(node, names[k]))
            return 1;
    return 0;
}

/* Reads the item at a node, if there is one. *read: it was, and what is inside it is part of it. */
static morgue_status read_at(item *i, const xmlNode *node, int *read, morgue_error *err)
{
    int g2 = mrg_xml_is(node, "newsItem") && (mrg_xml_attribute(node, "guid") || mrg_xml_child(node, "itemMeta"));
    int v1 = mrg_xml_is(node, "NewsItem") && !g2, nitf = mrg_xml_is(node, "nitf");
    *read = 0;
    if (is_other(node)) {
        i->others++;
        i->other = (const char *)node->name;
        *read = 1;
    }
    if (!g2 && !v1 && !nitf)
        return MORGUE_OK;
    *read = 1;
    clear_item(i);
    morgue_status status = g2 ? read_g2_item(i, node, err) : v1 ? read_v1_item(i, node, err) : read_nitf(i, node, err);
    return status ? status : deliver(i, err);
}

/* The next node that is not below this one. */
static const xmlNode *pass_over(const xmlNode *node, const xmlNode *root)
{
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

static morgue_status read_news(mrg_input *in, morgue_error *err)
{
    xmlDoc *doc;
    item i = { .in = in };
    morgue_status status = mrg_xml_read(in, &doc, err);
    if (status || !doc)
        return status;
    const xmlNode *root = xmlDocGetRootElement(doc);
    for (const xmlNode *n = root; n && !status;) {
        int read;
        status = read_at(&i, n, &read, err);
        n = read ? pass_over(n, root) : mrg_xml_walk(n, root);
    }
    if (!status && !i.number)
        mrg_tell(in, i.others ? "no article, but a %s; skipped" : "news XML without an item; skipped", i.other);
    dispose_item(&i);
    xmlFreeDoc(doc);
    return status;
}

const mrg_reader_kind mrg_reader_newsml = { "newsml", read_news, 0 };

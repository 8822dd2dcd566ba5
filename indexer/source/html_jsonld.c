/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema.org articles described in a page's scripts. */
#include <cjson/cJSON.h>
#include <string.h>

#include "source/html.h"
#include "source/reader.h"

enum { LONGEST_JSONLD = 1 << 20, LONGEST_VALUE = 1000, MAX_OBJECTS = 1000 };

static int names_article(const char *type)
{
    size_t n = strlen(type);
    return (n >= 7 && strcmp(type + n - 7, "Article") == 0) || (n >= 7 && strcmp(type + n - 7, "Posting") == 0) ||
           strcmp(type, "Report") == 0 || strcmp(type, "TechArticle") == 0;
}

static int is_article(const cJSON *object)
{
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(object, "@type"), *one;
    if (cJSON_IsString(type))
        return names_article(type->valuestring);
    cJSON_ArrayForEach(one, type) if (cJSON_IsString(one) && names_article(one->valuestring)) return 1;
    return 0;
}

static const char *string_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(value) && value->valuestring[0] && strlen(value->valuestring) <= LONGEST_VALUE
               ? value->valuestring
               : NULL;
}

static void take(mrg_buffer *to, const char *value)
{
    if (!to->len && value)
        mrg_buffer_append_str(to, value);
}

/* A name, {"name": ...}, or several of either. */
static void take_people(mrg_buffer *to, const cJSON *people)
{
    const cJSON *one;
    if (to->len)
        return;
    if (!cJSON_IsArray(people)) {
        take(to, cJSON_IsString(people) ? people->valuestring : string_of(people, "name"));
        return;
    }
    cJSON_ArrayForEach(one, people)
    {
        const char *name = cJSON_IsString(one) ? one->valuestring : string_of(one, "name");
        if (!name || to->len + strlen(name) > LONGEST_VALUE)
            continue;
        if (to->len)
            mrg_buffer_append_str(to, ", ");
        mrg_buffer_append_str(to, name);
    }
}

/* The headline, unless the page is called by the name and the headline describes it. */
static const char *choose_title(const cJSON *object, const char *page_title)
{
    const char *headline = string_of(object, "headline"), *name = string_of(object, "name");
    if (!headline || !name)
        return headline ? headline : name;
    return strncmp(page_title, name, strlen(name)) == 0 && !strstr(page_title, headline) ? name : headline;
}

/* A section or several. */
static void take_sections(mrg_page *page, const cJSON *sections)
{
    const cJSON *one;
    if (cJSON_IsString(sections))
        mrg_add_subject(&page->subject, sections->valuestring, strlen(sections->valuestring));
    cJSON_ArrayForEach(one, sections)
    {
        if (cJSON_IsString(one))
            mrg_add_subject(&page->subject, one->valuestring, strlen(one->valuestring));
    }
}

static void take_article(mrg_page *page, const cJSON *object, const char *page_title)
{
    const char *date = string_of(object, "datePublished");
    mrg_date parsed;
    take(&page->title, choose_title(object, page_title));
    if (date && mrg_date_parse(&parsed, date, strlen(date)))
        take(&page->date, date);
    take_people(&page->author, cJSON_GetObjectItemCaseSensitive(object, "author"));
    take_sections(page, cJSON_GetObjectItemCaseSensitive(object, "articleSection"));
    take(&page->site, string_of(cJSON_GetObjectItemCaseSensitive(object, "publisher"), "name"));
}

/* The first article among one object, a list of them, or a "@graph". */
static int find_article(mrg_page *page, const cJSON *value, const char *page_title, int depth)
{
    const cJSON *item;
    int count = 0;
    if (cJSON_IsObject(value) && is_article(value)) {
        take_article(page, value, page_title);
        return 1;
    }
    if (cJSON_IsObject(value))
        value = cJSON_GetObjectItemCaseSensitive(value, "@graph");
    if (!cJSON_IsArray(value) || depth == 3)
        return 0;
    cJSON_ArrayForEach(item,
                       value) if (count++ == MAX_OBJECTS || find_article(page, item, page_title, depth + 1)) return 1;
    return 0;
}

void mrg_page_read_jsonld(mrg_page *page, const char *json, size_t len, const char *page_title)
{
    const char *begin = memchr(json, '{', len), *list = memchr(json, '[', len);
    while (list && strncmp(list, "[CDATA[", 7) == 0)
        list = strchr(list + 7, '[');
    if (list && (!begin || list < begin))
        begin = list;
    if (!begin || len > LONGEST_JSONLD)
        return;
    cJSON *root = cJSON_ParseWithLengthOpts(begin, len - (size_t)(begin - json), NULL, 0);
    if (root)
        find_article(page, root, page_title, 0);
    cJSON_Delete(root);
}

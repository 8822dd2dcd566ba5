/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was probably meant: fields with a slip in their name or named as elsewhere, operators of other engines. */
#include <string.h>
#include <strings.h>

#include "parse.h"

#define QUOTE_IT "put it in quotation marks to search for it as it stands"
#define VALID_FIELDS                                                                                              \
    "title: source: author: subject: lang: id: url: date: before: after: when: person: org: place: event: name:"

static const char *const fields[] = { "title", "source", "author", "lang",   "id",  "url",   "date",  "before",
                                      "after", "when",   "person", "org",    "place", "event", "name",
                                      "subject" };

/* Names that other engines, and people, have for our fields. */
static const char *const elsewhere[][2] = {
    { "intitle", "title" },      { "allintitle", "title" },  { "headline", "title" },      { "head", "title" },
    { "hl", "title" },           { "ti", "title" },          { "site", "source" },         { "publisher", "source" },
    { "publication", "source" }, { "paper", "source" },      { "newspaper", "source" },    { "outlet", "source" },
    { "by", "author" },          { "byline", "author" },     { "writer", "author" },       { "au", "author" },
    { "language", "lang" },      { "inurl", "url" },         { "link", "url" },            { "address", "url" },
    { "href", "url" },           { "docid", "id" },          { "day", "date" },            { "year", "date" },
    { "month", "date" },         { "published", "date" },    { "pubdate", "date" },        { "since", "after" },
    { "from", "after" },         { "until", "before" },      { "till", "before" },         { "to", "before" },
    { "mentions", "when" },      { "people", "person" },     { "who", "person" },          { "per", "person" },
    { "company", "org" },        { "organization", "org" },  { "organisation", "org" },    { "agency", "org" },
    { "location", "place" },     { "country", "place" },     { "city", "place" },          { "where", "place" },
    { "loc", "place" },          { "entity", "name" },       { "ent", "name" },
    { "topic", "subject" },      { "topics", "subject" },    { "tag", "subject" },         { "tags", "subject" },
    { "keyword", "subject" },    { "keywords", "subject" },  { "section", "subject" },     { "category", "subject" },
};

enum { LONGEST_NAME = 24 };

/* Letters more, less or different between two names, in any case. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[LONGEST_NAME + 1];
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = corner + (strncasecmp(&a[i - 1], &b[j - 1], 1) != 0);
            corner = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[b_len];
}

/* The field that was meant, or NULL: by another name, or by one or two slips in a name that is long enough. */
static const char *guess_field(const char *name, size_t len)
{
    const char *best = NULL;
    size_t best_distance = len <= 4 ? 2 : 3;
    if (len > LONGEST_NAME)
        return NULL;
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        if (strlen(elsewhere[i][0]) == len && strncasecmp(elsewhere[i][0], name, len) == 0)
            return elsewhere[i][1];
    }
    for (size_t i = 0; len > 2 && i < sizeof fields / sizeof *fields; i++) {
        size_t d = distance(name, len, fields[i], strlen(fields[i]));
        if (d < best_distance && d < len - 1) {
            best = fields[i];
            best_distance = d;
        }
    }
    return best;
}

morgue_status mrg_refuse_field(const char *name, size_t len, int column, morgue_error *err)
{
    int shown = mrg_excerpt_len(name, len);
    const char *dots = (size_t)shown < len ? "..." : "", *guess = guess_field(name, len);
    if (mrg_is_exactly(name, len, "NEAR") || mrg_is_exactly(name, len, "BEFORE"))
        return mrg_refuse(err, column, "the number behind %.*s follows a slash, as in a %.*s/5 b", shown, name, shown,
                          name);
    if (guess)
        return mrg_refuse(err, column, "there is no field %.*s:, did you mean %s:? If it is no field, " QUOTE_IT, shown,
                          name, guess);
    return mrg_refuse(err, column,
                      "there is no field %.*s%s: (the fields are " VALID_FIELDS "); if it is no field, " QUOTE_IT,
                      shown, name, dots);
}

/* Operators with a number behind a slash, and what they are here. */
static const char *const operators[][2] = {
    { "near", "NEAR" }, { "before", "BEFORE" }, { "w", "NEAR" },     { "within", "NEAR" }, { "around", "NEAR" },
    { "adj", "BEFORE" }, { "pre", "BEFORE" },   { "onear", "BEFORE" },
};

morgue_status mrg_refuse_foreign(const char *text, size_t len, int column, morgue_error *err)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = strlen(operators[i][0]);
        if (len < n + 2 || text[n] != '/' || strncasecmp(text, operators[i][0], n) != 0 ||
            strspn(text + n + 1, "0123456789") < len - n - 1)
            continue;
        int shown = mrg_excerpt_len(text, len);
        return mrg_refuse(err, column, "%.*s is no operator here; write %s/%.*s between what should stand close "
                                       "together, or put it in quotation marks",
                          shown, text, operators[i][1], shown - (int)n - 1, text + n + 1);
    }
    return MORGUE_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plain text: one file, one article. A first line that looks like a title becomes the title. What a
 * copied web page leaves above and below the text ("Select Page", "Menu", "All rights reserved") is set
 * aside; inside the text nothing is touched.
 */
#include <string.h>
#include <strings.h>

#include "core/alloc.h"
#include "source/charset.h"
#include "source/reader.h"
#include "text/tokenize.h"

enum {
    TITLE_MAX_BYTES = 200,
    PARAGRAPH_BYTES = 120, /* a block this long is text, not furniture */
    TINY_BYTES = 24,
    TOP_BLOCKS = 60, /* furniture is looked for in so many blocks */
    FURNITURE_BYTES = 64,
    NOTICE_BYTES = 160
};

/* Whole lines, lower case, without punctuation at the ends. */
static const char *const furniture[] = {
    "select page",
    "skip to content",
    "skip to main content",
    "skip navigation",
    "skip to navigation",
    "menu",
    "main menu",
    "toggle navigation",
    "toggle menu",
    "open menu",
    "close menu",
    "close",
    "navigation",
    "search",
    "search for",
    "home",
    "home page",
    "share",
    "share this",
    "share this article",
    "share this story",
    "share on facebook",
    "share on twitter",
    "tweet",
    "facebook",
    "twitter",
    "linkedin",
    "whatsapp",
    "pinterest",
    "email",
    "email this",
    "print",
    "print this",
    "print this page",
    "save",
    "copy link",
    "advertisement",
    "advertisements",
    "advertising",
    "sponsored",
    "sponsored content",
    "story continues below advertisement",
    "article continues below advertisement",
    "continue reading",
    "read more",
    "load more",
    "subscribe",
    "subscribe now",
    "subscribe to our newsletter",
    "newsletter",
    "newsletters",
    "sign in",
    "sign up",
    "log in",
    "login",
    "log out",
    "register",
    "my account",
    "about us",
    "about",
    "contact",
    "contact us",
    "privacy policy",
    "privacy",
    "terms of use",
    "terms of service",
    "terms and conditions",
    "cookie policy",
    "cookies",
    "accept cookies",
    "all rights reserved",
    "related articles",
    "related stories",
    "related posts",
    "related",
    "more stories",
    "most read",
    "most popular",
    "trending",
    "leave a comment",
    "leave a reply",
    "comments",
    "no comments",
    "post a comment",
    "add a comment",
    "view comments",
    "back to top",
    "top",
    "next",
    "previous",
    "next article",
    "previous article",
    "next post",
    "previous post",
    "follow us",
    "follow us on twitter",
    "follow us on facebook",
    "like us on facebook",
    "rss",
    "listen",
    "listen to this article",
    "watch",
    "video",
    "photos",
    "gallery",
    "tags",
    "categories",
    "archives",
    "site map",
    "sitemap",
    "help",
    "feedback",
    "donate",
    "support us",
    "breaking news",
    "latest news",
    "live",
    "edition",
    "english",
    "loading",
    "javascript is disabled",
};

typedef struct block { /* lines up to an empty one */
    size_t begin, end;
    size_t line_count;
} block;

static int is_edge(unsigned char c)
{
    return c <= ' ' || strchr(".:!|*-_>#[]()", c) != NULL;
}

/* The line in lower case without its edges; 0 if it is longer than furniture can be. */
static size_t fold_line(char out[FURNITURE_BYTES], const char *line, size_t len)
{
    while (len && is_edge((unsigned char)line[len - 1]))
        len--;
    while (len && is_edge((unsigned char)line[0])) {
        line++;
        len--;
    }
    if (len >= FURNITURE_BYTES)
        return 0;
    for (size_t i = 0; i < len; i++)
        out[i] = line[i] >= 'A' && line[i] <= 'Z' ? (char)(line[i] + 32) : line[i];
    out[len] = 0;
    return len;
}

static int is_furniture(const char *line, size_t len)
{
    char folded[FURNITURE_BYTES];
    if (!fold_line(folded, line, len))
        return 0;
    for (size_t i = 0; i < sizeof furniture / sizeof *furniture; i++)
        if (strcmp(folded, furniture[i]) == 0)
            return 1;
    return 0;
}

/* Where the item at `at` of a bar ends: before two spaces, a tab or a stroke. */
static size_t item_end(const char *line, size_t at, size_t len)
{
    while (at < len && line[at] != '\t' && line[at] != '|' && !(line[at] == ' ' && at + 1 < len && line[at + 1] == ' '))
        at++;
    return at;
}

/* "Menu  Home  World  Markets": three short items or more on one line, some of them furniture. */
static int is_bar(const char *line, size_t len)
{
    size_t items = 0, known = 0, at = 0;
    while (at < len) {
        size_t end = item_end(line, at, len), stop = end;
        while (stop > at && line[stop - 1] == ' ')
            stop--;
        if (stop - at > TINY_BYTES)
            return 0;
        items += stop > at;
        known += stop > at && is_furniture(line + at, stop - at);
        for (at = end; at < len && (line[at] == ' ' || line[at] == '\t' || line[at] == '|');)
            at++;
    }
    return items >= 3 && known > 0;
}

static int has_text(const char *line, size_t len, const char *wanted)
{
    size_t n = strlen(wanted);
    for (size_t i = 0; i + n <= len; i++)
        if (strncasecmp(line + i, wanted, n) == 0)
            return 1;
    return 0;
}

/* "(c) 2014 The Paper. All rights reserved." */
static int is_notice(const char *line, size_t len)
{
    if (len > NOTICE_BYTES)
        return 0;
    return has_text(line, len, "all rights reserved") || (len > 2 && strncmp(line, "\xc2\xa9", 2) == 0) ||
           (len > 10 && strncasecmp(line, "copyright ", 10) == 0);
}

/* ---- lines and blocks of text[begin, end) ---- */

static size_t line_end(const char *text, size_t at, size_t end)
{
    const char *newline = memchr(text + at, '\n', end - at);
    return newline ? (size_t)(newline - text) : end;
}

static size_t trimmed_end(const char *text, size_t begin, size_t end)
{
    while (end > begin && (unsigned char)text[end - 1] <= ' ')
        end--;
    return end;
}

static size_t skip_blank(const char *text, size_t at, size_t end)
{
    while (at < end && (unsigned char)text[at] <= ' ')
        at++;
    return at;
}

/* The block at `at`, which is no white space. */
static block find_block(const char *text, size_t at, size_t end)
{
    block b = { at, at, 0 };
    while (at < end) {
        size_t stop = line_end(text, at, end);
        if (trimmed_end(text, at, stop) == at)
            break;
        b.end = trimmed_end(text, at, stop);
        b.line_count++;
        at = stop + (stop < end);
    }
    return b;
}

static int ends_sentence(const char *text, size_t begin, size_t end)
{
    while (end > begin && strchr("\"')]", text[end - 1]))
        end--;
    if (end - begin >= 3 && memcmp(text + end - 3, "\xe2\x80\x9d", 3) == 0) /* a closing curly quote */
        end -= 3;
    return end > begin && strchr(".!?", text[end - 1]);
}

static int is_paragraph(const char *text, const block *b)
{
    return b->end - b->begin >= PARAGRAPH_BYTES ||
           (b->end - b->begin > TINY_BYTES && ends_sentence(text, b->begin, b->end));
}

/* ---- the top ---- */

/* Where the first real paragraph begins; `end` if there is none near the top. */
static size_t find_paragraph(const char *text, size_t begin, size_t end)
{
    size_t at = skip_blank(text, begin, end);
    for (int i = 0; i < TOP_BLOCKS && at < end; i++) {
        block b = find_block(text, at, end);
        if (is_paragraph(text, &b))
            return at;
        at = skip_blank(text, b.end, end);
    }
    return end;
}

static int is_tiny(const char *text, size_t begin, size_t end)
{
    size_t words = 1;
    for (size_t i = begin; i < end; i++)
        words += text[i] == ' ';
    return end - begin <= TINY_BYTES && words <= 2 && !ends_sentence(text, begin, end);
}

/* Passes lines of furniture; once one was seen, also the tiny lines among them (sections, counters).
   A single long line of a block may end in the first paragraph, so lines count, not blocks. */
static size_t pass_top(const char *text, size_t begin, size_t end)
{
    size_t paragraph = find_paragraph(text, begin, end);
    size_t at = skip_blank(text, begin, end);
    int seen = 0;
    while (at < end) {
        size_t stop = trimmed_end(text, at, line_end(text, at, end));
        int known = is_furniture(text + at, stop - at) || is_bar(text + at, stop - at);
        if (!known && !(seen && at < paragraph && paragraph < end && is_tiny(text, at, stop)))
            break;
        seen |= known;
        at = skip_blank(text, stop, end);
    }
    return at;
}

/* ---- the bottom ---- */

static size_t pass_bottom(const char *text, size_t begin, size_t end)
{
    end = trimmed_end(text, begin, end);
    while (end > begin) {
        size_t from = end;
        while (from > begin && text[from - 1] != '\n')
            from--;
        from = skip_blank(text, from, end);
        if (!is_furniture(text + from, end - from) && !is_bar(text + from, end - from) &&
            !is_notice(text + from, end - from))
            break;
        end = trimmed_end(text, begin, from);
    }
    return end;
}

/* ---- the title ---- */

/* A short first line without a full stop, an empty line after it, and text below. */
static size_t find_title(const char *text, size_t begin, size_t end)
{
    block b = find_block(text, begin, end);
    size_t len = b.end - b.begin;
    if (b.line_count != 1 || len > TITLE_MAX_BYTES || text[b.end - 1] == '.' || strchr(",;:", text[b.end - 1]))
        return 0;
    return skip_blank(text, b.end, end) < end ? b.end : 0;
}

/* ---- the reader ---- */

/* The text in in->scratch, as clean UTF-8. */
static morgue_status deliver_text(mrg_input *in, morgue_error *err)
{
    const char *text = (const char *)in->scratch.data;
    size_t begin = pass_top(text, 0, in->scratch.len);
    size_t end = pass_bottom(text, begin, in->scratch.len);
    if (begin == end) { /* nothing but furniture: then it is the text */
        begin = skip_blank(text, 0, in->scratch.len);
        end = trimmed_end(text, begin, in->scratch.len);
    }
    size_t title_end = begin < end ? find_title(text, begin, end) : 0;
    char *title = NULL, place[MRG_PLACE_BYTES];
    if (title_end) {
        title = mrg_strndup(text + begin, title_end - begin);
        if (!title)
            return mrg_fail_nomem(err);
        begin = title_end;
    }
    const morgue_article article = { .title = title, .text = text + begin, .text_len = end - begin };
    mrg_format_place(place, in->path, 0, 0);
    morgue_status status = mrg_deliver(in, &article, in->id, place, err);
    mrg_free(title);
    return status;
}

static morgue_status read_text(mrg_input *in, morgue_error *err)
{
    mrg_stream *s = &in->stream;
    mrg_buffer utf8 = MRG_BUFFER_INIT;
    int usable;
    morgue_status status = mrg_read_whole(in, in->options->max_article_bytes, &usable, err);
    if (status || !usable)
        return status;
    mrg_to_utf8(&utf8, s->data + s->begin, s->end - s->begin, in->charset);
    mrg_buffer_clear(&in->scratch);
    mrg_clean_utf8(&in->scratch, (const char *)utf8.data, utf8.len);
    if (utf8.failed || !mrg_buffer_cstr(&in->scratch))
        status = mrg_fail_nomem(err);
    mrg_buffer_dispose(&utf8);
    return status ? status : deliver_text(in, err);
}

const mrg_reader_kind mrg_reader_text = { "text", read_text, 0 };

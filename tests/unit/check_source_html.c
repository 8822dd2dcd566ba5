/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Web pages: what they say about themselves, which part is the article, charsets, broken and hostile markup. */
#include "check_source.h"

#include <dirent.h>

#define P1                                                                                                             \
    "The harbour of Port Averell was closed on Tuesday after a crane fell across the main quay, the council said, "    \
    "and ships were sent on to the north, where two smaller ports, both of them old, took what they could."
#define P2                                                                                                             \
    "Nobody was hurt, said Ann Lee, who runs the harbour, but it may take weeks, perhaps months, until the quay can "  \
    "be used again, and the town, which lives by its ships, fears for the autumn."

static const kept_article *read_page(const char *page)
{
    read_str("page.html", page);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_uint_eq(got.line_count, 0);
    return &got.articles[0];
}

START_TEST(article_is_found_among_furniture)
{
    const kept_article *a = read_page(
        "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><title>Crane falls in Port Averell - The Averell Post</title>"
        "<style>p { color: red }</style><script>var x = '<p>no</p>';</script></head><body>"
        "<header><nav><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></nav></header>"
        "<div class=cookie-banner>We use cookies, as everybody does, and you have to agree.</div>"
        "<div id=content><h1>Crane falls in Port Averell</h1><p class=intro>" P1 "</p>"
        "<figure><img src=x.jpg><figcaption>The quay</figcaption></figure>"
        "<p>" P2 " <a href=/lee>Ann Lee</a> did not say&nbsp;more.</p>"
        "<div class=share-buttons><a href=#>Tweet</a> <a href=#>Share</a></div>"
        "<p style='display: none'>hidden words</p><noscript>noscript words</noscript>"
        "<form><input name=q><button>Send</button></form></div>"
        "<aside class=sidebar><h2>Most read</h2><ul><li><a href=/1>One</a><li><a href=/2>Two</a></ul></aside>"
        "<div id=comments class=comments><p>A comment, by a reader, who is angry, and says so at length.</p></div>"
        "<footer>All rights reserved</footer></body></html>");
    ck_assert_str_eq(a->title, "Crane falls in Port Averell");
    ck_assert_str_eq(a->text, P1 "\n\nThe quay\n\n" P2 " Ann Lee did not say more.");
    ck_assert_str_eq(a->lang, "en");
    ck_assert_str_eq(a->id, in_dir("page.html"));
    ck_assert_ptr_null(a->date);
    ck_assert_ptr_null(a->url);
}
END_TEST

START_TEST(meta_elements_are_read)
{
    const kept_article *a =
        read_page("<html><head><title>x</title><meta property='og:title' content='Crane &amp;amp; quay'>"
                  "<meta property='article:published_time' content='2014-03-01T18:15:00+01:00'>"
                  "<meta name='date' content='1999-01-01'><meta name=author content='By Ann Lee'>"
                  "<meta property='og:site_name' content='The Averell Post'><meta property='og:locale' content='fr_FR'>"
                  "<meta property='og:url' content='https://example.org/other'><meta name=keywords content='cheap, cranes'>"
                  "<meta property='article:section' content='Harbour &amp;amp; sea'><meta name=news_keywords "
                  "content='cranes, quays'><meta property='article:tag' content='Cranes'>"
                  "<link rel=canonical href='https://example.org/news/crane'></head><body><p>" P1 "</body></html>");
    ck_assert_str_eq(a->title, "Crane & quay");
    ck_assert_str_eq(a->date, "2014-03-01T17:15:00Z");
    ck_assert_str_eq(a->author, "Ann Lee");
    ck_assert_str_eq(a->source, "The Averell Post");
    ck_assert_str_eq(a->lang, "fr");
    ck_assert_str_eq(a->url, "https://example.org/news/crane");
    ck_assert_str_eq(a->id, "https://example.org/news/crane");
    ck_assert_str_eq(a->subject, "Harbour & sea; cranes; quays");
    a = read_page("<html><head><meta property='og:title dc:title' content='Two names'><meta name=pubdate "
                  "content='some day'><meta name='dc.date' content='March 1, 2014'><link rel=canonical "
                  "href='https://example.org/'><meta property='og:url' content='/relative'></head><body><p>" P1);
    ck_assert_str_eq(a->title, "Two names");
    ck_assert_str_eq(a->date, "2014-03-01");
    ck_assert_str_eq(a->id, in_dir("page.html")); /* a whole site is no article */
}
END_TEST

START_TEST(jsonld_comes_first)
{
    const kept_article *a = read_page(
        "<html><head><meta property='og:title' content='Other'><script type='application/ld+json'>//<![CDATA[\n"
        "{\"@context\":\"https://"
        "schema.org\",\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"no\"},{\"@type\":[\"NewsArticle\"],"
        "\"headline\":\"Crane falls\",\"datePublished\":\"2014-03-01T08:00:00Z\",\"author\":[{\"@type\":\"Person\","
        "\"name\":\"Ann Lee\"},\"B. Roe\"],\"articleSection\":[\"World\",\"Sea\"],\"publisher\":{\"name\":\"The "
        "Post\"}}]}\n//]]></script></head><body><p>" P1);
    ck_assert_str_eq(a->title, "Crane falls");
    ck_assert_str_eq(a->date, "2014-03-01T08:00:00Z");
    ck_assert_str_eq(a->author, "Ann Lee, B. Roe");
    ck_assert_str_eq(a->source, "The Post");
    ck_assert_str_eq(a->subject, "World; Sea");
    a = read_page("<html><head><title>Broken script</title><script type='application/ld+json'>{\"@type\": "
                  "</script></head><body><p>" P1);
    ck_assert_str_eq(a->title, "Broken script");
}
END_TEST

START_TEST(what_can_be_seen_is_taken)
{
    const kept_article *a = read_page("<html><head></head><body><h1>Crane <i>falls</i></h1><div class=byline>By Ann "
                                      "Lee</div><time datetime='2014-03-02'>x</time><time datetime='2014-03-01' "
                                      "pubdate>y</time><p>" P1 "</p><p>" P2 "</p></body></html>");
    ck_assert_str_eq(a->title, "Crane falls");
    ck_assert_str_eq(a->author, "Ann Lee");
    ck_assert_str_eq(a->date, "2014-03-01");
    a = read_page("<html><head><title>Talks begin in the capital | World | The Post</title></head><body><p>" P1);
    ck_assert_str_eq(a->title, "Talks begin in the capital | World");
    a = read_page("<html><head><title>Shared harbour records - what the town wrote down</title></head><body><p>" P1);
    ck_assert_str_eq(a->title, "Shared harbour records - what the town wrote down");
    a = read_page("<html><head><title>Short - one</title></head><body><p>" P1); /* no site's name is known */
    ck_assert_str_eq(a->title, "Short - one");
}
END_TEST

START_TEST(text_keeps_its_paragraphs)
{
    const kept_article *a =
        read_page("<html><body><div>" P1 "<br><br>" P2 "<br>A new   line\n here.</div></body></html>");
    ck_assert_str_eq(a->text, P1 "\n\n" P2 "\nA new line here.");
    a = read_page(
        "<html><body><article><h2>Part</h2><p>" P1 "<ul><li>first thing</li><li>second thing</li></ul>"
        "<pre>a  b\nc</pre><table><tr><th>x</th><th>y</th></tr><tr><td>1</td><td>2</td></tr></table><p>so"
        "ft\xc2\xadhyphen and zero\xe2\x80\x8bwidth &lt;tag&gt; &eacute;&#8217;&bogus;</p></article></body></html>");
    ck_assert_str_eq(a->text, "Part\n\n" P1 "\n\nfirst thing\nsecond thing\n\na b\nc\n\nx y\n1 2\n\n"
                              "softhyphen and zerowidth <tag> \xc3\xa9\xe2\x80\x99&bogus;");
}
END_TEST

START_TEST(charsets_of_pages)
{
    static const struct {
        const char *head, *body, *wanted;
    } pages[] = {
        { "<meta charset=utf-8>", "caf\xc3\xa9", "caf\xc3\xa9" },
        { "<meta charset=utf-8>", "caf\xe9 \x93quoted\x94", "caf\xc3\xa9 \xe2\x80\x9cquoted\xe2\x80\x9d" },
        { "<meta http-equiv=content-type content='text/html; charset=windows-1251'>", "\xcc\xee\xf1\xea\xe2\xe0",
          "\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0" },
        { "<meta charset='iso-8859-2'>", "\xb1", "\xc4\x85" },
        { "<meta charset='Shift_JIS'>", "\x93\x8c\x8b\x9e", "\xe6\x9d\xb1\xe4\xba\xac" },
        { "<meta charset=iso-2022-jp>", "\x1b$BEl5~\x1b(B", "\xe6\x9d\xb1\xe4\xba\xac" },
        { "<meta charset=no-such-charset>", "caf\xe9", "caf\xc3\xa9" },
        { "<meta charset=iso-8859-1>", "caf\xc3\xa9", "caf\xc3\xa9" }, /* it is UTF-8 all the same */
        { "", "caf\xe9", "caf\xc3\xa9" },
        { "<meta charset=gbk>", "\xb1\xb1\xbe\xa9\xff", "\xe5\x8c\x97\xe4\xba\xac\xef\xbf\xbd" },
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char page[400];
        snprintf(page, sizeof page, "<html><head>%s</head><body><p>%s</p></body></html>", pages[i].head, pages[i].body);
        ck_assert_str_eq(read_page(page)->text, pages[i].wanted);
    }
    static const char nul[] = "<html><body><p>before\0after</p></body></html>";
    read_bytes("page.html", nul, sizeof nul - 1);
    ck_assert_str_eq(got.articles[0].text, "before after");
}
END_TEST

START_TEST(kind_is_found_by_content)
{
    static const char *const pages[] = {
        "<html><p>words",
        "\n\n<!-- a comment --><HTML><p>words",
        "<!doctype HTML><p>words",
        "<p>words</p>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html xmlns='z'><body><p>words</p></body></html>",
        "<div>words</div>",
        "\xef\xbb\xbf<html><p>words",
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        read_str("page", pages[i]);
        ck_assert_uint_eq(got.count, 1);
        ck_assert_str_eq(got.articles[0].text, "words");
    }
    read_str("page", "<words in brackets> are text");
    ck_assert_str_eq(got.articles[0].text, "<words in brackets> are text");
}
END_TEST

START_TEST(pages_without_text_are_told)
{
    read_str("page.html", "<html><head><title>t</title></head><body><script>x</script></body></html>");
    ck_assert_uint_eq(got.count, 0);
    expect_line(0, "page.html", "empty text; skipped");
    read_str("page.html", "<html>");
    ck_assert_uint_eq(got.count, 0);
    ck_assert_uint_eq(got.line_count, 1);
}
END_TEST

/* `count` times `open`, then words, then `count` times `close`. */
static char *repeat(const char *open, const char *close, size_t count)
{
    size_t n = strlen(open), m = strlen(close), at = 0;
    char *page = malloc(sizeof P1 + 100 + count * (n + m));
    at += (size_t)sprintf(page, "<html><body><p>%s</p>", P1);
    for (size_t i = 0; i < count; i++, at += n)
        memcpy(page + at, open, n);
    at += (size_t)sprintf(page + at, "words");
    for (size_t i = 0; i < count; i++, at += m)
        memcpy(page + at, close, m);
    page[at] = 0;
    return page;
}

START_TEST(deep_and_broken_markup_is_read)
{
    static const struct {
        const char *open, *close;
        size_t count;
    } hostile[] = {
        { "<div>", "</div>", 100000 },
        { "<b>", "", 100000 },
        { "<b>", "</i>", 100000 },
        { "", "</p>", 100000 },
        { "<div>", "</div>", 900 },
        { "<table><tr><td>", "", 20000 },
        { "<ul><li>", "</ul>", 50000 },
        { "<a href=x>", "</a>", 50000 },
        { "<!--", "", 10000 },
        { "<p <p ", "", 10000 },
        { "&", "", 100000 },
        { "<script>", "", 1000 },
        { "<p>x", "", 50000 },
        { "<font><p>", "", 5000 },
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char *page = repeat(hostile[i].open, hostile[i].close, hostile[i].count);
        read_str("page.html", page);
        ck_assert_uint_eq(got.count, 1);
        ck_assert_ptr_nonnull(strstr(got.articles[0].text, "The harbour"));
        ck_assert_uint_le(got.line_count, 1);
        if (got.line_count)
            expect_line(0, "page.html", "elements nested too deeply; the rest is skipped");
        free(page);
    }
    char *page = repeat("<div>", "</div>", 900); /* deeper than kept, not too deep to read */
    read_str("page.html", page);
    ck_assert_ptr_nonnull(strstr(got.articles[0].text, "words"));
    free(page);
}
END_TEST

START_TEST(long_pages_are_told)
{
    size_t n = (16u << 20) + 1;
    char *page = malloc(n + 1);
    memset(page, 'x', n);
    memcpy(page, "<html><body><p>", 15);
    page[n] = 0;
    read_str("page.html", page);
    ck_assert_uint_eq(got.count, 0);
    expect_line(0, "page.html", "longer than 16 MiB; skipped");
    page[n - 1] = 0;
    read_str("page.html", page); /* one text node of 16 MiB */
    ck_assert_uint_eq(got.count, 1);
    ck_assert_uint_eq(got.text_bytes, n - 1 - 15);
    free(page);
}
END_TEST

START_TEST(real_pages_are_read)
{
    static const char path[] = "../shared/data/containers/html/readability/test/test-pages";
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    if (count < 0) {
        printf("skipped: %s is not here\n", path);
        return;
    }
    size_t articles = 0, titles = 0, pages = 0;
    for (int i = 0; i < count; i++) {
        char page[600];
        snprintf(page, sizeof page, "%s/%s/source.html", path, names[i]->d_name);
        if (access(page, R_OK) == 0) {
            ck_assert_int_eq(read_path(page), MORGUE_OK);
            pages++;
            articles += got.count;
            titles += got.count && got.articles[0].title;
        }
        free(names[i]);
    }
    free(names);
    ck_assert_uint_gt(pages, 100);
    ck_assert_uint_eq(articles, pages);
    ck_assert_uint_gt(titles * 100, pages * 95);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-html");
    TCase *tc = tcase_create("html");
    tcase_add_test(tc, article_is_found_among_furniture);
    tcase_add_test(tc, meta_elements_are_read);
    tcase_add_test(tc, jsonld_comes_first);
    tcase_add_test(tc, what_can_be_seen_is_taken);
    tcase_add_test(tc, text_keeps_its_paragraphs);
    tcase_add_test(tc, charsets_of_pages);
    tcase_add_test(tc, kind_is_found_by_content);
    tcase_add_test(tc, pages_without_text_are_told);
    tcase_add_test(tc, deep_and_broken_markup_is_read);
    tcase_add_test(tc, long_pages_are_told);
    tcase_add_test(tc, real_pages_are_read);
    return run_suite(suite, tc);
}

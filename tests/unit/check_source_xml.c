/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds and the news agencies' XML: entries and items become articles, whatever is wrong with the markup. */
#include "check_source.h"

/* ---- feeds ---- */

START_TEST(rss_entries_are_articles)
{
    read_str("rss", "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"c\" xmlns:dc=\"d\"><channel>"
                    "<title>Harbour Post</title><language>en-gb</language>"
                    "<item><title>Ferry &amp;amp; bridge</title><link>http://a.example/1</link>"
                    "<description>Short.</description><content:encoded><![CDATA[<p>The ferry sails.</p><p>So AT&T "
                    "say.</p><script>no</script>]]></content:encoded>"
                    "<pubDate>Sat, 01 Mar 2014 18:15:00 +0100</pubDate><author>q@a.example (Ada Quill)</author>"
                    "<category>Ferries</category><category domain=\"x\"> ferries</category><category>Boats; ships"
                    "</category></item>"
                    "<item><guid isPermaLink=\"true\">http://a.example/2</guid><title>Second</title>"
                    "<description>&lt;b&gt;Bold&lt;/b&gt; caf&eacute;</description><dc:creator>Ole Berg</dc:creator></item>"
                    "<item><guid isPermaLink=\"false\">tag:3</guid><title>Only a headline</title></item>"
                    "</channel></rss>");
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.articles[0].title, "Ferry & bridge");
    ck_assert_str_eq(got.articles[0].text, "The ferry sails.\n\nSo AT&T say.");
    ck_assert_str_eq(got.articles[0].date, "2014-03-01T17:15:00Z");
    ck_assert_str_eq(got.articles[0].author, "Ada Quill");
    ck_assert_str_eq(got.articles[0].source, "Harbour Post");
    ck_assert_str_eq(got.articles[0].lang, "en");
    ck_assert_str_eq(got.articles[0].subject, "Ferries; Boats, ships");
    ck_assert_ptr_null(got.articles[1].subject);
    ck_assert_str_eq(got.articles[0].id, "http://a.example/1");
    ck_assert_str_eq(got.articles[1].text, "Bold caf\xc3\xa9");
    ck_assert_str_eq(got.articles[1].url, "http://a.example/2");
    ck_assert_str_eq(got.articles[1].author, "Ole Berg");
    ck_assert_str_eq(got.articles[2].id, "tag:3");
    ck_assert_ptr_null(got.articles[2].url);
    ck_assert_str_eq(got.articles[2].text, "Only a headline");
}
END_TEST

START_TEST(atom_and_rss_1_are_feeds_too)
{
    read_str("atom", "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xml:lang=\"de\"><a:title>Anzeiger</a:title>"
                     "<a:entry><a:id>tag:1</a:id><a:title type=\"text\">1 &lt; 2</a:title>"
                     "<a:link rel=\"edit\" href=\"http://a.example/edit\"/><a:link href=\"http://a.example/1\"/>"
                     "<a:updated>2014-03-02T00:00:00Z</a:updated><a:published>2014-03-01T00:00:00Z</a:published>"
                     "<a:author><a:name>Ada Quill</a:name><a:uri>x</a:uri></a:author><a:summary>Kurz.</a:summary>"
                     "<a:category term=\"f\" label=\"F\xc3\xa4""hren\"/><a:category term=\"boats\"/>"
                     "<a:content type=\"xhtml\"><div xmlns=\"h\"><p>Erster Absatz.</p><p>Zweiter.</p></div></a:content>"
                     "</a:entry></a:feed>");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].title, "1 < 2");
    ck_assert_str_eq(got.articles[0].text, "Erster Absatz.\n\nZweiter.");
    ck_assert_str_eq(got.articles[0].url, "http://a.example/1");
    ck_assert_str_eq(got.articles[0].date, "2014-03-01T00:00:00Z");
    ck_assert_str_eq(got.articles[0].author, "Ada Quill");
    ck_assert_str_eq(got.articles[0].lang, "de");
    ck_assert_str_eq(got.articles[0].subject, "F\xc3\xa4hren; boats");
    read_str("rdf", "<rdf:RDF xmlns:rdf=\"r\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"d\"><channel><title>Old</title>"
                    "</channel><item rdf:about=\"http://a.example/1\"><title>One</title><dc:date>2002-05-01</dc:date>"
                    "<description>The first.</description></item></rdf:RDF>");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].id, "http://a.example/1");
    ck_assert_str_eq(got.articles[0].date, "2002-05-01");
    ck_assert_str_eq(got.articles[0].source, "Old");
}
END_TEST

START_TEST(json_feeds_are_feeds)
{
    read_str("a.json", "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Post\", \"language\": \"en\", "
                       "\"items\": [{\"id\": \"1\", \"url\": \"http://a.example/1\", \"title\": \"One\", "
                       "\"content_html\": \"<p>The first.</p>\", \"date_published\": \"2014-03-01T10:00:00Z\", "
                       "\"authors\": [{\"name\": \"Ada Quill\"}]}, {\"id\": \"2\", \"content_text\": \"Two.\", "
                       "\"tags\": [\"sea\", 3, \"boats\"]}, 7]}");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_uint_eq(got.line_count, 1); /* 7 */
    ck_assert_str_eq(got.articles[0].text, "The first.");
    ck_assert_str_eq(got.articles[0].author, "Ada Quill");
    ck_assert_str_eq(got.articles[1].source, "Post");
    ck_assert_str_eq(got.articles[1].subject, "sea; boats");
    read_str("b.json", "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": ");
    expect_line(0, "b.json", "broken JSON; skipped");
}
END_TEST

START_TEST(ill_formed_feeds_are_read_as_far_as_they_go)
{
    read_str("bad", "<rss><channel><item><title>Salt & pepper</title><description>Fish & chips &nbsp;cost &#163;5 "
                    "</description></item><item><title>Second</title><description>No end");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[0].title, "Salt & pepper");
    ck_assert_str_eq(got.articles[0].text, "Fish & chips cost \xc2\xa3" "5");
    ck_assert_str_eq(got.articles[1].text, "No end");
    read_str("empty", "<rss><channel><title>None</title></channel></rss>");
    expect_line(0, "empty", "a feed without entries; skipped");
    read_str("koi", "<?xml version='1.0' encoding='koi8-r'?><rss><item><title>T</title><description>\xeb\xc9\xc5\xd7"
                    "</description></item></rss>");
    ck_assert_str_eq(got.articles[0].text, "\xd0\x9a\xd0\xb8\xd0\xb5\xd0\xb2");
}
END_TEST

/* Entities that grow, entities from files, and depth. */
START_TEST(hostile_xml_is_bounded)
{
    read_str("laughs", "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                       "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
                       "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]>"
                       "<rss><item><title>Joke</title><description>So &f;!</description></item></rss>");
    ck_assert_uint_le(got.text_bytes, 100);
    put_str("secret", "the secret");
    char text[1000];
    snprintf(text, sizeof text,
             "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file://%s\">]><rss><item><title>T</title>"
             "<description>It is &x;.</description></item></rss>",
             in_dir("secret"));
    read_str("files", text);
    for (size_t i = 0; i < got.count; i++)
        ck_assert_ptr_null(strstr(got.articles[i].text, "the secret"));
    static char deep[200000];
    size_t n = 0;
    for (int i = 0; i < 30000; i++)
        n += (size_t)sprintf(deep + n, i ? "<p>" : "<rss><item><description>");
    read_bytes("deep", deep, n);
    ck_assert_uint_le(got.count, 1);
}
END_TEST

/* ---- agencies ---- */

#define NITF                                                                                                           \
    "<nitf><head><title>t</title><docdata><doc-id id-string=\"n-1\"/><date.issue norm=\"20140301T181500Z\"/></docdata>" \
    "</head><body><body.head><hedline><hl1>Ferry sails again</hl1></hedline><byline>By Ada Quill</byline></body.head>"  \
    "<body.content><p>PORT AVERELL - The ferry sails.</p><p>Nobody was <em>hurt</em>.</p></body.content></body></nitf>"

START_TEST(nitf_is_an_article)
{
    read_str("a.xml", "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"nitf.dtd\">" NITF);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].id, "n-1");
    ck_assert_str_eq(got.articles[0].title, "Ferry sails again");
    ck_assert_str_eq(got.articles[0].author, "Ada Quill");
    ck_assert_str_eq(got.articles[0].date, "2014-03-01T18:15:00Z");
    ck_assert_str_eq(got.articles[0].text, "PORT AVERELL - The ferry sails.\n\nNobody was hurt.");
}
END_TEST

START_TEST(newsml_g2_items_are_articles)
{
    read_str("a.xml",
             "<newsMessage><header/><itemSet><packageItem guid=\"p\"/>"
             "<newsItem guid=\"urn:1\" xml:lang=\"en\"><itemMeta><provider literal=\"Wire\"/>"
             "<versionCreated>2014-03-01T18:15:00Z</versionCreated></itemMeta><contentMeta><by>By Ole Berg</by>"
             "<headline>From the item</headline></contentMeta><contentSet><inlineXML contenttype=\"application/nitf+xml\">"
             NITF "</inlineXML></contentSet></newsItem>"
             "<newsItem guid=\"urn:2\"><itemMeta/><contentMeta><headline>Photo</headline><description role=\"caption\">A "
             "ferry in the harbour.</description></contentMeta><contentSet><remoteContent href=\"x.jpg\"/></contentSet>"
             "</newsItem><newsItem guid=\"urn:3\"><itemMeta/></newsItem></itemSet></newsMessage>");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[0].id, "urn:1");
    ck_assert_str_eq(got.articles[0].title, "From the item");
    ck_assert_str_eq(got.articles[0].author, "Ole Berg");
    ck_assert_str_eq(got.articles[0].source, "Wire");
    ck_assert_str_eq(got.articles[0].text, "PORT AVERELL - The ferry sails.\n\nNobody was hurt.");
    ck_assert_str_eq(got.articles[1].text, "A ferry in the harbour.");
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "a.xml#3", "an item without text; skipped");
    read_str("b.xml", "<?xml version=\"1.0\"?><conceptItem guid=\"c\"/>");
    expect_line(0, "b.xml", "no article, but a conceptItem; skipped");
}
END_TEST

START_TEST(newsml_1_items_are_articles)
{
    read_str("a.xml", "<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:9</PublicIdentifier>"
                      "</NewsIdentifier></Identification><NewsManagement><FirstCreated>20140301T181500Z</FirstCreated>"
                      "</NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry</HeadLine><ByLine>Ada Quill</ByLine>"
                      "</NewsLines><ContentItem><DataContent><html><body><p>The ferry sails.</p></body></html>"
                      "</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].id, "urn:9");
    ck_assert_str_eq(got.articles[0].title, "Ferry");
    ck_assert_str_eq(got.articles[0].date, "2014-03-01T18:15:00Z");
    ck_assert_str_eq(got.articles[0].text, "The ferry sails.");
}
END_TEST

#define G2(version, meta, content)                                                                                     \
    "<newsItem guid=\"urn:1\" version=\"" version "\"><itemMeta>" meta "</itemMeta><contentMeta>" content                 \
    "</contentMeta><contentSet><inlineXML><p>The ferry sails.</p></inlineXML></contentSet></newsItem>"

START_TEST(subjects_of_agencies_are_names_where_there_are_some)
{
    read_str("g2.xml", G2("3", "",
                          "<subject qcode=\"medtop:15000000\"/><subject qcode=\"subj:04001002\"><name>farming</name>"
                          "</subject><subject qcode=\"medtop:20000822\" type=\"cpnat:abstract\"/>"
                          "<subject type=\"cpnat:person\"><name>Ada Quill</name></subject><keyword>boats</keyword>"));
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].subject, "sport; farming; medtop:20000822; boats");
    ck_assert_uint_eq(got.articles[0].version, 3);
    read_str("v1.xml", "<NewsML><NewsItem><RevisionId PreviousRevision=\"1\">2</RevisionId><NewsComponent>"
                       "<SubjectCode><Subject FormalName=\"11000000\"/><SubjectDetail FormalName=\"99000000\"/></SubjectCode>"
                       "<DataContent><p>The ferry sails.</p></DataContent></NewsComponent></NewsItem></NewsML>");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].subject, "politics and government; 99000000");
    ck_assert_uint_eq(got.articles[0].version, 2);
    read_str("nitf.xml", "<nitf><head><tobject><tobject.subject tobject.subject.refnum=\"17000000\"/>"
                         "<tobject.subject tobject.subject.matter=\"Ferries\"/></tobject></head><body><body.content>"
                         "<p>The ferry sails.</p></body.content></body></nitf>");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].subject, "weather; Ferries");
    read_str("bare.xml", "<nitf><body><body.content><p>The ferry sails.</p></body.content></body></nitf>");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_ptr_null(got.articles[0].subject);
}
END_TEST

START_TEST(what_is_withheld_is_no_article)
{
    read_str("a.xml", G2("1", "<embargoed>2999-01-01T06:00:00Z</embargoed>", ""));
    ck_assert_uint_eq(got.count, 0);
    expect_line(0, "a.xml", "under embargo until 2999-01-01T06:00:00Z; skipped");
    read_str("b.xml", G2("1", "<embargoed>2001-01-01T06:00:00Z</embargoed>", ""));
    ck_assert_uint_eq(got.count, 1);
    read_str("c.xml", G2("1", "<pubStatus qcode=\"stat:canceled\"/>", ""));
    expect_line(0, "c.xml", "canceled by its publisher; skipped");
    read_str("d.xml", G2("1", "<pubStatus qcode=\"stat:usable\"/>", ""));
    ck_assert_uint_eq(got.count, 1);
    read_str("e.xml", "<nitf><head><docdata><date.release norm=\"29990101\"/></docdata></head><body><body.content>"
                      "<p>The ferry sails.</p></body.content></body></nitf>");
    expect_line(0, "e.xml", "under embargo until 2999-01-01; skipped");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-xml");
    TCase *tc = tcase_create("xml");
    tcase_add_test(tc, rss_entries_are_articles);
    tcase_add_test(tc, atom_and_rss_1_are_feeds_too);
    tcase_add_test(tc, json_feeds_are_feeds);
    tcase_add_test(tc, ill_formed_feeds_are_read_as_far_as_they_go);
    tcase_add_test(tc, hostile_xml_is_bounded);
    tcase_add_test(tc, nitf_is_an_article);
    tcase_add_test(tc, newsml_g2_items_are_articles);
    tcase_add_test(tc, newsml_1_items_are_articles);
    tcase_add_test(tc, subjects_of_agencies_are_names_where_there_are_some);
    tcase_add_test(tc, what_is_withheld_is_no_article);
    return run_suite(suite, tc);
}

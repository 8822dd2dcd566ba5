/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON lines and JSON documents: fields, broken and hostile input, bounds. */
#include "check_source.h"

#include <sys/resource.h>

/* ---- lines ---- */

START_TEST(all_fields_are_read)
{
    read_str("a.jsonl",
             "{\"id\": \"x-1\", \"date\": \"2014-03-01T18:15:00+01:00\", \"title\": \"A  crane\\nfalls\", \"text\": "
             "\"One.\\r\\n\\r\\nTwo.\", \"url\": \" https://example.org/1 \", \"source\": \"The Post\", \"author\": "
             "[\"Ann Lee\", {\"name\": \"B. Roe\"}, 7, null], \"lang\": \"en-GB\"}\n");
    ck_assert_uint_eq(got.count, 1);
    const kept_article *a = &got.articles[0];
    ck_assert_str_eq(a->id, "x-1");
    ck_assert_str_eq(a->date, "2014-03-01T17:15:00Z");
    ck_assert_str_eq(a->title, "A crane falls");
    ck_assert_str_eq(a->text, "One.\n\nTwo.");
    ck_assert_str_eq(a->url, "https://example.org/1");
    ck_assert_str_eq(a->source, "The Post");
    ck_assert_str_eq(a->author, "Ann Lee, B. Roe, 7");
    ck_assert_str_eq(a->lang, "en");
    ck_assert_str_eq(a->place, in_dir("a.jsonl:1"));
}
END_TEST

START_TEST(ids_are_kept_exactly)
{
    read_str("a.jsonl", "{\"id\":17,\"text\":\"t\"}\n{\"id\":1234567890123456789,\"text\":\"t\"}\n"
                        "{\"id\":1234567890123456788,\"text\":\"3.14159265358979323846 and \\\"9\\\"\"}\n"
                        "{\"id\":1.5,\"text\":\"t\"}\n{\"id\":-3,\"text\":\"t\"}\n"
                        "{\"url\":\"https://example.org/a\",\"text\":\"t\"}\n{\"id\":\"\",\"text\":\"t\"}\n"
                        "\n{\"id\":null,\"text\":\"t\"}\n{\"id\":{},\"text\":\"t\"}\n{\"id\":[],\"text\":\"t\"}");
    static const char *const ids[] = { "17", "1234567890123456789",  "1234567890123456788", "1.5",
                                       "-3", "https://example.org/a" };
    ck_assert_uint_eq(got.count, 10);
    for (size_t i = 0; i < 6; i++)
        ck_assert_str_eq(got.articles[i].id, ids[i]);
    ck_assert_str_eq(got.articles[2].text, "3.14159265358979323846 and \"9\"");
    ck_assert_str_eq(got.articles[6].id, in_dir("a.jsonl:7"));
    ck_assert_str_eq(got.articles[7].id, in_dir("a.jsonl:9")); /* empty lines count */
    ck_assert_str_eq(got.articles[9].id, in_dir("a.jsonl:11"));
}
END_TEST

START_TEST(fields_are_mapped)
{
    const char *const fields[] = {
        "text=body", "text=content.plain", "title=head.main", "source=pub.name", "id=meta.id", "author=a.b", NULL
    };
    opt.fields = fields;
    read_str("a.jsonl", "{\"body\":\"one\",\"head\":{\"main\":\"T\"},\"pub\":{\"name\":\"P\"},\"meta\":{\"id\":"
                        "9007199254740993}}\n"
                        "{\"content\":{\"plain\":\"two\"},\"head.main\":\"flat\",\"a\":{\"b\":[\"X\",\"Y\"]}}\n"
                        "{\"text\":\"three\",\"body\":null,\"title\":\"own\",\"head\":\"no object\"}\n"
                        "{\"content\":\"no object\"}\n");
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.articles[0].text, "one");
    ck_assert_str_eq(got.articles[0].title, "T");
    ck_assert_str_eq(got.articles[0].source, "P");
    ck_assert_str_eq(got.articles[0].id, "9007199254740993");
    ck_assert_str_eq(got.articles[1].text, "two");
    ck_assert_str_eq(got.articles[1].title, "flat");
    ck_assert_str_eq(got.articles[1].author, "X, Y");
    ck_assert_str_eq(got.articles[2].text, "three");
    ck_assert_str_eq(got.articles[2].title, "own");
    expect_line(0, "a.jsonl:4", "no \"text\" field; skipped");
}
END_TEST

START_TEST(broken_lines_cost_only_themselves)
{
    read_str("a.jsonl", "{\"id\":1,\"text\":\"a\"}\n"
                        "{\"id\":2,\"text\":\"b\n"
                        "{\"id\":3,\"text\":\"c\"}\r\n"
                        "\n"
                        "rubbish\n"
                        "[1,2]\n"
                        "{\"id\":6}\n"
                        "{\"id\":7,\"text\":\"\"}\n"
                        "{\"id\":8,\"text\":\" \\n \"}\n"
                        "{\"id\":9,\"text\":\"i\"} {}\n"
                        "{\"id\":10,\"text\":\"j\"}");
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.articles[1].id, "3");
    ck_assert_str_eq(got.articles[2].id, "10");
    ck_assert_uint_eq(got.line_count, 7);
    expect_line(1, "a.jsonl:5", "broken JSON at byte 1; skipped");
    expect_line(2, "a.jsonl:6", "not a JSON object; skipped");
    expect_line(3, "a.jsonl:7", "no \"text\" field; skipped");
    expect_line(4, "a.jsonl:8", "empty text; skipped");
    expect_line(5, "a.jsonl:9", "empty text; skipped");
    expect_line(6, "a.jsonl:10", "broken JSON at byte 21; skipped");
}
END_TEST

START_TEST(dirty_bytes_do_not_lose_the_line)
{
    static const char bytes[] = "{\"id\":1,\"text\":\"a\xff"
                                "b\"}\n"
                                "{\"id\":2,\"text\":\"a\0b\"}\n"
                                "{\"id\":3,\"text\":\"a\\u0000b\"}\n"
                                "{\"id\":4,\"text\":\"a\\ud800b\"}\n"
                                "{\"id\":5,\"text\":\"a\\udc00\\u00e9\\ud83d\\ude00b\"}\n"
                                "{\"id\":6,\"text\":\"a\\\\u0000b\"}\n"
                                "{\"id\":7,\"text\":\"a\x01\tb\\u0007c\"}\n";
    read_bytes("a.jsonl", bytes, sizeof bytes - 1);
    ck_assert_uint_eq(got.count, 7);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_str_eq(got.articles[0].text, "a\xef\xbf\xbd"
                                           "b");
    ck_assert_str_eq(got.articles[1].text, "a b");
    ck_assert_str_eq(got.articles[2].text, "a b");
    ck_assert_str_eq(got.articles[3].text, "a\xef\xbf\xbd"
                                           "b");
    ck_assert_str_eq(got.articles[4].text, "a\xef\xbf\xbd\xc3\xa9\xf0\x9f\x98\x80"
                                           "b");
    ck_assert_str_eq(got.articles[5].text, "a\\u0000b");
    ck_assert_str_eq(got.articles[6].text, "a \tb c");
}
END_TEST

START_TEST(dates_are_never_invented)
{
    read_str("a.jsonl", "{\"text\":\"t\",\"date\":\"\"}\n{\"text\":\"t\",\"date\":\"last week\"}\n"
                        "{\"text\":\"t\",\"date\":20140301}\n{\"text\":\"t\",\"date\":\"2014-02-30\"}\n"
                        "{\"text\":\"t\",\"date\":\"March 2014\"}\n");
    ck_assert_uint_eq(got.count, 5);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_ptr_null(got.articles[0].date);
    ck_assert_ptr_null(got.articles[1].date);
    ck_assert_str_eq(got.articles[2].date, "2014-03-01");
    ck_assert_ptr_null(got.articles[3].date);
    ck_assert_str_eq(got.articles[4].date, "2014-03");
}
END_TEST

START_TEST(long_lines_are_passed_over_unheld)
{
    enum { LINE = 200 << 20 };
    const char *path = in_dir("long.jsonl");
    FILE *f = fopen(path, "wb");
    char *chunk = malloc(1 << 20);
    memset(chunk, 'x', 1 << 20);
    fputs("{\"text\":\"first\"}\n{\"text\":\"", f);
    for (int i = 0; i < LINE >> 20; i++)
        fwrite(chunk, 1, 1 << 20, f);
    fputs("\"}\n{\"text\":\"last\"}\n", f);
    fclose(f);
    free(chunk);
    opt.max_article_bytes = 1 << 20;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    ck_assert_int_eq(read_path(path), MORGUE_OK);
    getrusage(RUSAGE_SELF, &after);
    ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 64 << 10); /* in KiB */
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[1].text, "last");
    ck_assert_str_eq(got.articles[1].id, in_dir("long.jsonl:3"));
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "long.jsonl:2", "line longer than 1 MiB; skipped");
    opt.max_article_bytes = 5;
    read_str("a.jsonl", "{\"a\"}\n{\"ab\"}\n{\"a\"");
    expect_line(0, "a.jsonl:1", "broken JSON at byte 5; skipped");
    expect_line(1, "a.jsonl:2", "line longer than 5 bytes; skipped");
}
END_TEST

START_TEST(hostile_lines_are_refused)
{
    size_t n = 100000;
    char *deep = malloc(2 * n + 40);
    size_t len = (size_t)sprintf(deep, "{\"text\":\"t\"}\n{\"x\":");
    memset(deep + len, '[', n);
    strcpy(deep + len + n, "\n{\"text\":\"u\"}\n");
    read_str("a.jsonl", deep);
    ck_assert_uint_eq(got.count, 2);
    expect_line(0, "a.jsonl:2", "JSON nested too deeply; skipped");
    free(deep);
    n = 3 << 20; /* a value costs far more memory than its two bytes */
    char *many = malloc(2 * n + 100);
    len = (size_t)sprintf(many, "{\"text\":\"t\"}\n{\"text\":\"t\",\"x\":[");
    for (size_t i = 0; i < n; i++)
        memcpy(many + len + 2 * i, "1,", 2);
    strcpy(many + len + 2 * n, "1]}\n{\"text\":\"u\"}\n");
    read_str("a.jsonl", many);
    ck_assert_uint_eq(got.count, 2);
    expect_line(0, "a.jsonl:2", "too many JSON values for one article; skipped");
    free(many);
}
END_TEST

/* ---- documents ---- */

START_TEST(documents_have_three_shapes)
{
    read_str("one.json", "{\n  \"title\": \"T\",\n  \"text\": \"one\"\n}\n");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].id, in_dir("one.json"));
    read_str("compact.json", "{\"title\":\"T\",\"text\":\"one\"}");
    ck_assert_str_eq(got.articles[0].id, in_dir("compact.json"));
    read_str("array", " [ {\"text\":\"one\"},\n{\"id\":\"i\",\"text\":\"two\"} , {\"text\":\"three ]},\\\"[\"} ]\n");
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.articles[0].id, in_dir("array#1"));
    ck_assert_str_eq(got.articles[1].id, "i");
    ck_assert_str_eq(got.articles[2].place, in_dir("array#3"));
    ck_assert_str_eq(got.articles[2].text, "three ]},\"[");
    read_str("wrapped", "{\"total\":2,\"x\":{\"articles\":[1]},\"articles\": [{\"text\":\"one\",\"x\":[{}]},{\"text\":"
                        "\"two\"}],\"next\":\"{[\"}\n");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[1].text, "two");
    read_str("many", "{\n\"text\":\"one\"}\n{\n\"text\":\"two\"}{\"text\":\"three\"}");
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.articles[2].id, in_dir("many#3"));
    ck_assert_uint_eq(got.line_count, 0);
    read_str("empty", "[]");
    read_str("empty", "{\"articles\":[]}");
    ck_assert_uint_eq(got.count, 0);
    ck_assert_uint_eq(got.line_count, 0);
}
END_TEST

START_TEST(kind_is_found_by_content)
{
    read_str("x", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n"); /* lines */
    ck_assert_str_eq(got.articles[1].place, in_dir("x:2"));
    read_str("x.json", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n"); /* whatever the name says */
    ck_assert_str_eq(got.articles[1].place, in_dir("x.json:2"));
    read_str("x.jsonl", "{\"text\":\"one\"}\n"); /* here the name decides */
    ck_assert_str_eq(got.articles[0].place, in_dir("x.jsonl:1"));
    read_str("x.txt", "[{\"text\":\"one\"}]");
    ck_assert_str_eq(got.articles[0].place, in_dir("x.txt#1"));
    read_str("x.jsonl", "rubbish\n{\"text\":\"one\"}\n");
    ck_assert_uint_eq(got.count, 1);
    ck_assert_uint_eq(got.line_count, 1);
    read_str("x", "{\"id\":1,\"te\n{\"text\":\"one\"}\n"); /* the first line is broken */
    ck_assert_uint_eq(got.count, 1);
    expect_line(0, "x:1", "broken JSON at byte 10; skipped");
    read_str("x", "{\"articles\":[{\"text\":\"a\"}]}\n{\"text\":\"b\"}\n");
    ck_assert_uint_ge(got.count, 1);
    read_str("x", "[INF] is the treaty's name in brackets.");
    ck_assert_str_eq(got.articles[0].text, "[INF] is the treaty's name in brackets.");
    read_str("x", "{curly words}");
    ck_assert_str_eq(got.articles[0].text, "{curly words}");
}
END_TEST

START_TEST(broken_documents_keep_what_is_whole)
{
    read_str("a.json", "[{\"text\":\"one\"},{\"text\":tw},3,\"x\",{\"text\":\"two\"},[{}]]");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_uint_eq(got.line_count, 2);
    expect_line(0, "a.json#2", "broken JSON at byte 9; skipped");
    expect_line(1, "a.json", "3 JSON values that are no articles; skipped");
    read_str("a.json", "[{\"text\":\"one\"},{\"text\":\"tw");
    ck_assert_uint_eq(got.count, 1);
    expect_line(0, "a.json#2", "broken JSON: ends inside an article; skipped");
    read_str("a.json", "[{\"text\":\"one\"}]\n{\"text\":\"two\"}");
    ck_assert_uint_eq(got.count, 1);
    expect_line(0, "a.json", "more follows the list of articles; skipped");
    unsigned char packed[400];
    size_t n = gzip_member(packed, sizeof packed, "[{\"text\":\"one\"},{\"text\":\"two\"}]", 31);
    read_bytes("a.json.gz", (char *)packed, n - 3);
    ck_assert_uint_eq(got.line_count, 1);
}
END_TEST

/* A list far larger than an article may be is read with little memory. */
START_TEST(long_lists_are_streamed)
{
    const char *path = in_dir("list.json");
    FILE *f = fopen(path, "wb");
    enum { COUNT = 100000 };
    fputs("{\"status\":\"ok\",\"articles\":[", f);
    for (int i = 0; i < COUNT; i++)
        fprintf(f, "%s{\"id\":%d,\"text\":\"Some words of article %d, which is %0*d\"}", i ? "," : "", i, i, i % 300,
                i);
    fputs(",{\"id\":\"long\",\"text\":\"", f);
    for (int i = 0; i < 1000; i++)
        fputs("a long article indeed, with many words in it ", f);
    fputs("\"},{\"id\":\"last\",\"text\":\"t\"}]}", f);
    fclose(f);
    opt.max_article_bytes = 2000;
    ck_assert_int_eq(read_path(path), MORGUE_OK);
    ck_assert_uint_eq(got.count, COUNT + 1);
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "list.json#100001", "longer than 2000 bytes; skipped");
}
END_TEST

START_TEST(real_news_is_read)
{
    static const char path[] = "../shared/data/news/masakhane_news_african-dev.jsonl.gz";
    if (access(path, R_OK)) {
        printf("skipped: %s is not here\n", path);
        return;
    }
    ck_assert_int_eq(read_path(path), MORGUE_OK);
    ck_assert_uint_gt(got.count, 100);
    ck_assert_uint_eq(got.line_count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-json");
    TCase *tc = tcase_create("json");
    tcase_add_test(tc, all_fields_are_read);
    tcase_add_test(tc, ids_are_kept_exactly);
    tcase_add_test(tc, fields_are_mapped);
    tcase_add_test(tc, broken_lines_cost_only_themselves);
    tcase_add_test(tc, dirty_bytes_do_not_lose_the_line);
    tcase_add_test(tc, dates_are_never_invented);
    tcase_add_test(tc, long_lines_are_passed_over_unheld);
    tcase_add_test(tc, hostile_lines_are_refused);
    tcase_add_test(tc, documents_have_three_shapes);
    tcase_add_test(tc, kind_is_found_by_content);
    tcase_add_test(tc, broken_documents_keep_what_is_whole);
    tcase_add_test(tc, long_lists_are_streamed);
    tcase_add_test(tc, real_news_is_read);
    return run_suite(suite, tc);
}

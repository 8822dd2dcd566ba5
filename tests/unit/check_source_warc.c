/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Web archives: what of their records become articles, and what broken ones cost. */
#include "check_source.h"

#define TEXT "The bridge is open again, the town's council said on Tuesday, and buses will cross it from Friday on."
#define PAGE "<html><head><title>Bridge</title></head><body><p>" TEXT "</p></body></html>"

static char bytes[1 << 16];
static size_t len;

static void start(void)
{
    len = 0;
}

static void add_bytes(const char *more, size_t n)
{
    ck_assert_uint_lt(len + n, sizeof bytes);
    memcpy(bytes + len, more, n);
    len += n;
}

static void add_record(const char *type, const char *media, const char *url, const char *content, size_t n)
{
    char head[600];
    int head_len = snprintf(head, sizeof head,
                            "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2014-03-01T00:00:00Z\r\n"
                            "WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                            type, url, media, n);
    add_bytes(head, (size_t)head_len);
    add_bytes(content, n);
    add_bytes("\r\n\r\n", 4);
}

static void add_response(const char *url, const char *fields, const char *body, size_t n)
{
    char content[4000];
    int head = snprintf(content, sizeof content, "HTTP/1.1 200 OK\r\n%s\r\n", fields);
    memcpy(content + head, body, n);
    add_record("response", "application/http; msgtype=response", url, content, (size_t)head + n);
}

/* PAGE as Brotli packs it. */
#define BROTLI_PAGE \
    "\x1b\xa7\x00\x00\xe5\xd3\xa5\xaa\x29\x42\x34\x25\x09\x85\xb1\x51\xb0\x7d\xd7\xc9\x01\x7b\xff\xe5\x5b\x12" \
    "\x71\x14\x7d\xe9\x0d\xaf\x13\x85\xcb\x60\x45\x27\x68\x94\x0f\x14\xe0\x4e\xa4\x18\x18\x48\x4d\x4b\xf8\x44" \
    "\x8b\x33\x91\x1b\x44\x84\x5d\x13\xe9\xc9\xc6\x29\xe0\xa2\x50\xad\xc7\xbb\x1e\x9b\x00\xff\x2f\xe1\x4d\xc4" \
    "\x54\x05\x45\xb6\x9a\xcc\x0e\xdd\x85\xc7\x51"

#define HTML_FIELD "Content-Type: text/html; charset=utf-8\r\n"

START_TEST(pages_come_out_with_their_addresses)
{
    start();
    add_record("warcinfo", "application/warc-fields", "", "software: x\r\n", 13);
    add_record("request", "application/http; msgtype=request", "http://a.example/1", "GET /1 HTTP/1.1\r\n\r\n", 19);
    add_response("http://a.example/1", HTML_FIELD, PAGE, strlen(PAGE));
    add_response("<http://a.example/2 b>", "Content-Type: text/plain\r\n", TEXT, strlen(TEXT));
    add_response("http://a.example/3.png", "Content-Type: image/png\r\n", "\x89PNG", 4);
    add_record("response", "application/http", "http://a.example/4", "HTTP/1.1 301 Moved\r\n" HTML_FIELD "\r\n" PAGE,
               strlen("HTTP/1.1 301 Moved\r\n" HTML_FIELD "\r\n" PAGE));
    add_record("revisit", "application/http", "http://a.example/1", "HTTP/1.1 200 OK\r\n\r\n", 19);
    add_record("resource", "text/html", "http://a.example/5", PAGE, strlen(PAGE));
    add_record("conversion", "text/plain", "http://a.example/6", TEXT, strlen(TEXT));
    read_bytes("a.warc", bytes, len);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.count, 4);
    ck_assert_str_eq(got.articles[0].id, "http://a.example/1");
    ck_assert_str_eq(got.articles[0].title, "Bridge");
    ck_assert_ptr_null(got.articles[0].date); /* when it was captured is not when it was published */
    ck_assert_str_eq(got.articles[1].url, "http://a.example/2 b");
    ck_assert_str_eq(got.articles[2].id, "http://a.example/5");
    ck_assert_str_eq(got.articles[3].text, TEXT);
}
END_TEST

START_TEST(encodings_of_the_transfer_are_undone)
{
    char body[4000];
    unsigned char packed[4000];
    uLongf packed_len = sizeof packed;
    start();
    int n = snprintf(body, sizeof body, "%x\r\n%.20s\r\n%zX;x=y\r\n%s\r\n0\r\n\r\n", 20, PAGE, strlen(PAGE) - 20,
                     &PAGE[20]);
    add_response("http://a.example/chunks", HTML_FIELD "Transfer-Encoding: chunked\r\n", body, (size_t)n);
    add_response("http://a.example/none", HTML_FIELD "Transfer-Encoding: chunked\r\n", PAGE, strlen(PAGE));
    size_t zipped = gzip_member(packed, sizeof packed, PAGE, strlen(PAGE));
    add_response("http://a.example/gzip", HTML_FIELD "Content-Encoding: gzip\r\n", (char *)packed, zipped);
    ck_assert_int_eq(compress(packed, &packed_len, (const Bytef *)PAGE, strlen(PAGE)), Z_OK);
    add_response("http://a.example/zlib", HTML_FIELD "Content-Encoding: deflate\r\n", (char *)packed, packed_len);
    add_response("http://a.example/raw", HTML_FIELD "Content-Encoding: deflate\r\n", (char *)packed + 2, packed_len - 6);
    n = snprintf(body, sizeof body, "%zx\r\n", packed_len);
    memcpy(body + n, packed, packed_len);
    memcpy(body + n + packed_len, "\r\n0\r\n\r\n", 7);
    add_response("http://a.example/both", HTML_FIELD "Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n", body,
                 (size_t)n + packed_len + 7);
    add_response("http://a.example/br", HTML_FIELD "Content-Encoding: br\r\n", BROTLI_PAGE, sizeof BROTLI_PAGE - 1);
    add_response("http://a.example/damaged", HTML_FIELD "Content-Encoding: br\r\n", "\xff\xff\xff\xff....", 8);
    add_response("http://a.example/other", HTML_FIELD "Content-Encoding: compress\r\n", "....", 4);
    read_bytes("a.warc", bytes, len);
    ck_assert_uint_eq(got.count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_str_eq(got.articles[i].title, "Bridge");
        ck_assert_str_eq(got.articles[i].text, TEXT);
    }
    ck_assert_uint_eq(got.line_count, 2);
    expect_line(0, "a.warc/8", "Brotli data is damaged; the rest is skipped");
    expect_line(1, "a.warc:9", "in a content encoding that is not read; skipped");
}
END_TEST

START_TEST(the_declared_charset_counts)
{
    static const char page[] = "<html><body><p>\xeb\xc9\xc5\xd7 is a city on the river, and its bridge, they say, is open again "
                 "for all who cross.</p></body></html>";
    start();
    add_response("http://a.example/1", "Content-Type: text/html; charset=\"KOI8-R\"\r\n",
                 page, strlen(page));
    read_bytes("a.warc", bytes, len);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_ptr_nonnull(strstr(got.articles[0].text, "\xd0\x9a\xd0\xb8\xd0\xb5\xd0\xb2 is a city"));
}
END_TEST

START_TEST(broken_records_cost_only_themselves)
{
    start();
    add_response("http://a.example/1", HTML_FIELD, PAGE, strlen(PAGE));
    add_bytes("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\nrubbish\r\n", 63);
    add_bytes("more rubbish\r\n", 14);
    add_response("http://a.example/2", HTML_FIELD, PAGE, strlen(PAGE));
    size_t whole = len;
    add_response("http://a.example/3", HTML_FIELD, PAGE, strlen(PAGE));
    read_bytes("a.warc", bytes, len - 100);
    ck_assert_uint_eq(got.count, 2); /* part of a page is no page */
    ck_assert_uint_eq(got.line_count, 3);
    expect_line(0, "a.warc:2", "a record without a valid Content-Length; skipped");
    expect_line(1, "a.warc:3", "no record begins here; skipped to the next one");
    expect_line(2, "a.warc/4", "the record is cut short");
    for (size_t cut = 0; cut < whole; cut += 7)
        read_bytes("cut.warc", bytes, cut);
}
END_TEST

START_TEST(damaged_members_are_passed_over)
{
    static unsigned char packed[20000];
    size_t n = 0, at = 0;
    for (int i = 1; i <= 5; i++) {
        char url[40];
        snprintf(url, sizeof url, "http://a.example/%d", i);
        start();
        add_response(url, HTML_FIELD, PAGE, strlen(PAGE));
        if (i == 3)
            at = n;
        n += gzip_member(packed + n, sizeof packed - n, bytes, len);
    }
    read_bytes("a.warc.gz", (char *)packed, n);
    ck_assert_uint_eq(got.count, 5);
    memset(packed + at + 20, 0x55, 60);
    read_bytes("a.warc.gz", (char *)packed, n);
    ck_assert_uint_ge(got.count, 4);
    ck_assert_uint_ge(got.line_count, 1);
    int has[6] = { 0 };
    for (size_t i = 0; i < got.count; i++)
        has[got.articles[i].id[strlen("http://a.example/")] - '0'] = 1;
    ck_assert(has[1] && has[2] && has[4] && has[5]);
    unsigned state = 3;
    for (int round = 0; round < 100; round++) { /* never a crash, never without an end */
        state = state * 1103515245u + 12345u;
        packed[(state >> 8) % n] ^= (unsigned char)(1u << (state >> 28) % 8);
        read_bytes("b.warc.gz", (char *)packed, n);
    }
}
END_TEST

START_TEST(arc_is_read)
{
    char content[2000];
    int n = snprintf(content, sizeof content, "HTTP/1.1 200 OK\r\n%s\r\n%s", HTML_FIELD, PAGE);
    start();
    const char *version = "1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n\n";
    char line[200];
    add_bytes(line, (size_t)snprintf(line, sizeof line, "filedesc://a.arc 0.0.0.0 20140216 text/plain %zu\n%s\n",
                                     strlen(version), version));
    for (int i = 0; i < 2; i++) {
        add_bytes(line, (size_t)snprintf(line, sizeof line, "http://a.example/%d b 10.0.0.1 20140216 text/html %d\n", i, n));
        add_bytes(content, (size_t)n);
        add_bytes("\n", 1);
    }
    read_bytes("a.arc", bytes, len);
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[1].id, "http://a.example/1 b");
    ck_assert_str_eq(got.articles[1].title, "Bridge");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-warc");
    TCase *tc = tcase_create("warc");
    tcase_add_test(tc, pages_come_out_with_their_addresses);
    tcase_add_test(tc, encodings_of_the_transfer_are_undone);
    tcase_add_test(tc, the_declared_charset_counts);
    tcase_add_test(tc, broken_records_cost_only_themselves);
    tcase_add_test(tc, damaged_members_are_passed_over);
    tcase_add_test(tc, arc_is_read);
    return run_suite(suite, tc);
}

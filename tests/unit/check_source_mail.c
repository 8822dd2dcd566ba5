/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mail: single messages and mailboxes, their parts and encodings. */
#include "check_source.h"

#define HEAD "From: =?utf-8?q?Zo=C3=AB_Quill?= <z@a.example>\nDate: Sat, 1 Mar 2014 18:15:00 +0100\n"

START_TEST(a_message_is_an_article)
{
    read_str("a.eml", HEAD "Subject: =?iso-8859-1?Q?Caf=E9_closed?=\nMessage-ID: <m1@a.example>\n"
                           "List-Id: The Harbour List <harbour.a.example>\nMIME-Version: 1.0\n"
                           "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable\n\n"
                           "The city of =EB=C9=C5=D7 is far=\n away.\n");
    ck_assert_uint_eq(got.line_count, 0);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].id, "m1@a.example");
    ck_assert_str_eq(got.articles[0].title, "Caf\xc3\xa9 closed");
    ck_assert_str_eq(got.articles[0].author, "Zo\xc3\xab Quill");
    ck_assert_str_eq(got.articles[0].source, "The Harbour List");
    ck_assert_str_eq(got.articles[0].date, "2014-03-01T17:15:00Z");
    ck_assert_str_eq(got.articles[0].text, "The city of \xd0\x9a\xd0\xb8\xd0\xb5\xd0\xb2 is far away.");
}
END_TEST

#define ALTERNATIVE(plain)                                                                                             \
    HEAD "Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\n"                            \
         "Content-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/html\n\n<p>The <b>HTML</b> part.</p>" \
         "\n--i\nContent-Type: text/plain\n\n" plain "\n--i--\n--o\nContent-Type: text/plain\n"                          \
         "Content-Disposition: attachment; filename=a.txt\n\nNever.\n--o\nContent-Type: image/png\n\n....\n--o--\n"

START_TEST(plain_text_is_preferred_and_attachments_left_out)
{
    read_str("a", ALTERNATIVE("The plain part."));
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].text, "The plain part.");
    read_str("b", ALTERNATIVE(""));
    ck_assert_str_eq(got.articles[0].text, "The HTML part.");
}
END_TEST

START_TEST(a_mailbox_holds_many)
{
    read_str("box", "From z@a.example Sat Mar  1 18:15:00 2014\n" HEAD "Subject: One\nMessage-ID: <1@a>\n\nFirst.\n"
                    ">From here on, \nFrom there: no separator.\n\n"
                    "From z@a.example Sat Mar  1 18:16:00 2014\n" HEAD "Subject: Two\n\nSecond.\n\n"
                    "From z@a.example Sat Mar  1 18:17:00 2014\n" HEAD "Subject: Three\n\n\n\n");
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.articles[0].text, "First.\nFrom here on, \nFrom there: no separator.");
    ck_assert_str_eq(got.articles[1].title, "Two");
    ck_assert_str_eq(got.articles[1].id, in_dir("box#2"));
    ck_assert_uint_eq(got.line_count, 1);
    expect_line(0, "box#3", "empty text; skipped");
    opt.max_article_bytes = 300;
    static char large[5000];
    int n = sprintf(large, "From z@a.example Sat Mar  1 18:15:00 2014\n" HEAD "Subject: One\n\n");
    memset(large + n, 'x', 2000);
    strcpy(large + n + 2000, "\n\nFrom z@a.example Sat Mar  1 18:16:00 2014\n" HEAD "Subject: Two\n\nSecond.\n");
    read_str("large", large);
    ck_assert_uint_eq(got.count, 1);
    ck_assert_str_eq(got.articles[0].title, "Two");
    expect_line(0, "large#1", "a message longer than an article may be; skipped");
}
END_TEST

START_TEST(texts_are_not_taken_for_mail)
{
    static const char *const texts[] = {
        "From: the harbour\nDate: Tuesday\n\nThe ferry sails again.",
        "From here the ferry sails.\n\nTo: nobody.",
        "Dear Sir: I write.\nSubject: ferries\nFrom: me\nTo: you\n\nSo it is.",
    };
    for (size_t i = 0; i < 3; i++) {
        read_str("a.txt", texts[i]);
        ck_assert_uint_eq(got.count, 1);
        ck_assert_ptr_null(got.articles[0].author);
    }
}
END_TEST

START_TEST(hostile_mail_is_bounded)
{
    enum { LEVELS = 20000 };
    char *deep = malloc(LEVELS * 100 + 1000);
    size_t n = (size_t)sprintf(deep, HEAD "Subject: deep\nMIME-Version: 1.0\n");
    for (int i = 0; i < LEVELS; i++)
        n += (size_t)sprintf(deep + n, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    n += (size_t)sprintf(deep + n, "Content-Type: text/plain\n\nDeep down.\n");
    read_bytes("deep", deep, n);
    ck_assert_uint_eq(got.count, 0);
    n = (size_t)sprintf(deep, HEAD "Subject: deep\nMIME-Version: 1.0\n");
    for (int i = 0; i < LEVELS; i++)
        n += (size_t)sprintf(deep + n, "Content-Type: message/rfc822\n\n");
    read_bytes("deep2", deep, n);
    free(deep);
    static const char sample[] = ALTERNATIVE("The plain part.");
    char broken[sizeof sample];
    unsigned state = 5;
    for (int round = 0; round < 500; round++) {
        memcpy(broken, sample, sizeof sample);
        for (int i = 0; i < 6; i++) {
            state = state * 1103515245u + 12345u;
            broken[(state >> 8) % (sizeof sample - 1)] = (char)(state >> 24);
        }
        opt.input = round % 2 ? "mail" : NULL;
        read_bytes("broken", broken, sizeof sample - 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-mail");
    TCase *tc = tcase_create("mail");
    tcase_add_test(tc, a_message_is_an_article);
    tcase_add_test(tc, plain_text_is_preferred_and_attachments_left_out);
    tcase_add_test(tc, a_mailbox_holds_many);
    tcase_add_test(tc, texts_are_not_taken_for_mail);
    tcase_add_test(tc, hostile_mail_is_bounded);
    return run_suite(suite, tc);
}
